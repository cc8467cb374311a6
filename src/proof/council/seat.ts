/**
 * The core of a seat's agent: what it knows, what happens to it, what it does then. Pure: clock times are arguments, and whoever
 * runs it carries out the effects in their order, each finished (a `persist` on the disk) before the next begins.
 *
 * The rules are those of docs/spec/council.md: B1 one ballot a round, written down before it is signed; C1 cosign only what
 * continues all it ever cosigned; C2 only valid entries; C3 once it stamps the end of a vote, only a tree that holds every ballot
 * it had in time. A seat that starts first asks the others about its own past, because its disk may be an old backup.
 */

import { printSealed, saltText } from '../commitment.ts';
import { printBallot, printCommit } from './ballot-text.ts';
import type { Choice } from './ballot-text.ts';
import type { Cut } from './lines.ts';
import { COSIGN_ENTRIES_MAX } from './messages.ts';
import type { Address, Message, RefusedReason } from './messages.ts';
import { ballotOf } from './open-text.ts';
import { castName } from './rules.ts';
import type { CastText, Prefix, RoundView, Rules } from './rules.ts';
import { printReceipt } from './seat-texts.ts';

/** Texts of one seat, one kind and one round that are held; the second is evidence, a third would only feed a flood. */
export const TEXTS_HELD_MAX = 2;
/** Rounds whose casts are held at once. */
export const ROUNDS_HELD_MAX = 256;

/** Mistakes a seat could be built with. For the simulation, which has to find each; production gives none. */
export interface SeatFaults {
  /** Signs a second ballot of a round when its steward changes their mind. */
  readonly revotes?: boolean;
  /** Signs, then writes down. */
  readonly signsFirst?: boolean;
  /** Cosigns a tree that does not continue the one it cosigned (no C1). */
  readonly forgetsHead?: boolean;
  /** Cosigns, then writes the head down (C1 not atomic with the disk). */
  readonly cosignsFirst?: boolean;
  /** Cosigns whatever the entries are (no C2). */
  readonly judgesNothing?: boolean;
  /** Cosigns a cut that lacks ballots it holds (no C3). */
  readonly dropsBallots?: boolean;
  /** Goes on at once after a start, whatever its disk was. */
  readonly resumesBlindly?: boolean;
  /** Answers a receipt before the ballot is on the disk. */
  readonly receiptsFirst?: boolean;
  /** Holds one text of a seat only, so that the second, which proves the lie, is lost. */
  readonly holdsOne?: boolean;
  /** Holds any number of texts of a seat. */
  readonly holdsAll?: boolean;
  /** Believes a clock that went back. */
  readonly stampsBack?: boolean;
  /** Believes what anybody says is a ballot of a seat. */
  readonly revealsEarly?: boolean;
}

/** What a seat has decided in a round; once written it never changes. */
export interface Vote {
  readonly epoch: number;
  readonly round: string;
  /** Text of the ballot. */
  readonly ballot: string;
  /** In a sealed round, once the ballot is sealed: the sealed text and the text of the commitment. */
  readonly sealed?: string;
  readonly commit?: string;
}

export interface Held extends CastText {
  /** By the own clock; what the receipt says. */
  readonly receivedS: number;
}

/** What is written to the disk, in this order; `restoreSeat` folds it. */
export type SeatRecord =
  | { readonly kind: 'vote'; readonly vote: Vote }
  | { readonly kind: 'held'; readonly held: readonly Held[] }
  /** The mirror grows and the head moves in one record: whether cosigned is known exactly. */
  | { readonly kind: 'head'; readonly entries: readonly string[]; readonly stampS: number }
  /** The disk was an old backup: until a head certified after `sinceS` is seen, every round is sat out. */
  | { readonly kind: 'resync'; readonly sinceS: number }
  | { readonly kind: 'resynced'; readonly below: number };

