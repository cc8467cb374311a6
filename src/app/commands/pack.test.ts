/** `mizan pack …` as people run it: real processes, files and exit codes; a private key stays where it is. */

import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseManifest } from '../../law/index.ts';

const root = join(import.meta.dirname, '../../..');
const cli = join(root, 'dist/cli.js');
const folder = mkdtempSync(join(tmpdir(), 'mizan-pack-'));
const at = (...names: readonly string[]): string => join(folder, ...names);

beforeAll(() => {
  const built = spawnSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { encoding: 'utf8' });
  expect(built.status, built.stderr).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], HOME: folder, DATA_DIR: at('data'), LOG_LEVEL: 'error', LANG: 'en_GB.UTF-8', ...more });

/** What every run wrote, to look for keys in. */
let everything = '';
function pack(args: readonly string[], more: Readonly<Record<string, string>> = {}): { readonly status: number | null; readonly out: string; readonly err: string } {
  const run = spawnSync(process.execPath, [cli, 'pack', ...args], { encoding: 'utf8', env: environment(more), cwd: folder, timeout: 60_000 });
  everything += run.stdout + run.stderr;
  return { status: run.status, out: run.stdout, err: run.stderr };
}
const edit = (path: string, from: string, to: string): void => {
  const text = readFileSync(path, 'utf8');
  expect(text).toContain(from);
  writeFileSync(path, text.replaceAll(from, to));
};

describe('a new pack', () => {
  it('is complete: it passes its check and its cases', () => {
    expect(pack(['new', at('demo'), '--jurisdiction', 'AZ']).status).toBe(0);
    const problems = JSON.parse(pack(['check', at('demo'), '--json']).out) as { severity: string; code: string }[];
    // Nobody has read an invented law, so its marks say that.
    expect(problems.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['warning unverified', 'warning unverified', 'warning unverified']);
    const run = pack(['test', at('demo')]);
    expect([run.status, run.err]).toEqual([0, '']);
    expect(run.out).toContain('✓ investigation');
    expect(run.out).toContain('3 cases passed, 0 failed');
    expect(JSON.parse(pack(['test', at('demo'), '--json', '--only', 'benefit'], { LANG: 'az_AZ.UTF-8' }).out)).toEqual({
      pack: { id: 'demo', version: '0.1.0', digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      cases: [{ id: 'benefit', title: 'Müavinət müraciəti', passes: true, failures: [] }],
      passed: 1,
      failed: 0,
    });
  });

  it('may extend another: its own cases pass, and it names its base', () => {
    cpSync(at('demo'), at('base'), { recursive: true });
    edit(at('base/pack.yaml'), 'id: demo', 'id: base');
    const run = pack(['new', at('overlay'), '--extends', 'base', '--jurisdiction', 'AZ']);
    expect([run.status, run.err]).toEqual([0, '']);
    const cases = (JSON.parse(pack(['test', at('overlay'), '--json']).out) as { cases: { id: string; passes: boolean }[] }).cases;
    expect(cases.map(({ id, passes }) => [id, passes])).toEqual([['az.benefit', true], ['az.translation', true], ['az.investigation', true]]);
    expect(pack(['check', at('overlay')]).status).toBe(0);
  });

  it('of the shipped law can be read', () => {
    const run = pack(['new', at('shipped-overlay'), '--extends', 'eu-ai-act', '--jurisdiction', 'AZ']);
    expect([run.status, run.err]).toEqual([0, '']);
    expect(readFileSync(at('shipped-overlay/pack.yaml'), 'utf8')).toContain('- { id: eu-ai-act }');
  });

  it.each([
    [['new', at('demo')], 'is not empty'],
    [['new', at('Not An Id')], '--id'],
    [['new', at('fresh'), '--jurisdiction', 'azerbaijan'], 'no country code'],
    [['new', at('fresh'), '--extends', 'nowhere'], 'There is no pack nowhere'],
    [['new', at('fresh'), '--extends', '../demo'], 'There is no pack ../demo'],
  ] as const)('%j ends with 2', (args, words) => {
    const run = pack(args);
    expect(run.status).toBe(2);
    expect(run.err).toContain(words);
    expect(existsSync(at('fresh'))).toBe(false);
  });
});

describe('a case that fails', () => {
  it('is told with what was found, and ends with 1', () => {
    cpSync(at('demo'), at('wrong'), { recursive: true });
    edit(at('wrong/law.yaml'), 'when: N.decides\n', 'when: not N.decides\n');
    const run = pack(['test', at('wrong'), '--failing']);
    expect(run.status).toBe(1);
    expect(run.out).toContain('✗ benefit');
    expect(run.out).toContain('expects “notice.decision” holds, but it is fails');
    expect(run.out).not.toContain('✓');
    expect((JSON.parse(pack(['test', at('wrong'), '--json']).out) as { failed: number }).failed).toBeGreaterThan(0);
    expect(pack(['test', at('demo'), '--only', 'nothing-like-it']).status).toBe(2);
    writeFileSync(at('wrong/law.yaml'), 'rules: {');
    const unreadable = pack(['test', at('wrong'), '--json']);
    expect([unreadable.status, (JSON.parse(unreadable.out) as { code: string }).code]).toEqual([1, 'pack-not-readable']);
  });
});

describe('a difference', () => {
  it('is told entry by entry, with the dates that moved', () => {
    cpSync(at('demo'), at('later'), { recursive: true });
    edit(at('later/pack.yaml'), 'version: 0.1.0', 'version: 0.2.0');
    edit(at('later/law.yaml'), 'value: 2026-07-01', 'value: 2026-08-01');
    edit(at('later/law.yaml'), 'Notice of a decision', 'Notice of the decision');
    const run = pack(['diff', at('demo'), at('later')]);
    expect([run.status, run.err]).toEqual([0, '']);
    for (const words of ['demo 0.1.0', 'demo 0.2.0', 'applies.notice: 2026-07-01 → 2026-08-01', '~ conclusion notice.decision', 'version: 0.1.0 → 0.2.0']) expect(run.out).toContain(words);
    expect(pack(['diff', at('demo'), at('later'), '--law']).out).not.toContain('~ conclusion notice.decision');
    const diff = JSON.parse(pack(['diff', at('demo'), at('later'), '--json']).out) as { movedDates: unknown[]; entries: { kind: string; id: string; change: string }[] };
    expect(diff.movedDates).toHaveLength(1);
    expect(diff.entries).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'parameter', id: 'applies.notice', change: 'changed' })]));
    expect(pack(['diff', at('demo'), at('demo')]).out).toContain('They say the same.');
    expect(pack(['diff', at('demo'), at('nowhere')]).status).toBe(2);
  });
});

