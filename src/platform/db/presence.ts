/** Notices when the database server is away, slow or fully used, and gives it one name each, whatever the driver and the network call it. */

import { Fault } from '../../base/index.ts';

/** Told once when the server goes and once when it is back; not with every statement. */
export type OutageListener = (news: { readonly state: 'away'; readonly reason: string } | { readonly state: 'back'; readonly awayMs: number }) => void;

export interface Presence {
  /** A statement or a connection failed for want of the server, and none has worked since. */
  isAway(): boolean;
  /** Names an error of the driver: Fault `database-away`, `database-slow` or `database-busy`; any other error stays itself. */
  named(error: unknown): unknown;
  /** A connection works. */
  works(): void;
}

/** Codes of the network, of the start and stop of a server, and of a server that lets us in no longer. */
const AWAY_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'ENOTFOUND', 'EAI_AGAIN', '57P01', '57P02', '57P03', '57P05', '3D000', '28000', '28P01']);
const AWAY_CLASS = /^08[0-9A-Z]{3}$/;
/** The driver gives these no code. */
const AWAY_WORDS = /^(Connection terminated|Client has encountered a connection error|Client was closed and is not queryable|timeout expired$|Query read timeout$|The server does not support SSL|There was an error establishing)/;
const POOL_FULL = 'timeout exceeded when trying to connect';
const STATEMENT_CANCELLED = '57014';
const TOO_MANY_CONNECTIONS = '53300';

export const READ_TIMEOUT = 'Query read timeout';

export function createPresence(told: OutageListener = () => undefined): Presence {
  let awaySince: number | undefined;
  const away = (error: Error): Fault => {
    if (awaySince === undefined) {
      awaySince = performance.now();
      told({ state: 'away', reason: error.message });
    }
    return new Fault('database-away', 'The database does not answer. What was being saved may or may not be kept: look once it is back, before you send it again. Mizan connects again by itself.', {}, { cause: error });
  };
  const busy = (error: Error): Fault => new Fault('database-busy', 'All connections to the database were in use for too long. Nothing was done; try again in a few seconds.', {}, { cause: error });
  return {
    isAway: () => awaySince !== undefined,
    works: () => {
      if (awaySince === undefined) return;
      const awayMs = Math.round(performance.now() - awaySince);
      awaySince = undefined;
      told({ state: 'back', awayMs });
    },
    named: (error) => {
      if (!(error instanceof Error) || error instanceof Fault) return error;
      const code = (error as { code?: string }).code ?? '';
      if (error.message === POOL_FULL) return awaySince === undefined ? busy(error) : away(error);
      if (code === TOO_MANY_CONNECTIONS) return busy(error);
      if (code === STATEMENT_CANCELLED && error.message.includes('timeout')) return new Fault('database-slow', 'The database took too long over this and was told to stop. Nothing of it was kept; try again in a few seconds.', {}, { cause: error });
      return AWAY_CODES.has(code) || AWAY_CLASS.test(code) || AWAY_WORDS.test(error.message) ? away(error) : error;
    },
  };
}

/** Faults that pass by themselves: the same request may work a moment later. */
export function isPassing(error: unknown): boolean {
  return error instanceof Fault && ['database-away', 'database-slow', 'database-busy'].includes(error.code);
}
