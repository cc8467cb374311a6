import { beforeAll, describe, expect, it } from 'vitest';
import { canonical } from '../../base/index.ts';
import type { Json } from '../../base/index.ts';
import { CouncilWorld, DAY_S, OUTSIDE, SEATS, START_S, carriedDecision } from '../../../test/support/council-world.ts';
import { base64, utf8 } from '../bytes.ts';
import { nobleSuite } from '../noble-suite.ts';
import { nodeSuite } from '../node-suite.ts';
import { parseNote } from '../note.ts';
import { admitRoll } from './admitted-roll.ts';
import { CHECKS, parseDecision, parseNotCarried, printDecision, verifyDecision, verifyNotCarried } from './bundle.ts';
import type { CheckPassed, Decision, Pin, RollChange } from './bundle.ts';

let made: ReturnType<typeof carriedDecision>;
let bytes: Uint8Array;
let pin: Pin;

beforeAll(() => {
  made = carriedDecision(nodeSuite);
  bytes = printDecision(made.decision);
  const admitted = admitRoll(nodeSuite, made.world.constitution, made.decision.roll);
  pin = { ...made.world.pin, ...(admitted.ok ? { admitted: admitted.value } : {}) };
});

const check = (given: Uint8Array): string => {
  const parsed = parseDecision(given);
  if (!parsed.ok) return parsed.refusal.code;
  const verified = verifyDecision(nodeSuite, parsed.value, pin);
  return verified.ok ? 'ok' : verified.refusal.code;
};
const codeOf = (changed: Partial<Decision>): string => check(printDecision({ ...made.decision, ...changed }));

