/** Scores answers as the questionnaire's data says: points with mitigation, grids, rights, checklists, facts of the law. */

import { CHECK_VALUES } from './model.ts';
import type { Answer, Answers, CheckValue, GridRisk, Question, QuestionId, Questionnaire, Row, Scoring, Tally } from './model.ts';
import { catalogueOf } from './catalogue.ts';
import { truthOf } from './visibility.ts';
import type { VisibilityMap } from './visibility.ts';

export interface Contribution {
  readonly question: QuestionId;
  readonly page: string;
  readonly value: number;
  readonly max: number;
}

export interface TallyResult {
  readonly id: string;
  readonly value: number;
  /** Computed from the questionnaire: what always counts, and the largest alternative. */
  readonly max: number;
  /** The alternative in force; absent where there are none or it is not settled yet. */
  readonly alternative?: string;
  readonly contributions: readonly Contribution[];
}

export interface TalliesResult {
  readonly kind: 'tallies';
  readonly tallies: readonly TallyResult[];
  /** The graded tally before and after the reduction. */
  readonly before: number;
  readonly value: number;
  readonly max: number;
  readonly reduction?: { readonly tally: string; readonly threshold: number; readonly reached: boolean };
  readonly level: string | undefined;
}

export interface RiskResult {
  readonly id: string;
  /** The text of the row; absent for a named pair. */
  readonly name?: string;
  /** 0-based row of its table. */
  readonly row?: number;
  readonly down: number | undefined;
  readonly across: number | undefined;
  readonly level: string | undefined;
}

export interface GridResult {
  readonly kind: 'grid';
  readonly risks: readonly RiskResult[];
  readonly level: string | undefined;
}

export interface RightResult {
  readonly row: number;
  readonly right: string | undefined;
  readonly group: string | undefined;
  /** Step of severity before and after what cannot be undone raised it. */
  readonly plainSeverity: number | undefined;
  readonly severity: number | undefined;
  readonly probability: number | undefined;
  readonly level: string | undefined;
}

export interface RightsResult {
  readonly kind: 'rights';
  readonly rows: readonly RightResult[];
  readonly level: string | undefined;
}

export interface ChecklistGap {
  readonly question: QuestionId;
  readonly page: string;
  readonly why: 'no' | 'partial' | 'no-evidence';
}

export interface ChecklistResult {
  readonly kind: 'checklist';
  readonly pages: readonly { readonly page: string; readonly counts: { readonly [V in CheckValue]: number }; readonly open: number }[];
  readonly gaps: readonly ChecklistGap[];
}

export type ScoreResult = TalliesResult | GridResult | RightsResult | ChecklistResult | { readonly kind: 'law' } | { readonly kind: 'none' };

/** The answers that count: those whose question is not hidden. */
export function countingAnswers(answers: Answers, seen: VisibilityMap): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([id]) => seen.get(id)?.sight === 'shown' || seen.get(id)?.sight === 'open'));
}

/** `answers` as they stand; `attached`: questions to which at least one document is attached. */
export function score(questionnaire: Questionnaire, answers: Answers, seen: VisibilityMap, attached: ReadonlySet<QuestionId> = new Set()): ScoreResult {
  const { scoring } = questionnaire;
  const counting = countingAnswers(answers, seen);
  switch (scoring.kind) {
    case 'tallies':
      return scoreTallies(questionnaire, scoring, answers, counting, seen);
    case 'grid':
      return scoreGrid(questionnaire, scoring, counting);
    case 'rights':
      return scoreRights(questionnaire, scoring, counting);
    case 'checklist':
      return scoreChecklist(questionnaire, counting, seen, attached);
    default:
      return { kind: scoring.kind };
  }
}

/** The points of an answer: the score of its choice, the sum over several, the step of a gauge. */
export function pointsOf(question: Question, answer: Answer | undefined): number {
  if (answer === undefined) return 0;
  if (question.type === 'yes-no') return answer === true ? question.scoreYes : question.scoreNo;
  if (question.type === 'gauge') return typeof answer === 'number' ? answer : 0;
  const taken = new Set(Array.isArray(answer) ? (answer as readonly unknown[]) : [answer]);
  return question.choices.reduce((sum, choice) => sum + (taken.has(choice.id) ? choice.score : 0), 0);
}

