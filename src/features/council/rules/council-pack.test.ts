import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../base/index.ts';
import { councilOf33, printConstitution } from '../../../proof/council/constitution.ts';
import { PROOF_CODES } from '../../../proof/refusals.ts';
import { loadCouncilPack } from '../actions/load-council-pack.ts';
import { type CouncilManifest, judgeConstitution, readCouncilPack } from './council-pack.ts';
import { problemText, TOLD } from './problem-text.ts';

const folder = join(import.meta.dirname, '../../../../packs/council/council-of-33');
const text = readFileSync(join(folder, 'constitution.txt'), 'utf8');
const manifest = parse(readFileSync(join(folder, 'council.yaml'), 'utf8')) as CouncilManifest;

describe('the council of 33 as a pack', () => {
  it('has the numbers of the design', () => expect(text).toBe(printConstitution(councilOf33('council.example'))));
  it('is read under the name of the council that is founded with it', () => {
    expect(loadCouncilPack('sura.example/log', undefined).constitution).toEqual(councilOf33('sura.example/log'));
  });
  it('names everything in three languages', () => expect(readCouncilPack(text, manifest)).toMatchObject({ ok: true }));
});

const lines = (change: (line: string) => string): string => text.split('\n').map(change).join('\n');
const set = (key: string, value: string): string => lines((line) => (line.startsWith(`${key} `) ? `${key} ${value}` : line));
const sizes = (...given: readonly number[]): string => {
  let at = -1;
  return lines((line) => (line.startsWith('constituency ') ? line.replace(/\d+$/, String(given[(at += 1)])) : line));
};

describe('a constitution whose numbers do not hold names the number', () => {
  const table: readonly (readonly [code: string, text: string, named: string])[] = [
    ['constitution-seats', set('liars', '0'), '33 seats, 0 liars'],
    ['constitution-sum', set('seats', '32'), '33 of 32'],
    ['constitution-safety', set('quorum', '21'), '2·21 − 33'],
    ['constitution-liveness', set('quorum', '24'), '24 has to be at most 23'],
    ['constitution-minority', set('minority', '10'), '11'],
    ['constitution-outside', set('outside', '1'), 'at least 2'],
    ['constitution-changes', set('changes', '11'), 'at most 10'],
    ['constitution-cap', set('cap-domain', '11'), 'at most 10'],
    ['constitution-constituency', sizes(11, 8, 7, 7), '11 seats'],
    ['constitution-class-yes', text.replace('class standard yes 22', 'class standard yes 20'), 'standard'],
    ['constitution-class-breadth', text.replace('breadth 4 one', 'breadth 5 one'), 'guarded'],
    ['constitution-class-reveal', text.replace('reveal 172800', 'reveal 0'), 'contested'],
    ['constitution-class-live', sizes(10, 10, 7, 6), 'standard'],
    ['text-line', lines((line) => line.replace('quorum', 'kvorum')), 'quorum'],
    ['text-number', set('quorum', '022'), '022'],
  ];
  it.each(table)('%s', (code, broken, named) => {
    const judged = judgeConstitution(broken);
    expect(judged).toMatchObject({ ok: false, refusal: { code } });
    if (judged.ok) return;
    for (const language of LANGUAGES) expect(problemText(judged.refusal, language)).toContain(named);
  });

  it('and stops the start with the file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'mizan-constitution-')), 'constitution.txt');
    writeFileSync(file, set('quorum', '21'));
    expect(() => loadCouncilPack('a.example', file)).toThrow(/constitution\.txt .*constitution-safety.*2·21/);
    expect(() => loadCouncilPack('a.example', `${file}.gone`)).toThrow(/cannot be read \(ENOENT\)/);
  });
});

describe('words that do not fit the numbers', () => {
  const { standard: _, ...without } = manifest.classes;
  const table: readonly (readonly [given: unknown, code: string, detail: string])[] = [
    [{ ...manifest, classes: without }, 'manifest-other-numbers', 'classes.standard'],
    [{ ...manifest, constituencies: { ...manifest.constituencies, church: manifest.constituencies['state'] } }, 'manifest-other-numbers', 'constituencies.church'],
    [{ ...manifest, oath: { az: 'a', en: 'b' } }, 'manifest-form', 'oath.ru'],
    [{ ...manifest, surplus: 1 }, 'manifest-form', 'surplus'],
    [{ ...manifest, terms: { years: 0, most: 2 } }, 'manifest-form', 'terms.years'],
    [null, 'manifest-form', ''],
    ['text', 'manifest-form', ''],
  ];
  it.each(table)('%#', (given, code, detail) => {
    const read = readCouncilPack(text, given);
    expect(read).toMatchObject({ ok: false, refusal: { code } });
    expect(read.ok ? '' : read.refusal.detail).toContain(detail);
  });
});

it('every rule of a constitution has its words', () => {
  expect(PROOF_CODES.filter((code) => code.startsWith('constitution-') && !TOLD.some((one) => one === code))).toEqual([]);
});
