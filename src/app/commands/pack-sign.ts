/** `mizan pack sign FOLDER` and `mizan pack verify PACK`: the manifest that says whose law this is, and whether it still is. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { type CivilDate, Fault, parseCivilDate } from '../../base/index.ts';
import {
  checkPack, isVersion, KEY_ROLES, type KeyRole, keyText, type Manifest, MANIFEST_FILE, manifestFits, manifestOf, type ManifestRefusal, manifestText, type Pack, parseManifest, signManifest,
  type SigningAct, type TrustedKey, verifyManifest,
} from '../../law/index.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { connect } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, tell } from '../terminal.ts';
import { findPack, type FoundPack, loadDesk, loadedOrExit, terminalLanguage } from './pack-files.ts';
import { fingerprintOf, publicHalf, readPrivateKey, readTrustedKeysFile } from './pack-keys.ts';
import { settings } from './settings.ts';

interface SignOptions {
  readonly key: string;
  readonly as?: KeyRole;
  readonly name?: string;
  readonly licence?: string;
  readonly decision?: string;
  readonly validUntil?: string;
  readonly supersedes?: string;
  readonly bundle?: string;
  readonly json?: boolean;
}

export function addPackSign(pack: Command): void {
  pack
    .command('sign')
    .description('sign a law pack: writes pack.json beside its files')
    .argument('<folder>', 'folder of the pack')
    .requiredOption('--key <file>', 'the private key (mizan pack keygen)')
    .addOption(new Option('--as <role>', 'who signs; the role of the key when left out').choices(KEY_ROLES))
    .option('--name <name>', 'name of the signer; the name of the key when left out')
    .option('--licence <number>', 'of counsel: the licence to practise')
    .option('--decision <number>', 'of a council: its decision')
    .option('--valid-until <date>', 'of the publisher: the last day on which the pack may be installed, YYYY-MM-DD')
    .option('--supersedes <version#digest>', 'of the publisher: the version this one follows')
    .option('--bundle <file>', 'also write the signed pack as one ZIP')
    .option('--json', 'print the manifest as JSON')
    .action(async (folder: string, options: SignOptions) => sign(folder, options));
  pack
    .command('verify')
    .description('say whether a signed pack is what it was when it was signed, and who answers for it')
    .argument('<pack>', 'folder or archive of the pack')
    .option('--keys <file>', 'keys to believe, one a line as in .pub files (those of the register when left out)')
    .option('--json', 'print {sound, refusal, signers} as JSON')
    .action(async (path: string, options: { readonly keys?: string; readonly json?: boolean }) => verify(path, options));
}

async function sign(folder: string, options: SignOptions): Promise<void> {
  const privateKey = readPrivateKey(options.key);
  const half = publicHalf(options.key, privateKey);
  const role = options.as ?? half?.role ?? 'publisher';
  const name = (options.name ?? half?.name ?? '').trim();
  if (name === '') throw new Exit(EXIT.usage, 'Say who signs: --name.');
  const found = await findPack(folder);
  const read = loadedOrExit(found, folder);
  const today = systemClock.today();
  const { readableFingerprint, writeBundle } = await loadDesk();
  const manifest = role === 'publisher' ? publishedManifest(read, found, options, today) : await manifestToJoin(found);
  const signed = signManifest(manifest, actOf(role, name, options, today), privateKey);
  await demandSound(signed, found, read, privateKey, today);
  writeWhole(join(folder, MANIFEST_FILE), manifestText(signed));
  if (options.bundle !== undefined) writeWhole(options.bundle, writeBundle({ manifest: manifestText(signed), files: found.files }));
  if (options.json === true) print(manifestText(signed));
  else {
    print(`${read.ref.id} ${read.ref.version} (${read.ref.digest.slice(0, 12)}) is signed by ${name} as ${role}`);
    print(`fingerprint of the key ${readableFingerprint(fingerprintOf(keyText(createPublicKey(privateKey))))}`);
    print(signed.valid_until === undefined ? 'It does not expire.' : `It may be installed until ${signed.valid_until}.`);
    print(`Written: ${join(folder, MANIFEST_FILE)}${options.bundle === undefined ? '' : ` and ${options.bundle}`}`);
  }
}

/** Only a pack without errors is published. What others signed under the same manifest stays. */
function publishedManifest(pack: Pack, found: FoundPack, options: SignOptions, today: CivilDate): Manifest {
  const errors = checkPack(pack).filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new Exit(EXIT.refused, `The check of the pack finds ${errors.length} errors; a pack with errors is not signed. Run “mizan pack check”.`, { code: 'pack-has-errors', errors: errors.length });
  if (!isVersion(pack.ref.version)) throw new Exit(EXIT.refused, `The version ${pack.ref.version} is not of the form 1.2.3. Versions are compared when a pack is installed: change it in pack.yaml.`);
  const validUntil = options.validUntil === undefined ? undefined : parseCivilDate(options.validUntil);
  if (options.validUntil !== undefined && (validUntil === undefined || validUntil < today)) throw new Exit(EXIT.usage, `--valid-until ${options.validUntil} is not a day from today on, YYYY-MM-DD.`);
  const supersedes = /^([^#]+)#([0-9a-f]{64})$/.exec(options.supersedes ?? '');
  if (options.supersedes !== undefined && (supersedes === null || !isVersion(supersedes[1] ?? ''))) throw new Exit(EXIT.usage, '--supersedes is VERSION#DIGEST, for example 1.0.0#… with 64 hexadecimal digits; the page of the version shows both.');
  const fresh = manifestOf({
    pack,
    files: found.files,
    issued: today,
    ...(validUntil === undefined ? {} : { validUntil }),
    ...(supersedes === null ? {} : { supersedes: { version: supersedes[1] ?? '', digest: supersedes[2] ?? '' } }),
  });
  const before = parseManifest(found.manifest);
  if (!before.ok) return fresh;
  const { publisher: _publisher, counsel, council_certificate, ...body } = before.value;
  if (counsel === undefined && council_certificate === undefined) return fresh;
  if (manifestText(body) === manifestText(fresh)) return { ...fresh, ...(counsel === undefined ? {} : { counsel }), ...(council_certificate === undefined ? {} : { council_certificate }) };
  tell('The pack or its dates changed since others signed it: their signatures were taken out and have to be made again.');
  return fresh;
}

/** Counsel and council sign what the publisher made, never something of their own. */
async function manifestToJoin(found: FoundPack): Promise<Manifest> {
  const manifest = parseManifest(found.manifest);
  if (manifest.ok) return manifest.value;
  if (manifest.refusal.code === 'unsigned') throw new Exit(EXIT.refused, 'The publisher signs first: there is no pack.json yet.', { code: 'unsigned' });
  throw await refused(manifest.refusal);
}

function actOf(role: KeyRole, name: string, options: SignOptions, today: CivilDate): SigningAct {
  const said = (value: string | undefined, option: string): string => {
    if (value === undefined || value.trim() === '') throw new Exit(EXIT.usage, `${option} is missing.`);
    return value.trim();
  };
  switch (role) {
    case 'publisher':
      return { role, name };
    case 'counsel':
      return { role, name, licence: said(options.licence, '--licence'), signedAt: today };
    case 'council':
      return { role, name, decision: said(options.decision, '--decision'), signedAt: today };
  }
}

/** Nobody signs what does not fit the files, or what another's signature does not fit. */
async function demandSound(signed: Manifest, found: FoundPack, pack: Pack, privateKey: KeyObject, today: CivilDate): Promise<void> {
  const own = keyText(createPublicKey(privateKey));
  const claimed = [['publisher', signed.publisher], ['counsel', signed.counsel], ['council', signed.council_certificate]] as const;
  const trustedKeys: TrustedKey[] = claimed.flatMap(([role, statement]) => (statement === undefined ? [] : [{ role, name: statement.name, key: statement.key }]));
  const verdict = verifyManifest({ text: manifestText(signed), files: found.files, trustedKeys, now: today, bases: pack.bases });
  const fits = verdict.ok ? manifestFits(signed, pack, found.files) : verdict;
  if (fits.ok) return;
  const isWaiting = fits.refusal.code === 'unsigned' && fits.refusal.role === 'counsel' && own === signed.publisher?.key;
  if (!isWaiting) throw await refused(fits.refusal);
  tell(`pack.yaml has the status ${pack.status}: it is refused everywhere until counsel has signed, too.`);
}

async function verify(path: string, options: { readonly keys?: string; readonly json?: boolean }): Promise<void> {
  const found = await findPack(path);
  const trustedKeys = options.keys === undefined ? await keysOfRegister() : readTrustedKeysFile(options.keys);
  // The signature first: what nobody answers for need not be read as law.
  const bases = [...new Set(parsedBases(found))].flatMap((id) => baseRefs(id, found));
  const verdict = verifyManifest({ text: found.manifest, files: found.files, trustedKeys, now: systemClock.today(), bases });
  if (!verdict.ok) throw await refused(verdict.refusal);
  const fits = manifestFits(verdict.value.manifest, loadedOrExit(found, path), found.files);
  if (!fits.ok) throw await refused(fits.refusal);
  const { manifest, signers } = verdict.value;
  if (options.json === true) {
    print(JSON.stringify({ sound: true, pack: { id: manifest.id, version: manifest.version, digest: manifest.digest }, valid_until: manifest.valid_until ?? null, signers }, null, 2));
    return;
  }
  print(`${manifest.id} ${manifest.version} (${manifest.digest.slice(0, 12)}) is as it was signed.`);
  const { readableFingerprint } = await loadDesk();
  for (const { role, name, on, statement, fingerprint } of signers) print(`${role.padEnd(9)} ${name}${statement === undefined ? '' : ` (${statement})`}, ${on}, key ${readableFingerprint(fingerprint)}`);
  if (manifest.valid_until !== undefined) print(`valid until ${manifest.valid_until}`);
}

function parsedBases(found: FoundPack): readonly string[] {
  const manifest = parseManifest(found.manifest);
  return manifest.ok ? [...manifest.value.extends, ...manifest.value.depends].map((base) => base.id) : [];
}

function baseRefs(id: string, found: FoundPack): readonly Pack['ref'][] {
  const files = found.bases(id);
  return files === undefined ? [] : [loadedOrExit({ files, bases: found.bases }, id).ref];
}

/** The keys the register believes, revoked ones marked. */
async function keysOfRegister(): Promise<readonly TrustedKey[]> {
  const client = await connect(settings());
  try {
    const { keys } = await client.request<{ keys: readonly { role: KeyRole; name: string; key: string; revokedOn: string | null }[] }>('GET', '/api/v1/lawdesk/keys');
    return keys.map(({ role, name, key, revokedOn }) => ({ role, name, key, ...(revokedOn === null ? {} : { revokedOn: revokedOn as CivilDate }) }));
  } finally {
    await client.close();
  }
}

async function refused(refusal: ManifestRefusal): Promise<Exit> {
  const { manifestRefusalText } = await loadDesk();
  const words = manifestRefusalText(refusal, terminalLanguage());
  return new Exit(EXIT.refused, `${words} (${refusal.code})`, { sound: false, code: refusal.code, detail: words, refusal: { ...refusal } });
}

/** Written beside and renamed, so that nobody meets half a manifest. */
function writeWhole(path: string, content: string | Buffer): void {
  try {
    writeFileSync(`${path}.part`, content, { flush: true });
    renameSync(`${path}.part`, path);
  } catch (error) {
    rmSync(`${path}.part`, { force: true });
    throw new Fault('pack-not-written', `${path} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {}, { cause: error });
  }
}
