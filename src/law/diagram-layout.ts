/** Places the nodes of a layered diagram: few crossings, straight edges, nothing on top of anything else. Pure and always the same for the same diagram. */

interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly nodes: readonly Point[];
  readonly edges: readonly (readonly Point[])[];
  readonly width: number;
  readonly height: number;
}

/** Something that takes room in a row: a node, or the place where edges pass. Edges to one node share their places, so that they join. */
interface Item {
  readonly key: string;
  readonly row: number;
  readonly isNode: boolean;
  readonly above: Item[];
  readonly below: Item[];
  x: number;
}

const SWEEPS = 12;
const NODE_ROOM = 1;
const PASSAGE_ROOM = 0.4;

/** `level` of a node is its row; every edge leads to a lower row (a greater level). */
export function placed(nodes: readonly { readonly level: number }[], edges: readonly { readonly from: number; readonly to: number }[]): Layout {
  const items = new Map<string, Item>();
  const item = (key: string, row: number, isNode: boolean): Item => {
    const own = items.get(key) ?? { key, row, isNode, above: [], below: [], x: 0 };
    items.set(key, own);
    return own;
  };
  for (const [id, { level }] of nodes.entries()) item(`${id}`, level, true);
  const ways = edges.map(({ from, to }) => {
    const way = [items.get(`${from}`)!];
    for (let row = nodes[from]!.level + 1; row < nodes[to]!.level; row++) way.push(item(`${to}@${row}`, row, false));
    way.push(items.get(`${to}`)!);
    return way;
  });
  for (const way of ways) for (const [at, upper] of way.slice(0, -1).entries()) join(upper, way[at + 1]!);
  const rows = rowsOf([...items.values()]);
  for (let sweep = 0; sweep < SWEEPS; sweep++) orderRows(rows, sweep % 2 === 0);
  for (const row of rows) for (const [at, own] of row.entries()) own.x = at === 0 ? 0 : row[at - 1]!.x + gap(row[at - 1]!, own);
  for (let sweep = 0; sweep < SWEEPS; sweep++) straighten(rows, sweep % 2 === 0);
  const left = Math.min(...[...items.values()].map(({ x }) => x));
  const point = ({ x, row }: Item): Point => ({ x: round(x - left), y: row });
  return {
    nodes: nodes.map((_, id) => point(items.get(`${id}`)!)),
    edges: ways.map((way) => way.map(point)),
    width: round(Math.max(...[...items.values()].map(({ x }) => x)) - left),
    height: Math.max(...nodes.map(({ level }) => level)),
  };
}

function join(upper: Item, lower: Item): void {
  if (upper.below.includes(lower)) return;
  upper.below.push(lower);
  lower.above.push(upper);
}

function rowsOf(items: readonly Item[]): Item[][] {
  const rows: Item[][] = [];
  for (const own of items) (rows[own.row] ??= []).push(own);
  return Array.from(rows, (row) => row ?? []);
}

/** Sorts each row by the mean place of its neighbours in the row before, going down or up. */
function orderRows(rows: Item[][], isDown: boolean): void {
  const place = new Map<Item, number>();
  for (const row of rows) for (const [at, own] of row.entries()) place.set(own, at);
  for (const row of isDown ? rows : rows.toReversed()) {
    const wish = new Map(row.map((own) => [own, mean((isDown ? own.above : own.below).map((other) => place.get(other)!)) ?? place.get(own)!]));
    row.sort((a, b) => wish.get(a)! - wish.get(b)! || place.get(a)! - place.get(b)!);
    for (const [at, own] of row.entries()) place.set(own, at);
  }
}

/** Moves each item towards the mean of its neighbours without changing the order or coming too close. */
function straighten(rows: readonly (readonly Item[])[], isDown: boolean): void {
  for (const row of isDown ? rows : rows.toReversed()) {
    const wishes = row.map((own) => mean((isDown ? own.above : own.below).map(({ x }) => x)) ?? own.x);
    // From the left as far right as wished, from the right as far left as wished: the mean of the two keeps every gap.
    const fromLeft: number[] = [];
    for (const [at, wish] of wishes.entries()) fromLeft.push(at === 0 ? wish : Math.max(wish, fromLeft[at - 1]! + gap(row[at - 1]!, row[at]!)));
    const fromRight: number[] = [];
    for (let at = row.length - 1; at >= 0; at--) fromRight[at] = at === row.length - 1 ? wishes[at]! : Math.min(wishes[at]!, fromRight[at + 1]! - gap(row[at]!, row[at + 1]!));
    for (const [at, own] of row.entries()) own.x = (fromLeft[at]! + fromRight[at]!) / 2;
  }
}

function gap(left: Item, right: Item): number {
  return ((left.isNode ? NODE_ROOM : PASSAGE_ROOM) + (right.isNode ? NODE_ROOM : PASSAGE_ROOM)) / 2;
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
