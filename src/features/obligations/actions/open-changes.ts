/** Changes of law: measure what an installed version would do, look at it system by system, then adopt it or leave it. */

import { randomUUID } from 'node:crypto';
import { type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { affectedConclusions, compileLaw, diffPacks, type DutiesDecision, dutiesOf, type Facts, fitFacts, type Pack, type PackDiff, type PackRef } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Jobs, JobView } from '../../../platform/jobs/index.ts';
import type { Assessment } from '../../assessment/index.ts';
import type { AdoptRefusal, Adoption, LawDates, Lawbook } from '../../lawbook/index.ts';
import type { EffectItem, EffectKey, EffectRun } from '../model.ts';
import type { LawPair } from '../rules/compare-laws.ts';
import { createEffectStore } from '../store/effects.ts';
import { measureEffects } from './measure-effects.ts';

export const MEASURE = 'obligations.measure-effects';
/** Counts kept with the act of adoption: the most frequent ones. */
const COUNTS_IN_ACT_MAX = 50;

export interface ChangesParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly jobs: Jobs;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
}

export type MeasureRefusal = { readonly kind: 'unknown-pack'; readonly digest: string } | { readonly kind: 'in-force-already'; readonly digest: string } | { readonly kind: 'stands-beside'; readonly id: string };
export type AdoptAfterEffectsRefusal =
  | AdoptRefusal
  | { readonly kind: 'no-run' }
  /** The effects are still being measured, or the measurement failed. */
  | { readonly kind: 'not-measured' }
  /** They were measured against a law that is no longer in force. */
  | { readonly kind: 'measured-against-another'; readonly version: string };

/** One affected system in full: what each law says about it, and which changed entries can reach it. */
export interface EffectDetail {
  readonly run: EffectRun;
  readonly item: EffectItem;
  readonly from: { readonly pack: Pack; readonly duties: DutiesDecision };
  readonly to: { readonly pack: Pack; readonly duties: DutiesDecision };
  /** `kind:id` of changed entries by conclusion or `duty:ID`. */
  readonly because: ReadonlyMap<string, readonly string[]>;
}

export interface Changes {
  /** Starts to measure an installed main pack against the one in force; answers the run. */
  measure(scope: Scope, given: { readonly digest: string; readonly dates?: LawDates }): Promise<Verdict<EffectRun, MeasureRefusal>>;
  run(runId: string): Promise<{ readonly run: EffectRun; readonly job: JobView | undefined } | undefined>;
  runs(limit: number): Promise<readonly EffectRun[]>;
  diff(run: EffectRun): Promise<PackDiff | undefined>;
  systems(runId: string, filter: { readonly touches?: string | undefined; readonly after?: EffectKey | undefined; readonly limit: number }): Promise<{ readonly items: readonly EffectItem[]; readonly next?: EffectKey }>;
  detail(runId: string, systemId: string): Promise<EffectDetail | undefined>;
  /** Adopts the measured version. Only a finished measurement against the law that is in force now lets somebody adopt. */
  adopt(scope: Scope, runId: string, given: { readonly author: string; readonly reason: string }): Promise<Verdict<Adoption, AdoptAfterEffectsRefusal>>;
}

