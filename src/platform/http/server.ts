/** The web server: Fastify with one way of checking input, one way of telling problems, and the same protections on every route. */

import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, type FastifyRequest, type RouteOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { assert, type Language } from '../../base/index.ts';
import { type Caller, may, mayIn, operatorCaller, type PolicyName, publicCaller, publicScope, type Scope, scopeFor, systemScope, within } from '../auth/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import type { Config } from '../config/index.ts';
import { isPassing } from '../db/index.ts';
import { renderPage, type NavigationItem, type Page, type PageContext } from '../html/page.tsx';
import { type Themes, themesOf } from '../html/themes/hosts.ts';
import type { Theme } from '../html/theme.ts';
import { type Limits, requestStore } from '../limits/index.ts';
import type { Log } from '../log/index.ts';
import { chooseLanguage } from '../text/index.ts';
import { platformText } from '../text/platform/index.ts';
import type { Assets } from './assets.ts';
import { countAtOnce } from './at-once.ts';
import { answerError, answerInstead, answerNotFound, Denied, TooMany } from './errors.ts';
import { keepPages, type PageCache } from './page-cache.ts';
import { protectAnswers } from './protections.ts';
import { type LimitName, limitRoutes } from './route-limits.ts';
import { describeApi } from './openapi.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may use the route. Every route names one of the table in platform/auth/policies; a route without one stops the start. */
    policy?: PolicyName;
    /** Routes for programs answer problems as JSON even to a browser. */
    api?: boolean;
    /** The act as the audit record names it, where one route does several that the table of permissions tells apart. */
    recordedAs?: (request: FastifyRequest) => PolicyName;
    /** Another site posts here by design (the answer of a sign-in service), and the route checks by itself what it is given. */
    crossSite?: boolean;
    /** Counted by this line of the table in route-limits.ts, instead of the one its address suggests. */
    limit?: LimitName;
    /** A route that takes multipart uploads says which file field and which text fields it reads, for its description. */
    upload?: { readonly file: string; readonly fields?: Readonly<Record<string, string>> };
  }
  interface FastifyRequest {
    /** Who sent it, before a policy was applied. */
    caller: Caller;
    /** What it may touch: the caller under the policy of the route. */
    scope: Scope;
    /** Whether the caller may do this, somewhere or in one organisation; for showing buttons and for acts that depend on what is asked. */
    may(policy: PolicyName): boolean;
    mayIn(policy: PolicyName, organisation: string | undefined): boolean;
    frame: PageContext;
  }
  interface FastifyReply {
    /** The code of the problem that is answered; undefined while all is well. */
    problemCode?: string;
  }
  interface FastifyInstance {
    /** Every route with the policy it names, in the order in which they were added; HEAD left out. */
    knownRoutes: { readonly method: string; readonly url: string; readonly policy: PolicyName }[];
    uploadBytesMax: number;
    /** Public pages drawn last; emptied when something they show has changed. */
    pages: PageCache;
  }
}

export interface ServerParts {
  readonly config: Config;
  readonly log: Log;
  readonly theme: Theme;
  /** Chooses the theme by host name; every request is answered in `theme` when left out. */
  readonly themes?: Themes;
  readonly assets: Assets;
  readonly navigation: readonly NavigationItem[];
  /** Who sends a request that carries a cookie or a key; features/identity answers it. Without it only the public and the operator exist. */
  readonly authenticate?: (request: FastifyRequest) => Promise<Caller>;
  /** The token by which commands on this machine are known; kept in a file that only this user may read. */
  readonly operatorToken?: string;
  /** Whose instants sessions are measured by; the machine's own when left out. */
  readonly clock?: Clock;
  /** Records acts before they happen and how they ended. */
  readonly audit?: AuditTrail;
  /** Counts requests over all processes on one database; each process counts for itself, and routes are not limited, without it. */
  readonly counts?: Pick<Limits, 'take'>;
  /** Asked on each page; e.g. the note that sample data is loaded. */
  readonly banner?: (language: PageContext['language']) => Promise<string | undefined>;
  /** Other limits than the usual ones; for tests and for machines with more memory. */
  readonly limits?: Partial<ServerLimits>;
}

