/** An operator of a council over HTTP for tests of seats: the product's operator core behind the endpoints that seats poll, with all its state in memory. */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { cosign, KEY_TYPES, type NoteSigner, parseNote, printLine, printNote, printVkey, signNote, verifierKey } from '../../src/proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../src/proof/node-suite.ts';
import { slotRollOf } from '../../src/proof/council/admitted-roll.ts';
import { type Constitution, councilOf33, printConstitution } from '../../src/proof/council/constitution.ts';
import { digestOf, roundOf } from '../../src/proof/council/log-state.ts';
import { printGenesis } from '../../src/proof/council/log-texts.ts';
import type { HandedInKeys } from '../../src/proof/council/member-keys.ts';
import { checkMemberKeys } from '../../src/proof/council/member-keys.ts';
import { readMessage } from '../../src/proof/council/message-form.ts';
import type { Address, Message } from '../../src/proof/council/messages.ts';
import { printMotion } from '../../src/proof/council/motion-text.ts';
import { type Open, printOpen } from '../../src/proof/council/open-text.ts';
import { type OperatorEffect, type OperatorEvent, type OperatorState, restoreOperator, stepOperator } from '../../src/proof/council/operator.ts';
import { ReplayRules, type ReplayPrefix } from '../../src/proof/council/replay-rules.ts';
import { openRequest, REQUEST_HEADER, requestDigest } from '../../src/proof/council/request-text.ts';
import { NO_PREVIOUS, printRoll, type Roll } from '../../src/proof/council/roll-text.ts';
import { printSlotRoll } from '../../src/proof/council/slot-roll-text.ts';

export const SERVED_ORIGIN = 'council.demo.example';
const MAILBOX_MAX = 4096;
const WAIT_MS_MAX = 20_000;
const ENTRIES_MAX = 4096;

/** The council of 33 with votes of seconds. */
export function quick(council: string, voteS: number, deltaS: number): Constitution {
  const base = councilOf33(council);
  return { ...base, deltaS, clockErrorS: 60, classes: base.classes.map((rule) => ({ ...rule, prepareS: 0, voteS, revealS: rule.sealed ? voteS : 0, standstillS: 0 })) };
}

const keyOf = (name: string): NoteSigner => ({ name, ...signerOf(new Uint8Array(randomBytes(32))) });

interface Mailbox {
  readonly letters: { readonly at: number; readonly from: Address; readonly message: Message }[];
  wake: () => void;
  cosign: Message | undefined;
}

export interface ServedCouncil {
  readonly constitution: Constitution;
  readonly origin: string;
  readonly members: readonly HandedInKeys[];
}

export class CouncilServer {
  readonly council: ServedCouncil;
  readonly rules: ReplayRules;
  readonly log: NoteSigner;
  readonly secretariat: NoteSigner;
  readonly witnesses: readonly NoteSigner[];
  readonly genesis: string;
  readonly roll: string;
  readonly evidence: string[] = [];
  readonly complaints: string[] = [];
  /** What it says of every certified checkpoint, for checks of history. */
  readonly published: string[] = [];
  readonly refusedEntries: string[] = [];
  state: OperatorState;
  /** Seats whose letters it drops and whom it does not ask. */
  censored: ReadonlySet<number> = new Set();
  isStalling = false;
  readonly #server: Server;
  readonly #entries: string[] = [];
  readonly #mail = new Map<number, Mailbox>();
  #letters = 0;
  #timer: NodeJS.Timeout | undefined;
  url = '';

