/**
 * Public pages as they were drawn last, packed, with their digest: most readers ask for the same few pages, and a drawing with
 * charts costs some hundred times its sending. What changes in this process empties the store; what changes elsewhere shows within seconds.
 */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const PAGES_KEPT_MAX = 400;
const KEPT_BYTES_MAX = 32 * 1024 * 1024;
/** A page is at most this old: another process may have changed what it shows. */
const KEPT_MS_MAX = 5_000;
/** Smaller pages travel as they are. */
const PACKED_BYTES_MIN = 1024;
/** The best compression costs more time than it saves on a page that lives for seconds. */
const BROTLI_QUALITY = 5;

const packBrotli = promisify(brotliCompress);
const packGzip = promisify(gzip);

interface KeptPage {
  readonly plain: Buffer;
  readonly br: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  readonly etag: string;
  readonly keptAt: number;
  readonly bytes: number;
}

export interface PageCache {
  /** Call when anything changed that a public page may show. */
  clear(): void;
  /** Told after each `clear`, so that other processes may hear of it. */
  onClear(listener: () => void): void;
  /** Drops all pages without telling: another process said that something changed. */
  drop(): void;
  /** Public pages answered from what was kept, and those that had to be drawn, since the start. */
  counts(): { readonly kept: number; readonly drawn: number; readonly bytes: number };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set while a public page is drawn that may be kept; the generation tells whether something changed meanwhile. */
    pageKey?: { readonly key: string; readonly generation: number };
  }
}

/** Adds keeping and packing to all public pages of `app`. Owner of the kept pages; nothing else reads them. */
export function keepPages(app: FastifyInstance): PageCache {
  const pages = new Map<string, KeptPage>();
  let bytes = 0;
  let generation = 0;
  let answeredKept = 0;
  let answeredDrawn = 0;
  const listeners: (() => void)[] = [];
  const dropAll = (): void => {
    pages.clear();
    bytes = 0;
    generation += 1;
  };
  const clear = (): void => {
    dropAll();
    for (const listener of listeners) listener();
  };
  const drop = (key: string): void => {
    bytes -= pages.get(key)?.bytes ?? 0;
    pages.delete(key);
  };

  app.addHook('onRequest', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const kept = pages.get(key);
    if (kept === undefined || performance.now() - kept.keptAt > KEPT_MS_MAX) {
      request.pageKey = { key, generation };
      answeredDrawn += 1;
      return;
    }
    answeredKept += 1;
    // Set again so that the page asked least recently is dropped first.
    pages.delete(key);
    pages.set(key, kept);
    void reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'private, max-age=0, must-revalidate').header('vary', 'Cookie, Accept-Language, Accept-Encoding');
    void reply.header('etag', kept.etag);
    if (request.headers['if-none-match'] === kept.etag) return reply.status(304).send();
    const form = formOf(request, kept);
    if (form.encoding !== undefined) void reply.header('content-encoding', form.encoding);
    return reply.send(form.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    // Programs that only ask the law something (a public POST) change nothing.
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.routeOptions.config.policy !== 'public' && reply.statusCode < 400) clear();
    if (typeof payload !== 'string' || !String(reply.getHeader('content-type')).startsWith('text/html') || reply.hasHeader('content-encoding')) return payload;
    const page = await packed(payload);
    const { pageKey } = request;
    if (pageKey !== undefined && reply.statusCode === 200) {
      if (pageKey.generation === generation && page.bytes < KEPT_BYTES_MAX) {
        drop(pageKey.key);
        pages.set(pageKey.key, page);
        bytes += page.bytes;
        // oxlint-disable-next-line no-unmodified-loop-condition -- `drop` lowers both
        while (pages.size > PAGES_KEPT_MAX || bytes > KEPT_BYTES_MAX) drop(pages.keys().next().value ?? '');
      }
      void reply.header('etag', page.etag);
    }
    void reply.header('vary', 'Cookie, Accept-Language, Accept-Encoding');
    const form = formOf(request, page);
    if (form.encoding !== undefined) void reply.header('content-encoding', form.encoding);
    void reply.removeHeader('content-length');
    return form.body;
  });
  return { clear, onClear: (listener) => void listeners.push(listener), drop: dropAll, counts: () => ({ kept: answeredKept, drawn: answeredDrawn, bytes }) };
}

/** Pages for everybody, asked by nobody in particular (a signed-in reader's page shows their name), without a wish to switch the language (that answer sets a cookie). */
function keyOf(request: FastifyRequest): string | undefined {
  const { config } = request.routeOptions;
  const isPage = request.method === 'GET' && config.policy === 'public' && config.api !== true && request.caller.kind === 'public' && (request.headers.accept ?? '').includes('text/html');
  if (!isPage || request.url.startsWith('/assets/') || /[?&]lang=/.test(request.url)) return undefined;
  // Two hosts may show one address in two themes.
  return `${request.frame.theme.id} ${request.frame.language} ${request.url}`;
}

async function packed(text: string): Promise<KeptPage> {
  const plain = Buffer.from(text, 'utf8');
  const isLong = plain.length >= PACKED_BYTES_MIN;
  const [br, zipped] = isLong
    ? await Promise.all([packBrotli(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }), packGzip(plain)])
    : [undefined, undefined];
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { plain, br, gzip: zipped, etag, keptAt: performance.now(), bytes: plain.length + (br?.length ?? 0) + (zipped?.length ?? 0) };
}

function formOf(request: FastifyRequest, page: KeptPage): { readonly body: Buffer; readonly encoding?: 'br' | 'gzip' } {
  const accepted = request.headers['accept-encoding'] ?? '';
  const accepts = (encoding: string): boolean => new RegExp(`\\b${encoding}\\b(?!;\\s*q=0(?:\\.0+)?(?:,|$))`).test(accepted);
  if (page.br !== undefined && accepts('br')) return { body: page.br, encoding: 'br' };
  if (page.gzip !== undefined && accepts('gzip')) return { body: page.gzip, encoding: 'gzip' };
  return { body: page.plain };
}
