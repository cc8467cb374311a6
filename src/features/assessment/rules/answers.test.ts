/** Answers fold to the latest; undo walks back one change at a time and never redoes. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FactAnswer } from '../../../law/index.ts';
import { foldAnswers, undoOf } from './answers.ts';

describe('foldAnswers', () => {
  it.each([
    [[], {}],
    [[['a', true]], { a: true }],
    [[['a', true], ['a', false]], { a: false }],
    [[['a', true], ['b', 'x'], ['a', null]], { b: 'x' }],
  ] as const)('%j gives %j', (steps, expected) => {
    expect(foldAnswers(steps.map(([fact, answer]) => ({ fact, answer })))).toEqual(expected);
  });
});

describe('undoOf', () => {
  it('takes back every change, in reverse, until nothing is left', () => {
    const change = fc.record({ fact: fc.constantFrom('a', 'b', 'c'), answer: fc.oneof(fc.boolean(), fc.constant(null)) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
        const steps: { fact: string; answer: FactAnswer | null; undoes?: boolean }[] = [...changes];
        for (let done = changes.length; done > 0; done--) {
          const undo = undoOf(steps);
          expect(undo).toBeDefined();
          if (undo === undefined) return;
          steps.push({ ...undo, undoes: true });
          expect(foldAnswers(steps)).toEqual(foldAnswers(changes.slice(0, done - 1)));
        }
        expect(undoOf(steps)).toBeUndefined();
      }),
    );
  });
});
