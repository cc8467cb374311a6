/** The tables of motions as Kysely sees them; times come back as text, JSON columns parsed. */

import type { Language } from '../../../base/index.ts';
import type { AmendmentAct, AmendmentState, EffectState, Kind, Localised, Settings, Standing, State, Subject } from '../model.ts';

export type MotionTables = {
  motions_motions: {
    id: string;
    number: string | null;
    option: string;
    slot: string | null;
    round: number;
    kind: Kind;
    class: string;
    state: State;
    authentic: Language;
    title: Localised;
    body: Localised;
    basis: readonly string[];
    parties: readonly string[];
    subject: Subject;
    words: string;
    likeness: string;
    mover_name: string;
    moved_by: string;
    created_at: string;
    changed_at: string;
    revision: number;
    manifest: string | null;
    digest: string | null;
    amend_until: string | null;
    opened_at: string | null;
    closes_at: string | null;
    in_force_at: string | null;
    lapses_at: string | null;
    effect: EffectState;
    effect_why: string | null;
    effect_at: string | null;
    job_id: string | null;
    told: string;
  };
  motions_annexes: { motion_id: string; position: number; name: string; source: string; sha256: string; bytes: number; media_type: string; content: string | null };
  motions_supporters: { motion_id: string; person: string; name: string; at: string };
  motions_amendments: { id: string; motion_id: string; number: number; act: AmendmentAct; paragraph: number; text: Localised; reason: string; mover_name: string; moved_by: string; state: AmendmentState; at: string; decided_at: string | null };
  motions_amendment_supporters: { amendment_id: string; person: string; at: string };
  motions_events: { motion_id: string; number: number; at: string; act: string; actor: string; detail: string | null };
  motions_standings: { system_id: string; motion_id: string; standing: Standing['standing']; since: string; until: string | null; ended_at: string | null };
  motions_settings: { only_row: boolean; value: Settings };
};
