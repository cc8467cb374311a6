/** The registry on both engines: history, as it stood, stale edits, imports, search, paging under way. */

import fc from 'fast-check';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type Instant, instant } from '../../../base/index.ts';
import { publicScope, systemScope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { createRegistry, type Registry } from '../actions/registry.ts';
import { bareDraft, hostile, taxRisk, withContacts } from '../examples.ts';
import { registryMigrations } from '../index.ts';
import type { Change, ListPage, ListQuery, SystemEntry, SystemRecord } from '../model.ts';
import type { ImportRow } from './import-rows.ts';

onEveryEngine((open) => {
  let database: Database;
  let registry: Registry;
  const clock = fixedClock('2026-11-23T09:00:00.000Z');
  const heard: Change[] = [];

  const fresh = async (): Promise<void> => {
    database = await open(registryMigrations());
    registry = createRegistry({ database, clock });
    heard.length = 0;
    registry.onChange(async (changes) => void heard.push(...changes));
  };
  const create = async (record: SystemRecord): Promise<SystemEntry> => {
    const made = await registry.create(systemScope, record);
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    return made.value;
  };
  const register = async (record: SystemRecord): Promise<SystemEntry> => {
    const draft = await create(record);
    const submitted = await registry.transition(systemScope, draft.id, 1, 'submitted');
    const done = submitted.ok ? await registry.transition(systemScope, draft.id, 2, 'registered') : submitted;
    if (!done.ok) throw new Error(JSON.stringify(done.refusal));
    return done.value;
  };
  const list = async (query: ListQuery, scope = publicScope): Promise<ListPage> => {
    const page = await registry.list(scope, query);
    if (!page.ok) throw new Error(page.refusal.code);
    return page.value;
  };
  const found = async (q: string, scope = publicScope): Promise<readonly string[]> => (await list({ q }, scope)).items.map((item) => item.record.name);
  const rowsOf = (count: number, record: (index: number) => Partial<SystemRecord> = () => ({})): ImportRow[] =>
    Array.from({ length: count }, (_, index) => ({ key: `key-${index}`, record: { name: `Row ${index}`, organisation: `Body ${index % 3}`, purpose: 'sorts letters', ...record(index) } }));

  describe('references, checked once for a statement,', () => {
    beforeAll(fresh);

    const NOBODY = '00000000-0000-4000-8000-000000000000';
    const copySystem = (columns: string): string => `insert into registry_systems (id, number, revision, status, is_public, name, body_id, product_id, product_key, sha256, words, created_at, updated_at)
      select gen_random_uuid(), 1000000 + number, 1, status, is_public, name, ${columns}, product_key, sha256, words, created_at, updated_at from registry_systems`;
    it.each<readonly [string, string]>([
      ['a system without its body', copySystem(`'${NOBODY}', null`)],
      ['a system without its product', copySystem(`body_id, '${NOBODY}'`)],
      ['moving a system to no body', `update registry_systems set body_id = '${NOBODY}'`],
      ['moving a system to no product', `update registry_systems set product_id = '${NOBODY}'`],
      ['a revision without its system', `insert into registry_revisions select '${NOBODY}', 9, kind, status, is_public, at, actor, reason, body_id, product_id, record, sha256 from registry_revisions`],
      ['moving a revision to another system', `update registry_revisions set system_id = '${NOBODY}'`],
      ['removing a system with a history', 'delete from registry_systems'],
      ['removing a body with systems', 'delete from registry_bodies'],
      ['removing a product with systems', 'delete from registry_products'],
      ['renumbering a body', `update registry_bodies set id = '${NOBODY}'`],
      ['renumbering a system', `update registry_systems set id = '${NOBODY}'`],
      ['renumbering a product', `update registry_products set id = '${NOBODY}'`],
    ])('refuse %s', async (_what, statement) => {
      if ((await list({}, systemScope)).total === 0) {
        const [row] = rowsOf(1);
        if (row === undefined) throw new Error('one row');
        await registry.importRows(systemScope, [{ ...row, product: { name: 'Sorter', provider: 'Maker' } }], { source: 'refer' });
      }
      await expect(database.execute(statement)).rejects.toMatchObject({ code: '23503' });
    });
  });

  describe('an entry', () => {
    beforeAll(fresh);

    it('has a complete history, and stands as it stood on any instant', async () => {
      clock.move('2026-01-10T00:00:00.000Z');
      const draft = await create(taxRisk);
      clock.move('2026-02-10T00:00:00.000Z');
      await registry.transition(systemScope, draft.id, 1, 'submitted');
      clock.move('2026-03-10T00:00:00.000Z');
      await registry.transition(systemScope, draft.id, 2, 'registered', 'checked');
      clock.move('2026-04-10T00:00:00.000Z');
      const edited = await registry.edit(systemScope, draft.id, 3, { ...taxRisk, purpose: 'A new purpose.' }, 'clearer');
      expect(edited.ok && edited.value).toMatchObject({ revision: 4, status: 'registered', registeredAt: '2026-03-10T00:00:00.000Z', updatedAt: '2026-04-10T00:00:00.000Z' });
      const history = await registry.history(systemScope, draft.id);
      expect(history.items.map((one) => [one.revision, one.kind, one.status, one.reason, one.at, one.actor])).toEqual([
        [4, 'edited', 'registered', 'clearer', '2026-04-10T00:00:00.000Z', 'system'],
        [3, 'moved', 'registered', 'checked', '2026-03-10T00:00:00.000Z', 'system'],
        [2, 'moved', 'submitted', '', '2026-02-10T00:00:00.000Z', 'system'],
        [1, 'created', 'draft', '', '2026-01-10T00:00:00.000Z', 'system'],
      ]);
      expect(new Set(history.items.map((one) => one.sha256)).size).toBe(2);
      const at = async (text: string, scope = systemScope) => (await registry.getAsOf(scope, draft.id, instant(new Date(text))))?.revision.revision;
      expect(await at('2026-01-09T23:59:59.999Z')).toBeUndefined();
      expect(await at('2026-01-10T00:00:00.000Z')).toBe(1);
      expect(await at('2026-03-31T12:00:00.000Z')).toBe(3);
      expect(await at('2030-01-01T00:00:00.000Z')).toBe(4);
      expect(await at('2026-02-20T00:00:00.000Z', publicScope)).toBeUndefined();
      expect(await at('2026-03-10T00:00:00.000Z', publicScope)).toBe(3);
      expect((await registry.history(publicScope, draft.id)).items.map((one) => one.revision)).toEqual([4, 3]);
      const differing = await registry.difference(publicScope, draft.id, 3, 4);
      expect(differing.ok && differing.value.map((field) => [field.key, field.after])).toEqual([['purpose', 'A new purpose.']]);
      expect(await registry.difference(publicScope, draft.id, 1, 4)).toEqual({ ok: false, refusal: { code: 'revision-not-found', revision: 1 } });
    });

    it('pages its history', async () => {
      const draft = await create(bareDraft);
      for (let revision = 1; revision <= 5; revision++) await registry.edit(systemScope, draft.id, revision, { ...bareDraft, purpose: `p${revision}` });
      const first = await registry.history(systemScope, draft.id, { limit: 4 });
      expect(first.items.map((one) => one.revision)).toEqual([6, 5, 4, 3]);
      const second = await registry.history(systemScope, draft.id, { limit: 4, before: first.next ?? 0 });
      expect([second.items.map((one) => one.revision), second.next]).toEqual([[2, 1], undefined]);
    });

    it('refuses the second of two editors, and overwrites nothing', async () => {
      const draft = await create(bareDraft);
      const [one, two] = await Promise.all([
        registry.edit(systemScope, draft.id, 1, { ...bareDraft, purpose: 'one' }),
        registry.edit(systemScope, draft.id, 1, { ...bareDraft, purpose: 'two' }),
      ]);
      expect([one.ok, two.ok].filter(Boolean)).toHaveLength(1);
      const winner = one.ok ? 'one' : 'two';
      const loser = one.ok ? two : one;
      expect(loser).toMatchObject({ ok: false, refusal: { code: 'stale-edit', current: { revision: 2, record: { purpose: winner } }, base: bareDraft } });
      expect((await registry.get(systemScope, draft.id))?.record.purpose).toBe(winner);
      expect((await registry.history(systemScope, draft.id)).items).toHaveLength(2);
    });

    it('keeps every one of many editors who start again when refused', async () => {
      const draft = await create(bareDraft);
      const editor = async (index: number): Promise<void> => {
        for (;;) {
          const current = await registry.get(systemScope, draft.id);
          if (current === undefined) throw new Error('gone');
          const saved = await registry.edit(systemScope, draft.id, current.revision, { ...current.record, keywords: [...(current.record.keywords ?? []), `editor-${index}`] });
          if (saved.ok) return;
          expect(saved.refusal.code).toBe('stale-edit');
        }
      };
      await Promise.all(Array.from({ length: 8 }, async (_, index) => editor(index)));
      const end = await registry.get(systemScope, draft.id);
      expect(end?.revision).toBe(9);
      expect([...(end?.record.keywords ?? [])].sort()).toEqual(Array.from({ length: 8 }, (_, index) => `editor-${index}`));
    });

    it('is restored as a new revision', async () => {
      const draft = await create(bareDraft);
      await registry.edit(systemScope, draft.id, 1, { ...bareDraft, purpose: 'later' });
      const restored = await registry.restore(systemScope, draft.id, 2, 1, 'a mistake');
      expect(restored.ok && [restored.value.revision, restored.value.record, restored.value.sha256]).toEqual([3, bareDraft, draft.sha256]);
      expect(await registry.restore(systemScope, draft.id, 3, 9)).toEqual({ ok: false, refusal: { code: 'revision-not-found', revision: 9 } });
    });

    it('refuses by name', async () => {
      const draft = await create(bareDraft);
      const check = async (answer: Promise<{ ok: boolean; refusal?: { code: string } }>, code: string): Promise<void> => expect(((await answer) as { refusal?: { code: string } }).refusal?.code).toBe(code);
      await check(registry.create(publicScope, bareDraft), 'not-allowed');
      await check(registry.edit(publicScope, draft.id, 1, bareDraft), 'not-allowed');
      await check(registry.create(systemScope, { name: 'x' }), 'invalid');
      await check(registry.edit(systemScope, draft.id, 1, 'x'), 'invalid');
      await check(registry.edit(systemScope, '00000000-0000-4000-8000-000000000000', 1, bareDraft), 'not-found');
      await check(registry.edit(systemScope, "' or 1=1", 1, bareDraft), 'not-found');
      await check(registry.transition(systemScope, draft.id, 1, 'registered'), 'transition-not-allowed');
      await check(registry.transition(systemScope, draft.id, 1, 'submitted'), 'incomplete');
      await check(registry.list(systemScope, { after: 'nonsense' }), 'bad-cursor');
      expect(await registry.get(systemScope, 'nonsense')).toBeUndefined();
      expect((await registry.get(systemScope, draft.id))?.revision).toBe(1);
    });

    it('holds long and hostile texts as they are', async () => {
      const long = { ...taxRisk, purpose: 'ə'.repeat(20_000), humanDecisions: 'Ж '.repeat(10_000).trim(), outputs: `${'\\'.repeat(50)}'"\n\t\u0001` };
      expect((await create(long)).record).toEqual(long);
      expect((await create(hostile)).record).toEqual(hostile);
    });

    it('tells its listeners after each change, and nobody after a refusal', async () => {
      heard.length = 0;
      const draft = await create(bareDraft);
      await registry.edit(systemScope, draft.id, 7, bareDraft);
      await registry.edit(systemScope, draft.id, 1, { ...bareDraft, scope: 'x' });
      expect(heard).toEqual([{ id: draft.id, revision: 1, kind: 'created' }, { id: draft.id, revision: 2, kind: 'edited' }]);
    });
  });

  describe('the public', () => {
    beforeAll(fresh);

    it('sees registered and withdrawn entries without contacts, and cannot find what it may not see', async () => {
      const draft = await create({ ...taxRisk, name: 'Gizli qaralama' });
      const secure = await register({ ...taxRisk, name: 'Sərhəd üz tanıma', section: 'secure' });
      const shownEntry = await register(withContacts);
      expect(await registry.get(publicScope, draft.id)).toBeUndefined();
      expect(await registry.get(publicScope, secure.id)).toBeUndefined();
      expect((await registry.history(publicScope, secure.id)).items).toEqual([]);
      const seen = await registry.get(publicScope, shownEntry.id);
      expect(JSON.stringify(seen)).not.toMatch(/leyla|gizli@|raw@|risk@|555/);
      expect((await registry.get(systemScope, shownEntry.id))?.record).toEqual(withContacts);
      expect((await list({})).items.map((item) => item.id)).toEqual([shownEntry.id]);
      expect((await list({})).total).toBe(1);
      expect((await list({}, systemScope)).total).toBe(3);
      for (const q of ['gizli', 'Sərhəd', 'leyla', 'raw', 'risk@example.az', '555']) expect(await found(q), q).toEqual([]);
      expect(await found('sened')).toEqual(['Sənəd köməkçisi']);
      expect(await found('üz tanıma', systemScope)).toEqual(['Sərhəd üz tanıma']);
      await registry.transition(systemScope, shownEntry.id, 3, 'withdrawn');
      expect((await registry.get(publicScope, shownEntry.id))?.status).toBe('withdrawn');
      await registry.transition(systemScope, shownEntry.id, 4, 'draft');
      expect(await registry.get(publicScope, shownEntry.id)).toBeUndefined();
      expect((await registry.history(publicScope, shownEntry.id)).items).toEqual([]);
      expect((await list({})).total).toBe(0);
    });
  });

  describe('search', () => {
    beforeAll(async () => {
      await fresh();
      await registry.importRows(systemScope, [
        { name: 'Vergi risk balı', purpose: 'Bəyannamələri sıralayır' },
        { name: 'Çağrı mərkəzi', purpose: 'Vergilərin ödənilməsi barədə suallara cavab verir' },
        { name: 'İstilik proqnozu', purpose: 'Isı tələbatını hesablayır' },
        { name: 'Оценка риска', purpose: 'Сортирует налоговые декларации' },
        { name: 'Face matching at the border', purpose: 'Compares faces' },
      ].map((one, index) => ({ key: String(index), record: { organisation: 'Şəhər', providerName: 'ACME Ltd', sector: index < 2 ? ('taxation' as const) : ('other' as const), ...one } })), { source: 'words' });
    });

    it.each([
      ['vergi', ['Vergi risk balı', 'Çağrı mərkəzi']],
      ['VERGİ', ['Vergi risk balı', 'Çağrı mərkəzi']],
      ['VERGI', ['Vergi risk balı', 'Çağrı mərkəzi']],
      ['istilik', ['İstilik proqnozu']],
      ['İSTİLİK', ['İstilik proqnozu']],
      ['ıstılık', ['İstilik proqnozu']],
      ['isi', ['İstilik proqnozu']],
      ['cagri merkezi', ['Çağrı mərkəzi']],
      ['ÇAĞRI MƏRKƏZİ', ['Çağrı mərkəzi']],
      ['mərkəz', ['Çağrı mərkəzi']],
      ['beyanname', ['Vergi risk balı']],
      ['налог', ['Оценка риска']],
      ['face border', ['Face matching at the border']],
      ['vergi çağrı', ['Çağrı mərkəzi']],
      ['5', ['Face matching at the border']],
      ['vergi face', []],
    ] as const)('%s', async (q, names) => {
      expect(await found(q)).toEqual(names);
    });

    it.each([["'"], ['&|!():*<->'], ['\\'], ['%_'], ["'; drop table registry_systems; --"], ['@vergi'], ['=audience:public'], ['#0:0'], ['\0'], ['\ud800'], ['x'.repeat(5_000)]])('is not moved by %j', async (q) => {
      const page = await list({ q });
      expect(page.total).toBeLessThanOrEqual(5);
    });

    it('offers near misses when a word is spelt otherwise', async () => {
      const page = await list({ q: 'matcing' });
      expect([page.nearMisses, page.items.map((item) => item.record.name)]).toEqual([true, ['Face matching at the border']]);
      expect((await list({ q: 'qqqqzzzz' })).items).toEqual([]);
    });

    it('counts facets of what it found, and filters by them', async () => {
      const page = await list({ q: 'vergi' });
      expect(page.facets.sector).toEqual([{ value: 'taxation', label: 'taxation', count: 2 }]);
      expect(page.facets.body).toMatchObject([{ label: 'Şəhər', count: 2 }]);
      expect((await list({ facets: { sector: ['other'] } })).total).toBe(3);
      expect((await list({ facets: { sector: ['other', 'taxation'], source: ['words'] } })).total).toBe(5);
      expect((await list({ facets: { sector: ['other'], status: ['draft'] } })).total).toBe(0);
      expect((await list({ q: 'acme', facets: { sector: ['taxation'] } })).items.map((item) => item.record.name)).toEqual(['Çağrı mərkəzi', 'Vergi risk balı']);
    });

    it('filters and orders by the summary of the assessment', async () => {
      const [one, two] = (await list({ facets: { sector: ['taxation'] } })).items;
      await registry.setSummary(one?.id ?? '', { headline: 'high-risk', stakes: 80, open: 3 });
      await registry.setSummaries([{ systemId: two?.id ?? '', headline: 'high-risk', stakes: 95, open: 0 }, { systemId: '00000000-0000-4000-8000-000000000000', headline: 'x', stakes: 1, open: 1 }]);
      expect((await list({ facets: { headline: ['high-risk'] } })).total).toBe(2);
      expect((await list({ order: 'stakes' }, systemScope)).items.map((item) => item.id)).toEqual([two?.id, one?.id]);
      await registry.setSummary(one?.id ?? '', { headline: 'minimal', stakes: 10, open: 0 });
      expect((await list({ facets: { headline: ['high-risk'] } })).items.map((item) => item.id)).toEqual([two?.id]);
      expect((await list({})).facets.headline).toEqual([{ value: 'high-risk', label: 'high-risk', count: 1 }, { value: 'minimal', label: 'minimal', count: 1 }]);
      const stakes = await list({ order: 'stakes', limit: 1 }, systemScope);
      const second = await list({ order: 'stakes', limit: 1, after: stakes.next ?? '' }, systemScope);
      expect([second.items[0]?.id, second.next, (await list({ order: 'stakes', limit: 1, after: second.previous ?? '' }, systemScope)).items[0]?.id]).toEqual([one?.id, undefined, two?.id]);
      const edited = await registry.edit(systemScope, two?.id ?? '', 1, { ...two?.record, name: 'Renamed', contactEmail: 'x' });
      expect(edited.ok && edited.value.summary?.headline).toBe('high-risk');
      expect((await list({ facets: { headline: ['high-risk'] } })).total).toBe(1);
    });
  });

  describe('an import', () => {
    beforeAll(fresh);
    const outcomes = (rows: readonly { readonly outcome: string }[]): Record<string, number> => Object.fromEntries(Map.groupBy(rows, (row) => row.outcome).entries().map(([key, group]) => [key, group.length]));

    it('adds once, changes what changed, and keeps what people edited here', async () => {
      heard.length = 0;
      const rows = rowsOf(2_300, () => ({ sourceColumns: [{ name: 'a', value: ' 1 ' }, { name: 'a', value: '=2' }] }));
      const first = await registry.importRows(systemScope, rows, { source: 'list', reason: 'first' });
      expect(outcomes(first.rows)).toEqual({ added: 2_300 });
      expect(first.rows.map((row) => row.key)).toEqual(rows.map((row) => row.key));
      expect(heard).toHaveLength(2_300);
      const again = await registry.importRows(systemScope, rows, { source: 'list' });
      expect([outcomes(again.rows), again.changes]).toEqual([{ unchanged: 2_300 }, []]);
      const entry = await registry.get(systemScope, first.rows[7]?.id ?? '');
      expect(entry).toMatchObject({ revision: 1, status: 'registered', source: { profile: 'list', key: 'key-7' }, record: rows[7]?.record, body: { name: 'Body 1' } });
      await registry.edit(systemScope, first.rows[1]?.id ?? '', 1, { ...rows[1]?.record, purpose: 'edited here' });
      const changed = rows.map((row, index) => (index < 3 ? { ...row, record: { ...row.record, purpose: 'changed at the source' } } : row));
      const third = await registry.importRows(systemScope, changed, { source: 'list', reason: 'third' });
      expect(third.rows.slice(0, 4).map((row) => row.outcome)).toEqual(['changed', 'edited-here', 'changed', 'unchanged']);
      expect((await registry.get(systemScope, first.rows[1]?.id ?? ''))?.record.purpose).toBe('edited here');
      const taken = await registry.importRows(systemScope, changed, { source: 'list', onEdited: 'replace' });
      expect(taken.rows[1]?.outcome).toBe('changed');
      expect((await registry.history(systemScope, first.rows[1]?.id ?? '')).items.map((one) => one.kind)).toEqual(['imported', 'edited', 'imported']);
      expect((await list({})).total).toBe(2_300);
      expect((await list({})).facets.body.map((one) => one.count)).toEqual([767, 767, 766]);
    });

    it('withdraws by key, and brings back what comes back', async () => {
      await registry.withdrawByKeys(systemScope, 'list', ['key-5', 'key-6', 'no such key'], 'gone');
      const five = (await list({ facets: { status: ['withdrawn'] } })).items;
      expect(five.map((item) => item.source?.key ?? '').sort((a, b) => a.localeCompare(b))).toEqual(['key-5', 'key-6']);
      expect(await registry.withdrawByKeys(systemScope, 'list', ['key-5'], 'again')).toEqual([]);
      const rows = rowsOf(2_300, () => ({ sourceColumns: [{ name: 'a', value: ' 1 ' }, { name: 'a', value: '=2' }] }));
      const back = await registry.importRows(systemScope, rows.slice(5, 6), { source: 'list' });
      expect(back.rows[0]?.outcome).toBe('changed');
      expect((await list({ facets: { status: ['withdrawn'] } })).total).toBe(1);
      const keys: string[] = [];
      for await (const one of registry.sourceKeys(systemScope, 'list')) keys.push(one.key);
      expect(keys).toHaveLength(2_300);
    });

    it('belongs to the transaction of its caller', async () => {
      const rows = rowsOf(1_200).map((row) => ({ ...row, key: `tx-${row.key}` }));
      await expect(database.db.transaction().execute(async (tx) => {
        await registry.importRows(systemScope, rows, { source: 'other' }, tx);
        throw new Error('stop');
      })).rejects.toThrow('stop');
      expect((await list({ facets: { source: ['other'] } })).total).toBe(0);
      await expect(registry.importRows(systemScope, [...rows.slice(0, 1), ...rows.slice(0, 1)], { source: 'other' })).rejects.toMatchObject({ code: 'source-key-repeated' });
    });

    it('links deployments of one product, and likeness alone links nothing', async () => {
      const result = await registry.importRows(systemScope, ['Gəncə', 'Şəki', 'Quba'].map((city, index) => ({ key: city, record: { name: 'Zivver', organisation: city, providerName: 'Z' }, ...(index < 2 ? { product: { name: 'Zivver', provider: 'Z' } } : {}) })), { source: 'cities' });
      const [one, two, three] = result.rows.map((row) => row.id);
      const deployments = await registry.deployments(publicScope, one ?? '');
      expect([deployments.linked.map((other) => other.id), deployments.likely.map((other) => other.id)]).toEqual([[two], [three]]);
      const linked = await registry.linkProduct(systemScope, three ?? '', 1, { name: 'ZIVVER', provider: 'z' });
      expect(linked.ok && linked.value.product?.name).toBe('Zivver');
      expect((await registry.deployments(publicScope, one ?? '')).linked).toHaveLength(2);
      await registry.linkProduct(systemScope, three ?? '', 2, null);
      expect((await registry.deployments(publicScope, one ?? '')).linked).toHaveLength(1);
    });

    it('counters agree with the rows, whatever happened', async () => {
      const { rows: counted } = await sql<{ audience: string; facet: string; value: string; n: number }>`select audience, facet, value, sum(n)::int as n from registry_counts group by 1, 2, 3 having sum(n) <> 0 order by 1, 2, 3`.execute(database.db);
      const { rows: real } = await sql<{ audience: string; facet: string; value: string; n: number }>`select audience, facet, value, count(*)::int as n from (
          select id, is_public, 'all' as facet, '' as value from registry_systems
          union all select id, is_public, 'status', status from registry_systems union all select id, is_public, 'body', body_id::text from registry_systems
          union all select id, is_public, 'sector', sector from registry_systems where sector is not null union all select id, is_public, 'phase', phase from registry_systems where phase is not null
          union all select id, is_public, 'source', source_profile from registry_systems where source_profile is not null union all select id, is_public, 'headline', headline from registry_systems where headline is not null
        ) v cross join (values ('public'), ('workspace')) a(audience) where a.audience = 'workspace' or is_public group by 1, 2, 3 order by 1, 2, 3`.execute(database.db);
      expect(counted).toEqual(real);
    });

    it('of samples can be taken away, and takes nothing else', async () => {
      const before = await list({}, systemScope);
      await registry.importRows(systemScope, rowsOf(5).map((row) => ({ ...row, key: `s${row.key}` })), { source: 'samples', sample: true });
      expect((await list({}, systemScope)).total).toBe(before.total + 5);
      expect(await registry.removeSamples(systemScope)).toBe(5);
      expect((await list({}, systemScope)).total).toBe(before.total);
      const streamed: number[] = [];
      for await (const entry of registry.stream(systemScope)) streamed.push(entry.number);
      expect(streamed).toHaveLength(before.total);
      expect(streamed).toEqual([...streamed].sort((a, b) => a - b));
    });
  });

  describe('paging', () => {
    beforeAll(async () => {
      await fresh();
      // Three clusters with deserts between them, so that the walk crosses blocks of every size.
      await registry.importRows(systemScope, rowsOf(1_400, (index) => ({ purpose: index % 7 === 0 ? 'common rare' : 'common', ...(index > 300 && index < 420 ? { sector: 'health' as const } : {}) })), { source: 'a' });
      await database.execute(`select setval('registry_numbers', 140000)`);
      await registry.importRows(systemScope, rowsOf(1_300, (index) => ({ name: index % 100 === 0 ? 'Common thing' : `Thing ${index}`, purpose: 'common' })), { source: 'b' });
    });

    const queries: readonly ListQuery[] = [{}, { q: 'common' }, { q: 'rare' }, { q: 'common', order: 'latest' }, { q: 'row 7' }, { facets: { sector: ['health'] } }, { q: 'common', facets: { source: ['a'] } }, { facets: { source: ['b'] } }, { q: 'common rare', facets: { sector: ['health'] } }];

    it.each(queries)('%j visits each row once, forwards and backwards', async (query) => {
      const expected = await visit({ ...query, limit: 200 });
      expect(new Set(expected).size).toBe(expected.length);
      const page = await list(query);
      if (page.totalIsExact) expect(expected).toHaveLength(page.total);
      else expect(expected.length).toBeGreaterThan(page.total - 1);
      let cursor = lastPrevious;
      const backwards: number[] = lastItems;
      while (cursor !== undefined) {
        const earlier: ListPage = await list({ ...query, limit: 200, after: cursor });
        backwards.unshift(...earlier.items.map((item) => item.number));
        cursor = earlier.previous;
      }
      expect(backwards).toEqual(expected);
    });

    let lastPrevious: string | undefined;
    let lastItems: number[] = [];
    const visit = async (query: ListQuery, between: () => Promise<void> = async () => undefined): Promise<number[]> => {
      const seen: number[] = [];
      let after: string | undefined;
      do {
        const page: ListPage = await list({ ...query, ...(after === undefined ? {} : { after }) });
        seen.push(...page.items.map((item) => item.number));
        lastPrevious = page.previous;
        lastItems = page.items.map((item) => item.number);
        after = page.next;
        await between();
      } while (after !== undefined);
      return seen;
    };

    it('finds what a plain query over all rows finds', async () => {
      const { rows } = await sql<{ number: number }>`select s.number from registry_systems s join registry_revisions r on r.system_id = s.id and r.revision = s.revision
        where r.record->>'purpose' like '%rare%' order by s.number desc`.execute(database.db);
      expect(await visit({ q: 'rare', limit: 50 })).toEqual(rows.map((row) => row.number));
    });

    it('visits each row that was there exactly once while others are added', async () => {
      let added = 0;
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 40, max: 200 }), fc.constantFrom<ListQuery>({}, { q: 'rare' }, { facets: { sector: ['health'] } }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 }), async (limit, query, inserts) => {
          const before = await visit({ ...query, limit: 200 });
          let step = 0;
          const seen = await visit({ ...query, limit }, async () => {
            const count = inserts[step++ % inserts.length] ?? 0;
            if (count > 0 && step < 6) await registry.importRows(systemScope, Array.from({ length: count }, () => ({ key: `late-${added++}`, record: { name: 'Late row', organisation: 'Late', purpose: 'common rare', sector: 'health' as const } })), { source: 'late' });
          });
          expect(new Set(seen).size).toBe(seen.length);
          expect(before.filter((number) => !seen.includes(number))).toEqual([]);
        }),
        { numRuns: 5 },
      );
    });
  });

  it('keeps the instant type honest', async () => {
    await fresh();
    const draft = await create(bareDraft);
    const at: Instant = draft.createdAt;
    expect(at).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
  });
});
