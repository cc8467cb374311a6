/** Contrast of every pair of colours the sheets use, computed from the custom properties of each theme, light and dark (WCAG 2.2, 1.4.3 and 1.4.11). */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installationRoot } from '../../files/root.ts';

const base = readFileSync(join(import.meta.dirname, '01-base.css'), 'utf8');
const themesFolder = join(installationRoot, 'themes');
const themes = readdirSync(themesFolder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name);

type Colours = ReadonlyMap<string, string>;

/** Custom properties in force: `:root` blocks, and those inside the dark media query when `dark`. Later wins. */
function propertiesOf(css: string, dark: boolean): [string, string][] {
  const text = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const darkBlocks: string[] = [];
  const light = text.replaceAll(/@media screen and \(prefers-color-scheme: dark\) \{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}/g, (_all, inner: string) => {
    darkBlocks.push(inner);
    return '';
  });
  const roots = [light, ...(dark ? darkBlocks : [])].flatMap((part) => [...part.matchAll(/:root \{([^}]*)\}/g)].map((match) => match[1] ?? ''));
  return roots.flatMap((root) => [...root.matchAll(/(--[a-z0-9-]+):\s*([^;]+);/g)].map((match): [string, string] => [match[1] ?? '', (match[2] ?? '').trim()]));
}

function coloursOf(theme: string, dark: boolean): Colours {
  const sheets = [base, readFileSync(join(themesFolder, theme, 'theme.css'), 'utf8')];
  // The theme comes after the base, as in the sheet that is served; a dark block of the base yields to a light one of the theme.
  return new Map(sheets.flatMap((sheet) => propertiesOf(sheet, dark)));
}

function resolve(colours: Colours, name: string): string {
  const value = colours.get(name);
  if (value === undefined) throw new Error(`${name} is not defined`);
  const other = /^var\((--[a-z0-9-]+)\)$/.exec(value)?.[1];
  return other === undefined ? value : resolve(colours, other);
}

/** Relative luminance of `#rgb` or `#rrggbb` by WCAG. */
function luminance(hex: string): number {
  const long = /^#[0-9a-f]{3}$/i.test(hex) ? hex.replaceAll(/[0-9a-f]/gi, '$&$&') : hex;
  if (!/^#[0-9a-f]{6}$/i.test(long)) throw new Error(`"${hex}" is not a colour of the form #rrggbb`);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3;

/** [foreground, background, ratio]: letters need 4.5, edges and marks 3. */
const PAIRS: readonly (readonly [string, string, number])[] = [
  ['--ink', '--paper', TEXT],
  ['--ink', '--ground', TEXT],
  ['--ink-soft', '--paper', TEXT],
  ['--ink-soft', '--ground', TEXT],
  ['--brand', '--paper', TEXT],
  ['--brand', '--ground', TEXT],
  ['--brand', '--brand-soft', TEXT],
  ['--brand-strong', '--paper', TEXT],
  ['--on-brand', '--brand', TEXT],
  ['--on-brand', '--brand-strong', TEXT],
  ['--on-error', '--error-strong', TEXT],
  ['--paper', '--error-ink', TEXT],
  ['--on-focus', '--focus', TEXT],
  ['--error-ink', '--paper', TEXT],
  ['--ink', '--neutral-soft', TEXT],
  ...['neutral', 'info', 'success', 'warning', 'error', 'disputed'].map((tone) => [`--${tone}-ink`, `--${tone}-soft`, TEXT] as const),
  ...['info', 'success', 'warning', 'error'].map((tone) => ['--ink', `--${tone}-soft`, TEXT] as const),
  ['--line-strong', '--paper', SHAPE],
  ['--line-strong', '--ground', SHAPE],
  ['--error-strong', '--paper', SHAPE],
  ...[1, 2, 3, 4, 5, 6].map((series) => [`--series-${series}`, '--paper', SHAPE] as const),
];

describe.each(themes)('theme %s', (theme) => {
  describe.each(['light', 'dark'])('%s', (scheme) => {
    const colours = coloursOf(theme, scheme === 'dark');
    it.each(PAIRS)('%s on %s is at least %f : 1', (foreground, background, least) => {
      expect(contrast(resolve(colours, foreground), resolve(colours, background))).toBeGreaterThanOrEqual(least);
    });
    it('shows the focus: yellow or its dark edge stands out from the page', () => {
      const paper = resolve(colours, '--paper');
      expect(Math.max(contrast(resolve(colours, '--focus'), paper), contrast(resolve(colours, '--on-focus'), paper))).toBeGreaterThanOrEqual(SHAPE);
    });
  });
});

describe('custom properties', () => {
  const features = join(installationRoot, 'src/features');
  const sheets = [
    ...readdirSync(import.meta.dirname).filter((name) => name.endsWith('.css')).map((name) => join(import.meta.dirname, name)),
    ...readdirSync(features).map((feature) => join(features, feature, 'web/style.css')).filter((path) => existsSync(path)),
    ...themes.map((theme) => join(themesFolder, theme, 'theme.css')),
  ];
  const defined = new Set(sheets.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/(--[a-z0-9-]+)\s*:/g)].map((match) => match[1])));
  it.each(sheets)('%s uses only names that are defined', (path) => {
    const used = [...readFileSync(path, 'utf8').matchAll(/var\((--[a-z0-9-]+)/g)].map((match) => match[1]);
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
  });
});

describe('the measure itself', () => {
  it.each([
    ['#000', '#fff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
  ])('%s on %s is %f', (one, other, expected) => {
    expect(contrast(one, other)).toBeCloseTo(expected, 2);
  });
  it('refuses what is not a plain colour', () => {
    expect(() => luminance('color-mix(in srgb, red, blue)')).toThrow('#rrggbb');
  });
  it('reads the dark block', () => {
    expect(coloursOf('neutral', true).get('--paper')).not.toBe(coloursOf('neutral', false).get('--paper'));
    expect(coloursOf('azerbaijan', true).get('--brand')).not.toBe(coloursOf('azerbaijan', false).get('--brand'));
  });
});
