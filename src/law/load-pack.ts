/** Loads a law pack: YAML files in, a typed pack or a list of problems (file, line, message, fix) out. */

import { isMap, isScalar, isSeq } from 'yaml';
import type { Node } from 'yaml';
import { no, yes } from '../base/index.ts';
import type { CivilDate, Verdict } from '../base/index.ts';
import { parseExpression, writeSyntax } from './expression.ts';
import { amendedParameter, layersOf, mergedHeadlines } from './extend-pack.ts';
import type { PackLayer, PacksById } from './extend-pack.ts';
import type { Layer } from './duty-model.ts';
import type { Syntax } from './expression.ts';
import { EXPRESSION_DEPTH_MAX, FACT_VALUES_MAX } from './limits.ts';
import type {
  Authority, Citation, Conclusion, Evidence, FactDefinition, FactValueText, LegalBasis, Pack, PackFile, PackProblem, PackRef, PackStatus,
  Parameter, ParameterValue, Result, Spot,
} from './model.ts';
import { didYouMean } from './nearest-name.ts';
import { conclusionOfDuty, DUTY_FAMILY, DUTY_SECTIONS, readDutySections, readExpectedDues } from './read-duties.ts';
import type { DutySections } from './read-duties.ts';
import { resolvePack } from './resolve-names.ts';
import type { Draft, DraftCondition } from './resolve-names.ts';
import { ProblemList, textOf, YamlEntry, YamlSource } from './yaml-reader.ts';

const EVIDENCE: readonly Evidence[] = ['V', 'S', 'G', 'D', 'K', 'C'];
const AUTHORITIES: readonly Authority[] = ['law', 'delegated', 'guidance_final', 'guidance_draft', 'national', 'regulator_decision'];
const STATUSES: readonly PackStatus[] = ['draft', 'needs_local_counsel', 'counsel_signed', 'adopted', 'withdrawn'];
const RESULTS: readonly Result[] = ['holds', 'fails', 'undetermined', 'disputed'];
const LAYERS: readonly Layer[] = ['classification', 'duties'];
const SECTIONS = ['parameters', 'facts', 'definitions', 'conclusions', 'rules', 'readings', 'cases', ...DUTY_SECTIONS] as const;

export interface LoadOptions {
  /** The files of a pack that this one may extend, by id. */
  readonly packs?: PacksById;
}

/**
 * Loads a pack from its files. `path` is relative to the pack's folder with `/`. Files that pack.yaml does not list are ignored here
 * (readPack notes them). A missing translation does not stop loading: it is in `pack.notes` and checkPack reports it.
 */
export function loadPack(files: readonly PackFile[], options: LoadOptions = {}): Verdict<Pack, readonly PackProblem[]> {
  const { pack, problems } = readPack(files, options);
  return pack !== undefined && problems.length === 0 ? yes(pack) : no(problems);
}

/** Like loadPack, but hands back as much of the pack as could be read beside the problems: for authors in the middle of their work. */
export function readPack(files: readonly PackFile[], options: LoadOptions = {}): { readonly pack: Pack | undefined; readonly problems: readonly PackProblem[] } {
  const problems = new ProblemList();
  const budget = { nodes: 0 };
  const layers = layersOf(files, options.packs ?? noPacks, problems, budget);
  const own = layers?.at(-1);
  if (layers === undefined || own === undefined) return { pack: undefined, problems: problems.items };
  const reader = new PackReader(problems);
  const heads = layers.map((layer) => reader.layer(layer, layer !== own, budget));
  for (const file of files) {
    if (!own.files.includes(file)) problems.warn('unlisted-file', { file: file.path, line: 1 }, `pack.yaml does not list ${file.path}`, 'Add it to “files” or remove it.');
  }
  const collected = reader.collected();
  const draft: Draft = {
    ...heads.at(-1)!,
    ...collected,
    bases: layers.slice(0, -1).map(({ ref }) => ref).reverse(),
    legalBasis: heads.flatMap((head) => head.legalBasis),
    families: heads.flatMap((head) => head.families),
    headline: mergedHeadlines(heads.map((head) => head.headline), collected.spots, problems),
  };
  return { pack: { ...resolvePack(draft, problems), notes: problems.notes }, problems: problems.items };
}

