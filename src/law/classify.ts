/** The fast path: results, and one reason each, for millions of systems; a walk through the fast form, and through the diagrams where answers are missing. */

import { assert, dayNumber } from '../base/index.ts';
import { FALSE, SharedReach, TRUE } from './bdd.ts';
import type { Assignment, Node } from './bdd.ts';
import { assignFact, assignFacts, regionOf } from './assignment.ts';
import type { Law } from './compile.ts';
import { decide, outcomesOf, RESULT_CODES, RESULTS_ONLY } from './decide.ts';
import { oneReason } from './explain.ts';
import { fastFormOf, WORD_BITS } from './fast-form.ts';
import type { AnswerWord, FastForm } from './fast-form.ts';
import type { Decision, FactId, Facts, Literal, Reason, Result } from './model.ts';

const CODE_OF_REACH = Uint8Array.of(0, 0, 1, 2);
const HOLDS_CODE = RESULT_CODES.indexOf('holds');
const FAILS_CODE = RESULT_CODES.indexOf('fails');
const UNDETERMINED_CODE = RESULT_CODES.indexOf('undetermined');

/** Results only, for re-deciding millions of systems: reusable answers, no allocation per system while nothing is disputed. */
export interface Classifier {
  /** Ids of the outcomes, in the order of the codes. */
  readonly ids: readonly string[];
  /** Writes one code per outcome (an index of RESULT_CODES) into `out`, which is returned. */
  readonly classify: (facts: Facts, out?: Uint8Array) => Uint8Array;
  /** Id of the headline of the facts that were classified last, with the codes that came out. */
  readonly headline: (facts: Facts, codes: Uint8Array) => string;
  /**
   * One prime implicant for each settled conclusion (undefined for open ones and those with facts in dispute), found by deletion. That of
   * a family is put together from its members: it settles the family, but decide() may find a shorter one.
   */
  readonly explain: (facts: Facts) => readonly (Reason | undefined)[];
}

/** A classifier owns its scratch memory: one per loop. The fast form behind it is made once per law. */
export function classifierFor(law: Law): Classifier {
  const walker = new Walker(law);
  const assignment: Assignment = new Int8Array(law.variableCount);
  const { outcomes, diagrams } = law;
  const asides = outcomes.filter(({ isAside }) => isAside);
  const families = outcomes.flatMap((outcome, index) => (outcome.members.length > 0 ? [index] : []));
  const classifyOne = (facts: Facts, out: Uint8Array = new Uint8Array(outcomes.length)): Uint8Array => {
    walker.classify(facts, out);
    if (walker.isDisputed) resultsOnly(law, facts).outcomes.forEach(({ result }, index) => (out[index] = RESULT_CODES.indexOf(result)));
    return out;
  };
  const headline = (facts: Facts, codes: Uint8Array): string => {
    if (walker.isDisputed) return resultsOnly(law, facts).headline.id;
    const isOpen = asides.length === 0 ? codes.includes(UNDETERMINED_CODE) : codes.some((code, index) => code === UNDETERMINED_CODE && !outcomes[index]!.isAside);
    return law.headline.find(({ when }) => (when === 'open' ? isOpen : walker.codeByDiagram(when) === HOLDS_CODE))?.id ?? 'none';
  };
  const explain = (facts: Facts): readonly (Reason | undefined)[] => {
    assignFacts(law, facts, assignment);
    const reaches = outcomes.map((outcome) => (outcome.members.length === 0 ? diagrams.reach(outcome.node, assignment) : 3));
    const reasons = outcomes.map((outcome, index) => (reaches[index] === 3 ? undefined : oneReason(law, outcome, assignment, reaches[index] === 2 ? TRUE : FALSE)));
    for (const index of families) reasons[index] = reasonFromMembers(outcomes[index]!.members, reaches, reasons);
    return reasons;
  };
  return { ids: outcomes.map((outcome) => outcome.id), classify: classifyOne, headline, explain };
}

/** Codes of the conclusions alone, at the index of each outcome; those of families mean nothing. What families take where much is open is saved. */
export function conclusionsFor(law: Law): (facts: Facts, out: Uint8Array) => void {
  const walker = new Walker(law, false);
  const conclusions = law.outcomes.flatMap(({ id, members }) => (members.length === 0 ? [id] : []));
  return (facts, out) => {
    walker.classify(facts, out);
    if (!walker.isDisputed) return;
    for (const { id, result } of outcomesOf(law, facts, conclusions, RESULTS_ONLY)) out[law.outcomeById.get(id)!] = RESULT_CODES.indexOf(result);
  };
}

