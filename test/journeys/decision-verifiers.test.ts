/** Two verifiers that share no code, ours and the one in Go, say the same about fresh decisions and about corrupted ones. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { base64, fromBase64, utf8 } from '../../src/proof/bytes.ts';
import { printNote, signNote } from '../../src/proof/note.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { parseEntryBundle, printEntryBundle, TILE_WIDTH, tilePath } from '../../src/proof/tiles.ts';
import { admitRoll } from '../../src/proof/council/admitted-roll.ts';
import type { AdmittedRoll } from '../../src/proof/council/admitted-roll.ts';
import { parseDecision, printDecision, verifyDecision } from '../../src/proof/council/bundle.ts';
import type { Decision, RollChange } from '../../src/proof/council/bundle.ts';
import { printConstitution } from '../../src/proof/council/constitution.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { printRecusal } from '../../src/proof/council/seat-texts.ts';
import type { Open } from '../../src/proof/council/open-text.ts';
import { CouncilWorld, DAY_S, ORIGIN, OUTSIDE, SEATS, START_S, carriedDecision, keyOf, seedOf } from '../support/council-world.ts';

const FRESH = 100;
const IN_ONE_LOG = 10;
const root = join(import.meta.dirname, '../..');
const go = spawnSync('go', ['version'], { encoding: 'utf8' });
const goVersion = go.status === 0 ? go.stdout.trim() : undefined;
if (goVersion === undefined) console.warn('SKIPPED: decision verifiers, because the program “go” is not installed (Debian: apt-get install golang-go)');

const folder = mkdtempSync(join(tmpdir(), 'mizan-verifiers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const program = join(folder, 'mizan-verify');
const goEnvironment = { PATH: process.env['PATH'], HOME: folder, GOCACHE: join(folder, 'cache'), GOFLAGS: '-mod=readonly', GOPROXY: 'off' };

interface Said {
  readonly status: number | null;
  readonly out: string;
}

function byGo(args: readonly string[]): Said {
  const run = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return { status: run.status, out: `${run.stdout}${run.stderr}` };
}

function byOurs(bytes: Uint8Array, world: CouncilWorld, roll: string, admitted?: AdmittedRoll): string {
  const parsed = parseDecision(bytes);
  if (!parsed.ok) return parsed.refusal.code;
  const verified = verifyDecision(suite, parsed.value, { constitution: world.constitution, roll, ...(admitted === undefined ? {} : { admitted }) });
  return verified.ok ? 'ok' : verified.refusal.code;
}

/** Repeatable choices; the seed is printed with the figures. */
const SEED = Number(process.env['SEED'] ?? 20_270_318);
let random = SEED;
function below(most: number): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((random / 2 ** 32) * most);
}
function shuffled<T>(values: readonly T[]): readonly T[] {
  return values.map((value) => [below(2 ** 30), value] as const).toSorted(([one], [other]) => one - other).map(([, value]) => value);
}

const CLASSES = ['standard', 'constitutional', 'guarded', 'emergency', 'contested'] as const;
const figures = { rivals: 0, equivocators: 0, abstentions: 0, recusals: 0, sealed: 0, yes: new Set<number>() };

/** Whether every class is carried by these yes: a third of each constituency. */
const broad = (seats: readonly number[]): boolean => [[1, 9], [10, 17], [18, 25], [26, 33]].every(([first = 0, last = 0]) => seats.filter((seat) => seat >= first && seat <= last).length >= 3);

