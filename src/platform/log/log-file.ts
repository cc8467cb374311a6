/** The log in a file: a new one begins when it grows too large or too old, and the oldest are removed. Without LOG_FILE the log goes to the error output. */

import { closeSync, constants, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { DestinationStream } from 'pino';
import { no, type Verdict, yes } from '../../base/index.ts';

export interface LogFile {
  /** Absolute. */
  readonly path: string;
  readonly bytesMax: number;
  readonly ageMsMax: number;
  /** Earlier files beside the one that is written. */
  readonly kept: number;
}

/** As `ConfigProblem` of the configuration. */
interface Problem {
  readonly variable: string;
  readonly message: string;
}

const MEGABYTE = 1024 * 1024;
const DAY_MS = 24 * 3600 * 1000;
/** Variable, value when it is left out, smallest and largest. */
const NUMBERS = {
  LOG_FILE_MAX_MB: { otherwise: 50, min: 1, max: 4096 },
  LOG_FILE_MAX_DAYS: { otherwise: 7, min: 1, max: 366 },
  LOG_FILES_KEPT: { otherwise: 12, min: 0, max: 1000 },
} as const;

/** Reads `LOG_FILE`, `LOG_FILE_MAX_MB`, `LOG_FILE_MAX_DAYS`, `LOG_FILES_KEPT`; undefined without `LOG_FILE`. A relative path is one from the working folder. */
export function readLogFile(environment: Readonly<Record<string, string | undefined>>): Verdict<LogFile | undefined, readonly Problem[]> {
  const problems: Problem[] = [];
  const numberOf = (variable: keyof typeof NUMBERS): number => {
    const { otherwise, min, max } = NUMBERS[variable];
    const given = environment[variable];
    const value = given === undefined || given === '' ? otherwise : Number(given);
    if (!Number.isInteger(value) || value < min || value > max) problems.push({ variable, message: `${variable} is "${given}"; set a whole number from ${min} to ${max}, for example ${variable}=${otherwise}.` });
    return value;
  };
  const [megabytes, days, kept] = [numberOf('LOG_FILE_MAX_MB'), numberOf('LOG_FILE_MAX_DAYS'), numberOf('LOG_FILES_KEPT')];
  const path = environment['LOG_FILE'];
  if (path?.endsWith('/') === true) problems.push({ variable: 'LOG_FILE', message: `LOG_FILE is "${path}", a folder; name a file, for example LOG_FILE=${path}mizan.log.` });
  if (problems.length > 0) return no(problems);
  return yes(path === undefined || path === '' ? undefined : { path: isAbsolute(path) ? path : resolve(path), bytesMax: megabytes * MEGABYTE, ageMsMax: days * DAY_MS, kept });
}

export interface LogFileStream extends DestinationStream {
  /** Opens the file anew by its name: after `logrotate` has moved it away (SIGUSR2). */
  reopen(): void;
  close(): void;
}

/**
 * Lines are written at once, whole, at the end of the file (O_APPEND), so that a copy that is cut back to nothing (`copytruncate`) goes on
 * at its new end. A line that cannot be written goes to `otherwise` instead: a full disk must not silence the log.
 */
export function openLogFile(given: LogFile, now: () => number = Date.now, otherwise: (line: string) => void = (line) => void process.stderr.write(line)): LogFileStream {
  mkdirSync(dirname(given.path), { recursive: true, mode: 0o750 });
  let file = open(given.path, now());
  const rotate = (): void => {
    const at = now();
    try {
      fsyncSync(file.descriptor);
      renameSync(given.path, earlierName(given.path, at));
      const fresh = open(given.path, at);
      closeSync(file.descriptor);
      file = fresh;
      removeOldest(given);
    } catch (error) {
      // Writing on in the same file is better than no log; asked again when it has grown by as much again.
      file.bytes = 0;
      file.since = at;
      otherwise(`{"level":40,"msg":"the log file could not be changed (${(error as NodeJS.ErrnoException).code ?? 'unknown'})"}\n`);
    }
  };
  return {
    write: (line) => {
      const bytes = Buffer.byteLength(line);
      if (file.bytes > 0 && (file.bytes + bytes > given.bytesMax || now() - file.since >= given.ageMsMax)) rotate();
      try {
        writeSync(file.descriptor, line);
        file.bytes += bytes;
      } catch {
        otherwise(line);
      }
    },
    reopen: () => {
      try {
        const fresh = open(given.path, now());
        closeSync(file.descriptor);
        file = fresh;
      } catch (error) {
        otherwise(`{"level":40,"msg":"the log file could not be opened anew (${(error as NodeJS.ErrnoException).code ?? 'unknown'})"}\n`);
      }
    },
    close: () => closeSync(file.descriptor),
  };
}

interface Open {
  readonly descriptor: number;
  bytes: number;
  /** When its first line was written, as well as the file system knows. */
  since: number;
}

function open(path: string, now: number): Open {
  const descriptor = openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o640);
  const { size, birthtimeMs, mtimeMs } = fstatSync(descriptor);
  const born = birthtimeMs > 0 ? birthtimeMs : mtimeMs;
  return { descriptor, bytes: size, since: size === 0 ? now : Math.min(born, now) };
}

/** `mizan.log` becomes `mizan.log.2026-11-23T09-00-00.000Z`: names sort by time; a second within the same millisecond takes the next. */
function earlierName(path: string, at: number): string {
  for (let moment = at; ; moment++) {
    const name = `${path}.${new Date(moment).toISOString().replaceAll(':', '-')}`;
    if (statSync(name, { throwIfNoEntry: false }) === undefined) return name;
  }
}

const EARLIER = /^\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

function removeOldest({ path, kept }: LogFile): void {
  const name = basename(path);
  const earlier = readdirSync(dirname(path)).filter((one) => one.startsWith(name) && EARLIER.test(one.slice(name.length))).sort();
  for (const one of earlier.slice(0, Math.max(0, earlier.length - kept))) rmSync(join(dirname(path), one), { force: true });
}
