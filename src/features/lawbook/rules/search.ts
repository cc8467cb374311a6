/** Finds regimes, questions and cases of the packs by words of their texts, their ids or their articles. */

import type { Language, LocalisedText } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { foldLetters } from '../../../platform/text/index.ts';

export interface LawHit {
  readonly href: string;
  readonly title: string;
  readonly detail: string;
}

export const LAW_HITS_MAX = 100;

/** Every word of `q` must occur; matches in titles come first. */
export function searchPacks(packs: readonly Pack[], q: string, language: Language): readonly LawHit[] {
  const words = foldLetters(q).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [];
  const hits: (LawHit & { readonly rank: number })[] = [];
  const consider = (href: string, title: LocalisedText, detail: string, ...more: readonly string[]): void => {
    const head = foldLetters(`${title[language]} ${detail}`);
    const all = `${head} ${foldLetters(more.join(' '))}`;
    if (words.every((word) => all.includes(word))) hits.push({ href, title: title[language], detail, rank: words.every((word) => head.includes(word)) ? 0 : 1 });
  };
  for (const pack of packs) {
    const base = `/lawbook/${pack.ref.id}`;
    for (const conclusion of pack.conclusions) {
      const rules = pack.rules.filter((rule) => rule.concludes === conclusion.id);
      const articles = [...new Set(rules.flatMap((rule) => rule.cite.map((cite) => cite.article)))].join(', ');
      consider(`${base}/regime/${conclusion.id}`, conclusion.label, articles, conclusion.id, conclusion.plain[language], ...rules.map((rule) => rule.label[language]));
    }
    for (const fact of pack.facts) {
      consider(`${base}/fact/${fact.id}`, fact.ask, fact.cite.map((cite) => cite.article).join(', '), fact.id, fact.help[language], fact.example[language], ...fact.values.map((value) => value.label[language]));
    }
    for (const one of pack.cases) {
      const first = Object.keys(one.expect)[0];
      if (first !== undefined) consider(`${base}/cases#${one.id}`, one.title, first, one.story[language]);
    }
  }
  return hits.sort((a, b) => a.rank - b.rank).slice(0, LAW_HITS_MAX).map(({ href, title, detail }) => ({ href, title, detail }));
}
