/** A seat that runs in a page: its agent, its carrier and its clock, from a genesis that its member compared to the log as it stands. */
/// <reference lib="dom" />

import { no, yes, type Json, type Verdict } from '../../../../base/index.ts';
import { hex, parseVkey, sameBytes, type Suite } from '../../../../proof/index.ts';
import { followAnchors, judgeFounding, type Founding, type FoundingRefusal } from '../../../../proof/council/following.ts';
import { digestOf } from '../../../../proof/council/log-state.ts';
import type { Received } from '../../../../proof/council/message-form.ts';
import type { Message } from '../../../../proof/council/messages.ts';
import { ReplayRules } from '../../../../proof/council/replay-rules.ts';
import type { SeatNotice } from '../../../../proof/council/seat.ts';
import { ConsoleAgent } from './agent.ts';
import { Courier, type LinkState } from './courier.ts';
import type { KeptFounding, KeptSeat, SeatDisk } from './disk.ts';
import { signersOf } from './keys.ts';

/** Entries before the first roll: the platform may have logged for a while before the council was founded. */
const BEFORE_ROLL_MAX = 1_000_000;
export const TICK_MS = 5000;
const WAIT_S = 20;
export const NOTICES_KEPT_MAX = 50;

export interface SeatParts {
  readonly suite: Suite;
  readonly disk: SeatDisk;
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly clockS: () => number;
  readonly tickMs?: number;
  readonly waitS?: number;
  /** After everything that may have changed what a page shows. */
  changed(): void;
}

export type StartRefusal = FoundingRefusal | 'not-founded' | 'away' | 'no-roll' | 'first-entries' | 'not-in-roll' | 'alternate' | 'other-council';

export interface Told {
  readonly notice: SeatNotice;
  readonly round: string | undefined;
  readonly timeS: number;
}

const fieldsOf = (value: Json | undefined): { readonly [key: string]: Json | undefined } => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as { readonly [key: string]: Json | undefined }) : {});

type Fetch = SeatParts['fetch'];

async function getJson(fetch: Fetch, path: string): Promise<Verdict<{ readonly [key: string]: Json | undefined }, 'away' | 'not-founded'>> {
  try {
    const answer = await fetch(path, { cache: 'no-store' });
    if (answer.status === 404 || answer.status === 409) return no('not-founded');
    return answer.status === 200 ? yes(fieldsOf((await answer.json()) as Json)) : no('away');
  } catch {
    return no('away');
  }
}

export interface ShownFounding {
  readonly digest: string;
  readonly genesis: string;
  readonly constitution: string;
  readonly genesisIndex: number;
  readonly rollIndex: number;
}

/** What the server shows as the founding of the council; the member compares the digest before anything is believed. */
export async function shownFounding(fetch: Fetch, suite: Suite): Promise<Verdict<ShownFounding, 'away' | 'not-founded'>> {
  const told = await getJson(fetch, '/council/v1/genesis');
  if (!told.ok) return told;
  const [genesis, roll] = [fieldsOf(told.value['genesis']), fieldsOf(told.value['roll'])];
  const { text } = genesis;
  if (typeof text !== 'string' || typeof told.value['constitution'] !== 'string') return no('not-founded');
  return yes({ digest: digestOf(suite, text), genesis: text, constitution: told.value['constitution'], genesisIndex: Number(genesis['index']), rollIndex: Number(roll['index']) });
}

async function entriesFrom(fetch: Fetch, from: number): Promise<readonly string[]> {
  const told = await getJson(fetch, `/council/v1/entries?from=${from}`);
  if (!told.ok) return [];
  const { entries } = told.value;
  return told.value['from'] === from && Array.isArray(entries) && entries.every((entry) => typeof entry === 'string') ? entries : [];
}

async function firstEntries(fetch: Fetch, { genesisIndex, rollIndex, genesis }: ShownFounding): Promise<readonly string[] | undefined> {
  if (!Number.isSafeInteger(genesisIndex) || !Number.isSafeInteger(rollIndex) || rollIndex <= genesisIndex || rollIndex > BEFORE_ROLL_MAX) return undefined;
  const entries: string[] = [];
  while (entries.length <= rollIndex) {
    const more = await entriesFrom(fetch, entries.length);
    if (more.length === 0) return undefined;
    entries.push(...more);
  }
  return entries[genesisIndex] === genesis ? entries.slice(0, rollIndex + 1) : undefined;
}

