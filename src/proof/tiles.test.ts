/** Tiles: names, widths, contents, the growing edge, and proofs from tiles equal to those of the definition. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, sameBytes, utf8 } from './bytes.ts';
import { appendAll, consistencyProof, EMPTY_TREE, inclusionProof, leafHash, nodesInMemory, rootOf, treeRoot } from './merkle.ts';
import { nodeSuite as suite } from './node-suite.ts';
import { TileReader, type ReadTile, type TrustedHead } from './tile-reader.ts';
import { edgeRoot, edgeTiles, EMPTY_EDGE, ENTRY_BYTES_MAX, growEdge, hashesAtLevel, newTiles, parseEntryBundle, parseTile, parseTilePath, printEntryBundle, printTile, tileHash, tilePath, TILE_LEVELS_MAX, TILE_WIDTH, tileWidth, treeOfEdge, type Tile, type TileEdge } from './tiles.ts';

const CASES = 10_000;
const SIZE = 70_000;
const entries = (start: number, end: number): Uint8Array[] => Array.from({ length: end - start }, (_, at) => utf8(`entry ${start + at}`));
const leaves = entries(0, SIZE).map((entry) => leafHash(suite, entry));
const nodes = nodesInMemory(suite, leaves);

/** The files of a log grown to each of these sizes in turn, as a writer leaves them. */
function written(...sizes: readonly number[]): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let edge: TileEdge = EMPTY_EDGE;
  for (const size of sizes) {
    for (const { level, index, width } of newTiles(edge.size, size)) {
      if (level !== 'entries') continue;
      const bundle = printEntryBundle(entries(index * TILE_WIDTH, index * TILE_WIDTH + width));
      if (bundle.ok) files.set(tilePath({ level, index, width }), bundle.value);
    }
    const grown = growEdge(suite, edge, leaves.slice(edge.size, size));
    for (const { tile, bytes } of grown.tiles) files.set(tilePath(tile), bytes);
    edge = grown.edge;
  }
  return files;
}

const files = written(300, 511, 512, 66_000, SIZE);
const head: TrustedHead = { size: SIZE, root: rootOf(suite, leaves) };
const roots = new Map<number, Uint8Array>();
function headOf(size: number): TrustedHead {
  if (!roots.has(size)) {
    const tree = fromPeaks(size);
    roots.set(size, tree);
  }
  return { size, root: roots.get(size)! };
}
/** The root at a size from inner hashes already computed. */
function fromPeaks(size: number): Uint8Array {
  const peaks: Uint8Array[] = [];
  let at = 0;
  for (let level = 16; level >= 0; level -= 1) {
    if (size - at < 2 ** level) continue;
    peaks.push(nodes({ level, index: at / 2 ** level }));
    at += 2 ** level;
  }
  return treeRoot(suite, { size, peaks });
}
const reading = (from: ReadonlyMap<string, Uint8Array>): ReadTile => (path) => Promise.resolve(from.get(path));
const isSame = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean => one.length === other.length && one.every((hash, at) => sameBytes(hash, other[at]!));

describe('paths', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 0, index: 1_234_067, width: 5 }, 'tile/0/x001/x234/067.p/5'],
    [{ level: 'entries', index: 999, width: 255 }, 'tile/entries/999.p/255'],
    [{ level: 'entries', index: 1000, width: 256 }, 'tile/entries/x001/000'],
    [{ level: 2, index: 1_000_000, width: 1 }, 'tile/2/x001/x000/000.p/1'],
    [{ level: 6, index: 0, width: 31 }, 'tile/6/000.p/31'],
  ] as const)('%j is %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual({ ok: true, value: tile });
  });

  it.each([
    [''], ['/tile/0/000'], ['tile/0/000/'], ['tile/0'], ['tile/0/0'], ['tile/0/00'], ['tile/0/0000'], ['tile/0/x001'], ['tile/0/001/000'], ['tile/0/x000/001'],
    ['tile/00/000'], ['tile/-1/000'], ['tile/64/000'], ['tile/7/000'], ['tile/0x1/000'], ['tile/data/000'], ['tile/Entries/000'], ['tile/0/000.p/0'], ['tile/0/000.p/256'],
    ['tile/0/000.p/257'], ['tile/0/000.p/05'], ['tile/0/000.p/'], ['tile/0/000.p/5/'], ['tile/0/000.p/5\n'], ['tile/0/x999/x999/x999/x999/x999/999'], ['tile/6/000'],
    ['tile/0/x001/x002/x003/x004/x005/x006/007'], ['tile/0/..'], ['tile/0/%30%30%30'], ['tile/8/0/000'],
  ])('%j is refused', (path) => expect(parseTilePath(path)).toMatchObject({ ok: false, refusal: { code: 'tile-path' } }));

  it('are read as they were printed', () => {
    const tiles = fc.record({ level: fc.oneof(fc.constant('entries' as const), fc.nat({ max: 5 })), index: fc.nat({ max: 2 ** 30 }), width: fc.integer({ min: 1, max: 256 }) });
    fc.assert(
      fc.property(tiles, ({ level, index, width }) => {
        const tile: Tile = { level, index: level === 'entries' || level < 2 ? index : index % 30, width };
        expect(parseTilePath(tilePath(tile))).toEqual({ ok: true, value: tile });
      }),
      { numRuns: CASES },
    );
  });
});

