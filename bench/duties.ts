/** Measures the duties of systems on one core beside their classification and a plain interpreter: `npm run bench duties`. Results go to bench/results/duties.txt. */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import process from 'node:process';
import { classifierFor, compileLaw, dutiesOf, dutyFormFor, latestTime, OPEN_DAY, readPack, RESULT_CODES } from '../src/law/index.ts';
import type { FactDefinition, Facts, FactValue, Pack, PackFile } from '../src/law/index.ts';
import { DUTIES_PACK } from '../src/law/examples-duties.ts';
import { NaiveLaw } from '../src/law/naive-duties.ts';

const SYSTEMS = 20_000;
/** Of the plain interpreter and of full decisions, which are slow. */
const FEW = 1_000;
const PAGES = 40;
const ROUNDS = 5;
const AIM = 20_000;
const root = join(import.meta.dirname, '..');
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

function randomValue(fact: FactDefinition): FactValue {
  switch (fact.type) {
    case 'bool': return random() < 0.5;
    case 'enum': return fact.values[Math.floor(random() * fact.values.length)]!.id;
    case 'set': return fact.values.map(({ id }) => id).filter(() => random() < 0.3);
    case 'number': return 10 ** Math.floor(random() * 28);
    case 'date': return `20${24 + Math.floor(random() * 8)}-0${1 + Math.floor(random() * 9)}-15`;
  }
}

/** A worked case of the pack with every other fact answered at random. */
function decidedSystem(pack: Pack, index: number): Facts {
  const known = Object.entries(pack.cases[index % pack.cases.length]!.facts).filter(([, answer]) => typeof answer !== 'object' || Array.isArray(answer));
  return { ...Object.fromEntries(pack.facts.map((fact) => [fact.id, randomValue(fact)])), ...Object.fromEntries(known) };
}

/** Milliseconds of processor time: other work on a shared machine does not count, but it still pushes ours out of the caches. */
function cpuMs(work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

interface Work {
  readonly count: number;
  readonly run: () => void;
}

/** Best of ROUNDS for each, in systems per second. The rounds take turns, so that what is compared meets the same weather. */
function rates(...works: readonly Work[]): readonly number[] {
  const best = works.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, { run }] of works.entries()) {
      const ms = cpuMs(run);
      if (round > 0) best[index] = Math.min(best[index]!, ms); // The first round warms up.
    }
  }
  return best.map((ms, index) => Math.round((works[index]!.count / ms) * 1000));
}

function packFiles(id: string): readonly PackFile[] {
  const folder = join(root, 'packs/law', id);
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => ({ path: relative(folder, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

function format(value: number): string {
  return value.toLocaleString('en').padStart(11);
}

function measure(name: string, files: readonly PackFile[]): void {
  const { pack, problems } = readPack(files);
  if (pack === undefined || problems.length > 0) throw new Error(`the pack ${name} does not load: run scripts/check-pack.ts`);
  const time = latestTime(pack);
  const classification = compileLaw(pack, time);
  const compileStart = performance.now();
  const law = compileLaw(pack, time, 'duties');
  const compileMs = performance.now() - compileStart;
  const formStart = performance.now();
  const form = dutyFormFor(law);
  const formMs = performance.now() - formStart;
  say(`\n${name} ${pack.ref.version} (${pack.ref.digest.slice(0, 12)}): ${pack.duties.length} duties, ${pack.timings.length} timings, ${law.outcomes.length} outcomes (${classification.outcomes.length} of them classes)`);
  say(`  ${law.diagrams.nodeCount} diagram nodes (${classification.diagrams.nodeCount} without the duties), compiled in ${compileMs.toFixed(0)} ms, fast form in ${formMs.toFixed(0)} ms (cold, wall time)`);

  const systems = Array.from({ length: SYSTEMS }, (_, index) => decidedSystem(pack, index));
  const naive = new NaiveLaw(pack, time);
  const codes = new Uint8Array(form.ids.length);
  const days = new Int32Array(form.ids.length);
  const held = checkAgreement(systems.slice(0, FEW), naive, form, codes, days);
  const classifier = classifierFor(classification);
  const classes = new Uint8Array(classification.outcomes.length);
  let sum = 0;
  const [duties, classified, interpreted, full] = rates(
    { count: SYSTEMS, run: () => systems.forEach((facts) => { form.due(facts, codes, days); sum += days[0]! & 1; }) },
    { count: SYSTEMS, run: () => systems.forEach((facts) => { sum += classifier.classify(facts, classes)[0]!; }) },
    { count: FEW, run: () => systems.slice(0, FEW).forEach((facts) => { sum += naive.dues(facts).length; }) },
    { count: PAGES, run: () => systems.slice(0, PAGES).forEach((facts) => { sum += dutiesOf(law, facts).duties.length; }) },
  ) as [number, number, number, number];
  if (sum < 0) say('');
  say(`  decided systems, ${held.toFixed(1)} duties each on average`);
  say(`    duties and due dates, fast form                ${format(duties)} systems/s  (aim ${AIM.toLocaleString('en')})`);
  say(`    classification alone, the same answers         ${format(classified)} systems/s, ${(classified / duties).toFixed(1)} times as fast`);
  say(`    a plain interpreter of the same duties         ${format(interpreted)} systems/s, ${(duties / interpreted).toFixed(1)} times as slow`);
  say(`    full decision with reasons, readings, periods  ${format(full)} systems/s`);
}

/** The comparison means something only when all say the same. Answers the number of duties a system has on average. */
function checkAgreement(systems: readonly Facts[], naive: NaiveLaw, form: ReturnType<typeof dutyFormFor>, codes: Uint8Array, days: Int32Array): number {
  let held = 0;
  for (const facts of systems) {
    form.due(facts, codes, days);
    for (const [index, due] of naive.dues(facts).entries()) {
      const isHeld = RESULT_CODES[codes[index]!] === 'holds';
      if (isHeld !== (due !== undefined) || (isHeld && (days[index] !== due || due === OPEN_DAY))) throw new Error(`the plain interpreter disagrees on ${form.ids[index]}`);
      if (isHeld) held++;
    }
  }
  return held / systems.length;
}

say(`duties engine, Node ${process.versions.node}, processor time of one process, best of ${ROUNDS}; worked cases completed at random`);
measure('the example act', DUTIES_PACK);
measure('eu-ai-act', packFiles('eu-ai-act'));
say(`
The fast form answers every class, role and duty of the law and then the due dates; the classification beside it answers the classes only.
The plain interpreter walks the conditions as written, each name once per system; every system was first held against it.`);
mkdirSync(join(root, 'bench/results'), { recursive: true });
writeFileSync(join(root, 'bench/results/duties.txt'), `${lines.join('\n')}\n`);
