/** `mizan seat …`: the keys and the agent of one seat of the council, what its steward decides, and a demonstration of 33. */

import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { CHOICES, type Choice } from '../../proof/council/ballot-text.ts';
import { inFours } from '../../proof/council/digits.ts';
import { SEATS_MAX, isName, isSlug } from '../../proof/council/lines.ts';
import { printMemberKeys } from '../../proof/council/member-keys.ts';
import { ALTERNATES_MAX } from '../../proof/council/roll-text.ts';
import type { Person } from '../../proof/council/seat-texts.ts';
import { Exit, EXIT } from '../exit.ts';
import type { Dossier, RoundSummary } from '../seat/desk.ts';
import type { ToSign } from '../seat/agent.ts';
import { print, tell } from '../terminal.ts';

const TICK_S = 30;
const SERVERS_MAX = 8;

interface InFolder {
  readonly folder: string;
}
interface WithPassphrase {
  readonly passphraseFile?: string;
}

export function addSeat(program: Command): void {
  const seat = program.command('seat').description('a seat of the council: its keys, its agent, its steward’s votes, and a demonstration');
  addInit(seat);
  addPin(seat);
  addRun(seat);
  addBallots(seat);
  addShow(seat);
  addVote(seat);
  addDemo(seat);
}

const passphraseOption = (): Option => new Option('--passphrase-file <file>', 'file of mode 0600 with the passphrase (asked on the terminal when left out)');
const folderOption = (): Option => new Option('--folder <folder>', 'folder of the seat').makeOptionMandatory();

function seatNumber(text: string): number {
  const seat = Number(text);
  if (!/^\d{1,2}$/.test(text) || seat < 1 || seat > SEATS_MAX) throw new InvalidArgumentError(`A seat is a number from 1 to ${SEATS_MAX}.`);
  return seat;
}

function alternate(text: string): Person {
  const [constituency = '', rank = ''] = text.split(':');
  if (!isSlug(constituency) || !/^[1-9]\d?$/.test(rank) || Number(rank) > ALTERNATES_MAX) throw new InvalidArgumentError('An alternate is CONSTITUENCY:RANK, for example science:1.');
  return { constituency, rank: Number(rank) };
}

function named(text: string): string {
  if (!isName(text)) throw new InvalidArgumentError('A name has no white space and no +.');
  return text;
}

// ---------------------------------------------------------------- keys

interface InitOptions extends InFolder, WithPassphrase {
  readonly council: readonly string[];
  readonly origin: string;
  readonly name?: string;
  readonly seat?: number;
  readonly alternate?: Person;
  readonly epoch: number;
  readonly genesis?: string;
}

function addInit(seat: Command): void {
  seat
    .command('init')
    .description('make the keys of a seat or alternate, sealed by a passphrase, and print the file to hand in at the key ceremony')
    .requiredOption('--council <url...>', 'servers of the council, for example https://council.example')
    .addOption(folderOption())
    .requiredOption('--origin <name>', 'name of the log, as in the constitution of the council', named)
    .option('--name <name>', 'name of the council (that of the log when left out)', named)
    .addOption(new Option('--seat <number>', 'number of the seat').argParser(seatNumber))
    .addOption(new Option('--alternate <constituency:rank>', 'keys of an alternate instead').argParser(alternate))
    .addOption(new Option('--epoch <number>', 'epoch the keys are for').argParser((text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : NaN)).default(1))
    .option('--genesis <digest>', 'SHA-256 of the genesis, as the official gazette prints it; can be given later with “mizan seat pin”')
    .addOption(passphraseOption())
    .action(init);
}

