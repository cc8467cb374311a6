/** The planted bugs: what each takes away, with an adversary directed at it, and the defences that could hide it switched off. */

import type { Variant } from './plans.ts';
import { CONSTITUTION } from './plans.ts';

export interface Bug {
  readonly name: string;
  /** The bug under the adversary of chance. */
  readonly planted: Variant;
  /** What directs the adversary. */
  readonly directed: Pick<Variant, 'plan' | 'liar' | 'liars' | 'operator'>;
  /** Other defences that are taken away together with it. */
  readonly without?: Variant;
}

const calm = { loss: 0, crashes: 0, restores: 0, clockSteps: 0, partition: false, repeats: 0, settlesAfterS: 0 } as const;
const forking = { ...calm, operator: 'forking', splitsEvenly: false, operatorClockS: 0, vote: 'single', class: 'standard' } as const;
const crashing = { ...calm, crashes: 0.01, settlesAfterS: 5000, operator: 'honest', vote: 'single' } as const;
const voting = { ...calm, operator: 'honest', vote: 'single', class: 'standard', yes: 0.7 } as const;
const sealed = { ...calm, operator: 'honest', vote: 'sealed', class: 'contested', yes: 0.7 } as const;
const hasty = { ...calm, operator: 'censoring', victims: new Set<number>(), vote: 'single', class: 'standard', operatorClockS: 3600 } as const;
const both = { cosigns: true, forges: false } as const;

