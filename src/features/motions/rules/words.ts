/** Refusals, fields and events in the words of a language. */

import type { Language } from '../../../base/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import type { FieldError, MotionRefusal } from '../model.ts';
import { motionText, type MotionTextKey } from '../text/index.ts';

/** Words that come from data (a class of a constitution, a rule of the log): the catalogue's where it has them, else as they are. */
export function wordOf(key: string, fallback: string, language: Language): string {
  return isKey(key) ? motionText.in(language)(key) : fallback;
}

const isKey = (key: string): key is MotionTextKey => Object.hasOwn(motionText.messages.en, key);

export const className = (name: string, language: Language): string => wordOf(`class.${name}`, name, language);

export function fieldLabel(field: string, language: Language): string {
  const [, name, spoken] = /^(title|body)-(az|en|ru)$/.exec(field) ?? [];
  const t = motionText.in(language);
  if (name === 'title' || name === 'body') return t(`form.${name}`, { language: t(`language.${spoken as Language}`) });
  return wordOf(`field.${field.replace(/^subject-/, '')}`, field, language);
}

export const fieldProblem = ({ field, problem }: FieldError, language: Language): string => motionText.in(language)(`problem.${problem}`, { field: fieldLabel(field, language) });

/** `effect_why` is a word and sometimes the rule of the log behind it. */
export function effectWhy(why: string, language: Language): string {
  const [word = '', ...rule] = why.split(' ');
  return [wordOf(`effect-why.${word}`, word, language), ...rule].join(' ');
}

export function refusalText(refusal: MotionRefusal, language: Language): string {
  const t = motionText.in(language);
  switch (refusal.code) {
    case 'no-motion':
      return t('refusal.no-motion');
    case 'motion-fields':
      return t('refusal.motion-fields', { problems: refusal.fields.map((one) => fieldProblem(one, language)).join(' ') });
    case 'motion-not-now':
      return t('refusal.motion-not-now', { state: t(`state.${refusal.state}`) });
    case 'motion-stale':
      return t('refusal.motion-stale');
    case 'motion-supporters':
      return t('refusal.motion-supporters', { needed: refusal.needed, have: refusal.have });
    case 'motion-own-support':
      return t('refusal.motion-own-support');
    case 'motion-class':
      return t('refusal.motion-class', { class: className(refusal.class, language) });
    case 'motion-rival':
      return t('refusal.motion-rival');
    case 'motion-amendment':
      return t(`refusal.amendment-${refusal.problem}`);
    case 'motion-amendments-open':
      return t('refusal.motion-amendments-open', { count: refusal.count });
    case 'motion-amend-until':
      return t('refusal.motion-amend-until', { until: formatDate(refusal.until, language) });
    case 'motion-annexes':
      return t('refusal.motion-annexes');
    case 'motion-no-council':
      return t('refusal.motion-no-council');
    case 'motion-demand':
      return t('refusal.motion-demand', { rule: refusal.rule });
    case 'motion-effect-nothing':
      return t('refusal.motion-effect-nothing');
  }
}
