/**
 * Checks an answer of SAML 2.0 web sign-in. Everything is read from the bytes that the signature covers, in the form in which they were
 * signed, and from nowhere else: what was wrapped around, put beside or hidden in comments is never seen.
 */

import { X509Certificate } from 'node:crypto';
import { XMLSerializer, type Document, type Element } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { ECDSA } from './ecdsa-signature.ts';
import { attributeOf, childOf, childrenOf, everyOf, isElement, parseXml, SAML, SAMLP, SIGNATURE, textOf } from './xml.ts';

export type SamlProblem =
  | 'malformed'
  | 'refused'
  | 'encrypted'
  | 'not-signed'
  | 'signature'
  | 'algorithm'
  | 'several-assertions'
  | 'issuer'
  | 'destination'
  | 'audience'
  | 'recipient'
  | 'not-asked'
  | 'expired'
  | 'too-early'
  | 'no-subject'
  | 'no-statement';

export interface SamlExpected {
  /** Of the provider. */
  readonly issuer: string;
  readonly certificates: readonly string[];
  /** Our name with the provider. */
  readonly audience: string;
  /** Where the answer was to be sent. */
  readonly recipient: string;
  /** Of the question; an answer to no question is refused. */
  readonly requestId: string;
  readonly now: Instant;
}

export interface SamlFacts {
  readonly assertionId: string;
  /** Until when the assertion could be shown again. */
  readonly expiresAt: Instant;
  readonly nameId: string;
  readonly nameIdFormat: string | undefined;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly context: string | undefined;
  readonly provedAt: Instant | undefined;
}

export const SAML_SKEW_MS = 60_000;
export const ANSWER_CHARACTERS_MAX = 700_000;
const SUCCESS = 'urn:oasis:names:tc:SAML:2.0:status:Success';
const BEARER = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const ATTRIBUTES_MAX = 200;
const VALUES_MAX = 1000;

const RSA = new Set(['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1']);
const SIGNATURES: ReadonlySet<string> = new Set([...RSA, ...Object.keys(ECDSA)]);
const DIGESTS = new Set(['http://www.w3.org/2001/04/xmlenc#sha256', 'http://www.w3.org/2001/04/xmlenc#sha512']);
const CANONICAL = new Set(['http://www.w3.org/2001/10/xml-exc-c14n#']);
const TRANSFORMS = new Set([...CANONICAL, 'http://www.w3.org/2000/09/xmldsig#enveloped-signature']);

