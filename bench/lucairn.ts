/**
 * Holds recognisers and rules against 71 descriptions labelled by another publisher, and says of every difference who is right.
 *
 *   node --import ./scripts/load-tsx.mjs bench/lucairn.ts     writes bench/results/lucairn.txt; ends with 1 where a difference is not explained
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { BLOCKS, byAnswers, byConfirmedProposals, byProposals, type Comparison, haveFixtures, isDifference, POINT_NOT_PROPOSED, readFixtures, readGround, remarkOn, unexplained } from './lucairn/compare.ts';

const results = join(import.meta.dirname, 'results');
const lines: string[] = [];
const say = (line: string): void => {
  console.log(line);
  lines.push(line);
};
const count = (list: readonly Comparison[], test: (one: Comparison) => boolean): string => String(list.filter(test).length).padStart(5);

if (!haveFixtures()) {
  console.error('SKIPPED: the labelled descriptions are not there (../shared/data/ai-act-labels/lucairn-fixtures). Nothing was compared and nothing written.');
  process.exit(2);
}
const ground = readGround();
const fixtures = readFixtures();
const answered = fixtures.flatMap((fixture) => byAnswers(fixture, ground));
const proposed = fixtures.flatMap((fixture) => byProposals(fixture, ground));
const confirmed = fixtures.flatMap((fixture) => byConfirmedProposals(fixture, ground));
const { remarks } = ground.answers;

say(`RULES AND RECOGNISERS BESIDE LABELS OF ANOTHER PUBLISHER
${fixtures.length} descriptions (${fixtures.filter((one) => one.lang === 'en').length} en, ${fixtures.filter((one) => one.lang === 'de').length} de): Lucairn (2026), AI Act Classifier, CC BY 4.0; texts are not repeated here.
Pack ${ground.pack.ref.id} ${ground.pack.ref.version} ${ground.pack.ref.digest.slice(0, 12)}.

This is no measure of quality. The labels are one publisher's reading of the Act before its amendment in 2026, for texts it wrote itself, some of
them shaped to its own keywords; our answers were given by people who had seen the labels. It shows where two readings of the law part, and why.
The publisher leaves "high-risk" out where Article 5 applies; we keep the two apart and compare the points of Annex III it names. A point it does
not name counts as "no". Article 50, the letters of Annex III, and Articles 4, 53 and 55 are compared only where a label states them.`);

function table(title: string, list: readonly Comparison[], words: { readonly yes: string; readonly no: string }): void {
  say(`\n${title}`);
  say(`${''.padEnd(24)} labelled: ${words.yes.padStart(9)} ${'open'.padStart(5)} ${words.no.padStart(12)}   not labelled: ${words.yes.padStart(9)} ${'open'.padStart(5)} ${words.no.padStart(12)}`);
  for (const block of BLOCKS) {
    const of = (isLabelled: boolean): readonly Comparison[] => list.filter((one) => one.block === block && one.isLabelled === isLabelled);
    const cells = (isLabelled: boolean): string => (['yes', 'open', 'no'] as const).map((word) => count(of(isLabelled), (one) => one.ours === word).padStart(word === 'yes' ? 9 : word === 'open' ? 5 : 12)).join(' ');
    say(`${block.padEnd(24)} ${String(of(true).length).padStart(8)}: ${cells(true)}   ${String(of(false).length).padStart(12)}: ${cells(false)}`);
  }
}

table('1. THE LAW WITH OUR OWN ANSWERS (bench/lucairn-facts.yaml)', answered, { yes: 'holds', no: 'does not' });
const differences = answered.filter(isDifference);
const verdicts = (['ours', 'theirs', 'both', 'open'] as const).map((right) => `${right} ${differences.filter((one) => remarkOn(one, remarks)?.right === right).length}`);
say(`\n${differences.length} differences; right: ${verdicts.join(', ')}. "open" means that the text leaves out what the law asks for.`);
for (const one of differences) {
  const remark = remarkOn(one, remarks);
  say(`\n  ${one.fixture}\n    ${one.point}: label ${one.isLabelled ? 'yes' : 'no'}, rules ${one.ours}. ${remark === undefined ? 'NOT EXPLAINED' : `Right: ${remark.right} (${remark.article}). ${remark.why}`}`);
}

table('2. WHAT THE RECOGNISERS PROPOSE TO ASK (a proposal is a question to a person, never a result)', proposed, { yes: 'proposed', no: 'not proposed' });
say('\nDifferences, with the law as answered above for judge. Nothing in a description points to Article 4, which no recogniser looks for; it is left out.');
for (const one of proposed.filter((each) => isDifference(each) && each.point !== POINT_NOT_PROPOSED)) {
  const law = answered.find((each) => each.fixture === one.fixture && each.point === one.point)?.ours ?? 'open';
  say(`  ${one.fixture} ${one.point}: ${one.isLabelled ? 'labelled, not proposed' : 'proposed, not labelled'}. ${judged(one, law)}`);
}

table('3. THE LAW WITH THE PROPOSED FACTS, AS IF CONFIRMED (what is not proposed is answered as in `common`, or open)', confirmed, { yes: 'holds', no: 'does not' });
say('\nMost stay open on purpose: a description does not hold every element of the law, and the interview asks for the rest. Against the label:');
for (const one of confirmed.filter((each) => (each.isLabelled ? each.ours === 'no' : each.ours === 'yes') && each.point !== POINT_NOT_PROPOSED)) {
  const law = answered.find((each) => each.fixture === one.fixture && each.point === one.point)?.ours ?? 'open';
  say(`  ${one.fixture} ${one.point}: label ${one.isLabelled ? 'yes' : 'no'}, rules ${one.ours}. ${judged(one, law)}`);
}

function judged(one: Comparison, law: Comparison['ours']): string {
  if (law === 'open') return 'Open: the text leaves out what the law asks for (see 1).';
  if (law === one.ours) return 'Right: ours (see 1).';
  return one.isLabelled ? 'Right: the label. The recognisers do not know these words.' : 'Right: the label. A person who is asked says no.';
}

mkdirSync(results, { recursive: true });
writeFileSync(join(results, 'lucairn.txt'), `${lines.join('\n')}\n`);
const left = unexplained(differences, remarks);
if (left.differences.length + left.remarks.length > 0) {
  console.error(`\nnot explained: ${left.differences.join('; ') || 'none'}\nexplains nothing: ${left.remarks.join('; ') || 'none'}`);
  process.exitCode = 1;
}
