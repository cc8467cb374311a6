/** The command line `mizan`: the frame of all commands, their exit codes, and how a failure is told. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { Fault } from '../base/index.ts';
import { installationRoot } from '../platform/files/root.ts';
import { addClassify } from './commands/classify.ts';
import { addCompletion } from './commands/completion.ts';
import { addCrosswalk } from './commands/crosswalk.ts';
import { addDuties } from './commands/duties.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addImport } from './commands/import.ts';
import { addLaw } from './commands/law.ts';
import { addPack } from './commands/pack.ts';
import { addSample } from './commands/sample.ts';
import { addStart } from './commands/start.ts';
import { Exit, EXIT, type ExitCode } from './exit.ts';
import { print, tell } from './terminal.ts';

const AFTER_HELP = `
Exit codes:
  0  done
  1  refused by the rules, or problems were found
  2  wrong usage or configuration
  3  a fault: disk, database, network
  4  the server's embedded database had to stop: start it again

Settings (environment):
  PORT          port of the pages and the interface for programs (8080)
  HOST          address, this machine only until there is sign-in (127.0.0.1)
  DATA_DIR      data folder (./data)
  DATABASE_URL  PostgreSQL 15 or later; the embedded database when left out
  LOG_LEVEL     fatal, error, warn, info, debug, silent (info)
  THEME         folder under themes/ (neutral)
  UPLOAD_MAX_MB largest upload in megabytes (256)

Commands that need the register go through the running server of the data folder, or open it themselves when none runs.`;

function program(): Command {
  const { version } = JSON.parse(readFileSync(join(installationRoot, 'package.json'), 'utf8')) as { version: string };
  const mizan = new Command('mizan')
    .description('The software with which a country governs artificial intelligence: register, dated law, proof.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(mizan --help tells more)')
    .addHelpText('after', AFTER_HELP)
    .exitOverride();
  for (const add of [addStart, addImport, addClassify, addDuties, addLaw, addPack, addCrosswalk, addExport, addSample, addDoctor, addCompletion]) add(mizan);
  // A sub-command does not inherit how errors end.
  const override = (command: Command): void => {
    command.exitOverride();
    command.commands.forEach(override);
  };
  mizan.commands.forEach(override);
  return mizan;
}

async function main(): Promise<ExitCode> {
  const argv = process.argv.length === 2 ? [...process.argv, 'start'] : process.argv;
  try {
    await program().parseAsync(argv);
    return (process.exitCode as ExitCode | undefined) ?? EXIT.ok;
  } catch (error) {
    // Commander has told it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    if (error instanceof Exit) {
      if (argv.includes('--json') && error.problem !== undefined) print(JSON.stringify(error.problem, null, 2));
      if (error.message !== '') tell(error.message);
      return error.code;
    }
    if (error instanceof Fault) {
      tell(`${error.message} (${error.code})`);
      return EXIT.fault;
    }
    tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return EXIT.fault;
  }
}

// A reader that went away (`mizan export csv | head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});
const code = await main();
// Idle connections of fetch would keep the process for some seconds; what was written must still get out.
process.stdout.write('', () => process.exit(code));