/**
 * SHA-256 (hex) of a pack: `pack.yaml` and the files it lists, in that order, and the digests of the packs it extends. Undefined when
 * pack.yaml is not readable, a listed file is missing or a base is not at hand.
 */
export function packDigest(files: readonly PackFile[], options: LoadOptions = {}): string | undefined {
  const problems = new ProblemList();
  const layers = layersOf(files, options.packs ?? noPacks, problems, { nodes: 0 });
  return problems.items.length > 0 ? undefined : layers?.at(-1)?.ref.digest;
}

function noPacks(): undefined {
  return undefined;
}

type Head = Omit<Draft, keyof ReturnType<PackReader['collected']>>;

/** Reads the sections of all files of one pack, in order. */
class PackReader {
  private readonly problems: ProblemList;
  private readonly spots = new Map<string, Spot>();
  /** The base each entry comes from; entries of the pack itself are not in it. */
  private readonly origins = new Map<string, string>();
  /** The base being read; undefined: the pack itself. */
  private base: string | undefined;
  private readonly parameters: Parameter[] = [];
  private readonly facts: Draft['facts'][number][] = [];
  private readonly definitions: Draft['definitions'][number][] = [];
  private readonly conclusions: Conclusion[] = [];
  private readonly rules: Draft['rules'][number][] = [];
  private readonly readings: Draft['readings'][number][] = [];
  private readonly cases: Draft['cases'][number][] = [];
  private readonly duties: DutySections = { timings: [], dutyGroups: [], duties: [], sanctions: [], clocks: [] };

  constructor(problems: ProblemList) {
    this.problems = problems;
  }

  collected() {
    const { parameters, facts, definitions, conclusions, rules, readings, cases, spots, origins } = this;
    return { parameters, facts, definitions, conclusions, rules, readings, cases, spots, origins, ...this.duties };
  }

  /** Reads one layer: the bases come before the pack that extends them. */
  layer({ ref, manifest, files, prefix }: PackLayer, isBase: boolean, budget: { nodes: number }): Head {
    this.base = isBase ? ref.id : undefined;
    const head = this.manifest(manifest, ref);
    for (const file of files.slice(1)) {
      const path = `${prefix}${file.path}`;
      const top = new YamlSource(path, file.text, this.problems, budget).top(path);
      if (top !== undefined) this.sections(top);
    }
    return head;
  }

  private manifest(entry: YamlEntry, ref: PackRef): Head {
    const engine = entry.number('engine');
    if (engine !== undefined && engine !== 1) entry.error('wrong-engine', `the pack asks for engine ${engine}; this is engine 1`, 'Use a Mizan version that has this engine.', entry.spotOfKey('engine'));
    for (const key of ['note', 'depends', 'supersedes', 'counsel', 'council_certificate', 'files', 'extends']) entry.has(key);
    const head: Head = {
      ref,
      jurisdiction: entry.text('jurisdiction') ?? '',
      title: entry.localised('title'),
      status: entry.oneOf('status', STATUSES) ?? 'draft',
      place: entry.oneOf('place', ['main', 'beside'] as const, 'main') ?? 'main',
      bases: [],
      validFrom: entry.date('valid_from') ?? ('1970-01-01' as CivilDate),
      knownFrom: entry.date('known_from') ?? ('1970-01-01' as CivilDate),
      legalBasis: entry.entries('legal_basis', 'a legal basis').map((item) => this.legalBasis(item)),
      families: entry.entries('families', 'a family').flatMap((item) => this.family(item) ?? []),
      headline: entry.entries('headline', 'a headline').flatMap((item) => this.headline(item) ?? []),
    };
    for (const section of SECTIONS) entry.has(section);
    this.sections(entry, false);
    entry.finish();
    return head;
  }