/** One vote with everything in it that may differ: class, options, who says yes, abstains, stays silent, votes twice, steps aside. */
function freshDecision(world: CouncilWorld, number: number, fromS: number): Decision {
  const round = { slot: `2027-${String(number).padStart(3, '0')}`, round: 1 };
  const motionClass = CLASSES[number % CLASSES.length] ?? 'standard';
  const sealed = motionClass === 'contested';
  const manifests = 'ABCD'.slice(0, sealed ? 1 : 1 + below(4)).split('').map((option) => world.motionOf(round, { option, class: motionClass, basis: [`Article ${1 + below(99)}(${1 + below(9)})`] }));
  const carried = below(manifests.length);
  const option = 'ABCD'.charAt(carried);
  for (let left = below(40); left > 0; left -= 1) world.add(`mizan-log/event/v1\n{"act":"other","number":${left}}\n`);
  const recused = !sealed && below(3) === 0 ? 10 + below(24) : undefined;
  if (recused !== undefined) world.add(world.byBallotKeys(printRecusal({ council: ORIGIN, epoch: 1, ...round, who: { seat: recused }, reason: 'interest' }), [recused]));
  let yes: readonly number[];
  do yes = shuffled(SEATS.filter((seat) => seat !== recused)).slice(0, 22 + below(9));
  while (!broad(yes));
  const rest = SEATS.filter((seat) => seat !== recused && !yes.includes(seat));
  const commits = sealed ? { sealed: true, commitsCloseS: fromS + 10 * DAY_S } : {};
  const { open, index } = world.openRound(round, fromS, { class: motionClass, ...commits }, manifests);
  const abstaining = rest.filter(() => below(2) === 0);
  // A liar says yes to two options, or yes and no.
  const lying = sealed ? [] : yes.filter(() => below(8) === 0).slice(0, 10);
  if (sealed) castSealed(world, open, yes);
  if (lying.length > 0) world.add(manifests.length > 1 ? world.ballot(open, lying, 'yes', 'ABCD'.charAt((carried + 1) % manifests.length)) : world.ballot(open, lying, 'no'));
  if (abstaining.length > 0 && !sealed) world.add(world.ballot(open, abstaining, 'abstain'));
  const ballots = world.add(world.ballot(open, yes, 'yes', option));
  const closed = world.closeRound(open, open.closesS + below(7200));
  for (let left = below(20); left > 0; left -= 1) world.add(`mizan-log/event/v1\n{"act":"later","number":${left}}\n`);
  figures.rivals += manifests.length > 1 ? 1 : 0;
  figures.equivocators += lying.length;
  figures.abstentions += sealed ? 0 : abstaining.length;
  figures.recusals += recused === undefined ? 0 : 1;
  figures.sealed += sealed ? 1 : 0;
  figures.yes.add(yes.length);
  return world.decision({ open: index, ballots, ...closed }, manifests[carried] ?? '', open.closesS + 2 * DAY_S);
}

function castSealed(world: CouncilWorld, open: Open, yes: readonly number[]): void {
  const cast = yes.map((seat) => world.sealed(open, seat, 'yes'));
  for (const { commit } of cast) world.add(commit);
  world.commitsClose(open, open.commitsCloseS ?? 0);
  for (const { reveal } of cast) world.add(reveal);
}

const L = 2n ** 252n + 27_742_317_777_372_353_535_851_937_790_883_648_493n;
const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const to32 = (value: bigint): Uint8Array => new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse());

/** A signature with the identity as R, which only the holder of the key can make and which libraries disagree about. */
function identitySignature(name: string, text: string): Uint8Array {
  const secret = createHash('sha512').update(seedOf(name)).digest().subarray(0, 32);
  secret[0] = (secret[0] ?? 0) & 248;
  secret[31] = ((secret[31] ?? 0) & 63) | 64;
  const r = new Uint8Array(32).fill(0).with(0, 1);
  const k = littleEndian(createHash('sha512').update(r).update(keyOf(name).publicKey).update(text).digest());
  return Buffer.concat([r, to32((k * littleEndian(secret)) % L)]);
}

/** The ballots with the signature of their first line changed. */
function resigned(decision: Decision, change: (signature: Uint8Array, text: string, name: string) => Uint8Array): string {
  const split = decision.ballots.lastIndexOf('\n\n');
  const text = decision.ballots.slice(0, split + 1);
  const [first = '', ...others] = decision.ballots.slice(split + 2).split('\n');
  const [dash = '', name = '', written = ''] = first.split(' ');
  const bytes = fromBase64(written) ?? new Uint8Array();
  return `${text}\n${[`${dash} ${name} ${base64(Buffer.concat([bytes.subarray(0, 4), change(bytes.subarray(4), text, name)]))}`, ...others].join('\n')}`;
}

