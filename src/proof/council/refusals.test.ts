import { describe, expect, it } from 'vitest';
import { CouncilWorld, DAY_S, ORIGIN, SEATS, START_S, carriedDecision, keyOf, rollOf33 } from '../../../test/support/council-world.ts';
import { utf8 } from '../bytes.ts';
import { commitSealed, printSealed } from '../commitment.ts';
import { cosign } from '../cosignature.ts';
import { emptyRoot } from '../merkle.ts';
import { nodeSuite } from '../node-suite.ts';
import { KEY_TYPES, parseVkey, printNote, printVkey, signNote, verifierKey } from '../note.ts';
import { printCheckpoint } from '../checkpoint.ts';
import { parseDecision, verifyDecision } from './bundle.ts';
import { certify } from './certificate.ts';
import { admitRoll, slotRing } from './admitted-roll.ts';
import type { AdmittedRoll } from './admitted-roll.ts';
import { checkConstitution, councilOf33 } from './constitution.ts';
import { OPEN_ROUNDS_MAX, digestOf, roundOf } from './log-state.ts';
import { printEvidence } from './log-texts.ts';
import { printBallot, printCommit } from './ballot-text.ts';
import { ballotOf, printOpen } from './open-text.ts';
import { printClose } from './close-text.ts';
import { PersistentMap } from './persistent-map.ts';
import { step } from './replay.ts';
import { printRoll } from './roll-text.ts';
import { checkPossession, possessionOrigin, printComplaint, printKey, printPossession, printRecusal } from './seat-texts.ts';

const HEAD = { council: ORIGIN, epoch: 1 };
const FROM_S = START_S + 60 * DAY_S;
const TEXTS = [{ language: 'az', digest: 'a'.repeat(64) }];
const code = (verdict: { readonly ok: boolean; readonly refusal?: { readonly code: string } }): string => verdict.refusal?.code ?? 'ok';

describe('a roll that changes', () => {
  /** The world after a carried vote on this roll and its standstill. */
  function voted(changed: (roll: ReturnType<typeof rollOf33>) => ReturnType<typeof rollOf33>): { readonly world: CouncilWorld; readonly next: string } {
    const world = new CouncilWorld(nodeSuite);
    const next = printRoll(changed({ ...rollOf33(nodeSuite), epoch: 2, previous: world.pin.roll }));
    const round = { slot: 'epoch/2', round: 1 };
    const motion = world.motionOf(round, { class: 'constitutional', annexes: [{ digest: digestOf(nodeSuite, next), bytes: utf8(next).length, type: 'text/plain' }] });
    const { open } = world.openRound(round, FROM_S, { class: 'constitutional' }, [motion]);
    world.add(world.ballot(open, SEATS.slice(0, 22), 'yes'));
    world.closeRound(open, open.closesS);
    world.anchor(open.closesS + 15 * DAY_S);
    return { world, next };
  }
  const identities = (count: number) => (roll: ReturnType<typeof rollOf33>): ReturnType<typeof rollOf33> => ({
    ...roll,
    seats: roll.seats.map((seat, index) => (index < count ? { ...seat, identity: Buffer.from(keyOf(`identity.${index}`, 'new').publicKey).toString('base64') } : seat)),
  });

  it('changes at most ten seats', () => {
    const eleven = voted(identities(11));
    expect(code(eleven.world.try(eleven.next))).toBe('roll-changes');
    const ten = voted(identities(10));
    expect(code(ten.world.try(ten.next))).toBe('ok');
  });

  it('keeps the log and waits for open rounds', () => {
    const logKey = printVkey(verifierKey(nodeSuite, ORIGIN, KEY_TYPES.note, keyOf(ORIGIN, 'new').publicKey));
    const other = voted((roll) => ({ ...roll, log: logKey }));
    expect(code(other.world.try(other.next))).toBe('roll-origin');
    const { world, next } = voted(identities(1));
    world.openRound({ slot: 'between', round: 1 }, FROM_S + 120 * DAY_S);
    expect(code(world.try(next))).toBe('roll-round-open');
  });
});

