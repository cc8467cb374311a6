/** Opens a file as text: finds its encoding once, then decodes it piece by piece. */

import { open } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import type { TableFacts } from '../../model/table.ts';
import { UnreadableFile } from '../../model/refusal.ts';

export type Encoding = NonNullable<TableFacts['encoding']>;

const PIECE_BYTES = 256 * 1024;
/** Bytes around characters beyond ASCII that the guess of a legacy encoding looks at. */
const EVIDENCE_BYTES_MAX = 64 * 1024;
const NUL_SHARE_OF_UTF16 = 0.2;
/** ISO 8859-1 files are in practice Windows-1252, which has letters where the former has controls. */
const PRACTICAL: Readonly<Record<string, string>> = { 'iso-8859-1': 'windows-1252', 'iso-8859-9': 'windows-1254', ascii: 'utf-8' };

/** Finds the encoding: byte order mark, then strict UTF-8 over the whole file, then the shape of UTF-16, then a guess from its letters. */
export async function detectEncoding(path: string, chosen?: string): Promise<Encoding> {
  const head = await readHead(path, 4096);
  if (head.length === 0) throw new UnreadableFile('file-empty');
  const mark = markOf(head);
  if (chosen !== undefined) {
    if (!iconv.encodingExists(chosen)) throw new UnreadableFile('encoding-unknown', { encoding: chosen });
    return { name: chosen.toLowerCase(), byteOrderMark: mark === chosen.toLowerCase(), detected: false };
  }
  if (mark === 'utf-16le' || mark === 'utf-16be') return { name: mark, byteOrderMark: true, detected: true, confidence: 100 };
  const shape = utf16Shape(head);
  if (shape !== undefined) return { name: shape, byteOrderMark: false, detected: true, confidence: 90 };
  const evidence = await invalidUtf8Evidence(path);
  if (evidence === undefined) return { name: 'utf-8', byteOrderMark: mark === 'utf-8', detected: true, confidence: 100 };
  return guess(evidence);
}

function guess(evidence: Buffer): Encoding {
  const matches = analyse(evidence)
    .map((match) => ({ name: PRACTICAL[match.name.toLowerCase()] ?? match.name.toLowerCase(), confidence: match.confidence }))
    .filter((match, index, all) => match.name !== 'utf-8' && iconv.encodingExists(match.name) && all.findIndex((other) => other.name === match.name) === index);
  const best = matches[0];
  if (best === undefined) return { name: 'windows-1252', byteOrderMark: false, detected: true, confidence: 0, alternatives: ['windows-1251', 'windows-1254'] };
  return { name: best.name, byteOrderMark: false, detected: true, confidence: best.confidence, alternatives: matches.slice(1, 6).map((match) => match.name) };
}

async function readHead(path: string, bytes: number): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

function markOf(head: Buffer): string | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** UTF-16 without a mark is valid UTF-8 full of NULs; Latin text puts them all on one side. */
function utf16Shape(head: Buffer): string | undefined {
  let even = 0;
  let odd = 0;
  for (let i = 0; i < head.length; i++) {
    if (head[i] !== 0) continue;
    if (i % 2 === 0) even++;
    else odd++;
  }
  const half = head.length / 2;
  if (odd > half * NUL_SHARE_OF_UTF16 && even < odd / 10) return 'utf-16le';
  if (even > half * NUL_SHARE_OF_UTF16 && odd < even / 10) return 'utf-16be';
  return undefined;
}

/** Undefined when the whole file is valid UTF-8, else the stretches of it that hold bytes beyond ASCII. */
async function invalidUtf8Evidence(path: string): Promise<Buffer | undefined> {
  if (await isUtf8(path)) return undefined;
  const evidence: Buffer[] = [];
  let held = 0;
  for await (const piece of pieces(path)) {
    held += collectEvidence(piece, evidence, EVIDENCE_BYTES_MAX - held);
    if (held >= EVIDENCE_BYTES_MAX) break;
  }
  return Buffer.concat(evidence);
}

async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of pieces(path)) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

const AROUND_BYTES = 40;

function collectEvidence(piece: Buffer, evidence: Buffer[], bytesMax: number): number {
  let held = 0;
  let done = 0;
  for (let i = 0; i < piece.length && held < bytesMax; i++) {
    if ((piece[i] ?? 0) < 0x80 || i < done) continue;
    const from = Math.max(done, i - AROUND_BYTES);
    done = Math.min(piece.length, i + AROUND_BYTES);
    evidence.push(piece.subarray(from, done));
    held += done - from;
  }
  return held;
}

async function* pieces(path: string): AsyncIterable<Buffer> {
  for await (const piece of createReadStream(path, { highWaterMark: PIECE_BYTES })) yield piece as Buffer;
}

/** The text of the file piece by piece; a byte order mark is not part of it. */
export async function* textOf(path: string, encoding: string): AsyncIterable<string> {
  const decoder = decoderOf(encoding);
  for await (const piece of pieces(path)) {
    const text = decoder.write(piece);
    if (text !== '') yield text;
  }
  const rest = decoder.end();
  if (rest !== '') yield rest;
}

function decoderOf(encoding: string): { write(bytes: Buffer): string; end(): string } {
  if (encoding === 'utf-8' || encoding === 'utf8') {
    // Not fatal: the file was checked, or the user insists on UTF-8 and damaged places become U+FFFD, which is counted.
    const decoder = new TextDecoder('utf-8');
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
  }
  const decoder = iconv.getDecoder(encoding);
  let atStart = true;
  return {
    write: (bytes) => {
      const text = decoder.write(bytes);
      if (!atStart || text === '') return text;
      atStart = false;
      return text.startsWith('\uFEFF') ? text.slice(1) : text;
    },
    end: () => decoder.end() ?? '',
  };
}
