/** How a seat comes to the log: from a genesis whose digest its member knows, then by the certified checkpoints that lie in the log. Pure: who calls brings the entries. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import type { Suite } from '../suite.ts';
import { checkConstitution, parseConstitution } from './constitution.ts';
import type { Constitution } from './constitution.ts';
import { digestOf } from './log-state.ts';
import { parseGenesis } from './log-texts.ts';
import type { Genesis } from './log-texts.ts';

/** What is held while looking for the next certified checkpoint. */
export const CATCH_UP_ENTRIES_MAX = 65_536;
export const CATCH_UP_CHARS_MAX = 64 * 1024 * 1024;

export interface Founding {
  readonly genesis: Genesis;
  readonly genesisText: string;
  readonly constitution: Constitution;
  readonly constitutionText: string;
}

export type FoundingRefusal = 'other-genesis' | 'genesis-unreadable' | 'other-constitution' | 'constitution-wrong';

/** Both texts judged by the pinned digest of the genesis: what does not hang on it is refused. */
export function judgeFounding(suite: Suite, pinned: string, genesisText: string, constitutionText: string): Verdict<Founding, FoundingRefusal> {
  if (digestOf(suite, genesisText) !== pinned) return no('other-genesis');
  const genesis = parseGenesis(genesisText);
  if (!genesis.ok) return no('genesis-unreadable');
  if (digestOf(suite, constitutionText) !== genesis.value.constitution) return no('other-constitution');
  const constitution = parseConstitution(constitutionText);
  if (!constitution.ok || !checkConstitution(constitution.value).ok) return no('constitution-wrong');
  return yes({ genesis: genesis.value, genesisText, constitution: constitution.value, constitutionText });
}

/** A certified checkpoint with the entries that lead to it. */
export interface Stretch {
  readonly note: string;
  readonly from: number;
  readonly entries: readonly string[];
}

/**
 * Follows the log by the anchors that lie in it: each is a certified checkpoint, and `take` gets the stretch that it ends. Ends where the
 * source has no more, where `take` did not get further, or where no anchor comes for too long.
 */
export async function followAnchors(entriesFrom: (from: number) => Promise<readonly string[]>, origin: string, standsAt: () => number, take: (stretch: Stretch) => void | Promise<void>, latest: string | undefined): Promise<void> {
  let from = standsAt();
  let held: string[] = [];
  let chars = 0;
  const offer = async (note: string): Promise<void> => {
    const size = Number(note.split('\n', 2)[1]);
    if (!Number.isSafeInteger(size) || size <= from || size > from + held.length) return;
    await take({ note, from, entries: held.slice(0, size - from) });
    const reached = standsAt();
    if (reached <= from) return;
    held = held.slice(reached - from);
    chars = held.reduce((sum, entry) => sum + entry.length, 0);
    from = reached;
  };
  for (;;) {
    const more = await entriesFrom(from + held.length);
    if (more.length === 0) break;
    held.push(...more);
    chars += more.reduce((sum, entry) => sum + entry.length, 0);
    // From the last anchor of this piece backwards: one long stretch is judged once.
    for (const anchor of more.filter((entry) => entry.startsWith(`${origin}\n`)).toReversed()) await offer(anchor);
    if (held.length > CATCH_UP_ENTRIES_MAX || chars > CATCH_UP_CHARS_MAX) break;
  }
  if (latest !== undefined) await offer(latest);
}
