/** Who may do what: callers, policies, scopes. */

export { REGULATOR_ROLES, ROLES, STEP_UP_MS_MAX } from './model.ts';
export type { Caller, CallerSession, Membership, Role, Scope, ScopeRefusal } from './model.ts';
export { isPolicyName, NOUNS, POLICY_NAMES, policyOf } from './policies/index.ts';
export type { Noun, Policy, PolicyName, Reach } from './policies/index.ts';
export { currentScope, demandScope, isSteppedUp, keepScope, may, mayIn, operatorCaller, publicCaller, publicScope, restoreScope, scopeFor, storeScope, systemScope, within } from './scope.ts';
export type { StoredScope } from './scope.ts';
