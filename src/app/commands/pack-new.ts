/** `mizan pack new FOLDER`: begins a law pack with a small complete example. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '../../base/index.ts';
import { readPack } from '../../law/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { basesOf } from './pack-files.ts';
import { templateFiles } from './pack-template.ts';

const ID = /^[a-z0-9][a-z0-9-]{0,79}$/;
const JURISDICTION = /^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/;

export function addPackNew(pack: Command): void {
  pack
    .command('new')
    .description('begin a law pack: writes a small complete example that passes its check')
    .argument('<folder>', 'a new or an empty folder; its name becomes the id')
    .option('--extends <id>', 'begin a national overlay of this pack, for example eu-ai-act')
    .option('--id <id>', 'id of the pack; the name of the folder when left out')
    .option('--jurisdiction <code>', 'country code as in ISO 3166, for example AZ', 'XX')
    .action((folder: string, options: { readonly extends?: string; readonly id?: string; readonly jurisdiction: string }) => {
      const id = options.id ?? basename(resolve(folder));
      if (!ID.test(id)) throw new Exit(EXIT.usage, `“${id}” cannot be the id of a pack: lower-case letters, digits and hyphens. Give one with --id.`);
      if (!JURISDICTION.test(options.jurisdiction)) throw new Exit(EXIT.usage, `“${options.jurisdiction}” is no country code: two capital letters, for example AZ.`);
      if (existsSync(folder) && readdirSync(folder).length > 0) throw new Exit(EXIT.usage, `${folder} is not empty. Name a new folder: nothing is overwritten.`);
      const bases = basesOf(folder);
      if (options.extends !== undefined && bases(options.extends) === undefined) throw new Exit(EXIT.usage, `There is no pack ${options.extends} beside ${folder} or in packs/law of the installation.`);
      const files = templateFiles({ id, jurisdiction: options.jurisdiction, ...(options.extends === undefined ? {} : { extends: options.extends }) });
      const { pack: read, problems } = readPack(files, { packs: bases });
      // The base may have taken a name since: then its author hears it here, not the author of the overlay later.
      if (read === undefined || problems.length > 0) throw new Exit(EXIT.refused, `The example does not fit ${options.extends ?? 'itself'}: ${problems.map((problem) => problem.message).join('; ')}`);
      try {
        mkdirSync(folder, { recursive: true });
        for (const { path, text } of files) writeFileSync(join(folder, path), text, { flag: 'wx' });
      } catch (error) {
        throw new Fault('pack-not-written', `${folder} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {}, { cause: error });
      }
      print(`${id} begins in ${folder}:`);
      for (const { path } of files) print(`  ${join(folder, path)}`);
      print(`\nNext: replace the example by your law, then\n  mizan pack check ${folder}\n  mizan pack test ${folder}`);
    });
}
