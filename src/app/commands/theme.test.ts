/** `mizan theme …` as people run it: real processes, files, exit codes, and a preview that answers. */

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const cli = ['--import', join(root, 'scripts/load-tsx.mjs'), join(root, 'src/app/cli.ts')];
const folder = mkdtempSync(join(tmpdir(), 'mizan-theme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: readonly string[]): string => join(folder, ...names);
const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], HOME: folder, NO_COLOR: '1' };

function theme(...args: readonly string[]): { readonly status: number | null; readonly out: string; readonly err: string } {
  const run = spawnSync(process.execPath, [...cli, 'theme', ...args], { encoding: 'utf8', env, cwd: folder, timeout: 60_000 });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

describe('mizan theme', () => {
  it('new begins a theme that passes its check', () => {
    const made = theme('new', at('my-country'), '--country', 'XX', '--languages', 'ru,az');
    expect([made.status, made.err]).toEqual([0, '']);
    expect(readdirSync(at('my-country')).sort()).toEqual(['legal.yaml', 'logo.svg', 'theme.yaml']);
    const checked = theme('check', at('my-country'), '--json');
    expect(checked.status).toBe(0);
    expect(JSON.parse(checked.out)).toMatchObject({ theme: 'my-country', errors: 0, warnings: 1, problems: [{ rule: 'contact-missing', severity: 'warning' }] });
    expect(readFileSync(at('my-country', 'theme.yaml'), 'utf8')).toContain('defaultLanguage: ru');
  });

  it.each([
    [['new', 'my-country'], 'is not empty'],
    [['new', 'My Country'], 'cannot be the name'],
    [['new', 'a', '--country', 'Xanadu'], 'no country code'],
    [['new', 'a', '--languages', 'az,fr'], 'no list of languages'],
    [['new', 'a', '--languages', 'az,az'], 'no list of languages'],
    [['check', 'nowhere'], 'holds no theme.yaml'],
    [['preview', 'nowhere'], 'holds no theme.yaml'],
    [['preview', 'my-country', '--port', 'http'], 'is no port'],
    [['preview', 'my-country', '--out', '.'], 'is not empty'],
  ])('%j ends with 2 and %j', (args, words) => {
    const run = theme(...args);
    expect(run.status).toBe(2);
    expect(run.err).toContain(words);
    expect(existsSync(at('a'))).toBe(false);
  });

  it('check ends with 1 and tells the pair, its ratio and what is needed', () => {
    theme('new', at('pale'));
    const file = at('pale', 'theme.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('brand: "#12475c"', 'brand: "#8fb5c4"'));
    const run = theme('check', 'pale');
    expect(run.status).toBe(1);
    expect(run.out).toMatch(/pale\/theme\.yaml:\d+ error contrast: colours\.light\.brand: brand #8fb5c4 on paper #ffffff \(links and figures\) has 2\.\d\d : 1; needed is 4\.50 : 1\./);
    expect(theme('preview', 'pale', '--out', 'shown').status).toBe(1);
    expect(existsSync(at('shown'))).toBe(false);
  });

  it.each(['neutral', 'azerbaijan', 'talvoria'])('check finds no error in %s', (id) => {
    const run = theme('check', join(root, 'themes', id), '--json');
    expect([run.status, (JSON.parse(run.out) as { errors: number }).errors]).toEqual([0, 0]);
  });

  it('preview writes files whose links all lead within them, marked as a preview', () => {
    expect(theme('preview', join(root, 'themes/talvoria'), '--out', at('out')).status).toBe(0);
    const names = readdirSync(at('out'), { recursive: true }).map(String);
    expect(names).toEqual(expect.arrayContaining(['index.html', 'register-ru.html', 'entry-en.html', 'about-privacy-az.html', 'mail-ru.html', 'document-ru.pdf', 'checks-ru.html']));
    for (const name of names.filter((one) => one.endsWith('.html'))) {
      const html = readFileSync(at('out', name), 'utf8');
      const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => (match[1] ?? '').split('#')[0] ?? '').filter((link) => link !== '' && !/^(?:mailto|https|tel):/.test(link));
      expect(links.filter((link) => !existsSync(at('out', link))), name).toEqual([]);
      expect(html).toMatch(/preview|önizləmə|Предпросмотр|предпросмотр/i);
    }
    expect(readFileSync(at('out', 'document-az.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('preview serves on this machine until it is told to stop, and nothing but its files', async () => {
    const child = spawn(process.execPath, [...cli, 'theme', 'preview', join(root, 'themes/neutral')], { env, cwd: folder });
    try {
      const address = await new Promise<string>((resolve, reject) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString('utf8');
          const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
          if (found !== undefined) resolve(found);
        });
        child.once('exit', () => reject(new Error(`the preview ended: ${text}`)));
      });
      const index = await fetch(address);
      expect([index.status, index.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(index.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect((await fetch(`${address}../package.json`)).status).toBe(404);
      expect((await fetch(`${address}%2e%2e/package.json`)).status).toBe(404);
      child.removeAllListeners('exit');
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      expect(await ended).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
  });
});
