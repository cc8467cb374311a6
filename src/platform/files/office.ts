/** Looks into an archive that was sent (DOCX, XLSX, ODT, a law pack): its measure, its members, and what in them would act by itself. */

import { type Entry, fromBuffer, open as openZip, type ZipFile } from 'yauzl';
import { no, type Verdict, yes } from '../../base/index.ts';
import { holdsTestVirus } from './test-virus.ts';
import { entriesOf, unpackEntry } from './zip-entries.ts';

export type ArchiveRefusal = 'broken-archive' | 'active-content' | 'archive-bomb' | 'encrypted' | 'embedded-files' | 'infected' | 'two-kinds';

export const ARCHIVE_MEMBERS_MAX = 10_000;
export const ARCHIVE_BYTES_MAX = 512 * 1024 * 1024;
/** Unpacked size by packed size; judged from this size on, since small members of equal rows pack without limit. */
const RATIO_MAX = 200;
const RATIO_FROM_BYTES = 4 * 1024 * 1024;
/** A document may hold a workbook for its chart; what is in that may hold nothing more. */
const NESTING_MAX = 1;
const NESTED_BYTES_MAX = 16 * 1024 * 1024;
/** Members that say what else is loaded are read whole up to here; longer ones are read for their beginning and their end. */
const READ_BYTES_MAX = 8 * 1024 * 1024;
const HEAD_BYTES = 128;
const ACTIVE_NAME = /vbaProject|vbaData|\/macros?\/|macrosheets\/|(?:^|\/)activeX\/|^Scripts\/|^Basic\/|\.(?:exe|dll|js|vbs|bat|cmd|ps1|jar|scr|hta|lnk|swf)$/i;
const LOADS = /\.rels$|^\[Content_Types\]\.xml$|externalLink\d*\.xml$|^word\/(?:document|settings|header\d*|footer\d*)\.xml$|^(?:content|styles|settings)\.xml$|^META-INF\/manifest\.xml$/;
/** A template or picture fetched from elsewhere, a program asked for data, a macro bound to an event, types that bring macros. */
const ACTIVE_TEXT = /attachedTemplate"[^>]*TargetMode="External"|TargetMode="External"[^>]*attachedTemplate"|macroEnabled|ms-office\.vbaProject|<(?:\w+:)?ddeLink\b|\bDDE(?:AUTO)?\b(?=[\s"\\])|<script:event-listener|vnd\.sun\.star\.script:|oleObject"[^>]*TargetMode="External"|frame"[^>]*TargetMode="External"/;
const SYMBOLIC_LINK = 0o120000;
const FILE_KIND = 0o170000;

export async function inspectArchiveFile(path: string): Promise<Verdict<readonly string[], ArchiveRefusal>> {
  return inspect(await opened((done) => openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true, strictFileNames: true }, done)), 0);
}

/** The same of an archive in memory; `depth` is how many archives it lies in. */
export async function inspectArchiveBytes(bytes: Buffer, depth = 0): Promise<Verdict<readonly string[], ArchiveRefusal>> {
  return inspect(await opened((done) => fromBuffer(bytes, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, done)), depth);
}

async function opened(open: (done: (error: Error | null, zip?: ZipFile) => void) => void): Promise<ZipFile | undefined> {
  return new Promise((resolve) => open((error, zip) => resolve(error === null ? zip : undefined)));
}

async function inspect(zip: ZipFile | undefined, depth: number): Promise<Verdict<readonly string[], ArchiveRefusal>> {
  if (zip === undefined) return no('broken-archive');
  try {
    if (zip.entryCount > ARCHIVE_MEMBERS_MAX) return no('archive-bomb');
    const entries = await entriesOf(zip);
    const measured = measure(entries);
    if (!measured.ok) return measured;
    for (const entry of entries) {
      const looked = entry.fileName.endsWith('/') ? yes(true as const) : await inspectMember(zip, entry, depth);
      if (!looked.ok) return looked;
    }
    return yes(entries.map((entry) => entry.fileName));
  } catch {
    // A name that leads out, a size that lies, a member that does not unpack.
    return no('broken-archive');
  } finally {
    zip.close();
  }
}

function measure(entries: readonly Entry[]): Verdict<true, ArchiveRefusal> {
  const names = new Set<string>();
  let total = 0;
  for (const entry of entries) {
    if (entry.isEncrypted()) return no('encrypted');
    // Two members of one name are read differently by different programs; a link leads to somebody else's file.
    const isLink = ((entry.externalFileAttributes >>> 16) & FILE_KIND) === SYMBOLIC_LINK;
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    if (isLink || names.has(entry.fileName) || /[\u0000-\u001F\u007F\u202A-\u202E\u2066-\u2069]/.test(entry.fileName)) return no('broken-archive');
    names.add(entry.fileName);
    if (ACTIVE_NAME.test(entry.fileName)) return no('active-content');
    total += entry.uncompressedSize;
    if (total > ARCHIVE_BYTES_MAX || (entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * RATIO_MAX)) return no('archive-bomb');
  }
  // Something stands before the first member: another file of another kind.
  if (entries.length > 0 && Math.min(...entries.map((entry) => entry.relativeOffsetOfLocalHeader)) !== 0) return no('two-kinds');
  return yes(true);
}

/** Unpacks into nothing, keeping only what has to be read: sizes that lie are found here, and memory stays flat. */
async function inspectMember(zip: ZipFile, entry: Entry, depth: number): Promise<Verdict<true, ArchiveRefusal>> {
  const isRead = LOADS.test(entry.fileName);
  const { head, kept } = await unpacked(zip, entry, (start) => (isZip(start) ? NESTED_BYTES_MAX : isRead ? READ_BYTES_MAX : HEAD_BYTES));
  if (holdsTestVirus(head)) return no('infected');
  // A compound file inside a document is an object of another program, with whatever that brings.
  if (head.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return no('embedded-files');
  if (head.subarray(0, 2).toString('latin1') === 'MZ' || head.subarray(0, 4).toString('latin1') === '\u007FELF') return no('active-content');
  if (isZip(head)) {
    if (depth >= NESTING_MAX || entry.uncompressedSize > NESTED_BYTES_MAX) return no('archive-bomb');
    if (!/^(?:word|xl|ppt)\/embeddings\/|^Object [^/]+$|^ObjectReplacements\//.test(entry.fileName)) return no('embedded-files');
    const inner = await inspectArchiveBytes(kept, depth + 1);
    if (!inner.ok) return inner;
    if (!inner.value.includes('[Content_Types].xml')) return no('embedded-files');
  } else if (isRead && ACTIVE_TEXT.test(kept.toString('utf8'))) return no('active-content');
  return yes(true);
}

const isZip = (head: Buffer): boolean => head.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 0x03, 0x04]));

async function unpacked(zip: ZipFile, entry: Entry, keptMaxOf: (head: Buffer) => number): Promise<{ readonly head: Buffer; readonly kept: Buffer }> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  let keptMax: number | undefined;
  await unpackEntry(zip, entry, (piece) => {
    keptMax ??= Math.max(HEAD_BYTES, keptMaxOf(piece));
    if (bytes < keptMax) pieces.push(piece);
    bytes += piece.length;
  });
  const kept = Buffer.concat(pieces);
  return { head: kept.subarray(0, HEAD_BYTES), kept };
}
