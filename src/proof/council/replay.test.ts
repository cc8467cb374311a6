import { beforeEach, describe, expect, it } from 'vitest';
import { CouncilWorld, DAY_S, ORIGIN, SEATS, START_S, keyOf, rollOf33 } from '../../../test/support/council-world.ts';
import { base64, fromBase64, utf8 } from '../bytes.ts';
import { printCheckpoint } from '../checkpoint.ts';
import { cosign } from '../cosignature.ts';
import { EMPTY_TREE, append, leafHash, treeRoot } from '../merkle.ts';
import { nodeSuite } from '../node-suite.ts';
import { addLines, printNote, signNote } from '../note.ts';
import { printClose } from './close-text.ts';
import { provenLiars } from './evidence.ts';
import { digestOf, emptyLog, newestTime, roundOf } from './log-state.ts';
import { printEvidence } from './log-texts.ts';
import type { Evidence } from './log-texts.ts';
import { printOpen } from './open-text.ts';
import { printOutcome } from './outcome-text.ts';
import { step } from './replay.ts';
import { printRoll } from './roll-text.ts';
import { printComplaint, printReceipt, printRecusal } from './seat-texts.ts';
import { admitRoll } from './admitted-roll.ts';
import { printSlotRoll } from './slot-roll-text.ts';

const FROM_S = START_S + 60 * DAY_S;
const ROUND = { slot: '2027-014', round: 1 };
const TEXTS = [{ language: 'az', digest: 'a'.repeat(64) }];
const HEAD = { council: ORIGIN, epoch: 1 };

let world: CouncilWorld;
beforeEach(() => {
  world = new CouncilWorld(nodeSuite);
});

const codeOf = (entry: string): string => {
  const next = world.try(entry);
  return next.ok ? 'ok' : next.refusal.code;
};
/** Compares a whole table at once, so that one wrong row shows beside the right ones. */
const checkAll = (table: readonly (readonly [expected: string, entry: string])[]): void => expect(table.map(([, entry]) => codeOf(entry))).toEqual(table.map(([expected]) => expected));

describe('the beginning', () => {
  it('is a genesis and its roll', () => {
    const first = (entry: string): unknown => step(nodeSuite, emptyLog(world.constitution), 0, utf8(entry));
    expect(first(world.roll)).toMatchObject({ ok: false, refusal: { code: 'genesis-missing' } });
    expect(first(Buffer.from(world.entries[0]!).toString().replace('constitution sha256:', 'constitution sha256:0').replace(/(constitution sha256:.{64}).*/, '$1'))).toMatchObject({ refusal: { code: 'genesis-constitution' } });
    const second = step(nodeSuite, emptyLog(world.constitution), 0, world.entries[0]!);
    if (!second.ok) throw new Error('genesis');
    expect(step(nodeSuite, second.value, 1, utf8(printRoll({ ...rollOf33(nodeSuite), epoch: 2 })))).toMatchObject({ refusal: { code: 'roll-not-genesis' } });
    // The count of epochs begins at one, whatever the genesis names.
    const late = printRoll({ ...rollOf33(nodeSuite), epoch: 2 });
    const named = step(nodeSuite, emptyLog(world.constitution), 0, utf8(Buffer.from(world.entries[0]!).toString().replace(/^(roll (?:sha256:)?)[0-9a-f]{64}$/m, `$1${digestOf(nodeSuite, late)}`)));
    expect(named.ok && step(nodeSuite, named.value, 1, utf8(late))).toMatchObject({ refusal: { code: 'roll-epoch', line: 3 } });
    expect(step(nodeSuite, second.value, 1, utf8(world.motionOf({ slot: '2027-001', round: 1 })))).toMatchObject({ refusal: { code: 'log-no-roll' } });
    // The platform logs its acts from its first hour: before the council is founded, and while it is.
    const act = utf8('mizan-log/event/v1\n{}\n');
    const entries = [act, act, world.entries[0]!, act, world.entries[1]!, act];
    const state = entries.reduce((before, entry, index) => {
      const next = step(nodeSuite, before, index, entry);
      if (!next.ok) throw new Error(next.refusal.code);
      return next.value;
    }, emptyLog(world.constitution));
    expect(state.rollIndex).toBe(4);
    expect(step(nodeSuite, state, 6, world.entries[0]!)).toMatchObject({ refusal: { code: 'genesis-not-first' } });
    checkAll([['genesis-not-first', Buffer.from(world.entries[0]!).toString()], ['roll-epoch', world.roll], ['entry-type', 'mizan-council/unheard/v1\n'], ['event-not-canonical', 'mizan-log/event/v1\n{"b":1,"a":1}\n']]);
  });

  it('leaves the state before it as it was', () => {
    const before = world.state;
    world.add('mizan-log/event/v1\n{"act":"x"}\n');
    expect([before.tree.size, world.state.tree.size]).toEqual([2, 3]);
    expect(step(nodeSuite, before, 2, utf8('mizan-log/event/v1\n{"act":"y"}\n')).ok).toBe(true);
  });
});

