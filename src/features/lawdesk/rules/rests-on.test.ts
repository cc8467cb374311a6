/** What a rule rests on follows definitions down to dated values, and only changes of the law itself count. */

import { expect, it } from 'vitest';
import { HIRING_PACK } from '../../../law/examples.ts';
import { loadPack, type Pack } from '../../../law/index.ts';
import { changedBeneath, restsOn } from './rests-on.ts';

function packWith(file: string, from: string, to: string): Pack {
  const loaded = loadPack(HIRING_PACK.map((one) => (one.path === file ? { ...one, text: one.text.replace(from, to) } : one)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value;
}

const base = packWith('rules.yaml', '', '');

it.each<[string, string, readonly string[]]>([
  ['rule', 'listed', ['definition:hit', 'fact:person', 'fact:recruit', 'parameter:applies.route.III']],
  ['rule', 'filter', ['fact:influences', 'fact:narrow', 'fact:profiling']],
  ['definition', 'hit', ['fact:person', 'fact:recruit']],
  // What a conclusion comes to is the matter of its rules.
  ['conclusion', 'high.III.4a', []],
  ['rule', 'nobody', []],
])('%s %s rests on %j', (kind, id, expected) => {
  expect([...restsOn(base, kind, id)].sort()).toEqual(expected);
});

it.each<[string, string, string, string, string, readonly string[]]>([
  ['a definition', 'rules.yaml', 'when: "recruit and person"', 'when: "recruit or person"', 'listed', ['hit']],
  ['a dated value', 'parameters.yaml', '2027-12-02', '2028-12-02', 'listed', ['applies.route.III']],
  ['the words of a definition', 'rules.yaml', 'en: "hit"', 'en: "matches"', 'listed', []],
  ['another rule', 'rules.yaml', 'narrow and not influences', 'narrow', 'listed', []],
  ['what the rule does not name', 'parameters.yaml', '2027-12-02', '2028-12-02', 'filter', []],
  ['nothing', 'rules.yaml', '', '', 'listed', []],
])('%s changed: %s', (_what, file, from, to, rule, expected) => {
  expect(changedBeneath(base, packWith(file, from, to), 'rule', rule).map(({ id }) => id)).toEqual(expected);
});
