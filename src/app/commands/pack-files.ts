/** Packs as commands find them: a folder with the packs it extends, an archive, or a version the register keeps. */

import { type Dirent, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isLanguage, type Language } from '../../base/index.ts';
import { MANIFEST_FILE, type Pack, type PackFile, type PackProblem, readPack, textOfBytes } from '../../law/index.ts';
import { installationRoot } from '../../platform/files/root.ts';
import { languageOf } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';

const PACK_FILES_MAX = 500;
const PACK_FILE_BYTES_MAX = 4 * 1024 * 1024;
const ARCHIVE_BYTES_MAX = 16 * 1024 * 1024;

export interface FoundPack {
  readonly files: readonly PackFile[];
  /** `pack.json`, as it is. */
  readonly manifest?: string;
  /** Files of the packs it may extend, by id. */
  readonly bases: (id: string) => readonly PackFile[] | undefined;
}

/** The YAML files under `root`, in the order of their names; nothing outside of it, so links are not followed. */
export function readFolder(root: string): readonly PackFile[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(root, { recursive: true, withFileTypes: true });
  } catch {
    throw new Exit(EXIT.usage, `${root} is not a folder that can be read.`);
  }
  const paths = entries.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name)).sort();
  if (paths.length === 0) throw new Exit(EXIT.usage, `${root} holds no YAML file. A pack has at least pack.yaml; docs/spec/law-pack.md describes it.`);
  if (paths.length > PACK_FILES_MAX) throw new Exit(EXIT.usage, `${root} holds ${paths.length} files; a pack has at most ${PACK_FILES_MAX}.`);
  return paths.map((path) => {
    if (statSync(path).size > PACK_FILE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is larger than ${PACK_FILE_BYTES_MAX} bytes.`);
    return { path: relative(root, path).split(sep).join('/'), text: readText(path) };
  });
}

/** Exact text: what is not UTF-8 would be repaired quietly and then be another text than the one signed. */
function readText(path: string): string {
  const text = textOfBytes(readFileSync(path));
  if (text === undefined) throw new Exit(EXIT.usage, `${path} is not UTF-8. Save it as UTF-8.`);
  return text;
}

/** A pack is extended from the folder beside it, else from those of the installation. */
export function basesOf(folder: string): FoundPack['bases'] {
  return (id) => {
    if (!/^[a-z0-9][a-z0-9-]*$/.test(id)) return undefined;
    const found = [join(dirname(resolve(folder)), id), join(installationRoot, 'packs', 'law', id)].find((path) => resolve(path) !== resolve(folder) && existsSync(join(path, 'pack.yaml')));
    return found === undefined ? undefined : readFolder(found);
  };
}

/** A folder, or an archive as the register takes and gives it. */
export async function findPack(path: string): Promise<FoundPack> {
  if (!isFile(path)) {
    const manifest = join(path, MANIFEST_FILE);
    const files = readFolder(path);
    return { files, bases: basesOf(path), ...(isFile(manifest) ? { manifest: readText(manifest) } : {}) };
  }
  if (statSync(path).size > ARCHIVE_BYTES_MAX) throw new Exit(EXIT.usage, `${path} is larger than ${ARCHIVE_BYTES_MAX} bytes.`);
  const { bundleRefusalText, readBundle } = await loadDesk();
  const bundle = await readBundle(readFileSync(path));
  if (!bundle.ok) throw new Exit(EXIT.usage, `${path}: ${bundleRefusalText(bundle.refusal, terminalLanguage())}`);
  return { ...bundle.value, bases: basesOf(path) };
}

/** Loaded only when it is needed: most commands start faster without a feature and the platform under it. */
export const loadDesk = async (): Promise<typeof import('../../features/lawdesk/index.ts')> => import('../../features/lawdesk/index.ts');

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

export function terminalLanguage(): Language {
  const language = languageOf(process.env);
  return isLanguage(language) ? language : 'en';
}

/** Loads it, or ends the command with its problems. */
export function loadedOrExit(found: FoundPack, name: string): Pack {
  const { pack, problems } = readPack(found.files, { packs: found.bases });
  if (pack !== undefined && problems.length === 0) return pack;
  throw new Exit(EXIT.refused, [...problems.map((problem) => problemLine(name, problem)), `${name} cannot be read as a law pack.`].join('\n'), { code: 'pack-not-readable', problems: problems.map((problem) => ({ ...problem })) });
}

export function problemLine(folder: string, problem: PackProblem): string {
  return `${folder}/${problem.file}:${problem.line} ${problem.severity} ${problem.code}: ${problem.message}\n    → ${problem.fix}`;
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
