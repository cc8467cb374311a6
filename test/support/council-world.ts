/** A council of 33 with real or given keys that writes a log entry by entry, for tests: every entry goes through the rule that seats run. */

import { createHash } from 'node:crypto';
import { base64, utf8 } from '../../src/proof/bytes.ts';
import { printCheckpoint } from '../../src/proof/checkpoint.ts';
import { commitSealed, printSealed } from '../../src/proof/commitment.ts';
import { cosign } from '../../src/proof/cosignature.ts';
import { inclusionProof, leafHash, nodesInMemory, treeRoot } from '../../src/proof/merkle.ts';
import { signerOf } from '../../src/proof/node-suite.ts';
import { KEY_TYPES, addLines, printNote, printVkey, signNote, verifierKey } from '../../src/proof/note.ts';
import type { KeyType, NoteSigner } from '../../src/proof/note.ts';
import type { ProofRefusal } from '../../src/proof/refusals.ts';
import type { Suite } from '../../src/proof/suite.ts';
import type { Verdict } from '../../src/base/index.ts';
import { printBallot, printCommit } from '../../src/proof/council/ballot-text.ts';
import type { Choice } from '../../src/proof/council/ballot-text.ts';
import { DECISION_FORMAT, NOT_CARRIED_FORMAT } from '../../src/proof/council/bundle.ts';
import type { Decision, NotCarried, Pin, RollChange } from '../../src/proof/council/bundle.ts';
import { printClose, printCommitsClose } from '../../src/proof/council/close-text.ts';
import type { Close } from '../../src/proof/council/close-text.ts';
import { councilOf33, printConstitution } from '../../src/proof/council/constitution.ts';
import type { Constitution } from '../../src/proof/council/constitution.ts';
import type { Round } from '../../src/proof/council/lines.ts';
import { digestOf, emptyLog, roundOf } from '../../src/proof/council/log-state.ts';
import type { Anchored, LogState } from '../../src/proof/council/log-state.ts';
import { printGenesis } from '../../src/proof/council/log-texts.ts';
import { printMotion } from '../../src/proof/council/motion-text.ts';
import type { Motion } from '../../src/proof/council/motion-text.ts';
import { ballotOf, printOpen } from '../../src/proof/council/open-text.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import { printOutcome } from '../../src/proof/council/outcome-text.ts';
import { memberName, slotRollOf } from '../../src/proof/council/admitted-roll.ts';
import type { AdmittedRoll } from '../../src/proof/council/admitted-roll.ts';
import { step } from '../../src/proof/council/replay.ts';
import { NO_PREVIOUS, printRoll } from '../../src/proof/council/roll-text.ts';
import type { Roll } from '../../src/proof/council/roll-text.ts';
import type { Person } from '../../src/proof/council/seat-texts.ts';
import { printSlotRoll } from '../../src/proof/council/slot-roll-text.ts';

export const ORIGIN = 'council.example';
export const START_S = Date.UTC(2027, 0, 4, 9) / 1000;
export const DAY_S = 86_400;
export const SEATS: readonly number[] = Array.from({ length: 33 }, (_, index) => index + 1);
export const TEXTS = { az: 'Sistemə icazə verilsin.\n', en: 'The system is authorised.\n', ru: 'Система разрешается.\n' };

/** The secret of a key of this world, 32 bytes: for signatures that no honest signer makes. */
export const seedOf = (name: string, salt = ''): Uint8Array => new Uint8Array(createHash('sha256').update(`test key ${salt}${name}`).digest());

/** A key of this world, found again from its name alone. `salt` gives another key under the same name. */
export function keyOf(name: string, salt = ''): NoteSigner {
  return { name, ...signerOf(seedOf(name, salt)) };
}

const vkey = (suite: Suite, name: string, type: KeyType, salt = ''): string => printVkey(verifierKey(suite, name, type, keyOf(name, salt).publicKey));

function memberKeys(suite: Suite, who: Person, salt = ''): Pick<Roll['seats'][number], 'identity' | 'ballot' | 'cosign' | 'agent' | 'mlDsaDigest'> {
  const name = `${memberName(who)}.${ORIGIN}`;
  return {
    identity: base64(keyOf(`identity.${name}`, salt).publicKey),
    ballot: vkey(suite, `ballot.${name}`, KEY_TYPES.note, salt),
    cosign: vkey(suite, name, KEY_TYPES.cosignature, salt),
    agent: vkey(suite, `agent.${name}`, KEY_TYPES.note, salt),
    mlDsaDigest: createHash('sha256').update(`ML-DSA key of ${name}`).digest('hex'),
  };
}

