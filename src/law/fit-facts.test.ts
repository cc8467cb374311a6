/** Answers carried to another version of a law: what fits stays, what does not is named, and nothing throws. */

import { describe, expect, it } from 'vitest';
import { examplePack, factYaml, PLAIN_MANIFEST } from './examples.ts';
import { fitFacts, fitterFor } from './fit-facts.ts';
import { loadPack } from './load-pack.ts';
import type { Facts, Pack } from './model.ts';

function packWith(facts: string): Pack {
  const { refusal, value } = { refusal: undefined, value: undefined, ...loadPack(examplePack(PLAIN_MANIFEST, { 'facts.yaml': `facts:\n${facts}` })) } as { refusal?: unknown; value?: Pack };
  if (value === undefined) throw new Error(JSON.stringify(refusal));
  return value;
}

const values = (...ids: string[]): string => `, values: [${ids.map((id) => `{ id: ${id}, label: { az: a, en: a, ru: a } }`).join(', ')}]`;
const old = packWith(factYaml('use', 'enum', values('hire', 'fire')) + factYaml('areas', 'set', values('work', 'school')) + factYaml('gone', 'bool') + factYaml('day', 'date') + factYaml('same', 'bool'));
const next = packWith(factYaml('use', 'enum', values('hire', 'promote')) + factYaml('areas', 'set', values('work', 'courts')) + factYaml('day', 'number') + factYaml('same', 'bool') + factYaml('added', 'bool'));

describe('answers of an older version', () => {
  const cases: readonly (readonly [string, Facts, readonly string[]])[] = [
    ['that still fit', { use: 'hire', areas: ['work'], same: true }, []],
    ['that name a value which is gone', { use: 'fire', same: true }, ['use']],
    ['that hold a member which is gone', { areas: ['school'] }, ['areas']],
    ['to a question which is gone', { gone: true, same: false }, ['gone']],
    ['to a question of another type', { day: '2026-01-01' }, ['day']],
    ['that say “I do not know”', { use: { unknown: true }, day: { unknown: true } }, []],
    ['in dispute over a value which is gone', { use: { disputed: [{ by: 'a', value: 'hire' }, { by: 'b', value: 'fire' }] } }, ['use']],
  ];
  it.each(cases)('%s', (_name, facts, dropped) => {
    for (const fit of [(given: Facts) => fitFacts(next, given), fitterFor(old, next)]) {
      const fitted = fit(facts);
      expect(fitted.dropped).toEqual(dropped);
      expect(Object.keys(fitted.facts)).toEqual(Object.keys(facts).filter((id) => !dropped.includes(id)));
    }
  });
});
