/** The allow-list as an operator writes it, and the kinds of addresses. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOfAddress, OUTBOUND_ENTRIES_MAX, parseOutboundAllow } from './index.ts';

describe('OUTBOUND_ALLOW', () => {
  const usual = { protocol: 'https:', inner: false, literal: false };
  it.each([
    ['', []],
    [' , ', []],
    ['login.example:443', [{ ...usual, host: 'login.example', port: 443 }]],
    ['Login.Example:8443,http://proxy.example:80', [{ ...usual, host: 'login.example', port: 8443 }, { ...usual, host: 'proxy.example', port: 80, protocol: 'http:' }]],
    ['https://a.example:443\nprivate:b.example:443', [{ ...usual, host: 'a.example', port: 443 }, { ...usual, host: 'b.example', port: 443, inner: true }]],
    ['private:http://10.0.0.5:8080', [{ host: '10.0.0.5', port: 8080, protocol: 'http:', inner: true, literal: true }]],
    ['[2001:DB8:0::1]:443', [{ ...usual, host: '2001:db8::1', port: 443, literal: true }]],
    ['səhiyyə.example:443', [{ ...usual, host: 'xn--shiyy-elce.example', port: 443 }]],
  ])('%j is read', (text, expected) => {
    expect(parseOutboundAllow(text)).toEqual({ ok: true, value: expected });
  });

  it.each([
    ['login.example'],
    ['login.example:0'],
    ['login.example:65536'],
    ['*.example:443'],
    ['*:443'],
    ['a.example:443/path'],
    ['user@a.example:443'],
    ['user:word@a.example:443'],
    ['ftp://a.example:21'],
    ['2130706433:443'],
    ['0x7f.1:443'],
    ['0177.0.0.1:443'],
    ['127.1:443'],
    ['fe80::1:443'],
    ['[fe80::1%25eth0]:443'],
    ['private:'],
    ['-a.example:443'],
    ['a.example.:443'],
    [`${'a'.repeat(400)}:443`],
    ['a.example:443,A.example:443'],
    [Array.from({ length: OUTBOUND_ENTRIES_MAX + 1 }, (_, index) => `a${index}.example:443`).join(',')],
  ])('%j is refused with a sentence', (text) => {
    const verdict = parseOutboundAllow(text);
    expect(verdict.ok).toBe(false);
    expect(verdict.ok ? '' : verdict.refusal).toMatch(/^OUTBOUND_ALLOW.*\.$/);
  });

  it('never reads an entry that allows more than one place', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '.', ':', '/', '@', '*', '[', ']', '1', '443', 'http://', 'private:', ' ', '%', '-'), maxLength: 12 }), (text) => {
        const verdict = parseOutboundAllow(text);
        if (!verdict.ok) return;
        for (const { host, port } of verdict.value) {
          expect(host).toMatch(/^[a-z0-9_][a-z0-9_.-]*$|^[0-9a-f:]+$/);
          expect(port).toBeGreaterThan(0);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('an address', () => {
  it.each([
    ['public', ['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1', '192.167.1.1', '223.255.255.255', '2606:4700::1111', '2a00:1450::1', '2003::1']],
    ['private', ['10.0.0.0', '10.255.255.255', '127.0.0.1', '127.255.255.254', '172.16.0.1', '172.31.255.255', '192.168.0.1', '100.64.0.1', '100.127.255.255', '::1', 'fc00::1', 'fd12:3456::1']],
    ['forbidden', [
      '0.0.0.0', '0.1.2.3', '169.254.169.254', '169.254.0.1', '192.0.0.192', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.1.1.1', '240.0.0.1', '255.255.255.255',
      '100.100.100.200', '168.63.129.16', 'fd00:ec2::254', 'fd20:ce::254',
      '::', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:808:808', '::127.0.0.1', '::7f00:1', '64:ff9b::7f00:1', '64:ff9b::8.8.8.8', '64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2002:7f00:1::1', '3fff::1', '5f00::1',
      'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'febf::1',
      '2130706433', '0x7f000001', '017700000001', '127.1', '0177.0.0.1', '127.0.0.1.', '', 'localhost', '1.2.3', '8.8.8.8 ', '08.8.8.8',
    ]],
  ] as const)('is %s', (kind, addresses) => {
    expect(addresses.map((address) => [address, kindOfAddress(address)])).toEqual(addresses.map((address) => [address, kind]));
  });
});
