/** Loads recogniser files into one set, or says what is wrong in which file on which line and how to mend it. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import type { Citation, FactValue, PackFile, PackProblem } from '../model.ts';
import { PHRASES_MAX, RECOGNISERS_MAX, RECOGNISER_FILES_MAX, RECOGNISER_FILE_LENGTH_MAX, RECOGNISER_PROBLEMS_MAX } from './model.ts';
import type { Exclusion, NegationRules, PackNames, Phrase, Phrases, Proposal, Recogniser, RecogniserSet, Signal } from './model.ts';
import { readPhrase } from './phrases.ts';
import type { PhraseRefusal } from './phrases.ts';
import { complain, need, openSource, readList, readMap, readNumber, readText, scalar } from './source.ts';
import type { Place } from './source.ts';

const WINDOW_MAX = 200;
const WEIGHT_MAX = 1_000;

const phraseFix: Readonly<Record<PhraseRefusal, string>> = {
  'phrase-empty': 'Write at least one word with letters or digits.',
  'phrase-too-long': 'Shorten the phrase, or use `all` with `within` for words that stand apart.',
  'phrase-unbalanced': 'Close every "(" with ")"; alternatives (a|b) cannot be nested.',
  'phrase-too-many-alternatives': 'Split the phrase into several lines.',
  'phrase-pattern-too-short': 'Give at least three letters before or after the star.',
  'phrase-star-inside-word': 'Put one star, at the end (prefix) or at the start (suffix) of a word.',
};

/** What holds for the whole set, read from the one file with `set:`. */
interface Frame {
  readonly id: string;
  readonly languages: readonly string[];
  readonly weights: ReadonlyMap<string, number>;
  readonly threshold: number;
  readonly act: string | undefined;
  readonly negation: ReadonlyMap<string, NegationRules>;
  readonly functionWords: ReadonlyMap<string, readonly string[]>;
}

interface Loading {
  readonly frame: Frame;
  readonly pack: PackNames | undefined;
  readonly terms: Map<string, Phrases>;
  phrases: number;
}

function readPhrases(place: Place, language: string, count: (added: number) => void): readonly Phrase[] {
  const phrases: Phrase[] = [];
  for (const item of readList(place)) {
    const written = readText(item);
    if (written === undefined) continue;
    const read = readPhrase(written, language);
    if (read.ok) phrases.push(...read.value);
    else complain(item, read.refusal, `"${written}" is not a phrase.`, phraseFix[read.refusal]);
  }
  count(phrases.length);
  return phrases;
}

function readByLanguage(place: Place, loading: Loading): Phrases {
  const byLanguage = new Map<string, readonly Phrase[]>();
  for (const [language, phrases] of readMap(place, loading.frame.languages)) {
    byLanguage.set(language, readPhrases(phrases, language, (added) => (loading.phrases += added)));
  }
  for (const language of ['az', 'en', 'ru']) {
    if (loading.frame.languages.includes(language) && !byLanguage.has(language)) {
      complain(place, 'missing-language', `No phrases in "${language}".`, `Add "${language}: […]", or an empty list if there are none on purpose.`, 'warning');
    }
  }
  return byLanguage;
}

/** Phrases by language, or `$term`. */
function readPhraseList(place: Place, loading: Loading): Phrases | undefined {
  const reference = scalar(place);
  if (typeof reference !== 'string') return readByLanguage(place, loading);
  const term = reference.startsWith('$') ? loading.terms.get(reference.slice(1)) : undefined;
  if (term === undefined) complain(place, 'unknown-term', `"${reference}" is not a term.`, 'Write $name of an entry under `terms`, or phrases by language.');
  return term;
}

const SIGNAL_KEYS = ['strength', 'any', 'all', 'within'];

function readSignal(place: Place, loading: Loading, keys: readonly string[]): { signal: Signal; members: Map<string, Place> } | undefined {
  const members = readMap(place, keys);
  const strengthAt = need(place, members, 'strength');
  const strength = strengthAt && readNumber(strengthAt, 0.01, 1);
  const any = members.get('any');
  const all = members.get('all');
  const withinAt = members.get('within');
  if ((any === undefined) === (all === undefined) || (withinAt !== undefined && all === undefined)) {
    complain(place, 'signal-shape', 'A signal has either `any` or `all`; `within` belongs to `all`.', 'Keep one of `any`, `all`.');
    return undefined;
  }
  const places = all === undefined ? (any === undefined ? [] : [any]) : readList(all);
  const lists = places.map((item) => readPhraseList(item, loading)).filter((list) => list !== undefined);
  const within = withinAt && readNumber(withinAt, 1, WINDOW_MAX);
  if (strength === undefined || lists.length === 0 || lists.length < places.length || (withinAt !== undefined && within === undefined)) return undefined;
  return { signal: { strength, lists, ...(within === undefined ? {} : { within }) }, members };
}

