/** Reads a whole file, maps every row and compares it with what its source brought before; changes nothing in the register. */

import { canonical, type Json } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { ImportView } from '../model/import.ts';
import type { SourceRow, SourceTable } from '../model/table.ts';
import { schemaDrift } from '../rules/drift.ts';
import { Findings } from '../rules/findings.ts';
import { digestOf, type MappedRow, placesByName, RowMapper } from '../rules/map-row.ts';
import type { SourceState } from '../store/ledger.ts';
import { openTable } from '../store/readers/open-table.ts';
import type { StagedRow } from '../store/rows.ts';
import { type ActionParts, type Progress, tableOptions } from './parts.ts';

const COMPARE_BATCH = 500;

/** The columns of this file together with those the source's stored records hold and this file lacks. */
export interface Widened {
  readonly header: readonly string[];
  /** Columns only the stored records have. */
  readonly missing: readonly string[];
  /** Columns that both have. */
  readonly common: readonly string[];
  readonly known: ReadonlySet<string>;
}

export function widen(fileHeader: readonly string[], source: SourceState | undefined): Widened {
  const inFile = new Set(fileHeader);
  const missing = (source?.header ?? []).filter((name) => !inFile.has(name));
  const known = new Set(source?.header ?? fileHeader);
  return { header: [...fileHeader, ...missing], missing, common: fileHeader.filter((name) => known.has(name)), known };
}

/** Throws UnreadableFile when the file as a whole is refused, and what `signal` throws when it is cancelled. */
export async function checkImport(parts: ActionParts, scope: Scope, view: ImportView, progress: Progress, signal: AbortSignal): Promise<void> {
  const { imports, rows, ledger } = parts;
  const profile = view.rules;
  await imports.clear(view.id);
  await forgetEmptySource(parts, scope, profile.id);
  const table = await openTable(parts.files.pathOf(view.fileSha256), tableOptions(profile, view.options));
  const source = await ledger.source(profile.id);
  const widened = widen(table.facts.header, source);
  await prepareCompare(parts, scope, view, widened, source);
  const findings = new Findings();
  for (const problem of table.problems) findings.tell(problem);
  const isNewSource = await rows.isNewSource(profile.id);
  const own = await stageRows(parts, scope, view, table, { ...widened, isNewSource }, findings, (done) => progress(done, undefined, 'reading'), signal);
  progress(0, undefined, 'comparing');
  await parts.space.watch();
  await rows.judge(view.id, profile.id, isNewSource);
  if (own.length > 0) await rows.setChanges(view.id, own);
  if (profile.deployments === 'link') await rows.markProducts(view.id);
  for (const problem of await rows.likenesses(view.id)) findings.tell(problem);
  const told = findings.takeProblems();
  const summary = findings.summary();
  await imports.addProblems(view.id, told, findings.keptCount() - told.length + 1);
  const counts = await rows.counts(view.id, profile.id, profile.absent === 'withdraw');
  await imports.patch(view.id, { facts: table.facts, findings: summary, drift: schemaDrift(profile, table.facts.header), counts, checkedAt: parts.clock.now() });
}

