/** What an operator writes about mail, and what passes as an address. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailAddress, parseMailFrom, parseSmtpUrl, readAuthorities } from './index.ts';
import { oneLine } from './settings.ts';

describe('SMTP_URL', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, encryption: 'starttls', login: undefined }],
    ['smtps://Mail.Example/', { host: 'mail.example', port: 465, encryption: 'tls', login: undefined }],
    ['smtp://mizan:p%40ss%3Aw%2Frd%25@mail.example:25', { host: 'mail.example', port: 25, encryption: 'starttls', login: { user: 'mizan', password: 'p@ss:w/rd%' } }],
    ['smtp://mail.example:25?insecure=yes', { host: 'mail.example', port: 25, encryption: 'optional', login: undefined }],
    ['smtp://localhost:25', { host: 'localhost', port: 25, encryption: 'optional', login: undefined }],
    ['smtp://127.0.0.1:25', { host: '127.0.0.1', port: 25, encryption: 'optional', login: undefined }],
    ['smtp://[::1]:25', { host: '::1', port: 25, encryption: 'optional', login: undefined }],
    ['smtp://10.0.0.5:25', { host: '10.0.0.5', port: 25, encryption: 'starttls', login: undefined }],
  ])('%s is read', (text, expected) => expect(parseSmtpUrl(text)).toEqual({ ok: true, value: expected }));

  it.each([
    ['mail.example'],
    ['http://mail.example'],
    ['smtp://'],
    ['smtp:///path'],
    ['smtp://mail.example/path'],
    ['smtp://mail.example#x'],
    ['smtp://mail.example?insecure=no'],
    ['smtp://mail.example?tls=off'],
    ['smtps://mail.example?insecure=yes'],
    ['smtp://hidden@mail.example'],
    ['smtp://:hidden@mail.example'],
    ['smtp://mizan:hid%zzden@mail.example'],
    ['smtp://mail.example:0'],
    ['smtp://mail.example:99999'],
    ['smtp://ma il.example'],
  ])('%s is refused, without repeating it', (text) => {
    const verdict = parseSmtpUrl(text);
    expect(verdict).toMatchObject({ ok: false });
    expect(JSON.stringify(verdict)).toContain('SMTP_URL');
    expect(JSON.stringify(verdict)).not.toContain('hid');
  });
});

describe('a mail address', () => {
  it.each([
    ['leyla@nazirlik.example', 'leyla@nazirlik.example'],
    [' Leyla.M+ai@Nazirlik.Example ', 'Leyla.M+ai@nazirlik.example'],
    ['x@səhiyyə.example', 'x@xn--shiyy-elce.example'],
    ['root@localhost', 'root@localhost'],
  ])('%j is taken as %j', (text, expected) => expect(mailAddress(text)).toEqual({ ok: true, value: expected }));

  it.each([
    [''], ['leyla'], ['@x.example'], ['leyla@'], ['a@b'], ['a b@x.example'], ['.a@x.example'], ['a..b@x.example'], ['a.@x.example'], ['a@x..example'], ['a@-x.example'], ['a@x_y.example'], ['a@127.0.0.1'], ['a@[127.0.0.1]'], ['a@2130706433'],
    ['a@x.example\r\nBcc: b@x.example'], ['a@x.example\nb'], ['a@x.example,b@x.example'], ['a@x.example;b@x.example'], ['"a b"@x.example'], ['Leyla <a@x.example>'], ['a@x.example> SIZE=1'], ['a(b)@x.example'], ['ləyla@x.example'], ['a@b@x.example'], ['a@x.example:25'], ['a@x.example/y'], ['a@x%2eexample'], ['a%b.example@x.example'], ['b.example!a@x.example'],
    [`${'a'.repeat(65)}@x.example`], [`a@${'b.'.repeat(130)}example`], ['a@\u202Ex.example'], ['a@x\u0000.example'],
  ])('%j is none', (text) => expect(mailAddress(text)).toEqual({ ok: false, refusal: 'bad-mail-address' }));

  it('never holds what steers a header or a command', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '@', '.', 'x.example', '\r', '\n', ' ', '<', '>', ',', ';', '"', ':', '\u0000', 'ə', '%'), maxLength: 12 }), (text) => {
        const verdict = mailAddress(text);
        if (verdict.ok) expect(verdict.value).toMatch(/^[\w.+-]+@[a-z0-9.-]+$/);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('MAIL_FROM', () => {
  it.each([
    ['register@x.example', { name: undefined, address: 'register@x.example' }],
    ['AI register <register@x.example>', { name: 'AI register', address: 'register@x.example' }],
    ['"Süni intellekt, reyestr" <register@X.example>', { name: 'Süni intellekt, reyestr', address: 'register@x.example' }],
    ['A\r\nBcc: b <register@x.example>', { name: 'A Bcc: b', address: 'register@x.example' }],
  ])('%j is read', (text, expected) => expect(parseMailFrom(text)).toEqual({ ok: true, value: expected }));
  it.each([['register'], ['A <b>'], ['A <a@x.example> B'], ['a@x.example, b@x.example'], ['']])('%j is refused', (text) => expect(parseMailFrom(text)).toMatchObject({ ok: false }));
});

describe('one line', () => {
  it('is one, whatever is in it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (text) => {
      const line = oneLine(text, 20);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202A-\u202E]/u);
      expect(Array.from(line).length).toBeLessThanOrEqual(20);
      expect(line.isWellFormed()).toBe(true);
    }));
  });
});

describe('SMTP_CA_FILE', () => {
  it('must hold certificates', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-mail-'));
    try {
      writeFileSync(join(folder, 'empty.pem'), 'nothing');
      writeFileSync(join(folder, 'broken.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
      for (const name of ['absent.pem', 'empty.pem', 'broken.pem']) expect(() => readAuthorities(join(folder, name))).toThrow(/SMTP_CA_FILE/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
