/** More of what yauzl offers: archives in memory, and the checksum of an entry. The package brings no types. */

declare module 'yauzl' {
  export interface Entry {
    readonly crc32: number;
    readonly externalFileAttributes: number;
    readonly relativeOffsetOfLocalHeader: number;
  }
  export interface OpenOptions {
    readonly strictFileNames?: boolean;
  }
  export function fromBuffer(buffer: Buffer, options: OpenOptions, callback: (error: Error | null, zip?: ZipFile) => void): void;
}
