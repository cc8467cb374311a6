/** Writes a mapping set as an SSSOM file that reads back as the same set. */

import { stringify } from 'yaml';
import { COLUMNS, type Framework, type ItemId, type Mapping, type MappingSet } from './model.ts';
import { writeTsv } from './tsv.ts';

/** Items are written under the prefix that the file's own `curie_map` has for their framework. */
export function writeSssom(set: MappingSet, frameworks: readonly Framework[]): string {
  const prefixOf = new Map(frameworks.map((framework) => [framework.prefix, Object.entries(set.curies).find(([, iri]) => iri === framework.iri)?.[0] ?? framework.prefix]));
  const curie = (item: ItemId): string => {
    const at = item.indexOf(':');
    return `${prefixOf.get(item.slice(0, at)) ?? item.slice(0, at)}${item.slice(at)}`;
  };
  const yaml = stringify(set.header, { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' });
  const header = yaml.trimEnd().split('\n').map((line) => `#${line}\n`).join('');
  return header + writeTsv([[...COLUMNS, ...set.otherColumns], ...set.rows.map((row) => cellsOf(row, curie, set.otherColumns))]);
}

function cellsOf(row: Mapping, curie: (item: ItemId) => string, otherColumns: readonly string[]): readonly string[] {
  return [
    curie(row.subject), row.subjectLabel, row.predicate, curie(row.object), row.objectLabel, row.justification, joinList(row.authors), joinList(row.reviewers), row.date ?? '',
    row.confidence === undefined ? '' : plainNumber(row.confidence), row.comment, ...otherColumns.map((name) => row.other[name] ?? ''),
  ];
}

function joinList(values: readonly string[]): string {
  return values.map((value) => value.replaceAll('|', String.raw`\|`)).join('|');
}

/** Never `1e-7`: a confidence is read as plain digits. */
function plainNumber(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(20).replace(/0+$/, '').replace(/\.$/, '') : text;
}
