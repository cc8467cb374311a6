/** Who may do what: the table of permissions, what a scope becomes of a caller, and that a scope goes with its work. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../base/index.ts';
import { type Caller, currentScope, demandScope, isPolicyName, keepScope, may, mayIn, type Membership, NOUNS, operatorCaller, POLICY_NAMES, type PolicyName, policyOf, publicCaller, publicScope, REGULATOR_ROLES, restoreScope, type Role, ROLES, scopeFor, STEP_UP_MS_MAX, storeScope, systemScope, within } from './index.ts';

const [MINISTRY, AGENCY, OTHER] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'] as const;
const NOW = 1_000_000_000_000;

function person(memberships: readonly Membership[], rest: Partial<Caller> = {}): Caller {
  return { kind: 'person', actor: 'person:44444444-4444-4444-8444-444444444444', memberships, session: { id: 's', steppedUpAt: NOW - 1000 }, ...rest };
}
const at = (role: Role, organisation: string = MINISTRY, below: readonly string[] = []): Membership => ({ organisation, role, reach: [organisation, ...below] });

describe('the table of permissions', () => {
  it('names every act in three languages, and nothing twice', () => {
    expect(new Set(POLICY_NAMES).size).toBe(POLICY_NAMES.length);
    for (const name of POLICY_NAMES) for (const language of LANGUAGES) expect(policyOf(name).label[language]).not.toBe('');
    for (const { label } of Object.values(NOUNS)) for (const language of LANGUAGES) expect(label[language]).not.toBe('');
  });

  it('lets the auditor see and never act', () => {
    for (const name of POLICY_NAMES) if (policyOf(name).roles.auditor !== undefined) expect([name, policyOf(name).mode]).toEqual([name, 'see']);
  });

  it('gives no role of an organisation a reach over the others', () => {
    // The council is the country's: its members and its secretariat reach all of it, and nothing else.
    const isOfCouncil = (name: PolicyName, role: Role): boolean => ['council-member', 'secretariat'].includes(role) && ['council', 'member', 'motion', 'seat', 'sitting'].includes(name.split('.')[0] ?? '');
    for (const name of POLICY_NAMES) for (const role of ROLES) if (!REGULATOR_ROLES.includes(role) && !isOfCouncil(name, role)) expect([name, role, policyOf(name).roles[role]]).not.toEqual([name, role, 'all']);
  });

  it('knows its names', () => {
    expect([isPolicyName('system.see'), isPolicyName('system.fly'), isPolicyName('__proto__')]).toEqual([true, false, false]);
  });
});

describe('a scope', () => {
  it.each<[string, Caller, Parameters<typeof scopeFor>[1], unknown]>([
    ['nobody on a public page', publicCaller, 'public', publicScope],
    ['somebody on a public page sees what everybody sees', person([at('administrator')]), 'public', publicScope],
    ['nobody elsewhere', publicCaller, 'system.see', 'sign-in-needed'],
    ['a person without a role', person([]), 'system.see', 'not-permitted'],
    ['a learner', person([at('learner')]), 'system.see', 'not-permitted'],
    ['a viewer may not write', person([at('viewer')]), 'system.change', 'not-permitted'],
    ['an administrator', person([at('administrator')]), 'system.change', { reach: 'all', organisations: [], mode: 'write' }],
    ['an auditor reads', person([at('auditor')]), 'system.see', { reach: 'all', organisations: [], mode: 'read' }],
    ['an editor of a ministry with an agency', person([at('editor', MINISTRY, [AGENCY])]), 'system.change', { reach: 'own', organisations: [MINISTRY, AGENCY], mode: 'write' }],
    ['an editor here who is a viewer there writes here only', person([at('editor', AGENCY), at('viewer', OTHER)]), 'system.change', { reach: 'own', organisations: [AGENCY] }],
    ['and sees both', person([at('editor', AGENCY), at('viewer', OTHER)]), 'system.see', { reach: 'own', organisations: [AGENCY, OTHER] }],
    ['the operator', operatorCaller, 'law.adopt', { reach: 'all', mode: 'write', actor: 'operator' }],
    ['a key that permits less', person([at('owner')], { kind: 'key', actor: 'key:x', permits: ['system.see'] }), 'system.change', 'not-permitted'],
    ['a key that permits it', person([at('owner')], { kind: 'key', actor: 'key:x', permits: ['system.see'] }), 'system.see', { reach: 'own', actor: 'key:x' }],
    ['a key cannot be stepped up', person([at('administrator')], { kind: 'key', actor: 'key:x', permits: ['law.adopt'], session: { id: 'k' } }), 'law.adopt', 'not-permitted'],
    ['a dangerous act long after the second factor', person([at('administrator')], { session: { id: 's', steppedUpAt: NOW - STEP_UP_MS_MAX - 1 } }), 'law.adopt', 'step-up-needed'],
    ['a dangerous act by a clock that went back', person([at('administrator')], { session: { id: 's', steppedUpAt: NOW + 1 } }), 'law.adopt', 'step-up-needed'],
    ['a dangerous act soon after it', person([at('administrator')]), 'law.adopt', { reach: 'all', mode: 'write' }],
    ['somebody who must set up a second factor first', person([at('administrator')], { restricted: true }), 'system.see', 'second-factor-needed'],
    ['and may do so', person([at('administrator')], { restricted: true }), 'account.see', { reach: 'own', organisations: [] }],
  ])('%s', (_title, caller, policy, expected) => {
    const scope = scopeFor(caller, policy, NOW);
    if (typeof expected === 'string') expect(scope).toEqual({ ok: false, refusal: expected });
    else expect(scope).toMatchObject({ ok: true, value: expected as object });
  });

  it('never reaches further than the table says, whatever the memberships', () => {
    const membership = fc.record({ organisation: fc.constantFrom(MINISTRY, AGENCY, OTHER), role: fc.constantFrom(...ROLES) }).map(({ organisation, role }) => at(role, organisation));
    fc.assert(
      fc.property(fc.array(membership, { maxLength: 6 }), fc.constantFrom(...POLICY_NAMES.filter((name) => policyOf(name).everybody !== true && policyOf(name).anyAccount !== true)), (memberships, name) => {
        const caller = person(memberships);
        const scope = scopeFor(caller, name, NOW);
        const { roles } = policyOf(name);
        const all = memberships.some(({ role }) => roles[role] === 'all');
        const own = [...new Set(memberships.filter(({ role }) => roles[role] !== undefined).map(({ organisation }) => organisation))].sort();
        expect(scope.ok).toBe(own.length > 0);
        expect(may(caller, name)).toBe(scope.ok);
        if (!scope.ok) return;
        expect(scope.value).toMatchObject(all ? { reach: 'all', organisations: [] } : { reach: 'own', organisations: own });
        for (const one of [MINISTRY, AGENCY, OTHER]) expect(mayIn(caller, name, one)).toBe(all || own.includes(one));
        expect(mayIn(caller, name, undefined)).toBe(all);
      }),
    );
  });

  it('goes with its work over awaits and timers, and not outside', async () => {
    expect(currentScope()).toBeUndefined();
    expect(() => demandScope()).toThrow('outside any');
    const seen = await within(systemScope, async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return [currentScope(), within(publicScope, () => currentScope()), currentScope()];
    });
    expect(seen).toEqual([systemScope, publicScope, systemScope]);
    expect(currentScope()).toBeUndefined();
  });

  it('stays with rows that are read later', async () => {
    async function* rows(): AsyncGenerator<string> {
      yield currentScope()?.actor ?? 'nobody';
      await Promise.resolve();
      yield currentScope()?.actor ?? 'nobody';
    }
    const kept = within(systemScope, () => keepScope(rows()));
    const first = within(systemScope, async () => kept.next());
    expect((await first).value).toBe('system');
    expect((await kept.next()).value).toBe('system');
  });

  it('is kept by a job and comes back with the same reach', () => {
    const scope = scopeFor(person([at('editor', MINISTRY, [AGENCY])]), 'system.change', NOW);
    if (!scope.ok) throw new Error('granted');
    expect(restoreScope(JSON.parse(JSON.stringify(storeScope(scope.value))) as ReturnType<typeof storeScope>)).toEqual(scope.value);
    expect(() => storeScope(publicScope)).toThrow('starts no job');
  });
});
