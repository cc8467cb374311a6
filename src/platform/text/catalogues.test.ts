/** All three languages have the same keys and the same arguments, in every catalogue of the tree. */

import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES } from '../../base/index.ts';

const src = join(import.meta.dirname, '../..');
const folders = globSync('**/en.json', { cwd: src }).map((path) => join(src, path, '..'));

function read(folder: string, language: string): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, `${language}.json`), 'utf8')) as Record<string, string>;
}

/** Names of the ICU arguments of a message. */
function argumentsOf(message: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (parts: readonly unknown[]): void => {
    for (const part of parts as { type: number; value?: string; options?: Record<string, { value: unknown[] }>; children?: unknown[] }[]) {
      if (part.type > 0 && part.type < 7 && part.value !== undefined) names.add(part.value);
      for (const option of Object.values(part.options ?? {})) walk(option.value);
      walk(part.children ?? []);
    }
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe.each(folders.map((folder) => [relative(src, folder), folder] as const))('%s', (_name, folder) => {
  const english = read(folder, 'en');
  it.each(LANGUAGES.filter((language) => language !== 'en'))('%s has the keys of English', (language) => {
    expect(Object.keys(read(folder, language)).sort()).toEqual(Object.keys(english).sort());
  });
  it('has no empty text and the same arguments in every language', () => {
    for (const language of LANGUAGES) {
      for (const [key, message] of Object.entries(read(folder, language))) {
        expect(message.trim(), `${language} ${key}`).not.toBe('');
        expect(argumentsOf(message, language), `${language} ${key}`).toEqual(argumentsOf(english[key] ?? '', 'en'));
      }
    }
  });
});
