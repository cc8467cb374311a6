/** Everything that a machine without network needs to run Mizan: the built program, packages, the pinned Node, packs, themes, fonts, guides. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../base/index.ts';
import { NODE_PACKAGES, packageClosure, type Platform } from './closure.ts';
import { billOfMaterials, type Part, partsOf, purlOf, thirdPartyNotices, UNSTATED } from './parts.ts';

export interface BundleFile {
  readonly path: string;
  readonly mode: number;
  read(): Buffer;
}

export interface Contents {
  /** `mizan-1.2.3-linux-x64`. */
  readonly name: string;
  readonly files: readonly BundleFile[];
  readonly parts: number;
  /** Packages that do not say their licence. */
  readonly unstated: readonly string[];
}

const FILES_MAX = 100_000;
const PLAIN = 0o644;
const PROGRAM = 0o755;
/** Maps and declarations serve people who write programs. */
const NOT_TO_RUN = /\.(?:map|d\.[cm]?ts)$/;
/** What the build names by its content; the others are where a process begins. */
const CHUNK = /-[\w-]{8}\.js$/;
/** Folders of a checkout that travel as they are. */
const WHOLE = ['packs', 'themes', 'docs'] as const;
const LETTERS = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'] as const;
/** Part of every Debian; whatever else the pinned Node links to comes along. */
const EVERYWHERE = /^(?:linux-vdso|ld-linux|libc\.|libm\.|libdl\.|librt\.|libpthread\.|libstdc\+\+\.|libgcc_s\.)/;

/** Fault `bundle-not-possible` where this is not a checkout with its packages and a fresh build. */
export function contentsOf(root: string, platform: Platform): Contents {
  for (const needed of ['package-lock.json', 'dist/cli.js', 'deploy/install.sh']) {
    if (!existsSync(join(root, needed))) throw new Fault('bundle-not-possible', `${join(root, needed)} is missing. A bundle is made from a checkout of the sources, by “npx mizan bundle” there.`, { needed });
  }
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string; license: string; description: string };
  const { packages, roots } = packageClosure(root, platform);
  const node = packages.find(({ name }) => NODE_PACKAGES.has(name));
  if (node === undefined) throw new Fault('bundle-not-possible', `There is no pinned Node for ${platform.os}-${platform.cpu} in node_modules.`);
  const files: BundleFile[] = [];
  const add = (path: string, from: string, mode = PLAIN): void => void files.push({ path, mode, read: () => readFileSync(join(root, from)) });
  const made = (path: string, text: string | Buffer, mode = PLAIN): void => void files.push({ path, mode, read: () => Buffer.from(text) });

  for (const { place, name } of packages) {
    if (NODE_PACKAGES.has(name)) continue;
    for (const path of filesOf(root, place, (folder) => folder !== 'node_modules')) if (!NOT_TO_RUN.test(path)) add(`app/${path}`, path);
  }
  add('node/bin/node', `${node.place}/bin/node`, PROGRAM);
  add('node/LICENSE', `${node.place}/LICENSE`);
  const libraries = librariesOf(join(root, node.place, 'bin/node'));
  for (const library of libraries) files.push({ path: `node/lib-spare/${library.name}`, mode: PLAIN, read: () => readFileSync(library.path) });

  for (const path of builtFiles(root)) add(`app/${path}`, path);
  // Migrations, styles and whatever else the program reads beside its code.
  for (const path of filesOf(root, 'src')) if (!/\.(?:tsx?|md)$/.test(path)) add(`app/${path}`, path);
  made('app/src/platform/documents/workspace.txt', 'Documents are typeset in this folder; nothing is read from it.\n');
  for (const folder of WHOLE) for (const path of filesOf(root, folder)) add(`app/${path}`, path);
  for (const letter of LETTERS) add(letter, letter);
  for (const path of filesOf(root, 'deploy')) if (path !== 'deploy/install.sh') add(path, path, path.endsWith('.sh') ? PROGRAM : PLAIN);
  add('install.sh', 'deploy/install.sh', PROGRAM);
  made('app/package.json', `${JSON.stringify({ name: manifest.name, version: manifest.version, description: manifest.description, license: manifest.license, private: true, type: 'module' }, null, 2)}\n`);
  // Says that the program is built; nothing here is ever built again.
  made('app/dist/.built', '');
  made('VERSION', `${manifest.version}\n`);
  add('bin/mizan', 'deploy/mizan.sh', PROGRAM);
  add('bin/mizan-healthy', 'deploy/healthy.sh', PROGRAM);

  const parts = [...partsOf(root, packages), ...libraries.map(({ part }) => part)];
  const placeOf = new Map(packages.map((one) => [one.place, purlOf(one.name, one.version)]));
  made('sbom.cdx.json', billOfMaterials({ ...manifest, uses: [...roots.map((place) => placeOf.get(place) ?? ''), ...libraries.map(({ part }) => part.purl)] }, parts));
  made('THIRD-PARTY.txt', thirdPartyNotices(parts));
  if (files.length > FILES_MAX) throw new Fault('bundle-not-possible', `The bundle would hold ${files.length} files; ${FILES_MAX} are the most.`);
  return { name: `mizan-${manifest.version}-${platform.os}-${platform.cpu}`, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), parts: parts.length, unstated: parts.filter(({ license }) => license === UNSTATED).map(({ name, version }) => `${name} ${version}`) };
}

