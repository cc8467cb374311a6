/** `mizan crosswalk check` as people run it: real processes, files and exit codes. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'mizan-crosswalk-check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shipped = readFileSync(join(root, 'packs/crosswalks/eu-ai-act--oecd.sssom.tsv'), 'utf8');
function check(content: string | Buffer, ...options: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const path = join(folder, 'mine.sssom.tsv');
  writeFileSync(path, content);
  return run(path, ...options);
}
/** From the sources, as a developer runs it: nothing has to be built. */
function run(...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const done = spawnSync(process.execPath, ['--import', join(root, 'scripts/load-tsx.mjs'), join(root, 'src/app/cli.ts'), 'crosswalk', 'check', ...args], { encoding: 'utf8', cwd: folder, timeout: 60_000 });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

describe('a mapping file', () => {
  it('that is good says how many rows two people reviewed', () => {
    const { status, out } = check(shipped);
    expect(status).toBe(0);
    expect(out).toContain('39 rows, 0 with two reviewers other than the author');
    expect(out).toContain('0 errors');
  });

  it('with mistakes names file, line and what to do for each', () => {
    const { status, out } = check(shipped.replace('\t0.6\t', '\t22\t').replace('oecd:2.4', 'oecd:2.44'));
    expect(status).toBe(1);
    expect(out).toMatch(/^mine\.sssom\.tsv:14 error unknown-id: .*Did you mean “2\.4”\?\n {4}→ /m);
    expect(out).toMatch(/^mine\.sssom\.tsv:14 error bad-confidence: “22” is not a confidence/m);
    expect(out).toContain('2 errors');
  });

  it('is printed with its columns in order, whatever order it came in', () => {
    const [head = '', ...rows] = shipped.split('\n').filter((line) => !line.startsWith('#') && line !== '');
    const turned = [head, ...rows].map((line) => line.split('\t').reverse().join('\t'));
    const header = shipped.split('\n').filter((line) => line.startsWith('#'));
    expect(check(`${[...header, ...turned].join('\n')}\n`, '--print')).toMatchObject({ status: 0, out: shipped });
  });

  it('gives its problems to programs', () => {
    const { status, out } = check(shipped.replace(/^#license.*\n/m, ''), '--json');
    expect(status).toBe(1);
    expect(JSON.parse(out)).toMatchObject([{ code: 'missing-header', file: 'mine.sssom.tsv', line: 1 }]);
  });

  it('that is no text, or is not there, is wrong usage', () => {
    expect(check(Buffer.from([0xff, 0xfe, 0x00]))).toMatchObject({ status: 2, err: expect.stringContaining('is not UTF-8') as string });
    expect(run(join(folder, 'nowhere.tsv'))).toMatchObject({ status: 2, err: expect.stringContaining('is not a file that can be read') as string });
  });
});
