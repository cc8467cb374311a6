/** Second factors of a person: the generator of one-time codes, recovery codes, passkeys. */

import { randomBytes } from 'node:crypto';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { no, type Verdict, yes } from '../../../base/index.ts';
import { type IdentityRefusal, type Origin, PASSKEYS_OF_PERSON_MAX, type SessionMethod } from '../model.ts';
import { keyedDigest, newRecoveryCodes } from '../rules/tokens.ts';
import { base32, matchTotp, totpAddress, TOTP_SECRET_BYTES } from '../rules/totp.ts';
import { confirmGenerator, getGenerator, getPerson, offerGenerator, passwordOf, removeGenerator, replaceRecoveryCodes, takeStep } from '../store/people.ts';
import { endSessions, rotateSession } from '../store/sessions.ts';
import { letterOf } from './letters.ts';
import { beginTry, type Parts } from './parts.ts';

export interface GeneratorOffer {
  /** The secret as people type it, base 32. */
  readonly secret: string;
  /** What a telephone reads from the picture. */
  readonly address: string;
}

export interface PasskeyRow {
  readonly id: string;
  readonly name: string | undefined;
  readonly createdAt: string | undefined;
}

interface InSession {
  readonly personId: string;
  readonly sessionId: string;
}

export interface Factors {
  /** The generator to set up; the same until it is confirmed. Undefined when one is confirmed already. */
  offer(personId: string): Promise<GeneratorOffer | undefined>;
  /** Confirms it with its first code: recovery codes, shown once, and the new token of the session. Other sessions of the person end. */
  confirm(given: InSession & { readonly code: string; readonly origin: Origin }): Promise<Verdict<{ readonly recoveryCodes: readonly string[]; readonly token: string | undefined }, IdentityRefusal>>;
  renewRecoveryCodes(personId: string): Promise<Verdict<readonly string[], IdentityRefusal>>;
  removeGenerator(given: InSession): Promise<Verdict<string | undefined, IdentityRefusal>>;
  state(personId: string): Promise<{ readonly hasCode: boolean; readonly recoveryCodesLeft: number; readonly hasPassword: boolean; readonly passkeys: readonly PasskeyRow[] }>;
  renamePasskey(personId: string, id: string, name: string): Promise<Verdict<true, IdentityRefusal>>;
  removePasskey(given: InSession & { readonly id: string }): Promise<Verdict<string | undefined, IdentityRefusal>>;
  /** After a passkey was added in this session: the session is as strong as its new factor. */
  passkeyAdded(given: InSession & { readonly method: SessionMethod }): Promise<string | undefined>;
  /** Takes every second factor away, for somebody who lost them all; ends their sessions. */
  removeAll(personId: string): Promise<void>;
}

