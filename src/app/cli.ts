/** The command line `mizan`: the frame of all commands, their exit codes, and how a failure is told. */

import { Command } from 'commander';
import { softwareVersion } from '../platform/files/version.ts';
import { addBackup } from './commands/backup.ts';
import { addBundle } from './commands/bundle.ts';
import { addClassify } from './commands/classify.ts';
import { addCompletion } from './commands/completion.ts';
import { addCouncil } from './commands/council.ts';
import { addCrosswalk } from './commands/crosswalk.ts';
import { addDuties } from './commands/duties.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExport } from './commands/export.ts';
import { addIdentity } from './commands/identity.ts';
import { addImport } from './commands/import.ts';
import { addLaw } from './commands/law.ts';
import { addLog } from './commands/log.ts';
import { addMigrate } from './commands/migrate.ts';
import { addPack } from './commands/pack.ts';
import { addSample } from './commands/sample.ts';
import { addSbom } from './commands/sbom.ts';
import { addSeat } from './commands/seat.ts';
import { addStart } from './commands/start.ts';
import { addTheme } from './commands/theme.ts';
import { addVerify } from './commands/verify.ts';
import { runProgram } from './run-program.ts';

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
  THEME_HOSTS   another theme for a host name: register.example=my-country,ai.example=neutral
  UPLOAD_MAX_MB largest upload in megabytes (256)

Commands that need the register go through the running server of the data folder, or open it themselves when none runs.`;

function program(): Command {
  const mizan = new Command('mizan')
    .description('The software with which a country governs artificial intelligence: register, dated law, proof.')
    .version(softwareVersion)
    .showSuggestionAfterError()
    .showHelpAfterError('(mizan --help tells more)')
    .addHelpText('after', AFTER_HELP)
    .exitOverride();
  for (const add of [addStart, addIdentity, addImport, addClassify, addDuties, addLaw, addLog, addPack, addCrosswalk, addExport, addVerify, addCouncil, addSeat, addSample, addTheme, addBackup, addMigrate, addBundle, addSbom, addDoctor, addCompletion]) add(mizan);
  return mizan;
}

await runProgram(program, 'start');
