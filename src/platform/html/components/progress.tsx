/** How far a piece of work is, in words and as a bar. */

import type { ComponentChildren, VNode } from 'preact';
import { useLanguage, useText } from './language.ts';
import { formatNumber } from '../../text/index.ts';

export interface ProgressProps {
  readonly label: ComponentChildren;
  readonly id: string;
  /** Pieces done; absent while the size is not known. */
  readonly done?: number | undefined;
  readonly total?: number | undefined;
  readonly note?: ComponentChildren | undefined;
}

export function Progress({ label, id, done, total, note }: ProgressProps): VNode {
  const t = useText();
  const language = useLanguage();
  const known = done !== undefined && total !== undefined && total > 0;
  const percent = known ? Math.min(100, Math.floor((done / total) * 100)) : 0;
  return (
    <div class="progress">
      <div class="progress__head">
        <label class="progress__label" for={id}>
          {label}
        </label>
        <span class="progress__figure">
          {known
            ? t('progress.of', { done: formatNumber(done, language), total: formatNumber(total, language), percent: formatNumber(percent / 100, language, { style: 'percent' }) })
            : done === undefined
              ? t('progress.unknown')
              : formatNumber(done, language)}
        </span>
      </div>
      <progress class="progress__bar" id={id} {...(known ? { value: Math.min(done, total), max: total } : {})}>
        {known ? `${percent} %` : null}
      </progress>
      {note === undefined ? null : <p class="progress__note">{note}</p>}
    </div>
  );
}
