/** An answer as a person reads it, in any of its shapes. */

import type { Language } from '../../../base/index.ts';
import type { FactAnswer, FactDefinition } from '../../../law/index.ts';
import { formatDate } from '../../../platform/text/index.ts';
import { termsIn } from '../text/terms.ts';

/** An answer as a person reads it. */
export function answerWords(fact: FactDefinition | undefined, answer: FactAnswer, language: Language): string {
  const terms = termsIn(language);
  const label = (value: string): string => fact?.values.find((one) => one.id === value)?.label[language] ?? value;
  if (typeof answer === 'boolean') return answer ? terms.yes : terms.no;
  if (typeof answer === 'number') return String(answer);
  if (typeof answer === 'string') return fact?.type === 'date' ? formatDate(answer, language) : label(answer);
  if (Array.isArray(answer)) return answer.length === 0 ? terms.none : answer.map((value: string) => label(value)).join('; ');
  if ('has' in answer) return [...answer.has.map(label), ...answer.hasNot.map((value) => terms.not(label(value)))].join('; ');
  if ('disputed' in answer) return answer.disputed.map((claim) => `${claim.by}: ${answerWords(fact, claim.value, language)}`).join('; ');
  return '?';
}
