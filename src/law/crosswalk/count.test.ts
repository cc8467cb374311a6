/** The rule of reuse, chains, and the way from duties to articles. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countEverywhere, shortfallsOf } from './count.ts';
import { concerns, itemsOfDuties, spelledOut } from './from-duties.ts';
import { type Crosswalk, type Framework, type ItemId, type Justification, type Mapping, type Predicate, PREDICATES } from './model.ts';

const text = (word: string) => ({ az: word, en: word, ru: word });
const framework = (id: string, locals: readonly string[]): Framework => ({
  id, prefix: id, iri: `urn:test:${id}:`, title: text(id), version: '1', publisher: 'nobody', source: 'made up for this test', evidence: 'V', note: text('-'), groups: [{ id: 'g', label: text('g') }], law: { pack: 'p', act: 'act' },
  items: locals.map((local) => ({ id: `${id}:${local}`, local, code: local, group: 'g', label: text(local) })),
});
const row = (subject: ItemId, predicate: Predicate, object: ItemId, reviewers: readonly string[] = ['r:1', 'r:2'], justification: Justification = 'semapv:ManualMappingCuration'): Mapping => ({
  subject, predicate, object, justification, reviewers, subjectLabel: '', objectLabel: '', authors: ['r:0'], comment: '', other: {}, line: 1,
});
const crosswalk = (rows: readonly Mapping[]): Crosswalk => ({
  frameworks: [framework('a', ['1', '2']), framework('b', ['1', '2']), framework('c', ['1', '2'])],
  themes: [],
  sets: [{ id: 'set', file: 'x', title: '', licence: '', curies: {}, header: {}, otherColumns: [], rows }],
});
/** `item status` of everything that is not open. */
const found = (met: readonly ItemId[], rows: readonly Mapping[]): readonly string[] =>
  countEverywhere(met, crosswalk(rows)).flatMap((one) => one.items.flatMap(({ item, status, paths }) => (status === 'open' ? [] : [[item, status, ...(paths[0]?.shortfalls ?? [])].join(' ')])));

describe('evidence', () => {
  it.each<readonly [name: string, rows: readonly Mapping[], expected: readonly string[]]>([
    ['counts over a reviewed close match', [row('a:1', 'skos:closeMatch', 'b:1')], ['a:1 met', 'b:1 counted']],
    ['counts against the direction of the row', [row('b:1', 'skos:closeMatch', 'a:1')], ['a:1 met', 'b:1 counted']],
    ['counts for the narrower item', [row('a:1', 'skos:narrowMatch', 'b:1')], ['a:1 met', 'b:1 counted']],
    ['counts for the narrower item when the row is turned', [row('b:1', 'skos:broadMatch', 'a:1')], ['a:1 met', 'b:1 counted']],
    ['does not count for the broader item', [row('a:1', 'skos:broadMatch', 'b:1')], ['a:1 met', 'b:1 suggested broader']],
    ['does not count for what is only related', [row('a:1', 'skos:relatedMatch', 'b:1')], ['a:1 met', 'b:1 suggested related']],
    ['needs two reviewers', [row('a:1', 'skos:exactMatch', 'b:1', ['r:1'])], ['a:1 met', 'b:1 suggested not-reviewed']],
    ['needs two different reviewers', [row('a:1', 'skos:exactMatch', 'b:1', ['r:1', 'r:1'])], ['a:1 met', 'b:1 suggested not-reviewed']],
    ['needs reviewers other than the author', [row('a:1', 'skos:exactMatch', 'b:1', ['r:0', 'r:1'])], ['a:1 met', 'b:1 suggested not-reviewed']],
    ['never counts over a machine’s row', [row('a:1', 'skos:exactMatch', 'b:1', ['r:1', 'r:2', 'r:3'], 'semapv:LLMBasedMatching')], ['a:1 met', 'b:1 suggested not-manual']],
    ['follows exact matches, as a suggestion', [row('a:1', 'skos:exactMatch', 'b:1'), row('b:1', 'skos:exactMatch', 'c:1')], ['a:1 met', 'b:1 counted', 'c:1 suggested derived']],
    ['does not follow close matches', [row('a:1', 'skos:closeMatch', 'b:1'), row('b:1', 'skos:closeMatch', 'c:1')], ['a:1 met', 'b:1 counted']],
    ['does not follow a narrow match after an exact one', [row('a:1', 'skos:exactMatch', 'b:1'), row('b:1', 'skos:narrowMatch', 'c:1')], ['a:1 met', 'b:1 counted']],
    ['goes in circles and ends', [row('a:1', 'skos:exactMatch', 'b:1'), row('b:1', 'skos:exactMatch', 'c:1'), row('c:1', 'skos:exactMatch', 'a:1')], ['a:1 met', 'b:1 counted', 'c:1 counted']],
    ['takes the better of two ways', [row('a:1', 'skos:broadMatch', 'b:1'), row('a:2', 'skos:closeMatch', 'b:1')], ['a:1 met', 'a:2 met', 'b:1 counted']],
  ])('%s', (_name, rows, expected) => {
    expect(found(rows.some((one) => one.subject === 'a:2') ? ['a:1', 'a:2'] : ['a:1'], rows)).toEqual(expected);
  });

  it('of unknown items is worth nothing', () => {
    expect(found(['z:9', '__proto__'], [row('a:1', 'skos:closeMatch', 'b:1')])).toEqual([]);
  });

  it('gives shares that add up', () => {
    const [, b] = countEverywhere(['a:1'], crosswalk([row('a:1', 'skos:closeMatch', 'b:1'), row('a:1', 'skos:broadMatch', 'b:2')]));
    expect(b).toMatchObject({ total: 2, met: 0, counted: 1, suggested: 1, open: 0, coveredShare: 0.5, withSuggestedShare: 1 });
  });

  const anyRow = fc.record({ subject: fc.constantFrom('a:1', 'a:2', 'b:1'), predicate: fc.constantFrom(...PREDICATES), object: fc.constantFrom('b:2', 'c:1', 'c:2'), reviewers: fc.subarray(['r:0', 'r:1', 'r:2']) }).map((one) => row(one.subject, one.predicate, one.object, one.reviewers));

  it('counts only where a single reviewed manual row goes there, and never loses by doing more', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 10 }), fc.subarray(['a:1', 'a:2', 'b:1', 'c:1']), (rows, met) => {
        const rank = { open: 0, suggested: 1, counted: 2, met: 3 } as const;
        const less = countEverywhere(met.slice(1), crosswalk(rows)).flatMap((one) => one.items);
        const more = countEverywhere(met, crosswalk(rows)).flatMap((one) => one.items);
        more.forEach((item, index) => expect(rank[item.status]).toBeGreaterThanOrEqual(rank[less[index]?.status ?? 'open']));
        for (const item of more.filter((one) => one.status === 'counted')) {
          const [step, ...rest] = item.paths[0]?.steps ?? [];
          expect(rest).toEqual([]);
          expect(step === undefined ? ['none'] : shortfallsOf(step.row, step.predicate)).toEqual([]);
        }
      }),
    );
  });
});