async function stageRows(parts: ActionParts, scope: Scope, view: ImportView, table: SourceTable, widened: Widened & { readonly isNewSource: boolean }, findings: Findings, done: (rows: number) => void, signal: AbortSignal): Promise<{ number: number; change: string }[]> {
  const mapper = new RowMapper(view.rules, widened.header, findings, view.profileDigest, 'check');
  const own: { number: number; change: string }[] = [];
  const order = placesByName(widened.common);
  const commonPlaces = widened.common.map((name) => table.facts.header.indexOf(name));
  const newPlaces = table.facts.header.flatMap((name, index) => (widened.known.has(name) ? [] : [index]));
  let problems = 0;
  let read = 0;
  for await (const batch of table.rows((problem) => findings.tell(problem))) {
    signal.throwIfAborted();
    await parts.space.watch();
    const mapped = batch.map((row) => ({ row, mapped: mapper.map(widenRow(row, widened, undefined)) }));
    const staged = mapped.map(({ row, mapped: one }): StagedRow => ({
      number: row.number, line: row.line, identity: one.identity, digest: one.digest, kinds: row.kinds ?? null, name: one.name.slice(0, 300), organisation: one.organisation.slice(0, 300),
      bad: one.record === undefined || findings.isBad(row.number),
      compare: widened.missing.length === 0 ? null : digestOf(view.profileDigest, widened.common, commonPlaces.map((place) => row.cells[place] ?? ''), order),
      fresh: widened.missing.length > 0 && newPlaces.some((place) => (row.cells[place] ?? '') !== ''),
    }));
    await parts.rows.stage(view.id, staged, widened.isNewSource);
    const told = findings.takeProblems();
    await parts.imports.addProblems(view.id, told, problems + 1);
    problems += told.length;
    if (view.rules.own !== undefined) own.push(...(await compareOwn(parts, scope, mapped.map((one) => one.mapped))));
    read += batch.length;
    done(read);
  }
  return own;
}

/** A row of the file under the widened header; `old` are the stored texts of the columns that the file lacks. */
export function widenRow(row: SourceRow, widened: Widened, old: ReadonlyMap<string, string> | undefined): SourceRow {
  if (widened.missing.length === 0) return row;
  const kinds = (row.kinds ?? 's'.repeat(row.cells.length)) + widened.missing.map((name) => (old?.has(name) === true ? 's' : 'm')).join('');
  return { ...row, cells: [...row.cells, ...widened.missing.map((name) => old?.get(name) ?? '')], kinds };
}

/** Our own formats carry the id of the entry: one that stands here with the same record is unchanged. */
async function compareOwn(parts: ActionParts, scope: Scope, mapped: readonly MappedRow[]): Promise<{ number: number; change: string }[]> {
  const changes: { number: number; change: string }[] = [];
  for (const row of mapped) {
    if (row.own?.id === undefined || row.record === undefined || !/^[0-9a-f-]{36}$/.test(row.own.id)) continue;
    const entry = await parts.registry.get(scope, row.own.id);
    if (entry === undefined) continue;
    const same = canonical(entry.record as unknown as Json) === canonical(row.record as unknown as Json);
    changes.push({ number: row.number, change: same ? 'unchanged' : 'changed' });
  }
  return changes;
}

/** Sample data can be removed from the register; a ledger of entries that are gone would call the next import unchanged. */
async function forgetEmptySource(parts: ActionParts, scope: Scope, profile: string): Promise<void> {
  const page = await parts.registry.list(scope, { facets: { source: [profile] }, limit: 1 });
  if (page.ok && page.value.items.length === 0) await parts.ledger.forget(profile);
}

/** When the file lacks columns, what the source brought before is compared by the columns that both have. */
async function prepareCompare(parts: ActionParts, scope: Scope, view: ImportView, widened: Widened, source: SourceState | undefined): Promise<void> {
  const { ledger, registry } = parts;
  await ledger.clearCompare(view.profile);
  if (widened.missing.length === 0 || source === undefined) return;
  const order = placesByName(widened.common);
  let batch: { key: string; compare: string }[] = [];
  for await (const entry of registry.stream(scope, { facets: { source: [view.profile] } })) {
    const cells = new Map((entry.record.sourceColumns ?? []).map((column) => [column.name, column.value]));
    batch.push({ key: entry.source?.key ?? '', compare: digestOf(source.profileDigest, widened.common, widened.common.map((name) => cells.get(name) ?? ''), order) });
    if (batch.length === COMPARE_BATCH) {
      await ledger.setCompare(view.profile, batch);
      batch = [];
    }
  }
  if (batch.length > 0) await ledger.setCompare(view.profile, batch);
}
