/** The transparency log of this platform: what writes into it, what reads it, and what is made public of it. */

import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Fault, no, type Verdict, yes } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { type Database, isPassing, type Tx } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { sameBytes } from '../../../proof/bytes.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { meets, parsePolicy, type Policy, type PolicyWitness, printPolicy } from '../../../proof/policy.ts';
import type { NoteLine } from '../../../proof/note.ts';
import type { ProofRefusal } from '../../../proof/refusals.ts';
import { parseTilePath, printEntryBundle, printTile, TILE_WIDTH } from '../../../proof/tiles.ts';
import { TileReader } from '../../../proof/tile-reader.ts';
import { printTlogProof } from '../../../proof/tlog-proof.ts';
import { type Admission, ENTRY_BYTES_MAX, type LedgerEntry, type LedgerEvent, type LedgerRefusal, type LogName, PUBLISH_WAIT_MS, type SignedHead, type Standing } from '../model.ts';
import { eventEntry } from '../rules/events.ts';
import { type LogKey, logKey, originInHead, originOfSecret, witnessKey } from '../rules/log-key.ts';
import { openHeadStore } from '../store/head-file.ts';
import { createHeadsStore, type HeadRow, type HeadsStore } from '../store/heads.ts';
import { createSequenceStore, type SequenceStore } from '../store/sequence.ts';
import { ledgerTables, ledgerTablesOn } from '../store/tables.ts';
import { openTailStore } from '../store/tail-file.ts';
import type { Perform } from './recover.ts';
import { createWitnessClient, type WitnessState } from './witness-client.ts';
import { createWitnessServer, type WitnessServer } from './witness-server.ts';
import { createWriter } from './writer.ts';

export interface LedgerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly dataDir: string;
  readonly secret: (name: string) => string;
  readonly outbound: Outbound;
  /** LOG_ORIGIN: the name of the log; without it the name it has, or one made of its key. */
  readonly origin?: string | undefined;
  /** LOG_POLICY: a tlog-policy file of witnesses that are asked, and of the quorum without which no head is shown as final. */
  readonly policyFile?: string | undefined;
  /** LOG_WITNESSED: a tlog-policy file of logs that this platform witnesses. */
  readonly witnessedFile?: string | undefined;
  /** Other waiting time before a head is made public; for tests. */
  readonly publishWaitMs?: number;
  /** Each durable step; tests lose them. */
  readonly perform?: Perform;
}