/** The most points a question can give: its highest choice, or the sum of the positive ones. */
export function mostPointsOf(question: Question): number {
  if (question.type === 'yes-no') return Math.max(question.scoreYes, question.scoreNo);
  if (question.type === 'gauge') return question.steps.length;
  const scores = question.choices.map((choice) => choice.score);
  return question.type === 'choices' ? scores.reduce((sum, one) => sum + Math.max(0, one), 0) : Math.max(...scores);
}

const maxima = new WeakMap<Tally, number>();

/** What a tally can reach at most: the questions that always count, and the largest of its alternatives. */
export function tallyMaximum(questionnaire: Questionnaire, tally: Tally): number {
  const known = maxima.get(tally);
  if (known !== undefined) return known;
  const maximum = computeMaximum(questionnaire, tally);
  maxima.set(tally, maximum);
  return maximum;
}

function computeMaximum(questionnaire: Questionnaire, tally: Tally): number {
  const sumOf = (isCounted: (page: string) => boolean): number => questionnaire.pages.filter((page) => isCounted(page.id)).flatMap((page) => page.questions).reduce((sum, question) => sum + (question.tally === tally.id ? mostPointsOf(question) : 0), 0);
  const alternative = (page: string): boolean => tally.alternatives.some((one) => one.pages.includes(page));
  return sumOf((page) => !alternative(page)) + Math.max(0, ...tally.alternatives.map((one) => sumOf((page) => one.pages.includes(page))));
}

function scoreTallies(questionnaire: Questionnaire, scoring: Extract<Scoring, { kind: 'tallies' }>, answers: Answers, counting: Answers, seen: VisibilityMap): TalliesResult {
  const tallies = scoring.tallies.map((tally) => scoreTally(questionnaire, tally, answers, counting, seen));
  const graded = tallies.find((tally) => tally.id === scoring.result);
  const [before, max] = [graded?.value ?? 0, graded?.max ?? 0];
  const by = tallies.find((tally) => tally.id === scoring.reduction?.tally);
  const threshold = scoring.reduction === undefined || by === undefined ? undefined : scoring.reduction.atShare * by.max;
  const isReached = threshold !== undefined && by !== undefined && by.value >= threshold;
  // Written as Canada's own program computes it: (1 − share) first, then times, then to the nearest whole number.
  const value = scoring.reduction !== undefined && isReached ? Math.round((1 - scoring.reduction.byShare) * before) : before;
  return {
    kind: 'tallies',
    tallies,
    before,
    value,
    max,
    ...(scoring.reduction === undefined || threshold === undefined ? {} : { reduction: { tally: scoring.reduction.tally, threshold, reached: isReached } }),
    level: levelOf(questionnaire, value, max),
  };
}

function scoreTally(questionnaire: Questionnaire, tally: Tally, answers: Answers, counting: Answers, seen: VisibilityMap): TallyResult {
  const inForce = tally.alternatives.find((one) => truthOf(one.when.tree, answers, seen) === 'true');
  const isOut = (page: string): boolean => inForce?.pages.includes(page) !== true && tally.alternatives.some((one) => one.pages.includes(page));
  const contributions = questionnaire.pages
    .filter((page) => !isOut(page.id))
    .flatMap((page) => page.questions)
    .filter((question) => question.tally === tally.id && counting[question.id] !== undefined)
    .map((question) => ({ question: question.id, page: question.page, value: pointsOf(question, counting[question.id]), max: mostPointsOf(question) }));
  return { id: tally.id, value: contributions.reduce((sum, one) => sum + one.value, 0), max: tallyMaximum(questionnaire, tally), ...(inForce === undefined ? {} : { alternative: inForce.id }), contributions };
}

export function levelOf(questionnaire: Questionnaire, value: number, max: number): string | undefined {
  return questionnaire.levels.find((level) => value <= (level.upTo ?? (level.upToShare === undefined ? Infinity : level.upToShare * max)))?.id;
}

