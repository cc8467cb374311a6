/** `mizan bundle FILE.tar.gz`: one file with everything to install Mizan on a machine that has no network. */

import { createHash, createPublicKey, sign } from 'node:crypto';
import { createWriteStream, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Command } from 'commander';
import { Fault } from '../../base/index.ts';
import { installationRoot } from '../../platform/files/root.ts';
import { contentsOf } from '../bundle/contents.ts';
import { tarWriter } from '../bundle/tar.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, progressBar, tell } from '../terminal.ts';
import { readPrivateKey } from './pack-keys.ts';

const GZIP_LEVEL = 6;

interface Options {
  readonly key?: string;
  readonly json?: boolean;
}

export function addBundle(program: Command): void {
  program
    .command('bundle')
    .description('put everything to install Mizan without a network into one file, for this kind of machine')
    .argument('<file.tar.gz>', 'the file to write; a new one')
    .option('--key <file>', 'sign the checksums with this private Ed25519 key (mizan pack keygen makes one)')
    .option('--json', 'print {file, sha256, bytes, files, parts, unstated, signed} as JSON')
    .action(async (file: string, options: Options) => {
      if (!/\.(?:tar\.gz|tgz)$/.test(file)) throw new Exit(EXIT.usage, `Give a name that ends in .tar.gz: ${file}.tar.gz`);
      if (existsSync(file)) throw new Exit(EXIT.usage, `${file} exists. Choose another name, or remove it first.`);
      if (process.platform !== 'linux') throw new Exit(EXIT.usage, 'Bundles are made on and for Linux. On other systems install with npm.');
      const made = await writeBundle(file, options.key);
      if (options.json === true) print(JSON.stringify({ file, ...made }, null, 2));
      else {
        print(`${file}  ${(made.bytes / 1024 ** 2).toFixed(0)} MiB, ${made.files} files, ${made.parts} parts with their licences${made.signed ? ', signed' : ''}`);
        print(`sha256 ${made.sha256}  (also in ${basename(file)}.sha256)`);
        if (made.unstated.length > 0) tell(`Parts whose authors do not state a licence: ${made.unstated.join(', ')}. THIRD-PARTY.txt says so; ask before you hand the bundle on to others.`);
        print('On the other machine: tar xzf it, then sh install.sh in its folder.');
      }
    });
}

async function writeBundle(file: string, keyFile: string | undefined): Promise<{ readonly sha256: string; readonly bytes: number; readonly files: number; readonly parts: number; readonly unstated: readonly string[]; readonly signed: boolean }> {
  const key = keyFile === undefined ? undefined : readPrivateKey(keyFile);
  const contents = contentsOf(installationRoot, { os: process.platform, cpu: process.arch, libc: isGlibc() ? 'glibc' : 'musl' });
  const partial = `${file}.part`;
  const gzip = createGzip({ level: GZIP_LEVEL });
  const out = createWriteStream(partial, { mode: 0o644 });
  const hash = createHash('sha256');
  let bytes = 0;
  gzip.on('data', (piece: Buffer) => {
    hash.update(piece);
    bytes += piece.length;
  });
  const written = finished(gzip.pipe(out));
  written.catch(() => undefined);
  const bar = progressBar('bundle');
  try {
    const tar = tarWriter(gzip);
    const sums: string[] = [];
    for (const [index, one] of contents.files.entries()) {
      const content = one.read();
      sums.push(`${createHash('sha256').update(content).digest('hex')}  ${one.path}\n`);
      await tar.file(`${contents.name}/${one.path}`, content, one.mode);
      if (index % 100 === 0) bar.show(index, contents.files.length, null);
    }
    const list = Buffer.from(sums.join(''));
    await tar.file(`${contents.name}/SHA256SUMS`, list, 0o644);
    if (key !== undefined) {
      await tar.file(`${contents.name}/SHA256SUMS.sig`, sign(null, list, key), 0o644);
      // For people to look at; whoever checks brings the key from elsewhere.
      await tar.file(`${contents.name}/signer.pem`, Buffer.from(createPublicKey(key).export({ type: 'spki', format: 'pem' })), 0o644);
    }
    await tar.end();
    await written;
    renameSync(partial, file);
  } catch (error) {
    out.destroy();
    rmSync(partial, { force: true });
    if (error instanceof Fault || error instanceof Exit) throw error;
    throw new Fault('bundle-not-written', `${file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}). Nothing was kept.`, {}, { cause: error });
  } finally {
    bar.end();
  }
  const sha256 = hash.digest('hex');
  writeFileSync(`${file}.sha256`, `${sha256}  ${basename(file)}\n`);
  return { sha256, bytes, files: contents.files.length, parts: contents.parts, unstated: contents.unstated, signed: key !== undefined };
}

function isGlibc(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}
