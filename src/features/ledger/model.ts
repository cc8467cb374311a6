/** The words of the transparency log as the platform keeps it: what an entry is, who may write, what a head says, and every limit. */

import type { Json, Verdict } from '../../base/index.ts';
import { ENTRY_BYTES_MAX } from '../../proof/tiles.ts';

export { ENTRY_BYTES_MAX };
/** A platform event with its first line. */
export const EVENT_BYTES_MAX = 16 * 1024;
export const EVENT_TYPE = 'mizan-log/event/v1';
/** Entries of one durable commit, and how long the first of them waits for company. */
export const BATCH_ENTRIES_MAX = 256;
export const BATCH_WAIT_MS = 5;
/** Bytes of one commit: a batch of the longest entries is split. */
export const BATCH_BYTES_MAX = 4 * 1024 * 1024;
/** Entries that wait in memory of one process; beyond that the caller is refused. */
export const QUEUE_ENTRIES_MAX = 20_000;
/** A writer that says nothing for so long has lost the pen to whoever asks. */
export const LEASE_MS = 10_000;
export const LEASE_RENEW_MS = 3_000;
/** How often waiting entries are looked for when nobody has told of one. */
export const POLL_MS = 500;
/** A head is made public so long after the first entry it covers, and once for all that came meanwhile. */
export const PUBLISH_WAIT_MS = 1_000;
export const ENTRIES_SHOWN = 25;

/** Kinds of things the platform writes into the log, as `noun.verb`; the first word is the feature it comes from. */
export type EventKind = `${string}.${string}`;

/** A public fact about an act. No name of a person, no secret: those go in as commitments (`private`). */
export interface LedgerEvent {
  readonly kind: EventKind;
  /** When it happened, as an instant. */
  readonly at: string;
  /** `person:<uuid>` and the like never stand here: `operator`, `system`, or a commitment to who it was. */
  readonly body: { readonly [member: string]: Json | undefined };
  /** Personal or secret fields: each stands in the entry as a salted commitment only, and can be opened later or made unopenable. */
  readonly private?: { readonly [field: string]: Json };
}

/** Why the log stopped signing. Told wherever the log is shown; entries wait meanwhile. */
export const HALTS = ['tail-lost', 'head-missing', 'head-damaged', 'other-key', 'other-origin', 'history-differs', 'foreign-entries', 'rows-missing'] as const;
export type Halt = (typeof HALTS)[number];

export interface Halted {
  readonly state: 'halted';
  readonly halt: Halt;
  /** Entries that the last signed head covers, and entries that the database holds. */
  readonly headSize: number | undefined;
  readonly databaseSize: number;
}

/** `signing`: this process writes. `following`: another process on the same database does. `starting`: nobody has looked yet. */
export type Standing = { readonly state: 'starting' | 'following' } | { readonly state: 'signing'; readonly token: number } | Halted;

export interface LedgerRefusal {
  readonly code: 'ledger-entry-too-long' | 'ledger-entry-empty' | 'ledger-queue-full' | 'ledger-entry-refused';
  readonly detail?: string;
}

/** A head that the log signed. */
export interface SignedHead {
  readonly size: number;
  readonly root: Uint8Array;
  /** The signed note, verbatim. */
  readonly note: string;
}

/** A head as it is shown: with what witnesses added. */
export interface PublishedHead extends SignedHead {
  readonly signedAt: string;
  readonly cosigned: readonly { readonly name: string; readonly at: string }[];
}

export interface LedgerEntry {
  readonly index: number;
  readonly entry: Uint8Array;
  readonly leaf: Uint8Array;
}

/** Asked in the order of the log before an entry is written: one that others must refuse would stall the log for good. */
export type Admission = (index: number, entry: Uint8Array) => Verdict<unknown> | Promise<Verdict<unknown>>;

export interface LogName {
  readonly origin: string;
  readonly vkey: string;
}
