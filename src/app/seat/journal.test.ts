/** The journal of a seat under every cut, tear and change of its bytes, and under two writers. */

import { copyFileSync, mkdtempSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fault } from '../../base/index.ts';
import { type Frame, openJournal } from './journal.ts';
import { takeFolder } from './lock.ts';
import { PASSPHRASE_CHARS_MIN } from './passphrase.ts';
import { readPrivately, seal, unseal, writePrivately } from './sealed-file.ts';

const WHOSE = { genesis: 'ab'.repeat(32), seat: 7 };
const folder = (): string => mkdtempSync(join(tmpdir(), 'mizan-journal-'));
const pathIn = (at: string): string => join(at, 'journal', 'frames');
const frame = (number: number): Frame => ({ kind: 'signed', text: `text ${number} ə\n`, note: `note ${'x'.repeat(number * 7)}\n` });

function readAll(at: string): { readonly frames: readonly Frame[]; readonly torn: number } {
  const frames: Frame[] = [];
  const journal = openJournal(at, WHOSE, (each) => frames.push(each));
  const torn = journal.tornBytes;
  journal.close();
  return { frames, torn };
}

function written(frames: readonly Frame[]): string {
  const at = folder();
  const journal = openJournal(at, WHOSE, () => undefined);
  for (const each of frames) journal.append(each);
  journal.close();
  return at;
}

function codeOf(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
}

describe('a journal', () => {
  it('gives back what was written, in order, with whose it is first', () => {
    const frames = [1, 2, 3].map(frame);
    expect(readAll(written(frames)).frames).toEqual([{ kind: 'begin', ...WHOSE }, ...frames]);
  });

  it('killed at every byte holds the whole frames before it, and goes on', () => {
    const at = written([1, 2, 3].map(frame));
    const bytes = readFileSync(pathIn(at));
    const ends = [...bytes.entries()].filter(([, byte]) => byte === 10).map(([index]) => index + 1);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      writeFileSync(pathIn(at), bytes.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      const { frames } = readAll(at);
      // An empty file begins anew; a begun one holds `begin` and the frames before the cut.
      expect(frames.length).toBe(whole);
      const journal = openJournal(at, WHOSE, () => undefined);
      journal.append(frame(9));
      journal.close();
      expect(readAll(at).frames.at(-1)).toEqual(frame(9));
    }
  });

  it('takes a last line that the disk wrote in part, or as zeros, for torn', () => {
    for (const spoil of [(bytes: Buffer) => bytes.fill(0, bytes.length - 20), (bytes: Buffer) => bytes.fill(0, bytes.length - 20, bytes.length - 1), (bytes: Buffer) => bytes.subarray(0, -1)]) {
      const at = written([1, 2].map(frame));
      writeFileSync(pathIn(at), spoil(readFileSync(pathIn(at))));
      const { frames, torn } = readAll(at);
      expect(frames.at(-1)).toEqual(frame(1));
      expect(torn).toBeGreaterThan(0);
    }
  });

  it('with any changed byte is refused, or the change tore its last line', () => {
    const at = written([1, 2, 3].map(frame));
    const bytes = readFileSync(pathIn(at));
    const lastLine = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (index, change) => {
        const spoilt = Buffer.from(bytes);
        spoilt[index] = bytes[index]! ^ change;
        writeFileSync(pathIn(at), spoilt);
        if (index < lastLine) expect(['seat-journal-damaged', 'seat-journal-other']).toContain(codeOf(() => readAll(at)));
        else expect(['none', 'seat-journal-damaged']).toContain(codeOf(() => expect(readAll(at).frames.length).toBe(3)));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a line left out', (lines: string[]) => lines.toSpliced(2, 1)],
    ['two lines exchanged', (lines: string[]) => [lines[0]!, lines[2]!, lines[1]!, lines[3]!]],
    ['a line twice', (lines: string[]) => lines.toSpliced(2, 0, lines[2]!)],
    ['a line between', (lines: string[]) => lines.toSpliced(1, 0, `40 ${'0'.repeat(32)} {"kind":"signed","text":"x","note":"y"}`)],
  ])('with %s is refused', (_what, change) => {
    const at = written([1, 2, 3].map(frame));
    const lines = readFileSync(pathIn(at), 'utf8').split('\n').slice(0, -1);
    writeFileSync(pathIn(at), `${change(lines).join('\n')}\n`);
    expect(codeOf(() => readAll(at))).toBe('seat-journal-damaged');
  });

  it('of another seat or council is refused', () => {
    const at = written([frame(1)]);
    expect(codeOf(() => openJournal(at, { ...WHOSE, seat: 8 }, () => undefined))).toBe('seat-journal-other');
    expect(codeOf(() => openJournal(at, { ...WHOSE, genesis: 'cd'.repeat(32) }, () => undefined))).toBe('seat-journal-other');
  });

  it('stops when somebody else writes to it', () => {
    const at = written([frame(1)]);
    const mine = openJournal(at, WHOSE, () => undefined);
    const other = openJournal(at, WHOSE, () => undefined);
    other.append(frame(2));
    expect(codeOf(() => mine.append(frame(3)))).toBe('seat-journal-moved');
    expect(codeOf(() => mine.append(frame(3)))).toBe('seat-journal-not-written');
    mine.close();
    other.close();
    expect(readAll(at).frames.at(-1)).toEqual(frame(2));
  });

  it('that fails on the disk, before or after the bytes are there, says so and takes nothing more', () => {
    for (const lost of [true, false]) {
      const at = written([frame(1)]);
      const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });
      let fails = false;
      const journal = openJournal(at, WHOSE, () => undefined, {
        write: (file, bytes, where) => {
          if (fails && lost) throw full;
          writeSync(file, bytes, 0, bytes.length, where);
        },
        sync: () => {
          if (fails) throw full;
        },
      });
      fails = true;
      expect(codeOf(() => journal.append(frame(2)))).toBe('seat-journal-not-written');
      fails = false;
      expect(codeOf(() => journal.append(frame(2)))).toBe('seat-journal-not-written');
      journal.close();
      expect(readAll(at).frames.length).toBe(lost ? 2 : 3);
    }
  });

  it('taken back to an older copy reads well: the past is asked of the others, not of the file', () => {
    const at = written([frame(1)]);
    copyFileSync(pathIn(at), `${pathIn(at)}.old`);
    const journal = openJournal(at, WHOSE, () => undefined);
    journal.append(frame(2));
    journal.close();
    copyFileSync(`${pathIn(at)}.old`, pathIn(at));
    expect(readAll(at).frames.at(-1)).toEqual(frame(1));
  });
});

