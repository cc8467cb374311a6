/** Makes scopes, and carries the scope of the work at hand to the database. Nothing else can make one. */

import { AsyncLocalStorage } from 'node:async_hooks';
import { assert, Fault, no, type Verdict, yes } from '../../base/index.ts';
import type { Caller, Role, Scope, ScopeRefusal } from './model.ts';
import { STEP_UP_MS_MAX } from './model.ts';
import { policyOf, type PolicyName, type Reach } from './policies/index.ts';

function make(scope: Omit<Scope, symbol>): Scope {
  return Object.freeze(scope) as Scope;
}

/** Sees what is published and nothing else. */
export const publicScope = make({ kind: 'public', actor: 'public', reach: 'public', organisations: [], mode: 'read' });

/** Work that nobody asked for at a keyboard: start, background passes, retention. */
export const systemScope = make({ kind: 'workspace', actor: 'system', reach: 'all', organisations: [], mode: 'write' });

export const publicCaller: Caller = Object.freeze({ kind: 'public', actor: 'public', memberships: [] });
/** The command line on this machine: whoever may read the data folder could read the database too. */
export const operatorCaller: Caller = Object.freeze({ kind: 'operator', actor: 'operator', memberships: [] });

/** Organisations that one scope may name; beyond that a person works with the reach of a regulator. */
const ORGANISATIONS_MAX = 10_000;

/**
 * Applies a policy to a caller: what may be touched, or why nothing. Pure; `now` is milliseconds of the epoch.
 * An API key never does more than its person, nor anything that asks for a step-up.
 */
export function scopeFor(caller: Caller, name: PolicyName, now: number): Verdict<Scope, ScopeRefusal> {
  const policy = policyOf(name);
  if (policy.everybody === true) return yes(publicScope);
  if (caller.kind === 'public') return no('sign-in-needed');
  const mode = policy.mode === 'see' ? 'read' : 'write';
  if (caller.kind === 'system') return yes(systemScope);
  if (caller.kind === 'operator') return yes(make({ kind: 'workspace', actor: caller.actor, reach: 'all', organisations: [], mode }));
  if (caller.permits !== undefined && !caller.permits.includes(name)) return no('not-permitted');
  if (caller.restricted === true && policy.anyAccount !== true) return no('second-factor-needed');
  const granted = policy.anyAccount === true ? { reach: 'own' as const, organisations: [] } : grantedBy(caller, policy.roles);
  if (granted === undefined) return no('not-permitted');
  if (policy.stepUp === true && !isSteppedUp(caller, now)) return no(caller.kind === 'key' ? 'not-permitted' : 'step-up-needed');
  return yes(make({ kind: 'workspace', actor: caller.actor, ...granted, mode }));
}

export function isSteppedUp(caller: Caller, now: number): boolean {
  const at = caller.session?.steppedUpAt;
  return at !== undefined && at <= now && now - at <= STEP_UP_MS_MAX;
}

/** Whether the caller could do it somewhere; for showing a button. A step-up that is still to be made counts as yes. */
export function may(caller: Caller, name: PolicyName): boolean {
  const policy = policyOf(name);
  if (policy.everybody === true) return true;
  if (caller.kind === 'operator' || caller.kind === 'system') return true;
  if (caller.kind === 'public' || (caller.permits !== undefined && !caller.permits.includes(name))) return false;
  if (caller.restricted === true && policy.anyAccount !== true) return false;
  return policy.anyAccount === true || grantedBy(caller, policy.roles) !== undefined;
}

/** Whether the caller could do it in this organisation; undefined stands for what belongs to no organisation, which is the regulator's. */
export function mayIn(caller: Caller, name: PolicyName, organisation: string | undefined): boolean {
  if (!may(caller, name)) return false;
  const policy = policyOf(name);
  if (policy.everybody === true || policy.anyAccount === true || caller.kind === 'operator' || caller.kind === 'system') return true;
  const granted = grantedBy(caller, policy.roles);
  return granted?.reach === 'all' || (organisation !== undefined && granted?.organisations.includes(organisation) === true);
}

function grantedBy(caller: Caller, roles: Readonly<Partial<Record<Role, Reach>>>): { readonly reach: 'own' | 'all'; readonly organisations: readonly string[] } | undefined {
  const organisations = new Set<string>();
  let isGranted = false;
  for (const membership of caller.memberships) {
    const reach = roles[membership.role];
    if (reach === undefined) continue;
    if (reach === 'all') return { reach: 'all', organisations: [] };
    isGranted = true;
    for (const id of membership.reach) organisations.add(id);
  }
  assert(organisations.size <= ORGANISATIONS_MAX, 'a membership reaches a bounded number of organisations');
  return isGranted ? { reach: 'own', organisations: [...organisations].sort() } : undefined;
}

/** What a job keeps, so that it works with the rights of whoever started it. */
export interface StoredScope {
  readonly actor: string;
  readonly reach: 'own' | 'all';
  readonly organisations: readonly string[];
}

export function storeScope(scope: Scope): StoredScope {
  assert(scope.reach !== 'public', 'the public starts no job');
  return { actor: scope.actor, reach: scope.reach, organisations: scope.organisations };
}

export function restoreScope(stored: StoredScope): Scope {
  return make({ kind: 'workspace', ...stored, mode: 'write' });
}

const carried = new AsyncLocalStorage<Scope>();

/** Does `work` with `scope`: every query in it runs with the rights of that scope, also after awaits. */
export function within<T>(scope: Scope, work: () => T): T {
  return carried.run(scope, work);
}

/** The scope of the work at hand; undefined outside any. */
export function currentScope(): Scope | undefined {
  return carried.getStore();
}

/** Fault `no-scope` outside any piece of work: a query without an owner is a programming error, never an empty answer. */
export function demandScope(): Scope {
  const scope = carried.getStore();
  if (scope === undefined) throw new Fault('no-scope', 'A query ran outside any request, job or command.');
  return scope;
}

/** A stream of rows is read by a socket long after its request was handled; this keeps the scope it was made in. */
export async function* keepScope<T>(rows: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const scope = demandScope();
  const iterator = rows[Symbol.asyncIterator]();
  try {
    for (;;) {
      const step = await within(scope, async () => iterator.next());
      if (step.done === true) return;
      yield step.value;
    }
  } finally {
    await within(scope, async () => iterator.return?.());
  }
}
