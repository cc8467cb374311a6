/** Opens identity: puts its actions together over one database, one clock and one secret. */

import type { BetterAuthPlugin } from 'better-auth';
import { assert, instant, type Language } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Caller } from '../../../platform/auth/index.ts';
import { DAY_MS, SESSION_IDLE_MS } from '../model.ts';
import { sweepLockouts } from '../store/lockouts.ts';
import { sweepSessions } from '../store/sessions.ts';
import { sweepTokens } from '../store/tokens.ts';
import type { IdentityTables } from '../store/tables.ts';
import { type Account, createAccount } from './account.ts';
import { type Asking, type AskingHeaders, type Authentication, createAuthentication } from './authenticate.ts';
import { createFactors, type Factors } from './factors.ts';
import { createKeys, type Keys } from './keys.ts';
import { isSecure, type Library, openLibrary, SESSION_COOKIE } from './library.ts';
import { createOrganisations, type Organisations } from './organisations.ts';
import type { Letters, Parts } from './parts.ts';
import { createPasskeys, type Passkeys } from './passkeys.ts';
import { createSetUp, type SetUp } from './set-up.ts';
import { createSignIn, type SignIn } from './sign-in.ts';

export interface IdentityParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn' | 'error'>;
  /** At least 32 characters of randomness, the same in every process of the installation. */
  readonly secret: (name: string) => string;
  readonly letters: Letters;
  /** `https://register.example`; undefined when only this machine asks. */
  readonly publicUrl: string | undefined;
  /** Where pages are reached when there is no public address, e.g. `http://127.0.0.1:8080`. */
  readonly localUrl: () => string;
  readonly platformName: (language: Language) => string;
  readonly defaultLanguage: Language;
  /** A session without requests ends after so long. */
  readonly idleMs?: number;
  readonly plugins?: readonly BetterAuthPlugin[];
  /** Told when something was revoked or granted, so that other processes can be told too. */
  readonly onForget?: (personId: string | undefined) => void;
}

export interface Identity {
  /** The caller of a request; never throws for what a request may hold. */
  readonly authenticate: (request: { readonly headers: AskingHeaders }) => Promise<Caller>;
  readonly ask: (headers: AskingHeaders) => Promise<Asking>;
  readonly signIn: SignIn;
  readonly setUp: SetUp;
  readonly factors: Factors;
  readonly passkeys: Passkeys;
  readonly account: Account;
  readonly keys: Keys;
  /** Organisations, roles, invitations and people, for the pages of administrators. */
  readonly organisations: Organisations;
  readonly library: Library;
  readonly cookie: { readonly name: string; readonly secure: boolean; readonly secret: string };
  readonly parts: Parts;
  /** Ends what this process remembers of who people are, e.g. because another process told that something was revoked. */
  readonly forget: (personId?: string) => void;
  /** Removes sessions and links that are over, and what is remembered of failed tries long ago; every few minutes. */
  sweep(): Promise<void>;
  /** Resolves when letters that were begun after an answer are handed over. */
  settled(): Promise<void>;
}

export const SECRET_NAME = 'identity';
const SECRET_CHARACTERS_MIN = 32;
/** Longer than any wait lasts, and long enough to see a slow guesser. */
const LOCKOUTS_KEPT_MS = 30 * DAY_MS;

export async function openIdentity(given: IdentityParts): Promise<Identity> {
  const secret = given.secret(SECRET_NAME);
  assert(secret.length >= SECRET_CHARACTERS_MIN, 'the secret of identity is too short');
  const db = given.database.vault.withTables<IdentityTables>();
  const idleMs = given.idleMs ?? SESSION_IDLE_MS;
  const secure = isSecure(given.publicUrl);
  const cookie = { name: secure ? `__Secure-${SESSION_COOKIE}` : SESSION_COOKIE, secure, secret };
  const authentication: Authentication = createAuthentication({ db, clock: given.clock, secret, cookieName: cookie.name, idleMs });
  const pending = new Set<Promise<void>>();
  const parts: Parts = {
    db,
    clock: given.clock,
    secret,
    letters: given.letters,
    afterwards: (work) => {
      const done = work()
        .catch((error: unknown) => given.log.error({ err: error }, 'a letter of identity could not be handed over'))
        .finally(() => pending.delete(done));
      pending.add(done);
    },
    origin: () => given.publicUrl ?? given.localUrl(),
    platformName: given.platformName,
    defaultLanguage: given.defaultLanguage,
    idleMs,
    forget: (personId) => {
      authentication.forget(personId);
      given.onForget?.(personId);
    },
  };
  const signIn = await createSignIn(parts);
  const factors = createFactors(parts);
  const library = openLibrary({ db, clock: given.clock, log: given.log, secret, publicUrl: given.publicUrl, name: given.platformName(given.defaultLanguage), ...(given.plugins === undefined ? {} : { plugins: given.plugins }) });
  return {
    authenticate: async ({ headers }) => (await authentication.ask(headers)).caller,
    ask: authentication.ask,
    signIn,
    setUp: createSetUp(parts),
    factors,
    passkeys: createPasskeys(parts, library, factors),
    account: createAccount(parts, signIn, factors),
    keys: createKeys(parts),
    organisations: createOrganisations(parts),
    library,
    cookie,
    parts,
    forget: authentication.forget,
    sweep: async () => {
      const now = given.clock.now();
      await sweepSessions(db, now, idleMs);
      await sweepTokens(db, now);
      await sweepLockouts(db, instant(new Date(Date.parse(now) - LOCKOUTS_KEPT_MS)));
    },
    settled: async () => {
      await Promise.all(pending);
    },
  };
}
