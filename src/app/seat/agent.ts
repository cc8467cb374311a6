/**
 * The agent of one seat: it carries out what the pure core decides, in the order it decides it. Intend, write to the disk, sign, release:
 * so after a crash at any point the same text is signed again and never another one.
 */

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../../base/index.ts';
import { cosign, fromBase64, originHash, parseVkey, printLine, printNote, signNote, utf8, type NoteLine, type NoteSigner } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import type { Choice } from '../../proof/council/ballot-text.ts';
import type { Address, Message } from '../../proof/council/messages.ts';
import type { RoundView } from '../../proof/council/rules.ts';
import type { ReplayPrefix, ReplayRules } from '../../proof/council/replay-rules.ts';
import { applyRecord, freshSeat, type Held, stepSeat, type SeatEffect, type SeatEvent, type SeatNotice, type SeatState, type Vote } from '../../proof/council/seat.ts';
import { doubleTexts, forkedOperator } from './found-evidence.ts';
import { openJournal, replaceDurably, type Disk, type Frame, type JournalFile, type Steward } from './journal.ts';
import { Mirror } from './mirror.ts';
import type { AgentKeys } from './seat-folder.ts';

/** Texts that wait for the steward's signature; far more rounds than may be open. */
const TO_SIGN_MAX = 1024;
const EVIDENCE_TOLD_MAX = 1024;
const STEWARD_ACTS_MAX = 4096;

export interface AgentParts {
  readonly rules: ReplayRules;
  readonly council: string;
  readonly origin: string;
  readonly seat: number;
  /** Digits of the pinned genesis: a journal belongs to one council. */
  readonly genesis: string;
  readonly folder: string;
  readonly keys: AgentKeys;
  /** Of this start, 32 hexadecimal digits. */
  readonly instance: string;
  clockS(): number;
  /** Hands a message to the carriers; never to this seat itself. */
  send(to: readonly Address[], message: Message): void;
  tell(notice: SeatNotice | 'evidence', round: string | undefined): void;
  /** A text for the log that proves a lie. */
  submitEvidence(text: string): void;
  /** A signer that is always at hand: only where a program stands in for the steward. */
  readonly standing?: NoteSigner;
  readonly disk?: Disk;
}

/** What the ballot key is asked to sign. The salt text's signature is a secret of the seat. */
export interface ToSign {
  readonly round: string;
  readonly text: string;
  readonly as: 'cast' | 'sealed-ballot' | 'salt';
}

export interface Decision {
  readonly round: string;
  readonly choice: Choice;
  readonly option?: string;
}

interface Sealing {
  readonly ballot: string;
  readonly saltText: string;
  note?: string;
  salt?: Uint8Array;
}

export class SeatAgent {
  readonly parts: AgentParts;
  readonly stewardActs: Steward[] = [];
  #state: SeatState;
  readonly #journal: JournalFile;
  readonly #mirror: Mirror;
  /** Ballot notes by the text they sign. */
  readonly #signed = new Map<string, string>();
  readonly #toSign = new Map<string, ToSign & { to: readonly Address[] }>();
  readonly #sealing = new Map<string, Sealing>();
  readonly #events: SeatEvent[] = [];
  readonly #toldEvidence = new Set<string>();
  #notices: SeatNotice[] = [];
  #isBusy = false;
  /** The log's own head that was cosigned last, to compare with another of the same size. */
  #head: string | undefined;
  #line: { readonly line: string; readonly timeS: number } | undefined;

  private constructor(parts: AgentParts) {
    this.parts = parts;
    this.#state = freshSeat(parts.rules, parts.seat, parts.instance);
    this.#mirror = new Mirror(parts.folder);
    this.#journal = openJournal(parts.folder, { genesis: parts.genesis, seat: parts.seat }, (frame) => this.#take(frame), parts.disk);
    this.#mirror.settle();
  }

  /** Reads the folder's journal. The state is that of the disk; `boot` follows where it is empty. */
  static open(parts: AgentParts): SeatAgent {
    mkdirSync(join(parts.folder, 'head'), { recursive: true, mode: 0o700 });
    return new SeatAgent(parts);
  }

