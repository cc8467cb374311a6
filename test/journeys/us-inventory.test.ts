/** The inventory the United States published in 2024, whole: nothing lost, work in the order of stakes, the second time nothing new. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SystemEntry } from '../../src/features/registry/index.ts';
import { onEveryEngine } from '../support/engines.ts';
import { type ImportTold, openStory, type Story } from '../support/story.ts';

const path = join(import.meta.dirname, '../../../shared/data/us-inventory/2024_consolidated_ai_inventory_raw.csv');
if (!existsSync(path)) console.warn('\nSKIPPED: the inventory of the United States is not beside this repository; its story is not told.\n');
const ROWS = 1757;
const REPEATED_ROWS = 3;

describe.skipIf(!existsSync(path))('the 2024 inventory', () => {
  onEveryEngine((_open, engine) => {
    let story: Story;
    let first: ImportTold;
    const content = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    beforeAll(async () => {
      story = await openStory({ engine });
      first = await story.importFile('us-federal-2024', { name: 'us-2024.csv', content });
    });
    afterAll(async () => story?.close());

    it('becomes one entry a row, and names the rows that stand twice', async () => {
      expect(first.result).toMatchObject({ read: ROWS, added: ROWS, changed: 0, unchanged: 0, withdrawn: 0, leftOut: 0 });
      expect(first.counts).toMatchObject({ duplicates: REPEATED_ROWS, bad: 0 });
      expect((await story.get('/api/v1/systems?limit=1')).json<{ total: number }>().total).toBe(ROWS);
    });

    it('keeps every cell of every row as it was', async () => {
      const table: string[][] = parse(content, { bom: true, relax_column_count: true });
      const header = table[0] ?? [];
      const { systems } = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>();
      const rowText = (cells: readonly string[]): string => JSON.stringify(cells);
      const kept = systems.map((entry) => {
        const columns = entry.record.sourceColumns ?? [];
        expect(columns.map((column) => column.name)).toEqual(header);
        return rowText(columns.map((column) => column.value));
      });
      expect(kept.toSorted()).toEqual(table.slice(1).map(rowText).toSorted());
    });

    it('is worked on in the order of stakes, every system once', async () => {
      const seen: { systemId: string; stakes: number }[] = [];
      let after: string | undefined;
      do {
        const page = (await story.get(`/api/v1/worklist?limit=100${after === undefined ? '' : `&after=${after}`}`)).json<{ items: { systemId: string; stakes: number }[]; next?: string; total: number }>();
        expect(page.total).toBe(ROWS);
        seen.push(...page.items);
        after = page.next;
      } while (after !== undefined);
      expect(new Set(seen.map((item) => item.systemId)).size).toBe(ROWS);
      expect(seen.every((item, index) => index === 0 || item.stakes <= (seen[index - 1]?.stakes ?? 0))).toBe(true);
      expect(seen[0]?.stakes).toBeGreaterThan(0);
    });

    it('is found by the words of its systems and bodies', async () => {
      for (const [words, least] of [['facial recognition', 5], ['veterans affairs', 200], ['chatbot', 5]] as const) {
        expect((await story.get(`/api/v1/systems?q=${encodeURIComponent(words)}`)).json<{ total: number }>().total, words).toBeGreaterThanOrEqual(least);
      }
    });

    it('the second time changes nothing', async () => {
      const again = await story.importFile('us-federal-2024', { name: 'us-2024.csv', content });
      expect(again.result).toMatchObject({ read: ROWS, added: 0, changed: 0, unchanged: ROWS, withdrawn: 0, leftOut: 0 });
    });
  });
});
