/** kill -9 during an import: the next start finds none of it, goes on by itself, and then all of it stands, once. */

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { csvLine } from '../../src/features/intake/rules/csv.ts';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'mizan-killed-'));
const script = join(root, 'node_modules', '.mizan-test', 'import-child.mjs');
const file = join(work, 'inventory.csv');
const ROWS = 3500;

beforeAll(async () => {
  // Bundled as the product is: plain Node does not read the page components.
  const built = await rolldown({ cwd: root, input: 'test/support/import-child.ts', platform: 'node', external: (id) => !id.startsWith('.') && !id.startsWith('/') && !/^[A-Za-z]:/.test(id), transform: { jsx: { runtime: 'automatic', importSource: 'preact' } }, onLog: () => undefined });
  mkdirSync(join(root, 'node_modules', '.mizan-test'), { recursive: true });
  await built.write({ file: script, format: 'esm', codeSplitting: false });
  const head = ['Use_Case_ID', 'Department_Code', 'Agency', 'Office', 'Title', 'Summary', 'Development_Stage', 'Techniques', 'Source_Code', 'Department'];
  const rows = Array.from({ length: ROWS }, (_, i) => [`K-${i}`, 'D', 'Agency', '', `System ${i}`, `What it does, ${i}`, 'In-use', 'Other', '', 'Department']);
  writeFileSync(file, [head, ...rows].map((cells) => csvLine(cells)).join('\r\n'));
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

/** Runs the child; kills it with SIGKILL when a line of its output begins with `killAt`. Answers what it said. */
async function run(dataDir: string, killAt?: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, [script, dataDir, 'us-federal-2023', file], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (piece: Buffer) => {
    said += piece.toString();
    if (killAt !== undefined && said.split('\n').some((line) => line.startsWith(killAt))) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('close', resolve));
  return said.trim().split('\n');
}

describe('an import whose process is killed', () => {
  it.each([
    ['while the file is read', '1/4 1000'],
    ['while rows are compared', '2/4'],
    ['while entries are written', '3/4 1000'],
    ['just before the last rows are written', '3/4 3000'],
  ])('%s is none of it, then all of it', async (_given, killAt) => {
    const dataDir = mkdtempSync(join(work, 'data-'));
    const killed = await run(dataDir, killAt);
    expect(killed.some((line) => line.startsWith('ended'))).toBe(false);
    const after = await run(dataDir);
    expect(after[0]).toBe('found 0');
    expect(after.find((line) => line.startsWith('ended'))).toContain('ended done');
    expect(after.find((line) => line.startsWith('ended'))).toContain(`"added":${ROWS}`);
    expect(after.at(-1)).toBe(`entries ${ROWS}`);
    const again = await run(dataDir);
    expect([again[0], again.at(-1)]).toEqual([`found ${ROWS}`, `entries ${ROWS}`]);
  });

  it('after the commit is all of it, once', async () => {
    const dataDir = mkdtempSync(join(work, 'data-'));
    await run(dataDir, '4/4');
    const after = await run(dataDir);
    expect([after[0], after.at(-1)]).toEqual([`found ${ROWS}`, `entries ${ROWS}`]);
  });
});