/** While the own disk is read every signature was verified before it was written: it is not verified again, which would take minutes. */
function trustingOwnDisk(suite: Suite): { readonly suite: Suite; read: boolean } {
  const own = { read: false, suite: { ...suite, verify: (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => !own.read || suite.verify(key, message, signature) } };
  return own;
}

export class RunningSeat {
  readonly agent: ConsoleAgent;
  readonly kept: KeptSeat;
  readonly founding: Founding;
  readonly told: Told[] = [];
  link: LinkState = { state: 'starting' };
  /** Seconds by which the server's clock is ahead of this machine's. */
  skewS = 0;
  readonly #parts: SeatParts;
  readonly #courier: Courier;
  #timer: ReturnType<typeof setInterval> | undefined;
  #isOver = false;

  constructor(parts: SeatParts, kept: KeptSeat, founding: Founding, agent: ConsoleAgent, instance: string) {
    this.#parts = parts;
    this.kept = kept;
    this.founding = founding;
    this.agent = agent;
    this.#courier = new Courier({
      suite: parts.suite,
      fetch: parts.fetch,
      council: kept.identity.council,
      seat: agent.parts.seat,
      instance,
      agent: agent.parts.signers.agent,
      waitS: parts.waitS ?? WAIT_S,
      clockS: parts.clockS,
      size: () => agent.prefix.size,
      receive: async (mail) => this.#receive(mail),
      cosign: async (message) => this.#cosignAsked(message),
      linked: (link, skewS) => {
        this.link = link;
        this.skewS = skewS;
        parts.changed();
      },
    });
  }

  get carrier(): Courier {
    return this.#courier;
  }

  get nowS(): number {
    return this.#parts.clockS();
  }

  notice(notice: SeatNotice, round: string | undefined): void {
    this.told.unshift({ notice, round, timeS: this.#parts.clockS() });
    if (this.told.length > NOTICES_KEPT_MAX) this.told.pop();
    this.#parts.changed();
  }

  /** Resolves when the seat has asked about its past; a page shows it meanwhile. */
  async start(): Promise<void> {
    await this.#courier.passOver();
    if (this.#isOver) return;
    await this.#catchUp(undefined);
    await this.agent.handle({ kind: 'started' });
    this.#courier.start();
    this.#timer = setInterval(() => void this.#tick(), this.#parts.tickMs ?? TICK_MS);
  }

  async #tick(): Promise<void> {
    if (this.#isOver) return;
    await this.agent.handle({ kind: 'tick' }).catch(() => undefined);
    const { floor, certified, asking } = this.agent.state;
    // A log that rests asks nobody: whoever fell behind reads on by the certified checkpoint that others have shown.
    if (asking === undefined && floor !== undefined && floor.size > this.agent.prefix.size && this.agent.broken === undefined) await this.#catchUp(certified).catch(() => undefined);
    this.#parts.changed();
  }

  async #receive(mail: readonly Received[]): Promise<void> {
    for (const { from, message } of mail) {
      if (this.#isOver) return;
      await this.agent.handle({ kind: 'received', from, message });
    }
    this.#parts.changed();
  }

  async #cosignAsked(message: Extract<Message, { kind: 'cosign' }>): Promise<void> {
    const size = Number(message.note.split('\n', 2)[1]);
    const behind = message.from > this.agent.prefix.size || message.from + message.entries.length < size;
    if (behind && this.agent.state.asking === undefined) await this.#catchUp(message.certified);
    await this.#receive([{ from: 'operator', message }]);
  }

  /** Follows the log as far as certified checkpoints reach, so that the rolls are known under which others speak. */
  async #catchUp(latest: string | undefined): Promise<void> {
    await followAnchors(async (from) => entriesFrom(this.#parts.fetch, from), this.kept.identity.origin, () => this.agent.prefix.size, async (stretch) => void (await this.agent.handle({ kind: 'caught-up', ...stretch })), latest);
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    clearInterval(this.#timer);
    await this.#courier.stop();
  }
}

/** Opens the seat over its disk, at its first start with the first entries of the log; not started yet. */
export async function openSeat(parts: SeatParts, kept: KeptSeat & { readonly founding: KeptFounding }): Promise<Verdict<RunningSeat, StartRefusal>> {
  const { identity, founding: pinned } = kept;
  if (!('seat' in identity.who)) return no('alternate');
  const judged = judgeFounding(parts.suite, pinned.pin, pinned.genesis, pinned.constitution);
  if (!judged.ok) return judged;
  const { genesis, constitution } = judged.value;
  if (genesis.origin !== identity.origin || genesis.council !== identity.council) return no('other-council');
  const trusting = trustingOwnDisk(parts.suite);
  const instance = hex(crypto.getRandomValues(new Uint8Array(16)));
  const signers = signersOf(identity, kept.keys);
  const late: { seat?: RunningSeat } = {};
  const agent = await ConsoleAgent.open({
    suite: parts.suite,
    rules: new ReplayRules(trusting.suite, constitution, genesis.origin),
    seat: identity.who.seat,
    signers,
    disk: parts.disk,
    instance,
    clockS: parts.clockS,
    send: (to, message) => late.seat?.carrier.send(to, message),
    tell: (notice, round) => late.seat?.notice(notice, round),
  });
  trusting.read = true;
  if (agent.isEmpty) {
    const shown = await shownFounding(parts.fetch, parts.suite);
    if (!shown.ok) return shown;
    if (shown.value.digest !== pinned.pin) return no('other-genesis');
    const entries = await firstEntries(parts.fetch, shown.value);
    if (entries === undefined || !(await agent.boot(entries))) return no('first-entries');
  }
  const own = agent.prefix.state.roll?.roll.seats[identity.who.seat - 1];
  const ballot = own === undefined ? undefined : parseVkey(parts.suite, own.ballot);
  // At a rotation the log may not have been followed as far as the new roll yet: then the agent key opens no mail, and the page says so.
  if (ballot?.ok !== true || (agent.prefix.epoch >= identity.epoch && !sameBytes(ballot.value.publicKey, signers.ballot.publicKey))) return no('not-in-roll');
  late.seat = new RunningSeat(parts, kept, judged.value, agent, instance);
  return yes(late.seat);
}
