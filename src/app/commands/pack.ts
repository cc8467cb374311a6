/** `mizan pack check FOLDER`: reads a law pack and tells every mistake with file, line and what to do. */

import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Command } from 'commander';
import { checkPack, mutationReport, type PackFile, type PackProblem, readPack } from '../../law/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';

const PACK_FILES_MAX = 500;
const PACK_FILE_BYTES_MAX = 4 * 1024 * 1024;

export function addPack(program: Command): void {
  program
    .command('pack')
    .description('work on law packs')
    .command('check')
    .description('check a law pack: names, reachability, contradictions, translations, coverage by worked cases')
    .argument('<folder>', 'folder of the pack, for example packs/law/eu-ai-act')
    .option('--mutants', 'also change each rule a little and see whether a worked case notices')
    .option('--json', 'print the problems as JSON')
    .action((folder: string, options: { readonly mutants?: boolean; readonly json?: boolean }) => {
      const { pack, problems: loadProblems } = readPack(readFolder(folder));
      const problems: readonly PackProblem[] = pack === undefined ? loadProblems : [...loadProblems, ...checkPack(pack)];
      const errors = problems.filter((problem) => problem.severity === 'error').length;
      if (options.json === true) print(JSON.stringify(problems, null, 2));
      else {
        for (const problem of problems) print(`${folder}/${problem.file}:${problem.line} ${problem.severity} ${problem.code}: ${problem.message}\n    → ${problem.fix}`);
        if (pack !== undefined) print(`\n${pack.ref.id} ${pack.ref.version} (${pack.ref.digest.slice(0, 12)}): ${pack.facts.length} facts, ${pack.conclusions.length} conclusions, ${pack.rules.length} rules, ${pack.cases.length} cases`);
        print(`${errors} errors, ${problems.length - errors} warnings`);
      }
      if (pack !== undefined && options.mutants === true) {
        const report = mutationReport(pack);
        for (const { place, change } of report.survivors) print(`unnoticed ${place}: ${change}`);
        print(`${report.mutants} changes: ${report.killed} noticed by a case, ${report.equivalent} make no difference, ${report.survivors.length} unnoticed`);
      }
      if (errors > 0) process.exitCode = EXIT.refused;
    });
}

/** The YAML files under `root`, in the order of their names; nothing outside of it, so links are not followed. */
export function readFolder(root: string): readonly PackFile[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(root, { recursive: true, withFileTypes: true });
  } catch {
    throw new Exit(EXIT.usage, `${root} is not a folder that can be read.`);
  }
  const paths = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name)).sort();
  if (paths.length === 0) throw new Exit(EXIT.usage, `${root} holds no YAML file. A pack has at least pack.yaml; docs/spec/law-pack.md describes it.`);
  if (paths.length > PACK_FILES_MAX) throw new Exit(EXIT.usage, `${root} holds ${paths.length} files; a pack has at most ${PACK_FILES_MAX}.`);
  return paths.map((path) => {
    if (statSync(path).size > PACK_FILE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is larger than ${PACK_FILE_BYTES_MAX} bytes.`);
    return { path: relative(root, path).split(sep).join('/'), text: readFileSync(path, 'utf8') };
  });
}
