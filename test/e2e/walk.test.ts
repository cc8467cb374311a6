/** Every page by keyboard, at 200 % and 400 %, with spaced text and forced colours, and every form sent empty: WCAG 2.2 AA beyond what axe sees. */

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/base/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { type Filled, fillStory, inPart, type ListedForm, type ListedPage, listForms, listPages, listViews, type Reader } from '../support/pages.ts';
import { followSkipLink, openWindow, openWindowOf, readLarge, readRefusal, readStructure, walkByKeyboard } from '../support/page-walk.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';

/** A register is filled in seconds, on a busy machine in minutes. */
const FILLED_MS_MAX = 300_000;

/** One of each group of roles, after the operator, who sees most. */
const WALKERS: readonly Reader[] = ['operator', 'administrator', 'officer', 'editor', 'viewer', 'auditor', 'public'];

describe.skipIf(chromiumPath === undefined)('every page', () => {
  let story: Story;
  let browser: Browser;
  let origin: string;
  let filled: Filled;
  let pages: readonly ListedPage[];
  let forms: readonly ListedForm[];
  let names: readonly string[];

  beforeAll(async () => {
    story = await openStory({ limits: PATIENT });
    filled = await fillStory(story);
    const { ids } = filled;
    pages = await listPages(story, ids);
    forms = listForms(story, ids);
    const { systems } = (await story.get('/api/v1/exports/json')).json<{ systems: { record: { name: string }; body: { name: string } }[] }>();
    names = [...new Set(systems.flatMap((one) => [one.record.name, one.body.name]))];
    origin = await story.listen();
    browser = await launchBrowser();
  }, FILLED_MS_MAX);
  afterAll(async () => {
    await browser?.close();
    await story?.close();
  });

  /** Each page in one language, the languages in turn; `shift` gives another language to each group of checks. */
  const inTurn = (shift: number): readonly (readonly [ListedPage, Language])[] => pages.map((page, index) => [page, LANGUAGES[(index + shift) % LANGUAGES.length] ?? 'en'] as const);

  it('is walked by keyboard: order, reach, visible focus, no trap, skip link', async () => {
    const { views: all, asked } = await listViews(story, filled, WALKERS);
    const views = inPart(all);
    const faults: string[] = [];
    let stops = 0;
    const windows = new Map<string, Page>();
    for (const { url, name, reader, language } of views) {
      const page = windows.get(`${reader} ${language}`) ?? (await (await openWindowOf(browser, filled.readers, reader, origin, language)).newPage());
      windows.set(`${reader} ${language}`, page);
      await page.goto(origin + url);
      const walk = await walkByKeyboard(page);
      stops += walk.stops;
      faults.push(...[...walk.faults.slice(0, 6), ...(await followSkipLink(page))].map((one) => `${name} ${reader} ${language}: ${one}`));
    }
    for (const page of windows.values()) await page.context().close();
    console.info(`${asked} answers to ${WALKERS.length} kinds of readers, ${all.length} of them different, ${views.length} of these walked, ${stops} stops of the Tab key`);
    expect(faults).toEqual([]);
  }, 600_000);

  it('is read large: 200 %, 400 %, spaced text, large letters; and in order: headings, landmarks, tables, names, languages', async () => {
    const faults: string[] = [];
    const windows = new Map(await Promise.all(LANGUAGES.map(async (language) => [language, await (await openWindow(browser, story, origin, language, { reducedMotion: 'reduce' })).newPage()] as const)));
    // The gallery shows each component several times over, also page headings: its order is that of examples.
    for (const [{ url, name }, language] of inTurn(1).filter(([one]) => one.route !== '/components')) {
      const page = windows.get(language);
      if (page === undefined) continue;
      await page.goto(origin + url);
      await page.evaluate('document.querySelectorAll("main details").forEach((one) => { one.open = true; })');
      faults.push(...[...(await readStructure(page, language, names)), ...(await readLarge(page))].map((one) => `${name} ${language}: ${one}`));
    }
    for (const page of windows.values()) await page.context().close();
    expect(faults).toEqual([]);
  }, 600_000);

  // Last, since forms that need no answer are obeyed.
  it('says what a form lacks: title, summary with the focus, links to fields, languages that keep the page', async () => {
    const faults: string[] = [];
    const refused: string[] = [];
    const windows = new Map(await Promise.all(LANGUAGES.map(async (language) => [language, await (await openWindow(browser, story, origin, language)).newPage()] as const)));
    for (const [index, { url, name, from }] of forms.entries()) {
      const language = LANGUAGES[index % LANGUAGES.length] ?? 'en';
      const page = windows.get(language);
      if (page === undefined) continue;
      const told = await readRefusal(page, story, { address: origin + url, from: origin + from }, language);
      if (told === undefined) continue;
      refused.push(name);
      faults.push(...told.map((one) => `${name} ${language}: ${one}`));
    }
    for (const page of windows.values()) await page.context().close();
    console.info(`${forms.length} forms sent empty, ${refused.length} refused with a page: ${refused.join(' ')}`);
    expect(faults).toEqual([]);
  }, 600_000);
});
