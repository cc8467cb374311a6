/** The door of the operations room: health and figures for those who run Mizan. */

import { z } from 'zod';
import type { MizanServer } from '../http/index.ts';
import { checkHealth, type HealthParts } from './health.ts';
import { measure } from './metrics.ts';

export { type Check, checkHealth, DISK_FREE_BYTES_MIN, type HealthParts } from './health.ts';

const health = z.object({
  state: z.enum(['ok', 'failed']),
  checks: z.array(z.object({ name: z.enum(['database', 'disk', 'jobs']), state: z.enum(['ok', 'busy', 'failed']), value: z.number(), unit: z.enum(['milliseconds', 'free bytes', 'running']) })),
});
const tags = ['operations'];
/** These say by themselves that the database is broken. */
const TELLS_BROKEN: ReadonlySet<string> = new Set(['/health/ready', '/metrics']);

/**
 * Adds `/health/live`, `/health/ready` and `/metrics`, and lets every later route but readiness and figures answer 503 once the embedded
 * database is broken. Call it before the routes of features: only later routes are measured and held.
 */
export function operationRoutes(app: MizanServer, parts: HealthParts): void {
  const figures = measure(app, { pages: app.pages, ...parts });
  app.addHook('onRequest', (request, _reply, done) => {
    const { broken } = parts.database;
    // Also pages that would come from memory: they would show a register that nobody can work with.
    if (broken.aborted && !TELLS_BROKEN.has(request.routeOptions.url ?? '')) done(broken.reason as Error);
    else done();
  });
  app.get('/health/live', { config: { policy: 'public', api: true }, logLevel: 'warn', schema: { tags, summary: 'Does the process answer', response: { 200: z.object({ state: z.literal('ok') }) } } }, () => ({ state: 'ok' as const }));
  app.get(
    '/health/ready',
    { config: { policy: 'public', api: true }, logLevel: 'warn', schema: { tags, summary: 'Can requests be served: database, disk, jobs', response: { 200: health, 503: health } } },
    async (_request, reply) => {
      const checks = [...(await checkHealth(parts))];
      const failed = checks.some((check) => check.state === 'failed');
      return reply.status(failed ? 503 : 200).send({ state: failed ? ('failed' as const) : ('ok' as const), checks });
    },
  );
  app.get('/metrics', { config: { policy: 'platform.watch' }, logLevel: 'warn', schema: { hide: true } }, async (_request, reply) => reply.header('content-type', figures.type).send(await figures.text()));
}
