/** The cursor of affected systems: comes back as it went, and anything else is no cursor. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEffectKey, encodeEffectKey } from './effect-key.ts';

it('comes back as it went', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0 }), fc.uuid(), (weight, systemId) => {
      expect(decodeEffectKey(encodeEffectKey({ weight, systemId }))).toEqual({ weight, systemId });
    }),
  );
});

it.each(['', 'x', 'bm9uc2Vuc2U', Buffer.from('{"0":1}').toString('base64url'), Buffer.from('[1.5,"00000000-0000-4000-8000-000000000000"]').toString('base64url'), Buffer.from('[1,"; drop table"]').toString('base64url'), 'a'.repeat(500)])('%j is none', (text) => {
  expect(decodeEffectKey(text)).toBeUndefined();
});
