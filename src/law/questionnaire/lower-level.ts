/** The cheapest change of answers that would lower the level: what the level hangs on, shown as an explanation, not as advice. */

import type { Assessed } from './assess.ts';
import { catalogueOf } from './catalogue.ts';
import { CHANGES_TOGETHER_MAX, CHANGES_TRIED_MAX } from './limits.ts';
import type { Answer, Answers, Question, QuestionId, Questionnaire, Scoring } from './model.ts';
import { rowsOf, score, severityOf } from './score.ts';
import type { ScoreResult } from './score.ts';
import { visibilityAfter, visibilityOf } from './visibility.ts';

export interface Change {
  readonly question: QuestionId;
  readonly to: Answer;
  /** Of a table: the 0-based row and the column that change. */
  readonly row?: number;
  readonly column?: string;
}

export interface LowerLevel {
  readonly changes: readonly Change[];
  readonly level: string;
  /** Whether fewer changed answers certainly do not suffice. */
  readonly isLeast: boolean;
}

/** Undefined when the level is the lowest already, the assessment is incomplete, has no level, or no change was found within the bounds. */
export function cheapestLowerLevel(questionnaire: Questionnaire, answers: Answers, now: Assessed): LowerLevel | undefined {
  const level = levelIn(now);
  if (!now.isComplete || level === undefined || rank(questionnaire, level) === 0) return undefined;
  switch (questionnaire.scoring.kind) {
    case 'tallies':
      return byPoints(questionnaire, answers, now);
    case 'grid':
    case 'rights':
      return byRisks(questionnaire, answers, level);
    default:
      return undefined;
  }
}

function levelIn({ result }: { readonly result: ScoreResult }): string | undefined {
  return 'level' in result ? result.level : undefined;
}

/** Only what the search looks at: scoring alone is several times as fast as the whole assessment. */
function scored(questionnaire: Questionnaire, answers: Answers): { readonly result: ScoreResult } {
  return { result: score(questionnaire, answers, visibilityOf(questionnaire, answers)) };
}

function rank(questionnaire: Questionnaire, level: string | undefined): number {
  return questionnaire.levels.findIndex((one) => one.id === level);
}

interface Trial {
  readonly change: Change;
  readonly after: { readonly result: ScoreResult };
  /** How the graded points (before reduction) fall and how the reducing tally rises. */
  readonly gain: number;
  readonly help: number;
}

function byPoints(questionnaire: Questionnaire, answers: Answers, now: Assessed): LowerLevel | undefined {
  const start = rank(questionnaire, levelIn(now));
  const trials = singleChanges(questionnaire, answers, now).slice(0, CHANGES_TRIED_MAX).map((change) => trialOf(questionnaire, answers, now, change));
  // The smallest step that suffices, so that the explanation stays near the answers given.
  const singles = trials.filter((trial) => rank(questionnaire, levelIn(trial.after)) < start).sort((a, b) => a.gain - b.gain || a.help - b.help || compare(a.change.question, b.change.question));
  const first = singles[0];
  if (first !== undefined) return { changes: [first.change], level: levelIn(first.after) ?? '', isLeast: true };
  const rows = [greedy(questionnaire, answers, now, best(trials, (trial) => trial.gain)), greedy(questionnaire, answers, now, best(trials, (trial) => trial.help)), greedy(questionnaire, answers, now, best(trials, (trial) => trial.gain + trial.help))];
  const found = rows.filter((row) => row !== undefined).sort((a, b) => a.changes.length - b.changes.length)[0];
  // No single change suffices, so two are the least.
  return found === undefined ? undefined : { ...found, isLeast: found.changes.length === 2 };
}