export function openChanges(parts: ChangesParts): Changes {
  const { clock, jobs, lawbook, assessment } = parts;
  const store = createEffectStore(parts.database);

  const packs = async (run: { readonly from: PackRef; readonly to: PackRef }): Promise<{ readonly from: Pack; readonly to: Pack } | undefined> => {
    const [from, to] = await Promise.all([lawbook.packByDigest(run.from.digest), lawbook.packByDigest(run.to.digest)]);
    return from === undefined || to === undefined ? undefined : { from, to };
  };
  const pairOf = (pack: Pack, dates: LawDates): LawPair => ({ regimes: compileLaw(pack, dates), duties: compileLaw(pack, dates, 'duties') });

  jobs.define<{ readonly run: string }>(MEASURE, async (job): Promise<Json> => {
    const run = await store.run(job.input.run);
    const both = run === undefined ? undefined : await packs(run);
    if (run === undefined || both === undefined) return { gone: true };
    const summary = await measureEffects({ store, assessment, now: () => clock.now() }, run.id, pairOf(both.from, run), pairOf(both.to, run), { signal: job.signal, progress: (done, total) => job.progress(done, total) });
    // Known by the time somebody wants to adopt.
    const errors = (await lawbook.problems(both.to)).filter((problem) => problem.severity === 'error').length;
    return { systems: summary.systems, affected: summary.affected, errors };
  }, { policy: 'law.measure' });

  return {
    measure: async (scope, { digest, dates }) => {
      const to = await lawbook.packByDigest(digest);
      if (to === undefined) return no({ kind: 'unknown-pack', digest });
      if (to.place !== 'main') return no({ kind: 'stands-beside', id: to.ref.id });
      const from = lawbook.pack();
      if (from === undefined || from.ref.digest === digest) return no({ kind: 'in-force-already', digest });
      const today = clock.today();
      const run = { id: randomUUID(), from: from.ref, to: to.ref, asOf: dates?.asOf ?? today, knownOn: dates?.knownOn ?? today, actor: scope.actor, startedAt: clock.now() };
      await store.begin(run);
      const jobId = await jobs.start(MEASURE, { run: run.id });
      await store.setJob(run.id, jobId);
      return yes({ ...run, jobId, hasItems: true });
    },
    run: async (runId) => {
      const run = await store.run(runId);
      return run === undefined ? undefined : { run, job: run.jobId === undefined ? undefined : await jobs.get(run.jobId) };
    },
    runs: (limit) => store.runs(limit),
    diff: async (run) => {
      const both = await packs(run);
      return both === undefined ? undefined : diffPacks(both.from, both.to);
    },
    systems: async (runId, { touches, after, limit }) => {
      const items = await store.page(runId, { touches, after, limit: limit + 1 });
      const page = items.slice(0, limit);
      const last = page.at(-1);
      return { items: page, ...(items.length > limit && last !== undefined ? { next: { weight: last.weight, systemId: last.systemId } } : {}) };
    },
    detail: async (runId, systemId) => {
      const run = await store.run(runId);
      const item = await store.item(runId, systemId);
      const both = run === undefined ? undefined : await packs(run);
      const answered = (await assessment.answeredFacts([systemId])).get(systemId);
      if (run === undefined || item === undefined || both === undefined || answered === undefined) return undefined;
      const under = (pack: Pack, facts: Facts) => ({ pack, duties: dutiesOf(compileLaw(pack, run, 'duties'), fitFacts(pack, facts).facts) });
      const because = new Map(affectedConclusions(both.from, both.to).map((one) => [one.kind === 'duty' ? `duty:${one.id}` : one.id, one.because]));
      return { run, item, from: under(both.from, answered), to: under(both.to, answered), because };
    },
    adopt: async (_scope, runId, { author, reason }) => {
      const run = await store.run(runId);
      if (run === undefined) return no({ kind: 'no-run' });
      if (run.summary === undefined) return no({ kind: 'not-measured' });
      const inForce = lawbook.pack();
      // Also when the same law came back into force: what was counted before is no longer what somebody would see.
      const latest = (await lawbook.adoptions()).find((act) => act.place === 'main');
      const isOvertaken = latest !== undefined && latest.adoptedAt > run.startedAt;
      if (inForce?.ref.digest !== run.from.digest || isOvertaken) return no({ kind: 'measured-against-another', version: `${run.from.id} ${run.from.version}` });
      const { counts, ...rest } = run.summary;
      const effects: Json = { run: run.id, asOf: run.asOf, knownOn: run.knownOn, systems: rest.systems, affected: rest.affected, withDropped: rest.withDropped, counts: counts.slice(0, COUNTS_IN_ACT_MAX).map((one) => ({ ...one })) };
      return lawbook.adopt({ digest: run.to.digest, author, reason, effects });
    },
  };
}
