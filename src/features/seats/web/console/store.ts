/** What the console of a seat knows and shows at a moment: keys or none, this tab or another, and the seat that runs. One for a page. */
/// <reference lib="dom" />

import { printMemberKeys } from '../../../../proof/council/member-keys.ts';
import { hex, sameBytes } from '../../../../proof/index.ts';
import { ed25519 } from '@noble/curves/ed25519.js';
import { fromHex } from '../../../../proof/bytes.ts';
import { nobleSuite as suite } from '../../../../proof/noble-suite.ts';
import type { CouncilFacts, SeatIdentity } from '../../model.ts';
import { printPaper, readPaper } from '../../rules/paper.ts';
import { seedsOf, type Seeds } from '../../rules/seeds.ts';
import { openBackup, sealBackup, type BackupRefusal } from '../browser/backup.ts';
import { openDisk, type KeptSeat, type SeatDisk } from '../browser/disk.ts';
import { dailyKeys, handedInKeys, type DailyKeys } from '../browser/keys.ts';
import { openSeat, shownFounding, type RunningSeat, type ShownFounding, type StartRefusal } from '../browser/running-seat.ts';

/** One tab at a time: two agents of one seat would betray each other's promises. */
const LOCK = 'mizan-seat';
/** Digits of a genesis that a member has to copy from the gazette at least: 80 bits. */
export const PIN_DIGITS_MIN = 20;

export type Phase =
  | { readonly kind: 'loading' | 'elsewhere' | 'no-storage' | 'no-keys' }
  /** Keys are there; the backup is not tested, or the council not pinned, or the seat was stopped. */
  | { readonly kind: 'keys'; readonly kept: KeptSeat }
  | { readonly kind: 'starting'; readonly kept: KeptSeat }
  | { readonly kind: 'refused'; readonly kept: KeptSeat; readonly why: StartRefusal }
  | { readonly kind: 'running'; readonly kept: KeptSeat; readonly seat: RunningSeat };

/** What is shown once, right after keys were made, and then nowhere any more. */
export interface FreshKeys {
  readonly paper: readonly string[];
  readonly backup: string;
}

export type MakeRefusal = 'ml-dsa-missing' | 'storage-failed';
export type RestoreRefusal = BackupRefusal | 'paper-length' | 'paper-letter' | 'paper-checksum' | 'ml-dsa-missing' | 'storage-failed' | 'backup-other-keys';

const nowS = (): number => Math.floor(Date.now() / 1000);

function areKeysOf(keys: DailyKeys, seeds: Seeds): boolean {
  return (['ballot', 'agent', 'cosign'] as const).every((name) => sameBytes(ed25519.getPublicKey(fromHex(seeds[name]) ?? new Uint8Array(32)), keys[name].publicKey));
}

export class ConsoleStore {
  readonly facts: CouncilFacts;
  phase: Phase = { kind: 'loading' };
  fresh: FreshKeys | undefined;
  shown: ShownFounding | undefined;
  /** Counts changes, so that a view draws itself again. */
  version = 0;
  #disk: SeatDisk | undefined;
  readonly #listeners = new Set<() => void>();
  #isQueued = false;

  constructor(facts: CouncilFacts) {
    this.facts = facts;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** At most once a frame: a busy log changes much. */
  changed(): void {
    if (this.#isQueued) return;
    this.#isQueued = true;
    setTimeout(() => {
      this.#isQueued = false;
      this.version += 1;
      for (const listener of this.#listeners) listener();
    }, 30);
  }

  #enter(phase: Phase): void {
    this.phase = phase;
    this.changed();
  }

  get seat(): RunningSeat | undefined {
    return this.phase.kind === 'running' ? this.phase.seat : undefined;
  }

  get kept(): KeptSeat | undefined {
    return 'kept' in this.phase ? this.phase.kept : undefined;
  }

  /** Waits for its turn among the tabs, opens the store and starts the seat if all is ready. The lock is held as long as the page lives. */
  begin(): void {
    if (!('indexedDB' in globalThis) || navigator.locks === undefined) {
      this.#enter({ kind: 'no-storage' });
      return;
    }
    void navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      if (lock === null) this.#enter({ kind: 'elsewhere' });
    });
    void navigator.locks.request(LOCK, async () => {
      try {
        this.#disk = await openDisk();
        await this.#settle();
      } catch {
        this.#enter({ kind: 'no-storage' });
      }
      return new Promise<never>(() => undefined);
    });
  }

