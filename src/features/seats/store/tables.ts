/** The tables of seats as the queries see them. */

import type { Generated, Kysely } from 'kysely';
import type { Database } from '../../../platform/db/index.ts';

// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits Kysely's index signature
export type SeatsTables = {
  seats_texts: { digest: string; text: string; made_at: Generated<string> };
  seats_demands: { digest: string; text: string; epoch: number; state: Generated<'waiting' | 'logged' | 'refused'>; entry: number | null; refusal: string | null; made_at: Generated<string> };
  seats_demand_lines: { demand: string; seat: number; note: string; made_at: Generated<string> };
};

export function seatsTables(database: Pick<Database, 'db'>): Kysely<SeatsTables> {
  return database.db.withTables<SeatsTables>();
}
