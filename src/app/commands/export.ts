/** `mizan export FORMAT`: writes the register to a file or to the output. */

import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { Fault } from '../../base/index.ts';
import { connect } from '../client.ts';
import { tell } from '../terminal.ts';
import { settings } from './settings.ts';

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write the register as csv, json, xlsx, dcat-ap, annex-viii or atrs')
    .argument('<format>', 'the format')
    .option('-o, --output <file>', 'write to this file (the output when left out)')
    .option('-q, --query <words>', 'only what a search for these words finds')
    .action(async (format: string, options: { readonly output?: string; readonly query?: string }) => {
      const client = await connect(settings());
      try {
        const query = options.query === undefined ? '' : `?q=${encodeURIComponent(options.query)}`;
        const body = Readable.from(await client.download(`/api/v1/exports/${encodeURIComponent(format)}${query}`));
        if (options.output === undefined) await pipeline(body, process.stdout, { end: false });
        else await save(body, options.output);
      } finally {
        await client.close();
      }
    });
}

/** Written beside and renamed, so that a half-written export never has the final name. */
async function save(body: Readable, path: string): Promise<void> {
  const partial = `${path}.part`;
  try {
    await pipeline(body, createWriteStream(partial, { flush: true }));
    renameSync(partial, path);
  } catch (error) {
    rmSync(partial, { force: true });
    throw new Fault('export-not-written', `${path} could not be written (${error instanceof Error ? error.message : 'unknown'}).`, {}, { cause: error });
  }
  tell(`Written: ${path}`);
}
