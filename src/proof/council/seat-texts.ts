/** The other texts that members and secretariat sign: recusal, dissent, complaint, minutes, receipt, possession of a key; and the `key` entry. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { base64, sameBytes } from '../bytes.ts';
import { emptyRoot } from '../merkle.ts';
import { parseCheckpoint } from '../checkpoint.ts';
import { KEY_TYPES, openNote, parseNote } from '../note.ts';
import type { VerifierKey } from '../note.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { LineReader, isSlug, printLines, printRound, printSeat, printTime } from './lines.ts';
import type { Round } from './lines.ts';
import { LANGUAGES_MAX, isLanguage } from './motion-text.ts';
import type { Motion } from './motion-text.ts';
import { ALTERNATES_MAX } from './roll-text.ts';

export const RECUSAL_TYPE = 'mizan-council/recusal/v1';
export const DISSENT_TYPE = 'mizan-council/dissent/v1';
export const COMPLAINT_TYPE = 'mizan-council/complaint/v1';
export const MINUTES_TYPE = 'mizan-council/minutes/v1';
export const RECEIPT_TYPE = 'mizan-council/receipt/v1';
export const POSSESSION_TYPE = 'mizan-council/possession/v1';
export const KEY_TYPE = 'mizan-council/key/v1';

interface Head {
  readonly council: string;
  readonly epoch: number;
}

const head = (type: string, { council, epoch }: Head): readonly string[] => [type, `council ${council}`, `epoch ${epoch}`];
const readHead = (lines: LineReader): Head => ({ council: lines.name('council'), epoch: lines.number('epoch', 1) });

// ---------------------------------------------------------------- recusal

/** Who steps aside: the member of a seat, or an alternate. */
export type Person = { readonly seat: number } | { readonly constituency: string; readonly rank: number };

/** Signed by the ballot key of who steps aside, or by a quorum of seats that decide it over them. */
export interface Recusal extends Head, Round {
  readonly who: Person;
  /** A word such as `interest` or `party`; the declaration itself is not logged. */
  readonly reason: string;
}

export const printPerson = (who: Person): string => ('seat' in who ? `seat ${printSeat(who.seat)}` : `alternate ${who.constituency} ${who.rank}`);

export function printRecusal(recusal: Recusal): string {
  return printLines([...head(RECUSAL_TYPE, recusal), printRound(recusal), printPerson(recusal.who), `reason ${recusal.reason}`]);
}

function readPerson(lines: LineReader): Person {
  if (!lines.next('alternate')) return { seat: lines.asSeat(lines.value('seat')) };
  const [constituency = '', rank = ''] = lines.words('alternate', 2);
  lines.check(isSlug(constituency), 'text-name', constituency);
  return { constituency, rank: lines.asNumber(rank, 1, ALTERNATES_MAX) };
}

export function parseRecusal(text: string): Verdict<Recusal, ProofRefusal> {
  const lines = new LineReader(text, RECUSAL_TYPE);
  return lines.finish({ ...readHead(lines), ...lines.round(), who: readPerson(lines), reason: lines.slug('reason') });
}

// ---------------------------------------------------------------- dissent, complaint, minutes

export type LanguageDigests = Motion['texts'];

const printTexts = (texts: LanguageDigests): readonly string[] => texts.map(({ language, digest }) => `text ${language} sha256:${digest}`);

function readTexts(lines: LineReader): LanguageDigests {
  const texts: { language: string; digest: string }[] = [];
  do {
    const [language = '', digest = ''] = lines.words('text', 2);
    lines.check(isLanguage(language) && language > (texts.at(-1)?.language ?? ''), 'motion-language', language);
    texts.push({ language, digest: lines.asNamedDigest(digest) });
  } while (lines.next('text') && texts.length < LANGUAGES_MAX);
  return texts;
}

export const DISSENT_KINDS = ['minority', 'separate', 'reasons'] as const;

/** An opinion published with a decision; signed by the ballot keys of those who hold it. */
export interface Dissent extends Head, Round {
  readonly kind: (typeof DISSENT_KINDS)[number];
  readonly texts: LanguageDigests;
}

export const printDissent = (it: Dissent): string => printLines([...head(DISSENT_TYPE, it), printRound(it), `kind ${it.kind}`, ...printTexts(it.texts)]);

export function parseDissent(text: string): Verdict<Dissent, ProofRefusal> {
  const lines = new LineReader(text, DISSENT_TYPE);
  return lines.finish({ ...readHead(lines), ...lines.round(), kind: lines.oneOf('kind', DISSENT_KINDS), texts: readTexts(lines) });
}

/** `round`: vote again after a refusal. `confirm`: one confirming vote in the standstill. `stalled`: the operator does not close. `admit`: overrule. */
export const COMPLAINT_KINDS = ['round', 'confirm', 'stalled', 'admit', 'other'] as const;

/** A demand of a minority that holds at least one honest seat; signed by their ballot keys. */
export interface Complaint extends Head, Round {
  readonly kind: (typeof COMPLAINT_KINDS)[number];
  readonly texts: LanguageDigests;
}

