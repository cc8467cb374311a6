/** Lines over time, dots, and histograms: charts with two axes. */

import { areaY, axisX, axisY, dot, gridY, lineY, type Markish, type PlotOptions, rectY, ruleY } from '@observablehq/plot';
import { assert, type Language } from '../../base/index.ts';
import { formatDate, formatNumber } from '../text/index.ts';
import { type Frame, NARROW, WIDE } from './frame.ts';
import { type Chart, type DotChartInput, type HistogramInput, type LineChartInput, POINTS_MAX, SERIES_MAX } from './model.ts';
import { drawSvg, LETTERS_PX } from './render.ts';

/** Lines with more points than this carry no dots. */
const DOTTED_POINTS_MAX = 40;

function placeOf(at: string | number): number | Date {
  return typeof at === 'string' ? new Date(at.length === 10 ? `${at}T00:00:00Z` : at) : at;
}

/** One line per series. A single series has its area tinted. */
export function lineChart(input: LineChartInput): Chart {
  assert(input.points.length <= POINTS_MAX, `a chart has at most ${POINTS_MAX} points`);
  assert(input.series.length <= SERIES_MAX, `a chart has at most ${SERIES_MAX} series`);
  const overTime = input.points.some((point) => typeof point.at === 'string');
  const lines = input.series.map((_, position) => input.points.map((point) => ({ x: placeOf(point.at), y: point.values[position] ?? Number.NaN })));
  const draw = (frame: Frame): string => {
    const marks: Markish[] = [];
    for (const [position, line] of lines.entries()) {
      const colour = `series-${position + 1}`;
      if (lines.length === 1 && input.fromZero !== false) marks.push(areaY(line, { x: 'x', y: 'y', className: `chart__area ${colour}` }));
      marks.push(lineY(line, { x: 'x', y: 'y', strokeWidth: 2.5, className: `chart__line ${colour}` }));
      if (line.length <= DOTTED_POINTS_MAX) marks.push(dot(line.filter((point) => !Number.isNaN(point.y)), { x: 'x', y: 'y', r: 3, className: `chart__dot ${colour}` }));
    }
    const days = input.points.map((point) => String(point.at));
    const time = overTime ? { ticks: dateTicks(days, frame.dateTicks), format: dayWriter(days, input.language) } : undefined;
    return drawSvg(withAxes(marks, frame, input, { time, fromZero: input.fromZero !== false }));
  };
  return {
    wide: draw(WIDE),
    narrow: draw(NARROW),
    series: input.series,
    columns: [{ label: input.categoryLabel, numeric: !overTime }, ...input.series.map((label) => ({ label, numeric: true }))],
    rows: input.points.map((point) => [typeof point.at === 'string' ? formatDate(point.at, input.language) : point.at, ...input.series.map((_, position) => point.values[position] ?? null)]),
  };
}

/** A cloud of dots: one measure against another. */
export function dotChart(input: DotChartInput): Chart {
  assert(input.dots.length <= POINTS_MAX, `a chart has at most ${POINTS_MAX} dots`);
  const draw = (frame: Frame): string => drawSvg(withAxes([dot(input.dots, { x: 'x', y: 'y', r: 4, className: 'chart__dot chart__dot--cloud series-1' })], frame, input, { labelX: true }));
  const named = input.dots.some((one) => one.label !== undefined);
  return {
    wide: draw(WIDE),
    narrow: draw(NARROW),
    series: [],
    columns: [...(named ? [{ label: '', numeric: false }] : []), { label: input.categoryLabel, numeric: true }, { label: input.valueLabel, numeric: true }],
    rows: input.dots.map((one) => [...(named ? [one.label ?? ''] : []), one.x, one.y]),
  };
}

/** How often values fall into equal intervals. The table shows the intervals. */
export function histogram(input: HistogramInput): Chart {
  assert(input.values.length <= POINTS_MAX, `a histogram has at most ${POINTS_MAX} values`);
  const bins = intervals(input.values, input.bins ?? 12);
  const draw = (frame: Frame): string =>
    drawSvg(withAxes([rectY(bins, { x1: 'from', x2: 'to', y: 'count', insetLeft: 1, insetRight: 1, className: 'chart__bar series-1' })], frame, input, { labelX: true, fromZero: true }));
  const number = (value: number): string => formatNumber(value, input.language, { maximumFractionDigits: 2 });
  return {
    wide: draw(WIDE),
    narrow: draw(NARROW),
    series: [],
    columns: [{ label: input.categoryLabel, numeric: false }, { label: input.valueLabel, numeric: true }],
    rows: bins.map((bin) => [`${number(bin.from)} – ${number(bin.to)}`, bin.count]),
  };
}

