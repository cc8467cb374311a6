/** What the shipped questionnaires settle: their tables of levels step by step, their ids, and that no answer but the facts moves the bright line. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CivilDate, LANGUAGES } from '../../base/index.ts';
import { compileLaw, decide, loadPack, type PackFile } from '../index.ts';
import { type Answers, assess, type ColumnType, factsFrom, loadQuestionnaire, parseAnswers, type Question, type Questionnaire, visibilityOf } from './index.ts';

const packs = join(import.meta.dirname, '../../../packs');

function filesOf(folder: string): readonly PackFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
}

function load(id: string): Questionnaire {
  const loaded = loadQuestionnaire(filesOf(join(packs, 'questionnaires', id)));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 5), null, 1));
  expect(loaded.value.notes).toEqual([]);
  return loaded.value.questionnaire;
}

const ids = readdirSync(join(packs, 'questionnaires'));

describe.each(ids)('%s', (id) => {
  const questionnaire = load(id);
  const questions = questionnaire.pages.flatMap((page) => page.questions);
  it('loads with every text in every language, says what it answers to, and is not adopted by us', () => {
    expect(questionnaire.ref.id).toBe(id);
    expect(['draft', 'needs_local_counsel']).toContain(questionnaire.status);
    expect(questionnaire.source.note).toBeDefined();
  });
  it('is incomplete while a required question is open', () => {
    const empty = assess(questionnaire, {});
    expect(empty.isComplete).toBe(false);
    expect(empty.consequences).toEqual([]);
    expect(questions.some((question) => question.required)).toBe(true);
  });
});

// Canada's structure repeats short questions under conditions that exclude each other.
it.each(ids.filter((id) => id !== 'ca-aia'))('%s asks each thing in words of its own', (id) => {
  for (const language of LANGUAGES) {
    for (const page of load(id).pages) {
      const asked = page.questions.map((question) => question.ask[language]);
      expect(asked.filter((text, index) => asked.indexOf(text) !== index), `${page.id} ${language}`).toEqual([]);
    }
  }
});

describe('levels by hand', () => {
  // Written down from the questionnaires, not read from them: severity down, likelihood across.
  const FRIA = ['low low low medium', 'low medium medium high', 'medium medium high critical', 'medium high critical critical'];
  const HUDERIA = ['low low moderate moderate', 'low moderate moderate high', 'moderate high high very-high', 'high high very-high very-high'];
  const steps = [1, 2, 3, 4];
  it.each([
    ['fria', FRIA, ['severity', 'scale', 'reversibility', 'likelihood']],
    ['huderia', HUDERIA, ['scale', 'scope', 'reversibility', 'probability']],
  ] as const)('%s: all 256 rows', (id, table, [first, second, undo, chance]) => {
    const questionnaire = load(id);
    const impacts = questionnaire.pages.flatMap((page) => page.questions).find((question) => question.id === 'impacts');
    const right = impacts?.columns.find((column) => column.id === 'right')?.choices[0]?.id ?? '';
    for (const a of steps) {
      for (const b of steps) {
        for (const c of steps) {
          for (const d of steps) {
            const { result } = assess(questionnaire, { impacts: [{ group: 'g', right, harm: 'h', [first]: a, [second]: b, [undo]: c, [chance]: d }] });
            const worse = Math.max(a, b);
            const severity = c >= 3 && worse < 4 ? worse + 1 : worse;
            expect(result.kind === 'rights' && result.level, `${a}${b}${c}${d}`).toBe(table[severity - 1]?.split(' ')[d - 1]);
          }
        }
      }
    }
  });

  it('what cannot be undone never lowers a level', () => {
    const questionnaire = load('huderia');
    const order = questionnaire.levels.map((level) => level.id);
    const step = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(step, step, step, fc.tuple(step, step), (scale, scope, probability, [easier, harder]) => {
        const levelAt = (reversibility: number): number => {
          const { result } = assess(questionnaire, { impacts: [{ group: 'g', right: 'life', harm: 'h', scale, scope, reversibility, probability }] });
          return result.kind === 'rights' ? order.indexOf(result.level ?? '') : -1;
        };
        expect(levelAt(Math.max(easier, harder))).toBeGreaterThanOrEqual(levelAt(Math.min(easier, harder)));
      }),
      { numRuns: 100 },
    );
  });

  it('dpia: the worst of three risks', () => {
    const questionnaire = load('dpia');
    const table = ['low low medium medium', 'low medium medium high', 'medium medium high high', 'medium high high high'].map((line) => line.split(' '));
    for (const severity of steps) {
      for (const likelihood of steps) {
        const { result } = assess(questionnaire, { q325: 1, q326: 1, q335: severity, q336: likelihood, q345: 1, q346: 1 });
        expect(result.kind === 'grid' && [result.risks.map((risk) => risk.level), result.level]).toEqual([['low', table[severity - 1]?.[likelihood - 1], 'low'], table[severity - 1]?.[likelihood - 1]]);
      }
    }
  });

  it('dpia asks the 36 questions of the PIA format', () => {
    const numbers = load('dpia').pages.flatMap((page) => page.questions).flatMap((question) => /^q(\d{3})$/.exec(question.id)?.[1] ?? []);
    const risks = ['32', '33', '34'].flatMap((risk) => ['1', '2', '3', '4', '5', '6'].map((step) => risk + step));
    expect([...numbers].sort()).toEqual(['111', '112', '113', '121', '122', '123', '211', '212', '213', '214', '215', '221', '222', '223', '224', '225', '226', '227', ...risks]);
  });

  it('altai has seven requirements, cites each question, and gives no total', () => {
    const questionnaire = load('altai');
    const checks = questionnaire.pages.flatMap((page) => page.questions).filter((question) => question.type === 'check');
    expect(new Set(checks.map((question) => question.page)).size).toBe(7);
    expect(checks.every((question) => question.cite.length > 0)).toBe(true);
    expect([questionnaire.levels, questionnaire.scoring.kind]).toEqual([[], 'checklist']);
  });
});

describe('the bright line', () => {
  const sheet = load('surveillance-sheet');
  const aia = load('ca-aia');
  const law = loadPack(filesOf(join(packs, 'law/bright-line')));
  if (!law.ok) throw new Error('bright-line');
  const day = '2026-11-23' as CivilDate;
  const compiled = compileLaw(law.value, { asOf: day, knownOn: day });
  const regimeOf = (answers: Answers, more: Answers = {}): string => {
    const stated = { ...factsFrom(aia, assess(aia, more).counting), ...factsFrom(sheet, assess(sheet, answers).counting) };
    const known = Object.fromEntries(Object.entries(stated).filter(([id]) => law.value.facts.some((fact) => fact.id === id)));
    return JSON.stringify(decide(compiled, known).outcomes.map((outcome) => [outcome.id, outcome.result]));
  };
  const questionsOf = (questionnaire: Questionnaire): readonly Question[] => questionnaire.pages.flatMap((page) => page.questions).filter((question) => question.type !== 'note');
  const facts = questionsOf(sheet).filter((question) => question.fact !== undefined);
  const rest = questionsOf(sheet).filter((question) => question.fact === undefined);

  const cellOf = (type: ColumnType, shape: Question | Question['columns'][number]): fc.Arbitrary<unknown> => {
    const choices = shape.choices.map((choice) => choice.id);
    switch (type) {
      case 'choice':
        return fc.constantFrom(...choices);
      case 'choices':
        return fc.constantFrom(...choices).map((one) => [one]);
      case 'yes-no':
        return fc.boolean();
      case 'gauge':
        return fc.integer({ min: 1, max: shape.steps.length });
      case 'number':
        return fc.integer({ min: shape.min ?? 0, max: Math.min(shape.max ?? 100, 100) });
      case 'date':
        return fc.constantFrom('2026-01-01', '2027-06-30', '2030-12-31');
      default:
        return fc.constantFrom('safe', 'Very strong safeguards.', 'none');
    }
  };
  const answerOf = (question: Question): fc.Arbitrary<unknown> => {
    if (question.type === 'check') return fc.constantFrom('yes', 'partial', 'no', 'na');
    if (question.type === 'note') return fc.constant(undefined);
    if (question.type !== 'table') return cellOf(question.type, question);
    return fc.array(fc.record(Object.fromEntries(question.columns.map((column) => [column.id, cellOf(column.type, column)]))), { minLength: 1, maxLength: 2 });
  };
  const answersOf = (questions: readonly Question[]): fc.Arbitrary<Record<string, unknown>> =>
    fc.record(Object.fromEntries(questions.map((question) => [question.id, fc.option(answerOf(question), { nil: undefined })]))).map((given) => Object.fromEntries(Object.entries(given).filter(([, answer]) => answer !== undefined)));
  const parsed = (questionnaire: Questionnaire, raw: Record<string, unknown>): Answers => {
    const { answers, problems } = parseAnswers(questionnaire, raw);
    expect(problems).toEqual([]);
    return answers;
  };

  it('asks every fact of the pack once, and nothing of it can be copied from a form or the register', () => {
    expect(facts.map((question) => question.fact).sort()).toEqual(law.value.facts.map((fact) => fact.id).sort());
    expect(facts.filter((question) => question.shared !== undefined || question.field !== undefined || question.type !== 'yes-no')).toEqual([]);
    expect(questionsOf(aia).filter((question) => question.fact?.startsWith('BL.'))).toEqual([]);
  });

  it('is moved by no safeguard of the sheet and by no answer of the algorithmic impact assessment', () => {
    fc.assert(
      fc.property(answersOf(facts), answersOf(rest), answersOf(rest), answersOf(questionsOf(aia)), (lines, one, other, assessment) => {
        const plain = regimeOf(parsed(sheet, lines));
        expect(regimeOf(parsed(sheet, { ...one, ...lines }), parsed(aia, assessment))).toBe(plain);
        expect(regimeOf(parsed(sheet, { ...other, ...lines }))).toBe(plain);
      }),
      { numRuns: 60 },
    );
  });

  it('no condition of a fact question names anything but facts', () => {
    const names = new Set(facts.map((question) => question.id));
    const base: Answers = Object.fromEntries(facts.map((question) => [question.id, true]));
    const seen = visibilityOf(sheet, base);
    expect([...names].filter((id) => seen.get(id)?.sight !== 'shown')).toEqual([]);
  });

  it('an exemption without its proof exempts nothing', () => {
    const nothing = Object.fromEntries(['categorisation', 'emotion', 'predictive-policing', 'fusion', 'interception', 'conduct-scoring', 'database'].map((id) => [id, false]));
    const holds = (answers: Answers): boolean => regimeOf({ ...nothing, ...answers }).includes('["surveillance","holds"]');
    expect(holds({ identification: true, 'one-to-one': true, 'one-to-one-proof': true, tracking: false })).toBe(false);
    expect(holds({ identification: true, 'one-to-one': true, 'one-to-one-proof': false, tracking: false })).toBe(true);
    expect(holds({ identification: false, tracking: true, 'counts-only': true, 'counts-proof': true })).toBe(false);
    expect(holds({ identification: false, tracking: true, 'counts-only': true })).toBe(false); // open, not settled
    expect(holds({ identification: false, tracking: true, 'counts-only': true, 'counts-proof': false })).toBe(true);
  });

  it('asks for the rest of the sheet exactly where a line holds or may hold', () => {
    const lines = ['identification', 'categorisation', 'emotion', 'tracking', 'predictive-policing', 'fusion', 'interception', 'conduct-scoring', 'database'];
    const none: Answers = Object.fromEntries(lines.map((id) => [id, false]));
    expect(assess(sheet, none)).toMatchObject({ isComplete: true, missing: [] });
    for (const line of lines) expect(assess(sheet, { ...none, [line]: true }).missing.length, line).toBeGreaterThan(20);
    expect(visibilityOf(sheet, {}).get('threshold')?.sight).not.toBe('hidden');
  });
});
