/** A verdict: the answer of a pure rule, either yes with a value or no with a named refusal. */

export type Verdict<T, R = string> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: R };

export function yes<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function no<const R>(refusal: R): { readonly ok: false; readonly refusal: R } {
  return { ok: false, refusal };
}
