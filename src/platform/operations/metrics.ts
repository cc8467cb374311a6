/** Figures for Prometheus: the process, requests by route, the database, the jobs. No path of a request, only its route: paths name entries. */

import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { checkHealth, type HealthParts } from './health.ts';

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

  app.addHook('onResponse', (request, reply, done) => {
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
      return registry.metrics();
    },
  };
}
