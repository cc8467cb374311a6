/** Checks a law pack while it is being written: `node scripts/check-pack.ts packs/law/eu-ai-act [--json] [--mutants]`. Exit code 1 on errors. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import process from 'node:process';
import { checkPack, mutationReport, readPack } from '../src/law/index.ts';
import type { PackFile, PackProblem } from '../src/law/index.ts';

const [folder, ...options] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/check-pack.ts FOLDER [--json] [--mutants]');
  process.exit(2);
}

const { pack, problems: loadProblems } = readPack(readFolder(folder), { packs: besides });
const problems: PackProblem[] = [...loadProblems];
if (pack !== undefined) problems.push(...checkPack(pack));
if (options.includes('--json')) console.log(JSON.stringify(problems, null, 2));
else for (const problem of problems) console.log(`${folder}/${problem.file}:${problem.line} ${problem.severity} ${problem.code}: ${problem.message}\n    → ${problem.fix}`);

const errors = problems.filter((problem) => problem.severity === 'error').length;
if (pack !== undefined && !options.includes('--json')) {
  console.log(`\n${pack.ref.id} ${pack.ref.version} (${pack.ref.digest.slice(0, 12)}): ${pack.facts.length} facts, ${pack.definitions.length} definitions, ${pack.conclusions.length} conclusions, ${pack.rules.length} rules, ${pack.readings.length} readings, ${pack.cases.length} cases`);
  console.log(`${errors} errors, ${problems.length - errors} warnings`);
}
if (pack !== undefined && options.includes('--mutants')) {
  const report = mutationReport(pack);
  for (const { place, change } of report.survivors) console.log(`survivor ${place}: ${change}`);
  console.log(`${report.mutants} mutants: ${report.killed} noticed by a case, ${report.equivalent} equivalent, ${report.survivors.length} survive`);
}
process.exitCode = errors > 0 ? 1 : 0;

/** A base stands in the folder beside this one that has its id. */
function besides(id: string): readonly PackFile[] | undefined {
  const root = join(dirname(resolve(folder!)), id);
  return /^[\w.-]+$/.test(id) && existsSync(root) ? readFolder(root) : undefined;
}

function readFolder(root: string): PackFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}
