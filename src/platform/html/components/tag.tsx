/** Short labels of state. The words carry the meaning; colour and mark only help the eye. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useText } from './language.ts';

export type TagTone = 'neutral' | 'brand' | 'info' | 'success' | 'warning' | 'error' | 'disputed';
/** Marks in black and white: full, half, empty, split, dashed. */
export type TagMark = 'full' | 'half' | 'empty' | 'split' | 'dashed';

export interface TagProps {
  readonly children: ComponentChildren;
  readonly tone?: TagTone | undefined;
  readonly mark?: TagMark | undefined;
}

export function Tag({ children, tone = 'neutral', mark }: TagProps): VNode {
  return <span class={classes('tag', `tag--${tone}`, mark !== undefined && `tag--${mark}`)}>{children}</span>;
}

/** Result of a legal rule. `undetermined` is shown as "open": facts are missing. */
export type RuleResult = 'holds' | 'fails' | 'undetermined' | 'disputed';

const RESULTS: { readonly [R in RuleResult]: { readonly tone: TagTone; readonly mark: TagMark } } = {
  holds: { tone: 'brand', mark: 'full' },
  fails: { tone: 'neutral', mark: 'empty' },
  undetermined: { tone: 'warning', mark: 'half' },
  disputed: { tone: 'disputed', mark: 'split' },
};

export function ResultTag({ result }: { readonly result: RuleResult }): VNode {
  const t = useText();
  return <Tag {...RESULTS[result]}>{t(`result.${result}`)}</Tag>;
}

/** Status of an entry of the register. */
export type EntryStatus = 'draft' | 'submitted' | 'registered' | 'withdrawn';

const STATUSES: { readonly [S in EntryStatus]: { readonly tone: TagTone; readonly mark: TagMark } } = {
  draft: { tone: 'neutral', mark: 'dashed' },
  submitted: { tone: 'info', mark: 'half' },
  registered: { tone: 'success', mark: 'full' },
  withdrawn: { tone: 'neutral', mark: 'empty' },
};

export function StatusTag({ status }: { readonly status: EntryStatus }): VNode {
  const t = useText();
  return <Tag {...STATUSES[status]}>{t(`status.${status}`)}</Tag>;
}
