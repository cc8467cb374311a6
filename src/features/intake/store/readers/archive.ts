/** Looks at a ZIP archive's table of contents before anything is unpacked: a bomb is refused by its own numbers, and by counting while unpacking. */

import type { Readable } from 'node:stream';
import { type Entry, open as openZip, type ZipFile } from 'yauzl';
import { ZIP_BYTES_MAX, ZIP_ENTRIES_MAX, ZIP_RATIO_FROM_BYTES, ZIP_RATIO_MAX, ZIP_SHARED_TEXT_BYTES_MAX } from '../../model/limits.ts';
import { UnreadableFile } from '../../model/refusal.ts';

/** Throws UnreadableFile when the archive may not be unpacked; answers the names of its entries. */
export async function guardArchive(path: string): Promise<readonly string[]> {
  const zip = await openArchive(path);
  try {
    const entries = await entriesOf(zip);
    let total = 0;
    for (const entry of entries) {
      total += entry.uncompressedSize;
      refuseEntry(entry);
      if (total > ZIP_BYTES_MAX) throw new UnreadableFile('archive-too-large', { max: ZIP_BYTES_MAX });
    }
    for (const entry of entries) await measure(zip, entry);
    const names = entries.map((entry) => entry.fileName);
    // A table needs no macros; whoever opens the kept file later should not meet any.
    if (names.some((name) => /vbaProject|macrosheets\/|activeX\//i.test(name))) throw new UnreadableFile('workbook-macros');
    return names;
  } finally {
    zip.close();
  }
}

function refuseEntry(entry: Entry): void {
  if (entry.isEncrypted()) throw new UnreadableFile('workbook-encrypted');
  if (entry.uncompressedSize > ZIP_RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * ZIP_RATIO_MAX) {
    throw new UnreadableFile('archive-bomb', { ratio: Math.round(entry.uncompressedSize / Math.max(1, entry.compressedSize)), max: ZIP_RATIO_MAX });
  }
  if (entry.fileName === 'xl/sharedStrings.xml' && entry.uncompressedSize > ZIP_SHARED_TEXT_BYTES_MAX) throw new UnreadableFile('archive-too-large', { max: ZIP_SHARED_TEXT_BYTES_MAX });
}

export async function openArchive(path: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    openZip(path, { lazyEntries: true, autoClose: false, validateEntrySizes: true }, (error, zip) => {
      if (error !== null || zip === undefined) reject(new UnreadableFile('not-a-workbook'));
      else resolve(zip);
    });
  });
}

export async function entriesOf(zip: ZipFile): Promise<readonly Entry[]> {
  if (zip.entryCount > ZIP_ENTRIES_MAX) throw new UnreadableFile('archive-too-many-entries', { count: zip.entryCount, max: ZIP_ENTRIES_MAX });
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    // A name with `..` or a drive letter, a lying header: yauzl tells them apart, the user needs one sentence.
    zip.on('error', () => reject(new UnreadableFile('archive-bad-entry')));
    zip.readEntry();
  });
}

/** Unpacks into nothing, counting: an archive that lies about its sizes is found here. Memory stays flat. */
async function measure(zip: ZipFile, entry: Entry): Promise<void> {
  if (entry.fileName.endsWith('/')) return;
  await new Promise<void>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null || stream === undefined) {
        reject(new UnreadableFile('archive-bad-entry'));
        return;
      }
      stream.on('error', () => reject(new UnreadableFile('archive-bad-entry')));
      stream.on('end', () => resolve());
      stream.resume();
    });
  });
}

/** The text of an entry piece by piece (the parts of a workbook are UTF-8, rarely UTF-16 with a mark). */
export async function* entryText(zip: ZipFile, entry: Entry): AsyncIterable<string> {
  const stream = await new Promise<Readable>((resolve, reject) => {
    zip.openReadStream(entry, (error, opened) => {
      if (error !== null || opened === undefined) reject(new UnreadableFile('archive-bad-entry'));
      else resolve(opened);
    });
  });
  let decoder: TextDecoder | undefined;
  for await (const piece of stream as AsyncIterable<Buffer>) {
    decoder ??= new TextDecoder(piece[0] === 0xff && piece[1] === 0xfe ? 'utf-16le' : piece[0] === 0xfe && piece[1] === 0xff ? 'utf-16be' : 'utf-8');
    yield decoder.decode(piece, { stream: true });
  }
  const rest = decoder?.decode() ?? '';
  if (rest !== '') yield rest;
}
