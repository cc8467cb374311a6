/** `mizan duties FILE`: what must be done by when for the facts of a file, at any date, as known on any date. */

import type { Command } from 'commander';
import { connect } from '../client.ts';
import { print } from '../terminal.ts';
import { type Dated, dated, datesIn, readGiven } from './given.ts';
import { settings } from './settings.ts';

type Due = { readonly kind: 'date'; readonly date: string } | { readonly kind: 'between'; readonly earliest?: string; readonly latest?: string; readonly mayBeNever: boolean } | { readonly kind: 'never' | 'undated' | 'no-duty' };
interface Duty {
  readonly id: string;
  readonly label: string;
  readonly result: string;
  readonly due?: Due;
  readonly cite: readonly { readonly article: string }[];
  readonly readings: readonly { readonly reading: string; readonly dues: Readonly<Record<string, Due>> }[];
  readonly ask: readonly string[];
}
interface Answer {
  readonly pack: { readonly id: string; readonly version: string };
  readonly asOf: string;
  readonly knownOn: string;
  readonly roles: readonly { readonly id: string; readonly label: string; readonly result: string }[];
  readonly duties: readonly Duty[];
}

export function addDuties(program: Command): void {
  dated(program.command('duties').description('say what must be done by when for the facts of a file').argument('<file>', 'as for classify')).action(async (file: string, options: Dated & { readonly json?: boolean }) => {
    const client = await connect(settings());
    try {
      const answer = await client.request<Answer>('POST', '/api/v1/duties', { facts: readGiven(file).facts, ...datesIn(options) });
      if (options.json === true) return print(JSON.stringify(answer, null, 2));
      print(`${answer.pack.id} ${answer.pack.version}, as of ${answer.asOf}, known on ${answer.knownOn}`);
      print(`roles: ${answer.roles.filter((role) => role.result === 'holds').map((role) => role.label).join('; ') || 'none settled'}\n`);
      for (const duty of answer.duties) {
        print(`${dueWords(duty).padEnd(26)} ${duty.id.padEnd(14)} ${duty.label} (${duty.cite.map((cite) => cite.article).join(', ')})`);
        for (const { reading, dues } of duty.readings) print(`${''.padEnd(27)}hangs on ${reading}: ${Object.entries(dues).map(([option, due]) => `${option} ${shortDue(due)}`).join(', ')}`);
        if (duty.result !== 'holds' || duty.due?.kind === 'between') print(`${''.padEnd(27)}answer ${duty.ask.slice(0, 3).join(', ')}`);
      }
    } finally {
      await client.close();
    }
  });
}

function dueWords(duty: Duty): string {
  return duty.result === 'holds' && duty.due !== undefined ? shortDue(duty.due) : 'open';
}

function shortDue(due: Due): string {
  if (due.kind === 'date') return due.date;
  if (due.kind === 'between') return `${due.earliest ?? '?'} … ${due.latest === undefined || due.mayBeNever ? 'maybe never' : due.latest}`;
  return { never: 'not required', undated: 'no day fixed', 'no-duty': 'no duty' }[due.kind];
}