describe('the file of a decision', () => {
  it('verifies with 33 real keys, admitting the roll or knowing it already, with either suite', () => {
    expect(parseDecision(bytes)).toEqual({ ok: true, value: made.decision });
    expect(check(bytes)).toBe('ok');
    for (const suite of [nodeSuite, nobleSuite]) {
      const report = verifyDecision(suite, made.decision, made.world.pin);
      expect(report).toMatchObject({ ok: true, value: { slot: '2027-014', option: 'A', yes: SEATS.slice(0, 25), outcome: { carried: 'A', no: 3, silent: 5 } } });
    }
  }, 60_000);

  it('is refused after any single byte is changed', () => {
    const all = process.env['FUZZ'] === 'all';
    const step = all ? 1 : 97;
    const accepted: number[] = [];
    for (let at = all ? 0 : bytes.length % 7; at < bytes.length; at += step) {
      const changed = bytes.slice();
      // A change of one bit in the letter keeps most bytes printable, which is the harder case.
      changed[at] = (changed[at] as number) ^ (1 << (at % 5));
      if (check(changed) === 'ok') accepted.push(at);
    }
    console.log(`decision of ${bytes.length} bytes: ${Math.ceil(bytes.length / step)} single-byte changes, ${accepted.length} accepted`);
    expect(accepted).toEqual([]);
  }, 600_000);

  it('names what is wrong', () => {
    const { decision, world, open } = made;
    const other = carriedDecision(nodeSuite, SEATS.slice(5, 30)).decision;
    // One seat of each constituency is asked for, and 25 seats can come from three.
    const guarded = carriedDecision(nodeSuite, SEATS.slice(1, 26), 'guarded', 'guarded');
    const table: readonly (readonly [string, string])[] = [
      ['decision-not-canonical', check(utf8(` ${Buffer.from(bytes).toString()}`))],
      ['decision-not-canonical', check(utf8('{"format":1,"format":1}'))],
      ['decision-form', check(utf8(canonical({ ...(decision as unknown as { [key: string]: Json }), extra: 1 })))],
      ['decision-form', check(utf8('{}'))],
      ['decision-format', check(utf8(canonical({ ...(decision as unknown as { [key: string]: Json }), format: 'x' })))],
      ['decision-roll-not-pinned', codeOf({ roll: decision.roll.replace('hosting-1', 'hosting-2') })],
      ['decision-slot-roll', codeOf({ slotRoll: decision.slotRoll.replace('round 1', 'round 2') })],
      ['decision-motion', codeOf({ motion: { ...decision.motion, manifest: decision.motion.manifest.replace('12(1)', '12(2)') } })],
      ['decision-texts', codeOf({ motion: { ...decision.motion, texts: { ...decision.motion.texts, az: 'Başqa.\n' } } })],
      ['decision-ballot-text', codeOf({ ballots: world.ballot(open, SEATS, 'no') })],
      ['decision-quorum', codeOf({ ballots: world.ballot(open, SEATS.slice(0, 21), 'yes') })],
      ['decision-breadth', check(printDecision({ ...guarded.decision, ballots: guarded.world.ballot(guarded.open, SEATS.slice(0, 25), 'yes') }))],
      ['decision-inclusion', codeOf({ ballots: world.ballot(open, SEATS.slice(0, 24), 'yes') })],
      ['note-unknown-key', codeOf({ ballots: decision.ballots.replace('ballot.seat01', 'ballot.seat34') })],
      ['note-key-twice', codeOf({ ballots: decision.ballots + (decision.ballots.split('\n').at(-2) ?? '') + '\n' })],
      ['certificate-quorum', codeOf({ checkpoint: world.checkpoint(open.closesS + 3600, SEATS.slice(0, 21)) })],
      ['certificate-outside', codeOf({ checkpoint: world.checkpoint(open.closesS + 3600, SEATS, ['witness.court.example']) })],
      ['decision-inclusion', codeOf({ proofs: { ...decision.proofs, close: { ...decision.proofs.close, index: decision.proofs.close.index - 1 } } })],
      ['decision-inclusion', codeOf({ proofs: { ...decision.proofs, open: { ...decision.proofs.open, hashes: [...decision.proofs.open.hashes, base64(new Uint8Array(32))] } } })],
      ['decision-inclusion', codeOf({ outcome: other.outcome.replace('silent 5', 'silent 4') })],
      ['decision-inclusion', codeOf({ ballots: other.ballots })],
    ];
    for (const [at, [expected, code]] of table.entries()) expect(`${at} ${code}`).toBe(`${at} ${expected}`);
  }, 60_000);

  it('costs little more than its signatures', () => {
    const decision = made.decision;
    // The first runs also compile the code.
    for (let at = 0; at < 60; at += 1) verifyDecision(nodeSuite, decision, pin);
    const timed = (work: () => void): number => {
      const runs = Array.from({ length: 20 }, () => {
        const from = performance.now();
        work();
        return performance.now() - from;
      });
      return runs.toSorted((one, other) => one - other)[5] as number;
    };
    const seat = pin.admitted?.ballots.values().next().value?.key.publicKey ?? new Uint8Array(32);
    const ballot = parseNote(decision.ballots);
    const line = ballot.ok ? ballot.value.lines[0] : undefined;
    const message = utf8(ballot.ok ? ballot.value.text : '');
    const raw = timed(() => {
      for (let at = 0; at < 51; at += 1) expect(nodeSuite.verify(seat, message, line?.signature ?? new Uint8Array(64))).toBe(true);
    });
    const whole = timed(() => expect(verifyDecision(nodeSuite, decision, pin).ok).toBe(true));
    console.log(`decision verified in ${whole.toFixed(2)} ms, its 51 signature checks alone ${raw.toFixed(2)} ms: ${(whole / raw).toFixed(2)} times`);
  });
});

describe('breadth', () => {
  it('does not carry 25 yes of three constituencies where all four are asked for', () => {
    const world = new CouncilWorld(nodeSuite);
    const round = { slot: 'breadth', round: 1 };
    const { open } = world.openRound(round, START_S + 60 * DAY_S, { class: 'guarded' });
    world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
    world.closeRound(open, open.closesS);
    expect(world.state.rounds.get('breadth 1')?.outcome?.value).toMatchObject({ carried: undefined, constituencies: 3 });
  });
});

