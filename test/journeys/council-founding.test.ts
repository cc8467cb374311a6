/** From the files of a key ceremony to a founded council: what is missing is named, what was compared is what is founded, and once only. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unsealedKeys } from '../../src/app/seat/seat-folder.ts';
import type { RollProblem } from '../../src/features/council/rules/founding-roll.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { printConstitution } from '../../src/proof/council/constitution.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { quick, SERVED_ORIGIN } from '../support/council-server.ts';
import { type OutsideWitness, outsideWitness } from '../support/outside-witness.ts';
import { openStory, type Story } from '../support/story.ts';

const SEATS = 33;
interface RollTold {
  readonly roll: string | null;
  readonly digest: string | null;
  readonly keyEntries: readonly string[];
  readonly problems: readonly RollProblem[];
}

const constitution = quick(SERVED_ORIGIN, 10, 1);
const handedIn = (who: { readonly seat: number } | { readonly constituency: string; readonly rank: number }): Record<string, unknown> => {
  const { who: is, ...keys } = unsealedKeys({ servers: [], council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who }).handedIn;
  return { ...keys, ...is };
};
const members = Array.from({ length: SEATS }, (_, index) => ({ name: `seat${index + 1}.json`, content: handedIn({ seat: index + 1 }) }));
const alternate = { name: 'alternate.json', content: handedIn({ constituency: constitution.constituencies[0]?.name ?? '', rank: 1 }) };
const domains = Object.fromEntries(members.map((_, index) => [String(index + 1), { employer: `employer-${index % 8}`, build: 'mizan' }]));

describe('founding a council', () => {
  let story: Story;
  let witnesses: readonly OutsideWitness[];
  let made: RollTold;
  const roll = async (given: object): Promise<RollTold> => (await story.send('POST', '/api/v1/council/roll', given)).json<RollTold>();

  beforeAll(async () => {
    const base = mkdtempSync(join(tmpdir(), 'mizan-founding-'));
    witnesses = await Promise.all(['court', 'audit', 'university'].map(async (name) => outsideWitness(`witness.${name}.example`)));
    writeFileSync(join(base, 'constitution'), printConstitution(constitution));
    writeFileSync(join(base, 'policy'), `${witnesses.map(({ vkey, url }, at) => `witness w${at + 1} ${vkey} ${url}`).join('\n')}\nquorum none\n`);
    story = await openStory({ environment: { LOG_ORIGIN: SERVED_ORIGIN, LOG_POLICY: join(base, 'policy'), COUNCIL_CONSTITUTION: join(base, 'constitution'), OUTBOUND_ALLOW: witnesses.map(({ url }) => `private:${url}`).join(' ') } });
  }, 120_000);
  afterAll(async () => {
    await story?.close();
    await Promise.all((witnesses ?? []).map(async (one) => one.close()));
  });

  it('says before the founding that there is none', async () => {
    expect((await story.get('/api/v1/council')).json()).toMatchObject({ state: 'unfounded', epoch: 0, rollDigest: null, certified: null });
    expect((await story.get('/council/v1/genesis')).status).toBe(404);
    const { status, document } = await story.page('/council');
    expect(status).toBe(200);
    expect(document.body.textContent).toContain('The council is not founded yet');
  });

  it.each<readonly [string, object, string, string]>([
    ['a seat without a file', { members: members.slice(1), domains }, 'seat01', 'founding-seat-missing'],
    ['two files of one seat', { members: [...members, members[4]], domains }, 'seat5.json', 'founding-member-twice'],
    ['a file that is none', { members: [...members.slice(1), { name: 'notes.json', content: { hello: 'world' } }], domains }, 'notes.json', 'text-type'],
    ['a possession of another key', { members: [{ name: 'seat1.json', content: { ...members[0]?.content, possession: members[1]?.content['possession'] } }, ...members.slice(1)], domains }, 'seat01', 'possession-text'],
    ['keys of another epoch', { members: [{ name: 'seat1.json', content: { ...members[0]?.content, epoch: 2 } }, ...members.slice(1)], domains }, 'seat01', 'other-epoch'],
    ['a seat of which nobody said what it fails with', { members, domains: { ...domains, 7: {} } }, 'seat07', 'founding-domains-missing'],
    ['a domain of no known kind', { members, domains: { ...domains, 7: { weather: 'rain' } } }, 'seat 7', 'founding-domain-unknown'],
    ['an alternate of no constituency', { members: [...members, { name: 'x.json', content: handedIn({ constituency: 'nowhere', rank: 1 }) }], domains }, 'alt-nowhere-1', 'founding-constituency-unknown'],
    ['a seat too many', { members: [...members, { name: 'x.json', content: handedIn({ seat: 34 }) }], domains }, 'seat34', 'founding-seat-unknown'],
  ])('names %s', async (_what, given, where, code) => {
    const told = await roll(given);
    expect(told.roll).toBeNull();
    expect(told.problems).toContainEqual(expect.objectContaining({ where, code }));
  });

  it('makes the same roll of the same files in any order', async () => {
    made = await roll({ members: [alternate, ...members], domains });
    expect(made.problems).toEqual([]);
    expect(made.keyEntries).toHaveLength(SEATS + 1);
    expect(made.digest).toBe(digestOf(suite, made.roll ?? ''));
    expect((await roll({ members: [...members.toReversed(), alternate], domains })).digest).toBe(made.digest);
  });

  it('founds what was compared and nothing else', async () => {
    const found = async (given: object, headers?: Readonly<Record<string, string>>): ReturnType<Story['send']> => story.send('POST', '/api/v1/council/found', given, headers);
    const whole = { roll: made.roll, digest: made.digest, keyEntries: made.keyEntries };
    expect((await found(whole, { authorization: '' })).status).toBe(401);
    expect((await found({ ...whole, digest: 'a'.repeat(64) })).json()).toMatchObject({ status: 422, code: 'council-roll-digest' });
    const other = (made.roll ?? '').replace('epoch 1', 'epoch 2');
    expect((await found({ ...whole, roll: other, digest: digestOf(suite, other) })).json()).toMatchObject({ status: 422, code: 'council-entry-refused', errors: [{ path: 'entries[1] line 3', message: 'roll-epoch: 2' }] });
    const founded = await found(whole);
    expect(founded.status).toBe(200);
    const { digest } = founded.json<{ readonly digest: string }>();
    expect((await found(whole)).json()).toMatchObject({ status: 409, code: 'council-founded-already' });
    const told = (await story.get('/council/v1/genesis')).json<{ readonly genesis: { readonly text: string }; readonly roll: { readonly text: string } }>();
    expect(digestOf(suite, told.genesis.text)).toBe(digest);
    expect(told.roll.text).toBe(made.roll);
    expect((await story.get('/api/v1/council')).json()).toMatchObject({ state: 'operating', epoch: 1, rollDigest: made.digest, genesisDigest: digest, prefixSize: expect.any(Number) as number });
  }, 120_000);

  it('shows the council to everybody, and its silent seats to who watches them', async () => {
    for (const language of ['az', 'en', 'ru']) {
      const { status, document } = await story.page('/council', language);
      expect(status).toBe(200);
      expect(document.querySelectorAll('tbody tr').length).toBeGreaterThanOrEqual(SEATS);
      expect(document.body.textContent).toContain(made.digest ?? '?');
    }
    const watched = await story.page('/council/seats');
    expect(watched.document.body.textContent).toContain('Few seats answer');
    expect((await story.get('/council/seats', { authorization: '' })).status).not.toBe(200);
  });

  it('certifies nothing without its seats', async () => {
    expect((await story.get('/council/v1/rounds')).json()).toMatchObject({ rounds: [], total: 0 });
    expect((await story.get('/api/v1/council')).json()).toMatchObject({ certified: null });
    // Heads that no quorum cosigned are final no more.
    expect((await story.get('/log/checkpoint')).status).toBe(404);
  });
});
