/** What the actions of the secretariat work with. */

import type { Json, Language } from '../../../base/index.ts';
import type { Suite } from '../../../proof/suite.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Council } from '../../council/index.ts';
import type { Motions } from '../../motions/index.ts';
import type { NoticeKind } from '../model.ts';
import type { Store } from '../store/secretariat-store.ts';

/** Somebody who is told. `language` is their own. */
export interface Told {
  readonly id: string;
  readonly name: string;
  readonly language: Language;
  readonly role: 'council-member' | 'secretariat';
}

export interface SecretariatLetter {
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** Label and path of each link. */
  readonly buttons: readonly { readonly label: string; readonly path: string }[];
}

export interface SecretariatParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly suite: Suite;
  readonly council: Pick<Council, 'constitution' | 'standing' | 'round' | 'rounds' | 'seats' | 'submit' | 'bySecretariat' | 'onChange'>;
  readonly motions: Pick<Motions, 'view' | 'list'>;
  readonly log?: Pick<Log, 'error'>;
  /** Keeps an act for good, in its transaction; private fields as salted commitments only. */
  readonly record?: (tx: Tx, act: { readonly act: string; readonly body: Readonly<Record<string, Json>>; readonly secret?: Readonly<Record<string, Json>> }) => Promise<void>;
  /** Everybody who may be told: members and the secretariat. */
  readonly people?: () => Promise<readonly Told[]>;
  /** Queues a letter; settles when it is queued. */
  readonly send?: (to: Told, letter: SecretariatLetter) => Promise<void>;
  /** Tells all processes that something happened in a sitting. */
  readonly announce?: (sittingId: string) => Promise<void>;
}

export interface Work extends SecretariatParts {
  readonly store: Store;
}

/** What is told, and the key under which it is told once. */
export interface Notice {
  readonly kind: NoticeKind;
  readonly key: string;
  readonly to: 'all' | 'secretariat' | { readonly id: string };
  readonly letter: (language: Language) => SecretariatLetter;
}
