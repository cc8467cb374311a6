/** Nominations on both engines, on a roll with real keys: every rule that refuses one by name, and the way to a roll that the log would take. */

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unsealedKeys } from '../../../app/seat/seat-folder.ts';
import { ORIGIN, rollOf33 } from '../../../../test/support/council-world.ts';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { yes } from '../../../base/index.ts';
import { publicScope, systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { councilOf33 } from '../../../proof/council/constitution.ts';
import { digestOf } from '../../../proof/council/log-state.ts';
import { printMemberKeys } from '../../../proof/council/member-keys.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { parseRoll, printRoll } from '../../../proof/council/roll-text.ts';
import type { Person } from '../../../proof/council/seat-texts.ts';
import { loadCouncilPack } from '../../council/index.ts';
import { type Members, membersMigrations, type MembersParts, openMembers } from '../index.ts';

const roll = rollOf33(suite);
/** What a member hands in for a place of an epoch. */
const fileOf = (who: Person, epoch = 2): string => printMemberKeys(unsealedKeys({ servers: [], council: ORIGIN, origin: ORIGIN, epoch, who }).handedIn);

onEveryEngine((open) => {
  let database: Database;
  let members: Members;
  let told: Parameters<NonNullable<MembersParts['record']>>[1][];
  let started: (readonly [string, Readonly<Record<string, string | undefined>>])[];
  let isFounded = true;
  const clock = fixedClock('2027-01-04T09:00:00.000Z');
  const pack = { ...loadCouncilPack(ORIGIN, undefined), constitution: councilOf33(ORIGIN) };
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const given = (more: Readonly<Record<string, string>> = {}) => ({ place: 'seat10', name: 'Proposed Member', bodies: 'Ministry', statement: 'Knows the field.', 'domain-employer': 'ministry-a', consult: '2027-01-18', ...more });
  const codeOf = async (done: Promise<{ readonly ok: boolean; readonly refusal?: unknown }>): Promise<string> => asSystem(async () => {
    const verdict = await done;
    return verdict.ok ? 'ok' : (verdict.refusal as { code: string }).code;
  });
  const propose = async (more: Readonly<Record<string, string>> = {}): Promise<string> => asSystem(async () => codeOf(members.nominate(given(more))));
  const act = async (does: 'accept' | 'decline' | 'withdraw' | 'handIn', number: number, typed: Readonly<Record<string, string>>): Promise<string> =>
    asSystem(async () => {
      const found = (await members.nominations()).nominations.find((one) => one.number === number);
      return codeOf(members[does](found?.id ?? '00000000-0000-4000-8000-000000000000', typed, found?.revision ?? 1));
    });

  beforeAll(async () => {
    database = await open([...migrationsOf('platform'), ...membersMigrations()]);
    members = openMembers({
      database,
      clock,
      pack,
      suite,
      motions: { start: async (kind, fields) => { started.push([kind, fields]); return Promise.resolve(yes('11111111-1111-4111-8111-111111111111')); } },
      council: { constitution: () => pack.constitution, standing: async () => Promise.resolve({ state: 'operating', origin: ORIGIN, epoch: 1, roll: isFounded ? roll : undefined, rollDigest: undefined, genesisDigest: undefined, prefixSize: 0, certified: undefined }), seats: async () => Promise.resolve([]), slotRollFor: async () => Promise.reject(new Error('not asked in these tests')) },
      record: async (_tx, one) => Promise.resolve(told.push(one)),
    });
  });
  beforeEach(async () => {
    [told, started, isFounded] = [[], [], true];
    clock.move('2027-01-04T09:00:00.000Z');
    await database.execute('delete from members_nominations');
    await database.execute('delete from members_terms');
  });

  describe('a nomination', () => {
    it.each<[string, Readonly<Record<string, string>>, string]>([
      ['that fits', {}, 'ok'],
      ['for a place that is none', { place: 'seat34' }, 'member-fields'],
      ['by nobody', { bodies: ' \n ' }, 'member-fields'],
      ['with a group that is no word', { 'domain-employer': 'Ministry of A = B' }, 'member-fields'],
      ['without any group', { 'domain-employer': '' }, 'member-fields'],
      ['with fewer bodies than the constituency asks for', { place: 'seat01', bodies: 'One\nTwo' }, 'nomination-support'],
      ['with one body written twice', { place: 'seat01', bodies: 'One\nTwo\n TWO ' }, 'nomination-support'],
      ['with enough bodies', { place: 'seat01', bodies: 'One\nTwo\nThree' }, 'ok'],
      ['that nobody has time to answer', { consult: '2027-01-17' }, 'nomination-window'],
      ['into a group at its cap', { 'domain-model': 'family-0' }, 'nomination-domain-cap'],
      ['into the group it takes the place of', { 'domain-model': 'family-9' }, 'ok'],
      ['into one build with all', { 'domain-build': 'mizan' }, 'ok'],
    ])('%s', async (_, more, code) => {
      expect(await propose(more)).toBe(code);
      expect(told.length).toBe(code === 'ok' ? 1 : 0);
    });

    it('is one for a person, and none for who sits elsewhere', async () => {
      await asSystem(async () => members.enter('seat11', { name: 'Sitting Member', from: '2026-01-01', until: '2029-12-31' }));
      expect([await propose(), await propose({ place: 'seat12', name: 'proposed MEMBER' }), await propose({ place: 'seat12', name: 'Sitting Member' }), await propose({ place: 'seat11', name: 'Sitting Member' })]).toEqual(['ok', 'nomination-twice', 'member-sits-already', 'ok']);
    });

    it('is told to the log without the name', async () => {
      await propose();
      expect(JSON.stringify(told[0]?.body)).not.toContain('Proposed');
      expect(told[0]?.secret).toEqual({ name: 'Proposed Member', bodies: ['Ministry'] });
    });
  });

  describe('a decision on it', () => {
    it('waits for the consultation, has a reason, and is one for a place', async () => {
      await propose();
      await propose({ name: 'Another Member' });
      expect(await act('accept', 1, { reason: 'Heard.' })).toBe('nomination-consulting');
      clock.move('2027-01-19T09:00:00.000Z');
      expect(await act('accept', 1, {})).toBe('member-fields');
      expect(await act('accept', 1, { reason: 'Heard.' })).toBe('ok');
      expect(await act('accept', 1, { reason: 'Heard.' })).toBe('member-not-now');
      expect(await act('accept', 2, { reason: 'Heard.' })).toBe('nomination-place-taken');
      expect(await act('decline', 2, { reason: 'One is enough.' })).toBe('ok');
      expect(await act('withdraw', 2, { reason: 'Late.' })).toBe('member-not-now');
      expect(await act('decline', 9, { reason: 'Nobody.' })).toBe('no-member');
      const shown = await within(publicScope, async () => members.nominations());
      expect(shown.nominations.map(({ number, reason, keys }) => [number, reason, keys])).toEqual([[1, '', undefined]]);
    });

    it('counts those taken on before against the caps and against the seats that may change', async () => {
      // Family 10 has three seats of three; the seats that leave it make room, those that come fill it.
      const places = Array.from({ length: 11 }, (_, index) => `seat${10 + index}`);
      for (const [index, place] of places.entries()) expect(await propose({ place, name: `Person ${index}`, bodies: 'One\nTwo', 'domain-employer': `new-${index}`, ...(index < 4 ? { 'domain-model': 'family-new' } : {}) })).toBe('ok');
      clock.move('2027-01-19T09:00:00.000Z');
      for (const number of [1, 2, 3]) expect(await act('accept', number, { reason: 'Heard.' })).toBe('ok');
      expect(await act('accept', 4, { reason: 'Heard.' })).toBe('nomination-domain-cap');
      for (const number of [5, 6, 7, 8, 9, 10, 11]) expect(await act('accept', number, { reason: 'Heard.' })).toBe('ok');
      expect(await propose({ place: 'seat21', name: 'Eleventh', bodies: 'One\nTwo', consult: '2027-02-18' })).toBe('ok');
      clock.move('2027-02-19T09:00:00.000Z');
      expect(await act('accept', 12, { reason: 'Heard.' })).toBe('nomination-changes');
    });
  });

  describe('the motion', () => {
    const move = async (): Promise<string> => asSystem(async () => codeOf(members.move({ basis: 'Article 7(2)' }, 'Clerk')));
    beforeEach(async () => {
      await propose();
      clock.move('2027-01-19T09:00:00.000Z');
    });

    it('needs somebody taken on, with keys that are proven for the next epoch and this place', async () => {
      expect(await move()).toBe('nomination-none');
      expect(await act('handIn', 1, { keys: fileOf({ seat: 10 }) })).toBe('member-not-now');
      await act('accept', 1, { reason: 'Heard.' });
      expect(await move()).toBe('nomination-keys-missing');
      expect(await act('handIn', 1, { keys: '' })).toBe('member-fields');
      expect(await act('handIn', 1, { keys: '{' })).toBe('nomination-keys');
      expect(await act('handIn', 1, { keys: fileOf({ seat: 10 }, 1) })).toBe('nomination-keys');
      expect(await act('handIn', 1, { keys: fileOf({ seat: 11 }) })).toBe('nomination-keys');
      // Keys of one ceremony under the proofs of another.
      const torn = JSON.parse(fileOf({ seat: 10 })) as Record<string, unknown>;
      expect(await act('handIn', 1, { keys: JSON.stringify({ ...torn, agent: (JSON.parse(fileOf({ seat: 10 })) as Record<string, unknown>)['agent'] }) })).toBe('nomination-keys');
      expect(started).toEqual([]);
      isFounded = false;
      expect(await move()).toBe('nomination-no-council');
    });

    it('carries a roll that changes this seat and nothing else, and takes the nomination with it', async () => {
      await act('accept', 1, { reason: 'Heard.' });
      expect(await act('handIn', 1, { keys: fileOf({ seat: 10 }) })).toBe('ok');
      expect(await move()).toBe('ok');
      const [[kind, fields] = []] = started;
      const next = parseRoll(fields?.['subject-roll'] ?? '');
      if (!next.ok) throw new Error(next.refusal.code);
      expect([kind, fields?.['class'], next.value.epoch, next.value.previous]).toEqual(['roll', 'constitutional', 2, digestOf(suite, printRoll(roll))]);
      expect(next.value.seats.filter(({ identity }, index) => identity !== roll.seats[index]?.identity).map(({ seat, domains }) => [seat, domains])).toEqual([[10, { employer: 'ministry-a' }]]);
      for (const language of ['az', 'en', 'ru']) expect(fields?.[`body-${language}`]).toContain('Proposed Member');
      const [nomination] = (await asSystem(async () => members.nominations())).nominations;
      expect([nomination?.state, nomination?.motionId, told.at(-1)?.act]).toEqual(['moved', '11111111-1111-4111-8111-111111111111', 'nominations-moved']);
      expect(await move()).toBe('nomination-none');
    });

    it('puts an alternate with new keys in their rank', async () => {
      clock.move('2027-01-04T09:00:00.000Z');
      await propose({ place: 'alt-state-2', name: 'Alternate', 'domain-employer': '' });
      clock.move('2027-01-19T09:00:00.000Z');
      await act('accept', 2, { reason: 'Heard.' });
      expect(await act('handIn', 2, { keys: fileOf({ constituency: 'state', rank: 2 }) })).toBe('ok');
      expect(await move()).toBe('ok');
      const next = parseRoll(started[0]?.[1]['subject-roll'] ?? '');
      expect(next.ok ? next.value.alternates.filter(({ identity }, index) => identity !== roll.alternates[index]?.identity).map(({ constituency, rank }) => [constituency, rank]) : next.refusal).toEqual([['state', 2]]);
    });
  });
});
