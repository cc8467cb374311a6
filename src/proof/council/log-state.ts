/** What the rules of the log know about a prefix: an immutable value, of which each entry makes the next. */

import type { Verdict } from '../../base/index.ts';
import { yes } from '../../base/index.ts';
import { hex, utf8 } from '../bytes.ts';
import { EMPTY_TREE } from '../merkle.ts';
import type { Tree } from '../merkle.ts';
import { refuse } from '../refusals.ts';
import type { ProofRefusal } from '../refusals.ts';
import type { Suite } from '../suite.ts';
import type { AdmittedRoll, KeyRing } from './admitted-roll.ts';
import { roundKey } from './ballot-text.ts';
import type { Choice } from './ballot-text.ts';
import type { Certified } from './certificate.ts';
import type { Close } from './close-text.ts';
import { printConstitution } from './constitution.ts';
import type { ClassRule, Constitution } from './constitution.ts';
import type { Round } from './lines.ts';
import type { Genesis } from './log-texts.ts';
import type { Motion } from './motion-text.ts';
import type { Open } from './open-text.ts';
import type { Outcome } from './outcome-text.ts';
import { PersistentMap } from './persistent-map.ts';
import type { Complaint, Person } from './seat-texts.ts';
import type { SlotRoll } from './slot-roll-text.ts';
import type { Cast, Tally } from './tally.ts';

/** Anchors that OPEN and CLOSE may still name: the newest ones. */
export const ANCHORS_KEPT_MAX = 1024;
/** Rounds that may be open at once. */
export const OPEN_ROUNDS_MAX = 64;

/** A certified checkpoint that lies in the log. */
export interface Anchored extends Certified {
  readonly index: number;
  readonly epoch: number;
}

export interface LoggedMotion {
  readonly index: number;
  readonly motion: Motion;
  /** Certified time of the first anchor above it; undefined until then. */
  readonly sinceS: number | undefined;
}

export interface Fixed<T> {
  readonly index: number;
  readonly value: T;
}

/** What a ballot of this text means. */
export interface Meaning {
  readonly choice: Choice;
  readonly option: string | undefined;
}

/** All that the log holds about one round. */
export interface RoundState extends Round {
  readonly recusals: readonly Fixed<Person>[];
  readonly slotRolls: readonly (Fixed<SlotRoll> & { readonly digest: string; readonly ring: KeyRing })[];
  readonly complaints: readonly Fixed<Complaint['kind']>[];
  readonly open?: Fixed<Open> & { readonly rule: ClassRule; readonly slotRoll: SlotRoll; readonly ring: KeyRing; readonly meanings: ReadonlyMap<string, Meaning> };
  /** First commitment of each seat in log order; the second different text is marked by `again`. */
  readonly commits: readonly { readonly seat: number; readonly index: number; readonly commitment: string }[];
  readonly commitsClose?: Fixed<Close>;
  /** Each text of each seat, where it first lay before CLOSE. */
  readonly casts: readonly Cast[];
  /** The same for what came after CLOSE: shown, never counted. */
  readonly late: readonly Cast[];
  readonly close?: Fixed<Close> & { readonly tally: Tally; readonly outcome: Outcome };
  readonly outcome?: Fixed<Outcome>;
}

/** One step of the history behind the state: the trees since the last anchor, newest first. */
interface Trail {
  readonly tree: Tree;
  readonly before: Trail | undefined;
}

export interface LogState {
  readonly constitution: Constitution;
  readonly genesis: Genesis | undefined;
  readonly tree: Tree;
  readonly trail: Trail | undefined;
  readonly roll: AdmittedRoll | undefined;
  readonly rollIndex: number;
  /** The roll before, until a checkpoint certified under both is anchored. */
  readonly handover: AdmittedRoll | undefined;
  /** A roll that the council carried and that no entry has put in place yet. */
  readonly nextRoll: { readonly epoch: number; readonly motions: readonly string[]; readonly inForceS: number } | undefined;
  readonly anchors: readonly Anchored[];
  readonly motions: PersistentMap<LoggedMotion>;
  readonly motionsNotAnchored: readonly string[];
  readonly rounds: PersistentMap<RoundState>;
  /** Keys of the rounds with OPEN and without OUTCOME. */
  readonly openRounds: readonly string[];
  /** `<seat or operator> <kind>` of everything proven. */
  readonly proven: readonly string[];
}

export function emptyLog(constitution: Constitution): LogState {
  return {
    constitution,
    genesis: undefined,
    tree: EMPTY_TREE,
    trail: { tree: EMPTY_TREE, before: undefined },
    roll: undefined,
    rollIndex: -1,
    handover: undefined,
    nextRoll: undefined,
    anchors: [],
    motions: PersistentMap.empty(),
    motionsNotAnchored: [],
    rounds: PersistentMap.empty(),
    openRounds: [],
    proven: [],
  };
}

/** The tree at an earlier size, back to the last anchored one. */
export function treeAt(state: LogState, size: number): Tree | undefined {
  for (let trail = state.trail; trail !== undefined && trail.tree.size >= size; trail = trail.before) if (trail.tree.size === size) return trail.tree;
  return undefined;
}

/** The trail without what lies below `size`, which nothing can name any more. */
export function cutTrail(trail: Trail | undefined, size: number): Trail | undefined {
  const kept: Tree[] = [];
  for (let at = trail; at !== undefined && at.tree.size >= size; at = at.before) kept.push(at.tree);
  return kept.reduceRight<Trail | undefined>((before, tree) => ({ tree, before }), undefined);
}

const FRESH = { recusals: [], slotRolls: [], complaints: [], commits: [], casts: [], late: [] } as const;

/** What is known about a round; an empty state where the log does not mention it yet. */
export function roundOf(state: LogState, round: Round): RoundState {
  return state.rounds.get(roundKey(round)) ?? { slot: round.slot, round: round.round, ...FRESH };
}

export function withRound(state: LogState, round: RoundState): LogState {
  return { ...state, rounds: state.rounds.set(roundKey(round), round) };
}

/** The newest certified time in the log; 0 before the first anchor. */
export const newestTime = (state: LogState): number => state.anchors.at(-1)?.timeS ?? 0;

export const digestOf = (suite: Suite, text: string): string => hex(suite.sha256(utf8(text)));

/** The roll in force; entries about the council need one. */
export function rollOf(state: LogState): Verdict<AdmittedRoll, ProofRefusal> {
  return state.roll === undefined ? refuse('log-no-roll') : yes(state.roll);
}

/** Refuses what names another council or another epoch than the present one. */
export function sameEpoch(state: LogState, it: { readonly council: string; readonly epoch: number }): Verdict<AdmittedRoll, ProofRefusal> {
  const roll = rollOf(state);
  if (!roll.ok) return roll;
  if (it.council !== state.constitution.council) return refuse('other-council', 2, it.council);
  return it.epoch === roll.value.roll.epoch ? roll : refuse('other-epoch', 3, String(it.epoch));
}

export const constitutionDigest = (suite: Suite, constitution: Constitution): string => digestOf(suite, printConstitution(constitution));
