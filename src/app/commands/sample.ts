/** `mizan sample load|remove`: about sixty example systems, each labelled as sample. */

import type { Command } from 'commander';
import { connect, languageOf } from '../client.ts';
import { print } from '../terminal.ts';
import { settings } from './settings.ts';

export function addSample(program: Command): void {
  const sample = program.command('sample').description('load or remove the sample systems; each is labelled as sample');
  for (const [name, method, words] of [['load', 'POST', 'loaded'], ['remove', 'DELETE', 'removed']] as const) {
    sample
      .command(name)
      .description(`${name} the sample systems`)
      .option('--json', 'print JSON')
      .action(async (options: { readonly json?: boolean }) => {
        const client = await connect(settings());
        try {
          const answer = await client.request<{ samples: number }>(method, '/api/v1/samples', method === 'POST' ? { language: languageOf(process.env) } : undefined);
          print(options.json === true ? JSON.stringify(answer) : `${answer.samples} sample systems ${words}.`);
        } finally {
          await client.close();
        }
      });
  }
}
