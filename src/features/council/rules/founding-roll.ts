/** Puts the first roll together from what members handed in at the key ceremony; everything that is wrong or missing is named at once. */

import type { Json, Verdict } from '../../../base/index.ts';
import { no, yes } from '../../../base/index.ts';
import { KEY_TYPES, parseVkey, utf8 } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { memberName } from '../../../proof/council/admitted-roll.ts';
import type { Constitution } from '../../../proof/council/constitution.ts';
import { checkMemberKeys, type HandedInKeys, parseMemberKeys } from '../../../proof/council/member-keys.ts';
import { type Alternate, ALTERNATES_MAX, DOMAIN_KINDS, type DomainKind, NO_PREVIOUS, OUTSIDE_MAX, type Roll, type Seat } from '../../../proof/council/roll-text.ts';
import { printKey } from '../../../proof/council/seat-texts.ts';

export interface RollGiven {
  readonly constitution: Constitution;
  readonly origin: string;
  /** Verifier keys of this platform. */
  readonly keys: { readonly log: string; readonly secretariat: string };
  /** Verifier keys of the outside witnesses; such of another kind than 0x04 cannot certify and are left out. */
  readonly witnesses: readonly string[];
  /** Each as its member handed it in, by a name that a person finds it by. */
  readonly members: readonly { readonly name: string; readonly content: Json }[];
  /** Fault domains by seat number: `{"1": {"employer": "…"}}`. */
  readonly domains: { readonly [seat: string]: { readonly [kind: string]: string } };
}

export interface RollProblem {
  /** Name of the file, or of what is missing. */
  readonly where: string;
  readonly code: string;
  readonly detail?: string;
}

export interface FoundingRoll {
  readonly roll: Roll;
  /** `key` entries with the post-quantum keys that the roll names by digest; they follow it in the log. */
  readonly keyEntries: readonly string[];
}

/** Constituency of each seat: seats are numbered through in the order of the constitution. */
const places = (constitution: Constitution): readonly string[] => constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));

function readMembers(given: RollGiven, problems: RollProblem[]): ReadonlyMap<string, HandedInKeys> {
  const members = new Map<string, HandedInKeys>();
  for (const { name, content } of given.members.slice(0, given.constitution.seats + ALTERNATES_MAX)) {
    const read = parseMemberKeys(utf8(JSON.stringify(content)));
    if (!read.ok) {
      problems.push({ where: name, code: read.refusal.code, ...(read.refusal.detail === undefined ? {} : { detail: read.refusal.detail }) });
      continue;
    }
    const who = memberName(read.value.who);
    if (members.has(who)) problems.push({ where: name, code: 'founding-member-twice', detail: who });
    else members.set(who, read.value);
  }
  return members;
}

function domainsOf(given: RollGiven, seat: number, problems: RollProblem[]): Partial<Record<DomainKind, string>> {
  const named = given.domains[String(seat)] ?? {};
  for (const kind of Object.keys(named)) if (!DOMAIN_KINDS.includes(kind as DomainKind)) problems.push({ where: `seat ${seat}`, code: 'founding-domain-unknown', detail: kind });
  return Object.fromEntries(DOMAIN_KINDS.flatMap((kind) => (named[kind] === undefined ? [] : [[kind, named[kind]]])));
}

/** The roll, not yet judged by `admitRoll`; each handed-in file was checked with all its proofs of possession. */
export function foundingRoll(given: RollGiven): Verdict<FoundingRoll, readonly RollProblem[]> {
  const { constitution, origin } = given;
  const problems: RollProblem[] = [];
  const expected = { council: constitution.council, origin, epoch: 1 };
  const members = readMembers(given, problems);
  const keyEntries: string[] = [];
  const checked = [...members.values()].flatMap((keys) => {
    const held = checkMemberKeys(suite, keys, { ...expected, who: keys.who });
    if (!held.ok) {
      problems.push({ where: memberName(keys.who), code: held.refusal.code, ...(held.refusal.detail === undefined ? {} : { detail: held.refusal.detail }) });
      return [];
    }
    const { mlDsa, ...inRoll } = held.value;
    keyEntries.push(printKey({ council: constitution.council, epoch: 1, who: keys.who, vkey: mlDsa }));
    return [{ who: keys.who, inRoll }];
  });
  const named = places(constitution);
  const seats = named.flatMap((constituency, index): readonly Seat[] => {
    const seat = index + 1;
    const member = checked.find(({ who }) => 'seat' in who && who.seat === seat);
    if (member === undefined && !members.has(memberName({ seat }))) problems.push({ where: memberName({ seat }), code: 'founding-seat-missing', detail: constituency });
    const domains = domainsOf(given, seat, problems);
    if (Object.keys(domains).length === 0) problems.push({ where: memberName({ seat }), code: 'founding-domains-missing' });
    return member === undefined ? [] : [{ seat, constituency, ...member.inRoll, domains }];
  });
  for (const { who } of checked) {
    if ('seat' in who && who.seat > named.length) problems.push({ where: memberName(who), code: 'founding-seat-unknown' });
    if (!('seat' in who) && !constitution.constituencies.some(({ name }) => name === who.constituency)) problems.push({ where: memberName(who), code: 'founding-constituency-unknown', detail: who.constituency });
  }
  const alternates = checked.flatMap(({ who, inRoll }): readonly Alternate[] => ('seat' in who ? [] : [{ ...who, ...inRoll }]));
  const outside = given.witnesses.filter((vkey) => {
    const key = parseVkey(suite, vkey);
    return key.ok && key.value.type === KEY_TYPES.cosignature;
  });
  if (outside.length <= constitution.outside) problems.push({ where: 'LOG_POLICY', code: 'founding-witnesses-missing', detail: `${outside.length}, at least ${constitution.outside + 1}` });
  if (problems.length > 0) return no(problems);
  const order = (one: Alternate, other: Alternate): number => named.indexOf(one.constituency) - named.indexOf(other.constituency) || one.rank - other.rank;
  const roll: Roll = { council: constitution.council, epoch: 1, previous: NO_PREVIOUS, ...given.keys, outside: { needed: constitution.outside, keys: outside.slice(0, OUTSIDE_MAX) }, seats, alternates: alternates.toSorted(order) };
  return yes({ roll, keyEntries });
}
