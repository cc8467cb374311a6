/** The numbers a council stands on, as one text, and the arithmetic that has to hold between them: every placement of the liars is tried. */

import { no, yes } from '../../base/index.ts';
import type { Verdict } from '../../base/index.ts';
import { refuse } from '../refusals.ts';
import type { ProofCode, ProofRefusal } from '../refusals.ts';
import { LineReader, SEATS_MAX, printLines } from './lines.ts';

export const CONSTITUTION_TYPE = 'mizan-council/constitution/v1';
export const CONSTITUENCIES_MAX = 8;
export const CLASSES_MAX = 16;
/** Placements of liars that are enumerated at most; 33 seats in four constituencies have some hundreds. */
export const PLACEMENTS_MAX = 200_000;

const DAY_S = 86_400;

/** From how many constituencies, and how many seats of each, the yes votes have to come. */
export interface Breadth {
  /** How many constituencies have to be reached; 0 asks for nothing. */
  readonly of: number;
  /** What reaches one: a third of its seats, rounded up, or one seat. */
  readonly by: 'third' | 'one';
}

export interface ClassRule {
  readonly name: string;
  /** Seats that have to vote yes. */
  readonly yes: number;
  /** `every`: a yes counts whatever else the seat signed. `first`: only a seat's first ballot in the log counts. */
  readonly counts: 'every' | 'first';
  readonly sealed: boolean;
  readonly breadth: Breadth;
  /** `live`: ten liars can never stop it. `veto`: a constituency may, and that is meant. */
  readonly stopped: 'live' | 'veto';
  /** Least seconds the papers lie in the log before OPEN. */
  readonly prepareS: number;
  /** Least seconds of voting, for sealed ballots of committing. */
  readonly voteS: number;
  /** Least seconds of revealing; 0 exactly where ballots are open. */
  readonly revealS: number;
  readonly standstillS: number;
  /** Seconds after which the effect ends unless confirmed; 0 is never. */
  readonly lapsesS: number;
}

export interface Constitution {
  readonly council: string;
  /** n, f, q. */
  readonly seats: number;
  readonly liars: number;
  readonly quorum: number;
  /** Seats that may demand: f + 1, of which one is honest. */
  readonly minority: number;
  /** Outside witnesses a certified checkpoint needs at least. */
  readonly outside: number;
  /** Time before `closes` after which a receipt obliges no more. */
  readonly deltaS: number;
  readonly clockErrorS: number;
  /** Seats that may change hands between two epochs. */
  readonly changes: number;
  /** Largest group of seats in one fault domain, and of one family of AI models. */
  readonly domainCap: number;
  readonly modelCap: number;
  readonly constituencies: readonly { readonly name: string; readonly seats: number }[];
  readonly classes: readonly ClassRule[];
}

function classLine(rule: ClassRule): string {
  const { name, yes: needed, counts, sealed, breadth, stopped } = rule;
  const votes = `class ${name} yes ${needed} counts ${counts} ballots ${sealed ? 'sealed' : 'open'} breadth ${breadth.of} ${breadth.by} ${stopped}`;
  return `${votes} prepare ${rule.prepareS} vote ${rule.voteS} reveal ${rule.revealS} standstill ${rule.standstillS} lapses ${rule.lapsesS}`;
}

export function printConstitution(it: Constitution): string {
  return printLines([
    CONSTITUTION_TYPE,
    `council ${it.council}`,
    `seats ${it.seats}`,
    `liars ${it.liars}`,
    `quorum ${it.quorum}`,
    `minority ${it.minority}`,
    `outside ${it.outside}`,
    `delta ${it.deltaS}`,
    `clock-error ${it.clockErrorS}`,
    `changes ${it.changes}`,
    `cap-domain ${it.domainCap}`,
    `cap-model ${it.modelCap}`,
    ...it.constituencies.map(({ name, seats }) => `constituency ${name} ${seats}`),
    ...it.classes.map(classLine),
  ]);
}

