/** Island `passkey`: asks the browser for a passkey, or for a new one, and takes its answer to the server. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

interface Descriptor {
  readonly id: string;
  readonly type: 'public-key';
  readonly transports?: AuthenticatorTransport[];
}
interface RequestJson {
  readonly challenge: string;
  readonly rpId?: string;
  readonly timeout?: number;
  readonly allowCredentials?: readonly Descriptor[];
}
interface CreationJson {
  readonly challenge: string;
  readonly rp: PublicKeyCredentialRpEntity;
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly pubKeyCredParams: PublicKeyCredentialParameters[];
  readonly timeout?: number;
  readonly excludeCredentials?: readonly Descriptor[];
  readonly authenticatorSelection?: AuthenticatorSelectionCriteria;
}

const PATHS = { 'sign-in': '/identity/passkey', confirm: '/identity/step-up/passkey', add: '/identity/me/passkeys' } as const;

if ('PublicKeyCredential' in window) for (const place of document.querySelectorAll<HTMLElement>('[data-passkey]')) void offer(place);

async function offer(place: HTMLElement): Promise<void> {
  place.hidden = false;
  let typing = new AbortController();
  place.querySelector('button')?.addEventListener('click', () => {
    typing.abort();
    typing = new AbortController();
    void run(place).catch(() => {
      const problem = place.querySelector<HTMLElement>('[data-part="problem"]');
      if (problem === null) return;
      problem.textContent = place.dataset['failed'] ?? '';
      problem.hidden = false;
    });
  });
  // Beside the address that is being typed the browser proposes passkeys it knows; a person who types a password is not disturbed.
  if (place.dataset['passkey'] === 'sign-in' && (await PublicKeyCredential.isConditionalMediationAvailable())) await run(place, typing.signal).catch(() => undefined);
}

async function run(place: HTMLElement, quiet?: AbortSignal): Promise<void> {
  const act = place.dataset['passkey'] as keyof typeof PATHS;
  const path = PATHS[act];
  const asked = await send(`${path}/options`, {});
  const credential = act === 'add' ? await navigator.credentials.create({ publicKey: creation(asked as CreationJson) }) : await navigator.credentials.get({ publicKey: request(asked as RequestJson), ...(quiet === undefined ? {} : { mediation: 'conditional' as const, signal: quiet }) });
  if (!(credential instanceof PublicKeyCredential)) throw new Error('no passkey');
  const name = document.querySelector<HTMLInputElement>('#passkey-name')?.value ?? '';
  await send(path, { response: answerOf(credential), name });
  location.assign(place.dataset['next'] ?? '/');
}

async function send(path: string, body: unknown): Promise<unknown> {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function request({ challenge, rpId, timeout, allowCredentials }: RequestJson): PublicKeyCredentialRequestOptions {
  return { challenge: bytes(challenge), userVerification: 'required', ...(rpId === undefined ? {} : { rpId }), ...(timeout === undefined ? {} : { timeout }), ...(allowCredentials === undefined ? {} : { allowCredentials: allowCredentials.map(descriptor) }) };
}

function creation({ challenge, user, excludeCredentials, ...rest }: CreationJson): PublicKeyCredentialCreationOptions {
  return { ...rest, challenge: bytes(challenge), user: { ...user, id: bytes(user.id) }, excludeCredentials: (excludeCredentials ?? []).map(descriptor) };
}

function descriptor(one: Descriptor): PublicKeyCredentialDescriptor {
  return { id: bytes(one.id), type: one.type, ...(one.transports === undefined ? {} : { transports: one.transports }) };
}

function answerOf(credential: PublicKeyCredential): unknown {
  const { response } = credential;
  const common = { id: credential.id, rawId: text(credential.rawId), type: credential.type, clientExtensionResults: credential.getClientExtensionResults(), authenticatorAttachment: credential.authenticatorAttachment ?? undefined };
  if (response instanceof AuthenticatorAttestationResponse) {
    return { ...common, response: { clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject), transports: response.getTransports() } };
  }
  const assertion = response as AuthenticatorAssertionResponse;
  return { ...common, response: { clientDataJSON: text(assertion.clientDataJSON), authenticatorData: text(assertion.authenticatorData), signature: text(assertion.signature), userHandle: assertion.userHandle === null ? undefined : text(assertion.userHandle) } };
}

function bytes(base64url: string): ArrayBuffer {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
