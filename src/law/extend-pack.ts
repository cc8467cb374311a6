/** A pack that extends others: finds its bases, reads them before it, keeps apart whose entry is whose, and merges headlines and amended parameters. */

import { canonical } from '../base/index.ts';
import { digestOfFiles, sha256Hex } from './digest.ts';
import { PACK_BASES_MAX, PACK_FILES_MAX } from './limits.ts';
import type { Headline, Pack, PackFile, PackRef, Parameter, ParameterValue, Spot } from './model.ts';
import { didYouMean } from './nearest-name.ts';
import { YamlSource } from './yaml-reader.ts';
import type { ProblemList, YamlEntry } from './yaml-reader.ts';

/** The files of a pack by its id, at the version that is to be extended; undefined when it is not at hand. */
export type PacksById = (id: string) => readonly PackFile[] | undefined;

/** One pack among those that are read together, its manifest parsed. */
export interface PackLayer {
  readonly ref: PackRef;
  readonly manifest: YamlEntry;
  /** `pack.yaml` and the files it lists, in their order. */
  readonly files: readonly PackFile[];
  /** Put before the paths of its files where they are named: empty for the pack itself, `eu-ai-act/` for a base. */
  readonly prefix: string;
}

/**
 * The layers of a pack: its bases first, each after what it extends itself, the pack last. Undefined when its pack.yaml cannot be read.
 * What is wrong with the bases (not at hand, another version, a cycle) goes to `problems`; the rest is read on without them.
 */
export function layersOf(files: readonly PackFile[], packs: PacksById, problems: ProblemList, budget: { nodes: number }): readonly PackLayer[] | undefined {
  const reader = new LayerReader(packs, problems, budget);
  const last = reader.layer(files, '', []);
  return last === undefined ? undefined : [...reader.layers.filter((layer) => layer !== last), last];
}

class LayerReader {
  readonly layers: PackLayer[] = [];
  private readonly packs: PacksById;
  private readonly problems: ProblemList;
  private readonly budget: { nodes: number };

  constructor(packs: PacksById, problems: ProblemList, budget: { nodes: number }) {
    this.packs = packs;
    this.problems = problems;
    this.budget = budget;
  }

  /** `path`: the ids of the packs that led here, the one being loaded first. */
  layer(files: readonly PackFile[], prefix: string, path: readonly string[]): PackLayer | undefined {
    const name = `${prefix}pack.yaml`;
    const manifestFile = files.find((file) => file.path === 'pack.yaml');
    if (manifestFile === undefined) {
      this.problems.error('no-manifest', { file: name, line: 1 }, 'the folder has no pack.yaml', 'Create pack.yaml with id, version, title and the list of files; see docs/spec/law-pack.md.');
      return undefined;
    }
    const manifest = new YamlSource(name, manifestFile.text, this.problems, this.budget).top(name);
    if (manifest === undefined) return undefined;
    const id = manifest.text('id') ?? 'unnamed';
    const version = manifest.text('version') ?? '0.0.0';
    const ordered = listedFiles(manifest, manifestFile, files, this.problems);
    const bases = this.bases(manifest, [...path, id]);
    const layer: PackLayer = { ref: { id, version, digest: digestOf(ordered, bases) }, manifest, files: ordered, prefix };
    this.layers.push(layer);
    return layer;
  }

  /** The bases a manifest names, each read unless it was already. */
  private bases(manifest: YamlEntry, path: readonly string[]): readonly PackRef[] {
    const entries = manifest.entries('extends', 'a base');
    if (entries.length > PACK_BASES_MAX) manifest.error('too-many', `the pack extends ${entries.length} packs, at most ${PACK_BASES_MAX} are read`, 'Extend a pack that extends the others.', manifest.spotOfKey('extends'));
    return entries.slice(0, PACK_BASES_MAX).flatMap((entry) => {
      const id = entry.text('id');
      const wanted = { version: entry.optionalText('version'), digest: entry.optionalText('digest') };
      entry.has('note');
      entry.finish();
      const ref = id === undefined ? undefined : this.base(id, entry, path);
      if (ref === undefined) return [];
      for (const what of ['version', 'digest'] as const) {
        if (wanted[what] !== undefined && wanted[what] !== ref[what]) entry.error(`base-${what}`, `the pack extends “${ref.id}” with the ${what} ${wanted[what]}, but the one at hand has ${ref[what]}`, `Install that ${what}, or check the pack against this one and name it.`, entry.spotOfKey(what));
      }
      return [ref];
    });
  }

