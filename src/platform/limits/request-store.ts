/** The store of @fastify/rate-limit on shared limits. A process takes some at once and deals them out itself: most requests ask no database. */

import type { FastifyRateLimitStore, FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { Limits } from './limits.ts';

/** A process asks the database once for this share of a limit; so much may be lost when it ends. */
const SHARE = 60;
const KEYS_MAX = 20_000;

interface Lease {
  left: number;
  remaining: number;
  /** By the clock that never jumps. */
  refusedUntilMs: number;
  endsMs: number;
}

/** Use with `skipOnError: true`: while the database is away its absence is told by the pages themselves, and not as a limit. */
export function requestStore(limits: Pick<Limits, 'take'>): FastifyRateLimitStoreCtor {
  const make = (prefix: string): FastifyRateLimitStore => createStore(limits, prefix);
  // The plug-in calls `new`; a constructor that answers an object hands out that object.
  return function RequestStore() {
    return make('requests');
  } as unknown as FastifyRateLimitStoreCtor;
}

function createStore(limits: Pick<Limits, 'take'>, prefix: string): FastifyRateLimitStore {
  const leases = new Map<string, Lease>();
  const asking = new Map<string, Promise<Lease>>();

  const ask = async (key: string, max: number, windowMs: number): Promise<Lease> => {
    const taken = await limits.take(`${prefix} ${key}`, { max, windowSeconds: windowMs / 1000 }, Math.max(1, Math.floor(max / SHARE)));
    const now = performance.now();
    const lease: Lease = { left: taken.granted, remaining: taken.remaining, refusedUntilMs: taken.granted > 0 ? 0 : now + taken.retryAfterSeconds * 1000, endsMs: now + windowMs };
    leases.delete(key);
    leases.set(key, lease);
    if (leases.size > KEYS_MAX) leases.delete(leases.keys().next().value ?? '');
    return lease;
  };
  /** Spends one of the lease at hand; the check and the spending are one step, so that requests that come together cannot spend it twice. */
  const spend = async (key: string, max: number, windowMs: number): Promise<{ readonly current: number; readonly ttl: number }> => {
    for (;;) {
      const held = leases.get(key);
      const now = performance.now();
      if (held !== undefined && held.endsMs > now && held.left > 0) {
        held.left -= 1;
        return { current: Math.max(1, max - held.remaining - held.left), ttl: Math.max(1, held.endsMs - now) };
      }
      if (held !== undefined && held.refusedUntilMs > now) return { current: max + 1, ttl: Math.max(1, held.refusedUntilMs - now) };
      // Requests that come together ask together.
      const answer = asking.get(key) ?? ask(key, max, windowMs).finally(() => asking.delete(key));
      asking.set(key, answer);
      await answer;
    }
  };

  return {
    incr: (key, callback, timeWindow, max) => {
      /* oxlint-disable promise/no-callback-in-promise -- the plug-in asks with a callback */
      spend(key, max, timeWindow).then(
        (spent) => callback(null, spent),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      );
      /* oxlint-enable promise/no-callback-in-promise */
    },
    child: (route) => createStore(limits, `${prefix} ${route.path}`),
  };
}
