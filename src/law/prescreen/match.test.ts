/** The matcher: words and windows, denials, exclusions, markup, Unicode, bounds, and properties on any text. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadRecognisers, prescreen, stakes, TEXT_CHARS_MAX, TEXTS_MAX } from './index.ts';
import type { Candidate, RecogniserSet } from './index.ts';

const SET = `set: tiny
act: act
languages: [az, en, ru]
threshold: 0.3
weights: { high_risk: 30, prohibited: 100 }
negation:
  en: { before: [not, without], before_window: 4, after: [is excluded], after_window: 3, apparent: [not only], stop: [but] }
  az: { after: ["*mir"], after_window: 4 }
terms:
  person: { az: ["şəxs*", "uşaq*"], en: ["person*", "people"], ru: ["люд*", "граждан*"] }
recognisers:
  - id: face
    conclusion: high_risk.III.1a
    cite: "Annex III point 1(a)"
    propose: [ { fact: X.area, has: biometrics }, { fact: X.biometric_data, is: yes } ]
    signals:
      - { strength: 0.5, any: { az: ["üz tanıma*"], en: ["(face|facial) recogni*"], ru: ["распознаван* лиц*"] } }
      - { strength: 0.4, within: 5, all: [ { az: ["kamera*"], en: ["camera*"], ru: ["камер*"] }, $person ] }
    unless:
      - { strength: 0.9, any: { az: [kilid], en: [unlock*], ru: [разблокировк*] } }
  - id: scores
    conclusion: prohibited.c
    cite: "Art. 5(1)(c)"
    propose: [ { fact: P.social, is: yes } ]
    signals:
      - { strength: 0.6, all: [ { az: [], en: ["scor*"], ru: [] }, $person ] }
      - { strength: 0.6, any: { az: [], en: ["ranking"], ru: [] } }
    unless:
      - { strength: 1, near: 3, any: { az: [], en: [websites], ru: [] } }
`;

function load(text: string): RecogniserSet {
  const loaded = loadRecognisers([{ path: 'tiny.yaml', text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal));
  return loaded.value;
}
const set = load(SET);
const read = (text: string): Candidate[] => prescreen(set, [{ field: 'purpose', text }]);
const scoreOf = (text: string, id: string): number => read(text).find((candidate) => candidate.recogniser === id)?.score ?? 0;
const words = (text: string): string[] => read(text)[0]?.evidence.map((item) => (item.negated ? `not: ${item.words}` : item.words)) ?? [];

describe('what is found', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['Uses face recognition.', ['face recognition']],
    ['Uses FACIAL  Recognising, daily', ['FACIAL  Recognising']],
    ['surface recognition', []],
    ['face, recognition', ['face, recognition']],
    ['Face. Recognition.', []],
    ['<b>face</b>&nbsp;<i class="x">recognition</i>', ['face</b>&nbsp;<i class="x">recognition']],
    ['<p>face</p><p>recognition</p>', []],
    ['<script>face recognition', ['face recognition']],
    ['face < recognition', ['face < recognition']],
    ['ÜZ TANIMA sistemi', ['ÜZ TANIMA']],
    ['Uz tanima sistemi', ['Uz tanima']],
    ['üz\u0301 tan\u00ADıma', ['üz\u0301 tan\u00ADıma']],
    ['u\u0308z tanıma', ['u\u0308z tanıma']],
    ['Распознавание лиц', ['Распознавание лиц']],
    ['ｆａｃｅ ｒｅｃｏｇｎｉｔｉｏｎ', ['ｆａｃｅ ｒｅｃｏｇｎｉｔｉｏｎ']],
    ['🚀face recognition🚀', ['face recognition']],
    ['face\u200B recognition', ['face\u200B recognition']],
    ['camera sees a person', ['camera', 'person']],
    ['camera a b c d e f person', []],
    ['kamera uşağı görür', ['kamera', 'uşağı']],
    ['', []],
    ['\u0000\uD800', []],
  ];
  for (const [text, expected] of cases) test(JSON.stringify(text), () => expect(words(text)).toEqual(expected));
});

describe('what is denied', () => {
  const cases: readonly (readonly [string, number])[] = [
    ['Does not use face recognition.', 0],
    ['Does not use it. Face recognition.', 0.5],
    ['Does not record but uses face recognition.', 0.5],
    ['Not only face recognition.', 0.5],
    ['Not one of those many long words before face recognition.', 0.5],
    ['Face recognition is excluded.', 0],
    ['Üz tanıma istifadə edilmir.', 0],
    ['Without face recognition. Later with face recognition.', 0.5],
  ];
  for (const [text, expected] of cases) test(text, () => expect(scoreOf(text, 'face')).toBe(expected));

  test('denied words are shown beside affirmed ones', () => {
    expect(words('Without face recognition. Later with facial recognition.')).toEqual(['not: face recognition', 'facial recognition']);
  });
});

describe('how it counts', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['two signals join as 1 − ∏(1 − strength)', 'Face recognition: the camera sees people.', 0.7],
    ['the same signal twice counts once', 'Face recognition. Face recognition.', 0.5],
    ['an exclusion weakens', 'Face recognition, camera, people, to unlock doors.', 0],
  ];
  for (const [name, text, expected] of cases) test(name, () => expect(scoreOf(text, 'face')).toBe(expected));

  test('below the threshold it stays silent, with a lower one it shows what speaks against it', () => {
    const text = 'Face recognition to unlock doors.';
    expect(read(text)).toEqual([]);
    const [candidate] = prescreen(set, [{ field: 'purpose', text }], { threshold: 0.01 });
    expect(candidate).toMatchObject({ score: 0.05, against: [{ words: 'unlock', negated: false }] });
  });

  test('a signal without window may gather its words from several fields', () => {
    const [candidate] = prescreen(set, [{ field: 'name', text: 'Scoring' }, { field: 'outputs', text: 'a list of people' }]);
    expect(candidate?.evidence.map((item) => [item.field, item.words])).toEqual([['name', 'Scoring'], ['outputs', 'people']]);
  });

  test('an exclusion with `near` silences only what stands beside it', () => {
    expect(scoreOf('ranking of websites', 'scores')).toBe(0);
    expect(scoreOf('ranking of websites, and of very many other things also a ranking', 'scores')).toBe(0.6);
  });

  test('one candidate for each proposed fact, with fact, literal, conclusion and point', () => {
    expect(read('face recognition').map(({ fact, value, conclusion, point, weight }) => ({ fact, value, conclusion, point, weight }))).toEqual([
      { fact: 'X.area', value: { has: ['biometrics'], hasNot: [] }, conclusion: 'high_risk.III.1a', point: { act: 'act', article: 'Annex III point 1(a)' }, weight: 30 },
      { fact: 'X.biometric_data', value: true, conclusion: 'high_risk.III.1a', point: { act: 'act', article: 'Annex III point 1(a)' }, weight: 30 },
    ]);
  });

  test('stakes: each conclusion once, the gravest first, half of the next', () => {
    const both = read('Face recognition and scoring of people');
    expect(stakes(both)).toMatchObject({ stakes: 60 + 15 / 2, probable: [{ conclusion: 'prohibited.c' }, { conclusion: 'high_risk.III.1a' }] });
    expect(stakes([])).toEqual({ stakes: 0, probable: [] });
  });

  test('languages that are not asked for are not read', () => {
    expect(prescreen(set, [{ field: 'a', text: 'face recognition' }], { languages: ['ru'] })).toEqual([]);
    expect(prescreen(set, [{ field: 'a', text: 'face recognition' }], { languages: ['xx'] })).toEqual([]);
  });
});

describe('bounds', () => {
  test('words after the last character that is read are not seen', () => {
    const filler = 'x '.repeat(TEXT_CHARS_MAX / 2 - 10);
    expect(scoreOf(`${filler}face recognition`, 'face')).toBe(0.5);
    expect(scoreOf(`${filler}${'y '.repeat(20)}face recognition`, 'face')).toBe(0);
  });

  test('20,000 characters of nothing but matches, of tags, of one word', () => {
    expect(scoreOf('face recognition not '.repeat(1_000).slice(0, TEXT_CHARS_MAX), 'face')).toBe(0.5);
    for (const text of ['<'.repeat(TEXT_CHARS_MAX), '<a '.repeat(7_000), '&'.repeat(TEXT_CHARS_MAX), 'f'.repeat(TEXT_CHARS_MAX), 'ﷺ'.repeat(TEXT_CHARS_MAX), '\n'.repeat(TEXT_CHARS_MAX)]) {
      expect(read(text)).toEqual([]);
    }
  });

  test('texts after the last that is read are not seen', () => {
    const many = Array.from({ length: TEXTS_MAX }, (_, n) => ({ field: `f${n}`, text: '' }));
    expect(prescreen(set, [...many, { field: 'last', text: 'face recognition' }])).toEqual([]);
  });
});

describe('any text', () => {
  const piece = fc.oneof(
    fc.constantFrom('face', 'recognition', 'not', 'camera', 'people', 'unlock', 'üz tanıma', 'лиц', '<b>', '</p>', '&amp;', '. ', ' ', '\n', '\u0301', '\u200B', 'İ', 'ﬁ', '😀', '<', '&'),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const anyText = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(' '));

  test('the words shown stand where the offsets say, scores stay within bounds', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 4 }), (texts) => {
        const fields = texts.map((text, n) => ({ field: `f${n}`, text }));
        for (const candidate of prescreen(set, fields)) {
          expect(candidate.score).toBeGreaterThan(0);
          expect(candidate.score).toBeLessThanOrEqual(1);
          expect(candidate.evidence.some((item) => !item.negated)).toBe(true);
          for (const { field, start, end, words: shown } of [...candidate.evidence, ...candidate.against]) {
            expect(fields.find((item) => item.field === field)?.text.slice(start, end)).toBe(shown);
            expect(shown).not.toBe('');
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test('the same text gives the same answer, whatever was read in between', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const first = read(text);
        read(other);
        expect(read(text)).toEqual(first);
        expect(prescreen(load(SET), [{ field: 'purpose', text }])).toEqual(first);
      }),
      { numRuns: 100 },
    );
  });
});
