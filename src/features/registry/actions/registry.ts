/** The service of the registry, as other features and the pages use it. */

import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { publicScope, type Scope, systemScope, within as withinScope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { bodyToWrite, type Offer, offersOf } from './bodies.ts';
import { createSystem, editSystem, linkProduct, moveSystem, restoreSystem } from './change-system.ts';
import { type ActionParts, type Listener, type OrganisationNames, publicEntry, type Recorder, visible } from './parts.ts';
import type { RegistryRefusal } from './refusals.ts';
import type { Change, ListPage, ListQuery, Revision, Status, SystemEntry, SystemRecord } from '../model.ts';
import { difference, type FieldDifference } from '../rules/difference.ts';
import { publicRecord, withoutContacts } from '../rules/publish.ts';
import { bodiesOf, ensureBody, giveBody } from '../store/bodies.ts';
import { type ImportOptions, importRows, type ImportResult, type ImportRow, withdrawByKeys } from '../store/import-rows.ts';
import { tidy } from '../store/tidy.ts';
import { type Deployment, isId, readDeployments, readEntries, readEntry, readEntryByNumber, readHistory, readLikeness, readRevision, readRevisionAt, type RevisionState } from '../store/read.ts';
import { publicChanges } from '../store/recorded.ts';
import { removeSamples } from '../store/samples.ts';
import { BadCursor, readerOf, search, streamEntries } from '../store/search.ts';
import { saveSummaries, type SummaryRow } from '../store/summaries.ts';

export interface RegistryParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Names of organisations by id, as their entries shall bear them; ids that do not exist are left out. Without it no organisation is known. */
  readonly organisationNames?: OrganisationNames;
  /** Told of published changes inside their transaction; nothing is recorded without it. */
  readonly record?: Recorder;
}

/** A record as it stood, with the revision it belongs to. */
export interface EntryAsOf {
  readonly revision: Revision;
  readonly record: SystemRecord;
  readonly body: { readonly id: string; readonly name: string };
}

export interface HistoryPage {
  readonly items: readonly Revision[];
  /** Ask again with `before: next` for older ones. */
  readonly next?: number;
}

type Answer = Promise<Verdict<SystemEntry, RegistryRefusal>>;

export interface Registry {
  create(scope: Scope, record: unknown, options?: { readonly reason?: string; readonly sample?: boolean }): Answer;
  edit(scope: Scope, id: string, expectedRevision: number, record: unknown, reason?: string): Answer;
  transition(scope: Scope, id: string, expectedRevision: number, to: Status, reason?: string): Answer;
  restore(scope: Scope, id: string, expectedRevision: number, revision: number, reason?: string): Answer;
  linkProduct(scope: Scope, id: string, expectedRevision: number, product: { readonly name: string; readonly provider: string } | null, reason?: string): Answer;

  /** Under which bodies the asker may write entries; undefined when under any. */
  offers(scope: Scope): Promise<readonly Offer[] | undefined>;
  /** The body that an organisation's entries stand under; undefined before its first. */
  bodyOf(scope: Scope, organisation: string): Promise<{ readonly id: string; readonly name: string } | undefined>;
  /** The same, made under `name` where it is missing. */
  ensureBody(scope: Scope, organisation: string, name: string): Promise<{ readonly id: string; readonly name: string }>;
  /** Gives a body with all its entries to an organisation, or with `null` to none; for those who reach every organisation. */
  linkBody(scope: Scope, body: string, organisation: string | null): Promise<Verdict<true, RegistryRefusal>>;

  /** Undefined when it does not exist or is not for this asker. The public sees public fields with contacts held back. */
  get(scope: Scope, id: string): Promise<SystemEntry | undefined>;
  /** Several at once, in no particular order; at most ENTRIES_MAX (1,000). */
  getMany(scope: Scope, ids: readonly string[]): Promise<readonly SystemEntry[]>;
  getByNumber(scope: Scope, number: number): Promise<SystemEntry | undefined>;
  getAsOf(scope: Scope, id: string, at: Instant): Promise<EntryAsOf | undefined>;
  getRevision(scope: Scope, id: string, revision: number): Promise<EntryAsOf | undefined>;
  history(scope: Scope, id: string, page?: { readonly before?: number; readonly limit?: number }): Promise<HistoryPage>;
  difference(scope: Scope, id: string, a: number, b: number): Promise<Verdict<readonly FieldDifference[], RegistryRefusal>>;
  deployments(scope: Scope, id: string): Promise<{ readonly linked: readonly Deployment[]; readonly likely: readonly Deployment[] }>;
  list(scope: Scope, query: ListQuery): Promise<Verdict<ListPage, RegistryRefusal>>;
  /** Everything that fits, oldest first, flat in memory. */
  stream(scope: Scope, query?: Pick<ListQuery, 'q' | 'facets'>): AsyncIterable<SystemEntry>;

