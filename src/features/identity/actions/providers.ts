/** Talks to the providers of OpenID Connect: what they tell of themselves, their keys, and the exchange of a code for a token. Only to allowed places. */

import type { JSONWebKeySet, JWTPayload } from 'jose';
import { Fault, no, type Verdict, yes } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Outbound, OutboundAnswer, OutboundRequest } from '../../../platform/outbound/index.ts';
import { claimAt, type OidcConnection, textsOf, type Told } from '../rules/connection.ts';
import { checkIdToken, type TokenProblem } from '../rules/oidc-token.ts';
import type { Instant } from '../../../base/index.ts';

export type ProviderRefusal =
  /** The operator has not allowed the place: what to write into which setting. */
  | { readonly code: 'place-not-allowed'; readonly entry: string }
  | { readonly code: 'provider-unreachable'; readonly why: string }
  /** What it tells of itself is not what a provider tells. */
  | { readonly code: 'provider-unfit'; readonly why: 'not-json' | 'status' | 'other-issuer' | 'endpoints' | 'no-pkce' | 'no-keys'; readonly detail?: string }
  /** The provider did not take the code or our secret. */
  | { readonly code: 'exchange-refused'; readonly why: string }
  | { readonly code: 'token-not-valid'; readonly why: TokenProblem | 'no-token' | 'other-subject' };

export interface ProviderDocument {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly keysUri: string;
  readonly userinfoEndpoint: string | undefined;
  readonly takesBasic: boolean;
  readonly tellsIssuer: boolean;
}

export interface Providers {
  discover(connection: OidcConnection, fresh?: boolean): Promise<Verdict<ProviderDocument, ProviderRefusal>>;
  keys(document: ProviderDocument, fresh?: boolean): Promise<Verdict<JSONWebKeySet, ProviderRefusal>>;
  /** From the code of a callback to what the provider tells of the person. */
  redeem(given: { readonly connection: OidcConnection; readonly secret: string; readonly code: string; readonly verifier: string; readonly nonce: string; readonly redirectUri: string }): Promise<Verdict<Told & { readonly claims: Readonly<Record<string, unknown>> }, ProviderRefusal>>;
}

const KEPT_MS = 10 * 60_000;
/** An unknown key makes us look again, but a stranger's tokens must not make us knock without end. */
const LOOK_AGAIN_MS = 30_000;
const KEPT_MAX = 1000;
const KEYS_MAX = 100;
const SAFE_TEXT = /^[\x20-\x7e]{1,200}$/;