  private sections(top: YamlEntry, isOwnFile = true): void {
    const parameters = top.entry('parameters', '“parameters”');
    for (const id of parameters?.keys() ?? []) this.parameter(id, parameters!);
    for (const entry of top.entries('facts', 'a fact')) this.fact(entry);
    for (const entry of top.entries('definitions', 'a definition')) this.definition(entry);
    for (const entry of top.entries('conclusions', 'a conclusion')) this.conclusion(entry);
    for (const entry of top.entries('rules', 'a rule')) this.rule(entry);
    for (const entry of top.entries('readings', 'a reading')) this.reading(entry);
    for (const entry of top.entries('cases', 'a case')) this.workedCase(entry);
    this.dutySections(top);
    this.amends(top);
    top.has('note');
    if (isOwnFile) top.finish();
  }

  /** A duty is also a conclusion with one general rule: its trigger, for those whose role it is. */
  private dutySections(top: YamlEntry): void {
    const before = this.duties.duties.length;
    readDutySections(top, {
      enter: (kind, id, spot) => this.enter(kind, id, spot),
      condition: (entry, key) => this.condition(entry, key),
      citations: (entry, key, isRequired) => this.citations(entry, isRequired, key),
      evidence: EVIDENCE,
      authorities: AUTHORITIES,
    }, this.duties);
    for (const duty of this.duties.duties.slice(before)) {
      const id = conclusionOfDuty(duty.id);
      const role: Syntax = { op: 'any', of: duty.roles.map((name) => ({ op: 'name', name })) };
      const syntax: Syntax = { op: 'all', of: [role, duty.when.syntax] };
      const { label, plain: text, cite, evidence, authority, article } = duty;
      this.conclusions.push({ id, family: duty.family ?? DUTY_FAMILY, label, plain: text });
      this.rules.push({ id, concludes: id, kind: 'general', priority: 0, then: 'holds', when: { text: writeSyntax(syntax), syntax, spot: duty.when.spot }, label, cite, evidence, authority, ...optional('applies', article) });
    }
  }

  private enter(kind: string, id: string, spot: Spot): void {
    const key = `${kind}:${id}`;
    const other = this.spots.get(key);
    const origin = this.origins.get(key);
    if (other !== undefined && origin !== undefined && origin !== this.base) this.problems.error('redefines-base', spot, `the ${kind} “${id}” is already declared in the base “${origin}”, ${other.file} line ${other.line}`, 'Give it another id. An overlay may add rules and exceptions to what its base concludes and amend its parameters; it does not redefine.');
    else if (other !== undefined) this.problems.error('duplicate-id', spot, `the ${kind} “${id}” is already declared in ${other.file} line ${other.line}`, 'Rename one of the two.');
    else {
      this.spots.set(key, spot);
      if (this.base !== undefined) this.origins.set(key, this.base);
    }
  }

  /** Dated values that a pack adds to parameters of its bases. */
  private amends(top: YamlEntry): void {
    const amends = top.entry('amends', '“amends”');
    const parameters = amends?.entry('parameters', '“parameters” of “amends”');
    for (const id of parameters?.keys() ?? []) {
      const entry = parameters!.entry(id, `the amendment of “${id}”`);
      if (entry === undefined) continue;
      const at = this.parameters.findIndex((parameter) => parameter.id === id && this.origins.has(`parameter:${id}`) && this.origins.get(`parameter:${id}`) !== this.base);
      const parameter = this.parameters[at];
      const values = entry.entries('values', `a value of “${id}”`).flatMap((item) => this.parameterValue(item, parameter?.type ?? 'date') ?? []);
      entry.has('note');
      entry.finish();
      if (parameter !== undefined) this.parameters[at] = amendedParameter(parameter, values, entry);
      else entry.error('unknown-parameter', `no base has the parameter “${id}”.${didYouMean(id, this.parameters.map((other) => other.id))}`, 'Amend a parameter of a pack that this one extends; parameters of its own stand under “parameters”.', parameters!.spotOfKey(id));
    }
    amends?.finish();
  }

