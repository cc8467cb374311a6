/** A roll that may be used: constitution kept, every key admitted once, caps of the fault domains held, keys ready for verifying. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { fromBase64, hex, utf8 } from '../bytes.ts';
import { KEY_TYPES, admitVkey, openNote, parseNote, parseVkey } from '../note.ts';
import type { KeyType, Note, VerifierKey } from '../note.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import type { Constitution } from './constitution.ts';
import { printSeat } from './lines.ts';
import type { Round } from './lines.ts';
import { DOMAIN_KINDS, parseRoll } from './roll-text.ts';
import type { Alternate, DomainKind, MemberKeys, Roll } from './roll-text.ts';
import type { Person } from './seat-texts.ts';
import type { SlotRoll } from './slot-roll-text.ts';

/** A key with what it stands for: a seat, or 0 for log, secretariat and outside witnesses. */
export interface RingKey {
  readonly key: VerifierKey;
  readonly seat: number;
}

/** Keys by `name+id`, as a signature line names them. */
export type KeyRing = ReadonlyMap<string, RingKey>;

export interface DomainReport {
  readonly kind: DomainKind;
  readonly largest: string;
  readonly seats: number;
  /** How many of the largest domains may fail together without more seats than there may be liars. */
  readonly together: number;
  /** Above the cap, which is refused for all kinds but the build, and for that one warned of. */
  readonly overCap: boolean;
}