async function init({ council: servers, folder, origin, name = origin, seat, alternate: other, epoch, genesis, passphraseFile }: InitOptions): Promise<void> {
  const { makeSeatFolder, genesisIn, isServer } = await import('../seat/seat-folder.ts');
  const { passphraseFor } = await import('../seat/passphrase.ts');
  if ((seat === undefined) === (other === undefined)) throw new Exit(EXIT.usage, 'Give --seat NUMBER or --alternate CONSTITUENCY:RANK, one of the two.');
  if (Number.isNaN(epoch)) throw new Exit(EXIT.usage, 'An epoch is a number from 1.');
  const wrong = servers.find((server) => !isServer(server));
  if (wrong !== undefined || servers.length > SERVERS_MAX) throw new Exit(EXIT.usage, `“${wrong ?? servers.length}”: give 1 to ${SERVERS_MAX} addresses such as https://council.example.`);
  const pin = genesis === undefined ? undefined : genesisIn(genesis);
  if (genesis !== undefined && pin === undefined) throw new Exit(EXIT.usage, 'The genesis is a SHA-256: 64 hexadecimal digits, with or without sha256: before them.');
  const who: Person = other ?? { seat: seat as number };
  const passphrase = await passphraseFor({ file: passphraseFile, isNew: true });
  const path = resolve(folder);
  const keys = makeSeatFolder(path, { servers, council: name, origin, epoch, who, ...(pin === undefined ? {} : { genesis: pin }) }, passphrase);
  const file = `${path}/keys.json`;
  writeFileSync(file, printMemberKeys(keys), { flag: 'wx', mode: 0o644 });
  print(printMemberKeys(keys).trimEnd());
  tell(`The keys lie in ${path}/keys, sealed. Hand in ${file}; it holds no secret.`);
  tell(`Then move ${path}/keys/identity.sealed into a safe: it is needed again only when the other keys are replaced.`);
  if (pin === undefined) tell('When the council is founded, pin its genesis from the official gazette: mizan seat pin sha256:… --folder ' + folder);
}

function addPin(seat: Command): void {
  seat
    .command('pin')
    .description('pin the genesis of the council, once, from the official gazette')
    .argument('<digest>', 'SHA-256 of the genesis')
    .addOption(folderOption())
    .action(async (digest: string, { folder }: InFolder) => {
      const { genesisIn, readSettings, writeSettings } = await import('../seat/seat-folder.ts');
      const pin = genesisIn(digest);
      if (pin === undefined) throw new Exit(EXIT.usage, 'The genesis is a SHA-256: 64 hexadecimal digits, with or without sha256: before them.');
      const settings = readSettings(resolve(folder));
      if (settings.genesis !== undefined && settings.genesis !== pin) throw new Exit(EXIT.refused, `This seat pinned sha256:${settings.genesis}. A council has one genesis for ever; another one is another council, with a folder and keys of its own.`);
      writeSettings(resolve(folder), { ...settings, genesis: pin });
      print(`pinned sha256:${pin}`);
    });
}

// ---------------------------------------------------------------- the agent

interface RunOptions extends InFolder, WithPassphrase {
  readonly tick: number;
  readonly port: number;
  readonly listen?: string;
  readonly rubric?: string;
  readonly model?: string;
  readonly modelUrl?: string;
  readonly clockOffset: number;
}

const wholeNumber = (text: string): number => {
  if (!/^-?\d{1,9}$/.test(text)) throw new InvalidArgumentError('A whole number.');
  return Number(text);
};

function addRun(seat: Command): void {
  seat
    .command('run')
    .description('run the agent of a seat until it is told to stop')
    .addOption(folderOption())
    .addOption(passphraseOption())
    .addOption(new Option('--port <number>', 'port of the steward’s page on this machine (a free one)').argParser(wholeNumber).default(0))
    .addOption(new Option('--tick <seconds>', 'how often is said again what nobody answered').argParser(wholeNumber).default(TICK_S))
    .option('--listen <address:port>', 'direct mode: also take letters of peers and add-checkpoint here')
    .option('--rubric <file>', 'rubric of the seat for a language model on the own premises')
    .option('--model <name>', 'name of that model')
    .option('--model-url <url>', 'its interface, for example http://127.0.0.1:8000/v1')
    .addOption(new Option('--clock-offset <seconds>', 'run with a wrong clock, for demonstrations').argParser(wholeNumber).default(0).hideHelp())
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const folder = resolve(options.folder);
  const { openAgentKeys, readSettings } = await import('../seat/seat-folder.ts');
  const { passphraseFor } = await import('../seat/passphrase.ts');
  const settings = readSettings(folder);
  const { genesis } = settings;
  if (genesis === undefined) throw new Exit(EXIT.usage, `No genesis is pinned in ${folder}. Take its digest from the official gazette: mizan seat pin sha256:… --folder ${options.folder}`);
  if (options.tick < 1 || options.port < 0 || options.port > 65_535) throw new Exit(EXIT.usage, 'A tick is at least one second, a port at most 65535.');
  const keys = openAgentKeys(folder, settings, await passphraseFor({ file: options.passphraseFile }));
  const { openSeat } = await import('../seat/daemon.ts');
  const log = (level: string, what: string, more: Readonly<Record<string, string | number>> = {}): void => tell(JSON.stringify({ time: new Date().toISOString(), level, what, ...more }));
  const failed = Promise.withResolvers<never>();
  const offsetS = options.clockOffset;
  const seat = await openSeat({ folder, settings: { ...settings, genesis }, keys, log, tickS: options.tick, clockS: () => Math.floor(Date.now() / 1000) + offsetS, fatal: (error) => failed.reject(error instanceof Error ? error : new Error('the seat stopped')) });
  const { Desk } = await import('../seat/desk.ts');
  const { openDoor } = await import('../seat/door.ts');
  const desk = new Desk(seat, await reviewer(options, folder));
  const door = await openDoor(desk, folder, options.port);
  const peers = options.listen === undefined ? undefined : await (await import('../seat/direct.ts')).listenDirectly(seat, options.listen);
  seat.start();
  print(`Seat ${seat.agent.parts.seat} of ${settings.origin} runs, ${seat.agent.prefix.size} entries. The steward’s page: ${door.url}/#${door.token}`);
  try {
    const signal = await Promise.race([stopped(), failed.promise]);
    tell(`The seat stops (${signal}).`);
  } finally {
    await peers?.close();
    await door.close();
    await seat.stop();
  }
}