interface Corrupted {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Another roll than the good one is believed. */
  readonly roll?: string;
}

/** Every way in which somebody may try to have a decision that is none. Whoever holds a key signs what is asked. */
function corrupted(): { readonly world: CouncilWorld; readonly good: Decision; readonly files: readonly Corrupted[] } {
  const world = new CouncilWorld(suite);
  const round = { slot: '2027-014', round: 1 };
  const fromS = START_S + 60 * DAY_S;
  const manifest = world.motionOf(round);
  const { open, index } = world.openRound(round, fromS, {}, [manifest]);
  const ballots = world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
  const closed = world.closeRound(open, open.closesS + 60);
  const late = world.add(world.ballot(open, SEATS.slice(0, 30), 'yes'));
  const otherRound = { slot: '2027-015', round: 1 };
  const otherManifest = world.motionOf(otherRound);
  const otherOpen = world.openRound(otherRound, open.closesS + 40 * DAY_S, {}, [otherManifest]);
  const few = world.add(world.ballot(otherOpen.open, SEATS.slice(0, 21), 'yes'));
  const otherClosed = world.closeRound(otherOpen.open, otherOpen.open.closesS);
  const slotRolls = world.entries.map((entry) => Buffer.from(entry).toString()).filter((entry) => entry.startsWith('mizan-council/slot-roll/v1\n'));
  const atS = otherOpen.open.closesS + 3600;
  const made = (at: Partial<Record<'open' | 'ballots' | 'close' | 'outcome', number>>): Decision => ({ ...world.decision({ open: index, ballots, ...closed, ...at }, manifest, atS), slotRoll: slotRolls[0] ?? '' });
  const good = made({});
  const refusedMotion = { ...world.decision({ open: otherOpen.index, ballots: few, ...otherClosed }, otherManifest, atS), slotRoll: slotRolls[1] ?? '' };
  const narrow = carriedDecision(suite, SEATS.slice(1, 26), 'guarded', 'guarded');
  const procedural = carriedDecision(suite, SEATS.slice(0, 25), 'routine', 'procedural');

  const text = Buffer.from(printDecision(good)).toString();
  const having = (name: string, changed: Partial<Decision>): Corrupted => ({ name, bytes: printDecision({ ...good, ...changed }) });
  const written = (name: string, changed: string): Corrupted => ({ name, bytes: utf8(changed) });
  const proofs = (name: string, which: keyof Decision['proofs'], change: (proof: Decision['proofs']['open']) => Decision['proofs']['open']): Corrupted => having(name, { proofs: { ...good.proofs, [which]: change(good.proofs[which]) } });
  const rolled = (name: string, roll: string): Corrupted => ({ name, bytes: printDecision({ ...good, roll }), roll: digestOf(suite, roll) });
  const withoutLog = (note: string): string => note.split('\n').filter((line) => !line.startsWith(`— ${ORIGIN} `)).join('\n');
  const seat1 = keyOf(`identity.seat01.${ORIGIN}`).publicKey;
  const firstKey = good.slotRoll.split('\n')[4]?.split(' ')[3] ?? '';
  const secondKey = good.slotRoll.split('\n')[5]?.split(' ')[3] ?? '';
  const stamp = good.checkpoint.split('\n').find((line) => line.includes(' seat01.')) ?? '';
  const later = Buffer.from(stamp.split(' ')[2] ?? '', 'base64');
  later[11] = (later[11] ?? 0) + 1;

  const files: readonly Corrupted[] = [
    // The writing of the file.
    written('a space before the file', ` ${text}`),
    written('a line break after the file', `${text}\n`),
    written('a member repeated', text.replace('"roll":', '"roll":"","roll":')),
    written('a member added', text.replace(/\}$/, ',"zeal":1}')),
    written('a member missing', text.replace(/"outcome":"[^"]*",/, '')),
    written('another format', text.replace('decision/v1', 'decision/v2')),
    written('a letter escaped without need', text.replace('council.example', '\\u0063ouncil.example')),
    written('cut in the middle', text.slice(0, text.length / 2)),
    // The roll.
    having('a fault domain renamed in the roll', { roll: good.roll.replace('hosting-1', 'hosting-2') }),
    { name: 'a good file under the pin of another council', bytes: printDecision(good), roll: digestOf(suite, 'another roll') },
    rolled('the identity element as a key, pinned', good.roll.replace(base64(seat1), base64(new Uint8Array(32).fill(0).with(0, 1)))),
    rolled('a key of order eight, pinned', good.roll.replace(base64(seat1), base64(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')))),
    rolled('one key in two seats, pinned', good.roll.replace(secondKey, firstKey)),
    rolled('eleven seats of one hosting, pinned', good.roll.replaceAll(/hosting-[012]/g, 'hosting-0')),
    // The checkpoint.
    having('21 cosigning seats', { checkpoint: world.checkpoint(atS, SEATS.slice(0, 21), OUTSIDE) }),
    having('one outside witness', { checkpoint: world.checkpoint(atS, SEATS, OUTSIDE.slice(0, 1)) }),
    having('no signature of the log', { checkpoint: withoutLog(good.checkpoint) }),
    having('a cosignature stamped a second later', { checkpoint: good.checkpoint.replace(stamp.split(' ')[2] ?? '', later.toString('base64')) }),
    having('a checkpoint of another tree, signed by everybody', { checkpoint: world.checkpoint(atS, SEATS, OUTSIDE, narrow.world.state.tree) }),
    // Slot roll and OPEN.
    having('a slot roll of another round', { slotRoll: good.slotRoll.replace('round 1', 'round 2') }),
    having('a slot roll with two seats exchanged', { slotRoll: good.slotRoll.replace(firstKey, 'x').replace(secondKey, firstKey).replace(' x\n', ` ${secondKey}\n`) }),
    having('OPEN signed by ten seats', { open: world.byBallotKeys(good.open.slice(0, good.open.lastIndexOf('\n\n') + 1), SEATS.slice(0, 10)) }),
    having('OPEN signed by a stranger', { open: printNote(signNote(suite, good.open.slice(0, good.open.lastIndexOf('\n\n') + 1), keyOf(`secretariat.${ORIGIN}`, 'another'))) }),
    having('OPEN that closes a day earlier, signed', { open: world.bySecretariat(good.open.slice(0, good.open.lastIndexOf('\n\n') + 1).replace(/closes \d{4}-\d{2}-\d{2}/, 'closes 2027-03-10')) }),
    { name: 'a class that the order of the log decides', bytes: printDecision(procedural.decision) },
    // The motion.
    having('another legal basis', { motion: { ...good.motion, manifest: good.motion.manifest.replace('12(1)', '12(2)') } }),
    having('another text in Azerbaijani', { motion: { ...good.motion, texts: { ...good.motion.texts, az: 'Sistemə icazə verilməsin.\n' } } }),
    having('a language left out', { motion: { ...good.motion, texts: { az: good.motion.texts['az'] ?? '' } } }),
    having('a language added', { motion: { ...good.motion, texts: { ...good.motion.texts, tr: 'x\n' } } }),
    // The ballots.
    having('25 no', { ballots: world.ballot(open, SEATS.slice(0, 25), 'no') }),
    having('21 yes', { ballots: world.ballot(open, SEATS.slice(0, 21), 'yes') }),
    having('22 yes of which one is a seat twice', { ballots: `${world.ballot(open, SEATS.slice(0, 21), 'yes')}${world.ballot(open, [1], 'yes').split('\n').at(-2) ?? ''}\n` }),
    having('21 yes and an alternate who does not sit', { ballots: `${world.ballot(open, SEATS.slice(0, 21), 'yes')}${printNote(signNote(suite, good.ballots.slice(0, good.ballots.lastIndexOf('\n\n') + 1), keyOf(`ballot.alt-state-1.${ORIGIN}`))).split('\n').at(-2) ?? ''}\n` }),
    having('a vote by the agent key', { ballots: printNote(signNote(suite, good.ballots.slice(0, good.ballots.lastIndexOf('\n\n') + 1), ...SEATS.slice(0, 22).map((seat) => keyOf(`agent.seat${String(seat).padStart(2, '0')}.${ORIGIN}`)))) }),
    having('a signature with the identity as R', { ballots: resigned(good, (_, body, name) => identitySignature(name, body)) }),
    having('a signature with S above the order', { ballots: resigned(good, (signature) => Buffer.concat([signature.subarray(0, 32), to32(littleEndian(signature.subarray(32)) + L)])) }),
    having('a signature with one bit changed', { ballots: resigned(good, (signature) => signature.with(3, (signature[3] ?? 0) ^ 1)) }),
    having('base64 with spare bits', { ballots: good.ballots.replace(/A=\n|I=\n|Q=\n|Y=\n|c=\n|g=\n|k=\n|o=\n|s=\n|w=\n|0=\n|4=\n|8=\n|E=\n|M=\n|U=\n/, (end) => `${String.fromCodePoint((end.codePointAt(0) ?? 0) + 1)}=\n`) }),
    having('lines ended by CR LF', { ballots: good.ballots.replaceAll('\n', '\r\n') }),
    having('24 of the 25 lines', { ballots: world.ballot(open, SEATS.slice(0, 24), 'yes') }),
    { name: '25 yes that came after CLOSE', bytes: printDecision(made({ ballots: late })) },
    { name: 'a motion that 21 seats wanted', bytes: printDecision(refusedMotion) },
    { name: '25 yes of three constituencies where all four are asked for', bytes: printDecision({ ...narrow.decision, ballots: narrow.world.ballot(narrow.open, SEATS.slice(0, 25), 'yes') }) },
    // Places in the log, CLOSE and OUTCOME.
    proofs('a hash too many in a proof', 'open', (proof) => ({ ...proof, hashes: [...proof.hashes, base64(new Uint8Array(32))] })),
    proofs('a hash missing in a proof', 'close', (proof) => ({ ...proof, hashes: proof.hashes.slice(1) })),
    proofs('two hashes of a proof exchanged', 'outcome', (proof) => ({ ...proof, hashes: [proof.hashes[1] ?? '', proof.hashes[0] ?? '', ...proof.hashes.slice(2)] })),
    proofs('an index one lower', 'ballots', (proof) => ({ ...proof, index: proof.index - 1 })),
    proofs('an index beyond the log', 'ballots', (proof) => ({ ...proof, index: 2 ** 40 })),
    having('an OUTCOME with one silent seat less', { outcome: good.outcome.replace(/silent (\d+)/, (_, silent: string) => `silent ${Number(silent) - 1}`) }),
    having('a CLOSE an hour earlier', { close: good.close.replace(/T(\d\d)/, (_, hour: string) => `T${String((Number(hour) + 23) % 24).padStart(2, '0')}`) }),
    { name: 'the OUTCOME of another vote, in its place', bytes: printDecision(made({ outcome: otherClosed.outcome })) },
    { name: 'the CLOSE of another vote, in its place', bytes: printDecision(made({ close: otherClosed.close, outcome: otherClosed.outcome })) },
    { name: 'the OPEN of another vote, in its place', bytes: printDecision(made({ open: otherOpen.index })) },
  ];
  return { world, good, files };
}

/** A copy of the log as its tiles stand on a disk. */
function copyOfLog(world: CouncilWorld): string {
  const copy = mkdtempSync(join(folder, 'log-'));
  for (let from = 0; from < world.entries.length; from += TILE_WIDTH) {
    const entries = world.entries.slice(from, from + TILE_WIDTH);
    const path = join(copy, tilePath({ level: 'entries', index: from / TILE_WIDTH, width: entries.length }));
    const bundle = printEntryBundle(entries);
    if (!bundle.ok || !parseEntryBundle(bundle.value, entries.length).ok) throw new Error('bundle');
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bundle.value);
  }
  return copy;
}

describe.skipIf(goVersion === undefined)('a decision, verified by us and in Go', () => {
  beforeAll(() => {
    const sources = join(root, 'verifiers/go');
    const tested = spawnSync('go', ['test', './...'], { cwd: sources, encoding: 'utf8', env: goEnvironment });
    expect(tested.status, `${tested.stdout}${tested.stderr}`).toBe(0);
    const built = spawnSync('go', ['build', '-o', program, '.'], { cwd: sources, encoding: 'utf8', env: goEnvironment });
    expect(built.status, built.stderr).toBe(0);
  }, 240_000);

  it(`accepts ${FRESH} fresh decisions`, () => {
    const files: string[] = [];
    const ours: string[] = [];
    let sizes = 0;
    for (let log = 0; log < FRESH / IN_ONE_LOG; log += 1) {
      const world = new CouncilWorld(suite);
      const admitted = admitRoll(suite, world.constitution, world.roll);
      for (let vote = 0; vote < IN_ONE_LOG; vote += 1) {
        const decision = freshDecision(world, log * IN_ONE_LOG + vote + 1, START_S + (60 + vote * 60) * DAY_S);
        const bytes = printDecision(decision);
        sizes += bytes.length;
        ours.push(byOurs(bytes, world, world.pin.roll, admitted.ok ? admitted.value : undefined));
        files.push(join(folder, `fresh-${files.length + 1}.json`));
        writeFileSync(files.at(-1) ?? '', bytes);
      }
    }
    expect(ours).toEqual(Array.from({ length: FRESH }, () => 'ok'));
    const said = byGo(['--pin', new CouncilWorld(suite).pin.roll, ...files]);
    const accepted = said.out.split('\n').filter((line) => line.endsWith(': ACCEPTED')).length;
    console.log(`${accepted} of ${FRESH} fresh decisions accepted by both (${goVersion ?? ''}; seed ${SEED}): ${figures.rivals} with rival options, ${figures.sealed} sealed, ${figures.recusals} with an alternate, ${figures.equivocators} equivocators, ${figures.abstentions} abstentions, ${figures.yes.size} sizes of yes, ${Math.round(sizes / FRESH)} bytes a file`);
    expect(said.out.split('\n').filter((line) => line.includes('REFUSED'))).toEqual([]);
    expect([said.status, accepted]).toEqual([0, FRESH]);
  }, 300_000);

  it('refuses corrupted ones, each for its own reason', () => {
    const { world, good, files } = corrupted();
    expect(byOurs(printDecision(good), world, world.pin.roll)).toBe('ok');
    const path = join(folder, 'corrupted.json');
    writeFileSync(path, printDecision(good));
    expect(byGo(['--pin', world.pin.roll, path])).toMatchObject({ status: 0 });
    const original = Buffer.from(printDecision(good)).toString();
    const table = files.map(({ name, bytes, roll }) => {
      if (roll === undefined) expect(Buffer.from(bytes).toString() === original, name).toBe(false);
      const pin = roll ?? world.pin.roll;
      writeFileSync(path, bytes);
      const said = byGo(['--pin', pin, path]);
      return { name, ours: byOurs(bytes, world, pin), go: said.status === 1 ? (said.out.split('REFUSED, ')[1] ?? said.out).trim().slice(0, 110) : `status ${said.status}` };
    });
    for (const { name, ours, go: theirs } of table) console.log(`${name}: ${ours} | ${theirs}`);
    console.log(`${table.length} corrupted decisions, refused by us ${table.filter(({ ours }) => ours !== 'ok').length}, by Go ${table.filter(({ go: theirs }) => !theirs.startsWith('status')).length}`);
    expect(table.length).toBeGreaterThanOrEqual(30);
    expect(table.filter(({ ours, go: theirs }) => ours === 'ok' || theirs.startsWith('status'))).toEqual([]);
  }, 120_000);

  it('is led to from the first roll by both, and refused by both where a change of the roll does not hold', () => {
    const world = new CouncilWorld(suite);
    world.nextEpoch([1, 2, 10, 33], START_S + 60 * DAY_S);
    world.nextEpoch([5], START_S + 160 * DAY_S);
    const round = { slot: '2027-014', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, START_S + 260 * DAY_S, {}, [manifest]);
    const ballots = world.add(world.ballot(open, SEATS.slice(0, 25), 'yes'));
    const closed = world.closeRound(open, open.closesS + 60);
    const good: Decision = { ...world.decision({ open: index, ballots, ...closed }, manifest, open.closesS + 3600), rolls: world.changes };
    const [first, second] = world.changes as [RollChange, RollChange];
    const having = (at: number, changed: Partial<RollChange>): Decision => ({ ...good, rolls: world.changes.map((change, place) => (place === at ? { ...change, ...changed } : change)) });
    const { rolls: _rolls, ...alone } = good;
    const { pin } = world;
    const last = digestOf(suite, good.roll);
    const table: readonly (readonly [name: string, decision: Decision, roll: string, accepted: boolean])[] = [
      ['from the genesis', good, pin.roll, true],
      ['from the second roll', good, digestOf(suite, second.roll), true],
      ['pinned at its end', good, last, true],
      ['without changes, pinned', alone, last, true],
      ['without changes, the genesis pinned', alone, pin.roll, false],
      ['a change left out', { ...good, rolls: [first] }, pin.roll, false],
      ['the genesis left out', { ...good, rolls: [second] }, pin.roll, false],
      ['a change told twice', { ...good, rolls: [first, first, second] }, pin.roll, false],
      ['no change in the list', { ...good, rolls: [] }, last, false],
      ['a roll that nobody voted on', having(1, { roll: second.roll.replace('hosting-1', 'hosting-2') }), pin.roll, false],
      ['a vote of 21', having(0, { ballots: `${first.ballots.split('\n').slice(0, -5).join('\n')}\n` }), pin.roll, false],
      ['no handover by those who go', having(0, { checkpoint: `${first.checkpoint.split('\n').slice(0, -4).join('\n')}\n` }), pin.roll, false],
      ['the roll elsewhere in the log', having(0, { proofs: { ...first.proofs, next: first.proofs.outcome } }), pin.roll, false],
      ['another text of the motion', having(0, { motion: { ...first.motion, texts: { ...first.motion.texts, en: 'No.\n' } } }), last, false],
      ['another place of OPEN', having(1, { proofs: { ...second.proofs, open: second.proofs.ballots } }), last, false],
    ];
    const path = join(folder, 'rolls.json');
    const answers = table.map(([name, decision, roll, accepted]) => {
      const bytes = printDecision(decision);
      writeFileSync(path, bytes);
      const said = byGo(['--pin', roll, path]);
      return { name, ours: byOurs(bytes, world, roll), go: said.status === 0 ? 'ok' : (said.out.split('REFUSED, ')[1] ?? said.out).trim().slice(0, 110), accepted };
    });
    for (const { name, ours, go: theirs } of answers) console.log(`${name}: ${ours} | ${theirs}`);
    expect(answers.filter(({ ours, go: theirs, accepted }) => (ours === 'ok') !== accepted || (theirs === 'ok') !== accepted)).toEqual([]);
  }, 60_000);

  it('is nothing without a pin, and judged by a constitution that is given', () => {
    const { world, decision } = carriedDecision(suite);
    const path = join(folder, 'good.json');
    const numbers = join(folder, 'constitution');
    writeFileSync(path, printDecision(decision));
    writeFileSync(numbers, printConstitution(world.constitution));
    expect(byGo([path])).toMatchObject({ status: 1, out: expect.stringContaining('NOT PINNED') });
    expect(byGo(['--pin', world.pin.roll, '--constitution', numbers, path])).toMatchObject({ status: 0 });
    writeFileSync(numbers, printConstitution({ ...world.constitution, quorum: 21 }));
    for (const wrong of [['--pin', world.pin.roll, '--constitution', numbers, path], ['--pin', 'x', path], [], ['--pin', world.pin.roll, join(folder, 'missing.json')]]) expect(byGo(wrong).status).toBe(2);
  }, 60_000);
});

describe('the command', () => {
  const cli = join(root, 'dist/cli.js');
  const mizan = (...args: readonly string[]): Said => {
    const run = spawnSync(process.execPath, [cli, 'verify', ...args], { encoding: 'utf8', cwd: folder, env: { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } });
    return { status: run.status, out: `${run.stdout}${run.stderr}` };
  };

  beforeAll(() => {
    const built = spawnSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { encoding: 'utf8' });
    expect(built.status, built.stderr).toBe(0);
  }, 120_000);

  it('accepts, refuses, wants a pin, and replays the log', () => {
    const { world, decision } = carriedDecision(suite);
    const path = join(folder, 'decision.json');
    const numbers = join(folder, 'numbers');
    writeFileSync(path, printDecision(decision));
    writeFileSync(numbers, printConstitution(world.constitution));
    const pin = world.pin.roll;
    const log = copyOfLog(world);
    expect(mizan(path, '--pin', pin)).toMatchObject({ status: 0, out: expect.stringMatching(/^ACCEPTED: .*option A of 2027-014[\s\S]*25 seats: 01 02/) });
    expect(mizan(path)).toMatchObject({ status: 1, out: expect.stringContaining('NOT PINNED') });
    expect(mizan(path, '--pin', pin, '--full', log, '--constitution', numbers)).toMatchObject({ status: 0, out: expect.stringContaining(`${world.entries.length} entries replayed`) });
    expect(JSON.parse(mizan(path, '--pin', pin, '--json', '--full', log).out)).toMatchObject({ accepted: true, pinned: true, replayed: world.entries.length, report: { option: 'A', slot: '2027-014' } });
    expect(mizan(path, '--pin', digestOf(suite, 'other'))).toMatchObject({ status: 1, out: expect.stringContaining('decision-roll-not-pinned') });
    const entries = [...world.entries.slice(0, -2), ...world.entries.slice(-2).reverse()];
    world.entries.splice(0, world.entries.length, ...entries);
    expect(mizan(path, '--pin', pin, '--full', copyOfLog(world))).toMatchObject({ status: 1, out: expect.stringContaining('entry ') });
    for (const wrong of [[path, '--pin', 'abc'], [join(folder, 'none.json')], [path, '--full', join(folder, 'no-log')], [path, '--constitution', path]]) expect(mizan(...wrong).status, wrong.join(' ')).toBe(2);
  }, 120_000);

  it('follows changes of the roll, and takes a vote that carried nothing with the log alone', () => {
    const world = new CouncilWorld(suite);
    world.nextEpoch([1, 2], START_S + 60 * DAY_S);
    const round = { slot: '2027-020', round: 1 };
    const manifest = world.motionOf(round);
    const { open, index } = world.openRound(round, START_S + 160 * DAY_S, {}, [manifest]);
    world.add(world.ballot(open, SEATS.slice(0, 21), 'yes'));
    const closed = world.closeRound(open, open.closesS);
    const path = join(folder, 'not-carried.json');
    writeFileSync(path, printDecision({ ...world.notCarried({ open: index, ...closed }, manifest, open.closesS + 3600), rolls: world.changes }));
    const log = copyOfLog(world);
    const pin = world.pin.roll;
    expect(mizan(path, '--pin', pin)).toMatchObject({ status: 1, out: expect.stringContaining('decision-needs-replay') });
    expect(mizan(path, '--pin', pin, '--full', log)).toMatchObject({ status: 0, out: expect.stringMatching(/^ACCEPTED: .*carried nothing of 2027-020[\s\S]*follows from the pinned roll of epoch 1[\s\S]*entries replayed/) });
    expect(JSON.parse(mizan(path, '--pin', pin, '--full', log, '--json').out)).toMatchObject({ accepted: true, report: { epoch: 2, rollChanges: 1, outcome: { no: 0, silent: 12 } } });
    const procedural = carriedDecision(suite, SEATS.slice(0, 18), '2027-021', 'procedural');
    writeFileSync(path, printDecision(procedural.decision));
    const whole = copyOfLog(procedural.world);
    expect(mizan(path, '--pin', procedural.world.pin.roll)).toMatchObject({ status: 1, out: expect.stringContaining('decision-needs-replay') });
    expect(mizan(path, '--pin', procedural.world.pin.roll, '--full', whole)).toMatchObject({ status: 0, out: expect.stringContaining('18 seats') });
    expect(mizan(path, '--pin', procedural.world.pin.roll, '--full', log).status).toBe(1);
  }, 120_000);
});
