/** Administration of organisations and people over HTTP, by people who signed in, on both engines: who may do what to whom, and what is told of it. */

import { hashPassword } from 'better-auth/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type Browser, codeOf, type Page, PASSWORD, secretOn, setUpAll, type Stage, stagesOf } from '../../../../test/support/identity.ts';
import { LANGUAGES } from '../../../base/index.ts';
import { POLICY_NAMES, ROLES } from '../../../platform/auth/index.ts';
import { MINUTE_MS, type OrganisationKind, type Role } from '../model.ts';
import { createPerson } from '../store/people.ts';
import { adminText } from '../text/admin/index.ts';

interface Actor {
  readonly id: string;
  readonly email: string;
  readonly secret: string;
  readonly browser: Browser;
}

const JSON_ANSWER = { accept: 'application/json' };
const field = (prefix: string, text: string): Record<string, string> => Object.fromEntries(LANGUAGES.map((one) => [`${prefix}-${one}`, `${text} ${one}`]));
const names = (text: string) => ({ az: `${text} az`, en: `${text} en`, ru: `${text} ru` });
const textOf = (page: Page): string => page.document.querySelector('main')?.textContent ?? '';

onEveryEngine((open) => {
  const { stage, closeAll } = stagesOf(open);
  afterAll(closeAll);

  let one: Stage;
  let hash: string;
  let regulator: string;
  const places: Record<'ministry' | 'agency' | 'department' | 'other', string> = { ministry: '', agency: '', department: '', other: '' };
  const actors: Record<string, Actor> = {};

  const make = async (kind: OrganisationKind, text: string, parentId?: string): Promise<string> => {
    const made = await one.identity.organisations.createOrganisation({ kind, names: names(text), parentId });
    if (!made.ok) throw new Error(made.refusal.code);
    return made.value;
  };
  const give = async (personId: string, organisationId: string, role: Role): Promise<void> => {
    const done = await one.identity.organisations.grant({ personId, organisationId, role, by: 'operator' });
    if (!done.ok) throw new Error(done.refusal.code);
  };
  const person = async (name: string): Promise<{ readonly id: string; readonly email: string }> => {
    const email = `${name.toLowerCase().replaceAll(/[^a-z]/g, '')}@work.example`;
    const id = await createPerson(one.identity.parts.db, { name, email, language: 'az', password: hash, at: one.clock.now() });
    if (id === undefined) throw new Error('address taken');
    return { id, email };
  };
  /** Somebody with roles, signed in through the pages with password and a new code generator. */
  const signIn = async (name: string, ...roles: readonly (readonly [organisation: string, role: Role])[]): Promise<Actor> => {
    const { id, email } = await person(name);
    for (const [organisation, role] of roles) await give(id, organisation, role);
    const browser = one.browser();
    await browser.post('/identity/sign-in', { email, password: PASSWORD });
    const secret = secretOn(await browser.get('/identity/me/code'));
    const done = await browser.post('/identity/me/code', { code: codeOf(secret, one.clock.now()) });
    if (done.status !== 200) throw new Error(`no code for ${name}: ${done.status}`);
    return { id, email, secret, browser };
  };
  /** Shows the second factor again, as the page of it asks. */
  const fresh = async (actor: Actor): Promise<void> => {
    one.later(MINUTE_MS);
    const done = await actor.browser.post('/identity/step-up', { code: codeOf(actor.secret, one.clock.now()) });
    if (done.status !== 303) throw new Error(`step-up: ${done.status}`);
  };
  const api = async (actor: Actor, url: string, body?: object): Promise<{ readonly status: number; readonly json: Record<string, unknown> }> => {
    const answer = await one.app.inject({ method: body === undefined ? 'GET' : 'POST', url, headers: { host: 'localhost', 'sec-fetch-site': 'same-origin', cookie: actor.browser.cookieHeader(), ...JSON_ANSWER }, ...(body === undefined ? {} : { payload: body }) });
    return { status: answer.statusCode, json: answer.body === '' ? {} : (JSON.parse(answer.body) as Record<string, unknown>) };
  };
  const actor = (name: string): Actor => {
    const found = actors[name];
    if (found === undefined) throw new Error(name);
    return found;
  };

  beforeAll(async () => {
    one = await stage();
    hash = await hashPassword(PASSWORD);
    const { browser, secret } = await setUpAll(one);
    const caller = await one.identity.authenticate({ headers: { cookie: browser.cookieHeader() } });
    actors['administrator'] = { id: caller.personId ?? '', email: 'leyla@regulator.example', secret, browser };
    regulator = caller.memberships[0]?.organisation ?? '';
    places.ministry = await make('ministry', 'Ədliyyə Nazirliyi');
    places.agency = await make('agency', 'Agency of Registers', places.ministry);
    places.department = await make('department', 'Department of Archives', places.agency);
    places.other = await make('ministry', 'Other Ministry');
    actors['owner'] = await signIn('Orxan Owner', [places.ministry, 'owner']);
    actors['child'] = await signIn('Aysel Child', [places.agency, 'owner']);
    actors['editor'] = await signIn('Elnur Editor', [places.ministry, 'editor']);
    actors['stranger'] = await signIn('Nigar Stranger', [places.other, 'owner']);
    actors['officer'] = await signIn('Orkhan Officer', [regulator, 'officer']);
    actors['auditor'] = await signIn('Aqil Auditor', [regulator, 'auditor']);
  });

  describe('who sees which organisation', () => {
    it.each([
      ['administrator', 'ministry', 200],
      ['officer', 'ministry', 200],
      ['auditor', 'ministry', 200],
      ['owner', 'ministry', 200],
      ['owner', 'agency', 200],
      ['owner', 'department', 200],
      ['owner', 'other', 404],
      ['editor', 'agency', 200],
      ['editor', 'other', 404],
      ['child', 'agency', 200],
      ['child', 'department', 200],
      ['child', 'ministry', 404],
      ['child', 'other', 404],
      ['stranger', 'ministry', 404],
    ] as const)('%s asks for the %s: %i', async (who, place, status) => {
      expect((await actor(who).browser.get(`/identity/organisations/${places[place]}`)).status).toBe(status);
      expect((await api(actor(who), `/api/v1/identity/organisations/${places[place]}`)).status).toBe(status);
      expect((await api(actor(who), `/api/v1/identity/organisations/${places[place]}/members`)).status).toBe(status);
    });

    it('lists the own tree only, with a way to the parts, and finds names in any language with any letters', async () => {
      const tree = await actor('owner').browser.get('/identity/organisations');
      expect(textOf(tree)).toContain('Department of Archives en');
      expect(textOf(tree)).not.toContain('Other Ministry');
      expect(textOf(tree)).not.toContain('Regulator of');
      expect(tree.document.querySelectorAll('.identity-tree details')).toHaveLength(2);
      const found = await actor('owner').browser.get('/identity/organisations?q=edliyye%20ru');
      expect(textOf(found)).toContain('Ədliyyə Nazirliyi en');
      expect(textOf(await actor('owner').browser.get('/identity/organisations?q=nowhere'))).toContain('No organisation has these words');
      const all = await api(actor('administrator'), '/api/v1/identity/organisations?limit=2');
      expect([(all.json['items'] as unknown[]).length, all.json['total']]).toEqual([2, 5]);
      const rest = await api(actor('administrator'), `/api/v1/identity/organisations?limit=3&after=${String(all.json['next'])}`);
      expect([(rest.json['items'] as unknown[]).length, rest.json['next']]).toEqual([3, null]);
    });

    it('hands the list over as CSV that no spreadsheet runs', async () => {
      const id = await make('other', '=cmd()', places.ministry);
      const csv = await actor('owner').browser.get('/identity/organisations.csv');
      expect(String(csv.headers['content-type'])).toContain('text/csv');
      expect(csv.html).toContain("'=cmd() en");
      expect(csv.html.split('\r\n').filter((line) => line !== '')).toHaveLength(5);
      expect((await one.identity.organisations.closeOrganisation(id)).ok).toBe(true);
    });

    it('shows buttons to whom they serve', async () => {
      const forms = async (who: string): Promise<number> => (await actor(who).browser.get(`/identity/organisations/${places.agency}`)).document.querySelectorAll('main form[method=post]').length;
      expect([await forms('officer'), await forms('auditor'), await forms('editor')]).toEqual([0, 0, 0]);
      expect(await forms('owner')).toBeGreaterThan(5);
    });

    it('sends strangers to sign-in and tells programs that they are nobody', async () => {
      const nobody = one.browser();
      for (const path of ['organisations', 'people', 'audit', 'policies', `organisations/${places.ministry}`]) {
        expect([(await nobody.get(`/identity/${path}`)).location, path]).toEqual([`/identity/sign-in?next=${encodeURIComponent(`/identity/${path}`)}`, path]);
      }
      expect((await nobody.get('/api/v1/identity/people', JSON_ANSWER)).status).toBe(401);
    });
  });

  describe('organisations', () => {
    it('are made below the own one, renamed, moved and closed with a reason', async () => {
      const { browser } = actor('owner');
      const made = await browser.post(`/identity/organisations/${places.ministry}/parts`, { 'create-kind': 'department', ...field('create', 'New part') });
      expect(made.status).toBe(303);
      const id = /organisations\/([0-9a-f-]{36})\?said=created/.exec(made.location ?? '')?.[1] ?? '';
      expect((await browser.post(`/identity/organisations/${id}/name`, field('name', 'Renamed'))).location).toBe(`/identity/organisations/${id}?said=renamed`);
      expect((await browser.post(`/identity/organisations/${id}/place`, { parent: places.agency })).status).toBe(303);
      expect((await one.identity.organisations.getOrganisation(id))?.path).toEqual([places.ministry, places.agency, id]);
      expect((await browser.post(`/identity/organisations/${id}/close`, { 'close-reason': ' ' })).status).toBe(422);
      expect((await browser.post(`/identity/organisations/${id}/close`, { 'close-reason': 'merged' })).status).toBe(303);
      const page = await browser.get(`/identity/organisations/${id}`);
      for (const told of ['Organisation closed', 'Reason: merged', 'Renamed; before: New part en', 'Moved: Ədliyyə Nazirliyi en → Agency of Registers en', 'Orxan Owner']) expect(textOf(page)).toContain(told);
      expect((await browser.post(`/identity/organisations/${id}/reopen`)).status).toBe(303);
      expect((await browser.post(`/identity/organisations/${id}/close`, { 'close-reason': 'merged again' })).status).toBe(303);
    });

    it.each([
      ['below itself', 'ministry', 'ministry', 'administrator', 422, 'organisation-cycle'],
      ['below its own part', 'ministry', 'department', 'administrator', 422, 'organisation-cycle'],
      ['to the top by its owner', 'agency', '', 'owner', 422, 'only-administrator'],
      ['out of its whole by its own owner', 'agency', 'department', 'child', 422, 'only-administrator'],
      ['to somebody else', 'agency', 'other', 'owner', 404, 'not-found'],
      ['of somebody else', 'other', 'ministry', 'owner', 404, 'not-found'],
    ] as const)('do not move %s', async (_name, place, to, who, status, code) => {
      const parent = to === '' ? '' : places[to];
      expect((await actor(who).browser.post(`/identity/organisations/${places[place]}/place`, { parent })).status).toBe(status);
      const answer = await api(actor(who), `/api/v1/identity/organisations/${places[place]}/move`, { parent: parent === '' ? null : parent });
      expect([answer.status, answer.json['code']]).toEqual([status, code]);
      expect((await one.identity.organisations.getOrganisation(places.agency))?.parentId).toBe(places.ministry);
    });

    it.each([
      ['with open parts', 'agency', 'owner', 422, 'organisation-has-open-parts'],
      ['the whole by its own owner', 'agency', 'child', 422, 'only-administrator'],
      ['that of somebody else', 'other', 'owner', 404, 'not-found'],
      ['the one above', 'ministry', 'child', 404, 'not-found'],
      ['the regulator of the last administrator', 'regulator', 'administrator', 422, 'last-administrator'],
    ] as const)('are not closed: %s', async (_name, place, who, status, code) => {
      const id = place === 'regulator' ? regulator : places[place];
      const answer = await api(actor(who), `/api/v1/identity/organisations/${id}/close`, { reason: 'because' });
      expect([answer.status, answer.json['code']]).toEqual([status, code]);
      expect((await one.identity.organisations.getOrganisation(id))?.closedAt).toBe(undefined);
    });

    it.each(['editor', 'officer', 'auditor', 'stranger'])('are not changed by %s', async (who) => {
      const { browser } = actor(who);
      const status = who === 'stranger' ? 404 : 403;
      for (const [path, fields] of [['name', field('name', 'Taken')], ['place', { parent: '' }], ['close', { 'close-reason': 'x' }], ['parts', { 'create-kind': 'other', ...field('create', 'Taken') }], ['invitations', { 'invite-email': 'a@b.example', 'invite-role': 'viewer', 'invite-language': 'en' }], ['members', { 'grant-person': actor('editor').id, 'grant-role': 'owner' }]] as const) {
        expect([path, (await browser.post(`/identity/organisations/${places.agency}/${path}`, fields)).status]).toEqual([path, status]);
      }
      expect((await one.identity.organisations.getOrganisation(places.agency))?.names.en).toBe('Agency of Registers en');
    });

    it('at the top are for administrators, and no owner makes a regulator', async () => {
      expect((await api(actor('owner'), '/api/v1/identity/organisations', { kind: 'ministry', names: names('Top') })).json['code']).toBe('only-administrator');
      expect((await api(actor('owner'), '/api/v1/identity/organisations', { kind: 'regulator', parent: places.ministry, names: names('Mine') })).status).toBe(422);
      expect((await actor('administrator').browser.post('/identity/organisations', { 'create-kind': 'company', ...field('create', 'Company') })).status).toBe(303);
    });

    it('need a name in all three languages; what was typed comes back with the problem', async () => {
      const page = await actor('owner').browser.post(`/identity/organisations/${places.ministry}/parts`, { 'create-kind': 'agency', 'create-az': 'Yalnız az', 'create-en': '', 'create-ru': ' ' });
      expect(page.status).toBe(422);
      expect([...page.document.querySelectorAll('.error-summary a')].map((link) => link.getAttribute('href'))).toEqual(['#create-en', '#create-ru']);
      expect(page.document.querySelector('#create-az')?.getAttribute('value')).toBe('Yalnız az');
    });
  });

  describe('roles', () => {
    it.each([
      ['owner', 'agency', 'editor', 200, undefined],
      ['owner', 'agency', 'owner', 200, undefined],
      ['owner', 'agency', 'analyst', 422, 'role-not-yours'],
      ['owner', 'agency', 'learner', 422, 'role-not-yours'],
      ['owner', 'agency', 'administrator', 422, 'role-not-here'],
      ['owner', 'agency', 'auditor', 422, 'role-not-here'],
      ['owner', 'other', 'viewer', 404, 'not-found'],
      ['child', 'ministry', 'viewer', 404, 'not-found'],
      ['administrator', 'agency', 'analyst', 200, undefined],
      ['administrator', 'agency', 'inspector', 422, 'role-not-here'],
      ['administrator', 'regulator', 'counsel', 200, undefined],
      ['administrator', 'regulator', 'owner', 422, 'role-not-here'],
    ] as const)('%s in the %s gives %s: %i', async (who, place, role, status, code) => {
      await fresh(actor(who));
      const { id } = await person(`Somebody ${who} ${place} ${role}`.replaceAll('-', ' '));
      // An owner gives roles to people who are known there.
      await give(id, places.agency, 'viewer');
      const answer = await api(actor(who), '/api/v1/identity/memberships', { organisation: place === 'regulator' ? regulator : places[place], person: id, role });
      expect([answer.status, answer.json['code']]).toEqual([status, code]);
      const held = await one.identity.organisations.membershipsOf(id);
      expect(held.some((membership) => membership.role === role && membership.organisationId === (place === 'regulator' ? regulator : places[place]))).toBe(status === 200);
    });

    it('are given by an owner to nobody who is unknown there, as if there were no such person', async () => {
      await fresh(actor('owner'));
      for (const id of [actor('stranger').id, actor('administrator').id, '00000000-0000-4000-8000-000000000000']) {
        const answer = await api(actor('owner'), '/api/v1/identity/memberships', { organisation: places.agency, person: id, role: 'viewer' });
        expect([answer.status, answer.json['code']]).toEqual([404, 'not-found']);
      }
    });

    it('ask for a second factor within ten minutes, on pages and for programs', async () => {
      one.later(11 * MINUTE_MS);
      const target = (await one.identity.organisations.membersOf(places.ministry)).find(({ role }) => role === 'editor')?.id ?? '';
      const page = await actor('owner').browser.post(`/identity/memberships/${target}/end`, { reason: 'left' });
      expect([page.status, page.location?.startsWith('/identity/step-up')]).toEqual([303, true]);
      expect((await api(actor('owner'), `/api/v1/identity/memberships/${target}/end`, { reason: 'left' })).json['code']).toBe('step-up-needed');
      // To invite somebody to a role of the regulator is to give it.
      expect((await api(actor('administrator'), '/api/v1/identity/invitations', { organisation: regulator, email: 'new@work.example', role: 'administrator', language: 'en' })).json['code']).toBe('step-up-needed');
    });

    it('end with a reason, at once, and not by those who could not give them', async () => {
      await fresh(actor('owner'));
      const victim = await signIn('Vusal Viewer', [places.agency, 'viewer'], [places.agency, 'analyst']);
      expect((await victim.browser.get(`/identity/organisations/${places.agency}`)).status).toBe(200);
      const held = await one.identity.organisations.membershipsOf(victim.id);
      const idOf = (role: Role): string => held.find((membership) => membership.role === role)?.id ?? '';
      await fresh(actor('owner'));
      expect((await actor('owner').browser.post(`/identity/memberships/${idOf('viewer')}/end`, { reason: '' })).status).toBe(422);
      expect((await api(actor('owner'), `/api/v1/identity/memberships/${idOf('analyst')}/end`, { reason: 'x' })).json['code']).toBe('role-not-yours');
      await fresh(actor('stranger'));
      expect((await api(actor('stranger'), `/api/v1/identity/memberships/${idOf('viewer')}/end`, { reason: 'x' })).status).toBe(404);
      await fresh(actor('owner'));
      expect((await actor('owner').browser.post(`/identity/memberships/${idOf('viewer')}/end`, { reason: 'Moved to another house' })).location).toBe(`/identity/organisations/${places.agency}?said=revoked`);
      expect((await victim.browser.get(`/identity/organisations/${places.agency}`)).status).toBe(403);
      expect(textOf(await actor('owner').browser.get(`/identity/organisations/${places.agency}`))).toContain('Reason: Moved to another house');
    });

    it('leave the register at least one administrator, also when two take each other away at once', async () => {
      const admin = actor('administrator');
      const own = (await one.identity.organisations.membershipsOf(admin.id))[0]?.id ?? '';
      await fresh(admin);
      expect((await api(admin, `/api/v1/identity/memberships/${own}/end`, { reason: 'going' })).json['code']).toBe('last-administrator');
      const second = await signIn('Samir Second', [regulator, 'administrator']);
      const other = (await one.identity.organisations.membershipsOf(second.id))[0]?.id ?? '';
      await fresh(admin);
      await fresh(second);
      const answers = await Promise.all([api(admin, `/api/v1/identity/memberships/${other}/end`, { reason: 'a' }), api(second, `/api/v1/identity/memberships/${own}/end`, { reason: 'b' })]);
      const left = (await one.identity.organisations.membersOf(regulator)).filter(({ role }) => role === 'administrator');
      expect([answers.map(({ status }) => status).sort()[0], left.length]).toEqual([200, 1]);
      // The story goes on with the first.
      if (left[0]?.personId === second.id) {
        await give(admin.id, regulator, 'administrator');
        expect((await one.identity.organisations.revoke(other, 'operator')).ok).toBe(true);
      }
      one.identity.forget();
    });
  });

  describe('invitations', () => {
    const lastLetter = (email: string) => one.letters.findLast(({ to }) => to === email);
    it('go to the address, are sent again, withdrawn, and listed with their state', async () => {
      const { browser } = actor('owner');
      const path = `/identity/organisations/${places.agency}/invitations`;
      const before = one.letters.length;
      expect((await browser.post(path, { 'invite-email': 'First@Work.example', 'invite-role': 'editor', 'invite-language': 'ru' })).location).toBe(`/identity/organisations/${places.agency}?said=invited`);
      expect([one.letters.length - before, lastLetter('First@Work.example')?.language]).toEqual([1, 'ru']);
      const [invitation] = await one.identity.organisations.listInvitations(places.agency);
      const page = await browser.get(`/identity/organisations/${places.agency}`);
      expect(textOf(page)).toContain('first@work.example');
      // Nobody but its reader sees the link.
      expect(page.html).not.toContain('/identity/join/');
      one.later(MINUTE_MS);
      expect((await browser.post(`/identity/invitations/${invitation?.id ?? ''}/resend`)).status).toBe(303);
      const [again] = await one.identity.organisations.listInvitations(places.agency);
      expect(again?.id).not.toBe(invitation?.id);
      expect((await browser.post(`/identity/invitations/${again?.id ?? ''}/withdraw`)).location).toContain('said=withdrawn');
      expect((await browser.post(`/identity/invitations/${again?.id ?? ''}/withdraw`)).status).toBe(404);
      const listed = await api(actor('owner'), `/api/v1/identity/organisations/${places.agency}/invitations`);
      expect((listed.json['items'] as { state: string }[]).map(({ state }) => state)).toEqual(['withdrawn', 'withdrawn']);
    });

    it.each([
      ['owner', 'agency', 'secretariat', 422, 'role-not-yours'],
      ['owner', 'agency', 'officer', 422, 'role-not-here'],
      ['owner', 'other', 'viewer', 404, 'not-found'],
      ['child', 'ministry', 'viewer', 404, 'not-found'],
      ['editor', 'ministry', 'viewer', 403, 'not-permitted'],
      ['auditor', 'ministry', 'viewer', 403, 'not-permitted'],
    ] as const)('by %s into the %s as %s are refused', async (who, place, role, status, code) => {
      if (code.startsWith('role')) await fresh(actor(who));
      const before = one.letters.length;
      const answer = await api(actor(who), '/api/v1/identity/invitations', { organisation: places[place], email: 'refused@work.example', role, language: 'en' });
      expect([answer.status, answer.json['code'], one.letters.length - before]).toEqual([status, code, 0]);
    });

    it('of others are not found', async () => {
      const done = await one.identity.organisations.invite({ organisationId: places.other, role: 'viewer', email: 'there@work.example', language: 'en', by: 'operator' });
      const id = done.ok ? done.value.id : '';
      for (const act of ['resend', 'withdraw']) expect((await actor('owner').browser.post(`/identity/invitations/${id}/${act}`)).status).toBe(404);
      expect((await actor('owner').browser.post('/identity/invitations/nothing/resend')).status).toBe(404);
    });

    it('need an address that is one', async () => {
      const page = await actor('owner').browser.post(`/identity/organisations/${places.agency}/invitations`, { 'invite-email': 'nobody', 'invite-role': 'viewer', 'invite-language': 'en' });
      expect([page.status, page.document.querySelector('.error-summary a')?.getAttribute('href')]).toEqual([422, '#invite-email']);
    });
  });

  describe('people', () => {
    it('are for administrators and auditors', async () => {
      for (const [who, status] of [['administrator', 200], ['auditor', 200], ['officer', 403], ['owner', 403], ['editor', 403]] as const) {
        expect([who, (await actor(who).browser.get('/identity/people')).status]).toEqual([who, status]);
        expect([who, (await actor(who).browser.get(`/identity/people/${actor('owner').id}`)).status]).toEqual([who, status]);
        expect([who, (await actor(who).browser.get('/identity/people.csv')).status]).toEqual([who, status]);
      }
      expect((await actor('administrator').browser.get('/identity/people/nobody')).status).toBe(404);
    });

    it('are searched, filtered and paged by name', async () => {
      const list = async (query: string): Promise<readonly string[]> => ((await api(actor('administrator'), `/api/v1/identity/people?${query}`)).json['items'] as { name: string }[]).map(({ name }) => name);
      expect(await list('q=orxan+OWNER')).toEqual(['Orxan Owner']);
      expect(await list('q=aqilauditor@')).toEqual(['Aqil Auditor']);
      expect(await list('role=auditor')).toEqual(['Aqil Auditor']);
      expect(await list(`organisation=${places.other}`)).toEqual(['Nigar Stranger']);
      expect(await list(`organisation=${places.ministry}&role=owner`)).toContain('Aysel Child');
      expect(await list('q=%25')).toEqual([]);
      expect(await list('state=locked')).toEqual([]);
      expect((await list('state=never&limit=200')).every((name) => name.startsWith('Somebody'))).toBe(true);
      expect(await list('state=weak')).not.toContain('Orxan Owner');
      const all = await list('limit=200');
      const paged: string[] = [];
      let after = '';
      for (let page = 0; page < 50; page++) {
        const { json } = await api(actor('administrator'), `/api/v1/identity/people?limit=3${after}`);
        paged.push(...(json['items'] as { name: string }[]).map(({ name }) => name));
        if (json['next'] === null) break;
        after = `&after=${json['next'] as string}`;
      }
      expect(paged).toEqual(all);
      expect(all.length).toBeGreaterThan(15);
      const page = await actor('auditor').browser.get('/identity/people?q=owner&role=owner');
      expect(textOf(page)).toContain('Orxan Owner');
      expect(textOf(await actor('auditor').browser.get('/identity/people?q=zzz'))).toContain('Nobody was found');
      expect((await actor('auditor').browser.get('/identity/people.csv?role=owner')).html).toContain('orxanowner@work.example');
    });

    it('are seen by the auditor without buttons, with sessions and last sign-in', async () => {
      const page = await actor('auditor').browser.get(`/identity/people/${actor('owner').id}`);
      expect(page.document.querySelectorAll('main form')).toHaveLength(0);
      for (const told of ['orxanowner@work.example', 'Code generator', '192.0.2.10', 'Firefox', 'Owner']) expect(textOf(page)).toContain(told);
      for (const act of ['lock', 'unlock', 'factors', 'recovery', 'sessions/end']) expect((await actor('auditor').browser.post(`/identity/people/${actor('owner').id}/${act}`, { reason: 'x' })).status).toBe(403);
    });

    it('are locked with a reason: no session, no sign-in; unlocked they come back with their roles', async () => {
      const target = await signIn('Lale Locked', [places.agency, 'viewer']);
      const admin = actor('administrator');
      await fresh(admin);
      expect((await admin.browser.post(`/identity/people/${target.id}/lock`, { reason: '' })).status).toBe(422);
      expect((await admin.browser.post(`/identity/people/${target.id}/lock`, { reason: 'Telephone stolen' })).location).toContain('said=locked');
      expect((await target.browser.get('/identity/organisations')).location).toContain('/identity/sign-in');
      expect((await one.browser().post('/identity/sign-in', { email: target.email, password: PASSWORD })).status).toBe(422);
      expect((await api(admin, `/api/v1/identity/people/${target.id}/lock`, { reason: 'again' })).json['code']).toBe('already-locked');
      expect(textOf(await admin.browser.get(`/identity/people/${target.id}`))).toContain('Reason: Telephone stolen');
      expect((await admin.browser.post(`/identity/people/${target.id}/unlock`, { reason: 'Found again' })).location).toContain('said=unlocked');
      expect((await one.browser().post('/identity/sign-in', { email: target.email, password: PASSWORD })).status).toBe(303);
      expect((await one.identity.organisations.membershipsOf(target.id)).length).toBe(1);
    });

    it('lose sessions, one or all', async () => {
      const target = await signIn('Sevda Sessions', [places.agency, 'viewer']);
      await fresh(actor('administrator'));
      const [session] = await one.identity.account.sessions(target.id);
      expect((await actor('administrator').browser.post(`/identity/people/${actor('owner').id}/sessions/${session?.id ?? ''}/end`)).status).toBe(404);
      expect((await actor('administrator').browser.post(`/identity/people/${target.id}/sessions/${session?.id ?? ''}/end`)).status).toBe(303);
      expect((await target.browser.get('/identity/me')).location).toContain('/identity/sign-in');
      expect((await api(actor('administrator'), `/api/v1/identity/people/${target.id}/end-sessions`, {})).json).toEqual({ ended: 0 });
    });

    it('get a recovery link that only they see, and lose second factors when they lost them', async () => {
      const target = await signIn('Rena Recover', [regulator, 'officer']);
      const admin = actor('administrator');
      await fresh(admin);
      const page = await admin.browser.post(`/identity/people/${target.id}/recovery`);
      const letter = one.letters.findLast(({ to }) => to === target.email);
      expect([page.status, JSON.stringify(letter?.blocks).includes('/identity/recover/')]).toEqual([303, true]);
      expect((await admin.browser.get(`/identity/people/${target.id}`)).html).not.toContain('/identity/recover/');
      expect((await admin.browser.post(`/identity/people/${target.id}/factors`, { reason: 'Telephone lost, known by sight' })).location).toContain('said=factors-removed');
      expect((await target.browser.get('/identity/me')).location).toContain('/identity/sign-in');
      const again = one.browser();
      await again.post('/identity/sign-in', { email: target.email, password: PASSWORD });
      // The role counts only once a new factor is there.
      expect((await again.get('/identity/organisations')).location).toContain('/identity/me/code');
      expect((await api(admin, `/api/v1/identity/people/${target.id}/remove-factors`, { reason: 'again' })).json['code']).toBe('no-second-factor');
    });

    it('keep the last administrator, and nobody takes measures against themselves', async () => {
      const admin = actor('administrator');
      await fresh(admin);
      for (const act of ['lock', 'remove-factors']) expect((await api(admin, `/api/v1/identity/people/${admin.id}/${act}`, { reason: 'x' })).json['code']).toBe('own-account');
      const page = await admin.browser.get(`/identity/people/${admin.id}`);
      expect(page.document.querySelector(`form[action$="/lock"]`)).toBe(null);
      const second = await signIn('Tural Third', [regulator, 'administrator']);
      await fresh(second);
      expect((await api(second, `/api/v1/identity/people/${admin.id}/lock`, { reason: 'x' })).status).toBe(200);
      expect((await one.identity.organisations.closePerson(second.id)).ok).toBe(false);
      expect((await api(second, `/api/v1/identity/people/${admin.id}/unlock`, { reason: 'x' })).status).toBe(200);
      const back = one.browser();
      await back.post('/identity/sign-in', { email: admin.email, password: PASSWORD });
      one.later(MINUTE_MS);
      expect((await back.post('/identity/second-factor', { code: codeOf(admin.secret, one.clock.now()) })).status).toBe(303);
      actors['administrator'] = { ...admin, browser: back };
    });
  });

  describe('the audit record', () => {
    const rowsOf = async (who: string, query = ''): Promise<readonly Record<string, unknown>[]> => (await api(actor(who), `/api/v1/identity/audit?limit=150${query}`)).json['items'] as readonly Record<string, unknown>[];

    it('tells who did what to whom in words, with names and links', async () => {
      const { browser } = actor('owner');
      await browser.post(`/identity/organisations/${places.agency}/name`, field('name', 'Agency of Registers'));
      const page = await actor('administrator').browser.get(`/identity/audit?person=${actor('owner').id}`);
      const [row] = [...page.document.querySelectorAll('main tbody tr')];
      for (const told of ['Orxan Owner', 'change, move or close an organisation', 'Agency of Registers en', '192.0.2.10', 'Done']) expect(row?.textContent).toContain(told);
      expect(row?.querySelector(`a[href="/identity/organisations/${places.agency}"]`)).not.toBe(null);
    });

    it('holds tries to sign in, right and wrong, without what was typed', async () => {
      await one.browser({ address: '198.51.100.7' }).post('/identity/sign-in', { email: 'secret.address@work.example', password: 'not the password at all' });
      const failed = (await rowsOf('administrator', '&policy=public&outcome=refused')).find((row) => row['address'] === '198.51.100.7');
      expect(failed).toMatchObject({ act: 'Sign in with a password', actor: 'public', status: 422, code: 'wrong-credentials' });
      expect(JSON.stringify(await rowsOf('administrator'))).not.toContain('secret.address');
      const { email, id } = await person('Simple Signer');
      await one.browser({ address: '198.51.100.8' }).post('/identity/sign-in', { email, password: PASSWORD });
      expect((await rowsOf('administrator', '&policy=public&outcome=done')).find((row) => row['address'] === '198.51.100.8')).toMatchObject({ actor: `person:${id}`, name: 'Simple Signer' });
    });

    it('holds no link that still works', async () => {
      const token = 'B'.repeat(43);
      await one.browser().post(`/identity/recover/${token}`, { password: 'short' });
      await one.browser().get(`/identity/join/${token}`);
      expect(JSON.stringify(await rowsOf('administrator'))).not.toContain(token);
    });

    it('holds what an auditor reads, and what was refused', async () => {
      await actor('auditor').browser.get('/identity/audit');
      expect((await rowsOf('administrator', `&person=${actor('auditor').id}&policy=audit.see`)).length).toBeGreaterThan(0);
      await actor('editor').browser.get('/identity/people');
      expect((await rowsOf('administrator', `&person=${actor('editor').id}&outcome=refused`))[0]).toMatchObject({ policy: 'person.see', status: 403, code: 'not-permitted' });
    });

    it('is filtered by person, act, outcome, organisation and day, and paged by key', async () => {
      const all = await rowsOf('administrator');
      const paged: unknown[] = [];
      let before = '';
      for (let page = 0; page < 60 && paged.length < 40; page++) {
        const { json } = await api(actor('administrator'), `/api/v1/identity/audit?limit=10${before}`);
        paged.push(...(json['items'] as { id: number }[]).map(({ id }) => id));
        before = `&before=${String(json['next'])}`;
      }
      const seenTwice = paged.length - new Set(paged).size;
      expect([seenTwice, paged.every((id, index) => index === 0 || Number(paged[index - 1]) > Number(id))]).toEqual([0, true]);
      expect(all.length).toBeGreaterThan(100);
      expect((await rowsOf('administrator', '&from=2026-11-24')).length).toBe(0);
      expect((await rowsOf('administrator', '&from=2026-11-23&to=2026-11-23')).length).toBeGreaterThan(100);
      expect((await rowsOf('administrator', `&organisation=${places.other}`)).every((row) => row['actor'] === `person:${actor('stranger').id}`)).toBe(true);
      expect((await rowsOf('administrator', '&outcome=unfinished')).length).toBeLessThan(3);
      const page = await actor('administrator').browser.get('/identity/audit?outcome=nonsense&policy=nonsense&person=nonsense&from=2026-13-99');
      expect(page.status).toBe(200);
    });

    it('shows an owner the own people only, and nothing of what lies elsewhere', async () => {
      const rows = await rowsOf('owner');
      const own = new Set([actor('owner').id, actor('child').id, actor('editor').id]);
      expect(rows.some((row) => row['actor'] === `person:${actor('child').id}`)).toBe(true);
      expect(rows.filter((row) => row['actor'] === `person:${actor('stranger').id}` || row['actor'] === `person:${actor('administrator').id}`)).toEqual([]);
      expect(own.size).toBe(3);
      await actor('owner').browser.get(`/identity/organisations/${places.other}`);
      await actor('owner').browser.post(`/identity/organisations/${places.other}/name`, field('name', 'Mine now'));
      expect(JSON.stringify(await rowsOf('owner'))).not.toContain(places.other);
      expect((await actor('owner').browser.get('/identity/audit')).html).not.toContain(places.other);
      expect((await actor('owner').browser.get('/identity/audit.csv')).html).not.toContain(places.other);
      expect((await rowsOf('owner', `&organisation=${places.other}`)).length).toBe(0);
      for (const who of ['editor', 'officer']) expect((await actor(who).browser.get('/identity/audit')).status).toBe(403);
    });

    it('leaves as a file with the words of the reader', async () => {
      const csv = await actor('administrator').browser.get('/identity/audit.csv?outcome=refused');
      const lines = csv.html.split('\r\n').filter((line) => line !== '');
      expect(lines.length).toBeGreaterThan(10);
      expect(lines[0]).toContain('Who');
      expect(csv.html).toContain('not-permitted');
    });
  });

  describe('the table of permissions', () => {
    it('is for everybody who is signed in, marks the own roles, and is the table the software works by', async () => {
      const page = await actor('owner').browser.get('/identity/policies');
      expect(page.status).toBe(200);
      expect(page.document.querySelectorAll('main tbody tr')).toHaveLength(POLICY_NAMES.length - 1);
      expect(textOf(page)).toContain('Your roles: Owner');
      expect(page.document.querySelectorAll('main thead .identity-mine').length).toBeGreaterThan(5);
      const { json } = await api(actor('owner'), '/api/v1/policies');
      const policies = json['policies'] as { name: string; roles: Record<string, string>; stepUp: boolean; allowed: boolean }[];
      expect(policies.map(({ name }) => name)).toEqual(POLICY_NAMES.filter((name) => name !== 'public'));
      expect(policies.find(({ name }) => name === 'organisation.grant')).toMatchObject({ roles: { administrator: 'all', owner: 'own' }, stepUp: true, allowed: true });
      expect(policies.find(({ name }) => name === 'person.lock')?.allowed).toBe(false);
      const csv = await actor('owner').browser.get('/identity/policies.csv');
      expect(csv.html.split('\r\n').filter((line) => line !== '')).toHaveLength(POLICY_NAMES.length);
      expect(csv.html.split('\r\n')[0]?.split(',')).toHaveLength(4 + ROLES.length);
    });
  });

  describe('every page and refusal', () => {
    it.each(LANGUAGES)('speaks %s', async (language) => {
      const admin = actor('administrator').browser;
      const t = adminText.in(language);
      const title = async (path: string): Promise<string> => (await admin.get(`${path}?lang=${language}`)).document.querySelector('h1')?.textContent ?? '';
      expect(await title('/identity/organisations')).toBe(t('organisations.title'));
      expect(await title('/identity/people')).toBe(t('people.title'));
      expect(await title('/identity/audit')).toBe(t('audit.title'));
      expect(await title('/identity/policies')).toBe(t('policies.title'));
      const refused = await admin.post(`/identity/people/${actor('administrator').id}/recovery?lang=${language}`);
      // A second factor comes first; once shown, the refusal is told in the language of the reader.
      expect([303, 422]).toContain(refused.status);
      await fresh({ ...actor('administrator') });
      const again = await admin.post(`/identity/people/${actor('administrator').id}/recovery?lang=${language}`);
      expect([again.status, again.document.querySelector('.error-summary')?.textContent.includes(t('refused.own-account'))]).toEqual([422, true]);
      await admin.get('/identity/organisations?lang=en');
    });
  });
});
