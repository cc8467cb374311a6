/** Puts the file of a decision together: what the log holds of it, with proofs under the certified checkpoint that covers it. */

import { base64, fromBase64, fromUtf8, parseNote } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { printBallot } from '../../../proof/council/ballot-text.ts';
import { DECISION_FORMAT, type Decision, type Inclusion, NOT_CARRIED_FORMAT, type NotCarried, printDecision, type RollChange } from '../../../proof/council/decision-file.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { ballotOf, parseOpen } from '../../../proof/council/open-text.ts';
import { signedText } from '../../../proof/council/replay-round.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { RoundFacts, TextsSource } from '../model.ts';

/** Where the parts of a file come from. */
export interface BundleParts {
  readonly ledger: Pick<Ledger, 'entries' | 'inclusion'>;
  readonly texts: TextsSource;
  /** The roll of an epoch, verbatim; undefined where this platform does not know it. */
  readonly rollOf: (epoch: number) => Promise<string | undefined>;
}

/** Entries before the cut among which the gathered ballots of a sealed round are looked for. */
const GATHERED_WITHIN = 512;

async function entryAt(ledger: BundleParts['ledger'], index: number): Promise<string | undefined> {
  const [found] = await ledger.entries(index, index + 1);
  return found === undefined ? undefined : fromUtf8(found.entry);
}

/** The stacked note of the yes for an option below the cut with the most lines. */
async function stackedYes(ledger: BundleParts['ledger'], facts: RoundFacts, open: string, option: string): Promise<{ readonly index: number; readonly note: string } | undefined> {
  const parsed = parseOpen(signedText(open));
  const ballot = parsed.ok ? ballotOf(parsed.value, 'yes', option) : undefined;
  if (ballot === undefined) return undefined;
  const text = printBallot(ballot);
  const shown = facts.casts.filter((cast) => !cast.late && cast.choice === 'yes' && cast.option === option).map(({ index }) => index);
  // Sealed ballots were revealed one by one, and gathered before the cut.
  const cut = facts.outcome?.cut.size ?? 0;
  const near = facts.sealed ? Array.from({ length: Math.min(cut, GATHERED_WITHIN) }, (_, back) => cut - 1 - back) : [];
  const indexes = [...new Set([...shown, ...near])];
  let best: { index: number; note: string; lines: number } | undefined;
  for (const index of indexes) {
    const note = await entryAt(ledger, index);
    const read = note === undefined ? undefined : parseNote(note);
    if (note === undefined || read?.ok !== true || read.value.text !== text) continue;
    if (best === undefined || read.value.lines.length > best.lines) best = { index, note, lines: read.value.lines.length };
  }
  return best;
}

/** The bytes of the file; undefined while something of it is missing. `rolls` lead to its roll from the first one. */
export async function decisionBytes(parts: BundleParts, facts: RoundFacts, checkpoint: string, rolls: readonly RollChange[] = []): Promise<Uint8Array | undefined> {
  const file = await decisionFile(parts, facts, checkpoint);
  return file === undefined ? undefined : printDecision(rolls.length === 0 ? file : { ...file, rolls });
}

/** The head of a checkpoint, for proofs under it. */
function headOf(checkpoint: string): { readonly size: number; readonly root: Uint8Array } {
  const [, size, root] = checkpoint.split('\n', 3);
  return { size: Number(size), root: fromBase64(root ?? '') ?? new Uint8Array() };
}

async function proofAt({ ledger }: BundleParts, index: number, head: { readonly size: number; readonly root: Uint8Array }): Promise<Inclusion | undefined> {
  const proven = await ledger.inclusion(index, head);
  return proven.ok ? { index, hashes: proven.value.map((hash) => base64(hash)) } : undefined;
}

