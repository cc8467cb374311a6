/** The tables of the assessment as Kysely sees them. */

import type { Generated } from 'kysely';

export type AssessmentTables = {
  assessment_answers: {
    system_id: string;
    step: number;
    pack_id: string;
    fact: string;
    answer: string | null;
    undoes: boolean;
    actor: string;
    answered_at: string;
  };
  assessment_classifications: {
    id: string;
    system_id: string;
    number: number;
    pack_id: string;
    pack_version: string;
    pack_digest: string;
    as_of: string;
    known_on: string;
    facts: string;
    decision: string;
    decision_sha256: string;
    headline: string;
    open_count: number;
    actor: string;
    decided_at: string;
  };
  assessment_summaries: {
    system_id: string;
    revision: number;
    recognisers: string;
    candidates: string;
    stakes: number;
    probable: readonly string[];
    state: 'untouched' | 'started' | 'decided';
    answered: number;
    headline: string | null;
    open_count: number | null;
    facts: string | null;
    codes: string | null;
    name: string;
    body_name: string;
    /** Whose the entry is; set by the database. */
    organisation_id: Generated<string | null>;
    updated_at: string;
  };
  assessment_redecisions: {
    id: Generated<number>;
    pack_id: string;
    pack_digest: string;
    as_of: string;
    known_on: string;
    systems: number;
    changed: number;
    finished_at: string;
  };
};