  #take(frame: Frame): void {
    if (frame.kind === 'signed') this.#signed.set(frame.text, frame.note);
    else if (frame.kind === 'steward') this.#remember(frame.act);
    else if (frame.kind === 'records') {
      for (const record of frame.records) {
        this.#state = applyRecord(this.parts.rules, this.#state, record);
        if (record.kind === 'head') this.#mirror.add(record.entries);
      }
    }
  }

  #remember(act: Steward): void {
    this.stewardActs.push(act);
    if (this.stewardActs.length > STEWARD_ACTS_MAX) this.stewardActs.shift();
  }

  get state(): SeatState {
    return this.#state;
  }

  get prefix(): ReplayPrefix {
    return this.#state.prefix as ReplayPrefix;
  }

  get isEmpty(): boolean {
    return this.prefix.size === 0;
  }

  get journalBytes(): number {
    return this.#journal.bytes;
  }

  close(): void {
    this.#journal.close();
  }

  /** The first entries of the log up to the first roll, which the pinned genesis proves; once, in an empty folder. Answers whether the rules take them. */
  boot(entries: readonly string[]): boolean {
    assert(this.isEmpty, 'a seat starts once');
    const record = { kind: 'head', entries, stampS: 0 } as const;
    let prefix = this.parts.rules.empty;
    for (const entry of entries) {
      const next = this.parts.rules.extend(prefix, entry);
      if (!next.ok) return false;
      prefix = next.value;
    }
    if (prefix.state.roll === undefined) return false;
    this.#journal.append({ kind: 'records', records: [record] });
    this.#take({ kind: 'records', records: [record] });
    this.#mirror.settle();
    return true;
  }

  /** One event, and those that follow from it in this very process. Throws a Fault when the disk fails: then nothing more was signed. */
  handle(event: SeatEvent): readonly SeatNotice[] {
    this.#events.push(event);
    return this.#drain();
  }

  #drain(): readonly SeatNotice[] {
    if (this.#isBusy) return [];
    this.#isBusy = true;
    this.#notices = [];
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#step(next);
    } finally {
      this.#isBusy = false;
      this.#events.length = 0;
    }
    return this.#notices;
  }

  #step(event: SeatEvent): void {
    const asked = event.kind === 'received' && event.message.kind === 'cosign' ? event.message.note : undefined;
    const heldBefore = this.#state.held;
    const step = stepSeat(this.parts.rules, this.#state, event, this.parts.clockS());
    this.#state = step.state;
    const forked = step.effects.some((effect) => effect.kind === 'send' && effect.message.kind === 'refused' && effect.message.reason === 'fork');
    if (forked && asked !== undefined) this.#compareHeads(asked);
    if (asked !== undefined && step.effects.some(({ kind }) => kind === 'cosign')) this.#head = asked;
    for (const effect of step.effects) this.#perform(effect);
    for (const [round, held] of this.#state.held) if (held !== heldBefore.get(round)) this.#lookForLies(round, held);
  }

  #perform(effect: SeatEffect): void {
    if (effect.kind === 'persist') {
      this.#journal.append({ kind: 'records', records: effect.records });
      for (const record of effect.records) if (record.kind === 'head') this.#mirror.add(record.entries);
      this.#mirror.settle();
    } else if (effect.kind === 'send') this.#send(effect.to, effect.message);
    else if (effect.kind === 'cosign') this.#cosign(effect.text, effect.timeS);
    else if (effect.kind === 'sign') this.#sign(effect);
    else if (effect.kind === 'seal') this.#askSeal(effect);
    else {
      this.#notices.push(effect.notice);
      this.parts.tell(effect.notice, effect.round);
    }
  }

  #send(to: readonly Address[], message: Message): void {
    const { seat } = this.parts;
    if (to.includes(seat)) this.#events.push({ kind: 'received', from: seat, message });
    const others = to.filter((each) => each !== seat);
    if (others.length > 0) this.parts.send(others, message);
  }

  /** Both kinds of cosignature for the file that others fetch; the message carries the one that the roll names. */
  #cosign(text: string, timeS: number): void {
    const { keys, folder, origin } = this.parts;
    const line = cosign(suite, keys.cosign, text, timeS);
    this.#line = { line: printLine(line), timeS };
    replaceDurably(join(folder, 'head', originHash(suite, origin)), printNote({ text, lines: [line] }));
    this.#send(['operator'], { kind: 'cosigned', text, line: printLine(line) });
  }

  /** The same request answered at once, for a server that asked directly; undefined where the seat refuses. */
  cosigned(message: Extract<Message, { kind: 'cosign' }>): { readonly line: string; readonly timeS: number } | undefined {
    this.#line = undefined;
    this.handle({ kind: 'received', from: 'operator', message });
    return this.#line;
  }

  // -------------------------------------------------------------- the ballot key

  #sign({ key, text, as, to }: Extract<SeatEffect, { kind: 'sign' }>): void {
    if (key === 'agent') {
      this.#send(to, { kind: as, note: printNote(signNote(suite, text, this.parts.keys.agent)) });
      return;
    }
    const known = this.#signed.get(text);
    if (known !== undefined) this.#send(to, { kind: as, note: known });
    else if (this.parts.standing !== undefined) this.#signedCast(text, printNote(signNote(suite, text, this.parts.standing)), to);
    else if (this.#toSign.size < TO_SIGN_MAX) this.#toSign.set(text, { round: this.#roundOf(text), text, as: 'cast', to });
  }

  #signedCast(text: string, note: string, to: readonly Address[]): void {
    this.#journal.append({ kind: 'signed', text, note });
    this.#signed.set(text, note);
    this.#toSign.delete(text);
    this.#send(to, { kind: 'cast', note });
  }

  #roundOf(text: string): string {
    const found = /^slot ([^ \n]+) round ([0-9]+)$/m.exec(text);
    return found === null ? '' : `${found[1]} ${found[2]}`;
  }

  #askSeal({ round, ballot, saltText }: Extract<SeatEffect, { kind: 'seal' }>): void {
    const { standing } = this.parts;
    if (standing !== undefined) {
      const salt = suite.sha256(standing.sign(utf8(saltText)));
      this.#events.push({ kind: 'sealed', round, note: printNote(signNote(suite, ballot, standing)), salt });
      return;
    }
    if (this.#sealing.has(round)) return;
    this.#sealing.set(round, { ballot, saltText });
    this.#toSign.set(ballot, { round, text: ballot, as: 'sealed-ballot', to: [] });
    this.#toSign.set(saltText, { round, text: saltText, as: 'salt', to: [] });
  }

  /** What waits for the steward's device. */
  toSign(round?: string): readonly ToSign[] {
    return [...this.#toSign.values()].filter((each) => round === undefined || each.round === round).map(({ round: of, text, as }) => ({ round: of, text, as }));
  }

  /** Takes a signature (base64 of 64 bytes) that the ballot key made of a text in `toSign`. Answers whether it is one. */
  signed(text: string, signature: string): boolean {
    const wanted = this.#toSign.get(text);
    const bytes = fromBase64(signature);
    const line = wanted === undefined || bytes === undefined ? undefined : this.#lineOf(wanted, bytes);
    if (wanted === undefined || bytes === undefined || line === undefined) return false;
    const note = printNote({ text, lines: [line] });
    if (wanted.as === 'cast') {
      this.#signedCast(text, note, wanted.to);
      // The own agent holds the ballot too: what was sent to oneself is an event.
      this.#drain();
      return true;
    }
    this.#toSign.delete(text);
    const sealing = this.#sealing.get(wanted.round);
    if (sealing === undefined) return true;
    if (wanted.as === 'salt') sealing.salt = suite.sha256(bytes);
    else sealing.note = note;
    if (sealing.note !== undefined && sealing.salt !== undefined) {
      this.#sealing.delete(wanted.round);
      this.handle({ kind: 'sealed', round: wanted.round, note: sealing.note, salt: sealing.salt });
    }
    return true;
  }

  #lineOf(wanted: ToSign, signature: Uint8Array): NoteLine | undefined {
    const vkey = this.prefix.state.roll?.roll.seats[this.parts.seat - 1]?.ballot;
    const key = vkey === undefined ? undefined : parseVkey(suite, vkey);
    if (key?.ok !== true || !suite.verify(key.value.publicKey, utf8(wanted.text), signature)) return undefined;
    return { name: key.value.name, id: key.value.id, signature };
  }

  /** The steward's decision: written down with its reason, then given to the core. Answers what the core said. */
  decide(decision: Decision, act: Omit<Steward, 'round' | 'choice' | 'option' | 'timeS'>): readonly SeatNotice[] {
    const before = this.voteOf(decision.round);
    const notices = this.handle({ kind: 'decided', ...decision });
    if (notices.includes('voted') && before === undefined) {
      const steward: Steward = { ...decision, ...act, timeS: this.parts.clockS() };
      this.#journal.append({ kind: 'steward', act: steward });
      this.#remember(steward);
    }
    return notices;
  }

  // -------------------------------------------------------------- what it sees

  voteOf(round: string): Vote | undefined {
    return [...this.#state.votes.values()].findLast((vote) => vote.round === round);
  }

  receiptsOf(round: string): ReadonlySet<number> {
    const epoch = this.prefix.rounds.get(round)?.open.epoch ?? 0;
    return this.#state.receipts.get(`${epoch} ${round}`) ?? new Set();
  }

  get openRounds(): readonly (readonly [string, RoundView])[] {
    return [...this.prefix.rounds].filter(([, view]) => view.outcome === undefined);
  }

  #submit(text: string): void {
    if (this.#toldEvidence.has(text) || this.#toldEvidence.size >= EVIDENCE_TOLD_MAX) return;
    this.#toldEvidence.add(text);
    this.parts.tell('evidence', undefined);
    this.parts.submitEvidence(text);
  }

  #lookForLies(round: string, held: readonly Held[]): void {
    const { council } = this.parts;
    const epoch = this.prefix.rounds.get(round)?.open.epoch;
    if (epoch === undefined) return;
    for (const { text } of doubleTexts({ council, epoch }, held)) this.#submit(text);
  }

  #compareHeads(theirs: string): void {
    const { council, origin } = this.parts;
    const text = this.#head === undefined ? undefined : forkedOperator({ council, epoch: this.prefix.epoch, origin }, this.#head, theirs);
    if (text !== undefined) this.#submit(text);
  }

  /** Evidence that a server answered with a refusal or never took is offered again at the next occasion. */
  forgetEvidence(text: string): void {
    this.#toldEvidence.delete(text);
  }
}
