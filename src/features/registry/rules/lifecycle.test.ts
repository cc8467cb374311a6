/** The life of an entry, case by case. */

import { describe, expect, it } from 'vitest';
import { bareDraft, taxRisk } from '../examples.ts';
import { type Status, STATUSES } from '../model.ts';
import { edit, isPublic, missingFor, move, REQUIRED_TO_REGISTER, TRANSITIONS } from './lifecycle.ts';

describe('move', () => {
  const allowed: readonly (readonly [Status, Status])[] = [
    ['draft', 'submitted'], ['draft', 'withdrawn'],
    ['submitted', 'registered'], ['submitted', 'draft'], ['submitted', 'withdrawn'],
    ['registered', 'withdrawn'], ['registered', 'submitted'],
    ['withdrawn', 'draft'],
  ];
  const pairs = STATUSES.flatMap((from) => STATUSES.map((to) => [from, to, allowed.some(([a, b]) => a === from && b === to)] as const));
  it.each(pairs)('%s → %s: %s', (status, to, isAllowed) => {
    const verdict = move({ status, record: taxRisk }, to);
    expect(verdict.ok).toBe(isAllowed);
    if (!verdict.ok) expect(verdict.refusal).toEqual({ code: 'transition-not-allowed', from: status, to, allowed: TRANSITIONS[status] });
  });

  it.each(REQUIRED_TO_REGISTER)('is not registered without %s', (key) => {
    const { [key]: _left, ...rest } = taxRisk;
    const verdict = move({ status: 'submitted', record: rest as typeof taxRisk }, 'registered');
    expect(verdict).toEqual({ ok: false, refusal: { code: 'incomplete', to: 'registered', missing: [key] } });
  });

  it.each([['   ', ['purpose']], ['x', []]] as const)('a purpose of %j', (purpose, missing) => {
    expect(missingFor({ ...taxRisk, purpose }, 'registered')).toEqual(missing);
  });

  it('names everything that is missing at once', () => {
    expect(missingFor(bareDraft, 'submitted')).toEqual(['purpose', 'contactEmail']);
  });

  it('reaches every status from draft, and draft from every status', () => {
    const reach = (from: Status): Set<Status> => {
      const seen = new Set<Status>([from]);
      for (const one of seen) for (const next of TRANSITIONS[one]) seen.add(next);
      return seen;
    };
    for (const status of STATUSES) expect(reach(status).size).toBe(STATUSES.length);
  });
});

describe('edit', () => {
  const { purpose: _purpose, ...withoutPurpose } = taxRisk;
  it.each([
    ['a draft may lose a field', 'draft', taxRisk, withoutPurpose, undefined],
    ['a registered entry may not', 'registered', taxRisk, withoutPurpose, 'incomplete'],
    ['an imported entry without it may stay without it', 'registered', withoutPurpose, { ...withoutPurpose, scope: 'x' }, undefined],
    ['a withdrawn entry stands', 'withdrawn', taxRisk, taxRisk, 'withdrawn-stands'],
  ] as const)('%s', (_name, status, before, after, refusal) => {
    const verdict = edit({ status, record: before }, after);
    expect(verdict.ok ? undefined : verdict.refusal.code).toBe(refusal);
  });
});

describe('isPublic', () => {
  it.each([
    ['draft', undefined, false, false], ['draft', undefined, true, false], ['submitted', 'open', true, false], ['registered', undefined, false, true], ['registered', 'open', true, true],
    ['withdrawn', 'open', true, true], ['withdrawn', 'open', false, false], ['registered', 'secure', true, false], ['withdrawn', 'secure', true, false],
  ] as const)('%s in section %s, registered before: %s → %s', (status, section, wasRegistered, expected) => {
    expect(isPublic(status, section === undefined ? {} : { section }, wasRegistered)).toBe(expected);
  });
});
