/** The tree against the recursive definition of RFC 6962, written down a second time here, and proofs that were tampered with. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, sameBytes, utf8 } from './bytes.ts';
import { append, appendAll, consistencyProof, EMPTY_TREE, emptyRoot, HASH_BYTES, inclusionProof, leafHash, nodeHash, nodesInMemory, PROOF_HASHES_MAX, rootOf, treeRoot, verifyConsistency, verifyInclusion, verifySubtreeConsistency, verifySubtreeInclusion } from './merkle.ts';
import { nodeSuite as suite } from './node-suite.ts';

const CASES = 10_000;
const SIZE_MAX = 300;

const leaves: readonly Uint8Array[] = Array.from({ length: SIZE_MAX }, (_, at) => leafHash(suite, utf8(`entry ${at}`)));
const nodes = nodesInMemory(suite, leaves);

// ---- RFC 6962 §2.1 as it is written, over part of the leaves. Hashes are remembered, or ten thousand cases would take minutes.
const remembered = new Map<string, Uint8Array>();

function split(count: number): number {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}

function mth(start: number, end: number): Uint8Array {
  if (start === end) return emptyRoot(suite);
  if (end - start === 1) return leaves[start]!;
  const key = `${start}-${end}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const middle = start + split(end - start);
  const made = nodeHash(suite, mth(start, middle), mth(middle, end));
  remembered.set(key, made);
  return made;
}

function path(index: number, start: number, end: number): Uint8Array[] {
  if (end - start === 1) return [];
  const middle = start + split(end - start);
  return index < middle ? [...path(index, start, middle), mth(middle, end)] : [...path(index, middle, end), mth(start, middle)];
}

function subproof(from: number, start: number, end: number, isWhole: boolean): Uint8Array[] {
  if (from === end) return isWhole ? [] : [mth(start, end)];
  const middle = start + split(end - start);
  return from <= middle ? [...subproof(from, start, middle, isWhole), mth(middle, end)] : [...subproof(from, middle, end, false), mth(start, middle)];
}

/** The proof that [start, end) is in the tree of `size`: the same walk with both borders. */
function subtreeProof(start: number, end: number, from: number, to: number, isWhole: boolean): Uint8Array[] {
  if (start === from && end === to) return isWhole ? [] : [mth(from, to)];
  const middle = from + split(to - from);
  if (end <= middle) return [...subtreeProof(start, end, from, middle, isWhole), mth(middle, to)];
  if (start >= middle) return [...subtreeProof(start, end, middle, to, isWhole), mth(from, middle)];
  return [...subtreeProof(middle, end, middle, to, false), mth(from, middle)];
}

// ---- arbitraries
const sized = fc.integer({ min: 1, max: SIZE_MAX });
const inTree = sized.chain((size) => fc.record({ size: fc.constant(size), index: fc.integer({ min: 0, max: size - 1 }) }));
const grown = sized.chain((size) => fc.record({ size: fc.constant(size), from: fc.integer({ min: 1, max: size }) }));
const subtree = sized.chain((size) =>
  fc.record({ level: fc.integer({ min: 0, max: 8 }), at: fc.nat(), cut: fc.nat() }).map(({ level, at, cut }) => {
    const width = 2 ** level;
    const start = (at % Math.ceil(size / width)) * width;
    return { size, start, end: start + 1 + (cut % Math.min(width, size - start)) };
  }),
);

type Damage = (proof: readonly Uint8Array[]) => Uint8Array[];
const random32 = fc.uint8Array({ minLength: HASH_BYTES, maxLength: HASH_BYTES });

function flipped(hash: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(hash);
  copy[Math.floor(bit / 8) % copy.length]! ^= 1 << bit % 8;
  return copy;
}

