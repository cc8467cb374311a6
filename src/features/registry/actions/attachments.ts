/** Attaches files to entries, gives them out, removes them from sight. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { FileRefusal, FileStore } from '../../../platform/files/index.ts';
import { type Attachment, type AttachmentKind, hideAttachment, insertAttachment, readAttachments } from '../store/attachments.ts';
import { readEntry } from '../store/read.ts';
import { visible } from './parts.ts';

export type AttachmentRefusal = FileRefusal | 'too-many' | 'not-found' | 'not-allowed';

export interface Attachments {
  /** Takes a file by its content; what is inside decides whether it is taken, not its name. */
  attach(scope: Scope, systemId: string, content: AsyncIterable<Uint8Array>, file: { readonly name: string; readonly kind: AttachmentKind; readonly isPublic: boolean }): Promise<Verdict<Attachment, AttachmentRefusal>>;
  list(scope: Scope, systemId: string): Promise<readonly Attachment[]>;
  open(scope: Scope, systemId: string, id: string): Promise<{ readonly attachment: Attachment; readonly stream: NodeJS.ReadableStream } | undefined>;
  /** Hides it from pages and lists; that it was there stays on record, and so does the file. */
  remove(scope: Scope, systemId: string, id: string): Promise<Verdict<true, AttachmentRefusal>>;
}

export function createAttachments({ database, clock, files }: { readonly database: Database; readonly clock: Clock; readonly files: FileStore }): Attachments {
  const { db } = database;
  const visibleOf = async (scope: Scope, systemId: string): Promise<readonly Attachment[]> => {
    const state = await readEntry(db, systemId);
    if (visible(scope, state) === undefined) return [];
    return readAttachments(db, systemId, scope.kind === 'public');
  };
  return {
    attach: async (scope, systemId, content, file) => {
      if (scope.kind !== 'workspace') return no('not-allowed');
      if (visible(scope, await readEntry(db, systemId)) === undefined) return no('not-found');
      const stored = await files.put(content, file.name);
      if (!stored.ok) return stored;
      const { name, mediaType, bytes, sha256 } = stored.value;
      const row = await db.transaction().execute(async (tx) => insertAttachment(tx, systemId, { kind: file.kind, isPublic: file.isPublic, name, mediaType, bytes, sha256 }, clock.now(), scope.actor));
      return row === undefined ? no('too-many') : yes(row);
    },
    list: visibleOf,
    open: async (scope, systemId, id) => {
      const attachment = (await visibleOf(scope, systemId)).find((one) => one.id === id);
      const file = attachment === undefined ? undefined : await files.read(attachment.sha256);
      return attachment === undefined || file === undefined ? undefined : { attachment, stream: file.stream };
    },
    remove: async (scope, systemId, id) => {
      if (scope.kind !== 'workspace') return no('not-allowed');
      return visible(scope, await readEntry(db, systemId)) !== undefined && (await hideAttachment(db, systemId, id, clock.now(), scope.actor)) ? yes(true) : no('not-found');
    },
  };
}
