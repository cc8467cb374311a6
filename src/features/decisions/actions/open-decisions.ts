/** Published decisions: kept for the list when an outcome is certified, put together from log, motion and file for a page. */

import { hex, parseNote } from '../../../proof/index.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { NOT_CARRIED_FORMAT, parseDecision, parseNotCarried, verifyDecision, verifyNotCarried } from '../../../proof/council/bundle.ts';
import { classOf } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { parseMotion } from '../../../proof/council/motion-text.ts';
import { signedText } from '../../../proof/council/replay-round.ts';
import { parseDissent } from '../../../proof/council/seat-texts.ts';
import { assert, type Instant, type Language, LANGUAGES } from '../../../base/index.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Council, CouncilStanding, RoundFacts } from '../../council/index.ts';
import { type Choices, type DecidedRow, type DecisionView, ENTRIES_AT_ONCE, ENTRIES_LOOKED_MAX, type ListFilter, type Listed, type Localised, type MotionTold, type Opinion } from '../model.ts';
import { breadthOf, seatVotes, type SeatRow } from '../rules/seat-votes.ts';
import { createDecisionStore, type OpinionRow } from '../store/decisions.ts';

/** Files of decisions kept in memory; a decision's file does not change once it is certified. */
const FILES_KEPT_MAX = 64;
const ROUNDS_AT_ONCE = 100;
const DISSENT = 'mizan-council/dissent/v1\n';

export interface DecisionsParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly council: Pick<Council, 'constitution' | 'standing' | 'round' | 'rounds' | 'decisionFile' | 'onOutcome'>;
  /** Entries of the log from `from` to before `to`. */
  readonly entries: (from: number, to: number) => Promise<readonly { readonly index: number; readonly entry: Uint8Array }[]>;
  /** What is known here of the motion with this manifest. */
  readonly motion: (digest: string) => Promise<MotionTold | undefined>;
  /** A text of an opinion by its digest, where somebody keeps it for publication. */
  readonly opinionText?: (digest: string) => Promise<string | undefined>;
  /** Pages that show decisions have to be drawn anew. */
  readonly onPublished?: () => void;
}

export interface FullView extends DecisionView {
  readonly seats: readonly SeatRow[];
  readonly now: Instant;
  /** Name of the log. */
  readonly origin: string;
}

export interface Decisions {
  list(filter: ListFilter): Promise<Listed>;
  choices(): Promise<Choices>;
  /** Everything a page tells; undefined where nothing certified was decided there. */
  view(slot: string, round: number): Promise<FullView | undefined>;
  /** The bytes of `decision.json`. */
  file(slot: string, round: number): Promise<Uint8Array | undefined>;
  standing(): Promise<CouncilStanding>;
  now(): Instant;
}

const instant = (seconds: number): Instant => new Date(seconds * 1000).toISOString() as Instant;