/** Ways to spoil a proof. Each may leave it as it was (swapping the same hash), which the properties look for. */
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat()).map(([at, bit]): Damage => (proof) => proof.map((hash, place) => (place === at % proof.length ? flipped(hash, bit % 256) : hash))),
  fc.nat().map((at): Damage => (proof) => proof.filter((_, place) => place !== at % proof.length)),
  fc.tuple(fc.nat(), random32).map(([at, hash]): Damage => (proof) => proof.toSpliced(at % (proof.length + 1), 0, hash)),
  fc.nat().map((at): Damage => (proof) => (proof.length === 0 ? [] : [...proof, proof[at % proof.length]!])),
  fc.constant<Damage>((proof) => proof.toReversed()),
  fc.nat().map((at): Damage => (proof) => proof.map((hash, place) => (place === at % proof.length ? hash.subarray(0, 31) : hash))),
  fc.constant<Damage>((proof) => [...proof, ...Array.from({ length: PROOF_HASHES_MAX + 1 }, () => new Uint8Array(HASH_BYTES))]),
);
const isSame = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean => one.length === other.length && one.every((hash, at) => sameBytes(hash, other[at]!));
const check = <T>(property: fc.IProperty<T>): void => {
  fc.assert(property, { numRuns: CASES });
};

describe('the tree', () => {
  it('has the root of the definition at every size', () => {
    let growing = EMPTY_TREE;
    for (let size = 0; size <= SIZE_MAX; size += 1) {
      expect(hex(treeRoot(suite, growing))).toBe(hex(mth(0, size)));
      expect(growing.size).toBe(size);
      if (size < SIZE_MAX) growing = append(suite, growing, leaves[size]!);
    }
  });

  it('is the same however its leaves come, and an older value stays true', () => {
    check(
      fc.property(fc.nat({ max: 64 }), fc.nat({ max: 64 }), (from, more) => {
        const before = appendAll(suite, EMPTY_TREE, leaves.slice(0, from));
        const after = appendAll(suite, before, leaves.slice(from, from + more));
        expect(hex(treeRoot(suite, before))).toBe(hex(mth(0, from)));
        expect(hex(treeRoot(suite, after))).toBe(hex(mth(0, from + more)));
        expect(hex(rootOf(suite, leaves.slice(0, from + more)))).toBe(hex(mth(0, from + more)));
        expect([before.size, after.size, after.peaks.length]).toEqual([from, from + more, (from + more).toString(2).replaceAll('0', '').length]);
      }),
    );
  });
});

describe('inclusion', () => {
  it('is proven as defined, and verifies', () => {
    check(
      fc.property(inTree, ({ size, index }) => {
        const proof = inclusionProof(suite, nodes, index, size);
        expect(isSame(proof, path(index, 0, size))).toBe(true);
        expect(verifyInclusion(suite, index, size, leaves[index]!, proof, mth(0, size)).ok).toBe(true);
      }),
    );
  });

  it('in a subtree verifies', () => {
    check(
      fc.property(subtree, fc.nat(), ({ start, end }, pick) => {
        const index = start + (pick % (end - start));
        expect(verifySubtreeInclusion(suite, index, { start, end }, leaves[index]!, path(index, start, end), mth(start, end)).ok).toBe(true);
        expect(verifySubtreeInclusion(suite, end, { start, end }, leaves[index]!, path(index, start, end), mth(start, end))).toMatchObject({ refusal: { code: 'proof-index' } });
      }),
    );
  });

  it('with a damaged proof is refused', () => {
    check(
      fc.property(inTree, damage, ({ size, index }, spoil) => {
        const proof = inclusionProof(suite, nodes, index, size);
        const spoilt = spoil(proof);
        expect(verifyInclusion(suite, index, size, leaves[index]!, spoilt, mth(0, size)).ok).toBe(isSame(proof, spoilt));
      }),
    );
  });

  it('of another entry, at another place, in another tree is refused', () => {
    check(
      fc.property(inTree, sized, fc.nat(), ({ size, index }, otherSize, pick) => {
        const proof = inclusionProof(suite, nodes, index, size);
        const other = pick % SIZE_MAX;
        expect(verifyInclusion(suite, index, size, leaves[other]!, proof, mth(0, size)).ok).toBe(other === index);
        expect(verifyInclusion(suite, other, size, leaves[index]!, proof, mth(0, size)).ok).toBe(other === index);
        expect(verifyInclusion(suite, index, size, leaves[index]!, proof, mth(0, otherSize)).ok).toBe(otherSize === size);
      }),
    );
  });

  it.each([
    [0, 0, 'proof-index'],
    [5, 5, 'proof-index'],
    [-1, 5, 'proof-index'],
    [0.5, 5, 'proof-index'],
    [0, 2 ** 53, 'proof-subtree'],
    [2 ** 64, 5, 'proof-index'],
    [Number.NaN, 5, 'proof-index'],
    [0, 1.5, 'proof-subtree'],
  ] as const)('entry %d of %d is refused as %s', (index, size, code) => {
    expect(verifyInclusion(suite, index, size, leaves[0]!, [], leaves[0]!)).toMatchObject({ ok: false, refusal: { code } });
  });

  it('with a leaf or a root of another length is refused', () => {
    expect(verifyInclusion(suite, 0, 1, new Uint8Array(31), [], leaves[0]!)).toMatchObject({ refusal: { code: 'proof-hash-length' } });
    expect(verifyInclusion(suite, 0, 1, leaves[0]!, [], new Uint8Array(33))).toMatchObject({ refusal: { code: 'proof-hash-length' } });
  });

  it('can be made only of what is there', () => {
    expect(() => inclusionProof(suite, nodes, 5, 5)).toThrow(RangeError);
    expect(() => inclusionProof(suite, nodes, 0, SIZE_MAX * 2)).toThrow(RangeError);
    expect(() => consistencyProof(suite, nodes, 0, 5)).toThrow(RangeError);
    expect(() => consistencyProof(suite, nodes, 6, 5)).toThrow(RangeError);
  });
});

