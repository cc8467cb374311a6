/** Whose entries are whose, against the SQL roles themselves on both engines: every act on entries of every kind of neighbour, plain SQL, and what a search may tell. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type Caller, type PolicyName, publicScope, type Role, type Scope, scopeFor, systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { type Attachments, createAttachments } from '../actions/attachments.ts';
import { createRegistry, type Registry } from '../actions/registry.ts';
import { bareDraft, taxRisk } from '../examples.ts';
import { registryMigrations } from '../index.ts';
import type { ListPage, ListQuery, SystemEntry, SystemRecord } from '../model.ts';
import { encodeCursor, readerOf, search, streamEntries } from './search.ts';

const id = (last: number): string => `00000000-0000-4000-8000-00000000000${last}`;
/** ministry → own → child; sibling beside own; foreign elsewhere. */
const ORGANISATIONS = { ministry: id(1), own: id(2), child: id(3), sibling: id(4), foreign: id(5), regulator: id(9) };
type Owner = 'ministry' | 'own' | 'child' | 'sibling' | 'foreign';
const REACH: { readonly [O in keyof typeof ORGANISATIONS]: readonly string[] } = {
  ministry: [ORGANISATIONS.ministry, ORGANISATIONS.own, ORGANISATIONS.child, ORGANISATIONS.sibling], own: [ORGANISATIONS.own, ORGANISATIONS.child], child: [ORGANISATIONS.child],
  sibling: [ORGANISATIONS.sibling], foreign: [ORGANISATIONS.foreign], regulator: [ORGANISATIONS.regulator],
};
const NAMES = new Map([[ORGANISATIONS.ministry, 'Ministry of Tides'], [ORGANISATIONS.own, 'Harbour Agency'], [ORGANISATIONS.child, 'Harbour Pilots'], [ORGANISATIONS.sibling, 'Lighthouse Agency'], [ORGANISATIONS.foreign, 'Mountain Office']]);

function callerIn(organisation: keyof typeof ORGANISATIONS, role: Role): Caller {
  return { kind: 'person', actor: `person:${organisation}-${role}`, memberships: [{ organisation: ORGANISATIONS[organisation], role, reach: REACH[organisation] }] };
}
function scopeOf(caller: Caller, policy: PolicyName): Scope {
  const scope = scopeFor(caller, policy, 0);
  if (!scope.ok) throw new Error(`${caller.actor} ${policy}: ${scope.refusal}`);
  return scope.value;
}
const editor = callerIn('own', 'editor');
const officer = callerIn('regulator', 'officer');

