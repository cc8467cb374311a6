/** Carries the seat's mail between the browser and the server that gave the page: fetches by a held poll, sends in envelopes. */
/// <reference lib="dom" />

import { base64, type Suite, utf8 } from '../../../../proof/index.ts';
import type { Json } from '../../../../base/index.ts';
import { ENVELOPE_MESSAGES_MAX, readMail, readMessage, type Received } from '../../../../proof/council/message-form.ts';
import type { Address, Message } from '../../../../proof/council/messages.ts';
import { printRequest, REQUEST_HEADER, requestDigest } from '../../../../proof/council/request-text.ts';
import { signNoteLater, type LaterSigner } from './later-signer.ts';

/** Messages that wait; the oldest leave first, since a tick says again what matters. */
export const OUTBOX_MAX = 8192;
const ENVELOPE_CHARS_MAX = 400_000;
const BACKOFF_MS_MIN = 250;
const BACKOFF_MS_MAX = 15_000;
/** A server that asks the same question again at once would otherwise be answered without end. */
const SAME_QUESTION_MS = 500;

/** `refused` with the server's number; `away` when it does not answer. */
export type LinkState = { readonly state: 'starting' | 'connected' | 'away' } | { readonly state: 'refused'; readonly status: number };

export interface CourierParts {
  readonly suite: Suite;
  /** `fetch` of the window; an argument, so that tests reach another server. */
  readonly fetch: (path: string, init: RequestInit) => Promise<Response>;
  readonly council: string;
  readonly seat: number;
  readonly instance: string;
  readonly agent: LaterSigner;
  readonly waitS: number;
  readonly clockS: () => number;
  readonly size: () => number;
  receive(mail: readonly Received[]): Promise<void>;
  cosign(message: Extract<Message, { kind: 'cosign' }>): Promise<void>;
  /** Told of each change of the line, and of the seconds by which the server's clock is ahead. */
  linked(link: LinkState, skewS: number): void;
}

interface Envelope {
  readonly to: Address;
  readonly message: Message;
}

class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`the server answers ${status}`);
    this.status = status;
  }
}

const base64OfText = (text: string): string => base64(utf8(text));

export class Courier {
  readonly #parts: CourierParts;
  readonly #stop = new AbortController();
  #queue: Envelope[] = [];
  #cursor = '';
  #skewS = 0;
  #failures = 0;
  #lastQuestion = '';
  #wake = (): void => undefined;
  #loops: readonly Promise<void>[] = [];

  constructor(parts: CourierParts) {
    this.#parts = parts;
  }

  /**
   * Passes over what lay in the mailbox before this start: an answer to a question of an earlier start knows nothing of what happened since.
   * Tries until the server answers or the carrier is stopped.
   */
  async passOver(): Promise<void> {
    let isEmpty = false;
    while (!this.#stop.signal.aborted) {
      await this.#guarded(async () => {
        const answer = await this.#poll(0);
        const { messages, cursor } = (await answer.json()) as { readonly [key: string]: Json };
        this.#remember(cursor);
        isEmpty = readMail(messages).length === 0;
      });
      if (isEmpty) return;
    }
  }

  start(): void {
    this.#loops = [this.#fetching(), this.#sending()];
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake();
    await Promise.all(this.#loops);
  }

  send(to: readonly Address[], message: Message): void {
    for (const address of to) this.#queue.push({ to: address, message });
    if (this.#queue.length > OUTBOX_MAX) this.#queue.splice(0, this.#queue.length - OUTBOX_MAX);
    this.#wake();
  }

  get waiting(): number {
    return this.#queue.length;
  }

  async #ask(method: 'GET' | 'POST', path: string, body?: string): Promise<Response> {
    const { suite, council, seat, instance, agent, clockS, fetch } = this.#parts;
    const once = async (): Promise<Response> => {
      const text = printRequest({ council, seat, instance, timeS: Math.round(clockS() + this.#skewS), digest: requestDigest(suite, method, path, utf8(body ?? '')) });
      const headers = { [REQUEST_HEADER]: base64OfText(await signNoteLater(text, agent)), ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
      return fetch(path, { method, headers, signal: this.#stop.signal, cache: 'no-store', ...(body === undefined ? {} : { body }) });
    };
    const answer = await once();
    if (answer.status !== 401 && answer.status !== 403) return answer;
    // For envelopes only, never for stamps: a browser's clock may be wrong, and the server says what it takes for the time.
    const skewS = Math.round(Date.parse(answer.headers.get('date') ?? '') / 1000 - clockS());
    if (!Number.isFinite(skewS) || Math.abs(skewS - this.#skewS) < 2) return answer;
    this.#skewS = skewS;
    return once();
  }

  async #fetching(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#guarded(async () => {
        const answer = await this.#poll(this.#parts.waitS);
        await this.#opened((await answer.json()) as { readonly [key: string]: Json });
      });
    }
  }

  async #poll(waitS: number): Promise<Response> {
    const { seat, size } = this.#parts;
    const answer = await this.#ask('GET', `/council/v1/inbox?seat=${seat}&size=${size()}&after=${encodeURIComponent(this.#cursor)}&wait=${waitS}`);
    if (answer.status !== 200) throw new Refusal(answer.status);
    return answer;
  }

  #remember(cursor: Json | undefined): void {
    if (typeof cursor === 'string' && cursor.length <= 200) this.#cursor = cursor;
    else if (typeof cursor === 'number') this.#cursor = String(cursor);
  }

  async #opened(told: { readonly [key: string]: Json | undefined }): Promise<void> {
    const { cursor, messages, cosign } = told;
    const mail = readMail(messages);
    if (mail.length > 0) await this.#parts.receive(mail);
    this.#remember(cursor);
    const asked = readMessage(cosign);
    if (asked?.kind !== 'cosign') return;
    const before = this.#parts.size();
    await this.#parts.cosign(asked);
    const question = `${asked.note} ${before}`;
    if (question === this.#lastQuestion && this.#parts.size() === before) await this.#pause(SAME_QUESTION_MS);
    this.#lastQuestion = question;
  }

  async #sending(): Promise<void> {
    const { seat } = this.#parts;
    while (!this.#stop.signal.aborted) {
      if (this.#queue.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const messages = takeEnvelope(this.#queue);
      const sent = await this.#guarded(async () => {
        const answer = await this.#ask('POST', '/council/v1/outbox', JSON.stringify({ seat, messages }));
        // A server that refuses the letter will refuse it again; a busy one is asked again.
        if (answer.status >= 400 && ![400, 413, 422].includes(answer.status)) throw new Refusal(answer.status);
      });
      if (!sent) this.#queue.unshift(...messages);
    }
  }

  /** Does it, and waits longer after each failure in a row. */
  async #guarded(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      this.#failures = 0;
      this.#parts.linked({ state: 'connected' }, this.#skewS);
      return true;
    } catch (error) {
      if (this.#stop.signal.aborted) return false;
      this.#failures += 1;
      this.#parts.linked(error instanceof Refusal ? { state: 'refused', status: error.status } : { state: 'away' }, this.#skewS);
      const waitMs = Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(10, this.#failures));
      await this.#pause(waitMs / 2 + Math.random() * (waitMs / 2));
      return false;
    }
  }

  async #pause(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#stop.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

function takeEnvelope(queue: Envelope[]): readonly Envelope[] {
  let chars = 0;
  let count = 0;
  while (count < queue.length && count < ENVELOPE_MESSAGES_MAX) {
    chars += JSON.stringify(queue[count]).length + 1;
    if (count > 0 && chars > ENVELOPE_CHARS_MAX) break;
    count += 1;
  }
  return queue.splice(0, count);
}
