/** Figures for Prometheus: the process, requests by route, the database, the jobs. No path of a request, only its route: paths name entries. */

import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { checkHealth, type HealthParts } from './health.ts';

/** On the embedded engine a job may hold the one connection for minutes; then the figures come without what stands in the database. */
const COUNT_MS_MAX = 2000;
const DURATION_SECONDS_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

/** Starts to measure every request of `app`; answers the text of /metrics. Each server has a registry of its own. */
export function measure(app: FastifyInstance, parts: HealthParts): { readonly type: string; text(): Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'mizan_' });
  const durations = new Histogram({
    name: 'mizan_http_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: DURATION_SECONDS_BUCKETS,
    registers: [registry],
  });
  const state = new Gauge({ name: 'mizan_check_ok', help: '1 when the check passes, 0.5 when it is busy, 0 when it fails.', labelNames: ['check'] as const, registers: [registry] });
  const ping = new Gauge({ name: 'mizan_database_ping_seconds', help: 'Time of one round trip to the database.', registers: [registry] });
  const disk = new Gauge({ name: 'mizan_disk_free_bytes', help: 'Free space where the data folder lies.', registers: [registry] });
  const running = new Gauge({ name: 'mizan_jobs_running', help: 'Jobs that run in this process.', registers: [registry] });

  const inFlight = new Gauge({ name: 'mizan_http_requests_in_flight', help: 'Requests that are being answered now.', registers: [registry] });
  const requests = new Counter({ name: 'mizan_http_requests_total', help: 'Requests answered, by what the answer means: ok, refused (4xx), limited (429), shed (503), failed (other 5xx).', labelNames: ['outcome'] as const, registers: [registry] });
  const sent = new Counter({ name: 'mizan_http_sent_bytes_total', help: 'Bytes of bodies that were sent, as far as their length was known before.', registers: [registry] });
  // Counted where it happens; carried over as it is whenever somebody looks.
  const pages = new Counter({ name: 'mizan_public_pages_total', help: 'Public pages, answered as they were kept or drawn.', labelNames: ['from'] as const, registers: [registry] });
  const pageBytes = new Gauge({ name: 'mizan_public_pages_kept_bytes', help: 'Memory of public pages that are kept.', registers: [registry] });
  const jobs = new Gauge({ name: 'mizan_jobs', help: 'Unfinished jobs of the whole register, by state.', labelNames: ['state'] as const, registers: [registry] });
  const oldest = new Gauge({ name: 'mizan_jobs_oldest_waiting_seconds', help: 'How long the oldest waiting job has waited; 0 when none waits.', registers: [registry] });
  const finished = new Gauge({ name: 'mizan_jobs_finished_last_hour', help: 'Jobs of the whole register that ended within the last hour, by how.', labelNames: ['state'] as const, registers: [registry] });
  const connections = new Gauge({ name: 'mizan_database_connections', help: 'Connections of all processes to this database, by state; the embedded engine has one.', labelNames: ['state'] as const, registers: [registry] });
  const build = new Gauge({ name: 'mizan_build_info', help: 'Always 1; the engine of the database and the Node it runs on.', labelNames: ['engine', 'node'] as const, registers: [registry] });
  build.set({ engine: parts.database.engine, node: process.version }, 1);
  for (const outcome of OUTCOMES) requests.inc({ outcome }, 0);
  let open = 0;

  app.addHook('onRequest', (_request, reply, done) => {
    open += 1;
    // Also when the connection is cut before an answer, which Fastify tells by no hook of its own.
    reply.raw.once('close', () => (open -= 1));
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    requests.inc({ outcome: outcomeOf(reply.statusCode) });
    const length = Number(reply.getHeader('content-length') ?? 0);
    if (length > 0) sent.inc(length);
    durations.observe({ method: request.method, route: request.routeOptions.url ?? 'none', status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
  return {
    type: registry.contentType,
    text: async () => {
      for (const check of await checkHealth(parts)) {
        state.set({ check: check.name }, { ok: 1, busy: 0.5, failed: 0 }[check.state]);
        if (check.name === 'database') ping.set(check.value / 1000);
        else if (check.name === 'disk') disk.set(check.value);
        else running.set(check.value);
      }
      inFlight.set(open);
      const kept = parts.pages?.counts();
      if (kept !== undefined) {
        pages.reset();
        pages.inc({ from: 'memory' }, kept.kept);
        pages.inc({ from: 'drawing' }, kept.drawn);
        pageBytes.set(kept.bytes);
      }
      // A database that does not answer is told by mizan_check_ok; the other figures come all the same.
      const counted = await Promise.race([countInDatabase(parts.database).catch(() => undefined), pause(COUNT_MS_MAX, undefined, { ref: false })]);
      if (counted !== undefined) {
        for (const stage of ['waiting', 'running'] as const) jobs.set({ state: stage }, counted.unfinished[stage]);
        for (const end of ['done', 'failed', 'cancelled'] as const) finished.set({ state: end }, counted.finished[end]);
        oldest.set(counted.oldestWaitingSeconds);
        connections.reset();
        for (const [one, count] of counted.connections) connections.set({ state: one }, count);
      }
      return registry.metrics();
    },
  };
}

const OUTCOMES = ['ok', 'refused', 'limited', 'shed', 'failed'] as const;

function outcomeOf(status: number): (typeof OUTCOMES)[number] {
  if (status === 429) return 'limited';
  if (status === 503) return 'shed';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}

interface Counted {
  readonly unfinished: Readonly<Record<'waiting' | 'running', number>>;
  readonly finished: Readonly<Record<'done' | 'failed' | 'cancelled', number>>;
  readonly oldestWaitingSeconds: number;
  readonly connections: readonly (readonly [state: string, count: number])[];
}

/** Figures of the whole register, the same whichever process is asked; both questions go by an index. */
async function countInDatabase(database: HealthParts['database']): Promise<Counted | undefined> {
  if (database.broken.aborted) return undefined;
  const [row] = (await database.execute(`select
    count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'running')::int as running,
    coalesce(extract(epoch from clock_timestamp() - min(created_at) filter (where state = 'waiting')), 0)::float8 as oldest
    from platform_jobs where state in ('waiting', 'running')`)).rows;
  const ended = (await database.execute(`select state, count(*)::int as count from platform_jobs where finished_at > clock_timestamp() - interval '1 hour' and created_at > clock_timestamp() - interval '1 day' group by state`)).rows;
  const open = database.engine === 'embedded' ? [] : (await database.execute(`select coalesce(state, 'unknown') as state, count(*)::int as count from pg_stat_activity where datname = current_database() group by 1`)).rows;
  const of = (state: string): number => Number(ended.find((one) => one['state'] === state)?.['count'] ?? 0);
  return {
    unfinished: { waiting: Number(row?.['waiting'] ?? 0), running: Number(row?.['running'] ?? 0) },
    finished: { done: of('done'), failed: of('failed'), cancelled: of('cancelled') },
    oldestWaitingSeconds: Math.max(0, Number(row?.['oldest'] ?? 0)),
    connections: database.engine === 'embedded' ? [['one', 1]] : open.map((one) => [String(one['state']), Number(one['count'])] as const),
  };
}
