/** The thread that reads a copy of an embedded database: sends its frames, no more at once than the reader asked for. */

import { parentPort, workerData } from 'node:worker_threads';
import { openDatabase } from '../db/index.ts';
import { dumpDatabase } from './dump.ts';
import { sessionOf } from './session.ts';
import { FRAMES_ON_THE_WAY_MAX, type SnapshotMessage, type SnapshotOrder } from './snapshot.ts';

const order = workerData as SnapshotOrder;
const port = parentPort!;
/** Owner of both: this thread; the listener gives back what `send` takes. */
const window = { free: FRAMES_ON_THE_WAY_MAX, wake: (): void => undefined };
port.on('message', () => {
  window.free++;
  window.wake();
});

const send = (message: SnapshotMessage): void => port.postMessage(message);
try {
  const database = await openDatabase({ dataDir: order.folder, databaseUrl: undefined });
  const frames = dumpDatabase(await sessionOf(database), order);
  for (;;) {
    const next = await frames.next();
    if (next.done === true) {
      await database.close();
      send({ rows: next.value });
      break;
    }
    while (window.free === 0) await new Promise<void>((resolve) => (window.wake = resolve));
    window.free--;
    send({ frame: next.value });
  }
} catch (error) {
  send({ error: error instanceof Error ? error.message : 'unknown' });
}
port.close();
