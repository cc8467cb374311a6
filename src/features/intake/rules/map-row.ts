/** Turns rows of a source into records of the register by a profile: nothing is guessed, nothing of the row is lost. */

import { hash } from 'node:crypto';
import { type Field, lengthMaxOf, parseRecord, type SourceColumn, type SystemRecord } from '../../registry/index.ts';
import type { Problem, SourceRow } from '../model/table.ts';
import { fieldOf, type FieldRule, keyColumns, type Profile, type Take } from '../model/profile.ts';
import { comparable, listOf, looksLikeFormula, oddities, personalData, prose, tidy } from './cells.ts';
import { dateText, readDate } from './dates.ts';
import type { Findings } from './findings.ts';

export interface MappedRow {
  readonly number: number;
  readonly line: number;
  /** What the row is about, the same for the next edition of the row: the source's id, or a digest of the identifying cells. */
  readonly identity: string;
  /** Digest of all cells that say something: equal digests are equal rows. */
  readonly digest: string;
  readonly name: string;
  readonly organisation: string;
  /** Absent when the row cannot be an entry; `problems` then holds an error. Without source columns while it is only checked. */
  readonly record?: SystemRecord;
  readonly kinds?: string;
  /** Mizan's own formats carry the entry's id and status. */
  readonly own?: { readonly id?: string; readonly status?: string; readonly source?: { readonly profile: string; readonly key: string } };
}

const FOUND_LENGTH_MAX = 80;
const ELLIPSIS = '…';
/** 128 bits of SHA-256: rows of one source are told apart, and the tables stay small. */
const DIGEST_CHARS = 32;

/** The place of a column that the file does not have. */
const NOWHERE = -1;

/** A value on its way into a field. */
type Value = string | readonly string[] | undefined;

interface Compiled {
  readonly field: Field;
  readonly rule: FieldRule;
}

/** Compiles a profile against the header of one file; `map` then turns row after row, telling problems as it goes. */
export class RowMapper {
  private readonly profile: Profile;
  private readonly header: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly compiled: readonly Compiled[];
  private readonly placeholders: ReadonlySet<string>;
  private readonly dummies: ReadonlyMap<number, ReadonlySet<string>>;
  private readonly maps = new Map<Take, ReadonlyMap<string, string>>();
  private readonly takePlaces = new Map<Take, number>();
  private readonly keyPlaces: readonly number[];
  private readonly byName: readonly number[];
  private readonly findings: Findings;
  private readonly salt: string;
  private readonly step: 'check' | 'write';
  private row: SourceRow = { number: 0, line: 0, cells: [] };
  /** A column may feed several fields; what is odd about its cell is told once. */
  private readonly seen = new Set<string>();

  /**
   * `salt` is part of every digest: with another profile an equal row is still a changed one. `check` looks at every cell and
   * parses every record; `write` maps rows that were checked before, whose records are therefore known to be good.
   */
  constructor(profile: Profile, header: readonly string[], findings: Findings, salt: string, step: 'check' | 'write') {
    this.salt = salt;
    this.step = step;
    this.profile = profile;
    this.header = header;
    this.findings = findings;
    this.places = new Map(header.map((name, index) => [comparable(name), index] as const).reverse());
    this.compiled = Object.entries(profile.fields).flatMap(([key, rule]) => {
      const field = fieldOf(key);
      return field === undefined ? [] : [{ field, rule }];
    });
    this.placeholders = new Set(profile.placeholders.map((word) => comparable(word)));
    this.dummies = new Map(Object.entries(profile.dummies ?? {}).flatMap(([column, words]) => {
      const place = this.places.get(comparable(column));
      return place === undefined ? [] : [[place, new Set(words.map((word) => comparable(word)))] as const];
    }));
    this.keyPlaces = keyColumns(profile).flatMap((column) => this.places.get(comparable(column)) ?? []);
    this.byName = placesByName(header);
  }

