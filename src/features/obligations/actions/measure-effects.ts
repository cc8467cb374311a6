/** Measures what another law would do to every answered system: streamed, flat in memory, one row an affected system. */

import { ahead, type Instant } from '../../../base/index.ts';
import { fitterFor } from '../../../law/index.ts';
import type { Assessment } from '../../assessment/index.ts';
import { EFFECT_POINTS_MAX, type EffectCount, type EffectSummary, type SystemEffect } from '../model.ts';
import { comparerOf, type LawPair } from '../rules/compare-laws.ts';
import type { EffectRow, EffectStore } from '../store/effects.ts';

const BATCH_SYSTEMS = 2_000;

export interface MeasureParts {
  readonly store: Pick<EffectStore, 'clear' | 'add' | 'finish'>;
  readonly assessment: Pick<Assessment, 'answered' | 'answeredCount'>;
  readonly now: () => Instant;
}

/**
 * Compares the two laws on every answered system and keeps what differs under `runId`. Begins again from the start after an interruption.
 * `progress` is told after each batch; `signal` stops between batches.
 */
export async function measureEffects(parts: MeasureParts, runId: string, from: LawPair, to: LawPair, options: { readonly signal?: AbortSignal; readonly progress?: (done: number, total: number) => void } = {}): Promise<EffectSummary> {
  await parts.store.clear(runId);
  const total = await parts.assessment.answeredCount();
  const compare = comparerOf(from, to);
  // Answers may be of any older version; both laws are compared on what the law in force reads.
  const readable = fitterFor(undefined, from.duties.pack);
  const weights = new Map(to.regimes.pack.families.concat(from.regimes.pack.families).map((family) => [family.id, family.weight]));
  const familyOf = new Map([...from.regimes.pack.conclusions, ...to.regimes.pack.conclusions].map((conclusion) => [conclusion.id, conclusion.family]));
  const weightOf = (effect: SystemEffect): number => Math.round(effect.regimes.reduce((sum, { id }) => sum + 100 * (weights.get(familyOf.get(id) ?? '') ?? 1), effect.duties.length + effect.dropped.length));
  const tally = new Tally();
  let after: string | undefined;
  // While one batch is compared the next is already on its way from the database.
  let next = ahead(parts.assessment.answered(undefined, BATCH_SYSTEMS));
  for (;;) {
    options.signal?.throwIfAborted();
    const batch = await next;
    after = batch.at(-1)?.systemId;
    if (after === undefined) break;
    next = ahead(parts.assessment.answered(after, BATCH_SYSTEMS));
    const rows: EffectRow[] = [];
    for (const system of batch) {
      tally.systems++;
      const effect = compare(readable(system.facts).facts);
      if (effect === undefined) continue;
      const touches = touchesOf(effect);
      tally.add(effect);
      rows.push({ systemId: system.systemId, name: system.name, bodyName: system.bodyName, weight: weightOf(effect), touches, ...effect });
    }
    await parts.store.add(runId, rows);
    options.progress?.(tally.systems, Math.max(total, tally.systems));
  }
  const summary = tally.summary();
  await parts.store.finish(runId, summary, parts.now());
  return summary;
}

/** What the list is filtered by. */
function touchesOf(effect: SystemEffect): readonly string[] {
  const touches = new Set<string>();
  for (const { id, shift } of effect.regimes) touches.add(`regime:${id}`).add(`shift:${shift}`);
  for (const { id, shift } of effect.duties) touches.add(`duty:${id}`).add(`shift:${shift}`);
  if (effect.dropped.length > 0) touches.add('dropped');
  return [...touches];
}

/** Counts over one run. Mutable; owned by measureEffects. */
class Tally {
  systems = 0;
  private affected = 0;
  private withDropped = 0;
  private readonly counts = new Map<string, number>();
  private readonly headlines = new Map<string, number>();

  add(effect: SystemEffect): void {
    this.affected++;
    if (effect.dropped.length > 0) this.withDropped++;
    for (const { id, shift } of effect.regimes) count(this.counts, `regime:${id} ${shift}`);
    for (const { id, shift } of effect.duties) count(this.counts, `duty:${id} ${shift}`);
    if (effect.headline.from !== effect.headline.to) count(this.headlines, `${effect.headline.from} ${effect.headline.to}`);
  }

  summary(): EffectSummary {
    // What is settled by the change is told before what it leaves open.
    const opens = (key: string): number => (key.endsWith(' opens') ? 1 : 0);
    const pairs = (counts: ReadonlyMap<string, number>) => [...counts].sort((a, b) => opens(a[0]) - opens(b[0]) || b[1] - a[1]).slice(0, EFFECT_POINTS_MAX).map(([key, systems]) => ({ first: key.slice(0, key.lastIndexOf(' ')), second: key.slice(key.lastIndexOf(' ') + 1), systems }));
    return {
      systems: this.systems,
      affected: this.affected,
      counts: pairs(this.counts).map(({ first, second, systems }): EffectCount => ({ point: first, shift: second as EffectCount['shift'], systems })),
      headlines: pairs(this.headlines).map(({ first, second, systems }) => ({ from: first, to: second, systems })),
      withDropped: this.withDropped,
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
