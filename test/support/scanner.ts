/** The scanner's side of the exchange with clamd, for tests: collects the pieces, checks their frames, answers by what was sent. */

import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ClamdPlace } from '../../src/platform/files/index.ts';
import { TEST_VIRUS } from '../../src/platform/files/test-virus.ts';

const COMMAND = 'zINSTREAM\0';

export interface Scanner {
  readonly place: ClamdPlace;
  readonly server: Server;
}

/** `answer` gets the whole content; undefined cuts the connection. Listens on the socket `path`, or on a free port. */
export async function listenAsScanner(answer: (content: Buffer) => string | undefined, path?: string): Promise<Scanner> {
  const server = createServer((socket: Socket) => {
    let heard = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (piece: Buffer) => {
      heard = Buffer.concat([heard, piece]);
      const content = contentOf(heard);
      if (content === undefined) return;
      const said = answer(content);
      if (said === undefined) socket.destroy();
      else socket.end(said);
    });
  });
  server.listen(path ?? { host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  return { server, place: path === undefined ? { host: '127.0.0.1', port: (server.address() as AddressInfo).port } : { path } };
}

/** Undefined until the piece of length zero has come. */
function contentOf(heard: Buffer): Buffer | undefined {
  if (heard.length < COMMAND.length) return undefined;
  if (heard.toString('latin1', 0, COMMAND.length) !== COMMAND) throw new Error('another command than INSTREAM');
  const pieces: Buffer[] = [];
  let at = COMMAND.length;
  while (at + 4 <= heard.length) {
    const length = heard.readUInt32BE(at);
    at += 4;
    if (length === 0) return Buffer.concat(pieces);
    if (at + length > heard.length) return undefined;
    pieces.push(heard.subarray(at, at + length));
    at += length;
  }
  return undefined;
}

/** Knows the harmless test virus wherever it stands. */
export const byContent = (content: Buffer): string => (content.includes(TEST_VIRUS) ? 'stream: Eicar-Test-Signature FOUND\0' : 'stream: OK\0');
