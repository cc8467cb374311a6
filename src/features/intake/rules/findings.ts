/** Collects what was noticed while a file was read: problems one by one up to a maximum, and counts by column without one. */

import { LABELS_KEPT_MAX, PROBLEMS_KEPT_MAX } from '../model/limits.ts';
import type { CellCount, FindingsSummary } from '../model/findings.ts';
import type { Problem } from '../model/table.ts';
import type { Oddities } from './cells.ts';

export class Findings {
  private readonly counts: Record<CellCount, number> = { invisible: 0, replacement: 0, escapedControl: 0, edgeSpace: 0, onlySpace: 0, placeholder: 0, 'formula-like': 0, 'date-unread': 0 };
  private damagedCells = 0;
  private readonly byColumn = new Map<string, Partial<Record<CellCount, number>>>();
  private readonly labels = new Map<string, Map<string, number>>();
  private readonly bySeverity = { error: 0, warning: 0, note: 0 };
  private readonly byCode = new Map<string, number>();
  private kept = 0;
  private notKept = 0;
  private pending: Problem[] = [];
  private readonly badRows = new Set<number>();

  tell(problem: Problem): void {
    this.bySeverity[problem.severity]++;
    this.byCode.set(problem.code, (this.byCode.get(problem.code) ?? 0) + 1);
    if (problem.severity === 'error' && problem.row !== undefined) this.badRows.add(problem.row);
    if (this.kept >= PROBLEMS_KEPT_MAX) {
      this.notKept++;
      return;
    }
    this.kept++;
    this.pending.push(problem);
  }

  /** The problems told since the last call, to be written away. */
  takeProblems(): readonly Problem[] {
    const { pending } = this;
    this.pending = [];
    return pending;
  }

  /** How many problems were kept one by one. */
  keptCount(): number {
    return this.kept;
  }

  /** Whether an error was told of this row: it is not imported with the good ones. */
  isBad(row: number): boolean {
    return this.badRows.has(row);
  }

  count(what: CellCount, column: string, by = 1): void {
    this.counts[what] += by;
    let counts = this.byColumn.get(column);
    if (counts === undefined) this.byColumn.set(column, (counts = {}));
    counts[what] = (counts[what] ?? 0) + by;
  }

  cell(column: string, odd: Oddities): void {
    if (odd.invisible > 0) this.count('invisible', column, odd.invisible);
    if (odd.replacement > 0) {
      this.count('replacement', column, odd.replacement);
      this.damagedCells++;
    }
    if (odd.escapedControl > 0) this.count('escapedControl', column, odd.escapedControl);
    if (odd.edgeSpace) this.count('edgeSpace', column);
    if (odd.onlySpace) this.count('onlySpace', column);
  }

  label(column: string, value: string): void {
    let values = this.labels.get(column);
    if (values === undefined) this.labels.set(column, (values = new Map()));
    const key = values.has(value) || values.size < LABELS_KEPT_MAX ? value.slice(0, 200) : '…';
    values.set(key, (values.get(key) ?? 0) + 1);
  }

  summary(): FindingsSummary {
    return {
      counts: { ...this.counts },
      damagedCells: this.damagedCells,
      byColumn: Object.fromEntries(this.byColumn),
      labels: Object.fromEntries([...this.labels].map(([column, values]) => [column, Object.fromEntries([...values].sort((a, b) => b[1] - a[1]))])),
      problems: { ...this.bySeverity },
      problemCodes: Object.fromEntries(this.byCode),
      notKept: this.notKept,
    };
  }
}
