/**
 * The one way the texts of the council are read: line by line, each with its keyword, and nothing that has two writings.
 *
 * A reader keeps the first refusal and answers harmless values from then on, so that a parser is a plain list of its lines and the
 * refusal still names the line that was wrong first.
 */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { fromBase64, fromDecimal, utf8 } from '../bytes.ts';
import { refuse } from '../refusals.ts';
import type { ProofCode, ProofRefusal } from '../refusals.ts';
import { ENTRY_BYTES_MAX } from '../tiles.ts';

/** Longest entry of the log, hence longest text. */
export { ENTRY_BYTES_MAX };

/** Longest single value in words, such as a legal basis or the name of a key. */
export const VALUE_CHARS_MAX = 400;
export const SEATS_MAX = 99;
export const ROUNDS_MAX = 99;

/** A size of the log with the root there, as checkpoints, OPEN and CLOSE name it; the root is standard base64 of 32 bytes. */
export interface Cut {
  readonly size: number;
  readonly root: string;
}

/** One vote: a slot and its round, written `slot 2027-014 round 1`. */
export interface Round {
  readonly slot: string;
  readonly round: number;
}

const PLAIN = /^[\x20-\x7e\n]*$/;
const CONTROL = /[^\P{Cc}\n]/u;
const SLOT = /^[a-z0-9][a-z0-9/-]{0,62}$/;
const SLUG = /^[a-z][a-z0-9-]{0,39}$/;
const HEX_DIGEST = /^[0-9a-f]{64}$/;
/** A name that can be the name of a C2SP key: no white space, no plus sign. */
const NAME = /^[^\s+]{1,200}$/u;
const VKEY = /^[^\s+]{1,200}\+[0-9a-f]{8}\+[A-Za-z0-9+/]+={0,2}$/u;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

export const isSlot = (text: string): boolean => SLOT.test(text);
export const isSlug = (text: string): boolean => SLUG.test(text);
export const isName = (text: string): boolean => NAME.test(text);
export const isDigest = (text: string): boolean => HEX_DIGEST.test(text);
export const isVkey = (text: string): boolean => VKEY.test(text);

const DAY_S = 86_400;

/** The days since 1970-01-01 of a date of the Gregorian calendar, and back; written out because a pure room holds no clock object. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}

function dateOf(days: number): readonly [number, number, number] {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Last second that four digits of a year can write. */
const TIME_MAX_S = daysOf(9999, 12, 31) * DAY_S + DAY_S - 1;

/** `2027-03-18T14:00:00Z` of whole seconds since 1970, which have to be between 1970 and 9999. */
export function printTime(timeS: number): string {
  const days = Math.floor(timeS / DAY_S);
  const [year, month, day] = dateOf(days);
  const rest = timeS - days * DAY_S;
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
  return `${date}T${two(Math.floor(rest / 3600))}:${two(Math.floor(rest / 60) % 60)}:${two(rest % 60)}Z`;
}

/** Whole seconds since 1970, or undefined for anything but that one writing of a time that exists (no 30 February, no leap second). */
export function parseTime(text: string): number | undefined {
  if (!TIME.test(text)) return undefined;
  const at = (from: number, to: number): number => Number(text.slice(from, to));
  const timeS = daysOf(at(0, 4), at(5, 7), at(8, 10)) * DAY_S + at(11, 13) * 3600 + at(14, 16) * 60 + at(17, 19);
  return timeS >= 0 && timeS <= TIME_MAX_S && printTime(timeS) === text ? timeS : undefined;
}

/** `01` to `99`. */
export const printSeat = (seat: number): string => two(seat);

/** A text of lines, each ended with LF. */
export const printLines = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

export const printRound = ({ slot, round }: Round): string => `slot ${slot} round ${round}`;

export class LineReader {
  readonly #lines: readonly string[];
  #at = 0;
  #refusal: ProofRefusal | undefined;

