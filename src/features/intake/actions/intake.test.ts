/** Imports from the file to the register on both engines: counts, nothing lost, the same file twice, a changed file, all or nothing. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { publicScope, systemScope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { migrationsOf } from '../../../platform/db/index.ts';
import { createJobs, type Jobs } from '../../../platform/jobs/index.ts';
import { createRegistry, type Registry, registryMigrations, type SystemEntry } from '../../registry/index.ts';
import { createIntake, type Intake, intakeMigrations, type ImportView } from '../index.ts';
import { csvLine } from '../rules/csv.ts';
import { profileText } from '../rules/draft-profile.ts';
import { parseProfile, type Profile } from '../model/profile.ts';
import type { ImportMode } from '../model/import.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-intake-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const data = join(import.meta.dirname, '../../../../../shared/data');
const hasData = ((): boolean => {
  try {
    return readFileSync(join(data, 'README.md')).length > 0;
  } catch {
    console.warn('SKIPPED: ../shared/data is not here, so published inventories were not imported.');
    return false;
  }
})();

const small: Profile = {
  id: 'small', version: 1, name: { az: 'k', en: 'small', ru: 'm' }, note: { az: 'k', en: 'small', ru: 'm' }, publisher: 'test', licence: 'none', status: 'registered', absent: 'withdraw', columns: ['id', 'name', 'owner', 'stage', 'when'], sometimes: ['extra'],
  placeholders: ['N/A', '-'], key: { columns: ['id'] },
  fields: {
    name: [{ column: 'name' }],
    organisation: [{ column: 'owner' }, { value: 'Not stated' }],
    phase: [{ column: 'stage', map: { 'In use': 'in-use', Retired: 'retired' } }],
    startDate: [{ column: 'when', date: 'day-first' }],
    internalNotes: [{ column: 'extra' }],
  },
};
const minted: Profile = { ...small, id: 'minted', key: { mint: ['name', 'owner'] } };

interface House {
  readonly registry: Registry;
  readonly intake: Intake;
  readonly jobs: Jobs;
  put(text: string | Buffer, profile: string, mode?: ImportMode): Promise<ImportView>;
  entries(source: string): Promise<SystemEntry[]>;
}

onEveryEngine((open) => {
  let house: House;
  beforeAll(async () => {
    const database = await open([...migrationsOf('platform'), ...registryMigrations(), ...intakeMigrations()]);
    const clock = fixedClock('2026-11-23T10:00:00.000Z');
    const registry = createRegistry({ database, clock });
    const jobs = await createJobs({ database, clock, log: pino({ level: 'silent' }) as never });
    const intake = createIntake({ database, clock, jobs, registry, dataDir: folder });
    for (const profile of [small, minted]) expect((await intake.saveProfile(systemScope, profileText(profile))).ok).toBe(true);
    await jobs.begin();
    house = {
      registry,
      intake,
      jobs,
      put: async (text, profile, mode = 'all') => {
        const file = await intake.keepFile(Readable.from([Buffer.from(text)]));
        const done = await intake.runHere(systemScope, file, { profile, fileName: 'test.csv', mode });
        if (!done.ok) throw new Error(done.refusal.code);
        return done.value;
      },
      entries: async (source) => {
        const entries: SystemEntry[] = [];
        for await (const entry of registry.stream(systemScope, { facets: { source: [source] } })) entries.push(entry);
        return entries;
      },
    };
  });
  afterAll(async () => house.jobs.stop());

  const head = 'id,name,owner,stage,when\n';

  it('shows added, changed, unchanged and withdrawn, and the same file twice changes nothing', async () => {
    const first = await house.put(`${head}1,Chatbot,Tax Service,In use,31/12/2023\n2,Scoring,Tax Service,Pilot?,N/A\n3,Shuttle,Baku Transport,Retired,2020\n`, 'small');
    expect(first.result).toMatchObject({ read: 3, added: 3, changed: 0, unchanged: 0, withdrawn: 0, duplicates: 0 });
    expect(first.findings?.labels).toEqual({ stage: { 'Pilot?': 1 } });
    expect(first.findings?.counts).toMatchObject({ placeholder: 1 });
    const again = await house.put(`${head}1,Chatbot,Tax Service,In use,31/12/2023\n2,Scoring,Tax Service,Pilot?,N/A\n3,Shuttle,Baku Transport,Retired,2020\n`, 'small');
    expect(again.result).toMatchObject({ added: 0, changed: 0, unchanged: 3, withdrawn: 0 });
    const next = await house.put(`${head}4,New one,Post,In use,\n2,Scoring,Tax Service,Pilot?,N/A\n1,Chatbot 2,Tax Service,In use,31/12/2023\n`, 'small');
    expect(next.counts).toMatchObject({ added: 1, changed: 1, unchanged: 1, withdrawn: 1 });
    expect(next.result).toMatchObject({ added: 1, changed: 1, unchanged: 1, withdrawn: 1 });
    const entries = await house.entries('small');
    expect(entries.map((entry) => [entry.source?.key, entry.record.name, entry.status, entry.revision]).sort((a, b) => String(a[0]).localeCompare(String(b[0])))).toEqual([['1', 'Chatbot 2', 'registered', 2], ['2', 'Scoring', 'registered', 1], ['3', 'Shuttle', 'withdrawn', 2], ['4', 'New one', 'registered', 1]]);
    expect(entries.find((entry) => entry.source?.key === '1')?.record).toMatchObject({ startDate: '2023-12-31', phase: 'in-use', organisation: 'Tax Service' });
    const back = await house.put(`${head}3,Shuttle,Baku Transport,Retired,2020\n4,New one,Post,In use,\n2,Scoring,Tax Service,Pilot?,N/A\n1,Chatbot 2,Tax Service,In use,31/12/2023\n`, 'small');
    expect(back.result).toMatchObject({ added: 0, changed: 1, unchanged: 3, withdrawn: 0 });
  });

  it('reports new and missing columns, and a file that lacks a column says nothing about it', async () => {
    const wide = await house.put(`id,name,owner,stage,when,extra,unknown\n9,Nine,Post,In use,2020,more,x\n`, 'small');
    expect(wide.drift).toMatchObject({ added: ['unknown'], missing: [], reordered: false });
    const narrow = await house.put(`name,id,owner\nNine,9,Post\n`, 'small');
    expect(narrow.drift).toMatchObject({ missing: ['stage', 'when'], reordered: true });
    expect(narrow.result).toMatchObject({ unchanged: 1, changed: 0, added: 0 });
    const renamed = await house.put(`name,id,owner\nNine and a half,9,Post\n`, 'small');
    expect(renamed.result).toMatchObject({ unchanged: 0, changed: 1 });
    const nine = (await house.entries('small')).find((entry) => entry.source?.key === '9');
    expect(nine?.record).toMatchObject({ name: 'Nine and a half', phase: 'in-use', startDate: '2020', internalNotes: 'more' });
    expect(nine?.record.sourceColumns).toEqual(expect.arrayContaining([{ name: 'unknown', value: 'x' }]));
  });

  it('keeps exact duplicates, and rows without an id keep their entries when the file is reordered or one of them changes', async () => {
    const rows = ['1,A,Post,,', '1,A,Post,,', '2,A,Post,In use,', '3,B,Post,,'];
    const first = await house.put(`${head}${rows.join('\n')}\n`, 'minted');
    expect(first.result).toMatchObject({ added: 4, duplicates: 1 });
    expect(first.counts).toMatchObject({ sameNameAndOwner: 1 });
    expect((await house.put(`${head}${rows.toReversed().join('\n')}\n`, 'minted')).result).toMatchObject({ unchanged: 4, added: 0, changed: 0 });
    const changed = await house.put(`${head}3,B,Post,,\n2,A,Post,Retired,\n1,A,Post,,\n1,A,Post,,\n`, 'minted');
    expect(changed.result).toMatchObject({ unchanged: 3, changed: 1, added: 0, withdrawn: 0 });
    expect(await house.entries('minted')).toHaveLength(4);
  });

  it('writes all rows or none, unless the good ones are wanted', async () => {
    const text = `${head}b1,Good,Post,,\nb2,,Post,,\nb3,Short\nb4,"Fine",Post,,\n`;
    const before = (await house.entries('small')).length;
    await expect(house.put(text, 'small')).rejects.toMatchObject({ code: 'rows-with-errors' });
    expect(await house.entries('small')).toHaveLength(before);
    const good = await house.put(text, 'small', 'good');
    expect(good.result).toMatchObject({ read: 4, added: 2, leftOut: 2 });
    const problems = await house.intake.problems(systemScope, good.id, { limit: 50, severity: 'error' });
    expect(problems.map((problem) => [problem.row, problem.line, problem.code])).toEqual([[3, 4, 'row-narrower'], [2, 3, 'name-missing']]);
  });

  it('stores what begins like a formula, and HTML, untouched; the public never sees it run', async () => {
    const nasty = ['=cmd|1', '<script>alert(1)</script>', '+SUM(A1)', '@x', '-- "quoted"\r\nline'];
    await house.put(`${head}${csvLine(nasty)}\n`, 'small');
    const entry = (await house.entries('small')).find((one) => one.source?.key === '=cmd|1');
    expect(entry?.record.sourceColumns?.map((column) => column.value)).toEqual(nasty);
  });

  it('flags personal data and damaged text by row and column, without repeating addresses', async () => {
    const view = await house.put(`${head}p1,Write to a.b@example.org,Post,,\np2,dam\uFFFDaged,Post,,\np3,nul\u0000,Post,,\n`, 'small', 'good');
    const problems = await house.intake.problems(systemScope, view.id, { limit: 50 });
    expect(problems.map(({ code, row, column }) => [code, row, column])).toEqual(expect.arrayContaining([['personal-email', 1, 'name'], ['damaged-text', 2, 'name'], ['nul-character', 3, 'name']]));
    expect(JSON.stringify(problems.filter((problem) => problem.code === 'personal-email'))).not.toContain('example.org');
    expect(view.result).toMatchObject({ added: 2, leftOut: 1 });
  });

  it('keeps what people edited here', async () => {
    await house.put(`${head}e1,Mine,Post,,\n`, 'small');
    const entry = (await house.entries('small')).find((one) => one.source?.key === 'e1');
    const edited = await house.registry.edit(systemScope, entry?.id ?? '', entry?.revision ?? 0, { ...entry?.record, purpose: 'Told by a person' });
    expect(edited.ok).toBe(true);
    const after = await house.put(`${head}e1,Theirs,Post,,\n`, 'small');
    expect(after.result).toMatchObject({ changed: 0, editedHere: 1 });
    expect((await house.entries('small')).find((one) => one.source?.key === 'e1')?.record).toMatchObject({ name: 'Mine', purpose: 'Told by a person' });
  });

  it('runs as a job: preview, apply, cancel, go on', async () => {
    const { intake, jobs } = house;
    const file = await intake.keepFile(Readable.from([Buffer.from(`${head}j1,Job,Post,,\n`)]));
    const begun = await intake.start(systemScope, file, { profile: 'small', fileName: 'j.csv', mode: 'preview' });
    if (!begun.ok) throw new Error(begun.refusal.code);
    expect((await jobs.wait(begun.value.job)).state).toBe('done');
    expect(await intake.get(systemScope, begun.value.id)).toMatchObject({ state: 'checked', result: null, counts: { added: 1 } });
    expect((await house.entries('small')).some((one) => one.source?.key === 'j1')).toBe(false);
    expect(await intake.cancel(systemScope, begun.value.id)).toMatchObject({ ok: true, value: { state: 'cancelled' } });
    expect(await intake.apply(systemScope, begun.value.id, 'all')).toEqual({ ok: false, refusal: { code: 'wrong-state', state: 'cancelled' } });
    const resumed = await intake.resume(systemScope, begun.value.id);
    if (!resumed.ok) throw new Error(resumed.refusal.code);
    await jobs.wait(resumed.value.job);
    const applied = await intake.apply(systemScope, begun.value.id, 'all');
    if (!applied.ok) throw new Error(applied.refusal.code);
    expect(await jobs.wait(applied.value.job)).toMatchObject({ state: 'done', result: { added: 1 } });
    expect(await intake.get(systemScope, begun.value.id)).toMatchObject({ state: 'applied' });
    expect(await intake.get(publicScope, begun.value.id)).toBeUndefined();
  });

  it('says why a file cannot be read, and goes on with another profile', async () => {
    const { intake, jobs } = house;
    const file = await intake.keepFile(Readable.from([Buffer.from('x,y\n1,2\n')]));
    const begun = await intake.start(systemScope, file, { profile: 'small', fileName: 'x.csv', mode: 'preview' });
    if (!begun.ok) throw new Error(begun.refusal.code);
    expect(await jobs.wait(begun.value.job)).toMatchObject({ state: 'failed', error: { code: 'header-not-found' } });
    expect(await intake.get(systemScope, begun.value.id)).toMatchObject({ state: 'refused', refusal: { code: 'header-not-found' } });
    expect(await intake.start(systemScope, file, { profile: 'nobody', fileName: 'x', mode: 'all' })).toEqual({ ok: false, refusal: { code: 'profile-unknown', profile: 'nobody' } });
    expect(await intake.start(publicScope, file, { profile: 'small', fileName: 'x', mode: 'all' })).toEqual({ ok: false, refusal: { code: 'not-allowed' } });
  });

  it('takes its own export back: the same register is not changed, another one gets the same records', async () => {
    const made = await house.registry.create(systemScope, { name: 'Made by hand', organisation: 'Post', purpose: '=1+1 <b>', keywords: ['a;b', "c'd"], suppliers: [{ name: 'S' }] });
    if (!made.ok) throw new Error(made.refusal.code);
    const imported = (await house.entries('small'))[0];
    const systems = [made.value, imported].map((entry) => ({ id: entry?.id, number: entry?.number, status: entry?.status, record: entry?.record, ...(entry?.source === undefined ? {} : { source: entry.source }) }));
    const text = JSON.stringify({ format: 'mizan-systems', version: 1, systems });
    const same = await house.put(text, 'mizan');
    expect(same.counts).toMatchObject({ unchanged: 2, added: 0 });
    expect(same.result).toMatchObject({ unchanged: 2, added: 0, changed: 0 });
    const elsewhere = await house.put(JSON.stringify({ format: 'mizan-systems', version: 1, systems: [{ ...systems[0], id: '11111111-1111-4111-8111-111111111111' }] }), 'mizan');
    expect(elsewhere.result).toMatchObject({ added: 1 });
    expect((await house.entries('mizan'))[0]).toMatchObject({ status: 'draft', record: made.value.record });
    const table = `id,status,name,organisation,purpose,keywords,suppliers\n${csvLine(['22222222-2222-4222-8222-222222222222', 'draft', 'Made by hand', 'Post', "'=1+1 <b>", JSON.stringify(made.value.record.keywords), JSON.stringify(made.value.record.suppliers)])}\n`;
    expect((await house.put(table, 'mizan-csv')).result).toMatchObject({ added: 1 });
    expect((await house.entries('mizan-csv'))[0]?.record).toEqual(made.value.record);
  });

  describe.skipIf(!hasData)('published inventories', () => {
    const files: readonly [profile: string, path: string, expected: Record<string, unknown>][] = [
      ['us-federal-2024', 'us-inventory/2024_consolidated_ai_inventory_raw.csv', { read: 1757, added: 1757, duplicates: 3 }],
      ['us-federal-2023', 'us-inventory/2023_consolidated_ai_inventory_raw.csv', { read: 710, added: 710, duplicates: 0 }],
      ['nl-algorithm-register', 'nl-algoritmeregister/algoritmes_schellevis_2026-05-13.json', { read: 1431, added: 1431, duplicates: 0 }],
      ['uk-atrs', 'uk-atrs/atrs_records.json', { read: 136, added: 136, duplicates: 0 }],
      ['jrc-ai-watch', 'registers/jrc120399_ai-watch-t6-old.csv', { read: 100, added: 100, duplicates: 0 }],
      ['helsinki', 'registers/helsinki-ai-register.csv', { read: 5, added: 5, duplicates: 0 }],
      ['amsterdam', 'registers/amsterdam-algorithm-register.csv', { read: 4, added: 4, duplicates: 0 }],
    ];
    it.each(files)('%s comes in whole, stays when it comes again, and every cell can be written back', async (profile, path, expected) => {
      const { intake } = house;
      const bring = async (): Promise<ImportView> => {
        const file = await intake.keepFile(createReadStream(join(data, path)));
        const done = await intake.runHere(systemScope, file, { profile, fileName: path, mode: 'all' });
        if (!done.ok) throw new Error(done.refusal.code);
        return done.value;
      };
      const first = await bring();
      expect(first.result).toMatchObject({ ...expected, changed: 0, unchanged: 0, withdrawn: 0, leftOut: 0 });
      expect(first.drift).toMatchObject({ added: [], missing: [] });
      const again = await bring();
      expect(again.result).toMatchObject({ read: expected['read'], added: 0, changed: 0, unchanged: expected['read'], withdrawn: 0 });
      expect(await restored(house, profile, first)).toEqual(await independent(join(data, path)));
      const page = await house.registry.list(publicScope, { facets: { source: [profile] }, limit: 1 });
      expect(page.ok && page.value.total).toBe(expected['read']);
      expect(createHash('sha256').update(readFileSync(join(data, path))).digest('hex')).toBe(first.fileSha256);
    });

    it('counts what is odd in them', async () => {
      const views = await house.intake.list(systemScope, { limit: 200 });
      const of = (profile: string): ImportView | undefined => views.find((view) => view.profile === profile);
      expect(of('us-federal-2023')?.findings).toMatchObject({ damagedCells: 10, counts: { replacement: 21, escapedControl: 44, invisible: 78 } });
      expect(of('us-federal-2024')?.findings).toMatchObject({ counts: { onlySpace: 744, edgeSpace: 2390 - 744, 'formula-like': 2 }, problemCodes: { 'row-duplicate': 3, 'row-same-name': 15 } });
      expect(of('nl-algorithm-register')?.counts).toMatchObject({ deployments: { groups: 98 }, sameNameAndOwner: 1 });
      expect(of('uk-atrs')?.findings?.problemCodes).toMatchObject({ 'organisation-not-told': 6 });
      expect(of('jrc-ai-watch')?.findings?.byColumn).toMatchObject({ start_date: { placeholder: 100 } });
    });

    it('labels and lists are read as data', async () => {
      const entries = await house.entries('us-federal-2024');
      const positive = entries.filter((entry) => (entry.record.keywords ?? []).some((word) => /^(rights|safety)/.test(word)));
      expect(positive).toHaveLength(227);
      expect(new Set(entries.filter((entry) => /veterans affairs/i.test(entry.record.organisation)).map((entry) => entry.body.id)).size).toBe(1);
    });

    it('links one product at many bodies as deployments, without merging', async () => {
      const entries = await house.entries('nl-algorithm-register');
      const products = new Map<string, number>();
      for (const entry of entries) if (entry.product !== undefined) products.set(entry.product.name.toLowerCase(), (products.get(entry.product.name.toLowerCase()) ?? 0) + 1);
      expect([products.get('anonimiseren'), products.get('zivver')]).toEqual([74, 59]);
    });

    it('imports two encodings of one source to the same entries', async () => {
      const before = await house.entries('uk-atrs');
      const file = await house.intake.keepFile(createReadStream(join(data, 'uk-atrs/atrs_records.csv')));
      const done = await house.intake.runHere(systemScope, file, { profile: 'uk-atrs', fileName: 'atrs.csv', mode: 'all' });
      expect(done.ok && done.value.result).toMatchObject({ read: 136, added: 0, changed: 0, unchanged: 136, withdrawn: 0 });
      expect((await house.entries('uk-atrs')).map((entry) => [entry.id, entry.revision])).toEqual(before.map((entry) => [entry.id, entry.revision]));
    });
  });
});

/** The cells of a source's last file, put together from the register's records, the ledger and the facts of the import. */
async function restored(house: House, profile: string, view: ImportView): Promise<unknown> {
  const entries = new Map((await house.entries(profile)).map((entry) => [entry.source?.key ?? '', entry]));
  const header = view.facts?.header ?? [];
  const rows = (await house.intake.places(profile)).map(({ key, kinds }) => {
    const cells = new Map((entries.get(key)?.record.sourceColumns ?? []).map((column) => [column.name, column.value]));
    if (view.facts?.format === 'csv') return header.map((name) => cells.get(name));
    return Object.fromEntries(header.flatMap((name, index): [string, unknown][] => {
      const kind = kinds?.charAt(index) ?? 's';
      const text = cells.get(name) ?? '';
      return kind === 'm' ? [] : [[name, kind === 'n' ? null : kind === 'j' ? (JSON.parse(text) as unknown) : text]];
    }));
  });
  return view.facts?.format === 'csv' ? [view.facts.headerAsWritten, ...rows] : rows;
}

/** The same file read by other software. */
async function independent(path: string): Promise<unknown> {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) {
    const document = JSON.parse(text) as { algoritmes?: unknown; records?: unknown };
    return document.algoritmes ?? document.records;
  }
  const { parse } = await import('csv-parse/sync');
  return parse(text, { bom: true, relax_column_count: true, record_delimiter: ['\r\n', '\n'] });
}

describe('a profile', () => {
  it.each([
    ['no YAML', 'id: [', ''],
    ['an unknown field', profileText({ ...small, fields: { ...small.fields, nonsense: [{ column: 'id' }] } }), 'fields.nonsense'],
    ['a value the field does not know', profileText({ ...small, fields: { ...small.fields, phase: [{ column: 'stage', map: { x: 'nowhere' } }] } }), 'fields.phase.map'],
    ['a column it does not list', profileText({ ...small, fields: { ...small.fields, purpose: [{ column: 'purposs' }] } }), 'columns'],
    ['no name', profileText({ ...small, fields: { organisation: [{ value: 'x' }] } }), 'fields.name'],
    ['alias bomb', `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`, ''],
  ])('with %s is refused, with the place', (_given, text, path) => {
    const parsed = parseProfile(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.refusal.map((problem) => problem.path)).toContain(path);
  });
});