export const OUTSIDE = ['witness.court.example', 'witness.audit.example', 'witness.university.example'];

export function rollOf33(suite: Suite, constitution: Constitution = councilOf33(ORIGIN)): Roll {
  const places = constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
  return {
    council: constitution.council,
    epoch: 1,
    previous: NO_PREVIOUS,
    log: vkey(suite, ORIGIN, KEY_TYPES.note),
    secretariat: vkey(suite, `secretariat.${ORIGIN}`, KEY_TYPES.note),
    outside: { needed: 2, keys: OUTSIDE.map((name) => vkey(suite, name, KEY_TYPES.cosignature)) },
    seats: places.map((constituency, index) => ({
      seat: index + 1,
      constituency,
      ...memberKeys(suite, { seat: index + 1 }),
      domains: { employer: `employer-${index % 11}`, hosting: `hosting-${index % 4}`, build: 'mizan', model: `family-${index % 11}` },
    })),
    alternates: constitution.constituencies.flatMap(({ name }) => [1, 2].map((rank) => ({ constituency: name, rank, ...memberKeys(suite, { constituency: name, rank }) }))),
  };
}

export class CouncilWorld {
  readonly suite: Suite;
  readonly constitution: Constitution;
  /** The first roll, which the genesis names. */
  readonly roll: string;
  readonly entries: Uint8Array[] = [];
  state: LogState;
  /** The roll in force, and how it came from the first. */
  current: string;
  readonly changes: RollChange[] = [];
  /** Seats whose cosigning and ballot keys are not their first: under this salt. */
  readonly #salts = new Map<number, string>();

  constructor(suite: Suite, constitution: Constitution = councilOf33(ORIGIN)) {
    this.suite = suite;
    this.constitution = constitution;
    this.state = emptyLog(constitution);
    this.roll = printRoll(rollOf33(suite, constitution));
    this.current = this.roll;
    const digest = (text: string): string => digestOf(suite, text);
    this.add(printGenesis({ council: constitution.council, origin: ORIGIN, constitution: digest(printConstitution(constitution)), roll: digest(this.roll), timeS: START_S }));
    this.add(this.roll);
  }

  get pin(): Pin {
    return { constitution: this.constitution, epoch: 1, roll: digestOf(this.suite, this.roll) };
  }

  /** What the rule says about an entry, without taking it. */
  try(entry: string): Verdict<LogState, ProofRefusal> {
    return step(this.suite, this.state, this.entries.length, utf8(entry));
  }

  /** Appends an entry that has to be valid; answers its index. */
  add(entry: string): number {
    const next = this.try(entry);
    if (!next.ok) throw new Error(`refused: ${JSON.stringify(next.refusal)}\n${entry}`);
    this.state = next.value;
    return this.entries.push(utf8(entry)) - 1;
  }

