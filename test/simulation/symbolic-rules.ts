/**
 * The rules of the log over symbols instead of signatures and hashes, so that a hundred thousand councils can be tried: a signature
 * is the name of its key with the number of the text, which only who holds the key writes; a root is the number of its prefix.
 * Texts, count and certified time are the product's. Each planted bug of the rules is a switch here.
 */

import { no, yes } from '../../src/base/index.ts';
import type { Verdict } from '../../src/base/index.ts';
import { parseSealed } from '../../src/proof/commitment.ts';
import type { Sealed } from '../../src/proof/commitment.ts';
import { COMMIT_TYPE, parseCommit, printBallot } from '../../src/proof/council/ballot-text.ts';
import type { Choice } from '../../src/proof/council/ballot-text.ts';
import { certifiedTime } from '../../src/proof/council/certified-time.ts';
import { CLOSE_TYPE, COMMITS_CLOSE_TYPE, parseClose, parseCommitsClose } from '../../src/proof/council/close-text.ts';
import type { Close } from '../../src/proof/council/close-text.ts';
import { classOf } from '../../src/proof/council/constitution.ts';
import type { Constitution } from '../../src/proof/council/constitution.ts';
import type { Cut } from '../../src/proof/council/lines.ts';
import { OPEN_TYPE, ballotOf, parseOpen } from '../../src/proof/council/open-text.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import { OUTCOME_TYPE, parseOutcome, printOutcome } from '../../src/proof/council/outcome-text.ts';
import type { Outcome } from '../../src/proof/council/outcome-text.ts';
import type { CastText, Certified, Cosigned, Prefix, RoundView } from '../../src/proof/council/rules.ts';
import { castName } from '../../src/proof/council/rules.ts';
import { parseReceipt } from '../../src/proof/council/seat-texts.ts';
import type { Receipt } from '../../src/proof/council/seat-texts.ts';
import { outcomeOf, tally } from '../../src/proof/council/tally.ts';
import type { Cast } from '../../src/proof/council/tally.ts';
import { refuse } from '../../src/proof/refusals.ts';
import type { ProofRefusal } from '../../src/proof/refusals.ts';
import type { SimulatedPrefix, SimulatedRules } from './simulated-rules.ts';

export interface RuleFaults {
  /** Which stamp is the certified time: the quorum-th largest if none is given. */
  readonly time?: 'maximum' | 'eleventh-smallest' | 'operator';
  readonly lastCloseWins?: boolean;
  readonly countsAfterCut?: boolean;
  readonly countsLines?: boolean;
  readonly takesOldEpoch?: boolean;
  readonly countsVacant?: boolean;
  readonly voidsEquivocators?: boolean;
  readonly lastCommitment?: boolean;
  readonly copiesCommitments?: boolean;
  readonly revealsUncommitted?: boolean;
  readonly ignoresBreadth?: boolean;
  readonly trustsOutcome?: boolean;
  readonly closesUncertified?: boolean;
  readonly trustsLines?: boolean;
  readonly dropsSecondText?: boolean;
}

interface SymbolicRound extends RoundView {
  readonly ballotCasts: readonly Cast[];
  /** The commitment that counts for each seat. */
  readonly commitments: ReadonlyMap<number, string>;
  /** The first one of each seat, whatever is planted. */
  readonly firstCommitments: ReadonlyMap<number, string>;
}

/** A note whose every line is of its text. */
interface Opened {
  readonly text: string;
  readonly keys: readonly string[];
}

export interface SymbolicPrefix extends SimulatedPrefix {
  readonly before: SymbolicPrefix | undefined;
  readonly rounds: ReadonlyMap<string, SymbolicRound>;
  readonly anchors: ReadonlyMap<number, Certified>;
  readonly next: Map<string, Verdict<SymbolicPrefix, ProofRefusal>>;
  readonly unjudged: Map<string, SymbolicPrefix>;
}

export const ORIGIN = 'council.example';
const BAD = refuse('note-bad-signature');
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Constituencies of the council of 33, seat by seat. */
const constituencyOf = (it: Constitution, seat: number): string => {
  let last = 0;
  return it.constituencies.find(({ seats }) => seat <= (last += seats))?.name ?? '';
};

function rootName(id: number): string {
  let rest = id;
  let text = '';
  while (rest > 0) {
    text = ALPHABET.charAt(rest % 62) + text;
    rest = Math.floor(rest / 62);
  }
  return `${text.padStart(42, 'A')}A=`;
}

