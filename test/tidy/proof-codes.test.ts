/** Every name a proof can be refused by is given by the code, and a test shows what gives it. */

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PROOF_CODES, type ProofCode } from '../../src/proof/refusals.ts';

/** What nothing can be refused by while the other rules hold; it stays so that a change of those does not open a door. */
const UNREACHABLE: Partial<Readonly<Record<ProofCode, string>>> = {
  'constitution-honest-majority': 'follows from the rule before: 2q - n > f says 2(q - f) > n - f',
  'roll-handover-open': 'a roll is carried by an OUTCOME above the one before, whose CLOSE names an anchor that has ended the handover',
};

const root = join(import.meta.dirname, '../..');
const textOf = (files: readonly string[]): string => files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
const proof = globSync('src/proof/**/*.ts', { cwd: root });
const code = textOf(proof.filter((file) => !file.endsWith('.test.ts') && !file.endsWith('/refusals.ts')));
const tests = textOf(proof.filter((file) => file.endsWith('.test.ts')));
const lacking = (text: string): readonly ProofCode[] => PROOF_CODES.filter((each) => !text.includes(`'${each}'`));

it('the code gives each', () => {
  expect(lacking(code)).toEqual([]);
});

it('a test shows each, or it is said why none can', () => {
  expect(lacking(tests).filter((each) => UNREACHABLE[each] === undefined)).toEqual([]);
  expect(Object.keys(UNREACHABLE).filter((each) => tests.includes(`'${each}'`))).toEqual([]);
});