function readExclusion(place: Place, loading: Loading): Exclusion | undefined {
  const read = readSignal(place, loading, [...SIGNAL_KEYS, 'near']);
  if (read === undefined) return undefined;
  const nearAt = read.members.get('near');
  const near = nearAt && readNumber(nearAt, 1, WINDOW_MAX);
  return { ...read.signal, ...(near === undefined ? {} : { near }) };
}

function readProposal(place: Place, pack: PackNames | undefined): Proposal | undefined {
  const members = readMap(place, ['fact', 'has', 'is']);
  const factAt = need(place, members, 'fact');
  const fact = factAt && readText(factAt);
  const has = members.get('has');
  const is = members.get('is');
  if (factAt === undefined || fact === undefined) return undefined;
  const valueAt = has ?? is;
  const plain = valueAt && scalar(valueAt);
  if (valueAt === undefined || (has !== undefined && is !== undefined) || (typeof plain !== 'string' && typeof plain !== 'boolean')) {
    complain(place, 'proposal-shape', 'A proposal says `has: member` of a set, or `is: yes`, `is: member` of an enum.', 'Write one of `has`, `is`.');
    return undefined;
  }
  // YAML 1.2 reads yes and no as texts.
  const literal = plain === 'yes' ? true : plain === 'no' ? false : plain;
  const definition = pack?.facts.find((known) => known.id === fact);
  if (pack !== undefined && definition === undefined) complain(factAt, 'unknown-fact', `The pack has no fact "${fact}".`, 'Name a fact of the pack.');
  if (definition !== undefined) {
    const type = has !== undefined ? 'set' : typeof literal === 'boolean' ? 'bool' : 'enum';
    if (definition.type !== type) complain(valueAt, 'wrong-fact-type', `"${fact}" is of type ${definition.type}.`, type === 'set' ? 'Use `is`.' : 'Use a value of that type.');
    else if (type !== 'bool' && !definition.values.some((value) => value.id === literal)) {
      complain(valueAt, 'unknown-value', `"${fact}" has no member "${String(literal)}".`, `Use one of: ${definition.values.map((value) => value.id).join(', ')}.`);
    }
  }
  const value: FactValue = has === undefined ? literal : { has: [String(literal)], hasNot: [] };
  return { fact, value };
}

function readCitation(place: Place, loading: Loading): Citation | undefined {
  const short = scalar(place);
  if (typeof short === 'string') {
    if (loading.frame.act !== undefined) return { act: loading.frame.act, article: short };
    complain(place, 'missing-key', 'The set names no `act`.', 'Write { act: …, article: … }, or `act:` beside `set:`.');
    return undefined;
  }
  const members = readMap(place, ['act', 'article']);
  const actAt = need(place, members, 'act');
  const articleAt = need(place, members, 'article');
  const act = actAt && readText(actAt);
  const article = articleAt && readText(articleAt);
  if (actAt !== undefined && act !== undefined && loading.pack !== undefined && !loading.pack.legalBasis.some((known) => known.key === act)) {
    complain(actAt, 'unknown-act', `The pack has no act "${act}".`, `Use one of: ${loading.pack.legalBasis.map((known) => known.key).join(', ')}.`);
  }
  return act === undefined || article === undefined ? undefined : { act, article };
}

function weightOf(place: Place, conclusion: string, loading: Loading): number | undefined {
  const family = conclusion.split('.')[0] ?? conclusion;
  const weight = loading.frame.weights.get(family);
  if (weight === undefined) complain(place, 'missing-weight', `The set gives no weight to "${family}".`, `Add "${family}" under \`weights\`, or \`weight\` here.`);
  return weight;
}

const RECOGNISER_KEYS = ['id', 'conclusion', 'cite', 'propose', 'threshold', 'weight', 'signals', 'unless', 'note'];

