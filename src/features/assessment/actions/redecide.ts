/** Decides every answered system again after a change of law: streamed, flat in memory, writing only what moved. */

import { ahead } from '../../../base/index.ts';
import { classifierFor, fitterFor, isInForce, type Law, type LawTime, type Pack, parameterAt } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Registry } from '../../registry/index.ts';
import { isOpenLetter, lettersOf, publicHeadline } from '../rules/codes.ts';
import { createRedecisionStore, type Redecided } from '../store/redecisions.ts';

const BATCH_SYSTEMS = 2_000;

export interface RedecideParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly registry: Pick<Registry, 'setSummaries'>;
}

export interface RedecideResult {
  readonly systems: number;
  readonly changed: number;
}

/**
 * A system whose result moved goes back to the work list: what was recorded stays recorded, but somebody must record the new result.
 * `progress` is told after each batch; `signal` stops between batches (what was written stays, and the next pass goes over all again).
 */
export async function redecide(parts: RedecideParts, law: Law, options: { readonly signal?: AbortSignal; readonly progress?: (done: number, total: number) => Promise<void> } = {}): Promise<RedecideResult> {
  const store = createRedecisionStore(parts.database);
  const classifier = classifierFor(law);
  const fit = fitterFor(undefined, law.pack);
  const codes = new Uint8Array(classifier.ids.length);
  const total = options.progress === undefined ? 0 : await store.answeredCount();
  const members = law.outcomes.flatMap((outcome, index) => (outcome.members.length === 0 ? [index] : []));
  let systems = 0;
  let changedCount = 0;
  let after: string | undefined;
  // While one batch is decided the next is already on its way from the database.
  let next = ahead(store.batch(undefined, BATCH_SYSTEMS));
  for (;;) {
    options.signal?.throwIfAborted();
    const batch = await next;
    after = batch.at(-1)?.systemId;
    if (after === undefined) break;
    next = ahead(store.batch(after, BATCH_SYSTEMS));
    const changed: (Redecided & { readonly stakes: number })[] = [];
    for (const system of batch) {
      const { facts } = fit(system.facts);
      const letters = lettersOf(classifier.classify(facts, codes));
      if (letters === system.codes) continue;
      const openCount = members.reduce((count, index) => count + (isOpenLetter(letters[index]) ? 1 : 0), 0);
      changed.push({ systemId: system.systemId, codes: letters, state: 'started', headline: classifier.headline(facts, codes), openCount, stakes: system.stakes });
    }
    await store.save(changed, parts.clock.now());
    await parts.registry.setSummaries(changed.map((one) => ({ systemId: one.systemId, headline: publicHeadline(one.state, one.headline), stakes: Math.round(one.stakes), open: one.openCount })));
    systems += batch.length;
    changedCount += changed.length;
    await options.progress?.(systems, total);
  }
  await store.finish({ pack: law.pack.ref, asOf: law.asOf, knownOn: law.knownOn, systems, changed: changedCount, finishedAt: parts.clock.now() });
  return { systems, changed: changedCount };
}

/**
 * Whether the law is another than at the last pass: another pack, or the same pack on a day when one of its rules came into force or
 * one of its values moved. A register without answers never needs a pass.
 */
export async function needsRedeciding(database: Database, law: Law): Promise<boolean> {
  const store = createRedecisionStore(database);
  if ((await store.answeredCount()) === 0) return false;
  const last = await store.latest(law.pack.ref.id);
  return last === undefined || last.digest !== law.pack.ref.digest || lawOf(law.pack, last) !== lawOf(law.pack, law);
}

/** What of the pack is law at two dates: the rules in force and the value of each parameter. */
function lawOf(pack: Pack, time: LawTime): string {
  return JSON.stringify([pack.rules.filter((rule) => isInForce(rule, time)).map((rule) => rule.id), pack.parameters.map((parameter) => parameterAt(parameter, time)?.value ?? null)]);
}
