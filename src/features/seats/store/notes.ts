/** Demands that wait for signatures, and the texts that notes name. */

import type { Database } from '../../../platform/db/index.ts';
import { DEMANDS_WAITING_MAX } from '../model.ts';
import { seatsTables } from './tables.ts';

export interface DemandRow {
  readonly digest: string;
  readonly text: string;
  readonly lines: readonly { readonly seat: number; readonly note: string }[];
}

export interface NoteStore {
  putTexts(texts: Readonly<Record<string, string>>): Promise<void>;
  text(digest: string): Promise<string | undefined>;
  /** The demands of this epoch that wait, the oldest first. */
  waiting(epoch: number): Promise<readonly DemandRow[]>;
  demand(digest: string): Promise<DemandRow | undefined>;
  /** False where too many wait. */
  putDemand(demand: { readonly digest: string; readonly text: string; readonly epoch: number }): Promise<boolean>;
  putLine(demand: string, seat: number, note: string): Promise<void>;
  settle(digest: string, outcome: { readonly entry: number } | { readonly refusal: string }): Promise<void>;
}

export function createNoteStore(database: Pick<Database, 'db'>): NoteStore {
  const db = seatsTables(database);
  const linesOf = async (digests: readonly string[]): Promise<ReadonlyMap<string, { readonly seat: number; readonly note: string }[]>> => {
    const found = new Map<string, { seat: number; note: string }[]>();
    if (digests.length === 0) return found;
    for (const { demand, seat, note } of await db.selectFrom('seats_demand_lines').select(['demand', 'seat', 'note']).where('demand', 'in', [...digests]).orderBy('seat').execute()) found.set(demand, [...(found.get(demand) ?? []), { seat, note }]);
    return found;
  };
  return {
    putTexts: async (texts) => {
      const rows = Object.entries(texts).map(([digest, text]) => ({ digest, text }));
      if (rows.length > 0) await db.insertInto('seats_texts').values(rows).onConflict((conflict) => conflict.doNothing()).execute();
    },
    text: async (digest) => (await db.selectFrom('seats_texts').select('text').where('digest', '=', digest).executeTakeFirst())?.text,
    waiting: async (epoch) => {
      const rows = await db.selectFrom('seats_demands').select(['digest', 'text']).where('state', '=', 'waiting').where('epoch', '=', epoch).orderBy('made_at').limit(DEMANDS_WAITING_MAX).execute();
      const lines = await linesOf(rows.map(({ digest }) => digest));
      return rows.map((row) => ({ ...row, lines: lines.get(row.digest) ?? [] }));
    },
    demand: async (digest) => {
      const row = await db.selectFrom('seats_demands').select(['digest', 'text']).where('digest', '=', digest).executeTakeFirst();
      return row === undefined ? undefined : { ...row, lines: (await linesOf([digest])).get(digest) ?? [] };
    },
    putDemand: async ({ digest, text, epoch }) => {
      const { count } = await db.selectFrom('seats_demands').select(({ fn }) => fn.countAll<number>().as('count')).where('state', '=', 'waiting').where('epoch', '=', epoch).executeTakeFirstOrThrow();
      if (count >= DEMANDS_WAITING_MAX) return false;
      await db.insertInto('seats_demands').values({ digest, text, epoch }).onConflict((conflict) => conflict.doNothing()).execute();
      return true;
    },
    putLine: async (demand, seat, note) => {
      await db.insertInto('seats_demand_lines').values({ demand, seat, note }).onConflict((conflict) => conflict.doNothing()).execute();
    },
    settle: async (digest, outcome) => {
      const set = 'entry' in outcome ? { state: 'logged' as const, entry: outcome.entry } : { state: 'refused' as const, refusal: outcome.refusal };
      await db.updateTable('seats_demands').set(set).where('digest', '=', digest).execute();
    },
  };
}
