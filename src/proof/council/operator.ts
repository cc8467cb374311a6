/**
 * The core of who runs the log for the council: it collects what seats cast, judges every entry before it appends it (one refused
 * entry would stall the log for good), asks for cosignatures, adds the ballots it is told are missing, closes and counts.
 *
 * Pure, as the seat's core is. Nobody trusts it: it can be slow or silent, and everything else a seat refuses to cosign.
 */

import { printClose, printCommitsClose } from './close-text.ts';
import type { Close } from './close-text.ts';
import type { Address, Message } from './messages.ts';
import { printOutcome } from './outcome-text.ts';
import type { Outcome } from './outcome-text.ts';
import { castText } from './rules.ts';
import type { CastKind, CastText, Certified, Prefix, RoundView, Rules } from './rules.ts';

/** Casts kept for all open rounds together: 99 seats, three kinds, two texts, with room for many rounds. */
export const CASTS_MAX = 65_536;
/** Entries that wait to be appended. */
export const SUBMISSIONS_MAX = 1024;
/** Entries of one write: one durable commit of whoever keeps the log. */
export const WRITE_ENTRIES_MAX = 128;
/** A head that is not certified so long after it was signed is given up for a newer one, where there is one. */
export const HEAD_PATIENCE_S = 30;

/** Mistakes an operator's program could have; for the simulation, which has to find each. Production gives none. */
export interface OperatorFaults {
  /** Appends without judging (no C2). */
  readonly judgesNothing?: boolean;
  /** Publishes cosignature lines that it did not verify. */
  readonly verifiesNothing?: boolean;
  /** Does not add the ballots that a seat says are missing. */
  readonly ignoresMissing?: boolean;
  /** Tells ballots apart by the bytes of their notes. */
  readonly namesBySignature?: boolean;
  /** Writes into CLOSE the time it likes. */
  readonly claimsTime?: boolean;
  /** Writes the OUTCOME it likes. */
  readonly claimsOutcome?: boolean;
  /** Publishes of all lines those that suit it: the latest stamps. */
  readonly choosesLines?: boolean;
  /** Fills a certificate with further lines of the seats it has. */
  readonly repeatsLines?: boolean;
}

export interface OperatorState {
  readonly prefix: Prefix;
  /** What secretariat and members submitted and is not appended yet. */
  readonly submissions: readonly string[];
  /** Known casts by name. */
  readonly casts: ReadonlyMap<string, CastText>;
  /** Casts that a seat demanded, or that are due: they are appended at the next occasion. */
  readonly due: ReadonlySet<string>;
  /** The head that the log signed, as a note. */
  readonly head: string | undefined;
  readonly headSize: number;
  /** What the head covers, and when it was signed. */
  readonly headPrefix: Prefix | undefined;
  readonly headS: number;
  /** A seat refused the head because casts are missing in it: no patience with it. */
  readonly isHeadLacking: boolean;
  /** Cosignature lines for this head by seat or witness, with their stamps. */
  readonly lines: ReadonlyMap<string, { readonly line: string; readonly timeS: number }>;
  /** The size each seat stands at, as it last said. */
  readonly sizes: ReadonlyMap<number, number>;
  /** The latest certified checkpoint. */
  readonly certified: { readonly note: string; readonly is: Certified; readonly prefix: Prefix | undefined } | undefined;
  /** A certified checkpoint of at least this size is wanted in the log. */
  readonly anchorFrom: number | undefined;
  /** Of a sealed round, how many revealed ballots the notes in the log gather, and the size of the log that holds these notes. */
  readonly gathered: ReadonlyMap<string, { readonly seals: number; readonly size: number }>;
}

export type OperatorRecord = { readonly kind: 'entries'; readonly entries: readonly string[] } | { readonly kind: 'certified'; readonly note: string };

export type OperatorEvent =
  | { readonly kind: 'tick' }
  | { readonly kind: 'submitted'; readonly entry: string }
  /** The log grew by entries that did not come from here: acts of the platform, which anybody may write. */
  | { readonly kind: 'appended'; readonly entries: readonly string[] }
  /** Somebody needs a certified checkpoint of the log as it is now to lie in the log. */
  | { readonly kind: 'anchor-wanted' }
  | { readonly kind: 'head-signed'; readonly note: string }
  | { readonly kind: 'witnessed'; readonly text: string; readonly line: string }
  | { readonly kind: 'received'; readonly from: Address; readonly message: Message };