export interface SeatState {
  readonly seat: number;
  /** Of this start, 32 hexadecimal digits; in every receipt. */
  readonly instance: string;
  /** All it has cosigned. */
  readonly prefix: Prefix;
  /** Latest stamp it has given. */
  readonly stampS: number;
  /** By epoch and round. */
  readonly votes: ReadonlyMap<string, Vote>;
  /** By round. */
  readonly held: ReadonlyMap<string, readonly Held[]>;
  /** By epoch and round: seats whose receipt for the own ballot or commitment came. */
  readonly receipts: ReadonlyMap<string, ReadonlySet<number>>;
  /** While starting: who has answered about the past. */
  readonly asking: ReadonlySet<Address> | undefined;
  readonly isAhead: boolean;
  /** Set while every round is sat out; seconds since 1970. */
  readonly resyncSinceS: number | undefined;
  /** Rounds whose OPEN lies below this index are sat out for good. */
  readonly sitsOutBelow: number;
  /** Highest certified checkpoint seen, as a note, and where it stands. */
  readonly certified: string | undefined;
  readonly floor: Cut | undefined;
}

export type SeatEvent =
  | { readonly kind: 'started' }
  | { readonly kind: 'tick' }
  /** The steward confirmed a choice; `option` matters for a yes. */
  | { readonly kind: 'decided'; readonly round: string; readonly choice: Choice; readonly option?: string }
  /** The steward's device signed the ballot and the salt text of a sealed vote. */
  | { readonly kind: 'sealed'; readonly round: string; readonly note: string; readonly salt: Uint8Array }
  /** Entries from `from` up to a checkpoint that is certified, fetched because this seat is far behind; it cosigns nothing by them. */
  | { readonly kind: 'caught-up'; readonly note: string; readonly from: number; readonly entries: readonly string[] }
  | { readonly kind: 'received'; readonly from: Address; readonly message: Message };

export type SeatNotice = 'voted' | 'voted-already' | 'sits-out' | 'not-open' | 'starting' | 'resync' | 'fork' | 'ballot-uncensorable';

export type SeatEffect =
  | { readonly kind: 'persist'; readonly records: readonly SeatRecord[] }
  /** Sign with the ballot or the agent key and send the note to each address; `everyone` includes the own agent. */
  | { readonly kind: 'sign'; readonly key: 'ballot' | 'agent'; readonly text: string; readonly as: 'cast' | 'receipt'; readonly to: readonly Address[] }
  /** Have the ballot and the salt text signed by the ballot key; the answer is the event `sealed`. */
  | { readonly kind: 'seal'; readonly round: string; readonly ballot: string; readonly saltText: string }
  | { readonly kind: 'cosign'; readonly text: string; readonly timeS: number }
  | { readonly kind: 'send'; readonly to: readonly Address[]; readonly message: Message }
  | { readonly kind: 'tell'; readonly notice: SeatNotice; readonly round?: string };

export interface SeatStep {
  readonly state: SeatState;
  readonly effects: readonly SeatEffect[];
}

interface Core {
  readonly rules: Rules;
  readonly state: SeatState;
  readonly nowS: number;
  readonly faults: SeatFaults;
}

const stay = (state: SeatState, ...effects: readonly SeatEffect[]): SeatStep => ({ state, effects });
const persist = (...records: readonly SeatRecord[]): SeatEffect => ({ kind: 'persist', records });
const voteKey = (epoch: number, round: string): string => `${epoch} ${round}`;

/** Lists of addresses by the number of seats, made once: every ballot and every tick needs one. */
const EVERYONE: (readonly Address[] | undefined)[] = [];

function everyone({ constitution: { seats } }: Rules): readonly Address[] {
  return (EVERYONE[seats] ??= ['operator', ...Array.from({ length: seats }, (_, index) => index + 1)]);
}

/** The own clock, which never falls behind what it has stamped: else a receipt could contradict a cosignature given before. */
const clockOf = ({ state, nowS, faults }: Core): number => (faults.stampsBack ? nowS : Math.max(nowS, state.stampS));

// ---------------------------------------------------------------- the disk

/** The state that the records of a disk hold, at a start: it asks about its past before it does anything else. */
export function restoreSeat(rules: Rules, seat: number, instance: string, records: readonly SeatRecord[], faults: SeatFaults = {}): SeatState {
  return records.reduce((state, record) => applyRecord(rules, state, record), freshSeat(rules, seat, instance, faults));
}

