/** Several agents of a council with real keys, folders and HTTP, against the product's operator core. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { roundOf } from '../../proof/council/log-state.ts';
import { CouncilServer, quick, SERVED_ORIGIN } from '../../../test/support/council-server.ts';
import { openSeat, type RunningSeat } from './daemon.ts';
import { type SeatSettings, unsealedKeys } from './seat-folder.ts';

const COUNCIL = SERVED_ORIGIN;
const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (each) => each.stop()));
});

async function council(voteS: number, deltaS: number): Promise<{ server: CouncilServer; start: (seat: number, folder?: string) => Promise<RunningSeat>; folderOf: (seat: number) => string }> {
  const base = mkdtempSync(join(tmpdir(), 'mizan-seats-'));
  const settings = (seat: number, server = 'http://127.0.0.1:1'): SeatSettings => ({ servers: [server], council: COUNCIL, origin: SERVED_ORIGIN, epoch: 1, who: { seat } });
  const members = Array.from({ length: 33 }, (_, index) => unsealedKeys(settings(index + 1)));
  const server = new CouncilServer({ constitution: quick(COUNCIL, voteS, deltaS), origin: SERVED_ORIGIN, members: members.map(({ handedIn }) => handedIn) });
  const url = await server.listen();
  running.push({ stop: async () => server.close() });
  const folderOf = (seat: number): string => join(base, `seat-${seat}`);
  const start = async (seat: number, folder = folderOf(seat)): Promise<RunningSeat> => {
    const { mkdirSync } = await import('node:fs');
    mkdirSync(folder, { recursive: true });
    const { keys, ballot } = members[seat - 1]!;
    const one = await openSeat({ folder, settings: { ...settings(seat, url), genesis: server.pin }, keys, standing: ballot, log: () => undefined, tickS: 1, waitS: 5 });
    running.push(one);
    one.start();
    return one;
  };
  return { server, start, folderOf };
}

describe('agents over HTTP', () => {
  // Fifteen seconds of voting: a busy machine needs some to carry 33 ballots to 33 seats.
  it('certify, vote, hold receipts and see the outcome', async () => {
    const { server, start } = await council(12, 2);
    const seats = await Promise.all(Array.from({ length: 33 }, async (_, index) => start(index + 1)));
    await server.certifiedHere();
    const open = await server.openRound('2027-001', 15);
    const round = '2027-001 1';
    await server.until('every seat sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    for (const { agent } of seats) agent.decide({ round, choice: agent.parts.seat <= 25 ? 'yes' : 'no', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    await server.until('receipts of a quorum', () => seats.every(({ agent }) => agent.receiptsOf(round).size >= 22), 60_000);
    await server.until('OUTCOME', () => roundOf(server.prefix.state, open).outcome !== undefined, 60_000);
    expect(roundOf(server.prefix.state, open).outcome?.value).toMatchObject({ carried: 'A', yes: [{ option: 'A', seats: 25 }], no: 8 });
    expect(server.refusedEntries).toEqual([]);
  });
});