function parseClass(lines: LineReader): ClassRule {
  const words = lines.words('class', 21);
  const at = (index: number): string => words[index] ?? '';
  const fixed = [[1, 'yes'], [3, 'counts'], [5, 'ballots'], [7, 'breadth'], [11, 'prepare'], [13, 'vote'], [15, 'reveal'], [17, 'standstill'], [19, 'lapses']] as const;
  for (const [index, word] of fixed) lines.check(at(index) === word, 'text-line', word);
  const choose = <const W extends string>(index: number, among: readonly [W, W]): W => {
    lines.check(among.some((each) => each === at(index)), 'text-word', among.join(' | '));
    return at(index) === among[1] ? among[1] : among[0];
  };
  return {
    name: at(0),
    yes: lines.asNumber(at(2), 1, SEATS_MAX),
    counts: choose(4, ['every', 'first']),
    sealed: choose(6, ['open', 'sealed']) === 'sealed',
    breadth: { of: lines.asNumber(at(8), 0, CONSTITUENCIES_MAX), by: choose(9, ['third', 'one']) },
    stopped: choose(10, ['live', 'veto']),
    prepareS: lines.asNumber(at(12)),
    voteS: lines.asNumber(at(14)),
    revealS: lines.asNumber(at(16)),
    standstillS: lines.asNumber(at(18)),
    lapsesS: lines.asNumber(at(20)),
  };
}

/** Reads the text; whether its numbers hold is `checkConstitution`. */
export function parseConstitution(text: string): Verdict<Constitution, ProofRefusal> {
  const lines = new LineReader(text, CONSTITUTION_TYPE);
  const council = lines.name('council');
  const [seats, liars, quorum, minority, outside] = (['seats', 'liars', 'quorum', 'minority', 'outside'] as const).map((key) => lines.number(key, 0, SEATS_MAX));
  const [deltaS, clockErrorS] = (['delta', 'clock-error'] as const).map((key) => lines.number(key, 0, DAY_S));
  const [changes, domainCap, modelCap] = (['changes', 'cap-domain', 'cap-model'] as const).map((key) => lines.number(key, 0, SEATS_MAX));
  const constituencies: { name: string; seats: number }[] = [];
  do {
    const [name = '', size = ''] = lines.words('constituency', 2);
    lines.check(/^[a-z][a-z0-9-]{0,39}$/.test(name) && name !== 'vacant' && !constituencies.some((each) => each.name === name), 'text-name', name);
    constituencies.push({ name, seats: lines.asNumber(size, 1, SEATS_MAX) });
  } while (lines.next('constituency') && constituencies.length < CONSTITUENCIES_MAX);
  const classes: ClassRule[] = [];
  do {
    const rule = parseClass(lines);
    lines.check(/^[a-z][a-z0-9-]{0,39}$/.test(rule.name) && !classes.some((each) => each.name === rule.name), 'text-name', rule.name);
    classes.push(rule);
  } while (lines.next('class') && classes.length < CLASSES_MAX);
  const [n = 0, f = 0, q = 0, m = 0, o = 0, d = 0, e = 0, g = 0, c = 0, a = 0] = [seats, liars, quorum, minority, outside, deltaS, clockErrorS, changes, domainCap, modelCap];
  return lines.finish({ council, seats: n, liars: f, quorum: q, minority: m, outside: o, deltaS: d, clockErrorS: e, changes: g, domainCap: c, modelCap: a, constituencies, classes });
}

/** Seats of a constituency that reach it. */
export function reaches(by: Breadth['by'], size: number): number {
  return by === 'one' ? 1 : Math.ceil(size / 3);
}

/** Quorums that are both safe (two share an honest seat) and live (the honest reach them alone). */
export function quorumsOf(seats: number, liars: number): readonly number[] {
  return Array.from({ length: seats + 1 }, (_, quorum) => quorum).filter((quorum) => 2 * quorum - seats > liars && quorum <= seats - liars);
}

