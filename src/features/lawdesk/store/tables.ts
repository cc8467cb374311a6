/** The tables of keys, installs and versions made here, as the queries see them. */

import type { Generated } from 'kysely';

export type DeskTables = {
  lawdesk_keys: {
    fingerprint: string;
    role: string;
    name: string;
    key: string;
    added_at: string;
    added_by: string;
    revoked_at: string | null;
    revoked_by: string | null;
    revoked_reason: string | null;
  };
  lawdesk_key_acts: { id: Generated<number>; fingerprint: string; act: string; at: string; actor: string; author: string; reason: string };
  lawdesk_made_here: {
    digest: string;
    pack_id: string;
    version: string;
    base_version: string;
    base_digest: string;
    draft_id: string;
    step: number;
    at: string;
    actor: string;
    author: string;
    check_result: string | null;
  };
  lawdesk_built_in: { digest: string; since: string };
  lawdesk_installs: {
    id: Generated<number>;
    at: string;
    actor: string;
    author: string;
    file_name: string;
    upload_sha256: string;
    upload_bytes: number;
    outcome: 'installed' | 'present' | 'refused';
    pack_id: string | null;
    version: string | null;
    digest: string | null;
    manifest: string | null;
    signature: string | null;
    refusal: string | null;
    check_result: string | null;
  };
};
