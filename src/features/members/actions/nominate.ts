/** Nominations from the proposal to the motion: heard, taken on or not, keys handed in, the next roll prepared; the vote itself is the council's. */

import { LANGUAGES, no, type Verdict, yes } from '../../../base/index.ts';
import type { FieldError, MemberRefusal, Nomination, Place } from '../model.ts';
import { KEYS_CHARS_MAX } from '../model.ts';
import { judgeAcceptance, judgeNomination, type Known, nextRoll, readKeys, type Rules, toldOf } from '../rules/nominations.ts';
import { type Given, readNomination, readReason, tidyLine } from '../rules/read-forms.ts';
import { placesOf } from '../rules/register.ts';
import type { createStore } from '../store/members-store.ts';
import { membersText } from '../text/index.ts';
import type { MembersParts } from './open-members.ts';

type Done<T = true> = Promise<Verdict<T, MemberRefusal>>;
type Store = ReturnType<typeof createStore>;
type Set = Parameters<Store['changeNomination']>[2];

const fields = (errors: readonly FieldError[]): { readonly ok: false; readonly refusal: MemberRefusal } => no({ code: 'member-fields', fields: errors });

export interface NominationsView {
  readonly nominations: readonly Nomination[];
  readonly places: readonly Place[];
  readonly today: string;
  readonly isFounded: boolean;
  /** Of the roll that is prepared next. */
  readonly nextEpoch: number;
}

