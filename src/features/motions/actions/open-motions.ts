/** The service of motions: drafting, supporting, admitting, amending, scheduling, and what follows from outcomes and from the clock. */

import { randomUUID } from 'node:crypto';
import { Fault, type Instant, no, parseCivilDate, type Verdict, yes } from '../../../base/index.ts';
import { demandScope, systemScope, within } from '../../../platform/auth/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { signedText } from '../../../proof/council/replay-round.ts';
import { type Complaint, parseComplaint } from '../../../proof/council/seat-texts.ts';
import { isStalled, type RoundFacts } from '../../council/index.ts';
import {
  type Amendment, AMENDMENTS_MAX, ANNEXES_OF_MOTION_MAX, type AnnexRow, type Kind, type ListFilter, type ListKey, type Motion, type MotionContent, type MotionRefusal, type MotionView, REASON_CHARS_MAX, RIVALS_MAX,
  type Settings, type Standing,
} from '../model.ts';
import { clashes, type Change, consolidated, fitsText, shifted } from '../rules/amend.ts';
import { type Act, isOpenToChange, mayAct } from '../rules/life.ts';
import { tidyText } from '../rules/motion-words.ts';
import { papersOf } from '../rules/papers.ts';
import { type Given, readMotion } from '../rules/read-motion.ts';
import { createMotionStore } from '../store/motions.ts';
import { motionText } from '../text/index.ts';
import { changeMotion, noteOnMotion } from './change-motion.ts';
import { factsOf, freezeDossier } from './dossier.ts';
import { carryOut } from './effects.ts';
import { instantOfSeconds, OPEN_VOTE, openVote, type VoteInput } from './open-vote.ts';
import type { MotionsParts, Work } from './parts.ts';

type Done<T = true> = Promise<Verdict<T, MotionRefusal>>;
const HOUR_MS = 3_600_000;
const NUMBER_TRIES_MAX = 5;
const ROLL_SLOT = /^epoch (\d+)$/m;

export interface Motions {
  start(kind: Kind, given: Given, of: { readonly moverName: string; readonly rivalOf?: string | undefined }): Done<string>;
  save(id: string, given: Given, revision: number): Done;
  view(id: string): Promise<MotionView | undefined>;
  list(filter: ListFilter, limit: number, after?: ListKey): ReturnType<ReturnType<typeof createMotionStore>['list']>;
  counts: ReturnType<typeof createMotionStore>['counts'];
  submit(id: string): Done;
  support(id: string, name: string): Done;
  unsupport(id: string): Done;
  supports(id: string): Promise<boolean>;
  /** Found admissible, or not, each with the basis for it. */
  admit(id: string, isAdmissible: boolean, why: string, amendUntil?: string): Done;
  withdraw(id: string, why: string): Done;
  /** A demand signed by a minority: overrules an inadmissibility (`admit`), a new round (`round`), a confirming vote (`confirm`). */
  demand(id: string, note: string): Done<Complaint['kind']>;
  schedule(id: string): Done<string>;
  cancelOpening(id: string): Done;
  retryOpening(id: string): Done<string>;
  amend(id: string, change: Change & { readonly reason: string; readonly moverName: string }): Done<number>;
  supportAmendment(id: string, amendmentId: string): Done;
  decideAmendment(id: string, amendmentId: string, isAdopted: boolean): Done;
  attach(id: string, content: AsyncIterable<Uint8Array>, name: string): Done;
  detach(id: string, position: number): Done;
  complete(id: string, why: string): Done;
  retryEffect(id: string): Done;
  papers(digest: string): Promise<{ readonly motion: Motion; readonly manifest: string; readonly texts: Readonly<Record<string, string>>; readonly annexes: readonly AnnexRow[]; readonly facts: ReturnType<typeof factsOf> } | undefined>;
  annex(sha256: string): Promise<AnnexRow | undefined>;
  /** What the motion's manifest would be now; undefined before it has a number. */
  preview(view: MotionView): { readonly manifest: string; readonly digest: string } | undefined;
  standing(systemId: string): Promise<Standing | undefined>;
  settings(): Promise<Settings>;
  saveSettings(settings: Settings): Promise<void>;
  /** What the clock asks for: standstills that end, emergencies that lapse, effects that wait, votes that close soon. */
  tick(): Promise<void>;
  /** Takes note of a certified OUTCOME; the same twice changes nothing. */
  outcome(facts: RoundFacts): Promise<void>;
}

