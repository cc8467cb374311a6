/** Kills in the middle of writes: writers keep what was acknowledged to them, and afterwards every table and file is held against it. */

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { canonical, type Json } from '../../src/base/index.ts';
import { systemScope } from '../../src/platform/auth/index.ts';
import { type Database, openDatabase } from '../../src/platform/db/index.ts';
import { type Cluster, SERVER_DEATHS } from './cluster.ts';
import type { Supervised } from './supervised.ts';

const WRITERS = 4;
const REFUSED_PAUSE_MS = 15;
/** Acts acknowledged after a start before the next kill, and how long after that it comes at most. */
const ACTS_BETWEEN_MIN = 8;
const KILL_DELAY_MS_MAX = 120;

/** What a client was told to be done. */
export type Acknowledged =
  | { readonly kind: 'create'; readonly id: string; readonly name: string }
  | { readonly kind: 'edit'; readonly id: string; readonly revision: number; readonly purpose: string }
  | { readonly kind: 'answer'; readonly id: string; readonly step: number }
  | { readonly kind: 'attach'; readonly id: string; readonly file: string; readonly sha256: string };

/** Where an act of a kind comes in, for the audit record. */
const ROUTES: Readonly<Record<Acknowledged['kind'], string>> = {
  create: 'POST /api/v1/systems',
  edit: 'PUT /api/v1/systems/:id',
  answer: 'POST /api/v1/systems/:id/answers',
  attach: 'POST /api/v1/systems/:id/attachments',
};

export interface Figures {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acts that a kill left without an answer; each is wholly there or not at all. */
  readonly unanswered: number;
  /** Acknowledged and not found. */
  readonly lost: readonly string[];
  /** Found in part, or tables that disagree with each other. */
  readonly half: readonly string[];
  /** Audit rows of acts under which the process or the database ended. */
  readonly unfinished: number;
  readonly auditRows: number;
  readonly readyMs: readonly number[];
}

