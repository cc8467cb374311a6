/** `mizan doctor`: looks at everything a working installation needs; each line says what it found and what to do. */

import { accessSync, constants, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { readPack } from '../../law/index.ts';
import type { Config } from '../../platform/config/index.ts';
import { openDatabase } from '../../platform/db/index.ts';
import { fontFiles, renderDocument } from '../../platform/documents/index.ts';
import { installationRoot } from '../../platform/files/root.ts';
import { loadTheme } from '../../platform/html/index.ts';
import { DISK_FREE_BYTES_MIN } from '../../platform/operations/index.ts';
import { EXIT } from '../exit.ts';
import { findServer } from '../server-file.ts';
import { print } from '../terminal.ts';
import { readFolder } from './pack.ts';
import { settings } from './settings.ts';

const NODE_MAJOR_MIN = 26;
/** Enough for a national register and its attachments to grow a while. */
const DISK_COMFORTABLE_BYTES = 2 * 1024 ** 3;

interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  /** What to do; only when something should be done. */
  readonly fix?: string;
}
type Look = (config: Config) => Promise<Finding> | Finding;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this installation: Node, data folder, disk, database, packs, fonts, port, lock')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const config = settings();
      const findings: Finding[] = [];
      for (const [subject, look] of LOOKS) {
        const finding = await attempt(subject, look, config);
        findings.push(finding);
        if (options.json !== true) print(`${finding.state.padEnd(4)} ${finding.subject.padEnd(12)} ${finding.found}${finding.fix === undefined ? '' : `\n     ${''.padEnd(12)} → ${finding.fix}`}`);
      }
      if (options.json === true) print(JSON.stringify(findings, null, 2));
      if (findings.some((finding) => finding.state === 'fail')) process.exitCode = EXIT.refused;
    });
}

/** A look that breaks is a finding too; one does not hide the others. */
async function attempt(subject: string, look: Look, config: Config): Promise<Finding> {
  try {
    return await look(config);
  } catch (error) {
    return { state: 'fail', subject, found: error instanceof Error ? error.message : 'unknown', fix: 'See the message; run `mizan doctor` again afterwards.' };
  }
}

const LOOKS: readonly (readonly [subject: string, look: Look])[] = [
  ['node', lookAtNode],
  ['data folder', lookAtFolder],
  ['disk', lookAtDisk],
  ['server', lookAtServer],
  ['lock', lookAtLock],
  ['port', lookAtPort],
  ['database', lookAtDatabase],
  ['law packs', lookAtPacks],
  ['theme', (config) => ({ state: 'ok', subject: 'theme', found: `${loadTheme(config.theme).name.en} (themes/${config.theme})` })],
  ['documents', lookAtDocuments],
];

function lookAtNode(): Finding {
  const subject = 'node';
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR_MIN) return { state: 'ok', subject, found: `${process.version} on ${process.platform}-${process.arch}` };
  return { state: 'fail', subject, found: process.version, fix: `Start through npm start or npx mizan, which bring Node ${NODE_MAJOR_MIN}, or install Node ${NODE_MAJOR_MIN}.` };
}

function existingParent(folder: string): string {
  let parent = folder;
  while (!existsSync(parent)) parent = dirname(parent);
  return parent;
}

function lookAtFolder(config: Config): Finding {
  const subject = 'data folder';
  const folder = existingParent(config.dataDir);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const probe = mkdtempSync(join(folder, '.mizan-doctor-'));
    try {
      writeFileSync(join(probe, 'probe'), 'probe', { flush: true });
    } finally {
      rmSync(probe, { recursive: true, force: true });
    }
  } catch (error) {
    return { state: 'fail', subject, found: `${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, fix: 'Set DATA_DIR to a folder this user may write to.' };
  }
  return folder === config.dataDir ? { state: 'ok', subject, found: config.dataDir } : { state: 'ok', subject, found: `${config.dataDir} will be made at the first start` };
}

function lookAtDisk(config: Config): Finding {
  const subject = 'disk';
  const { bavail, bsize } = statfsSync(existingParent(config.dataDir));
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free`;
  if (free < DISK_FREE_BYTES_MIN) return { state: 'fail', subject, found, fix: 'Free some space or set DATA_DIR to a larger disk: writes will fail soon.' };
  if (free < DISK_COMFORTABLE_BYTES) return { state: 'warn', subject, found, fix: 'Plan for more space.' };
  return { state: 'ok', subject, found };
}

async function lookAtServer(config: Config): Promise<Finding> {
  const server = await findServer(config.dataDir);
  return { state: 'ok', subject: 'server', found: server === undefined ? 'none runs for this data folder; commands open the register themselves' : `runs as process ${server.pid} at ${server.url}` };
}

async function lookAtLock(config: Config): Promise<Finding> {
  const subject = 'lock';
  if (config.databaseUrl !== undefined) return { state: 'ok', subject, found: 'not used with PostgreSQL' };
  const path = join(config.dataDir, 'mizan.lock');
  if (!existsSync(path)) return { state: 'ok', subject, found: 'free' };
  const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid: number };
  const server = await findServer(config.dataDir);
  if (server?.pid === pid) return { state: 'ok', subject, found: `held by the server, process ${pid}` };
  if (existsSync('/proc/self') ? existsSync(`/proc/${pid}`) : isSignalled(pid)) return { state: 'warn', subject, found: `held by process ${pid}, which is not a server that answers`, fix: 'Wait until that command ends, or stop it.' };
  return { state: 'ok', subject, found: `left by process ${pid}, which is gone; the next start takes it over` };
}

