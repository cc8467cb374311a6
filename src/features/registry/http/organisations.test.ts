/** The register over HTTP as people of organisations use it: forms, buttons, refusals, exports under the scope of each request. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type Caller, publicCaller, type Role } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { createAttachments } from '../actions/attachments.ts';
import { createRegistry, type Registry } from '../actions/registry.ts';
import { bareDraft, taxRisk } from '../examples.ts';
import { registryMigrations } from '../index.ts';
import { registryRoutes } from './routes.ts';

const HARBOUR = '00000000-0000-4000-8000-000000000002';
const PILOTS = '00000000-0000-4000-8000-000000000003';
const LIGHTHOUSE = '00000000-0000-4000-8000-000000000004';
const REGULATOR = '00000000-0000-4000-8000-000000000009';
const NAMES = new Map([[HARBOUR, 'Harbour Agency'], [PILOTS, 'Harbour Pilots'], [LIGHTHOUSE, 'Lighthouse Agency']]);
const person = (actor: string, organisation: string, role: Role, reach: readonly string[] = [organisation]): Caller => ({ kind: 'person', actor: `person:${actor}`, memberships: [{ organisation, role, reach }] });
const CALLERS: Readonly<Record<string, Caller>> = {
  editor: person('editor', HARBOUR, 'editor', [HARBOUR, PILOTS]),
  viewer: person('viewer', HARBOUR, 'viewer'),
  pilot: person('pilot', PILOTS, 'editor'),
  keeper: person('keeper', LIGHTHOUSE, 'editor'),
  officer: person('officer', REGULATOR, 'officer'),
};

onEveryEngine((open) => {
  let app: MizanServer;
  let registry: Registry;

  beforeAll(async () => {
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const database = await open(registryMigrations());
    const clock = fixedClock('2026-11-23T09:00:00.000Z');
    registry = createRegistry({ database, clock, organisationNames: async (ids) => new Map([...NAMES].filter(([one]) => ids.includes(one))) });
    const theme = loadTheme('neutral');
    app = await createServer({ config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, ['registry']), navigation: [], authenticate: async (request) => CALLERS[/caller=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''] ?? publicCaller });
    const dataDir = mkdtempSync(join(tmpdir(), 'mizan-organisations-'));
    registryRoutes(app, { registry, clock, attachments: createAttachments({ database, clock, files: await openFileStore(dataDir) }), organisations: async () => [...NAMES].map(([one, name]) => ({ id: one, name })) });
    await app.ready();
    return async () => {
      await app.close();
      rmSync(dataDir, { recursive: true, force: true });
    };
  });

  const page = async (who: string, url: string) => {
    const answer = await app.inject({ url, headers: { accept: 'text/html', cookie: `caller=${who}; mizan_language=en` } });
    return { status: answer.statusCode, document: parseHTML(answer.body).document };
  };
  const form = async (who: string, url: string, values: Readonly<Record<string, string>>) =>
    app.inject({ method: 'POST', url, headers: { accept: 'application/json', 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', cookie: `caller=${who}` }, payload: new URLSearchParams(values).toString() });
  const call = async (who: string, method: 'GET' | 'POST' | 'PUT', url: string, payload?: object, revision?: number) =>
    app.inject({ method, url, headers: { 'sec-fetch-site': 'same-origin', cookie: `caller=${who}`, ...(revision === undefined ? {} : { 'if-match': `"${revision}"` }) }, ...(payload === undefined ? {} : { payload }) });
  const made = async (who: string, organisation: string): Promise<string> => {
    const answer = await call(who, 'POST', '/api/v1/systems', { record: { ...taxRisk, organisation } });
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<{ id: string }>().id;
  };
  const links = (document: Document): readonly string[] => [...document.querySelectorAll('main a')].map((link) => link.getAttribute('href') ?? '');

  describe('a new entry', () => {
    it.each([
      ['pilot', null, 'Harbour Pilots'],
      ['editor', ['Harbour Agency', 'Harbour Pilots'], null],
    ] as const)('of %s bears a name of their organisations', async (who, choices, fixed) => {
      const { document } = await page(who, '/registry/new');
      const select = document.querySelector('select[name=organisation]');
      expect(select === null ? null : [...select.querySelectorAll('option')].map((option) => option.getAttribute('value'))).toEqual(choices);
      expect(document.querySelector('input[type=hidden][name=organisation]')?.getAttribute('value') ?? null).toBe(fixed);
    });

    it('of an organisation that was renamed may bear the new name, and what stands keeps the old one', async () => {
      const old = await made('pilot', 'Harbour Pilots');
      NAMES.set(PILOTS, 'Pilots of the Harbour');
      try {
        const { document } = await page('pilot', '/registry/new');
        expect([...document.querySelectorAll('select[name=organisation] option')].map((option) => option.getAttribute('value'))).toEqual(['Harbour Pilots', 'Pilots of the Harbour']);
        const young = await made('pilot', 'Pilots of the Harbour');
        expect((await call('pilot', 'PUT', `/api/v1/systems/${old}`, { record: { ...taxRisk, organisation: 'Harbour Pilots', purpose: 'Changed after the new name.' } }, 1)).statusCode).toBe(200);
        for (const id of [old, young]) expect((await call('pilot', 'GET', `/api/v1/workspace/systems/${id}`)).statusCode).toBe(200);
        expect((await call('keeper', 'POST', '/api/v1/systems', { record: { ...taxRisk, organisation: 'Pilots of the Harbour' } })).statusCode).toBe(422);
      } finally {
        NAMES.set(PILOTS, 'Harbour Pilots');
      }
    });

    it('of the regulator may bear any', async () => {
      expect((await page('officer', '/registry/new')).document.querySelector('input[name=organisation]')?.getAttribute('type')).toBe('text');
    });

    it('of another organisation is refused by name, in the language of the asker', async () => {
      for (const [lang, word] of [['en', 'your own organisations'], ['az', 'öz qurumlarınız'], ['ru', 'своих организаций']] as const) {
        const answer = await call('pilot', 'POST', `/api/v1/systems?lang=${lang}`, { record: { ...bareDraft, organisation: 'Lighthouse Agency' } });
        expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([422, 'organisation-not-yours']);
        expect(answer.json<{ detail: string }>().detail).toContain(word);
        expect(answer.json<{ detail: string }>().detail).toContain('Harbour Pilots');
      }
    });

    it('is not for those who only look', async () => {
      expect((await page('viewer', '/registry/new')).status).toBe(403);
      expect(links((await page('viewer', '/registry/mine')).document)).not.toContain('/registry/new');
      expect(links((await page('editor', '/registry/mine')).document)).toContain('/registry/new');
    });
  });

  it('is not found, whatever is asked of it, by those it is not for', async () => {
    const id = await made('editor', 'Harbour Agency');
    expect((await call('keeper', 'GET', `/api/v1/workspace/systems/${id}`)).statusCode).toBe(404);
    const asked = [
      call('keeper', 'GET', `/api/v1/workspace/systems/${id}/history`), call('keeper', 'GET', `/api/v1/workspace/systems/${id}/attachments/${id}`),
      call('keeper', 'PUT', `/api/v1/systems/${id}`, { record: taxRisk }, 1), call('keeper', 'POST', `/api/v1/systems/${id}/transitions`, { to: 'registered' }, 1),
      call('keeper', 'POST', `/api/v1/systems/${id}/restorations`, { revision: 1 }, 1), form('keeper', `/registry/${id}/move`, { revision: '1', to: 'submitted' }), form('keeper', `/registry/${id}/edit`, { revision: '1' }),
      call('pilot', 'GET', `/api/v1/workspace/systems/${id}`),
    ];
    for (const answer of await Promise.all(asked)) expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([404, 'not-found']);
    for (const url of [`/registry/${id}/manage`, `/registry/${id}/edit`, `/registry/${id}/move?to=submitted`]) expect((await page('keeper', url)).status).toBe(404);
  });

  it('is registered by the regulator alone, or sent back with a reason', async () => {
    const id = await made('editor', 'Harbour Agency');
    expect((await form('editor', `/registry/${id}/move`, { revision: '1', to: 'submitted' })).statusCode).toBe(303);
    expect(links((await page('editor', `/registry/${id}/manage`)).document)).not.toContain(`/registry/${id}/move?to=registered`);
    expect(links((await page('officer', `/registry/${id}/manage`)).document)).toContain(`/registry/${id}/move?to=registered`);
    expect((await page('editor', `/registry/${id}/move?to=registered`)).status).toBe(403);
    for (const answer of [await form('editor', `/registry/${id}/move`, { revision: '2', to: 'registered' }), await call('editor', 'POST', `/api/v1/systems/${id}/transitions`, { to: 'registered' }, 2)]) {
      expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([403, 'not-permitted']);
    }
    const confirm = await page('officer', `/registry/${id}/move?to=draft`);
    expect(confirm.document.querySelector('h1')?.textContent).toContain('Send back');
    expect(confirm.document.querySelector('input[name=reason]')?.hasAttribute('required')).toBe(true);
    expect((await form('officer', `/registry/${id}/move`, { revision: '2', to: 'draft' })).json<{ code: string }>().code).toBe('reason-needed');
    expect((await form('officer', `/registry/${id}/move`, { revision: '2', to: 'draft', reason: 'Say who is affected' })).statusCode).toBe(303);
    expect((await call('editor', 'GET', `/api/v1/workspace/systems/${id}/history`)).body).toContain('Say who is affected');
    await form('editor', `/registry/${id}/move`, { revision: '3', to: 'submitted' });
    expect((await form('officer', `/registry/${id}/move`, { revision: '4', to: 'registered' })).statusCode).toBe(303);
    const published = await app.inject(`/api/v1/systems/${id}`);
    expect(published.json()).toMatchObject({ id, status: 'registered' });
    expect(published.body).not.toContain(HARBOUR);
  });

  it('shows its buttons to those who may press them', async () => {
    const id = await made('editor', 'Harbour Agency');
    const controls = async (who: string) => {
      const { document } = await page(who, `/registry/${id}/manage`);
      return { edit: links(document).includes(`/registry/${id}/edit`), submit: links(document).includes(`/registry/${id}/move?to=submitted`), attach: document.querySelector('input[type=file]') !== null, product: document.querySelector('input[name=productName]') !== null, owner: document.querySelector('select[name=organisation]') !== null };
    };
    expect(await controls('editor')).toEqual({ edit: true, submit: true, attach: true, product: false, owner: false });
    expect(await controls('viewer')).toEqual({ edit: false, submit: false, attach: false, product: false, owner: false });
    expect(await controls('officer')).toEqual({ edit: true, submit: true, attach: true, product: true, owner: true });
  });

  it('is given to an organisation by the regulator, by form and by program', async () => {
    const answer = await call('officer', 'POST', '/api/v1/systems', { record: { ...bareDraft, organisation: 'Beacon Works' } });
    const { id, body } = answer.json<{ id: string; body: { id: string } }>();
    expect((await page('keeper', `/registry/${id}/manage`)).status).toBe(404);
    expect((await form('officer', `/registry/${id}/organisation`, { organisation: LIGHTHOUSE })).statusCode).toBe(303);
    expect((await page('keeper', `/registry/${id}/manage`)).status).toBe(200);
    expect((await call('keeper', 'PUT', `/api/v1/bodies/${body.id}`, { organisation: null })).statusCode).toBe(403);
    expect((await call('officer', 'PUT', `/api/v1/bodies/${body.id}`, { organisation: null })).statusCode).toBe(204);
    expect((await page('keeper', `/registry/${id}/manage`)).status).toBe(404);
    expect((await call('officer', 'PUT', `/api/v1/bodies/${body.id}`, { organisation: REGULATOR })).json<{ code: string }>().code).toBe('organisation-unknown');
  });
});
