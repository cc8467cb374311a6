/** Reading and writing SSSOM: every refusal with its line, and what is written reads back the same. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civil } from '../../base/index.ts';
import { COLUMNS, type Framework, JUSTIFICATIONS, type Mapping, type MappingSet, PREDICATES } from './model.ts';
import { readSssom, splitList } from './read-sssom.ts';
import { writeSssom } from './write-sssom.ts';

const text = (word: string) => ({ az: word, en: word, ru: word });
const framework = (id: string, locals: readonly string[]): Framework => ({
  id, prefix: id, iri: `urn:test:${id}:`, title: text(id), version: '1', publisher: 'nobody', source: 'made up for this test', evidence: 'V', note: text('-'), groups: [{ id: 'g', label: text('g') }],
  items: locals.map((local) => ({ id: `${id}:${local}`, local, code: local, group: 'g', label: text(local) })),
});
const frameworks = [framework('red', ['1', '2', '3', '4']), framework('blue', ['a', 'b', 'c', 'd'])];

const HEADER = ['#curie_map:', '#  red: "urn:test:red:"', '#  sea: "urn:test:blue:"', '#  orcid: "https://orcid.org/"', '#mapping_set_id: "urn:test:set"', '#license: "https://example.org/licence"', '#mapping_date: "2026-01-02"'];
const GOOD = ['red:1', 'One', 'skos:closeMatch', 'sea:a', 'A', 'semapv:ManualMappingCuration', 'orcid:1', '', '2026-01-02', '0.6', ''];
const at = (changes: { readonly [column: string]: string }): string => COLUMNS.map((name, index) => changes[name] ?? GOOD[index] ?? '').join('\t');
const file = (rows: readonly string[], header: readonly string[] = HEADER, head: string = COLUMNS.join('\t')): string => [...header, head, ...rows].join('\n');
/** `code:line` of each problem. */
const problems = (given: string): readonly string[] => readSssom('x.tsv', given, frameworks).problems.map((problem) => `${problem.code}:${problem.line}`);

describe('an SSSOM file', () => {
  it('is read under the frameworks’ own prefixes, whatever prefix it uses', () => {
    const { set } = readSssom('x.tsv', file([at({ reviewer_id: String.raw`orcid:2|orcid:3` })]), frameworks);
    expect(set?.rows[0]).toMatchObject({ subject: 'red:1', object: 'blue:a', predicate: 'skos:closeMatch', confidence: 0.6, reviewers: ['orcid:2', 'orcid:3'], line: 9 });
    expect(set).toMatchObject({ id: 'urn:test:set', licence: 'https://example.org/licence' });
  });

  it.each<readonly [name: string, given: string, expected: readonly string[]]>([
    ['is good', file([at({})]), []],
    ['has a byte order mark and Windows line ends', `\uFEFF${file([at({})]).replaceAll('\n', '\r\n')}`, []],
    ['has a blank line', file([at({}), '', at({ object_id: 'sea:b' })]), []],
    ['states no confidence', file([at({ confidence: '' })]), []],
    ['is empty', '', ['no-header:1']],
    ['has no header', file([at({})], []), ['no-header:1']],
    ['has a broken header', file([at({})], ['#curie_map: [', ...HEADER]), ['malformed-header:2']],
    ['lacks header lines', file([at({})], HEADER.filter((line) => !/license|set_id/.test(line))), ['missing-header:1', 'missing-header:1']],
    ['has a header date that does not exist', file([at({})], HEADER.map((line) => line.replace('2026-01-02', '2026-02-30'))), ['bad-date:1']],
    ['turns a fixed prefix into another', file([at({ author_id: '' })], HEADER.map((line) => line.replace(/orcid: .*/, 'skos: "urn:other:"'))), ['built-in-prefix:1']],
    ['has no columns', HEADER.join('\n'), ['no-columns:8']],
    ['lacks a column', file([], HEADER, COLUMNS.filter((name) => name !== 'reviewer_id').join('\t')), ['missing-column:8']],
    ['has a column twice', file([], HEADER, [...COLUMNS, 'comment'].join('\t')), ['duplicate-column:8']],
    ['has a similarity score and no confidence', file([], HEADER, COLUMNS.join('\t').replace('confidence', 'similarity_score')), ['missing-column:8']],
    ['has a word for a predicate that is none', file([at({ predicate_id: 'skos:mappingRelation' })]), ['unknown-predicate:9']],
    ['has a justification that is none', file([at({ mapping_justification: 'semapv:Feeling' })]), ['unknown-justification:9']],
    ['names an item that is not there', file([at({ subject_id: 'red:9' })]), ['unknown-id:9']],
    ['names a framework that is not there', file([at({ subject_id: 'orcid:9' })]), ['unknown-framework:9']],
    ['uses a prefix that is not declared', file([at({ subject_id: 'green:1' })]), ['unknown-prefix:9']],
    ['uses a prefix that every object has', file([at({ subject_id: 'constructor:1' })]), ['unknown-prefix:9']],
    ['has a reviewer without prefix', file([at({ reviewer_id: 'somebody' })]), ['bad-curie:9']],
    ['counts one reviewer twice', file([at({ reviewer_id: 'orcid:2|orcid:2' })]), ['named-twice:9']],
    ['is more than certain', file([at({ confidence: '22' })]), ['bad-confidence:9']],
    ['is less than doubtful', file([at({ confidence: '-0.1' })]), ['bad-confidence:9']],
    ['writes a comma in a number', file([at({ confidence: '0,6' })]), ['bad-confidence:9']],
    ['writes NaN', file([at({ confidence: 'NaN' })]), ['bad-confidence:9']],
    ['has an empty subject', file([at({ subject_id: '' })]), ['empty-cell:9']],
    ['has a day that does not exist', file([at({ mapping_date: '2026-13-01' })]), ['bad-date:9']],
    ['says the same twice', file([at({}), at({})]), ['duplicate-row:10']],
    ['says the same the other way round', file([at({ predicate_id: 'skos:broadMatch' }), at({ subject_id: 'sea:a', object_id: 'red:1', predicate_id: 'skos:narrowMatch' })]), ['duplicate-row:10']],
    ['contradicts itself', file([at({}), at({ predicate_id: 'skos:broadMatch' })]), ['contradicting-rows:10']],
    ['maps an item to itself', file([at({ object_id: 'red:1' })]), ['self-mapping:9']],
    ['has a cell too many', file([`${at({})}\tmore`]), ['too-many-cells:9']],
    ['opens a quote and never closes it', file([at({ comment: '"oh' })]), ['unclosed-quote:9']],
    ['goes on after a quote', file([at({ subject_label: '"oh" no' })]), ['text-after-quote:9']],
    ['negates a row', file([`${at({})}\tNot`], HEADER, [...COLUMNS, 'predicate_modifier'].join('\t')), ['negated-row:9']],
    ['has a very long cell', file([at({ comment: 'x'.repeat(10_001) })]), ['cell-too-long:9']],
  ])('that %s', (_name, given, expected) => {
    expect(problems(given)).toEqual(expected);
  });

  it('gives no set when anything is wrong', () => {
    expect(readSssom('x.tsv', file([at({}), at({ confidence: '2' })]), frameworks).set).toBeUndefined();
  });

  it('keeps a similarity score beside the confidence and apart from it', () => {
    const { set } = readSssom('x.tsv', file([`${at({ confidence: '' })}\t22`], HEADER, [...COLUMNS, 'similarity_score'].join('\t')), frameworks);
    expect(set?.rows[0]?.confidence).toBeUndefined();
    expect(set?.rows[0]?.other).toEqual({ similarity_score: '22' });
  });

  it('says the line of a row after a cell of two lines', () => {
    expect(problems(file([at({ comment: '"two\nlines"' }), at({ object_id: 'sea:b', confidence: '9' })]))).toEqual(['bad-confidence:11']);
  });

  it('lists what a cell of several values holds', () => {
    expect(splitList(String.raw`a| b |c\|d|`)).toEqual(['a', 'b', 'c|d']);
  });
});

