/** Drafts minutes from what happened: attendance, items in the order in which they were called, who spoke how, notes, results of votes. */

import { type Instant, type Language, LANGUAGES } from '../../../base/index.ts';
import { formatList, formatNumber, formatTime } from '../../../platform/text/index.ts';
import type { RoundFacts } from '../../council/index.ts';
import { type Item, type Localised, type Paragraph, PARAGRAPHS_MAX, type Sitting, type Statement } from '../model.ts';
import { secretariatText } from '../text/index.ts';
import { agendaOf } from './agenda.ts';
import type { CourseEntry, Live, Speech } from './live.ts';

export interface Material {
  readonly sitting: Sitting;
  readonly items: readonly Item[];
  /** Undefined for a written procedure. */
  readonly live: Live | undefined;
  readonly statements: readonly Statement[];
  /** Motions on the agenda by their id, with what the log says of their vote when the minutes are drafted. */
  readonly motions: ReadonlyMap<string, { readonly number: string; readonly title: Localised; readonly round: RoundFacts | undefined }>;
  readonly seats: number;
  readonly quorum: number;
}

type Say = (language: Language) => string;

/** Paragraphs in all languages at once; notes stand in the language they were typed in, and wait for the others. */
export function draftMinutes(material: Material): readonly Paragraph[] {
  const { sitting, live } = material;
  const paragraphs: Localised[] = [];
  const add = (say: Say): void => void (paragraphs.length < PARAGRAPHS_MAX && paragraphs.push(Object.fromEntries(LANGUAGES.map((spoken) => [spoken, say(spoken)])) as Localised));
  const t = (spoken: Language) => secretariatText.in(spoken);
  if (live === undefined) add((spoken) => t(spoken)('draft.written', { from: formatTime(sitting.startsAt, spoken), to: formatTime(sitting.endsAt, spoken) }));
  else {
    const [opened, closed] = (['opened', 'closed'] as const).map((what) => live.course.find((one) => one.what === what)?.at);
    add((spoken) => t(spoken)('draft.held', { place: [sitting.place, sitting.link].filter((one) => one !== '').join(', '), from: timeOr(opened, spoken), to: timeOr(closed, spoken) }));
    add((spoken) => attendance(live, material.seats, spoken));
  }
  add((spoken) => t(spoken)('draft.quorum', { quorum: material.quorum, seats: material.seats }));
  for (const { item, number } of agendaOf(material.items)) {
    // What is internal is not told in minutes that are published; that there was such an item is.
    if (item.internal) {
      add((spoken) => t(spoken)('draft.internal', { number }));
      continue;
    }
    add((spoken) => t(spoken)('draft.item', { number, title: item.title[spoken] }));
    if (item.rapporteur !== '') add((spoken) => (item.opinion[spoken] === '' ? t(spoken)('draft.rapporteur', { name: item.rapporteur }) : t(spoken)('draft.opinion', { name: item.rapporteur, opinion: item.opinion[spoken] })));
    itemCourse(item, live, add);
    written(item, material, add);
    const motion = item.motionId === undefined ? undefined : material.motions.get(item.motionId);
    if (motion !== undefined) add((spoken) => voteText(motion, spoken));
  }
  return paragraphs.map((texts, index) => ({ id: `p${index + 1}`, ...texts }));
}

const timeOr = (at: Instant | undefined, spoken: Language): string => (at === undefined ? '—' : formatTime(at, spoken));

function attendance(live: Live, seats: number, spoken: Language): string {
  const list = [...live.attended].sort((a, b) => a - b).map((seat) => formatNumber(seat, spoken));
  return list.length === 0 ? secretariatText.in(spoken)('draft.nobody') : secretariatText.in(spoken)('draft.attended', { count: list.length, seats, list: formatList(list, spoken) });
}

const isSpeech = (one: CourseEntry, item: string): one is Extract<CourseEntry, { readonly what: 'spoke' }> => one.what === 'spoke' && one.item === item;