  map(row: SourceRow): MappedRow {
    this.row = row;
    this.seen.clear();
    const isStorable = this.step === 'write' || this.inspect(row);
    const digest = this.step === 'check' || row.kinds !== undefined ? digestOf(this.salt, this.header, row.cells, this.byName) : '';
    const identity = this.identityOf(row, digest);
    const { record, own } = this.profile.own === undefined ? { record: this.recordOf(), own: undefined } : this.ownRecordOf(row);
    const place = { number: row.number, line: row.line, identity, digest, ...(row.kinds === undefined ? {} : { kinds: row.kinds }), ...(own === undefined ? {} : { own }) };
    if (record === undefined || !isStorable) return { ...place, name: textOf(record?.['name']), organisation: textOf(record?.['organisation']) };
    if (this.profile.own === undefined && this.step === 'write') {
      const whole = { ...record, sourceColumns: sourceColumns(this.header, row) } as unknown as SystemRecord;
      return { ...place, name: whole.name, organisation: whole.organisation, record: whole };
    }
    // The source columns need no parsing here: `inspect` looked at every cell, and the readers at their number and length.
    const parsed = parseRecord(record);
    if (parsed.ok) return { ...place, name: parsed.value.name, organisation: parsed.value.organisation, record: parsed.value };
    for (const problem of parsed.refusal.slice(0, 5)) this.tell('field-refused', 'error', undefined, `${problem.path}: ${problem.code}`);
    return { ...place, name: textOf(record['name']), organisation: textOf(record['organisation']) };
  }

  /** Looks at every cell for what a reader would not see; false when a cell cannot be stored at all. */
  private inspect(row: SourceRow): boolean {
    let isStorable = true;
    row.cells.forEach((cell, index) => {
      if (cell === '') return;
      const column = this.header[index] ?? '';
      const odd = oddities(cell);
      this.findings.cell(column, odd);
      if (odd.nul || odd.loneSurrogate) {
        isStorable = false;
        this.tell(odd.nul ? 'nul-character' : 'broken-character', 'error', column, undefined);
      }
      if (odd.replacement > 0) this.tell('damaged-text', 'warning', column, around(cell, '\uFFFD'));
      for (const kind of personalData(cell)) this.tell(kind === 'email' ? 'personal-email' : 'personal-phone', 'warning', column, undefined);
      if (looksLikeFormula(cell)) this.findings.count('formula-like', column);
    });
    return isStorable;
  }

  private identityOf(row: SourceRow, digest: string): string {
    const cells = this.keyPlaces.map((place) => tidy(row.cells[place] ?? ''));
    if ('mint' in this.profile.key) return `minted-${sha256(JSON.stringify(cells.map((cell) => cell.toLowerCase()))).slice(0, 32)}`;
    const isBlank = cells.every((cell) => this.isPlaceholder(cell));
    if (!isBlank) return cells.join(' / ').slice(0, 400);
    // The source promises an id and gives none: the row's content is its identity, so that it is still not imported twice.
    this.tell('id-missing', 'warning', keyColumns(this.profile)[0], cells[0]);
    return `minted-${digest.slice(0, 32)}`;
  }

  private isPlaceholder(text: string): boolean {
    const plain = comparable(text);
    return plain === '' || this.placeholders.has(plain);
  }

  private recordOf(): Record<string, unknown> | undefined {
    const record: Record<string, unknown> = {};
    for (const { field, rule } of this.compiled) {
      const value = 'items' in rule ? this.itemsOf(field, rule.items) : this.valueOf(field, rule);
      if (value !== undefined && value.length > 0) record[field.key] = value;
    }
    if (this.profile.language !== undefined) record['entryLanguage'] ??= this.profile.language;
    if (record['name'] !== undefined) return record;
    this.tell('name-missing', 'error', undefined, undefined);
    return undefined;
  }

  private valueOf(field: Field, rule: readonly Take[] | { readonly all: readonly Take[] }): Value {
    if (!Array.isArray(rule)) {
      const values = (rule as { readonly all: readonly Take[] }).all.map((one) => this.take(field, one)).filter((value) => value !== undefined);
      if (values.length === 0) return undefined;
      return isList(field) ? [...new Set(values.flat())] : this.cut(field, values.flat().join('\n\n'));
    }
    for (const one of rule as readonly Take[]) {
      const value = this.take(field, one);
      if (value === undefined) continue;
      if (one.column === undefined && rule.length > 1 && (field.key === 'name' || field.key === 'organisation')) this.tell(`${field.key}-not-told`, 'warning', (rule as readonly Take[])[0]?.column, undefined);
      return value;
    }
    return undefined;
  }

  private itemsOf(field: Field, items: readonly Readonly<Record<string, readonly Take[]>>[]): readonly Record<string, string>[] | undefined {
    const made = items.flatMap((item) => {
      const entries = Object.entries(item).flatMap(([key, takes]): [string, string][] => {
        const column = field.columns?.find((one) => one.key === key);
        if (column === undefined) return [];
        const value = this.valueOf({ ...column, group: field.group }, takes);
        return typeof value === 'string' && value !== '' ? [[key, value]] : [];
      });
      // A constant alone (the title of an item whose column is empty) says nothing.
      const told = entries.some(([key]) => (item[key] ?? []).some((one) => one.column !== undefined));
      return told ? [Object.fromEntries(entries)] : [];
    });
    return made.length === 0 ? undefined : made;
  }

