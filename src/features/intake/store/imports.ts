/** The rows of intake_imports and intake_problems. */

import { sql } from 'kysely';
import type { Instant } from '../../../base/index.ts';
import type { Database, Db, Tx } from '../../../platform/db/index.ts';
import type { ImportState, ImportView, NumberedProblem, ProblemQuery } from '../model/import.ts';
import type { Profile } from '../model/profile.ts';
import type { Problem, TableOptions } from '../model/table.ts';

type Access = Db | Tx;

/** Orders problems by severity, then as they were told; at most PROBLEMS_KEPT_MAX are kept, far below the step. */
const PLACE = sql<number>`(case severity when 'error' then 0 when 'warning' then 1000000 else 2000000 end) + number`;

interface ImportRow {
  readonly id: string;
  readonly profile: string;
  readonly profile_rules: ImportView['rules'];
  readonly profile_digest: string;
  readonly file_name: string;
  readonly file_sha256: string;
  readonly file_bytes: number;
  readonly mode: ImportView['mode'];
  readonly sample: boolean;
  readonly options: ImportView['options'];
  readonly state: ImportState;
  readonly facts: ImportView['facts'];
  readonly findings: ImportView['findings'];
  readonly counts: ImportView['counts'];
  readonly drift: ImportView['drift'];
  readonly result: ImportView['result'];
  readonly refusal: ImportView['refusal'];
  readonly job_id: string | null;
  readonly actor: string;
  readonly created_at: Instant;
  readonly checked_at: Instant | null;
  readonly applied_at: Instant | null;
}

/** What changes in an import while it is worked on. */
export type ImportPatch = Partial<Pick<ImportView, 'state' | 'mode' | 'facts' | 'findings' | 'counts' | 'drift' | 'result' | 'refusal' | 'jobId' | 'checkedAt' | 'appliedAt'>>;

export type ImportStore = ReturnType<typeof createImportStore>;

