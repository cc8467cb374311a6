/** Writes a tar archive (POSIX pax) into a stream, the same bytes for the same files: owner root, one date, no order of the disk. */

import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { assert } from '../../base/index.ts';

const BLOCK = 512;
const NAME_BYTES_MAX = 100;
/** A date that every tar takes for real; what a file was changed at on one machine says nothing to another. */
const DATE_SECONDS = Date.UTC(2026, 0, 1) / 1000;

export interface TarWriter {
  file(path: string, bytes: Buffer, mode: number): Promise<void>;
  end(): Promise<void>;
}

export function tarWriter(out: Writable): TarWriter {
  const write = async (bytes: Buffer): Promise<void> => {
    if (!out.write(bytes)) await once(out, 'drain');
  };
  const padded = async (bytes: Buffer): Promise<void> => {
    await write(bytes);
    const rest = bytes.length % BLOCK;
    if (rest !== 0) await write(Buffer.alloc(BLOCK - rest));
  };
  return {
    file: async (path, bytes, mode) => {
      if (Buffer.byteLength(path) > NAME_BYTES_MAX) {
        const record = paxRecord('path', path);
        await write(header('pax', record.length, 0o644, 'x'));
        await padded(record);
      }
      await write(header(Buffer.from(path).subarray(0, NAME_BYTES_MAX).toString('latin1'), bytes.length, mode, '0'));
      await padded(bytes);
    },
    end: async () => {
      await write(Buffer.alloc(2 * BLOCK));
      out.end();
    },
  };
}

/** `<length> path=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): Buffer {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (String(length).length + Buffer.byteLength(rest) !== length) length = String(length).length + Buffer.byteLength(rest);
  return Buffer.from(`${length}${rest}`);
}

function header(name: string, size: number, mode: number, type: string): Buffer {
  assert(size < 8 ** 11, 'a file of an archive is below 8 GiB');
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, width: number): void => void block.write(value.toString(8).padStart(width - 1, '0'), at, 'latin1');
  block.write(name, 0, NAME_BYTES_MAX, 'latin1');
  octal(mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size, 124, 12);
  octal(DATE_SECONDS, 136, 12);
  block.write('        ', 148, 'latin1');
  block.write(type, 156, 'latin1');
  block.write('ustar\u000000', 257, 'latin1');
  block.write('root', 265, 'latin1');
  block.write('root', 297, 'latin1');
  block.write(block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0') + '\0 ', 148, 'latin1');
  return block;
}
