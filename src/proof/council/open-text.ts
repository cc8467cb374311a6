/** OPEN: the entry that starts a vote. Every ballot of the round is derived from it alone. */

import type { Verdict } from '../../base/index.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Ballot, Choice } from './ballot-text.ts';
import { LineReader, printLines, printRound, printTime } from './lines.ts';
import type { Cut, Round } from './lines.ts';
import { isOption } from './motion-text.ts';

export const OPEN_TYPE = 'mizan-council/open/v1';
export const OPTIONS_MAX = 8;

export interface Option {
  /** One capital letter. */
  readonly option: string;
  /** SHA-256 of the manifest. */
  readonly motion: string;
}

export interface Open extends Round {
  readonly council: string;
  readonly epoch: number;
  /** SHA-256 of the slot roll. */
  readonly slotRoll: string;
  readonly class: string;
  readonly sealed: boolean;
  readonly options: readonly Option[];
  /** An anchored certified checkpoint under which manifests, recusals and slot roll lie already. */
  readonly opened: Cut;
  /** When commitments end; present exactly where ballots are sealed. */
  readonly commitsCloseS?: number;
  readonly closesS: number;
}

export function printOpen(open: Open): string {
  return printLines([
    OPEN_TYPE,
    `council ${open.council}`,
    `epoch ${open.epoch} ${open.slotRoll}`,
    printRound(open),
    `class ${open.class}`,
    `ballots ${open.sealed ? 'sealed' : 'open'}`,
    ...open.options.map(({ option, motion }) => `option ${option} sha256:${motion}`),
    `opened ${open.opened.size} ${open.opened.root}`,
    ...(open.commitsCloseS === undefined ? [] : [`commits-close ${printTime(open.commitsCloseS)}`]),
    `closes ${printTime(open.closesS)}`,
  ]);
}

function parseOptions(lines: LineReader): readonly Option[] {
  const options: Option[] = [];
  do {
    const [option = '', motion = ''] = lines.words('option', 2);
    lines.check(isOption(option) && option > (options.at(-1)?.option ?? ''), 'text-option', option);
    options.push({ option, motion: lines.asNamedDigest(motion) });
  } while (lines.next('option') && options.length < OPTIONS_MAX);
  lines.check(new Set(options.map(({ motion }) => motion)).size === options.length, 'open-motion-twice');
  return options;
}

export function parseOpen(text: string): Verdict<Open, ProofRefusal> {
  const lines = new LineReader(text, OPEN_TYPE);
  const council = lines.name('council');
  const { epoch, digest } = lines.epoch();
  const round = lines.round();
  const openClass = lines.slug('class');
  const sealed = lines.oneOf('ballots', ['open', 'sealed']) === 'sealed';
  const options = parseOptions(lines);
  const opened = lines.cut('opened');
  const commits = sealed ? { commitsCloseS: lines.time('commits-close') } : {};
  const closesS = lines.time('closes');
  lines.check(commits.commitsCloseS === undefined || commits.commitsCloseS < closesS, 'open-commits-after-closes');
  return lines.finish({ council, epoch, slotRoll: digest, ...round, class: openClass, sealed, options, opened, ...commits, closesS });
}

/** The one ballot that this OPEN allows for a choice; `option` matters for a yes only. Undefined where there is no such option. */
export function ballotOf(open: Open, choice: Choice, option: string | undefined = open.options[0]?.option): Ballot | undefined {
  const chosen = open.options.find((each) => each.option === option);
  if (choice === 'yes' && chosen === undefined) return undefined;
  const { council, epoch, slotRoll, slot, round, opened, closesS } = open;
  // With rivals a `no` refuses them all, so that it names none.
  const motion = choice === 'yes' ? chosen?.motion : open.options.length === 1 ? open.options[0]?.motion : undefined;
  return { council, epoch, slotRoll, slot, round, motion, opened, closesS, choice };
}