export function createFactors(parts: Parts): Factors {
  const { db, clock, secret, letters, platformName, defaultLanguage, forget } = parts;

  const secretOf = async (personId: string): Promise<Buffer | undefined> => {
    const generator = await getGenerator(db, personId);
    return generator === undefined || generator.verified ? undefined : Buffer.from(await symmetricDecrypt({ key: secret, data: generator.secret }), 'base64');
  };
  const newCodes = (personId: string): { readonly codes: readonly string[]; readonly digests: readonly string[] } => {
    const codes = newRecoveryCodes();
    return { codes, digests: codes.map((code) => keyedDigest(secret, 'recovery-code', `${personId} ${code}`)) };
  };
  const listPasskeys = async (personId: string): Promise<readonly PasskeyRow[]> => {
    const rows = await db.selectFrom('identity_passkeys').select(['id', 'name', 'created_at']).where('person_id', '=', personId).orderBy('created_at').limit(PASSKEYS_OF_PERSON_MAX).execute();
    return rows.map((row) => ({ id: row.id, name: row.name ?? undefined, createdAt: row.created_at ?? undefined }));
  };
  const rotate = async ({ personId, sessionId }: InSession, method?: SessionMethod): Promise<string | undefined> => {
    const at = clock.now();
    await endSessions(db, personId, { except: sessionId });
    const token = await rotateSession(db, sessionId, { at, ...(method === undefined ? {} : { method, stepUpAt: at }) });
    forget(personId);
    return token;
  };

  /** Whoever did it: the person hears of it where only they read. The very first generator is no news. */
  const tell = (personId: string): void => {
    parts.afterwards(async () => {
      const person = await getPerson(db, personId);
      if (person !== undefined) await letters.send(letterOf(parts, { kind: 'factor-changed', to: person.email, language: person.language ?? defaultLanguage }));
    });
  };

  return {
    offer: async (personId) => {
      const person = await getPerson(db, personId);
      if (person === undefined) return undefined;
      let bytes = await secretOf(personId);
      if (bytes === undefined) {
        await offerGenerator(db, personId, await symmetricEncrypt({ key: secret, data: randomBytes(TOTP_SECRET_BYTES).toString('base64') }), clock.now());
        bytes = await secretOf(personId);
      }
      return bytes === undefined ? undefined : { secret: base32(bytes), address: totpAddress(bytes, platformName(person.language ?? defaultLanguage), person.email) };
    },
    confirm: async ({ personId, sessionId, code, origin }) => {
      const tried = await beginTry(parts, 'code', personId, origin);
      if (tried.waitSeconds !== undefined) return no({ code: 'too-many-attempts', waitSeconds: tried.waitSeconds });
      const bytes = await secretOf(personId);
      const step = bytes === undefined ? undefined : matchTotp(bytes, code, Date.parse(clock.now()), 0);
      if (step === undefined || !(await takeStep(db, personId, step))) return no({ code: 'wrong-code' });
      const { codes, digests } = newCodes(personId);
      if (!(await confirmGenerator(db, personId, digests, clock.now()))) return no({ code: 'wrong-code' });
      await tried.succeeded();
      return yes({ recoveryCodes: codes, token: await rotate({ personId, sessionId }, 'password+code') });
    },
    renewRecoveryCodes: async (personId) => {
      const { codes, digests } = newCodes(personId);
      if (!(await replaceRecoveryCodes(db, personId, digests))) return no({ code: 'no-second-factor' });
      tell(personId);
      return yes(codes);
    },
    removeGenerator: async (given) => {
      if (!(await removeGenerator(db, given.personId))) return no({ code: 'no-second-factor' });
      tell(given.personId);
      return yes(await rotate(given));
    },
    state: async (personId) => {
      const generator = await getGenerator(db, personId);
      return { hasCode: generator?.verified === true, recoveryCodesLeft: generator?.recoveryCodes.length ?? 0, hasPassword: (await passwordOf(db, personId)) !== null, passkeys: await listPasskeys(personId) };
    },
    renamePasskey: async (personId, id, name) => {
      const row = await db.updateTable('identity_passkeys').set({ name }).where('id', '=', id).where('person_id', '=', personId).returning('id').executeTakeFirst();
      return row === undefined ? no({ code: 'no-passkey' }) : yes(true);
    },
    removePasskey: async ({ personId, sessionId, id }) => {
      const row = await db.deleteFrom('identity_passkeys').where('id', '=', id).where('person_id', '=', personId).returning('id').executeTakeFirst();
      if (row === undefined) return no({ code: 'no-passkey' });
      tell(personId);
      return yes(await rotate({ personId, sessionId }));
    },
    passkeyAdded: async ({ personId, sessionId, method }) => {
      tell(personId);
      return rotate({ personId, sessionId }, method === 'password' ? 'password+passkey' : method === 'sso' ? 'sso+factor' : method);
    },
    removeAll: async (personId) => {
      await removeGenerator(db, personId);
      await db.deleteFrom('identity_passkeys').where('person_id', '=', personId).execute();
      await endSessions(db, personId);
      forget(personId);
      tell(personId);
    },
  };
}
