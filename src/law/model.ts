/** The words of the law engine: packs, facts, conclusions, decisions. Types only; the shapes of the YAML files are in docs/spec/law-pack.md. */

import type { CivilDate, LocalisedText } from '../base/index.ts';
import type { ClockDefinition, DutyDefinition, DutyGroup, ExpectedDue, Layer, SanctionDefinition, Timing } from './duty-model.ts';

export type FactId = string;
export type ConclusionId = string;
export type RuleId = string;

/** How well the text behind a rule was read: V operative text, S secondary source, G final guidance, D draft guidance, K background (unverified), C sources conflict. */
export type Evidence = 'V' | 'S' | 'G' | 'D' | 'K' | 'C';
export type Authority = 'law' | 'delegated' | 'guidance_final' | 'guidance_draft' | 'national' | 'regulator_decision';

export interface Citation {
  /** Key of a `legal_basis` entry of the pack. */
  readonly act: string;
  /** As lawyers write it: `Art. 5(1)(f)`, `Annex III point 4(a)`, `Recital 53`. */
  readonly article: string;
}

export type FactType = 'bool' | 'enum' | 'set' | 'number' | 'date';

/** The comparison signs of number and date facts. */
export type Comparator = '<' | '<=' | '>' | '>=';
export type LimitValue = { readonly number: number } | { readonly date: CivilDate } | { readonly parameter: string };

/** A condition whose names are resolved. `in`, `!=` and `has any` of the text form are written out as `any`. */
export type Expression =
  | { readonly op: 'true' }
  | { readonly op: 'false' }
  | { readonly op: 'all' | 'any'; readonly of: readonly Expression[] }
  | { readonly op: 'not'; readonly of: Expression }
  | { readonly op: 'fact'; readonly fact: FactId }
  | { readonly op: 'name'; readonly kind: 'definition' | 'conclusion' | 'family'; readonly name: string }
  | { readonly op: 'is'; readonly fact: FactId; readonly value: string }
  | { readonly op: 'has'; readonly fact: FactId; readonly value: string }
  | { readonly op: 'has-none'; readonly fact: FactId }
  | { readonly op: 'compare'; readonly fact: FactId; readonly by: Comparator; readonly limit: LimitValue }
  | { readonly op: 'reading'; readonly reading: string; readonly option: string };

/** A condition with the text it was written as, for pages that show the rule. */
export interface Condition {
  readonly text: string;
  readonly expression: Expression;
}

export interface FactValueText {
  readonly id: string;
  readonly label: LocalisedText;
}

/** A question the law asks of reality. Declared in the pack; answered by people. */
export interface FactDefinition {
  readonly id: FactId;
  readonly group: string;
  readonly type: FactType;
  /** The members of an enum or a set, in the order of the pack. Empty for other types. */
  readonly values: readonly FactValueText[];
  readonly ask: LocalisedText;
  readonly help: LocalisedText;
  readonly example: LocalisedText;
  /** Why the question is asked, in plain words. */
  readonly why: LocalisedText;
  readonly cite: readonly Citation[];
  /** The gate: while it is determined false the fact is not applicable. */
  readonly appliesIf?: Condition;
  /** Effort of answering, 1 (at sight) to 5 (a study). */
  readonly answerCost: 1 | 2 | 3 | 4 | 5;
  /** Whether the body could change it (intended purpose: yes; who the persons are: no). */
  readonly mutable: boolean;
  readonly sensitivity: 'public' | 'internal' | 'secret';
  readonly who: 'provider' | 'deployer' | 'both' | 'regulator';
}

/** One dated value of a parameter: applies from `from` (absent: always), was published on `known`. */
export interface ParameterValue {
  /** `null`: the law of that day names the matter, but nobody has fixed a value; comparisons with it are false. */
  readonly value: number | CivilDate | null;
  readonly from?: CivilDate;
  readonly known: CivilDate;
  readonly source: string;
  readonly evidence: Evidence;
}

/** A dated value that is fixed. */
export type FixedValue = ParameterValue & { readonly value: number | CivilDate };

export interface Parameter {
  readonly id: string;
  readonly type: 'date' | 'number';
  readonly label: LocalisedText;
  /** Sorted by `known`, then `from`. */
  readonly values: readonly ParameterValue[];
}

/** A named condition without legal effect of its own. */
export interface Definition {
  readonly id: string;
  readonly when: Condition;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
}

export interface Conclusion {
  readonly id: ConclusionId;
  /** Id of a family; a conclusion that stands alone is its own family. */
  readonly family: string;
  readonly label: LocalisedText;
  /** One or two plain sentences a citizen understands. */
  readonly plain: LocalisedText;
}

