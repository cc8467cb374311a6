/** Rows of the council: its founding, mail, submissions, what the operator stands at, and rounds as read from the log. */

import { sql } from 'kysely';
import type { Database } from '../../../platform/db/index.ts';
import { LETTERS_MAX, LETTERS_TAKEN_MAX, ROUNDS_SHOWN_MAX, type RoundFacts, type RoundsPage, type RoundsQuery, type SeatStanding } from '../model.ts';
import { councilTables } from './tables.ts';

export interface FoundingRow {
  readonly constitution: string;
  readonly genesis: string;
  readonly genesisIndex: number;
  readonly rollIndex: number;
}

export interface Letter {
  readonly id: number;
  /** 0 is the operator. */
  readonly sender: number;
  readonly message: string;
}

/** What the other processes need to know of the operator. */
export interface OperatorRow {
  readonly head: string | undefined;
  readonly headSize: number;
  /** Seats whose cosignature is waited for. */
  readonly asked: readonly number[];
  readonly certified: { readonly note: string; readonly size: number; readonly root: string; readonly timeS: number } | undefined;
  readonly epoch: number;
  readonly roll: string | undefined;
  readonly rollDigest: string | undefined;
  readonly prefixSize: number;
}

export interface Submission {
  readonly id: string;
  readonly ordinal: number;
  readonly entries: readonly string[];
}

export interface RoundRow {
  readonly facts: RoundFacts;
  readonly firstIndex: number;
}

export interface CouncilStore {
  founding(): Promise<FoundingRow | undefined>;
  putFounding(row: FoundingRow, at: string): Promise<void>;
  post(letters: readonly { readonly recipient: number; readonly sender: number; readonly message: string }[]): Promise<void>;
  letters(recipient: number, after: number): Promise<readonly Letter[]>;
  /** Removes what was handed over: up to and with this letter. */
  taken(recipient: number, upTo: number): Promise<void>;
  /** False when too many wait. */
  put(id: string, entries: readonly string[], waitingMax: number): Promise<boolean>;
  waiting(after: number, limit: number): Promise<readonly Submission[]>;
  answer(id: string, state: 'written' | 'refused', answer: unknown): Promise<void>;
  answered(id: string): Promise<{ readonly state: 'written' | 'refused'; readonly answer: string } | undefined>;
  tidy(): Promise<void>;
  operator(): Promise<OperatorRow | undefined>;
  putOperator(row: OperatorRow): Promise<void>;
  putRoll(roll: { readonly epoch: number; readonly text: string; readonly digest: string; readonly index: number }): Promise<void>;
  roll(epoch: number): Promise<string | undefined>;
  rollEntry(epoch: number): Promise<{ readonly text: string; readonly index: number } | undefined>;
  /** The round of a slot that carried something. */
  carried(slot: string): Promise<RoundFacts | undefined>;
  putRounds(rows: readonly RoundRow[]): Promise<void>;
  /** The certified checkpoint above the OUTCOME of these rounds; kept once. */
  certify(rounds: readonly { readonly slot: string; readonly round: number }[], checkpoint: string): Promise<void>;
  round(slot: string, round: number): Promise<{ readonly facts: RoundFacts; readonly checkpoint: string | undefined } | undefined>;
  rounds(query: RoundsQuery): Promise<RoundsPage>;
  untold(limit: number): Promise<readonly RoundFacts[]>;
  told(slot: string, round: number): Promise<void>;
  seen(seat: number, of: { readonly at?: string; readonly stampS?: number; readonly size?: number }): Promise<void>;
  seats(): Promise<readonly SeatStanding[]>;
  /** Whether this request comes for the first time. */
  isNew(digest: string, until: string): Promise<boolean>;
}

const factsIn = (text: string, certified: boolean): RoundFacts => ({ ...(JSON.parse(text) as RoundFacts), certified });

