/** Reads the fields of forms: what is missing or malformed is told field by field, never as an error page. */

import { z } from 'zod';
import { isLanguage, type Language } from '../../../base/index.ts';
import { EMAIL_CHARACTERS_MAX, NAME_CHARACTERS_MAX } from '../model.ts';
import { identityText } from '../text/index.ts';
import type { FormState } from '../web/layout.tsx';

const FIELD_CHARACTERS_MAX = 4000;
const text = z.string().max(FIELD_CHARACTERS_MAX).default('');
export const signInForm = z.object({ email: text, password: text, next: z.string().max(FIELD_CHARACTERS_MAX).optional() });
export const codeForm = z.object({ code: text, next: z.string().max(FIELD_CHARACTERS_MAX).optional() });
export const confirmForm = z.object({ password: text, next: z.string().max(FIELD_CHARACTERS_MAX).optional() });
export const setUpForm = z.object({ token: text, 'regulator-az': text, 'regulator-en': text, 'regulator-ru': text, name: text, email: text, language: text, password: text });
export const nextQuery = z.object({ next: z.string().max(FIELD_CHARACTERS_MAX).optional(), said: z.string().max(40).optional(), lang: z.string().max(10).optional() });
export const tokenQuery = z.object({ token: text, lang: z.string().max(10).optional() });
export const emailForm = z.object({ email: text });
export const passwordForm = z.object({ password: text });
export const joinForm = z.object({ name: text, language: text, password: text }).default({ name: '', language: '', password: '' });
export const meDataForm = z.object({ name: text, language: text });
export const meAddressForm = z.object({ email: text, 'address-password': text });
export const mePasswordForm = z.object({ 'present-password': text, 'new-password': text });
export const nameForm = z.object({ name: z.string().max(60).default('') });
const PERMITS_MAX = 200;
export const meKeyForm = z.object({ 'key-name': text, days: text, permits: z.union([z.string().max(100), z.array(z.string().max(100)).max(PERMITS_MAX)]).optional() });
export const tokenParams = z.object({ token: z.string().max(200) });

/** Passwords and codes never come back to the page. */
const NEVER_SHOWN = new Set(['password', 'present-password', 'new-password', 'address-password', 'code', 'token']);

/** A form with a problem: the values as typed, and what is wrong with which field. */
export function problem(body: Readonly<Record<string, string | readonly string[] | undefined>>, errors: FormState['errors']): FormState {
  const values = Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' && !NEVER_SHOWN.has(name) ? [[name, value]] : [])));
  return { errors, values };
}

/** Problems of the fields that are always there: names within their length, addresses that look like one. */
export function fieldProblems(body: Readonly<Record<string, string | readonly string[] | undefined>>, language: Language, fields: { readonly required?: readonly string[]; readonly email?: string }): FormState['errors'][number][] {
  const t = identityText.in(language);
  const errors: FormState['errors'][number][] = [];
  for (const field of fields.required ?? []) {
    const value = body[field];
    if (typeof value !== 'string' || value.trim() === '' || value.length > NAME_CHARACTERS_MAX * 2) errors.push({ field, message: t('field.required') });
  }
  if (fields.email !== undefined && !isEmail(body[fields.email])) errors.push({ field: fields.email, message: t('field.bad-email') });
  return errors;
}

function isEmail(value: string | readonly string[] | undefined): boolean {
  return typeof value === 'string' && value.length <= EMAIL_CHARACTERS_MAX && z.email().safeParse(value.trim()).success;
}

export function languageOf(value: string, otherwise: Language): Language {
  return isLanguage(value) ? value : otherwise;
}

export function listOf(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === 'string' ? [value] : value;
}
