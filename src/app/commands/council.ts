/** `mizan council …`: what the council stands at, the first roll from the files of the key ceremony, and the founding. */

import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { Fault, type Json } from '../../base/index.ts';
import { judgeConstitution, loadCouncilPack, problemText } from '../../features/council/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { digestOf } from '../../proof/council/log-state.ts';
import { MEMBER_KEYS_BYTES_MAX } from '../../proof/council/member-keys.ts';
import { connect } from '../client.ts';
import { Exit, EXIT } from '../exit.ts';
import { print } from '../terminal.ts';
import { settings } from './settings.ts';

interface CouncilTold {
  readonly state: string;
  readonly origin: string;
  readonly epoch: number;
  readonly rollDigest: string | null;
  readonly genesisDigest: string | null;
  readonly prefixSize: number;
  readonly certified: { readonly size: number; readonly root: string; readonly timeS: number } | null;
  readonly keys: { readonly log: string; readonly secretariat: string };
}
interface RollTold {
  readonly roll: string | null;
  readonly digest: string | null;
  readonly keyEntries: readonly string[];
  readonly problems: readonly { readonly where: string; readonly code: string; readonly detail?: string }[];
}

const FILES_MAX = 200;
const ROLL_BYTES_MAX = 65_536;
/** Digests are read aloud in fours. */
const FOURS = /.{4}/g;

export function addCouncil(program: Command): void {
  const council = program.command('council').description('the council of this register: what it stands at, its first roll, its founding');
  council
    .command('show')
    .alias('status')
    .description('epoch, roll and newest certified checkpoint of the council')
    .option('--json', 'print as JSON')
    .action(async (options: { readonly json?: boolean }) => {
      const client = await connect(settings());
      try {
        const told = await client.request<CouncilTold>('GET', '/api/v1/council');
        if (options.json === true) return print(JSON.stringify(told, null, 2));
        print(`log          ${told.keys.log}\nsecretariat  ${told.keys.secretariat}\nstate        ${told.state}`);
        if (told.rollDigest !== null) print(`epoch        ${told.epoch}\nroll         ${told.rollDigest}\ngenesis      ${told.genesisDigest ?? ''}`);
        print(told.certified === null ? 'certified    nothing yet' : `certified    ${told.certified.size} of ${told.prefixSize} entries, ${new Date(told.certified.timeS * 1000).toISOString()}`);
      } finally {
        await client.close();
      }
    });
  council
    .command('check')
    .description('check whether the numbers of a constitution hold, under every placement of the liars; needs no server')
    .argument('<place>', 'a constitution as text, or the folder of a council pack')
    .action((place: string) => check(resolve(place)));
  council
    .command('roll')
    .description('put the first roll together from the files that the members handed in; writes nothing into the log')
    .argument('<folder>', 'folder with one keys file of each member (*.json)')
    .requiredOption('--domains <file>', 'JSON of what may fail together by seat: {"1": {"employer": "…", "hosting": "…"}}')
    .requiredOption('--out <file>', 'where the roll is written; the post-quantum keys go beside it as <file>.keys')
    .action(async (folder: string, options: { readonly domains: string; readonly out: string }) => roll(resolve(folder), resolve(options.domains), resolve(options.out)));
  council
    .command('found')
    .description('found the council with this roll: once and for good')
    .argument('<roll>', 'the roll that `mizan council roll` wrote')
    .requiredOption('--digest <hex>', 'SHA-256 of the roll as it was compared aloud; spaces do not matter')
    .action(async (file: string, options: { readonly digest: string }) => found(resolve(file), options.digest));
}

