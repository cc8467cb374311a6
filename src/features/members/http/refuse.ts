/** Refusals of the register of members on their way to programs and error pages. */

import type { Language } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import type { MemberRefusal } from '../model.ts';
import { fieldProblem, refusalText } from '../web/words.tsx';

/** Written out code by code: each stands in the guide with its status. */
export function refused(refusal: MemberRefusal, language: Language): Refused {
  const text = refusalText(refusal, language);
  switch (refusal.code) {
    case 'no-member':
      return new Refused('no-member', text, { status: 404 });
    case 'member-fields':
      return new Refused('member-fields', text, { errors: refusal.fields.map((one) => ({ path: one.field, message: fieldProblem(one, language) })) });
    case 'member-stale':
      return new Refused('member-stale', text, { status: 409 });
    case 'member-place-taken':
      return new Refused('member-place-taken', text, { status: 409 });
    case 'member-sits-already':
      return new Refused('member-sits-already', text, { status: 409 });
    case 'member-terms-most':
      return new Refused('member-terms-most', text);
    case 'member-term-length':
      return new Refused('member-term-length', text);
    case 'member-not-now':
      return new Refused('member-not-now', text, { status: 409 });
    case 'interest-twice':
      return new Refused('interest-twice', text, { status: 409 });
    case 'interest-too-many':
      return new Refused('interest-too-many', text, { status: 409 });
    case 'nomination-support':
      return new Refused('nomination-support', text);
    case 'nomination-twice':
      return new Refused('nomination-twice', text, { status: 409 });
    case 'nomination-domain-cap':
      return new Refused('nomination-domain-cap', text);
    case 'nomination-window':
      return new Refused('nomination-window', text);
    case 'nomination-consulting':
      return new Refused('nomination-consulting', text, { status: 409 });
    case 'nomination-place-taken':
      return new Refused('nomination-place-taken', text, { status: 409 });
    case 'nomination-changes':
      return new Refused('nomination-changes', text, { status: 409 });
    case 'nomination-keys':
      return new Refused('nomination-keys', text);
    case 'nomination-keys-missing':
      return new Refused('nomination-keys-missing', text, { status: 409 });
    case 'nomination-none':
      return new Refused('nomination-none', text, { status: 409 });
    case 'nomination-no-council':
      return new Refused('nomination-no-council', text, { status: 409 });
    case 'nomination-roll':
      return new Refused('nomination-roll', text);
  }
}
