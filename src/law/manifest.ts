/**
 * The signed manifest of a pack (`pack.json`): which files belong to it, who answers for them and until when.
 *
 * The file is RFC 8785 canonical JSON and nothing else, so each value has one spelling and any changed byte is noticed: it changes a value
 * under a signature, or it is no longer canonical. Signatures are Ed25519 (RFC 8032). node:crypto refuses signatures whose second half is
 * not below the group order, so nobody can make a second signature out of one. Public keys of small order, under which one signature fits
 * any text, are refused by the OpenSSL 3.5 of the pinned Node and accepted by the 3.0 of older ones; `readKey` refuses them, and encodings
 * that are not reduced, on its own. A key with a small-order part beside a proper one passes; it helps only its owner, who can sign
 * whatever she likes anyway.
 */

import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonical, no, parseCivilDate, yes } from '../base/index.ts';
import type { CivilDate, Json, Verdict } from '../base/index.ts';
import { sha256Hex } from './digest.ts';
import type { Pack, PackFile, PackRef, PackStatus } from './model.ts';

export const MANIFEST_FILE = 'pack.json';
/** The engine of this program; a pack says in `engine_min` what it needs. */
export const ENGINE = 1;
export const MANIFEST_CHARS_MAX = 512 * 1024;
export const MANIFEST_FILES_MAX = 500;
const RELATED_MAX = 16;
const BASES_MAX = 64;
const NAME_CHARS_MAX = 200;
const TRUSTED_KEYS_MAX = 200;

/** A key signs in one role only: a counsel's key cannot publish. */
export const KEY_ROLES = ['publisher', 'counsel', 'council'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** The key is written `ed25519:` and 43 characters of base64url. */
export interface TrustedKey {
  readonly role: KeyRole;
  readonly name: string;
  readonly key: string;
  /** From when on nothing under this key is believed, whatever date it carries: a thief also chooses the dates. */
  readonly revokedOn?: CivilDate;
}

export interface PublisherSignature {
  readonly name: string;
  readonly key: string;
  readonly sig: string;
}
export interface CounselSignature {
  readonly name: string;
  readonly licence: string;
  readonly signed_at: CivilDate;
  readonly key: string;
  readonly sig: string;
}
/** The act of a council that adopted the pack; a place for it, signed and verified like the others. */
export interface CouncilCertificate {
  readonly name: string;
  readonly decision: string;
  readonly signed_at: CivilDate;
  readonly key: string;
  readonly sig: string;
}

/** `pack.json` as it is written; names as in the file. */
export interface Manifest {
  readonly format: 1;
  readonly id: string;
  readonly version: string;
  readonly jurisdiction: string;
  /** Digest of the pack (docs/spec/law-pack.md), which covers the digests of the packs it extends. */
  readonly digest: string;
  readonly extends: readonly PackRef[];
  readonly depends: readonly PackRef[];
  /** Every YAML file, by path. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** Over the questions and readings in the order in which this pack declares them. */
  readonly variable_order_sha256: string;
  readonly legal_basis: readonly { readonly celex?: string; readonly oj?: string }[];
  readonly valid_from: CivilDate;
  readonly known_from: CivilDate;
  readonly status: PackStatus;
  readonly supersedes?: { readonly version: string; readonly digest: string };
  readonly engine_min: number;
  /** The day on which the manifest was made; it is not believed earlier. */
  readonly issued: CivilDate;
  /** The last day on which the pack may be installed or adopted. */
  readonly valid_until?: CivilDate;
  readonly publisher?: PublisherSignature;
  readonly counsel?: CounselSignature;
  readonly council_certificate?: CouncilCertificate;
}

export type ManifestRefusal =
  /** `where` names the member, or `canonical` when the file is not in canonical form. */
  | { readonly code: 'malformed'; readonly where: string }
  | { readonly code: 'unsigned'; readonly role: KeyRole }
  | { readonly code: 'unknown-key'; readonly role: KeyRole; readonly name: string; readonly fingerprint: string }
  | { readonly code: 'key-revoked'; readonly role: KeyRole; readonly name: string; readonly fingerprint: string; readonly on: CivilDate }
  | { readonly code: 'wrong-signature'; readonly role: KeyRole; readonly name: string }
  | { readonly code: 'not-yet-valid'; readonly from: CivilDate }
  | { readonly code: 'expired'; readonly until: CivilDate }
  | { readonly code: 'engine-too-old'; readonly needs: number; readonly has: number }
  | { readonly code: 'file-changed'; readonly file: string }
  | { readonly code: 'file-missing'; readonly file: string }
  | { readonly code: 'extra-file'; readonly file: string }
  | { readonly code: 'base-missing'; readonly id: string; readonly version: string; readonly digest: string }
  | { readonly code: 'base-differs'; readonly id: string; readonly wanted: string; readonly found: string }
  | { readonly code: 'downgraded'; readonly version: string; readonly adopted: string }
  /** The version of the pack in force again, with other content: two laws must not share a name. */
  | { readonly code: 'version-reused'; readonly version: string };

/** Somebody whose signature was verified with a key that is believed. `name` is the one kept with the key, not the claimed one. */
export interface Signer {
  readonly role: KeyRole;
  readonly name: string;
  readonly fingerprint: string;
  readonly on: CivilDate;
  /** A counsel's licence, a council's decision. */
  readonly statement?: string;
}

export interface VerifiedManifest {
  readonly manifest: Manifest;
  readonly signers: readonly Signer[];
}

export interface ManifestQuestion {
  /** The text of `pack.json`; undefined when there is none. */
  readonly text: string | undefined;
  /** Every YAML file that came along. */
  readonly files: readonly PackFile[];
  readonly trustedKeys: readonly TrustedKey[];
  readonly now: CivilDate;
  /** The version of this pack in force, if any. */
  readonly adopted?: Pick<PackRef, 'version' | 'digest'>;
  /** Packs that are here and may be extended. */
  readonly bases?: readonly PackRef[];
}

/** The text of bytes as they came; undefined when they are not UTF-8. Nothing is repaired and no mark is dropped, so other bytes are another text. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

// Making and signing.

export interface ManifestFacts {
  readonly pack: Pack;
  /** The YAML files of the pack's own folder. */
  readonly files: readonly PackFile[];
  readonly issued: CivilDate;
  readonly validUntil?: CivilDate;
  readonly supersedes?: { readonly version: string; readonly digest: string };
  readonly depends?: readonly PackRef[];
}

