/** The words of the registry: records, entries, revisions, and the parser at their door. */

import { z } from 'zod';
import { type Instant, no, parseCivilDate, type Verdict, yes } from '../../base/index.ts';
import { ALL_FIELDS, type Column, type Field, type FieldType, type FieldValues, lengthMaxOf, LIST_ITEMS_MAX } from './fields.ts';

export const STATUSES = ['draft', 'submitted', 'registered', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];

export const SOURCE_COLUMNS_MAX = 10_000;
export const SOURCE_COLUMN_NAME_LENGTH_MAX = 2_000;
export const SOURCE_VALUE_LENGTH_MAX = 1_000_000;
/** A record with more problems than this is not a record; the first ones are told. */
const PROBLEMS_MAX = 200;

/** One cell of the source as it was read: order kept, names may repeat, values untouched. */
export interface SourceColumn {
  readonly name: string;
  readonly value: string;
}

/** What is told about one AI system by the body that makes or uses it. The fields are listed in fields.ts. */
export type SystemRecord = FieldValues & { readonly sourceColumns?: readonly SourceColumn[] };

export interface SystemEntry {
  readonly id: string;
  /** Counts up by one with each new system; what people quote. */
  readonly number: number;
  /** Counts up from 1 with each change. */
  readonly revision: number;
  readonly status: Status;
  readonly record: SystemRecord;
  readonly body: { readonly id: string; readonly name: string };
  /** Whose it is: UUID of the organisation that its body belongs to. Not told to the public. */
  readonly organisationId?: string;
  readonly product?: { readonly id: string; readonly name: string };
  readonly sample: boolean;
  readonly source?: { readonly profile: string; readonly key: string };
  /** Written by the assessment: its headline label, stakes (higher is more urgent), and how many regimes are open. */
  readonly summary?: Summary;
  /** Of the canonical JSON of `record` as stored (not as shown to the public). */
  readonly sha256: string;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  readonly registeredAt?: Instant;
}

export interface Summary {
  readonly headline: string;
  /** A whole number; the work list is ordered by it, highest first. */
  readonly stakes: number;
  /** Regimes that are still open. */
  readonly open: number;
}

export type RevisionKind = 'created' | 'edited' | 'moved' | 'imported' | 'restored' | 'linked';

export interface Revision {
  readonly revision: number;
  readonly kind: RevisionKind;
  readonly status: Status;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string;
  readonly sha256: string;
}

export type Facet = 'status' | 'body' | 'sector' | 'phase' | 'source' | 'headline';
export const FACETS: readonly Facet[] = ['status', 'body', 'sector', 'phase', 'source', 'headline'];
export type FacetFilter = { readonly [F in Facet]?: readonly string[] };

export type Order = 'relevance' | 'latest' | 'stakes';

export interface ListQuery {
  readonly q?: string;
  readonly facets?: FacetFilter;
  /** Rows a page, 1 to PAGE_ROWS_MAX. */
  readonly limit?: number;
  /** The `next` or `previous` of another page. */
  readonly after?: string;
  /** Default: relevance with `q`, latest without. `stakes` is for the workspace. */
  readonly order?: Order;
}

export interface FacetCount {
  readonly value: string;
  /** Name of the body; the value itself otherwise. */
  readonly label: string;
  readonly count: number;
}

export interface ListPage {
  readonly items: readonly SystemEntry[];
  readonly total: number;
  /** False when counting stopped at its maximum: "2,000 or more". */
  readonly totalIsExact: boolean;
  readonly next?: string;
  /** Present when `after` was given and rows lie before this page. */
  readonly previous?: string;
  readonly facets: { readonly [F in Facet]: readonly FacetCount[] };
  /** False when the facet counts describe only the first rows counted. */
  readonly facetsAreExact: boolean;
  /** Nothing had the words themselves; these have words like them. */
  readonly nearMisses: boolean;
}

/** What changed, for those who listen (the pre-screen, feeds). */
export interface Change {
  readonly id: string;
  readonly revision: number;
  readonly kind: RevisionKind;
}

// ---- parsing -------------------------------------------------------------------------------------------------------

export type FieldProblemCode =
  | 'required'
  | 'not-text'
  | 'too-long'
  | 'line-break'
  | 'bad-character'
  | 'not-a-choice'
  | 'not-a-date'
  | 'not-a-link'
  | 'not-a-list'
  | 'too-many'
  | 'unknown-field'
  | 'not-a-record';

export interface FieldProblem {
  /** `purpose`, or `suppliers.2.name`; empty for the record as a whole. */
  readonly path: string;
  readonly code: FieldProblemCode;
  /** The maximum that was passed, for too-long and too-many. */
  readonly max?: number;
}

/** PostgreSQL stores no NUL, and canonical JSON no lone surrogate. */
function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

/** `2024`, `2024-05` or `2024-05-31`, and the day exists. */
export function isDateText(text: string): boolean {
  if (/^\d{4}$/.test(text)) return true;
  if (/^\d{4}-\d{2}$/.test(text)) return parseCivilDate(`${text}-01`) !== undefined;
  return parseCivilDate(text) !== undefined;
}