describe('duties', () => {
  it.each<readonly [string, string, boolean]>([
    ['Art. 9', 'Art. 9', true], ['Art. 9(2)', 'Art. 9', true], ['Art. 9', 'Art. 9(9)', true], ['Art. 26(1)', 'Art. 26(11)', false], ['Art. 4', 'Art. 4a', false],
    ['Art. 1', 'Art. 10', false], ['Annex IV point 9', 'Annex IV', true], ['Annex I', 'Annex IV', false],
  ])('%s and %s', (place, code, expected) => {
    expect(concerns(place, code)).toBe(expected);
    expect(concerns(code, place)).toBe(expected);
  });

  it.each<readonly [string, readonly string[]]>([
    ['Art. 12(1)-(2)', ['Art. 12(1)', 'Art. 12(2)']], ['Art. 17(1)(c)-(e)', ['Art. 17(1)(c)', 'Art. 17(1)(d)', 'Art. 17(1)(e)']], ['Art. 50(4), first subparagraph', ['Art. 50(4)']],
    ['Art. 9', ['Art. 9']], ['Art. 3(9)-(1)', ['Art. 3']],
  ])('%s is written out', (citation, expected) => {
    expect(spelledOut(citation)).toEqual(expected);
  });

  const cite = (...articles: readonly string[]) => articles.map((article) => ({ act: 'act', article }));
  const duties = [
    { id: 'RM', cite: cite('Art. 9', 'Art. 16(a)'), annex: [] },
    { id: 'LOG', cite: cite('Art. 12(1)-(2)'), annex: [] },
    { id: 'LOG2', cite: cite('Art. 12(3)'), annex: cite('Annex IV point 2') },
  ];
  const law = framework('act', ['Art. 9', 'Art. 9(9)', 'Art. 12', 'Art. 16', 'Annex IV']);
  const met = (done: readonly string[], unbound: readonly string[] = []): readonly string[] => itemsOfDuties(duties, new Set(done), new Set(unbound), law).flatMap((one) => (one.isMet ? [one.item] : []));

  it.each<readonly [name: string, done: readonly string[], unbound: readonly string[], expected: readonly string[]]>([
    ['nothing from nothing', [], [], []],
    ['an article and its parts, not where it is only mentioned', ['RM'], [], ['act:Art. 9', 'act:Art. 9(9)']],
    ['not from half of an article', ['LOG'], [], []],
    ['from all of it', ['LOG', 'LOG2'], [], ['act:Art. 12', 'act:Annex IV']],
    ['from what binds', ['LOG'], ['LOG2'], ['act:Art. 12']],
    ['never from what does not bind', [], ['LOG', 'LOG2'], []],
  ])('%s', (_name, done, unbound, expected) => {
    expect(met(done, unbound)).toEqual(expected);
  });
});
