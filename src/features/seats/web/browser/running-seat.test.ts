/** The core of the console, over HTTP and a disk in memory, in a council of 33 against the product's operator core. */

import { afterEach, describe, expect, it } from 'vitest';
import { CouncilServer, quick, SERVED_ORIGIN } from '../../../../../test/support/council-server.ts';
import { makeSeat, MemoryDisk, startConsole, type MadeSeat } from '../../../../../test/support/console-seats.ts';
import { nodeSuite as suite } from '../../../../proof/node-suite.ts';
import { roundOf } from '../../../../proof/council/log-state.ts';
import { openSeat, type RunningSeat } from './running-seat.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (each) => each.stop()));
});

const WHY = { reason: 'read in full', digits: '' };

interface Council {
  readonly server: CouncilServer;
  readonly disks: readonly MemoryDisk[];
  readonly start: (seat: number, disk?: MemoryDisk) => Promise<RunningSeat>;
  readonly all: () => Promise<RunningSeat[]>;
}

async function council(voteS: number, deltaS: number): Promise<Council> {
  const members: MadeSeat[] = await Promise.all(Array.from({ length: 33 }, async (_, index) => makeSeat({ council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who: { seat: index + 1 } }, index + 1)));
  const server = new CouncilServer({ constitution: quick(SERVED_ORIGIN, voteS, deltaS), origin: SERVED_ORIGIN, members: members.map(({ handedIn }) => handedIn) });
  const url = await server.listen();
  running.push({ stop: async () => server.close() });
  const disks = members.map(() => new MemoryDisk());
  const start = async (seat: number, disk = disks[seat - 1]!): Promise<RunningSeat> => {
    const one = await startConsole(url, members[seat - 1]!, disk, server.pin);
    running.push(one);
    return one;
  };
  return { server, disks, start, all: async () => Promise.all(members.map(async (_, index) => start(index + 1))) };
}

const ballots = (disk: MemoryDisk): readonly string[] => disk.frames.flatMap((frame) => (frame.kind === 'records' ? frame.records.flatMap((record) => (record.kind === 'vote' ? [record.vote.ballot] : [])) : []));

describe('the console of a seat', () => {
  it('certifies, votes, gathers receipts and sees the outcome; reloaded in the middle it signs no second ballot', async () => {
    const { server, start, all, disks } = await council(6, 1);
    const seats = await all();
    await server.certifiedHere();
    const open = await server.openRound('2027-001', 8);
    const round = '2027-001 1';
    await server.until('every seat sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    const [first, ...others] = seats as [RunningSeat, ...RunningSeat[]];
    expect(await first.agent.decide(round, 'yes', 'A', WHY)).toEqual(['voted']);
    // The page is closed and opened again: another instance over the same disk.
    await first.stop();
    const again = await start(1);
    await Promise.all(others.map(async ({ agent }) => agent.decide(round, agent.parts.seat <= 25 ? 'yes' : 'no', 'A', WHY)));
    await server.until('the past of seat 1', () => again.agent.state.asking === undefined, 10_000);
    expect(again.agent.state.resyncSinceS).toBeUndefined();
    expect(await again.agent.decide(round, 'no', undefined, WHY)).toEqual(['voted-already']);
    expect(new Set(ballots(disks[0]!)).size).toBe(1);
    expect(again.agent.acts).toEqual([expect.objectContaining({ round, choice: 'yes', reason: WHY.reason })]);
    await server.until('receipts of a quorum', () => again.agent.receiptsOf(round).size >= 22, 20_000);
    await server.until('OUTCOME', () => roundOf(server.prefix.state, open).outcome !== undefined, 30_000);
    expect(roundOf(server.prefix.state, open).outcome?.value).toMatchObject({ carried: 'A', yes: [{ option: 'A', seats: 25 }], no: 8 });
    expect(server.refusedEntries).toEqual([]);
  }, 60_000);

  it('commits and reveals a sealed ballot by itself', async () => {
    const { server, all } = await council(4, 1);
    const seats = await all();
    await server.certifiedHere();
    const open = await server.openRound('2027-002', 12, { class: 'contested', commitsInS: 6 });
    const round = '2027-002 1';
    await server.until('every seat sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    await Promise.all(seats.map(async ({ agent }) => agent.decide(round, 'yes', 'A', WHY)));
    await server.until('OUTCOME', () => roundOf(server.prefix.state, open).outcome !== undefined, 40_000);
    expect(roundOf(server.prefix.state, open).outcome?.value).toMatchObject({ carried: 'A', yes: [{ option: 'A', seats: 33 }] });
  }, 60_000);

  it('sits out what it may have voted on when its storage is gone', async () => {
    const { server, start, all } = await council(30, 1);
    const seats = await all();
    await server.certifiedHere();
    await server.openRound('2027-003', 30);
    const round = '2027-003 1';
    await server.until('every seat sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    expect(await seats[4]!.agent.decide(round, 'yes', 'A', WHY)).toEqual(['voted']);
    await server.until('receipts of a quorum', () => seats[4]!.agent.receiptsOf(round).size >= 22, 20_000);
    await seats[4]!.stop();
    const empty = new MemoryDisk();
    const restored = await start(5, empty);
    await server.until('the past of seat 5', () => restored.agent.state.asking === undefined, 15_000);
    expect(restored.told.map(({ notice }) => notice)).toContain('resync');
    await server.openRound('2027-004', 30);
    await server.until('seat 5 sees the round', () => restored.agent.prefix.rounds.has(round), 20_000);
    expect(await restored.agent.decide(round, 'no', undefined, WHY)).toEqual(['sits-out']);
    expect(ballots(empty)).toEqual([]);
  }, 60_000);

  it('signs nothing when its disk fails, not even afterwards', async () => {
    const { server, all, disks } = await council(10, 1);
    const seats = await all();
    await server.certifiedHere();
    await server.openRound('2027-004', 20);
    const round = '2027-004 1';
    await server.until('every seat sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    disks[2]!.fails = true;
    await expect(seats[2]!.agent.decide(round, 'yes', 'A', WHY)).rejects.toThrow('the disk is full');
    disks[2]!.fails = false;
    await expect(seats[2]!.agent.handle({ kind: 'tick' })).rejects.toThrow('the disk is full');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(seats.flatMap(({ agent }) => agent.state.held.get(round) ?? []).filter(({ seat }) => seat === 3)).toEqual([]);
    expect(ballots(disks[2]!)).toEqual([]);
  }, 60_000);

  it('does not start with another genesis, nor with keys that are not in the roll', async () => {
    const { server, start, disks } = await council(10, 1);
    await expect(startConsole(server.url, await makeSeat({ council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who: { seat: 4 } }, 200), new MemoryDisk(), server.pin)).rejects.toThrow('not-in-roll');
    const one = await start(1);
    const { kept } = disks[0]!;
    const other = { ...kept!, founding: { ...kept!.founding!, pin: '0'.repeat(64) } };
    const parts = { suite, disk: new MemoryDisk(), fetch: async (): Promise<Response> => Response.error(), clockS: () => 1, changed: () => undefined };
    expect(await openSeat(parts, other)).toEqual({ ok: false, refusal: 'other-genesis' });
    expect(one.agent.isEmpty).toBe(false);
  }, 60_000);
});
