/** What agents of seats speak with: genesis and entries for everybody, mail for who signs as a seat, evidence and complaints from anybody. */

import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Json } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import { fromUtf8 } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { ENVELOPE_MESSAGES_MAX, readAddress, readMessage } from '../../../proof/council/message-form.ts';
import { COSIGN_ENTRIES_MAX, type Message } from '../../../proof/council/messages.ts';
import { openRequest, REQUEST_HEADER, requestDigest } from '../../../proof/council/request-text.ts';
import { COMPLAINT_TYPE } from '../../../proof/council/seat-texts.ts';
import { EVIDENCE_TYPE } from '../../../proof/council/log-texts.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { OpenCouncil } from '../actions/open-council.ts';
import { ENTRIES_BYTES_MAX, ENTRIES_MAX, POLL_SECONDS_MAX, REQUEST_BYTES_MAX } from '../model.ts';

export interface ProtocolParts {
  readonly council: OpenCouncil;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

const HEADER_CHARS_MAX = 4096;
/** A seat's row is written at most this often. */
const SEEN_MS = 10_000;
const index = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const round = z.object({ slot: z.string().max(63), round: z.coerce.number().int().min(1).max(99) });

interface Refusal {
  readonly code: string;
  readonly detail?: string;
}

const refuse = (reply: FastifyReply, status: number, refusal: Refusal): FastifyReply => reply.status(status).header('cache-control', 'no-store').send(refusal);

export function protocolRoutes(app: MizanServer, parts: ProtocolParts): void {
  readRoutes(app, parts);
  seatRoutes(app, parts);
  submitRoutes(app, parts);
}

function readRoutes(app: MizanServer, { council, ledger }: ProtocolParts): void {
  const config = { policy: 'public' as const };
  app.get('/council/v1/genesis', { config, schema: { hide: true } }, async (_request, reply) => {
    const founding = await council.founding();
    if (founding === undefined) return refuse(reply, 404, { code: 'council-not-founded' });
    const { constitution, genesis, genesisIndex, roll, rollIndex } = founding;
    return reply.header('cache-control', 'no-store').send({ origin: ledger.name.origin, constitution, genesis: { index: genesisIndex, text: genesis }, roll: { index: rollIndex, text: roll }, entriesBefore: genesisIndex });
  });
  app.get('/council/v1/entries', { config, schema: { hide: true, querystring: z.object({ from: index }) } }, async (request, reply) => {
    const { from } = request.query;
    const entries = await entriesFrom(council, ledger, from, from + ENTRIES_MAX);
    const row = await council.operatorRow();
    return reply.header('cache-control', 'no-store').send({ from, size: Math.max(row?.prefixSize ?? 0, from + entries.length), entries });
  });
  app.get('/council/v1/decision', { config, schema: { hide: true, querystring: round } }, async (request, reply) => {
    const file = await council.decisionFile(request.query.slot, request.query.round);
    if (file === undefined) return refuse(reply, 404, { code: 'council-not-decided' });
    return reply.header('content-type', 'application/json').header('cache-control', 'no-store').send(Buffer.from(file));
  });
  app.get('/council/v1/rounds', { config, schema: { hide: true, querystring: z.object({ state: z.enum(['open', 'all']).default('open'), offset: index.default(0) }) } }, async (request, reply) => {
    const page = await council.rounds({ ...(request.query.state === 'open' ? { stages: ['open', 'committing', 'revealing', 'closing'] as const } : {}), offset: request.query.offset });
    return reply.header('cache-control', 'no-store').send(page);
  });
}

/** As many entries as one answer carries. */
async function entriesFrom(council: OpenCouncil, ledger: Ledger, from: number, to: number): Promise<readonly string[]> {
  const rows = await council.asSystem(async () => ledger.entries(from, to));
  const taken: string[] = [];
  let bytes = 0;
  for (const { entry } of rows) {
    bytes += entry.length;
    if (taken.length > 0 && bytes > ENTRIES_BYTES_MAX) break;
    taken.push(fromUtf8(entry) ?? '');
  }
  return taken;
}

interface Sender {
  readonly seat: number;
}

/** The seat whose agent signed this very request now, and for the first time; otherwise the answer is given. */
async function senderOf({ council, clock }: ProtocolParts, request: FastifyRequest, body: Uint8Array): Promise<Sender | Refusal> {
  const header = request.headers[REQUEST_HEADER];
  if (typeof header !== 'string' || header.length > HEADER_CHARS_MAX) return { code: 'council-signature-missing', detail: REQUEST_HEADER };
  const admitted = await council.admitted();
  if (admitted === undefined) return { code: 'council-not-founded' };
  const { council: name, clockErrorS } = council.constitution();
  const note = Buffer.from(header, 'base64').toString();
  const nowS = Math.floor(Date.parse(clock.now()) / 1000);
  const digest = requestDigest(suite, request.method, request.raw.url ?? '', body);
  const read = openRequest(suite, note, admitted.agents, { council: name, digest, nowS, clockErrorS });
  if (!read.ok) return { code: `council-request-${read.refusal.code}`, ...(read.refusal.detail === undefined ? {} : { detail: read.refusal.detail }) };
  const once = createHash('sha256').update(`${read.value.instance} ${read.value.timeS} ${digest}`).digest('hex');
  // A poll changes nothing, so that hearing it twice does no harm.
  if (request.method !== 'GET' && !(await council.asSystem(async () => council.store.isNew(once, new Date((nowS + 2 * clockErrorS) * 1000).toISOString())))) return { code: 'council-request-repeated' };
  return { seat: read.value.seat };
}

/** The request for a cosignature as far as this seat is concerned. */
async function cosignFor({ council, ledger }: ProtocolParts, seat: number, size: number): Promise<Message | undefined> {
  const row = await council.operatorRow();
  if (row?.head === undefined || !row.asked.includes(seat) || size > row.headSize) return undefined;
  const entries = await entriesFrom(council, ledger, size, Math.min(row.headSize, size + COSIGN_ENTRIES_MAX));
  return { kind: 'cosign', note: row.head, from: size, entries, certified: row.certified?.note };
}

function seatRoutes(app: MizanServer, parts: ProtocolParts): void {
  const { council, clock } = parts;
  const config = { policy: 'public' as const };
  const seenAt = new Map<number, number>();
  const seen = async (seat: number, size: number): Promise<void> => {
    if (performance.now() - (seenAt.get(seat) ?? -SEEN_MS) < SEEN_MS) return;
    seenAt.set(seat, performance.now());
    await council.asSystem(async () => council.store.seen(seat, { at: clock.now(), size }));
  };
  const inboxQuery = z.object({ seat: z.coerce.number().int().min(1).max(99), size: index, after: z.string().max(20).default(''), wait: z.coerce.number().min(0).max(POLL_SECONDS_MAX).default(0) });

  app.get('/council/v1/inbox', { config, schema: { hide: true, querystring: inboxQuery } }, async (request, reply) => {
    const sender = await senderOf(parts, request, new Uint8Array());
    if ('code' in sender) return refuse(reply, 401, sender);
    const { seat, size, after, wait } = request.query;
    if (sender.seat !== seat) return refuse(reply, 403, { code: 'council-request-other-seat' });
    await seen(seat, size);
    const from = /^[0-9]{1,15}$/.test(after) ? Number(after) : 0;
    if (from > 0) await council.asSystem(async () => council.store.taken(seat, from));
    for (const until = performance.now() + wait * 1000; ; ) {
      const [letters, cosign] = await Promise.all([council.asSystem(async () => council.store.letters(seat, from)), cosignFor(parts, seat, size)]);
      const left = until - performance.now();
      if (letters.length > 0 || cosign !== undefined || left <= 0 || request.raw.destroyed || council.isReleased()) {
        const messages = letters.map(({ sender: by, message }) => ({ from: by === 0 ? 'operator' : by, message: JSON.parse(message) as Json }));
        return reply.header('cache-control', 'no-store').send({ cursor: String(letters.at(-1)?.id ?? from), messages, cosign: cosign ?? null });
      }
      await council.waitFor(seat, left);
    }
  });

  void app.register(async (scoped) => {
    rawBodies(scoped);
    scoped.post('/council/v1/outbox', { config, bodyLimit: REQUEST_BYTES_MAX, schema: { hide: true } }, async (request, reply) => {
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
      const sender = await senderOf(parts, request, body);
      if ('code' in sender) return refuse(reply, 401, sender);
      const mail = mailIn(body);
      if (mail === undefined || mail.seat !== sender.seat) return refuse(reply, 422, { code: 'council-mail-form', detail: `{seat, messages: [{to, message}]}, at most ${ENVELOPE_MESSAGES_MAX}` });
      await council.deliver(sender.seat, mail.messages);
      return reply.status(202).header('cache-control', 'no-store').send({ taken: mail.messages.length });
    });
  });
}

/** Signatures are over bytes: bodies are taken as they come. */
function rawBodies(scoped: MizanServer): void {
  scoped.removeAllContentTypeParsers();
  scoped.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: REQUEST_BYTES_MAX }, (_request, body, done) => done(null, body));
}

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});