/** The manifest of a loaded pack, without signatures. */
export function manifestOf(given: ManifestFacts): Manifest {
  const { pack } = given;
  return {
    format: 1,
    id: pack.ref.id,
    version: pack.ref.version,
    jurisdiction: pack.jurisdiction,
    digest: pack.ref.digest,
    extends: pack.bases.map(plainRef),
    depends: (given.depends ?? []).map(plainRef),
    files: given.files.map(({ path, text }) => ({ path, sha256: sha256Hex(text) })).sort(byPath),
    variable_order_sha256: variableOrderDigest(pack),
    legal_basis: pack.legalBasis.map(({ celex, oj }) => ({ ...(celex === undefined ? {} : { celex }), ...(oj === undefined ? {} : { oj }) })),
    valid_from: pack.validFrom,
    known_from: pack.knownFrom,
    status: pack.status,
    ...(given.supersedes === undefined ? {} : { supersedes: given.supersedes }),
    engine_min: ENGINE,
    issued: given.issued,
    ...(given.validUntil === undefined ? {} : { valid_until: given.validUntil }),
  };
}

const plainRef = ({ id, version, digest }: PackRef): PackRef => ({ id, version, digest });
const byPath = (one: { readonly path: string }, two: { readonly path: string }): number => (one.path < two.path ? -1 : one.path > two.path ? 1 : 0);

/** SHA-256 (hex) over facts with their values and readings with their options, as the pack declares them: a program that reads another order makes other diagrams. */
export function variableOrderDigest(pack: Pack): string {
  const facts = pack.facts.map((fact) => ({ fact: fact.id, type: fact.type, values: fact.values.map((value) => value.id) }));
  const readings = pack.readings.map((reading) => ({ reading: reading.id, options: reading.options.map((option) => option.id) }));
  return sha256Hex(canonical({ order: [...facts, ...readings] }));
}

