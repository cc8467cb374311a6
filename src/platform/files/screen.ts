/** A look at uploads that are read and not given out again: tables, whatever their encoding, and law packs. */

import { open } from 'node:fs/promises';
import { no, type Verdict, yes } from '../../base/index.ts';
import { askClamd } from './clamd.ts';
import type { ClamdPlace } from './clamd-place.ts';
import { type ArchiveRefusal, inspectArchiveBytes } from './office.ts';
import { holdsTestVirus } from './test-virus.ts';

export type ScreenRefusal = 'file-infected' | 'file-not-scanned' | 'file-foreign';

const HEAD_BYTES = 1024;
/** PDF, PNG, JPEG, GIF, ELF, Windows and Mach-O programs, RAR, 7-Zip, gzip, xz, bzip2, RTF, scripts: none of them holds rows. */
const FOREIGN: readonly (readonly number[])[] = [
  [0x25, 0x50, 0x44, 0x46, 0x2d], [0x89, 0x50, 0x4e, 0x47], [0xff, 0xd8, 0xff], [0x47, 0x49, 0x46, 0x38], [0x7f, 0x45, 0x4c, 0x46], [0x4d, 0x5a, 0x90], [0xcf, 0xfa, 0xed, 0xfe], [0xca, 0xfe, 0xba, 0xbe],
  [0x52, 0x61, 0x72, 0x21], [0x37, 0x7a, 0xbc, 0xaf], [0x1f, 0x8b], [0xfd, 0x37, 0x7a, 0x58], [0x42, 0x5a, 0x68], [0x7b, 0x5c, 0x72, 0x74, 0x66], [0x23, 0x21],
];
const WEB_PAGE = /^\s*<(?:!doctype\s+html|html|script|svg)\b/i;

/** `path` is a file that was just written and that nobody has opened yet. */
export async function screenUpload(path: string, clamd: ClamdPlace | undefined): Promise<Verdict<true, ScreenRefusal>> {
  const head = await headOf(path);
  if (holdsTestVirus(head)) return no('file-infected');
  if (FOREIGN.some((magic) => magic.every((byte, index) => head[index] === byte)) || WEB_PAGE.test(head.toString('latin1').replace(/^\u00EF\u00BB\u00BF/, ''))) return no('file-foreign');
  const scanned = clamd === undefined ? 'clean' : await askClamd(clamd, path);
  if (scanned === 'clean') return yes(true);
  return no(scanned === 'infected' ? 'file-infected' : 'file-not-scanned');
}

/** `not-scanned`: a scanner is configured and gives no clear word. */
export type ArchiveScreenRefusal = ArchiveRefusal | 'not-scanned';

/** An archive in memory, looked at as an attachment is: every member, also those its reader passes over, and the whole by the scanner. */
export async function screenArchive(bytes: Buffer, clamd: ClamdPlace | undefined): Promise<Verdict<true, ArchiveScreenRefusal>> {
  const inspected = await inspectArchiveBytes(bytes);
  if (!inspected.ok) return inspected;
  const scanned = clamd === undefined ? 'clean' : await askClamd(clamd, bytes);
  if (scanned === 'clean') return yes(true);
  return no(scanned === 'infected' ? 'infected' : 'not-scanned');
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