export function nominationActions({ clock, council, pack, suite, motions, record }: MembersParts, store: Store) {
  /** What the council stands on, without the tables. */
  const standing = async (): Promise<{ readonly rules: Rules; readonly roll: Known['roll']; readonly places: readonly Place[] }> => {
    const { roll, origin } = await council.standing();
    const constitution = council.constitution();
    return { rules: { constitution, origin, support: (name) => pack.manifest.constituencies[name]?.support ?? 0, most: pack.manifest.terms.most }, roll, places: placesOf(constitution, pack.manifest.alternates, roll) };
  };
  const known = async (tx: Parameters<Store['change']>[0], { roll, places }: Pick<Known, 'roll' | 'places'>): Promise<Known> => ({ roll, places, terms: await store.terms(tx), nominations: await store.nominations(tx), today: clock.today() });

  /** Reads again inside the turn, so that what is judged is what is written. */
  const change = async (id: string, revision: number, judge: (nomination: Nomination, now: Known, rules: Rules) => Verdict<Set, MemberRefusal>, act: string): Done => {
    const { rules, ...base } = await standing();
    return store.inTurn(async (tx) => {
      const now = await known(tx, base);
      const nomination = now.nominations.find((one) => one.id === id);
      if (nomination === undefined) return no({ code: 'no-member' });
      if (nomination.revision !== revision) return no({ code: 'member-stale' });
      const set = judge(nomination, now, rules);
      if (!set.ok) return set;
      if (!(await store.changeNomination(tx, nomination, set.value, clock.now()))) return no({ code: 'member-stale' });
      const { number, place } = nomination;
      await record?.(tx, { act, body: { number, place }, ...(set.value.reason === undefined ? {} : { secret: { reason: set.value.reason } }) });
      return yes(true);
    });
  };

  const decide = async (id: string, state: 'accepted' | 'declined' | 'withdrawn', given: Given, revision: number): Done => {
    const reason = readReason(given);
    if (!reason.ok) return fields(reason.refusal);
    return change(
      id,
      revision,
      (nomination, now, rules) => {
        // An accepted one can still be stepped back from or declined: no vote has begun.
        const from = state === 'accepted' ? ['consulting'] : ['consulting', 'accepted'];
        if (!from.includes(nomination.state)) return no({ code: 'member-not-now' });
        const judged = state === 'accepted' ? judgeAcceptance(rules, now, nomination) : yes(true);
        return judged.ok ? yes({ state, reason: reason.value }) : judged;
      },
      `nomination-${state}`,
    );
  };

  return {
    nominations: async (): Promise<NominationsView> => {
      const { roll, places } = await standing();
      return { nominations: await store.nominations(), places, today: clock.today(), isFounded: roll !== undefined, nextEpoch: (roll?.epoch ?? 0) + 1 };
    },
    /** Its number. */
    nominate: async (given: Given): Done<number> => {
      const { rules, ...base } = await standing();
      const content = readNomination(given, base.places.map(({ place }) => place));
      if (!content.ok) return fields(content.refusal);
      return store.inTurn(async (tx) => {
        const judged = judgeNomination(rules, await known(tx, base), content.value);
        if (!judged.ok) return judged;
        const number = await store.nominate(tx, content.value, clock.now());
        await record?.(tx, { act: 'nominated', ...toldOf({ ...content.value, number }) });
        return yes(number);
      });
    },
    accept: async (id: string, given: Given, revision: number): Done => decide(id, 'accepted', given, revision),
    decline: async (id: string, given: Given, revision: number): Done => decide(id, 'declined', given, revision),
    withdraw: async (id: string, given: Given, revision: number): Done => decide(id, 'withdrawn', given, revision),
    /** The file that `mizan seat init --epoch` gives to the person, with proofs that they hold each key. */
    handIn: async (id: string, given: Given, revision: number): Done => {
      const file = given['keys']?.trim() ?? '';
      return change(
        id,
        revision,
        (nomination, { roll, places }, rules) => {
          if (nomination.state !== 'accepted') return no({ code: 'member-not-now' });
          if (file === '' || file.length > KEYS_CHARS_MAX) return fields([{ field: 'keys', problem: file === '' ? 'missing' : 'too-long' }]);
          if (roll === undefined) return no({ code: 'nomination-no-council' });
          const place = places.find((one) => one.place === nomination.place);
          if (place === undefined) return no({ code: 'no-member' });
          const keys = readKeys(suite, rules, roll, place, file);
          return keys.ok ? yes({ keys: file }) : keys;
        },
        'nomination-keys',
      );
    },
    /**
     * A draft of the motion to change the roll, with the roll of the next epoch in it; its id. The motion is made before the nominations say
     * so: after a crash between the two there is a draft too many, which is withdrawn, and nothing that was promised is lost.
     */
    move: async (given: Given, moverName: string): Done<string> => {
      const { rules, roll, places } = await standing();
      if (roll === undefined) return no({ code: 'nomination-no-council' });
      const basis = tidyLine(given['basis']);
      if (basis === '') return fields([{ field: 'basis', problem: 'missing' }]);
      const accepted = (await store.nominations()).filter(({ state }) => state === 'accepted').toReversed();
      if (accepted.length === 0) return no({ code: 'nomination-none' });
      const next = nextRoll(suite, rules, roll, places, accepted);
      if (!next.ok) return next;
      const words = LANGUAGES.flatMap((language) => {
        const t = membersText.in(language);
        const lines = accepted.map(({ number, place, name, bodies }) => t('motion.line', { number, place, name, bodies: bodies.join('; ') }));
        return [[`title-${language}`, t('motion.title', { epoch: next.value.epoch })], [`body-${language}`, [t('motion.body', { epoch: next.value.epoch, digest: next.value.digest }), ...lines].join('\n\n')]];
      });
      const started = await motions.start('roll', { ...Object.fromEntries(words), authentic: LANGUAGES[0], class: 'constitutional', basis, 'subject-roll': next.value.text }, { moverName });
      if (!started.ok) return started.refusal.code === 'motion-fields' ? fields(started.refusal.fields.map(({ field }) => ({ field, problem: 'too-long' }))) : no({ code: 'nomination-roll', rule: started.refusal.code, detail: '' });
      const motionId = started.value;
      return store.inTurn(async (tx) => {
        for (const nomination of accepted) if (!(await store.changeNomination(tx, nomination, { state: 'moved', motion_id: motionId }, clock.now()))) throw new Stale();
        await record?.(tx, { act: 'nominations-moved', body: { motion: motionId, epoch: next.value.epoch, roll: next.value.digest, numbers: accepted.map(({ number }) => number) } });
        return yes(motionId);
      }).catch((error: unknown) => {
        if (error instanceof Stale) return no({ code: 'member-stale' });
        throw error;
      });
    },
  };
}

/** Takes back what the turn has written. */
class Stale extends Error {}
