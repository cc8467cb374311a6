/** The first run in a real browser: nobody is there, a regulator is named, people are invited, a system is registered, and who may not see it does not. */

import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Language } from '../../src/base/index.ts';
import { fixedClock } from '../../src/platform/clock/index.ts';
import { chromiumPath, launchBrowser } from '../support/browser.ts';
import { codeOf, PASSWORD } from '../support/identity.ts';
import { openStory, PATIENT, STORY_DAY, type Story } from '../support/story.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const AXE_RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** Pictures are kept where SHOTS says; otherwise the pages are only measured. */
const shots = process.env['SHOTS'];
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
/** Longer than a code of a generator lives, so that the next one is another. */
const NEXT_CODE_MS = 31_000;
const LETTER_ASKED_MAX = 100;
const LETTER_ASK_MS = 100;
/** A part of the story takes seconds, on a busy machine minutes. */
const PART_MS_MAX = 240_000;
/** An entry that nobody made. */
const UNKNOWN = '11111111-2222-4333-8444-555555555555';
const NOBODYS = { authorization: '' };

const server = process.env['TEST_DATABASE_URL'] === undefined ? [] : (['server'] as const);
const SECRET_WORDS = 'Vergi yoxlamasının risk balı';
const DETAILS = {
  summary: 'Hansı bəyannamələrin əvvəlcə yoxlanacağını təklif edir; qərarı müfəttiş verir.',
  purpose: 'Vergi bəyannamələrini risk balına görə sıralayır.',
  contactEmail: 'reyestr@vergi.example',
  providerName: 'Vergi agentliyi',
  inputs: 'Bəyannamələr və ödəniş tarixçəsi.',
  humanDecisions: 'Yoxlama barədə hər qərarı müfəttiş verir.',
  complaint: 'Agentliyin apellyasiya şurasına 30 gün ərzində.',
} as const;

/** Somebody at a browser of their own. */
interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly language: Language;
  secret?: string;
}

