/** Holds recognisers and rules against 71 short descriptions labelled by another publisher: reads, answers, compares, finds every difference. */

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { civil } from '../../src/base/index.ts';
import { compileLaw, decide, type FactValue, type Law, type Pack, parseFacts, readPack, type Result } from '../../src/law/index.ts';
import { type Candidate, loadRecognisers, prescreen, type RecogniserSet } from '../../src/law/prescreen/index.ts';

const root = join(import.meta.dirname, '../..');
export const FIXTURES = join(root, '../shared/data/ai-act-labels/lucairn-fixtures');
const ANSWERS = join(root, 'bench/lucairn-facts.yaml');
/** The day the rules are asked for; the labels are older than the amendments of 2026. */
const TIME = { asOf: civil('2026-11-23'), knownOn: civil('2026-11-23') };

export interface Fixture {
  readonly name: string;
  readonly lang: string;
  readonly input: string;
  readonly expected: {
    readonly article_5_letters: readonly string[];
    readonly annex_iii_domains: readonly number[];
    readonly annex_iii_sub_letters?: { readonly [domain: string]: readonly string[] };
    readonly article_50_paragraphs?: readonly string[];
    readonly article_4_applicable?: boolean;
    readonly gpai_article_53_applicable?: boolean;
    readonly gpai_article_55_applicable?: boolean;
  };
}

/** Parts of the Act that are compared apart. */
export const BLOCKS = ['Article 5 letters', 'Annex III points', 'Annex III letters', 'Article 50 paragraphs', 'Articles 4, 53 and 55'] as const;
export type Block = (typeof BLOCKS)[number];

/** One thing the label and we can say about a description; `conclusions`: any of them holding means that we say it. */
interface Point {
  readonly id: string;
  readonly block: Block;
  readonly conclusions: readonly string[];
  readonly isLabelled: boolean;
}

export interface Comparison {
  readonly fixture: string;
  readonly point: string;
  readonly block: Block;
  readonly isLabelled: boolean;
  readonly ours: 'yes' | 'no' | 'open';
}

export interface Remark {
  readonly fixtures: readonly string[];
  readonly point: string;
  readonly right: 'ours' | 'theirs' | 'both' | 'open';
  readonly article: string;
  readonly why: string;
}

interface Answers {
  readonly common: { readonly [fact: string]: unknown };
  readonly shared: { readonly [name: string]: { readonly [fact: string]: unknown } };
  readonly fixtures: { readonly [name: string]: { readonly use?: readonly string[]; readonly facts?: { readonly [fact: string]: unknown } } };
  readonly remarks: readonly Remark[];
}

export interface Ground {
  readonly pack: Pack;
  readonly law: Law;
  readonly set: RecogniserSet;
  readonly answers: Answers;
}

const LETTERS = ['a', 'b', 'ba', 'bb', 'c', 'd', 'e', 'f', 'g', 'h'];
const PARAGRAPHS: Readonly<Record<string, string>> = { '50(1)': 'transparency.50-1', '50(2)': 'transparency.50-2', '50(3)': 'transparency.50-3', '50(4)_sub1': 'transparency.50-4-i', '50(4)_sub2': 'transparency.50-4-ii' };
/** Point 2 of Annex III has no letters in the Act. */
const POINT_WITHOUT_LETTERS = '2';

export function haveFixtures(): boolean {
  return existsSync(FIXTURES);
}

export function readFixtures(): readonly Fixture[] {
  return readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ ...(JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')) as Omit<Fixture, 'name'>), name: name.replace(/\.json$/, '') }));
}

export function readGround(): Ground {
  const yaml = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.yaml'))
      .sort()
      .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
  const { pack, problems } = readPack(yaml(join(root, 'packs/law/eu-ai-act')));
  if (pack === undefined) throw new Error(`the pack does not load: ${JSON.stringify(problems[0])}`);
  const set = loadRecognisers(yaml(join(root, 'packs/recognisers/eu-ai-act')));
  if (!set.ok) throw new Error(`the recognisers do not load: ${JSON.stringify(set.refusal[0])}`);
  return { pack, law: compileLaw(pack, TIME), set: set.value, answers: parse(readFileSync(ANSWERS, 'utf8')) as Answers };
}

/** What the label pins, and everything else of the same kind: a point it does not name is a "no". */
function pointsOf(fixture: Fixture, pack: Pack): readonly Point[] {
  const { expected } = fixture;
  const high = pack.conclusions.map(({ id }) => id).filter((id) => id.startsWith('high_risk.III.'));
  const points: Point[] = LETTERS.map((letter) => ({ id: `5(1)(${letter})`, block: 'Article 5 letters', conclusions: [`prohibited.${letter}`], isLabelled: expected.article_5_letters.includes(letter) }));
  for (let domain = 1; domain <= 8; domain++) {
    points.push({ id: `III.${domain}`, block: 'Annex III points', conclusions: high.filter((id) => id.startsWith(`high_risk.III.${domain}`)), isLabelled: expected.annex_iii_domains.includes(domain) });
  }
  for (const [domain, letters] of Object.entries(expected.annex_iii_sub_letters ?? {})) {
    if (domain === POINT_WITHOUT_LETTERS) continue;
    for (const id of high.filter((one) => one.startsWith(`high_risk.III.${domain}`))) {
      const letter = id.slice(-1);
      points.push({ id: `III.${domain}(${letter})`, block: 'Annex III letters', conclusions: [id], isLabelled: letters.includes(letter) });
    }
  }
  if (expected.article_50_paragraphs !== undefined) {
    for (const [paragraph, conclusion] of Object.entries(PARAGRAPHS)) points.push({ id: paragraph, block: 'Article 50 paragraphs', conclusions: [conclusion], isLabelled: expected.article_50_paragraphs.includes(paragraph) });
  }
  for (const [id, conclusion, label] of [['4', 'literacy', expected.article_4_applicable], ['53', 'gpai', expected.gpai_article_53_applicable], ['55', 'gpai_systemic', expected.gpai_article_55_applicable]] as const) {
    if (label !== undefined) points.push({ id, block: 'Articles 4, 53 and 55', conclusions: [conclusion], isLabelled: label });
  }
  return points;
}

function comparisons(fixture: Fixture, pack: Pack, ours: (point: Point) => Comparison['ours']): readonly Comparison[] {
  return pointsOf(fixture, pack).map((point) => ({ fixture: fixture.name, point: point.id, block: point.block, isLabelled: point.isLabelled, ours: ours(point) }));
}

function byRules(fixture: Fixture, ground: Ground, raw: { readonly [fact: string]: unknown }): readonly Comparison[] {
  const facts = parseFacts(ground.pack, raw);
  if (!facts.ok) throw new Error(`${fixture.name}: ${JSON.stringify(facts.refusal)}`);
  const results = new Map<string, Result>(decide(ground.law, facts.value).outcomes.map((outcome) => [outcome.id, outcome.result]));
  return comparisons(fixture, ground.pack, ({ conclusions }) => {
    const found = conclusions.map((id) => {
      const result = results.get(id);
      if (result === undefined) throw new Error(`the pack has no conclusion ${id}`);
      return result;
    });
    if (found.includes('holds')) return 'yes';
    return found.every((result) => result === 'fails') ? 'no' : 'open';
  });
}

/** The law asked with our own answers. */
export function byAnswers(fixture: Fixture, ground: Ground): readonly Comparison[] {
  const { common, shared, fixtures } = ground.answers;
  const own = fixtures[fixture.name];
  if (own === undefined) throw new Error(`bench/lucairn-facts.yaml has no answers for ${fixture.name}`);
  const facts: { [fact: string]: unknown } = {};
  for (const some of [common, ...(own.use ?? []).map((name) => shared[name] ?? missing(name)), own.facts ?? {}]) Object.assign(facts, some);
  return byRules(fixture, ground, Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)));
}

