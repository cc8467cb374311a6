/** How problems are told: RFC 9457 problem+json to programs, a page to people. Never a stack trace. */

import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Fault, type Language } from '../../base/index.ts';
import { type PolicyName, policyOf, type ScopeRefusal } from '../auth/index.ts';
import { errorPage } from '../html/error-page.tsx';
import { renderPage } from '../html/page.tsx';
import { platformText } from '../text/platform/index.ts';

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
/** What the reader of uploads says of parts that are none; it names no status. */
const BROKEN_UPLOAD = /^(?:Multipart: Boundary not found|Unexpected end of (?:form|multipart data|file)|Malformed (?:part header|content type)|Part terminated early.*)$/;

const FAULT_STATUS: Readonly<Record<string, number>> = {
  'not-found': 404,
  conflict: 409,
  'too-many-jobs': 503,
  'database-broken': 503,
  'database-away': 503,
  'database-slow': 503,
  'database-busy': 503,
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

/** More than the limit of a route or an address allows; `what` names the limit in each language, absent for the limit of all requests. */
export class TooMany extends Error {
  readonly statusCode = 429;
  readonly code = 'too-many-requests';
  readonly retryAfterSeconds: number;
  readonly what: Readonly<Record<Language, string>> | undefined;
  constructor(retryAfterSeconds: number, what?: Readonly<Record<Language, string>>) {
    super('Too many requests.');
    this.name = 'TooMany';
    this.retryAfterSeconds = retryAfterSeconds;
    this.what = what;
  }
}

/** Why a caller may not use a route; answered as a page that leads to signing in, or as a problem. */
export class Denied extends Error {
  readonly refusal: ScopeRefusal;
  readonly policy: PolicyName;
  constructor(refusal: Denied['refusal'], policy: PolicyName) {
    super(`${policy}: ${refusal}`);
    this.name = 'Denied';
    this.refusal = refusal;
    this.policy = policy;
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

export function problemOf(error: Error & { statusCode?: number; code?: string; validation?: readonly { instancePath?: string; message?: string }[] }, instance: string, language: Language = 'en'): Problem {
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
  if (error instanceof Denied) {
    const status = error.refusal === 'sign-in-needed' ? 401 : 403;
    return { type: `urn:mizan:problem:${error.refusal}`, title: error.refusal, status, detail: platformText.in(language)(`denied.${error.refusal}`, { what: policyOf(error.policy).label[language] }), instance, code: error.refusal };
  }
  if (error instanceof TooMany) {
    const { code, statusCode: status, retryAfterSeconds: seconds, what } = error;
    const t = platformText.in(language);
    const detail = what === undefined ? t('error.too-many.body', { seconds }) : t('error.too-many.what', { what: what[language], seconds });
    return { type: `urn:mizan:problem:${code}`, title: code, status, detail, instance, code };
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
  if (error.statusCode === undefined && BROKEN_UPLOAD.test(error.message)) {
    const code = 'broken-upload';
    return { type: `urn:mizan:problem:${code}`, title: code, status: 400, detail: platformText.in(language)('error.broken-upload'), instance, code };
  }
  const status = error.statusCode ?? 500;
  const code = status >= 500 && status !== 503 ? 'fault' : (error.code ?? 'bad-request').toLowerCase().replaceAll('_', '-');
  return { type: `urn:mizan:problem:${code}`, title: code, status, instance, code, ...(status < 500 ? { detail: error.message } : {}) };
}

export function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error, request.id, request.frame?.language);
  if (problem.status >= 500 && problem.status !== 503 && problem.status !== 507) request.log.error({ err: error, code: problem.code }, 'fault');
  if (error instanceof TooMany) void reply.header('retry-after', error.retryAfterSeconds);
  return answer(problem, request, reply);
}

const wantsPage = (request: FastifyRequest): boolean => request.routeOptions?.config?.api !== true && !request.url.startsWith('/api/') && (request.headers.accept ?? '').includes('text/html');

/** A problem in the place of an answer that was about to leave: thrown there it would be told twice and logged for every request. */
export function answerInstead(error: Error, payload: unknown, request: FastifyRequest, reply: FastifyReply): string {
  const problem = problemOf(error, request.id, request.frame?.language);
  reply.problemCode = problem.code;
  if (payload instanceof Readable) payload.destroy();
  const isPage = wantsPage(request);
  void reply.status(problem.status).removeHeader('content-length').removeHeader('content-encoding').removeHeader('location').removeHeader('etag').header('cache-control', 'no-store').header('retry-after', BUSY_RETRY_SECONDS);
  void reply.header('content-type', isPage ? 'text/html; charset=utf-8' : 'application/problem+json; charset=utf-8');
  return isPage ? renderPage(errorPage(problem, request.frame), request.frame) : JSON.stringify(problem);
}

export function answerNotFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return answer({ type: 'urn:mizan:problem:not-found', title: 'not-found', status: 404, instance: request.id, code: 'not-found' }, request, reply);
}

/** What a person has to do first is a page, not an error. */
const WAYS: Readonly<Record<string, string>> = { 'sign-in-needed': '/identity/sign-in', 'step-up-needed': '/identity/step-up', 'second-factor-needed': '/identity/me/code' };

/** Where to go on afterwards: the page itself; for a form the page it was on. What was typed is asked again. */
function nextOf(request: FastifyRequest): string {
  if (request.method === 'GET') return request.frame.url;
  const { referer } = request.headers;
  try {
    const page = referer === undefined ? undefined : new URL(referer);
    if (page !== undefined && page.host === request.host) return `${page.pathname}${page.search}`;
  } catch {
    // Not an address: the home page, then.
  }
  return '/';
}

function answer(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (problem.status === 503) void reply.header('retry-after', BUSY_RETRY_SECONDS);
  reply.problemCode = problem.code;
  if (!wantsPage(request) || request.frame === undefined) {
    return reply.status(problem.status).header('content-type', 'application/problem+json; charset=utf-8').serializer((body: unknown) => JSON.stringify(body)).send(problem);
  }
  const way = WAYS[problem.code];
  if (way !== undefined) return reply.status(303).header('cache-control', 'no-store').header('location', `${way}?next=${encodeURIComponent(nextOf(request))}`).send('');
  return reply
    .status(problem.status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .serializer((body: unknown) => String(body))
    .send(renderPage(errorPage(problem, request.frame), request.frame));
}
