/** What must never happen in a simulated council, judged by what really was signed and not by what the cores believe. */

import { parseBallot, parseCommit } from '../../src/proof/council/ballot-text.ts';
import type { Choice } from '../../src/proof/council/ballot-text.ts';
import { classOf } from '../../src/proof/council/constitution.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import { castName } from '../../src/proof/council/rules.ts';
import { printOutcome } from '../../src/proof/council/outcome-text.ts';
import type { Outcome } from '../../src/proof/council/outcome-text.ts';
import type { SeatNotice } from '../../src/proof/council/seat.ts';
import type { Receipt } from '../../src/proof/council/seat-texts.ts';
import type { SimulatedPrefix, SimulatedRules } from './simulated-rules.ts';

/** The numbers a council of so many seats is meant to have, whatever a planted bug makes of them. */
interface TrueNumbers {
  readonly quorum: number;
  /** Honest seats behind everything a quorum says at least: a majority of them. */
  readonly honestYes: number;
  readonly procedural: number;
  readonly honestProcedural: number;
}

const TRUE_NUMBERS: Readonly<Record<number, TrueNumbers>> = {
  33: { quorum: 22, honestYes: 12, procedural: 17, honestProcedural: 7 },
  15: { quorum: 10, honestYes: 6, procedural: 8, honestProcedural: 4 },
  12: { quorum: 8, honestYes: 5, procedural: 7, honestProcedural: 4 },
};

interface TrueVote {
  readonly choice: Choice;
  readonly motion: string | undefined;
}

export class Checks {
  broken: string | undefined;
  /** Rounds whose OUTCOME is certified. */
  readonly decided = new Map<string, string>();
  /** Motions that some certified outcome carried. */
  readonly carried = new Set<string>();
  readonly #rules: SimulatedRules;
  readonly #true: TrueNumbers;
  readonly #honest: ReadonlySet<number>;
  readonly #opens: readonly Open[];
  readonly #signed = new Map<string, string>();
  readonly #everSigned = new Set<string>();
  readonly #votes = new Map<string, TrueVote>();
  readonly #stamps = new Map<string, Map<number, number>>();
  readonly #certified: SimulatedPrefix[] = [];
  readonly #heads = new Map<number, SimulatedPrefix[]>();
  readonly #receipts = new Map<number, Receipt[]>();
  readonly #ends = new Map<number, readonly { readonly prefix: SimulatedPrefix; readonly timeS: number }[]>();
  readonly #uncensorable = new Map<number, string>();
  readonly #digests = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

  constructor(rules: SimulatedRules, honest: readonly number[], opens: readonly Open[]) {
    this.#rules = rules;
    this.#true = TRUE_NUMBERS[rules.constitution.seats]!;
    this.#honest = new Set(honest);
    this.#opens = opens;
  }

