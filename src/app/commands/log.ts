/** `mizan log …`: the transparency log of this register looked at from inside, and any log followed and copied from outside. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault, type Verdict } from '../../base/index.ts';
import type { Followed, FollowRefusal } from '../../features/ledger/index.ts';
import { connect } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, tell } from '../terminal.ts';
import { settings } from './settings.ts';

interface HeadTold {
  readonly size: number;
  readonly root: string;
  readonly signedAt: string;
  readonly cosigned: readonly { readonly name: string; readonly at: string }[];
}
interface LogTold {
  readonly origin: string;
  readonly vkey: string;
  readonly witness: string;
  readonly standing: string;
  readonly halt: string | null;
  readonly waiting: number;
  readonly newest: HeadTold | null;
  readonly published: HeadTold | null;
}
interface CheckTold {
  readonly origin: string;
  readonly standing: string;
  readonly halt: string | null;
  readonly entries: number;
  readonly root: string;
  readonly publishedSize: number | null;
  readonly waiting: number;
  readonly problems: readonly string[];
}
interface Json {
  readonly json?: boolean;
}

export function addLog(program: Command): void {
  const log = program.command('log').description('the transparency log: check it, prove an entry, follow and copy any log');
  addHead(log);
  addFsck(log);
  addProve(log);
  addMonitor(log);
  addMirror(log);
}

function addHead(log: Command): void {
  log
    .command('head')
    .description('the name, key and newest head of this register’s log')
    .option('--json', 'print as JSON')
    .action(async (options: Json) => {
      const client = await connect(settings());
      try {
        const told = await client.request<LogTold>('GET', '/api/v1/log');
        if (options.json === true) return print(JSON.stringify(told, null, 2));
        print(`log      ${told.origin}\nkey      ${told.vkey}\nwitness  ${told.witness}\nstate    ${told.standing}${told.halt === null ? '' : ` (${told.halt})`}, ${told.waiting} waiting`);
        print(told.newest === null ? 'head     none yet' : `head     ${told.newest.size} entries, ${told.newest.root}, signed ${told.newest.signedAt}`);
        for (const { name, at } of told.newest?.cosigned ?? []) print(`         cosigned by ${name}, ${at}`);
        if (told.published !== null && told.published.size !== told.newest?.size) print(`public   ${told.published.size} entries, the newest with the quorum of the policy`);
      } finally {
        await client.close();
      }
    });
}

function addFsck(log: Command): void {
  log
    .command('fsck')
    .description('look at every entry, tile and head of this register’s log; 1 when something is not as it should be')
    .option('--json', 'print as JSON')
    .action(async (options: Json) => {
      const client = await connect(settings());
      try {
        const told = await client.request<CheckTold>('GET', '/api/v1/log/check');
        if (options.json === true) print(JSON.stringify(told, null, 2));
        else {
          print(`${told.origin}: ${told.entries} entries, root ${told.root}, state ${told.standing}, ${told.waiting} waiting, public head of ${told.publishedSize ?? 'no'} entries`);
          for (const problem of told.problems) print(`problem: ${problem}`);
        }
        if (told.problems.length > 0) throw new Exit(EXIT.refused, 'The log is not as it should be. What to do stands in docs/guide/operate/log.md.');
        if (options.json !== true) print('Every entry, tile and head is as it should be.');
      } finally {
        await client.close();
      }
    });
}

function addProve(log: Command): void {
  log
    .command('prove')
    .description('print the proof (tlog-proof) that an entry stands in this register’s log')
    .argument('<number>', 'number of the entry, from 0')
    .action(async (number: string) => {
      if (!/^(?:0|[1-9]\d{0,15})$/.test(number)) throw new Exit(EXIT.usage, `“${number}” is no number of an entry.`);
      const client = await connect(settings());
      try {
        const stream = await client.download(`/log/entries/${number}/proof`);
        for await (const part of stream) process.stdout.write(part);
      } finally {
        await client.close();
      }
    });
}

function addMonitor(log: Command): void {
  log
    .command('monitor')
    .description('check that a log still continues the head that was seen last; 1 when it does not')
    .argument('<url>', 'address of the log, for example https://register.example/log')
    .requiredOption('--key <vkey>', 'key of the log, as it stands on its page')
    .requiredOption('--head <file>', 'file that keeps the head; made the first time')
    .action(async (url: string, options: { readonly key: string; readonly head: string }) => {
      const { monitor, replaceDurably } = await import('../../features/ledger/index.ts');
      const path = resolve(options.head);
      const followed = demand(url, await monitor(fileOf(url), options.key, existsSync(path) ? readFileSync(path, 'utf8') : undefined));
      if (!existsSync(dirname(path))) throw new Exit(EXIT.usage, `There is no folder ${dirname(path)}.`);
      replaceDurably(path, followed.head);
      print(followed.from === undefined ? `${followed.origin}: ${followed.size} entries. The head is kept in ${options.head}; the next run compares.` : `${followed.origin}: ${followed.size} entries, continues the ${followed.from} seen before.`);
    });
}

function addMirror(log: Command): void {
  log
    .command('mirror')
    .description('copy a log into a folder, or what is new of it; every entry and signature is checked')
    .argument('<url>', 'address of the log, for example https://register.example/log')
    .argument('<folder>', 'a new folder, or that of an earlier copy')
    .requiredOption('--key <vkey>', 'key of the log, as it stands on its page')
    .action(async (url: string, folder: string, options: { readonly key: string }) => {
      const { mirror } = await import('../../features/ledger/index.ts');
      const followed = demand(url, await mirror(fileOf(url), options.key, resolve(folder)));
      print(`${followed.origin}: ${followed.size} entries in ${folder}${followed.from === undefined ? '' : `, ${followed.size - followed.from} of them new`}. Every entry leads to the signed root.`);
    });
}

const FETCH_MS_MAX = 60_000;
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const REFUSALS: Readonly<Record<FollowRefusal['code'], string>> = {
  'log-key': 'The key is no key of a log',
  'log-head': 'The log shows no head that this key signed',
  'log-head-other': 'The head is that of another log',
  'log-shrank': 'THE LOG SHRANK. Keep both heads: together they are evidence',
  'log-forked': 'THE LOG IS NOT THE ONE IT WAS. Keep both heads: together they are evidence',
  'log-files': 'The files of the log are not whole',
};

function demand(url: string, verdict: Verdict<Followed, FollowRefusal>): Followed {
  if (verdict.ok) return verdict.value;
  throw new Exit(EXIT.refused, `${url}: ${REFUSALS[verdict.refusal.code]} (${verdict.refusal.detail}).`);
}

/** Whoever runs the command names the place, so it is asked without the list of the server. */
function fileOf(url: string): (path: string) => Promise<Uint8Array | undefined> {
  if (!/^https?:\/\/\S+$/.test(url)) throw new Exit(EXIT.usage, `“${url}” is no address of a log, for example https://register.example/log.`);
  const base = url.replace(/\/+$/, '');
  return async (path) => {
    let answer: Response;
    try {
      answer = await fetch(`${base}/${path}`, { signal: AbortSignal.timeout(FETCH_MS_MAX) });
    } catch (error) {
      tell(`${base}/${path}`);
      throw new Fault('log-not-reached', `The log at ${base} does not answer.`, { url: base }, { cause: error });
    }
    if (answer.status === 404) return undefined;
    if (!answer.ok || Number(answer.headers.get('content-length') ?? 0) > ANSWER_BYTES_MAX) throw new Fault('log-not-reached', `The log at ${base} answers ${answer.status} for ${path}.`, { url: base, status: answer.status });
    return new Uint8Array(await answer.arrayBuffer());
  };
}