async function decisionFile(parts: BundleParts, facts: RoundFacts, checkpoint: string): Promise<Decision | NotCarried | undefined> {
  const { ledger } = parts;
  const { entries, outcome } = facts;
  if (outcome === undefined || entries.open === undefined || entries.close === undefined || entries.outcome === undefined || entries.slotRoll === undefined) return undefined;
  const head = headOf(checkpoint);
  const texts = await Promise.all([entries.slotRoll, entries.open, entries.close, entries.outcome].map(async (index) => entryAt(ledger, index)));
  const [slotRoll, open, close, outcomeText] = texts;
  const option = outcome.carried ?? facts.options[0]?.option ?? '';
  const motionDigest = facts.options.find((each) => each.option === option)?.motion ?? '';
  const [papers, roll] = await Promise.all([parts.texts(motionDigest), parts.rollOf(facts.epoch)]);
  if (slotRoll === undefined || open === undefined || close === undefined || outcomeText === undefined || papers === undefined || roll === undefined) return undefined;
  if (digestOf(suite, papers.manifest) !== motionDigest) return undefined;
  const proof = async (index: number): Promise<Inclusion | undefined> => proofAt(parts, index, head);
  const [opened, closed, counted] = [await proof(entries.open), await proof(entries.close), await proof(entries.outcome)];
  if (opened === undefined || closed === undefined || counted === undefined) return undefined;
  const shared = { roll, slotRoll, motion: { manifest: papers.manifest, texts: papers.texts }, open, close, outcome: outcomeText, checkpoint };
  if (outcome.carried === undefined) {
    return { format: NOT_CARRIED_FORMAT, ...shared, proofs: { open: opened, close: closed, outcome: counted } };
  }
  const yes = await stackedYes(ledger, facts, open, outcome.carried);
  const ballots = yes === undefined ? undefined : await proof(yes.index);
  if (yes === undefined || ballots === undefined) return undefined;
  return { format: DECISION_FORMAT, ...shared, ballots: yes.note, proofs: { open: opened, ballots, close: closed, outcome: counted } };
}

/** Entries above a new roll among which the anchor of its handover is looked for: nothing else may be certified meanwhile. */
const HANDOVER_WITHIN = 8192;
const ENTRIES_AT_ONCE = 256;

export interface RollParts extends BundleParts {
  readonly origin: string;
  readonly rollEntry: (epoch: number) => Promise<{ readonly text: string; readonly index: number } | undefined>;
  /** The carried round of a slot. */
  readonly carried: (slot: string) => Promise<RoundFacts | undefined>;
}

/** The first anchor above the roll, which the old council and the new one certify both. */
async function handoverOf({ ledger, origin }: RollParts, rollIndex: number): Promise<string | undefined> {
  for (let from = rollIndex + 1; from <= rollIndex + HANDOVER_WITHIN; from += ENTRIES_AT_ONCE) {
    const found = await ledger.entries(from, from + ENTRIES_AT_ONCE);
    for (const { entry } of found) {
      const text = fromUtf8(entry);
      if (text?.startsWith(`${origin}\n`) === true && headOf(text).size > rollIndex) return text;
    }
    if (found.length < ENTRIES_AT_ONCE) return undefined;
  }
  return undefined;
}

/** How the roll of this epoch came from that of the next lower one; undefined while something of it is missing. */
export async function rollChange(parts: RollParts, epoch: number): Promise<RollChange | undefined> {
  const [next, facts] = [await parts.rollEntry(epoch), await parts.carried(`epoch/${epoch}`)];
  const checkpoint = next === undefined ? undefined : await handoverOf(parts, next.index);
  if (next === undefined || facts === undefined || checkpoint === undefined) return undefined;
  const [file, proof] = [await decisionFile(parts, facts, checkpoint), await proofAt(parts, next.index, headOf(checkpoint))];
  if (file?.format !== DECISION_FORMAT || proof === undefined) return undefined;
  const { format: _, ...change } = file;
  return { ...change, proofs: { ...file.proofs, next: proof } };
}

