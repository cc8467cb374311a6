/** Who sends a request, what they are in which organisation, and what a piece of work may touch. */

import type { Language } from '../../base/index.ts';
import type { PolicyName } from './policies/index.ts';

export const ROLES = ['administrator', 'officer', 'counsel', 'inspector', 'owner', 'editor', 'viewer', 'analyst', 'council-member', 'secretariat', 'learner', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/** Roles of the authority that keeps the register; they are given in an organisation of kind `regulator` only. */
export const REGULATOR_ROLES: readonly Role[] = ['administrator', 'officer', 'counsel', 'inspector', 'auditor'];

export interface Membership {
  /** UUID of the organisation. */
  readonly organisation: string;
  readonly role: Role;
  /** UUIDs of the organisation and of everything below it: a membership reaches downwards, never up or sideways. */
  readonly reach: readonly string[];
}

/** A session as far as policies need it. */
export interface CallerSession {
  readonly id: string;
  /** When a second factor was last shown, as milliseconds of the epoch; undefined when never in this session. */
  readonly steppedUpAt?: number;
}

/** Who sent a request, before a policy is applied. */
export interface Caller {
  readonly kind: 'public' | 'person' | 'key' | 'operator' | 'system';
  /** Stored with every act: `public`, `person:<uuid>`, `key:<uuid>`, `operator`, `system`. Never a personal name. */
  readonly actor: string;
  readonly personId?: string;
  /** Shown to the person only. */
  readonly name?: string;
  readonly language?: Language;
  readonly memberships: readonly Membership[];
  readonly session?: CallerSession;
  /** What an API key may do at most; undefined means whatever the person may. */
  readonly permits?: readonly PolicyName[];
  /** Something the person has to do first (set up a second factor): only policies of the own account are granted. */
  readonly restricted?: boolean;
}

declare const scopeMark: unique symbol;

/** What a piece of work may touch. Made by this room only; row-level security enforces it underneath. */
export interface Scope {
  readonly [scopeMark]: true;
  readonly kind: 'public' | 'workspace';
  /** Stored with every act. Never a personal name. */
  readonly actor: string;
  /** `public`: what is published. `own`: rows of `organisations`. `all`: every organisation. */
  readonly reach: 'public' | 'own' | 'all';
  /** UUIDs, of reach `own` only; closed downwards. */
  readonly organisations: readonly string[];
  readonly mode: 'read' | 'write';
}

export type ScopeRefusal = 'sign-in-needed' | 'not-permitted' | 'step-up-needed' | 'second-factor-needed';

/** A second factor that was shown this long ago still counts for a dangerous act. */
export const STEP_UP_MS_MAX = 10 * 60_000;
