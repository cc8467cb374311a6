/** What follows from decisions, on both engines: effects once and again, annulment, lapse, rivals, the clock, law only by decision. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { yes } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { migrationsOf } from '../../../platform/db/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { createJobs } from '../../../platform/jobs/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { councilOf33 } from '../../../proof/council/constitution.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { assessmentMigrations, openAssessment } from '../../assessment/index.ts';
import type { Council, RoundFacts } from '../../council/index.ts';
import { lawbookMigrations, type Lawbook, openLawbook } from '../../lawbook/index.ts';
import { createRegistry, registryMigrations } from '../../registry/index.ts';
import { type Motions, motionsMigrations, openMotions } from '../index.ts';
import type { Kind, Motion } from '../model.ts';
import type { Given } from '../rules/read-motion.ts';

const DAY_S = 86_400;
const START = '2027-01-04T09:00:00.000Z';
const startS = Date.parse(START) / 1000;

/** A council that only stands there: its numbers are real, its outcomes are told by the test. */
function quietCouncil(): Council {
  const constitution = councilOf33('council.example');
  const never = async (): Promise<never> => Promise.reject(new Error('not asked in these tests'));
  return {
    constitution: () => constitution,
    standing: async () => Promise.resolve({ state: 'operating', origin: 'council.example', epoch: 1, roll: undefined, rollDigest: undefined, genesisDigest: undefined, prefixSize: 0, certified: undefined }),
    round: async () => Promise.resolve(undefined),
    submit: async (entries) => Promise.resolve(yes(entries.map((_, index) => index))),
    textsBy: () => undefined,
    onOutcome: () => undefined,
    onChange: () => undefined,
    found: never, bySecretariat: () => '', keys: () => ({ log: '', secretariat: '' }), anchored: never, rounds: never, slotRollFor: never, decisionFile: never, seats: never, deliver: never,
  };
}

function factsOf(motion: Motion, carried: string | undefined, inForceS: number | undefined, certified = true): RoundFacts {
  const outcome = { council: 'council.example', epoch: 1, slotRoll: '0'.repeat(64), slot: motion.slot ?? '', round: motion.round, cut: { size: 1, root: '' }, carried, yes: [{ option: 'A', seats: 22 }], no: 0, abstain: 0, silent: 11, equivocated: 0, constituencies: 4, inForceS };
  return { slot: motion.slot ?? '', round: motion.round, epoch: 1, stage: carried === undefined ? 'not-carried' : 'carried', class: motion.class, sealed: false, options: [], openedS: startS, commitsCloseS: undefined, closesS: startS + 100, sitting: [], recused: [], committed: [], casts: [], equivocated: [], outcome, closedS: startS + 100, entries: { slotRoll: 1, open: 2, commitsClose: undefined, close: 3, outcome: 4 }, certified };
}

