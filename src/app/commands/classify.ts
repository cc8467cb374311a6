/** `mizan classify FILE` and `mizan explain FILE REGIME`: what the law says for the facts of a file, at any date. */

import type { Command } from 'commander';
import { connect } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { type Dated, dated, datesIn, readGiven } from './given.ts';
import { settings } from './settings.ts';

interface Literal {
  readonly text: string;
}
interface Regime {
  readonly id: string;
  readonly label: string;
  readonly result: 'holds' | 'fails' | 'undetermined' | 'disputed';
  readonly reasons: readonly { readonly because: readonly Literal[] }[];
  readonly flip?: { readonly to: string; readonly changes: readonly Literal[] };
  readonly ask: readonly string[];
  readonly dates: { readonly appliesFrom?: string; readonly applies: boolean };
  readonly sources: readonly { readonly text: string }[];
}
interface Answer {
  readonly pack: { readonly id: string; readonly version: string; readonly digest: string };
  readonly asOf: string;
  readonly knownOn: string;
  readonly headline: { readonly label: string };
  readonly regimes: readonly Regime[];
  /** Of a record: what its words hint at. Never facts: the regimes stay open. */
  readonly candidates?: readonly Candidate[];
}
interface Candidate {
  readonly fact: string;
  readonly conclusion: string;
  readonly point: { readonly article: string };
  readonly evidence: readonly { readonly words: string }[];
}
interface Options extends Dated {
  readonly json?: boolean;
}

const MARK = { holds: '●', fails: '○', undetermined: '?', disputed: '≠' } as const;

export function addClassify(program: Command): void {
  dated(program.command('classify').description('decide every regime for the facts of a file').argument('<file>', 'YAML or JSON: fact ids with answers, at the top or under `facts`, and a `record` whose words are read; `-` reads the input')).action(async (file: string, options: Options) => {
    const answer = await ask(file, options);
    if (options.json === true) return print(JSON.stringify(answer, null, 2));
    print(`${answer.headline.label}\n${answer.pack.id} ${answer.pack.version}, as of ${answer.asOf}, known on ${answer.knownOn}\n`);
    for (const regime of answer.regimes) print(`${MARK[regime.result]} ${regime.result.padEnd(12)} ${regime.id.padEnd(28)} ${regime.label}`);
    for (const candidate of answer.candidates ?? []) print(`~ probably ${candidate.point.article} (${candidate.conclusion}): please confirm ${candidate.fact}; words: ${candidate.evidence.map((one) => one.words).join(', ')}`);
    print('\nmizan explain FILE REGIME tells why.');
  });
  dated(program.command('explain').description('say why one regime holds, fails or stays open').argument('<file>', 'as for classify').argument('<regime>', 'id of the regime')).action(async (file: string, id: string, options: Options) => {
    const { regimes } = await ask(file, options);
    const regime = regimes.find((one) => one.id === id);
    if (regime === undefined) throw new Exit(EXIT.usage, `There is no regime ${id}. Known: ${regimes.map((one) => one.id).join(', ')}.`);
    print(options.json === true ? JSON.stringify(regime, null, 2) : explained(regime));
  });
}

async function ask(file: string, options: Options): Promise<Answer> {
  const { facts, record } = readGiven(file);
  const client = await connect(settings());
  try {
    const answer = await client.request<Answer>('POST', '/api/v1/classify', {
      facts,
      ...datesIn(options),
    });
    return record === undefined ? answer : { ...answer, ...(await client.request<Pick<Answer, 'candidates'>>('POST', '/api/v1/prescreen', { record })) };
  } finally {
    await client.close();
  }
}

function explained(regime: Regime): string {
  const lines = [`${regime.label}: ${regime.result}`];
  if (regime.dates.appliesFrom !== undefined) lines.push(`${regime.dates.applies ? 'applies since' : 'applies from'} ${regime.dates.appliesFrom}`);
  for (const [index, reason] of regime.reasons.entries()) {
    lines.push(index === 0 ? '\nbecause' : '\nand also because');
    lines.push(...reason.because.map((one) => `  ${one.text}`));
  }
  if (regime.flip !== undefined) lines.push(`\nit would be “${regime.flip.to}” if`, ...regime.flip.changes.map((one) => `  ${one.text}`));
  if (regime.ask.length > 0) lines.push('\nstill open', ...regime.ask.map((one) => `  ${one}`));
  lines.push('\nsources', ...regime.sources.map((one) => `  ${one.text}`));
  return lines.join('\n');
}
