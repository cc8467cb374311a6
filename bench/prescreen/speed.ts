/** How many texts per second the pre-screen reads on one core, and beside it the same phrases as regular expressions. */

import { prescreen } from '../../src/law/prescreen/index.ts';
import type { RecogniserSet, SourceText } from '../../src/law/prescreen/index.ts';

const ROUNDS = 4;
const ROUND_MS = 600;

/** CPU time of this process: on a machine that others use as well, the clock on the wall would measure the others. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The best of a few rounds, in runs times `perRun` for each second of CPU time. */
function ratePerSecond(run: () => void, perRun: number): number {
  run();
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = cpuMs();
    let runs = 0;
    while (cpuMs() - start < ROUND_MS) {
      run();
      runs++;
    }
    best = Math.max(best, (runs * perRun * 1000) / (cpuMs() - start));
  }
  return best;
}

/** Folded letters back as plain ones; what has no plain one matches anything. */
function letters(folded: string): string {
  return [...folded]
    .map((letter) => letter.charCodeAt(0))
    .map((code) => (code <= 26 ? String.fromCharCode(code + 96) : code <= 36 ? String.fromCharCode(code + 21) : '.'))
    .join('');
}

const show = (rate: number): string => Math.round(rate).toLocaleString('en-US');

/** The naive way: one case-insensitive expression for each phrase, so that the gain of the matcher can be seen. */
function expressions(set: RecogniserSet, language: string): RegExp[] {
  const found = new Set<string>();
  for (const recogniser of set.recognisers) {
    for (const signal of [...recogniser.signals, ...recogniser.unless]) {
      for (const list of signal.lists) {
        for (const phrase of list.get(language) ?? []) {
          found.add(phrase.map((word) => (word.kind === 'prefix' ? `${letters(word.letters)}\\w*` : word.kind === 'suffix' ? `\\w*${letters(word.letters)}` : letters(word.letters))).join('\\W+'));
        }
      }
    }
  }
  return [...found].map((source) => new RegExp(`\\b${source}\\b`, 'gi'));
}

export function speedReport(set: RecogniserSet, records: readonly (readonly SourceText[])[]): string[] {
  const texts = records.flat().filter((text) => text.text.trim() !== '');
  const characters = texts.reduce((sum, text) => sum + text.text.length, 0);
  /** One text at a time, in the given languages or with the language guessed. */
  const one = (languages?: readonly string[]) => (): void => {
    for (const text of texts) prescreen(set, [text], languages === undefined ? {} : { languages });
  };
  const english = ratePerSecond(one(['en']), texts.length);
  const everything = ratePerSecond(one(set.languages), texts.length);
  const guessed = ratePerSecond(one(), texts.length);
  const wholeRecords = ratePerSecond(() => { for (const record of records) prescreen(set, record, { languages: ['en'] }); }, records.length);
  const compiled = expressions(set, 'en');
  const sample = texts.slice(0, 50);
  const naive = ratePerSecond(() => { for (const text of sample) for (const expression of compiled) text.text.match(expression); }, sample.length);
  return [
    `SPEED, per second of CPU time on one core, best of ${ROUNDS} rounds, Node ${process.version}`,
    `${texts.length} texts, ${Math.round(characters / texts.length)} characters each on average`,
    `texts/s, English phrases: ${show(english)}; all languages: ${show(everything)}; language guessed: ${show(guessed)}; records/s of three texts, English: ${show(wholeRecords)}`,
    `the same English phrases as ${compiled.length} regular expressions, matching alone: ${show(naive)} texts/s (ratio ${(english / naive).toFixed(1)})`,
  ];
}