export type SigningAct =
  | { readonly role: 'publisher'; readonly name: string }
  | { readonly role: 'counsel'; readonly name: string; readonly licence: string; readonly signedAt: CivilDate }
  | { readonly role: 'council'; readonly name: string; readonly decision: string; readonly signedAt: CivilDate };

/** Adds a signature. Ed25519 signatures are a function of key and text: the same act gives the same bytes. */
export function signManifest(manifest: Manifest, act: SigningAct, privateKey: KeyObject): Manifest {
  const key = keyText(createPublicKey(privateKey));
  const seal = <T extends Statement>(statement: T): T & { readonly sig: string } => ({ ...statement, sig: sign(null, signedBytes(manifest, act.role, statement), privateKey).toString('base64url') });
  switch (act.role) {
    case 'publisher':
      return { ...manifest, publisher: seal({ name: act.name, key }) };
    case 'counsel':
      return { ...manifest, counsel: seal({ name: act.name, licence: act.licence, signed_at: act.signedAt, key }) };
    case 'council':
      return { ...manifest, council_certificate: seal({ name: act.name, decision: act.decision, signed_at: act.signedAt, key }) };
  }
}

/** `pack.json` as it is written to disk. */
export function manifestText(manifest: Manifest): string {
  return canonical(manifest as unknown as Json);
}

interface Statement {
  readonly name: string;
  readonly key: string;
  readonly licence?: string;
  readonly decision?: string;
  readonly signed_at?: CivilDate;
}

/** What a signature covers: the manifest without any signature, and the statement of the one who signs. The role separates what the acts mean. */
function signedBytes(manifest: Manifest, role: KeyRole, statement: Statement): Buffer {
  const { publisher: _publisher, counsel: _counsel, council_certificate: _council, ...body } = manifest;
  const { name, key, licence, decision, signed_at } = statement;
  return Buffer.from(canonical({ statement: `mizan-pack-${role}-1`, manifest: body as unknown as Json, by: { name, key, licence, decision, signed_at } }), 'utf8');
}

// Keys.

export interface PublicKey {
  readonly text: string;
  readonly fingerprint: string;
  readonly object: KeyObject;
}

const KEY_PREFIX = 'ed25519:';
const KEY_BYTES = 32;
/** 2^255 - 19. */
const FIELD_PRIME = (1n << 255n) - 19n;
/** The y of the points whose order divides 8 (RFC 7748 has the same list for x). A key among them fits any text. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD_PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/** Reads `ed25519:…`. Refuses what is not 32 bytes in the one spelling of base64url, and keys under which a signature proves nothing. */
export function readKey(text: string): Verdict<PublicKey, 'not-a-key' | 'weak-key'> {
  const encoded = text.startsWith(KEY_PREFIX) ? text.slice(KEY_PREFIX.length) : '';
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64url') !== encoded) return no('not-a-key');
  let y = 0n;
  for (let at = KEY_BYTES - 1; at >= 0; at--) y = (y << 8n) | BigInt((bytes[at] ?? 0) & (at === KEY_BYTES - 1 ? 0x7f : 0xff));
  if (y >= FIELD_PRIME || SMALL_ORDER_Y.has(y)) return no('weak-key');
  try {
    const object = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: encoded }, format: 'jwk' });
    return yes({ text, fingerprint: createHash('sha256').update(bytes).digest('hex'), object });
  } catch {
    return no('not-a-key');
  }
}

/** `ed25519:…` of a public key. Throws TypeError on keys of another kind. */
export function keyText(publicKey: KeyObject): string {
  const { crv, x } = publicKey.export({ format: 'jwk' });
  if (crv !== 'Ed25519' || x === undefined) throw new TypeError('not an Ed25519 key');
  return `${KEY_PREFIX}${x}`;
}

