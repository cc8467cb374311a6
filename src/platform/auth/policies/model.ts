/** What a policy is: an act on a noun, who may do it, and how far each role reaches. */

import type { Language } from '../../../base/index.ts';
import type { Role } from '../model.ts';

/** `own`: in the organisations of the membership and below them. `all`: everywhere. A role that is not named may not. */
export type Reach = 'own' | 'all';

export interface Policy {
  readonly label: Readonly<Record<Language, string>>;
  /** `see` reads and cannot write, whatever the code tries; `act` may write. */
  readonly mode: 'see' | 'act';
  readonly roles: Readonly<Partial<Record<Role, Reach>>>;
  /** Open to everybody; shows only what is published. */
  readonly everybody?: true;
  /** Open to every signed-in person for their own account. */
  readonly anyAccount?: true;
  /** A dangerous act: a second factor must have been shown within ten minutes. */
  readonly stepUp?: true;
}

/** The policies of one noun. */
export interface Noun<V extends string = string> {
  readonly label: Readonly<Record<Language, string>>;
  readonly policies: Readonly<Record<V, Policy>>;
}

export function noun<const V extends string>(label: Noun['label'], policies: Readonly<Record<V, Policy>>): Noun<V> {
  return { label, policies };
}

/** Regulator sees and does everywhere; the auditor sees everywhere; an organisation's people in their own. */
export const SEEN_BY_ALL: Policy['roles'] = { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all', owner: 'own', editor: 'own', viewer: 'own', analyst: 'own' };
export const WRITTEN_BY_EDITORS: Policy['roles'] = { administrator: 'all', officer: 'all', owner: 'own', editor: 'own' };
export const SEEN_BY_REGULATOR: Policy['roles'] = { administrator: 'all', officer: 'all', counsel: 'all', inspector: 'all', auditor: 'all' };
