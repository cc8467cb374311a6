/** Every entry of the packs that ship can be edited, copied and removed, and nothing else of its file moves. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPackFolder } from '../../lawbook/index.ts';
import { conditionsIn, entriesOf, type Entry, localisedIn } from './entries.ts';
import { copyEntry, editEntry, removeEntry } from './yaml-edit.ts';

const packs = join(import.meta.dirname, '../../../../packs/law');
/** One of so many entries of a kind: each edit reads its file several times. */
const ONE_OF = 25;
const TIME_MS_MAX = 180_000;

it.each(readdirSync(packs))('%s', (name) => {
  const files = readPackFolder(join(packs, name));
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  const changedLines = (before: string, after: string): number => {
    const [old, now] = [before.split('\n'), after.split('\n')];
    let same = 0;
    while (same < old.length && old[same] === now[same]) same++;
    let tail = 0;
    while (tail < old.length - same && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
    return now.length - same - tail;
  };
  const check = (entry: Entry, text: string): void => {
    const what = `${entry.kind}:${entry.id}`;
    const first = localisedIn(entry.data)[0];
    const condition = conditionsIn(entry.data)[0];
    if (first !== undefined) {
      const edited = editEntry(text, entry.kind, entry.id, [{ path: [...first.path, 'en'], value: 'Another: “wording”, # with signs' }]);
      if (!edited.ok) wrong.push(`${what} text: ${edited.refusal}`);
      else if (changedLines(text, edited.value) > 1) wrong.push(`${what} text: ${changedLines(text, edited.value)} lines`);
    }
    if (condition !== undefined) {
      const edited = editEntry(text, entry.kind, entry.id, [{ path: condition.path, value: 'S.infers and (S.mil_only or X.area has any [a, b])' }]);
      if (!edited.ok) wrong.push(`${what} condition: ${edited.refusal}`);
    }
    const copied = copyEntry(text, entry.kind, entry.id, 'a-copy');
    const removed = copied.ok ? removeEntry(copied.value, entry.kind, 'a-copy') : copied;
    if (!removed.ok) wrong.push(`${what} copy: ${removed.refusal}`);
    else if (removed.value !== text) wrong.push(`${what}: copying and removing is not the same again`);
  };
  for (const entry of entriesOf(files)) {
    const number = seen.get(`${entry.file} ${entry.kind}`) ?? 0;
    seen.set(`${entry.file} ${entry.kind}`, number + 1);
    if (number % ONE_OF === 0) check(entry, files.find((file) => file.path === entry.file)?.text ?? '');
  }
  expect(wrong).toEqual([]);
  expect(seen.size).toBeGreaterThan(3);
}, TIME_MS_MAX);
