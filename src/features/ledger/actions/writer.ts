/** The one writer: takes what waits, commits it in batches, signs the new head, and only then tells anybody where an entry stands. */

import { Fault, no, type Verdict, yes } from '../../../base/index.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { sameBytes } from '../../../proof/bytes.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { edgeRoot, EMPTY_EDGE, growEdge, type TileEdge } from '../../../proof/tiles.ts';
import { type Admission, BATCH_ENTRIES_MAX, BATCH_WAIT_MS, type Halted, type LedgerRefusal, LEASE_RENEW_MS, POLL_MS, QUEUE_ENTRIES_MAX, type SignedHead, type Standing } from '../model.ts';
import { signHead } from '../rules/log-key.ts';
import { batchOf, fullTiles, recover, type WriterParts } from './recover.ts';

export interface Writer {
  standing(): Standing;
  /** The last head this process signed; undefined unless it writes. */
  head(): SignedHead | undefined;
  /** Answers when every entry is durable and under a signed head, in the order given. Fault `ledger-halted`, `ledger-following`, or of the disk. */
  append(entries: readonly Uint8Array[]): Promise<readonly Verdict<number, LedgerRefusal>[]>;
  /** All of these as one commit right behind the first `start` entries; false where the log has grown or shrunk meanwhile. Judged by the caller. Faults as `append`. */
  appendAt(start: number, entries: readonly Uint8Array[]): Promise<boolean>;
  /** Something may wait: looks soon. */
  nudge(): void;
  /** Looks now, and settles when nothing waits that could be written. */
  drain(): Promise<void>;
  /** Forgets what it believes of the log and looks again. */
  again(): Promise<Standing>;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly admission: () => Admission | undefined;
  /** Told after each new head, outside any transaction. */
  readonly onHead: (head: SignedHead) => void;
  readonly onTrouble: (error: unknown) => void;
  readonly onStanding: (standing: Standing) => void;
  /** Work of the system, whoever asked for it. */
  readonly asSystem: <T>(work: () => Promise<T>) => Promise<T>;
}

interface Queued {
  readonly entry: Uint8Array;
  readonly leaf: Uint8Array;
  readonly settle: (verdict: Verdict<number, LedgerRefusal>) => void;
  readonly fail: (error: unknown) => void;
}

