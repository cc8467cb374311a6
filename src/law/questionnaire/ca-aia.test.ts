/** Canada's impact assessment as shipped: the published vectors always, and question by question against the Canadian file where it is present. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANGUAGES } from '../../base/index.ts';
import type { Language, LocalisedText } from '../../base/index.ts';
import { applied, assess, cheapestLowerLevel, loadQuestionnaire, mostPointsOf, parseAnswers } from './index.ts';
import type { Answer, Answers, Question, QuestionId, TalliesResult } from './index.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'packs/questionnaires/ca-aia');
const loaded = loadQuestionnaire(
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })),
);
if (!loaded.ok) throw new Error(`packs/questionnaires/ca-aia does not load: ${JSON.stringify(loaded.refusal)}`);
const { questionnaire, notes } = loaded.value;
const questions = questionnaire.pages.flatMap((page) => page.questions);
const RAW_PAGES = ['businessDrivers', 'riskProfile', 'projectAuthority', 'aboutSystem', 'aboutAlgorithm', 'decisionSector', 'impact', 'aboutData'];
const DESIGN: Answers = { projectDetailsPhase: 'item1' };
const IMPLEMENTATION: Answers = { projectDetailsPhase: 'item2' };

/** [raw, mitigation, current, level] as Canada's program gives them. */
type Vector = readonly [raw: number, mitigation: number, current: number, level: number];

function resultOf(answers: Answers): TalliesResult {
  const { result } = assess(questionnaire, answers);
  if (result.kind !== 'tallies') throw new Error('the assessment is not scored by points');
  return result;
}

function vectorOf(answers: Answers): Vector {
  const result = resultOf(answers);
  const points = (id: string): number => result.tallies.find((tally) => tally.id === id)?.value ?? Number.NaN;
  return [points('raw'), points('mitigation'), result.value, ['I', 'II', 'III', 'IV'].indexOf(result.level ?? '') + 1];
}

function scored(pages: readonly string[]): readonly Question[] {
  return questions.filter((question) => question.tally !== undefined && pages.includes(question.page));
}

/** The answers with most points: the first best choice, or every choice where they add up. */
function fullest(pages: readonly string[]): Answers {
  return Object.fromEntries(scored(pages).map((question): [QuestionId, Answer] => [question.id, question.type === 'choices' ? question.choices.map((choice) => choice.id) : (question.choices.find((choice) => choice.score === mostPointsOf(question))?.id ?? '')]));
}

/** The answers with fewest points: the last of the cheapest choices, which also hides what could add points. */
function leanest(pages: readonly string[]): Answers {
  return Object.fromEntries(
    scored(pages).map((question): [QuestionId, Answer] => {
      const least = Math.min(...question.choices.map((choice) => choice.score));
      const cheapest = question.choices.findLast((choice) => choice.score === least)?.id ?? '';
      return [question.id, question.type === 'choices' ? [cheapest] : cheapest];
    }),
  );
}

function safeguards(phase: 'Design' | 'Implementation', ...sections: readonly string[]): readonly string[] {
  return (sections.length > 0 ? sections : ['consultation', 'dataQuality', 'fairness', 'privacy']).map((section) => section + phase);
}

function without(answers: Answers, ...ids: readonly QuestionId[]): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([id]) => !ids.includes(id)));
}

/** Answers worth exactly `points` of risk: whole questions at their most while they fit, then fields of the decision, one point each. */
function worth(points: number): Answers {
  const most = fullest(RAW_PAGES);
  let answers: Answers = { ...without(leanest(RAW_PAGES), 'decisionSector1') };
  for (const question of scored(RAW_PAGES)) {
    const richer = { ...answers, ...(question.id === 'decisionSector1' ? {} : { [question.id]: most[question.id] as Answer }) };
    if (vectorOf(richer)[0] <= points) answers = richer;
  }
  const fields = questions.find((question) => question.id === 'decisionSector1')?.choices.map((choice) => choice.id) ?? [];
  return { ...answers, decisionSector1: fields.slice(0, points - vectorOf(answers)[0]) };
}

