/** How commands end: five codes, and what is said on the way out. */

import type { Json } from '../base/index.ts';

export const EXIT = {
  /** The command did what was asked. */
  ok: 0,
  /** The rules said no, or problems were found. */
  refused: 1,
  /** Wrong usage, a file that cannot be read, or a wrong setting. */
  usage: 2,
  /** Something outside the rules failed: disk, database, network. */
  fault: 3,
  /** The embedded database had to stop and cannot go on in this process: start it again. */
  restart: 4,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a code and words; `problem` is what `--json` prints instead of them. */
export class Exit extends Error {
  readonly code: ExitCode;
  readonly problem: Json | undefined;
  constructor(code: ExitCode, message: string, problem?: Json) {
    super(message);
    this.name = 'Exit';
    this.code = code;
    this.problem = problem;
  }
}
