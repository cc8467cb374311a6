/** A person's own account: name, address, password, sessions, and the ways back in when something is lost. */

import { hashPassword } from 'better-auth/crypto';
import { type Language, no, type Verdict, yes } from '../../../base/index.ts';
import { ADDRESS_LINK_MS, type IdentityRefusal, type Origin, type Person, RECOVERY_LINK_MS, type SessionRow } from '../model.ts';
import { passwordProblem } from '../rules/password.ts';
import { changePerson, getPerson, getPersonByEmail, passwordOf, setPassword } from '../store/people.ts';
import { endSessions, listSessions, rotateSession } from '../store/sessions.ts';
import { endTokens, issueToken, peekToken, takeToken } from '../store/tokens.ts';
import type { Factors } from './factors.ts';
import { letterOf } from './letters.ts';
import { beginTry, forgiveTries, type Parts } from './parts.ts';
import type { SignIn } from './sign-in.ts';

type Outcome<T = true> = Promise<Verdict<T, IdentityRefusal>>;

export interface Account {
  person(personId: string): Promise<Person | undefined>;
  change(personId: string, change: { readonly name: string; readonly language: Language }): Promise<void>;
  /** Sends a link to the new address and word to the old one; the address changes when the link is followed. */
  askAddress(given: { readonly personId: string; readonly email: string; readonly password: string; readonly origin: Origin }): Outcome;
  /** Which address a link confirms, without using it up. */
  checkAddress(token: string): Outcome<string>;
  confirmAddress(token: string): Outcome;
  /** Ends all other sessions; answers the new token of this one. */
  changePassword(given: { readonly personId: string; readonly sessionId: string; readonly present: string; readonly password: string; readonly origin: Origin }): Outcome<string | undefined>;
  sessions(personId: string): Promise<readonly SessionRow[]>;
  endSession(personId: string, id: string): Outcome;
  endOtherSessions(personId: string, keep: string): Promise<number>;
  /** Sends a link when the address has an account. The answer and its time are the same when it has none. */
  askRecovery(email: string, origin: Origin): Outcome;
  /** Sends a link that an administrator asked for; the administrator never sees it. With `withoutFactors` following it also takes second factors away. */
  startRecovery(personId: string, options?: { readonly withoutFactors?: boolean }): Outcome;
  /** The link itself, for the operator at the machine when letters cannot be sent. */
  recoveryLink(email: string, options?: { readonly withoutFactors?: boolean }): Outcome<string>;
  checkRecovery(token: string): Outcome<{ readonly withoutFactors: boolean }>;
  /** A new password; every session and every other link of the person ends. */
  recover(token: string, password: string): Outcome;
}

export function createAccount(parts: Parts, signIn: SignIn, factors: Factors): Account {
  return { ...ownData(parts, signIn), ...recovery(parts, factors) };
}

function languageOf(parts: Parts, person: Person): Language {
  return person.language ?? parts.defaultLanguage;
}

function personal(parts: Parts, person: Person): readonly string[] {
  return [person.name, person.email, parts.platformName(languageOf(parts, person))];
}

type OwnData = Pick<Account, 'person' | 'change' | 'askAddress' | 'checkAddress' | 'confirmAddress' | 'changePassword' | 'sessions' | 'endSession' | 'endOtherSessions'>;

