/** The engine against slow readings: visibility against trying everything, grids, rights and points against sums written out. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type Answers, applied, assess, carryOver, cheapestLowerLevel, loadQuestionnaire, parseAnswers, parseQuestionAnswer, type Questionnaire, type Sight, visibilityAfter, visibilityOf } from './index.ts';

const same = (text: string): string => `{ az: "${text}", en: "${text}", ru: "${text}" }`;
const head = `id: made
version: 1.0.0
engine: 1
title: ${same('T')}
plain: ${same('P')}
source: { title: own }
`;

function load(text: string): Questionnaire {
  const loaded = loadQuestionnaire([{ path: 'questionnaire.yaml', text: head + text }]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.refusal, null, 1));
  return loaded.value.questionnaire;
}

// ---- visibility ------------------------------------------------------------------------------------------------------

/** Six questions; each may depend on earlier ones. Every answer is one of few, so that all can be tried. */
const TYPES = ['yes-no', 'choice', 'choices'] as const;
interface Made {
  readonly types: readonly (typeof TYPES)[number][];
  readonly conditions: readonly (string | undefined)[];
}
const atom = (types: Made['types'], before: number): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(before - 1), fc.constantFrom('x', 'y', 'z'), fc.boolean()).map(([at, value, negated]) => {
    const type = types[at];
    if (type === 'yes-no') return negated ? `q${at} = no` : `q${at}`;
    if (type === 'choice') return `q${at} ${negated ? '!=' : '='} ${value}`;
    return negated ? `not (q${at} has ${value})` : `q${at} has ${value}`;
  });
const condition = (types: Made['types'], before: number): fc.Arbitrary<string> =>
  fc.letrec<{ node: string; leaf: string }>((tie) => ({
    leaf: atom(types, before),
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), fc.tuple(tie('node'), fc.constantFrom('and', 'or'), tie('node')).map(([a, word, b]) => `(${a} ${word} ${b})`), tie('node').map((inner) => `not (${inner})`)),
  })).node;
const QUESTIONS = 5;
const made: fc.Arbitrary<Made> = fc.array(fc.constantFrom(...TYPES), { minLength: QUESTIONS, maxLength: QUESTIONS }).chain((types) =>
  fc.tuple(...types.map((_, index) => (index === 0 ? fc.constant(undefined) : fc.option(condition(types, index), { nil: undefined })))).map((conditions) => ({ types, conditions })),
);
const choicesText = `[ ${['x', 'y', 'z'].map((id) => `{ id: ${id}, label: ${same(id)} }`).join(', ')} ]`;
const build = ({ types, conditions }: Made): Questionnaire =>
  load(`scoring: { kind: none }
pages:
  - id: p
    title: ${same('P')}
    questions:
${types.map((type, index) => `      - { id: q${index}, type: ${type}, required: true, ask: ${same('?')}${type === 'yes-no' ? '' : `, choices: ${choicesText}`}${conditions[index] === undefined ? '' : `, visible_if: "${conditions[index]}"`} }`).join('\n')}
`);
const POSSIBLE: Readonly<Record<(typeof TYPES)[number], readonly Answer[]>> = {
  'yes-no': [true, false],
  choice: ['x', 'y', 'z'],
  choices: [['x'], ['y'], ['z'], ['x', 'y'], ['x', 'z'], ['y', 'z'], ['x', 'y', 'z']],
};

