/** The pre-screen on two more sources: the Dutch register (no labels: what share is flagged) and labelled fixtures (domains only). */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prescreen, stakes } from '../../src/law/prescreen/index.ts';
import type { Candidate, RecogniserSet } from '../../src/law/prescreen/index.ts';

const share = (part: number, whole: number): string => `${part}/${whole} = ${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
const isNamed = (candidate: Candidate): boolean => candidate.weight > 0 && /^(?:prohibited|high_risk)\./.test(candidate.conclusion);
const isWide = (candidate: Candidate): boolean => candidate.weight > 0 && /^(?:prohibited|high_risk)(?:\.|$)/.test(candidate.conclusion);

interface DutchRegister {
  readonly algoritmes: readonly { readonly title?: string; readonly doel?: string }[];
}

/** Share of the Dutch register that is flagged, and by which point. Nothing is known about the right answer. */
export function dutchReport(set: RecogniserSet, data: string): string[] {
  const path = join(data, 'nl-algoritmeregister/algoritmes_schellevis_2026-05-13.json');
  if (!existsSync(path)) return ['SKIPPED: the Dutch register is not there.'];
  const { algoritmes } = JSON.parse(readFileSync(path, 'utf8')) as DutchRegister;
  const points = new Map<string, number>();
  let named = 0;
  let wide = 0;
  for (const { title, doel } of algoritmes) {
    const candidates = prescreen(set, [{ field: 'title', text: title ?? '' }, { field: 'purpose', text: doel ?? '' }], { languages: ['nl'] });
    if (candidates.some(isNamed)) named++;
    if (candidates.some(isWide)) wide++;
    const first = stakes(candidates).probable[0];
    if (first !== undefined) points.set(first.conclusion, (points.get(first.conclusion) ?? 0) + 1);
  }
  const list = [...points].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([id, n]) => `${id} ${n}`);
  return [
    'DUTCH REGISTER (title and purpose, Dutch; unlabelled, so only the share is known)',
    `named ${share(named, algoritmes.length)}; wide ${share(wide, algoritmes.length)}`,
    `gravest candidate by conclusion: ${list.join(', ')}`,
  ];
}

interface Fixture {
  readonly lang: string;
  readonly input: string;
  readonly expected: { readonly article_5_letters?: readonly string[]; readonly annex_iii_domains?: readonly number[] };
}

const domainOf = (conclusion: string): number => Number(/^high_risk\.III\.(\d)/.exec(conclusion)?.[1] ?? 0);
const letterOf = (conclusion: string): string => /^prohibited\.(\w+)/.exec(conclusion)?.[1] ?? '';

/** One publisher's reading of made-up texts, some shaped to keywords: a check that nothing is badly broken, not a measure of quality. */
export function lucairnReport(set: RecogniserSet, data: string): string[] {
  const folder = join(data, 'ai-act-labels/lucairn-fixtures');
  if (!existsSync(folder)) return ['SKIPPED: the labelled fixtures are not there.'];
  const lines = ['LABELLED FIXTURES (unit-like check of domains; 71 texts, en and de; not a measure of quality)'];
  let domains = 0;
  let foundDomains = 0;
  let letters = 0;
  let foundLetters = 0;
  let clean = 0;
  let silent = 0;
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.json')).sort()) {
    const fixture = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Fixture;
    const candidates = prescreen(set, [{ field: 'text', text: fixture.input }], { languages: [fixture.lang] }).filter((candidate) => candidate.weight > 0);
    const gotDomains = new Set(candidates.map((candidate) => domainOf(candidate.conclusion)));
    const gotLetters = new Set(candidates.map((candidate) => letterOf(candidate.conclusion)));
    const wantDomains = fixture.expected.annex_iii_domains ?? [];
    const wantLetters = fixture.expected.article_5_letters ?? [];
    const missed = [...wantDomains.filter((domain) => !gotDomains.has(domain)).map(String), ...wantLetters.filter((letter) => !gotLetters.has(letter))];
    domains += wantDomains.length;
    foundDomains += wantDomains.filter((domain) => gotDomains.has(domain)).length;
    letters += wantLetters.length;
    foundLetters += wantLetters.filter((letter) => gotLetters.has(letter)).length;
    const isClean = wantDomains.length + wantLetters.length === 0;
    if (isClean) clean++;
    if (isClean && !candidates.some(isNamed)) silent++;
    if (missed.length > 0) lines.push(`  missed ${missed.join(' ')}: ${name}`);
    else if (isClean && candidates.some(isNamed)) lines.push(`  proposed ${[...new Set(candidates.filter(isNamed).map((candidate) => candidate.conclusion))].join(' ')}, none expected: ${name}`);
  }
  lines.push(`Annex III domains found ${foundDomains}/${domains}; Art. 5 letters found ${foundLetters}/${letters}; nothing named where nothing is expected ${silent}/${clean}`);
  return lines;
}
