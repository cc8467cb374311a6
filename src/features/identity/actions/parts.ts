/** What every action of identity works with. */

import type { Language } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { MailRequest } from '../../../platform/mail/index.ts';
import type { Origin } from '../model.ts';
import { countTry, forgive, takeBack, type Waiting } from '../store/lockouts.ts';
import { keyedDigest } from '../rules/tokens.ts';
import type { IdentityDb } from '../store/sessions.ts';

/** A letter that identity sends; the texts are ready in the reader's language. */
export type Letter = Pick<MailRequest, 'to' | 'language' | 'subject' | 'blocks'>;

export interface Letters {
  /** Hands a letter over; delivery is tried later. */
  send(letter: Letter): Promise<unknown>;
}

export interface Parts {
  readonly db: IdentityDb;
  readonly clock: Clock;
  readonly secret: string;
  readonly letters: Letters;
  /** Does work after the answer, so that its time tells nothing about whether there is an account. */
  readonly afterwards: (work: () => Promise<void>) => void;
  /** Where pages are reached: `https://register.example`, without a slash at the end. */
  readonly origin: () => string;
  readonly platformName: (language: Language) => string;
  readonly defaultLanguage: Language;
  readonly idleMs: number;
  /** What is remembered of sessions for two seconds, for everybody or one person, ends now. */
  readonly forget: (personId?: string) => void;
}

const OF_ACCOUNT: Waiting = { free: 5, firstSeconds: 30, maxSeconds: 900, forgetSeconds: 86_400 };
/** Many people may share an address behind one office. */
const OF_ADDRESS: Waiting = { free: 30, firstSeconds: 10, maxSeconds: 900, forgetSeconds: 3600 };
const OF_LETTERS: Waiting = { free: 3, firstSeconds: 60, maxSeconds: 3600, forgetSeconds: 86_400 };

export interface Try {
  /** Seconds until the next try; absent when this one may go on. */
  readonly waitSeconds?: number;
  succeeded(): Promise<void>;
}

/** Counts a try on an account (a person or a typed address, existing or not) and on the network address it came from. */
export async function beginTry({ db, secret, clock }: Parts, what: 'password' | 'code' | 'letter', account: string, origin: Origin): Promise<Try> {
  const now = clock.now();
  const accountKey = keyedDigest(secret, `wait-${what}`, account);
  const addressKey = keyedDigest(secret, `wait-address-${what}`, addressGroup(origin.address));
  const byAddress = await countTry(db, addressKey, now, OF_ADDRESS);
  const byAccount = byAddress ?? (await countTry(db, accountKey, now, what === 'letter' ? OF_LETTERS : OF_ACCOUNT));
  return {
    ...(byAccount === undefined ? {} : { waitSeconds: byAccount }),
    succeeded: async () => {
      await forgive(db, accountKey);
      await takeBack(db, addressKey);
    },
  };
}

/** Somebody who proved themselves another way need not wait any longer. */
export async function forgiveTries({ db, secret }: Parts, what: 'password' | 'code', account: string): Promise<void> {
  await forgive(db, keyedDigest(secret, `wait-${what}`, account));
}

/** IPv6 networks hand out 2^64 addresses to one house: they count as one. */
export function addressGroup(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return `${groups.slice(0, 4).join(':')}::/64`;
}
