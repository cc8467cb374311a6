/** The operator of a council restarted in the middle of a vote, two processes on one database, two secretaries at once, and ballots that do not count. */

import { mkdirSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunningSeat } from '../../src/app/seat/daemon.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { printBallot } from '../../src/proof/council/ballot-text.ts';
import { printClose } from '../../src/proof/council/close-text.ts';
import { ballotOf, type Open, printOpen } from '../../src/proof/council/open-text.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';
import { createServerDatabase } from '../support/engines.ts';
import { openStory, PATIENT, type Story } from '../support/story.ts';

const QUORUM = 22;
const SHARED = ['files', 'intake', 'secrets', 'log'] as const;

/** Folders of processes that share what nodes share. */
function nodeFolders(): (name: string) => string {
  const base = mkdtempSync(join(tmpdir(), 'mizan-council-nodes-'));
  for (const shared of SHARED) mkdirSync(join(base, 'shared', shared), { recursive: true, mode: 0o700 });
  return (name) => {
    const folder = join(base, name);
    mkdirSync(folder, { mode: 0o700 });
    for (const shared of SHARED) symlinkSync(join(base, 'shared', shared), join(folder, shared));
    return folder;
  };
}

async function another(platform: CouncilPlatform, environment: Readonly<Record<string, string>>, engine?: 'server'): Promise<Story> {
  return openStory({ ...(engine === undefined ? {} : { engine }), clock: systemClock, limits: PATIENT, council: { tickMs: 200 }, environment: { ...platform.environment, ...environment } });
}

const startAll = async (platform: CouncilPlatform, count: number): Promise<readonly RunningSeat[]> => Promise.all(Array.from({ length: count }, async (_, index) => platform.start(index + 1)));

