/**
 * kill -9 in the middle of writes, 200 times on each engine: of the process on the embedded engine; of the process and of the database in
 * turn on PostgreSQL. Four clients write entries, edits, answers and attachments all the while and keep what was acknowledged.
 *
 *   node scripts/bench.mjs kill                     writes bench/results/kill-{embedded,postgresql}.txt
 *   BENCH_KILLS=20 BENCH_ENGINES=postgresql …       fewer are printed only; one engine alone
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCluster } from '../test/support/cluster.ts';
import { examine, type Figures, killAgainAndAgain, tellFigures } from '../test/support/kills.ts';
import { supervise } from '../test/support/supervised.ts';

const FULL = 200;
const KILLS = Number(process.env['BENCH_KILLS'] ?? FULL);
const TOLD_EVERY = 20;
/** Lines about what was lost or half done. */
const TOLD_MAX = 20;
const ENGINES = (process.env['BENCH_ENGINES'] ?? 'embedded,postgresql').split(',');
const work = mkdtempSync(join(tmpdir(), 'mizan-bench-kill-'));

/** Kills one engine and tells the figures; each engine has a file of its own, so that a fault of one does not lose what the other took a quarter of an hour to show. */
async function measure(engine: string, shown: string, run: () => Promise<{ readonly figures: Figures; readonly starts: number; readonly notes: readonly string[] }>): Promise<void> {
  const head = `${shown}: kill -9 in the middle of writes of four clients, ${KILLS} times; load of the machine ${loadavg()[0]?.toFixed(1) ?? ''} on ${availableParallelism()} cores`;
  console.log(head);
  const { figures, starts, notes } = await run();
  const lines = [head, tellFigures(shown, figures), `${''.padEnd(16)} started ${starts} times, each time by the supervisor; aim: 0 lost, 0 half`, ...notes, ...[...figures.lost, ...figures.half].slice(0, TOLD_MAX)];
  console.log(lines.slice(1).join('\n'));
  if (figures.lost.length + figures.half.length > 0) process.exitCode = 1;
  if (KILLS >= FULL) writeFileSync(join(import.meta.dirname, `results/kill-${engine}.txt`), `${lines.join('\n')}\n`);
}

const progress = (round: number): void => {
  if (round % TOLD_EVERY === 0) console.log(`  ${round} of ${KILLS}`);
};

if (ENGINES.includes('embedded')) {
  await measure('embedded', 'embedded engine', async () => {
    const app = await supervise(mkdtempSync(join(work, 'data-')));
    const run = await killAgainAndAgain(app, undefined, KILLS, Math.random, progress);
    return { figures: await examine(app, undefined, run), starts: app.starts(), notes: [] };
  });
}

const cluster = ENGINES.includes('postgresql') ? await createCluster() : undefined;
if (cluster !== undefined) {
  await measure('postgresql', 'PostgreSQL', async () => {
    await cluster.start();
    const app = await supervise(mkdtempSync(join(work, 'data-')), { DATABASE_URL: cluster.url });
    try {
      const run = await killAgainAndAgain(app, cluster, KILLS, Math.random, progress);
      const note = `${''.padEnd(16)} every second kill was the database's: postmaster killed, stopped at once, one backend killed; the process went on each time`;
      return { figures: await examine(app, cluster.url, run), starts: app.starts(), notes: [note] };
    } finally {
      cluster.remove();
    }
  });
} else if (ENGINES.includes('postgresql')) {
  console.log('PostgreSQL: skipped, none is installed here');
}
rmSync(work, { recursive: true, force: true });
