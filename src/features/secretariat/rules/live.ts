/** A sitting as it stands after its acts: who is there, which item is called, who speaks, who waits, how much time is left. Pure: times come with the acts. */

import { assert, type Instant, type Language, no, type Verdict, yes } from '../../../base/index.ts';
import { type Act, type ActRefusal, ACTS_MAX, type Happened, NAME_CHARS_MAX, SPEECH_SECONDS, SPEECH_SECONDS_MAX, type SpeechKind, SPEECHES_WAITING_MAX, TEXT_CHARS_MAX } from '../model.ts';

export interface Speech {
  /** Number of the act by which it was asked for. */
  readonly number: number;
  readonly name: string;
  readonly kind: SpeechKind;
  readonly item: string | undefined;
  /** Who asked for it in a session of their own; members take back only what is theirs. */
  readonly by: string | undefined;
}

export interface Floor {
  readonly speech: Speech;
  readonly seconds: number;
  readonly sinceMs: number;
  /** Time that was held, in milliseconds; and since when it is held now. */
  readonly heldMs: number;
  readonly heldSinceMs: number | undefined;
}

export type CourseEntry =
  | { readonly what: 'opened' | 'suspended' | 'resumed' | 'closed'; readonly at: Instant }
  | { readonly what: 'item'; readonly at: Instant; readonly item: string }
  | { readonly what: 'spoke'; readonly at: Instant; readonly item: string | undefined; readonly speech: Speech }
  | { readonly what: 'note'; readonly at: Instant; readonly item: string | undefined; readonly language: Language; readonly text: string };

export interface Live {
  readonly state: 'before' | 'running' | 'suspended' | 'closed';
  readonly present: ReadonlyMap<number, 'room' | 'online'>;
  /** Everybody who was there at any time. */
  readonly attended: ReadonlySet<number>;
  readonly item: string | undefined;
  readonly itemSinceMs: number | undefined;
  readonly done: ReadonlySet<string>;
  readonly waiting: readonly Speech[];
  readonly floor: Floor | undefined;
  /** A speech that an interposed question or a point of order interrupted; it goes on with the time it had left. */
  readonly interrupted: Floor | undefined;
  readonly listIsOpen: boolean;
  readonly lastSide: 'pro' | 'contra' | undefined;
  readonly seconds: Readonly<Record<SpeechKind, number>>;
  readonly course: readonly CourseEntry[];
}

export const NOT_BEGUN: Live = {
  state: 'before', present: new Map(), attended: new Set(), item: undefined, itemSinceMs: undefined, done: new Set(), waiting: [], floor: undefined, interrupted: undefined,
  listIsOpen: true, lastSide: undefined, seconds: SPEECH_SECONDS, course: [],
};

interface Known {
  /** Items that may be called, and how many seats there are. */
  readonly items: ReadonlySet<string>;
  readonly seats: number;
}

type Stepped = Verdict<Live, ActRefusal>;
const NEEDS_RUNNING: ReadonlySet<Act['act']> = new Set(['item', 'item-end', 'floor', 'floor-end', 'hold', 'go-on', 'suspend']);
const INTERRUPTS: ReadonlySet<SpeechKind> = new Set(['question', 'order']);

