/** Seats of the browser's console run in Node: the same core and carrier over a disk in memory, for tests that need a whole council. */

import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import type { HandedInKeys } from '../../src/proof/council/member-keys.ts';
import { printMemberKeys } from '../../src/proof/council/member-keys.ts';
import type { SeatIdentity } from '../../src/features/seats/model.ts';
import { seedsOf, type Seeds } from '../../src/features/seats/rules/seeds.ts';
import type { Frame, KeptSeat, SeatDisk } from '../../src/features/seats/web/browser/disk.ts';
import { dailyKeys, handedInKeys } from '../../src/features/seats/web/browser/keys.ts';
import { openSeat, RunningSeat, shownFounding } from '../../src/features/seats/web/browser/running-seat.ts';

/** A disk that can fail at will, and be copied as a backup would. */
export class MemoryDisk implements SeatDisk {
  frames: Frame[] = [];
  kept: KeptSeat | undefined;
  fails = false;
  async seat(): Promise<KeptSeat | undefined> {
    return this.kept;
  }
  async keepSeat(seat: KeptSeat): Promise<void> {
    this.kept = seat;
  }
  async append(frame: Frame): Promise<void> {
    if (this.fails) throw new Error('the disk is full');
    this.frames.push(structuredClone(frame));
  }
  async read(take: (frame: Frame) => void): Promise<void> {
    for (const frame of this.frames) take(frame);
  }
  async forget(): Promise<void> {
    this.frames = [];
    this.kept = undefined;
  }
}

export interface MadeSeat {
  readonly identity: SeatIdentity;
  readonly seeds: Seeds;
  readonly handedIn: HandedInKeys;
}

export async function makeSeat(identity: SeatIdentity, fill: number): Promise<MadeSeat> {
  const seeds = seedsOf(suite, new Uint8Array(32).fill(fill));
  const handedIn = await handedInKeys(identity, seeds);
  if (!handedIn.ok) throw new Error(handedIn.refusal);
  return { identity, seeds, handedIn: handedIn.value };
}

export const fetchFrom = (url: string) => async (path: string, init: RequestInit): Promise<Response> => fetch(`${url}${path}`, init);

/** Starts the seat over the disk, as a page does that was opened with these keys. */
export async function startConsole(url: string, made: MadeSeat, disk: MemoryDisk, pin: string, tickMs = 1000): Promise<RunningSeat> {
  const parts = { suite, disk, fetch: fetchFrom(url), clockS: (): number => Math.floor(Date.now() / 1000), tickMs, waitS: 5, changed: (): void => undefined };
  const shown = await shownFounding(parts.fetch, suite);
  if (!shown.ok) throw new Error(shown.refusal);
  const { genesis, constitution } = shown.value;
  const kept = { identity: made.identity, keys: await dailyKeys(made.seeds), isTested: true, handedIn: printMemberKeys(made.handedIn), founding: { pin, genesis, constitution } };
  await disk.keepSeat(kept);
  const opened = await openSeat(parts, kept);
  if (!opened.ok) throw new Error(opened.refusal);
  await opened.value.start();
  return opened.value;
}
