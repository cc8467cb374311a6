/** Routes of drafts: begin, edit entry by entry, undo, check, compare, finish; pages and programs. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Language, no, type Verdict } from '../../../base/index.ts';
import type { Pack, PackProblem } from '../../../law/index.ts';
import { authorOf, type MizanServer, Refused, sendPage } from '../../../platform/http/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { chosenCases, runCases } from '../actions/run-cases.ts';
import { type DraftRefusal, type Drafts, type DraftState, type FinishGiven, nextVersion } from '../actions/drafts.ts';
import { AUTHOR_LENGTH_MAX } from '../model/install.ts';
import { type Entry, entriesOf, entryOf, isEntryKind } from '../rules/entries.ts';
import { editsOf, type FormBody, type FormRefusal, isTooLong, one } from '../rules/entry-forms.ts';
import { changedCases } from '../rules/case-runs.ts';
import { clockEdits, listEdits, type ListRefusal } from '../rules/list-forms.ts';
import { isNewKind, newEntryOf, type NewProblem } from '../rules/new-entry.ts';
import { casesAbout, usesOf } from '../rules/uses.ts';
import type { FieldEdit } from '../rules/yaml-edit.ts';
import { lawdeskEditorText } from '../text/editor/index.ts';
import { editorPage } from '../web/editor-entry.tsx';
import type { EditorParts, EditorView } from '../web/editor-form.tsx';
import { checkPage, differencePage, DraftHead, draftHref, draftPage, draftsPage, editHref, entryAt, type VersionChoice } from '../web/editor-list.tsx';
import { newEntryPage, newKindPage } from '../web/editor-new.tsx';
import { diagramFor } from './review.ts';

export interface EditorRouteParts {
  readonly drafts: Drafts;
  readonly lawbook: Lawbook;
  /** Where the effects of a new version are measured and it can be adopted; no link without. */
  readonly adoptHref?: ((digest: string) => string) | undefined;
}

const lang = z.string().max(10).optional();
const draftParams = z.object({ draft: z.uuid() });
const entryParams = draftParams.extend({ kind: z.string().max(40), id: z.string().max(200) });
const formBody = z.record(z.string().max(300), z.union([z.string(), z.array(z.string())]));
const afterBody = z.object({ after: z.coerce.number().int().min(0) });
const finishForm = { version: z.string().max(40).transform((text) => text.trim()), author: z.string().max(AUTHOR_LENGTH_MAX).default('') };
const path = z.string().max(200).default('');
const editorQuery = z.object({ condition: path, at: path, mode: z.enum(['replace', 'add', '']).default(''), q: path, name: path, factQ: path, addFact: path, saved: z.string().max(5).default(''), lang });

type Refusal = DraftRefusal | FormRefusal | ListRefusal;

function statusOf(refusal: Refusal): number {
  switch (refusal) {
    case 'unknown-draft':
    case 'unknown-pack':
    case 'entry-missing':
      return 404;
    case 'stale-draft':
    case 'draft-ended':
      return 409;
    case 'desk-busy':
    case 'finish-failed':
      return 503;
    default:
      return 422;
  }
}

export function refusedDraft(refusal: Refusal, language: Language): Refused {
  const message = lawdeskEditorText.in(language)(`refusal.${refusal}`);
  const status = statusOf(refusal);
  // The codes that programs tell apart; whatever else a form can do wrong is one code with its own words.
  switch (refusal) {
    case 'unknown-draft':
      return new Refused('unknown-draft', message, { status });
    case 'unknown-pack':
      return new Refused('unknown-pack', message, { status });
    case 'entry-missing':
      return new Refused('unknown-entry', message, { status });
    case 'stale-draft':
      return new Refused('stale-draft', message, { status });
    case 'draft-ended':
      return new Refused('draft-ended', message, { status });
    case 'draft-has-errors':
      return new Refused('draft-has-errors', message, { status });
    case 'version-not-newer':
      return new Refused('version-not-newer', message, { status });
    case 'condition-too-deep':
      return new Refused('condition-too-deep', message, { status });
    default:
      return new Refused('draft-edit-refused', message, { status });
  }
}

export function editorRoutes(app: MizanServer, parts: EditorRouteParts): void {
  listRoutes(app, parts);
  draftRoutes(app, parts);
  newRoutes(app, parts);
  entryRoutes(app, parts);
  differenceRoutes(app, parts);
  programRoutes(app, parts);
}