export interface Rule {
  readonly id: RuleId;
  readonly concludes: ConclusionId;
  readonly kind: 'general' | 'exception';
  /** Of an exception: the highest that applies wins. 0 for general rules. */
  readonly priority: number;
  /** General rules conclude `holds`. */
  readonly then: 'holds' | 'fails';
  /** The rule this one defeats; then it has no other effect. */
  readonly overrides?: RuleId;
  readonly when: Condition;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
  readonly evidence: Evidence;
  readonly authority: Authority;
  /** Parameter that gives the date from which the rule applies. */
  readonly applies?: string;
  readonly validFrom?: CivilDate;
  readonly validTo?: CivilDate;
  readonly knownFrom?: CivilDate;
  readonly knownTo?: CivilDate;
  readonly note?: string;
}

/** A disputed point of law: never asked, evaluated under each option, with the default in the headline. */
export interface Reading {
  readonly id: string;
  readonly default: string;
  readonly label: LocalisedText;
  readonly options: readonly FactValueText[];
  readonly cite: readonly Citation[];
  readonly evidence: Evidence;
}

export interface Family {
  readonly id: string;
  readonly weight: number;
  /** Part of the law its conclusions are compiled with. */
  readonly layer: Layer;
  /** An undetermined member does not keep the headline `open`. */
  readonly aside: boolean;
  /** Conjoined to each member. */
  readonly requires?: Condition;
  readonly label: LocalisedText;
}

export interface Headline {
  readonly id: string;
  /** Absent on the last one; `open` matches while something is undetermined or disputed. */
  readonly when?: Condition | 'open';
  readonly label: LocalisedText;
}

/** A worked example of the pack: a story, its facts and what the law says. */
export interface WorkedCase {
  readonly id: string;
  readonly title: LocalisedText;
  readonly story: LocalisedText;
  readonly asOf?: CivilDate;
  readonly knownOn?: CivilDate;
  readonly facts: Facts;
  readonly expect: { readonly [id: ConclusionId]: Result };
  /** Expected `appliesFrom` dates. */
  readonly dates: { readonly [id: ConclusionId]: CivilDate };
  /** Options of readings under which the case is decided instead of their defaults. */
  readonly readings: { readonly [reading: string]: string };
  /** Expected due dates of duties. */
  readonly due: { readonly [duty: string]: ExpectedDue };
}

export interface LegalBasis {
  readonly key: string;
  readonly celex?: string;
  readonly oj?: string;
  readonly url?: string;
  readonly title: LocalisedText;
}

export type PackStatus = 'draft' | 'needs_local_counsel' | 'counsel_signed' | 'adopted' | 'withdrawn';

/** Where something stands in the pack: 1-based line. The file of a base is named `base/file`. */
export interface Spot {
  readonly file: string;
  readonly line: number;
}

/** One file of a pack; `path` is relative to the pack's folder, with `/`. */
export interface PackFile {
  readonly path: string;
  readonly text: string;
}

/** A loaded pack: names resolved, no cycles. Whether it is complete and sound is what checkPack says. */
export interface Pack {
  readonly ref: PackRef;
  readonly jurisdiction: string;
  readonly title: LocalisedText;
  readonly status: PackStatus;
  /** `main`: classifies systems; one at a time. `beside`: stands for itself next to the main law. */
  readonly place: 'main' | 'beside';
  /** The packs this one extends, nearest first, with the versions it was read together with. */
  readonly bases: readonly PackRef[];
  readonly validFrom: CivilDate;
  readonly knownFrom: CivilDate;
  readonly legalBasis: readonly LegalBasis[];
  readonly families: readonly Family[];
  readonly headline: readonly Headline[];
  readonly parameters: readonly Parameter[];
  /** In variable order: files in the order of `files`, entries in the order of the file. */
  readonly facts: readonly FactDefinition[];
  readonly definitions: readonly Definition[];
  readonly conclusions: readonly Conclusion[];
  readonly rules: readonly Rule[];
  readonly readings: readonly Reading[];
  readonly cases: readonly WorkedCase[];
  readonly timings: readonly Timing[];
  readonly dutyGroups: readonly DutyGroup[];
  /** Each is also a conclusion `duty.ID` of the family `duty`, with a general rule of the same id. */
  readonly duties: readonly DutyDefinition[];
  readonly sanctions: readonly SanctionDefinition[];
  readonly clocks: readonly ClockDefinition[];
  /** Where each entry stands, by `kind:id`, for example `rule:annex-III-4a`. */
  readonly spots: ReadonlyMap<string, Spot>;
  /** The id of the base an entry comes from, by `kind:id`; entries of the pack itself are not in it. */
  readonly origins: ReadonlyMap<string, string>;
  /** Texts that are missing in a language: the pack loads, but checkPack reports them. */
  readonly notes: readonly PackProblem[];
}

