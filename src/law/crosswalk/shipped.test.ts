/** The crosswalks that are shipped: complete lists of items, every theme mapped, and no claim of a review that never was. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCrosswalk } from './read-crosswalk.ts';
import { writeSssom } from './write-sssom.ts';

const root = join(import.meta.dirname, '../../../packs/crosswalks');
const files = globSync('**/*.{yaml,tsv}', { cwd: root }).sort().map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(root, path), 'utf8') }));
const read = readCrosswalk(files);
if (!read.ok) throw new Error(JSON.stringify(read.refusal.slice(0, 5), null, 2));
const crosswalk = read.value;
const frameworkOf = (item: string): string => item.split(':')[0] ?? '';

describe('the frameworks', () => {
  it('have all their items', () => {
    expect(Object.fromEntries(crosswalk.frameworks.map((one) => [one.id, one.items.length]))).toEqual({ 'eu-ai-act': 35, 'nist-ai-rmf': 72, 'iso-42001': 67, oecd: 10, 'coe-cets-225': 20, unesco: 10 });
    const iso = crosswalk.frameworks.find((one) => one.id === 'iso-42001')?.items ?? [];
    expect([iso.filter((item) => item.group === 'clauses').length, iso.filter((item) => item.group === 'controls').length]).toEqual([29, 38]);
    const nist = crosswalk.frameworks.find((one) => one.id === 'nist-ai-rmf')?.items ?? [];
    expect(['govern', 'map', 'measure', 'manage'].map((group) => nist.filter((item) => item.group === group).length)).toEqual([19, 18, 22, 13]);
  });

  it('give no two items of a framework the same name', () => {
    for (const one of crosswalk.frameworks) for (const language of ['az', 'en', 'ru'] as const) expect(new Set(one.items.map((item) => item.label[language])).size, `${one.id} ${language}`).toBe(one.items.length);
  });
});

describe('the mapping sets', () => {
  const rows = crosswalk.sets.flatMap((set) => set.rows.map((row) => ({ set, row })));

  it('map the Act to everything that stands under the same theme, and nothing else', () => {
    const pairs = new Set(rows.filter(({ row }) => frameworkOf(row.subject) === 'aiact').map(({ row }) => `${row.subject} ${row.object}`));
    const themed = new Set(crosswalk.themes.flatMap((theme) => {
      const act = theme.items.filter((item) => frameworkOf(item) === 'aiact');
      return act.flatMap((article) => theme.items.filter((item) => frameworkOf(item) !== 'aiact').map((item) => `${article} ${item}`));
    }));
    expect([...pairs].filter((pair) => !themed.has(pair))).toEqual([]);
    expect([...themed].filter((pair) => !pairs.has(pair))).toEqual([]);
  });

  it('are the project’s own, wait for review, and say so', () => {
    expect(new Set(rows.map(({ row }) => [row.authors.join(), row.reviewers.join(), row.justification, row.confidence].join(' ')))).toEqual(new Set(['mizan:project  semapv:ManualMappingCuration 0.6']));
  });

  it('name the items as the frameworks do', () => {
    const labels = new Map(crosswalk.frameworks.flatMap((one) => one.items.map((item) => [item.id, item.label.en])));
    expect(rows.filter(({ row }) => labels.get(row.subject) !== row.subjectLabel || labels.get(row.object) !== row.objectLabel)).toEqual([]);
  });

  it('are written as the writer writes them', () => {
    for (const set of crosswalk.sets) expect(writeSssom(set, crosswalk.frameworks)).toBe(files.find((file) => file.path === set.file)?.text);
  });
});

describe('a folder of crosswalks', () => {
  const without = (path: string) => files.filter((file) => file.path !== path);
  const changed = (path: string, from: string | RegExp, to: string) => files.map((file) => (file.path === path ? { path, text: file.text.replace(from, to) } : file));
  const codes = (given: typeof files): readonly string[] => {
    const result = readCrosswalk(given);
    return result.ok ? [] : [...new Set(result.refusal.map((problem) => `${problem.code} ${problem.file}`))];
  };

  it.each<readonly [name: string, given: typeof files, expected: string]>([
    ['without a framework', without('frameworks/oecd.yaml'), 'unknown-framework themes.yaml'],
    ['with an item gone', changed('frameworks/oecd.yaml', /.*"1\.3".*\n/, ''), 'unknown-id eu-ai-act--oecd.sssom.tsv'],
    ['with a translation gone', changed('frameworks/oecd.yaml', ', ru: "Подотчётность"', ''), 'missing-translation frameworks/oecd.yaml'],
    ['with an item in no group', changed('frameworks/oecd.yaml', 'group: values', 'group: value'), 'unknown-group frameworks/oecd.yaml'],
    ['with an item twice', changed('frameworks/oecd.yaml', '"1.2", code: "1.2"', '"1.1", code: "1.2"'), 'duplicate-id frameworks/oecd.yaml'],
    ['with one prefix for two frameworks', changed('frameworks/oecd.yaml', 'prefix: oecd', 'prefix: nist'), 'duplicate-id frameworks/oecd.yaml'],
    ['with a theme that names nothing', changed('themes.yaml', '"oecd:1.5"', '"oecd:9.9"'), 'unknown-id themes.yaml'],
    ['with a framework in no column', changed('themes.yaml', ', unesco ]', ' ]'), 'framework-without-column themes.yaml'],
    ['with one set twice', [...files, { path: 'zz.sssom.tsv', text: files.find((file) => file.path === 'eu-ai-act--oecd.sssom.tsv')?.text ?? '' }], 'duplicate-set zz.sssom.tsv'],
  ])('%s is refused by name', (_name, given, expected) => {
    expect(codes(given)).toContain(expected);
  });
});
