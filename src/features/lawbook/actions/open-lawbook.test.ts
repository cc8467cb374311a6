/** Which law stands: the first start, a version beside it, the act of adoption and everything that refuses one, on both engines. */

import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import type { PackFile } from '../../../law/index.ts';
import { HIRING_PACK } from '../../../law/examples.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { openNotices } from '../../../platform/notices/index.ts';
import type { Adoption, Lawbook } from '../model.ts';
import { openLawbook } from './open-lawbook.ts';

const clock = fixedClock('2026-11-23T09:00:00Z');

function withText(files: readonly PackFile[], from: string, to: string): readonly PackFile[] {
  const changed = files.map((file) => ({ ...file, text: file.text.replaceAll(from, to) }));
  expect(changed).not.toEqual(files);
  return changed;
}

onEveryEngine((open) => {
  describe('the law in force', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-packs-'));
    let database: Database;
    let lawbook: Lawbook;
    const told: Adoption[] = [];
    const reopen = async (): Promise<Lawbook> => openLawbook({ database, clock, packsFolder: folder });
    beforeAll(async () => {
      for (const file of HIRING_PACK) {
        const path = join(folder, 'example', file.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, file.text);
      }
      database = await open([...migrationsOf('platform'), ...migrationsOf('lawbook')]);
      lawbook = await reopen();
      lawbook.onAdopt(async (adoption) => void told.push(adoption));
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('is what ships, at the first start, and the act says so', async () => {
      expect(lawbook.pack()?.ref).toMatchObject({ id: 'example', version: '1.0.0' });
      expect(await lawbook.adoptions()).toMatchObject([{ number: 1, place: 'main', author: 'installation', pack: { version: '1.0.0' } }]);
    });

    it('can be adopted as it stands, once, by somebody', async () => {
      const fresh = await open([...migrationsOf('platform'), ...migrationsOf('lawbook')]);
      const kept = await openLawbook({ database: fresh, clock, packsFolder: folder });
      const { digest } = kept.pack()?.ref ?? { digest: '' };
      expect(await kept.adopt({ digest, author: '', reason: 'x', effects: null })).toEqual({ ok: false, refusal: { kind: 'no-author' } });
      expect(await kept.adopt({ digest, author: 'The minister', reason: 'It is our law.', effects: null })).toMatchObject({ ok: true, value: { number: 2, previousDigest: digest, pack: { digest } } });
      expect(await kept.adopt({ digest, author: 'Another', reason: 'Again', effects: null })).toMatchObject({ ok: false, refusal: { kind: 'in-force-already' } });
      expect((await kept.adoptions()).map((one) => one.author)).toEqual(['The minister', 'installation']);
      expect((await openLawbook({ database: fresh, clock, packsFolder: folder })).pack()?.ref.digest).toBe(digest);
    });

    it('begins with the pack that stands on no other, unless a theme names another one', async () => {
      const packs = mkdtempSync(join(tmpdir(), 'mizan-overlay-'));
      for (const file of HIRING_PACK) {
        const path = join(packs, 'example', file.path);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, file.text);
      }
      mkdirSync(join(packs, 'aa-land'));
      writeFileSync(join(packs, 'aa-land', 'pack.yaml'), 'id: aa-land\nversion: 1.0.0\nengine: 1\njurisdiction: XX\ntitle: { az: "Ölkə", en: "Land", ru: "Страна" }\nstatus: draft\nvalid_from: 2025-01-01\nknown_from: 2025-01-01\nextends: [ { id: example } ]\n');
      const first = async (mainPack?: string): Promise<string | undefined> => {
        const fresh = await open([...migrationsOf('platform'), ...migrationsOf('lawbook')]);
        return (await openLawbook({ database: fresh, clock, packsFolder: packs, ...(mainPack === undefined ? {} : { mainPack }) })).pack()?.ref.id;
      };
      expect(await first()).toBe('example');
      expect(await first('aa-land')).toBe('aa-land');
      await expect(first('zz-land')).rejects.toThrow('zz-land');
      rmSync(packs, { recursive: true, force: true });
    });

    it('stays while a new version is kept beside it, until somebody adopts that one; a restart changes nothing', async () => {
      const next = withText(HIRING_PACK, 'version: 1.0.0', 'version: 1.1.0');
      const installed = await lawbook.install(next);
      if (!installed.ok) throw new Error(JSON.stringify(installed.refusal));
      const { digest } = installed.value.ref;
      expect(lawbook.pack()?.ref.version).toBe('1.0.0');
      expect((await reopen()).pack()?.ref.version).toBe('1.0.0');
      expect((await lawbook.installed()).map((one) => [one.ref.version, one.isInForce]).sort()).toEqual([['1.0.0', true], ['1.1.0', false]]);

      expect(await lawbook.adopt({ digest, author: ' ', reason: 'x', effects: null })).toEqual({ ok: false, refusal: { kind: 'no-author' } });
      expect(await lawbook.adopt({ digest, author: 'A', reason: '', effects: null })).toEqual({ ok: false, refusal: { kind: 'no-reason' } });
      expect(await lawbook.adopt({ digest: 'f'.repeat(64), author: 'A', reason: 'x', effects: null })).toMatchObject({ ok: false, refusal: { kind: 'unknown-pack' } });
      const adopted = await lawbook.adopt({ digest, author: 'Legal counsel', reason: 'The date moved.', effects: { systems: 3 } });
      expect(adopted).toMatchObject({ ok: true, value: { number: 2, pack: { version: '1.1.0' }, effects: { systems: 3 } } });
      expect(told.map((one) => one.number)).toEqual([2]);
      expect(lawbook.pack()?.ref.version).toBe('1.1.0');
      expect((await reopen()).pack()?.ref.version).toBe('1.1.0');
      expect(await lawbook.adopt({ digest, author: 'A', reason: 'x', effects: null })).toMatchObject({ ok: false, refusal: { kind: 'in-force-already' } });
    });

    it('is not replaced by a pack that does not load, has errors, or does not fit', async () => {
      const broken = await lawbook.install(withText(HIRING_PACK, 'when: "hit"', 'when: "no-such-name"'));
      expect(broken).toMatchObject({ ok: false, refusal: [{ code: 'unknown-name' }] });
      const wrong = await lawbook.install(withText(HIRING_PACK, 'narrow: no, influences: yes', 'narrow: yes, influences: no').map((file) => ({ ...file, text: file.text.replace('profiling: yes', 'profiling: no') })));
      if (!wrong.ok) throw new Error('does not load');
      const refused = await lawbook.adopt({ digest: wrong.value.ref.digest, author: 'A', reason: 'x', effects: null });
      expect(!refused.ok && refused.refusal.kind === 'pack-has-errors' && refused.refusal.problems.map((problem) => problem.code)).toContain('case-fails');
      const strict = await reopen();
      strict.mustFit((pack) => (pack.ref.version === '2.0.0' ? ['The recognisers do not know it.'] : []));
      const fine = await strict.install(withText(HIRING_PACK, 'version: 1.0.0', 'version: 2.0.0'));
      if (!fine.ok) throw new Error('does not load');
      expect(await strict.adopt({ digest: fine.value.ref.digest, author: 'A', reason: 'x', effects: null })).toEqual({ ok: false, refusal: { kind: 'does-not-fit', messages: ['The recognisers do not know it.'] } });
      expect(strict.pack()?.ref.version).toBe('1.1.0');
    });

    it('is replaced once when two adopt at the same time from what both saw', async () => {
      const [one, two] = [await reopen(), await reopen()];
      const digests = await Promise.all(['3.0.0', '3.0.1'].map(async (version) => {
        const installed = await one.install(withText(HIRING_PACK, 'version: 1.0.0', `version: ${version}`));
        if (!installed.ok) throw new Error('does not load');
        return installed.value.ref.digest;
      }));
      const acts = await Promise.all([one.adopt({ digest: digests[0]!, author: 'A', reason: 'x', effects: null }), two.adopt({ digest: digests[1]!, author: 'B', reason: 'y', effects: null })]);
      expect(acts.map((act) => act.ok).sort()).toEqual([false, true]);
      expect(acts.find((act) => !act.ok)).toMatchObject({ refusal: { kind: 'somebody-was-faster' } });
    });

    it('is in force in every process that works on the same database', async () => {
      const notices = await Promise.all([1, 2].map(async () => openNotices({ database, databaseUrl: undefined, log: pino({ level: 'silent' }) })));
      const [here, there] = await Promise.all(notices.map(async (one) => openLawbook({ database, clock, packsFolder: folder, notices: one }))) as [Lawbook, Lawbook];
      const followed: string[] = [];
      here.onFollow(async () => void followed.push('here'));
      there.onFollow(async () => void followed.push(`there ${there.pack()?.ref.version ?? ''}`));
      const installed = await here.install(withText(HIRING_PACK, 'version: 1.0.0', 'version: 4.0.0'));
      if (!installed.ok) throw new Error('does not load');
      expect(await here.adopt({ digest: installed.value.ref.digest, author: 'A', reason: 'x', effects: null })).toMatchObject({ ok: true });
      for (const one of notices) await one.catchUp();
      expect([followed, there.pack()?.ref.version]).toEqual([['there 4.0.0'], '4.0.0']);
      // What the other process saw before no longer stands, and it knows.
      const older = await there.install(withText(HIRING_PACK, 'version: 1.0.0', 'version: 4.0.1'));
      if (!older.ok) throw new Error('does not load');
      expect(await there.adopt({ digest: older.value.ref.digest, author: 'B', reason: 'y', effects: null })).toMatchObject({ ok: true, value: { previousDigest: installed.value.ref.digest } });
      for (const one of notices) {
        await one.catchUp();
        await one.stop();
      }
      expect([here.pack()?.ref.version, followed]).toEqual(['4.0.1', ['there 4.0.0', 'here']]);
    });
  });
});
