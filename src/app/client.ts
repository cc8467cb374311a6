/**
 * How commands reach the register: over HTTP to the server of this data folder when one runs, otherwise to a server of their own
 * on a free loopback port for as long as the command runs. One way in, so a command cannot behave differently in the two cases.
 */

import { randomUUID } from 'node:crypto';
import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Fault, type Json } from '../base/index.ts';
import type { Config } from '../platform/config/index.ts';
import type { Mizan } from './compose.ts';
import { Exit, EXIT } from './exit.ts';
import { findServer } from './server-file.ts';

export interface Client {
  /** Where the requests go; `own` when the command brought its own server. */
  readonly url: string;
  readonly own: boolean;
  /** Sends JSON and answers JSON. A problem becomes an Exit that tells it. */
  request<T = Json>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: Json): Promise<T>;
  /** Sends a file without reading it into memory. */
  upload<T = Json>(path: string, file: string, fields: Readonly<Record<string, string>>): Promise<T>;
  /** The answer as a stream. */
  download(path: string): Promise<ReadableStream<Uint8Array>>;
  close(): Promise<void>;
}

interface ProblemAnswer {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const ERRORS_SHOWN_MAX = 50;
/** A server that creates its database first needs some seconds on a slow disk. */
const SERVER_START_MS_MAX = 30_000;
const SERVER_LOOK_MS = 250;
const BUSY_ATTEMPTS_MAX = 12;
const BUSY_WAIT_MS = 5000;

export async function connect(config: Config): Promise<Client> {
  const running = await findServer(config.dataDir);
  if (running !== undefined) return clientOf(running.url, running.token, false, async () => undefined);
  // Loaded only when it is needed: a command that talks to a server starts faster without the whole platform.
  const { compose } = await import('./compose.ts');
  let mizan: Mizan;
  try {
    mizan = await compose({ ...config, logLevel: process.env['LOG_LEVEL'] === undefined ? 'error' : config.logLevel });
  } catch (error) {
    // Somebody owns the folder but does not listen yet: a server that is just starting.
    const starting = error instanceof Fault && error.code === 'data-folder-in-use' ? await waitForServer(config.dataDir) : undefined;
    if (starting === undefined) throw error;
    return clientOf(starting.url, starting.token, false, async () => undefined);
  }
  try {
    const url = await mizan.server.listen({ host: '127.0.0.1', port: 0 });
    return clientOf(url, mizan.operatorToken, true, async () => mizan.close());
  } catch (error) {
    await mizan.close();
    throw error;
  }
}

async function waitForServer(dataDir: string): Promise<{ readonly url: string; readonly token: string } | undefined> {
  for (let waited = 0; waited < SERVER_START_MS_MAX; waited += SERVER_LOOK_MS) {
    const running = await findServer(dataDir);
    if (running !== undefined) return running;
    await delay(SERVER_LOOK_MS);
  }
  return undefined;
}

function clientOf(url: string, token: string, own: boolean, close: () => Promise<void>): Client {
  const headers = { 'accept-language': languageOf(process.env), accept: 'application/json', authorization: `Bearer ${token}` };
  const send = async (path: string, make: () => RequestInit, attempt = 1): Promise<Response> => {
    let answer: Response;
    try {
      const init = make();
      answer = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
    } catch (error) {
      throw new Exit(EXIT.fault, `The server at ${url} does not answer any more (${error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : 'unknown'}).`);
    }
    if (answer.ok) return answer;
    const exit = await exitOf(answer);
    // A busy server has not begun with the request, so asking again is safe.
    if (answer.status === 503 && isBusy(exit) && attempt < BUSY_ATTEMPTS_MAX) {
      await delay(BUSY_WAIT_MS);
      return send(path, make, attempt + 1);
    }
    throw exit;
  };
  return {
    url,
    own,
    request: async <T>(method: string, path: string, body?: Json): Promise<T> => {
      const answer = await send(path, () => ({ method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) }));
      return (await answer.json()) as T;
    },
    upload: async <T>(path: string, file: string, fields: Readonly<Record<string, string>>): Promise<T> => {
      const { boundary, bytes, body } = multipart(file, fields);
      const answer = await send(path, () => ({ method: 'POST', body: body(), duplex: 'half', headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, 'content-length': String(bytes) } }));
      return (await answer.json()) as T;
    },
    download: async (path) => {
      const answer = await send(path, () => ({ headers: { accept: '*/*' } }));
      if (answer.body === null) throw new Exit(EXIT.fault, `${path} answered nothing.`);
      return answer.body;
    },
    close,
  };
}

function isBusy(exit: Exit): boolean {
  return (exit.problem as ProblemAnswer | undefined)?.code === 'busy';
}

/**
 * A multipart body that is read from disk as it is sent. FormData with a Blob would hold the whole file in memory:
 * 1.6 GB for a file of 1.5 GB on Node 26.
 */
function multipart(path: string, fields: Readonly<Record<string, string>>): { readonly boundary: string; readonly bytes: number; readonly body: () => ReadableStream<Uint8Array> } {
  const size = sizeOf(path);
  const boundary = `mizan-${randomUUID()}`;
  // Quotes and line ends of a name are escaped as browsers do.
  const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  // Fields first: the server reads the parts in order and wants to know the profile before the file comes.
  const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`);
  const head = Buffer.from(`${parts.join('')}--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${quoted(basename(path))}"\r\nContent-Type: application/octet-stream\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield head;
    // A file that grows meanwhile is sent as long as it was: the length has been told already.
    if (size > 0) yield* createReadStream(path, { end: size - 1 }) as AsyncIterable<Uint8Array>;
    yield tail;
  }
  return { boundary, bytes: head.length + size + tail.length, body: () => Readable.toWeb(Readable.from(pieces(), { objectMode: false })) as ReadableStream<Uint8Array> };
}

function sizeOf(path: string): number {
  try {
    accessSync(path, constants.R_OK);
    const found = statSync(path);
    if (found.isFile()) return found.size;
  } catch {
    // told below
  }
  throw new Exit(EXIT.usage, `${path} cannot be read. Check the name and the rights.`);
}

async function exitOf(answer: Response): Promise<Exit> {
  const problem = (await answer.json().catch(() => ({}))) as ProblemAnswer;
  // A programming error tells nothing but a number; the log knows the rest.
  const lines = [problem.detail ?? (answer.status >= 500 ? `Mizan could not do this. The log tells more under request ${problem.instance ?? 'unknown'}.` : (problem.title ?? `The server answered ${answer.status}.`))];
  for (const error of (problem.errors ?? []).slice(0, ERRORS_SHOWN_MAX)) lines.push(`  ${error.path} ${error.message}`);
  if (problem.code !== undefined) lines.push(`  (${problem.code})`);
  return new Exit(answer.status >= 500 ? EXIT.fault : EXIT.refused, lines.join('\n'), problem as Json);
}

/** The language of the terminal, from the usual variables. */
export function languageOf(environment: Readonly<Record<string, string | undefined>>): string {
  const tag = (environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || 'en').slice(0, 2).toLowerCase();
  return ['az', 'en', 'ru'].includes(tag) ? tag : 'en';
}
