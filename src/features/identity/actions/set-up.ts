/** The first run: a one-time address makes the regulator and its first administrator, once. */

import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'kysely';
import { type Language, type LocalisedText, no, type Verdict, yes } from '../../../base/index.ts';
import { type IdentityRefusal, type Origin, SETUP_LINK_MS } from '../model.ts';
import { passwordProblem } from '../rules/password.ts';
import { createPerson, isAnybodyThere } from '../store/people.ts';
import { createSession } from '../store/sessions.ts';
import { issueToken, peekToken, takeToken } from '../store/tokens.ts';
import type { Parts } from './parts.ts';

export interface SetUpGiven {
  readonly token: string;
  readonly regulator: LocalisedText;
  readonly name: string;
  readonly email: string;
  readonly language: Language;
  readonly password: string;
  readonly origin: Origin;
}

export interface SetUp {
  /** A fresh one-time address; earlier ones end. Refused as soon as a person exists. */
  link(): Promise<Verdict<string, IdentityRefusal>>;
  /** Whether the token may still be used; refusals tell why not. */
  check(token: string): Promise<Verdict<true, IdentityRefusal>>;
  /** Makes the regulator and its administrator, and answers the token of their session. */
  run(given: SetUpGiven): Promise<Verdict<{ readonly token: string; readonly personId: string; readonly organisationId: string }, IdentityRefusal>>;
  isDone(): Promise<boolean>;
}

/** One set-up at a time, in all processes of the database. */
const SETUP_LOCK = 4_210_534;

export function createSetUp({ db, clock, origin, platformName }: Parts): SetUp {
  return {
    isDone: () => isAnybodyThere(db),
    link: async () => {
      if (await isAnybodyThere(db)) return no({ code: 'already-set-up' });
      const token = await issueToken(db, { purpose: 'setup', at: clock.now(), lifeMs: SETUP_LINK_MS });
      return yes(`${origin()}/identity/setup?token=${token}`);
    },
    check: async (token) => {
      if (await isAnybodyThere(db)) return no({ code: 'already-set-up' });
      return (await peekToken(db, 'setup', token, clock.now())) === undefined ? no({ code: 'link-not-valid' }) : yes(true);
    },
    run: async ({ token, regulator, name, email, language, password, origin: from }) => {
      const problem = passwordProblem(password, [name, email, platformName(language), ...Object.values(regulator)]);
      if (problem !== undefined) return no({ code: 'bad-password', problem });
      const hash = await hashPassword(password);
      return db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(${SETUP_LOCK})`.execute(tx);
        const at = clock.now();
        if (await isAnybodyThere(tx)) return no({ code: 'already-set-up' });
        if ((await takeToken(tx, 'setup', token, at)) === undefined) return no({ code: 'link-not-valid' });
        const personId = await createPerson(tx, { name, email, language, password: hash, at });
        if (personId === undefined) return no({ code: 'address-taken' });
        const organisationId = randomUUID();
        await tx.insertInto('identity_organisations').values({ id: organisationId, parent_id: null, kind: 'regulator', names: JSON.stringify(regulator) as unknown as LocalisedText, path: [organisationId], created_at: at, closed_at: null }).execute();
        await tx.insertInto('identity_memberships').values({ id: randomUUID(), person_id: personId, organisation_id: organisationId, role: 'administrator', from_at: at, until_at: null, granted_by: 'operator', ended_by: null }).execute();
        const session = await createSession(tx, { personId, method: 'password', origin: from, at });
        return yes({ token: session.token, personId, organisationId });
      });
    },
  };
}