/** Evaluates the text of a condition with JavaScript's own operators. */
function trueOf(text: string, visible: (at: number) => boolean, answers: Answers): boolean {
  const words = text.replaceAll(/q(\d) (=|!=|has) (\w+)|q(\d)/g, (_, at: string | undefined, sign: string | undefined, value: string | undefined, bare: string | undefined) => {
    const index = Number(at ?? bare);
    const answer = visible(index) ? answers[`q${index}`] : undefined;
    if (bare !== undefined) return String(answer === true);
    if (sign === 'has') return String(Array.isArray(answer) && (answer as readonly string[]).includes(value ?? ''));
    const is = typeof answer === 'boolean' ? (answer ? 'yes' : 'no') === value : answer === value;
    return String(sign === '=' ? is : !is);
  });
  // Only true, false, and, or, not and parentheses are left: a small parser of its own.
  let at = 0;
  const tokens = words.match(/true|false|and|or|not|\(|\)/g) ?? [];
  const one = (): boolean => {
    const token = tokens[at++];
    if (token === 'not') return !one();
    if (token !== '(') return token === 'true';
    const inner = either();
    at += 1;
    return inner;
  };
  const both = (): boolean => {
    let value = one();
    while (tokens[at] === 'and') {
      at += 1;
      const next = one();
      value = value && next;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (tokens[at] === 'or') {
      at += 1;
      const next = both();
      value = value || next;
    }
    return value;
  };
  return either();
}

function slowVisibility(given: Made, answers: Answers): readonly Sight[] {
  const open = given.types.map((_, index) => index).filter((index) => answers[`q${index}`] === undefined);
  const seen = given.types.map(() => new Set<boolean>());
  const visit = (at: number, trial: Answers): void => {
    const index = open[at];
    if (index !== undefined) {
      for (const answer of POSSIBLE[given.types[index] ?? 'yes-no']) visit(at + 1, { ...trial, [`q${index}`]: answer });
      return;
    }
    const visible: boolean[] = [];
    given.conditions.forEach((text, question) => {
      visible.push(text === undefined || trueOf(text, (one) => visible[one] === true, trial));
      seen[question]?.add(visible[question] === true);
    });
  };
  visit(0, answers);
  return seen.map((truths) => (truths.size === 2 ? 'open' : truths.has(true) ? 'shown' : 'hidden'));
}

const answersFor = (given: Made): fc.Arbitrary<Answers> =>
  fc
    .tuple(...given.types.map((type) => fc.option(fc.constantFrom(...POSSIBLE[type]), { nil: undefined })))
    .map((list) => Object.fromEntries(list.flatMap((answer, index) => (answer === undefined ? [] : [[`q${index}`, answer]]))));

describe('visibility', () => {
  it('is what trying all ways to answer finds', () => {
    fc.assert(
      fc.property(
        made.chain((given) => fc.tuple(fc.constant(given), answersFor(given))),
        ([given, answers]) => {
          const fast = visibilityOf(build(given), answers);
          expect(given.types.map((_, index) => fast.get(`q${index}`)?.sight)).toEqual(slowVisibility(given, answers));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('after one change is what it is from scratch', () => {
    fc.assert(
      fc.property(
        made.chain((given) => fc.tuple(fc.constant(given), answersFor(given), fc.nat(QUESTIONS - 1), fc.nat(6))),
        ([given, answers, at, pick]) => {
          const questionnaire = build(given);
          const possible = POSSIBLE[given.types[at] ?? 'yes-no'];
          const changed = { ...answers, [`q${at}`]: possible[pick % possible.length]! };
          expect(visibilityAfter(questionnaire, visibilityOf(questionnaire, answers), `q${at}`, changed)).toEqual(visibilityOf(questionnaire, changed));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('only settles: answering one question more never turns shown into hidden', () => {
    fc.assert(
      fc.property(
        made.chain((given) => fc.tuple(fc.constant(given), answersFor(given), fc.nat(QUESTIONS - 1), fc.nat(6))),
        ([given, answers, at, pick]) => {
          fc.pre(answers[`q${at}`] === undefined);
          const questionnaire = build(given);
          const before = visibilityOf(questionnaire, answers);
          const possible = POSSIBLE[given.types[at] ?? 'yes-no'];
          const after = visibilityOf(questionnaire, { ...answers, [`q${at}`]: possible[pick % possible.length]! });
          for (const [id, { sight }] of before) if (sight !== 'open') expect(after.get(id)?.sight).toBe(sight);
        },
      ),
      { numRuns: 200 },
    );
  });

  const chain = load(`scoring: { kind: none }
pages:
  - { id: p, title: ${same('P')}, questions: [
      { id: a, type: yes-no, ask: ${same('A')} }, { id: b, type: yes-no, ask: ${same('B')}, visible_if: a },
      { id: c, type: text, ask: ${same('C')}, visible_if: b }, { id: d, type: text, ask: ${same('D')}, visible_if: a or not a }, { id: n, type: number, ask: ${same('N')}, min: 0, max: 10 },
      { id: e, type: text, ask: ${same('E')}, visible_if: n >= 5 }, { id: f, type: text, ask: ${same('F')}, visible_if: n < 20 }, { id: g, type: text, ask: ${same('G')}, visible_if: c } ] }
`);
  it.each([
    ['nothing answered', {}, { b: 'open', c: 'open', d: 'shown', e: 'open', f: 'shown', g: 'open' }, ['a']],
    ['a parent that is hidden hides its child, whatever the child answered', { a: false, b: true }, { b: 'hidden', c: 'hidden', g: 'hidden' }, ['a']],
    ['a parent shown and answered', { a: true, b: true, n: 4 }, { b: 'shown', c: 'shown', e: 'hidden', g: 'open' }, ['a']],
    ['answered at all', { a: true, b: true, c: 'x', n: 5 }, { e: 'shown', g: 'shown' }, ['a']],
  ] as const)('%s', (_, answers, expected, because) => {
    const seen = visibilityOf(chain, answers);
    expect(Object.fromEntries(Object.keys(expected).map((id) => [id, seen.get(id)?.sight]))).toEqual(expected);
    expect(seen.get('b')?.by).toEqual(because);
  });

  it('keeps answers whose question is hidden, and counts them again when it comes back', () => {
    const away = assess(chain, { a: false, b: true });
    expect(away.asleep).toEqual(['b']);
    expect(away.counting).toEqual({ a: false });
    expect(assess(chain, { a: true, b: true }).counting).toEqual({ a: true, b: true });
  });
});

// ---- points ----------------------------------------------------------------------------------------------------------

describe('points', () => {
  const questionnaire = load(`scoring:
  kind: tallies
  tallies:
    - { id: raw, label: ${same('Raw')} }
    - { id: good, label: ${same('Good')}, alternatives: [ { id: one, when: phase = one, pages: [ first ] }, { id: two, when: phase = two, pages: [ second ] } ] }
  result: raw
  reduction: { tally: good, at_share: 0.8, by_share: 0.15 }
levels: [ { id: low, label: ${same('Low')}, up_to_share: 0.25 }, { id: mid, label: ${same('Mid')}, up_to_share: 0.5 }, { id: top, label: ${same('Top')} } ]
consequences: [ { levels: [ top ], label: ${same('Stop')} } ]
pages:
  - { id: about, title: ${same('P')}, questions: [ { id: phase, type: choice, required: true, ask: ${same('?')}, choices: [ { id: one, label: ${same('1')} }, { id: two, label: ${same('2')} } ] } ] }
  - { id: risk, title: ${same('P')}, tally: raw, questions: [
      { id: r1, type: choice, ask: ${same('?')}, choices: [ { id: n, label: ${same('n')} }, { id: m, label: ${same('m')}, score: 10 }, { id: h, label: ${same('h')}, score: 20 } ] },
      { id: r2, type: choices, ask: ${same('?')}, choices: [ { id: a, label: ${same('a')}, score: 3 }, { id: b, label: ${same('b')}, score: 4 }, { id: none, label: ${same('-')}, exclusive: true } ] },
      { id: r3, type: yes-no, score_yes: 6, ask: ${same('?')}, visible_if: r1 = h }, { id: r4, type: gauge, ask: ${same('?')}, steps: [ { label: ${same('1')} }, { label: ${same('2')} }, { label: ${same('3')} } ] } ] }
  - { id: first, title: ${same('P')}, tally: good, visible_if: phase = one, questions: [ { id: g1, type: yes-no, score_yes: 5, ask: ${same('?')} } ] }
  - { id: second, title: ${same('P')}, tally: good, visible_if: phase = two, questions: [ { id: g2, type: yes-no, score_yes: 5, ask: ${same('?')} } ] }
`);
  const filled = fc.record(
    {
      phase: fc.constantFrom('one', 'two'),
      r1: fc.constantFrom('n', 'm', 'h'),
      r2: fc.constantFrom<string[]>(['a'], ['b'], ['a', 'b'], ['none']),
      r3: fc.boolean(),
      r4: fc.integer({ min: 1, max: 3 }),
      g1: fc.boolean(),
      g2: fc.boolean(),
    },
    { requiredKeys: [] },
  );

  it('are the sums written out', () => {
    fc.assert(
      fc.property(filled, (answers) => {
        const { result, isComplete, consequences } = assess(questionnaire, answers);
        const raw = ({ n: 0, m: 10, h: 20 }[answers.r1 ?? 'n'] ?? 0) + (answers.r2?.includes('a') === true ? 3 : 0) + (answers.r2?.includes('b') === true ? 4 : 0) + (answers.r3 === true && (answers.r1 === undefined || answers.r1 === 'h') ? 6 : 0) + (answers.r4 ?? 0);
        const good = (answers.phase === 'one' && answers.g1 === true) || (answers.phase === 'two' && answers.g2 === true) ? 5 : 0;
        const value = good >= 4 ? Math.round(0.85 * raw) : raw;
        const level = value <= 9 ? 'low' : value <= 18 ? 'mid' : 'top';
        expect(result).toMatchObject({ kind: 'tallies', before: raw, value, max: 36, level });
        const isAll = answers.phase !== undefined && answers.r1 !== undefined && answers.r2 !== undefined && answers.r4 !== undefined && (answers.r1 !== 'h' || answers.r3 !== undefined) && (answers.phase === 'one' ? answers.g1 : answers.g2) !== undefined;
        expect(isComplete).toBe(isAll);
        expect(consequences.length).toBe(isAll && level === 'top' ? 1 : 0);
      }),
      { numRuns: 500 },
    );
  });

  it('the cheapest change lowers the level, and no single change does where several are named', () => {
    fc.assert(
      fc.property(filled, (given) => {
        const answers = given as Answers;
        const now = assess(questionnaire, answers);
        const lower = cheapestLowerLevel(questionnaire, answers, now);
        if (!now.isComplete || !('level' in now.result) || now.result.level === 'low') {
          expect(lower).toBeUndefined();
          return;
        }
        expect(lower).toBeDefined();
        const after = assess(questionnaire, applied(answers, lower?.changes ?? []));
        const order = ['low', 'mid', 'top'];
        expect('level' in after.result && order.indexOf(after.result.level ?? '')).toBeLessThan(order.indexOf(now.result.level ?? ''));
      }),
      { numRuns: 300 },
    );
  });
});

// ---- grids and rights --------------------------------------------------------------------------------------------------

const steps = (count: number): string => `[ ${Array.from({ length: count }, (_, index) => `{ label: ${same(String(index + 1))} }`).join(', ')} ]`;
const levels = `levels: [ { id: low, label: ${same('Low')} }, { id: mid, label: ${same('Mid')} }, { id: high, label: ${same('High')} } ]\n`;
const MATRIX = [
  ['low', 'low', 'mid'],
  ['low', 'mid', 'high'],
  ['mid', 'high', 'high'],
] as const;
const matrix = `matrix: [ ${MATRIX.map((line) => `[ ${line.join(', ')} ]`).join(', ')} ]`;
const ORDER = ['low', 'mid', 'high'];

describe('a grid', () => {
  const questionnaire = load(`scoring:
  kind: grid
  down: { label: ${same('Severity')} }
  across: { label: ${same('Likelihood')} }
  risks:
    - { id: access, label: ${same('Access')}, down: s, across: l }
    - { id: own, label: ${same('Own')}, rows: table, name: harm, down: sev, across: lik }
  ${matrix}
${levels}pages:
  - { id: p, title: ${same('P')}, questions: [ { id: s, type: gauge, ask: ${same('?')}, steps: ${steps(3)} }, { id: l, type: gauge, ask: ${same('?')}, steps: ${steps(3)} },
      { id: table, type: table, ask: ${same('?')}, columns: [ { id: harm, type: text, label: ${same('Harm')}, required: true }, { id: sev, type: gauge, label: ${same('S')}, required: true, steps: ${steps(3)} }, { id: lik, type: gauge, label: ${same('L')}, required: true, steps: ${steps(3)} } ] } ] }
`);
  const step = fc.integer({ min: 1, max: 3 });
  it('has the level of its worst risk, and says what would lower it', () => {
    fc.assert(
      fc.property(step, step, fc.array(fc.record({ harm: fc.constant('x'), sev: step, lik: step }), { maxLength: 3 }), (s, l, table) => {
        const answers: Answers = { s, l, ...(table.length === 0 ? {} : { table }) };
        const now = assess(questionnaire, answers);
        const each = [MATRIX[s - 1]?.[l - 1], ...table.map((row) => MATRIX[row.sev - 1]?.[row.lik - 1])];
        const worst = ORDER[Math.max(...each.map((id) => ORDER.indexOf(id ?? '')))];
        expect(now.isComplete).toBe(true);
        expect(now.result).toMatchObject({ kind: 'grid', level: worst });
        const lower = cheapestLowerLevel(questionnaire, answers, now);
        expect(lower === undefined).toBe(worst === 'low');
        if (lower === undefined) return;
        const after = assess(questionnaire, applied(answers, lower.changes));
        expect('level' in after.result && ORDER.indexOf(after.result.level ?? '')).toBeLessThan(ORDER.indexOf(worst ?? ''));
      }),
    );
  });
  it('is incomplete while a required cell of a row is empty', () => {
    expect(assess(questionnaire, { s: 1, l: 1, table: [{ harm: 'x', sev: 2 }] }).missing).toEqual([{ question: 'table', page: 'p', why: 'cell', row: 0, column: 'lik' }]);
  });
});

describe('rights', () => {
  const questionnaire = load(`scoring: { kind: rights, rows: impacts, right: right, group: group, severity: [ scale, scope ], raise: { column: undo, from: 3, by: 1 }, probability: prob, ${matrix} }
${levels}pages:
  - { id: p, title: ${same('P')}, questions: [ { id: impacts, type: table, required: true, ask: ${same('?')}, columns: [
      { id: right, type: choice, label: ${same('R')}, required: true, choices: [ { id: life, label: ${same('Life')} }, { id: privacy, label: ${same('Privacy')} } ] }, { id: group, type: text, label: ${same('G')} },
      { id: scale, type: gauge, label: ${same('S')}, steps: ${steps(3)} }, { id: scope, type: gauge, label: ${same('S')}, steps: ${steps(3)} }, { id: undo, type: gauge, label: ${same('U')}, steps: ${steps(3)} }, { id: prob, type: gauge, label: ${same('P')}, steps: ${steps(3)} } ] } ] }
`);
  const step = fc.integer({ min: 1, max: 3 });
  const row = fc.record({ right: fc.constantFrom('life', 'privacy'), scale: step, scope: step, undo: step, prob: step });
  const levelFor = (rows: readonly Record<string, unknown>[]): number => {
    const { result } = assess(questionnaire, { impacts: rows as Answer });
    return 'level' in result ? ORDER.indexOf(result.level ?? '') : -1;
  };
  it('what cannot be undone only raises', () => {
    fc.assert(fc.property(row, (one) => {
      expect(levelFor([{ ...one, undo: 3 }])).toBeGreaterThanOrEqual(levelFor([{ ...one, undo: 1 }]));
    }));
  });
  it('is the table written out', () => {
    fc.assert(
      fc.property(row, (one) => {
        const plain = Math.max(one.scale, one.scope);
        const severity = one.undo >= 3 ? Math.min(3, plain + 1) : plain;
        expect(levelFor([one])).toBe(ORDER.indexOf(MATRIX[severity - 1]?.[one.prob - 1] ?? ''));
      }),
    );
  });
  it('one more row never lowers the level', () => {
    fc.assert(fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), row, (rows, more) => {
      expect(levelFor([...rows, more])).toBeGreaterThanOrEqual(levelFor(rows));
    }));
  });
});

// ---- checklists, answers, versions ------------------------------------------------------------------------------------

describe('a checklist', () => {
  const questionnaire = load(`scoring: { kind: checklist }
pages:
  - { id: p, title: ${same('P')}, questions: [ { id: a, type: check, ask: ${same('?')}, evidence: required }, { id: b, type: check, ask: ${same('?')} }, { id: c, type: check, ask: ${same('?')} } ] }
`);
  it('counts and lists gaps, without a total', () => {
    const answers = { a: { check: 'yes' }, b: { check: 'partial', remark: 'half' } } as const;
    const now = assess(questionnaire, answers);
    expect(now.result).toEqual({ kind: 'checklist', pages: [{ page: 'p', counts: { yes: 1, partial: 1, no: 0, na: 0 }, open: 1 }], gaps: [{ question: 'a', page: 'p', why: 'no-evidence' }, { question: 'b', page: 'p', why: 'partial' }] });
    expect(now.isComplete).toBe(false);
    expect(assess(questionnaire, { ...answers, c: { check: 'na' } }, new Set(['a'])).result).toMatchObject({ gaps: [{ question: 'b' }] });
  });
});

const every = load(`scoring: { kind: none }
pages:
  - { id: p, title: ${same('P')}, questions: [
      { id: one, type: choice, ask: ${same('?')}, choices: ${choicesText} }, { id: many, type: choices, ask: ${same('?')}, choices: [ { id: x, label: ${same('x')} }, { id: none, label: ${same('-')}, exclusive: true } ] },
      { id: yn, type: yes-no, ask: ${same('?')} }, { id: ck, type: check, ask: ${same('?')} }, { id: ga, type: gauge, ask: ${same('?')}, steps: ${steps(3)} }, { id: tx, type: text, length_max: 5, ask: ${same('?')} },
      { id: nu, type: number, min: 0, max: 10, ask: ${same('?')} }, { id: da, type: date, ask: ${same('?')} }, { id: ta, type: table, rows_max: 2, ask: ${same('?')}, columns: [ { id: n, type: number, label: ${same('N')} } ] }, { id: no, type: note, ask: ${same('?')} } ] }
`);
const question = (id: string): Parameters<typeof parseQuestionAnswer>[0] => every.pages[0]!.questions.find((one) => one.id === id)!;

describe('answers', () => {
  it.each([
    ['one', 'x', 'x'],
    ['one', '', undefined],
    ['many', ['x', 'x'], ['x']],
    ['many', [], undefined],
    ['yn', false, false],
    ['ck', 'na', { check: 'na' }],
    ['ck', { check: 'no', remark: 'why' }, { check: 'no', remark: 'why' }],
    ['ga', 3, 3],
    ['nu', 0, 0],
    ['da', '2026-02-28', '2026-02-28'],
    ['ta', [{ n: 1 }, { n: null }], [{ n: 1 }]],
    ['ta', [{}], undefined],
  ] as const)('%s ← %j', (id, raw, expected) => expect(parseQuestionAnswer(question(id), raw)).toEqual({ ok: true, value: expected }));
  it.each([
    ['one', 'w', 'unknown-choice'],
    ['one', 7, 'wrong-shape'],
    ['many', 'x', 'wrong-shape'],
    ['many', ['x', 'none'], 'excluded-choice'],
    ['many', ['w'], 'unknown-choice'],
    ['yn', 'yes', 'wrong-shape'],
    ['ck', 'maybe', 'unknown-choice'],
    ['ck', { check: 'yes', more: 1 }, 'wrong-shape'],
    ['ga', 4, 'out-of-range'],
    ['ga', 1.5, 'out-of-range'],
    ['tx', '123456', 'text-too-long'],
    ['tx', '\uD800', 'wrong-shape'],
    ['nu', 11, 'out-of-range'],
    ['nu', Number.NaN, 'no-number'],
    ['da', '2026-02-30', 'no-day'],
    ['ta', [{ n: 1 }, { n: 1 }, { n: 1 }], 'too-many-rows'],
    ['ta', [{ m: 1 }], 'unknown-column'],
    ['ta', [{ n: 'x' }], 'no-number'],
    ['no', 'x', 'not-answerable'],
  ] as const)('%s ← %j is refused', (id, raw, code) => expect(parseQuestionAnswer(question(id), raw)).toMatchObject({ ok: false, refusal: { code } }));
  it('whatever is sent is an answer or a named refusal, and an answer reads back as itself', () => {
    fc.assert(
      fc.property(fc.constantFrom(...every.pages[0]!.questions), fc.jsonValue(), (one, raw) => {
        const parsed = parseQuestionAnswer(one, raw);
        if (parsed.ok && parsed.value !== undefined) expect(parseQuestionAnswer(one, parsed.value)).toEqual(parsed);
      }),
    );
    expect(parseAnswers(every, { constructor: 'x', __proto__: 'x', one: 'x' }).answers).toEqual({ one: 'x' });
    expect(parseAnswers(every, JSON.parse('{"__proto__":1}')).problems).toHaveLength(1);
  });
});

describe('another version', () => {
  const version = (text: string): Questionnaire => load(`scoring: { kind: none }\npages:\n  - { id: p, title: ${same('P')}, questions: [ ${text} ] }\n`);
  const ask = (id: string, words: string, more = ''): string => `{ id: ${id}, type: text, ask: ${same(words)}${more} }`;
  it('takes over equal questions and lists the rest', () => {
    const from = version([ask('a', 'A'), ask('b', 'B'), ask('c', 'C'), ask('d', 'D')].join(', '));
    const to = version([ask('d', 'D', `, help: ${same('H')}`), ask('a', 'A'), ask('b', 'B, but not the same'), ask('e', 'E')].join(', '));
    expect(carryOver(from, to, { a: '1', b: '2', c: '3', d: '4' })).toEqual({ answers: { a: '1', d: '4' }, changed: ['b'], gone: ['c'], added: ['e'] });
  });
});
