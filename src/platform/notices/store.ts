/** Keeps notices and reads those that a process has not seen, also when transactions commit in another order than they began. */

import { sql } from 'kysely';
import type { Json } from '../../base/index.ts';
import type { Database, Tx } from '../db/index.ts';
import { KEPT_ALWAYS, KEPT_HOURS, NOTICES_READ_MAX, PRUNED_AT_ONCE_MAX } from './model.ts';

/** Notifications carry no content: who hears one reads the table. */
export const CHANNEL = 'mizan_notices';

export interface KeptNotice {
  readonly number: number;
  readonly topic: string;
  readonly payload: Json;
  readonly node: string;
}

export interface NoticeReader {
  /** Notices that were committed and not answered before, at most 500; `more` when others wait. */
  read(): Promise<{ readonly notices: readonly KeptNotice[]; readonly more: boolean }>;
}

/** In a transaction, or by itself. The notification goes out when it commits. */
export async function keepNotice(database: Database, node: string, topic: string, payload: Json, transaction: Tx | undefined): Promise<void> {
  const text = JSON.stringify(payload);
  if (transaction !== undefined) {
    // Two statements: who may tell need not be allowed to read, and RETURNING reads.
    await sql`insert into platform_notices (topic, payload, node) values (${topic}, ${text}::jsonb, ${node}::uuid)`.execute(transaction);
    await sql`select pg_notify(${CHANNEL}, '')`.execute(transaction);
    return;
  }
  await database.execute(`with kept as (insert into platform_notices (topic, payload, node) values ($1, $2::jsonb, $3::uuid) returning id) select pg_notify($4, '') from kept`, [topic, text, node, CHANNEL]);
}

export async function sendHint(database: Database, node: string, topic: string): Promise<void> {
  await database.execute('select pg_notify($1, $2)', [CHANNEL, JSON.stringify({ node, topic })]);
}

/**
 * Owner of the horizon and of the numbers seen above it. Every transaction below the horizon had ended when it was read, so
 * its notices were visible then; of those above, some were and some were not, and their numbers are remembered.
 */
export async function openReader(database: Database): Promise<NoticeReader> {
  let horizon = '0';
  const seen = new Map<number, bigint>();
  const select = async (limit: number): Promise<readonly Record<string, unknown>[]> =>
    (
      await database.execute(
        `with present as (select pg_snapshot_xmin(pg_current_snapshot()) as horizon)
         select present.horizon::text as horizon, kept.id, kept.topic, kept.payload, kept.node::text as node, kept.transaction::text as transaction
         from present left join lateral (
           select * from platform_notices where transaction >= $1::xid8 and not (id = any($2::bigint[])) order by id limit ${limit}
         ) as kept on true`,
        [horizon, [...seen.keys()]],
      )
    ).rows;
  const advance = (to: string): void => {
    horizon = to;
    for (const [number, transaction] of seen) if (transaction < BigInt(horizon)) seen.delete(number);
  };

  // What was committed before this process began is part of the state it reads; only what is still under way counts.
  const [present] = (await database.execute('select pg_snapshot_xmin(pg_current_snapshot())::text as horizon')).rows;
  horizon = typeof present?.['horizon'] === 'string' ? present['horizon'] : '0';
  for (const row of (await database.execute('select id, transaction::text as transaction from platform_notices where transaction >= $1::xid8', [horizon])).rows) {
    seen.set(Number(row['id']), BigInt(String(row['transaction'])));
  }

  return {
    read: async () => {
      const rows = (await select(NOTICES_READ_MAX)).filter((row) => row['id'] !== null);
      for (const row of rows) seen.set(Number(row['id']), BigInt(String(row['transaction'])));
      const more = rows.length === NOTICES_READ_MAX;
      // With more to come the horizon would pass over them.
      if (!more && rows.length > 0) advance(String(rows[0]?.['horizon']));
      return { more, notices: rows.map((row) => ({ number: Number(row['id']), topic: String(row['topic']), payload: row['payload'] as Json, node: String(row['node']) })) };
    },
  };
}

export async function pruneNotices(database: Database): Promise<void> {
  await database.execute(`delete from platform_notices where id in (select id from platform_notices where announced_at < clock_timestamp() - interval '${KEPT_HOURS} hours' and id <= (select max(id) from platform_notices) - ${KEPT_ALWAYS} order by announced_at limit ${PRUNED_AT_ONCE_MAX})`);
}
