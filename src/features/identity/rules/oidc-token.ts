/** Checks the ID token of OpenID Connect: who signed it, for whom, when, and in answer to which question. */

import { createLocalJWKSet, decodeProtectedHeader, errors, type JSONWebKeySet, jwtVerify, type JWTPayload } from 'jose';
import { no, type Verdict, yes } from '../../../base/index.ts';

/** Signatures by key pairs only: what is signed with the shared secret, or not at all, proves nothing that we could not have written. */
export const TOKEN_ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
export const CLOCK_SKEW_SECONDS = 60;
const TOKEN_AGE_SECONDS_MAX = 600;

export type TokenProblem = 'algorithm' | 'unknown-key' | 'signature' | 'issuer' | 'audience' | 'party' | 'nonce' | 'expired' | 'too-early' | 'malformed';

export interface TokenExpected {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: Date;
}

export async function checkIdToken(token: string, keys: JSONWebKeySet, { issuer, clientId, nonce, now }: TokenExpected): Promise<Verdict<JWTPayload & { readonly sub: string }, TokenProblem>> {
  let claims: JWTPayload;
  try {
    // `none` and HS256 are told as what they are, before a key is looked for.
    if (!TOKEN_ALGORITHMS.includes(decodeProtectedHeader(token).alg ?? 'none')) return no('algorithm');
    const done = await jwtVerify(token, createLocalJWKSet(keys), { issuer, audience: clientId, algorithms: TOKEN_ALGORITHMS, clockTolerance: CLOCK_SKEW_SECONDS, currentDate: now, maxTokenAge: TOKEN_AGE_SECONDS_MAX, requiredClaims: ['sub', 'iss', 'aud', 'exp', 'iat', 'nonce'] });
    claims = done.payload;
  } catch (error) {
    return no(problemIn(error));
  }
  if (claims['nonce'] !== nonce) return no('nonce');
  const party = claims['azp'];
  if (party !== undefined ? party !== clientId : Array.isArray(claims.aud) && claims.aud.length > 1) return no('party');
  const { sub } = claims;
  return typeof sub === 'string' && sub !== '' ? yes({ ...claims, sub }) : no('malformed');
}

function problemIn(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'unknown-key';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm';
  if (error instanceof errors.JWTClaimValidationFailed) {
    const byClaim: Readonly<Record<string, TokenProblem>> = { iss: 'issuer', aud: 'audience', nonce: 'nonce', nbf: 'too-early', iat: 'too-early', exp: 'expired' };
    return byClaim[error.claim] ?? 'malformed';
  }
  if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof SyntaxError) return 'malformed';
  throw error;
}
