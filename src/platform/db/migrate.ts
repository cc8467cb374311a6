/** Numbered, append-only SQL migrations. One that was applied may never change: its digest is compared at every start. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../base/index.ts';
import { installationRoot } from '../files/root.ts';
import type { Database } from './open.ts';
import { prepareRoles } from './roles.ts';

export interface Migration {
  /** `registry/0001-create`. */
  readonly id: string;
  readonly sql: string;
}

/** Reads `NNNN-name.sql` files of a feature's `store/migrations`; numbers must be 1, 2, 3 … without gaps. */
export function migrationsOf(feature: string): readonly Migration[] {
  const folder = join(installationRoot, 'src', feature === 'platform' ? 'platform/db/migrations' : `features/${feature}/store/migrations`);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name, index) => {
      if (!name.startsWith(`${String(index + 1).padStart(4, '0')}-`)) {
        throw new Fault('migration-numbering', `${feature}: ${name} should begin with ${String(index + 1).padStart(4, '0')}-`, { feature, name });
      }
      return { id: `${feature}/${name.slice(0, -'.sql'.length)}`, sql: readFileSync(join(folder, name), 'utf8') };
    });
}

const LOCK_KEY = 4_210_533;

/** Applies what is missing, each migration in a transaction of its own. Several processes may start at once: one migrates, the others wait. */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<readonly string[]> {
  await prepareRoles(async (text) => database.execute(text));
  // "If not exists" looks before it makes: without the lock the second of two processes fails on the first one's table.
  await database.execute(`select pg_advisory_xact_lock(${LOCK_KEY}); create table if not exists platform_migrations (
    id text primary key, sha256 text not null, applied_at timestamptz not null default now())`);
  const applied: string[] = [];
  // What the platform lays down (SQL roles, the shield of tables) is what every feature builds on.
  const own = migrations.some(({ id }) => id.startsWith('platform/')) ? [] : migrationsOf('platform');
  for (const migration of [...own, ...migrations]) {
    const sha256 = createHash('sha256').update(migration.sql).digest('hex');
    const literal = `'${migration.id.replaceAll("'", "''")}'`;
    const { rows } = await database.execute('select sha256 from platform_migrations where id = $1', [migration.id]);
    const known = rows[0]?.['sha256'];
    if (known === sha256) continue;
    if (known !== undefined) {
      throw new Fault('migration-changed', `Migration ${migration.id} was applied earlier with other content. Restore the file; write a new migration instead.`, { id: migration.id });
    }
    // Several statements in one text are one implicit transaction on both engines: all or nothing.
    await database.execute(`select pg_advisory_xact_lock(${LOCK_KEY});
      do $guard$ begin
        if exists (select 1 from platform_migrations where id = ${literal}) then raise exception 'mizan-already-applied'; end if;
      end $guard$;
      ${migration.sql};
      insert into platform_migrations (id, sha256) values (${literal}, '${sha256}');`).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes('mizan-already-applied')) return;
      throw new Fault('migration-failed', `Migration ${migration.id} failed; nothing of it was kept.`, { id: migration.id }, { cause: error });
    });
    applied.push(migration.id);
  }
  return applied;
}
