/** Secrets: where they are taken from, how they are kept, what is refused, and that processes which start at once agree. */

import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../base/index.ts';
import { openSecrets, settingsFromFiles } from './index.ts';

const run = promisify(execFile);
const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'mizan-secrets-'));
  folders.push(made);
  return made;
};
afterAll(() => folders.forEach((path) => rmSync(path, { recursive: true, force: true })));

const GIVEN = 'Qm9va3MgYXJlIGtlcHQgaW4gdGhlIGhhbGwgMTIzNDU2';
const modeOf = (path: string): number => statSync(path).mode & 0o777;

function given(content: string, mode = 0o600): string {
  const path = join(folder(), 'given');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

function fault(act: () => unknown): Fault {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a secret', () => {
  it('that is missing is made once, for its owner alone', () => {
    const dataDir = join(folder(), 'data');
    const made = openSecrets({ dataDir }, {}).secret('session-key');
    expect(made).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(openSecrets({ dataDir }, {}).secret('session-key')).toBe(made);
    expect(openSecrets({ dataDir }, {}).secret('other-key', { bytes: 64 })).toHaveLength(86);
    expect(openSecrets({ dataDir: folder() }, {}).secret('session-key')).not.toBe(made);
    expect(modeOf(join(dataDir, 'secrets'))).toBe(0o700);
    expect(modeOf(join(dataDir, 'secrets', 'session-key'))).toBe(0o600);
    expect(readdirSync(join(dataDir, 'secrets')).sort()).toEqual(['other-key', 'session-key']);
    expect(readFileSync(join(dataDir, 'secrets', 'session-key'), 'utf8')).toBe(made);
  });

  it.each([
    ['a file before a value', { SESSION_KEY_FILE: given(`${GIVEN}\n`), SESSION_KEY: 'x'.repeat(50) }, GIVEN],
    ['a value', { SESSION_KEY: GIVEN, SESSION_KEY_FILE: '' }, GIVEN],
  ])('is taken from %s, and nothing is written', (_what, environment, expected) => {
    const dataDir = folder();
    expect(openSecrets({ dataDir }, environment).secret('session-key')).toBe(expected);
    expect(existsSync(join(dataDir, 'secrets'))).toBe(false);
  });

  it('stays what it was while the process lives', () => {
    const dataDir = folder();
    const secrets = openSecrets({ dataDir }, {});
    const made = secrets.secret('session-key');
    writeFileSync(join(dataDir, 'secrets', 'session-key'), GIVEN);
    expect(secrets.secret('session-key')).toBe(made);
    expect(fault(() => secrets.secret('session-key', { bytes: 512 })).code).toBe('secret-too-weak');
  });

  it.each([
    ['short', 'abcdefgh'],
    ['one character too short', GIVEN.slice(0, 42)],
    ['of one sign', 'x'.repeat(64)],
    ['of two signs', 'ab'.repeat(32)],
    ['empty', ''],
  ])('that is %s is refused wherever it stands', (_what, value) => {
    const dataDir = folder();
    const kept = folder();
    mkdirSync(join(kept, 'secrets'), { mode: 0o700 });
    writeFileSync(join(kept, 'secrets', 'session-key'), value, { mode: 0o600 });
    const tries = [
      () => openSecrets({ dataDir }, { SESSION_KEY_FILE: given(value) }).secret('session-key'),
      () => openSecrets({ dataDir: kept }, {}).secret('session-key'),
      ...(value === '' ? [] : [() => openSecrets({ dataDir }, { SESSION_KEY: value }).secret('session-key')]),
    ];
    for (const one of tries) {
      const { code, message, detail } = fault(one);
      expect(code).toBe('secret-too-weak');
      if (value !== '') expect(message + JSON.stringify(detail)).not.toContain(value);
      expect(message).toContain('openssl rand -base64 32');
    }
  });

  it.each([[0o644], [0o640], [0o660], [0o604], [0o610]])('in a file with the rights %o is refused with the command that mends it', (mode) => {
    const path = given(GIVEN, mode);
    const refused = fault(() => openSecrets({ dataDir: folder() }, { SESSION_KEY_FILE: path }).secret('session-key'));
    expect(refused.code).toBe('secret-open-to-others');
    expect(refused.message).toContain(`chmod 600 '${path}'`);
    expect(JSON.stringify([refused.message, refused.detail])).not.toContain(GIVEN);
  });

  it('is not made in a folder that others reach', () => {
    const dataDir = folder();
    mkdirSync(join(dataDir, 'secrets'));
    chmodSync(join(dataDir, 'secrets'), 0o755);
    const refused = fault(() => openSecrets({ dataDir }, {}).secret('session-key'));
    expect([refused.code, refused.message.includes('chmod 700')]).toEqual(['secret-open-to-others', true]);
    expect(readdirSync(join(dataDir, 'secrets'))).toEqual([]);
  });

  it('that cannot be read or kept says so', () => {
    const dataDir = folder();
    expect(fault(() => openSecrets({ dataDir }, { SESSION_KEY_FILE: join(dataDir, 'absent') }).secret('session-key')).code).toBe('secret-not-read');
    expect(fault(() => openSecrets({ dataDir }, { SESSION_KEY_FILE: dataDir }).secret('session-key')).code).toBe('secret-not-read');
    expect(fault(() => openSecrets({ dataDir }, { SESSION_KEY_FILE: given('x'.repeat(70_000)) }).secret('session-key')).code).toBe('secret-not-read');
    const file = given(GIVEN);
    expect(fault(() => openSecrets({ dataDir: file }, {}).secret('session-key')).code).toMatch(/^secret-not-(read|written)$/);
    mkdirSync(join(dataDir, 'secrets'), { mode: 0o700 });
    symlinkSync(join(dataDir, 'nowhere'), join(dataDir, 'secrets', 'session-key'));
    expect(fault(() => openSecrets({ dataDir }, {}).secret('session-key')).code).toBe('secret-not-written');
  });

  it.each([['Session'], ['../up'], ['a/b'], [''], ['a--b'], ['x'.repeat(80)]])('cannot be named %j', (name) => {
    expect(() => openSecrets({ dataDir: folder() }, {}).secret(name)).toThrow('invariant');
  });

  it('removes what a killed process left, but not what another one is writing', () => {
    const dataDir = folder();
    const secrets = join(dataDir, 'secrets');
    mkdirSync(secrets, { mode: 0o700 });
    const [old, young] = ['.session-key.11111111-1111-4111-8111-111111111111', '.session-key.22222222-2222-4222-8222-222222222222'] as const;
    for (const name of [old, young]) writeFileSync(join(secrets, name), 'part', { mode: 0o600 });
    utimesSync(join(secrets, old), 1, 1);
    openSecrets({ dataDir }, {}).secret('session-key');
    expect(readdirSync(secrets).sort()).toEqual([young, 'session-key']);
  });

  it('is the same in twelve processes that start at once', async () => {
    const dataDir = folder();
    const door = pathToFileURL(join(import.meta.dirname, 'index.ts')).href;
    const script = `import { openSecrets } from ${JSON.stringify(door)};
      const at = Number(process.argv[2]);
      while (Date.now() < at) { /* all begin in the same millisecond */ }
      process.stdout.write(openSecrets({ dataDir: process.argv[1] }, {}).secret('session-key'));`;
    const at = String(Date.now() + 2500);
    const told = await Promise.all(Array.from({ length: 12 }, async () => run(process.execPath, ['--input-type=module', '--eval', script, '--', dataDir, at])));
    expect(new Set(told.map(({ stdout }) => stdout)).size).toBe(1);
    expect(told[0]?.stdout).toMatch(/^[\w-]{43}$/);
    expect(readdirSync(join(dataDir, 'secrets'))).toEqual(['session-key']);
  });
});

describe('settings from files', () => {
  it('are filled in', () => {
    const path = given('smtps://mizan:hidden@mail.example\n');
    expect(settingsFromFiles({ SMTP_URL_FILE: path, PORT: '1' }, ['SMTP_URL', 'DATABASE_URL'])).toMatchObject({ ok: true, value: { SMTP_URL: 'smtps://mizan:hidden@mail.example', PORT: '1' } });
  });

  it('tell every problem at once, without a value', () => {
    const open = given('smtps://mizan:hidden@mail.example', 0o644);
    const verdict = settingsFromFiles({ SMTP_URL_FILE: open, DATABASE_URL: 'postgres://x:hidden@y', DATABASE_URL_FILE: open, A_FILE: given(''), B_FILE: '/nowhere/at/all' }, ['SMTP_URL', 'DATABASE_URL', 'A', 'B']);
    expect(verdict).toMatchObject({ ok: false, refusal: [{ variable: 'SMTP_URL_FILE' }, { variable: 'DATABASE_URL_FILE' }, { variable: 'A_FILE' }, { variable: 'B_FILE' }] });
    expect(JSON.stringify(verdict)).not.toContain('hidden');
  });
});
