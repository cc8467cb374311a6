/** Drafts of law: begun from a version, changed step by step, undone, checked, and finished into a version that stands beside the one in force. */

import { createHash } from 'node:crypto';
import { type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { type Pack, type PackFile, type PackProblem, type PackRef, readPack } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { AUTHOR_LENGTH_MAX } from '../model/install.ts';
import { type EntryKind, entryOf, type PlainMap } from '../rules/entries.ts';
import { addEntry, copyEntry, editEntry, type FieldEdit, removeEntry, setTop, type YamlEditRefusal } from '../rules/yaml-edit.ts';
import { createDraftStore, type Draft, DRAFT_CHARS_MAX, DRAFT_STEPS_MAX, DRAFTS_MAX, type DraftStep } from '../store/drafts.ts';
import { createMadeHereStore } from '../store/made-here.ts';
import { type CheckAnswer, checkApart } from './check-apart.ts';
import { checkResultOf } from './install.ts';

export const DRAFT_TITLE_LENGTH_MAX = 200;
const VERSION_PATTERN = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/;
const ID_PATTERN = /^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,119}$/u;

/** A draft as it stands after its last step. */
export interface DraftState {
  readonly draft: Draft;
  readonly steps: readonly DraftStep[];
  /** Number of the last step; 0 at the beginning. Forms send it back. */
  readonly step: number;
  readonly end: 'finished' | 'discarded' | undefined;
  readonly base: { readonly pack: Pack; readonly files: readonly PackFile[] };
  readonly files: readonly PackFile[];
  /** As much of the pack as could be read. */
  readonly pack: Pack | undefined;
  /** Why it does not load as a whole. */
  readonly problems: readonly PackProblem[];
  /** The step an undo would take back. */
  readonly undoable: DraftStep | undefined;
}

export type DraftRefusal =
  | YamlEditRefusal
  | 'unknown-pack'
  | 'unknown-draft'
  | 'draft-ended'
  | 'stale-draft'
  | 'too-many-drafts'
  | 'too-many-steps'
  | 'draft-too-large'
  | 'nothing-to-undo'
  | 'nothing-changed'
  | 'no-title'
  | 'bad-entry-id'
  | 'no-author'
  | 'desk-busy'
  | 'finish-failed'
  | 'bad-version'
  | 'version-not-newer'
  | 'draft-has-errors';

export type EntryAct =
  | { readonly act: 'fields'; readonly edits: readonly FieldEdit[] }
  | { readonly act: 'copy'; readonly newId: string }
  | { readonly act: 'remove' }
  | { readonly act: 'add'; readonly file: string; readonly data: PlainMap };

export interface FinishGiven {
  readonly version: string;
  /** The name by which a person signs the act. */
  readonly author: string;
}

export interface Drafts {
  list(): Promise<readonly { readonly draft: Draft; readonly steps: number; readonly end: DraftState['end'] }[]>;
  create(scope: Scope, given: { readonly digest: string; readonly title: string }): Promise<Verdict<Draft, DraftRefusal>>;
  open(id: string): Promise<DraftState | undefined>;
  /** Changes one entry after `after`, the step the editor saw. */
  edit(scope: Scope, id: string, after: number, entry: { readonly kind: EntryKind; readonly id: string }, act: EntryAct): Promise<Verdict<number, DraftRefusal>>;
  undo(scope: Scope, id: string, after: number): Promise<Verdict<{ readonly step: number; readonly undone: DraftStep }, DraftRefusal>>;
  /** Everything the check of a pack says about the draft as it is. Takes as long as the pack is large; others are answered meanwhile. */
  check(state: DraftState): Promise<CheckAnswer>;
  /** The check of exactly this state as far as it is: begun now if nobody began it, remembered by the content of the draft. */
  checking(state: DraftState): { readonly answer: CheckAnswer | undefined };
  /** What is known of this state without asking for it. */
  known(state: DraftState): CheckAnswer | undefined;
  /** Makes the draft a version of its own beside the one in force. Waits for the check. */
  finish(scope: Scope, id: string, after: number, given: FinishGiven): Promise<Verdict<PackRef, DraftRefusal>>;
  /** Like `finish`, without waiting: `finishing` tells how it goes. Refuses at once what needs no check. */
  beginFinish(scope: Scope, id: string, after: number, given: FinishGiven): Promise<Verdict<true, DraftRefusal>>;
  /** The finish begun last in this process. */
  finishing(id: string): { readonly version: string; readonly result: Verdict<PackRef, DraftRefusal> | undefined } | undefined;
  discard(scope: Scope, id: string, after: number): Promise<Verdict<true, DraftRefusal>>;
}

