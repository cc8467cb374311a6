/** `mizan pack test FOLDER`: runs the worked cases of a pack and says which pass. */

import type { Command } from 'commander';
import { caseReports, checkPack } from '../../law/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { counted, findPack, loadedOrExit, terminalLanguage } from './pack-files.ts';

export function addPackTest(pack: Command): void {
  pack
    .command('test')
    .description('run the worked cases of a law pack')
    .argument('<folder>', 'folder or archive of the pack')
    .option('--only <words>', 'only cases whose id holds these words')
    .option('--failing', 'show only cases that fail')
    .option('--json', 'print {pack, cases: [{id, title, passes, failures}], passed, failed} as JSON')
    .action(async (folder: string, options: { readonly only?: string; readonly failing?: boolean; readonly json?: boolean }) => {
      const read = loadedOrExit(await findPack(folder), folder);
      const problems = checkPack(read);
      const titles = new Map(read.cases.map((one) => [one.id, one.title[terminalLanguage()]]));
      const reports = caseReports(read, problems).filter((report) => options.only === undefined || report.id.includes(options.only));
      if (reports.length === 0) throw new Exit(EXIT.usage, options.only === undefined ? `${folder} has no worked case. Add some: docs/spec/law-pack.md.` : `No case of ${folder} has “${options.only}” in its id.`);
      const failed = reports.filter((report) => report.failures.length > 0).length;
      if (options.json === true) {
        const cases = reports.map(({ id, failures }) => ({ id, title: titles.get(id) ?? '', passes: failures.length === 0, failures }));
        print(JSON.stringify({ pack: { ...read.ref }, cases, passed: reports.length - failed, failed }, null, 2));
      } else {
        for (const { id, failures } of reports) {
          if (failures.length === 0 && options.failing === true) continue;
          print(`${failures.length === 0 ? '✓' : '✗'} ${id.padEnd(36)} ${titles.get(id) ?? ''}`);
          for (const failure of failures) print(`    ${failure}`);
        }
        const others = problems.filter((problem) => problem.severity === 'error' && problem.code !== 'case-fails').length;
        print(`\n${read.ref.id} ${read.ref.version}: ${counted(reports.length - failed, 'case')} passed, ${failed} failed`);
        if (others > 0) print(`The pack has ${counted(others, 'other error')}: mizan pack check ${folder}`);
      }
      if (failed > 0) process.exitCode = EXIT.refused;
    });
}
