/** The settings of a command, from the environment; every wrong one is told at once. */

import { readConfig, type Config } from '../../platform/config/index.ts';
import { Exit, EXIT } from '../exit.ts';

export function settings(): Config {
  const config = readConfig(process.env);
  if (config.ok) return config.value;
  throw new Exit(EXIT.usage, config.refusal.map((problem) => problem.message).join('\n'));
}
