/**
 * The colours of the platform by their meaning, light and dark. This is the only file of the program that names colours: a theme
 * replaces what it names, style sheets use the names, and every pair is measured when a theme is read (contrast.ts).
 */

const light = {
  /** Links, chosen things, the main button. */
  brand: '#12475c',
  /** The same under the pointer. */
  'brand-strong': '#0b3343',
  /** A quiet ground in the colour of the brand. */
  'brand-soft': '#e6f0f4',
  /** Letters on `brand`. */
  'on-brand': '#ffffff',
  paper: '#ffffff',
  /** The ground of the footer, of code and of what stands back. */
  ground: '#f4f6f7',
  ink: '#17212b',
  'ink-soft': '#4b5864',
  /** Lines that only divide. */
  line: '#d8dee3',
  /** Edges of fields: a person must see them to use them. */
  'line-strong': '#6b7882',
  focus: '#ffd24a',
  'on-focus': '#17212b',
  /** The outer edge of the focus, where the page itself is dark. */
  'focus-edge': '#17212b',
  'neutral-soft': '#eceff1',
  'neutral-ink': '#3c4751',
  'info-soft': '#e6effa',
  'info-ink': '#0d4a8c',
  'success-soft': '#e3f2e9',
  'success-ink': '#14573a',
  'warning-soft': '#fdf1d8',
  'warning-ink': '#744600',
  'error-soft': '#fcebe9',
  'error-ink': '#9f1d1a',
  'error-strong': '#b3261e',
  'on-error': '#ffffff',
  'disputed-soft': '#f2eafa',
  'disputed-ink': '#5a2c86',
  /** Series of charts; the first is the brand unless a theme says otherwise. */
  'series-2': '#c0661a',
  'series-3': '#4d7f3a',
  'series-4': '#8750a3',
  'series-5': '#b8435a',
  'series-6': '#6b7882',
} as const;

export type PaletteRole = keyof typeof light;
/** Roles that follow the brand unless a theme names them: the line at the top of each page, and the first series. */
export const FOLLOWING_ROLES = ['accent-1', 'accent-2', 'accent-3', 'series-1'] as const;
export type ColourRole = PaletteRole | (typeof FOLLOWING_ROLES)[number];
export const COLOUR_ROLES: readonly ColourRole[] = [...(Object.keys(light) as PaletteRole[]), ...FOLLOWING_ROLES];
/** Every theme states these itself, in light and in dark. */
export const OWN_ROLES = ['brand', 'brand-strong', 'brand-soft', 'on-brand'] as const;

export const SCHEMES = ['light', 'dark'] as const;
export type Scheme = (typeof SCHEMES)[number];
/** `#rrggbb` for every role. */
export type Colours = Readonly<Record<ColourRole, string>>;
export type StatedColours = { readonly [R in ColourRole]?: string | undefined };

const dark: Readonly<Record<PaletteRole, string>> = {
  brand: '#8cc7de',
  'brand-strong': '#b5deee',
  'brand-soft': '#17323d',
  'on-brand': '#06202b',
  paper: '#141b21',
  ground: '#0d1317',
  ink: '#e9eef2',
  'ink-soft': '#acb8c2',
  line: '#2c373f',
  'line-strong': '#83919c',
  focus: '#ffd24a',
  'on-focus': '#17212b',
  'focus-edge': '#000000',
  'neutral-soft': '#26313a',
  'neutral-ink': '#c9d3db',
  'info-soft': '#152b43',
  'info-ink': '#a3cbf5',
  'success-soft': '#14311f',
  'success-ink': '#93d8b0',
  'warning-soft': '#382808',
  'warning-ink': '#f3ca7c',
  'error-soft': '#3f1b18',
  'error-ink': '#f7aea8',
  'error-strong': '#f0877e',
  'on-error': '#2a0806',
  'disputed-soft': '#2e1f42',
  'disputed-ink': '#d6b9f4',
  'series-2': '#e39a55',
  'series-3': '#8fbf78',
  'series-4': '#c297dc',
  'series-5': '#ee8fa2',
  'series-6': '#93a1ac',
};

const HOUSE: { readonly [S in Scheme]: Readonly<Record<PaletteRole, string>> } = { light, dark };

/** All colours of a scheme: the house palette with what a theme states in its place. */
export function coloursOf(scheme: Scheme, stated: StatedColours = {}): Colours {
  const own = Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)) as StatedColours;
  const merged = { ...HOUSE[scheme], ...own } as Record<PaletteRole, string> & StatedColours;
  const following = Object.fromEntries(FOLLOWING_ROLES.map((role) => [role, own[role] ?? merged.brand]));
  return { ...merged, ...following } as Colours;
}