  /** The value one alternative gives, or undefined when it says nothing. */
  private take(field: Field, one: Take): Value {
    if (one.column === undefined) return one.value !== undefined && isList(field) ? [one.value] : one.value;
    const place = this.placeOf(one, one.column);
    const cell = place === undefined ? '' : (this.row.cells[place] ?? '');
    if (cell === '' || place === undefined) return undefined;
    const column = this.header[place] ?? '';
    const plain = comparable(cell);
    if (plain === '') return undefined;
    if (this.placeholders.has(plain) || this.dummies.get(place)?.has(plain) === true) {
      // A map may know the word: "Unknown" can be an answer.
      if (one.map === undefined || !this.mapOf(one).has(plain)) {
        if (this.isFirst('placeholder', column)) this.findings.count('placeholder', column);
        return undefined;
      }
    }
    const text = one.split === undefined ? cell : splitPart(cell, one.split, one.take ?? 'after');
    if (text === undefined || text.trim() === '') return undefined;
    return this.typed(field, one, column, text);
  }

  private placeOf(one: Take, column: string): number | undefined {
    const known = this.takePlaces.get(one);
    if (known !== undefined) return known === NOWHERE ? undefined : known;
    const place = this.places.get(comparable(column));
    this.takePlaces.set(one, place ?? NOWHERE);
    return place;
  }

  private typed(field: Field, one: Take, column: string, text: string): Value {
    if (one.date !== undefined) return this.dateOf(one, column, text);
    if (isList(field) || one.list !== undefined) return this.listValue(field, one, column, text);
    if (one.map !== undefined) return this.mapped(one, column, text);
    if (field.type === 'link') return this.linkOf(column, text);
    const shown = field.type === 'text' ? prose(text) : tidy(text);
    return this.cut(field, one.label === undefined ? shown : `${one.label}${shown}`);
  }

  private dateOf(one: Take, column: string, text: string): string | undefined {
    const read = readDate(tidy(text), { order: one.date ?? 'day-first', ...(this.profile.fiscalYearStartMonth === undefined ? {} : { fiscalYearStartMonth: this.profile.fiscalYearStartMonth }) });
    if (read !== undefined) return dateText(read);
    if (this.isFirst('date-unread', column)) this.findings.count('date-unread', column);
    this.tell('date-unread', 'note', column, text);
    return undefined;
  }

  private listValue(field: Field, one: Take, column: string, text: string): Value {
    const items = listOf(text, one.list ?? []);
    if (items === undefined) {
      this.tell('list-unread', 'warning', column, text);
      return undefined;
    }
    const told = items.filter((item) => !this.isPlaceholder(item));
    const mapped = one.map === undefined ? told.map((item) => this.cut(field, tidy(item))) : told.flatMap((item) => this.mapped(one, column, item) ?? []);
    if (isList(field)) return mapped.length === 0 ? undefined : [...new Set(mapped)].slice(0, 100);
    return mapped.length === 0 ? undefined : this.cut(field, (one.label ?? '') + mapped.join('; '));
  }

  private mapped(one: Take, column: string, text: string): string | undefined {
    const value = this.mapOf(one).get(comparable(text));
    if (value !== undefined) return value === '' ? undefined : value;
    if (this.isFirst('label', column)) this.findings.label(column, tidy(text));
    this.tell('label-unmapped', 'warning', column, text);
    return undefined;
  }

  private mapOf(one: Take): ReadonlyMap<string, string> {
    const known = this.maps.get(one);
    if (known !== undefined) return known;
    const map = new Map(Object.entries(one.map ?? {}).map(([label, value]) => [comparable(label), value]));
    this.maps.set(one, map);
    return map;
  }