export const BUGS: readonly Bug[] = [
  { name: 'quorum of 21', planted: { constitution: { quorum: 21 } }, directed: { plan: { ...forking, splitsEvenly: true }, liars: 10, liar: both } },
  { name: 'eleven liars', planted: { liars: 11 }, directed: { plan: { ...forking, splitsEvenly: true }, liar: both } },
  {
    name: '17 for a standard motion',
    planted: { constitution: { classes: CONSTITUTION.classes.map((rule) => ({ ...rule, yes: 17 })) } },
    directed: { plan: { ...voting, yes: 0.4 }, liars: 10, liar: { votes: 'yes' } },
  },
  { name: 'a second ballot where the steward changes their mind', planted: { seat: { revotes: true } }, directed: { plan: { yes: 0.5 } } },
  { name: 'signs before it writes down', planted: { seat: { signsFirst: true } }, directed: { plan: { ...crashing, yes: 0.5 } }, without: { seat: { signsFirst: true, resumesBlindly: true } } },
  { name: 'a disk that loses the last writes', planted: { losesWrites: true }, directed: { plan: { ...crashing, yes: 0.5 } }, without: { seat: { resumesBlindly: true } } },
  { name: 'rivals in separate slots', planted: { plan: { vote: 'split-rivals', class: 'standard' } }, directed: { plan: { ...voting, vote: 'split-rivals', yes: 1 } } },
  { name: 'no consistency (C1)', planted: { seat: { forgetsHead: true } }, directed: { plan: forking, liar: both }, without: { seat: { forgetsHead: true, dropsBallots: true } } },
  {
    name: 'head on the disk after the cosignature (C1)',
    planted: { seat: { cosignsFirst: true } },
    directed: { plan: { ...forking, crashes: 0.02, settlesAfterS: 5000 }, liar: both },
    without: { seat: { cosignsFirst: true, resumesBlindly: true } },
  },
  { name: 'no check of entries by seats (C2)', planted: { seat: { judgesNothing: true } }, directed: { plan: { ...voting, operatorFaults: { judgesNothing: true } } } },
  { name: 'no check of entries by the writer (C2)', planted: { operator: { judgesNothing: true } }, directed: { plan: voting, operator: { judgesNothing: true } } },
  { name: 'no check for ballots that are missing (C3)', planted: { seat: { dropsBallots: true } }, directed: { plan: { ...hasty, operatorClockS: 0, victims: new Set([1, 5, 9, 13, 17, 21, 25, 29, 33]) } } },
  { name: 'certified time is the latest stamp', planted: { rules: { time: 'maximum' } }, directed: { plan: hasty, liar: { cosigns: true, stampS: 100_000, votes: 'yes' }, liars: 10 } },
  {
    name: 'certified time is the eleventh smallest stamp',
    planted: { rules: { time: 'eleventh-smallest' } },
    directed: { plan: { ...hasty, clockSteps: 0.5, settlesAfterS: 5000, operatorFaults: { choosesLines: true } }, liar: { cosigns: true, stampS: 100_000, votes: 'yes' }, liars: 10 },
  },
  { name: "certified time is the operator's word", planted: { rules: { time: 'operator' } }, directed: { plan: { ...hasty, operatorFaults: { claimsTime: true } }, liar: both } },
  { name: 'CLOSE without an anchored checkpoint', planted: { rules: { closesUncertified: true } }, directed: { plan: { ...hasty, operatorFaults: { claimsTime: true } }, liar: both } },
  { name: 'OUTCOME is believed', planted: { rules: { trustsOutcome: true } }, directed: { plan: { ...voting, operatorFaults: { claimsOutcome: true } } } },
  { name: 'lines counted as seats', planted: { rules: { countsLines: true } }, directed: { plan: { ...voting, operatorFaults: { repeatsLines: true } } } },
  { name: "an old epoch's keys count", planted: { rules: { takesOldEpoch: true } }, directed: { plan: voting, liar: { votes: 'old-epoch' }, liars: 10 } },
  { name: 'a recused seat is counted', planted: { rules: { countsVacant: true }, vacant: [5, 12] }, directed: { plan: voting } },
  { name: 'equivocators are voided', planted: { rules: { voidsEquivocators: true } }, directed: { plan: voting, liar: { votes: 'double' }, liars: 10 } },
  { name: 'signatures are not verified', planted: { rules: { trustsLines: true } }, directed: { plan: voting, liar: { votes: 'yes', forges: true }, liars: 10 } },
  { name: 'a commitment without its seat', planted: { rules: { copiesCommitments: true } }, directed: { plan: sealed, liar: { votes: 'copied' }, liars: 10 } },
  { name: 'the last commitment counts', planted: { rules: { lastCommitment: true } }, directed: { plan: sealed, liar: { votes: 'double' }, liars: 10 } },
  { name: 'a reveal without commitment', planted: { rules: { revealsUncommitted: true } }, directed: { plan: sealed, liar: { votes: 'uncommitted' }, liars: 10 } },
  { name: 'unverified lines are published', planted: { operator: { verifiesNothing: true } }, directed: { plan: voting, operator: { verifiesNothing: true }, liar: { cosigns: true, forges: true }, liars: 10 } },
  {
    name: 'a restored agent signs',
    planted: { seat: { resumesBlindly: true } },
    directed: { plan: { ...crashing, crashes: 0.02, restores: 1, yes: 0.5 }, liars: 5 },
  },
  { name: 'a clock that went back is believed', planted: { seat: { stampsBack: true } }, directed: { plan: { ...voting, clockSteps: 1, settlesAfterS: 1500, loss: 0.1 } } },
  { name: 'a receipt before the ballot is on the disk', planted: { seat: { receiptsFirst: true } }, directed: { plan: { ...crashing, crashes: 0.04 } } },
  { name: 'missing ballots are not appended', planted: { operator: { ignoresMissing: true } }, directed: { plan: { ...voting, loss: 0.8, settlesAfterS: 4195 }, operator: { ignoresMissing: true } } },
];

/** The bug with its adversary. */
export const directedAt = ({ planted, directed }: Bug): Variant => ({ ...planted, ...directed, plan: { ...planted.plan, ...directed.plan } });
export const withoutDefences = (bug: Bug): Variant => ({ ...directedAt(bug), ...bug.without, seat: { ...bug.planted.seat, ...bug.without?.seat } });