describe('a certificate', () => {
  it('is of this log and signed by it', () => {
    const world = new CouncilWorld(nodeSuite);
    const admitted = world.state.roll as AdmittedRoll;
    const whole = world.checkpoint(START_S);
    const unsigned = whole.split('\n').filter((line) => !line.startsWith(`— ${ORIGIN} `)).join('\n');
    const text = printCheckpoint({ origin: 'other.example', size: 0, root: emptyRoot(nodeSuite) });
    expect(code(certify(nodeSuite, whole, [admitted], 22))).toBe('ok');
    expect(code(certify(nodeSuite, unsigned, [admitted], 22))).toBe('certificate-log-signature');
    expect(code(certify(nodeSuite, printNote(signNote(nodeSuite, text, keyOf(ORIGIN))), [admitted], 22))).toBe('certificate-origin');
  });

  it('counts under both rolls at a handover', () => {
    const world = new CouncilWorld(nodeSuite);
    const old = world.state.roll as AdmittedRoll;
    const roll = rollOf33(nodeSuite);
    const seats = roll.seats.map((seat, index) => (index < 10 ? { ...seat, cosign: printVkey(verifierKey(nodeSuite, `seat${String(index + 1).padStart(2, '0')}.${ORIGIN}`, KEY_TYPES.cosignature, keyOf(`x${index}`, 'new').publicKey)) } : seat));
    const next = admitRoll(nodeSuite, world.constitution, printRoll({ ...roll, epoch: 2, previous: old.digest, seats }));
    if (!next.ok) throw new Error(next.refusal.code);
    const byOld = world.checkpoint(START_S, SEATS.slice(0, 22), undefined);
    expect(code(certify(nodeSuite, byOld, [old], 22))).toBe('ok');
    expect(code(certify(nodeSuite, byOld, [old, next.value], 22))).toBe('certificate-quorum');
    expect(code(certify(nodeSuite, world.checkpoint(START_S, SEATS.slice(10)), [old, next.value], 22))).toBe('ok');
  });
});

describe('keys', () => {
  it('enter with a proof of possession', () => {
    const note = verifierKey(nodeSuite, `ballot.seat01.${ORIGIN}`, KEY_TYPES.note, keyOf(`ballot.seat01.${ORIGIN}`).publicKey);
    const expected = { ...HEAD, who: { seat: 1 }, vkey: printVkey(note) };
    const signed = printNote(signNote(nodeSuite, printPossession(expected), keyOf(note.name)));
    expect(code(checkPossession(nodeSuite, signed, note, expected, ORIGIN))).toBe('ok');
    expect(code(checkPossession(nodeSuite, signed, note, { ...expected, epoch: 2 }, ORIGIN))).toBe('possession-text');
    const key = verifierKey(nodeSuite, `seat01.${ORIGIN}`, KEY_TYPES.cosignature, keyOf(`seat01.${ORIGIN}`).publicKey);
    const text = printCheckpoint({ origin: possessionOrigin(ORIGIN, 1, { seat: 1 }), size: 0, root: emptyRoot(nodeSuite) });
    const cosigned = printNote({ text, lines: [cosign(nodeSuite, keyOf(`seat01.${ORIGIN}`), text, 1)] });
    expect(code(checkPossession(nodeSuite, cosigned, key, expected, ORIGIN))).toBe('ok');
    expect(code(checkPossession(nodeSuite, cosigned, key, { ...expected, epoch: 2 }, ORIGIN))).toBe('possession-text');
  });

  it('of the roll only are logged, and a slot roll has no strangers', () => {
    const world = new CouncilWorld(nodeSuite);
    expect(code(world.try(printKey({ ...HEAD, who: { seat: 1 }, vkey: rollOf33(nodeSuite).log })))).toBe('key-not-in-roll');
    const admitted = world.state.roll as AdmittedRoll;
    const seats = rollOf33(nodeSuite).seats.map(({ constituency, ballot }) => ({ constituency, ballotKey: ballot }));
    const stranger = printVkey(verifierKey(nodeSuite, 'ballot.stranger', KEY_TYPES.note, keyOf('stranger').publicKey));
    const slotRoll = { ...HEAD, roll: admitted.digest, slot: 'x', round: 1, seats: seats.with(0, { constituency: 'civil-society', ballotKey: stranger }) };
    expect(code(slotRing(nodeSuite, admitted, slotRoll))).toBe('slot-roll-stranger');
  });
});