async function versionsOf(lawbook: Lawbook, language: Language): Promise<readonly VersionChoice[]> {
  return (await lawbook.installed()).map((version) => ({ digest: version.ref.digest, label: `${version.ref.id} ${version.ref.version}${version.isInForce ? ` (${lawdeskEditorText.in(language)('versions.in-force')})` : ''}` }));
}

async function stateOr404({ drafts }: EditorRouteParts, id: string, language: Language): Promise<DraftState> {
  const state = await drafts.open(id);
  if (state === undefined) throw refusedDraft('unknown-draft', language);
  return state;
}

function listRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const { drafts, lawbook } = parts;
  const show = async (request: FastifyRequest, reply: FastifyReply, title: string, error?: DraftRefusal): Promise<FastifyReply> => {
    const { language } = request.frame;
    const [lines, versions] = await Promise.all([drafts.list(), versionsOf(lawbook, language)]);
    return sendPage(request, reply, (frame) => draftsPage(frame, { drafts: lines, versions, title, error: error === undefined ? undefined : lawdeskEditorText.in(language)(`refusal.${error}`) }), error === undefined ? 200 : statusOf(error));
  };
  app.get('/lawdesk/drafts', { config: { policy: 'law.see' }, schema: { hide: true } }, (request, reply) => show(request, reply, ''));
  app.post('/lawdesk/drafts', { config: { policy: 'law.draft' }, schema: { hide: true, body: z.object({ digest: z.string().max(64), title: z.string().max(2000).default('') }) } }, async (request, reply) => {
    const made = await drafts.create(request.scope, request.body);
    return made.ok ? reply.redirect(draftHref({ draft: made.value }), 303) : show(request, reply, request.body.title, made.refusal);
  });
}

function draftRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const { drafts, lawbook, adoptHref } = parts;
  const query = z.object({ q: z.string().max(200).default(''), kind: z.string().max(40).default(''), from: z.coerce.number().int().min(0).max(100_000).default(0), lang });
  const show = async (request: FastifyRequest, reply: FastifyReply, id: string, given: z.infer<typeof query>, failed?: { readonly refusal: DraftRefusal; readonly field?: string; readonly given?: FinishGiven }): Promise<FastifyReply> => {
    const { language } = request.frame;
    const state = await stateOr404(parts, id, language);
    const next = nextVersion((await lawbook.versions(state.draft.packId)).map((version) => version.ref.version));
    return sendPage(
      request,
      reply,
      (frame) => draftPage(frame, { state, q: given.q, kind: given.kind, from: given.from, nextVersion: failed?.given?.version ?? next, author: failed?.given?.author ?? '', adoptHref, error: failed === undefined ? undefined : lawdeskEditorText.in(language)(`refusal.${failed.refusal}`), ...(failed?.field === undefined ? {} : { errorField: failed.field }) }),
      failed === undefined ? 200 : statusOf(failed.refusal),
    );
  };
  const plain = { q: '', kind: '', from: 0 };
  app.get('/lawdesk/drafts/:draft', { config: { policy: 'law.see' }, schema: { hide: true, params: draftParams, querystring: query } }, (request, reply) => show(request, reply, request.params.draft, request.query));
  app.post('/lawdesk/drafts/:draft/undo', { config: { policy: 'law.draft' }, schema: { hide: true, params: draftParams, body: afterBody } }, async (request, reply) => {
    const done = await drafts.undo(request.scope, request.params.draft, request.body.after);
    if (!done.ok) return show(request, reply, request.params.draft, plain, { refusal: done.refusal });
    const { kind, id, act } = done.value.undone.about as { kind?: string; id?: string; act?: string };
    const to = kind === undefined || id === undefined || act === 'copy' || act === 'add' ? draftHref({ draft: { id: request.params.draft } }, '#history') : editHref({ draft: { id: request.params.draft } }, kind, id);
    return reply.redirect(to, 303);
  });
  app.post('/lawdesk/drafts/:draft/finish', { config: { policy: 'law.draft' }, schema: { hide: true, params: draftParams, body: afterBody.extend(finishForm) } }, async (request, reply) => {
    const { after, version, author } = request.body;
    const given = { version, author: authorOf(request, author) };
    const { draft } = request.params;
    const state = await drafts.open(draft);
    // What was checked already is finished at once; else the page of the check waits and finishes by itself.
    const isKnown = state !== undefined && drafts.known(state) !== undefined;
    const done = isKnown ? await drafts.finish(request.scope, draft, after, given) : await drafts.beginFinish(request.scope, draft, after, given);
    if (done.ok) return reply.redirect(draftHref({ draft: { id: draft } }, isKnown ? '' : '/check?finish=yes'), 303);
    if (done.refusal === 'draft-has-errors') return reply.redirect(draftHref({ draft: { id: draft } }, '/check?finish=yes'), 303);
    const field = done.refusal === 'no-author' ? 'author' : done.refusal === 'bad-version' || done.refusal === 'version-not-newer' ? 'version' : undefined;
    return show(request, reply, draft, plain, { refusal: done.refusal, given, ...(field === undefined ? {} : { field }) });
  });
  app.post('/lawdesk/drafts/:draft/discard', { config: { policy: 'law.draft' }, schema: { hide: true, params: draftParams, body: afterBody } }, async (request, reply) => {
    const done = await drafts.discard(request.scope, request.params.draft, request.body.after);
    return done.ok ? reply.redirect('/lawdesk/drafts', 303) : show(request, reply, request.params.draft, plain, { refusal: done.refusal });
  });
  app.get('/lawdesk/drafts/:draft/check', { config: { policy: 'law.see' }, schema: { hide: true, params: draftParams, querystring: z.object({ finish: z.enum(['yes', '']).default(''), lang }) } }, async (request, reply) => {
    const { language } = request.frame;
    const state = await stateOr404(parts, request.params.draft, language);
    const finishing = request.query.finish === 'yes' ? drafts.finishing(state.draft.id) : undefined;
    if (request.query.finish === 'yes' && state.end === 'finished') return reply.redirect(draftHref(state), 303);
    const { answer } = drafts.checking(state);
    const isFinishing = finishing !== undefined && finishing.result === undefined;
    // The page asks again until there is something to show: no second click, and no script.
    if (answer === undefined || isFinishing) void reply.header('refresh', String(CHECK_LOOK_AGAIN_S));
    const refusal = finishing?.result?.ok === false ? finishing.result.refusal : undefined;
    return sendPage(request, reply, (frame) =>
      checkPage(frame, { state, answer, finishing: isFinishing ? finishing.version : undefined, error: refusal === undefined ? undefined : lawdeskEditorText.in(language)(`refusal.${refusal}`) }),
    );
  });
}