describe('a roll', () => {
  it('is refused by name', () => {
    const roll = rollOf33(nodeSuite);
    const seats = roll.seats.with(0, { ...roll.seats[0]!, identity: base64(new Uint8Array(32).fill(0).with(0, 1)) });
    const table: readonly (readonly [string, Partial<typeof roll>])[] = [
      ['key-not-admissible', { seats }],
      ['roll-seats', { seats: roll.seats.slice(0, 32) }],
      ['roll-constituency', { seats: roll.seats.with(9, { ...roll.seats[9]!, constituency: 'civil-society' }) }],
      ['roll-key-twice', { seats: roll.seats.with(1, { ...roll.seats[1]!, ballot: roll.seats[0]!.ballot }) }],
      ['roll-key-name', { seats: roll.seats.with(1, { ...roll.seats[1]!, ballot: roll.seats[0]!.ballot }).with(0, { ...roll.seats[0]!, ballot: roll.seats[1]!.ballot }) }],
      ['roll-key-type', { seats: roll.seats.with(0, { ...roll.seats[0]!, ballot: roll.seats[0]!.cosign, cosign: roll.seats[0]!.ballot }) }],
      ['roll-domain-cap', { seats: roll.seats.map((seat, index) => ({ ...seat, domains: { ...seat.domains, vendor: index < 11 ? 'one' : `v${index}` } })) }],
      ['roll-domain-cap', { seats: roll.seats.map((seat, index) => ({ ...seat, domains: { ...seat.domains, model: index < 4 ? 'qwen' : `m${index}` } })) }],
      ['roll-outside', { outside: { needed: 1, keys: roll.outside.keys } }],
      ['roll-council', { council: 'other.example' }],
    ];
    const code = (changed: Partial<typeof roll>): string => {
      const admitted = admitRoll(nodeSuite, world.constitution, printRoll({ ...roll, ...changed }));
      return admitted.ok ? 'ok' : admitted.refusal.code;
    };
    expect(table.map(([, changed]) => code(changed))).toEqual(table.map(([expected]) => expected));
    expect(code({})).toBe('ok');
  });
});

describe('an anchor', () => {
  it('is new, of this log and certified', () => {
    world.anchor(START_S + 100);
    const old = world.checkpoint(START_S + 50, SEATS, undefined, append(nodeSuite, EMPTY_TREE, leafHash(nodeSuite, world.entries[0]!)));
    const forked = world.checkpoint(START_S + 200, SEATS, undefined, append(nodeSuite, world.state.tree, new Uint8Array(32)));
    const size = world.state.tree.size;
    const otherRoot = world.checkpoint(START_S + 200, SEATS, undefined, { ...EMPTY_TREE, size, peaks: [new Uint8Array(32)] });
    const twice = world.checkpoint(START_S + 200);
    checkAll([
      ['anchor-old', old],
      ['anchor-ahead', forked],
      ['anchor-forked', otherRoot],
      ['certificate-quorum', world.checkpoint(START_S + 200, SEATS.slice(0, 21))],
      ['certificate-outside', world.checkpoint(START_S + 200, SEATS, ['witness.court.example'])],
      ['note-key-twice', `${twice}${twice.split('\n').at(-2)}\n`],
      ['note-unknown-key', world.checkpoint(START_S + 200, SEATS, ['witness.elsewhere.example'])],
      ['ok', twice],
    ]);
    world.add(twice);
    expect(newestTime(world.state)).toBe(START_S + 200);
  });
});

