/** The proof that a question that does not apply cannot matter: what a conclusion still tests where the gate of a fact is closed. */

import { TRUE } from './bdd.ts';
import type { Node } from './bdd.ts';
import type { CompiledFact, CompiledOutcome, Law } from './compile.ts';
import type { Scratch } from './questions.ts';

/**
 * The conclusions that depend on `fact` even where it is not applicable. The gate itself does not depend on the fact (no cycles), so it is
 * enough that “conclusion and not gate” does not. The gate and the conclusion are first walked side by side: where no test of the fact can
 * be met while the gate may be closed, there is nothing to prove. `proving` is told the conclusion that is proved the long way.
 */
export function leaksOf(law: Law, scratch: Scratch, fact: CompiledFact, proving: (id: string) => void): readonly CompiledOutcome[] {
  const meets = tests(law, fact);
  const walk = walkerFor(law, fact, meets);
  // A family depends on nothing that no member depends on.
  const suspects = law.outcomes.filter((outcome) => outcome.members.length === 0 && walk(fact.gate, outcome.node));
  if (suspects.length === 0) return [];
  const { store } = scratch;
  store.clear();
  const copy = store.restriction(law.diagrams, new Int8Array(law.variableCount).fill(-1));
  const closed = store.not(copy(fact.gate));
  return suspects.filter((outcome) => {
    proving(outcome.id);
    return scratch.factsOf(store.and(closed, copy(outcome.node))).has(fact.index);
  });
}

/** By node: 1 where it or a node below it tests the fact. A compiled law numbers nodes after their children. */
function tests({ diagrams, variableCount, factOfVariable }: Law, fact: CompiledFact): Uint8Array {
  const { variable, low, high, nodeCount } = diagrams;
  const isOwn = Uint8Array.from({ length: variableCount }, (_, at) => Number(factOfVariable[at] === fact.index));
  const found = new Uint8Array(nodeCount);
  for (let node = TRUE + 1; node < nodeCount; node++) found[node] = isOwn[variable[node]!]! | found[low[node]!]! | found[high[node]!]!;
  return found;
}

/** Whether a test of the fact can be met on the way down `start` while the gate is not known to be open. Ways found free of one are not walked again. */
function walkerFor({ diagrams, factOfVariable }: Law, fact: CompiledFact, meets: Uint8Array): (gate: Node, start: Node) => boolean {
  const { variable, low, high } = diagrams;
  const rankOf = (node: Node): number => (node <= TRUE ? Number.POSITIVE_INFINITY : (diagrams.rank?.[variable[node]!] ?? variable[node]!));
  const walked = new Set<number>();
  const walk = (gate: Node, node: Node): boolean => {
    if (gate === TRUE || meets[node] === 0) return false;
    if (factOfVariable[variable[node]!] === fact.index) return true;
    const key = gate * diagrams.nodeCount + node;
    if (walked.has(key)) return false;
    const rank = rankOf(gate) - rankOf(node);
    const [gateLow, gateHigh] = rank <= 0 ? [low[gate]!, high[gate]!] : [gate, gate];
    const [nodeLow, nodeHigh] = rank >= 0 ? [low[node]!, high[node]!] : [node, node];
    if (walk(gateLow, nodeLow) || walk(gateHigh, nodeHigh)) return true;
    walked.add(key);
    return false;
  };
  return walk;
}
