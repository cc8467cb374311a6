/** The keys of a seat in a browser: made of seeds, then kept where nothing can read them out again, as far as the browser is able to. */
/// <reference lib="dom" />

import { ed25519 } from '@noble/curves/ed25519.js';
import { assert, no, yes, type Verdict } from '../../../../base/index.ts';
import { base64, emptyRoot, fromHex, joinBytes, KEY_TYPES, printCheckpoint, printNote, printVkey, sameBytes, verifierKey, type KeyType } from '../../../../proof/index.ts';
import { nobleSuite as suite } from '../../../../proof/noble-suite.ts';
import { memberName } from '../../../../proof/council/admitted-roll.ts';
import { identityName, MEMBER_KEYS_FORMAT, type HandedInKeys } from '../../../../proof/council/member-keys.ts';
import { possessionOrigin, printPossession } from '../../../../proof/council/seat-texts.ts';
import type { SeatIdentity } from '../../model.ts';
import type { Seeds } from '../../rules/seeds.ts';
import { cosignLater, cosignMlDsaLater, signNoteLater, type LaterSigner } from './later-signer.ts';

/** RFC 8410: what precedes the 32 bytes of an Ed25519 seed in PKCS #8. */
const ED25519_PKCS8 = Uint8Array.of(0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20);
const ML_DSA = 'ML-DSA-44';

/** A key as the browser's store holds it: a handle that cannot be exported, or, where WebCrypto has no Ed25519, the seed. */
export type KeptKey = { readonly publicKey: Uint8Array } & ({ readonly handle: CryptoKey } | { readonly seed: Uint8Array });

/** What daily use needs. The identity key is not among them: it stays in the backup and on paper. */
export interface DailyKeys {
  readonly ballot: KeptKey;
  readonly agent: KeptKey;
  readonly cosign: KeptKey;
}

export interface SeatSigners {
  readonly ballot: LaterSigner;
  readonly agent: LaterSigner;
  readonly cosign: LaterSigner;
}

const bytesOf = (seed: string): Uint8Array => {
  const bytes = fromHex(seed);
  assert(bytes?.length === 32, 'a seed has 32 bytes');
  return bytes;
};

/** A copy on an own buffer, which WebCrypto wants. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** Imported so that no script, this one included, can read it again. Without Ed25519 in WebCrypto the seed itself is kept. */
export async function keepKey(seed: string): Promise<KeptKey> {
  const bytes = bytesOf(seed);
  const publicKey = ed25519.getPublicKey(bytes);
  try {
    const handle = await crypto.subtle.importKey('pkcs8', own(joinBytes(ED25519_PKCS8, bytes)), 'Ed25519', false, ['sign']);
    // A browser that takes the key and signs otherwise than others would be found at the first vote; better now.
    const probe = new Uint8Array(await crypto.subtle.sign('Ed25519', handle, own(publicKey)));
    if (sameBytes(probe, ed25519.sign(publicKey, bytes))) return { publicKey, handle };
  } catch {
    // Older browsers have no Ed25519: the arithmetic in JavaScript signs the same.
  }
  return { publicKey, seed: bytes };
}

export function signerOfKept(name: string, key: KeptKey): LaterSigner {
  const sign = 'handle' in key ? async (message: Uint8Array): Promise<Uint8Array> => new Uint8Array(await crypto.subtle.sign('Ed25519', key.handle, own(message))) : async (message: Uint8Array): Promise<Uint8Array> => ed25519.sign(message, key.seed);
  return { name, publicKey: key.publicKey, sign };
}

export function signersOf({ who, origin }: SeatIdentity, keys: DailyKeys): SeatSigners {
  const member = `${memberName(who)}.${origin}`;
  return { ballot: signerOfKept(`ballot.${member}`, keys.ballot), agent: signerOfKept(`agent.${member}`, keys.agent), cosign: signerOfKept(member, keys.cosign) };
}

export async function dailyKeys(seeds: Seeds): Promise<DailyKeys> {
  const [ballot, agent, cosign] = await Promise.all([keepKey(seeds.ballot), keepKey(seeds.agent), keepKey(seeds.cosign)]);
  return { ballot, agent, cosign };
}

/** The post-quantum key of the roll. Its secret is used here only; `no` where the browser has no ML-DSA-44. */
async function mlDsaSigner(name: string, seed: string): Promise<LaterSigner | undefined> {
  try {
    const usages: KeyUsage[] = ['sign'];
    const handle = await crypto.subtle.importKey('raw-seed' as 'raw', own(bytesOf(seed)), ML_DSA, true, usages);
    const exported = (crypto.subtle as unknown as { getPublicKey?: (key: CryptoKey, usages: KeyUsage[]) => Promise<CryptoKey> }).getPublicKey;
    const publicHandle = exported === undefined ? undefined : await exported.call(crypto.subtle, handle, ['verify']);
    const publicKey = publicHandle === undefined ? await publicOfJwk(handle) : new Uint8Array(await crypto.subtle.exportKey('raw-public' as 'raw', publicHandle));
    return { name, publicKey, sign: async (message) => new Uint8Array(await crypto.subtle.sign(ML_DSA, handle, own(message))) };
  } catch {
    return undefined;
  }
}

/** Where a browser cannot derive the public key, its JSON form has it. */
async function publicOfJwk(handle: CryptoKey): Promise<Uint8Array> {
  const { pub = '' } = (await crypto.subtle.exportKey('jwk', handle)) as { readonly pub?: string };
  const binary = atob(pub.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

const vkeyOf = ({ name, publicKey }: LaterSigner, type: KeyType): string => printVkey(verifierKey(suite, name, type, publicKey));

/** The file of the key ceremony, the same that `mizan seat init` makes (docs/spec/council.md). */
export async function handedInKeys({ council, origin, epoch, who }: SeatIdentity, seeds: Seeds): Promise<Verdict<HandedInKeys, 'ml-dsa-missing'>> {
  const member = `${memberName(who)}.${origin}`;
  const mlDsa = await mlDsaSigner(member, seeds.mlDsa);
  if (mlDsa === undefined) return no('ml-dsa-missing');
  const named = async (name: string, seed: string): Promise<LaterSigner> => signerOfKept(name, await keepKey(seed));
  const [identity, ballot, agent, cosigner] = await Promise.all([named(identityName(who, origin), seeds.identity), named(`ballot.${member}`, seeds.ballot), named(`agent.${member}`, seeds.agent), named(member, seeds.cosign)]);
  const possession = async (one: LaterSigner): Promise<string> => signNoteLater(printPossession({ council, epoch, who, vkey: vkeyOf(one, KEY_TYPES.note) }), one);
  const empty = printCheckpoint({ origin: possessionOrigin(origin, epoch, who), size: 0, root: emptyRoot(suite) });
  return yes({
    format: MEMBER_KEYS_FORMAT,
    council,
    origin,
    epoch,
    who,
    identity: base64(identity.publicKey),
    ballot: vkeyOf(ballot, KEY_TYPES.note),
    cosign: vkeyOf(cosigner, KEY_TYPES.cosignature),
    agent: vkeyOf(agent, KEY_TYPES.note),
    mlDsa: vkeyOf(mlDsa, KEY_TYPES.cosignatureMlDsa44),
    possession: {
      identity: await possession(identity),
      ballot: await possession(ballot),
      agent: await possession(agent),
      cosign: printNote({ text: empty, lines: [await cosignLater(cosigner, empty, 1), await cosignMlDsaLater(mlDsa, empty, 1)] }),
    },
  });
}
