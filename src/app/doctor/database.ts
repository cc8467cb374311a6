/** Looks at the database: is it reached, may we work in it, does it fit this software, and does the queue move. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../platform/config/index.ts';
import { type Database, type DatabaseFacts, diagnose, openDatabase, planMigrations, POOL_CONNECTIONS_MAX, type Unreached } from '../../platform/db/index.ts';
import { findServer } from '../server-file.ts';
import { fail, type Finding, type Look, ok, type Surroundings, warn } from './model.ts';
import { softwareVersion } from '../../platform/files/version.ts';

const VERSION_MIN = 150_000;
/** Left for backup, migration and an administrator who looks. */
const CONNECTIONS_SPARE = 5;
const WAITING_MINUTES_WARN = 30;

const REACH: Readonly<Record<Unreached, string>> = {
  refused: 'Nothing listens there: start PostgreSQL, and check host and port in DATABASE_URL.',
  'unknown-host': 'The host name in DATABASE_URL is not known: check its spelling and the name server of this machine.',
  'no-answer': 'The machine does not answer: check the network and its firewall.',
  'wrong-password': 'User or password in DATABASE_URL is wrong. Set a new one: alter role … password ….',
  'not-let-in': 'The user is unknown, or pg_hba.conf does not let it in from here: add a line and reload PostgreSQL.',
  'no-database': 'The database in DATABASE_URL is not there: createdb --encoding=UTF8 NAME.',
  'too-many-connections': 'PostgreSQL has no connection left: raise max_connections, or stop what holds them (pg_stat_activity).',
  other: 'See the message; check DATABASE_URL.',
};

export const database: Look = {
  subject: 'database',
  examine: async (around) => {
    const { config } = around;
    if (config.databaseUrl !== undefined) return ofServer(config.databaseUrl, around);
    const running = await findServer(config.dataDir);
    if (running !== undefined) return ofRunning(running.url);
    if (!existsSync(join(config.dataDir, 'db'))) return ok('database', 'embedded; will be made at the first start');
    return withDatabase(config, async (opened) => {
      const [row] = (await opened.execute(`select current_setting('server_version') as version`)).rows;
      return [ok('database', `embedded PostgreSQL ${String(row?.['version'])}`), ...(await insideFindings(opened, around))];
    });
  },
};

async function withDatabase<T>(config: Config, look: (database: Database) => Promise<T>): Promise<T> {
  const opened = await openDatabase(config);
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
}

async function ofRunning(url: string): Promise<Finding> {
  const ready = (await (await fetch(`${url}/health/ready`)).json()) as { checks?: readonly { name: string; state: string; value: number }[] };
  const check = ready.checks?.find(({ name }) => name === 'database');
  if (check?.state === 'failed') return fail('database', 'the running server does not reach it', 'Look at the log of the server.');
  return ok('database', check === undefined ? 'the running server answers' : `answers the running server in ${check.value} ms${check.state === 'busy' ? ' (busy with a job)' : ''}`);
}

async function ofServer(databaseUrl: string, around: Surroundings): Promise<readonly Finding[]> {
  const seen = await diagnose(databaseUrl);
  if (seen.unreached !== undefined) return [fail('database', seen.message, REACH[seen.unreached])];
  const findings = serverFindings(seen.facts, softwareVersion);
  // With old software or without rights the rest could only repeat it.
  if (findings.some(({ state }) => state === 'fail')) return findings;
  return withDatabase(around.config, async (opened) => [...findings, ...(await insideFindings(opened, around))]);
}