/** A seat that has promised nothing yet; `applyRecord` adds what its disk holds, record by record. */
export function freshSeat(rules: Rules, seat: number, instance: string, faults: SeatFaults = {}): SeatState {
  return {
    seat,
    instance,
    prefix: rules.empty,
    stampS: 0,
    votes: new Map(),
    held: new Map(),
    receipts: new Map(),
    asking: faults.resumesBlindly ? undefined : new Set(),
    isAhead: false,
    resyncSinceS: undefined,
    sitsOutBelow: 0,
    certified: undefined,
    floor: undefined,
  };
}

function withHeld(state: SeatState, added: readonly Held[]): SeatState {
  const held = new Map(state.held);
  for (const each of added) held.set(each.round, [...(held.get(each.round) ?? []), each]);
  return { ...state, held };
}

export function applyRecord(rules: Rules, state: SeatState, record: SeatRecord): SeatState {
  if (record.kind === 'vote') return { ...state, votes: new Map(state.votes).set(voteKey(record.vote.epoch, record.vote.round), record.vote) };
  if (record.kind === 'held') return withHeld(state, record.held);
  if (record.kind === 'resync') return { ...state, resyncSinceS: record.sinceS };
  if (record.kind === 'resynced') return { ...state, resyncSinceS: undefined, sitsOutBelow: record.below };
  const prefix = record.entries.reduce((before, entry) => {
    const next = rules.extend(before, entry);
    return next.ok ? next.value : rules.extendUnjudged(before, entry);
  }, state.prefix);
  return { ...state, prefix, stampS: Math.max(state.stampS, record.stampS) };
}

// ---------------------------------------------------------------- voting (B1, B3)

const sitsOut = (state: SeatState, view: RoundView): boolean => state.resyncSinceS !== undefined || view.openIndex < state.sitsOutBelow;

/** The casts of a vote that others have to hold by now: ballot, or commitment; the ballot under the seal once commitments are fixed. */
function release(core: Core, vote: Vote, view: RoundView, to: readonly Address[]): readonly SeatEffect[] {
  if (!view.open.sealed) return [{ kind: 'sign', key: 'ballot', text: vote.ballot, as: 'cast', to }];
  if (vote.commit === undefined || vote.sealed === undefined) return [{ kind: 'seal', round: vote.round, ballot: vote.ballot, saltText: saltTextOf(view) }];
  const { faults } = core;
  if (view.commitsClose === undefined && !faults.revealsEarly) return [{ kind: 'sign', key: 'ballot', text: vote.commit, as: 'cast', to }];
  const inCut = view.casts.has(castName({ kind: 'commit', seat: core.state.seat, text: vote.commit }));
  return inCut ? [{ kind: 'send', to, message: { kind: 'cast', note: vote.sealed } }] : [];
}

const saltTextOf = ({ open }: RoundView): string => saltText({ council: open.council, epoch: open.epoch, slot: open.slot, round: open.round });

function decided(core: Core, event: Extract<SeatEvent, { kind: 'decided' }>): SeatStep {
  const { state, rules, faults } = core;
  const { round } = event;
  const view = state.prefix.rounds.get(round);
  const tell = (notice: SeatNotice): SeatStep => stay(state, { kind: 'tell', notice, round });
  if (state.asking !== undefined) return tell('starting');
  if (view === undefined || view.close !== undefined || view.filled[state.seat - 1] !== true) return tell('not-open');
  if (sitsOut(state, view)) return tell('sits-out');
  const ballot = ballotOf(view.open, event.choice, event.option);
  if (ballot === undefined) return tell('not-open');
  const key = voteKey(view.open.epoch, round);
  const before = state.votes.get(key);
  // B1. The same text again is not a second ballot: it is what a seat signs after a crash.
  if (before !== undefined && before.ballot !== printBallot(ballot) && !faults.revotes) return tell('voted-already');
  const vote: Vote = before?.ballot === printBallot(ballot) ? before : { epoch: view.open.epoch, round, ballot: printBallot(ballot) };
  const next: SeatState = { ...state, votes: new Map(state.votes).set(key, vote) };
  const written = persist({ kind: 'vote', vote });
  const released = release({ ...core, state: next }, vote, view, everyone(rules));
  return stay(next, ...(faults.signsFirst ? [...released, written] : [written, ...released]), { kind: 'tell', notice: 'voted', round });
}

