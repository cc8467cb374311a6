/** The words of duties: timings, duties, sanctions, clocks and what the engine answers about them. Types only; the YAML is in docs/spec/law-pack.md. */

import type { CivilDate, LocalisedText } from '../base/index.ts';
import type { Authority, Citation, Comparator, ConclusionId, Condition, Decision, Evidence, FactId, Outcome, Result } from './model.ts';

export type DutyId = string;

/** Part of a law that is compiled together: what a system is, or also what somebody must do. */
export type Layer = 'classification' | 'duties';

/** A date as a pack writes it. `name` is a date of the same timing, or `article` or `route`. Parameters and facts are of type date. */
export type DateTerm =
  | { readonly op: 'never' }
  | { readonly op: 'name'; readonly name: string }
  | { readonly op: 'parameter'; readonly parameter: string }
  | { readonly op: 'fact'; readonly fact: FactId }
  | { readonly op: 'max' | 'min'; readonly of: readonly DateTerm[] };

export interface DateComparison {
  readonly left: DateTerm;
  readonly by: Comparator;
  readonly right: DateTerm;
}

/** One dated line: it counts when its condition holds and all its comparisons are true. */
export interface DateLine {
  readonly when?: Condition;
  /** As written; absent when the line compares nothing. */
  readonly ifText?: string;
  /** All of them must be true. */
  readonly if: readonly DateComparison[];
  readonly date: DateTerm;
  readonly dateText: string;
}

/** A line of a due date, with its name and reason. */
export interface DueLine extends DateLine {
  readonly id: string;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
  /** Of a line whose date is `never`: the date fact whose change opens the question again. */
  readonly again?: FactId;
}

/** A date that later lines may use by its name; the first line that counts gives it. */
export interface NamedDate {
  readonly id: string;
  readonly lines: readonly DateLine[];
}

/** How a due date follows from law and facts: the first line of `due` that counts. */
export interface Timing {
  readonly id: string;
  readonly label: LocalisedText;
  readonly dates: readonly NamedDate[];
  readonly due: readonly DueLine[];
}

export type LengthUnit = 'years' | 'months' | 'days' | 'hours';

/** How long something is kept: `length` is a number parameter, counted from the event `from` (a word such as `placing`). */
export interface Retention {
  readonly id: string;
  readonly length: string;
  readonly unit: LengthUnit;
  readonly from: string;
  readonly label: LocalisedText;
}

/** An artefact that shows that a duty is met. */
export interface Artefact {
  readonly id: string;
  readonly label: LocalisedText;
}

/** What is easier for some, shown where its condition holds. */
export interface Relief {
  readonly when: Condition;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
}

/** What somebody must do. Its condition is the conclusion `duty.ID`. */
export interface DutyDefinition {
  readonly id: DutyId;
  /** `duty.` and the id. */
  readonly conclusion: ConclusionId;
  /** The family of its conclusion, where it is another than `duty`: one of the duties layer, with a requirement of its own or none. */
  readonly family?: string;
  /** Conclusions (or families) of which one must hold: who has the duty. */
  readonly roles: readonly string[];
  /** Id of a duty group. */
  readonly group: string;
  /** What triggers it, without the role. */
  readonly when: Condition;
  /** Short name. */
  readonly label: LocalisedText;
  /** What has to be done, one to three plain sentences. */
  readonly plain: LocalisedText;
  readonly cite: readonly Citation[];
  /** Annexes with what they ask for. */
  readonly annex: readonly Citation[];
  /** How well the text was read (`ev` in the pack). */
  readonly evidence: Evidence;
  readonly authority: Authority;
  readonly timing: string;
  /** Date parameter: the own date of the article. */
  readonly article?: string;
  /** Conclusion or family whose holding members give the route dates. */
  readonly route?: string;
  /** Artefacts expected (`evidence` in the pack). */
  readonly artefacts: readonly Artefact[];
  readonly retention: readonly Retention[];
  readonly clocks: readonly string[];
  readonly sanction?: string;
  readonly relief: readonly Relief[];
}

export interface DutyGroup {
  readonly id: string;
  readonly label: LocalisedText;
}

/** The ceiling of a fine: a fixed amount and a share of turnover, both parameters; the higher of the two for undertakings unless `lowerWhen`. */
export interface SanctionDefinition {
  readonly id: string;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
  /** Number parameter, in euro. */
  readonly fixed: string;
  /** Number parameter, in percent of worldwide annual turnover. */
  readonly percent?: string;
  /** Whoever meets it is held to the lower of the two. */
  readonly lowerWhen?: Condition;
  /** Whoever meets it is not under this sanction. */
  readonly unless?: Condition;
  readonly evidence: Evidence;
}

/** A statutory period that starts with an event. */
export interface ClockDefinition {
  readonly id: string;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
  /** Number parameter. */
  readonly length: string;
  readonly unit: LengthUnit;
  /** The event it runs from, a word such as `awareness`. */
  readonly from: string;
  readonly when?: Condition;
}

/** What a worked case expects of a due date; `no-duty` where the duty does not hold, `open` where facts are missing. */
export type ExpectedDue = CivilDate | 'never' | 'undated' | 'open' | 'no-duty';

/**
 * When a duty is due. `line` and `lines` are ids of due lines of its timing.
 * `between`: facts are missing; answering `ask` gives a date inside the range. Without `latest` it may be any later day, or never.
 * `never`: not due; `again` is the date fact whose change opens the question again. `undated`: the law known then gives no date.
 */
export type Due =
  | { readonly kind: 'date'; readonly date: CivilDate; readonly line: string }
  | { readonly kind: 'between'; readonly earliest?: CivilDate; readonly latest?: CivilDate; readonly mayBeNever: boolean; readonly ask: readonly FactId[]; readonly lines: readonly string[] }
  | { readonly kind: 'never'; readonly line: string; readonly again?: FactId }
  | { readonly kind: 'undated' };

/** Due dates by option of a reading on which they depend, the other readings at their defaults. */
export interface DueReadingDependence {
  readonly reading: string;
  readonly default: string;
  readonly dues: { readonly [option: string]: Due | 'no-duty' };
}

export interface DutyClock {
  readonly clock: ClockDefinition;
  /** Value of its parameter at (asOf, knownOn); undefined when there is none. */
  readonly length?: number;
  /** Whether its condition holds (`holds` without one). */
  readonly result: Result;
}

export interface DutyRetention {
  readonly retention: Retention;
  readonly length?: number;
}

export interface DutyOutcome {
  readonly duty: DutyDefinition;
  /** Of the conclusion `duty.ID`. */
  readonly outcome: Outcome;
  /** When it holds or may hold. */
  readonly due?: Due;
  /** Only the readings on which the due date, or whether there is a duty, depends. */
  readonly dueUnderReadings: readonly DueReadingDependence[];
  /** Reliefs that hold. */
  readonly relief: readonly Relief[];
  readonly sanction?: SanctionDefinition;
  /** Clocks that run or may run. */
  readonly clocks: readonly DutyClock[];
  readonly retention: readonly DutyRetention[];
}

export interface DutiesDecision {
  readonly decision: Decision;
  /** The conclusions that duties name as roles, and the others of their families, in the order of the pack. */
  readonly roles: readonly Outcome[];
  readonly duties: readonly DutyOutcome[];
}
