/** Configuration from the environment, parsed and checked once at start. */

import { resolve } from 'node:path';
import { no, type Verdict, yes } from '../../base/index.ts';

export interface Config {
  readonly host: string;
  readonly port: number;
  /** Absolute path of the data folder: embedded database, attachments, lock. */
  readonly dataDir: string;
  /** PostgreSQL ≥ 15; undefined means the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent';
  /** Folder name under themes/. */
  readonly theme: string;
  readonly uploadBytesMax: number;
}

export interface ConfigProblem {
  readonly variable: string;
  readonly message: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
/** Until sign-in exists the workspace may be reached from this machine only. */
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost']);
const UPLOAD_MEGABYTES_DEFAULT = 256;
const UPLOAD_MEGABYTES_MAX = 4096;

/** Reads `PORT`, `HOST`, `DATA_DIR`, `DATABASE_URL`, `LOG_LEVEL`, `THEME`, `UPLOAD_MAX_MB`. Every problem is told at once, each with what to set. */
export function readConfig(given: Readonly<Record<string, string | undefined>>): Verdict<Config, readonly ConfigProblem[]> {
  // `PORT=` in a service file means that nothing is set.
  const environment = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')) as Readonly<Record<string, string | undefined>>;
  const problems: ConfigProblem[] = [];
  const tell = (variable: string, message: string): void => void problems.push({ variable, message });

  const port = Number(environment['PORT'] ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    tell('PORT', `PORT is "${environment['PORT']}"; set a whole number from 0 to 65535, for example PORT=8080.`);
  }
  const host = environment['HOST'] ?? '127.0.0.1';
  if (!LOOPBACK_HOSTS.has(host)) {
    tell('HOST', `HOST is "${host}". This version has no sign-in yet, so anybody who can reach the address could edit the register; it listens on this machine only. Set HOST=127.0.0.1 (or leave it out).`);
  }
  const databaseUrl = environment['DATABASE_URL'];
  if (databaseUrl !== undefined && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    tell('DATABASE_URL', 'DATABASE_URL must begin with postgres:// or postgresql://, for example postgres://mizan@localhost:5432/mizan. Leave it out for the embedded database.');
  }
  const logLevel = environment['LOG_LEVEL'] ?? 'info';
  if (!(LOG_LEVELS as readonly string[]).includes(logLevel)) {
    tell('LOG_LEVEL', `LOG_LEVEL is "${logLevel}"; set one of ${LOG_LEVELS.join(', ')}.`);
  }
  const theme = environment['THEME'] ?? 'neutral';
  if (!/^[a-z][a-z0-9-]{0,40}$/.test(theme)) {
    tell('THEME', `THEME is "${theme}"; set the name of a folder under themes/, for example THEME=neutral.`);
  }
  const uploadMegabytes = Number(environment['UPLOAD_MAX_MB'] ?? UPLOAD_MEGABYTES_DEFAULT);
  if (!Number.isInteger(uploadMegabytes) || uploadMegabytes < 1 || uploadMegabytes > UPLOAD_MEGABYTES_MAX) {
    tell('UPLOAD_MAX_MB', `UPLOAD_MAX_MB is "${environment['UPLOAD_MAX_MB']}"; set whole megabytes from 1 to ${UPLOAD_MEGABYTES_MAX}.`);
  }
  if (problems.length > 0) return no(problems);
  return yes({
    host,
    port,
    dataDir: resolve(environment['DATA_DIR'] ?? './data'),
    databaseUrl,
    logLevel: logLevel as Config['logLevel'],
    theme,
    uploadBytesMax: uploadMegabytes * 1024 * 1024,
  });
}
