/** The council of this platform: what others ask of it, in any process; the one that writes the log operates it. */

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault, no, type Verdict, yes } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { type Database, isPassing } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import { fromUtf8, KEY_TYPES, type NoteSigner, parseVkey, type PolicyWitness, printNote, printVkey, signNote, verifierKey } from '../../../proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../../proof/node-suite.ts';
import { admitRoll, slotRollOf, type AdmittedRoll } from '../../../proof/council/admitted-roll.ts';
import { ROLL_CHANGES_MAX, type RollChange } from '../../../proof/council/decision-file.ts';
import { checkConstitution, type Constitution, parseConstitution, printConstitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { parseEvent, parsePrivate, printGenesis } from '../../../proof/council/log-texts.ts';
import type { Message } from '../../../proof/council/messages.ts';
import type { OperatorFaults } from '../../../proof/council/operator.ts';
import { printRoll, type Roll } from '../../../proof/council/roll-text.ts';
import type { Person } from '../../../proof/council/seat-texts.ts';
import { printSlotRoll } from '../../../proof/council/slot-roll-text.ts';
import type { Ledger } from '../../ledger/index.ts';
import { type Anchor, type Council, type CouncilRefusal, type CouncilStanding, type RoundFacts, SUBMISSION_ENTRIES_MAX, SUBMISSIONS_WAITING_MAX, type TextsSource } from '../model.ts';
import { councilPolicy } from '../rules/council-policy.ts';
import { stageAt } from '../rules/round-facts.ts';
import { type CouncilStore, createCouncilStore, type OperatorRow } from '../store/council-store.ts';
import { decisionBytes, rollChange, type RollParts } from './decision-bundle.ts';
import { createHost } from './host.ts';

export interface CouncilParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly secret: (name: string) => string;
  /** The constitution that a council would be founded with here, by the name of its log. */
  readonly planned: (origin: string) => Constitution;
  /** Witnesses whose addresses the operator has given. */
  readonly witnesses?: readonly PolicyWitness[];
  /** Other times and planted mistakes, for tests. */
  readonly tickMs?: number;
  readonly faults?: OperatorFaults;
}

/** What the council's HTTP routes need beside its door. */
export interface OpenCouncil extends Council {
  readonly store: CouncilStore;
  /** Settles when something may wait for this seat, or the time is over. */
  waitFor(seat: number, ms: number): Promise<void>;
  /** The operator's row, fresh enough for an answer. */
  operatorRow(): Promise<OperatorRow | undefined>;
  /** The roll in force, its keys admitted once. */
  admitted(): Promise<AdmittedRoll | undefined>;
  /** What a seat is told of the founding. */
  founding(): Promise<{ readonly constitution: string; readonly genesis: string; readonly genesisIndex: number; readonly roll: string; readonly rollIndex: number } | undefined>;
  asSystem<T>(work: () => Promise<T>): Promise<T>;
  /** Answers every held poll and holds none any more. */
  release(): Promise<void>;
  isReleased(): boolean;
  close(): Promise<void>;
}

/** How often an answer to a submission is looked for, and how long. */
const ANSWER_LOOK_MS = 50;
const SUBMIT_WAIT_MS = 30_000;
/** A process that does not operate looks for mail this often. */
const FOLLOWER_LOOK_MS = 500;
const ROW_KEPT_MS = 200;

function secretariatKey(origin: string, secret: string): NoteSigner {
  return { name: `secretariat.${origin}`, ...signerOf(suite.sha256(new TextEncoder().encode(`mizan-secretariat/key/v1\n${secret}`))) };
}

