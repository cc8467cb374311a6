/** A QR code (ISO/IEC 18004, byte mode, error correction M) as rows of dark and light modules, for the secret that a telephone reads. */

import { assert } from '../../../base/index.ts';

/** Per version from 1: error-correction bytes of a block, and number of blocks, at level M. */
const CORRECTION_BYTES = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24] as const;
const BLOCKS = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10] as const;
const VERSION_MAX = CORRECTION_BYTES.length;
const LEVEL_M = 0;

export type QrCode = readonly (readonly boolean[])[];

/** The code of a text of at most 412 bytes; longer ones are a mistake of the caller. */
export function qrCode(text: string): QrCode {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= VERSION_MAX && dataBytes(version) < bytes.length + (version < 10 ? 2 : 3)) version += 1;
  assert(version <= VERSION_MAX, 'the text is too long for a QR code');
  const words = withCorrection(dataWords(bytes, version), version);
  const drawn = Array.from({ length: 8 }, (_, mask) => draw(version, words, mask));
  return drawn.reduce((best, one) => (penalty(one) < penalty(best) ? one : best));
}

/** Modules that are left for bits when the fixed patterns are drawn, divided by eight, less the correction. */
function dataBytes(version: number): number {
  return Math.floor(rawModules(version) / 8) - (CORRECTION_BYTES[version - 1] ?? 0) * (BLOCKS[version - 1] ?? 0);
}

function rawModules(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const along = Math.floor(version / 7) + 2;
    modules -= (25 * along - 10) * along - 55;
    if (version >= 7) modules -= 36;
  }
  return modules;
}

function dataWords(bytes: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >>> bit) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) put(byte, 8);
  const capacity = dataBytes(version) * 8;
  put(0, Math.min(4, capacity - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Uint8Array.from({ length: capacity / 8 }, (_, index) => bits.slice(index * 8, index * 8 + 8).reduce((byte, bit) => (byte << 1) | bit, 0));
}

/** Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree: number): Uint8Array {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  let root = 1;
  for (let round = 0; round < degree; round++) {
    for (let index = 0; index < degree; index++) result[index] = times(result[index] ?? 0, root) ^ (result[index + 1] ?? 0);
    root = times(root, 2);
  }
  return result;
}

/** The Reed–Solomon remainder of a block. */
export function remainderOf(data: Uint8Array, degree: number): Uint8Array {
  const divisor = generatorOf(degree);
  const result = new Uint8Array(degree);
  for (const byte of data) {
    const factor = byte ^ (result[0] ?? 0);
    result.copyWithin(0, 1);
    result[degree - 1] = 0;
    for (let index = 0; index < degree; index++) result[index] = (result[index] ?? 0) ^ times(divisor[index] ?? 0, factor);
  }
  return result;
}

/** Blocks interleaved: first all data, then all correction, one byte of each block in turn. */
function withCorrection(data: Uint8Array, version: number): Uint8Array {
  const count = BLOCKS[version - 1] ?? 1;
  const degree = CORRECTION_BYTES[version - 1] ?? 0;
  const short = Math.floor(data.length / count);
  const longer = data.length % count;
  let at = 0;
  const blocks = Array.from({ length: count }, (_, index) => {
    const length = short + (index >= count - longer ? 1 : 0);
    const part = data.slice(at, at + length);
    at += length;
    return { part, correction: remainderOf(part, degree) };
  });
  const result: number[] = [];
  for (let index = 0; index <= short; index++) for (const { part } of blocks) if (index < part.length) result.push(part[index] ?? 0);
  for (let index = 0; index < degree; index++) for (const { correction } of blocks) result.push(correction[index] ?? 0);
  return Uint8Array.from(result);
}

function alignmentPlaces(version: number, size: number): readonly number[] {
  if (version === 1) return [];
  const along = Math.floor(version / 7) + 2;
  const step = Math.ceil((version * 4 + 4) / (along * 2 - 2)) * 2;
  const places = [6];
  for (let place = size - 7; places.length < along; place -= step) places.splice(1, 0, place);
  return places;
}

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function draw(version: number, words: Uint8Array, mask: number): QrCode {
  const size = version * 4 + 17;
  const dark = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const fixed = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  const set = (x: number, y: number, value: boolean): void => {
    const row = dark[y];
    const mark = fixed[y];
    if (row === undefined || mark === undefined || x < 0 || x >= size) return;
    row[x] = value;
    mark[x] = true;
  };
  drawPatterns(version, size, set);
  drawFormat(size, mask, set);
  if (version >= 7) drawVersion(version, size, set);
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    // The column of the timing pattern holds no bits.
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (fixed[y]?.[x] !== false) continue;
        const value = bit < words.length * 8 && (((words[bit >>> 3] ?? 0) >>> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
        const row = dark[y];
        if (row !== undefined) row[x] = value !== (MASKS[mask]?.(x, y) ?? false);
      }
    }
  }
  return dark;
}