function readRecogniser(place: Place, loading: Loading): Recogniser | undefined {
  const members = readMap(place, RECOGNISER_KEYS);
  const text = (key: string): string | undefined => {
    const member = need(place, members, key);
    return member && readText(member);
  };
  const id = text('id');
  const conclusion = text('conclusion');
  const cite = need(place, members, 'cite');
  const point = cite && readCitation(cite, loading);
  const propose = need(place, members, 'propose');
  const proposes = (propose === undefined ? [] : readList(propose)).map((item) => readProposal(item, loading.pack)).filter((item) => item !== undefined);
  const signalsAt = need(place, members, 'signals');
  const signals = (signalsAt === undefined ? [] : readList(signalsAt)).map((item) => readSignal(item, loading, SIGNAL_KEYS)?.signal).filter((item) => item !== undefined);
  const unlessAt = members.get('unless');
  const unless = (unlessAt === undefined ? [] : readList(unlessAt)).map((item) => readExclusion(item, loading)).filter((item) => item !== undefined);
  const thresholdAt = members.get('threshold');
  const threshold = thresholdAt === undefined ? loading.frame.threshold : readNumber(thresholdAt, 0, 1);
  const weightAt = members.get('weight');
  const weight = weightAt === undefined ? weightOf(place, conclusion ?? '', loading) : readNumber(weightAt, 0, WEIGHT_MAX);
  if (conclusion !== undefined && loading.pack !== undefined && ![...loading.pack.conclusions, ...loading.pack.families].some((known) => known.id === conclusion)) {
    complain(members.get('conclusion') ?? place, 'unknown-conclusion', `The pack has no conclusion "${conclusion}".`, 'Name a conclusion of the pack.');
  }
  if (id === undefined || conclusion === undefined || point === undefined || threshold === undefined || weight === undefined) return undefined;
  if (signals.length === 0 || proposes.length === 0) {
    complain(place, 'empty-recogniser', 'A recogniser needs at least one proposal and one signal.', 'Add them, or remove the recogniser.');
    return undefined;
  }
  return { id, proposes, conclusion, point, threshold, weight, signals, unless };
}

function readNegation(place: Place, language: string): NegationRules {
  const members = readMap(place, ['before', 'before_window', 'after', 'after_window', 'apparent', 'stop']);
  const phrases = (key: string): readonly Phrase[] => {
    const member = members.get(key);
    return member === undefined ? [] : readPhrases(member, language, () => undefined);
  };
  const window = (key: string): number => {
    const member = members.get(key);
    return (member && readNumber(member, 1, WINDOW_MAX)) ?? 0;
  };
  return {
    before: phrases('before'),
    beforeWindow: window('before_window'),
    after: phrases('after'),
    afterWindow: window('after_window'),
    apparent: phrases('apparent'),
    stop: phrases('stop'),
  };
}

const FRAME_KEYS = ['set', 'pack', 'act', 'languages', 'weights', 'threshold', 'negation', 'function_words'];
const FILE_KEYS = [...FRAME_KEYS, 'terms', 'recognisers', 'note'];

type FileMembers = readonly { readonly place: Place; readonly members: Map<string, Place> }[];

function readFrame(files: FileMembers, firstPath: string, problems: PackProblem[]): Frame | undefined {
  const heads = files.filter(({ members }) => members.has('set'));
  const head = heads[0];
  if (head === undefined || heads.length > 1) {
    const file = heads[1]?.place.file ?? firstPath;
    problems.push({ severity: 'error', code: 'set-not-once', file, line: 1, message: 'Exactly one file of a set has `set:`.', fix: 'Keep `set:` in one file.' });
    return undefined;
  }
  const { place, members } = head;
  const idAt = need(place, members, 'set');
  const languagesAt = need(place, members, 'languages');
  const weightsAt = need(place, members, 'weights');
  const thresholdAt = need(place, members, 'threshold');
  const actAt = members.get('act');
  const negationAt = members.get('negation');
  const languages = (languagesAt === undefined ? [] : readList(languagesAt)).map(readText).filter((item) => item !== undefined);
  const weights = new Map<string, number>();
  for (const [family, weight] of weightsAt === undefined ? [] : readMap(weightsAt)) weights.set(family, readNumber(weight, 0, WEIGHT_MAX) ?? 0);
  const negation = new Map<string, NegationRules>();
  for (const [language, rules] of negationAt === undefined ? [] : readMap(negationAt, languages)) negation.set(language, readNegation(rules, language));
  const wordsAt = members.get('function_words');
  const functionWords = new Map<string, readonly string[]>();
  for (const [language, words] of wordsAt === undefined ? [] : readMap(wordsAt, languages)) {
    functionWords.set(language, readList(words).map(readText).filter((word) => word !== undefined));
  }
  const act = actAt && readText(actAt);
  return {
    id: (idAt && readText(idAt)) ?? '',
    languages,
    weights,
    threshold: (thresholdAt && readNumber(thresholdAt, 0, 1)) ?? 1,
    act,
    negation,
    functionWords,
  };
}