/** One member that holds is reason enough for its family; that a family fails needs the reasons of all members. */
function reasonFromMembers(members: readonly number[], reaches: readonly number[], reasons: readonly (Reason | undefined)[]): Reason | undefined {
  const holding = members.find((member) => reaches[member] === 2);
  if (holding !== undefined) return reasons[holding];
  if (members.some((member) => reaches[member] === 3)) return undefined;
  const literals = new Set<Literal>();
  // Equal literals of one law are one object.
  for (const member of members) for (const literal of reasons[member]!.because) literals.add(literal);
  return { because: [...literals] };
}

/** Results by outcome id, straight from the diagrams. For many systems use classifierFor, which first makes the fast form of the law. */
export function classify(law: Law, facts: Facts): Readonly<Record<string, Result>> {
  const lazy = new LazyAnswers(law);
  lazy.begin(facts);
  const codes = law.outcomes.map(({ node }) => lazy.code(node));
  if (lazy.isDisputed) return Object.fromEntries(resultsOnly(law, facts).outcomes.map(({ id, result }) => [id, result]));
  return Object.fromEntries(law.outcomes.map(({ id }, index) => [id, RESULT_CODES[codes[index]!]!]));
}

function resultsOnly(law: Law, facts: Facts): Decision {
  return decide(law, facts, RESULTS_ONLY);
}

/** A walk met an answer that is not fully known. */
const OPEN_LEAF = -1;

/** Runs the fast form, table by table; where a table meets something open, its conclusions are looked up in the diagrams one by one. */
class Walker {
  private readonly law: Law;
  private readonly form: FastForm;
  private readonly words: AnswerWords;
  private readonly lazy: LazyAnswers;
  private readonly families: readonly { readonly index: number; readonly members: Int32Array }[];
  private facts: Facts = {};
  private isLazyReady = false;

  constructor(law: Law, withFamilies = true) {
    this.law = law;
    this.form = fastFormOf(law);
    this.words = new AnswerWords(this.form);
    this.lazy = new LazyAnswers(law);
    this.families = !withFamilies ? [] : law.outcomes.flatMap(({ members }, index) => (members.length > 0 ? [{ index, members: Int32Array.from(members) }] : []));
  }

  /** Some fact that was met is in dispute; then codes do not count. */
  get isDisputed(): boolean {
    return this.isLazyReady && this.lazy.isDisputed;
  }

  classify(facts: Facts, out: Uint8Array): void {
    const { words } = this;
    const { stages, holding, holdingFrom } = this.form;
    this.facts = facts;
    this.isLazyReady = false;
    words.begin(facts);
    out.fill(FAILS_CODE);
    let isOpen = false;
    for (const { requirement, tables } of stages) {
      let met = HOLDS_CODE;
      if (requirement !== undefined) {
        const leaf = words.leaf(requirement.root);
        met = leaf === OPEN_LEAF ? this.codeByDiagram(requirement.node) : holdingFrom[leaf]! < holdingFrom[leaf + 1]! ? HOLDS_CODE : FAILS_CODE;
        if (met === FAILS_CODE) continue;
      }
      for (const table of tables) {
        const leaf = met === HOLDS_CODE ? words.leaf(table.root) : OPEN_LEAF;
        if (leaf === OPEN_LEAF) {
          isOpen = true;
          this.oneByOne(table.outcomes, met, out);
          continue;
        }
        for (let at = holdingFrom[leaf]!; at < holdingFrom[leaf + 1]!; at++) out[holding[at]!] = HOLDS_CODE;
      }
    }
    // While nothing is open, the leaves have named the families too.
    if (isOpen) this.settleFamilies(out);
  }

  private oneByOne(outcomes: Int32Array, met: number, out: Uint8Array): void {
    for (const index of outcomes) {
      const { node, body, requires } = this.law.outcomes[index]!;
      out[index] = this.codeByDiagram(requires === undefined || met !== HOLDS_CODE ? node : body);
    }
  }

  /** One member that holds settles a family, and so do members that all fail; open members may still settle it together. */
  private settleFamilies(out: Uint8Array): void {
    for (const { index, members } of this.families) {
      let code = FAILS_CODE;
      for (const member of members) {
        if (out[member] === HOLDS_CODE) code = HOLDS_CODE;
        else if (out[member] !== FAILS_CODE && code === FAILS_CODE) code = UNDETERMINED_CODE;
      }
      out[index] = code === UNDETERMINED_CODE ? this.codeByDiagram(this.law.outcomes[index]!.node) : code;
    }
  }

