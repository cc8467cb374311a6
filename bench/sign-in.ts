/** What sign-in and the check of a policy add to a request: a route for signed-in people beside the same route for everybody, in turn, in one process. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServerDatabase } from '../test/support/engines.ts';
import { openStage, setUpAll } from '../test/support/identity.ts';
import startPostgres from '../test/support/postgres.ts';
import { migrate, openDatabase } from '../src/platform/db/index.ts';

const REQUESTS = Number(process.env['BENCH_REQUESTS'] ?? 4000);
const WARM_UP = 500;
const RESULTS = join(import.meta.dirname, 'results/sign-in.txt');

const stopPostgres = await startPostgres();
const lines = [`Sign-in and policy check, ${REQUESTS} requests each in turn, one process, no network; milliseconds; load of the machine ${loadavg()[0]?.toFixed(1) ?? ''} on ${availableParallelism()} cores`];
for (const engine of ['embedded', 'server'] as const) {
  const url = process.env['TEST_DATABASE_URL'];
  if (engine === 'server' && url === undefined) {
    lines.push('PostgreSQL: skipped, none is installed here');
    continue;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mizan-bench-'));
  const database = await openDatabase({ dataDir: folder, databaseUrl: engine === 'server' ? await createServerDatabase(url ?? '') : undefined });
  const stage = await openStage(async (migrations) => {
    await migrate(database, migrations);
    return database;
  });
  stage.app.get('/bench/open', { config: { policy: 'public', api: true }, schema: { hide: true } }, () => ({ done: true }));
  stage.app.get('/bench/closed', { config: { policy: 'system.see', api: true }, schema: { hide: true } }, () => ({ done: true }));
  const { browser } = await setUpAll(stage);
  const cookie = browser.cookieHeader();
  // Other people, organisations and sessions stand in the tables too.
  await database.execute(`insert into identity_people (id, name, email, created_at, updated_at) select gen_random_uuid(), 'Person ' || n, 'person' || n || '@bench.example', now(), now() from generate_series(1, 5000) n`);
  await database.execute(`insert into identity_sessions (id, token, person_id, expires_at, created_at, updated_at, seen_at) select gen_random_uuid(), gen_random_uuid()::text, id, now() + interval '7 days', now(), now(), now() from identity_people`);
  await database.execute(`insert into identity_organisations (id, kind, names, path, created_at) select id, 'agency', '{"az":"a","en":"a","ru":"a"}', array[id], now() from (select gen_random_uuid() as id from generate_series(1, 2000)) made`);
  await database.execute('analyze');
  const ask = async (path: string, headers: Record<string, string>, before?: () => void): Promise<number> => {
    before?.();
    const started = performance.now();
    const answer = await stage.app.inject({ url: path, headers: { host: 'localhost', ...headers } });
    const took = performance.now() - started;
    if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
    return took;
  };
  const kinds = [
    { name: 'open to everybody', run: async () => ask('/bench/open', {}) },
    { name: 'signed in, remembered', run: async () => ask('/bench/closed', { cookie }) },
    { name: 'signed in, asked of the database', run: async () => ask('/bench/closed', { cookie }, () => stage.identity.forget()) },
  ];
  const times = kinds.map((): number[] => []);
  for (let round = -WARM_UP; round < REQUESTS; round++) {
    for (const [index, kind] of kinds.entries()) {
      const took = await kind.run();
      if (round >= 0) times[index]?.push(took);
    }
  }
  const at = (list: readonly number[], share: number): number => [...list].sort((a, b) => a - b)[Math.floor(list.length * share)] ?? 0;
  const base = at(times[0] ?? [], 0.5);
  lines.push(engine === 'embedded' ? 'embedded engine' : 'PostgreSQL');
  for (const [index, kind] of kinds.entries()) {
    const list = times[index] ?? [];
    lines.push(`  ${kind.name.padEnd(34)} p50 ${at(list, 0.5).toFixed(3)}   p99 ${at(list, 0.99).toFixed(3)}   added at p50 ${(at(list, 0.5) - base).toFixed(3)}${index === 0 ? '' : ' (aim ≤ 1)'}`);
  }
  await stage.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(lines.join('\n'));
writeFileSync(RESULTS, `${lines.join('\n')}\n`);
stopPostgres?.();
process.exit(0);
