/** The library behind sign-in: none of its addresses is answered, none of its calls makes a person, and its tables are what it expects. */

import { randomUUID } from 'node:crypto';
import type { BetterAuthOptions } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { getSchema } from 'better-auth/db';
import { afterAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { setUpAll, type Stage, stagesOf } from '../../../../test/support/identity.ts';
import { libraryOptions, LIBRARY_PATH, lettingIn } from '../actions/library.ts';

type Call = (given: unknown) => Promise<unknown>;
interface Endpoint extends Call {
  readonly path?: string;
  readonly options?: { readonly method?: string | readonly string[] };
}

onEveryEngine((open) => {
  const { stage, closeAll } = stagesOf(open);
  afterAll(closeAll);
  const people = async ({ identity }: Stage): Promise<number> => (await identity.parts.db.selectFrom('identity_people').select('id').execute()).length;
  const endpoints = ({ identity }: Stage): readonly [string, Endpoint][] => Object.entries(identity.library.api as unknown as Record<string, Endpoint>);
  const optionsOf = ({ identity }: Stage): BetterAuthOptions => libraryOptions({ db: identity.parts.db, clock: identity.parts.clock, log: { warn: () => undefined, error: () => undefined }, secret: identity.cookie.secret, publicUrl: undefined, name: 'Mizan' });

  describe('the library', () => {
    it('answers no address of its own over HTTP', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const found: string[] = [];
      let tried = 0;
      for (const [, endpoint] of endpoints(one)) {
        if (endpoint.path === undefined) continue;
        const path = `${LIBRARY_PATH}${endpoint.path.replaceAll(/:\w+/g, 'x')}`;
        for (const method of [endpoint.options?.method ?? 'GET'].flat()) {
          tried += 1;
          const answer = await one.app.inject({ method: method as 'GET' | 'POST', url: path, headers: { host: 'localhost', 'sec-fetch-site': 'same-origin', cookie: browser.cookieHeader() }, ...(method === 'GET' ? {} : { payload: {} }) });
          if (answer.statusCode !== 404) found.push(`${method} ${path}`);
        }
      }
      expect([tried > 30, found]).toEqual([true, []]);
    });

    it('makes no person, whichever of its calls is made and with whatever', async () => {
      const one = await stage();
      const { browser } = await setUpAll(one);
      const before = await people(one);
      const body = { email: 'intruder@evil.example', password: 'long enough to be one', newPassword: 'long enough to be one', currentPassword: 'x', name: 'Intruder', provider: 'google', token: 'x', callbackURL: '/', userId: randomUUID(), response: { id: 'x' } };
      let called = 0;
      for (const [, endpoint] of endpoints(one)) {
        for (const headers of [new Headers(), new Headers({ cookie: browser.cookieHeader() })]) {
          called += 1;
          await endpoint({ body, query: body, params: { token: 'x', id: 'google', providerId: 'x' }, headers }).catch(() => undefined);
        }
      }
      expect(called).toBeGreaterThan(60);
      expect(await people(one)).toBe(before);
    });

    it('makes a person only while it is told to let one in', async () => {
      const one = await stage();
      const { internalAdapter } = await one.identity.library.$context;
      const given = (email: string) => ({ email, name: 'Somebody', emailVerified: true });
      const source = { method: 'sso-oidc' } as const;
      await internalAdapter.createUser(given('a@b.example'), source).catch(() => undefined);
      expect(await people(one)).toBe(0);
      await lettingIn(async () => internalAdapter.createUser(given('b@b.example'), source));
      expect(await people(one)).toBe(1);
    });

    it('compares dates as dates', async () => {
      const one = await stage();
      await setUpAll(one);
      const { internalAdapter } = await one.identity.library.$context;
      const { token } = await one.identity.parts.db.selectFrom('identity_sessions').select('token').executeTakeFirstOrThrow();
      const found = await internalAdapter.findSession(token);
      expect([found?.session.expiresAt instanceof Date, found?.user.createdAt instanceof Date]).toEqual([true, true]);
    });

    it('finds every table and column that it wants', async () => {
      const one = await stage();
      const options = optionsOf(one);
      const { rows } = await one.database.execute(`select table_name, column_name, is_nullable, column_default from information_schema.columns where table_name like 'identity_%'`);
      const columns = new Map(rows.map((row) => [`${String(row['table_name'])}.${String(row['column_name'])}`, row]));
      const wanted = Object.entries(getSchema(options)).flatMap(([table, { fields }]) => ['id', ...Object.keys(fields)].map((field) => `${table}.${field}`));
      expect(wanted.length).toBeGreaterThan(40);
      expect(wanted.filter((name) => !columns.has(name))).toEqual([]);
      // What only we know must not stand in the way of a row that the library writes.
      const tables = new Set(Object.keys(getSchema(options)));
      const ours = [...columns].filter(([name, row]) => tables.has(name.split('.')[0] ?? '') && !wanted.includes(name) && row['is_nullable'] === 'NO' && row['column_default'] === null);
      expect(ours.map(([name]) => name)).toEqual([]);
      if (one.database.engine === 'server') {
        const { toBeCreated, toBeAdded } = await getMigrations(options);
        expect([toBeCreated.map(({ table }) => table), toBeAdded.map(({ table, fields }) => [table, Object.keys(fields)])]).toEqual([[], []]);
      }
    });

    it('keeps its telemetry off whatever the environment says', async () => {
      Object.assign(process.env, { BETTER_AUTH_TELEMETRY: '1', BETTER_AUTH_TELEMETRY_ENDPOINT: 'http://127.0.0.1:9' });
      const one = await stage();
      expect([optionsOf(one).telemetry, process.env['BETTER_AUTH_TELEMETRY'], process.env['BETTER_AUTH_TELEMETRY_ENDPOINT']]).toEqual([{ enabled: false }, undefined, undefined]);
    });
  });
});
