/** Asks a virus scanner (clamd) about a file: the INSTREAM exchange, spoken by us, so that nothing but a socket is needed. */

import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { ClamdPlace } from './clamd-place.ts';

/** `infected`: it names something. `unreachable`: no clear word, for whatever reason; who asked must not go on. */
export type ClamdAnswer = 'clean' | 'infected' | 'unreachable';

const CHUNK_BYTES = 64 * 1024;
const ANSWER_BYTES_MAX = 4096;
/** Without a byte in either direction for so long the scanner counts as gone. */
const SILENCE_MS_MAX = 30_000;

/**
 * Sends the file at a path, or bytes in memory: `zINSTREAM`, then pieces that each follow their length in four bytes (most significant first), then a length
 * of zero. The answer ends with a zero byte: `stream: OK`, `stream: <name> FOUND`, or `… ERROR` (its size limit, for one).
 */
export async function askClamd(place: ClamdPlace, content: string | Buffer, silenceMsMax = SILENCE_MS_MAX): Promise<ClamdAnswer> {
  const socket = connect(place);
  socket.setTimeout(silenceMsMax, () => socket.destroy());
  socket.on('error', () => undefined);
  const answer = heard(socket);
  try {
    await once(socket, 'connect');
    await say(socket, content);
  } catch {
    // It may have said already why it takes no more; a connection that never stood has said nothing.
    if (!socket.destroyed) socket.end();
  }
  try {
    return meaning(await answer);
  } finally {
    socket.destroy();
  }
}

async function say(socket: Socket, content: string | Buffer): Promise<void> {
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (socket.destroyed) throw new Error('the scanner is gone');
    if (!socket.write(bytes)) await Promise.race([once(socket, 'drain'), once(socket, 'close').then(() => Promise.reject(new Error('the scanner is gone')))]);
  };
  await send(Buffer.from('zINSTREAM\0'));
  for await (const piece of typeof content === 'string' ? (createReadStream(content, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) : piecesOf(content)) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(piece.length);
    await send(length);
    await send(piece);
  }
  await send(Buffer.alloc(4));
}

function* piecesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) yield bytes.subarray(at, at + CHUNK_BYTES);
}

/** Everything it says until it ends, is silent for too long, or says too much. */
async function heard(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (piece: Buffer) => {
      text += piece.toString('latin1');
      if (text.includes('\0') || text.length > ANSWER_BYTES_MAX) resolve(text);
    });
    socket.once('close', () => resolve(text));
  });
}

function meaning(text: string): ClamdAnswer {
  const [line = '', rest] = text.split('\0');
  // An answer that was cut off before its end says nothing.
  if (rest === undefined) return 'unreachable';
  if (line === 'stream: OK') return 'clean';
  return /^stream: .+ FOUND$/.test(line) ? 'infected' : 'unreachable';
}
