/** The rules of impact assessments: undoing, reading forms, cursors, what is copied into a form. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answers, Question } from '../../../law/questionnaire/index.ts';
import { foldSteps, type Given, undoLast } from './fold-steps.ts';
import { decodeListKey, encodeListKey } from './list-key.ts';
import { rawFromForm } from './read-form.ts';

describe('undo', () => {
  it('puts back what stood before the last save that still stands, however often', () => {
    const save = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(fc.oneof(save, fc.constant('undo' as const)), { maxLength: 20 }), (acts) => {
        type Step = Parameters<typeof undoLast>[0][number];
        const steps: Step[] = [];
        const states: Answers[] = [{}];
        const add = (given: readonly Given[], undoes: boolean): void => {
          const batch = steps.length + 1;
          steps.push(...given.map((one) => ({ ...one, batch, undoes })));
        };
        for (const act of acts) {
          if (act === 'undo') {
            const given = undoLast(steps);
            expect(given === undefined).toBe(states.length === 1);
            if (given === undefined) continue;
            add(given, true);
            states.pop();
          } else {
            add(Object.entries(act).map(([question, answer]) => ({ question, answer, origin: 'person' })), false);
            states.push(foldSteps(steps).answers);
          }
          expect(foldSteps(steps).answers).toEqual(states.at(-1));
        }
      }),
    );
  });
});

describe('the end of a page of the list', () => {
  const key = { changedAt: '2026-11-23T09:00:00.000Z', id: '63696fda-629a-4cc9-aa15-1ea201a9608f' };
  it('reads back as itself', () => expect(decodeListKey(encodeListKey(key))).toEqual(key));
  it.each(['', 'x', '%', encodeListKey({ ...key, id: 'x' }), encodeListKey({ ...key, changedAt: '2026' }), Buffer.from(`${key.changedAt} ${key.id} more`).toString('base64url')])('%j is none', (text) => expect(decodeListKey(text)).toBeUndefined());
});

describe('a form', () => {
  const of = (type: Question['type'], more: Partial<Question> = {}): Question => ({ id: 'x', type, rowsMax: 2, columns: [], ...more }) as Question;
  it.each([
    ['text', { 'q.x': ' a\r\nb ' }, 'a\nb'],
    ['text', { 'q.x': '  ' }, null],
    ['number', { 'q.x': '1 234,5' }, 1234.5],
    ['number', { 'q.x': 'many' }, 'many'],
    ['yes-no', { 'q.x': 'no' }, false],
    ['yes-no', {}, null],
    ['gauge', { 'q.x': '2' }, 2],
    ['choices', { 'q.x': ['a', ''] }, ['a']],
    ['choices', {}, null],
    ['check', { 'q.x': 'partial', 'q.x.remark': 'half' }, { check: 'partial', remark: 'half' }],
    ['check', { 'q.x.remark': 'kept back' }, { check: '', remark: 'kept back' }],
    ['check', {}, null],
  ] as const)('%s %j → %j', (type, form, expected) => expect(rawFromForm(of(type), form)).toEqual(expected));
  const table = of('table', { columns: [{ id: 'n', type: 'number' }] as unknown as Question['columns'] });
  it.each([
    [{ 'q.x.0.n': '1', 'q.x.1.n': '' }, [{ n: 1 }]],
    [{ 'q.x.0.n': '1', 'q.x.0.remove': 'yes' }, null],
    [{ 'q.x.0.n': '1', 'q.x.1.n': '2', 'q.x.2.n': '3' }, [{ n: 1 }, { n: 2 }, { n: 3 }]],
  ])('a table %j → %j', (form, expected) => expect(rawFromForm(table, form)).toEqual(expected));
});
