/** The council that would be founded on this platform, from a pack: numbers that hold, and the words that go with them. Refused at the start otherwise. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Fault } from '../../../base/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import { isName } from '../../../proof/council/lines.ts';
import { type CouncilPack, judgeConstitution, type PackProblem, readCouncilPack } from '../rules/council-pack.ts';
import { problemText } from '../rules/problem-text.ts';

const FILE_CHARS_MAX = 65_536;
const CONSTITUTION_FILE = 'constitution.txt';
const MANIFEST_FILE = 'council.yaml';

const defaultCouncilFolder = (): string => join(installationRoot, 'packs', 'council', 'council-of-33');

/**
 * `place` is a folder with both files, or one file with the numbers only, which takes the words of the council of 33 as far as they fit.
 * Fault `council-constitution-not-read` names the file, the line, the number that does not hold, and why.
 */
export function loadCouncilPack(origin: string, place: string | undefined): CouncilPack {
  const named = isName(origin) ? origin : 'council';
  if (place === undefined || isFolder(place)) return readFolder(place ?? defaultCouncilFolder(), named);
  const { manifest } = readFolder(defaultCouncilFolder(), named);
  const judged = judgeConstitution(readText(place));
  if (!judged.ok) throw broken(place, judged.refusal);
  return { constitution: judged.value.constitution, manifest };
}

const isFolder = (path: string): boolean => existsSync(path) && statSync(path).isDirectory();

function readFolder(folder: string, council: string): CouncilPack {
  const manifestFile = join(folder, MANIFEST_FILE);
  let manifest: unknown;
  try {
    manifest = parse(readText(manifestFile), { maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw broken(manifestFile, { code: 'manifest-form', detail: error instanceof Error ? error.message.slice(0, 200) : '' });
  }
  const read = readCouncilPack(readText(join(folder, CONSTITUTION_FILE)), manifest, council);
  if (!read.ok) throw broken(read.refusal.code.startsWith('manifest-') ? manifestFile : join(folder, CONSTITUTION_FILE), read.refusal);
  return read.value;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').slice(0, FILE_CHARS_MAX);
  } catch (error) {
    throw new Fault('council-constitution-not-read', `The council's pack (COUNCIL_CONSTITUTION) names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { file }, { cause: error });
  }
}

function broken(file: string, problem: PackProblem): Fault {
  return new Fault('council-constitution-not-read', `${file} (COUNCIL_CONSTITUTION) is no constitution whose numbers hold: ${problem.code}${problem.line === undefined ? '' : `, line ${problem.line}`}. ${problemText(problem, 'en')}`, { file });
}
