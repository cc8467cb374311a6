/** Whose declared interests the parties of a motion meet. */

import type { Conflict, Interest, PlaceRow } from '../model.ts';

export const isCurrent = ({ fromOn, untilOn }: Pick<Interest, 'fromOn' | 'untilOn'>, today: string): boolean => fromOn <= today && (untilOn === undefined || untilOn >= today);

/** Of those who hold a place today, with interests of today, in the order of the places. `parties` are written as in a motion. */
export function conflictsWith(parties: readonly string[], rows: readonly PlaceRow[], interests: readonly Interest[], today: string): readonly Conflict[] {
  return rows.flatMap(({ place, standing, term }) => {
    if (term === undefined || (standing !== 'held' && standing !== 'ending')) return [];
    const met = interests.filter((interest) => interest.termId === term.id && parties.includes(interest.party) && isCurrent(interest, today));
    return met.length === 0 ? [] : [{ place, name: term.name, interests: met }];
  });
}
