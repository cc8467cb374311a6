/** The command line as people run it: real processes, exit codes, and one register whether a server runs or not. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const cli = join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'mizan-cli-'));
const dataDir = join(folder, 'data');
const facts = join(folder, 'facts.yaml');
const children: ChildProcess[] = [];

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
  writeFileSync(facts, '# nothing is known yet\nfacts: {}\n');
});
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], HOME: folder, DATA_DIR: dataDir, LOG_LEVEL: 'error', LANG: 'en_GB.UTF-8', ...more });

function mizan(args: readonly string[], more: Readonly<Record<string, string>> = {}): { readonly status: number | null; readonly out: string; readonly err: string } {
  const run = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', env: environment(more), cwd: folder, timeout: 60_000 });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

async function start(more: Readonly<Record<string, string>> = {}): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, [cli, 'start'], { env: environment({ PORT: '0', ...more }), cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, url: /^Mizan is ready: (http:\/\/127\.0\.0\.1:\d+)$/.exec(line)?.[1] ?? line };
}

describe('usage', () => {
  it.each([
    [['--help'], 0, 'Exit codes:'],
    [['--version'], 0, '0.'],
    [['import', '--help'], 0, '--good-rows'],
    [['completion', 'bash'], 0, 'complete -o filenames -F _mizan mizan'],
    [['completion', 'zsh'], 0, '#compdef mizan'],
    [['completion', 'fish'], 0, 'complete -c mizan'],
  ] as const)('%j ends with %d', (args, status, words) => {
    const run = mizan(args);
    expect([run.status, run.err]).toEqual([status, '']);
    expect(run.out).toContain(words);
  });

  it.each([
    [['imprt'], {}, 'import'],
    [['import', 'one-argument'], {}, 'missing required argument'],
    [['classify', facts, '--colour'], {}, 'unknown option'],
    [['completion', 'tcsh'], {}, 'bash, zsh, fish'],
    [['classify', 'no-such-file.yaml'], {}, 'cannot be read'],
    [['pack', 'check', 'no-such-folder'], {}, 'not a folder'],
    [['start'], { PORT: 'x', HOST: '0.0.0.0' }, 'PUBLIC_URL=https:'],
  ] as const)('%j ends with 2 and says what is wrong', (args, more, words) => {
    const run = mizan(args, more);
    expect(run.status).toBe(2);
    expect(run.err).toContain(words);
  });

  it.each([['- 1\n', 'fact ids'], ['a: [', 'neither YAML nor JSON'], ['a: &x 1\nb: *x\n', 'neither YAML nor JSON']])('facts %j are refused', (text, words) => {
    const path = join(folder, 'bad.yaml');
    writeFileSync(path, text);
    const run = mizan(['classify', path]);
    expect(run.status).toBe(2);
    expect(run.err).toContain(words);
  });

  it.runIf(spawnSync('bash', ['--version']).status === 0)('completion works in bash', () => {
    const script = `${mizan(['completion', 'bash']).out}\nCOMP_WORDS=(mizan pack ch); COMP_CWORD=2; _mizan; printf '%s\\n' "\${COMPREPLY[@]}"`;
    expect(spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: folder }).stdout.split('\n')).toContain('check');
  });
});

describe('packs and the doctor', () => {
  it('the shipped pack passes, a broken one is told by file and line', () => {
    expect(mizan(['pack', 'check', join(root, 'packs/law/eu-ai-act')]).status).toBe(0);
    const broken = join(folder, 'broken-pack');
    mkdirSync(broken);
    writeFileSync(join(broken, 'pack.yaml'), 'id: broken\nversion: nothing\n');
    const run = mizan(['pack', 'check', broken]);
    expect(run.status).toBe(1);
    expect(run.out).toMatch(/broken-pack\/pack\.yaml:\d+ error/);
    expect(JSON.parse(mizan(['pack', 'check', broken, '--json']).out)).toEqual(expect.arrayContaining([expect.objectContaining({ file: 'pack.yaml', severity: 'error' })]));
  });

  it('the doctor finds a healthy installation, and a port that is taken', async () => {
    const other = { DATA_DIR: join(folder, 'doctor'), PORT: '0' };
    const findings = JSON.parse(mizan(['doctor', '--json'], other).out) as { state: string; subject: string; found: string }[];
    expect(findings.filter((finding) => finding.state === 'fail')).toEqual([]);
    expect(findings.map((finding) => finding.subject)).toEqual(expect.arrayContaining(['node', 'memory', 'data folder', 'disk', 'lock', 'port', 'database', 'backup', 'law packs', 'theme', 'documents']));
    expect(existsSync(join(folder, 'doctor'))).toBe(false);
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as { port: number };
    const run = mizan(['doctor'], { ...other, PORT: String(port) });
    expect(run.status).toBe(1);
    expect(run.out).toMatch(new RegExp(`fail port +${port} .*EADDRINUSE`));
    const started = mizan(['start'], { ...other, PORT: String(port) });
    expect(started.status).toBe(2);
    expect(started.err).toContain(`Port ${port} on 127.0.0.1 is taken`);
    taken.close();
  });
});

describe('the register', () => {
  it('is reached through the running server, and without one; a killed server is not believed', async () => {
    const { child, url } = await start();
    const file = join(dataDir, 'server.json');
    // By the token the server knows a command of whoever may read this file.
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ pid: child.pid, url, token: expect.stringMatching(/^[\w-]{43}$/) });
    expect(statSync(file).mode & 0o077).toBe(0);

    const through = mizan(['classify', facts, '--json', '--as-of', '2026-11-23', '--known-on', '2026-11-23']);
    expect([through.status, through.err]).toEqual([0, '']);
    const regimes = (JSON.parse(through.out) as { regimes: { id: string; result: string }[] }).regimes;
    expect(regimes.length).toBeGreaterThan(10);
    expect(mizan(['export', 'json']).status).toBe(0);
    expect(mizan(['doctor'], { PORT: new URL(url).port }).out).toContain(`held by the server, process ${child.pid}`);
    const second = mizan(['start'], { PORT: '0' });
    expect(second.status).toBe(3);
    expect(second.err).toContain(`Process ${child.pid} already uses`);

    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(existsSync(file)).toBe(false);
    expect(existsSync(join(dataDir, 'mizan.lock'))).toBe(false);

    const alone = mizan(['classify', facts, '--json', '--as-of', '2026-11-23', '--known-on', '2026-11-23']);
    expect([alone.status, alone.err]).toEqual([0, '']);
    expect(alone.out).toBe(through.out);

    const killed = await start();
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(existsSync(file)).toBe(true);
    expect(mizan(['profiles']).out).toContain('us-federal-2024');
  });

  it('refuses in words, with code 1, and as JSON', () => {
    const path = join(folder, 'unknown.json');
    writeFileSync(path, '{"facts": {"no.such.fact": true}}');
    const run = mizan(['classify', path, '--json']);
    expect(run.status).toBe(1);
    expect(run.err).toContain('no.such.fact');
    expect(JSON.parse(run.out)).toMatchObject({ code: 'facts', errors: [{ path: 'facts.no.such.fact' }] });
    expect(mizan(['classify', facts, '--as-of', '2026-02-30']).status).toBe(1);
    expect(mizan(['explain', facts, 'no-such-regime']).status).toBe(2);
    expect(mizan(['export', 'papyrus']).status).toBe(1);
    expect(mizan(['import', 'no-such-profile', facts, '--yes', '--json']).status).toBe(1);
  });

  it('a file is sent whole, whatever it is called, and comes back as it was', () => {
    const path = join(folder, 'a "quoted" şəhər.csv');
    const column = (name: string): string => (name === 'name' ? 'Şəhər köməkçisi' : name === 'organisation' ? 'Nazirlik' : '');
    const header = (/^\uFEFF?([^\r\n]+)/.exec(mizan(['export', 'csv']).out)?.[1] ?? '').split(',');
    writeFileSync(path, `${header.join(',')}\n${header.map(column).join(',')}\n`);
    const run = mizan(['import', 'mizan-csv', path, '--yes', '--json']);
    expect([run.status, run.err]).toEqual([0, '']);
    expect(JSON.parse(run.out)).toEqual({ read: 1, added: 1, changed: 0, unchanged: 0, withdrawn: 0, duplicates: 0, problems: expect.any(Number) as number });
    expect(mizan(['export', 'csv']).out).toContain('Şəhər köməkçisi');
    const preview = mizan(['import', 'mizan-csv', path]);
    expect(preview.status).toBe(0);
    expect(preview.err).toContain('Nothing was imported');
  });

  it('an export is whole or not there', () => {
    const path = join(folder, 'out.csv');
    expect(mizan(['export', 'csv', '-o', path]).status).toBe(0);
    expect(readFileSync(path, 'utf8').length).toBeGreaterThan(10);
    expect(existsSync(`${path}.part`)).toBe(false);
    expect(mizan(['export', 'csv', '-o', join(folder, 'no/such/folder/out.csv')]).status).toBe(3);
  });
});

describe('the law', () => {
  it('tells duties, what another version would do, and puts it in force by an act', async () => {
    const more = { DATA_DIR: join(folder, 'law') };
    const { child } = await start(more);
    const duties = mizan(['duties', facts, '--json', '--as-of', '2026-11-23', '--known-on', '2026-07-26'], more);
    expect([duties.status, duties.err]).toEqual([0, '']);
    expect(JSON.parse(duties.out)).toMatchObject({ knownOn: '2026-07-26', pack: { id: 'eu-ai-act' } });
    expect(mizan(['duties', facts], more).out).toContain('roles: none settled');

    const installed = JSON.parse(mizan(['law', 'list', '--json'], more).out) as { pack: { id: string; digest: string }; inForce: boolean }[];
    expect(installed.filter((one) => one.inForce).map((one) => one.pack.id).sort()).toEqual(['bright-line', 'eu-ai-act']);
    const overlay = installed.find((one) => one.pack.id === 'az')?.pack.digest ?? '';
    expect(mizan(['law', 'effects', 'not-a-digest'], more).status).toBe(2);
    expect(mizan(['law', 'effects', '0000000000'], more).err).toContain('No installed version begins with');
    const measured = mizan(['law', 'effects', overlay.slice(0, 12), '--json'], more);
    expect([measured.status, measured.err]).toEqual([0, '']);
    const run = JSON.parse(measured.out) as { id: string; summary: { systems: number } };
    expect(run.summary.systems).toBe(0);

    expect(mizan(['law', 'adopt', run.id, '--author', 'Tester'], more).status).toBe(2);
    const adopted = mizan(['law', 'adopt', run.id, '--author', 'Head of law', '--reason', 'The overlay enters use.'], more);
    expect([adopted.status, adopted.err]).toEqual([0, '']);
    expect(adopted.out).toContain('is in force');
    expect(mizan(['law', 'adopt', run.id, '--author', 'A', '--reason', 'again'], more).status).toBe(1);
    expect(mizan(['law', 'list'], more).out).toMatch(/● az /);
    child.kill('SIGTERM');
    await once(child, 'exit');
    // Without a server too, and after a restart.
    expect(mizan(['law', 'list'], more).out).toMatch(/● az /);
  });
});
