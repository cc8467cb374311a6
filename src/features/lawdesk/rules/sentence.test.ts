/** Changes of a sentence tree: what the text says after each, and that no chain of changes makes a text that cannot be read. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../law/index.ts';
import { changeSentence, parsePath, SENTENCE_DEPTH_MAX, type SentenceAct } from './sentence.ts';

const C = { op: 'name', name: 'C' } as const;

describe('changeSentence', () => {
  it.each<readonly [string, readonly number[], SentenceAct, string]>([
    ['A', [], { act: 'negate' }, 'not A'],
    ['not A', [], { act: 'negate' }, 'A'],
    ['not (A and B)', [], { act: 'unwrap' }, 'A and B'],
    ['A', [], { act: 'add', node: C }, 'A and C'],
    ['A or B', [], { act: 'add', node: C }, 'A or B or C'],
    ['A or B', [1], { act: 'add', node: C }, 'A or B and C'],
    ['A and B', [], { act: 'switch' }, 'A or B'],
    ['A and B and D', [0], { act: 'remove' }, 'B and D'],
    ['A and (B or D)', [1, 0], { act: 'remove' }, 'A and D'],
    ['A and not B', [1, 0], { act: 'remove' }, 'A'],
    ['A and B and D', [0], { act: 'wrap-any' }, '(A or B) and D'],
    ['A and B and D', [2], { act: 'wrap-any' }, 'A and (B or D)'],
    ['A and (B or D)', [1], { act: 'unwrap' }, 'A and B and D'],
    ['A and B', [1], { act: 'up' }, 'B and A'],
    ['A and B', [0], { act: 'down' }, 'B and A'],
    ['A and X in [a, b]', [1], { act: 'replace', node: { op: 'has', name: 'Y', value: 'c' } }, 'A and Y has c'],
  ])('%s at %j %j → %s', (text, path, act, expected) => expect(changeSentence(text, path, act)).toEqual({ ok: true, value: expected }));

  it.each<readonly [string, readonly number[], SentenceAct, string]>([
    ['A', [], { act: 'remove' }, 'last-condition'],
    ['not A', [0], { act: 'remove' }, 'last-condition'],
    ['A', [3], { act: 'negate' }, 'node-missing'],
    ['A and B', [0], { act: 'up' }, 'cannot-move'],
    ['A', [], { act: 'wrap-all' }, 'cannot-move'],
    ['A and (', [], { act: 'negate' }, 'condition-unreadable'],
    [`${'A and (B or '.repeat(SENTENCE_DEPTH_MAX / 2)}D${')'.repeat(SENTENCE_DEPTH_MAX / 2)}`, [], { act: 'negate' }, 'condition-too-deep'],
    [Array.from({ length: 200 }, (_, index) => `A${index}`).join(' and '), [], { act: 'add', node: C }, 'condition-too-long'],
  ])('refuses %s at %j %j: %s', (text, path, act, refusal) => expect(changeSentence(text, path, act)).toEqual({ ok: false, refusal }));

  it('never makes a condition that cannot be read', () => {
    const act = fc.oneof(fc.constantFrom<SentenceAct['act']>('remove', 'negate', 'switch', 'wrap-all', 'wrap-any', 'unwrap', 'up', 'down').map((name) => ({ act: name }) as SentenceAct), fc.constantFrom<'replace' | 'add'>('replace', 'add').map((name): SentenceAct => ({ act: name, node: C })));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(fc.nat(3), { maxLength: 4 }), act), { maxLength: 25 }), (changes) => {
        let text = 'A and (B or not D) and E has x';
        for (const [path, change] of changes) {
          const changed = changeSentence(text, path, change);
          if (changed.ok) text = changed.value;
          expect(parseExpression(text).ok).toBe(true);
        }
      }),
    );
  });
});

it.each([
  ['', []],
  ['0.12.3', [0, 12, 3]],
  ['0..1', undefined],
  ['1e3', undefined],
  ['-1', undefined],
] as const)('the way “%s”', (text, path) => expect(parsePath(text)).toEqual(path));
