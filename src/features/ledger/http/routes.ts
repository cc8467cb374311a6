/** Routes of the log: plain files as C2SP tlog-tiles has them, pages for people, the witness, and answers for commands. */

import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { base64, utf8 } from '../../../proof/bytes.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { parsePolicy } from '../../../proof/policy.ts';
import { type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import { fsck } from '../actions/fsck.ts';
import type { Ledger } from '../actions/open-ledger.ts';
import { ENTRIES_SHOWN } from '../model.ts';
import { ledgerText } from '../text/index.ts';
import { entryPage, logPage } from '../web/log-page.tsx';

export interface LedgerRouteParts {
  readonly ledger: Ledger;
}

/** A proof, a head with the lines of 33 seats, and room for both kinds of cosignature. */
const WITNESS_BYTES_MAX = 256 * 1024;
/** Heads of which the page tells who certified them. */
const HEADS_SHOWN = 5;
const FOR_EVER = 'public, max-age=31536000, immutable';
/** A head is old as soon as the next one is signed; a proxy may still answer the same second from memory. */
const FOR_MOMENTS = 'public, max-age=1';
const index = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export function ledgerRoutes(app: MizanServer, parts: LedgerRouteParts): void {
  fileRoutes(app, parts);
  pageRoutes(app, parts);
  witnessRoutes(app, parts);
  commandRoutes(app, parts);
}

const notFound = (request: FastifyRequest): Refused => new Refused('not-found', ledgerText.in(request.frame.language)('entries.none'), { status: 404 });

function fileRoutes(app: MizanServer, { ledger }: LedgerRouteParts): void {
  const config = { policy: 'public' as const };
  const text = (reply: FastifyReply, body: string, kept: string): FastifyReply => reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', kept).header('access-control-allow-origin', '*').send(body);

  app.get('/log/checkpoint', { config, schema: { hide: true } }, async (request, reply) => {
    const head = await ledger.published();
    if (head === undefined) throw notFound(request);
    return text(reply, head.full, FOR_MOMENTS);
  });
  app.get('/log/policy', { config, schema: { hide: true } }, (_request, reply) => text(reply, ledger.policyText(), 'public, max-age=60'));
  app.get('/log/tile/*', { config, schema: { hide: true, params: z.object({ '*': z.string().max(100) }) } }, async (request, reply) => {
    const bytes = await ledger.file(`tile/${request.params['*']}`);
    if (bytes === undefined) throw notFound(request);
    return reply.header('content-type', 'application/octet-stream').header('cache-control', FOR_EVER).header('access-control-allow-origin', '*').send(Buffer.from(bytes));
  });
  app.get('/log/entries/:index/proof', { config, schema: { hide: true, params: z.object({ index }) } }, async (request, reply) => {
    const proven = await ledger.prove(request.params.index);
    if (!proven.ok) throw notFound(request);
    return text(reply.header('content-disposition', `attachment; filename="entry-${request.params.index}.tlog-proof"`), proven.value.proof, FOR_MOMENTS);
  });
}

function pageRoutes(app: MizanServer, { ledger }: LedgerRouteParts): void {
  const config = { policy: 'public' as const };
  const witnessesNow = (): readonly { readonly name: string; readonly keyName: string }[] => {
    const policy = parsePolicy(nodeSuite, ledger.policyText());
    return policy.ok ? policy.value.witnesses.map(({ name, key }) => ({ name, keyName: key.name })) : [];
  };

  app.get('/log', { config, schema: { hide: true, querystring: z.object({ before: index.optional().catch(undefined), lang: z.string().optional() }) } }, async (request, reply) => {
    const [newest, waiting, heads] = await Promise.all([ledger.newest(), ledger.waiting(), ledger.heads(HEADS_SHOWN)]);
    const size = newest?.size ?? 0;
    const to = Math.min(request.query.before ?? size, size);
    const from = Math.max(0, to - ENTRIES_SHOWN);
    const entries = (await ledger.entries(from, to)).toReversed();
    const previous = to < size ? `/log?before=${Math.min(size, to + ENTRIES_SHOWN)}` : undefined;
    return sendPage(request, reply, (frame) => logPage(frame, { name: ledger.name, head: newest, standing: ledger.standing(), waiting, witnesses: witnessesNow(), heads, entries, previous, next: from > 0 ? `/log?before=${from}` : undefined }));
  });
  app.get('/log/entries/:index', { config, schema: { hide: true, params: z.object({ index }) } }, async (request, reply) => {
    const at = request.params.index;
    const [published, [entry]] = await Promise.all([ledger.published(), ledger.entries(at, at + 1)]);
    if (entry === undefined) return reply.callNotFound();
    return sendPage(request, reply, (frame) => entryPage(frame, entry, published !== undefined && at < published.size));
  });
}

function witnessRoutes(app: MizanServer, { ledger }: LedgerRouteParts): void {
  const { witness } = ledger;
  const config = { policy: 'public' as const };
  // Signatures are over bytes: the body is taken as it came, whatever type the log gives it.
  void app.register(async (scoped) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: WITNESS_BYTES_MAX }, (_request, body, done) => done(null, body));
    scoped.post('/log/witness/add-checkpoint', { config, bodyLimit: WITNESS_BYTES_MAX, schema: { hide: true } }, async (request, reply) => {
      const answer = await witness.addCheckpoint(request.body instanceof Uint8Array ? request.body : utf8(''));
      return reply.status(answer.status).header('content-type', answer.type).header('cache-control', 'no-store').send(answer.body);
    });
  });
  app.get('/log/witness/:digest/checkpoint', { config, schema: { hide: true, params: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) }) } }, async (request, reply) => {
    const note = await witness.latest(request.params.digest);
    if (note === undefined) throw notFound(request);
    return reply.header('content-type', 'text/plain; charset=utf-8').header('cache-control', FOR_MOMENTS).send(note);
  });
}

