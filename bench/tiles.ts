/** Measures proofs for any entry of a log of ten million from its tiles, beside a bare read of the same files: `node bench/tiles.ts`. Results go to bench/results/tiles.txt. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { utf8 } from '../src/proof/bytes.ts';
import { leafHash } from '../src/proof/merkle.ts';
import { nodeSuite as suite } from '../src/proof/node-suite.ts';
import { TileReader, type ReadTile, type TrustedHead } from '../src/proof/tile-reader.ts';
import { edgeRoot, EMPTY_EDGE, growEdge, tilePath, tileWidth, type TileEdge } from '../src/proof/tiles.ts';

const ENTRIES = 10_000_000;
const BATCH = 65_536;
const WARM_UP = 2000;
const PROOFS = 10_000;
const COLD_PROOFS = 2000;
const AIM_MS = 5;
const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'mizan-bench-tiles-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
const lines: string[] = [];

function say(line: string): void {
  console.log(line);
  lines.push(line);
}

// Repeatable random numbers, so that a run can be compared with the next.
let seed = 20_261_123;
function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}

/** Writes the tiles batch by batch; what stays in memory is the edge. */
function build(): TrustedHead {
  let edge: TileEdge = EMPTY_EDGE;
  const made = new Set<string>();
  while (edge.size < ENTRIES) {
    const count = Math.min(BATCH, ENTRIES - edge.size);
    const leaves = Array.from({ length: count }, (_, at) => leafHash(suite, utf8(`entry ${edge.size + at}`)));
    const grown = growEdge(suite, edge, leaves);
    edge = grown.edge;
    for (const { tile, bytes } of grown.tiles) {
      // Of the partial tiles only those of the last head are asked for here.
      if (tile.width < tileWidth(tile.level, tile.index, ENTRIES)) continue;
      const path = join(folder, tilePath(tile));
      const parent = dirname(path);
      if (!made.has(parent)) mkdirSync(parent, { recursive: true });
      made.add(parent);
      writeFileSync(path, bytes);
    }
  }
  return { size: edge.size, root: edgeRoot(suite, edge) };
}

const readTile: ReadTile = async (path) => {
  try {
    return await readFile(join(folder, path));
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw problem;
  }
};

const at = (sorted: readonly number[], share: number): string => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(2).padStart(7);

/**
 * Runs one after the other; the wall time of each, and its processor time (all threads), which other work on the machine does not
 * lengthen as it does the wall time. Answers both at p99.
 */
async function measure(name: string, runs: number, run: (index: number) => Promise<unknown>): Promise<{ readonly wallMs: number; readonly cpuMs: number }> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const beforeCpu = process.cpuUsage();
    const before = performance.now();
    await run(index);
    wall.push(performance.now() - before);
    const { user, system } = process.cpuUsage(beforeCpu);
    cpu.push((user + system) / 1000);
  }
  for (const list of [wall, cpu]) list.sort((one, other) => one - other);
  say(`${name.padEnd(54)} ${at(wall, 0.5)} ${at(wall, 0.95)} ${at(wall, 0.99)}   ${at(cpu, 0.5)} ${at(cpu, 0.99)}`);
  const p99 = Math.floor(runs * 0.99);
  return { wallMs: wall[p99]!, cpuMs: cpu[p99]! };
}

function must<T>(verdict: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: unknown }): T {
  if (!verdict.ok) throw new Error(JSON.stringify(verdict.refusal));
  return verdict.value;
}

/** The paths that a reader with nothing in its cache asks for, for the bare read of the same files. */
async function pathsOf(use: (reader: TileReader) => Promise<unknown>): Promise<readonly string[]> {
  const paths: string[] = [];
  await use(
    new TileReader(suite, async (path) => {
      paths.push(path);
      return readTile(path);
    }),
  );
  return paths;
}

const started = performance.now();
const head = build();
const buildS = (performance.now() - started) / 1000;
say(`tiles of a log of ${ENTRIES.toLocaleString('en')} entries, Node ${process.versions.node}, files in the cache of the system, wall time on a shared machine`);
say(`made in ${buildS.toFixed(0)} s, ${Math.round(ENTRIES / buildS).toLocaleString('en')} leaves/s with hashing and files`);

// Draws first: entries, older sizes with their roots, and the files each proof needs.
const indexes = Array.from({ length: WARM_UP + PROOFS }, () => Math.floor(random() * ENTRIES));
const scout = new TileReader(suite, readTile);
const olders: TrustedHead[] = [];
for (let made = 0; made < WARM_UP + PROOFS; made += 1) {
  const size = 1 + Math.floor(random() * ENTRIES);
  olders.push({ size, root: must(await scout.claimedRoot(size, ENTRIES)) });
}
const inclusionPaths: (readonly string[])[] = [];
const consistencyPaths: (readonly string[])[] = [];
for (let made = 0; made < COLD_PROOFS; made += 1) {
  inclusionPaths.push(await pathsOf((reader) => reader.inclusion(indexes[made]!, head)));
  consistencyPaths.push(await pathsOf((reader) => reader.consistency(olders[made]!, head)));
}

const reader = new TileReader(suite, readTile);
for (let made = 0; made < WARM_UP; made += 1) {
  must(await reader.inclusion(indexes[made]!, head));
  must(await reader.consistency(olders[made]!, head));
}

say(`\nload of the machine ${loadavg()[0]!.toFixed(1)} on ${availableParallelism()} cores; every proof is verified against the head before it is handed out\nms each${' '.repeat(51)}p50     p95     p99   cpu p50     p99`);
const inclusion = await measure('inclusion of a random entry, reader in use', PROOFS, async (index) => must(await reader.inclusion(indexes[WARM_UP + index]!, head)));
const consistency = await measure('consistency from a random older size, reader in use', PROOFS, async (index) => must(await reader.consistency(olders[WARM_UP + index]!, head)));
await measure('inclusion, empty reader each time', COLD_PROOFS, async (index) => must(await new TileReader(suite, readTile).inclusion(indexes[index]!, head)));
await measure('consistency, empty reader each time', COLD_PROOFS, async (index) => must(await new TileReader(suite, readTile).consistency(olders[index]!, head)));
await measure('bare read of the same files, inclusion', COLD_PROOFS, async (index) => Promise.all(inclusionPaths[index]!.map((path) => readTile(path))));
await measure('bare read of the same files, consistency', COLD_PROOFS, async (index) => Promise.all(consistencyPaths[index]!.map((path) => readTile(path))));
const verdictOn = ({ wallMs, cpuMs }: { readonly wallMs: number; readonly cpuMs: number }): string =>
  `${wallMs <= AIM_MS ? 'met' : cpuMs <= AIM_MS ? 'met in processor time only' : 'MISSED'} (${wallMs.toFixed(2)} wall, ${cpuMs.toFixed(2)} processor)`;
const files = inclusionPaths.reduce((sum, paths) => sum + paths.length, 0) / inclusionPaths.length;
say(`
aim ${AIM_MS} ms at p99: inclusion ${verdictOn(inclusion)}, consistency ${verdictOn(consistency)}
${files.toFixed(1)} files a proof on average; memory of the process with a reader of at most 1024 tiles in use: ${Math.round(process.memoryUsage().rss / 1_048_576)} MiB
An entry's own tile is nearly always a new one (39,063 of them), so that a proof reads one file and hashes up to 247 pairs in it; the
tiles above stay in the reader with the hashes computed in them.`);
mkdirSync(join(root, 'bench/results'), { recursive: true });
writeFileSync(join(root, 'bench/results/tiles.txt'), `${lines.join('\n')}\n`);