/** A world of rules for one configuration; what it has read once it remembers, because it is a function of the text alone. */
export class SymbolicRules implements SimulatedRules {
  readonly constitution: Constitution;
  readonly faults: RuleFaults;
  readonly empty: SymbolicPrefix;
  readonly #filled: readonly boolean[];
  readonly #sitters: { readonly seats: readonly ({ constituency: string; ballotKey: string } | undefined)[] };
  readonly #vacant: readonly number[];
  readonly #sizes: ReadonlyMap<string, number>;
  readonly #texts = new Map<string, number>();
  readonly #digests = new Map<string, string>();
  readonly #notes = new Map<string, Map<string, string>>();
  readonly #opened = new Map<string, Opened | undefined>();
  readonly #checkpoints = new Map<string, Verdict<Cut, ProofRefusal>>();
  readonly #cosigned = new Map<string, Verdict<Cosigned, ProofRefusal>>();
  readonly #certified = new Map<string, Verdict<Certified, ProofRefusal>>();
  readonly #byRoot = new Map<string, SymbolicPrefix>();
  readonly #ballots = new Map<Open, Map<string, { choice: Choice; option: string | undefined }>>();
  readonly #casts = new Map<string, { readonly round: string; readonly read: Map<string, Verdict<readonly CastText[], ProofRefusal>> }>();
  readonly #sealedTexts = new Map<string, Verdict<Sealed, ProofRefusal>>();
  readonly #receipts = new Map<string, Verdict<Receipt, ProofRefusal>>();
  #prefixes = 0;

  constructor(constitution: Constitution, faults: RuleFaults = {}, vacant: readonly number[] = []) {
    this.constitution = constitution;
    this.faults = faults;
    this.#vacant = vacant;
    const seats = Array.from({ length: constitution.seats }, (_, index) => index + 1);
    this.#filled = seats.map((seat) => !vacant.includes(seat) || faults.countsVacant === true);
    this.#sitters = { seats: seats.map((seat, index) => (this.#filled[index] === true ? { constituency: constituencyOf(constitution, seat), ballotKey: String(seat) } : undefined)) };
    this.#sizes = new Map(constitution.constituencies.map(({ name, seats: size }) => [name, size]));
    this.empty = this.#make(undefined, new Map(), new Map());
  }

  // -------------------------------------------------------------- symbols