  private legalBasis(entry: YamlEntry): LegalBasis {
    const key = entry.text('key') ?? '';
    this.enter('basis', key, entry.spot);
    const basis: LegalBasis = {
      key,
      title: entry.localised('title'),
      ...optional('celex', entry.optionalText('celex')),
      ...optional('oj', entry.optionalText('oj')),
      ...optional('url', entry.optionalText('url')),
    };
    entry.has('note');
    entry.finish();
    return basis;
  }

  private family(entry: YamlEntry): Draft['families'][number] | undefined {
    const id = entry.id('id');
    if (id === undefined) return undefined;
    this.enter('family', id, entry.spot);
    const family = {
      id,
      weight: entry.number('weight', 1) ?? 1,
      layer: entry.oneOf('layer', LAYERS, 'classification') ?? 'classification',
      aside: entry.boolean('aside', false),
      ...optional('requires', entry.has('requires') ? this.condition(entry, 'requires') : undefined),
      label: entry.localised('label'),
    };
    entry.has('note');
    entry.finish();
    return family;
  }

  private headline(entry: YamlEntry): Draft['headline'][number] | undefined {
    const id = entry.text('id');
    if (id === undefined) return undefined;
    this.enter('headline', id, entry.spot);
    let when: DraftCondition | 'open' | undefined;
    if (entry.has('when')) {
      const node = entry.raw('when');
      when = isScalar(node) && node.value === 'open' ? 'open' : this.condition(entry, 'when');
    }
    const headline = { id, ...optional('when', when), label: entry.localised('label') };
    entry.finish();
    return headline;
  }

  private parameter(id: string, parent: YamlEntry): void {
    const entry = parent.entry(id, `the parameter “${id}”`);
    if (entry === undefined) return;
    this.enter('parameter', id, parent.spotOfKey(id));
    const type = entry.oneOf('type', ['date', 'number'] as const) ?? 'date';
    const label = entry.localised('label');
    const values = entry.entries('values', `a value of “${id}”`).flatMap((item) => this.parameterValue(item, type) ?? []);
    if (values.length === 0) entry.error('no-value', `the parameter “${id}” has no value`, 'Add “values: [ { value: …, known: …, source: …, ev: V } ]”.');
    for (const [index, value] of values.entries()) {
      const before = values[index - 1];
      if (before === undefined) continue;
      const order = `${before.known}|${before.from ?? ''}`.localeCompare(`${value.known}|${value.from ?? ''}`, 'en');
      if (order === 0) entry.error('duplicate-value', `two values of “${id}” have the same known and from`, 'Keep one.');
      else if (order > 0) entry.error('unsorted-values', `the values of “${id}” are not sorted by known, then from`, 'Put the value published earlier first.');
    }
    entry.has('note');
    entry.finish();
    this.parameters.push({ id, type, label, values });
  }

  private parameterValue(entry: YamlEntry, type: 'date' | 'number'): ParameterValue | undefined {
    const isOpen = entry.has('value') && isNull(entry.raw('value'));
    const value = isOpen ? null : type === 'date' ? entry.date('value') : entry.number('value');
    const known = entry.date('known');
    const from = entry.optionalDate('from');
    const source = entry.text('source') ?? '';
    const evidence = entry.oneOf('ev', EVIDENCE, 'K') ?? 'K';
    entry.has('note');
    entry.finish();
    return value === undefined || known === undefined ? undefined : { value, known, source, evidence, ...optional('from', from) };
  }

