/** The whole product in this process, as `mizan start` composes it, for stories told over HTTP and in the browser. */

import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseHTML } from 'linkedom';
import { compose, type ComposeOptions, type Mizan } from '../../src/app/compose.ts';
import { allMigrations } from '../../src/app/migrations.ts';
import { type Clock, fixedClock } from '../../src/platform/clock/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import type { Timeouts } from '../../src/platform/db/index.ts';
import type { ServerLimits } from '../../src/platform/http/index.ts';
import { createServerDatabase } from './engines.ts';
import { copyDatabase } from './image.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly bytes: Buffer;
  json<T>(): T;
}

export interface Story {
  readonly mizan: Mizan;
  send(method: Method, url: string, payload?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** A page as people get it, in a language. */
  page(url: string, language?: string): Promise<{ readonly status: number; readonly html: string; readonly document: Document }>;
  form(url: string, values: Readonly<Record<string, string>>): Promise<Answer>;
  upload(url: string, fields: Readonly<Record<string, string>>, file: { readonly name: string; readonly content: string | Buffer }, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sends a file, waits for its job, and answers the import as it then stands. */
  importFile(profile: string, file: { readonly name: string; readonly content: string | Buffer }, mode?: 'all' | 'good' | 'preview'): Promise<ImportTold>;
  /** Listens on a free port of this machine and answers the address. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

export interface ImportTold {
  readonly id: string;
  readonly state: string;
  readonly result: Readonly<Record<'read' | 'added' | 'changed' | 'unchanged' | 'withdrawn' | 'duplicates' | 'leftOut', number>> | null;
  readonly counts: Readonly<Record<string, unknown>> | null;
  readonly findings: { readonly problems: Readonly<Record<'error' | 'warning' | 'note', number>> } | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

/** For browsers, which do not ask again: a busy machine is not what their stories are about. */
export const PATIENT: Partial<ServerLimits> = { eventLoopDelayMsMax: 120_000, routeLimitsFactor: 1000 };
/** The day on which all stories are told. */
export const STORY_DAY = '2026-11-23';
const ASK_AGAIN_MS = 500;
const ASKED_MAX = 60;
const JOB_ASKED_MAX = 1200;
const JOB_ASK_MS = 100;

/** Requests come from the operator unless they say who else sends them; an empty authorization is nobody's, or that of a cookie. */
function withOperator(token: string, { authorization = `Bearer ${token}`, ...headers }: Readonly<Record<string, string>>): Record<string, string> {
  return authorization === '' ? headers : { authorization, ...headers };
}

export async function openStory(options: { readonly engine?: 'embedded' | 'server'; readonly environment?: Readonly<Record<string, string>>; readonly clock?: Clock; readonly council?: ComposeOptions['council']; readonly limits?: Partial<ServerLimits>; readonly databaseTimeouts?: Partial<Timeouts> } = {}): Promise<Story> {
  const dataDir = mkdtempSync(join(tmpdir(), 'mizan-story-'));
  if (options.engine !== 'server') await copyDatabase(dataDir, allMigrations);
  const server = options.engine === 'server' ? { DATABASE_URL: await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? '') } : {};
  const config = readConfig({ DATA_DIR: dataDir, LOG_LEVEL: 'silent', PORT: '0', ...server, ...options.environment });
  if (!config.ok) throw new Error(JSON.stringify(config.refusal));
  const mizan = await compose(config.value, { clock: options.clock ?? fixedClock(`${STORY_DAY}T09:00:00.000Z`), ...(options.limits === undefined ? {} : { limits: options.limits }), ...(options.council === undefined ? {} : { council: options.council }), ...(options.databaseTimeouts === undefined ? {} : { databaseTimeouts: options.databaseTimeouts }) });
  const app = mizan.server;

  const send: Story['send'] = async (method, url, payload, headers = {}) => {
    for (let asked = 1; ; asked++) {
      const answer = await app.inject({ method, url, headers: withOperator(mizan.operatorToken, headers), ...(payload === undefined ? {} : { payload: payload as object }) });
      // A loaded machine makes the server say "busy, ask again", as it would to any client.
      if (answer.statusCode !== 503 || asked === ASKED_MAX) return { status: answer.statusCode, headers: answer.headers, body: answer.body, bytes: answer.rawPayload, json: <T>() => JSON.parse(answer.body) as T };
      await pause(ASK_AGAIN_MS);
    }
  };
  const story: Story = {
    mizan,
    send,
    get: async (url, headers) => send('GET', url, undefined, headers),
    page: async (url, language = 'en') => {
      const answer = await send('GET', url, undefined, { accept: 'text/html', cookie: `mizan_language=${language}` });
      return { status: answer.status, html: answer.body, document: parseHTML(answer.body).document };
    },
    form: async (url, values) => send('POST', url, new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' }),
    upload: async (url, fields, file, headers = {}) => {
      const boundary = 'mizan-story-boundary';
      const parts = Object.entries(fields).map(([name, value]) => Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
      parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${file.name}"\r\ncontent-type: application/octet-stream\r\n\r\n`), Buffer.from(file.content), Buffer.from(`\r\n--${boundary}--\r\n`));
      return send('POST', url, Buffer.concat(parts), { 'content-type': `multipart/form-data; boundary=${boundary}`, ...headers });
    },
    importFile: async (profile, file, mode = 'all') => {
      const begun = await story.upload('/api/v1/imports', { profile, mode }, file);
      if (begun.status !== 202) throw new Error(`import refused: ${begun.body}`);
      const ids = begun.json<{ import: string; job: string }>();
      for (let asked = 1; asked <= JOB_ASKED_MAX; asked++) {
        const { state } = (await story.get(`/api/v1/jobs/${ids.job}`)).json<{ state: string }>();
        if (['done', 'failed', 'cancelled'].includes(state)) return (await story.get(`/api/v1/imports/${ids.import}`)).json<ImportTold>();
        await pause(JOB_ASK_MS);
      }
      throw new Error('the import did not end');
    },
    listen: async () => {
      await app.listen({ host: '127.0.0.1', port: 0 });
      return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    },
    close: async () => {
      await mizan.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return story;
}

/** What a browser of a story sends along to be known as the operator of the machine; stories of people sign in instead. */
export function signedIn(story: Story): Record<string, string> {
  return { authorization: `Bearer ${story.mizan.operatorToken}` };
}
