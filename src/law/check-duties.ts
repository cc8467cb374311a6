/** The part of the check that concerns duties: due dates that cases expect, lines that decide none, duties without a case. */

import { compileLaw, latestTime } from './compile.ts';
import { expectedForm } from './case-law.ts';
import type { DutyDue } from './duties.ts';
import type { Due, DutyId } from './duty-model.ts';
import type { Pack, PackProblem, WorkedCase } from './model.ts';

type Add = (severity: PackProblem['severity'], code: string, place: string, message: string, fix: string) => void;

/** What the worked cases have shown about duties so far. */
export interface DutyCoverage {
  /** `timing line`, for each line that gave an expected date. */
  readonly lines: Set<string>;
  /** Duties with an expected date. */
  readonly dated: Set<DutyId>;
}

export function emptyCoverage(): DutyCoverage {
  return { lines: new Set(), dated: new Set() };
}

/**
 * Compares the due dates a case expects with those decided; answers what it shows about conclusions, as `duty.X holds` and `duty.X fails`.
 * `differs` is told each date that is another one.
 */
export function expectedDues(workedCase: WorkedCase, duties: readonly DutyDue[], coverage: DutyCoverage, differs: (message: string, fix: string) => void): readonly string[] {
  return duties.flatMap(({ duty, result, due }) => {
    const expected = workedCase.due[duty.id];
    if (expected === undefined) return [];
    const got = expectedForm(due);
    if (got !== expected) {
      differs(`expects “${duty.id}” due ${expected}, but it is ${describe(due)}`, 'Correct the case, the timing or its parameters.');
      return [];
    }
    if (due?.kind === 'date' || due?.kind === 'never') {
      coverage.lines.add(`${duty.timing} ${due.line}`);
      if (due.kind === 'date') coverage.dated.add(duty.id);
    }
    return result === 'holds' || result === 'fails' ? [`${duty.conclusion} ${result}`] : [];
  });
}

function describe(due: Due | undefined): string {
  if (due === undefined) return 'no duty';
  switch (due.kind) {
    case 'date': return `${due.date} by the line “${due.line}”`;
    case 'never': return `never by the line “${due.line}”`;
    case 'undated': return 'undated';
    case 'between': return `open: between ${due.earliest ?? 'any day'} and ${due.latest ?? (due.mayBeNever ? 'never' : 'any day')} (ask: ${due.ask.slice(0, 8).join(', ')})`;
  }
}

/** What no case shows: a duty without an expected date, a line that gives none. */
export function dutyGaps(pack: Pack, coverage: DutyCoverage, add: Add): void {
  for (const { id, timing } of pack.duties) {
    if (!coverage.dated.has(id) && mayHaveDate(pack, timing)) add('error', 'no-due-case', `duty:${id}`, `no case expects a due date of “${id}”`, `Add “due: { ${id}: YYYY-MM-DD }” to a worked case in which the duty holds.`);
  }
  for (const { id, due } of pack.timings) {
    if (!pack.duties.some(({ timing }) => timing === id)) continue; // Said as unused.
    for (const line of due) if (!coverage.lines.has(`${id} ${line.id}`)) add('warning', 'line-never-decides', `timing:${id}`, `the line “${line.id}” of the timing “${id}” gives no expected due date`, 'Add a worked case whose due date comes from it.');
  }
}

/** A timing all of whose lines say never, or whose parameters have no value yet, cannot give a date to expect. */
function mayHaveDate(pack: Pack, timing: string): boolean {
  const { days } = compileLaw(pack, latestTime(pack), 'duties').duties;
  return pack.timings.find(({ id }) => id === timing)?.due.some(({ date }) => date.op !== 'never' && (date.op !== 'parameter' || days.has(date.parameter))) === true;
}
