/** Asks the witnesses of the policy to cosign each public head (C2SP tlog-witness), and keeps what they answer once it is verified. */

import type { Clock } from '../../../platform/clock/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Outbound } from '../../../platform/outbound/index.ts';
import { Fault } from '../../../base/index.ts';
import { fromDecimal } from '../../../proof/bytes.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { openNote, parseNote } from '../../../proof/note.ts';
import type { Policy, PolicyWitness } from '../../../proof/policy.ts';
import type { TileReader } from '../../../proof/tile-reader.ts';
import { printAddCheckpoint } from '../../../proof/witness.ts';
import type { HeadRow, HeadsStore } from '../store/heads.ts';

/** How it stands with one witness. */
export interface WitnessState {
  readonly name: string;
  /** The largest head it cosigned, as far as this process has seen; undefined before the first. */
  readonly size: number | undefined;
  /** Why the last try failed; undefined when it did not. */
  readonly trouble: string | undefined;
}

export interface WitnessClientParts {
  readonly policy: Policy;
  readonly outbound: Pick<Outbound, 'fetch'>;
  readonly heads: HeadsStore;
  readonly reader: TileReader;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly asSystem: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface WitnessClient {
  /** Sends a head to all witnesses that have an address; a newer one waits until the round is over. */
  send(head: HeadRow): void;
  /** Asks all witnesses about this head; settles when each has answered or failed. */
  ask(head: HeadRow): Promise<void>;
  states(): readonly WitnessState[];
  settled(): Promise<void>;
  close(): void;
}

/** A witness that did not cosign the newest head is asked again. */
const RETRY_MS = 60_000;
const CONFLICT = 409;
const ANSWER_CHARS_MAX = 20_000;

export function createWitnessClient(parts: WitnessClientParts): WitnessClient {
  const { policy, heads, log, asSystem } = parts;
  const witnesses = policy.witnesses.filter(({ url }) => url !== undefined);
  const known = new Map<string, { size: number | undefined; trouble: string | undefined }>();
  let next: HeadRow | undefined;
  let round: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let closed = false;

  const one = async (witness: PolicyWitness, head: HeadRow): Promise<boolean> => {
    const before = known.get(witness.name)?.size;
    try {
      await ask(parts, witness, head, before ?? 0);
      known.set(witness.name, { size: head.size, trouble: undefined });
      return true;
    } catch (error) {
      const trouble = error instanceof Fault ? error.code : 'unknown';
      if (known.get(witness.name)?.trouble !== trouble) log.warn({ code: 'ledger-witness', witness: witness.name, trouble, err: error }, 'a witness did not cosign the head of the log');
      known.set(witness.name, { size: before, trouble });
      return false;
    }
  };
  const rounds = async (): Promise<void> => {
    for (;;) {
      if (next === undefined || closed) return;
      const head = next;
      next = undefined;
      const done = await Promise.all(witnesses.map(async (witness) => one(witness, head)));
      if (done.includes(false) && next === undefined && !closed) {
        retry ??= setTimeout(() => {
          retry = undefined;
          void asSystem(async () => heads.latest(1)).then(([latest]) => (latest === undefined ? undefined : send(latest)), () => undefined);
        }, RETRY_MS).unref();
      }
    }
  };
  const send = (head: HeadRow): void => {
    if (closed || witnesses.length === 0) return;
    next = head;
    round ??= asSystem(rounds).finally(() => (round = undefined));
  };
  return {
    send,
    ask: async (head) => {
      await Promise.all(witnesses.filter(({ key }) => !head.lines.some(({ name, id }) => name === key.name && id === key.id)).map(async (witness) => one(witness, head)));
    },
    states: () => policy.witnesses.map(({ name }) => ({ name, size: known.get(name)?.size, trouble: known.get(name)?.trouble })),
    settled: async () => {
      await round;
    },
    close: () => {
      closed = true;
      clearTimeout(retry);
    },
  };
}

async function ask({ outbound, heads, reader, clock }: WitnessClientParts, witness: PolicyWitness, head: HeadRow, oldSize: number, isAgain = false): Promise<void> {
  const note = parseNote(head.note);
  if (!note.ok) throw new Fault('ledger-head-not-read', 'The head to be witnessed is damaged.');
  const old = oldSize === 0 ? undefined : await reader.claimedRoot(oldSize);
  const proof = old === undefined || oldSize === head.size ? [] : old.ok ? await reader.consistency({ size: oldSize, root: old.value }, head) : old;
  const hashes = 'ok' in proof ? (proof.ok ? proof.value : undefined) : proof;
  if (hashes === undefined) throw new Fault('ledger-proof-not-made', `The proof from size ${oldSize} to ${head.size} cannot be made from the stored tiles. Run: mizan log fsck`, { from: oldSize, to: head.size });
  const answer = await outbound.fetch(`${witness.url ?? ''}/add-checkpoint`, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body: printAddCheckpoint({ oldSize, proof: hashes, note: note.value }) });
  const text = answer.text();
  if (answer.status === CONFLICT && !isAgain) {
    const size = fromDecimal(text.trimEnd());
    // A witness that saw a larger tree than this one has seen a fork, or this log went back.
    if (size === undefined || size > head.size) throw new Fault('ledger-witness-ahead', `The witness ${witness.name} cosigned a larger log (${text.trimEnd().slice(0, 20)} entries) than this one.`, { witness: witness.name });
    return ask({ outbound, heads, reader, clock } as WitnessClientParts, witness, head, size, true);
  }
  if (answer.status !== 200) throw new Fault('ledger-witness-refused', `The witness ${witness.name} answers ${answer.status}.`, { witness: witness.name, status: answer.status });
  const signed = text.length > ANSWER_CHARS_MAX ? undefined : parseNote(`${note.value.text}\n${text}`);
  const opened = signed?.ok === true ? openNote(nodeSuite, signed.value, [witness.key]) : undefined;
  if (opened?.ok !== true) throw new Fault('ledger-witness-unsigned', `The witness ${witness.name} answered without a valid line of its key.`, { witness: witness.name });
  await heads.addLines(head.size, opened.value.verified.map(({ line }) => line), clock.now());
}
