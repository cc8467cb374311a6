/** Every kind of page in a real browser, in every language: accessible in light and dark, no sideways scroll on a phone, no script for the public. */

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../src/base/index.ts';
import type { SystemEntry } from '../../src/features/registry/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { fullRecord, inventoryCsv } from '../support/inventory.ts';
import { lawDesk } from '../support/law-desk.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
/** The dearest of all rules. */
const CONTRAST = 'color-contrast';
const pictures = join(import.meta.dirname, '../../test-results');
/** A register is filled in seconds, on a busy machine in minutes. */
const FILLED_MS_MAX = 300_000;
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** Words that no line can hold. */
const LONG = { name: 'Ə'.repeat(200), organisation: 'Body'.repeat(60), purpose: `${'x'.repeat(300)} https://example.az/${'y'.repeat(200)}`, sourceId: 'z'.repeat(400), keywords: ['k'.repeat(300)] };

/** /components has a suite of its own. `FULL`, `ASKED`, … are filled in with ids. */
const PUBLIC_PAGES = [
  '/', '/registry', '/registry?q=recruitment', '/registry?q=nothingatall', '/registry/FULL', '/registry/LONG', '/registry/DECIDED', '/registry/FULL?at=2020-01-01',
  '/lawbook', '/lawbook/eu-ai-act', '/lawbook/eu-ai-act/facts', '/lawbook/eu-ai-act/parameters', '/lawbook/eu-ai-act/cases', '/lawbook/eu-ai-act/readings', '/lawbook/eu-ai-act/fact/X.area', '/lawbook/eu-ai-act/regime/high_risk.III.4a', '/lawbook/search?q=recruit',
  '/lawbook/bright-line', '/registry/SAMPLE',
  '/crosswalk', '/crosswalk/nist-ai-rmf', '/crosswalk/nist-ai-rmf?q=nothingatall', '/crosswalk/nist-ai-rmf/GOVERN-1.1', '/crosswalk/count', '/crosswalk/count?from=iso-42001&done=nist-ai-rmf:GOVERN-1.1', '/exports', '/api/v1/docs', '/moon',
];
const WORKSPACE_PAGES = [
  '/registry/mine', '/registry/new', '/registry/FULL/edit', '/registry/FULL/manage', '/registry/FULL/move?to=withdrawn',
  '/assessment', '/assessment?state=decided', '/assessment/ASKED', '/assessment/ASKED?fact=X.area', '/assessment/LONG', '/assessment/DECIDED/answers', '/assessment/DECIDED/result', '/assessment/classifications/KEPT?recompute=yes',
  '/intake', '/intake/IMPORT', '/intake/PREVIEW', '/intake/BAD', '/intake/UNMAPPED/map', '/portal/dashboard', '/portal/samples', `/assessment/${NOBODY}`,
];
/** Duties, changes of law, impact assessments, and the desk where law is read, reviewed and changed. */
const LAW_PAGES = [
  '/obligations', '/obligations?q=nothingatall', '/obligations/SAMPLE', '/obligations/SAMPLE?asOf=2030-01-01&turnover=1000000', '/obligations/LONG', '/obligations/SAMPLE/timeline',
  '/obligations/changes', '/obligations/changes/RUN', '/obligations/changes/RUN?touches=nothing', '/obligations/changes/RUN/systems/HIT', '/obligations/changes/beside/LINE', `/obligations/${NOBODY}`,
  '/impact', '/impact?q=nothingatall', '/impact/new', '/impact/new?system=SAMPLE', '/impact/AIA', '/impact/AIA/result?recompute=yes', '/impact/AIA/answers', '/impact/AGAIN', '/impact/AGAIN/pages/riskProfile', '/impact/AGAIN/evidence/riskProfile1', '/impact/AGAIN/compare?with=AIA',
  '/impact/FRIA', '/impact/FRIA/pages/risks', '/impact/FRIA/result',
  '/lawdesk', '/lawdesk/packs', '/lawdesk/packs/EU', '/lawdesk/packs/NEXT', '/lawdesk/packs/attempts/1', '/lawdesk/keys', '/lawdesk/keys/KEY',
  '/lawdesk/review', '/lawdesk/review/eu-ai-act', '/lawdesk/review/eu-ai-act?state=change-needed&as=REVIEW', '/lawdesk/review/eu-ai-act/rule/RULE', '/lawdesk/review/eu-ai-act/duty/PR.RM', '/lawdesk/review/eu-ai-act/parameter/applies.route.III',
  '/lawdesk/drafts', '/lawdesk/drafts/DRAFT', '/lawdesk/drafts/DRAFT?kind=case', '/lawdesk/drafts/DRAFT/difference', '/lawdesk/drafts/DRAFT/new', '/lawdesk/drafts/DRAFT/new/rule', '/lawdesk/drafts/DRAFT/rule/RULE?condition=when&at=root', '/lawdesk/drafts/DRAFT/parameter/applies.route.III', '/lawdesk/drafts/DRAFT/case/wide-ordinary-generator', '/lawdesk/difference?from=EU&to=NEXT',
];

