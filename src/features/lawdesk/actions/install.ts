/**
 * Brings a pack in: looked at as every upload, then its signature, then the files as law, then their check; only what passes all is kept, side by side with the
 * law in force and without any effect on it. Every attempt leaves a record.
 */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { no, type Verdict, yes } from '../../../base/index.ts';
import {
  loadPack, type Manifest, manifestFits, type ManifestRefusal, type Pack, type PackFile, packDigest, type PackRef, parseManifest, type Signer, verifyManifest,
} from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { type ClamdPlace, installationRoot, screenArchive } from '../../../platform/files/index.ts';
import { type InstalledPack, type Lawbook, readPackFolder } from '../../lawbook/index.ts';
import { AUTHOR_LENGTH_MAX, type Bundle, type CheckResult, FILE_NAME_LENGTH_MAX, type Install, type InstallRefusal, PROBLEMS_KEPT_MAX } from '../model/install.ts';
import { readBundle, writeBundle } from '../store/bundle.ts';
import type { InstallStore } from '../store/installs.ts';
import type { MadeHere, MadeHereStore } from '../store/made-here.ts';
import { type CheckAnswer, checkApart } from './check-apart.ts';
import type { KeyDesk } from './keys.ts';

/** Where a version comes from: with the program, made at this desk, or brought in under a signature. Of `unknown` ones there is no record. */
export type Origin = 'built-in' | 'made-here' | 'installed' | 'unknown';

/** How its signature stands today; keys are revoked and manifests expire after a pack was installed. */
export type SignatureState =
  /** Held by the program or by this register itself: no signature is needed. */
  | { readonly kind: 'built-in' | 'made-here' | 'unsigned' }
  | { readonly kind: 'sound'; readonly signers: readonly Signer[]; readonly validUntil?: string }
  | { readonly kind: 'broken'; readonly refusal: ManifestRefusal };

export interface PackVersion {
  readonly row: InstalledPack;
  readonly pack: Pack;
  readonly origin: Origin;
  readonly signature: SignatureState;
  readonly manifest?: Manifest;
  readonly install?: Install;
  readonly made?: MadeHere;
  /** Of the installation or of the draft, or made in this process; absent until somebody asks for it. */
  readonly check?: CheckResult;
}

export interface PackDesk {
  install(scope: Scope, upload: { readonly archive: Buffer; readonly fileName: string; readonly author: string }): Promise<Install>;
  attempt(number: number): Promise<Install | undefined>;
  attempts(): Promise<readonly Install[]>;
  /** Every version kept here, newest first, with where it comes from. */
  versions(): Promise<readonly { readonly row: InstalledPack; readonly origin: Origin }[]>;
  version(digest: string): Promise<PackVersion | undefined>;
  /** Checks a version that ships with the program or was made here. Takes as long as the pack is large; others are answered meanwhile. */
  check(digest: string): Promise<CheckResult | undefined>;
  /** The pack as one archive; with its manifest when it came with one. */
  bundle(digest: string): Promise<{ readonly name: string; readonly bytes: Buffer } | undefined>;
  /**
   * Why a version may not be adopted today. What comes from outside needs a trusted signature that still stands; what ships with the
   * program or was made at this desk is held by the register itself. Undefined: nothing speaks against it.
   */
  objection(digest: string): Promise<ManifestRefusal | undefined>;
}

export interface PackDeskParts {
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  readonly installs: InstallStore;
  readonly madeHere: MadeHereStore;
  readonly keys: KeyDesk;
  /** Folder with one folder a pack, as the lawbook was opened with. */
  readonly packsFolder?: string;
  /** A virus scanner; without its clear word nothing comes in. */
  readonly clamd?: ClamdPlace | undefined;
}

const CHECKS_IN_MEMORY_MAX = 64;

/** What was learnt about an upload until it was accepted or refused. */
interface Learnt {
  readonly manifest?: string;
  readonly claimed?: Pick<Manifest, 'id' | 'version'>;
  readonly signers?: readonly Signer[];
  readonly check?: CheckResult;
}

