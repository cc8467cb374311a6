/** Proves a backup: every digest and row; in depth by restoring it into memory and holding row against row. */

import { no, type Verdict, yes } from '../../base/index.ts';
import { type Migration, openInMemory, prepareRoles } from '../db/index.ts';
import { tablesOf } from './catalog.ts';
import { cellsOf, type Read } from './check.ts';
import { rowsOf } from './dump.ts';
import { readBackup, readWhole } from './file.ts';
import { BadBackup, type TableHead } from './format.ts';
import { load, migrationsFor } from './load.ts';
import { type Cell, type Session, sessionOf } from './session.ts';

export interface Verified extends Read {
  /** Rows that were restored into memory and compared cell by cell; undefined when only the file was read. */
  readonly compared: number | undefined;
}

export async function verifyBackup(file: string, passphrase: string | undefined, deep?: { readonly migrations: readonly Migration[] }): Promise<Verdict<Verified, BadBackup>> {
  try {
    const read = await readWhole(file, passphrase);
    return yes({ ...read, compared: deep === undefined ? undefined : await compareDeep(file, passphrase, read, deep.migrations) });
  } catch (error) {
    if (error instanceof BadBackup) return no(error);
    throw error;
  }
}

async function compareDeep(file: string, passphrase: string | undefined, { origin }: Read, known: readonly Migration[]): Promise<number> {
  const migrations = migrationsFor(origin, known);
  const database = await openInMemory();
  try {
    await prepareRoles(async (text) => database.execute(text));
    const session = await sessionOf(database);
    await load(session, readBackup(file, passphrase), migrations, { mark: 'verify', files: undefined });
    return await compareRows(session, file, passphrase);
  } finally {
    await database.close();
  }
}

/** Holds every row of a backup against the database of the session, in order, and throws BadBackup at the first difference. Answers how many. */
export async function compareRows(session: Session, file: string, passphrase: string | undefined): Promise<number> {
  await session.script('begin isolation level repeatable read, read only');
  try {
    const tables = new Map((await tablesOf(session)).tables.map((table) => [table.name, table]));
    let compared = 0;
    let head: TableHead | undefined;
    let rows: AsyncGenerator<readonly Cell[]> | undefined;
    for await (const frame of readBackup(file, passphrase)) {
      if (frame.kind === 'table') {
        head = frame.value;
        const found = tables.get(head.name);
        if (found === undefined) throw new BadBackup('damaged', `table ${head.name} is not there`);
        rows = rowsOf(session, { ...head, order: found.order });
      } else if (frame.kind === 'rows') {
        for (const row of cellsOf(frame.bytes, head!)) {
          const mine = await rows?.next();
          if (mine?.done !== false || !isSameRow(row, mine.value)) throw new BadBackup('damaged', `table ${head?.name ?? ''}, row ${compared + 1} of the backup`);
          compared++;
        }
      } else if (frame.kind === 'table-end') {
        const more = await rows?.next();
        if (more?.done === false) throw new BadBackup('damaged', `table ${frame.value.name} has more rows than the backup`);
      }
    }
    return compared;
  } finally {
    await session.script('rollback').catch(() => undefined);
  }
}

function isSameRow(one: readonly Cell[], other: readonly Cell[]): boolean {
  return one.length === other.length && one.every((cell, place) => cell === other[place]);
}
