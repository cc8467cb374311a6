/** Contrast: the measure itself against known values, and every pair of every shipped theme in light and dark. */

import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installationRoot } from '../../files/root.ts';
import { contrast, luminance, measure, ratioInWords } from './contrast.ts';
import { coloursOf, SCHEMES } from './palette.ts';
import { installedThemes, readTheme } from './read-theme.ts';

describe('the measure', () => {
  it.each([
    ['#000', '#fff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#767676', '#ffffff', 4.54],
    ['#777777', '#ffffff', 4.48],
  ])('%s on %s is %f', (one, other, expected) => expect(contrast(one, other)).toBeCloseTo(expected, 2));

  it('refuses what is not a plain colour', () => expect(() => luminance('color-mix(in srgb, red, blue)')).toThrow('#rrggbb'));
  it('is told cut, not rounded', () => expect(ratioInWords(4.4999)).toBe('4.49 : 1'));

  it('is the same both ways and lies between 1 and 21', () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);
    fc.assert(
      fc.property(colour, colour, (one, other) => {
        const ratio = contrast(one, other);
        expect(contrast(other, one)).toBe(ratio);
        expect(ratio).toBeGreaterThanOrEqual(1);
        expect(ratio).toBeLessThanOrEqual(21);
      }),
    );
  });

  it('sees a focus that neither ring makes visible', () => {
    const colours = { ...coloursOf('light'), focus: '#fefefe', 'on-focus': '#f0f0f0' };
    expect(measure(colours).filter(({ ratio, least }) => ratio < least).map(({ use }) => use)).toContain('the focus on the page');
  });
});

describe('the house palette', () => {
  it.each(SCHEMES)('%s keeps every ratio', (scheme) => {
    expect(measure(coloursOf(scheme)).filter(({ ratio, least }) => ratio < least)).toEqual([]);
  });
});

describe.each(installedThemes())('theme %s', (id) => {
  const { theme, problems } = readTheme(join(installationRoot, 'themes', id));
  it('has no error', () => expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]));
  describe.each(SCHEMES)('%s', (scheme) => {
    it.each(measure(theme?.colours[scheme] ?? coloursOf(scheme)))('$foreground on $background ($use) is at least $least : 1', ({ ratio, least }) => {
      expect(ratio).toBeGreaterThanOrEqual(least);
    });
  });
  it('has a dark scheme of its own', () => expect(theme?.colours.dark.brand).not.toBe(theme?.colours.light.brand));
});
