/**
 * Runs the operator of the council over the log of this platform, in the one process that writes it: reads what the log grew by, takes
 * mail and submissions, and carries out what the pure core asks for. Who trusts nobody loses nothing by it: every claim is signed.
 */

import { Fault, type Json, no, type Verdict, yes } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import { fromUtf8, leafHash, parseNote, printLine, utf8 } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { type Constitution, parseConstitution, printConstitution } from '../../../proof/council/constitution.ts';
import { GENESIS_TYPE } from '../../../proof/council/log-texts.ts';
import { readMessage } from '../../../proof/council/message-form.ts';
import type { Address, Message } from '../../../proof/council/messages.ts';
import { operatorAt, type OperatorEffect, type OperatorEvent, type OperatorFaults, type OperatorState, stepOperator } from '../../../proof/council/operator.ts';
import { type ReplayPrefix, ReplayRules } from '../../../proof/council/replay-rules.ts';
import { printRoll } from '../../../proof/council/roll-text.ts';
import type { Ledger, SignedHead } from '../../ledger/index.ts';
import { ANCHOR_ENTRIES, type CouncilRefusal, type RoundFacts, TICK_MS } from '../model.ts';
import { firstIndexOf, roundFacts } from '../rules/round-facts.ts';
import type { CouncilStore, OperatorRow, Submission } from '../store/council-store.ts';

/** Entries of the log read at once while catching up; between two reads others get their turn. */
const READ_ENTRIES = 2048;
const SUBMISSIONS_TAKEN_MAX = 32;
const ROUNDS_TOLD_MAX = 16;
/** While nothing is voted on, the log is certified this often at most. */
const QUIET_TICK_MS = 10_000;
/** Tries of one turn to write before somebody else does. */
const TICK_ATTEMPTS = 5;
const TIDY_MS = 10 * 60_000;
/** Before it is tried again after a fault. */
const RETRY_MS = 1_000;

export interface HostParts {
  readonly ledger: Ledger;
  readonly store: CouncilStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly asSystem: <T>(work: () => Promise<T>) => Promise<T>;
  /** The numbers of a council that is not founded yet. */
  readonly planned: Constitution;
  /** Mail or a question waits for these seats. */
  readonly wake: (seats: readonly number[]) => void;
  readonly onOutcome: (facts: RoundFacts) => Promise<void>;
  readonly onChange: (facts: RoundFacts) => void;
  /** Faults of the process that are told elsewhere already. */
  readonly isTold: (error: unknown) => boolean;
  readonly tickMs?: number;
  /** Mistakes and malice, for tests; production gives none. */
  readonly faults?: OperatorFaults;
}

export interface Host {
  /** Something may wait: looks soon. */
  nudge(): void;
  /** The rules and the prefix this process has read; undefined while another process operates. */
  prefix(): ReplayPrefix | undefined;
  stop(): Promise<void>;
}

interface Anchoring {
  readonly id: string;
  readonly from: number;
}

const addressOf = (seat: number): Address => (seat === 0 ? 'operator' : seat);

