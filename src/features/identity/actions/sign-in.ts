/** Signing in and out: the password, the second step, the proof again before something dangerous. */

import { hashPassword, symmetricDecrypt, verifyPassword } from 'better-auth/crypto';
import { no, type Verdict, yes } from '../../../base/index.ts';
import { type IdentityRefusal, type Origin, PASSWORD_CHARACTERS_MAX, SECOND_STEP_MS, type SessionMethod } from '../model.ts';
import { keyedDigest, newToken, readRecoveryCode } from '../rules/tokens.ts';
import { matchTotp } from '../rules/totp.ts';
import { findCredential, getGenerator, passwordOf, takeRecoveryCode, takeStep } from '../store/people.ts';
import { createSession, endByToken, rotateSession } from '../store/sessions.ts';
import { issueToken, peekToken, takeToken } from '../store/tokens.ts';
import { beginTry, type Parts } from './parts.ts';

export type SignedIn = { readonly step: 'in'; readonly token: string; readonly personId: string } | { readonly step: 'second'; readonly token: string };

export interface SecondStep {
  readonly personId: string;
  readonly hasCode: boolean;
  readonly hasPasskey: boolean;
}

export interface SignIn {
  /** `before` is the token of a session this browser had; it ends. */
  withPassword(given: { readonly email: string; readonly password: string; readonly origin: Origin; readonly before?: string | undefined }): Promise<Verdict<SignedIn, IdentityRefusal>>;
  /** Who stands at the second step of a sign-in, without using it up. */
  secondStep(token: string | undefined): Promise<SecondStep | undefined>;
  withCode(given: { readonly token: string; readonly code: string; readonly origin: Origin; readonly before?: string | undefined }): Promise<Verdict<{ readonly token: string; readonly personId: string }, IdentityRefusal>>;
  /** The new token of the session; the old one is worth nothing from then on. */
  stepUpWithCode(given: { readonly sessionId: string; readonly personId: string; readonly method: SessionMethod; readonly code: string; readonly origin: Origin }): Promise<Verdict<string, IdentityRefusal>>;
  /** The password shown again in a session, before its first second factor: answers the new token of the session. */
  confirmWithPassword(given: { readonly sessionId: string; readonly personId: string; readonly password: string; readonly origin: Origin }): Promise<Verdict<string, IdentityRefusal>>;
  checkPassword(personId: string, password: string, origin: Origin): Promise<Verdict<true, IdentityRefusal>>;
  signOut(token: string, personId: string | undefined): Promise<void>;
}

export async function createSignIn(parts: Parts): Promise<SignIn> {
  const { db, clock, secret, forget } = parts;
  // Checked where there is no password, so that an unknown address costs what a known one costs.
  const nobodysPassword = await hashPassword(newToken());

  const isRight = async (hash: string | null | undefined, password: string): Promise<boolean> => {
    const fits = password.length <= PASSWORD_CHARACTERS_MAX * 2;
    const right = await verifyPassword({ hash: hash ?? nobodysPassword, password: fits ? password : '' });
    return right && fits && typeof hash === 'string';
  };

  /** One code or recovery code of a person; each works once. */
  const isCode = async (personId: string, typed: string): Promise<boolean> => {
    const generator = await getGenerator(db, personId);
    if (generator === undefined || !generator.verified) return false;
    const recovery = readRecoveryCode(typed);
    if (recovery !== undefined) return takeRecoveryCode(db, personId, keyedDigest(secret, 'recovery-code', `${personId} ${recovery}`));
    const step = matchTotp(Buffer.from(await symmetricDecrypt({ key: secret, data: generator.secret }), 'base64'), typed, Date.parse(clock.now()), generator.lastStep);
    return step !== undefined && takeStep(db, personId, step);
  };

  const tryCode = async (personId: string, code: string, origin: Origin): Promise<Verdict<true, IdentityRefusal>> => {
    const tried = await beginTry(parts, 'code', personId, origin);
    if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
    if (!(await isCode(personId, code))) return no({ code: 'wrong-code' });
    await tried.succeeded();
    return yes(true);
  };

  const checkPassword: SignIn['checkPassword'] = async (personId, password, origin) => {
    const tried = await beginTry(parts, 'password', personId, origin);
    if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
    if (!(await isRight(await passwordOf(db, personId), password))) return no({ code: 'wrong-password' });
    await tried.succeeded();
    return yes(true);
  };

  const endBefore = async (before: string | undefined): Promise<void> => {
    if (before === undefined) return;
    await endByToken(db, before);
    forget();
  };

  return {
    withPassword: async ({ email, password, origin, before }) => {
      const tried = await beginTry(parts, 'password', email.toLowerCase(), origin);
      if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
      const found = await findCredential(db, email);
      if (!(await isRight(found?.password, password)) || found === undefined) return no({ code: 'wrong-credentials' });
      await tried.succeeded();
      const at = clock.now();
      if (found.hasCode || found.hasPasskey) {
        return yes({ step: 'second', token: await issueToken(db, { purpose: 'second-step', personId: found.personId, at, lifeMs: SECOND_STEP_MS, keepOthers: true }) });
      }
      await endBefore(before);
      const { token } = await createSession(db, { personId: found.personId, method: 'password', origin, at });
      return yes({ step: 'in', token, personId: found.personId });
    },

    secondStep: async (token) => {
      const step = token === undefined ? undefined : await peekToken(db, 'second-step', token, clock.now());
      if (step?.personId === undefined) return undefined;
      const generator = await getGenerator(db, step.personId);
      const passkey = await db.selectFrom('identity_passkeys').select('id').where('person_id', '=', step.personId).limit(1).executeTakeFirst();
      return { personId: step.personId, hasCode: generator?.verified === true, hasPasskey: passkey !== undefined };
    },

    withCode: async ({ token, code, origin, before }) => {
      const step = await peekToken(db, 'second-step', token, clock.now());
      if (step?.personId === undefined) return no({ code: 'step-not-valid' });
      const right = await tryCode(step.personId, code, origin);
      if (!right.ok) return right;
      const at = clock.now();
      if ((await takeToken(db, 'second-step', token, at)) === undefined) return no({ code: 'step-not-valid' });
      await endBefore(before);
      const session = await createSession(db, { personId: step.personId, method: step.detail['by'] === 'sso' ? 'sso+factor' : 'password+code', origin, at, stepUpAt: at });
      return yes({ token: session.token, personId: step.personId });
    },

    stepUpWithCode: async ({ sessionId, personId, method, code, origin }) => {
      const right = await tryCode(personId, code, origin);
      if (!right.ok) return right;
      const at = clock.now();
      const token = await rotateSession(db, sessionId, { at, stepUpAt: at, ...(method === 'password' ? { method: 'password+code' as const } : method === 'sso' ? { method: 'sso+factor' as const } : {}) });
      forget(personId);
      return token === undefined ? no({ code: 'no-session' }) : yes(token);
    },

    confirmWithPassword: async ({ sessionId, personId, password, origin }) => {
      const right = await checkPassword(personId, password, origin);
      if (!right.ok) return right;
      const at = clock.now();
      const token = await rotateSession(db, sessionId, { at, confirmedAt: at });
      forget(personId);
      return token === undefined ? no({ code: 'no-session' }) : yes(token);
    },

    checkPassword,

    signOut: async (token, personId) => {
      await endByToken(db, token);
      forget(personId);
    },
  };
}
