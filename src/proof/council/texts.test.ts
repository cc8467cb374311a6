import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex } from '../bytes.ts';
import { commitSealed, saltOf } from '../commitment.ts';
import { nodeSuite, signerOf } from '../node-suite.ts';
import { parseBallot, printBallot } from './ballot-text.ts';
import type { Ballot } from './ballot-text.ts';
import { parseTime, printTime } from './lines.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const WORKED: Ballot = {
  council: 'council.example',
  epoch: 7,
  slotRoll: sha256('mizan-council/slot-roll/v1\nexample\n'),
  slot: '2027-014',
  round: 1,
  motion: sha256('mizan-council/motion/v1\nexample\n'),
  opened: { size: 0, root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  closesS: Date.UTC(2027, 2, 18, 14) / 1000,
  choice: 'yes',
};
const LINE = '— ballot.seat01.council.example p1+5VZnkTFKeybOVFHyzXVZGrcmaSocU8YZp67319GeyQiN6LBH96/2jmZijx2PhMNz35W1ugRu26bjqt/TEsZSzuwM=\n';

describe('the worked vector', () => {
  it('prints the ballot of 315 bytes with the published digest', () => {
    const text = printBallot(WORKED);
    expect(Buffer.byteLength(text)).toBe(315);
    expect(sha256(text)).toBe('fced49f8d924e6ebfc9a3ed24120903293b7406807f4e847cdeaf452c853a1eb');
    expect(parseBallot(text)).toEqual({ ok: true, value: WORKED });
    expect(Buffer.byteLength(`${text}\n${LINE}`)).toBe(443);
  });

  it('commits to the sealed ballot as published', () => {
    const seed = Buffer.from('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60', 'hex');
    const scope = { council: 'council.example', epoch: 7, slot: '2027-014', round: 1 };
    const salt = saltOf(nodeSuite, signerOf(seed).sign, scope);
    const sealed = { seat: 1, slot: '2027-014', round: 1, salt, ballot: `${printBallot(WORKED)}\n${LINE}` };
    expect(hex(commitSealed(nodeSuite, sealed))).toBe('d69e795c775c110a58fb2e0d29ec6d1245959fec1d5807fa815bb69dcf959b6e');
  });
});

describe('times', () => {
  it('has one writing for each second of 1970 to 9999', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799 }), (timeS) => {
        const text = printTime(timeS);
        expect(text).toBe(new Date(timeS * 1000).toISOString().replace('.000Z', 'Z'));
        expect(parseTime(text)).toBe(timeS);
      }),
      { numRuns: 10_000 },
    );
  });
});