export function openMotions(parts: MotionsParts): Motions {
  const { clock, council, jobs, lawbook, registry } = parts;
  const work: Work = { ...parts, store: createMotionStore(parts.database) };
  const { store } = work;
  const actor = (): string => demandScope().actor;

  jobs.define<VoteInput>(OPEN_VOTE, openVote(work), { policy: 'motion.schedule' });
  council.textsBy(async (digest) => within(systemScope, async () => {
    const motion = await store.byDigest(digest);
    return motion?.manifest === undefined || motion.number === undefined ? undefined : { manifest: motion.manifest, texts: papersOf(work.suite, council.constitution().council, { ...motion, number: motion.number }, []).texts };
  }));
  council.onOutcome(async (facts) => within(systemScope, async () => outcome(work, facts)));
  // With the setting on, nobody puts law into force but the council; the act of adoption itself stays in one place.
  lawbook.mustFit(async (pack) => within(systemScope, async () => {
    if (!(await store.settings()).adoptByDecision) return [];
    return (await hasDecision(work, pack.ref.digest)) ? [] : [motionText.in(parts.language)('settings.decision-needed')];
  }));

  const known = async (kind: Kind, given: Given) => {
    const system = given['subject-system']?.trim() ?? '';
    const decision = given['subject-decision']?.trim() ?? '';
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    return {
      classes: council.constitution().classes.map(({ name }) => name),
      packs: kind === 'adopt-pack' ? (await lawbook.installed()).map(({ ref }) => ref.digest) : [],
      hasSystem: uuid.test(system) && (await within(systemScope, async () => registry.get(systemScope, system))) !== undefined,
      hasDecision: uuid.test(decision) && ['standstill', 'in-force', 'completed'].includes((await store.get(decision))?.state ?? ''),
    };
  };
  const read = async (kind: Kind, given: Given): Done<MotionContent> => {
    const content = readMotion(kind, given, await known(kind, given));
    return content.ok ? content : no({ code: 'motion-fields', fields: content.refusal });
  };
  const withMotion = async <T>(id: string, act: Act | undefined, does: (motion: Motion) => Done<T>): Done<T> => {
    const motion = await store.get(id);
    if (motion === undefined) return no({ code: 'no-motion' });
    if (act !== undefined && !mayAct(motion.state, act)) return no({ code: 'motion-not-now', state: motion.state, act });
    return does(motion);
  };

  return {
    start: async (kind, given, { moverName, rivalOf }) => {
      const content = await read(kind, given);
      if (!content.ok) return content;
      const rival = rivalOf === undefined ? undefined : await store.get(rivalOf);
      if (rivalOf !== undefined && (rival?.number === undefined || !['submitted', 'admissible'].includes(rival.state) || rival.slot?.startsWith('epoch/') === true)) return no({ code: 'motion-rival' });
      if (rival !== undefined && rival.class !== content.value.class) return no({ code: 'motion-class', class: rival.class });
      const taken = rival?.number === undefined ? [] : await store.ofNumber(rival.number);
      if (taken.length >= RIVALS_MAX) return no({ code: 'motion-rival' });
      const option = 'ABCDEFGH'.charAt(taken.length);
      return yes(await store.create(content.value, { moverName, rivalOf: rival, option }, { act: 'drafted', actor: actor(), at: clock.now() }));
    },
    save: async (id, given, revision) =>
      withMotion(id, 'edit', async (motion) => {
        const content = await read(motion.kind, given);
        if (!content.ok) return content;
        if (motion.revision !== revision) return no({ code: 'motion-stale' });
        return (await store.rewrite(motion, content.value, { act: 'edited', actor: actor(), at: clock.now() })) ? yes(true) : no({ code: 'motion-stale' });
      }),
    view: async (id) => {
      const motion = await store.get(id);
      if (motion === undefined) return undefined;
      const [annexes, amendments, events, sameText, rivals, settings, round] = await Promise.all([
        store.annexes(id), store.amendments(id), store.events(id), store.sameText(motion), motion.number === undefined ? [] : store.ofNumber(motion.number), store.settings(),
        motion.slot === undefined ? undefined : council.round(motion.slot, motion.round),
      ]);
      return { motion, annexes, amendments, events, sameText, rivals: rivals.filter((one) => one.id !== id && one.state !== 'draft'), round, isStalled: round !== undefined && isStalled(round, council.constitution(), Math.floor(Date.parse(clock.now()) / 1000)), supportersMin: settings.supportersMin };
    },
    list: async (filter, limit, after) => store.list(filter, limit, after),
    counts: async () => store.counts(),
    submit: async (id) => withMotion(id, 'submit', async (motion) => submit(work, motion)),
    support: async (id, name) =>
      withMotion(id, 'support', async (motion) => {
        if (motion.movedBy === actor()) return no({ code: 'motion-own-support' });
        await store.support(id, actor(), name, clock.now());
        return yes(true);
      }),
    unsupport: async (id) => withMotion(id, 'support', async () => yes((await store.unsupport(id, actor()), true as const))),
    supports: async (id) => store.supports(id, actor()),
    admit: async (id, isAdmissible, why, amendUntil = '') =>
      withMotion(id, isAdmissible ? 'admit' : 'refuse', async (motion) => {
        const basis = tidyText(why).slice(0, REASON_CHARS_MAX);
        if (basis === '') return no({ code: 'motion-fields', fields: [{ field: 'why', problem: 'basis' }] });
        if (amendUntil !== '' && parseCivilDate(amendUntil) === undefined) return no({ code: 'motion-fields', fields: [{ field: 'amend-until', problem: 'not-a-date' }] });
        const { supportersMin } = await store.settings();
        if (isAdmissible && motion.supporters < supportersMin) return no({ code: 'motion-supporters', needed: supportersMin, have: motion.supporters });
        return changeMotion(work, motion, isAdmissible ? 'admit' : 'refuse', { detail: basis, ...(amendUntil === '' ? {} : { set: { amend_until: `${amendUntil}T23:59:59.000Z` } }) });
      }),
    withdraw: async (id, why) => withMotion(id, 'withdraw', async (motion) => changeMotion(work, motion, 'withdraw', { detail: tidyText(why).slice(0, REASON_CHARS_MAX) })),
    demand: async (id, note) => withMotion(id, undefined, async (motion) => demand(work, motion, note)),
    schedule: async (id) => withMotion(id, 'schedule', async (motion) => schedule(work, motion)),
    cancelOpening: async (id) =>
      withMotion(id, 'cancel-opening', async (motion) => {
        if (motion.slot !== undefined && (await council.round(motion.slot, motion.round))?.entries.open !== undefined) return no({ code: 'motion-not-now', state: 'open', act: 'cancel-opening' });
        if (motion.jobId !== undefined) await jobs.cancel(motion.jobId);
        for (const one of await scheduledWith(work, motion)) {
          const back = await changeMotion(work, one, 'cancel-opening', { set: { manifest: null, digest: null, job_id: null } });
          if (!back.ok) return back;
        }
        return yes(true);
      }),
    retryOpening: async (id) =>
      withMotion(id, 'open', async (motion) => {
        const job = motion.jobId === undefined ? undefined : await jobs.get(motion.jobId);
        if (job !== undefined && job.state !== 'failed' && job.state !== 'cancelled') return no({ code: 'motion-not-now', state: motion.state, act: 'retry' });
        const jobId = await jobs.start(OPEN_VOTE, { slot: motion.slot ?? '', round: motion.round, confirms: false });
        for (const one of await scheduledWith(work, motion)) await store.change(one, { job_id: jobId }, undefined);
        return yes(jobId);
      }),
    amend: async (id, change) =>
      withMotion(id, 'amend', async (motion) => {
        const problem = (motion.amendUntil !== undefined && motion.amendUntil < clock.now() ? 'late' : undefined) ?? fitsText(motion.body, change) ?? (tidyText(change.reason) === '' ? 'text' : undefined);
        if (problem !== undefined) return no({ code: 'motion-amendment', problem });
        if ((await store.amendments(id)).length >= AMENDMENTS_MAX) return no({ code: 'motion-amendment', problem: 'too-many' });
        const { act, paragraph, text, moverName } = change;
        const number = await store.addAmendment({ id: randomUUID(), motionId: id, act, paragraph, text, reason: tidyText(change.reason).slice(0, REASON_CHARS_MAX), moverName, movedBy: actor(), at: clock.now() });
        await noteOnMotion(work, motion, 'amendment-proposed', { detail: String(number) });
        return yes(number);
      }),
    supportAmendment: async (id, amendmentId) =>
      withMotion(id, 'amend', async () => {
        const amendment = (await store.amendments(id)).find((one) => one.id === amendmentId);
        if (amendment?.state !== 'proposed') return no({ code: 'motion-amendment', problem: 'state' });
        if (amendment.movedBy === actor()) return no({ code: 'motion-own-support' });
        await store.supportAmendment(amendmentId, actor(), clock.now());
        return yes(true);
      }),
    decideAmendment: async (id, amendmentId, isAdopted) => withMotion(id, 'amend', async (motion) => decideAmendment(work, motion, amendmentId, isAdopted)),
    attach: async (id, content, name) =>
      withMotion(id, undefined, async (motion) => {
        if (!isOpenToChange(motion.state) || (await store.annexes(id)).length >= ANNEXES_OF_MOTION_MAX) return no({ code: 'motion-annexes' });
        const stored = await parts.files.put(content, name);
        if (!stored.ok) return no({ code: 'motion-annexes' });
        const { sha256, bytes, mediaType } = stored.value;
        await store.putAnnex(id, { name: stored.value.name, source: 'file', sha256, bytes, mediaType, content: undefined });
        return noteOnMotion(work, motion, 'annex-added', { detail: stored.value.name });
      }),
    detach: async (id, position) =>
      withMotion(id, undefined, async (motion) => {
        if (!isOpenToChange(motion.state)) return no({ code: 'motion-annexes' });
        await store.removeAnnex(id, position);
        return noteOnMotion(work, motion, 'annex-removed', { detail: String(position) });
      }),
    complete: async (id, why) => withMotion(id, 'complete', async (motion) => changeMotion(work, motion, 'complete', { detail: tidyText(why).slice(0, REASON_CHARS_MAX) })),
    retryEffect: async (id) =>
      withMotion(id, undefined, async (motion) => {
        if (motion.effect !== 'failed') return no({ code: 'motion-effect-nothing' });
        const waiting = await noteOnMotion(work, motion, 'effect-again', { set: { effect: 'waiting' } });
        if (!waiting.ok) return waiting;
        await within(systemScope, async () => {
          const again = await store.get(id);
          if (again !== undefined) await carryOut(work, again);
        });
        return yes(true);
      }),
    papers: async (digest) => {
      const motion = await store.byDigest(digest);
      if (motion?.manifest === undefined || motion.number === undefined) return undefined;
      const annexes = await store.annexes(motion.id);
      const { texts } = papersOf(work.suite, council.constitution().council, { ...motion, number: motion.number }, annexes);
      return { motion, manifest: motion.manifest, texts, annexes, facts: factsOf(annexes) };
    },
    annex: async (sha256) => store.annexOf(sha256),
    preview: ({ motion, annexes }) => {
      if (motion.manifest !== undefined && motion.digest !== undefined) return { manifest: motion.manifest, digest: motion.digest };
      return motion.number === undefined ? undefined : papersOf(work.suite, council.constitution().council, { ...motion, number: motion.number }, annexes);
    },
    standing: async (systemId) => store.standing(systemId, clock.now()),
    settings: async () => store.settings(),
    saveSettings: async (settings) => store.saveSettings(settings),
    tick: async () => within(systemScope, async () => tick(work)),
    outcome: async (facts) => within(systemScope, async () => outcome(work, facts)),
  };
}

