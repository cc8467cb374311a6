/** The texts a seat votes with: the ballot and the commitment to a sealed one; the revealing of it is in commitment.ts. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, printLines, printRound, printTime } from './lines.ts';
import type { Cut, Round } from './lines.ts';

export const BALLOT_TYPE = 'mizan-council/ballot/v1';
export const COMMIT_TYPE = 'mizan-council/commit/v1';

export const CHOICES = ['yes', 'no', 'abstain'] as const;
export type Choice = (typeof CHOICES)[number];

/** The eight lines that a steward signs. Every seat with the same choice signs the same bytes. */
export interface Ballot extends Round {
  readonly council: string;
  readonly epoch: number;
  /** SHA-256 of the slot roll, 64 hexadecimal digits; the text writes it without a prefix. */
  readonly slotRoll: string;
  /** SHA-256 of the manifest voted on; undefined (`motion none`) in a `no` or `abstain` on rival options. */
  readonly motion: string | undefined;
  readonly opened: Cut;
  /** End of voting, seconds since 1970. */
  readonly closesS: number;
  readonly choice: Choice;
}

export function printBallot(ballot: Ballot): string {
  return printLines([
    BALLOT_TYPE,
    `council ${ballot.council}`,
    `epoch ${ballot.epoch} ${ballot.slotRoll}`,
    printRound(ballot),
    `motion ${ballot.motion === undefined ? 'none' : `sha256:${ballot.motion}`}`,
    `opened ${ballot.opened.size} ${ballot.opened.root}`,
    `closes ${printTime(ballot.closesS)}`,
    `choice ${ballot.choice}`,
  ]);
}

export function parseBallot(text: string): Verdict<Ballot, ProofRefusal> {
  const lines = new LineReader(text, BALLOT_TYPE);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const named = lines.value('motion');
  const motion = named === 'none' ? undefined : lines.asNamedDigest(named);
  const opened = lines.cut('opened');
  const closesS = lines.time('closes');
  const choice = lines.oneOf('choice', CHOICES);
  lines.check(choice !== 'yes' || motion !== undefined, 'ballot-yes-without-motion');
  return lines.finish({ council, epoch, slotRoll: digest, ...round, motion, opened, closesS, choice });
}

/** A commitment to a ballot that is revealed later; signed by the ballot key, which is how it belongs to a seat. */
export interface Commit extends Round {
  readonly council: string;
  readonly epoch: number;
  readonly slotRoll: string;
  /** SHA-256 of the sealed text, 64 hexadecimal digits. */
  readonly commitment: string;
}

export function printCommit(commit: Commit): string {
  return printLines([
    COMMIT_TYPE,
    `council ${commit.council}`,
    `epoch ${commit.epoch} ${commit.slotRoll}`,
    printRound(commit),
    `commit sha256:${commit.commitment}`,
  ]);
}

export function parseCommit(text: string): Verdict<Commit, ProofRefusal> {
  const lines = new LineReader(text, COMMIT_TYPE);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const commitment = lines.asNamedDigest(lines.value('commit'));
  return lines.finish({ council, epoch, slotRoll: digest, ...round, commitment });
}

/** Whether two rounds are the same one. */
export function sameRound(one: Round, other: Round): boolean {
  return one.slot === other.slot && one.round === other.round;
}

/** One name for a round in maps: slots hold no white space. */
export const roundKey = ({ slot, round }: Round): string => `${slot} ${round}`;
