import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../base/index.ts';
import { rollOf33 } from '../../../test/support/council-world.ts';
import { base64 } from '../bytes.ts';
import { nodeSuite } from '../node-suite.ts';
import type { ProofRefusal } from '../refusals.ts';
import { parseBallot, parseCommit, printBallot, printCommit } from './ballot-text.ts';
import { parseClose, parseCommitsClose, printClose, printCommitsClose } from './close-text.ts';
import { parseConstitution, printConstitution, councilOf33 } from './constitution.ts';
import { parseEvent, parseEvidence, parseGenesis, parsePrivate, printEvent, printEvidence, printGenesis, printPrivate } from './log-texts.ts';
import { parseMotion, printMotion } from './motion-text.ts';
import { parseOpen, printOpen } from './open-text.ts';
import { parseOutcome, printOutcome } from './outcome-text.ts';
import { parseRoll, printRoll } from './roll-text.ts';
import { parseComplaint, parseDissent, parseKey, parseMinutes, parseReceipt, parseRecusal, printComplaint, printDissent, printKey, printMinutes, printReceipt, printRecusal } from './seat-texts.ts';
import { parseSlotRoll, printSlotRoll } from './slot-roll-text.ts';

const ROLL = rollOf33(nodeSuite);
const D = 'ab'.repeat(32);
const ROOT = base64(new Uint8Array(32).fill(7));
const HEAD = { council: 'council.example', epoch: 7 };
const ROUND = { slot: '2027-014', round: 1 };
const AT = { ...HEAD, slotRoll: D, ...ROUND };
const CUT = { size: 48_213, root: ROOT };
const TEXTS = [{ language: 'az', digest: D }, { language: 'en', digest: D }];

type Reader = (text: string) => Verdict<unknown, ProofRefusal>;
interface Kind {
  readonly text: string;
  readonly value: unknown;
  readonly parse: Reader;
  readonly print: (value: never) => string;
}
const kind = <T>(value: T, print: (value: T) => string, parse: (text: string) => Verdict<T, ProofRefusal>): Kind => ({ text: print(value), value, parse, print });

const KINDS: Readonly<Record<string, Kind>> = {
  ballot: kind({ ...AT, motion: D, opened: CUT, closesS: 1_800_000_000, choice: 'yes' }, printBallot, parseBallot),
  'ballot on rivals': kind({ ...AT, motion: undefined, opened: CUT, closesS: 1_800_000_000, choice: 'no' }, printBallot, parseBallot),
  commit: kind({ ...AT, commitment: D }, printCommit, parseCommit),
  'slot roll': kind({ ...HEAD, roll: D, ...ROUND, seats: ROLL.seats.map(({ constituency, ballot }, index) => (index === 4 ? undefined : { constituency, ballotKey: ballot })) }, printSlotRoll, parseSlotRoll),
  roll: kind(ROLL, printRoll, parseRoll),
  motion: kind({ council: 'council.example', number: '2027-014', option: 'A', class: 'standard', authentic: 'az', texts: TEXTS, annexes: [{ digest: D, bytes: 12, type: 'application/pdf' }], basis: ['Maddə 12, bənd 1'], parties: ['nazirlik'], salt: D }, printMotion, parseMotion),
  open: kind({ ...AT, class: 'standard', sealed: false, options: [{ option: 'A', motion: D }], opened: CUT, closesS: 1_800_000_000 }, printOpen, parseOpen),
  'sealed open': kind({ ...AT, class: 'contested', sealed: true, options: [{ option: 'A', motion: D }, { option: 'B', motion: 'c'.repeat(64) }], opened: CUT, commitsCloseS: 1_700_000_000, closesS: 1_800_000_000 }, printOpen, parseOpen),
  close: kind({ ...AT, cut: CUT, anchor: 48_214, timeS: 1_800_000_001 }, printClose, parseClose),
  'commits close': kind({ ...AT, cut: CUT, anchor: 48_214, timeS: 1_800_000_001 }, printCommitsClose, parseCommitsClose),
  outcome: kind({ ...AT, cut: CUT, carried: 'A', yes: [{ option: 'A', seats: 25 }], no: 3, abstain: 1, silent: 4, equivocated: 0, constituencies: 4, inForceS: 1_800_604_801 }, printOutcome, parseOutcome),
  recusal: kind({ ...HEAD, ...ROUND, who: { constituency: 'state', rank: 2 }, reason: 'interest' }, printRecusal, parseRecusal),
  dissent: kind({ ...HEAD, ...ROUND, kind: 'minority', texts: TEXTS }, printDissent, parseDissent),
  complaint: kind({ ...HEAD, ...ROUND, kind: 'stalled', texts: TEXTS }, printComplaint, parseComplaint),
  minutes: kind({ ...HEAD, session: '2027/3', texts: TEXTS }, printMinutes, parseMinutes),
  receipt: kind({ ...HEAD, ...ROUND, holder: 7, voter: 1, digest: D, timeS: 1_800_000_000, instance: 'a'.repeat(32) }, printReceipt, parseReceipt),
  key: kind({ ...HEAD, who: { seat: 3 }, vkey: ROLL.log }, printKey, parseKey),
  genesis: kind({ council: 'council.example', origin: 'council.example', constitution: D, roll: D, timeS: 1_800_000_000 }, printGenesis, parseGenesis),
  event: kind({ act: 'registered', id: 'x-1' }, printEvent, parseEvent),
  private: kind({ subject: 'finding', fields: [{ name: 'body', commitment: D }] }, printPrivate, parsePrivate),
  evidence: kind({ ...HEAD, kind: 'forked-operator', seat: undefined, exhibits: ['Qərar\n'], proof: [new Uint8Array(32).fill(3)] }, printEvidence, parseEvidence),
  constitution: kind(councilOf33('council.example'), printConstitution, parseConstitution),
};