function ownData(parts: Parts, signIn: SignIn): OwnData {
  const { db, clock, letters, origin, forget, idleMs, afterwards } = parts;
  return {
    person: async (personId) => getPerson(db, personId),
    change: async (personId, change) => {
      await changePerson(db, personId, change, clock.now());
      forget(personId);
    },
    askAddress: async ({ personId, email, password, origin: from }) => {
      const person = await getPerson(db, personId);
      if (person === undefined) return no({ code: 'no-person' });
      // Somebody who signs in without a password has shown a factor that cannot be guessed.
      if ((await passwordOf(db, personId)) !== null) {
        const right = await signIn.checkPassword(personId, password, from);
        if (!right.ok) return right;
      }
      const tried = await beginTry(parts, 'letter', personId, from);
      if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
      afterwards(async () => {
        // Whether somebody has the address already is told to nobody; then nothing is sent to it.
        if ((await getPersonByEmail(db, email)) !== undefined) return;
        const token = await issueToken(db, { purpose: 'address', personId, detail: { email: email.toLowerCase() }, at: clock.now(), lifeMs: ADDRESS_LINK_MS });
        await letters.send(letterOf(parts, { kind: 'address-new', to: email, language: languageOf(parts, person), url: `${origin()}/identity/address/${token}` }));
        await letters.send(letterOf(parts, { kind: 'address-old', to: person.email, language: languageOf(parts, person), values: { email } }));
      });
      return yes(true);
    },
    checkAddress: async (token) => {
      const found = await peekToken(db, 'address', token, clock.now());
      return found === undefined ? no({ code: 'link-not-valid' }) : yes(String(found.detail['email']));
    },
    confirmAddress: async (token) => {
      const at = clock.now();
      const found = await takeToken(db, 'address', token, at);
      if (found?.personId === undefined) return no({ code: 'link-not-valid' });
      const done = await changePerson(db, found.personId, { email: String(found.detail['email']) }, at).catch(() => false);
      forget(found.personId);
      return done ? yes(true) : no({ code: 'address-taken' });
    },
    changePassword: async ({ personId, sessionId, present, password, origin: from }) => {
      const person = await getPerson(db, personId);
      if (person === undefined) return no({ code: 'no-person' });
      const right = await signIn.checkPassword(personId, present, from);
      if (!right.ok) return right;
      const problem = passwordProblem(password, personal(parts, person));
      if (problem !== undefined) return no({ code: 'bad-password', problem });
      const at = clock.now();
      await setPassword(db, personId, await hashPassword(password), at);
      await endTokens(db, personId);
      await endSessions(db, personId, { except: sessionId });
      const token = await rotateSession(db, sessionId, { at });
      forget(personId);
      await letters.send(letterOf(parts, { kind: 'password-changed', to: person.email, language: languageOf(parts, person) }));
      return yes(token);
    },
    sessions: async (personId) => listSessions(db, personId, clock.now(), idleMs),
    endSession: async (personId, id) => {
      const ended = await endSessions(db, personId, { only: id });
      forget(personId);
      return ended === 1 ? yes(true) : no({ code: 'no-session' });
    },
    endOtherSessions: async (personId, keep) => {
      const ended = await endSessions(db, personId, { except: keep });
      forget(personId);
      return ended;
    },
  };
}

type Recovery = Pick<Account, 'askRecovery' | 'startRecovery' | 'recoveryLink' | 'checkRecovery' | 'recover'>;

function recovery(parts: Parts, factors: Factors): Recovery {
  const { db, clock, letters, origin, forget, afterwards } = parts;

  const linkFor = async (person: Person, withoutFactors: boolean): Promise<string> => {
    const token = await issueToken(db, { purpose: 'recovery', personId: person.id, detail: { withoutFactors }, at: clock.now(), lifeMs: RECOVERY_LINK_MS });
    return `${origin()}/identity/recover/${token}`;
  };
  const sendLink = async (person: Person, withoutFactors: boolean): Promise<void> => {
    await letters.send(letterOf(parts, { kind: 'recovery', to: person.email, language: languageOf(parts, person), url: await linkFor(person, withoutFactors) }));
  };

  return {
    askRecovery: async (email, from) => {
      const tried = await beginTry(parts, 'letter', email.toLowerCase(), from);
      if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
      afterwards(async () => {
        const person = await getPersonByEmail(db, email);
        if (person !== undefined && person.closedAt === undefined) await sendLink(person, false);
      });
      return yes(true);
    },
    startRecovery: async (personId, { withoutFactors = false } = {}) => {
      const person = await getPerson(db, personId);
      if (person === undefined || person.closedAt !== undefined) return no({ code: 'no-person' });
      await sendLink(person, withoutFactors);
      return yes(true);
    },
    recoveryLink: async (email, { withoutFactors = false } = {}) => {
      const person = await getPersonByEmail(db, email);
      if (person === undefined || person.closedAt !== undefined) return no({ code: 'no-person' });
      return yes(await linkFor(person, withoutFactors));
    },
    checkRecovery: async (token) => {
      const found = await peekToken(db, 'recovery', token, clock.now());
      return found === undefined ? no({ code: 'link-not-valid' }) : yes({ withoutFactors: found.detail['withoutFactors'] === true });
    },
    recover: async (token, password) => {
      const at = clock.now();
      const found = await peekToken(db, 'recovery', token, at);
      const person = found?.personId === undefined ? undefined : await getPerson(db, found.personId);
      if (person === undefined || person.closedAt !== undefined) return no({ code: 'link-not-valid' });
      const problem = passwordProblem(password, personal(parts, person));
      if (problem !== undefined) return no({ code: 'bad-password', problem });
      const hash = await hashPassword(password);
      const taken = await takeToken(db, 'recovery', token, at);
      if (taken === undefined) return no({ code: 'link-not-valid' });
      await setPassword(db, person.id, hash, at);
      if (taken.detail['withoutFactors'] === true) await factors.removeAll(person.id);
      await endTokens(db, person.id);
      await endSessions(db, person.id);
      await forgiveTries(parts, 'password', person.email);
      forget(person.id);
      await letters.send(letterOf(parts, { kind: 'password-changed', to: person.email, language: languageOf(parts, person) }));
      return yes(true);
    },
  };
}