  async #settle(): Promise<void> {
    const kept = await this.#disk?.seat();
    if (kept === undefined) this.#enter({ kind: 'no-keys' });
    else if (kept.isTested && kept.founding !== undefined) await this.start();
    else this.#enter({ kind: 'keys', kept });
  }

  async #keep(kept: KeptSeat): Promise<void> {
    await this.#disk?.keepSeat(kept);
    this.#enter({ kind: 'keys', kept });
  }

  // -------------------------------------------------------------- keys

  /** Makes a new seat, or new keys for a later epoch. What is returned is shown once. */
  async make(identity: SeatIdentity, passphrase: string): Promise<MakeRefusal | undefined> {
    const seed = crypto.getRandomValues(new Uint8Array(32));
    const seeds = seedsOf(suite, seed);
    const handedIn = await handedInKeys(identity, seeds);
    if (!handedIn.ok) return handedIn.refusal;
    const backup = await sealBackup(identity, seeds, passphrase);
    const paper = printPaper(suite, seed);
    try {
      // The browser may throw away what nobody asked it to keep.
      await navigator.storage.persist?.();
      await this.#keep({ identity, keys: await dailyKeys(seeds), isTested: false, handedIn: printMemberKeys(handedIn.value) });
    } catch {
      return 'storage-failed';
    }
    this.fresh = { paper, backup };
    return undefined;
  }

  /** Whether the saved backup opens to the very keys that are here; then they may be handed in. */
  async testBackup(text: string, passphrase: string): Promise<RestoreRefusal | undefined> {
    const { kept } = this;
    if (kept === undefined) return 'backup-other-keys';
    const opened = await openBackup(text, passphrase);
    if (!opened.ok) return opened.refusal;
    if (!areKeysOf(kept.keys, opened.value.seeds)) return 'backup-other-keys';
    await this.#keep({ ...kept, isTested: true });
    return undefined;
  }

  /** Whether the paper holds the keys that are here. */
  testPaper(typed: string): RestoreRefusal | undefined {
    const { kept } = this;
    const read = readPaper(suite, typed);
    if (!read.ok) return read.refusal;
    return kept !== undefined && areKeysOf(kept.keys, seedsOf(suite, read.value)) ? undefined : 'backup-other-keys';
  }

  async restoreBackup(text: string, passphrase: string): Promise<RestoreRefusal | undefined> {
    const opened = await openBackup(text, passphrase);
    return opened.ok ? this.#restored(opened.value.identity, opened.value.seeds) : opened.refusal;
  }

  async restorePaper(identity: SeatIdentity, typed: string): Promise<RestoreRefusal | undefined> {
    const read = readPaper(suite, typed);
    return read.ok ? this.#restored(identity, seedsOf(suite, read.value)) : read.refusal;
  }

  /**
   * A browser into which keys are brought back does not know what they promised. Before anything else it writes down that it sits out every
   * round until a head is certified after this moment: it needs nobody's honesty for that.
   */
  async #restored(identity: SeatIdentity, seeds: Seeds): Promise<RestoreRefusal | undefined> {
    const handedIn = await handedInKeys(identity, seeds);
    if (!handedIn.ok) return handedIn.refusal;
    try {
      await navigator.storage.persist?.();
      await this.#disk?.forget();
      await this.#disk?.append({ kind: 'records', records: [{ kind: 'resync', sinceS: nowS() }] });
      await this.#keep({ identity, keys: await dailyKeys(seeds), isTested: true, handedIn: printMemberKeys(handedIn.value) });
    } catch {
      return 'storage-failed';
    }
    return undefined;
  }

  /** Keys and journal leave this browser; the backup and the paper remain. */
  async forget(): Promise<void> {
    await this.seat?.stop();
    await this.#disk?.forget();
    this.fresh = undefined;
    this.#enter({ kind: 'no-keys' });
  }

  // -------------------------------------------------------------- the council

  async lookAtFounding(): Promise<'away' | 'not-founded' | undefined> {
    const shown = await shownFounding(async (path, init) => fetch(path, init), suite);
    if (!shown.ok) return shown.refusal;
    this.shown = shown.value;
    this.changed();
    return undefined;
  }

  /** The member typed digits of the genesis from the gazette: they have to begin the digest that the server shows. */
  async pin(typed: string): Promise<'pin-short' | 'pin-differs' | undefined> {
    const digits = typed.toLowerCase().replace(/^sha256:/, '').replaceAll(/[\s-]/g, '');
    const { shown, kept } = this;
    if (digits.length < PIN_DIGITS_MIN || !/^[0-9a-f]+$/.test(digits)) return 'pin-short';
    if (shown === undefined || kept === undefined || !shown.digest.startsWith(digits)) return 'pin-differs';
    await this.#keep({ ...kept, founding: { pin: shown.digest, genesis: shown.genesis, constitution: shown.constitution } });
    await this.start();
    return undefined;
  }

  async start(): Promise<void> {
    const kept = await this.#disk?.seat();
    if (this.#disk === undefined || kept?.founding === undefined) return;
    this.#enter({ kind: 'starting', kept });
    const opened = await openSeat({ suite, disk: this.#disk, fetch: async (path, init) => fetch(path, init), clockS: nowS, changed: () => this.changed() }, { ...kept, founding: kept.founding });
    if (!opened.ok) {
      this.#enter({ kind: 'refused', kept, why: opened.refusal });
      return;
    }
    this.#enter({ kind: 'running', kept, seat: opened.value });
    await opened.value.start();
    this.changed();
  }
}

/** SHA-256 of a text, 64 hexadecimal digits. */
export const digestOfText = (text: string): string => hex(suite.sha256(new TextEncoder().encode(text)));
