/** Reads a theme from its folder and checks all of it: shape, files, languages, contrast. Every problem is told at once, with its line. */

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { Fault, type Language, LANGUAGES } from '../../../base/index.ts';
import { installationRoot } from '../../files/root.ts';
import { contrast, measure, ratioInWords, TEXT_RATIO_MIN } from './contrast.ts';
import { FONT_BYTES_MAX, LEGAL_SLUGS, legalFile, type LegalSlug, type LegalText, LOGO_BYTES_MAX, type Theme, THEME_FILE_BYTES_MAX, themeFile, type ThemeProblem } from './format.ts';
import { THEME_ID } from './host-names.ts';
import { legalProblems } from './legal-text.ts';
import { coloursOf, SCHEMES } from './palette.ts';
import { svgProblems, svgRatio } from './svg.ts';

const THEME_YAML = 'theme.yaml';
const LEGAL_YAML = 'legal.yaml';
/** White paper and white mail: accents are measured against it whatever the theme's own paper is. */
const SHEET = coloursOf('light').paper;
const LOGO_RATIO_MAX = 2;

export interface ReadTheme {
  /** Present when nothing is wrong that would keep it from being used. */
  readonly theme: Theme | undefined;
  /** Errors and warnings, in the order of the files. */
  readonly problems: readonly ThemeProblem[];
}

type Tell = (severity: ThemeProblem['severity'], file: string, at: readonly (string | number)[] | { readonly line: number }, rule: string, message: string, next: string) => void;

interface Source {
  readonly value: unknown;
  lineOf(path: readonly (string | number)[]): number;
}

/** Folder names under themes/ of the installation that hold a theme. */
export function installedThemes(): readonly string[] {
  const folder = join(installationRoot, 'themes');
  return readdirSync(folder).filter((name) => THEME_ID.test(name) && existsSync(join(folder, name, THEME_YAML))).sort();
}

export function readTheme(given: string): ReadTheme {
  const folder = resolve(given);
  const problems: ThemeProblem[] = [];
  const sources = new Map<string, Source>();
  const tell: Tell = (severity, file, at, rule, message, next) => {
    const place = 'line' in at ? { line: at.line, path: '' } : { line: sources.get(file)?.lineOf(at) ?? 0, path: at.join('.') };
    problems.push({ severity, file, ...place, rule, message, next });
  };

  const id = basename(folder);
  if (!THEME_ID.test(id)) tell('error', THEME_YAML, [], 'folder-name', `“${id}” cannot be the name of a theme.`, 'Rename the folder: small letters, digits and hyphens, beginning with a letter.');
  const main = parsed(folder, THEME_YAML, themeFile, sources, tell);
  const legal = readLegal(folder, sources, tell);
  if (main === undefined || legal === undefined) return { theme: undefined, problems };

  const { mark, colours: stated, ...rest } = main;
  const colours = { light: coloursOf('light', stated.light), dark: coloursOf('dark', stated.dark) };
  const logoSvg = readSvg(folder, main.logo, 'logo', tell);
  const markSvg = mark === undefined ? logoSvg : readSvg(folder, mark, 'mark', tell);
  const theme: Theme = { ...rest, id, folder, colours, legal, markSvg: markSvg ?? '' };
  checkFonts(theme, tell);
  checkLanguages(theme, tell);
  checkContrast(theme, tell);
  checkContact(theme, tell);
  return { theme: problems.some((problem) => problem.severity === 'error') ? undefined : theme, problems };
}

function parsed<S extends z.ZodType>(folder: string, file: string, schema: S, sources: Map<string, Source>, tell: Tell): z.infer<S> | undefined {
  const source = readYaml(folder, file, tell);
  if (source === undefined) return undefined;
  sources.set(file, source);
  const result = schema.safeParse(source.value);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const path = issue.path as (string | number)[];
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) tell('error', file, [...path, key], 'unknown-member', `“${key}” is not a member of ${path.length === 0 ? 'a theme' : path.join('.')}.`, 'Correct its spelling or take it out; docs/spec/theme.md lists all members.');
    } else {
      const absent = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
      tell('error', file, path, absent ? 'missing' : 'shape', absent ? 'is missing.' : `${issue.message}.`, 'Write it as docs/spec/theme.md says.');
    }
  }
  return undefined;
}

