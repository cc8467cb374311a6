/** Canonical JSON (RFC 8785): one byte sequence for one value, so that a digest means something. */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * Serialises `value` as RFC 8785 canonical JSON. Members that are `undefined` are left out.
 * Throws TypeError on NaN, infinities and lone surrogates (RFC 8785 §3.2.2).
 */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no NaN or infinity');
    return JSON.stringify(value);
  }
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('canonical JSON has no lone surrogate');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item: Json) => canonical(item)).join(',')}]`;
  const members: string[] = [];
  const object = value as { readonly [key: string]: Json | undefined };
  // RFC 8785 §3.2.3 sorts by UTF-16 code units, which is what the default sort of JavaScript does.
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) members.push(`${canonical(key)}:${canonical(member)}`);
  }
  return `{${members.join(',')}}`;
}