// ---------------------------------------------------------------- before the vote

/** Gives the number and freezes the dossier. Two who submit at once are given two numbers: the column is unique, and the slower tries again. */
async function submit(work: Work, motion: Motion): Done {
  const { store, clock } = work;
  const roll = motion.subject['roll'];
  const slotOf = (number: string): string => (roll === undefined ? number : `epoch/${ROLL_SLOT.exec(roll)?.[1] ?? ''}`);
  await freezeDossier(work, motion);
  for (let tries = 1; ; tries += 1) {
    const number = motion.number ?? (await store.nextNumber(clock.now().slice(0, 4)));
    try {
      return await changeMotion(work, motion, 'submit', { detail: number, set: { number, slot: motion.slot ?? slotOf(number), amend_until: null } });
    } catch (error) {
      const isTaken = (error as { code?: string }).code === '23505';
      if (!isTaken || motion.number !== undefined || tries >= NUMBER_TRIES_MAX) throw error;
    }
  }
}

const scheduledWith = async (work: Work, motion: Motion): Promise<readonly Motion[]> => (await work.store.ofSlot(motion.slot ?? '')).filter(({ state }) => state === 'scheduled');

/** All options of the slot together: rivals are voted on at once or a member could say yes to both. */
async function schedule(work: Work, motion: Motion): Done<string> {
  const { council, store, jobs, suite } = work;
  const standing = await council.standing();
  if (standing.state === 'unfounded') return no({ code: 'motion-no-council' });
  const options = (await store.ofSlot(motion.slot ?? '')).filter(({ state }) => ['submitted', 'admissible'].includes(state));
  if (options.some(({ state }) => state === 'submitted')) return no({ code: 'motion-rival' });
  const late = options.find(({ amendUntil }) => amendUntil !== undefined && amendUntil > work.clock.now());
  if (late?.amendUntil !== undefined) return no({ code: 'motion-amend-until', until: late.amendUntil });
  const open = (await Promise.all(options.map(async ({ id }) => store.amendments(id)))).flat().filter(({ state }) => state === 'proposed');
  if (open.length > 0) return no({ code: 'motion-amendments-open', count: open.length });
  const papers = new Map<string, ReturnType<typeof papersOf>>();
  for (const option of options) papers.set(option.id, papersOf(suite, council.constitution().council, { ...option, number: option.number ?? '' }, await store.annexes(option.id)));
  let jobId = '';
  // Rivals and their job in one transaction: no vote opens without one of its options, and no job looks before there is something to see.
  const inOne = async (tx: Tx): Promise<void> => {
    jobId = await jobs.start(OPEN_VOTE, { slot: motion.slot ?? '', round: motion.round, confirms: false }, tx);
    for (const option of options) {
      const { manifest, digest } = papers.get(option.id) as ReturnType<typeof papersOf>;
      const happened = { act: 'schedule', actor: demandScope().actor, at: work.clock.now(), detail: digest };
      const isDone = await store.changeIn(tx, option, { state: 'scheduled', manifest, digest, job_id: jobId, round: motion.round }, happened);
      if (!isDone) throw new Fault(STALE, 'A motion was changed while its vote was being scheduled.');
      await work.record?.(tx, { act: 'schedule', number: option.number ?? '', option: option.option, state: 'scheduled', motion: digest, detail: undefined });
    }
  };
  try {
    await work.database.db.transaction().execute(async (tx) => inOne(tx));
  } catch (error) {
    if (error instanceof Fault && error.code === STALE) return no({ code: 'motion-stale' });
    throw error;
  }
  for (const option of options) await work.notify?.('scheduled', { ...option, digest: papers.get(option.id)?.digest });
  return yes(jobId);
}
const STALE = 'motion-stale';

