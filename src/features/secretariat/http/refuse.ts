/** Refusals of the secretariat on their way to programs and error pages. */

import type { Language } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import type { SittingRefusal } from '../model.ts';
import { fieldProblem, refusalText } from '../web/words.tsx';

/** Written out code by code: each stands in the guide with its status. */
export function refused(refusal: SittingRefusal, language: Language): Refused {
  const text = refusalText(refusal, language);
  switch (refusal.code) {
    case 'no-sitting':
      return new Refused('no-sitting', text, { status: 404 });
    case 'sitting-fields':
      return new Refused('sitting-fields', text, { errors: refusal.fields.map((one) => ({ path: one.field, message: fieldProblem(one, language) })) });
    case 'sitting-not-now':
      return new Refused('sitting-not-now', text, { status: 409 });
    case 'sitting-stale':
      return new Refused('sitting-stale', text, { status: 409 });
    case 'sitting-agenda-empty':
      return new Refused('sitting-agenda-empty', text);
    case 'sitting-too-many':
      return new Refused('sitting-too-many', text, { status: 409 });
    case 'sitting-act':
      return new Refused('sitting-act', text, { status: 409 });
    case 'sitting-statement-late':
      return new Refused('sitting-statement-late', text, { status: 409 });
    case 'minutes-not-now':
      return new Refused('minutes-not-now', text, { status: 409 });
    case 'minutes-untranslated':
      return new Refused('minutes-untranslated', text);
    case 'minutes-corrections-open':
      return new Refused('minutes-corrections-open', text, { status: 409 });
    case 'minutes-log':
      return new Refused('minutes-log', text, { status: 409 });
  }
}