/** Seconds between two looks at a check that runs. */
const CHECK_LOOK_AGAIN_S = 2;

function entryRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const { drafts } = parts;
  const show = async (request: FastifyRequest, reply: FastifyReply, params: z.infer<typeof entryParams>, query: Partial<z.infer<typeof editorQuery>>, refusal?: Refusal): Promise<FastifyReply> => {
    const { language } = request.frame;
    const state = await stateOr404(parts, params.draft, language);
    const entry = isEntryKind(params.kind) ? entryOf(state.files, params.kind, params.id) : undefined;
    if (entry === undefined) throw refusedDraft(refusal ?? 'entry-missing', language);
    const view: EditorView = { condition: query.condition ?? '', at: query.at === 'root' ? '' : (query.at ?? ''), mode: query.mode ?? '', q: query.q ?? '', name: query.name ?? '', factQ: query.factQ ?? '', addFact: query.addFact ?? '' };
    const shown = await partsFor(parts, state, entry);
    return sendPage(
      request,
      reply,
      (frame) => editorPage(frame, { state, entry, view, ...shown, error: refusal === undefined ? undefined : lawdeskEditorText.in(language)(`refusal.${refusal}`), saved: refusal === undefined && query.saved === 'yes' }),
      refusal === undefined ? 200 : statusOf(refusal),
    );
  };
  app.get('/lawdesk/drafts/:draft/:kind/:id', { config: { policy: 'law.see' }, schema: { hide: true, params: entryParams, querystring: editorQuery } }, (request, reply) => show(request, reply, request.params, request.query));

  app.post('/lawdesk/drafts/:draft/:kind/:id', { config: { policy: 'law.draft' }, schema: { hide: true, params: entryParams, body: formBody } }, async (request, reply) => {
    const { params } = request;
    const body: FormBody = request.body;
    const after = Number(one(body, 'after'));
    const view = { condition: one(body, 'condition'), at: one(body, 'at') };
    const fail = (refusal: Refusal): Promise<FastifyReply> => show(request, reply, params, view, refusal);
    if (!isEntryKind(params.kind) || !Number.isInteger(after)) return fail('entry-missing');
    const target = { kind: params.kind, id: params.id };
    const form = one(body, 'form');
    if (form === 'copy' || form === 'remove') {
      const done = await drafts.edit(request.scope, params.draft, after, target, form === 'copy' ? { act: 'copy', newId: one(body, 'newId') } : { act: 'remove' });
      if (!done.ok) return fail(done.refusal);
      return reply.redirect(form === 'copy' ? `${editHref({ draft: { id: params.draft } }, params.kind, one(body, 'newId'))}?saved=yes` : draftHref({ draft: { id: params.draft } }, '#history'), 303);
    }
    const state = await stateOr404(parts, params.draft, request.frame.language);
    const entry = entryOf(state.files, params.kind, params.id);
    if (entry === undefined) return fail('entry-missing');
    // Two people on one draft: whoever saw an older state is told, before her form is read against a newer one.
    if (state.step !== after) return fail('stale-draft');
    const edits = editsAsked(state.pack ?? state.base.pack, entry, body);
    if (!edits.ok) return fail(edits.refusal);
    if (edits.value.length === 0) return fail('nothing-changed');
    const done = await drafts.edit(request.scope, params.draft, after, target, { act: 'fields', edits: edits.value });
    if (!done.ok) return fail(done.refusal);
    const anchor = form === 'sentence' ? 'condition' : form === 'rows' ? `rows-${one(body, 'list').replaceAll('.', '-')}` : form;
    return reply.redirect(`${editHref({ draft: { id: params.draft } }, params.kind, params.id)}?saved=yes#${anchor === 'case' ? 'cases' : anchor}`, 303);
  });
}