  #fail(what: string): void {
    this.broken ??= what;
  }

  // -------------------------------------------------------------- signatures

  /** An honest seat signed a ballot or a commitment. */
  signed(seat: number, isRestored: boolean, text: string, holders: (text: string) => number): void {
    const ballot = parseBallot(text);
    const commit = ballot.ok ? undefined : parseCommit(text);
    const of = ballot.ok ? ballot.value : commit?.ok === true ? commit.value : undefined;
    if (of === undefined) {
      this.#fail(`seat ${seat} signed something that is no ballot`);
      return;
    }
    const key = `${seat} ${ballot.ok ? 'ballot' : 'commit'} ${of.epoch} ${of.slot} ${of.round}`;
    const before = this.#signed.get(key);
    if (before === text) return;
    if (before !== undefined && (!isRestored || this.#isKnownWidely(before) || holders(before) >= this.#true.honestYes)) this.#fail(`honest seat signed two texts: ${key}`);
    this.#signed.set(key, text);
    this.#everSigned.add(`${seat} ${text}`);
    if (ballot.ok) this.#votes.set(`${seat} ${of.slot} ${of.round}`, { choice: ballot.value.choice, motion: ballot.value.motion });
  }

  /** A restored seat can only be held to what others could tell it: a ballot that lies in a certified tree. */
  #isKnownWidely(text: string): boolean {
    const last = this.#certified.at(-1);
    return last !== undefined && [...last.rounds.values()].some((view) => [...view.casts].some((name) => name.endsWith(text)));
  }

  receipted(seat: number, isRestored: boolean, receipt: Receipt): void {
    if (isRestored) return;
    const given = this.#receipts.get(seat);
    if (given === undefined) this.#receipts.set(seat, [receipt]);
    else given.push(receipt);
    // A cosignature of long ago can be contradicted by a receipt of today, too.
    for (const { prefix, timeS } of this.#ends.get(seat) ?? []) this.#endsWithout(seat, prefix, timeS);
  }

  told(seat: number, notice: SeatNotice, round: string | undefined): void {
    if (notice === 'ballot-uncensorable' && round !== undefined) this.#uncensorable.set(seat, round);
  }

  /** Somebody cosigned: everybody can know it, whether or not it arrives. */
  cosigned(seat: number, isRestored: boolean, text: string, timeS: number): void {
    const [, size = '', root = ''] = text.split('\n');
    const prefix = this.#rules.prefixOf({ size: Number(size), root });
    if (prefix === undefined) {
      if (this.#honest.has(seat)) this.#fail(`honest seat ${seat} cosigned an unknown tree`);
      return;
    }
    if (this.#honest.has(seat) && !isRestored) this.#evidenceAgainst(seat, prefix, timeS);
    const stamps = this.#stamps.get(text) ?? new Map<number, number>();
    this.#stamps.set(text, stamps);
    const wasCertified = stamps.size >= this.#rules.constitution.quorum;
    stamps.set(seat, Math.max(timeS, stamps.get(seat) ?? 0));
    if (!wasCertified && stamps.size >= this.#rules.constitution.quorum) this.#certify(prefix);
  }

  /** What of an honest seat would be taken for proof that it lies. */
  #evidenceAgainst(seat: number, prefix: SimulatedPrefix, timeS: number): void {
    const heads = this.#heads.get(seat) ?? [];
    this.#heads.set(seat, heads);
    if (!heads.includes(prefix)) {
      if (heads.some((head) => !this.#rules.areConsistent(head, prefix))) this.#fail(`honest seat ${seat} cosigned two trees that disagree`);
      heads.push(prefix);
    }
    this.#endsWithout(seat, prefix, timeS);
    const isEnd = [...prefix.rounds.values()].some((view) => view.close === undefined && timeS >= (view.open.commitsCloseS ?? view.open.closesS));
    if (isEnd) this.#ends.set(seat, [...(this.#ends.get(seat) ?? []), { prefix, timeS }]);
  }

  #endsWithout(seat: number, prefix: SimulatedPrefix, timeS: number): void {
    for (const [round, view] of prefix.rounds) {
      if (view.close !== undefined || (view.open.sealed && view.commitsClose !== undefined)) continue;
      const endS = view.open.sealed ? (view.open.commitsCloseS ?? 0) : view.open.closesS;
      if (timeS >= endS) this.#brokenReceipts(seat, round, endS, prefix);
    }
  }

  #brokenReceipts(seat: number, round: string, endS: number, prefix: SimulatedPrefix): void {
    const { casts } = prefix.rounds.get(round)!;
    const inTime = (this.#receipts.get(seat) ?? []).filter((receipt) => `${receipt.slot} ${receipt.round}` === round && receipt.timeS <= endS - this.#rules.constitution.deltaS);
    if (inTime.length === 0) return;
    const digests = this.#digestsOf(casts);
    if (inTime.some(({ voter, digest }) => !digests.has(`${voter} ${digest}`))) this.#fail(`honest seat ${seat} gave a receipt and cosigned the cut without the ballot`);
  }

  #digestsOf(casts: ReadonlySet<string>): ReadonlySet<string> {
    const known = this.#digests.get(casts);
    if (known !== undefined) return known;
    const made = new Set<string>();
    for (const name of casts) {
      const [kind = '', voter = ''] = name.split(' ', 2);
      made.add(`${voter} ${this.#rules.digest(name.slice(kind.length + voter.length + 2))}`);
    }
    this.#digests.set(casts, made);
    return made;
  }

  // -------------------------------------------------------------- certificates

  #certify(prefix: SimulatedPrefix): void {
    if (this.#certified.some((other) => !this.#rules.areConsistent(other, prefix))) this.#fail('two certified trees disagree');
    if (!prefix.isValid) this.#fail('a certified tree holds an entry that is not valid');
    this.#certified.push(prefix);
    for (const [round, view] of prefix.rounds) if (view.outcome !== undefined) this.#outcome(prefix, round);
  }

  #outcome(prefix: SimulatedPrefix, round: string): void {
    const view = prefix.rounds.get(round)!;
    const text = printOutcome(view.outcome!);
    const before = this.decided.get(round);
    if (before !== undefined && before !== text) this.#fail(`two certified outcomes of ${round}`);
    if (before !== undefined) return;
    this.decided.set(round, text);
    const cut = this.#rules.prefixOf(view.close!.cut);
    if (cut === undefined || !this.#rules.areConsistent(cut, prefix)) this.#fail('the cut is no prefix');
    else this.#count(cut, round, view.open, view.outcome!, prefix);
  }

  /** Counts again from what lies below the cut, in the plainest way there is. */
  #count(cut: SimulatedPrefix, round: string, open: Open, outcome: Outcome, prefix: SimulatedPrefix): void {
    const { carried } = outcome;
    const rule = classOf(this.#rules.constitution, open.class);
    const needed = open.class === 'procedural' ? this.#true.procedural : this.#true.quorum;
    const stamps = this.#stamps.get(this.#rules.checkpointText(cut));
    const honestLate = [...(stamps ?? [])].filter(([seat, timeS]) => this.#honest.has(seat) && timeS >= open.closesS).length;
    if (honestLate < this.#true.honestYes) this.#fail(`closed though only ${honestLate} honest seats had stamped the end`);
    for (const option of open.options) {
      const seats = this.#rules.trueYes(cut, round, option.motion);
      const isEnough = seats.length >= needed && this.#rules.trueBreadth(seats) >= (rule?.breadth.of ?? 0);
      const said = outcome.yes.find((each) => each.option === option.option)?.seats;
      if (open.class !== 'procedural' && said !== seats.length) this.#fail(`${round}: OUTCOME says ${said} yes, the log holds ${seats.length}`);
      if (open.class !== 'procedural' && (carried === option.option) !== isEnough) this.#fail(`${round}: ${option.option} has ${seats.length} yes below the cut and is ${carried === option.option ? '' : 'not '}carried`);
      if (carried === option.option) this.#support(round, open, option.motion);
    }
    this.#forged(cut.rounds.get(round)?.casts ?? new Set(), open);
    this.#censored(round, prefix, cut);
  }

  /** Whatever counts for an honest seat, that seat signed. */
  #forged(casts: ReadonlySet<string>, open: Open): void {
    for (const name of casts) {
      const [kind = '', seat = ''] = name.split(' ', 2);
      if (kind === 'reveal' || !this.#honest.has(Number(seat))) continue;
      const text = name.slice(kind.length + seat.length + 2);
      if (!this.#everSigned.has(`${seat} ${text}`)) this.#fail(`a ${kind} counts for honest seat ${seat} in ${open.slot} that it never signed`);
    }
  }

  #support(round: string, open: Open, motion: string): void {
    const [slot = ''] = round.split(' ');
    const honestYes = [...this.#honest].filter((seat) => {
      const vote = this.#votes.get(`${seat} ${slot} ${open.round}`);
      return vote?.choice === 'yes' && vote.motion === motion;
    }).length;
    const least = open.class === 'procedural' ? this.#true.honestProcedural : this.#true.honestYes;
    if (honestYes < least) this.#fail(`carried with ${honestYes} honest yes`);
    this.carried.add(motion);
    if (this.carried.size > 1) this.#fail('two motions that exclude each other are carried');
  }

  /** A ballot with a quorum of receipts in time lies below the cut. */
  #censored(round: string, prefix: SimulatedPrefix, cut: SimulatedPrefix): void {
    const sealed = prefix.rounds.get(round)!.open.sealed;
    for (const [seat, promised] of this.#uncensorable) {
      if (promised !== round || !this.#honest.has(seat)) continue;
      const [slot = '', number = ''] = round.split(' ');
      const text = this.#signed.get(`${seat} ${sealed ? 'commit' : 'ballot'} 1 ${slot} ${number}`) ?? '';
      if (!(cut.rounds.get(round)?.casts ?? new Set()).has(castName({ kind: sealed ? 'commit' : 'ballot', seat, text }))) this.#fail(`ballot of seat ${seat} had a quorum of receipts and is not counted`);
    }
  }

  /** A certified checkpoint was shown to the public: every verifier has to accept it. */
  published(note: string): void {
    if (!this.#rules.isPublishable(note)) this.#fail('published a checkpoint that a verifier refuses');
  }

  /** What is missing though it is due. */
  undecided(): string | undefined {
    const open = this.#opens.filter(({ slot, round }) => !this.decided.has(`${slot} ${round}`));
    return this.broken ?? (open.length === 0 ? undefined : `no certified outcome of ${open.map(({ slot }) => slot).join(', ')}`);
  }
}
