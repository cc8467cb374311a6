/** Drafts of law: begun from a version, changed step by step, undone, checked, and finished into a version that stands beside the one in force. */

import { type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { checkPack, type Pack, packDigest, type PackFile, type PackProblem, type PackRef, readPack } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { type EntryKind, entryOf } from '../rules/entries.ts';
import { copyEntry, editEntry, type FieldEdit, removeEntry, setTop, type YamlEditRefusal } from '../rules/yaml-edit.ts';
import { createDraftStore, type Draft, DRAFT_CHARS_MAX, DRAFT_STEPS_MAX, DRAFTS_MAX, type DraftStep } from '../store/drafts.ts';

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
  | 'bad-version'
  | 'version-not-newer'
  | 'draft-has-errors';

export type EntryAct =
  | { readonly act: 'fields'; readonly edits: readonly FieldEdit[] }
  | { readonly act: 'copy'; readonly newId: string }
  | { readonly act: 'remove' };

export interface Drafts {
  list(): Promise<readonly { readonly draft: Draft; readonly steps: number; readonly end: DraftState['end'] }[]>;
  create(scope: Scope, given: { readonly digest: string; readonly title: string }): Promise<Verdict<Draft, DraftRefusal>>;
  open(id: string): Promise<DraftState | undefined>;
  /** Changes one entry after `after`, the step the editor saw. */
  edit(scope: Scope, id: string, after: number, entry: { readonly kind: EntryKind; readonly id: string }, act: EntryAct): Promise<Verdict<number, DraftRefusal>>;
  undo(scope: Scope, id: string, after: number): Promise<Verdict<{ readonly step: number; readonly undone: DraftStep }, DraftRefusal>>;
  /** Everything the check of a pack says about the draft; remembered for its step. */
  check(state: DraftState): readonly PackProblem[];
  /** Whether somebody ran the check on exactly this state. */
  wasChecked(state: DraftState): boolean;
  /** Makes the draft a version of its own beside the one in force. */
  finish(scope: Scope, id: string, after: number, version: string): Promise<Verdict<PackRef, DraftRefusal>>;
  discard(scope: Scope, id: string, after: number): Promise<Verdict<true, DraftRefusal>>;
}

const PACKS_REMEMBERED_MAX = 6;

export function openDrafts(parts: { readonly database: Database; readonly clock: Clock; readonly lawbook: Lawbook }): Drafts {
  const { clock, lawbook } = parts;
  const store = createDraftStore(parts.database);
  /** Read packs by the digest of their files: a page after an edit reads it once. */
  const read = new Map<string, { readonly pack: Pack | undefined; readonly problems: readonly PackProblem[] }>();
  const checked = new WeakMap<Pack, readonly PackProblem[]>();

  const readFiles = async (files: readonly PackFile[], base: Pack): Promise<{ readonly pack: Pack | undefined; readonly problems: readonly PackProblem[] }> => {
    const key = `${base.ref.digest} ${packDigest(files) ?? ''}`;
    const known = read.get(key);
    if (known !== undefined && !key.endsWith(' ')) return known;
    const bases = new Map<string, readonly PackFile[]>();
    for (const { id, digest } of base.bases) {
      const found = await lawbook.filesByDigest(digest);
      if (found !== undefined) bases.set(id, found);
    }
    const result = readPack(files, { packs: (id) => bases.get(id) });
    read.set(key, result);
    if (read.size > PACKS_REMEMBERED_MAX) read.delete(read.keys().next().value ?? '');
    return result;
  };

  const open = async (id: string): Promise<DraftState | undefined> => {
    const draft = await store.get(id);
    if (draft === undefined) return undefined;
    const steps = await store.steps(id);
    const step = steps.at(-1)?.step ?? 0;
    const [texts, basePack, baseFiles] = await Promise.all([store.texts(id, step), lawbook.packByDigest(draft.baseDigest), lawbook.filesByDigest(draft.baseDigest)]);
    if (basePack === undefined || baseFiles === undefined) return undefined;
    const files = baseFiles.map((file) => ({ path: file.path, text: texts.get(file.path) ?? file.text }));
    const last = steps.at(-1)?.act;
    const undone = new Set(steps.map((one) => one.undoes));
    return {
      draft,
      steps,
      step,
      end: last === 'finish' ? 'finished' : last === 'discard' ? 'discarded' : undefined,
      base: { pack: basePack, files: baseFiles },
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

  return {
    list: async () => {
      const drafts = await store.list();
      return Promise.all(
        drafts.map(async (draft) => {
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
      const file = state.files.find((one) => one.path === found?.file);
      if (found === undefined || file === undefined) return no('entry-missing');
      if (act.act === 'copy' && !ID_PATTERN.test(act.newId)) return no('bad-entry-id');
      if (act.act === 'copy' && entryOf(state.files, entry.kind, act.newId) !== undefined) return no('id-taken');
      const edited = act.act === 'fields' ? editEntry(file.text, entry.kind, entry.id, act.edits) : act.act === 'copy' ? copyEntry(file.text, entry.kind, entry.id, act.newId) : removeEntry(file.text, entry.kind, entry.id);
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
    check: ({ pack, problems }) => {
      if (pack === undefined) return problems;
      let found = checked.get(pack);
      if (found === undefined) {
        found = problems.length > 0 ? problems : checkPack(pack);
        checked.set(pack, found);
      }
      return found;
    },
    wasChecked: ({ pack }) => pack !== undefined && checked.has(pack),
    finish: async (scope, id, after, version) => {
      const ready = await forStep(id, after);
      if (!ready.ok) return ready;
      const state = ready.value;
      if (!VERSION_PATTERN.test(version)) return no('bad-version');
      if (!(await isNewest(state.draft.packId, version))) return no('version-not-newer');
      if (state.files.every((file, index) => file.text === state.base.files[index]?.text)) return no('nothing-changed');
      const files = withVersion(state.files, version);
      if (!files.ok) return files;
      const whole = await readFiles(files.value, state.base.pack);
      if (whole.pack === undefined || whole.problems.length > 0 || checkPack(whole.pack).some((problem) => problem.severity === 'error')) return no('draft-has-errors');
      const installed = await lawbook.install(files.value);
      if (!installed.ok) return no('draft-has-errors');
      const { ref } = installed.value;
      const isFirst = await store.append({ draftId: id, after, act: 'finish', about: { version: ref.version, digest: ref.digest } }, scope.actor, clock.now());
      return isFirst ? yes(ref) : no('stale-draft');
    },
    discard: async (scope, id, after) => {
      const ready = await forStep(id, after);
      if (!ready.ok) return ready;
      return (await store.append({ draftId: id, after, act: 'discard', about: {} }, scope.actor, clock.now())) ? yes(true) : no('stale-draft');
    },
  };

  async function isNewest(packId: string, version: string): Promise<boolean> {
    const others = await lawbook.versions(packId);
    return others.every((other) => isLater(version, other.ref.version));
  }
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

