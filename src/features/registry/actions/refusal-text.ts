/** Refusals in the reader's language: what is wrong, by which rule, what to do next. */

import type { Language } from '../../../base/index.ts';
import { fieldOf } from '../fields.ts';
import type { FieldProblem } from '../model.ts';
import { registryText, type RegistryTextKey } from '../text/index.ts';
import type { RegistryRefusal } from './refusals.ts';

/** HTTP status of each refusal. */
export const REFUSAL_STATUS: { readonly [C in RegistryRefusal['code']]: number } = {
  'not-found': 404,
  'not-allowed': 403,
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
    case 'stale-edit':
      return t('refusal.stale-edit', { revision: refusal.current.revision });
    case 'transition-not-allowed':
      return t('refusal.transition-not-allowed', { from: t(`status.${refusal.from}`), to: t(`status.${refusal.to}`), allowed: refusal.allowed.map((one) => t(`status.${one}`)).join(', ') });
    case 'incomplete':
      return t('refusal.incomplete', { to: t(`status.${refusal.to}`), fields: refusal.missing.map((key) => fieldLabel(key, language)).join(', ') });
    case 'revision-not-found':
      return t('refusal.revision-not-found', { revision: refusal.revision });
    default:
      return t(`refusal.${refusal.code}`);
  }
}