/** All ways to place `liars` in constituencies of these sizes; undefined above PLACEMENTS_MAX. */
export function placements(sizes: readonly number[], liars: number): readonly (readonly number[])[] | undefined {
  let partial: { readonly placed: readonly number[]; readonly left: number }[] = [{ placed: [], left: liars }];
  for (const [index, size] of sizes.entries()) {
    const room = sizes.slice(index + 1).reduce((sum, each) => sum + each, 0);
    partial = partial.flatMap(({ placed, left }) => {
      const least = Math.max(0, left - room);
      return Array.from({ length: Math.max(0, Math.min(size, left) - least + 1) }, (_, step) => ({ placed: [...placed, least + step], left: left - least - step }));
    });
    if (partial.length > PLACEMENTS_MAX) return undefined;
  }
  return partial.map(({ placed }) => placed);
}

/** The first placement of silent liars under which even all honest seats together cannot carry a motion of this class; undefined: none. */
export function stoppedBy(sizes: readonly number[], rule: Pick<ClassRule, 'yes' | 'breadth'>, among: readonly (readonly number[])[]): readonly number[] | undefined {
  return among.find((placed) => {
    const honest = sizes.map((size, index) => size - (placed[index] ?? 0));
    const reached = honest.filter((count, index) => count >= reaches(rule.breadth.by, sizes[index] ?? 0)).length;
    return honest.reduce((sum, each) => sum + each, 0) < rule.yes || reached < rule.breadth.of;
  });
}

export interface ConstitutionReport {
  /** Placements of the liars that were tried, all there are. */
  readonly placements: number;
  /** Seats two quorums share at least; more than the liars. */
  readonly overlap: number;
  /** Honest seats behind every decision at least, and how many honest seats there are. */
  readonly honestYes: number;
  readonly honest: number;
  /** Seats above the quorum when all liars are silent. */
  readonly margin: number;
  /** Classes that a placement can stop, with one that does; only classes that say so (`veto`). */
  readonly vetoes: readonly { readonly name: string; readonly placement: readonly number[] }[];
}

/** Seats above the quorum that are left when all liars are silent and some seats are unfilled; below 0 nothing passes then. */
export function marginOf(constitution: Constitution, unfilled: number): number {
  return constitution.seats - constitution.liars - constitution.quorum - unfilled;
}

type Rule = readonly [holds: boolean, code: ProofCode, detail: string];

function numbersHold(it: Constitution): readonly Rule[] {
  const { seats: n, liars: f, quorum: q } = it;
  const sum = it.constituencies.reduce((total, { seats }) => total + seats, 0);
  const largest = Math.max(...it.constituencies.map(({ seats }) => seats));
  return [
    [n >= 4 && n <= SEATS_MAX && f >= 1, 'constitution-seats', `${n} seats, ${f} liars`],
    [sum === n, 'constitution-sum', `${sum} of ${n}`],
    [2 * q - n > f, 'constitution-safety', `2·${q} − ${n} has to be more than ${f}`],
    [q <= n - f, 'constitution-liveness', `${q} has to be at most ${n - f}`],
    [2 * (q - f) > n - f, 'constitution-honest-majority', `${q - f} of ${n - f}`],
    [it.minority === f + 1, 'constitution-minority', String(f + 1)],
    [it.outside >= 2, 'constitution-outside', 'at least 2'],
    [it.changes <= f, 'constitution-changes', `at most ${f}`],
    [it.domainCap <= f && it.modelCap >= 1 && it.modelCap <= it.domainCap, 'constitution-cap', `at most ${f}`],
    [largest <= it.domainCap && largest < q && n - largest >= q, 'constitution-constituency', `${largest} seats`],
  ];
}

