/** The cable between a process and its database: a TCP proxy that can be cut, be silent, be slow, or be mended. */

import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';

export interface Cable {
  /** The database's address, by way of the cable. */
  readonly url: string;
  /** `whole`: as if it were not there. `cut`: connections are reset and refused. `silent`: open, and nothing comes through. `slow`: every piece takes `delayMs` longer. */
  set(state: 'whole' | 'cut' | 'silent' | 'slow', delayMs?: number): void;
  close(): Promise<void>;
}

export async function layCable(databaseUrl: string): Promise<Cable> {
  const target = new URL(databaseUrl);
  let state: Parameters<Cable['set']>[0] = 'whole';
  let delay = 0;
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  const carry = (from: Socket, to: Socket): void => {
    from.on('data', (piece: Buffer) => {
      const send = (): void => void (to.destroyed || to.write(piece));
      if (state === 'silent') held.push(send);
      else if (state === 'slow') setTimeout(send, delay);
      else send();
    });
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((near) => {
    if (state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) sockets.add(socket.setNoDelay());
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const url = new URL(databaseUrl);
  url.port = String(port);
  return {
    url: url.toString(),
    set: (next, delayMs = 0) => {
      state = next;
      delay = delayMs;
      if (next === 'cut') for (const socket of sockets) socket.resetAndDestroy();
      if (next === 'whole') for (const send of held.splice(0)) send();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