describe('the shipped assessment', () => {
  it('has every text in every language', () => {
    expect(notes).toEqual([]);
    const texts = questions.flatMap((question) => [question.ask, ...(question.help === undefined ? [] : [question.help]), ...question.choices.map((choice) => choice.label)]);
    expect(texts.length).toBeGreaterThan(700);
    for (const text of texts) for (const language of LANGUAGES) expect(text[language].trim()).not.toBe('');
  });

  it('names every right on some question and no other', () => {
    expect([...new Set(questions.flatMap((question) => question.rights))].toSorted()).toEqual(questionnaire.rights.map((right) => right.id).toSorted());
  });

  const SECTIONS: readonly (readonly [page: string, questions: number, most: number])[] = [
    ['businessDrivers', 4, 5], ['riskProfile', 8, 15], ['projectAuthority', 1, 2], ['aboutSystem', 11, 17], ['aboutAlgorithm', 9, 15], ['decisionSector', 1, 8], ['impact', 18, 52], ['aboutData', 18, 53],
    ...(['Design', 'Implementation'] as const).flatMap((phase): [string, number, number][] => [[`consultation${phase}`, 7, 10], [`dataQuality${phase}`, 9, 14], [`fairness${phase}`, 23, 44], [`privacy${phase}`, 6, 9]]),
  ];
  it.each(SECTIONS)('%s has %d scored questions worth %d points at most', (page, count, most) => {
    expect([scored([page]).length, scored([page]).reduce((sum, question) => sum + mostPointsOf(question), 0)]).toEqual([count, most]);
  });

  it('adds up to 167 points of risk over 70 questions, 77 for safeguards over 45 of one phase, and a threshold of 61.6', () => {
    const { tallies, max, reduction } = resultOf({});
    expect([scored(RAW_PAGES).length, max]).toEqual([70, 167]);
    expect([scored(safeguards('Design')).length, tallies.find((tally) => tally.id === 'mitigation')?.max]).toEqual([45, 77]);
    expect(reduction?.threshold).toBeCloseTo(61.6, 10);
    expect(scored([...RAW_PAGES, ...safeguards('Design'), ...safeguards('Implementation')])).toHaveLength(questions.filter((question) => question.tally !== undefined).length);
  });
});

describe('its score', () => {
  const lowest = without(leanest(RAW_PAGES), 'decisionSector1');
  const weighty = fullest(['impact', 'aboutData']);
  const VECTORS: readonly (readonly [what: string, answers: Answers, expected: Vector])[] = [
    ['three fields of decision', { decisionSector1: ['item1-1', 'item2-1', 'item3-1'] }, [3, 0, 3, 1]],
    ['the most risk, all safeguards in design', { ...fullest([...RAW_PAGES, ...safeguards('Design')]), ...DESIGN }, [167, 77, 142, 4]],
    ['the most risk, all safeguards in use', { ...fullest([...RAW_PAGES, ...safeguards('Implementation')]), ...IMPLEMENTATION }, [167, 77, 142, 4]],
    ['impact and data at their most', weighty, [105, 0, 105, 3]],
    ['… with quality of data and fair procedure, just short', { ...weighty, ...fullest(safeguards('Design', 'dataQuality', 'fairness')), ...DESIGN }, [105, 58, 105, 3]],
    ['… with consultation, enough', { ...weighty, ...fullest(safeguards('Design', 'consultation', 'dataQuality', 'fairness')), ...DESIGN }, [105, 68, 89, 3]],
    ['the least risk', lowest, [14, 0, 14, 1]],
    ['the least risk with all safeguards', { ...lowest, ...fullest(safeguards('Design')), ...DESIGN }, [14, 77, 12, 1]],
    ['nothing answered', {}, [0, 0, 0, 1]],
  ];
  it.each(VECTORS)('%s', (_, answers, expected) => {
    expect(vectorOf(answers)).toEqual(expected);
  });

  const BOUNDARIES: readonly (readonly [points: number, level: number])[] = [[41, 1], [42, 2], [83, 2], [84, 3], [125, 3], [126, 4], [15, 1], [167, 4]];
  it.each(BOUNDARIES)('%d points of risk are level %d', (points, level) => {
    expect(vectorOf(worth(points))).toEqual([points, 0, points, level]);
  });

  const ROUNDED: readonly (readonly [points: number, current: number, level: number])[] = [[30, 26, 1], [48, 41, 1], [49, 42, 2], [50, 43, 2], [98, 83, 2], [99, 84, 3], [147, 125, 3], [148, 126, 4], [150, 128, 4]];
  it.each(ROUNDED)('%d points with all safeguards count %d, level %d: halves go up', (points, current, level) => {
    expect(vectorOf({ ...worth(points), ...fullest(safeguards('Design')), ...DESIGN })).toEqual([points, 77, current, level]);
  });

  it('takes 61 points for safeguards as too few and 62 as enough', () => {
    const enough = { ...worth(100), ...fullest(safeguards('Design')), ...DESIGN };
    // 77 less the five protections (5), less consultation of those most affected and those harmed (6), less four of one point or two of two.
    const at62 = { ...without(enough, 'fairnessDesign21'), consultationDesign6: 'item2-0', consultationDesign7: 'item2-0', fairnessDesign20: 'item2-0', fairnessDesign19: 'item2-0' };
    expect(vectorOf(at62)).toEqual([100, 62, 85, 3]);
    expect(vectorOf({ ...at62, privacyDesign7: 'item2-0' })).toEqual([100, 61, 100, 3]);
  });

  it('never adds the two phases', () => {
    const both = { ...worth(100), ...fullest([...safeguards('Design'), ...safeguards('Implementation')]) };
    expect(vectorOf({ ...both, ...DESIGN })[1]).toBe(77);
    expect(vectorOf({ ...both, ...IMPLEMENTATION })[1]).toBe(77);
    const halves = { ...worth(100), ...fullest([...safeguards('Design', 'fairness'), ...safeguards('Implementation', 'consultation')]) };
    expect(vectorOf({ ...halves, ...DESIGN })).toEqual([100, 44, 100, 3]);
    expect(vectorOf({ ...halves, ...IMPLEMENTATION })).toEqual([100, 10, 100, 3]);
  });

  it('takes no safeguards into account while the phase is not chosen', () => {
    expect(vectorOf({ ...worth(100), ...fullest([...safeguards('Design'), ...safeguards('Implementation')]) })).toEqual([100, 0, 100, 3]);
  });

  it('drops an answer whose question became hidden, and counts it again when the question returns', () => {
    const personal: Answers = { aboutDataSource1: 'item1-2', aboutDataSource9: 'item2-2', aboutDataSource10: 'item1-2', aboutDataSource14: ['item4-3', 'item5-3'] };
    expect(vectorOf(personal)[0]).toBe(12);
    const hidden = assess(questionnaire, { ...personal, aboutDataSource1: 'item2-0' });
    expect(hidden.asleep.toSorted()).toEqual(['aboutDataSource10', 'aboutDataSource14', 'aboutDataSource9']);
    expect(vectorOf({ ...personal, aboutDataSource1: 'item2-0' })[0]).toBe(0);
    expect(vectorOf({ ...personal, aboutDataSource1: 'item1-2' })[0]).toBe(12);
  });
});

