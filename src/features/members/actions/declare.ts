/** Declared interests: entered, ended, and met by the parties of a motion, with who sits instead as the log says it. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { memberName } from '../../../proof/council/admitted-roll.ts';
import { parseSlotRoll } from '../../../proof/council/slot-roll-text.ts';
import type { RoundFacts } from '../../council/index.ts';
import type { Motion } from '../../motions/index.ts';
import type { ConflictView, Interest, MemberRefusal } from '../model.ts';
import { INTERESTS_OF_TERM_MAX } from '../model.ts';
import { conflictsWith } from '../rules/interests.ts';
import { type Given, readInterest, readInterestEnd } from '../rules/read-forms.ts';
import { placesOf, registerOn } from '../rules/register.ts';
import type { createStore } from '../store/members-store.ts';
import type { MembersParts } from './open-members.ts';

type Done<T = true> = Promise<Verdict<T, MemberRefusal>>;

export function interestActions({ clock, council, pack, record }: MembersParts, store: ReturnType<typeof createStore>) {
  return {
    interests: async (): Promise<readonly Interest[]> => store.interests(),
    placeOfInterest: async (id: string): Promise<string | undefined> => {
      const interest = await store.interest(id);
      return interest === undefined ? undefined : (await store.term(interest.termId))?.place;
    },
    declare: async (termId: string, given: Given): Done => {
      const content = readInterest(given);
      if (!content.ok) return no({ code: 'member-fields', fields: content.refusal });
      return store.inTurn(async (tx) => {
        const term = await store.term(termId, tx);
        if (term === undefined) return no({ code: 'no-member' });
        const own = (await store.interests(tx)).filter((one) => one.termId === termId);
        if (own.length >= INTERESTS_OF_TERM_MAX) return no({ code: 'interest-too-many', most: INTERESTS_OF_TERM_MAX });
        const { party, kind, fromOn, untilOn } = content.value;
        if (own.some((one) => one.party === party && one.kind === kind && one.fromOn === fromOn)) return no({ code: 'interest-twice' });
        await store.declare(tx, termId, content.value, clock.now());
        await record?.(tx, { act: 'interest-declared', body: { place: term.place, party, kind, from: fromOn, until: untilOn ?? null } });
        return yes(true);
      });
    },
    /** The interest stays on the page with its last day. */
    endInterest: async (id: string, given: Given, revision: number): Done => {
      const until = readInterestEnd(given);
      if (!until.ok) return no({ code: 'member-fields', fields: until.refusal });
      return store.inTurn(async (tx) => {
        const interest = await store.interest(id, tx);
        if (interest === undefined) return no({ code: 'no-member' });
        if (until.value < interest.fromOn || until.value > clock.today()) return no({ code: 'member-fields', fields: [{ field: 'until', problem: 'order' }] });
        if (interest.revision !== revision || !(await store.endInterest(tx, interest, until.value, clock.now()))) return no({ code: 'member-stale' });
        await record?.(tx, { act: 'interest-ended', body: { party: interest.party, kind: interest.kind, from: interest.fromOn, until: until.value } });
        return yes(true);
      });
    },
    /** Undefined where the parties of a motion meet nobody's interests. */
    conflicts: async ({ parties, slot, round }: Pick<Motion, 'parties' | 'slot' | 'round'>, facts: Pick<RoundFacts, 'recused'> | undefined): Promise<ConflictView | undefined> => {
      if (parties.length === 0) return undefined;
      const { roll } = await council.standing();
      const rows = registerOn(clock.today(), placesOf(council.constitution(), pack.manifest.alternates, roll), await store.terms());
      const met = conflictsWith(parties, rows, await store.interests(), clock.today());
      if (met.length === 0) return undefined;
      const derived = slot === undefined || roll === undefined ? undefined : await council.slotRollFor(slot, round);
      const text = derived?.ok === true ? parseSlotRoll(derived.value.text) : undefined;
      const recused = new Set(facts?.recused);
      return {
        conflicts: met.map((conflict) => {
          if (!recused.has(conflict.place.place)) return { ...conflict, isRecused: false, sits: undefined };
          const ballot = conflict.place.seat === undefined || text?.ok !== true ? undefined : text.value.seats[conflict.place.seat - 1]?.ballotKey;
          const alternate = roll?.alternates.find((one) => one.ballot === ballot);
          const place = alternate === undefined ? undefined : rows.find((row) => row.place.place === memberName(alternate));
          return { ...conflict, isRecused: true, sits: place === undefined ? undefined : { place: place.place, name: place.term?.name } };
        }),
      };
    },
  };
}
