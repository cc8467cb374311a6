/** `GET /api/v1/backup`: the running server's register as one stream. */

import { Readable } from 'node:stream';
import { Fault } from '../../base/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../db/index.ts';
import type { MizanServer } from '../http/index.ts';
import type { Frame } from './format.ts';
import { encode } from './frames.ts';
import { backupOfRunning } from './make.ts';

/** Secrets are not in it; `mizan backup --with-secrets` adds them on the machine where they lie. A stream that breaks off has no end frame and is never taken for whole. */
export function backupRoutes(app: MizanServer, parts: { readonly config: Pick<Config, 'dataDir' | 'databaseUrl'>; readonly database: Database; readonly clock: Clock; readonly software: string }): void {
  const { config, database, clock, software } = parts;
  let isUnderWay = false;
  app.get('/api/v1/backup', { config: { policy: 'platform.backup', api: true, audited: 'reading-too' }, schema: { tags: ['operations'], summary: 'A consistent backup of the whole register as one file' } }, (request, reply) => {
    if (isUnderWay) throw Object.assign(new Fault('backup-under-way', 'A backup is being made already. Wait until it ends, then ask again.'), { statusCode: 503 });
    isUnderWay = true;
    const stream = Readable.from(encode(telling(backupOfRunning({ ...config, software, madeAt: clock.now() }, database))), { objectMode: false });
    stream.once('close', () => (isUnderWay = false));
    async function* telling(frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
      try {
        yield* frames;
      } catch (error) {
        // The answer has begun: its reader notices that the end is missing, and the log tells why.
        request.log.error({ err: error, code: 'backup' }, 'backup');
        throw error;
      }
    }
    return reply.header('content-type', 'application/octet-stream').header('content-disposition', `attachment; filename="mizan-${clock.today()}.backup"`).header('cache-control', 'no-store').send(stream);
  });
}