async function voteAll(platform: CouncilPlatform, seats: readonly RunningSeat[], slot: string): Promise<void> {
  const round = `${slot} 1`;
  await platform.until('every agent sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
  for (const { agent } of seats) agent.decide({ round, choice: 'yes', option: 'A' }, { reason: 'test', advice: 'none', override: false });
}

const ballot = (open: Open, choice: 'yes' | 'no', of: Partial<Open> = {}): string => {
  const made = ballotOf({ ...open, ...of }, choice, 'A');
  if (made === undefined) throw new Error('no such ballot');
  return printBallot(made);
};

describe('an operator that is stopped in the middle of a vote', () => {
  it('finds after its start what was cast, since agents say again what they cast', async () => {
    const folder = nodeFolders()('sole');
    const platform = await councilPlatform(8, { environment: { DATA_DIR: folder } });
    let after: Story | undefined;
    try {
      const seats = await startAll(platform, QUORUM + 1);
      await platform.openRound('2027-001', 30);
      await voteAll(platform, seats, '2027-001');
      await platform.until('receipts of a quorum', () => seats.every(({ agent }) => agent.receiptsOf('2027-001 1').size >= QUORUM));
      await platform.story.close();
      const story = await another(platform, {});
      after = story;
      await story.mizan.server.listen({ host: '127.0.0.1', port: Number(new URL(platform.url).port) });
      await platform.until('the decision', async () => (await story.mizan.council.round('2027-001', 1))?.certified === true, 90_000);
      expect(await story.mizan.council.round('2027-001', 1)).toMatchObject({ stage: 'carried', outcome: { yes: [{ option: 'A', seats: QUORUM + 1 }], silent: 10 } });
    } finally {
      await platform.close(after === undefined);
      await after?.close();
    }
  }, 240_000);
});

describe.skipIf(process.env['TEST_DATABASE_URL'] === undefined)('two processes on one PostgreSQL', () => {
  it('have one operator, which the other follows in its office', async () => {
    const folders = nodeFolders();
    const DATABASE_URL = await createServerDatabase(process.env['TEST_DATABASE_URL'] ?? '');
    const platform = await councilPlatform(8, { engine: 'server', environment: { DATA_DIR: folders('one'), DATABASE_URL } });
    const second = await another(platform, { DATA_DIR: folders('two'), DATABASE_URL }, 'server');
    let isEnded = false;
    try {
      platform.servers.push(await second.listen());
      const [one, two] = [platform.story.mizan.council, second.mizan.council];
      const seats = await startAll(platform, QUORUM + 1);
      expect((await one.standing()).state).toBe('operating');
      expect(await two.standing()).toMatchObject({ state: 'following', epoch: 1, rollDigest: (await one.standing()).rollDigest });

      // Two secretaries open the same round at once, each at a process of their own.
      const open = await platform.openRound('2027-001', 40);
      const rival = async (at: typeof one, slot: string, closesS: number): ReturnType<typeof one.submit> => at.submit([at.bySecretariat(printOpen({ ...open, slot, closesS }))]);
      expect(await rival(two, '2027-001', open.closesS + 60)).toMatchObject({ ok: false, refusal: { code: 'council-entry-refused', entry: 0, rule: 'open-second' } });

      // Ballots that no OPEN allows, brought by anybody.
      const cast = async (seat: number, text: string): ReturnType<typeof two.submit> => two.submit([platform.byBallotKey(seat, text)]);
      const refusedAs = (rule: string): object => ({ ok: false, refusal: { code: 'council-entry-refused', rule } });
      expect(await cast(1, ballot(open, 'yes', { round: 2 }))).toMatchObject(refusedAs('ballot-early'));
      expect(await cast(1, ballot(open, 'yes', { slot: '2027-009' }))).toMatchObject(refusedAs('ballot-early'));
      expect(await cast(1, ballot(open, 'yes', { epoch: 2 }))).toMatchObject(refusedAs('other-epoch'));
      expect(await cast(1, ballot(open, 'yes', { closesS: open.closesS + 1 }))).toMatchObject(refusedAs('ballot-other-closes'));
      expect(await cast(1, ballot(open, 'yes', { options: [{ option: 'A', motion: 'a'.repeat(64) }] }))).toMatchObject(refusedAs('ballot-other-motion'));
      expect(await two.submit([platform.byBallotKey(1, ballot(open, 'yes')).replace('ballot.seat01', 'ballot.seat02')])).toMatchObject({ ok: false });
      // Two different ones of one seat are both kept: the second is evidence, and the seat is marked.
      expect(await cast(33, ballot(open, 'yes'))).toMatchObject({ ok: true });
      expect(await cast(33, ballot(open, 'no'))).toMatchObject({ ok: true });
      expect(await two.round('2027-001', 1)).toMatchObject({ equivocated: [33] });

      await voteAll(platform, seats, '2027-001');
      await platform.until('receipts of a quorum', () => seats.every(({ agent }) => agent.receiptsOf('2027-001 1').size >= QUORUM));
      // The operator's process ends; agents find the other one, which takes the pen.
      await platform.story.close();
      isEnded = true;
      await platform.until('the other operates', async () => (await two.standing()).state === 'operating', 60_000);
      await platform.until('the decision', async () => (await two.round('2027-001', 1))?.certified === true, 90_000);
      const decided = await two.round('2027-001', 1);
      expect(decided).toMatchObject({ stage: 'carried', equivocated: [33], outcome: { carried: 'A', yes: [{ option: 'A', seats: QUORUM + 2 }] } });

      // Two secretaries close what is closed: both are told so, and nothing is written.
      if (decided?.outcome === undefined || decided.entries.close === undefined || decided.closedS === undefined) throw new Error('decided without CLOSE');
      const { close } = decided.entries;
      const again = { council: open.council, epoch: 1, slotRoll: open.slotRoll, slot: open.slot, round: 1, cut: decided.outcome.cut, anchor: close - 1, timeS: decided.closedS };
      // The same text lies there already: its own index is the answer. Another one is refused.
      expect(await two.submit([printClose(again)])).toMatchObject({ ok: true, value: [close] });
      expect(await two.submit([printClose({ ...again, timeS: again.timeS + 1 })])).toMatchObject(refusedAs('close-time'));
      const { index, size, root, timeS } = await two.anchored();
      const later = printClose({ ...again, cut: { size, root }, anchor: index, timeS });
      expect(await Promise.all([two.submit([later]), two.submit([later])])).toMatchObject([refusedAs('close-second'), refusedAs('close-second')]);
      // A ballot after the cut is shown and not counted.
      expect(await cast(32, ballot(open, 'no'))).toMatchObject({ ok: true });
      const late = await two.round('2027-001', 1);
      expect(late?.casts.filter((each) => each.late)).toMatchObject([{ seat: 32, choice: 'no' }]);
      expect(late?.outcome).toEqual(decided?.outcome);
    } finally {
      await platform.close(!isEnded);
      await second.close();
    }
  }, 300_000);
});
