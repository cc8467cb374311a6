/** The words of notices: what one process tells the others that work on the same database. */

import type { Json } from '../../base/index.ts';
import type { Tx } from '../db/index.ts';

export interface Notice {
  readonly number: number;
  readonly topic: string;
  readonly payload: Json;
  /** Whether this very process announced it. */
  readonly own: boolean;
}

export type NoticeHandler = (notice: Notice) => void | Promise<void>;

export interface Notices {
  /** This process among those of the database; a new one at each start. */
  readonly node: string;
  /**
   * Tells all processes, this one too, exactly once each while they run. With `transaction` only if that commits. Without one it must not be
   * called while the caller holds a transaction: the embedded engine has one connection and would wait for itself.
   */
  announce(topic: string, payload: Json, transaction?: Tx): Promise<void>;
  /** Tells the other processes soon and without a promise: for what mends itself in seconds. Many hints in a row become one. */
  hint(topic: string): void;
  /** Called for each notice of the topic in the order in which they were learnt, one after the other; for hints with payload null. Call before `begin`. */
  on(topic: string, handler: NoticeHandler): void;
  /** Called when this process was cut off for longer than notices are kept: whatever it holds in memory may be stale. */
  onGap(handler: () => void | Promise<void>): void;
  /** Begins to listen. What was announced before counts as known: open notices first, then read the state that they are about. */
  begin(): Promise<void>;
  /** Reads at once what there is; for tests, and for whoever must not act on what was true a moment ago. */
  catchUp(): Promise<void>;
  stop(): Promise<void>;
}

export const TOPIC_LENGTH_MAX = 80;
/** A notice says what has changed, not to what. */
export const PAYLOAD_BYTES_MAX = 16 * 1024;
export const KEPT_HOURS = 24;
/** Read at once; more are read in the next turn. */
export const NOTICES_READ_MAX = 500;
/** Also without a notification: some proxies between program and database swallow them. */
export const READ_AGAIN_MS = 5_000;
/** The newest are kept whatever their age: a clock of the database that jumps ahead must not remove what others have not read yet. */
export const KEPT_ALWAYS = 1_000;
export const PRUNE_MS = 10 * 60_000;
export const PRUNED_AT_ONCE_MAX = 10_000;
/** Hints are held together for this long. */
export const HINT_MS = 200;
export const RECONNECT_MS_MIN = 250;
export const RECONNECT_MS_MAX = 10_000;
/** A connection that answers nothing for this long is given up. */
export const ANSWER_MS_MAX = 10_000;
