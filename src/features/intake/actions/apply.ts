/** Writes a checked import into the register: one transaction, all of it or nothing. */

import type { Scope } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Fault } from '../../../base/index.ts';
import type { Change, ImportRow } from '../../registry/index.ts';
import type { ImportResult, ImportView } from '../model/import.ts';
import type { SourceRow } from '../model/table.ts';
import { Findings } from '../rules/findings.ts';
import { type MappedRow, RowMapper } from '../rules/map-row.ts';
import { openTable } from '../store/readers/open-table.ts';
import type { JudgedRow } from '../store/rows.ts';
import { type Widened, widen, widenRow } from './check.ts';
import { type ActionParts, type Progress, tableOptions } from './parts.ts';

const ANNOUNCED_AT_ONCE = 500;

interface Tally {
  added: number;
  changed: number;
  unchanged: number;
  withdrawn: number;
  editedHere: number;
  readonly changes: Change[];
  /** Digests of rows whose record kept columns the file lacks, by key. */
  readonly merged: Map<string, string>;
}

/** Fault `rows-with-errors` when a row has an error and the mode is `all`; nothing is written then. */
export async function applyImport(parts: ActionParts, scope: Scope, view: ImportView, mode: 'all' | 'good', progress: Progress, signal: AbortSignal): Promise<ImportResult> {
  const { counts, findings } = view;
  if (counts === null || findings === null) throw new Fault('conflict', 'The file was not checked yet.', { import: view.id });
  if (mode === 'all' && counts.bad > 0) {
    throw new Fault('rows-with-errors', `${counts.bad} rows have errors, so nothing was imported. Repair the file, or import the good rows only.`, { rows: counts.bad });
  }
  await parts.files.verify(view.fileSha256);
  const profile = view.rules;
  const table = await openTable(parts.files.pathOf(view.fileSha256), tableOptions(profile, view.options));
  const widened = widen(table.facts.header, await parts.ledger.source(profile.id));
  const old = await oldColumns(parts, scope, view, widened);
  const tally: Tally = { added: 0, changed: 0, unchanged: 0, withdrawn: 0, editedHere: 0, changes: [], merged: new Map() };
  const mapper = new RowMapper(profile, widened.header, new Findings(), view.profileDigest, 'write');
  const at = parts.clock.now();

  const result = await parts.database.db.transaction().execute(async (tx) => {
    for await (const batch of table.rows(() => undefined)) {
      signal.throwIfAborted();
      await parts.space.watch();
      const judged = await parts.rows.judged(view.id, batch[0]?.number ?? 0, batch.at(-1)?.number ?? 0, tx);
      await writeBatch(parts, scope, view, { batch, judged, widened, old, mapper, tally, tx });
      progress(batch.at(-1)?.number ?? 0, counts.read, 'writing');
    }
    const withdraws = profile.absent === 'withdraw';
    if (withdraws) await withdrawAbsent(parts, scope, view, tally, tx);
    await parts.ledger.write(tx, profile.id, view.id, withdraws, tally.merged);
    await parts.ledger.writeSource(tx, profile.id, { header: widened.header, profileDigest: view.profileDigest }, view.id);
    const outcome: ImportResult = {
      read: counts.read, added: tally.added, changed: tally.changed, unchanged: tally.unchanged, withdrawn: tally.withdrawn, duplicates: counts.duplicates,
      problems: findings.problems.error + findings.problems.warning, editedHere: tally.editedHere, leftOut: counts.bad,
    };
    await parts.imports.forgetRows(view.id, tx);
    await parts.imports.patch(view.id, { state: 'applied', mode, result: outcome, appliedAt: at }, tx);
    return outcome;
  });

  // What listens (the pre-screen) is told after the commit, in pieces, so that a large import does not stop everybody else.
  for (let start = 0; start < tally.changes.length; start += ANNOUNCED_AT_ONCE) {
    await parts.registry.announce(tally.changes.slice(start, start + ANNOUNCED_AT_ONCE));
    progress(Math.min(start + ANNOUNCED_AT_ONCE, tally.changes.length), tally.changes.length, 'announcing');
  }
  return result;
}

interface Batch {
  readonly batch: readonly SourceRow[];
  readonly judged: ReadonlyMap<number, JudgedRow>;
  readonly widened: Widened;
  readonly old: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly mapper: RowMapper;
  readonly tally: Tally;
  readonly tx: Tx;
}

