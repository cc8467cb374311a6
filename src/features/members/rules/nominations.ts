/** What a nomination has to fit: support, one person in one place, caps of what may fail together, and the next roll that follows from it. */

import { type Json, no, type Verdict, yes } from '../../../base/index.ts';
import { utf8 } from '../../../proof/index.ts';
import { admitRoll, domainReport, isDemo } from '../../../proof/council/admitted-roll.ts';
import type { Constitution } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { checkMemberKeys, parseMemberKeys } from '../../../proof/council/member-keys.ts';
import { type MemberKeys, printRoll, type Roll } from '../../../proof/council/roll-text.ts';
import type { Person } from '../../../proof/council/seat-texts.ts';
import type { Suite } from '../../../proof/suite.ts';
import { CONSULT_DAYS_MIN, type MemberRefusal, type Nomination, type NominationContent, type Place, type Term } from '../model.ts';
import { dayAfter, endOf, sameName } from './register.ts';

export interface Rules {
  readonly constitution: Constitution;
  readonly origin: string;
  /** Of the pack: bodies that have to support a nomination of a constituency, and terms that one person may serve. */
  readonly support: (constituency: string) => number;
  readonly most: number;
}

export interface Known {
  readonly roll: Roll | undefined;
  readonly places: readonly Place[];
  readonly terms: readonly Term[];
  readonly nominations: readonly Nomination[];
  readonly today: string;
}

type Judged = Verdict<true, MemberRefusal>;
const isOpen = ({ state }: Nomination): boolean => state === 'consulting' || state === 'accepted';

/** The roll with the groups of those accepted, and of one more: what the caps are counted on. */
function withDomains(roll: Roll, nominations: readonly Pick<Nomination, 'place' | 'domains'>[]): Roll {
  const next = new Map(nominations.map(({ place, domains }) => [place, domains]));
  return { ...roll, seats: roll.seats.map((seat) => ({ ...seat, domains: next.get(`seat${String(seat.seat).padStart(2, '0')}`) ?? seat.domains })) };
}

/** A group that would be too large, of those that the log refuses: a build is warned of only, and so is everything in a demonstration. */
export function brokenCap({ constitution, origin }: Rules, { roll, nominations }: Pick<Known, 'roll' | 'nominations'>, given: Pick<Nomination, 'place' | 'domains'>): Judged {
  if (roll === undefined || isDemo(origin)) return yes(true);
  const accepted = nominations.filter(({ state }) => state === 'accepted');
  const over = domainReport(constitution, withDomains(roll, [...accepted, given])).find(({ kind, overCap }) => overCap && kind !== 'build');
  if (over === undefined) return yes(true);
  return no({ code: 'nomination-domain-cap', kind: over.kind, group: over.largest, seats: over.seats, cap: over.kind === 'model' ? constitution.modelCap : constitution.domainCap });
}

/** Whether somebody may be proposed. */
export function judgeNomination(rules: Rules, known: Known, given: NominationContent): Judged {
  const { places, terms, nominations, today } = known;
  const place = places.find((one) => one.place === given.place);
  const needed = rules.support(place?.constituency ?? '');
  if (given.bodies.length < needed) return no({ code: 'nomination-support', needed, have: given.bodies.length });
  if (given.consultUntil < dayAfter(today, CONSULT_DAYS_MIN)) return no({ code: 'nomination-window', days: CONSULT_DAYS_MIN });
  const isSame = ({ name }: { readonly name: string }): boolean => sameName(name) === sameName(given.name);
  const open = nominations.find((one) => isOpen(one) && isSame(one));
  if (open !== undefined) return no({ code: 'nomination-twice', number: open.number });
  const elsewhere = terms.find((term) => isSame(term) && term.place !== given.place && term.fromOn <= today && endOf(term) >= today && (!term.place.startsWith('alt-') || given.place.startsWith('alt-')));
  // Whoever is an alternate may be proposed for a seat: their keys move with the roll, and the term as an alternate is ended then.
  if (elsewhere !== undefined) return no({ code: 'member-sits-already', place: elsewhere.place });
  if (given.place.startsWith('seat') && terms.filter((term) => isSame(term) && term.place.startsWith('seat')).length >= rules.most) return no({ code: 'member-terms-most', most: rules.most });
  return brokenCap(rules, known, given);
}