onEveryEngine((open, engine) => {
  let database: Database;
  let registry: Registry;
  let attachments: Attachments;
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  const dataDir = mkdtempSync(join(tmpdir(), 'mizan-isolation-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const fresh = async (): Promise<void> => {
    database = await open(registryMigrations());
    registry = createRegistry({ database, clock, organisationNames: async (ids) => new Map([...NAMES].filter(([one]) => ids.includes(one))) });
    attachments = createAttachments({ database, clock, files: await openFileStore(dataDir) });
  };
  /** Does something as somebody under a policy, with the scope that the server would carry. */
  const as = async <T>(caller: Caller, policy: PolicyName, work: (scope: Scope) => Promise<T>): Promise<T> => {
    const scope = scopeOf(caller, policy);
    return within(scope, async () => work(scope));
  };
  const createFor = async (owner: Owner, record: Partial<SystemRecord> = {}): Promise<SystemEntry> => {
    const made = await as(callerIn(owner, 'editor'), 'system.create', async (scope) => registry.create(scope, { ...bareDraft, organisation: NAMES.get(ORGANISATIONS[owner]), ...record }));
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    return made.value;
  };
  const list = async (scope: Scope, query: ListQuery = {}): Promise<ListPage> => {
    const page = await registry.list(scope, query);
    if (!page.ok) throw new Error(page.refusal.code);
    return page.value;
  };
  const streamed = async (scope: Scope, q?: string): Promise<string[]> => {
    const ids: string[] = [];
    for await (const entry of registry.stream(scope, q === undefined ? {} : { q })) ids.push(entry.id);
    return ids;
  };

  describe('entries of neighbours', () => {
    let nobody: SystemEntry;
    beforeAll(async () => {
      await fresh();
      const made = await as(officer, 'system.create', async (scope) => registry.create(scope, { ...bareDraft, organisation: 'Harbour Agency', purpose: 'inventory' }));
      if (!made.ok) throw new Error(made.refusal.code);
      nobody = made.value;
    });

    type Target = Owner | 'nobody';
    /** Each answers whether the entry was reached. */
    const ACTS: Readonly<Record<string, { readonly policy: PolicyName; readonly reach: (scope: Scope, entry: SystemEntry) => Promise<boolean> }>> = {
      see: { policy: 'system.see', reach: async (scope, entry) => (await registry.get(scope, entry.id)) !== undefined && (await registry.getByNumber(scope, entry.number)) !== undefined && (await registry.getMany(scope, [entry.id])).length === 1 },
      list: { policy: 'system.see', reach: async (scope, entry) => (await list(scope, { after: encodeCursor({ tier: 1, number: entry.number + 1, direction: 'down' }) })).items.some((one) => one.id === entry.id) },
      'list by body': { policy: 'system.see', reach: async (scope, entry) => (await list(scope, { facets: { body: [entry.body.id] } })).items.length > 0 },
      search: { policy: 'system.see', reach: async (scope, entry) => (await list(scope, { q: String(entry.record.purpose) })).items.some((one) => one.id === entry.id) },
      facets: { policy: 'system.see', reach: async (scope, entry) => (await list(scope)).facets.body.some((one) => one.value === entry.body.id) },
      history: { policy: 'system.see', reach: async (scope, entry) => (await registry.history(scope, entry.id)).items.length > 0 && (await registry.getRevision(scope, entry.id, 1)) !== undefined && (await registry.difference(scope, entry.id, 1, 1)).ok },
      edit: { policy: 'system.change', reach: async (scope, entry) => (await registry.edit(scope, entry.id, entry.revision, { ...entry.record, scope: 'edited' })).ok },
      move: { policy: 'system.change', reach: async (scope, entry) => (await registry.transition(scope, entry.id, entry.revision, 'withdrawn')).ok },
      restore: { policy: 'system.change', reach: async (scope, entry) => (await registry.restore(scope, entry.id, entry.revision, 1)).ok },
      attach: { policy: 'system.change', reach: async (scope, entry) => (await attachments.attach(scope, entry.id, (async function* () { yield Buffer.from('a,b\n1,2\n'); })(), { name: 'a.csv', kind: 'other', isPublic: true })).ok },
      export: { policy: 'file.export', reach: async (scope, entry) => (await streamed(scope)).includes(entry.id) && (await streamed(scope, String(entry.record.purpose))).includes(entry.id) },
    };
    const WHO: readonly (readonly [string, Caller, { readonly [T in Target]: boolean }])[] = [
      ['an editor of the agency', editor, { own: true, child: true, sibling: false, ministry: false, foreign: false, nobody: false }],
      ['an owner of the ministry', callerIn('ministry', 'owner'), { own: true, child: true, sibling: true, ministry: true, foreign: false, nobody: false }],
      ['an editor of the department', callerIn('child', 'editor'), { own: false, child: true, sibling: false, ministry: false, foreign: false, nobody: false }],
      ['an officer of the regulator', officer, { own: true, child: true, sibling: true, ministry: true, foreign: true, nobody: true }],
    ];
    const cases = WHO.flatMap(([who, caller, expected]) => Object.keys(ACTS).flatMap((act) => Object.entries(expected).map(([target, isReached]) => [who, act, target as Target, isReached, caller] as const)));

    it.each(cases)('%s: %s, entry of %s: %s', async (_who, name, target, isReached, caller) => {
      const act = ACTS[name];
      if (act === undefined) throw new Error(name);
      const entry = target === 'nobody' ? nobody : await createFor(target, { purpose: `purpose${target}` });
      const standing = target === 'nobody' ? await within(systemScope, async () => registry.get(systemScope, entry.id)) : entry;
      if (standing === undefined) throw new Error('gone');
      // The entry of nobody is one for all acts, so it must be able to go on.
      if (standing.status === 'withdrawn') await within(systemScope, async () => registry.transition(systemScope, standing.id, standing.revision, 'draft'));
      const current = (await within(systemScope, async () => registry.get(systemScope, entry.id))) ?? standing;
      expect(await as(caller, act.policy, async (scope) => act.reach(scope, current))).toBe(isReached);
    });

    it('counts its own only', async () => {
      const all = await within(systemScope, async () => database.execute('select organisation_id as o, count(*)::int as n from registry_systems group by 1'));
      const own = all.rows.filter((row) => REACH.own.includes(String(row['o']))).reduce((sum, row) => sum + Number(row['n']), 0);
      const page = await as(editor, 'system.see', async (scope) => list(scope));
      expect([page.total, page.totalIsExact, page.facetsAreExact]).toEqual([own, true, true]);
      expect(page.facets.body.map((one) => one.label).sort()).toEqual(['Harbour Agency', 'Harbour Pilots']);
      expect(page.facets.body.reduce((sum, one) => sum + one.count, 0)).toBe(own);
      expect(page.facets.status.reduce((sum, one) => sum + one.count, 0)).toBe(own);
    });
  });

  describe('plain SQL', () => {
    let mine: SystemEntry;
    let theirs: SystemEntry;
    beforeAll(async () => {
      await fresh();
      mine = await createFor('own', { purpose: 'tideword' });
      theirs = await createFor('sibling', { purpose: 'lightword' });
      for (const entry of [mine, theirs]) {
        const owner = entry === mine ? 'own' : 'sibling';
        const attached = await as(callerIn(owner, 'editor'), 'system.change', async (scope) => attachments.attach(scope, entry.id, (async function* () { yield Buffer.from('a,b\n1,2\n'); })(), { name: 'a.csv', kind: 'other', isPublic: false }));
        if (!attached.ok) throw new Error(attached.refusal);
      }
    });
    const rows = async (scope: Scope, text: string): Promise<readonly Record<string, unknown>[]> => within(scope, async () => (await sql<Record<string, unknown>>`${sql.raw(text)}`.execute(database.db)).rows);
    const own = (): Scope => scopeOf(editor, 'system.change');

    it.each([
      ['registry_systems', 'select organisation_id as o from registry_systems'],
      ['registry_bodies', 'select organisation_id as o from registry_bodies'],
      ['registry_revisions', 'select s.organisation_id as o from registry_revisions r left join registry_systems s on s.id = r.system_id'],
      ['registry_attachments', 'select s.organisation_id as o from registry_attachments a left join registry_systems s on s.id = a.system_id'],
      ['registry_unpublished_words', 'select distinct organisation_id as o from registry_unpublished_words'],
    ])('of an organisation reads its own rows of %s, of everybody no draft, of nobody nothing', async (table, text) => {
      for (const policy of ['system.see', 'system.change'] as const) expect(await rows(scopeOf(editor, policy), text)).toEqual([{ o: ORGANISATIONS.own }]);
      expect(new Set((await rows(systemScope, text)).map((row) => row['o']))).toEqual(new Set([ORGANISATIONS.own, ORGANISATIONS.sibling]));
      if (table === 'registry_unpublished_words') await expect(rows(publicScope, text)).rejects.toMatchObject({ code: '42501' });
      else expect(await rows(publicScope, text)).toEqual([]);
      await expect(database.execute(`do $$ begin set local role mizan_nobody; perform 1 from ${table}; end $$`)).rejects.toMatchObject({ code: '42501' });
    });

    it('of an organisation tells nothing through the functions of the search', async () => {
      const found = async (scope: Scope, word: string): Promise<number> => (await rows(scope, `select number from registry_hits('${word}'::tsquery, 0, 1000000, 100, false, null)`)).length;
      expect([await found(own(), 'tideword'), await found(own(), 'lightword'), await found(publicScope, 'tideword'), await found(systemScope, 'lightword')]).toEqual([1, 0, 0, 1]);
    });

    it.each<readonly [string, () => string]>([
      ['an entry under a foreign body', () => `insert into registry_systems (id, number, revision, status, is_public, name, body_id, product_key, sha256, words, created_at, updated_at) values (gen_random_uuid(), 900001, 1, 'draft', false, 'x', '${theirs.body.id}', 'x', 'x', '', now(), now())`],
      ['an entry under a foreign body that claims to be its own', () => `insert into registry_systems (id, number, revision, status, is_public, name, body_id, organisation_id, product_key, sha256, words, created_at, updated_at) values (gen_random_uuid(), 900002, 1, 'draft', false, 'x', '${theirs.body.id}', '${ORGANISATIONS.own}', 'x', 'x', '', now(), now())`],
      ['moving its entry to a foreign body', () => `update registry_systems set body_id = '${theirs.body.id}' where id = '${mine.id}'`],
      ['a revision of a foreign entry', () => `insert into registry_revisions select '${theirs.id}', 9, kind, status, true, at, actor, reason, body_id, product_id, record, sha256 from registry_revisions where system_id = '${mine.id}'`],
      ['an attachment of a foreign entry', () => `insert into registry_attachments select gen_random_uuid(), '${theirs.id}', kind, name, media_type, bytes, file_id, sha256, is_public, added_at, added_by from registry_attachments`],
      ['a body of another organisation', () => `insert into registry_bodies (id, name, key, created_at, organisation_id) values (gen_random_uuid(), 'x', 'x', now(), '${ORGANISATIONS.sibling}')`],
      ['a body of nobody', () => `insert into registry_bodies (id, name, key, created_at) values (gen_random_uuid(), 'x', 'x', now())`],
      ['words of another organisation', () => `insert into registry_unpublished_words values ('x', '${ORGANISATIONS.sibling}')`],
      ['a changed revision', () => 'update registry_revisions set reason = reason'],
      ['the removal of an entry', () => 'delete from registry_systems'],
      ['the removal of a revision', () => 'delete from registry_revisions'],
      ['the removal of an attachment', () => 'delete from registry_attachments'],
      ['another number of the counters', () => 'delete from registry_counts'],
      ['a product', () => `insert into registry_products (id, name, provider, key, created_at) values (gen_random_uuid(), 'x', 'x', 'x', now())`],
    ])('of an organisation is refused %s', async (_what, text) => {
      await expect(rows(own(), text())).rejects.toMatchObject({ code: '42501' });
    });

    it('of an organisation changes no foreign row, and of somebody who only sees none at all', async () => {
      expect(await rows(own(), `update registry_systems set name = 'taken' where id = '${theirs.id}' returning id`)).toEqual([]);
      await expect(rows(scopeOf(editor, 'system.see'), `update registry_systems set name = 'taken'`)).rejects.toMatchObject({ code: '42501' });
    });

    it('cannot be joined to a foreign organisation by its name', async () => {
      await within(systemScope, async () => registry.importRows(systemScope, [{ key: 'i', record: { ...bareDraft, organisation: 'Harbour Agency' } }], { source: 'inventory', status: 'draft' }));
      const seen = await as(editor, 'system.see', async (scope) => list(scope));
      expect(seen.items.map((one) => one.id)).toEqual([mine.id]);
    });
  });

  describe('who writes for whom', () => {
    beforeAll(fresh);

    it.each([
      ['the own name', 'Harbour Agency', undefined],
      ['the own name in other letters', '  harbour   AGENCY ', undefined],
      ['the name of a department below', 'Harbour Pilots', undefined],
      ['the name of the ministry', 'Ministry of Tides', 'organisation-not-yours'],
      ['the name of a sibling', 'Lighthouse Agency', 'organisation-not-yours'],
      ['a name of nobody', 'Somebody', 'organisation-not-yours'],
    ] as const)('under %s', async (_what, organisation, refusal) => {
      const made = await as(editor, 'system.create', async (scope) => registry.create(scope, { ...bareDraft, organisation }));
      expect(made.ok ? undefined : made.refusal).toEqual(refusal === undefined ? undefined : { code: refusal, yours: ['Harbour Agency', 'Harbour Pilots'] });
      if (made.ok) expect(REACH.own).toContain(made.value.organisationId);
    });

    it('an organisation submits, the regulator sends back with a reason or registers', async () => {
      const draft = await createFor('own', { ...taxRisk, organisation: 'Harbour Agency' });
      const move = async (caller: Caller, revision: number, to: 'draft' | 'submitted' | 'registered' | 'withdrawn', reason = ''): Promise<string> => {
        const moved = await as(caller, 'system.change', async (scope) => registry.transition(scope, draft.id, revision, to, reason));
        return moved.ok ? moved.value.status : moved.refusal.code;
      };
      expect(await move(editor, 1, 'submitted')).toBe('submitted');
      expect(await move(editor, 2, 'registered')).toBe('not-allowed');
      expect(await move(officer, 2, 'draft')).toBe('reason-needed');
      expect(await move(officer, 2, 'draft', 'say more')).toBe('draft');
      expect(await move(editor, 3, 'submitted')).toBe('submitted');
      expect(await move(editor, 4, 'draft')).toBe('draft');
      expect(await move(editor, 5, 'submitted')).toBe('submitted');
      expect(await within(publicScope, async () => registry.get(publicScope, draft.id))).toBeUndefined();
      expect(await move(officer, 6, 'registered')).toBe('registered');
      const published = await within(publicScope, async () => registry.get(publicScope, draft.id));
      expect(published).toMatchObject({ status: 'registered', body: { name: 'Harbour Agency' } });
      expect(published).not.toHaveProperty('organisationId');
    });

    it('a draft that is withdrawn is not published', async () => {
      const draft = await createFor('own');
      expect((await as(editor, 'system.change', async (scope) => registry.transition(scope, draft.id, 1, 'withdrawn'))).ok).toBe(true);
      expect(await within(publicScope, async () => registry.get(publicScope, draft.id))).toBeUndefined();
    });

    it('an entry stays with its organisation when the regulator edits it', async () => {
      const draft = await createFor('own');
      await as(officer, 'system.create', async (scope) => registry.create(scope, { ...bareDraft, organisation: 'Harbour Agency' }));
      const edited = await as(officer, 'system.change', async (scope) => registry.edit(scope, draft.id, 1, { ...draft.record, scope: 'by the officer' }));
      expect(edited.ok && [edited.value.body.id, edited.value.organisationId]).toEqual([draft.body.id, ORGANISATIONS.own]);
    });

    it('a body of an inventory is given to an organisation with all its entries, and back', async () => {
      const { rows } = await within(systemScope, async () => registry.importRows(systemScope, [{ key: 'p', record: { ...bareDraft, organisation: 'Mountain Office', purpose: 'granite' } }], { source: 'given', status: 'draft' }));
      const own = await createFor('foreign', { purpose: 'granites' });
      const imported = await within(systemScope, async () => registry.get(systemScope, rows[0]?.id ?? ''));
      const seen = async (): Promise<number> => as(callerIn('foreign', 'viewer'), 'system.see', async (scope) => (await list(scope, { q: 'granit' })).total);
      expect(await seen()).toBe(1);
      const give = async (caller: Caller, policy: PolicyName, organisation: string | null): Promise<string | true> => {
        const given = await as(caller, policy, async (scope) => registry.linkBody(scope, imported?.body.id ?? '', organisation));
        return given.ok ? given.value : given.refusal.code;
      };
      expect(await give(callerIn('foreign', 'owner'), 'system.change', ORGANISATIONS.foreign)).toBe('not-allowed');
      expect(await give(officer, 'system.link', id(8))).toBe('organisation-unknown');
      expect(await give(officer, 'system.link', ORGANISATIONS.foreign)).toBe(true);
      expect(await seen()).toBe(2);
      // One name is one body: what the organisation had written before stands under it too, and is counted under it.
      const page = await as(callerIn('foreign', 'viewer'), 'system.see', async (scope) => list(scope));
      expect(page.facets.body).toEqual([{ value: imported?.body.id, label: 'Mountain Office', count: 2 }]);
      const counted = await within(systemScope, async () => list(systemScope, { facets: { body: [imported?.body.id ?? ''] } }));
      expect([counted.total, counted.items.map((one) => one.id).sort()]).toEqual([2, [own.id, imported?.id].sort()]);
      expect((await as(callerIn('foreign', 'viewer'), 'system.see', async (scope) => registry.bodyOf(scope, ORGANISATIONS.foreign)))?.id).toBe(imported?.body.id);
      expect(await give(officer, 'system.link', null)).toBe(true);
      expect(await seen()).toBe(0);
    });

    it('hints at the same product in own entries and in published ones, in no others', async () => {
      const same = { name: 'Tide Gauge', providerName: 'Gauges Ltd' };
      const mine = await createFor('own', same);
      await createFor('sibling', same);
      const below = await createFor('child', same);
      const { rows } = await within(systemScope, async () => registry.importRows(systemScope, [{ key: 't', record: { ...bareDraft, ...same, organisation: 'Ocean Institute' } }], { source: 'published' }));
      const hints = await as(editor, 'system.see', async (scope) => registry.deployments(scope, mine.id));
      expect(hints.likely.map((one) => one.id).sort()).toEqual([below.id, rows[0]?.id].sort());
    });
  });

  describe('what a search tells', () => {
    beforeAll(async () => {
      await fresh();
      await within(systemScope, async () => registry.importRows(systemScope, [{ key: 'a', record: { ...bareDraft, organisation: 'Office', purpose: 'zephyrinx' } }], { source: 'open' }));
      await createFor('sibling', { purpose: 'zephyrine zephyrinology' });
    });

    it.each([
      ['everybody', (): Scope => publicScope],
      ['a neighbour', (): Scope => scopeOf(editor, 'system.see')],
    ])('%s is told of a word that a draft has what is told of one that nothing has', async (_who, scope) => {
      const told = async (q: string): Promise<readonly [boolean, number]> => within(scope(), async () => {
        const page = await list(scope(), { q });
        return [page.nearMisses, page.total] as const;
      });
      expect(await told('zephyrine')).toEqual(await told('zephyrina'));
      expect(await told('zephyrinology')).toEqual(await told('zephyrinolaga'));
    });

    it('the sibling finds its word, and its other endings', async () => {
      const sibling = scopeOf(callerIn('sibling', 'viewer'), 'system.see');
      expect(await within(sibling, async () => (await list(sibling, { q: 'zephyrinol' })).total)).toBe(1);
    });
  });

  describe.skipIf(engine === 'embedded')('fifty entries among a hundred thousand of others', () => {
    const OTHERS = 100_000;
    const MINE = 50;
    beforeAll(async () => {
      await fresh();
      const make = async (name: string, organisation: string, rows: number, first: number): Promise<void> => {
        await database.execute(`insert into registry_bodies (id, name, key, created_at, organisation_id) values ('${organisation}', '${name}', '${name}', now(), '${organisation}')`);
        await database.execute(`insert into registry_systems (id, number, revision, status, is_public, name, body_id, product_key, stakes, headline, sha256, words, created_at, updated_at)
          select gen_random_uuid(), n, 1, 'draft', false, 'Entry', '${organisation}', 'entry|', n % 100, 'open', 'x',
            array_to_tsvector(array['common', n::text, '=status:draft', '=body:${organisation}', '#0:' || n / 512, '#1:' || n / 8192, '#2:' || n / 131072]), now(), now() from generate_series(${first}, ${first + rows - 1}) n`);
        await database.execute(`insert into registry_revisions (system_id, revision, kind, status, is_public, at, actor, reason, body_id, record, sha256)
          select id, 1, 'created', status, is_public, created_at, 'system', '', body_id, '{"name": "Entry", "organisation": "${name}"}', sha256 from registry_systems where body_id = '${organisation}'`);
      };
      await make('Lighthouse Agency', ORGANISATIONS.sibling, OTHERS / 2, 1);
      await make('Harbour Agency', ORGANISATIONS.own, MINE, OTHERS / 2 + 1);
      await make('Mountain Office', ORGANISATIONS.foreign, OTHERS / 2, OTHERS / 2 + MINE + 1);
      await database.execute('vacuum analyze');
    });

    it.each<readonly [string, ListQuery | undefined]>([
      ['the list', {}],
      ['its second page', { after: encodeCursor({ tier: 1, number: OTHERS / 2 + 20, direction: 'down' }) }],
      ['a search for a word that all have', { q: 'common' }],
      ['a filter that fits all', { facets: { status: ['draft'] } }],
      ['the work list', { order: 'stakes' }],
      ['the export', undefined],
    ])('%s reads no more than them', async (_what, query) => {
      const scope = scopeOf(editor, 'system.see');
      const read = await within(scope, async () => database.db.transaction().execute(async (tx) => {
        const figures = async (): Promise<readonly [number, number]> => {
          const { rows } = await sql<{ seq: number; fetched: number }>`select sum(seq_scan)::int as seq, sum(coalesce(idx_tup_fetch, 0))::int as fetched from pg_stat_xact_user_tables where relname in ('registry_systems', 'registry_revisions')`.execute(tx);
          return [rows[0]?.seq ?? 0, rows[0]?.fetched ?? 0];
        };
        const [seq, fetched] = await figures();
        let shown = 0;
        if (query === undefined) for await (const entry of streamEntries(tx, readerOf(scope), {}, 500)) shown += entry.status === 'draft' ? 1 : 0;
        else shown = (await search(tx, readerOf(scope), query)).total;
        const after = await figures();
        return { shown, scans: after[0] - seq, fetched: after[1] - fetched };
      }));
      expect(read).toMatchObject({ shown: MINE, scans: 0 });
      expect(read.fetched).toBeLessThan(20 * MINE);
      expect(read.fetched).toBeGreaterThan(0);
    });
  });
});
