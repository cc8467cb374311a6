/** Reads an SSSOM file (a YAML header in `#` lines, then tab-separated rows); whatever is wrong is said with file and line. */

import { isMap, LineCounter, parseDocument } from 'yaml';
import { parseCivilDate } from '../../base/index.ts';
import { didYouMean } from '../nearest-name.ts';
import { ProblemList } from '../yaml-reader.ts';
import {
  COLUMNS, type Column, type CrosswalkProblem, type Framework, type HeaderValue, type ItemId, JUSTIFICATIONS, type Mapping, type MappingSet, PREDICATES, type Predicate,
  SSSOM_CELL_LENGTH_MAX, SSSOM_COLUMNS_MAX, SSSOM_LENGTH_MAX, SSSOM_ROWS_MAX,
} from './model.ts';
import { readTsv, type TsvRow } from './tsv.ts';

/** Prefixes that SSSOM fixes itself: a file need not declare them, and must not declare them as something else. */
export const BUILT_IN_PREFIXES: { readonly [prefix: string]: string } = { skos: 'http://www.w3.org/2004/02/skos/core#', semapv: 'https://w3id.org/semapv/vocab/', sssom: 'https://w3id.org/sssom/' };
/** These may stay empty in a row. */
const MAY_BE_EMPTY: readonly Column[] = ['subject_label', 'object_label', 'author_id', 'reviewer_id', 'mapping_date', 'confidence', 'comment'];
const INVERSE: { readonly [P in Predicate]: Predicate } = {
  'skos:exactMatch': 'skos:exactMatch',
  'skos:closeMatch': 'skos:closeMatch',
  'skos:broadMatch': 'skos:narrowMatch',
  'skos:narrowMatch': 'skos:broadMatch',
  'skos:relatedMatch': 'skos:relatedMatch',
};

/** The predicate as read from object to subject. */
export function inverseOf(predicate: Predicate): Predicate {
  return INVERSE[predicate];
}

/** The set, undefined as soon as there is a problem: half a crosswalk would count wrongly without saying so. */
export function readSssom(file: string, given: string, frameworks: readonly Framework[]): { readonly set?: MappingSet; readonly problems: readonly CrosswalkProblem[] } {
  const problems = new ProblemList();
  const set = new SssomReader(file, problems, frameworks).read(given.startsWith('\uFEFF') ? given.slice(1) : given);
  return problems.items.length > 0 || set === undefined ? { problems: problems.items } : { set, problems: [] };
}

class SssomReader {
  private readonly file: string;
  private readonly problems: ProblemList;
  private readonly byIri: ReadonlyMap<string, { readonly framework: Framework; readonly ids: ReadonlySet<string> }>;
  private curies: { readonly [prefix: string]: string } = {};
  private readonly seen = new Map<string, { readonly line: number; readonly predicates: Map<Predicate, number> }>();

  constructor(file: string, problems: ProblemList, frameworks: readonly Framework[]) {
    this.file = file;
    this.problems = problems;
    this.byIri = new Map(frameworks.map((framework) => [framework.iri, { framework, ids: new Set(framework.items.map((item) => item.local)) }]));
  }

  read(text: string): MappingSet | undefined {
    if (text.length > SSSOM_LENGTH_MAX) {
      this.error('file-too-long', 1, `the file has ${text.length} characters, at most ${SSSOM_LENGTH_MAX} are read`, 'Split it into several sets.');
      return undefined;
    }
    const lines = text.split('\n');
    const first = lines.findIndex((line) => !line.startsWith('#'));
    const headerLines = lines.slice(0, first === -1 ? lines.length : first);
    const header = this.header(headerLines);
    if (header === undefined) return undefined;
    const { rows, fault } = readTsv(lines.slice(headerLines.length).join('\n'), headerLines.length + 1, SSSOM_ROWS_MAX + 1);
    if (fault !== undefined) this.error(fault.kind, fault.line, FAULTS[fault.kind], 'A cell that begins with " ends with " before the next tab; a " inside is written twice. At most 50,000 rows fit into one file.');
    const [head, ...body] = rows;
    if (head === undefined) {
      this.error('no-columns', headerLines.length + 1, 'the line with the names of the columns is missing', `Add it below the header: ${COLUMNS.join(' ⇥ ')}.`);
      return undefined;
    }
    const columns = this.columns(head);
    if (columns === undefined) return undefined;
    const mappings = body.flatMap((row) => this.mapping(row, columns) ?? []);
    const otherColumns = columns.filter((name) => !isColumn(name));
    return { id: plain(header['mapping_set_id']), file: this.file, title: plain(header['mapping_set_title']), licence: plain(header['license']), curies: this.curies, header, otherColumns, rows: mappings };
  }

