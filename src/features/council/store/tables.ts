/** The tables of the council as the queries see them. */

import type { Generated, Kysely } from 'kysely';
import type { Database } from '../../../platform/db/index.ts';

// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits Kysely's index signature
export type CouncilTables = {
  council_founding: { sole: Generated<boolean>; constitution: string; genesis: string; genesis_index: number; roll_index: number; founded_at: string };
  council_letters: { id: Generated<number>; recipient: number; sender: number; message: string; sent_at: Generated<string> };
  council_submissions: { id: string; ordinal: Generated<number>; entries: string; state: Generated<'waiting' | 'written' | 'refused'>; answer: string | null; made_at: Generated<string> };
  council_operator: {
    sole: Generated<boolean>;
    head: string | null;
    head_size: number | null;
    asked: string;
    certified: string | null;
    certified_size: number | null;
    certified_root: string | null;
    certified_s: number | null;
    epoch: number;
    roll: string | null;
    roll_digest: string | null;
    prefix_size: number;
    anchor: string | null;
    changed_at: Generated<string>;
  };
  council_rolls: { epoch: number; text: string; digest: string; index: number };
  council_rounds: { slot: string; round: number; stage: string; first_index: number; outcome_index: number | null; facts: string; certified: Generated<boolean>; checkpoint: string | null; told: Generated<boolean> };
  council_seen: { seat: number; seen_at: string | null; stamp_s: number | null; size: number | null };
  council_requests: { digest: string; until: string };
};

export type CouncilDb = Kysely<CouncilTables>;

export function councilTables(database: Pick<Database, 'db'>): CouncilDb {
  return database.db.withTables<CouncilTables>();
}
