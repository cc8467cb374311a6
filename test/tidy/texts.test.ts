/** Every text of every catalogue is used: a dead text is translated three times for nobody. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');
const catalogues = globSync('**/en.json', { cwd: src });
const code = globSync('**/*.{ts,tsx}', { cwd: src }).filter((path) => !/\.test\.tsx?$/.test(path));

/** `features/registry` for a catalogue of that feature; texts of the platform serve every room. */
function homeOf(catalogue: string): string {
  const [room = '', name = ''] = catalogue.split(/[/\\]/);
  return room === 'features' ? join(room, name) : '';
}

/** Files that may use a catalogue: the feature itself, and whoever takes it through the feature's door. */
function usersOf(catalogue: string): readonly string[] {
  const home = homeOf(catalogue);
  if (home === '') return code;
  const name = /catalogue\('(\w+)'/.exec(readFileSync(join(src, dirname(catalogue), 'index.ts'), 'utf8'))?.[1] ?? '';
  return code.filter((path) => path.startsWith(home) || readFileSync(join(src, path), 'utf8').includes(`${name}Text`));
}

describe('texts', () => {
  it('were found', () => {
    expect(catalogues.length).toBeGreaterThan(5);
  });

  it.each(catalogues)('of %s are used', (catalogue) => {
    const source = usersOf(catalogue).map((path) => readFileSync(join(src, path), 'utf8')).join('\n');
    // `status.${…}` uses every key that begins so; `${…}.title` cannot be followed and must not be written.
    const prefixes = [...source.matchAll(/`([a-zA-Z][\w.-]*[.-])\$\{/g)].map((match) => match[1] ?? '');
    const keys = Object.keys(JSON.parse(readFileSync(join(src, catalogue), 'utf8')) as Record<string, string>);
    expect(keys.filter((key) => !source.includes(`'${key}'`) && !source.includes(`"${key}"`) && !prefixes.some((prefix) => key.startsWith(prefix)))).toEqual([]);
  });
});

/** Categories of plural that a language has; what a text leaves out would be counted in `other`. */
const PLURALS = { az: ['one', 'other'], en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'] } as const;
/** One form for all counts says the same as both: Azerbaijani nouns after a number stay as they are. */
const isUniform = (language: string, categories: readonly string[]): boolean => language === 'az' && categories.every((category) => category === 'other' || category.startsWith('='));

interface Part {
  readonly type: number;
  readonly value?: string;
  readonly options?: Readonly<Record<string, { readonly value: readonly Part[] }>>;
}

/** What is wrong with the numbers, dates and plurals of one text. */
function faultsOf(message: string, language: 'az' | 'en' | 'ru'): readonly string[] {
  const faults: string[] = [];
  const walk = (parts: readonly Part[]): void => {
    for (const part of parts) {
      // 3, 4: dates and times written by the formatter, past the one place that writes them and names their zone.
      if (part.type === 3 || part.type === 4) faults.push(`{${part.value ?? ''}} is formatted in the text; give it written by platform/text`);
      if (part.type === 6) {
        const categories = Object.keys(part.options ?? {});
        const missing = PLURALS[language].filter((category) => !categories.includes(category));
        if (missing.length > 0 && !isUniform(language, categories)) faults.push(`{${part.value ?? ''}} lacks ${missing.join(', ')}`);
      }
      for (const option of Object.values(part.options ?? {})) walk(option.value);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  if (/\w\(s\)|\(-?(?:а|ов|ы|и|ей)\)|\(lar\)|\(lər\)/.test(message)) faults.push('a plural in brackets');
  // A number right before a noun without plural: `{count} systems`. Counts of megabytes, and figures `{a} of {b}`, have no noun of their own.
  const bare = language === 'az' ? null : /\{(count|total|number|systems|rows|items)\} (?!of |из |MB|МБ|more|reviewed|и |and |or )\p{Ll}{3,}/u.exec(message.replaceAll(/\{\w+, plural,(?:[^{}]|\{[^{}]*\})*\}/g, ''));
  if (bare !== null) faults.push(`“${bare[0]}” has one form for every number`);
  if (/\d\{?\w*\}?\/\d{1,2}\/\d{4}|(?:January|February|March|April|May|June|July|August|September|October|November|December) \d{1,2},/.test(message)) faults.push('a date in the American order');
  return faults;
}

describe('numbers and dates', () => {
  it.each(catalogues)('of %s have all plural forms of their language', (catalogue) => {
    const faults = (['az', 'en', 'ru'] as const).flatMap((language) =>
      Object.entries(JSON.parse(readFileSync(join(src, dirname(catalogue), `${language}.json`), 'utf8')) as Record<string, string>).flatMap(([key, message]) => faultsOf(message, language).map((fault) => `${language} ${key}: ${fault}`)),
    );
    expect(faults).toEqual([]);
  });

  it.each([
    ['{count} systems', 'en', 1],
    ['{count, plural, one {# system} other {# systems}}', 'en', 0],
    ['{count, plural, one {# система} other {# системы}}', 'ru', 1],
    ['{count, plural, other {# sistem}}', 'az', 0],
    ['file(s)', 'en', 1],
    ['{day, date}', 'en', 1],
    ['November 23, 2026', 'en', 1],
  ] as const)('“%s” in %s has %i faults', (message, language, count) => {
    expect(faultsOf(message, language)).toHaveLength(count);
  });

  it('are written in one place', () => {
    const others = code.filter((path) => !path.startsWith(join('platform', 'text')) && /new Intl\.|\.toLocale(?:Date|Time)?String\(/.test(readFileSync(join(src, path), 'utf8')));
    // The islands run in the browser, which knows the language of the page.
    expect(others.filter((path) => !path.startsWith(join('platform', 'html', 'islands')))).toEqual([]);
  });
});
