/** Mapping profiles: those shipped in packs/mappings, and those made on the mapper page. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { Fault, type Instant } from '../../../base/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import { parseProfile, type Profile } from '../model/profile.ts';

export const PROFILES_MAX = 500;

export interface KnownProfile {
  readonly profile: Profile;
  /** The YAML text, as it lies in the pack or was saved. */
  readonly text: string;
  readonly isShipped: boolean;
}

export type ProfileStore = ReturnType<typeof createProfileStore>;

/** Reads the shipped profiles at once: one that is wrong stops the start, naming its file and place. */
// oxlint-disable-next-line typescript/explicit-function-return-type -- the type of the object is the documentation
export function createProfileStore(database: Database, folder: string = join(installationRoot, 'packs/mappings')) {
  const shipped = new Map(readShipped(folder).map((one) => [one.profile.id, one]));
  return {
    async get(id: string): Promise<KnownProfile | undefined> {
      return shipped.get(id) ?? (await saved(database, id))[0];
    },
    async list(): Promise<readonly KnownProfile[]> {
      return [...shipped.values(), ...(await saved(database, undefined))];
    },
    isShipped: (id: string): boolean => shipped.has(id),
    async save(profile: Profile, text: string, at: Instant): Promise<void> {
      await sql`insert into intake_profiles (id, text, created_at, updated_at) values (${profile.id}, ${text}, ${at}::timestamptz, ${at}::timestamptz)
        on conflict (id) do update set text = excluded.text, updated_at = excluded.updated_at`.execute(database.db);
    },
  };
}

function readShipped(folder: string): readonly KnownProfile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const parsed = parseProfile(text);
      if (!parsed.ok) {
        const first = parsed.refusal[0];
        throw new Fault('profile-not-loaded', `packs/mappings/${name} cannot be used: ${first?.path ?? ''}: ${first?.message ?? ''}`, { file: name, problems: parsed.refusal.length });
      }
      if (`${parsed.value.id}.yaml` !== name) throw new Fault('profile-not-loaded', `packs/mappings/${name} holds the profile ${parsed.value.id}; file and id should be named alike.`, { file: name });
      return { profile: parsed.value, text, isShipped: true };
    });
}

async function saved(database: Database, id: string | undefined): Promise<readonly KnownProfile[]> {
  const { rows } = await sql<{ text: string }>`select text from intake_profiles where ${id ?? null}::text is null or id = ${id ?? null} order by id limit ${PROFILES_MAX}`.execute(database.db);
  return rows.flatMap(({ text }) => {
    // A field that a later version of the register dropped makes an old profile unusable; the others still work.
    const parsed = parseProfile(text);
    return parsed.ok ? [{ profile: parsed.value, text, isShipped: false }] : [];
  });
}
