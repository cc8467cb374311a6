/** Loads a questionnaire: YAML files in, a typed questionnaire or a list of problems (file, line, message, fix) out. */

import { no, yes } from '../../base/index.ts';
import type { LocalisedText, Verdict } from '../../base/index.ts';
import { digestOfFiles } from '../digest.ts';
import type { PackFile, PackProblem, Spot } from '../model.ts';
import { didYouMean } from '../nearest-name.ts';
import { ProblemList, YamlSource } from '../yaml-reader.ts';
import type { YamlEntry } from '../yaml-reader.ts';
import { ANSWER_TEXT_MAX, CHOICES_MAX, COLUMNS_MAX, LEVELS_MAX, LONG_TEXT_DEFAULT_MAX, PAGES_MAX, QUESTIONNAIRE_FILES_MAX, QUESTIONS_MAX, ROWS_DEFAULT, ROWS_MAX, STEPS_MAX, TEXT_DEFAULT_MAX } from './limits.ts';
import { COLUMN_TYPES, QUESTION_TYPES } from './model.ts';
import type { AnswerShape, Choice, Column, Consequence, Level, Named, Question, QuestionPage, Questionnaire, QuestionnaireSource, QuestionnaireStatus, QuestionType } from './model.ts';
import { readScoring } from './load-scoring.ts';
import { readSurvey } from './read-survey.ts';
import { ConditionReader } from './resolve-conditions.ts';

const HEAD = 'questionnaire.yaml';
const STATUSES: readonly QuestionnaireStatus[] = ['draft', 'needs_local_counsel', 'adopted'];
/** Types whose answers are judgements, not facts. */
const JUDGEMENTS: readonly QuestionType[] = ['gauge', 'check'];
const FACT_TYPES: readonly QuestionType[] = ['yes-no', 'choice', 'choices', 'number', 'date'];

export interface LoadedQuestionnaire {
  readonly questionnaire: Questionnaire;
  /** Missing translations: it loads with empty texts, and a questionnaire that ships has none. */
  readonly notes: readonly PackProblem[];
  /** The files it consists of, in the order of the digest; others of the folder are left out. */
  readonly files: readonly PackFile[];
}

/** Loads a questionnaire from its files; `path` is relative to its folder, with `/`. Files that questionnaire.yaml does not list are ignored. */
export function loadQuestionnaire(files: readonly PackFile[]): Verdict<LoadedQuestionnaire, readonly PackProblem[]> {
  const problems = new ProblemList();
  const head = files.find((file) => file.path === HEAD);
  if (head === undefined) {
    problems.error('no-manifest', { file: HEAD, line: 1 }, `the folder has no ${HEAD}`, `Create ${HEAD} with id, version, title and pages; see docs/spec/questionnaires.md.`);
    return no(problems.items);
  }
  const budget = { nodes: 0 };
  const top = new YamlSource(HEAD, head.text, problems, budget).top(HEAD);
  if (top === undefined) return no(problems.items);
  const listed = listedFiles(top, head, files, problems);
  const survey = surveyFile(top, files, problems);
  const used = survey === undefined ? listed : [...listed, survey];
  const questionnaire = new QuestionnaireReader(problems).read(
    top,
    listed.slice(1).flatMap((file) => new YamlSource(file.path, file.text, problems, budget).top(file.path) ?? []),
    survey === undefined ? [] : readSurvey(survey.text, survey.path, problems),
    digestOfFiles(used),
  );
  return problems.items.length > 0 ? no(problems.items) : yes({ questionnaire, notes: problems.notes, files: used });
}

