/** What an administrator of an empty platform does first: real places, and marks that are counted, not ticked. */

import type { VNode } from 'preact';
import type { Language } from '../../../base/index.ts';
import { Section, type Task, TaskList } from '../../../platform/html/components/index.ts';
import { portalText } from '../text/index.ts';

/** How far the platform has come; every figure is counted when the page is asked for. */
export interface FirstSteps {
  /** Where the first administrator works; its people are invited there. */
  readonly regulatorId: string | undefined;
  /** People who hold a role at the regulator. */
  readonly regulatorPeople: number;
  /** Organisations other than the regulator that are open and stand at the top: whoever owns one owns all below it. */
  readonly organisations: number;
  /** How many of those have anybody in them or below them. */
  readonly organisationsWithPeople: number;
  /** Whether a person put the main law in force; until then it is the one that the installation brought. */
  readonly isLawAdopted: boolean;
  /** Entries that are no samples. */
  readonly entries: number;
  readonly samples: number;
  /** Whether letters leave by a mail server; without one they lie in a folder of the machine. */
  readonly hasMailServer: boolean;
}

/** Nothing is left that every platform needs; samples are for whoever wants them. */
export function areFirstStepsDone(steps: FirstSteps): boolean {
  return steps.hasMailServer && steps.regulatorPeople > 1 && hasOrganisations(steps) && steps.isLawAdopted && steps.entries > 0;
}

function hasOrganisations({ organisations, organisationsWithPeople }: FirstSteps): boolean {
  return organisations > 0 && organisationsWithPeople === organisations;
}

export function FirstStepsList({ steps, language }: { readonly steps: FirstSteps; readonly language: Language }): VNode {
  const t = portalText.in(language);
  const status = (isDone: boolean, open = t('steps.open')): Task['status'] => (isDone ? { label: t('steps.done'), tone: 'success' } : { label: open, tone: 'info' });
  const regulator = steps.regulatorId === undefined ? '/identity/organisations' : `/identity/organisations/${steps.regulatorId}#invitations`;
  const tasks: readonly Task[] = [
    { title: t('steps.mail'), hint: t(steps.hasMailServer ? 'steps.mail-set' : 'steps.mail-hint'), status: status(steps.hasMailServer) },
    { title: t('steps.colleagues'), href: regulator, hint: t('steps.colleagues-hint'), status: status(steps.regulatorPeople > 1) },
    { title: t('steps.organisations'), href: '/identity/organisations', hint: t('steps.organisations-hint'), status: status(hasOrganisations(steps), steps.organisations === 0 ? t('steps.open') : t('steps.organisations-some', { people: steps.organisationsWithPeople, all: steps.organisations })) },
    { title: t('steps.law'), href: '/obligations/changes', hint: t('steps.law-hint'), status: status(steps.isLawAdopted) },
    { title: t('steps.entries'), href: '/intake', hint: t('steps.entries-hint'), status: status(steps.entries > 0) },
    { title: t('steps.samples'), href: '/portal/samples', hint: t('steps.samples-hint'), status: steps.samples > 0 ? { label: t('steps.samples-loaded', { count: steps.samples }), tone: 'warning' } : { label: t('steps.optional'), tone: 'neutral' } },
  ];
  return (
    <Section title={t('steps.title')} id="first-steps" lead={t('steps.lead')}>
      <TaskList tasks={tasks} id="first-step" />
    </Section>
  );
}