/** Paths relative to `root`, in the order of their names. A link could lead out of the checkout: none is followed. */
function filesOf(root: string, folder: string, enters: (name: string) => boolean = () => true): readonly string[] {
  return readdirSync(join(root, folder)).sort().flatMap((name) => {
    const path = `${folder}/${name}`;
    const found = lstatSync(join(root, path));
    if (found.isDirectory()) return enters(name) ? filesOf(root, path, enters) : [];
    return found.isFile() ? [path] : [];
  });
}

/** The program and what it loads: the folder may hold pieces of earlier builds. */
function builtFiles(root: string): readonly string[] {
  const found = new Set<string>();
  const waiting = readdirSync(join(root, 'dist')).filter((name) => name.endsWith('.js') && !CHUNK.test(name)).map((name) => `dist/${name}`);
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const [, other] of readFileSync(join(root, path), 'utf8').matchAll(/["']\.\/([\w.-]+\.js)["']/g)) {
      const next = `dist/${other ?? ''}`;
      if (existsSync(join(root, next))) waiting.push(next);
    }
  }
  return [...found, ...filesOf(root, 'dist/islands')].sort();
}

/** Shared libraries of the pinned Node that a small Debian has not; used there only when Node does not start without them. */
function librariesOf(node: string): readonly { readonly name: string; readonly path: string; readonly part: Part }[] {
  if (process.platform !== 'linux') return [];
  const told = execFileSync('ldd', [node], { encoding: 'utf8' });
  return [...told.matchAll(/^\s*(\S+) => (\/\S+)/gm)].map(([, name = '', path = '']) => ({ name, path })).filter(({ name }) => !EVERYWHERE.test(name)).map(({ name, path }) => {
    const debian = debianPackage(path);
    return { name, path, part: { purl: debian.purl, name: debian.name, version: debian.version, license: 'GPL-3.0-or-later WITH GCC-exception-3.1', sha512: createHash('sha512').update(readFileSync(path)).digest('hex'), texts: debian.texts, uses: [] } };
  });
}

/** Which Debian package a library is of, for the notices: who hands it on says where its source is. */
function debianPackage(path: string): { readonly purl: string; readonly name: string; readonly version: string; readonly texts: readonly string[] } {
  for (const candidate of [realpathSync(path), path, path.replace(/^\/lib\//, '/usr/lib/'), realpathSync(path).replace(/^\/usr\/lib\//, '/lib/')]) {
    try {
      const name = (execFileSync('dpkg-query', ['-S', candidate], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split(':')[0] ?? '').trim();
      const [version = '', source = ''] = execFileSync('dpkg-query', ['-W', '-f', '${Version}\t${source:Package} ${source:Version}', name], { encoding: 'utf8' }).split('\t');
      const copyright = join('/usr/share/doc', name, 'copyright');
      const texts = existsSync(copyright) ? [readFileSync(copyright, 'utf8').trim()] : [];
      return { purl: `pkg:deb/debian/${name}@${version.replaceAll('+', '%2B')}`, name, version, texts: [`${name} is taken unchanged from Debian; its source is the Debian source package ${source}.`, ...texts] };
    } catch {
      // another spelling of the path, or no Debian
    }
  }
  throw new Fault('bundle-not-possible', `${basename(path)} (${dirname(path)}) is needed by the pinned Node, and it is not known which package of this system it is of. Make the bundle on Debian.`, { path });
}
