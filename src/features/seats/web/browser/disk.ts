/** What a seat keeps in a browser: who it is, its keys, and the journal of its promises, on the disk before anything is signed. */
/// <reference lib="dom" />

import type { SeatRecord } from '../../../../proof/council/seat.ts';
import type { SeatIdentity } from '../../model.ts';
import type { DailyKeys } from './keys.ts';

export interface KeptFounding {
  /** SHA-256 of the genesis as the member compared it, 64 hexadecimal digits. */
  readonly pin: string;
  readonly genesis: string;
  readonly constitution: string;
}

export interface KeptSeat {
  readonly identity: SeatIdentity;
  readonly keys: DailyKeys;
  /** Whether the backup was opened again after it was saved: until then the keys are not handed in. */
  readonly isTested: boolean;
  /** The file of the ceremony: public, shown again when asked for. */
  readonly handedIn: string;
  readonly founding?: KeptFounding;
}

/** What the member did, for their own records: never leaves the browser. */
export interface Act {
  readonly round: string;
  readonly choice: string;
  readonly option?: string;
  readonly reason: string;
  /** Digits that were shown, in fours. */
  readonly digits: string;
  readonly timeS: number;
}

export type Frame = { readonly kind: 'records'; readonly records: readonly SeatRecord[] } | { readonly kind: 'act'; readonly act: Act };

/** Every promise resolves when the disk has it, and rejects when it has not. */
export interface SeatDisk {
  seat(): Promise<KeptSeat | undefined>;
  keepSeat(seat: KeptSeat): Promise<void>;
  append(frame: Frame): Promise<void>;
  /** All frames in their order. */
  read(take: (frame: Frame) => void): Promise<void>;
  /** Keys and journal. */
  forget(): Promise<void>;
}

const NAME = 'mizan-seat';
const VERSION = 1;
const FRAMES_AT_ONCE = 256;

async function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    for (const bad of ['abort', 'error'] as const) transaction.addEventListener(bad, () => reject(transaction.error ?? new Error('the browser did not write')));
  });
}

async function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('the browser did not answer')));
  });
}

async function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, VERSION);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore('seat');
    request.result.createObjectStore('journal', { autoIncrement: true });
  });
  return answered(request);
}

/** IndexedDB with strict durability: the promise resolves after the browser has flushed to the disk. */
export async function openDisk(): Promise<SeatDisk> {
  const database = await opened();
  const writing = (store: string): IDBTransaction => database.transaction(store, 'readwrite', { durability: 'strict' });
  return {
    seat: async () => answered(database.transaction('seat').objectStore('seat').get('seat') as IDBRequest<KeptSeat | undefined>),
    keepSeat: async (seat) => {
      const transaction = writing('seat');
      transaction.objectStore('seat').put(seat, 'seat');
      await finished(transaction);
    },
    append: async (frame) => {
      const transaction = writing('journal');
      transaction.objectStore('journal').add(frame);
      await finished(transaction);
    },
    read: async (take) => {
      let after = 0;
      for (;;) {
        const store = database.transaction('journal').objectStore('journal');
        const range = IDBKeyRange.lowerBound(after, true);
        const [keys, frames] = await Promise.all([answered(store.getAllKeys(range, FRAMES_AT_ONCE)), answered(store.getAll(range, FRAMES_AT_ONCE) as IDBRequest<Frame[]>)]);
        for (const frame of frames) take(frame);
        if (keys.length < FRAMES_AT_ONCE) return;
        after = keys.at(-1) as number;
      }
    },
    forget: async () => {
      const transaction = database.transaction(['seat', 'journal'], 'readwrite', { durability: 'strict' });
      transaction.objectStore('seat').clear();
      transaction.objectStore('journal').clear();
      await finished(transaction);
    },
  };
}
