/** Real peers for single sign-on: an OpenID provider and a SAML provider over HTTP on this machine, each with a key of its own. */

import { execFileSync } from 'node:child_process';
import { sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttp, type IncomingMessage, type Server } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Provider } from 'oidc-provider';
import { SignedXml } from 'xml-crypto';

export interface Persona {
  readonly sub: string;
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

export interface OidcPeer {
  readonly issuer: string;
  /** For OUTBOUND_ALLOW. */
  readonly allow: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who signs in next. */
  persona: Persona;
  allowRedirect(uri: string): void;
  /** Goes from the address of a sign-in to the address we are called back at, as a browser would. */
  signIn(url: string): Promise<URL>;
  /** Changes every answer of the token endpoint before it leaves, for attacks. */
  onToken: ((tokens: Record<string, unknown>) => Record<string, unknown> | Promise<Record<string, unknown>>) | undefined;
  close(): Promise<void>;
}

const CLIENT = { id: 'mizan', secret: 'the secret of the client, 40 characters !' };

export async function openOidcPeer(): Promise<OidcPeer> {
  const server = createHttp();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const redirects: string[] = [];
  let persona: Persona = { sub: 'nobody' };
  // A custom client is looked up at every request, so that redirect addresses can be added while it runs.
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: ['http://localhost/placeholder'], response_types: ['code'], grant_types: ['authorization_code'] }],
    conformIdTokenClaims: false,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    cookies: { keys: ['keys of cookies in tests'] },
    ttl: { AccessToken: 600, AuthorizationCode: 60, IdToken: 600, Interaction: 600, Session: 600, Grant: 600 },
    findAccount: async (_context, id) => ({ accountId: id, claims: async () => ({ ...persona, sub: id }) }),
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  });
  provider.Client.prototype.redirectUriAllowed = (uri: string) => redirects.includes(uri);
  const peer: OidcPeer = {
    issuer,
    allow: `http://127.0.0.1:${port}`,
    clientId: CLIENT.id,
    clientSecret: CLIENT.secret,
    get persona() {
      return persona;
    },
    set persona(value) {
      persona = value;
    },
    onToken: undefined,
    allowRedirect: (uri) => void redirects.push(uri),
    signIn: async (url) => follow(url, issuer),
    close: async () => closeHttp(server),
  };
  provider.use(async (context, next) => {
    await next();
    const body = context.body as Record<string, unknown> | undefined;
    if (context.path === '/token' && peer.onToken !== undefined && body?.['id_token'] !== undefined) context.body = await peer.onToken({ ...body });
  });
  const callback = provider.callback();
  server.on('request', (request, response) => {
    const uid = /^\/interaction\/([\w-]+)$/.exec(request.url ?? '')?.[1];
    if (uid === undefined) void callback(request, response);
    else void agree(provider, request, response, () => persona.sub);
  });
  return peer;
}

/** Signs in and consents without asking: the person of the test. */
async function agree(provider: Provider, request: IncomingMessage, response: import('node:http').ServerResponse, subject: () => string): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  const { prompt, params, session } = details;
  if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: subject() } });
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: String(params['client_id']) });
  grant.addOIDCScope(String(params['scope']));
  const grantId = await grant.save();
  return provider.interactionFinished(request, response, { consent: { grantId } });
}

async function follow(start: string, issuer: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let hop = 0; hop < 12; hop++) {
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`${answer.status} ${await answer.text()}`);
    url = new URL(location, url).href;
    if (!url.startsWith(issuer)) return new URL(url);
  }
  throw new Error('no end');
}

async function closeHttp(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
  readonly base64: string;
}

/** `curve`: a key on that curve, as openssl names it; RSA without. */
export function makeKeyPair(name: string, curve?: string): KeyPair {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-idp-'));
  try {
    const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    execFileSync('openssl', ['req', '-x509', ...(curve === undefined ? ['-newkey', 'rsa:2048'] : ['-newkey', 'ec', '-pkeyopt', `ec_paramgen_curve:${curve}`]), '-nodes', '-keyout', keyFile, '-out', certificateFile, '-days', '30', '-subj', `/CN=${name}`], { stdio: 'ignore' });
    const certificate = readFileSync(certificateFile, 'utf8');
    return { key: readFileSync(keyFile, 'utf8'), certificate, base64: certificate.replaceAll(/-----[A-Z ]+-----|\s/g, '') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface SamlpUser {
  readonly id: string;
  readonly emails: readonly { readonly value: string }[];
  readonly displayName: string;
  readonly name: { readonly givenName: string; readonly familyName: string };
}
interface Samlp {
  getSamlResponse(options: Readonly<Record<string, unknown>>, user: SamlpUser, done: (error: Error | null, response: string) => void): void;
}
const samlp = createRequire(import.meta.url)('samlp') as Samlp;

export const SAML_ISSUER = 'urn:idp:office';

/** What the provider would post, before base64. */
export async function samlAnswer(pair: KeyPair, given: { readonly audience: string; readonly recipient: string; readonly inResponseTo: string; readonly subject: string; readonly email: string; readonly options?: Readonly<Record<string, unknown>> }): Promise<string> {
  const user: SamlpUser = { id: given.subject, emails: [{ value: given.email }], displayName: 'Aysel Əliyeva', name: { givenName: 'Aysel', familyName: 'Əliyeva' } };
  const options = { issuer: SAML_ISSUER, cert: pair.certificate, key: pair.key, audience: given.audience, recipient: given.recipient, destination: given.recipient, inResponseTo: given.inResponseTo, lifetimeInSeconds: 300, signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256', ...given.options };
  return new Promise((resolve, reject) => {
    samlp.getSamlResponse(options, user, (error, response) => (error === null || error === undefined ? resolve(response) : reject(error)));
  });
}

/** The provider's library signs with RSA only: its answer signed anew with a key on a curve, in the form XML asks for. */
export function signedByCurve(xml: string, pair: KeyPair, hash = 'sha256'): string {
  const plain = xml.replace(/<Signature [\s\S]*?<\/Signature>/, '');
  const id = /<saml:Assertion [^>]*ID="([^"]+)"/.exec(plain)?.[1] ?? '';
  const algorithm = `http://www.w3.org/2001/04/xmldsig-more#ecdsa-${hash}`;
  const signer = new SignedXml({ privateKey: pair.key, signatureAlgorithm: algorithm, canonicalizationAlgorithm: 'http://www.w3.org/2001/10/xml-exc-c14n#' });
  signer.SignatureAlgorithms[algorithm] = class {
    getAlgorithmName = (): string => algorithm;
    getSignature = (text: unknown): string => sign(hash, Buffer.from(String(text)), { key: pair.key, dsaEncoding: 'ieee-p1363' }).toString('base64');
    verifySignature = (): boolean => false;
  };
  signer.addReference({ xpath: `//*[@ID="${id}"]`, transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'], digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' });
  signer.computeSignature(plain, { location: { reference: `//*[@ID="${id}"]/*[local-name(.)="Issuer"]`, action: 'after' } });
  return signer.getSignedXml();
}

export function samlMetadata(pair: KeyPair, signInUrl: string): string {
  return `<EntityDescriptor entityID="${SAML_ISSUER}" xmlns="urn:oasis:names:tc:SAML:2.0:metadata"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>${pair.base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signInUrl}"/></IDPSSODescriptor></EntityDescriptor>`;
}