function scoreGrid(questionnaire: Questionnaire, scoring: Extract<Scoring, { kind: 'grid' }>, counting: Answers): GridResult {
  const cell = (down: number | undefined, across: number | undefined): string | undefined => (down === undefined || across === undefined ? undefined : scoring.matrix[down - 1]?.[across - 1]);
  const one = (risk: GridRisk): readonly RiskResult[] => {
    if (risk.kind === 'pair') {
      const [down, across] = [stepOf(counting[risk.down]), stepOf(counting[risk.across])];
      return [{ id: risk.id, down, across, level: cell(down, across) }];
    }
    return rowsOf(counting[risk.rows]).map((row, index) => {
      const [down, across] = [stepOf(row[risk.down]), stepOf(row[risk.across])];
      return { id: risk.id, name: nameIn(questionnaire, risk.rows, risk.name, row) ?? '', row: index, down, across, level: cell(down, across) };
    });
  };
  const risks = scoring.risks.flatMap(one);
  return { kind: 'grid', risks, level: highest(questionnaire, risks.map((risk) => risk.level)) };
}

/** What cannot be undone only ever raises severity, at most to the last step. */
export function severityOf(scoring: Extract<Scoring, { kind: 'rights' }>, row: Row): { readonly plain: number | undefined; readonly raised: number | undefined } {
  const steps = scoring.severity.map((column) => stepOf(row[column]));
  if (steps.some((step) => step === undefined)) return { plain: undefined, raised: undefined };
  const plain = Math.max(...(steps as number[]));
  const raiser = scoring.raise === undefined ? undefined : stepOf(row[scoring.raise.column]);
  if (scoring.raise === undefined || raiser === undefined || raiser < scoring.raise.from) return { plain, raised: plain };
  return { plain, raised: Math.max(plain, Math.min(scoring.matrix.length, plain + scoring.raise.by)) };
}

function scoreRights(questionnaire: Questionnaire, scoring: Extract<Scoring, { kind: 'rights' }>, counting: Answers): RightsResult {
  const rows = rowsOf(counting[scoring.rows]).map((row, index): RightResult => {
    const severity = severityOf(scoring, row);
    const probability = stepOf(row[scoring.probability]);
    const right = row[scoring.right];
    return {
      row: index,
      right: typeof right === 'string' ? right : undefined,
      group: scoring.group === undefined ? undefined : nameIn(questionnaire, scoring.rows, scoring.group, row),
      plainSeverity: severity.plain,
      severity: severity.raised,
      probability,
      level: severity.raised === undefined || probability === undefined ? undefined : scoring.matrix[severity.raised - 1]?.[probability - 1],
    };
  });
  return { kind: 'rights', rows, level: highest(questionnaire, rows.map((row) => row.level)) };
}

function scoreChecklist(questionnaire: Questionnaire, counting: Answers, seen: VisibilityMap, attached: ReadonlySet<QuestionId>): ChecklistResult {
  const gaps: ChecklistGap[] = [];
  const pages = questionnaire.pages.map((page) => {
    const counts = Object.fromEntries(CHECK_VALUES.map((value) => [value, 0])) as Record<CheckValue, number>;
    let open = 0;
    for (const question of page.questions) {
      if (question.type !== 'check' || seen.get(question.id)?.sight === 'hidden') continue;
      const value = checkOf(counting[question.id]);
      if (value === undefined) open += 1;
      else counts[value] += 1;
      if (value === 'no' || value === 'partial') gaps.push({ question: question.id, page: page.id, why: value });
      else if (value === 'yes' && question.evidence === 'required' && !attached.has(question.id)) gaps.push({ question: question.id, page: page.id, why: 'no-evidence' });
    }
    return { page: page.id, counts, open };
  });
  return { kind: 'checklist', pages: pages.filter((page) => page.open > 0 || CHECK_VALUES.some((value) => page.counts[value] > 0)), gaps };
}

export function checkOf(answer: Answer | undefined): CheckValue | undefined {
  return typeof answer === 'object' && 'check' in answer ? answer.check : undefined;
}

export function rowsOf(answer: Answer | undefined): readonly Row[] {
  return Array.isArray(answer) ? (answer as readonly unknown[]).filter((row): row is Row => typeof row === 'object' && row !== null) : [];
}

function stepOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** What a row is called: the text itself, or the id of a choice. */
function nameIn(questionnaire: Questionnaire, table: QuestionId, column: string, row: Row): string | undefined {
  const known = catalogueOf(questionnaire).questions.get(table)?.columns.some((one) => one.id === column);
  const cell = row[column];
  return known === true && typeof cell === 'string' ? cell : undefined;
}

/** The highest of the levels that are settled, in the order of the questionnaire. */
function highest(questionnaire: Questionnaire, levels: readonly (string | undefined)[]): string | undefined {
  return questionnaire.levels.findLast((level) => levels.includes(level.id))?.id;
}
