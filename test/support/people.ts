/** Organisations and people of a story with real accounts and sessions, made through identity itself; the walk through its pages has tests of its own. */

import type { Identity } from '../../src/features/identity/index.ts';
import { signed } from '../../src/features/identity/rules/tokens.ts';
import { confirmGenerator, createPerson, offerGenerator } from '../../src/features/identity/store/people.ts';
import { createSession } from '../../src/features/identity/store/sessions.ts';
import { REGULATOR_ROLES, type Role } from '../../src/platform/auth/index.ts';

export interface Somebody {
  readonly personId: string;
  /** Headers of a request from the pages of the register in this person's browser. */
  readonly headers: Readonly<Record<string, string>>;
}

export async function makeOrganisation(identity: Identity, name: string, kind: 'regulator' | 'ministry' | 'agency' | 'department' | 'company', parentId?: string): Promise<string> {
  const made = await identity.organisations.createOrganisation({ kind, names: { az: name, en: name, ru: name }, ...(parentId === undefined ? {} : { parentId }) });
  if (!made.ok) throw new Error(made.refusal.code);
  return made.value;
}

/** A person with one role and a session in which the second factor was just shown. */
export async function makePerson(identity: Identity, name: string, organisationId: string | undefined, role: Role | undefined, options: { readonly steppedUp?: boolean } = {}): Promise<Somebody> {
  const { db, clock } = identity.parts;
  const at = clock.now();
  // No password: these people come in by their session only.
  const personId = await createPerson(db, { name, email: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}@people.example`, language: 'en', password: 'none', at });
  if (personId === undefined) throw new Error('the address is taken');
  if (role !== undefined && organisationId !== undefined) {
    const granted = await identity.organisations.grant({ personId, organisationId, role, by: 'operator' });
    if (!granted.ok) throw new Error(`${role}: ${granted.refusal.code}`);
  }
  if (role !== undefined && REGULATOR_ROLES.includes(role)) {
    await offerGenerator(db, personId, 'not used', at);
    await confirmGenerator(db, personId, [], at);
  }
  const session = await createSession(db, { personId, method: 'password+code', origin: { address: '192.0.2.1', userAgent: undefined }, at, ...(options.steppedUp === false ? {} : { stepUpAt: at }) });
  const { name: cookie, secret } = identity.cookie;
  return { personId, headers: { authorization: '', cookie: `${cookie}=${encodeURIComponent(signed(secret, session.token))}`, 'sec-fetch-site': 'same-origin' } };
}
