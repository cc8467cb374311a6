/** Jobs over HTTP: state, events, cancelling by programs and by a form, the bar of a page, and what is refused. */

import { parseHTML } from 'linkedom';
import { renderToString } from 'preact-render-to-string';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR_TOKEN } from '../../../test/support/operator.ts';
import { type Served, serve } from '../../../test/support/serve.ts';
import { LANGUAGES } from '../../base/index.ts';
import { JobProgress, jobRefreshSeconds, jobRoutes, type JobView } from './index.ts';

const operator = { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } };
let served: Served;
let url: string;
let release: () => void = () => undefined;

beforeAll(async () => {
  served = await serve({
    handlers: {
      'test.steps': async (job) => {
        await new Promise<void>((resolve) => (release = resolve));
        for (let done = 1; done <= 3; done++) job.progress(done, 3, `step ${done}`);
        return { steps: 3 };
      },
      'test.until-cancelled': async (job) => {
        job.progress(1, 10);
        await new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stop')), { once: true }));
        return null;
      },
    },
  });
  jobRoutes(served.app, served.jobs);
  url = await served.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => served.close());

async function untilRunning(id: string): Promise<void> {
  await expect.poll(async () => (await served.jobs.get(id))?.state, { timeout: 20_000 }).toBe('running');
}

describe('a job over HTTP', () => {
  it('is followed by events until it ends', async () => {
    const id = await served.jobs.start('test.steps', null);
    await untilRunning(id);
    const answer = await fetch(`${url}/api/v1/jobs/${id}/events`, operator);
    expect(answer.headers.get('content-type')).toContain('text/event-stream');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    release();
    const text = await answer.text();
    const seen = [...text.matchAll(/^event: job\ndata: (.*)$/gm)].map((match) => JSON.parse(match[1] ?? '') as JobView);
    expect(seen[0]).toMatchObject({ id, state: 'running' });
    expect(seen.at(-1)).toMatchObject({ id, state: 'done', done: 3, total: 3, note: 'step 3', result: { steps: 3 } });
    const again = await (await fetch(`${url}/api/v1/jobs/${id}/events`, operator)).text();
    expect(again).toMatch(/^event: job\ndata: .*"state":"done"/);
    expect((await served.app.inject(`/api/v1/jobs/${id}`)).json()).toEqual(seen.at(-1));
    expect((await served.app.inject('/api/v1/jobs?limit=1')).json<{ items: JobView[] }>().items.map((one) => one.id)).toEqual([id]);
  });

  it('is cancelled by a program, and by a form that goes back to its page', async () => {
    const [one, two] = [await served.jobs.start('test.until-cancelled', 1), await served.jobs.start('test.until-cancelled', 2)];
    await untilRunning(one);
    await untilRunning(two);
    expect((await served.app.inject({ method: 'POST', url: `/api/v1/jobs/${one}/cancel` })).statusCode).toBe(200);
    const form = await served.app.inject({ method: 'POST', url: `/api/v1/jobs/${two}/cancel`, payload: 'return=%2Fintake%2F7%3Fx%3D1', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
    expect([form.statusCode, form.headers.location]).toEqual([303, '/intake/7?x=1']);
    for (const id of [one, two]) expect((await served.jobs.wait(id)).state).toBe('cancelled');
  });

  it.each(['https://evil.example', '//evil.example', '/\\evil.example', 'javascript:alert(1)'])('does not go back to %s', async (back) => {
    const id = await served.jobs.start('test.until-cancelled', null);
    const answer = await served.app.inject({ method: 'POST', url: `/api/v1/jobs/${id}/cancel`, payload: { return: back } });
    expect(answer.statusCode).toBe(400);
    await served.jobs.cancel(id);
    await served.jobs.wait(id);
  });

  it.each(['00000000-0000-4000-8000-000000000000', 'no-id', "1' or 1=1"])('%s is not there', async (id) => {
    for (const path of ['', '/events']) {
      const answer = await served.app.inject(`/api/v1/jobs/${encodeURIComponent(id)}${path}`);
      expect(answer.statusCode).toBe(id.startsWith('0000') ? 404 : 400);
      expect(answer.headers['content-type']).toContain('application/problem+json');
    }
  });

  it('open streams do not hold up the end of the server', async () => {
    const ending = await serve({ handlers: { 'test.long': async (job) => new Promise((_, reject) => job.signal.addEventListener('abort', () => reject(new Error('stop')), { once: true })) } });
    jobRoutes(ending.app, ending.jobs);
    const base = await ending.app.listen({ host: '127.0.0.1', port: 0 });
    const id = await ending.jobs.start('test.long', null);
    const stream = await fetch(`${base}/api/v1/jobs/${id}/events`, operator);
    const read = stream.text();
    await ending.close();
    expect(await read).toContain(id);
  });
});

describe('the bar', () => {
  const job: JobView = { id: 'x', name: 'test.x', state: 'running', done: 5, total: 10, note: '<b>row</b>', result: null, error: null, attempts: 1, createdAt: '' as JobView['createdAt'], startedAt: null, finishedAt: null };
  it.each(LANGUAGES)('says it in words and as a bar in %s, and can be cancelled without a script', (language) => {
    const { document } = parseHTML(`<html><body>${renderToString(<JobProgress job={job} language={language} returnTo="/intake/1" />)}</body></html>`);
    expect(document.querySelector('progress')?.getAttribute('max')).toBe('10');
    expect(document.querySelector('[data-part="count"]')?.textContent).toMatch(/5/);
    expect(document.querySelector('[data-part="note"]')?.textContent).toBe('<b>row</b>');
    expect(document.querySelector('form')?.getAttribute('action')).toBe('/api/v1/jobs/x/cancel');
    expect(jobRefreshSeconds(job)).toBe(2);
  });
  it('of a finished job tells the reason and stops refreshing', () => {
    const failed: JobView = { ...job, state: 'failed', total: null, error: { code: 'disk-full', message: 'The disk is full.' } };
    const text = renderToString(<JobProgress job={failed} language="en" returnTo="/" />);
    expect(text).toContain('The disk is full.');
    expect(text).not.toContain('<progress');
    expect(text).not.toContain('<form');
    expect(jobRefreshSeconds(failed)).toBeUndefined();
  });
});
