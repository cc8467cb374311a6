/** The whole product with a council of 33 founded on it: witnesses outside, agents over HTTP, votes of seconds. */

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ComposeOptions } from '../../src/app/compose.ts';
import { openSeat, type RunningSeat } from '../../src/app/seat/daemon.ts';
import { type SeatSettings, unsealedKeys } from '../../src/app/seat/seat-folder.ts';
import type { RoundFacts } from '../../src/features/council/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { printNote, signNote } from '../../src/proof/index.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { printConstitution } from '../../src/proof/council/constitution.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { checkMemberKeys, type HandedInKeys } from '../../src/proof/council/member-keys.ts';
import { printMotion } from '../../src/proof/council/motion-text.ts';
import { type Open, printOpen } from '../../src/proof/council/open-text.ts';
import { NO_PREVIOUS, type Roll } from '../../src/proof/council/roll-text.ts';
import { quick, SERVED_ORIGIN } from './council-server.ts';
import { type OutsideWitness, outsideWitness } from './outside-witness.ts';
import { openStory, PATIENT, type Story } from './story.ts';

export interface CouncilPlatform {
  readonly story: Story;
  readonly url: string;
  readonly witnesses: readonly OutsideWitness[];
  readonly roll: Roll;
  /** Digest of the genesis, as the gazette would print it. */
  readonly pin: string;
  /** `cutOff`: those of its fellows that it neither hears nor reaches. */
  start(seat: number, cutOff?: (address: number | 'operator') => boolean): Promise<RunningSeat>;
  /** The keys of a seat, for who speaks in its name without being its agent. */
  keysOf(seat: number): Pick<ReturnType<typeof unsealedKeys>, 'keys' | 'ballot'>;
  /** Papers, slot roll, anchor and OPEN of a round that closes in so many seconds. */
  openRound(slot: string, closesInS: number, motionClass?: string): Promise<Open>;
  /** Waits until it holds; throws with what was waited for. */
  until(what: string, holds: () => Promise<boolean> | boolean, ms?: number): Promise<void>;
  facts(slot: string): Promise<RoundFacts | undefined>;
  /** What the platform was started with, for another process beside it or after it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where agents started from now on look for the council. */
  readonly servers: string[];
  /** A note by the ballot key of a seat. */
  byBallotKey(seat: number, text: string): string;
  /** `storyToo` is false where the process has been ended already. */
  close(storyToo?: boolean): Promise<void>;
}

const LANGUAGES = ['az', 'en', 'ru'] as const;

