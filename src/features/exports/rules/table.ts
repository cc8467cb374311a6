/** One entry as a row: a column for each field, lists as JSON, so that nothing is lost in a table. */

import { ALL_FIELDS, type SystemEntry, valueOf } from '../../registry/index.ts';

/** `id`, `number`, `status`, `source`, then every field of the record, then the verbatim cells of the imported row. */
export const TABLE_COLUMNS: readonly string[] = ['id', 'number', 'status', 'source', ...ALL_FIELDS.map((field) => field.key), 'sourceColumns'];

export function tableRow(entry: SystemEntry): readonly string[] {
  const { record } = entry;
  return [
    entry.id,
    String(entry.number),
    entry.status,
    entry.source === undefined ? '' : JSON.stringify(entry.source),
    ...ALL_FIELDS.map((field) => cellOf(valueOf(record, field.key))),
    record.sourceColumns === undefined ? '' : JSON.stringify(record.sourceColumns),
  ];
}

function cellOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