describe('rounds', () => {
  it('have an order', () => {
    const world = new CouncilWorld(nodeSuite);
    expect(code(step(nodeSuite, world.state, 5, utf8('x\n')))).toBe('entry-index');
    const second = world.prepare({ slot: 'a', round: 2 }, FROM_S);
    expect(code(world.try(second.note))).toBe('open-round-before');
    const { open } = world.openRound({ slot: 'b', round: 1 }, FROM_S + 40 * DAY_S);
    const before = world.state.anchors.at(-1);
    expect(code(world.try(printClose({ ...world.closeOf(open, before!) })))).toBe('close-before-open');
    world.add(world.ballot(open, SEATS, 'yes'));
    world.closeRound(open, open.closesS);
    const confirm = world.prepare({ slot: 'b/confirm', round: 1 }, open.closesS + 31 * DAY_S);
    expect(code(world.try(confirm.note))).toBe('open-confirm-demand');
    world.add(world.byBallotKeys(printComplaint({ ...HEAD, slot: 'b', round: 1, kind: 'confirm', texts: TEXTS }), SEATS.slice(0, 11)));
    expect(code(world.try(confirm.note))).toBe('open-confirm-late');
    expect(roundOf(world.state, confirm.open).open).toBeUndefined();
    expect(code(world.try(world.bySecretariat(printOpen({ ...confirm.open, slot: 'c/confirm' }))))).toBe('open-slot-roll');
  });
});

describe('what is rare', () => {
  it('has its name too', () => {
    const world = new CouncilWorld(nodeSuite);
    const { note } = world.prepare({ slot: 'a', round: 1 }, FROM_S);
    const busy = { ...world.state, openRounds: Array.from({ length: OPEN_ROUNDS_MAX }, (_, at) => `b/${at} 1`) };
    expect(code(step(nodeSuite, busy, busy.tree.size, utf8(note)))).toBe('open-too-many');
  });

  it('a ballot of another seat under the own seal', () => {
    const world = new CouncilWorld(nodeSuite);
    const { open } = world.openRound({ slot: 'a', round: 1 }, FROM_S, { class: 'contested', sealed: true, commitsCloseS: FROM_S + 10 * DAY_S });
    const { council, epoch, slotRoll, slot, round } = open;
    const stolen = { seat: 5, slot, round, salt: new Uint8Array(32), ballot: world.ballot(open, [6], 'yes') };
    const commitment = Buffer.from(commitSealed(nodeSuite, stolen)).toString('hex');
    world.add(world.byBallotKeys(printCommit({ council, epoch, slotRoll, slot, round, commitment }), [5]));
    world.commitsClose(open, FROM_S + 10 * DAY_S);
    expect(code(world.try(printSealed(stolen)))).toBe('reveal-other-seat');
  });

  it('two ballots for one seat by the member and by the alternate', () => {
    const world = new CouncilWorld(nodeSuite);
    const round = { slot: 'a', round: 1 };
    world.add(world.byBallotKeys(printRecusal({ ...HEAD, ...round, who: { seat: 5 }, reason: 'interest' }), [5]));
    const { open } = world.openRound(round, FROM_S);
    const byMember = world.ballot(open, [5], 'no');
    const text = printBallot(ballotOf(open, 'yes', 'A')!);
    const byAlternate = printNote(signNote(nodeSuite, text, keyOf(`ballot.alt-civil-society-1.${ORIGIN}`)));
    expect(code(world.try(byAlternate))).toBe('ok');
    expect(code(world.try(printEvidence({ ...HEAD, kind: 'double-ballot', seat: 5, exhibits: [byMember, byAlternate], proof: [] })))).toBe('evidence-other-key');
  });

  it('keys whose name or length cannot be', () => {
    const { publicKey } = keyOf(ORIGIN);
    const [, id, bytes] = printVkey(verifierKey(nodeSuite, ORIGIN, KEY_TYPES.note, publicKey)).split('+') as [string, string, string];
    expect(code(parseVkey(nodeSuite, `two words+${id}+${bytes}`))).toBe('key-name');
    expect(code(parseVkey(nodeSuite, `${ORIGIN}+${id}+${Buffer.from([KEY_TYPES.note, ...publicKey, 0]).toString('base64')}`))).toBe('key-length');
  });
});