  private error(code: string, line: number, message: string, fix: string): void {
    this.problems.error(code, { file: this.file, line }, message, fix);
  }

  private header(lines: readonly string[]): { readonly [key: string]: HeaderValue } | undefined {
    const counter = new LineCounter();
    // Failsafe: every scalar stays the text it is.
    const document = parseDocument(lines.map((line) => line.slice(1).replace(/\r$/, '')).join('\n'), { schema: 'failsafe', lineCounter: counter, prettyErrors: false, logLevel: 'error' });
    // The errors after the first mostly follow from it.
    for (const error of document.errors.slice(0, 1)) this.error('malformed-header', counter.linePos(error.pos[0]).line, `the header is not valid YAML: ${error.message}`, 'Each line is “#key: value”; lines of curie_map are indented below it.');
    if (document.errors.length > 0) return undefined;
    if (!isMap(document.contents)) {
      this.error('no-header', 1, 'the file has no header', 'Begin it with lines “#curie_map:”, “#license: …”, “#mapping_set_id: …” and “#mapping_date: …”.');
      return undefined;
    }
    const header = document.toJS({ maxAliasCount: 10 }) as { readonly [key: string]: HeaderValue };
    for (const key of ['curie_map', 'license', 'mapping_set_id', 'mapping_date']) {
      if (header[key] === undefined || header[key] === '') this.error('missing-header', 1, `the header has no “${key}”`, `Add “#${key}: …”.`);
    }
    const date = header['mapping_date'];
    if (date !== undefined && date !== '' && (typeof date !== 'string' || parseCivilDate(date) === undefined)) this.error('bad-date', 1, `“mapping_date” of the header is not a date that exists`, 'Write YYYY-MM-DD.');
    this.curies = this.curieMap(header['curie_map']);
    return header;
  }

  private curieMap(value: HeaderValue | undefined): { readonly [prefix: string]: string } {
    if (value === undefined || value === '') return { ...BUILT_IN_PREFIXES };
    if (typeof value !== 'object' || Array.isArray(value)) {
      this.error('wrong-shape', 1, '“curie_map” should give an address for each prefix', 'Write “#curie_map:” and below it “#  nist: "urn:mizan:nist-ai-rmf:"”.');
      return { ...BUILT_IN_PREFIXES };
    }
    for (const [prefix, iri] of Object.entries(value)) {
      if (typeof iri !== 'string' || iri === '') this.error('wrong-shape', 1, `the prefix “${prefix}” stands for nothing`, 'Give the address it stands for.');
      else if (BUILT_IN_PREFIXES[prefix] !== undefined && BUILT_IN_PREFIXES[prefix] !== iri) this.error('built-in-prefix', 1, `“${prefix}” is fixed by SSSOM as ${BUILT_IN_PREFIXES[prefix]}`, 'Remove the line or use another prefix.');
    }
    return { ...BUILT_IN_PREFIXES, ...(value as { readonly [prefix: string]: string }) };
  }

