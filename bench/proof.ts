/** Measures the opening of the notes of a decision, 44 signatures, beside 44 bare checks in node:crypto: `node bench/proof.ts`. Results go to bench/results/proof.txt. */

import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { addLines, cosign, cosignedMessage, KEY_TYPES, openNote, parseCheckpoint, parseNote, parsePolicy, printCheckpoint, printNote, printVkey, signNote, uint64, utf8, verifierKey, type NoteSigner, type Suite, type VerifierKey } from '../src/proof/index.ts';
import { nobleSuite } from '../src/proof/noble-suite.ts';
import { nodeSuite, signerOf } from '../src/proof/node-suite.ts';

const SEATS = 22;
const SIGNATURES = SEATS * 2;
const ROUNDS = 60;
const NOBLE_ROUNDS = 5;
const PARSED = 20_000;
/** The aim: reading, looking up and counting may cost half as much again as the signatures themselves. */
const RATIO_MAX = 1.5;
const lines: string[] = [];

function say(line: string): void {
  console.log(line);
  lines.push(line);
}

/** Milliseconds of processor time of this process, so that neighbours on the machine count less. */
function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const median = (values: readonly number[]): number => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;

const seats = (role: string, from: number): readonly NoteSigner[] =>
  Array.from({ length: SEATS }, (_, at) => ({ name: `${role}seat${String(at + 1).padStart(2, '0')}.council.example`, ...signerOf(new Uint8Array(32).fill(from + at)) }));
const keysOf = (signers: readonly NoteSigner[], type: VerifierKey['type']): readonly VerifierKey[] => signers.map(({ name, publicKey }) => verifierKey(nodeSuite, name, type, publicKey));

const voters = seats('ballot.', 1);
const cosigners = seats('', 101);
const ballotText = `mizan-council/ballot/v1\ncouncil council.example\nepoch 7 ${'0'.repeat(64)}\nslot 2027-014 round 1\nmotion sha256:${'1'.repeat(64)}\nopened 0 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\ncloses 2027-03-18T14:00:00Z\nchoice yes\n`;
const ballots = signNote(nodeSuite, ballotText, ...voters);
const checkpointText = printCheckpoint({ origin: 'council.example', size: 48_213, root: nodeSuite.sha256(utf8('root')) });
const [first, ...rest] = cosigners.map((one, at) => cosign(nodeSuite, one, checkpointText, 1_800_000_000 + at));
if (first === undefined) throw new Error('no seats');
const checkpoint = addLines({ text: checkpointText, lines: [first] }, ...rest);
const printed = [printNote(ballots), printNote(checkpoint)] as const;
const keys = [keysOf(voters, KEY_TYPES.note), keysOf(cosigners, KEY_TYPES.cosignature)] as const;

function openBoth(suite: Suite): void {
  for (const at of [0, 1] as const) {
    const note = parseNote(printed[at]);
    const opened = note.ok ? openNote(suite, note.value, keys[at]) : note;
    if (!opened.ok || opened.value.verified.length !== SEATS) throw new Error('a good note was refused');
    if (at === 1 && !parseCheckpoint(opened.value.text).ok) throw new Error('a good checkpoint was refused');
  }
}

const importedKey = (publicKey: Uint8Array): KeyObject => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') }, format: 'jwk' });
const bare: readonly (readonly [KeyObject, Uint8Array, Uint8Array])[] = [
  ...voters.map((one, at) => [importedKey(one.publicKey), utf8(ballotText), ballots.lines[at]?.signature ?? new Uint8Array()] as const),
  ...cosigners.map((one, at) => [importedKey(one.publicKey), cosignedMessage(checkpointText, 1_800_000_000 + at), (checkpoint.lines[at]?.signature ?? uint64(0)).subarray(8)] as const),
];

function checkBare(): void {
  for (const [key, message, signature] of bare) if (!verify(null, message, key, signature)) throw new Error('a good signature was refused');
}

// Both warm, and the two take turns, so that what is compared meets the same weather.
for (let round = 0; round < 10; round += 1) {
  openBoth(nodeSuite);
  checkBare();
}
const ours: number[] = [];
const raw: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(cpuMs(() => openBoth(nodeSuite)));
  raw.push(cpuMs(checkBare));
}
const ratio = median(ours) / median(raw);

openBoth(nobleSuite);
const noble = Array.from({ length: NOBLE_ROUNDS }, () => cpuMs(() => openBoth(nobleSuite)));

const parseMs = cpuMs(() => {
  for (let left = PARSED; left > 0; left -= 1) parseNote(printed[1]);
});

const roll = [...keys[0], ...keys[1]];
const admitMs = cpuMs(() => {
  for (const { publicKey } of roll) if (!nodeSuite.admits(publicKey)) throw new Error('a good key was refused');
});
const policyText = `${keys[1].map((key, at) => `witness w${at} ${printVkey(key)}`).join('\n')}\ngroup seats 22 ${keys[1].map((_, at) => `w${at}`).join(' ')}\nquorum seats\n`;
const policyMs = cpuMs(() => {
  if (!parsePolicy(nodeSuite, policyText).ok) throw new Error('a good policy was refused');
});
const node = new Uint8Array(65).fill(1);
const hashMs = (digest: (bytes: Uint8Array) => unknown): number => cpuMs(() => {
  for (let left = 200_000; left > 0; left -= 1) digest(node);
});
const bareHashMs = hashMs((bytes) => hash('sha256', bytes, 'buffer'));
const ourHashMs = hashMs((bytes) => nodeSuite.sha256(bytes));

say(`proofs, Node ${process.versions.node}, OpenSSL ${process.versions.openssl}, ${availableParallelism()} cores, processor time of one process, medians of ${ROUNDS}`);
say(`a decision's notes: ${SEATS} ballots on one text and ${SEATS} cosignatures on one checkpoint (${utf8(printed[0]).length} + ${utf8(printed[1]).length} bytes)`);
say('');
say(`${SIGNATURES} bare checks in node:crypto, keys imported      ${median(raw).toFixed(3)} ms  (${Math.round((SIGNATURES / median(raw)) * 1000)}/s)`);
say(`parse both notes, open them, count                ${median(ours).toFixed(3)} ms`);
say(`ratio                                             ${ratio.toFixed(2)}  (aim ≤ ${RATIO_MAX}) ${ratio <= RATIO_MAX ? 'met' : 'MISSED'}`);
say(`the same without Node, by noble                   ${median(noble).toFixed(1)} ms  (aim < 120 ms)`);
say(`parse the note of the checkpoint                  ${((parseMs / PARSED) * 1000).toFixed(1)} µs`);
say(`admit the ${SIGNATURES} keys of a roll, once                  ${admitMs.toFixed(1)} ms cold`);
say(`read a policy of ${SEATS} witnesses whose keys are known  ${policyMs.toFixed(1)} ms`);
say(`SHA-256 of a node of the tree                     ${((ourHashMs / 200_000) * 1000).toFixed(2)} µs, bare crypto.hash ${((bareHashMs / 200_000) * 1000).toFixed(2)} µs`);

mkdirSync(join(import.meta.dirname, 'results'), { recursive: true });
writeFileSync(join(import.meta.dirname, 'results', 'proof.txt'), `${lines.join('\n')}\n`);
if (ratio > RATIO_MAX) process.exitCode = 1;
