/**
 * Who is asking. A query takes a `Scope`, and only this file makes one, so a query without an owner cannot be written.
 * Until sign-in exists there are two: the public, and the operator at this machine.
 */

declare const scopeMark: unique symbol;

export interface Scope {
  readonly [scopeMark]: true;
  readonly kind: 'public' | 'workspace';
  /** Stored with every act. Never a personal name. */
  readonly actor: string;
}

/** Sees what is published and nothing else. */
export const publicScope = { kind: 'public', actor: 'public' } as Scope;

/** The person at the keyboard of the machine; the server listens on loopback only while this exists. */
export const workspaceScope = { kind: 'workspace', actor: 'local-operator' } as Scope;
