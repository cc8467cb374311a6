/** A council of 33 real processes of `mizan seat run`, each with its own folder and its own cable to the server, with a steward's key at hand. */

import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { NoteSigner } from '../../src/proof/index.ts';
import { makeSeatFolder, openBallotKey, readSettings, type SeatSettings, writeSettings } from '../../src/app/seat/seat-folder.ts';
import { maySign, signText } from '../../src/app/seat/steward-signs.ts';
import type { ToSign } from '../../src/app/seat/agent.ts';
import type { RoundSummary } from '../../src/app/seat/desk.ts';
import type { Choice } from '../../src/proof/council/ballot-text.ts';
import { type Cable, layCable } from './cable.ts';
import { CouncilServer, quick, SERVED_ORIGIN } from './council-server.ts';

const root = join(import.meta.dirname, '../..');
const CHEAP = { cost: 1024, passes: 1 };
const PASSPHRASE = 'a passphrase of a test council';
const ANSWER_MS_MAX = 5000;

export interface SeatProcess {
  readonly seat: number;
  readonly folder: string;
  readonly ballot: NoteSigner;
  readonly cable: Cable;
  readonly errors: string[];
  child: ChildProcess | undefined;
  clockOffsetS: number;
  isStopped: boolean;
}

export interface SeatCouncil {
  readonly server: CouncilServer;
  readonly seats: readonly SeatProcess[];
  start(seat: SeatProcess): void;
  kill(seat: SeatProcess): Promise<void>;
  /** Tells a seat's agent the steward's choice and signs; the names of the notices, or undefined when it did not answer. */
  vote(seat: SeatProcess, round: string, choice: Choice): Promise<readonly string[] | undefined>;
  look(seat: SeatProcess): Promise<{ readonly size: number; readonly starting: boolean; readonly resync: boolean; readonly rounds: readonly RoundSummary[] } | undefined>;
  close(): Promise<void>;
}

async function door<T>(folder: string, path: string, body?: unknown): Promise<T | undefined> {
  try {
    const { url, token } = JSON.parse(readFileSync(join(folder, 'door.json'), 'utf8')) as { url: string; token: string };
    const answer = await fetch(`${url}/api/${path}`, { ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }), headers: { authorization: `Bearer ${token}`, connection: 'close' }, signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    return answer.ok ? ((await answer.json()) as T) : undefined;
  } catch {
    return undefined;
  }
}

export async function seatCouncil(voteS: number, deltaS: number): Promise<SeatCouncil> {
  const base = mkdtempSync(join(tmpdir(), 'mizan-council-'));
  const passphrase = join(base, 'passphrase');
  writeFileSync(passphrase, PASSPHRASE, { mode: 0o600 });
  const settingsOf = (seat: number): SeatSettings => ({ servers: ['http://127.0.0.1:1'], council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who: { seat } });
  const folders = Array.from({ length: 33 }, (_, index) => join(base, `seat-${index + 1}`));
  const members = folders.map((folder, index) => makeSeatFolder(folder, settingsOf(index + 1), PASSPHRASE, CHEAP));
  const server = new CouncilServer({ constitution: quick(SERVED_ORIGIN, voteS, deltaS), origin: SERVED_ORIGIN, members });
  const url = await server.listen();
  const seats: SeatProcess[] = [];
  for (const [index, folder] of folders.entries()) {
    const cable = await layCable(`${url}/`);
    writeSettings(folder, { ...settingsOf(index + 1), servers: [cable.url.replace(/\/$/, '')], genesis: server.pin });
    seats.push({ seat: index + 1, folder, ballot: openBallotKey(folder, readSettings(folder), PASSPHRASE), cable, errors: [], child: undefined, clockOffsetS: 0, isStopped: false });
  }
  const start = (one: SeatProcess): void => {
    if (one.child !== undefined) return;
    const child = spawn(process.execPath, ['--max-semi-space-size=1', join(root, 'dist/seat.js'), 'seat', 'run', '--folder', one.folder, '--passphrase-file', passphrase, '--tick', '2', '--clock-offset', String(one.clockOffsetS)], {
      env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(base, 'compiled') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    one.child = child;
    child.stderr?.on('data', (piece: Buffer) => one.errors.push(...piece.toString().split('\n').filter((line) => line.includes('"level":"error"') || !line.startsWith('{')).filter((line) => line !== '')));
    child.once('exit', () => {
      if (one.child === child) one.child = undefined;
    });
  };
  const kill = async (one: SeatProcess): Promise<void> => {
    const { child } = one;
    if (child === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (one.isStopped) child.kill('SIGCONT');
    one.isStopped = false;
    child.kill('SIGKILL');
    await ended;
  };
  return {
    server,
    seats,
    start,
    kill,
    look: async ({ folder }) => door(folder, 'rounds'),
    vote: async ({ folder, ballot }, round, choice) => {
      const told = await door<{ readonly notices: readonly string[]; readonly toSign: readonly ToSign[] }>(folder, 'vote', { round, choice, reason: 'as the schedule says', option: 'A' });
      let waiting = told?.toSign ?? [];
      const open = server.prefix.rounds.get(round)?.open;
      for (let more = 0; more < 4 && waiting.length > 0; more += 1) {
        const next = waiting[0] as ToSign;
        if (!maySign(next, { round, choice, motion: open?.options[0]?.motion })) break;
        waiting = (await door<{ readonly toSign: readonly ToSign[] }>(folder, 'sign', { text: next.text, signature: signText(ballot, next.text), round }))?.toSign ?? [];
      }
      return told?.notices;
    },
    close: async () => {
      await Promise.all(seats.map(kill));
      await Promise.all(seats.map(async ({ cable }) => cable.close()));
      await server.close();
    },
  };
}

/** A copy of a seat's journal as a backup would hold it, and the way back to it. */
export function backUp({ folder }: SeatProcess): void {
  const journal = join(folder, 'journal', 'frames');
  if (existsSync(journal)) copyFileSync(journal, join(folder, 'frames.backup'));
}

export function restoreBackup({ folder }: SeatProcess): boolean {
  const backup = join(folder, 'frames.backup');
  if (!existsSync(backup)) return false;
  copyFileSync(backup, join(folder, 'journal', 'frames'));
  return true;
}

export { pause };
