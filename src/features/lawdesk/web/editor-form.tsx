/** What the pages of one entry of a draft are drawn from, and the form they all share. */

import type { ComponentChildren, VNode } from 'preact';
import type { Diagram, PackProblem } from '../../../law/index.ts';
import { Hidden } from '../../../platform/html/components/index.ts';
import type { DraftState } from '../actions/drafts.ts';
import type { CaseRun, ChangedCase } from '../rules/case-runs.ts';
import type { Entry } from '../rules/entries.ts';
import { editHref } from './editor-list.tsx';

/** Which node of which condition is open, and how far its change has come. All of it stands in the address. */
export interface EditorView {
  /** `when`, `relief.0.when`; empty: none is open. */
  readonly condition: string;
  readonly at: string;
  readonly mode: 'replace' | 'add' | '';
  readonly q: string;
  readonly name: string;
  /** Of a case: words to search a fact with, and the fact to add. */
  readonly factQ: string;
  readonly addFact: string;
}

export interface EditorParts {
  readonly state: DraftState;
  readonly entry: Entry;
  readonly view: EditorView;
  readonly problems: readonly PackProblem[];
  readonly runs: readonly CaseRun[];
  readonly runsInAll: number;
  readonly changed: readonly ChangedCase[];
  readonly diagram: Diagram | undefined;
  readonly error: string | undefined;
  readonly saved: boolean;
}

/** A form of this page: it carries the step the reader saw and which form it is. */
export function EntryForm({ state, entry, form, children, id }: Pick<EditorParts, 'state' | 'entry'> & { readonly form: string; readonly children: ComponentChildren; readonly id?: string }): VNode {
  return (
    <form method="post" action={editHref(state, entry.kind, entry.id)} id={id}>
      <Hidden fields={{ form, after: String(state.step) }} />
      {children}
    </form>
  );
}
