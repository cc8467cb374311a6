/** Small wrong versions of a timing: a line missing, a comparison shifted or gone, the latest taken for the earliest, a condition changed. */

import type { DateComparison, DateLine, DateTerm, Timing } from './duty-model.ts';
import type { Comparator, Condition } from './model.ts';

type ConditionMutants = (condition: Condition) => Iterable<readonly [change: string, condition: Condition]>;

/** Every mutant of a timing with what was changed. Moved days are mutants of the parameters, where the dates stand. */
export function* timingMutants(timing: Timing, ofCondition: ConditionMutants): Generator<readonly [string, Timing]> {
  for (const [at, date] of timing.dates.entries()) {
    for (const [change, lines] of lineMutants(date.lines, ofCondition, ({ dateText }) => `“${dateText}” of “${date.id}”`)) yield [change, { ...timing, dates: timing.dates.with(at, { ...date, lines }) }];
  }
  for (const [change, due] of lineMutants(timing.due, ofCondition, (line) => `the line “${line.id}”`)) yield [change, { ...timing, due }];
}

function* lineMutants<L extends DateLine>(lines: readonly L[], ofCondition: ConditionMutants, nameOf: (line: L) => string): Generator<readonly [string, readonly L[]]> {
  for (const [at, line] of lines.entries()) {
    const name = nameOf(line);
    // The last line must stay: without it there is no date to compare.
    if (at < lines.length - 1) yield [`dropped ${name}`, lines.toSpliced(at, 1)];
    for (const [change, mutant] of oneLineMutants(line, ofCondition)) yield [`${change} in ${name}`, lines.with(at, mutant)];
  }
}

function* oneLineMutants<L extends DateLine>(line: L, ofCondition: ConditionMutants): Generator<readonly [string, L]> {
  if (line.when !== undefined) {
    for (const [change, when] of ofCondition(line.when)) yield [change, { ...line, when }];
    yield ['dropped the condition', withoutCondition(line)];
  }
  for (const [at, comparison] of line.if.entries()) {
    yield [`dropped a comparison`, { ...line, if: line.if.toSpliced(at, 1) }];
    for (const [change, mutant] of comparisonMutants(comparison)) yield [change, { ...line, if: line.if.with(at, mutant) }];
  }
  for (const [change, date] of termMutants(line.date)) yield [change, { ...line, date }];
}

function withoutCondition<L extends DateLine>(line: L): L {
  const { when, ...rest } = line;
  // Only the optional condition is left out.
  return (when === undefined ? line : rest) as L;
}

const NEIGHBOUR: { readonly [C in Comparator]: Comparator } = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' };

function* comparisonMutants(comparison: DateComparison): Generator<readonly [string, DateComparison]> {
  const by = NEIGHBOUR[comparison.by];
  yield [`swapped ${comparison.by} for ${by}`, { ...comparison, by }];
  for (const [change, left] of termMutants(comparison.left)) yield [change, { ...comparison, left }];
  for (const [change, right] of termMutants(comparison.right)) yield [change, { ...comparison, right }];
}

function* termMutants(term: DateTerm): Generator<readonly [string, DateTerm]> {
  if (term.op !== 'max' && term.op !== 'min') return;
  const other = term.op === 'max' ? 'min' : 'max';
  yield [`swapped ${term.op} for ${other}`, { ...term, op: other }];
  if (term.of.length > 1) for (const at of term.of.keys()) yield [`dropped the date ${at + 1} of ${term.op}`, { ...term, of: term.of.toSpliced(at, 1) }];
}
