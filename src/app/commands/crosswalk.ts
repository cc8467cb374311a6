/** `mizan crosswalk check`: whether a mapping file can be used, said line by line, without a database or a server. */

import { statSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { isReviewed, readFrameworks, readSssom, SET_ENDING, SSSOM_LENGTH_MAX, FRAMEWORKS_FOLDER, writeSssom } from '../../law/crosswalk/index.ts';
import { textOfBytes } from '../../law/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';

/** A character takes at most four bytes. */
const FILE_BYTES_MAX = SSSOM_LENGTH_MAX * 4;

export function addCrosswalk(program: Command): void {
  program
    .command('crosswalk')
    .description('work on mappings between frameworks')
    .command('check')
    .description('check an SSSOM file: columns, ids, predicates, confidence, duplicates, reviews')
    .argument('<file>', `mapping file, for example packs/crosswalks/eu-ai-act--oecd${SET_ENDING}`)
    .option('--json', 'print the problems as JSON')
    .option('--print', 'print a good file as it is written here: columns in order, quotes only where needed')
    .action(async (path: string, options: { readonly json?: boolean; readonly print?: boolean }) => {
      const text = fileOrExit(path);
      const { crosswalkFolder, readCrosswalkFolder } = await import('../../features/crosswalk/index.ts');
      const known = readFrameworks(readCrosswalkFolder(crosswalkFolder()).filter((file) => file.path.startsWith(FRAMEWORKS_FOLDER)));
      const { set, problems: found } = readSssom(basename(path), text, known.frameworks);
      const problems = [...known.problems, ...found];
      if (options.print === true && set !== undefined && problems.length === 0) return print(writeSssom(set, known.frameworks).trimEnd());
      if (options.json === true) print(JSON.stringify(problems, null, 2));
      else {
        for (const problem of problems) print(`${problem.file}:${problem.line} ${problem.severity} ${problem.code}: ${problem.message}\n    → ${problem.fix}`);
        if (set !== undefined) {
          const reviewed = set.rows.filter(isReviewed).length;
          print(`${set.id}: ${set.rows.length} rows, ${reviewed} with two reviewers other than the author`);
          if (reviewed < set.rows.length) print(`${set.rows.length - reviewed} rows are suggestions: evidence does not count over them`);
        }
        print(`${problems.length} errors`);
      }
      if (problems.length > 0) process.exitCode = EXIT.refused;
    });
}

function fileOrExit(path: string): string {
  let bytes: Buffer;
  try {
    if (statSync(path).size > FILE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is larger than ${FILE_BYTES_MAX} bytes.`);
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.usage, `${path} is not a file that can be read.`);
  }
  const text = textOfBytes(bytes);
  if (text === undefined) throw new Exit(EXIT.usage, `${path} is not UTF-8. Save it as UTF-8.`);
  return text;
}
