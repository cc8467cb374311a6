/** The uploaded files as they came, named by their digest: the evidence an import can always be checked against. */

import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type ClamdPlace, type ScreenRefusal, screenUpload } from '../../../platform/files/index.ts';
import { FILE_BYTES_MAX } from '../model/limits.ts';
import { UnreadableFile } from '../model/refusal.ts';

export interface StoredFile {
  readonly sha256: string;
  readonly bytes: number;
}

export interface FileStore {
  /** Writes the stream away while counting and digesting it; refuses `file-too-large` as soon as the limit is passed, and what the screen of uploads refuses. */
  keep(content: NodeJS.ReadableStream): Promise<StoredFile>;
  pathOf(sha256: string): string;
  /** Throws `file-changed` when the stored file is not what was uploaded. */
  verify(sha256: string): Promise<void>;
}

export function createFileStore(dataDir: string, clamd?: ClamdPlace): FileStore {
  const folder = join(dataDir, 'intake');
  const pathOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256);
  return {
    pathOf,
    keep: async (content) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const part = join(folder, `part-${randomUUID()}`);
      const digest = createHash('sha256');
      let bytes = 0;
      const count = new Transform({
        transform(piece: Buffer, _encoding, done) {
          bytes += piece.length;
          digest.update(piece);
          done(bytes > FILE_BYTES_MAX ? new UnreadableFile('file-too-large', { bytes, max: FILE_BYTES_MAX }) : null, piece);
        },
      });
      try {
        await pipeline(content, count, createWriteStream(part, { mode: 0o600 }));
        const screened = await screenUpload(part, clamd);
        if (!screened.ok) throw refusedBy(screened.refusal);
        const sha256 = digest.digest('hex');
        await mkdir(join(folder, sha256.slice(0, 2)), { recursive: true, mode: 0o700 });
        await rename(part, pathOf(sha256));
        return { sha256, bytes };
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
    },
    verify: async (sha256) => {
      const digest = createHash('sha256');
      try {
        await stat(pathOf(sha256));
        for await (const piece of createReadStream(pathOf(sha256))) digest.update(piece as Buffer);
      } catch {
        throw new UnreadableFile('file-changed', { sha256 });
      }
      if (digest.digest('hex') !== sha256) throw new UnreadableFile('file-changed', { sha256 });
    },
  };
}

function refusedBy(refusal: ScreenRefusal): UnreadableFile {
  if (refusal === 'file-infected') return new UnreadableFile('file-infected');
  return refusal === 'file-foreign' ? new UnreadableFile('file-foreign') : new UnreadableFile('file-not-scanned');
}