function readYaml(folder: string, file: string, tell: Tell): Source | undefined {
  const path = join(folder, file);
  let text: string;
  try {
    if (statSync(path).size > THEME_FILE_BYTES_MAX) {
      tell('error', file, [], 'too-large', `The file is larger than ${THEME_FILE_BYTES_MAX / 1024} KiB.`, 'Shorten it.');
      return undefined;
    }
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const unreadable = error instanceof TypeError ? 'The file is not UTF-8.' : 'The file is missing or cannot be read.';
    tell('error', file, [], 'unreadable', unreadable, error instanceof TypeError ? 'Save it as UTF-8.' : `Write ${file}, or begin with “mizan theme new”.`);
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const lineAt = (offset: number): number => lines.linePos(offset).line;
  for (const error of document.errors) tell('error', file, { line: lineAt(error.pos[0]) }, 'yaml', `This is not YAML: ${error.message.split('\n')[0] ?? ''}`, 'Correct the spelling at this place.');
  if (document.errors.length > 0) return undefined;
  try {
    // Aliases could grow a short text without end.
    return { value: document.toJS({ maxAliasCount: 0 }) as unknown, lineOf: (at) => lineOfNode(document, at, lineAt) };
  } catch {
    tell('error', file, [], 'yaml', 'The file uses aliases (&name, *name).', 'Write the text out.');
    return undefined;
  }
}

/** The line of a member, or of the nearest thing around it that exists. */
function lineOfNode(document: Document, at: readonly (string | number)[], lineAt: (offset: number) => number): number {
  for (let length = at.length; length > 0; length--) {
    const path = at.slice(0, length);
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = (parent as { items?: readonly { key?: { value?: unknown; range?: readonly number[] } }[] } | undefined)?.items?.find((item) => item.key?.value === path.at(-1));
    const offset = pair?.key?.range?.[0] ?? (document.getIn(path, true) as { range?: readonly number[] } | undefined)?.range?.[0];
    if (offset !== undefined) return lineAt(offset);
  }
  return 1;
}

type Legal = { readonly [S in LegalSlug]: LegalText };

function readLegal(folder: string, sources: Map<string, Source>, tell: Tell): Legal | undefined {
  const own = parsed(folder, LEGAL_YAML, legalFile, sources, tell);
  if (own === undefined) return undefined;
  const { from, ...texts } = own;
  for (const slug of LEGAL_SLUGS) {
    for (const language of LANGUAGES) {
      const text = texts[slug]?.[language];
      for (const message of text === undefined ? [] : legalProblems(text)) tell('error', LEGAL_YAML, [slug, language], 'legal-text', message, 'Write it as docs/spec/theme.md says under “Legal texts”.');
    }
  }
  let base: Legal | undefined;
  if (from !== undefined) {
    const found = [join(dirname(folder), from), join(installationRoot, 'themes', from)].find((path) => resolve(path) !== folder && existsSync(join(path, LEGAL_YAML)));
    if (found === undefined) {
      tell('error', LEGAL_YAML, ['from'], 'unknown-theme', `There is no theme “${from}” with legal texts beside this one or in the installation.`, `Name one of: ${installedThemes().join(', ')}.`);
      return undefined;
    }
    const inner = parsed(found, LEGAL_YAML, legalFile, new Map(), (severity, file, at, rule, message, next) => tell(severity, LEGAL_YAML, ['from'], rule, `${from}/${file}${'line' in at ? `:${at.line}` : ` ${at.join('.')}`}: ${message}`, next));
    if (inner === undefined) return undefined;
    if (inner.from !== undefined) {
      tell('error', LEGAL_YAML, ['from'], 'from-chain', `The texts of “${from}” come from “${inner.from}” themselves.`, `Write from: ${inner.from}, or the texts.`);
      return undefined;
    }
    base = legalOf(inner);
  }
  return Object.fromEntries(LEGAL_SLUGS.map((slug) => [slug, { ...base?.[slug], ...texts[slug] }])) as unknown as Legal;
}

function legalOf(file: z.infer<typeof legalFile>): Legal {
  return Object.fromEntries(LEGAL_SLUGS.map((slug) => [slug, file[slug] ?? {}])) as unknown as Legal;
}

function readSvg(folder: string, name: string, member: 'logo' | 'mark', tell: Tell): string | undefined {
  const path = join(folder, name);
  let text: string;
  try {
    if (statSync(path).size > LOGO_BYTES_MAX) {
      tell('error', THEME_YAML, [member], 'svg-too-large', `${name} is larger than ${LOGO_BYTES_MAX / 1024} KiB.`, 'Simplify the drawing.');
      return undefined;
    }
    text = readFileSync(path, 'utf8');
  } catch {
    tell('error', THEME_YAML, [member], 'svg-missing', `${name} is not in the folder of the theme.`, 'Put the drawing there, or name the file that is there.');
    return undefined;
  }
  const found = svgProblems(text);
  for (const problem of found) tell('error', THEME_YAML, [member], 'svg', `${name}, line ${problem.line}: ${problem.message}.`, 'Export the drawing as plain SVG with paths only; docs/spec/theme.md lists what is taken.');
  const ratio = svgRatio(text);
  if (member === 'logo' && ratio !== undefined && (ratio > LOGO_RATIO_MAX || ratio < 1 / LOGO_RATIO_MAX)) {
    tell('warning', THEME_YAML, [member], 'svg-shape', `${name} is far from square and will look small: it is drawn in a square.`, 'Use a mark without words; the name of the register stands beside it.');
  }
  return found.length === 0 ? text : undefined;
}

function checkFonts(theme: Theme, tell: Tell): void {
  for (const [index, font] of theme.typography.fonts.entries()) {
    if (!('file' in font)) continue;
    const at = ['typography', 'fonts', index, 'file'];
    let bytes: Buffer;
    try {
      if (statSync(join(theme.folder, font.file)).size > FONT_BYTES_MAX) {
        tell('error', THEME_YAML, at, 'font-too-large', `${font.file} is larger than ${FONT_BYTES_MAX / 1024} KiB: readers on slow lines would wait for it.`, 'Keep only the letters of the three languages in it.');
        continue;
      }
      bytes = readFileSync(join(theme.folder, font.file));
    } catch {
      tell('error', THEME_YAML, at, 'font-missing', `${font.file} is not in the folder of the theme.`, 'Put the file there.');
      continue;
    }
    // The head of a WOFF2 file states its own length.
    if (bytes.length < 48 || bytes.toString('latin1', 0, 4) !== 'wOF2' || bytes.readUInt32BE(8) !== bytes.length) {
      tell('error', THEME_YAML, at, 'font-broken', `${font.file} is not a whole WOFF2 file.`, 'Make it anew from the font.');
    }
  }
}

function checkLanguages(theme: Theme, tell: Tell): void {
  if (!theme.languages.includes(theme.defaultLanguage)) {
    tell('error', THEME_YAML, ['defaultLanguage'], 'default-not-offered', `${theme.defaultLanguage} is the default and is not offered.`, `Name one of languages: ${theme.languages.join(', ')}.`);
  }
  for (const slug of LEGAL_SLUGS) {
    const missing: readonly Language[] = theme.languages.filter((language) => theme.legal[slug][language] === undefined);
    if (missing.length > 0) tell('error', LEGAL_YAML, [slug], 'legal-missing', `There is no text in ${missing.join(', ')}.`, 'Write it, or take the texts of another theme: from: neutral.');
  }
}

function checkContrast(theme: Theme, tell: Tell): void {
  for (const scheme of SCHEMES) {
    for (const { foreground, background, ratio, least, use } of measure(theme.colours[scheme])) {
      if (ratio >= least) continue;
      const colours = theme.colours[scheme];
      tell('error', THEME_YAML, ['colours', scheme, foreground], 'contrast', `${foreground} ${colours[foreground]} on ${background} ${colours[background]} (${use}) has ${ratioInWords(ratio)}; needed is ${ratioInWords(least)}.`, `Make ${foreground} or ${background} ${scheme === 'light' ? 'darker or lighter' : 'lighter or darker'} until they differ enough.`);
    }
  }
  for (const part of ['documents', 'mail'] as const) {
    const accent = theme[part].accent ?? theme.colours.light.brand;
    const ratio = contrast(accent, SHEET);
    if (ratio < TEXT_RATIO_MIN) tell('error', THEME_YAML, [part, 'accent'], 'contrast', `${part}.accent ${accent} on white has ${ratioInWords(ratio)}; needed is ${ratioInWords(TEXT_RATIO_MIN)}.`, 'Make it darker: documents and mails are white.');
  }
}

function checkContact(theme: Theme, tell: Tell): void {
  if (theme.contact === undefined) {
    tell('warning', THEME_YAML, ['contact'], 'contact-missing', 'contact is not stated; the pages say that the operating body has not stated how to reach it.', 'Before the register is opened to the public write contact: body, and an address, an e-mail address or a telephone number.');
  } else if (theme.contact.address === undefined && theme.contact.email === undefined && theme.contact.phone === undefined) {
    tell('warning', THEME_YAML, ['contact'], 'contact-missing', 'contact names the body and no way to reach it.', 'Add address, email or phone.');
  }
}

export function themeProblemLine(folder: string, { file, line, severity, rule, path, message, next }: ThemeProblem): string {
  return `${join(folder, file)}:${line} ${severity} ${rule}: ${path === '' ? '' : `${path}: `}${message}\n    → ${next}`;
}

/** A theme of the installation, by the name of its folder. Throws Fault `theme-not-loaded` with every problem when it cannot be used. */
export function loadTheme(id: string): Theme {
  const folder = join(installationRoot, 'themes', id);
  if (!THEME_ID.test(id) || !existsSync(folder)) throw new Fault('theme-not-loaded', `There is no theme “${id}”. Set THEME to one of: ${installedThemes().join(', ')}.`, { theme: id });
  const { theme, problems } = readTheme(folder);
  if (theme !== undefined) return theme;
  const errors = problems.filter((problem) => problem.severity === 'error').map((problem) => themeProblemLine(`themes/${id}`, problem));
  throw new Fault('theme-not-loaded', `The theme “${id}” cannot be used:\n${errors.join('\n')}`, { theme: id });
}