async function reviewer({ rubric, model, modelUrl }: RunOptions, _folder: string): Promise<ConstructorParameters<typeof import('../seat/desk.ts').Desk>[1]> {
  if (rubric === undefined && model === undefined && modelUrl === undefined) return undefined;
  if (rubric === undefined || model === undefined || modelUrl === undefined) throw new Exit(EXIT.usage, 'A model needs all three: --rubric, --model and --model-url.');
  const { readRubricFile, reviewByModel } = await import('../seat/model-review.ts');
  const { outboundFor } = await import('../seat/daemon.ts');
  const parts = { outbound: outboundFor([modelUrl], 120_000), url: modelUrl, model, rubric: readRubricFile(rubric) };
  return async (papers) => reviewByModel(parts, papers);
}

async function stopped(): Promise<string> {
  return new Promise((resolved) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolved(signal));
  });
}

// ---------------------------------------------------------------- the steward

interface Rounds {
  readonly seat: number;
  readonly origin: string;
  readonly size: number;
  readonly starting: boolean;
  readonly resync: boolean;
  readonly counts: { readonly confirmed: number; readonly overridden: number; readonly hasty: number };
  readonly rounds: readonly RoundSummary[];
}

function addBallots(seat: Command): void {
  seat
    .command('ballots')
    .description('list the rounds this seat knows, with its vote and the receipts for it')
    .addOption(folderOption())
    .option('--json', 'print as JSON')
    .action(async ({ folder, json }: InFolder & { readonly json?: boolean }) => {
      const { askDoor } = await import('../seat/door.ts');
      const told = await askDoor<Rounds>(resolve(folder), 'rounds');
      if (json === true) return print(JSON.stringify(told, null, 2));
      print(`seat ${told.seat} of ${told.origin}, ${told.size} entries${told.starting ? ', starting: it asks the others for its past' : ''}${told.resync ? ', RESYNC: it sits out what is open' : ''}`);
      for (const one of told.rounds) print(`${one.round.padEnd(20)} ${one.class.padEnd(15)} ${one.standing.padEnd(12)} until ${one.closes}  ${one.choice ?? (one.sits ? 'no vote yet' : 'does not sit')}${one.toSign ? ' (to be signed)' : ''}  receipts ${one.receipts} of ${one.quorum}`);
      if (told.rounds.length === 0) print('No round yet.');
      print(`steward: ${told.counts.confirmed} confirmed, ${told.counts.overridden} overridden, ${told.counts.hasty} confirmed in under 30 s`);
    });
}

function addShow(seat: Command): void {
  seat
    .command('show')
    .description('show the dossier of a round and what the review says')
    .argument('<round>', 'slot, or SLOT:ROUND')
    .addOption(folderOption())
    .option('--json', 'print as JSON')
    .action(async (round: string, { folder, json }: InFolder & { readonly json?: boolean }) => {
      const dossier = await dossierOf(folder, round);
      if (json === true) return print(JSON.stringify(dossier, null, 2));
      for (const line of toldDossier(dossier)) print(line);
    });
}

