/** The service of the register of members: who holds a place, their oath, and the end of their term; each act stands in the log. */

import { type Json, no, type Verdict, yes } from '../../../base/index.ts';
import type { Suite } from '../../../proof/suite.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database, Tx } from '../../../platform/db/index.ts';
import type { Council, CouncilPack } from '../../council/index.ts';
import type { Motions } from '../../motions/index.ts';
import type { FieldError, Interest, MemberRefusal, Place, PlaceRow, Term } from '../model.ts';
import { type Given, readEnd, readOath, readTerm } from '../rules/read-forms.ts';
import { endOf, judgeTerm, placesOf, registerOn } from '../rules/register.ts';
import { createStore } from '../store/members-store.ts';
import { interestActions } from './declare.ts';
import { nominationActions } from './nominate.ts';

type Done<T = true> = Promise<Verdict<T, MemberRefusal>>;

export interface MembersParts {
  readonly suite: Suite;
  readonly motions: Pick<Motions, 'start'>;
  readonly database: Database;
  readonly clock: Clock;
  readonly council: Pick<Council, 'constitution' | 'standing' | 'seats' | 'slotRollFor'>;
  readonly pack: CouncilPack;
  /** Writes an act into the log in the transaction of its row; `secret` only as salted commitments. */
  readonly record?: (tx: Tx, act: { readonly act: string; readonly body: Readonly<Record<string, Json>>; readonly secret?: Readonly<Record<string, Json>> }) => Promise<unknown>;
}

export interface RegisterView {
  readonly rows: readonly PlaceRow[];
  readonly today: string;
  readonly origin: string;
  readonly isFounded: boolean;
}

export type Members = ReturnType<typeof openMembers>;

const fields = (errors: readonly FieldError[]): { readonly ok: false; readonly refusal: MemberRefusal } => no({ code: 'member-fields', fields: errors });

export function openMembers(parts: MembersParts) {
  const { database, clock, council, pack, record } = parts;
  const store = createStore(database);
  const places = async (): Promise<{ readonly places: readonly Place[]; readonly origin: string; readonly isFounded: boolean }> => {
    const { roll, origin } = await council.standing();
    return { places: placesOf(council.constitution(), pack.manifest.alternates, roll), origin, isFounded: roll !== undefined };
  };
  const placeOf = async (name: string): Promise<Place | undefined> => (await places()).places.find(({ place }) => place === name);

  /** Reads the term again inside the turn, so that what is judged is what is written. */
  const changeTerm = async (id: string, revision: number, judge: (term: Term) => Verdict<Parameters<typeof store.change>[2], MemberRefusal>, told: (term: Term) => Parameters<NonNullable<MembersParts['record']>>[1]): Done =>
    store.inTurn(async (tx) => {
      const term = await store.term(id, tx);
      if (term === undefined) return no({ code: 'no-member' });
      if (term.revision !== revision) return no({ code: 'member-stale' });
      const set = judge(term);
      if (!set.ok) return set;
      if (!(await store.change(tx, term, set.value, clock.now()))) return no({ code: 'member-stale' });
      await record?.(tx, told(term));
      return yes(true);
    });

  return {
    ...nominationActions(parts, store),
    ...interestActions(parts, store),
    register: async (): Promise<RegisterView> => {
      const [told, terms] = [await places(), await store.terms()];
      const today = clock.today();
      return { rows: registerOn(today, told.places, terms), today, origin: told.origin, isFounded: told.isFounded };
    },
    /** One place with all its terms, the newest first. */
    place: async (name: string): Promise<{ readonly row: PlaceRow; readonly terms: readonly Term[]; readonly interests: readonly Interest[]; readonly today: string } | undefined> => {
      const place = await placeOf(name);
      if (place === undefined) return undefined;
      const terms = (await store.terms()).filter((term) => term.place === name);
      const today = clock.today();
      const [row] = registerOn(today, [place], terms);
      return row === undefined ? undefined : { row, terms, interests: (await store.interests()).filter(({ termId }) => terms.some(({ id }) => id === termId)), today };
    },
    enter: async (name: string, given: Given): Done<string> => {
      const content = readTerm(given);
      if (!content.ok) return fields(content.refusal);
      if ((await placeOf(name)) === undefined) return no({ code: 'no-member' });
      return store.inTurn(async (tx) => {
        const judged = judgeTerm(name, content.value, await store.terms(tx), pack.manifest.terms);
        if (!judged.ok) return judged;
        const id = await store.enter(tx, name, content.value, clock.now());
        const { fromOn, untilOn, name: person, nominatedBy } = content.value;
        await record?.(tx, { act: 'entered', body: { place: name, from: fromOn, until: untilOn }, secret: { name: person, nominatedBy } });
        return yes(id);
      });
    },
    /** The oath of the pack, on a day that is not to come. */
    swear: async (id: string, given: Given, revision: number): Done => {
      const sworn = readOath(given);
      if (!sworn.ok) return fields(sworn.refusal);
      return changeTerm(
        id,
        revision,
        (term) => {
          if (term.swornOn !== undefined) return no({ code: 'member-not-now' });
          if (sworn.value > clock.today() || sworn.value > endOf(term)) return fields([{ field: 'sworn', problem: 'order' }]);
          return yes({ sworn_on: sworn.value });
        },
        (term) => ({ act: 'sworn', body: { place: term.place, from: term.fromOn, on: sworn.value } }),
      );
    },
    end: async (id: string, given: Given, revision: number): Done => {
      const end = readEnd(given);
      if (!end.ok) return fields(end.refusal);
      const { endedOn, why } = end.value;
      return changeTerm(
        id,
        revision,
        (term) => {
          if (term.endedOn !== undefined || term.untilOn < clock.today()) return no({ code: 'member-not-now' });
          if (endedOn < term.fromOn || endedOn > term.untilOn) return fields([{ field: 'ended', problem: 'order' }]);
          return yes({ ended_on: endedOn, ended_why: why });
        },
        (term) => ({ act: 'ended', body: { place: term.place, from: term.fromOn, on: endedOn }, secret: { why } }),
      );
    },
    placeOfTerm: async (id: string): Promise<string | undefined> => (await store.term(id))?.place,
    /** When agents were last heard of, by seat. */
    heard: async (): Promise<ReadonlyMap<number, number | undefined>> => new Map((await council.seats()).map(({ seat, lastSeenS }) => [seat, lastSeenS])),
  };
}
