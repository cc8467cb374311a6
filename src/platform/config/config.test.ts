/** Settings: what stands when nothing is set, and a message for each wrong one that says what to set. */

import { isAbsolute } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from './index.ts';

describe('settings', () => {
  it('have usual values', () => {
    const config = readConfig({});
    expect(config).toMatchObject({ ok: true, value: { host: '127.0.0.1', port: 8080, databaseUrl: undefined, logLevel: 'info', theme: 'neutral', uploadBytesMax: 256 * 1024 * 1024 } });
    if (config.ok) expect(isAbsolute(config.value.dataDir)).toBe(true);
  });

  it.each([
    ['PORT', 'eighty', 'PORT=8080'],
    ['PORT', '65536', '0 to 65535'],
    ['PORT', '80.5', 'whole number'],
    ['HOST', '0.0.0.0', 'PUBLIC_URL=https'],
    ['HOST', '192.168.1.5', 'ALLOW_HTTP=yes'],
    ['PUBLIC_URL', 'register.example', 'PUBLIC_URL=https://register.example'],
    ['PUBLIC_URL', 'https://register.example/path', 'without a path'],
    ['TRUSTED_PROXIES', '10.0.0.0/8,proxy', '"proxy"'],
    ['TRUSTED_PROXIES', '10.0.0.0/33', '10.0.0.0/33'],
    ['DATABASE_URL', 'mysql://x', 'postgres://'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error'],
    ['THEME', '../secrets', 'folder under themes/'],
    ['THEME_HOSTS', 'register.example', 'THEME_HOSTS=register.example=neutral'],
    ['UPLOAD_MAX_MB', '0', 'from 1 to 4096'],
    ['UPLOAD_MAX_MB', '1e9', 'from 1 to 4096'],
  ])('%s=%j is refused with %j', (variable, value, words) => {
    const config = readConfig({ [variable]: value });
    expect(config.ok).toBe(false);
    if (config.ok) return;
    expect(config.refusal.map((problem) => problem.variable)).toEqual([variable]);
    expect(config.refusal[0]?.message).toContain(words);
  });

  it('that are wrong are told all at once', () => {
    const config = readConfig({ PORT: 'x', HOST: 'example.org', LOG_LEVEL: 'x', THEME: 'X', UPLOAD_MAX_MB: 'x', DATABASE_URL: 'x' });
    expect(config.ok ? [] : config.refusal.map((problem) => problem.variable)).toEqual(['PORT', 'HOST', 'DATABASE_URL', 'LOG_LEVEL', 'THEME', 'UPLOAD_MAX_MB']);
  });

  it.each([['PORT', '0', { port: 0 }], ['PORT', '', { port: 8080 }], ['HOST', 'localhost', { host: 'localhost' }], ['HOST', '::1', { host: '::1' }], ['DATABASE_URL', '', { databaseUrl: undefined }], ['DATABASE_URL', 'postgresql://a/b', { databaseUrl: 'postgresql://a/b' }]])('%s=%j is taken', (variable, value, expected) => {
    expect(readConfig({ [variable]: value })).toMatchObject({ ok: true, value: expected });
  });
});
