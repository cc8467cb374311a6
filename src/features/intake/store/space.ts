/** Keeps an import from filling the disk: an estimate before it begins, a reserve that it never touches. */

import type { Database } from '../../../platform/db/index.ts';
import { freeBytes } from '../../../platform/files/index.ts';
import { UnreadableFile } from '../model/refusal.ts';

/**
 * Bytes the embedded database grows by, measured with 20,000 short rows (3 MB became 226 MB) and 8,785 long ones (13 MB became 286 MB), pre-screen
 * and write-ahead log included, and raised by a fifth. Entries, indexes and history cost by row; texts and search cost by byte.
 */
const CHECK_PER_BYTE = 4;
const TABLES_PER_ROW = 4_500;
const TABLES_PER_BYTE = 7;
const LOG_PER_ROW = 6_500;
const LOG_PER_BYTE = 11;
/** From here on (`max_wal_size` of PostgreSQL) segments of the log are used again. */
const LOG_BYTES_MAX = 1024 * 1024 * 1024;
/** A workbook is packed: about so many bytes of text come out of one byte. */
const WORKBOOK_TEXT_PER_BYTE = 6;
/**
 * An import that writes stops when less is free: four segments of the write-ahead log, which PostgreSQL must be able to add at any moment.
 * A batch of rows between two looks writes less than that.
 */
export const RESERVE_BYTES = 64 * 1024 * 1024;
const MEGABYTE = 1_000_000;

/** What is about to begin. `rows` is what the check counted. */
export type Work =
  | { readonly step: 'receive'; readonly bytes: number }
  | { readonly step: 'check'; readonly bytes: number; readonly isWorkbook: boolean }
  | { readonly step: 'apply'; readonly bytes: number; readonly isWorkbook: boolean; readonly rows: number };

/** Both throw UnreadableFile `disk-space-low` with what is free and what is needed in megabytes, rounded against the disk. */
export interface Space {
  check(work: Work): Promise<void>;
  /** While an import runs. */
  watch(): Promise<void>;
}

/** The tables of a PostgreSQL server lie on a disk of its own, which it guards itself: there only the kept file counts. */
export function createSpace(dataDir: string, engine: Database['engine']): Space {
  const demand = async (needed: number): Promise<void> => {
    const free = await freeBytes(dataDir);
    if (free < needed) throw new UnreadableFile('disk-space-low', { free: Math.floor(free / MEGABYTE), needed: Math.ceil(needed / MEGABYTE) });
  };
  return {
    check: async (work) => {
      const needed = neededBytes(work, engine);
      if (needed > 0) await demand(needed);
    },
    watch: async () => (engine === 'embedded' ? demand(RESERVE_BYTES) : undefined),
  };
}

/** Bytes that must be free before the work begins. The file is on the disk already when it is checked. */
export function neededBytes(work: Work, engine: Database['engine']): number {
  if (engine === 'server') return work.step === 'receive' ? work.bytes + RESERVE_BYTES : 0;
  if (work.step === 'receive') return work.bytes * (1 + CHECK_PER_BYTE) + RESERVE_BYTES;
  const text = work.bytes * (work.isWorkbook ? WORKBOOK_TEXT_PER_BYTE : 1);
  if (work.step === 'check') return text * CHECK_PER_BYTE + RESERVE_BYTES;
  const log = work.rows * LOG_PER_ROW + text * LOG_PER_BYTE;
  return work.rows * TABLES_PER_ROW + text * TABLES_PER_BYTE + Math.min(log, LOG_BYTES_MAX) + RESERVE_BYTES;
}
