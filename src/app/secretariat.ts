/** What the secretariat needs from features it does not know: who members are, letters, the log. */

import type { Language } from '../base/index.ts';
import type { Administration } from '../features/identity/index.ts';
import type { Ledger } from '../features/ledger/index.ts';
import type { SecretariatParts, Told } from '../features/secretariat/index.ts';
import { systemScope, within } from '../platform/auth/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Mail } from '../platform/mail/index.ts';

/** A council has at most 99 seats with alternates; the secretariat is a few people. */
const PEOPLE_MAX = 150;

export function secretariatPeople(administration: Pick<Administration, 'people'>, language: Language): () => Promise<readonly Told[]> {
  return async () =>
    within(systemScope, async () => {
      const told = new Map<string, Told>();
      for (const role of ['secretariat', 'council-member'] as const)
        for (const person of await administration.people({ role, state: 'open', limit: PEOPLE_MAX })) if (!told.has(person.id)) told.set(person.id, { id: person.id, name: person.name, language, role });
      return [...told.values()];
    });
}

export function sendSecretariat({ mail, administration, publicUrl }: { readonly mail: Mail; readonly administration: Pick<Administration, 'person'>; readonly publicUrl: () => string }): NonNullable<SecretariatParts['send']> {
  return async ({ id, language }, { subject, paragraphs, buttons }) =>
    within(systemScope, async () => {
      const person = await administration.person(id);
      if (person === undefined) return;
      await mail.send({ to: person.email, subject, language, blocks: [...paragraphs.map((text) => ({ kind: 'paragraph', text }) as const), ...buttons.map(({ label, path }) => ({ kind: 'button', label, url: `${publicUrl()}${path}` }) as const)] });
    });
}

export function recordSecretariat(ledger: Pick<Ledger, 'record'>, clock: Clock): NonNullable<SecretariatParts['record']> {
  return async (tx, { act, body, secret }) => ledger.record(tx, { kind: 'secretariat.act', at: clock.now(), body: { act, ...body }, ...(secret === undefined ? {} : { private: secret }) });
}
