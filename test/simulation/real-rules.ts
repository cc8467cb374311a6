/** The product's own replay with real Ed25519 signatures, dressed for the world: keys for everybody and the plain truth for its checks. */

import { printLine, parseNote, printNote, signNote } from '../../src/proof/note.ts';
import type { NoteSigner } from '../../src/proof/note.ts';
import { cosign } from '../../src/proof/cosignature.ts';
import { commitSealed, parseSealed } from '../../src/proof/commitment.ts';
import { hex } from '../../src/proof/bytes.ts';
import { nodeSuite } from '../../src/proof/node-suite.ts';
import { councilOf33 } from '../../src/proof/council/constitution.ts';
import type { Cut } from '../../src/proof/council/lines.ts';
import { parseCommit } from '../../src/proof/council/ballot-text.ts';
import { printSeat } from '../../src/proof/council/lines.ts';
import { ReplayRules } from '../../src/proof/council/replay-rules.ts';
import type { ReplayPrefix } from '../../src/proof/council/replay-rules.ts';
import type { Verdict } from '../../src/base/index.ts';
import { yes } from '../../src/base/index.ts';
import type { ProofRefusal } from '../../src/proof/refusals.ts';
import { CouncilWorld, ORIGIN, keyOf } from '../support/council-world.ts';
import type { SimulatedPrefix, SimulatedRules } from './simulated-rules.ts';
import { CLOSES_S, COMMITS_S, START_S } from './stage.ts';
import type { Base, Plan } from './world.ts';

/** The council of 33 with votes of an hour instead of a week; everything else is as it is. */
const HOURLY = {
  ...councilOf33(ORIGIN),
  classes: councilOf33(ORIGIN).classes.map((rule) => ({ ...rule, prepareS: 0, voteS: 1800, revealS: rule.sealed ? 1200 : 0 })),
};

interface RealPrefix extends ReplayPrefix, SimulatedPrefix {
  readonly before: RealPrefix | undefined;
}

const WITNESSES: Readonly<Record<string, string>> = { court: 'witness.court.example', audit: 'witness.audit.example', university: 'witness.university.example' };

function signerFor(key: string, salt: number): NoteSigner {
  if (key === 'log') return keyOf(ORIGIN);
  if (key === 'secretariat') return keyOf(`secretariat.${ORIGIN}`);
  const [kind = '', who = ''] = key.split('.');
  if (kind === 'outside') return keyOf(WITNESSES[who]!);
  const seat = `seat${printSeat(Number(who))}.${ORIGIN}`;
  if (kind === 'seat') return keyOf(seat);
  // Node signs as RFC 8032 does, so that a salted signature is one of another key under the same name.
  return kind === 'ballot-old' ? keyOf(`ballot.${seat}`, `old ${salt}`) : keyOf(`${kind}.${seat}`);
}

export class RealRules extends ReplayRules implements SimulatedRules {
  readonly #byRoot = new Map<string, RealPrefix>();
  readonly #unjudged = new WeakSet<object>();

  constructor() {
    super(nodeSuite, HOURLY, ORIGIN);
  }