describe('which tiles there are', () => {
  it.each([
    [70_000, ['273 full and 112', '1 full and 17', '0 full and 1']],
    [256, ['1 full and 0', '0 full and 1', '0 full and 0']],
    [0, ['0 full and 0', '0 full and 0', '0 full and 0']],
    [255, ['0 full and 255', '0 full and 0', '0 full and 0']],
  ])('a tree of %d', (size, expected) => {
    const said = [0, 1, 2].map((level) => `${Math.floor(hashesAtLevel(level, size) / TILE_WIDTH)} full and ${tileWidth(level, Math.floor(hashesAtLevel(level, size) / TILE_WIDTH), size)}`);
    expect(said).toEqual(expected);
  });

  it('the edge of 70,000', () => expect(edgeTiles(70_000).map((tile) => tilePath(tile))).toEqual(['tile/0/273.p/112', 'tile/1/001.p/17', 'tile/2/000.p/1']));

  it('the largest tree has no level above the last', () => {
    expect(hashesAtLevel(TILE_LEVELS_MAX, Number.MAX_SAFE_INTEGER)).toBe(0);
    expect(hashesAtLevel(TILE_LEVELS_MAX - 1, Number.MAX_SAFE_INTEGER)).toBe(31);
  });

  it('what is new is what the larger tree has and the smaller has not', () => {
    const all = (size: number): Set<string> => new Set([...newTiles(0, size)].map((tile) => tilePath(tile)));
    fc.assert(
      fc.property(fc.nat({ max: 3000 }), fc.nat({ max: 3000 }), (from, more) => {
        const before = all(from);
        const expected = [...all(from + more)].filter((path) => !before.has(path));
        expect([...newTiles(from, from + more)].map((tile) => tilePath(tile))).toEqual(expected);
      }),
      { numRuns: CASES / 10 },
    );
  });
});

describe('contents', () => {
  it.each([
    [new Uint8Array(0), 1, 'tile-length'],
    [new Uint8Array(33), 1, 'tile-length'],
    [new Uint8Array(64), 1, 'tile-length'],
    [new Uint8Array(0), 0, 'tile-length'],
    [new Uint8Array(257 * 32), 257, 'tile-length'],
  ] as const)('%#: a tile is refused', (bytes, width, code) => expect(parseTile(bytes, width)).toMatchObject({ refusal: { code } }));

  it.each([
    [[], 1, 'bundle-length'],
    [[0], 1, 'bundle-length'],
    [[0, 1], 1, 'bundle-length'],
    [[0, 0, 0], 1, 'bundle-length'],
    [[0, 0, 0, 0], 1, 'bundle-length'],
    [[0, 0], 2, 'bundle-length'],
    [[], 0, 'bundle-length'],
    [[255, 255, 1], 1, 'bundle-length'],
  ] as const)('bundle %j of %d is refused', (bytes, width, code) => expect(parseEntryBundle(Uint8Array.from(bytes), width)).toMatchObject({ refusal: { code } }));

  it('the longest entry fits, one byte more does not', () => {
    const longest = new Uint8Array(ENTRY_BYTES_MAX).fill(7);
    const bundle = printEntryBundle([longest, new Uint8Array()]);
    expect(bundle.ok && parseEntryBundle(bundle.value, 2)).toEqual({ ok: true, value: [longest, new Uint8Array()] });
    expect(printEntryBundle([new Uint8Array(ENTRY_BYTES_MAX + 1)])).toMatchObject({ refusal: { code: 'entry-too-long' } });
  });

  it('are read as they were printed', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 }), (some) => {
        const bundle = printEntryBundle(some);
        const read = bundle.ok ? parseEntryBundle(bundle.value, some.length) : bundle;
        expect(read.ok && isSame(read.value, some)).toBe(true);
      }),
      { numRuns: CASES },
    );
  });
});

