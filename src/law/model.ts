/** The words of the law engine: packs, facts, conclusions, decisions. Types only; the shapes of the YAML files are in docs/spec/law-pack.md. */

import type { CivilDate, LocalisedText } from '../base/index.ts';

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
  /** Source text of the gate: while it is determined false the fact is not applicable. */
  readonly appliesIf?: string;
  /** Effort of answering, 1 (at sight) to 5 (a study). */
  readonly answerCost: 1 | 2 | 3 | 4 | 5;
  /** Whether the body could change it (intended purpose: yes; who the persons are: no). */
  readonly mutable: boolean;
  readonly sensitivity: 'public' | 'internal' | 'secret';
  readonly who: 'provider' | 'deployer' | 'both' | 'regulator';
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
  readonly kind: 'general' | 'exception';
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
