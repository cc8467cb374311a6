/** `mizan setup-link` and `mizan identity reset-link`: links for whoever stands at the machine, when there is nobody yet or letters do not arrive. */

import type { Command } from 'commander';
import type { Config } from '../../platform/config/index.ts';
import { type Client, connect } from '../client.ts';
import { print } from '../terminal.ts';
import { settings } from './settings.ts';

export function addIdentity(program: Command): void {
  program
    .command('setup-link')
    .description('print a fresh one-time address of the first set-up; refused as soon as a person exists')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => printLink('/api/v1/identity/setup-link', {}, options.json === true));
  const identity = program.command('identity').description('people who sign in');
  identity
    .command('reset-link <e-mail>')
    .description('print a one-time address at which the person sets a new password; for when letters cannot be sent')
    .option('--without-second-factor', 'following it also removes the code generator and the passkeys, for somebody who lost them')
    .option('--json', 'print JSON')
    .action(async (email: string, options: { readonly json?: boolean; readonly withoutSecondFactor?: boolean }) => printLink('/api/v1/identity/reset-link', { email, withoutFactors: options.withoutSecondFactor === true }, options.json === true));
}

async function printLink(path: string, body: Readonly<Record<string, string | boolean>>, asJson: boolean): Promise<void> {
  const config = settings();
  const client = await connect(config);
  try {
    const { url } = await client.request<{ url: string }>('POST', path, body);
    const shown = lasting(url, client, config);
    print(asJson ? JSON.stringify({ url: shown }) : shown);
  } finally {
    await client.close();
  }
}

/** A server that this command brought along ends with it: the link must name the one that will be started. */
function lasting(url: string, client: Client, config: Config): string {
  if (!client.own || config.publicUrl !== undefined) return url;
  const link = new URL(url);
  link.host = `127.0.0.1:${config.port}`;
  return link.toString();
}