const roundName = (text: string): string => {
  const [slot = '', round = '1'] = text.split(/[ :]/);
  return `${slot} ${round}`;
};

async function dossierOf(folder: string, round: string): Promise<Dossier> {
  const { askDoor } = await import('../seat/door.ts');
  return askDoor<Dossier>(resolve(folder), `round?round=${encodeURIComponent(roundName(round))}`);
}

function toldDossier({ summary, papers, review, model, advice }: Dossier): readonly string[] {
  const head = [`${summary.round}: ${summary.class}, ${summary.standing}, until ${summary.closes}${summary.choice === undefined ? '' : `, own vote ${summary.choice}, receipts ${summary.receipts} of ${summary.quorum}`}`];
  const options = summary.options.flatMap(({ option, digits }) => {
    const checks = review[option]?.checks ?? [];
    const answers = model[option]?.answers ?? [];
    return [
      `option ${option}   motion ${digits} …   review ${inFours(review[option]?.digest ?? '')} …`,
      ...Object.entries(papers[option]?.texts ?? {}).map(([language, text]) => `  [${language}] ${text.slice(0, 500).trim().replaceAll('\n', '\n       ')}`),
      ...(papers[option] === undefined ? ['  The dossier cannot be fetched now.'] : []),
      ...checks.map(({ id, result, detail }) => `  ${result.padEnd(8)} ${id}${detail === '' ? '' : ` (${detail})`}`),
      ...answers.map(({ id, standing, score, reason }) => `  ${standing.padEnd(12)} ${id} ${score ?? '-'} ${reason}`),
    ];
  });
  return [...head, ...options, `advice: ${advice === 'ask' ? 'none; the steward decides' : advice}`];
}

function addVote(seat: Command): void {
  seat
    .command('vote')
    .description('decide a round and sign the ballot with the ballot key; it cannot be changed')
    .argument('<round>', 'slot, or SLOT:ROUND')
    .argument('<choice>', CHOICES.join(', '))
    .requiredOption('--reason <text>', 'why, in a sentence; kept in the records of this seat')
    .addOption(folderOption())
    .option('--option <letter>', 'option that a yes names', 'A')
    .addOption(passphraseOption())
    .action(vote);
}

async function vote(round: string, choice: string, { reason, folder, option, passphraseFile }: InFolder & WithPassphrase & { readonly reason: string; readonly option: string }): Promise<void> {
  const { askDoor } = await import('../seat/door.ts');
  const { openBallotKey, readSettings } = await import('../seat/seat-folder.ts');
  const { passphraseFor } = await import('../seat/passphrase.ts');
  const { maySign, signText } = await import('../seat/steward-signs.ts');
  if (!CHOICES.some((each) => each === choice)) throw new Exit(EXIT.usage, `A choice is ${CHOICES.join(', ')}.`);
  const path = resolve(folder);
  const name = roundName(round);
  const dossier = await dossierOf(folder, round);
  const motion = dossier.summary.options.find((each) => each.option === option)?.motion;
  if (choice === 'yes' && motion === undefined) throw new Exit(EXIT.usage, `There is no option ${option} in ${round}.`);
  // The key first: a decision that cannot be signed should not stand in the journal.
  const signer = openBallotKey(path, readSettings(path), await passphraseFor({ file: passphraseFile }));
  const decided = await askDoor<{ readonly notices: readonly string[]; readonly toSign: readonly ToSign[]; readonly override: boolean }>(path, 'vote', { round: name, choice, reason, option });
  const refused = decided.notices.find((notice) => REFUSED[notice] !== undefined);
  if (refused !== undefined) throw new Exit(EXIT.refused, REFUSED[refused] as string);
  const chosen = { round: name, choice: choice as Choice, motion };
  let { toSign } = decided;
  // A sealed vote asks for the ballot and the salt first, then for the commitment.
  for (let more = 0; more < 4 && toSign.length > 0; more += 1) {
    const [next] = toSign;
    if (next === undefined || !maySign(next, chosen)) throw new Exit(EXIT.refused, 'The agent asks for a signature of something else than this vote. Nothing was signed; look at the seat.');
    ({ toSign } = await askDoor<{ readonly toSign: readonly ToSign[] }>(path, 'sign', { text: next.text, signature: signText(signer, next.text), round: name }));
  }
  print(`${choice} in ${name}${motion === undefined ? '' : `, motion ${inFours(motion)} …`}: signed and sent.${decided.override ? ' Counted as decided against the advice.' : ''} “mizan seat ballots” shows the receipts; with ${dossier.summary.quorum} nobody can hold it back.`);
}

