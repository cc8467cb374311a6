/** The rules of seat and operator over the replay of a real log: real notes, real roots, one prefix after the other. */

import { yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { base64, fromBase64, utf8 } from '../bytes.ts';
import { parseCheckpoint, printCheckpoint } from '../checkpoint.ts';
import { parseSealed } from '../commitment.ts';
import { verifyCosignature } from '../cosignature.ts';
import { append, leafHash, treeRoot } from '../merkle.ts';
import { addLines, parseNote, printNote } from '../note.ts';
import type { Note } from '../note.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { openStrictly, ringName } from './admitted-roll.ts';
import type { KeyRing } from './admitted-roll.ts';
import { BALLOT_TYPE, COMMIT_TYPE } from './ballot-text.ts';
import { certify } from './certificate.ts';
import type { Constitution } from './constitution.ts';
import type { Cut } from './lines.ts';
import { digestOf, emptyLog } from './log-state.ts';
import type { LogState, RoundState } from './log-state.ts';
import type { Outcome } from './outcome-text.ts';
import { rollsFor, step } from './replay.ts';
import { signedText } from './replay-round.ts';
import { stepCommit, stepReveal } from './replay-vote.ts';
import { castName } from './rules.ts';
import type { CastKind, CastText, Certified, Cosigned, Prefix, RoundView, Rules } from './rules.ts';
import { parseReceipt } from './seat-texts.ts';
import type { Receipt } from './seat-texts.ts';

const REVEAL_TYPE = 'mizan-council/sealed/v1\n';
const ROUND_LINE = /^slot ([^ \n]+) round ([1-9][0-9]?)$/m;

export interface ReplayPrefix extends Prefix {
  readonly state: LogState;
  readonly rounds: ReadonlyMap<string, RoundView>;
}

const isCast = (entry: string): boolean => [`${BALLOT_TYPE}\n`, `${COMMIT_TYPE}\n`, REVEAL_TYPE].some((type) => entry.startsWith(type));

/** The view of a round with these casts more; undefined while it has no OPEN. */
function viewOf(before: RoundView | undefined, round: RoundState, names: readonly string[]): RoundView | undefined {
  if (round.open === undefined) return undefined;
  const casts = names.length === 0 && before !== undefined ? before.casts : new Set([...(before?.casts ?? []), ...names]);
  return {
    open: round.open.value,
    openIndex: round.open.index,
    filled: round.open.slotRoll.seats.map((sitter) => sitter !== undefined),
    casts,
    commitsClose: round.commitsClose?.value,
    close: round.close?.value,
    outcome: round.outcome?.value,
  };
}

/** Seats and operator start from a log whose first entries, genesis and roll, are pinned: before them nothing can be verified. */
export class ReplayRules implements Rules {
  readonly constitution: Constitution;
  readonly empty: ReplayPrefix;
  readonly #suite: Suite;
  readonly #origin: string;

  constructor(suite: Suite, constitution: Constitution, origin: string) {
    this.constitution = constitution;
    this.#suite = suite;
    this.#origin = origin;
    this.empty = this.#prefix(emptyLog(constitution), new Map());
  }

  #prefix(state: LogState, rounds: ReadonlyMap<string, RoundView>): ReplayPrefix {
    return { size: state.tree.size, root: base64(treeRoot(this.#suite, state.tree)), epoch: state.roll?.roll.epoch ?? 0, rounds, state };
  }

  extend(before: ReplayPrefix, entry: string): Verdict<ReplayPrefix, ProofRefusal> {
    const next = step(this.#suite, before.state, before.size, utf8(entry));
    if (!next.ok) return next;
    const cast = isCast(entry) ? this.casts(before, entry) : undefined;
    const names = cast?.ok === true ? cast.value.map(({ name }) => name) : [];
    // An entry can change rounds that are open before or after it, and no other view.
    const touched = new Set([...before.state.openRounds, ...next.value.openRounds]);
    const changed = [...touched].filter((key) => next.value.rounds.get(key) !== before.state.rounds.get(key) || (names.length > 0 && cast?.ok === true && cast.value[0]?.round === key));
    if (changed.length === 0) return yes(this.#prefix(next.value, before.rounds));
    const rounds = new Map(before.rounds);
    for (const key of changed) {
      const round = next.value.rounds.get(key);
      const view = round === undefined ? undefined : viewOf(before.rounds.get(key), round, cast?.ok === true && cast.value[0]?.round === key ? names : []);
      if (view !== undefined) rounds.set(key, view);
    }
    return yes(this.#prefix(next.value, rounds));
  }

  extendUnjudged(before: ReplayPrefix, entry: string): ReplayPrefix {
    const judged = this.extend(before, entry);
    if (judged.ok) return judged.value;
    const tree = append(this.#suite, before.state.tree, leafHash(this.#suite, utf8(entry)));
    return this.#prefix({ ...before.state, tree, trail: { tree, before: before.state.trail } }, before.rounds);
  }

  casts(prefix: ReplayPrefix, note: string): Verdict<readonly CastText[], ProofRefusal> {
    const { state } = prefix;
    const named = ROUND_LINE.exec(note);
    const key = named === null ? '' : `${named[1]} ${named[2]}`;
    const round = state.rounds.get(key);
    if (round?.open === undefined) return refuse('ballot-early', 4, key);
    if (note.startsWith(REVEAL_TYPE)) return this.#reveal(state, key, note);
    const isCommit = note.startsWith(`${COMMIT_TYPE}\n`);
    const text = signedText(note);
    if (isCommit) {
      const judged = stepCommit(this.#suite, state, prefix.size, note);
      if (!judged.ok) return judged;
    } else if (round.open.value.sealed || !round.open.meanings.has(text)) return refuse('ballot-other-motion', 5);
    const opened = openStrictly(this.#suite, note, round.open.ring);
    if (!opened.ok) return opened;
    const { lines } = opened.value.note;
    const { ring } = round.open;
    return yes(lines.map((line) => this.#cast(isCommit ? 'commit' : 'ballot', ring.get(ringName(line))?.seat ?? 0, key, text, printNote({ text, lines: [line] }))));
  }

  #cast(kind: CastKind, seat: number, round: string, text: string, note: string): CastText {
    return { kind, seat, round, text, name: castName({ kind, seat, text }), note };
  }

  #reveal(state: LogState, round: string, sealed: string): Verdict<readonly CastText[], ProofRefusal> {
    const judged = stepReveal(this.#suite, state, state.tree.size, sealed);
    if (!judged.ok) return judged;
    // The rule has read the text, so that its second line names the seat.
    const seat = Number(sealed.slice(REVEAL_TYPE.length + 'seat '.length, REVEAL_TYPE.length + 'seat 00'.length));
    return yes([this.#cast('reveal', seat, round, sealed, sealed)]);
  }

  signedCast({ state }: ReplayPrefix, note: string, seat: number): string | undefined {
    const sealed = note.startsWith(REVEAL_TYPE) ? parseSealed(note) : undefined;
    if (sealed !== undefined && (!sealed.ok || sealed.value.seat !== seat)) return undefined;
    const ring = [state.roll, state.handover].flatMap((each) => [...(each?.ballots ?? [])]);
    const opened = openStrictly(this.#suite, sealed?.ok === true ? sealed.value.ballot : note, new Map(ring));
    if (!opened.ok || !opened.value.signed.some((line) => line.seat === seat)) return undefined;
    return sealed === undefined ? opened.value.text : note;
  }

  checkpointText({ size, root }: Cut): string {
    return printCheckpoint({ origin: this.#origin, size, root: fromBase64(root) ?? new Uint8Array() });
  }

  #ring(state: LogState): KeyRing {
    const { roll, handover } = state;
    const rolls = [roll, handover].flatMap((each) => (each === undefined ? [] : [each]));
    return new Map(rolls.flatMap((each) => [[ringName(each.log.key), each.log] as const, ...each.cosigners, ...each.outside]));
  }

  checkpoint({ state }: ReplayPrefix, note: string): Verdict<Cut, ProofRefusal> {
    const opened = openStrictly(this.#suite, note, this.#ring(state));
    if (!opened.ok) return opened;
    const log = state.roll?.log.key;
    if (log === undefined || !opened.value.signed.some(({ key }) => ringName(key) === ringName(log))) return refuse('certificate-log-signature');
    const read = parseCheckpoint(opened.value.text);
    if (!read.ok) return read;
    if (read.value.origin !== this.#origin) return refuse('certificate-origin', 1, read.value.origin);
    return yes({ size: read.value.size, root: base64(read.value.root) });
  }

  cosigned({ state }: ReplayPrefix, text: string, line: string): Verdict<Cosigned, ProofRefusal> {
    const note = parseNote(`${text}\n${line}`);
    if (!note.ok) return note;
    const [signed, second] = note.value.lines;
    const ring = this.#ring(state);
    const known = signed === undefined ? undefined : ring.get(ringName(signed));
    if (signed === undefined || known === undefined || second !== undefined || note.value.text !== text) return refuse('note-unknown-key');
    const timeS = verifyCosignature(this.#suite, known.key, text, signed);
    if (timeS === undefined) return refuse('note-bad-signature', undefined, signed.name);
    return yes({ by: known.seat === 0 ? { outside: signed.name } : { seat: known.seat }, timeS });
  }

  certified({ state }: ReplayPrefix, note: string): Verdict<Certified, ProofRefusal> {
    const rolls = rollsFor(state, Number(note.split('\n', 2)[1]));
    if (rolls === undefined) return refuse('log-no-roll');
    const read = certify(this.#suite, note, rolls, this.constitution.quorum);
    if (!read.ok) return read;
    const opened = openStrictly(this.#suite, note, this.#ring(state));
    if (!opened.ok) return opened;
    const stamps = new Map(opened.value.signed.flatMap(({ seat, timeS }) => (seat === 0 || timeS === undefined ? [] : [[seat, timeS] as const])));
    return yes({ cut: { size: read.value.size, root: read.value.root }, timeS: read.value.timeS, stamps });
  }

  receipt({ state }: ReplayPrefix, note: string): Verdict<Receipt, ProofRefusal> {
    if (state.roll === undefined) return refuse('log-no-roll');
    const opened = openStrictly(this.#suite, note, state.roll.agents);
    if (!opened.ok) return opened;
    const read = parseReceipt(opened.value.text);
    if (!read.ok) return read;
    return opened.value.signed[0]?.seat === read.value.holder ? read : refuse('text-seat', undefined, String(read.value.holder));
  }

  digest(text: string): string {
    return digestOf(this.#suite, text);
  }

  gathered(seals: readonly string[]): readonly string[] {
    const groups = new Map<string, string[]>();
    for (const seal of seals) {
      const read = parseSealed(seal);
      if (!read.ok) continue;
      const text = signedText(read.value.ballot);
      groups.set(text, [...(groups.get(text) ?? []), read.value.ballot]);
    }
    return [...groups.values()].map((notes) => this.stack(notes));
  }

  stack(notes: readonly string[]): string {
    const read = notes.flatMap((note): readonly Note[] => {
      const parsed = notes.length === 1 ? undefined : parseNote(note);
      return parsed?.ok === true ? [parsed.value] : [];
    });
    const [first, ...others] = read;
    return first === undefined ? (notes[0] ?? '') : printNote(addLines(first, ...others.flatMap(({ lines }) => lines)));
  }

  withLines(note: string, lines: readonly string[]): string {
    return note + lines.join('');
  }

  outcome({ state }: ReplayPrefix, round: string): Outcome | undefined {
    return state.rounds.get(round)?.close?.outcome;
  }
}
