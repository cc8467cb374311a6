/** Between the long form and a record: `purpose`, `topics` one per line, `suppliers.0.name`. */

import { ALL_FIELDS, type Field, LIST_ITEMS_MAX } from '../fields.ts';
import { type SystemRecord, valueOf } from '../model.ts';

export type FormValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Browsers send line breaks as CR LF; a record holds LF. */
function textOf(value: string | readonly string[] | undefined): string {
  const text = typeof value === 'string' ? value : (value?.[0] ?? '');
  return text.replaceAll('\r\n', '\n').trim();
}

/** The record that a form says, not yet parsed; verbatim source cells come from `before`, because no form shows them. */
export function recordOfForm(form: FormValues, before: SystemRecord | undefined): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of ALL_FIELDS) {
    const value = fieldOfForm(field, form);
    if (value !== undefined) result[field.key] = value;
  }
  if (before?.sourceColumns !== undefined) result['sourceColumns'] = before.sourceColumns;
  return result;
}

function fieldOfForm(field: Field, form: FormValues): unknown {
  switch (field.type) {
    case 'choices': {
      const value = form[field.key];
      const chosen = (typeof value === 'string' ? [value] : [...(value ?? [])]).filter((one) => one !== '');
      return chosen.length === 0 ? undefined : chosen;
    }
    case 'lines': {
      const lines = textOf(form[field.key]).split('\n').map((line) => line.trim()).filter((line) => line !== '');
      return lines.length === 0 ? undefined : lines;
    }
    case 'items':
      return itemsOfForm(field, form);
    default:
      return textOf(form[field.key]) || undefined;
  }
}

function itemsOfForm(field: Field, form: FormValues): unknown {
  const items: Record<string, string>[] = [];
  for (let index = 0; index < LIST_ITEMS_MAX; index++) {
    const item = Object.fromEntries((field.columns ?? []).flatMap((column) => {
      const text = textOf(form[`${field.key}.${index}.${column.key}`]);
      return text === '' ? [] : [[column.key, text]];
    }));
    if (Object.keys(item).length > 0) items.push(item);
  }
  return items.length === 0 ? undefined : items;
}

/** The form that shows a record; the inverse of `recordOfForm`. */
export function formOfRecord(record: SystemRecord): FormValues {
  const form: Record<string, string | readonly string[]> = {};
  for (const field of ALL_FIELDS) {
    const value = valueOf(record, field.key);
    if (value === undefined) continue;
    if (field.type === 'lines') form[field.key] = (value as readonly string[]).join('\n');
    else if (field.type === 'items') {
      (value as readonly Readonly<Record<string, string>>[]).forEach((item, index) => {
        for (const [key, text] of Object.entries(item)) form[`${field.key}.${index}.${key}`] = text;
      });
    } else form[field.key] = value as string | readonly string[];
  }
  return form;
}
