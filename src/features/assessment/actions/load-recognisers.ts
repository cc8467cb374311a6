/** Reads the recognisers of the installation (packs/recognisers) and checks them against the law pack they propose facts of. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, Fault } from '../../../base/index.ts';
import type { Pack } from '../../../law/index.ts';
import { loadRecognisers, type RecogniserSet } from '../../../law/prescreen/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';

export interface Recognisers {
  readonly set: RecogniserSet;
  /** Names the version that candidates came from. */
  readonly digest: string;
}

/** The digest of no files at all. */
const NO_RECOGNISERS = createHash('sha256').update(canonical([])).digest('hex');

/**
 * Throws Fault `recognisers-broken` with file, line and fix. An overlay without recognisers of its own reads texts with those of the pack
 * it extends; a law pack without any gets an empty set.
 */
export function loadInstalledRecognisers(pack: Pack): Recognisers {
  const folders = [pack.ref, ...pack.bases].map(({ id }) => join(installationRoot, 'packs', 'recognisers', id));
  const folder = folders.find((one) => existsSync(one)) ?? folders[0]!;
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')).sort() : [];
  if (names.length === 0) return { set: { id: pack.ref.id, languages: [], recognisers: [], negation: new Map(), functionWords: new Map(), warnings: [] }, digest: NO_RECOGNISERS };
  const files = names.map((name) => ({ path: name, text: readFileSync(join(folder, name), 'utf8') }));
  const loaded = loadRecognisers(files, { facts: pack.facts, conclusions: pack.conclusions, families: pack.families, legalBasis: pack.legalBasis });
  if (!loaded.ok) {
    const first = loaded.refusal.slice(0, 5).map((problem) => `${problem.file}:${problem.line} ${problem.message} ${problem.fix}`);
    throw new Fault('recognisers-broken', `The recognisers for ${pack.ref.id} cannot be used (${loaded.refusal.length} problems):\n${first.join('\n')}`, { pack: pack.ref.id });
  }
  return { set: loaded.value, digest: createHash('sha256').update(canonical(files.map(({ path, text }) => ({ path, text })))).digest('hex') };
}
