/** Refusals, fields, places and standings in the words of a language, and the small parts that several pages share. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { ErrorSummary, Notice, Tag, type TagMark, type TagTone } from '../../../platform/html/components/index.ts';
import { formatDate, formatNumber } from '../../../platform/text/index.ts';
import type { CouncilPack } from '../../council/index.ts';
import type { FieldError, MemberRefusal, Place, SeatStanding } from '../model.ts';
import { membersText, type MembersTextKey } from '../text/index.ts';

const isKey = (key: string): key is MembersTextKey => Object.hasOwn(membersText.messages.en, key);

export function fieldLabel(field: string, language: Language): string {
  const key = `field.${field.replace(/^domain-/, 'group-')}`;
  return isKey(key) ? membersText.in(language)(key) : field;
}

export const fieldProblem = ({ field, problem }: FieldError, language: Language): string => membersText.in(language)(`problem.${problem}`, { field: fieldLabel(field, language) });

export const constituencyName = (name: string, pack: CouncilPack, language: Language): string => pack.manifest.constituencies[name]?.name[language] ?? name;

const seatNumber = (seat: number): string => String(seat).padStart(2, '0');
export const placeName = ({ seat, rank }: Pick<Place, 'seat' | 'rank'>, language: Language): string => (seat === undefined ? membersText.in(language)('place.alternate', { rank: formatNumber(rank ?? 0, language) }) : membersText.in(language)('place.seat', { seat: seatNumber(seat) }));

/** A place by the name it has in the log, where no more of it is known. */
export function placeWord(place: string, language: Language): string {
  const [, seat] = /^seat([0-9]{2})$/.exec(place) ?? [];
  return seat === undefined ? place : placeName({ seat: Number(seat), rank: undefined }, language);
}

export function refusalText(refusal: MemberRefusal, language: Language): string {
  const t = membersText.in(language);
  switch (refusal.code) {
    case 'no-member':
      return t('refusal.no-member');
    case 'member-fields':
      return t('refusal.member-fields', { problems: refusal.fields.map((one) => fieldProblem(one, language)).join(' ') });
    case 'member-stale':
      return t('refusal.member-stale');
    case 'member-place-taken':
      return t('refusal.member-place-taken', { name: refusal.name, until: formatDate(refusal.until, language) });
    case 'member-sits-already':
      return t('refusal.member-sits-already', { place: placeWord(refusal.place, language) });
    case 'member-terms-most':
      return t('refusal.member-terms-most', { most: refusal.most });
    case 'member-term-length':
      return t('refusal.member-term-length', { years: refusal.years });
    case 'member-not-now':
      return t('refusal.member-not-now');
    case 'interest-twice':
      return t('refusal.interest-twice');
    case 'interest-too-many':
      return t('refusal.interest-too-many', { most: refusal.most });
    case 'nomination-support':
      return t('refusal.nomination-support', { needed: refusal.needed, have: refusal.have });
    case 'nomination-twice':
      return t('refusal.nomination-twice', { number: refusal.number });
    case 'nomination-domain-cap':
      return t('refusal.nomination-domain-cap', { kind: fieldLabel(`domain-${refusal.kind}`, language), group: refusal.group, seats: refusal.seats, cap: refusal.cap });
    case 'nomination-window':
      return t('refusal.nomination-window', { days: refusal.days });
    case 'nomination-consulting':
      return t('refusal.nomination-consulting', { until: formatDate(refusal.until, language) });
    case 'nomination-place-taken':
      return t('refusal.nomination-place-taken', { number: refusal.number });
    case 'nomination-changes':
      return t('refusal.nomination-changes', { most: refusal.most });
    case 'nomination-keys':
      return t('refusal.nomination-keys', { rule: refusal.rule, detail: refusal.detail });
    case 'nomination-keys-missing':
      return t('refusal.nomination-keys-missing', { numbers: refusal.numbers.map((number) => `№ ${number}`).join(', ') });
    case 'nomination-none':
      return t('refusal.nomination-none');
    case 'nomination-no-council':
      return t('refusal.nomination-no-council');
    case 'nomination-roll':
      return t('refusal.nomination-roll', { rule: refusal.rule, detail: refusal.detail });
  }
}

const TONES: Readonly<Record<SeatStanding, readonly [TagTone, TagMark]>> = { held: ['success', 'full'], ending: ['warning', 'half'], coming: ['info', 'half'], over: ['error', 'dashed'], vacant: ['error', 'dashed'] };

export function StandingTag({ standing, language }: { readonly standing: SeatStanding; readonly language: Language }): VNode {
  const [tone, mark] = TONES[standing];
  return <Tag tone={tone} mark={mark}>{membersText.in(language)(`standing.${standing}`)}</Tag>;
}

export interface Outcome {
  readonly said?: string | undefined;
  readonly refusal?: MemberRefusal | undefined;
}

/** What the last act came to. `idOf`: where the fields of a form do not have their names as ids. */
export function Told({ said, refusal, language, idOf = (field) => field }: Outcome & { readonly language: Language; readonly idOf?: (field: string) => string }): VNode | null {
  if (refusal !== undefined) return <ErrorSummary errors={refusal.code === 'member-fields' ? refusal.fields.map((one) => ({ field: idOf(one.field), message: fieldProblem(one, language) })) : [{ message: refusalText(refusal, language) }]} />;
  const key = `said.${said ?? ''}`;
  return said !== undefined && isKey(key) ? <Notice tone="success" announce title={membersText.in(language)(key)} /> : null;
}

export function errorIn(refusal: MemberRefusal | undefined, field: string, language: Language): string | undefined {
  const found = refusal?.code === 'member-fields' ? refusal.fields.find((one) => one.field === field) : undefined;
  return found === undefined ? undefined : fieldProblem(found, language);
}
