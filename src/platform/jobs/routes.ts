/** Jobs over HTTP: the state as JSON, the progress as server-sent events, and cancelling by program or by a form. */

import { z } from 'zod';
import type { Language } from '../../base/index.ts';
import { type MizanServer, Refused } from '../http/index.ts';
import type { Jobs } from './jobs.ts';
import { isFinished, JOB_STATES, JOBS_LISTED_MAX, type JobView } from './model.ts';
import { jobText } from './text/index.ts';

/** Open event streams of this process; a page falls back to plain refresh beyond that. */
export const EVENT_STREAMS_MAX = 64;
/** A comment this often keeps proxies from closing a quiet stream, and shows progress of a job that another process runs. */
const EVENT_EVERY_MS = 2000;

export const jobView = z.object({
  id: z.string().describe('UUID of the job'),
  name: z.string().describe('Kind of work, `<feature>.<verb-noun>`'),
  state: z.enum(JOB_STATES),
  done: z.number().describe('Units of work done so far'),
  total: z.number().nullable().describe('Units of work in all; null while unknown'),
  note: z.string().nullable().describe('What is being done now'),
  result: z.unknown().describe('What the job answers when it is done; its shape depends on `name`'),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  attempts: z.number(),
  createdAt: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
});

const params = z.object({ id: z.uuid().describe('UUID of the job, as the request that started it answered') });
const tags = ['jobs'];

/** Adds `/api/v1/jobs…`. All of it belongs to the workspace: a job's result may hold what is not published. */
export function jobRoutes(app: MizanServer, jobs: Jobs): void {

  app.get(
    '/api/v1/jobs',
    {
      config: { policy: 'job.see', api: true },
      schema: {
        tags,
        summary: 'List jobs, newest first',
        querystring: z.object({ limit: z.coerce.number().int().min(1).max(JOBS_LISTED_MAX).default(JOBS_LISTED_MAX), name: z.string().max(100).optional() }),
        response: { 200: z.object({ items: z.array(jobView) }) },
      },
    },
    async (request) => {
      const { limit, name } = request.query;
      return { items: [...(await jobs.list({ limit, ...(name === undefined ? {} : { name }) }))] };
    },
  );

  app.get('/api/v1/jobs/:id', { config: { policy: 'job.see', api: true }, schema: { tags, summary: 'Show a job with its progress and result', params, response: { 200: jobView } } }, async (request) => found(await jobs.get(request.params.id), request.frame.language));

  app.post(
    '/api/v1/jobs/:id/cancel',
    {
      config: { policy: 'job.cancel', api: true },
      schema: {
        tags,
        summary: 'Ask a job to end',
        description: 'A waiting job ends at once, a running one at its next batch; what it changed is undone or stays as the kind of job says. A form may send `return`, the page of this server to go back to.',
        params,
        body: z.object({ return: z.string().max(500).regex(/^\/(?![/\\])/).optional() }).nullish(),
        response: { 200: jobView, 303: z.null() },
      },
    },
    async (request, reply) => {
      const view = found(await jobs.cancel(request.params.id), request.frame.language);
      const back = request.body?.return;
      return back === undefined ? view : reply.redirect(back, 303);
    },
  );

  let streams = 0;
  const closers = new Set<() => void>();
  app.addHook('preClose', (done) => {
    for (const close of closers) close();
    done();
  });
  app.get(
    '/api/v1/jobs/:id/events',
    { config: { policy: 'job.see', api: true }, schema: { tags, summary: 'Follow a job by server-sent events', description: 'Each event is named `job`; its data is the job as JSON. The stream ends when the job is finished.', params, produces: ['text/event-stream'] } },
    async (request, reply) => {
      const { id } = request.params;
      const first = found(await jobs.get(id), request.frame.language);
      if (streams >= EVENT_STREAMS_MAX) throw Object.assign(new Error('too many event streams'), { statusCode: 503, code: 'too-many-streams' });
      streams += 1;
      const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined)) as Record<string, string>;
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
      let last = '';
      const send = (view: JobView): void => {
        const text = JSON.stringify(view);
        if (text !== last) raw.write(`event: job\ndata: ${text}\n\n`);
        else raw.write(': still here\n\n');
        last = text;
        if (isFinished(view.state)) raw.end();
      };
      const unwatch = jobs.watch(id, send);
      const timer = setInterval(() => {
        jobs.get(id).then((view) => (view === undefined ? raw.end() : send(view)), () => raw.end());
      }, EVENT_EVERY_MS);
      const close = (): void => void raw.end();
      closers.add(close);
      raw.once('close', () => {
        streams -= 1;
        clearInterval(timer);
        unwatch();
        closers.delete(close);
      });
      send(first);
    },
  );
}

function found(view: JobView | undefined, language: Language): JobView {
  if (view !== undefined) return view;
  throw new Refused('not-found', jobText.in(language)('not-found'), { status: 404 });
}
