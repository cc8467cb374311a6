/** OUTCOME: the result of a round as every seat recomputes it. Unsigned: its bytes follow from the log. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, SEATS_MAX, printLines, printRound, printTime } from './lines.ts';
import type { Cut, Round } from './lines.ts';
import { isOption } from './motion-text.ts';
import { OPTIONS_MAX } from './open-text.ts';

export const OUTCOME_TYPE = 'mizan-council/outcome/v1';

export interface Outcome extends Round {
  readonly council: string;
  readonly epoch: number;
  readonly slotRoll: string;
  readonly cut: Cut;
  /** The option that is carried; undefined is `not-carried`. */
  readonly carried: string | undefined;
  /** Distinct seats with a yes, for each option in the order of OPEN. */
  readonly yes: readonly { readonly option: string; readonly seats: number }[];
  readonly no: number;
  readonly abstain: number;
  /** Seats that are filled and cast nothing before the cut. */
  readonly silent: number;
  /** Seats with two or more different texts: their yes counts, their no and abstain do not. */
  readonly equivocated: number;
  /** Constituencies in which the carried option (else the one with most yes) has the seats that breadth asks for. */
  readonly constituencies: number;
  /** When the effect starts; undefined where nothing is carried. */
  readonly inForceS: number | undefined;
}

export function printOutcome(outcome: Outcome): string {
  return printLines([
    OUTCOME_TYPE,
    `council ${outcome.council}`,
    `epoch ${outcome.epoch} ${outcome.slotRoll}`,
    printRound(outcome),
    `cut ${outcome.cut.size} ${outcome.cut.root}`,
    `result ${outcome.carried === undefined ? 'not-carried' : `carried ${outcome.carried}`}`,
    ...outcome.yes.map(({ option, seats }) => `yes ${option} ${seats}`),
    `no ${outcome.no}`,
    `abstain ${outcome.abstain}`,
    `silent ${outcome.silent}`,
    `equivocated ${outcome.equivocated}`,
    `constituencies ${outcome.constituencies}`,
    `in-force ${outcome.inForceS === undefined ? 'none' : printTime(outcome.inForceS)}`,
  ]);
}

function parseYes(lines: LineReader): Outcome['yes'] {
  const options: { option: string; seats: number }[] = [];
  do {
    const [option = '', seats = ''] = lines.words('yes', 2);
    lines.check(isOption(option) && option > (options.at(-1)?.option ?? ''), 'text-option', option);
    options.push({ option, seats: lines.asNumber(seats, 0, SEATS_MAX) });
  } while (lines.next('yes') && options.length < OPTIONS_MAX);
  return options;
}

export function parseOutcome(text: string): Verdict<Outcome, ProofRefusal> {
  const lines = new LineReader(text, OUTCOME_TYPE);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const cut = lines.cut('cut');
  const [result = '', carried] = lines.words('result', 1, 2);
  lines.check(result === (carried === undefined ? 'not-carried' : 'carried'), 'text-word', 'carried <option> | not-carried');
  const yes = parseYes(lines);
  lines.check(carried === undefined || yes.some(({ option }) => option === carried), 'text-option', carried);
  const count = (keyword: string): number => lines.number(keyword, 0, SEATS_MAX);
  const counts = { no: count('no'), abstain: count('abstain'), silent: count('silent'), equivocated: count('equivocated'), constituencies: count('constituencies') };
  const named = lines.value('in-force');
  lines.check((named === 'none') === (carried === undefined), 'outcome-in-force', named);
  const inForceS = named === 'none' ? undefined : lines.asTime(named);
  return lines.finish({ council, epoch, slotRoll: digest, ...round, cut, carried, yes, ...counts, inForceS });
}