describe('the growing edge', () => {
  it('makes the same files however leaves come, and knows the root', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 6 }), (steps) => {
        let edge: TileEdge = EMPTY_EDGE;
        const made = new Map<string, Uint8Array>();
        for (const step of steps) {
          const grown = growEdge(suite, edge, leaves.slice(edge.size, edge.size + step));
          const expected = [...newTiles(edge.size, edge.size + step)].filter(({ level }) => level !== 'entries').map((tile) => tilePath(tile));
          expect(grown.tiles.map(({ tile }) => tilePath(tile)).sort()).toEqual(expected.sort());
          for (const { tile, bytes } of grown.tiles) made.set(tilePath(tile), bytes);
          edge = grown.edge;
          expect(hex(edgeRoot(suite, edge))).toBe(hex(fromPeaks(edge.size)));
        }
        const atOnce = growEdge(suite, EMPTY_EDGE, leaves.slice(0, edge.size));
        expect(atOnce.tiles.every(({ tile, bytes }) => sameBytes(made.get(tilePath(tile))!, bytes))).toBe(true);
        expect(treeOfEdge(suite, edge)).toEqual(appendAll(suite, EMPTY_TREE, leaves.slice(0, edge.size)));
      }),
      { numRuns: 50 },
    );
  });

  it('across three levels of tiles', () => {
    expect(hex(files.get('tile/2/000.p/1')!)).toBe(hex(nodes({ level: 16, index: 0 })));
    expect(hex(files.get('tile/1/000')!.subarray(32, 64))).toBe(hex(nodes({ level: 8, index: 1 })));
    expect(hex(tileHash(suite, leaves.slice(0, 256)))).toBe(hex(nodes({ level: 8, index: 0 })));
    expect(printTile(leaves.slice(0, 256))).toEqual(files.get('tile/0/000'));
  });
});