function sealed(core: Core, { round, note, salt }: Extract<SeatEvent, { kind: 'sealed' }>): SeatStep {
  const { state, rules } = core;
  const view = state.prefix.rounds.get(round);
  const before = view === undefined ? undefined : state.votes.get(voteKey(view.open.epoch, round));
  if (view === undefined || before === undefined || before.commit !== undefined || view.commitsClose !== undefined) return stay(state);
  const { council, epoch, slotRoll, slot, round: number } = view.open;
  const text = printSealed({ seat: state.seat, slot, round: number, salt, ballot: note });
  const commit = printCommit({ council, epoch, slotRoll, slot, round: number, commitment: rules.digest(text) });
  const vote: Vote = { ...before, sealed: text, commit };
  const next: SeatState = { ...state, votes: new Map(state.votes).set(voteKey(epoch, round), vote) };
  return stay(next, persist({ kind: 'vote', vote }), ...release({ ...core, state: next }, vote, view, everyone(rules)));
}

// ---------------------------------------------------------------- holding what others cast

function isStillTaken(view: RoundView, { kind }: CastText): boolean {
  return view.close === undefined && (kind !== 'commit' || view.commitsClose === undefined);
}

/** The casts of a note that are new here and have room. */
function fresh(core: Core, casts: readonly CastText[]): readonly Held[] {
  const { state, faults } = core;
  return casts.flatMap((cast) => {
    const view = state.prefix.rounds.get(cast.round);
    if (view === undefined || !isStillTaken(view, cast) || sitsOut(state, view)) return [];
    const held = state.held.get(cast.round) ?? [];
    if (held.length === 0 && state.held.size >= ROUNDS_HELD_MAX) return [];
    const same = held.filter(({ kind, seat }) => kind === cast.kind && seat === cast.seat);
    const room = faults.holdsAll ? Number.POSITIVE_INFINITY : faults.holdsOne ? 1 : TEXTS_HELD_MAX;
    if (same.length >= room || same.some(({ text }) => text === cast.text)) return [];
    return [{ ...cast, receivedS: clockOf(core) }];
  });
}

function receiptFor(core: Core, cast: Held, to: Address): readonly SeatEffect[] {
  const { state, rules } = core;
  const open = state.prefix.rounds.get(cast.round)?.open;
  if (open === undefined || cast.kind === 'reveal') return [];
  const { council, epoch, slot, round } = open;
  const text = printReceipt({ council, epoch, slot, round, holder: state.seat, voter: cast.seat, digest: rules.digest(cast.text), timeS: cast.receivedS, instance: state.instance });
  return [{ kind: 'sign', key: 'agent', text, as: 'receipt', to: [to] }];
}

function castCame(core: Core, from: Address, note: string): SeatStep {
  const { state, rules, faults } = core;
  if (state.asking !== undefined) return stay(state);
  const read = rules.casts(state.prefix, note);
  if (!read.ok) return stay(state);
  const added = fresh(core, read.value);
  const next = added.length === 0 ? state : withHeld(state, added);
  // A ballot sent again is answered again, with the time it first came.
  const receipts = (next.held.get(read.value[0]?.round ?? '') ?? []).filter((each) => read.value.some((one) => one.name === each.name)).flatMap((each) => receiptFor(core, each, from));
  const written = added.length === 0 ? [] : [persist({ kind: 'held', held: added })];
  return stay(next, ...(faults.receiptsFirst ? [...receipts, ...written] : [...written, ...receipts]));
}

