/** Small ZIP archives in memory: read with every size bounded before anything is unpacked, written with the same bytes for the same content. */

import { crc32, deflateRawSync } from 'node:zlib';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { no, type Verdict, yes } from '../../base/index.ts';
import { entriesOf, unpackEntry } from './zip-entries.ts';

export interface ZipMember {
  /** With `/`, relative; neither a folder nor a way out of one. */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface ZipLimits {
  readonly membersMax: number;
  /** Of all members together, unpacked. */
  readonly bytesMax: number;
}

export type ZipRefusal = 'not-a-zip' | 'too-many-members' | 'too-large' | 'encrypted';

/** Reads every member `isWanted` names. A name that leads out of the archive, and sizes that lie, are `not-a-zip`. */
export async function readZip(archive: Buffer, limits: ZipLimits, isWanted: (path: string) => boolean = () => true): Promise<Verdict<readonly ZipMember[], ZipRefusal>> {
  let zip: ZipFile | undefined;
  try {
    zip = await open(archive);
    if (zip.entryCount > limits.membersMax) return no('too-many-members');
    const entries = (await entriesOf(zip)).filter((entry) => !entry.fileName.endsWith('/') && isWanted(entry.fileName));
    if (entries.some((entry) => entry.isEncrypted())) return no('encrypted');
    let total = 0;
    for (const entry of entries) total += entry.uncompressedSize;
    if (total > limits.bytesMax) return no('too-large');
    const members: ZipMember[] = [];
    // The reader itself stops at the size that was told, so the sum above is what can be unpacked at most.
    for (const entry of entries) members.push({ path: entry.fileName, bytes: await unpacked(zip, entry) });
    return yes(members);
  } catch {
    return no('not-a-zip');
  } finally {
    zip?.close();
  }
}

async function open(archive: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true }, (error, zip) => {
      if (error !== null || zip === undefined) reject(error ?? new Error('no archive'));
      else resolve(zip);
    });
  });
}

async function unpacked(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await unpackEntry(zip, entry, (piece) => pieces.push(piece));
  const bytes = Buffer.concat(pieces);
  if (crc32(bytes) !== entry.crc32) throw new Error('the checksum does not fit');
  return bytes;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const VERSION_NEEDED = 20;
/** Names are UTF-8. */
const FLAGS = 0x0800;
const DEFLATED = 8;
/** 1 January 1980, midnight: the first moment a ZIP can tell. The moment of writing would make equal content differ. */
const DOS_DATE = 0x0021;

/** An archive of a few files, far below the limits at which ZIP64 begins. */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { path, bytes } of members) {
    const name = Buffer.from(path, 'utf8');
    const packed = deflateRawSync(bytes, { level: 9 });
    // Version, flags, method, time, date, checksum, sizes and lengths stand in both headers in the same order.
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(VERSION_NEEDED, 0);
    shared.writeUInt16LE(FLAGS, 2);
    shared.writeUInt16LE(DEFLATED, 4);
    shared.writeUInt16LE(DOS_DATE, 8);
    shared.writeUInt32LE(crc32(bytes), 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(bytes.length, 18);
    shared.writeUInt16LE(name.length, 22);
    parts.push(signature(LOCAL_HEADER), shared, name, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(signature(CENTRAL_HEADER), Buffer.from([VERSION_NEEDED, 0]), shared, rest, name);
    offset += 4 + shared.length + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, directory, signature(END_OF_CENTRAL), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
