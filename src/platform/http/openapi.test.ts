/** The description of the interface: valid OpenAPI 3.1 by the rules that can be checked without a network, and a page without a script. */

import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseHTML } from 'linkedom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Served, serve } from '../../../test/support/serve.ts';
import { brokenOpenApiRules } from '../../../test/support/openapi-rules.ts';
import { jobRoutes } from '../jobs/index.ts';
import { operationRoutes } from '../operations/index.ts';
import { type ApiDocument, apiRoutes } from './index.ts';

let served: Served;
let document: ApiDocument;

beforeAll(async () => {
  served = await serve();
  const { app } = served;
  apiRoutes(app);
  operationRoutes(app, served);
  jobRoutes(app, served.jobs);
  app.get('/secret-page', { config: { policy: 'job.see' }, schema: { querystring: z.object({ q: z.string() }) } }, () => 'page');
  app.post(
    '/api/v1/things/:id',
    {
      config: { policy: 'job.see', api: true, upload: { file: 'The table', fields: { mode: 'all or good-rows' } } },
      schema: { tags: ['things'], summary: 'Send <a> "thing"', params: z.object({ id: z.string() }), response: { 200: z.object({ job: z.uuid() }) } },
    },
    () => ({ job: '00000000-0000-4000-8000-000000000000' }),
  );
  app.put('/api/v1/things/:id', { config: { policy: 'job.see', api: true }, schema: { tags: ['things'], summary: 'Change', params: z.object({ id: z.string() }), body: z.object({ name: z.string().max(10).describe('Its name'), parts: z.array(z.object({ weight: z.number() })) }) } }, () => ({}));
  await app.ready();
  document = (await app.inject('/api/v1/openapi.json')).json<ApiDocument>();
});
afterAll(async () => served.close());

describe('the document', () => {
  it('breaks no rule of OpenAPI 3.1', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(brokenOpenApiRules(document, new Ajv2020({ strict: false, validateFormats: false }))).toEqual([]);
  });

  it('describes routes for programs and no page', () => {
    expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(['/api/v1/jobs', '/api/v1/jobs/{id}', '/api/v1/jobs/{id}/cancel', '/api/v1/things/{id}', '/health/ready']));
    expect(Object.keys(document.paths)).not.toContain('/secret-page');
    expect(Object.keys(document.paths).some((path) => path.startsWith('/assets'))).toBe(false);
  });

  it('describes uploads and problems', () => {
    const post = document.paths['/api/v1/things/{id}']?.['post'];
    expect(post?.requestBody?.content['multipart/form-data']?.schema?.properties?.['file']).toMatchObject({ format: 'binary', description: 'The table' });
    expect(post?.responses['default']).toEqual({ $ref: '#/components/responses/Problem' });
    expect(document.components?.schemas?.['Problem']?.required).toContain('code');
  });

  it('with mistakes in it is found out', () => {
    const broken = structuredClone(document) as unknown as { paths: Record<string, unknown> };
    broken.paths['/api/v1/{lost}'] = { get: { operationId: 'get-jobs', responses: { 200: { content: { 'application/json': { schema: { type: 'sting' } } } }, default: { $ref: '#/components/nowhere' } } } };
    const rules = brokenOpenApiRules(broken as unknown as ApiDocument, new Ajv2020({ strict: false, validateFormats: false }));
    expect(rules).toHaveLength(5);
  });
});

describe('the page', () => {
  it.each(['az', 'en', 'ru'])('shows every operation in %s, without a script', async (language) => {
    const answer = await served.app.inject({ url: '/api/v1/docs', headers: { 'accept-language': language } });
    expect(answer.statusCode).toBe(200);
    const { document: page } = parseHTML(answer.body);
    expect(page.querySelectorAll('script, [style], [onclick]').length).toBe(0);
    const operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const shown = [...page.querySelectorAll('.api-docs__route')].map((one) => one.textContent.trim());
    expect(shown.sort()).toEqual(operations.sort());
    for (const link of page.querySelectorAll('nav a[href^="#"]')) expect(page.getElementById(link.getAttribute('href')?.slice(1) ?? ''), link.getAttribute('href') ?? '').not.toBeNull();
    const text = page.querySelector('main')?.textContent ?? '';
    expect(text).toContain('parts[].weight');
    expect(text).toContain('Send <a> "thing"');
    expect(text).toContain('-F file=@FILE');
  });
});
