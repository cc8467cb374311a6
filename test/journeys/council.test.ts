/** A council of 33 founded on the product, voting over HTTP: some seats are silent, one lies, and the file of the decision convinces whoever has the pin. */

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSeat } from '../../src/app/seat/daemon.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { parseDecision, verifyDecision } from '../../src/proof/council/bundle.ts';
import type { Message } from '../../src/proof/council/messages.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { printRoll } from '../../src/proof/council/roll-text.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';

const ENGINES = ['embedded', ...(process.env['TEST_DATABASE_URL'] === undefined ? [] : ['server'])] as const;

describe.each(ENGINES)('a council on the %s engine', (engine) => {
  let platform: CouncilPlatform;
  let seats: RunningSeat[] = [];
  beforeAll(async () => {
    platform = await councilPlatform(8, { engine: engine as 'embedded' });
    // Ten of them are never heard of.
    seats = await Promise.all(Array.from({ length: 23 }, async (_, index) => platform.start(index + 1 + (index > 11 ? 5 : 0) + (index > 17 ? 5 : 0))));
  }, 120_000);
  afterAll(async () => platform?.close());

  it('certifies its log with a quorum and two witnesses outside', async () => {
    const { council } = platform.story.mizan;
    await platform.until('a certified checkpoint', async () => (await council.standing()).certified !== undefined);
    const standing = await council.standing();
    expect(standing).toMatchObject({ state: 'operating', epoch: 1, rollDigest: digestOf(suite, printRoll(platform.roll)), genesisDigest: platform.pin });
    const shown = await (await fetch(`${platform.url}/log/checkpoint`)).text();
    expect(shown.split('\n').filter((line) => line.startsWith('— seat')).length).toBeGreaterThanOrEqual(22);
  }, 120_000);

  it('decides though ten are silent, and the file is accepted', async () => {
    const { council } = platform.story.mizan;
    const open = await platform.openRound('2027-001', 25);
    const round = '2027-001 1';
    await platform.until('every agent sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    for (const [at, { agent }] of seats.entries()) agent.decide({ round, choice: at < 22 ? 'yes' : 'no', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    await platform.until('the decision', async () => (await platform.facts('2027-001'))?.certified === true, 90_000);
    const facts = await platform.facts('2027-001');
    expect(facts).toMatchObject({ stage: 'carried', certified: true, outcome: { carried: 'A', yes: [{ option: 'A', seats: 22 }], no: 1, silent: 10 } });
    const file = await council.decisionFile('2027-001', 1);
    const parsed = parseDecision(file ?? new Uint8Array());
    expect(parsed.ok && parsed.value.open).toContain(open.opened.root);
    if (!parsed.ok) return;
    const pin = { constitution: council.constitution(), epoch: 1, roll: digestOf(suite, printRoll(platform.roll)) };
    expect(verifyDecision(suite, parsed.value, pin)).toMatchObject({ ok: true });
  }, 120_000);

  it('decides by sealed ballots, which nobody reads before all are in', async () => {
    const { council } = platform.story.mizan;
    await platform.openRound('2027-003', 60, 'contested');
    const round = '2027-003 1';
    await platform.until('every agent sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    for (const { agent } of seats) agent.decide({ round, choice: 'yes', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    await platform.until('the commitments', async () => ((await platform.facts('2027-003'))?.stage === 'revealing'), 90_000);
    const committed = await platform.facts('2027-003');
    expect(committed?.committed.length).toBeGreaterThanOrEqual(22);
    await platform.until('the decision', async () => (await platform.facts('2027-003'))?.certified === true, 150_000);
    expect(await platform.facts('2027-003')).toMatchObject({ stage: 'carried', outcome: { carried: 'A', yes: [{ option: 'A', seats: 23 }] } });
    const parsed = parseDecision((await council.decisionFile('2027-003', 1)) ?? new Uint8Array());
    expect(parsed).toMatchObject({ ok: true });
    if (parsed.ok) expect(verifyDecision(suite, parsed.value, { constitution: council.constitution(), epoch: 1, roll: digestOf(suite, printRoll(platform.roll)) })).toMatchObject({ ok: true });
  }, 360_000);
});

describe('an operator that drops the ballots of some', () => {
  it('stalls for everybody to see and decides nothing', async () => {
    const platform = await councilPlatform(8, { council: { faults: { ignoresMissing: true } } });
    try {
      const { council } = platform.story.mizan;
      const victims = new Set([1, 2]);
      const deliver = council.deliver.bind(council);
      // Their agents still reach the others: who gave a receipt cosigns no cut without the ballot.
      const isTheirs = (note: string): boolean => [...victims].some((seat) => note.includes(`— ballot.seat0${seat}.`));
      const hidden = (message: Message): Message => (message.kind === 'held' ? { ...message, casts: message.casts.filter((note) => !isTheirs(note)) } : message);
      Object.assign(council, {
        deliver: async (from: number, messages: Parameters<typeof deliver>[1]) => {
          const passed = messages.filter(({ to, message }) => !(to === 'operator' && message.kind === 'cast' && victims.has(from)));
          return deliver(from, passed.map((each) => (each.to === 'operator' ? { ...each, message: hidden(each.message) } : each)));
        },
      });
      const seats = await Promise.all(Array.from({ length: 24 }, async (_, index) => platform.start(index + 1)));
      await platform.openRound('2027-002', 40);
      const round = '2027-002 1';
      await platform.until('every agent sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
      for (const { agent } of seats) agent.decide({ round, choice: 'yes', option: 'A' }, { reason: 'test', advice: 'none', override: false });
      // Of 24 agents, three holders leave 21 who could cosign a cut without the ballot.
      await platform.until('receipts of four', () => seats.every(({ agent }) => !victims.has(agent.parts.seat) || agent.receiptsOf(round).size >= 4), 60_000);
      await platform.until('the end of the vote', async () => (await platform.facts('2027-002'))?.stage === 'closing', 60_000);
      await pause(6_000);
      const facts = await platform.facts('2027-002');
      expect([facts?.stage, facts?.outcome, facts?.certified]).toEqual(['closing', undefined, false]);
      expect(await council.decisionFile('2027-002', 1)).toBeUndefined();
      // Everybody may look: the round is told as closing, and no certified checkpoint stands above its end.
      expect((await (await fetch(`${platform.url}/council/v1/rounds`)).json()) as object).toMatchObject({ total: 1, rounds: [{ slot: '2027-002', stage: 'closing' }] });
    } finally {
      await platform.close();
    }
  }, 180_000);
});
