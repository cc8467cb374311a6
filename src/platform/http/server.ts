/** The web server: Fastify with one way of checking input, one way of telling problems, and the same protections on every route. */

import { randomUUID } from 'node:crypto';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { assert } from '../../base/index.ts';
import { publicScope, type Scope, workspaceScope } from '../auth/index.ts';
import type { Config } from '../config/index.ts';
import { renderPage, type NavigationItem, type Page, type PageContext } from '../html/page.tsx';
import type { Theme } from '../html/theme.ts';
import type { Log } from '../log/index.ts';
import { chooseLanguage } from '../text/index.ts';
import type { Assets } from './assets.ts';
import { answerError, answerNotFound } from './errors.ts';
import { keepPages, type PageCache } from './page-cache.ts';
import { describeApi } from './openapi.ts';

/** Who may use a route. Every route names one; a route without a policy stops the start. */
export type Policy = 'public' | 'workspace';

declare module 'fastify' {
  interface FastifyContextConfig {
    policy?: Policy;
    /** Routes for programs answer problems as JSON even to a browser. */
    api?: boolean;
    /** A route that takes multipart uploads says which file field and which text fields it reads, for its description. */
    upload?: { readonly file: string; readonly fields?: Readonly<Record<string, string>> };
  }
  interface FastifyRequest {
    scope: Scope;
    frame: PageContext;
  }
  interface FastifyInstance {
    uploadBytesMax: number;
    /** Public pages drawn last; emptied when something they show has changed. */
    pages: PageCache;
  }
}

export interface ServerParts {
  readonly config: Config;
  readonly log: Log;
  readonly theme: Theme;
  readonly assets: Assets;
  readonly navigation: readonly NavigationItem[];
  /** Asked on each page; e.g. the note that sample data is loaded. */
  readonly banner?: (language: PageContext['language']) => Promise<string | undefined>;
  /** Other limits than the usual ones; for tests and for machines with more memory. */
  readonly limits?: Partial<ServerLimits>;
}

export interface ServerLimits {
  readonly eventLoopDelayMsMax: number;
  readonly heapBytesMax: number;
  readonly requestsPerMinuteMax: number;
}

const BODY_BYTES_MAX = 1024 * 1024;
const LIMITS: ServerLimits = { requestsPerMinuteMax: 6000, eventLoopDelayMsMax: 1500, heapBytesMax: 3 * 1024 ** 3 };
/**
 * The mean delay of this long counts. The embedded database works in this thread: one heavy statement holds the loop for a second
 * or two, which is not overload, and an interval without a single measurement would be taken for an endless delay.
 */
const PRESSURE_SAMPLE_MS = 5000;
/** Requests that run when the server stops get this long; then their connections are cut. */
export const CLOSE_MS_MAX = 10_000;
const REQUEST_TIMEOUT_MS = 15 * 60_000;
const FORM_FIELDS_MAX = 2000;
const LANGUAGE_COOKIE = 'mizan_language';
const LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600;

export type MizanServer = Awaited<ReturnType<typeof createServer>>;