function editsAsked(pack: Pack, entry: Entry, body: FormBody): Verdict<readonly FieldEdit[], Refusal> {
  const form = one(body, 'form');
  if (form !== 'rows' && form !== 'clocks') return editsOf(pack, entry, body);
  if (isTooLong(body)) return no('text-too-long');
  return form === 'rows' ? listEdits(pack, entry, body) : clockEdits(pack, entry, body);
}

/** An entry from nothing: which kind, then the form with what the kind needs at least. */
function newRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const { drafts } = parts;
  const kindParams = draftParams.extend({ kind: z.string().max(40) });
  const show = async (request: FastifyRequest, reply: FastifyReply, draft: string, kind: string | undefined, body: FormBody, problems: readonly NewProblem[], refusal?: Refusal): Promise<FastifyReply> => {
    const { language } = request.frame;
    const state = await stateOr404(parts, draft, language);
    if (kind !== undefined && !isNewKind(kind)) throw refusedDraft('entry-missing', language);
    if (state.end !== undefined) return reply.redirect(draftHref(state), 303);
    const error = refusal === undefined ? undefined : lawdeskEditorText.in(language)(`refusal.${refusal}`);
    const status = refusal !== undefined ? statusOf(refusal) : problems.length > 0 ? 422 : 200;
    return sendPage(request, reply, (frame) => (kind === undefined ? newKindPage(frame, state) : newEntryPage(frame, { state, kind, body, problems, error })), status);
  };
  app.get('/lawdesk/drafts/:draft/new', { config: { policy: 'law.see' }, schema: { hide: true, params: draftParams, querystring: z.object({ lang }) } }, (request, reply) => show(request, reply, request.params.draft, undefined, {}, []));
  app.get('/lawdesk/drafts/:draft/new/:kind', { config: { policy: 'law.see' }, schema: { hide: true, params: kindParams, querystring: z.object({ lang }) } }, (request, reply) => show(request, reply, request.params.draft, request.params.kind, {}, []));
  app.post('/lawdesk/drafts/:draft/new/:kind', { config: { policy: 'law.draft' }, schema: { hide: true, params: kindParams, body: formBody } }, async (request, reply) => {
    const { draft, kind } = request.params;
    const { body } = request;
    const fail = (problems: readonly NewProblem[], refusal?: Refusal): Promise<FastifyReply> => show(request, reply, draft, kind, body, problems, refusal);
    const state = await stateOr404(parts, draft, request.frame.language);
    const after = Number(one(body, 'after'));
    if (!isNewKind(kind) || !Number.isInteger(after)) return fail([], 'entry-missing');
    if (state.end !== undefined) throw refusedDraft('draft-ended', request.frame.language);
    if (state.step !== after) return fail([], 'stale-draft');
    const made = newEntryOf(state.pack ?? state.base.pack, state.files, kind, body);
    if (!made.ok) return fail(made.refusal);
    const { id, file, data } = made.value;
    const done = await drafts.edit(request.scope, draft, after, { kind, id }, { act: 'add', file, data });
    return done.ok ? reply.redirect(`${editHref({ draft: { id: draft } }, kind, id)}?saved=yes`, 303) : fail([], done.refusal);
  });
}

