/** Says in the caller's language why an import cannot be done. */

import type { Language } from '../../../base/index.ts';
import { Refused } from '../../../platform/http/index.ts';
import { formatNumber } from '../../../platform/text/index.ts';
import type { IntakeRefusal } from '../actions/intake.ts';
import { UnreadableFile } from '../model/refusal.ts';
import { intakeText, type IntakeTextKey } from '../text/index.ts';

const STATUS: Readonly<Record<string, number>> = { 'not-found': 404, 'not-allowed': 403, 'wrong-state': 409, 'file-too-large': 413, 'profile-unknown': 422, 'disk-space-low': 507 };

export function refusalText(code: string, detail: Readonly<Record<string, string | number | boolean | null>>, language: Language): string {
  const values = Object.fromEntries(Object.entries(detail).map(([key, value]) => [key, typeof value === 'number' ? formatNumber(value, language) : String(value ?? '')]));
  return intakeText.in(language)(`refusal.${code}` as IntakeTextKey, values);
}

export function refused(refusal: IntakeRefusal, language: Language, known: readonly string[] = []): Refused {
  const t = intakeText.in(language);
  const detail = refusal.code === 'wrong-state' ? { state: t(`state.${refusal.state}`) } : refusal.code === 'disk-space-low' ? { free: refusal.free, needed: refusal.needed } : refusal.code === 'profile-unknown' ? { profile: refusal.profile, known: known.join(', ') } : {};
  return new Refused(refusal.code, refusalText(refusal.code, detail, language), { status: STATUS[refusal.code] ?? 422 });
}

/** A file that cannot be read becomes a refusal with its place and numbers; every other error stays what it is. */
export function unreadable(error: unknown, language: Language): unknown {
  return error instanceof UnreadableFile ? new Refused(error.code, refusalText(error.code, error.detail, language), { status: STATUS[error.code] ?? 422 }) : error;
}