describe('completeness', () => {
  const finished: Answers = { ...without(leanest([...RAW_PAGES, ...safeguards('Design')]), 'fairnessDesign21'), ...DESIGN };

  it('calls an empty form incomplete and draws no consequence from it', () => {
    const { isComplete, consequences, missing } = assess(questionnaire, {});
    expect([isComplete, consequences]).toEqual([false, []]);
    expect(missing.map((one) => one.question)).toContain('projectDetailsPhase');
  });

  it('is complete with the phase and every scored question that is asked', () => {
    const { isComplete, missing, consequences } = assess(questionnaire, finished);
    expect(missing).toEqual([]);
    expect(isComplete).toBe(true);
    expect(vectorOf(finished)).toEqual([15, 0, 15, 1]);
    expect(consequences.length).toBeGreaterThan(2);
  });

  it('may leave empty only what may not apply and earns nothing empty', () => {
    const optional = questions.filter((question) => question.tally !== undefined && !question.required).map((question) => question.id);
    expect(optional).toEqual(['consultationDesign8', 'consultationImplementation8', 'fairnessDesign21', 'fairnessImplementation21']);
    expect(assess(questionnaire, without(finished, 'consultationDesign8')).isComplete).toBe(true);
  });

  it('misses every other question once it is left out', () => {
    const { counting } = assess(questionnaire, finished);
    const needed = questions.filter((question) => question.required && counting[question.id] !== undefined).map((question) => question.id);
    expect(needed.length).toBeGreaterThan(90);
    for (const id of needed) expect(assess(questionnaire, without(finished, id)).missing.map((one) => one.question), id).toContain(id);
  });

  it('asks for more at every level, and never for less', () => {
    const asked = (level: string): number => questionnaire.consequences.filter((one) => one.levels.includes(level)).length;
    expect(['I', 'II', 'III', 'IV'].map(asked)).toEqual([2, 6, 9, 9]);
    for (const one of questionnaire.consequences.filter((consequence) => consequence.levels.length > 0)) expect(one.cite.every((cite) => cite.endsWith('(K)'))).toBe(true);
  });
});

