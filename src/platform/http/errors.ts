/** How problems are told: RFC 9457 problem+json to programs, a page to people. Never a stack trace. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault } from '../../base/index.ts';
import { errorPage } from '../html/error-page.tsx';
import { renderPage } from '../html/page.tsx';

export interface Problem {
  /** `https://mizan.invalid/problems/<code>` would be a dead link; a URN names the code and nothing else. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

const BUSY_RETRY_SECONDS = 5;

const FAULT_STATUS: Readonly<Record<string, number>> = {
  'not-found': 404,
  conflict: 409,
  'too-many-jobs': 503,
  'database-broken': 503,
  'disk-full': 507,
};

/** A refusal on its way to the caller: status 422 unless told otherwise. `detail` is already in the caller's language. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  readonly errors: Problem['errors'];
  constructor(code: string, detail: string, options: { readonly status?: number; readonly errors?: Problem['errors'] } = {}) {
    super(detail);
    this.name = 'Refused';
    this.code = code;
    this.status = options.status ?? 422;
    this.errors = options.errors;
  }
}

/** How a full disk shows itself: file system codes, and SQLSTATE 53100 from the database. Whoever met it, the caller is told the same. */
const DISK_FULL = ['ENOSPC', 'EDQUOT', 'EFBIG', '53100'];
const CAUSES_MAX = 5;

function isDiskFull(error: unknown): boolean {
  let one = error;
  for (let depth = 0; depth < CAUSES_MAX && one instanceof Error; depth++, one = one.cause) {
    if (DISK_FULL.includes(String((one as { code?: unknown }).code))) return true;
  }
  return false;
}

export function problemOf(error: Error & { statusCode?: number; code?: string; validation?: readonly { instancePath?: string; message?: string }[] }, instance: string): Problem {
  if (error instanceof Refused) {
    return { type: `urn:mizan:problem:${error.code}`, title: error.code, status: error.status, detail: error.message, instance, code: error.code, ...(error.errors === undefined ? {} : { errors: error.errors }) };
  }
  if (isDiskFull(error)) {
    const code = 'disk-full';
    const detail = error instanceof Fault && error.code === code ? error.message : 'The disk of the data folder or of the database is full. Nothing of this request was kept. Free some space and send it again.';
    return { type: `urn:mizan:problem:${code}`, title: code, status: 507, detail, instance, code };
  }
  if (error instanceof Fault) {
    const status = FAULT_STATUS[error.code] ?? 500;
    return { type: `urn:mizan:problem:${error.code}`, title: error.code, status, detail: error.message, instance, code: error.code };
  }
  if (error.validation !== undefined) {
    return {
      type: 'urn:mizan:problem:bad-request',
      title: 'The request does not fit its description',
      status: 400,
      detail: 'See `errors`; the description of every request is in /api/v1/openapi.json.',
      instance,
      code: 'bad-request',
      errors: error.validation.map((one) => ({ path: one.instancePath ?? '', message: one.message ?? '' })),
    };
  }
  const status = error.statusCode ?? 500;
  const code = status >= 500 && status !== 503 ? 'fault' : (error.code ?? 'bad-request').toLowerCase().replaceAll('_', '-');
  return { type: `urn:mizan:problem:${code}`, title: code, status, instance, code, ...(status < 500 ? { detail: error.message } : {}) };
}

export function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id);
  if (problem.status >= 500 && problem.status !== 503 && problem.status !== 507) request.log.error({ err: error, code: problem.code }, 'fault');
  return answer(problem, request, reply);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer({ type: 'urn:mizan:problem:not-found', title: 'not-found', status: 404, instance: request.id, code: 'not-found' }, request, reply);
}

function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.status === 503) void reply.header('retry-after', BUSY_RETRY_SECONDS);
  const wantsPage = request.routeOptions?.config?.api !== true && !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');
  if (!wantsPage || request.frame === undefined) {
    return reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').serializer((body: unknown) => JSON.stringify(body)).send(problem);
  }
  return reply
    .status(problem.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((body: unknown) => String(body))
    .send(renderPage(errorPage(problem, request.frame), request.frame));
}
