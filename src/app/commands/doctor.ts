/** `mizan doctor`: looks at everything a working installation needs; each line says what it found and what to do. */

import type { Command } from 'commander';
import { examine, type Finding, LOOKS, settingsFindings, surroundings } from '../doctor/index.ts';
import { EXIT } from '../exit.ts';
import { print } from '../terminal.ts';

const SUBJECT_WIDTH = 13;

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check this installation: machine, data folder, database, network, packs; says what to do about each fault')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const { findings: told, config } = settingsFindings(process.env);
      const findings: Finding[] = [];
      const tell = (found: readonly Finding[]): void => {
        findings.push(...found);
        if (options.json !== true) for (const finding of found) print(lineOf(finding));
      };
      tell(told);
      if (config !== undefined) for (const look of LOOKS) tell(await examine(look, surroundings(config)));
      if (options.json === true) print(JSON.stringify(findings, null, 2));
      if (findings.some((finding) => finding.state === 'fail')) process.exitCode = EXIT.refused;
    });
}

function lineOf({ state, subject, found, fix }: Finding): string {
  const line = `${state.padEnd(4)} ${subject.padEnd(SUBJECT_WIDTH)} ${found}`;
  return fix === undefined ? line : `${line}\n     ${''.padEnd(SUBJECT_WIDTH)} → ${fix}`;
}
