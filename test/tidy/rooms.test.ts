/** Arrows between rooms point down only: this is architecture, so it is a test. */

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');

/** What each room may import besides itself. `features` and `app` have rules of their own below. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  base: [],
  law: ['base'],
  proof: ['base'],
  stats: ['base'],
  platform: ['base'],
  features: ['base', 'law', 'proof', 'stats', 'platform'],
  app: ['base', 'law', 'proof', 'stats', 'platform', 'features'],
};

/** Lower features a feature may enter through their door. A new arrow is an ADR. */
const FEATURES: Readonly<Record<string, readonly string[]>> = {
  identity: [],
  ledger: [],
  council: ['identity', 'ledger'],
  registry: [],
  lawbook: [],
  lawdesk: ['lawbook'],
  crosswalk: ['lawbook'],
  assessment: ['registry', 'lawbook'],
  obligations: ['registry', 'lawbook', 'assessment'],
  impact: ['registry', 'lawbook', 'assessment'],
  intake: ['registry', 'lawbook', 'assessment'],
  exports: ['registry', 'lawbook', 'assessment', 'intake'],
  motions: ['identity', 'registry', 'lawbook', 'lawdesk', 'assessment', 'council'],
  decisions: ['council'],
  seats: ['identity', 'council', 'motions'],
  members: ['identity', 'council', 'motions'],
  secretariat: ['identity', 'council', 'motions'],
  portal: ['registry', 'lawbook', 'assessment', 'impact', 'intake', 'exports', 'decisions'],
};

/** Pure rooms: no clock, no randomness, no files, no network. */
const PURE = ['base', 'law', 'proof', 'stats'];
const PURE_FORBIDDEN = [
  /from 'node:(?!crypto')/,
  /\bDate\.now\(/,
  /\bnew Date\(\)/,
  /\bMath\.random\(/,
  /\bTemporal\.Now\b/,
  /\brandomUUID\b|\brandomBytes\b/,
  /\bfetch\(/,
  /\bprocess\.env\b/,
];

/** Inside a feature: model ← rules ← store ← actions ← { http, web, cli } ← index. */
const LAYERS = ['model', 'rules', 'store', 'actions', 'edge', 'index'] as const;

interface Import {
  readonly file: string;
  readonly target: string;
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return filesUnder(path);
    return /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) ? [path] : [];
  });
}

const files = filesUnder(src);
const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map((match) => ({
    file: relative(src, file),
    target: relative(src, join(dirname(file), match[1] ?? '')),
  })),
);

const roomOf = (path: string): string => path.split(sep)[0] ?? '';
const featureOf = (path: string): string | undefined => (roomOf(path) === 'features' ? path.split(sep)[1] : undefined);

function layerOf(path: string): number {
  const part = path.split(sep)[2] ?? '';
  const name = part.replace(/\.tsx?$/, '');
  if (name === 'index') return LAYERS.indexOf('index');
  if (['http', 'web', 'cli'].includes(name)) return LAYERS.indexOf('edge');
  const layer = LAYERS.findIndex((one) => one === name);
  // text, examples and constants are as low as the model.
  return layer === -1 ? 0 : layer;
}

function broken(rule: (one: Import) => boolean): string[] {
  return imports.filter((one) => rule(one)).map((one) => `${one.file} → ${one.target}`);
}

describe('rooms', () => {
  it('were found', () => {
    expect(files.length).toBeGreaterThan(10);
    expect(imports.length).toBeGreaterThan(10);
  });

  it('import downwards only', () => {
    expect(broken(({ file, target }) => roomOf(file) !== roomOf(target) && !(ROOMS[roomOf(file)] ?? []).includes(roomOf(target)))).toEqual([]);
  });

  it('are known by name', () => {
    expect(files.map((file) => roomOf(relative(src, file))).filter((room) => !(room in ROOMS))).toEqual([]);
  });

  it('enter a feature by its door, and only lower features', () => {
    expect(
      broken(({ file, target }) => {
        const to = featureOf(target);
        const from = featureOf(file);
        if (to === undefined || from === to) return false;
        const byDoor = target === join('features', to, 'index.ts') || target === join('features', to, 'index.tsx');
        return !byDoor || (from !== undefined && !(FEATURES[from] ?? []).includes(to));
      }),
    ).toEqual([]);
  });

  it('list every feature', () => {
    const found = new Set(files.map((file) => featureOf(relative(src, file))).filter((feature) => feature !== undefined));
    expect([...found].filter((feature) => !(feature in FEATURES))).toEqual([]);
  });

  it('keep the order inside a feature', () => {
    expect(broken(({ file, target }) => featureOf(file) !== undefined && featureOf(file) === featureOf(target) && layerOf(target) > layerOf(file))).toEqual([]);
  });

  it('are pure below the platform', () => {
    const impure = files
      .filter((file) => PURE.includes(roomOf(relative(src, file))))
      .flatMap((file) => PURE_FORBIDDEN.filter((pattern) => pattern.test(readFileSync(file, 'utf8'))).map((pattern) => `${relative(src, file)} has ${pattern.source}`));
    expect(impure).toEqual([]);
  });

  it('prove without Node, which a browser has not: one file of proofs may use it', () => {
    const proofs = files.filter((file) => roomOf(relative(src, file)) === 'proof' && !file.endsWith(join('proof', 'node-suite.ts')));
    const [ofNode, door] = [/from 'node:|\bBuffer\b|\bprocess\./, /node-suite/];
    expect(proofs.length).toBeGreaterThan(10);
    expect(proofs.filter((file) => ofNode.test(readFileSync(file, 'utf8'))).map((file) => relative(src, file))).toEqual([]);
    expect(broken(({ file, target }) => roomOf(file) === 'proof' && door.test(target))).toEqual([]);
  });

  it('open with a sentence that says what lives there', () => {
    expect(files.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, 'utf8'))).map((file) => relative(src, file))).toEqual([]);
  });
});
