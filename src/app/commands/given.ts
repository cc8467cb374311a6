/** What commands that put a question to the law are given: a file of facts, the two dates, the pack. */

import { readFileSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { parse } from 'yaml';
import type { Json } from '../../base/index.ts';
import { Exit, EXIT } from '../exit.ts';

const FACTS_BYTES_MAX = 1024 * 1024;

export interface Given {
  readonly facts: { readonly [key: string]: Json };
  readonly record?: Json;
}

export interface Dated {
  readonly asOf?: string;
  readonly knownOn?: string;
  readonly pack?: string;
}

export function dated(command: Command): Command {
  return command
    .option('--as-of <date>', 'the day the law is applied to, YYYY-MM-DD (today)')
    .option('--known-on <date>', 'the law as it was known on this day, YYYY-MM-DD (today)')
    .option('--pack <id>', 'law pack (the main law in force)')
    .option('--json', 'print JSON');
}

export function datesIn({ asOf, knownOn, pack }: Dated): { readonly [key: string]: string } {
  return { ...(asOf === undefined ? {} : { asOf }), ...(knownOn === undefined ? {} : { knownOn }), ...(pack === undefined ? {} : { pack }) };
}

/** Facts at the top of the file, under `facts`, or beside a record: `{ record: {…}, facts: {…} }`. A record alone holds no facts: all is open, with candidates. */
export function readGiven(file: string): Given {
  let text: string;
  try {
    if (file !== '-' && statSync(file).size > FACTS_BYTES_MAX) throw new Exit(EXIT.usage, `${file} is larger than ${FACTS_BYTES_MAX} bytes; facts are a short list.`);
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.usage, `${file} cannot be read. Check the name and the rights.`);
  }
  let value: unknown;
  try {
    // YAML 1.2 contains JSON; aliases could grow a short text without end.
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new Exit(EXIT.usage, `${file} is neither YAML nor JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Exit(EXIT.usage, `${file} should hold fact ids with their answers, for example “S.infers: true”.`);
  const map = value as { readonly [key: string]: Json };
  const inner = map['facts'] ?? ('record' in map ? {} : map);
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) throw new Exit(EXIT.usage, `${file}: “facts” should be a map from fact ids to answers.`);
  const facts = inner as { readonly [key: string]: Json };
  return map['record'] === undefined ? { facts } : { facts, record: map['record'] };
}
