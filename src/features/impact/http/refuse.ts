/** Refusals on their way to programs and error pages. */

import type { Language } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import type { ImpactRefusal } from '../model.ts';
import { problemText, refusalText } from '../rules/answer-text.ts';

/** Written out code by code: each stands in the guide with its status. */
export function refused(refusal: ImpactRefusal, language: Language): Refused {
  const text = refusalText(refusal, language);
  switch (refusal.code) {
    case 'no-assessment':
      return new Refused('no-assessment', text, { status: 404 });
    case 'no-system':
      return new Refused('no-system', text, { status: 404 });
    case 'no-questionnaire':
      return new Refused('no-questionnaire', text, { status: 404 });
    case 'stale':
      return new Refused('stale', text, { status: 409 });
    case 'nothing-to-undo':
      return new Refused('nothing-to-undo', text, { status: 409 });
    case 'assessment-closed':
      return new Refused('assessment-closed', text, { status: 409 });
    case 'not-finished':
      return new Refused('not-finished', text, { status: 409 });
    case 'assessment-incomplete':
      return new Refused('assessment-incomplete', text);
    case 'wrong-answers':
      return new Refused('wrong-answers', text, { errors: refusal.problems.map(({ question, problem }) => ({ path: `answers.${question}`, message: problemText(problem, undefined, language) })) });
    case 'wrong-questionnaire':
      return new Refused('wrong-questionnaire', text);
    case 'not-an-export':
      return new Refused('not-an-export', text);
    case 'no-fact':
      return new Refused('no-fact', text);
    case 'too-many-answers':
      return new Refused('too-many-answers', text);
  }
}