/** A folder is read whole, as the start reads it; of a file the numbers alone. */
function check(place: string): void {
  if (!existsSync(place)) throw new Exit(EXIT.usage, `There is no file or folder ${place}.`);
  if (statSync(place).isDirectory()) {
    try {
      loadCouncilPack('council.example', place);
    } catch (error) {
      if (error instanceof Fault) throw new Exit(EXIT.refused, error.message);
      throw error;
    }
  }
  const file = statSync(place).isDirectory() ? join(place, 'constitution.txt') : place;
  if (statSync(file).size > ROLL_BYTES_MAX) throw new Exit(EXIT.usage, `${file} is larger than ${ROLL_BYTES_MAX} bytes.`);
  const judged = judgeConstitution(readFileSync(file, 'utf8'));
  if (!judged.ok) throw new Exit(EXIT.refused, `${file}: ${judged.refusal.code}. ${problemText(judged.refusal, 'en')}`);
  const { constitution, report } = judged.value;
  const { seats, liars, quorum } = constitution;
  print(`${file}: the numbers hold.\n${seats} seats, ${liars} may lie, ${quorum} decide\ntwo decisions share ${report.overlap} seats, at least ${report.overlap - liars} of them honest\nbehind every decision ${report.honestYes} of ${report.honest} honest seats\nwith ${liars} silent ${report.margin} seats to spare\n${report.placements} placements of the liars tried; stopped by a veto: ${report.vetoes.map(({ name }) => name).join(', ') || 'no kind of decision'}`);
}

function jsonIn(path: string, bytesMax: number): Json {
  if (!existsSync(path)) throw new Exit(EXIT.usage, `There is no file ${path}.`);
  if (statSync(path).size > bytesMax) throw new Exit(EXIT.usage, `${path} is larger than ${bytesMax} bytes.`);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Json;
  } catch {
    throw new Exit(EXIT.usage, `${path} is no JSON.`);
  }
}

async function roll(folder: string, domainsFile: string, out: string): Promise<void> {
  if (!existsSync(folder)) throw new Exit(EXIT.usage, `There is no folder ${folder}.`);
  const names = readdirSync(folder).filter((name) => name.endsWith('.json')).toSorted().slice(0, FILES_MAX);
  const members = names.map((name) => ({ name, content: jsonIn(join(folder, name), MEMBER_KEYS_BYTES_MAX) }));
  const domains = jsonIn(domainsFile, ROLL_BYTES_MAX);
  const client = await connect(settings());
  try {
    const told = await client.request<RollTold>('POST', '/api/v1/council/roll', { members, domains });
    for (const { where, code, detail } of told.problems) print(`problem: ${where}: ${code}${detail === undefined ? '' : ` (${detail})`}`);
    if (told.roll === null || told.digest === null) throw new Exit(EXIT.refused, `There is no roll yet: ${told.problems.length} things are wrong or missing. What each means stands in docs/guide/operate/council.md.`);
    writeFileSync(out, told.roll, { flag: 'wx' });
    writeFileSync(`${out}.keys`, JSON.stringify(told.keyEntries), { flag: 'wx' });
    print(`${out}: ${members.length} members. Compare this digest aloud, all of it, before anybody founds the council:\n${told.digest.match(FOURS)?.join(' ') ?? ''}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Exit(EXIT.usage, `${out} or ${out}.keys is there already. Move it away first.`);
    throw error;
  } finally {
    await client.close();
  }
}

async function found(file: string, digest: string): Promise<void> {
  if (!existsSync(file)) throw new Exit(EXIT.usage, `There is no file ${file}.`);
  const text = readFileSync(file, 'utf8').slice(0, ROLL_BYTES_MAX + 1);
  const given = digest.replaceAll(/\s/g, '').toLowerCase();
  const actual = digestOf(suite, text);
  if (given !== actual) throw new Exit(EXIT.refused, `The digest of ${file} is ${actual}, not the one given. This is not the roll that was compared.`);
  const keyEntries = existsSync(`${file}.keys`) ? jsonIn(`${file}.keys`, 1024 * 1024) : [];
  const client = await connect(settings());
  try {
    const told = await client.request<{ readonly digest: string }>('POST', '/api/v1/council/found', { roll: text, digest: given, keyEntries });
    print(`The council is founded. Digest of its genesis, for the official gazette and for every seat:\n${told.digest}`);
  } finally {
    await client.close();
  }
}
