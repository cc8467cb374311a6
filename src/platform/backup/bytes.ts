/** Reads exact numbers of bytes from a stream of pieces, with no more in memory than what was asked for and one piece. */

import { type BackupRefusal, BadBackup } from './format.ts';

export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);
  #ended = false;
  #position = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** How many bytes were taken so far. */
  get position(): number {
    return this.#position;
  }

  /** Throws BadBackup when the stream ends before. */
  async take(bytes: number, where: string, refusal: BackupRefusal = 'truncated'): Promise<Buffer> {
    if (!(await this.#fill(bytes))) throw new BadBackup(refusal, where);
    const taken = this.#held.subarray(0, bytes);
    this.#held = this.#held.subarray(bytes);
    this.#position += bytes;
    return taken;
  }

  /** At most `bytes`; fewer only at the end. */
  async takeUpTo(bytes: number): Promise<Buffer> {
    await this.#fill(bytes);
    return this.take(Math.min(bytes, this.#held.length), '');
  }

  async atEnd(): Promise<boolean> {
    return !(await this.#fill(1));
  }

  async #fill(bytes: number): Promise<boolean> {
    if (this.#held.length >= bytes) return true;
    const pieces: Uint8Array[] = [this.#held];
    let length = this.#held.length;
    while (length < bytes && !this.#ended) {
      const next = await this.#source.next();
      if (next.done === true) this.#ended = true;
      else {
        pieces.push(next.value);
        length += next.value.length;
      }
    }
    this.#held = Buffer.concat(pieces, length);
    return length >= bytes;
  }
}