/** Writes until `signal`; counts what stayed without an answer. */
async function write(app: Supervised, name: string, told: Acknowledged[], silent: { count: number }, signal: AbortSignal): Promise<void> {
  const ask = async <T>(method: string, path: string, options: Parameters<Supervised['send']>[2]): Promise<T> => {
    let answer: Response;
    try {
      answer = await app.send(method, path, options);
    } catch (error) {
      // Nobody listened: the act was never begun.
      if ((error as { cause?: { code?: string } }).cause?.code !== 'ECONNREFUSED') silent.count += 1;
      throw error;
    }
    const text = await answer.text();
    if (answer.status === 503 || answer.status === 401) throw new Error(`away: ${answer.status}`);
    if (!answer.ok) throw new Problem(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
  for (let round = 0; !signal.aborted; round++) {
    try {
      const title = `${name} ${round}`;
      const record = { name: title, organisation: `Office ${round % 7}`, purpose: `First words of ${title}.`, outputs: 'A score.', sector: 'employment', phase: 'in-use' };
      const { id } = await ask<{ id: string }>('POST', '/api/v1/systems', { json: { record } });
      told.push({ kind: 'create', id, name: title });
      for (let revision = 1; revision <= 2; revision++) {
        const purpose = `Words ${revision} of ${title}, which say more than those before.`;
        const saved = await ask<{ revision: number }>('PUT', `/api/v1/systems/${id}`, { json: { record: { ...record, purpose } }, headers: { 'if-match': `"${revision}"` } });
        told.push({ kind: 'edit', id, revision: saved.revision, purpose });
      }
      const { step } = await ask<{ step: number }>('POST', `/api/v1/systems/${id}/answers`, { json: { fact: 'S.infers', answer: true, after: 0 } });
      told.push({ kind: 'answer', id, step });
      const text = `Notes on ${title}.\n`.repeat(2000);
      const form = new FormData();
      form.set('kind', 'other');
      form.set('file', new Blob([text]), 'notes.txt');
      const attached = await ask<{ id: string; sha256: string }>('POST', `/api/v1/systems/${id}/attachments`, { form });
      told.push({ kind: 'attach', id, file: attached.id, sha256: createHash('sha256').update(text).digest('hex') });
    } catch (error) {
      if (error instanceof Problem) throw error;
      await pause(REFUSED_PAUSE_MS);
    }
  }
}

/** An answer that no kill explains. */
class Problem extends Error {}

/**
 * Kills `rounds` times: the app, and with a cluster in every second round the database. Nobody but the supervisors starts anything again;
 * an app whose database comes back must go on in the same process. In the end the app is stopped in good order.
 */
export async function killAgainAndAgain(app: Supervised, cluster: Cluster | undefined, rounds: number, random: () => number, progress: (round: number) => void = () => undefined): Promise<{ readonly told: readonly Acknowledged[]; readonly unanswered: number; readonly readyMs: readonly number[] }> {
  const told: Acknowledged[] = [];
  const silent = { count: 0 };
  const readyMs: number[] = [];
  const ending = new AbortController();
  await app.ready();
  const writers = Array.from({ length: WRITERS }, async (_, n) => write(app, `Writer ${n}`, told, silent, ending.signal));
  const failed = Promise.all(writers);
  // Looked at with each wait below; without a listener a writer's problem would end the process first.
  failed.catch(() => undefined);
  try {
    for (let round = 0; round < rounds; round++) {
      const before = told.length;
      while (told.length < before + ACTS_BETWEEN_MIN) await Promise.race([pause(5), failed]);
      await pause(random() * KILL_DELAY_MS_MAX);
      const began = performance.now();
      if (cluster === undefined || round % 2 === 0) {
        await app.kill();
      } else {
        const [pid, starts] = [app.pid(), app.starts()];
        const death = SERVER_DEATHS[Math.floor(round / 2) % SERVER_DEATHS.length] ?? 'postmaster';
        await cluster.kill(death);
        if (death !== 'backend') await cluster.start();
        await app.ready();
        if (app.pid() !== pid || app.starts() !== starts) throw new Error(`the app did not outlive the database (${death}): ${app.errors.slice(-40).join('\n')}`);
      }
      await Promise.race([app.ready(), failed]);
      readyMs.push(performance.now() - began);
      progress(round + 1);
    }
  } finally {
    ending.abort();
    await Promise.race([failed, pause(100_000)]);
    await app.stop();
  }
  return { told, unanswered: silent.count, readyMs };
}

/** Opens the database that the stopped app left, and holds it against what was acknowledged and against itself. */
export async function examine(app: Pick<Supervised, 'dataDir'>, databaseUrl: string | undefined, run: { readonly told: readonly Acknowledged[]; readonly unanswered: number; readonly readyMs: readonly number[] }): Promise<Figures> {
  const database = await openDatabase({ dataDir: app.dataDir, databaseUrl }, { standing: systemScope });
  try {
    const rows = async (text: string): Promise<readonly Record<string, unknown>[]> => (await database.execute(text)).rows;
    const lost = await lostOf(app, rows, run.told);
    const half = await halfOf(app, rows);
    const [audit] = await rows('select count(*)::int as all, count(*) filter (where ended_at is null)::int as unfinished from platform_audit');
    return { kills: run.readyMs.length, acknowledged: run.told.length, unanswered: run.unanswered, lost, half, unfinished: Number(audit?.['unfinished']), auditRows: Number(audit?.['all']), readyMs: run.readyMs };
  } finally {
    await database.close();
  }
}

type Rows = (text: string) => ReturnType<Database['execute']> extends Promise<{ rows: infer R }> ? Promise<R> : never;

async function lostOf(app: Pick<Supervised, 'dataDir'>, rows: Rows, told: readonly Acknowledged[]): Promise<readonly string[]> {
  const revisions = new Map((await rows(`select system_id::text || ' ' || revision as key, record->>'name' as name, record->>'purpose' as purpose from registry_revisions`)).map((row) => [row['key'], row]));
  const answers = new Set((await rows(`select system_id::text || ' ' || step as key from assessment_answers`)).map((row) => row['key']));
  const files = new Map((await rows('select id::text, sha256 from registry_attachments where removed_at is null')).map((row) => [row['id'], row['sha256']]));
  const lost: string[] = [];
  for (const act of told) {
    const isThere = {
      create: () => act.kind === 'create' && revisions.get(`${act.id} 1`)?.['name'] === act.name,
      edit: () => act.kind === 'edit' && revisions.get(`${act.id} ${act.revision}`)?.['purpose'] === act.purpose,
      answer: () => act.kind === 'answer' && answers.has(`${act.id} ${act.step}`),
      attach: () => act.kind === 'attach' && files.get(act.file) === act.sha256 && existsSync(fileOf(app.dataDir, act.sha256)),
    }[act.kind]();
    if (!isThere) lost.push(JSON.stringify(act));
  }
  // The end of each acknowledged act was recorded before its answer left.
  const ended = new Map((await rows(`select method || ' ' || route as route, count(*)::int as n from platform_audit where status < 300 group by 1`)).map((row) => [row['route'], Number(row['n'])]));
  for (const kind of Object.keys(ROUTES) as Acknowledged['kind'][]) {
    const count = told.filter((act) => act.kind === kind).length;
    if ((ended.get(ROUTES[kind]) ?? 0) < count) lost.push(`audit: ${kind} acknowledged ${count}, ended in the record ${ended.get(ROUTES[kind]) ?? 0}`);
  }
  return lost;
}

const fileOf = (dataDir: string, sha256: string): string => join(dataDir, 'files', sha256.slice(0, 2), sha256.slice(2));

/** Each statement finds what a whole write can never leave. */
const CONTRADICTIONS: readonly (readonly [what: string, statement: string])[] = [
  ['an entry whose revisions are no chain from 1', `select s.id from registry_systems s left join lateral (select count(*) n, min(revision) low, max(revision) high from registry_revisions r where r.system_id = s.id) c on true where c.n is distinct from s.revision or c.low is distinct from 1 or c.high is distinct from s.revision`],
  ['an entry that differs from its newest revision', 'select s.id from registry_systems s join registry_revisions r on r.system_id = s.id and r.revision = s.revision where r.sha256 <> s.sha256 or r.status <> s.status'],
  ['a revision without its entry', 'select system_id as id from registry_revisions r where not exists (select 1 from registry_systems s where s.id = r.system_id)'],
  ['an answer without an entry', 'select system_id as id from assessment_answers a where not exists (select 1 from registry_systems s where s.id = a.system_id)'],
  ['answers with a gap', 'select system_id as id from assessment_answers group by 1 having count(*) <> max(step) or min(step) <> 1'],
  ['an answered entry whose summary does not say so', `select a.system_id as id from assessment_answers a left join assessment_summaries s using (system_id) where s.state is distinct from 'started' and s.state is distinct from 'decided'`],
  ['an attachment without an entry', 'select id from registry_attachments a where not exists (select 1 from registry_systems s where s.id = a.system_id)'],
  ['a counter of all entries that differs from the rows', `select 'all' as id from (select coalesce(sum(n), 0) as n from registry_counts where audience = 'workspace' and facet = 'all') c where c.n <> (select count(*) from registry_systems)`],
  ['a counter of a state that differs from the rows', `select coalesce(c.value, s.status) as id from (select value, sum(n) as n from registry_counts where audience = 'workspace' and facet = 'status' group by 1 having sum(n) <> 0) c full join (select status, count(*) as n from registry_systems group by 1) s on s.status = c.value where c.n is distinct from s.n`],
  ['more entries than acts in the record', `select 'create' as id where (select count(*) from registry_systems) > (select count(*) from platform_audit where method = 'POST' and route = '/api/v1/systems')`],
  ['more edits than acts in the record', `select 'edit' as id where (select count(*) from registry_revisions where kind = 'edited') > (select count(*) from platform_audit where method = 'PUT' and route = '/api/v1/systems/:id')`],
  ['an act that ended without a status', 'select id from platform_audit where (ended_at is null) <> (status is null)'],
];

async function halfOf(app: Pick<Supervised, 'dataDir'>, rows: Rows): Promise<readonly string[]> {
  const half: string[] = [];
  for (const [what, statement] of CONTRADICTIONS) half.push(...(await rows(statement)).map((row) => `${what}: ${String(row['id'])}`));
  for (const row of await rows('select system_id::text as id, revision, record, sha256 from registry_revisions')) {
    const digest = createHash('sha256').update(canonical(row['record'] as Json)).digest('hex');
    if (digest !== row['sha256']) half.push(`a record that differs from its digest: ${String(row['id'])} revision ${String(row['revision'])}`);
  }
  for (const row of await rows('select distinct sha256, bytes from registry_attachments')) {
    const sha256 = String(row['sha256']);
    if (!existsSync(fileOf(app.dataDir, sha256))) half.push(`a row without its file: ${sha256}`);
  }
  // Whatever stands under its digest is whole, whether a row names it or not.
  for (const path of globSync('files/??/*', { cwd: app.dataDir })) {
    const digest = createHash('sha256');
    for await (const piece of createReadStream(join(app.dataDir, path))) digest.update(piece as Buffer);
    const name = path.replaceAll('\\', '/').split('/').slice(1).join('');
    if (digest.digest('hex') !== name) half.push(`a file that differs from its digest: ${path}`);
  }
  return half;
}

/** The value below which the share of the list lies; 0 for an empty list. */
export function quantile(list: readonly number[], share: number): number {
  return [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * share))] ?? 0;
}

export function tellFigures(engine: string, figures: Figures): string {
  const { kills, acknowledged, unanswered, lost, half, unfinished, auditRows, readyMs } = figures;
  const seconds = (share: number): string => (quantile(readyMs, share) / 1000).toFixed(2);
  return `${engine.padEnd(16)} ${kills} kills   ${acknowledged} acknowledged writes   ${lost.length} lost   ${half.length} half   ${unanswered} without an answer   ${unfinished} of ${auditRows} acts unfinished in the record   ready again p50 ${seconds(0.5)} s, p99 ${seconds(0.99)} s`;
}
