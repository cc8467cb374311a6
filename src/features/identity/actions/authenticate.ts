/** From the headers of a request to who sent it: one statement, remembered for two seconds. */

import type { Instant } from '../../../base/index.ts';
import { type Caller, isPolicyName, publicCaller, REGULATOR_ROLES } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { CLOCK_SKEW_MS, MINUTE_MS, type SessionMethod } from '../model.ts';
import { readCookie } from '../rules/cookies.ts';
import { API_KEY, sha256, unsigned } from '../rules/tokens.ts';
import { findKey, findSession, type Found, type FoundSession, type IdentityDb, touchKey, touchSession, touchSetBack } from '../store/sessions.ts';

export interface AskingHeaders {
  readonly cookie?: string | undefined;
  readonly authorization?: string | undefined;
}

/** Who asks, with what identity's own pages need beyond the caller. */
export interface Asking {
  readonly caller: Caller;
  readonly session?: FoundSession;
  /** Of a key. */
  readonly expiresAt?: Instant;
}

export interface Authentication {
  readonly ask: (headers: AskingHeaders) => Promise<Asking>;
  readonly forget: (personId?: string) => void;
}

const REMEMBERED_MS = 2000;
const REMEMBERED_MAX = 10_000;
const NOBODY: Asking = { caller: publicCaller };
/** Roles that reach everywhere in the register need more than a password. */
const STRONG_ROLES: ReadonlySet<string> = new Set(REGULATOR_ROLES);
const STRONG_METHODS: ReadonlySet<SessionMethod> = new Set(['password+code', 'password+passkey', 'passkey', 'sso+factor']);

export function createAuthentication({ db, clock, secret, cookieName, idleMs }: { readonly db: IdentityDb; readonly clock: Clock; readonly secret: string; readonly cookieName: string; readonly idleMs: number }): Authentication {
  const remembered = new Map<string, { readonly asking: Asking; readonly at: number; readonly personId: string }>();
  let generation = 0;

  const remember = async (key: string, find: () => Promise<Asking | undefined>): Promise<Asking> => {
    const known = remembered.get(key);
    if (known !== undefined && performance.now() - known.at < REMEMBERED_MS && isRecent(known.asking, clock.now())) return known.asking;
    remembered.delete(key);
    const before = generation;
    const asking = await find();
    if (asking === undefined) return NOBODY;
    // What was revoked while the statement ran must not come back from memory.
    if (generation === before) {
      if (remembered.size >= REMEMBERED_MAX) remembered.delete(remembered.keys().next().value ?? '');
      remembered.set(key, { asking, at: performance.now(), personId: asking.caller.personId ?? '' });
    }
    return asking;
  };

  const bySession = async (token: string): Promise<Asking | undefined> => {
    const now = clock.now();
    const found = await findSession(db, token, now, idleMs);
    if (found === undefined) return undefined;
    const quietMs = Date.parse(now) - Date.parse(found.seenAt);
    if (quietMs < -CLOCK_SKEW_MS) {
      await touchSetBack(db, found.id, now);
      const without = { ...found, seenAt: now, stepUpAt: null, confirmedAt: null };
      return { caller: callerOfSession(without), session: without };
    }
    if (quietMs < MINUTE_MS) return { caller: callerOfSession(found), session: found };
    await touchSession(db, found.id, now);
    return { caller: callerOfSession(found), session: { ...found, seenAt: now } };
  };
  const byKey = async (key: string): Promise<Asking | undefined> => {
    const now = clock.now();
    const found = await findKey(db, sha256(key), now);
    if (found === undefined) return undefined;
    if (found.lastUsedAt === null || Math.abs(Date.parse(now) - Date.parse(found.lastUsedAt)) >= MINUTE_MS) await touchKey(db, found.id, now);
    return { expiresAt: found.expiresAt, caller: { kind: 'key', actor: `key:${found.id}`, personId: found.personId, name: found.name, memberships: membershipsOf(found), permits: found.permits.filter(isPolicyName), ...languageOf(found) } };
  };

  return {
    ask: async ({ cookie, authorization }) => {
      const bearer = /^Bearer\s+(\S{1,200})$/i.exec(authorization ?? '')?.[1];
      // A program that shows a key is nobody else, whatever cookies travel with it.
      if (bearer !== undefined) return API_KEY.test(bearer) ? remember(`key ${sha256(bearer)}`, () => byKey(bearer)) : NOBODY;
      const text = readCookie(cookie, cookieName);
      const token = text === undefined ? undefined : unsigned(secret, text);
      return token === undefined ? NOBODY : remember(`session ${sha256(token)}`, () => bySession(token));
    },
    forget: (personId) => {
      generation += 1;
      if (personId === undefined) remembered.clear();
      else for (const [key, known] of remembered) if (known.personId === personId) remembered.delete(key);
    },
  };
}

/** By the clock, which may jump: a key or session that ended, or whose last request has to be written down, is looked up again. */
function isRecent({ session, expiresAt }: Asking, now: Instant): boolean {
  if (expiresAt !== undefined && expiresAt <= now) return false;
  return session === undefined || (session.expiresAt > now && Math.abs(Date.parse(now) - Date.parse(session.seenAt)) < MINUTE_MS);
}

/** Roles of the regulator count only in a regulator, whatever a row says. */
function membershipsOf(found: Found): Caller['memberships'] {
  return found.memberships.filter(({ role, kind }) => !STRONG_ROLES.has(role) || kind === 'regulator').map(({ organisation, role, reach }) => ({ organisation, role, reach }));
}

/** Roles that reach far count only in a session that began, or went on, with more than a password: until then the caller is restricted. */
export function callerOfSession(found: FoundSession): Caller {
  const memberships = membershipsOf(found);
  const isRestricted = memberships.some(({ role }) => STRONG_ROLES.has(role)) && !STRONG_METHODS.has(found.method);
  return {
    kind: 'person',
    actor: `person:${found.personId}`,
    personId: found.personId,
    name: found.name,
    memberships,
    session: { id: found.id, ...(found.stepUpAt === null ? {} : { steppedUpAt: Date.parse(found.stepUpAt) }) },
    ...(isRestricted ? { restricted: true } : {}),
    ...languageOf(found),
  };
}

function languageOf({ language }: Found): Pick<Caller, 'language'> {
  return language === null ? {} : { language };
}
