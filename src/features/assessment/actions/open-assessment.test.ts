/** The assessment on both engines: screening, the interview to its end, undo, two editors at once, classifications that can be taken again. */

import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import type { CivilDate } from '../../../base/index.ts';
import type { FactDefinition, Pack } from '../../../law/index.ts';
import { systemScope as scope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { type Lawbook, lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { createRegistry, type Registry, registryMigrations, type SystemEntry } from '../../registry/index.ts';
import { openCountOf } from '../rules/codes.ts';
import { loadInstalledRecognisers } from './load-recognisers.ts';
import { type Assessment, openAssessment } from './open-assessment.ts';
import { needsRedeciding, redecide } from './redecide.ts';

const clock = fixedClock('2026-11-23T09:00:00Z');
const today = { asOf: '2026-11-23' as CivilDate, knownOn: '2026-11-23' as CivilDate };

onEveryEngine((open) => {
  let database: Database;
  let registry: Registry;
  let assessment: Assessment;
  let lawbook: Lawbook;
  let pack: Pack;
  beforeAll(async () => {
    database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...migrationsOf('assessment')]);
    registry = createRegistry({ database, clock });
    lawbook = await openLawbook({ database, clock });
    const first = lawbook.pack();
    if (first === undefined) throw new Error('no pack');
    pack = first;
    const { set, digest } = loadInstalledRecognisers(pack);
    assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => ({ set, digest }) });
    registry.onChange(async (changes) => assessment.screen(scope, await registry.getMany(scope, changes.map((change) => change.id))));
  });

  const create = async (name: string, purpose: string): Promise<SystemEntry> => {
    const created = await registry.create(scope, { name, organisation: 'Test body', purpose });
    if (!created.ok) throw new Error(JSON.stringify(created.refusal));
    return created.value;
  };
  const sheetOf = async (id: string) => {
    const sheet = await assessment.sheet(scope, id, today);
    if (sheet === undefined) throw new Error('no sheet');
    return sheet;
  };
  const answer = async (id: string, fact: string, raw: unknown, after: number) => assessment.answer(scope, id, { fact, raw, after });

  it('proposes from the text and orders the work list by stakes', async () => {
    const hiring = await create('CV ranking', 'Ranks CVs of job applicants and recommends whom to interview.');
    const weather = await create('Rain forecast', 'Forecasts rain for farmers from satellite pictures.');
    const { items } = await assessment.worklist.page({ limit: 100 });
    const order = items.map((item) => item.systemId);
    expect(order.indexOf(hiring.id)).toBeGreaterThanOrEqual(0);
    expect(order.indexOf(hiring.id)).toBeLessThan(order.indexOf(weather.id));
    expect(items.find((item) => item.systemId === hiring.id)?.probable).toContain('high_risk.III.4a');
  });

  it('reads at a later time what was not read when it came', async () => {
    expect(await assessment.needsScreening(scope)).toBe(false);
    const { changes } = await registry.importRows(scope, [{ key: 'k1', record: { name: 'Loan scoring', organisation: 'Test body', purpose: 'Scores the creditworthiness of loan applicants.' } }], { source: 'test' }).then(async (result) => {
      await database.execute('delete from assessment_summaries where system_id = $1', [result.rows[0]?.id]);
      return result;
    });
    expect(await assessment.needsScreening(scope)).toBe(true);
    expect(await assessment.screenAll(scope)).toEqual({ read: 1 });
    expect(await assessment.needsScreening(scope)).toBe(false);
    expect(await assessment.screenAll(scope)).toEqual({ read: 0 });
    expect(changes).toHaveLength(1);
  });

  it('leaves every regime undecided by candidates alone', async () => {
    const entry = await create('CV sorter', 'Filters job applications and ranks candidates.');
    const sheet = await sheetOf(entry.id);
    expect(sheet.candidates.length).toBeGreaterThan(0);
    expect(sheet.decision.outcomes.find((outcome) => outcome.id === 'high_risk.III.4a')?.result).toBe('undetermined');
  });

  it('asks until nothing matters, whatever is answered, and never asks twice', async () => {
    const choose: readonly ((fact: FactDefinition, step: number) => unknown)[] = [
      (fact) => (fact.type === 'bool' ? false : fact.type === 'set' ? [] : fact.type === 'enum' ? fact.values[0]?.id : fact.type === 'number' ? 1 : '2026-01-01'),
      (fact, step) => (fact.type === 'bool' ? step % 2 === 0 : fact.type === 'set' ? fact.values.slice(0, 1).map((value) => value.id) : fact.type === 'enum' ? fact.values.at(-1)?.id : fact.type === 'number' ? 2e25 : '2028-01-01'),
    ];
    for (const [index, pick] of choose.entries()) {
      const entry = await create(`Interview ${index}`, 'A system.');
      const asked = new Set<string>();
      for (let step = 0; ; step++) {
        const sheet = await sheetOf(entry.id);
        const fact = sheet.toAsk[0];
        if (fact === undefined) {
          expect(sheet.decision.outcomes.filter((outcome) => outcome.result === 'undetermined').map((outcome) => outcome.id)).toEqual([]);
          break;
        }
        expect(asked.has(fact.id), fact.id).toBe(false);
        asked.add(fact.id);
        expect(assessment.previewOf(sheet, fact.id).length).toBeGreaterThan(0);
        const answered = await answer(entry.id, fact.id, pick(fact, step), sheet.step);
        expect(answered.ok, `${fact.id} ${JSON.stringify(answered)}`).toBe(true);
        expect(step).toBeLessThan(200);
      }
    }
  });

  it('refuses the second of two editors and overwrites nothing', async () => {
    const entry = await create('Two editors', 'A system.');
    const { step } = await sheetOf(entry.id);
    expect((await answer(entry.id, 'S.infers', true, step)).ok).toBe(true);
    const late = await answer(entry.id, 'S.infers', false, step);
    expect(late).toEqual({ ok: false, refusal: { kind: 'stale', expected: step, found: step + 1 } });
    expect((await sheetOf(entry.id)).facts).toEqual({ 'S.infers': true });
  });

  it('takes answers back one by one', async () => {
    const entry = await create('Undo', 'A system.');
    await answer(entry.id, 'S.infers', true, 0);
    await answer(entry.id, 'S.infers', false, 1);
    expect((await assessment.undo(scope, entry.id, 2)).ok).toBe(true);
    expect((await sheetOf(entry.id)).facts).toEqual({ 'S.infers': true });
    expect((await assessment.undo(scope, entry.id, 3)).ok).toBe(true);
    expect((await sheetOf(entry.id)).facts).toEqual({});
    expect(await assessment.undo(scope, entry.id, 4)).toEqual({ ok: false, refusal: { kind: 'nothing-to-undo' } });
    expect((await sheetOf(entry.id)).steps).toHaveLength(4);
  });

  describe('refuses a wrong answer by name', () => {
    it.each([
      ['X.nothing', true, 'unknown-fact'],
      ['S.infers', 'perhaps', 'wrong-value'],
      ['X.area', ['moon'], 'wrong-value'],
      ['S.infers', 7, 'wrong-value'],
    ])('%s %j', async (fact, raw, kind) => {
      const entry = await create('Wrong answers', 'A system.');
      const answered = await answer(entry.id, fact, raw, 0);
      expect(answered.ok ? undefined : answered.refusal.kind).toBe(kind);
      expect((await sheetOf(entry.id)).steps).toEqual([]);
    });
  });

  it('keeps a classification that can be taken again exactly, and notices one that was changed', async () => {
    const entry = await create('Recorded', 'A system.');
    await answer(entry.id, 'S.infers', false, 0);
    const first = await assessment.classify(scope, entry.id, today);
    const second = await assessment.classify(scope, entry.id, today);
    expect([first?.number, second?.number]).toEqual([1, 2]);
    const stored = await assessment.classification(first?.id ?? '');
    if (stored === undefined) throw new Error('not kept');
    expect(await assessment.recompute(stored)).toMatchObject({ kind: 'equal', storedSha256: stored.decisionSha256 });
    expect(await assessment.recompute({ ...stored, facts: { 'S.infers': true } })).toMatchObject({ kind: 'different' });
    expect(await assessment.recompute({ ...stored, pack: { ...stored.pack, digest: '0'.repeat(64) } })).toMatchObject({ kind: 'pack-missing' });
  });

  it('decides all again when the law moved, and only then', async () => {
    const entry = await create('Law moves', 'A system.');
    // Everything but the questions that came with the amendment of July 2026.
    await assessment.answerAll(scope, entry.id, { 'S.infers': true, 'S.mil_only': false, 'S.rd_sole': false, 'S.premarket': false, 'P.intimate': 'intended', 'P.consent_explicit': false });
    const before = lawbook.law(pack, { asOf: today.asOf, knownOn: '2026-07-26' as CivilDate });
    const after = lawbook.law(pack, today);
    const parts = { database, clock, registry };
    await redecide(parts, before);
    expect(await needsRedeciding(database, before)).toBe(false);
    expect(await needsRedeciding(database, after)).toBe(true);
    const moved = await redecide(parts, after);
    expect(moved.systems).toBeGreaterThan(0);
    expect(moved.changed).toBeGreaterThan(0);
    expect(await needsRedeciding(database, after)).toBe(false);
    expect(await redecide(parts, after)).toEqual({ systems: moved.systems, changed: 0 });
    // What the pass wrote is what the interview says.
    const { items } = await assessment.worklist.page({ limit: 100 });
    const sheet = await sheetOf(entry.id);
    expect(items.find((item) => item.systemId === entry.id)).toMatchObject({ headline: sheet.decision.headline.id, openCount: openCountOf(sheet.decision) });
  });

  it('pages through the work list without gap or repetition', async () => {
    const seen: string[] = [];
    let after: { stakes: number; systemId: string } | undefined;
    do {
      const page = await assessment.worklist.page({ limit: 3, ...(after === undefined ? {} : { after }) });
      seen.push(...page.items.map((item) => item.systemId));
      after = page.next;
    } while (after !== undefined);
    const { total } = await assessment.worklist.counts();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBe(total);
  });
});