/** What a minority demands is proven by its signatures: the rule of the log counts them, and only what it took changes anything here. */
async function demand(work: Work, motion: Motion, note: string): Done<Complaint['kind']> {
  const complaint = parseComplaint(signedText(note));
  const isHere = complaint.ok && complaint.value.slot === motion.slot && complaint.value.round === motion.round;
  if (!isHere) return no({ code: 'motion-demand', rule: complaint.ok ? 'slot' : complaint.refusal.code });
  const act: Act | undefined = complaint.value.kind === 'admit' ? 'overrule' : complaint.value.kind === 'round' ? 'again' : undefined;
  const mayConfirm = complaint.value.kind === 'confirm' && motion.state === 'standstill';
  if (!mayConfirm && (act === undefined || !mayAct(motion.state, act))) return no({ code: 'motion-not-now', state: motion.state, act: complaint.value.kind });
  const taken = await work.council.submit([note]);
  if (!taken.ok) return no({ code: 'motion-demand', rule: taken.refusal.rule ?? taken.refusal.code });
  if (act === undefined) {
    const jobId = await work.jobs.start(OPEN_VOTE, { slot: `${motion.slot ?? ''}/confirm`, round: 1, confirms: true });
    const noted = await noteOnMotion(work, motion, 'confirm-demanded', { set: { job_id: jobId } });
    return noted.ok ? yes(complaint.value.kind) : noted;
  }
  const again = act === 'again' ? { round: motion.round + 1, manifest: null, digest: null, job_id: null, opened_at: null, closes_at: null } : {};
  const done = await changeMotion(work, motion, act, { set: again });
  return done.ok ? yes(complaint.value.kind) : done;
}

