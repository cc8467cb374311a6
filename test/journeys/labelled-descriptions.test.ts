/** Every difference to the labels of another publisher is explained, and the published comparison is the one that is made today. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BLOCKS, byAnswers, byProposals, FIXTURES, haveFixtures, isDifference, POINT_NOT_PROPOSED, readFixtures, readGround, unexplained } from '../../bench/lucairn/compare.ts';

const isHere = haveFixtures();
if (!isHere) console.warn(`SKIPPED: ${FIXTURES} is not there, so rules and recognisers are not held against the labelled descriptions.`);

describe.skipIf(!isHere)('71 descriptions labelled by another publisher', () => {
  const ground = readGround();
  const fixtures = isHere ? readFixtures() : [];
  const answered = fixtures.flatMap((fixture) => byAnswers(fixture, ground));

  it('are all answered, and no answer is left over', () => {
    expect(fixtures.length).toBe(71);
    expect(Object.keys(ground.answers.fixtures).sort()).toEqual(fixtures.map((fixture) => fixture.name));
  });

  it('differ only where a remark says who is right, and every remark has its difference', () => {
    expect(unexplained(answered.filter(isDifference), ground.answers.remarks)).toEqual({ differences: [], remarks: [] });
  });

  it('never show our rules wrong without saying so in the published comparison', () => {
    const published = readFileSync(join(import.meta.dirname, '../../bench/results/lucairn.txt'), 'utf8');
    for (const one of answered.filter(isDifference)) expect(published).toContain(`  ${one.fixture}\n    ${one.point}: label ${one.isLabelled ? 'yes' : 'no'}, rules ${one.ours}.`);
    for (const one of fixtures.flatMap((fixture) => byProposals(fixture, ground)).filter((each) => isDifference(each) && each.point !== POINT_NOT_PROPOSED)) expect(published).toContain(`${one.fixture} ${one.point}: `);
  });

  it('are counted in the guide as they are counted today', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../docs/guide/verify/labelled-descriptions.md'), 'utf8');
    const section = guide.split('## The law with answers given by hand')[1]?.split('\n## ')[0] ?? '';
    const rows = section.split('\n').filter((line) => /^\| Art|^\| Annex/.test(line)).map((line) => line.split('|').slice(2, -1).map((cell) => cell.trim()).join(' '));
    const today = BLOCKS.map((block) => {
      const of = (isLabelled: boolean, ours: string): number => answered.filter((one) => one.block === block && one.isLabelled === isLabelled && one.ours === ours).length;
      const labelled = [of(true, 'yes'), of(true, 'open'), of(true, 'no')];
      return [labelled.reduce((sum, count) => sum + count, 0), ...labelled, of(false, 'yes'), of(false, 'open')].join(' ');
    });
    expect(rows.slice(0, BLOCKS.length)).toEqual(today);
    expect(section).toContain(`The ${answered.filter(isDifference).length} differences`);
  });
});

describe('the explanation of differences', () => {
  const difference = { fixture: 'x', point: 'III.1', block: 'Annex III points', isLabelled: true, ours: 'no' } as const;
  const remark = { fixtures: ['x'], point: 'III.1', right: 'theirs', article: 'Annex III', why: '-' } as const;
  it.each([
    ['nothing to explain', [], [], { differences: [], remarks: [] }],
    ['a difference without remark', [difference], [], { differences: ['x III.1'], remarks: [] }],
    ['a remark without difference', [], [remark], { differences: [], remarks: ['x III.1'] }],
    ['both', [difference], [remark], { differences: [], remarks: [] }],
  ] as const)('notices %s', (_name, differences, remarks, expected) => {
    expect(unexplained(differences, remarks)).toEqual(expected);
  });
});
