/** The registry on both engines: history, as it stood, stale edits, imports, search, paging. */

import { expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { publicScope, workspaceScope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { createRegistry } from '../actions/registry.ts';
import { registryMigrations } from '../index.ts';

onEveryEngine((open) => {
  it('creates, finds, lists', async () => {
    const database = await open(registryMigrations());
    const registry = createRegistry({ database, clock: fixedClock('2026-11-23T09:00:00Z') });
    const made = await registry.create(workspaceScope, { name: 'Vergi risk balı', organisation: 'Dövlət Vergi Xidməti', purpose: 'Seçir' });
    expect(made.ok).toBe(true);
    if (!made.ok) return;
    expect(made.value.number).toBe(1);
    const list = await registry.list(workspaceScope, {});
    expect(list.ok && list.value.total).toBe(1);
    const found = await registry.list(workspaceScope, { q: 'VERGİ xidmeti' });
    expect(found.ok && found.value.items.map((one) => one.id)).toEqual([made.value.id]);
    expect((await registry.list(publicScope, { q: 'vergi' })).ok && (await registry.list(publicScope, {}))).toMatchObject({ value: { total: 0 } });
    const rows = Array.from({ length: 1200 }, (_, i) => ({ key: `k${i}`, record: { name: `System ${i}`, organisation: `Body ${i % 7}`, purpose: 'forecasts energy demand' } }));
    const result = await registry.importRows(workspaceScope, rows, { source: 'test' });
    expect(result.rows.every((row) => row.outcome === 'added')).toBe(true);
    const again = await registry.importRows(workspaceScope, rows, { source: 'test' });
    expect(again.rows.every((row) => row.outcome === 'unchanged')).toBe(true);
    const near = await registry.list(publicScope, { q: 'forcasts enrgy' });
    expect(near.ok && near.value.nearMisses).toBe(true);
    expect(near.ok && near.value.total).toBe(1200);
  });
});
