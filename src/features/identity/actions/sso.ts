/** Signing in by an organisation's own provider: the question, the answer, who is meant by it, and the session. */

import { createHash } from 'node:crypto';
import { assert, type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { STEP_UP_MS_MAX } from '../../../platform/auth/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import { MINUTE_MS, type Organisation, type Origin, SECOND_STEP_MS } from '../model.ts';
import { claimAt, type Connection, isOfDomains, type OidcConnection, rolesOf, type SamlConnection, SUBJECT_CHARACTERS_MAX, textsOf, type Told } from '../rules/connection.ts';
import { nextPage } from '../rules/next-page.ts';
import { questionUrl } from '../rules/saml-metadata.ts';
import { checkSamlAnswer, decodeAnswer, questionOf, type SamlFacts, type SamlProblem } from '../rules/saml-response.ts';
import type { Seal } from '../rules/seal.ts';
import { newToken, sha256, tokenHash } from '../rules/tokens.ts';
import type { ConnectionDb } from '../store/connection-tables.ts';
import { beginSignOn, currentMemberships, getConnection, isLinked, keepAnswer, linkSubject, peekSignOn, personOfSubject, sealedSecretOf, type SignOn, takeAssertion, takeSignOn } from '../store/connections.ts';
import { getOrganisation, lockForest } from '../store/organisations.ts';
import { createPerson, getGenerator, getPerson, getPersonByEmail } from '../store/people.ts';
import { isKept } from '../store/scim.ts';
import { createSession, endByToken } from '../store/sessions.ts';
import { issueToken } from '../store/tokens.ts';
import { asIdentity, distanceTo, keepRoles } from './directory.ts';
import type { Parts } from './parts.ts';
import type { ProviderRefusal, Providers } from './providers.ts';

export type SsoRefusal =
  | ProviderRefusal
  | { readonly code: 'no-connection' }
  /** Too old, answered already, begun in another browser, or never begun. */
  | { readonly code: 'sign-on-not-valid' }
  | { readonly code: 'provider-said'; readonly why: string }
  | { readonly code: 'answer-not-valid'; readonly why: SamlProblem | 'issuer' }
  | { readonly code: 'replayed' }
  | WhoRefusal;

/** The provider's answer is right, and still nobody is signed in. */
export type WhoRefusal = { readonly code: 'no-email' | 'email-not-verified' | 'foreign-domain' | 'unknown-person' | 'person-elsewhere' | 'other-subject' | 'account-closed' | 'no-role'; readonly organisation: Organisation };

export interface Trial {
  readonly told: Told;
  /** Every claim or attribute as it came. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly roles: readonly string[];
  readonly verdict: Verdict<'known' | 'would-be-made', WhoRefusal>;
}

export type Entered =
  | { readonly step: 'in'; readonly token: string; readonly personId: string; readonly next: string }
  | { readonly step: 'second'; readonly token: string; readonly personId: string; readonly next: string }
  | { readonly step: 'trial'; readonly trial: Trial; readonly triedBy: string };

export interface Answering {
  readonly connectionId: string;
  /** The value of the cookie that was set when the sign-in began. */
  readonly browser: string | undefined;
  readonly origin: Origin;
  /** The token of a session this browser had; it ends. */
  readonly before?: string | undefined;
}

export interface Sso {
  /** Where the browser has to go. */
  begin(given: { readonly connectionId: string; readonly browser: string; readonly next: string; readonly triedBy?: string | undefined }): Promise<Verdict<string, SsoRefusal>>;
  answerOidc(given: Answering & { readonly query: { readonly state?: string | undefined; readonly code?: string | undefined; readonly iss?: string | undefined; readonly error?: string | undefined } }): Promise<Verdict<Entered, SsoRefusal>>;
  /** Checks an answer of SAML, which comes from another site and so without our cookie; the browser fetches the outcome with the ticket. */
  takeSaml(connectionId: string, answer: string): Promise<Verdict<{ readonly ticket: string }, SsoRefusal>>;
  finishSaml(given: Answering & { readonly ticket: string }): Promise<Verdict<Entered, SsoRefusal>>;
  addressesOf(connection: Connection): { readonly callback: string; readonly entityId: string; readonly metadata: string; readonly scim: string };
}

export interface SsoParts {
  readonly parts: Parts;
  readonly db: ConnectionDb;
  readonly seal: Seal;
  readonly providers: Providers;
  readonly log: Pick<Log, 'warn'>;
}

export const SIGN_ON_MS = 15 * MINUTE_MS;
const TEXT_MAX = 4000;
/** Attributes under which addresses and names usually come, when the administrator named none. */
const EMAIL_ATTRIBUTES = ['email', 'mail', 'urn:oid:0.9.2342.19200300.100.1.3', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress'];
const NAME_ATTRIBUTES = ['displayName', 'name', 'cn', 'urn:oid:2.16.840.1.113730.3.1.241', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/displayname', 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'];
const EMAIL_FORMAT = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';
const TRANSIENT_FORMAT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';

/** What is sealed with a sign-in of OpenID Connect. */
interface OidcDetail {
  readonly nonce: string;
  readonly verifier: string;
}

export function createSso(given: SsoParts): Sso {
  const { parts, db, seal, providers, log } = given;
  const { clock } = parts;
  const addressesOf = addressesAt(parts.origin);

  const open = async (id: string, forTrial = false): Promise<Verdict<Connection, SsoRefusal>> => {
    const connection = await getConnection(db, id);
    // One that is off can be tried out, so that it need not be on before it works.
    return connection === undefined || (connection.offAt !== undefined && !forTrial) ? no({ code: 'no-connection' }) : yes(connection);
  };
  const told = <T>(verdict: Verdict<T, SsoRefusal>, connectionId: string): Verdict<T, SsoRefusal> => {
    if (!verdict.ok) log.warn({ code: verdict.refusal.code, connection: connectionId, ...('why' in verdict.refusal ? { why: verdict.refusal.why } : {}) }, 'single sign-on was refused');
    return verdict;
  };
  /** The sign-in that an answer belongs to, used up; only for the browser that began it. */
  const take = async (state: string | undefined, { connectionId, browser }: Answering): Promise<SignOn | undefined> => {
    const hash = state === undefined ? undefined : tokenHash(state);
    if (hash === undefined || browser === undefined) return undefined;
    const begun = await peekSignOn(db, hash, connectionId, clock.now());
    if (begun === undefined || begun.browser !== sha256(browser)) return undefined;
    return takeSignOn(db, hash, connectionId, clock.now());
  };

  const conclude = async (answering: Answering, begun: SignOn, connection: Connection, who: Told, raw: Readonly<Record<string, unknown>>): Promise<Verdict<Entered, SsoRefusal>> => {
    if (begun.triedBy !== undefined) return yes({ step: 'trial', trial: await tryOut(given, connection, who, raw), triedBy: begun.triedBy });
    const person = await enter(given, connection, who);
    if (!person.ok) return person;
    return yes({ ...(await openSession(parts, person.value, who, answering)), next: begun.next });
  };

  const answerOidc = async (answering: Parameters<Sso['answerOidc']>[0]): Promise<Verdict<Entered, SsoRefusal>> => {
    const { query } = answering;
    const begun = await take(query.state, answering);
    if (begun?.detail === undefined) return no({ code: 'sign-on-not-valid' });
    const opened = await open(answering.connectionId, begun.triedBy !== undefined);
    if (!opened.ok) return opened;
    const connection = opened.value;
    const detail = seal.open(begun.detail, begun.hash);
    if (connection.kind !== 'oidc' || detail === undefined) return no({ code: 'no-connection' });
    const document = await providers.discover(connection);
    if (!document.ok) return document;
    // An answer that another provider gave for this address (RFC 9207).
    if (query.iss === undefined ? document.value.tellsIssuer : query.iss !== document.value.issuer) return no({ code: 'answer-not-valid', why: 'issuer' });
    if (query.error !== undefined || query.code === undefined) return no({ code: 'provider-said', why: printable(query.error ?? 'no code') });
    const { nonce, verifier } = JSON.parse(detail) as OidcDetail;
    const secret = await secretOf(given, connection);
    if (secret === undefined) return no({ code: 'no-connection' });
    const redeemed = await providers.redeem({ connection, secret, code: query.code, verifier, nonce, redirectUri: addressesOf(connection).callback });
    return redeemed.ok ? conclude(answering, begun, connection, redeemed.value, redeemed.value.claims) : redeemed;
  };

  const takeSaml = async (connectionId: string, answer: string): Promise<Verdict<{ readonly ticket: string }, SsoRefusal>> => {
    const xml = decodeAnswer(answer);
    if (xml === undefined) return no({ code: 'answer-not-valid', why: 'malformed' });
    const requestId = questionOf(xml);
    const ticket = requestId?.startsWith('_') === true ? requestId.slice(1) : undefined;
    const hash = ticket === undefined ? undefined : tokenHash(ticket);
    const begun = hash === undefined ? undefined : await peekSignOn(db, hash, connectionId, clock.now());
    if (begun === undefined || ticket === undefined || requestId === undefined) return no({ code: 'sign-on-not-valid' });
    const opened = await open(connectionId, begun.triedBy !== undefined);
    if (!opened.ok) return opened;
    const connection = opened.value;
    if (connection.kind !== 'saml') return no({ code: 'no-connection' });
    const { entityId, callback } = addressesOf(connection);
    const checked = checkSamlAnswer(xml, { issuer: connection.settings.entityId, certificates: connection.settings.certificates, audience: entityId, recipient: callback, requestId, now: clock.now() });
    if (!checked.ok) return no({ code: 'answer-not-valid', why: checked.refusal });
    if (!(await takeAssertion(db, connectionId, sha256(checked.value.assertionId), checked.value.expiresAt))) return no({ code: 'replayed' });
    if (!(await keepAnswer(db, begun.hash, seal.close(JSON.stringify(checked.value), begun.hash)))) return no({ code: 'replayed' });
    return yes({ ticket });
  };

  const finishSaml = async (answering: Parameters<Sso['finishSaml']>[0]): Promise<Verdict<Entered, SsoRefusal>> => {
    const begun = await take(answering.ticket, answering);
    const answer = begun?.answer === undefined ? undefined : seal.open(begun.answer, begun.hash);
    if (begun === undefined || answer === undefined) return no({ code: 'sign-on-not-valid' });
    const opened = await open(answering.connectionId, begun.triedBy !== undefined);
    if (!opened.ok) return opened;
    if (opened.value.kind !== 'saml') return no({ code: 'no-connection' });
    const facts = JSON.parse(answer) as SamlFacts;
    const who = toldBySaml(facts, opened.value);
    if (who === undefined) return no({ code: 'answer-not-valid', why: 'no-subject' });
    return conclude(answering, begun, opened.value, who, { NameID: facts.nameId, ...(facts.context === undefined ? {} : { AuthnContextClassRef: facts.context }), ...facts.attributes });
  };

  return {
    begin: async ({ connectionId, browser, next, triedBy }) => {
      const opened = await open(connectionId, triedBy !== undefined);
      if (!opened.ok) return opened;
      const connection = opened.value;
      const state = newToken();
      const hash = sha256(state);
      const asked = connection.kind === 'oidc' ? await oidcQuestion(given, connection, state, addressesOf(connection).callback) : yes({ url: samlQuestion(connection, state, addressesOf(connection), clock.now()), detail: undefined });
      if (!asked.ok) return told(asked, connectionId);
      await beginSignOn(db, { hash, connectionId, browser: sha256(browser), ...(asked.value.detail === undefined ? {} : { detail: seal.close(asked.value.detail, hash) }), next: nextPage(next), triedBy, at: clock.now(), lifeMs: SIGN_ON_MS });
      return yes(asked.value.url);
    },
    answerOidc: async (answering) => told(await answerOidc(answering), answering.connectionId),
    takeSaml: async (connectionId, answer) => told(await takeSaml(connectionId, answer), connectionId),
    finishSaml: async (answering) => told(await finishSaml(answering), answering.connectionId),
    addressesOf,
  };
}

function addressesAt(origin: () => string): Sso['addressesOf'] {
  return ({ id, kind }) => ({
    callback: `${origin()}/identity/${kind}/${id}/${kind === 'oidc' ? 'callback' : 'answer'}`,
    entityId: `${origin()}/identity/saml/${id}/metadata`,
    metadata: `${origin()}/identity/saml/${id}/metadata`,
    scim: `${origin()}/scim/v2`,
  });
}

function printable(text: string): string {
  return text.slice(0, 100).replaceAll(/[^\x20-\x7e]/g, '?');
}

export async function secretOf({ db, seal }: Pick<SsoParts, 'db' | 'seal'>, connection: Connection): Promise<string | undefined> {
  const sealed = await sealedSecretOf(db, connection.id);
  return sealed === undefined ? undefined : seal.open(sealed, connection.id);
}

async function oidcQuestion({ providers }: SsoParts, connection: OidcConnection, state: string, callback: string): Promise<Verdict<{ readonly url: string; readonly detail: string }, SsoRefusal>> {
  const document = await providers.discover(connection);
  if (!document.ok) return document;
  const detail: OidcDetail = { nonce: newToken(), verifier: newToken() };
  const url = new URL(document.value.authorizationEndpoint);
  const fields = {
    response_type: 'code',
    client_id: connection.settings.clientId,
    redirect_uri: callback,
    scope: [...new Set(['openid', ...connection.settings.scopes])].join(' '),
    state,
    nonce: detail.nonce,
    code_challenge: createHash('sha256').update(detail.verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(fields)) url.searchParams.set(name, value);
  return yes({ url: url.href, detail: JSON.stringify(detail) });
}

function samlQuestion({ settings }: SamlConnection, state: string, { entityId, callback }: { readonly entityId: string; readonly callback: string }, at: Instant): string {
  return questionUrl({ signInUrl: settings.signInUrl, entityId, recipient: callback, requestId: `_${state}`, at });
}

/** The provider was chosen by an administrator and signs what it says: its addresses count as verified. A name for one session is no subject. */
function toldBySaml(facts: SamlFacts, { settings }: SamlConnection): Told | undefined {
  if (facts.nameIdFormat === TRANSIENT_FORMAT) return undefined;
  const find = (named: string, usual: readonly string[]): string | undefined => (named === '' ? usual : [named]).flatMap((name) => textsOf(claimAt({ ...facts.attributes }, name)))[0];
  const email = find(settings.claims.email, EMAIL_ATTRIBUTES) ?? (settings.claims.email === '' && (facts.nameIdFormat === EMAIL_FORMAT || facts.nameId.includes('@')) ? facts.nameId : undefined);
  return {
    subject: facts.nameId,
    email,
    emailVerified: true,
    name: find(settings.claims.name, NAME_ATTRIBUTES),
    groups: settings.claims.roles === '' ? [] : textsOf(facts.attributes[settings.claims.roles]),
    isStrong: facts.context !== undefined && settings.strong.includes(facts.context),
    provedAt: facts.provedAt,
  };
}

/** Whom the provider means: without changing anything. */
async function meant({ parts, db }: SsoParts, connection: Connection, organisation: Organisation, who: Told): Promise<Verdict<{ readonly personId: string | undefined; readonly isLinked: boolean }, WhoRefusal>> {
  const now = parts.clock.now();
  const refuse = (code: WhoRefusal['code']): Verdict<never, WhoRefusal> => no({ code, organisation });
  const linked = await personOfSubject(db, connection.id, who.subject);
  if (linked === undefined) {
    if (who.email === undefined) return refuse('no-email');
    if (!who.emailVerified) return refuse('email-not-verified');
    if (!isOfDomains(who.email, connection.domains)) return refuse('foreign-domain');
  }
  const person = linked === undefined ? await getPersonByEmail(asIdentity(db), who.email ?? '') : await getPerson(asIdentity(db), linked);
  if (person === undefined) return connection.makesPeople ? yes({ personId: undefined, isLinked: false }) : refuse('unknown-person');
  if (person.closedAt !== undefined) return refuse('account-closed');
  // The address went to somebody else in the directory: they are not the person whom we know by it.
  if (linked === undefined && (await isLinked(db, connection.id, person.id))) return refuse('other-subject');
  const distance = await distanceTo(db, person.id, organisation, now);
  if (distance === 'elsewhere') return refuse('person-elsewhere');
  if (distance === 'free' && linked === undefined && !connection.makesPeople) return refuse('unknown-person');
  return yes({ personId: person.id, isLinked: linked !== undefined });
}

async function tryOut(sso: SsoParts, connection: Connection, who: Told, raw: Readonly<Record<string, unknown>>): Promise<Trial> {
  const organisation = await getOrganisation(asIdentity(sso.db), connection.organisationId);
  assert(organisation !== undefined, 'a connection has an organisation');
  const verdict = await meant(sso, connection, organisation, who);
  return { told: who, raw, roles: rolesOf(who.groups, connection, organisation.kind), verdict: verdict.ok ? yes(verdict.value.personId === undefined ? 'would-be-made' : 'known') : verdict };
}

class Undone extends Error {
  readonly refusal: SsoRefusal;
  constructor(refusal: SsoRefusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** The person who is signed in; made, linked and given roles as the connection says. All of it or nothing. */
async function enter(sso: SsoParts, connection: Connection, who: Told): Promise<Verdict<string, SsoRefusal>> {
  const { db, parts } = sso;
  if (who.subject.length > SUBJECT_CHARACTERS_MAX || (who.email?.length ?? 0) > 320) return no({ code: 'answer-not-valid', why: 'malformed' });
  try {
    const personId = await db.transaction().execute(async (tx) => {
      const at = parts.clock.now();
      const organisation = await getOrganisation(asIdentity(tx), connection.organisationId);
      if (organisation === undefined || organisation.closedAt !== undefined) throw new Undone({ code: 'no-connection' });
      // Two first sign-ins of one person at once make one person.
      if ((await personOfSubject(tx, connection.id, who.subject)) === undefined) await lockForest(asIdentity(tx));
      const found = await meant({ ...sso, db: tx }, connection, organisation, who);
      if (!found.ok) throw new Undone(found.refusal);
      const id = found.value.personId ?? (await createPerson(asIdentity(tx), { name: nameOf(who), email: who.email ?? '', language: undefined, at }));
      if (id === undefined) throw new Undone({ code: 'unknown-person', organisation });
      if (!found.value.isLinked) await linkSubject(tx, connection.id, who.subject, id, at);
      // Where the directory keeps the person by SCIM, it tells groups there.
      const tellsRoles = connection.makesPeople || connection.settings.claims.roles !== '';
      if (tellsRoles && !(await isKept(tx, connection.id, id))) await keepRoles(tx, id, who.groups, connection, organisation, at);
      const inside = (await currentMemberships(tx, id, at)).some(({ path }) => path.includes(organisation.id));
      if (!inside) throw new Undone({ code: 'no-role', organisation });
      return id;
    });
    parts.forget(personId);
    return yes(personId);
  } catch (error) {
    if (error instanceof Undone) return no(error.refusal);
    throw error;
  }
}

function nameOf({ name, email }: Told): string {
  const text = (name ?? '').trim().slice(0, 200);
  return text === '' ? (email ?? '').slice(0, 200) : text;
}

/** A session that is as strong as the provider says; who has a second factor of their own shows it when the provider does not vouch for one. */
async function openSession(parts: Parts, personId: string, who: Told, { origin, before }: Answering): Promise<{ readonly step: 'in' | 'second'; readonly token: string; readonly personId: string }> {
  const { db, clock, forget } = parts;
  const at = clock.now();
  const hasCode = (await getGenerator(db, personId))?.verified === true;
  const hasPasskey = (await db.selectFrom('identity_passkeys').select('id').where('person_id', '=', personId).limit(1).executeTakeFirst()) !== undefined;
  if (!who.isStrong && (hasCode || hasPasskey)) {
    return { step: 'second', token: await issueToken(db, { purpose: 'second-step', personId, detail: { by: 'sso' }, at, lifeMs: SECOND_STEP_MS, keepOthers: true }), personId };
  }
  if (before !== undefined) {
    await endByToken(db, before);
    forget();
  }
  const age = who.provedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(at) - Date.parse(who.provedAt);
  const isFresh = who.isStrong && age < STEP_UP_MS_MAX && age > -MINUTE_MS;
  const provedAt = isFresh && who.provedAt !== undefined ? (who.provedAt < at ? who.provedAt : at) : undefined;
  const session = await createSession(db, { personId, method: who.isStrong ? 'sso+factor' : 'sso', origin: { ...origin, userAgent: origin.userAgent?.slice(0, TEXT_MAX) }, at, stepUpAt: provedAt });
  return { step: 'in', token: session.token, personId };
}