const PACKS_REMEMBERED_MAX = 4;
const BASE_FILES_REMEMBERED_MAX = 4;
const CHECKS_REMEMBERED_MAX = 16;
/** Checks that run or wait; each takes seconds, one at a time. */
const CHECKS_WAITING_MAX = 8;
const FINISHES_REMEMBERED_MAX = 64;

interface ReadFiles {
  readonly pack: Pack | undefined;
  readonly problems: readonly PackProblem[];
}

export function openDrafts(parts: { readonly database: Database; readonly clock: Clock; readonly lawbook: Lawbook }): Drafts {
  const { clock, lawbook } = parts;
  const store = createDraftStore(parts.database);
  const madeHere = createMadeHereStore(parts.database);
  /** Read packs, checks and files of bases by what the files say: a page after an edit reads the draft once. */
  const read = remembering<ReadFiles>(PACKS_REMEMBERED_MAX);
  const checked = remembering<CheckAnswer>(CHECKS_REMEMBERED_MAX);
  const baseFiles = remembering<readonly PackFile[]>(BASE_FILES_REMEMBERED_MAX);
  const running = new Map<string, Promise<CheckAnswer>>();
  const finishes = remembering<{ readonly version: string; result: Verdict<PackRef, DraftRefusal> | undefined }>(FINISHES_REMEMBERED_MAX);

  const basesOf = async (base: Pack): Promise<ReadonlyMap<string, readonly PackFile[]>> => {
    const bases = new Map<string, readonly PackFile[]>();
    for (const { id, digest } of base.bases) {
      const found = await lawbook.filesByDigest(digest);
      if (found !== undefined) bases.set(id, found);
    }
    return bases;
  };

  const readFiles = async (files: readonly PackFile[], base: Pack): Promise<ReadFiles> => {
    const key = contentKey(files, base);
    const known = read.get(key);
    if (known !== undefined) return known;
    const bases = await basesOf(base);
    return read.set(key, readPack(files, { packs: (id) => bases.get(id) }));
  };

  const filesOf = async (digest: string): Promise<readonly PackFile[] | undefined> => {
    const known = baseFiles.get(digest);
    if (known !== undefined) return known;
    const found = await lawbook.filesByDigest(digest);
    return found === undefined ? undefined : baseFiles.set(digest, found);
  };

  const check = async (state: DraftState): Promise<CheckAnswer> => {
    const key = contentKey(state.files, state.base.pack);
    const known = knownCheck(state);
    if (known !== undefined) return known;
    let run = running.get(key);
    if (run === undefined) {
      run = basesOf(state.base.pack)
        .then(async (bases) => checkApart({ files: state.files, bases, against: state.base.files }))
        .then((answer) => checked.set(key, answer))
        .finally(() => running.delete(key));
      running.set(key, run);
    }
    return run;
  };

  /** A draft that does not load has its problems as its check. */
  const knownCheck = (state: DraftState): CheckAnswer | undefined =>
    state.pack === undefined || state.problems.length > 0 ? { problems: state.problems, cases: 0, passed: 0 } : checked.get(contentKey(state.files, state.base.pack));

  const open = async (id: string): Promise<DraftState | undefined> => {
    const draft = await store.get(id);
    if (draft === undefined) return undefined;
    const steps = await store.steps(id);
    const step = steps.at(-1)?.step ?? 0;
    const [texts, basePack, originals] = await Promise.all([store.texts(id, step), lawbook.packByDigest(draft.baseDigest), filesOf(draft.baseDigest)]);
    if (basePack === undefined || originals === undefined) return undefined;
    const files = originals.map((file) => ({ path: file.path, text: texts.get(file.path) ?? file.text }));
    const last = steps.at(-1)?.act;
    const undone = new Set(steps.map((one) => one.undoes));
    return {
      draft,
      steps,
      step,
      end: last === 'finish' ? 'finished' : last === 'discard' ? 'discarded' : undefined,
      base: { pack: basePack, files: originals },
      files,
      // Before the first step the draft is its base.
      ...(step === 0 ? { pack: basePack, problems: [] } : await readFiles(files, basePack)),
      undoable: steps.findLast((one) => one.act === 'edit' && !undone.has(one.step)),
    };
  };

  /** The draft ready for one more step. */
  const forStep = async (id: string, after: number): Promise<Verdict<DraftState, DraftRefusal>> => {
    const state = await open(id);
    if (state === undefined) return no('unknown-draft');
    if (state.end !== undefined) return no('draft-ended');
    if (state.step !== after) return no('stale-draft');
    // The end of a draft must fit in, however many steps led there.
    return state.step >= DRAFT_STEPS_MAX - 1 ? no('too-many-steps') : yes(state);
  };

  /** Everything about a finish that needs no check. */
  const forFinish = async (id: string, after: number, { version, author }: FinishGiven): Promise<Verdict<{ readonly state: DraftState; readonly files: readonly PackFile[] }, DraftRefusal>> => {
    const ready = await forStep(id, after);
    if (!ready.ok) return ready;
    const state = ready.value;
    if (author.trim() === '') return no('no-author');
    if (!VERSION_PATTERN.test(version)) return no('bad-version');
    if (!(await isNewest(state.draft.packId, version))) return no('version-not-newer');
    if (state.files.every((file, index) => file.text === state.base.files[index]?.text)) return no('nothing-changed');
    const files = withVersion(state.files, version);
    return files.ok ? yes({ state, files: files.value }) : files;
  };

  const drafts: Drafts = {
    list: async () => {
      const rows = await store.list();
      return Promise.all(
        rows.map(async (draft) => {
          const steps = await store.steps(draft.id);
          const last = steps.at(-1)?.act;
          return { draft, steps: steps.length, end: last === 'finish' ? ('finished' as const) : last === 'discard' ? ('discarded' as const) : undefined };
        }),
      );
    },
    create: async (scope, { digest, title }) => {
      const pack = await lawbook.packByDigest(digest);
      if (pack === undefined) return no('unknown-pack');
      const name = title.trim().slice(0, DRAFT_TITLE_LENGTH_MAX);
      if (name === '') return no('no-title');
      if ((await store.count()) >= DRAFTS_MAX) return no('too-many-drafts');
      return yes(await store.create({ title: name, packId: pack.ref.id, baseVersion: pack.ref.version, baseDigest: pack.ref.digest }, scope.actor, clock.now()));
    },
    open,
    edit: async (scope, id, after, entry, act) => {
      const ready = await forStep(id, after);
      if (!ready.ok) return ready;
      const state = ready.value;
      const found = entryOf(state.files, entry.kind, entry.id);
      const file = state.files.find((one) => one.path === (act.act === 'add' ? act.file : found?.file));
      if (file === undefined) return no('entry-missing');
      if (act.act === 'copy' && !ID_PATTERN.test(act.newId)) return no('bad-entry-id');
      if (act.act === 'copy' && entryOf(state.files, entry.kind, act.newId) !== undefined) return no('id-taken');
      if (act.act === 'add' && found !== undefined) return no('id-taken');
      const edited = textAfter(file.text, entry, act);
      if (!edited.ok) return edited;
      if (edited.value === file.text) return no('nothing-changed');
      if (state.files.reduce((sum, one) => sum + one.text.length, 0) - file.text.length + edited.value.length > DRAFT_CHARS_MAX) return no('draft-too-large');
      const about: Record<string, Json> = { kind: entry.kind, id: entry.id, act: act.act, ...(act.act === 'copy' ? { newId: act.newId } : {}), ...(act.act === 'fields' ? { fields: act.edits.map((edit) => edit.path.join('.')) } : {}) };
      const isFirst = await store.append({ draftId: id, after, act: 'edit', file: { path: file.path, text: edited.value }, about }, scope.actor, clock.now());
      return isFirst ? yes(after + 1) : no('stale-draft');
    },
    undo: async (scope, id, after) => {
      const ready = await forStep(id, after);
      if (!ready.ok) return ready;
      const { undoable, base } = ready.value;
      if (undoable?.path === undefined) return no('nothing-to-undo');
      const before = (await store.texts(id, undoable.step - 1)).get(undoable.path) ?? base.files.find((file) => file.path === undoable.path)?.text ?? '';
      const isFirst = await store.append({ draftId: id, after, act: 'undo', undoes: undoable.step, file: { path: undoable.path, text: before }, about: undoable.about }, scope.actor, clock.now());
      return isFirst ? yes({ step: after + 1, undone: undoable }) : no('stale-draft');
    },
    check,
    checking: (state) => {
      const answer = knownCheck(state);
      // With too many waiting nothing is begun: whoever looks again a little later begins it.
      if (answer === undefined && running.size < CHECKS_WAITING_MAX) void check(state).catch(() => undefined);
      return { answer };
    },
    known: knownCheck,
    finish: async (scope, id, after, given) => {
      const before = await forFinish(id, after, given);
      if (!before.ok) return before;
      const answer = await check(before.value.state);
      if (answer.problems.some((problem) => problem.severity === 'error')) return no('draft-has-errors');
      // The check took its time: the draft may have gone on, and somebody may have taken the number.
      const again = await forFinish(id, after, given);
      if (!again.ok) return again;
      const { state, files } = again.value;
      const installed = await lawbook.install(files);
      if (!installed.ok) return no('draft-has-errors');
      const { ref } = installed.value;
      const { draft } = state;
      const at = clock.now();
      await madeHere.add({ ref, base: { version: draft.baseVersion, digest: draft.baseDigest }, draftId: id, step: after, at, actor: scope.actor, author: given.author.trim().slice(0, AUTHOR_LENGTH_MAX), check: checkResultOf(answer) });
      const isFirst = await store.append({ draftId: id, after, act: 'finish', about: { version: ref.version, digest: ref.digest } }, scope.actor, at);
      return isFirst ? yes(ref) : no('stale-draft');
    },
    beginFinish: async (scope, id, after, given) => {
      const ready = await forFinish(id, after, given);
      if (!ready.ok) return ready;
      if (finishes.get(id) !== undefined && finishes.get(id)?.result === undefined) return yes(true);
      if (running.size >= CHECKS_WAITING_MAX) return no('desk-busy');
      const finish = finishes.set(id, { version: given.version, result: undefined });
      void drafts.finish(scope, id, after, given).then(
        (result) => void (finish.result = result),
        () => void (finish.result = no('finish-failed')),
      );
      return yes(true);
    },
    finishing: (id) => finishes.get(id),
    discard: async (scope, id, after) => {
      const ready = await forStep(id, after);
      if (!ready.ok) return ready;
      return (await store.append({ draftId: id, after, act: 'discard', about: {} }, scope.actor, clock.now())) ? yes(true) : no('stale-draft');
    },
  };
  return drafts;

  async function isNewest(packId: string, version: string): Promise<boolean> {
    const others = await lawbook.versions(packId);
    return others.every((other) => isLater(version, other.ref.version));
  }
}