/** One key a line, `publisher ed25519:… Name of the publisher`; empty lines and lines that begin with # are passed over. */
export function readTrustedKeys(text: string): Verdict<readonly TrustedKey[], { readonly line: number; readonly code: 'not-a-line' | 'not-a-key' | 'weak-key' | 'too-many' }> {
  const keys: TrustedKey[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (keys.length === TRUSTED_KEYS_MAX) return no({ line: index + 1, code: 'too-many' });
    const match = /^(publisher|counsel|council)\s+(ed25519:\S+)\s+(\S.*)$/.exec(line);
    const [, role, key, name] = match ?? [];
    if (role === undefined || key === undefined || name === undefined || name.length > NAME_CHARS_MAX) return no({ line: index + 1, code: 'not-a-line' });
    const read = readKey(key);
    if (!read.ok) return no({ line: index + 1, code: read.refusal });
    keys.push({ role: role as KeyRole, name, key });
  }
  return yes(keys);
}

export function trustedKeyLine({ role, key, name }: Pick<TrustedKey, 'role' | 'key' | 'name'>): string {
  return `${role} ${key} ${name}`;
}

// Verifying.

/**
 * Whether the files are what the manifest says, and whether somebody believed here says so today. The signature is looked at before
 * anything the manifest claims, the files before anything about other packs; the first refusal is the answer.
 */
export function verifyManifest(question: ManifestQuestion): Verdict<VerifiedManifest, ManifestRefusal> {
  const parsed = parseManifest(question.text);
  if (!parsed.ok) return parsed;
  const manifest = parsed.value;
  const signers = verifySignatures(manifest, question);
  if (!signers.ok) return signers;
  const refusal = datesRefusal(manifest, question.now) ?? filesRefusal(manifest, question.files) ?? basesRefusal(manifest, question.bases ?? []) ?? versionRefusal(manifest, question.adopted);
  return refusal === undefined ? yes({ manifest, signers: signers.value }) : no(refusal);
}

/** Whether a manifest says of a pack what the pack says of itself; to be asked once the files have been read as law. */
export function manifestFits(manifest: Manifest, pack: Pack, files: readonly PackFile[]): Verdict<Manifest, ManifestRefusal> {
  const { issued, valid_until, supersedes, depends } = manifest;
  const expected = manifestOf({ pack, files, issued, depends, ...(valid_until === undefined ? {} : { validUntil: valid_until }), ...(supersedes === undefined ? {} : { supersedes }) });
  const given = manifest as unknown as Readonly<Record<string, Json>>;
  for (const [member, value] of Object.entries(expected as unknown as Readonly<Record<string, Json>>)) {
    // The publisher may ask for more than this engine.
    if (member !== 'engine_min' && canonical(given[member] ?? null) !== canonical(value)) return no({ code: 'malformed', where: member });
  }
  return yes(manifest);
}

function verifySignatures(manifest: Manifest, { trustedKeys }: ManifestQuestion): Verdict<readonly Signer[], ManifestRefusal> {
  if (manifest.publisher === undefined) return no({ code: 'unsigned', role: 'publisher' });
  // Who says that counsel signed must show it; nothing is adopted before that.
  if (manifest.counsel === undefined && (manifest.status === 'counsel_signed' || manifest.status === 'adopted')) return no({ code: 'unsigned', role: 'counsel' });
  const given: readonly (readonly [KeyRole, (Statement & { readonly sig: string }) | undefined])[] = [
    ['publisher', manifest.publisher],
    ['counsel', manifest.counsel],
    ['council', manifest.council_certificate],
  ];
  const signers: Signer[] = [];
  for (const [role, statement] of given) {
    if (statement === undefined) continue;
    const signer = verifyOne(manifest, role, statement, trustedKeys);
    if (!signer.ok) return signer;
    signers.push(signer.value);
  }
  return yes(signers);
}

function verifyOne(manifest: Manifest, role: KeyRole, statement: Statement & { readonly sig: string }, trustedKeys: readonly TrustedKey[]): Verdict<Signer, ManifestRefusal> {
  const key = readKey(statement.key);
  if (!key.ok) return no({ code: 'malformed', where: `${role}.key` });
  const { fingerprint, object } = key.value;
  const known = trustedKeys.find((one) => one.role === role && one.key === statement.key);
  if (known === undefined) return no({ code: 'unknown-key', role, name: statement.name, fingerprint });
  if (known.revokedOn !== undefined) return no({ code: 'key-revoked', role, name: known.name, fingerprint, on: known.revokedOn });
  const isRight = verify(null, signedBytes(manifest, role, statement), object, Buffer.from(statement.sig, 'base64url'));
  if (!isRight) return no({ code: 'wrong-signature', role, name: known.name });
  const said = statement.licence ?? statement.decision;
  return yes({ role, name: known.name, fingerprint, on: statement.signed_at ?? manifest.issued, ...(said === undefined ? {} : { statement: said }) });
}

