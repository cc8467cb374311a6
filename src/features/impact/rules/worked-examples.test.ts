/** The worked examples of all questionnaires: they fit, are complete with what the register tells, and come to what was found by hand. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type CivilDate, type Json, type Language, LANGUAGES } from '../../../base/index.ts';
import { compileLaw, decide, type Facts, loadPack } from '../../../law/index.ts';
import { type Answers, assess, factsFrom, parseAnswers, type Questionnaire } from '../../../law/questionnaire/index.ts';
import { installationRoot } from '../../../platform/files/index.ts';
import { readImpactExamples } from '../actions/load-examples.ts';
import { loadInstalledQuestionnaires } from '../actions/load-installed.ts';
import { prefill } from './prefill.ts';

const packs = join(installationRoot, 'packs');
const questionnaires = new Map(loadInstalledQuestionnaires().map(({ questionnaire }) => [questionnaire.ref.id, questionnaire]));

interface Sample {
  readonly id: string;
  readonly record: Json;
  readonly facts?: Facts;
}

const samples = new Map(
  readdirSync(join(packs, 'samples'))
    .filter((name) => name.endsWith('.yaml'))
    .flatMap((name) => (parse(readFileSync(join(packs, 'samples', name), 'utf8'), { merge: true }) as { readonly samples: readonly Sample[] }).samples)
    .map((sample) => [sample.id, sample]),
);

function inLanguage(value: Json, language: Language): Json {
  if (Array.isArray(value)) return value.map((one: Json) => inLanguage(one, language));
  if (typeof value !== 'object' || value === null) return value;
  const map = value as { readonly [key: string]: Json };
  return LANGUAGES.every((one) => one in map) ? (map[language] ?? null) : Object.fromEntries(Object.entries(map).map(([key, one]) => [key, inLanguage(one, language)]));
}

const examples = (language: Language) => readImpactExamples(language);

/** What the form holds when the example is started: what was brought, then what the register tells. Facts of the interview are left out. */
function answersOf(id: string, language: Language): { readonly questionnaire: Questionnaire; readonly answers: Answers; readonly given: readonly string[] } {
  const example = examples(language).find((one) => one.questionnaire === id);
  const questionnaire = questionnaires.get(id);
  const sample = samples.get(example?.sample ?? '');
  if (example === undefined || questionnaire === undefined || sample === undefined) throw new Error(`no example, questionnaire or sample for ${id}`);
  const { answers, problems } = parseAnswers(questionnaire, example.answers);
  expect(problems).toEqual([]);
  const filled = prefill(questionnaire, { fields: inLanguage(sample.record, language) as { readonly [key: string]: Json }, facts: {}, others: [] });
  return { questionnaire, given: Object.keys(answers), answers: { ...Object.fromEntries(filled.flatMap(({ question, answer }) => (answer === null ? [] : [[question, answer]]))), ...answers } };
}

const IDS = ['altai', 'ca-aia', 'dpia', 'fria', 'huderia', 'surveillance-sheet'];

it('every questionnaire has one', () => expect([...new Set(examples('en').map((one) => one.questionnaire))].sort()).toEqual(IDS));

describe.each(IDS)('%s', (id) => {
  it.each(LANGUAGES)('is complete in %s, and answers nothing that is not asked', (language) => {
    const { questionnaire, answers, given } = answersOf(id, language);
    const { missing, asleep, isComplete } = assess(questionnaire, answers);
    expect([missing, asleep.filter((question) => given.includes(question)), isComplete]).toEqual([[], [], true]);
  });
  it('comes to the same in every language', () => {
    const results = LANGUAGES.map((language) => {
      const { questionnaire, answers } = answersOf(id, language);
      return assess(questionnaire, answers).result;
    });
    const plain = results.map((result) => ('level' in result ? result.level : result.kind));
    expect(new Set(plain).size).toBe(1);
  });
});

const levelsOf = (id: string): readonly unknown[] => {
  const { questionnaire, answers } = answersOf(id, 'en');
  const { result } = assess(questionnaire, answers);
  if (result.kind === 'rights') return [...result.rows.map((row) => row.level), result.level];
  return result.kind === 'grid' ? [...result.risks.map((risk) => risk.level), result.level] : [];
};

it.each([
  ['fria', ['high', 'high', 'medium', 'high']],
  ['dpia', ['medium', 'medium', 'low', 'medium']],
  ['huderia', ['high', 'high', 'low', 'high']],
])('the rows of %s and the whole have the levels found by hand', (id, levels) => expect(levelsOf(id)).toEqual(levels));

it('altai counts 25, 6, 7 and 1, and a “yes” without its document is a gap', () => {
  const { questionnaire, answers } = answersOf('altai', 'en');
  const { result } = assess(questionnaire, answers);
  if (result.kind !== 'checklist') throw new Error(result.kind);
  const sum = (value: 'yes' | 'partial' | 'no' | 'na'): number => result.pages.reduce((total, page) => total + page.counts[value], 0);
  expect([sum('yes'), sum('partial'), sum('no'), sum('na')]).toEqual([25, 6, 7, 1]);
  expect(result.pages).toHaveLength(7);
  const needed = questionnaire.pages.flatMap((page) => page.questions).filter((question) => question.evidence === 'required' && JSON.stringify(answers[question.id]) === '{"check":"yes"}').map((question) => question.id);
  expect(result.gaps.filter((gap) => gap.why === 'no-evidence').map((gap) => gap.question)).toEqual(needed);
  expect(needed.length).toBeGreaterThan(5);
  const attached = assess(questionnaire, answers, new Set(needed)).result;
  expect(attached.kind === 'checklist' && attached.gaps.map((gap) => gap.why)).not.toContain('no-evidence');
  expect('level' in result).toBe(false);
});

it('the surveillance sheet finds one line and one bar', () => {
  const { questionnaire, answers } = answersOf('surveillance-sheet', 'en');
  const folder = join(packs, 'law/bright-line');
  const loaded = loadPack(readdirSync(folder).filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 3)));
  const day = '2026-11-23' as CivilDate;
  const decision = decide(compileLaw(loaded.value, { asOf: day, knownOn: day }), factsFrom(questionnaire, assess(questionnaire, answers).counting));
  const holding = decision.outcomes.filter((outcome) => outcome.result === 'holds').map((outcome) => outcome.id);
  expect(holding).toEqual(['surveillance', 'bar', 'consequence', 'surveillance.B1', 'bar.no_end_date', 'consequence.no_self_approval', 'consequence.no_filter', 'consequence.sheet', 'consequence.certificate']);
  expect(decision.outcomes.filter((outcome) => outcome.result !== 'holds' && outcome.result !== 'fails')).toEqual([]);
});
