/** SCIM as directories speak it, over HTTP on both engines: what a key reaches, and what it never does. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type Browser, openStage, setUpAll, type Stage } from '../../../../test/support/identity.ts';
import { DAY_MS } from '../model.ts';

interface Answer {
  readonly status: number;
  readonly body: { readonly [name: string]: unknown } & { readonly id: string; readonly Resources?: readonly { readonly id: string }[] };
  readonly headers: Readonly<Record<string, unknown>>;
}

onEveryEngine((open) => {
  let stage: Stage;
  let admin: Browser;
  let ours: { key: string; page: string; organisation: string };
  let theirs: typeof ours;
  beforeAll(async () => {
    stage = await openStage(open);
    admin = (await setUpAll(stage)).browser;
    ours = await connect('Ministry', 'ministry.example');
    theirs = await connect('Sibling', 'sibling.example');
  }, 60_000);
  afterAll(async () => stage.close());

  const connect = async (name: string, domain: string): Promise<typeof ours> => {
    const organisation = await stage.identity.organisations.createOrganisation({ kind: 'ministry', names: { az: name, en: name, ru: name } });
    if (!organisation.ok) throw new Error(organisation.refusal.code);
    const made = await admin.post(`/identity/organisations/${organisation.value}/connections/new/oidc`, { name, domains: domain, issuer: 'https://login.example', 'client-id': 'c', 'client-secret': 's', roles: 'Editors = editor\nOwners = owner', 'default-role': 'viewer' });
    const page = (made.location ?? '').split('?')[0] ?? '';
    return { page, organisation: organisation.value, key: await newKey(page) };
  };
  const newKey = async (page: string): Promise<string> => (await admin.post(`${page}/tokens`, { days: '30' })).document.querySelector('.identity-secret')?.textContent ?? '';
  const ask = async (key: string, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> => {
    const answer = await stage.app.inject({ method, url: `/scim/v2${path}`, remoteAddress: '192.0.2.77', headers: { host: 'localhost', authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }), ...headers }, ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }) });
    return { status: answer.statusCode, body: answer.body === '' ? { id: '' } : answer.json<Answer['body']>(), headers: answer.headers };
  };
  let made = 0;
  const person = async (of = ours, more: Record<string, unknown> = {}): Promise<{ id: string; email: string }> => {
    const email = `p${++made}@${of === ours ? 'ministry' : 'sibling'}.example`;
    const answer = await ask(of.key, 'POST', '/Users', { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: email, externalId: `x${made}`, name: { givenName: 'Kamran', familyName: 'Hüseynov' }, active: true, ...more });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    return { id: answer.body.id, email };
  };
  const roles = async (id: string): Promise<string[]> => (await stage.identity.organisations.membershipsOf(id)).map(({ role }) => role).sort();
  const patch = (...Operations: readonly unknown[]) => ({ schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

  describe('the key', () => {
    it.each([
      ['none', ''],
      ['a made up one', `mzs_${'A'.repeat(43)}`],
      ['a key of another kind', `mz_${'A'.repeat(43)}`],
    ])('%s opens nothing', async (_name, key) => {
      const { status, body, headers } = await ask(key, 'GET', '/Users');
      expect([status, body['schemas'], body['status'], headers['www-authenticate']]).toEqual([401, ['urn:ietf:params:scim:api:messages:2.0:Error'], '401', 'Bearer']);
    });
    it('is kept as a digest only, ends, can be changed and revoked, and goes with its connection', async () => {
      const { page, key } = await connect('Third', 'third.example');
      const rows = await stage.identity.parts.db.withTables<{ identity_scim_tokens: { hash: string; prefix: string } }>().selectFrom('identity_scim_tokens').selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(key);
      const second = await newKey(page);
      expect([(await ask(key, 'GET', '/Users')).status, (await ask(second, 'GET', '/Users')).status]).toEqual([200, 200]);
      const revoke = [...(await admin.get(page)).document.querySelectorAll('form[action$="/revoke"]')].map((form) => form.getAttribute('action') ?? '');
      expect(revoke).toHaveLength(2);
      await newKey(page);
      expect((await admin.post(`${page}/tokens`, { days: '30' })).status).toBe(422);
      await admin.post(`${page}/switch`, { on: 'no' });
      expect((await ask(second, 'GET', '/Users')).status).toBe(401);
      await admin.post(`${page}/switch`, { on: 'yes' });
      for (const action of revoke) await admin.post(action);
      expect([(await ask(key, 'GET', '/Users')).status, (await ask(second, 'GET', '/Users')).status]).toEqual([401, 401]);
      const now = stage.clock.now();
      stage.later(31 * DAY_MS);
      expect((await ask(ours.key, 'GET', '/Users')).status).toBe(401);
      stage.clock.move(now);
    });
    it('leaves a trace of what it did, under its own name', async () => {
      const { id } = await person();
      const [row] = await stage.audit.list({ limit: 1 });
      expect(row).toMatchObject({ method: 'POST', route: '/scim/v2/Users', status: 201, targets: { organisation: ours.organisation, person: id } });
      expect(row?.actor).toMatch(/^connection:/);
    });
  });

  describe('people', () => {
    it('are made with the default role, found, and paged', async () => {
      const { id, email } = await person();
      expect(await roles(id)).toEqual(['viewer']);
      for (const filter of [`userName eq "${email.toUpperCase()}"`, `externalId eq "x${made}"`, `emails.value eq "${email}"`, `emails[type eq "work"].value eq "${email}"`]) {
        const { body } = await ask(ours.key, 'GET', `/Users?filter=${encodeURIComponent(filter)}`);
        expect([filter, body['totalResults'], body.Resources?.[0]?.id]).toEqual([filter, 1, id]);
      }
      await person();
      const page = await ask(ours.key, 'GET', '/Users?startIndex=2&count=1');
      expect([page.body['startIndex'], page.body['itemsPerPage'], Number(page.body['totalResults']) >= 2]).toEqual([2, 1, true]);
      expect((await ask(ours.key, 'GET', '/Users?filter=userName%20co%20%22a%22')).body['scimType']).toBe('invalidFilter');
    });
    it.each<[string, unknown, number, string | undefined]>([
      ['an address of another domain', { userName: 'leyla@regulator.example' }, 400, 'invalidValue'],
      ['an address of another domain beside a good name', { userName: 'a@ministry.example', emails: [{ value: 'leyla@regulator.example', primary: true }] }, 400, 'invalidValue'],
      ['no name', { active: true }, 400, 'invalidValue'],
      ['no JSON', '{', 400, 'invalidSyntax'],
      ['a list', [], 400, 'invalidSyntax'],
    ])('are refused with %s', async (_name, body, status, scimType) => {
      const answer = await ask(ours.key, 'POST', '/Users', body);
      expect([answer.status, answer.body['scimType']]).toEqual([status, scimType]);
    });
    it('are made once', async () => {
      const { email } = await person();
      const again = await ask(ours.key, 'POST', '/Users', { userName: email });
      expect([again.status, again.body['scimType']]).toEqual([409, 'uniqueness']);
    });
    it.each<[string, unknown]>([
      ['true as text', { op: 'Replace', path: 'active', value: 'False' }],
      ['without a path', { op: 'replace', value: { active: false } }],
      ['with other attributes', { op: 'Replace', value: { 'name.givenName': 'Ayan', active: 'false', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'IT' } }],
    ])('who are deactivated (%s) lose sessions and roles at once', async (_name, operation) => {
      const { id } = await person();
      const { createSession } = await import('../store/sessions.ts');
      const { signed } = await import('../rules/tokens.ts');
      const { token } = await createSession(stage.identity.parts.db, { personId: id, method: 'sso', origin: { address: '192.0.2.1', userAgent: undefined }, at: stage.clock.now() });
      const headers = { cookie: `${stage.identity.cookie.name}=${encodeURIComponent(signed(stage.identity.cookie.secret, token))}` };
      expect((await stage.identity.authenticate({ headers })).personId).toBe(id);
      const done = await ask(ours.key, 'PATCH', `/Users/${id}`, patch(operation));
      expect([done.status, done.body['active'], (await stage.identity.authenticate({ headers })).kind, await roles(id)]).toEqual([200, false, 'public', []]);
      const back = await ask(ours.key, 'PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: true }));
      expect([back.body['active'], await roles(id)]).toEqual([true, ['viewer']]);
    });
    it('whom an administrator closed stay closed', async () => {
      const { id } = await person();
      await stage.identity.organisations.closePerson(id);
      await ask(ours.key, 'PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: false }));
      await ask(ours.key, 'PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: true }));
      expect([(await stage.identity.organisations.getPerson(id))?.closedAt === undefined, await roles(id)]).toEqual([false, []]);
    });
    it('are replaced and patched attribute by attribute', async () => {
      const { id, email } = await person();
      const put = await ask(ours.key, 'PUT', `/Users/${id}`, { userName: email, displayName: 'Ayan Kərimova', active: true });
      expect([put.status, put.body['name'], put.body['externalId'], (await stage.identity.organisations.getPerson(id))?.name]).toEqual([200, undefined, undefined, 'Ayan Kərimova']);
      const patched = await ask(ours.key, 'PATCH', `/Users/${id}`, patch({ op: 'Add', path: 'emails[type eq "work"].value', value: `new.${email}` }, { op: 'replace', path: 'name.familyName', value: 'Kərimli' }, { op: 'remove', path: 'displayName' }));
      expect([patched.body['emails'], patched.body['name']]).toEqual([[{ value: `new.${email}`, type: 'work', primary: true }], { familyName: 'Kərimli' }]);
      for (const [operation, scimType] of [[{ op: 'remove', path: 'userName' }, 'mutability'], [{ op: 'remove' }, 'noTarget'], [{ op: 'replace', path: '][', value: 1 }, 'invalidPath'], [{ op: 'move', path: 'active' }, 'invalidSyntax'], [{ op: 'replace', path: 'active', value: 'perhaps' }, 'invalidValue']] as const) {
        expect((await ask(ours.key, 'PATCH', `/Users/${id}`, patch(operation))).body['scimType']).toBe(scimType);
      }
    });
    it('have versions', async () => {
      const { id } = await person();
      const { headers } = await ask(ours.key, 'GET', `/Users/${id}`);
      const etag = String(headers['etag']);
      expect((await ask(ours.key, 'GET', `/Users/${id}`, undefined, { 'if-none-match': etag })).status).toBe(304);
      const change = patch({ op: 'replace', path: 'displayName', value: 'Other' });
      expect((await ask(ours.key, 'PATCH', `/Users/${id}`, change, { 'if-match': etag })).status).toBe(200);
      expect((await ask(ours.key, 'PATCH', `/Users/${id}`, change, { 'if-match': etag })).status).toBe(412);
      expect((await ask(ours.key, 'DELETE', `/Users/${id}`, undefined, { 'if-match': etag })).status).toBe(412);
    });
    it('who were removed are gone, and come back as the same person', async () => {
      const { id, email } = await person();
      expect((await ask(ours.key, 'DELETE', `/Users/${id}`)).status).toBe(204);
      expect([(await ask(ours.key, 'GET', `/Users/${id}`)).status, await roles(id)]).toEqual([404, []]);
      const again = await ask(ours.key, 'POST', '/Users', { userName: email });
      expect([again.status, again.body.id, await roles(id)]).toEqual([201, id, ['viewer']]);
    });
  });

  describe('groups', () => {
    it('give and take roles in their organisation, in the ways directories change them', async () => {
      const [one, two] = [await person(), await person()];
      const group = await ask(ours.key, 'POST', '/Groups', { displayName: 'Editors', members: [{ value: one.id }] });
      expect([group.status, await roles(one.id)]).toEqual([201, ['editor']]);
      const path = `/Groups/${group.body.id}`;
      await ask(ours.key, 'PATCH', path, patch({ op: 'Add', path: 'members', value: [{ value: two.id }] }));
      expect([await roles(one.id), await roles(two.id)]).toEqual([['editor'], ['editor']]);
      await ask(ours.key, 'PATCH', path, patch({ op: 'Remove', path: `members[value eq "${one.id}"]` }));
      expect([await roles(one.id), await roles(two.id)]).toEqual([['viewer'], ['editor']]);
      await ask(ours.key, 'PATCH', path, patch({ op: 'Remove', path: 'members', value: [{ value: two.id }] }));
      expect(await roles(two.id)).toEqual(['viewer']);
      await ask(ours.key, 'PATCH', path, patch({ op: 'replace', value: { displayName: 'Owners', members: [{ value: one.id }] } }));
      expect(await roles(one.id)).toEqual(['owner']);
      expect((await ask(ours.key, 'GET', `${path}?excludedAttributes=members`)).body['members']).toBe(undefined);
      await ask(ours.key, 'DELETE', path);
      expect(await roles(one.id)).toEqual(['viewer']);
    });
  });

  describe('another organisation', () => {
    it('is out of reach: neither seen, nor changed, nor taken into a group', async () => {
      const foreign = await person(theirs);
      const group = await ask(theirs.key, 'POST', '/Groups', { displayName: 'Theirs', members: [{ value: foreign.id }] });
      for (const method of ['GET', 'PUT', 'PATCH', 'DELETE'] as const) {
        const body = method === 'PUT' ? { userName: 'x@ministry.example', displayName: 'x' } : method === 'PATCH' ? patch({ op: 'replace', path: 'active', value: false }) : undefined;
        expect([method, (await ask(ours.key, method, `/Users/${foreign.id}`, body)).status, (await ask(ours.key, method, `/Groups/${group.body.id}`, body)).status]).toEqual([method, 404, 404]);
      }
      const taken = await ask(ours.key, 'POST', '/Groups', { displayName: 'Grab', members: [{ value: foreign.id }] });
      expect([taken.status, taken.body['scimType'], await roles(foreign.id)]).toEqual([400, 'invalidValue', ['viewer']]);
      expect((await ask(ours.key, 'GET', `/Users?filter=${encodeURIComponent(`userName eq "${foreign.email}"`)}`)).body['totalResults']).toBe(0);
    });
    it('keeps its people, even those with an address of ours', async () => {
      const id = await stage.identity.parts.db.transaction().execute(async (tx) => (await import('../store/people.ts')).createPerson(tx, { name: 'Theirs', email: 'theirs@ministry.example', language: undefined, at: stage.clock.now() }));
      await stage.identity.organisations.grant({ personId: id ?? '', organisationId: theirs.organisation, role: 'owner', by: 'operator' });
      const answer = await ask(ours.key, 'POST', '/Users', { userName: 'theirs@ministry.example', active: false });
      expect([answer.status, await roles(id ?? '')]).toEqual([409, ['owner']]);
    });
    it('loses nothing when somebody who joined it is deactivated by us', async () => {
      const { id, email } = await person();
      await stage.identity.organisations.grant({ personId: id, organisationId: theirs.organisation, role: 'owner', by: 'operator' });
      expect((await ask(ours.key, 'PUT', `/Users/${id}`, { userName: email, emails: [{ value: `moved.${email}` }] })).status).toBe(409);
      await ask(ours.key, 'PATCH', `/Users/${id}`, patch({ op: 'replace', path: 'active', value: false }));
      expect([await roles(id), (await stage.identity.organisations.getPerson(id))?.closedAt]).toEqual([['owner'], undefined]);
    });
  });

  it('tells what it can do', async () => {
    for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/ResourceTypes/User', '/Schemas', '/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group']) expect([path, (await ask(ours.key, 'GET', path)).status]).toEqual([path, 200]);
    expect((await ask(ours.key, 'GET', '/Schemas/urn:x')).status).toBe(404);
  });
});
