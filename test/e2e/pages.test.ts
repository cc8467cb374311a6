/** Every kind of page in a real browser, in every language: accessible in light and dark, no sideways scroll on a phone, no script for the public. */

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/base/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { ROLES } from '../../src/platform/auth/index.ts';
import { openWindow, openWindowOf } from '../support/page-walk.ts';
import { type Filled, fillStory, inPart, type ListedPage, listPages, listViews } from '../support/pages.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The dearest of all rules. */
const CONTRAST = 'color-contrast';
const pictures = join(import.meta.dirname, '../../test-results');
/** A register is filled in seconds, on a busy machine in minutes. */
const FILLED_MS_MAX = 300_000;
describe.skipIf(chromiumPath === undefined)('every kind of page', () => {
  let story: Story;
  let browser: Browser;
  let origin: string;
  let filled: Filled;
  let pages: readonly ListedPage[];

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    story = await openStory({ limits: PATIENT });
    filled = await fillStory(story);
    pages = await listPages(story, filled.ids);
    origin = await story.listen();
    browser = await launchBrowser();
  }, FILLED_MS_MAX);
  afterAll(async () => {
    await browser?.close();
    await story?.close();
  });

  // What is loaded beforehand serves rules about films and the turning of a screen alone; pages have neither.
  const violations = async (page: Page, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
    const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ ...options, resultTypes: ['violations'], preload: false })})`);
    return results.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join(' | ')}`);
  };
  const sideways = async (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  /** A refused page is an error to the console too. */
  const isTold = (text: string): boolean => !/\b40[34]\b/.test(text);

  it('and every role: no violation of axe in light and dark', async () => {
    const { views: all, asked } = await listViews(story, filled, ['operator', 'public', 'roleless', ...ROLES]);
    const views = inPart(all);
    const faults: string[] = [];
    const windows = new Map<string, Page>();
    for (const { name, url, status, reader, language } of views) {
      const page = windows.get(`${reader} ${language}`) ?? (await (await openWindowOf(browser, filled.readers, reader, origin, language)).newPage());
      windows.set(`${reader} ${language}`, page);
      const tell = (what: string, found: readonly string[]): void => void faults.push(...found.map((one) => `${name} ${reader} ${language} ${what}: ${one}`));
      const answer = await page.goto(origin + url);
      if (answer?.status() !== status) tell('status', [String(answer?.status())]);
      // Folded text counts too.
      await page.evaluate('document.querySelectorAll("main details").forEach((one) => { one.open = true; })');
      await page.evaluate(axeSource);
      tell('light', await violations(page, { runOnly: RULES, rules: { 'target-size': { enabled: true } } }));
      await page.emulateMedia({ colorScheme: 'dark' });
      tell('dark', await violations(page, { runOnly: { type: 'rule', values: [CONTRAST] } }));
      await page.emulateMedia({ colorScheme: 'light' });
    }
    for (const page of windows.values()) await page.context().close();
    console.info(`${asked} answers to ${ROLES.length + 3} kinds of readers, ${all.length} of them different, ${views.length} of these looked at by axe`);
    expect(faults).toEqual([]);
  }, 1_800_000);

  it.each(LANGUAGES)('in %s: title, language, no sideways scroll', async (language) => {
    const context = await openWindow(browser, story, origin, language);
    const page = await context.newPage();
    const faults: string[] = [];
    const titles = new Map<string, string>();
    let url = '';
    page.on('pageerror', (error) => faults.push(`${url}: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error' && isTold(message.text())) faults.push(`${url}: ${message.text()}`);
    });
    for (const listed of pages) {
      url = listed.name;
      const tell = (what: string, found: readonly string[]): void => void faults.push(...found.map((one) => `${url} ${what}: ${one}`));
      const answer = await page.goto(origin + listed.url);
      if (answer?.status() !== listed.status) tell('status', [String(answer?.status())]);
      const said = await page.locator('html').getAttribute('lang');
      if (said !== language) tell('language', [String(said)]);
      const title = await page.title();
      // A page of the register and the same page in the workspace are about one thing.
      const path = (url.split('?')[0] ?? '').replace('/manage/', '/');
      if ((titles.get(title) ?? path) !== path && listed.status === 200) tell('title', [`“${title}” is the title of ${titles.get(title) ?? ''} too`]);
      titles.set(title, path);
      await page.evaluate('document.querySelectorAll("main details").forEach((one) => { one.open = true; })');
      if ((await sideways(page)) !== 0) tell('1280', [`${await sideways(page)} px sideways`]);
      await page.setViewportSize({ width: 360, height: 740 });
      if ((await sideways(page)) !== 0) tell('360', [`${await sideways(page)} px sideways`]);
      // One picture of each page is enough to look at.
      if (language === 'az') await page.screenshot({ path: join(pictures, `page-${language}-${url.replaceAll(/[^\w]+/g, '-')}-360.png`) });
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 600_000);

  it('public pages carry no script but the one a passkey or a check of a decision needs, and no page carries styles or handlers of its own', async () => {
    for (const { url, name, area } of pages) {
      const { html, document } = await story.page(url);
      // A browser speaks with an authenticator by script alone; who signs in with a password does without.
      // A decision is checked where its reader is; without script the page says which programs do the same.
      const needed = ['/identity/sign-in', '/decisions/verify'].includes(new URL(url, origin).pathname) ? 1 : 0;
      if (area === 'public') expect(document.querySelectorAll('script, link[rel=modulepreload]').length, name).toBe(needed);
      expect(html, name).not.toMatch(/<style\b|\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc="\/assets\/)/);
    }
  });

  it('texts of every page are of its language: no key, no empty value shows', async () => {
    const faults: string[] = [];
    for (const language of LANGUAGES) {
      for (const { url, name } of pages.filter((one) => !one.name.startsWith('/api'))) {
        const { document } = await story.page(url, language);
        // Program text shows braces on purpose.
        for (const code of document.querySelectorAll('pre, code')) code.remove();
        const [found] = /.{0,60}(?:\bundefined\b|\[object Object\]|\bNaN\b|\{\w+\}|\{\w+, (?:plural|select)).{0,60}/.exec(document.querySelector('body')?.textContent ?? '') ?? [];
        if (found !== undefined) faults.push(`${name} ${language}: ${found}`);
      }
    }
    expect(faults).toEqual([]);
  });
});
