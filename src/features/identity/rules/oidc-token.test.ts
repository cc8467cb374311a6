/** Each way in which an ID token can be wrong, and what it is told to be. */

import { exportJWK, generateKeyPair, type JSONWebKeySet, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkIdToken } from './oidc-token.ts';

const NOW = 1_795_000_000;
const expected = { issuer: 'https://login.example', clientId: 'mizan', nonce: 'n', now: new Date(NOW * 1000) };
const claims = { iss: 'https://login.example', aud: 'mizan', sub: 'u', nonce: 'n', iat: NOW - 5, exp: NOW + 300 };

describe('an ID token', () => {
  let keys: JSONWebKeySet;
  let key: CryptoKey;
  beforeAll(async () => {
    const pair = await generateKeyPair('RS256');
    key = pair.privateKey;
    keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' }] };
  });
  const check = async (change: Readonly<Record<string, unknown>>, kid = 'k') => checkIdToken(await new SignJWT({ ...claims, ...change }).setProtectedHeader({ alg: 'RS256', kid }).sign(key), keys, expected);

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['of another issuer', { iss: 'https://login.example/' }, 'issuer'],
    ['for somebody else', { aud: 'other' }, 'audience'],
    ['for several, without a party', { aud: ['mizan', 'other'] }, 'party'],
    ['for another party', { aud: ['mizan', 'other'], azp: 'other' }, 'party'],
    ['that answers another question', { nonce: 'm' }, 'nonce'],
    ['that answers no question', { nonce: undefined }, 'nonce'],
    ['that has ended', { exp: NOW - 61 }, 'expired'],
    ['that was made long ago', { iat: NOW - 700 }, 'expired'],
    ['from the future', { iat: NOW + 120 }, 'too-early'],
    ['that is not valid yet', { nbf: NOW + 120 }, 'too-early'],
    ['without an end', { exp: undefined }, 'expired'],
    ['without a subject', { sub: undefined }, 'malformed'],
  ])('%s is refused', async (_name, change, problem) => {
    expect(await check(change)).toEqual({ ok: false, refusal: problem });
  });
  it('that fits is taken, with a minute of difference between clocks', async () => {
    for (const change of [{}, { exp: NOW - 59 }, { iat: NOW + 50 }, { aud: ['mizan'] }, { aud: ['mizan', 'other'], azp: 'mizan' }]) expect((await check(change)).ok).toBe(true);
  });
  it('without signature, by an unknown key, or no token at all is refused', async () => {
    expect(await checkIdToken(new UnsecuredJWT(claims).encode(), keys, expected)).toEqual({ ok: false, refusal: 'algorithm' });
    expect(await checkIdToken(await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(JSON.stringify(keys.keys[0]))), keys, expected)).toEqual({ ok: false, refusal: 'algorithm' });
    expect(await check({}, 'other')).toEqual({ ok: false, refusal: 'unknown-key' });
    expect(await checkIdToken('a.b.c', keys, expected)).toEqual({ ok: false, refusal: 'malformed' });
    const strange = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign((await generateKeyPair('RS256')).privateKey);
    expect(await checkIdToken(strange, keys, expected)).toEqual({ ok: false, refusal: 'signature' });
  });
});