  constructor(council: ServedCouncil, tickMs = 100) {
    this.council = council;
    const { constitution, origin } = council;
    this.rules = new ReplayRules(suite, constitution, origin);
    this.log = keyOf(origin);
    this.secretariat = keyOf(`secretariat.${origin}`);
    this.witnesses = ['court', 'audit', 'university'].map((name) => keyOf(`witness.${name}.example`));
    this.roll = printRoll(this.#rollOf());
    this.genesis = printGenesis({ council: constitution.council, origin, constitution: digestOf(suite, printConstitution(constitution)), roll: digestOf(suite, this.roll), timeS: Math.floor(Date.now() / 1000) });
    this.#entries.push(this.genesis, this.roll);
    this.state = restoreOperator(this.rules, [{ kind: 'entries', entries: this.#entries }]);
    this.#server = createServer((request, response) => void this.#answer(request, response).catch(() => response.destroy()));
    this.#timer = setInterval(() => this.isStalling || this.operate({ kind: 'tick' }), tickMs);
  }

  get pin(): string {
    return digestOf(suite, this.genesis);
  }

  get prefix(): ReplayPrefix {
    return this.state.prefix as ReplayPrefix;
  }

  #rollOf(): Roll {
    const { constitution, origin, members } = this.council;
    const vkey = ({ name, publicKey }: NoteSigner, type: (typeof KEY_TYPES)[keyof typeof KEY_TYPES]): string => printVkey(verifierKey(suite, name, type, publicKey));
    const places = constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
    return {
      council: constitution.council,
      epoch: 1,
      previous: NO_PREVIOUS,
      log: vkey(this.log, KEY_TYPES.note),
      secretariat: vkey(this.secretariat, KEY_TYPES.note),
      outside: { needed: 2, keys: this.witnesses.map((one) => vkey(one, KEY_TYPES.cosignature)) },
      seats: places.map((constituency, index) => {
        const checked = checkMemberKeys(suite, members[index] as HandedInKeys, { council: constitution.council, origin, epoch: 1, who: { seat: index + 1 } });
        if (!checked.ok) throw new Error(`keys of seat ${index + 1}: ${JSON.stringify(checked.refusal)}`);
        const { mlDsa: _, ...keys } = checked.value;
        return { seat: index + 1, constituency, ...keys, domains: { hosting: 'one-machine', build: 'mizan' } };
      }),
      alternates: [],
    };
  }

  async listen(port = 0): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    const address = this.#server.address();
    this.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    return this.url;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const box of this.#mail.values()) box.wake();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  // -------------------------------------------------------------- the core

  get nowS(): number {
    return Math.floor(Date.now() / 1000);
  }

  operate(event: OperatorEvent): void {
    const step = stepOperator(this.rules, this.state, event, this.nowS);
    this.state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: OperatorEffect): void {
    if (effect.kind === 'sign-head') this.operate({ kind: 'head-signed', note: printNote(signNote(suite, effect.text, this.log)) });
    else if (effect.kind === 'send') this.#post('operator', effect.to, effect.message);
    else if (effect.kind === 'ask') {
      const { seat, note, headSize, from, certified } = effect;
      this.#post('operator', seat, { kind: 'cosign', note, from, entries: this.#entries.slice(from, Math.min(headSize, from + ENTRIES_MAX)), certified });
    } else if (effect.kind === 'persist') {
      for (const record of effect.records) if (record.kind === 'entries') this.#entries.push(...record.entries);
    } else if (effect.kind === 'ask-witnesses') {
      const note = parseNote(effect.note);
      if (note.ok) for (const witness of this.witnesses) this.operate({ kind: 'witnessed', text: note.value.text, line: printLine(cosign(suite, witness, note.value.text, this.nowS)) });
    } else if (effect.kind === 'publish') this.published.push(effect.note);
    else if (effect.kind === 'tell') this.refusedEntries.push(effect.entry);
  }

  /** Letters as a seat would send them that has its own ways. */
  slip(from: number, to: readonly Address[], message: Message): void {
    for (const each of to) this.#post(from, each, message);
  }

  #box(seat: number): Mailbox {
    const box = this.#mail.get(seat) ?? { letters: [], wake: () => undefined, cosign: undefined };
    this.#mail.set(seat, box);
    return box;
  }

  #post(from: Address, to: Address, message: Message): void {
    if (to === 'operator') {
      if (typeof from === 'number' && this.censored.has(from)) return;
      this.operate({ kind: 'received', from, message });
      return;
    }
    const box = this.#box(to);
    if (message.kind === 'cosign') box.cosign = message;
    else {
      box.letters.push({ at: (this.#letters += 1), from, message });
      if (box.letters.length > MAILBOX_MAX) box.letters.shift();
    }
    box.wake();
  }

  // -------------------------------------------------------------- HTTP

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const json = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const path = url.pathname.replace('/council/v1/', '');
    if (request.method === 'GET' && path === 'genesis') {
      json(200, { origin: this.council.origin, constitution: printConstitution(this.council.constitution), genesis: { index: 0, text: this.genesis }, roll: { index: 1, text: this.roll }, entriesBefore: 0 });
      return;
    }
    if (request.method === 'GET' && path === 'entries') {
      const from = Number(url.searchParams.get('from'));
      json(200, { from, size: this.#entries.length, entries: this.#entries.slice(from, from + ENTRIES_MAX) });
      return;
    }
    if (request.method === 'POST' && (path === 'evidence' || path === 'complaints')) {
      this[path].push(body.toString());
      if (path === 'evidence') this.operate({ kind: 'submitted', entry: body.toString() });
      json(202, {});
      return;
    }
    const seat = this.#seatOf(request, body);
    if (seat === undefined) json(401, { code: 'council-signature' });
    else if (request.method === 'GET' && path === 'inbox') await this.#inbox(seat, url, json);
    else if (request.method === 'POST' && path === 'outbox') {
      const { messages } = JSON.parse(body.toString()) as { messages: { to: Address; message: never }[] };
      for (const { to, message } of messages) {
        const read = readMessage(message);
        if (read !== undefined) this.#post(seat, to, read);
      }
      json(202, {});
    } else json(404, {});
  }

  #seatOf(request: IncomingMessage, body: Buffer): number | undefined {
    const header = request.headers[REQUEST_HEADER];
    const agents = this.prefix.state.roll?.agents;
    if (typeof header !== 'string' || agents === undefined) return undefined;
    const { council, clockErrorS } = this.council.constitution;
    const digest = requestDigest(suite, request.method ?? '', request.url ?? '', body);
    const read = openRequest(suite, Buffer.from(header, 'base64').toString(), agents, { council, digest, nowS: this.nowS, clockErrorS });
    return read.ok ? read.value.seat : undefined;
  }

  async #inbox(seat: number, url: URL, json: (status: number, value: unknown) => void): Promise<void> {
    const after = Number(url.searchParams.get('after') || 0);
    const box = this.#box(seat);
    const until = Date.now() + Math.min(WAIT_MS_MAX, Number(url.searchParams.get('wait')) * 1000);
    for (;;) {
      const letters = box.letters.filter(({ at }) => at > after).slice(0, 1024);
      const asked = box.cosign;
      if (letters.length > 0 || asked !== undefined || Date.now() >= until) {
        box.cosign = undefined;
        json(200, { cursor: String(letters.at(-1)?.at ?? after), messages: letters.map(({ from, message }) => ({ from, message })), cosign: asked ?? null });
        return;
      }
      await Promise.race([new Promise<void>((resolve) => (box.wake = resolve)), pause(Math.max(1, until - Date.now()))]);
    }
  }

  // -------------------------------------------------------------- what a secretariat does

  submit(...entries: readonly string[]): void {
    for (const entry of entries) this.operate({ kind: 'submitted', entry });
    this.operate({ kind: 'tick' });
  }

  /** Waits until it holds, looking at every tick; throws with what was waited for. */
  async until(what: string, holds: () => boolean, ms = 60_000): Promise<void> {
    for (const end = Date.now() + ms; !holds(); await pause(25)) if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
  }

  async certifiedHere(ms?: number): Promise<void> {
    await this.until('a certified checkpoint of the whole log', () => this.state.certified?.is.cut.size === this.prefix.size, ms);
  }

  /** Papers, slot roll, anchor and OPEN of a round that closes in `closesInS`. */
  async openRound(slot: string, closesInS: number, of: { readonly class?: string; readonly commitsInS?: number; readonly round?: number } = {}): Promise<Open> {
    const { constitution } = this.council;
    const round = { slot, round: of.round ?? 1 };
    const motionClass = of.class ?? 'standard';
    const texts = ['az', 'en', 'ru'].map((language) => ({ language, digest: digestOf(suite, `${language} ${slot}\n`) }));
    const motion = printMotion({ council: constitution.council, number: slot, option: 'A', class: motionClass, authentic: 'az', texts, annexes: [], basis: ['Article 12(1)'], parties: [] });
    const roll = this.prefix.state.roll;
    if (roll === undefined) throw new Error('no roll');
    const slotRoll = printSlotRoll(slotRollOf(roll, round, []));
    this.submit(motion, slotRoll);
    await this.certifiedHere();
    const opened = this.state.certified!.is.cut;
    this.submit(this.state.certified!.note);
    const nowS = this.nowS;
    const sealed = motionClass === 'contested';
    const open: Open = { council: constitution.council, epoch: 1, slotRoll: digestOf(suite, slotRoll), ...round, class: motionClass, sealed, options: [{ option: 'A', motion: digestOf(suite, motion) }], opened, closesS: nowS + closesInS, ...(sealed ? { commitsCloseS: nowS + (of.commitsInS ?? 1) } : {}) };
    this.submit(printNote(signNote(suite, printOpen(open), this.secretariat)));
    if (roundOf(this.prefix.state, round).open === undefined) throw new Error(`OPEN refused: ${this.refusedEntries.at(-1)}`);
    return open;
  }
}