async function writeBatch(parts: ActionParts, scope: Scope, view: ImportView, work: Batch): Promise<void> {
  const groups = new Map<string, ImportRow[]>();
  for (const row of work.batch) {
    const judged = work.judged.get(row.number);
    if (judged === undefined || judged.bad) continue;
    const isMerged = work.widened.missing.length > 0;
    // Under missing columns an unchanged row would lose what only its record still holds; otherwise the registry judges by the record.
    if (judged.change === 'unchanged' && (isMerged || view.rules.own !== undefined)) {
      work.tally.unchanged++;
      continue;
    }
    const mapped = work.mapper.map(widenRow(row, work.widened, work.old.get(judged.key)));
    if (mapped.record === undefined) continue;
    if (isMerged) work.tally.merged.set(judged.key, mapped.digest);
    const { source, importRow, isConflict } = importRowOf(view, judged, mapped);
    if (isConflict) {
      work.tally.editedHere++;
      work.tally.unchanged++;
      continue;
    }
    const group = groups.get(source);
    if (group === undefined) groups.set(source, [importRow]);
    else group.push(importRow);
  }
  for (const [key, rows] of groups) await importGroup(parts, scope, view, key, rows, work);
}

/** Where a row goes: to its profile's source; our own formats go back to where the entry came from. */
function importRowOf(view: ImportView, judged: JudgedRow, mapped: MappedRow): { source: string; importRow: ImportRow; isConflict: boolean } {
  const record = mapped.record;
  if (record === undefined) throw new Error('invariant broken: a good row has a record');
  const product = judged.product && view.rules.deployments === 'link' ? { product: { name: mapped.name, provider: record.providerName ?? '' } } : {};
  if (mapped.own === undefined) return { source: `${view.rules.status} ${view.profile}`, importRow: { key: judged.key, record, ...product }, isConflict: false };
  const status = ['draft', 'submitted', 'registered', 'withdrawn'].includes(mapped.own.status ?? '') ? (mapped.own.status ?? '') : view.rules.status;
  if (mapped.own.source !== undefined) return { source: `${status} ${mapped.own.source.profile}`, importRow: { key: mapped.own.source.key, record }, isConflict: false };
  // The entry was made here by hand and reads differently now: a file must not overwrite it.
  return { source: `${status} ${view.profile}`, importRow: { key: judged.key, record }, isConflict: judged.change === 'changed' };
}

async function importGroup(parts: ActionParts, scope: Scope, view: ImportView, key: string, rows: readonly ImportRow[], work: Batch): Promise<void> {
  const space = key.indexOf(' ');
  const status = key.slice(0, space) as 'draft' | 'submitted' | 'registered' | 'withdrawn';
  const done = await parts.registry.importRows(scope, rows, { source: key.slice(space + 1), status, sample: view.sample, reason: reasonOf(view) }, work.tx);
  for (const row of done.rows) {
    if (row.outcome === 'added') work.tally.added++;
    else if (row.outcome === 'changed') work.tally.changed++;
    else work.tally.unchanged++;
    if (row.outcome === 'edited-here') work.tally.editedHere++;
  }
  for (const change of done.changes) work.tally.changes.push(change);
}

async function withdrawAbsent(parts: ActionParts, scope: Scope, view: ImportView, tally: Tally, tx: Tx): Promise<void> {
  for await (const keys of parts.ledger.absent(tx, view.profile, view.id)) {
    const changes = await parts.registry.withdrawByKeys(scope, view.profile, keys, reasonOf(view), tx);
    tally.withdrawn += changes.length;
    for (const change of changes) tally.changes.push(change);
  }
}

/** The reason in an entry's history: which file of which source, so that it can be found again. */
function reasonOf(view: ImportView): string {
  return `${view.profile}: ${view.fileName} (sha256 ${view.fileSha256.slice(0, 16)})`;
}

/** Texts of the columns that only stored records have, read before the transaction begins (the embedded database has one connection). */
async function oldColumns(parts: ActionParts, scope: Scope, view: ImportView, widened: Widened): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const old = new Map<string, ReadonlyMap<string, string>>();
  if (widened.missing.length === 0) return old;
  const missing = new Set(widened.missing);
  for await (const entry of parts.registry.stream(scope, { facets: { source: [view.profile] } })) {
    const kept = (entry.record.sourceColumns ?? []).filter((column) => missing.has(column.name));
    if (entry.source !== undefined && kept.length > 0) old.set(entry.source.key, new Map(kept.map((column) => [column.name, column.value])));
  }
  return old;
}
