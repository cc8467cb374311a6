/** Canada's own questionnaire file through the SurveyJS reader: its maxima, its sections, its vectors; and the same rules on a small one. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Answer, type Answers, assess, cheapestLowerLevel, loadQuestionnaire, mostPointsOf, type Question, type Questionnaire } from './index.ts';

const path = join(import.meta.dirname, '../../../../shared/data/ca-aia/survey-enfr.json');
const present = existsSync(path);
if (!present) console.warn("SKIPPED: Canada's questionnaire is not here (../shared/data/ca-aia/survey-enfr.json).");

const same = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;

export const CANADA_HEAD = `id: ca-aia-own-file
version: 1.0.1
engine: 1
title: ${same('AIA')}
plain: ${same('The file of Canada as it is')}
source: { title: "canada-ca/aia-eia-js", url: "https://github.com/canada-ca/aia-eia-js", licence: MIT }
survey: survey.json
scoring:
  kind: tallies
  tallies:
    - { id: raw, label: ${same('Raw')} }
    - id: mitigation
      label: ${same('Mitigation')}
      alternatives:
        - { id: design, when: projectDetailsPhase = item1, pages: [ consultationDesign, dataQualityDesign, fairnessDesign, privacyDesign ] }
        - { id: implementation, when: projectDetailsPhase = item2, pages: [ consultationImplementation, dataQualityImplementation, fairnessImplementation, privacyImplementation ] }
  result: raw
  reduction: { tally: mitigation, at_share: 0.80, by_share: 0.15 }
levels:
  - { id: I, label: ${same('I')}, up_to_share: 0.25 }
  - { id: II, label: ${same('II')}, up_to_share: 0.50 }
  - { id: III, label: ${same('III')}, up_to_share: 0.75 }
  - { id: IV, label: ${same('IV')} }
`;

function loaded(files: Parameters<typeof loadQuestionnaire>[0]): Questionnaire {
  const result = loadQuestionnaire(files);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal.slice(0, 5), null, 1));
  return result.value.questionnaire;
}

const extreme = (question: Question, wants: 'most' | 'least'): Answer => {
  if (question.type === 'choices') return wants === 'most' ? question.choices.map((choice) => choice.id) : [question.choices.reduce((a, b) => (b.score < a.score ? b : a)).id];
  return question.choices.reduce((a, b) => ((wants === 'most' ? b.score > a.score : b.score < a.score) ? b : a)).id;
};

describe.skipIf(!present)("Canada's file", () => {
  const questionnaire = loaded(present ? [{ path: 'questionnaire.yaml', text: CANADA_HEAD }, { path: 'survey.json', text: readFileSync(path, 'utf8') }] : []);
  const questions = questionnaire.pages.flatMap((page) => page.questions);
  const fill = (wants: 'most' | 'least', pages?: readonly string[], tally?: string): Answers =>
    Object.fromEntries(questions.filter((question) => question.tally !== undefined && (pages === undefined || pages.includes(question.page)) && (tally === undefined || question.tally === tally)).map((question) => [question.id, extreme(question, wants)]));
  const figures = (answers: Answers): readonly unknown[] => {
    const { result } = assess(questionnaire, answers);
    if (result.kind !== 'tallies') return [];
    return [result.before, result.tallies.find((one) => one.id === 'mitigation')?.value, result.value, result.level];
  };
  /** The rule as Canada's page words it, read slowly: names and values of the file only, no part of the engine. */
  const slow = (answers: Answers): readonly unknown[] => slowly(JSON.parse(readFileSync(path, 'utf8')) as SurveyItem, answers, questionnaire, assess(questionnaire, answers).counting);

  it('has the sections and maxima the rule names', () => {
    const sections = questionnaire.pages
      .map((page) => [page.id, page.questions.filter((question) => question.tally !== undefined)] as const)
      .filter(([, scored]) => scored.length > 0)
      .map(([id, scored]) => [id, scored.length, scored.reduce((sum, question) => sum + mostPointsOf(question), 0)]);
    expect(sections).toEqual([
      ['businessDrivers', 4, 5], ['riskProfile', 8, 15], ['projectAuthority', 1, 2], ['aboutSystem', 11, 17], ['aboutAlgorithm', 9, 15], ['decisionSector', 1, 8], ['impact', 18, 52], ['aboutData', 18, 53],
      ['consultationDesign', 7, 10], ['consultationImplementation', 7, 10], ['dataQualityDesign', 9, 14], ['dataQualityImplementation', 9, 14], ['fairnessDesign', 23, 44], ['fairnessImplementation', 23, 44], ['privacyDesign', 6, 9], ['privacyImplementation', 6, 9],
    ]);
    const { result } = assess(questionnaire, {});
    expect(result.kind === 'tallies' && result.tallies.map((tally) => [tally.id, tally.max])).toEqual([['raw', 167], ['mitigation', 77]]);
    expect(result.kind === 'tallies' && result.reduction?.threshold).toBeCloseTo(61.6, 10);
  });

  const phase = { projectDetailsPhase: 'item1' };
  const design = ['consultationDesign', 'dataQualityDesign', 'fairnessDesign', 'privacyDesign'];
  // The lowest with nothing ticked where several may be.
  const leastRaw = Object.fromEntries(Object.entries(fill('least', undefined, 'raw')).filter(([, answer]) => !Array.isArray(answer)));
  it('an empty survey is incomplete, though the lowest level is what its points so far would give', () => {
    const empty = assess(questionnaire, {});
    expect(empty.isComplete).toBe(false);
    expect(empty.consequences).toEqual([]);
  });
  it.each([
    ['one sector', { decisionSector1: ['item1-1', 'item2-1', 'item3-1'] }, [3, 0, 3, 'I']],
    ['all raw, one phase full', { ...fill('most'), ...phase }, [167, 77, 142, 'IV']],
    ['impact and data', { ...fill('most', ['impact', 'aboutData']), ...phase }, [105, 0, 105, 'III']],
    ['… with data quality and fairness', { ...fill('most', ['impact', 'aboutData', 'dataQualityDesign', 'fairnessDesign']), ...phase }, [105, 58, 105, 'III']],
    ['… and consultation', { ...fill('most', ['impact', 'aboutData', 'dataQualityDesign', 'fairnessDesign', 'consultationDesign']), ...phase }, [105, 68, 89, 'III']],
    ['the lowest of everything', { ...leastRaw, ...phase }, [14, 0, 14, 'I']],
    ['… with one phase full', { ...leastRaw, ...fill('most', design), ...phase }, [14, 77, 12, 'I']],
  ] as const)('%s', (_, answers, expected) => {
    expect(figures(answers as Answers)).toEqual(expected);
    expect(slow(answers as Answers)).toEqual(expected);
  });

  it('never adds both phases', () => {
    const both = { ...fill('most'), ...phase };
    const other = { ...both, projectDetailsPhase: 'item2' };
    expect(figures(both)).toEqual(figures(other));
    expect(assess(questionnaire, both).asleep.length).toBeGreaterThan(40);
  });

  it('is the same as the slow reading for 300 random fillings', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    for (let run = 0; run < 300; run++) {
      const answers: Record<string, Answer> = {};
      for (const question of questions) {
        if (question.choices.length === 0 || random(10) < 2) continue;
        if (question.type === 'choices') {
          const some = question.choices.filter(() => random(3) === 0).map((choice) => choice.id);
          if (some.length > 0) answers[question.id] = some;
        } else answers[question.id] = question.choices[random(question.choices.length)]?.id ?? '';
      }
      expect(figures(answers)).toEqual(slow(answers));
    }
  });

  it('says what would lower the level, and that is so', () => {
    const answers = { ...fill('most', undefined, 'raw'), ...fill('most', design), ...phase };
    const now = assess(questionnaire, answers);
    expect(now.isComplete || now.missing.map((one) => one.question)).toBe(true);
    const lower = cheapestLowerLevel(questionnaire, answers, now);
    expect(lower?.level).toBe('III');
    const after = assess(questionnaire, { ...answers, ...Object.fromEntries((lower?.changes ?? []).map((change) => [change.question, change.to])) });
    expect('level' in after.result && after.result.level).toBe('III');
  });
});

