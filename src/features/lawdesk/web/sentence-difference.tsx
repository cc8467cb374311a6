/** A condition before and after as two sentence trees: what a lawyer reads instead of names and signs. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { lawdeskReviewText } from '../text/review/index.ts';
import { SentenceView } from './sentence-tree.tsx';

export interface ConditionChange {
  readonly field: string;
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

/** Fields that hold a condition of facts. */
const CONDITION = /(?:^|\.)(?:when|applies_if|appliesIf|requires|lower_when|lowerWhen|unless)$/;

/** Draws nothing where no condition changed. */
export function SentenceDifference({ from, to, changes, language }: { readonly from: Pack; readonly to: Pack; readonly changes: readonly ConditionChange[]; readonly language: Language }): VNode | null {
  const t = lawdeskReviewText.in(language);
  const conditions = changes.filter((change) => CONDITION.test(change.field) && change.before !== undefined && change.after !== undefined && change.before !== 'open');
  if (conditions.length === 0) return null;
  return (
    <>
      {conditions.map((change) => (
        <div class="lawdesk-sides" key={change.field}>
          {([[t('changed.before'), from, change.before ?? ''], [t('changed.after'), to, change.after ?? '']] as const).map(([title, pack, text]) => (
            <div key={title}>
              <p class="muted">{title}</p>
              <SentenceView pack={pack} text={text} language={language} hrefOf={() => undefined} />
            </div>
          ))}
        </div>
      ))}
    </>
  );
}