/** Creates the server without routes. Features add theirs, then app/compose listens. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the type with its provider is inferred and exported as MizanServer
export async function createServer(parts: ServerParts) {
  const { config, log, theme, assets } = parts;
  // With pino's own type every plugin would have to know it.
  const logger: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    trustProxy: false,
    // Open pages keep idle connections; they must not hold up the end.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorate('uploadBytesMax', config.uploadBytesMax);
  app.decorateRequest('scope');
  app.decorateRequest('frame');

  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    hsts: false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  await describeApi(app);
  // The frame comes before anything that may refuse, so that a refusal can be a page in the reader's language.
  app.addHook('onRequest', async (request, reply) => {
    refuseForeignOrigins(request);
    const query = request.query as { lang?: string };
    const cookie = /(?:^|;\s*)mizan_language=([a-z]{2})/.exec(request.headers.cookie ?? '')?.[1];
    const language = chooseLanguage(query.lang, cookie, request.headers['accept-language'], theme.defaultLanguage);
    if (query.lang === language && cookie !== language) {
      void reply.header('set-cookie', `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${LANGUAGE_COOKIE_SECONDS}; SameSite=Lax; HttpOnly`);
    }
    const area = request.routeOptions.config.policy ?? 'public';
    request.scope = area === 'workspace' ? workspaceScope : publicScope;
    request.frame = { language, url: withoutLanguage(request.url), theme, area, navigation: parts.navigation, styles: assets.styles };
  });
  app.decorate('pages', keepPages(app as unknown as FastifyInstance));
  const limits = { ...LIMITS, ...parts.limits };
  // Operators look at a busy server too: they must not see a dead one.
  const isWatched = (request: FastifyRequest): boolean => request.url.startsWith('/health/') || request.url === '/metrics';
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMsMax,
    maxHeapUsedBytes: limits.heapBytesMax,
    sampleInterval: PRESSURE_SAMPLE_MS,
    pressureHandler: async (request) => {
      if (!isWatched(request)) throw Object.assign(new Error('busy'), { statusCode: 503, code: 'busy' });
    },
  });
  await app.register(rateLimit, { max: limits.requestsPerMinuteMax, timeWindow: '1 minute', allowList: isWatched });
  await app.register(formbody, { bodyLimit: BODY_BYTES_MAX, parser: parseForm });
  await app.register(multipart, { limits: { fileSize: config.uploadBytesMax, files: 10, fields: 200, parts: 210, headerPairs: 100 } });

  app.addHook('onRoute', (route: RouteOptions) => {
    assert(route.config?.policy !== undefined || route.method === 'HEAD', `route ${String(route.method)} ${route.url} names no policy`);
  });
  app.setErrorHandler((error, request, reply) => answerError(error as Error, request, reply));
  app.setNotFoundHandler((request, reply) => answerNotFound(request, reply));
  assets.register(app);
  if (parts.banner !== undefined) {
    const { banner } = parts;
    app.addHook('preHandler', async (request) => {
      if (request.routeOptions.config.api !== true) request.frame = { ...request.frame, banner: await banner(request.frame.language) };
    });
  }
  return app;
}

/** Answers with a page; `build` gets the frame so that it can translate. */
export function sendPage(request: FastifyRequest, reply: FastifyReply, build: (frame: PageContext) => Page, status = 200): FastifyReply {
  return reply
    .status(status)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', request.frame.area === 'public' ? 'private, max-age=0, must-revalidate' : 'no-store')
    .header('vary', 'Cookie, Accept-Language')
    .send(renderPage(build(request.frame), request.frame));
}

/**
 * The workspace has no sign-in yet, so a web page elsewhere must not be able to drive it through the operator's browser:
 * requests that change something come from our own pages or from programs, and the Host is this machine (no DNS rebinding).
 */
function refuseForeignOrigins(request: FastifyRequest): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const hostIsLocal = host === '' || host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
  if (!hostIsLocal) throw Object.assign(new Error('This register answers on its own machine only. Open it as http://127.0.0.1 or http://localhost with its port.'), { statusCode: 421, code: 'host-not-local' });
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const foreign = (site !== undefined && site !== 'same-origin' && site !== 'none') || (origin !== undefined && origin !== `${request.protocol}://${request.headers.host}`);
  if (foreign) throw Object.assign(new Error('Another web page asked for this change. Changes come from the pages of this register or from programs that send no Origin.'), { statusCode: 403, code: 'foreign-origin' });
}

function withoutLanguage(url: string): string {
  const [path = '/', query] = url.split('?');
  if (query === undefined) return path;
  const kept = query.split('&').filter((pair) => pair !== '' && !pair.startsWith('lang='));
  return kept.length === 0 ? path : `${path}?${kept.join('&')}`;
}

/** A form as a map of text, repeated names as lists. */
function parseForm(text: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  let fields = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++fields > FORM_FIELDS_MAX) throw Object.assign(new Error(`A form holds at most ${FORM_FIELDS_MAX} fields.`), { statusCode: 413, code: 'too-many-fields' });
    const before = result[name];
    if (before === undefined) result[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else result[name] = [before, value];
  }
  return result;
}

/** Stops taking requests, lets the running ones end, and cuts what still runs after `waitMs`. */
export async function closeServer(app: Pick<MizanServer, 'close' | 'server'>, waitMs = CLOSE_MS_MAX): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), waitMs);
  try {
    await app.close();
  } finally {
    clearTimeout(cut);
  }
}
