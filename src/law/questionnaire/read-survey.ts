/** Reads the pages of a SurveyJS file, so that a country can load Canada's own questionnaire or its own. */

import type { LocalisedText } from '../../base/index.ts';
import { ID_PATTERN, VALUE_ID_PATTERN } from '../expression.ts';
import type { ProblemList } from '../yaml-reader.ts';
import { CHOICES_MAX, LONG_TEXT_DEFAULT_MAX, PAGES_MAX, QUESTIONS_MAX, SURVEY_DEPTH_MAX, SURVEY_LENGTH_MAX, TEXT_DEFAULT_MAX } from './limits.ts';
import type { Choice, ConditionTree, Question, QuestionId, QuestionPage, QuestionType, VisibleIf } from './model.ts';
import { parseSurveyCondition } from './survey-condition.ts';

/** Tallies by the end of a name. */
const SUFFIXES: Readonly<Record<string, string | undefined>> = { RS: 'raw', MS: 'mitigation', NS: undefined };
const TYPES: Readonly<Record<string, QuestionType>> = { radiogroup: 'choice', dropdown: 'choice', checkbox: 'choices', boolean: 'yes-no', text: 'text', comment: 'long-text', html: 'note' };

type Item = Readonly<Record<string, unknown>>;

/** What one survey element stands in: its page and panels. */
interface Place {
  readonly page: string;
  /** Name of the direct parent. */
  readonly parent: string;
  readonly conditions: readonly VisibleIf[];
  readonly depth: number;
}

/** The pages of the file; mistakes go to `problems` with the name of the element (JSON keeps no lines). */
export function readSurvey(text: string, file: string, problems: ProblemList): readonly QuestionPage[] {
  const fail = (code: string, message: string, fix: string): void => problems.error(code, { file, line: 1 }, message, fix);
  if (text.length > SURVEY_LENGTH_MAX) {
    fail('file-too-long', `the file has ${text.length} characters, at most ${SURVEY_LENGTH_MAX} are read`, 'Split the survey.');
    return [];
  }
  let survey: unknown;
  try {
    survey = JSON.parse(text);
  } catch (error) {
    fail('malformed-json', `this is not valid JSON: ${error instanceof Error ? error.message : ''}`, 'Export the survey again.');
    return [];
  }
  if (!isItem(survey) || !Array.isArray(survey['pages'])) {
    fail('wrong-shape', 'a survey is an object with “pages”', 'Export the survey as JSON.');
    return [];
  }
  return new SurveyReader(file, problems).pages(survey['pages'] as readonly unknown[]);
}

class SurveyReader {
  private readonly file: string;
  private readonly problems: ProblemList;
  private readonly seen = new Map<QuestionId, Question>();

  constructor(file: string, problems: ProblemList) {
    this.file = file;
    this.problems = problems;
  }

  pages(items: readonly unknown[]): readonly QuestionPage[] {
    if (items.length > PAGES_MAX) this.fail('too-many', `the survey has ${items.length} pages, at most ${PAGES_MAX} are read`, 'Join pages.');
    const pages = items.slice(0, PAGES_MAX).flatMap((item, index): QuestionPage[] => {
      if (!isItem(item)) return [];
      const id = this.name(item, `page${index + 1}`);
      const condition = this.condition(item, id);
      const questions = this.elements(item, { page: id, parent: id, conditions: [], depth: 0 });
      return [{ id, title: this.localised(item['title'] ?? firstTitle(item) ?? id), ...(condition === undefined ? {} : { visibleIf: condition }), questions }];
    });
    this.checkNames(pages);
    return pages;
  }

  private elements(parent: Item, place: Place): readonly Question[] {
    const elements = Array.isArray(parent['elements']) ? (parent['elements'] as readonly unknown[]) : [];
    if (place.depth > SURVEY_DEPTH_MAX) {
      this.fail('too-deep', `“${place.parent}” lies more than ${SURVEY_DEPTH_MAX} panels deep`, 'Use flatter panels.');
      return [];
    }
    return elements.flatMap((element) => {
      if (!isItem(element)) return [];
      if (element['type'] !== 'panel') return this.question(element, place) ?? [];
      const name = this.name(element, `${place.parent}-panel`);
      const condition = this.condition(element, name);
      return this.elements(element, { page: place.page, parent: name, conditions: condition === undefined ? place.conditions : [...place.conditions, condition], depth: place.depth + 1 });
    });
  }