function listedFiles(top: YamlEntry, head: PackFile, files: readonly PackFile[], problems: ProblemList): readonly PackFile[] {
  const listed = [head];
  const paths = top.texts('files');
  if (paths.length >= QUESTIONNAIRE_FILES_MAX) top.error('too-many', `${HEAD} lists ${paths.length} files, at most ${QUESTIONNAIRE_FILES_MAX - 1} are read`, 'Join files.', top.spotOfKey('files'));
  for (const path of paths.slice(0, QUESTIONNAIRE_FILES_MAX - 1)) {
    const file = files.find((one) => one.path === path);
    if (file === undefined) problems.error('missing-file', top.spotOfKey('files'), `${HEAD} lists “${path}”, which is not there.${didYouMean(path, files.map((one) => one.path))}`, 'Create the file or remove it from “files”.');
    else if (listed.includes(file)) problems.error('duplicate-file', top.spotOfKey('files'), `${HEAD} lists “${path}” twice`, 'Keep one.');
    else listed.push(file);
  }
  return listed;
}

function surveyFile(top: YamlEntry, files: readonly PackFile[], problems: ProblemList): PackFile | undefined {
  const path = top.optionalText('survey');
  if (path === undefined) return undefined;
  const file = files.find((one) => one.path === path);
  if (file === undefined) problems.error('missing-file', top.spotOfKey('survey'), `${HEAD} names “${path}”, which is not there.${didYouMean(path, files.map((one) => one.path))}`, 'Put the SurveyJS file into the folder or remove “survey”.');
  return file;
}

/** Adds `key` only where there is a value: optional members are absent, never undefined. */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]: V });
}

function optionalText(entry: YamlEntry, key: string): LocalisedText | undefined {
  return entry.has(key) ? entry.localised(key) : undefined;
}

class QuestionnaireReader {
  private readonly problems: ProblemList;
  private readonly spots = new Map<string, Spot>();
  private readonly conditions: ConditionReader;
  private questionCount = 0;

  constructor(problems: ProblemList) {
    this.problems = problems;
    this.conditions = new ConditionReader(problems);
  }

  read(top: YamlEntry, pageFiles: readonly YamlEntry[], survey: readonly QuestionPage[], digest: string): Questionnaire {
    const engine = top.number('engine');
    if (engine !== undefined && engine !== 1) top.error('wrong-engine', `the questionnaire asks for engine ${engine}; this is engine 1`, 'Use a Mizan version that has this engine.', top.spotOfKey('engine'));
    const rights = top.entries('rights', 'a right').flatMap((entry) => this.named(entry, 'right') ?? []);
    const drafts = [top, ...pageFiles].flatMap((file) => file.entries('pages', 'a page', PAGES_MAX).flatMap((entry) => this.page(entry) ?? []));
    for (const file of pageFiles) file.finish();
    for (const page of survey) {
      this.enter('page', page.id, { file: HEAD, line: 1 });
      for (const question of page.questions) {
        this.enter('question', question.id, { file: HEAD, line: 1 });
        this.conditions.know(question);
      }
    }
    const pages = [...this.conditions.resolvePages(drafts), ...survey];
    const questions = pages.flatMap((page) => page.questions);
    const levels = top.entries('levels', 'a level', LEVELS_MAX).flatMap((entry) => this.level(entry) ?? []);
    const scoring = readScoring(top, { pages, levels, conditions: this.conditions, problems: this.problems, enter: (kind, id, spot) => this.enter(kind, id, spot) });
    const head = {
      ref: { id: top.id('id') ?? 'unnamed', version: top.text('version') ?? '0.0.0', digest },
      title: top.localised('title'),
      plain: top.localised('plain'),
      source: this.source(top),
      status: top.oneOf('status', STATUSES, 'draft') ?? 'draft',
      cite: top.texts('cite'),
    };
    const consequences = top.entries('consequences', 'a consequence').map((entry) => this.consequence(entry, levels));
    top.has('note');
    top.finish();
    if (questions.length === 0) top.error('no-questions', 'the questionnaire asks nothing', 'Add “pages:” with questions.');
    this.checkRights(questions, rights);
    this.checkTallies(questions, scoring.kind === 'tallies' ? scoring.tallies : []);
    this.conditions.refuseCycles(pages);
    return { ...head, rights, pages, scoring, levels, consequences };
  }

