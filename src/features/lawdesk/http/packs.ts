/** Routes of packs and keys: what is here, bringing in, downloading, whom to believe. */

import type { FastifyRequest } from 'fastify';
import type { VNode } from 'preact';
import { z } from 'zod';
import { authorOf, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import type { PageContext } from '../../../platform/html/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import type { PackDesk } from '../actions/install.ts';
import type { KeyDesk } from '../actions/keys.ts';
import { AUTHOR_LENGTH_MAX, BUNDLE_BYTES_MAX, type Install, type InstallRefusal, REASON_LENGTH_MAX } from '../model/install.ts';
import { KEY_LINES_LENGTH_MAX } from '../model/keys.ts';
import { installRefusalCode, installRefusalText } from '../rules/install-words.ts';
import { packsText } from '../text/packs/index.ts';
import { keyPage, keysPage } from '../web/keys-pages.tsx';
import { attemptPage, indexPage, packsPage, versionPage } from '../web/packs-pages.tsx';

/** A part of the index that another part of the desk draws: drafts, open remarks. */
export type IndexSection = (frame: PageContext) => Promise<VNode | undefined>;

export interface PackRouteParts {
  readonly packs: PackDesk;
  readonly keys: KeyDesk;
  readonly lawbook: Lawbook;
  readonly sections: readonly IndexSection[];
  /** Where the effects of a version are shown and it can be adopted; no link without. */
  readonly adoptHref?: (digest: string) => string;
}

const lang = { lang: z.string().max(10).optional() };
const digestParam = z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/) });
const act = { author: z.string().max(AUTHOR_LENGTH_MAX).default(''), reason: z.string().max(REASON_LENGTH_MAX).default('') };

export function packRoutes(app: MizanServer, parts: PackRouteParts): void {
  pageRoutes(app, parts);
  keyRoutes(app, parts);
  apiRoutes(app, parts);
}

function pageRoutes(app: MizanServer, { packs, keys, lawbook, sections, adoptHref }: PackRouteParts): void {
  app.get('/lawdesk', { config: { policy: 'law.see' }, schema: { hide: true } }, async (request, reply) => {
    const [versions, attempts, known] = [await packs.versions(), await packs.attempts(), await keys.list()];
    const more: VNode[] = [];
    for (const section of sections) {
      const drawn = await section(request.frame);
      if (drawn !== undefined) more.push(drawn);
    }
    return sendPage(request, reply, (frame) => indexPage(frame, { inForce: lawbook.packs(), versions, attempts, keys: known, more }));
  });
  app.get('/lawdesk/packs', { config: { policy: 'law.see' }, schema: { hide: true, querystring: z.object(lang) } }, async (request, reply) => {
    const [versions, attempts, known] = [await packs.versions(), await packs.attempts(), await keys.list()];
    return sendPage(request, reply, (frame) => packsPage(frame, { versions, attempts, keys: known }));
  });
  app.post('/lawdesk/packs', { config: { policy: 'law.install' }, schema: { hide: true } }, async (request, reply) => {
    const upload = await receive(request);
    const t = packsText.in(request.frame.language);
    const errors = [...(upload.archive === undefined ? [{ field: 'file', message: t('install.no-file') }] : []), ...(upload.author === '' ? [{ field: 'author', message: t('install.no-author') }] : [])];
    if (upload.archive === undefined || errors.length > 0) {
      const [versions, attempts, known] = [await packs.versions(), await packs.attempts(), await keys.list()];
      return sendPage(request, reply, (frame) => packsPage(frame, { versions, attempts, keys: known, errors, author: upload.author }), 422);
    }
    const install = await packs.install(request.scope, { archive: upload.archive, fileName: upload.fileName, author: upload.author });
    if (install.outcome !== 'refused') return reply.redirect(`/lawdesk/packs/${install.digest ?? ''}?done=${install.number}`, 303);
    return sendPage(request, reply, (frame) => attemptPage(frame, install, lawbook.packs()), install.refusal !== undefined && isNotScanned(install.refusal) ? 503 : 422);
  });
  app.get('/lawdesk/packs/attempts/:number', { config: { policy: 'law.see' }, schema: { hide: true, params: z.object({ number: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }), querystring: z.object(lang) } }, async (request, reply) => {
    const install = await packs.attempt(request.params.number);
    if (install === undefined) return reply.callNotFound();
    return sendPage(request, reply, (frame) => attemptPage(frame, install, lawbook.packs()));
  });
  app.get('/lawdesk/packs/:digest', { config: { policy: 'law.see' }, schema: { hide: true, params: digestParam, querystring: z.object({ done: z.string().max(20).optional(), ...lang }) } }, async (request, reply) => {
    const version = await packs.version(request.params.digest);
    if (version === undefined) return reply.callNotFound();
    const adopt = version.row.isInForce ? undefined : adoptHref?.(version.row.ref.digest);
    return sendPage(request, reply, (frame) => versionPage(frame, version, { isJustInstalled: request.query.done !== undefined, ...(adopt === undefined ? {} : { adoptHref: adopt }) }));
  });
  app.post('/lawdesk/packs/:digest/check', { config: { policy: 'law.install' }, schema: { hide: true, params: digestParam } }, async (request, reply) => {
    const check = await packs.check(request.params.digest);
    if (check === undefined) return reply.callNotFound();
    return reply.redirect(`/lawdesk/packs/${request.params.digest}#check`, 303);
  });
  app.get('/lawdesk/packs/:digest/bundle', { config: { policy: 'law.see' }, schema: { hide: true, params: digestParam } }, async (request, reply) => {
    const bundle = await packs.bundle(request.params.digest);
    if (bundle === undefined) return reply.callNotFound();
    return reply.header('content-type', 'application/zip').header('content-disposition', `attachment; filename="${bundle.name.replaceAll(/[^\w.-]/g, '_')}"`).send(bundle.bytes);
  });
}

