/** `mizan law …`: which packs are in force and installed, what another one would do, and the act of adoption. */

import type { Command } from 'commander';
import { connect, type Client } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, progressBar } from '../terminal.ts';
import { followJob } from './follow-job.ts';
import { settings } from './settings.ts';

const COUNTS_SHOWN_MAX = 30;

interface Ref {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}
interface Run {
  readonly id: string;
  readonly from: Ref;
  readonly to: Ref;
  readonly jobId?: string;
  readonly summary?: { readonly systems: number; readonly affected: number; readonly withDropped: number; readonly counts: readonly { readonly point: string; readonly shift: string; readonly systems: number }[] };
}
interface Json {
  readonly json?: boolean;
}

export function addLaw(program: Command): void {
  const law = program.command('law').description('the law in force, other versions, and the act of adoption');
  law
    .command('list')
    .description('list the pack versions kept here and which are in force')
    .option('--json', 'print JSON')
    .action((options: Json) =>
      withClient(async (client) => {
        const { items } = await client.request<{ items: readonly { readonly pack: Ref; readonly status: string; readonly installedAt: string; readonly inForce: boolean }[] }>('GET', '/api/v1/law/installed');
        if (options.json === true) return print(JSON.stringify(items, null, 2));
        for (const one of items) print(`${one.inForce ? '●' : '○'} ${one.pack.id.padEnd(20)} ${one.pack.version.padEnd(10)} ${one.pack.digest.slice(0, 16)} ${one.status.padEnd(20)} ${one.installedAt.slice(0, 10)}`);
      }),
    );
  law
    .command('effects')
    .description('measure what an installed version would do to every registered system')
    .argument('<digest>', 'digest of the version, or its beginning (mizan law list)')
    .option('--as-of <date>', 'the day the law is applied to, YYYY-MM-DD (today)')
    .option('--known-on <date>', 'the law as it was known on this day, YYYY-MM-DD (today)')
    .option('--json', 'print JSON')
    .action((digest: string, options: Json & { readonly asOf?: string; readonly knownOn?: string }) =>
      withClient(async (client) => {
        const whole = await digestOf(client, digest);
        const begun = await client.request<Run>('POST', '/api/v1/law/changes', { digest: whole, ...(options.asOf === undefined ? {} : { asOf: options.asOf }), ...(options.knownOn === undefined ? {} : { knownOn: options.knownOn }) });
        if (begun.jobId !== undefined) await followJob(client, begun.jobId, progressBar('measuring'));
        const run = await client.request<Run>('GET', `/api/v1/law/changes/${begun.id}`);
        if (options.json === true) return print(JSON.stringify(run, null, 2));
        const { summary } = run;
        if (summary === undefined) throw new Exit(EXIT.fault, 'The measurement did not finish. Start it again; nothing was changed.');
        print(`${run.from.id} ${run.from.version} → ${run.to.id} ${run.to.version}: ${summary.affected} of ${summary.systems} systems affected, ${summary.withDropped} with answers to give again\n`);
        for (const { point, shift, systems } of summary.counts.slice(0, COUNTS_SHOWN_MAX)) print(`${String(systems).padStart(8)}  ${point} ${shift}`);
        print(`\nmizan law adopt ${run.id} --author "…" --reason "…" puts it in force.`);
      }),
    );
  law
    .command('adopt')
    .description('put a measured version in force')
    .argument('<measurement>', 'id that mizan law effects printed')
    .requiredOption('--author <name>', 'who adopts: name and office')
    .requiredOption('--reason <text>', 'why, for those who read it later')
    .option('--json', 'print JSON')
    .action((run: string, options: Json & { readonly author: string; readonly reason: string }) =>
      withClient(async (client) => {
        const act = await client.request<{ readonly number: number; readonly pack: Ref }>('POST', `/api/v1/law/changes/${encodeURIComponent(run)}/adopt`, { author: options.author, reason: options.reason });
        print(options.json === true ? JSON.stringify(act, null, 2) : `${act.pack.id} ${act.pack.version} is in force (act ${act.number}).`);
      }),
    );
}

async function withClient(work: (client: Client) => Promise<void>): Promise<void> {
  const client = await connect(settings());
  try {
    await work(client);
  } finally {
    await client.close();
  }
}

/** The whole digest for a beginning of it that names one version. */
async function digestOf(client: Client, beginning: string): Promise<string> {
  if (!/^[0-9a-f]{4,64}$/.test(beginning)) throw new Exit(EXIT.usage, `“${beginning}” is not the beginning of a digest; mizan law list shows them.`);
  const { items } = await client.request<{ items: readonly { readonly pack: Ref }[] }>('GET', '/api/v1/law/installed');
  const found = items.filter((one) => one.pack.digest.startsWith(beginning));
  if (found.length === 1 && found[0] !== undefined) return found[0].pack.digest;
  throw new Exit(EXIT.usage, found.length === 0 ? `No installed version begins with ${beginning}; mizan law list shows them.` : `${found.length} versions begin with ${beginning}; give more of it.`);
}
