/** Whom the register believes: keys are added and revoked by an act with author and reason. */

import { dateOf, no, type Verdict, yes } from '../../../base/index.ts';
import { readKey, readTrustedKeys, type TrustedKey } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { AUTHOR_LENGTH_MAX, REASON_LENGTH_MAX } from '../model/install.ts';
import type { DeskKey, KeyAct, KeyRefusal } from '../model/keys.ts';
import type { KeyStore } from '../store/keys.ts';

export interface KeyDesk {
  list(): Promise<readonly DeskKey[]>;
  get(fingerprint: string): Promise<DeskKey | undefined>;
  acts(): Promise<readonly KeyAct[]>;
  /** All keys as a verification asks for them, revoked ones marked. */
  trusted(): Promise<readonly TrustedKey[]>;
  /** `lines` as in `.pub` files. Answers the fingerprints added. */
  add(scope: Scope, given: { readonly lines: string; readonly author: string; readonly reason: string }): Promise<Verdict<readonly string[], KeyRefusal>>;
  /** For good: whoever lost a key makes a new one. */
  revoke(scope: Scope, fingerprint: string, given: { readonly author: string; readonly reason: string }): Promise<Verdict<DeskKey, KeyRefusal>>;
}

export function createKeyDesk({ store, clock }: { readonly store: KeyStore; readonly clock: Clock }): KeyDesk {
  const signed = (given: { readonly author: string; readonly reason: string }): Verdict<{ readonly author: string; readonly reason: string }, KeyRefusal> => {
    const [author, reason] = [given.author.trim().slice(0, AUTHOR_LENGTH_MAX), given.reason.trim().slice(0, REASON_LENGTH_MAX)];
    if (author === '') return no({ code: 'no-author' });
    return reason === '' ? no({ code: 'no-reason' }) : yes({ author, reason });
  };
  return {
    list: () => store.list(),
    get: (fingerprint) => store.get(fingerprint),
    acts: () => store.acts(),
    trusted: async () => (await store.list()).map(({ role, name, key, revokedAt }) => ({ role, name, key, ...(revokedAt === undefined ? {} : { revokedOn: dateOf(revokedAt) }) })),
    add: async (scope, given) => {
      const act = signed(given);
      if (!act.ok) return act;
      const read = readTrustedKeys(given.lines);
      if (!read.ok) return no(read.refusal);
      if (read.value.length === 0) return no({ code: 'no-keys' });
      const keys = read.value.flatMap(({ role, name, key }) => {
        const parsed = readKey(key);
        return parsed.ok ? [{ role, name, key, fingerprint: parsed.value.fingerprint }] : [];
      });
      const known = await store.add(keys, { at: clock.now(), actor: scope.actor, ...act.value });
      return known === undefined ? yes(keys.map((key) => key.fingerprint)) : no({ code: 'known', name: known.name });
    },
    revoke: async (scope, fingerprint, given) => {
      const act = signed(given);
      if (!act.ok) return act;
      const isRevoked = await store.revoke(fingerprint, { at: clock.now(), actor: scope.actor, ...act.value });
      const key = await store.get(fingerprint);
      if (key === undefined) return no({ code: 'unknown' });
      return isRevoked ? yes(key) : no({ code: 'revoked-already' });
    },
  };
}