  private linkOf(column: string, text: string): string | undefined {
    const link = tidy(text);
    if (/^https?:\/\/[^\s<>"\\]+$/i.test(link) && URL.canParse(link) && link.length <= 2000) return link;
    this.tell('link-unread', 'note', column, text);
    return undefined;
  }

  /** A text longer than its field is cut and said so; the source column keeps all of it. */
  private cut(field: Field, text: string): string {
    const max = lengthMaxOf(field);
    if (text.length <= max) return text;
    this.tell('field-shortened', 'note', field.key, undefined);
    const end = text.slice(0, max - 1);
    // Never between the halves of a character.
    return (end.isWellFormed() ? end : end.slice(0, -1)) + ELLIPSIS;
  }

  private isFirst(what: string, column: string): boolean {
    const key = `${what}\0${column}`;
    if (this.seen.has(key)) return false;
    this.seen.add(key);
    return true;
  }

  private tell(code: string, severity: Problem['severity'], column: string | undefined, found: string | undefined): void {
    if (!this.isFirst(`told ${code}`, column ?? '')) return;
    const { number, line } = this.row;
    this.findings.tell({ code, severity, row: number, line, ...(column === undefined ? {} : { column }), ...(found === undefined ? {} : { found: found.toWellFormed().replaceAll('\0', '\u2400').slice(0, FOUND_LENGTH_MAX) }) });
  }

  // ---- Mizan's own formats -----------------------------------------------------------------------------------------

  /** A record in a JSON column, or a column for each field; read back exactly, without tidying. */
  private ownRecordOf(row: SourceRow): { readonly record: Record<string, unknown> | undefined; readonly own: NonNullable<MappedRow['own']> } {
    const cell = (name: string): string => row.cells[this.places.get(name) ?? -1] ?? '';
    const source = jsonObject(cell('source'));
    const own = {
      ...(cell('id') === '' ? {} : { id: cell('id') }),
      ...(cell('status') === '' ? {} : { status: cell('status') }),
      ...(typeof source?.['profile'] === 'string' && typeof source['key'] === 'string' ? { source: { profile: source['profile'], key: source['key'] } } : {}),
    };
    const record = this.profile.own === 'record' ? jsonObject(cell('record')) : this.fieldColumns(row);
    if (record === undefined) this.tell('record-unread', 'error', 'record', undefined);
    return { record, own };
  }

  private fieldColumns(row: SourceRow): Record<string, unknown> {
    const record: Record<string, unknown> = {};
    this.header.forEach((name, index) => {
      const raw = row.cells[index] ?? '';
      if (raw === '') return;
      const cell = unguarded(raw);
      const field = fieldOf(name);
      if (name === 'sourceColumns' || (field !== undefined && ['lines', 'choices', 'items'].includes(field.type))) {
        try {
          record[name] = JSON.parse(cell);
        } catch {
          this.tell('list-unread', 'error', name, cell);
        }
      } else if (field !== undefined) record[name] = cell;
    });
    return record;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isList(field: Field): boolean {
  return field.type === 'lines' || field.type === 'choices';
}

/** Exports put an apostrophe before what a spreadsheet would run; it is not part of the value. */
function unguarded(cell: string): string {
  return /^'[=+\-@\t\r']/.test(cell) ? cell.slice(1) : cell;
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (text === '') return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function splitPart(cell: string, separator: string, part: NonNullable<Take['take']>): string | undefined {
  const at = cell.indexOf(separator);
  if (at === -1) return part === 'after-or-whole' ? cell : undefined;
  return part === 'before' ? cell.slice(0, at) : cell.slice(at + separator.length);
}

function around(cell: string, mark: string): string {
  const at = cell.indexOf(mark);
  return cell.slice(Math.max(0, at - 30), at + 30);
}

function sha256(text: string): string {
  return hash('sha256', text);
}

/** Digest of the cells that say something, in the order of their names: moving or adding empty columns changes nothing. */
export function digestOf(salt: string, header: readonly string[], cells: readonly string[], order: readonly number[]): string {
  const told: string[] = [salt];
  for (const index of order) {
    const cell = cells[index] ?? '';
    if (cell !== '') told.push(header[index] ?? '', cell.toWellFormed());
  }
  return sha256(JSON.stringify(told)).slice(0, DIGEST_CHARS);
}

/** Places of the columns in the order of their names. */
export function placesByName(header: readonly string[]): readonly number[] {
  return header.map((_name, index) => index).sort((a, b) => ((header[a] ?? '') < (header[b] ?? '') ? -1 : 1));
}

/** Every cell of the row, named, in order; an absent cell (short row, absent key) is left out. */
export function sourceColumns(header: readonly string[], row: Pick<SourceRow, 'cells' | 'kinds'>): readonly SourceColumn[] {
  const columns: SourceColumn[] = [];
  header.forEach((name, index) => {
    if (row.kinds?.charAt(index) !== 'm') columns.push({ name, value: row.cells[index] ?? '' });
  });
  return columns;
}