interface Axes {
  readonly time?: { readonly ticks: readonly Date[]; readonly format: (value: Date) => string } | undefined;
  readonly fromZero?: boolean | undefined;
  readonly labelX?: boolean | undefined;
}

function withAxes(marks: readonly Markish[], frame: Frame, input: { readonly language: Language; readonly categoryLabel: string; readonly valueLabel: string }, axes: Axes): PlotOptions {
  const number = (value: number): string => formatNumber(value, input.language, { maximumFractionDigits: 2, ...(Math.abs(value) >= 100_000 ? { notation: 'compact' as const } : {}) });
  const { time } = axes;
  return {
    width: frame.width,
    height: frame.height,
    marginTop: 30,
    marginRight: time === undefined ? 20 : 40,
    marginBottom: axes.labelX === true ? 52 : 34,
    marginLeft: 56,
    x: time === undefined ? { nice: true } : { type: 'utc' },
    y: { nice: true, zero: axes.fromZero === true },
    marks: [
      gridY({ className: 'chart__grid', ticks: 5 }),
      axisY({ tickSize: 0, tickPadding: 8, ticks: 5, tickFormat: number, label: input.valueLabel, labelAnchor: 'top', labelArrow: 'none', fontSize: LETTERS_PX, className: 'chart__axis' }),
      axisX({
        tickSize: 4,
        ticks: time === undefined ? frame.ticks : [...time.ticks],
        tickFormat: time?.format ?? number,
        label: axes.labelX === true ? input.categoryLabel : null,
        labelAnchor: 'center',
        labelArrow: 'none',
        fontSize: LETTERS_PX,
        className: 'chart__axis',
      }),
      ...marks,
      ...(axes.fromZero === true ? [ruleY([0], { className: 'chart__base' })] : []),
    ],
  };
}

const YEARS_LONG = 4;
const DAYS_SHORT = 92;
const DAY_MS = 86_400_000;

/** Years for long spans, months and years for middling ones, days for short ones. */
function dayWriter(days: readonly string[], language: Language): (value: Date) => string {
  const times = days.map((day) => Date.parse(day));
  const span = (Math.max(...times) - Math.min(...times)) / DAY_MS;
  const options: Intl.DateTimeFormatOptions = span > YEARS_LONG * 365 ? { year: 'numeric' } : span > DAYS_SHORT ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' };
  return (value) => formatDate(value.toISOString(), language, options);
}

/** Steps of whole months that a reader expects, then single days for spans of less than three months. */
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240];

function dateTicks(days: readonly string[], ticksMax: number): Date[] {
  const times = days.map((day) => Date.parse(day)).sort((a, b) => a - b);
  const [first, last] = [times[0], times.at(-1)];
  if (first === undefined || last === undefined) return [];
  const start = new Date(first);
  const months = (new Date(last).getUTCFullYear() - start.getUTCFullYear()) * 12 + new Date(last).getUTCMonth() - start.getUTCMonth();
  if (months < 3) {
    const step = Math.max(1, Math.ceil((last - first) / DAY_MS / (ticksMax - 1))) * DAY_MS;
    return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => new Date(first + index * step));
  }
  const step = MONTH_STEPS.find((one) => months / one <= ticksMax) ?? Math.ceil(months / ticksMax);
  const ticks: Date[] = [];
  // Months are counted from January, so that a step of three falls on quarters and of twelve on years.
  for (let month = Math.ceil(start.getUTCMonth() / step) * step; ticks.length <= ticksMax; month += step) {
    const tick = new Date(Date.UTC(start.getUTCFullYear(), month, 1));
    if (tick.getTime() > last) break;
    if (tick.getTime() >= first) ticks.push(tick);
  }
  return ticks;
}

const RESOLUTION = 1e-12;
const SIZE_MIN = 1e-290;

function intervals(values: readonly number[], about: number): { from: number; to: number; count: number }[] {
  if (values.length === 0) return [];
  const least = values.reduce((a, b) => Math.min(a, b));
  const most = values.reduce((a, b) => Math.max(a, b));
  // Values that differ by less than numbers of their size can tell apart stand in one interval.
  const isOne = most - least < Math.max(Math.abs(least), Math.abs(most), SIZE_MIN) * RESOLUTION;
  const raw = isOne ? 1 : (most - least) / about;
  const power = 10 ** Math.floor(Math.log10(raw));
  const width = ([1, 2, 5, 10].find((one) => one * power >= raw) ?? 10) * power;
  const start = Math.floor(least / width);
  const end = Math.floor(most / width) + 1;
  const bins = Array.from({ length: end - start }, (_, index) => ({ from: (start + index) * width, to: (start + index + 1) * width, count: 0 }));
  for (const value of values) {
    const bin = bins[Math.min(bins.length - 1, Math.floor(value / width) - start)];
    if (bin !== undefined) bin.count++;
  }
  return bins;
}