  /** A checkpoint of the log as it is, cosigned at `timeS` by these seats and by these outside. */
  checkpoint(timeS: number, seats: readonly number[] = SEATS, outside: readonly string[] = OUTSIDE, tree = this.state.tree, also: readonly NoteSigner[] = []): string {
    const text = printCheckpoint({ origin: ORIGIN, size: tree.size, root: treeRoot(this.suite, tree) });
    const keys = [...seats.map((seat) => keyOf(`${memberName({ seat })}.${ORIGIN}`, this.#salts.get(seat))), ...outside.map((name) => keyOf(name)), ...also];
    return printNote(addLines(signNote(this.suite, text, keyOf(ORIGIN)), ...keys.map((key) => cosign(this.suite, key, text, timeS))));
  }

  /** Appends a checkpoint of the log as it is as an anchor. */
  anchor(timeS: number, seats: readonly number[] = SEATS.slice(0, 22)): Anchored {
    this.add(this.checkpoint(timeS, seats, OUTSIDE.slice(0, 2)));
    return this.state.anchors.at(-1) as Anchored;
  }

  motionOf(round: Round, of: Partial<Motion> = {}): string {
    const texts = Object.entries(TEXTS).map(([language, text]) => ({ language, digest: digestOf(this.suite, text) }));
    return printMotion({ council: this.constitution.council, number: round.slot, option: 'A', class: 'standard', authentic: 'az', texts, annexes: [], basis: ['Article 12(1)'], parties: ['ministry-of-example'], ...of });
  }

  /** A note by the ballot keys of these seats. */
  byBallotKeys(text: string, seats: readonly number[]): string {
    return printNote(signNote(this.suite, text, ...seats.map((seat) => keyOf(`ballot.${memberName({ seat })}.${ORIGIN}`, this.#salts.get(seat)))));
  }

  bySecretariat(text: string): string {
    return printNote(signNote(this.suite, text, keyOf(`secretariat.${ORIGIN}`)));
  }

  /** Papers, slot roll and OPEN of a round that votes from `fromS`; answers OPEN and its index. */
  openRound(round: Round, fromS: number, of: Partial<Open> = {}, motions: readonly string[] = [this.motionOf(round, { class: of.class ?? 'standard' })]): { readonly open: Open; readonly note: string; readonly index: number } {
    const { note, open } = this.prepare(round, fromS, of, motions);
    return { open, note, index: this.add(note) };
  }

  /** The same up to OPEN, which is signed and not yet added. */
  prepare(round: Round, fromS: number, of: Partial<Open> = {}, motions: readonly string[] = [this.motionOf(round, { class: of.class ?? 'standard' })]): { readonly open: Open; readonly note: string } {
    const roll = this.state.roll;
    if (roll === undefined) throw new Error('no roll');
    for (const motion of motions) this.add(motion);
    const slotRoll = printSlotRoll(slotRollOf(roll, round, roundOf(this.state, round).recusals.map(({ value }) => value)));
    this.add(slotRoll);
    this.anchor(fromS - 30 * DAY_S);
    this.add('mizan-log/event/v1\n{"act":"papers"}\n');
    const { size, root } = this.anchor(fromS);
    const options = motions.map((motion, index) => ({ option: 'ABCDEFGH'.charAt(index), motion: digestOf(this.suite, motion) }));
    const open: Open = { council: this.constitution.council, epoch: roll.roll.epoch, slotRoll: digestOf(this.suite, slotRoll), ...round, class: 'standard', sealed: false, options, opened: { size, root }, closesS: fromS + 14 * DAY_S, ...of };
    return { open, note: this.bySecretariat(printOpen(open)) };
  }

  ballot(open: Open, seats: readonly number[], choice: Choice, option = 'A'): string {
    const ballot = ballotOf(open, choice, option);
    if (ballot === undefined) throw new Error('no such option');
    return this.byBallotKeys(printBallot(ballot), seats);
  }

  /** The salted ballot of one seat in a sealed round, and its commitment. */
  sealed(open: Open, seat: number, choice: Choice): { readonly commit: string; readonly reveal: string } {
    const salt = createHash('sha256').update(`salt ${seat}`).digest();
    const sealed = { seat, slot: open.slot, round: open.round, salt: new Uint8Array(salt), ballot: this.ballot(open, [seat], choice) };
    const { council, epoch, slotRoll, slot, round } = open;
    const commitment = Buffer.from(commitSealed(this.suite, sealed)).toString('hex');
    return { commit: this.byBallotKeys(printCommit({ council, epoch, slotRoll, slot, round, commitment }), [seat]), reveal: printSealed(sealed) };
  }

  /** The CLOSE that an anchor allows. */
  closeOf(open: Open, anchor: Anchored): Close {
    const { council, epoch, slotRoll, slot, round } = open;
    return { council, epoch, slotRoll, slot, round, cut: { size: anchor.size, root: anchor.root }, anchor: anchor.index, timeS: anchor.timeS };
  }

  commitsClose(open: Open, timeS: number): number {
    return this.add(printCommitsClose(this.closeOf(open, this.anchor(timeS))));
  }

  /** Anchors the cut, closes, counts; answers the indexes. */
  closeRound(open: Open, timeS: number): { readonly close: number; readonly outcome: number } {
    const close = this.add(printClose(this.closeOf(open, this.anchor(timeS))));
    const outcome = roundOf(this.state, open).close?.outcome;
    if (outcome === undefined) throw new Error('not closed');
    return { close, outcome: this.add(printOutcome(outcome)) };
  }

  /**
   * Votes other people into these seats, waits, enters the next roll and hands over to it. The old and the new key of a seat cosign the
   * first checkpoint above it.
   */
  nextEpoch(seats: readonly number[], fromS: number): RollChange {
    const before = this.state.roll as AdmittedRoll;
    const epoch = before.roll.epoch + 1;
    const salt = `epoch ${epoch} `;
    const next = printRoll({ ...before.roll, epoch, previous: before.digest, seats: before.roll.seats.map((seat) => (seats.includes(seat.seat) ? { ...seat, ...memberKeys(this.suite, { seat: seat.seat }, salt) } : seat)) });
    const round = { slot: `epoch/${epoch}`, round: 1 };
    const manifest = this.motionOf(round, { class: 'constitutional', annexes: [{ digest: digestOf(this.suite, next), bytes: utf8(next).length, type: 'text/plain' }] });
    const { open, index } = this.openRound(round, fromS, { class: 'constitutional' }, [manifest]);
    const ballots = this.add(this.ballot(open, SEATS.slice(3, 28), 'yes'));
    const closed = this.closeRound(open, open.closesS);
    const inForceS = open.closesS + 14 * DAY_S;
    this.anchor(inForceS + 60);
    const at = this.add(next);
    const voters = SEATS.slice(0, 22);
    const old = voters.filter((seat) => seats.includes(seat)).map((seat) => keyOf(`${memberName({ seat })}.${ORIGIN}`, this.#salts.get(seat)));
    for (const seat of seats) this.#salts.set(seat, salt);
    const checkpoint = this.checkpoint(inForceS + 3600, voters, OUTSIDE.slice(0, 2), this.state.tree, old);
    const { format: _format, ...papers } = this.decision({ open: index, ballots, ...closed }, manifest, inForceS);
    const change = { ...papers, checkpoint, proofs: { ...papers.proofs, next: this.#proof(at) } };
    this.add(checkpoint);
    this.current = next;
    this.changes.push(change);
    return change;
  }

  /** Where an entry lies in the tree as it is now. */
  #proof(index: number, nodes = nodesInMemory(this.suite, this.entries.map((entry) => leafHash(this.suite, entry)))): Decision['proofs']['open'] {
    return { index, hashes: inclusionProof(this.suite, nodes, index, this.entries.length).map((hash) => base64(hash)) };
  }

  /** The file of a vote that carried nothing. */
  notCarried(at: { readonly open: number; readonly close: number; readonly outcome: number }, manifest: string, timeS: number): NotCarried {
    const { ballots: _ballots, proofs: { ballots: _proof, ...proofs }, ...papers } = this.decision({ ...at, ballots: at.open }, manifest, timeS);
    return { ...papers, format: NOT_CARRIED_FORMAT, proofs };
  }

  /** The file of a carried decision, under a checkpoint of the whole log. */
  decision(at: { readonly open: number; readonly ballots: number; readonly close: number; readonly outcome: number }, manifest: string, timeS: number): Decision {
    const nodes = nodesInMemory(this.suite, this.entries.map((entry) => leafHash(this.suite, entry)));
    const text = (index: number): string => Buffer.from(this.entries[index] as Uint8Array).toString();
    const proof = (index: number): Decision['proofs']['open'] => this.#proof(index, nodes);
    const slotRolls = this.entries.findLast((entry) => Buffer.from(entry).toString().startsWith('mizan-council/slot-roll/v1\n'));
    return {
      format: DECISION_FORMAT,
      roll: this.current,
      slotRoll: Buffer.from(slotRolls as Uint8Array).toString(),
      motion: { manifest, texts: TEXTS },
      open: text(at.open),
      ballots: text(at.ballots),
      close: text(at.close),
      outcome: text(at.outcome),
      checkpoint: this.checkpoint(timeS, SEATS.slice(0, 22), OUTSIDE.slice(0, 2)),
      proofs: { open: proof(at.open), ballots: proof(at.ballots), close: proof(at.close), outcome: proof(at.outcome) },
    };
  }
}

/** A council that authorised something by 25 yes; everything a verifier needs. */
export function carriedDecision(suite: Suite, yes: readonly number[] = SEATS.slice(0, 25), slot = '2027-014', motionClass = 'standard'): { readonly world: CouncilWorld; readonly decision: Decision; readonly open: Open } {
  const world = new CouncilWorld(suite);
  const round = { slot, round: 1 };
  const fromS = START_S + 60 * DAY_S;
  const manifest = world.motionOf(round, { class: motionClass });
  const { open, index } = world.openRound(round, fromS, { class: motionClass }, [manifest]);
  world.add(world.ballot(open, [yes[0] ?? 1], 'yes'));
  const ballots = world.add(world.ballot(open, yes, 'yes'));
  world.add(world.ballot(open, SEATS.filter((seat) => !yes.includes(seat)).slice(0, 3), 'no'));
  const closed = world.closeRound(open, open.closesS + 60);
  return { world, open, decision: world.decision({ open: index, ballots, ...closed }, manifest, open.closesS + 3600) };
}