/** Told of every act before its handler runs, and of its end before the answer leaves. A failure to record refuses the act. */
export interface AuditTrail {
  begin(request: FastifyRequest, policy: PolicyName): Promise<void>;
  end(request: FastifyRequest, status: number, code: string | undefined): Promise<void>;
}

export interface ServerLimits {
  readonly eventLoopDelayMsMax: number;
  readonly heapBytesMax: number;
  /** Of one address. */
  readonly requestsPerMinuteMax: number;
  /** Answered at the same time; what comes beyond is told at once to come again, before it costs anything. */
  readonly requestsAtOnceMax: number;
  /** All limits of single routes are multiplied by this. */
  readonly routeLimitsFactor: number;
}

const BODY_BYTES_MAX = 1024 * 1024;
const LIMITS: ServerLimits = { requestsPerMinuteMax: 6000, requestsAtOnceMax: 250, routeLimitsFactor: 1, eventLoopDelayMsMax: 1500, heapBytesMax: 3 * 1024 ** 3 };
/**
 * The mean delay of this long counts. The embedded database works in this thread: one heavy statement holds the loop for a second
 * or two, which is not overload, and an interval without a single measurement would be taken for an endless delay.
 */
const PRESSURE_SAMPLE_MS = 5000;
/** Requests that run when the server stops get this long; then their connections are cut. */
export const CLOSE_MS_MAX = 10_000;
const REQUEST_TIMEOUT_MS = 15 * 60_000;
const FORM_FIELDS_MAX = 2000;
const HSTS_SECONDS = 365 * 24 * 3600;
const LANGUAGE_COOKIE = 'mizan_language';
const LANGUAGE_COOKIE_SECONDS = 365 * 24 * 3600;

export type MizanServer = Awaited<ReturnType<typeof createServer>>;

