/** Carries out what the council decided: only after a certified OUTCOME and the standstill, at least once, each time with the same result. */

import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { systemScope } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Motion, Standing } from '../model.ts';
import { KIND_RULES } from '../rules/kinds.ts';
import { changeMotion, noteOnMotion } from './change-motion.ts';
import type { Work } from './parts.ts';

const STANDINGS: Readonly<Partial<Record<Motion['kind'], Standing['standing']>>> = { authorise: 'authorised', suspend: 'suspended', prohibit: 'prohibited' };

/** What is left to write in the transaction that marks the effect as done; or why it cannot be carried out, as a catalogue key and a detail. */
type Outcome = Verdict<((tx: Tx) => Promise<void>) | undefined>;

/** Carries out the effect of a motion in force and keeps what became of it. Asks nothing of the caller: the state of the row is the leave. */
export async function carryOut(work: Work, motion: Motion): Promise<void> {
  if (motion.effect !== 'waiting' || !['in-force', 'completed'].includes(motion.state)) return;
  if (KIND_RULES[motion.kind].effect === 'recorded') {
    await noteOnMotion(work, motion, 'effect-recorded', { set: { effect: 'recorded', effect_at: work.clock.now() } });
    return;
  }
  const outcome = await tryEffect(work, motion);
  const at = work.clock.now();
  if (!outcome.ok) await noteOnMotion(work, motion, 'effect-failed', { detail: outcome.refusal, set: { effect: 'failed', effect_why: outcome.refusal, effect_at: at } });
  else await noteOnMotion(work, motion, 'effect-done', { set: { effect: 'done', effect_why: null, effect_at: at }, ...(outcome.value === undefined ? {} : { also: outcome.value }) });
}

async function tryEffect(work: Work, motion: Motion): Promise<Outcome> {
  switch (motion.kind) {
    case 'authorise':
    case 'suspend':
    case 'prohibit':
      return standingOf(work, motion);
    case 'adopt-pack':
      return adopt(work, motion, motion.subject['pack'] ?? '');
    case 'annul':
      return annul(work, motion);
    case 'roll':
      return newRoll(work, motion);
    case 'grant-agreement':
    case 'renew-agreement':
    case 'revoke-agreement':
    case 'accredit':
    case 'procedure':
      return yes(undefined);
  }
}

async function standingOf(work: Work, motion: Motion): Promise<Outcome> {
  const system = motion.subject['system'] ?? '';
  const standing = STANDINGS[motion.kind];
  const entry = await work.registry.get(systemScope, system);
  if (entry === undefined || standing === undefined) return no('system-gone');
  const { until } = motion.subject;
  const end = motion.lapsesAt ?? (until === undefined ? undefined : (`${until}T23:59:59.000Z` as Instant));
  return yes(async (tx) => work.store.setStanding(tx, system, motion.id, standing, motion.inForceAt ?? work.clock.now(), end));
}

async function adopt(work: Work, motion: Motion, digest: string): Promise<Outcome> {
  const adopted = await work.lawbook.adopt({ digest, author: `Council ${motion.number ?? ''}`, reason: motion.title[motion.authentic], effects: { decision: motion.number ?? '', motion: motion.digest ?? '' } });
  if (adopted.ok || adopted.refusal.kind === 'in-force-already') return yes(undefined);
  return no(`pack-${adopted.refusal.kind}`);
}

/** The entry is the roll itself, which the rule of the log lets in because this motion carried it as an annex. */
async function newRoll(work: Work, motion: Motion): Promise<Outcome> {
  const { epoch } = await work.council.standing();
  if (motion.slot === `epoch/${epoch}`) return yes(undefined);
  // The rule goes by certified time, which only a new anchor moves past the standstill.
  await work.council.anchored(AbortSignal.timeout(ROLL_WAIT_MS)).catch(() => undefined);
  const entered = await work.council.submit([motion.subject['roll'] ?? '']);
  return entered.ok ? yes(undefined) : no(`roll-refused ${entered.refusal.rule ?? entered.refusal.code}`);
}
const ROLL_WAIT_MS = 20_000;

async function annul(work: Work, motion: Motion): Promise<Outcome> {
  const target = await work.store.get(motion.subject['decision'] ?? '');
  if (target === undefined) return no('decision-gone');
  if (target.state === 'superseded') return yes(undefined);
  if (target.kind === 'roll' || target.kind === 'annul') return no('cannot-be-reversed');
  if (target.kind === 'adopt-pack') {
    const back = await packBefore(work, target);
    if (!back.ok) return back;
  }
  const done = await changeMotion(work, target, 'supersede', {
    detail: motion.number,
    set: { effect: target.effect === 'done' || target.effect === 'recorded' ? 'reversed' : 'none', effect_at: work.clock.now() },
    also: async (tx) => work.store.endStanding(tx, target.id, work.clock.now()),
  });
  return done.ok ? yes(undefined) : no('decision-not-in-force');
}

/** An adoption that is annulled gives way to what was in force before it, if it still is the newest; otherwise nothing is left to take back. */
async function packBefore(work: Work, target: Motion): Promise<Outcome> {
  const pack = target.subject['pack'] ?? '';
  const adoption = (await work.lawbook.adoptions()).find((one) => one.pack.digest === pack);
  const inForce = work.lawbook.packs().some(({ ref }) => ref.digest === pack);
  if (!inForce || adoption?.previousDigest === undefined || adoption.previousDigest === pack) return yes(undefined);
  return adopt(work, target, adoption.previousDigest);
}
