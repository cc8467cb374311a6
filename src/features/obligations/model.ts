/** The words of the obligations: what a change of law does to registered systems, and the runs that measure it. */

import type { CivilDate, Instant } from '../../base/index.ts';
import type { FactId, PackRef, Result } from '../../law/index.ts';

/** Runs whose systems are kept; of older ones the summary stays. */
export const EFFECT_RUNS_KEPT_MAX = 20;
export const EFFECT_ROWS_MAX = 100;
/** Conclusions and duties of one summary; far above those of any law. */
export const EFFECT_POINTS_MAX = 2_000;

/** What happens to a regime: it begins or ceases to hold, becomes open, or an open one is settled without holding. */
export type RegimeShift = 'begins' | 'ceases' | 'opens' | 'settles';
/** What happens to a duty: there is one now, none any more, its date moves, it becomes open, or an open one falls away. */
export type DutyShift = 'appears' | 'vanishes' | 'moves' | 'opens' | 'settles';

/** A day, no date fixed by law, never, or open because answers are missing. */
export type DueMark = CivilDate | 'undated' | 'never' | 'open';

export interface RegimeEffect {
  readonly id: string;
  readonly shift: RegimeShift;
  /** Absent where the law does not know the regime. */
  readonly from?: Result;
  readonly to?: Result;
}

export interface DutyEffect {
  readonly id: string;
  readonly shift: DutyShift;
  readonly from?: DueMark;
  readonly to?: DueMark;
}

/** What the change does to one system; only systems with an effect have one. */
export interface SystemEffect {
  readonly headline: { readonly from: string; readonly to: string };
  readonly regimes: readonly RegimeEffect[];
  readonly duties: readonly DutyEffect[];
  /** Answers that the new law cannot read. */
  readonly dropped: readonly FactId[];
}

export interface EffectItem extends SystemEffect {
  readonly systemId: string;
  readonly name: string;
  readonly bodyName: string;
  /** Orders the list: regimes by the weight of their family, then duties. */
  readonly weight: number;
}

/** How often each shift of each point came up, and with dates how far they moved. */
export interface EffectCount {
  /** `regime:high_risk.III.4a` or `duty:PR.RM`. */
  readonly point: string;
  readonly shift: RegimeShift | DutyShift;
  readonly systems: number;
}

export interface EffectSummary {
  readonly systems: number;
  readonly affected: number;
  readonly counts: readonly EffectCount[];
  /** Systems by headline before and after, only where it moves. */
  readonly headlines: readonly { readonly from: string; readonly to: string; readonly systems: number }[];
  /** Systems with answers that must be given again. */
  readonly withDropped: number;
}

/** One measurement: every answered system under the law in force and under another one. */
export interface EffectRun {
  readonly id: string;
  readonly from: PackRef;
  readonly to: PackRef;
  readonly asOf: CivilDate;
  readonly knownOn: CivilDate;
  readonly jobId?: string;
  readonly actor: string;
  readonly startedAt: Instant;
  readonly finishedAt?: Instant;
  readonly summary?: EffectSummary;
  /** Whether its systems are still kept. */
  readonly hasItems: boolean;
}

/** Where a page of affected systems ends. */
export interface EffectKey {
  readonly weight: number;
  readonly systemId: string;
}