/** What has to stand at one place or nowhere. */
interface Exact {
  readonly start: number;
  readonly entries: readonly Uint8Array[];
  readonly settle: (isWritten: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** A batch whose commit may or may not have happened. */
interface Doubt {
  readonly start: number;
  readonly queued: readonly Queued[];
  /** Where in the batch each stands. */
  readonly places: readonly number[];
}

/** A disk or database that fails so often in a row gets its callers told; waiting rows stay. */
const TRIES_MAX = 3;
const RETRY_MS = 200;
const NUDGE_MS = 20;
/** A log that signs nothing is looked at again so often. */
const HALTED_LOOK_MS = 30_000;

// oxlint-disable-next-line max-lines-per-function -- one state, seen by its few functions only
export function createWriter(parts: WriterParts, options: WriterOptions): Writer {
  const { store, head, tail, key, holder, perform } = parts;
  let standing: Standing = { state: 'starting' };
  let edge: TileEdge = EMPTY_EDGE;
  let signed: SignedHead | undefined;
  let queue: Queued[] = [];
  let doubt: Doubt | undefined;
  let exact: Exact | undefined;
  let running: Promise<void> | undefined;
  let mayWait = true;
  let closed = false;
  let renewedAt = 0;
  let lookedAt = 0;

  const stand = (next: Standing): void => {
    const isNew = next.state !== standing.state || (next.state === 'halted' && standing.state === 'halted' && next.halt !== standing.halt);
    standing = next;
    if (isNew) options.onStanding(next);
  };

  /** Whether this process writes now. */
  const ready = async (): Promise<boolean> => {
    if (standing.state === 'signing') return true;
    // Somebody who mended something asks at once (`again`); else another process may have taken over meanwhile.
    if (standing.state === 'halted' && performance.now() - lookedAt < HALTED_LOOK_MS) return false;
    lookedAt = performance.now();
    const found = await recover(parts);
    if (found.state !== 'signing') {
      signed = undefined;
      stand(found);
      return false;
    }
    edge = found.edge;
    signed = found.head;
    renewedAt = performance.now();
    stand({ state: 'signing', token: found.token });
    await settleDoubt();
    options.onHead(found.head);
    return true;
  };

  /** After a fault in the middle: what was committed is told, what was not goes back to the front. */
  const settleDoubt = async (): Promise<void> => {
    if (doubt === undefined) return;
    const { start, queued, places } = doubt;
    const leaves = await store.leaves(start, start + BATCH_ENTRIES_MAX);
    doubt = undefined;
    const back: Queued[] = [];
    for (const [at, one] of queued.entries()) {
      const place = places[at] ?? 0;
      const leaf = leaves[place];
      if (leaf !== undefined && sameBytes(leaf, one.leaf)) one.settle(yes(start + place));
      else back.push(one);
    }
    queue = [...back, ...queue];
  };

  /** One durable commit and one signed head. False when nothing waits. */
  const writeBatch = async (): Promise<boolean> => {
    if (standing.state !== 'signing') return false;
    if (exact !== undefined) {
      await writeExact(exact, standing.token);
      return true;
    }
    const waiting = mayWait ? await store.waiting() : [];
    const candidates = batchOf([...waiting.map(({ id, entry }) => ({ id, entry, queued: undefined })), ...queue.slice(0, BATCH_ENTRIES_MAX).map((queued) => ({ id: undefined, entry: queued.entry, queued }))], ({ entry }) => entry.length);
    // Entries that came after the look are found by the next one, which a nudge or the clock asks for.
    if (waiting.length < BATCH_ENTRIES_MAX) mayWait = false;
    if (candidates.length === 0) return false;
    const taken = candidates.filter(({ queued }) => queued !== undefined).length;
    const mine = queue.slice(0, taken);
    queue = queue.slice(taken);
    const start = edge.size;
    const admission = options.admission();
    const batch: typeof candidates[number][] = [];
    try {
      for (const one of candidates) {
        const verdict = one.queued === undefined || admission === undefined ? yes(undefined) : await admission(start + batch.length, one.entry);
        if (verdict.ok) batch.push(one);
        else one.queued?.settle(no({ code: 'ledger-entry-refused', detail: verdict.refusal }));
      }
    } catch (error) {
      queue = [...mine, ...queue];
      throw error;
    }
    if (batch.length === 0) return true;
    const admitted = batch.flatMap(({ queued }, place) => (queued === undefined ? [] : [{ queued, place }]));
    doubt = { start, queued: admitted.map(({ queued }) => queued), places: admitted.map(({ place }) => place) };
    await write(start, batch.map(({ entry, queued }) => ({ entry, leaf: queued?.leaf ?? leafHash(nodeSuite, entry) })), batch.flatMap(({ id }) => (id === undefined ? [] : [id])), standing.token);
    doubt = undefined;
    for (const { queued, place } of admitted) queued.settle(yes(start + place));
    if (signed !== undefined) options.onHead(signed);
    return true;
  };

  const writeExact = async (asked: Exact, token: number): Promise<void> => {
    exact = undefined;
    if (edge.size !== asked.start) {
      asked.settle(false);
      return;
    }
    try {
      await write(asked.start, asked.entries.map((entry) => ({ entry, leaf: leafHash(nodeSuite, entry) })), [], token);
    } catch (error) {
      asked.fail(error);
      throw error;
    }
    asked.settle(true);
    if (signed !== undefined) options.onHead(signed);
  };

  const write = async (start: number, batch: readonly { readonly entry: Uint8Array; readonly leaf: Uint8Array }[], pending: readonly number[], token: number): Promise<void> => {
    const entries = batch.map(({ entry }) => entry);
    const grown = growEdge(nodeSuite, edge, batch.map(({ leaf }) => leaf));
    await perform('commit', async () => store.commit({ token, holder, start, entries, tiles: fullTiles(grown.tiles), pending }));
    renewedAt = performance.now();
    await perform('tail', () => tail.append(start, entries));
    const next = signHead(key, grown.edge.size, edgeRoot(nodeSuite, grown.edge));
    await perform('head', () => head.replace(signed?.note, next.note));
    edge = grown.edge;
    signed = next;
  };

  const loop = async (): Promise<void> => {
    let failed = 0;
    for (;;) {
      if (closed) break;
      try {
        if (!(await ready())) break;
        if (await writeBatch()) failed = 0;
        else if (queue.length === 0 && !mayWait && exact === undefined) return;
      } catch (error) {
        failed += 1;
        stand({ state: 'starting' });
        signed = undefined;
        if (failed < TRIES_MAX) {
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
          continue;
        }
        options.onTrouble(error);
        failAll(error);
        return;
      }
    }
    if (closed) failAll(new Fault('ledger-closed', 'The log is being closed; what waits in the database is written at the next start.'));
    else if (standing.state === 'halted') failAll(haltedFault(standing));
    else if (standing.state === 'following') failAll(new Fault('ledger-following', 'Another process writes the log.'));
  };

  const failAll = (error: unknown): void => {
    const all = [...(doubt?.queued ?? []), ...queue];
    doubt = undefined;
    queue = [];
    for (const one of all) one.fail(error);
    exact?.fail(error);
    exact = undefined;
  };

  const run = async (): Promise<void> => {
    running ??= options.asSystem(loop).finally(() => {
      running = undefined;
      // What came while the loop was on its way out.
      if ((queue.length > 0 || mayWait || exact !== undefined) && standing.state === 'signing') start();
    });
    await running;
  };
  const start = (): void => {
    if (!closed) run().catch(options.onTrouble);
  };

  let gathering: NodeJS.Timeout | undefined;
  let nudging: NodeJS.Timeout | undefined;
  const tick = async (): Promise<void> => {
    if (closed || running !== undefined) return;
    mayWait = true;
    await run();
    if (standing.state === 'signing' && performance.now() - renewedAt > LEASE_RENEW_MS && !closed) {
      const { token } = standing;
      if (await options.asSystem(async () => store.keepPen(token, holder))) renewedAt = performance.now();
      else stand({ state: 'starting' });
    }
  };
  const ticking = setInterval(() => void tick().catch(options.onTrouble), POLL_MS).unref();

  return {
    standing: () => standing,
    head: () => signed,
    append: async (entries) => {
      if (closed) throw new Fault('ledger-closed', 'The log is being closed.');
      if (queue.length + entries.length > QUEUE_ENTRIES_MAX) return entries.map(() => no({ code: 'ledger-queue-full' as const }));
      const wanted = entries.map(async (entry) => new Promise<Verdict<number, LedgerRefusal>>((settle, fail) => void queue.push({ entry, leaf: leafHash(nodeSuite, entry), settle, fail })));
      if (queue.length >= BATCH_ENTRIES_MAX) start();
      else gathering ??= setTimeout(() => {
        gathering = undefined;
        start();
      }, BATCH_WAIT_MS);
      return Promise.all(wanted);
    },
    appendAt: async (place, entries) => {
      if (closed) throw new Fault('ledger-closed', 'The log is being closed.');
      if (exact !== undefined) return false;
      const written = new Promise<boolean>((settle, fail) => void (exact = { start: place, entries, settle, fail }));
      run().catch(options.onTrouble);
      return written;
    },
    nudge: () => {
      // The transaction that told of it may not have ended yet.
      nudging ??= setTimeout(() => {
        nudging = undefined;
        mayWait = true;
        start();
      }, NUDGE_MS).unref();
    },
    drain: async () => {
      await running?.catch(() => undefined);
      mayWait = true;
      await run();
    },
    again: async () => {
      await running?.catch(() => undefined);
      stand({ state: 'starting' });
      await run();
      return standing;
    },
    close: async () => {
      closed = true;
      clearInterval(ticking);
      clearTimeout(gathering);
      clearTimeout(nudging);
      await running?.catch(() => undefined);
      failAll(new Fault('ledger-closed', 'The log is being closed.'));
      if (standing.state === 'signing') {
        const { token } = standing;
        await options.asSystem(async () => store.dropPen(token, holder)).catch(() => undefined);
      }
      tail.close();
    },
  };
}

export function haltedFault({ halt, headSize, databaseSize }: Halted): Fault {
  return new Fault('ledger-halted', `The log does not sign (${halt}): its last signed head covers ${headSize ?? 'an unknown number of'} entries, the database holds ${databaseSize}. Run: mizan log fsck`, { halt, databaseSize });
}
