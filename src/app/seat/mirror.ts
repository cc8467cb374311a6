/** The seat's own copy of the log, as the entry bundles that every verifier of a log reads: what remains when the operator fails. */

import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TILE_WIDTH, printEntryBundle, tilePath, utf8 } from '../../proof/index.ts';

/**
 * Owner of the bundle at the edge: fewer than 256 entries in memory, whatever the length of the log. The journal is the truth; this folder
 * is made of it and made again where a file is missing.
 */
export class Mirror {
  readonly #folder: string;
  #edge: string[] = [];
  #full = 0;
  #written = 0;

  constructor(folder: string) {
    this.#folder = join(folder, 'mirror');
  }

  get size(): number {
    return this.#full * TILE_WIDTH + this.#edge.length;
  }

  add(entries: readonly string[]): void {
    for (const entry of entries) {
      this.#edge.push(entry);
      if (this.#edge.length < TILE_WIDTH) continue;
      const path = join(this.#folder, tilePath({ level: 'entries', index: this.#full, width: TILE_WIDTH }));
      if (!existsSync(path)) this.#write(path, this.#edge);
      rmSync(`${path}.p`, { recursive: true, force: true });
      this.#edge = [];
      this.#full += 1;
      this.#written = 0;
    }
  }

  /** Writes what stands at the edge; the narrower bundle before it goes. */
  settle(): void {
    const width = this.#edge.length;
    if (width === this.#written) return;
    const path = join(this.#folder, tilePath({ level: 'entries', index: this.#full, width }));
    this.#write(path, this.#edge);
    if (this.#written > 0) rmSync(join(dirname(path), String(this.#written)), { force: true });
    this.#written = width;
  }

  #write(path: string, entries: readonly string[]): void {
    const bundle = printEntryBundle(entries.map(utf8));
    if (!bundle.ok) return;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.next`, bundle.value, { mode: 0o600 });
    renameSync(`${path}.next`, path);
  }
}
