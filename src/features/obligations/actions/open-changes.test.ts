/** A change of law on both engines: measured over the whole register, looked at system by system, adopted only after that. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import type { Facts } from '../../../law/index.ts';
import { systemScope as scope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { createJobs, type Jobs } from '../../../platform/jobs/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { type Assessment, assessmentMigrations, loadInstalledRecognisers, openAssessment } from '../../assessment/index.ts';
import { type Lawbook, lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { createRegistry, type Registry, registryMigrations } from '../../registry/index.ts';
import { type SmallLaw, smallLawFiles } from '../examples.ts';
import { type Changes, openChanges } from './open-changes.ts';

const clock = fixedClock('2026-11-23T09:00:00Z');

onEveryEngine((open) => {
  describe('a change of law', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-changes-'));
    let database: Database;
    let jobs: Jobs;
    let registry: Registry;
    let lawbook: Lawbook;
    let assessment: Assessment;
    let changes: Changes;

    const install = async (law: SmallLaw): Promise<string> => {
      const installed = await lawbook.install(smallLawFiles(law));
      if (!installed.ok) throw new Error(JSON.stringify(installed.refusal));
      return installed.value.ref.digest;
    };
    const system = async (name: string, facts: Facts): Promise<string> => {
      const created = await registry.create(scope, { name, organisation: 'Test body', purpose: 'Test purpose' });
      if (!created.ok) throw new Error(JSON.stringify(created.refusal));
      await assessment.screen(scope, [created.value]);
      if (Object.keys(facts).length > 0) await assessment.answerAll(scope, created.value.id, facts);
      return created.value.id;
    };
    const measured = async (digest: string): Promise<string> => {
      const begun = await changes.measure(scope, { digest });
      if (!begun.ok) throw new Error(JSON.stringify(begun.refusal));
      expect((await jobs.wait(begun.value.jobId ?? '')).state).toBe('done');
      return begun.value.id;
    };

    beforeAll(async () => {
      mkdirSync(join(folder, 'example'));
      for (const file of smallLawFiles({})) writeFileSync(join(folder, 'example', file.path), file.text);
      database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...migrationsOf('obligations')]);
      jobs = await createJobs({ database, clock, log: createLog({ logLevel: 'silent' }) });
      registry = createRegistry({ database, clock });
      lawbook = await openLawbook({ database, clock, packsFolder: folder });
      const pack = lawbook.pack();
      if (pack === undefined) throw new Error('no pack');
      const recognisers = loadInstalledRecognisers(pack);
      assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => recognisers });
      changes = openChanges({ database, clock, jobs, lawbook, assessment });
      await jobs.begin();
    });
    afterAll(async () => {
      await jobs.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('is measured over every answered system, and shown with the reasons', async () => {
      const hiring = await system('Hiring', { use: 'hire', maker: true });
      const half = await system('Half-way', { use: 'hire' });
      await system('Other', { use: 'other', maker: true });
      await system('Unanswered', {});
      const run = await measured(await install({ version: '1.1.0', day: '2028-01-01', duties: ['RISK', 'LOGS'] }));
      const found = await changes.run(run);
      expect(found?.run.summary).toMatchObject({ systems: 3, affected: 2, withDropped: 0 });
      expect(found?.run.summary?.counts).toEqual(expect.arrayContaining([
        { point: 'duty:RISK', shift: 'moves', systems: 1 },
        { point: 'duty:LOGS', shift: 'appears', systems: 1 },
        { point: 'duty:LOGS', shift: 'opens', systems: 1 },
      ]));
      expect((await changes.systems(run, { limit: 10 })).items.map((item) => item.systemId).sort()).toEqual([hiring, half].sort());
      expect((await changes.systems(run, { limit: 10, touches: 'shift:moves' })).items.map((item) => item.systemId)).toEqual([hiring]);
      const first = await changes.systems(run, { limit: 1 });
      expect(first.next).toBeDefined();
      expect((await changes.systems(run, { limit: 1, after: first.next })).items).toHaveLength(1);
      const detail = await changes.detail(run, hiring);
      expect(detail?.because.get('duty:RISK')).toContain('parameter:start');
      expect(detail?.to.duties.duties.map(({ duty, due }) => [duty.id, due])).toEqual([['RISK', { kind: 'date', date: '2028-01-01', line: 'ordinary' }], ['LOGS', { kind: 'date', date: '2028-01-01', line: 'ordinary' }]]);
    });

    it('is adopted with what was seen, and then classifies', async () => {
      const digest = await install({ version: '1.2.0', day: '2029-01-01' });
      const run = await measured(digest);
      expect(await changes.adopt(scope, run, { author: '', reason: 'x' })).toMatchObject({ ok: false, refusal: { kind: 'no-author' } });
      const adopted = await changes.adopt(scope, run, { author: 'Head of law', reason: 'Gazette 2' });
      expect(adopted).toMatchObject({ ok: true, value: { author: 'Head of law', effects: { run, systems: 3, affected: 1 } } });
      expect(lawbook.pack()?.ref.digest).toBe(digest);
      expect(await changes.adopt(scope, run, { author: 'A', reason: 'x' })).toMatchObject({ ok: false, refusal: { kind: 'measured-against-another' } });
      expect(await changes.measure(scope, { digest })).toMatchObject({ ok: false, refusal: { kind: 'in-force-already' } });
    });

    it('that was measured against a law no longer in force must be measured again', async () => {
      const [one, two] = [await install({ version: '1.3.0', day: '2030-01-01' }), await install({ version: '1.4.0', day: '2031-01-01' })];
      const [first, second] = [await measured(one), await measured(two)];
      expect(await changes.adopt(scope, first, { author: 'A', reason: 'x' })).toMatchObject({ ok: true });
      expect(await changes.adopt(scope, second, { author: 'A', reason: 'x' })).toMatchObject({ ok: false, refusal: { kind: 'measured-against-another' } });
      expect(await changes.adopt(scope, '00000000-0000-4000-8000-000000000000', { author: 'A', reason: 'x' })).toMatchObject({ ok: false, refusal: { kind: 'no-run' } });
      expect(await changes.measure(scope, { digest: 'a'.repeat(64) })).toMatchObject({ ok: false, refusal: { kind: 'unknown-pack' } });
    });

    it('counts answers the new law cannot read', async () => {
      const run = await measured(await install({ version: '2.0.0', values: 'hire, rank', day: '2030-01-01' }));
      expect((await changes.run(run))?.run.summary).toMatchObject({ withDropped: 1 });
    });
  });
});
