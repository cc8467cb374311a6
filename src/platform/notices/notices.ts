/** Tells all processes on one database what has changed: by the table, woken by notifications on a server, at once on the embedded engine. */

import { randomUUID } from 'node:crypto';
import { assert, canonical, type Json } from '../../base/index.ts';
import { systemScope, within } from '../auth/index.ts';
import type { Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import { type Ear, openEar } from './ear.ts';
import { HINT_MS, KEPT_HOURS, type Notice, type NoticeHandler, type Notices, PAYLOAD_BYTES_MAX, PRUNE_MS, READ_AGAIN_MS, TOPIC_LENGTH_MAX } from './model.ts';
import { CHANNEL, keepNotice, type KeptNotice, openReader, pruneNotices, sendHint } from './store.ts';

export interface NoticeParts {
  readonly database: Database;
  /** Of the server engine; undefined on the embedded one, which has one process. */
  readonly databaseUrl: string | undefined;
  readonly log: Log;
}

const TOPIC = /^[a-z-]+(\.[a-z-]+)*$/;
const HOUR_MS = 3_600_000;

/** Reads where the notices stand; `begin` starts to listen. The migration 0002 of the platform must have run. */
export async function openNotices(parts: NoticeParts): Promise<Notices> {
  const { database, log } = parts;
  const node = randomUUID();
  const reader = await openReader(database);
  const handlers = new Map<string, NoticeHandler[]>();
  const gapHandlers: (() => void | Promise<void>)[] = [];
  const hinted = new Map<string, NodeJS.Timeout>();
  const timers: NodeJS.Timeout[] = [];
  const around = async (work: () => Promise<void>): Promise<void> => within(systemScope, work);
  let ear: Ear | undefined;
  let stopped = false;
  /** One reading at a time; a wish that comes meanwhile is one more turn. */
  let reading: Promise<void> | undefined;
  let wanted = false;
  let readAt = performance.now();

  const fail = (error: unknown, topic: string): void => {
    if (!database.broken.aborted && !stopped) log.error({ err: error, code: 'notice', topic }, 'a notice could not be followed');
  };
  const tell = async (notice: Notice): Promise<void> => {
    for (const handler of handlers.get(notice.topic) ?? []) await around(async () => handler(notice)).catch((error: unknown) => fail(error, notice.topic));
  };
  const noticeOf = ({ number, topic, payload, node: teller }: KeptNotice): Notice => ({ number, topic, payload, own: teller === node });

  const readAll = async (): Promise<void> => {
    for (;;) {
      wanted = false;
      const { notices, more } = await reader.read();
      const gone = performance.now() - readAt;
      readAt = performance.now();
      if (gone > (KEPT_HOURS - 1) * HOUR_MS) for (const handler of gapHandlers) await around(async () => handler()).catch((error: unknown) => fail(error, 'gap'));
      for (const kept of notices) await tell(noticeOf(kept));
      // oxlint-disable-next-line no-unnecessary-condition -- set again by whoever asks meanwhile
      if (!more && !wanted) return;
    }
  };
  const catchUp = async (): Promise<void> => {
    wanted = true;
    reading ??= readAll().finally(() => (reading = undefined));
    await reading;
  };
  const catchUpSoon = (): void => {
    if (stopped || database.broken.aborted) return;
    // The server may be away; the next notification, connection or turn of the clock asks again.
    catchUp().catch((error: unknown) => log.debug({ err: error, code: 'notices-not-read' }, 'notices were not read'));
  };

  return {
    node,
    announce: async (topic, payload, transaction) => {
      assert(TOPIC.test(topic) && topic.length <= TOPIC_LENGTH_MAX, `topic ${topic} is in kebab words`);
      assert(Buffer.byteLength(canonical(payload)) <= PAYLOAD_BYTES_MAX, `the payload of ${topic} is small`);
      await keepNotice(database, node, topic, payload, transaction);
      // On the embedded engine the reading waits for the transaction to end, because there is one connection.
      if (database.engine === 'embedded' || transaction === undefined) catchUpSoon();
    },
    hint: (topic) => {
      assert(TOPIC.test(topic) && topic.length <= TOPIC_LENGTH_MAX, `topic ${topic} is in kebab words`);
      if (database.engine === 'embedded' || stopped || hinted.has(topic)) return;
      hinted.set(topic, setTimeout(() => {
        hinted.delete(topic);
        sendHint(database, node, topic).catch((error: unknown) => log.debug({ err: error, code: 'hint-not-sent' }, 'a hint was not sent'));
      }, HINT_MS).unref());
    },
    on: (topic, handler) => {
      assert(TOPIC.test(topic), `topic ${topic} is in kebab words`);
      handlers.set(topic, [...(handlers.get(topic) ?? []), handler]);
    },
    onGap: (handler) => void gapHandlers.push(handler),
    begin: async () => {
      const prune = (): void => {
        pruneNotices(database).catch((error: unknown) => fail(error, 'prune'));
      };
      timers.push(setInterval(prune, PRUNE_MS).unref());
      // Without other processes there is nobody to listen to; what this one announces it reads by itself.
      if (parts.databaseUrl === undefined || database.engine === 'embedded') return;
      ear = await openEar({
        databaseUrl: parts.databaseUrl,
        channel: CHANNEL,
        log,
        heard: (payload) => {
          if (payload === '') catchUpSoon();
          else void hear(payload);
        },
        connected: catchUpSoon,
      });
      timers.push(setInterval(catchUpSoon, READ_AGAIN_MS).unref());
    },
    catchUp,
    stop: async () => {
      stopped = true;
      for (const timer of [...timers, ...hinted.values()]) clearTimeout(timer);
      await ear?.close();
      await reading?.catch(() => undefined);
    },
  };

  async function hear(payload: string): Promise<void> {
    const hint = readHint(payload);
    if (hint !== undefined && hint.node !== node) await tell({ number: 0, topic: hint.topic, payload: null, own: false });
  }
}

/** Anybody who may connect to the database may send on the channel: what is not a hint is passed over. */
function readHint(payload: string): { readonly node: string; readonly topic: string } | undefined {
  try {
    const { node, topic } = JSON.parse(payload) as { node?: Json; topic?: Json };
    return typeof node === 'string' && typeof topic === 'string' && TOPIC.test(topic) ? { node, topic } : undefined;
  } catch {
    return undefined;
  }
}