/** What the facts about a PostgreSQL mean for Mizan. */
export function serverFindings(facts: DatabaseFacts, software: string | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const user = JSON.stringify(facts.user);
  const version = `PostgreSQL ${Math.floor(facts.version / 10_000)}.${facts.version % 10_000}`;
  findings.push(facts.version < VERSION_MIN ? fail('database', version, 'Upgrade the database server to PostgreSQL 15 or later.') : ok('database', version));
  if (facts.encoding !== 'UTF8') findings.push(fail('encoding', facts.encoding, 'Names of this register need UTF8: make a new database (createdb --encoding=UTF8 --template=template0 NAME) and restore the backup into it.'));
  if (!facts.mayCreateTables) findings.push(fail('rights', `${facts.user} may not make tables`, `Run as its owner: grant create on schema public to ${user}; or let it own the database: alter database … owner to ${user};`));
  if (facts.foreignTables.length > 0) findings.push(fail('rights', `tables belong to another user: ${facts.foreignTables.join(', ')}`, `Run for each as an administrator: alter table … owner to ${user}; usually DATABASE_URL names the wrong user.`));
  if (!facts.hasTrigrams) findings.push(fail('search', 'the extension pg_trgm is missing and cannot be made', 'Install postgresql-contrib on the database server, then as an administrator: create extension pg_trgm;'));
  if (facts.rolesMissing.length > 0 && !facts.mayCreateRoles) {
    findings.push(fail('SQL roles', `missing: ${facts.rolesMissing.join(', ')}`, `Run once as an administrator of the database server: ${facts.rolesMissing.map((role) => `create role ${role} nologin; grant ${role} to ${user};`).join(' ')}`));
  }
  const left = facts.connectionsMax - facts.connectionsUsed;
  const connections = `${facts.connectionsUsed} of ${facts.connectionsMax} in use`;
  if (left < POOL_CONNECTIONS_MAX + CONNECTIONS_SPARE) findings.push(warn('connections', connections, `A Mizan process takes up to ${POOL_CONNECTIONS_MAX}: raise max_connections to at least ${facts.connectionsMax + POOL_CONNECTIONS_MAX + CONNECTIONS_SPARE}.`));
  else findings.push(ok('connections', connections));
  if (!facts.writesSafely) findings.push(warn('durability', 'PostgreSQL runs with fsync=off: a power cut can destroy the database', 'Set fsync = on in postgresql.conf and reload.'));
  const strangers = facts.others.filter((name) => software !== undefined && name !== `mizan/${software}`);
  if (strangers.length > 0) findings.push(warn('versions', `other processes on this database run ${strangers.join(', ')}`, 'Bring every process to the same version; the newest one has changed the tables already.'));
  return findings;
}

/** What only an open database tells. */
export async function insideFindings(opened: Database, { root }: Pick<Surroundings, 'root'>): Promise<readonly Finding[]> {
  const { allMigrations } = await import('../migrations.ts');
  const plan = await planMigrations(opened, allMigrations());
  const findings: Finding[] = [];
  if (plan.unknown.length > 0) findings.push(fail('migrations', `the database is newer than this software: ${plan.unknown.join(', ')}`, 'Install the newer version again, or restore the backup from before the upgrade.'));
  else if (plan.changed.length > 0) findings.push(fail('migrations', `applied with other content than ${root} has: ${plan.changed.join(', ')}`, 'Restore the files of the installation; an applied migration never changes.'));
  else if (plan.pending.length > 0) findings.push(warn('migrations', `${plan.pending.length} are missing${plan.applied === 0 ? ', and there are no tables yet' : ''}`, 'The next start applies them. See what they do: mizan migrate --plan. Back up before.'));
  else findings.push(ok('migrations', `${plan.applied} applied`));
  if (plan.applied > 0) findings.push(await queueFinding(opened));
  return findings;
}

async function queueFinding(opened: Database): Promise<Finding> {
  const [row] = (await opened.execute(`select count(*) filter (where state = 'waiting')::int as waiting, count(*) filter (where state = 'running')::int as running,
    (extract(epoch from now() - min(created_at) filter (where state = 'waiting')) / 60)::int as minutes from platform_jobs where state in ('waiting', 'running')`)).rows;
  const [waiting, running, minutes] = [Number(row?.['waiting'] ?? 0), Number(row?.['running'] ?? 0), Number(row?.['minutes'] ?? 0)];
  const found = `${waiting} jobs wait, ${running} run`;
  if (waiting > 0 && minutes >= WAITING_MINUTES_WARN) return warn('jobs', `${found}; the oldest waits ${minutes} minutes`, running > 0 ? 'Long jobs hold the others up: see /jobs, and cancel what is not needed.' : 'No process takes them: start Mizan, and look for “job queue” in its log.');
  return ok('jobs', found);
}
