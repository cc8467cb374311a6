/** The tables of decisions as the queries see them. */

import type { Generated, Kysely } from 'kysely';
import type { Database } from '../../../platform/db/index.ts';

// oxlint-disable-next-line typescript/consistent-type-definitions -- only a type fits Kysely's index signature
export type DecisionTables = {
  decisions_decided: {
    slot: string;
    round: number;
    epoch: number;
    class: string;
    result: 'carried' | 'not-carried';
    option: string | null;
    number: string;
    kind: string | null;
    kind_label: string | null;
    title: string;
    words: string;
    motion: string;
    decided_at: string;
    in_force_at: string | null;
    yes: number;
    no: number;
    abstain: number;
  };
  decisions_opinions: { index: number; slot: string; round: number; kind: 'minority' | 'separate' | 'reasons'; seats: string; texts: string };
  decisions_read: { sole: Generated<boolean>; size: number };
};

export type DecisionDb = Kysely<DecisionTables>;

export function decisionTables(database: Pick<Database, 'db'>): DecisionDb {
  return database.db.withTables<DecisionTables>();
}
