/** Keys and backup of a seat in a browser, beside what the daemon makes and opens. */

import { describe, expect, it } from 'vitest';
import { unseal } from '../../../../app/seat/sealed-file.ts';
import { nodeSuite as suite } from '../../../../proof/node-suite.ts';
import { checkMemberKeys, parseMemberKeys, printMemberKeys } from '../../../../proof/council/member-keys.ts';
import { utf8 } from '../../../../proof/index.ts';
import type { SeatIdentity } from '../../model.ts';
import { seedsOf } from '../../rules/seeds.ts';
import { openBackup, sealBackup } from './backup.ts';
import { dailyKeys, handedInKeys, signersOf } from './keys.ts';

const CHEAP = { cost: 1024, passes: 1 };
const PASSPHRASE = 'dörd söz bir sirr';
const identity: SeatIdentity = { council: 'council.example', origin: 'log.example', epoch: 1, who: { seat: 7 } };
const seeds = seedsOf(suite, new Uint8Array(32).fill(9));

describe('backup of a seat', () => {
  it('opens again with the passphrase, and each part is a sealed file of the daemon', async () => {
    const text = await sealBackup(identity, seeds, PASSPHRASE, CHEAP);
    expect(await openBackup(text, PASSPHRASE)).toEqual({ ok: true, value: { identity, seeds } });
    const { keys } = JSON.parse(text) as { keys: Record<string, object> };
    expect(unseal('ballot', JSON.stringify(keys['ballot']), PASSPHRASE)).toEqual({ ok: true, value: JSON.stringify({ ballot: seeds.ballot }) });
    expect(unseal('agent', JSON.stringify(keys['agent']), PASSPHRASE)).toEqual({ ok: true, value: JSON.stringify({ agent: seeds.agent, cosign: seeds.cosign, mlDsa: seeds.mlDsa }) });
    for (const seed of Object.values(seeds)) expect(text).not.toContain(seed);
  });

  it('refuses another passphrase, and every change of a sealed part', async () => {
    const text = await sealBackup(identity, seeds, PASSPHRASE, CHEAP);
    expect(await openBackup(text, `${PASSPHRASE}.`)).toEqual({ ok: false, refusal: 'backup-passphrase' });
    const file = JSON.parse(text) as { keys: Record<string, Record<string, string | number>> };
    const changed = (part: string, key: string, value: string | number): string => JSON.stringify({ ...file, keys: { ...file.keys, [part]: { ...file.keys[part], [key]: value } } });
    const sealed = String(file.keys['ballot']?.['sealed']);
    expect(await openBackup(changed('ballot', 'sealed', `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`), PASSPHRASE)).toEqual({ ok: false, refusal: 'backup-passphrase' });
    expect(await openBackup(changed('ballot', 'sealed', String(file.keys['identity']?.['sealed'])), PASSPHRASE)).toEqual({ ok: false, refusal: 'backup-passphrase' });
    expect(await openBackup(changed('agent', 'passes', 2), PASSPHRASE)).toEqual({ ok: false, refusal: 'backup-passphrase' });
  });

  it.each([
    ['no JSON', 'mizan'],
    ['another file', '{"format":"mizan-seat/settings/v1"}'],
    ['work that would eat the memory', JSON.stringify({ format: 'mizan-seat/backup/v1', council: 'c', origin: 'o', epoch: 1, seat: 1, keys: { identity: { format: 'mizan-seat/sealed/v1', what: 'identity', cost: 2 ** 30, passes: 1, salt: '', nonce: '', sealed: '' } } })],
    ['nothing', ''],
  ])('refuses %s', async (_what, text) => {
    expect(await openBackup(text, PASSPHRASE)).toEqual({ ok: false, refusal: 'backup-form' });
  });
});

describe('keys of a seat in a browser', () => {
  it('are handed in as the ceremony wants them, the post-quantum key included', async () => {
    const made = await handedInKeys(identity, seeds);
    expect(made.ok).toBe(true);
    if (!made.ok) return;
    const read = parseMemberKeys(utf8(printMemberKeys(made.value)));
    expect(read.ok && checkMemberKeys(suite, read.value, identity).ok).toBe(true);
    expect(read.ok && checkMemberKeys(suite, read.value, { ...identity, epoch: 2 }).ok).toBe(false);
  });

  it('cannot be read out again', async () => {
    const keys = await dailyKeys(seeds);
    expect(Object.values(keys).every((key) => 'handle' in key && !key.handle.extractable)).toBe(true);
    const { ballot } = signersOf(identity, keys);
    expect(suite.verify(ballot.publicKey, utf8('x'), await ballot.sign(utf8('x')))).toBe(true);
  });
});
