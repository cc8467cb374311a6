/** What the register holds of organisations, for their pages of administration: within the scope of the work at hand. */

import { sql } from 'kysely';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Registry } from './registry.ts';

export interface OrganisationView {
  /** How many entries belong to each organisation; those without any are left out. */
  entriesOf(organisations: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Bodies that stand for an organisation, with how many entries each has; at most BODIES_SHOWN_MAX. */
  bodiesOf(organisation: string): Promise<readonly { readonly id: string; readonly name: string; readonly entries: number }[]>;
  /** Number and name of the entries among these ids that may be seen. */
  entriesNamed(ids: readonly string[]): Promise<readonly { readonly id: string; readonly number: number; readonly name: string }[]>;
}

const BODIES_SHOWN_MAX = 200;

export function openOrganisationView({ database, registry }: { readonly database: Database; readonly registry: Pick<Registry, 'getMany'> }): OrganisationView {
  const { db } = database;
  return {
    entriesOf: async (organisations) => {
      if (organisations.length === 0) return new Map();
      const { rows } = await sql<{ organisation: string; entries: number }>`select organisation_id as organisation, count(*)::int as entries from registry_systems
        where organisation_id = any(${[...organisations]}::uuid[]) group by organisation_id`.execute(db);
      return new Map(rows.map((row) => [row.organisation, row.entries]));
    },
    bodiesOf: async (organisation) => {
      const { rows } = await sql<{ id: string; name: string; entries: number }>`select b.id, b.name, (select count(*)::int from registry_systems s where s.body_id = b.id) as entries
        from registry_bodies b where b.organisation_id = ${organisation}::uuid order by b.name, b.id limit ${BODIES_SHOWN_MAX}`.execute(db);
      return rows;
    },
    entriesNamed: async (ids) => {
      const scope: Scope = database.scope();
      return (await registry.getMany(scope, ids)).map(({ id, number, record }) => ({ id, number, name: record.name }));
    },
  };
}
