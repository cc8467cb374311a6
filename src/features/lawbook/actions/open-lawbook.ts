/** Opens the lawbook at start: keeps every pack of the installation, reads which are in force, refuses a broken one, compiles on demand. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, no, yes } from '../../../base/index.ts';
import { checkPack, compileLaw, decide, loadPack, type Pack, type PackFile, type PackProblem } from '../../../law/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { Notices } from '../../../platform/notices/index.ts';
import { type Adoption, INSTALLATION, type Lawbook } from '../model.ts';
import { createAdoptionStore } from '../store/adoptions.ts';
import { createPackStore } from '../store/packs.ts';

export interface LawbookParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Folder with one folder a pack; the installation's own when left out. */
  readonly packsFolder?: string;
  /** Id of the main law of a new register; later only an act of adoption changes it. The first that can be main and extends no other when left out: no country is the default. */
  readonly mainPack?: string;
  /** What other processes on the same database adopt is in force here at once; left out where there is one process. */
  readonly notices?: Pick<Notices, 'announce' | 'on' | 'onGap'>;
  /** Keeps an act of adoption for good, in its transaction: both are kept or neither. */
  readonly record?: (tx: Tx, adoption: Adoption) => Promise<void>;
}

const ADOPTED = 'lawbook.adopted';

const PACKS_MAX = 64;
const OLD_PACKS_IN_MEMORY_MAX = 8;
const BASES_DEPTH_MAX = 4;
const CHECKS_IN_MEMORY_MAX = 32;

type FilesById = ReadonlyMap<string, readonly PackFile[]>;

