/** The two things every reader of archives asks of one: which members it has, and the content of a member piece by piece. */

import type { Entry, ZipFile } from 'yauzl';

/** All members in the order of the directory; rejects when the directory cannot be read to its end. The caller has bounded their number. */
export async function entriesOf(zip: ZipFile): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

/** Unpacks one member and gives each piece away; rejects when it does not unpack, or to another size than the directory says. */
export async function unpackEntry(zip: ZipFile, entry: Entry, take: (piece: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error !== null || stream === undefined) {
        reject(error ?? new Error('no content'));
        return;
      }
      stream.on('data', take);
      stream.on('error', reject);
      stream.on('end', resolve);
    });
  });
}
