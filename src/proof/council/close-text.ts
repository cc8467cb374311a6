/** CLOSE and COMMITS-CLOSE: the entries that fix which prefix of the log counts. Unsigned: whether one is valid follows from the log. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import { LineReader, printLines, printRound, printTime } from './lines.ts';
import type { Cut, Round } from './lines.ts';

export const CLOSE_TYPE = 'mizan-council/close/v1';
export const COMMITS_CLOSE_TYPE = 'mizan-council/commits-close/v1';

export interface Close extends Round {
  readonly council: string;
  readonly epoch: number;
  readonly slotRoll: string;
  /** Size and root of the anchored checkpoint: what lies below counts. */
  readonly cut: Cut;
  /** Index of the anchor entry that holds this checkpoint. */
  readonly anchor: number;
  /** Certified time of that checkpoint. */
  readonly timeS: number;
}

function print(type: string, close: Close): string {
  return printLines([
    type,
    `council ${close.council}`,
    `epoch ${close.epoch} ${close.slotRoll}`,
    printRound(close),
    `cut ${close.cut.size} ${close.cut.root}`,
    `anchor ${close.anchor}`,
    `time ${printTime(close.timeS)}`,
  ]);
}

function parse(type: string, text: string): Verdict<Close, ProofRefusal> {
  const lines = new LineReader(text, type);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const cut = lines.cut('cut');
  const anchor = lines.number('anchor');
  return lines.finish({ council, epoch, slotRoll: digest, ...round, cut, anchor, timeS: lines.time('time') });
}

export const printClose = (close: Close): string => print(CLOSE_TYPE, close);
export const parseClose = (text: string): Verdict<Close, ProofRefusal> => parse(CLOSE_TYPE, text);
export const printCommitsClose = (close: Close): string => print(COMMITS_CLOSE_TYPE, close);
export const parseCommitsClose = (text: string): Verdict<Close, ProofRefusal> => parse(COMMITS_CLOSE_TYPE, text);
