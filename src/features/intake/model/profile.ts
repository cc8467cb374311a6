/** A mapping profile: how the columns of one published inventory become fields of the register. Data, never code. */

import { parse } from 'yaml';
import { z } from 'zod';
import { no, type Verdict, yes } from '../../../base/index.ts';
import { ALL_FIELDS, type Field } from '../../registry/index.ts';
import { PROFILE_CHARS_MAX } from './limits.ts';

const FIELD_BY_KEY: ReadonlyMap<string, Field> = new Map(ALL_FIELDS.map((one) => [one.key, one]));
export function fieldOf(key: string): Field | undefined {
  return FIELD_BY_KEY.get(key);
}

const localised = z.strictObject({ az: z.string().min(1), en: z.string().min(1), ru: z.string().min(1) });

/** One way to get a value; a field lists several, and the first that says something counts. */
const take = z.strictObject({
  /** Name of the column as in the header (compared after trimming and case-folding). */
  column: z.string().optional(),
  /** Text used when no column said anything. */
  value: z.string().optional(),
  /** Cuts the cell at the first occurrence of this text … */
  split: z.string().min(1).optional(),
  /** … and takes the part before or after it; a cell without it gives nothing, or with `whole` all of it. */
  take: z.enum(['before', 'after', 'after-or-whole']).optional(),
  /** Cell (compared after trimming and case-folding) → value. Empty text as value means "says nothing". */
  map: z.record(z.string(), z.string()).optional(),
  /** Separators of a list inside the cell; Python and JSON lists are read as data in any case. */
  list: z.array(z.string().min(1)).max(10).optional(),
  /** Order of day and month in dates written with slashes. */
  date: z.enum(['month-first', 'day-first']).optional(),
  /** Text put before the value, to say where it comes from. */
  label: z.string().optional(),
});
export type Take = z.infer<typeof take>;

const field = z.union([z.array(take).min(1).max(20), z.strictObject({ all: z.array(take).min(1).max(20) }), z.strictObject({ items: z.array(z.record(z.string(), z.array(take).min(1).max(20))).min(1).max(20) })]);
/** Alternatives; or all of them together (lists united, texts one below the other); or small records from several columns. */
export type FieldRule = z.infer<typeof field>;

const profileSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'lower-case letters, digits and hyphens'),
  version: z.int().min(1),
  name: localised,
  /** What the source is, and what to know of it. Shown beside the import and with every imported entry. */
  note: localised,
  publisher: z.string().min(1),
  licence: z.string().min(1),
  url: z.url().optional(),
  /** Language of the texts, BCP 47. */
  language: z.string().max(35).optional(),
  /** Status of imported entries: an inventory that bodies have published themselves is registered. */
  status: z.enum(['draft', 'submitted', 'registered']),
  /** What happens to entries that the next file no longer holds. */
  absent: z.enum(['withdraw', 'keep']),
  /** One name at several bodies of a file: `link` makes them deployments of one product, `flag` (default) only says so. */
  deployments: z.enum(['link', 'flag']).optional(),
  file: z
    .strictObject({
      format: z.enum(['csv', 'xlsx', 'json']).optional(),
      encoding: z.string().optional(),
      delimiter: z.string().length(1).optional(),
      headerRow: z.union([z.enum(['find', 'none']), z.int().min(1)]).optional(),
      sheet: z.string().optional(),
      /** Key of the array of records in a JSON document. */
      records: z.string().optional(),
    })
    .optional(),
  /** Columns that the source always has, as written, in order. Others are new, missing ones are drift. */
  columns: z.array(z.string()).max(1000),
  /** Columns that some editions of the source have. */
  sometimes: z.array(z.string()).max(1000).optional(),
  /** Words that mean "nothing is told", in any column. */
  placeholders: z.array(z.string()).max(200),
  /** Values that mean "nothing is told" in one column only. */
  dummies: z.record(z.string(), z.array(z.string())).optional(),
  /** `columns` hold the source's own id; `mint` makes one from these columns, because the source has none. */
  key: z.union([z.strictObject({ columns: z.array(z.string()).min(1) }), z.strictObject({ mint: z.array(z.string()).min(1) })]),
  /** Month in which the fiscal year of the source begins. */
  fiscalYearStartMonth: z.int().min(1).max(12).optional(),
  fields: z.record(z.string(), field),
  /** `record` in one column as JSON, or a column for every field: Mizan's own formats. */
  own: z.enum(['record', 'fields']).optional(),
});
export type Profile = z.infer<typeof profileSchema>;

