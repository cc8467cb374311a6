/** The questionnaires of the installation: complete in three languages, and what they name in the register and in the law exists and fits. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadPack, type Pack, type PackFile } from '../../../law/index.ts';
import { loadQuestionnaire, type Question } from '../../../law/questionnaire/index.ts';
import { installationRoot } from '../../../platform/files/index.ts';
import { ALL_FIELDS } from '../../registry/index.ts';
import { loadInstalledQuestionnaires } from './load-installed.ts';

const lawFolder = join(installationRoot, 'packs', 'law');

function packOf(id: string): Pack {
  const filesOf = (name: string): readonly PackFile[] => readdirSync(join(lawFolder, name), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path, text: readFileSync(join(lawFolder, name, path), 'utf8') }));
  const loaded = loadPack(filesOf(id), { packs: filesOf });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal.slice(0, 3)));
  return loaded.value;
}

/** What an answer of this question would be in the law; a question with choices must offer values the fact has. */
const FACT_TYPE: Readonly<Partial<Record<Question['type'], string>>> = { 'yes-no': 'bool', choice: 'enum', choices: 'set', number: 'number', date: 'date' };

const installed = loadInstalledQuestionnaires();

it('are installed', () => expect(installed.length).toBeGreaterThan(0));

describe.each(installed)('$questionnaire.ref.id', ({ questionnaire, notes, files }) => {
  const questions = questionnaire.pages.flatMap((page) => page.questions);
  it('has every text in every language', () => expect(notes).toEqual([]));
  it('is read the same from the files that are kept', () => {
    const again = loadQuestionnaire(files);
    expect(again.ok && again.value.questionnaire.ref).toEqual(questionnaire.ref);
  });
  it('names fields of the register that exist', () => {
    const known = new Set(ALL_FIELDS.map((field) => field.key));
    expect(questions.filter((question) => question.field !== undefined && !known.has(question.field)).map((question) => [question.id, question.field])).toEqual([]);
  });
  it('names facts and conclusions of the law that exist and fit', () => {
    const { scoring } = questionnaire;
    const named = questions.filter((question) => question.fact !== undefined);
    if (named.length === 0 && scoring.kind !== 'law') return;
    const pack = packOf(scoring.kind === 'law' ? scoring.pack : 'eu-ai-act');
    const wrong = named.filter((question) => {
      const fact = pack.facts.find((one) => one.id === question.fact);
      const values = question.choices.filter((choice) => !choice.exclusive).map((choice) => choice.factValue ?? choice.id);
      return fact === undefined || fact.type !== FACT_TYPE[question.type] || values.some((value) => !fact.values.some((one) => one.id === value));
    });
    expect(wrong.map((question) => [question.id, question.fact])).toEqual([]);
    const conclusions = new Set(pack.conclusions.flatMap((conclusion) => [conclusion.id, conclusion.family]));
    expect([...(scoring.kind === 'law' ? scoring.shows : []), ...questionnaire.consequences.flatMap((one) => one.when)].filter((id) => !conclusions.has(id))).toEqual([]);
  });
});