describe('keys and signatures', () => {
  beforeAll(() => {
    mkdirSync(at('keys'));
  });

  it('a key is made for its owner alone, and never over another or inside a repository', () => {
    const run = pack(['keygen', at('keys/press'), '--name', 'Law press']);
    expect([run.status, run.err]).toEqual([0, '']);
    expect(statSync(at('keys/press')).mode & 0o777).toBe(0o600);
    expect(readFileSync(at('keys/press.pub'), 'utf8')).toMatch(/^publisher ed25519:[\w-]{43} Law press\n$/);
    expect(JSON.parse(pack(['keygen', at('keys/lawyer'), '--name', 'L. Counsel', '--as', 'counsel', '--json']).out)).toMatchObject({ role: 'counsel', name: 'L. Counsel', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(pack(['keygen', at('keys/stranger'), '--name', 'Stranger']).status).toBe(0);
    mkdirSync(at('repository/.git'), { recursive: true });
    mkdirSync(at('repository/deep/er'), { recursive: true });
    const refusals = [
      [['keygen', at('keys/press'), '--name', 'Again'], 'never overwritten'],
      [['keygen', at('demo/press'), '--name', 'X'], 'a law pack'],
      [['keygen', at('repository/deep/er/press'), '--name', 'X'], 'a repository'],
      [['keygen', join(root, 'press'), '--name', 'X'], 'a repository'],
      [['keygen', at('nowhere/press'), '--name', 'X'], 'does not exist'],
      [['keygen', at('keys/other'), '--name', ' '], 'Give a --name'],
      [['keygen', at('keys/other'), '--name', 'two\nlines'], 'Give a --name'],
      [['keygen', at('keys/other')], '--name'],
    ] as const;
    for (const [args, words] of refusals) {
      const refused = pack(args);
      expect([refused.status, refused.err.includes(words)], `${args.join(' ')}: ${refused.err}`).toEqual([2, true]);
    }
    expect(existsSync(at('keys/other'))).toBe(false);
  });

  it('publisher and counsel sign; the pack is as it was signed, as folder and as archive', () => {
    const signed = pack(['sign', at('demo'), '--key', at('keys/press'), '--valid-until', '2999-12-31', '--bundle', at('demo.zip')]);
    expect([signed.status, signed.err]).toEqual([0, '']);
    expect(signed.out).toContain('is signed by Law press as publisher');
    const counsel = pack(['sign', at('demo'), '--key', at('keys/lawyer'), '--licence', 'B-17', '--bundle', at('counsel.zip')]);
    expect([counsel.status, counsel.err]).toEqual([0, '']);
    writeFileSync(at('trusted'), `# believed\n${readFileSync(at('keys/press.pub'), 'utf8')}${readFileSync(at('keys/lawyer.pub'), 'utf8')}`);
    const verified = pack(['verify', at('counsel.zip'), '--keys', at('trusted'), '--json']);
    expect(JSON.parse(verified.out)).toMatchObject({ sound: true, pack: { id: 'demo', version: '0.1.0' }, valid_until: '2999-12-31', signers: [{ role: 'publisher', name: 'Law press' }, { role: 'counsel', name: 'L. Counsel', statement: 'B-17' }] });
    expect(pack(['verify', at('demo'), '--keys', at('trusted')]).out).toContain('counsel   L. Counsel (B-17)');
    expect(pack(['verify', at('demo.zip'), '--keys', at('keys/press.pub')]).status).toBe(0);
    // Same content, same day: the counsel’s signature stays. Changed content: it goes, and that is said.
    expect(pack(['sign', at('demo'), '--key', at('keys/press'), '--valid-until', '2999-12-31']).err).toBe('');
    expect(pack(['verify', at('demo'), '--keys', at('trusted')]).out).toContain('L. Counsel');
    edit(at('demo/law.yaml'), 'Notice of a decision', 'Notice of some decision');
    expect(pack(['sign', at('demo'), '--key', at('keys/press')]).err).toContain('their signatures were taken out');
    expect(parseManifest(readFileSync(at('demo/pack.json'), 'utf8'))).toMatchObject({ ok: true, value: { publisher: { name: 'Law press' } } });
    expect(readFileSync(at('demo/pack.json'), 'utf8')).not.toContain('B-17');
  });

  it('an overlay is signed together with the base it was read with', () => {
    expect(pack(['sign', at('overlay'), '--key', at('keys/press')]).status).toBe(0);
    expect(pack(['verify', at('overlay'), '--keys', at('trusted')]).status).toBe(0);
    edit(at('base/law.yaml'), 'value: 2026-07-01', 'value: 2026-07-02');
    const run = pack(['verify', at('overlay'), '--keys', at('trusted')]);
    expect([run.status, run.err.includes('(base-differs)')]).toEqual([1, true]);
  });

  it.each([
    ['file-changed', (): void => edit(at('bad/law.yaml'), 'priority: 10', 'priority: 11')],
    ['file-missing', (): void => rmSync(at('bad/cases.yaml'))],
    ['extra-file', (): void => writeFileSync(at('bad/more.yaml'), 'rules: []\n')],
    ['malformed', (): void => edit(at('bad/pack.json'), '"format":1', '"format": 1')],
    ['wrong-signature', (): void => edit(at('bad/pack.json'), '"jurisdiction":"AZ"', '"jurisdiction":"AM"')],
    ['unsigned', (): void => rmSync(at('bad/pack.json'))],
    ['unknown-key', (): void => void pack(['sign', at('bad'), '--key', at('keys/stranger')])],
  ] as const)('%s is told with code 1, in the language of the terminal', (code, spoil) => {
    rmSync(at('bad'), { recursive: true, force: true });
    cpSync(at('demo'), at('bad'), { recursive: true });
    spoil();
    const run = pack(['verify', at('bad'), '--keys', at('trusted'), '--json']);
    expect([run.status, JSON.parse(run.out)]).toEqual([1, expect.objectContaining({ sound: false, code })]);
    const russian = pack(['verify', at('bad'), '--keys', at('trusted')], { LANG: 'ru_RU.UTF-8' });
    expect(russian.err).toMatch(/[а-я]/);
    expect(russian.err).toContain(`(${code})`);
  });

  it('signing is refused where it would mean nothing', () => {
    chmodSync(at('keys/stranger'), 0o644);
    writeFileSync(at('keys/text'), 'no key', { mode: 0o600 });
    rmSync(at('unsigned'), { recursive: true, force: true });
    expect(pack(['new', at('unsigned')]).status).toBe(0);
    const refusals = [
      [['sign', at('demo'), '--key', at('keys/stranger')], 2, 'chmod 600'],
      [['sign', at('demo'), '--key', at('keys/text')], 2, 'not a private Ed25519 key'],
      [['sign', at('demo'), '--key', at('keys/nowhere')], 2, 'cannot be read'],
      [['sign', at('demo')], 2, '--key'],
      [['sign', at('demo'), '--key', at('keys/press'), '--valid-until', '2020-01-01'], 2, 'not a day from today on'],
      [['sign', at('demo'), '--key', at('keys/press'), '--valid-until', 'soon'], 2, 'not a day from today on'],
      [['sign', at('demo'), '--key', at('keys/press'), '--supersedes', '1.0.0'], 2, 'VERSION#DIGEST'],
      [['sign', at('demo'), '--key', at('keys/lawyer')], 2, '--licence is missing'],
      [['sign', at('unsigned'), '--key', at('keys/lawyer'), '--licence', 'B-17'], 1, 'The publisher signs first'],
      [['sign', at('wrong'), '--key', at('keys/press')], 1, 'cannot be read as a law pack'],
      [['verify', at('demo'), '--keys', at('demo/law.yaml')], 2, 'is not “role ed25519:… name”'],
    ] as const;
    for (const [args, status, words] of refusals) {
      const refused = pack(args);
      expect([refused.status, refused.err.includes(words)], `${args.join(' ')}: ${refused.err}`).toEqual([status, true]);
    }
    // Counsel signs what the publisher made, and nothing that was changed since.
    edit(at('demo/law.yaml'), 'Notice of some decision', 'Notice of any decision');
    const counsel = pack(['sign', at('demo'), '--key', at('keys/lawyer'), '--licence', 'B-17']);
    expect([counsel.status, counsel.err.includes('(file-changed)')]).toEqual([1, true]);
    // A claim that counsel signed needs counsel.
    edit(at('demo/pack.yaml'), 'status: draft', 'status: counsel_signed');
    const waiting = pack(['sign', at('demo'), '--key', at('keys/press')]);
    expect([waiting.status, waiting.err.includes('until counsel has signed')]).toEqual([0, true]);
    expect(pack(['verify', at('demo'), '--keys', at('trusted')]).status).toBe(1);
    expect(pack(['sign', at('demo'), '--key', at('keys/lawyer'), '--licence', 'B-17']).status).toBe(0);
    expect(pack(['verify', at('demo'), '--keys', at('trusted')]).status).toBe(0);
  });

  it('a pack with errors is not signed', () => {
    cpSync(at('later'), at('failing'), { recursive: true });
    const run = pack(['sign', at('failing'), '--key', at('keys/press'), '--json']);
    expect([run.status, JSON.parse(run.out)]).toEqual([1, expect.objectContaining({ code: 'pack-has-errors' })]);
    expect(existsSync(at('failing/pack.json'))).toBe(false);
  });

  it('no private key was ever printed', () => {
    expect(everything.length).toBeGreaterThan(1000);
    for (const name of ['press', 'lawyer', 'stranger']) {
      const body = readFileSync(at('keys', name), 'utf8').split('\n')[1] ?? '';
      expect(body.length).toBeGreaterThan(40);
      expect(everything).not.toContain(body);
      expect(everything).not.toContain('PRIVATE KEY');
    }
  });
});

it('completion knows every command', () => {
  const run = spawnSync(process.execPath, [cli, 'completion', 'bash'], { encoding: 'utf8', env: environment(), cwd: folder });
  expect(run.stdout).toContain("'pack') words='new check test diff keygen sign verify --help'");
  expect(run.stdout).toContain("'pack sign') words='--key --as --name --licence --decision --valid-until --supersedes --bundle --json --help'");
});

