/** The part of yauzl that is used here; the package ships no types. */

declare module 'yauzl' {
  import type { EventEmitter } from 'node:events';
  import type { Readable } from 'node:stream';

  export interface Entry {
    readonly fileName: string;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    isEncrypted(): boolean;
  }
  export interface ZipFile extends EventEmitter {
    readonly entryCount: number;
    readEntry(): void;
    openReadStream(entry: Entry, callback: (error: Error | null, stream?: Readable) => void): void;
    close(): void;
  }
  export interface OpenOptions {
    readonly lazyEntries?: boolean;
    readonly autoClose?: boolean;
    readonly validateEntrySizes?: boolean;
  }
  export function open(path: string, options: OpenOptions, callback: (error: Error | null, zip?: ZipFile) => void): void;
}
