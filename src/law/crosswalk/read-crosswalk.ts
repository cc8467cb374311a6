/** Reads a whole folder of crosswalks: frameworks, themes, and every mapping set. */

import { no, type Verdict, yes } from '../../base/index.ts';
import type { PackFile } from '../model.ts';
import { type Crosswalk, type CrosswalkProblem, type MappingSet, SETS_MAX } from './model.ts';
import { readFrameworks } from './read-frameworks.ts';
import { readSssom } from './read-sssom.ts';

export const THEMES_FILE = 'themes.yaml';
export const FRAMEWORKS_FOLDER = 'frameworks/';
export const SET_ENDING = '.sssom.tsv';

/** All or nothing: a set that cannot be read would silently leave items uncovered. */
export function readCrosswalk(files: readonly PackFile[]): Verdict<Crosswalk, readonly CrosswalkProblem[]> {
  const { frameworks, themes, problems: first } = readFrameworks(files.filter((file) => file.path.startsWith(FRAMEWORKS_FOLDER)), files.find((file) => file.path === THEMES_FILE));
  const problems: CrosswalkProblem[] = [...first];
  const sets: MappingSet[] = [];
  const sheets = files.filter((file) => file.path.endsWith(SET_ENDING));
  if (sheets.length > SETS_MAX) problems.push(problem('too-many', sheets[SETS_MAX]?.path ?? '', `there are ${sheets.length} mapping sets, at most ${SETS_MAX} are read`, 'Join some of them.'));
  for (const file of sheets.slice(0, SETS_MAX)) {
    const { set, problems: found } = readSssom(file.path, file.text, frameworks);
    problems.push(...found);
    if (set === undefined) continue;
    const twin = sets.find((one) => one.id === set.id);
    if (twin === undefined) sets.push(set);
    else problems.push(problem('duplicate-set', file.path, `${twin.file} has the same mapping_set_id`, 'Give each set an id of its own.'));
  }
  return problems.length > 0 ? no(problems) : yes({ frameworks, themes, sets });
}

function problem(code: string, file: string, message: string, fix: string): CrosswalkProblem {
  return { severity: 'error', code, file, line: 1, message, fix };
}