  private question(element: Item, place: Place): Question | undefined {
    const given = this.name(element, '');
    const type = typeof element['type'] === 'string' ? questionType(element) : undefined;
    if (type === undefined) {
      this.fail('unknown-type', `“${given}” is of the type “${String(element['type'])}”, which is not read`, `Use one of: panel, ${Object.keys(TYPES).join(', ')}.`);
      return undefined;
    }
    // A paragraph has no answer, so two of one name do no harm; each still needs an id of its own.
    const name = type === 'note' && this.seen.has(given) ? `${given}-${place.page}` : given;
    if (!ID_PATTERN.test(name) || name in {}) this.fail('bad-id', `“${name}” cannot be an id`, 'Start with a letter, then letters, digits, “_”, “-”, “.”.');
    if (this.seen.has(name)) this.fail('duplicate-id', `“${name}” is there twice`, 'Rename one of the two.');
    if (this.seen.size >= QUESTIONS_MAX) this.fail('too-many', `more than ${QUESTIONS_MAX} questions`, 'Make two surveys.');
    const own = this.condition(element, name);
    const conditions = own === undefined ? place.conditions : [...place.conditions, own];
    const choices = type === 'choice' || type === 'choices' ? this.choices(element, name) : [];
    const tally = type === 'choice' || type === 'choices' ? tallyOf(name, place.parent) : undefined;
    const help = element['help'] ?? element['description'];
    const question: Question = {
      id: name,
      page: place.page,
      type,
      ask: this.localised(type === 'note' ? withoutTags(element['html']) : (element['title'] ?? name)),
      ...(help === undefined ? {} : { help: this.localised(withoutTags(help)) }),
      ...(conditions.length === 0 ? {} : { visibleIf: joined(conditions) }),
      required: element['isRequired'] === true || tally !== undefined,
      ...(tally === undefined ? {} : { tally }),
      scoreYes: 0,
      scoreNo: 0,
      choices,
      steps: [],
      lengthMax: type === 'text' ? TEXT_DEFAULT_MAX : type === 'long-text' ? LONG_TEXT_DEFAULT_MAX : 0,
      columns: [],
      rowsMax: 0,
      evidence: type === 'note' ? 'none' : 'optional',
      rights: [],
      cite: [],
    };
    this.seen.set(name, question);
    return question;
  }

  private choices(element: Item, name: string): readonly Choice[] {
    const items = Array.isArray(element['choices']) ? (element['choices'] as readonly unknown[]) : [];
    if (items.length === 0) this.fail('no-choices', `“${name}” has no choices`, 'Add choices.');
    if (items.length > CHOICES_MAX) this.fail('too-many', `“${name}” has ${items.length} choices, at most ${CHOICES_MAX} are read`, 'Use fewer.');
    if (element['hasOther'] === true || element['showOtherItem'] === true) this.problems.warn('other-item', { file: this.file, line: 1 }, `“${name}” offers a free “other” choice, which is not read`, 'Add a choice “other” and a text question that depends on it.');
    const seen = new Set<string>();
    return items.slice(0, CHOICES_MAX).flatMap((item): Choice[] => {
      const value = isItem(item) ? item['value'] : item;
      const id = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      if (!VALUE_ID_PATTERN.test(id) || seen.has(id)) {
        this.fail(seen.has(id) ? 'duplicate-id' : 'bad-id', `“${id}” of “${name}” cannot be a choice`, 'Use different values of letters, digits, “_”, “-”, “.”.');
        return [];
      }
      seen.add(id);
      return [{ id, label: this.localised(isItem(item) ? (item['text'] ?? id) : id), score: scoreOf(id), exclusive: false }];
    });
  }

  private condition(item: Item, name: string): VisibleIf | undefined {
    const text = item['visibleIf'];
    if (text === undefined || text === '') return undefined;
    const parsed = typeof text === 'string' ? parseSurveyCondition(text) : ({ ok: false, message: 'it is not text' } as const);
    if (parsed.ok && typeof text === 'string') return { text, tree: parsed.tree };
    if (parsed.ok) return undefined;
    this.fail('bad-condition', `“visibleIf” of “${name}” is not understood: ${parsed.message}`, 'Use {name}, =, <>, contains, notempty, and, or and parentheses.');
    return undefined;
  }

