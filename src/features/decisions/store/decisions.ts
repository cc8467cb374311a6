/** Rows of decisions: the list that people search, and the opinions found in the log. */

import { type SelectQueryBuilder } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { foldLetters } from '../../../platform/text/index.ts';
import { type Choices, type DecidedRow, EXPORTED_ROWS_MAX, type ListFilter, type Listed, type Localised, OPINIONS_MAX, type OpinionKind, ROWS_DEFAULT } from '../model.ts';
import { decisionTables, type DecisionTables } from './tables.ts';

export interface OpinionRow {
  readonly index: number;
  readonly slot: string;
  readonly round: number;
  readonly kind: OpinionKind;
  readonly seats: readonly number[];
  readonly texts: readonly { readonly language: string; readonly digest: string }[];
}

export interface DecisionStore {
  put(row: DecidedRow): Promise<void>;
  list(filter: ListFilter): Promise<Listed>;
  one(slot: string, round: number): Promise<DecidedRow | undefined>;
  choices(): Promise<Choices>;
  opinions(slot: string, round: number): Promise<readonly OpinionRow[]>;
  /** Entries of the log that were read for opinions. */
  readSize(): Promise<number>;
  putOpinions(rows: readonly OpinionRow[], readSize: number): Promise<void>;
}

const instantOf = (value: unknown): Instant => new Date(value as string).toISOString() as Instant;
const escaped = (word: string): string => word.replaceAll(/[\\%_]/g, '\\$&');

function rowOf(found: { readonly [K in keyof DecisionTables['decisions_decided']]: DecisionTables['decisions_decided'][K] }): DecidedRow {
  return {
    slot: found.slot,
    round: found.round,
    epoch: found.epoch,
    class: found.class,
    result: found.result,
    option: found.option ?? undefined,
    number: found.number,
    kind: found.kind ?? undefined,
    kindLabel: found.kind_label === null ? undefined : (JSON.parse(found.kind_label) as Localised),
    title: JSON.parse(found.title) as Localised,
    motion: found.motion,
    decidedAt: instantOf(found.decided_at),
    inForceAt: found.in_force_at === null ? undefined : instantOf(found.in_force_at),
    yes: found.yes,
    no: found.no,
    abstain: found.abstain,
  };
}

/** Every word has to stand somewhere; days are those of UTC, both included. */
function chosen<O>(query: SelectQueryBuilder<DecisionTables, 'decisions_decided', O>, filter: ListFilter): SelectQueryBuilder<DecisionTables, 'decisions_decided', O> {
  let narrowed = query;
  const words = foldLetters(filter.q ?? '').split(/\s+/).filter((word) => word !== '').slice(0, 10);
  for (const word of words) narrowed = narrowed.where('words', 'like', `%${escaped(word)}%`);
  if (filter.kind !== undefined) narrowed = narrowed.where('kind', '=', filter.kind);
  if (filter.result !== undefined) narrowed = narrowed.where('result', '=', filter.result);
  if (filter.class !== undefined) narrowed = narrowed.where('class', '=', filter.class);
  if (filter.from !== undefined) narrowed = narrowed.where('decided_at', '>=', `${filter.from}T00:00:00Z`);
  if (filter.to !== undefined) narrowed = narrowed.where('decided_at', '<=', `${filter.to}T23:59:59.999Z`);
  return narrowed;
}

export function createDecisionStore(database: Database): DecisionStore {
  const db = decisionTables(database);
  return {
    put: async (row) => {
      const values = {
        slot: row.slot,
        round: row.round,
        epoch: row.epoch,
        class: row.class,
        result: row.result,
        option: row.option ?? null,
        number: row.number,
        kind: row.kind ?? null,
        kind_label: row.kindLabel === undefined ? null : JSON.stringify(row.kindLabel),
        title: JSON.stringify(row.title),
        words: foldLetters([row.number, row.slot, ...new Set(Object.values(row.title)), ...Object.values(row.kindLabel ?? {})].join(' ')).slice(0, 20_000),
        motion: row.motion,
        decided_at: row.decidedAt,
        in_force_at: row.inForceAt ?? null,
        yes: row.yes,
        no: row.no,
        abstain: row.abstain,
      };
      await db.insertInto('decisions_decided').values(values).onConflict((conflict) => conflict.columns(['slot', 'round']).doUpdateSet(values)).execute();
    },
    list: async (filter) => {
      const rows = await chosen(db.selectFrom('decisions_decided'), filter)
        .selectAll()
        .orderBy('decided_at', 'desc')
        .orderBy('slot')
        .orderBy('round')
        .offset(filter.offset ?? 0)
        .limit(Math.min(filter.limit ?? ROWS_DEFAULT, EXPORTED_ROWS_MAX))
        .execute();
      const { count } = await chosen(db.selectFrom('decisions_decided'), filter).select((of) => of.fn.countAll<string>().as('count')).executeTakeFirstOrThrow();
      return { rows: rows.map(rowOf), total: Number(count) };
    },
    one: async (slot, round) => {
      const found = await db.selectFrom('decisions_decided').selectAll().where('slot', '=', slot).where('round', '=', round).executeTakeFirst();
      return found === undefined ? undefined : rowOf(found);
    },
    choices: async () => {
      const [kinds, classes] = await Promise.all([
        db.selectFrom('decisions_decided').select(['kind', 'kind_label']).distinct().where('kind', 'is not', null).where('kind_label', 'is not', null).limit(100).execute(),
        db.selectFrom('decisions_decided').select('class').distinct().orderBy('class').limit(100).execute(),
      ]);
      const labels = new Map(kinds.map(({ kind, kind_label: label }) => [kind ?? '', JSON.parse(label ?? '{}') as Localised]));
      return { kinds: [...labels].map(([word, label]) => ({ word, label })), classes: classes.map((row) => row.class) };
    },
    opinions: async (slot, round) => {
      const found = await db.selectFrom('decisions_opinions').selectAll().where('slot', '=', slot).where('round', '=', round).orderBy('index').limit(OPINIONS_MAX).execute();
      return found.map((row) => ({ index: row.index, slot: row.slot, round: row.round, kind: row.kind, seats: JSON.parse(row.seats) as number[], texts: JSON.parse(row.texts) as OpinionRow['texts'] }));
    },
    readSize: async () => (await db.selectFrom('decisions_read').select('size').executeTakeFirst())?.size ?? 0,
    putOpinions: async (rows, size) =>
      db.transaction().execute(async (tx) => {
        const values = rows.map((row) => ({ index: row.index, slot: row.slot, round: row.round, kind: row.kind, seats: JSON.stringify(row.seats), texts: JSON.stringify(row.texts) }));
        if (values.length > 0) await tx.insertInto('decisions_opinions').values(values).onConflict((conflict) => conflict.column('index').doNothing()).execute();
        await tx.insertInto('decisions_read').values({ sole: true, size }).onConflict((conflict) => conflict.column('sole').doUpdateSet((of) => ({ size: of.fn('greatest', ['decisions_read.size', of.ref('excluded.size')]) as never }))).execute();
      }),
  };
}