function receipt(core: Core, note: string): SeatStep {
  const { state, rules } = core;
  const read = rules.receipt(state.prefix, note);
  if (!read.ok || read.value.voter !== state.seat) return stay(state);
  const round = `${read.value.slot} ${read.value.round}`;
  const key = voteKey(read.value.epoch, round);
  const vote = state.votes.get(key);
  const before = state.receipts.get(key) ?? new Set();
  if (vote === undefined || read.value.digest !== rules.digest(vote.commit ?? vote.ballot) || before.has(read.value.holder)) return stay(state);
  const view = state.prefix.rounds.get(round);
  const endS = view?.open.sealed === true ? view.open.commitsCloseS : view?.open.closesS;
  // A receipt of the last minutes obliges nobody to wait for the ballot.
  if (endS === undefined || read.value.timeS > endS - rules.constitution.deltaS) return stay(state);
  const after = new Set(before).add(read.value.holder);
  const next = { ...state, receipts: new Map(state.receipts).set(key, after) };
  return after.size === rules.constitution.quorum ? stay(next, { kind: 'tell', notice: 'ballot-uncensorable', round }) : stay(next);
}

// ---------------------------------------------------------------- cosigning (C1, C2, C3)

const refused = (core: Core, reason: RefusedReason, more: { readonly entry?: number; readonly missing?: readonly string[] } = {}): SeatStep =>
  stay(core.state, { kind: 'send', to: ['operator'], message: { kind: 'refused', reason, size: core.state.prefix.size, ...more } });

/** What the tree lacks of the casts held in time of one round, at the time stamped. */
function missingIn(core: Core, view: RoundView, round: string, stampS: number): readonly Held[] {
  const { deltaS } = core.rules.constitution;
  const ends: Record<CastText['kind'], number | undefined> = {
    ballot: view.close === undefined ? view.open.closesS : undefined,
    reveal: view.close === undefined ? view.open.closesS : undefined,
    commit: view.commitsClose === undefined ? view.open.commitsCloseS : undefined,
  };
  return (core.state.held.get(round) ?? []).filter((each) => {
    const endS = ends[each.kind];
    return endS !== undefined && stampS >= endS && each.receivedS <= endS - deltaS && !view.casts.has(each.name);
  });
}

/** Whether a round ends at this stamp in which the seat may have held ballots that its restored disk has lost. */
function endsUnseen(core: Core, view: RoundView, stampS: number): boolean {
  if (!sitsOut(core.state, view) || view.close !== undefined) return false;
  return stampS >= view.open.closesS || (view.commitsClose === undefined && stampS >= (view.open.commitsCloseS ?? Number.POSITIVE_INFINITY));
}

/** C1 and C2: the prefix that these entries lead to from the own one, if they lead to this cut over the floor. */
function follow(core: Core, cut: Cut, from: number, entries: readonly string[]): Prefix | { readonly reason: RefusedReason; readonly entry?: number } {
  const { rules, state, faults } = core;
  const forgets = faults.forgetsHead === true && from === 0;
  let prefix = forgets ? rules.empty : state.prefix;
  if (from > prefix.size || cut.size < prefix.size || cut.size < (state.floor?.size ?? 0)) return { reason: 'size' };
  for (const entry of entries.slice(prefix.size - from, cut.size - from)) {
    const next = rules.extend(prefix, entry);
    if (!next.ok && !faults.judgesNothing) return { reason: 'entry', entry: prefix.size };
    prefix = next.ok ? next.value : rules.extendUnjudged(prefix, entry);
    if (prefix.size === state.floor?.size && prefix.root !== state.floor.root && !forgets) return { reason: 'fork' };
  }
  if (prefix.size < cut.size) return { reason: 'size' };
  return prefix.root === cut.root ? prefix : { reason: 'fork' };
}

