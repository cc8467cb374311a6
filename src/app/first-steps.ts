/** Counts how far a platform has come since its set-up, for the list of first steps on the dashboard. */

import type { Administration } from '../features/identity/index.ts';
import { INSTALLATION, type Lawbook } from '../features/lawbook/index.ts';
import type { FirstSteps, Samples } from '../features/portal/index.ts';
import type { Registry } from '../features/registry/index.ts';
import { systemScope } from '../platform/auth/index.ts';

export interface FirstStepsParts {
  readonly administration: Administration;
  readonly lawbook: Lawbook;
  readonly registry: Registry;
  readonly samples: Samples;
  readonly hasMailServer: boolean;
}

export async function countFirstSteps({ administration, lawbook, registry, samples, hasMailServer }: FirstStepsParts): Promise<FirstSteps> {
  const [organisations, adoptions, page, sampled] = await Promise.all([administration.organisations(systemScope), lawbook.adoptions(), registry.list(systemScope, { limit: 1 }), samples.count(systemScope)]);
  if (!page.ok) throw new Error('invariant broken: a list without filter is always answered');
  const open = organisations.filter((one) => one.closedAt === undefined);
  const peopled = open.filter((one) => one.people > 0);
  const regulators = open.filter((one) => one.kind === 'regulator');
  const roots = open.filter((one) => one.kind !== 'regulator' && one.parentId === undefined);
  return {
    regulatorId: regulators[0]?.id,
    regulatorPeople: regulators.reduce((sum, one) => sum + one.people, 0),
    organisations: roots.length,
    organisationsWithPeople: roots.filter((root) => peopled.some((one) => one.path.includes(root.id))).length,
    isLawAdopted: adoptions.some((one) => one.place === 'main' && one.author !== INSTALLATION),
    entries: Math.max(0, page.value.total - sampled),
    samples: sampled,
    hasMailServer,
  };
}
