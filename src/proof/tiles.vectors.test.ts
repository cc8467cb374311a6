/** Tile names against the examples of C2SP tlog-tiles and the vectors of golang.org/x/mod/sumdb/tlog, whose layout is the older one. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newHashTiles, newTiles, parseTilePath, tilePath, TILE_WIDTH } from './tiles.ts';

const vectors = join(import.meta.dirname, '../../../shared/data/vectors');
const present = existsSync(vectors);
if (!present) console.warn('SKIPPED: the published vectors of tiles are not here (../shared/data/vectors).');

interface PathCase {
  readonly path: string;
  readonly valid: boolean;
  readonly height?: number;
  readonly level?: number;
  readonly n?: number;
  readonly width?: number;
}

interface Vectors {
  readonly tile_paths: { readonly cases: readonly PathCase[] };
  readonly new_tiles: { readonly height: number; readonly cases: readonly { readonly old_size: number; readonly new_size: number; readonly tiles: number }[] };
}

const tlog = present ? (JSON.parse(readFileSync(join(vectors, 'golang-mod-sumdb/tlog.json'), 'utf8')) as Vectors) : undefined;
const paths = tlog?.tile_paths.cases ?? [];
const growths = tlog?.new_tiles.cases ?? [];

describe.skipIf(!present)('the text of C2SP tlog-tiles', () => {
  const text = present ? readFileSync(join(vectors, 'c2sp-specs/tlog-tiles.md'), 'utf8') : '';

  it('says what these tests say', () => {
    expect(text).toContain('x001/x234/067');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('a tree of size 70,000 will be represented by 273 full level 0 tiles, one partial level 0 tile of width 112, one full level 1 tile, one partial level 1 tile of width 17, and one partial level 2 tile of width 1');
    expect(tilePath({ level: 0, index: 1_234_067, width: TILE_WIDTH })).toBe('tile/0/x001/x234/067');
    const tiles = [...newTiles(0, 70_000)].filter(({ level }) => level !== 'entries');
    const count = (level: number, isFull: boolean): number => tiles.filter((tile) => tile.level === level && (tile.width === TILE_WIDTH) === isFull).length;
    expect([count(0, true), count(0, false), count(1, true), count(1, false), count(2, true), count(2, false)]).toEqual([273, 1, 1, 1, 0, 1]);
    expect(tiles.filter(({ width }) => width < TILE_WIDTH).map(({ width }) => width)).toEqual([112, 17, 1]);
  });
});

/**
 * sumdb writes `tile/<height>/<level>/<n>`, with `data` for entries, and any height. This product writes height 8 alone, without
 * saying it. So a sumdb path of another height has no counterpart here; what the two share is how the number and the width
 * are written, and that is compared by putting the number and the width of each case into our layout.
 */
describe.skipIf(!present)('golang.org/x/mod/sumdb/tlog', () => {
  it('has 8 paths and 7 growths', () => expect([paths.length, growths.length]).toEqual([8, 7]));

  it.each(paths.map((one) => [one.path, one] as const))('%s', (path, one) => {
    // Under its own name no path of the older layout is one of ours.
    expect(parseTilePath(path).ok).toBe(false);
    const [, , level = '', ...number] = path.split('/');
    const ours = `tile/${level === 'data' ? 'entries' : level}/${number.join('/')}`;
    if (!one.valid) {
      expect(parseTilePath(ours)).toMatchObject({ ok: false, refusal: { code: 'tile-path' } });
      return;
    }
    const width = path.includes('.p/') ? one.width! : TILE_WIDTH;
    // Level 5 of tiles of height 3 is over 2^15 entries; of height 8 the same number would be beyond every countable tree.
    const levels = one.level! > 2 ? 2 : one.level!;
    const tile = { level: one.level === -1 ? ('entries' as const) : levels, index: one.n!, width };
    expect(tilePath(tile)).toBe(one.level! > 2 ? ours.replace(`tile/${level}/`, 'tile/2/') : ours);
    expect(parseTilePath(tilePath(tile))).toEqual({ ok: true, value: tile });
  });

  it.each(growths.map((one) => [one.old_size, one.new_size, one.tiles] as const))('growth from %d to %d makes %d tiles of height 10', (from, to, count) => {
    expect([...newHashTiles(from, to, 2 ** 10)].length).toBe(count);
  });
});