/** A value as answered. `readonly string[]` is a complete set; `{ has, hasNot }` leaves the other members unknown. Dates are `YYYY-MM-DD`. */
export type FactValue =
  | boolean
  | number
  | string
  | readonly string[]
  | { readonly has: readonly string[]; readonly hasNot: readonly string[] };

export interface Claim {
  readonly by: string;
  readonly value: FactValue;
}

/** What a person said about a fact. An absent fact is unknown and may be asked; `unknown` is a recorded "I do not know". Not-applicable is never stored: the engine derives it from gates. */
export type FactAnswer = FactValue | { readonly unknown: true } | { readonly disputed: readonly Claim[] };

export type Facts = { readonly [id: FactId]: FactAnswer };

/** State of one fact under given answers. `not-applicable` is derived from the gate. */
export type FactState = 'known' | 'unknown' | 'skipped' | 'not-applicable' | 'disputed';

export interface PackRef {
  readonly id: string;
  readonly version: string;
  /** SHA-256 (hex) over the pack's files, see docs/spec/law-pack.md. */
  readonly digest: string;
}

export type Result = 'holds' | 'fails' | 'undetermined' | 'disputed';

/** One literal of a reason or a flip: `fact` has `value` (for a set: member `value` is present or not). */
export interface Literal {
  readonly fact: FactId;
  /** `yes`, `no`, an enum member, a set member, or a comparison such as `> 1e25`. */
  readonly value: string;
  readonly holds: boolean;
}

/** A prime implicant: these literals alone settle the result, whatever else is true. */
export interface Reason {
  readonly because: readonly Literal[];
}

/** The cheapest change that turns a determined result into its opposite. Not advice: what would change the answer. */
export interface Flip {
  readonly to: 'holds' | 'fails';
  readonly changes: readonly (Literal & { readonly kind: 'unknown' | 'mutable' | 'immutable' })[];
  readonly cost: number;
}

export interface ReadingDependence {
  readonly reading: string;
  /** Result by option of the reading, for example `{ A: 'holds', B: 'fails' }`. */
  readonly results: { readonly [option: string]: Result };
  readonly default: string;
}

export interface RuleTrace {
  readonly rule: RuleId;
  /** `requirement`: what the family demands of each member; `rule` is then `requires:` and the family. */
  readonly kind: 'general' | 'exception' | 'requirement';
  readonly result: 'fires' | 'does-not-fire' | 'open';
  readonly decisive: boolean;
}

export interface OutcomeDates {
  /** The date from which the rule applies, as known on `knownOn`; undefined where the pack gives none. */
  readonly appliesFrom?: CivilDate;
  /** Whether it applies on `asOf`. */
  readonly applies: boolean;
  /** Where the date comes from. */
  readonly source?: string;
}

/** What the law says on one conclusion for the given facts. */
export interface Outcome {
  readonly id: ConclusionId;
  readonly family: string;
  readonly result: Result;
  /** Up to three prime implicants; empty while undetermined. */
  readonly reasons: readonly Reason[];
  readonly flip?: Flip;
  /** Facts that can still change the result, best question first. Everything else does not matter. */
  readonly ask: readonly FactId[];
  readonly disputedBy: readonly FactId[];
  readonly readings: readonly ReadingDependence[];
  readonly trace: readonly RuleTrace[];
  readonly dates: OutcomeDates;
  readonly sources: readonly Citation[];
  /** The weakest evidence mark among the rules that decided. */
  readonly evidence: Evidence;
  readonly authority: Authority;
}

export interface Decision {
  readonly pack: PackRef;
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
  /** Families (aggregate: any member) first, then members, in the order of the pack. */
  readonly outcomes: readonly Outcome[];
  /** Facts that can still change any result, best question first. */
  readonly ask: readonly FactId[];
  readonly headline: { readonly id: string; readonly label: LocalisedText };
}

/** A message about a pack that names file, line and what to do. */
export interface PackProblem {
  readonly severity: 'error' | 'warning';
  /** Stable kebab-case code: `unknown-fact`, `contradictory-exceptions`, … */
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
  /** What to do next. */
  readonly fix: string;
}