  private enter(kind: string, id: string, spot: Spot): void {
    const other = this.spots.get(`${kind}:${id}`);
    if (other !== undefined) this.problems.error('duplicate-id', spot, `the ${kind} “${id}” is already declared in ${other.file} line ${other.line}`, 'Rename one of the two.');
    else this.spots.set(`${kind}:${id}`, spot);
  }

  private named(entry: YamlEntry, kind: string): Named | undefined {
    const id = entry.id('id');
    if (id === undefined) return undefined;
    this.enter(kind, id, entry.spot);
    const named = { id, label: entry.localised('label') };
    entry.finish();
    return named;
  }

  private source(top: YamlEntry): QuestionnaireSource {
    const entry = top.entry('source', '“source”');
    if (entry === undefined) {
      if (!top.has('source')) top.error('missing-key', 'the questionnaire does not say where it comes from', 'Add “source: { title: …, url: …, licence: … }”.');
      return { title: '' };
    }
    const url = entry.optionalText('url');
    if (url !== undefined && !/^https?:\/\/\S+$/.test(url)) entry.error('wrong-value', `“${url}” is not an address`, 'Write an address that begins with https://.', entry.spotOfKey('url'));
    const source = { title: entry.text('title') ?? '', ...optional('url', url), ...optional('licence', entry.optionalText('licence')), ...optional('note', entry.optionalText('note')) };
    entry.finish();
    return source;
  }

  private level(entry: YamlEntry): Level | undefined {
    const id = entry.id('id');
    if (id === undefined) return undefined;
    this.enter('level', id, entry.spot);
    const level = {
      id,
      label: entry.localised('label'),
      ...optional('plain', optionalText(entry, 'plain')),
      ...optional('upToShare', entry.has('up_to_share') ? entry.number('up_to_share') : undefined),
      ...optional('upTo', entry.has('up_to') ? entry.number('up_to') : undefined),
    };
    if (level.upToShare !== undefined && (level.upToShare < 0 || level.upToShare > 1)) entry.error('wrong-value', `“up_to_share” is ${level.upToShare}`, 'A share is between 0 and 1.', entry.spotOfKey('up_to_share'));
    entry.finish();
    return level;
  }

  private consequence(entry: YamlEntry, levels: readonly Level[]): Consequence {
    const consequence = { levels: entry.texts('levels'), when: entry.texts('when'), label: entry.localised('label'), ...optional('plain', optionalText(entry, 'plain')), cite: entry.texts('cite') };
    for (const level of consequence.levels) {
      if (!levels.some((one) => one.id === level)) entry.error('unknown-level', `there is no level “${level}”.${didYouMean(level, levels.map((one) => one.id))}`, 'Use the id of a level.', entry.spotOfKey('levels'));
    }
    entry.finish();
    return consequence;
  }

  private page(entry: YamlEntry): QuestionPage | undefined {
    const id = entry.id('id');
    if (id === undefined) return undefined;
    this.enter('page', id, entry.spot);
    const title = entry.localised('title');
    const plain = optionalText(entry, 'plain');
    const tally = entry.optionalText('tally');
    const questions = entry.entries('questions', 'a question', QUESTIONS_MAX).flatMap((item) => this.question(item, id, tally) ?? []);
    this.questionCount += questions.length;
    if (this.questionCount > QUESTIONS_MAX) entry.error('too-many', `more than ${QUESTIONS_MAX} questions`, 'Make two questionnaires.');
    const page: QuestionPage = { id, title, ...optional('plain', plain), questions };
    this.conditions.ofPage(page, entry);
    entry.has('note');
    entry.finish();
    return page;
  }