function textAfter(text: string, { kind, id }: { readonly kind: EntryKind; readonly id: string }, act: EntryAct): Verdict<string, YamlEditRefusal> {
  switch (act.act) {
    case 'fields':
      return editEntry(text, kind, id, act.edits);
    case 'copy':
      return copyEntry(text, kind, id, act.newId);
    case 'remove':
      return removeEntry(text, kind, id);
    case 'add':
      return addEntry(text, kind, id, act.data);
  }
}

/** What a draft says: its files, and the base whose own bases it is read with. */
function contentKey(files: readonly PackFile[], base: Pack): string {
  const hash = createHash('sha256').update(base.ref.digest);
  for (const { path, text } of files) hash.update(`\n${path.length} ${path} ${text.length}\n`).update(text);
  return hash.digest('hex');
}

/** The most recent of each kind stay in memory. */
function remembering<T>(max: number): { readonly get: (key: string) => T | undefined; readonly set: (key: string, value: T) => T } {
  const kept = new Map<string, T>();
  return {
    get: (key) => {
      const value = kept.get(key);
      if (value !== undefined) {
        kept.delete(key);
        kept.set(key, value);
      }
      return value;
    },
    set: (key, value) => {
      kept.set(key, value);
      if (kept.size > max) kept.delete(kept.keys().next().value ?? '');
      return value;
    },
  };
}

