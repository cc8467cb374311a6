/** Keeps terms of office. The public reads fewer columns; whoever enters a term does so in turn, since terms of a place must not overlap. */

import { randomUUID } from 'node:crypto';
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { type Interest, type InterestContent, INTERESTS_MAX, type Nomination, type NominationContent, type NominationState, NOMINATIONS_SHOWN_MAX, type Term, type TermContent, TERMS_MAX } from '../model.ts';
import type { MemberTables } from './tables.ts';

type Row = Selectable<MemberTables['members_terms']>;
const PUBLIC_COLUMNS = ['id', 'place', 'name', 'from_on', 'until_on', 'ended_on', 'sworn_on', 'revision'] as const;

const SHOWN_COLUMNS = ['id', 'number', 'place', 'name', 'bodies', 'statement', 'domains', 'consult_until', 'state', 'motion_id', 'revision'] as const;
const json = (value: unknown): never => sql`${JSON.stringify(value)}::jsonb` as never;
const interestOf = (row: Selectable<MemberTables['members_interests']>): Interest => ({ id: row.id, termId: row.term_id, organisation: row.organisation, party: row.party, kind: row.kind, fromOn: row.from_on, untilOn: row.until_on ?? undefined, revision: row.revision });
type NominationRow = Selectable<MemberTables['members_nominations']>;

function nominationOf(row: Pick<NominationRow, (typeof SHOWN_COLUMNS)[number]> & Partial<NominationRow>): Nomination {
  return { id: row.id, number: row.number, place: row.place, name: row.name, bodies: row.bodies, statement: row.statement, domains: row.domains, consultUntil: row.consult_until, state: row.state, reason: row.reason ?? '', keys: row.keys ?? undefined, motionId: row.motion_id ?? undefined, revision: row.revision };
}

function termOf(row: Pick<Row, (typeof PUBLIC_COLUMNS)[number]> & Partial<Row>): Term {
  return { id: row.id, place: row.place, name: row.name, fromOn: row.from_on, untilOn: row.until_on, endedOn: row.ended_on ?? undefined, swornOn: row.sworn_on ?? undefined, nominatedBy: row.nominated_by ?? '', contact: row.contact ?? '', endedWhy: row.ended_why ?? '', revision: row.revision };
}

export function createStore(database: Database) {
  const db = database.db.withTables<MemberTables>();
  const own = (tx: Tx | undefined): Kysely<MemberTables> => (tx === undefined ? db : (tx as unknown as Kysely<MemberTables>));
  const from = (tx?: Tx) => (database.scope().reach === 'public' ? own(tx).selectFrom('members_terms').select(PUBLIC_COLUMNS) : own(tx).selectFrom('members_terms').selectAll());
  const nominated = (tx?: Tx) => (database.scope().reach === 'public' ? own(tx).selectFrom('members_nominations').select(SHOWN_COLUMNS) : own(tx).selectFrom('members_nominations').selectAll());
  return {
    /** The newest first. */
    nominations: async (tx?: Tx): Promise<readonly Nomination[]> => (await nominated(tx).orderBy('number', 'desc').limit(NOMINATIONS_SHOWN_MAX).execute()).map(nominationOf),
    /** In turn only: the next number is taken while nobody else takes one. */
    nominate: async (tx: Tx, { place, name, bodies, statement, domains, consultUntil }: NominationContent, at: Instant): Promise<number> => {
      const row = await own(tx).insertInto('members_nominations').values({ id: randomUUID(), number: sql`(select coalesce(max(number), 0) + 1 from members_nominations)` as never, place, name, bodies: json(bodies), statement, domains: json(domains), consult_until: consultUntil, state: 'consulting', reason: '', keys: null, motion_id: null, revision: 1, changed_at: at }).returning('number').executeTakeFirstOrThrow();
      return row.number;
    },
    /** False when somebody changed it since. */
    changeNomination: async (tx: Tx, { id, revision }: Nomination, set: { readonly state?: NominationState; readonly reason?: string; readonly keys?: string; readonly motion_id?: string }, at: Instant): Promise<boolean> =>
      (await own(tx).updateTable('members_nominations').set({ ...set, revision: revision + 1, changed_at: at }).where('id', '=', id).where('revision', '=', revision).executeTakeFirst()).numUpdatedRows === 1n,
    interests: async (tx?: Tx): Promise<readonly Interest[]> => (await own(tx).selectFrom('members_interests').selectAll().orderBy('from_on', 'desc').orderBy('id').limit(INTERESTS_MAX).execute()).map(interestOf),
    interest: async (id: string, tx?: Tx): Promise<Interest | undefined> => {
      const row = await own(tx).selectFrom('members_interests').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : interestOf(row);
    },
    declare: async (tx: Tx, termId: string, { organisation, party, kind, fromOn, untilOn }: InterestContent, at: Instant): Promise<void> => {
      await own(tx).insertInto('members_interests').values({ id: randomUUID(), term_id: termId, organisation, party, kind, from_on: fromOn, until_on: untilOn ?? null, revision: 1, changed_at: at }).execute();
    },
    endInterest: async (tx: Tx, { id, revision }: Interest, untilOn: string, at: Instant): Promise<boolean> =>
      (await own(tx).updateTable('members_interests').set({ until_on: untilOn, revision: revision + 1, changed_at: at }).where('id', '=', id).where('revision', '=', revision).executeTakeFirst()).numUpdatedRows === 1n,
    terms: async (tx?: Tx): Promise<readonly Term[]> => (await from(tx).orderBy('from_on', 'desc').orderBy('id').limit(TERMS_MAX).execute()).map(termOf),
    term: async (id: string, tx?: Tx): Promise<Term | undefined> => {
      const row = await from(tx).where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : termOf(row);
    },
    enter: async (tx: Tx, place: string, { name, fromOn, untilOn, nominatedBy, contact }: TermContent, at: Instant): Promise<string> => {
      const id = randomUUID();
      await own(tx).insertInto('members_terms').values({ id, place, name, from_on: fromOn, until_on: untilOn, ended_on: null, sworn_on: null, nominated_by: nominatedBy, contact, ended_why: '', revision: 1, changed_at: at }).execute();
      return id;
    },
    /** False when somebody changed the term since. */
    change: async (tx: Tx, term: Term, set: { readonly sworn_on?: string; readonly ended_on?: string; readonly ended_why?: string }, at: Instant): Promise<boolean> =>
      (await own(tx).updateTable('members_terms').set({ ...set, revision: term.revision + 1, changed_at: at }).where('id', '=', term.id).where('revision', '=', term.revision).executeTakeFirst()).numUpdatedRows === 1n,
    /** One transaction; others who want one wait until it ends. */
    inTurn: async <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
      db.transaction().execute(async (tx) => {
        await tx.insertInto('members_turn').values({ sole: true, number: 1 }).onConflict((conflict) => conflict.column('sole').doUpdateSet({ number: sql`members_turn.number + 1` as never })).execute();
        return work(tx as unknown as Tx);
      }),
  };
}
