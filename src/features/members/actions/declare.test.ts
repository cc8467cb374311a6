/** Interests on both engines: what is declared, whom the parties of a motion meet, and who sits as the slot roll of the council says. */

import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ORIGIN, rollOf33 } from '../../../../test/support/council-world.ts';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { yes } from '../../../base/index.ts';
import { publicScope, systemScope, within } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { type Database, migrationsOf } from '../../../platform/db/index.ts';
import { admitRoll, slotRollOf } from '../../../proof/council/admitted-roll.ts';
import { councilOf33 } from '../../../proof/council/constitution.ts';
import { nodeSuite as suite } from '../../../proof/node-suite.ts';
import { printRoll } from '../../../proof/council/roll-text.ts';
import type { Person } from '../../../proof/council/seat-texts.ts';
import { printSlotRoll } from '../../../proof/council/slot-roll-text.ts';
import { loadCouncilPack } from '../../council/index.ts';
import { type Members, membersMigrations, type MembersParts, openMembers } from '../index.ts';

const roll = rollOf33(suite);

onEveryEngine((open) => {
  let database: Database;
  let members: Members;
  let termId: string;
  let recused: readonly Person[];
  let told: Parameters<NonNullable<MembersParts['record']>>[1][];
  const pack = { ...loadCouncilPack(ORIGIN, undefined), constitution: councilOf33(ORIGIN) };
  const admitted = admitRoll(suite, pack.constitution, printRoll(roll));
  if (!admitted.ok) throw new Error(admitted.refusal.code);
  const motion = { parties: ['reqemsal-nazirlik'], slot: '2027-014', round: 1 };

  beforeAll(async () => {
    database = await open([...migrationsOf('platform'), ...membersMigrations()]);
    members = openMembers({
      database,
      clock: fixedClock('2027-01-04T09:00:00.000Z'),
      pack,
      suite,
      motions: { start: async () => Promise.reject(new Error('no motion follows from an interest')) },
      council: {
        constitution: () => pack.constitution,
        standing: async () => Promise.resolve({ state: 'operating', origin: ORIGIN, epoch: 1, roll, rollDigest: undefined, genesisDigest: undefined, prefixSize: 0, certified: undefined }),
        seats: async () => Promise.resolve([]),
        slotRollFor: async (slot, round) => Promise.resolve(yes({ text: printSlotRoll(slotRollOf(admitted.value, { slot, round }, recused)), digest: '' })),
      },
      record: async (_tx, one) => Promise.resolve(told.push(one)),
    });
  });
  const asSystem = async <T>(work: () => Promise<T>): Promise<T> => within(systemScope, work);
  const enter = async (place: string, name: string): Promise<string> =>
    asSystem(async () => {
      const made = await members.enter(place, { name, from: '2026-01-01', until: '2029-12-31' });
      return made.ok ? made.value : made.refusal.code;
    });
  beforeEach(async () => {
    [recused, told] = [[], []];
    await database.execute('delete from members_terms');
    termId = await enter('seat10', 'Sitting Member');
  });
  const declare = async (more: Readonly<Record<string, string>> = {}, term = termId): Promise<string> =>
    asSystem(async () => {
      const done = await members.declare(term, { organisation: 'Rəqəmsal Nazirlik', kind: 'employment', from: '2026-05-01', ...more });
      return done.ok ? 'ok' : done.refusal.code;
    });
  const conflicts = async (of: Partial<typeof motion> = {}, names: readonly string[] = []) => within(publicScope, async () => members.conflicts({ ...motion, ...of }, { recused: names }));

  describe('an interest', () => {
    it.each<[string, Readonly<Record<string, string>>, string]>([
      ['that fits', {}, 'ok'],
      ['with nobody', { organisation: ' ' }, 'member-fields'],
      ['whose name has no letter', { organisation: '…' }, 'member-fields'],
      ['of no kind', { kind: 'friendship' }, 'member-fields'],
      ['that ends before it begins', { until: '2026-04-30' }, 'member-fields'],
    ])('%s', async (_, more, code) => expect(await declare(more)).toBe(code));

    it('is declared once, by somebody, and stays with its last day', async () => {
      expect([await declare(), await declare({ organisation: 'rəqəmsal  NAZİRLİK' }), await declare({}, '00000000-0000-4000-8000-000000000000')]).toEqual(['ok', 'interest-twice', 'no-member']);
      const [interest] = await within(publicScope, async () => members.interests());
      const end = async (until: string, revision: number): Promise<string> => asSystem(async () => {
        const done = await members.endInterest(interest?.id ?? '', { until }, revision);
        return done.ok ? 'ok' : done.refusal.code;
      });
      expect([await end('2027-01-05', 1), await end('2026-04-01', 1), await end('2027-01-03', 9), await end('2027-01-03', 1), await end('2027-01-03', 1)]).toEqual(['member-fields', 'member-fields', 'member-stale', 'ok', 'member-stale']);
      expect(await conflicts()).toBeUndefined();
      expect(told.map(({ act }) => act)).toEqual(['entered', 'interest-declared', 'interest-ended']);
    });
  });

  describe('a motion', () => {
    it('that meets nobody shows nothing', async () => {
      await declare();
      expect([await conflicts({ parties: [] }), await conflicts({ parties: ['other-body'] })]).toEqual([undefined, undefined]);
    });

    it('shows whose interest it meets while nobody stepped aside', async () => {
      await declare();
      const found = (await conflicts())?.conflicts;
      expect(found?.map(({ place, name, isRecused, sits }) => [place.place, name, isRecused, sits])).toEqual([['seat10', 'Sitting Member', false, undefined]]);
    });

    it('shows the sworn alternate of the slot roll, the next where that one is recused, and nobody where none is left', async () => {
      await declare();
      await enter('alt-state-1', 'First Alternate');
      const sits = async (): Promise<unknown> => {
        const one = (await conflicts({}, ['seat10']))?.conflicts[0];
        return [one?.isRecused, one?.sits?.place.place, one?.sits?.name];
      };
      recused = [{ seat: 10 }];
      expect(await sits()).toEqual([true, 'alt-state-1', 'First Alternate']);
      recused = [{ seat: 10 }, { constituency: 'state', rank: 1 }];
      expect(await sits()).toEqual([true, 'alt-state-2', undefined]);
      recused = [...recused, { constituency: 'state', rank: 2 }];
      expect(await sits()).toEqual([true, undefined, undefined]);
    });
  });
});
