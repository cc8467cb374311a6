/** `mizan sbom`: the bill of materials of what the program runs with, from the lock file and the packages that lie here. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { installationRoot } from '../../platform/files/root.ts';
import { packageClosure } from '../bundle/closure.ts';
import { billOfMaterials, partsOf, purlOf } from '../bundle/parts.ts';
import { print, tell } from '../terminal.ts';

export function addSbom(program: Command): void {
  program
    .command('sbom')
    .description('write the bill of materials (CycloneDX 1.6) of the packages the program runs with')
    .option('-o, --out <file>', 'write to this file instead of the output')
    .action((options: { readonly out?: string }) => {
      const bill = sbomOf(installationRoot);
      if (options.out === undefined) print(bill.trimEnd());
      else {
        writeFileSync(options.out, bill);
        tell(`Written: ${options.out}`);
      }
    });
}

/** The same bytes for the same packages; of this machine's system and processor. Fault `bundle-package-missing` names what is not installed. */
export function sbomOf(root: string): string {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; license: string };
  const { packages, roots } = packageClosure(root, { os: process.platform, cpu: process.arch, libc: process.platform === 'linux' ? 'glibc' : undefined });
  const placed = new Map(packages.map((one) => [one.place, purlOf(one.name, one.version)]));
  return billOfMaterials({ ...manifest, uses: roots.map((place) => placed.get(place) ?? '') }, partsOf(root, packages));
}