/** Throws Fault `law-pack-broken` that names file, line and fix: a register must not start on law it cannot read. */
export async function openLawbook(parts: LawbookParts): Promise<Lawbook> {
  const { clock } = parts;
  const store = createPackStore(parts.database);
  const acts = createAdoptionStore(parts.database);
  const shipped = await keepShipped();
  const byDigest = new Map<string, Pack>(shipped.map((pack) => [pack.ref.digest, pack]));
  if ((await acts.standing()).length === 0) await adoptAtInstallation();
  let inForce = await readInForce();
  const old = new Map<string, Pack>();
  const checked = new Map<string, readonly PackProblem[]>();
  const listeners: ((adoption: Adoption) => Promise<void>)[] = [];
  const followers: (() => Promise<void>)[] = [];
  const judges: Parameters<Lawbook['mustFit']>[0][] = [];
  let check: (pack: Pack) => readonly PackProblem[] | Promise<readonly PackProblem[]> = checkPack;

  const lawbook: Lawbook = {
    packs: () => inForce,
    pack: (id) => (id === undefined ? inForce[0] : inForce.find((pack) => pack.ref.id === id)),
    packByDigest: async (digest) => {
      const atHand = inForce.find((pack) => pack.ref.digest === digest) ?? byDigest.get(digest) ?? old.get(digest);
      if (atHand !== undefined) return atHand;
      const pack = await loadKept(digest);
      if (pack === undefined) return undefined;
      old.set(digest, pack);
      if (old.size > OLD_PACKS_IN_MEMORY_MAX) old.delete(old.keys().next().value ?? '');
      return pack;
    },
    filesByDigest: async (digest) => (await store.get(digest))?.files,
    // The engine itself remembers the laws compiled most recently.
    law: (pack, dates, layer) => compileLaw(pack, dates, layer),
    decide: (pack, facts, dates) => decide(compileLaw(pack, dates), facts),
    versions: (id) => store.versions(id),
    installed: async () => {
      const standing = new Set(inForce.map((pack) => pack.ref.digest));
      return (await store.versions()).map((row) => ({ ...row, isInForce: standing.has(row.ref.digest) }));
    },
    install: async (files) => {
      const known = await basesAtHand();
      const loaded = loadPack(files, { packs: (id) => known.get(id) });
      if (!loaded.ok) return no(loaded.refusal);
      await keep(loaded.value, files);
      return yes(loaded.value);
    },
    adoptions: () => acts.list(),
    adopt: async ({ digest, author, reason, effects }) => {
      if (author.trim() === '') return no({ kind: 'no-author' });
      if (reason.trim() === '') return no({ kind: 'no-reason' });
      const pack = await lawbook.packByDigest(digest);
      if (pack === undefined) return no({ kind: 'unknown-pack', digest });
      const place = pack.place;
      const previous = place === 'main' ? inForce.find((one) => one.place === 'main') : inForce.find((one) => one.ref.id === pack.ref.id);
      // What the installation put in force may be adopted once, as it stands: then somebody has chosen it.
      if (previous?.ref.digest === digest && (await isChosen(pack))) return no({ kind: 'in-force-already', digest });
      const messages = (await Promise.all(judges.map(async (judge) => judge(pack)))).flat();
      if (messages.length > 0) return no({ kind: 'does-not-fit', messages });
      const errors = (await lawbook.problems(pack)).filter((problem) => problem.severity === 'error');
      if (errors.length > 0) return no({ kind: 'pack-has-errors', problems: errors });
      const adoption = await acts.add({ place, pack: pack.ref, previous: previous?.ref.digest, author: author.trim(), reason: reason.trim(), effects, at: clock.now() }, async (made, tx) => {
        await parts.record?.(tx, made);
        await parts.notices?.announce(ADOPTED, { number: made.number }, tx);
      });
      inForce = await readInForce();
      if (adoption === undefined) return no({ kind: 'somebody-was-faster', inForce: inForce[0]?.ref.digest ?? '' });
      for (const listener of listeners) await listener(adoption);
      return yes(adoption);
    },
    onAdopt: (listener) => void listeners.push(listener),
    onFollow: (listener) => void followers.push(listener),
    mustFit: (judge) => void judges.push(judge),
    problems: async (pack) => {
      const known = checked.get(pack.ref.digest);
      if (known !== undefined) return known;
      const found = await check(pack);
      checked.set(pack.ref.digest, found);
      if (checked.size > CHECKS_IN_MEMORY_MAX) checked.delete(checked.keys().next().value ?? '');
      return found;
    },
    checkWith: (given) => void (check = given),
  };
  parts.notices?.on(ADOPTED, async ({ own }) => {
    // Whoever adopted has read it already, and starts what follows from it.
    if (!own) await follow();
  });
  parts.notices?.onGap(follow);
  return lawbook;

  /** Reads what others have put in force. The acts are the truth, so it does not matter how often or in which order this is asked. */
  async function follow(): Promise<void> {
    inForce = await readInForce();
    for (const follower of followers) await follower();
  }

  /** Whether a person, not the installation, put in force what stands in the place of this pack. */
  async function isChosen({ place, ref }: Pack): Promise<boolean> {
    const newest = (await acts.list()).find((one) => one.place === place && (place === 'main' || one.pack.id === ref.id));
    return newest !== undefined && newest.author !== INSTALLATION;
  }

  /** Every pack of the folder is kept side by side; whether it is in force is another matter. */
  async function keepShipped(): Promise<readonly Pack[]> {
    const folder = parts.packsFolder ?? join(installationRoot, 'packs', 'law');
    const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
    // Leaving some out quietly would leave their law out of every answer.
    if (names.length > PACKS_MAX) throw new Fault('law-pack-broken', `${folder} holds ${names.length} packs; at most ${PACKS_MAX} can be kept. Move those out that are not needed.`, { packs: names.length });
    const files = new Map(names.map((name) => [name, readPackFolder(join(folder, name))]));
    const packs: Pack[] = [];
    for (const [name, own] of files) {
      // A pack's folder has the name of its id.
      const pack = loadOrFault(name, own, files);
      packs.push(pack);
      await keep(pack, own);
    }
    return packs;
  }

  async function keep(pack: Pack, files: readonly PackFile[]): Promise<void> {
    await store.keep(pack.ref, pack.status, files, pack.bases.map(({ id, digest }) => ({ id, digest })), clock.now());
  }

  /** A register that worked before there were acts goes on with the newest version it had; a new one begins with what ships. */
  async function adoptAtInstallation(): Promise<void> {
    const main = shipped.filter((pack) => pack.place === 'main');
    const chosen = parts.mainPack === undefined ? (main.find((pack) => pack.bases.length === 0) ?? main[0]) : main.find((pack) => pack.ref.id === parts.mainPack);
    if (chosen === undefined) throw new Fault('no-law-pack', `There is no law pack “${parts.mainPack ?? ''}” that can be the main law. Packs of this installation: ${main.map((pack) => pack.ref.id).join(', ') || 'none'}.`);
    for (const pack of [chosen, ...shipped.filter((one) => one.place === 'beside')]) {
      const earlier = (await store.versions(pack.ref.id)).find((version) => version.ref.digest !== pack.ref.digest);
      const first = earlier === undefined ? pack.ref : earlier.ref;
      await acts.add({ place: pack.place, pack: first, previous: undefined, author: INSTALLATION, reason: earlier === undefined ? 'First start of this register.' : 'The version in use before acts of adoption were kept.', at: clock.now() }, async (made, tx) => parts.record?.(tx, made));
    }
  }

  async function readInForce(): Promise<readonly Pack[]> {
    const packs: Pack[] = [];
    for (const { digest, packId } of await acts.standing()) {
      const pack = byDigest.get(digest) ?? (await loadKept(digest));
      if (pack === undefined) throw new Fault('law-pack-broken', `The pack ${packId} (${digest}) is in force, but its files are not in the database. Restore a backup.`, { digest });
      byDigest.set(digest, pack);
      packs.push(pack);
    }
    return packs;
  }

  /** A kept version together with exactly the base versions it was installed with. */
  async function loadKept(digest: string): Promise<Pack | undefined> {
    const kept = await store.get(digest);
    if (kept === undefined) return undefined;
    const files = new Map<string, readonly PackFile[]>();
    let wanted = kept.bases;
    for (let depth = 0; wanted.length > 0 && depth < BASES_DEPTH_MAX; depth++) {
      const next = [];
      for (const base of wanted) {
        const found = files.has(base.id) ? undefined : await store.get(base.digest);
        if (found === undefined) continue;
        files.set(base.id, found.files);
        next.push(...found.bases);
      }
      wanted = next;
    }
    return loadOrFault(digest, kept.files, files);
  }

  /** What a new overlay may stand on: the versions in force and their bases first, then those of the installation. */
  async function basesAtHand(): Promise<FilesById> {
    const files = new Map<string, readonly PackFile[]>();
    for (const pack of [...inForce.flatMap((one) => [one.ref, ...one.bases]), ...shipped.map((one) => one.ref)]) {
      const kept = files.has(pack.id) ? undefined : await store.get(pack.digest);
      if (kept !== undefined) files.set(pack.id, kept.files);
    }
    return files;
  }
}

/** Reads `pack.yaml` and every other YAML file of a pack folder, sub-folders included. */
export function readPackFolder(folder: string): readonly PackFile[] {
  if (!existsSync(join(folder, 'pack.yaml'))) {
    throw new Fault('law-pack-broken', `${folder} has no pack.yaml. A law pack is a folder with a pack.yaml; its format is in docs/spec/law-pack.md.`, { folder });
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/')).filter((name) => name.endsWith('.yaml'));
  return names.sort().map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
}

function loadOrFault(name: string, files: readonly PackFile[], bases: FilesById): Pack {
  const loaded = loadPack(files, { packs: (id) => bases.get(id) });
  if (loaded.ok) return loaded.value;
  const first = loaded.refusal.slice(0, 5).map((problem) => `${problem.file}:${problem.line} ${problem.message} ${problem.fix}`);
  throw new Fault('law-pack-broken', `The law pack ${name} cannot be used (${loaded.refusal.length} problems):\n${first.join('\n')}\nRun "npx mizan pack check" on its folder for all of them.`, { pack: name });
}
