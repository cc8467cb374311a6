/**
 * Measures how long a very large pack takes to load and check: `node bench/large-pack.ts`. The pack is made here: many regimes beside
 * each other, as in a code of national laws, each with its questions, gates, rules, exceptions, dates and worked cases. It also measures
 * a pack made to explode, which must be refused soon and in little memory.
 */

import { writeFileSync } from 'node:fs';
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
  readonly yamlSeconds: number;
  readonly loadSeconds: number;
  readonly checkSeconds: number;
}

function seconds(work: () => void): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function measure(files: readonly PackFile[]): Row {
  const yamlSeconds = seconds(() => {
    for (const { text } of files) parseDocument(text);
  });
  let read: ReturnType<typeof readPack> | undefined;
  const loadSeconds = seconds(() => {
    read = readPack(files);
  });
  const pack = read!.pack!;
  const problems = [...read!.problems];
  const checkSeconds = seconds(() => {
    problems.push(...checkPack(pack));
  });
  if (problems.length > 0) throw new Error(`the made pack is not clean: ${JSON.stringify(problems.slice(0, 5), null, 1)}`);
  return { rules: pack.rules.length, facts: pack.facts.length, cases: pack.cases.length, megabytes: files.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) / 1e6, yamlSeconds, loadSeconds, checkSeconds };
}

measure(largePack(200)); // Warm code, as in a server.
const rows = sizes.map((rules) => measure(largePack(rules)));

const exploding = explodingPack(60);
const memoryBefore = process.memoryUsage().rss;
let refusal = '';
const explodingSeconds = seconds(() => {
  const { pack } = readPack(exploding);
  refusal = checkPack(pack!).find(({ code }) => code === 'law-diagram-too-large')?.message ?? 'not refused';
});
const explodingMegabytes = (process.memoryUsage().rss - memoryBefore) / 1e6;

const largest = rows.at(-1)!;
const total = largest.loadSeconds + largest.checkSeconds;
const figure = (value: number, digits: number, width: number): string => value.toFixed(digits).padStart(width);
const lines = [
  'A large law pack: loading and checking',
  '',
  `node ${process.version}, ${process.arch}, one thread`,
  '“yaml” is the parsing of the same files into a document tree alone, by the library we load with: the floor under loading.',
  '',
  ' rules  facts  cases     MB   yaml s   load s  check s  load+check s  ms a rule',
  ...rows.map((row) => `${String(row.rules).padStart(6)} ${String(row.facts).padStart(6)} ${String(row.cases).padStart(6)} ${figure(row.megabytes, 1, 6)} ${figure(row.yamlSeconds, 2, 8)} ${figure(row.loadSeconds, 2, 8)} ${figure(row.checkSeconds, 2, 8)} ${figure(row.loadSeconds + row.checkSeconds, 2, 13)} ${figure(((row.loadSeconds + row.checkSeconds) * 1000) / row.rules, 2, 10)}`),
  '',
  `Target: 5,000 rules and 2,000 facts load and check in at most ${TARGET_SECONDS} s. Measured: ${total.toFixed(2)} s, ${total <= TARGET_SECONDS ? 'met' : 'MISSED'}.`,
  '',
  `A pack made to explode: ${refusal}`,
  `Refused after ${explodingSeconds.toFixed(2)} s with ${explodingMegabytes.toFixed(0)} MB more memory.`,
  '',
];
process.stdout.write(lines.join('\n'));
if (process.argv.includes('--record')) writeFileSync(join(import.meta.dirname, 'results', 'large-pack.txt'), lines.join('\n'));