function trialOf(questionnaire: Questionnaire, answers: Answers, now: Assessed, change: Change): Trial {
  const changed = { ...answers, [change.question]: change.to };
  const after = { result: score(questionnaire, changed, visibilityAfter(questionnaire, now.visibility, change.question, changed)) };
  const points = ({ result }: { readonly result: ScoreResult }): readonly [number, number] => {
    if (result.kind !== 'tallies') return [0, 0];
    const by = result.reduction?.tally;
    return [result.before, result.tallies.find((tally) => tally.id === by)?.value ?? 0];
  };
  const [[before, helped], [later, helps]] = [points(now), points(after)];
  return { change, after, gain: before - later, help: helps - helped };
}

/** For each question its most useful change, the most useful question first. */
function best(trials: readonly Trial[], worth: (trial: Trial) => number): readonly Change[] {
  const top = new Map<QuestionId, Trial>();
  for (const trial of trials) {
    const other = top.get(trial.change.question);
    if (worth(trial) > 0 && (other === undefined || worth(trial) > worth(other))) top.set(trial.change.question, trial);
  }
  return [...top.values()].sort((a, b) => worth(b) - worth(a) || compare(a.change.question, b.change.question)).map((trial) => trial.change);
}

/** Takes one change after another until the level falls. */
function greedy(questionnaire: Questionnaire, answers: Answers, now: Assessed, changes: readonly Change[]): { readonly changes: readonly Change[]; readonly level: string } | undefined {
  const start = rank(questionnaire, levelIn(now));
  const trial: Record<QuestionId, Answer> = { ...answers };
  for (const [index, change] of changes.slice(0, CHANGES_TOGETHER_MAX).entries()) {
    trial[change.question] = change.to;
    const level = levelIn(scored(questionnaire, trial));
    if (level !== undefined && rank(questionnaire, level) < start) return { changes: changes.slice(0, index + 1), level };
  }
  return undefined;
}

/** Every other answer to one counting scored question; of several choices: one more, one less, or one alone. */
function singleChanges(questionnaire: Questionnaire, answers: Answers, now: Assessed): readonly Change[] {
  return [...catalogueOf(questionnaire).questions.values()].flatMap((question) => {
    const answer = now.counting[question.id];
    if (question.tally === undefined || answer === undefined) return [];
    return otherAnswers(question, answer).map((to) => ({ question: question.id, to }));
  });
}

function otherAnswers(question: Question, answer: Answer): readonly Answer[] {
  switch (question.type) {
    case 'yes-no':
      return [answer !== true];
    case 'gauge':
      return question.steps.map((_, index) => index + 1).filter((step) => step !== answer);
    case 'choice':
      return question.choices.map((choice) => choice.id).filter((id) => id !== answer);
    default: {
      const taken = Array.isArray(answer) ? (answer as readonly string[]) : [];
      const joint = question.choices.filter((choice) => !choice.exclusive).map((choice) => choice.id);
      const fewer = taken.length < 2 ? [] : taken.map((id) => taken.filter((one) => one !== id));
      const more = joint.filter((id) => !taken.includes(id)).map((id) => joint.filter((one) => one === id || taken.includes(one)));
      const alone = question.choices.map((choice) => [choice.id]).filter(([id]) => taken.length !== 1 || taken[0] !== id);
      return [...fewer, ...more, ...alone];
    }
  }
}

/** The level is that of the worst risk: each risk at that level has to come down, each by as few gauges and steps as possible. */
function byRisks(questionnaire: Questionnaire, answers: Answers, level: string): LowerLevel | undefined {
  const below = (id: string | undefined): boolean => id !== undefined && rank(questionnaire, id) < rank(questionnaire, level);
  const found = questionnaire.scoring.kind === 'rights' ? rightsChanges(questionnaire.scoring, answers, level, below) : questionnaire.scoring.kind === 'grid' ? gridChanges(questionnaire.scoring, answers, level, below) : undefined;
  if (found === undefined || found.length === 0) return undefined;
  const after = scored(questionnaire, applied(answers, found));
  const reached = levelIn(after);
  return reached === undefined || !below(reached) ? undefined : { changes: found, level: reached, isLeast: true };
}