export type OperatorEffect =
  | { readonly kind: 'persist'; readonly records: readonly OperatorRecord[] }
  /** Store the head in its own place, then sign it with the key of the log; the answer is `head-signed`. */
  | { readonly kind: 'sign-head'; readonly text: string }
  | { readonly kind: 'send'; readonly to: Address; readonly message: Message }
  /** Ask a seat to cosign this head: the message `cosign` with the entries from the size it last told. */
  | { readonly kind: 'ask'; readonly seat: number; readonly note: string; readonly headSize: number; readonly from: number; readonly certified: string | undefined }
  /** Ask the outside witnesses; each answer is `witnessed`. */
  | { readonly kind: 'ask-witnesses'; readonly note: string }
  /** A certified checkpoint may be shown to everybody. */
  | { readonly kind: 'publish'; readonly note: string }
  | { readonly kind: 'tell'; readonly notice: 'refused-entry'; readonly entry: string };

export interface OperatorStep {
  readonly state: OperatorState;
  readonly effects: readonly OperatorEffect[];
}

interface Core {
  readonly rules: Rules;
  readonly nowS: number;
  readonly faults: OperatorFaults;
}

/** The state after a start, from the log on the disk. What was only in memory comes again from the seats. */
export function restoreOperator(rules: Rules, records: readonly OperatorRecord[]): OperatorState {
  const entries = records.flatMap((record) => (record.kind === 'entries' ? record.entries : []));
  const prefix = entries.reduce((before, entry) => prefixAfter(rules, before, entry), rules.empty);
  return operatorAt(rules, prefix, records.findLast((record) => record.kind === 'certified')?.note);
}

function prefixAfter(rules: Rules, before: Prefix, entry: string): Prefix {
  const next = rules.extend(before, entry);
  return next.ok ? next.value : rules.extendUnjudged(before, entry);
}

/** The same for a log that was read before: its prefix and the latest certified checkpoint, as a note. */
export function operatorAt(rules: Rules, prefix: Prefix, note: string | undefined): OperatorState {
  const read = note === undefined ? undefined : rules.certified(prefix, note);
  const is = read?.ok === true ? read.value : undefined;
  const certified = note === undefined || is === undefined ? undefined : { note, is, prefix: is.cut.size === prefix.size ? prefix : undefined };
  const noHead = { head: undefined, headSize: -1, headPrefix: undefined, headS: 0, isHeadLacking: false };
  return { prefix, certified, anchorFrom: undefined, gathered: new Map(), submissions: [], casts: new Map(), due: new Set<string>(), ...noHead, lines: new Map(), sizes: new Map() };
}

// ---------------------------------------------------------------- when a round needs something

/** When casts of a kind end. */
function endOf(view: RoundView, kind: CastKind): number {
  return kind === 'commit' ? (view.open.commitsCloseS ?? 0) : view.open.closesS;
}

const isEnded = (view: RoundView, kind: CastKind): boolean => view.close !== undefined || (kind === 'commit' && view.commitsClose !== undefined);

/** What a round waits for at this time: the cut of its commitments, the cut of its ballots, or nothing. */
function wants(view: RoundView, nowS: number): 'commits-close' | 'close' | undefined {
  if (view.close !== undefined) return undefined;
  if (view.open.sealed && view.commitsClose === undefined) return nowS >= endOf(view, 'commit') ? 'commits-close' : undefined;
  return nowS >= view.open.closesS ? 'close' : undefined;
}

const roundsWanting = (prefix: Prefix, nowS: number): readonly (readonly [string, RoundView, 'commits-close' | 'close'])[] =>
  [...prefix.rounds].flatMap(([round, view]) => {
    const want = wants(view, nowS);
    return want === undefined ? [] : [[round, view, want] as const];
  });

/** The time a checkpoint has to be certified for. */
function neededS(prefix: Prefix, nowS: number): number {
  return Math.max(0, ...roundsWanting(prefix, nowS).map(([, view, want]) => (want === 'close' ? view.open.closesS : endOf(view, 'commit'))));
}

// ---------------------------------------------------------------- appending

interface Growth {
  readonly prefix: Prefix;
  readonly added: readonly string[];
  readonly refused: readonly string[];
}

