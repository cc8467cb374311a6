/** The connection on which a process hears notifications of PostgreSQL: its own, outside of the pool, made again whenever it breaks. */

import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Log } from '../log/index.ts';
import { ANSWER_MS_MAX, RECONNECT_MS_MAX, RECONNECT_MS_MIN } from './model.ts';

export interface Ear {
  /** Ends the connection; nothing is heard afterwards. */
  close(): Promise<void>;
}

export interface EarParts {
  readonly databaseUrl: string;
  readonly channel: string;
  readonly log: Log;
  readonly heard: (payload: string) => void;
  /** Called after each connection, the first too: what was said meanwhile was not heard. */
  readonly connected: () => void;
}

/** Listens until closed. Resolves with the first connection; a later loss is mended in the background. */
export async function openEar(parts: EarParts): Promise<Ear> {
  const closing = new AbortController();
  let client = await connect(parts);
  const keep = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await lost(client, closing.signal);
      if (closing.signal.aborted) return;
      parts.log.warn({ code: 'notices-cut-off' }, 'The connection for notices broke; it is made again.');
      const next = await connectAgain(parts, closing.signal);
      if (next === undefined) return;
      client = next;
      parts.connected();
    }
  };
  const kept = keep();
  parts.connected();
  return {
    close: async () => {
      closing.abort();
      await client.end().catch(() => undefined);
      await kept;
    },
  };
}

async function connect({ databaseUrl, channel, heard }: EarParts): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mizan notices', keepAlive: true, connectionTimeoutMillis: ANSWER_MS_MAX });
  // Without a listener a broken connection would end the process; `lost` hears of it, too.
  client.on('error', () => undefined);
  client.on('notification', ({ payload }) => heard(payload ?? ''));
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return client;
}

async function connectAgain(parts: EarParts, signal: AbortSignal): Promise<pg.Client | undefined> {
  for (let waitMs = RECONNECT_MS_MIN; !signal.aborted; waitMs = Math.min(waitMs * 2, RECONNECT_MS_MAX)) {
    try {
      const client = await connect(parts);
      if (!signal.aborted) return client;
      await client.end().catch(() => undefined);
    } catch {
      await pause(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}

/** Resolves when the connection has ended, or no longer answers: a cut cable is told by nobody. */
async function lost(client: pg.Client, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  client.once('end', () => ended.abort());
  client.once('error', () => ended.abort());
  const any = AbortSignal.any([ended.signal, signal]);
  while (!any.aborted) {
    await pause(ANSWER_MS_MAX, undefined, { signal: any }).catch(() => undefined);
    if (any.aborted) break;
    const silent = pause(ANSWER_MS_MAX, 'silent' as const, { ref: false });
    if ((await Promise.race([client.query('select 1').then(() => 'answers' as const, () => 'silent' as const), silent])) === 'silent') break;
  }
  if (!signal.aborted) void client.end().catch(() => undefined);
}
