/** What the doctor's looks share: a finding, and the surroundings that it is found in. */

import { availableParallelism, totalmem } from 'node:os';
import { type Config, readConfig } from '../../platform/config/index.ts';
import { installationRoot } from '../../platform/files/root.ts';

export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly subject: string;
  readonly found: string;
  /** What to do; only when something should be done. */
  readonly fix?: string;
}

/** Everything outside the program that a look may ask about; a test breaks one of them. */
export interface Surroundings {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the installation. */
  readonly root: string;
  /** `v26.1.0`. */
  readonly nodeVersion: string;
  /** What this process may use; the machine's memory where nothing limits it. */
  readonly memoryBytes: number;
  readonly processors: number;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Look {
  readonly subject: string;
  examine(around: Surroundings): Promise<Finding | readonly Finding[]> | Finding | readonly Finding[];
}

export const ok = (subject: string, found: string): Finding => ({ state: 'ok', subject, found });
export const warn = (subject: string, found: string, fix: string): Finding => ({ state: 'warn', subject, found, fix });
export const fail = (subject: string, found: string, fix: string): Finding => ({ state: 'fail', subject, found, fix });

export function surroundings(config: Config): Surroundings {
  const limit = process.constrainedMemory();
  return {
    config,
    environment: process.env,
    root: installationRoot,
    nodeVersion: process.version,
    memoryBytes: limit > 0 ? Math.min(limit, totalmem()) : totalmem(),
    processors: availableParallelism(),
    now: Date.now(),
  };
}

/** A look that breaks is a finding too; one does not hide the others. */
export async function examine(look: Look, around: Surroundings): Promise<readonly Finding[]> {
  try {
    return [await look.examine(around)].flat();
  } catch (error) {
    return [fail(look.subject, error instanceof Error ? error.message : 'unknown', 'See the message; run `mizan doctor` again afterwards.')];
  }
}

/** Wrong settings hide everything else: each is told, and nothing more is looked at until they are right. */
export function settingsFindings(environment: Readonly<Record<string, string | undefined>>): { readonly findings: readonly Finding[]; readonly config: Config | undefined } {
  const read = readConfig(environment);
  if (read.ok) return { findings: [ok('settings', 'all can be read')], config: read.value };
  return { findings: read.refusal.map(({ variable, message }) => fail('settings', `${variable} is wrong`, message)), config: undefined };
}
