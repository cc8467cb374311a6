/** Reads the US 2024 inventory for the pre-screen bench: one record per row with its label, and the split of agencies fixed before any text was read. */

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import type { SourceText } from '../../src/law/prescreen/index.ts';

export type Half = 'development' | 'held-out';

export interface LabelledRecord {
  readonly row: number;
  readonly agency: string;
  readonly name: string;
  readonly texts: readonly SourceText[];
  /** Trimmed and case-folded; empty = unlabelled. */
  readonly label: string;
  readonly isPositive: boolean;
  readonly half: Half;
}

export const SPLIT_RULE =
  'agency name, white space collapsed and trimmed, UTF-8, SHA-256; first byte even = development, odd = held-out';

const POSITIVE: ReadonlySet<string> = new Set(['rights-impacting', 'safety-impacting', 'both']);
const tidy = (text: string | undefined): string => (text ?? '').replaceAll(/\s+/g, ' ').trim();

export function halfOf(agency: string): Half {
  return ((createHash('sha256').update(agency, 'utf8').digest()[0] ?? 0) & 1) === 0 ? 'development' : 'held-out';
}

export function readInventory(path: string): readonly LabelledRecord[] {
  const rows: string[][] = parse(readFileSync(path), { bom: true, relax_column_count: true });
  const header = rows[0] ?? [];
  const column = (name: string): number => header.indexOf(name);
  const [agencyAt, nameAt, purposeAt, outputsAt, labelAt] = ['3_agency', '2_use_case_name', '11_purpose_benefits', '12_outputs', '17_impact_type'].map(column) as [number, number, number, number, number];
  return rows.slice(1).map((cells, index) => {
    const agency = tidy(cells[agencyAt]);
    const label = tidy(cells[labelAt]).toLowerCase();
    return {
      row: index + 1,
      agency,
      name: tidy(cells[nameAt]),
      texts: [
        { field: 'name', text: cells[nameAt] ?? '' },
        { field: 'purpose', text: cells[purposeAt] ?? '' },
        { field: 'outputs', text: cells[outputsAt] ?? '' },
      ],
      label,
      isPositive: POSITIVE.has(label),
      half: halfOf(agency),
    };
  });
}
