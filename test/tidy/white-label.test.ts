/** White label: no colour, no country and no issuer in code. They are data of themes and of law packs. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const isTest = (path: string): boolean => /\.test\.tsx?$/.test(path) || /(?:^|\/)examples?(?:\.tsx?$|\/)/.test(path);
const all = globSync('src/**/*.{ts,tsx,css,typ,json,sql}', { cwd: root });
const code = all.filter((path) => !isTest(path));

/** The one file that holds the house palette; themes replace it role by role. */
const PALETTE = 'src/platform/html/themes/palette.ts';

/** A QR code is black on white by its standard, whatever the theme: cameras read it. */
const FIXED = ['src/features/identity/web/factor-pages.tsx:', 'src/features/decisions/web/qr-code.tsx:'];
/** Names that weak passwords are made of, a country's among them; nothing of it is ever shown. */
const WEAK_WORDS = 'src/features/identity/rules/password.ts';

/** Comments say why and may name an example; what runs or is shown may not. Addresses (`https://…`) are no comments. */
function withoutComments(path: string): string {
  const text = read(path);
  if (path.endsWith('.json')) return text;
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''));
  return path.endsWith('.css') ? bare : bare.replaceAll(/(^|[^:'"`])\/\/.*$/gm, '$1').replaceAll(path.endsWith('.sql') ? /--.*$/gm : /$^/g, '');
}

function found(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    withoutComments(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1} ${pattern.exec(line)?.[0] ?? ''}`] : [])),
  );
}

describe('colours', () => {
  /** `#abc`, `#aabbcc`, colour functions, and named colours where a style sheet would take them. */
  const COLOUR = /(?<![\w&/#?=.-])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![\w(-])|\b(?:rgba?|hsla?|hwb|oklch|oklab|lab|lch)\(\s*["'\d.#]/i;
  const NAMED = /(?:color|background|fill|stroke|border|outline|shadow)[\w-]*\s*:[^;]*(?<![\w-])(?:red|green|blue|white|black|yellow|orange|purple|gr[ae]y|navy|teal|maroon)(?![\w-])/i;

  it('stand in the palette only', () => {
    const seen = found(code.filter((path) => path !== PALETTE), COLOUR);
    expect(seen.filter((place) => !FIXED.some((one) => place.startsWith(one) && /#(?:000|fff)$/.test(place)))).toEqual([]);
    expect(found(code.filter((path) => path.endsWith('.css')), NAMED)).toEqual([]);
  });

  it.each(['color: #fff;', 'fill="#12475c"', 'rgb(1 2 3)', 'hsl(20deg 1% 1%)', 'rgb("#1b2733")', "'#0d1317'"])('%s would be seen', (text) => expect(COLOUR.test(text)).toBe(true));
  it.each(['href="#main"', 'href="#Card"', '{ #abc_def }', '/obligations/changes#add', 'rgb(head.colours.ink)', 'color: var(--ink)', "'#' + id"])('%s would not', (text) => expect(COLOUR.test(text)).toBe(false));
  it('named would be seen', () => expect([NAMED.test('color: white'), NAMED.test('white-space: pre'), NAMED.test('color: var(--white)')]).toEqual([true, false, false]));
  it('are in the palette', () => expect(found([PALETTE], COLOUR).length).toBeGreaterThan(50));
});

describe('countries', () => {
  /** The countries of the themes and packs that come with Mizan, in three languages with their adjectives. The name of the language is no country. */
  const COUNTRY = /\bAzerbaijan(?!i(?:["',.;)]| letters| and English))\w*|\bAzerbaycan\w*|Azərbaycan(?!ca\b| dili)\p{L}*|Азербайджан(?!ский["']|ском["'])\p{L}*|Talvori\p{L}*|Талвори\p{L}*/iu;

  it('are named in no code and no text of the program', () => expect(found(code.filter((path) => path !== WEAK_WORDS), COUNTRY)).toEqual([]));

  it.each(['Azerbaijan', 'the Azerbaijani law', 'Azərbaycan Respublikası', 'azərbaycanlı', 'Азербайджанская', 'Talvoria', 'Talvoriyanın', 'Талвории'])('%s would be seen', (text) => expect(COUNTRY.test(text)).toBe(true));
  it.each(['Azərbaycanca', 'Azərbaycan dilində', '"Azerbaijani"', 'Azerbaijani letters', '"Азербайджанский"', '"На азербайджанском"'])('%s, the language, would not', (text) => expect(COUNTRY.test(text)).toBe(false));
});

describe('issuers', () => {
  const themes = globSync('themes/*/theme.yaml', { cwd: root }).map((path) => parse(read(path)) as Record<string, { az?: string; en?: string; ru?: string; issuer?: Record<string, string>; body?: Record<string, string> } | undefined>);
  /** What `mizan theme new` writes as a beginning is a text of the program as well. */
  const GENERAL = new Set(['AI register', 'Süni intellekt reyestri', 'Реестр ИИ', 'Sİ reyestri', 'The body that keeps the register', 'Reyestri aparan qurum', 'Орган, который ведёт реестр']);
  const names = themes.flatMap((theme) => [theme['name'], theme['shortName'], theme['regulator'], theme['countryName'], theme['documents']?.issuer, theme['contact']?.body].flatMap((text) => (text === undefined ? [] : [text['az'], text['en'], text['ru']])));
  const own = [...new Set(names.filter((name): name is string => name !== undefined && !GENERAL.has(name)))];

  it('were found in the themes', () => expect(own.length).toBeGreaterThan(15));
  it('are named in no code', () => {
    const text = code.map((path) => `${path}\n${read(path)}`).join('\n');
    expect(own.filter((name) => text.includes(name))).toEqual([]);
  });
});