/** One act. Refused where it does not fit what stands; never throws on what people send. */
export function step(live: Live, act: Act, number: number, at: Instant, known: Known): Stepped {
  if (NEEDS_RUNNING.has(act.act) && live.state !== 'running') return no('not-running');
  if (live.state === 'closed') return no('not-running');
  const atMs = Date.parse(at);
  switch (act.act) {
    case 'open':
      return live.state === 'before' ? yes({ ...live, state: 'running', course: [...live.course, { what: 'opened', at }] }) : no('already');
    case 'suspend':
      return yes({ ...held(live, atMs), state: 'suspended', course: [...live.course, { what: 'suspended', at }] });
    case 'resume':
      return live.state === 'suspended' ? yes({ ...live, state: 'running', course: [...live.course, { what: 'resumed', at }] }) : no('not-running');
    case 'close':
      return live.state === 'before' ? no('not-running') : yes({ ...endItem(endFloor(live)), state: 'closed', waiting: [], interrupted: undefined, course: [...live.course, { what: 'closed', at }] });
    case 'present':
    case 'absent':
      return attendance(live, act, known.seats);
    case 'item':
      if (!known.items.has(act.item)) return no('no-item');
      if (live.item === act.item) return no('already');
      return yes({ ...endItem(endFloor(live)), item: act.item, itemSinceMs: atMs, waiting: [], interrupted: undefined, listIsOpen: true, lastSide: undefined, course: [...live.course, { what: 'item', at, item: act.item }] });
    case 'item-end':
      return live.item === undefined ? no('no-item') : yes({ ...endItem(endFloor(live)), waiting: [], interrupted: undefined });
    case 'ask':
      return ask(live, act, number);
    case 'take-back':
      return live.waiting.some((one) => one.number === act.speech) ? yes({ ...live, waiting: live.waiting.filter((one) => one.number !== act.speech) }) : no('no-speech');
    case 'floor':
      return giveFloor(live, act.speech, at);
    case 'floor-end':
      return live.floor === undefined ? no('floor-free') : yes(goOn(endFloor(live), atMs));
    case 'hold':
      if (live.floor === undefined) return no('floor-free');
      return live.floor.heldSinceMs === undefined ? yes(held(live, atMs)) : no('already');
    case 'go-on':
      if (live.floor === undefined) return no('floor-free');
      return live.floor.heldSinceMs === undefined ? no('already') : yes({ ...live, floor: unheld(live.floor, atMs) });
    case 'list':
      return live.listIsOpen === act.isOpen ? no('already') : yes({ ...live, listIsOpen: act.isOpen });
    case 'seconds':
      return Number.isInteger(act.seconds) && act.seconds >= 10 && act.seconds <= SPEECH_SECONDS_MAX ? yes({ ...live, seconds: { ...live.seconds, [act.kind]: act.seconds } }) : no('text');
    case 'note':
      if (act.text.trim() === '' || act.text.length > TEXT_CHARS_MAX) return no('text');
      return live.state === 'before' ? no('not-running') : yes({ ...live, course: [...live.course, { what: 'note', at, item: live.item, language: act.language, text: act.text.trim() }] });
  }
}

function attendance(live: Live, act: Extract<Act, { readonly act: 'present' | 'absent' }>, seats: number): Stepped {
  if (!Number.isInteger(act.seat) || act.seat < 1 || act.seat > seats) return no('no-seat');
  const present = new Map(live.present);
  if (act.act === 'absent') return present.delete(act.seat) ? yes({ ...live, present }) : no('already');
  if (present.get(act.seat) === act.way) return no('already');
  present.set(act.seat, act.way);
  return yes({ ...live, present, attended: new Set([...live.attended, act.seat]) });
}

/** A closed list still takes points of order and questions to who speaks: a chair cannot silence them by it. */
function ask(live: Live, { name, kind, by }: Extract<Act, { readonly act: 'ask' }>, number: number): Stepped {
  const tidy = name.trim();
  if (tidy === '' || tidy.length > NAME_CHARS_MAX) return no('text');
  if (!live.listIsOpen && !INTERRUPTS.has(kind)) return no('list-closed');
  if (live.waiting.length >= SPEECHES_WAITING_MAX) return no('list-full');
  if (live.waiting.some((one) => one.name === tidy && one.kind === kind)) return no('asks-already');
  if (kind === 'question' && live.floor === undefined) return no('floor-free');
  return yes({ ...live, waiting: [...live.waiting, { number, name: tidy, kind, item: live.item, by }] });
}

/** Who comes next: points of order, questions to who speaks, interventions; then for and against in turn, each in the order of asking. */
export function queue(live: Live): readonly Speech[] {
  const of = (kind: SpeechKind): Speech[] => live.waiting.filter((one) => one.kind === kind).sort((a, b) => a.number - b.number);
  const sides = { pro: of('pro'), contra: of('contra') };
  const turns: Speech[] = [];
  let last = live.lastSide;
  while (sides.pro.length + sides.contra.length > 0) {
    const [pro, contra] = [sides.pro[0], sides.contra[0]];
    // In turn while both sides wait; the side that spoke last steps back, the first word goes to who asked first.
    const side = pro === undefined ? 'contra' : contra === undefined ? 'pro' : last === undefined ? (pro.number < contra.number ? 'pro' : 'contra') : last === 'pro' ? 'contra' : 'pro';
    const next = sides[side].shift();
    assert(next !== undefined, 'the side has somebody waiting');
    turns.push(next);
    last = side;
  }
  return [...of('order'), ...of('question'), ...of('intervention'), ...turns];
}

