/** `mizan seat run`: the agent of a seat with its folder, its carriers, its clock and the local door for its steward. */

import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { assert, Fault } from '../../base/index.ts';
import { parseOutboundAllow } from '../../platform/outbound/allow-list.ts';
import type { Caller } from '../../platform/outbound/index.ts';
import { createLightOutbound } from '../../platform/outbound/light-outbound.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import type { NoteSigner } from '../../proof/index.ts';
import type { Received } from '../../proof/council/message-form.ts';
import type { Address, Message } from '../../proof/council/messages.ts';
import { ReplayRules } from '../../proof/council/replay-rules.ts';
import type { SeatNotice } from '../../proof/council/seat.ts';
import { SeatAgent } from './agent.ts';
import { type Beginning, fetchBeginning, fetchFirstEntries, followAnchors, foundingOf, type Founding } from './bootstrap.ts';
import { Courier } from './courier.ts';
import { replaceDurably } from './journal.ts';
import { takeFolder } from './lock.ts';
import type { AgentKeys, SeatSettings } from './seat-folder.ts';

/** A poll of twenty seconds and the answer to it. */
const OUTBOUND_LIMITS = { bytesMax: 8 * 1024 * 1024, silenceMs: 40_000, wholeMs: 60_000 };
const FOUNDING_BYTES_MAX = 256 * 1024;
const START_RETRY_MS = 3000;
/** A vote that should have been closed so long ago is stalled (docs/spec/council.md). */
const STALLED_S = 86_400;
const EVIDENCE_RETRY_TICKS = 20;
const SAID_AGAIN_S = 60;
const TOLD_MAX = 256;

export type SeatLog = (level: 'info' | 'warn' | 'error', what: string, more?: Readonly<Record<string, string | number>>) => void;

export interface SeatOptions {
  readonly folder: string;
  readonly settings: SeatSettings & { readonly genesis: string };
  readonly keys: AgentKeys;
  readonly log: SeatLog;
  /** Seconds between two ticks, at which what nobody answered is said again. */
  readonly tickS: number;
  readonly waitS?: number;
  /** Whole seconds since 1970. */
  readonly clockS?: () => number;
  /** Where a program stands in for the steward. */
  readonly standing?: NoteSigner;
  readonly outbound?: Caller;
  readonly fatal?: (error: unknown) => void;
  readonly onNotice?: (notice: SeatNotice | 'evidence' | 'stalled', round: string | undefined) => void;
  /** Letters of these are neither sent nor read: a partition, for tests. */
  readonly cutOff?: (address: Address) => boolean;
}

/** The servers of the settings, and nothing else, may be called. They were named by the member, so they may lie in an inner network. */
export function outboundFor(servers: readonly string[], silenceMs: number = OUTBOUND_LIMITS.silenceMs): Caller {
  const words = [...new Set(servers.map((server) => {
    const url = new URL(server);
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return `private:${url.protocol}//${url.hostname}:${port}`;
  }))];
  const allow = parseOutboundAllow(words.join(' '));
  if (!allow.ok) throw new Fault('seat-server-refused', allow.refusal);
  return createLightOutbound({ allow: allow.value, limits: { ...OUTBOUND_LIMITS, silenceMs, wholeMs: Math.max(silenceMs, OUTBOUND_LIMITS.wholeMs) } });
}

/** Genesis and constitution as this folder learned them at its first start; believed because they have the pinned digest. */
function keptFounding(folder: string, pinned: string): Founding | undefined {
  const path = join(folder, 'founding.json');
  if (!existsSync(path)) return undefined;
  if (statSync(path).size > FOUNDING_BYTES_MAX) throw new Fault('seat-file-not-read', `${path} is larger than any founding.`, { path });
  const { genesis, constitution } = JSON.parse(readFileSync(path, 'utf8')) as { readonly genesis: string; readonly constitution: string };
  return foundingOf(path, pinned, genesis, constitution);
}

export class RunningSeat {
  readonly agent: SeatAgent;
  readonly instance: string;
  readonly options: SeatOptions;
  readonly outbound: Caller;
  readonly #courier: Courier;
  readonly #release: () => void;
  readonly #stalled = new Set<string>();
  readonly #evidence: string[] = [];
  readonly #toldS = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #isOver = false;
  readonly clockS: () => number;