  #id(text: string): number {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const id = this.#texts.size + 1;
    this.#texts.set(text, id);
    return id;
  }

  /** A note by the holder of a key; `salt` makes another signature of the same text, as randomised signers do. */
  sign(key: string, text: string, salt = 0): string {
    let notes = this.#notes.get(text);
    if (notes === undefined) {
      notes = new Map();
      this.#notes.set(text, notes);
    }
    const by = salt === 0 ? key : `${key} ${salt}`;
    const known = notes.get(by);
    if (known !== undefined) return known;
    const note = `${text}\n— ${key} ${this.#id(text)}.${salt}\n`;
    notes.set(by, note);
    this.#opened.set(note, { text, keys: [key] });
    return note;
  }

  cosignLine(key: string, text: string, timeS: number): string {
    return `— ${key} ${this.#id(text)}@${timeS}\n`;
  }

  digest(text: string): string {
    const known = this.#digests.get(text);
    if (known !== undefined) return known;
    const made = this.#id(text).toString(16).padStart(64, '0');
    this.#digests.set(text, made);
    return made;
  }

  #open(note: string): Opened | undefined {
    const known = this.#opened.get(note);
    if (known !== undefined || this.#opened.has(note)) return known;
    const made = this.#read(note);
    this.#opened.set(note, made);
    return made;
  }

  #read(note: string): Opened | undefined {
    const split = note.lastIndexOf('\n\n');
    if (split < 0) return undefined;
    const text = note.slice(0, split + 1);
    const id = String(this.#id(text));
    const keys: string[] = [];
    for (const line of note.slice(split + 2, -1).split('\n')) {
      const [, key = '', signature = ''] = line.split(' ');
      if (signature.split('.')[0] !== id && this.faults.trustsLines !== true) return undefined;
      keys.push(key);
    }
    return { text, keys };
  }

  // -------------------------------------------------------------- prefixes

  #make(before: SymbolicPrefix | undefined, rounds: ReadonlyMap<string, SymbolicRound>, anchors: ReadonlyMap<number, Certified>, isValid = true): SymbolicPrefix {
    this.#prefixes += 1;
    const prefix: SymbolicPrefix = { size: (before?.size ?? -1) + 1, root: rootName(this.#prefixes), epoch: 1, before, isValid: isValid && before?.isValid !== false, rounds, anchors, next: new Map(), unjudged: new Map() };
    this.#byRoot.set(prefix.root, prefix);
    return prefix;
  }

  prefixOf(cut: Cut): SymbolicPrefix | undefined {
    const prefix = this.#byRoot.get(cut.root);
    return prefix?.size === cut.size ? prefix : undefined;
  }

  /** Whether one tree continues the other. */
  areConsistent(one: SymbolicPrefix, other: SymbolicPrefix): boolean {
    let [longer, shorter] = one.size < other.size ? [other, one] : [one, other];
    while (longer.size > shorter.size && longer.before !== undefined) longer = longer.before;
    return longer === shorter;
  }

  /** Lets go of what a run has added behind the given prefix. */
  forget(kept: SymbolicPrefix): void {
    kept.next.clear();
    kept.unjudged.clear();
    for (const memory of [this.#texts, this.#digests, this.#notes, this.#opened, this.#checkpoints, this.#cosigned, this.#certified, this.#casts, this.#receipts, this.#sealedTexts, this.#ballots]) memory.clear();
    for (const [root, prefix] of this.#byRoot) if (prefix.size > kept.size || (prefix.size === kept.size && prefix !== kept)) this.#byRoot.delete(root);
  }

  extend(before: SymbolicPrefix, entry: string): Verdict<SymbolicPrefix, ProofRefusal> {
    const known = before.next.get(entry);
    if (known !== undefined) return known;
    const made = this.#extend(before, entry);
    before.next.set(entry, made);
    return made;
  }

  extendUnjudged(before: SymbolicPrefix, entry: string): SymbolicPrefix {
    const known = before.unjudged.get(entry);
    if (known !== undefined) return known;
    const judged = this.extend(before, entry);
    const made = judged.ok ? judged.value : this.#make(before, before.rounds, before.anchors, false);
    before.unjudged.set(entry, made);
    return made;
  }

  #extend(before: SymbolicPrefix, entry: string): Verdict<SymbolicPrefix, ProofRefusal> {
    if (entry.startsWith('mizan-log/event/v1\n')) return yes(this.#make(before, before.rounds, before.anchors));
    if (entry.startsWith(`${ORIGIN}\n`)) return this.#anchor(before, entry);
    if (entry.startsWith(`${OPEN_TYPE}\n`)) return this.#openRound(before, entry);
    if (entry.startsWith(`${CLOSE_TYPE}\n`)) return this.#close(before, entry, 'close');
    if (entry.startsWith(`${COMMITS_CLOSE_TYPE}\n`)) return this.#close(before, entry, 'commitsClose');
    if (entry.startsWith(`${OUTCOME_TYPE}\n`)) return this.#outcome(before, entry);
    const casts = this.casts(before, entry);
    return casts.ok ? yes(this.#cast(before, casts.value)) : casts;
  }

  #withRound(before: SymbolicPrefix, round: string, view: SymbolicRound): SymbolicPrefix {
    return this.#make(before, new Map(before.rounds).set(round, view), before.anchors);
  }

  #anchor(before: SymbolicPrefix, entry: string): Verdict<SymbolicPrefix, ProofRefusal> {
    const read = this.certified(before, entry);
    if (!read.ok) return read;
    const at = this.prefixOf(read.value.cut);
    if (at === undefined || at.size > before.size || !this.areConsistent(at, before)) return refuse('proof-root');
    return yes(this.#make(before, before.rounds, new Map(before.anchors).set(before.size, read.value)));
  }

  #openRound(before: SymbolicPrefix, entry: string): Verdict<SymbolicPrefix, ProofRefusal> {
    const note = this.#open(entry);
    const read = note === undefined ? BAD : parseOpen(note.text);
    if (!read.ok) return read;
    const open = read.value;
    const round = `${open.slot} ${open.round}`;
    const opened = this.prefixOf(open.opened);
    if (note?.keys.includes('secretariat') !== true || before.rounds.has(round) || open.epoch !== before.epoch) return refuse('text-slot', undefined, round);
    if (opened === undefined || opened.size > before.size || !this.areConsistent(opened, before)) return refuse('text-root');
    const view = { open, openIndex: before.size, filled: this.#filled, casts: new Set<string>(), commitsClose: undefined, close: undefined, outcome: undefined };
    return yes(this.#withRound(before, round, { ...view, ballotCasts: [], commitments: new Map(), firstCommitments: new Map() }));
  }

  #close(before: SymbolicPrefix, entry: string, field: 'close' | 'commitsClose'): Verdict<SymbolicPrefix, ProofRefusal> {
    const read = field === 'close' ? parseClose(entry) : parseCommitsClose(entry);
    if (!read.ok) return read;
    const close = read.value;
    const round = `${close.slot} ${close.round}`;
    const view = before.rounds.get(round);
    if (view === undefined || (view[field] !== undefined && this.faults.lastCloseWins !== true)) return refuse('text-slot');
    if (field === 'commitsClose' ? !view.open.sealed : view.open.sealed && view.commitsClose === undefined) return refuse('text-slot');
    if (!this.#isClosing(before, view, close, field === 'close' ? view.open.closesS : (view.open.commitsCloseS ?? 0))) return refuse('text-root');
    return yes(this.#withRound(before, round, { ...view, [field]: close, ...(field === 'close' ? { outcome: undefined } : {}) }));
  }

  #isClosing(before: SymbolicPrefix, view: SymbolicRound, close: Close, endS: number): boolean {
    if (this.faults.closesUncertified === true) return close.timeS >= endS;
    const anchored = before.anchors.get(close.anchor);
    const isAnchored = anchored !== undefined && anchored.cut.size === close.cut.size && anchored.cut.root === close.cut.root && anchored.cut.size > view.openIndex;
    return isAnchored && (this.faults.time === 'operator' || anchored.timeS === close.timeS) && close.timeS >= endS;
  }

  #outcome(before: SymbolicPrefix, entry: string): Verdict<SymbolicPrefix, ProofRefusal> {
    const read = parseOutcome(entry);
    if (!read.ok) return read;
    const round = `${read.value.slot} ${read.value.round}`;
    const view = before.rounds.get(round);
    if (view?.close === undefined || view.outcome !== undefined) return refuse('text-slot');
    const own = this.outcome(before, round);
    if (this.faults.trustsOutcome !== true && (own === undefined || printOutcome(own) !== entry)) return refuse('text-word');
    return yes(this.#withRound(before, round, { ...view, outcome: read.value }));
  }

  #cast(before: SymbolicPrefix, casts: readonly CastText[]): SymbolicPrefix {
    const round = casts[0]?.round ?? '';
    const view = before.rounds.get(round)!;
    const names = new Set(view.casts);
    const ballotCasts = [...view.ballotCasts];
    const commitments = new Map(view.commitments);
    const firstCommitments = new Map(view.firstCommitments);
    for (const cast of casts) {
      const { name } = cast;
      if (names.has(name) && this.faults.countsLines !== true) continue;
      names.add(name);
      if (cast.kind === 'commit') {
        const read = parseCommit(cast.text);
        if (read.ok && view.commitsClose === undefined && !firstCommitments.has(cast.seat)) firstCommitments.set(cast.seat, read.value.commitment);
        if (read.ok && view.commitsClose === undefined && (!commitments.has(cast.seat) || this.faults.lastCommitment === true)) commitments.set(cast.seat, read.value.commitment);
      } else {
        const ballot = cast.kind === 'ballot' ? cast.text : this.#ballotUnder(cast.text);
        const vote = ballot === undefined ? undefined : this.#ballotsOf(view.open).get(this.#asToday(view, ballot));
        if (vote !== undefined) ballotCasts.push({ seat: cast.seat, index: before.size, ...vote });
      }
    }
    return this.#withRound(before, round, { ...view, casts: names, ballotCasts, commitments, firstCommitments });
  }

  // -------------------------------------------------------------- what is signed

  #ballotsOf(open: Open): Map<string, { choice: Choice; option: string | undefined }> {
    const known = this.#ballots.get(open);
    if (known !== undefined) return known;
    const made = new Map<string, { choice: Choice; option: string | undefined }>();
    for (const { option } of open.options) made.set(printBallot(ballotOf(open, 'yes', option)!), { choice: 'yes', option });
    for (const choice of ['no', 'abstain'] as const) made.set(printBallot(ballotOf(open, choice)!), { choice, option: undefined });
    this.#ballots.set(open, made);
    return made;
  }

  #ballotUnder(sealed: string): string | undefined {
    const read = this.#sealed(sealed);
    return read.ok ? this.#open(read.value.ballot)?.text : undefined;
  }

  casts(prefix: SymbolicPrefix, note: string): Verdict<readonly CastText[], ProofRefusal> {
    if (note.startsWith('mizan-council/sealed/v1\n')) return this.#reveal(prefix, note);
    let known = this.#casts.get(note);
    if (known === undefined) {
      const at = note.indexOf('\nslot ');
      known = { round: note.slice(at + 6, note.indexOf('\n', at + 1)).replace(' round ', ' '), read: new Map() };
      this.#casts.set(note, known);
    }
    const { round, read } = known;
    const view = prefix.rounds.get(round);
    if (view === undefined) return refuse('text-slot');
    const key = `${view.open.closesS}${view.open.opened.root}`;
    const before = read.get(key);
    if (before !== undefined) return before;
    const made = this.#signedCasts(view, round, note);
    read.set(key, made);
    return made;
  }

  #signedCasts(view: SymbolicRound, round: string, written: string): Verdict<readonly CastText[], ProofRefusal> {
    const note = this.#open(written);
    if (note === undefined) return BAD;
    const isCommit = note.text.startsWith(`${COMMIT_TYPE}\n`);
    // An old epoch's ballot names another epoch in its text, so that it is none of the texts derived from OPEN.
    const text = this.#asToday(view, note.text);
    const isValid = isCommit ? view.open.sealed && parseCommit(text).ok : !view.open.sealed && this.#ballotsOf(view.open).has(text);
    if (!isValid) return refuse('text-word');
    const casts: CastText[] = [];
    for (const key of note.keys) {
      const seat = this.#seatOf(key);
      if (seat === undefined) return BAD;
      const kind = isCommit ? 'commit' : 'ballot';
      casts.push({ kind, seat, round, text: note.text, name: castName({ kind, seat, text: note.text }), note: this.#lineOf(written, note.text, key) });
    }
    return yes(casts);
  }

  #asToday(view: SymbolicRound, text: string): string {
    return this.faults.takesOldEpoch === true ? text.replace(/\nepoch \d+ /, `\nepoch ${view.open.epoch} `) : text;
  }

  #seatOf(key: string): number | undefined {
    const match = this.faults.takesOldEpoch === true ? /^ballot(?:-old)?\.(\d+)$/.exec(key) : /^ballot\.(\d+)$/.exec(key);
    const seat = Number(match?.[1] ?? 0);
    return this.#filled[seat - 1] === true ? seat : undefined;
  }

  #lineOf(written: string, text: string, key: string): string {
    const at = written.indexOf(`\n— ${key} `, text.length) + 1;
    return `${text}\n${written.slice(at, written.indexOf('\n', at) + 1)}`;
  }

  #sealed(text: string): Verdict<Sealed, ProofRefusal> {
    const known = this.#sealedTexts.get(text);
    if (known !== undefined) return known;
    const made = parseSealed(text);
    this.#sealedTexts.set(text, made);
    return made;
  }

  #reveal(prefix: SymbolicPrefix, sealed: string): Verdict<readonly CastText[], ProofRefusal> {
    const read = this.#sealed(sealed);
    if (!read.ok) return read;
    const { seat, slot, round: number, ballot } = read.value;
    const round = `${slot} ${number}`;
    const view = prefix.rounds.get(round);
    const note = this.#open(ballot);
    if (view?.commitsClose === undefined || note === undefined || !this.#ballotsOf(view.open).has(note.text)) return refuse('text-slot');
    const committed = view.commitments.get(seat);
    const isCommitted = committed === this.digest(sealed) || this.faults.revealsUncommitted === true || (this.faults.copiesCommitments === true && this.#isCopied(committed, sealed));
    const isOwn = note.keys.length === 1 && (note.keys[0] === `ballot.${seat}` || this.faults.copiesCommitments === true);
    if (this.#filled[seat - 1] !== true || !isCommitted || !isOwn) return refuse('commitment-mismatch');
    return yes([{ kind: 'reveal', seat, round, text: sealed, name: castName({ kind: 'reveal', seat, text: sealed }), note: sealed }]);
  }

  /** Whether a seat's commitment is that of this text with another seat in it, which a commitment without its seat could not tell. */
  #isCopied(committed: string | undefined, sealed: string): boolean {
    return this.#filled.some((_, index) => this.digest(sealed.replace(/\nseat \d\d\n/, `\nseat ${String(index + 1).padStart(2, '0')}\n`)) === committed);
  }

  signedCast(_prefix: Prefix, note: string, seat: number): string | undefined {
    const sealed = note.startsWith('mizan-council/sealed/v1\n') ? this.#sealed(note) : undefined;
    if (sealed !== undefined && (!sealed.ok || sealed.value.seat !== seat)) return undefined;
    const opened = this.#open(sealed?.ok === true ? sealed.value.ballot : note);
    if (opened?.keys.includes(`ballot.${seat}`) !== true) return undefined;
    return sealed === undefined ? opened.text : note;
  }

  checkpointText({ size, root }: Cut): string {
    return `${ORIGIN}\n${size}\n${root}\n`;
  }

  checkpoint(_prefix: Prefix, note: string): Verdict<Cut, ProofRefusal> {
    const known = this.#checkpoints.get(note);
    if (known !== undefined) return known;
    const made = this.#readCheckpoint(note);
    this.#checkpoints.set(note, made);
    return made;
  }

  #readCheckpoint(note: string): Verdict<Cut, ProofRefusal> {
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    if (!note.includes(`\n— log ${this.#id(text)}.0\n`)) return BAD;
    const [origin, size = '', root = ''] = text.split('\n');
    return origin === ORIGIN ? yes({ size: Number(size), root }) : refuse('checkpoint-origin');
  }

  cosigned(_prefix: Prefix, text: string, line: string): Verdict<Cosigned, ProofRefusal> {
    // The number of the text stands in the line: one line says one thing of one text.
    const known = this.#cosigned.get(line);
    if (known !== undefined) return known.ok && !line.includes(` ${this.#id(text)}@`) ? BAD : known;
    const made = this.#readCosigned(text, line);
    if (made.ok) this.#cosigned.set(line, made);
    return made;
  }

  #readCosigned(text: string, line: string): Verdict<Cosigned, ProofRefusal> {
    const match = /^— (seat|outside)\.(\w+) (\d+)@(\d+)\n$/.exec(line);
    if (match === null || Number(match[3]) !== this.#id(text)) return BAD;
    return yes({ by: match[1] === 'seat' ? { seat: Number(match[2]) } : { outside: match[2] ?? '' }, timeS: Number(match[4]) });
  }

  certified(prefix: Prefix, note: string): Verdict<Certified, ProofRefusal> {
    const known = this.#certified.get(note);
    if (known !== undefined) return known;
    const made = this.#readCertified(prefix, note);
    this.#certified.set(note, made);
    return made;
  }

  #readCertified(prefix: Prefix, note: string): Verdict<Certified, ProofRefusal> {
    const cut = this.checkpoint(prefix, note);
    if (!cut.ok) return cut;
    const split = note.indexOf('\n\n');
    const stamps = new Map<number, number>();
    const all: number[] = [];
    const outside = new Set<string>();
    for (const line of note.slice(split + 2, -1).split('\n').slice(1)) {
      const read = this.cosigned(prefix, note.slice(0, split + 1), `${line}\n`);
      if (!read.ok) return read;
      if ('outside' in read.value.by) outside.add(read.value.by.outside);
      else {
        stamps.set(read.value.by.seat, Math.max(read.value.timeS, stamps.get(read.value.by.seat) ?? 0));
        all.push(read.value.timeS);
      }
    }
    const timeS = this.#time(stamps, all);
    if (timeS === undefined || outside.size < this.constitution.outside) return refuse('policy-not-met');
    return yes({ cut: cut.value, timeS, stamps });
  }

  #time(stamps: ReadonlyMap<number, number>, all: readonly number[]): number | undefined {
    const { quorum, liars } = this.constitution;
    if (this.faults.countsLines === true) return all.toSorted((one, other) => other - one)[quorum - 1];
    const sorted = [...stamps.values()].toSorted((one, other) => one - other);
    if (sorted.length >= quorum && this.faults.time === 'maximum') return sorted.at(-1);
    if (sorted.length >= quorum && this.faults.time === 'eleventh-smallest') return sorted[liars];
    return certifiedTime([...stamps].map(([seat, timeS]) => ({ seat, timeS })), quorum);
  }

  receipt(_prefix: Prefix, note: string): Verdict<Receipt, ProofRefusal> {
    const known = this.#receipts.get(note);
    if (known !== undefined) return known;
    const opened = this.#open(note);
    const read = opened === undefined ? BAD : parseReceipt(opened.text);
    const made = read.ok && opened?.keys[0] !== `agent.${read.value.holder}` ? no({ code: 'note-bad-signature' as const }) : read;
    this.#receipts.set(note, made);
    return made;
  }

  gathered(): readonly string[] {
    // For a file that people read; the symbolic log knows each ballot by its reveal.
    return [];
  }

  stack(notes: readonly string[]): string {
    const first = notes[0] ?? '';
    if (notes.length === 1) return first;
    const split = first.lastIndexOf('\n\n') + 2;
    return first.slice(0, split) + [...new Set(notes.map((note) => note.slice(split)))].join('');
  }

  withLines(note: string, lines: readonly string[]): string {
    return note + lines.join('');
  }

  // -------------------------------------------------------------- the plain truth, for the checks; no fault reaches it

  /** Seats with a valid yes for this motion among these casts of a round, counted without any of the rules above. */
  trueYes(cut: SymbolicPrefix, round: string, motion: string): readonly number[] {
    const view = cut.rounds.get(round);
    const seats = new Set<number>();
    for (const name of view?.casts ?? []) {
      const [kind = '', seatText = ''] = name.split(' ', 2);
      const text = name.slice(kind.length + seatText.length + 2);
      const seat = Number(seatText);
      const ballot = kind === 'ballot' ? text : kind === 'reveal' ? this.#trueReveal(view!, seat, text) : undefined;
      if (ballot?.includes(`\nepoch ${view!.open.epoch} `) === true && ballot.includes(`\nmotion sha256:${motion}\n`) && ballot.endsWith('\nchoice yes\n') && this.#sitting(seat)) seats.add(seat);
    }
    return [...seats];
  }

  #trueReveal(view: SymbolicRound, seat: number, sealed: string): string | undefined {
    const read = parseSealed(sealed);
    if (!read.ok || view.firstCommitments.get(seat) !== this.digest(sealed)) return undefined;
    const { ballot } = read.value;
    const text = ballot.slice(0, ballot.lastIndexOf('\n\n') + 1);
    return ballot.startsWith(`${text}\n— ballot.${seat} ${this.#id(text)}.`) ? text : undefined;
  }

  #sitting(seat: number): boolean {
    return !this.#vacant.includes(seat);
  }

  /** Constituencies that these seats reach by a third. */
  trueBreadth(seats: readonly number[]): number {
    return this.constitution.constituencies.filter(({ name, seats: size }) => seats.filter((seat) => constituencyOf(this.constitution, seat) === name).length >= Math.ceil(size / 3)).length;
  }

  /** Whether every line of a published checkpoint verifies: one that does not spoils the whole note for every verifier. */
  isPublishable(note: string): boolean {
    const text = note.slice(0, note.indexOf('\n\n') + 1);
    const lines = note.slice(text.length + 1, -1).split('\n');
    const seats = new Set(lines.filter((line) => line.startsWith('— seat.')).map((line) => line.split(' ')[1]));
    return seats.size >= this.constitution.quorum && lines.every((line) => line.startsWith('— log ') || this.cosigned(this.empty, text, `${line}\n`).ok);
  }

  outcome(prefix: SymbolicPrefix, round: string): Outcome | undefined {
    const view = prefix.rounds.get(round);
    const rule = view === undefined ? undefined : classOf(this.constitution, view.open.class);
    if (view?.close === undefined || rule === undefined) return undefined;
    const { open, close } = view;
    const casts = this.faults.voidsEquivocators === true ? withoutEquivocators(view.ballotCasts) : view.ballotCasts;
    const counted = this.faults.ignoresBreadth === true ? { ...rule, breadth: { of: 0, by: 'one' as const } } : rule;
    const options = open.options.map(({ option }) => option);
    return outcomeOf(rule, open, close, tally(counted, this.#sizes, this.#sitters, options, casts, this.faults.countsAfterCut === true ? prefix.size : close.cut.size));
  }
}

function withoutEquivocators(casts: readonly Cast[]): readonly Cast[] {
  return casts.filter((cast) => !casts.some((other) => other.seat === cast.seat && (other.choice !== cast.choice || other.option !== cast.option)));
}
