/** A cursor of the work list comes back exactly, and nothing else is taken for one. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWorklistKey, encodeWorklistKey } from './worklist-key.ts';

describe('the cursor of the work list', () => {
  it('comes back exactly', () => {
    const stakes = fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 });
    fc.assert(
      fc.property(fc.record({ stakes, systemId: fc.uuid() }), (key) => {
        expect(decodeWorklistKey(encodeWorklistKey(key))).toEqual(key);
      }),
    );
  });

  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value), 'utf8').toString('base64url');
  it.each([
    ['no text', ''],
    ['a word', 'xxx'],
    ['no JSON', Buffer.from('[1,').toString('base64url')],
    ['no list', encoded(null)],
    ['stakes as text', encoded(['1', '409b8077-3f32-4349-a683-a4f8f2920514'])],
    ['no system', encoded([1])],
    ['a system that is no id', encoded([1, "'; drop table assessment_summaries"])],
  ])('is refused when it is %s', (_what, text) => {
    expect(decodeWorklistKey(text)).toBeUndefined();
  });
});