/** The text of `SAMLResponse` as it came; undefined when it is no base64 of UTF-8. */
export function decodeAnswer(given: string): string | undefined {
  const base64 = given.replaceAll(/\s/g, '');
  if (base64.length > ANSWER_CHARACTERS_MAX || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

/** The number of the question that an answer says it answers. Nothing about it is proven yet. */
export function questionOf(xml: string): string | undefined {
  const root = parseXml(xml)?.documentElement;
  return isElement(root, SAMLP, 'Response') ? attributeOf(root, 'InResponseTo') : undefined;
}

export function checkSamlAnswer(xml: string, expected: SamlExpected): Verdict<SamlFacts, SamlProblem> {
  const document = parseXml(xml);
  const response = document?.documentElement;
  if (document === undefined || !isElement(response, SAMLP, 'Response')) return no('malformed');
  const status = attributeOf(childOf(childOf(response, SAMLP, 'Status') ?? response, SAMLP, 'StatusCode'), 'Value');
  if (status !== SUCCESS) return no('refused');
  if (everyOf(document, SAML, 'EncryptedAssertion').length > 0) return no('encrypted');
  const destination = attributeOf(response, 'Destination');
  if (destination !== undefined && destination !== expected.recipient) return no('destination');
  if (attributeOf(response, 'InResponseTo') !== expected.requestId) return no('not-asked');
  const signed = signedAssertion(document, response, xml, expected.certificates);
  return signed.ok ? readAssertion(signed.value, expected) : signed;
}

/** The one assertion, parsed anew from the text that was signed. */
function signedAssertion(document: Document, response: Element, xml: string, certificates: readonly string[]): Verdict<Element, SamlProblem> {
  const assertions = everyOf(document, SAML, 'Assertion');
  const assertion = childOf(response, SAML, 'Assertion');
  if (assertions.length > 1) return no('several-assertions');
  if (assertion === undefined || assertions[0] !== assertion) return no('malformed');
  const own = childrenOf(assertion, SIGNATURE, 'Signature');
  const outer = childrenOf(response, SIGNATURE, 'Signature');
  // A signature anywhere else is there to be mistaken for one of these.
  if (own.length > 1 || outer.length > 1 || everyOf(document, SIGNATURE, 'Signature').length !== own.length + outer.length) return no('signature');
  const [signature, holder] = own[0] === undefined ? [outer[0], response] : [own[0], assertion];
  if (signature === undefined) return no('not-signed');
  const ids = [...document.getElementsByTagName('*')].flatMap((element) => ['ID', 'Id', 'id'].flatMap((name) => attributeOf(element, name) ?? []));
  const id = attributeOf(holder, 'ID');
  if (id === undefined || !/^[\w.-]{1,200}$/.test(id) || new Set(ids).size !== ids.length) return no('malformed');
  const text = verified(signature, id, xml, certificates);
  if (!text.ok) return text;
  const root = parseXml(text.value)?.documentElement;
  const read = isElement(root, SAMLP, 'Response') ? childrenOf(root, SAML, 'Assertion') : isElement(root, SAML, 'Assertion') ? [root] : [];
  return read.length === 1 && read[0] !== undefined ? yes(read[0]) : no('malformed');
}

/** The canonical text that the signature covers, when one of the certificates made it and it covers exactly the element with this id. */
function verified(signature: Element, id: string, xml: string, certificates: readonly string[]): Verdict<string, SamlProblem> {
  const signatureText = new XMLSerializer().serializeToString(signature);
  // Worse than an algorithm that no certificate here has is a signature that does not fit the one that has it.
  let problem: SamlProblem = 'algorithm';
  for (const certificate of certificates) {
    const check = new SignedXml({ publicCert: pem(certificate) });
    // What is not in the tables cannot be used: no SHA-1, no HMAC with the public key as its secret, no form that keeps comments.
    // And only those of the kind of the key: a signature of one kind is never read as one of the other.
    check.SignatureAlgorithms = new X509Certificate(pem(certificate)).publicKey.asymmetricKeyType === 'ec' ? { ...ECDSA } : only(check.SignatureAlgorithms, RSA);
    check.HashAlgorithms = only(check.HashAlgorithms, DIGESTS);
    check.CanonicalizationAlgorithms = only(check.CanonicalizationAlgorithms, TRANSFORMS);
    try {
      check.loadSignature(signatureText);
      if (!SIGNATURES.has(check.signatureAlgorithm ?? '') || !CANONICAL.has(check.canonicalizationAlgorithm ?? '')) return no('algorithm');
      if (!check.checkSignature(xml)) {
        problem = 'signature';
        continue;
      }
    } catch (error) {
      if (!(error instanceof Error && /is not supported/.test(error.message))) problem = 'signature';
      continue;
    }
    const references = check.getReferences();
    const [text] = check.getSignedReferences();
    if (references.length !== 1 || references[0]?.uri !== `#${id}` || text === undefined) return no('signature');
    return yes(text);
  }
  return no(problem);
}

function only<T>(table: Record<string, T>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(table).filter(([name]) => names.has(name)));
}

export function pem(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${(certificate.match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;
}

function readAssertion(assertion: Element, expected: SamlExpected): Verdict<SamlFacts, SamlProblem> {
  const now = Date.parse(expected.now);
  if (textOf(childOf(assertion, SAML, 'Issuer')) !== expected.issuer) return no('issuer');
  const assertionId = attributeOf(assertion, 'ID');
  const subject = childOf(assertion, SAML, 'Subject');
  const nameIdElement = subject === undefined ? undefined : childOf(subject, SAML, 'NameID');
  const nameId = textOf(nameIdElement);
  if (assertionId === undefined || subject === undefined || nameId === undefined) return no('no-subject');
  const bearer = checkBearer(subject, expected, now);
  if (!bearer.ok) return bearer;
  const conditions = checkConditions(assertion, expected, now);
  if (!conditions.ok) return conditions;
  const statement = childOf(assertion, SAML, 'AuthnStatement');
  if (statement === undefined) return no('no-statement');
  const sessionEnds = attributeOf(statement, 'SessionNotOnOrAfter');
  if (sessionEnds !== undefined && !isBefore(now - SAML_SKEW_MS, sessionEnds)) return no('expired');
  const proved = Date.parse(attributeOf(statement, 'AuthnInstant') ?? '');
  return yes({
    assertionId,
    expiresAt: new Date(bearer.value + SAML_SKEW_MS).toISOString() as Instant,
    nameId,
    nameIdFormat: attributeOf(nameIdElement, 'Format'),
    attributes: attributesOf(assertion),
    context: textOf(childOf(childOf(statement, SAML, 'AuthnContext') ?? statement, SAML, 'AuthnContextClassRef')),
    provedAt: Number.isNaN(proved) ? undefined : (new Date(proved).toISOString() as Instant),
  });
}

/** When the bearer confirmation that fits ends. The first problem of the last one is told when none fits. */
function checkBearer(subject: Element, { recipient, requestId }: SamlExpected, now: number): Verdict<number, SamlProblem> {
  let problem: SamlProblem = 'recipient';
  for (const confirmation of childrenOf(subject, SAML, 'SubjectConfirmation')) {
    const data = childOf(confirmation, SAML, 'SubjectConfirmationData');
    if (attributeOf(confirmation, 'Method') !== BEARER || data === undefined) continue;
    const ends = attributeOf(data, 'NotOnOrAfter');
    const begins = attributeOf(data, 'NotBefore');
    if (attributeOf(data, 'Recipient') !== recipient) problem = 'recipient';
    else if (attributeOf(data, 'InResponseTo') !== requestId) problem = 'not-asked';
    else if (ends === undefined || !isBefore(now - SAML_SKEW_MS, ends)) problem = 'expired';
    else if (begins !== undefined && !isAfter(now + SAML_SKEW_MS, begins)) problem = 'too-early';
    else return yes(Date.parse(ends));
  }
  return no(problem);
}

function checkConditions(assertion: Element, { audience }: SamlExpected, now: number): Verdict<true, SamlProblem> {
  const conditions = childOf(assertion, SAML, 'Conditions');
  const restrictions = conditions === undefined ? [] : childrenOf(conditions, SAML, 'AudienceRestriction');
  // Several restrictions all have to hold; within one any of its audiences will do.
  if (conditions === undefined || restrictions.length === 0 || !restrictions.every((one) => childrenOf(one, SAML, 'Audience').some((name) => textOf(name) === audience))) return no('audience');
  const begins = attributeOf(conditions, 'NotBefore');
  const ends = attributeOf(conditions, 'NotOnOrAfter');
  if (begins !== undefined && !isAfter(now + SAML_SKEW_MS, begins)) return no('too-early');
  return ends === undefined || isBefore(now - SAML_SKEW_MS, ends) ? yes(true) : no('expired');
}

/** A time that cannot be read is neither before nor after: it refuses. */
function isBefore(now: number, limit: string): boolean {
  return now < Date.parse(limit);
}

function isAfter(now: number, start: string): boolean {
  return now >= Date.parse(start);
}

function attributesOf(assertion: Element): SamlFacts['attributes'] {
  const attributes = new Map<string, string[]>();
  for (const statement of childrenOf(assertion, SAML, 'AttributeStatement')) {
    for (const attribute of childrenOf(statement, SAML, 'Attribute').slice(0, ATTRIBUTES_MAX)) {
      const values = childrenOf(attribute, SAML, 'AttributeValue').slice(0, VALUES_MAX).flatMap((value) => textOf(value) ?? []);
      for (const name of new Set([attributeOf(attribute, 'Name'), attributeOf(attribute, 'FriendlyName')])) {
        if (name !== undefined && name !== '') attributes.set(name, [...(attributes.get(name) ?? []), ...values]);
      }
    }
  }
  return Object.fromEntries(attributes);
}
