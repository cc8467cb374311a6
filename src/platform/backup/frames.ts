/** Frames to bytes and back. Each frame carries SHA-256 over the digest before it and over itself, so that any changed byte is noticed at its frame. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import { BadBackup, type Frame, FRAME_BYTES_MAX, LETTERS, MAGIC } from './format.ts';
import { ByteReader } from './bytes.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
const COMPRESSION = { params: { [constants.ZSTD_c_compressionLevel]: 3 } };

/** One letter of the kind, one of the coding, four bytes of length. */
const HEAD_BYTES = 6;
const DIGEST_BYTES = 32;
const PLAIN = 'p';
const ZSTD = 'z';
/** Smaller ones would not become smaller. */
const COMPRESSED_BYTES_MIN = 200;

const KINDS = new Map(Object.entries(LETTERS).map(([kind, letter]) => [letter as string, kind as Frame['kind']]));

function chain(before: Buffer, head: Buffer, body: Buffer): Buffer {
  return createHash('sha256').update(before).update(head).update(body).digest();
}

export async function* encode(frames: AsyncIterable<Frame>): AsyncGenerator<Buffer> {
  const magic = Buffer.from(MAGIC);
  yield magic;
  let digest: Buffer = createHash('sha256').update(magic).digest();
  for await (const frame of frames) {
    const plain = 'bytes' in frame ? frame.bytes : Buffer.from(JSON.stringify(frame.value));
    const packed = plain.length < COMPRESSED_BYTES_MIN ? plain : await compress(plain, COMPRESSION);
    const [coding, body] = packed.length < plain.length ? [ZSTD, packed] : [PLAIN, plain];
    const head = Buffer.alloc(HEAD_BYTES);
    head.write(LETTERS[frame.kind], 0, 'latin1');
    head.write(coding, 1, 'latin1');
    head.writeUInt32BE(body.length, 2);
    digest = chain(digest, head, body);
    yield Buffer.concat([head, body, digest]);
  }
}

/** Reads frames and checks the digest of each. Throws BadBackup; the end frame comes only when nothing follows it. */
export async function* decode(source: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  const reader = new ByteReader(source);
  const magic = await reader.take(MAGIC.length, 'the first line', 'not-a-backup');
  if (magic.toString('latin1') !== MAGIC) throw new BadBackup(magic.toString('latin1').startsWith('MIZAN-BACKUP/') ? 'newer-format' : 'not-a-backup', 'the first line');
  let digest: Buffer = createHash('sha256').update(magic).digest();
  for (;;) {
    const where = `byte ${reader.position}`;
    const head = await reader.take(HEAD_BYTES, where);
    const kind = KINDS.get(head.toString('latin1', 0, 1));
    const coding = head.toString('latin1', 1, 2);
    const length = head.readUInt32BE(2);
    if (kind === undefined || (coding !== PLAIN && coding !== ZSTD) || length > FRAME_BYTES_MAX) throw new BadBackup('damaged', where);
    const body = await reader.take(length, where);
    const found = await reader.take(DIGEST_BYTES, where);
    digest = chain(digest, head, body);
    if (!digest.equals(found)) throw new BadBackup('damaged', where);
    const plain = coding === PLAIN ? body : await unpack(body, where);
    if (kind === 'end' && !(await reader.atEnd())) throw new BadBackup('more-after-end', `byte ${reader.position}`);
    yield frameOf(kind, plain, where);
    if (kind === 'end') return;
  }
}

async function unpack(body: Buffer, where: string): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength: FRAME_BYTES_MAX });
  } catch (error) {
    throw new BadBackup('damaged', where, error);
  }
}

function frameOf(kind: Frame['kind'], plain: Buffer, where: string): Frame {
  if (kind === 'rows' || kind === 'piece') return { kind, bytes: plain };
  try {
    return { kind, value: JSON.parse(plain.toString('utf8')) as never };
  } catch (error) {
    throw new BadBackup('damaged', where, error);
  }
}
