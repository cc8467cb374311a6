/** Signatures of XML by keys on elliptic curves, which the library for XML signatures leaves to whoever wants them (RFC 4051, FIPS 186). */

import { type KeyLike, verify } from 'node:crypto';
import type { SignatureAlgorithm } from 'xml-crypto';

const PREFIX = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-';
const HASHES = ['sha256', 'sha384', 'sha512'] as const;

/** Curves of the standard, as Node names them: P-256, P-384, P-521. */
export const CURVES: ReadonlySet<string> = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

/** Verifies only: nothing here signs XML. */
function algorithmOf(hash: (typeof HASHES)[number]): new () => SignatureAlgorithm {
  return class implements SignatureAlgorithm {
    getAlgorithmName = (): string => `${PREFIX}${hash}`;
    getSignature = (): never => {
      throw new Error('no XML is signed here');
    };
    /** In XML the two numbers of a signature stand one after the other at their full length, without the frame that OpenSSL writes. */
    verifySignature = (material: string, key: KeyLike, signature: string): boolean =>
      verify(hash, Buffer.from(material, 'utf8'), { key: key as string, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64'));
  };
}

/** By the name under which a signature names its algorithm. */
export const ECDSA: Readonly<Record<string, new () => SignatureAlgorithm>> = Object.fromEntries(HASHES.map((hash) => [`${PREFIX}${hash}`, algorithmOf(hash)]));
