/** The shipped recognisers on short descriptions of our own: every one in every language, denials, exclusions; and on real registers where they are present. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { likelyLanguages, loadRecognisers, prescreen, stakes } from './index.ts';
import type { Candidate, RecogniserSet } from './index.ts';
import { NOT_PROPOSED, PROPOSED, STILL_PROPOSED } from './shipped.examples.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'packs/recognisers/eu-ai-act');

function loadShipped(): RecogniserSet {
  const loaded = loadRecognisers(readdirSync(folder).sort().map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') })));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal[0]));
  return loaded.value;
}
const set = loadShipped();
const read = (text: string, language?: string): Candidate[] => prescreen(set, [{ field: 'purpose', text }], language === undefined ? {} : { languages: [language] });
const ids = (candidates: readonly Candidate[]): string[] => [...new Set(candidates.map((candidate) => candidate.recogniser))];

describe('every recogniser, in every language', () => {
  test('has examples', () => {
    expect(set.recognisers.map((recogniser) => recogniser.id).filter((id) => PROPOSED[id] === undefined)).toEqual([]);
    expect(Object.keys(PROPOSED).filter((id) => !set.recognisers.some((recogniser) => recogniser.id === id))).toEqual([]);
  });
  for (const [id, texts] of Object.entries(PROPOSED)) {
    for (const [language, text] of Object.entries(texts)) {
      test(`${id} in ${language}`, () => {
        expect(ids(read(text, language))).toContain(id);
        // People do not say which language a text is in: it must be found without being told, and among all languages.
        expect(ids(read(text))).toContain(id);
        expect(ids(prescreen(set, [{ field: 'purpose', text }], { languages: set.languages }))).toContain(id);
        expect(ids(read(text.toUpperCase(), language))).toContain(id);
        expect(ids(read(text.normalize('NFD'), language))).toContain(id);
      });
    }
  }
});

describe('what is denied or excluded', () => {
  for (const [id, language, text, why] of NOT_PROPOSED) {
    test(`${id} in ${language} is silent: ${why}: ${text}`, () => expect(ids(read(text, language))).not.toContain(id));
  }
  for (const [id, language, text] of STILL_PROPOSED) {
    test(`${id} in ${language} stands: ${text}`, () => expect(ids(read(text, language))).toContain(id));
  }
});

describe('languages', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['The tool ranks applications for the school.', ['en']],
    ['Sistem müraciətləri sıralayır və vətəndaş üçün cavab hazırlayır.', ['az']],
    ['Система ранжирует заявления и готовит ответы для граждан.', ['ru']],
    ['Het algoritme beoordeelt de aanvraag van een burger.', ['nl']],
    ['Das System bewertet die Anträge der Bürger.', ['de']],
    ['Het systeem is een chatbot. The chatbot is for the public and answers to citizens.', ['en', 'nl']],
    ['CV', ['az', 'en', 'ru', 'nl', 'de']],
    ['', ['az', 'en', 'ru', 'nl', 'de']],
    ['1234 ' .repeat(10_000), ['az', 'en', 'ru', 'nl', 'de']],
  ];
  for (const [text, expected] of cases) test(JSON.stringify(text.slice(0, 40)), () => expect(likelyLanguages(set, [{ field: 'a', text }])).toEqual(expected));
});

describe('a work list', () => {
  test('is ordered by what may hang on a record', () => {
    const order = ['Predictive policing of individuals from social scores of citizens.', 'Ranks CVs of job applicants.', 'A chatbot for opening hours.', 'Forecasts the weather.'];
    const numbers = order.map((text) => stakes(read(text)).stakes);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(numbers.at(-1)).toBe(0);
    const excluded = read('Fraud detection for card payments.');
    expect(ids(excluded)).toContain('excluded-fraud');
    expect(stakes(excluded)).toEqual({ stakes: 0, probable: [] });
    expect(stakes(read(order[1] ?? '')).probable[0]).toMatchObject({ conclusion: 'high_risk.III.4a', point: { act: 'ai-act', article: 'Annex III point 4(a)' } });
  });
});

const dutch = join(root, '../shared/data/nl-algoritmeregister/algoritmes_schellevis_2026-05-13.json');
describe('a real register', () => {
  test.skipIf(!existsSync(dutch))('SKIPPED LOUDLY WITHOUT ../shared/data: every word shown stands in the text where the offsets say', () => {
    const { algoritmes } = JSON.parse(readFileSync(dutch, 'utf8')) as { algoritmes: readonly { title: string; doel: string }[] };
    let shown = 0;
    for (const { title, doel } of algoritmes) {
      const texts = [{ field: 'title', text: title }, { field: 'purpose', text: doel }];
      for (const candidate of prescreen(set, texts, { languages: ['nl'] })) {
        for (const { field, start, end, words } of [...candidate.evidence, ...candidate.against]) {
          shown++;
          expect(texts.find((text) => text.field === field)?.text.slice(start, end)).toBe(words);
        }
      }
    }
    expect(shown).toBeGreaterThan(500);
  });
});