/** Looks into the folder of packs once: what ships now is what the lawbook kept at this start. */
export async function createPackDesk(parts: PackDeskParts): Promise<PackDesk> {
  const { lawbook, clock, installs, madeHere, keys } = parts;
  const checks = new Map<string, CheckResult>();
  const { shipped, everShipped } = await rememberBuiltIn();

  /** What a new pack may stand on: the versions in force and their bases first, then those of the program. One version for each id. */
  const bases = (): readonly PackRef[] => {
    const found = new Map<string, PackRef>();
    for (const ref of [...lawbook.packs().flatMap((pack) => [pack.ref, ...pack.bases]), ...shipped]) if (!found.has(ref.id)) found.set(ref.id, ref);
    return [...found.values()];
  };

  const isBuiltIn = (digest: string): boolean => everShipped.has(digest);
  // What was made here stays so when it is brought in again under a signature: the register knows it by its digest.
  const originOf = (digest: string, isMadeHere: boolean, isAccepted: boolean): Origin => (isBuiltIn(digest) ? 'built-in' : isMadeHere ? 'made-here' : isAccepted ? 'installed' : 'unknown');

  const signatureOf = async (digest: string, origin: Origin, install: Install | undefined): Promise<SignatureState> => {
    if (install?.manifest === undefined) return { kind: origin === 'built-in' || origin === 'made-here' ? origin : 'unsigned' };
    const files = await lawbook.filesByDigest(digest);
    const manifest = parseManifest(install.manifest);
    // The bases it was installed with are kept with it; whether they are the ones of today is no matter of the signature.
    const related = manifest.ok ? [...manifest.value.extends, ...manifest.value.depends] : [];
    const verdict = verifyManifest({ text: install.manifest, files: files ?? [], trustedKeys: await keys.trusted(), now: clock.today(), bases: related });
    if (!verdict.ok) return { kind: 'broken', refusal: verdict.refusal };
    const until = verdict.value.manifest.valid_until;
    return { kind: 'sound', signers: verdict.value.signers, ...(until === undefined ? {} : { validUntil: until }) };
  };

  const desk: PackDesk = {
    install: async (scope, upload) => {
      const learnt: { current: Learnt } = { current: {} };
      const result = await tryInstall(upload.archive, (more) => void (learnt.current = { ...learnt.current, ...more }));
      const { manifest, claimed, signers, check } = learnt.current;
      return installs.add({
        at: clock.now(),
        actor: scope.actor,
        author: upload.author.trim().slice(0, AUTHOR_LENGTH_MAX),
        fileName: upload.fileName.slice(0, FILE_NAME_LENGTH_MAX),
        uploadSha256: createHash('sha256').update(upload.archive).digest('hex'),
        uploadBytes: upload.archive.length,
        signers: signers ?? [],
        ...(claimed === undefined ? {} : { packId: claimed.id, version: claimed.version }),
        ...(manifest === undefined ? {} : { manifest }),
        ...(check === undefined ? {} : { check }),
        ...(result.ok ? { outcome: result.value.isNew ? 'installed' : 'present', digest: result.value.digest } : { outcome: 'refused', refusal: result.refusal }),
      });
    },
    attempt: (number) => installs.get(number),
    attempts: () => installs.list(),
    versions: async () => {
      const [accepted, made] = [await installs.acceptedDigests(), await madeHere.digests()];
      return (await lawbook.installed()).map((row) => ({ row, origin: originOf(row.ref.digest, made.has(row.ref.digest), accepted.has(row.ref.digest)) }));
    },
    version: async (digest) => {
      const row = (await lawbook.installed()).find((one) => one.ref.digest === digest);
      const pack = await lawbook.packByDigest(digest);
      if (row === undefined || pack === undefined) return undefined;
      const [install, made] = [await installs.accepted(digest), await madeHere.get(digest)];
      const origin = originOf(digest, made !== undefined, install !== undefined);
      const manifest = parseManifest(install?.manifest);
      const check = checks.get(digest) ?? install?.check ?? made?.check;
      return {
        row,
        pack,
        origin,
        signature: await signatureOf(digest, origin, install),
        ...(install === undefined ? {} : { install }),
        ...(made === undefined ? {} : { made }),
        ...(manifest.ok ? { manifest: manifest.value } : {}),
        ...(check === undefined ? {} : { check }),
      };
    },
    check: async (digest) => {
      const pack = await lawbook.packByDigest(digest);
      if (pack === undefined) return undefined;
      const others = new Map<string, readonly PackFile[]>();
      for (const base of pack.bases) others.set(base.id, (await lawbook.filesByDigest(base.digest)) ?? []);
      const result = checkResultOf(await checkApart({ files: (await lawbook.filesByDigest(digest)) ?? [], bases: others }));
      if (checks.size >= CHECKS_IN_MEMORY_MAX) checks.delete(checks.keys().next().value ?? '');
      checks.set(digest, result);
      return result;
    },
    bundle: async (digest) => {
      const [pack, files, install] = [await lawbook.packByDigest(digest), await lawbook.filesByDigest(digest), await installs.accepted(digest)];
      if (pack === undefined || files === undefined) return undefined;
      const bundle: Bundle = { files, ...(install?.manifest === undefined ? {} : { manifest: install.manifest }) };
      return { name: `${pack.ref.id}-${pack.ref.version}.zip`, bytes: writeBundle(bundle) };
    },
    objection: async (digest) => {
      // What the program brings, it answers for; what was made here, this register does.
      if (isBuiltIn(digest) || (await madeHere.get(digest)) !== undefined) return undefined;
      const state = await signatureOf(digest, 'installed', await installs.accepted(digest));
      return state.kind === 'broken' ? state.refusal : state.kind === 'sound' ? undefined : { code: 'unsigned', role: 'publisher' };
    },
  };
  return desk;

  async function rememberBuiltIn(): Promise<{ readonly shipped: readonly PackRef[]; readonly everShipped: ReadonlySet<string> }> {
    const digests = digestsIn(parts.packsFolder ?? join(installationRoot, 'packs', 'law'));
    const known = (await lawbook.installed()).map((row) => row.ref);
    const here = known.filter((ref) => digests.includes(ref.digest));
    return { shipped: here, everShipped: await installs.keepBuiltIn(here.map((ref) => ref.digest), clock.now()) };
  }

  async function tryInstall(archive: Buffer, learn: (more: Learnt) => void): Promise<Verdict<{ readonly digest: string; readonly isNew: boolean }, InstallRefusal>> {
    const bundle = await readBundle(archive);
    if (!bundle.ok) return no({ stage: 'bundle', bundle: bundle.refusal });
    // The whole archive, members that are no part of the law included, and before anybody believes a word of it.
    const screened = await screenArchive(archive, parts.clamd);
    if (!screened.ok) return no({ stage: 'bundle', bundle: { code: screened.refusal } });
    const { files, manifest: text } = bundle.value;
    const claimed = parseManifest(text);
    learn({ ...(text === undefined || !claimed.ok ? {} : { manifest: text }), ...(claimed.ok ? { claimed: claimed.value } : {}) });
    const adopted = claimed.ok ? lawbook.pack(claimed.value.id)?.ref : undefined;
    const verdict = verifyManifest({ text, files, trustedKeys: await keys.trusted(), now: clock.today(), bases: bases(), ...(adopted === undefined ? {} : { adopted }) });
    if (!verdict.ok) return no({ stage: 'manifest', manifest: verdict.refusal });
    learn({ signers: verdict.value.signers });
    const read = await readAsLaw(files);
    if (!read.ok) return read;
    const fits = manifestFits(verdict.value.manifest, read.value, files);
    if (!fits.ok) return no({ stage: 'manifest', manifest: fits.refusal });
    const check = checkResultOf(await checkApart({ files, bases: await filesOfBases() }));
    learn({ check });
    if (check.errors > 0) return no({ stage: 'law', code: 'has-errors', problems: check.problems });
    const isNew = (await lawbook.filesByDigest(read.value.ref.digest)) === undefined;
    const kept = await lawbook.install(files);
    return kept.ok ? yes({ digest: kept.value.ref.digest, isNew }) : no({ stage: 'law', code: 'does-not-load', problems: kept.refusal.slice(0, PROBLEMS_KEPT_MAX) });
  }

  async function filesOfBases(): Promise<ReadonlyMap<string, readonly PackFile[]>> {
    const others = new Map<string, readonly PackFile[]>();
    for (const { id, digest } of bases()) {
      const found = await lawbook.filesByDigest(digest);
      if (found !== undefined) others.set(id, found);
    }
    return others;
  }

  async function readAsLaw(files: readonly PackFile[]): Promise<Verdict<Pack, InstallRefusal>> {
    const others = await filesOfBases();
    const loaded = loadPack(files, { packs: (id) => others.get(id) });
    return loaded.ok ? yes(loaded.value) : no({ stage: 'law', code: 'does-not-load', problems: loaded.refusal.slice(0, PROBLEMS_KEPT_MAX) });
  }
}

export function checkResultOf({ problems, cases, passed }: Pick<CheckAnswer, 'problems' | 'cases' | 'passed'>): CheckResult {
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  return { errors, warnings: problems.length - errors, cases, passed, problems: problems.slice(0, PROBLEMS_KEPT_MAX) };
}

/** Digests of the packs in a folder. One that cannot be read stopped the start already. */
function digestsIn(folder: string): readonly string[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, 'pack.yaml'))).map((entry) => entry.name).sort();
  const files = new Map(names.map((name) => [name, readPackFolder(join(folder, name))]));
  return [...files.values()].flatMap((own) => packDigest(own, { packs: (id) => files.get(id) }) ?? []);
}
