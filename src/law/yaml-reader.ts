/** Reads YAML files into typed entries; every mistake becomes a problem with file, line and fix, and reading goes on. */

import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node, YAMLMap } from 'yaml';
import { LANGUAGES, parseCivilDate } from '../base/index.ts';
import type { CivilDate, LocalisedText } from '../base/index.ts';
import { isReserved, ID_PATTERN, VALUE_ID_PATTERN } from './expression.ts';
import { PACK_DEPTH_MAX, PACK_ENTRIES_MAX, PACK_FILE_LENGTH_MAX, PACK_NODES_MAX, PARSED_CHARACTERS_MAX, PROBLEMS_MAX } from './limits.ts';
import type { PackProblem, Spot } from './model.ts';
import { didYouMean } from './nearest-name.ts';

/** Collects problems up to PROBLEMS_MAX; the last one then says that there are more. */
export class ProblemList {
  readonly items: PackProblem[] = [];
  /** Missing texts: the pack still loads. */
  readonly notes: PackProblem[] = [];

  /** Nothing more is listed: looking for names that were meant can be left out. */
  get isFull(): boolean {
    return this.items.length > PROBLEMS_MAX;
  }

  error(code: string, spot: Spot, message: string, fix: string): void {
    if (this.items.length === PROBLEMS_MAX) {
      this.items.push({ severity: 'error', code: 'too-many-problems', ...spot, message: `only the first ${PROBLEMS_MAX} problems are shown`, fix: 'Repair these and check again.' });
    }
    if (this.items.length > PROBLEMS_MAX) return;
    this.items.push({ severity: 'error', code, file: spot.file, line: spot.line, message, fix });
  }

  warn(code: string, spot: Spot, message: string, fix: string): void {
    if (this.notes.length < PROBLEMS_MAX) this.notes.push({ severity: 'warning', code, file: spot.file, line: spot.line, message, fix });
  }

  note(code: string, spot: Spot, message: string, fix: string): void {
    if (this.notes.length < PROBLEMS_MAX) this.notes.push({ severity: 'error', code, file: spot.file, line: spot.line, message, fix });
  }
}

interface ParsedFile {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
}

/** The files parsed last, by their text: who edits a pack reads it again with one file changed, and an overlay is read with its base. Nothing changes a parsed document. */
const parsedFiles = new Map<string, ParsedFile>();
let parsedCharacters = 0;