function grow(core: Core, growth: Growth, entry: string): Growth {
  const next = core.rules.extend(growth.prefix, entry);
  if (next.ok) return { ...growth, prefix: next.value, added: [...growth.added, entry] };
  if (core.faults.judgesNothing === true) return { ...growth, prefix: core.rules.extendUnjudged(growth.prefix, entry), added: [...growth.added, entry] };
  return { ...growth, refused: [...growth.refused, entry] };
}

/** One note a text with the lines of all its casts that are known, for texts of which one is due and not in the log. */
function stacked(core: Core, state: OperatorState): readonly string[] {
  const { rules, faults } = core;
  const groups = new Map<string, CastText[]>();
  for (const [name, each] of state.casts) {
    // A commitment is one seat's own, and so is what reveals it.
    const key = each.kind !== 'ballot' || faults.namesBySignature === true ? name : `${each.kind} ${each.text}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return [...groups.values()].flatMap((group) => {
    const view = state.prefix.rounds.get(group[0]?.round ?? '');
    const kind = group[0]?.kind ?? 'ballot';
    if (view === undefined || isEnded(view, kind)) return [];
    const isDue = (cast: CastText): boolean => (state.due.has(cast.name) || core.nowS >= endOf(view, kind)) && !view.casts.has(cast.name);
    return group.some(isDue) ? [rules.stack(group.map(({ note }) => note))] : [];
  });
}

/** What the reveals in the log sealed: the log keeps what a start forgets. */
const sealsOf = ({ casts }: RoundView): readonly string[] => [...casts].flatMap((name) => castText(name, 'reveal') ?? []);

interface Gathering {
  readonly notes: readonly string[];
  /** Reveals gathered by `notes`, by round. */
  readonly seals: ReadonlyMap<string, number>;
}

const NOTHING_GATHERED: Gathering = { notes: [], seals: new Map() };

/** The revealed ballots of sealed rounds that are over, gathered by text: so that one entry shows all yes. */
function gathering(core: Core, state: OperatorState): Gathering {
  const counts = new Map<string, number>();
  const notes = roundsWanting(state.prefix, core.nowS).flatMap(([round, view, want]) => {
    if (!view.open.sealed || want !== 'close') return [];
    const seals = sealsOf(view);
    if (seals.length === (state.gathered.get(round)?.seals ?? 0)) return [];
    counts.set(round, seals.length);
    return core.rules.gathered(seals);
  });
  return { notes, seals: counts };
}

function closeText(core: Core, state: OperatorState, view: RoundView, anchor: number): Close {
  const { council, epoch, slotRoll, slot, round } = view.open;
  const { cut, timeS } = state.certified!.is;
  return { council, epoch, slotRoll, slot, round, cut, anchor, timeS: core.faults.claimsTime === true ? Math.max(timeS, view.open.closesS) : timeS };
}

/** The opposite result, for the simulation. */
function turned(outcome: Outcome): Outcome {
  const carried = outcome.carried === undefined ? outcome.yes[0]?.option : undefined;
  return { ...outcome, carried, inForceS: carried === undefined ? undefined : 0 };
}

/**
 * Whether all casts of this round that this operator knows lie in the cut, and the notes that gather its reveals: nothing it could have
 * added is left out. Without those notes below the cut no file could prove what was carried.
 */
function isWhole(state: OperatorState, cut: Prefix, [round, view, want]: ReturnType<typeof roundsWanting>[number]): boolean {
  const there = cut.rounds.get(round)?.casts;
  if (there === undefined) return false;
  const gathered = state.gathered.get(round);
  if (want === 'close' && (sealsOf(view).length !== (gathered?.seals ?? 0) || cut.size < (gathered?.size ?? 0))) return false;
  for (const [, each] of state.casts) if (each.round === round && (each.kind === 'commit') === (want === 'commits-close') && !there.has(each.name)) return false;
  return true;
}

/** ANCHOR, then CLOSE and OUTCOME for each round that the latest certified checkpoint ends. The log may have grown behind the cut meanwhile. */
function closing(core: Core, state: OperatorState, growth: Growth): Growth {
  const { certified, anchorFrom } = state;
  // The cut is the head itself, or a head that lacks nothing this operator knows of the round.
  if (certified === undefined || growth.added.length > 0) return growth;
  const cut = certified.is.cut.size === state.prefix.size ? state.prefix : certified.prefix;
  const ending = cut === undefined ? [] : roundsWanting(state.prefix, core.nowS).filter(([round, view, want]) => isWhole(state, cut, [round, view, want]) && (core.faults.claimsTime === true || certified.is.timeS >= (want === 'close' ? view.open.closesS : endOf(view, 'commit'))));
  const isWanted = anchorFrom !== undefined && certified.is.cut.size >= anchorFrom;
  if (ending.length === 0 && !isWanted) return growth;
  const anchor = growth.prefix.size;
  let grown = grow(core, growth, certified.note);
  for (const [round, view, want] of ending) {
    const close = closeText(core, state, view, anchor);
    grown = grow(core, grown, want === 'close' ? printClose(close) : printCommitsClose(close));
    const outcome = want === 'close' ? core.rules.outcome(grown.prefix, round) : undefined;
    if (outcome !== undefined) grown = grow(core, grown, printOutcome(core.faults.claimsOutcome === true ? turned(outcome) : outcome));
  }
  return grown;
}

function write(core: Core, state: OperatorState): OperatorStep {
  const cast = stacked(core, state);
  // What is gathered lies in the log by then.
  const { notes, seals } = cast.length + state.submissions.length > 0 ? NOTHING_GATHERED : gathering(core, state);
  const waiting = [...state.submissions, ...cast, ...notes];
  let growth: Growth = { prefix: state.prefix, added: [], refused: [] };
  for (const entry of waiting.slice(0, WRITE_ENTRIES_MAX)) growth = grow(core, growth, entry);
  const isAnchored = growth.added.length;
  const gathered = seals.size === 0 ? state.gathered : new Map([...state.gathered, ...[...seals].map(([round, count]) => [round, { seals: count, size: growth.prefix.size }] as const)]);
  growth = closing(core, { ...state, gathered }, growth);
  const told = growth.refused.map((entry): OperatorEffect => ({ kind: 'tell', notice: 'refused-entry', entry }));
  const left = state.submissions.slice(WRITE_ENTRIES_MAX);
  // What did not fit is due still: casts that lie in the log are passed over when they are stacked again.
  const due: OperatorState['due'] = waiting.length > WRITE_ENTRIES_MAX ? state.due : new Set<string>();
  const after: OperatorState = { ...state, gathered, submissions: left, due, anchorFrom: growth.added.length > isAnchored ? undefined : state.anchorFrom };
  if (growth.added.length === 0) return { state: after, effects: told };
  return { state: { ...after, prefix: growth.prefix }, effects: [...told, { kind: 'persist', records: [{ kind: 'entries', entries: growth.added }] }] };
}

// ---------------------------------------------------------------- asking for cosignatures

const isSeatDone = (state: OperatorState, seat: number, needed: number): boolean => {
  const line = state.lines.get(`seat ${seat}`);
  return line !== undefined && line.timeS >= needed;
};

function askSeat(state: OperatorState, seat: number): readonly OperatorEffect[] {
  if (state.head === undefined) return [];
  const from = Math.min(state.sizes.get(seat) ?? state.headSize, state.headSize);
  return [{ kind: 'ask', seat, note: state.head, headSize: state.headSize, from, certified: state.certified?.note }];
}

/** Whether the log as it is still needs to be certified, or certified later. */
function isUnsettled(state: OperatorState, needed: number): boolean {
  const { certified, prefix } = state;
  return certified === undefined || certified.is.cut.size < prefix.size || certified.is.timeS < needed;
}

/** Whether a new head has to be signed: there is none, the log has grown behind a certified one, or this one will not be certified. */
function needsHead(core: Core, state: OperatorState, needed: number): boolean {
  const { certified, prefix, head, headSize } = state;
  if (head === undefined) return true;
  if (headSize >= prefix.size) return false;
  const isDone = certified !== undefined && certified.is.cut.size >= headSize && certified.is.timeS >= needed;
  return isDone || state.isHeadLacking || core.nowS - state.headS >= HEAD_PATIENCE_S;
}

/**
 * A quorum certifies without the slowest, who would otherwise hear of a vote that was opened only when the log grows again: they are asked on
 * until they too stand at the head.
 */
function askLate(core: Core, state: OperatorState): readonly OperatorEffect[] {
  if (state.headSize !== state.prefix.size) return [];
  return Array.from({ length: core.rules.constitution.seats }, (_, index) => index + 1).filter((seat) => !state.lines.has(`seat ${seat}`)).flatMap((seat) => askSeat(state, seat));
}

function askAll(core: Core, state: OperatorState): readonly OperatorEffect[] {
  const needed = neededS(state.prefix, core.nowS);
  if (!isUnsettled(state, needed)) return askLate(core, state);
  if (needsHead(core, state, needed) || state.head === undefined) return [{ kind: 'sign-head', text: core.rules.checkpointText(state.prefix) }];
  const seats = Array.from({ length: core.rules.constitution.seats }, (_, index) => index + 1);
  const outside = [...state.lines.keys()].filter((key) => key.startsWith('outside')).length;
  const witnesses: readonly OperatorEffect[] = outside >= core.rules.constitution.outside + 1 ? [] : [{ kind: 'ask-witnesses', note: state.head }];
  return [...seats.filter((seat) => !isSeatDone(state, seat, needed)).flatMap((seat) => askSeat(state, seat)), ...witnesses];
}

/** In the last minutes before an end, asks every agent for what it holds. */
function askHeld(core: Core, state: OperatorState): readonly OperatorEffect[] {
  const { seats, deltaS } = core.rules.constitution;
  const ending = [...state.prefix.rounds].filter(([, view]) => {
    const endS = view.open.sealed && view.commitsClose === undefined ? endOf(view, 'commit') : view.open.closesS;
    return view.close === undefined && core.nowS >= endS - deltaS && core.nowS < endS;
  });
  const everySeat = Array.from({ length: seats }, (_, index) => index + 1);
  return ending.flatMap(([round]) => everySeat.map((to): OperatorEffect => ({ kind: 'send', to, message: { kind: 'held-asked', round } })));
}

function tick(core: Core, state: OperatorState): OperatorStep {
  const written = write(core, state);
  const effects = [...written.effects, ...askHeld(core, written.state), ...askAll(core, written.state)];
  return { state: written.state, effects };
}

// ---------------------------------------------------------------- what comes back

function learnCasts(core: Core, state: OperatorState, notes: readonly string[], isDemanded: boolean): OperatorState {
  const { rules, faults } = core;
  let { casts, due }: { casts: Map<string, CastText> | OperatorState['casts']; due: Set<string> | OperatorState['due'] } = state;
  for (const note of notes) {
    const read = rules.casts(state.prefix, note);
    for (const cast of read.ok ? read.value : []) {
      const { name } = cast;
      const key = faults.namesBySignature === true ? note : name;
      if (!casts.has(key) && casts.size < CASTS_MAX) casts = new Map(casts).set(key, cast);
      if (isDemanded && state.prefix.rounds.get(cast.round)?.casts.has(name) !== true) due = new Set(due).add(name);
    }
  }
  return casts === state.casts && due === state.due ? state : { ...state, casts, due };
}

/** Adds a line; once a quorum of seats and enough witnesses are there, the checkpoint is certified and may be published. */
function cosigned(core: Core, state: OperatorState, text: string, line: string, from: string): OperatorStep {
  const { rules, faults } = core;
  if (state.head === undefined || !state.head.startsWith(`${text}\n`)) return { state, effects: [] };
  const read = rules.cosigned(state.prefix, text, line);
  if (!read.ok && faults.verifiesNothing !== true) return { state, effects: [] };
  const key = !read.ok ? from : 'seat' in read.value.by ? `seat ${read.value.by.seat}` : `outside ${read.value.by.outside}`;
  const timeS = read.ok ? read.value.timeS : core.nowS;
  if ((state.lines.get(key)?.timeS ?? -1) >= timeS) return { state, effects: [] };
  const lines = new Map(state.lines).set(key, { line, timeS });
  const seat = read.ok && 'seat' in read.value.by ? read.value.by.seat : undefined;
  const sizes = seat === undefined || state.sizes.get(seat) === state.headSize ? state.sizes : new Map(state.sizes).set(seat, state.headSize);
  const next = { ...state, lines, sizes };
  // A line or two more than certifies change nothing unless a later time is needed.
  const counted = faults.repeatsLines === true ? lines.size * 2 : lines.size;
  if (counted < rules.constitution.quorum + rules.constitution.outside || !isUnsettled(next, neededS(next.prefix, core.nowS))) return { state: next, effects: [] };
  return certify(core, next);
}

function linesFor({ faults, rules }: Core, state: OperatorState): readonly string[] {
  const lines = [...state.lines.values()].map(({ line }) => line);
  if (faults.repeatsLines === true) return [...lines, ...lines];
  if (faults.choosesLines !== true) return lines;
  const [seats, outside] = ['seat', 'outside'].map((who) => [...state.lines].filter(([key]) => key.startsWith(who)).map(([, line]) => line));
  const latest = seats!.toSorted((one, other) => other.timeS - one.timeS).slice(0, rules.constitution.quorum);
  return [...latest, ...outside!].map(({ line }) => line);
}

function certify(core: Core, state: OperatorState): OperatorStep {
  const note = core.rules.withLines(state.head!, linesFor(core, state));
  const read = core.rules.certified(state.prefix, note);
  if (!read.ok) return { state, effects: core.faults.verifiesNothing === true ? [{ kind: 'publish', note }] : [] };
  const { certified } = state;
  if (certified !== undefined && certified.is.cut.size === read.value.cut.size && certified.is.timeS >= read.value.timeS) return { state, effects: [] };
  const next = { ...state, certified: { note, is: read.value, prefix: read.value.cut.size === state.headSize ? state.headPrefix : undefined } };
  return { state: next, effects: [{ kind: 'persist', records: [{ kind: 'certified', note }] }, { kind: 'publish', note }] };
}

/** Whether one of these casts is not under the head, though the log may hold it by now: then no honest seat will cosign this head any more. */
function lacks({ rules }: Core, { prefix, headPrefix }: OperatorState, notes: readonly string[]): boolean {
  return notes.some((note) => {
    const read = rules.casts(prefix, note);
    return read.ok && read.value.some(({ round, name }) => headPrefix?.rounds.get(round)?.casts.has(name) !== true);
  });
}

function refused(core: Core, state: OperatorState, seat: number, message: Extract<Message, { kind: 'refused' }>): OperatorStep {
  const sizes = new Map(state.sizes).set(seat, message.size);
  const next = { ...state, sizes };
  if (message.reason === 'missing' && core.faults.ignoresMissing !== true) {
    const told = learnCasts(core, next, message.missing ?? [], true);
    return { state: lacks(core, state, message.missing ?? []) ? { ...told, isHeadLacking: true } : told, effects: [] };
  }
  const isNews = message.reason === 'size' && state.sizes.get(seat) !== message.size;
  return { state: next, effects: isNews ? askSeat(next, seat) : [] };
}

/** One event at the operator's clock `nowS`, whole seconds since 1970. `faults` is for the simulation alone. */
export function stepOperator(rules: Rules, state: OperatorState, event: OperatorEvent, nowS: number, faults: OperatorFaults = {}): OperatorStep {
  const core: Core = { rules, nowS, faults };
  if (event.kind === 'tick') return tick(core, state);
  if (event.kind === 'submitted') return { state: state.submissions.length < SUBMISSIONS_MAX ? { ...state, submissions: [...state.submissions, event.entry] } : state, effects: [] };
  if (event.kind === 'appended') return { state: { ...state, prefix: event.entries.reduce((before, entry) => prefixAfter(rules, before, entry), state.prefix) }, effects: [] };
  if (event.kind === 'anchor-wanted') return { state: { ...state, anchorFrom: state.prefix.size }, effects: [] };
  if (event.kind === 'witnessed') return cosigned(core, state, event.text, event.line, 'outside');
  if (event.kind === 'head-signed') {
    const next: OperatorState = { ...state, head: event.note, headSize: state.prefix.size, headPrefix: state.prefix, headS: core.nowS, isHeadLacking: false, lines: new Map() };
    return { state: next, effects: askAll(core, next) };
  }
  const { from, message } = event;
  if (message.kind === 'cast') return { state: learnCasts(core, state, [message.note], false), effects: [] };
  if (message.kind === 'held') return { state: learnCasts(core, state, message.casts, false), effects: [] };
  if (message.kind === 'cosigned') return cosigned(core, state, message.text, message.line, `seat ${from}`);
  if (message.kind === 'refused' && typeof from === 'number') return refused(core, state, from, message);
  if (message.kind === 'where') return { state, effects: [{ kind: 'send', to: from, message: { kind: 'here', certified: state.certified?.note, casts: castsOf(state, from) } }] };
  return { state, effects: [] };
}

const castsOf = (state: OperatorState, from: Address): readonly string[] => [...state.casts.values()].filter(({ seat }) => seat === from).map(({ note }) => note);
