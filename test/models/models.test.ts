/** Runs the exhaustive counting models of the council with Rumur, and each again with a bug planted that it has to refute. */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const MINUTE_MS = 60_000;

/** The bugs: a constant of the model and what it is changed to. */
const MODELS: Readonly<Record<string, readonly (readonly [bug: string, changes: Readonly<Record<string, string>>])[]>> = {
  certificates: [
    ['quorum of 21', { QUORUM: '21' }],
    ['eleven liars', { LIARS: '11' }],
    ['a second ballot (no B1)', { ONE_BALLOT: 'false' }],
    ['no consistency (C1)', { ONE_LOG: 'false' }],
    ['OUTCOME is believed (no C2)', { VALID_ENTRIES: 'false' }],
  ],
  receipts: [
    ['quorum of 21', { QUORUM: '21' }],
    ['eleven liars', { LIARS: '11' }],
    ['no check for ballots that are missing (C3)', { ASKS_FOR_MISSING: 'false' }],
    ['a clock that went back is believed', { CLOCK_NEVER_BACK: 'false' }],
  ],
  handover: [
    ['quorum of 21', { QUORUM: '21' }],
    ['eleven liars', { LIARS: '11' }],
    ['no handover', { HANDOVER: 'false' }],
    ['no handover, one seat changes', { HANDOVER: 'false', CHANGES: '1' }],
    ['old keys are kept', { KEYS_DESTROYED: 'false' }],
  ],
};

const hasCompiler = spawnSync('cc', ['-E', '-include', 'stdio.h', '-'], { input: '' }).status === 0;
const hasRumur = spawnSync('rumur', ['--version']).status === 0 && hasCompiler;
if (!hasRumur) console.warn('SKIPPED: the models of the council need the program `rumur` and a C compiler (Debian packages rumur and build-essential)');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mizan-models-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The model with some constants changed; a constant that is not there is a mistake of the test. */
function changed(model: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((text, [name, value]) => {
    const line = new RegExp(`^  ${name}: [^;]+;`, 'm');
    if (!line.test(text)) throw new Error(`${model} has no constant ${name}`);
    return text.replace(line, `  ${name}: ${value};`);
  }, readFileSync(new URL(`${model}.m`, import.meta.url), 'utf8'));
}

interface Explored {
  readonly holds: boolean;
  readonly said: string;
  readonly states: number;
  readonly seconds: number;
}

function explore(model: string, changes: Readonly<Record<string, string>>): Explored {
  const [source, checker, program] = ['m', 'c', 'run'].map((end) => join(folder, `model.${end}`)) as [string, string, string];
  writeFileSync(source, changed(model, changes));
  // A council that has finished has nothing left to do: that is no deadlock.
  execFileSync('rumur', ['--deadlock-detection', 'off', '--output', checker, source]);
  execFileSync('cc', ['-O3', '-mcx16', '-std=gnu11', '-o', program, checker, '-lpthread']);
  const startMs = performance.now();
  const { status, stdout } = spawnSync(program, { encoding: 'utf8', timeout: 10 * MINUTE_MS, maxBuffer: 64 * 1024 * 1024 });
  const states = Number(/([0-9]+) states, [0-9]+ rules fired/.exec(stdout)?.[1] ?? 0);
  return { holds: status === 0 && stdout.includes('No error found.'), said: /invariant "([^"]+)" failed/.exec(stdout)?.[1] ?? '', states, seconds: (performance.now() - startMs) / 1000 };
}

describe.skipIf(!hasRumur).each(Object.entries(MODELS))('the model %s', (model, bugs) => {
  it('holds in every state', { timeout: 20 * MINUTE_MS }, () => {
    const { holds, said, states, seconds } = explore(model, {});
    console.log(`model ${model}: ${states} states, all of them, ${seconds.toFixed(1)} s`);
    expect({ holds, said }).toEqual({ holds: true, said: '' });
    // A model in which nothing can happen would hold, too.
    expect(states).toBeGreaterThan(1000);
  });

  it.each(bugs)('is refuted by %s', { timeout: 20 * MINUTE_MS }, (bug, changes) => {
    const { holds, said, states, seconds } = explore(model, changes);
    console.log(`model ${model} with ${bug}: "${said}" fails after ${states} states, ${seconds.toFixed(1)} s`);
    expect(holds).toBe(false);
    expect(said).not.toBe('');
  });
});