export const printComplaint = (it: Complaint): string => printLines([...head(COMPLAINT_TYPE, it), printRound(it), `kind ${it.kind}`, ...printTexts(it.texts)]);

export function parseComplaint(text: string): Verdict<Complaint, ProofRefusal> {
  const lines = new LineReader(text, COMPLAINT_TYPE);
  return lines.finish({ ...readHead(lines), ...lines.round(), kind: lines.oneOf('kind', COMPLAINT_KINDS), texts: readTexts(lines) });
}

/** Minutes of a session as approved; signed by the secretariat. */
export interface Minutes extends Head {
  readonly session: string;
  readonly texts: LanguageDigests;
}

export const printMinutes = (it: Minutes): string => printLines([...head(MINUTES_TYPE, it), `session ${it.session}`, ...printTexts(it.texts)]);

export function parseMinutes(text: string): Verdict<Minutes, ProofRefusal> {
  const lines = new LineReader(text, MINUTES_TYPE);
  const it = readHead(lines);
  const session = lines.value('session');
  lines.check(/^[a-z0-9][a-z0-9/-]{0,62}$/.test(session), 'text-slot', session);
  return lines.finish({ ...it, session, texts: readTexts(lines) });
}

// ---------------------------------------------------------------- receipt

/** What an agent answers to a ballot or commitment it now holds; signed by its agent key. */
export interface Receipt extends Head, Round {
  /** The seat whose agent holds it. */
  readonly holder: number;
  /** The seat that voted, and SHA-256 of the text it signed: signatures of one text may differ. */
  readonly voter: number;
  readonly digest: string;
  readonly timeS: number;
  /** 32 hexadecimal digits, new at each start of the agent: two at once betray a copied seat. */
  readonly instance: string;
}

export function printReceipt(it: Receipt): string {
  const about = [`holder ${printSeat(it.holder)}`, `voter ${printSeat(it.voter)}`, `ballot sha256:${it.digest}`, `time ${printTime(it.timeS)}`];
  return printLines([...head(RECEIPT_TYPE, it), printRound(it), ...about, `instance ${it.instance}`]);
}

export function parseReceipt(text: string): Verdict<Receipt, ProofRefusal> {
  const lines = new LineReader(text, RECEIPT_TYPE);
  const it = { ...readHead(lines), ...lines.round() };
  const holder = lines.asSeat(lines.value('holder'));
  const voter = lines.asSeat(lines.value('voter'));
  const digest = lines.asNamedDigest(lines.value('ballot'));
  const timeS = lines.time('time');
  const instance = lines.value('instance');
  lines.check(/^[0-9a-f]{32}$/.test(instance), 'text-digest', instance);
  return lines.finish({ ...it, holder, voter, digest, timeS, instance });
}

// ---------------------------------------------------------------- keys

/** One verifier key of a member: in a `key` entry the ML-DSA key that the roll names by digest, in a possession note the key that signs it. */
export interface SeatKey extends Head {
  readonly who: Person;
  readonly vkey: string;
}

const printSeatKey = (type: string, it: SeatKey): string => printLines([...head(type, it), printPerson(it.who), `vkey ${it.vkey}`]);

function parseSeatKey(type: string, text: string): Verdict<SeatKey, ProofRefusal> {
  const lines = new LineReader(text, type);
  return lines.finish({ ...readHead(lines), who: readPerson(lines), vkey: lines.asVkey(lines.value('vkey')) });
}

export const printKey = (key: SeatKey): string => printSeatKey(KEY_TYPE, key);
export const parseKey = (text: string): Verdict<SeatKey, ProofRefusal> => parseSeatKey(KEY_TYPE, text);
export const printPossession = (key: SeatKey): string => printSeatKey(POSSESSION_TYPE, key);

/** Origin of the empty checkpoint by which a cosigning key, which signs nothing but cosignatures, shows that somebody holds it. */
export function possessionOrigin(origin: string, epoch: number, who: Person): string {
  return `${origin}/possession/${epoch}/${'seat' in who ? printSeat(who.seat) : `${who.constituency}-${who.rank}`}`;
}

/** Whether the note shows that the holder of `key` took part in this ceremony: a possession note of a 0x01 key, a cosigned empty checkpoint of a 0x04 key. */
export function checkPossession(suite: Suite, note: string, key: VerifierKey, expected: SeatKey, origin: string): Verdict<true, ProofRefusal> {
  const parsed = parseNote(note);
  if (!parsed.ok) return parsed;
  const { text } = parsed.value;
  if (key.type === KEY_TYPES.note) {
    if (text !== printPossession(expected)) return refuse('possession-text');
  } else {
    const checkpoint = parseCheckpoint(text);
    if (!checkpoint.ok) return checkpoint;
    const { origin: named, size, root } = checkpoint.value;
    if (named !== possessionOrigin(origin, expected.epoch, expected.who) || size !== 0 || !sameBytes(root, emptyRoot(suite))) return refuse('possession-text', undefined, base64(root));
  }
  const opened = openNote(suite, parsed.value, [key]);
  return opened.ok ? yes(true) : no(opened.refusal);
}
