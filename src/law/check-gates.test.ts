/** The proof about gates, held against the long way with gates that were tampered with: a compiled law itself never leaks. */

import { expect, test } from 'vitest';
import { FALSE, TRUE } from './bdd.ts';
import { leaksOf } from './check-gates.ts';
import { compileLaw, latestTime } from './compile.ts';
import type { CompiledFact, Law } from './compile.ts';
import { DUTIES_PACK } from './examples-duties.ts';
import { HIRING_PACK } from './examples.ts';
import { loadPack } from './load-pack.ts';
import type { PackFile } from './model.ts';
import { scratchOf } from './questions.ts';

function lawOf(files: readonly PackFile[]): Law {
  const loaded = loadPack(files);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return compileLaw(loaded.value, latestTime(loaded.value), 'duties');
}

/** Whether the outcome depends on the fact where the gate is closed, by the diagram of “outcome and not gate”. */
function leaks(law: Law, fact: CompiledFact): readonly string[] {
  const { store } = scratchOf(law);
  const copy = store.restriction(law.diagrams, new Int8Array(law.variableCount).fill(-1));
  const closed = store.not(copy(fact.gate));
  return law.outcomes.filter(({ node, members }) => members.length === 0 && store.support(store.and(closed, copy(node))).some((variable) => law.factOfVariable[variable] === fact.index)).map(({ id }) => id);
}

test.each([['hiring', HIRING_PACK], ['an act with duties', DUTIES_PACK]])('%s: the same leaks by either way, whatever the gate', (_, files) => {
  const law = lawOf(files);
  const gates = [FALSE, TRUE, ...law.facts.map(({ gate }) => gate), ...law.outcomes.map(({ node }) => node)];
  let found = 0;
  for (const fact of law.facts) {
    for (const gate of gates) {
      if (law.diagrams.support(gate).some((variable) => law.factOfVariable[variable] === fact.index)) continue;
      const tampered = { ...fact, gate };
      const got = leaksOf(law, scratchOf(law), tampered, () => undefined).map(({ id }) => id);
      expect(got, fact.definition.id).toEqual(leaks(law, tampered));
      found += got.length;
    }
    expect(leaksOf(law, scratchOf(law), fact, () => undefined), fact.definition.id).toEqual([]);
  }
  expect(found).toBeGreaterThan(0);
});