export function isLink(text: string): boolean {
  if (!/^https?:\/\/[^\s<>"\\]+$/i.test(text)) return false;
  return URL.canParse(text);
}

function textSchema(type: FieldType, max: number): z.ZodType<string> {
  const text = z.string('not-text').max(max, 'too-long').refine(isStorable, 'bad-character');
  if (type === 'date') return text.refine(isDateText, 'not-a-date');
  if (type === 'link') return text.refine(isLink, 'not-a-link');
  return text;
}

function valueSchema(field: Field): z.ZodType {
  const max = lengthMaxOf(field);
  switch (field.type) {
    case 'choice':
      return z.enum(field.choices as readonly [string, ...string[]], 'not-a-choice');
    case 'choices':
      return z.array(z.enum(field.choices as readonly [string, ...string[]], 'not-a-choice'), 'not-a-list').max(LIST_ITEMS_MAX, 'too-many');
    case 'lines':
      return z.array(textSchema('line', max), 'not-a-list').max(LIST_ITEMS_MAX, 'too-many');
    case 'items':
      return z.array(z.strictObject(Object.fromEntries((field.columns ?? []).map((column) => [column.key, columnSchema(column).optional()])), 'not-a-record'), 'not-a-list').max(LIST_ITEMS_MAX, 'too-many');
    default:
      return textSchema(field.type, max);
  }
}

function columnSchema(column: Column): z.ZodType {
  return textSchema(column.type, lengthMaxOf(column));
}

const sourceColumnsSchema = z
  .array(
    z.strictObject({
      name: z.string('not-text').max(SOURCE_COLUMN_NAME_LENGTH_MAX, 'too-long').refine(isStorable, 'bad-character'),
      value: z.string('not-text').max(SOURCE_VALUE_LENGTH_MAX, 'too-long').refine(isStorable, 'bad-character'),
    }),
    'not-a-list',
  )
  .max(SOURCE_COLUMNS_MAX, 'too-many');

/** The record as programs send it; descriptions name where each field comes from, and become the OpenAPI document. */
export const systemRecordSchema = z
  .strictObject(
    {
      ...Object.fromEntries(
        ALL_FIELDS.map((field) => {
          const schema = valueSchema(field).meta({ description: describeField(field) });
          const isRequired = field.key === 'name' || field.key === 'organisation';
          return [field.key, isRequired ? (schema as z.ZodType<string>).refine((value) => value.trim() !== '', 'required') : schema.optional()];
        }),
      ),
      sourceColumns: sourceColumnsSchema.optional().meta({ description: 'Cells of the imported row, in order, verbatim; names may repeat.' }),
    },
    'not-a-record',
  )
  .meta({ description: 'What is told about one AI system.' });

function describeField(field: Field): string {
  const origins = [
    ...(field.annexViii ?? []).map((point) => `Annex VIII ${point}`),
    ...(field.atrs === undefined ? [] : [`UK ATRS ${field.atrs}`]),
    ...(field.nl === undefined ? [] : [`NL ${field.nl}`]),
  ];
  const tier = field.tier === 'restricted' ? 'never published' : 'published';
  return [`${field.group}, ${tier}`, ...origins].join('; ');
}

/**
 * Parses a record at the door: unknown fields, wrong types and texts beyond their limits are refused, all at once, each with its path.
 * Empty texts, empty lists and absent values mean the same, "not told", and are left out; nothing else is changed.
 */
export function parseRecord(input: unknown): Verdict<SystemRecord, readonly FieldProblem[]> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return no([{ path: '', code: 'not-a-record' }]);
  const values = withoutEmpty(input as Record<string, unknown>);
  const parsed = systemRecordSchema.safeParse(values);
  if (parsed.success) return yes(parsed.data as unknown as SystemRecord);
  return no(parsed.error.issues.flatMap((issue) => problemsOf(issue, values)).slice(0, PROBLEMS_MAX));
}

function problemsOf(issue: z.core.$ZodIssue, values: Readonly<Record<string, unknown>>): FieldProblem[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: path === '' ? key : `${path}.${key}`, code: 'unknown-field' }));
  if (issue.path.length === 1 && !(path in values)) return [{ path, code: 'required' }];
  return [{ path, code: issue.message as FieldProblemCode, ...(issue.code === 'too_big' ? { max: Number(issue.maximum) } : {}) }];
}

function withoutEmpty(input: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === '') continue;
    if (Array.isArray(value)) {
      if (key === 'sourceColumns') {
        if (value.length > 0) result[key] = value;
        continue;
      }
      const items = value.map((item: unknown) => (typeof item === 'object' && item !== null && !Array.isArray(item) ? withoutEmpty(item as Record<string, unknown>) : item)).filter((item) => !isEmpty(item));
      if (items.length > 0) result[key] = items;
      continue;
    }
    result[key] = value;
  }
  return result;
}

function isEmpty(item: unknown): boolean {
  return item === '' || item === null || item === undefined || (typeof item === 'object' && !Array.isArray(item) && Object.keys(item).length === 0);
}

/** Reads one field of a record without knowing its type. */
export function valueOf(record: SystemRecord, key: string): unknown {
  return (record as unknown as Readonly<Record<string, unknown>>)[key];
}

export type { Field, FieldKey, Group } from './fields.ts';
