/** Remarks and drafts on both engines: kept as written, in order, and two editors told apart. */

import { expect, it } from 'vitest';
import type { Instant } from '../../../base/index.ts';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { lawbookMigrations } from '../../lawbook/index.ts';
import { lawdeskMigrations } from '../index.ts';
import { createDraftStore } from './drafts.ts';
import { createRemarkStore } from './remarks.ts';

const at = '2026-11-23T09:00:00.000Z' as Instant;
const digest = 'a'.repeat(64);

onEveryEngine((open) => {
  it('keeps remarks beside each other', async () => {
    const store = createRemarkStore(await open([...lawbookMigrations(), ...lawdeskMigrations()]));
    const review = await store.start({ packId: 'eu', reviewer: 'Лейла «Həsənova»', licence: '№ 7', actor: 'local-operator', at });
    const remark = { reviewId: review.id, packId: 'eu', version: '1.0.0', digest, kind: 'rule', entry: 'r', entryDigest: digest, verdict: 'agree', remark: '', proposal: '' } as const;
    const first = await store.add(remark, 'local-operator', at);
    const second = await store.add({ ...remark, verdict: 'reject', remark: 'two\nlines; \u{1F600}', proposal: "it's" }, 'local-operator', at);
    expect(second).toBeGreaterThan(first);
    const kept = await store.remarks('eu');
    expect(kept.map((one) => [one.verdict, one.remark, one.reviewer, one.licence])).toEqual([['agree', '', 'Лейла «Həsənova»', '№ 7'], ['reject', 'two\nlines; \u{1F600}', 'Лейла «Həsənova»', '№ 7']]);
    expect([await store.count('eu'), await store.count('az'), (await store.remarks('az')).length]).toEqual([2, 0, 0]);
    expect((await store.review(review.id))?.startedAt).toBe(at);
    expect(await store.review('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect((await store.reviews('eu')).map((one) => one.id)).toEqual([review.id]);
    await expect(store.add({ ...remark, verdict: 'maybe' as 'agree' }, 'local-operator', at)).rejects.toThrow();
  });

  it('keeps drafts step by step, and lets one of two editors through', async () => {
    const store = createDraftStore(await open([...lawbookMigrations(), ...lawdeskMigrations()]));
    const draft = await store.create({ title: 'T', packId: 'eu', baseVersion: '1.0.0', baseDigest: digest }, 'local-operator', at);
    const step = (after: number, path: string, text: string): Parameters<typeof store.append>[0] => ({ draftId: draft.id, after, act: 'edit', file: { path, text }, about: { kind: 'rule', id: 'r' } });
    const both = await Promise.all([store.append(step(0, 'a.yaml', 'one'), 'x', at), store.append(step(0, 'a.yaml', 'other'), 'x', at)]);
    expect(both.filter(Boolean).length).toBe(1);
    expect(await store.append(step(1, 'b.yaml', 'b'), 'x', at)).toBe(true);
    expect(await store.append(step(2, 'a.yaml', 'two'), 'x', at)).toBe(true);
    expect(await store.append(step(1, 'a.yaml', 'late'), 'x', at)).toBe(false);
    expect([...(await store.texts(draft.id, 3))].sort()).toEqual([['a.yaml', 'two'], ['b.yaml', 'b']]);
    expect((await store.texts(draft.id, 1)).has('b.yaml')).toBe(false);
    expect(await store.append({ draftId: draft.id, after: 3, act: 'undo', undoes: 3, file: { path: 'a.yaml', text: 'one' }, about: {} }, 'x', at)).toBe(true);
    expect(await store.append({ draftId: draft.id, after: 4, act: 'finish', about: { version: '1.0.1' } }, 'x', at)).toBe(true);
    expect((await store.steps(draft.id)).map((one) => [one.step, one.act, one.undoes, one.path])).toEqual([[1, 'edit', undefined, 'a.yaml'], [2, 'edit', undefined, 'b.yaml'], [3, 'edit', undefined, 'a.yaml'], [4, 'undo', 3, 'a.yaml'], [5, 'finish', undefined, undefined]]);
    expect([(await store.list()).map((one) => one.title), await store.count(), await store.get('00000000-0000-4000-8000-000000000000')]).toEqual([['T'], 1, undefined]);
  });
});
