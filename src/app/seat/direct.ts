/** Direct mode: a seat with an address takes letters of its peers without any server between, and cosigns as any C2SP witness does. */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../base/index.ts';
import { codeOfUnread, cosignMlDsa44, fromBase64, judgeAddCheckpoint, originHash, originOf, parseAddCheckpointBytes, printLine, printNote, TLOG_SIZE_TYPE } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { readMail } from '../../proof/council/message-form.ts';
import { openRequest, REQUEST_HEADER, requestDigest } from '../../proof/council/request-text.ts';
import { Exit, EXIT } from '../exit.ts';
import { fetchEntries } from './bootstrap.ts';
import type { RunningSeat } from './daemon.ts';

const BODY_BYTES_MAX = 1024 * 1024;
/** Requests a peer may make in a minute; a seat has 33 of them and a council votes in days. */
const REQUESTS_A_MINUTE_MAX = 600;
const ENTRIES_FETCHED_MAX = 4096;

type Answer = (status: number, body?: string, type?: string) => void;

/** Counts by peer within a minute; forgotten with the minute. */
class Pace {
  #minute = 0;
  readonly #counts = new Map<string, number>();
  takes(key: string, nowS: number): boolean {
    const minute = Math.floor(nowS / 60);
    if (minute !== this.#minute) this.#counts.clear();
    this.#minute = minute;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (this.#counts.size < REQUESTS_A_MINUTE_MAX || this.#counts.has(key)) this.#counts.set(key, count);
    return count <= REQUESTS_A_MINUTE_MAX;
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > BODY_BYTES_MAX) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** Letters of one seat, signed as a request to a server is. */
function letters(seat: RunningSeat, request: IncomingMessage, body: Buffer, answer: Answer): void {
  const { agent } = seat;
  const header = request.headers[REQUEST_HEADER];
  const { council, clockErrorS } = agent.parts.rules.constitution;
  const agents = agent.prefix.state.roll?.agents ?? new Map();
  const note = typeof header === 'string' ? fromBase64(header) : undefined;
  const digest = requestDigest(suite, request.method ?? '', request.url ?? '', body);
  const opened = note === undefined ? undefined : openRequest(suite, new TextDecoder().decode(note), agents, { council, digest, nowS: seat.clockS(), clockErrorS });
  if (opened?.ok !== true) return answer(401);
  let told: { readonly [key: string]: Json | undefined };
  try {
    told = JSON.parse(body.toString()) as { readonly [key: string]: Json };
  } catch {
    return answer(400);
  }
  const list = Array.isArray(told['messages']) ? (told['messages'] as readonly Json[]) : [];
  // Whoever signed the envelope is the sender, whatever the letters say.
  seat.receive(readMail(list.map((each) => ({ ...(each as { readonly [key: string]: Json }), from: opened.value.seat }))));
  return answer(202);
}

/** One set of statements of one key: the rules of the council hold here too, so entries are fetched and judged before anything is cosigned. */
async function addCheckpoint(seat: RunningSeat, body: Buffer, answer: Answer): Promise<void> {
  const { agent } = seat;
  const request = parseAddCheckpointBytes(body);
  if (!request.ok) return answer(codeOfUnread(request.refusal));
  const log = agent.prefix.state.roll?.log.key;
  const known = log !== undefined && originOf(request.value) === agent.parts.origin;
  const root = fromBase64(agent.prefix.root);
  const judged = judgeAddCheckpoint(suite, known && root !== undefined ? { keys: [log], last: { size: agent.prefix.size, root } } : undefined, request.value);
  if (judged.code === 409) return answer(409, judged.body, TLOG_SIZE_TYPE);
  if (judged.code !== 200) return answer(judged.code);
  const from = agent.prefix.size;
  const entries: string[] = [];
  for (const server of seat.options.settings.servers) {
    while (from + entries.length < judged.last.size && entries.length < ENTRIES_FETCHED_MAX) {
      const more = await fetchEntries(seat.outbound, server.replace(/\/+$/, ''), from + entries.length).catch(() => []);
      if (more.length === 0) break;
      entries.push(...more);
    }
    if (from + entries.length >= judged.last.size) break;
  }
  const line = agent.cosigned({ kind: 'cosign', note: printNote(request.value.note), from, entries: entries.slice(0, judged.last.size - from), certified: undefined });
  if (line === undefined) return answer(422);
  const postQuantum = cosignMlDsa44(suite, agent.parts.keys.mlDsa, request.value.note.text, line.timeS);
  return answer(200, `${line.line}${printLine(postQuantum)}`, 'text/plain; charset=utf-8');
}

export async function listenDirectly(seat: RunningSeat, where: string): Promise<{ readonly url: string; close(): Promise<void> }> {
  const parts = /^(?:\[([0-9a-fA-F:]+)\]|([^:\s]+)):(\d{1,5})$/.exec(where);
  const port = Number(parts?.[3]);
  if (parts === null || port > 65_535) throw new Exit(EXIT.usage, `“${where}” is no address:port, for example 0.0.0.0:8443.`);
  const pace = new Pace();
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer: Answer = (status, body = '', type = 'text/plain') => void response.writeHead(status, { 'content-type': type }).end(body);
    if (!pace.takes(request.socket.remoteAddress ?? '', seat.clockS())) return answer(429);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const own = originHash(suite, seat.agent.parts.origin);
    if (request.method === 'GET' && path === `/${own}/checkpoint`) {
      const file = join(seat.options.folder, 'head', own);
      return existsSync(file) ? answer(200, readFileSync(file, 'utf8'), 'text/plain; charset=utf-8') : answer(404);
    }
    const body = request.method === 'POST' ? await bodyOf(request) : undefined;
    if (request.method !== 'POST') return answer(404);
    if (body === undefined) return answer(413);
    if (path === '/council/v1/messages') return letters(seat, request, body, answer);
    if (path === '/add-checkpoint') return addCheckpoint(seat, body, answer);
    return answer(404);
  };
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      seat.options.log('warn', 'direct', { why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, parts[1] ?? parts[2], resolve);
  });
  const address = server.address();
  return {
    url: `http://${where.replace(/:\d+$/, '')}:${typeof address === 'object' && address !== null ? address.port : port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
