/** The program of a seat alone: the same commands as `mizan seat`, without the platform around them, so that an agent stays small. */

import { Command } from 'commander';
import { softwareVersion } from '../../platform/files/version.ts';
import { addSeat } from '../commands/seat.ts';
import { runProgram } from '../run-program.ts';

function program(): Command {
  const mizan = new Command('mizan').version(softwareVersion).showSuggestionAfterError().exitOverride();
  addSeat(mizan);
  return mizan;
}

await runProgram(program);
