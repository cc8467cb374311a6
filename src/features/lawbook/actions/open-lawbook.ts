/** Opens the lawbook at start: reads the packs under packs/law, refuses a broken one, keeps every version, compiles on demand. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../../base/index.ts';
import { compileLaw, decide, loadPack, type Pack, type PackFile } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { Lawbook } from '../model.ts';
import { createPackStore } from '../store/packs.ts';

export interface LawbookParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Folder with one folder a pack; the installation's own when left out. */
  readonly packsFolder?: string;
}

const PACKS_MAX = 64;
const OLD_PACKS_IN_MEMORY_MAX = 8;

/** Throws Fault `law-pack-broken` that names file, line and fix: a register must not start on law it cannot read. */
export async function openLawbook(parts: LawbookParts): Promise<Lawbook> {
  const store = createPackStore(parts.database);
  const folder = parts.packsFolder ?? join(installationRoot, 'packs', 'law');
  const packs: Pack[] = [];
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
  // Leaving some out quietly would leave their law out of every answer.
  if (names.length > PACKS_MAX) throw new Fault('law-pack-broken', `${folder} holds ${names.length} packs; at most ${PACKS_MAX} can be in force. Move those out that are not.`, { packs: names.length });
  for (const name of names) {
    const files = readPackFolder(join(folder, name));
    const pack = loadOrFault(name, files);
    await store.keep(pack.ref, pack.status, files, parts.clock.now());
    packs.push(pack);
  }
  const old = new Map<string, Pack>();
  return {
    packs: () => packs,
    pack: (id) => (id === undefined ? packs[0] : packs.find((pack) => pack.ref.id === id)),
    packByDigest: async (digest) => {
      const inForce = packs.find((pack) => pack.ref.digest === digest) ?? old.get(digest);
      if (inForce !== undefined) return inForce;
      const files = await store.files(digest);
      if (files === undefined) return undefined;
      const pack = loadOrFault(digest, files);
      old.set(digest, pack);
      if (old.size > OLD_PACKS_IN_MEMORY_MAX) old.delete(old.keys().next().value ?? '');
      return pack;
    },
    filesByDigest: async (digest) => store.files(digest),
    // The engine itself remembers the laws compiled most recently.
    law: (pack, dates) => compileLaw(pack, dates),
    decide: (pack, facts, dates) => decide(compileLaw(pack, dates), facts),
    versions: (id) => store.versions(id),
  };
}

/** Reads `pack.yaml` and every other YAML file of a pack folder, sub-folders included. */
export function readPackFolder(folder: string): readonly PackFile[] {
  if (!existsSync(join(folder, 'pack.yaml'))) {
    throw new Fault('law-pack-broken', `${folder} has no pack.yaml. A law pack is a folder with a pack.yaml; its format is in docs/spec/law-pack.md.`, { folder });
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function loadOrFault(name: string, files: readonly PackFile[]): Pack {
  const loaded = loadPack(files);
  if (loaded.ok) return loaded.value;
  const first = loaded.refusal.slice(0, 5).map((problem) => `${problem.file}:${problem.line} ${problem.message} ${problem.fix}`);
  throw new Fault('law-pack-broken', `The law pack ${name} cannot be used (${loaded.refusal.length} problems):\n${first.join('\n')}\nRun "npx mizan pack check" on its folder for all of them.`, { pack: name });
}