function giveFloor(live: Live, number: number, at: Instant): Stepped {
  const speech = live.waiting.find((one) => one.number === number);
  if (speech === undefined) return no('no-speech');
  const atMs = Date.parse(at);
  const interrupts = INTERRUPTS.has(speech.kind);
  if (live.floor !== undefined && (!interrupts || live.interrupted !== undefined)) return no('floor-taken');
  const interrupted = live.floor === undefined ? live.interrupted : hold(live.floor, atMs);
  const side = speech.kind === 'pro' || speech.kind === 'contra' ? speech.kind : live.lastSide;
  return yes({
    ...live,
    waiting: live.waiting.filter((one) => one.number !== number),
    floor: { speech, seconds: live.seconds[speech.kind], sinceMs: atMs, heldMs: 0, heldSinceMs: undefined },
    interrupted,
    lastSide: side,
    course: [...live.course, { what: 'spoke', at, item: live.item, speech }],
  });
}

const hold = (floor: Floor, atMs: number): Floor => (floor.heldSinceMs === undefined ? { ...floor, heldSinceMs: atMs } : floor);
const unheld = (floor: Floor, atMs: number): Floor => (floor.heldSinceMs === undefined ? floor : { ...floor, heldMs: floor.heldMs + Math.max(0, atMs - floor.heldSinceMs), heldSinceMs: undefined });
const held = (live: Live, atMs: number): Live => (live.floor === undefined ? live : { ...live, floor: hold(live.floor, atMs) });
const endFloor = (live: Live): Live => ({ ...live, floor: undefined });
const endItem = (live: Live): Live => (live.item === undefined ? live : { ...live, done: new Set([...live.done, live.item]), item: undefined, itemSinceMs: undefined });
/** After an interruption who was interrupted has the floor again. */
const goOn = (live: Live, atMs: number): Live => (live.interrupted === undefined ? live : { ...live, floor: unheld(live.interrupted, atMs), interrupted: undefined });

/** Seconds left of the floor's time at `nowMs`; negative when it is over. */
export function secondsLeft(floor: Floor, nowMs: number): number {
  const until = floor.heldSinceMs ?? nowMs;
  return floor.seconds - Math.floor(Math.max(0, until - floor.sinceMs - floor.heldMs) / 1000);
}

/** Acts that count: what an undo names, and the undo itself, do not. */
export function effective(history: readonly Happened[]): readonly (Happened & { readonly act: Act })[] {
  const undone = new Set(history.flatMap(({ act }) => (act.act === 'undo' ? [act.undone] : [])));
  return history.filter((one): one is Happened & { readonly act: Act } => one.act.act !== 'undo' && !undone.has(one.number));
}

/** What undo would take back: the last act that counts. The opening and the closing of a sitting stay: they are told to others. */
export function lastUndoable(history: readonly Happened[]): (Happened & { readonly act: Act }) | undefined {
  const last = effective(history).at(-1);
  return last === undefined || ['open', 'close', 'suspend', 'resume'].includes(last.act.act) ? undefined : last;
}

/** The standing after a history. An act that no longer fits because one before it was undone is passed over. */
export function replay(history: readonly Happened[], known: Known): Live {
  let live = NOT_BEGUN;
  for (const { act, number, at } of effective(history)) {
    const next = step(live, act, number, at, known);
    if (next.ok) live = next.value;
  }
  return live;
}

/** Judges the next act of a history. */
export function judgeNext(history: readonly Happened[], act: Act, at: Instant, known: Known): Verdict<Live, ActRefusal> {
  if (history.length >= ACTS_MAX) return no('too-many');
  return step(replay(history, known), act, history.length + 1, at, known);
}