describe.skipIf(chromiumPath === undefined).each(['embedded', ...server] as const)('the first run in a browser (%s)', { timeout: PART_MS_MAX }, (engine) => {
  let story: Story;
  let browser: Browser;
  let origin: string;
  let checker: Page;
  const clock = fixedClock(`${STORY_DAY}T09:00:00.000Z`);
  const complaints: string[] = [];
  const looked = new Set<string>();
  const people = new Map<string, Person>();
  let link: string;
  let systemId: string;
  const organisations = new Map<string, string>();

  beforeAll(async () => {
    if (shots !== undefined) mkdirSync(shots, { recursive: true });
    story = await openStory({ engine, clock, limits: PATIENT });
    origin = await story.listen();
    browser = await launchBrowser();
    checker = await (await browser.newContext({ viewport: DESKTOP })).newPage();
  });
  afterAll(async () => {
    await browser?.close();
    await story?.close();
  });

  /** A browser without script that asks for the language of its reader. */
  async function sitDown(name: string, language: Language): Promise<Person> {
    const context = await browser.newContext({ viewport: DESKTOP, javaScriptEnabled: false, locale: language });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) complaints.push(`asked for ${request.url()}`);
    });
    const person: Person = { page, context, language };
    people.set(name, person);
    return person;
  }
  const who = (name: string): Person => {
    const person = people.get(name);
    if (person === undefined) throw new Error(`${name} does not sit at a browser yet`);
    return person;
  };

  /** What is shown, measured at two widths: it holds to WCAG, nothing scrolls sideways, the language is the reader's. */
  async function look({ page, language }: Person, name: string): Promise<void> {
    looked.add(name);
    expect(await page.locator('html').getAttribute('lang'), name).toBe(language);
    for (const size of [PHONE, DESKTOP]) {
      await page.setViewportSize(size);
      expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), `${name} scrolls sideways at ${size.width}`).toBe(0);
      if (shots !== undefined) await page.screenshot({ path: join(shots, `${String(looked.size).padStart(2, '0')}-${name}-${size.width}.png`), fullPage: true });
    }
    // The checker is a script itself: it reads what stands on the page in a window that lets scripts run.
    const html = await page.content();
    await checker.route(page.url(), (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: html }));
    await checker.goto(page.url());
    await checker.unroute(page.url());
    await checker.evaluate(axeSource);
    const results = await checker.evaluate<AxeResults>(`axe.run(document, { runOnly: ${JSON.stringify(AXE_RULES)}, resultTypes: ['violations'] })`);
    expect(results.violations.map((one) => `${name}: ${one.id}: ${one.nodes[0]?.html.slice(0, 200) ?? ''}`)).toEqual([]);
  }
  const go = async (person: Person, path: string): Promise<number> => (await person.page.goto(origin + path))?.status() ?? 0;
  const path = (page: Page): string => new URL(page.url()).pathname;
  const submit = async (page: Page, form: string): Promise<void> => page.locator(`${form} button:not([name])`).last().click();
  /** A form that is folded away is opened first, as its reader does. */
  const unfold = async (form: Locator): Promise<void> => {
    const folded = form.locator('xpath=ancestor::details[not(@open)]');
    if ((await folded.count()) > 0) await folded.first().locator('> summary').click();
  };
  const nextCode = (person: Person): string => {
    clock.move(new Date(Date.parse(clock.now()) + NEXT_CODE_MS).toISOString());
    return codeOf(person.secret ?? '', clock.now());
  };

  /** From the picture for the telephone to the codes for the day when it is lost. */
  async function setUpGenerator(person: Person, name: string): Promise<readonly string[]> {
    const { page } = person;
    person.secret = (await page.locator('.identity-secret').innerText()).replaceAll(/\s/g, '');
    await look(person, `${name}-generator`);
    await page.locator('input[name=code]').fill('000000');
    await submit(page, 'form[action="/identity/me/code"]');
    expect(await page.locator('.error-summary').count(), 'a wrong code is refused').toBe(1);
    await page.locator('input[name=code]').fill(nextCode(person));
    await submit(page, 'form[action="/identity/me/code"]');
    const codes = await page.locator('.identity-codes code').allInnerTexts();
    await look(person, `${name}-recovery-codes`);
    await page.locator('.identity-narrow .button-row a').first().click();
    return codes;
  }

  /** The link of the newest letter to this address; letters lie in the outbox where no mail server is set. */
  async function linkTo(email: string): Promise<string> {
    const outbox = join(story.mizan.config.dataDir, 'outbox');
    for (let asked = 1; asked <= LETTER_ASKED_MAX; asked++) {
      const letters = ((): readonly string[] => {
        try {
          return readdirSync(outbox).filter((name) => name.endsWith('.eml')).toSorted().map((name) => readFileSync(join(outbox, name), 'latin1'));
        } catch {
          return [];
        }
      })();
      const letter = letters.findLast((text) => new RegExp(`^To: .*${email.replaceAll('.', '\\.')}`, 'im').test(text));
      const found = letter === undefined ? undefined : textOf(letter).match(/https?:\/\/\S+\/identity\/join\/[\w-]+/)?.[0];
      if (found !== undefined) return found;
      await pause(LETTER_ASK_MS);
    }
    throw new Error(`no letter for ${email}`);
  }

  async function createOrganisation(person: Person, formPath: string, kind: string, name: { readonly az: string; readonly en: string; readonly ru: string }): Promise<void> {
    const { page } = person;
    const form = page.locator(`form[method=post][action="${formPath}"]`);
    await unfold(form);
    await form.locator('select[name=create-kind]').selectOption(kind);
    for (const language of ['az', 'en', 'ru'] as const) await form.locator(`input[name=create-${language}]`).fill(name[language]);
    await form.locator('button').click();
    expect(await page.locator('h1').innerText()).toBe(name[person.language]);
    organisations.set(name.en, path(page).split('/').at(-1) ?? '');
  }

  async function invite(person: Person, organisation: string, email: string, role: string, language: Language): Promise<string> {
    const { page } = person;
    await go(person, `/identity/organisations/${organisations.get(organisation)}`);
    const form = page.locator('form[action$="/invitations"]');
    await unfold(form);
    await form.locator('input[name=invite-email]').fill(email);
    await form.locator('select[name=invite-role]').selectOption(role);
    await form.locator('select[name=invite-language]').selectOption(language);
    await form.locator('button').click();
    // Roles of the regulator are given by whoever has just shown the second factor.
    if (path(page) === '/identity/step-up') {
      await look(person, 'step-up');
      await page.locator('input[name=code]').fill(nextCode(person));
      await submit(page, 'form[action="/identity/step-up"]');
      return invite(person, organisation, email, role, language);
    }
    expect(await page.locator('#invitations').innerText()).toContain(email);
    return linkTo(email);
  }

  async function accept(name: string, language: Language, address: string): Promise<Person> {
    const person = await sitDown(name, language);
    const { page } = person;
    await page.goto(address);
    await look(person, `invitation-${people.size}`);
    await page.locator('input[name=name]').fill(name);
    await page.locator('input[name=password]').fill('qwertyuiop12');
    await submit(page, 'form[action^="/identity/join/"]');
    expect(await page.locator('.error-summary').count(), 'a password of the first guesses is refused').toBe(1);
    await page.locator('input[name=password]').fill(PASSWORD);
    await submit(page, 'form[action^="/identity/join/"]');
    return person;
  }

  it('a fresh server knows nobody, shows only what is public, and opens no account by itself', async () => {
    const nobody = await sitDown('nobody', 'az');
    expect(await go(nobody, '/')).toBe(200);
    await look(nobody, 'empty-home');
    await go(nobody, '/registry/mine');
    expect(path(nobody.page)).toBe('/identity/sign-in');
    await look(nobody, 'sign-in');
    expect(await go(nobody, '/identity/setup?token=guessed')).toBe(403);
    await look(nobody, 'set-up-refused');
    expect((await story.get('/api/v1/workspace/systems', NOBODYS)).status).toBe(401);
  });

  it('the printed address names the regulator and its first administrator, once, with a code generator', async () => {
    const made = await story.mizan.identity.setUp.link();
    if (!made.ok) throw new Error(made.refusal.code);
    link = made.value;
    expect(link.startsWith(`${origin}/identity/setup?token=`)).toBe(true);
    const administrator = await sitDown('Leyla Quliyeva', 'az');
    const { page } = administrator;
    await page.goto(link);
    await look(administrator, 'set-up');
    await submit(page, 'form[action="/identity/setup"]');
    await look(administrator, 'set-up-problems');
    await page.locator('input[name=regulator-az]').fill('Süni İntellekt Agentliyi');
    await page.locator('input[name=regulator-en]').fill('Agency of Artificial Intelligence');
    await page.locator('input[name=regulator-ru]').fill('Агентство искусственного интеллекта');
    await page.locator('input[name=name]').fill('Leyla Quliyeva');
    await page.locator('input[name=email]').fill('leyla@regulator.example');
    await page.locator('input[name=password]').fill(PASSWORD);
    await submit(page, 'form[action="/identity/setup"]');
    expect(path(page)).toBe('/identity/me/code');
    // Until the second factor stands the role does not count.
    expect((await administrator.context.request.get(`${origin}/api/v1/workspace/systems`, { headers: { accept: 'application/json' } })).status()).toBe(403);
    const codes = await setUpGenerator(administrator, 'administrator');
    expect(new Set(codes).size).toBe(10);
    expect(path(page)).toBe('/portal/dashboard');
    await look(administrator, 'after-set-up');
    expect(await go(who('nobody'), link.slice(origin.length)), 'the address works once').toBe(403);
    expect((await story.mizan.identity.setUp.link()).ok, 'and there is no other').toBe(false);
  });

  it('an empty platform tells its administrator what to do next', async () => {
    const administrator = who('Leyla Quliyeva');
    const { page } = administrator;
    const steps = page.locator('#first-steps li');
    expect(await steps.count()).toBeGreaterThanOrEqual(4);
    for (const address of await steps.locator('a').evaluateAll((links) => links.map((one) => (one as unknown as { href: string }).href))) {
      expect((await administrator.context.request.get(address, { headers: { accept: 'text/html' } })).status(), address).toBe(200);
    }
  });

  it('she creates a ministry with two agencies below it', async () => {
    const administrator = who('Leyla Quliyeva');
    const { page } = administrator;
    await go(administrator, '/identity/organisations');
    await look(administrator, 'organisations-empty');
    await createOrganisation(administrator, '/identity/organisations', 'ministry', { az: 'Maliyyə Nazirliyi', en: 'Ministry of Finance', ru: 'Министерство финансов' });
    const ministry = organisations.get('Ministry of Finance') ?? '';
    await look(administrator, 'ministry');
    await createOrganisation(administrator, `/identity/organisations/${ministry}/parts`, 'agency', { az: 'Vergi Agentliyi', en: 'Tax Agency', ru: 'Налоговое агентство' });
    await go(administrator, `/identity/organisations/${ministry}`);
    await createOrganisation(administrator, `/identity/organisations/${ministry}/parts`, 'agency', { az: 'Gömrük Agentliyi', en: 'Customs Agency', ru: 'Таможенное агентство' });
    await go(administrator, '/identity/organisations');
    await look(administrator, 'organisations');
    for (const one of await page.locator('.identity-tree__line a').all()) if ((await one.innerText()) === 'Süni İntellekt Agentliyi') organisations.set('Regulator', (await one.getAttribute('href'))?.split('/').at(-1) ?? '');
    expect(organisations.size).toBe(4);
  });

  it('she invites the officer of the agency, who accepts in another browser and sets a password', async () => {
    const administrator = who('Leyla Quliyeva');
    const address = await invite(administrator, 'Tax Agency', 'murad@vergi.example', 'owner', 'az');
    await look(administrator, 'invited');
    const officer = await accept('Murad Əliyev', 'az', address);
    expect(path(officer.page), 'at what he came for').toBe('/registry/mine');
    await look(officer, 'officer-arrived');
    expect(await officer.page.locator('.account').first().innerText()).toContain('Murad Əliyev');
    // The letter worked once.
    expect(await go(who('nobody'), address.slice(origin.length))).toBe(403);
    await go(officer, '/registry/mine');
    await look(officer, 'officer-entries-empty');
  });

  it('the officer writes a draft and submits it; the entry belongs to the agency', async () => {
    const officer = who('Murad Əliyev');
    const { page } = officer;
    await go(officer, '/registry/new');
    await look(officer, 'new-entry');
    await page.locator('input[name=name]').fill(SECRET_WORDS);
    for (const [field, value] of Object.entries(DETAILS)) {
      const control = page.locator(`main [name="${field}"]`).first();
      await unfold(control);
      await control.fill(value);
    }
    for (const [field, value] of [['phase', 'testing'], ['marketStatus', 'put_into_service']] as const) {
      const control = page.locator(`main [name="${field}"]`).first();
      await unfold(control);
      const values = await control.locator('option').evaluateAll((options) => options.map((one) => (one as unknown as { value: string }).value).filter((one) => one !== ''));
      await control.selectOption(values.includes(value) ? value : (values[0] ?? ''));
    }
    const countries = page.locator('main [name="countries"]').first();
    await unfold(countries);
    if ((await countries.getAttribute('type')) === 'checkbox') await countries.check();
    else await countries.fill('AZ');
    await page.locator('main form[action="/registry/new"] > .button-row button').click();
    expect(path(page)).toMatch(/^\/registry\/[0-9a-f-]{36}\/manage$/);
    systemId = path(page).split('/')[2] ?? '';
    await look(officer, 'draft');
    await page.locator(`a[href="/registry/${systemId}/move?to=submitted"]`).click();
    await look(officer, 'submit-asks');
    await submit(page, `form[action="/registry/${systemId}/move"]`);
    expect(path(page)).toBe(`/registry/${systemId}/manage`);
    await look(officer, 'submitted');
    expect(await page.locator(`a[href$="move?to=registered"]`).count(), 'the agency does not register by itself').toBe(0);
    await go(officer, '/registry/mine');
    expect(await page.locator('main').innerText()).toContain(SECRET_WORDS);
    await look(officer, 'officer-entries');
  });

  /** Every way in which somebody might come upon the entry; where each leads. */
  async function sightings(person: Person): Promise<readonly string[]> {
    const found: string[] = [];
    const tells = (text: string): boolean => text.includes(SECRET_WORDS) || text.includes(systemId) || text.includes(DETAILS.purpose);
    const lists = ['/', '/registry', `/registry?q=${encodeURIComponent('risk balı')}`, '/registry/mine', '/registry/mine?status=draft&status=submitted', `/registry/mine?q=${encodeURIComponent('Vergi')}`, '/assessment', '/obligations', '/impact', '/portal/dashboard', '/exports'];
    for (const list of lists) {
      await go(person, list);
      if (tells(await person.page.content())) found.push(list);
    }
    for (const address of ['', '/manage', '/edit', '/move?to=registered', '/manage/differences?from=1&to=1', '/differences?from=1&to=1']) {
      const status = await go(person, `/registry/${systemId}${address}`);
      const isTurnedAway = status === 404 || path(person.page) === '/identity/sign-in';
      if (!isTurnedAway || (await person.page.locator('main').innerText()).includes(SECRET_WORDS)) found.push(`/registry/…${address} ${status}`);
    }
    for (const one of [`/assessment/${systemId}`, `/obligations/${systemId}`]) {
      const status = await go(person, one);
      if ((status !== 404 && path(person.page) !== '/identity/sign-in') || (await person.page.content()).includes(SECRET_WORDS)) found.push(`${one} ${status}`);
    }
    const { request } = person.context;
    for (const address of ['/api/v1/systems', '/api/v1/systems?q=risk', '/api/v1/workspace/systems', '/api/v1/workspace/systems?q=Vergi', `/api/v1/systems/${systemId}`, `/api/v1/workspace/systems/${systemId}`, `/api/v1/workspace/systems/${systemId}/history`, `/api/v1/workspace/systems/${systemId}/attachments`, `/api/v1/systems/${systemId}/assessment`, '/api/v1/exports/json', '/exports/csv', '/exports/json']) {
      const answer = await request.get(origin + address, { headers: { accept: 'application/json' } });
      const text = await answer.text();
      if (answer.status() >= 500 || text.includes(SECRET_WORDS) || text.includes(DETAILS.purpose)) found.push(`${address} ${answer.status()}`);
      if (!address.includes(systemId)) continue;
      // What may not be seen is answered as what does not exist.
      const unknown = await request.get(origin + address.replaceAll(systemId, UNKNOWN), { headers: { accept: 'application/json' } });
      if (unknown.status() !== answer.status() || (answer.ok() && (await unknown.text()) !== text)) found.push(`${address} ${answer.status()}`);
    }
    return found;
  }

  it('an editor of the sibling agency cannot find it: no list, no search, no address, no interface', async () => {
    const address = await invite(who('Leyla Quliyeva'), 'Customs Agency', 'nigar@gomruk.example', 'editor', 'ru');
    const sibling = await accept('Нигяр Мамедова', 'ru', address);
    expect(path(sibling.page)).toBe('/registry/mine');
    expect(await sightings(sibling)).toEqual([]);
    await go(sibling, '/registry/mine');
    await look(sibling, 'sibling-entries');
    expect(await go(sibling, `/registry/${systemId}/manage`)).toBe(404);
    await look(sibling, 'sibling-not-found');
    // Nor is anything written there, although an editor writes elsewhere.
    const changed = await sibling.context.request.post(`${origin}/registry/${systemId}/move`, { form: { revision: '2', to: 'withdrawn', reason: '' }, headers: { 'sec-fetch-site': 'same-origin', origin }, maxRedirects: 0 });
    expect(changed.status()).toBe(404);
    // The same search shows its owner that there was something to find.
    expect((await sightings(who('Murad Əliyev'))).length).toBeGreaterThan(8);
  });

  it('nobody who is not signed in can find it', async () => {
    expect(await sightings(who('nobody'))).toEqual([]);
  });

  it('an officer of the regulator, invited and with a code generator, puts it on the register', async () => {
    const address = await invite(who('Leyla Quliyeva'), 'Regulator', 'anna@regulator.example', 'officer', 'en');
    const officer = await accept('Anna Petrova', 'en', address);
    const { page } = officer;
    expect(path(page), 'the second factor comes first').toBe('/identity/me/code');
    // A role of the regulator counts with a second factor only.
    expect((await officer.context.request.get(`${origin}/registry/${systemId}/manage`, { headers: { accept: 'application/json' } })).status()).toBe(403);
    await go(officer, '/registry/mine');
    await look(officer, 'second-factor-asked');
    await go(officer, '/identity/me/code?next=/registry/mine');
    await setUpGenerator(officer, 'regulator');
    expect(path(page)).toBe('/registry/mine');
    await look(officer, 'regulator-arrived');
    await go(officer, '/registry/mine');
    await page.getByRole('link', { name: SECRET_WORDS }).first().click();
    await look(officer, 'regulator-sees');
    await page.locator(`a[href="/registry/${systemId}/move?to=registered"]`).click();
    await look(officer, 'register-asks');
    await submit(page, `form[action="/registry/${systemId}/move"]`);
    expect(path(page)).toBe(`/registry/${systemId}/manage`);
    await look(officer, 'registered');
  });

  it('the public finds it on the register, without script and without an account', async () => {
    const nobody = who('nobody');
    await go(nobody, '/registry');
    await nobody.page.getByRole('link', { name: SECRET_WORDS }).first().click();
    expect(path(nobody.page)).toBe(`/registry/${systemId}`);
    expect(await nobody.page.locator('main').innerText()).toContain(DETAILS.complaint);
    expect(await nobody.page.locator('script').count()).toBe(0);
    await look(nobody, 'public-entry');
    await go(nobody, '/');
    await look(nobody, 'home');
    expect(await go(nobody, '/registry/mine')).toBe(200);
    expect(path(nobody.page)).toBe('/identity/sign-in');
  });

  it('the record tells the administrator the whole story, in words', async () => {
    const administrator = who('Leyla Quliyeva');
    await go(administrator, '/identity/audit');
    await look(administrator, 'audit');
    const told = await administrator.page.locator('main tbody').innerText();
    for (const words of ['Leyla Quliyeva', 'Murad Əliyev', 'Anna Petrova', 'İlk quraşdırma', 'qeydi və qoşmaları dəyişmək, təqdim etmək', 'üzv dəvət etmək', 'yeni qeyd yaratmaq', 'qurum və ya tabe qurum yaratmaq', SECRET_WORDS]) expect(told).toContain(words);
    // Neither a password nor a code nor the token of a link is kept.
    for (const secret of [PASSWORD, new URL(link).searchParams.get('token') ?? 'no token']) expect(told).not.toContain(secret);
    await go(administrator, '/identity/people');
    await look(administrator, 'people');
    await go(administrator, '/identity/policies');
    await look(administrator, 'policies');
  });

  it('an auditor sees everything and changes nothing', async () => {
    const address = await invite(who('Leyla Quliyeva'), 'Regulator', 'rashad@audit.example', 'auditor', 'ru');
    const auditor = await accept('Рашад Гасымов', 'ru', address);
    await setUpGenerator(auditor, 'auditor');
    expect(path(auditor.page)).toBe('/registry/mine');
    await go(auditor, '/identity/audit');
    await look(auditor, 'auditor-audit');
    expect(await auditor.page.locator('main tbody').innerText()).toContain('Murad Əliyev');
    await go(auditor, `/registry/${systemId}/manage`);
    await look(auditor, 'auditor-entry');
    const offered = await auditor.page.locator('main form[method=post]').evaluateAll((forms) => forms.map((one) => one.getAttribute('action')));
    expect(offered).toEqual([]);
    await go(auditor, `/identity/organisations/${organisations.get('Tax Agency')}`);
    await look(auditor, 'auditor-organisation');
    expect(await auditor.page.locator('main form[method=post]').count()).toBe(0);
    const { request } = auditor.context;
    const headers = { 'sec-fetch-site': 'same-origin', origin };
    for (const [target, form] of [
      [`/registry/${systemId}/move`, { revision: '3', to: 'withdrawn', reason: 'no' }],
      ['/registry/new', { name: 'Not the work of an auditor' }],
      [`/identity/organisations/${organisations.get('Tax Agency')}/parts`, { 'create-kind': 'agency', 'create-az': 'x', 'create-en': 'x', 'create-ru': 'x' }],
      [`/identity/organisations/${organisations.get('Tax Agency')}/invitations`, { 'invite-email': 'x@y.example', 'invite-role': 'editor' }],
      ['/portal/samples', { act: 'load' }],
    ] as const) {
      const answer = await request.post(origin + target, { form, headers, maxRedirects: 0 });
      expect(`${target} ${answer.status()}`).toBe(`${target} 403`);
    }
  });

  it('a session that is ended from elsewhere is out at once', async () => {
    const home = await sitDown('Murad at home', 'az');
    await go(home, '/identity/sign-in?next=/registry/mine');
    await home.page.locator('input[name=email]').fill('murad@vergi.example');
    await home.page.locator('input[name=password]').fill('not the password at all');
    await submit(home.page, 'form[action="/identity/sign-in"]');
    expect(await home.page.locator('.error-summary').count()).toBe(1);
    await look(home, 'sign-in-refused');
    clock.move(new Date(Date.parse(clock.now()) + NEXT_CODE_MS).toISOString());
    await home.page.locator('input[name=password]').fill(PASSWORD);
    await submit(home.page, 'form[action="/identity/sign-in"]');
    expect(path(home.page)).toBe('/registry/mine');
    // Both sessions stand on the page of the account; the one at the office is ended from home.
    await go(home, '/identity/me');
    await look(home, 'account');
    await home.page.locator('#sessions form[action$="/end"] button').click();
    expect(await home.page.locator('#sessions form[action$="/end"]').count()).toBe(0);
    const office = who('Murad Əliyev');
    await go(office, '/registry/mine');
    expect(path(office.page)).toBe('/identity/sign-in');
    // And the one at home is ended by the administrator.
    const administrator = who('Leyla Quliyeva');
    await go(administrator, '/identity/people');
    await administrator.page.getByRole('link', { name: 'Murad Əliyev' }).first().click();
    await look(administrator, 'person');
    const personPath = path(administrator.page);
    await administrator.page.locator('#sessions form[action$="/end"] button').first().click();
    if (path(administrator.page) === '/identity/step-up') {
      await administrator.page.locator('input[name=code]').fill(nextCode(administrator));
      await submit(administrator.page, 'form[action="/identity/step-up"]');
      await go(administrator, personPath);
      await administrator.page.locator('#sessions form[action$="/end"] button').first().click();
    }
    await look(administrator, 'person-session-ended');
    await go(home, '/registry/mine');
    expect(path(home.page)).toBe('/identity/sign-in');
    await look(home, 'out');
  });

  it('a key with one permission reads, and cannot write', async () => {
    const officer = who('Anna Petrova');
    const { page } = officer;
    await go(officer, '/identity/me');
    const form = page.locator('form[action="/identity/me/keys"]');
    for (let tried = 1; tried <= 2; tried++) {
      await unfold(form);
      await form.locator('input[name=key-name]').fill('Statistics');
      await form.locator('input[name=permits][value="system.see"]').check();
      if (tried === 1) await look(officer, 'key-form');
      await form.locator('button').click();
      if (path(page) !== '/identity/step-up') break;
      await page.locator('input[name=code]').fill(nextCode(officer));
      await submit(page, 'form[action="/identity/step-up"]');
      await go(officer, '/identity/me');
    }
    const key = await page.locator('.identity-secret').innerText();
    await look(officer, 'key');
    const headers = { authorization: `Bearer ${key}` };
    const list = '/api/v1/workspace/systems';
    expect((await story.get(`${list}/${systemId}`, headers)).status).toBe(200);
    expect((await story.get(list, headers)).body).toContain(SECRET_WORDS);
    const record = { name: 'Written by a key', organisation: 'Tax Agency', purpose: 'None.' };
    expect((await story.send('POST', '/api/v1/systems', { record }, headers)).status, 'writing').toBe(403);
    expect((await story.get('/api/v1/impact/assessments', headers)).status, 'another noun').toBe(403);
    expect((await story.get(list, { authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}` })).status, 'a key that nobody made').toBe(401);
    await go(officer, '/identity/me');
    await page.locator('#keys form[action$="/revoke"] button').click();
    expect((await story.get(list, headers)).status, 'a revoked key is nobody’s').toBe(401);
  });

  it('no script was missed, nothing was asked of others', () => {
    console.info(`${looked.size} pages looked at on ${engine}`);
    expect(complaints).toEqual([]);
  });
});

/** The text of a letter with its transfer encodings undone. */
function textOf(letter: string): string {
  const parts = letter.split(/\r?\n--[^\r\n]+\r?\n/);
  return parts
    .map((part) => {
      const [head = '', ...body] = part.split(/\r?\n\r?\n/);
      const text = body.join('\n\n');
      if (/content-transfer-encoding: *base64/i.test(head)) return Buffer.from(text, 'base64').toString('utf8');
      return text.replaceAll(/=\r?\n/g, '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
    })
    .join('\n');
}