  /**
   * Takes rows over, in the caller's transaction or in one of its own. With the caller's transaction, call `announce(result.changes)` after the
   * commit. Throws Fault `source-key-repeated` when two rows share a key.
   */
  importRows(scope: Scope, rows: readonly ImportRow[], options: { readonly source: string } & Partial<ImportOptions>, tx?: Tx): Promise<ImportResult>;
  withdrawByKeys(scope: Scope, source: string, keys: readonly string[], reason: string, tx?: Tx): Promise<readonly Change[]>;
  /** Keys of a source that stand in the register, with the status of their entries; in batches. */
  sourceKeys(scope: Scope, source: string): AsyncIterable<{ readonly key: string; readonly id: string; readonly status: Status }>;
  /** Removes every entry marked as sample, with its history: the one thing that erases. Answers how many. */
  removeSamples(scope: Scope): Promise<number>;

  setSummary(systemId: string, summary: { readonly headline: string; readonly stakes: number; readonly open: number }, tx?: Tx): Promise<void>;
  setSummaries(summaries: readonly SummaryRow[], tx?: Tx): Promise<void>;

  /** Called after each committed change; a listener that throws does not undo it. */
  onChange(listener: Listener): void;
  announce(changes: readonly Change[]): Promise<void>;
}

export const HISTORY_ROWS_MAX = 100;
const STREAM_BATCH_ROWS = 500;
/** More changes at once than a person makes: an import. */
const IMPORT_CHANGES = 100;

