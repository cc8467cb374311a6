/** The tables of impact assessments as Kysely sees them. */

import type { Generated } from 'kysely';
import type { AssessmentState } from '../model.ts';

export type ImpactTables = {
  impact_questionnaires: { digest: string; id: string; version: string; files: string; installed_at: string };
  impact_assessments: {
    id: string;
    number: Generated<number>;
    system_id: string;
    system_name: string;
    body_name: string;
    words: string;
    kind: string;
    version: string;
    digest: string;
    state: AssessmentState;
    step: number;
    answered: number;
    required: number;
    level: string | null;
    revises: string | null;
    started_by: string;
    started_at: string;
    changed_at: string;
    finished_at: string | null;
    /** Whose the entry is, and whether its outcome is published; set by the database. */
    organisation_id: Generated<string | null>;
    is_published: Generated<boolean>;
  };
  impact_answers: { assessment_id: string; step: number; batch: number; question: string; answer: string | null; undoes: boolean; origin: string; actor: string; answered_at: string };
  impact_evidence: { id: string; assessment_id: string; question: string; attachment_id: string; name: string; sha256: string; actor: string; attached_at: string; removed_at: string | null };
  impact_seals: { assessment_id: string; record: string; sha256: string; sealed_by: string; sealed_at: string; published_at: string | null };
};
