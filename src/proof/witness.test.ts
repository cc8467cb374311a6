/** What a witness answers, in which order, and what makes a quorum. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { printCheckpoint } from './checkpoint.ts';
import { cosign } from './cosignature.ts';
import { append, consistencyProof, EMPTY_TREE, emptyRoot, leafHash, nodesInMemory, rootOf } from './merkle.ts';
import { nodeSuite, signerOf } from './node-suite.ts';
import { addLines, KEY_TYPES, printVkey, signNote, verifierKey, type NoteSigner } from './note.ts';
import { checkPolicy, meets, parsePolicy, printPolicy, type Policy } from './policy.ts';
import { judgeAddCheckpoint, originHash, originOf, parseAddCheckpoint, printAddCheckpoint, type WitnessedLog } from './witness.ts';

const log: NoteSigner = { name: 'log.example', ...signerOf(new Uint8Array(32).fill(1)) };
const stranger: NoteSigner = { name: 'log.example', ...signerOf(new Uint8Array(32).fill(2)) };
const LEAVES = Array.from({ length: 20 }, (_, at) => leafHash(nodeSuite, utf8(`entry ${at}\n`)));
const rootAt = (size: number): Uint8Array => rootOf(nodeSuite, LEAVES.slice(0, size));
const proofFrom = (from: number, size: number): Uint8Array[] => (from === 0 || from === size ? [] : consistencyProof(nodeSuite, nodesInMemory(nodeSuite, LEAVES), from, size));
const noteAt = (size: number, root = rootAt(size), signer = log) => signNote(nodeSuite, printCheckpoint({ origin: 'log.example', size, root }), signer);
const keys = [verifierKey(nodeSuite, log.name, KEY_TYPES.note, log.publicKey)];
const known = (size?: number): WitnessedLog => (size === undefined ? { keys } : { keys, last: { size, root: rootAt(size) } });

describe('a witness', () => {
  it.each([
    ['the first checkpoint', known(), { oldSize: 0, proof: [], note: noteAt(5) }, 200, undefined],
    ['a longer one', known(5), { oldSize: 5, proof: proofFrom(5, 13), note: noteAt(13) }, 200, undefined],
    ['the same once more', known(5), { oldSize: 5, proof: [], note: noteAt(5) }, 200, undefined],
    ['the empty log', known(), { oldSize: 0, proof: [], note: noteAt(0, emptyRoot(nodeSuite)) }, 200, undefined],
    ['an unknown log', undefined, { oldSize: 0, proof: [], note: noteAt(5) }, 404, 'witness-unknown-origin'],
    ['a note that is no checkpoint', known(), { oldSize: 0, proof: [], note: signNote(nodeSuite, 'hello\n', log) }, 400, 'checkpoint-lines'],
    ['a signature of another key', known(), { oldSize: 0, proof: [], note: noteAt(5, rootAt(5), stranger) }, 403, 'note-no-known-key'],
    ['a signature of another text', known(), { oldSize: 0, proof: [], note: { ...noteAt(5), text: noteAt(6).text } }, 403, 'note-bad-signature'],
    ['an old size above the new', known(5), { oldSize: 6, proof: [], note: noteAt(5) }, 400, 'witness-old-size'],
    ['an old size behind', known(5), { oldSize: 3, proof: proofFrom(3, 13), note: noteAt(13) }, 409, 'witness-stale'],
    ['an old size of nothing', known(5), { oldSize: 0, proof: [], note: noteAt(13) }, 409, 'witness-stale'],
    ['a fork of the same size', known(5), { oldSize: 5, proof: [], note: noteAt(5, rootAt(6)) }, 422, 'proof-root'],
    ['a fork that is longer', known(5), { oldSize: 5, proof: proofFrom(5, 13), note: noteAt(13, rootAt(12)) }, 422, 'proof-root'],
    ['no proof', known(5), { oldSize: 5, proof: [], note: noteAt(13) }, 422, 'proof-too-short'],
    ['a proof with one hash too many', known(5), { oldSize: 5, proof: [...proofFrom(5, 13), rootAt(1)], note: noteAt(13) }, 422, 'proof-too-long'],
    ['a proof from nothing', known(), { oldSize: 0, proof: [rootAt(1)], note: noteAt(5) }, 422, 'witness-proof-from-empty'],
    ['an empty log with a root', known(), { oldSize: 0, proof: [], note: noteAt(0, rootAt(1)) }, 422, 'witness-empty-root'],
  ] as const)('%s', (_, state, request, code, refusal) => {
    const answer = judgeAddCheckpoint(nodeSuite, state, request);
    expect([answer.code, answer.code === 200 ? undefined : answer.refusal.code]).toEqual([code, refusal]);
    if (answer.code === 409) expect(answer.body).toBe('5\n');
    expect(parseAddCheckpoint(printAddCheckpoint(request))).toEqual({ ok: true, value: request });
  });

  it('follows one history and no other, whatever it is asked', () => {
    const SIZES = Array.from({ length: 21 }, (_, size) => size);
    const roots = SIZES.map((size) => [rootAt(size), nodeSuite.sha256(rootAt(size))] as const);
    const notes = SIZES.map((size) => roots[size]?.map((root) => noteAt(size, root)) ?? []);
    const proofs = SIZES.map((from) => SIZES.map((size) => (from <= size ? proofFrom(from, size) : [])));
    const step = fc.record({ follows: fc.boolean(), oldSize: fc.nat(20), size: fc.nat(20), forked: fc.boolean() });
    let answered = 0;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
        let state: WitnessedLog = { keys };
        let forkedBefore: boolean | undefined;
        for (const { follows, oldSize, size, forked } of steps) {
          const last = state.last?.size ?? 0;
          const from = follows ? last : oldSize;
          const note = notes[size]?.[forked ? 1 : 0];
          if (note === undefined) throw new Error('no such note');
          const answer = judgeAddCheckpoint(nodeSuite, state, { oldSize: from, proof: proofs[from]?.[size] ?? [], note });
          if (answer.code !== 200) continue;
          answered += 1;
          expect([from, size >= last]).toEqual([last, true]);
          // Before the first entry nothing tells a fork; from then on only the same history is cosigned, and a forked root has no longer one.
          if (last > 0) expect([forked, forked ? size : 0]).toEqual([forkedBefore, forked ? last : 0]);
          forkedBefore = forked;
          state = { keys, last: answer.last };
        }
      }),
      { numRuns: 10_000 },
    );
    expect(answered).toBeGreaterThan(5_000);
  });

  const body = printAddCheckpoint({ oldSize: 5, proof: proofFrom(5, 13), note: noteAt(13) });
  it.each([
    ['', 'witness-no-checkpoint'],
    [body.replace('old 5', 'old 05'), 'witness-old-size'],
    [body.replace('old 5', 'new 5'), 'witness-old-size'],
    [body.replace('old 5\n', ''), 'witness-old-size'],
    [body.replace('=\n', '\n'), 'witness-proof-line'],
    [body.replace('old 5\n', 'old 5\nAAAA\n'), 'witness-proof-line'],
    [body.replace('old 5\n', `old 5\n${'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'.repeat(64)}`), 'witness-too-many-hashes'],
    [body.slice(0, body.indexOf('\n\n') + 2), 'note-no-final-newline'],
    ['x'.repeat(1_000_001), 'witness-too-long'],
  ])('refuses the body %#', (bad, code) => {
    const read = parseAddCheckpoint(bad);
    expect(read.ok ? 'accepted' : read.refusal.code).toBe(code);
  });

  it('knows which log is spoken of', () => {
    expect(originOf({ oldSize: 0, proof: [], note: noteAt(1) })).toBe('log.example');
    expect(originOf({ oldSize: 0, proof: [], note: signNote(nodeSuite, 'x\n', log) })).toBeUndefined();
    expect(originHash(nodeSuite, 'log.example')).toMatch(/^[0-9a-f]{64}$/);
    expect(rootAt(7)).toEqual(rootOf(nodeSuite, LEAVES.slice(0, 7)));
    expect(append(nodeSuite, EMPTY_TREE, ...LEAVES).size).toBe(20);
  });
});

describe('a policy', () => {
  const witnesses = Array.from({ length: 36 }, (_, at): NoteSigner => ({ name: `w${at + 1}.example`, ...signerOf(new Uint8Array(32).fill(100 + at)) }));
  const names = witnesses.map((_, at) => `w${at + 1}`);
  const council = [
    '# the council of the example',
    `log ${printVkey(keys[0] as (typeof keys)[0])} https://log.example/`,
    ...witnesses.map(({ name, publicKey }, at) => `witness w${at + 1} ${printVkey(verifierKey(nodeSuite, name, KEY_TYPES.cosignature, publicKey))}`),
    `group seats 22 ${names.slice(0, 33).join(' ')}`,
    `group outside 2 ${names.slice(33).join(' ')}`,
    'group council all seats outside',
    'quorum council',
    '',
  ].join('\n');
  const read = parsePolicy(nodeSuite, council);
  const policy = read.ok ? read.value : ({ logs: [], witnesses: [], groups: [], quorum: 'none' } satisfies Policy);

  it('of 22 of 33 seats and 2 of 3 outside counts both', () => {
    expect(read.ok).toBe(true);
    const seats = (count: number): string[] => names.slice(0, count);
    expect([
      meets(policy, [...seats(22), 'w34', 'w35']),
      meets(policy, [...seats(21), 'w34', 'w35', 'w36']),
      meets(policy, [...seats(33), 'w34']),
      meets(policy, [...seats(22), ...seats(22), 'w34', 'w34']),
      meets(policy, []),
      meets(policy, ['council', 'seats', 'outside']),
      meets(policy, ['none']),
    ]).toEqual([true, false, false, false, false, false, false]);
    expect(meets({ ...policy, quorum: 'none' }, [])).toBe(true);
    expect(parsePolicy(nodeSuite, printPolicy(policy))).toEqual(read);
  });

  it('opens a checkpoint that its quorum cosigned, and tells who and when', () => {
    const note = noteAt(7);
    const cosigned = (count: number, outside: number) => addLines(note, ...[...witnesses.slice(0, count), ...witnesses.slice(33, 33 + outside)].map((one, at) => cosign(nodeSuite, one, note.text, 1_000 + at)));
    const opened = checkPolicy(nodeSuite, policy, cosigned(22, 2));
    expect(opened.ok && [opened.value.checkpoint.size, opened.value.witnesses.length, opened.value.witnesses[1]]).toEqual([7, 24, { name: 'w2', timeS: 1_001 }]);
    for (const [count, outside] of [[21, 3], [33, 1], [0, 0]] as const) {
      const refused = checkPolicy(nodeSuite, policy, cosigned(count, outside));
      expect(refused.ok ? 'accepted' : refused.refusal.code).toBe('policy-not-met');
    }
    const foreign = signNote(nodeSuite, printCheckpoint({ origin: 'other.example', size: 7, root: rootAt(7) }), log);
    const refused = checkPolicy(nodeSuite, { ...policy, quorum: 'none' }, foreign);
    expect(refused).toEqual({ ok: false, refusal: { code: 'policy-not-met', detail: 'log' } });
  });

  const w1 = council.split('\n')[2] ?? '';
  const w2 = council.split('\n')[3] ?? '';
  it.each([
    [`${w1}\nquorum w1\nquorum w1\n`, 'policy-quorum-twice', 3],
    [`${w1}\ngroup g 2 w1\nquorum g\n`, 'policy-threshold', 2],
    [`${w1}\ngroup g 0 w1\nquorum g\n`, 'policy-threshold', 2],
    [`${w1}\n${w2}\ngroup g -1 w1 w2\nquorum g\n`, 'policy-threshold', 3],
    [`${w1}\ngroup g any w1 w1\nquorum g\n`, 'policy-member-twice', 2],
    [`${w1}\ngroup g any w1\ngroup h any w1\nquorum g\n`, 'policy-member-twice', 3],
    [`${w1}\ngroup g any g\nquorum g\n`, 'policy-name-unknown', 2],
    [`${w1}\ngroup w1 any w1\nquorum w1\n`, 'policy-name-taken', 2],
    [`${w1}\ngroup g any none\nquorum g\n`, 'policy-name-unknown', 2],
    [`${w1}\n${w1.replace('witness w1', 'witness w9')}\nquorum w1\n`, 'policy-key-twice', 2],
    [`${w1.replace('+B', '+C')}\nquorum none\n`, 'policy-key', 1],
    [`${w1} https://a https://b\nquorum none\n`, 'policy-line', 1],
    ['group g any\nquorum none\n', 'policy-line', 1],
    ['trust everyone\nquorum none\n', 'policy-line', 1],
    ['quorum none\r\n', 'policy-character', 1],
    ['\n'.repeat(2_001), 'policy-too-long', 2_001],
    ['x'.repeat(500_001), 'policy-too-long', undefined],
  ])('%# is refused by its name and line', (text, code, line) => {
    const answer = parsePolicy(nodeSuite, text);
    expect(answer.ok ? 'accepted' : [answer.refusal.code, answer.refusal.line]).toEqual([code, line]);
  });

  it('counts more with more witnesses, never less', () => {
    fc.assert(
      fc.property(fc.subarray(names), fc.constantFrom(...names), (some, one) => {
        if (meets(policy, some)) expect(meets(policy, [...some, one])).toBe(true);
      }),
      { numRuns: 10_000 },
    );
  });
});
