/** `mizan migrate`: brings the tables up to date without starting the server; `--plan` tells first what that would do. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../../platform/config/index.ts';
import { settleRestore } from '../../platform/backup/index.ts';
import { type Database, EFFECTS, migrate, type MigrationPlan, openDatabase, planMigrations } from '../../platform/db/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { findServer } from '../server-file.ts';
import { print } from '../terminal.ts';
import { settings } from './settings.ts';

/** From this many rows on a statement over all of them is felt by those who work. */
const ROWS_FELT_MIN = 100_000;

interface Options {
  readonly plan?: boolean;
  readonly whileRunning?: boolean;
  readonly json?: boolean;
}

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the tables up to date without starting; --plan only tells what would be done')
    .option('--plan', 'change nothing; end with 1 when something is missing')
    .option('--while-running', 'also when a running server of older software may miss what is taken away')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const config = settings();
      const { allMigrations } = await import('../migrations.ts');
      const migrations = allMigrations();
      // The folder of a register that was never started is not made by looking.
      if (config.databaseUrl === undefined && !existsSync(join(config.dataDir, 'db')) && options.plan === true) {
        tellPlan({ applied: 0, pending: migrations.map(({ id, sql }) => ({ id, bytes: Buffer.byteLength(sql), statements: 0, touches: [] })), unknown: [], changed: [] }, options);
        return;
      }
      if (config.databaseUrl === undefined) await demandNoServer(config);
      await settleRestore(config);
      const database = await openDatabase(config);
      try {
        const plan = await planMigrations(database, migrations);
        if (options.plan === true) return tellPlan(plan, options);
        demandSane(plan);
        if (options.whileRunning !== true) await demandAdditive(plan, database, config);
        const applied = await migrate(database, migrations);
        if (options.json === true) print(JSON.stringify({ applied }, null, 2));
        else print(applied.length === 0 ? 'Nothing was missing.' : `Applied: ${applied.join(', ')}`);
      } finally {
        await database.close();
      }
    });
}

async function demandNoServer(config: Config): Promise<void> {
  const running = await findServer(config.dataDir);
  if (running !== undefined) throw new Exit(EXIT.refused, `A server runs for this data folder (process ${running.pid}) and owns its database. Stop it first; it was up to date when it started.`);
}

function demandSane(plan: MigrationPlan): void {
  if (plan.unknown.length > 0) throw new Exit(EXIT.refused, `The database was brought further by newer software (${plan.unknown.join(', ')}). Install that version, or restore the backup from before the upgrade.`);
  if (plan.changed.length > 0) throw new Exit(EXIT.refused, `Migrations were applied with other content than this software has (${plan.changed.join(', ')}). Restore the files of the installation.`);
}

/** Older software works on beside tables and columns that it does not know, but not without those that it does. */
async function demandAdditive(plan: MigrationPlan, database: Database, config: Config): Promise<void> {
  const taken = plan.pending.flatMap(({ id, touches }) => touches.filter(({ effect }) => effect === 'remove' || effect === 'rewrite').map(({ table }) => `${id} (${table})`));
  if (taken.length === 0 || config.databaseUrl === undefined) return;
  const { rows } = await database.execute(`select count(distinct (client_addr, application_name))::int as others, min(application_name) as name from pg_stat_activity
    where datname = current_database() and pid <> pg_backend_pid() and application_name like 'mizan/%'`);
  const server = await findServer(config.dataDir);
  if (Number(rows[0]?.['others'] ?? 0) === 0 && server === undefined) return;
  throw new Exit(EXIT.refused, `Servers are running on this database, and these migrations change what they use: ${taken.join(', ')}. Stop every server, then migrate (or accept their errors: --while-running).`);
}

function tellPlan(plan: MigrationPlan, options: Options): void {
  if (plan.pending.length > 0 || plan.unknown.length > 0 || plan.changed.length > 0) process.exitCode = EXIT.refused;
  if (options.json === true) {
    print(JSON.stringify(plan, null, 2));
    return;
  }
  print(`${plan.applied} migrations are applied, ${plan.pending.length} are missing.`);
  for (const { id, bytes, statements, touches } of plan.pending) {
    print(`\n${id}  ${bytes} bytes of SQL${statements > 0 ? `, ${statements} statements` : ''}`);
    if (touches.length === 0) print('  only makes new things');
    for (const { table, effect, rows, statement } of touches) {
      const isFelt = (rows ?? 0) >= ROWS_FELT_MIN && effect !== 'lock';
      print(`  ${isFelt ? '!' : ' '} ${table} (about ${rows ?? 0} rows): ${EFFECTS[effect]}\n      ${statement}`);
    }
  }
  if (plan.unknown.length > 0) print(`\nThe database was brought further by newer software: ${plan.unknown.join(', ')}. Do not start this version.`);
  if (plan.changed.length > 0) print(`\nApplied with other content than this software has: ${plan.changed.join(', ')}. Restore the files of the installation.`);
  if (plan.pending.length > 0) print('\nBack up first (mizan backup FILE), then: mizan migrate');
}
