/** Readers of tiles, bundles, tile names, proof files, sealed ballots and draws against inputs that nobody meant: no crash, and what is accepted prints as it was. */

import { describe, expect, it } from 'vitest';
import { base64, joinBytes, sameBytes, utf8 } from './bytes.ts';
import { parseSealed, printSealed } from './commitment.ts';
import { nodeSuite } from './node-suite.ts';
import { parseDraw, printDraw } from './sortition.ts';
import { parseEntryBundle, parseTile, parseTilePath, printEntryBundle, printTile, tilePath } from './tiles.ts';
import { parseTlogProof, printTlogProof } from './tlog-proof.ts';

/** FUZZ=all runs the long course; FUZZ_SEED repeats one. */
const INPUTS = process.env['FUZZ'] === 'all' ? 1_000_000 : 100_000;
const SEED = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const TIMEOUT_MS = INPUTS;
console.info(`fuzz of parsers: ${INPUTS} inputs each, FUZZ_SEED=${SEED}`);

/** Numbers in [0, below), the same for the same seed (mulberry32). */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const HASH = base64(nodeSuite.sha256(utf8('a')));
const WORDS = ['\n', '\n\n', ' ', '=', '0', '00', '-1', '9007199254740993', 'x000', 'x001', '/', '.p/', '256', '\r', '\u0000', '\uD800', 'ə', 'extra ', 'index ', 'entries', 'tile/', HASH, '— log ', '\uFEFF'];
type Random = (below: number) => number;

/** A sample with a few pieces cut, doubled, swapped for words that formats are made of, or changed by a bit. */
function mutated(sample: string, random: Random): string {
  let text = sample;
  for (let times = random(4); times >= 0; times -= 1) {
    const [from, length] = [random(text.length + 1), random(8)];
    const cut = text.slice(0, from);
    const rest = text.slice(from);
    switch (random(6)) {
      case 0: text = cut + rest.slice(length); break;
      case 1: text = cut + WORDS[random(WORDS.length)]! + rest; break;
      case 2: text = cut + rest.slice(0, length) + rest; break;
      case 3: text = cut + String.fromCharCode(random(256)) + rest.slice(1); break;
      case 4: text = cut + WORDS[random(WORDS.length)]! + rest.slice(length); break;
      default: text = random(20) === 0 ? cut : cut + String.fromCharCode((rest.charCodeAt(0) || 0) ^ (1 << random(7))) + rest.slice(1);
    }
  }
  return text;
}

interface Reader {
  readonly samples: readonly string[];
  /** What the accepted text prints as, undefined where it is refused. */
  readonly reprint: (text: string) => string | undefined;
}

const CHECKPOINT = `council.example\n6\n${HASH}\n\n— council.example Kk/jOK0p\n`;
const SALT = nodeSuite.sha256(utf8('salt'));
const TEXTS: Readonly<Record<string, Reader>> = {
  'tile names': {
    samples: ['tile/0/000', 'tile/0/x001/x234/067.p/5', 'tile/entries/x001/000', 'tile/6/000.p/31'],
    reprint: (text) => {
      const read = parseTilePath(text);
      return read.ok ? tilePath(read.value) : undefined;
    },
  },
  'proof files': {
    samples: [0, 1, 3].map((count) => printTlogProof({ index: count * 5, hashes: Array.from({ length: count }, () => SALT), checkpoint: CHECKPOINT, ...(count === 1 ? { extra: utf8('more') } : {}) })),
    reprint: (text) => {
      const read = parseTlogProof(text);
      return read.ok ? printTlogProof(read.value) : undefined;
    },
  },
  'sealed ballots': {
    samples: [printSealed({ seat: 1, slot: '2027-014', round: 1, salt: SALT, ballot: 'mizan-council/ballot/v1\nchoice yes\n\n— a AAAA\n' })],
    reprint: (text) => {
      const read = parseSealed(text);
      return read.ok ? printSealed(read.value) : undefined;
    },
  },
  'draws': {
    samples: [printDraw({ slot: '2027-014', purpose: 'reviewers', root: HASH, drawn: [3, 11, 270] })],
    reprint: (text) => {
      const read = parseDraw(text);
      return read.ok ? printDraw(read.value) : undefined;
    },
  },
};

describe('texts', () => {
  it.each(Object.entries(TEXTS))('%s', (_name, { samples, reprint }) => {
    for (const sample of samples) expect(reprint(sample)).toBe(sample);
    const random = randomFrom(SEED);
    let accepted = 0;
    for (let made = 0; made < INPUTS; made += 1) {
      const text = mutated(samples[random(samples.length)]!, random);
      const printed = reprint(text);
      if (printed === undefined) continue;
      accepted += 1;
      // `expect` for each of a million would be most of the time.
      if (printed !== text) expect.fail(`accepted, but printed otherwise: ${JSON.stringify(text)}`);
    }
    // A fuzz that never passes the door would show nothing of what is behind it.
    expect(accepted).toBeGreaterThan(INPUTS / 1000);
    expect(accepted).toBeLessThan(INPUTS);
  }, TIMEOUT_MS);
});

describe('bytes', () => {
  const bundle = printEntryBundle([utf8('one'), utf8(''), utf8('three three three')]);
  const samples = [bundle.ok ? bundle.value : new Uint8Array(), joinBytes(SALT, SALT, SALT)];

  it('bundles and tiles', () => {
    const random = randomFrom(SEED);
    let accepted = 0;
    for (let made = 0; made < INPUTS; made += 1) {
      const sample = samples[random(samples.length)]!;
      const from = random(sample.length);
      let bytes = Uint8Array.from(sample);
      if (random(2) === 0) bytes[from]! ^= 1 << random(8);
      if (random(3) === 0) bytes = Uint8Array.from(joinBytes(bytes.subarray(0, from), bytes.subarray(Math.min(bytes.length, from + random(40)))));
      if (random(5) === 0) bytes = Uint8Array.from(joinBytes(bytes, Uint8Array.of(0, random(4))));
      const width = random(6);
      const entries = parseEntryBundle(bytes, width);
      if (entries.ok) {
        accepted += 1;
        const printed = printEntryBundle(entries.value);
        if (!printed.ok || !sameBytes(printed.value, bytes) || entries.value.length !== width) expect.fail(`bundle ${base64(bytes)} of ${width}`);
      }
      const hashes = parseTile(bytes, width);
      if (hashes.ok && (!sameBytes(printTile(hashes.value), bytes) || hashes.value.length !== width)) expect.fail(`tile ${base64(bytes)} of ${width}`);
    }
    expect(accepted).toBeGreaterThan(INPUTS / 1000);
    expect(accepted).toBeLessThan(INPUTS);
  }, TIMEOUT_MS);
});