const word = fc.string({ unit: fc.constantFrom('a', 'ə', 'Ж', ' ', '"', '\t', '\n', '|', '\\', '#', '=', ':'), maxLength: 12 }).map((one) => one.trim());
const person = fc.stringMatching(/^[a-z0-9][a-z0-9|-]{0,6}$/).map((name) => `orcid:${name}`);
const rows = fc.uniqueArray(
  fc.record({
    subject: fc.constantFrom('red:1', 'red:2', 'red:3', 'red:4'),
    subjectLabel: word,
    predicate: fc.constantFrom(...PREDICATES),
    object: fc.constantFrom('blue:a', 'blue:b', 'blue:c', 'blue:d'),
    objectLabel: word,
    justification: fc.constantFrom(...JUSTIFICATIONS),
    authors: fc.uniqueArray(person, { maxLength: 3 }),
    reviewers: fc.uniqueArray(person, { maxLength: 3 }),
    date: fc.constantFrom(civil('2024-02-29'), civil('2026-11-23')),
    confidence: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => Math.round(value * 1e12) / 1e12),
    comment: word,
    other: fc.record({ similarity_score: word }),
  }),
  { selector: (row) => `${row.subject} ${row.object} ${row.justification}`, maxLength: 12 },
);

describe('a mapping set', () => {
  it('reads back as it was written', () => {
    fc.assert(
      fc.property(rows, word, (list, title) => {
        const header = { curie_map: { red: 'urn:test:red:', sea: 'urn:test:blue:', orcid: 'https://orcid.org/' }, mapping_set_id: 'urn:test:set', mapping_set_title: title, license: 'https://example.org/licence', mapping_date: '2026-01-02', mapping_set_version: '1.10' };
        const set: MappingSet = { id: 'urn:test:set', file: 'x.tsv', title, licence: header.license, curies: { ...header.curie_map }, header, otherColumns: ['similarity_score'], rows: list.map((row): Mapping => ({ ...row, line: 0 })) };
        const read = readSssom('x.tsv', writeSssom(set, frameworks), frameworks);
        expect(read.problems).toEqual([]);
        const withoutLines = (one: MappingSet | undefined) => one?.rows.map((row) => ({ ...row, line: 0 }));
        expect(withoutLines(read.set)).toEqual(withoutLines(set));
        expect(read.set?.header).toEqual(header);
      }),
      { numRuns: 200 },
    );
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (tail) => void readSssom('x.tsv', file([]) + '\n' + tail, frameworks)));
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (all) => void readSssom('x.tsv', `#${all}`, frameworks)));
  });
});
