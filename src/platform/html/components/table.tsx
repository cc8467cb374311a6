/** Tables of data: a caption, heads that sort by links, numbers that line up, and a frame that scrolls sideways on a phone. */

import type { ComponentChildren, VNode } from 'preact';
import { classes } from './classes.ts';
import { useLanguage, useText } from './language.ts';
import { formatNumber } from '../../text/index.ts';

export interface TableColumn<Row> {
  readonly key: string;
  readonly head: ComponentChildren;
  readonly cell: (row: Row, index: number) => ComponentChildren;
  /** Right-aligned figures of equal width; numbers are written in the reader's way. */
  readonly numeric?: boolean | undefined;
  /** The cell that names the row. */
  readonly rowHead?: boolean | undefined;
  /** Where the head leads; `direction` is the order of the list as it stands, when it is by this column. */
  readonly sort?: { readonly href: string; readonly direction?: 'ascending' | 'descending' | undefined } | undefined;
  readonly width?: 'narrow' | 'wide' | undefined;
}

export interface TableProps<Row> {
  readonly caption: ComponentChildren;
  readonly captionHidden?: boolean | undefined;
  readonly columns: readonly TableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey?: ((row: Row, index: number) => string | number) | undefined;
  /** Shown instead of rows when there are none. */
  readonly empty?: ComponentChildren | undefined;
  /** `stack` turns rows into blocks on a phone: for lists with few columns. `scroll` keeps the grid: for figures. */
  readonly phone?: 'scroll' | 'stack' | undefined;
  readonly dense?: boolean | undefined;
  /** Needed when one page has two tables with the same caption. */
  readonly id?: string | undefined;
}

export function Table<Row>({ caption, captionHidden, columns, rows, rowKey, empty, phone = 'scroll', dense, id }: TableProps<Row>): VNode {
  const t = useText();
  const stack = phone === 'stack';
  // CSS that turns rows into blocks takes their meaning away in some browsers; explicit roles give it back.
  const role = <R extends string>(name: R): { role?: R } => (stack ? { role: name } : {});
  return (
    <div class={classes('table-frame', stack && 'table-frame--stack')} role="group" aria-label={typeof caption === 'string' ? caption : t('table.region')} tabIndex={0} id={id}>
      <table class={classes('table', dense === true && 'table--dense')} {...role('table')}>
        <caption class={captionHidden === true ? 'visually-hidden' : undefined}>{caption}</caption>
        <thead {...role('rowgroup')}>
          <tr {...role('row')}>
            {columns.map((column) => (
              <Head key={column.key} column={column} stack={stack} />
            ))}
          </tr>
        </thead>
        <tbody {...role('rowgroup')}>
          {rows.map((row, index) => (
            <tr key={rowKey?.(row, index) ?? index} {...role('row')}>
              {columns.map((column) => (
                <Cell key={column.key} column={column} stack={stack}>
                  {column.cell(row, index)}
                </Cell>
              ))}
            </tr>
          ))}
          {rows.length > 0 ? null : (
            <tr {...role('row')}>
              <td class="table__empty" colSpan={columns.length} {...role('cell')}>
                {empty ?? t('table.empty')}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ column, stack }: { readonly column: TableColumn<Row>; readonly stack: boolean }): VNode {
  const { sort } = column;
  return (
    <th
      scope="col"
      {...(stack ? { role: 'columnheader' as const } : {})}
      class={classes(column.numeric === true && 'numeric', column.width !== undefined && `table__${column.width}`) || undefined}
      aria-sort={sort?.direction}
    >
      {sort === undefined ? (
        column.head
      ) : (
        <a class="table__sort" href={sort.href}>
          {column.head}
        </a>
      )}
    </th>
  );
}

function Cell<Row>({ column, stack, children }: { readonly column: TableColumn<Row>; readonly stack: boolean; readonly children: ComponentChildren }): VNode {
  const language = useLanguage();
  const content = typeof children === 'number' ? formatNumber(children, language) : children;
  const own = {
    ...(column.numeric === true ? { class: 'numeric' } : {}),
    ...(stack && typeof column.head === 'string' ? { 'data-label': column.head } : {}),
  };
  if (column.rowHead === true) {
    return (
      <th scope="row" {...(stack ? { role: 'rowheader' as const } : {})} {...own}>
        {content}
      </th>
    );
  }
  return (
    <td {...(stack ? { role: 'cell' as const } : {})} {...own}>
      {content}
    </td>
  );
}
