/** The log: JSON lines by pino, without personal data: no addresses, no query strings, no bodies, no user agents. */

import { pino, type Logger } from 'pino';
import type { Config } from '../config/index.ts';

export type Log = Logger;

export function createLog(config: Pick<Config, 'logLevel'>): Log {
  return pino({
    level: config.logLevel,
    base: null,
    redact: { paths: ['password', 'token', 'cookie', 'authorization', '*.password', '*.token'], censor: '[left out]' },
    serializers: {
      // The path without the query: searches may hold names.
      req: (request: { method?: string; url?: string; id?: string }) => ({ id: request.id, method: request.method, path: request.url?.split('?')[0] }),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
    },
  }, pino.destination({ dest: 2, sync: true }));
}
