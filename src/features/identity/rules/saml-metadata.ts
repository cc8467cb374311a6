/** Reads what a SAML provider tells of itself, writes what we tell of ourselves, and the question that a sign-in begins with. */

import { type KeyObject, X509Certificate } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { type Instant, no, type Verdict, yes } from '../../../base/index.ts';
import { CURVES } from './ecdsa-signature.ts';
import { pem } from './saml-response.ts';
import { attributeOf, childrenOf, escapeXml, everyOf, isElement, METADATA, parseXml, SAML, SAMLP, SIGNATURE } from './xml.ts';

export type MetadataProblem = 'malformed' | 'no-provider' | 'several-providers' | 'no-address' | 'no-certificate';
export interface ProviderMetadata {
  readonly entityId: string;
  readonly signInUrl: string;
  readonly certificates: readonly string[];
}

const REDIRECT = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect';
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
export const CERTIFICATES_MAX = 5;
const RSA_BITS_MIN = 2048;

export function readProviderMetadata(xml: string): Verdict<ProviderMetadata, MetadataProblem> {
  const root = parseXml(xml)?.documentElement;
  if (root === undefined || root === null) return no('malformed');
  const entities = isElement(root, METADATA, 'EntityDescriptor') ? [root] : everyOf(root, METADATA, 'EntityDescriptor');
  const providers = entities.flatMap((entity) => childrenOf(entity, METADATA, 'IDPSSODescriptor').map((descriptor) => ({ entity, descriptor })));
  const [provider] = providers;
  if (provider === undefined) return no('no-provider');
  // A federation lists hundreds; which of them is meant must be said.
  if (providers.length > 1) return no('several-providers');
  const entityId = attributeOf(provider.entity, 'entityID');
  const service = childrenOf(provider.descriptor, METADATA, 'SingleSignOnService').find((one) => attributeOf(one, 'Binding') === REDIRECT);
  const signInUrl = attributeOf(service, 'Location');
  if (entityId === undefined || entityId === '' || signInUrl === undefined) return no('no-address');
  const signing = childrenOf(provider.descriptor, METADATA, 'KeyDescriptor').filter((key) => attributeOf(key, 'use') !== 'encryption');
  const certificates = signing.flatMap((key) => everyOf(key, SIGNATURE, 'X509Certificate').flatMap((one) => readCertificate(one.textContent ?? '')?.base64 ?? []));
  const known = [...new Set(certificates)].slice(0, CERTIFICATES_MAX);
  return known.length === 0 ? no('no-certificate') : yes({ entityId, signInUrl, certificates: known });
}

export interface ReadCertificate {
  readonly base64: string;
  readonly subject: string;
  readonly endsAt: Instant;
  readonly fingerprint: string;
}

/** A certificate in PEM or base64; undefined when it is none, or its key is weak. */
export function readCertificate(text: string): ReadCertificate | undefined {
  const base64 = text.replaceAll(/-----(?:BEGIN|END) CERTIFICATE-----/g, '').replaceAll(/\s/g, '');
  if (base64 === '' || base64.length > 20_000 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    const certificate = new X509Certificate(pem(base64));
    if (!isStrong(certificate.publicKey)) return undefined;
    return { base64, subject: certificate.subject.replaceAll('\n', ', '), endsAt: new Date(certificate.validTo).toISOString() as Instant, fingerprint: certificate.fingerprint256 };
  } catch {
    return undefined;
  }
}

function isStrong({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean {
  if (asymmetricKeyType === 'ec') return CURVES.has(asymmetricKeyDetails?.namedCurve ?? '');
  return asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= RSA_BITS_MIN;
}

/** Several certificates one after the other, in PEM. */
export function readCertificates(text: string): readonly string[] | undefined {
  const parts = text.includes('-----BEGIN') ? (text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []) : [text];
  const read = parts.slice(0, CERTIFICATES_MAX + 1).map(readCertificate);
  const whole = read.flatMap((one) => one?.base64 ?? []);
  return whole.length === 0 || whole.length !== read.length || whole.length > CERTIFICATES_MAX ? undefined : whole;
}

export function serviceMetadata({ entityId, recipient }: { readonly entityId: string; readonly recipient: string }): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="${METADATA}" entityID="${escapeXml(entityId)}">
  <md:SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="${SAMLP}">
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:AssertionConsumerService Binding="${POST}" Location="${escapeXml(recipient)}" index="0" isDefault="true"/>
  </md:SPSSODescriptor>
</md:EntityDescriptor>
`;
}

/** The address at the provider with the question in it (HTTP-Redirect binding). */
export function questionUrl({ signInUrl, entityId, recipient, requestId, at }: { readonly signInUrl: string; readonly entityId: string; readonly recipient: string; readonly requestId: string; readonly at: Instant }): string {
  const xml = `<samlp:AuthnRequest xmlns:samlp="${SAMLP}" xmlns:saml="${SAML}" ID="${escapeXml(requestId)}" Version="2.0" IssueInstant="${at}" Destination="${escapeXml(signInUrl)}" AssertionConsumerServiceURL="${escapeXml(recipient)}" ProtocolBinding="${POST}"><saml:Issuer>${escapeXml(entityId)}</saml:Issuer></samlp:AuthnRequest>`;
  const url = new URL(signInUrl);
  url.searchParams.set('SAMLRequest', deflateRawSync(Buffer.from(xml)).toString('base64'));
  return url.href;
}

