/**
 * `mizan seat demo`: a platform on a temporary folder, a council of 33 founded on it, 33 agents in this process (or as many processes), liars
 * and hostile operators on request. It shows how the protocol behaves; it proves nothing about independence, and says so on every page.
 */

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fault } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { openSecrets } from '../../../platform/secrets/index.ts';
import { type NoteSigner, printNote, signNote } from '../../../proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../../proof/node-suite.ts';
import { councilOf33, type Constitution, printConstitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { checkMemberKeys } from '../../../proof/council/member-keys.ts';
import { printMotion } from '../../../proof/council/motion-text.ts';
import { type Open, printOpen } from '../../../proof/council/open-text.ts';
import { printRequest, requestDigest } from '../../../proof/council/request-text.ts';
import { NO_PREVIOUS, type Roll } from '../../../proof/council/roll-text.ts';
import { compose, type Mizan } from '../../compose.ts';
import { openSeat, type RunningSeat, type SeatLog } from '../daemon.ts';
import { askDoor } from '../door.ts';
import { makeSeatFolder, openAgentKeys, openBallotKey, type SeatSettings, writeSettings } from '../seat-folder.ts';
import { maySign, signText } from '../steward-signs.ts';
import type { ToSign } from '../agent.ts';
import { type Behaviour, BEHAVIOURS, Liar } from './liar.ts';
import { openHostileOperator, type OperatorMode } from './hostile-operator.ts';
import { openWitness, type WitnessedKey } from './witnesses.ts';

export const DEMO_ORIGIN = 'council.demo.mizan.invalid';
const CHEAP = { cost: 1024, passes: 1 };
const TICK_S = 2;
const DOOR_MS_MAX = 60_000;
const CLOSE_GRACE_S = 90;
/** Rounds shown; older ones stay in the log. */
const ROUNDS_SHOWN_MAX = 12;
const TEXTS = (number: number): Readonly<Record<string, string>> => ({
  az: `Nümayiş üçün ${number} nömrəli təklif. Bu mətn heç bir real qərar deyil və heç kimi bağlamır.\n`,
  en: `Motion number ${number} of a demonstration. This text is no real decision and binds nobody.\n`,
  ru: `Предложение номер ${number} для показа. Этот текст не является настоящим решением и никого не обязывает.\n`,
});

export interface DemoOptions {
  readonly liars: number;
  readonly behave: Behaviour | 'mixed';
  readonly operator: OperatorMode;
  readonly processes: boolean;
  readonly autoSteward: boolean;
  /** Length of a vote in seconds. */
  readonly voteS: number;
  /** Rounds after which it ends; undefined: goes on until it is stopped. */
  readonly rounds?: number;
  readonly port: number;
  readonly folder?: string;
  readonly yesShare: number;
  readonly log: SeatLog;
  readonly random?: () => number;
}

export type SeatLook = 'waiting' | 'cast' | 'safe' | 'away';

export interface SeatView {
  readonly seat: number;
  readonly constituency: string;
  readonly look: SeatLook;
  readonly choice: string | undefined;
  readonly receipts: number;
  readonly size: number;
  readonly behaviour: Behaviour | undefined;
  readonly door: string | undefined;
}

export interface RoundView {
  readonly slot: string;
  readonly closesS: number;
  readonly outcome: 'open' | 'closing' | 'carried' | 'not-carried';
  readonly yes: number | undefined;
  readonly proven: number;
}

export interface DemoView {
  readonly nowS: number;
  readonly options: DemoOptions;
  readonly quorum: number;
  readonly margin: number;
  readonly seats: readonly SeatView[];
  readonly rounds: readonly RoundView[];
  readonly logSize: number;
  readonly certifiedSize: number;
  readonly platform: string;
  readonly evidence: number;
  readonly forks: number;
}

interface Member {
  readonly seat: number;
  readonly folder: string;
  readonly settings: SeatSettings;
  readonly ballot: NoteSigner;
  readonly behaviour: Behaviour | undefined;
  agent: RunningSeat | undefined;
  child: ChildProcess | undefined;
  liar: Liar | undefined;
  /** Of a process, as its door last told. */
  told: { readonly size: number; readonly round: string; readonly choice: string | undefined; readonly receipts: number } | undefined;
}

/** Votes of seconds; what a receipt obliges and how far clocks may be off is short in the same measure. */
export function demoConstitution(voteS: number): Constitution {
  const base = councilOf33(DEMO_ORIGIN);
  return { ...base, deltaS: Math.max(1, Math.floor(voteS / 6)), clockErrorS: 60, classes: base.classes.map((rule) => ({ ...rule, prepareS: 0, voteS, revealS: rule.sealed ? voteS : 0, standstillS: 0 })) };
}

/** Which seats lie and how: the last ones, spread over the constituencies, so that no constituency is emptied. */
export function liarsOf({ liars, behave }: Pick<DemoOptions, 'liars' | 'behave'>, seats = 33): ReadonlyMap<number, Behaviour> {
  const step = seats / Math.max(1, liars);
  return new Map(Array.from({ length: liars }, (_, index) => [Math.floor(index * step) + 1, behave === 'mixed' ? (BEHAVIOURS[index % BEHAVIOURS.length] as Behaviour) : behave]));
}

export class Demo {
  readonly options: DemoOptions;
  readonly folder: string;
  #mizan: Mizan | undefined;
  #members: Member[] = [];
  #rounds: RoundView[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #evidence = 0;
  #forks = 0;
  #isHostile = false;
  #isOver = false;
  #round: Open | undefined;
  #certifiedSize = 0;
  #logSize = 0;
  platform = '';
  readonly constitution: Constitution;

  constructor(options: DemoOptions) {
    this.options = options;
    this.constitution = demoConstitution(options.voteS);
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'mizan-demo-'));
  }

  get #random(): () => number {
    return this.options.random ?? Math.random;
  }

  readonly clockS = (): number => Math.floor(Date.now() / 1000);

  async start(): Promise<void> {
    const { folder, constitution, clockS } = this;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, 'constitution.txt'), printConstitution(constitution));
    const key: WitnessedKey = { origin: DEMO_ORIGIN, vkey: undefined };
    const witnesses = await Promise.all(['court', 'audit', 'university'].map(async (name) => openWitness(`witness.${name}.${DEMO_ORIGIN}`, key, clockS)));
    for (const witness of witnesses) this.#closers.push(witness.close);
    writeFileSync(join(folder, 'policy.txt'), `${witnesses.map(({ vkey, url }, index) => `witness outside${index + 1} ${vkey} ${url}\n`).join('')}group outside 2 outside1 outside2 outside3\nquorum outside\n`);
    const config = readConfig({
      DATA_DIR: join(folder, 'data'),
      PORT: '0',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'error',
      LOG_ORIGIN: DEMO_ORIGIN,
      LOG_POLICY: join(folder, 'policy.txt'),
      COUNCIL_CONSTITUTION: join(folder, 'constitution.txt'),
      OUTBOUND_ALLOW: witnesses.map(({ url }) => url.replace('http://', 'http://')).join(' '),
    });
    if (!config.ok) throw new Fault('seat-demo', config.refusal.map(({ message }) => message).join(' '));
    const mizan = await compose(config.value, { council: { tickMs: 250 }, limits: { requestsPerMinuteMax: 1_000_000, requestsAtOnceMax: 5000, routeLimitsFactor: 1000, eventLoopDelayMsMax: 60_000 } });
    this.#mizan = mizan;
    this.#closers.push(async () => mizan.close());
    this.platform = await mizan.server.listen({ host: '127.0.0.1', port: 0 });
    key.vkey = mizan.council.keys().log;
    this.#makeMembers();
    const founded = await this.#asSystem(async () => mizan.council.found(this.#rollOf(mizan, witnesses.map(({ vkey }) => vkey))));
    if (!founded.ok) throw new Fault('seat-demo', `The council could not be founded: ${JSON.stringify(founded.refusal)}`);
    const server = await this.#serverOf();
    await this.#startSeats(server, founded.value.digest);
  }

  async #asSystem<T>(work: () => Promise<T>): Promise<T> {
    return within(systemScope, work);
  }

  #makeMembers(): void {
    const liars = liarsOf(this.options, this.constitution.seats);
    for (let seat = 1; seat <= this.constitution.seats; seat += 1) {
      const folder = join(this.folder, 'seats', String(seat).padStart(2, '0'));
      const settings: SeatSettings = { servers: ['http://127.0.0.1:1'], council: DEMO_ORIGIN, origin: DEMO_ORIGIN, epoch: 1, who: { seat } };
      writeFileSync(join(this.folder, 'passphrase'), this.#passphrase, { mode: 0o600 });
      const keys = makeSeatFolder(folder, settings, this.#passphrase, CHEAP);
      writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys));
      this.#handedIn.push(keys);
      this.#members.push({ seat, folder, settings, ballot: openBallotKey(folder, settings, this.#passphrase), behaviour: liars.get(seat), agent: undefined, child: undefined, liar: undefined, told: undefined });
    }
  }

  readonly #passphrase = randomBytes(18).toString('base64url');
  readonly #handedIn: ReturnType<typeof makeSeatFolder>[] = [];

  #rollOf(mizan: Mizan, outside: readonly string[]): Roll {
    const places = this.constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
    return {
      council: DEMO_ORIGIN,
      epoch: 1,
      previous: NO_PREVIOUS,
      ...mizan.council.keys(),
      outside: { needed: 2, keys: outside },
      seats: places.map((constituency, index) => {
        const checked = checkMemberKeys(suite, this.#handedIn[index] as never, { council: DEMO_ORIGIN, origin: DEMO_ORIGIN, epoch: 1, who: { seat: index + 1 } });
        if (!checked.ok) throw new Fault('seat-demo', `keys of seat ${index + 1}: ${checked.refusal.code}`);
        const { mlDsa: _, ...keys } = checked.value;
        return { seat: index + 1, constituency, ...keys, domains: { hosting: 'one-machine', build: 'mizan' } };
      }),
      alternates: [],
    };
  }

  /** Where seats find the council: the platform, or a hostile relay before it. */
  async #serverOf(): Promise<string> {
    const { operator } = this.options;
    if (operator === 'honest') return this.platform;
    const half = new Set(Array.from({ length: this.constitution.seats }, (_, index) => index + 1).filter((seat) => seat % 2 === 0));
    const victims = operator === 'censoring' ? new Set([...half].slice(0, 12)) : half;
    const { publicKey, sign } = this.#logSigner();
    const relay = await openHostileOperator(
      { mode: operator, target: this.platform, victims, log: { name: DEMO_ORIGIN, publicKey, sign }, origin: DEMO_ORIGIN, stateOf: (seat) => this.#members[seat - 1]?.agent?.agent.prefix.state, isOn: () => this.#isHostile },
      (seat, method, path, body) => this.#resigned(seat, method, path, body),
    );
    this.#closers.push(relay.close);
    return relay.url;
  }

  /** The same derivation as that of the log's key: a forker is who holds it. */
  #logSigner(): ReturnType<typeof signerOf> {
    return signerOf(suite.sha256(new TextEncoder().encode(`mizan-log/key/v1\n${openSecrets({ dataDir: join(this.folder, 'data') }, {}).secret('log-key')}`)));
  }

  #resigned(seat: number, method: string, path: string, body: Buffer): string {
    const member = this.#members[seat - 1];
    if (member === undefined) return '';
    const keys = openAgentKeys(member.folder, member.settings, this.#passphrase);
    const note = printNote(signNote(suite, printRequest({ council: DEMO_ORIGIN, seat, instance: randomBytes(16).toString('hex'), timeS: this.clockS(), digest: requestDigest(suite, method, path, body) }), keys.agent));
    return Buffer.from(note).toString('base64');
  }

  async #startSeats(server: string, genesis: string): Promise<void> {
    for (const member of this.#members) {
      const settings = { ...member.settings, servers: [server], genesis };
      writeSettings(member.folder, settings);
      if (member.behaviour === 'silent') continue;
      if (member.behaviour !== undefined && member.behaviour !== 'partitioned') {
        const keys = openAgentKeys(member.folder, settings, this.#passphrase);
        member.liar = new Liar({ seat: member.seat, behaviour: member.behaviour, council: DEMO_ORIGIN, origin: DEMO_ORIGIN, instance: randomBytes(16).toString('hex'), keys, ballot: member.ballot, server, seats: this.constitution.seats, clockS: this.clockS });
        continue;
      }
      if (this.options.processes) this.#spawn(member);
      else await this.#open(member, settings);
    }
  }

  /** A partitioned seat hears and reaches one half of the council only. */
  async #open(member: Member, settings: SeatSettings & { readonly genesis: string }): Promise<void> {
    const { seat, behaviour } = member;
    const cutOff = behaviour === 'partitioned' ? { cutOff: (address: number | 'operator') => address !== 'operator' && address % 2 === seat % 2 } : {};
    member.agent = await openSeat({ folder: member.folder, settings, keys: openAgentKeys(member.folder, settings, this.#passphrase), log: (level, what, more) => (level === 'info' ? undefined : this.options.log(level, `seat ${seat}: ${what}`, more)), tickS: TICK_S, ...(this.options.autoSteward ? { standing: member.ballot } : {}), onNotice: (notice) => this.#hear(notice), ...cutOff });
    member.agent.start();
    if (this.options.autoSteward) return;
    const { Desk } = await import('../desk.ts');
    const { openDoor } = await import('../door.ts');
    const door = await openDoor(new Desk(member.agent), member.folder);
    this.#doors.set(seat, `${door.url}/#${door.token}`);
    this.#closers.push(door.close);
  }

  readonly #doors = new Map<number, string>();

  #hear(notice: string): void {
    if (notice === 'evidence') this.#evidence += 1;
    if (notice === 'fork') this.#forks += 1;
  }

  #spawn(member: Member): void {
    const entry = process.argv[1] ?? '';
    member.child = spawn(process.execPath, [...process.execArgv, entry, 'seat', 'run', '--folder', member.folder, '--passphrase-file', join(this.folder, 'passphrase'), '--tick', String(TICK_S)], { stdio: 'ignore', env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(this.folder, 'compiled') } });
  }

  // -------------------------------------------------------------- rounds

  /** One vote after the other until it is stopped. */
  async run(): Promise<void> {
    for (let number = 1; !this.#isOver && number <= (this.options.rounds ?? Number.POSITIVE_INFINITY); number += 1) {
      if (await this.#vote(number)) continue;
      // A council whose operator does not let it certify anything can open no further vote: that is what is to be seen.
      this.#rounds = [...this.#rounds, { slot: `demo-${number}`, closesS: this.clockS(), outcome: 'closing' as const, yes: undefined, proven: 0 }].slice(-ROUNDS_SHOWN_MAX);
      return;
    }
  }

  async #submit(...entries: readonly string[]): Promise<void> {
    const mizan = this.#mizan as Mizan;
    const written = await this.#asSystem(async () => mizan.council.submit(entries));
    if (!written.ok) throw new Fault('seat-demo', `The log refused: ${JSON.stringify(written.refusal)}`);
  }

  /** The certified checkpoint that papers lie under; undefined when the log comes to no certificate. */
  async #anchored(mizan: Mizan): Promise<{ readonly size: number; readonly root: string; readonly timeS: number } | undefined> {
    const patience = AbortSignal.timeout((this.options.voteS + CLOSE_GRACE_S) * 1000);
    try {
      return await this.#asSystem(async () => mizan.council.anchored(patience));
    } catch (error) {
      if (patience.aborted || this.#isOver) return undefined;
      throw error;
    }
  }

  /** One vote from papers to outcome; false where it could not even be opened. */
  async #vote(number: number): Promise<boolean> {
    const mizan = this.#mizan as Mizan;
    const round = { slot: `demo-${number}`, round: 1 };
    const texts = Object.entries(TEXTS(number)).map(([language, text]) => ({ language, digest: digestOf(suite, text) }));
    const motion = printMotion({ council: DEMO_ORIGIN, number: round.slot, option: 'A', class: 'standard', authentic: 'az', texts, annexes: [], basis: ['demonstration'], parties: [] });
    const slotRoll = await this.#asSystem(async () => mizan.council.slotRollFor(round.slot, 1));
    if (!slotRoll.ok) throw new Fault('seat-demo', JSON.stringify(slotRoll.refusal));
    await this.#submit(motion, slotRoll.value.text);
    const anchor = await this.#anchored(mizan);
    if (anchor === undefined) return false;
    const closesS = Math.max(this.clockS(), anchor.timeS) + this.options.voteS + 2;
    const open: Open = { council: DEMO_ORIGIN, epoch: 1, slotRoll: slotRoll.value.digest, ...round, class: 'standard', sealed: false, options: [{ option: 'A', motion: digestOf(suite, motion) }], opened: { size: anchor.size, root: anchor.root }, closesS };
    await this.#submit(mizan.council.bySecretariat(printOpen(open)));
    // The first vote is fair, and every vote is prepared fairly, so that it can be seen what the hostility changes.
    this.#isHostile = this.options.operator !== 'honest' && number > 1;
    this.#round = open;
    this.#rounds = [...this.#rounds, { slot: round.slot, closesS, outcome: 'open' as const, yes: undefined, proven: 0 }].slice(-ROUNDS_SHOWN_MAX);
    for (const member of this.#members) {
      member.liar?.onOpen(open, (seconds, act) => this.#after(seconds, act));
      if (this.options.autoSteward && member.liar === undefined && member.behaviour !== 'silent') this.#after(this.#random() * Math.max(1, this.options.voteS / 3), () => void this.#decide(member, open));
    }
    await this.#untilClosed(open);
    this.#isHostile = false;
    return true;
  }

  #after(seconds: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!this.#isOver) act();
    }, seconds * 1000);
    this.#timers.add(timer);
  }

  /** A program in the place of a steward; a person would read first. */
  async #decide(member: Member, open: Open): Promise<void> {
    const choice = this.#random() < this.options.yesShare ? ('yes' as const) : ('no' as const);
    const round = `${open.slot} 1`;
    for (const end = Date.now() + Math.min(DOOR_MS_MAX, this.options.voteS * 1000); !this.#isOver && Date.now() < end; await pause(500)) {
      if (member.agent !== undefined) {
        const notices = member.agent.agent.decide({ round, choice, option: 'A' }, { reason: 'demonstration', advice: 'ask', override: false });
        if (notices.includes('voted')) return;
      } else if (member.child !== undefined && (await this.#decideByDoor(member, open, choice))) return;
    }
  }

  async #decideByDoor({ folder, ballot }: Member, open: Open, choice: 'yes' | 'no'): Promise<boolean> {
    const round = `${open.slot} 1`;
    try {
      const told = await askDoor<{ readonly notices: readonly string[]; readonly toSign: readonly ToSign[] }>(folder, 'vote', { round, choice, option: 'A', reason: 'demonstration' });
      for (const each of told.toSign) if (maySign(each, { round, choice, motion: open.options[0]?.motion })) await askDoor(folder, 'sign', { text: each.text, signature: signText(ballot, each.text), round });
      return told.notices.includes('voted');
    } catch {
      return false;
    }
  }

  async #untilClosed(open: Open): Promise<void> {
    const mizan = this.#mizan as Mizan;
    for (const end = (open.closesS + CLOSE_GRACE_S) * 1000; !this.#isOver && Date.now() < end; await pause(500)) {
      const facts = await this.#asSystem(async () => mizan.council.round(open.slot, 1));
      const standing = await this.#asSystem(async () => mizan.council.standing());
      this.#certifiedSize = standing.certified?.size ?? 0;
      this.#logSize = standing.prefixSize;
      await this.#lookAtProcesses();
      const outcome = facts?.outcome === undefined ? (this.clockS() >= open.closesS ? ('closing' as const) : ('open' as const)) : facts.outcome.carried === undefined ? ('not-carried' as const) : ('carried' as const);
      const yes = facts?.outcome?.yes[0]?.seats;
      this.#rounds = this.#rounds.map((each) => (each.slot === open.slot ? { ...each, outcome, yes, proven: facts?.equivocated.length ?? 0 } : each));
      if (facts?.outcome !== undefined && facts.certified) return;
    }
  }

  async #lookAtProcesses(): Promise<void> {
    const round = this.#round === undefined ? '' : `${this.#round.slot} 1`;
    await Promise.all(this.#members.filter(({ child }) => child !== undefined).map(async (member) => {
      const told = await askDoor<{ readonly size: number; readonly rounds: readonly { readonly round: string; readonly choice?: string; readonly receipts: number }[] }>(member.folder, 'rounds').catch(() => undefined);
      const one = told?.rounds.find((each) => each.round === round);
      member.told = told === undefined ? undefined : { size: told.size, round, choice: one?.choice, receipts: one?.receipts ?? 0 };
    }));
  }

  // -------------------------------------------------------------- what is shown

  #seatView(member: Member): SeatView {
    const { quorum } = this.constitution;
    const round = this.#round === undefined ? '' : `${this.#round.slot} 1`;
    const agent = member.agent?.agent;
    const vote = agent?.voteOf(round);
    const choice = agent === undefined ? member.told?.choice : /\nchoice (\w+)\n$/.exec(vote?.ballot ?? '')?.[1];
    const receipts = agent === undefined ? (member.told?.receipts ?? 0) : agent.receiptsOf(round).size;
    const size = agent?.prefix.size ?? member.told?.size ?? 0;
    const isHere = agent !== undefined || member.told !== undefined;
    const look: SeatLook = !isHere ? 'away' : choice === undefined ? 'waiting' : receipts >= quorum ? 'safe' : 'cast';
    const constituency = this.constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name))[member.seat - 1] ?? '';
    return { seat: member.seat, constituency, look, choice, receipts, size, behaviour: member.behaviour, door: this.#doors.get(member.seat) };
  }

  view(): DemoView {
    const { seats, liars, quorum } = this.constitution;
    return { nowS: this.clockS(), options: this.options, quorum, margin: seats - liars - quorum, seats: this.#members.map((member) => this.#seatView(member)), rounds: this.#rounds, logSize: this.#logSize, certifiedSize: this.#certifiedSize, platform: this.platform, evidence: this.#evidence, forks: this.#forks };
  }

  /** What the log holds when it ends, for whoever runs it as a check. */
  get rounds(): readonly RoundView[] {
    return this.#rounds;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    for (const timer of this.#timers) clearTimeout(timer);
    await Promise.all(this.#members.map(async ({ agent, child, liar }) => {
      await agent?.stop();
      await liar?.stop();
      child?.kill('SIGTERM');
    }));
    for (const close of this.#closers.toReversed()) await close();
    if (this.options.folder === undefined) rmSync(this.folder, { recursive: true, force: true });
  }
}
