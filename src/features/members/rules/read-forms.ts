/** Reads what people typed about members: every fault by its field. */

import { no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import { DOMAIN_KINDS } from '../../../proof/council/roll-text.ts';
import { partyName } from '../../motions/index.ts';
import { BODIES_MAX, type FieldError, INTEREST_KINDS, type InterestContent, NAME_CHARS_MAX, type NominationContent, TEXT_CHARS_MAX, type TermContent } from '../model.ts';
import { sameName } from './register.ts';

export type Given = Readonly<Record<string, string | undefined>>;

/** One line, NFC, without what steers a terminal. */
export const tidyLine = (text: string | undefined): string => (text ?? '').normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
/** Paragraphs with LF, NFC, no blanks at line ends. */
export const tidyText = (text: string | undefined): string => (text ?? '').normalize('NFC').replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' ').split('\n').map((line) => line.trimEnd()).join('\n').trim();

export class FormFields {
  readonly errors: FieldError[] = [];
  private readonly given: Given;
  constructor(given: Given) {
    this.given = given;
  }
  private checked(field: string, text: string, max: number, isRequired: boolean): string {
    if (text === '' && isRequired) this.errors.push({ field, problem: 'missing' });
    if (text.length > max) this.errors.push({ field, problem: 'too-long' });
    return text;
  }
  line(field: string, isRequired = true): string {
    return this.checked(field, tidyLine(this.given[field]), NAME_CHARS_MAX, isRequired);
  }
  text(field: string, isRequired = true): string {
    return this.checked(field, tidyText(this.given[field]), TEXT_CHARS_MAX, isRequired);
  }
  day(field: string): string {
    const text = tidyLine(this.given[field]);
    if (parseCivilDate(text) === undefined) this.errors.push({ field, problem: text === '' ? 'missing' : 'not-a-day' });
    return text;
  }
  /** Both days are read already; where both are days, the second is not before the first. */
  inOrder(field: string, first: string, second: string): void {
    if (parseCivilDate(first) !== undefined && parseCivilDate(second) !== undefined && second < first) this.errors.push({ field, problem: 'order' });
  }
  done<T>(value: T): Verdict<T, readonly FieldError[]> {
    return this.errors.length === 0 ? yes(value) : no(this.errors);
  }
}

export function readTerm(given: Given): Verdict<TermContent, readonly FieldError[]> {
  const fields = new FormFields(given);
  const name = fields.line('name');
  const [fromOn, untilOn] = [fields.day('from'), fields.day('until')];
  fields.inOrder('until', fromOn, untilOn);
  return fields.done({ name, fromOn, untilOn, nominatedBy: fields.line('nominated', false), contact: fields.line('contact', false) });
}

/** When a term ended before its time, and why. */
export function readEnd(given: Given): Verdict<{ readonly endedOn: string; readonly why: string }, readonly FieldError[]> {
  const fields = new FormFields(given);
  return fields.done({ endedOn: fields.day('ended'), why: fields.text('why') });
}

export function readOath(given: Given): Verdict<string, readonly FieldError[]> {
  const fields = new FormFields(given);
  return fields.done(fields.day('sworn'));
}

/** A group of seats that may fail together, as a roll writes it: one word. */
const DOMAIN_WORD = /^[a-z0-9][a-z0-9.-]{0,59}$/;

/** `places` are those there are. Bodies stand one to a line; the same body in another writing counts once. */
export function readNomination(given: Given, places: readonly string[]): Verdict<NominationContent, readonly FieldError[]> {
  const fields = new FormFields(given);
  const place = tidyLine(given['place']);
  if (!places.includes(place)) fields.errors.push({ field: 'place', problem: place === '' ? 'missing' : 'unknown' });
  const name = fields.line('name');
  const bodies = [...new Map((given['bodies'] ?? '').split('\n').map(tidyLine).filter((line) => line !== '').map((line) => [sameName(line), line])).values()];
  if (bodies.length === 0) fields.errors.push({ field: 'bodies', problem: 'missing' });
  if (bodies.length > BODIES_MAX) fields.errors.push({ field: 'bodies', problem: 'too-many' });
  if (bodies.some((line) => line.length > NAME_CHARS_MAX)) fields.errors.push({ field: 'bodies', problem: 'too-long' });
  const statement = fields.text('statement');
  const domains: Record<string, string> = {};
  for (const kind of DOMAIN_KINDS) {
    const word = tidyLine(given[`domain-${kind}`]);
    if (word === '') continue;
    if (!DOMAIN_WORD.test(word)) fields.errors.push({ field: `domain-${kind}`, problem: 'not-a-word' });
    domains[kind] = word;
  }
  // Alternates stand in the roll without groups: they sit for one vote at a time.
  if (place.startsWith('seat') && Object.keys(domains).length === 0) fields.errors.push({ field: 'domain-employer', problem: 'missing' });
  return fields.done({ place, name, bodies, statement, domains, consultUntil: fields.day('consult') });
}

export function readInterest(given: Given): Verdict<InterestContent, readonly FieldError[]> {
  const fields = new FormFields(given);
  const organisation = fields.line('organisation');
  const party = partyName(organisation);
  // A name of which no letter can be written in Latin would meet no party of any motion.
  if (organisation !== '' && party === '') fields.errors.push({ field: 'organisation', problem: 'unknown' });
  const kind = INTEREST_KINDS.find((one) => one === given['kind']);
  if (kind === undefined) fields.errors.push({ field: 'kind', problem: 'unknown' });
  const fromOn = fields.day('from');
  const untilOn = tidyLine(given['until']) === '' ? undefined : fields.day('until');
  if (untilOn !== undefined) fields.inOrder('until', fromOn, untilOn);
  return fields.done({ organisation, party, kind: kind ?? 'other', fromOn, untilOn });
}

export function readInterestEnd(given: Given): Verdict<string, readonly FieldError[]> {
  const fields = new FormFields(given);
  return fields.done(fields.day('until'));
}

export function readReason(given: Given): Verdict<string, readonly FieldError[]> {
  const fields = new FormFields(given);
  return fields.done(fields.text('reason'));
}