/** A draft of signed law is nobody's law until somebody signs it again. */
function withVersion(files: readonly PackFile[], version: string): Verdict<readonly PackFile[], YamlEditRefusal> {
  const manifest = files.find((file) => file.path === 'pack.yaml');
  if (manifest === undefined) return no('file-broken');
  const renumbered = setTop(manifest.text, 'version', version);
  if (!renumbered.ok) return renumbered;
  const status = setTop(renumbered.value, 'status', 'needs_local_counsel');
  return status.ok ? yes(files.map((file) => (file === manifest ? { path: file.path, text: status.value } : file))) : status;
}

/** `1.10.0` is later than `1.9.3`. Versions of another form compare as earlier. */
export function isLater(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split('.').map(Number));
  for (let at = 0; at < 3; at++) {
    const [mine, theirs] = [a?.[at] ?? 0, b?.[at] ?? 0];
    if (Number.isNaN(theirs)) return true;
    if (mine !== theirs) return mine > theirs;
  }
  return false;
}

/** The next free patch number after all versions given. */
export function nextVersion(versions: readonly string[]): string {
  const latest = versions.filter((version) => VERSION_PATTERN.test(version)).reduce((last, version) => (isLater(version, last) ? version : last), '0.0.0');
  const [major = 0, minor = 0, patch = 0] = latest.split('.').map(Number);
  return `${major}.${minor}.${patch + 1}`;
}