  /** Takes the whole text; `type` is its first line. */
  constructor(text: string, type: string) {
    this.#refusal = refusedText(text);
    this.#lines = this.#refusal === undefined ? text.slice(0, -1).split('\n') : [];
    if (this.#refusal === undefined && this.#lines[0] !== type) this.refuse('text-type', type);
    this.#at = 1;
  }

  get refused(): boolean {
    return this.#refusal !== undefined;
  }

  /** Number of the line read last, counted from 1. */
  get line(): number {
    return this.#at;
  }

  /** Keeps the first refusal, at the line read last. */
  refuse(code: ProofCode, detail?: string): void {
    if (this.#refusal === undefined) this.#refusal = { code, line: this.#at === 0 ? 1 : this.#at, ...(detail === undefined ? {} : { detail }) };
  }

  /** Whether the next line starts with this keyword. */
  next(keyword: string): boolean {
    const line = this.#lines[this.#at];
    return !this.refused && line !== undefined && (line === keyword || line.startsWith(`${keyword} `));
  }

  /** What stands behind the keyword on the next line; empty after a refusal. */
  value(keyword: string): string {
    if (this.refused) return '';
    const line = this.#lines[this.#at];
    this.#at += 1;
    if (line === undefined) {
      this.refuse('text-line-missing', keyword);
      return '';
    }
    if (!line.startsWith(`${keyword} `)) {
      this.refuse('text-line', keyword);
      return '';
    }
    const value = line.slice(keyword.length + 1);
    if (value === '' || value.startsWith(' ')) this.refuse('text-line', keyword);
    return value;
  }

  /** The words behind the keyword, separated by single spaces; always `least` of them at least, empty ones after a refusal. */
  words(keyword: string, least: number, most: number = least): readonly string[] {
    const words = this.value(keyword).split(' ');
    if (words.length < least || words.length > most || words.includes('')) this.refuse('text-line', keyword);
    return this.refused ? Array.from({ length: least }, () => '') : words;
  }

  /** Words read already, checked by a rule with its own refusal. */
  check(holds: boolean, code: ProofCode, detail?: string): void {
    if (!holds && !this.refused) this.refuse(code, detail);
  }

  name(keyword: string): string {
    const name = this.value(keyword);
    this.check(isName(name), 'text-name', name);
    return name;
  }

  /** One of the words given. */
  oneOf<const W extends string>(keyword: string, among: readonly W[]): W {
    const word = this.value(keyword);
    this.check((among as readonly string[]).includes(word), 'text-word', among.join(' | '));
    return (this.refused ? among[0] : word) as W;
  }

  slug(keyword: string): string {
    const word = this.value(keyword);
    this.check(isSlug(word), 'text-name', word);
    return word;
  }

  asNumber(word: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    const value = fromDecimal(word);
    this.check(value !== undefined && value >= least && value <= most, 'text-number', word);
    return value ?? 0;
  }

  number(keyword: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
    return this.asNumber(this.value(keyword), least, most);
  }

  /** 64 hexadecimal digits. */
  asDigest(word: string): string {
    this.check(isDigest(word), 'text-digest', word);
    return word;
  }

  /** `sha256:` and 64 hexadecimal digits; answers the digits. */
  asNamedDigest(word: string): string {
    this.check(word.startsWith('sha256:'), 'text-digest', word);
    return this.asDigest(word.slice('sha256:'.length));
  }

  asSeat(word: string): number {
    this.check(/^[0-9]{2}$/.test(word) && word !== '00', 'text-seat', word);
    return this.refused ? 0 : Number(word);
  }

  asTime(word: string): number {
    const timeS = parseTime(word);
    this.check(timeS !== undefined, 'text-time', word);
    return timeS ?? 0;
  }

  time(keyword: string): number {
    return this.asTime(this.value(keyword));
  }

  asVkey(word: string): string {
    this.check(isVkey(word), 'text-key', word);
    return word;
  }

  /** `epoch 7 <64 hex>`: the number of the epoch and a digest. */
  epoch(): { readonly epoch: number; readonly digest: string } {
    const [number = '', digest = ''] = this.words('epoch', 2);
    return { epoch: this.asNumber(number, 1), digest: this.asDigest(digest) };
  }

  /** `slot 2027-014 round 1`. */
  round(): Round {
    const [slot = '', word = '', number = ''] = this.words('slot', 3);
    this.check(isSlot(slot), 'text-slot', slot);
    this.check(word === 'round', 'text-line', 'slot … round …');
    return { slot, round: this.asNumber(number, 1, ROUNDS_MAX) };
  }

  /** `<keyword> 48213 <root>`. */
  cut(keyword: string): Cut {
    const [size = '', root = ''] = this.words(keyword, 2);
    const bytes = fromBase64(root);
    const cut = { size: this.asNumber(size), root };
    this.check(bytes?.length === 32, 'text-root', root);
    return cut;
  }

  /** What was read, unless something was refused or a line is left over. */
  finish<T>(value: T): Verdict<T, ProofRefusal> {
    if (!this.refused && this.#at < this.#lines.length) {
      this.#at += 1;
      this.refuse('text-line-surplus', this.#lines[this.#at - 1]?.slice(0, 80));
    }
    return this.#refusal === undefined ? yes(value) : { ok: false, refusal: this.#refusal };
  }
}

/** Why a text as a whole has more than one writing or none in the log; undefined where it has exactly one. */
function refusedText(text: string): ProofRefusal | undefined {
  const refusalOf = (code: ProofCode, at = 0): ProofRefusal => refuse(code, text.slice(0, at).split('\n').length).refusal;
  if (text.length > ENTRY_BYTES_MAX) return refuse('text-too-long').refusal;
  if (!PLAIN.test(text)) {
    if (!text.isWellFormed()) return refuse('text-not-unicode').refusal;
    const control = text.search(CONTROL);
    if (control >= 0) return refusalOf('text-control-character', control);
    if (text.normalize('NFC') !== text) return refuse('text-not-normalised').refusal;
    if (utf8(text).length > ENTRY_BYTES_MAX) return refuse('text-too-long').refusal;
  }
  if (!text.endsWith('\n')) return refuse('text-no-final-newline').refusal;
  const blank = text.search(/^\n|\s\n/u);
  return blank >= 0 ? refusalOf('text-blank', blank) : undefined;
}
