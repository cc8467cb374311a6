/** Work that is begun before its result is needed. */

/** A promise that nobody may come to wait for (the pass was stopped): its failure must not end the process. Whoever waits still gets it. */
export function ahead<T>(work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  return work;
}
