/**
 * The same way out for a small daemon of its own: the list, the checks and the limits of `outbound.ts` over `node:http`, without the
 * library for servers, whose code alone takes a third of what such a daemon may use.
 */

import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { assert } from '../../base/index.ts';
import { entryFor, type OutboundEntry } from './allow-list.ts';
import { call, type Caller, CONNECTIONS_MAX, CONNECT_MS_MAX, HEAD_BYTES_MAX, OUTBOUND_LIMITS, type OutboundAnswer, type OutboundLimits, packed, placeOf, silent, tooLarge, tooSlow } from './call.ts';
import { type GuardedLookup, guardedLookup, notAllowed, type Resolve } from './guarded-lookup.ts';

export interface LightOutboundOptions {
  readonly allow: readonly OutboundEntry[];
  readonly limits?: Partial<OutboundLimits>;
  /** Another resolver than the machine's. */
  readonly resolve?: Resolve;
  /** Certificates of authorities in PEM; when given, only these are believed. */
  readonly authorities?: readonly string[];
}

interface Way {
  readonly place: string;
  readonly agent: http.Agent;
  readonly guard: GuardedLookup;
}

/** Calls allowed places. It holds nothing but itself to the list: `install` is for servers, see `createOutbound`. */
export function createLightOutbound({ allow, limits: given = {}, resolve, authorities }: LightOutboundOptions): Caller {
  const limits = { ...OUTBOUND_LIMITS, ...given };
  const trust = authorities === undefined ? {} : { ca: [...authorities] };
  const ways = new Map(allow.map((entry): readonly [OutboundEntry, Way] => {
    const settings = { keepAlive: true, maxSockets: CONNECTIONS_MAX, maxFreeSockets: CONNECTIONS_MAX };
    return [entry, { place: placeOf(entry), agent: entry.protocol === 'https:' ? new https.Agent({ ...settings, ...trust }) : new http.Agent(settings), guard: guardedLookup(entry, resolve) }];
  }));
  return {
    places: allow.map(placeOf),
    fetch: async (address, request = {}) =>
      call(
        async (url, method, headers, body, signal) => {
          const way = ways.get(entryFor(allow, url) as OutboundEntry);
          if (way === undefined) throw notAllowed(`${url.protocol}//${url.host}`);
          return send(way, limits, url, method, headers, body, signal);
        },
        allow,
        limits,
        String(address),
        request,
      ),
    close: async () => {
      for (const { agent } of ways.values()) agent.destroy();
      return Promise.resolve();
    },
  };
}

const flat = (headers: http.IncomingHttpHeaders): ReadonlyMap<string, string> =>
  new Map(Object.entries(headers).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]])));

/** What is sent beside what the caller wrote; nothing packed is asked for, whatever that was. */
function headersOf(headers: Readonly<Record<string, string>>, body: string | Uint8Array | undefined): Record<string, string | number> {
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept-encoding').map(([name, value]) => [name.toLowerCase(), value]));
  const typed = typeof body === 'string' ? { 'content-type': 'text/plain;charset=UTF-8' } : {};
  return { accept: '*/*', ...typed, ...own, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }), 'accept-encoding': 'identity' };
}

async function send({ place, agent, guard }: Way, limits: OutboundLimits, url: URL, method: string, headers: Readonly<Record<string, string>>, body: string | Uint8Array | undefined, signal: AbortSignal): Promise<OutboundAnswer> {
  return new Promise((resolve, reject) => {
    const end = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      request.destroy(error);
    };
    const request = (url.protocol === 'https:' ? https : http).request({
      protocol: url.protocol,
      hostname: url.hostname.replaceAll(/^\[|\]$/g, ''),
      port: url.port,
      path: `${url.pathname}${url.search}`,
      method,
      headers: headersOf(headers, body),
      agent,
      lookup: guard.lookup,
      maxHeaderSize: HEAD_BYTES_MAX,
      signal,
    });
    const timer = setTimeout(() => end(tooSlow(place, limits)), limits.wholeMs);
    request.on('socket', (socket) => watch(socket, guard, () => end(notAllowed(place)), () => end(silent(place))));
    request.setTimeout(limits.silenceMs, () => end(silent(place)));
    request.on('error', end);
    request.on('response', (response) => {
      const fault = packed(place, response.headers['content-encoding'] ?? '') ?? (Number(response.headers['content-length'] ?? 0) > limits.bytesMax && method !== 'HEAD' ? tooLarge(place, limits) : undefined);
      if (fault !== undefined) return end(fault);
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on('data', (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > limits.bytesMax) return end(tooLarge(place, limits));
        pieces.push(piece);
        return undefined;
      });
      response.on('error', end);
      response.on('end', () => {
        clearTimeout(timer);
        assert(response.statusCode !== undefined, 'an answer has a status');
        const whole = new Uint8Array(Buffer.concat(pieces));
        resolve({ status: response.statusCode, headers: flat(response.headers), body: whole, url: url.href, text: () => new TextDecoder().decode(whole) });
      });
      return undefined;
    });
    request.end(body);
  });
}

/** A new connection goes to a checked address, or ends before a byte is sent; one that does not come about in time is given up. */
function watch(socket: Socket, guard: GuardedLookup, refuse: () => void, giveUp: () => void): void {
  if (!socket.connecting) return;
  const timer = setTimeout(giveUp, CONNECT_MS_MAX);
  socket.prependOnceListener('connect', () => {
    clearTimeout(timer);
    if (!guard.isChecked(socket.remoteAddress)) refuse();
  });
  socket.once('close', () => clearTimeout(timer));
}
