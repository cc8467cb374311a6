/** The record of acts: written before an act, completed before its answer leaves. Whoever may see something can be seen to have seen it. */

import { sql } from 'kysely';
import type { FastifyRequest } from 'fastify';
import type { Instant, Json } from '../../base/index.ts';
import { type PolicyName, policyOf } from '../auth/index.ts';
import type { Clock } from '../clock/index.ts';
import type { Database, Tx } from '../db/index.ts';
import type { AuditTrail } from '../http/index.ts';

/** A type and not an interface: only a type fits Kysely's index signature. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- see above
export type AuditTables = {
  platform_audit: {
    id: number;
    at: Instant;
    actor: string;
    person_id: string | null;
    organisations: string[];
    policy: string;
    method: string;
    route: string;
    targets: Json;
    address: string;
    request_id: string;
    ended_at: Instant | null;
    status: number | null;
    code: string | null;
  };
};

export interface AuditRow {
  readonly id: number;
  readonly at: Instant;
  readonly actor: string;
  readonly personId: string | undefined;
  readonly policy: string;
  readonly method: string;
  readonly route: string;
  readonly targets: { readonly [name: string]: string };
  readonly address: string;
  readonly requestId: string;
  readonly endedAt: Instant | undefined;
  /** Undefined when the process ended under the act. */
  readonly status: number | undefined;
  readonly code: string | undefined;
}

/** `done`: answered as asked. `refused`: answered with a problem. `unfinished`: the process ended under the act. */
export type AuditOutcome = 'done' | 'refused' | 'unfinished';

export interface AuditQuery {
  readonly actor?: string;
  /** Any of these; a person acts by themselves and by their keys. */
  readonly actors?: readonly string[];
  readonly policy?: string;
  /** Acts of people who hold a role in one of these. */
  readonly organisations?: readonly string[];
  readonly outcome?: AuditOutcome;
  readonly failedOnly?: boolean;
  readonly from?: Instant;
  readonly to?: Instant;
  /** Rows older than this one; for the next page. */
  readonly before?: number;
  readonly limit?: number;
}

export interface Audit extends AuditTrail {
  /** Newest first, at most `AUDIT_ROWS_MAX`; what the scope at hand may see. */
  list(query: AuditQuery): Promise<readonly AuditRow[]>;
}

export const AUDIT_ROWS_MAX = 200;
/** HTTP statuses from here on tell a problem. */
const REFUSED_FROM = 400;
const TARGETS_MAX = 20;
const TARGET_LENGTH_MAX = 200;

declare module 'fastify' {
  interface FastifyRequest {
    /** The row of this act while it runs. Owner: this file. */
    auditId?: number;
    /** What only the act itself knows of who acted and on what: a person who signs in, an entry that was made. Never a personal name. */
    auditNote?: { readonly actor?: string; readonly personId?: string; readonly targets?: { readonly [name: string]: string } };
  }
  interface FastifyContextConfig {
    /** Acts that anybody may try (to sign in, to recover an account) and that are recorded all the same; `reading-too` when the act comes as a GET. */
    audited?: boolean | 'reading-too';
  }
}

/** An act that was done, as the record has it. */
export interface DoneAct {
  readonly policy: PolicyName;
  readonly method: string;
  readonly route: string;
  readonly actor: string;
  readonly targets: { readonly [name: string]: string };
  readonly at: Instant;
}

export interface AuditParts {
  readonly database: Database;
  readonly clock: Clock;
  /** Told of each act that was done, in the transaction that completes its row: both are kept or neither. */
  readonly onDone?: (tx: Tx, act: DoneAct) => Promise<void>;
}