/** Problems, cases and diagram of one entry in a draft. */
async function partsFor({ drafts }: EditorRouteParts, state: DraftState, entry: Entry): Promise<Pick<EditorParts, 'problems' | 'runs' | 'runsInAll' | 'changed' | 'diagram'>> {
  const entries = entriesOf(state.files);
  const isHere = (problem: { readonly file: string; readonly line: number }): boolean => {
    const at = entryAt(entries, problem);
    return at?.kind === entry.kind && at.id === entry.id;
  };
  const whole = state.problems.length === 0 ? state.pack : undefined;
  const problems = (whole === undefined ? state.problems : [...whole.notes, ...checkedProblems(drafts, state)]).filter(isHere);
  if (whole === undefined) return { problems, runs: [], runsInAll: 0, changed: [], diagram: undefined };
  const about = entry.kind === 'case' ? whole.cases.filter((one_) => one_.id === entry.id) : casesAbout(whole, usesOf(entries).conclusionsOf(entry)).filter((one_) => entry.kind !== 'fact' || entry.id in one_.facts);
  const runs = await runCases(whole, chosenCases(whole, about));
  const ids = new Set(runs.map((run) => run.workedCase.id));
  const before = await runCases(state.base.pack, state.base.pack.cases.filter((one_) => ids.has(one_.id)));
  return { problems, runs, runsInAll: about.length, changed: changedCases(before, runs), diagram: diagramFor({ pack: whole }, { entry }) };
}

/** The whole check takes seconds: on the page of one entry it is shown only when somebody ran it on this state. */
function checkedProblems(drafts: Drafts, state: DraftState): readonly PackProblem[] {
  return state.step > 0 ? (drafts.known(state)?.problems ?? []) : [];
}

function differenceRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const filter = { kind: z.string().max(40).default(''), dates: z.enum(['yes', '']).default(''), start: z.coerce.number().int().min(0).max(100_000).default(0), lang };
  app.get('/lawdesk/drafts/:draft/difference', { config: { policy: 'law.see' }, schema: { hide: true, params: draftParams, querystring: z.object(filter) } }, async (request, reply) => {
    const state = await stateOr404(parts, request.params.draft, request.frame.language);
    const { kind, dates, start } = request.query;
    return sendPage(request, reply, (frame) =>
      differencePage(frame, {
        from: state.base.pack,
        to: state.pack ?? state.base.pack,
        kind,
        dates: dates === 'yes',
        start,
        action: draftHref(state, '/difference'),
        keep: {},
        hrefOf: (entryKind, id) => editHref(state, entryKind, id),
        head: DraftHead({ state, language: frame.language, current: 'difference', crumb: lawdeskEditorText.in(frame.language)('tab.difference') }),
      }),
    );
  });
  const digest = z.string().regex(/^[0-9a-f]{64}$/);
  app.get('/lawdesk/difference', { config: { policy: 'law.see' }, schema: { hide: true, querystring: z.object({ from: digest, to: digest, ...filter }) } }, async (request, reply) => {
    const { from, to, kind, dates, start } = request.query;
    const packOr404 = async (wanted: string): Promise<Pack> => {
      const pack = await parts.lawbook.packByDigest(wanted);
      if (pack === undefined) throw refusedDraft('unknown-pack', request.frame.language);
      return pack;
    };
    const [old, next] = [await packOr404(from), await packOr404(to)];
    return sendPage(request, reply, (frame) => differencePage(frame, { from: old, to: next, kind, dates: dates === 'yes', start, action: '/lawdesk/difference', keep: { from, to }, hrefOf: (entryKind, id) => `/lawdesk/review/${to}/${entryKind}/${encodeURIComponent(id)}`, head: null }));
  });
}

