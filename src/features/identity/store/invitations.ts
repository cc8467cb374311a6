/** Keeps invitations: to which organisation, in which role, by which address. Only digests of their links are kept. */

import { randomUUID } from 'node:crypto';
import type { Instant, Language } from '../../../base/index.ts';
import type { Role } from '../model.ts';
import { newToken, tokenHash } from '../rules/tokens.ts';
import type { IdentityDb } from './sessions.ts';

export interface Invitation {
  readonly id: string;
  readonly organisationId: string;
  readonly role: Role;
  readonly email: string;
  readonly language: Language;
  readonly invitedBy: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly acceptedAt: Instant | undefined;
  readonly withdrawnAt: Instant | undefined;
}

interface InvitationRow {
  readonly id: string;
  readonly organisation_id: string;
  readonly role: Role;
  readonly email: string;
  readonly language: Language;
  readonly invited_by: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly accepted_at: string | null;
  readonly withdrawn_at: string | null;
}
const COLUMNS = ['id', 'organisation_id', 'role', 'email', 'language', 'invited_by', 'created_at', 'expires_at', 'accepted_at', 'withdrawn_at'] as const;

function invitationOf(row: InvitationRow): Invitation {
  return {
    id: row.id,
    organisationId: row.organisation_id,
    role: row.role,
    email: row.email,
    language: row.language,
    invitedBy: row.invited_by,
    createdAt: row.created_at as Instant,
    expiresAt: row.expires_at as Instant,
    acceptedAt: (row.accepted_at as Instant | null) ?? undefined,
    withdrawnAt: (row.withdrawn_at as Instant | null) ?? undefined,
  };
}

/** An open invitation of the same address to the same role is withdrawn: its link ends. Answers id and token. */
export async function addInvitation(db: IdentityDb, given: { readonly organisationId: string; readonly role: Role; readonly email: string; readonly language: Language; readonly by: string; readonly at: Instant; readonly lifeMs: number }): Promise<{ readonly id: string; readonly token: string }> {
  const id = randomUUID();
  const token = newToken();
  const email = given.email.toLowerCase();
  await db
    .updateTable('identity_invitations')
    .set({ withdrawn_at: given.at })
    .where('organisation_id', '=', given.organisationId)
    .where('role', '=', given.role)
    .where('email', '=', email)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .execute();
  await db
    .insertInto('identity_invitations')
    .values({
      id,
      organisation_id: given.organisationId,
      role: given.role,
      email,
      token_hash: tokenHash(token) ?? '',
      language: given.language,
      invited_by: given.by,
      created_at: given.at,
      expires_at: new Date(Date.parse(given.at) + given.lifeMs).toISOString(),
      accepted_at: null,
      accepted_by: null,
      withdrawn_at: null,
    })
    .execute();
  return { id, token };
}

export async function findInvitation(db: IdentityDb, token: string, now: Instant): Promise<Invitation | undefined> {
  const hash = tokenHash(token);
  if (hash === undefined) return undefined;
  const row = await db.selectFrom('identity_invitations').select(COLUMNS).where('token_hash', '=', hash).where('accepted_at', 'is', null).where('withdrawn_at', 'is', null).where('expires_at', '>', now).executeTakeFirst();
  return row === undefined ? undefined : invitationOf(row);
}

/** Takes an invitation for a person; false when somebody else was faster. */
export async function takeInvitation(db: IdentityDb, id: string, personId: string, at: Instant): Promise<boolean> {
  const row = await db.updateTable('identity_invitations').set({ accepted_at: at, accepted_by: personId }).where('id', '=', id).where('accepted_at', 'is', null).where('withdrawn_at', 'is', null).where('expires_at', '>', at).returning('id').executeTakeFirst();
  return row !== undefined;
}

export async function getInvitation(db: IdentityDb, id: string): Promise<Invitation | undefined> {
  const row = await db.selectFrom('identity_invitations').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : invitationOf(row);
}

export async function withdrawInvitation(db: IdentityDb, id: string, at: Instant): Promise<boolean> {
  const row = await db.updateTable('identity_invitations').set({ withdrawn_at: at }).where('id', '=', id).where('accepted_at', 'is', null).where('withdrawn_at', 'is', null).returning('id').executeTakeFirst();
  return row !== undefined;
}

/** Newest first. */
export async function listInvitations(db: IdentityDb, organisationId: string, limit: number): Promise<readonly Invitation[]> {
  const rows = await db.selectFrom('identity_invitations').select(COLUMNS).where('organisation_id', '=', organisationId).orderBy('created_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map(invitationOf);
}
