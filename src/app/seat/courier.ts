/** Carries a seat's mail: fetches by outbound polling and sends in envelopes, at every server that the seat was given, each on its own. */

import { setTimeout as pause } from 'node:timers/promises';
import { Fault, type Json } from '../../base/index.ts';
import { printNote, signNote, utf8, type NoteSigner } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { ENVELOPE_MESSAGES_MAX, readMail, readMessage, type Received } from '../../proof/council/message-form.ts';
import type { Address, Message } from '../../proof/council/messages.ts';
import { printRequest, REQUEST_HEADER, requestDigest } from '../../proof/council/request-text.ts';
import type { Caller, OutboundAnswer } from '../../platform/outbound/index.ts';

/** Messages that wait for one server; the oldest leave first, since a tick says again what matters. */
export const OUTBOX_MAX = 8192;
const ENVELOPE_BYTES_MAX = 900 * 1024;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 15_000;
/** A server that asks the same question again at once would otherwise be answered without end. */
const SAME_QUESTION_MS = 500;
const REFUSALS_LOGGED = 3;

export interface Envelope {
  readonly to: Address;
  readonly message: Message;
}

export interface CourierParts {
  readonly outbound: Pick<Caller, 'fetch'>;
  readonly council: string;
  readonly seat: number;
  readonly instance: string;
  readonly agent: NoteSigner;
  /** Seconds a server may hold a poll. */
  readonly waitS: number;
  readonly clockS: () => number;
  /** The size the seat stands at, which the server needs to ask for a cosignature. */
  readonly size: () => number;
  receive(mail: readonly Received[], server: string): void;
  /** A request for a cosignature; may fetch entries before it answers. */
  cosign(message: Extract<Message, { kind: 'cosign' }>, server: string): Promise<void>;
  /** The seat cannot go on, for example because its disk fails. */
  fatal(error: unknown): void;
  log(level: 'info' | 'warn' | 'error', what: string, more?: Readonly<Record<string, string | number>>): void;
}

interface Place {
  readonly server: string;
  queue: Envelope[];
  cursor: string;
  /** Seconds by which the server's clock is ahead; for envelopes only, never for stamps. */
  skewS: number;
  wake: () => void;
  failures: number;
  lastQuestion: string;
}

export class Courier {
  readonly #parts: CourierParts;
  readonly #places: readonly Place[];
  readonly #stop = new AbortController();
  readonly #loops: Promise<void>[] = [];

  constructor(parts: CourierParts, servers: readonly string[]) {
    this.#parts = parts;
    this.#places = servers.map((server) => ({ server: server.replace(/\/+$/, ''), queue: [], cursor: '', skewS: 0, wake: () => undefined, failures: 0, lastQuestion: '' }));
  }