export interface ProfileProblem {
  /** `fields.phase.0.map`. */
  readonly path: string;
  readonly message: string;
}

/** Parses the YAML text of a profile; answers every mistake at once with its place. */
export function parseProfile(text: string): Verdict<Profile, readonly ProfileProblem[]> {
  if (text.length > PROFILE_CHARS_MAX) return no([{ path: '', message: `longer than ${PROFILE_CHARS_MAX} characters` }]);
  let data: unknown;
  try {
    data = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    return no([{ path: '', message: error instanceof Error ? error.message : 'not YAML' }]);
  }
  return checkProfile(data);
}

export function checkProfile(data: unknown): Verdict<Profile, readonly ProfileProblem[]> {
  const parsed = profileSchema.safeParse(data);
  if (!parsed.success) return no(parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })));
  const problems = [...fieldProblems(parsed.data), ...columnProblems(parsed.data)];
  return problems.length > 0 ? no(problems) : yes(parsed.data);
}

function fieldProblems(profile: Profile): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  for (const [key, rule] of Object.entries(profile.fields)) {
    const target = fieldOf(key);
    if (target === undefined) {
      problems.push({ path: `fields.${key}`, message: 'the register has no such field' });
      continue;
    }
    const isItems = 'items' in rule;
    if (isItems !== (target.type === 'items')) problems.push({ path: `fields.${key}`, message: `the field is of type ${target.type}` });
    if (isItems) {
      const columns = new Set((target.columns ?? []).map((column) => column.key));
      for (const item of rule.items) for (const name of Object.keys(item)) if (!columns.has(name)) problems.push({ path: `fields.${key}.items.${name}`, message: 'the list has no such column' });
    }
    for (const one of takesOf(rule)) for (const value of Object.values(one.map ?? {})) if (value !== '' && target.choices !== undefined && !target.choices.includes(value)) problems.push({ path: `fields.${key}.map`, message: `“${value}” is none of ${target.choices.join(', ')}` });
  }
  if (profile.own === undefined) for (const key of ['name', 'organisation']) if (profile.fields[key] === undefined) problems.push({ path: `fields.${key}`, message: 'every entry needs it' });
  return problems;
}

/** A column that a rule reads must be one the source has, else a spelling mistake would silently map nothing. */
function columnProblems(profile: Profile): ProfileProblem[] {
  const known = new Set([...profile.columns, ...(profile.sometimes ?? [])].map((name) => name.trim().toLowerCase()));
  const used = [...Object.values(profile.fields).flatMap((rule) => takesOf(rule).flatMap((one) => one.column ?? [])), ...keyColumns(profile), ...Object.keys(profile.dummies ?? {})];
  return [...new Set(used)].filter((name) => !known.has(name.trim().toLowerCase())).map((name) => ({ path: 'columns', message: `a rule reads “${name}”, which is not among the columns` }));
}

export function takesOf(rule: FieldRule): readonly Take[] {
  if (Array.isArray(rule)) return rule;
  return 'all' in rule ? rule.all : rule.items.flatMap((item) => Object.values(item).flat());
}

export function keyColumns(profile: Profile): readonly string[] {
  return 'mint' in profile.key ? profile.key.mint : profile.key.columns;
}