const REFUSED: Readonly<Record<string, string>> = {
  'voted-already': 'This seat has voted in this round. A vote is not changed: two ballots of one seat are a proof of lying.',
  'sits-out': 'This seat came back from an old copy of its disk and sits out what was open then; another vote could contradict one it has forgotten.',
  'not-open': 'The round is not open for this seat: it is unknown, closed, without this option, or the seat does not sit in it.',
  starting: 'The seat has just started and asks the others for its own past. Try again in a moment.',
};


// ---------------------------------------------------------------- the demonstration

const BEHAVIOURS = ['silent', 'double', 'late', 'partitioned', 'flood', 'mixed'] as const;
const OPERATORS = ['honest', 'censoring', 'forking', 'stalling'] as const;
const BANNER = '33 seats, one administrator, one machine, one build: no Byzantine tolerance is claimed';

interface DemoCommand {
  readonly liars: number;
  readonly behave: (typeof BEHAVIOURS)[number];
  readonly operator: (typeof OPERATORS)[number];
  readonly processes?: boolean;
  readonly autoSteward?: boolean;
  readonly vote: number;
  readonly rounds?: number;
  readonly port: number;
  readonly yes: number;
  readonly folder?: string;
}

function addDemo(seat: Command): void {
  seat
    .command('demo')
    .description('found a council of 33 on this machine and let it vote, with liars and hostile operators on request; proves nothing about independence')
    .addOption(new Option('--liars <number>', 'how many seats lie, at most 10 unless it is to be seen what happens above').argParser(wholeNumber).default(0))
    .addOption(new Option('--behave <how>', 'how they lie').choices(BEHAVIOURS).default('mixed'))
    .addOption(new Option('--operator <how>', 'how the operator of the log behaves after the first vote').choices(OPERATORS).default('honest'))
    .option('--processes', 'one process for each seat (about 2 GB)')
    .option('--auto-steward', 'a program votes in the place of the stewards')
    .addOption(new Option('--vote <seconds>', 'how long a vote takes').argParser(wholeNumber).default(20))
    .addOption(new Option('--rounds <number>', 'end after so many votes (goes on until it is stopped)').argParser(wholeNumber))
    .addOption(new Option('--yes <percent>', 'how many stewards of a hundred the program lets vote yes').argParser(wholeNumber).default(80))
    .addOption(new Option('--port <number>', 'port of the page of the demonstration (a free one)').argParser(wholeNumber).default(0))
    .option('--folder <folder>', 'a new folder to keep (a temporary one that is removed)')
    .action(demo);
}

async function demo(options: DemoCommand): Promise<void> {
  const { liars, behave, operator, processes = false, autoSteward = false, vote: voteS, rounds, port, yes } = options;
  if (liars < 0 || liars > 33 || voteS < 3 || voteS > 86_400 || yes < 0 || yes > 100 || port < 0 || port > 65_535) throw new Exit(EXIT.usage, 'Liars are 0 to 33, a vote takes 3 to 86400 seconds, yes is a percentage.');
  if (processes && liars > 0 && behave !== 'silent' && operator !== 'honest') tell('Liars and the hostile operator run in this process; the honest seats are processes.');
  const { Demo } = await import('../seat/demo/demo.ts');
  const { serveProgress } = await import('../seat/demo/progress-page.ts');
  tell(BANNER);
  const running = new Demo({ liars, behave, operator, processes, autoSteward, voteS, port, yesShare: yes / 100, log: (level, what, more = {}) => tell(JSON.stringify({ level, what, ...more })), ...(rounds === undefined ? {} : { rounds }), ...(options.folder === undefined ? {} : { folder: resolve(options.folder) }) });
  const page = await serveProgress(() => running.view(), port);
  print(`The demonstration: ${page.url}`);
  try {
    await running.start();
    print(`The platform of the demonstration: ${running.platform}`);
    await Promise.race([running.run(), stopped()]);
    for (const { slot, outcome, yes: seats, proven } of running.rounds) print(`${slot}: ${outcome}${seats === undefined ? '' : `, ${seats} yes`}${proven === 0 ? '' : `, ${proven} seats with two ballots`}`);
  } finally {
    await page.close();
    await running.stop();
  }
}