describe('the rolls of a file', () => {
  let world: CouncilWorld;
  let decision: Decision;
  let wholePin: Pin;

  beforeAll(() => {
    world = new CouncilWorld(nodeSuite);
    world.nextEpoch([1, 2, 10, 33], START_S + 60 * DAY_S);
    world.nextEpoch([2, 11], START_S + 160 * DAY_S);
    const round = { slot: '2027-014', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, START_S + 260 * DAY_S, {}, [manifest]);
    const ballots = world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
    const closed = world.closeRound(open, open.closesS + 60);
    decision = { ...world.decision({ open: index, ballots, ...closed }, manifest, open.closesS + 3600), rolls: world.changes };
    wholePin = { constitution: world.constitution, roll: world.pin.roll };
  });
  const code = (given: Decision, by: Pin = wholePin): string => {
    const parsed = parseDecision(printDecision(given));
    const verified = parsed.ok ? verifyDecision(nodeSuite, parsed.value, by) : parsed;
    return verified.ok ? 'ok' : verified.refusal.code;
  };
  const changed = (at: number, change: (one: RollChange) => RollChange): Decision => ({ ...decision, rolls: world.changes.map((one, index) => (index === at ? change(one) : one)) });

  it('lead from the genesis, or from any of them, to the roll that decided', () => {
    const digests = [...world.changes.map(({ roll }) => roll), decision.roll].map((roll) => Buffer.from(nodeSuite.sha256(utf8(roll))).toString('hex'));
    const table = digests.map((roll, epoch) => {
      const verified = verifyDecision(nodeSuite, decision, { constitution: world.constitution, roll, epoch: epoch + 1 });
      return verified.ok ? [verified.value.epoch, verified.value.rollChanges] : [verified.refusal.code];
    });
    expect(table).toEqual([[3, 2], [3, 1], [3, 0]]);
    expect(code(decision, { ...wholePin, epoch: 2 })).toBe('other-epoch');
    const { rolls: _rolls, ...alone } = decision;
    expect([code(alone), code(alone, { ...wholePin, roll: digests[2] ?? '' })]).toEqual(['decision-roll-not-pinned', 'ok']);
  });

  it('are refused where one does not follow the other', () => {
    const [first, second] = world.changes as [RollChange, RollChange];
    const early = world.checkpoint(START_S + 90 * DAY_S, SEATS.slice(0, 22), OUTSIDE.slice(0, 2));
    const table: readonly (readonly [string, string])[] = [
      ['decision-form', code({ ...decision, rolls: [] })],
      ['decision-form', code(changed(0, (one) => ({ ...one, surplus: '' }) as RollChange))],
      ['decision-form', code({ ...decision, rolls: Array.from({ length: 65 }, () => first) })],
      ['roll-epoch', code({ ...decision, rolls: [first] })],
      ['decision-roll-not-pinned', code({ ...decision, rolls: [second] })],
      ['roll-epoch', code({ ...decision, rolls: [first, first, second] })],
      ['roll-not-carried', code(changed(1, (one) => ({ ...one, roll: one.roll.replace('hosting=hosting-1', 'hosting=hosting-2') })))],
      ['roll-previous', code(changed(0, (one) => ({ ...one, roll: one.roll.replace('hosting=hosting-1', 'hosting=hosting-2') })), { ...wholePin, roll: Buffer.from(nodeSuite.sha256(utf8(decision.roll))).toString('hex') })],
      ['note-unknown-key', code(changed(0, (one) => ({ ...one, checkpoint: early })))],
      // The new council alone: the cosignatures of the three seats that go are left out.
      ['certificate-quorum', code(changed(0, (one) => ({ ...one, checkpoint: `${one.checkpoint.split('\n').slice(0, -4).join('\n')}\n` })))],
      ['other-epoch', code(changed(0, (one) => ({ ...one, slotRoll: second.slotRoll })))],
      ['decision-inclusion', code(changed(0, (one) => ({ ...one, proofs: { ...one.proofs, next: one.proofs.outcome } })))],
      ['decision-quorum', code(changed(1, (one) => ({ ...one, ballots: one.ballots.split('\n').slice(0, -5).join('\n') + '\n' })))],
    ];
    for (const [at, [expected, got]] of table.entries()) expect(`${at} ${got}`).toBe(`${at} ${expected}`);
  });

  it('are refused where the new roll was not what was voted on', () => {
    // The vote of a file that stands in its log under slot epoch/2 with this annex; what the seats did not put there cannot be led to.
    const other = carriedDecision(nodeSuite, SEATS.slice(0, 25), '2027-014', 'constitutional').decision;
    const [first] = world.changes as [RollChange];
    const { format: _format, ...vote } = other;
    expect(code(changed(0, () => ({ ...vote, checkpoint: first.checkpoint, proofs: { ...vote.proofs, next: first.proofs.next } })))).toBe('decision-inclusion');
    const constitution = { ...world.constitution, changes: 3 };
    expect(code(decision, { ...wholePin, constitution })).toBe('roll-changes');
    const classes = world.constitution.classes.map((rule) => (rule.name === 'constitutional' ? { ...rule, standstillS: rule.standstillS + 3 * DAY_S } : rule));
    expect(code(decision, { ...wholePin, constitution: { ...world.constitution, classes } })).toBe('decision-outcome');
  });

  it('are refused after any single byte is changed', () => {
    const whole = printDecision(decision);
    const every = process.env['FUZZ'] === 'all' ? 1 : 997;
    const accepted: number[] = [];
    let tried = 0;
    for (let at = whole.length % 11; at < whole.length; at += every) {
      const bad = whole.slice();
      bad[at] = (bad[at] as number) ^ (1 << (at % 5));
      const parsed = parseDecision(bad);
      tried += 1;
      if (parsed.ok && verifyDecision(nodeSuite, parsed.value, wholePin).ok) accepted.push(at);
    }
    console.log(`decision with two changes of the roll, ${whole.length} bytes: ${tried} single-byte changes, ${accepted.length} accepted`);
    expect(accepted).toEqual([]);
  }, 600_000);
});

