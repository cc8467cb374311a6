/** Looks at a picture from its first to its last byte: one picture, and nothing behind it that another program would open. */

import { no, type Verdict, yes } from '../../base/index.ts';

export type PictureRefusal = 'broken-archive' | 'two-kinds' | 'archive-bomb';

/** More cannot be meant for a screen or for paper; it would fill the memory of whoever opens it. */
const PIXELS_MAX = 200_000_000;
const PNG_HEADER_BYTES = 8;
const PNG_CHUNK_FRAME_BYTES = 12;
/** What other programs would take the rest for: archives, documents, pages, scripts, programs. */
// oxlint-disable-next-line no-control-regex -- the magic bytes of other formats hold them
const SECOND_FILE = /PK\u0003\u0004|PK\u0005\u0006|%PDF-|<(?:!doctype|html|script|svg|\?php)|#!\/|\u007FELF|MZ[^]{58}[^]{4}|Rar!\u001A/i;

/** `bytes` is the whole file. */
export function inspectPng(bytes: Buffer): Verdict<true, PictureRefusal> {
  let at = PNG_HEADER_BYTES;
  while (at + PNG_CHUNK_FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString('latin1', at + 4, at + 8);
    if (kind === 'IHDR' && length >= 8 && bytes.readUInt32BE(at + 8) * bytes.readUInt32BE(at + 12) > PIXELS_MAX) return no('archive-bomb');
    at += PNG_CHUNK_FRAME_BYTES + length;
    if (kind === 'IEND') return at === bytes.length ? yes(true) : no(at > bytes.length ? 'broken-archive' : 'two-kinds');
  }
  return no('broken-archive');
}

/** Cameras write a second picture or notes behind the end mark: that may stay, a file of another kind may not. */
export function inspectJpeg(bytes: Buffer): Verdict<true, PictureRefusal> {
  let at = 2;
  for (;;) {
    // Fill bytes may stand before a marker.
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined || at + 4 > bytes.length) return no('broken-archive');
    // From the start of the scan the data is packed; its end mark is looked for.
    if (marker === 0xda) break;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame && at + 9 <= bytes.length && bytes.readUInt16BE(at + 5) * bytes.readUInt16BE(at + 7) > PIXELS_MAX) return no('archive-bomb');
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  const end = bytes.indexOf(Buffer.from([0xff, 0xd9]), at);
  if (end === -1) return no('broken-archive');
  return SECOND_FILE.test(bytes.toString('latin1', end + 2)) ? no('two-kinds') : yes(true);
}