/** Creates the server without routes. Features add theirs, then app/compose listens. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the type with its provider is inferred and exported as MizanServer
export async function createServer(parts: ServerParts) {
  const { config, log, assets } = parts;
  const themes = parts.themes ?? themesOf(parts.theme);
  const clock = parts.clock ?? systemClock;
  // With pino's own type every plugin would have to know it.
  const logger: FastifyBaseLogger = log;
  const app = fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    // Open pages keep idle connections; they must not hold up the end.
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorate('uploadBytesMax', config.uploadBytesMax);
  app.decorate('knownRoutes', []);
  app.decorateRequest('caller');
  app.decorateRequest('scope');
  app.decorateRequest('frame');
  app.decorateReply('problemCode');
  app.decorateRequest('may', function mayDo(this: FastifyRequest, policy: PolicyName) {
    return may(this.caller, policy);
  });
  app.decorateRequest('mayIn', function mayDoIn(this: FastifyRequest, policy: PolicyName, organisation: string | undefined) {
    return mayIn(this.caller, policy, organisation);
  });

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
    hsts: config.publicUrl?.startsWith('https://') === true ? { maxAge: HSTS_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
  protectAnswers(app);
  await describeApi(app);
  // The frame comes before anything that may refuse, so that a refusal can be a page in the reader's language.
  const hosts = new Set([...LOCAL_HOSTS, ...config.hosts]);
  const limits = { ...LIMITS, ...parts.limits };
  // Operators look at a busy server too: they must not see a dead one.
  const isWatched = (request: FastifyRequest): boolean => request.url.startsWith('/health/') || request.url === '/metrics';
  // Who follows a job waits for minutes and costs nothing meanwhile; those are counted where they are served.
  const enter = countAtOnce(() => limits.requestsAtOnceMax, (request) => isWatched(request) || request.routeOptions.url?.endsWith('/events') === true);
  app.addHook('onRequest', async (request, reply) => {
    const theme = themes.of(request.headers.host);
    const language = languageOf(request, reply, theme, config.publicUrl?.startsWith('https://') === true);
    const policy = request.routeOptions.config.policy ?? 'public';
    const area = policy === 'public' ? 'public' : 'workspace';
    request.caller = publicCaller;
    request.scope = publicScope;
    request.frame = { language, url: pageAddress(request, (url) => app.hasRoute({ method: 'GET', url })), theme, area, navigation: parts.navigation, styles: assets.stylesOf(theme), may: (name) => may(request.caller, name) };
    enter(request, reply);
    refuseForeignHosts(request, hosts);
    refuseForeignOrigins(request);
    request.caller = await callerOf(request, parts);
    if (request.caller.name !== undefined) request.frame = { ...request.frame, person: { name: request.caller.name } };
    const scope = scopeFor(request.caller, policy, Date.parse(clock.now()));
    if (!scope.ok) throw new Denied(scope.refusal, policy);
    request.scope = scope.value;
  });
  app.decorate('pages', keepPages(app as unknown as FastifyInstance));
  await app.register(underPressure, {
    maxEventLoopDelay: limits.eventLoopDelayMsMax,
    maxHeapUsedBytes: limits.heapBytesMax,
    sampleInterval: PRESSURE_SAMPLE_MS,
    pressureHandler: async (request) => {
      if (!isWatched(request)) throw Object.assign(new Error('busy'), { statusCode: 503, code: 'busy' });
    },
  });
  const { counts } = parts;
  const shared = counts === undefined ? undefined : requestStore({ take: async (...asked) => within(systemScope, async () => counts.take(...asked)) });
  await app.register(rateLimit, {
    max: limits.requestsPerMinuteMax,
    timeWindow: '1 minute',
    allowList: isWatched,
    ...(shared === undefined ? {} : { store: shared }),
    skipOnError: true,
    errorResponseBuilder: (_request, { ttl }) => new TooMany(Math.max(1, Math.ceil(ttl / 1000))),
  });
  if (counts !== undefined) limitRoutes(app, counts, limits.routeLimitsFactor);
  await app.register(formbody, { bodyLimit: BODY_BYTES_MAX, parser: parseForm });
  await app.register(multipart, { limits: { fileSize: config.uploadBytesMax, files: 10, fields: 200, parts: 210, headerPairs: 100 } });

  app.addHook('onRoute', (route: RouteOptions) => {
    assert(route.config?.policy !== undefined || route.method === 'HEAD', `route ${String(route.method)} ${route.url} names no policy`);
    const { policy } = route.config ?? {};
    for (const method of [route.method].flat()) if (policy !== undefined && method !== 'HEAD') app.knownRoutes.push({ method, url: route.url, policy });
  });
  // The scope of the request goes with its work. Reading a body leaves the context of the request, so it is entered again before the handler.
  app.addHook('onRequest', (request, _reply, done) => within(request.scope, done));
  app.addHook('preValidation', (request, _reply, done) => within(request.scope, done));
  const { audit } = parts;
  if (audit !== undefined) {
    app.addHook('preHandler', async (request) => audit.begin(request, request.routeOptions.config.recordedAs?.(request) ?? request.routeOptions.config.policy ?? 'public'));
    app.addHook('onSend', async (request, reply, payload) => {
      try {
        await audit.end(request, reply.statusCode, reply.problemCode);
      } catch (error) {
        // A problem is told already, and the database cannot take its end: the act stays in the record without one. An act that was done is not told as done.
        if (!isPassing(error)) throw error;
        if (reply.problemCode === undefined) return answerInstead(error as Error, payload, request, reply);
      }
      return payload;
    });
  }
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
    .send(renderPage(toldAsRefused(build(request.frame), request.frame, status), request.frame));
}

/** A page that sends a form back says so in its title, which is the first a screen reader says of it. */
function toldAsRefused(page: Page, frame: PageContext, status: number): Page {
  return status < 400 ? page : { ...page, title: `${platformText.in(frame.language)('field.error')} ${page.title}` };
}

