/** Bars: one value, or several stacked, per named category. */

import { axisY, barX, type Markish, ruleX, text } from '@observablehq/plot';
import { assert } from '../../base/index.ts';
import { formatNumber } from '../text/index.ts';
import { type BarChartInput, CATEGORIES_MAX, type Chart, SERIES_MAX, type StackedBarChartInput } from './model.ts';
import { drawSvg, LETTERS_PX } from './render.ts';
import { type Frame, linesOf, NARROW, WIDE } from './frame.ts';

const BAR_HEIGHT = 22;
const LINE_HEIGHT = 18;

/** One bar per category. Values must be zero or more. */
export function barChart(input: BarChartInput): Chart {
  return stackedBarChart({
    language: input.language,
    categoryLabel: input.categoryLabel,
    valueLabel: input.valueLabel,
    series: [input.valueLabel],
    bars: input.bars.map((bar) => ({ label: bar.label, values: [bar.value] })),
  });
}

/** One bar per category, divided by series. */
export function stackedBarChart(input: StackedBarChartInput): Chart {
  assert(input.bars.length <= CATEGORIES_MAX, `a chart has at most ${CATEGORIES_MAX} bars`);
  assert(input.series.length <= SERIES_MAX, `a chart has at most ${SERIES_MAX} series`);
  const stacks = input.bars.map((bar, index) => {
    let from = 0;
    const parts = input.series.map((_, position) => {
      const value = Math.max(0, bar.values[position] ?? 0);
      return { row: index, from, to: (from += value) };
    });
    return { row: index, label: bar.label, total: from, parts };
  });
  return {
    wide: draw(input, stacks, WIDE),
    narrow: draw(input, stacks, NARROW),
    series: input.series,
    columns: [{ label: input.categoryLabel, numeric: false }, ...input.series.map((label) => ({ label, numeric: true }))],
    rows: input.bars.map((bar) => [bar.label, ...input.series.map((_, position) => bar.values[position] ?? 0)]),
  };
}

interface Stack {
  readonly row: number;
  readonly label: string;
  readonly total: number;
  readonly parts: readonly { readonly row: number; readonly from: number; readonly to: number }[];
}

function draw(input: StackedBarChartInput, stacks: readonly Stack[], frame: Frame): string {
  const largest = Math.max(1, ...stacks.map((stack) => stack.total));
  const number = (value: number): string => formatNumber(value, input.language, { maximumFractionDigits: 2 });
  const figures = Math.max(...stacks.map((stack) => number(stack.total).length), 1);
  // On a phone the name stands above its bar; in a wide window beside it.
  const beside = frame === WIDE;
  const labels = stacks.map((stack) => linesOf(stack.label, beside ? frame.labelLetters : frame.lineLetters));
  const longest = Math.max(1, ...labels.flatMap((lines) => lines.map((line) => line.length)));
  const linesMax = Math.max(1, ...labels.map((lines) => lines.length));
  const step = beside ? Math.max(BAR_HEIGHT + 14, linesMax * LINE_HEIGHT + 10) : BAR_HEIGHT + linesMax * LINE_HEIGHT + 14;
  const marks: Markish[] = input.series.map((_, position) =>
    barX(
      stacks.map((stack) => stack.parts[position] ?? { row: stack.row, from: 0, to: 0 }).filter((part) => part.to > part.from),
      { x1: 'from', x2: 'to', y: 'row', className: `chart__bar series-${position + 1}`, insetTop: beside ? (step - BAR_HEIGHT) / 2 : linesMax * LINE_HEIGHT + 6, insetBottom: beside ? (step - BAR_HEIGHT) / 2 : 8 },
    ),
  );
  const middle = beside ? 0 : (linesMax * LINE_HEIGHT + 6 - 8) / 2;
  marks.push(text(stacks, { x: 'total', y: 'row', text: (stack: Stack) => number(stack.total), textAnchor: 'start', dx: 7, dy: middle, className: 'chart__figure', fontSize: LETTERS_PX }));
  marks.push(
    beside
      ? axisY({ tickSize: 0, tickPadding: 12, label: null, tickFormat: (row: number) => (labels[row] ?? []).join('\n'), fontSize: LETTERS_PX, lineHeight: 1.2, className: 'chart__names' })
      : text(stacks, { frameAnchor: 'left', y: 'row', text: (stack: Stack) => (labels[stack.row] ?? []).join('\n'), textAnchor: 'start', lineAnchor: 'bottom', dy: -step / 2 + linesMax * LINE_HEIGHT + 2, fontSize: LETTERS_PX, lineHeight: 1.2, className: 'chart__names' }),
  );
  if (beside) marks.push(ruleX([0], { className: 'chart__base' }));
  return drawSvg({
    width: frame.width,
    height: stacks.length * step + 8,
    marginTop: 4,
    marginBottom: 4,
    marginLeft: beside ? Math.ceil(longest * frame.letterPx) + 18 : 1,
    marginRight: Math.ceil(figures * frame.letterPx) + 16,
    x: { domain: [0, largest], axis: null },
    y: { domain: stacks.map((stack) => stack.row), axis: null, padding: 0, type: 'band' },
    marks,
  });
}
