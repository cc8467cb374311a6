/** An undici dispatcher that refuses what is not allowed and ends answers that are too large, too slow or packed. */

import { Agent, Dispatcher } from 'undici';
import { entryFor, type OutboundEntry } from './allow-list.ts';
import { CONNECTIONS_MAX, HEAD_BYTES_MAX, type OutboundLimits, packed, tooLarge, tooSlow } from './call.ts';
import { type ConnectOptions, guardedConnector } from './guarded-connect.ts';
import { notAllowed } from './guarded-lookup.ts';

export class GuardedAgent extends Dispatcher {
  readonly #agent: Agent;
  readonly #entries: readonly OutboundEntry[];
  readonly #limits: OutboundLimits;

  constructor(options: ConnectOptions, limits: OutboundLimits) {
    super();
    this.#entries = options.entries;
    this.#limits = limits;
    this.#agent = new Agent({
      connect: guardedConnector(options),
      connections: CONNECTIONS_MAX,
      pipelining: 1,
      allowH2: false,
      maxHeaderSize: HEAD_BYTES_MAX,
      headersTimeout: limits.silenceMs,
      bodyTimeout: limits.silenceMs,
    });
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const url = URL.parse(String(options.origin ?? ''));
    // An address in the path would make the server behind an allowed place call another one.
    const entry = url === null || !options.path.startsWith('/') || options.method === 'CONNECT' ? undefined : entryFor(this.#entries, url);
    if (entry === undefined) throw notAllowed(url === null || url.host === '' ? 'an address without a host' : `${url.protocol}//${url.host}`);
    return this.#agent.dispatch({ ...options, headers: withoutPacking(options.headers) }, limited(handler, this.#limits, `${entry.host}:${entry.port}`));
  }

  override async close(): Promise<void> {
    await this.#agent.close();
  }

  override async destroy(): Promise<void> {
    await this.#agent.destroy();
  }
}

/** A kilobyte can unpack to a gigabyte, and what is unpacked cannot be counted here: so nothing packed is asked for. */
function withoutPacking(headers: Dispatcher.DispatchOptions['headers']): string[] {
  const flat: string[] = [];
  const add = (name: string, value: unknown): void => {
    if (name.toLowerCase() === 'accept-encoding' || value === undefined || value === null) return;
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) flat.push(name, String(one));
  };
  if (Array.isArray(headers) && headers.every((one) => typeof one === 'string')) {
    for (let index = 0; index + 1 < headers.length; index += 2) add(headers[index] as string, headers[index + 1]);
  } else if (headers !== null && headers !== undefined && Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<[string, unknown]>) add(name, value);
  } else {
    for (const [name, value] of Object.entries(headers ?? {})) add(name, value);
  }
  return [...flat, 'accept-encoding', 'identity'];
}

/** The handler with a clock and a scale. Mutable: `timer`, `bytes`. */
function limited(handler: Dispatcher.DispatchHandler, limits: OutboundLimits, place: string): Dispatcher.DispatchHandler {
  let timer: NodeJS.Timeout | undefined;
  let bytes = 0;
  return {
    onRequestStart: (controller, context) => {
      timer ??= setTimeout(() => controller.abort(tooSlow(place, limits)), limits.wholeMs);
      handler.onRequestStart?.(controller, context);
    },
    onRequestUpgrade: (controller, status, headers, socket) => {
      clearTimeout(timer);
      handler.onRequestUpgrade?.(controller, status, headers, socket);
    },
    onResponseStarted: () => handler.onResponseStarted?.(),
    onResponseStart: (controller, status, headers, message) => {
      const fault = packed(place, String(headers['content-encoding'] ?? ''));
      if (fault !== undefined) controller.abort(fault);
      else if (Number(headers['content-length'] ?? 0) > limits.bytesMax) controller.abort(tooLarge(place, limits));
      else handler.onResponseStart?.(controller, status, headers, message);
    },
    onResponseData: (controller, chunk) => {
      bytes += chunk.length;
      if (bytes > limits.bytesMax) controller.abort(tooLarge(place, limits));
      else handler.onResponseData?.(controller, chunk);
    },
    onResponseEnd: (controller, trailers) => {
      clearTimeout(timer);
      handler.onResponseEnd?.(controller, trailers);
    },
    onResponseError: (controller, error) => {
      clearTimeout(timer);
      handler.onResponseError?.(controller, error);
    },
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onRequestSent: () => handler.onRequestSent?.(),
  };
}