function keyRoutes(app: MizanServer, { keys }: PackRouteParts): void {
  app.get('/lawdesk/keys', { config: { policy: 'law.see' }, schema: { hide: true, querystring: z.object(lang) } }, async (request, reply) => {
    const [known, acts] = [await keys.list(), await keys.acts()];
    return sendPage(request, reply, (frame) => keysPage(frame, { keys: known, acts }));
  });
  app.post('/lawdesk/keys', { config: { policy: 'law.trust' }, schema: { hide: true, body: z.object({ lines: z.string().max(KEY_LINES_LENGTH_MAX).default(''), ...act }) } }, async (request, reply) => {
    const added = await keys.add(request.scope, { ...request.body, author: authorOf(request, request.body.author) });
    if (added.ok) return reply.redirect('/lawdesk/keys', 303);
    const [known, acts] = [await keys.list(), await keys.acts()];
    return sendPage(request, reply, (frame) => keysPage(frame, { keys: known, acts, refusal: added.refusal, given: request.body }), 422);
  });
  const fingerprint = z.object({ fingerprint: z.string().regex(/^[0-9a-f]{64}$/) });
  app.get('/lawdesk/keys/:fingerprint', { config: { policy: 'law.see' }, schema: { hide: true, params: fingerprint, querystring: z.object(lang) } }, async (request, reply) => {
    const key = await keys.get(request.params.fingerprint);
    if (key === undefined) return reply.callNotFound();
    const acts = (await keys.acts()).filter((one) => one.fingerprint === key.fingerprint);
    return sendPage(request, reply, (frame) => keyPage(frame, { key, acts }));
  });
  app.post('/lawdesk/keys/:fingerprint/revoke', { config: { policy: 'law.trust' }, schema: { hide: true, params: fingerprint, body: z.object(act) } }, async (request, reply) => {
    const revoked = await keys.revoke(request.scope, request.params.fingerprint, { ...request.body, author: authorOf(request, request.body.author) });
    if (revoked.ok) return reply.redirect(`/lawdesk/keys/${request.params.fingerprint}`, 303);
    const key = await keys.get(request.params.fingerprint);
    if (key === undefined) return reply.callNotFound();
    const acts = (await keys.acts()).filter((one) => one.fingerprint === key.fingerprint);
    return sendPage(request, reply, (frame) => keyPage(frame, { key, acts, refusal: revoked.refusal, given: request.body }), 422);
  });
}

const signerSchema = z.object({ role: z.string(), name: z.string(), fingerprint: z.string(), on: z.string(), statement: z.string().optional() });
const installSchema = z.object({
  attempt: z.number(),
  outcome: z.enum(['installed', 'present', 'refused']),
  pack: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
  signers: z.array(signerSchema),
  check: z.object({ errors: z.number(), warnings: z.number(), cases: z.number(), passed: z.number() }),
});