  private columns(head: TsvRow): readonly string[] | undefined {
    const names = head.cells.map((name) => name.trim());
    const missing = COLUMNS.filter((name) => !names.includes(name));
    for (const name of missing) {
      const instead = name === 'confidence' && names.includes('similarity_score') ? ' “similarity_score” is not read as confidence: it may be a raw distance.' : '';
      this.error('missing-column', head.line, `the column “${name}” is missing.${instead}`, 'Add the column; where nothing is known its cells stay empty.');
    }
    names.forEach((name, index) => {
      if (name === '') this.error('unnamed-column', head.line, `column ${index + 1} has no name`, 'Name it or remove it.');
      else if (names.indexOf(name) !== index) this.error('duplicate-column', head.line, `the column “${name}” stands there twice`, 'Keep one of them.');
    });
    if (names.length > SSSOM_COLUMNS_MAX) this.error('too-many-columns', head.line, `${names.length} columns, at most ${SSSOM_COLUMNS_MAX} are read`, 'Remove those that are not needed.');
    return this.problems.items.length > 0 && (missing.length > 0 || names.length > SSSOM_COLUMNS_MAX) ? undefined : names;
  }

  private mapping(row: TsvRow, columns: readonly string[]): Mapping | undefined {
    const { line } = row;
    if (row.cells.length > columns.length) {
      this.error('too-many-cells', line, `the row has ${row.cells.length} cells, the head ${columns.length}`, 'Look for a tab inside a text; put such a text in quotes.');
      return undefined;
    }
    const long = row.cells.findIndex((cell) => cell.length > SSSOM_CELL_LENGTH_MAX);
    if (long !== -1) {
      this.error('cell-too-long', line, `“${columns[long] ?? ''}” has more than ${SSSOM_CELL_LENGTH_MAX} characters`, 'Shorten it.');
      return undefined;
    }
    const cells = new Map(columns.map((name, index) => [name, row.cells[index] ?? '']));
    const cell = (name: Column): string => {
      const value = (cells.get(name) ?? '').trim();
      if (value === '' && !MAY_BE_EMPTY.includes(name)) this.error('empty-cell', line, `“${name}” is empty`, 'Fill it in.');
      return value;
    };
    // A row that says “not” would be counted as its opposite by everybody who does not know the column.
    if ((cells.get('predicate_modifier') ?? '').trim() !== '') this.error('negated-row', line, 'the row is negated by “predicate_modifier”', 'Remove the row: a crosswalk lists what corresponds.');
    const subject = this.item(cell('subject_id'), 'subject_id', line);
    const predicate = this.word(cell('predicate_id'), PREDICATES, 'unknown-predicate', line);
    const object = this.item(cell('object_id'), 'object_id', line);
    const justification = this.word(cell('mapping_justification'), JUSTIFICATIONS, 'unknown-justification', line);
    const confidence = this.confidence(cell('confidence'), line);
    const dateText = cell('mapping_date');
    const date = dateText === '' ? undefined : parseCivilDate(dateText);
    if (dateText !== '' && date === undefined) this.error('bad-date', line, `“${dateText}” is not a date that exists`, 'Write YYYY-MM-DD with a real month and day, or leave it empty.');
    const authors = this.people(cell('author_id'), 'author_id', line);
    const reviewers = this.people(cell('reviewer_id'), 'reviewer_id', line);
    if (subject === undefined || object === undefined || predicate === undefined || justification === undefined) return undefined;
    this.compare(subject, predicate, object, justification, line);
    return {
      subject, predicate, object, justification, authors, reviewers, line,
      subjectLabel: cell('subject_label'),
      objectLabel: cell('object_label'),
      comment: cell('comment'),
      ...(date === undefined ? {} : { date }),
      ...(confidence === undefined ? {} : { confidence }),
      other: Object.fromEntries(columns.filter((name) => !isColumn(name)).map((name) => [name, cells.get(name) ?? ''])),
    };
  }

  /** The item a CURIE names, under the framework's own prefix. */
  private item(curie: string, column: Column, line: number): ItemId | undefined {
    if (curie === '') return undefined;
    const split = this.split(curie, column, line);
    if (split === undefined) return undefined;
    const known = this.byIri.get(split.iri);
    if (known === undefined) {
      this.error('unknown-framework', line, `“${curie}”: no framework here is named ${split.iri}`, `Add it under packs/crosswalks/frameworks, or let the prefix stand for one of: ${[...this.byIri.keys()].join(', ')}.`);
      return undefined;
    }
    if (!known.ids.has(split.local)) {
      this.error('unknown-id', line, `${known.framework.title.en} has no item “${split.local}”.${this.problems.isFull ? '' : didYouMean(split.local, known.ids)}`, `Use an id of packs/crosswalks/frameworks/${known.framework.id}.yaml.`);
      return undefined;
    }
    return `${known.framework.prefix}:${split.local}`;
  }