describe('every text', () => {
  it.each(Object.entries(KINDS))('%s is read as it was printed', (_name, { text, value, parse }) => expect(parse(text)).toEqual({ ok: true, value }));

  it('that is accepted after a change is printed again byte for byte', () => {
    const names = Object.keys(KINDS).filter((name) => name !== 'roll' && name !== 'slot roll');
    const change = fc.record({ name: fc.constantFrom(...names), at: fc.nat(), put: fc.oneof(fc.string({ maxLength: 2 }), fc.constantFrom(' ', '\n', '0', 'é', 'é', '\u0000', 'none', '\n\n')), drop: fc.nat({ max: 3 }) });
    let accepted = 0;
    fc.assert(
      fc.property(change, ({ name, at, put, drop }) => {
        const { text, parse, print } = KINDS[name] as Kind;
        const place = at % (text.length + 1);
        const changed = text.slice(0, place) + put + text.slice(place + drop);
        const read = parse(changed);
        if (read.ok) {
          accepted += 1;
          expect(print(read.value as never)).toBe(changed);
        }
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('bad input', () => {
  const refused = (name: string, from: string | RegExp, to: string): readonly [code: string, line: number | undefined] => {
    const { text, parse } = KINDS[name] as Kind;
    const changed = text.replace(from, to);
    expect(changed).not.toBe(text);
    const read = parse(changed);
    return read.ok ? ['ok', undefined] : [read.refusal.code, read.refusal.line];
  };
  const table: readonly (readonly [name: string, from: string | RegExp, to: string, code: string, line: number | undefined])[] = [
    ['ballot', 'ballot/v1', 'ballot/v2', 'text-type', 1],
    ['ballot', 'choice yes\n', 'choice yes', 'text-no-final-newline', undefined],
    ['ballot', 'choice yes\n', '', 'text-line-missing', 8],
    ['ballot', 'choice yes\n', 'choice yes\nchoice no\n', 'text-line-surplus', 9],
    ['ballot', 'choice yes', 'choice perhaps', 'text-word', 8],
    ['ballot', 'choice yes', 'choice yes ', 'text-blank', 8],
    ['ballot', 'choice yes', 'choice  yes', 'text-line', 8],
    ['ballot', 'council council', 'council a+b', 'text-name', 2],
    ['ballot', 'council.example', 'council.example\u0000', 'text-control-character', 2],
    ['ballot', 'council.example', 'I\u0307', 'text-not-normalised', undefined],
    ['ballot', 'council.example', '\ud800', 'text-not-unicode', undefined],
    ['ballot', 'council.example', 'x'.repeat(70_000), 'text-too-long', undefined],
    ['ballot', 'epoch 7', 'epoch 07', 'text-number', 3],
    ['ballot', 'epoch 7 ab', 'epoch 7 AB', 'text-digest', 3],
    ['ballot', 'slot 2027-014', 'slot -2027', 'text-slot', 4],
    ['ballot', 'round 1', 'round 0', 'text-number', 4],
    ['ballot', 'motion sha256:', 'motion ', 'text-digest', 5],
    ['ballot', /motion sha256:\w+/, 'motion none', 'ballot-yes-without-motion', 8],
    ['ballot', ROOT, 'AAAA', 'text-root', 6],
    ['ballot', '2027-01-15', '2027-02-30', 'text-time', 7],
    ['slot roll', 'seat 02', 'seat 03', 'text-seat', 6],
    ['slot roll', ROLL.seats[1]!.ballot, ROLL.seats[0]!.ballot, 'slot-roll-key-twice', 37],
    ['slot roll', ROLL.seats[1]!.ballot, 'nokey', 'text-key', 6],
    ['roll', 'employer=employer-0 hosting', 'hosting=x employer', 'roll-domain', 9],
    ['roll', 'alternate civil-society 1', 'alternate civil-society 2', 'roll-alternate-rank', 81],
    ['motion', 'text az', 'text zz', 'motion-language', 8],
    ['motion', 'authentic az', 'authentic ru', 'motion-authentic', 8],
    ['motion', 'application/pdf', 'pdf', 'motion-media-type', 9],
    ['motion', 'parties nazirlik', 'parties x x', 'motion-party-twice', 11],
    ['motion', 'option A', 'option AA', 'text-option', 4],
    ['open', 'closes', 'commits-close', 'text-line', 9],
    ['sealed open', 'c'.repeat(64), D, 'open-motion-twice', 8],
    ['sealed open', 'commits-close 2023', 'commits-close 2029', 'open-commits-after-closes', 11],
    ['outcome', /in-force .*/, 'in-force none', 'outcome-in-force', 13],
    ['outcome', 'carried A', 'carried B', 'text-option', 7],
    ['event', '"act"', '"z"', 'event-not-canonical', 2],
    ['event', '{', '{ ', 'event-not-canonical', 2],
    ['evidence', 'against operator', 'against seat-03', 'evidence-against', 5],
    ['evidence', /exhibit .*/, 'exhibit /w==', 'evidence-exhibit', 6],
  ];
  it.each(table)('in a %s: %s', (name, from, to, code, line) => expect(refused(name, from, to)).toEqual([code, line]));
});
