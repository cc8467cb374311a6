/** Pictures with a title, what they say in words, their source, and for charts the figures themselves as a table. */

import type { ComponentChildren, VNode } from 'preact';
import type { Chart } from '../../charts/index.ts';
import { Details } from './details.tsx';
import { useLanguage, useText } from './language.ts';
import { Table } from './table.tsx';
import { formatNumber } from '../../text/index.ts';

export interface FigureProps {
  readonly title: ComponentChildren;
  readonly children: ComponentChildren;
  readonly note?: ComponentChildren | undefined;
  readonly source?: ComponentChildren | undefined;
}

export function Figure({ title, children, note, source }: FigureProps): VNode {
  const t = useText();
  return (
    <figure class="figure">
      <figcaption class="figure__title">{title}</figcaption>
      {note === undefined ? null : <p class="figure__note">{note}</p>}
      {children}
      {source === undefined ? null : (
        <p class="figure__source">
          {t('figure.source')} {source}
        </p>
      )}
    </figure>
  );
}

export interface ChartFigureProps {
  readonly title: string;
  readonly chart: Chart;
  /** One sentence with the finding, for those who cannot see the picture and for those in a hurry. */
  readonly note?: ComponentChildren | undefined;
  readonly source?: ComponentChildren | undefined;
  /** Shows the table of figures unfolded. */
  readonly tableOpen?: boolean | undefined;
}

export function ChartFigure({ title, chart, note, source, tableOpen }: ChartFigureProps): VNode {
  const t = useText();
  const language = useLanguage();
  return (
    <Figure title={title} note={note} source={source}>
      {chart.series.length < 2 ? null : (
        <ul class="legend">
          {chart.series.map((name, index) => (
            <li class={`legend__item series-${index + 1}`} key={name}>
              {name}
            </li>
          ))}
        </ul>
      )}
      {/* Two drawings of the same figures: one for wide windows and paper, one for phones, so that letters keep their size. */}
      <div class="chart chart--wide" role="img" aria-label={t('chart.picture', { title })} dangerouslySetInnerHTML={{ __html: chart.wide }} />
      <div class="chart chart--narrow" role="img" aria-label={t('chart.picture', { title })} dangerouslySetInnerHTML={{ __html: chart.narrow }} />
      <Details summary={t('chart.table')} open={tableOpen}>
        <Table
          caption={title}
          captionHidden
          dense
          columns={chart.columns.map((column, position) => ({
            key: String(position),
            head: column.label,
            numeric: column.numeric,
            rowHead: position === 0,
            cell: (row: readonly (string | number | null)[]) => {
              const value = row[position];
              return typeof value === 'number' ? formatNumber(value, language, { maximumFractionDigits: 3 }) : value;
            },
          }))}
          rows={chart.rows}
        />
      </Details>
    </Figure>
  );
}