  constructor(options: SeatOptions, instance: string, outbound: Caller, rules: ReplayRules, release: () => void) {
    this.options = options;
    this.instance = instance;
    this.outbound = outbound;
    this.#release = release;
    this.clockS = options.clockS ?? ((): number => Math.floor(Date.now() / 1000));
    const { folder, settings, keys, standing } = options;
    const seat = 'seat' in settings.who ? settings.who.seat : 0;
    this.agent = SeatAgent.open({
      rules,
      council: settings.council,
      origin: settings.origin,
      seat,
      genesis: settings.genesis,
      folder,
      keys,
      instance,
      clockS: this.clockS,
      send: (to, message) => this.#send(to, message),
      tell: (notice, round) => this.#tell(notice, round),
      submitEvidence: (text) => void this.#evidence.push(text),
      ...(standing === undefined ? {} : { standing }),
    });
    this.#courier = new Courier(
      {
        outbound,
        council: settings.council,
        seat,
        instance,
        agent: keys.agent,
        waitS: options.waitS ?? 20,
        clockS: this.clockS,
        size: () => this.agent.prefix.size,
        receive: (mail) => this.receive(mail),
        cosign: async (message, server) => this.#cosignAsked(message, server),
        fatal: (error) => this.#fatal(error),
        log: options.log,
      },
      settings.servers,
    );
  }

  #tell(notice: SeatNotice | 'evidence' | 'stalled', round: string | undefined): void {
    // Whoever forks the log is met at every poll; one line and one alarm a minute say it.
    const name = `${notice} ${round ?? ''}`;
    if (this.clockS() - (this.#toldS.get(name) ?? -SAID_AGAIN_S) < SAID_AGAIN_S) return;
    this.#toldS.set(name, this.clockS());
    if (this.#toldS.size > TOLD_MAX) this.#toldS.delete(this.#toldS.keys().next().value as string);
    this.options.log(notice === 'fork' || notice === 'resync' ? 'error' : 'info', notice, round === undefined ? {} : { round });
    this.options.onNotice?.(notice, round);
  }

  #send(to: readonly Address[], message: Message): void {
    const { cutOff } = this.options;
    const reached = cutOff === undefined ? to : to.filter((each) => !cutOff(each));
    if (reached.length > 0) this.#courier.send(reached, message);
  }

  #fatal(error: unknown): void {
    this.options.log('error', error instanceof Fault ? error.code : 'fault', { why: error instanceof Error ? error.message.slice(0, 400) : 'unknown' });
    void this.stop();
    this.options.fatal?.(error);
  }

  start(): void {
    this.agent.handle({ kind: 'started' });
    this.#courier.start();
    this.#timer = setInterval(() => this.tick(), this.options.tickS * 1000);
  }

  tick(): void {
    if (this.#isOver) return;
    try {
      this.agent.handle({ kind: 'tick' });
      this.#lookForStalled();
      this.#ticks += 1;
      if (this.#evidence.length > 0 && this.#ticks % (this.#ticks < EVIDENCE_RETRY_TICKS ? 1 : EVIDENCE_RETRY_TICKS) === 0) void this.#submitEvidence();
    } catch (error) {
      this.#fatal(error);
    }
  }

  /** Letters from servers or, in direct mode, from peers. */
  receive(mail: readonly Received[]): void {
    const { cutOff } = this.options;
    try {
      for (const { from, message } of mail) if (cutOff?.(from) !== true && !this.#isOver) this.agent.handle({ kind: 'received', from, message });
    } catch (error) {
      this.#fatal(error);
    }
  }

  async #cosignAsked(message: Extract<Message, { kind: 'cosign' }>, server: string): Promise<void> {
    if (this.options.cutOff?.('operator') === true) return;
    const size = Number(message.note.split('\n', 2)[1]);
    const behind = message.from > this.agent.prefix.size || message.from + message.entries.length < size;
    if (behind && this.agent.state.asking === undefined) {
      await followAnchors(this.outbound, server, this.options.settings.origin, () => this.agent.prefix.size, (stretch) => void this.agent.handle({ kind: 'caught-up', ...stretch }), message.certified);
    }
    this.receive([{ from: 'operator', message }]);
  }

  #lookForStalled(): void {
    for (const [round, view] of this.agent.openRounds) {
      if (view.close !== undefined || this.clockS() < view.open.closesS + STALLED_S || this.#stalled.has(round)) continue;
      this.#stalled.add(round);
      this.#tell('stalled', round);
    }
  }

  /** A text that anybody may submit; true when a server took it, false when all refused it. Throws when none answered. */
  async submit(path: 'evidence' | 'complaints', text: string): Promise<boolean> {
    let reached = false;
    for (const server of this.options.settings.servers) {
      try {
        const answer = await this.outbound.fetch(`${server.replace(/\/+$/, '')}/council/v1/${path}`, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text });
        if (answer.status < 300) return true;
        reached ||= answer.status < 500 && answer.status !== 429;
      } catch {
        // The next server, and the next tick, are other ways.
      }
    }
    if (!reached) throw new Fault('seat-server-refused', `No server takes ${path} now.`);
    return false;
  }

  async #submitEvidence(): Promise<void> {
    for (const text of this.#evidence.splice(0)) {
      try {
        const taken = await this.submit('evidence', text);
        this.options.log(taken ? 'info' : 'warn', taken ? 'evidence-taken' : 'evidence-refused');
      } catch {
        this.#evidence.push(text);
      }
    }
  }

  get waiting(): number {
    return this.#courier.waiting;
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    await this.#courier.stop();
    this.agent.close();
    if (this.options.outbound === undefined) await this.outbound.close();
    this.#release();
  }
}

