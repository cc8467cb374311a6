/** Settings that hold a password (an address of a database or mail server) may stand in a file instead of the environment. */

import { Fault, no, type Verdict, yes } from '../../base/index.ts';
import { readSecretFile } from './secret-file.ts';

interface SettingProblem {
  readonly variable: string;
  readonly message: string;
}

/**
 * The environment with each of `variables` filled in from the file that `<VARIABLE>_FILE` names, under the same rules as any secret file.
 * Tells every problem at once: both are set, the file is missing, empty, unreadable or open to others.
 */
export function settingsFromFiles(environment: Readonly<Record<string, string | undefined>>, variables: readonly string[]): Verdict<Readonly<Record<string, string | undefined>>, readonly SettingProblem[]> {
  const filled: Record<string, string | undefined> = { ...environment };
  const problems: SettingProblem[] = [];
  for (const variable of variables) {
    const path = environment[`${variable}_FILE`];
    if (path === undefined || path === '') continue;
    const tell = (message: string): void => void problems.push({ variable: `${variable}_FILE`, message });
    if (environment[variable] !== undefined && environment[variable] !== '') {
      tell(`${variable} and ${variable}_FILE are both set. Leave one out.`);
      continue;
    }
    try {
      const value = readSecretFile(path, variable);
      if (value === undefined || value === '') tell(`${variable}_FILE names ${path}, and there is ${value === undefined ? 'no such file' : 'nothing in it'}. Put the value of ${variable} there.`);
      else filled[variable] = value;
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      tell(error.message);
    }
  }
  return problems.length > 0 ? no(problems) : yes(filled);
}