function parsedFile(text: string): ParsedFile {
  const known = parsedFiles.get(text);
  parsedFiles.delete(text);
  const lines = new LineCounter();
  const file = known ?? { document: parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' }), lines };
  if (known === undefined) parsedCharacters += text.length;
  parsedFiles.set(text, file);
  for (const oldest of parsedFiles.keys()) {
    if (parsedCharacters <= PARSED_CHARACTERS_MAX) break;
    parsedFiles.delete(oldest);
    parsedCharacters -= oldest.length;
  }
  return file;
}

/** One parsed YAML file. */
export class YamlSource {
  readonly path: string;
  readonly problems: ProblemList;
  private readonly document: Document.Parsed;
  private readonly lines: LineCounter;
  /** Shared by the files of a pack so that the limit holds for all together. */
  private readonly budget: { nodes: number };

  constructor(path: string, text: string, problems: ProblemList, budget: { nodes: number }) {
    this.path = path;
    this.problems = problems;
    this.budget = budget;
    const isTooLong = text.length > PACK_FILE_LENGTH_MAX;
    if (isTooLong) problems.error('file-too-long', { file: path, line: 1 }, `the file has ${text.length} characters, at most ${PACK_FILE_LENGTH_MAX} are read`, 'Split it and list both parts in pack.yaml.');
    ({ document: this.document, lines: this.lines } = parsedFile(isTooLong ? '' : text));
    for (const error of this.document.errors) {
      problems.error('malformed-yaml', this.spotAt(error.pos[0]), `this is not valid YAML: ${error.message}`, error.code === 'DUPLICATE_KEY' ? 'Keep one of the two keys.' : 'Look at the indentation, colons and quotes of this line; put text that holds “: ” or “#” in quotes.');
    }
  }

  /** The top map of the file, or undefined when the file holds none (said as a problem). */
  top(what: string): YamlEntry | undefined {
    const root = this.document.contents;
    if (this.document.errors.length > 0 && !isMap(root)) return undefined;
    return this.entryOf(root, what, { file: this.path, line: 1 }, 0);
  }

  entryOf(node: unknown, what: string, near: Spot, depth: number): YamlEntry | undefined {
    const target = this.follow(node, depth);
    if (isMap(target)) return new YamlEntry(this, target, what, depth);
    this.problems.error('wrong-shape', this.spotOf(target, near), `${what} should be a map of keys and values`, 'Write it as “key: value” lines or { key: value }.');
    return undefined;
  }

  /** Resolves an alias and counts the visit. */
  follow(node: unknown, depth: number): Node | undefined {
    if (++this.budget.nodes > PACK_NODES_MAX || depth > PACK_DEPTH_MAX) {
      if (this.budget.nodes === PACK_NODES_MAX + 1 || depth > PACK_DEPTH_MAX) this.problems.error('pack-too-large', this.spotOf(node, { file: this.path, line: 1 }), `more than ${PACK_NODES_MAX} values or ${PACK_DEPTH_MAX} levels`, 'Use fewer aliases and flatter entries.');
      return undefined;
    }
    if (isAlias(node)) return node.resolve(this.document);
    return (node ?? undefined) as Node | undefined;
  }

  spotOf(node: unknown, near: Spot): Spot {
    const start = (node as Node | undefined)?.range?.[0];
    return start === undefined ? near : this.spotAt(start);
  }

  private spotAt(offset: number): Spot {
    return { file: this.path, line: this.lines.linePos(offset).line };
  }
}

/** One YAML map being read; remembers which keys were asked for, so that `finish` can report the others. */
export class YamlEntry {
  readonly source: YamlSource;
  readonly what: string;
  readonly spot: Spot;
  readonly depth: number;
  private readonly values = new Map<string, unknown>();
  private readonly keySpots = new Map<string, Spot>();
  private readonly asked = new Set<string>();

  constructor(source: YamlSource, map: YAMLMap, what: string, depth: number) {
    this.source = source;
    this.what = what;
    this.depth = depth;
    this.spot = source.spotOf(map, { file: source.path, line: 1 });
    for (const pair of map.items) {
      const key = isScalar(pair.key) ? textOf(pair.key) : undefined;
      if (key === undefined) {
        this.error('wrong-shape', `${what} has a key that is not plain text`, 'Use plain words as keys.');
        continue;
      }
      this.values.set(key, pair.value);
      this.keySpots.set(key, source.spotOf(pair.key, this.spot));
    }
  }

  error(code: string, message: string, fix: string, spot: Spot = this.spot): void {
    this.source.problems.error(code, spot, message, fix);
  }

  keys(): readonly string[] {
    return [...this.values.keys()];
  }

  has(key: string): boolean {
    this.asked.add(key);
    return this.values.has(key);
  }

  /** Whether `key` holds a list; for keys that take one text or several. */
  isList(key: string): boolean {
    return isSeq(this.raw(key));
  }

  spotOfKey(key: string): Spot {
    return this.keySpots.get(key) ?? this.spot;
  }

  /** Reports the keys nobody asked for. */
  finish(): void {
    for (const key of this.values.keys()) {
      if (!this.asked.has(key)) this.error('unknown-key', `${this.what} has no “${key}”.${didYouMean(key, this.asked)}`, `Remove it or use one of: ${[...this.asked].join(', ')}.`, this.spotOfKey(key));
    }
  }

  raw(key: string): Node | undefined {
    this.asked.add(key);
    return this.source.follow(this.values.get(key), this.depth + 1);
  }

  /** The scalar of `key` as text exactly as written; undefined when absent. */
  optionalText(key: string): string | undefined {
    if (!this.has(key)) return undefined;
    const node = this.raw(key);
    const text = isScalar(node) ? textOf(node) : undefined;
    if (text === undefined || text === '') this.error('wrong-type', `“${key}” of ${this.what} should be text`, `Write “${key}: …”.`, this.spotOfKey(key));
    return text;
  }

  text(key: string): string | undefined {
    if (!this.has(key)) {
      this.error('missing-key', `${this.what} has no “${key}”`, `Add “${key}: …”.`);
      return undefined;
    }
    return this.optionalText(key);
  }

  /** An id that may be used in conditions. */
  id(key: string): string | undefined {
    const id = this.text(key);
    if (id === undefined) return undefined;
    if (!ID_PATTERN.test(id) || isReserved(id) || id === 'open') {
      this.error('bad-id', `“${id}” cannot be an id`, 'Start with a letter, then letters, digits, “_”, “-”, “.”; and, or, not, in, has, true, false and open are taken.', this.spotOfKey(key));
      return undefined;
    }
    return id;
  }

  /** The id of a value of an enum or a set; `none` is an enum member at most, because `has none` is the empty set. */
  valueId(key: string, owner: 'enum' | 'set' | 'reading'): string | undefined {
    const id = this.text(key);
    if (id === undefined) return undefined;
    if (!VALUE_ID_PATTERN.test(id) || ['and', 'or', 'not', 'unknown'].includes(id) || (owner === 'set' && (id === 'none' || id === 'any'))) {
      const fix = id === 'none' ? 'A set needs no member “none”: the empty set says it.' : 'Use letters, digits, “_”, “-”, “.”; and, or, not, unknown are taken.';
      this.error('bad-id', `“${id}” cannot be a value`, fix, this.spotOfKey(key));
      return undefined;
    }
    return id;
  }

  oneOf<T extends string>(key: string, words: readonly T[], fallback?: T): T | undefined {
    if (fallback !== undefined && !this.has(key)) return fallback;
    const text = this.text(key);
    if (text === undefined) return undefined;
    if ((words as readonly string[]).includes(text)) return text as T;
    this.error('wrong-value', `“${key}” of ${this.what} is “${text}”.${didYouMean(text, words)}`, `Use one of: ${words.join(', ')}.`, this.spotOfKey(key));
    return undefined;
  }

  boolean(key: string, fallback: boolean): boolean {
    if (!this.has(key)) return fallback;
    const text = this.optionalText(key);
    if (text === 'true' || text === 'yes') return true;
    if (text === 'false' || text === 'no') return false;
    this.error('wrong-type', `“${key}” of ${this.what} should be true or false`, 'Write true or false.', this.spotOfKey(key));
    return fallback;
  }

  number(key: string, fallback?: number): number | undefined {
    if (fallback !== undefined && !this.has(key)) return fallback;
    const text = this.text(key);
    if (text === undefined) return undefined;
    const value = text.trim() === '' ? Number.NaN : Number(text.replaceAll('_', ''));
    if (Number.isFinite(value)) return value;
    this.error('wrong-type', `“${key}” of ${this.what} should be a number, not “${text}”`, 'Write a number such as 10 or 1.0e25.', this.spotOfKey(key));
    return undefined;
  }

  optionalDate(key: string): CivilDate | undefined {
    return this.has(key) ? this.date(key) : undefined;
  }

  date(key: string): CivilDate | undefined {
    const text = this.text(key);
    if (text === undefined) return undefined;
    const date = parseCivilDate(text);
    if (date === undefined) this.error('bad-date', `“${text}” in “${key}” of ${this.what} is not a date that exists`, 'Write YYYY-MM-DD with a real month and day.', this.spotOfKey(key));
    return date;
  }

  /** Text in all languages. A missing or empty language is a note: the pack loads with an empty text and the check reports it. */
  localised(key: string): LocalisedText {
    const blank = Object.fromEntries(LANGUAGES.map((language) => [language, ''])) as LocalisedText;
    if (!this.has(key)) {
      this.source.problems.note('missing-text', this.spot, `${this.what} has no “${key}”`, `Add “${key}: { az: …, en: …, ru: … }”.`);
      return blank;
    }
    const node = this.raw(key);
    const spot = this.spotOfKey(key);
    if (!isMap(node)) {
      this.error('wrong-shape', `“${key}” of ${this.what} should give the text in each language`, 'Write { az: "…", en: "…", ru: "…" }.', spot);
      return blank;
    }
    const entry = new YamlEntry(this.source, node, `“${key}” of ${this.what}`, this.depth + 1);
    const text: Record<string, string> = {};
    for (const language of LANGUAGES) {
      const item = entry.has(language) ? entry.raw(language) : undefined;
      text[language] = isScalar(item) ? (textOf(item) ?? '').trim() : '';
      if (text[language] === '') this.source.problems.note('missing-translation', entry.spotOfKey(language), `“${key}” of ${this.what} has no text in ${language}`, `Add ${language}: "…".`);
    }
    // A country may add languages; they are ignored here, not refused.
    for (const language of entry.keys()) if (/^[a-z]{2,3}(-[A-Za-z]+)?$/.test(language)) entry.has(language);
    entry.finish();
    return text as LocalisedText;
  }

  /** The items of a list; an absent key is an empty list. */
  items(key: string, itemsMax = PACK_ENTRIES_MAX): readonly { readonly node: Node | undefined; readonly spot: Spot }[] {
    if (!this.has(key)) return [];
    const node = this.raw(key);
    if (node === undefined || (isScalar(node) && node.value === null)) return [];
    if (!isSeq(node)) {
      this.error('wrong-shape', `“${key}” of ${this.what} should be a list`, 'Write “- …” lines or [ …, … ].', this.spotOfKey(key));
      return [];
    }
    if (node.items.length > itemsMax) this.error('too-many', `“${key}” of ${this.what} has ${node.items.length} entries, at most ${itemsMax} are read`, 'Split the pack.', this.spotOfKey(key));
    return node.items.slice(0, itemsMax).map((item) => {
      const target = this.source.follow(item, this.depth + 2);
      return { node: target, spot: this.source.spotOf(target, this.spotOfKey(key)) };
    });
  }

  /** A list of maps. */
  entries(key: string, what: string, itemsMax?: number): readonly YamlEntry[] {
    return this.items(key, itemsMax).flatMap(({ node, spot }) => this.source.entryOf(node, what, spot, this.depth + 2) ?? []);
  }

  texts(key: string): readonly string[] {
    return this.items(key).flatMap(({ node, spot }) => {
      const text = isScalar(node) ? textOf(node) : undefined;
      if (text === undefined || text === '') this.error('wrong-type', `“${key}” of ${this.what} should list texts`, 'Write one text per item.', spot);
      return text === undefined || text === '' ? [] : [text];
    });
  }

  /** A map whose keys are ids, such as `parameters`. */
  entry(key: string, what: string): YamlEntry | undefined {
    if (!this.has(key)) return undefined;
    return this.source.entryOf(this.raw(key), what, this.spotOfKey(key), this.depth + 1);
  }
}

/** The scalar as written: `1.0e25` stays `1.0e25`, `2026-01-01` stays a text; undefined for null. */
export function textOf(scalar: { readonly value: unknown; readonly source?: string }): string | undefined {
  if (scalar.value === null || scalar.value === undefined) return undefined;
  return typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? JSON.stringify(scalar.value));
}