// oxlint-disable-next-line max-lines-per-function -- one state, seen by its few functions only
export function createHost(parts: HostParts): Host {
  const { ledger, store, clock, log } = parts;
  const { origin } = ledger.name;
  let rules: ReplayRules | undefined;
  let state: OperatorState | undefined;
  let head: SignedHead | undefined;
  let shown: ReplayPrefix | undefined;
  let asked = new Set<number>();
  let anchorings: Anchoring[] = [];
  /** Given once the rounds are shown as the log has them: who was answered reads what was written. */
  let answers: (readonly [id: string, state: 'written' | 'refused', answer: unknown])[] = [];
  let takenOrdinal = 0;
  let lastTick = 0;
  let lastTidy = 0;
  let lastRow = '';
  let running: Promise<void> | undefined;
  let isNudged = true;
  let stopped = false;
  let witnessing: Promise<void> | undefined;
  let witnessed: { readonly text: string; readonly line: string }[] = [];
  let retryAt = 0;
  /** Rounds with an OUTCOME that no certified checkpoint covers, as far as this process has seen. */
  const uncertified = new Map<string, { readonly slot: string; readonly round: number; readonly outcome: number }>();
  /** After a start somebody may not have been told yet. */
  let mayTell = true;
  let tellAt = 0;
  let telling: Promise<void> | undefined;

  const nowS = (): number => Math.floor(Date.parse(clock.now()) / 1000);
  const prefixOf = (it: OperatorState): ReplayPrefix => it.prefix as ReplayPrefix;

  /** Rules and state from the log, at the start and whenever this process has come to write. */
  const open = async (): Promise<OperatorState> => {
    const founding = await store.founding();
    const constitution = founding === undefined ? parts.planned : constitutionIn(founding.constitution);
    rules = new ReplayRules(suite, constitution, origin);
    const row = await store.operator();
    const empty = operatorAt(rules, rules.empty, undefined);
    asked = new Set();
    anchorings = [];
    answers = [];
    takenOrdinal = 0;
    lastRow = '';
    shown = undefined;
    const read = await catchUp(empty);
    return operatorAt(rules, read.prefix, row?.certified?.note);
  };

  /** Reads what the log has grown by. */
  const catchUp = async (from: OperatorState): Promise<OperatorState> => {
    let at = from;
    const signed = ledger.signed();
    if (signed === undefined || rules === undefined) return at;
    for (;;) {
      const { size } = at.prefix;
      if (size >= signed.size) break;
      const rows = await ledger.entries(size, Math.min(signed.size, size + READ_ENTRIES));
      const entries = rows.map(({ entry }) => fromUtf8(entry) ?? '');
      if (entries.length === 0) throw new Fault('council-log-not-read', `The log holds no entry ${size}, which its head covers. Run: mizan log fsck`, { size });
      at = stepOperator(rules, at, { kind: 'appended', entries }, nowS(), parts.faults).state;
    }
    if (at.prefix.size === signed.size) head = signed;
    return at;
  };

  /** One event; false where the log has grown meanwhile, so that nothing of it happened. */
  const apply = async (event: OperatorEvent): Promise<boolean> => {
    if (rules === undefined || state === undefined) return false;
    const before = state;
    const step = stepOperator(rules, before, event, nowS(), parts.faults);
    const entries = step.effects.flatMap((effect) => (effect.kind === 'persist' ? effect.records.flatMap((record) => (record.kind === 'entries' ? record.entries : [])) : []));
    if (entries.length > 0 && !(await ledger.appendAt(before.prefix.size, entries.map(utf8)))) return false;
    state = step.state;
    const signed = ledger.signed();
    if (signed?.size === state.prefix.size) head = signed;
    for (const effect of step.effects) await perform(effect);
    return true;
  };

  const perform = async (effect: OperatorEffect): Promise<void> => {
    if (effect.kind === 'sign-head') {
      // The writer has signed it; else the log has grown, and the next turn asks again.
      if (head !== undefined && head.size === state?.prefix.size) await apply({ kind: 'head-signed', note: head.note });
    } else if (effect.kind === 'send') await send([{ to: effect.to, message: effect.message }]);
    else if (effect.kind === 'ask') asked.add(effect.seat);
    else if (effect.kind === 'ask-witnesses') witness();
    else if (effect.kind === 'publish') await publish(effect.note);
    else if (effect.kind === 'tell') log.warn({ code: 'council-entry-refused', entry: effect.entry.slice(0, 80) }, 'an entry of the council was not written: the rule of the log refuses it');
  };

  const send = async (letters: readonly { readonly to: Address; readonly message: Message }[]): Promise<void> => {
    const seats = letters.flatMap(({ to, message }) => (to === 'operator' ? [] : [{ recipient: to, sender: 0, message: JSON.stringify(message) }]));
    await store.post(seats);
    parts.wake(seats.map(({ recipient }) => recipient));
  };

  /** Outside witnesses answer in their own time; what they say is an event of a later turn. */
  const witness = (): void => {
    const about = head;
    if (about === undefined || witnessing !== undefined) return;
    witnessing = ledger
      .askWitnesses(about)
      .then((lines) => {
        const text = about.note.slice(0, about.note.indexOf('\n\n') + 1);
        witnessed.push(...lines.map((line) => ({ text, line: printLine(line) })));
        return nudge();
      })
      .catch((error: unknown) => {
        if (!parts.isTold(error)) log.warn({ err: error, code: 'council-witness' }, 'the outside witnesses could not be asked');
      })
      .finally(() => (witnessing = undefined));
  };

  const publish = async (note: string): Promise<void> => {
    const parsed = parseNote(note);
    const own = state?.head === undefined ? undefined : parseNote(state.head);
    if (!parsed.ok || own?.ok !== true || head === undefined) return;
    const ownLines = new Set(own.value.lines.map(printLine));
    const [, size, root] = note.split('\n', 3);
    await ledger.keepLines({ size: Number(size), root: Buffer.from(root ?? '', 'base64'), note: state?.head ?? '' }, parsed.value.lines.filter((line) => !ownLines.has(printLine(line))));
  };

  // ------------------------------------------------------------ what others want

  const takeSubmissions = async (): Promise<void> => {
    const waiting = await store.waiting(takenOrdinal, SUBMISSIONS_TAKEN_MAX);
    for (const one of waiting) {
      // An empty one waits for an anchor.
      if (one.entries.length === 0) {
        if (!isFounded()) answers.push([one.id, 'refused', { code: 'council-not-founded' } satisfies CouncilRefusal]);
        else anchorings.push({ id: one.id, from: state?.prefix.size ?? 0 });
      } else if (!(await writeSubmission(one))) return;
      takenOrdinal = one.ordinal;
    }
    if (waiting.length === SUBMISSIONS_TAKEN_MAX) isNudged = true;
  };

  const isFounded = (): boolean => state !== undefined && prefixOf(state).state.roll !== undefined;

  /** Judges all entries one after the other, writes all or none; false where the log grew in between. */
  const writeSubmission = async ({ id, entries }: Submission): Promise<boolean> => {
    if (rules === undefined || state === undefined) return false;
    state = await catchUp(state);
    const { size } = state.prefix;
    const judged = judge(rules, prefixOf(state), entries);
    if (!judged.ok) {
      const written = await writtenAlready(entries);
      answers.push(written === undefined ? [id, 'refused', judged.refusal] : [id, 'written', written]);
      return true;
    }
    if (!(await ledger.appendAt(size, entries.map(utf8)))) {
      isNudged = true;
      return false;
    }
    answers.push([id, 'written', entries.map((_, at) => size + at)]);
    state = await catchUp(state);
    await rememberFounding();
    return true;
  };

  /** Where all of these lie in the log: a process that ended between writing and answering left them unanswered. */
  const writtenAlready = async (entries: readonly string[]): Promise<readonly number[] | undefined> => {
    const found = await Promise.all(entries.map(async (entry) => ledger.find(leafHash(suite, utf8(entry)))));
    return found.every((index) => index !== undefined) ? found : undefined;
  };

  /** The genesis names the numbers by digest; whoever reads the log has to be able to get them. */
  const rememberFounding = async (): Promise<void> => {
    if (rules === undefined || state === undefined) return;
    const { genesis, roll, rollIndex } = prefixOf(state).state;
    if (genesis === undefined || roll === undefined || roll.roll.epoch !== 1 || (await store.founding()) !== undefined) return;
    for (let at = rollIndex - 1; at >= 0; at -= 1) {
      const [found] = await ledger.entries(at, at + 1);
      const text = found === undefined ? undefined : fromUtf8(found.entry);
      if (text?.startsWith(`${GENESIS_TYPE}\n`) !== true) continue;
      await store.putFounding({ constitution: printConstitution(rules.constitution), genesis: text, genesisIndex: at, rollIndex }, clock.now());
      break;
    }
  };

  const takeLetters = async (): Promise<void> => {
    const letters = await store.letters(0, 0);
    for (const { sender, message } of letters) {
      const read = readMessage(JSON.parse(message) as Json);
      if (read === undefined) continue;
      await apply({ kind: 'received', from: addressOf(sender), message: read });
      if (read.kind === 'cosigned') {
        asked.delete(sender);
        const line = state?.lines.get(`seat ${sender}`);
        if (line !== undefined) await store.seen(sender, { stampS: line.timeS });
      }
    }
    const last = letters.at(-1);
    if (last !== undefined) await store.taken(0, last.id);
  };

  const takeWitnessed = async (): Promise<void> => {
    const lines = witnessed;
    witnessed = [];
    for (const { text, line } of lines) await apply({ kind: 'witnessed', text, line });
  };

  // ------------------------------------------------------------ time

  const wantAnchor = async (): Promise<void> => {
    if (state === undefined || state.anchorFrom !== undefined || !isFounded()) return;
    const { state: log1, size } = prefixOf(state);
    const anchored = log1.anchors.at(-1)?.size ?? 0;
    const isWanted = log1.motionsNotAnchored.length > 0 || anchorings.some(({ from }) => from > anchored) || size - anchored >= ANCHOR_ENTRIES || (anchored === 0 && log1.rollIndex >= 0);
    if (isWanted) await apply({ kind: 'anchor-wanted' });
  };

  const answerAnchorings = (): void => {
    const anchor = state === undefined ? undefined : prefixOf(state).state.anchors.at(-1);
    if (anchor === undefined) return;
    for (const { id } of anchorings.filter(({ from }) => from <= anchor.size)) answers.push([id, 'written', { index: anchor.index, size: anchor.size, root: anchor.root, timeS: anchor.timeS }]);
    anchorings = anchorings.filter(({ from }) => from > anchor.size);
  };

  const tick = async (): Promise<void> => {
    if (!isFounded() || state === undefined) return;
    await wantAnchor();
    const busy = state.anchorFrom !== undefined || prefixOf(state).state.openRounds.length > 0 || prefixOf(state).state.handover !== undefined;
    const tickMs = parts.tickMs ?? TICK_MS;
    const nowMs = performance.now();
    if (nowMs - lastTick < (busy ? tickMs : Math.max(tickMs, parts.tickMs === undefined ? QUIET_TICK_MS : tickMs))) return;
    for (let attempt = 0; attempt < TICK_ATTEMPTS; attempt += 1) {
      asked = new Set();
      // Acts of the platform are written all the time: what is judged here is judged right behind them.
      state = await catchUp(state);
      if (await apply({ kind: 'tick' })) {
        lastTick = nowMs;
        return;
      }
    }
    isNudged = true;
  };

  // ------------------------------------------------------------ what is shown

  const project = async (): Promise<void> => {
    if (state === undefined) return;
    const now = prefixOf(state);
    const certified = state.certified;
    const certifiedSize = certified?.is.cut.size ?? 0;
    const before = shown;
    const touched = before === undefined ? [...now.state.rounds.entries()].map(([key]) => key) : changedRounds(before, now);
    const rows = touched.flatMap((key) => {
      const round = now.state.rounds.get(key);
      return round === undefined ? [] : [{ facts: roundFacts(now.state, round, certifiedSize), firstIndex: firstIndexOf(round) }];
    });
    await store.putRounds(rows);
    shown = now;
    for (const { facts } of rows) {
      parts.onChange(facts);
      if (facts.entries.outcome !== undefined) uncertified.set(`${facts.slot} ${facts.round}`, { slot: facts.slot, round: facts.round, outcome: facts.entries.outcome });
    }
    const { roll } = now.state;
    if (roll !== undefined && before?.state.roll?.digest !== roll.digest) await store.putRoll({ epoch: roll.roll.epoch, text: printRoll(roll.roll), digest: roll.digest, index: now.state.rollIndex });
    const row: OperatorRow = {
      head: state.head,
      headSize: state.headSize,
      asked: [...asked].toSorted((one, other) => one - other),
      certified: certified === undefined ? undefined : { note: certified.note, size: certifiedSize, root: certified.is.cut.root, timeS: certified.is.timeS },
      epoch: roll?.roll.epoch ?? 0,
      roll: roll === undefined ? undefined : printRoll(roll.roll),
      rollDigest: roll?.digest,
      prefixSize: now.size,
    };
    const text = JSON.stringify(row);
    if (text !== lastRow) {
      await store.putOperator(row);
      lastRow = text;
      parts.wake(row.asked);
    }
    const given = answers;
    answers = [];
    for (const answer of given) await store.answer(...answer);
    if (certified !== undefined) await certifyRounds(certified.note, certifiedSize);
  };

  const certifyRounds = async (note: string, size: number): Promise<void> => {
    const decided = [...uncertified].filter(([, { outcome }]) => outcome < size);
    await store.certify(decided.map(([, round]) => round), note);
    for (const [key] of decided) uncertified.delete(key);
    if (decided.length > 0) mayTell = true;
    if (!mayTell || telling !== undefined || performance.now() < tellAt) return;
    // Whoever is told may write into the log by this operator: it goes on meanwhile.
    telling = parts
      .asSystem(tellOutcomes)
      .catch((error: unknown) => {
        mayTell = true;
        tellAt = performance.now() + RETRY_MS;
        if (!parts.isTold(error) && !stopped) log.error({ err: error, code: 'council-outcome' }, 'what a decision brings about could not be done; tried again');
      })
      .finally(() => {
        telling = undefined;
        if (mayTell) nudge();
      });
  };

  const tellOutcomes = async (): Promise<void> => {
    mayTell = false;
    const untold = await store.untold(ROUNDS_TOLD_MAX);
    for (const facts of untold) {
      if (stopped) return;
      parts.onChange(facts);
      await parts.onOutcome(facts);
      await store.told(facts.slot, facts.round);
    }
    if (untold.length === ROUNDS_TOLD_MAX) mayTell = true;
  };

  const turn = async (): Promise<void> => {
    if (ledger.standing().state !== 'signing') {
      state = undefined;
      return;
    }
    state ??= await open();
    state = await catchUp(state);
    await rememberFounding();
    await takeWitnessed();
    await takeLetters();
    await takeSubmissions();
    await tick();
    state = await catchUp(state);
    answerAnchorings();
    await project();
    if (performance.now() - lastTidy > TIDY_MS) {
      lastTidy = performance.now();
      await store.tidy();
    }
  };

  const loop = async (): Promise<void> => {
    // oxlint-disable-next-line no-unmodified-loop-condition -- `stop` and `nudge` change them while a turn waits
    while (isNudged && !stopped) {
      isNudged = false;
      try {
        await turn();
      } catch (error) {
        // What was in memory may not be what lies on the disk: it is read again.
        state = undefined;
        retryAt = performance.now() + RETRY_MS;
        if (!parts.isTold(error) && !stopped) log.error({ err: error, code: 'council' }, 'the council could not be operated; tried again');
        return;
      }
    }
  };
  const nudge = (): void => {
    isNudged = true;
    if (stopped || performance.now() < retryAt) return;
    running ??= parts.asSystem(loop).finally(() => {
      running = undefined;
      if (isNudged && !stopped) setTimeout(nudge, 5).unref();
    });
  };

  ledger.onSigned(nudge);
  const timer = setInterval(nudge, Math.min(parts.tickMs ?? TICK_MS, TICK_MS)).unref();
  nudge();
  return {
    nudge,
    prefix: () => (state === undefined ? undefined : prefixOf(state)),
    stop: async () => {
      stopped = true;
      clearInterval(timer);
      await running?.catch(() => undefined);
      await telling;
      await witnessing?.catch(() => undefined);
    },
  };
}

function constitutionIn(text: string): Constitution {
  const read = parseConstitution(text);
  if (!read.ok) throw new Fault('council-constitution-not-read', `The constitution in the database cannot be read (${read.refusal.code}). Restore a backup.`);
  return read.value;
}

function judge(rules: ReplayRules, from: ReplayPrefix, entries: readonly string[]): Verdict<ReplayPrefix, CouncilRefusal> {
  let prefix = from;
  for (const [entry, text] of entries.entries()) {
    const next = rules.extend(prefix, text);
    if (!next.ok) {
      const { code: rule, line, detail } = next.refusal;
      return no({ code: 'council-entry-refused', entry, rule, ...(line === undefined ? {} : { line }), ...(detail === undefined ? {} : { detail }) });
    }
    prefix = next.value;
  }
  return yes(prefix);
}

/** Rounds that differ: those open before or after, and those that the entries between opened and ended. */
function changedRounds(before: ReplayPrefix, after: ReplayPrefix): readonly string[] {
  if (before.state.rounds === after.state.rounds) return [];
  return [...after.state.rounds.entries()].flatMap(([key, round]) => (before.state.rounds.get(key) === round ? [] : [key]));
}
