/** Opens the crosswalks of the installation at start; a folder that cannot be read whole stops it. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Fault } from '../../../base/index.ts';
import { isReviewed, readCrosswalk, SET_ENDING, stepsFrom } from '../../../law/crosswalk/index.ts';
import type { PackFile } from '../../../law/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { Crosswalks } from '../model.ts';

const FILES_MAX = 300;
const PROBLEMS_TOLD_MAX = 5;

export const crosswalkFolder = (): string => join(installationRoot, 'packs', 'crosswalks');

/** Framework files, themes and mapping sets below `folder`, by path with `/`. An absent folder is an installation without crosswalks. */
export function readCrosswalkFolder(folder: string): readonly PackFile[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name.endsWith('.yaml') || entry.name.endsWith(SET_ENDING)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (paths.length > FILES_MAX) throw new Fault('crosswalk-broken', `${folder} holds ${paths.length} files; at most ${FILES_MAX} are read.`);
  return paths.map((path) => ({ path: path.slice(folder.length + 1).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
}

/** Throws Fault `crosswalk-broken` that names file, line and fix. */
export function openCrosswalk(folder: string = crosswalkFolder()): Crosswalks {
  const given = readCrosswalkFolder(folder);
  const read = readCrosswalk(given);
  if (!read.ok) {
    const told = read.refusal.slice(0, PROBLEMS_TOLD_MAX).map((problem) => `${problem.file}:${problem.line} ${problem.code}: ${problem.message}. ${problem.fix}`);
    throw new Fault('crosswalk-broken', `The crosswalks in ${folder} cannot be read.\n${told.join('\n')}`);
  }
  const crosswalk = read.value;
  const items = new Map(crosswalk.frameworks.flatMap((framework) => framework.items.map((item) => [item.id, { framework, item }] as const)));
  const steps = stepsFrom(crosswalk.sets);
  const rows = crosswalk.sets.flatMap((set) => set.rows);
  const textOf = new Map(given.map((file) => [file.path, file.text]));
  return {
    crosswalk,
    files: crosswalk.sets.map((set) => {
      const text = textOf.get(set.file) ?? '';
      return { set, text, sha256: createHash('sha256').update(text).digest('hex') };
    }),
    framework: (id) => crosswalk.frameworks.find((one) => one.id === id),
    item: (id) => items.get(id),
    relations: (id) => steps.get(id) ?? [],
    rowCount: rows.length,
    reviewedCount: rows.filter(isReviewed).length,
  };
}
