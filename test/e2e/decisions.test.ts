/** Decisions as people meet them: a council of agents decides on the product, and a real browser, with and without script or network, checks it. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Language, LANGUAGES } from '../../src/base/index.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { printDecision } from '../../src/proof/council/bundle.ts';
import { printConstitution } from '../../src/proof/council/constitution.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { printRoll } from '../../src/proof/council/roll-text.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';
import { CouncilWorld, carriedDecision, DAY_S, SEATS, START_S } from '../support/council-world.ts';

const root = join(import.meta.dirname, '../..');
const pictures = join(root, 'test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] };
const CHANGES = 200;
const SEED = Number(process.env['SEED'] ?? 20_270_318);

const folder = mkdtempSync(join(tmpdir(), 'mizan-decisions-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const saved = (name: string, bytes: Uint8Array | string): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

/** Words of each language by which its answer is known. */
const ACCEPTED: Readonly<Record<Language, string>> = { az: 'Qəbul edildi', en: 'Accepted', ru: 'Принято' };
const LOCALES: Readonly<Record<Language, string>> = { az: 'az', en: 'en-GB', ru: 'ru' };

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] })})`);
  return results.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`).join(' | ')}`);
}
const sideways = async (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

interface Shown {
  readonly result: string | null;
  readonly code: string | null;
  readonly states: readonly string[];
}

/** Gives the page a file and a pin, presses the button, and reads what it says. */
async function checkOn(page: Page, file: string | { readonly name: string; readonly bytes: Uint8Array }, pin: string): Promise<Shown> {
  await page.setInputFiles('#verify-file', typeof file === 'string' ? file : { name: file.name, mimeType: 'application/json', buffer: Buffer.from(file.bytes) });
  await page.fill('#verify-pin', pin);
  const before = (await page.locator('[data-result]').count()) === 0 ? 0 : Number(await page.getAttribute('[data-result]', 'data-run'));
  await page.click('.verify button[type=submit]');
  await page.waitForSelector(`[data-run="${before + 1}"]`);
  const place = page.locator('[data-result]');
  const states = await page.locator('[data-check]').evaluateAll((all) => all.map((one) => one.getAttribute('data-state') ?? ''));
  return { result: await place.getAttribute('data-result'), code: await place.getAttribute('data-code'), states };
}

describe.skipIf(chromiumPath === undefined)('decisions', () => {
  let platform: CouncilPlatform;
  let browser: Browser;
  let roll: string;
  let offline: string;
  let decision: string;
  let numbers: string;

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    const built = spawnSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { encoding: 'utf8' });
    expect(built.status, built.stderr).toBe(0);
    platform = await councilPlatform(8);
    const seats = await Promise.all(Array.from({ length: 25 }, async (_, index) => platform.start(index + 1 + (index > 11 ? 4 : 0) + (index > 17 ? 4 : 0))));
    await Promise.all([platform.openRound('2027-001', 30), platform.openRound('2027-002', 30)]);
    await platform.until('every agent sees both votes', () => seats.every(({ agent }) => ['2027-001 1', '2027-002 1'].every((round) => agent.prefix.rounds.has(round))));
    for (const [at, { agent }] of seats.entries()) {
      agent.decide({ round: '2027-001 1', choice: at < 23 ? 'yes' : at === 23 ? 'no' : 'abstain', option: 'A' }, { reason: 'test', advice: 'none', override: false });
      agent.decide({ round: '2027-002 1', choice: at < 10 ? 'yes' : 'no', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    }
    await platform.until('both decisions', async () => (await platform.facts('2027-001'))?.certified === true && (await platform.facts('2027-002'))?.certified === true, 120_000);
    roll = digestOf(suite, printRoll(platform.roll));
    browser = await launchBrowser();
    offline = saved('mizan-verify.html', await (await fetch(`${platform.url}/decisions/verify.html?lang=en`)).text());
    decision = saved('decision.json', new Uint8Array(await (await fetch(`${platform.url}/decisions/2027-001/1/decision.json`)).arrayBuffer()));
    numbers = saved('constitution.txt', await (await fetch(`${platform.url}/decisions/constitution.txt`)).text());
  }, 300_000);
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it.each(LANGUAGES)('are read in %s, without script, on a phone and a wide screen, and are accessible', async (language) => {
    const faults: string[] = [];
    for (const [width, height] of [[390, 844], [1280, 900]] as const) {
      const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: width !== 390, locale: LOCALES[language] });
      const page = await context.newPage();
      for (const path of ['/decisions', '/decisions?q=nothingatall', '/decisions/2027-001/1', '/decisions/2027-002/1', '/decisions/pin', '/decisions/verify']) {
        const answer = await page.goto(`${platform.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
        if (answer?.status() !== 200) faults.push(`${path} ${width}: ${answer?.status()}`);
        await page.screenshot({ path: join(pictures, `decisions-${path.replaceAll(/\W+/g, '-')}-${language}-${width}.png`), fullPage: true });
        if (width === 1280) faults.push(...(await violations(page)).map((one) => `${path}: ${one}`));
        else if ((await page.locator('html').getAttribute('lang')) !== language) faults.push(`${path}: language`);
        // Without script nothing can be measured in the page; the wide window measures both widths.
        if (width === 1280) {
          for (const narrow of [390, 1280]) {
            await page.setViewportSize({ width: narrow, height });
            if ((await sideways(page)) > 0) faults.push(`${path} ${narrow}: scrolls sideways`);
          }
        }
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  }, 300_000);

  it('tell how each seat voted, in the picture and in the table alike', async () => {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(`${platform.url}/decisions/2027-001/1?lang=en`);
    const text = (await page.textContent('main')) ?? '';
    for (const part of ['carried', '23 of 33 seats', '2027-001', 'npx mizan verify decision.json --pin', roll, 'at least twelve']) expect(text).toContain(part);
    expect(await page.locator('#votes table tbody tr').count()).toBe(33);
    const inTable = await page.locator('#votes table tbody tr').evaluateAll((rows) => rows.map((row) => row.querySelectorAll('td, th')[2]?.textContent ?? ''));
    const counts = (words: readonly string[], word: string): number => words.filter((one) => one.includes(word)).length;
    expect([counts(inTable, 'yes'), counts(inTable, 'no'), counts(inTable, 'abstained'), counts(inTable, 'silent')]).toEqual([23, 1, 1, 8]);
    for (const [vote, count] of [['yes', 23], ['no', 1], ['abstain', 1], ['silent', 8]] as const) expect(await page.locator(`.seats__picture .seats__mark--${vote}`).count()).toBe(count);
    await page.goto(`${platform.url}/decisions/2027-002/1?lang=en`);
    expect(await page.textContent('main')).toContain('10 of the 22 seats needed said yes');
    expect(await page.textContent('#verify')).toContain('--full log-copy');
    // The page of the log says which of its heads the council certified, and who.
    await page.goto(`${platform.url}/log?lang=en`);
    expect(await page.textContent('main')).toMatch(/Certified by the council[\s\S]*2[2-5]: 01 02[\s\S]*witness\.court\.example/);
    await page.context().close();
  }, 60_000);

  it('are found, filtered, exported and followed', async () => {
    const get = async (path: string): Promise<{ readonly status: number; readonly type: string; readonly text: string }> => {
      const answer = await fetch(`${platform.url}${path}`);
      return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
    };
    const items = async (query: string): Promise<readonly string[]> => (JSON.parse((await get(`/api/v1/decisions${query}`)).text) as { items: { slot: string }[] }).items.map(({ slot }) => slot).toSorted();
    expect(await items('')).toEqual(['2027-001', '2027-002']);
    expect(await items('?result=carried')).toEqual(['2027-001']);
    expect(await items('?result=not-carried&class=standard')).toEqual(['2027-002']);
    expect(await items('?class=guarded')).toEqual([]);
    expect(await items('?q=2027%20002')).toEqual(['2027-002']);
    expect(await items('?q=100%25')).toEqual([]);
    expect(await items('?from=2000-01-01&to=2000-12-31')).toEqual([]);
    expect(await items('?from=nonsense&offset=-3')).toEqual(['2027-001', '2027-002']);
    expect(await items('?offset=1')).toHaveLength(1);
    const csv = await get('/decisions.csv?result=carried');
    expect([csv.type, csv.text.split('\r\n').length, csv.text.includes('2027-001,1,2027-001,az 2027-001,')]).toEqual(['text/csv; charset=utf-8', 3, true]);
    const feed = await get('/decisions.atom?lang=ru');
    expect([feed.type, feed.text.match(/<entry>/g)?.length, feed.text.includes('xml:lang="ru"')]).toEqual(['application/atom+xml; charset=utf-8', 2, true]);
    expect((await get('/decisions/2027-001/1/decision.pdf?lang=az')).text.slice(0, 5)).toBe('%PDF-');
    for (const path of ['/decisions/2027-009/1', '/decisions/2027-001/2', '/decisions/2027-009/1/decision.json', '/decisions/2027-001/2/decision.pdf', '/decisions/epoch/2/1', '/decisions/A/1', '/decisions/2027-001/100']) expect([path, (await get(path)).status]).toEqual([path, path.includes('/A/') || path.endsWith('/100') ? 400 : 404]);
  }, 60_000);

  it.each(LANGUAGES)('are checked in %s by the page kept on disk, with the network off', async (language) => {
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: LOCALES[language], offline: true });
    const page = await context.newPage();
    const told: string[] = [];
    page.on('console', (message) => void told.push(message.text()));
    page.on('pageerror', (error) => void told.push(error.message));
    page.on('request', (request) => void (request.url().startsWith('file:') ? undefined : told.push(request.url())));
    await page.goto(`file://${offline}`);
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    // This council votes in seconds, which is another constitution than that of the council of 33.
    await page.locator('.verify details summary').click();
    await page.setInputFiles('#verify-numbers', numbers);
    expect(await checkOn(page, decision, roll.match(/.{4}/g)?.join(' ') ?? '')).toEqual({ result: 'accepted', code: null, states: Array.from({ length: 8 }, () => 'held') });
    expect(await page.textContent('[data-result] .notice__title')).toBe(ACCEPTED[language]);
    expect(await page.textContent('[data-result]')).toContain(`${language} 2027-001`);
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    await page.screenshot({ path: join(pictures, `decisions-offline-${language}.png`), fullPage: true });
    expect(await checkOn(page, decision, '')).toMatchObject({ result: 'fits' });
    expect(await checkOn(page, decision, 'a'.repeat(64))).toMatchObject({ result: 'refused', code: 'decision-roll-not-pinned', states: ['failed', ...Array.from({ length: 7 }, () => 'open')] });
    expect(await violations(page)).toEqual([]);
    await page.fill('#verify-pin', 'abc');
    await page.click('.verify button[type=submit]');
    expect(await page.locator('#verify-pin-error').count()).toBe(1);
    expect(told).toEqual([]);
    await context.close();
  }, 120_000);

  it('are checked on the page of the platform under its own policy', async () => {
    const context = await browser.newContext({ locale: 'en-GB' });
    const page = await context.newPage();
    const told: string[] = [];
    // Browsers tell of features in the policy that they do not know.
    page.on('console', (message) => void (message.text().includes('Permissions-Policy') ? undefined : told.push(message.text())));
    page.on('pageerror', (error) => void told.push(error.message));
    await page.goto(`${platform.url}/decisions/verify?lang=en`);
    await page.locator('.verify details summary').click();
    await page.setInputFiles('#verify-numbers', numbers);
    expect(await checkOn(page, decision, roll)).toMatchObject({ result: 'accepted' });
    // Without its constitution the council of 33 is assumed, whose standstill is seven days.
    await page.reload();
    expect(await checkOn(page, decision, roll)).toMatchObject({ result: 'refused', code: 'decision-outcome', states: [...Array.from({ length: 7 }, () => 'held'), 'failed'] });
    expect(await violations(page)).toEqual([]);
    expect(told).toEqual([]);
    await context.close();
  }, 60_000);

  it(`are refused by the page after each of ${CHANGES} changes of a single byte`, async () => {
    const { decision: made, world } = carriedDecision(suite);
    const bytes = printDecision(made);
    const page = await (await browser.newContext({ offline: true })).newPage();
    await page.goto(`file://${offline}`);
    expect(await checkOn(page, { name: 'decision.json', bytes }, world.pin.roll)).toMatchObject({ result: 'accepted' });
    let random = SEED;
    const below = (most: number): number => {
      random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((random / 2 ** 32) * most);
    };
    const codes = new Map<string, number>();
    const accepted: number[] = [];
    for (let left = CHANGES; left > 0; left -= 1) {
      const at = below(bytes.length);
      const changed = bytes.with(at, (bytes[at] ?? 0) ^ (1 << below(8)));
      const shown = await checkOn(page, { name: 'decision.json', bytes: changed }, world.pin.roll);
      codes.set(shown.code ?? 'none', (codes.get(shown.code ?? 'none') ?? 0) + 1);
      if (shown.result !== 'refused') accepted.push(at);
    }
    console.info(`${CHANGES} single-byte changes of ${bytes.length} bytes (seed ${SEED}), ${accepted.length} accepted by the page: ${[...codes].toSorted(([, one], [, other]) => other - one).map(([code, count]) => `${code} ${count}`).join(', ')}`);
    expect(accepted).toEqual([]);
    await page.context().close();
  }, 300_000);

  it('are led to from the first roll by the page too', async () => {
    const world = new CouncilWorld(suite);
    world.nextEpoch([1, 2, 10], START_S + 60 * DAY_S);
    const round = { slot: '2027-014', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, START_S + 160 * DAY_S, {}, [manifest]);
    const ballots = world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
    const closed = world.closeRound(open, open.closesS + 60);
    const bytes = printDecision({ ...world.decision({ open: index, ballots, ...closed }, manifest, open.closesS + 3600), rolls: world.changes });
    const not = printDecision(world.notCarried({ open: index, ...closed }, manifest, open.closesS + 3600));
    const page = await (await browser.newContext({ offline: true, locale: 'en-GB' })).newPage();
    await page.goto(`file://${offline}`);
    expect(await checkOn(page, { name: 'decision.json', bytes }, world.pin.roll)).toMatchObject({ result: 'accepted' });
    expect(await page.textContent('[data-check=roll]')).toContain('lead from it to this one: 1');
    expect(await checkOn(page, { name: 'decision.json', bytes: not }, world.pin.roll)).toMatchObject({ result: 'refused', code: 'decision-needs-replay' });
    expect(await checkOn(page, { name: 'decision.json', bytes: new TextEncoder().encode('{}') }, world.pin.roll)).toMatchObject({ result: 'refused', code: 'decision-form' });
    await page.context().close();
  }, 60_000);

  it('are accepted by the command and by the program in Go as downloaded from the page', () => {
    const environment = { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
    const given = ['--pin', roll, '--constitution', numbers];
    const ours = spawnSync(process.execPath, [join(root, 'dist/cli.js'), 'verify', decision, ...given], { encoding: 'utf8', cwd: folder, env: environment });
    expect([ours.status, ours.stdout.split(':')[0]]).toEqual([0, 'ACCEPTED']);
    expect(readFileSync(numbers, 'utf8')).toBe(printConstitution(platform.story.mizan.council.constitution()));
    if (spawnSync('go', ['version']).status !== 0) {
      console.warn('SKIPPED: the program in Go, because “go” is not installed (Debian: apt-get install golang-go)');
      return;
    }
    const program = join(folder, 'mizan-verify');
    const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: join(root, 'verifiers/go'), encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: folder, GOCACHE: join(folder, 'cache'), GOPROXY: 'off' } });
    expect(built.status, built.stderr).toBe(0);
    const theirs = spawnSync(program, [...given, decision], { encoding: 'utf8' });
    expect([theirs.status, theirs.stdout.includes(': ACCEPTED')]).toEqual([0, true]);
    const bytes = readFileSync(decision);
    writeFileSync(join(folder, 'changed.json'), bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1));
    expect(spawnSync(program, [...given, join(folder, 'changed.json')]).status).toBe(1);
  }, 180_000);
});
