/** Counts tries before their outcome is known, so that many at once gain nothing, and tells how long the next one waits. */

import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { IdentityDb } from './sessions.ts';

export interface Waiting {
  /** Tries that are free before waiting begins. */
  readonly free: number;
  /** The first wait; each further failure doubles it. */
  readonly firstSeconds: number;
  readonly maxSeconds: number;
  /** Without a failure for so long everything is forgotten. */
  readonly forgetSeconds: number;
}

/**
 * Counts a try as failed until `forgive` says otherwise. Answers undefined when it may go on, or the seconds it has to wait; a try
 * that waits is not counted, so that knocking does not make the door heavier for its owner.
 */
export async function countTry(db: IdentityDb, key: string, now: Instant, waiting: Waiting): Promise<number | undefined> {
  const { free, firstSeconds, maxSeconds, forgetSeconds } = waiting;
  // A wait that ends later than any wait lasts was set by a clock that was ahead: nobody waits for that clock to come true.
  const latest = sql`${now}::timestamptz + make_interval(secs => ${maxSeconds})`;
  const failures = sql`case when l.last_at < ${now}::timestamptz - make_interval(secs => ${forgetSeconds}) then 1 else l.failures + 1 end`;
  const { rows } = await sql<{ failures: number }>`
    insert into identity_lockouts as l (key, failures, last_at, waits_until) values (${key}, 1, ${now}::timestamptz, null)
    on conflict (key) do update set
      failures = ${failures},
      last_at = ${now}::timestamptz,
      waits_until = case when (${failures}) < ${free}::int then null
        else ${now}::timestamptz + make_interval(secs => least(${maxSeconds}::float8, ${firstSeconds}::float8 * power(2::float8, least((${failures}) - ${free}::int, 30)::float8))) end
    where l.waits_until is null or l.waits_until <= ${now}::timestamptz or l.waits_until > ${latest}
    returning l.failures`.execute(db);
  if (rows.length > 0) return undefined;
  const row = await db.selectFrom('identity_lockouts').select('waits_until').where('key', '=', key).executeTakeFirst();
  // Swept or forgiven in between: the next try is free.
  if (row?.waits_until === null || row === undefined) return undefined;
  return Math.min(maxSeconds, Math.max(1, Math.ceil((Date.parse(row.waits_until) - Date.parse(now)) / 1000)));
}

/** The try was right: the account starts anew. */
export async function forgive(db: IdentityDb, key: string): Promise<void> {
  await db.deleteFrom('identity_lockouts').where('key', '=', key).execute();
}

/** The try was right, but the key belongs to many people (an address): only this try is taken back. */
export async function takeBack(db: IdentityDb, key: string): Promise<void> {
  await sql`update identity_lockouts set failures = greatest(failures - 1, 0), waits_until = null where key = ${key}`.execute(db);
}

export async function sweepLockouts(db: IdentityDb, before: Instant): Promise<void> {
  await db.deleteFrom('identity_lockouts').where('last_at', '<', before).execute();
}
