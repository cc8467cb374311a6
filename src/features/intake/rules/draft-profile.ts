/** Makes a profile from the choices of the mapper page: one field for each column, nothing guessed beyond equal names. */

import { stringify } from 'yaml';
import { ALL_FIELDS, type Field } from '../../registry/index.ts';
import { checkProfile, type FieldRule, type Profile, type ProfileProblem, type Take } from '../model/profile.ts';
import type { Verdict } from '../../../base/index.ts';
import { comparable } from './cells.ts';

/** Fields the mapper offers: those one column can fill. */
export const MAPPABLE: readonly Field[] = ALL_FIELDS.filter((field) => field.type !== 'items');

export interface MapperChoices {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  readonly status: 'draft' | 'submitted' | 'registered';
  readonly header: readonly string[];
  /** Field key for each column, '' for none. */
  readonly fields: readonly string[];
  /** Place of the column that holds the id; undefined when it is made from name and organisation. */
  readonly keyColumn?: number;
  readonly dateOrder: 'day-first' | 'month-first';
  /** Who owns the systems where no column tells. */
  readonly organisation: string;
}

export function draftProfile(choices: MapperChoices): Verdict<Profile, readonly ProfileProblem[]> {
  const { header, fields } = choices;
  const rules: Record<string, FieldRule> = {};
  for (const field of MAPPABLE) {
    const takes = header.flatMap((column, index) => (fields[index] === field.key ? [takeOf(field, column, choices.dateOrder)] : []));
    if (field.key === 'organisation' && choices.organisation.trim() !== '') takes.push({ value: choices.organisation.trim() });
    if (takes.length > 0) rules[field.key] = takes.length > 1 && (field.type === 'text' || field.type === 'lines') ? { all: takes } : takes;
  }
  const columnsOf = (key: string): string[] => header.filter((_name, index) => fields[index] === key);
  const identifying = [...columnsOf('name'), ...columnsOf('organisation'), ...columnsOf('unit')];
  const keyColumn = choices.keyColumn === undefined ? undefined : header[choices.keyColumn];
  const title = { az: choices.title, en: choices.title, ru: choices.title };
  return checkProfile({
    id: choices.id,
    version: 1,
    name: title,
    note: title,
    publisher: choices.organisation.trim() || choices.title,
    licence: choices.licence.trim() || '—',
    status: choices.status,
    absent: 'withdraw',
    columns: [...header],
    placeholders: ['N/A', 'NA', 'None', 'Unknown', '-'],
    key: keyColumn === undefined ? { mint: identifying.length > 0 ? identifying : [header[0] ?? ''] } : { columns: [keyColumn] },
    fields: rules,
  });
}

function takeOf(field: Field, column: string, dateOrder: 'day-first' | 'month-first'): Take {
  if (field.type === 'date') return { column, date: dateOrder };
  const map = field.choices === undefined ? {} : { map: Object.fromEntries(field.choices.map((choice) => [choice, choice])) };
  if (field.type === 'lines' || field.type === 'choices') return { column, list: [';', '\n'], ...map };
  return { column, ...map };
}

export function profileText(profile: Profile): string {
  return stringify(profile, { lineWidth: 120 });
}

/** Field that a column names itself: by the field's key or one of its labels. */
export function fieldNamed(column: string, labels: ReadonlyMap<string, string>): string {
  return labels.get(comparable(column)) ?? '';
}
