/** Puts a backup together: rows, then files, then what was written. */

import type { Database } from '../db/index.ts';
import { dumpFiles, dumpFolder, SECRETS_FOLDER } from './data-files.ts';
import { dumpDatabase, type Rows } from './dump.ts';
import type { Frame } from './format.ts';
import { connectSession, sessionOf } from './session.ts';
import { dumpSnapshot } from './snapshot.ts';

export interface Making {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly software: string;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
}

/** Of a register whose server runs in this process. */
export async function* backupOfRunning(making: Making, database: Database): AsyncGenerator<Frame> {
  yield* wholeOf(making, making.databaseUrl === undefined ? dumpSnapshot(database, making.dataDir, making) : dumpServer(making.databaseUrl, making));
}

/** Of a database that nobody else uses: an embedded one that this process has opened. */
export async function* backupOfOwned(making: Making, database: Database): AsyncGenerator<Frame> {
  yield* wholeOf(making, dumpDatabase(await sessionOf(database), making));
}

/** Of a PostgreSQL by its address, whoever works with it meanwhile. */
export async function* backupOfServer(making: Making & { readonly databaseUrl: string }): AsyncGenerator<Frame> {
  yield* wholeOf(making, dumpServer(making.databaseUrl, making));
}

async function* dumpServer(databaseUrl: string, making: Making): AsyncGenerator<Frame, Rows> {
  const session = await connectSession(databaseUrl);
  try {
    return yield* dumpDatabase(session, making);
  } finally {
    await session.close();
  }
}

async function* wholeOf(making: Making, database: AsyncGenerator<Frame, Rows>): AsyncGenerator<Frame> {
  const rows = yield* database;
  const files = yield* dumpFiles(making.dataDir);
  yield { kind: 'end', value: { ...rows, ...files, secrets: false } };
}

/** The same backup with the secrets of the data folder before its end. They never travel: whoever has the folder adds them. */
export async function* withSecrets(frames: AsyncIterable<Frame>, dataDir: string): AsyncGenerator<Frame> {
  for await (const frame of frames) {
    if (frame.kind !== 'end') yield frame;
    else {
      const added = yield* dumpFolder(dataDir, SECRETS_FOLDER);
      yield { kind: 'end', value: { ...frame.value, files: frame.value.files + added.files, fileBytes: frame.value.fileBytes + added.fileBytes, secrets: true } };
    }
  }
}
