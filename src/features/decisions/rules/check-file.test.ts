import { beforeAll, describe, expect, it } from 'vitest';
import { carriedDecision, CouncilWorld } from '../../../../test/support/council-world.ts';
import { utf8 } from '../../../proof/bytes.ts';
import { printDecision } from '../../../proof/council/bundle.ts';
import { printConstitution } from '../../../proof/council/constitution.ts';
import { nobleSuite } from '../../../proof/noble-suite.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { PROOF_CODES } from '../../../proof/refusals.ts';
import { CHECKS, checkFile, inFours, pinOf, reasonOf } from './check-file.ts';
import az from '../text/verify/az.json' with { type: 'json' };
import en from '../text/verify/en.json' with { type: 'json' };
import ru from '../text/verify/ru.json' with { type: 'json' };

const DIGEST = 'd8721e0637975e5dd4a419cca628255557f2ccdab8791feab54e1ff69aed3693';

describe('a pin as people type it', () => {
  it('is the same with spaces, capitals, the prefix and line breaks', () => {
    for (const typed of [DIGEST, ` ${inFours(DIGEST)} `, DIGEST.toUpperCase(), `sha256:${DIGEST}`, `SHA-256: ${inFours(DIGEST).replaceAll(' ', '\n')}`, inFours(DIGEST).replaceAll(' ', '\u00a0')]) expect(pinOf(typed)).toBe(DIGEST);
    for (const typed of ['', DIGEST.slice(1), `${DIGEST}0`, DIGEST.replace('d', 'g'), DIGEST.replace('d', 'д')]) expect(pinOf(typed)).toBeUndefined();
  });
});

describe('words for a refusal', () => {
  it('are there for every code, in three languages, with the same arguments', () => {
    for (const code of PROOF_CODES) for (const messages of [az, en, ru]) expect(messages, code).toHaveProperty([`reason.${reasonOf(code)}`]);
    const names = (text: string): readonly string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').toSorted();
    for (const key of Object.keys(en) as (keyof typeof en)[]) for (const other of [az, ru]) expect([key, names(other[key])]).toEqual([key, names(en[key])]);
  });
});

describe('a file', () => {
  let made: ReturnType<typeof carriedDecision>;
  let bytes: Uint8Array;
  beforeAll(() => {
    made = carriedDecision(nodeSuite);
    bytes = printDecision(made.decision);
  });

  it('is accepted with its pin, fits without, and is refused with another', () => {
    const { pin, constitution } = made.world;
    for (const suite of [nodeSuite, nobleSuite]) expect(checkFile(suite, bytes, pin.roll)).toMatchObject({ result: 'accepted', failed: undefined, roll: pin.roll, report: { yes: { length: 25 } }, texts: { en: 'The system is authorised.\n' } });
    expect(checkFile(nodeSuite, bytes, undefined)).toMatchObject({ result: 'fits', roll: pin.roll });
    expect(checkFile(nodeSuite, bytes, DIGEST.replace('d', 'e'))).toMatchObject({ result: 'refused', passed: [], failed: 'roll', refusal: { code: 'decision-roll-not-pinned' } });
    const numbers = utf8(printConstitution(constitution));
    expect(checkFile(nodeSuite, bytes, pin.roll, numbers)).toMatchObject({ result: 'accepted', constitution: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(checkFile(nodeSuite, bytes, pin.roll, utf8(printConstitution({ ...constitution, quorum: 21 })))).toMatchObject({ result: 'refused', refusal: { code: 'constitution-safety' } });
    expect(checkFile(nodeSuite, bytes, pin.roll, utf8('x'))).toMatchObject({ result: 'refused', failed: undefined });
  }, 60_000);

  it('tells the check that fails and those before it', () => {
    const { world, decision } = made;
    const table = [
      ['ballots', { ballots: decision.ballots.replace('choice yes', 'choice no') }],
      ['motion', { motion: { ...decision.motion, texts: { ...decision.motion.texts, en: 'No.\n' } } }],
      ['inclusion', { outcome: decision.outcome.replace('silent 5', 'silent 4') }],
      ['checkpoint', { checkpoint: decision.open }],
    ] as const;
    for (const [failed, change] of table) expect(checkFile(nodeSuite, printDecision({ ...decision, ...change }), world.pin.roll)).toMatchObject({ result: 'refused', failed, passed: { length: CHECKS.indexOf(failed) } });
    expect(checkFile(nodeSuite, utf8('{}'), world.pin.roll)).toMatchObject({ result: 'refused', failed: undefined, refusal: { code: 'decision-form' } });
  });

  it('of a vote that carried nothing asks for the log', () => {
    const world = new CouncilWorld(nodeSuite);
    const round = { slot: '2027-020', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, Date.UTC(2027, 3, 1) / 1000, {}, [manifest]);
    const file = world.notCarried({ open: index, ...world.closeRound(open, open.closesS) }, manifest, open.closesS + 60);
    expect(checkFile(nodeSuite, printDecision(file), world.pin.roll)).toMatchObject({ result: 'refused', refusal: { code: 'decision-needs-replay' } });
  });
});
