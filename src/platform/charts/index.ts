/** The door of the charts room: figures in, drawings and table out. Place them with `<ChartFigure/>`. */

export type { BarChartInput, Chart, ChartColumn, DotChartInput, HistogramInput, LineChartInput, StackedBarChartInput } from './model.ts';
export { CATEGORIES_MAX, POINTS_MAX, SERIES_MAX } from './model.ts';
export { barChart, stackedBarChart } from './bars.ts';
export { dotChart, histogram, lineChart } from './lines.ts';
