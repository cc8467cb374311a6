/** `mizan backup`, `mizan verify-backup` and `mizan restore`: a whole register as one file, and back. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import type { Command } from 'commander';
import {
  BadBackup, backupOfOwned, backupOfServer, type BackupRefusal, decode, type Frame, PASSPHRASE_LENGTH_MIN, type Read, rememberBackup, restore, type RestoreRefusal, settleRestore, verifyBackup, withSecrets, writeBackup, type Written,
} from '../../platform/backup/index.ts';
import { systemScope } from '../../platform/auth/index.ts';
import { systemClock } from '../../platform/clock/index.ts';
import type { Config } from '../../platform/config/index.ts';
import { openDatabase } from '../../platform/db/index.ts';
import { createJobs } from '../../platform/jobs/index.ts';
import { softwareVersion } from '../../platform/files/version.ts';
import { createLog } from '../../platform/log/index.ts';
import { connect } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { findServer } from '../server-file.ts';
import { print, progressBar, tell } from '../terminal.ts';
import { settings } from './settings.ts';

interface Options {
  readonly passphraseFile?: string;
  readonly withSecrets?: boolean;
  readonly deep?: boolean;
  readonly replace?: boolean;
  readonly json?: boolean;
}

const PASSPHRASE_VARIABLE = 'MIZAN_BACKUP_PASSPHRASE';
const PASSPHRASE_HELP = `the passphrase stands in this file (or in ${PASSPHRASE_VARIABLE})`;

export function addBackup(program: Command): void {
  program
    .command('backup')
    .description('write the whole register to one file, while it is in use or not')
    .argument('<file>', 'the file to write')
    .option('--with-secrets', 'also the secrets of the data folder; needs a passphrase')
    .option('--passphrase-file <file>', `encrypt: ${PASSPHRASE_HELP}`)
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const passphrase = await passphraseOf(options, true);
      if (options.withSecrets === true && passphrase === undefined) throw new Exit(EXIT.usage, `A backup with secrets is always encrypted. Name a passphrase: --passphrase-file FILE or ${PASSPHRASE_VARIABLE}.`);
      if (existsSync(file)) throw new Exit(EXIT.usage, `${file} exists already. Name another file; a backup never replaces an earlier one.`);
      const config = settings();
      const started = performance.now();
      const written = await refusing(async () => make(config, resolve(file), options.withSecrets === true, passphrase));
      rememberBackup(config.dataDir, { madeAt: written.origin.madeAt, rows: rowsOf(written), files: written.summary.files });
      if (options.json === true) print(JSON.stringify({ file, bytes: written.bytes, encrypted: passphrase !== undefined, ...manifest(written) }, null, 2));
      else print(`Written: ${file} (${figures(written)}, ${size(written.bytes)}${passphrase === undefined ? '' : ', encrypted'}, ${seconds(started)})\nCheck it: mizan verify-backup ${file} --deep`);
      if (!written.summary.secrets && existsSync(join(config.dataDir, 'secrets'))) tell('It holds no secrets. Without secrets/ of the data folder nobody can use a second factor after a restore: keep a copy of that folder apart, or back up with --with-secrets.');
    });
  program
    .command('verify-backup')
    .description('check every digest and every row of a backup; --deep restores it into memory and compares')
    .argument('<file>', 'the backup')
    .option('--deep', 'restore it into memory and compare row by row')
    .option('--passphrase-file <file>', PASSPHRASE_HELP)
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const started = performance.now();
      const deep = options.deep === true ? { migrations: await migrations() } : undefined;
      const verified = await verifyBackup(file, await passphraseOf(options, false), deep);
      if (!verified.ok) throw refused(verified.refusal);
      const { compared } = verified.value;
      if (options.json === true) print(JSON.stringify({ file, compared: compared ?? null, ...manifest(verified.value) }, null, 2));
      else print(`${file} is whole: ${figures(verified.value)}, made ${verified.value.origin.madeAt} by Mizan ${verified.value.origin.software}${compared === undefined ? '' : `; ${compared} rows restored into memory and compared`} (${seconds(started)})`);
    });
  program
    .command('restore')
    .description('fill an empty data folder (and an empty database, with DATABASE_URL) from a backup')
    .argument('<file>', 'the backup')
    .option('--replace', 'move what lies in the data folder aside')
    .option('--passphrase-file <file>', PASSPHRASE_HELP)
    .option('--json', 'print JSON')
    .action(async (file: string, options: Options) => {
      const config = settings();
      const running = await findServer(config.dataDir);
      if (running !== undefined) throw new Exit(EXIT.refused, `A server runs for this data folder (process ${running.pid}). Stop it first.`);
      const started = performance.now();
      const restored = await restore({ file, passphrase: await passphraseOf(options, false), dataDir: config.dataDir, databaseUrl: config.databaseUrl, migrations: await migrations(), replace: options.replace === true });
      if (!restored.ok) throw restoreRefused(restored.refusal, config);
      const requeued = await requeue(config);
      const { applied, movedTo } = restored.value;
      if (options.json === true) print(JSON.stringify({ file, applied, movedTo: movedTo ?? null, requeued, ...manifest(restored.value) }, null, 2));
      else print([`Restored: ${figures(restored.value)}, as of ${restored.value.origin.madeAt} (${seconds(started)})`, ...(applied.length > 0 ? [`Brought up to date: ${applied.join(', ')}`] : []), ...(movedTo === undefined ? [] : [`What was there lies in ${movedTo}`]), ...(restored.value.summary.secrets ? [] : ['It held no secrets: copy secrets/ of the earlier data folder into this one before the start, or second factors must be set up anew.']), ...(requeued > 0 ? [`${requeued} unfinished jobs go on at the next start`] : [])].join('\n'));
    });
}

/** Through the server where one runs (of an embedded database nobody else can read), otherwise straight from the database; nothing is migrated. */
async function make(config: Config, file: string, secrets: boolean, passphrase: string | undefined): Promise<Written> {
  await settleRestore(config);
  const finish = async (frames: AsyncIterable<Frame>): Promise<Written> => writeBackup(shown(secrets ? withSecrets(frames, config.dataDir) : frames), file, passphrase);
  if ((await findServer(config.dataDir)) !== undefined) {
    const client = await connect(config);
    try {
      return await finish(decode(Readable.fromWeb((await client.download('/api/v1/backup')) as never)));
    } finally {
      await client.close();
    }
  }
  const making = { dataDir: config.dataDir, databaseUrl: config.databaseUrl, software: softwareVersion, madeAt: systemClock.now() };
  if (config.databaseUrl !== undefined) return finish(backupOfServer({ ...making, databaseUrl: config.databaseUrl }));
  if (!existsSync(join(config.dataDir, 'db'))) throw new Exit(EXIT.refused, `There is no register in ${config.dataDir} yet.`);
  const database = await openDatabase(config);
  try {
    return await finish(backupOfOwned(making, database));
  } finally {
    await database.close();
  }
}

