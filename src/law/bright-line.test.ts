/** The surveillance bright line as shipped: a rule of its own that no score, class or measure can move, proved on its diagrams. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPack, compileLaw, decide, latestTime, loadPack, parseExpression } from './index.ts';
import type { Facts, Pack, PackFile } from './index.ts';
import { loadQuestionnaire } from './questionnaire/index.ts';
import type { Question } from './questionnaire/index.ts';
import { scratchOf } from './questions.ts';

const packs = join(import.meta.dirname, '../../packs');

function filesOf(folder: string): readonly PackFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.yaml'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') }));
}

function load(id: string): Pack {
  const loaded = loadPack(filesOf(join(packs, 'law', id)), { packs: (base) => filesOf(join(packs, 'law', base)) });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value;
}

const line = load('bright-line');
const law = compileLaw(line, latestTime(line), 'duties');
const own = new Set(line.facts.map(({ id }) => id));
const LETTERS = ['B1', 'B2', 'B3', 'B4', 'B5', 'B6', 'B7', 'B8', 'B9'];
const MAIN_LAWS = readdirSync(join(packs, 'law')).filter((id) => id !== 'bright-line');

/** The questions of every shipped questionnaire that count points. */
function scoredQuestions(): readonly Question[] {
  const folder = join(packs, 'questionnaires');
  return readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => {
    const loaded = loadQuestionnaire(filesOf(join(folder, name)));
    if (!loaded.ok) throw new Error(`packs/questionnaires/${name} does not load: ${JSON.stringify(loaded.refusal[0])}`);
    return loaded.value.questionnaire.pages.flatMap((page) => page.questions);
  }).filter((question) => question.scoreYes !== 0 || question.scoreNo !== 0 || question.choices.some((choice) => choice.score !== 0));
}

const answersOfLine = fc.record(Object.fromEntries([...own].map((id) => [id, fc.boolean()])), { requiredKeys: [] }) as fc.Arbitrary<Facts>;
const resultsOf = (facts: Facts): string => JSON.stringify(decide(law, facts, { reasons: false, flips: false }).outcomes.map(({ id, result }) => [id, result]));

describe('the surveillance bright line', () => {
  it('is sound by its own check, without errors or warnings', () => {
    expect(checkPack(line)).toEqual([]);
  });

  it('stands beside the main law, extends nothing and has nine practices', () => {
    expect([line.place, line.bases, line.parameters, line.readings]).toEqual(['beside', [], [], []]);
    expect(line.conclusions.filter(({ family }) => family === 'surveillance').map(({ id }) => id)).toEqual(LETTERS.map((letter) => `surveillance.${letter}`));
    expect(new Set(line.rules.map(({ authority }) => authority))).toEqual(new Set(['regulator_decision']));
  });

  it('rests on its own yes-or-no facts alone: nothing else is in the support of any of its diagrams', () => {
    const scratch = scratchOf(law);
    const blank = new Int8Array(law.variableCount).fill(-1);
    for (const outcome of law.outcomes) {
      scratch.begin();
      const support = [...scratch.factsOf(scratch.store.restrictFrom(law.diagrams, outcome.node, blank))].map((index) => law.facts[index]!.definition.id);
      expect(support.length, outcome.id).toBeGreaterThan(0);
      expect(support.filter((id) => !own.has(id)), outcome.id).toEqual([]);
    }
    expect(line.facts.filter(({ type }) => type !== 'bool')).toEqual([]);
    // A regime does not depend on what bars or follows from it either.
    for (const { id, when } of line.rules.filter(({ concludes }) => concludes.startsWith('surveillance'))) expect(when.text, id).toMatch(/^BL\.\w+(?: and BL\.\w+)?$/);
  });

  it('shares no fact with a main law, and no scored question of a questionnaire states one of its facts', () => {
    expect(MAIN_LAWS.flatMap((id) => load(id).facts).map(({ id }) => id).filter((id) => own.has(id))).toEqual([]);
    const scored = scoredQuestions();
    expect(scored.length).toBeGreaterThan(100);
    expect(scored.filter(({ fact }) => fact !== undefined && own.has(fact)).map(({ id }) => id)).toEqual([]);
  });

  it('is moved by no answer of another questionnaire or law, whatever it is called', () => {
    const foreign = fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('impact30-RS', 'riskProfile1-RS', 'consultation1-MS', 'aia.level', 'aia.mitigation', 'high_risk', 'filtered.a', 'X.task', 'S.infers')).filter((id) => !own.has(id)), fc.oneof(fc.boolean(), fc.integer(), fc.string(), fc.array(fc.string())));
    fc.assert(fc.property(answersOfLine, foreign, (facts, others) => resultsOf({ ...others, ...facts }) === resultsOf(facts)), { numRuns: 300 });
  });

  it('cannot be lifted but by an exemption that is proved', () => {
    fc.assert(fc.property(answersOfLine, (facts) => {
      const held = facts['BL.identification'] === true && !(facts['BL.one_to_one'] === true && facts['BL.one_to_one_proof'] === true);
      const outcome = decide(law, facts, { reasons: false, flips: false }).outcomes.find(({ id }) => id === 'surveillance.B1')!;
      if (facts['BL.identification'] === false) return outcome.result === 'fails';
      if (facts['BL.identification'] !== true) return outcome.result !== 'holds' || held;
      const isOpen = (facts['BL.one_to_one'] === undefined && facts['BL.one_to_one_proof'] !== false) || (facts['BL.one_to_one'] === true && facts['BL.one_to_one_proof'] === undefined);
      return outcome.result === (isOpen ? 'undetermined' : held ? 'holds' : 'fails');
    }), { numRuns: 300 });
  });

  it('would notice a score: a rule that reads one does not load, and one that reads a number fails the proof above', () => {
    const files = filesOf(join(packs, 'law/bright-line'));
    expect(parseExpression('BL.identification and aia.level >= 3').ok).toBe(true);
    const scored = files.map((file) => (file.path === 'rules.yaml' ? { ...file, text: file.text.replace('when: BL.identification\n', 'when: BL.identification and aia.level >= 3\n') } : file));
    const loaded = loadPack(scored);
    expect(loaded.ok ? [] : loaded.refusal.map(({ code }) => code)).toEqual(['unknown-name']);
  });
});