function datesRefusal(manifest: Manifest, now: CivilDate): ManifestRefusal | undefined {
  const latest = [manifest.issued, ...(manifest.counsel === undefined ? [] : [manifest.counsel.signed_at]), ...(manifest.council_certificate === undefined ? [] : [manifest.council_certificate.signed_at])].reduce((a, b) => (a < b ? b : a));
  if (now < latest) return { code: 'not-yet-valid', from: latest };
  if (manifest.valid_until !== undefined && manifest.valid_until < now) return { code: 'expired', until: manifest.valid_until };
  if (manifest.engine_min > ENGINE) return { code: 'engine-too-old', needs: manifest.engine_min, has: ENGINE };
  return undefined;
}

function filesRefusal(manifest: Manifest, files: readonly PackFile[]): ManifestRefusal | undefined {
  const given = new Map(files.map((file) => [file.path, file.text]));
  for (const { path, sha256 } of manifest.files) {
    const text = given.get(path);
    if (text === undefined) return { code: 'file-missing', file: path };
    if (sha256Hex(text) !== sha256) return { code: 'file-changed', file: path };
  }
  const listed = new Set(manifest.files.map((file) => file.path));
  const extra = files.find((file) => !listed.has(file.path));
  if (extra !== undefined) return { code: 'extra-file', file: extra.path };
  // The same path twice: which of the two would be read is anybody's guess.
  return files.length === given.size ? undefined : { code: 'malformed', where: 'files' };
}

function basesRefusal(manifest: Manifest, bases: readonly PackRef[]): ManifestRefusal | undefined {
  for (const { id, version, digest } of [...manifest.extends, ...manifest.depends]) {
    const here = bases.filter((base) => base.id === id);
    const first = here[0];
    if (first === undefined) return { code: 'base-missing', id, version, digest };
    if (!here.some((base) => base.digest === digest)) return { code: 'base-differs', id, wanted: digest, found: first.digest };
  }
  return undefined;
}

function versionRefusal(manifest: Manifest, adopted: ManifestQuestion['adopted']): ManifestRefusal | undefined {
  if (adopted === undefined) return undefined;
  const order = compareVersions(manifest.version, adopted.version);
  if (order < 0) return { code: 'downgraded', version: manifest.version, adopted: adopted.version };
  return order === 0 && manifest.digest !== adopted.digest ? { code: 'version-reused', version: manifest.version } : undefined;
}

const VERSION = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})(?:-([0-9A-Za-z.-]{1,60}))?$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Order of two versions as Semantic Versioning 2.0 §11 has it: negative when `one` is older. What is no version is older than any. */
export function compareVersions(one: string, two: string): number {
  const [a, b] = [VERSION.exec(one), VERSION.exec(two)];
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  for (const at of [1, 2, 3]) {
    const difference = Number(a[at]) - Number(b[at]);
    if (difference !== 0) return difference;
  }
  return comparePrereleases(a[4], b[4]);
}

