/** The tree against the published vectors of transparency-dev/merkle and of golang.org/x/mod/sumdb/tlog. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { yes, type Verdict } from '../base/index.ts';
import { base64, fromBase64, fromHex, hex, utf8 } from './bytes.ts';
import { append, EMPTY_TREE, emptyRoot, leafHash, nodeHash, nodesInMemory, rootOf, treeRoot, verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './merkle.ts';
import { nodeSuite } from './node-suite.ts';
import { nobleSuite } from './noble-suite.ts';
import { refuse, type ProofRefusal } from './refusals.ts';

const vectors = join(import.meta.dirname, '../../../shared/data/vectors');
const present = existsSync(vectors);
if (!present) console.warn('SKIPPED: the published vectors of trees are not here (../shared/data/vectors).');

const read = (path: string): unknown => JSON.parse(readFileSync(join(vectors, path), 'utf8'));

interface Case {
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
  readonly desc: string;
}

function casesUnder<C extends Case>(kind: string): readonly (C & { readonly file: string })[] {
  const folder = join(vectors, 'transparency-dev-merkle/testdata', kind);
  const walk = (at: string): string[] => (statSync(at).isDirectory() ? readdirSync(at).sort().flatMap((name) => walk(join(at, name))) : [at]);
  return walk(folder).map((file) => ({ ...(JSON.parse(readFileSync(file, 'utf8')) as C), file: relative(folder, file) }));
}

/** A hash that is no base64 becomes no bytes, so that it is refused by its length. Go reads an absent one the same way. */
const bytes = (text: string | null): Uint8Array => fromBase64(text ?? '') ?? new Uint8Array();
const hashes = (proof: readonly string[] | null): Uint8Array[] => (proof ?? []).map((one) => bytes(one));

type Inclusion = Case & { readonly leafIdx: number; readonly treeSize: number; readonly root: string; readonly leafHash: string };
type SubtreeInclusion = Case & { readonly leafIdx: number; readonly start: number; readonly end: number; readonly root: string; readonly leafHash: string };
type Consistency = Case & { readonly size1: number; readonly size2: number; readonly root1: string; readonly root2: string };
type SubtreeConsistency = Case & { readonly start: number; readonly end: number; readonly size: number; readonly root1: string; readonly root2: string };

/**
 * Published as accepted with a root that is no hash but the words "don't care", which a comparison of texts lets through. Here a
 * root has 32 bytes or is refused, so these are run twice: as they are, to be refused for the length alone, and with the SHA-256
 * of those words in their place, to be accepted as published.
 */
const WORDS_FOR_ROOTS: Readonly<Record<string, readonly string[]>> = {
  consistency: ['additional/sizes-are-equal-one-and-proof-is-empty.json'],
  subtreeconsistency: [
    'additional/sizes-are-equal-one-and-proof-is-empty.json',
    'additional/subtree-is-empty-sizes-are-equal-one-subtree-root-valid-tree-root-random-proof-is-empty.json',
    'additional/subtree-is-empty-sizes-are-equal-zero-subtree-root-valid-tree-root-random-proof-is-empty.json',
  ],
};

const hashed = (root: string): string => (bytes(root).length === 32 ? root : base64(nodeSuite.sha256(bytes(root))));

/** Every case of a kind, and the files where the answer was another than published. */
function check<C extends Case>(kind: string, count: number, verify: (one: C) => Verdict<true, ProofRefusal>): void {
  const cases = casesUnder<C>(kind);
  expect(cases.length).toBe(count);
  const different = cases.filter((one) => verify(one).ok === one.wantErr);
  expect(different.map(({ file }) => file)).toEqual(WORDS_FOR_ROOTS[kind] ?? []);
  for (const one of different) {
    const { root1 = '', root2 = '' } = one as unknown as Partial<Consistency>;
    expect(verify(one)).toEqual(refuse('proof-hash-length'));
    expect(verify({ ...one, root1: hashed(root1), root2: hashed(root2) })).toEqual(yes(true));
  }
}

describe.skipIf(!present).each([['node', nodeSuite], ['noble', nobleSuite]] as const)('transparency-dev/merkle with the %s suite', (_name, suite) => {
  it('98 inclusion proofs', () => check<Inclusion>('inclusion', 98, (one) => verifyInclusion(suite, one.leafIdx, one.treeSize, bytes(one.leafHash), hashes(one.proof), bytes(one.root))));

  it('98 consistency proofs', () => check<Consistency>('consistency', 98, (one) => verifyConsistency(suite, one.size1, one.size2, bytes(one.root1), bytes(one.root2), hashes(one.proof))));

  it('204 inclusion proofs in subtrees', () =>
    check<SubtreeInclusion>('subtreeinclusion', 204, (one) => verifySubtreeInclusion(suite, one.leafIdx, one, bytes(one.leafHash), hashes(one.proof), bytes(one.root))));

  it('118 consistency proofs of subtrees', () =>
    check<SubtreeConsistency>('subtreeconsistency', 118, (one) => verifySubtreeConsistency(suite, one, one.size, bytes(one.root1), bytes(one.root2), hashes(one.proof))));

  it('8 leaves, all inner hashes, 9 roots', () => {
    const tree = read('transparency-dev-merkle/tree.json') as {
      readonly leaf_inputs_hex: readonly string[];
      readonly node_hashes_hex_by_level: readonly (readonly string[])[];
      readonly root_hashes_hex_by_size_0_to_8: readonly string[];
    };
    const leaves = tree.leaf_inputs_hex.map((input) => leafHash(suite, fromHex(input)!));
    const nodes = nodesInMemory(suite, leaves);
    for (const [level, row] of tree.node_hashes_hex_by_level.entries()) {
      for (const [index, expected] of row.entries()) expect(hex(nodes({ level, index }))).toBe(expected);
    }
    let growing = EMPTY_TREE;
    for (const [size, expected] of tree.root_hashes_hex_by_size_0_to_8.entries()) {
      expect(hex(rootOf(suite, leaves.slice(0, size)))).toBe(expected);
      expect(hex(treeRoot(suite, growing))).toBe(expected);
      if (size < leaves.length) growing = append(suite, growing, leaves[size]!);
    }
  });
});

describe.skipIf(!present)('golang.org/x/mod/sumdb/tlog', () => {
  const tlog = present ? (read('golang-mod-sumdb/tlog.json') as { readonly record_hash: { readonly data: string; readonly base64: string }; readonly empty_tree_hash_hex: string }) : undefined;

  it('the hash of a record and of the empty tree', () => {
    expect(leafHash(nodeSuite, utf8(tlog!.record_hash.data))).toEqual(bytes(tlog!.record_hash.base64));
    expect(hex(emptyRoot(nodeSuite))).toBe(tlog!.empty_tree_hash_hex);
  });

  it('nodes and leaves are told apart', () => {
    const [left, right] = [leafHash(nodeSuite, utf8('a')), leafHash(nodeSuite, utf8('b'))];
    expect(nodeHash(nodeSuite, left, right)).not.toEqual(leafHash(nodeSuite, Uint8Array.of(...left, ...right)));
  });
});
