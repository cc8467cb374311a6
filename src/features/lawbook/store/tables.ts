/** The tables of the lawbook as the queries see them. */

import type { Generated } from 'kysely';

export type LawbookTables = {
  lawbook_packs: { digest: string; id: string; version: string; status: string; files: string; bases: string; installed_at: string };
  lawbook_adoptions: {
    id: Generated<number>;
    place: 'main' | 'beside';
    pack_id: string;
    digest: string;
    act: 'adopt' | 'withdraw';
    previous_digest: string | null;
    author: string;
    reason: string;
    effects: string | null;
    adopted_at: string;
  };
};