  private split(curie: string, column: Column, line: number): { readonly iri: string; readonly local: string } | undefined {
    const [, prefix, local] = /^([A-Za-z_][\w.-]*):(\S+)$/.exec(curie) ?? [];
    if (prefix === undefined || local === undefined) {
      this.error('bad-curie', line, `“${curie}” in “${column}” is not prefix:id`, 'Write it as nist:MAP-1.1, with the prefix in curie_map.');
      return undefined;
    }
    const iri = Object.hasOwn(this.curies, prefix) ? this.curies[prefix] : undefined;
    if (typeof iri === 'string' && iri !== '') return { iri, local };
    this.error('unknown-prefix', line, `the prefix “${prefix}” of “${curie}” is not declared.${didYouMean(prefix, Object.keys(this.curies))}`, `Add “#  ${prefix}: …” to curie_map in the header.`);
    return undefined;
  }

  private word<T extends string>(text: string, words: readonly T[], code: string, line: number): T | undefined {
    if (text === '') return undefined;
    if ((words as readonly string[]).includes(text)) return text as T;
    this.error(code, line, `“${text}” is not known.${didYouMean(text, words)}`, `Use one of: ${words.join(', ')}.`);
    return undefined;
  }

  private confidence(text: string, line: number): number | undefined {
    if (text === '') return undefined;
    const value = /^(?:\d+(?:\.\d+)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
    if (value >= 0 && value <= 1) return value;
    this.error('bad-confidence', line, `“${text}” is not a confidence`, 'Write a number from 0 to 1 such as 0.6, or leave it empty. A similarity score or a distance is not a confidence.');
    return undefined;
  }

  private people(text: string, column: Column, line: number): readonly string[] {
    const people = splitList(text);
    for (const person of people) this.split(person, column, line);
    if (new Set(people).size !== people.length) this.error('named-twice', line, `“${column}” names the same person twice`, 'Name everybody once: two reviewers are two people.');
    return people;
  }

  /** Twice the same claim, or two that exclude each other, whichever way round they are written. */
  private compare(subject: ItemId, predicate: Predicate, object: ItemId, justification: string, line: number): void {
    if (subject === object) {
      this.error('self-mapping', line, `“${subject}” is mapped to itself`, 'Remove the row.');
      return;
    }
    const isTurned = subject > object;
    const pair = isTurned ? `${object} ${subject}` : `${subject} ${object}`;
    const read = isTurned ? inverseOf(predicate) : predicate;
    const earlier = this.seen.get(`${pair} ${justification}`);
    const before = earlier?.predicates.get(read);
    if (before !== undefined) this.error('duplicate-row', line, `the same claim stands in line ${before}`, 'Keep one of the two rows.');
    const other = earlier === undefined ? undefined : [...earlier.predicates].find(([one]) => one !== read);
    if (before === undefined && other !== undefined) this.error('contradicting-rows', line, `line ${other[1]} relates the same two items otherwise`, 'Two items are related in one way: keep the row that is right.');
    if (earlier === undefined) this.seen.set(`${pair} ${justification}`, { line, predicates: new Map([[read, line]]) });
    else earlier.predicates.set(read, line);
  }
}

const FAULTS = { 'unclosed-quote': 'a cell begins with " and never ends', 'text-after-quote': 'text follows the closing " of a cell', 'too-many-rows': `there are more than ${SSSOM_ROWS_MAX} rows` } as const;

/** Values of a cell that holds several: `a|b`; a bar inside a value is written `\|`. */
export function splitList(text: string): readonly string[] {
  if (text === '') return [];
  return text.split(/(?<!\\)\|/).map((one) => one.replaceAll(String.raw`\|`, '|').trim()).filter((one) => one !== '');
}

export function isColumn(name: string): name is Column {
  return (COLUMNS as readonly string[]).includes(name);
}

function plain(value: HeaderValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