/** The first line of a text is its title; a language without a text shows the authentic one's. */
export function titleOf(texts: Readonly<Record<string, string>>, authentic: string, number: string): Localised {
  const line = (language: string): string | undefined => texts[language]?.split('\n').find((each) => each.trim() !== '')?.replace(/^#+\s*/, '').slice(0, 300);
  return Object.fromEntries(LANGUAGES.map((language) => [language, line(language) ?? line(authentic) ?? number])) as Record<Language, string>;
}

/** What the manifest itself says, where no feature knows the motion. */
function toldByPapers(papers: { readonly manifest: string; readonly texts: Readonly<Record<string, string>> }): MotionTold | undefined {
  const motion = parseMotion(papers.manifest);
  if (!motion.ok) return undefined;
  const { number, option, authentic, basis, parties } = motion.value;
  return { number, option, authentic, basis, parties, texts: papers.texts };
}

export async function openDecisions(parts: DecisionsParts): Promise<Decisions> {
  const { council, clock } = parts;
  const store = createDecisionStore(parts.database);
  const files = new Map<string, Uint8Array>();
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);

  const file = async (slot: string, round: number): Promise<Uint8Array | undefined> => {
    const key = `${slot} ${round}`;
    const kept = files.get(key);
    if (kept !== undefined) return kept;
    const bytes = await council.decisionFile(slot, round);
    if (bytes === undefined) return undefined;
    if (files.size >= FILES_KEPT_MAX) files.delete(files.keys().next().value as string);
    files.set(key, bytes);
    return bytes;
  };
  const papersOf = async (slot: string, round: number): Promise<{ readonly manifest: string; readonly texts: Readonly<Record<string, string>> } | undefined> => {
    const bytes = await file(slot, round);
    if (bytes === undefined) return undefined;
    const [carried, other] = [parseDecision(bytes), parseNotCarried(bytes)];
    return carried.ok ? carried.value.motion : other.ok ? other.value.motion : undefined;
  };
  /** The option that was carried, else the first one put to the vote. */
  const motionDigestOf = (facts: RoundFacts): string => (facts.options.find(({ option }) => option === facts.outcome?.carried) ?? facts.options[0])?.motion ?? '';
  const told = async (facts: RoundFacts): Promise<MotionTold> => {
    const known = await parts.motion(motionDigestOf(facts));
    if (known !== undefined) return known;
    const papers = await papersOf(facts.slot, facts.round);
    return (papers === undefined ? undefined : toldByPapers(papers)) ?? { number: facts.slot, option: facts.options[0]?.option ?? 'A', authentic: 'az', texts: {}, basis: [], parties: [] };
  };

  const rowOf = async (facts: RoundFacts): Promise<DecidedRow> => {
    const { outcome } = facts;
    assert(outcome !== undefined && facts.closedS !== undefined, 'an outcome has its close');
    const motion = await told(facts);
    const option = outcome.carried;
    return {
      slot: facts.slot,
      round: facts.round,
      epoch: facts.epoch,
      class: facts.class,
      result: option === undefined ? 'not-carried' : 'carried',
      option,
      number: motion.number,
      kind: motion.kind?.word,
      kindLabel: motion.kind?.label,
      title: titleOf(motion.texts, motion.authentic, motion.number),
      motion: motionDigestOf(facts),
      decidedAt: instant(facts.closedS),
      inForceAt: outcome.inForceS === undefined ? undefined : instant(outcome.inForceS),
      yes: Math.max(0, ...outcome.yes.filter((each) => option === undefined || each.option === option).map(({ seats }) => seats)),
      no: outcome.no,
      abstain: outcome.abstain,
    };
  };
  const publish = async (facts: RoundFacts): Promise<void> => {
    if (facts.outcome === undefined || facts.closedS === undefined) return;
    const row = await rowOf(facts);
    await asSystem(async () => store.put(row));
    parts.onPublished?.();
  };
  council.onOutcome(publish);
  // A platform that had decisions before it had this page.
  if ((await asSystem(async () => store.list({ limit: 1 }))).total === 0) {
    for (let offset = 0, total = 1; offset < total; offset += ROUNDS_AT_ONCE) {
      const page = await council.rounds({ stages: ['carried', 'not-carried'], offset, limit: ROUNDS_AT_ONCE });
      total = page.total;
      for (const facts of page.rounds) if (facts.certified) await publish(facts);
    }
  }

  let following: Promise<void> | undefined;
  /** Reads what the log has grown by since the last look, for opinions. */
  const follow = async (): Promise<void> => {
    const size = (await council.standing()).prefixSize;
    let from = await store.readSize();
    for (const end = Math.min(size, from + ENTRIES_LOOKED_MAX); from < end; ) {
      const entries = await parts.entries(from, Math.min(end, from + ENTRIES_AT_ONCE));
      if (entries.length === 0) return;
      const found: OpinionRow[] = [];
      for (const { index, entry } of entries) {
        const opinion = await opinionIn(index, new TextDecoder().decode(entry));
        if (opinion !== undefined) found.push(opinion);
      }
      from += entries.length;
      await store.putOpinions(found, from);
    }
  };
  const opinionIn = async (index: number, entry: string): Promise<OpinionRow | undefined> => {
    if (!entry.startsWith(DISSENT)) return undefined;
    const [dissent, note] = [parseDissent(signedText(entry)), parseNote(entry)];
    if (!dissent.ok || !note.ok) return undefined;
    const { slot, round, kind, texts } = dissent.value;
    const sitting = (await council.round(slot, round))?.sitting ?? [];
    // The rule of the log has verified every line before it let the entry in.
    const seats = note.value.lines.flatMap(({ name, id }) => {
      const at = sitting.findIndex((sitter) => sitter?.ballot.startsWith(`${name}+${id}+`) === true);
      return at < 0 ? [] : [at + 1];
    });
    return { index, slot, round, kind, seats: seats.toSorted((one, other) => one - other), texts: texts.map(({ language, digest }) => ({ language, digest })) };
  };
  const opinionsOf = async (slot: string, round: number): Promise<readonly Opinion[]> => {
    following ??= asSystem(follow).finally(() => (following = undefined));
    await following;
    const rows = await asSystem(async () => store.opinions(slot, round));
    return Promise.all(rows.map(async ({ index, kind, seats, texts }) => ({ index, kind, seats, texts: await Promise.all(texts.map(async (each) => ({ ...each, text: await textOf(each.digest) }))) })));
  };
  /** Shown only where it is the very text that was signed. */
  const textOf = async (digest: string): Promise<string | undefined> => {
    const text = await parts.opinionText?.(digest);
    return text !== undefined && digestOf(suite, text) === digest ? text : undefined;
  };

  /** What the file of the decision shows, checked here as anybody can check it. */
  const certified = async (slot: string, round: number): Promise<Pick<DecisionView, 'certificate' | 'roll' | 'fileDigest'>> => {
    const bytes = await file(slot, round);
    if (bytes === undefined) return { certificate: undefined, roll: undefined, fileDigest: undefined };
    const fileDigest = hex(suite.sha256(bytes));
    const [carried, other] = [parseDecision(bytes), parseNotCarried(bytes)];
    const parsed = carried.ok ? carried.value : other.ok ? other.value : undefined;
    assert(parsed !== undefined, 'a file made here can be read');
    const roll = digestOf(suite, parsed.roll);
    // The order of the log, which files of some votes lack, was judged entry by entry when it was written here.
    const pin = { constitution: council.constitution(), roll, replays: true as const };
    const verified = parsed.format === NOT_CARRIED_FORMAT ? verifyNotCarried(suite, parsed, pin) : verifyDecision(suite, parsed, pin);
    if (!verified.ok) return { certificate: { size: 0, timeS: 0, seats: [], outside: [], verified: false }, roll, fileDigest };
    const { size, timeS, seats, outside } = verified.value.checkpoint;
    return { certificate: { size, timeS, seats, outside, verified: true }, roll, fileDigest };
  };

  return {
    list: async (filter) => store.list(filter),
    choices: async () => store.choices(),
    file,
    standing: async () => council.standing(),
    now: () => clock.now(),
    view: async (slot, round) => {
      const facts = await council.round(slot, round);
      if (facts?.outcome === undefined || !facts.certified) return undefined;
      const { constituencies } = council.constitution();
      const rule = classOf(council.constitution(), facts.class);
      assert(rule !== undefined, 'the log takes no vote of an unknown class');
      const [row, motion, opinions, certificate, { origin }] = await Promise.all([rowOf(facts), told(facts), opinionsOf(slot, round), certified(slot, round), council.standing()]);
      const seats = seatVotes(facts, constituencies);
      return { row, facts, motion, opinions, origin, ...certificate, seats, breadth: breadthOf(seats, row.option ?? facts.options[0]?.option, rule, constituencies), needed: { yes: rule.yes, constituencies: rule.breadth.of }, now: clock.now() };
    },
  };
}