  private question(entry: YamlEntry, page: string, pageTally: string | undefined): Question | undefined {
    const id = entry.id('id');
    const type = entry.oneOf('type', QUESTION_TYPES);
    if (id === undefined || type === undefined) return undefined;
    this.refuseBuiltIn(id, entry);
    this.enter('question', id, entry.spot);
    const shape = this.shape(entry, type);
    const ownTally = entry.optionalText('tally');
    const scoreYes = type === 'yes-no' ? (entry.number('score_yes', 0) ?? 0) : 0;
    const scoreNo = type === 'yes-no' ? (entry.number('score_no', 0) ?? 0) : 0;
    const canScore = type === 'choice' || type === 'choices' || type === 'yes-no' || type === 'gauge';
    if (ownTally !== undefined && ownTally !== 'none' && !canScore) entry.error('not-scored', `a ${type} question has no score`, 'Remove “tally”.', entry.spotOfKey('tally'));
    const tally = !canScore || ownTally === 'none' ? undefined : (ownTally ?? pageTally);
    const question: Question = {
      id,
      page,
      type,
      ask: entry.localised('ask'),
      ...optional('help', optionalText(entry, 'help')),
      required: type === 'note' ? (entry.has('required'), false) : entry.boolean('required', tally !== undefined || type === 'gauge' || type === 'check'),
      ...optional('tally', tally),
      scoreYes,
      scoreNo,
      ...shape,
      columns: type === 'table' ? this.columns(entry) : [],
      rowsMax: type === 'table' ? this.within(entry, 'rows_max', ROWS_DEFAULT, ROWS_MAX) : 0,
      evidence: entry.oneOf('evidence', ['none', 'optional', 'required'] as const, type === 'note' ? 'none' : 'optional') ?? 'none',
      rights: entry.texts('rights'),
      cite: entry.texts('cite'),
      ...optional('fact', entry.optionalText('fact')),
      ...optional('field', entry.optionalText('field')),
      ...optional('shared', entry.optionalText('shared')),
    };
    this.conditions.ofQuestion(question, entry);
    this.checkPrefill(question, entry);
    entry.has('note');
    entry.finish();
    return question;
  }

  /** Answers are kept by id in plain objects, which have members of their own. */
  private refuseBuiltIn(id: string, entry: YamlEntry): void {
    if (id in {}) entry.error('bad-id', `“${id}” cannot be an id`, 'Choose another word.', entry.spotOfKey('id'));
  }

  private checkPrefill(question: Question, entry: YamlEntry): void {
    const isJudgement = question.tally !== undefined || JUDGEMENTS.includes(question.type);
    for (const key of ['field', 'shared'] as const) {
      if (question[key] !== undefined && isJudgement) entry.error('prefilled-judgement', `“${question.id}” is scored or judged and cannot be prefilled from “${key}”`, `Remove “${key}”: facts are copied, judgements are made.`, entry.spotOfKey(key));
    }
    if (question.fact !== undefined && !FACT_TYPES.includes(question.type)) entry.error('wrong-type', `a ${question.type} question cannot answer a fact of the law`, 'Use yes-no, choice, choices, number or date, or remove “fact”.', entry.spotOfKey('fact'));
  }

  private shape(entry: YamlEntry, type: QuestionType): AnswerShape {
    const hasChoices = type === 'choice' || type === 'choices';
    const seen = new Set<string>();
    const choices = hasChoices ? entry.entries('choices', 'a choice', CHOICES_MAX).flatMap((item) => this.choice(item, type, seen) ?? []) : [];
    if (hasChoices && choices.length === 0) entry.error('no-choices', `a ${type} has no “choices”`, 'Add “choices: [ { id: …, label: … } ]”.');
    const steps = type === 'gauge' ? entry.entries('steps', 'a step', STEPS_MAX).map((item) => this.step(item)) : [];
    if (type === 'gauge' && steps.length < 2) entry.error('no-steps', 'a gauge has at least two “steps”', 'Add “steps: [ { label: … }, … ]” from the least to the most.');
    const isText = type === 'text' || type === 'long-text';
    const lengthMax = isText ? this.within(entry, 'length_max', type === 'text' ? TEXT_DEFAULT_MAX : LONG_TEXT_DEFAULT_MAX, ANSWER_TEXT_MAX) : 0;
    if (type !== 'number') return { choices, steps, lengthMax };
    return { choices, steps, lengthMax, ...optional('min', entry.has('min') ? entry.number('min') : undefined), ...optional('max', entry.has('max') ? entry.number('max') : undefined), ...optional('unit', optionalText(entry, 'unit')) };
  }

