/** Counts remembered for a few seconds: a reader who turns pages asks for the same ones each time. Entries themselves are always read. */

/** Other processes may write; theirs show after this long at the latest. */
const AGE_MS_MAX = 10_000;
const REMEMBERED_MAX = 500;

/** Goes up with every write of this process; what was remembered before is then forgotten. */
let generation = 0;

export function forgetCounts(): void {
  generation += 1;
}

interface Remembered {
  readonly value: unknown;
  readonly at: number;
  readonly generation: number;
}

/** By database, so that two in one process (tests) do not meet. */
const memories = new WeakMap<object, Map<string, Remembered>>();

export async function remembered<T>(owner: object, key: string, make: () => Promise<T>): Promise<T> {
  let memory = memories.get(owner);
  if (memory === undefined) {
    memory = new Map();
    memories.set(owner, memory);
  }
  const known = memory.get(key);
  if (known !== undefined && known.generation === generation && performance.now() - known.at < AGE_MS_MAX) return known.value as T;
  const from = generation;
  const value = await make();
  memory.delete(key);
  memory.set(key, { value, at: performance.now(), generation: from });
  // A Map keeps its order: the first key is the oldest.
  if (memory.size > REMEMBERED_MAX) memory.delete(memory.keys().next().value ?? '');
  return value;
}