function apiRoutes(app: MizanServer, { packs, keys }: PackRouteParts): void {
  app.get(
    '/api/v1/lawdesk/keys',
    {
      config: { policy: 'law.see', api: true },
      schema: {
        tags: ['lawdesk'],
        summary: 'The keys whose signatures on law packs are believed here, revoked ones marked',
        response: { 200: z.object({ keys: z.array(z.object({ role: z.string(), name: z.string(), key: z.string(), fingerprint: z.string(), revokedOn: z.string().nullable() })) }) },
      },
    },
    async () => ({ keys: (await keys.list()).map(({ role, name, key, fingerprint, revokedAt }) => ({ role, name, key, fingerprint, revokedOn: revokedAt?.slice(0, 10) ?? null })) }),
  );
  app.get(
    '/api/v1/lawdesk/packs',
    {
      config: { policy: 'law.see', api: true },
      schema: {
        tags: ['lawdesk'],
        summary: 'Every law pack version kept here, newest first',
        response: { 200: z.object({ packs: z.array(z.object({ id: z.string(), version: z.string(), digest: z.string(), status: z.string(), origin: z.enum(['built-in', 'made-here', 'installed', 'unknown']), inForce: z.boolean(), keptSince: z.string() })) }) },
      },
    },
    async () => ({ packs: (await packs.versions()).map(({ row, origin }) => ({ ...row.ref, status: row.status, origin, inForce: row.isInForce, keptSince: row.installedAt })) }),
  );
  app.post(
    '/api/v1/lawdesk/packs',
    {
      config: { policy: 'law.install', api: true, upload: { file: 'A signed law pack as ZIP: pack.json, pack.yaml and its files.', fields: { author: 'Who brings it in; stands in the record.' } } },
      schema: { tags: ['lawdesk'], summary: 'Bring in a signed law pack: verified, checked, kept beside the law in force', description: 'Changes nothing in force. A refusal (`pack-refused`) names in `errors[0].path` what is wrong; the attempt is recorded.', response: { 201: installSchema } },
    },
    async (request, reply) => {
      const upload = await receive(request);
      const t = packsText.in(request.frame.language);
      if (upload.archive === undefined) throw new Refused('file-missing', t('install.no-file'));
      if (upload.author === '') throw new Refused('pack-refused', t('install.no-author'), { errors: [{ path: 'author', message: t('install.no-author') }] });
      const install = await packs.install(request.scope, { archive: upload.archive, fileName: upload.fileName, author: upload.author });
      if (install.refusal !== undefined) throw refusedPack(install, request);
      const { packId = '', version = '', digest = '', check } = install;
      return reply.status(201).send({
        attempt: install.number,
        outcome: install.outcome,
        pack: { id: packId, version, digest },
        signers: install.signers.map(({ role, name, fingerprint, on, statement }) => ({ role, name, fingerprint, on, ...(statement === undefined ? {} : { statement }) })),
        check: { errors: check?.errors ?? 0, warnings: check?.warnings ?? 0, cases: check?.cases ?? 0, passed: check?.passed ?? 0 },
      });
    },
  );
}

/** The pack may be sound: who sends it again when the scanner answers hears something else. */
const isNotScanned = (refusal: InstallRefusal): boolean => refusal.stage === 'bundle' && refusal.bundle.code === 'not-scanned';

function refusedPack({ refusal }: Install, { frame }: FastifyRequest): Refused {
  if (refusal === undefined) throw new Error('invariant broken: a refused install has a refusal');
  const words = installRefusalText(refusal, frame.language);
  if (isNotScanned(refusal)) return new Refused('not-scanned', words, { status: 503 });
  const problems = refusal.stage === 'law' ? refusal.problems.map((problem) => ({ path: `${problem.file}:${problem.line}`, message: `${problem.message} ${problem.fix}` })) : [];
  return new Refused('pack-refused', words, { errors: [{ path: installRefusalCode(refusal), message: words }, ...problems] });
}

interface Received {
  /** Cut off past the limit: then it is longer than any pack may be and is refused for that. */
  readonly archive: Buffer | undefined;
  readonly fileName: string;
  readonly author: string;
}

/** Takes an upload off the wire into memory, never more than one pack may have; the sender may finish so that it hears the answer. */
async function receive(request: FastifyRequest): Promise<Received> {
  const received: { archive: Buffer | undefined; fileName: string; author: string } = { archive: undefined, fileName: '', author: authorOf(request, '').slice(0, AUTHOR_LENGTH_MAX) };
  if (!request.isMultipart()) return received;
  for await (const part of request.parts()) {
    if (part.type === 'field') {
      if (part.fieldname === 'author') received.author = authorOf(request, String(part.value)).trim().slice(0, AUTHOR_LENGTH_MAX);
      continue;
    }
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of part.file as AsyncIterable<Buffer>) {
      // One piece past the limit is kept: it shows that there was more.
      if (bytes <= BUNDLE_BYTES_MAX) pieces.push(piece);
      bytes += piece.length;
    }
    if (part.fieldname !== 'file' || (bytes === 0 && part.filename === '')) continue;
    received.archive = Buffer.concat(pieces);
    received.fileName = part.filename;
  }
  return received;
}