  /** Index of RESULT_CODES, of the facts classified last. */
  codeByDiagram(node: Node): number {
    if (!this.isLazyReady) {
      this.lazy.begin(this.facts);
      this.isLazyReady = true;
    }
    return this.lazy.code(node);
  }
}

const NOT_READ_WORD = -1;
const OPEN_WORD = -2;

/** The answers as words of bits, each looked up when a walk first meets it: most of a full set of answers is never read. */
class AnswerWords {
  private readonly form: FastForm;
  private readonly values: Int32Array;
  private readonly ids: readonly FactId[];
  private facts: Facts = {};

  constructor(form: FastForm) {
    this.form = form;
    this.ids = form.words.map(({ id }) => id);
    this.values = new Int32Array(form.words.length);
  }

  begin(facts: Facts): void {
    this.facts = facts;
    this.values.fill(NOT_READ_WORD);
  }

  /** The leaf that the answers lead to, or OPEN_LEAF. */
  leaf(root: number): number {
    const { values } = this;
    const { program } = this.form;
    let at = root;
    while (at >= 0) {
      const word = program[at]!;
      let bits = values[word]!;
      if (bits < 0) {
        if (bits === NOT_READ_WORD) bits = values[word] = this.read(word);
        if (bits === OPEN_WORD) return OPEN_LEAF;
      }
      at = program[at + ((bits & program[at + 1]!) === 0 ? 2 : 3)]!;
    }
    return ~at;
  }

  private read(index: number): number {
    const answer = this.facts[this.ids[index]!];
    if (answer === true) return 1;
    if (answer === false) return 0;
    if (answer === undefined || (typeof answer === 'object' && !Array.isArray(answer))) return OPEN_WORD;
    return bitsOfAnswer(this.form.words[index]!, answer as string | number | readonly string[]);
  }
}

function bitsOfAnswer(word: AnswerWord, answer: string | number | readonly string[]): number {
  const { bitOfValue, fact } = word;
  if (Array.isArray(answer)) {
    let bits = 0;
    for (let at = 0; at < answer.length; at++) bits |= bitOfValue.get(answer[at] as string)!;
    return bits;
  }
  if (bitOfValue.size > 0) {
    const bits = bitOfValue.get(answer as string);
    assert(bits !== undefined, `“${String(answer)}” is not a value of ${fact.definition.id}`);
    return bits;
  }
  // A number or date is beyond its first boundaries: so many bits from the lowest, less those of the words before.
  const region = regionOf(fact, fact.definition.type === 'date' ? dayNumber(answer as string) : (answer as number)) - word.offset;
  return region <= 0 ? 0 : 2 ** Math.min(region, WORD_BITS) - 1;
}

/** Not yet looked up; any other value is as in an assignment. */
const NOT_READ = -2;

/** Walks diagrams and looks up only those facts that the walks meet: most of a full set of answers is never read. */
export class LazyAnswers {
  private readonly law: Law;
  private readonly values: Assignment;
  private readonly fresh: Assignment;
  private facts: Facts = {};
  private isAllRead = false;
  /** Made when something is open for the first time. */
  private reach: SharedReach | undefined;
  /** Some fact that was met is in dispute; then codes do not count. */
  isDisputed = false;

  constructor(law: Law) {
    this.law = law;
    this.fresh = law.blank.map((value, variable) => (law.factOfVariable[variable]! < 0 ? value : NOT_READ));
    this.values = new Int8Array(this.fresh);
  }

  begin(facts: Facts): void {
    this.facts = facts;
    this.values.set(this.fresh);
    this.isDisputed = false;
    this.isAllRead = false;
  }

  /** Index of RESULT_CODES. */
  code(root: Node): number {
    const { variable, low, high } = this.law.diagrams;
    const { values } = this;
    let node = root;
    while (node > TRUE) {
      const at = variable[node]!;
      let value = values[at]!;
      if (value === NOT_READ) {
        this.read(at);
        value = values[at]!;
      }
      if (value < 0) return this.openCode(root);
      node = value === 1 ? high[node]! : low[node]!;
    }
    return node;
  }

  private read(variable: number): void {
    const fact = this.law.facts[this.law.factOfVariable[variable]!]!;
    if (!assignFact(fact, this.facts[fact.definition.id], this.law.blank, this.values)) this.isDisputed = true;
  }

  private openCode(root: Node): number {
    this.reach ??= new SharedReach(this.law.diagrams);
    if (!this.isAllRead) {
      for (let variable = 0; variable < this.values.length; variable++) if (this.values[variable] === NOT_READ) this.read(variable);
      this.isAllRead = true;
      this.reach.begin();
    }
    return CODE_OF_REACH[this.reach.of(root, this.values)]!;
  }
}