function languageOf(request: FastifyRequest, reply: FastifyReply, theme: Theme, isSecure: boolean): Language {
  const query = request.query as { lang?: string };
  const cookie = /(?:^|;\s*)mizan_language=([a-z]{2})/.exec(request.headers.cookie ?? '')?.[1];
  const language = chooseLanguage(query.lang, cookie, request.headers['accept-language'], theme.defaultLanguage, theme.languages);
  if (query.lang === language && cookie !== language) {
    void reply.header('set-cookie', `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${LANGUAGE_COOKIE_SECONDS}; SameSite=Lax; HttpOnly${isSecure ? '; Secure' : ''}`);
  }
  return language;
}

/** A page that everybody may read costs no look at the database unless the reader shows who they are. */
async function callerOf(request: FastifyRequest, parts: ServerParts): Promise<Caller> {
  const { authorization, cookie } = request.headers;
  if (authorization === undefined && cookie === undefined) return publicCaller;
  if (parts.operatorToken !== undefined && authorization !== undefined && isLoopback(request.socket.remoteAddress) && isSameText(authorization, `Bearer ${parts.operatorToken}`)) return operatorCaller;
  return (await parts.authenticate?.(request)) ?? publicCaller;
}

function isLoopback(address: string | undefined): boolean {
  return address === undefined || address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
}

/** Compares in a time that tells nothing about where two texts differ. */
function isSameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

const LOCAL_HOSTS = ['localhost', '127.0.0.1', '[::1]', ''];

/** Only names that the operator gave are answered: a foreign name that was made to point here gets nothing (DNS rebinding). */
function refuseForeignHosts(request: FastifyRequest, hosts: ReadonlySet<string>): void {
  // Of two names one would be checked here and the other believed by a proxy.
  if (request.raw.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length > 1) throw Object.assign(new Error('A request names one host.'), { statusCode: 400, code: 'bad-request' });
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!hosts.has(host)) throw Object.assign(new Error('This register does not answer under that name. Open it under the address that its operator published.'), { statusCode: 421, code: 'unknown-host' });
}

/**
 * A web page elsewhere must not be able to act through the browser of somebody who is signed in: what changes something comes from our
 * own pages, or from programs that carry a key and no cookie. Every browser in use tells one of the two headers with such a request.
 */
function refuseForeignOrigins(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD' || request.routeOptions.config.crossSite === true) return;
  const site = request.headers['sec-fetch-site'];
  const { origin, cookie, authorization } = request.headers;
  const isOwn = origin === undefined ? site === 'same-origin' || site === 'none' : origin === `${request.protocol}://${request.host}`;
  const isForeign = (site !== undefined && site !== 'same-origin' && site !== 'none') || (origin !== undefined && !isOwn);
  // No header at all: a program. With the cookie of a session it would be a browser that hides where it comes from.
  const isUntold = site === undefined && origin === undefined && authorization === undefined && /(?:^|;\s*)(?:__Secure-)?mizan[_.]session/.test(cookie ?? '');
  if (isForeign || isUntold) throw Object.assign(new Error('Another web page asked for this change. Changes come from the pages of this register or from programs that carry a key.'), { statusCode: 403, code: 'foreign-origin' });
}

/**
 * Path and query of the page in another language: this page, or for the answer to a form the page the form stands on, since an
 * address reached by POST need not answer GET. The Referer tells that page; a form that was refused twice, or a browser that sends
 * none, gets the nearest page above the address.
 */
function pageAddress(request: FastifyRequest, hasPage: (pattern: string) => boolean): string {
  const own = withoutLanguage(request.url);
  if (request.method === 'GET' || request.method === 'HEAD') return own;
  const referer = URL.parse(request.headers.referer ?? '');
  const isOurs = referer?.host === request.headers.host;
  if (isOurs && referer !== null && referer.pathname !== own.split('?')[0]) return withoutLanguage(referer.pathname + referer.search);
  const pattern = (request.routeOptions.url ?? '/').split('/');
  const path = (own.split('?')[0] ?? '/').split('/');
  for (let length = pattern.length; length > 1; length--) {
    if (!hasPage(pattern.slice(0, length).join('/'))) continue;
    const page = path.slice(0, length).join('/');
    return isOurs && referer?.pathname === page ? withoutLanguage(page + referer.search) : page;
  }
  return '/';
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
