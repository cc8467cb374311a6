/** What a change of law does to one million answered systems is measured, duty by duty: beside it, reading the same rows and doing nothing. */

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { sql } from 'kysely';
import { openOnPostgres } from './on-postgres.ts';
import type { CivilDate } from '../src/base/index.ts';
import { openLawbook, lawbookMigrations } from '../src/features/lawbook/index.ts';
import { assessmentMigrations, loadInstalledRecognisers, openAssessment } from '../src/features/assessment/index.ts';
import { measureEffects } from '../src/features/obligations/actions/measure-effects.ts';
import { obligationsMigrations } from '../src/features/obligations/index.ts';
import type { LawPair } from '../src/features/obligations/rules/compare-laws.ts';
import { createEffectStore } from '../src/features/obligations/store/effects.ts';
import { createRegistry, registryMigrations } from '../src/features/registry/index.ts';
import { compileLaw } from '../src/law/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { migrationsOf } from '../src/platform/db/index.ts';

const SYSTEMS = Number(process.env['BENCH_SYSTEMS'] ?? 1_000_000);
const DAY = '2026-11-23' as CivilDate;
const BEFORE_THE_AMENDMENT = '2026-07-26' as CivilDate;
const INSERT_ROWS = 5_000;
const READ_ROWS = 2_000;
const RESULTS = join(import.meta.dirname, 'results/effects.txt');

const { database, stop } = await openOnPostgres([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...obligationsMigrations()]);
const lawbook = await openLawbook({ database, clock: systemClock });
const pack = lawbook.pack();
if (pack === undefined) throw new Error('no pack');
const registry = createRegistry({ database, clock: systemClock });
const recognisers = loadInstalledRecognisers(pack);
const assessment = openAssessment({ database, clock: systemClock, lawbook, registry, recognisers: () => recognisers });
const lawKnownOn = (knownOn: CivilDate): LawPair => ({ regimes: compileLaw(pack, { asOf: DAY, knownOn }), duties: compileLaw(pack, { asOf: DAY, knownOn }, 'duties') });

// Fact sets of the pack's worked cases, each with some answers taken away: determined, half-way and hardly begun systems side by side.
const variants = pack.cases.flatMap((one) => Array.from({ length: 8 }, (_, dropped) => Object.fromEntries(Object.entries(one.facts).filter((_answer, index) => (index * 7 + dropped * 3) % 8 >= dropped % 4))));
console.log(`${variants.length} different fact sets, ${SYSTEMS} systems …`);
for (let start = 0; start < SYSTEMS; start += INSERT_ROWS) {
  const rows = Array.from({ length: Math.min(INSERT_ROWS, SYSTEMS - start) }, (_, index) => ({ facts: variants[(start + index) % variants.length] }));
  await sql`insert into assessment_summaries (system_id, revision, recognisers, candidates, stakes, probable, state, answered, headline, open_count, facts, codes, name, body_name, updated_at)
    select gen_random_uuid(), 1, '', '[]', 0, '{}', 'decided', 1, 'open', 0, x.facts, '', 'n', 'b', now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(facts jsonb)`.execute(database.db);
}
await database.execute('analyze assessment_summaries');

const reading = await timed(async () => {
  let after: string | undefined;
  do after = (await assessment.answered(after, READ_ROWS)).at(-1)?.systemId;
  while (after !== undefined);
});
globalThis.gc?.();
const beforeBytes = process.memoryUsage().rss;
let peakBytes = 0;
const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 200);
const store = createEffectStore(database);
const runId = randomUUID();
await store.begin({ id: runId, from: pack.ref, to: pack.ref, asOf: DAY, knownOn: DAY, actor: 'bench', startedAt: systemClock.now() });
let summary = { systems: 0, affected: 0 };
const measuring = await timed(async () => {
  summary = await measureEffects({ store, assessment, now: () => systemClock.now() }, runId, lawKnownOn(BEFORE_THE_AMENDMENT), lawKnownOn(DAY));
});
clearInterval(watch);

const lines = [
  `Effects of a change of law (known on ${BEFORE_THE_AMENDMENT} → ${DAY}) on regimes, duties and due dates, PostgreSQL on the same machine, 2 cores`,
  `systems                         ${summary.systems}`,
  `systems affected                ${summary.affected} (one row each written)`,
  `measured in                     ${measuring.seconds.toFixed(1)} s = ${Math.round(summary.systems / measuring.seconds)} systems/s, both laws compiled and made fast included`,
  `  of it processor time          ${measuring.cpuSeconds.toFixed(1)} s of this process`,
  `reading the rows alone          ${reading.seconds.toFixed(1)} s   → ratio ${(measuring.seconds / reading.seconds).toFixed(2)}; ${reading.cpuSeconds.toFixed(1)} s of processor time`,
  `largest resident memory         ${Math.round(peakBytes / 2 ** 20)} MB, of it ${Math.round(beforeBytes / 2 ** 20)} MB before measuring began   (aim: ≤ 512 MB)`,
  'Re-deciding the regimes of as many systems without their duties: redecide.txt.',
];
console.log(lines.join('\n'));
writeFileSync(RESULTS, `${lines.join('\n')}\n`);
await stop();

async function timed(work: () => Promise<void>): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  const start = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  return { seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1_000_000 };
}
