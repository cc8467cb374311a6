/** From `npm start` on an existing install to the first page, beside opening the same embedded database and nothing else. */

import { systemScope } from '../src/platform/auth/index.ts';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openDatabase } from '../src/platform/db/index.ts';

const ROUNDS = 3;
const READY_MS_MAX = 60_000;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mizan-start-'));

/** Starts, fetches the home page, stops; seconds until the page was there. */
async function startOnce(): Promise<number> {
  const began = performance.now();
  const child = spawn('npm', ['start'], { cwd: root, env: { ...process.env, DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const address = await new Promise<string>((resolve, reject) => {
    const late = globalThis.setTimeout(() => reject(new Error('not ready within a minute')), READY_MS_MAX);
    let said = '';
    child.stdout.on('data', (piece: Buffer) => {
      said += piece.toString();
      const found = /Mizan is ready: (\S+)/.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(late);
      resolve(found);
    });
  });
  const page = await fetch(`${address}/`, { headers: { accept: 'text/html' } });
  await page.text();
  const seconds = (performance.now() - began) / 1000;
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  // npm ends before the server it started: the lock tells when the folder is free again.
  while (existsSync(join(folder, 'mizan.lock'))) await setTimeout(50);
  return seconds;
}

const first = await startOnce();
const again: number[] = [];
const bare: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  again.push(await startOnce());
  const began = performance.now();
  const database = await openDatabase({ dataDir: folder, databaseUrl: undefined }, { standing: systemScope });
  await database.execute('select 1');
  bare.push((performance.now() - began) / 1000);
  await database.close();
}
rmSync(folder, { recursive: true, force: true });
const middle = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const lines = [
  `npm start to the first page, median of ${ROUNDS}`,
  `new data folder                 ${first.toFixed(1)} s (creates the embedded database)`,
  `existing data folder            ${middle(again).toFixed(1)} s (aim ≤ 5 s)`,
  `opening that database alone     ${middle(bare).toFixed(1)} s → ratio ${(middle(again) / middle(bare)).toFixed(1)}`,
];
console.log(lines.join('\n'));
writeFileSync(join(import.meta.dirname, 'results/start.txt'), `${lines.join('\n')}\n`);
