/** The pre-screen itself: reads the texts of one record and proposes candidate facts with the words that speak for and against them. */

import { compileMatcher } from './compile.ts';
import type { CompiledRecogniser, Matcher } from './compile.ts';
import { groupsOf, isNear, markNegated, showEvidence } from './evidence.ts';
import type { Hits } from './evidence.ts';
import { likelyLanguages } from './language.ts';
import { HITS_MAX, TEXTS_MAX } from './model.ts';
import type { Candidate, PrescreenOptions, RecogniserSet, SourceText, TextLanguage } from './model.ts';
import { Scanner } from './scan.ts';
import type { Hit } from './scan.ts';

interface Ready {
  readonly matcher: Matcher;
  readonly scanner: Scanner;
}

// A compiled matcher is a function of the set and the languages alone, so remembering it changes no answer.
const compiled = new WeakMap<RecogniserSet, Map<string, Ready>>();

function ready(set: RecogniserSet, languages: readonly TextLanguage[]): Ready {
  const known = compiled.get(set) ?? new Map<string, Ready>();
  compiled.set(set, known);
  const wanted = set.languages.filter((language) => languages.includes(language));
  const key = wanted.join(' ');
  let found = known.get(key);
  if (found === undefined) {
    const matcher = compileMatcher(set, wanted);
    found = { matcher, scanner: new Scanner(matcher) };
    known.set(key, found);
  }
  return found;
}

function readTexts({ matcher, scanner }: Ready, texts: readonly SourceText[]): Hits {
  const hits: (Hit[] | undefined)[] = [];
  hits.length = matcher.lists;
  const report = (list: number, hit: Hit): void => {
    const known = hits[list];
    if (known === undefined) hits[list] = [hit];
    // Each list has its own copy: whether one is denied is marked on it.
    else if (known.length < HITS_MAX) known.push(hit);
  };
  for (let number = 0; number < texts.length && number < TEXTS_MAX; number++) {
    scanner.scan(texts[number]?.text ?? '', number, report);
  }
  markNegated(matcher, hits);
  return hits;
}

interface Judgement {
  readonly score: number;
  readonly speaksFor: readonly Hit[];
  readonly speaksAgainst: readonly Hit[];
}

const affirmed = (hit: Hit): boolean => !hit.negated;

function judge(compiledRecogniser: CompiledRecogniser, hits: Hits): Judgement {
  const silencers = compiledRecogniser.unless.filter((exclusion) => exclusion.near !== undefined);
  const silencing = silencers.map((exclusion) => ({ near: exclusion.near ?? 0, hits: groupsOf(exclusion, hits, affirmed).flat() }));
  const silenced: Hit[] = [];
  const usable = (hit: Hit): boolean => {
    if (hit.negated) return false;
    const by = silencing.find((exclusion) => isNear(hit, exclusion.hits, exclusion.near));
    if (by !== undefined) silenced.push(...by.hits);
    return by === undefined;
  };
  let remaining = 1;
  const speaksFor: Hit[] = [];
  for (const signal of compiledRecogniser.signals) {
    const groups = groupsOf(signal, hits, usable);
    if (groups.length > 0) remaining *= 1 - signal.strength;
    speaksFor.push(...groups.flat());
    if (signal.lists.length === 1) speaksFor.push(...(hits[signal.lists[0] ?? -1] ?? []).filter((hit) => hit.negated));
  }
  let score = 1 - remaining;
  const speaksAgainst: Hit[] = [...silenced];
  for (const exclusion of compiledRecogniser.unless) {
    if (exclusion.near !== undefined || score === 0) continue;
    const groups = groupsOf(exclusion, hits, affirmed);
    if (groups.length > 0) score *= 1 - exclusion.strength;
    speaksAgainst.push(...groups.flat());
  }
  // Four decimals: products of strengths must not differ by the order of multiplication.
  return { score: Math.round(score * 10_000) / 10_000, speaksFor, speaksAgainst };
}

/**
 * Proposes candidate facts for one record, the weightiest first, then by score, then by recogniser.
 * Reads at most TEXTS_MAX texts of TEXT_CHARS_MAX characters each. Deterministic. A candidate is never a fact.
 */
export function prescreen(set: RecogniserSet, texts: readonly SourceText[], options: PrescreenOptions = {}): Candidate[] {
  const prepared = ready(set, options.languages ?? likelyLanguages(set, texts));
  const hits = readTexts(prepared, texts);
  const touched = new Set<number>();
  for (let list = prepared.matcher.firstPlainList; list < hits.length; list++) {
    if (hits[list] !== undefined) for (const number of prepared.matcher.byList[list] ?? []) touched.add(number);
  }
  const candidates: Candidate[] = [];
  for (const number of [...touched].sort((a, b) => a - b)) {
    const item = prepared.matcher.recognisers[number];
    if (item === undefined) continue;
    const { score, speaksFor, speaksAgainst } = judge(item, hits);
    const { id, conclusion, point, weight, threshold, proposes } = item.recogniser;
    if (score <= 0 || score < (options.threshold ?? threshold)) continue;
    const evidence = showEvidence(speaksFor, texts);
    const against = showEvidence(speaksAgainst, texts);
    for (const { fact, value } of proposes) candidates.push({ recogniser: id, fact, value, conclusion, point, score, evidence, against, weight });
  }
  // The sort is stable, so equals stay in the order of the files.
  return candidates.sort((a, b) => b.weight * b.score - a.weight * a.score);
}