// oxlint-disable-next-line typescript/explicit-function-return-type -- the type of the object is the documentation
export function createImportStore(database: Database) {
  return {
    async insert(view: ImportView, transaction?: Tx): Promise<void> {
      await sql`insert into intake_imports (id, profile, profile_rules, profile_digest, file_name, file_sha256, file_bytes, mode, sample, options, state, job_id, actor, created_at)
        values (${view.id}::uuid, ${view.profile}, ${json(view.rules)}::jsonb, ${view.profileDigest}, ${view.fileName}, ${view.fileSha256}, ${view.fileBytes}, ${view.mode}, ${view.sample},
          ${json(view.options)}::jsonb, ${view.state}, ${view.jobId}::uuid, ${view.actor}, ${view.createdAt}::timestamptz)`.execute(transaction ?? database.db);
    },

    async get(id: string): Promise<ImportView | undefined> {
      const { rows } = await sql<ImportRow>`select * from intake_imports where id = ${id}::uuid`.execute(database.db);
      return rows[0] === undefined ? undefined : viewOf(rows[0]);
    },

    /** Newest first. */
    async list(limit: number, after: Instant | undefined): Promise<readonly ImportView[]> {
      const { rows } = await sql<ImportRow>`select * from intake_imports where ${after ?? null}::timestamptz is null or created_at < ${after ?? null}::timestamptz
        order by created_at desc, id desc limit ${limit}`.execute(database.db);
      return rows.map(viewOf);
    },

    /** Gives an import other rules before it is checked again. */
    async rebase(id: string, profile: Profile, digest: string, options: TableOptions): Promise<void> {
      await sql`update intake_imports set profile = ${profile.id}, profile_rules = ${json(profile)}::jsonb, profile_digest = ${digest}, options = ${json(options)}::jsonb,
        checked_at = null, counts = null, findings = null, drift = null, refusal = null where id = ${id}::uuid`.execute(database.db);
    },

    /** The state an import has and may leave; false when somebody else was faster. */
    async move(id: string, from: readonly ImportState[], to: ImportState): Promise<boolean> {
      const { rows } = await sql`update intake_imports set state = ${to} where id = ${id}::uuid and state in (${sql.join(from)}) returning id`.execute(database.db);
      return rows.length > 0;
    },

    async patch(id: string, patch: ImportPatch, transaction?: Access): Promise<void> {
      const sets = Object.entries(patch).map(([key, value]) => sql`${sql.ref(COLUMNS[key as keyof ImportPatch])} = ${bound(key as keyof ImportPatch, value)}`);
      if (sets.length > 0) await sql`update intake_imports set ${sql.join(sets)} where id = ${id}::uuid`.execute(transaction ?? database.db);
    },

    /** Forgets what an earlier, interrupted check left. */
    async clear(id: string, transaction?: Access): Promise<void> {
      const access = transaction ?? database.db;
      await sql`delete from intake_rows where import_id = ${id}::uuid`.execute(access);
      await sql`delete from intake_problems where import_id = ${id}::uuid`.execute(access);
    },

    /** The comparison is done with; what it found stays. */
    async forgetRows(id: string, transaction: Tx): Promise<void> {
      await sql`delete from intake_rows where import_id = ${id}::uuid`.execute(transaction);
    },

    async addProblems(id: string, problems: readonly Problem[], firstNumber: number): Promise<void> {
      if (problems.length === 0) return;
      const rows = problems.map((problem, index) => ({ number: firstNumber + index, code: problem.code, severity: problem.severity, row_number: problem.row ?? null, line: problem.line ?? null, column_name: problem.column ?? null, found: problem.found ?? null }));
      await sql`insert into intake_problems (import_id, number, code, severity, row_number, line, column_name, found)
        select ${id}::uuid, x.number, x.code, x.severity, x.row_number, x.line, x.column_name, x.found
        from jsonb_to_recordset(${json(rows)}::jsonb) as x(number int, code text, severity text, row_number int, line int, column_name text, found text)`.execute(database.db);
    },

    /** Errors first, then warnings, then notes; `number` is the place in that order. */
    async problems(id: string, query: ProblemQuery): Promise<readonly NumberedProblem[]> {
      const { rows } = await sql<{ number: number; code: string; severity: NumberedProblem['severity']; row_number: number | null; line: number | null; column_name: string | null; found: string | null }>`
        select * from (select ${PLACE} as number, code, severity, row_number, line, column_name, found from intake_problems where import_id = ${id}::uuid
          and (${query.severity ?? null}::text is null or severity = ${query.severity ?? null}) and (${query.column ?? null}::text is null or column_name = ${query.column ?? null})
          and (${query.code ?? null}::text is null or code = ${query.code ?? null})) p where number > ${query.after ?? 0} order by number limit ${query.limit}`.execute(database.db);
      return rows.map((row) => ({
        number: row.number,
        code: row.code,
        severity: row.severity,
        ...(row.row_number === null ? {} : { row: row.row_number }),
        ...(row.line === null ? {} : { line: row.line }),
        ...(row.column_name === null ? {} : { column: row.column_name }),
        ...(row.found === null ? {} : { found: row.found }),
      }));
    },

    async problemColumns(id: string): Promise<readonly string[]> {
      const { rows } = await sql<{ column_name: string }>`select distinct column_name from intake_problems where import_id = ${id}::uuid and column_name is not null order by column_name`.execute(database.db);
      return rows.map((row) => row.column_name);
    },
  };
}

const COLUMNS: Readonly<Record<keyof ImportPatch, string>> = {
  state: 'state', mode: 'mode', facts: 'facts', findings: 'findings', counts: 'counts', drift: 'drift', result: 'result', refusal: 'refusal', jobId: 'job_id', checkedAt: 'checked_at', appliedAt: 'applied_at',
};

function bound(key: keyof ImportPatch, value: unknown): ReturnType<typeof sql> {
  if (['state', 'mode'].includes(key)) return sql`${value}`;
  if (key === 'jobId') return sql`${value}::uuid`;
  if (key === 'checkedAt' || key === 'appliedAt') return sql`${value}::timestamptz`;
  return sql`${value === null ? null : json(value)}::jsonb`;
}

/** jsonb cannot hold NUL or half a character; places where a file's own text is repeated lose nothing but those. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'string' ? item.toWellFormed().replaceAll('\0', '\u2400') : item));
}

function viewOf(row: ImportRow): ImportView {
  return {
    id: row.id, profile: row.profile, rules: row.profile_rules, profileDigest: row.profile_digest, fileName: row.file_name, fileSha256: row.file_sha256, fileBytes: row.file_bytes, mode: row.mode,
    sample: row.sample, options: row.options, state: row.state, facts: row.facts, findings: row.findings, counts: row.counts, drift: row.drift, result: row.result, refusal: row.refusal, jobId: row.job_id,
    actor: row.actor, createdAt: row.created_at, checkedAt: row.checked_at, appliedAt: row.applied_at,
  };
}
