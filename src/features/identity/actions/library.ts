/**
 * Sets up better-auth as a library behind our own pages: its tables are ours, nobody signs up through it, it sends nothing anywhere,
 * and of its HTTP addresses only those are answered that `LIBRARY_ADDRESSES` names.
 */

import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { passkey } from '@better-auth/passkey';
import { betterAuth, type BetterAuthOptions, type BetterAuthPlugin } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import { SESSION_LIFE_MS } from '../model.ts';
import { DatesForLibrary } from '../store/dates.ts';
import type { IdentityDb } from '../store/sessions.ts';

export const LIBRARY_PATH = '/identity/auth';
export const SESSION_COOKIE = 'mizan_session';

export interface LibraryParts {
  readonly db: IdentityDb;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn' | 'error'>;
  readonly secret: string;
  /** `https://register.example`; undefined when only this machine asks. */
  readonly publicUrl: string | undefined;
  readonly name: string;
  /** Of single sign-on and provisioning. */
  readonly plugins?: readonly BetterAuthPlugin[];
}

/** Set while a person may be created by the library: while single sign-on or provisioning answers for somebody it was told to let in. */
const letIn = new AsyncLocalStorage<true>();

/** Runs work in which the library may create people. Everywhere else it may not, whichever of its addresses is called. */
export async function lettingIn<T>(work: () => Promise<T>): Promise<T> {
  return letIn.run(true, work);
}

/** The options without plugins and tables of others: also what the test of the schema reads. */
export function libraryOptions({ db, clock, log, secret, publicUrl, name, plugins = [] }: LibraryParts): BetterAuthOptions {
  return {
    appName: name,
    baseURL: publicUrl ?? 'http://localhost',
    basePath: LIBRARY_PATH,
    secret,
    database: { db: db.withPlugin(new DatesForLibrary()), type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    experimental: { instrumentation: { enabled: false } },
    // Waiting after failures is ours: it counts by account too, and on every node.
    rateLimit: { enabled: false },
    emailAndPassword: { enabled: false, disableSignUp: true },
    user: {
      modelName: 'identity_people',
      fields: { emailVerified: 'email_verified', createdAt: 'created_at', updatedAt: 'updated_at' },
      changeEmail: { enabled: false },
      deleteUser: { enabled: false },
    },
    session: {
      modelName: 'identity_sessions',
      fields: { userId: 'person_id', expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at', ipAddress: 'ip_address', userAgent: 'user_agent' },
      additionalFields: {
        method: { type: 'string', required: false, input: false },
        seenAt: { type: 'date', required: false, input: false, fieldName: 'seen_at' },
        stepUpAt: { type: 'date', required: false, input: false, fieldName: 'step_up_at' },
      },
      expiresIn: SESSION_LIFE_MS / 1000,
      // The longest life is absolute, and freshness is what step-up asks for.
      disableSessionRefresh: true,
      freshAge: 0,
      cookieCache: { enabled: false },
    },
    account: {
      modelName: 'identity_accounts',
      fields: {
        userId: 'person_id',
        accountId: 'account_id',
        providerId: 'provider_id',
        accessToken: 'access_token',
        refreshToken: 'refresh_token',
        idToken: 'id_token',
        accessTokenExpiresAt: 'access_token_expires_at',
        refreshTokenExpiresAt: 'refresh_token_expires_at',
        createdAt: 'created_at',
        updatedAt: 'updated_at',
      },
      encryptOAuthTokens: true,
      // An address that a provider tells is no proof that it is the person we know: accounts are linked by people, signed in.
      accountLinking: { enabled: false },
    },
    verification: { modelName: 'identity_verifications', fields: { expiresAt: 'expires_at', createdAt: 'created_at', updatedAt: 'updated_at' } },
    advanced: {
      useSecureCookies: isSecure(publicUrl),
      cookiePrefix: 'mizan',
      cookies: { session_token: { name: SESSION_COOKIE } },
      database: { generateId: () => randomUUID() },
      ipAddress: { disableIpTracking: true },
    },
    logger: {
      level: 'warn',
      log: (level, message) => {
        // Messages only: the library's arguments may hold what a person typed.
        if (level === 'error') log.error({ library: message }, 'sign-in library');
        else log.warn({ library: message }, 'sign-in library');
      },
    },
    databaseHooks: {
      user: { create: { before: async () => letIn.getStore() === true } },
      session: {
        create: {
          before: async (session, context) => {
            const now = new Date(clock.now());
            const isPasskey = context?.path === '/passkey/verify-authentication';
            return { data: { ...session, createdAt: now, updatedAt: now, expiresAt: new Date(now.getTime() + SESSION_LIFE_MS), seenAt: now, method: isPasskey ? 'passkey' : 'sso', ...(isPasskey ? { stepUpAt: now } : {}) } };
          },
        },
      },
    },
    plugins: [passkeyPlugin({ publicUrl, name }), ...plugins],
  };
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- the library infers its addresses from the plugin
function passkeyPlugin({ publicUrl, name }: Pick<LibraryParts, 'publicUrl' | 'name'>) {
  return passkey({
    advanced: { webAuthnChallengeCookie: 'passkey' },
    rpName: name,
    rpID: publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname,
    ...(publicUrl === undefined ? {} : { origin: new URL(publicUrl).origin }),
    schema: {
      passkey: {
        modelName: 'identity_passkeys',
        fields: { publicKey: 'public_key', userId: 'person_id', credentialID: 'credential_id', deviceType: 'device_type', backedUp: 'backed_up', createdAt: 'created_at' },
      },
    },
    // A passkey replaces password and code, so it must know its owner (PIN or body) and be found without a name.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    registration: {
      afterVerification: async ({ verification }) => {
        if (verification.registrationInfo?.userVerified !== true) throw new APIError('BAD_REQUEST', { message: 'The authenticator did not check its owner.' });
      },
    },
    authentication: {
      afterVerification: async ({ verification }) => {
        if (!verification.authenticationInfo.userVerified) throw new APIError('UNAUTHORIZED', { message: 'The authenticator did not check its owner.' });
      },
    },
  });
}

export function isSecure(publicUrl: string | undefined): boolean {
  return publicUrl?.startsWith('https://') === true;
}

// oxlint-disable-next-line typescript/explicit-function-return-type -- the library infers its addresses from the plugins
export function openLibrary(parts: LibraryParts) {
  // These would switch its reports on, past the option that says no.
  for (const name of ['BETTER_AUTH_TELEMETRY', 'BETTER_AUTH_TELEMETRY_ENDPOINT']) Reflect.deleteProperty(process.env, name);
  const { plugins, ...options } = libraryOptions(parts);
  // Addresses of further plugins are reached through their own types by whoever brings them.
  return betterAuth({ ...options, plugins: plugins as unknown as [ReturnType<typeof passkeyPlugin>] });
}

export type Library = ReturnType<typeof openLibrary>;