function commandRoutes(app: MizanServer, { ledger }: LedgerRouteParts): void {
  const head = z.object({ size: z.number(), root: z.string(), signedAt: z.string(), cosigned: z.array(z.object({ name: z.string(), at: z.string() })) });
  app.get(
    '/api/v1/log',
    {
      config: { policy: 'public' as const, api: true },
      schema: {
        tags: ['log'],
        summary: 'The transparency log: its name, key and newest head',
        description: '`standing` is `signing`, `following` (another process writes), `starting` or `halted`; then `halt` says why. `published` is the newest head with the quorum of the policy.',
        response: { 200: z.object({ origin: z.string(), vkey: z.string(), witness: z.string(), standing: z.string(), halt: z.string().nullable(), waiting: z.number(), newest: head.nullable(), published: head.nullable() }) },
      },
    },
    async () => {
      const [newest, published, waiting] = await Promise.all([ledger.newest(), ledger.published(), ledger.waiting()]);
      const standing = ledger.standing();
      const shown = (row: typeof newest): z.infer<typeof head> | null => (row === undefined ? null : { size: row.size, root: base64(row.root), signedAt: row.signedAt, cosigned: row.cosigned.map((one) => ({ ...one })) });
      return { origin: ledger.name.origin, vkey: ledger.name.vkey, witness: ledger.witness.vkey, standing: standing.state, halt: standing.state === 'halted' ? standing.halt : null, waiting, newest: shown(newest), published: shown(published) };
    },
  );
  app.get(
    '/api/v1/log/check',
    {
      config: { policy: 'platform.watch' as const, api: true },
      schema: {
        tags: ['log'],
        summary: 'Looks at every entry, tile and head of the log',
        response: { 200: z.object({ origin: z.string(), standing: z.string(), halt: z.string().nullable(), entries: z.number(), root: z.string(), publishedSize: z.number().nullable(), waiting: z.number(), problems: z.array(z.string()) }) },
      },
    },
    async () => {
      // Whoever mended something wants to know whether the log goes on.
      if (ledger.standing().state === 'halted') await ledger.again();
      const report = await fsck(ledger);
      return { ...report, halt: report.halt ?? null, publishedSize: report.publishedSize ?? null, problems: [...report.problems] };
    },
  );
}
