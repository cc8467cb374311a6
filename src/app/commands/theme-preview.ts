/** `mizan theme preview FOLDER`: the pages, a mail and a document in a theme, served on this machine or written as files. */

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { Fault } from '../../base/index.ts';
import type { PreviewFile } from '../../platform/html/index.ts';
import { Exit, EXIT } from '../exit.ts';
import { print, tell } from '../terminal.ts';
import { loadThemeRoom, themeOrExit } from './theme-folder.ts';

export function addThemePreview(theme: Command): void {
  theme
    .command('preview')
    .description('show pages, a mail and a document in a theme; invented entries, marked as a preview')
    .argument('<folder>', 'folder of the theme')
    .option('--out <folder>', 'write the files into a new or an empty folder instead of serving them')
    .option('--port <port>', 'port on this machine; any free one when left out', '0')
    .action(async (folder: string, options: { readonly out?: string; readonly port: string }) => {
      const port = Number(options.port);
      if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Exit(EXIT.usage, `“${options.port}” is no port: a whole number from 0 to 65535.`);
      const { out } = options;
      if (out !== undefined && existsSync(out) && readdirSync(out).length > 0) throw new Exit(EXIT.usage, `${out} is not empty. Name a new folder: nothing is overwritten.`);
      const { theme: read, problems } = await themeOrExit(folder);
      const { previewFiles } = await loadThemeRoom();
      const files = await previewFiles(read, problems);
      if (out !== undefined) {
        writeFiles(out, files);
        print(`${files.size} files: open ${join(out, 'index.html')}`);
        return;
      }
      const server = await serveFiles(files, port);
      print(`Preview of ${read.id}: http://127.0.0.1:${(server.address() as AddressInfo).port}/ (Ctrl+C ends it)`);
      await new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
      });
      server.closeAllConnections();
      server.close();
      tell('The preview has ended.');
    });
}

function writeFiles(out: string, files: ReadonlyMap<string, PreviewFile>): void {
  try {
    for (const [path, { body }] of files) {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      writeFileSync(join(out, path), body, { flag: 'wx' });
    }
  } catch (error) {
    throw new Fault('theme-not-written', `${out} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, {}, { cause: error });
  }
}

/** Answers only what is in the set, only on this machine; a folder is never read on request. */
async function serveFiles(files: ReadonlyMap<string, PreviewFile>, port: number): Promise<Server> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0]?.slice(1) ?? '';
    const file = files.get(path === '' ? 'index.html' : path);
    // A mail carries its style in itself; pages do not.
    const style = path.startsWith('mail-') ? "'unsafe-inline'" : "'self'";
    const headers = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store', 'content-security-policy': `default-src 'none'; style-src ${style}; img-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'` };
    if (file === undefined) response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' }).end('Not part of the preview.\n');
    else response.writeHead(200, { ...headers, 'content-type': file.type }).end(file.body);
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(error.code === 'EADDRINUSE' || error.code === 'EACCES' ? new Exit(EXIT.usage, `Port ${port} cannot be used (${error.code}). Leave --port out for any free one.`) : error));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
