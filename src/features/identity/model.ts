/** Words of identity: people, roles, organisations, sessions, what is refused, and the limits of everything that is counted. */

import type { Instant, Language, LocalisedText } from '../../base/index.ts';
import type { Role } from '../../platform/auth/index.ts';

export type { Role };

export const ORGANISATION_KINDS = ['regulator', 'ministry', 'agency', 'department', 'company', 'other'] as const;
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number];

/** How the person proved who they are when the session began, or since. */
export type SessionMethod = 'password' | 'password+code' | 'password+passkey' | 'passkey' | 'sso' | 'sso+factor';

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly language: Language | undefined;
  readonly createdAt: Instant;
  readonly closedAt: Instant | undefined;
}

export interface Organisation {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: OrganisationKind;
  readonly names: LocalisedText;
  /** From the root to itself. */
  readonly path: readonly string[];
  readonly createdAt: Instant;
  readonly closedAt: Instant | undefined;
}

export interface SessionRow {
  readonly id: string;
  readonly method: SessionMethod;
  readonly createdAt: Instant;
  readonly seenAt: Instant;
  readonly address: string | undefined;
  readonly userAgent: string | undefined;
}

/** From where a request came, for the list of sessions and for waiting after failures. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export type IdentityRefusal =
  | { readonly code: 'wrong-credentials' }
  | { readonly code: 'too-many-attempts'; readonly waitSeconds: number }
  | { readonly code: 'wrong-code' }
  | { readonly code: 'link-not-valid' }
  | { readonly code: 'step-not-valid' }
  | { readonly code: 'already-set-up' }
  | { readonly code: 'bad-password'; readonly problem: PasswordProblem }
  | { readonly code: 'address-taken' }
  | { readonly code: 'wrong-password' }
  | { readonly code: 'confirm-first' }
  | { readonly code: 'no-organisation' }
  | { readonly code: 'organisation-cycle' }
  | { readonly code: 'organisation-closed' }
  | { readonly code: 'organisation-has-open-parts' }
  | { readonly code: 'role-not-here' }
  | { readonly code: 'already-member' }
  | { readonly code: 'not-a-member' }
  | { readonly code: 'last-administrator' }
  | { readonly code: 'no-person' }
  | { readonly code: 'no-session' }
  | { readonly code: 'no-passkey' }
  | { readonly code: 'passkey-not-accepted' }
  | { readonly code: 'no-key' }
  | { readonly code: 'key-lifetime' }
  | { readonly code: 'key-permits' }
  | { readonly code: 'too-many'; readonly max: number }
  | { readonly code: 'no-second-factor' }
  | { readonly code: 'no-invitation' }
  | { readonly code: 'operator-only' };

export type PasswordProblem = 'short' | 'long' | 'common' | 'personal';

export const PASSWORD_CHARACTERS_MIN = 12;
export const PASSWORD_CHARACTERS_MAX = 256;
export const EMAIL_CHARACTERS_MAX = 320;
export const NAME_CHARACTERS_MAX = 200;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Clocks of several machines differ by seconds. What lies further ahead was written by a clock that has been set back since. */
export const CLOCK_SKEW_MS = 5 * MINUTE_MS;

export const SESSION_IDLE_MS = 12 * HOUR_MS;
export const SESSION_LIFE_MS = 7 * DAY_MS;
export const SECOND_STEP_MS = 10 * MINUTE_MS;
export const SETUP_LINK_MS = DAY_MS;
export const RECOVERY_LINK_MS = HOUR_MS;
export const ADDRESS_LINK_MS = DAY_MS;
export const INVITATION_MS = 7 * DAY_MS;
export const API_KEY_LIFE_MS_MAX = 366 * DAY_MS;

export const SESSIONS_OF_PERSON_MAX = 50;
export const PASSKEYS_OF_PERSON_MAX = 20;
export const API_KEYS_OF_PERSON_MAX = 50;
export const MEMBERSHIPS_OF_PERSON_MAX = 100;
export const ORGANISATION_DEPTH_MAX = 12;
export const ORGANISATIONS_MAX = 50_000;
export const PEOPLE_PAGE_MAX = 200;
export const INVITATIONS_SHOWN_MAX = 500;
