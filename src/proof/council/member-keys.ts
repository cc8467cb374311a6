/** The file that a member hands in at the key ceremony: public keys, and a proof for each that its holder took part in this ceremony. */

import { canonical, yes } from '../../base/index.ts';
import type { Json, Verdict } from '../../base/index.ts';
import { fromBase64, fromUtf8, hex, utf8 } from '../bytes.ts';
import { KEY_TYPES, admitVkey, printVkey, verifierKey } from '../note.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import { memberName } from './admitted-roll.ts';
import { SEATS_MAX, isName, isSlug } from './lines.ts';
import { ALTERNATES_MAX } from './roll-text.ts';
import type { MemberKeys } from './roll-text.ts';
import { checkPossession } from './seat-texts.ts';
import type { Person } from './seat-texts.ts';

export const MEMBER_KEYS_FORMAT = 'mizan-council/member-keys/v1';
/** Five keys and four notes, of which the ML-DSA key and cosignature are the largest. */
export const MEMBER_KEYS_BYTES_MAX = 32_768;

/** Members named as in the file; `seat`, or `constituency` and `rank` for an alternate. */
export interface HandedInKeys {
  readonly format: typeof MEMBER_KEYS_FORMAT;
  readonly council: string;
  readonly origin: string;
  readonly epoch: number;
  readonly who: Person;
  /** Ed25519 public key, standard base64. */
  readonly identity: string;
  readonly ballot: string;
  readonly cosign: string;
  readonly agent: string;
  /** Verifier key of kind 0x06; the roll names it by digest. */
  readonly mlDsa: string;
  /** Notes of `checkPossession`; the one of the cosigning key carries the line of the ML-DSA key too. */
  readonly possession: { readonly identity: string; readonly ballot: string; readonly agent: string; readonly cosign: string };
}

export function printMemberKeys({ who, ...rest }: HandedInKeys): string {
  return `${canonical({ ...rest, ...who })}\n`;
}

/** Name of the verifier key under which an identity key, which the roll writes as bare base64, shows its possession. */
export const identityName = (who: Person, origin: string): string => `identity.${memberName(who)}.${origin}`;

const WORDS = ['format', 'council', 'origin', 'identity', 'ballot', 'cosign', 'agent', 'mlDsa'] as const;
const NOTES = ['identity', 'ballot', 'agent', 'cosign'] as const;

type Fields = Readonly<Record<string, Json | undefined>>;
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});
const wordOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function personIn({ seat, constituency, rank }: Fields): Person | undefined {
  if (Number.isInteger(seat) && (seat as number) >= 1 && (seat as number) <= SEATS_MAX && constituency === undefined && rank === undefined) return { seat: seat as number };
  if (seat !== undefined || typeof constituency !== 'string' || !isSlug(constituency) || !Number.isInteger(rank) || (rank as number) < 1 || (rank as number) > ALTERNATES_MAX) return undefined;
  return { constituency, rank: rank as number };
}

/** Reads the form only; white space around the JSON does not matter, since people copy it. */
export function parseMemberKeys(bytes: Uint8Array): Verdict<HandedInKeys, ProofRefusal> {
  const text = bytes.length > MEMBER_KEYS_BYTES_MAX ? undefined : fromUtf8(bytes);
  if (text === undefined) return refuse(bytes.length > MEMBER_KEYS_BYTES_MAX ? 'text-too-long' : 'text-not-unicode');
  let read: Fields;
  try {
    read = fieldsOf(JSON.parse(text) as Json);
  } catch {
    return refuse('text-type', 1, MEMBER_KEYS_FORMAT);
  }
  const who = personIn(read);
  const words = Object.fromEntries(WORDS.map((key) => [key, wordOf(read[key])])) as Record<(typeof WORDS)[number], string>;
  const notes = fieldsOf(read['possession']);
  const possession = Object.fromEntries(NOTES.map((key) => [key, wordOf(notes[key])])) as HandedInKeys['possession'];
  if (words.format !== MEMBER_KEYS_FORMAT) return refuse('text-type', 1, MEMBER_KEYS_FORMAT);
  if (who === undefined) return refuse('text-seat');
  const epoch = read['epoch'];
  if (!Number.isSafeInteger(epoch) || (epoch as number) < 1) return refuse('text-number', undefined, 'epoch');
  const missing = [...WORDS.filter((key) => words[key] === ''), ...NOTES.filter((key) => possession[key] === '').map((key) => `possession.${key}`)][0];
  if (missing !== undefined) return refuse('text-line-missing', undefined, missing);
  if (!isName(words.council) || !isName(words.origin)) return refuse('text-name', undefined, words.origin);
  return yes({ ...words, format: MEMBER_KEYS_FORMAT, who, epoch: epoch as number, possession });
}

/**
 * Whether the keys may stand in the roll of this council, epoch and place: right kinds and names, admissible, no key twice, each possession
 * proven. Answers what the roll writes, and the ML-DSA key for the `key` entry.
 */
export function checkMemberKeys(suite: Suite, keys: HandedInKeys, expected: { readonly council: string; readonly origin: string; readonly epoch: number; readonly who: Person }): Verdict<MemberKeys & { readonly mlDsa: string }, ProofRefusal> {
  const { council, origin, epoch, who } = expected;
  if (keys.council !== council || keys.origin !== origin) return refuse('other-council', undefined, keys.council);
  if (keys.epoch !== epoch) return refuse('other-epoch', undefined, String(keys.epoch));
  if (memberName(keys.who) !== memberName(who)) return refuse('text-seat', undefined, memberName(keys.who));
  const member = `${memberName(who)}.${origin}`;
  const identityKey = fromBase64(keys.identity);
  if (identityKey?.length !== 32 || !suite.admits(identityKey)) return refuse('key-not-admissible', undefined, identityName(who, origin));
  const identity = verifierKey(suite, identityName(who, origin), KEY_TYPES.note, identityKey);
  const seen = new Set([hex(identityKey)]);
  const wanted = [
    [keys.ballot, KEY_TYPES.note, `ballot.${member}`, keys.possession.ballot],
    [keys.agent, KEY_TYPES.note, `agent.${member}`, keys.possession.agent],
    [keys.cosign, KEY_TYPES.cosignature, member, keys.possession.cosign],
    [keys.mlDsa, KEY_TYPES.cosignatureMlDsa44, member, keys.possession.cosign],
  ] as const;
  for (const [vkey, type, name, note] of wanted) {
    const key = admitVkey(suite, vkey);
    if (!key.ok) return key;
    if (key.value.type !== type) return refuse('roll-key-type', undefined, vkey.slice(0, 200));
    if (key.value.name !== name) return refuse('roll-key-name', undefined, `${key.value.name} ≠ ${name}`);
    if (seen.has(hex(key.value.publicKey))) return refuse('roll-key-twice', undefined, name);
    seen.add(hex(key.value.publicKey));
    // A place without ML-DSA takes the key by its digest and leaves the line to those who have it.
    if (type === KEY_TYPES.cosignatureMlDsa44 && suite.verifyMlDsa44 === undefined) continue;
    const held = checkPossession(suite, note, key.value, { council, epoch, who, vkey }, origin);
    if (!held.ok) return held;
  }
  const held = checkPossession(suite, keys.possession.identity, identity, { council, epoch, who, vkey: printVkey(identity) }, origin);
  if (!held.ok) return held;
  return yes({ identity: keys.identity, ballot: keys.ballot, cosign: keys.cosign, agent: keys.agent, mlDsaDigest: hex(suite.sha256(utf8(keys.mlDsa))), mlDsa: keys.mlDsa });
}
