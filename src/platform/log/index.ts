/** The log: JSON lines by pino, without personal data: no addresses, no query strings, no bodies, no user agents. */

import { type DestinationStream, pino, type Logger } from 'pino';
import type { Config } from '../config/index.ts';

export { type LogFile, type LogFileStream, openLogFile, readLogFile } from './log-file.ts';

export type Log = Logger;

/** PostgreSQL puts the values of a row into an error's `detail`; only these four are written. */
const ERROR_MESSAGE_LENGTH_MAX = 1000;
const ERROR_CAUSES_MAX = 4;

/** Lines go to the error output unless `destination` says otherwise. */
export function createLog(config: Pick<Config, 'logLevel'>, destination: DestinationStream = pino.destination({ dest: 2, sync: true })): Log {
  return pino({
    level: config.logLevel,
    base: null,
    redact: { paths: ['password', 'token', 'cookie', 'authorization', '*.password', '*.token'], censor: '[left out]' },
    serializers: {
      // The path without the query: searches may hold names.
      req: (request: { method?: string; url?: string; id?: string }) => ({ id: request.id, method: request.method, path: pathOf(request.url) }),
      err: (error: unknown) => errorOf(error),
      res: (reply: { statusCode?: number }) => ({ status: reply.statusCode }),
    },
  }, destination);
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string | undefined;
  readonly cause?: LoggedError;
}

function errorOf(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message.slice(0, ERROR_MESSAGE_LENGTH_MAX),
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack?.split('\n').slice(1).join('\n'),
    ...(error.cause === undefined || depth >= ERROR_CAUSES_MAX ? {} : { cause: errorOf(error.cause, depth + 1) }),
  };
}

/** One-time links carry their token in the path. Digests of packs and files are hexadecimal and no secret. */
const TOKEN = /^(?=.*[^0-9a-f])[A-Za-z0-9_-]{40,}$/;

function pathOf(url: string | undefined): string | undefined {
  return url
    ?.split('?')[0]
    ?.split('/')
    .map((part) => (TOKEN.test(part) ? '[left out]' : part))
    .join('/');
}
