/** From occurrences to words a person can check: which are denied, which belong together, how they are shown. */

import type { CompiledSignal, Matcher } from './compile.ts';
import { EVIDENCE_MAX } from './model.ts';
import type { Evidence, SourceText } from './model.ts';
import type { Hit } from './scan.ts';

/** Groups of occurrences shown for one signal: more would not convince anybody further. */
const GROUPS_MAX = 3;

/** Occurrences of every list in one record. */
export type Hits = readonly (readonly Hit[] | undefined)[];

const overlaps = (a: Hit, b: Hit): boolean => a.text === b.text && a.firstWord <= b.lastWord && b.firstWord <= a.lastWord;

/** Words from one occurrence to another in one text; 1 for neighbours, 0 where they overlap, Infinity in different texts. */
function distance(a: Hit, b: Hit): number {
  if (a.text !== b.text) return Infinity;
  if (b.firstWord > a.lastWord) return b.firstWord - a.lastWord;
  return a.firstWord > b.lastWord ? a.firstWord - b.lastWord : 0;
}

/** Whether a negative word reaches the occurrence: same sentence, inside the window, no stop word between. */
function denies(cue: Hit, hit: Hit, isBefore: boolean, window: number, stops: readonly Hit[]): boolean {
  if (cue.text !== hit.text || cue.sentence !== hit.sentence || overlaps(cue, hit)) return false;
  if (isBefore !== cue.firstWord < hit.firstWord || distance(cue, hit) > window) return false;
  const [left, right] = isBefore ? [cue, hit] : [hit, cue];
  return !stops.some((stop) => stop.text === hit.text && stop.firstWord > left.lastWord && stop.lastWord < right.firstWord);
}

/** Marks the denied occurrences in `hits`. Occurrences of the negation lists themselves stay as they are. */
export function markNegated(matcher: Matcher, hits: Hits): void {
  const stops = hits[matcher.stop] ?? [];
  for (const rule of matcher.negations) {
    const apparent = hits[rule.apparent] ?? [];
    const real = (cue: Hit): boolean => !apparent.some((other) => overlaps(cue, other));
    const before = (hits[rule.before] ?? []).filter(real);
    const after = (hits[rule.after] ?? []).filter(real);
    if (before.length === 0 && after.length === 0) continue;
    for (let list = matcher.firstPlainList; list < matcher.lists; list++) {
      for (const hit of hits[list] ?? []) {
        hit.negated ||=
          before.some((cue) => denies(cue, hit, true, rule.beforeWindow, stops)) ||
          after.some((cue) => denies(cue, hit, false, rule.afterWindow, stops));
      }
    }
  }
}

/** The nearest usable occurrence of a list around an anchor, at most `within` words away. One word may serve two lists: a traveller is a person, too. */
function nearest(anchor: Hit, list: readonly Hit[], within: number, usable: (hit: Hit) => boolean): Hit | undefined {
  let best: Hit | undefined;
  let bestDistance = within + 1;
  for (const hit of list) {
    const away = distance(anchor, hit);
    if (away < bestDistance && usable(hit)) {
      best = hit;
      bestDistance = away;
    }
  }
  return best;
}

function groupAround(anchor: Hit, signal: CompiledSignal, hits: Hits, usable: (hit: Hit) => boolean): readonly Hit[] | undefined {
  const group = [anchor];
  for (const list of signal.lists.slice(1)) {
    const others = hits[list] ?? [];
    const found = signal.within === undefined ? others.find(usable) : nearest(anchor, others, signal.within, usable);
    if (found === undefined) return undefined;
    group.push(found);
  }
  return group;
}

/** Occurrences that make the signal fire, up to three groups; empty when it does not. Distances count from the first list. */
export function groupsOf(signal: CompiledSignal, hits: Hits, usable: (hit: Hit) => boolean): readonly (readonly Hit[])[] {
  const groups: (readonly Hit[])[] = [];
  for (const anchor of hits[signal.lists[0] ?? -1] ?? []) {
    if (!usable(anchor)) continue;
    const group = groupAround(anchor, signal, hits, usable);
    if (group === undefined) continue;
    groups.push(group);
    if (groups.length >= GROUPS_MAX) break;
  }
  return groups;
}

/** Whether `hit` lies at most `near` words from an occurrence of the exclusion. */
export function isNear(hit: Hit, others: readonly Hit[], near: number): boolean {
  return others.some((other) => distance(hit, other) <= near);
}

/** Evidence in reading order, spans inside longer spans left out, at most EVIDENCE_MAX. */
export function showEvidence(hits: readonly Hit[], texts: readonly SourceText[]): readonly Evidence[] {
  const ordered = hits.toSorted((a, b) => a.text - b.text || a.start - b.start || b.end - a.end);
  const kept: Hit[] = [];
  for (const hit of ordered) {
    const inside = kept.some((other) => other.text === hit.text && other.start <= hit.start && hit.end <= other.end && other.negated === hit.negated);
    if (!inside) kept.push(hit);
  }
  return kept.slice(0, EVIDENCE_MAX).map((hit) => {
    const source = texts[hit.text];
    return {
      field: source?.field ?? '',
      start: hit.start,
      end: hit.end,
      words: source?.text.slice(hit.start, hit.end) ?? '',
      negated: hit.negated,
    };
  });
}
