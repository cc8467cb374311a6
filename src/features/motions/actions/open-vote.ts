/** The job by which the secretariat opens a vote: papers into the log, time to prepare, slot roll, OPEN. Goes on where it was after a restart. */

import { Fault, type Instant, type Json } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { type RunningJob, TryLater } from '../../../platform/jobs/index.ts';
import { classOf } from '../../../proof/council/constitution.ts';
import { printOpen } from '../../../proof/council/open-text.ts';
import type { CouncilRefusal } from '../../council/index.ts';
import type { Motion } from '../model.ts';
import { nextOf, type Reached, windowOf } from '../rules/opening.ts';
import { changeMotion, noteOnMotion } from './change-motion.ts';
import type { Work } from './parts.ts';

export const OPEN_VOTE = 'motions.open';
/** Steps shown as progress: papers, preparation, slot roll and anchor, OPEN. */
const STEPS = 4;
const TRIES_MAX = 5000;
const WAIT_MS_MAX = 6 * 3600 * 1000;
/** So long one run waits for seats to certify; then its place goes to other jobs and it comes back. */
const ANCHOR_WAIT_MS = 45_000;
const AGAIN_MS = 15_000;

export type VoteInput = { readonly slot: string; readonly round: number; readonly confirms: boolean };

const seconds = (at: string): number => Math.floor(Date.parse(at) / 1000);
export const instantOfSeconds = (timeS: number): Instant => new Date(timeS * 1000).toISOString() as Instant;

export function openVote(work: Work): (job: RunningJob<VoteInput>) => Promise<Json> {
  return async (job) => within(systemScope, async () => run(work, job));
}

async function run(work: Work, job: RunningJob<VoteInput>): Promise<Json> {
  const { council, clock } = work;
  const { slot, round, confirms } = job.input;
  const reached = (job.resumed ?? {}) as Reached;
  if ((reached.tries ?? 0) >= TRIES_MAX) throw new Fault('motion-opening-tries', `The vote ${slot} could not be opened in ${TRIES_MAX} tries.`);
  const motions = await motionsOf(work, slot, confirms);
  const [first] = motions;
  const rule = first === undefined ? undefined : classOf(council.constitution(), first.class);
  if (first === undefined || rule === undefined) return { opened: false };
  const next = nextOf(reached, await council.round(slot, round), rule, seconds(clock.now()));
  if (next.do === 'papers') {
    job.progress(0, STEPS);
    await council.submit(motions.map(({ manifest }) => manifest ?? '')).then(orFault);
    const { timeS } = await anchored(work, job, reached);
    await job.checkpoint({ ...reached, sinceS: timeS, tries: (reached.tries ?? 0) + 1 });
    throw new TryLater(rule.prepareS === 0 ? 0 : Math.min(WAIT_MS_MAX, rule.prepareS * 1000), 'papers lie in the log');
  }
  if (next.do === 'wait') {
    job.progress(1, STEPS, instantOfSeconds(next.untilS));
    await again(job, reached, Math.min(WAIT_MS_MAX, Math.max(1, next.untilS - seconds(clock.now())) * 1000), 'time to prepare');
  }
  if (next.do === 'open') await enterOpen(work, job, reached, motions);
  job.progress(STEPS, STEPS);
  await markOpen(work, job.input, motions);
  return { opened: true, slot, round };
}

/** All options that are voted on: those that were scheduled, or for a vote to confirm the one that carried. */
async function motionsOf(work: Work, slot: string, confirms: boolean): Promise<readonly Motion[]> {
  const all = await work.store.ofSlot(confirms ? slot.replace(/\/confirm$/, '') : slot);
  return all.filter(({ state, manifest }) => manifest !== undefined && (confirms ? state === 'standstill' : state === 'scheduled' || state === 'open'));
}

async function again(job: RunningJob<VoteInput>, reached: Reached, delayMs: number, why: string): Promise<never> {
  await job.checkpoint({ ...reached, tries: (reached.tries ?? 0) + 1 });
  throw new TryLater(delayMs, why);
}

async function anchored(work: Work, job: RunningJob<VoteInput>, reached: Reached): Promise<Awaited<ReturnType<Work['council']['anchored']>>> {
  const patience = AbortSignal.timeout(ANCHOR_WAIT_MS);
  try {
    return await work.council.anchored(AbortSignal.any([job.signal, patience]));
  } catch (error) {
    job.signal.throwIfAborted();
    if (patience.aborted) return again(job, reached, AGAIN_MS, 'seats have not certified the log yet');
    throw error;
  }
}

async function enterOpen(work: Work, job: RunningJob<VoteInput>, reached: Reached, motions: readonly Motion[]): Promise<void> {
  const { council, clock } = work;
  const { slot, round } = job.input;
  const [first] = motions;
  const rule = first === undefined ? undefined : classOf(council.constitution(), first.class);
  const { epoch } = await council.standing();
  if (first === undefined || rule === undefined) return;
  job.progress(2, STEPS);
  const slotRoll = orFault(await council.slotRollFor(slot, round));
  orFault(await council.submit([slotRoll.text]));
  const anchor = await anchored(work, job, reached);
  // The clock of the certified log is behind ours by minutes at most; the rule goes by the certified one.
  if (reached.sinceS !== undefined && anchor.timeS < reached.sinceS + rule.prepareS) await again(job, reached, AGAIN_MS, 'time to prepare');
  job.progress(3, STEPS);
  const open = printOpen({
    council: council.constitution().council,
    epoch,
    slotRoll: slotRoll.digest,
    slot,
    round,
    class: first.class,
    sealed: rule.sealed,
    options: motions.map(({ option, digest }) => ({ option, motion: digest ?? '' })),
    opened: { size: anchor.size, root: anchor.root },
    ...windowOf(rule, seconds(clock.now()), anchor.timeS),
  });
  orFault(await council.submit([council.bySecretariat(open)]));
}

/** What the log says is what the rows say afterwards; also when the process died between the two. */
async function markOpen(work: Work, { slot, round, confirms }: VoteInput, motions: readonly Motion[]): Promise<void> {
  const facts = await work.council.round(slot, round);
  const closesAt = facts?.closesS === undefined ? null : instantOfSeconds(facts.closesS);
  for (const motion of motions) {
    const now = work.clock.now();
    if (confirms) await noteOnMotion(work, motion, 'confirm-opened');
    else if (motion.state === 'scheduled') {
      const opened = await changeMotion(work, motion, 'open', { set: { opened_at: now, closes_at: closesAt }, detail: closesAt ?? undefined });
      if (opened.ok) await work.notify?.('opened', { ...motion, closesAt: closesAt ?? undefined });
    }
  }
}

/** A refusal of the log's rule ends the job with its words; a council that is busy is asked again. */
function orFault<T>(answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: CouncilRefusal }): T {
  if (answer.ok) return answer.value;
  const { code, rule, detail } = answer.refusal;
  if (code === 'council-busy') throw new TryLater(AGAIN_MS, code);
  throw new Fault('motion-opening-refused', [code, rule, detail].filter((part) => part !== undefined).join(': '), { rule: rule ?? code });
}
