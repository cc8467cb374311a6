/** The register on both engines: terms, oaths and ends with what the log is told, two clerks at once, and what the public may read. */

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { publicScope, systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { loadCouncilPack } from '../../council/index.ts';
import { type Members, membersMigrations, type MembersParts, openMembers } from '../index.ts';

const START = '2027-01-04T09:00:00.000Z';

onEveryEngine((open) => {
  let database: Database;
  let members: Members;
  let told: Parameters<NonNullable<MembersParts['record']>>[1][];
  const pack = loadCouncilPack('council.example', undefined);
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const given = (more: Readonly<Record<string, string>> = {}) => ({ name: 'Member of seat 01', from: '2027-01-01', until: '2030-12-31', nominated: 'Association', contact: '+994 12 000 00 00', ...more });
  const codeOf = async (done: Promise<{ readonly ok: boolean; readonly refusal?: unknown }>): Promise<string> => {
    const verdict = await done;
    return verdict.ok ? 'ok' : (verdict.refusal as { code: string }).code;
  };

  beforeAll(async () => {
    database = await open([...migrationsOf('platform'), ...membersMigrations()]);
    members = openMembers({
      database,
      clock: fixedClock(START),
      pack,
      suite: nodeSuite,
      motions: { start: async () => Promise.reject(new Error('no motion follows from a term')) },
      council: { constitution: () => pack.constitution, standing: async () => Promise.resolve({ state: 'unfounded', origin: 'council.example', epoch: 0, roll: undefined, rollDigest: undefined, genesisDigest: undefined, prefixSize: 0, certified: undefined }), seats: async () => Promise.resolve([]), slotRollFor: async () => Promise.reject(new Error('not asked in these tests')) },
      record: async (_tx, act) => Promise.resolve(told.push(act)),
    });
  });
  beforeEach(async () => {
    told = [];
    await database.execute('delete from members_terms');
  });

  const enter = async (place: string, more: Readonly<Record<string, string>> = {}): Promise<string> =>
    asSystem(async () => {
      const made = await members.enter(place, given(more));
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    });

  describe('a term', () => {
    it('is entered, sworn and ended, and the log holds days but neither names nor reasons', async () => {
      const id = await enter('seat01');
      await asSystem(async () => {
        expect(await codeOf(members.swear(id, { sworn: '2027-01-05' }, 1))).toBe('member-fields');
        expect(await codeOf(members.swear(id, { sworn: '2027-01-02' }, 1))).toBe('ok');
        expect(await codeOf(members.end(id, { ended: '2027-02-01', why: 'Resigned.' }, 1))).toBe('member-stale');
        expect(await codeOf(members.swear(id, { sworn: '2027-01-02' }, 2))).toBe('member-not-now');
        expect(await codeOf(members.end(id, { ended: '2031-01-01', why: 'Resigned.' }, 2))).toBe('member-fields');
        expect(await codeOf(members.end(id, { ended: '2027-02-01', why: 'Resigned.' }, 2))).toBe('ok');
        expect(await codeOf(members.end(id, { ended: '2027-02-01', why: 'Again.' }, 3))).toBe('member-not-now');
      });
      expect(told.map(({ act }) => act)).toEqual(['entered', 'sworn', 'ended']);
      expect(JSON.stringify(told.map(({ body }) => body))).not.toMatch(/Member of|Resigned|Association/);
      const row = (await asSystem(async () => members.register())).rows[0];
      expect([row?.standing, row?.term?.endedOn, row?.term?.swornOn]).toEqual(['ending', '2027-02-01', '2027-01-02']);
    });

    it('is refused for a place, a person or a clerk that does not exist', async () => {
      await asSystem(async () => {
        expect(await codeOf(members.enter('seat34', given()))).toBe('no-member');
        expect(await codeOf(members.enter('seat1; drop table', given()))).toBe('no-member');
        expect(await codeOf(members.enter('seat01', {}))).toBe('member-fields');
        expect(await codeOf(members.end('00000000-0000-4000-8000-000000000000', { ended: '2027-02-01', why: 'x' }, 1))).toBe('no-member');
      });
      expect(told).toEqual([]);
    });

    it('is entered once when two clerks enter it at once', async () => {
      const codes = await Promise.all(['One', 'Two', 'Three'].map(async (name) => asSystem(async () => codeOf(members.enter('seat02', given({ name }))))));
      expect(codes.toSorted()).toEqual(['member-place-taken', 'member-place-taken', 'ok']);
      expect(told.length).toBe(1);
    });
  });

  describe('the public', () => {
    it('reads who holds a place and until when, and nothing else', async () => {
      await enter('seat01');
      const row = (await within(publicScope, async () => members.register())).rows[0];
      expect([row?.term?.name, row?.term?.untilOn, row?.term?.contact, row?.term?.nominatedBy]).toEqual(['Member of seat 01', '2030-12-31', '', '']);
      const whole = (await asSystem(async () => members.register())).rows[0];
      expect([whole?.term?.contact, whole?.term?.nominatedBy]).toEqual(['+994 12 000 00 00', 'Association']);
    });

    it('writes nothing', async () => {
      await expect(within(publicScope, async () => members.enter('seat03', given()))).rejects.toThrow();
    });
  });
});