describe('the worked example', () => {
  const sheet = parse(readFileSync(join(folder, 'examples/benefits-eligibility.yaml'), 'utf8')) as { readonly sample: string; readonly questionnaire: string; readonly version: string; readonly answers: Readonly<Record<string, unknown>> };
  const inLanguage = (language: Language): Answers => {
    const raw = Object.fromEntries(Object.entries(sheet.answers).map(([id, value]) => [id, typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as LocalisedText)[language] : value]));
    const { answers, problems } = parseAnswers(questionnaire, raw);
    expect(problems).toEqual([]);
    expect(Object.keys(answers)).toHaveLength(Object.keys(sheet.answers).length);
    return answers;
  };
  const answers = inLanguage('en');

  it('answers this version for a sample system that is there', () => {
    expect([sheet.questionnaire, sheet.version]).toEqual([questionnaire.ref.id, questionnaire.ref.version]);
    expect(readFileSync(join(root, 'packs/samples/services.yaml'), 'utf8')).toContain(`- id: ${sheet.sample}\n`);
  });

  it.each(LANGUAGES)('is complete in %s, without an answer to a question that is not asked', (language) => {
    const { isComplete, missing, asleep } = assess(questionnaire, inLanguage(language));
    expect([missing, asleep, isComplete]).toEqual([[], [], true]);
  });

  const COUNTED_BY_HAND = {
    businessDrivers: 1, riskProfile: 3 + 3 + 4 + 3 + 1, projectAuthority: 0, aboutSystem: 1 + 1 + 1 + 1 + 1, aboutAlgorithm: 1 + 1 + 2 + 2, decisionSector: 1,
    impact: 2 + 4 + 2 + 2 + 2 + 2 + 3 + 3 + 2 + 3 + 1 + 3 + 1 + 1 + 3, aboutData: 2 + 2 + 4 + 1 + 2 + 3 + 1 + 2 + 4 + 1 + 2,
    consultationImplementation: 2, dataQualityImplementation: 2, fairnessImplementation: 1 + 1 + 2 + 2 + 2 + 2 + 1 + 2 + 1 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 2 + 1, privacyImplementation: 2 + 2 + 1,
  };

  it('scores 85 of risk and 44 for safeguards, level III, as counted by hand', () => {
    const points: Record<string, number> = {};
    for (const { page, value } of resultOf(answers).tallies.flatMap((tally) => tally.contributions)) points[page] = (points[page] ?? 0) + value;
    expect(points).toEqual(COUNTED_BY_HAND);
    expect(vectorOf(answers)).toEqual([85, 44, 85, 3]);
  });

  it('is one answer away from level II, since 83 is its upper bound', () => {
    const lower = cheapestLowerLevel(questionnaire, answers, assess(questionnaire, answers));
    expect([lower?.level, lower?.isLeast, lower?.changes.length]).toEqual(['II', true, 1]);
    expect(vectorOf(applied(answers, lower?.changes ?? []))).toEqual([83, 44, 83, 2]);
  });

  it('would be level II with the 18 points of safeguards it lacks', () => {
    const better: Answers = {
      ...answers, ...fullest(['consultationImplementation', 'dataQualityImplementation']),
      dataQualityImplementation9: 'item2-0', dataQualityImplementation10: 'item2-0', dataQualityImplementation7: 'item2-0',
      dataQualityImplementation2: 'item2-0', dataQualityImplementation4: 'item2-0', fairnessImplementation18: 'item1-2', fairnessImplementation8: 'item1-2',
    };
    expect(vectorOf(better)).toEqual([85, 62, 72, 2]);
  });
});

// The Canadian file, read by a second, separate reading of its rules.

interface SurveyElement {
  readonly type: string;
  readonly name: string;
  readonly visibleIf?: string;
  readonly isRequired?: boolean;
  readonly choices?: readonly { readonly value: string }[];
  readonly elements?: readonly SurveyElement[];
}

interface SurveyQuestion extends SurveyElement {
  readonly page: string;
  readonly conditions: readonly string[];
  readonly tally: 'raw' | 'mitigation' | undefined;
}

const SURVEY_TYPES: { readonly [type: string]: Question['type'] } = { radiogroup: 'choice', dropdown: 'choice', checkbox: 'choices', text: 'text', comment: 'long-text' };
const surveyPath = join(root, '../shared/data/ca-aia/survey-enfr.json');
const hasSurvey = existsSync(surveyPath);
if (!hasSurvey) console.warn('SKIPPED: ../shared/data/ca-aia is not here, so the pack was not held against the Canadian file.');

