/** An operator that does not play fair, for the demonstration: a relay before the honest server that drops, delays or doubles what seats are told. */

import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import { canonical, type Json } from '../../../base/index.ts';
import { append, leafHash, type NoteSigner, parseNote, printCheckpoint, printNote, signNote, treeRoot, utf8 } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { EVENT_TYPE } from '../../../proof/council/log-texts.ts';
import type { LogState } from '../../../proof/council/log-state.ts';

export const OPERATOR_MODES = ['honest', 'censoring', 'forking', 'stalling'] as const;
export type OperatorMode = (typeof OPERATOR_MODES)[number];

const BODY_BYTES_MAX = 4 * 1024 * 1024;

export interface HostileParts {
  readonly mode: Exclude<OperatorMode, 'honest'>;
  /** The honest server behind. */
  readonly target: string;
  /** Whose ballots a censor keeps out of the log; whom a forker shows the other log. */
  readonly victims: ReadonlySet<number>;
  /** The log's own key: only who holds it can fork. */
  readonly log: NoteSigner;
  readonly origin: string;
  /** What a seat's agent stands at. */
  stateOf(seat: number): LogState | undefined;
  /** Whether the hostility has begun: the first rounds found the council honestly. */
  isOn(): boolean;
}

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});

const isBallotOf = (victims: ReadonlySet<number>, note: Json | undefined): boolean => typeof note === 'string' && [...victims].some((seat) => note.includes(`— ballot.seat${String(seat).padStart(2, '0')}.`));

/** What reaches the log of a censor: no ballot of a victim, by whichever letter. */
function censored({ victims }: HostileParts, body: Buffer): Buffer {
  const told = fieldsOf(JSON.parse(body.toString()) as Json);
  const messages = (Array.isArray(told['messages']) ? (told['messages'] as readonly Json[]) : []).flatMap((each) => {
    const { to, message } = fieldsOf(each);
    const it = fieldsOf(message);
    if (to !== 'operator') return [each];
    if (it['kind'] === 'cast' && isBallotOf(victims, it['note'])) return [];
    const without = (list: Json | undefined): Json => (Array.isArray(list) ? (list as readonly Json[]).filter((note) => !isBallotOf(victims, note)) : []);
    if (it['kind'] === 'held') return [{ to: 'operator', message: { ...it, casts: without(it['casts']) } as Json }];
    if (it['kind'] === 'refused' && it['missing'] !== undefined) return [{ to: 'operator', message: { ...it, missing: without(it['missing']) } as Json }];
    return [each];
  });
  return Buffer.from(JSON.stringify({ ...told, messages }));
}

/** Another log of the same size for the victims: one event in it differs, and the log signs that too. */
function forked(parts: HostileParts, seat: number, cosign: Fields): Json {
  const { note, from, entries } = cosign;
  const state = parts.stateOf(seat);
  if (!parts.victims.has(seat) || state === undefined || state.tree.size !== from || !Array.isArray(entries) || entries.length === 0 || typeof note !== 'string' || !parseNote(note).ok) return cosign;
  const other = `${EVENT_TYPE}\n${canonical({ act: 'demo-fork', note: 'what only some are shown' })}\n`;
  const shown = [other, ...(entries as readonly string[]).slice(1)];
  const tree = shown.reduce((before, entry) => append(suite, before, leafHash(suite, utf8(entry))), state.tree);
  const signed = printNote(signNote(suite, printCheckpoint({ origin: parts.origin, size: tree.size, root: treeRoot(suite, tree) }), parts.log));
  return { ...cosign, note: signed, entries: shown };
}

function answered(parts: HostileParts, seat: number, body: Buffer): Buffer {
  const told = fieldsOf(JSON.parse(body.toString()) as Json);
  if (told['cosign'] === null || told['cosign'] === undefined) return body;
  if (parts.mode === 'stalling') return Buffer.from(JSON.stringify({ ...told, cosign: null }));
  return parts.mode === 'forking' ? Buffer.from(JSON.stringify({ ...told, cosign: forked(parts, seat, fieldsOf(told['cosign'])) })) : body;
}

async function bodyOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += (part as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new Error('too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** Signatures of envelopes are checked behind: what a censor changes of them it must sign itself, so it tells the server whose letters they were. */
export async function openHostileOperator(parts: HostileParts, resign: (seat: number, method: string, path: string, body: Buffer) => string): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const target = new URL(parts.target);
  const server: Server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      let body = await bodyOf(request);
      const headers: Record<string, string> = {};
      for (const name of ['content-type', 'council-signature']) if (typeof request.headers[name] === 'string') headers[name] = request.headers[name];
      const isMail = request.method === 'POST' && url.pathname === '/council/v1/outbox';
      if (isMail && parts.mode === 'censoring' && parts.isOn()) {
        body = censored(parts, body);
        const seat = Number(fieldsOf(JSON.parse(body.toString()) as Json)['seat']);
        headers['council-signature'] = resign(seat, 'POST', request.url ?? '', body);
      }
      const behind = httpRequest({ host: target.hostname, port: target.port, method: request.method, path: request.url, headers: { ...headers, 'content-length': body.length } });
      behind.on('error', () => response.destroy());
      response.on('close', () => behind.destroy());
      behind.on('response', (answer) => {
        void (async () => {
          const told = await bodyOf(answer);
          const isInbox = request.method === 'GET' && url.pathname === '/council/v1/inbox' && answer.statusCode === 200 && parts.isOn();
          const shown = isInbox ? answered(parts, Number(url.searchParams.get('seat')), told) : told;
          response.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'application/json', date: answer.headers.date ?? '' }).end(shown);
        })().catch(() => response.destroy());
      });
      behind.end(body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