export function createRegistry({ database, clock, organisationNames = async () => new Map(), record: recorder }: RegistryParts): Registry {
  const { db } = database;
  const listeners: Listener[] = [];
  const announce = async (changes: readonly Change[]): Promise<void> => {
    // Whoever made the change: what follows from it is the system's work.
    if (changes.length > 0) await withinScope(systemScope, async () => {
      for (const listener of listeners) await listener(changes);
    });
    await tidy(db, changes.length > IMPORT_CHANGES);
  };
  const keepForGood: ActionParts['record'] = async (tx, changes) => {
    if (recorder === undefined) return;
    const told = await publicChanges(tx, changes);
    if (told.length > 0) await recorder(tx, told);
  };
  const parts: ActionParts = { database, clock, announce, record: keepForGood, organisationNames };
  const within = async <T>(tx: Tx | undefined, work: (tx: Tx) => Promise<T>): Promise<T> => (tx === undefined ? db.transaction().execute(work) : work(tx));
  const asOf = (scope: Scope, state: RevisionState | undefined): EntryAsOf | undefined => {
    if (state === undefined || (scope.kind === 'public' && !state.isPublic)) return undefined;
    if (scope.kind === 'public') return { revision: { ...state.revision, reason: withoutContacts(state.revision.reason) }, record: publicRecord(state.record), body: { id: state.bodyId, name: withoutContacts(state.bodyName) } };
    return { revision: state.revision, record: state.record, body: { id: state.bodyId, name: state.bodyName } };
  };
  /** An entry that is no longer public (moved to the secure section, say) takes its history with it. */
  const isVisible = async (scope: Scope, id: string): Promise<boolean> => scope.reach === 'all' || visible(scope, await readEntry(db, id)) !== undefined;

  return {
    create: async (scope, record, options) => createSystem(parts, scope, record, options),
    edit: async (scope, id, expected, record, reason) => editSystem(parts, scope, id, expected, record, reason),
    transition: async (scope, id, expected, to, reason) => moveSystem(parts, scope, id, expected, to, reason),
    restore: async (scope, id, expected, revision, reason) => restoreSystem(parts, scope, id, expected, revision, reason),
    linkProduct: async (scope, id, expected, product, reason) => linkProduct(parts, scope, id, expected, product, reason),

    offers: async (scope) => offersOf(parts, scope),
    bodyOf: async (_scope, organisation) => bodyToWrite(await bodiesOf(db, [organisation])),
    ensureBody: async (scope, organisation, name) => {
      refuseThePublic(scope);
      const known = bodyToWrite(await bodiesOf(db, [organisation]));
      return known ?? { id: await within(undefined, async (tx) => ensureBody(tx, organisation, name, clock.now())), name };
    },
    linkBody: async (scope, body, organisation) => {
      if (scope.reach !== 'all') return no({ code: 'not-allowed' });
      if (!isId(body)) return no({ code: 'not-found' });
      if (organisation !== null && !(isId(organisation) && (await organisationNames([organisation])).has(organisation))) return no({ code: 'organisation-unknown' });
      if (!(await within(undefined, async (tx) => giveBody(tx, body, organisation)))) return no({ code: 'not-found' });
      await tidy(db);
      return yes(true);
    },

    get: async (scope, id) => visible(scope, await readEntry(db, id)),
    getMany: async (scope, ids) => (await readEntries(db, ids)).map((state) => visible(scope, state)).filter((entry) => entry !== undefined),
    getByNumber: async (scope, number) => visible(scope, await readEntryByNumber(db, number)),
    getAsOf: async (scope, id, at) => ((await isVisible(scope, id)) ? asOf(scope, await readRevisionAt(db, id, at)) : undefined),
    getRevision: async (scope, id, revision) => ((await isVisible(scope, id)) ? asOf(scope, await readRevision(db, id, revision)) : undefined),
    history: async (scope, id, page = {}) => {
      const limit = Math.min(Math.max(page.limit ?? HISTORY_ROWS_MAX, 1), HISTORY_ROWS_MAX);
      if (!(await isVisible(scope, id))) return { items: [] };
      const items = await readHistory(db, id, scope.kind === 'public', page.before ?? 2_147_483_647, limit + 1);
      const last = items[limit - 1];
      const shown = items.slice(0, limit).map((item) => (scope.kind === 'public' ? { ...item, reason: withoutContacts(item.reason) } : item));
      return { items: shown, ...(items.length > limit && last !== undefined ? { next: last.revision } : {}) };
    },
    difference: async (scope, id, a, b) => {
      if (!(await isVisible(scope, id))) return no({ code: 'not-found' });
      const [before, after] = [asOf(scope, await readRevision(db, id, a)), asOf(scope, await readRevision(db, id, b))];
      if (before === undefined) return no({ code: 'revision-not-found', revision: a });
      if (after === undefined) return no({ code: 'revision-not-found', revision: b });
      return yes(difference(before.record, after.record));
    },
    deployments: async (scope, id) => {
      const me = (await isVisible(scope, id)) ? await readLikeness(db, id) : undefined;
      if (me === undefined) return { linked: [], likely: [] };
      const seen = await readDeployments(db, me, scope.kind === 'public');
      if (scope.reach !== 'own') return seen;
      // What is published is nobody's secret: an organisation sees it beside its own.
      const published = await withinScope(publicScope, async () => readDeployments(db, me, true));
      const known = new Set([...seen.linked, ...seen.likely].map((one) => one.id));
      const others = (list: readonly Deployment[]): readonly Deployment[] => list.filter((one) => !known.has(one.id));
      return { linked: [...seen.linked, ...others(published.linked)], likely: [...seen.likely, ...others(published.likely)] };
    },
    list: async (scope, query) => {
      try {
        const page = await search(db, readerOf(scope), query);
        return yes(scope.kind === 'public' ? { ...page, items: page.items.map(publicEntry) } : page);
      } catch (error) {
        if (error instanceof BadCursor) return no({ code: 'bad-cursor' });
        throw error;
      }
    },
    stream: async function* (scope, query = {}) {
      for await (const entry of streamEntries(db, readerOf(scope), query, STREAM_BATCH_ROWS)) {
        yield scope.kind === 'public' ? publicEntry(entry) : entry;
      }
    },

    importRows: async (scope, rows, options, tx) => {
      refuseThePublic(scope);
      const full: ImportOptions = { reason: '', status: 'registered', sample: false, onEdited: 'keep', ...options };
      const result = await within(tx, async (mine) => {
        const imported = await importRows(mine, rows, full, clock.now(), scope.actor);
        if (!full.sample) await keepForGood(mine, imported.changes);
        return imported;
      });
      if (tx === undefined) await announce(result.changes);
      return result;
    },
    withdrawByKeys: async (scope, source, keys, reason, tx) => {
      refuseThePublic(scope);
      const changes = await within(tx, async (mine) => {
        const withdrawn = await withdrawByKeys(mine, source, keys, reason, clock.now(), scope.actor);
        await keepForGood(mine, withdrawn);
        return withdrawn;
      });
      if (tx === undefined) await announce(changes);
      return changes;
    },
    sourceKeys: async function* (scope, source) {
      refuseThePublic(scope);
      for await (const entry of streamEntries(db, readerOf(scope), { facets: { source: [source] } }, STREAM_BATCH_ROWS)) {
        if (entry.source !== undefined) yield { key: entry.source.key, id: entry.id, status: entry.status };
      }
    },
    removeSamples: async (scope) => {
      refuseThePublic(scope);
      const removed = await within(undefined, removeSamples);
      await tidy(db);
      return removed;
    },

    setSummary: async (systemId, summary, tx) => {
      await within(tx, async (mine) => saveSummaries(mine, [{ systemId, ...summary }]));
      if (tx === undefined) await tidy(db);
    },
    setSummaries: async (summaries, tx) => {
      await within(tx, async (mine) => saveSummaries(mine, summaries));
      if (tx === undefined) await tidy(db);
    },

    onChange: (listener) => void listeners.push(listener),
    announce,
  };
}

function refuseThePublic(scope: Scope): void {
  if (scope.kind !== 'workspace') throw new Error('invariant broken: imports come from the workspace');
}
