/** Starts one throw-away PostgreSQL for the test run where its programs are installed; says loudly where they are not. Makes room for copies of embedded databases (`image.ts`). */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian keeps the server's programs off the PATH, one folder a version. */
export function serverPrograms(): string | undefined {
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base) ? readdirSync(base).map(Number).filter((version) => version >= 15).sort((a, b) => b - a) : [];
  for (const version of versions) {
    const folder = join(base, String(version), 'bin');
    if (existsSync(join(folder, 'initdb'))) return folder;
  }
  const found = spawnSync('which', ['initdb'], { encoding: 'utf8' });
  return found.status === 0 ? join(found.stdout.trim(), '..') : undefined;
}

/** PostgreSQL refuses to run as root; then everything runs as the user `postgres`. */
export function asServerUser(program: string, args: readonly string[]): readonly [string, readonly string[]] {
  return process.getuid?.() === 0 ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args];
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

export default async function setup(): Promise<() => void> {
  const images = mkdtempSync(join(tmpdir(), 'mizan-images-'));
  process.env['TEST_IMAGES'] = images;
  // Programs that tests start over and over compile once.
  process.env['NODE_COMPILE_CACHE'] ??= join(images, 'compiled');
  const stop = await startServer();
  return () => {
    stop?.();
    rmSync(images, { recursive: true, force: true });
  };
}

async function startServer(): Promise<(() => void) | undefined> {
  if (process.env['TEST_DATABASE_URL'] !== undefined) return undefined;
  const bin = serverPrograms();
  if (bin === undefined) {
    console.warn('\nSKIPPED: PostgreSQL ≥ 15 is not installed here; the store suites run on the embedded engine only.\n');
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), 'mizan-pg-'));
  chmodSync(folder, 0o777);
  const data = join(folder, 'data');
  const port = await freePort();
  const run = (program: string, args: readonly string[]): void => {
    const [command, full] = asServerUser(join(bin, program), args);
    execFileSync(command, [...full], { stdio: 'pipe', cwd: folder });
  };
  try {
    run('initdb', ['-D', data, '-U', 'mizan', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8']);
    run('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200`, 'start']);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    console.warn(`\nSKIPPED: PostgreSQL is installed but did not start (${error instanceof Error ? error.message.split('\n')[0] : 'unknown'}).\n`);
    return undefined;
  }
  process.env['TEST_DATABASE_URL'] = `postgres://mizan@127.0.0.1:${port}/postgres`;
  return () => {
    run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
    rmSync(folder, { recursive: true, force: true });
  };
}
