/** Charts fit the content policy, tell the truth in their tables, and survive odd input. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barChart, CATEGORIES_MAX, type Chart, dotChart, histogram, lineChart, stackedBarChart } from './index.ts';
import { linesOf } from './frame.ts';

const common = { language: 'az', categoryLabel: 'Sahə', valueLabel: 'Sistemlər' } as const;
const hostile = '"><script>alert(1)</script><b style="x">&';

const charts: readonly (readonly [string, Chart])[] = [
  ['bars', barChart({ ...common, bars: [{ label: hostile, value: 1412 }, { label: 'Təhsil', value: 0 }] })],
  ['no bars', barChart({ ...common, bars: [] })],
  ['stacked bars', stackedBarChart({ ...common, series: ['a', hostile], bars: [{ label: 'x', values: [1, 2] }, { label: 'y', values: [3] }] })],
  ['lines over time', lineChart({ ...common, series: ['a', 'b'], points: [{ at: '2026-01-01', values: [1, null] }, { at: '2026-11-01', values: [5, 2] }] })],
  ['lines over days', lineChart({ ...common, series: ['a'], points: [{ at: '2026-01-01', values: [1] }, { at: '2026-01-05', values: [2] }] })],
  ['lines over numbers', lineChart({ ...common, series: ['a'], points: [{ at: 1, values: [1] }, { at: 2, values: [4] }] })],
  ['one point', lineChart({ ...common, series: ['a'], points: [{ at: '2026-01-01', values: [1] }] })],
  ['no points', lineChart({ ...common, series: ['a'], points: [] })],
  ['dots', dotChart({ ...common, dots: [{ x: 1, y: 2, label: hostile }, { x: 2, y: 3 }] })],
  ['histogram', histogram({ ...common, values: [0.1, 0.2, 0.2, 0.9] })],
  ['histogram of one value', histogram({ ...common, values: [7, 7, 7] })],
  ['histogram of nothing', histogram({ ...common, values: [] })],
];

describe.each(charts)('%s', (_name, chart) => {
  it.each(['wide', 'narrow'] as const)('%s: is one svg without style, script or event', (size) => {
    const svg = chart[size];
    expect(svg).toMatch(/^<svg\b[^>]*(?:\/>|>[\s\S]*<\/svg>)$/);
    expect(svg).not.toMatch(/<style|<script|<foreignObject/i);
    for (const tag of svg.match(/<[^>]*>/g) ?? []) expect(tag).not.toMatch(/\s(style|on[a-z]+|href)=/i);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });
  it('has a table with a cell for each column', () => {
    for (const row of chart.rows) expect(row).toHaveLength(chart.columns.length);
  });
});

describe('figures', () => {
  it('are written as the language writes them, never shortened', () => {
    const chart = barChart({ ...common, bars: [{ label: 'x', value: 1_234_567.25 }] });
    for (const svg of [chart.wide, chart.narrow]) expect(svg).toContain('1.234.567,25');
  });
  it('of a bar are as long as its value', () => {
    const svg = barChart({ ...common, bars: [{ label: 'x', value: 50 }, { label: 'y', value: 100 }] }).wide;
    const [half = 0, full = 0] = [...svg.matchAll(/<rect[^>]*\bwidth="([\d.]+)"/g)].map((match) => Number(match[1]));
    expect(half / full).toBeCloseTo(0.5, 2);
  });
  it('of a histogram count every value once', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
        const total = histogram({ ...common, values }).rows.reduce((sum, row) => sum + Number(row.at(-1)), 0);
        expect(total).toBe(values.length);
      }),
      { numRuns: 25 },
    );
  });
  it.each([[[0, 3.5e-323]], [[5, 5, 5]], [[1e6, 1e6 + 1e-9]], [[-2e-310, 1e-310]], [[0, 1e-200]]])('of a histogram of %j too', (values) => {
    expect(histogram({ ...common, values }).rows.reduce((sum, row) => sum + Number(row.at(-1)), 0)).toBe(values.length);
  });
  it('beyond the limit are refused', () => {
    expect(() => barChart({ ...common, bars: Array.from({ length: CATEGORIES_MAX + 1 }, (_, index) => ({ label: `${index}`, value: 1 })) })).toThrow('at most');
  });
});

describe('names', () => {
  it.each([
    ['Təhsil', 30, ['Təhsil']],
    ['Social protection and employment', 20, ['Social protection', 'and employment']],
    ['a b c d e f g h', 3, ['a b', 'c d', 'e f …']],
    ['Krankenversicherungskarte', 10, ['Krankenversic…']],
    ['', 10, []],
  ])('%s in lines of %d', (label, letters, expected) => {
    const lines = linesOf(label, letters);
    expect(lines).toEqual(expected);
  });
});
