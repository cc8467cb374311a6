/** `mizan verify FILE`: checks the decision of a council from its file alone, and with `--full` against the whole log. */

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Option, type Command } from 'commander';
import { no, yes, type Json, type Verdict } from '../../base/index.ts';
import { base64, treeRoot, type ProofRefusal } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { parseEntryBundle, TILE_WIDTH, tilePath, tileWidth } from '../../proof/tiles.ts';
import { DECISION_BYTES_MAX, NOT_CARRIED_FORMAT, parseDecision, parseNotCarried, verifyDecision, verifyNotCarried, type Decision, type DecisionReport, type NotCarriedReport, type Pin } from '../../proof/council/bundle.ts';
import { checkConstitution, councilOf33, parseConstitution, type Constitution } from '../../proof/council/constitution.ts';
import { ENTRY_BYTES_MAX, printSeat, printTime } from '../../proof/council/lines.ts';
import { digestOf, emptyLog, roundOf } from '../../proof/council/log-state.ts';
import { step } from '../../proof/council/replay.ts';
import { parseRoll, type Roll } from '../../proof/council/roll-text.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, tell } from '../terminal.ts';

/** A bundle holds at most 256 entries of two bytes of length each. */
const BUNDLE_BYTES_MAX = TILE_WIDTH * (ENTRY_BYTES_MAX + 2);

type Report = DecisionReport | NotCarriedReport;

interface Options {
  readonly pin?: string;
  readonly constitution?: string;
  readonly full?: string;
  readonly json?: boolean;
}

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check the decision of a council from its file; needs neither a server nor the register')
    .argument('<file>', 'the file of the decision, decision.json')
    .addOption(new Option('--pin <digest>', 'SHA-256 of a roll of the council, as it was published: that of the decision, or an earlier one from which the file leads on').argParser(pinned))
    .option('--constitution <file>', 'constitution of the council (the council of 33 when left out)')
    .option('--full <folder>', 'also replay the whole log, from a folder with a copy of it (tile/entries/…); needed for votes that carried nothing and for procedural ones')
    .option('--json', 'print {accepted, pinned, replayed, refusal, report} as JSON')
    .action(verify);
}

function pinned(text: string): string {
  const digits = text.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new Exit(EXIT.usage, 'The pin is the digest of the roll: 64 hexadecimal digits.');
  return digits;
}

function verify(file: string, options: Options): void {
  const bytes = readWhole(file, DECISION_BYTES_MAX);
  const carried = parseDecision(bytes);
  const parsed = carried.ok || carried.refusal.detail !== NOT_CARRIED_FORMAT ? carried : parseNotCarried(bytes);
  if (!parsed.ok) return refused(file, parsed.refusal, options);
  const roll = parseRoll(parsed.value.roll);
  if (!roll.ok) return refused(file, roll.refusal, options);
  const own = digestOf(suite, parsed.value.roll);
  const pin: Pin = { constitution: constitutionFor(roll.value, options), roll: options.pin ?? own, ...(options.full === undefined ? {} : { replays: true as const }) };
  const verified = parsed.value.format === NOT_CARRIED_FORMAT ? verifyNotCarried(suite, parsed.value, pin) : verifyDecision(suite, parsed.value, pin);
  if (!verified.ok) return refused(file, verified.refusal, options);
  const replayed = options.full === undefined ? undefined : replay(options.full, pin.constitution, parsed.value.proofs, verified.value);
  if (replayed !== undefined && !replayed.ok) return refused(file, replayed.refusal, options);
  const accepted = options.pin !== undefined;
  if (options.json === true) print(JSON.stringify({ accepted, pinned: accepted, replayed: replayed?.value ?? null, roll: own, report: verified.value }, null, 2));
  else for (const line of [...told(verified.value, options.pin), ...(replayed === undefined ? [] : [`log         ${replayed.value} entries replayed: OPEN and CLOSE are the first of their round, OUTCOME is what follows`])]) print(line);
  if (accepted) return;
  tell('Not accepted yet: the file fits itself, but anybody can make such a file with keys of their own. Compare the digest of the roll with the official gazette and give it with --pin.');
  process.exitCode = EXIT.refused;
}

function refused(file: string, refusal: ProofRefusal, options: Options): void {
  if (options.json === true) print(JSON.stringify({ accepted: false, refusal: refusal as unknown as Json }, null, 2));
  const where = refusal.line === undefined ? '' : `, line ${refusal.line}`;
  tell(`${file} is refused: ${refusal.code}${where}${refusal.detail === undefined ? '' : ` (${refusal.detail})`}. What each code means stands in docs/spec/council.md and docs/spec/log.md. Take the file again from where it was published; if it stays so, the decision is not proven.`);
  process.exitCode = EXIT.refused;
}

function readWhole(path: string, bytesMax: number): Uint8Array {
  try {
    if (statSync(path).size > bytesMax) throw new Exit(EXIT.usage, `${path} is larger than ${bytesMax} bytes.`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof Exit) throw error;
    throw new Exit(EXIT.usage, `${path} cannot be read. Check the name and the rights.`);
  }
}

