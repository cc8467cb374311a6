/** Do it once, count it everywhere: what items that are met in one framework are worth in the others, and by which rows. */

import type { Crosswalk, Framework, ItemId, Mapping, MappingSet, Predicate } from './model.ts';
import { inverseOf } from './read-sssom.ts';

/** Reviewers a row needs before evidence may pass over it. */
export const REVIEWERS_NEEDED = 2;
/** Rows in a chain of exact matches. */
export const CHAIN_ROWS_MAX = 4;
export const PATHS_SHOWN_MAX = 12;

/** Why a path is a suggestion and does not count. */
export type Shortfall =
  /** The claim was made by a machine or a word list. */
  | 'not-manual'
  /** Fewer than two reviewers other than the author. */
  | 'not-reviewed'
  /** The item reached is broader: what was done is only a part of it. */
  | 'broader'
  /** The two only have to do with each other. */
  | 'related'
  /** Reached over several rows: nobody claimed the whole way. */
  | 'derived';

/** One row, read in the direction in which evidence would go. */
export interface Step {
  readonly from: ItemId;
  readonly to: ItemId;
  readonly predicate: Predicate;
  readonly row: Mapping;
  readonly set: string;
}

export interface Path {
  readonly from: ItemId;
  readonly steps: readonly Step[];
  /** Empty: the path counts. */
  readonly shortfalls: readonly Shortfall[];
}

export interface ItemCount {
  readonly item: ItemId;
  /** `met`: said to be done itself. */
  readonly status: 'met' | 'counted' | 'suggested' | 'open';
  /** Best first, at most PATHS_SHOWN_MAX. */
  readonly paths: readonly Path[];
  readonly pathCount: number;
}

export interface FrameworkCount {
  readonly framework: string;
  readonly items: readonly ItemCount[];
  readonly total: number;
  readonly met: number;
  readonly counted: number;
  readonly suggested: number;
  readonly open: number;
  /** Shares of `total`: what may be relied on, and with what is only suggested. */
  readonly coveredShare: number;
  readonly withSuggestedShare: number;
}

/** Two different people other than the authors: whoever made a claim cannot review it. */
export function isReviewed(row: Mapping): boolean {
  return new Set(row.reviewers.filter((reviewer) => !row.authors.includes(reviewer))).size >= REVIEWERS_NEEDED;
}

/** The rule of reuse for one row in one direction; empty when evidence for the first item counts for the second. */
export function shortfallsOf(row: Mapping, predicate: Predicate): readonly Shortfall[] {
  const found: Shortfall[] = [];
  if (row.justification !== 'semapv:ManualMappingCuration') found.push('not-manual');
  if (!isReviewed(row)) found.push('not-reviewed');
  if (predicate === 'skos:broadMatch') found.push('broader');
  if (predicate === 'skos:relatedMatch') found.push('related');
  return found;
}

/**
 * What follows from `met` in every framework. A row is read in both directions, its predicate turned round. Only exact matches are
 * followed further than one row, because of the relations of SKOS that mappings use only `exactMatch` is transitive; such a chain is
 * a suggestion, since no curator stated the whole of it. Unknown ids are ignored.
 */
export function countEverywhere(met: readonly ItemId[], crosswalk: Crosswalk): readonly FrameworkCount[] {
  const steps = stepsFrom(crosswalk.sets);
  const done = new Set(met);
  const reached = new Map<ItemId, Path[]>();
  for (const from of done) {
    for (const path of pathsFrom(from, steps)) {
      const to = path.steps.at(-1)?.to;
      if (to === undefined || done.has(to)) continue;
      const paths = reached.get(to);
      if (paths === undefined) reached.set(to, [path]);
      else paths.push(path);
    }
  }
  return crosswalk.frameworks.map((framework) => countIn(framework, done, reached));
}

function countIn(framework: Framework, done: ReadonlySet<ItemId>, reached: ReadonlyMap<ItemId, readonly Path[]>): FrameworkCount {
  const items = framework.items.map(({ id }): ItemCount => {
    if (done.has(id)) return { item: id, status: 'met', paths: [], pathCount: 0 };
    const paths = (reached.get(id) ?? []).toSorted(betterFirst);
    const [best] = paths;
    if (best === undefined) return { item: id, status: 'open', paths, pathCount: 0 };
    return { item: id, status: best.shortfalls.length === 0 ? 'counted' : 'suggested', paths: paths.slice(0, PATHS_SHOWN_MAX), pathCount: paths.length };
  });
  const total = items.length;
  const having = (status: ItemCount['status']): number => items.filter((item) => item.status === status).length;
  const [own, counted, suggested] = [having('met'), having('counted'), having('suggested')];
  const share = (count: number): number => (total === 0 ? 0 : count / total);
  return { framework: framework.id, items, total, met: own, counted, suggested, open: having('open'), coveredShare: share(own + counted), withSuggestedShare: share(own + counted + suggested) };
}

function betterFirst(a: Path, b: Path): number {
  if (a.shortfalls.length !== b.shortfalls.length) return a.shortfalls.length - b.shortfalls.length;
  if (a.steps.length !== b.steps.length) return a.steps.length - b.steps.length;
  return a.from < b.from ? -1 : a.from > b.from ? 1 : 0;
}

/** Every row, both ways round. */
export function stepsFrom(sets: readonly MappingSet[]): ReadonlyMap<ItemId, readonly Step[]> {
  const steps = new Map<ItemId, Step[]>();
  const add = (step: Step): void => {
    const known = steps.get(step.from);
    if (known === undefined) steps.set(step.from, [step]);
    else known.push(step);
  };
  for (const set of sets) {
    for (const row of set.rows) {
      add({ from: row.subject, to: row.object, predicate: row.predicate, row, set: set.id });
      add({ from: row.object, to: row.subject, predicate: inverseOf(row.predicate), row, set: set.id });
    }
  }
  return steps;
}

function pathsFrom(from: ItemId, steps: ReadonlyMap<ItemId, readonly Step[]>): readonly Path[] {
  const direct = (steps.get(from) ?? []).map((step): Path => ({ from, steps: [step], shortfalls: shortfallsOf(step.row, step.predicate) }));
  const chains: Path[] = [];
  const exact = (item: ItemId): readonly Step[] => (steps.get(item) ?? []).filter((step) => step.predicate === 'skos:exactMatch');
  // What is reached directly needs no detour.
  const seen = new Set([from, ...direct.map((path) => path.steps[0]?.to ?? from)]);
  let edge: readonly (readonly Step[])[] = exact(from).map((step) => [step]);
  for (let rows = 2; rows <= CHAIN_ROWS_MAX && edge.length > 0; rows++) {
    const next: (readonly Step[])[] = [];
    for (const chain of edge) {
      for (const step of exact(chain.at(-1)?.to ?? from)) {
        if (seen.has(step.to)) continue;
        seen.add(step.to);
        const longer = [...chain, step];
        next.push(longer);
        chains.push({ from, steps: longer, shortfalls: [...new Set([...longer.flatMap((one) => shortfallsOf(one.row, one.predicate)), 'derived' as const])] });
      }
    }
    edge = next;
  }
  return [...direct, ...chains];
}
