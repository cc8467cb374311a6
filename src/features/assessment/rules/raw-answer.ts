/** Turns what a form sends into the raw answer of a facts file. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import type { FactDefinition } from '../../../law/index.ts';

export const NONE_VALUE = '-none-';

export interface AnswerForm {
  readonly value?: string | readonly string[] | undefined;
  /** `unknown` and `not-applicable` are buttons of their own. */
  readonly act?: string | undefined;
}

/** “Does not apply” counts as no, or as the empty set: the element of the law is not met. Nothing chosen is a refusal, never a silent no. */
export function rawAnswerOf(fact: Pick<FactDefinition, 'type'>, form: AnswerForm): Verdict<unknown, 'no-answer'> {
  if (form.act === 'unknown') return yes('unknown');
  if (form.act === 'not-applicable') return yes(fact.type === 'set' ? [] : false);
  if (form.act === 'take-back') return yes(null);
  const values = form.value === undefined ? [] : typeof form.value === 'string' ? [form.value] : form.value;
  const given = values.filter((value) => value.trim() !== '');
  if (given.length === 0) return no('no-answer');
  if (fact.type === 'set') return yes(given.filter((value) => value !== NONE_VALUE));
  const first = given[0] ?? '';
  if (fact.type === 'bool') return yes(first === 'yes' ? true : first === 'no' ? false : first);
  if (fact.type === 'number') return yes(numberOf(first));
  return yes(first);
}

/** Accepts a decimal comma and grouping spaces; anything else is left as text for the engine to refuse by name. */
function numberOf(text: string): number | string {
  const plain = text.trim().replaceAll(/[\s\u00a0\u202f]/g, '').replace(',', '.');
  return plain !== '' && Number.isFinite(Number(plain)) ? Number(plain) : text;
}
