/** What administration shows of the register: identity knows no entries, so the register is handed to it here. */

import type { RegisterView } from '../features/identity/index.ts';
import { openOrganisationView, type Registry } from '../features/registry/index.ts';
import type { Database } from '../platform/db/index.ts';

const NAME_CHARACTERS_SHOWN = 80;

export function registerViewOf(database: Database, registry: Registry): RegisterView {
  const view = openOrganisationView({ database, registry });
  return {
    entriesOf: async (organisations) => view.entriesOf(organisations),
    bodiesOf: async (organisation) => (await view.bodiesOf(organisation)).map((body) => ({ ...body, href: `/registry/mine?body=${body.id}` })),
    targetsOf: async (ids) => new Map((await view.entriesNamed(ids)).map(({ id, number, name }) => [id, { label: `${number} · ${name.slice(0, NAME_CHARACTERS_SHOWN)}`, href: `/registry/${id}/manage` }])),
  };
}
