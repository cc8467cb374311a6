/** `mizan import PROFILE FILE`: sends a file to the intake, shows what it would change, and imports it. */

import type { Command } from 'commander';
import { connect, type Client } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { confirm, print, progressBar, tell } from '../terminal.ts';
import { followJob } from './follow-job.ts';
import { settings } from './settings.ts';

interface Result {
  readonly read: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly withdrawn: number;
  readonly duplicates: number;
  readonly problems: number;
  readonly editedHere?: number;
  readonly leftOut?: number;
}
interface ImportAnswer {
  readonly state: string;
  readonly counts: Readonly<Record<string, unknown>> | null;
  readonly result: Result | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}
interface Started {
  readonly import: string;
  readonly job: string;
}
interface Options {
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly goodRows?: boolean;
  readonly encoding?: string;
}

/** The names that others script against, in this order. */
const RESULT_KEYS = ['read', 'added', 'changed', 'unchanged', 'withdrawn', 'duplicates', 'problems'] as const;

export function addImport(program: Command): void {
  program
    .command('import')
    .description('import an inventory (CSV, XLSX, JSON) by a mapping profile; without --yes it shows what would change and asks')
    .argument('<profile>', 'mapping profile, for example us-federal-2024; `mizan profiles` lists them')
    .argument('<file>', 'the file')
    .option('--yes', 'import without asking')
    .option('--good-rows', 'import the rows without problems and leave the others out (otherwise all rows or none)')
    .option('--encoding <name>', 'encoding of the file when the detected one is wrong, for example windows-1251')
    .option('--json', 'print {read, added, changed, unchanged, withdrawn, duplicates, problems} as JSON')
    .action(async (profile: string, file: string, options: Options) => {
      const client = await connect(settings());
      try {
        await importFile(client, profile, file, options);
      } finally {
        await client.close();
      }
    });
  program
    .command('profiles')
    .description('list the mapping profiles that `mizan import` knows')
    .option('--json', 'print JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const client = await connect(settings());
      try {
        const { items } = await client.request<{ items: readonly { id: string; name: string }[] }>('GET', '/api/v1/imports/profiles');
        print(options.json === true ? JSON.stringify(items, null, 2) : items.map((one) => `${one.id.padEnd(24)} ${one.name}`).join('\n'));
      } finally {
        await client.close();
      }
    });
}

async function importFile(client: Client, profile: string, file: string, options: Options): Promise<void> {
  const mode = options.goodRows === true ? 'good' : 'all';
  const first = options.yes === true ? mode : 'preview';
  const started = await client.upload<Started>('/api/v1/imports', file, { profile, mode: first, ...(options.encoding === undefined ? {} : { encoding: options.encoding }) });
  await followJob(client, started.job, progressBar(first === 'preview' ? 'Checking' : 'Importing'));
  let answer = await look(client, started.import);
  if (first === 'preview') {
    showPreview(answer, options);
    if (!(await confirm('Import it?'))) {
      tell('Nothing was imported. Add --yes to import without being asked.');
      return;
    }
    const applied = await client.request<Started>('POST', `/api/v1/imports/${started.import}/apply`, { mode });
    await followJob(client, applied.job, progressBar('Importing'));
    answer = await look(client, started.import);
  }
  const { result } = answer;
  if (result === null) throw new Exit(EXIT.refused, `The import ended as ${answer.state}; nothing was imported. See /intake/${started.import} on the pages.`);
  if (options.json === true) print(JSON.stringify(Object.fromEntries(RESULT_KEYS.map((key) => [key, result[key]])), null, 2));
  else {
    for (const key of RESULT_KEYS) print(`${key.padEnd(11)} ${result[key]}`);
    if ((result.editedHere ?? 0) > 0) print(`edited here and kept: ${result.editedHere}`);
    if ((result.leftOut ?? 0) > 0) print(`left out: ${result.leftOut}`);
  }
}

async function look(client: Client, id: string): Promise<ImportAnswer> {
  const answer = await client.request<ImportAnswer>('GET', `/api/v1/imports/${id}`);
  if (answer.refusal !== null) throw new Exit(EXIT.refused, `${answer.refusal.message} (${answer.refusal.code})`, { code: answer.refusal.code, detail: answer.refusal.message });
  return answer;
}

function showPreview(answer: ImportAnswer, options: Options): void {
  if (options.json === true) print(JSON.stringify({ preview: true, counts: answer.counts }, null, 2));
  else for (const [name, count] of Object.entries(answer.counts ?? {})) if (typeof count === 'number') print(`${name.padEnd(11)} ${count}`);
}
