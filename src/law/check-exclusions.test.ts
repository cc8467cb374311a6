import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { explodingPack, largePack } from '../../bench/large/make-pack.ts';
import { Fault } from '../base/index.ts';
import { checkPack, compileLaw, latestTime, loadPack } from './index.ts';
import type { Pack, PackFile } from './index.ts';

const words = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const fact = (id: string): string => `  - { id: ${id}, type: bool, group: g, ask: ${words(id)}, help: ${words('h')}, example: ${words('e')}, why: ${words('w')}, cite: [] }\n`;

function load(files: readonly PackFile[]): Pack {
  const loaded = loadPack(files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value;
}

/** A pack of rules, each `conclusion: condition`, or `conclusion unless: condition` for an exclusion. Definitions are `name = condition`. */
function packOf(rules: readonly string[], definitions: readonly string[] = []): Pack {
  const parsed = rules.map((line) => /^(?<concludes>\S+?)(?<unless> unless)?: (?<when>.*)$/.exec(line)!.groups!);
  const conclusions = [...new Set(parsed.map((rule) => rule['concludes']!))];
  return load([{
    path: 'pack.yaml',
    text: `id: p
version: 1.0.0
engine: 1
jurisdiction: XX
title: ${words('p')}
status: draft
valid_from: 2025-01-01
known_from: 2025-01-01
legal_basis: [ { key: act, title: ${words('Act')} } ]
headline: [ { id: none, label: ${words('None')} } ]
facts:
${['A', 'B', 'C', 'D'].map(fact).join('')}definitions:
${definitions.map((line) => `  - { id: ${line.split(' = ')[0]!}, when: "${line.split(' = ')[1]!}", label: ${words('d')}, cite: [] }\n`).join('')}conclusions:
${conclusions.map((id) => `  - { id: ${id}, label: ${words(id)}, plain: ${words(id)} }\n`).join('')}rules:
${parsed.map((rule, at) => `  - { id: r${at}, concludes: ${rule['concludes']!}, ${rule['unless'] === undefined ? '' : 'kind: exception, '}when: "${rule['when']!}", label: ${words('r')}, cite: [], ev: V }\n`).join('')}`,
  }]);
}

const added = (pack: Pack): readonly string[] => checkPack(pack).filter(({ code }) => code === 'exclusion-adds').map(({ message }) => message.split(':')[0]!);

test.each([
  ['no conclusion depends on another', ['high: A', 'high unless: B', 'other: C'], [], []],
  ['another class needs the one that is excluded', ['high: A', 'high unless: B', 'duty: high and C'], [], []],
  ['another class holds where the one is excluded', ['high: A', 'high unless: B', 'light: A and not high'], [], ['the exception “r1” only takes “high” away, yet because of it “light” holds']],
  ['through a definition', ['high: A', 'high unless: B', 'light: calm'], ['calm = A and not high'], ['the exception “r1” only takes “high” away, yet because of it “light” holds']],
  ['through a conclusion that goes with it', ['high: A', 'high unless: B', 'duty: high', 'light: A and not duty'], [], ['the exception “r1” only takes “high” away, yet because of it “light” holds']],
  ['negated where the exception can never matter', ['high: A', 'high unless: B', 'light: A and not B and not high'], [], []],
  // What lifts a class may itself be narrowed: the class stands by its own rule again.
  ['a filter that is itself narrowed gives the class back', ['filtered: A and B', 'filtered unless: C', 'high: A', 'high unless: filtered', 'duty: high'], [], []],
  // A regime of what was filtered out names the filter.
  ['a duty of filtered systems', ['filtered: A and B', 'high: A', 'high unless: filtered', 'register: filtered'], [], []],
  ['a duty that names the filter and the class', ['filtered: A and B', 'high: A', 'high unless: filtered', 'register: filtered and not high'], [], []],
  ['a duty that leans on the class failing without naming the filter', ['filtered: A and B', 'high: A', 'high unless: filtered', 'register: A and not high'], [], ['the exception “r2” only takes “high” away, yet because of it “register” holds']],
  ['what is taken away again in the real law is no addition', ['high: A', 'high unless: B', 'light: A and not high', 'light unless: B'], [], []],
])('exclusions only take away: %s', (_name, rules, definitions, expected) => {
  expect(added(packOf(rules, definitions))).toEqual(expected);
});

test('the message shows a world in which the exclusion adds', () => {
  expect(checkPack(packOf(['high: A', 'high unless: B', 'light: A and not high and C'])).find(({ code }) => code === 'exclusion-adds')?.message).toContain('A yes, B yes, C yes');
});

// A pack made to explode is refused, and names the rule.

test('diagrams that grow without bound are refused with the rule that does it, at its place', () => {
  const pack = load(explodingPack(60));
  const problems = checkPack(pack).filter(({ severity, code }) => severity === 'error' && code.startsWith('law-'));
  expect(problems).toMatchObject([{ code: 'law-diagram-too-large', line: pack.spots.get('rule:far-apart')!.line, message: expect.stringContaining('more than 1048576 diagram nodes at the rule “far-apart”') as string }]);
  const compile = (): unknown => compileLaw(pack, latestTime(pack));
  expect(compile).toThrow(Fault);
  // Tried once: the second time the same fault comes back.
  const faults = [compile, compile].map((attempt) => {
    try {
      return attempt();
    } catch (error) {
      return error;
    }
  });
  expect(faults[0]).toBe(faults[1]);
});

test('the bound given by the caller holds too', () => {
  const pack = load(explodingPack(24));
  expect(() => compileLaw(pack, latestTime(pack), 'classification', 500)).toThrow('more than 500 diagram nodes at the rule “far-apart”');
  expect(() => compileLaw(pack, latestTime(pack))).not.toThrow();
});

test('the check script refuses it within 256 MB of heap', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-exploding-'));
  try {
    for (const { path, text } of explodingPack(80)) writeFileSync(join(folder, path), text);
    const run = spawnSync(process.execPath, ['--max-old-space-size=256', join(import.meta.dirname, '../../scripts/check-pack.ts'), folder], { encoding: 'utf8', timeout: 60_000 });
    expect(run.stdout).toContain('error law-diagram-too-large: The decision diagrams of the pack “exploding” need more than 1048576 diagram nodes at the rule “far-apart”');
    expect(run.status).toBe(1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the large pack that is measured has nothing to complain about', () => {
  const pack = load(largePack(200));
  expect(pack.rules.length).toBeGreaterThanOrEqual(200);
  expect(checkPack(pack)).toEqual([]);
});