describe('OPEN', () => {
  it('is refused by name', () => {
    const { open, note } = world.prepare(ROUND, FROM_S);
    const by = (changed: Partial<typeof open>): string => world.bySecretariat(printOpen({ ...open, ...changed }));
    checkAll([
      ['open-signers', world.byBallotKeys(printOpen(open), SEATS.slice(0, 10))],
      ['ok', world.byBallotKeys(printOpen(open), SEATS.slice(0, 11))],
      ['note-unknown-key', printNote(signNote(nodeSuite, printOpen(open), keyOf('mallory.example')))],
      ['other-epoch', by({ epoch: 2 })],
      ['other-council', by({ council: 'other.example' })],
      ['motion-class', by({ class: 'unheard' })],
      ['open-sealed', by({ sealed: true, commitsCloseS: open.closesS - 1 })],
      ['open-epoch-slot', by({ slot: 'epoch/2' })],
      ['open-not-anchored', by({ opened: { ...open.opened, size: open.opened.size - 1 } })],
      ['open-slot-roll', by({ slotRoll: 'a'.repeat(64) })],
      ['open-slot-roll', by({ round: 2 })],
      ['open-motion-unknown', by({ options: [{ option: 'A', motion: 'a'.repeat(64) }] })],
      ['open-motion-differs', by({ class: 'emergency' })],
      ['open-window-short', by({ closesS: FROM_S + 7 * DAY_S - 1 })],
      ['ok', note],
    ]);
    world.add(note);
    checkAll([['open-second', note], ['open-second', by({ closesS: open.closesS + 1 })]]);
  });

  it('waits for the papers, for a demand before a second round, and for one before a confirming vote', () => {
    const { open } = world.openRound(ROUND, FROM_S);
    world.closeRound(open, open.closesS);
    const again = world.prepare({ slot: ROUND.slot, round: 2 }, FROM_S + 90 * DAY_S);
    const confirm = world.prepare({ slot: `${ROUND.slot}/confirm`, round: 1 }, FROM_S + 180 * DAY_S);
    checkAll([['open-round-demand', again.note], ['open-confirm-what', confirm.note]]);
    const demand = printComplaint({ ...HEAD, ...ROUND, kind: 'round', texts: TEXTS });
    checkAll([['complaint-minority', world.byBallotKeys(demand, SEATS.slice(0, 10))]]);
    world.add(world.byBallotKeys(demand, SEATS.slice(0, 11)));
    const slow = world.motionOf({ slot: 'late', round: 1 }, { number: 'late' });
    const late = world.prepare({ slot: 'late', round: 1 }, FROM_S + 200 * DAY_S, {}, [slow]);
    const opened = world.state.anchors.at(-2)!;
    checkAll([['open-papers-late', world.bySecretariat(printOpen({ ...late.open, opened: { size: opened.size, root: opened.root } }))]]);
  });
});

