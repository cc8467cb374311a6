/** Custom properties: every name a style sheet uses is defined, by a sheet or by the theme; and no sheet names a colour itself. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installationRoot } from '../../files/root.ts';
import { loadTheme, themeCss } from '../themes/index.ts';

const features = join(installationRoot, 'src/features');
const sheets = [
  ...readdirSync(import.meta.dirname).filter((name) => name.endsWith('.css')).map((name) => join(import.meta.dirname, name)),
  ...readdirSync(features).map((feature) => join(features, feature, 'web/style.css')).filter((path) => existsSync(path)),
];
const namesIn = (css: string): string[] => [...css.matchAll(/(--[a-z0-9-]+)\s*:/g)].map((match) => match[1] ?? '');
const fromTheme = namesIn(themeCss(loadTheme('neutral'), (file) => file));

describe('custom properties', () => {
  const defined = new Set([...fromTheme, ...sheets.flatMap((path) => namesIn(readFileSync(path, 'utf8')))]);

  it.each(sheets.map((path) => [relative(installationRoot, path), path]))('%s uses only names that are defined', (_name, path) => {
    const used = [...readFileSync(path, 'utf8').matchAll(/var\((--[a-z0-9-]+)/g)].map((match) => match[1] ?? '');
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
  });

  it('of the theme are used', () => {
    const all = sheets.map((path) => readFileSync(path, 'utf8')).join('\n');
    expect([...new Set(fromTheme)].filter((name) => !all.includes(`var(${name})`))).toEqual([]);
  });
});