export async function councilPlatform(voteS: number, options: { readonly environment?: Readonly<Record<string, string>>; readonly engine?: 'embedded' | 'server'; readonly council?: ComposeOptions['council']; /** Keys that members make elsewhere, by seat, before the founding. */ readonly handedIn?: (url: string, story: Story) => Promise<ReadonlyMap<number, HandedInKeys>> } = {}): Promise<CouncilPlatform> {
  const base = mkdtempSync(join(tmpdir(), 'mizan-council-platform-'));
  const constitution = quick(SERVED_ORIGIN, voteS, 1);
  const witnesses = await Promise.all(['court', 'audit', 'university'].map(async (name) => outsideWitness(`witness.${name}.example`)));
  writeFileSync(join(base, 'constitution'), printConstitution(constitution));
  writeFileSync(join(base, 'policy'), `${witnesses.map(({ vkey, url }, at) => `witness w${at + 1} ${vkey} ${url}`).join('\n')}\nquorum none\n`);
  const environment = { LOG_ORIGIN: SERVED_ORIGIN, LOG_POLICY: join(base, 'policy'), COUNCIL_CONSTITUTION: join(base, 'constitution'), OUTBOUND_ALLOW: witnesses.map(({ url }) => `private:${url}`).join(' '), ...options.environment };
  const story = await openStory({
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    clock: systemClock,
    limits: PATIENT,
    council: { tickMs: 200, ...options.council },
    environment,
  });
  const url = await story.listen();
  const servers = [url];
  const { council } = story.mizan;
  const { log, secretariat } = council.keys();
  for (const witness of witnesses) witness.follow(log);
  const settings = (seat: number): SeatSettings => ({ servers, council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who: { seat } });
  const members = Array.from({ length: constitution.seats }, (_, index) => unsealedKeys(settings(index + 1)));
  const brought = (await options.handedIn?.(url, story)) ?? new Map<number, HandedInKeys>();
  const places = constitution.constituencies.flatMap(({ name, seats }) => Array.from({ length: seats }, () => name));
  const roll: Roll = {
    council: constitution.council,
    epoch: 1,
    previous: NO_PREVIOUS,
    log,
    secretariat,
    outside: { needed: 2, keys: witnesses.map(({ vkey }) => vkey) },
    seats: members.map(({ handedIn }, index) => {
      const checked = checkMemberKeys(suite, brought.get(index + 1) ?? handedIn, { council: constitution.council, origin: SERVED_ORIGIN, epoch: 1, who: { seat: index + 1 } });
      if (!checked.ok) throw new Error(checked.refusal.code);
      const { mlDsa: _, ...keys } = checked.value;
      return { seat: index + 1, constituency: places[index] ?? '', ...keys, domains: { hosting: 'one-machine', build: 'mizan' } };
    }),
    alternates: [],
  };
  const founded = await council.found(roll);
  if (!founded.ok) throw new Error(JSON.stringify(founded.refusal));
  const pin = founded.value.digest;
  const running = new Set<RunningSeat>();
  const texts = new Map<string, { manifest: string; texts: Record<string, string> }>();
  const platform: CouncilPlatform = {
    story,
    url,
    witnesses,
    roll,
    pin,
    environment,
    servers,
    byBallotKey: (seat, text) => printNote(signNote(suite, text, members[seat - 1]!.ballot)),
    keysOf: (seat) => members[seat - 1]!,
    start: async (seat, cutOff) => {
      const folder = join(base, `seat-${seat}`);
      mkdirSync(folder, { recursive: true });
      const { keys, ballot } = members[seat - 1]!;
      const one = await openSeat({ folder, settings: { ...settings(seat), genesis: pin }, keys, standing: ballot, log: () => undefined, tickS: 1, waitS: 5, ...(cutOff === undefined ? {} : { cutOff }) });
      running.add(one);
      one.start();
      return one;
    },
    openRound: async (slot, closesInS, motionClass = 'standard') => {
      const round = { slot, round: 1 };
      const said = Object.fromEntries(LANGUAGES.map((language) => [language, `${language} ${slot}\n`]));
      const manifest = printMotion({ council: constitution.council, number: slot, option: 'A', class: motionClass, authentic: 'az', texts: LANGUAGES.map((language) => ({ language, digest: digestOf(suite, said[language] ?? '') })), annexes: [], basis: ['Article 12(1)'], parties: [] });
      // Papers of rounds that are made here; those of motions are known to motions.
      council.textsBy(async (digest) => Promise.resolve(texts.get(digest)));
      texts.set(digestOf(suite, manifest), { manifest, texts: said });
      const slotRoll = await council.slotRollFor(slot, 1);
      if (!slotRoll.ok) throw new Error(slotRoll.refusal.code);
      const written = await council.submit([manifest, slotRoll.value.text]);
      if (!written.ok) throw new Error(JSON.stringify(written.refusal));
      const { size, root } = await council.anchored();
      const nowS = Math.floor(Date.now() / 1000);
      const sealed = motionClass === 'contested';
      const open: Open = { council: constitution.council, epoch: 1, slotRoll: slotRoll.value.digest, ...round, class: motionClass, sealed, options: [{ option: 'A', motion: digestOf(suite, manifest) }], opened: { size, root }, closesS: nowS + closesInS, ...(sealed ? { commitsCloseS: nowS + Math.ceil(closesInS / 2) } : {}) };
      const opened = await council.submit([council.bySecretariat(printOpen(open))]);
      if (!opened.ok) throw new Error(JSON.stringify(opened.refusal));
      return open;
    },
    until: async (what, holds, ms = 60_000) => {
      for (const end = Date.now() + ms; !(await holds()); await pause(50)) if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    },
    facts: async (slot) => council.round(slot, 1),
    close: async (storyToo = true) => {
      await Promise.all([...running].map(async (one) => one.stop()));
      if (storyToo) await story.close();
      await Promise.all(witnesses.map(async (one) => one.close()));
    },
  };
  return platform;
}