interface SurveyItem {
  readonly [key: string]: unknown;
}

function slowly(survey: SurveyItem, answers: Answers, questionnaire: Questionnaire, counting: Answers): readonly unknown[] {
  const sums = { RS: 0, MS: 0 };
  const most = { RS: 0, MS: 0 };
  const valueOf = (value: unknown): number => {
    const last = String(value).split('-').at(-1) ?? '';
    return String(value).includes('-') && last !== '' && !Number.isNaN(Number(last)) ? Number(last) : 0;
  };
  const walk = (item: SurveyItem, parent: string): void => {
    const name = String(item['name']);
    if (item['type'] === 'panel' || item['type'] === undefined) {
      for (const element of (item['elements'] ?? []) as SurveyItem[]) walk(element, name);
      return;
    }
    if (!['radiogroup', 'dropdown', 'checkbox'].includes(item['type'] as string)) return;
    const kind = ['RS', 'MS', 'NS'].find((one) => name.endsWith(`-${one}`)) ?? ['RS', 'MS', 'NS'].find((one) => parent.endsWith(`-${one}`));
    if (kind !== 'RS' && kind !== 'MS') return;
    const values = (item['choices'] as { value: unknown }[]).map((choice) => valueOf(choice.value));
    most[kind] += item['type'] === 'checkbox' ? values.reduce((a, b) => a + b, 0) : Math.max(...values);
    const answer = counting[name];
    if (answer !== undefined && !(kind === 'MS' && answers['projectDetailsPhase'] === undefined)) sums[kind] += Array.isArray(answer) ? (answer as readonly string[]).reduce((sum, one) => sum + valueOf(one), 0) : valueOf(answer);
  };
  for (const page of survey['pages'] as SurveyItem[]) walk(page, '');
  const current = sums.MS >= 0.8 * (most.MS / 2) ? Math.round((1 - 0.15) * sums.RS) : sums.RS;
  const level = current <= 0.25 * most.RS ? 0 : current <= 0.5 * most.RS ? 1 : current <= 0.75 * most.RS ? 2 : 3;
  return [sums.RS, sums.MS, current, questionnaire.levels[level]?.id];
}
