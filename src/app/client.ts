/**
 * How commands reach the register: over HTTP to the server of this data folder when one runs, otherwise to a server of their own
 * on a free loopback port for as long as the command runs. One way in, so a command cannot behave differently in the two cases.
 */

import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Json } from '../base/index.ts';
import type { Config } from '../platform/config/index.ts';
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
const BUSY_ATTEMPTS_MAX = 12;
const BUSY_WAIT_MS = 5000;

export async function connect(config: Config): Promise<Client> {
  const running = await findServer(config.dataDir);
  if (running !== undefined) return clientOf(running.url, false, async () => undefined);
  // Loaded only when it is needed: a command that talks to a server starts faster without the whole platform.
  const { compose } = await import('./compose.ts');
  const mizan = await compose({ ...config, logLevel: process.env['LOG_LEVEL'] === undefined ? 'error' : config.logLevel });
  try {
    const url = await mizan.server.listen({ host: '127.0.0.1', port: 0 });
    return clientOf(url, true, async () => mizan.close());
  } catch (error) {
    await mizan.close();
    throw error;
  }
}

function clientOf(url: string, own: boolean, close: () => Promise<void>): Client {
  const headers = { 'accept-language': languageOf(process.env), accept: 'application/json' };
  const send = async (path: string, init: RequestInit, attempt = 1): Promise<Response> => {
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string> | undefined) } });
    } catch (error) {
      throw new Exit(EXIT.fault, `The server at ${url} does not answer any more (${error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : 'unknown'}).`);
    }
    if (answer.ok) return answer;
    const exit = await exitOf(answer);
    // A busy server has not begun with the request, so asking again is safe.
    if (answer.status === 503 && isBusy(exit) && attempt < BUSY_ATTEMPTS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, BUSY_WAIT_MS));
      return send(path, init, attempt + 1);
    }
    throw exit;
  };
  return {
    url,
    own,
    request: async <T>(method: string, path: string, body?: Json): Promise<T> => {
      const answer = await send(path, { method, ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }) });
      return (await answer.json()) as T;
    },
    upload: async <T>(path: string, file: string, fields: Readonly<Record<string, string>>): Promise<T> => {
      const form = new FormData();
      // Fields first: the server reads the parts in order and wants to know the profile before the file comes.
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', await openFile(file), basename(file));
      const answer = await send(path, { method: 'POST', body: form });
      return (await answer.json()) as T;
    },
    download: async (path) => {
      const answer = await send(path, { headers: { accept: '*/*' } });
      if (answer.body === null) throw new Exit(EXIT.fault, `${path} answered nothing.`);
      return answer.body;
    },
    close,
  };
}

function isBusy(exit: Exit): boolean {
  return (exit.problem as ProblemAnswer | undefined)?.code === 'busy';
}

async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch {
    throw new Exit(EXIT.usage, `${path} cannot be read. Check the name and the rights.`);
  }
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
