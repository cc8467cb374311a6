/** The state of an import as a tag. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Tag, type TagMark, type TagTone } from '../../../platform/html/components/index.ts';
import type { ImportState } from '../model/import.ts';
import { intakeText } from '../text/index.ts';

const LOOKS: { readonly [S in ImportState]: readonly [TagTone, TagMark] } = {
  waiting: ['neutral', 'empty'],
  checking: ['info', 'half'],
  checked: ['brand', 'half'],
  applying: ['info', 'half'],
  applied: ['success', 'full'],
  refused: ['error', 'split'],
  cancelled: ['neutral', 'dashed'],
  failed: ['error', 'split'],
};

export function StateTag({ state, language }: { readonly state: ImportState; readonly language: Language }): VNode {
  const [tone, mark] = LOOKS[state];
  return (
    <Tag tone={tone} mark={mark}>
      {intakeText.in(language)(`state.${state}`)}
    </Tag>
  );
}