  start(): void {
    for (const place of this.#places) this.#loops.push(...[this.#fetching(place), this.#sending(place)].map(async (loop) => loop.catch((error: unknown) => this.#parts.fatal(error))));
  }

  /** Without fetching: for whoever only speaks. */
  startSending(): void {
    for (const place of this.#places) this.#loops.push(this.#sending(place).catch((error: unknown) => this.#parts.fatal(error)));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const place of this.#places) place.wake();
    await Promise.all(this.#loops);
  }

  /** Every server gets every message: the more ways it takes, the fewer can hold it back. */
  send(to: readonly Address[], message: Message): void {
    for (const place of this.#places) {
      for (const address of to) place.queue.push({ to: address, message });
      if (place.queue.length > OUTBOX_MAX) place.queue.splice(0, place.queue.length - OUTBOX_MAX);
      place.wake();
    }
  }

  get waiting(): number {
    return Math.max(0, ...this.#places.map(({ queue }) => queue.length));
  }

  async #ask(place: Place, method: 'GET' | 'POST', path: string, body?: string): Promise<OutboundAnswer> {
    const { council, seat, instance, agent, clockS, outbound } = this.#parts;
    const full = `${URL.parse(place.server)?.pathname.replace(/\/$/, '') ?? ''}${path}`;
    const once = async (): Promise<OutboundAnswer> => {
      const note = printNote(signNote(suite, printRequest({ council, seat, instance, timeS: Math.round(clockS() + place.skewS), digest: requestDigest(suite, method, full, utf8(body ?? '')) }), agent));
      const headers = { [REQUEST_HEADER]: Buffer.from(note).toString('base64'), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      return outbound.fetch(`${place.server}${path}`, { method, headers, signal: this.#stop.signal, ...(body === undefined ? {} : { body }) });
    };
    const answer = await once();
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const serverS = Date.parse(answer.headers.get('date') ?? '') / 1000;
    const skewS = Math.round(serverS - clockS());
    if (!Number.isFinite(skewS) || Math.abs(skewS - place.skewS) < 2) return answer;
    place.skewS = skewS;
    if (Math.abs(skewS) > 5) this.#parts.log('warn', 'clock-differs', { server: place.server, seconds: skewS });
    return once();
  }

  async #fetching(place: Place): Promise<void> {
    const { seat, size, waitS } = this.#parts;
    while (!this.#stop.signal.aborted) {
      const query = `seat=${seat}&size=${size()}&after=${encodeURIComponent(place.cursor)}&wait=${waitS}`;
      await this.#guarded(place, 'inbox', async () => {
        const answer = await this.#ask(place, 'GET', `/council/v1/inbox?${query}`);
        if (answer.status !== 200) throw refusedBy(place.server, answer);
        await this.#opened(place, JSON.parse(answer.text()) as { readonly [key: string]: Json });
      });
    }
  }

  async #opened(place: Place, told: { readonly [key: string]: Json | undefined }): Promise<void> {
    const { cursor, messages, cosign } = told;
    const mail = readMail(messages);
    if (mail.length > 0) this.#parts.receive(mail, place.server);
    if (typeof cursor === 'string' && cursor.length <= 200) place.cursor = cursor;
    else if (typeof cursor === 'number') place.cursor = String(cursor);
    const asked = readMessage(cosign);
    if (asked?.kind !== 'cosign') return;
    const before = this.#parts.size();
    await this.#parts.cosign(asked, place.server);
    const question = `${asked.note} ${before}`;
    if (question === place.lastQuestion && this.#parts.size() === before) await pause(SAME_QUESTION_MS, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    place.lastQuestion = question;
  }

  async #sending(place: Place): Promise<void> {
    const { seat } = this.#parts;
    while (!this.#stop.signal.aborted) {
      if (place.queue.length === 0) {
        await new Promise<void>((resolve) => {
          place.wake = resolve;
          if (place.queue.length > 0 || this.#stop.signal.aborted) resolve();
        });
        continue;
      }
      const envelope = takeEnvelope(place.queue);
      const sent = await this.#guarded(place, 'outbox', async () => {
        const answer = await this.#ask(place, 'POST', '/council/v1/outbox', JSON.stringify({ seat, messages: envelope }));
        // Taken before: the answer to it was lost, or the same letters were said twice within a second.
        if (answer.status === 401 && codeOf(answer) === 'council-request-repeated') return;
        // A server that refuses the letter will refuse it again; a busy one is asked again.
        if (answer.status >= 400 && answer.status !== 400 && answer.status !== 413 && answer.status !== 422) throw refusedBy(place.server, answer);
        if (answer.status >= 400) this.#parts.log('warn', 'outbox-refused', { server: place.server, status: answer.status });
      });
      if (!sent) place.queue.unshift(...envelope);
    }
  }

  /** Does it, and waits longer after each failure in a row. Faults of the own disk end the process, those of a network do not. */
  async #guarded(place: Place, what: string, act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      place.failures = 0;
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      if (error instanceof Fault && error.code.startsWith('seat-journal')) throw error;
      place.failures += 1;
      if (place.failures <= REFUSALS_LOGGED) this.#parts.log('warn', `${what}-failed`, { server: place.server, why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
      const waitMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(10, place.failures));
      await pause(waitMs / 2 + Math.random() * (waitMs / 2), undefined, { signal: this.#stop.signal }).catch(() => undefined);
      return false;
    }
  }
}

/** The server's own name for its refusal, which is one word; nothing else of its answer is repeated. */
function codeOf(answer: OutboundAnswer): string {
  try {
    const { code } = JSON.parse(answer.text()) as { readonly code?: unknown };
    return typeof code === 'string' && /^[a-z0-9-]{1,80}$/.test(code) ? code : '';
  } catch {
    return '';
  }
}

function refusedBy(server: string, answer: OutboundAnswer): Fault {
  const code = codeOf(answer);
  return new Fault('seat-server-refused', `${server} answers ${answer.status}${code === '' ? '' : ` (${code})`}.`, { server, status: answer.status });
}

function takeEnvelope(queue: Envelope[]): readonly Envelope[] {
  let bytes = 0;
  let count = 0;
  while (count < queue.length && count < ENVELOPE_MESSAGES_MAX) {
    bytes += JSON.stringify(queue[count]).length + 1;
    if (count > 0 && bytes > ENVELOPE_BYTES_MAX) break;
    count += 1;
  }
  return queue.splice(0, count);
}
