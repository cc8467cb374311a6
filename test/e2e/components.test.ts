/** The page of components in a real browser: accessible in every language, colour scheme and width, without sideways scroll or script. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/base/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { componentRoutes } from '../../src/platform/html/components-page.tsx';
import { loadTheme } from '../../src/platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../src/platform/http/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const WIDTHS = [320, 360, 1280];
const NAVIGATION = [
  { href: '/', label: { az: 'Ana səhifə', en: 'Home', ru: 'Главная' }, policy: 'public' as const },
  { href: '/components', label: { az: 'Komponentlər', en: 'Components', ru: 'Компоненты' }, policy: 'public' as const },
  { href: '/work', label: { az: 'İş siyahısı', en: 'Work list', ru: 'Список работ' }, policy: 'public' as const },
];

async function serve(themeId: string): Promise<{ app: MizanServer; origin: string }> {
  const config = readConfig({ LOG_LEVEL: 'silent', PORT: '0' });
  if (!config.ok) throw new Error('the configuration of the test is wrong');
  const theme = loadTheme(themeId);
  const app = await createServer({ config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, []), navigation: NAVIGATION });
  componentRoutes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  return { app, origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}` };
}

describe.skipIf(chromiumPath === undefined).each(['neutral', 'azerbaijan'])('/components, theme %s', (themeId) => {
  let app: MizanServer;
  let origin: string;
  let browser: Browser;

  beforeAll(async () => {
    ({ app, origin } = await serve(themeId));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.close();
  });

  async function withPage<T>(options: { language: string; scheme: 'light' | 'dark'; width: number; scripts?: boolean }, use: (page: Page) => Promise<T>): Promise<T> {
    const context = await browser.newContext({
      colorScheme: options.scheme,
      viewport: { width: options.width, height: 900 },
      javaScriptEnabled: options.scripts ?? true,
      bypassCSP: true,
    });
    try {
      const page = await context.newPage();
      await page.goto(`${origin}/components?lang=${options.language}`);
      return await use(page);
    } finally {
      await context.close();
    }
  }

  const cases = LANGUAGES.flatMap((language) => (['light', 'dark'] as const).flatMap((scheme) => WIDTHS.map((width) => ({ language, scheme, width }))));

  it.each(cases)('$language, $scheme, $width px: no axe violation, no sideways scroll', async (options) => {
    await withPage(options, async (page) => {
      const scroll = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect(scroll, 'pixels the page scrolls sideways').toBe(0);
      // Folded text counts too.
      await page.evaluate('document.querySelectorAll("details").forEach((one) => { one.open = true; })');
      await page.evaluate(axeSource);
      const results = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(AXE_RULES)}, resultTypes: ['violations'] })`);
      expect(results.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary ?? ''}`).join(' | ')}`)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), 'pixels the unfolded page scrolls sideways').toBe(0);
    });
  });

  it('obeys the content policy: no refused style or script', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().includes('Content Security Policy')) refused.push(message.text());
    });
    await page.goto(`${origin}/components`);
    await context.close();
    expect(refused).toEqual([]);
  });

  it('sends no script, and packs the style sheet', async () => {
    const html = await (await fetch(`${origin}/components`)).text();
    expect(html).not.toMatch(/<script\b|<style\b|\sstyle="|\son[a-z]+="/);
    const style = /href="(\/assets\/mizan-[^"]+\.css)"/.exec(html)?.[1];
    expect(style).toBeDefined();
    // `content-length` is what travels.
    const packed = await fetch(`${origin}${style}`, { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(Number(packed.headers.get('content-length')), 'bytes of the sheet on the line').toBeLessThanOrEqual(10 * 1024);
    const plain = await fetch(`${origin}${style}`, { headers: { 'accept-encoding': 'identity' } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const css = await plain.text();
    expect(await packed.text()).toBe(css);
    expect(css.length, 'bytes of the sheet for a browser that unpacks nothing').toBeLessThanOrEqual(40 * 1024);
  });

  it('opens the folded menu on a phone without script', async () => {
    await withPage({ language: 'en', scheme: 'light', width: 360, scripts: false }, async (page) => {
      const link = page.getByRole('link', { name: 'Work list' });
      expect(await link.isVisible()).toBe(false);
      await page.getByText('Menu', { exact: true }).click();
      expect(await link.isVisible()).toBe(true);
    });
  });

  it('lets wide tables scroll in their own frame', async () => {
    await withPage({ language: 'ru', scheme: 'light', width: 320 }, async (page) => {
      const [frame, table] = await page.evaluate<[number, number]>(
        '(() => { const frame = document.querySelector("#Table .table-frame"); return [frame.clientWidth, frame.scrollWidth]; })()',
      );
      expect(table).toBeGreaterThan(frame);
    });
  });

  it('prints without navigation and in light colours, also from a dark screen', async () => {
    await withPage({ language: 'en', scheme: 'dark', width: 1280 }, async (page) => {
      await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
      expect(await page.evaluate('getComputedStyle(document.body).color')).toBe('rgb(23, 33, 43)');
      for (const gone of ['.site-nav', '.language-switch', '.skip-link']) expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
      expect(await page.locator('h1').first().isVisible()).toBe(true);
    });
  });
});
