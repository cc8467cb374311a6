/** Attachments of entries: which file, what it is, whether it is published. Removing hides it; the row stays as history. */

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Access } from './rows.ts';

export const ATTACHMENT_KINDS = ['certificate', 'declaration', 'instructions', 'assessment', 'other'] as const;
export type AttachmentKind = (typeof ATTACHMENT_KINDS)[number];
export const ATTACHMENTS_MAX = 30;

export interface Attachment {
  readonly id: string;
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly isPublic: boolean;
  readonly addedAt: Instant;
  readonly addedBy: string;
}

export interface NewAttachment {
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly isPublic: boolean;
}

interface Row {
  readonly id: string;
  readonly kind: AttachmentKind;
  readonly name: string;
  readonly media_type: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly is_public: boolean;
  readonly added_at: string;
  readonly added_by: string;
}

export async function readAttachments(access: Access, systemId: string, publicOnly: boolean): Promise<readonly Attachment[]> {
  const { rows } = await sql<Row>`select id, kind, name, media_type, bytes, sha256, is_public, added_at, added_by from registry_attachments
    where system_id = ${systemId} and removed_at is null and (is_public or not ${publicOnly}::boolean) order by added_at, id limit ${ATTACHMENTS_MAX}`.execute(access);
  return rows.map((row) => ({ id: row.id, kind: row.kind, name: row.name, mediaType: row.media_type, bytes: row.bytes, sha256: row.sha256, isPublic: row.is_public, addedAt: row.added_at as Instant, addedBy: row.added_by }));
}

/** Undefined when the entry is gone or full; the lock on the entry keeps two uploads from passing the maximum together. */
export async function insertAttachment(tx: Tx, systemId: string, file: NewAttachment, at: Instant, actor: string): Promise<Attachment | undefined> {
  const { rows: entries } = await sql<{ id: string }>`select id from registry_systems where id = ${systemId} for update`.execute(tx);
  if (entries.length === 0 || (await readAttachments(tx, systemId, false)).length >= ATTACHMENTS_MAX) return undefined;
  const id = randomUUID();
  await sql`insert into registry_attachments (id, system_id, kind, name, media_type, bytes, file_id, sha256, is_public, added_at, added_by)
    values (${id}, ${systemId}, ${file.kind}, ${file.name}, ${file.mediaType}, ${file.bytes}, ${file.sha256}, ${file.sha256}, ${file.isPublic}, ${at}, ${actor})`.execute(tx);
  return { id, ...file, addedAt: at, addedBy: actor };
}

export async function hideAttachment(access: Access, systemId: string, id: string, at: Instant, actor: string): Promise<boolean> {
  const { rows } = await sql<{ id: string }>`update registry_attachments set removed_at = ${at}, removed_by = ${actor}
    where system_id = ${systemId} and id = ${id} and removed_at is null returning id`.execute(access);
  return rows.length > 0;
}
