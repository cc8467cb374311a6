/** Refusals of motions on their way to programs and error pages. */

import type { Language } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import type { MotionRefusal } from '../model.ts';
import { fieldProblem, refusalText } from '../rules/words.ts';

/** Written out code by code: each stands in the guide with its status. */
export function refused(refusal: MotionRefusal, language: Language): Refused {
  const text = refusalText(refusal, language);
  switch (refusal.code) {
    case 'no-motion':
      return new Refused('no-motion', text, { status: 404 });
    case 'motion-fields':
      return new Refused('motion-fields', text, { errors: refusal.fields.map((one) => ({ path: one.field, message: fieldProblem(one, language) })) });
    case 'motion-not-now':
      return new Refused('motion-not-now', text, { status: 409 });
    case 'motion-stale':
      return new Refused('motion-stale', text, { status: 409 });
    case 'motion-supporters':
      return new Refused('motion-supporters', text, { status: 409 });
    case 'motion-own-support':
      return new Refused('motion-own-support', text);
    case 'motion-class':
      return new Refused('motion-class', text);
    case 'motion-rival':
      return new Refused('motion-rival', text, { status: 409 });
    case 'motion-amendment':
      return new Refused('motion-amendment', text);
    case 'motion-amendments-open':
      return new Refused('motion-amendments-open', text, { status: 409 });
    case 'motion-amend-until':
      return new Refused('motion-amend-until', text, { status: 409 });
    case 'motion-annexes':
      return new Refused('motion-annexes', text);
    case 'motion-no-council':
      return new Refused('motion-no-council', text, { status: 409 });
    case 'motion-demand':
      return new Refused('motion-demand', text);
    case 'motion-effect-nothing':
      return new Refused('motion-effect-nothing', text, { status: 409 });
  }
}