function readSurvey(): readonly SurveyQuestion[] {
  const survey = JSON.parse(readFileSync(surveyPath, 'utf8')) as { readonly pages: readonly (SurveyElement & { readonly name: string })[] };
  const suffix = (name: string): SurveyQuestion['tally'] | 'open' => (name.endsWith('-RS') ? 'raw' : name.endsWith('-MS') ? 'mitigation' : name.endsWith('-NS') ? undefined : 'open');
  const walk = (page: string, parent: SurveyElement, element: SurveyElement, above: readonly string[]): readonly SurveyQuestion[] => {
    const conditions = element.visibleIf === undefined ? above : [...above, element.visibleIf];
    if (element.type === 'panel') return (element.elements ?? []).flatMap((inner) => walk(page, element, inner, conditions));
    if (element.type === 'html') return [];
    const [own, outer] = [suffix(element.name), suffix(parent.name)];
    const tally = element.choices === undefined ? undefined : own !== 'open' ? own : outer !== 'open' ? outer : undefined;
    return [{ ...element, page, conditions, tally }];
  };
  return survey.pages.flatMap((page) => (page.elements ?? []).flatMap((element) => walk(page.name, page, element, page.visibleIf === undefined ? [] : [page.visibleIf])));
}

/** SurveyJS conditions as this file uses them: `{q} = "v"`, `{q} contains "v"` (of a text: is part of it), and, or, parentheses. */
function surveyTruth(condition: string, valueOf: (name: string) => Answer | undefined): boolean {
  const tokens = [...condition.matchAll(/\{[^}]+\}|\["[^"]*"\]|"[^"]*"|\(|\)|=|contains|and|or/g)].map((match) => match[0]);
  if (tokens.join('') !== condition.replaceAll(/\s/g, '')) throw new Error(`cannot read ${condition}`);
  let at = 0;
  const atom = (): boolean => {
    if (tokens[at] === '(') {
      at += 1;
      const inner = either();
      at += 1;
      return inner;
    }
    const [name, operator, value] = [tokens[at]!.slice(1, -1), tokens[at + 1]!, tokens[at + 2]!.replaceAll(/[["\]]/g, '')];
    at += 3;
    const answer = valueOf(name);
    return typeof answer === 'string' ? (operator === '=' ? answer === value : answer.includes(value)) : Array.isArray(answer) && operator === 'contains' && (answer as readonly string[]).includes(value);
  };
  const both = (): boolean => {
    let truth = atom();
    while (tokens[at] === 'and') {
      at += 1;
      truth = atom() && truth;
    }
    return truth;
  };
  function either(): boolean {
    let truth = both();
    while (tokens[at] === 'or') {
      at += 1;
      truth = both() || truth;
    }
    return truth;
  }
  const truth = either();
  if (at !== tokens.length) throw new Error(`cannot read all of ${condition}`);
  return truth;
}

function surveyScore(survey: readonly SurveyQuestion[], answers: Answers): { readonly visible: ReadonlySet<string>; readonly vector: Vector } {
  const byName = new Map(survey.map((question) => [question.name, question]));
  const known = new Map<string, boolean>();
  const isVisible = (name: string): boolean => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const truth = (byName.get(name)?.conditions ?? []).every((condition) => surveyTruth(condition, (other) => (isVisible(other) ? answers[other] : undefined)));
    known.set(name, truth);
    return truth;
  };
  const number = (value: string): number => (value.includes('-') && Number.isFinite(Number(value.slice(value.lastIndexOf('-') + 1))) ? Number(value.slice(value.lastIndexOf('-') + 1)) : 0);
  const points = (answer: Answer | undefined): number => (answer === undefined ? 0 : (Array.isArray(answer) ? (answer as readonly string[]) : [answer as string]).reduce((sum, value) => sum + number(value), 0));
  const most = (question: SurveyQuestion): number => (question.choices ?? []).map((choice) => number(choice.value)).reduce((sum, value) => (question.type === 'checkbox' ? sum + value : Math.max(sum, value)), 0);
  const total = (tally: string, of: (question: SurveyQuestion) => number): number => survey.filter((question) => question.tally === tally).reduce((sum, question) => sum + of(question), 0);
  const counted = (question: SurveyQuestion): number => (isVisible(question.name) ? points(answers[question.name]) : 0);
  const [raw, mitigation, rawMost] = [total('raw', counted), total('mitigation', counted), total('raw', most)];
  const current = mitigation >= 0.8 * (total('mitigation', most) / 2) ? Math.round((1 - 0.15) * raw) : raw;
  const level = [0.25, 0.5, 0.75].filter((share) => current > share * rawMost).length + 1;
  return { visible: new Set(survey.map((question) => question.name).filter(isVisible)), vector: [raw, mitigation, current, level] };
}

describe.skipIf(!hasSurvey)('against the Canadian file', () => {
  const survey = hasSurvey ? readSurvey() : [];
  const ANY_BODY = 'projectDetailsDepartment-NS';

  it('has the same questions in the same order on the same pages, of the same type, with the same choices, scores and tallies', () => {
    const ours = questions.map((question) => ({ name: question.id, page: question.page, type: question.type, tally: question.tally, choices: question.choices.map((choice) => [choice.id, choice.score]) }));
    const theirs = survey.map((question) => ({
      name: question.name,
      page: question.page,
      type: question.name === ANY_BODY ? 'text' : SURVEY_TYPES[question.type],
      tally: question.tally,
      // The list of Canada's federal bodies is a line of text here, without a score as there.
      choices: question.name === ANY_BODY ? [] : (question.choices ?? []).map(({ value }) => [value, Number(/-(\d+)$/.exec(value)?.[1] ?? 0)]),
    }));
    expect(ours).toEqual(theirs);
    expect(ours).toHaveLength(295);
  });

  it('requires what the file requires', () => {
    for (const { name } of survey.filter((question) => question.isRequired === true)) expect(questions.find((question) => question.id === name)?.required, name).toBe(true);
  });

  it('has as many conditions, on the same questions', () => {
    const conditional = survey.filter((question) => question.conditions.length > 0).map((question) => question.name);
    expect(questions.filter((question) => question.visibleIf !== undefined || questionnaire.pages.some((page) => page.id === question.page && page.visibleIf !== undefined)).map((question) => question.id)).toEqual(conditional);
  });

  /** One pick a question: 0 leaves it out, otherwise a choice, or the set of choices given by the bits. */
  const picks = (leastPick: number): fc.Arbitrary<Answers> => fc.array(fc.integer({ min: leastPick, max: 0xffff }), { minLength: survey.length, maxLength: survey.length }).map((numbers) => answersFrom(numbers));
  function answersFrom(numbers: readonly number[]): Answers {
    const answers: Record<QuestionId, Answer> = {};
    for (const [index, question] of survey.entries()) {
      const [pick, choices] = [numbers[index] ?? 0, (question.choices ?? []).map((choice) => choice.value)];
      if (pick === 0 || choices.length === 0 || question.name === ANY_BODY) continue;
      answers[question.name] = question.type === 'checkbox' ? choices.filter((_, bit) => bit === pick % choices.length || (pick >> bit) % 2 === 1) : (choices[pick % choices.length] ?? '');
    }
    return answers;
  }

  it('shows the same questions and gives the same score for any finished form', () => {
    fc.assert(
      fc.property(picks(1), (answers) => {
        const { visible, vector } = surveyScore(survey, answers);
        const assessed = assess(questionnaire, answers);
        expect(questions.filter((question) => assessed.visibility.get(question.id)?.sight === 'shown').map((question) => question.id)).toEqual(survey.map((question) => question.name).filter((name) => visible.has(name)));
        expect(vectorOf(answers)).toEqual(vector);
      }),
      { numRuns: 300 },
    );
  });

  it('hides nothing that the file shows and gives the same score for any unfinished form', () => {
    const holes = fc.tuple(picks(1), fc.infiniteStream(fc.nat({ max: 3 }))).map(([answers, stream]) => Object.fromEntries(Object.entries(answers).filter(() => stream.next().value !== 0)));
    fc.assert(
      fc.property(holes, (answers) => {
        const { visible, vector } = surveyScore(survey, answers);
        const assessed = assess(questionnaire, answers);
        for (const name of visible) expect(assessed.visibility.get(name)?.sight, name).not.toBe('hidden');
        // An open question is shown and its answer counts until the question it hangs on says otherwise; Canada's program hides it meanwhile.
        const isOpen = questions.some((question) => question.tally !== undefined && answers[question.id] !== undefined && !visible.has(question.id) && assessed.counting[question.id] !== undefined);
        if (!isOpen) expect(vectorOf(answers)).toEqual(vector);
        else expect(vectorOf(answers)[0]).toBeGreaterThanOrEqual(vector[0]);
      }),
      { numRuns: 300 },
    );
  });
});