  private fact(entry: YamlEntry): void {
    const id = entry.id('id');
    if (id === undefined) return;
    this.enter('fact', id, entry.spot);
    const type = entry.oneOf('type', ['bool', 'enum', 'set', 'number', 'date'] as const) ?? 'bool';
    const cost = entry.number('cost', 2) ?? 2;
    if (![1, 2, 3, 4, 5].includes(cost)) entry.error('wrong-value', `the cost of “${id}” is ${cost}`, 'Use 1 (at sight) to 5 (a study).', entry.spotOfKey('cost'));
    const fact = {
      id,
      group: entry.text('group') ?? '',
      type,
      values: this.values(entry, id, type),
      ...optional('appliesIf', entry.has('applies_if') ? this.condition(entry, 'applies_if') : undefined),
      ask: entry.localised('ask'),
      help: entry.localised('help'),
      example: entry.localised('example'),
      why: entry.localised('why'),
      cite: this.citations(entry),
      answerCost: cost as FactDefinition['answerCost'],
      mutable: entry.boolean('mutable', true),
      sensitivity: entry.oneOf('sensitivity', ['public', 'internal', 'secret'] as const, 'public') ?? 'public',
      who: entry.oneOf('who', ['provider', 'deployer', 'both', 'regulator'] as const, 'both') ?? 'both',
    };
    entry.has('note');
    entry.finish();
    this.facts.push(fact);
  }

  private values(entry: YamlEntry, id: string, type: FactDefinition['type']): readonly FactValueText[] {
    const hasValues = entry.has('values');
    if (type !== 'enum' && type !== 'set') {
      if (hasValues) entry.error('wrong-shape', `the ${type} fact “${id}” cannot have values`, 'Remove “values” or make the fact an enum or a set.', entry.spotOfKey('values'));
      return [];
    }
    const values = this.valueTexts(entry, 'values', id, type);
    if (values.length < (type === 'enum' ? 2 : 1)) entry.error('no-value', `the ${type} “${id}” needs at least ${type === 'enum' ? 'two values' : 'one value'}`, 'Add “values: [ { id: …, label: … } ]”.');
    return values;
  }

  private valueTexts(entry: YamlEntry, key: string, id: string, owner: 'enum' | 'set' | 'reading'): readonly FactValueText[] {
    const seen = new Set<string>();
    return entry.entries(key, `a value of “${id}”`, FACT_VALUES_MAX).flatMap((item) => {
      const value = item.valueId('id', owner);
      const label = item.localised('label');
      item.has('help');
      item.has('note');
      item.finish();
      if (value === undefined) return [];
      if (seen.has(value)) item.error('duplicate-id', `“${id}” has the value “${value}” twice`, 'Keep one.');
      seen.add(value);
      return [{ id: value, label }];
    });
  }

  private definition(entry: YamlEntry): void {
    const id = entry.id('id');
    if (id === undefined) return;
    this.enter('definition', id, entry.spot);
    const when = this.condition(entry, 'when');
    const definition = { id, when, label: entry.localised('label'), cite: this.citations(entry, false) };
    entry.has('note');
    entry.finish();
    this.definitions.push(definition);
  }

  private conclusion(entry: YamlEntry): void {
    const id = entry.id('id');
    if (id === undefined) return;
    this.enter('conclusion', id, entry.spot);
    const conclusion = { id, family: entry.has('family') ? (entry.id('family') ?? id) : id, label: entry.localised('label'), plain: entry.localised('plain') };
    entry.has('note');
    entry.finish();
    this.conclusions.push(conclusion);
  }

