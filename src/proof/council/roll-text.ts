/** The roll of an epoch: every seat with its keys and fault domains, the alternates, and the keys of log, secretariat and witnesses. */

import type { Verdict } from '../../base/index.ts';
import { fromBase64 } from '../bytes.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, SEATS_MAX, isSlug, printLines, printSeat } from './lines.ts';

export const ROLL_TYPE = 'mizan-council/roll/v1';
export const ALTERNATES_MAX = 40;
export const OUTSIDE_MAX = 12;

/** What may fail together. The order is the order on a `domains` line. */
export const DOMAIN_KINDS = ['employer', 'ministry', 'vendor', 'hosting', 'network', 'jurisdiction', 'build', 'model'] as const;
export type DomainKind = (typeof DOMAIN_KINDS)[number];

/** The keys of one member, all but the identity key as C2SP verifier keys. */
export interface MemberKeys {
  /** Ed25519 public key, standard base64 of 32 bytes; certifies the others and is used for nothing else. */
  readonly identity: string;
  /** Type 0x01, held by the person. */
  readonly ballot: string;
  /** Type 0x04, in the agent. */
  readonly cosign: string;
  /** Type 0x01, for receipts and reviews. */
  readonly agent: string;
  /** SHA-256 of the verifier key of the ML-DSA cosigning key, which stands in a `key` entry. */
  readonly mlDsaDigest: string;
}

export interface Seat extends MemberKeys {
  readonly seat: number;
  readonly constituency: string;
  readonly domains: Readonly<Partial<Record<DomainKind, string>>>;
}

export interface Alternate extends MemberKeys {
  readonly constituency: string;
  /** Order in which alternates of a constituency step in, from 1. */
  readonly rank: number;
}

export interface Roll {
  readonly council: string;
  readonly epoch: number;
  /** SHA-256 of the roll before; 64 zeros at genesis. */
  readonly previous: string;
  readonly log: string;
  readonly secretariat: string;
  /** How many of the outside witnesses a certified checkpoint needs, and their keys (type 0x04). */
  readonly outside: { readonly needed: number; readonly keys: readonly string[] };
  /** Index 0 is seat 01. */
  readonly seats: readonly Seat[];
  readonly alternates: readonly Alternate[];
}

export const NO_PREVIOUS: string = '0'.repeat(64);

const printKeys = (keys: MemberKeys): string => `${keys.identity} ${keys.ballot} ${keys.cosign} ${keys.agent} ${keys.mlDsaDigest}`;

function printSeatLines(seat: Seat): readonly string[] {
  const number = printSeat(seat.seat);
  const domains = DOMAIN_KINDS.flatMap((kind) => (seat.domains[kind] === undefined ? [] : [`${kind}=${seat.domains[kind]}`]));
  return [`seat ${number} ${seat.constituency} ${printKeys(seat)}`, `domains ${number} ${domains.join(' ')}`];
}

export function printRoll(roll: Roll): string {
  return printLines([
    ROLL_TYPE,
    `council ${roll.council}`,
    `epoch ${roll.epoch}`,
    `previous ${roll.previous}`,
    `log ${roll.log}`,
    `secretariat ${roll.secretariat}`,
    `outside ${roll.outside.needed} ${roll.outside.keys.join(' ')}`,
    ...roll.seats.flatMap(printSeatLines),
    ...roll.alternates.map((alternate) => `alternate ${alternate.constituency} ${alternate.rank} ${printKeys(alternate)}`),
  ]);
}

function parseKeys(lines: LineReader, words: readonly string[]): MemberKeys {
  const [identity = '', ballot = '', cosign = '', agent = '', mlDsaDigest = ''] = words;
  lines.check(fromBase64(identity)?.length === 32, 'text-key', identity);
  return { identity, ballot: lines.asVkey(ballot), cosign: lines.asVkey(cosign), agent: lines.asVkey(agent), mlDsaDigest: lines.asDigest(mlDsaDigest) };
}

function parseConstituency(lines: LineReader, word: string): string {
  lines.check(isSlug(word) && word !== 'vacant', 'text-name', word);
  return word;
}

function parseDomains(lines: LineReader, number: string): Seat['domains'] {
  const [seat, ...pairs] = lines.words('domains', 2, DOMAIN_KINDS.length + 1);
  lines.check(seat === number, 'text-seat', number);
  const domains: Partial<Record<DomainKind, string>> = {};
  let least = 0;
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const kind = DOMAIN_KINDS.indexOf(pair.slice(0, at) as DomainKind);
    const value = pair.slice(at + 1);
    // The fixed order keeps one writing, and with it one digest, for one roll.
    lines.check(at > 0 && kind >= least && value !== '' && !value.includes('='), 'roll-domain', pair);
    if (lines.refused) break;
    domains[DOMAIN_KINDS[kind] as DomainKind] = value;
    least = kind + 1;
  }
  return domains;
}

function parseSeat(lines: LineReader, seat: number): Seat {
  const [number = '', constituency = '', ...keys] = lines.words('seat', 7);
  lines.check(number === printSeat(seat), 'text-seat', printSeat(seat));
  const named = parseConstituency(lines, constituency);
  const member = parseKeys(lines, keys);
  return { seat, constituency: named, ...member, domains: parseDomains(lines, number) };
}

function parseAlternate(lines: LineReader): Alternate {
  const [constituency = '', rank = '', ...keys] = lines.words('alternate', 7);
  return { constituency: parseConstituency(lines, constituency), rank: lines.asNumber(rank, 1, ALTERNATES_MAX), ...parseKeys(lines, keys) };
}

/** Alternates stand together by constituency, ranked 1, 2, 3 … without gaps. */
function checkRanks(lines: LineReader, alternates: readonly Alternate[]): void {
  const seen = new Set<string>();
  for (const [index, { constituency, rank }] of alternates.entries()) {
    const before = alternates[index - 1];
    const goesOn = before?.constituency === constituency;
    lines.check(goesOn ? rank === before.rank + 1 : rank === 1 && !seen.has(constituency), 'roll-alternate-rank', `${constituency} ${rank}`);
    seen.add(constituency);
  }
}

export function parseRoll(text: string): Verdict<Roll, ProofRefusal> {
  const lines = new LineReader(text, ROLL_TYPE);
  const council = lines.name('council');
  const epoch = lines.number('epoch', 1);
  const previous = lines.asDigest(lines.value('previous'));
  const log = lines.asVkey(lines.value('log'));
  const secretariat = lines.asVkey(lines.value('secretariat'));
  const [needed = '', ...outside] = lines.words('outside', 2, OUTSIDE_MAX + 1);
  const keys = outside.map((key) => lines.asVkey(key));
  const threshold = lines.asNumber(needed, 1, keys.length);
  const seats: Seat[] = [];
  do seats.push(parseSeat(lines, seats.length + 1));
  while (lines.next('seat') && seats.length < SEATS_MAX);
  const alternates: Alternate[] = [];
  while (lines.next('alternate') && alternates.length < ALTERNATES_MAX) alternates.push(parseAlternate(lines));
  checkRanks(lines, alternates);
  return lines.finish({ council, epoch, previous, log, secretariat, outside: { needed: threshold, keys }, seats, alternates });
}
