/** Every theme in a real browser: accessible in light, dark and with forced colours, without sideways scroll, printed on white. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedThemes, loadTheme, previewFiles } from '../../src/platform/html/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PAGES = ['index', 'register', 'entry', 'about-privacy', 'about-imprint', 'checks'];

describe.skipIf(chromiumPath === undefined).each(installedThemes())('theme %s', (id) => {
  const theme = loadTheme(id);
  const folder = mkdtempSync(join(tmpdir(), 'mizan-themes-'));
  let browser: Browser;

  beforeAll(async () => {
    for (const [path, { body }] of await previewFiles(theme, [])) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), body);
    }
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function withPage<T>(name: string, options: BrowserContextOptions, use: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext(options);
    try {
      const page = await context.newPage();
      await page.goto(pathToFileURL(join(folder, name)).href);
      return await use(page);
    } finally {
      await context.close();
    }
  }
  const violations = async (page: Page): Promise<string[]> => {
    await page.evaluate(axeSource);
    const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(AXE_RULES)}, resultTypes: ['violations'] })`);
    return results.violations.map((one) => `${one.id}: ${one.nodes[0]?.html.slice(0, 200) ?? ''} ${one.nodes[0]?.failureSummary ?? ''}`);
  };
  const sideways = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';

  // The languages differ in words, not in colours; /components is tested in all of them.
  const language = theme.defaultLanguage;
  it.each(PAGES)('%s: no axe violation in light and dark, no sideways scroll', async (page) => {
    for (const [colorScheme, width] of [['light', 320], ['dark', 1280]] as const) {
      await withPage(`${page}-${language}.html`, { colorScheme, viewport: { width, height: 900 } }, async (opened) => {
        expect(await violations(opened), `${colorScheme} ${width}`).toEqual([]);
        expect(await opened.evaluate(sideways), `${colorScheme} ${width}`).toBe(0);
      });
    }
  });

  it('keeps its marks and buttons with forced colours', async () => {
    await withPage(`entry-${theme.defaultLanguage}.html`, { forcedColors: 'active' }, async (page) => {
      expect(await page.evaluate("getComputedStyle(document.querySelector('.tag')).borderTopStyle")).toBe('solid');
      expect(await page.evaluate("getComputedStyle(document.querySelector('.button')).borderTopStyle")).toBe('solid');
      expect(await violations(page)).toEqual([]);
    });
  });

  it('prints in its light colours on white, also from a dark screen', async () => {
    await withPage(`entry-${theme.defaultLanguage}.html`, { colorScheme: 'dark' }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe('rgba(0, 0, 0, 0)');
      expect(await page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--ink')")).toBe(theme.colours.light.ink);
    });
  });

  it('shows its own letters and corners', async () => {
    await withPage(`index-${theme.defaultLanguage}.html`, {}, async (page) => {
      const family = await page.evaluate<string>("getComputedStyle(document.querySelector('h1')).fontFamily");
      expect(family.replaceAll('"', '').split(', ')[0]).toBe((theme.typography.headings ?? theme.typography.text)[0]);
      const shipped = theme.typography.fonts.some((font) => 'shipped' in font);
      expect(await page.evaluate('document.fonts.ready.then((fonts) => [...fonts].some((face) => face.family.includes("Noto Sans") && face.status === "loaded"))')).toBe(shipped);
    });
  });
});