describe('a ballot', () => {
  it('is refused by name', () => {
    world.prepare({ slot: 'early', round: 1 }, FROM_S);
    const { open, note } = world.prepare(ROUND, FROM_S + 40 * DAY_S);
    const yes = world.ballot(open, [1], 'yes');
    checkAll([['ballot-early', yes]]);
    world.add(note);
    const by = (changed: Partial<typeof open>, seats: readonly number[] = [1]): string => world.ballot({ ...open, ...changed }, seats, 'yes');
    const bad = yes.replace(/(— \S+ .{20})./, (_all, start: string) => `${start}${yes.includes(`${start}A`) ? 'B' : 'A'}`);
    checkAll([
      ['ok', yes],
      ['ok', world.ballot(open, SEATS, 'no')],
      ['other-epoch', by({ epoch: 2 })],
      ['other-council', by({ council: 'other.example' })],
      ['ballot-early', by({ round: 2 })],
      ['ballot-other-slot-roll', by({ slotRoll: 'a'.repeat(64) })],
      ['ballot-other-motion', by({ options: [{ option: 'A', motion: 'a'.repeat(64) }] })],
      ['ballot-other-opened', by({ opened: { ...open.opened, size: open.opened.size + 1 } })],
      ['ballot-other-closes', by({ closesS: open.closesS + 1 })],
      ['note-key-twice', `${yes}${yes.split('\n').at(-2)}\n`],
      ['note-unknown-key', yes.replaceAll('ballot.seat01', 'ballot.seat99')],
      ['note-bad-signature', bad],
      ['text-line-surplus', world.byBallotKeys(`${yes.slice(0, yes.indexOf('\n\n') + 1)}more x\n`, [1])],
      ['commit-not-sealed', world.sealed(open, 1, 'yes').commit],
    ]);
  });

  it('after CLOSE is kept as late, a second text makes an equivocator, and a wrong OUTCOME is refused', () => {
    const { open } = world.openRound(ROUND, FROM_S);
    world.add(world.ballot(open, SEATS.slice(0, 23), 'yes'));
    world.add(world.ballot(open, [1], 'no'));
    const early = world.anchor(open.closesS - 1);
    checkAll([['close-early', printClose(world.closeOf(open, early))], ['outcome-without-close', printOutcome({ ...open, cut: open.opened, carried: undefined, yes: [{ option: 'A', seats: 0 }], no: 0, abstain: 0, silent: 33, equivocated: 0, constituencies: 0, inForceS: undefined })]]);
    world.add(world.ballot(open, [24], 'yes'));
    const cut = world.anchor(open.closesS + 5);
    world.add(world.ballot(open, [25], 'yes'));
    const close = world.closeOf(open, cut);
    checkAll([
      ['close-not-anchored', printClose({ ...close, anchor: 1 })],
      ['close-cut', printClose({ ...close, cut: { ...close.cut, size: close.cut.size + 1 } })],
      ['close-time', printClose({ ...close, timeS: close.timeS + 1 })],
      ['round-not-open', printClose({ ...close, slot: 'other' })],
      ['ok', printClose(close)],
    ]);
    world.add(printClose(close));
    world.add(world.ballot(open, [26], 'yes'));
    const state = roundOf(world.state, open);
    expect(state.close?.outcome).toMatchObject({ carried: 'A', yes: [{ option: 'A', seats: 24 }], no: 0, equivocated: 1, silent: 9, inForceS: close.timeS + 7 * DAY_S });
    expect(state.late.map(({ seat }) => seat)).toEqual([25, 26]);
    const outcome = state.close!.outcome;
    checkAll([['close-second', printClose(close)], ['outcome-differs', printOutcome({ ...outcome, silent: 8 })], ['ok', printOutcome(outcome)]]);
    world.add(printOutcome(outcome));
    checkAll([['outcome-second', printOutcome(outcome)]]);
  });
});

describe('a sealed vote', () => {
  it('counts what was committed first and revealed', () => {
    const round = { slot: 'sealed', round: 1 };
    const commitsCloseS = FROM_S + 6 * DAY_S;
    const { open } = world.openRound(round, FROM_S, { class: 'contested', sealed: true, commitsCloseS });
    const votes = SEATS.slice(0, 22).map((seat) => world.sealed(open, seat, 'yes'));
    checkAll([['reveal-early', votes[0]!.reveal], ['ballot-not-revealed', world.ballot(open, [1], 'yes')]]);
    for (const { commit } of votes) world.add(commit);
    // A second commitment of seat 1 is kept and changes nothing.
    world.add(world.sealed(open, 1, 'no').commit);
    checkAll([['commit-one-seat', world.byBallotKeys(votes[0]!.commit.slice(0, votes[0]!.commit.indexOf('\n\n') + 1), [1, 2])]]);
    checkAll([['close-before-commits-close', printClose(world.closeOf(open, world.anchor(commitsCloseS - 5)))]]);
    world.commitsClose(open, commitsCloseS + 5);
    checkAll([
      ['reveal-other-commitment', world.sealed(open, 1, 'no').reveal],
      ['reveal-without-commitment', world.sealed(open, 30, 'yes').reveal],
      ['reveal-other-commitment', votes[0]!.reveal.replace('seat 01', 'seat 02')],
      ['close-second', printClose(world.closeOf(open, world.state.anchors.at(-1)!)).replace('close/v1', 'commits-close/v1').replace('mizan-council/close', 'mizan-council/commits-close').replace('commits-commits', 'commits')],
    ]);
    for (const { reveal } of votes) world.add(reveal);
    expect(codeOf(world.ballot(open, SEATS.slice(0, 22), 'yes'))).toBe('ok');
    expect(codeOf(world.ballot(open, SEATS.slice(0, 23), 'yes'))).toBe('ballot-not-revealed');
    world.closeRound(open, open.closesS);
    expect(roundOf(world.state, open).outcome?.value).toMatchObject({ carried: 'A', silent: 11 });
  });
});