  private rule(entry: YamlEntry): void {
    const id = entry.id('id');
    if (id === undefined) return;
    this.enter('rule', id, entry.spot);
    const kind = entry.oneOf('kind', ['general', 'exception'] as const, 'general') ?? 'general';
    const isException = kind === 'exception';
    if (!isException && (entry.has('priority') || entry.has('then') || entry.has('overrides'))) {
      entry.error('wrong-shape', `the general rule “${id}” cannot have priority, then or overrides`, 'Add “kind: exception” or remove them.');
    }
    const applies = entry.optionalText('applies');
    if (applies !== undefined && !applies.startsWith('$')) entry.error('wrong-value', `“applies” of “${id}” is “${applies}”`, 'Write “$” and the id of a date parameter, so that the date has a source.', entry.spotOfKey('applies'));
    const rule = {
      id,
      concludes: entry.text('concludes') ?? '',
      kind,
      priority: isException ? (entry.number('priority', 10) ?? 10) : 0,
      then: isException ? (entry.oneOf('then', ['fails', 'holds'] as const, 'fails') ?? 'fails') : ('holds' as const),
      when: this.condition(entry, 'when'),
      label: entry.localised('label'),
      cite: this.citations(entry),
      evidence: entry.oneOf('ev', EVIDENCE) ?? 'K',
      authority: entry.oneOf('authority', AUTHORITIES, 'law') ?? 'law',
      ...optional('overrides', isException ? entry.optionalText('overrides') : undefined),
      ...optional('applies', applies?.replace(/^\$/, '')),
      ...optional('validFrom', entry.optionalDate('valid_from')),
      ...optional('validTo', entry.optionalDate('valid_to')),
      ...optional('knownFrom', entry.optionalDate('known_from')),
      ...optional('knownTo', entry.optionalDate('known_to')),
      ...optional('note', entry.optionalText('note')),
    };
    this.intervals(entry, rule);
    entry.finish();
    this.rules.push(rule);
  }

  private intervals(entry: YamlEntry, rule: { readonly validFrom?: CivilDate; readonly validTo?: CivilDate; readonly knownFrom?: CivilDate; readonly knownTo?: CivilDate }): void {
    for (const [from, to, name] of [[rule.validFrom, rule.validTo, 'valid'], [rule.knownFrom, rule.knownTo, 'known']] as const) {
      if (from !== undefined && to !== undefined && from >= to) entry.error('empty-interval', `${entry.what} ends (${name}_to ${to}) before it begins (${name}_from ${from})`, 'Intervals are [from, to): make “to” later than “from”.', entry.spotOfKey(`${name}_to`));
    }
  }

  private reading(entry: YamlEntry): void {
    const id = entry.id('id');
    if (id === undefined) return;
    this.enter('reading', id, entry.spot);
    const options = this.valueTexts(entry, 'options', id, 'reading');
    const fallback = entry.text('default') ?? '';
    if (options.length < 2) entry.error('no-value', `the reading “${id}” needs at least two options`, 'Add “options: [ { id: A, label: … }, { id: B, label: … } ]”.');
    else if (!options.some((option) => option.id === fallback)) entry.error('unknown-value', `the default “${fallback}” of “${id}” is not one of its options`, `Use one of: ${options.map((option) => option.id).join(', ')}.`, entry.spotOfKey('default'));
    const reading = { id, default: fallback, label: entry.localised('label'), options, cite: this.citations(entry, false), evidence: entry.oneOf('ev', EVIDENCE) ?? ('K' as const) };
    entry.has('note');
    entry.finish();
    this.readings.push(reading);
  }

  private workedCase(entry: YamlEntry): void {
    const id = entry.text('id');
    if (id === undefined) return;
    this.enter('case', id, entry.spot);
    const expectEntry = entry.entry('expect', `“expect” of case “${id}”`);
    const expect: Record<string, Result> = {};
    for (const key of expectEntry?.keys() ?? []) {
      const result = expectEntry!.oneOf(key, RESULTS);
      if (result !== undefined) expect[key] = result;
    }
    if (expectEntry === undefined && !entry.has('due')) entry.error('missing-key', `case “${id}” expects nothing`, 'Add “expect: { conclusion: holds }”.');
    const datesEntry = entry.entry('dates', `“dates” of case “${id}”`);
    const dates: Record<string, CivilDate> = {};
    for (const key of datesEntry?.keys() ?? []) {
      const date = datesEntry!.date(key);
      if (date !== undefined) dates[key] = date;
    }
    const due = readExpectedDues(entry.entry('due', `“due” of case “${id}”`));
    const readingsEntry = entry.entry('readings', `“readings” of case “${id}”`);
    const readings = Object.fromEntries((readingsEntry?.keys() ?? []).map((key) => [key, readingsEntry!.text(key) ?? '']));
    const expectSpots = new Map(Object.keys(expect).map((key) => [key, expectEntry!.spotOfKey(key)] as const));
    const factsNode = entry.has('facts') ? entry.raw('facts') : undefined;
    const draft = {
      id,
      title: entry.localised('title'),
      story: entry.localised('story'),
      ...optional('asOf', entry.optionalDate('as_of')),
      ...optional('knownOn', entry.optionalDate('known_on')),
      factsRaw: plain(factsNode) ?? {},
      factsSpot: entry.spotOfKey('facts'),
      expect,
      dates,
      due,
      readings,
      expectSpots,
    };
    entry.has('note');
    entry.finish();
    this.cases.push(draft);
  }

