/** Letters of the secretariat: each is told once to whoever wants its kind, in the language of the platform's letters. */

import { Fault, type Instant, type Language } from '../../../base/index.ts';
import { formatList, formatNumber, formatTime, formatDate } from '../../../platform/text/index.ts';
import { PEOPLE_TOLD_MAX, ROUNDS_LOOKED_AT_MAX, type Sitting, SOON_HOURS } from '../model.ts';
import { type RoundWarning, warningOf } from '../rules/figures.ts';
import { secretariatText } from '../text/index.ts';
import type { Notice, Work } from './parts.ts';

/** One that fails to be queued stops nobody else's. Marked as told before it is queued: a letter twice is worse than a look at the page. */
export async function tell(work: Work, notice: Notice): Promise<void> {
  const { people, send, store, clock, log } = work;
  if (people === undefined || send === undefined) return;
  if (!(await store.tellOnce(notice.key, clock.now()))) return;
  const off = await store.allOff();
  for (const person of (await people()).slice(0, PEOPLE_TOLD_MAX)) {
    const isMeant = notice.to === 'all' || (notice.to === 'secretariat' ? person.role === 'secretariat' : notice.to.id === person.id);
    if (!isMeant || off.get(person.id)?.includes(notice.kind) === true) continue;
    try {
      await send(person, notice.letter(person.language));
    } catch (error) {
      if (error instanceof Fault) throw error;
      log?.error({ err: error, code: 'secretariat-letter' }, 'a letter of the secretariat could not be queued');
    }
  }
}

const sittingPath = (sitting: Sitting): string => `/secretariat/sittings/${sitting.id}`;

function aboutSitting(kind: 'convened' | 'papers' | 'minutes' | 'cancelled', sitting: Sitting, key: string): Notice {
  return {
    kind: kind === 'cancelled' ? 'convened' : kind,
    key,
    to: 'all',
    letter: (language) => {
      const t = secretariatText.in(language);
      const values = { number: sitting.number, title: sitting.title[language], starts: formatTime(sitting.startsAt, language), ends: formatTime(sitting.endsAt, language), papers: formatTime(sitting.papersBy, language), place: [sitting.place, sitting.link].filter((one) => one !== '').join(', ') };
      const subject = t(`letter.${kind}-subject`, values);
      const path = kind === 'minutes' ? `${sittingPath(sitting)}/minutes` : sittingPath(sitting);
      const buttons = [{ label: t('letter.open'), path }, ...(kind === 'convened' ? [{ label: t('letter.calendar'), path: `${sittingPath(sitting)}/calendar.ics` }] : [])];
      return { subject, paragraphs: [t(sitting.kind === 'written' && kind === 'convened' ? 'letter.convened-written' : `letter.${kind}`, values)], buttons };
    },
  };
}

export const convened = (sitting: Sitting): Notice => aboutSitting('convened', sitting, `convened:${sitting.id}`);
export const cancelled = (sitting: Sitting): Notice => aboutSitting('cancelled', sitting, `cancelled:${sitting.id}`);
/** Moved: told again, since the old day stands in calendars. */
export const moved = (sitting: Sitting): Notice => aboutSitting('convened', sitting, `moved:${sitting.id}:${sitting.revision}`);
export const minutesCirculated = (sitting: Sitting, revision: number): Notice => aboutSitting('minutes', sitting, `minutes:${sitting.id}:${revision}`);

function aboutRound({ kind, slot, round, missing }: RoundWarning, quorum: number): Notice {
  return {
    kind,
    key: `${kind}:${slot}:${round}`,
    to: 'all',
    letter: (language) => {
      const t = secretariatText.in(language);
      const values = { slot, round, count: missing.length, quorum, seats: formatList(missing.map((seat) => formatNumber(seat, language)), language) };
      return { subject: t(`letter.${kind}-subject`, values), paragraphs: [t(`letter.${kind}`, values)], buttons: [{ label: t('letter.open'), path: '/seats' }] };
    },
  };
}

/** What the clock asks to tell: papers that are due soon, rounds without a quorum or stalled, tasks. The same again tells nobody twice. */
export async function tellDue(work: Work): Promise<void> {
  const { store, clock, council } = work;
  const now = clock.now();
  const soon = new Date(Date.parse(now) + SOON_HOURS * 3_600_000).toISOString() as Instant;
  for (const sitting of await store.dueSittings(soon)) if (sitting.state === 'convened' && sitting.papersBy > now) await tell(work, aboutSitting('papers', sitting, `papers:${sitting.id}:${sitting.papersBy}`));
  const today = now.slice(0, 10);
  for (const task of await store.dueTasks(soon.slice(0, 10))) {
    const isLate = task.dueOn < today;
    const letter = (language: Language): ReturnType<Notice['letter']> => {
      const t = secretariatText.in(language);
      const values = { title: task.title[language], owner: task.owner, due: formatDate(task.dueOn, language) };
      return { subject: t(isLate ? 'letter.task-late-subject' : 'letter.task-subject', values), paragraphs: [t(isLate ? 'letter.task-late' : 'letter.task', values)], buttons: [{ label: t('letter.open'), path: '/secretariat/tasks' }] };
    };
    const key = `task:${task.id}:${task.dueOn}:${isLate ? 'late' : 'soon'}`;
    await tell(work, { kind: 'task', key, to: 'secretariat', letter });
    if (task.ownerId !== undefined) await tell(work, { kind: 'task', key: `${key}:owner`, to: { id: task.ownerId }, letter });
  }
  if ((await council.standing()).state === 'unfounded') return;
  const { quorum } = council.constitution();
  const { rounds } = await council.rounds({ stages: ['open', 'committing', 'closing'], limit: ROUNDS_LOOKED_AT_MAX });
  for (const facts of rounds) {
    const warning = warningOf(facts, Math.floor(Date.parse(now) / 1000), quorum);
    if (warning !== undefined) await tell(work, aboutRound(warning, quorum));
  }
}
