/** Why administration is refused, in the reader's language. */

import type { Language } from '../../../base/index.ts';
import { adminText } from '../text/admin/index.ts';
import { refusalText } from '../text/index.ts';
import type { IdentityRefusal } from '../model.ts';

export type OwnRefusal =
  | { readonly code: 'role-not-yours' }
  | { readonly code: 'only-administrator' }
  | { readonly code: 'own-account' }
  | { readonly code: 'already-locked' }
  | { readonly code: 'not-locked' }
  | { readonly code: 'not-closed' };

export type AdminRefusal = IdentityRefusal | OwnRefusal;

/** Refusals of identity that administration answers under their own codes; the guide for programs lists them. */
const TAKEN_OVER = ['organisation-cycle', 'organisation-closed', 'organisation-has-open-parts', 'role-not-here', 'already-member', 'last-administrator', 'no-second-factor', 'too-many'] as const satisfies readonly IdentityRefusal['code'][];
const OWN = ['role-not-yours', 'only-administrator', 'own-account', 'already-locked', 'not-locked', 'not-closed'] as const satisfies readonly OwnRefusal['code'][];

function isOwn(refusal: AdminRefusal): refusal is OwnRefusal {
  return (OWN as readonly string[]).includes(refusal.code);
}

export function adminRefusalText(refusal: AdminRefusal, language: Language): string {
  return isOwn(refusal) ? adminText.in(language)(`refused.${refusal.code}`) : refusalText(refusal, language);
}

/** What does not exist, or lies outside the reach of who asks, is told the same way. */
export function isMissing({ code }: AdminRefusal): boolean {
  return code === 'no-organisation' || code === 'no-person' || code === 'no-invitation' || code === 'not-a-member' || code === 'no-session';
}

/** The code of the problem that programs get. */
export function problemCodeOf(refusal: AdminRefusal): string {
  if (isMissing(refusal)) return 'not-found';
  return isOwn(refusal) || (TAKEN_OVER as readonly string[]).includes(refusal.code) ? refusal.code : 'bad-request';
}
