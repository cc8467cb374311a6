/**
 * The SQL roles that row-level security knows, on both engines. A connection works under one of them at a time: what a query may read or
 * write is decided by the database, whatever the code above forgot. Tables belong to the connecting user, who is none of them.
 */

import { Fault } from '../../base/index.ts';
import type { Scope } from '../auth/index.ts';

/** `nobody` has no grant at all: a connection that no piece of work has claimed can read nothing. */
export const SQL_ROLES = ['mizan_nobody', 'mizan_public', 'mizan_own_read', 'mizan_own', 'mizan_all_read', 'mizan_all'] as const;
export type SqlRole = (typeof SQL_ROLES)[number];

export function sqlRoleOf(scope: Scope): SqlRole {
  if (scope.reach === 'public') return 'mizan_public';
  if (scope.reach === 'own') return scope.mode === 'read' ? 'mizan_own_read' : 'mizan_own';
  return scope.mode === 'read' ? 'mizan_all_read' : 'mizan_all';
}

/** What the connection has to be set to, as the values of `SET_IDENTITY`. The same scope gives the same key. */
export interface Identity {
  readonly role: SqlRole | 'none';
  readonly organisations: string;
  readonly actor: string;
}

/** As the connecting user: migrations, the queue, and the vault of identity. */
export const OWNER: Identity = { role: 'none', organisations: '{}', actor: '' };

const identities = new WeakMap<Scope, Identity>();

export function identityOf(scope: Scope): Identity {
  const known = identities.get(scope);
  if (known !== undefined) return known;
  // UUIDs only: nothing in them needs a quote.
  const made: Identity = { role: sqlRoleOf(scope), organisations: `{${scope.organisations.join(',')}}`, actor: scope.actor };
  identities.set(scope, made);
  return made;
}

export function isSameIdentity(a: Identity | undefined, b: Identity): boolean {
  return a !== undefined && a.role === b.role && a.organisations === b.organisations && a.actor === b.actor;
}

export const SET_IDENTITY = `select set_config('role', $1, false), set_config('mizan.organisations', $2, false), set_config('mizan.actor', $3, false)`;

/** Two servers may create the same role at the same moment; both are right. */
const RACE = ['42710', '23505', 'XX000'];
const GRANT_ATTEMPTS_MAX = 20;
const GRANT_WAIT_MS = 50;

/**
 * Makes the roles where they are missing and lets the connecting user take them. Roles belong to the whole database server: where this
 * user may not create them, an administrator runs the statements that Fault `sql-roles-missing` names.
 */
export async function prepareRoles(execute: (text: string) => Promise<{ rows: readonly Record<string, unknown>[] }>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { rows } = await execute(`select r.role, exists (select 1 from pg_roles where rolname = r.role) as there,
      exists (select 1 from pg_roles where rolname = r.role) and pg_has_role(current_user, r.role, 'member') as member
      from unnest(array[${SQL_ROLES.map((role) => `'${role}'`).join(', ')}]) as r(role)`);
    const statements = rows.flatMap((row) => [
      ...(row['there'] === true ? [] : [`create role ${String(row['role'])} nologin`]),
      ...(row['member'] === true ? [] : [`grant ${String(row['role'])} to current_user`]),
    ]);
    if (statements.length === 0) return;
    try {
      for (const statement of statements) await execute(statement);
    } catch (error) {
      const code = String((error as { code?: unknown }).code);
      if (RACE.includes(code) && attempt < GRANT_ATTEMPTS_MAX) {
        await new Promise((resolve) => setTimeout(resolve, GRANT_WAIT_MS));
        continue;
      }
      if (code === '42501') {
        const [user] = (await execute('select current_user::text as name')).rows;
        const owner = JSON.stringify(String(user?.['name']));
        const needed = SQL_ROLES.map((role) => `create role ${role} nologin; grant ${role} to ${owner};`).join(' ');
        throw new Fault('sql-roles-missing', `The database user may not create the roles that keep organisations apart. Run once as an administrator of the database server: ${needed}`, {}, { cause: error });
      }
      throw error;
    }
  }
}
