/** Runs a command line to its end: how usage, refusals and faults are told, and with which code the process ends. */

import { type Command, CommanderError } from 'commander';
import { Fault } from '../base/index.ts';
import { Exit, EXIT, type ExitCode } from './exit.ts';
import { print, tell } from './terminal.ts';

/** A sub-command does not inherit how errors end. */
function override(command: Command): void {
  command.exitOverride();
  command.commands.forEach(override);
}

async function codeOf(program: Command, argv: readonly string[]): Promise<ExitCode> {
  try {
    await program.parseAsync([...argv]);
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

/** `alone` is the command that is meant when none is given. Never returns: the process ends. */
export async function runProgram(make: () => Command, alone?: string): Promise<void> {
  // A reader that went away (`mizan export csv | head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  const argv = process.argv.length === 2 && alone !== undefined ? [...process.argv, alone] : process.argv;
  const program = make();
  override(program);
  const code = await codeOf(program, argv);
  // Idle connections of fetch would keep the process for some seconds; what was written must still get out.
  process.stdout.write('', () => process.exit(code));
}
