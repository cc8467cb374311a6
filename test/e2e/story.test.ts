/** The whole story in a real browser: an inventory comes in, three systems are answered in three languages, and the public can read it. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatDate } from '../../src/platform/text/index.ts';
import type { Language } from '../../src/base/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { inventoryCsv } from '../support/inventory.ts';
import { openStory, STORY_DAY, type Story, signedIn } from '../support/story.ts';

const pictures = join(import.meta.dirname, '../../test-results');
/** More questions than any law has. */
const QUESTIONS_MAX = 400;
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 360, height: 740 };
const FIRST_VISIT_BYTES_MAX = 60 * 1024;
/** 42rem: a chart that is drawn wider shouts. */
const CHART_PIXELS_MAX = 672;
const inventoryOfStates = join(import.meta.dirname, '../../../shared/data/us-inventory/2024_consolidated_ai_inventory_raw.csv');
if (!existsSync(inventoryOfStates)) console.warn('\nSKIPPED: the inventory of the United States is not beside this repository; the browser does not see it.\n');

/** What a person who knows the system would say; every other question is answered with no, nothing or the first choice. */
const RECRUITMENT = { 'S.infers': 'yes', 'S.nexus': ['market_EU'], 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'], 'X.task': 'none', 'X.profiling': 'yes' };
const BENEFITS = { 'S.infers': 'yes', 'S.nexus': ['market_EU'], 'X.area': ['essential_services'], 'X.subject': ['natural_person'], 'X.service': ['benefits'], 'X.used_by_authority': 'yes', 'X.benefit_essential': 'yes', 'X.eligibility_decision': 'yes', 'X.task': 'none', 'X.profiling': 'yes' };
const KNOWN: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>> = { 'İşə qəbul köməkçisi': RECRUITMENT, 'Recruitment ranking': RECRUITMENT, 'Помощник по пособиям': BENEFITS };

describe.skipIf(chromiumPath === undefined)('the story in a browser', () => {
  let story: Story;
  let browser: Browser;
  let origin: string;
  const complaints: string[] = [];
  const idOf = new Map<string, string>();

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    story = await openStory();
    origin = await story.listen();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await story?.close();
  });

  async function open(options: { readonly phone?: boolean; readonly scripts?: boolean; readonly language?: Language } = {}): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ viewport: options.phone === true ? PHONE : DESKTOP, javaScriptEnabled: options.scripts ?? true, locale: options.language ?? 'en', acceptDownloads: true, extraHTTPHeaders: signedIn(story) });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' || message.text().includes('Content Security Policy')) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complaints.push(`asked for ${request.url()}`);
    });
    return { context, page };
  }
  const picture = async (page: Page, name: string): Promise<void> => {
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), `${name} scrolls sideways`).toBe(0);
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  };
  /** Answers the question on the page as a person without a mouse-only trick would: ticks and sends the form. */
  const answerQuestion = async (page: Page, known: Readonly<Record<string, string | readonly string[]>>): Promise<void> => {
    const form = page.locator('form.assessment-question');
    const fact = await form.locator('input[name=fact]').getAttribute('value');
    const said = known[fact ?? ''];
    const field = form.locator('[name=value]');
    const type = (await field.first().getAttribute('type')) ?? 'text';
    if (type === 'radio') {
      const values = await field.evaluateAll((all) => all.map((one) => (one as unknown as { value: string }).value));
      await form.locator(`input[name=value][value="${String(said ?? (values.includes('no') ? 'no' : values[0]))}"]`).check();
    } else if (type === 'checkbox') {
      for (const value of said ?? ['-none-']) await form.locator(`input[name=value][value="${value}"]`).check();
    } else await field.fill(String(said ?? (type === 'date' ? STORY_DAY : '0')));
    await form.locator('button').first().click();
  };
  const interview = async (page: Page, id: string, known: Readonly<Record<string, string | readonly string[]>>): Promise<number> => {
    await page.goto(`${origin}/assessment/${id}`);
    for (let asked = 0; asked < QUESTIONS_MAX; asked++) {
      if ((await page.locator('form.assessment-question').count()) === 0) return asked;
      await answerQuestion(page, known);
      expect(await page.locator('.error-summary').count(), await page.locator('main').innerText()).toBe(0);
    }
    throw new Error('the questions do not end');
  };

  it('an inventory is uploaded, looked at and imported', async () => {
    const { context, page } = await open();
    await page.goto(`${origin}/`);
    await picture(page, 'home-empty-1280');
    await page.goto(`${origin}/intake`);
    const file = join(tmpdir(), `mizan-inventory-${process.pid}.csv`);
    writeFileSync(file, inventoryCsv());
    await page.locator('input[type=file]').first().setInputFiles(file);
    await page.locator('select[name=profile], input[name=profile][value=mizan-csv]').first().evaluate((element) => {
      const field = element as unknown as { tagName: string; value: string; checked: boolean };
      if (field.tagName === 'SELECT') field.value = 'mizan-csv';
      else field.checked = true;
    });
    await page.locator('main form button[type=submit], main form button:not([type])').first().click();
    await page.waitForURL(/\/intake\/[0-9a-f-]{36}/);
    const apply = page.locator('button[formaction$="/apply"]');
    await apply.waitFor({ timeout: 30_000 });
    await picture(page, 'intake-preview-1280');
    await apply.click();
    await page.locator('.notice a[href^="/registry?source="]').waitFor({ timeout: 30_000 });
    await picture(page, 'intake-done-1280');
    await page.goto(`${origin}/assessment`);
    for (const link of await page.locator('main tbody th a').all()) idOf.set(await link.innerText(), ((await link.getAttribute('href')) ?? '').split('/').at(-1) ?? '');
    expect(idOf.size).toBe(6);
    await picture(page, 'worklist-1280');
    await context.close();
  });

  it.each<[Language, string, boolean]>([
    ['az', 'İşə qəbul köməkçisi', true],
    ['en', 'Recruitment ranking', true],
    // Without script every form works the same.
    ['ru', 'Помощник по пособиям', false],
  ])('in %s, %s is answered to the end, recorded and published (script: %s)', async (language, name, scripts) => {
    const { context, page } = await open({ language, scripts });
    const id = idOf.get(name) ?? '';
    await page.goto(`${origin}/assessment/${id}?lang=${language}`);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await picture(page, `interview-${language}-1280`);
    // One hint a legal point, the provision first.
    const hints = await page.locator('.assessment-hints li a').allInnerTexts();
    expect(hints.length).toBeGreaterThan(0);
    expect(new Set(hints).size).toBe(hints.length);
    expect(hints[0]).toMatch({ az: /III Əlavə, bənd/, en: /Annex III point/, ru: /приложение III, пункт/ }[language]);

    // Skip, then back: the first question stands again.
    const question = page.locator('form.assessment-question input[name=fact]');
    const first = await question.getAttribute('value');
    await page.locator('button[name=act][value=unknown]').click();
    expect(await question.getAttribute('value')).not.toBe(first);
    await page.locator('form[action$="/undo"] button').click();
    expect(await question.getAttribute('value')).toBe(first);
    // Nothing chosen: the question stays and says what is missing.
    await page.locator('form.assessment-question button').first().click();
    await page.locator('.error-summary').waitFor();
    const said = await page.locator('.error-summary').innerText();
    expect(said.length).toBeGreaterThan(5);
    complaints.splice(0, complaints.length, ...complaints.filter((one) => !one.includes('422')));

    const asked = await interview(page, id, KNOWN[name] ?? {});
    expect(asked).toBeGreaterThan(5);
    await picture(page, `interview-done-${language}-1280`);
    await page.goto(`${origin}/assessment/${id}/result`);
    await picture(page, `result-${language}-1280`);
    const point = `#regime-high_risk\\.III\\.${language === 'ru' ? '5a' : '4a'}`;
    expect(await page.locator(`${point} .tag`).first().innerText()).toContain({ az: 'Tətbiq olunur', en: 'Applies', ru: 'Применяется' }[language]);
    expect(await page.locator(point).innerText()).toContain(formatDate('2027-12-02', language));
    // The law of another day: the same answers, other dates.
    const dates = page.locator('form[action$="/result"]');
    await dates.locator('input[name=asOf]').fill('2030-01-01');
    await dates.locator('input[name=knownOn]').fill(STORY_DAY);
    await dates.locator('button').click();
    expect(page.url()).toContain('asOf=2030-01-01');
    expect(await dates.locator('input[name=asOf]').inputValue()).toBe('2030-01-01');
    await page.goto(`${origin}/assessment/${id}/result`);
    await page.locator('form[action$="/classifications"] button').click();
    await page.waitForURL(/\/assessment\/classifications\//);
    await page.goto(`${page.url()}?recompute=yes`);
    await picture(page, `classification-${language}-1280`);
    await page.goto(`${origin}/registry/${id}`);
    const text = await page.locator('main').innerText();
    expect(text).toContain(name);
    expect(text).toContain(formatDate(STORY_DAY, language));
    await picture(page, `system-${language}-1280`);
    await context.close();
  });

  it('the public finds it without script, on a phone, and takes it home', async () => {
    const { context, page } = await open({ phone: true, scripts: false, language: 'az' });
    await page.goto(`${origin}/`);
    await picture(page, 'home-360');
    await page.locator('input[name=q]').first().fill('iSe qebul');
    await page.locator('form[action="/registry"] button').first().click();
    const found = page.getByRole('link', { name: 'İşə qəbul köməkçisi' });
    await found.waitFor();
    await picture(page, 'registry-search-360');
    await found.click();
    expect(await page.locator('h1').innerText()).toContain('İşə qəbul köməkçisi');
    await picture(page, 'system-360');
    await page.goto(`${origin}/lawbook`);
    await page.locator('main a[href^="/lawbook/eu-ai-act"]').first().click();
    await page.locator('main a[href*="/regime/"]').first().click();
    expect(await page.locator('h1').count()).toBe(1);
    await picture(page, 'regime-360');
    await page.goto(`${origin}/exports`);
    await picture(page, 'exports-360');
    const waiting = page.waitForEvent('download');
    await page.locator('a[href="/exports/csv"]').click();
    const download = await waiting;
    expect(download.suggestedFilename()).toMatch(/^mizan-csv-.*\.csv$/);
    expect(readFileSync(await download.path(), 'utf8')).toContain('İşə qəbul köməkçisi');
    await context.close();
  });

  it('the first question is answered with the keyboard alone', async () => {
    const { context, page } = await open();
    const id = idOf.get('Service desk chatbot') ?? '';
    await page.goto(`${origin}/assessment/${id}`);
    const where = async (): Promise<{ name: string | null; tag: string; outline: string; text: string }> =>
      page.evaluate('(() => { const one = document.activeElement; const style = getComputedStyle(one); return { name: one.getAttribute("name"), tag: one.tagName, outline: style.outlineStyle + style.boxShadow, text: one.textContent.trim() }; })()');
    await page.keyboard.press('Tab');
    expect((await where()).text.length, 'the first stop is the link past the menu').toBeGreaterThan(5);
    await page.keyboard.press('Enter');
    let steps = 0;
    do {
      await page.keyboard.press('Tab');
      steps++;
    } while ((await where()).name !== 'value' && steps < 40);
    const radio = await where();
    expect(radio).toMatchObject({ name: 'value', tag: 'INPUT' });
    expect(radio.outline, 'focus is visible').not.toBe('nonenone');
    await page.keyboard.press('Space');
    expect(await page.locator('input[name=value]:checked').count()).toBe(1);
    await page.keyboard.press('Tab');
    expect((await where()).tag).toBe('BUTTON');
    const before = await page.locator('input[name=fact]').getAttribute('value');
    await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    expect(await page.locator('form.assessment-question input[name=fact]').getAttribute('value')).not.toBe(before);
    expect((await story.get(`/api/v1/systems/${id}/assessment`)).json<{ step: number }>().step).toBe(1);
    await context.close();
  });

  it.each(['/', '/registry'])('a first visit of %s costs little', async (path) => {
    const { context, page } = await open({ phone: true });
    const devtools = await context.newCDPSession(page);
    await devtools.send('Network.enable');
    let bytes = 0;
    devtools.on('Network.loadingFinished', (event) => void (bytes += event.encodedDataLength));
    await page.goto(origin + path, { waitUntil: 'networkidle' });
    console.log(`first visit of ${path}: ${bytes} bytes`);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThanOrEqual(FIRST_VISIT_BYTES_MAX);
    expect(await page.locator('script').count()).toBe(0);
    await context.close();
  });

  it.skipIf(!existsSync(inventoryOfStates))('a published inventory of 1,757 systems is as easy to read, and its charts keep the size of their text', async () => {
    const imported = await story.importFile('us-federal-2024', { name: 'us-2024.csv', content: readFileSync(inventoryOfStates) });
    expect(imported.result).toMatchObject({ added: 1757 });
    for (const phone of [false, true]) {
      const { context, page } = await open({ phone });
      const width = phone ? 360 : 1280;
      for (const [name, url] of [['home', '/'], ['registry', '/registry'], ['worklist', '/assessment'], ['dashboard', '/portal/dashboard'], ['intake', `/intake/${imported.id}`]] as const) {
        await page.goto(origin + url);
        await picture(page, `us-${name}-${width}`);
        const widest = await page.evaluate<number>('Math.max(0, ...[...document.querySelectorAll(".chart__svg")].map((one) => one.getBoundingClientRect().width))');
        expect(widest, `${name}: pixels of the widest chart`).toBeLessThanOrEqual(CHART_PIXELS_MAX);
      }
      await page.goto(`${origin}/registry?q=facial+recognition`);
      expect(await page.locator('.registry-result').count()).toBeGreaterThanOrEqual(5);
      await context.close();
    }
  });

  it('nothing was complained about and nothing was asked of others', () => {
    expect(complaints).toEqual([]);
  });
});