onEveryEngine((open) => {
  let motions: Motions;
  let lawbook: Lawbook;
  let system: string;
  const clock = fixedClock(START);
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const given = (more: Given = {}): Given => ({ ...Object.fromEntries(['az', 'en', 'ru'].flatMap((language) => [[`title-${language}`, `Title ${language}`], [`body-${language}`, 'One.\n\nTwo.']])), basis: 'Article 12(1)', parties: 'Body', ...more });
  const get = async (id: string): Promise<Motion> => asSystem(async () => ((await motions.view(id)) as { motion: Motion }).motion);
  const ok = <T>(verdict: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: unknown }): T => {
    if (!verdict.ok) throw new Error(JSON.stringify(verdict.refusal));
    return verdict.value;
  };
  /** Moved, admitted, scheduled. */
  const scheduled = async (kind: Kind, more: Given): Promise<string> => asSystem(async () => {
    const id = ok(await motions.start(kind, given(more), { moverName: 'Mover' }));
    ok(await motions.submit(id));
    ok(await motions.admit(id, true, 'Article 12(1)'));
    ok(await motions.schedule(id));
    return id;
  });
  const carry = async (id: string, inForceS: number): Promise<void> => motions.outcome(factsOf(await get(id), 'A', inForceS));

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-motions-'));
    const database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...motionsMigrations()]);
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const registry = createRegistry({ database, clock });
    lawbook = await openLawbook({ database, clock });
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => ({ set: { recognisers: [], pack: '' } as never, digest: 'none' }) });
    const jobs = await createJobs({ database, clock, log: createLog(config.value) });
    motions = openMotions({ database, clock, suite: nodeSuite, council: quietCouncil(), registry, lawbook, assessment, jobs, files: await openFileStore(folder), language: 'en' });
    const made = await registry.create(systemScope, { name: 'CV ranking', organisation: 'Body', purpose: 'Ranks applicants.' });
    system = ok(made).id;
    await asSystem(async () => motions.saveSettings({ supportersMin: 0, adoptByDecision: false, closingNoticeHours: 24 }));
    return async () => {
      await jobs.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  });
  const standing = async (): Promise<string | undefined> => (await asSystem(async () => motions.standing(system)))?.standing;
  const at = (timeS: number): void => clock.move(new Date(timeS * 1000).toISOString());

  describe('a decision about a system', () => {
    let first: string;
    it('does nothing before it is certified', async () => {
      first = await scheduled('authorise', { 'subject-system': system });
      await motions.outcome(factsOf(await get(first), 'A', startS + 7 * DAY_S, false));
      expect((await get(first)).state).toBe('scheduled');
    });
    it('waits for the standstill, then takes effect once, however often it is told', async () => {
      await carry(first, startS + 7 * DAY_S);
      expect([(await get(first)).state, await standing()]).toEqual(['standstill', undefined]);
      await motions.tick();
      expect((await get(first)).state).toBe('standstill');
      at(startS + 7 * DAY_S);
      await motions.tick();
      await motions.tick();
      await carry(first, startS + 7 * DAY_S);
      expect([(await get(first)).state, (await get(first)).effect, await standing()]).toEqual(['in-force', 'done', 'authorised']);
      const events = await asSystem(async () => (await motions.view(first))?.events.map(({ act }) => act));
      expect(events?.filter((act) => act === 'effect-done')).toHaveLength(1);
    });
    it('gives way to a newer one, and an emergency lapses by itself', async () => {
      const emergency = await scheduled('suspend', { 'subject-system': system, class: 'emergency' });
      await carry(emergency, startS + 8 * DAY_S);
      at(startS + 8 * DAY_S);
      await motions.tick();
      expect([(await get(emergency)).state, await standing()]).toEqual(['in-force', 'suspended']);
      at(startS + 23 * DAY_S);
      await motions.tick();
      expect([(await get(emergency)).state, (await get(emergency)).effect, await standing()]).toEqual(['lapsed', 'reversed', 'authorised']);
    });
    it('is reversed by its annulment', async () => {
      const annulment = await scheduled('annul', { 'subject-decision': first });
      await carry(annulment, startS + 30 * DAY_S);
      at(startS + 30 * DAY_S);
      await motions.tick();
      expect([(await get(annulment)).effect, (await get(first)).state, (await get(first)).effect, await standing()]).toEqual(['done', 'superseded', 'reversed', undefined]);
    });
    it('that is not carried changes nothing', async () => {
      const lost = await scheduled('prohibit', { 'subject-system': system });
      await motions.outcome(factsOf(await get(lost), undefined, undefined));
      expect([(await get(lost)).state, (await get(lost)).effect, await standing()]).toEqual(['not-carried', 'none', undefined]);
    });
  });

  it('of two alternatives one is carried and the other is not; both are scheduled at once', async () => {
    const [one, other] = await asSystem(async () => {
      const a = ok(await motions.start('authorise', given({ 'subject-system': system }), { moverName: 'A' }));
      ok(await motions.submit(a));
      expect(await motions.start('authorise', given({ 'subject-system': system, class: 'guarded' }), { moverName: 'B', rivalOf: a })).toMatchObject({ ok: false, refusal: { code: 'motion-class' } });
      const b = ok(await motions.start('authorise', given({ 'subject-system': system, 'title-en': 'Other' }), { moverName: 'B', rivalOf: a }));
      ok(await motions.submit(b));
      ok(await motions.admit(a, true, 'x'));
      expect(await motions.schedule(a)).toMatchObject({ ok: false, refusal: { code: 'motion-rival' } });
      ok(await motions.admit(b, true, 'x'));
      ok(await motions.schedule(a));
      return [a, b];
    });
    expect([(await get(one)).state, (await get(other)).state, (await get(other)).option, (await get(one)).number === (await get(other)).number]).toEqual(['scheduled', 'scheduled', 'B', true]);
    await motions.outcome(factsOf(await get(one), 'B', startS + 60 * DAY_S));
    expect([(await get(one)).state, (await get(other)).state]).toEqual(['not-carried', 'standstill']);
  });

  it('records what has no register of its own', async () => {
    const id = await scheduled('grant-agreement', { 'subject-agreement': '7', 'subject-data': 'Statistics', 'subject-destination': 'Abroad', 'subject-until': '2028-01-01' });
    await carry(id, startS + 61 * DAY_S);
    at(startS + 61 * DAY_S);
    await motions.tick();
    expect([(await get(id)).state, (await get(id)).effect]).toEqual(['in-force', 'recorded']);
  });

  it('tells why an effect cannot be carried out, and tries again when asked', async () => {
    const pack = lawbook.packs()[0]?.ref.digest ?? '';
    const id = await scheduled('adopt-pack', { 'subject-pack': pack, class: 'constitutional', parties: '' });
    let blocks = true;
    lawbook.mustFit(() => (blocks ? ['not yet'] : []));
    await carry(id, startS + 62 * DAY_S);
    at(startS + 62 * DAY_S);
    await motions.tick();
    expect([(await get(id)).effect, (await get(id)).effectWhy]).toEqual(['failed', 'pack-does-not-fit']);
    blocks = false;
    expect(await asSystem(async () => motions.retryEffect(id))).toMatchObject({ ok: true });
    expect([(await get(id)).effect, (await get(id)).effectWhy]).toEqual(['done', undefined]);
    expect(await asSystem(async () => motions.retryEffect(id))).toMatchObject({ ok: false, refusal: { code: 'motion-effect-nothing' } });
  });

  it('lets law in by decision only where the setting says so', async () => {
    await asSystem(async () => motions.saveSettings({ supportersMin: 0, adoptByDecision: true, closingNoticeHours: 24 }));
    const other = (await asSystem(async () => lawbook.installed())).find(({ isInForce, ref }) => !isInForce && ref.digest !== lawbook.packs()[0]?.ref.digest);
    const asked = other?.ref.digest ?? lawbook.packs()[1]?.ref.digest ?? '';
    const refused = await asSystem(async () => lawbook.adopt({ digest: asked, author: 'Somebody', reason: 'x', effects: null }));
    expect(refused).toMatchObject({ ok: false, refusal: { kind: 'does-not-fit' } });
    if (!refused.ok && refused.refusal.kind === 'does-not-fit') expect(refused.refusal.messages.join(' ')).toContain('decision of the council');
  });

  it('refuses what comes from an older page, and support of the own motion', async () => {
    await asSystem(async () => {
      const id = ok(await motions.start('procedure', given({ parties: '', class: 'constitutional' }), { moverName: 'A' }));
      expect(await motions.support(id, 'A')).toMatchObject({ ok: false, refusal: { code: 'motion-own-support' } });
      expect(await motions.save(id, given({ parties: '', class: 'constitutional' }), 7)).toMatchObject({ ok: false, refusal: { code: 'motion-stale' } });
      await motions.saveSettings({ supportersMin: 3, adoptByDecision: false, closingNoticeHours: 24 });
      ok(await motions.submit(id));
      expect(await motions.admit(id, true, 'x')).toMatchObject({ ok: false, refusal: { code: 'motion-supporters', needed: 3, have: 0 } });
      expect(await motions.demand(id, 'nonsense')).toMatchObject({ ok: false, refusal: { code: 'motion-demand' } });
    });
  });
});