describe('consistency', () => {
  it('is proven as defined, and verifies', () => {
    check(
      fc.property(grown, ({ size, from }) => {
        const proof = consistencyProof(suite, nodes, from, size);
        expect(isSame(proof, subproof(from, 0, size, true))).toBe(true);
        expect(verifyConsistency(suite, from, size, mth(0, from), mth(0, size), proof).ok).toBe(true);
      }),
    );
  });

  it('of a subtree verifies, and not for a damaged proof', () => {
    check(
      fc.property(subtree, damage, ({ size, start, end }, spoil) => {
        const proof = subtreeProof(start, end, 0, size, true);
        const spoilt = spoil(proof);
        expect(verifySubtreeConsistency(suite, { start, end }, size, mth(start, end), mth(0, size), proof).ok).toBe(true);
        expect(verifySubtreeConsistency(suite, { start, end }, size, mth(start, end), mth(0, size), spoilt).ok).toBe(isSame(proof, spoilt));
      }),
    );
  });

  it('with a damaged proof is refused', () => {
    check(
      fc.property(grown, damage, ({ size, from }, spoil) => {
        const proof = consistencyProof(suite, nodes, from, size);
        const spoilt = spoil(proof);
        expect(verifyConsistency(suite, from, size, mth(0, from), mth(0, size), spoilt).ok).toBe(isSame(proof, spoilt));
      }),
    );
  });

  it('with another root on either side is refused', () => {
    check(
      fc.property(grown, sized, ({ size, from }, other) => {
        const proof = consistencyProof(suite, nodes, from, size);
        expect(verifyConsistency(suite, from, size, mth(0, other), mth(0, size), proof).ok).toBe(other === from);
        expect(verifyConsistency(suite, from, size, mth(0, from), mth(0, other), proof).ok).toBe(other === size);
      }),
    );
  });

  it.each([
    [0, 5, 'proof-from-empty'],
    [0, 0, 'proof-from-empty'],
    [6, 5, 'proof-tree-shrinks'],
    [-1, 5, 'proof-subtree'],
    [1, 2 ** 53, 'proof-tree-shrinks'],
    [1, 5, 'proof-too-short'],
    [3, 5, 'proof-too-short'],
  ] as const)('from %d to %d without hashes is refused as %s', (from, size, code) => {
    expect(verifyConsistency(suite, from, size, mth(0, 1), mth(0, 1), [])).toMatchObject({ ok: false, refusal: { code } });
  });

  it('of the tree with itself needs no hash, and refuses one', () => {
    expect(verifyConsistency(suite, 7, 7, mth(0, 7), mth(0, 7), []).ok).toBe(true);
    expect(verifyConsistency(suite, 7, 7, mth(0, 7), mth(0, 7), [leaves[0]!])).toMatchObject({ refusal: { code: 'proof-too-long' } });
    expect(verifyConsistency(suite, 7, 7, mth(0, 7), mth(0, 6), [])).toMatchObject({ refusal: { code: 'proof-root' } });
  });
});
