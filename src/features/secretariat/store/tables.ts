/** The tables of the secretariat as Kysely sees them; times come back as text, JSON columns parsed. */

import type { Act, CommentVerdict, CorrectionState, ItemKind, ItemState, Localised, MinutesState, NoticeKind, Paragraph, SittingKind, SittingState, StatementKind, TaskState } from '../model.ts';

export type SecretariatTables = {
  secretariat_sittings: { id: string; number: string; kind: SittingKind; state: SittingState; title: Localised; starts_at: string; ends_at: string; papers_by: string; place: string; link: string; revision: number; changed_at: string; internal_items: number };
  secretariat_items: { id: string; sitting_id: string; parent_id: string | null; position: number; kind: ItemKind; state: ItemState; title: Localised; minutes: number; internal: boolean; motion_id: string | null; rapporteur: string; opinion: Localised };
  secretariat_item_supporters: { item_id: string; person: string; name: string; at: string };
  secretariat_statements: { id: string; item_id: string; kind: StatementKind; theme: string; author: string; person: string; text: string; at: string; answer: string; verdict: CommentVerdict | null; answered_by: string; answered_at: string | null };
  secretariat_acts: { sitting_id: string; number: number; at: string; actor: string; act: Act | { readonly act: 'undo'; readonly undone: number } };
  secretariat_minutes: { sitting_id: string; state: MinutesState; paragraphs: readonly Paragraph[]; revision: number; changed_at: string; note: string | null; entry: string | number | null; digests: Localised | null; signed_at: string | null };
  secretariat_corrections: { id: string; sitting_id: string; paragraph_id: string; text: Localised; reason: string; author: string; person: string; state: CorrectionState; at: string };
  secretariat_tasks: { id: string; title: Localised; owner: string; owner_id: string | null; due_on: string; state: TaskState; outcome: string; sitting_id: string | null; motion_id: string | null; revision: number; changed_at: string };
  secretariat_preferences: { person: string; off: readonly NoticeKind[] };
  secretariat_told: { what: string; at: string };
};
