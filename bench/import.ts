/**
 * Import bench: made-up inventories of 20,000 and 100,000 rows through the whole import (keep the file, check, compare, write) on the
 * embedded database, each in a process of its own, beside a bare multi-row insert of the same cells in the same run.
 *
 *   node bench/import.ts          writes bench/results/import.txt
 *   BENCH_ROWS=5000 node bench/import.ts   a small one, printed only
 */

import { spawnSync } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { csvLine } from '../src/features/intake/rules/csv.ts';

const BUDGET_ROWS_PER_SECOND = 5_000;
const SIZES = process.env['BENCH_ROWS'] === undefined ? [20_000, 100_000] : [Number(process.env['BENCH_ROWS'])];
const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'mizan-bench-'));

/** The columns of the US federal inventory of 2023 with two more that no rule knows; texts of its usual length. */
const HEADER = ['Use_Case_ID', 'Department_Code', 'Agency', 'Office', 'Title', 'Summary', 'Development_Stage', 'Techniques', 'Source_Code', 'Department', 'Note', 'Contact unit'];
const WORDS = 'system service model data image text risk tax health border energy court school claim permit vehicle weather forest water grid fraud review triage search translation summary forecast detection ranking sensor'.split(' ');
const STAGES = ['Operation and Maintenance', 'Initiation', 'Implementation', 'In-use', 'Development and Acquisition', ''];

/** A small generator with a seed: every run makes the same file (xorshift32). */
let state = 20_261_123;
function random(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 2 ** 32;
}
function words(count: number): string {
  return Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '').join(' ');
}

async function makeFile(rows: number): Promise<string> {
  const path = join(work, `${rows}.csv`);
  const out = createWriteStream(path);
  out.write(`${csvLine(HEADER)}\r\n`);
  for (let i = 0; i < rows; i++) {
    const department = Math.floor(random() * 60);
    const cells = [`D${department}-${i}`, `D${department}`, `Agency ${Math.floor(random() * 300)}`, words(2), `${words(4)} ${i}`, `${words(25)},\n${words(20)}`, STAGES[Math.floor(random() * STAGES.length)] ?? '', words(2), '', `Department ${department}`, words(6), words(2)];
    if (!out.write(`${csvLine(cells)}\r\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'close');
  return path;
}

async function bundle(): Promise<string> {
  const built = await rolldown({
    cwd: root,
    input: 'bench/import/run.ts',
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id),
    transform: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    onLog: () => undefined,
  });
  // Inside the installation, so that packages and migrations are found from it.
  const folder = join(root, 'node_modules', '.mizan-bench');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'import.mjs');
  await built.write({ file, format: 'esm', codeSplitting: false });
  return file;
}

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly startMegabytes: number;
  readonly checkSeconds?: number;
  readonly result?: { readonly added: number };
}

function measure(script: string, mode: 'bare' | 'import', rows: number, file: string): Measured {
  const child = spawnSync(process.execPath, [script, mode, String(rows), file, mkdtempSync(join(work, `${mode}-`))], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.status !== 0) throw new Error(`${mode} of ${rows} rows ended with ${child.status}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '') as Measured;
}

const perSecond = (measured: Measured): number => Math.round(measured.rows / measured.seconds);
const lines: string[] = [`Import on the embedded database, ${cpus().length} cores (${cpus()[0]?.model ?? ''}), Node ${process.version}, load average at the start ${loadavg()[0]?.toFixed(1)}`, ''];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
try {
  const script = await bundle();
  const peaks: number[] = [];
  for (const rows of SIZES) {
    const file = await makeFile(rows);
    const bare = measure(script, 'bare', rows, file);
    const whole = measure(script, 'import', rows, file);
    if (whole.result?.added !== rows) throw new Error(`${whole.result?.added} of ${rows} rows were added`);
    peaks.push(whole.peakMegabytes);
    say(`${rows} rows, ${Math.round(statSync(file).size / 1024 ** 2)} MB, ${HEADER.length} columns`);
    say(`  bare multi-row insert   ${perSecond(bare)} rows/s   ${bare.seconds.toFixed(1)} s, peak ${bare.peakMegabytes} MB`);
    say(`  whole import            ${perSecond(whole)} rows/s   ${whole.seconds.toFixed(1)} s (check ${(whole.checkSeconds ?? 0).toFixed(1)} s, ${whole.cpuSeconds.toFixed(1)} s of processor), peak ${whole.peakMegabytes} MB (${whole.startMegabytes} MB before)`);
    say(`  by processor time       ${Math.round(whole.rows / whole.cpuSeconds)} rows/s, all threads counted; the bare insert ${Math.round(bare.rows / bare.cpuSeconds)}`);
    say(`  share of the bare rate  ${(perSecond(whole) / perSecond(bare)).toFixed(2)}`);
    say(`  budget of ${BUDGET_ROWS_PER_SECOND} rows/s: ${perSecond(whole) >= BUDGET_ROWS_PER_SECOND ? 'met' : 'MISSED'}`);
    rmSync(file);
  }
  if (peaks.length === 2) say(`memory: ${((peaks[1] ?? 0) / (peaks[0] ?? 1)).toFixed(2)} times the peak for 5 times the rows`);
  say(`load average at the end ${loadavg()[0]?.toFixed(1)}: above the number of cores, rows/s by the clock include waiting for a core`);
  if (SIZES.length > 1) writeFileSync(join(root, 'bench/results/import.txt'), `${lines.join('\n')}\n`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
