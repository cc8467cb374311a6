/** Life, amendments, texts, manifest, opening and calendar as tables. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Instant, Language } from '../../../base/index.ts';
import { parseMotion } from '../../../proof/council/motion-text.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { KINDS, type Localised, type Motion, type State, STATES } from '../model.ts';
import { type Change, clashes, consolidated, fitsText, shifted } from './amend.ts';
import { calendarFile } from './calendar.ts';
import { KIND_RULES } from './kinds.ts';
import { type Act, afterAct, isOver, LIFE } from './life.ts';
import { likenessOf, paragraphsOf, partyName, tidyText } from './motion-words.ts';
import { nextOf, windowOf } from './opening.ts';
import { papersOf } from './papers.ts';
import { type Given, type Known, readMotion } from './read-motion.ts';

const all = (text: string): Localised => ({ az: text, en: text, ru: text });

describe('the life of a motion', () => {
  const check = (state: State, act: Act, expected: State | 'refused'): void =>
    it(`${state}: ${act} → ${expected}`, () => {
      const next = afterAct(state, act);
      expect(next.ok ? next.value : 'refused').toBe(expected);
    });
  check('draft', 'submit', 'submitted');
  check('draft', 'admit', 'refused');
  check('submitted', 'admit', 'admissible');
  check('submitted', 'refuse', 'inadmissible');
  check('inadmissible', 'overrule', 'admissible');
  check('submitted', 'schedule', 'refused');
  check('admissible', 'schedule', 'scheduled');
  check('scheduled', 'open', 'open');
  check('scheduled', 'cancel-opening', 'admissible');
  check('open', 'withdraw', 'refused');
  check('open', 'cancel-opening', 'refused');
  check('open', 'amend', 'refused');
  check('open', 'carry', 'standstill');
  check('open', 'carry-at-once', 'in-force');
  check('open', 'fail', 'not-carried');
  check('not-carried', 'again', 'admissible');
  check('standstill', 'enter-force', 'in-force');
  check('standstill', 'not-confirmed', 'lapsed');
  check('in-force', 'complete', 'completed');
  check('in-force', 'lapse', 'lapsed');
  check('completed', 'supersede', 'superseded');
  check('superseded', 'enter-force', 'refused');
  it('leads nowhere from its ends, and from everywhere else somewhere', () => {
    for (const state of STATES) expect([state, Object.values(LIFE).some(({ from, to }) => to !== undefined && from.includes(state))]).toEqual([state, !isOver(state)]);
  });
  it('has no way into force but the outcome of a vote', () => {
    const into = (state: State): readonly string[] => Object.entries(LIFE).filter(([, { to }]) => to === state).map(([act]) => act);
    expect(into('in-force')).toEqual(['carry-at-once', 'enter-force']);
    expect(into('standstill')).toEqual(['carry']);
    expect(LIFE.carry.from).toEqual(['open']);
  });
});

describe('amendments by paragraph', () => {
  const body = all('one\n\ntwo\n\nthree');
  const change = (act: Change['act'], paragraph: number, text = 'new'): Change => ({ act, paragraph, text: all(act === 'delete' ? '' : text) });
  const check = (name: string, changes: readonly Change[], expected: string): void =>
    it(name, () => {
      const next = consolidated(body, changes);
      expect(next.ok ? next.value.en.replaceAll('\n\n', '|') : next.refusal).toBe(expected);
    });
  check('replaces', [change('replace', 2)], 'one|new|three');
  check('inserts before the first', [change('insert', 0)], 'new|one|two|three');
  check('inserts after the last', [change('insert', 3)], 'one|two|three|new');
  check('deletes', [change('delete', 1)], 'two|three');
  check('makes several at once, each counted in the text before', [change('delete', 1), change('insert', 1), change('replace', 3, 'last')], 'new|two|last');
  check('keeps the order of insertions at one place', [change('insert', 1, 'a'), change('insert', 1, 'b')], 'one|a|b|two|three');
  check('refuses two for one paragraph', [change('replace', 2), change('delete', 2)], 'clash');
  check('refuses a paragraph that is not there', [change('replace', 4)], 'paragraph');
  check('refuses paragraph 0 but for insertions', [change('delete', 0)], 'paragraph');
  check('refuses two paragraphs as one', [change('replace', 1, 'a\n\nb')], 'text');
  check('refuses a missing language', [{ act: 'replace', paragraph: 1, text: { az: 'x', en: '', ru: 'x' } }], 'text');
  it('does not name a place where languages are cut differently', () => expect(fitsText({ ...body, ru: 'one' }, change('replace', 1))).toBe('paragraph'));
  it('says the same whether two that do not clash are made at once or one after the other', () => {
    const arbitrary = fc.record({ act: fc.constantFrom('replace', 'insert', 'delete'), paragraph: fc.integer({ min: 0, max: 3 }) }).map(({ act, paragraph }) => ({ act, paragraph: act === 'insert' ? paragraph : Math.max(1, paragraph) }) as const);
    fc.assert(fc.property(arbitrary, arbitrary, (a, b) => {
      const [one, other] = [change(a.act, a.paragraph, 'A'), change(b.act, b.paragraph, 'B')];
      fc.pre(!clashes(one, other) && !(a.act === 'delete' && b.act === 'delete'));
      const at = shifted(other, one);
      const together = consolidated(body, [one, other]);
      const first = consolidated(body, [one]);
      if (at === undefined || !first.ok || !together.ok) return;
      // A second insertion at the very place of the first comes before it when it is made later.
      if (a.act === 'insert' && b.act === 'insert' && a.paragraph === b.paragraph) return;
      const then = consolidated(first.value, [{ ...other, paragraph: at }]);
      expect(then).toMatchObject({ ok: true, value: together.value });
    }), { numRuns: 10_000 });
  });
});

describe('texts', () => {
  const check = (name: string, given: string, expected: string): void => it(name, () => expect(tidyText(given)).toBe(expected));
  check('have one kind of line end', 'a\r\nb\rc', 'a\nb\nc');
  check('lose blanks at line ends and surplus lines', '  a  \n\n\n\nb \n', 'a\n\nb');
  check('are composed: İ is one letter', 'I\u0307', 'İ');
  check('hold no control characters', 'a\u0007b', 'a b');
  it('stay the same when tidied again', () => fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => tidyText(tidyText(text)) === tidyText(text)), { numRuns: 10_000 }));
  const party = (given: string, expected: string): void => it(`${given} is ${expected}`, () => expect(partyName(given)).toBe(expected));
  party('Rəqəmsal İnkişaf və Nəqliyyat Nazirliyi', 'reqemsal-inkisaf-ve-neqliyyat-nazirliyi');
  party('Министерство юстиции', 'ministerstvo-yustitsii');
  party('  ACME, Inc.  ', 'acme-inc');
  party('№', '');
  it('are alike though capitals and blanks differ', () => expect(likenessOf('Sistemə  İCAZƏ.')).toBe(likenessOf('sistemə icazə')));
});

describe('reading a motion', () => {
  const known: Known = { classes: ['standard', 'guarded', 'contested', 'constitutional', 'emergency', 'procedural'], packs: ['p'.repeat(64)], hasSystem: true, hasDecision: true };
  const texts = (language: Language, body = 'a\n\nb'): Given => ({ [`title-${language}`]: `Title ${language}`, [`body-${language}`]: body });
  const whole: Given = { ...texts('az'), ...texts('en'), ...texts('ru'), authentic: 'az', class: 'standard', basis: 'Article 1', parties: 'Body', 'subject-system': 'x' };
  const check = (name: string, given: Given, expected: readonly string[], more: Partial<Known> = {}): void =>
    it(name, () => {
      const read = readMotion('authorise', given, { ...known, ...more });
      expect(read.ok ? [] : read.refusal.map(({ field, problem }) => `${field} ${problem}`)).toEqual(expected);
    });
  check('takes a whole one', whole, []);
  check('tells all that is wrong at once', { ...whole, 'title-en': ' ', basis: '' }, ['title-en missing', 'basis basis']);
  check('wants as many paragraphs in each language', { ...whole, ...texts('ru', 'one') }, ['body-ru language']);
  check('wants a system of the register', whole, ['subject-system unknown'], { hasSystem: false });
  check('wants a class of the kind', { ...whole, class: 'procedural' }, ['class unknown']);
  check('wants a class of the constitution', whole, ['class unknown'], { classes: ['guarded'] });
  check('wants parties where somebody is affected', { ...whole, parties: '№' }, ['parties missing']);
  check('refuses a day that does not exist', { ...whole, 'subject-until': '2027-02-30' }, ['subject-until not-a-date']);
  it('knows every kind with a usual class', () => {
    for (const kind of KINDS) expect(KIND_RULES[kind].classes.length).toBeGreaterThan(0);
  });
});

describe('papers', () => {
  const motion: Motion & { number: string } = {
    id: 'x', number: '2027-014', option: 'A', slot: '2027-014', round: 1, kind: 'authorise', class: 'standard', authentic: 'az', title: all('Title'), body: all('Text'), basis: ['Article 12(1)'], parties: ['ministry'], subject: {},
    state: 'admissible', moverName: '', movedBy: '', createdAt: '2027-01-01T00:00:00.000Z' as Instant, changedAt: '2027-01-01T00:00:00.000Z' as Instant, revision: 1, manifest: undefined, digest: undefined,
    amendUntil: undefined, openedAt: undefined, closesAt: undefined, inForceAt: undefined, lapsesAt: undefined, effect: 'none', effectWhy: undefined, effectAt: undefined, jobId: undefined, supporters: 0,
  };
  const annex = { motionId: 'x', position: 1, name: 'a.json', source: 'file', sha256: 'a'.repeat(64), bytes: 12, mediaType: 'application/json', content: undefined };
  it('are a manifest that the log reads', () => {
    const { manifest } = papersOf(suite, 'council.example', motion, [annex]);
    expect(parseMotion(manifest)).toMatchObject({ ok: true, value: { number: '2027-014', option: 'A', parties: ['ministry'], annexes: [{ bytes: 12 }], basis: ['Article 12(1)'] } });
  });
  it('do not depend on the order annexes are given in, and change with every word', () => {
    const second = { ...annex, position: 2, sha256: 'b'.repeat(64) };
    const digest = papersOf(suite, 'council.example', motion, [annex, second]).digest;
    expect(papersOf(suite, 'council.example', motion, [second, annex]).digest).toBe(digest);
    expect(papersOf(suite, 'council.example', { ...motion, body: { ...motion.body, ru: 'Другой' } }, [annex, second]).digest).not.toBe(digest);
  });
});

describe('opening', () => {
  const rule = { prepareS: 100, voteS: 1000, revealS: 0, sealed: false };
  const round = (open: number | undefined) => ({ entries: { slotRoll: undefined, open, commitsClose: undefined, close: undefined, outcome: undefined } });
  const check = (name: string, given: Parameters<typeof nextOf>, expected: string): void => it(name, () => expect(nextOf(...given).do).toBe(expected));
  check('begins with the papers', [{}, undefined, rule, 0], 'papers');
  check('waits for the class', [{ sinceS: 50 }, round(undefined), rule, 149], 'wait');
  check('opens when the time is over', [{ sinceS: 50 }, round(undefined), rule, 150], 'open');
  check('is done by an OPEN that stands, whatever else was kept', [{}, round(7), rule, 0], 'done');
  it('never votes for less than the class says', () => fc.assert(fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), fc.nat(10_000_000), (nowS, anchoredS, voteS) => windowOf({ ...rule, voteS }, nowS, anchoredS).closesS > Math.max(nowS, anchoredS) + voteS), { numRuns: 10_000 }));
  it('reveals after the commitments', () => {
    const { commitsCloseS = 0, closesS } = windowOf({ sealed: true, voteS: 10, revealS: 20 }, 1000, 900);
    expect(closesS - commitsCloseS).toBe(20);
  });
});

describe('the calendar', () => {
  it('folds lines at 75 bytes without splitting a letter, and escapes', () => {
    const file = calendarFile('Ş', [{ uid: 'u@mizan', at: '2027-03-18T14:00:00.000Z', changedAt: '2027-03-01T00:00:00.000Z', title: `a, b; c ${'ə'.repeat(100)}`, url: 'https://example.az/x' }]);
    expect(file).toContain('DTSTART:20270318T140000Z\r\n');
    expect(file).toContain('a\\, b\\; c');
    for (const line of file.split('\r\n')) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
    expect(file.replaceAll('\r\n ', '')).toContain('ə'.repeat(100));
  });
});

describe('paragraphs', () => {
  it('are cut at empty lines', () => expect(paragraphsOf('a\nb\n\nc')).toEqual(['a\nb', 'c']));
  it('are none of nothing', () => expect(paragraphsOf('')).toEqual([]));
});
