/** One million answered systems are decided again after a change of law: beside it, reading the same rows and doing nothing. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openOnPostgres } from './on-postgres.ts';
import type { CivilDate } from '../src/base/index.ts';
import { openLawbook, lawbookMigrations } from '../src/features/lawbook/index.ts';
import { assessmentMigrations, redecide } from '../src/features/assessment/index.ts';
import { createRegistry, registryMigrations } from '../src/features/registry/index.ts';
import { classifierFor, compileLaw, type Facts, RESULT_CODES } from '../src/law/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { migrationsOf } from '../src/platform/db/index.ts';

const SYSTEMS = Number(process.env['BENCH_SYSTEMS'] ?? 1_000_000);
const DAY = '2026-11-23' as CivilDate;
const BEFORE_THE_AMENDMENT = '2026-07-26' as CivilDate;
const LETTERS: Readonly<Record<string, string>> = { holds: 'h', fails: 'f', undetermined: 'u', disputed: 'd' };
const INSERT_ROWS = 5_000;
const RESULTS = join(import.meta.dirname, 'results/redecide.txt');

const { database, stop } = await openOnPostgres([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations()]);
const lawbook = await openLawbook({ database, clock: systemClock });
const pack = lawbook.packs()[0];
if (pack === undefined) throw new Error('no pack');
const before = compileLaw(pack, { asOf: DAY, knownOn: BEFORE_THE_AMENDMENT });
const after = compileLaw(pack, { asOf: DAY, knownOn: DAY });

// Fact sets of the pack's worked cases, each with some answers taken away: determined, half-way and hardly begun systems side by side.
const classifier = classifierFor(before);
const variants: { readonly facts: Facts; readonly codes: string }[] = [];
for (const one of pack.cases) {
  for (let dropped = 0; dropped < 8; dropped++) {
    const facts = Object.fromEntries(Object.entries(one.facts).filter((_, index) => (index * 7 + dropped * 3) % 8 >= dropped % 4));
    variants.push({ facts, codes: [...classifier.classify(facts)].map((code) => LETTERS[RESULT_CODES[code] ?? ''] ?? '').join('') });
  }
}
console.log(`${variants.length} different fact sets, ${SYSTEMS} systems …`);
for (let start = 0; start < SYSTEMS; start += INSERT_ROWS) {
  const rows = Array.from({ length: Math.min(INSERT_ROWS, SYSTEMS - start) }, (_, index) => variants[(start + index) % variants.length]);
  await sql`insert into assessment_summaries (system_id, revision, recognisers, candidates, stakes, probable, state, answered, headline, open_count, facts, codes, name, body_name, updated_at)
    select gen_random_uuid(), 1, '', '[]', 0, '{}', 'decided', 1, 'open', 0, x.facts, x.codes, 'n', 'b', now()
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as x(facts jsonb, codes text)`.execute(database.db);
}
await database.execute('analyze assessment_summaries');

const readOnly = await timed(async () => {
  let last: string | undefined;
  for (;;) {
    const { rows } = await sql<{ system_id: string }>`select system_id, facts, codes, state, headline, stakes from assessment_summaries
      where facts is not null and system_id > ${last ?? '00000000-0000-0000-0000-000000000000'}::uuid order by system_id limit 2000`.execute(database.db);
    last = rows.at(-1)?.system_id;
    if (last === undefined) return;
  }
});
let peakBytes = 0;
const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage().rss)), 200);
globalThis.gc?.();
const registry = createRegistry({ database, clock: systemClock });
let result = { systems: 0, changed: 0 };
const seconds = await timed(async () => {
  result = await redecide({ database, clock: systemClock, registry }, after);
});
clearInterval(watch);

const lines = [
  `Re-deciding after a change of law (known on ${BEFORE_THE_AMENDMENT} → ${DAY}), PostgreSQL on the same machine, 2 cores`,
  `systems                         ${result.systems}`,
  `results that moved              ${result.changed} (written)`,
  `re-decided in                   ${seconds.toFixed(1)} s = ${Math.round(result.systems / seconds)} systems/s   (aim: one million in ≤ 90 s)`,
  `reading the rows alone          ${readOnly.toFixed(1)} s   → ratio ${(seconds / readOnly).toFixed(2)}`,
  `largest resident memory         ${Math.round(peakBytes / 2 ** 20)} MB   (aim: ≤ 512 MB)`,
];
console.log(lines.join('\n'));
if (SYSTEMS === 1_000_000) writeFileSync(RESULTS, `${lines.join('\n')}\n`);
await stop();

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
