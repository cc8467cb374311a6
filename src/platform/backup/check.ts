/** Reads a backup from beginning to end and holds everything that it says against everything that is in it. */

import { createHash, type Hash } from 'node:crypto';
import { BadBackup, FORMAT, type Frame, type Origin, type Summary, type TableHead } from './format.ts';
import { demandInside } from './data-files.ts';
import type { Cell } from './session.ts';

export interface Read {
  readonly origin: Origin;
  readonly summary: Summary;
}

/** The lines of a frame as rows of cells. Throws BadBackup when one is not what the table says. */
export function cellsOf(bytes: Buffer, table: TableHead): readonly (readonly Cell[])[] {
  const lines = bytes.toString('utf8').split('\n');
  if (lines.pop() !== '') throw new BadBackup('damaged', `table ${table.name}`);
  return lines.map((line) => {
    let row: unknown;
    try {
      row = JSON.parse(line);
    } catch (error) {
      throw new BadBackup('damaged', `table ${table.name}`, error);
    }
    if (!Array.isArray(row) || row.length !== table.columns.length || !row.every((cell) => cell === null || typeof cell === 'string')) throw new BadBackup('damaged', `table ${table.name}`);
    return row as Cell[];
  });
}

/**
 * Passes every frame on after it was checked: order of frames, rows decoded and counted, digests of tables and files, and at the end that nothing
 * is missing. Throws BadBackup. Answers what was read.
 */
export async function* checked(frames: AsyncIterable<Frame>): AsyncGenerator<Frame, Read> {
  const seen = new Checker();
  for await (const frame of frames) {
    seen.take(frame);
    yield frame;
  }
  return seen.end();
}

/** Owner of what was seen so far of one backup. */
class Checker {
  #origin: Origin | undefined;
  #summary: Summary | undefined;
  #table: TableHead | undefined;
  #path: string | undefined;
  #hash: Hash = createHash('sha256');
  #rows = 0;
  #bytes = 0;
  #sequences = 0;
  #files = 0;
  #fileBytes = 0;
  readonly #tables: string[] = [];

  take(frame: Frame): void {
    if ((this.#origin === undefined) !== (frame.kind === 'origin')) throw new BadBackup('damaged', 'the first frame');
    const inTable = frame.kind === 'rows' || frame.kind === 'table-end';
    const inFile = frame.kind === 'piece' || frame.kind === 'file-end';
    if ((this.#table !== undefined) !== inTable || (this.#path !== undefined) !== inFile) throw new BadBackup('damaged', `frame ${frame.kind}`);
    switch (frame.kind) {
      case 'origin':
        if (frame.value.format > FORMAT) throw new BadBackup('newer-format', 'the first frame');
        this.#origin = frame.value;
        return;
      case 'table':
        this.#table = frame.value;
        this.#begin();
        return;
      case 'rows':
        this.#add(frame.bytes);
        this.#rows += cellsOf(frame.bytes, this.#table!).length;
        return;
      case 'table-end': {
        const { name, rows, bytes, sha256 } = frame.value;
        if (name !== this.#table?.name || rows !== this.#rows || bytes !== this.#bytes || sha256 !== this.#hash.digest('hex')) throw new BadBackup('damaged', `table ${name}`);
        this.#tables.push(`${name} ${rows} ${sha256}`);
        this.#table = undefined;
        return;
      }
      case 'sequences':
        this.#sequences = frame.value.length;
        return;
      case 'file':
        demandInside(frame.value.path);
        this.#path = frame.value.path;
        this.#begin();
        return;
      case 'piece':
        this.#add(frame.bytes);
        return;
      case 'file-end': {
        const { path, bytes, sha256 } = frame.value;
        if (path !== this.#path || bytes !== this.#bytes || sha256 !== this.#hash.digest('hex')) throw new BadBackup('damaged', `file ${path}`);
        this.#files++;
        this.#fileBytes += bytes;
        this.#path = undefined;
        return;
      }
      case 'end':
        this.#summary = frame.value;
    }
  }

  end(): Read {
    const [origin, summary] = [this.#origin, this.#summary];
    if (origin === undefined || summary === undefined) throw new BadBackup('truncated', 'the end');
    const told = summary.tables.map(({ name, rows, sha256 }) => `${name} ${rows} ${sha256}`);
    if (told.join('\n') !== this.#tables.join('\n') || summary.sequences !== this.#sequences || summary.files !== this.#files || summary.fileBytes !== this.#fileBytes) throw new BadBackup('damaged', 'the last frame');
    return { origin, summary };
  }

  #begin(): void {
    this.#hash = createHash('sha256');
    this.#rows = 0;
    this.#bytes = 0;
  }

  #add(bytes: Buffer): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }
}
