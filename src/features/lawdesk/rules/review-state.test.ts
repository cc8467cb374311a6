/** A sign-off counts for the content that was seen, and the strictest of the standing verdicts is the state. */

import { expect, it } from 'vitest';
import { remarksCsv } from './remarks-csv.ts';
import { type RemarkMark, type ReviewVerdict, stateOf } from './review-state.ts';

let number = 0;
const by = (reviewer: string, verdict: ReviewVerdict, entryDigest: string): RemarkMark => ({ number: ++number, kind: 'rule', entry: 'r', entryDigest, verdict, reviewer, licence: '1' });

it.each<readonly [string, readonly RemarkMark[], string]>([
  ['nothing was said', [], 'open'],
  ['agreed', [by('a', 'agree', 'now')], 'agree'],
  ['agreed to other content', [by('a', 'agree', 'then')], 'changed'],
  ['the newest of one person counts', [by('a', 'reject', 'now'), by('a', 'agree', 'now')], 'agree'],
  ['nobody outvotes a rejection', [by('a', 'reject', 'now'), by('b', 'agree', 'now')], 'reject'],
  ['an objection to other content does not count any more', [by('a', 'reject', 'then'), by('b', 'agree', 'now')], 'agree'],
  ['content that came back is signed again', [by('a', 'agree', 'now'), by('a', 'reject', 'then')], 'agree'],
  ['a remark weighs more than plain agreement', [by('a', 'agree', 'now'), by('b', 'agree-with-remark', 'now')], 'agree-with-remark'],
])('%s', (_name, remarks, state) => expect(stateOf('now', remarks)).toBe(state));

it.each([
  ['plain', 'plain'],
  ['=1+1', "'=1+1"],
  ["'=1+1", "''=1+1"],
  ['a "b", c', '"a ""b"", c"'],
  ['two\nlines', '"two\nlines"'],
  ['+994', "'+994"],
])('the cell %j is written %j', (remark, cell) => {
  const line = remarksCsv([{ number: 1, pack: 'p', version: '1', digest: 'd', kind: 'rule', entry: 'r', entryDigest: 'e', standing: true, verdict: 'agree', remark, proposal: '', reviewer: 'x', licence: 'y', madeAt: 'z' }]);
  expect(line).toContain(`,agree,${cell},,x,y,z\r\n`);
});