async function decideAmendment(work: Work, motion: Motion, amendmentId: string, isAdopted: boolean): Done {
  const { store, clock } = work;
  const all = await store.amendments(motion.id);
  const amendment = all.find((one) => one.id === amendmentId);
  if (amendment?.state !== 'proposed') return no({ code: 'motion-amendment', problem: 'state' });
  if (!isAdopted) return noteOnMotion(work, motion, 'amendment-rejected', { detail: String(amendment.number), also: async (tx) => store.setAmendment(amendment.id, 'rejected', clock.now(), tx) });
  const next = consolidated(motion.body, [amendment]);
  if (!next.ok) return no({ code: 'motion-amendment', problem: next.refusal });
  const others = all.filter((one) => one.id !== amendment.id && one.state === 'proposed');
  const content: MotionContent = { ...motion, body: next.value };
  const isWritten = await store.rewrite(motion, content, { act: 'amendment-adopted', actor: demandScope().actor, at: clock.now() });
  if (!isWritten) return no({ code: 'motion-stale' });
  await store.setAmendment(amendment.id, 'adopted', clock.now());
  await moveOthers(work, motion, amendment, others);
  return yes(true);
}

/** Numbers of paragraphs move with the text; what spoke of a paragraph that is gone or taken is rejected with it. */
async function moveOthers(work: Work, motion: Motion, made: Amendment, others: readonly Amendment[]): Promise<void> {
  for (const other of others) {
    const paragraph = clashes(made, other) ? undefined : shifted(other, made);
    const fresh = await work.store.get(motion.id);
    if (fresh === undefined) return;
    if (paragraph === undefined) await noteOnMotion(work, fresh, 'amendment-rejected', { detail: String(other.number), also: async (tx) => work.store.setAmendment(other.id, 'rejected', work.clock.now(), tx) });
    else if (paragraph !== other.paragraph) await work.store.change(fresh, {}, undefined, async (tx) => work.store.moveAmendment(other.id, paragraph, tx));
  }
}