describe('recusal', () => {
  it('seats the first free alternate of the same constituency, then nobody', () => {
    const recusal = (who: Parameters<typeof printRecusal>[0]['who']): string => printRecusal({ ...HEAD, ...ROUND, who, reason: 'interest' });
    checkAll([['recusal-not-own', world.byBallotKeys(recusal({ seat: 1 }), SEATS.slice(1, 22))], ['recusal-nobody', world.byBallotKeys(recusal({ seat: 34 }), [1])], ['ok', world.byBallotKeys(recusal({ seat: 1 }), SEATS.slice(1, 23))]]);
    for (const seat of [1, 2, 3]) world.add(world.byBallotKeys(recusal({ seat }), [seat]));
    const stale = printSlotRoll({ ...HEAD, ...ROUND, roll: world.pin.roll, seats: rollOf33(nodeSuite).seats.map(({ constituency, ballot }) => ({ constituency, ballotKey: ballot })) });
    checkAll([['slot-roll-not-derived', stale]]);
    const { open } = world.openRound(ROUND, FROM_S);
    const seats = roundOf(world.state, ROUND).open!.slotRoll.seats.slice(0, 4).map((sitter) => sitter?.ballotKey.split('+')[0]);
    expect(seats).toEqual([`ballot.alt-civil-society-1.${ORIGIN}`, `ballot.alt-civil-society-2.${ORIGIN}`, undefined, `ballot.seat04.${ORIGIN}`]);
    checkAll([['note-unknown-key', world.ballot(open, [1], 'yes')], ['slot-roll-after-open', stale]]);
  });
});

