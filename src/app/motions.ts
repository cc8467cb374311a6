/** What motions need from features they do not know: duties and impact assessments for the dossier, letters to members, the log. */

import type { Json } from '../base/index.ts';
import type { Administration } from '../features/identity/index.ts';
import type { Impact } from '../features/impact/index.ts';
import type { Ledger } from '../features/ledger/index.ts';
import { type DossierPart, letterOf, type MotionsParts, type NoticeKind, type Motion } from '../features/motions/index.ts';
import type { Obligations } from '../features/obligations/index.ts';
import { systemScope, within } from '../platform/auth/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Mail } from '../platform/mail/index.ts';
import type { Language } from '../base/index.ts';

/** A council has at most 99 seats, with two alternates for each constituency. */
const MEMBERS_TOLD_MAX = 150;

export function dossierParts({ obligations, impact, clock }: { readonly obligations: Obligations; readonly impact: Impact; readonly clock: Clock }): readonly DossierPart[] {
  return [
    {
      name: 'duties',
      of: async (systemId) => {
        const today = clock.today();
        const sheet = await obligations.sheet(systemScope, systemId, { asOf: today, knownOn: today });
        if (sheet === undefined) return undefined;
        return { pack: { ...sheet.pack.ref }, asOf: today, knownOn: today, counts: sheet.counts as unknown as Json, duties: sheet.duties as unknown as Json };
      },
    },
    {
      name: 'impact',
      of: async (systemId) => {
        const published = await impact.published(systemId);
        return published.length === 0 ? undefined : published.map(({ row, seal }): Json => ({ id: row.id, kind: row.kind, version: row.version, questionnaire: row.digest, level: row.level ?? null, sealSha256: seal.sha256, sealedAt: seal.sealedAt }));
      },
    },
  ];
}

export interface TellParts {
  readonly mail: Mail;
  readonly administration: Pick<Administration, 'people'>;
  readonly log: Log;
  readonly language: Language;
  readonly publicUrl: () => string;
}

/** Letters to everybody who holds the role of a member; a letter that cannot be queued stops nothing. */
export function tellMembers({ mail, administration, log, language, publicUrl }: TellParts): NonNullable<MotionsParts['notify']> {
  return async (kind: NoticeKind, motion: Motion) =>
    within(systemScope, async () => {
      try {
        for (const person of await administration.people({ role: 'council-member', state: 'open', limit: MEMBERS_TOLD_MAX })) {
          const { subject, paragraphs, button } = letterOf(kind, motion, language);
          await mail.send({ to: person.email, subject, language, blocks: [...paragraphs.map((text) => ({ kind: 'paragraph', text }) as const), { kind: 'button', label: button, url: `${publicUrl()}/motions/${motion.id}` }] });
        }
      } catch (error) {
        log.error({ err: error, code: 'motion-letter' }, 'members could not be told of a motion');
      }
    });
}

export function recordMotions(ledger: Pick<Ledger, 'record'>, clock: Clock): NonNullable<MotionsParts['record']> {
  return async (tx, { act, number, option, state, motion, detail }) => {
    await ledger.record(tx, { kind: 'motions.act', at: clock.now(), body: { act, number, option, state, motion: motion === undefined ? undefined : `sha256:${motion}` }, ...(detail === undefined ? {} : { private: { detail } }) });
  };
}
