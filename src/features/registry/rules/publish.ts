/** What of a record the public sees: public fields only, with e-mail addresses and telephone numbers held back where they stand in free text. */

import { ALL_FIELDS, type Field } from '../fields.ts';
import { type SystemRecord, valueOf } from '../model.ts';

/** Stands where a contact was. The pages show it in the reader's language. */
export const HELD_BACK = '[contact held back]';

const EMAIL = /[\p{L}\p{N}._%+'-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu;
/** Seven to fifteen digits as people write numbers: a plus or a zero or a bracket first, or three groups. Dates and law numbers do not look so. */
const PHONE = /(?<![\p{L}\p{N}/.-])(?:\+\d{1,3}[\s().-]{0,3}(?:\d[\s().-]{0,2}){6,13}\d|\(0?\d{2,4}\)[\s.-]{0,2}(?:\d[\s.-]?){5,8}\d|0\d{1,3}[\s-](?:\d[\s-]?){5,8}\d|\d{3}[-.]\d{3}[-.]\d{4})(?![\p{L}\p{N}/])/gu;

/** Replaces e-mail addresses and telephone numbers; links stay. */
export function withoutContacts(text: string): string {
  if (text.length < 6) return text;
  const noMail = text.includes('@') || /[([]at[)\]]/i.test(text) ? text.replaceAll(EMAIL, HELD_BACK) : text;
  return /\d{3}/.test(noMail) || /\+\d/.test(noMail) ? noMail.replaceAll(PHONE, HELD_BACK) : noMail;
}

/** The record as published. What is stored is not touched. */
export function publicRecord(record: SystemRecord): SystemRecord {
  const result: Record<string, unknown> = {};
  for (const field of ALL_FIELDS) {
    if (field.tier === 'restricted') continue;
    const value = valueOf(record, field.key);
    if (value !== undefined) result[field.key] = publicValue(field, value);
  }
  // Verbatim source cells are as their owner wrote them, contacts included: they stay in the workspace.
  return result as unknown as SystemRecord;
}

function publicValue(field: Field, value: unknown): unknown {
  if (typeof value === 'string') return field.type === 'line' || field.type === 'text' || field.type === 'link' ? withoutContacts(value) : value;
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => {
    if (typeof item === 'string') return field.type === 'lines' ? withoutContacts(item) : item;
    const columns = (field.columns ?? []).filter((column) => column.tier !== 'restricted');
    const row = item as Readonly<Record<string, string | undefined>>;
    return Object.fromEntries(columns.flatMap((column) => (row[column.key] === undefined ? [] : [[column.key, withoutContacts(row[column.key] ?? '')]])));
  });
}