function cosignAsked(core: Core, message: Extract<Message, { kind: 'cosign' }>): SeatStep {
  const { rules, state, faults } = core;
  if (state.asking !== undefined) return refused(core, 'starting');
  const cut = rules.checkpoint(state.prefix, message.note);
  if (!cut.ok || message.entries.length > COSIGN_ENTRIES_MAX) return refused(core, 'signature');
  const prefix = follow(core, cut.value, message.from, message.entries);
  if ('reason' in prefix) {
    const step = refused(core, prefix.reason, prefix);
    return prefix.reason === 'fork' ? stay(state, ...step.effects, { kind: 'tell', notice: 'fork' }) : step;
  }
  const stampS = clockOf(core);
  const rounds = [...prefix.rounds];
  if (rounds.some(([, view]) => endsUnseen(core, view, stampS))) return refused(core, 'sits-out');
  const missing = faults.dropsBallots ? [] : rounds.flatMap(([round, view]) => missingIn(core, view, round, stampS));
  if (missing.length > 0) return refused(core, 'missing', { missing: missing.map(({ note }) => note) });
  const moved: SeatState = { ...state, prefix, stampS };
  const grown = faults.forgetsHead === true && message.from === 0 ? [] : message.entries.slice(state.prefix.size - message.from, cut.value.size - message.from);
  const written = persist({ kind: 'head', entries: grown, stampS });
  const signed: SeatEffect = { kind: 'cosign', text: rules.checkpointText(cut.value), timeS: stampS };
  return stay(letGo(moved), ...(faults.cosignsFirst ? [signed, written] : [written, signed]));
}

/**
 * Takes over a part of the log that a certified checkpoint ends: a quorum stands for it, so C1 holds for whoever follows. Judged as any entry;
 * the checkpoint is read under the rolls of the prefix that it ends, which may have changed on the way.
 */
function caughtUp(core: Core, { note, from, entries }: Extract<SeatEvent, { kind: 'caught-up' }>): SeatStep {
  const { rules, state } = core;
  const [, size = '', root = ''] = note.split('\n', 3);
  const cut = { size: Number(size), root };
  // Whoever is far behind comes by certified checkpoints older than the highest one shown; where they meet, the roots are compared.
  const isBelowFloor = state.floor !== undefined && cut.size < state.floor.size;
  const prefix = follow(isBelowFloor ? { ...core, state: { ...state, floor: undefined } } : core, cut, from, entries);
  if ('reason' in prefix) return prefix.reason === 'fork' ? stay(state, { kind: 'tell', notice: 'fork' }) : stay(state);
  if (prefix.size === state.prefix.size || !rules.certified(prefix, note).ok) return stay(state);
  const moved = letGo({ ...state, prefix, ...(isBelowFloor ? {} : { certified: note, floor: cut }) });
  return stay(moved, persist({ kind: 'head', entries: entries.slice(state.prefix.size - from, prefix.size - from), stampS: state.stampS }));
}

/** What is held of rounds that are closed serves nobody any more. */
function letGo(state: SeatState): SeatState {
  const over = [...state.held.keys()].filter((round) => state.prefix.rounds.get(round)?.close !== undefined);
  if (over.length === 0) return state;
  return { ...state, held: new Map([...state.held].filter(([round]) => !over.includes(round))) };
}

/** Keeps the highest certified checkpoint anybody shows; a head certified after a restored start ends the sitting out of later rounds. */
function learn(core: Core, note: string | undefined): SeatStep {
  const { rules, state } = core;
  if (note === undefined || note === state.certified) return stay(state);
  const read = rules.certified(state.prefix, note);
  if (!read.ok) return stay(state);
  const { cut, timeS, stamps } = read.value;
  const own = stamps.get(state.seat);
  const isAhead = own !== undefined && (cut.size > state.prefix.size || own > state.stampS);
  const higher = cut.size > (state.floor?.size ?? -1);
  const next: SeatState = { ...state, ...(higher ? { certified: note, floor: cut } : {}), isAhead: state.isAhead || (state.asking !== undefined && isAhead) };
  if (state.resyncSinceS === undefined || timeS <= state.resyncSinceS + rules.constitution.clockErrorS) return stay(next);
  return stay({ ...next, resyncSinceS: undefined, sitsOutBelow: cut.size }, persist({ kind: 'resynced', below: cut.size }));
}

// ---------------------------------------------------------------- starting

/** How many others have to answer: with oneself a quorum, so that of any quorum that held the own ballot an honest one is among them. */
const answersNeeded = ({ constitution }: Rules): number => constitution.quorum - 1;

