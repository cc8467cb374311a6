/** Diagrams: canonical, right against truth tables, bounded. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagramOverflow, Diagrams, FALSE, TRUE } from './bdd.ts';
import type { Node } from './bdd.ts';

const VARIABLES = 5;
const TABLE = 1 << VARIABLES;

/** A random function given as its truth table, and its diagram built from minterms. */
function build(store: Diagrams, table: number): Node {
  let node: Node = FALSE;
  for (let row = 0; row < TABLE; row++) {
    if (((table >>> row) & 1) === 0) continue;
    let term: Node = TRUE;
    for (let v = 0; v < VARIABLES; v++) term = store.and(term, ((row >> v) & 1) === 1 ? store.literal(v) : store.not(store.literal(v)));
    node = store.or(node, term);
  }
  return node;
}

function tableOf(store: Diagrams, node: Node): number {
  let table = 0;
  for (let row = 0; row < TABLE; row++) {
    const assignment = Int8Array.from({ length: VARIABLES }, (_, v) => (row >> v) & 1);
    if (store.restrict(node, assignment) === TRUE) table |= 1 << row;
  }
  return table >>> 0;
}

const table = fc.integer({ min: 0, max: 0xffffffff });

describe('diagrams', () => {
  test('equal functions are equal nodes, whatever the order of variables', () => {
    fc.assert(fc.property(table, table, fc.boolean(), (a, b, isReversed) => {
      const rank = isReversed ? Int32Array.from({ length: VARIABLES }, (_, v) => VARIABLES - 1 - v) : undefined;
      const store = new Diagrams(undefined, undefined, rank);
      const [f, g] = [build(store, a), build(store, b)];
      expect(tableOf(store, f)).toBe(a);
      expect(f === g).toBe(a === b);
      expect(store.and(f, g)).toBe(build(store, a & b));
      expect(store.or(f, g)).toBe(build(store, a | b));
      expect(store.xor(f, g)).toBe(build(store, a ^ b));
      expect(store.not(store.not(f))).toBe(f);
    }), { numRuns: 60 });
  });

  test('restrict, support, exists, counts and reach agree with the table', () => {
    fc.assert(fc.property(table, fc.array(fc.constantFrom(-1, 0, 1), { minLength: VARIABLES, maxLength: VARIABLES }), (a, values) => {
      const store = new Diagrams();
      const f = build(store, a);
      const assignment = Int8Array.from(values);
      const rows = Array.from({ length: TABLE }, (_, row) => row).filter((row) => values.every((value, v) => value < 0 || ((row >> v) & 1) === value));
      const hits = rows.filter((row) => ((a >>> row) & 1) === 1).length;
      expect(store.reach(f, assignment)).toBe(hits === 0 ? 1 : hits === rows.length ? 2 : 3);
      const depends = (v: number): boolean => Array.from({ length: TABLE }, (_, row) => row).some((row) => ((a >>> row) & 1) !== ((a >>> (row ^ (1 << v))) & 1));
      expect(store.support(f)).toEqual([0, 1, 2, 3, 4].filter(depends));
      const ones = Array.from({ length: TABLE }, (_, row) => row).filter((row) => ((a >>> row) & 1) === 1).length;
      expect(store.modelCount(f, VARIABLES)).toBe(BigInt(ones));
      expect(store.fraction(f, new Float64Array(VARIABLES).fill(0.5))).toBe(ones / TABLE);
      const some = store.exists(f, new Set([1, 3]));
      for (let row = 0; row < TABLE; row++) {
        const others = [0, 2, 8, 10].map((mask) => (row & ~10) | mask);
        expect((tableOf(store, some) >>> row) & 1).toBe(others.some((other) => ((a >>> other) & 1) === 1) ? 1 : 0);
      }
      const witness = store.witness(f);
      expect(witness === undefined).toBe(a === 0);
    }), { numRuns: 60 });
  });

  test('x or not x is TRUE and has no support', () => {
    const store = new Diagrams();
    const x = store.literal(0);
    expect(store.or(x, store.not(x))).toBe(TRUE);
    expect(store.support(store.or(x, store.not(x)))).toEqual([]);
  });

  test('a bounded store refuses to grow past its bound', () => {
    const store = new Diagrams(10);
    const parity = (): Node => Array.from({ length: 12 }, (_, v) => v).reduce<Node>((node, v) => store.xor(node, store.literal(v)), FALSE);
    expect(parity).toThrow(DiagramOverflow);
  });
});
