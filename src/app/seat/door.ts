/** The local door of a running seat, on this machine only: what commands and the steward's page ask of the agent. Nothing without the token of this start. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { Fault, type Json } from '../../base/index.ts';
import { EXIT, Exit } from '../exit.ts';
import { type Desk, isChoice } from './desk.ts';
import { replaceDurably } from './journal.ts';

const BODY_BYTES_MAX = 64 * 1024;
const FILE_BYTES_MAX = 4096;
const ANSWER_MS_MAX = 180_000;
const REASON_CHARS_MAX = 2000;
const COOKIE = 'mizan-seat';

export interface DoorFile {
  readonly pid: number;
  readonly url: string;
  readonly token: string;
}

const pathIn = (folder: string): string => join(folder, 'door.json');

export interface Door {
  readonly url: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

const same = (one: string, other: string): boolean => one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new Fault('seat-door', 'too large');
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString();
}

function cookieOf(request: IncomingMessage): string {
  return (request.headers.cookie ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1) ?? '';
}

const answer = (response: ServerResponse, status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));

/** Whether a browser sends this from a page of this very door: other pages may not act in the steward's name. */
function isOwnPage(request: IncomingMessage, url: string): boolean {
  const { origin } = request.headers;
  return origin === undefined ? request.headers['sec-fetch-site'] === undefined || request.headers['sec-fetch-site'] === 'same-origin' || request.headers['sec-fetch-site'] === 'none' : origin === url;
}

async function api(desk: Desk, request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
  const { agent } = desk.seat;
  if (request.method === 'GET' && path === 'rounds') {
    const { size, root } = agent.prefix;
    answer(response, 200, { seat: agent.parts.seat, origin: agent.parts.origin, size, root, starting: agent.state.asking !== undefined, resync: agent.state.resyncSinceS !== undefined, counts: desk.counts(), rounds: desk.rounds() });
    return;
  }
  if (request.method === 'GET' && path === 'round') {
    const dossier = await desk.dossier(query.get('round') ?? '');
    if (dossier === undefined) answer(response, 404, { code: 'round-unknown' });
    else answer(response, 200, dossier);
    return;
  }
  if (request.method !== 'POST') return answer(response, 404, { code: 'not-found' });
  const given = JSON.parse(await bodyOf(request)) as { readonly [key: string]: Json | undefined };
  if (path === 'vote') {
    const { round, choice, option, reason } = given;
    if (typeof round !== 'string' || !isChoice(choice) || typeof reason !== 'string' || reason.trim() === '' || reason.length > REASON_CHARS_MAX || (option !== undefined && typeof option !== 'string')) return answer(response, 400, { code: 'bad-request' });
    answer(response, 200, await desk.vote({ round, choice, reason: reason.trim(), ...(option === undefined ? {} : { option }) }));
  } else if (path === 'sign') {
    const { text, signature, round } = given;
    if (typeof text !== 'string' || typeof signature !== 'string') return answer(response, 400, { code: 'bad-request' });
    const taken = agent.signed(text, signature);
    answer(response, taken ? 200 : 422, { taken, toSign: agent.toSign(typeof round === 'string' ? round : undefined) });
  } else answer(response, 404, { code: 'not-found' });
}

/** Opens the door on 127.0.0.1 and writes where it is into the folder, for this user alone. */
export async function openDoor(desk: Desk, folder: string, port = 0): Promise<Door> {
  const token = randomBytes(24).toString('base64url');
  let url = '';
  const server: Server = createServer((request, response) => {
    handle(desk, { folder, url, token }, request, response).catch((error: unknown) => {
      desk.seat.options.log('warn', 'door', { why: error instanceof Error ? error.message.slice(0, 200) : 'unknown' });
      if (!response.headersSent) answer(response, 500, { code: error instanceof Fault ? error.code : 'fault' });
      else response.destroy();
    });
  });
  server.requestTimeout = ANSWER_MS_MAX;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`;
  replaceDurably(pathIn(folder), JSON.stringify({ pid: process.pid, url, token } satisfies DoorFile));
  return {
    url,
    token,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (readDoor(folder)?.token === token) rmSync(pathIn(folder), { force: true });
    },
  };
}

async function handle(desk: Desk, door: { readonly folder: string; readonly url: string; readonly token: string }, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const host = request.headers.host ?? '';
  // A name that leads here by a trick of a name server is not this door.
  if (`http://${host}` !== door.url) return answer(response, 421, { code: 'other-host' });
  if (url.pathname.startsWith('/api/')) {
    if (!same((request.headers.authorization ?? '').replace(/^Bearer /, ''), door.token)) return answer(response, 401, { code: 'token' });
    return api(desk, request, response, url.pathname.slice('/api/'.length), url.searchParams);
  }
  if (request.method === 'POST' && !isOwnPage(request, door.url)) return answer(response, 403, { code: 'other-origin' });
  // Loaded with the first look: most seats run for weeks without one.
  const { servePage } = await import('./page.ts');
  await servePage({ desk, folder: door.folder, isKnown: same(cookieOf(request), door.token), admits: (token) => same(token, door.token), cookie: `${COOKIE}=${door.token}; HttpOnly; SameSite=Strict; Path=/` }, request, response, url);
}

function readDoor(folder: string): DoorFile | undefined {
  const path = pathIn(folder);
  try {
    if (!existsSync(path) || statSync(path).size > FILE_BYTES_MAX) return undefined;
    const { pid, url, token } = JSON.parse(readFileSync(path, 'utf8')) as Partial<DoorFile>;
    // Only this machine is ever called, whoever wrote the file.
    return typeof pid === 'number' && typeof url === 'string' && typeof token === 'string' && /^http:\/\/127\.0\.0\.1:\d+$/.test(url) ? { pid, url, token } : undefined;
  } catch {
    return undefined;
  }
}

/** How a command speaks with the agent of a folder. */
export async function askDoor<T>(folder: string, path: string, body?: Json): Promise<T> {
  const door = readDoor(folder);
  if (door === undefined) throw new Exit(EXIT.fault, `No agent runs for ${folder}. Start it: mizan seat run --folder ${folder}`);
  let response: Response;
  try {
    response = await fetch(`${door.url}/api/${path}`, { ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }), headers: { authorization: `Bearer ${door.token}`, connection: 'close' }, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
  } catch {
    throw new Exit(EXIT.fault, `The agent of ${folder} does not answer. Is it running? mizan seat run --folder ${folder}`);
  }
  const told = (await response.json()) as { readonly code?: string };
  if (response.ok) return told as T;
  throw new Exit(response.status >= 500 ? EXIT.fault : EXIT.refused, `The agent says no: ${told.code ?? response.status}.`);
}