async function* shown(frames: AsyncIterable<Frame>): AsyncGenerator<Frame> {
  const bar = progressBar('backup');
  let bytes = 0;
  for await (const frame of frames) {
    if ('bytes' in frame) bytes += frame.bytes.length;
    bar.show(Math.round(bytes / 1024 ** 2), null, `MiB ${frame.kind === 'table' ? frame.value.name : frame.kind === 'file' ? frame.value.path : ''}`);
    yield frame;
  }
  bar.end();
}

/** On a server nobody takes unfinished jobs back at a start: several processes could run there. After a restore none does. */
async function requeue(config: Config): Promise<number> {
  if (config.databaseUrl === undefined) return 0;
  const database = await openDatabase(config, { standing: systemScope });
  try {
    const jobs = await createJobs({ database, clock: systemClock, log: createLog({ logLevel: 'error' }) });
    const count = await jobs.takeBack();
    await jobs.stop();
    return count;
  } finally {
    await database.close();
  }
}


// Loaded only when needed: it brings every feature with it.
const migrations = async (): Promise<Parameters<typeof restore>[0]['migrations']> => (await import('../migrations.ts')).allMigrations();

async function passphraseOf(options: Options, isNew: boolean): Promise<string | undefined> {
  let passphrase = process.env['MIZAN_BACKUP_PASSPHRASE'];
  if (options.passphraseFile !== undefined) {
    try {
      passphrase = (await readFile(options.passphraseFile, 'utf8')).replace(/\r?\n$/, '');
    } catch {
      throw new Exit(EXIT.usage, `${options.passphraseFile} cannot be read. Check the name and the rights.`);
    }
  }
  if (passphrase === undefined || (passphrase === '' && options.passphraseFile === undefined)) return undefined;
  if (isNew && passphrase.length < PASSPHRASE_LENGTH_MIN) throw new Exit(EXIT.usage, `The passphrase is shorter than ${PASSPHRASE_LENGTH_MIN} characters. Take a longer one, for example six words.`);
  return passphrase;
}

