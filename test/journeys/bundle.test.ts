/** The offline bundle: made here, installed where there is no network, no Node and no npm, started, asked, upgraded, stopped; and refused when a byte changed. */

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'mizan-bundle-'));
const archive = join(work, 'mizan.tar.gz');
const prefix = join(work, 'installed');
/** All that the installation may need of the system. */
const PROGRAMS = ['sh', 'cat', 'chgrp', 'chmod', 'chown', 'cmp', 'cp', 'cut', 'dirname', 'find', 'head', 'id', 'ln', 'mkdir', 'mv', 'openssl', 'readlink', 'rm', 'sed', 'sha256sum', 'sort', 'ip', 'setpriv'];
const UNPACKED_MS = 60_000;

const where = (program: string): string => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();

/** A network without interfaces but the machine's own; undefined where that is not allowed. */
function withoutNetwork(): readonly string[] | undefined {
  if (process.platform !== 'linux') return undefined;
  return [[where('unshare'), '-n'], [where('unshare'), '-Urn']].find(([command = '', ...options]) => command !== '' && spawnSync(command, [...options, 'true']).status === 0);
}
const apart = withoutNetwork();
if (apart === undefined) console.warn('\nSKIPPED: this machine allows no network namespace (unshare -n); the offline installation is not tested here.\n');

let folder = '';
let programs = '';
const environment = (): Record<string, string> => ({ PATH: programs, HOME: join(work, 'nobody') });
/** Runs a line of the shell with an empty environment, without any network. */
function offline(line: string): { readonly status: number | null; readonly said: string } {
  const [command = '', ...options] = apart ?? [];
  const run = spawnSync(command, [...options, join(programs, 'sh'), '-c', line], { env: environment(), encoding: 'utf8', cwd: work });
  return { status: run.status, said: `${run.stdout}${run.stderr}` };
}

