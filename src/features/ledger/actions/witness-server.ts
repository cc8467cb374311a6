/** This platform as a witness of other logs (C2SP tlog-witness): what it cosigned last is kept before it answers, and never goes back. */

import { sql } from 'kysely';
import { systemScope, within } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { cosign } from '../../../proof/cosignature.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { printLine, printNote } from '../../../proof/note.ts';
import type { PolicyLog } from '../../../proof/policy.ts';
import { codeOfUnread, type Judgement, judgeAddCheckpoint, originHash, originOf, parseAddCheckpointBytes, TLOG_SIZE_TYPE } from '../../../proof/witness.ts';
import type { LogKey } from '../rules/log-key.ts';
import { type LedgerDb, ledgerTables, ledgerTablesOn, plainBytes } from '../store/tables.ts';

export interface WitnessAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export interface WitnessServer {
  readonly vkey: string;
  readonly origins: readonly string[];
  addCheckpoint(body: Uint8Array): Promise<WitnessAnswer>;
  /** The last checkpoint cosigned, by the digest of its origin in hexadecimal. */
  latest(digest: string): Promise<string | undefined>;
}

export interface WitnessServerParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly key: LogKey;
  readonly logs: readonly PolicyLog[];
}

const TEXT = 'text/plain; charset=utf-8';

export function createWitnessServer({ database, clock, key, logs }: WitnessServerParts): WitnessServer {
  const keysOf = (origin: string): PolicyLog['key'][] => logs.filter((log) => log.key.name === origin).map((log) => log.key);
  const told = (judgement: Judgement & { readonly code: 400 | 403 | 404 | 409 | 422 }): WitnessAnswer =>
    judgement.code === 409 ? { status: 409, type: TLOG_SIZE_TYPE, body: judgement.body } : { status: judgement.code, type: TEXT, body: `${judgement.refusal.code}\n` };
  return {
    vkey: key.vkey,
    origins: [...new Set(logs.map((log) => log.key.name))],
    addCheckpoint: async (body) => {
      const request = parseAddCheckpointBytes(body);
      if (!request.ok) return { status: codeOfUnread(request.refusal), type: TEXT, body: `${request.refusal.code}\n` };
      const origin = originOf(request.value) ?? '';
      const keys = keysOf(origin);
      if (keys.length === 0) {
        const judged = judgeAddCheckpoint(nodeSuite, undefined, request.value);
        return judged.code === 200 ? { status: 404, type: TEXT, body: 'witness-unknown-origin\n' } : told(judged);
      }
      // The row stays locked from the look to the write: two requests for one log are answered one after the other.
      const judged = await within(systemScope, async () =>
        database.db.transaction().execute(async (tx): Promise<Judgement & { readonly line?: string }> => {
          const tables = ledgerTablesOn(tx);
          const last = await lockLast(tables, origin);
          const judgement = judgeAddCheckpoint(nodeSuite, { keys, ...(last === undefined ? {} : { last }) }, request.value);
          if (judgement.code !== 200) return judgement;
          const at = clock.now();
          const line = cosign(nodeSuite, key.signer, request.value.note.text, Math.floor(Date.parse(at) / 1000));
          const note = printNote({ text: request.value.note.text, lines: [...request.value.note.lines.filter(({ name, id }) => keys.some((one) => one.name === name && one.id === id)), line] });
          await sql`update ledger_witnessed set size = ${judgement.last.size}, root = ${Buffer.from(judgement.last.root)}, note = ${note}, cosigned_at = ${at} where origin = ${origin}`.execute(tables);
          return { ...judgement, line: printLine(line) };
        }),
      );
      // Only what is durable by now leaves.
      return judged.code === 200 ? { status: 200, type: TEXT, body: judged.line ?? '' } : told(judged);
    },
    latest: async (digest) => {
      const origin = [...new Set(logs.map((log) => log.key.name))].find((name) => originHash(nodeSuite, name) === digest);
      if (origin === undefined) return undefined;
      const row = await within(systemScope, async () => ledgerTables(database).selectFrom('ledger_witnessed').select('note').where('origin', '=', origin).executeTakeFirst());
      return row?.note === '' ? undefined : row?.note;
    },
  };
}

/** The head cosigned last, its row locked; a row of size 0 is made where there is none. */
async function lockLast(tables: LedgerDb, origin: string): Promise<{ readonly size: number; readonly root: Uint8Array } | undefined> {
  await sql`insert into ledger_witnessed (origin, size, root, note, cosigned_at) values (${origin}, 0, ${Buffer.from(nodeSuite.sha256())}, '', '-infinity') on conflict do nothing`.execute(tables);
  const row = await tables.selectFrom('ledger_witnessed').select(['size', 'root']).where('origin', '=', origin).forUpdate().executeTakeFirstOrThrow();
  return { size: row.size, root: plainBytes(row.root) };
}