export function createProviders({ outbound, clock }: { readonly outbound: Outbound; readonly clock: Clock }): Providers {
  const documents = keeper<ProviderDocument>(clock);
  const keySets = keeper<JSONWebKeySet>(clock);

  const keys: Providers['keys'] = async (document, fresh = false) => {
    const kept = keySets.get(document.keysUri, fresh ? LOOK_AGAIN_MS : KEPT_MS);
    if (kept !== undefined) return yes(kept);
    const read = await readJson(outbound, document.keysUri);
    if (!read.ok) return read;
    const list = read.value['keys'];
    if (!Array.isArray(list) || list.length === 0 || list.length > KEYS_MAX) return no({ code: 'provider-unfit', why: 'no-keys' });
    const set: JSONWebKeySet = { keys: list };
    keySets.set(document.keysUri, set);
    return yes(set);
  };

  const discover: Providers['discover'] = async (connection, fresh = false) => {
    const { issuer } = connection.settings;
    const kept = fresh ? undefined : documents.get(issuer, KEPT_MS);
    if (kept !== undefined) return yes(kept);
    const read = await readJson(outbound, `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    if (!read.ok) return read;
    const document = readDocument(read.value, issuer);
    if (document.ok) documents.set(issuer, document.value);
    return document;
  };

  /** Checked with the keys we have, and once more with fresh ones when the key is unknown: providers change their keys. */
  const check = async (token: string, connection: OidcConnection, document: ProviderDocument, nonce: string): Promise<Verdict<JWTPayload & { readonly sub: string }, ProviderRefusal>> => {
    const expected = { issuer: document.issuer, clientId: connection.settings.clientId, nonce, now: new Date(clock.now()) };
    for (const fresh of [false, true]) {
      const set = await keys(document, fresh);
      if (!set.ok) return set;
      const checked = await checkIdToken(token, set.value, expected);
      if (checked.ok) return checked;
      if (checked.refusal !== 'unknown-key' || fresh) return no({ code: 'token-not-valid', why: checked.refusal });
    }
    return no({ code: 'token-not-valid', why: 'unknown-key' });
  };

  return {
    discover,
    keys,
    redeem: async ({ connection, secret, code, verifier, nonce, redirectUri }) => {
      const document = await discover(connection);
      if (!document.ok) return document;
      const tokens = await exchange(outbound, document.value, connection, { secret, code, verifier, redirectUri });
      if (!tokens.ok) return tokens;
      const idToken = tokens.value['id_token'];
      if (typeof idToken !== 'string') return no({ code: 'token-not-valid', why: 'no-token' });
      const checked = await check(idToken, connection, document.value, nonce);
      if (!checked.ok) return checked;
      const claims = await withUserinfo(outbound, document.value, connection, checked.value, tokens.value['access_token']);
      return claims.ok ? yes({ ...toldOf(claims.value, connection), claims: claims.value }) : claims;
    },
  };
}

/** What was read lately, by address. */
function keeper<T>(clock: Clock): { get(key: string, ageMs: number): T | undefined; set(key: string, value: T): void } {
  const kept = new Map<string, { readonly value: T; readonly at: number }>();
  return {
    get: (key, ageMs) => {
      const one = kept.get(key);
      return one !== undefined && Math.abs(Date.parse(clock.now()) - one.at) < ageMs ? one.value : undefined;
    },
    set: (key, value) => {
      if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value ?? '');
      kept.set(key, { value, at: Date.parse(clock.now()) });
    },
  };
}

async function call(outbound: Outbound, url: string, request?: OutboundRequest): Promise<Verdict<OutboundAnswer, ProviderRefusal>> {
  try {
    return yes(await outbound.fetch(url, request));
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code === 'outbound-not-allowed') return no({ code: 'place-not-allowed', entry: allowEntryOf(url) });
    return no({ code: 'provider-unreachable', why: error.message });
  }
}

/** What the operator has to add to OUTBOUND_ALLOW so that this address may be called. */
export function allowEntryOf(address: string): string {
  const url = new URL(address);
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return `${url.protocol === 'http:' ? 'http://' : ''}${url.hostname}:${port}`;
}

function jsonOf(answer: OutboundAnswer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(answer.text());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

async function readJson(outbound: Outbound, url: string, headers: Readonly<Record<string, string>> = {}): Promise<Verdict<Readonly<Record<string, unknown>>, ProviderRefusal>> {
  const answer = await call(outbound, url, { headers: { accept: 'application/json', ...headers } });
  if (!answer.ok) return answer;
  if (answer.value.status !== 200) return no({ code: 'provider-unfit', why: 'status', detail: String(answer.value.status) });
  const value = jsonOf(answer.value);
  return value === undefined ? no({ code: 'provider-unfit', why: 'not-json' }) : yes(value);
}

function readDocument(read: Readonly<Record<string, unknown>>, issuer: string): Verdict<ProviderDocument, ProviderRefusal> {
  // Exactly as it was set up: a document that speaks for another issuer is a mix-up or a forgery.
  if (read['issuer'] !== issuer) return no({ code: 'provider-unfit', why: 'other-issuer', ...(typeof read['issuer'] === 'string' ? { detail: read['issuer'].slice(0, 200) } : {}) });
  const [authorizationEndpoint, tokenEndpoint, keysUri, userinfo] = ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'userinfo_endpoint'].map((name) => endpointOf(read[name], issuer));
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined || keysUri === undefined) return no({ code: 'provider-unfit', why: 'endpoints' });
  const pkce = read['code_challenge_methods_supported'];
  if (Array.isArray(pkce) && !pkce.includes('S256')) return no({ code: 'provider-unfit', why: 'no-pkce' });
  const ways = read['token_endpoint_auth_methods_supported'];
  return yes({ issuer, authorizationEndpoint, tokenEndpoint, keysUri, userinfoEndpoint: userinfo, takesBasic: !Array.isArray(ways) || ways.includes('client_secret_basic'), tellsIssuer: read['authorization_response_iss_parameter_supported'] === true });
}

/** A provider that is reached by TLS sends nobody to a place without. */
function endpointOf(value: unknown, issuer: string): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || url.username !== '' || url.hash !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && issuer.startsWith('http:')) ? url.href : undefined;
}

async function exchange(outbound: Outbound, document: ProviderDocument, connection: OidcConnection, given: { readonly secret: string; readonly code: string; readonly verifier: string; readonly redirectUri: string }): Promise<Verdict<Readonly<Record<string, unknown>>, ProviderRefusal>> {
  const { clientId } = connection.settings;
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: given.code, redirect_uri: given.redirectUri, code_verifier: given.verifier });
  if (!document.takesBasic) {
    body.set('client_id', clientId);
    body.set('client_secret', given.secret);
  }
  const basic = `Basic ${Buffer.from(`${formEncoded(clientId)}:${formEncoded(given.secret)}`).toString('base64')}`;
  const answer = await call(outbound, document.tokenEndpoint, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json', ...(document.takesBasic ? { authorization: basic } : {}) }, body: body.toString() });
  if (!answer.ok) return answer;
  const tokens = jsonOf(answer.value);
  if (answer.value.status === 200 && tokens !== undefined) return yes(tokens);
  const why = tokens?.['error'];
  return no({ code: 'exchange-refused', why: typeof why === 'string' && SAFE_TEXT.test(why) ? why : String(answer.value.status) });
}

/** As RFC 6749 §2.3.1 wants it before base64. */
function formEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}

/** Asked only when the token leaves out what is needed. It may add claims; it may not speak of somebody else. */
async function withUserinfo(outbound: Outbound, document: ProviderDocument, { settings }: OidcConnection, claims: JWTPayload & { readonly sub: string }, accessToken: unknown): Promise<Verdict<Readonly<Record<string, unknown>> & { readonly sub: string }, ProviderRefusal>> {
  const needed = [settings.claims.email, ...(settings.claims.roles === '' ? [] : [settings.claims.roles])];
  if (needed.every((name) => claimAt(claims, name) !== undefined) || document.userinfoEndpoint === undefined || typeof accessToken !== 'string') return yes(claims);
  const read = await readJson(outbound, document.userinfoEndpoint, { authorization: `Bearer ${accessToken}` });
  if (!read.ok) return read;
  if (read.value['sub'] !== claims.sub) return no({ code: 'token-not-valid', why: 'other-subject' });
  return yes({ ...read.value, ...claims });
}

function toldOf(claims: Readonly<Record<string, unknown>> & { readonly sub: string }, { settings }: OidcConnection): Told {
  const [email] = textsOf(claimAt(claims, settings.claims.email));
  const [name] = textsOf(claimAt(claims, settings.claims.name));
  const shown = [...textsOf(claims['acr']), ...textsOf(claims['amr'])];
  const proved = claims['auth_time'];
  return {
    subject: claims.sub,
    email,
    // An address in another claim than `email` is not what `email_verified` speaks of.
    emailVerified: settings.vouchesForEmail || (settings.claims.email === 'email' && claims['email_verified'] === true),
    name,
    groups: textsOf(claimAt(claims, settings.claims.roles)),
    isStrong: shown.some((value) => settings.strong.includes(value)),
    provedAt: typeof proved === 'number' && Number.isFinite(proved) && Math.abs(proved) < 1e11 ? (new Date(proved * 1000).toISOString() as Instant) : undefined,
  };
}
