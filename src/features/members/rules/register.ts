/** Who holds which place of the council on a day, and what has to hold before somebody may: worked out from terms, constitution and roll. */

import { no, type Verdict, yes } from '../../../base/index.ts';
import { memberName } from '../../../proof/council/admitted-roll.ts';
import type { Constitution } from '../../../proof/council/constitution.ts';
import type { Roll } from '../../../proof/council/roll-text.ts';
import { ENDING_DAYS, type MemberRefusal, type Place, type PlaceRow, type RegisterFilter, type SeatStanding, type Term, type TermContent } from '../model.ts';

const DAY_MS = 86_400_000;

export const dayAfter = (day: string, days: number): string => new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The last day of so many years that begin on a day; from 29 February that is 28 February of a common year. */
export function lastDayOf(fromOn: string, years: number): string {
  return dayAfter(`${String(Number(fromOn.slice(0, 4)) + years).padStart(4, '0')}${fromOn.slice(4) === '-02-29' ? '-03-01' : fromOn.slice(4)}`, -1);
}

export const endOf = (term: Pick<Term, 'untilOn' | 'endedOn'>): string => term.endedOn ?? term.untilOn;

/** Equal for names that differ in capitals, blanks and signs only; two people of one name have to be told apart by more of their name. */
export const sameName = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('az').replaceAll(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** Seats in their order, then alternates by constituency and rank. Before the founding they are those the constitution and the pack ask for. */
export function placesOf(constitution: Pick<Constitution, 'constituencies'>, alternates: number, roll: Roll | undefined): readonly Place[] {
  const named = constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
  const seats = (roll?.seats ?? []).map(({ seat, constituency, domains, ballot }): Place => ({ place: memberName({ seat }), seat, rank: undefined, constituency, domains, ballotKey: ballot }));
  const planned = named.map((constituency, index): Place => ({ place: memberName({ seat: index + 1 }), seat: index + 1, rank: undefined, constituency, domains: {}, ballotKey: undefined }));
  const substitutes = constitution.constituencies.flatMap(({ name }) => {
    const sworn = (roll?.alternates ?? []).filter(({ constituency }) => constituency === name);
    return Array.from({ length: Math.max(alternates, sworn.length) }, (_, index): Place => ({ place: memberName({ constituency: name, rank: index + 1 }), seat: undefined, rank: index + 1, constituency: name, domains: {}, ballotKey: sworn[index]?.ballot }));
  });
  return [...(roll === undefined ? planned : seats), ...substitutes];
}

function standingOf(terms: readonly Term[], today: string): readonly [SeatStanding, Term | undefined] {
  const now = terms.find((term) => term.fromOn <= today && endOf(term) >= today);
  // A term is not ending where the next of the same place is entered already.
  if (now !== undefined) return [endOf(now) < dayAfter(today, ENDING_DAYS) && !terms.some(({ fromOn }) => fromOn > endOf(now)) ? 'ending' : 'held', now];
  const [next] = terms.filter(({ fromOn }) => fromOn > today).toSorted((one, other) => (one.fromOn < other.fromOn ? -1 : 1));
  if (next !== undefined) return ['coming', next];
  const last = terms.filter((term) => endOf(term) < today).toSorted((one, other) => (endOf(one) < endOf(other) ? 1 : -1))[0];
  return last === undefined ? ['vacant', undefined] : ['over', last];
}

export function registerOn(today: string, places: readonly Place[], terms: readonly Term[]): readonly PlaceRow[] {
  const byPlace = Map.groupBy(terms, ({ place }) => place);
  return places.map((place) => {
    const [standing, term] = standingOf(byPlace.get(place.place) ?? [], today);
    return { place, standing, term };
  });
}

export function filterRegister(rows: readonly PlaceRow[], { q, constituency, standing }: RegisterFilter): readonly PlaceRow[] {
  const wanted = sameName(q ?? '');
  return rows.filter((row) => (constituency === undefined || row.place.constituency === constituency) && (standing === undefined || row.standing === standing) && (wanted === '' || sameName(`${row.place.place} ${row.term?.name ?? ''}`).includes(wanted)));
}

const overlap = (one: TermContent, other: Term): boolean => one.fromOn <= endOf(other) && other.fromOn <= one.untilOn;

/** Whether somebody may hold a place for these days. `terms` are those of all places. */
export function judgeTerm(place: string, given: TermContent, terms: readonly Term[], rule: { readonly years: number; readonly most: number }): Verdict<true, MemberRefusal> {
  if (given.untilOn > lastDayOf(given.fromOn, rule.years)) return no({ code: 'member-term-length', years: rule.years });
  const own = terms.filter(({ name }) => sameName(name) === sameName(given.name));
  const taken = terms.find((term) => term.place === place && overlap(given, term));
  if (taken !== undefined) return no({ code: 'member-place-taken', name: taken.name, until: endOf(taken) });
  const elsewhere = own.find((term) => overlap(given, term));
  if (elsewhere !== undefined) return no({ code: 'member-sits-already', place: elsewhere.place });
  // Alternates who never sat are not worn out: only seats count, and a term that is being entered for an alternate is free.
  const isSeat = (name: string): boolean => name.startsWith('seat');
  if (isSeat(place) && own.filter((term) => isSeat(term.place)).length >= rule.most) return no({ code: 'member-terms-most', most: rule.most });
  return yes(true);
}