describe.skipIf(apart === undefined)('the offline bundle', () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { stdio: ['ignore', 'inherit', 'inherit'] });
    programs = join(work, 'programs');
    mkdirSync(programs);
    mkdirSync(join(work, 'nobody'));
    for (const name of PROGRAMS) {
      const found = where(name);
      if (found.startsWith('/')) symlinkSync(found, join(programs, name));
    }
    execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'pack', 'keygen', join(work, 'key'), '--name', 'Bundler'], { stdio: 'ignore' });
    execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'bundle', archive, '--key', join(work, 'key')], { stdio: 'inherit' });
    execFileSync('tar', ['xzf', archive, '-C', work]);
    folder = join(work, readdirSync(work).find((name) => name.startsWith('mizan-') && statSync(join(work, name)).isDirectory()) ?? '');
  }, UNPACKED_MS);
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('holds the program, the notices and a bill of materials that agrees with itself', () => {
    for (const path of ['install.sh', 'app/dist/cli.js', 'node/bin/node', 'app/packs/law', 'app/themes/neutral', 'deploy/systemd/mizan.service', 'deploy/container/Containerfile', 'deploy/container/compose.yaml', 'THIRD-PARTY.txt', 'LICENSE']) expect(existsSync(join(folder, path)), path).toBe(true);
    for (const path of ['app/node_modules/typescript', 'app/node_modules/vitest', 'app/node_modules/rolldown', 'app/node_modules/playwright-core', 'app/src/app/cli.ts']) expect(existsSync(join(folder, path)), path).toBe(false);
    const bill = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8')) as { bomFormat: string; serialNumber: string; components: { 'bom-ref': string; purl: string; name: string; group?: string; version: string; licenses: unknown[] }[]; dependencies: { ref: string; dependsOn: string[] }[] };
    expect([bill.bomFormat, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/.test(bill.serialNumber)]).toEqual(['CycloneDX', true]);
    const refs = new Set(bill.components.map((one) => one['bom-ref']));
    expect(refs.size).toBe(bill.components.length);
    expect(bill.components.filter((one) => one.licenses.length === 0)).toEqual([]);
    expect(bill.dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.has(ref))).toEqual([]);
    // What lies in node_modules is what the bill names, neither more nor less.
    const installed = new Set<string>();
    const walk = (at: string): void => {
      for (const name of readdirSync(at)) {
        const path = join(at, name);
        if (name.startsWith('@')) walk(path);
        else if (existsSync(join(path, 'package.json'))) {
          const { name: called, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { name: string; version: string };
          installed.add(`pkg:npm/${called.replace('@', '%40')}@${version}`);
          if (existsSync(join(path, 'node_modules'))) walk(join(path, 'node_modules'));
        }
      }
    };
    walk(join(folder, 'app/node_modules'));
    const npm = [...refs].filter((ref) => ref.startsWith('pkg:npm/') && !/\/node(?:-bin)?-(?:linux|darwin|win)-/.test(ref));
    expect([...installed].sort()).toEqual(npm.sort());
  });

  it('is refused with a changed, an added or a missing file, and with a foreign signature', () => {
    const victim = join(folder, 'app/packs/law/eu-ai-act/pack.yaml');
    const whole = readFileSync(victim);
    const install = (options = ''): ReturnType<typeof offline> => offline(`sh ${folder}/install.sh --prefix ${prefix} --no-service ${options}`);
    appendFileSync(victim, '#');
    expect(install()).toMatchObject({ status: 1, said: expect.stringContaining('eu-ai-act/pack.yaml') as string });
    rmSync(victim);
    expect(install().status).toBe(1);
    writeFileSync(victim, whole);
    writeFileSync(join(folder, 'app/dist/extra.js'), '');
    expect(install()).toMatchObject({ status: 1, said: expect.stringContaining('not in SHA256SUMS') as string });
    rmSync(join(folder, 'app/dist/extra.js'));
    execFileSync(process.execPath, ['-e', `const { publicKey } = require('crypto').generateKeyPairSync('ed25519'); require('fs').writeFileSync(process.argv[1], publicKey.export({ type: 'spki', format: 'pem' }))`, join(work, 'foreign.pem')]);
    if (existsSync(join(programs, 'openssl'))) expect(install(`--public-key ${work}/foreign.pem`)).toMatchObject({ status: 1, said: expect.stringContaining('does not fit') as string });
    expect(existsSync(join(prefix, 'current'))).toBe(false);
  });

  it('installs without network, Node or npm, keeps settings, starts, is ready and stops', async () => {
    const key = existsSync(join(programs, 'openssl')) ? `--public-key ${folder}/signer.pem` : '';
    // As anybody: where the test runs as root, a root of nothing but this folder is named.
    const first = offline(`sh ${folder}/install.sh --prefix ${prefix} --data ${prefix}/data --config ${prefix}/etc --bin ${prefix}/bin --user ${process.getuid?.() === 0 ? 'root' : 'mizan'} --no-service ${key}`);
    expect(first, first.said).toMatchObject({ status: 0 });
    expect(first.said).toContain('every file is as it was bundled');
    expect(statSync(join(prefix, 'etc/mizan.env')).mode & 0o777).toBe(0o640);
    expect(statSync(join(prefix, 'data')).mode & 0o077).toBe(0);
    appendFileSync(join(prefix, 'etc/mizan.env'), 'THEME=azerbaijan\n');
    const second = offline(`sh ${folder}/install.sh --prefix ${prefix} --data ${prefix}/data --config ${prefix}/etc --bin ${prefix}/bin --user ${process.getuid?.() === 0 ? 'root' : 'mizan'} --no-service`);
    expect(second, second.said).toMatchObject({ status: 0 });
    expect(readFileSync(join(prefix, 'etc/mizan.env'), 'utf8')).toContain('THEME=azerbaijan');

    // The command runs as the user of the service through runuser, which is not among the programs here: the program itself is started.
    const [command = '', ...options] = apart ?? [];
    const line = `${existsSync(join(programs, 'ip')) ? 'ip link set lo up; ' : ''}exec ${prefix}/current/bin/mizan start`;
    const server = spawn(command, [...options, join(programs, 'sh'), '-c', line], { env: { ...environment(), DATA_DIR: join(prefix, 'data'), PORT: '0', THEME: 'azerbaijan' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [server.stdout, server.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString()));
    const ended = new Promise<number | null>((resolve) => server.on('close', resolve));
    await expect.poll(() => said, { timeout: 60_000, interval: 200 }).toContain('Mizan is ready: http://127.0.0.1:');
    const address = /ready: (\S+)/.exec(said)?.[1] ?? '';
    // Its loopback is not ours: whoever asks must stand in the same place. nsenter leads there; the bundled Node asks.
    const script = `fetch('${address}/health/ready').then(async (r) => { console.log(r.status, (await r.json()).state); const page = await fetch('${address}/', { headers: { accept: 'text/html' } }); console.log(page.status); await fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(2000) }).then(() => console.log('out'), () => console.log('no way out')); })`;
    const enter = ['--net', ...(options.includes('-Urn') ? ['--user', '--preserve-credentials'] : []), '--target', String(server.pid)];
    const asked = spawnSync(where('nsenter'), [...enter, process.execPath, '-e', script], { encoding: 'utf8' });
    server.kill('SIGTERM');
    expect(asked.stdout, `${asked.stderr}${said}`).toBe('200 ok\n200\nno way out\n');
    expect(await ended, said).toBe(0);
    expect(existsSync(join(prefix, 'data/server.json'))).toBe(false);
  });

  it('keeps the former version beside a new one', () => {
    // A second version, bundled by nobody: the same files under another number, with sums that say so.
    const next = join(work, 'next');
    execFileSync('cp', ['-a', folder, next]);
    for (const name of ['SHA256SUMS.sig', 'signer.pem']) rmSync(join(next, name));
    writeFileSync(join(next, 'VERSION'), '9.9.9\n');
    const sums = readFileSync(join(next, 'SHA256SUMS'), 'utf8').split('\n').filter((line) => line !== '' && !line.endsWith('  VERSION'));
    const own = execFileSync('sha256sum', ['VERSION'], { cwd: next, encoding: 'utf8' }).trim();
    chmodSync(join(next, 'SHA256SUMS'), 0o644);
    writeFileSync(join(next, 'SHA256SUMS'), `${[...sums, own].join('\n')}\n`);
    const before = readlinkSync(join(prefix, 'current'));
    const upgraded = offline(`sh ${next}/install.sh --prefix ${prefix} --data ${prefix}/data --config ${prefix}/etc --bin ${prefix}/bin --user ${process.getuid?.() === 0 ? 'root' : 'mizan'} --no-service`);
    expect(upgraded, upgraded.said).toMatchObject({ status: 0 });
    expect([readlinkSync(join(prefix, 'current')), readlinkSync(join(prefix, 'previous')), existsSync(join(prefix, before, 'app/dist/cli.js'))]).toEqual(['9.9.9', before, true]);
  });
});