describe('a decision and a constitution', () => {
  it('are refused by name', () => {
    const constitution = councilOf33(ORIGIN);
    const many = { seats: 96, liars: 31, quorum: 64, minority: 32, changes: 31, domainCap: 31, constituencies: Array.from({ length: 8 }, (_, at) => ({ name: `c${at}`, seats: 12 })), classes: [] };
    expect(code(checkConstitution({ ...constitution, ...many }))).toBe('constitution-too-many-placements');
    expect(code(checkConstitution({ ...constitution, seats: 6, liars: 1, quorum: 4, minority: 2, changes: 1, domainCap: 1, modelCap: 1, constituencies: Array.from({ length: 6 }, (_, at) => ({ name: `c${at}`, seats: 1 })), classes: [] }))).toBe('ok');
    expect(code(parseDecision(new Uint8Array(16_777_217)))).toBe('decision-too-long');
    const { world, decision } = carriedDecision(nodeSuite);
    const checked = (changed: Partial<typeof decision>): string => code(verifyDecision(nodeSuite, { ...decision, ...changed }, world.pin));
    expect(checked({ proofs: { ...decision.proofs, open: { index: decision.proofs.open.index, hashes: ['?'] } } })).toBe('decision-proof');
    const classes = world.constitution.classes.map((rule) => ({ ...rule, yes: 17, counts: 'first' as const }));
    expect(code(verifyDecision(nodeSuite, decision, { ...world.pin, constitution: { ...world.constitution, classes } }))).toBe('decision-needs-replay');
    const late = world.constitution.classes.map((rule) => ({ ...rule, standstillS: 5 }));
    expect(code(verifyDecision(nodeSuite, decision, { ...world.pin, constitution: { ...world.constitution, classes: late } }))).toBe('decision-outcome');
    // A ballot note that lies above the cut is in the log and still not in the vote.
    const fresh = carriedDecision(nodeSuite);
    const index = fresh.world.add(fresh.world.ballot(fresh.open, SEATS.slice(0, 22), 'yes'));
    const at = { open: decision.proofs.open.index, ballots: index, close: decision.proofs.close.index, outcome: decision.proofs.outcome.index };
    const lateBallots = fresh.world.decision(at, decision.motion.manifest, fresh.open.closesS + 3600);
    expect(code(verifyDecision(nodeSuite, lateBallots, fresh.world.pin))).toBe('decision-order');
  });
});

it('a persistent map keeps its older versions', () => {
  let map = PersistentMap.empty<number>();
  const versions = [map];
  for (let at = 0; at < 3000; at += 1) versions.push((map = map.set(`key ${at % 2000}`, at)));
  expect([map.size, versions[1500]?.size, versions[1500]?.get('key 1499'), versions[1500]?.get('key 1500'), map.get('key 10'), versions[1000]?.get('key 10')]).toEqual([2000, 1500, 1499, undefined, 2010, 10]);
  expect([...map.entries()].length).toBe(2000);
});