describe('evidence', () => {
  it('proves a liar and cannot hit an honest seat', () => {
    const { open } = world.openRound(ROUND, FROM_S);
    const evidence = (of: Partial<Evidence>): string => printEvidence({ ...HEAD, kind: 'double-ballot', seat: 5, exhibits: [], proof: [], ...of });
    const yes = world.ballot(open, [5], 'yes');
    const text = printCheckpoint({ origin: ORIGIN, size: 3, root: new Uint8Array(32) });
    const other = printCheckpoint({ origin: ORIGIN, size: 3, root: new Uint8Array(32).fill(1) });
    const signed = (head: string): string => printNote(addLines(signNote(nodeSuite, head, keyOf(ORIGIN)), cosign(nodeSuite, keyOf(`seat05.${ORIGIN}`), head, 1)));
    checkAll([
      ['ok', evidence({ exhibits: [yes, world.ballot(open, [4, 5], 'no')] })],
      ['evidence-same-text', evidence({ exhibits: [yes, yes] })],
      ['note-no-known-key', evidence({ seat: 6, exhibits: [yes, world.ballot(open, [5], 'no')] })],
      ['evidence-other-round', evidence({ exhibits: [yes, world.ballot({ ...open, round: 2 }, [5], 'no')] })],
      ['evidence-exhibit', evidence({ exhibits: [yes] })],
      ['ok', evidence({ kind: 'forked-operator', seat: undefined, exhibits: [signed(text), signed(other)] })],
      ['ok', evidence({ kind: 'forked-cosigner', exhibits: [signed(text), signed(other)] })],
      ['evidence-same-text', evidence({ kind: 'forked-cosigner', exhibits: [signed(text), signed(text)] })],
      ['evidence-same-text', evidence({ kind: 'forked-operator', seat: undefined, exhibits: [world.checkpoint(5), signed(text)] })],
    ]);
    world.add(evidence({ exhibits: [yes, world.ballot(open, [5], 'no')] }));
    expect(provenLiars(world.state)).toEqual([5]);
  });

  it('proves a receipt that was not kept', () => {
    const { open } = world.openRound(ROUND, FROM_S);
    world.add(world.ballot(open, [1], 'yes'));
    const seats = SEATS.slice(0, 22);
    const cut = world.checkpoint(open.closesS + 9, seats, undefined);
    world.closeRound(open, open.closesS + 9);
    const digest = (text: string): string => Buffer.from(nodeSuite.sha256(utf8(text))).toString('hex');
    const receipt = (voter: number, timeS: number): string => {
      const ballot = world.ballot(open, [voter], 'yes');
      const text = printReceipt({ ...HEAD, ...ROUND, holder: 7, voter, digest: digest(ballot.slice(0, ballot.indexOf('\n\n') + 1)), timeS, instance: 'a'.repeat(32) });
      return printNote(signNote(nodeSuite, text, keyOf(`agent.seat07.${ORIGIN}`)));
    };
    const { size } = roundOf(world.state, open).close!.value.cut;
    const root = fromBase64(roundOf(world.state, open).close!.value.cut.root)!;
    const cosigned = (head: { readonly size: number; readonly root: Uint8Array }): string => {
      const text = printCheckpoint({ origin: ORIGIN, ...head });
      return printNote(addLines(signNote(nodeSuite, text, keyOf(ORIGIN)), cosign(nodeSuite, keyOf(`seat07.${ORIGIN}`), text, open.closesS + 9)));
    };
    const evidence = (exhibits: readonly string[]): string => printEvidence({ ...HEAD, kind: 'broken-receipt', seat: 7, exhibits, proof: [] });
    checkAll([
      ['ok', evidence([receipt(2, open.closesS - 901), cut])],
      ['evidence-in-time', evidence([receipt(2, open.closesS - 899), cut])],
      ['evidence-not-absent', evidence([receipt(1, open.closesS - 901), cut])],
      ['evidence-other-cut', evidence([receipt(2, open.closesS - 901), cosigned({ size: size - 1, root })])],
      ['evidence-other-cut', evidence([receipt(2, open.closesS - 901), cosigned({ size, root: new Uint8Array(32) })])],
    ]);
  });
});

describe('a new epoch', () => {
  it('follows a carried vote, its standstill, and a handover by both', () => {
    const roll = rollOf33(nodeSuite);
    const next = printRoll({ ...roll, epoch: 2, previous: world.pin.roll, seats: roll.seats.map((seat) => ({ ...seat, domains: { ...seat.domains, hosting: `h${seat.seat % 5}` } })) });
    const round = { slot: 'epoch/2', round: 1 };
    const digest = Buffer.from(nodeSuite.sha256(utf8(next))).toString('hex');
    checkAll([['roll-not-carried', next]]);
    const motion = world.motionOf(round, { class: 'constitutional', annexes: [{ digest, bytes: utf8(next).length, type: 'text/plain' }] });
    const { open } = world.openRound(round, FROM_S, { class: 'constitutional' }, [motion]);
    world.add(world.ballot(open, SEATS.slice(0, 22), 'yes'));
    world.closeRound(open, open.closesS);
    checkAll([['roll-standstill', next]]);
    world.anchor(open.closesS + 15 * DAY_S);
    checkAll([['roll-not-carried', next.replace('hosting=h1', 'hosting=h2')], ['roll-previous', next.replace(world.pin.roll, 'a'.repeat(64))]]);
    world.add(next);
    expect(world.state.handover?.roll.epoch).toBe(1);
    world.anchor(open.closesS + 16 * DAY_S);
    expect([world.state.handover, world.state.anchors.at(-1)?.epoch]).toEqual([undefined, 2]);
    checkAll([['other-epoch', world.byBallotKeys(printRecusal({ ...HEAD, ...ROUND, who: { seat: 1 }, reason: 'interest' }), [1])]]);
  });
});

it('knows that a tree of the trail is the tree of the entries', () => {
  expect(treeRoot(nodeSuite, world.state.tree)).toEqual(treeRoot(nodeSuite, append(nodeSuite, EMPTY_TREE, ...world.entries.map((entry) => leafHash(nodeSuite, entry)))));
});
