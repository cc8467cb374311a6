/** What people do stands in the log: registrations, corrections, withdrawals, law put in force, roles; who did it only as commitments that can be opened. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { systemScope, within } from '../../src/platform/auth/index.ts';
import { fromHex, fromUtf8, hex, utf8 } from '../../src/proof/bytes.ts';
import { opensPrivate } from '../../src/proof/commitment.ts';
import { nodeSuite } from '../../src/proof/node-suite.ts';
import type { Json } from '../../src/base/index.ts';
import { taxRisk } from '../../src/features/registry/examples.ts';
import { openStory, type Story } from '../support/story.ts';

interface Event {
  readonly kind: string;
  readonly body: { readonly [name: string]: Json };
  readonly private?: { readonly [name: string]: string };
}

describe('the log of a register', () => {
  let story: Story;
  beforeAll(async () => {
    story = await openStory();
  }, 120_000);
  afterAll(async () => story.close());

  const rows = async <T>(query: ReturnType<typeof sql<T>>): Promise<readonly T[]> => within(systemScope, async () => (await query.execute(story.mizan.database.db)).rows);
  const events = async (): Promise<readonly Event[]> => {
    // Entries are written within moments of their act.
    for (let asked = 0; asked < 100; asked++) {
      const [waiting] = await rows(sql<{ count: number }>`select count(*) as count from ledger_pending`);
      if (Number(waiting?.count) === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const found = await rows(sql<{ entry: Uint8Array }>`select entry from ledger_entries order by index`);
    return found.map(({ entry }) => JSON.parse((fromUtf8(new Uint8Array(entry)) ?? '').split('\n')[1] ?? '{}') as Event);
  };

  it('has the law that a first start puts in force', async () => {
    expect((await events()).filter(({ kind }) => kind === 'lawbook.adoption').length).toBeGreaterThan(0);
  });

  it('has an entry from its registration on, and never its words', async () => {
    const record = taxRisk;
    const made = (await story.send('POST', '/api/v1/systems', { record })).json<{ id: string; revision: number }>();
    const before = (await events()).length;
    const move = async (revision: number, to: string): Promise<number> => (await story.send('POST', `/api/v1/systems/${made.id}/transitions`, { to, reason: 'as decided' }, { 'if-match': `"${revision}"` })).status;
    expect(await move(1, 'submitted')).toBe(200);
    expect((await events()).length).toBe(before);
    expect(await move(2, 'registered')).toBe(200);
    expect(await move(3, 'withdrawn')).toBe(200);
    const told = (await events()).filter(({ kind }) => kind === 'registry.change');
    expect(told.map(({ body }) => [body['system'], body['revision'], body['status']])).toEqual([[made.id, 3, 'registered'], [made.id, 4, 'withdrawn']]);
    expect(JSON.stringify(told)).not.toContain(taxRisk.name);
  });

  it('names who acted only as a commitment, which opens with its salt and with nothing else', async () => {
    const answer = await story.send('POST', '/api/v1/identity/organisations', { names: { az: 'Agentlik', en: 'An agency', ru: 'Агентство' }, kind: 'ministry' });
    expect([answer.status, answer.body.slice(0, 300)]).toEqual([201, expect.any(String)]);
    expect((await events()).filter(({ kind }) => kind === 'platform.act').map(({ body }) => body['policy'])).toEqual(['organisation.create']);
    const openings = await rows(sql<{ commitment: Uint8Array; salt: Uint8Array; content: string; purpose: string }>`select commitment, salt, content, purpose from ledger_openings`);
    expect(openings.length).toBeGreaterThan(0);
    const committed = new Set((await events()).flatMap((event) => Object.values(event.private ?? {})));
    for (const { commitment, salt, content } of openings) {
      expect(committed.has(`sha256:${hex(new Uint8Array(commitment))}`)).toBe(true);
      expect(opensPrivate(nodeSuite, new Uint8Array(commitment), new Uint8Array(salt), JSON.parse(content) as Json).ok).toBe(true);
      expect(opensPrivate(nodeSuite, new Uint8Array(commitment), fromHex('00'.repeat(32)) ?? utf8(''), JSON.parse(content) as Json).ok).toBe(false);
    }
    // The opening can be erased; the entry stays, and means nothing any more.
    await rows(sql`delete from ledger_openings where purpose like 'lawbook%'`);
    expect((await rows(sql<{ count: number }>`select count(*) as count from ledger_openings where purpose like 'lawbook%'`)).map(({ count }) => count)).toEqual([0]);
  });

  it('is whole, and says so', async () => {
    const told = (await story.get('/api/v1/log/check')).json<{ standing: string; problems: string[]; entries: number }>();
    expect(told).toMatchObject({ standing: 'signing', problems: [] });
    expect(told.entries).toBeGreaterThan(2);
    let html = '';
    for (let asked = 0; asked < 100 && !html.includes('Change of a published entry'); asked++) {
      html = (await story.page('/log')).html;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(html).toContain('Change of a published entry');
  });
});
