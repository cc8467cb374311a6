/** Proof files against the vectors of transparency-dev/formats, and a whole one made and checked here. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { base64, fromBase64, fromUtf8, utf8 } from './bytes.ts';
import { inclusionProof, leafHash, nodesInMemory, PROOF_HASHES_MAX, rootOf } from './merkle.ts';
import { nodeSuite as suite } from './node-suite.ts';
import { EXTRA_BYTES_MAX, parseTlogProof, printTlogProof, TLOG_PROOF_CHARS_MAX, verifyTlogProof } from './tlog-proof.ts';

const file = join(import.meta.dirname, '../../../shared/data/vectors/transparency-dev-formats/formats.json');
const present = existsSync(file);
if (!present) console.warn('SKIPPED: the published vectors of proof files are not here (../shared/data/vectors/transparency-dev-formats).');

interface Vectors {
  readonly marshal: readonly { readonly id: string; readonly index: number; readonly hashes: readonly string[]; readonly checkpoint: string; readonly extra?: string; readonly text: string }[];
  readonly parse_errors: readonly { readonly id: string; readonly text?: string; readonly text_prefix?: string; readonly then_repeat?: readonly [string, number]; readonly then?: string }[];
}

const { marshal, parse_errors: parseErrors } = present ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly tlog_proof: Vectors }).tlog_proof : { marshal: [], parse_errors: [] };

/** What each published error is called here. */
const CODES: Readonly<Record<string, string>> = {
  'missing header': 'tlog-proof-header',
  'invalid extra data encoding': 'tlog-proof-extra',
  'missing index': 'tlog-proof-index',
  'invalid index - not a number': 'tlog-proof-index',
  'invalid index - negative': 'tlog-proof-index',
  'invalid hash base64': 'tlog-proof-hash',
  'incorrect hash length': 'tlog-proof-hash',
  // The published text never ends its proof part, so that it has no header block to read; with one it is a hash of the wrong length.
  'line too long': 'tlog-proof-header',
};

describe.skipIf(!present)('transparency-dev/formats', () => {
  it('has 3 proofs and 8 errors', () => expect([marshal.length, parseErrors.length]).toEqual([3, 8]));

  it.each(marshal.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const hashes = one.hashes.map((hash) => fromBase64(hash)!);
    const text = printTlogProof({ ...(one.extra === undefined ? {} : { extra: utf8(one.extra) }), index: one.index, hashes, checkpoint: one.checkpoint });
    expect(text).toBe(one.text);
    const parsed = parseTlogProof(text);
    expect(parsed.ok && printTlogProof(parsed.value)).toBe(text);
    expect(parsed.ok && parsed.value.extra && fromUtf8(parsed.value.extra)).toBe(one.extra);
  });

  it.each(parseErrors.map((one) => [one.id, one] as const))('%s is refused', (id, one) => {
    const text = one.text ?? `${one.text_prefix}${one.then_repeat![0].repeat(one.then_repeat![1])}${one.then}`;
    expect(parseTlogProof(text)).toMatchObject({ ok: false, refusal: { code: CODES[id] } });
  });
});

const HASH = base64(new Uint8Array(32));
const good = `c2sp.org/tlog-proof@v1\nindex 5\n${HASH}\n\nlog\n6\n${HASH}\n\n— log AAAAAA==\n`;

describe('a proof file', () => {
  it.each([
    ['', 'tlog-proof-header'],
    ['\n\n', 'tlog-proof-header'],
    [good.replace('v1', 'v2'), 'tlog-proof-header'],
    [good.replaceAll('\n', '\r\n'), 'tlog-proof-header'],
    [good.replace('index 5', 'index 05'), 'tlog-proof-index'],
    [good.replace('index 5', 'index 9007199254740992'), 'tlog-proof-index'],
    [good.replace('index 5', 'index 5 '), 'tlog-proof-index'],
    [good.replace('index 5', 'extra \nindex 5'), 'tlog-proof-extra'],
    [good.replace('index 5', 'extra AB==\nindex 5'), 'tlog-proof-extra'],
    [good.replace('index 5', `extra ${base64(new Uint8Array(EXTRA_BYTES_MAX + 1))}\nindex 5`), 'tlog-proof-extra'],
    [good.replace('index 5', 'extra AAAA\nextra AAAA\nindex 5'), 'tlog-proof-index'],
    [good.replace(HASH, HASH.replace('A=', 'B=')), 'tlog-proof-hash'],
    [good.replace(HASH, HASH.slice(0, -1)), 'tlog-proof-hash'],
    [good.replace(HASH, `${HASH}\n`.repeat(PROOF_HASHES_MAX + 1).trimEnd()), 'tlog-proof-too-many-hashes'],
    [good.slice(0, good.indexOf('\n\n') + 2), 'tlog-proof-checkpoint'],
    [good.replace('\n\n', '\n\n\n'), 'tlog-proof-checkpoint'],
    [good.slice(0, -1), 'tlog-proof-checkpoint'],
    [`${good}${'x'.repeat(TLOG_PROOF_CHARS_MAX)}\n`, 'tlog-proof-too-long'],
  ])('%j is refused', (text, code) => expect(parseTlogProof(text)).toMatchObject({ ok: false, refusal: { code } }));

  it('is accepted as it stands, and says where it is wrong', () => {
    const parsed = parseTlogProof(good);
    expect(parsed.ok && printTlogProof(parsed.value)).toBe(good);
    expect(parseTlogProof(good.replace(HASH, 'x'))).toMatchObject({ refusal: { line: 3 } });
  });

  it('shows that an entry is under a head', () => {
    const entries = Array.from({ length: 21 }, (_, at) => utf8(`entry ${at}`));
    const leaves = entries.map((entry) => leafHash(suite, entry));
    const head = { size: 21, root: rootOf(suite, leaves) };
    const proof = { index: 20, hashes: inclusionProof(suite, nodesInMemory(suite, leaves), 20, 21), checkpoint: 'log\n21\nroot\n' };
    const parsed = parseTlogProof(printTlogProof(proof));
    expect(parsed.ok && verifyTlogProof(suite, parsed.value, leaves[20]!, head).ok).toBe(true);
    expect(verifyTlogProof(suite, proof, leaves[19]!, head)).toMatchObject({ refusal: { code: 'proof-root' } });
    expect(verifyTlogProof(suite, proof, leaves[20]!, { ...head, size: 20 })).toMatchObject({ refusal: { code: 'proof-index' } });
  });
});
