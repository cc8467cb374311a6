/** Reads the questionnaires of the installation (packs/questionnaires), each folder one. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../../base/index.ts';
import type { PackFile } from '../../../law/index.ts';
import { type LoadedQuestionnaire, loadQuestionnaire } from '../../../law/questionnaire/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';

const QUESTIONNAIRES_MAX = 64;
const FILES_READ_MAX = 200;
const PROBLEMS_TOLD_MAX = 5;

/** Throws Fault `questionnaire-broken` with file, line and fix: half a questionnaire would score wrongly. */
export function loadInstalledQuestionnaires(folder = join(installationRoot, 'packs', 'questionnaires')): readonly LoadedQuestionnaire[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'questionnaire.yaml')));
  return names.slice(0, QUESTIONNAIRES_MAX).map(({ name }) => {
    const loaded = loadQuestionnaire(filesOf(join(folder, name)));
    if (!loaded.ok) {
      const told = loaded.refusal.slice(0, PROBLEMS_TOLD_MAX).map((problem) => `${name}/${problem.file}:${problem.line} ${problem.message} ${problem.fix}`);
      throw new Fault('questionnaire-broken', `The questionnaire ${name} cannot be read. ${told.join(' ')}`, { questionnaire: name });
    }
    return loaded.value;
  });
}

/** YAML and JSON files of a folder and the folders in it; the questionnaire itself says which of them it uses. */
function filesOf(folder: string): readonly PackFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(?:yaml|json)$/.test(path));
  return paths
    .sort()
    .slice(0, FILES_READ_MAX)
    .map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
}
