/** The tree of the log: RFC 6962 hashes over entries, its growing right edge, and proofs of inclusion and consistency made and checked as in RFC 9162. */

import { yes, type Verdict } from '../base/index.ts';
import { sameBytes } from './bytes.ts';
import { refuse, type ProofCode, type ProofRefusal } from './refusals.ts';
import type { Suite } from './suite.ts';

export const HASH_BYTES = 32;
/** A proof has at most one hash for each level of a tree whose size is a safe integer; tlog-witness allows 63. */
export const PROOF_HASHES_MAX = 63;

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** RFC 6962 §2.1: SHA-256(0x00 || entry). */
export function leafHash(suite: Suite, entry: Uint8Array): Uint8Array {
  return suite.sha256(LEAF, entry);
}

/** RFC 6962 §2.1: SHA-256(0x01 || left || right). */
export function nodeHash(suite: Suite, left: Uint8Array, right: Uint8Array): Uint8Array {
  return suite.sha256(NODE, left, right);
}

/** The root of the tree with no entry: SHA-256 of nothing. */
export function emptyRoot(suite: Suite): Uint8Array {
  return suite.sha256();
}

// ---------------------------------------------------------------- the right edge

/**
 * All that one must keep to append and to know the root: the roots of the complete subtrees from left to right, largest first,
 * one for each bit of `size`. Plain data, so that it can be stored and so that an older value stays true.
 */
export interface Tree {
  readonly size: number;
  readonly peaks: readonly Uint8Array[];
}

export const EMPTY_TREE: Tree = { size: 0, peaks: [] };

/** The tree with these leaf hashes added after its own; `tree` itself stays as it was. */
export function append(suite: Suite, tree: Tree, ...leafHashes: readonly Uint8Array[]): Tree {
  return appendAll(suite, tree, leafHashes);
}

/** As `append`, for many leaf hashes. Costs one node hash a leaf on average. */
export function appendAll(suite: Suite, tree: Tree, leafHashes: Iterable<Uint8Array>): Tree {
  const peaks = [...tree.peaks];
  let { size } = tree;
  for (const leaf of leafHashes) {
    let top = leaf;
    // Each trailing one bit of the size is a complete subtree that the new one completes to the double of its width.
    for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) top = nodeHash(suite, peaks.pop()!, top);
    peaks.push(top);
    size += 1;
  }
  return { size, peaks };
}

/** The root hash (RFC 6962 MTH) of a tree. */
export function treeRoot(suite: Suite, tree: Tree): Uint8Array {
  return tree.size === 0 ? emptyRoot(suite) : foldPeaks(suite, tree.peaks);
}

/** The root hash over these leaf hashes. */
export function rootOf(suite: Suite, leafHashes: Iterable<Uint8Array>): Uint8Array {
  return treeRoot(suite, appendAll(suite, EMPTY_TREE, leafHashes));
}

/** The hash over neighbouring complete subtrees, largest first; at least one. */
function foldPeaks(suite: Suite, peaks: readonly Uint8Array[]): Uint8Array {
  let folded = peaks.at(-1)!;
  for (let at = peaks.length - 2; at >= 0; at -= 1) folded = nodeHash(suite, peaks[at]!, folded);
  return folded;
}

// ---------------------------------------------------------------- making proofs

/** A complete subtree: over the leaves [index · 2^level, (index + 1) · 2^level). */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** Gives the hash of a complete subtree; who makes a proof over more than the source holds has broken an invariant. */
export type NodeSource = (node: TreeNode) => Uint8Array;

/**
 * What a proof is made of: each hash of the proof is the fold of one or more complete subtrees, largest first. Making the plan
 * needs no hash, so that whoever reads tiles can ask for all of them at once.
 */
export type ProofPlan = readonly (readonly TreeNode[])[];

/** The complete subtrees that together are the tree of this size, largest first. */
export function peaksOf(size: number): readonly TreeNode[] {
  return nodesOver(0, size);
}

