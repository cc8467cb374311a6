/** Entries as the registration information of Annex VIII of Regulation (EU) 2024/1689: sections A, B and C by point number. */

import { ALL_FIELDS, type SystemEntry, valueOf } from '../../registry/index.ts';

const SECTIONS = ['A', 'B', 'C'] as const;
type Section = (typeof SECTIONS)[number];
const NUMBERS: { readonly [S in Section]: number } = { A: 13, B: 9, C: 5 };

export interface AnnexViii {
  readonly entry: number;
  readonly status: SystemEntry['status'];
  /** Point → field → value; a point without any value is listed under `missing`. */
  readonly sections: { readonly [S in Section]: { readonly points: Readonly<Record<string, Readonly<Record<string, unknown>>>>; readonly missing: readonly string[] } };
}

export function annexViiiOf(entry: SystemEntry): AnnexViii {
  const section = (name: Section): AnnexViii['sections'][Section] => {
    const points: Record<string, Record<string, unknown>> = {};
    for (const field of ALL_FIELDS) {
      const origins = [...(field.annexViii ?? []), ...(field.columns ?? []).flatMap((column) => column.annexViii ?? [])];
      const value = valueOf(entry.record, field.key);
      if (value === undefined) continue;
      for (const point of new Set(origins)) {
        if (point.startsWith(name)) (points[point.slice(1)] ??= {})[field.key] = value;
      }
    }
    const missing = Array.from({ length: NUMBERS[name] }, (_, index) => String(index + 1)).filter((point) => !(point in points));
    return { points, missing };
  };
  return { entry: entry.number, status: entry.status, sections: { A: section('A'), B: section('B'), C: section('C') } };
}