export function openAudit({ database, clock, onDone }: AuditParts): Audit {
  const vault = database.vault.withTables<AuditTables>();
  const seen = database.db.withTables<AuditTables>();

  const insert = async (request: FastifyRequest, policy: PolicyName): Promise<number> => {
    const { caller } = request;
    const row = await vault
      .insertInto('platform_audit')
      .values({
        at: clock.now(),
        actor: caller.actor,
        person_id: caller.personId ?? null,
        organisations: sql`${`{${caller.memberships.map((membership) => membership.organisation).join(',')}}`}::uuid[]` as unknown as string[],
        policy,
        method: request.method,
        route: request.routeOptions.url ?? '',
        targets: sql`${JSON.stringify(targetsOf(request.params))}::jsonb` as unknown as Json,
        address: request.ip,
        request_id: request.id,
      } as never)
      .returning('id')
      .executeTakeFirstOrThrow();
    return row.id;
  };

  return {
    begin: async (request, policy) => {
      if (!isRecorded(request, policy)) return;
      request.auditId = await insert(request, policy);
    },
    end: async (request, status, code) => {
      const isDenied = request.auditId === undefined && isRefusedAct(request, status);
      if (isDenied) request.auditId = await insert(request, request.routeOptions.config.policy ?? 'public');
      if (request.auditId === undefined) return;
      const { auditId, auditNote } = request;
      delete request.auditId;
      const at = clock.now();
      const complete = async (on: Pick<typeof vault, 'updateTable'>): Promise<unknown> => on
        .updateTable('platform_audit')
        .set({
          ended_at: at,
          status,
          code: code ?? null,
          ...(auditNote?.actor === undefined ? {} : { actor: auditNote.actor }),
          ...(auditNote?.personId === undefined ? {} : { person_id: auditNote.personId }),
          ...(auditNote?.targets === undefined ? {} : { targets: sql`targets || ${JSON.stringify(targetsOf(auditNote.targets))}::jsonb` as unknown as Json }),
        } as never)
        .where('id', '=', auditId)
        .execute();
      const policy = request.routeOptions.config.recordedAs?.(request) ?? request.routeOptions.config.policy ?? 'public';
      if (onDone === undefined || status >= REFUSED_FROM || isReading(request) || policyOf(policy).mode !== 'act') {
        await complete(vault);
        return;
      }
      await vault.transaction().execute(async (tx) => {
        await complete(tx);
        await onDone(tx as unknown as Tx, { policy, method: request.method, route: request.routeOptions.url ?? '', actor: auditNote?.actor ?? request.caller.actor, targets: { ...targetsOf(request.params), ...targetsOf(auditNote?.targets) }, at });
      });
    },
    list: async (query) => {
      let rows = seen.selectFrom('platform_audit').selectAll().orderBy('id', 'desc').limit(Math.min(query.limit ?? AUDIT_ROWS_MAX, AUDIT_ROWS_MAX));
      if (query.actor !== undefined) rows = rows.where('actor', '=', query.actor);
      if (query.actors !== undefined) rows = rows.where('actor', 'in', query.actors.length === 0 ? [''] : [...query.actors]);
      if (query.policy !== undefined) rows = rows.where('policy', '=', query.policy);
      if (query.organisations !== undefined) rows = rows.where(sql<boolean>`organisations && ${`{${query.organisations.join(',')}}`}::uuid[]`);
      if (query.outcome === 'done') rows = rows.where('status', '<', REFUSED_FROM);
      if (query.outcome === 'refused') rows = rows.where('status', '>=', REFUSED_FROM);
      if (query.outcome === 'unfinished') rows = rows.where('ended_at', 'is', null);
      if (query.failedOnly === true) rows = rows.where('code', 'is not', null);
      if (query.from !== undefined) rows = rows.where('at', '>=', query.from);
      if (query.to !== undefined) rows = rows.where('at', '<', query.to);
      if (query.before !== undefined) rows = rows.where('id', '<', query.before);
      return (await rows.execute()).map((row) => ({
        id: row.id,
        at: row.at,
        actor: row.actor,
        personId: row.person_id ?? undefined,
        policy: row.policy,
        method: row.method,
        route: row.route,
        targets: row.targets as AuditRow['targets'],
        address: row.address,
        requestId: row.request_id,
        endedAt: row.ended_at ?? undefined,
        status: row.status ?? undefined,
        code: row.code ?? undefined,
      }));
    },
  };
}

const isReading = (request: FastifyRequest): boolean => request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS';

/** Acts; and whatever an auditor reads, since an auditor reads everywhere. */
function isRecorded(request: FastifyRequest, policy: PolicyName): boolean {
  const { audited } = request.routeOptions.config;
  if (audited === 'reading-too') return true;
  if (audited === true) return !isReading(request);
  if (policy === 'public') return false;
  // The page of a form is no act: nothing has happened until the form is sent.
  if (!isReading(request)) return true;
  return request.caller.memberships.some((membership) => membership.role === 'auditor') && !policyOf(policy).anyAccount;
}

/** A refusal for want of rights, of somebody known or of an act. Readers who only have to sign in first are no news. */
function isRefusedAct(request: FastifyRequest, status: number): boolean {
  if (status === 403) return true;
  return status === 401 && (!isReading(request) || request.headers.authorization !== undefined);
}

/** Links that work once stand in addresses; whoever reads the record must not be able to follow them. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['token']);

function targetsOf(params: unknown): { readonly [name: string]: string } {
  if (typeof params !== 'object' || params === null) return {};
  return Object.fromEntries(Object.entries(params).filter(([name]) => !SECRET_PARAMETERS.has(name)).slice(0, TARGETS_MAX).map(([name, value]) => [name, String(value).slice(0, TARGET_LENGTH_MAX)]));
}