interface Gauges {
  readonly steps: Readonly<Record<string, number>>;
  readonly levelOf: (steps: Readonly<Record<string, number>>) => string | undefined;
}

/** The fewest gauges, then the fewest steps, turned down until `levelOf` is below; undefined when nothing helps. */
function leastTurn({ steps, levelOf }: Gauges, below: (id: string | undefined) => boolean): Readonly<Record<string, number>> | undefined {
  const names = Object.keys(steps);
  let found: { readonly turned: Record<string, number>; readonly cost: number } | undefined;
  const visit = (at: number, turned: Record<string, number>, cost: number): void => {
    if (found !== undefined && cost >= found.cost) return;
    const name = names[at];
    if (name === undefined) {
      if (below(levelOf({ ...steps, ...turned }))) found = { turned, cost };
      return;
    }
    visit(at + 1, turned, cost);
    // A further gauge always weighs more than any number of steps of one.
    for (let step = (steps[name] ?? 1) - 1; step >= 1; step--) visit(at + 1, { ...turned, [name]: step }, cost + 1_000 + (steps[name] ?? 1) - step);
  };
  visit(0, {}, 0);
  return found?.turned;
}

function gridChanges(scoring: Extract<Scoring, { kind: 'grid' }>, answers: Answers, level: string, below: (id: string | undefined) => boolean): readonly Change[] | undefined {
  const levelOf = (steps: Readonly<Record<string, number>>): string | undefined => scoring.matrix[(steps['down'] ?? 0) - 1]?.[(steps['across'] ?? 0) - 1];
  const all: Change[] = [];
  for (const risk of scoring.risks) {
    const places = risk.kind === 'pair' ? [{ row: undefined, down: answers[risk.down], across: answers[risk.across] }] : rowsOf(answers[risk.rows]).map((row, index) => ({ row: index, down: row[risk.down], across: row[risk.across] }));
    for (const { row, down, across } of places) {
      if (typeof down !== 'number' || typeof across !== 'number' || levelOf({ down, across }) !== level) continue;
      const turned = leastTurn({ steps: { down, across }, levelOf }, below);
      if (turned === undefined) return undefined;
      for (const [axis, to] of Object.entries(turned)) {
        const name = axis === 'down' ? risk.down : risk.across;
        all.push(risk.kind === 'pair' || row === undefined ? { question: name, to } : { question: risk.rows, row, column: name, to });
      }
    }
  }
  return all;
}

function rightsChanges(scoring: Extract<Scoring, { kind: 'rights' }>, answers: Answers, level: string, below: (id: string | undefined) => boolean): readonly Change[] | undefined {
  const all: Change[] = [];
  for (const [index, row] of rowsOf(answers[scoring.rows]).entries()) {
    const columns = [...scoring.severity, ...(scoring.raise === undefined ? [] : [scoring.raise.column]), scoring.probability];
    const steps = Object.fromEntries(columns.flatMap((column) => (typeof row[column] === 'number' ? [[column, row[column]]] : [])));
    const levelOf = (turned: Readonly<Record<string, number>>): string | undefined => {
      const severity = severityOf(scoring, { ...row, ...turned }).raised;
      return severity === undefined ? undefined : scoring.matrix[severity - 1]?.[(turned[scoring.probability] ?? 0) - 1];
    };
    if (levelOf(steps) !== level) continue;
    const turned = leastTurn({ steps, levelOf }, below);
    if (turned === undefined) return undefined;
    for (const [column, to] of Object.entries(turned)) all.push({ question: scoring.rows, row: index, column, to });
  }
  return all;
}

/** The answers with the changes made. */
export function applied(answers: Answers, changes: readonly Change[]): Answers {
  const after: Record<QuestionId, Answer> = { ...answers };
  for (const { question, to, row, column } of changes) {
    if (row === undefined || column === undefined) after[question] = to;
    else after[question] = rowsOf(after[question]).map((one, index) => (index === row ? { ...one, [column]: to as number } : one));
  }
  return after;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
