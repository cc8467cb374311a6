/** Rate limits that all processes on one database share: each take is one statement, even pace with a burst (generic cell rate algorithm). */

import { createHash } from 'node:crypto';
import { assert, type Instant } from '../../base/index.ts';
import type { Database } from '../db/index.ts';
import type { Log } from '../log/index.ts';

/** `max` at once after a rest of the whole window, then one each windowSeconds / max. In any window's length at most 2 × max − 1 get through. */
export interface Limit {
  readonly max: number;
  readonly windowSeconds: number;
}

export interface Taken {
  /** How many of those asked for were granted; 0 means refused. */
  readonly granted: number;
  /** What could be taken at this moment. */
  readonly remaining: number;
  /** Whole seconds, rounded up, until one can be taken; 0 when one can be taken now. */
  readonly retryAfterSeconds: number;
}

export interface Limits {
  /**
   * Takes one, or up to `asked`. `key` names what is limited, e.g. `sign-in account <id>`; only its digest is stored. A refused take
   * writes nothing and takes no lock, unless the clock was set back. Never inside a transaction: it has to count even if that is undone, and the embedded engine would wait for itself.
   */
  take(key: string, limit: Limit, asked?: number): Promise<Taken>;
  /** Lets the key begin afresh, e.g. after a sign-in that succeeded. */
  forget(key: string): Promise<void>;
  /** Removes what limits nothing any more; runs by itself every ten minutes. */
  prune(): Promise<void>;
  stop(): void;
}

const WINDOW_SECONDS_MAX = 7 * 24 * 3600;
const TAKEN_MAX = 1_000_000;
const PRUNE_MS = 10 * 60_000;
const PRUNED_AT_ONCE_MAX = 20_000;
/** Thirds of a second have no end in microseconds: what is this close to a whole counts as whole. In steps, not seconds. */
const NEARLY = 1e-4;
/** Times in the database have microseconds: a wait is not longer by a second for less than a few of them. */
const CLOCK_GRAIN_SECONDS = 1e-5;

/**
 * $1 key, $2 max, $3 window in seconds, $4 asked, $5 the time or null for the database's own, on which all processes agree. An arrival beyond
 * the window can only come from a clock that was set back; it is brought back to the window and written so, also when nothing is granted:
 * otherwise everybody would wait until that clock comes true.
 */
const TAKE = `
  with asked as (
    select $1::text as key, coalesce($5::timestamptz, clock_timestamp()) as at, $3::float8 as span, $3::float8 / $2::float8 as step
  ), ahead as (
    select greatest(0, least(span, found.seconds))::float8 as seconds, found.seconds > span as is_beyond
    from asked, lateral (select coalesce(extract(epoch from (select arrival from platform_limits where platform_limits.key = asked.key) - at), 0) as seconds) as found
  ), taken as (
    insert into platform_limits as held (key, arrival, granted)
    select key, at + make_interval(secs => step * least($4::int, $2::int)), least($4::int, $2::int)
    from asked, ahead where floor((span - seconds) / step + ${NEARLY}) >= 1 or is_beyond
    on conflict (key) do update set (granted, arrival) = (
      select free.granted, at + make_interval(secs => free.seconds + step * free.granted)
      from asked, lateral (select greatest(0, least(span, extract(epoch from held.arrival - at)))::float8 as seconds) as now,
      lateral (select now.seconds, least($4::int, greatest(0, floor((span - now.seconds) / step + ${NEARLY}))::int) as granted) as free
    )
    returning granted, arrival
  )
  select coalesce((select granted from taken), 0) as granted, span, step,
    coalesce((select extract(epoch from arrival - at)::float8 from taken), seconds) as ahead
  from asked, ahead`;

export function openLimits(given: { readonly database: Database; readonly log: Log; readonly now?: () => Instant }): Limits {
  const { database, log } = given;
  const prune = async (): Promise<void> => {
    // Rows that somebody takes from right now are left for the next time.
    await database.execute(`delete from platform_limits where key in (select key from platform_limits where arrival < clock_timestamp() limit ${PRUNED_AT_ONCE_MAX} for update skip locked)`);
  };
  const timer = setInterval(() => {
    if (!database.broken.aborted) prune().catch((error: unknown) => log.error({ err: error, code: 'limits-not-pruned' }, 'limits were not pruned'));
  }, PRUNE_MS).unref();

  return {
    take: async (key, { max, windowSeconds }, asked = 1) => {
      assert(Number.isInteger(max) && max >= 1 && max <= TAKEN_MAX && windowSeconds > 0 && windowSeconds <= WINDOW_SECONDS_MAX, 'a limit has a maximum and a window of at most a week');
      assert(Number.isInteger(asked) && asked >= 1 && asked <= TAKEN_MAX, 'one or more are asked for');
      const { rows } = await database.execute(TAKE, [digestOf(key), max, windowSeconds, asked, given.now?.() ?? null]);
      const row = rows[0];
      assert(row !== undefined, 'a take has an answer');
      const [granted, step, ahead] = [Number(row['granted']), Number(row['step']), Math.max(0, Number(row['ahead']))];
      const remaining = Math.max(0, Math.floor((windowSeconds - ahead) / step + NEARLY));
      return { granted, remaining, retryAfterSeconds: remaining > 0 ? 0 : Math.max(1, Math.ceil(ahead - windowSeconds + step * (1 - NEARLY) - CLOCK_GRAIN_SECONDS)) };
    },
    forget: async (key) => {
      await database.execute('delete from platform_limits where key = $1', [digestOf(key)]);
    },
    prune,
    stop: () => clearInterval(timer),
  };
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}