async function beginning(outbound: Caller, { settings, log }: SeatOptions, signal: AbortSignal | undefined): Promise<{ readonly server: string; readonly found: Beginning }> {
  for (;;) {
    for (const server of settings.servers) {
      try {
        return { server: server.replace(/\/+$/, ''), found: await fetchBeginning(outbound, server.replace(/\/+$/, ''), settings.genesis) };
      } catch (error) {
        if (error instanceof Fault && error.code === 'seat-genesis-differs') throw error;
        log('warn', 'council-not-reached', { server, why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
      }
    }
    if (signal?.aborted === true) throw new Fault('seat-server-refused', 'No server of the council answers.');
    await new Promise((resolve) => setTimeout(resolve, START_RETRY_MS));
  }
}

/** Takes the folder, reads its journal or the first entries of the log, and answers the seat, not started yet. */
export async function openSeat(options: SeatOptions, signal?: AbortSignal): Promise<RunningSeat> {
  const { settings, folder } = options;
  if (!('seat' in settings.who)) throw new Fault('seat-alternate', 'An alternate has no agent: its member votes when it sits. Only seats run one.');
  const instance = randomBytes(16).toString('hex');
  const release = takeFolder(folder, instance);
  const outbound = options.outbound ?? outboundFor(settings.servers);
  try {
    const kept = keptFounding(folder, settings.genesis);
    const fetched = kept === undefined ? await beginning(outbound, options, signal) : undefined;
    const founding = kept ?? fetched?.found;
    assert(founding !== undefined, 'a founding is kept or fetched');
    if (founding.genesis.origin !== settings.origin || founding.genesis.council !== settings.council) throw new Fault('seat-genesis-differs', `The pinned genesis is of ${founding.genesis.council} (${founding.genesis.origin}); this seat was made for ${settings.council} (${settings.origin}).`);
    if (kept === undefined) replaceDurably(join(folder, 'founding.json'), JSON.stringify({ genesis: founding.genesisText, constitution: founding.constitutionText }));
    const seat = new RunningSeat(options, instance, outbound, new ReplayRules(suite, founding.constitution, founding.genesis.origin), release);
    if (seat.agent.isEmpty) {
      const { server, found } = fetched ?? (await beginning(outbound, options, signal));
      const entries = await fetchFirstEntries(outbound, server, found);
      if (!seat.agent.boot(entries)) throw new Fault('seat-genesis-differs', `${server} shows a log whose first entries break its own rule.`);
    }
    const own = seat.agent.prefix.state.roll?.roll.seats[settings.who.seat - 1];
    if (own === undefined) throw new Fault('seat-alternate', `The roll has no seat ${settings.who.seat}.`);
    return seat;
  } catch (error) {
    release();
    if (options.outbound === undefined) await outbound.close();
    throw error;
  }
}