// oxlint-disable-next-line max-lines-per-function -- the parts of one service, put together
export function openCouncil(parts: CouncilParts): OpenCouncil {
  const { database, clock, log, ledger } = parts;
  const { origin } = ledger.name;
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const store = createCouncilStore(database);
  const planned = parts.planned(origin);
  let constitution = planned;
  const secretariat = secretariatKey(origin, parts.secret('secretariat-key'));
  const waiters = new Map<number, Set<() => void>>();
  const outcomeListeners: ((facts: RoundFacts) => Promise<void>)[] = [];
  const changeListeners: ((facts: RoundFacts) => void)[] = [];
  /** Changes of the roll as files tell them; they never change again. */
  const changes = new Map<number, RollChange>();
  /** From the first roll to that of this epoch; none where one of them cannot be told yet, or there were more than a file holds. */
  const rollsTo = async (epoch: number, of: RollParts): Promise<readonly RollChange[]> => {
    const told: RollChange[] = [];
    if (epoch - 1 > ROLL_CHANGES_MAX) return [];
    for (let next = 2; next <= epoch; next += 1) {
      const change = changes.get(next) ?? (await rollChange(of, next));
      if (change === undefined) return [];
      changes.set(next, change);
      told.push(change);
    }
    return told;
  };
  let texts: TextsSource = async () => Promise.resolve(undefined);
  const isTold = (error: unknown): boolean => isPassing(error) || database.isAway() || database.broken.aborted || (error instanceof Fault && error.code.startsWith('ledger-'));
  const wake = (seats: readonly number[]): void => {
    for (const seat of seats) for (const wakeUp of waiters.get(seat) ?? []) wakeUp();
  };
  const nowS = (): number => Math.floor(Date.parse(clock.now()) / 1000);
  const seen = (facts: RoundFacts): RoundFacts => ({ ...facts, stage: stageAt(facts, nowS()) });

  // Whatever is not an act of the platform comes through the operator, who judges it.
  ledger.admitBy((_index, entry) => {
    const text = fromUtf8(entry) ?? '';
    return parseEvent(text).ok || parsePrivate(text).ok ? yes(undefined) : no('council-entry-refused');
  });

  const host = createHost({
    ledger,
    store,
    clock,
    log,
    asSystem,
    planned,
    wake,
    isTold,
    onOutcome: async (facts) => {
      for (const listener of outcomeListeners) await listener(facts);
    },
    onChange: (facts) => {
      for (const listener of changeListeners) listener(facts);
    },
    ...(parts.tickMs === undefined ? {} : { tickMs: parts.tickMs }),
    ...(parts.faults === undefined ? {} : { faults: parts.faults }),
  });

  let released = false;
  let kept: { readonly at: number; readonly row: OperatorRow | undefined } | undefined;
  let ring: AdmittedRoll | undefined;
  let followed: string | undefined;
  const operatorRow = async (): Promise<OperatorRow | undefined> => {
    if (kept !== undefined && performance.now() - kept.at < ROW_KEPT_MS) return kept.row;
    const row = await asSystem(async () => store.operator());
    kept = { at: performance.now(), row };
    followRoll(row);
    return row;
  };
  /** From the founding on heads are final by the lines of the council. */
  const followRoll = (row: OperatorRow | undefined): void => {
    if (row?.roll === undefined || followed === row.rollDigest) return;
    const admitted = admitRoll(suite, constitution, row.roll);
    const logKey = parseVkey(suite, ledger.name.vkey);
    if (!admitted.ok || !logKey.ok) return;
    ring = admitted.value;
    const policy = councilPolicy(admitted.value.roll, constitution.quorum, { key: logKey.value }, parts.witnesses ?? []);
    if (policy !== undefined) ledger.follow(policy);
    followed = row.rollDigest;
  };
  let founded: Awaited<ReturnType<OpenCouncil['founding']>>;
  const founding = async (): ReturnType<OpenCouncil['founding']> => {
    // What has been founded stays as it is; every request of a seat asks for it.
    if (founded !== undefined) return founded;
    const row = await asSystem(async () => store.founding());
    const roll = await asSystem(async () => store.roll(1));
    if (row === undefined || roll === undefined) return undefined;
    const parsed = parseConstitution(row.constitution);
    if (parsed.ok) ({ value: constitution } = parsed);
    founded = { ...row, roll };
    return founded;
  };

  const answerTo = async (entries: readonly string[], signal?: AbortSignal, waitMs = SUBMIT_WAIT_MS): Promise<Verdict<string, CouncilRefusal>> => {
    const id = randomUUID();
    if (!(await asSystem(async () => store.put(id, entries, SUBMISSIONS_WAITING_MAX)))) return no({ code: 'council-busy' });
    host.nudge();
    for (const until = performance.now() + waitMs; performance.now() < until; ) {
      const answer = await asSystem(async () => store.answered(id));
      if (answer !== undefined) return answer.state === 'written' ? yes(answer.answer) : no(JSON.parse(answer.answer) as CouncilRefusal);
      signal?.throwIfAborted();
      if (released) break;
      await pause(ANSWER_LOOK_MS);
    }
    throw new Fault('council-not-written', 'The process that operates the council did not take this in time, or this process ends. It waits and will be judged.');
  };
  const submit = async (entries: readonly string[]): Promise<Verdict<readonly number[], CouncilRefusal>> => {
    if (entries.length === 0 || entries.length > SUBMISSION_ENTRIES_MAX) return no({ code: 'council-too-many', detail: `${entries.length}, at most ${SUBMISSION_ENTRIES_MAX}` });
    const answer = await answerTo(entries);
    return answer.ok ? yes(JSON.parse(answer.value) as number[]) : answer;
  };

  const council: OpenCouncil = {
    store,
    asSystem,
    constitution: () => constitution,
    operatorRow,
    founding,
    admitted: async () => {
      await founding();
      followRoll(await operatorRow());
      return ring;
    },
    standing: async (): Promise<CouncilStanding> => {
      const [row, begun] = [await operatorRow(), await founding()];
      const admitted = row?.roll === undefined ? undefined : await council.admitted();
      return {
        state: begun === undefined ? 'unfounded' : host.prefix() === undefined ? 'following' : 'operating',
        origin,
        epoch: row?.epoch ?? 0,
        roll: admitted?.roll,
        rollDigest: row?.rollDigest,
        genesisDigest: begun === undefined ? undefined : digestOf(suite, begun.genesis),
        prefixSize: row?.prefixSize ?? 0,
        certified: row?.certified,
      };
    },
    found: async (roll: Roll) => {
      if ((await founding()) !== undefined) return no({ code: 'council-founded-already' });
      const checked = checkConstitution(planned);
      if (!checked.ok) return no({ code: 'council-roll-refused', rule: checked.refusal.code, ...(checked.refusal.detail === undefined ? {} : { detail: checked.refusal.detail }) });
      const text = printRoll(roll);
      const admitted = admitRoll(suite, planned, text);
      if (!admitted.ok) return no({ code: 'council-roll-refused', rule: admitted.refusal.code, ...(admitted.refusal.line === undefined ? {} : { line: admitted.refusal.line }), ...(admitted.refusal.detail === undefined ? {} : { detail: admitted.refusal.detail }) });
      const genesis = printGenesis({ council: planned.council, origin, constitution: digestOf(suite, printConstitution(planned)), roll: digestOf(suite, text), timeS: nowS() });
      const written = await submit([genesis, text]);
      return written.ok ? yes({ genesis, digest: digestOf(suite, genesis) }) : written;
    },
    submit,
    bySecretariat: (text) => printNote(signNote(suite, text, secretariat)),
    keys: () => ({ log: ledger.name.vkey, secretariat: printVkey(verifierKey(suite, secretariat.name, KEY_TYPES.note, secretariat.publicKey)) }),
    anchored: async (signal) => {
      const answer = await answerTo([], signal, signal === undefined ? SUBMIT_WAIT_MS * 10 : Number.MAX_SAFE_INTEGER);
      if (!answer.ok) throw new Fault(answer.refusal.code, 'There is no council yet whose checkpoints could be anchored.');
      return JSON.parse(answer.value) as Anchor;
    },
    round: async (slot, round) => {
      const found = await asSystem(async () => store.round(slot, round));
      return found === undefined ? undefined : seen(found.facts);
    },
    rounds: async (query = {}) => {
      const page = await asSystem(async () => store.rounds(query));
      return { ...page, rounds: page.rounds.map(seen) };
    },
    slotRollFor: async (slot, round) => {
      const admitted = await council.admitted();
      if (admitted === undefined) return no({ code: 'council-not-founded' });
      const found = await asSystem(async () => store.round(slot, round));
      const recused = (found?.facts.recused ?? []).map(personOf);
      const text = printSlotRoll(slotRollOf(admitted, { slot, round }, recused));
      return yes({ text, digest: digestOf(suite, text) });
    },
    decisionFile: async (slot, round) =>
      asSystem(async () => {
        const found = await store.round(slot, round);
        if (found?.checkpoint === undefined) return undefined;
        const bundle = { ledger, texts, rollOf: async (epoch: number) => store.roll(epoch) };
        return decisionBytes(bundle, found.facts, found.checkpoint, await rollsTo(found.facts.epoch, { ...bundle, origin, rollEntry: async (epoch) => store.rollEntry(epoch), carried: async (of) => store.carried(of) }));
      }),
    textsBy: (source) => {
      texts = source;
    },
    onOutcome: (listener) => void outcomeListeners.push(listener),
    onChange: (listener) => void changeListeners.push(listener),
    seats: async () => asSystem(async () => store.seats()),
    deliver: async (from, messages: readonly { readonly to: number | 'operator'; readonly message: Message }[]) => {
      const letters = messages.map(({ to, message }) => ({ recipient: to === 'operator' ? 0 : to, sender: from, message: JSON.stringify(message) }));
      await asSystem(async () => store.post(letters));
      wake(letters.flatMap(({ recipient }) => (recipient === 0 ? [] : [recipient])));
      if (letters.some(({ recipient }) => recipient === 0)) host.nudge();
    },
    waitFor: async (seat, ms) => {
      // Another process may have put the mail there: then nobody here is told of it.
      const waitMs = host.prefix() === undefined ? Math.min(ms, FOLLOWER_LOOK_MS) : ms;
      const set = waiters.get(seat) ?? new Set();
      waiters.set(seat, set);
      let wakeUp = (): void => undefined;
      const woken = new Promise<void>((resolve) => (wakeUp = resolve));
      set.add(wakeUp);
      const over = new AbortController();
      await Promise.race([woken, pause(waitMs, undefined, { signal: over.signal }).catch(() => undefined)]);
      over.abort();
      set.delete(wakeUp);
    },
    release: async () => {
      released = true;
      wake([...waiters.keys()]);
      return Promise.resolve();
    },
    isReleased: () => released,
    close: async () => {
      await council.release();
      await host.stop();
    },
  };
  return council;
}

/** `seat07` or `alt-state-1`, as a recusal in the log names who steps aside. */
function personOf(name: string): Person {
  const seat = /^seat([0-9]{2})$/.exec(name);
  if (seat !== null) return { seat: Number(seat[1]) };
  const at = name.lastIndexOf('-');
  return { constituency: name.slice('alt-'.length, at), rank: Number(name.slice(at + 1)) };
}
