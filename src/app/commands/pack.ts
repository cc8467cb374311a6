/** `mizan pack …`: work on law packs without a database or a server: make, check, run, compare, sign, verify. */

import type { Command } from 'commander';
import { checkPack, mutationReport, type PackProblem, readPack } from '../../law/index.ts';
import { EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { addPackDiff } from './pack-diff.ts';
import { basesOf, problemLine, readFolder } from './pack-files.ts';
import { addPackKeys } from './pack-keys.ts';
import { addPackNew } from './pack-new.ts';
import { addPackSign } from './pack-sign.ts';
import { addPackTest } from './pack-test.ts';

export { readFolder } from './pack-files.ts';

export function addPack(program: Command): void {
  const pack = program.command('pack').description('work on law packs');
  addPackNew(pack);
  addPackCheck(pack);
  addPackTest(pack);
  addPackDiff(pack);
  addPackKeys(pack);
  addPackSign(pack);
}

function addPackCheck(pack: Command): void {
  pack
    .command('check')
    .description('check a law pack: names, reachability, contradictions, translations, coverage by worked cases')
    .argument('<folder>', 'folder of the pack, for example packs/law/eu-ai-act')
    .option('--mutants', 'also change each rule a little and see whether a worked case notices')
    .option('--json', 'print the problems as JSON')
    .action((folder: string, options: { readonly mutants?: boolean; readonly json?: boolean }) => {
      const { pack: read, problems: loadProblems } = readPack(readFolder(folder), { packs: basesOf(folder) });
      const problems: readonly PackProblem[] = read === undefined ? loadProblems : [...loadProblems, ...checkPack(read)];
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      if (options.json === true) print(JSON.stringify(problems, null, 2));
      else {
        for (const problem of problems) print(problemLine(folder, problem));
        if (read !== undefined) print(`\n${read.ref.id} ${read.ref.version} (${read.ref.digest.slice(0, 12)}): ${read.facts.length} facts, ${read.conclusions.length} conclusions, ${read.rules.length} rules, ${read.cases.length} cases`);
        print(`${errors} errors, ${problems.length - errors} warnings`);
      }
      if (read !== undefined && options.mutants === true) {
        const report = mutationReport(read);
        for (const { place, change } of report.survivors) print(`unnoticed ${place}: ${change}`);
        print(`${report.mutants} changes: ${report.killed} noticed by a case, ${report.equivalent} make no difference, ${report.survivors.length} unnoticed`);
      }
      if (errors > 0) process.exitCode = EXIT.refused;
    });
}
