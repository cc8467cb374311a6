/** Passkeys through the library: asking a browser for one, taking a new one, signing in with one. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { HOUR_MS, type IdentityRefusal, type Origin, PASSKEYS_OF_PERSON_MAX, type SessionMethod } from '../model.ts';
import { getPerson } from '../store/people.ts';
import { endByToken } from '../store/sessions.ts';
import type { Factors } from './factors.ts';
import type { Library } from './library.ts';
import type { Parts } from './parts.ts';

/** What the browser gets, with the cookie that binds its answer to this browser. */
export interface Question {
  readonly options: unknown;
  readonly cookies: readonly string[];
}

export interface Passkeys {
  /** `headers` with cookie and origin of the request. */
  askNew(headers: Headers, personId: string): Promise<Verdict<Question, IdentityRefusal>>;
  add(given: { readonly headers: Headers; readonly response: unknown; readonly name: string; readonly personId: string; readonly sessionId: string; readonly method: SessionMethod }): Promise<Verdict<string | undefined, IdentityRefusal>>;
  askSignIn(headers: Headers): Promise<Verdict<Question, IdentityRefusal>>;
  /** A new session of the passkey's owner; with `onlyFor` nobody else is let in. The session before ends. */
  signIn(given: { readonly headers: Headers; readonly response: unknown; readonly origin: Origin; readonly before?: string | undefined; readonly onlyFor?: string }): Promise<Verdict<{ readonly token: string; readonly personId: string }, IdentityRefusal>>;
}

/** What the browser's answer looks like is the library's to check. */
type PasskeyAnswer = NonNullable<Parameters<Library['api']['verifyPasskeyAuthentication']>[0]>['body']['response'];

/** Challenges that nobody answered are swept when they are so old. */
const CHALLENGE_KEPT_MS = HOUR_MS;
const NAME_CHARACTERS_MAX = 60;

export function createPasskeys(parts: Parts, library: Library, factors: Factors): Passkeys {
  const { db, clock, forget } = parts;
  /** The library tells a refusal by throwing; what it says may hold what a person typed and is not passed on. */
  const tried = async <T>(work: () => Promise<T>): Promise<Verdict<T, IdentityRefusal>> => {
    try {
      return yes(await work());
    } catch (error) {
      if (error instanceof Error && error.name === 'APIError') return no({ code: 'passkey-not-accepted' });
      throw error;
    }
  };
  const sweep = async (): Promise<void> => {
    await db.deleteFrom('identity_verifications').where('expires_at', '<', new Date(Date.parse(clock.now()) - CHALLENGE_KEPT_MS).toISOString()).execute();
  };

  return {
    askNew: async (headers, personId) => {
      const { passkeys } = await factors.state(personId);
      if (passkeys.length >= PASSKEYS_OF_PERSON_MAX) return no({ code: 'too-many', max: PASSKEYS_OF_PERSON_MAX });
      await sweep();
      return tried(async () => {
        const { response, headers: answered } = await library.api.generatePasskeyRegistrationOptions({ headers, query: {}, returnHeaders: true });
        return { options: response, cookies: answered.getSetCookie() };
      });
    },
    add: async ({ headers, response, name, personId, sessionId, method }) => {
      const added = await tried(async () => library.api.verifyPasskeyRegistration({ headers, body: { response, name: name.trim().slice(0, NAME_CHARACTERS_MAX) } }));
      if (!added.ok) return added;
      return yes(await factors.passkeyAdded({ personId, sessionId, method }));
    },
    askSignIn: async (headers) => {
      await sweep();
      return tried(async () => {
        const { response, headers: answered } = await library.api.generatePasskeyAuthenticationOptions({ headers, returnHeaders: true });
        return { options: response, cookies: answered.getSetCookie() };
      });
    },
    signIn: async ({ headers, response, origin, before, onlyFor }) => {
      const done = await tried(async () => library.api.verifyPasskeyAuthentication({ headers, body: { response: response as PasskeyAnswer } }));
      if (!done.ok) return done;
      const { token, userId } = done.value.session;
      const person = await getPerson(db, userId);
      if (person === undefined || person.closedAt !== undefined || (onlyFor !== undefined && onlyFor !== userId)) {
        await endByToken(db, token);
        return no({ code: 'passkey-not-accepted' });
      }
      await db.updateTable('identity_sessions').set({ ip_address: origin.address, user_agent: origin.userAgent?.slice(0, 400) ?? null }).where('token', '=', token).execute();
      if (before !== undefined) await endByToken(db, before);
      forget(userId);
      return yes({ token, personId: userId });
    },
  };
}