describe('proofs from tiles', () => {
  const reader = new TileReader(suite, reading(files));

  it('of inclusion equal those of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: SIZE - 1 }), async (index) => {
        const proven = await reader.inclusion(index, head);
        expect(proven.ok && isSame(proven.value.proof, inclusionProof(suite, nodes, index, SIZE)) && sameBytes(proven.value.leaf, leaves[index]!)).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it('of consistency equal those of the definition', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: SIZE }), async (from) => {
        const proven = await reader.consistency(headOf(from), head);
        expect(proven.ok && isSame(proven.value, consistencyProof(suite, nodes, from, SIZE))).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it.each([1, 255, 256, 257, 300, 511, 512, 513, 66_000])('under the older head of %d, whose partial tiles may be gone', async (size) => {
    const fresh = new TileReader(suite, reading(new Map([...files].filter(([path]) => !path.includes('.p/') || path.endsWith('.p/112') || path.endsWith('.p/17') || path.endsWith('.p/1')))));
    const older = headOf(size);
    // What only a partial tile of that very size shows is refused by name; all else is proven.
    const tree = await fresh.tree(older);
    const proven = await fresh.inclusion(size - 1, older);
    if (tree.ok) {
      expect(tree.value).toEqual(appendAll(suite, EMPTY_TREE, leaves.slice(0, size)));
      expect(proven.ok && isSame(proven.value.proof, inclusionProof(suite, nodes, size - 1, size))).toBe(true);
    } else {
      expect(tree.refusal.code).toBe('tile-missing');
    }
    const whole = new TileReader(suite, reading(written(size)));
    expect((await whole.tree(older)).ok).toBe(true);
    expect((await whole.inclusion(size - 1, older)).ok).toBe(true);
  });

  it('are the same where hardly a tile is kept', async () => {
    const forgetful = new TileReader(suite, reading(files), 1);
    for (let index = 0; index < SIZE; index += 4999) {
      const proven = await forgetful.inclusion(index, head);
      expect(proven.ok && isSame(proven.value.proof, inclusionProof(suite, nodes, index, SIZE))).toBe(true);
    }
  });

  it('give entries, checked', async () => {
    for (const index of [0, 255, 256, 69_999]) {
      const found = await reader.entry(index, head);
      expect(found.ok && found.value.entry).toEqual(utf8(`entry ${index}`));
    }
    expect(await reader.bundle(273, SIZE)).toMatchObject({ ok: true, value: { length: 112 } });
    expect(await reader.bundle(274, SIZE)).toMatchObject({ refusal: { code: 'tile-missing' } });
    expect(await reader.entry(SIZE, head)).toMatchObject({ refusal: { code: 'proof-index' } });
  });

  it('give roots and the tree to append to', async () => {
    const claimed = await reader.claimedRoot(SIZE);
    expect(claimed.ok && hex(claimed.value)).toBe(hex(head.root));
    const empty = await reader.claimedRoot(0);
    expect(empty.ok && hex(empty.value)).toBe(hex(rootOf(suite, [])));
    const tree = await reader.tree(head);
    expect(tree.ok && hex(treeRoot(suite, tree.value))).toBe(hex(head.root));
  });

  it('refuse by name what cannot be asked', async () => {
    expect(await reader.inclusion(SIZE, head)).toMatchObject({ refusal: { code: 'proof-index' } });
    expect(await reader.inclusion(-1, head)).toMatchObject({ refusal: { code: 'proof-index' } });
    expect(await reader.inclusion(0.5, head)).toMatchObject({ refusal: { code: 'proof-index' } });
    expect(await reader.consistency({ size: 0, root: rootOf(suite, []) }, head)).toMatchObject({ refusal: { code: 'proof-from-empty' } });
    expect(await reader.consistency({ ...head, size: SIZE + 1 }, head)).toMatchObject({ refusal: { code: 'proof-tree-shrinks' } });
    expect(await reader.consistency({ size: 300, root: head.root }, head)).toMatchObject({ refusal: { code: 'tile-root' } });
  });
});

describe('tiles of somebody who lies', () => {
  it('are refused whichever byte is changed, and believed again once mended', async () => {
    const small = written(600);
    const smallHead = headOf(600);
    const paths = [...small.keys()].filter((path) => !path.includes('entries'));
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: paths.length - 1 }), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat({ max: 599 }), async (which, at, change, index) => {
        const path = paths[which]!;
        const lying = new Map(small);
        const bytes = Uint8Array.from(small.get(path)!);
        bytes[at % bytes.length]! ^= change;
        lying.set(path, bytes);
        const liar = new TileReader(suite, reading(lying));
        const proven = await liar.inclusion(index, smallHead);
        // A tile that the proof does not use may say what it likes.
        if (proven.ok) expect(isSame(proven.value.proof, inclusionProof(suite, nodes, index, 600)) && sameBytes(proven.value.leaf, leaves[index]!)).toBe(true);
        else expect(proven.refusal.code).toBe('tile-root');
        lying.set(path, small.get(path)!);
        expect((await liar.inclusion(index, smallHead)).ok || proven.ok).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('of another length, absent, or with other entries are refused by name', async () => {
    const lying = new Map(files);
    lying.set('tile/0/001', files.get('tile/0/001')!.subarray(1));
    lying.delete('tile/0/002');
    const swapped = printEntryBundle(entries(1, 257));
    if (swapped.ok) lying.set('tile/entries/000', swapped.value);
    lying.set('tile/entries/003', Uint8Array.of(9));
    lying.delete('tile/entries/004');
    const liar = new TileReader(suite, reading(lying));
    expect(await liar.inclusion(256, head)).toMatchObject({ refusal: { code: 'tile-length', detail: 'tile/0/001' } });
    expect(await liar.inclusion(512, head)).toMatchObject({ refusal: { code: 'tile-missing', detail: 'tile/0/002' } });
    expect(await liar.entry(0, head)).toMatchObject({ refusal: { code: 'bundle-entry' } });
    expect(await liar.entry(768, head)).toMatchObject({ refusal: { code: 'bundle-length' } });
    expect(await liar.entry(1024, head)).toMatchObject({ refusal: { code: 'tile-missing', detail: 'tile/entries/004' } });
  });

  it('a fault of the reading is passed on', async () => {
    const broken = new TileReader(suite, () => Promise.reject(new Error('the disk is gone')));
    await expect(broken.inclusion(0, head)).rejects.toThrow('the disk is gone');
  });
});