/** The numbers to judge by: those of the file given, or of the council of 33 with the constituencies of the roll, whose digest is pinned. */
function constitutionFor(roll: Roll, options: Options): Constitution {
  if (options.constitution === undefined) {
    const [first = '', second = '', third = '', fourth = ''] = new Set(roll.seats.map(({ constituency }) => constituency));
    return councilOf33(roll.council, [first, second, third, fourth]);
  }
  const text = Buffer.from(readWhole(options.constitution, ENTRY_BYTES_MAX)).toString();
  const parsed = parseConstitution(text);
  const checked = parsed.ok ? checkConstitution(parsed.value) : parsed;
  if (!parsed.ok || !checked.ok) throw new Exit(EXIT.usage, `${options.constitution} is not a constitution whose numbers hold: ${checked.ok ? '' : checked.refusal.code}.`);
  return parsed.value;
}

/** The bytes of a bundle that holds at least `width` entries: of that width, of the whole tile, or of a wider part of it. */
function bundleFrom(folder: string, index: number, width: number): { readonly bytes: Uint8Array; readonly width: number } {
  const whole = tilePath({ level: 'entries', index, width: TILE_WIDTH });
  const parts = `${whole}.p`;
  const widths = existsSync(join(folder, parts)) ? readdirSync(join(folder, parts)).map(Number) : [];
  const best = existsSync(join(folder, whole)) ? TILE_WIDTH : widths.filter((each) => Number.isInteger(each) && each >= width && each < TILE_WIDTH).toSorted((one, other) => one - other)[0];
  if (best === undefined) throw new Exit(EXIT.usage, `${join(folder, dirname(whole))} lacks entries ${index * TILE_WIDTH} to ${index * TILE_WIDTH + width - 1}. Copy the whole log up to the checkpoint of the decision.`);
  return { bytes: readWhole(join(folder, best === TILE_WIDTH ? whole : join(parts, String(best))), BUNDLE_BYTES_MAX), width: best };
}

/** Runs the rule of the log over every entry below the checkpoint; answers how many there were. */
function replay(folder: string, constitution: Constitution, proofs: Pick<Decision['proofs'], 'open' | 'close' | 'outcome'>, report: Report): Verdict<number, ProofRefusal> {
  const { size, root } = report.checkpoint;
  let state = emptyLog(constitution);
  for (let index = 0; index * TILE_WIDTH < size; index += 1) {
    const wanted = tileWidth('entries', index, size);
    const { bytes, width } = bundleFrom(folder, index, wanted);
    const entries = parseEntryBundle(bytes, width);
    if (!entries.ok) return entries;
    for (const [at, entry] of entries.value.slice(0, wanted).entries()) {
      const next = step(suite, state, index * TILE_WIDTH + at, entry);
      if (!next.ok) return no({ ...next.refusal, detail: `entry ${index * TILE_WIDTH + at}${next.refusal.detail === undefined ? '' : `: ${next.refusal.detail}`}` });
      state = next.value;
    }
  }
  if (base64(treeRoot(suite, state.tree)) !== root) return no({ code: 'proof-root', detail: folder });
  const { open, close, outcome } = roundOf(state, report);
  // Below the checkpoint the replay has one of each; the file has to show these and no later ones.
  const same = open?.index === proofs.open.index && close?.index === proofs.close.index && outcome?.index === proofs.outcome.index;
  return same ? yes(size) : no({ code: 'decision-order', detail: `entries ${open?.index}, ${close?.index}, ${outcome?.index}` });
}

/** The first 20 digits in fours, as screens and papers show a motion. */
const inFours = (digest: string): string => (digest.slice(0, 20).match(/.{4}/g) ?? []).join(' ');

function told(report: Report, pin: string | undefined): readonly string[] {
  const { motion, outcome, checkpoint } = report;
  const counts = outcome.yes.map(({ option, seats }) => `yes ${option} ${seats}`).join(', ');
  const said = pin === undefined ? 'FITS ITSELF' : 'ACCEPTED';
  const what = 'yes' in report ? `carried option ${report.option} of ${motion.number}` : `carried nothing of ${motion.number}`;
  const by = pin === undefined ? 'NOT PINNED' : report.rollChanges === 0 ? 'pinned' : `follows from the pinned roll of epoch ${report.epoch - report.rollChanges}`;
  return [
    `${said}: the council ${report.council} ${what} in ${report.slot}, round ${report.round}`,
    `roll        sha256:${report.roll} (${by}), epoch ${report.epoch}`,
    `motion      ${inFours(report.motionDigest)} …, class ${report.class}, texts ${motion.texts.map(({ language }) => language).join(' ')}, authentic ${motion.authentic}`,
    ...('yes' in report ? [`yes         ${report.yes.length} seats: ${report.yes.map(printSeat).join(' ')}`, `breadth     ${report.constituencies.length} constituencies: ${report.constituencies.join(', ')}`] : []),
    `counted     ${counts}, no ${outcome.no}, abstain ${outcome.abstain}, silent ${outcome.silent}, equivocated ${outcome.equivocated}`,
    `closed      ${printTime(report.closedS)} (certified)${'inForceS' in report ? `, in force ${printTime(report.inForceS)}` : ''}`,
    `checkpoint  ${checkpoint.size} entries of ${report.origin}, ${checkpoint.seats.length} seats, outside ${checkpoint.outside.join(', ')}, certified ${printTime(checkpoint.timeS)}`,
  ];
}