function missing(name: string): never {
  throw new Error(`bench/lucairn-facts.yaml has no shared answers “${name}”`);
}

/** What the recognisers propose to ask; a proposal is a question to a person and never more. */
export function byProposals(fixture: Fixture, ground: Ground): readonly Comparison[] {
  const proposed = new Set(candidatesOf(fixture, ground).map((candidate) => candidate.conclusion));
  return comparisons(fixture, ground.pack, ({ conclusions }) => (conclusions.some((id) => proposed.has(id)) ? 'yes' : 'no'));
}

/**
 * The law asked with the proposed facts, as if a person had confirmed each and no more; elsewhere the common answers, the rest is open.
 * A common answer that would make a proposed question pointless is left out: who confirms a deep fake has not said that nothing is made.
 */
export function byConfirmedProposals(fixture: Fixture, ground: Ground): readonly Comparison[] {
  const facts = new Map<string, unknown>();
  for (const { fact, value } of candidatesOf(fixture, ground)) facts.set(fact, joined(facts.get(fact), value));
  const gates = new Set([...facts.keys()].flatMap((fact) => gatesOf(fact, ground.pack)));
  const common = Object.entries(ground.answers.common).filter(([fact]) => !gates.has(fact));
  return byRules(fixture, ground, { ...Object.fromEntries(common), ...Object.fromEntries(facts) });
}

/** The facts on which it depends whether a question is put at all, through definitions. */
function gatesOf(fact: string, pack: Pack): readonly string[] {
  const found = new Set<string>();
  const walk = (part: unknown): void => {
    if (typeof part === 'string') {
      const definition = pack.definitions.find(({ id }) => id === part);
      if (found.has(part)) return;
      found.add(part);
      if (definition !== undefined) walk(definition.when);
    } else if (typeof part === 'object' && part !== null) Object.values(part).forEach(walk);
  };
  walk(pack.facts.find(({ id }) => id === fact)?.appliesIf);
  return [...found].filter((id) => pack.facts.some((one) => one.id === id));
}

function candidatesOf(fixture: Fixture, { set }: Ground): readonly Candidate[] {
  return prescreen(set, [{ field: 'text', text: fixture.input }], { languages: [fixture.lang] }).filter((candidate) => candidate.weight > 0);
}

/** A proposed member of a set becomes the set; two proposals for one set are both confirmed. */
function joined(before: unknown, next: FactValue): unknown {
  if (typeof next !== 'object' || !('has' in next)) return next;
  return [...new Set([...(Array.isArray(before) ? (before as readonly string[]) : []), ...next.has])];
}

/** No recogniser looks for literacy: Article 4 follows from the role, not from a description. */
export const POINT_NOT_PROPOSED = '4';

export const isDifference = (one: Comparison): boolean => one.ours !== (one.isLabelled ? 'yes' : 'no');

/** Differences to the answered law that no remark explains, and remarks that explain nothing: both must be empty. */
export function unexplained(differences: readonly Comparison[], remarks: readonly Remark[]): { readonly differences: readonly string[]; readonly remarks: readonly string[] } {
  const keys = new Set(remarks.flatMap((remark) => remark.fixtures.map((fixture) => `${fixture} ${remark.point}`)));
  const found = new Set(differences.map((one) => `${one.fixture} ${one.point}`));
  return { differences: [...found].filter((key) => !keys.has(key)), remarks: [...keys].filter((key) => !found.has(key)) };
}

export function remarkOn(one: Comparison, remarks: readonly Remark[]): Remark | undefined {
  return remarks.find((remark) => remark.point === one.point && remark.fixtures.includes(one.fixture));
}