/** Whether a nomination may be taken on: everybody was heard, no other is taken on for the place, and not too many seats change at once. */
export function judgeAcceptance(rules: Rules, known: Known, nomination: Nomination): Judged {
  if (known.today <= nomination.consultUntil) return no({ code: 'nomination-consulting', until: nomination.consultUntil });
  const accepted = known.nominations.filter(({ state }) => state === 'accepted');
  const taken = accepted.find(({ place }) => place === nomination.place);
  if (taken !== undefined) return no({ code: 'nomination-place-taken', number: taken.number });
  const isSeat = ({ place }: Nomination): boolean => place.startsWith('seat');
  if (isSeat(nomination) && accepted.filter(isSeat).length >= rules.constitution.changes) return no({ code: 'nomination-changes', most: rules.constitution.changes });
  return brokenCap(rules, known, nomination);
}

const personOf = ({ seat, rank, constituency }: Place): Person => (seat === undefined ? { constituency, rank: rank ?? 1 } : { seat });

/** The keys that a person handed in, with every proof of possession, for the epoch after the one in force. */
export function readKeys(suite: Suite, { constitution, origin }: Rules, roll: Roll, place: Place, file: string): Verdict<MemberKeys, MemberRefusal> {
  const refuse = ({ code, detail }: { readonly code: string; readonly detail?: string }): Verdict<never, MemberRefusal> => no({ code: 'nomination-keys', rule: code, detail: detail ?? '' });
  const parsed = parseMemberKeys(utf8(file));
  if (!parsed.ok) return refuse(parsed.refusal);
  const checked = checkMemberKeys(suite, parsed.value, { council: constitution.council, origin, epoch: roll.epoch + 1, who: personOf(place) });
  if (!checked.ok) return refuse(checked.refusal);
  const { mlDsa: _, ...keys } = checked.value;
  return yes(keys);
}

/**
 * The roll of the next epoch: that in force with the accepted members in their places. Keys of all others stay. It is judged by the rule of
 * the log here already, so that nobody votes on a roll that cannot enter.
 */
export function nextRoll(suite: Suite, rules: Rules, roll: Roll, places: readonly Place[], accepted: readonly Nomination[]): Verdict<{ readonly text: string; readonly digest: string; readonly epoch: number }, MemberRefusal> {
  const missing = accepted.filter(({ keys }) => keys === undefined);
  if (missing.length > 0) return no({ code: 'nomination-keys-missing', numbers: missing.map(({ number }) => number) });
  const seats = [...roll.seats];
  const alternates = [...roll.alternates];
  for (const nomination of accepted) {
    const place = places.find((one) => one.place === nomination.place);
    if (place === undefined) return no({ code: 'no-member' });
    const keys = readKeys(suite, rules, roll, place, nomination.keys ?? '');
    if (!keys.ok) return keys;
    const index = seats.findIndex(({ seat }) => seat === place.seat);
    const seat = seats[index];
    if (seat !== undefined) seats[index] = { seat: seat.seat, constituency: seat.constituency, ...keys.value, domains: nomination.domains };
    else {
      const at = alternates.findIndex((one) => one.constituency === place.constituency && one.rank === place.rank);
      const alternate = { constituency: place.constituency, rank: place.rank ?? 1, ...keys.value };
      if (at < 0) alternates.push(alternate);
      else alternates[at] = alternate;
    }
  }
  const order = rules.constitution.constituencies.map(({ name }) => name);
  const text = printRoll({ ...roll, epoch: roll.epoch + 1, previous: digestOf(suite, printRoll(roll)), seats, alternates: alternates.toSorted((one, other) => order.indexOf(one.constituency) - order.indexOf(other.constituency) || one.rank - other.rank) });
  const admitted = admitRoll(suite, rules.constitution, text);
  if (!admitted.ok) return no({ code: 'nomination-roll', rule: admitted.refusal.code, detail: admitted.refusal.detail ?? '' });
  const changed = admitted.value.roll.seats.filter(({ identity }, index) => identity !== roll.seats[index]?.identity).length;
  if (changed > rules.constitution.changes) return no({ code: 'nomination-changes', most: rules.constitution.changes });
  return yes({ text, digest: admitted.value.digest, epoch: roll.epoch + 1 });
}

/** What the log is told of a nomination: the place and days; the name and who proposed it as commitments only. */
export function toldOf({ number, place, name, bodies, consultUntil }: Pick<Nomination, 'number' | 'place' | 'name' | 'bodies' | 'consultUntil'>): { readonly body: Readonly<Record<string, Json>>; readonly secret: Readonly<Record<string, Json>> } {
  return { body: { number, place, until: consultUntil }, secret: { name, bodies: [...bodies] } };
}