  override extend(before: ReplayPrefix, entry: string): Verdict<RealPrefix, ProofRefusal> {
    const next = super.extend(before, entry);
    return next.ok ? yes(this.#keep(before, next.value, true)) : next;
  }

  override extendUnjudged(before: ReplayPrefix, entry: string): RealPrefix {
    const next = super.extendUnjudged(before, entry);
    return this.#keep(before, next, false);
  }

  #keep(before: ReplayPrefix, next: ReplayPrefix, isJudged: boolean): RealPrefix {
    const known = this.#byRoot.get(next.root);
    const isValid = (isJudged || known !== undefined) && !this.#unjudged.has(before);
    const kept = known ?? { ...next, isValid, before: this.#byRoot.get(before.root) };
    if (!kept.isValid) this.#unjudged.add(kept);
    this.#byRoot.set(next.root, kept);
    return kept;
  }

  sign(key: string, text: string, salt = 0): string {
    return printNote(signNote(nodeSuite, text, signerFor(key, salt)));
  }

  cosignLine(key: string, text: string, timeS: number): string {
    return printLine(cosign(nodeSuite, signerFor(key, 0), text, timeS));
  }

  prefixOf(cut: Cut): RealPrefix | undefined {
    const prefix = this.#byRoot.get(cut.root);
    return prefix?.size === cut.size ? prefix : undefined;
  }

  areConsistent(one: RealPrefix, other: RealPrefix): boolean {
    let [longer, shorter] = one.size < other.size ? [other, one] : [one, other];
    while (longer.size > shorter.size && longer.before !== undefined) longer = longer.before;
    return longer.root === shorter.root;
  }

  trueYes(cut: RealPrefix, round: string, motion: string): readonly number[] {
    const names = [...(cut.rounds.get(round)?.casts ?? [])].map((name) => {
      const [kind = '', seat = ''] = name.split(' ', 2);
      return { kind, seat: Number(seat), text: name.slice(kind.length + seat.length + 2) };
    });
    const seats = names.flatMap(({ kind, seat, text }) => {
      const ballot = kind === 'ballot' ? text : kind === 'reveal' ? this.#revealed(names, seat, text) : undefined;
      return ballot?.includes(`\nmotion sha256:${motion}\n`) === true && ballot.endsWith('\nchoice yes\n') ? [seat] : [];
    });
    return [...new Set(seats)];
  }

  #revealed(names: readonly { readonly kind: string; readonly seat: number; readonly text: string }[], seat: number, sealed: string): string | undefined {
    const first = names.find((name) => name.kind === 'commit' && name.seat === seat);
    const commit = first === undefined ? undefined : parseCommit(first.text);
    const read = parseSealed(sealed);
    if (commit?.ok !== true || !read.ok || hex(commitSealed(nodeSuite, read.value)) !== commit.value.commitment) return undefined;
    const note = parseNote(read.value.ballot);
    return note.ok && note.value.lines[0]?.name === `ballot.seat${printSeat(seat)}.${ORIGIN}` ? note.value.text : undefined;
  }

  trueBreadth(seats: readonly number[]): number {
    let last = 0;
    return this.constitution.constituencies.filter(({ seats: size }) => {
      const from = last;
      last += size;
      return seats.filter((seat) => seat > from && seat <= from + size).length >= Math.ceil(size / 3);
    }).length;
  }

  isPublishable(note: string): boolean {
    const prefix = this.prefixOf({ size: Number(note.split('\n', 2)[1]), root: note.split('\n', 3)[2] ?? '' });
    return prefix !== undefined && this.certified(prefix, note).ok;
  }

  forget(): void {
    // One bench serves one run.
  }
}

/** Genesis, roll, papers and slot roll of the plan's vote, as the product's rules want them before OPEN. */
export function realBench(plan: Plan): { readonly rules: RealRules; readonly base: Base } {
  const council = new CouncilWorld(nodeSuite, HOURLY);
  const round = { slot: '2027-014', round: 1 };
  const motions = (plan.vote === 'rivals' ? ['A', 'B'] : ['A']).map((option) => council.motionOf(round, { class: plan.class, option }));
  const sealed = plan.vote === 'sealed' ? { sealed: true, commitsCloseS: START_S + COMMITS_S } : {};
  const { open } = council.prepare(round, START_S - 1000, { class: plan.class, closesS: START_S + CLOSES_S, ...sealed }, motions);
  const rules = new RealRules();
  const entries = council.entries.map((entry) => new TextDecoder().decode(entry));
  let prefix: ReplayPrefix = rules.empty;
  for (const entry of entries) {
    const next = rules.extend(prefix, entry);
    if (!next.ok) throw new Error(`the base of a simulation is valid: ${next.refusal.code}`);
    prefix = next.value;
  }
  return { rules, base: { prefix: rules.prefixOf(prefix)!, entries, opens: [open] } };
}
