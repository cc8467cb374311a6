/** Notices the failures that the embedded database cannot come back from, and keeps everybody from asking it again. */

import type { PGlite } from '@electric-sql/pglite';
import { type DatabaseConnection, type Driver, PGliteDialect, type PGliteDialectConfig, type TransactionSettings } from 'kysely';
import { Fault } from '../../base/index.ts';

/** PostgreSQL begins a line of its own log so, and indents what follows of a text: no stored text can look like it. */
const PANIC = /^\d{4}-\d\d-\d\d [\d:.]+ UTC \[\d+\] PANIC: {2}(.*)/;

/**
 * After a PANIC (mostly: no space for a segment of the write-ahead log) PostgreSQL ends its process and lets the next one recover. Compiled
 * into this process it cannot end, and a further statement fails for ever or never returns. So from the PANIC on nothing is
 * asked of it: every statement throws Fault `database-broken`. What was committed is in the log on disk and is read at the next start.
 */
export interface Breakage {
  /** Aborted once, with the Fault as its reason. */
  readonly signal: AbortSignal;
  /** Takes the log of the database line by line; called from inside a statement. */
  hear(line: string): boolean;
}

export function createBreakage(): Breakage {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    hear: (line) => {
      const said = PANIC.exec(line)?.[1];
      if (said !== undefined && !controller.signal.aborted) {
        controller.abort(new Fault('database-broken', `The embedded database had to stop (${said}). Mizan ends now and must be started again; if the disk is full, free some space first. What was saved before is kept.`, { said }));
      }
      return false;
    },
  };
}

/** From the PANIC on no byte reaches the database, not even the ROLLBACK that the libraries send by themselves. */
export function shield(pglite: PGlite, { signal }: Breakage): void {
  const send = pglite.execProtocolRawSync.bind(pglite);
  pglite.execProtocolRawSync = (message) => {
    signal.throwIfAborted();
    const answer = send(message);
    signal.throwIfAborted();
    return answer;
  };
  const transaction = pglite.transaction.bind(pglite);
  // oxlint-disable-next-line typescript/promise-function-async -- an async function would hand out another promise, unhandled again
  pglite.transaction = (work) => {
    const done = transaction(work);
    // The driver looks at this promise only after BEGIN; a BEGIN that fails would end the process without a word.
    done.catch(() => undefined);
    return done;
  };
}

/** The dialect with a driver that refuses at once: its transactions would wait for ever for a BEGIN that failed. */
export class ShieldedDialect extends PGliteDialect {
  readonly #signal: AbortSignal;
  constructor(config: PGliteDialectConfig, signal: AbortSignal) {
    super(config);
    this.#signal = signal;
  }

  override createDriver(): Driver {
    return shieldDriver(super.createDriver(), this.#signal);
  }
}

function shieldDriver(driver: Driver, signal: AbortSignal): Driver {
  const begin = driver.beginTransaction.bind(driver);
  driver.beginTransaction = async (connection: DatabaseConnection, settings: TransactionSettings) => {
    signal.throwIfAborted();
    let stop = (): void => undefined;
    const broken = new Promise<never>((_resolve, reject) => {
      stop = () => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      await Promise.race([begin(connection, settings), broken]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  return driver;
}