function answered(core: Core, from: Address, message: Extract<Message, { kind: 'here' }>): SeatStep {
  const { rules, state } = core;
  if (state.asking === undefined || from === state.seat) return stay(state);
  const learned = learn(core, message.certified).state;
  const mine = message.casts.flatMap((note) => {
    const read = rules.casts(learned.prefix, note);
    if (read.ok) return read.value.filter(({ seat }) => seat === state.seat).map(({ text }) => text);
    // A disk that is old enough has not even the OPEN of that round: then the signature alone tells that it was the own vote.
    const text = rules.signedCast(learned.prefix, note, state.seat);
    return text === undefined ? [] : [text];
  });
  const known = new Set([...learned.votes.values()].flatMap(({ ballot, commit, sealed: under }) => [ballot, commit, under]));
  const asking = new Set(learned.asking).add(from);
  const next: SeatState = { ...learned, asking, isAhead: learned.isAhead || mine.some((text) => !known.has(text)) };
  if ([...asking].filter((each) => each !== 'operator').length < answersNeeded(rules)) return stay(next);
  const started: SeatState = { ...next, asking: undefined, isAhead: false };
  if (!next.isAhead) return stay(started);
  const sinceS = core.nowS;
  return stay({ ...started, resyncSinceS: sinceS }, persist({ kind: 'resync', sinceS }), { kind: 'tell', notice: 'resync' });
}

function where(core: Core, from: Address): SeatStep {
  const { state } = core;
  const casts = [...state.held.values()].flat().filter(({ seat }) => seat === from);
  return stay(state, { kind: 'send', to: [from], message: { kind: 'here', certified: state.certified, casts: casts.map(({ note }) => note) } });
}

function ask(core: Core): SeatStep {
  const { state, rules } = core;
  const silent = everyone(rules).filter((each) => each !== state.seat && state.asking?.has(each) !== true);
  return stay(state, { kind: 'send', to: silent, message: { kind: 'where' } });
}

// ---------------------------------------------------------------- one event

/** Sends again what nobody has answered yet. */
function tick(core: Core): SeatStep {
  const { state, rules } = core;
  if (state.asking !== undefined) return ask(core);
  const effects = [...state.votes].flatMap(([key, vote]) => {
    const view = state.prefix.rounds.get(vote.round);
    if (view === undefined || view.close !== undefined || sitsOut(state, view)) return [];
    const got = view.open.sealed && view.commitsClose !== undefined ? undefined : state.receipts.get(key);
    const to = everyone(rules).filter((each) => each === 'operator' || got?.has(each) !== true);
    return release(core, vote, view, to);
  });
  return stay(state, ...effects);
}

function received(core: Core, from: Address, message: Message): SeatStep {
  if (message.kind === 'cast') return castCame(core, from, message.note);
  if (message.kind === 'receipt') return receipt(core, message.note);
  if (message.kind === 'where') return where(core, from);
  if (message.kind === 'here') return answered(core, from, message);
  if (message.kind === 'held-asked') {
    const casts = (core.state.held.get(message.round) ?? []).map(({ note }) => note);
    return stay(core.state, { kind: 'send', to: [from], message: { kind: 'held', round: message.round, casts } });
  }
  if (message.kind !== 'cosign') return stay(core.state);
  const asked = cosignAsked(core, message);
  const learned = learn({ ...core, state: asked.state }, message.certified);
  return stay(learned.state, ...asked.effects, ...learned.effects);
}

/** One event at the seat's clock `nowS`, whole seconds since 1970. `faults` is for the simulation alone. */
export function stepSeat(rules: Rules, state: SeatState, event: SeatEvent, nowS: number, faults: SeatFaults = {}): SeatStep {
  const core: Core = { rules, state, nowS, faults };
  if (event.kind === 'decided') return decided(core, event);
  if (event.kind === 'sealed') return sealed(core, event);
  if (event.kind === 'caught-up') return caughtUp(core, event);
  if (event.kind === 'received') return received(core, event.from, event.message);
  if (event.kind === 'tick') return tick(core);
  return state.asking === undefined ? stay(state) : ask(core);
}