function comparePrereleases(one: string | undefined, two: string | undefined): number {
  // A version without a pre-release mark comes after those with one.
  if (one === undefined || two === undefined) return Number(one === undefined) - Number(two === undefined);
  const [a, b] = [one.split('.'), two.split('.')];
  for (const [at, left] of a.entries()) {
    const right = b[at];
    if (right === undefined) return 1;
    if (left === right) continue;
    const [isLeftNumber, isRightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (isLeftNumber && isRightNumber) return Number(left) - Number(right);
    if (isLeftNumber !== isRightNumber) return isLeftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return a.length - b.length;
}

// Reading.

/** Answers the first member that is not as it must be: `canonical` when the spelling is not the one of RFC 8785. */
export function parseManifest(text: string | undefined): Verdict<Manifest, ManifestRefusal> {
  if (text === undefined) return no({ code: 'unsigned', role: 'publisher' });
  if (text.length > MANIFEST_CHARS_MAX) return no({ code: 'malformed', where: 'length' });
  let value: unknown;
  try {
    value = JSON.parse(text);
    // One spelling only: also catches a member given twice.
    if (canonical(value as Json) !== text) return no({ code: 'malformed', where: 'canonical' });
  } catch {
    return no({ code: 'malformed', where: 'canonical' });
  }
  const where = MANIFEST(value, '');
  if (where !== undefined) return no({ code: 'malformed', where });
  const manifest = value as Manifest;
  const paths = manifest.files.map((file) => file.path);
  if (new Set(paths.map((path) => path.toLowerCase())).size !== paths.length || !paths.includes('pack.yaml')) return no({ code: 'malformed', where: 'files' });
  return yes(manifest);
}

/** Answers where a value is not of its shape; undefined when it is. */
type Shape = (value: unknown, place: string) => string | undefined;

const shape = (isRight: (value: unknown) => boolean): Shape => (value, place) => (isRight(value) ? undefined : place);
const text = (pattern: RegExp): Shape => shape((value) => typeof value === 'string' && pattern.test(value));
const name = shape((value) => typeof value === 'string' && value.trim() !== '' && value.length <= NAME_CHARS_MAX);
const date = shape((value) => typeof value === 'string' && parseCivilDate(value) !== undefined);
const sha256 = text(/^[0-9a-f]{64}$/);
const version = text(VERSION);
const packId = text(/^[a-z0-9][a-z0-9-]{0,79}$/);
const list = (item: Shape, max: number, min = 0): Shape => (value, place) => {
  if (!Array.isArray(value) || value.length > max || value.length < min) return place;
  for (const [at, one] of value.entries()) {
    const wrong = item(one, `${place}[${at}]`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};
const record = (needed: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape => (value, place) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return place === '' ? 'canonical' : place;
  const at = (key: string): string => (place === '' ? key : `${place}.${key}`);
  const given = value as Readonly<Record<string, unknown>>;
  for (const key of Object.keys(given)) if (!Object.hasOwn(needed, key) && !Object.hasOwn(optional, key)) return at(key);
  for (const [key, inner] of Object.entries(needed)) {
    const wrong = Object.hasOwn(given, key) ? inner(given[key], at(key)) : at(key);
    if (wrong !== undefined) return wrong;
  }
  for (const [key, inner] of Object.entries(optional)) {
    const wrong = Object.hasOwn(given, key) ? inner(given[key], at(key)) : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
};

const key = shape((value) => typeof value === 'string' && readKey(value).ok);
/** 64 bytes in the one spelling of base64url: the last characters have bits to spare, which must be zero. */
const signature = shape((value) => typeof value === 'string' && Buffer.from(value, 'base64url').length === 64 && Buffer.from(value, 'base64url').toString('base64url') === value);
const ref = record({ id: packId, version, digest: sha256 });
/** Relative, with `/`, without `.` or `..` as a step: it can neither leave its folder nor have two spellings. */
const path = text(/^(?!\.)[A-Za-z0-9._-]{1,100}(?:\/(?!\.)[A-Za-z0-9._-]{1,100}){0,8}$/);

const MANIFEST = record(
  {
    format: shape((value) => value === 1),
    id: packId,
    version,
    jurisdiction: name,
    digest: sha256,
    extends: list(ref, RELATED_MAX),
    depends: list(ref, RELATED_MAX),
    files: list(record({ path, sha256 }), MANIFEST_FILES_MAX, 1),
    variable_order_sha256: sha256,
    legal_basis: list(record({}, { celex: name, oj: name }), BASES_MAX),
    valid_from: date,
    known_from: date,
    status: shape((value) => ['draft', 'needs_local_counsel', 'counsel_signed', 'adopted', 'withdrawn'].includes(value as string)),
    engine_min: shape((value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 1000),
    issued: date,
  },
  {
    valid_until: date,
    supersedes: record({ version, digest: sha256 }),
    publisher: record({ name, key, sig: signature }),
    counsel: record({ name, licence: name, signed_at: date, key, sig: signature }),
    council_certificate: record({ name, decision: name, signed_at: date, key, sig: signature }),
  },
);