function isSignalled(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function lookAtPort(config: Config): Promise<Finding> {
  const subject = 'port';
  const server = await findServer(config.dataDir);
  if (server !== undefined && new URL(server.url).port === String(config.port)) return { state: 'ok', subject, found: `${config.port} is used by the server of this data folder` };
  const problem = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    probe.listen(config.port, config.host, () => probe.close(() => resolve(undefined)));
  });
  if (problem === undefined) return { state: 'ok', subject, found: `${config.port} on ${config.host} is free` };
  return { state: 'fail', subject, found: `${config.port} on ${config.host}: ${problem}`, fix: problem === 'EADDRINUSE' ? 'Stop the other program or set another PORT.' : 'Set PORT to a number from 1024 upwards.' };
}

async function lookAtDatabase(config: Config): Promise<Finding> {
  const subject = 'database';
  const server = await findServer(config.dataDir);
  if (server !== undefined) {
    const ready = (await (await fetch(`${server.url}/health/ready`)).json()) as { state: string; checks: readonly { name: string; state: string; value: number }[] };
    const database = ready.checks.find((check) => check.name === 'database');
    if (database?.state === 'failed') return { state: 'fail', subject, found: 'the running server does not reach it', fix: 'Look at the log of the server.' };
    return { state: 'ok', subject, found: `answers the running server in ${database?.value ?? 0} ms${database?.state === 'busy' ? ' (busy with a job)' : ''}` };
  }
  if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'db'))) return { state: 'ok', subject, found: 'embedded; will be made at the first start' };
  const database = await openDatabase(config);
  try {
    const [version] = (await database.execute(`select current_setting('server_version') as version`)).rows;
    const found = `${database.engine === 'embedded' ? 'embedded PostgreSQL' : 'PostgreSQL'} ${String(version?.['version'])}`;
    const [table] = (await database.execute(`select to_regclass('platform_migrations') is not null as there`)).rows;
    if (table?.['there'] !== true) return { state: 'warn', subject, found: `${found}, without tables yet`, fix: 'Start once: mizan start makes them.' };
    const [count] = (await database.execute('select count(*)::int as applied from platform_migrations')).rows;
    return { state: 'ok', subject, found: `${found}, ${String(count?.['applied'])} migrations applied` };
  } finally {
    await database.close();
  }
}

function lookAtPacks(): Finding {
  const subject = 'law packs';
  const folder = join(installationRoot, 'packs/law');
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'pack.yaml')));
  if (names.length === 0) return { state: 'fail', subject, found: `no pack under ${folder}`, fix: 'Restore the folder packs/law of the installation.' };
  const files = new Map(names.map((name) => [name, readFolder(join(folder, name))]));
  const read = names.map((name) => ({ name, ...readPack(files.get(name)!, { packs: (id) => files.get(id) }) }));
  // Whether they load; the proofs and worked cases of `mizan pack check` take seconds a pack.
  const broken = read.filter(({ pack, problems }) => pack === undefined || problems.some((problem) => problem.severity === 'error'));
  if (broken.length > 0) return { state: 'fail', subject, found: `with errors: ${broken.map((one) => one.name).join(', ')}`, fix: `mizan pack check packs/law/${broken[0]?.name ?? ''} names them.` };
  return { state: 'ok', subject, found: read.map(({ pack }) => `${pack?.ref.id ?? ''} ${pack?.ref.version ?? ''}`).join(', ') };
}

async function lookAtDocuments(): Promise<Finding> {
  const subject = 'documents';
  const missing = fontFiles().filter((path) => !existsSync(path));
  if (missing.length > 0) return { state: 'fail', subject, found: `fonts are missing: ${missing.join(', ')}`, fix: 'Run npm ci.' };
  const pdf = await renderDocument({ language: 'az', title: 'ə ğ ı ö ş ç ü', issuer: 'Mizan', date: '' }, [{ kind: 'paragraph', text: 'Проверка' }]);
  return { state: 'ok', subject, found: `Noto Sans is there and a PDF was made (${pdf.length} bytes); no browser is needed` };
}