function readTerms(files: FileMembers, loading: Loading): void {
  for (const { members } of files) {
    const terms = members.get('terms');
    for (const [name, term] of terms === undefined ? [] : readMap(terms)) {
      if (loading.terms.has(name)) complain(term, 'duplicate-id', `The term "${name}" was declared before.`, 'Rename one of them.');
      loading.terms.set(name, readByLanguage(term, loading));
    }
  }
}

function readRecognisers(files: FileMembers, loading: Loading): readonly Recogniser[] {
  const recognisers = new Map<string, Recogniser>();
  for (const { members } of files) {
    const list = members.get('recognisers');
    for (const item of list === undefined ? [] : readList(list)) {
      const recogniser = readRecogniser(item, loading);
      if (recogniser === undefined) continue;
      if (recognisers.has(recogniser.id)) complain(item, 'duplicate-id', `The recogniser "${recogniser.id}" was declared before.`, 'Rename one of them.');
      recognisers.set(recogniser.id, recogniser);
    }
  }
  return [...recognisers.values()];
}

function tooMuch(file: string, what: string, max: number): PackProblem {
  return { severity: 'error', code: 'too-much', file, line: 1, message: `More than ${max} ${what}.`, fix: 'Split the set.' };
}

/** Errors first, so that none is cut off for a warning. */
function bounded(problems: readonly PackProblem[]): readonly PackProblem[] {
  const ordered = problems.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
  if (ordered.length <= RECOGNISER_PROBLEMS_MAX) return ordered;
  const first = ordered[0];
  const rest = tooMuch(first?.file ?? '', `problems (${ordered.length})`, RECOGNISER_PROBLEMS_MAX);
  return [...ordered.slice(0, RECOGNISER_PROBLEMS_MAX - 1), { ...rest, code: 'too-many-problems', fix: 'Repair these and load again.' }];
}

/**
 * Loads the files of one recogniser set. With `pack`, facts, values, conclusions and acts must exist in it.
 * Refuses with every problem found, warnings included; a set that loads carries its warnings.
 */
export function loadRecognisers(files: readonly PackFile[], pack?: PackNames): Verdict<RecogniserSet, readonly PackProblem[]> {
  const problems: PackProblem[] = [];
  if (files.length > RECOGNISER_FILES_MAX) return no([tooMuch(files[0]?.path ?? '', 'files', RECOGNISER_FILES_MAX)]);
  const tooLong = files.filter(({ text }) => text.length > RECOGNISER_FILE_LENGTH_MAX);
  if (tooLong.length > 0) return no(tooLong.map(({ path }) => tooMuch(path, 'characters', RECOGNISER_FILE_LENGTH_MAX)));
  const opened = files
    .map(({ path, text }) => openSource(path, text, problems))
    .filter((place) => place !== undefined)
    .map((place) => ({ place, members: readMap(place, FILE_KEYS) }));
  const frame = readFrame(opened, files[0]?.path ?? '', problems);
  if (frame === undefined) return no(bounded(problems));
  const loading: Loading = { frame, pack, terms: new Map(), phrases: 0 };
  readTerms(opened, loading);
  const recognisers = readRecognisers(opened, loading);
  const first = files[0]?.path ?? '';
  if (recognisers.length > RECOGNISERS_MAX) problems.push(tooMuch(first, 'recognisers', RECOGNISERS_MAX));
  if (loading.phrases > PHRASES_MAX) problems.push(tooMuch(first, 'phrases', PHRASES_MAX));
  if (problems.some((problem) => problem.severity === 'error')) return no(bounded(problems));
  return yes({ id: frame.id, languages: frame.languages, recognisers, negation: frame.negation, functionWords: frame.functionWords, warnings: bounded(problems) });
}
