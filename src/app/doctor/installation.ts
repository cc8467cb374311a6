/** Looks at the installation: is it built from its sources, do law packs, theme and fonts load. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readPack } from '../../law/index.ts';
import { fontFiles, renderDocument } from '../../platform/documents/index.ts';
import { loadTheme } from '../../platform/html/index.ts';
import { readFolder } from '../commands/pack.ts';
import { fail, type Look, ok, warn } from './model.ts';

export const build: Look = {
  subject: 'build',
  examine: ({ root }) => {
    const stamp = join(root, 'dist', '.built');
    if (!existsSync(stamp)) return warn('build', 'dist/ is not built', 'Run: npm run build (npm start does it by itself).');
    const lock = join(root, 'node_modules', '.mizan-lock');
    if (existsSync(lock) && existsSync(join(root, 'package-lock.json')) && readFileSync(lock, 'utf8') !== createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')) {
      return warn('build', 'the packages are not those of package-lock.json', 'Run: npm ci, or unpack the offline bundle of this version again.');
    }
    const built = statSync(stamp).mtimeMs;
    const newer = existsSync(join(root, 'src')) ? newerThan(join(root, 'src'), built) : undefined;
    if (newer !== undefined) return warn('build', `${newer} is newer than dist/`, 'Run: npm run build. Until then the earlier version runs.');
    return ok('build', `of ${new Date(built).toISOString()}`);
  },
};

function newerThan(folder: string, at: number): string | undefined {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const found = newerThan(path, at);
      if (found !== undefined) return found;
    } else if (!/\.test\.tsx?$/.test(entry.name) && statSync(path).mtimeMs > at) return path;
  }
  return undefined;
}

export const packs: Look = {
  subject: 'law packs',
  examine: ({ root }) => {
    const folder = join(root, 'packs/law');
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'pack.yaml'))) : [];
    if (names.length === 0) return fail('law packs', `no pack under ${folder}`, 'Restore the folder packs/law of the installation.');
    const files = new Map(names.map((name) => [name, readFolder(join(folder, name))]));
    // Whether they load; the proofs and worked cases of `mizan pack check` take seconds a pack.
    const read = names.map((name) => ({ name, ...readPack(files.get(name)!, { packs: (id) => files.get(id) }) }));
    const broken = read.filter(({ pack, problems }) => pack === undefined || problems.some((problem) => problem.severity === 'error'));
    if (broken.length > 0) return fail('law packs', `with errors: ${broken.map((one) => one.name).join(', ')}`, `mizan pack check packs/law/${broken[0]?.name ?? ''} names them.`);
    return ok('law packs', read.map(({ pack }) => `${pack?.ref.id ?? ''} ${pack?.ref.version ?? ''}`).join(', '));
  },
};

export const theme: Look = {
  subject: 'theme',
  examine: ({ config }) => {
    try {
      return ok('theme', `${loadTheme(config.theme).name.en} (${config.theme})`);
    } catch (error) {
      return fail('theme', error instanceof Error ? error.message : 'unknown', `Check it: mizan theme check ${config.theme}. Without one of your own set THEME=neutral.`);
    }
  },
};

export const securityContact: Look = {
  subject: 'security contact',
  examine: ({ config }) => {
    const contact = config.securityContact ?? loadTheme(config.theme).contact?.email;
    if (contact !== undefined) return ok('security contact', `${contact} in /.well-known/security.txt`);
    return warn('security contact', 'nobody is named to whom a weakness can be reported', 'Set SECURITY_CONTACT, for example SECURITY_CONTACT=mailto:security@register.example, or `contact.email` in the theme.');
  },
};

/** `files`: the fonts that documents need. */
export function fontsFinding(files: readonly string[]): ReturnType<typeof ok> {
  const missing = files.filter((path) => !existsSync(path));
  return missing.length > 0 ? fail('fonts', `missing: ${missing.join(', ')}`, 'Run npm ci, or unpack the offline bundle again.') : ok('fonts', `${files.length} files of Noto Sans`);
}

export const fonts: Look = { subject: 'fonts', examine: () => fontsFinding(fontFiles()) };

export const documents: Look = {
  subject: 'documents',
  examine: async () => {
    const pdf = await renderDocument({ language: 'az', title: 'ə ğ ı ö ş ç ü', issuer: 'Mizan', date: '' }, [{ kind: 'paragraph', text: 'Проверка' }]);
    return ok('documents', `a PDF was made (${pdf.length} bytes); no browser is needed`);
  },
};
