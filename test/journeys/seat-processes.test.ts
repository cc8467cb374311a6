/**
 * 33 processes of `mizan seat run` that vote while they are killed, stopped, cut off, given wrong clocks and set back to old backups: whatever
 * happens, a certified outcome counts every ballot that a quorum held in time, and no vote that no steward cast.
 *
 * PROCESSES=all runs 50 schedules; PROCESSES=N runs N; SEED=n begins at another one. Each process has a TCP cable of its own: network
 * namespaces need rights that tests do not have.
 */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printNote, signNote } from '../../src/proof/index.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { type Choice, printBallot } from '../../src/proof/council/ballot-text.ts';
import { roundOf } from '../../src/proof/council/log-state.ts';
import { ballotOf, type Open } from '../../src/proof/council/open-text.ts';
import { Random } from '../simulation/random.ts';
import { backUp, restoreBackup, type SeatCouncil, seatCouncil, type SeatProcess } from '../support/seat-council.ts';

const root = join(import.meta.dirname, '../..');
const SCHEDULES = process.env['PROCESSES'] === 'all' ? 50 : Number(process.env['PROCESSES'] ?? 2);
const SEED = Number(process.env['SEED'] ?? 1);
const VOTE_S = 12;
const CLOSES_IN_S = 16;
const DELTA_S = 2;
const HEAL_MS_MAX = 120_000;
const TROUBLES = ['kill', 'stop', 'cut', 'clock', 'restore'] as const;

let council: SeatCouncil;

beforeAll(async () => {
  execFileSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { stdio: ['ignore', 'inherit', 'inherit'] });
  council = await seatCouncil(VOTE_S, DELTA_S);
  for (const seat of council.seats) council.start(seat);
  await council.server.certifiedHere(120_000);
}, 240_000);
afterAll(async () => council.close(), 60_000);

interface Told {
  /** What the steward's agent took. */
  readonly votes: Map<number, Choice>;
  /** Seats whose screen said before the end that a quorum holds the ballot. */
  readonly uncensorable: Set<number>;
}

/** One trouble of one seat, over after a while. */
async function trouble(seat: SeatProcess, kind: (typeof TROUBLES)[number], random: Random): Promise<void> {
  const whileMs = random.whole(500, 6000);
  if (kind === 'cut') {
    seat.cable.set('cut');
    await pause(whileMs);
    seat.cable.set('whole');
  } else if (kind === 'stop') {
    seat.child?.kill('SIGSTOP');
    seat.isStopped = true;
    await pause(whileMs);
    if (seat.isStopped) seat.child?.kill('SIGCONT');
    seat.isStopped = false;
  } else {
    await council.kill(seat);
    if (kind === 'restore') restoreBackup(seat);
    // A clock an hour off: the agent goes on, its stamps are wrong, and a quorum has to carry it.
    seat.clockOffsetS = kind === 'clock' ? random.pick([-3600, 3600]) : 0;
    await pause(whileMs);
    council.start(seat);
  }
}

async function everybodyVotes(round: string, wants: ReadonlyMap<number, Choice>, told: Told, endMs: number): Promise<void> {
  await Promise.all(council.seats.map(async (seat) => {
    const choice = wants.get(seat.seat) ?? 'abstain';
    while (Date.now() < endMs) {
      const notices = await council.vote(seat, round, choice);
      if (notices?.includes('voted') === true) {
        told.votes.set(seat.seat, choice);
        break;
      }
      await pause(200);
    }
    while (Date.now() < endMs) {
      const summary = (await council.look(seat))?.rounds.find((each) => each.round === round);
      if (summary !== undefined && summary.receipts >= summary.quorum) {
        told.uncensorable.add(seat.seat);
        return;
      }
      await pause(300);
    }
  }));
}

/** A second, other ballot by a ballot key that its holder gave away; some of the agents get it directly. */
function lie(open: Open, seat: SeatProcess, choice: Choice, random: Random): void {
  const other = ballotOf(open, choice === 'yes' ? 'no' : 'yes', 'A');
  if (other === undefined) return;
  const note = printNote(signNote(suite, printBallot(other), seat.ballot));
  council.server.slip(seat.seat, ['operator', ...random.some(council.seats.map((each) => each.seat), 12)], { kind: 'cast', note });
}