describe.skipIf(chromiumPath === undefined)('every kind of page', () => {
  let story: Story;
  let browser: Browser;
  let origin: string;
  const ids = new Map<string, string>();
  const filled = (url: string): string => url.replaceAll(/\b[A-Z]{2,}\b/g, (name) => ids.get(name) ?? name);

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    story = await openStory({ limits: PATIENT });
    ids.set('IMPORT', (await story.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() })).id);
    const systems = [fullRecord(0), LONG].map((record, index) => ({ id: `own-${index}`, status: 'registered', record }));
    await story.importFile('mizan', { name: 'own.json', content: JSON.stringify({ systems }) });
    ids.set('PREVIEW', (await story.importFile('mizan-csv', { name: `${'long-file-name-'.repeat(12)}.csv`, content: inventoryCsv().replaceAll('inv-', 'new-') }, 'preview')).id);
    ids.set('BAD', (await story.importFile('mizan-csv', { name: 'bad.csv', content: inventoryCsv([['x', 'registered', '', '', '', '', '', 'moon', 'never', 'en']]) }, 'preview')).id);
    const unmapped = await story.upload('/intake', { profile: 'unmapped' }, { name: 'other.csv', content: 'Titel;Dienst\nAnoniem;Gemeente' });
    ids.set('UNMAPPED', /\/intake\/([0-9a-f-]+)\/map/.exec(String(unmapped.headers['location']))?.[1] ?? '');
    const { systems: entries } = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>();
    const named = (test: (entry: SystemEntry) => boolean): string => entries.find(test)?.id ?? '';
    ids.set('FULL', named((entry) => entry.source?.key === 'own-0'));
    ids.set('LONG', named((entry) => entry.source?.key === 'own-1'));
    ids.set('ASKED', named((entry) => entry.source?.key === 'inv-en'));
    ids.set('DECIDED', named((entry) => entry.source?.key === 'inv-az'));
    const decided = ids.get('DECIDED') ?? '';
    for (const [step, [fact, answer]] of Object.entries({ 'S.infers': true, 'S.nexus': ['market_EU'], 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'] }).entries()) {
      expect((await story.send('POST', `/api/v1/systems/${decided}/answers`, { fact, answer, after: step })).status).toBe(200);
    }
    ids.set('KEPT', (await story.send('POST', `/api/v1/systems/${decided}/classifications`, {})).json<{ id: string }>().id);
    expect([...ids.values()].filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);
    for (const [name, id] of Object.entries(await lawDesk(story))) ids.set(name, id);
    origin = await story.listen();
    browser = await launchBrowser();
  }, FILLED_MS_MAX);
  afterAll(async () => {
    await browser?.close();
    await story?.close();
  });

  const violations = async (page: Page, options: Readonly<Record<string, unknown>>): Promise<readonly string[]> => {
    const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ ...options, resultTypes: ['violations'] })})`);
    return results.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join(' | ')}`);
  };
  const sideways = async (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it.each(LANGUAGES.flatMap((language) => [['pages', language, [...PUBLIC_PAGES, ...WORKSPACE_PAGES]] as const, ['pages of law', language, LAW_PAGES] as const]))('%s in %s', async (_, language, pages) => {
    // Colours are the same in every language, and one picture of each page is enough to look at.
    const isWhole = language === 'az';
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light' });
    const page = await context.newPage();
    const faults: string[] = [];
    const titles = new Map<string, string>();
    let url = '';
    page.on('pageerror', (error) => faults.push(`${url}: ${error.message}`));
    // A refused page is an error to the console too.
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('404')) faults.push(`${url}: ${message.text()}`);
    });
    await context.addCookies([{ name: 'mizan_language', value: language, url: origin }]);
    for (url of pages) {
      const tell = (what: string, found: readonly string[]): void => void faults.push(...found.map((one) => `${url} ${what}: ${one}`));
      const answer = await page.goto(origin + filled(url));
      if ((answer?.status() ?? 500) !== (url === '/moon' || url.endsWith(NOBODY) ? 404 : 200)) tell('status', [String(answer?.status())]);
      if ((await page.locator('html').getAttribute('lang')) !== language) tell('language', [String(await page.locator('html').getAttribute('lang'))]);
      const title = await page.title();
      const [path = ''] = url.split('?');
      if ((titles.get(title) ?? path) !== path && answer?.status() === 200) tell('title', [`“${title}” is the title of ${titles.get(title) ?? ''} too`]);
      titles.set(title, path);
      // Folded text counts too.
      await page.evaluate('document.querySelectorAll("main details").forEach((one) => { one.open = true; })');
      await page.evaluate(axeSource);
      tell('light', await violations(page, { runOnly: RULES, rules: { [CONTRAST]: { enabled: isWhole } } }));
      if (isWhole) {
        await page.emulateMedia({ colorScheme: 'dark' });
        tell('dark', await violations(page, { runOnly: { type: 'rule', values: [CONTRAST] } }));
        await page.emulateMedia({ colorScheme: 'light' });
      }
      if ((await sideways(page)) !== 0) tell('1280', [`${await sideways(page)} px sideways`]);
      await page.setViewportSize({ width: 360, height: 740 });
      if ((await sideways(page)) !== 0) tell('360', [`${await sideways(page)} px sideways`]);
      if (isWhole) await page.screenshot({ path: join(pictures, `page-${language}-${url.replaceAll(/[^\w]+/g, '-')}-360.png`) });
      await page.setViewportSize({ width: 1280, height: 900 });
    }
    await context.close();
    expect(faults).toEqual([]);
  }, 600_000);

  it('public pages carry no script, and no page carries styles or handlers of its own', async () => {
    for (const url of [...PUBLIC_PAGES, ...WORKSPACE_PAGES, ...LAW_PAGES]) {
      const { html, document } = await story.page(filled(url));
      if (PUBLIC_PAGES.includes(url)) expect(document.querySelectorAll('script, link[rel=modulepreload]').length, url).toBe(0);
      expect(html, url).not.toMatch(/<style\b|\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc="\/assets\/)/);
    }
  });

  it('texts of every page are of its language: no key, no empty value shows', async () => {
    for (const language of LANGUAGES) {
      for (const url of [...PUBLIC_PAGES, ...WORKSPACE_PAGES, ...LAW_PAGES].filter((one) => !one.startsWith('/api'))) {
        const { document } = await story.page(filled(url), language);
        const text = document.querySelector('body')?.textContent ?? '';
        expect(text, `${url} ${language}`).not.toMatch(/\bundefined\b|\[object Object\]|\bNaN\b|\{\w+\}|\{\w+, (?:plural|select)/);
      }
    }
  });
});
