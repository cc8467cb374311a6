/** Forms become raw answers; nothing chosen never becomes a no. */

import { describe, expect, it } from 'vitest';
import type { FactType } from '../../../law/index.ts';
import { type AnswerForm, NONE_VALUE, rawAnswerOf } from './raw-answer.ts';

describe('rawAnswerOf', () => {
  it.each<[FactType, AnswerForm, unknown]>([
    ['bool', { value: 'yes' }, true],
    ['bool', { value: 'no' }, false],
    ['bool', { value: 'perhaps' }, 'perhaps'],
    ['bool', {}, 'no-answer'],
    ['bool', { value: '' }, 'no-answer'],
    ['bool', { act: 'unknown' }, 'unknown'],
    ['bool', { act: 'not-applicable' }, false],
    ['bool', { act: 'take-back' }, null],
    ['set', { value: ['a', 'b'] }, ['a', 'b']],
    ['set', { value: 'a' }, ['a']],
    ['set', { value: NONE_VALUE }, []],
    ['set', {}, 'no-answer'],
    ['set', { act: 'not-applicable' }, []],
    ['enum', { value: 'small' }, 'small'],
    ['number', { value: '1e25' }, 1e25],
    ['number', { value: '1 000,5' }, 1000.5],
    ['number', { value: 'many' }, 'many'],
    ['date', { value: '2026-12-02' }, '2026-12-02'],
  ])('%s %j → %j', (type, form, expected) => {
    const answer = rawAnswerOf({ type }, form);
    expect(answer.ok ? answer.value : answer.refusal).toEqual(expected);
  });
});
