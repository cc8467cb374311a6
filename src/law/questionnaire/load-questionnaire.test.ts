/** Loading: what is right is read whole, and every mistake is named with file, line and fix. */

import { describe, expect, it } from 'vitest';
import { loadQuestionnaire } from './index.ts';

const all = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;

const HEAD = `id: small
version: 1.0.0
engine: 1
title: ${all('Small')}
plain: ${all('For tests')}
source: { title: "Own" }
`;

const TALLIES = `scoring:
  kind: tallies
  tallies:
    - { id: raw, label: ${all('Raw')} }
  result: raw
levels:
  - { id: I, label: ${all('One')}, up_to_share: 0.5 }
  - { id: II, label: ${all('Two')} }
`;

const PAGES = `pages:
  - id: one
    title: ${all('Page')}
    tally: raw
    questions:
      - { id: a, type: choice, ask: ${all('A')}, choices: [ { id: x, label: ${all('X')}, score: 2 }, { id: y, label: ${all('Y')} } ] }
      - { id: b, type: text, ask: ${all('B')}, visible_if: a = x }
`;

const whole = HEAD + TALLIES + PAGES;
const load = (text: string, ...others: readonly { path: string; text: string }[]): ReturnType<typeof loadQuestionnaire> => loadQuestionnaire([{ path: 'questionnaire.yaml', text }, ...others]);

describe('a right questionnaire', () => {
  it('is read whole', () => {
    const loaded = load(whole);
    expect(loaded.ok ? [] : loaded.refusal).toEqual([]);
    if (!loaded.ok) return;
    const { questionnaire, notes } = loaded.value;
    expect(notes).toEqual([]);
    expect(questionnaire.ref).toMatchObject({ id: 'small', version: '1.0.0' });
    expect(questionnaire.ref.digest).toMatch(/^[0-9a-f]{64}$/);
    const [a, b] = questionnaire.pages[0]?.questions ?? [];
    expect(a).toMatchObject({ tally: 'raw', required: true, evidence: 'optional' });
    expect(b).toMatchObject({ required: false, visibleIf: { text: 'a = x', tree: { op: 'is', question: 'a', value: 'x' } } });
    expect(b?.tally).toBeUndefined();
  });

  it('may lie in several files; the digest covers them all', () => {
    const head = `${HEAD}${TALLIES}files: [ pages.yaml ]\n`;
    const first = load(head, { path: 'pages.yaml', text: PAGES });
    const second = load(head, { path: 'pages.yaml', text: `${PAGES}# a remark\n` });
    expect(first.ok && second.ok).toBe(true);
    if (first.ok && second.ok) expect(first.value.questionnaire.ref.digest).not.toBe(second.value.questionnaire.ref.digest);
  });

  it('says which translation is missing without refusing', () => {
    const loaded = load(whole.replace(`ask: ${all('B')}`, 'ask: { az: "B", en: "B" }'));
    expect(loaded.ok && loaded.value.notes.map((note) => note.code)).toEqual(['missing-translation']);
  });
});

describe('mistakes', () => {
  const change = (from: string, to: string): string => {
    expect(whole).toContain(from);
    return whole.replace(from, to);
  };
  it.each([
    ['no file', undefined, 'no-manifest'],
    ['not YAML', 'id: [', 'malformed-yaml'],
    ['another engine', ['engine: 1', 'engine: 7'], 'wrong-engine'],
    ['an unknown key', ['type: text,', 'type: text, askk: x,'], 'unknown-key'],
    ['an unknown type', ['type: text,', 'type: txt,'], 'wrong-value'],
    ['an unknown question in a condition', ['visible_if: a = x', 'visible_if: aa = x'], 'unknown-question'],
    ['an unknown choice in a condition', ['visible_if: a = x', 'visible_if: a = z'], 'unknown-value'],
    ['a condition that is none', ['visible_if: a = x', 'visible_if: a ='], 'bad-condition'],
    ['a number compared with a choice', ['visible_if: a = x', 'visible_if: a > 3'], 'bad-limit'],
    ['a circle', ['ask: ' + all('A'), `ask: ${all('A')}, visible_if: b`], 'visibility-cycle'],
    ['an id twice', ['id: b, type', 'id: a, type'], 'duplicate-id'],
    ['a choice twice', ['id: y,', 'id: x,'], 'duplicate-id'],
    ['an unknown tally', ['tally: raw', 'tally: row'], 'unknown-tally'],
    ['a result that is no tally', ['result: raw', 'result: row'], 'unknown-tally'],
    ['a last level with a bound', [`label: ${all('Two')} }`, `label: ${all('Two')}, up_to_share: 0.9 }`], 'level-bounds'],
    ['a share above one', ['up_to_share: 0.5', 'up_to_share: 5'], 'wrong-value'],
    ['a prefilled judgement', ['type: choice,', 'type: choice, field: purpose,'], 'prefilled-judgement'],
    ['a fact in a text', ['type: text,', 'type: text, fact: R.size,'], 'wrong-type'],
    ['a right nobody declared', ['type: text,', 'type: text, rights: [ life ],'], 'unknown-right'],
    ['a file that is not there', ['engine: 1', 'engine: 1\nfiles: [ more.yaml ]'], 'missing-file'],
  ] as const)('%s', (_, given, expected) => {
    const loaded = given === undefined ? loadQuestionnaire([]) : load(typeof given === 'string' ? given : change(given[0], given[1]));
    expect(loaded.ok ? [] : loaded.refusal.map((problem) => problem.code)).toContain(expected);
    if (!loaded.ok) for (const problem of loaded.refusal) expect(problem).toMatchObject({ file: expect.stringMatching(/yaml$/) as string, line: expect.any(Number) as number, fix: expect.stringMatching(/\w/) as string });
  });
});
