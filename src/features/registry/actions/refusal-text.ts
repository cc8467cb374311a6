/** Refusals in the reader's language: what is wrong, by which rule, what to do next. */

import type { Language } from '../../../base/index.ts';
import { compareText, formatList } from '../../../platform/text/index.ts';
import { fieldOf } from '../fields.ts';
import type { FieldProblem } from '../model.ts';
import { registryText, type RegistryTextKey } from '../text/index.ts';
import { ATTACHMENT_BYTES_MAX } from '../../../platform/files/index.ts';
import { ATTACHMENTS_MAX } from '../store/attachments.ts';
import type { AttachmentRefusal } from './attachments.ts';
import type { RegistryRefusal } from './refusals.ts';

const NAMES_SHOWN = 20;

/** HTTP status of each refusal. */
export const REFUSAL_STATUS: { readonly [C in RegistryRefusal['code']]: number } = {
  'not-found': 404,
  'not-allowed': 403,
  'organisation-not-yours': 422,
  'organisation-unknown': 422,
  'reason-needed': 422,
  invalid: 422,
  'stale-edit': 409,
  'transition-not-allowed': 409,
  incomplete: 422,
  'withdrawn-stands': 409,
  'revision-not-found': 404,
  'bad-cursor': 400,
};

/** `field.purpose`, or for `suppliers.0.name` "Suppliers 1: name". */
export function fieldLabel(path: string, language: Language): string {
  const t = registryText.in(language);
  const [key = '', index, column] = path.split('.');
  if (key === 'sourceColumns') return t('page.source-columns');
  if (fieldOf(key) === undefined) return path;
  const label = t(`field.${key}` as RegistryTextKey);
  if (index === undefined) return label;
  return column === undefined ? `${label} (${Number(index) + 1})` : `${label} (${Number(index) + 1}): ${t(`column.${column}` as RegistryTextKey)}`;
}

export function problemText(problem: FieldProblem, language: Language): string {
  return registryText.in(language)(`problem.${problem.code}`, { field: problem.path === '' ? '' : fieldLabel(problem.path, language), max: problem.max ?? 0 });
}

export function refusalText(refusal: RegistryRefusal, language: Language): string {
  const t = registryText.in(language);
  switch (refusal.code) {
    case 'invalid':
      return t('refusal.invalid', { problems: refusal.problems.slice(0, 20).map((problem) => problemText(problem, language)).join(' ') });
    case 'organisation-not-yours':
      return refusal.yours.length === 0 ? t('form.no-organisation') : t('refusal.organisation-not-yours', { names: refusal.yours.toSorted(compareText(language)).slice(0, NAMES_SHOWN).join('; ') });
    case 'stale-edit':
      return t('refusal.stale-edit', { revision: refusal.current.revision });
    case 'transition-not-allowed':
      return t('refusal.transition-not-allowed', { from: t(`status.${refusal.from}`), to: t(`status.${refusal.to}`), allowed: formatList(refusal.allowed.map((one) => t(`status.${one}`)), language, 'or') });
    case 'incomplete':
      return t('refusal.incomplete', { to: t(`status.${refusal.to}`), fields: formatList(refusal.missing.map((key) => fieldLabel(key, language)), language) });
    case 'revision-not-found':
      return t('refusal.revision-not-found', { revision: refusal.revision });
    default:
      return t(`refusal.${refusal.code}`);
  }
}

const ATTACHMENT_STATUS: { readonly [R in AttachmentRefusal | 'no-file']?: number } = { 'not-found': 404, 'not-allowed': 403, 'too-large': 413, 'type-not-allowed': 415, 'no-file': 400, 'not-scanned': 503 };

/** HTTP status of a file that was not taken. */
export function attachmentStatus(refusal: AttachmentRefusal | 'no-file'): number {
  return ATTACHMENT_STATUS[refusal] ?? 422;
}

/** Why a file was not taken, and what to do about it. */
export function attachmentRefusalText(refusal: AttachmentRefusal | 'no-file', language: Language): string {
  const t = registryText.in(language);
  if (refusal === 'not-found' || refusal === 'not-allowed') return t(`refusal.${refusal}`);
  return t(`attachment-refusal.${refusal}`, { megabytes: ATTACHMENT_BYTES_MAX / 1024 / 1024, count: ATTACHMENTS_MAX });
}