  private base(id: string, entry: YamlEntry, path: readonly string[]): PackRef | undefined {
    if (path.includes(id)) {
      entry.error('cyclic-base', `the packs extend each other: ${[...path.slice(path.indexOf(id)), id].join(' → ')}`, 'Remove the base that leads back.', entry.spotOfKey('id'));
      return undefined;
    }
    const known = this.layers.find((layer) => layer.ref.id === id);
    if (known !== undefined) return known.ref;
    if (this.layers.length + path.length > PACK_BASES_MAX) {
      entry.error('too-many', `more than ${PACK_BASES_MAX} packs are extended one through the other`, 'Use fewer layers.', entry.spotOfKey('id'));
      return undefined;
    }
    const files = this.packs(id);
    if (files === undefined) {
      entry.error('unknown-base', `the pack extends “${id}”, which is not at hand`, 'Install that pack first, or put its folder beside this one.', entry.spotOfKey('id'));
      return undefined;
    }
    const layer = this.layer(files, `${id}/`, path);
    if (layer !== undefined && layer.ref.id !== id) entry.error('unknown-base', `the pack at hand as “${id}” calls itself “${layer.ref.id}”`, 'Give the folder of a pack the id of the pack.', entry.spotOfKey('id'));
    return layer?.ref;
  }
}

/** Digest of a layer, as docs/spec/law-pack.md lays down: with bases it covers theirs. */
function digestOf(files: readonly PackFile[], bases: readonly PackRef[]): string {
  if (bases.length === 0) return digestOfFiles(files);
  return sha256Hex(canonical({ extends: bases.map(({ id, digest }) => ({ id, digest })), files: files.map(({ path, text }) => ({ path, sha256: sha256Hex(text) })) }));
}

function listedFiles(manifest: YamlEntry, manifestFile: PackFile, files: readonly PackFile[], problems: ProblemList): readonly PackFile[] {
  const ordered = [manifestFile];
  const paths = manifest.texts('files');
  if (paths.length > PACK_FILES_MAX) manifest.error('too-many', `pack.yaml lists ${paths.length} files, at most ${PACK_FILES_MAX} are read`, 'Join files.', manifest.spotOfKey('files'));
  for (const path of paths.slice(0, PACK_FILES_MAX)) {
    const file = files.find((candidate) => candidate.path === path);
    if (file === undefined) problems.error('missing-file', manifest.spotOfKey('files'), `pack.yaml lists “${path}”, which is not there.${didYouMean(path, files.map((f) => f.path))}`, 'Create the file or remove it from “files”.');
    else if (ordered.includes(file)) problems.error('duplicate-file', manifest.spotOfKey('files'), `pack.yaml lists “${path}” twice`, 'Keep one.');
    else ordered.push(file);
  }
  return ordered;
}

type HeadlineLike = Pick<Headline, 'id'> & { readonly when?: object | 'open' };

/**
 * The headlines of all layers: those of the pack before those of its bases. Only the first base keeps `open` and the one without a
 * condition; a pack that extends others may not have one of its own, because nothing after it would ever be reached.
 */
export function mergedHeadlines<T extends HeadlineLike>(layers: readonly (readonly T[])[], spots: ReadonlyMap<string, Spot>, problems: ProblemList): readonly T[] {
  const merged: T[] = [];
  for (const [at, layer] of layers.toReversed().entries()) {
    const isFirst = at === layers.length - 1;
    for (const headline of layer) {
      const isTail = headline.when === undefined || headline.when === 'open';
      if (isFirst || !isTail) merged.push(headline);
      else if (at === 0) problems.error('hides-base', spots.get(`headline:${headline.id}`) ?? { file: 'pack.yaml', line: 1 }, `the headline “${headline.id}” stands before those of the base and would hide them`, 'Give it a condition; the base ends the list.');
    }
  }
  return merged;
}

/** The values of a base's parameter with those an overlay adds, in the order the pack asks for. */
export function amendedParameter(parameter: Parameter, added: readonly ParameterValue[], entry: YamlEntry): Parameter {
  const keyOf = ({ known, from }: ParameterValue): string => `${known}|${from ?? ''}`;
  const known = new Set(parameter.values.map(keyOf));
  for (const value of added) {
    if (known.has(keyOf(value))) entry.error('duplicate-value', `“${parameter.id}” already has a value known ${value.known}${value.from === undefined ? '' : ` from ${value.from}`}`, 'An overlay adds values, it does not replace them: give it the date on which its own act was published.');
    known.add(keyOf(value));
  }
  return { ...parameter, values: [...parameter.values, ...added].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

/** The pack an entry was declared in: the pack itself or one of its bases. `key` is `kind:id`. */
export function originOf(pack: Pack, key: string): PackRef {
  const id = pack.origins.get(key);
  return pack.bases.find((base) => base.id === id) ?? pack.ref;
}

/** Whether an entry comes from a base. */
export function isOfBase(pack: Pack, key: string): boolean {
  return pack.origins.has(key);
}
