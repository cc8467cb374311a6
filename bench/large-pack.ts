/**
 * Measures how long a very large pack takes to load and check: `node bench/large-pack.ts`. The pack is made here: many regimes beside
 * each other, as in a code of national laws, each with its questions, gates, rules, exceptions, dates and worked cases. It also measures
 * a pack made to explode, which must be refused soon and in little memory.
 */

import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseDocument } from 'yaml';
import { checkPack, readPack } from '../src/law/index.ts';
import type { PackFile } from '../src/law/index.ts';
import { explodingPack, largePack } from './large/make-pack.ts';

const TARGET_SECONDS = 10;
const sizes = [500, 1_000, 2_500, 5_000];

interface Row {
  readonly rules: number;
  readonly facts: number;
  readonly cases: number;
  readonly megabytes: number;
  readonly yaml: Taken;
  readonly load: Taken;
  readonly check: Taken;
}

/** Seconds by the clock on the wall, and of processor time; where others use the machine the first is longer than the second. */
interface Taken {
  readonly wall: number;
  readonly processor: number;
}

function taken(work: () => void): Taken {
  const start = process.hrtime.bigint();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return { wall: Number(process.hrtime.bigint() - start) / 1e9, processor: (user + system) / 1e6 };
}

function measure(files: readonly PackFile[]): Row {
  const yaml = taken(() => {
    for (const { text } of files) parseDocument(text);
  });
  let read: ReturnType<typeof readPack> | undefined;
  const load = taken(() => {
    read = readPack(files);
  });
  const pack = read!.pack!;
  const problems = [...read!.problems];
  const check = taken(() => {
    problems.push(...checkPack(pack));
  });
  if (problems.length > 0) throw new Error(`the made pack is not clean: ${JSON.stringify(problems.slice(0, 5), null, 1)}`);
  return { rules: pack.rules.length, facts: pack.facts.length, cases: pack.cases.length, megabytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6, yaml, load, check };
}

measure(largePack(200)); // Warm code, as in a server.

// First, while the process is small, so that its memory shows.
const exploding = explodingPack(60);
const memoryBefore = process.memoryUsage().rss;
let refusal = '';
const explodingTaken = taken(() => {
  const { pack } = readPack(exploding);
  refusal = checkPack(pack!).find(({ code }) => code === 'law-diagram-too-large')?.message ?? 'not refused';
});
const explodingMegabytes = (process.memoryUsage().rss - memoryBefore) / 1e6;

const rows = sizes.map((rules) => measure(largePack(rules)));
const largest = rows.at(-1)!;
const both = ({ load, check }: Row): Taken => ({ wall: load.wall + check.wall, processor: load.processor + check.processor });
const total = both(largest);
const figure = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);
const lines = [
  'A large law pack: loading and checking',
  '',
  `node ${process.version}, ${process.arch}, one thread of a machine with ${availableParallelism()} that others used at the same time (load ${loadavg()[0]!.toFixed(1)})`,
  '“yaml” is the parsing of the same files into a document tree alone, by the library we load with: the floor under loading.',
  '',
  'Seconds of processor time (the garbage collector’s own threads included), and for loading and checking together by the clock on the wall.',
  '',
  ' rules  facts  cases     MB   yaml s   load s  check s  both s  both, wall s  ms a rule',
  ...rows.map((row) => `${String(row.rules).padStart(6)} ${String(row.facts).padStart(6)} ${String(row.cases).padStart(6)} ${figure(row.megabytes, 1, 6)} ${figure(row.yaml.processor, 2, 8)} ${figure(row.load.processor, 2, 8)} ${figure(row.check.processor, 2, 8)} ${figure(both(row).processor, 2, 7)} ${figure(both(row).wall, 2, 13)} ${figure((both(row).processor * 1000) / row.rules, 2, 10)}`),
  '',
  `Target: 5,000 rules and 2,000 facts check in at most ${TARGET_SECONDS} s. By the wall, checking took ${largest.check.wall.toFixed(2)} s, loading and checking ${total.wall.toFixed(2)} s: ${total.wall <= TARGET_SECONDS ? 'met with loading' : largest.check.wall <= TARGET_SECONDS ? 'met by the check, not with loading' : 'MISSED'}.`,
  '',
  `A pack made to explode: ${refusal}`,
  `Refused after ${explodingTaken.processor.toFixed(2)} s of processor time with ${explodingMegabytes.toFixed(0)} MB more memory.`,
  '',
];
process.stdout.write(lines.join('\n'));
if (process.argv.includes('--record')) writeFileSync(join(import.meta.dirname, 'results', 'large-pack.txt'), lines.join('\n'));