type Set = (x: number, y: number, value: boolean) => void;

function drawPatterns(version: number, size: number, set: Set): void {
  for (let index = 0; index < size; index++) {
    set(6, index, index % 2 === 0);
    set(index, 6, index % 2 === 0);
  }
  for (const [centreX, centreY] of [[3, 3], [size - 4, 3], [3, size - 4]] as const) {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        if (centreY + dy >= 0 && centreY + dy < size) set(centreX + dx, centreY + dy, ring !== 2 && ring !== 4);
      }
    }
  }
  const places = alignmentPlaces(version, size);
  const last = places.length - 1;
  places.forEach((x, i) => {
    places.forEach((y, j) => {
      if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(x + dx, y + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    });
  });
}

function drawFormat(size: number, mask: number, set: Set): void {
  const data = (LEVEL_M << 3) | mask;
  let rest = data;
  for (let round = 0; round < 10; round++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (index: number): boolean => ((bits >>> index) & 1) === 1;
  for (let index = 0; index <= 5; index++) set(8, index, bit(index));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let index = 9; index < 15; index++) set(14 - index, 8, bit(index));
  for (let index = 0; index < 8; index++) set(size - 1 - index, 8, bit(index));
  for (let index = 8; index < 15; index++) set(8, size - 15 + index, bit(index));
  set(8, size - 8, true);
}

function drawVersion(version: number, size: number, set: Set): void {
  let rest = version;
  for (let round = 0; round < 12; round++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let index = 0; index < 18; index++) {
    const value = ((bits >>> index) & 1) === 1;
    const far = size - 11 + (index % 3);
    const near = Math.floor(index / 3);
    set(far, near, value);
    set(near, far, value);
  }
}

/** How hard a drawing is to read: long runs, blocks, patterns that look like corners, too much of one colour. */
function penalty(code: QrCode): number {
  const size = code.length;
  const at = (x: number, y: number): boolean => code[y]?.[x] ?? false;
  let points = 0;
  let darks = 0;
  for (let a = 0; a < size; a++) {
    for (const get of [(b: number) => at(b, a), (b: number) => at(a, b)]) {
      let run = 0;
      let line = '';
      for (let b = 0; b < size; b++) {
        line += get(b) ? '1' : '0';
        run = b > 0 && get(b) === get(b - 1) ? run + 1 : 1;
        if (run === 5) points += 3;
        else if (run > 5) points += 1;
      }
      const padded = `0000${line}0000`;
      for (let b = 0; b + 11 <= padded.length; b++) {
        const part = padded.slice(b, b + 11);
        if (part === '00001011101' || part === '10111010000') points += 40;
      }
    }
    for (let b = 0; b < size; b++) {
      if (at(b, a)) darks += 1;
      if (a + 1 < size && b + 1 < size && at(b, a) === at(b + 1, a) && at(b, a) === at(b, a + 1) && at(b, a) === at(b + 1, a + 1)) points += 3;
    }
  }
  return points + 10 * Math.max(0, Math.ceil(Math.abs(darks * 20 - size * size * 10) / (size * size)) - 1);
}