function classHolds(it: Constitution, rule: ClassRule): readonly Rule[] {
  // Fewer than q yes let two quorums share liars only, so such a class decides by order in the log and needs a majority of the seats.
  const enough = rule.yes === it.quorum ? rule.counts === 'every' : rule.yes < it.quorum && 2 * rule.yes > it.seats && rule.counts === 'first' && !rule.sealed;
  return [
    [enough, 'constitution-class-yes', rule.name],
    [rule.breadth.of <= it.constituencies.length, 'constitution-class-breadth', rule.name],
    [rule.sealed === rule.revealS > 0, 'constitution-class-reveal', rule.name],
  ];
}

const firstBroken = (rules: readonly Rule[]): ProofRefusal | undefined => {
  const broken = rules.find(([holds]) => !holds);
  return broken === undefined ? undefined : refuse(broken[1], undefined, broken[2]).refusal;
};

/** Whether the numbers hold: safety and liveness of the quorum, caps, and breadth under every placement of the liars. */
export function checkConstitution(it: Constitution): Verdict<ConstitutionReport, ProofRefusal> {
  const broken = firstBroken([...numbersHold(it), ...it.classes.flatMap((rule) => classHolds(it, rule))]);
  if (broken !== undefined) return no(broken);
  const sizes = it.constituencies.map(({ seats }) => seats);
  const all = placements(sizes, it.liars);
  if (all === undefined) return refuse('constitution-too-many-placements');
  const vetoes: { name: string; placement: readonly number[] }[] = [];
  for (const rule of it.classes) {
    const placement = stoppedBy(sizes, rule, all);
    if ((placement !== undefined) !== (rule.stopped === 'veto')) return refuse('constitution-class-live', undefined, `${rule.name}: ${placement?.join('/') ?? 'no placement stops it'}`);
    if (placement !== undefined) vetoes.push({ name: rule.name, placement });
  }
  const { seats: n, liars: f, quorum: q } = it;
  return yes({ placements: all.length, overlap: 2 * q - n, honestYes: q - f, honest: n - f, margin: marginOf(it, 0), vetoes });
}

export function classOf(constitution: Constitution, name: string): ClassRule | undefined {
  return constitution.classes.find((rule) => rule.name === name);
}

const THREE_OF_FOUR: Breadth = { of: 3, by: 'third' };
const NO_BREADTH: Breadth = { of: 0, by: 'one' };

function classIn(name: string, days: readonly [number, number, number], special: Partial<ClassRule> = {}): ClassRule {
  const [prepare, vote, standstill] = days;
  const windows = { prepareS: prepare * DAY_S, voteS: vote * DAY_S, revealS: 0, standstillS: standstill * DAY_S, lapsesS: 0 };
  return { name, yes: 22, counts: 'every', sealed: false, breadth: THREE_OF_FOUR, stopped: 'live', ...windows, ...special };
}

/** The council of 33: what a pack starts from, and the table that docs/spec/council.md prints. */
export function councilOf33(council: string, names: readonly [string, string, string, string] = ['civil-society', 'state', 'industry', 'science']): Constitution {
  return {
    council,
    seats: 33,
    liars: 10,
    quorum: 22,
    minority: 11,
    outside: 2,
    deltaS: 900,
    clockErrorS: 60,
    changes: 10,
    domainCap: 10,
    modelCap: 3,
    constituencies: names.map((name, index) => ({ name, seats: index === 0 ? 9 : 8 })),
    classes: [
      classIn('procedural', [1, 2, 0], { yes: 17, counts: 'first', breadth: NO_BREADTH }),
      classIn('standard', [7, 7, 7]),
      classIn('contested', [7, 5, 7], { sealed: true, revealS: 2 * DAY_S }),
      classIn('constitutional', [14, 14, 14]),
      classIn('guarded', [7, 7, 7], { breadth: { of: 4, by: 'one' }, stopped: 'veto' }),
      classIn('emergency', [0, 1, 0], { breadth: NO_BREADTH, lapsesS: 14 * DAY_S }),
    ],
  };
}
