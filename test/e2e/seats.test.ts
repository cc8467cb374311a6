/** The console of council members in a real browser: two make their keys, are founded into a council with agents, and vote; then everything that goes wrong. */

import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '../../src/proof/index.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { parseMemberKeys, type HandedInKeys } from '../../src/proof/council/member-keys.ts';
import { printMotion } from '../../src/proof/council/motion-text.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import type { RunningSeat } from '../../src/app/seat/daemon.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';
import { makeOrganisation, makePerson } from '../support/people.ts';
import type { Story } from '../support/story.ts';

const pictures = join(import.meta.dirname, '../../test-results');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PASSPHRASE = 'qırmızı alma, dərin su';
const WAIT_MS = 90_000;
/** Seats of agents beside the two consoles: enough to answer a seat that starts, and to certify. */
const AGENTS = Array.from({ length: 23 }, (_, index) => index + 3);

interface Member {
  readonly seat: number;
  readonly context: BrowserContext;
  page: Page;
  backup: string;
  paper: readonly string[];
}

describe.skipIf(chromiumPath === undefined)('the console of a seat in a browser', () => {
  let platform: CouncilPlatform;
  let browser: Browser;
  let agents: RunningSeat[] = [];
  let cookies: { name: string; value: string; url: string }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'mizan-consoles-'));
  const members: Member[] = [];
  const complaints: string[] = [];
  const papers = new Map<string, string>();

  async function open(width = 1280, locale = 'en', scripts = true): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ viewport: { width, height: 900 }, locale, acceptDownloads: true, javaScriptEnabled: scripts });
    await context.addCookies(cookies);
    // The texts of rounds that are opened here are not motions of the desk.
    await context.route('**/motions/v1/papers?motion=*', async (route) => {
      const body = papers.get(new URL(route.request().url()).searchParams.get('motion') ?? '');
      await route.fulfill(body === undefined ? { status: 404, body: '{}' } : { status: 200, contentType: 'application/json', body });
    });
    const page = await context.newPage();
    watch(page);
    return { context, page };
  }
  function watch(page: Page): void {
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(`${page.url()}: ${message.text()}`);
    });
  }
  const phase = async (page: Page, name: string): Promise<void> => void (await page.waitForSelector(`.seats-view[data-phase="${name}"]`));
  async function saved(page: Page, button: string, name: string): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: button }).click()]);
    const path = join(folder, name);
    await download.saveAs(path);
    return path;
  }
  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(axeSource);
    const results = await page.evaluate<AxeResults>(`axe.run(document, ${JSON.stringify({ runOnly: RULES, resultTypes: ['violations'] })})`);
    const found = results.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
    const sideways = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    return sideways === 0 ? found : [...found, `${String(sideways)} px sideways`];
  }

  async function makeKeys(url: string, seat: number): Promise<HandedInKeys> {
    const { context, page } = await open();
    await page.goto(`${url}/seats`);
    await phase(page, 'no-keys');
    await page.getByRole('link', { name: 'Make new keys' }).click();
    await page.getByRole('button', { name: 'Make keys' }).click();
    await page.getByText('Give a number of a seat').waitFor();
    await page.fill('#seat', String(seat));
    await page.fill('#new-passphrase', PASSPHRASE);
    await page.fill('#new-passphrase-again', `${PASSPHRASE}!`);
    await page.getByRole('button', { name: 'Make keys' }).click();
    await page.getByText('The two differ.').waitFor();
    await page.fill('#new-passphrase-again', PASSPHRASE);
    await page.getByRole('button', { name: 'Make keys' }).click();
    await page.getByText('Shown only now').waitFor();
    const paper = await page.locator('.seats-paper__groups code').allTextContents();
    expect(paper).toHaveLength(14);
    if (seat === 1) await page.screenshot({ path: join(pictures, 'seats-keys.png'), fullPage: true });
    const backup = await saved(page, 'Save the backup', `backup-${seat}.json`);
    expect(await page.getByRole('button', { name: 'Save the file of public keys' }).count()).toBe(0);
    await page.setInputFiles('#test-file', backup);
    await page.fill('#test-passphrase', 'another passphrase');
    await page.getByRole('button', { name: 'Test the backup' }).click();
    await page.getByText('The passphrase does not open this backup').waitFor();
    await page.fill('#test-passphrase', PASSPHRASE);
    await page.getByRole('button', { name: 'Test the backup' }).click();
    const keys = await saved(page, 'Save the file of public keys', `keys-${seat}.json`);
    const read = parseMemberKeys(utf8(readFileSync(keys, 'utf8')));
    if (!read.ok) throw new Error(read.refusal.code);
    members.push({ seat, context, page, backup, paper });
    return read.value;
  }

  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await launchBrowser();
    platform = await councilPlatform(30, {
      handedIn: async (url: string, story: Story) => {
        const organisation = await makeOrganisation(story.mizan.identity, 'Council', 'agency');
        const member = await makePerson(story.mizan.identity, 'Member', organisation, 'council-member');
        const [name = '', value = ''] = (member.headers['cookie'] ?? '').split(/=(.*)/s);
        cookies = [{ name, value, url }];
        return new Map([[1, await makeKeys(url, 1)], [2, await makeKeys(url, 2)]]);
      },
    });
    agents = await Promise.all(AGENTS.map(async (seat) => platform.start(seat)));
  }, WAIT_MS * 4);
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  async function openRound(slot: string, closesInS: number, isTrue = true): Promise<void> {
    const texts = Object.fromEntries(['az', 'en', 'ru'].map((language) => [language, `${language} ${slot}\n`]));
    const manifest = printMotion({ council: platform.roll.council, number: slot, option: 'A', class: 'standard', authentic: 'az', texts: Object.entries(texts).map(([language, text]) => ({ language, digest: digestOf(suite, text) })), annexes: [], basis: ['Article 12(1)'], parties: [] });
    papers.set(digestOf(suite, manifest), JSON.stringify({ manifest, texts: isTrue ? texts : { ...texts, en: `en ${slot} and more\n` }, annexes: [] }));
    await platform.openRound(slot, closesInS);
    await platform.until('agents see OPEN', () => agents.every(({ agent }) => agent.prefix.rounds.has(`${slot} 1`)), WAIT_MS);
  }

  it('makes a seat run only for the council of the gazette', async () => {
    for (const { page } of members) {
      await page.getByRole('link', { name: 'My seat' }).last().click();
      await page.getByText('The server shows', { exact: true }).waitFor();
      await page.fill('#digits', '00000000000000000000');
      await page.getByRole('button', { name: 'Compare and start' }).click();
      await page.getByText('The digits differ').waitFor();
      await page.fill('#digits', platform.pin.slice(0, 24).replaceAll(/(.{4})/g, '$1 '));
      await page.getByRole('button', { name: 'Compare and start' }).click();
      await phase(page, 'running');
      await page.getByText('The seat asks others').waitFor({ state: 'hidden' });
    }
  }, WAIT_MS * 3);

  it('votes on a text whose digits it recomputed, and signs no second ballot after a reload', async () => {
    await openRound('2027-101', 45);
    for (const [index, member] of members.entries()) {
      const { page } = member;
      await page.getByRole('link', { name: '2027-101, round 1: vote' }).click();
      await page.locator('[data-text="en"]').waitFor();
      expect(await page.locator('[data-text="en"]').textContent()).toBe('en 2027-101\n');
      expect(await page.getByText('differs', { exact: true }).count()).toBe(0);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByText('Choose your vote.').waitFor();
      await page.getByLabel(index === 0 ? 'Yes' : 'No', { exact: true }).check();
      await page.getByLabel('I have read the text').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      if (index === 0) await page.screenshot({ path: join(pictures, 'seats-confirm.png'), fullPage: true });
      await page.getByRole('button', { name: 'Sign and send' }).click();
      await page.locator('[data-part="vote"]').waitFor();
    }
    const [first] = members as [Member, ...Member[]];
    await first.page.reload();
    await phase(first.page, 'running');
    expect(await first.page.locator('[data-part="vote"]').textContent()).toBe('Yes');
    for (const { agent } of agents) agent.decide({ round: '2027-101 1', choice: 'yes', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    await first.page.getByText('The ballot cannot be suppressed any more.').waitFor();
    await first.page.screenshot({ path: join(pictures, 'seats-voted.png'), fullPage: true });
    await platform.until('the decision', async () => (await platform.facts('2027-101'))?.certified === true, WAIT_MS * 2);
    const facts = await platform.facts('2027-101');
    expect(facts).toMatchObject({ stage: 'carried', outcome: { carried: 'A', yes: [{ option: 'A', seats: AGENTS.length + 1 }], no: 1 } });
    const stamped = (await platform.story.mizan.council.seats()).filter(({ seat, lastStampS }) => seat <= 2 && lastStampS !== undefined);
    expect(stamped).toHaveLength(2);
    expect(facts?.equivocated).toEqual([]);
    expect(facts?.casts.filter(({ seat }) => seat === 1)).toHaveLength(1);
  }, WAIT_MS * 5);

  it('runs in one tab at a time', async () => {
    const { context, page } = members[1]!;
    const second = await context.newPage();
    watch(second);
    await second.goto(`${platform.url}/seats`);
    await phase(second, 'elsewhere');
    await page.close();
    await phase(second, 'running');
    members[1]!.page = second;
  }, WAIT_MS * 2);

  it('warns when the text on the screen is not the one voted on', async () => {
    await openRound('2027-102', 600, false);
    const { page } = members[0]!;
    await page.goto(`${platform.url}/seats/round?slot=2027-102&round=1`);
    await page.getByText('The text shown is not the text voted on.').waitFor();
    expect(await page.getByText('differs', { exact: true }).count()).toBe(1);
  }, WAIT_MS * 2);

  it('brings keys back from the backup and from paper, and then sits out what is open', async () => {
    const { backup, paper, context } = members[0]!;
    await context.close();
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, readFileSync(backup, 'utf8').slice(0, -40));
    const { context: fresh, page } = await open();
    await page.goto(`${platform.url}/seats/restore`);
    await phase(page, 'no-keys');
    await page.setInputFiles('#restore-file', broken);
    await page.fill('#restore-passphrase', PASSPHRASE);
    await page.getByRole('button', { name: 'Restore from the backup' }).click();
    await page.getByText('This file is no backup of a seat').waitFor();
    await page.fill('#seat', '1');
    await page.fill('#restore-paper', paper.with(3, 'ZZZZ').join(' '));
    await page.getByRole('button', { name: 'Restore from paper' }).click();
    await page.getByText('The checksum does not agree').waitFor();
    await page.setInputFiles('#restore-file', backup);
    await page.fill('#restore-passphrase', PASSPHRASE);
    await page.getByRole('button', { name: 'Restore from the backup' }).click();
    await page.getByText('The keys are back.').waitFor();
    await page.goto(`${platform.url}/seats`);
    await page.fill('#digits', platform.pin);
    await page.getByRole('button', { name: 'Compare and start' }).click();
    await phase(page, 'running');
    await page.getByText('sits out the votes that are open').waitFor();
    await page.getByRole('link', { name: '2027-102, round 1' }).first().click();
    await page.getByText('The seat sits out this vote').waitFor();
    await page.screenshot({ path: join(pictures, 'seats-sits-out.png'), fullPage: true });
    // The same keys from paper.
    await page.goto(`${platform.url}/seats/keys`);
    await page.getByText('Test the paper').click();
    await page.fill('#test-paper', paper.join('').toLowerCase());
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText('The paper belongs to these keys.').waitFor();
    members[0] = { ...members[0]!, context: fresh, page };
  }, WAIT_MS * 3);

  it('gathers signatures for a demand', async () => {
    const { page } = members[1]!;
    await page.goto(`${platform.url}/seats/support`);
    await phase(page, 'running');
    await page.getByText('Write a demand').click();
    await page.selectOption('#demand-kind', 'other');
    await page.fill('#demand-slot', '2027-200');
    await page.fill('#demand-en', 'Put the audit of the register on the agenda.');
    await page.getByRole('button', { name: 'Sign the demand' }).click();
    await page.waitForSelector('form .notice');
    expect(await page.locator('form .notice').first().textContent()).toContain('The demand is signed and waits');
    await page.reload();
    await page.getByText('Put the audit of the register on the agenda.').waitFor();
    await page.getByText('1 of 11').waitFor();
    await page.getByText('You have signed.').waitFor();
  }, WAIT_MS * 2);

  it.each([
    ['en', 1280],
    ['az', 390],
    ['ru', 390],
  ] as const)('has no axe violation in %s at %i px', async (language, width) => {
    const { context, page } = await open(width, language);
    await page.goto(`${platform.url}/seats?lang=${language}`);
    await phase(page, 'no-keys');
    for (const view of ['keys', 'restore', 'help']) {
      await page.goto(`${platform.url}/seats/${view}`);
      await phase(page, 'no-keys');
      expect(await violations(page), view).toEqual([]);
      await page.screenshot({ path: join(pictures, `seats-${view}-${language}-${width}.png`), fullPage: true });
    }
    const running = members[1]!.page;
    await running.setViewportSize({ width, height: 900 });
    for (const path of ['/seats', '/seats/keys', '/seats/support', '/seats/round?slot=2027-101&round=1', '/seats/round?slot=2027-102&round=1']) {
      await running.goto(`${platform.url}${path}${path.includes('?') ? '&' : '?'}lang=${language}`);
      await phase(running, 'running');
      await running.waitForTimeout(1000);
      expect(await violations(running), path).toEqual([]);
      await running.screenshot({ path: join(pictures, `seats-running-${path.replaceAll(/\W+/g, '-')}-${language}-${width}.png`), fullPage: true });
    }
    await context.close();
  }, WAIT_MS * 3);

  it('says without JavaScript what is missing and what to use instead', async () => {
    const { context, page } = await open(390, 'en', false);
    await page.goto(`${platform.url}/seats`);
    expect(await page.locator('main').textContent()).toContain('mizan seat');
    await context.close();
  });

  it('broke no rule of the page', () => {
    expect(complaints).toEqual([]);
  });
});