const stepAnswer = z.object({ step: z.number() });

function programRoutes(app: MizanServer, parts: EditorRouteParts): void {
  const { drafts } = parts;
  app.get(
    '/api/v1/lawdesk/drafts',
    { config: { policy: 'law.see', api: true }, schema: { tags: ['law'], summary: 'Drafts of law, newest first', response: { 200: z.object({ drafts: z.array(z.object({ id: z.string(), title: z.string(), pack: z.string(), baseVersion: z.string(), baseDigest: z.string(), steps: z.number(), end: z.string().optional() })) }) } } },
    async () => ({ drafts: (await drafts.list()).map(({ draft, steps, end }) => ({ id: draft.id, title: draft.title, pack: draft.packId, baseVersion: draft.baseVersion, baseDigest: draft.baseDigest, steps, ...(end === undefined ? {} : { end }) })) }),
  );
  app.post(
    '/api/v1/lawdesk/drafts',
    { config: { policy: 'law.draft', api: true }, schema: { tags: ['law'], summary: 'Begins a draft as a copy of an installed version', body: z.object({ digest: z.string().regex(/^[0-9a-f]{64}$/), title: z.string().max(200) }), response: { 201: z.object({ id: z.string() }) } } },
    async (request, reply) => {
      const made = await drafts.create(request.scope, request.body);
      if (!made.ok) throw refusedDraft(made.refusal, request.frame.language);
      return reply.status(201).send({ id: made.value.id });
    },
  );
  app.get(
    '/api/v1/lawdesk/drafts/:draft',
    {
      config: { policy: 'law.see', api: true },
      schema: {
        tags: ['law'],
        summary: 'A draft as it stands: its files, its last step, and what the check says',
        params: draftParams,
        response: { 200: z.object({ id: z.string(), title: z.string(), step: z.number(), end: z.string().optional(), files: z.array(z.object({ path: z.string(), text: z.string() })), problems: z.array(z.object({ severity: z.string(), code: z.string(), file: z.string(), line: z.number(), message: z.string(), fix: z.string() })) }) },
      },
    },
    async (request) => {
      const state = await stateOr404(parts, request.params.draft, request.frame.language);
      return { id: state.draft.id, title: state.draft.title, step: state.step, ...(state.end === undefined ? {} : { end: state.end }), files: state.files.map((file) => ({ ...file })), problems: (await drafts.check(state)).problems.map((problem) => ({ ...problem })) };
    },
  );
  const edits = z.array(z.object({ path: z.array(z.union([z.string().max(200), z.number().int().min(0)])).min(1).max(12), value: z.json().optional().meta({ description: 'Left out: the field is taken away.' }) })).min(1).max(200);
  app.patch(
    '/api/v1/lawdesk/drafts/:draft/:kind/:id',
    { config: { policy: 'law.draft', api: true }, schema: { tags: ['law'], summary: 'Changes fields of one entry; refused when the draft went on since `after`', params: entryParams, body: z.object({ after: z.number().int().min(0), edits }), response: { 200: stepAnswer } } },
    async (request) => {
      const { kind, id, draft } = request.params;
      if (!isEntryKind(kind)) throw refusedDraft('entry-missing', request.frame.language);
      const done = await drafts.edit(request.scope, draft, request.body.after, { kind, id }, { act: 'fields', edits: request.body.edits.map((edit) => ({ path: edit.path, value: edit.value })) });
      if (!done.ok) throw refusedDraft(done.refusal, request.frame.language);
      return { step: done.value };
    },
  );
  app.post(
    '/api/v1/lawdesk/drafts/:draft/finish',
    { config: { policy: 'law.draft', api: true }, schema: { tags: ['law'], summary: 'Makes a draft without errors a version of its own beside the one in force', params: draftParams, body: z.object({ after: z.number().int().min(0), version: z.string().max(40), author: z.string().max(AUTHOR_LENGTH_MAX).meta({ description: 'Who makes the version; stands in the record of where it comes from.' }) }), response: { 200: z.object({ id: z.string(), version: z.string(), digest: z.string() }) } } },
    async (request) => {
      const done = await drafts.finish(request.scope, request.params.draft, request.body.after, { version: request.body.version, author: authorOf(request, request.body.author) });
      if (!done.ok) throw refusedDraft(done.refusal, request.frame.language);
      return { ...done.value };
    },
  );
}
