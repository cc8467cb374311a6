/** Every text of every catalogue is used: a dead text is translated three times for nobody. */

import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