  /** A condition on a question that is not there is a mistake; on a choice that is not there it is never met, as in SurveyJS. */
  private checkNames(pages: readonly QuestionPage[]): void {
    const visit = (tree: ConditionTree, owner: string): void => {
      switch (tree.op) {
        case 'true':
        case 'false':
          return;
        case 'all':
        case 'any':
          for (const part of tree.of) visit(part, owner);
          return;
        case 'not':
          return visit(tree.of, owner);
        default:
          return this.checkName(tree.question, tree.op === 'is' ? tree.value : undefined, owner);
      }
    };
    for (const page of pages) {
      if (page.visibleIf !== undefined) visit(page.visibleIf.tree, page.id);
      for (const question of page.questions) if (question.visibleIf !== undefined) visit(question.visibleIf.tree, question.id);
    }
  }

  private checkName(id: QuestionId, value: string | undefined, owner: string): void {
    const question = this.seen.get(id);
    if (question === undefined || question.type === 'note') this.fail('unknown-question', `“visibleIf” of “${owner}” names “${id}”, which is not there`, 'Name a question of the survey.');
    else if (value !== undefined && question.choices.length > 0 && !question.choices.some((choice) => choice.id === value)) {
      this.problems.warn('unknown-value', { file: this.file, line: 1 }, `“visibleIf” of “${owner}” compares “${id}” with “${value}”, which is no choice of it`, 'Such a comparison is never met.');
    }
  }

  private name(item: Item, fallback: string): string {
    return typeof item['name'] === 'string' && item['name'] !== '' ? item['name'] : fallback;
  }

  /** A text or texts by language; what lacks a translation stands in the survey's own language, and is noted. */
  private localised(raw: unknown): LocalisedText {
    const texts = isItem(raw) ? raw : { default: raw };
    const of = (language: string): string | undefined => (typeof texts[language] === 'string' && texts[language].trim() !== '' ? texts[language].trim() : undefined);
    const own = of('default') ?? of('en') ?? '';
    const missing = (['az', 'ru'] as const).filter((language) => of(language) === undefined);
    for (const language of missing) this.problems.note('missing-translation', { file: this.file, line: 1 }, `“${own.slice(0, 60)}” has no text in ${language}`, `Add ${language} beside “default”.`);
    return { az: of('az') ?? own, en: of('en') ?? own, ru: of('ru') ?? own };
  }

  private fail(code: string, message: string, fix: string): void {
    this.problems.error(code, { file: this.file, line: 1 }, message, fix);
  }
}

function questionType(element: Item): QuestionType | undefined {
  const type = Object.hasOwn(TYPES, String(element['type'])) ? TYPES[String(element['type'])] : undefined;
  if (type !== 'text') return type;
  return element['inputType'] === 'number' ? 'number' : element['inputType'] === 'date' ? 'date' : 'text';
}

/** The question's own name decides; where it says nothing, the direct parent's. */
function tallyOf(name: string, parent: string): string | undefined {
  const suffix = /-(RS|MS|NS)$/.exec(name)?.[1] ?? /-(RS|MS|NS)$/.exec(parent)?.[1];
  return suffix === undefined ? undefined : SUFFIXES[suffix];
}

/** `item3-2` scores 2; no number after the last hyphen scores nothing. */
function scoreOf(value: string): number {
  const after = value.includes('-') ? value.slice(value.lastIndexOf('-') + 1) : '';
  return /^\d+(\.\d+)?$/.test(after) ? Number(after) : 0;
}

function joined(conditions: readonly VisibleIf[]): VisibleIf {
  return conditions.length === 1 ? conditions[0]! : { text: conditions.map((one) => `(${one.text})`).join(' and '), tree: { op: 'all', of: conditions.map((one) => one.tree) } };
}

/** A page without a title is called as its first panel. */
function firstTitle(page: Item): unknown {
  const first = Array.isArray(page['elements']) ? (page['elements'] as readonly unknown[])[0] : undefined;
  return isItem(first) && first['type'] === 'panel' ? first['title'] : undefined;
}

/** The words of an HTML text: what others wrote is never put into a page as markup. */
function withoutTags(raw: unknown): unknown {
  if (isItem(raw)) return Object.fromEntries(Object.entries(raw).map(([language, text]) => [language, withoutTags(text)]));
  if (typeof raw !== 'string') return '';
  return raw
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&nbsp;', ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