/** The complete subtrees over the leaves [start, end), where start is a multiple of a power of two ≥ end − start. */
function nodesOver(start: number, end: number): TreeNode[] {
  const nodes: TreeNode[] = [];
  let at = start;
  for (let level = 52, width = 2 ** 52; level >= 0; level -= 1, width /= 2) {
    if (end - at < width) continue;
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Largest power of two below `count`, for count ≥ 2: where RFC 6962 splits. */
function splitBelow(count: number): number {
  let width = 1;
  while (width * 2 < count) width *= 2;
  return width;
}

function isIndex(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function assertWithin(isWithin: boolean, what: string): void {
  if (!isWithin) throw new RangeError(`no proof ${what}`);
}

/** The plan of the inclusion proof of leaf `index` in the tree of `size` (RFC 6962 §2.1.1 PATH). Throws RangeError unless index < size. */
export function planInclusion(index: number, size: number): ProofPlan {
  assertWithin(isIndex(index) && isIndex(size) && index < size, `of entry ${index} in a tree of ${size}`);
  const plan: TreeNode[][] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const split = start + splitBelow(end - start);
    const isLeft = index < split;
    plan.unshift(isLeft ? nodesOver(split, end) : nodesOver(start, split));
    if (isLeft) end = split;
    else start = split;
  }
  return plan;
}

/** The plan of the consistency proof from `from` to `size` (RFC 6962 §2.1.2 PROOF). Throws RangeError unless 0 < from ≤ size. */
export function planConsistency(from: number, size: number): ProofPlan {
  assertWithin(isIndex(from) && isIndex(size) && from > 0 && from <= size, `from ${from} to ${size}`);
  const plan: TreeNode[][] = [];
  let start = 0;
  let end = size;
  // Whether the part reached is the whole old tree: then the verifier has its hash already.
  let isWhole = true;
  while (from < end) {
    const split = start + splitBelow(end - start);
    if (from <= split) {
      plan.unshift(nodesOver(split, end));
      end = split;
    } else {
      plan.unshift(nodesOver(start, split));
      start = split;
      isWhole = false;
    }
  }
  if (!isWhole) plan.unshift(nodesOver(start, end));
  return plan;
}

/** The hashes of a plan. */
export function fillPlan(suite: Suite, nodes: NodeSource, plan: ProofPlan): Uint8Array[] {
  return plan.map((part) => foldPeaks(suite, part.map((node) => nodes(node))));
}

/** A source over leaf hashes held in memory; hashes of inner nodes are kept once computed. For small trees and for checking. */
export function nodesInMemory(suite: Suite, leafHashes: readonly Uint8Array[]): NodeSource {
  const kept = new Map<string, Uint8Array>();
  const source: NodeSource = ({ level, index }) => {
    if (level === 0) {
      const leaf = leafHashes[index];
      assertWithin(leaf !== undefined, `beyond leaf ${leafHashes.length}`);
      return leaf!;
    }
    const key = `${level}/${index}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = nodeHash(suite, source({ level: level - 1, index: index * 2 }), source({ level: level - 1, index: index * 2 + 1 }));
    kept.set(key, made);
    return made;
  };
  return source;
}

/** The inclusion proof of leaf `index` in the tree of `size`, from the leaf's sibling upwards. Throws RangeError unless index < size. */
export function inclusionProof(suite: Suite, nodes: NodeSource, index: number, size: number): Uint8Array[] {
  return fillPlan(suite, nodes, planInclusion(index, size));
}

/** The consistency proof from the tree of `from` to that of `size`. Throws RangeError unless 0 < from ≤ size. */
export function consistencyProof(suite: Suite, nodes: NodeSource, from: number, size: number): Uint8Array[] {
  return fillPlan(suite, nodes, planConsistency(from, size));
}

// ---------------------------------------------------------------- checking proofs

/** Where a leaf or an older part is claimed to be: the leaves [start, end) of a tree. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** RFC 9162 §2.1.3.2: whether `leaf` is entry `index` of the tree of `size` with this root. Surplus or missing hashes are refused. */
export function verifyInclusion(suite: Suite, index: number, size: number, leaf: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array): Verdict<true, ProofRefusal> {
  return verifySubtreeInclusion(suite, index, { start: 0, end: size }, leaf, proof, root);
}

/**
 * RFC 9162 §2.1.4.2: whether the tree of `size` with root `root` begins with the tree of `from` with root `fromRoot`. `from` 0 is
 * refused: everything begins with nothing, so such a proof shows nothing (a witness who knows no head yet says so itself).
 */
export function verifyConsistency(suite: Suite, from: number, size: number, fromRoot: Uint8Array, root: Uint8Array, proof: readonly Uint8Array[]): Verdict<true, ProofRefusal> {
  if (from === 0) return refuse('proof-from-empty');
  return verifySubtreeConsistency(suite, { start: 0, end: from }, size, fromRoot, root, proof);
}

/** Whether `span` is where a subtree can be: its start a multiple of the power of two that its width fits in. An empty one fits everywhere. */
function isSubtree({ start, end }: Span): boolean {
  if (!isIndex(start) || !isIndex(end) || start > end) return false;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

function shapeRefusal(proof: readonly Uint8Array[], ...hashes: readonly Uint8Array[]): ProofCode | undefined {
  if (proof.length > PROOF_HASHES_MAX) return 'proof-too-long';
  return [...proof, ...hashes].every(({ length }) => length === HASH_BYTES) ? undefined : 'proof-hash-length';
}

/** As `verifyInclusion`, for a leaf of the subtree `span` with root `root`; `index` counts from the start of the log. */
export function verifySubtreeInclusion(suite: Suite, index: number, span: Span, leaf: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array): Verdict<true, ProofRefusal> {
  if (!isSubtree(span)) return refuse('proof-subtree');
  if (!isIndex(index) || index < span.start || index >= span.end) return refuse('proof-index');
  const malformed = shapeRefusal(proof, leaf, root);
  if (malformed !== undefined) return refuse(malformed);
  let at = index - span.start;
  let last = span.end - span.start - 1;
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return refuse('proof-too-long');
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(suite, sibling, hash);
      // On the right edge a node without sibling rises unchanged until it is somebody's right child.
      while (at % 2 === 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(suite, hash, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) return refuse('proof-too-short');
  return sameBytes(hash, root) ? yes(true) : refuse('proof-root');
}

/** As `verifyConsistency`, for the subtree `span` with root `spanRoot`. An empty subtree is in every tree, shown by an empty proof. */
export function verifySubtreeConsistency(suite: Suite, span: Span, size: number, spanRoot: Uint8Array, root: Uint8Array, proof: readonly Uint8Array[]): Verdict<true, ProofRefusal> {
  if (!isSubtree(span)) return refuse('proof-subtree');
  if (!isIndex(size) || span.end > size) return refuse('proof-tree-shrinks');
  const malformed = shapeRefusal(proof, spanRoot, root);
  if (malformed !== undefined) return refuse(malformed);
  if (span.start === span.end) {
    if (proof.length > 0) return refuse('proof-too-long');
    return sameBytes(spanRoot, emptyRoot(suite)) ? yes(true) : refuse('proof-root');
  }
  return climb(suite, span, size, spanRoot, root, proof);
}

const half = (value: number): number => Math.floor(value / 2);

/** The walk of RFC 9162 §2.1.4.2 from the right edge of the old part to the root, building both roots at once. */
function climb(suite: Suite, span: Span, size: number, spanRoot: Uint8Array, root: Uint8Array, proof: readonly Uint8Array[]): Verdict<true, ProofRefusal> {
  let first = span.start;
  let second = span.end - 1;
  let last = size - 1;
  // The proof begins at the largest subtree that ends where the old part ends and is complete in the old part.
  while (first !== second && (second === last || second % 2 === 1)) [first, second, last] = [half(first), half(second), half(last)];
  const startsWithOldRoot = first === second;
  if (!startsWithOldRoot && proof.length === 0) return refuse('proof-too-short');
  let older = startsWithOldRoot ? spanRoot : proof[0]!;
  let newer = older;
  for (const hash of startsWithOldRoot ? proof : proof.slice(1)) {
    if (last === 0) return refuse('proof-too-long');
    if (second % 2 === 1 || second === last) {
      if (first < second) older = nodeHash(suite, hash, older);
      newer = nodeHash(suite, hash, newer);
      while (second % 2 === 0) [first, second, last] = [half(first), half(second), half(last)];
    } else {
      newer = nodeHash(suite, newer, hash);
    }
    [first, second, last] = [half(first), half(second), half(last)];
  }
  if (last !== 0) return refuse('proof-too-short');
  return sameBytes(older, spanRoot) && sameBytes(newer, root) ? yes(true) : refuse('proof-root');
}