function mailIn(body: Uint8Array): { readonly seat: number; readonly messages: readonly { readonly to: number | 'operator'; readonly message: Message }[] } | undefined {
  let value: Json;
  try {
    value = JSON.parse(fromUtf8(body) ?? '') as Json;
  } catch {
    return undefined;
  }
  const { seat, messages } = fieldsOf(value);
  if (typeof seat !== 'number' || !Array.isArray(messages) || messages.length > ENVELOPE_MESSAGES_MAX) return undefined;
  // One letter without a form does not hide the others.
  const read = (messages as readonly Json[]).flatMap((each) => {
    const { to, message } = fieldsOf(each);
    const [address, kind] = [readAddress(to), readMessage(message)];
    return address === undefined || kind === undefined ? [] : [{ to: address, message: kind }];
  });
  return { seat, messages: read };
}

/** What anybody may bring: its signatures prove it, and the rule of the log judges it. */
function submitRoutes(app: MizanServer, { council }: ProtocolParts): void {
  const config = { policy: 'public' as const, limit: 'decision' as const };
  void app.register(async (scoped) => {
    rawBodies(scoped);
    for (const [path, type] of [['evidence', EVIDENCE_TYPE], ['complaints', COMPLAINT_TYPE]] as const) {
      scoped.post(`/council/v1/${path}`, { config, bodyLimit: REQUEST_BYTES_MAX, schema: { hide: true } }, async (request, reply) => {
        const text = request.body instanceof Uint8Array ? fromUtf8(request.body) : undefined;
        if (text?.startsWith(`${type}\n`) !== true) return refuse(reply, 422, { code: 'council-text-type', detail: type });
        const written = await council.submit([text]);
        if (!written.ok) return refuse(reply, written.refusal.code === 'council-busy' ? 503 : 422, written.refusal);
        return reply.status(201).header('cache-control', 'no-store').send({ entry: written.value[0] ?? null });
      });
    }
  });
}
