/** Where the installation lies on disk: packs, themes, fonts and migrations are read from there. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '../../base/index.ts';

/** The folder that holds package.json, found upwards from this file, so that it is the same from sources and from the bundle. */
export const installationRoot: string = findRoot(import.meta.dirname);

function findRoot(start: string): string {
  let folder = start;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Fault('installation-not-found', `no package.json above ${start}`);
    folder = parent;
  }
  return folder;
}
