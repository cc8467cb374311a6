/** The service of the intake: receive a file, check it, apply it, cancel it, go on with it. */

import { randomUUID } from 'node:crypto';
import { Fault, type Instant, type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { type Scope, systemScope } from '../../../platform/auth/index.ts';
import type { RunningJob } from '../../../platform/jobs/index.ts';
import { IMPORT_STATES, type ImportMode, type ImportResult, type ImportView, type NumberedProblem, type ProblemQuery } from '../model/import.ts';
import { parseProfile, type Profile, type ProfileProblem } from '../model/profile.ts';
import { UnreadableFile } from '../model/refusal.ts';
import type { SourceTable, TableOptions } from '../model/table.ts';
import { openTable } from '../store/readers/open-table.ts';
import type { KnownProfile } from '../store/profiles.ts';
import type { StoredFile } from '../store/files.ts';
import type { Work } from '../store/space.ts';
import { applyImport } from './apply.ts';
import { checkImport } from './check.ts';
import { type ActionParts, profileDigest, type Progress } from './parts.ts';

export const JOB = 'intake.run';
/** `signal.reason` of a job that a person cancelled; any other reason means the process stops and the job goes on later. */
const CANCELLED = 'job-cancelled';
const FILE_NAME_LENGTH_MAX = 200;
/** Shown beside the bar in every language. */
const STEPS: { readonly [S in Parameters<Progress>[2]]: string } = { reading: '1/4', comparing: '2/4', writing: '3/4', announcing: '4/4' };

export type IntakeRefusal = { readonly code: 'not-allowed' } | { readonly code: 'profile-unknown'; readonly profile: string } | { readonly code: 'not-found' } | { readonly code: 'wrong-state'; readonly state: ImportView['state'] } | { readonly code: 'disk-space-low'; readonly free: number; readonly needed: number };

export interface StartImport {
  readonly profile: string;
  readonly fileName: string;
  readonly mode: ImportMode;
  /** Entries are marked as sample data and can be removed together. */
  readonly sample?: boolean;
  readonly options?: TableOptions;
}

export interface Intake {
  /** Before an upload begins: throws UnreadableFile `disk-space-low` when a file of so many bytes would not find room, with all that it becomes. */
  expect(fileBytes: number): Promise<void>;
  /** Keeps an uploaded file; the same content is kept once. Throws UnreadableFile `file-too-large`. */
  keepFile(content: NodeJS.ReadableStream): Promise<StoredFile>;
  /** Keeps an import of a file that no profile fits yet; the mapper page makes one, and `resume` goes on. */
  startUnmapped(scope: Scope, file: StoredFile, fileName: string, options?: TableOptions): Promise<Verdict<{ readonly id: string }, IntakeRefusal>>;
  /** Starts an import of a kept file; answers at once, the work runs as a job. */
  start(scope: Scope, file: StoredFile, start: StartImport): Promise<Verdict<{ readonly id: string; readonly job: string }, IntakeRefusal>>;
  /** The same without a job, to its end, for the command line when no server runs. `mode` may not be `preview`. */
  runHere(scope: Scope, file: StoredFile, start: StartImport, progress?: Progress, signal?: AbortSignal): Promise<Verdict<ImportView, IntakeRefusal>>;
  get(scope: Scope, id: string): Promise<ImportView | undefined>;
  list(scope: Scope, page: { readonly limit: number; readonly after?: Instant }): Promise<readonly ImportView[]>;
  problems(scope: Scope, id: string, query: ProblemQuery): Promise<readonly NumberedProblem[]>;
  problemColumns(scope: Scope, id: string): Promise<readonly string[]>;
  /** Applies a checked import. `all` is refused by the job when a row has an error. */
  apply(scope: Scope, id: string, mode: 'all' | 'good'): Promise<Verdict<{ readonly job: string }, IntakeRefusal>>;
  cancel(scope: Scope, id: string): Promise<Verdict<ImportView, IntakeRefusal>>;
  /** Goes on with a cancelled, failed or refused import, with the profile and options it has now. */
  resume(scope: Scope, id: string, change?: { readonly profile?: string; readonly options?: TableOptions }): Promise<Verdict<{ readonly job: string }, IntakeRefusal>>;
  profiles(): Promise<readonly KnownProfile[]>;
  profile(id: string): Promise<KnownProfile | undefined>;
  /** Saves a profile made on the mapper page. Shipped ids cannot be taken. */
  saveProfile(scope: Scope, text: string): Promise<Verdict<Profile, readonly ProfileProblem[]>>;
  /** Opens a kept file for the mapper page. */
  openFile(scope: Scope, id: string): Promise<SourceTable | undefined>;
  /** Key, place and kinds of the rows a source brought last; with the entries' source columns the file can be written again. */
  places(profile: string): ReturnType<ActionParts['ledger']['places']>;
}

/** Registers the job; call before `jobs.begin()`. */
export function createActions(parts: ActionParts): Intake {
  const { imports, jobs } = parts;
  jobs.define(JOB, async (job: RunningJob<{ importId: string; apply: 'all' | 'good' | null }>) => runJob(parts, job), { policy: 'file.import' });
  const startJob = async (id: string, apply: 'all' | 'good' | null): Promise<string> => {
    const job = await jobs.start(JOB, { importId: id, apply });
    await imports.patch(id, { jobId: job });
    return job;
  };
  const isWorkspace = (scope: Scope): boolean => scope.kind === 'workspace';
  return {
    expect: async (fileBytes) => parts.space.check({ step: 'receive', bytes: fileBytes }),
    keepFile: async (content) => parts.files.keep(content),
    startUnmapped: async (scope, file, fileName, options = {}) => {
      const known = { profile: UNMAPPED, text: '', isShipped: true };
      const view = await newImport(parts, scope, file, { profile: UNMAPPED.id, fileName, mode: 'preview', options }, known);
      if (!view.ok) return view;
      await imports.insert(view.value);
      return yes({ id: view.value.id });
    },
    start: async (scope, file, start) => {
      const view = await newImport(parts, scope, file, start);
      if (!view.ok) return view;
      await imports.insert(view.value);
      return yes({ id: view.value.id, job: await startJob(view.value.id, start.mode === 'preview' ? null : start.mode) });
    },
    runHere: async (scope, file, start, progress = () => undefined, signal = new AbortController().signal) => {
      const view = await newImport(parts, scope, file, start);
      if (!view.ok) return view;
      await imports.insert(view.value);
      await work(parts, scope, view.value.id, start.mode === 'preview' ? null : start.mode, progress, signal);
      const after = await imports.get(view.value.id);
      return after === undefined ? no({ code: 'not-found' }) : yes(after);
    },
    get: async (scope, id) => (isWorkspace(scope) ? imports.get(id) : undefined),
    list: async (scope, page) => (isWorkspace(scope) ? imports.list(page.limit, page.after) : []),
    problems: async (scope, id, query) => (isWorkspace(scope) ? imports.problems(id, query) : []),
    problemColumns: async (scope, id) => (isWorkspace(scope) ? imports.problemColumns(id) : []),
    apply: async (scope, id, mode) => {
      const view = isWorkspace(scope) ? await imports.get(id) : undefined;
      if (view === undefined) return no({ code: 'not-found' });
      const space = await spaceToApply(parts, view);
      if (!space.ok) return space;
      if (!(await imports.move(id, ['checked'], 'applying'))) return no({ code: 'wrong-state', state: view.state });
      return yes({ job: await startJob(id, mode) });
    },
    cancel: async (scope, id) => cancel(parts, scope, id),
    resume: async (scope, id, change = {}) => {
      const view = isWorkspace(scope) ? await imports.get(id) : undefined;
      if (view === undefined) return no({ code: 'not-found' });
      const known = await parts.profiles.get(change.profile ?? view.profile);
      if (known === undefined) return no({ code: 'profile-unknown', profile: change.profile ?? view.profile });
      const isNew = view.state === 'waiting' && view.jobId === null;
      if (!isNew && !(await imports.move(id, ['cancelled', 'failed', 'refused', 'checked'], 'waiting'))) return no({ code: 'wrong-state', state: view.state });
      await imports.rebase(id, known.profile, profileDigest(known.profile), change.options ?? view.options);
      return yes({ job: await startJob(id, view.mode === 'preview' ? null : view.mode) });
    },
    profiles: async () => parts.profiles.list(),
    profile: async (id) => parts.profiles.get(id),
    saveProfile: async (scope, text) => saveProfile(parts, scope, text),
    openFile: async (scope, id) => {
      const view = isWorkspace(scope) ? await imports.get(id) : undefined;
      return view === undefined ? undefined : openTable(parts.files.pathOf(view.fileSha256), view.options);
    },
    places: async (profile) => parts.ledger.places(profile),
  };
}

/** Stands in an import until the mapper page has made a profile: it maps nothing and is never run. */
export const UNMAPPED: Profile = {
  id: 'unmapped', version: 1, name: { az: 'Naməlum fayl', en: 'Unknown file', ru: 'Неизвестный файл' }, note: { az: 'Sütunlar hələ uyğunlaşdırılmayıb.', en: 'The columns are not matched yet.', ru: 'Столбцы ещё не сопоставлены.' },
  publisher: '—', licence: '—', status: 'draft', absent: 'keep', columns: [], placeholders: [], key: { mint: ['—'] }, fields: {},
};

async function newImport(parts: ActionParts, scope: Scope, file: StoredFile, start: StartImport, given?: KnownProfile): Promise<Verdict<ImportView, IntakeRefusal>> {
  if (scope.kind !== 'workspace') return no({ code: 'not-allowed' });
  const known = given ?? (await parts.profiles.get(start.profile));
  if (known === undefined) return no({ code: 'profile-unknown', profile: start.profile });
  return yes({
    id: randomUUID(), profile: known.profile.id, rules: known.profile, profileDigest: profileDigest(known.profile), fileName: start.fileName.replaceAll('\0', '').toWellFormed().slice(-FILE_NAME_LENGTH_MAX),
    fileSha256: file.sha256, fileBytes: file.bytes, mode: start.mode, sample: start.sample ?? false, options: start.options ?? {}, state: 'waiting', facts: null, findings: null, counts: null, drift: null,
    result: null, refusal: null, jobId: null, actor: scope.actor, createdAt: parts.clock.now(), checkedAt: null, appliedAt: null,
  });
}

async function runJob(parts: ActionParts, job: RunningJob<{ importId: string; apply: 'all' | 'good' | null }>): Promise<Json> {
  const { importId, apply } = job.input;
  try {
    const result = await work(parts, systemScope, importId, apply, (done, total, step) => job.progress(done, total, STEPS[step]), job.signal);
    return (result ?? null) as Json;
  } catch (error) {
    if (job.signal.aborted && job.signal.reason === CANCELLED) {
      const view = await parts.imports.get(importId);
      if (view !== undefined && view.state !== 'applied') await parts.imports.patch(importId, { state: 'cancelled' });
    }
    throw error;
  }
}

/**
 * Checks, then applies when asked. May be begun again after the process died anywhere: a check starts over, an apply either
 * left everything (then its result stands in the import) or nothing.
 */
async function work(parts: ActionParts, scope: Scope, id: string, apply: 'all' | 'good' | null, progress: Progress, signal: AbortSignal): Promise<ImportResult | undefined> {
  const { imports } = parts;
  let view = await imports.get(id);
  if (view === undefined) throw new Fault('not-found', 'The import no longer exists.', { import: id });
  if (view.state === 'applied') return view.result ?? undefined;
  if (view.state === 'cancelled') return undefined;
  try {
    const lastApplied = await parts.ledger.lastApplied(view.profile);
    // Another import of the source was applied since this one was compared: the comparison no longer holds.
    const isOutdated = view.checkedAt !== null && lastApplied !== undefined && lastApplied > view.checkedAt;
    // The staged rows do not survive a crash of the database, on purpose; see the migration.
    const isEmptied = view.checkedAt !== null && (await parts.rows.staged(id)) !== (view.counts?.read ?? 0);
    if (isOutdated || isEmptied || view.checkedAt === null || view.state === 'waiting' || view.state === 'checking') {
      await imports.patch(id, { state: 'checking', refusal: null });
      await parts.space.check({ step: 'check', bytes: view.fileBytes, isWorkbook: isWorkbook(view) });
      await checkImport(parts, scope, view, progress, signal);
      await imports.patch(id, { state: 'checked' });
      view = (await imports.get(id)) ?? view;
    }
    if (apply === null) return undefined;
    await parts.space.check(toApply(view));
    await imports.patch(id, { state: 'applying' });
    return await applyImport(parts, scope, view, apply, progress, signal);
  } catch (error) {
    if (!signal.aborted) await afterFailure(parts, id, error);
    throw error;
  }
}

/** By its facts once it was opened, by its name before. */
function isWorkbook(view: ImportView): boolean {
  return view.facts === null ? view.fileName.toLowerCase().endsWith('.xlsx') : view.facts.format === 'xlsx';
}

/** Rows that stand in the register as they come cost next to nothing. */
function toApply(view: ImportView): Work {
  const { counts } = view;
  const rows = counts === null ? 0 : Math.max(0, counts.read - counts.unchanged);
  const share = counts === null || counts.read === 0 ? 1 : rows / counts.read;
  return { step: 'apply', bytes: Math.ceil(view.fileBytes * share), isWorkbook: isWorkbook(view), rows };
}

/** Said at once to whom asks to apply, and the import stays checked. */
async function spaceToApply(parts: ActionParts, view: ImportView): Promise<Verdict<null, IntakeRefusal>> {
  try {
    await parts.space.check(toApply(view));
    return yes(null);
  } catch (error) {
    if (error instanceof UnreadableFile && error.code === 'disk-space-low') return no({ code: error.code, free: Number(error.detail['free']), needed: Number(error.detail['needed']) });
    throw error;
  }
}

async function afterFailure(parts: ActionParts, id: string, error: unknown): Promise<void> {
  if (error instanceof UnreadableFile) await parts.imports.patch(id, { state: 'refused', refusal: { code: error.code, detail: error.detail } });
  // Errors in rows leave the import checked, so that a person can choose the good rows.
  else if (error instanceof Fault && error.code === 'rows-with-errors') await parts.imports.patch(id, { state: 'checked' });
  // What was committed stays applied, even when telling others of it failed: the pre-screen catches up at the next start.
  else await parts.imports.move(id, IMPORT_STATES.filter((state) => state !== 'applied'), 'failed');
}

async function cancel(parts: ActionParts, scope: Scope, id: string): Promise<Verdict<ImportView, IntakeRefusal>> {
  const view = scope.kind === 'workspace' ? await parts.imports.get(id) : undefined;
  if (view === undefined) return no({ code: 'not-found' });
  if (['applied', 'refused', 'cancelled'].includes(view.state)) return no({ code: 'wrong-state', state: view.state });
  if (view.jobId !== null) await parts.jobs.cancel(view.jobId);
  // A running job says itself that it ended; one that waits, or a checked import, is ended here.
  await parts.imports.move(id, ['waiting', 'checked', 'failed'], 'cancelled');
  const after = await parts.imports.get(id);
  return after === undefined ? no({ code: 'not-found' }) : yes(after);
}

async function saveProfile(parts: ActionParts, scope: Scope, text: string): Promise<Verdict<Profile, readonly ProfileProblem[]>> {
  if (scope.kind !== 'workspace') return no([{ path: '', message: 'not allowed' }]);
  const parsed = parseProfile(text);
  if (!parsed.ok) return parsed;
  if (parts.profiles.isShipped(parsed.value.id)) return no([{ path: 'id', message: 'a shipped profile has this id' }]);
  await parts.profiles.save(parsed.value, text, parts.clock.now());
  return yes(parsed.value);
}
