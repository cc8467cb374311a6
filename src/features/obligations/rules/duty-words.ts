/** Duties in words: when they are due, how long things are kept, how sure the source is. */

import type { Language } from '../../../base/index.ts';
import type { ClockDefinition, Due, DutyOutcome, LengthUnit, Pack } from '../../../law/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { citationWords, isUnconfirmed } from '../../lawbook/index.ts';
import { obligationsText } from '../text/index.ts';
import type { StandingDuty } from './duty-state.ts';

/** Where the duty stands on the day asked about, as a clause: `applies since 2 August 2026`. */
export function stateWords({ state, outcome, due }: StandingDuty, language: Language): string {
  const t = obligationsText.in(language);
  if (outcome.result !== 'holds' || due === undefined) return t('duties.state.open');
  if (due.kind === 'date') return t(state === 'due' ? 'duties.state.due' : 'duties.state.coming', { date: formatDate(due.date, language) });
  return dueWords(due, language);
}

/** A due date by itself. */
export function dueWords(due: Due | 'no-duty', language: Language): string {
  const t = obligationsText.in(language);
  if (due === 'no-duty') return t('duties.reading.no-duty');
  switch (due.kind) {
    case 'date': return formatDate(due.date, language);
    case 'never': return t('duties.state.never');
    case 'undated': return t('duties.state.undated');
    case 'between': {
      const earliest = due.earliest === undefined ? undefined : formatDate(due.earliest, language);
      if (earliest === undefined) return t('duties.state.unknown-date');
      return due.latest === undefined || due.mayBeNever ? t('duties.state.from-earliest', { earliest }) : t('duties.state.between', { earliest, latest: formatDate(due.latest, language) });
    }
  }
}

export function lengthWords(length: number | undefined, unit: LengthUnit, language: Language): string {
  const t = obligationsText.in(language);
  return length === undefined ? t('duties.length.open') : t(`duties.length.${unit}`, { count: length });
}

export function clockWords(clock: ClockDefinition, length: number | undefined, language: Language): string {
  return obligationsText.in(language)('duties.retention.item', { label: clock.label[language], length: lengthWords(length, clock.unit, language) });
}

/** Articles of the duty and of its annexes, each with its act once. */
export function articlesWords(pack: Pack, { duty }: DutyOutcome, language: Language): string {
  return [...new Set([...duty.cite, ...duty.annex].map((cite) => citationWords(pack, cite, language)))].join('; ');
}

/** Marks a reader must not miss: unread sources, drafts, national rules without counsel. */
export function cautions(pack: Pack, { duty }: DutyOutcome, language: Language): readonly string[] {
  const t = obligationsText.in(language);
  return [...(duty.evidence === 'K' ? [t('duties.unverified')] : []), ...(duty.authority === 'guidance_draft' ? [t('duties.draft')] : []), ...(isUnconfirmed(pack, duty.authority) ? [t('duties.national')] : [])];
}