  private within(entry: YamlEntry, key: string, fallback: number, most: number): number {
    const value = entry.number(key, fallback) ?? fallback;
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    entry.error('wrong-value', `“${key}” of ${entry.what} is ${value}`, `Use a whole number from 1 to ${most}.`, entry.spotOfKey(key));
    return fallback;
  }

  private step(entry: YamlEntry): LocalisedText {
    const label = entry.localised('label');
    entry.finish();
    return label;
  }

  private choice(entry: YamlEntry, type: QuestionType, seen: Set<string>): Choice | undefined {
    const id = entry.valueId('id', 'enum');
    if (id === undefined) return undefined;
    if (seen.has(id)) entry.error('duplicate-id', `the choice “${id}” is there twice`, 'Rename one of the two.', entry.spotOfKey('id'));
    seen.add(id);
    const choice = { id, label: entry.localised('label'), score: entry.number('score', 0) ?? 0, exclusive: entry.boolean('exclusive', false), ...optional('factValue', entry.optionalText('fact_value')) };
    if (choice.exclusive && type === 'choice') entry.error('wrong-value', 'in a “choice” every choice excludes the others', 'Remove “exclusive”.', entry.spotOfKey('exclusive'));
    entry.has('note');
    entry.finish();
    return choice;
  }

  private columns(entry: YamlEntry): readonly Column[] {
    const seen = new Set<string>();
    const columns = entry.entries('columns', 'a column', COLUMNS_MAX).flatMap((item): Column[] => {
      const id = item.id('id');
      const type = item.oneOf('type', COLUMN_TYPES);
      if (id === undefined || type === undefined) return [];
      this.refuseBuiltIn(id, item);
      if (seen.has(id)) item.error('duplicate-id', `the column “${id}” is there twice`, 'Rename one of the two.', item.spotOfKey('id'));
      seen.add(id);
      const column = { id, type, label: item.localised('label'), ...optional('help', optionalText(item, 'help')), required: item.boolean('required', false), ...this.shape(item, type) };
      item.has('note');
      item.finish();
      return [column];
    });
    if (columns.length === 0) entry.error('no-columns', 'a table has no “columns”', 'Add “columns: [ { id: …, type: text, label: … } ]”.');
    return columns;
  }

  private checkRights(questions: readonly Question[], rights: readonly Named[]): void {
    const known = rights.map((one) => one.id);
    for (const question of questions) {
      for (const right of question.rights) {
        if (!known.includes(right)) this.problems.error('unknown-right', this.spotOf(question.id), `“${question.id}” names the right “${right}”, which is not declared.${didYouMean(right, known)}`, 'Add it under “rights:” or correct the name.');
      }
    }
  }

  private checkTallies(questions: readonly Question[], tallies: readonly Named[]): void {
    const known = tallies.map((one) => one.id);
    for (const { id, tally } of questions) {
      if (tally !== undefined && !known.includes(tally)) this.problems.error('unknown-tally', this.spotOf(id), `“${id}” counts in the tally “${tally}”, which “scoring” does not declare.${didYouMean(tally, known)}`, 'Declare it under “scoring: tallies:” or remove “tally”.');
    }
  }

  private spotOf(question: string): Spot {
    return this.spots.get(`question:${question}`) ?? { file: HEAD, line: 1 };
  }
}