// ---------------------------------------------------------------- after the vote

const CONFIRM = '/confirm';

async function outcome(work: Work, facts: RoundFacts): Promise<void> {
  const result = facts.outcome;
  if (result === undefined || !facts.certified) return;
  if (facts.slot.endsWith(CONFIRM)) {
    for (const motion of (await work.store.ofSlot(facts.slot.slice(0, -CONFIRM.length))).filter(({ state }) => state === 'standstill')) {
      if (result.carried === motion.option) await noteOnMotion(work, motion, 'confirmed');
      else await changeMotion(work, motion, 'not-confirmed', { set: { effect: 'none' } });
    }
    return;
  }
  for (const motion of await work.store.ofSlot(facts.slot)) {
    // The log may run ahead of the rows: a process that died after OPEN has its motion scheduled still.
    if (motion.round !== facts.round || !['open', 'scheduled'].includes(motion.state)) continue;
    if (motion.state === 'scheduled') await changeMotion(work, motion, 'open', { set: { opened_at: work.clock.now(), closes_at: facts.closesS === undefined ? null : instantOfSeconds(facts.closesS) } });
    const now = (await work.store.get(motion.id)) ?? motion;
    if (result.carried === now.option && result.inForceS !== undefined) await carried(work, now, result.inForceS);
    else await changeMotion(work, now, 'fail');
    await work.notify?.('decided', now);
  }
  await tick(work);
}

