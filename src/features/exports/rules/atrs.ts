/** Entries as records of the UK Algorithmic Transparency Recording Standard: attribute names of its template, multi-valued ones as lists. */

import { ALL_FIELDS, type SystemEntry, valueOf } from '../../registry/index.ts';

/** Attribute → value. Attributes of list fields (suppliers, data sets, risks, assessments) are lists, one value an item, `null` where an item tells none. */
export function atrsOf(entry: SystemEntry): Readonly<Record<string, unknown>> {
  const attributes: Record<string, unknown> = {};
  for (const field of ALL_FIELDS) {
    const value = valueOf(entry.record, field.key);
    if (value === undefined) continue;
    if (field.atrs !== undefined) attributes[field.atrs] = value;
    for (const column of field.columns ?? []) {
      if (column.atrs !== undefined) attributes[column.atrs] = (value as readonly Readonly<Record<string, string>>[]).map((item) => item[column.key] ?? null);
    }
  }
  return attributes;
}
