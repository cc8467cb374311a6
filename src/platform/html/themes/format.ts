/** What a theme is: the shape of theme.yaml and legal.yaml, and the theme as the program uses it. docs/spec/theme.md describes it. */

import { z } from 'zod';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { THEME_ID } from './host-names.ts';
import { COLOUR_ROLES, type Colours, OWN_ROLES, type Scheme } from './palette.ts';

export const THEME_FORMAT = 1;
export const THEME_FILE_BYTES_MAX = 256 * 1024;
export const LOGO_BYTES_MAX = 64 * 1024;
export const FONT_BYTES_MAX = 400 * 1024;
export const FONTS_MAX = 8;
const LINE_MAX = 200;
const PARAGRAPH_MAX = 1000;
const LEGAL_TEXT_MAX = 20_000;
const FAMILIES_MAX = 12;

/** Pages at /about/<slug>, in the order of the footer. */
export const LEGAL_SLUGS = ['privacy', 'accessibility', 'terms', 'imprint'] as const;
export type LegalSlug = (typeof LEGAL_SLUGS)[number];

const localised = (max: number) => z.strictObject({ az: z.string().trim().min(1).max(max), en: z.string().trim().min(1).max(max), ru: z.string().trim().min(1).max(max) });
const colour = z.string().regex(/^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/i, 'a colour is written #rrggbb');
const svgName = z.string().regex(/^[a-z0-9-]+\.svg$/, 'the name of an SVG file in the folder of the theme, for example logo.svg');
/** No quotation mark, backslash, brace or semicolon: the name goes into a style sheet. */
const family = z.string().regex(/^[\p{L}\p{N} _-]{1,60}$/u, 'the name of a font family: letters, digits, spaces, hyphens');
const roles = z.strictObject({
  ...(Object.fromEntries(COLOUR_ROLES.map((role) => [role, colour.optional()])) as Record<(typeof COLOUR_ROLES)[number], z.ZodOptional<typeof colour>>),
  ...(Object.fromEntries(OWN_ROLES.map((role) => [role, colour])) as Record<(typeof OWN_ROLES)[number], typeof colour>),
});
const ownFont = z.strictObject({
  family,
  file: z.string().regex(/^[a-z0-9-]+\.woff2$/, 'the name of a WOFF2 file in the folder of the theme, in small letters'),
  weight: z.string().regex(/^[1-9]00(?: [1-9]00)?$/, 'a weight as "400", or a range as "100 900"').default('400'),
  style: z.enum(['normal', 'italic']).default('normal'),
});
const shippedFont = z.strictObject({ shipped: z.literal('noto-sans') });

const SYSTEM_TEXT = ['Segoe UI', '-apple-system', 'BlinkMacSystemFont', 'Roboto', 'Noto Sans', 'Liberation Sans', 'Helvetica Neue', 'Arial', 'sans-serif'];
const SYSTEM_CODE = ['ui-monospace', 'Cascadia Mono', 'Menlo', 'Consolas', 'Noto Sans Mono', 'DejaVu Sans Mono', 'Liberation Mono', 'monospace'];
const typography = z.strictObject({
  /** Families in the order in which a reader's machine is asked for them. */
  text: z.array(family).min(1).max(FAMILIES_MAX).default(SYSTEM_TEXT),
  headings: z.array(family).min(1).max(FAMILIES_MAX).optional(),
  code: z.array(family).min(1).max(FAMILIES_MAX).default(SYSTEM_CODE),
  /** Letters sent with the pages. */
  fonts: z.array(z.union([shippedFont, ownFont])).max(FONTS_MAX).default([]),
});

const contact = z.strictObject({
  body: localised(LINE_MAX),
  address: localised(PARAGRAPH_MAX).optional(),
  email: z.string().regex(/^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/, 'an e-mail address').max(LINE_MAX).optional(),
  phone: z.string().regex(/^\+?[\d ()-]{5,30}$/, 'a telephone number').optional(),
  /** Who oversees the body, where a person complains next. */
  oversight: localised(PARAGRAPH_MAX).optional(),
});

const documents = z.strictObject({
  /** Named as who issues a document; the name of the register when left out. */
  issuer: localised(LINE_MAX).optional(),
  header: localised(LINE_MAX).optional(),
  footer: localised(LINE_MAX).optional(),
  /** Headings and marks on white paper; the brand when left out. */
  accent: colour.optional(),
});

const mail = z.strictObject({
  /** The name before the address; the short name when left out. */
  sender: localised(80).optional(),
  accent: colour.optional(),
  signature: localised(PARAGRAPH_MAX).optional(),
  footer: localised(PARAGRAPH_MAX).optional(),
});

export const themeFile = z.strictObject({
  format: z.literal(THEME_FORMAT),
  name: localised(LINE_MAX),
  shortName: localised(60),
  /** The body that keeps the register, as it stands in sentences. */
  regulator: localised(LINE_MAX),
  countryName: localised(LINE_MAX).optional(),
  /** ISO 3166-1 alpha-2 of the country that runs the register; `XX` when none. */
  country: z.string().regex(/^[A-Z]{2}$/, 'two capital letters as in ISO 3166, or XX'),
  tagline: localised(LINE_MAX),
  footer: localised(PARAGRAPH_MAX),
  logo: svgName,
  mark: svgName.optional(),
  languages: z.array(z.enum(LANGUAGES)).min(1).max(LANGUAGES.length).refine((list) => new Set(list).size === list.length, 'each language once'),
  defaultLanguage: z.enum(LANGUAGES),
  /** Id of the law pack that a new register of this country begins with; the first that can be main when left out. */
  law: z.string().regex(/^[a-z][a-z0-9-]{0,60}$/, 'the id of a law pack').optional(),
  colours: z.strictObject({ light: roles, dark: roles }),
  corners: z.enum(['square', 'soft', 'round']).default('soft'),
  typography: typography.prefault({}),
  contact: contact.optional(),
  documents: documents.prefault({}),
  mail: mail.prefault({}),
});

const legalBlock = z.strictObject({ az: z.string().min(1).max(LEGAL_TEXT_MAX).optional(), en: z.string().min(1).max(LEGAL_TEXT_MAX).optional(), ru: z.string().min(1).max(LEGAL_TEXT_MAX).optional() });
export const legalFile = z.strictObject({
  /** Another theme whose texts stand where this file has none. */
  from: z.string().regex(THEME_ID, 'the name of a theme').optional(),
  privacy: legalBlock.optional(),
  accessibility: legalBlock.optional(),
  terms: legalBlock.optional(),
  imprint: legalBlock.optional(),
});

type ThemeFile = z.infer<typeof themeFile>;
export type LegalText = { readonly [L in Language]?: string | undefined };
export type Contact = z.infer<typeof contact>;

export interface Theme extends Omit<ThemeFile, 'colours' | 'mark'> {
  readonly id: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly colours: { readonly [S in Scheme]: Colours };
  /** Text per page and language; there for every language that is offered. */
  readonly legal: { readonly [S in LegalSlug]: LegalText };
  /** The SVG of the mark, checked; drawn on documents. */
  readonly markSvg: string;
}

export interface ThemeProblem {
  readonly severity: 'error' | 'warning';
  /** Name of the file in the folder. */
  readonly file: string;
  /** From 1; 0 where the file is missing as a whole. */
  readonly line: number;
  /** Where in the file: `colours.light.brand`. */
  readonly path: string;
  /** Which rule, in kebab-case. */
  readonly rule: string;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
}