export interface Ledger {
  readonly name: LogName;
  /** What verifiers need to know: this log, its witnesses, their quorum (C2SP tlog-policy). */
  policyText(): string;
  /** Witnesses of the policy file, with their addresses. */
  policyWitnesses(): readonly PolicyWitness[];
  readonly witness: WitnessServer;
  /** Writes an event inside the caller's transaction: both are kept or neither. It stands in the log within moments. */
  record(transaction: Tx, event: LedgerEvent): Promise<void>;
  /** Entries as they are, durable and under a signed head when it answers. Refusals of single entries are answers; Fault `ledger-halted`. */
  append(entries: readonly Uint8Array[]): Promise<readonly Verdict<number, LedgerRefusal>[]>;
  /** All of these, already judged, right behind the first `start` entries as one commit; false where other entries came first. Only in the process that writes. */
  appendAt(start: number, entries: readonly Uint8Array[]): Promise<boolean>;
  /** The last head this process signed, made public or not; undefined unless it writes. */
  signed(): SignedHead | undefined;
  /** Told after each head this process signs. */
  onSigned(listener: (head: SignedHead) => void): void;
  /** Asks the witnesses of the policy about this head now; answers the verified lines there are. Heads are then no longer sent by themselves. */
  askWitnesses(head: SignedHead): Promise<readonly NoteLine[]>;
  /** Keeps a head as public with lines of others that the caller has verified. */
  keepLines(head: SignedHead, lines: readonly NoteLine[]): Promise<void>;
  /** Whose lines make a head one that is shown as final, from now on. */
  follow(policy: Policy): void;
  /** Inclusion of an entry under a head of this log, hashes leaf to root. */
  inclusion(index: number, head: { readonly size: number; readonly root: Uint8Array }): Promise<Verdict<readonly Uint8Array[], ProofRefusal>>;
  /** Who may refuse entries given to `append` before they are written: one that others must refuse would stall the log for good. */
  admitBy(admission: Admission): void;
  standing(): Standing;
  waiting(): Promise<number>;
  /** The newest head that the quorum of the policy cosigned; undefined before the first. */
  published(): Promise<HeadRow | undefined>;
  /** The newest head the log signed and showed, cosigned or not. */
  newest(): Promise<HeadRow | undefined>;
  /** The newest public heads, the newest first. */
  heads(limit: number): Promise<readonly HeadRow[]>;
  entries(from: number, to: number): Promise<readonly LedgerEntry[]>;
  fullTile(level: number, index: number): Promise<{ readonly hashes: Uint8Array; readonly root: Uint8Array } | undefined>;
  find(leaf: Uint8Array): Promise<number | undefined>;
  /** A file of C2SP tlog-tiles by its path; undefined where there is none (yet). */
  file(path: string): Promise<Uint8Array | undefined>;
  /** The C2SP tlog-proof of an entry under the published head, and the entry. */
  prove(index: number): Promise<Verdict<{ readonly proof: string; readonly entry: Uint8Array }, ProofRefusal>>;
  witnesses(): readonly WitnessState[];
  /** Told of each head that was made public. */
  onPublish(listener: (head: HeadRow) => void): void;
  /** Looks again after somebody mended something. */
  again(): Promise<Standing>;
  /** Settles when nothing waits that could be written, and the head over it is public. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const FILE_BYTES_MAX = 1024 * 1024;
/** How long a process that does not write waits for the one that does. */
const FOLLOW_MS_MAX = 30_000;
const FOLLOW_LOOK_MS = 100;
const HEADS_LOOKED_AT_MAX = 100;

export function readPolicyFile(path: string, setting: string): Policy {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').slice(0, FILE_BYTES_MAX);
  } catch (error) {
    throw new Fault('ledger-policy-not-read', `${setting} names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { path }, { cause: error });
  }
  const policy = parsePolicy(nodeSuite, text);
  if (!policy.ok) throw new Fault('ledger-policy-not-read', `${path} (${setting}) is no tlog-policy: ${policy.refusal.code}${policy.refusal.line === undefined ? '' : `, line ${policy.refusal.line}`}${policy.refusal.detail === undefined ? '' : ` (${policy.refusal.detail})`}.`, { path });
  return policy.value;
}

/** The name given, else the name on the disk, else that of the database, else one of its own. */
async function keyFor({ origin, secret }: LedgerParts, store: SequenceStore, headText: string | undefined): Promise<LogKey> {
  const text = secret('log-key');
  const known = headText === undefined ? undefined : originInHead(headText);
  return logKey(origin ?? known ?? (await store.writer()).name?.origin ?? originOfSecret(text), text);
}

// oxlint-disable-next-line max-lines-per-function -- the parts of one service, put together
export async function openLedger(parts: LedgerParts): Promise<Ledger> {
  const { database, clock, log, dataDir, outbound } = parts;
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const store = createSequenceStore(database);
  const heads = createHeadsStore(database);
  const head = openHeadStore(dataDir);
  const key = await asSystem(async () => keyFor(parts, store, head.read()));
  const given = parts.policyFile === undefined ? undefined : readPolicyFile(parts.policyFile, 'LOG_POLICY');
  let policy: Policy = { witnesses: [], groups: [], quorum: 'none', ...given, logs: [{ key: key.verifier }] };
  let admission: Admission | undefined;
  const listeners: ((head: HeadRow) => void)[] = [];
  const file = async (path: string): Promise<Uint8Array | undefined> => tileFile(store, path);
  const reader = new TileReader(nodeSuite, async (path) => asSystem(async () => file(path)));
  const witnessClient = createWitnessClient({ policy, outbound, heads, reader, clock, log, asSystem });

  // That a server is away, or an embedded database is broken, is told once for the whole platform by whom it concerns.
  const isTold = (error: unknown): boolean => isPassing(error) || database.isAway() || database.broken.aborted;

  /** Whether somebody says which heads the witnesses are asked about: one that saw a larger head takes no smaller one. */
  let isAskedFor = false;
  const signedListeners: ((head: SignedHead) => void)[] = [];
  let toPublish: SignedHead | undefined;
  let publishing: Promise<void> | undefined;
  let publishTimer: NodeJS.Timeout | undefined;
  const perform: Perform = parts.perform ?? (async (_effect, run) => {
    await run();
  });
  const publish = async (): Promise<void> => {
    const next = toPublish;
    if (next === undefined) return;
    await asSystem(async () => perform('publish', async () => heads.publish(next, clock.now())));
    if (toPublish === next) toPublish = undefined;
    const row = await asSystem(async () => heads.at(next.size));
    if (row === undefined) return;
    for (const listener of listeners) listener(row);
    if (!isAskedFor) witnessClient.send(row);
  };
  const publishNow = async (): Promise<void> => {
    clearTimeout(publishTimer);
    publishTimer = undefined;
    await publishing?.catch(() => undefined);
    publishing = publish().finally(() => (publishing = undefined));
    await publishing;
  };
  const publishSoon = (signed: SignedHead): void => {
    toPublish = signed;
    publishTimer ??= setTimeout(() => {
      publishTimer = undefined;
      publishNow().catch((error: unknown) => {
        if (isTold(error)) return;
        log.error({ err: error, code: 'ledger-publish' }, 'a head of the log could not be made public; tried again with the next one');
      });
    }, parts.publishWaitMs ?? PUBLISH_WAIT_MS).unref();
  };

  const writer = createWriter(
    { store, head, tail: openTailStore(dataDir), key, holder: randomUUID(), alone: database.engine === 'embedded', perform },
    {
      admission: () => admission,
      onHead: (next) => {
        publishSoon(next);
        for (const listener of signedListeners) listener(next);
      },
      onTrouble: (error) => {
        if (isTold(error)) return;
        log.error({ err: error, code: 'ledger' }, 'the log could not be written; entries wait and are tried again');
      },
      onStanding: (standing) => tellStanding(log, standing),
      asSystem,
    },
  );
  await writer.drain().catch((error: unknown) => log.error({ err: error, code: 'ledger' }, 'the log could not be opened; tried again'));

  const newest = async (): Promise<HeadRow | undefined> => (await heads.latest(1))[0];
  const published = async (): Promise<HeadRow | undefined> => (policy.quorum === 'none' ? newest() : newestCosigned(heads, policy));
  return {
    name: { origin: key.verifier.name, vkey: key.vkey },
    policyText: () => printPolicy(policy),
    policyWitnesses: () => given?.witnesses ?? [],
    witness: createWitnessServer({ database, clock, key: witnessKey(`witness.${key.verifier.name}`, parts.secret('witness-key')), logs: parts.witnessedFile === undefined ? [] : readPolicyFile(parts.witnessedFile, 'LOG_WITNESSED').logs }),
    record: async (transaction, event) => {
      await recordOn(transaction, event);
      writer.nudge();
    },
    append: async (entries) => appendHere({ store, database, asSystem, append: async (more) => writer.append(more) }, entries),
    appendAt: async (start, entries) => writer.appendAt(start, entries),
    signed: () => writer.head(),
    onSigned: (listener) => void signedListeners.push(listener),
    askWitnesses: async (asked) =>
      asSystem(async () => {
        isAskedFor = true;
        await heads.publish(asked, clock.now());
        const row = await heads.at(asked.size);
        if (row === undefined) return [];
        await witnessClient.ask(row);
        return (await heads.at(asked.size))?.lines ?? [];
      }),
    keepLines: async (asked, lines) =>
      asSystem(async () => {
        await heads.publish(asked, clock.now());
        await heads.addLines(asked.size, lines, clock.now());
      }),
    follow: (next) => {
      policy = next;
      isAskedFor = true;
    },
    inclusion: async (index, under) => {
      const proven = await reader.inclusion(index, under);
      return proven.ok ? yes(proven.value.proof) : proven;
    },
    admitBy: (next) => {
      admission = next;
    },
    standing: () => writer.standing(),
    waiting: async () => asSystem(async () => store.countWaiting()),
    published,
    newest,
    heads: async (limit) => heads.latest(Math.min(limit, HEADS_LOOKED_AT_MAX)),
    entries: async (from, to) => store.entries(from, to),
    fullTile: async (level, index) => store.fullTile(level, index),
    find: async (leaf) => store.find(leaf),
    file,
    prove: async (index) => {
      const row = await published();
      if (row === undefined) return no({ code: 'proof-index', detail: 'no head is public yet' });
      const proven = await reader.inclusion(index, row);
      if (!proven.ok) return proven;
      // One row instead of the bundle around it.
      const [found] = await store.entries(index, index + 1);
      if (found === undefined || !sameBytes(leafHash(nodeSuite, found.entry), proven.value.leaf)) return no({ code: 'bundle-entry', detail: `entry ${index}` });
      return yes({ proof: printTlogProof({ index, hashes: proven.value.proof, checkpoint: row.full }), entry: found.entry });
    },
    witnesses: () => witnessClient.states(),
    onPublish: (listener) => void listeners.push(listener),
    again: async () => writer.again(),
    settled: async () => {
      await writer.drain();
      await publishNow();
      await witnessClient.settled();
    },
    close: async () => {
      await writer.close();
      await publishNow().catch(() => undefined);
      witnessClient.close();
      await witnessClient.settled();
    },
  };
}

function tellStanding(log: Log, standing: Standing): void {
  if (standing.state === 'halted') log.error({ code: 'ledger-halted', halt: standing.halt, headSize: standing.headSize, databaseSize: standing.databaseSize }, 'The log signs nothing: it is not the one that was signed last. Acts are kept and wait. Run: mizan log fsck');
  else log.debug({ standing: standing.state }, 'the log');
}

async function newestCosigned(heads: HeadsStore, policy: Policy): Promise<HeadRow | undefined> {
  const rows = await heads.latest(HEADS_LOOKED_AT_MAX);
  return rows.find(({ lines }) => meets(policy, policy.witnesses.filter(({ key }) => lines.some(({ name, id }) => name === key.name && id === key.id)).map(({ name }) => name)));
}

/** The rows of an event, on the connection of whoever did the act. */
async function recordOn(transaction: Tx, event: LedgerEvent): Promise<void> {
  const { entry, openings } = eventEntry(event, { id: randomUUID, salt: () => new Uint8Array(randomBytes(32)) });
  const tables = ledgerTablesOn(transaction);
  await tables.insertInto('ledger_pending').values({ entry: Buffer.from(entry) }).execute();
  if (openings.length > 0) {
    await tables.insertInto('ledger_openings').values(openings.map(({ id, commitment, salt, content, purpose }) => ({ id, commitment: Buffer.from(commitment), salt: Buffer.from(salt), content, purpose: purpose.slice(0, 100) }))).execute();
  }
}

interface Appending {
  readonly store: SequenceStore;
  readonly database: Database;
  readonly asSystem: <T>(work: () => Promise<T>) => Promise<T>;
  readonly append: (entries: readonly Uint8Array[]) => Promise<readonly Verdict<number, LedgerRefusal>[]>;
}

async function appendHere({ store, database, asSystem, append }: Appending, entries: readonly Uint8Array[]): Promise<readonly Verdict<number, LedgerRefusal>[]> {
  const refusals = entries.map((entry): LedgerRefusal | undefined =>
    entry.length === 0 ? { code: 'ledger-entry-empty' } : entry.length > ENTRY_BYTES_MAX ? { code: 'ledger-entry-too-long', detail: `${entry.length} bytes, at most ${ENTRY_BYTES_MAX}` } : undefined,
  );
  const good = entries.filter((_, at) => refusals[at] === undefined);
  let verdicts: readonly Verdict<number, LedgerRefusal>[];
  try {
    verdicts = good.length === 0 ? [] : await append(good);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'ledger-following') throw error;
    // Another process writes: it finds the entries where every process can leave them.
    verdicts = await asSystem(async () => leaveAndWait(store, database, good));
  }
  const answers = verdicts[Symbol.iterator]();
  return refusals.map((refusal) => (refusal === undefined ? (answers.next().value ?? no({ code: 'ledger-queue-full' as const })) : no(refusal)));
}

async function leaveAndWait(store: SequenceStore, database: Database, entries: readonly Uint8Array[]): Promise<readonly Verdict<number, LedgerRefusal>[]> {
  await ledgerTables(database).insertInto('ledger_pending').values(entries.map((entry) => ({ entry: Buffer.from(entry) }))).execute();
  const leaves = entries.map((entry) => leafHash(nodeSuite, entry));
  for (let waited = 0; waited < FOLLOW_MS_MAX; waited += FOLLOW_LOOK_MS) {
    const found = await Promise.all(leaves.map(async (leaf) => store.find(leaf)));
    if (found.every((index) => index !== undefined)) return found.map((index) => yes(index ?? 0));
    await new Promise((resolve) => setTimeout(resolve, FOLLOW_LOOK_MS));
  }
  throw new Fault('ledger-not-written', 'The process that writes the log did not take the entries in time. They wait and will be written.');
}

/** Tiles are made of what is stored: full ones as rows, the ones at the edge of the hashes below them. */
async function tileFile(store: SequenceStore, path: string): Promise<Uint8Array | undefined> {
  const tile = parseTilePath(path);
  if (!tile.ok) return undefined;
  const { level, index, width } = tile.value;
  const from = index * TILE_WIDTH;
  if (level === 'entries') {
    const rows = await store.entries(from, from + width);
    const bundle = rows.length === width ? printEntryBundle(rows.map(({ entry }) => entry)) : undefined;
    return bundle?.ok === true ? bundle.value : undefined;
  }
  if (width === TILE_WIDTH) return (await store.fullTile(level, index))?.hashes;
  const hashes = await store.hashes(level, from, from + width);
  return hashes === undefined ? undefined : printTile(hashes);
}
