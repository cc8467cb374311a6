/** From the duties of a law to the items of its framework: an article is met when every duty of it that binds is done. */

import type { Citation } from '../model.ts';
import type { Framework, ItemId } from './model.ts';

/** The part of a duty that says where it stands. */
export interface CitedDuty {
  readonly id: string;
  readonly cite: readonly Citation[];
  readonly annex: readonly Citation[];
}

export interface ItemOfDuties {
  readonly item: ItemId;
  /** Duties that the item, or a part of it, lays down. */
  readonly duties: readonly string[];
  readonly done: readonly string[];
  /** Every binding duty is done, and there is one. */
  readonly isMet: boolean;
}

const RANGE_MEMBERS_MAX = 30;

/**
 * The items of `framework` that the duties belong to. A duty stands where its first citation says, and in the annexes it fills; other
 * citations only point elsewhere. `unbound` are duties that do not bind whoever asks: they hold nothing up.
 */
export function itemsOfDuties(duties: readonly CitedDuty[], done: ReadonlySet<string>, unbound: ReadonlySet<string>, framework: Framework): readonly ItemOfDuties[] {
  const placed = duties.map((duty) => ({ id: duty.id, places: placesOf(duty, framework.law?.act ?? '') }));
  return framework.items.flatMap(({ id, code }) => {
    if (code === undefined) return [];
    const mine = placed.filter((duty) => duty.places.some((place) => concerns(place, code))).map((duty) => duty.id);
    if (mine.length === 0) return [];
    const binding = mine.filter((duty) => !unbound.has(duty));
    const met = binding.filter((duty) => done.has(duty));
    return [{ item: id, duties: mine, done: met, isMet: binding.length > 0 && met.length === binding.length }];
  });
}

/** The places a duty stands in, ranges written out. */
function placesOf(duty: CitedDuty, act: string): readonly string[] {
  const [first] = duty.cite;
  if (first === undefined) return [];
  const article = articleOf(first.article);
  const own = duty.cite.filter((citation) => citation.act === act && articleOf(citation.article) === article);
  return [...own, ...duty.annex.filter((citation) => citation.act === act)].flatMap((citation) => spelledOut(citation.article));
}

/** `Art. 26(5)` is in `Art. 26`. */
function articleOf(citation: string): string {
  return /^(?:Art\. \d+[a-z]*|Annex [IVXLC]+)/.exec(citation)?.[0] ?? citation;
}

/** One contains the other: `Art. 9(2)` is in `Art. 9`, and `Art. 9` holds `Art. 9(9)`. */
export function concerns(place: string, code: string): boolean {
  const [short, long] = place.length <= code.length ? [place, code] : [code, place];
  return long === short || (long.startsWith(short) && /[( ]/.test(long[short.length] ?? ''));
}

/** `Art. 17(1)(a)-(c)` is 17(1)(a), 17(1)(b) and 17(1)(c); words after a comma are left out. */
export function spelledOut(citation: string): readonly string[] {
  const text = citation.split(',')[0]?.trim() ?? '';
  const [, stem, first, last] = /^(.*)\((\w+)\)-\((\w+)\)$/.exec(text) ?? [];
  if (stem === undefined || first === undefined || last === undefined) return [text];
  const isNumber = /^\d+$/.test(first) && /^\d+$/.test(last);
  const [from, to] = isNumber ? [Number(first), Number(last)] : [first.charCodeAt(0), last.charCodeAt(0)];
  if (!isNumber && (first.length !== 1 || last.length !== 1)) return [stem];
  if (to < from || to - from >= RANGE_MEMBERS_MAX) return [stem];
  return Array.from({ length: to - from + 1 }, (_, index) => `${stem}(${isNumber ? from + index : String.fromCharCode(from + index)})`);
}
