/** What a backup file consists of: one line that names it, then frames, each with a digest over itself and everything before it. */

/** First line of a plain backup; that of an encrypted one is in seal.ts. */
export const MAGIC = 'MIZAN-BACKUP/1\n';
export const FORMAT = 1;

/** Rows are collected to about this much text before they are written away. */
export const FRAME_BYTES = 1024 * 1024;
/** A single row may be larger than a frame; no row of the register comes near this. */
export const FRAME_BYTES_MAX = 256 * 1024 * 1024;
export const TABLES_MAX = 2000;
export const SEQUENCES_MAX = 2000;
export const FILES_MAX = 10_000_000;
export const PATH_LENGTH_MAX = 1000;

export interface AppliedMigration {
  readonly id: string;
  readonly sha256: string;
}

/** Where a backup comes from; the first frame. */
export interface Origin {
  readonly format: number;
  readonly software: string;
  readonly engine: 'embedded' | 'server';
  /** As the database names itself, `17.5`. */
  readonly databaseVersion: string;
  /** ISO 8601 in UTC. */
  readonly madeAt: string;
  readonly migrations: readonly AppliedMigration[];
  /** Tables whose rows are not in it, each with the rule. */
  readonly leftOut: readonly { readonly table: string; readonly why: 'unlogged' | 'queue' | 'own' }[];
}

export interface TableHead {
  /** In the schema `public`. */
  readonly name: string;
  /** Columns in the order of the rows; generated columns are not among them. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

export interface TableEnd {
  readonly name: string;
  readonly rows: number;
  /** Of the rows as written: JSON arrays of text or null, one a line, in the order of the key. */
  readonly bytes: number;
  readonly sha256: string;
}

export interface SequenceState {
  readonly name: string;
  readonly lastValue: string;
  readonly isCalled: boolean;
}

export interface FileHead {
  /** Relative to the data folder, with `/`. */
  readonly path: string;
}

export interface FileEnd {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The last frame: what must have been read before. */
export interface Summary {
  readonly tables: readonly TableEnd[];
  readonly sequences: number;
  readonly files: number;
  readonly fileBytes: number;
  readonly secrets: boolean;
}

export type Frame =
  | { readonly kind: 'origin'; readonly value: Origin }
  | { readonly kind: 'table'; readonly value: TableHead }
  /** Rows as lines of JSON. */
  | { readonly kind: 'rows'; readonly bytes: Buffer }
  | { readonly kind: 'table-end'; readonly value: TableEnd }
  | { readonly kind: 'sequences'; readonly value: readonly SequenceState[] }
  | { readonly kind: 'file'; readonly value: FileHead }
  | { readonly kind: 'piece'; readonly bytes: Buffer }
  | { readonly kind: 'file-end'; readonly value: FileEnd }
  | { readonly kind: 'end'; readonly value: Summary };

export const LETTERS = { origin: 'O', table: 'T', rows: 'R', 'table-end': 'U', sequences: 'S', file: 'F', piece: 'P', 'file-end': 'G', end: 'E' } as const satisfies Record<Frame['kind'], string>;

/** Why a file is not taken for a backup. */
export type BackupRefusal =
  | 'not-a-backup'
  | 'newer-format'
  | 'encrypted'
  | 'not-encrypted'
  | 'wrong-passphrase'
  | 'truncated'
  | 'damaged'
  | 'more-after-end'
  | 'newer-software'
  | 'changed-migration'
  | 'rows-refused';

/** Thrown while a backup is read; `readBackup`, `verifyBackup` and `restore` answer it as a refusal. */
export class BadBackup extends Error {
  readonly refusal: BackupRefusal;
  /** Where it was noticed: a table, a file, or a byte of the backup. */
  readonly where: string;
  constructor(refusal: BackupRefusal, where: string, cause?: unknown) {
    super(`${refusal} at ${where}`, cause === undefined ? undefined : { cause });
    this.name = 'BadBackup';
    this.refusal = refusal;
    this.where = where;
  }
}