async function carried(work: Work, motion: Motion, inForceS: number): Promise<void> {
  const rule = work.council.constitution().classes.find(({ name }) => name === motion.class);
  const lapses = rule === undefined || rule.lapsesS === 0 ? null : instantOfSeconds(inForceS + rule.lapsesS);
  const at = instantOfSeconds(inForceS);
  await changeMotion(work, motion, rule?.standstillS === 0 ? 'carry-at-once' : 'carry', { detail: at, set: { in_force_at: at, lapses_at: lapses, effect: 'waiting' } });
}

/** Whether a confirming vote is under way: until it is decided nothing enters into force. */
async function isHeld(work: Work, motion: Motion): Promise<boolean> {
  const confirm = await work.council.round(`${motion.slot ?? ''}${CONFIRM}`, 1);
  return confirm?.entries.open !== undefined && !confirm.certified;
}

async function tick(work: Work): Promise<void> {
  const { store, clock } = work;
  const now = clock.now();
  const { closingNoticeHours } = await store.settings();
  const soon = new Date(Date.parse(now) + closingNoticeHours * HOUR_MS).toISOString() as Instant;
  for (const motion of await store.due(now, soon)) {
    try {
      await dueOne(work, motion, now);
    } catch (error) {
      // One that fails must not hold up the others; it is due again at the next tick.
      work.log?.error({ err: error, code: 'motion-due', motion: motion.id }, 'what a motion was due could not be done');
    }
  }
}

async function dueOne(work: Work, motion: Motion, now: Instant): Promise<void> {
  const { store } = work;
  if (motion.state === 'open') {
    const mark = `closing:${motion.round}`;
    if ((await store.told(motion.id)) === mark || (motion.closesAt ?? '') <= now) return;
    if (await store.change(motion, { told: mark }, undefined)) await work.notify?.('closing', motion);
    return;
  }
  if (motion.state === 'standstill' && !(await isHeld(work, motion))) await changeMotion(work, motion, 'enter-force');
  const fresh = await store.get(motion.id);
  if (fresh?.lapsesAt !== undefined && fresh.lapsesAt <= now && mayAct(fresh.state, 'lapse')) {
    await changeMotion(work, fresh, 'lapse', { set: { effect: 'reversed', effect_at: now }, also: async (tx) => store.endStanding(tx, fresh.id, now) });
    return;
  }
  if (fresh !== undefined) await carryOut(work, fresh);
}

/** Whether the council has decided that this law pack is adopted; also one that is going back by an annulment was adopted so before. */
async function hasDecision(work: Work, digest: string): Promise<boolean> {
  const { items } = await work.store.list({ kind: 'adopt-pack' }, 100);
  return items.some(({ subject, state }) => subject['pack'] === digest && ['in-force', 'completed', 'superseded'].includes(state));
}

