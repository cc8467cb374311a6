/** Contrast by WCAG 2.2 of every pair of colours that pages, documents and mails use; a theme that fails a pair is refused. */

import { type ColourRole, type Colours } from './palette.ts';

/** 1.4.3: letters. 1.4.11: edges of fields, marks, lines of charts, and the focus. */
export const TEXT_RATIO_MIN = 4.5;
export const SHAPE_RATIO_MIN = 3;

export interface Pair {
  readonly foreground: ColourRole;
  readonly background: ColourRole;
  readonly least: number;
  /** Where the two meet. */
  readonly use: string;
}

export interface MeasuredPair extends Pair {
  readonly ratio: number;
}

const text = (foreground: ColourRole, background: ColourRole, use: string): Pair => ({ foreground, background, least: TEXT_RATIO_MIN, use });
const shape = (foreground: ColourRole, background: ColourRole, use: string): Pair => ({ foreground, background, least: SHAPE_RATIO_MIN, use });
const TONES = ['neutral', 'info', 'success', 'warning', 'error', 'disputed'] as const;

export const PAIRS: readonly Pair[] = [
  text('ink', 'paper', 'text'),
  text('ink', 'ground', 'text of the footer and of code'),
  text('ink', 'brand-soft', 'text beside the current step'),
  text('ink-soft', 'paper', 'hints and captions'),
  text('ink-soft', 'ground', 'the footer'),
  text('brand', 'paper', 'links and figures'),
  text('brand', 'ground', 'links in the footer'),
  text('brand', 'brand-soft', 'the second button under the pointer'),
  text('brand-strong', 'paper', 'links under the pointer'),
  text('brand-strong', 'ground', 'links in the footer under the pointer'),
  text('on-brand', 'brand', 'the main button'),
  text('on-brand', 'brand-strong', 'the main button under the pointer'),
  text('on-error', 'error-strong', 'the button that deletes'),
  text('paper', 'error-ink', 'the button that deletes, under the pointer'),
  text('on-focus', 'focus', 'links with the focus'),
  text('error-ink', 'paper', 'what is wrong with a field'),
  text('error-ink', 'ground', 'what is wrong with a field'),
  text('warning-ink', 'paper', 'warnings'),
  text('ink', 'neutral-soft', 'the language in use'),
  ...TONES.map((tone) => text(`${tone}-ink`, `${tone}-soft`, `a ${tone} tag`)),
  ...(['info', 'success', 'warning', 'error'] as const).map((tone) => text('ink', `${tone}-soft`, `a ${tone} notice`)),
  shape('line-strong', 'paper', 'edges of fields'),
  shape('line-strong', 'ground', 'edges of fields'),
  shape('error-strong', 'paper', 'the edge of a wrong field'),
  shape('brand', 'paper', 'a chosen option'),
  shape('focus', 'on-focus', 'the two rings of the focus'),
  ...([1, 2, 3, 4, 5, 6] as const).map((series) => shape(`series-${series}`, 'paper', `series ${series} of charts`)),
];

/** Relative luminance of `#rgb` or `#rrggbb`; anything else is not a colour here and throws. */
export function luminance(hex: string): number {
  const long = /^#[0-9a-f]{3}$/i.test(hex) ? hex.replaceAll(/[0-9a-f]/gi, '$&$&') : hex;
  if (!/^#[0-9a-f]{6}$/i.test(long)) throw new Error(`"${hex}" is not a colour of the form #rrggbb`);
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** 1 (the same) to 21 (black and white). */
export function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/**
 * Every pair with its ratio. The focus has two rings: it stands out from a ground as soon as one of them does (WCAG 2.2, technique
 * C40), so the stronger of the two counts on paper and on ground.
 */
export function measure(colours: Colours): readonly MeasuredPair[] {
  const plain = PAIRS.map((pair) => ({ ...pair, ratio: contrast(colours[pair.foreground], colours[pair.background]) }));
  const rings = (['paper', 'ground'] as const).map((background) => {
    const [focus, edge] = [contrast(colours.focus, colours[background]), contrast(colours['on-focus'], colours[background])];
    return { ...shape(focus >= edge ? 'focus' : 'on-focus', background, 'the focus on the page'), ratio: Math.max(focus, edge) };
  });
  return [...plain, ...rings];
}

/** Cut, not rounded: 4.499 must not be told as 4.5. */
export function ratioInWords(ratio: number): string {
  return `${(Math.floor(ratio * 100) / 100).toFixed(2)} : 1`;
}
