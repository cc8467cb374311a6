/** The digest of a pack: one SHA-256 that names exactly these files in this order. */

import { createHash } from 'node:crypto';
import { canonical } from '../base/index.ts';
import type { PackFile } from './model.ts';

/** SHA-256 (hex) of the UTF-8 bytes of `text`. */
export function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Digest over files already in their order (`pack.yaml` first), as docs/spec/law-pack.md lays down. */
export function digestOfFiles(files: readonly PackFile[]): string {
  return sha256Hex(canonical({ files: files.map(({ path, text }) => ({ path, sha256: sha256Hex(text) })) }));
}
