/** Organisations as a tree for reading: parts below their whole, in the order of the reader's alphabet, found by words, a page at a time. */

export interface Node<O> {
  readonly organisation: O;
  readonly parts: readonly Node<O>[];
  /** Parts that did not fit on the page. */
  readonly hidden: number;
}

interface Placed {
  readonly id: string;
  readonly parentId: string | undefined;
}

/** The trees that begin with organisations whose parent is not among them; `compare` orders siblings. At most `max` organisations are placed, wholes before parts. */
export function treesOf<O extends Placed>(organisations: readonly O[], compare: (a: O, b: O) => number, page: { readonly after?: string | undefined; readonly roots: number; readonly max: number }): { readonly trees: readonly Node<O>[]; readonly next: string | undefined } {
  const ids = new Set(organisations.map(({ id }) => id));
  const below = new Map<string | undefined, O[]>();
  for (const one of organisations) {
    const parent = one.parentId !== undefined && ids.has(one.parentId) ? one.parentId : undefined;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [one]);
    else siblings.push(one);
  }
  for (const siblings of below.values()) siblings.sort(compare);
  const roots = below.get(undefined) ?? [];
  const start = page.after === undefined ? 0 : roots.findIndex(({ id }) => id === page.after) + 1;
  const shown = roots.slice(start, start + page.roots);
  let left = page.max - shown.length;
  const nodeOf = (organisation: O): Node<O> => {
    const parts = below.get(organisation.id) ?? [];
    const placed = parts.slice(0, Math.max(0, left));
    left -= placed.length;
    return { organisation, parts: placed.map(nodeOf), hidden: parts.length - placed.length };
  };
  return { trees: shown.map(nodeOf), next: start + shown.length < roots.length ? shown.at(-1)?.id : undefined };
}