// oxlint-disable-next-line max-lines-per-function -- one query each
export function createCouncilStore(database: Pick<Database, 'db'>): CouncilStore {
  const db = councilTables(database);
  return {
    founding: async () => {
      const row = await db.selectFrom('council_founding').selectAll().executeTakeFirst();
      return row === undefined ? undefined : { constitution: row.constitution, genesis: row.genesis, genesisIndex: row.genesis_index, rollIndex: row.roll_index };
    },
    putFounding: async ({ constitution, genesis, genesisIndex, rollIndex }, at) => {
      await db.insertInto('council_founding').values({ constitution, genesis, genesis_index: genesisIndex, roll_index: rollIndex, founded_at: at }).onConflict((conflict) => conflict.doNothing()).execute();
    },
    post: async (letters) => {
      if (letters.length === 0) return;
      await db.insertInto('council_letters').values([...letters]).execute();
      const recipients = [...new Set(letters.map(({ recipient }) => recipient))];
      // The oldest give way: seats and operator say again what matters.
      await sql`delete from council_letters l using (
          select recipient, id from (select recipient, id, row_number() over (partition by recipient order by id desc) as place from council_letters where recipient = any(${`{${recipients.join(',')}}`}::smallint[])) as counted
          where place = ${LETTERS_MAX + 1}) as over
        where l.recipient = over.recipient and l.id <= over.id`.execute(db);
    },
    letters: async (recipient, after) =>
      db.selectFrom('council_letters').select(['id', 'sender', 'message']).where('recipient', '=', recipient).where('id', '>', after).orderBy('id').limit(LETTERS_TAKEN_MAX).execute(),
    taken: async (recipient, upTo) => {
      await db.deleteFrom('council_letters').where('recipient', '=', recipient).where('id', '<=', upTo).execute();
    },
    put: async (id, entries, waitingMax) => {
      const { rows } = await sql`insert into council_submissions (id, entries)
        select ${id}::uuid, ${JSON.stringify(entries)} where (select count(*) from council_submissions where state = 'waiting') < ${waitingMax} returning id`.execute(db);
      return rows.length === 1;
    },
    waiting: async (after, limit) => {
      const rows = await db.selectFrom('council_submissions').select(['id', 'ordinal', 'entries']).where('state', '=', 'waiting').where('ordinal', '>', after).orderBy('ordinal').limit(limit).execute();
      return rows.map(({ id, ordinal, entries }) => ({ id, ordinal, entries: JSON.parse(entries) as readonly string[] }));
    },
    answer: async (id, state, answer) => {
      await db.updateTable('council_submissions').set({ state, answer: JSON.stringify(answer) }).where('id', '=', id).execute();
    },
    answered: async (id) => {
      const row = await db.selectFrom('council_submissions').select(['state', 'answer']).where('id', '=', id).executeTakeFirst();
      return row === undefined || row.state === 'waiting' ? undefined : { state: row.state, answer: row.answer ?? 'null' };
    },
    tidy: async () => {
      await sql`delete from council_submissions where state <> 'waiting' and made_at < clock_timestamp() - interval '1 day'`.execute(db);
      await sql`delete from council_requests where until < clock_timestamp()`.execute(db);
    },
    operator: async () => {
      const row = await db.selectFrom('council_operator').selectAll().executeTakeFirst();
      if (row === undefined) return undefined;
      const certified = row.certified === null ? undefined : { note: row.certified, size: row.certified_size ?? 0, root: row.certified_root ?? '', timeS: row.certified_s ?? 0 };
      return { head: row.head ?? undefined, headSize: row.head_size ?? -1, asked: JSON.parse(row.asked) as number[], certified, epoch: row.epoch, roll: row.roll ?? undefined, rollDigest: row.roll_digest ?? undefined, prefixSize: row.prefix_size };
    },
    putOperator: async ({ head, headSize, asked, certified, epoch, roll, rollDigest, prefixSize }) => {
      const row = {
        head: head ?? null,
        head_size: headSize < 0 ? null : headSize,
        asked: JSON.stringify(asked),
        certified: certified?.note ?? null,
        certified_size: certified?.size ?? null,
        certified_root: certified?.root ?? null,
        certified_s: certified?.timeS ?? null,
        epoch,
        roll: roll ?? null,
        roll_digest: rollDigest ?? null,
        prefix_size: prefixSize,
      };
      await db.insertInto('council_operator').values(row).onConflict((conflict) => conflict.column('sole').doUpdateSet(row)).execute();
    },
    putRoll: async (roll) => {
      await db.insertInto('council_rolls').values(roll).onConflict((conflict) => conflict.doNothing()).execute();
    },
    roll: async (epoch) => (await db.selectFrom('council_rolls').select('text').where('epoch', '=', epoch).executeTakeFirst())?.text,
    rollEntry: async (epoch) => db.selectFrom('council_rolls').select(['text', 'index']).where('epoch', '=', epoch).executeTakeFirst(),
    carried: async (slot) => {
      const found = await db.selectFrom('council_rounds').select(['facts', 'certified']).where('slot', '=', slot).where('stage', '=', 'carried').executeTakeFirst();
      return found === undefined ? undefined : factsIn(found.facts, found.certified);
    },
    putRounds: async (rows) => {
      for (const { facts, firstIndex } of rows) {
        const row = { stage: facts.stage, first_index: firstIndex, outcome_index: facts.entries.outcome ?? null, facts: JSON.stringify(facts) };
        await db.insertInto('council_rounds').values({ slot: facts.slot, round: facts.round, ...row }).onConflict((conflict) => conflict.columns(['slot', 'round']).doUpdateSet(row)).execute();
      }
    },
    certify: async (rounds, checkpoint) => {
      for (const { slot, round } of rounds) await db.updateTable('council_rounds').set({ certified: true, checkpoint }).where('slot', '=', slot).where('round', '=', round).where('certified', '=', false).execute();
    },
    round: async (slot, round) => {
      const row = await db.selectFrom('council_rounds').select(['facts', 'certified', 'checkpoint']).where('slot', '=', slot).where('round', '=', round).executeTakeFirst();
      return row === undefined ? undefined : { facts: factsIn(row.facts, row.certified), checkpoint: row.checkpoint ?? undefined };
    },
    rounds: async ({ stages, offset = 0, limit = ROUNDS_SHOWN_MAX }) => {
      const chosen = db.selectFrom('council_rounds').$if(stages !== undefined, (query) => query.where('stage', 'in', [...(stages ?? []), '-']));
      const rows = await chosen.select(['facts', 'certified']).orderBy('first_index', 'desc').offset(offset).limit(Math.min(limit, ROUNDS_SHOWN_MAX)).execute();
      const { total } = await chosen.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
      return { rounds: rows.map(({ facts, certified }) => factsIn(facts, certified)), total };
    },
    untold: async (limit) => {
      const rows = await db.selectFrom('council_rounds').select(['facts', 'certified']).where('outcome_index', 'is not', null).where('certified', '=', true).where('told', '=', false).orderBy('outcome_index').limit(limit).execute();
      return rows.map(({ facts, certified }) => factsIn(facts, certified));
    },
    told: async (slot, round) => {
      await db.updateTable('council_rounds').set({ told: true }).where('slot', '=', slot).where('round', '=', round).execute();
    },
    seen: async (seat, { at, stampS, size }) => {
      const row = { ...(at === undefined ? {} : { seen_at: at }), ...(stampS === undefined ? {} : { stamp_s: stampS }), ...(size === undefined ? {} : { size }) };
      await db.insertInto('council_seen').values({ seat, seen_at: null, stamp_s: null, size: null, ...row }).onConflict((conflict) => conflict.column('seat').doUpdateSet(row)).execute();
    },
    seats: async () => {
      const rows = await db.selectFrom('council_seen').selectAll().orderBy('seat').execute();
      return rows.map(({ seat, seen_at: at, stamp_s: stampS, size }) => ({ seat, lastSeenS: at === null ? undefined : Math.floor(Date.parse(at) / 1000), lastStampS: stampS ?? undefined, size: size ?? undefined }));
    },
    isNew: async (digest, until) => {
      const { rows } = await sql`insert into council_requests (digest, until) values (${digest}, ${until}::timestamptz) on conflict do nothing returning digest`.execute(db);
      return rows.length === 1;
    },
  };
}
