/** Reads what people typed about a sitting, an item or a task: every fault by its field. */

import { type Instant, type Language, LANGUAGES, no, type Verdict, yes } from '../../../base/index.ts';
import { type FieldError, ITEM_KINDS, ITEM_MINUTES_MAX, type Item, type ItemContent, type Localised, NAME_CHARS_MAX, SITTING_KINDS, type SittingContent, type TaskContent, TEXT_CHARS_MAX, TITLE_CHARS_MAX } from '../model.ts';
import { fitsBelow } from './agenda.ts';

export type Given = Readonly<Record<string, string | undefined>>;
type Read<T> = Verdict<T, readonly FieldError[]>;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const ZERO_S = ':00.000Z';

/** One line, NFC, without what steers a terminal. */
export const tidyLine = (text: string | undefined): string => (text ?? '').normalize('NFC').replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
/** Paragraphs with LF, NFC, no blanks at line ends. */
export const tidyText = (text: string | undefined): string => (text ?? '').normalize('NFC').replaceAll(/\r\n?/g, '\n').replaceAll(/[^\P{Cc}\n]/gu, ' ').split('\n').map((line) => line.trimEnd()).join('\n').trim();

class Fields {
  readonly errors: FieldError[] = [];
  private readonly given: Given;
  constructor(given: Given) {
    this.given = given;
  }
  line(field: string, max: number, isRequired = true): string {
    const text = tidyLine(this.given[field]);
    if (text === '' && isRequired) this.errors.push({ field, problem: 'missing' });
    if (text.length > max) this.errors.push({ field, problem: 'too-long' });
    return text;
  }
  localised(field: string, max: number, isRequired: boolean, tidy: (text: string | undefined) => string = tidyLine): Localised {
    const texts = Object.fromEntries(LANGUAGES.map((spoken) => [spoken, tidy(this.given[`${field}-${spoken}`])])) as Record<Language, string>;
    // Texts that nobody has to give are given in all languages or in none.
    const isNeeded = isRequired || LANGUAGES.some((spoken) => texts[spoken] !== '');
    for (const spoken of LANGUAGES) {
      if (isNeeded && texts[spoken] === '') this.errors.push({ field: `${field}-${spoken}`, problem: 'missing' });
      if (texts[spoken].length > max) this.errors.push({ field: `${field}-${spoken}`, problem: 'too-long' });
    }
    return texts;
  }
  /** A day and a time of day in UTC, in two fields. */
  time(field: string): Instant {
    const text = `${tidyLine(this.given[`${field}-day`])}T${tidyLine(this.given[`${field}-time`])}${ZERO_S}`;
    const atMs = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$/.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(atMs) || new Date(atMs).toISOString() !== text) this.errors.push({ field: `${field}-day`, problem: 'not-a-time' });
    return text as Instant;
  }
  done<T>(value: T): Read<T> {
    return this.errors.length === 0 ? yes(value) : no(this.errors);
  }
}

export function readSitting(given: Given): Read<SittingContent> {
  const fields = new Fields(given);
  const kind = SITTING_KINDS.find((one) => one === given['kind']);
  if (kind === undefined) fields.errors.push({ field: 'kind', problem: 'unknown' });
  const title = fields.localised('title', TITLE_CHARS_MAX, true);
  const startsAt = fields.time('starts');
  const endsAt = fields.time('ends');
  const papersBy = fields.time('papers');
  const place = fields.line('place', TITLE_CHARS_MAX, false);
  const link = fields.line('link', TITLE_CHARS_MAX, false);
  if (link !== '' && !isLink(link)) fields.errors.push({ field: 'link', problem: 'not-a-link' });
  if (kind === 'sitting' && place === '' && link === '') fields.errors.push({ field: 'place', problem: 'missing' });
  if (fields.errors.length === 0 && startsAt >= endsAt) fields.errors.push({ field: 'ends-day', problem: 'order' });
  if (fields.errors.length === 0 && papersBy > startsAt) fields.errors.push({ field: 'papers-day', problem: 'order' });
  return fields.done({ kind: kind ?? 'sitting', title, startsAt, endsAt, papersBy, place, link });
}

function isLink(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

/** `items` are those of the sitting, `motions` the ids that may be put on an agenda. */
export function readItem(given: Given, items: readonly Item[], hasMotion: boolean, itemId?: string): Read<ItemContent> {
  const fields = new Fields(given);
  const kind = ITEM_KINDS.find((one) => one === given['kind']);
  if (kind === undefined) fields.errors.push({ field: 'kind', problem: 'unknown' });
  const title = fields.localised('title', TITLE_CHARS_MAX, true);
  const minutes = /^\d{1,3}$/.test(given['minutes'] ?? '') ? Number(given['minutes']) : -1;
  if (minutes < 0 || minutes > ITEM_MINUTES_MAX) fields.errors.push({ field: 'minutes', problem: 'not-a-number' });
  const motionId = tidyLine(given['motion']);
  if (motionId !== '' && (!UUID.test(motionId) || !hasMotion)) fields.errors.push({ field: 'motion', problem: 'unknown' });
  if (kind === 'motion' && motionId === '') fields.errors.push({ field: 'motion', problem: 'missing' });
  const parentId = tidyLine(given['parent']);
  if (parentId !== '' && !fitsBelow(items, itemId, parentId)) fields.errors.push({ field: 'parent', problem: 'cycle' });
  const rapporteur = fields.line('rapporteur', NAME_CHARS_MAX, false);
  const opinion = fields.localised('opinion', TEXT_CHARS_MAX, false, tidyText);
  return fields.done({ kind: kind ?? 'other', title, minutes, internal: given['internal'] === 'yes', motionId: motionId === '' ? undefined : motionId, parentId: parentId === '' ? undefined : parentId, rapporteur, opinion });
}

export function readTask(given: Given): Read<TaskContent> {
  const fields = new Fields(given);
  const title = fields.localised('title', TITLE_CHARS_MAX, true);
  const owner = fields.line('owner', NAME_CHARS_MAX);
  const dueOn = tidyLine(given['due']);
  const dueMs = /^\d{4}-\d{2}-\d{2}$/.test(dueOn) ? Date.parse(dueOn) : Number.NaN;
  if (Number.isNaN(dueMs) || new Date(dueMs).toISOString().slice(0, 10) !== dueOn) fields.errors.push({ field: 'due', problem: 'not-a-time' });
  const id = (field: string): string | undefined => {
    const text = tidyLine(given[field]);
    if (text !== '' && !UUID.test(text)) fields.errors.push({ field, problem: 'unknown' });
    return text === '' ? undefined : text;
  };
  return fields.done({ title, owner, dueOn, sittingId: id('sitting'), motionId: id('motion') });
}
