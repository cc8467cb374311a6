/** The tables of the register as Kysely sees them; days come back as text. */

import type { InterestKind, NominationState, Place } from '../model.ts';

export type MemberTables = {
  members_terms: { id: string; place: string; name: string; from_on: string; until_on: string; ended_on: string | null; sworn_on: string | null; nominated_by: string; contact: string; ended_why: string; revision: number; changed_at: string };
  members_nominations: { id: string; number: number; place: string; name: string; bodies: readonly string[]; statement: string; domains: Place['domains']; consult_until: string; state: NominationState; reason: string; keys: string | null; motion_id: string | null; revision: number; changed_at: string };
  members_interests: { id: string; term_id: string; organisation: string; party: string; kind: InterestKind; from_on: string; until_on: string | null; revision: number; changed_at: string };
  members_turn: { sole: boolean; number: string | number };
};