function itemCourse(item: Item, live: Live | undefined, add: (say: Say) => void): void {
  const course = live?.course ?? [];
  const speeches = course.filter((one) => isSpeech(one, item.id)).map(({ speech }) => speech);
  if (speeches.length > 0) add((spoken) => secretariatText.in(spoken)('draft.speeches', { list: formatList(speeches.map((one) => speaker(one, spoken)), spoken) }));
  for (const one of course) if (one.what === 'note' && one.item === item.id) add((spoken) => (spoken === one.language ? one.text : ''));
}

const speaker = ({ name, kind }: Speech, spoken: Language): string => secretariatText.in(spoken)('draft.speaker', { name, kind: secretariatText.in(spoken)(`speech.${kind}`) });

function written(item: Item, { statements }: Material, add: (say: Say) => void): void {
  const own = statements.filter(({ itemId }) => itemId === item.id);
  const of = (...kinds: readonly Statement['kind'][]): number => own.filter(({ kind }) => kinds.includes(kind)).length;
  if (of('question') > 0) add((spoken) => secretariatText.in(spoken)('draft.questions', { count: of('question'), answered: own.filter(({ kind, answeredAt }) => kind === 'question' && answeredAt !== undefined).length }));
  if (of('consultation') > 0) add((spoken) => secretariatText.in(spoken)('draft.consultation', { count: of('consultation'), themes: formatList([...new Set(own.filter(({ kind }) => kind === 'consultation').map(({ theme }) => theme))], spoken) }));
  if (of('pro', 'contra', 'remark') > 0) add((spoken) => secretariatText.in(spoken)('draft.contributions', { pro: of('pro'), contra: of('contra'), remark: of('remark') }));
  const conflicts = own.filter(({ kind }) => kind === 'conflict');
  if (conflicts.length > 0) add((spoken) => secretariatText.in(spoken)('draft.conflicts', { list: formatList(conflicts.map(({ author }) => author), spoken) }));
}

/** Only what the log says of the vote, and whether it is certified: an uncertified outcome is no decision. */
function voteText({ number, round }: { readonly number: string; readonly round: RoundFacts | undefined }, spoken: Language): string {
  const t = secretariatText.in(spoken);
  const outcome = round?.outcome;
  if (round === undefined) return t('draft.vote-none', { number });
  if (outcome === undefined || !round.certified) return t('draft.vote-open', { number, closes: round.closesS === undefined ? '—' : formatTime(new Date(round.closesS * 1000).toISOString(), spoken) });
  const yes = outcome.yes.map(({ option, seats }) => (outcome.yes.length === 1 ? formatNumber(seats, spoken) : `${option}: ${formatNumber(seats, spoken)}`));
  return t(outcome.carried === undefined ? 'draft.vote-lost' : 'draft.vote-carried', { number, yes: formatList(yes, spoken), no: outcome.no, abstain: outcome.abstain, silent: outcome.silent });
}

/** Numbers (from 1) of paragraphs that miss a language. */
export const untranslated = (paragraphs: readonly Paragraph[]): readonly number[] => paragraphs.flatMap((one, index) => (LANGUAGES.some((spoken) => one[spoken].trim() === '') ? [index + 1] : []));

/** The text whose digest the signed note names: title, number, numbered paragraphs; LF, no blanks at line ends (council.md 2.6). */
export function minutesText(sitting: Pick<Sitting, 'number' | 'title'>, paragraphs: readonly Paragraph[], spoken: Language): string {
  const lines = [secretariatText.in(spoken)('minutes.heading', { number: sitting.number }), sitting.title[spoken], ...paragraphs.map((one, index) => `${index + 1}. ${one[spoken]}`)];
  return `${lines.join('\n\n').normalize('NFC').split('\n').map((line) => line.trimEnd()).join('\n')}\n`;
}
