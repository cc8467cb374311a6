/** What a steward's key signs: checked against what the steward chose, so that a wrong or foreign program cannot slip in another text. */

import { type NoteSigner, utf8 } from '../../proof/index.ts';
import { type Choice, COMMIT_TYPE, parseBallot, parseCommit } from '../../proof/council/ballot-text.ts';
import type { ToSign } from './agent.ts';

export interface Chosen {
  readonly round: string;
  readonly choice: Choice;
  /** SHA-256 of the manifest that a yes names; as the steward was shown it. */
  readonly motion: string | undefined;
}

const SALT_TYPE = 'mizan-council/salt/v1\n';
const isRound = (it: { readonly slot: string; readonly round: number }, round: string): boolean => `${it.slot} ${it.round}` === round;

/** Whether this text is the ballot of this choice in this round, or what a sealed vote needs beside it. */
export function maySign({ text, as }: ToSign, chosen: Chosen): boolean {
  if (as === 'salt') return text.startsWith(SALT_TYPE) && text.includes(`\nslot ${chosen.round.replace(' ', ' round ')}\n`);
  if (text.startsWith(`${COMMIT_TYPE}\n`)) {
    const commit = parseCommit(text);
    return as === 'cast' && commit.ok && isRound(commit.value, chosen.round);
  }
  const ballot = parseBallot(text);
  if (!ballot.ok || !isRound(ballot.value, chosen.round) || ballot.value.choice !== chosen.choice) return false;
  return chosen.choice !== 'yes' || ballot.value.motion === chosen.motion;
}

export const signText = (signer: NoteSigner, text: string): string => Buffer.from(signer.sign(utf8(text))).toString('base64');
