/** The style of a theme: custom properties from its colours, letters and corners. Themes hold data; this writes the sheet. */

import type { Theme } from './format.ts';
import { SCHEMES, type Scheme } from './palette.ts';

const RADIUS: { readonly [C in Theme['corners']]: string } = { square: '0', soft: '4px', round: '10px' };
/** Weights of the shipped face that pages use; each is a file, fetched only when a page has letters of it. */
export const NOTO_SANS_FACES = [
  { weight: '400', style: 'normal', folder: '400Regular' },
  { weight: '400', style: 'italic', folder: '400Regular_Italic' },
  { weight: '600 700', style: 'normal', folder: '700Bold' },
] as const;

/** `fonts` gives the address of a font file, seen from the style sheet. */
export function themeCss(theme: Theme, fonts: (file: string) => string): string {
  const [light, dark] = SCHEMES.map((scheme) => declarations(theme, scheme));
  const { text, headings, code } = theme.typography;
  return [
    ...faces(theme, fonts),
    `:root { color-scheme: light dark; ${light} --sans: ${stack(text)}; --headings: ${headings === undefined ? 'var(--sans)' : stack(headings)}; --mono: ${stack(code)}; --radius: ${RADIUS[theme.corners]}; }`,
    `@media screen and (prefers-color-scheme: dark) { :root { ${dark} } }`,
    '',
  ].join('\n');
}

function declarations(theme: Theme, scheme: Scheme): string {
  return Object.entries(theme.colours[scheme]).map(([role, value]) => `--${role}: ${value};`).join(' ');
}

/** Words that CSS knows stay bare; names of families are quoted. */
function stack(families: readonly string[]): string {
  return families.map((family) => (/^(?:serif|sans-serif|monospace|system-ui|ui-(?:serif|sans-serif|monospace)|-apple-system)$/.test(family) ? family : `"${family}"`)).join(', ');
}

function faces(theme: Theme, fonts: (file: string) => string): string[] {
  return theme.typography.fonts.flatMap((font) =>
    'file' in font
      ? [`@font-face { font-family: "${font.family}"; src: url(${fonts(font.file)}) format("woff2"); font-weight: ${font.weight}; font-style: ${font.style}; font-display: swap; }`]
      : NOTO_SANS_FACES.map(({ weight, style, folder }) => `@font-face { font-family: "Noto Sans"; src: url(${fonts(`NotoSans_${folder}.ttf`)}) format("truetype"); font-weight: ${weight}; font-style: ${style}; font-display: swap; }`),
  );
}