describe('the lock of a folder', () => {
  it('lets one agent in, and the next after it left', () => {
    const at = folder();
    const leave = takeFolder(at, 'one');
    expect(codeOf(() => takeFolder(at, 'two'))).toBe('seat-folder-in-use');
    leave();
    takeFolder(at, 'two')();
  });

  it('is taken over from a process that is gone, or whose number another one has', () => {
    const at = folder();
    for (const owner of ['{"pid":999999999,"started":"1","instance":"x"}', `{"pid":1,"started":"another start","instance":"x"}`, 'not json', '']) {
      writeFileSync(join(at, 'lock'), owner);
      takeFolder(at, 'mine')();
    }
  });

  it('of a living process is not taken', () => {
    const at = folder();
    writeFileSync(join(at, 'lock'), JSON.stringify({ pid: process.ppid, started: startOf(process.ppid), instance: 'parent' }));
    expect(codeOf(() => takeFolder(at, 'two'))).toBe('seat-folder-in-use');
  });
});

const startOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';

describe('sealed keys', () => {
  const cost = { cost: 1024, passes: 1 };
  const sealed = seal('ballot', 'a secret ə', 'correct horse battery', cost);

  it('open under the passphrase alone', () => {
    expect(unseal('ballot', sealed, 'correct horse battery')).toEqual({ ok: true, value: 'a secret ə' });
    expect(unseal('ballot', sealed, 'correct horse batterz')).toEqual({ ok: false, refusal: 'passphrase' });
    expect(unseal('agent', sealed, 'correct horse battery')).toEqual({ ok: false, refusal: 'other-content' });
    expect(sealed).not.toContain('secret ');
  });

  it.each([
    ['no JSON', 'x', 'form'],
    ['another format', sealed.replace('sealed/v1', 'sealed/v2'), 'form'],
    ['work that would eat the memory', sealed.replace('"cost":1024', '"cost":1073741824'), 'form'],
    ['work that is no power of two', sealed.replace('"cost":1024', '"cost":1025'), 'form'],
    ['work made less', sealed.replace('"cost":1024', '"cost":2048'), 'passphrase'],
    ['another name in the header', sealed.replace('"what":"ballot"', '"what":"agent"'), 'other-content'],
  ])('with %s are refused', (_what, text, code) => {
    expect(unseal('ballot', text, 'correct horse battery')).toEqual({ ok: false, refusal: code });
  });

  it('with any changed byte of the content are refused', () => {
    const read = JSON.parse(sealed) as { sealed: string; salt: string; nonce: string };
    for (const field of ['sealed', 'salt', 'nonce'] as const) {
      const bytes = Buffer.from(read[field], 'base64');
      for (let at = 0; at < bytes.length; at += 5) {
        const changed = Buffer.from(bytes);
        changed[at] = bytes[at]! ^ 1;
        expect(unseal('ballot', JSON.stringify({ ...read, [field]: changed.toString('base64') }), 'correct horse battery').ok).toBe(false);
      }
    }
  });

  it('are never overwritten, and not read when others may', () => {
    const path = join(folder(), 'key');
    writePrivately(path, 'one');
    expect(codeOf(() => writePrivately(path, 'two'))).toBe('seat-file-exists');
    expect(readPrivately(path)).toBe('one');
    writeFileSync(`${path}.open`, 'x', { mode: 0o644 });
    expect(codeOf(() => readPrivately(`${path}.open`))).toBe('seat-file-open');
    expect(codeOf(() => readPrivately(`${path}.none`))).toBe('seat-file-not-read');
    expect(PASSPHRASE_CHARS_MIN).toBeGreaterThanOrEqual(12);
  });
});
