/** The work list and the list of impact assessments of one organisation among a million systems of others; and what the SQL roles cost beside the owner of the tables. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assessmentMigrations, openAssessment } from '../src/features/assessment/index.ts';
import { lawbookMigrations, openLawbook } from '../src/features/lawbook/index.ts';
import { createRegistry, registryMigrations } from '../src/features/registry/index.ts';
import { type Caller, scopeFor, within } from '../src/platform/auth/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { type Database, migrationsOf } from '../src/platform/db/index.ts';
import { openOnPostgres } from './on-postgres.ts';

const SYSTEMS = Number(process.env['BENCH_SYSTEMS'] ?? 1_000_000);
/** Sizes of the organisations asked for; the rest of the systems lies in organisations of this size and in none. */
const OWN_SIZES = [1, 30, 3_000, 100_000];
const OTHERS_SIZE = 5_000;
const ROUNDS = 9;
const RESULTS = join(import.meta.dirname, 'results/worklist.txt');

const { database, stop } = await openOnPostgres([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations()]);
const lawbook = await openLawbook({ database, clock: systemClock });
const registry = createRegistry({ database, clock: systemClock });
const open = (on: Database) => openAssessment({ database: on, clock: systemClock, lawbook, registry, recognisers: () => ({ set: { recognisers: [], pack: '' } as never, digest: 'none' }) });
const assessment = open(database);
// The same store on the owner's connection: no role, no policy.
const asOwner = open({ ...database, db: database.vault });

const organisation = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
console.log(`${SYSTEMS} summaries …`);
// Triggers would ask the register for each row; here the organisation is what is to be measured.
await database.execute('alter table assessment_summaries disable trigger user');
const small = OWN_SIZES.reduce((sum, size) => sum + size, 0);
for (const [index, size] of [...OWN_SIZES, SYSTEMS - small].entries()) {
  const whose = index < OWN_SIZES.length ? `'${organisation(index + 1)}'::uuid` : `case when i % 3 = 0 then null else ('00000000-0000-4000-8000-' || lpad((1000 + i / ${OTHERS_SIZE})::text, 12, '0'))::uuid end`;
  await database.execute(`insert into assessment_summaries (system_id, revision, recognisers, candidates, stakes, probable, state, answered, open_count, name, body_name, updated_at, organisation_id)
    select gen_random_uuid(), 1, 'none', '[]', (i::bigint * 7919) % 1000 / 10.0, case when i % 10 = 0 then array['high_risk.III.5a', 'prohibited.c'] else '{}' end, (array['untouched', 'started', 'decided'])[1 + i % 3], 0, 3,
      'System with a name of the usual length ' || i, 'A body with its name', now(), ${whose} from generate_series(1, ${size}) i`);
}
await database.execute('alter table assessment_summaries enable trigger user');
await database.execute('vacuum analyze assessment_summaries');

const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const median = async (work: () => Promise<unknown>): Promise<number> => {
  const times: number[] = [];
  await work();
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
};
const ms = (value: number): string => `${value.toFixed(1)} ms`;

say(`${SYSTEMS} systems, ${Math.ceil((SYSTEMS - small) / OTHERS_SIZE)} other organisations, medians of ${ROUNDS}`);
for (const [index, size] of OWN_SIZES.entries()) {
  const editor: Caller = { kind: 'person', actor: 'person:bench', memberships: [{ organisation: organisation(index + 1), role: 'editor', reach: [organisation(index + 1)] }] };
  const scope = scopeFor(editor, 'assessment.see', 0);
  if (!scope.ok) throw new Error(scope.refusal);
  await within(scope.value, async () => {
    const [first, decided, counts, probable] = [await median(async () => assessment.worklist.page({ limit: 25 })), await median(async () => assessment.worklist.page({ limit: 25, state: 'decided' })), await median(async () => assessment.worklist.counts()), await median(async () => assessment.worklist.probableCounts())];
    say(`own ${size}: page ${ms(first)}, page of one state ${ms(decided)}, counts ${ms(counts)}, points ${ms(probable)}`);
    if ((await assessment.worklist.counts()).total !== size) throw new Error('the list does not hold what is own');
  });
}
for (const [name, work] of [
  ['page', async (on: typeof assessment) => on.worklist.page({ limit: 25 })],
  ['page of one state', async (on: typeof assessment) => on.worklist.page({ limit: 25, state: 'decided' })],
  ['counts', async (on: typeof assessment) => on.worklist.counts()],
  ['points', async (on: typeof assessment) => on.worklist.probableCounts()],
] as const) {
  const [role, owner] = [await median(async () => work(assessment)), await median(async () => work(asOwner))];
  say(`everything, ${name}: under mizan_all ${ms(role)}, as the owner ${ms(owner)}`);
}
writeFileSync(RESULTS, `${lines.join('\n')}\n`);
await stop();