describe('the checks', () => {
  it('are told one by one up to the one that fails', () => {
    const told = (given: Decision, by: Pin = pin): readonly string[] => {
      const passed: CheckPassed[] = [];
      verifyDecision(nodeSuite, given, by, (one) => void passed.push(one));
      return passed.map(({ check: name }) => name);
    };
    const { decision } = made;
    expect(told(decision)).toEqual(CHECKS);
    expect(told(decision, { ...pin, roll: 'a'.repeat(64) })).toEqual([]);
    expect(told({ ...decision, ballots: decision.open })).toEqual(CHECKS.slice(0, 4));
    expect(told({ ...decision, outcome: decision.close })).toEqual(CHECKS.slice(0, 5));
    expect(told({ ...decision, proofs: { ...decision.proofs, close: decision.proofs.outcome, outcome: decision.proofs.close }, close: decision.outcome, outcome: decision.close })).toEqual(CHECKS.slice(0, 6));
  });
});

describe('a vote that carried nothing', () => {
  it('is accepted only of who replays the log', () => {
    const world = new CouncilWorld(nodeSuite);
    const round = { slot: '2027-020', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, START_S + 60 * DAY_S, {}, [manifest]);
    world.add(world.ballot(open, SEATS.slice(0, 21), 'yes'));
    const file = world.notCarried({ open: index, ...world.closeRound(open, open.closesS + 60) }, manifest, open.closesS + 3600);
    const printed = printDecision(file);
    expect(parseNotCarried(printed)).toEqual({ ok: true, value: file });
    const code = (given: typeof file, by: Pin = { ...world.pin, replays: true }): string => {
      const verified = verifyNotCarried(nodeSuite, given, by);
      return verified.ok ? `${verified.value.slot} ${verified.value.outcome.yes[0]?.seats}` : verified.refusal.code;
    };
    const carried = made.decision;
    const table: readonly (readonly [string, string])[] = [
      ['2027-020 21', code(file)],
      ['decision-needs-replay', code(file, world.pin)],
      ['decision-format', (() => { const parsed = parseDecision(printed); return parsed.ok ? 'ok' : parsed.refusal.code; })()],
      ['decision-roll-not-pinned', code(file, { ...world.pin, roll: 'a'.repeat(64) })],
      ['decision-inclusion', code({ ...file, outcome: file.outcome.replace('silent 12', 'silent 11') })],
      ['decision-inclusion', code({ ...file, proofs: { ...file.proofs, close: file.proofs.outcome } })],
      ['decision-texts', code({ ...file, motion: { ...file.motion, texts: { ...file.motion.texts, ru: 'Иначе.\n' } } })],
    ];
    for (const [at, [expected, got]] of table.entries()) expect(`${at} ${got}`).toBe(`${at} ${expected}`);
    // A decision that was carried cannot be told as one that was not.
    const { ballots: _ballots, proofs: { ballots: _proof, ...proofs }, ...papers } = carried;
    expect(verifyNotCarried(nodeSuite, { ...papers, format: 'mizan-council/not-carried/v1', proofs }, { ...made.world.pin, replays: true })).toMatchObject({ ok: false, refusal: { code: 'decision-outcome', detail: 'carried' } });
  });
});