const ADVICE: Readonly<Record<BackupRefusal, string>> = {
  'not-a-backup': 'This is not a backup of Mizan. Check the name of the file.',
  'newer-format': 'The backup is in a newer format. Install the version of Mizan that made it, or a later one.',
  encrypted: `The backup is encrypted. Name its passphrase: --passphrase-file FILE or ${PASSPHRASE_VARIABLE}.`,
  'not-encrypted': 'The backup is not encrypted, although a passphrase was given. If it should be, it is not the one you made.',
  'wrong-passphrase': 'The passphrase is not that of this backup, or its first bytes were changed.',
  truncated: 'The backup breaks off or was changed near its end. Nothing of it was used. Take another copy or an earlier backup.',
  damaged: 'The backup was changed or is damaged. Nothing of it was used. Take another copy or an earlier backup.',
  'more-after-end': 'Something follows the end of the backup. Nothing of it was used. Take another copy.',
  'newer-software': 'The backup was made by newer software. Install that version of Mizan or a later one, then restore.',
  'changed-migration': 'The backup was made by software with another form of a migration. Restore it with the version that made it.',
  'rows-refused': 'The database does not accept the rows of the backup. Nothing of it was kept. Please tell the makers of Mizan.',
};

function refused(bad: BadBackup): Exit {
  return new Exit(EXIT.refused, `${ADVICE[bad.refusal]}\n  (${bad.refusal}, ${bad.where})`, { code: bad.refusal, where: bad.where });
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BadBackup) throw new Exit(EXIT.fault, `The backup was not made: what the register answered is not whole (${error.refusal}, ${error.where}). The log of the server tells why.`);
    throw error;
  }
}

function restoreRefused(refusal: RestoreRefusal, config: Config): Exit {
  if (refusal.code === 'bad-backup') return refused(refusal.bad);
  const found = refusal.found.slice(0, 5).join(', ');
  const message = refusal.place === 'folder'
    ? `The data folder ${config.dataDir} is not empty (${found}). Set DATA_DIR to an empty folder, or let what is there be moved aside: --replace.`
    : `The database is not empty (${found}). Make a new one (createdb) and set DATABASE_URL to it; a restore never empties a database.`;
  return new Exit(EXIT.refused, message, { code: refusal.code, place: refusal.place, found: [...refusal.found] });
}

const rowsOf = ({ summary }: Read): number => summary.tables.reduce((sum, table) => sum + table.rows, 0);
const figures = (read: Read): string => `${read.summary.tables.length} tables, ${rowsOf(read)} rows, ${read.summary.files} files of ${size(read.summary.fileBytes)}${read.summary.secrets ? ' with secrets' : ''}`;
const size = (bytes: number): string => (bytes < 1024 ** 2 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1024 ** 2).toFixed(1)} MiB`);
const seconds = (started: number): string => `${((performance.now() - started) / 1000).toFixed(1)} s`;
const manifest = ({ origin, summary }: Read): Readonly<Record<string, unknown>> => ({ origin, summary });