export interface AdmittedRoll {
  readonly roll: Roll;
  readonly digest: string;
  /** Name of the log, which is the name of its key. */
  readonly origin: string;
  readonly log: RingKey;
  readonly secretariat: RingKey;
  readonly ballots: KeyRing;
  readonly cosigners: KeyRing;
  readonly agents: KeyRing;
  readonly outside: KeyRing;
  /** Seats of each constituency. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly domains: readonly DomainReport[];
}

export const ringName = ({ name, id }: { readonly name: string; readonly id: string }): string => `${name}+${id}`;

export function ringOf(keys: readonly RingKey[]): KeyRing {
  return new Map(keys.map((each) => [ringName(each.key), each]));
}

export interface SignedLine {
  readonly seat: number;
  readonly key: VerifierKey;
  readonly timeS: number | undefined;
}

export interface StrictNote {
  readonly note: Note;
  readonly text: string;
  readonly signed: readonly SignedLine[];
}

/**
 * Opens a note in which every line has to count: no unknown key, no key twice, no bad signature. In the log and in a decision nothing may
 * stand that could be changed without notice.
 */
export function openStrictly(suite: Suite, text: string, ring: KeyRing): Verdict<StrictNote, ProofRefusal> {
  const note = parseNote(text);
  if (!note.ok) return note;
  const named = note.value.lines.map(ringName);
  const unknown = named.find((name) => !ring.has(name));
  if (unknown !== undefined) return refuse('note-unknown-key', undefined, unknown);
  if (new Set(named).size !== named.length) return refuse('note-key-twice');
  const opened = openNote(suite, note.value, named.map((name) => (ring.get(name) as RingKey).key));
  if (!opened.ok) return opened;
  const signed = opened.value.verified.map(({ key, timeS }) => ({ seat: (ring.get(ringName(key)) as RingKey).seat, key, timeS }));
  return yes({ note: note.value, text: note.value.text, signed });
}

/** Distinct seats behind the lines. */
export const seatsOf = (signed: readonly SignedLine[]): readonly number[] => [...new Set(signed.flatMap(({ seat }) => (seat === 0 ? [] : [seat])))];

function admit(suite: Suite, vkey: string, type: KeyType, name: string | undefined): Verdict<VerifierKey, ProofRefusal> {
  const key = admitVkey(suite, vkey);
  if (!key.ok) return key;
  if (key.value.type !== type) return refuse('roll-key-type', undefined, vkey);
  if (name !== undefined && key.value.name !== name) return refuse('roll-key-name', undefined, `${key.value.name} ≠ ${name}`);
  return key;
}

/** The part of a member's key names that says who: `seat01`, or `alt-state-1` for the first alternate of `state`. */
export const memberName = (who: Person): string => ('seat' in who ? `seat${printSeat(who.seat)}` : `alt-${who.constituency}-${who.rank}`);

type Member = readonly [ballot: VerifierKey, cosign: VerifierKey, agent: VerifierKey];

function admitMember(suite: Suite, keys: MemberKeys, who: Person, origin: string): Verdict<Member, ProofRefusal> {
  const identity = fromBase64(keys.identity);
  const member = `${memberName(who)}.${origin}`;
  if (identity === undefined || !suite.admits(identity)) return refuse('key-not-admissible', undefined, `identity.${member}`);
  const ballot = admit(suite, keys.ballot, KEY_TYPES.note, `ballot.${member}`);
  if (!ballot.ok) return ballot;
  const cosign = admit(suite, keys.cosign, KEY_TYPES.cosignature, member);
  if (!cosign.ok) return cosign;
  const agent = admit(suite, keys.agent, KEY_TYPES.note, `agent.${member}`);
  return agent.ok ? yes([ballot.value, cosign.value, agent.value]) : agent;
}

/** Largest groups of seats that would fail together, for each kind of domain that the roll names. */
export function domainReport(constitution: Constitution, roll: Roll): readonly DomainReport[] {
  return DOMAIN_KINDS.flatMap((kind) => {
    const counts = new Map<string, number>();
    for (const { domains } of roll.seats) if (domains[kind] !== undefined) counts.set(domains[kind], (counts.get(domains[kind]) ?? 0) + 1);
    const groups = [...counts].toSorted((one, other) => other[1] - one[1] || (one[0] < other[0] ? -1 : 1));
    const [first] = groups;
    if (first === undefined) return [];
    let [sum, together] = [0, 0];
    while (together < groups.length && sum + (groups[together]?.[1] ?? 0) <= constitution.liars) {
      sum += groups[together]?.[1] ?? 0;
      together += 1;
    }
    const overCap = first[1] > (kind === 'model' ? constitution.modelCap : constitution.domainCap);
    return [{ kind, largest: first[0], seats: first[1], together, overCap }];
  });
}

/** A log that says in its name that it is a demonstration runs on one machine: its domains are shown, not refused. */
export const isDemo = (origin: string): boolean => /(?:^|[./-])demo(?:[./-]|$)/.test(origin);

function rulesOf(constitution: Constitution, roll: Roll, origin: string, domains: readonly DomainReport[]): ProofRefusal | undefined {
  if (roll.council !== constitution.council) return refuse('roll-council', undefined, roll.council).refusal;
  if (roll.seats.length !== constitution.seats) return refuse('roll-seats', undefined, String(roll.seats.length)).refusal;
  for (const { name, seats } of constitution.constituencies) {
    const filled = roll.seats.filter(({ constituency }) => constituency === name).length;
    if (filled !== seats) return refuse('roll-constituency', undefined, `${name} ${filled} ≠ ${seats}`).refusal;
  }
  if (roll.outside.needed < constitution.outside || roll.outside.keys.length <= roll.outside.needed) return refuse('roll-outside', undefined, String(roll.outside.keys.length)).refusal;
  const over = domains.find(({ kind, overCap }) => overCap && kind !== 'build' && !isDemo(origin));
  return over === undefined ? undefined : refuse('roll-domain-cap', undefined, `${over.kind} ${over.largest} ${over.seats}`).refusal;
}

function publicKeysOf(roll: Roll): readonly string[] {
  const members: readonly MemberKeys[] = [...roll.seats, ...roll.alternates];
  // A verifier key ends with base64 of its kind and its bytes: the same bytes under two names or kinds are one key with two uses.
  const bytes = (vkey: string): string => hex((fromBase64(vkey.slice(vkey.indexOf('+', vkey.indexOf('+') + 1) + 1)) ?? new Uint8Array()).subarray(1));
  const own = members.flatMap(({ identity, ballot, cosign, agent }) => [hex(fromBase64(identity) ?? new Uint8Array()), bytes(ballot), bytes(cosign), bytes(agent)]);
  return [bytes(roll.log), bytes(roll.secretariat), ...roll.outside.keys.map(bytes), ...own];
}

/** Reads and admits a roll: done once, where it enters, because looking at the points of the keys is slow. */
export function admitRoll(suite: Suite, constitution: Constitution, text: string): Verdict<AdmittedRoll, ProofRefusal> {
  const parsed = parseRoll(text);
  if (!parsed.ok) return parsed;
  const roll = parsed.value;
  const log = admit(suite, roll.log, KEY_TYPES.note, undefined);
  if (!log.ok) return log;
  const origin = log.value.name;
  const domains = domainReport(constitution, roll);
  const broken = rulesOf(constitution, roll, origin, domains);
  if (broken !== undefined) return no(broken);
  const keys = publicKeysOf(roll);
  if (new Set(keys).size !== keys.length) return refuse('roll-key-twice');
  const secretariat = admit(suite, roll.secretariat, KEY_TYPES.note, undefined);
  if (!secretariat.ok) return secretariat;
  const outside: RingKey[] = [];
  for (const vkey of roll.outside.keys) {
    const key = admit(suite, vkey, KEY_TYPES.cosignature, undefined);
    if (!key.ok) return key;
    outside.push({ key: key.value, seat: 0 });
  }
  const members: Member[] = [];
  for (const seat of roll.seats) {
    const member = admitMember(suite, seat, { seat: seat.seat }, origin);
    if (!member.ok) return member;
    members.push(member.value);
  }
  for (const alternate of roll.alternates) {
    const member = admitMember(suite, alternate, { constituency: alternate.constituency, rank: alternate.rank }, origin);
    if (!member.ok) return member;
  }
  const ring = (use: 0 | 1 | 2): KeyRing => ringOf(members.map((member, index) => ({ key: member[use], seat: index + 1 })));
  return yes({
    roll,
    digest: hex(suite.sha256(utf8(text))),
    origin,
    log: { key: log.value, seat: 0 },
    secretariat: { key: secretariat.value, seat: 0 },
    ballots: ring(0),
    cosigners: ring(1),
    agents: ring(2),
    outside: ringOf(outside),
    sizes: new Map(constitution.constituencies.map(({ name, seats }) => [name, seats])),
    domains,
  });
}

/** Seats that another person holds than before. */
export function changedSeats(before: AdmittedRoll, after: AdmittedRoll): number {
  return after.roll.seats.filter(({ identity }, index) => identity !== before.roll.seats[index]?.identity).length;
}

const isRecused = (who: Person, recused: readonly Person[]): boolean => recused.some((each) => memberName(each) === memberName(who));

/** Who sits for a vote: the member, or the first alternate of the same constituency who is not recused and sits nowhere else, or nobody. */
export function slotRollOf(admitted: AdmittedRoll, round: Round, recused: readonly Person[]): SlotRoll {
  const free: Alternate[] = admitted.roll.alternates.filter(({ constituency, rank }) => !isRecused({ constituency, rank }, recused));
  const seats = admitted.roll.seats.map(({ seat, constituency, ballot }) => {
    if (!isRecused({ seat }, recused)) return { constituency, ballotKey: ballot };
    const at = free.findIndex((alternate) => alternate.constituency === constituency);
    const [alternate] = at < 0 ? [] : free.splice(at, 1);
    return alternate === undefined ? undefined : { constituency, ballotKey: alternate.ballot };
  });
  return { council: admitted.roll.council, epoch: admitted.roll.epoch, roll: admitted.digest, slot: round.slot, round: round.round, seats };
}

/** The ballot keys of a slot roll; the roll has admitted them, so that their points are not looked at again. */
export function slotRing(suite: Suite, admitted: AdmittedRoll, slotRoll: SlotRoll): Verdict<KeyRing, ProofRefusal> {
  const keys: RingKey[] = [];
  for (const [index, sitter] of slotRoll.seats.entries()) {
    if (sitter === undefined) continue;
    const member = admitted.roll.seats[index];
    const own = member?.ballot === sitter.ballotKey;
    const alternate = admitted.roll.alternates.find(({ ballot }) => ballot === sitter.ballotKey);
    const constituency = own ? member.constituency : alternate?.constituency;
    if (constituency === undefined || constituency !== sitter.constituency || member?.constituency !== constituency) return refuse('slot-roll-stranger', index + 5, printSeat(index + 1));
    const key = parseVkey(suite, sitter.ballotKey);
    if (!key.ok) return key;
    keys.push({ key: key.value, seat: index + 1 });
  }
  if (slotRoll.seats.length !== admitted.roll.seats.length) return refuse('roll-seats', undefined, String(slotRoll.seats.length));
  return yes(ringOf(keys));
}