async function schedule(seed: number): Promise<string> {
  const { server, seats } = council;
  const random = new Random(seed);
  for (const seat of random.some([...seats], 3)) backUp(seat);
  const open = await server.openRound(`schedule-${seed}`, CLOSES_IN_S);
  const round = `${open.slot} 1`;
  const share = random.pick([1, 0.9, 0.65, 0.5]);
  const wants = new Map(seats.map(({ seat }) => [seat, random.chance(share) ? ('yes' as const) : random.pick(['no', 'abstain'] as const)]));
  const liars = random.some([...seats], random.whole(0, 3));
  const told: Told = { votes: new Map(), uncensorable: new Set() };
  const endMs = (open.closesS - DELTA_S) * 1000;
  const troubled = random.some([...seats], random.whole(2, 10));
  const troubles = troubled.map(async (seat) => {
    await pause(random.whole(0, 7000));
    await trouble(seat, random.pick(TROUBLES), random);
  });
  const lies = liars.map(async (seat) => {
    await pause(random.whole(1000, 8000));
    lie(open, seat, wants.get(seat.seat) ?? 'yes', random);
  });
  await Promise.all([everybodyVotes(round, wants, told, endMs), ...troubles, ...lies]);
  // Everything is sound again; wrong clocks are set right.
  for (const seat of seats) {
    seat.cable.set('whole');
    if (seat.clockOffsetS === 0) continue;
    await council.kill(seat);
    seat.clockOffsetS = 0;
  }
  for (const seat of seats) council.start(seat);
  await server.until(`OUTCOME of schedule ${seed}`, () => roundOf(server.prefix.state, open).outcome !== undefined, HEAL_MS_MAX);
  return judge(open, wants, told, new Set(liars.map(({ seat }) => seat)));
}

/** The outcome against what stewards did; the first contradiction, or a line that says what happened. */
function judge(open: Open, wants: ReadonlyMap<number, Choice>, told: Told, liars: ReadonlySet<number>): string {
  const state = roundOf(council.server.prefix.state, open);
  const outcome = state.outcome?.value;
  if (outcome === undefined) throw new Error('no outcome');
  const counted = new Map<number, Set<string>>();
  for (const cast of state.casts) counted.set(cast.seat, (counted.get(cast.seat) ?? new Set()).add(cast.choice));
  for (const [seat, choices] of counted) {
    if (!liars.has(seat) && choices.size > 1) throw new Error(`honest seat ${seat} has two ballots in the log`);
    for (const choice of choices) if (!liars.has(seat) && wants.get(seat) !== choice) throw new Error(`seat ${seat} is counted ${choice} and its steward said ${wants.get(seat)}`);
  }
  for (const seat of told.uncensorable) if (!counted.has(seat)) throw new Error(`seat ${seat} was told that its ballot cannot be held back, and it is not counted`);
  const yes = [...counted].filter(([, choices]) => choices.has('yes')).length;
  if ((outcome.yes[0]?.seats ?? 0) !== yes) throw new Error(`outcome says ${outcome.yes[0]?.seats}, the log holds ${yes}`);
  if (outcome.carried !== undefined && yes < 22) throw new Error('carried by fewer than 22');
  return `${open.slot}: ${outcome.carried === undefined ? 'not carried' : 'carried'}, ${yes} yes, ${counted.size} counted, ${told.uncensorable.size} uncensorable, ${liars.size} liars`;
}

describe('33 seats as processes', () => {
  it(`decide rightly through ${SCHEDULES} schedules of trouble`, async () => {
    for (let seed = SEED; seed < SEED + SCHEDULES; seed += 1) console.log(await schedule(seed));
    const { server, seats } = council;
    // No two certified checkpoints of one size have different roots.
    const roots = new Map<string, string>();
    for (const note of server.published) {
      const [, size = '', head = ''] = note.split('\n', 3);
      expect(roots.get(size) ?? head).toBe(head);
      roots.set(size, head);
    }
    expect(server.refusedEntries.filter((entry) => !entry.startsWith('mizan-council/evidence/v1'))).toEqual([]);
    // All agents come to stand at one and the same log.
    await server.certifiedHere(HEAL_MS_MAX);
    // Those that were started last need a moment to open their doors and to ask the others for their past.
    for (const end = Date.now() + HEAL_MS_MAX; ; await pause(500)) {
      const looks = await Promise.all(seats.map(async (seat) => council.look(seat)));
      const away = looks.flatMap((look, index) => (look === undefined || look.starting ? [index + 1] : []));
      if (away.length === 0) break;
      expect(Date.now(), `seats ${away.join(' ')} did not come back`).toBeLessThan(end);
    }
    const kilobytes = seats.flatMap(({ child }) => (child?.pid === undefined || !existsSync(`/proc/${child.pid}/status`) ? [] : [Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1])]));
    console.log(`resident memory of ${kilobytes.length} agents: mean ${Math.round(kilobytes.reduce((sum, each) => sum + each, 0) / kilobytes.length / 1024)} MB, largest ${Math.round(Math.max(...kilobytes) / 1024)} MB`);
  }, SCHEDULES * 180_000);
});
