/** What a chart is for the rest of the program: two drawings of the same figures and the figures themselves. */

import type { Language } from '../../base/index.ts';

export interface Chart {
  /** SVG for wide windows and paper. Safe to place in a page: no style attribute, no style element, no script. */
  readonly wide: string;
  /** SVG for phones: fewer ticks, labels of the same size. */
  readonly narrow: string;
  /** Names of the series for the legend, in the order of their colours; one or none needs no legend. */
  readonly series: readonly string[];
  readonly columns: readonly ChartColumn[];
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface ChartColumn {
  readonly label: string;
  readonly numeric: boolean;
}

interface Common {
  readonly language: Language;
  /** What the categories are, e.g. "Body". Heads the first column of the table. */
  readonly categoryLabel: string;
  /** What is counted or measured, with its unit, e.g. "Systems" or "Share, %". */
  readonly valueLabel: string;
}

/** Horizontal bars, in the order given: the names of categories are sentences more often than words. */
export interface BarChartInput extends Common {
  readonly bars: readonly { readonly label: string; readonly value: number }[];
}

/** Horizontal bars divided into series; a missing value is zero. */
export interface StackedBarChartInput extends Common {
  readonly series: readonly string[];
  readonly bars: readonly { readonly label: string; /** One per series. */ readonly values: readonly number[] }[];
}

/** Lines over days (`YYYY-MM-DD`) or over numbers; `null` leaves a gap. */
export interface LineChartInput extends Common {
  readonly series: readonly string[];
  readonly points: readonly { readonly at: string | number; /** One per series. */ readonly values: readonly (number | null)[] }[];
  /** The axis begins at zero unless told otherwise. */
  readonly fromZero?: boolean | undefined;
}

export interface DotChartInput extends Common {
  /** Name of the vertical measure; `categoryLabel` names the horizontal one. */
  readonly dots: readonly { readonly x: number; readonly y: number; readonly label?: string | undefined }[];
}

export interface HistogramInput extends Common {
  readonly values: readonly number[];
  /** About how many bins. */
  readonly bins?: number | undefined;
}

/** More bars, points or dots than a reader can tell apart are a mistake of the caller. */
export const CATEGORIES_MAX = 60;
export const SERIES_MAX = 6;
export const POINTS_MAX = 5_000;
