/** What leaves the register comes back as it was: JSON, CSV and XLSX into a fresh register, and again out of it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SystemEntry, SystemRecord } from '../../src/features/registry/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { AWKWARD_TEXTS, fullRecord, inventoryCsv } from '../support/inventory.ts';
import { openStory, type Story } from '../support/story.ts';

/** What an exchange file is to carry: where the entry comes from, its status, and every field with the verbatim cells. */
interface Carried {
  readonly source: string;
  readonly status: string;
  readonly record: SystemRecord;
}

/** An entry made by hand has no source; in another register its source is its id of here. */
function carried(entry: SystemEntry): Carried {
  return { source: entry.source === undefined ? `mizan ${entry.id}` : `${entry.source.profile} ${entry.source.key}`, status: entry.status, record: entry.record };
}

const byOrigin = (entries: readonly SystemEntry[]): Readonly<Record<string, Omit<Carried, 'source'>>> => Object.fromEntries(entries.map(carried).map(({ source, ...rest }) => [source, rest]));

async function everything(story: Story): Promise<readonly SystemEntry[]> {
  const answer = await story.get('/api/v1/exports/json');
  expect(answer.status).toBe(200);
  const file = answer.json<{ format: string; version: number; systems: SystemEntry[] }>();
  expect([file.format, file.version]).toEqual(['mizan-systems', 1]);
  return file.systems;
}

onEveryEngine((_open, engine) => {
  let first: Story;
  beforeAll(async () => {
    first = await openStory({ engine });
    const imported = await first.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() });
    expect(imported.result).toMatchObject({ read: 6, added: 6, leftOut: 0 });
    for (const start of AWKWARD_TEXTS.keys()) {
      const made = await first.send('POST', '/api/v1/systems', { record: fullRecord(start), reason: 'full' });
      expect(made.status, made.body.slice(0, 300)).toBe(201);
    }
    // Every status leaves and comes back.
    const [one, two] = (await everything(first)).filter((entry) => entry.source === undefined);
    for (const [id, revision, to] of [[one?.id, 1, 'submitted'], [two?.id, 1, 'submitted'], [two?.id, 2, 'withdrawn']] as const) {
      expect((await first.send('POST', `/api/v1/systems/${id}/transitions`, { to }, { 'if-match': String(revision) })).status).toBe(200);
    }
  });
  afterAll(async () => first?.close());

  it('lists every entry once', async () => {
    const entries = await everything(first);
    expect(entries).toHaveLength(6 + AWKWARD_TEXTS.length);
    expect(new Set(entries.map((entry) => entry.id)).size).toBe(entries.length);
    expect(new Set(entries.map((entry) => entry.status))).toEqual(new Set(['registered', 'draft', 'submitted', 'withdrawn']));
    expect(entries.find((entry) => entry.status === 'submitted')?.record).toEqual(fullRecord(entries.filter((entry) => entry.source === undefined).findIndex((entry) => entry.status === 'submitted')));
  });

  describe.each([
    ['json', 'mizan'],
    ['csv', 'mizan-csv'],
    ['xlsx', 'mizan-csv'],
  ])('%s', (format, profile) => {
    it('into a fresh register and out again is the same', async () => {
      const file = await first.get(`/api/v1/exports/${format}`);
      expect(file.status).toBe(200);
      const second = await openStory({ engine });
      try {
        const imported = await second.importFile(profile, { name: `register.${format}`, content: file.bytes });
        expect(imported.refusal).toBeNull();
        const expected = await everything(first);
        expect(imported.result).toMatchObject({ read: expected.length, added: expected.length, changed: 0, leftOut: 0 });
        const copied = await everything(second);
        // The table formats name their own profile as the source of entries that had none.
        const origin = (entries: readonly SystemEntry[]) => Object.fromEntries(Object.entries(byOrigin(entries)).map(([key, value]) => [key.replace(/^mizan(-csv)? /, ''), value]));
        expect(origin(copied)).toEqual(origin(expected));
        // Out of the copy and into the copy again: nothing is new, nothing changes.
        const again = await second.get(`/api/v1/exports/${format}`);
        const back = await second.importFile(profile, { name: `again.${format}`, content: again.bytes });
        expect(back.result).toMatchObject({ added: 0, changed: 0, unchanged: expected.length, withdrawn: 0 });
        expect(await everything(second)).toEqual(copied);
      } finally {
        await second.close();
      }
    });
  });

  it('into the register it came from changes nothing', async () => {
    const before = await everything(first);
    const file = await first.get('/api/v1/exports/json');
    const imported = await first.importFile('mizan', { name: 'own.json', content: file.bytes });
    expect(imported.result).toMatchObject({ added: 0, changed: 0, withdrawn: 0, leftOut: 0 });
    expect(await everything(first)).toEqual(before);
  });
});
