/** The laws of notes, checkpoints and cosignatures on made-up input, good and bad. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { base64, fromBase64, fromDecimal, fromHex, fromUint64, fromUtf8, hex, joinBytes, sameBytes, uint64, utf8 } from './bytes.ts';
import { parseCheckpoint, printCheckpoint, type Checkpoint } from './checkpoint.ts';
import { cosign, cosignMlDsa44, verifyCosignature } from './cosignature.ts';
import { mlDsa44SignerOf, nodeSuite, signerOf } from './node-suite.ts';
import { nobleSuite } from './noble-suite.ts';
import { addLines, admitVkey, isKeyName, KEY_TYPES, NOTE_LINES_MAX, openNote, parseNote, parseNoteBytes, parseVkey, printLine, printNote, printVkey, signLine, signNote, verifierKey, type Note, type NoteSigner, type VerifierKey } from './note.ts';
import { PROOF_CODES } from './refusals.ts';

const CASES = 10_000;
const signerNamed = (name: string, seed: number): NoteSigner => ({ name, ...signerOf(new Uint8Array(32).fill(seed)) });
const keyOf = ({ name, publicKey }: NoteSigner, type: VerifierKey['type'] = KEY_TYPES.note): VerifierKey => verifierKey(nodeSuite, name, type, publicKey);
const alice = signerNamed('alice.example', 1);
const bob = signerNamed('bob.example', 2);
const TEXT = 'first line\n\nthird line, after an empty one\n';
const CHECKPOINT: Checkpoint = { origin: 'log.example', size: 42, root: nodeSuite.sha256(utf8('root')) };

const codeOf = (verdict: { ok: true } | { ok: false; refusal: { code: string } }): string => (verdict.ok ? 'accepted' : verdict.refusal.code);

const bytes = (min: number, max: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: min, maxLength: max });
const noteLine = fc.record({ name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(isKeyName), id: bytes(4, 4).map(hex), signature: bytes(1, 80) });
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const noteText = fc.array(fc.string({ unit: 'grapheme', maxLength: 20 }), { minLength: 1, maxLength: 6 }).map((lines) => `${lines.map((line) => line.replaceAll(/[\u0000-\u001f]/g, '')).join('\n')}\n`);
const anyNote: fc.Arbitrary<Note> = fc.record({ text: noteText, lines: fc.array(noteLine, { minLength: 1, maxLength: 5 }) });

describe('bytes', () => {
  it('come back from each of their texts', () => {
    fc.assert(
      fc.property(bytes(0, 70), (value) => {
        expect(fromBase64(base64(value))).toEqual(value);
        expect(fromHex(hex(value))).toEqual(value);
        expect(base64(value)).toBe(Buffer.from(value).toString('base64'));
        const text = fromUtf8(value);
        if (text !== undefined) expect(sameBytes(utf8(text), value)).toBe(true);
      }),
      { numRuns: CASES },
    );
  });

  it('have one base64 each: what is accepted is printed as it was', () => {
    const digit = fc.constantFrom(...'ABCDwxyz0189+/=\n -_');
    fc.assert(
      fc.property(fc.array(digit, { maxLength: 12 }), (digits) => {
        const text = digits.join('');
        const read = fromBase64(text);
        if (read !== undefined) expect(base64(read)).toBe(text);
      }),
      { numRuns: CASES },
    );
  });

  it.each(['A', 'AA', 'AA=', 'AAA', 'A===', '====', '=', 'AB==', 'AAB=', 'AA==AA==', 'AAAA\n', ' AAAA', 'AAA\u{0141}', 'AA-_', 'AAAA===='])('base64 refuses %j', (text) => expect(fromBase64(text)).toBeUndefined());
  it.each(['0', 'AB', '0g', ' 00'])('hexadecimal refuses %j', (text) => expect(fromHex(text)).toBeUndefined());
  it.each([
    ['0', 0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['9007199254740992', undefined],
    ['99999999999999999999', undefined],
    ['00', undefined],
    ['01', undefined],
    ['-1', undefined],
    ['1.0', undefined],
    ['1e3', undefined],
    ['', undefined],
    [' 1', undefined],
    ['1\n', undefined],
  ])('decimal %j is %s', (text, value) => expect(fromDecimal(text)).toBe(value));
  it('eight bytes hold what a number holds', () => {
    expect([fromUint64(uint64(0)), fromUint64(uint64(Number.MAX_SAFE_INTEGER)), fromUint64(fromHex('0020000000000000') ?? new Uint8Array()), fromUint64(new Uint8Array(7))]).toEqual([0, Number.MAX_SAFE_INTEGER, undefined, undefined]);
  });
  it('keep a mark of byte order', () => expect(fromUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA'));
  it('that are no UTF-8 have no text', () => expect(fromUtf8(Uint8Array.of(0xc3, 0x28))).toBeUndefined());
});

describe('notes', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(anyNote, (note) => {
        const printed = printNote(note);
        const read = parseNote(printed);
        expect(read).toEqual({ ok: true, value: note });
        expect(read.ok && printNote(read.value)).toBe(printed);
      }),
      { numRuns: CASES },
    );
  });

  it('changed in one place are refused, or still say the signed text', () => {
    const signed = printNote(signNote(nodeSuite, TEXT, alice, bob));
    const keys = [keyOf(alice), keyOf(bob)];
    const edit = fc.tuple(fc.nat(signed.length - 1), fc.constantFrom('insert', 'delete', 'replace'), fc.constantFrom('\n', '\n\n', ' ', '=', 'A', 'ə', '—', '\u0000', '\ud800', '— '));
    fc.assert(
      fc.property(edit, ([at, kind, piece]) => {
        const changed = signed.slice(0, at) + (kind === 'delete' ? '' : piece) + signed.slice(kind === 'insert' ? at : at + 1);
        const read = parseNote(changed);
        if (!read.ok) return;
        expect(printNote(read.value)).toBe(changed);
        const opened = openNote(nodeSuite, read.value, keys);
        if (opened.ok) expect(opened.value.text).toBe(TEXT);
      }),
      { numRuns: CASES },
    );
  });

  const line = printLine(signLine(nodeSuite, TEXT, alice));
  it.each([
    ['', 'note-no-final-newline'],
    ['text\n', 'note-no-signatures'],
    ['text\n\n', 'note-no-signatures'],
    [`text\n${line}`, 'note-no-signatures'],
    [`text\n\n${line}x\n`, 'note-signature-line'],
    [`text\n\n${line.replace('—', '-')}`, 'note-signature-line'],
    [`text\n\n— alice.example\n`, 'note-signature-line'],
    [`text\n\n—  ${line.slice(2)}`, 'note-key-name'],
    [`text\n\n— a+b AAAAAAA=\n`, 'note-key-name'],
    ['text\n\n— a\u00a0b AAAAAAA=\n', 'note-key-name'],
    [`text\n\n— a AAAAAAB=\n`, 'note-signature-base64'],
    [`text\n\n— a AAAAAA==\n`, 'note-signature-base64'],
    [`text\n\n— a AAAAAAA=\r\n`, 'note-control-character'],
    [`te\txt\n\n${line}`, 'note-control-character'],
    [`\ud800\n\n${line}`, 'note-not-utf8'],
    [`text\n\n${line.repeat(NOTE_LINES_MAX + 1)}`, 'note-too-many-signatures'],
    [`${'x'.repeat(1_000_000)}\n\n${line}`, 'note-too-long'],
  ])('%#: refused by its name', (text, code) => {
    expect(codeOf(parseNote(text))).toBe(code);
  });

  it('say the line that was wrong', () => {
    expect(parseNote(`a\nb\n\n${line}— x\n`)).toEqual({ ok: false, refusal: { code: 'note-signature-line', line: 5 } });
    expect(parseNote(`a\nb\u0007\n\n${line}`)).toEqual({ ok: false, refusal: { code: 'note-control-character', line: 2 } });
    expect(codeOf(parseNoteBytes(Uint8Array.of(0xff, 0x0a)))).toBe('note-not-utf8');
  });

  it('open under keys one knows, each once, whatever repeats', () => {
    const note = signNote(nodeSuite, TEXT, alice, bob, alice);
    const opened = openNote(nodeSuite, note, [keyOf(alice)]);
    expect(opened.ok && [opened.value.verified.length, opened.value.unknown.length]).toEqual([1, 1]);
    expect(codeOf(openNote(nodeSuite, note, []))).toBe('note-no-known-key');
    expect(codeOf(openNote(nodeSuite, note, [keyOf(alice), keyOf(alice)]))).toBe('key-ambiguous');
  });

  it('are refused whole for one bad line of a known key, and not for one of a stranger', () => {
    const note = addLines(signNote(nodeSuite, TEXT, alice), { ...signLine(nodeSuite, 'another text\n', bob) });
    expect(codeOf(openNote(nodeSuite, note, [keyOf(alice), keyOf(bob)]))).toBe('note-bad-signature');
    expect(codeOf(openNote(nodeSuite, note, [keyOf(alice)]))).toBe('accepted');
  });

  it('count no line under the name or the identity of another', () => {
    const note = signNote(nodeSuite, TEXT, alice);
    expect(codeOf(openNote(nodeSuite, note, [{ ...keyOf(alice), name: 'other.example' }]))).toBe('note-no-known-key');
    expect(codeOf(openNote(nodeSuite, note, [{ ...keyOf(alice), publicKey: bob.publicKey }]))).toBe('note-bad-signature');
  });
});

describe('keys', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter(isKeyName), bytes(32, 32), fc.constantFrom(KEY_TYPES.note, KEY_TYPES.cosignature), (name, publicKey, type) => {
        const one = verifierKey(nodeSuite, name, type, publicKey);
        expect(parseVkey(nodeSuite, printVkey(one))).toEqual({ ok: true, value: one });
      }),
      { numRuns: CASES },
    );
  });

  it('that are no honest points are not admitted', () => {
    expect(codeOf(admitVkey(nodeSuite, printVkey(keyOf(alice))))).toBe('accepted');
    const identity = joinBytes(Uint8Array.of(1), new Uint8Array(31));
    expect(codeOf(admitVkey(nodeSuite, printVkey(verifierKey(nodeSuite, 'a', KEY_TYPES.note, identity))))).toBe('key-not-admissible');
  });

  it.each(['', 'a', 'a+b', '+00000000+AQ==', 'a b+00000000+AQ==', 'a+0000000G+AQ==', 'a+00000000+AQ=='])('refuses %j', (text) => expect(parseVkey(nodeSuite, text).ok).toBe(false));

  it.each([
    ['a'.repeat(255), true],
    ['a'.repeat(256), false],
    ['ə'.repeat(127), true],
    ['ə'.repeat(128), false],
    ['a\u2028b', false],
    ['a\u0085b', false],
    ['\ud800', false],
    ['', false],
  ])('name %# holds: %s', (name, holds) => expect(isKeyName(name)).toBe(holds));
});

describe('checkpoints', () => {
  it('are read as they were written', () => {
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    const origin = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => !/[\u0000-\u001f]/.test(text) && utf8(text).length < 256);
    fc.assert(
      fc.property(origin, fc.maxSafeNat(), bytes(32, 32), (name, size, root) => {
        const text = printCheckpoint({ origin: name, size, root });
        expect(parseCheckpoint(text)).toEqual({ ok: true, value: { origin: name, size, root } });
      }),
      { numRuns: CASES },
    );
  });

  const text = printCheckpoint(CHECKPOINT);
  it.each([
    [text.slice(0, -1), 'checkpoint-lines'],
    ['a\n1\n', 'checkpoint-lines'],
    [`\n${text.split('\n').slice(1).join('\n')}`, 'checkpoint-origin'],
    [text.replace('\n42\n', '\n042\n'), 'checkpoint-size'],
    [text.replace('\n42\n', '\n9007199254740992\n'), 'checkpoint-size'],
    [text.replace('=\n', '\n'), 'checkpoint-root'],
    [text.replace(/\n[^\n]+\n$/, '\nAAAA\n'), 'checkpoint-root'],
    [`${text}extension\n`, 'checkpoint-extension'],
    [`${text}\n`, 'checkpoint-extension'],
    [`${text}${'x\n'.repeat(17)}`, 'checkpoint-extension'],
  ])('%#: refused by its name', (bad, code) => expect(codeOf(parseCheckpoint(bad))).toBe(code));
});

describe('cosignatures', () => {
  const text = printCheckpoint(CHECKPOINT);
  const pq: NoteSigner = { name: 'pq.example', ...mlDsa44SignerOf(new Uint8Array(32).fill(9)) };
  const line = cosign(nodeSuite, bob, text, 1_800_000_000);
  const pqLine = cosignMlDsa44(nodeSuite, pq, text, 1_800_000_000);
  const bobKey = keyOf(bob, KEY_TYPES.cosignature);
  const pqKey = keyOf(pq, KEY_TYPES.cosignatureMlDsa44);

  it('say when, in both kinds', () => {
    expect(verifyCosignature(nodeSuite, bobKey, text, line)).toBe(1_800_000_000);
    expect(verifyCosignature(nobleSuite, bobKey, text, line)).toBe(1_800_000_000);
    expect(verifyCosignature(nodeSuite, pqKey, text, pqLine)).toBe(1_800_000_000);
    const opened = openNote(nodeSuite, addLines(signNote(nodeSuite, text, alice), line, pqLine), [keyOf(alice), bobKey, pqKey]);
    expect(opened.ok && opened.value.verified.map(({ timeS }) => timeS)).toEqual([undefined, 1_800_000_000, 1_800_000_000]);
  });

  it('of ML-DSA-44 are unknown where the suite has none, and refuse nothing', () => {
    const opened = openNote(nobleSuite, addLines(signNote(nodeSuite, text, alice), pqLine), [keyOf(alice), pqKey]);
    expect(opened.ok && [opened.value.verified.length, opened.value.unknown.length]).toEqual([1, 1]);
  });

  it('hold for one time, one text, one kind and one name', () => {
    const later = { ...line, signature: joinBytes(uint64(1_800_000_001), line.signature.subarray(8)) };
    const other = printCheckpoint({ ...CHECKPOINT, size: 43 });
    expect(verifyCosignature(nodeSuite, bobKey, text, later)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, bobKey, other, line)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, pqKey, other, pqLine)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, { ...pqKey, name: 'pq2.example' }, text, pqLine)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, keyOf(bob), text, line)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, bobKey, TEXT, line)).toBeUndefined();
    expect(verifyCosignature(nodeSuite, bobKey, text, { signature: line.signature.subarray(1) })).toBeUndefined();
    // A signature of the text itself is none of a witness: the header keeps them apart.
    expect(verifyCosignature(nodeSuite, bobKey, text, { signature: joinBytes(uint64(1), bob.sign(utf8(text))) })).toBeUndefined();
  });

  it('are made of checkpoints only, and with a time', () => {
    expect(() => cosign(nodeSuite, bob, TEXT, 1)).toThrow('checkpoint');
    expect(() => cosign(nodeSuite, bob, text, 0)).toThrow('time');
    expect(() => cosignMlDsa44(nodeSuite, pq, TEXT, 1)).toThrow('checkpoint');
  });
});

describe('refusals', () => {
  it('have names that differ and are kebab-case', () => {
    expect(new Set(PROOF_CODES).size).toBe(PROOF_CODES.length);
    expect(PROOF_CODES.filter((code) => !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(code))).toEqual([]);
  });

  it('of notes, keys, checkpoints, policies and witnesses stand in the specification', () => {
    const spec = readFileSync(join(import.meta.dirname, '../../docs/spec/log.md'), 'utf8');
    const ours = PROOF_CODES.slice(0, PROOF_CODES.indexOf('proof-index'));
    expect(ours.length).toBeGreaterThan(30);
    expect(ours.filter((code) => !spec.includes(`\`${code}\``))).toEqual([]);
  });
});