  private citations(entry: YamlEntry, isRequired = true, key = 'cite'): readonly Citation[] {
    if (isRequired && !entry.has(key)) this.problems.note('missing-citation', entry.spot, `${entry.what} cites no article`, 'Add “cite: [ { act: …, article: … } ]”.');
    return entry.entries(key, 'a citation').map((item) => {
      const act = item.text('act') ?? '';
      const article = item.text('article') ?? '';
      if (!this.spots.has(`basis:${act}`) && act !== '') item.error('unknown-act', `no legal basis has the key “${act}”`, 'Add it to “legal_basis” in pack.yaml or correct the key.', item.spotOfKey('act'));
      item.has('note');
      item.finish();
      return { act, article };
    });
  }

  private condition(entry: YamlEntry, key: string): DraftCondition {
    const spot = entry.spotOfKey(key);
    if (!entry.has(key)) {
      entry.error('missing-key', `${entry.what} has no “${key}”`, `Add “${key}: …”.`);
      return { text: 'false', syntax: { op: 'false' }, spot };
    }
    const syntax = this.conditionTree(entry, entry.raw(key), spot, 0) ?? { op: 'false' };
    return { text: writeSyntax(syntax), syntax, spot };
  }

  private conditionTree(entry: YamlEntry, node: Node | undefined, spot: Spot, depth: number): Syntax | undefined {
    const wrong = (message: string): undefined => {
      entry.error('bad-condition', `${message} in ${entry.what}`, 'Write a text, or { all: [ … ] }, { any: [ … ] }, { not: … }.', spot);
    };
    if (depth > EXPRESSION_DEPTH_MAX) return wrong(`more than ${EXPRESSION_DEPTH_MAX} levels`);
    if (isScalar(node)) {
      const parsed = parseExpression(textOf(node) ?? '');
      if (parsed.ok) return parsed.value;
      entry.error('bad-condition', `${parsed.message} in ${entry.what}`, parsed.fix, spot);
      return undefined;
    }
    if (!isMap(node) || node.items.length !== 1) return wrong('a condition is neither text nor a map with one of all, any, not');
    const pair = node.items[0]!;
    const op = isScalar(pair.key) ? pair.key.value : undefined;
    const value = entry.source.follow(pair.value, entry.depth + depth);
    if (op === 'not') {
      const of = this.conditionTree(entry, value, spot, depth + 1);
      return of === undefined ? undefined : { op: 'not', of };
    }
    if ((op !== 'all' && op !== 'any') || !isSeq(value)) return wrong('a condition tree has another shape than all: [ … ], any: [ … ] or not: …');
    const parts = value.items.map((item) => this.conditionTree(entry, entry.source.follow(item, entry.depth + depth), entry.source.spotOf(item, spot), depth + 1));
    return parts.includes(undefined) ? undefined : { op, of: parts as Syntax[] };
  }
}

/** `null` written out: a value that the law has not fixed. An empty place is a mistake, not a null. */
function isNull(node: Node | undefined): boolean {
  return isScalar(node) && node.value === null && node.source === 'null';
}

/** Plain data of a YAML node, scalars as written where they are not booleans or numbers. */
function plain(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  return (node as { toJSON(): unknown }).toJSON();
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}
