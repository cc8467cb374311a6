/** Commitments in the log to what must not stand there in clear: private content, and ballots that are still sealed. */

import { canonical, yes, type Json, type Verdict } from '../base/index.ts';
import { fromHex, hex, sameBytes, utf8 } from './bytes.ts';
import { LineReader, printLines, printRound, printSeat, type Round } from './council/lines.ts';
import { refuse, type ProofRefusal } from './refusals.ts';
import type { Sign, Suite } from './suite.ts';

export const SALT_BYTES = 32;
/** Longest content committed to, in bytes of canonical JSON; longer documents enter by their digest. */
export const PRIVATE_BYTES_MAX = 1_048_576;

const PRIVATE = utf8('mizan-log/private/v1\n');
const SEALED = 'mizan-council/sealed/v1';
const SALT = 'mizan-council/salt/v1';

// ---------------------------------------------------------------- private content

/**
 * SHA-256("mizan-log/private/v1" LF || salt || JCS(content)), for one field. The salt has to be 32 fresh random bytes of its own:
 * derived from a master key it could not be made unopenable singly, used twice it would show that two fields are the same.
 */
export function commitPrivate(suite: Suite, salt: Uint8Array, content: Json): Verdict<Uint8Array, ProofRefusal> {
  if (salt.length !== SALT_BYTES) return refuse('commitment-salt', undefined, `${salt.length} bytes`);
  const bytes = canonicalBytes(content);
  if (bytes === undefined) return refuse('commitment-content');
  return yes(suite.sha256(PRIVATE, salt, bytes));
}

/** Whether salt and content open the commitment. */
export function opensPrivate(suite: Suite, commitment: Uint8Array, salt: Uint8Array, content: Json): Verdict<true, ProofRefusal> {
  const made = commitPrivate(suite, salt, content);
  if (!made.ok) return made;
  return sameBytes(made.value, commitment) ? yes(true) : refuse('commitment-mismatch');
}

function canonicalBytes(content: Json): Uint8Array | undefined {
  try {
    const bytes = utf8(canonical(content));
    return bytes.length <= PRIVATE_BYTES_MAX ? bytes : undefined;
  } catch (problem) {
    // NaN, an infinity or a lone surrogate: such content has no canonical bytes.
    if (problem instanceof TypeError) return undefined;
    throw problem;
  }
}

// ---------------------------------------------------------------- sealed ballots

/** What is under the seal of a contested vote: the whole of it is hashed for the commitment and published at the reveal. */
export interface Sealed extends Round {
  readonly seat: number;
  readonly salt: Uint8Array;
  /** The signed note of the ballot, verbatim. */
  readonly ballot: string;
}

/** The text under the seal: four lines, an empty one, the signed ballot. */
export function printSealed({ seat, salt, ballot, ...round }: Sealed): string {
  return `${printLines([SEALED, `seat ${printSeat(seat)}`, printRound(round), `salt ${hex(salt)}`])}\n${ballot}`;
}

/** Reads a text under the seal. The ballot is handed on as it stands: the note's own parser judges it. */
export function parseSealed(text: string): Verdict<Sealed, ProofRefusal> {
  const split = text.indexOf('\n\n');
  const ballot = text.slice(split + 2);
  if (split === -1 || ballot === '' || ballot.startsWith('\n') || !ballot.endsWith('\n') || !ballot.isWellFormed()) return refuse('sealed-form');
  const lines = new LineReader(text.slice(0, split + 1), SEALED);
  const seat = lines.asSeat(lines.value('seat'));
  const round = lines.round();
  const salt = fromHex(lines.value('salt'));
  lines.check(salt?.length === SALT_BYTES, 'commitment-salt');
  return lines.finish({ seat, ...round, salt: salt ?? new Uint8Array(), ballot });
}

/** The commitment that a seat casts: SHA-256 of the text under the seal. */
export function commitSealed(suite: Suite, sealed: Sealed): Uint8Array {
  return suite.sha256(utf8(printSealed(sealed)));
}

/** Whether what was revealed is what was committed to. */
export function opensSealed(suite: Suite, commitment: Uint8Array, sealed: Sealed): Verdict<true, ProofRefusal> {
  return sameBytes(commitSealed(suite, sealed), commitment) ? yes(true) : refuse('commitment-mismatch');
}

/** What a seat signs to obtain its salt; the signature must stay secret until the reveal. */
export interface SaltScope extends Round {
  readonly council: string;
  readonly epoch: number;
}

/** The text whose signature, hashed, is the salt. Unlike a ballot it names the epoch by its number alone. */
export function saltText({ council, epoch, ...round }: SaltScope): string {
  return printLines([SALT, `council ${council}`, `epoch ${epoch}`, printRound(round)]);
}

/** The salt of a seat for one vote, found again from the ballot key alone. Where `sign` is randomised it is another each time: then store it. */
export function saltOf(suite: Suite, sign: Sign, scope: SaltScope): Uint8Array {
  return suite.sha256(sign(utf8(saltText(scope))));
}
