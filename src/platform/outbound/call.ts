/** What every way out has in common: the request and its answer, limits, redirects checked hop by hop, and the words of what went wrong. */

import { assert, Fault } from '../../base/index.ts';
import { entryFor, type OutboundEntry } from './allow-list.ts';
import { notAllowed } from './guarded-lookup.ts';

export interface OutboundLimits {
  /** Bytes of one answer. */
  readonly bytesMax: number;
  /** From the request to the last byte of the answer, resolving and connecting included. */
  readonly wholeMs: number;
  /** Silence: until the head of the answer, and between two pieces of it. */
  readonly silenceMs: number;
}

export const OUTBOUND_LIMITS: OutboundLimits = { bytesMax: 8 * 1024 * 1024, wholeMs: 30_000, silenceMs: 10_000 };
export const CONNECTIONS_MAX = 8;
export const HEAD_BYTES_MAX = 16 * 1024;
export const CONNECT_MS_MAX = 5000;

/** A chain of redirects that is longer leads nowhere. */
export const REDIRECTS_MAX = 5;
const REDIRECT_STATUS = new Set([301, 302, 303, 307, 308]);
/** What undici calls a peer that says nothing. */
const SILENCES = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT']);
/** They belong to the place they were written for. */
const HEADERS_OF_PLACE = ['authorization', 'cookie', 'proxy-authorization'];

export interface OutboundRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Redirects that a GET or HEAD follows, 0 unless told, at most 5; each leads to an allowed place or is refused. */
  readonly redirects?: number;
  readonly signal?: AbortSignal;
}

/** An answer that was read whole, within the limits. A status that is no success is an answer like any other. */
export interface OutboundAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
  /** Where it came from, after redirects. */
  readonly url: string;
  text(): string;
}

/** A way out, as those see it who call by it. */
export interface Caller {
  /** The places that may be called, as `host:port`, for health and doctor. */
  readonly places: readonly string[];
  /**
   * Calls an allowed place. Faults: `outbound-not-allowed`, `outbound-bad-address`, `outbound-private-address`, `outbound-not-resolved`,
   * `outbound-too-large`, `outbound-too-slow`, `outbound-packed`, `outbound-failed`. Proxies of the environment are not used.
   */
  fetch(url: string | URL, request?: OutboundRequest): Promise<OutboundAnswer>;
  close(): Promise<void>;
}

/** One request without redirects, within the limits. */
export type Send = (url: URL, method: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array | undefined, signal: AbortSignal) => Promise<OutboundAnswer>;

export const tooSlow = (place: string, limits: OutboundLimits): Fault => new Fault('outbound-too-slow', `${place} did not answer whole within ${Math.round(limits.wholeMs / 1000)} seconds.`, { place });
export const silent = (place: string): Fault => new Fault('outbound-too-slow', `${place} did not answer in time.`, { place });
export const tooLarge = (place: string, limits: OutboundLimits): Fault => new Fault('outbound-too-large', `${place} answers with more than ${limits.bytesMax} bytes.`, { place });

/** A kilobyte can unpack to a gigabyte: an answer that is packed though nothing packed was asked for is a fault. */
export function packed(place: string, encoding: string): Fault | undefined {
  const word = encoding.toLowerCase();
  return word === '' || word === 'identity' ? undefined : new Fault('outbound-packed', `${place} answers in the encoding ${word.slice(0, 40)}, though none was asked for.`, { place });
}

/** A place as pages of health name it. */
export const placeOf = ({ host, port }: OutboundEntry): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Calls an allowed place by `send`, redirects included. */
export async function call(send: Send, allow: readonly OutboundEntry[], limits: OutboundLimits, address: string, request: OutboundRequest): Promise<OutboundAnswer> {
  const { method = 'GET', redirects = 0 } = request;
  assert(redirects === 0 || (redirects <= REDIRECTS_MAX && (method === 'GET' || method === 'HEAD')), `at most ${REDIRECTS_MAX} redirects, of GET and HEAD only`);
  // One clock for the whole chain: five slow hops are as slow as one.
  const clock = AbortSignal.timeout(limits.wholeMs);
  const signal = request.signal === undefined ? clock : AbortSignal.any([request.signal, clock]);
  let headers: Record<string, string> = { ...request.headers };
  let url = check(address, allow);
  for (let hop = 0; ; hop++) {
    const answer = await once(send, url, method, headers, request.body, signal, clock);
    const location = answer.headers.get('location');
    if (redirects === 0 || !REDIRECT_STATUS.has(answer.status) || location === undefined) return answer;
    if (hop >= redirects) throw new Fault('outbound-failed', `${url.host} redirects more than ${redirects} times.`, { place: url.host });
    const next = check(location, allow, url);
    if (next.origin !== url.origin) headers = Object.fromEntries(Object.entries(headers).filter(([name]) => !HEADERS_OF_PLACE.includes(name.toLowerCase())));
    url = next;
  }
}

/** Checked before anything is sent, so that a mistake is told in words. What sends checks again. */
function check(address: string, allow: readonly OutboundEntry[], base?: URL): URL {
  const url = URL.parse(address, base?.href);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw new Fault('outbound-bad-address', 'The address to call is not one of https.', {});
  if (url.username !== '' || url.password !== '') throw new Fault('outbound-bad-address', `The address at ${url.host} holds a user name or password. Send them in a header.`, { place: url.host });
  if (entryFor(allow, url) === undefined) throw notAllowed(`${url.protocol}//${url.host}`);
  return url;
}

async function once(send: Send, url: URL, method: string, headers: Record<string, string>, body: string | Uint8Array | undefined, signal: AbortSignal, clock: AbortSignal): Promise<OutboundAnswer> {
  try {
    return await send(url, method, headers, body, signal);
  } catch (error) {
    const fault = faultIn(error);
    if (fault !== undefined) throw fault;
    if (clock.aborted || SILENCES.has(codeIn(error))) throw new Fault('outbound-too-slow', `${url.host} did not answer in time.`, { place: url.host }, { cause: error });
    if (signal.aborted) throw error;
    throw new Fault('outbound-failed', `${url.host} cannot be reached or does not answer as it should (${codeIn(error)}).`, { place: url.host, why: codeIn(error) }, { cause: error });
  }
}

/** fetch wraps what a dispatcher throws. */
function faultIn(error: unknown): Fault | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) if (one instanceof Fault) return one;
  return undefined;
}

/** The innermost code: ECONNREFUSED, CERT_HAS_EXPIRED, UND_ERR_HEADERS_TIMEOUT. */
function codeIn(error: unknown): string {
  let code = 'unknown';
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++) {
    const found = (one as NodeJS.ErrnoException).code;
    if (typeof found === 'string') code = found;
  }
  return code;
}
