/** The log in a file: its settings, when it changes, what is kept, and that no line is lost. */

import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createLog } from './index.ts';
import { openLogFile, readLogFile } from './log-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'mizan-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const inFolder = (name: string): readonly string[] => readdirSync(join(folder, name)).sort();
const all = (name: string): string => inFolder(name).map((file) => readFileSync(join(folder, name, file), 'utf8')).join('');
const DAY = 24 * 3600 * 1000;

describe('settings', () => {
  it.each([
    [{}, undefined],
    [{ LOG_FILE: '' }, undefined],
    [{ LOG_FILE: '/var/log/mizan.log' }, { path: '/var/log/mizan.log', bytesMax: 50 * 1024 ** 2, ageMsMax: 7 * DAY, kept: 12 }],
    [{ LOG_FILE: '/a', LOG_FILE_MAX_MB: '1', LOG_FILE_MAX_DAYS: '30', LOG_FILES_KEPT: '0' }, { path: '/a', bytesMax: 1024 ** 2, ageMsMax: 30 * DAY, kept: 0 }],
  ] as const)('%j', (environment, expected) => {
    expect(readLogFile(environment)).toEqual({ ok: true, value: expected });
  });

  it('that are wrong are told all at once', () => {
    const read = readLogFile({ LOG_FILE: '/var/log/', LOG_FILE_MAX_MB: '0', LOG_FILE_MAX_DAYS: 'x', LOG_FILES_KEPT: '-1' });
    expect(read.ok ? [] : read.refusal.map(({ variable }) => variable).sort()).toEqual(['LOG_FILE', 'LOG_FILES_KEPT', 'LOG_FILE_MAX_DAYS', 'LOG_FILE_MAX_MB']);
  });
});

describe('the file', () => {
  it('changes when it grows too large, keeps the newest, and loses no line meanwhile', () => {
    const stream = openLogFile({ path: join(folder, 'size/mizan.log'), bytesMax: 1000, ageMsMax: DAY, kept: 3 });
    const line = (n: number): string => `${JSON.stringify({ n, fill: 'ə'.repeat(40) })}\n`;
    const lines = Array.from({ length: 100 }, (_, n) => line(n));
    for (const one of lines) stream.write(one);
    expect(inFolder('size').length).toBe(4);
    const kept = all('size');
    // The earlier files sort behind the one that is written.
    const numbers = kept.trim().split('\n').map((one) => (JSON.parse(one) as { n: number }).n).sort((a, b) => a - b);
    expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => 100 - numbers.length + n));
    stream.close();
  });

  it('changes when it grows too old', () => {
    let at = Date.parse('2026-11-23T09:00:00Z');
    const stream = openLogFile({ path: join(folder, 'age/mizan.log'), bytesMax: 1e9, ageMsMax: DAY, kept: 3 }, () => at);
    stream.write('first\n');
    at += DAY - 1;
    stream.write('second\n');
    at += 1;
    stream.write('third\n');
    expect(inFolder('age')).toEqual(['mizan.log', 'mizan.log.2026-11-24T09-00-00.000Z']);
    expect(readFileSync(join(folder, 'age/mizan.log'), 'utf8')).toBe('third\n');
    stream.close();
  });

  it('goes on after another program moved it away or cut it back', () => {
    const path = join(folder, 'moved/mizan.log');
    const stream = openLogFile({ path, bytesMax: 1e9, ageMsMax: DAY, kept: 3 });
    stream.write('one\n');
    renameSync(path, `${path}.1`);
    stream.write('two\n');
    stream.reopen();
    stream.write('three\n');
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\n');
    truncateSync(path, 0);
    stream.write('four\n');
    expect(readFileSync(path, 'utf8')).toBe('four\n');
    stream.close();
  });

  it('that cannot be written does not silence the log', () => {
    const said: string[] = [];
    const stream = openLogFile({ path: '/dev/full', bytesMax: 1e9, ageMsMax: DAY, kept: 3 }, Date.now, (line) => said.push(line));
    createLog({ logLevel: 'info' }, stream).info('still told');
    expect(said.join('')).toContain('still told');
    stream.close();
  });
});
