/** The backup file of a seat: its seeds sealed by a passphrase, in the form in which `mizan seat` keeps them, so that a daemon can take them over. */
/// <reference lib="dom" />

import { scryptAsync } from '@noble/hashes/scrypt.js';
import { no, yes, type Json, type Verdict } from '../../../../base/index.ts';
import { base64, fromBase64, fromUtf8, utf8 } from '../../../../proof/index.ts';
import type { SeatIdentity } from '../../model.ts';
import type { Seeds } from '../../rules/seeds.ts';

export const BACKUP_FORMAT = 'mizan-seat/backup/v1';
const SEALED_FORMAT = 'mizan-seat/sealed/v1';
export const BACKUP_BYTES_MAX = 64 * 1024;
/** Work of one guess at the passphrase: N and p of scrypt with r = 8, so 32 MB and three passes, as the daemon takes. */
export interface SealCost {
  readonly cost: number;
  readonly passes: number;
}
export const SEAL_COST: SealCost = { cost: 32_768, passes: 3 };
const COST_MIN = 1024;
const COST_MAX = 262_144;
const PASSES_MAX = 16;
/** What each sealed text holds: the names of the daemon's files. */
const PARTS = ['identity', 'ballot', 'agent'] as const;
type Part = (typeof PARTS)[number];

export type BackupRefusal = 'backup-form' | 'backup-passphrase';

interface Head extends SealCost {
  readonly what: string;
  readonly salt: string;
}

const headerOf = ({ what, cost, passes, salt }: Head): Uint8Array<ArrayBuffer> => Uint8Array.from(utf8(`${SEALED_FORMAT}\n${what}\n${cost} ${passes}\n${salt}\n`));
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

async function keyOf(passphrase: string, salt: Uint8Array, { cost, passes }: SealCost): Promise<CryptoKey> {
  const bytes = await scryptAsync(utf8(passphrase.normalize('NFC')), salt, { N: cost, r: 8, p: passes, dkLen: 32, maxmem: 256 * cost * 8 });
  return crypto.subtle.importKey('raw', own(bytes), 'AES-GCM', false, ['encrypt', 'decrypt']);
}

function contentsOf({ identity, ballot, agent, cosign, mlDsa }: Seeds): Readonly<Record<Part, string>> {
  return { identity: JSON.stringify({ identity }), ballot: JSON.stringify({ ballot }), agent: JSON.stringify({ agent, cosign, mlDsa }) };
}

/** The text of the file. One salt for its three parts: one passphrase is tried once whatever the number of parts; their nonces differ. */
export async function sealBackup({ who, ...rest }: SeatIdentity, seeds: Seeds, passphrase: string, cost: SealCost = SEAL_COST): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const key = await keyOf(passphrase, salt, cost);
  const contents = contentsOf(seeds);
  const seal = async (what: Part): Promise<readonly [Part, Json]> => {
    const nonce = crypto.getRandomValues(new Uint8Array(12));
    const head = { what, ...cost, salt: base64(salt) };
    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: headerOf(head) }, key, own(utf8(contents[what])));
    return [what, { format: SEALED_FORMAT, ...head, nonce: base64(nonce), sealed: base64(new Uint8Array(sealed)) }];
  };
  const keys = Object.fromEntries(await Promise.all(PARTS.map(seal)));
  return `${JSON.stringify({ format: BACKUP_FORMAT, ...rest, ...who, keys }, null, 2)}\n`;
}

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});

interface Opened {
  readonly identity: SeatIdentity;
  readonly seeds: Seeds;
}

function identityIn(read: Fields): SeatIdentity | undefined {
  const { format, council, origin, epoch, seat, constituency, rank } = read;
  if (format !== BACKUP_FORMAT || typeof council !== 'string' || typeof origin !== 'string' || typeof epoch !== 'number') return undefined;
  const who = typeof seat === 'number' ? { seat } : typeof constituency === 'string' && typeof rank === 'number' ? { constituency, rank } : undefined;
  return who === undefined ? undefined : { council, origin, epoch, who };
}

function headIn(part: Fields, what: Part): (Head & { readonly nonce: Uint8Array; readonly sealed: Uint8Array; readonly saltBytes: Uint8Array }) | undefined {
  const { format, cost, passes, salt, nonce, sealed } = part;
  if (format !== SEALED_FORMAT || part['what'] !== what || typeof cost !== 'number' || typeof passes !== 'number' || typeof salt !== 'string' || typeof nonce !== 'string' || typeof sealed !== 'string') return undefined;
  if (!Number.isInteger(cost) || cost < COST_MIN || cost > COST_MAX || (cost & (cost - 1)) !== 0 || !Number.isInteger(passes) || passes < 1 || passes > PASSES_MAX) return undefined;
  const [saltBytes, nonceBytes, sealedBytes] = [fromBase64(salt), fromBase64(nonce), fromBase64(sealed)];
  if (saltBytes === undefined || nonceBytes?.length !== 12 || sealedBytes === undefined || sealedBytes.length < 16) return undefined;
  return { what, cost, passes, salt, saltBytes, nonce: nonceBytes, sealed: sealedBytes };
}

/** A wrong passphrase and a changed file cannot be told apart: both are `backup-passphrase`; what has not the form at all is `backup-form`. */
export async function openBackup(text: string, passphrase: string): Promise<Verdict<Opened, BackupRefusal>> {
  let read: Fields;
  try {
    read = text.length > BACKUP_BYTES_MAX ? {} : fieldsOf(JSON.parse(text) as Json);
  } catch {
    return no('backup-form');
  }
  const identity = identityIn(read);
  const keys = fieldsOf(read['keys']);
  const heads = PARTS.map((part) => headIn(fieldsOf(keys[part]), part));
  if (identity === undefined || heads.includes(undefined)) return no('backup-form');
  const opened: Record<string, Json | undefined> = {};
  const derived = new Map<string, CryptoKey>();
  for (const head of heads) {
    if (head === undefined) continue;
    const name = `${head.salt} ${head.cost} ${head.passes}`;
    const key = derived.get(name) ?? (await keyOf(passphrase, head.saltBytes, head));
    derived.set(name, key);
    try {
      const content = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: own(head.nonce), additionalData: headerOf(head) }, key, own(head.sealed));
      Object.assign(opened, JSON.parse(fromUtf8(new Uint8Array(content)) ?? '') as Fields);
    } catch {
      return no('backup-passphrase');
    }
  }
  const seeds = { identity: opened['identity'], ballot: opened['ballot'], agent: opened['agent'], cosign: opened['cosign'], mlDsa: opened['mlDsa'] };
  if (!Object.values(seeds).every((seed) => typeof seed === 'string' && /^[0-9a-f]{64}$/.test(seed))) return no('backup-form');
  return yes({ identity, seeds: seeds as unknown as Seeds });
}

