/** What differs between two states of one thing, field by field, and within long texts word by word. */

import { type ComponentChildren, Fragment, type VNode } from 'preact';
import { useText } from './language.ts';
import { type Piece, wordDifference } from './word-difference.ts';

export interface DiffChange {
  readonly label: ComponentChildren;
  /** Absent when the field did not exist. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface DiffViewProps {
  readonly changes: readonly DiffChange[];
  readonly beforeLabel?: string | undefined;
  readonly afterLabel?: string | undefined;
}

export function DiffView({ changes, beforeLabel, afterLabel }: DiffViewProps): VNode {
  const t = useText();
  if (changes.length === 0) return <p class="muted">{t('diff.none')}</p>;
  const heads = [beforeLabel ?? t('diff.before'), afterLabel ?? t('diff.after')] as const;
  return (
    <dl class="diff">
      {changes.map((change, index) => {
        const pieces = change.before === undefined || change.after === undefined ? undefined : wordDifference(change.before, change.after);
        return (
          <div class="diff__row" key={index}>
            <dt class="diff__label">{change.label}</dt>
            <dd class="diff__side diff__side--before">
              <span class="diff__head">{heads[0]}</span>
              <Side text={change.before} pieces={pieces?.before} gone />
            </dd>
            <dd class="diff__side diff__side--after">
              <span class="diff__head">{heads[1]}</span>
              <Side text={change.after} pieces={pieces?.after} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function Side({ text, pieces, gone }: { readonly text: string | undefined; readonly pieces: readonly Piece[] | undefined; readonly gone?: boolean }): VNode {
  const t = useText();
  if (text === undefined || text === '') return <span class="muted">{t('value.none')}</span>;
  const mark = (words: string, key: number): VNode => {
    // The space before the first word is not what changed.
    const start = words.length - words.trimStart().length;
    const rest = words.slice(start);
    return (
      <Fragment key={key}>
        {words.slice(0, start)}
        {gone === true ? <del>{rest}</del> : <ins>{rest}</ins>}
      </Fragment>
    );
  };
  return <span class="diff__text">{pieces === undefined ? mark(text, 0) : pieces.map((piece, index) => (piece.changed ? mark(piece.text, index) : piece.text))}</span>;
}
