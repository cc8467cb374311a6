/** Edits of pack files: the meaning changes as asked, every other byte stays. */

import { describe, expect, it } from 'vitest';
import { entriesOf, entryOf } from './entries.ts';
import { addEntry, copyEntry, editEntry, type FieldEdit, removeEntry, setTop, written } from './yaml-edit.ts';

const RULES = `# Rules of a test.
definitions:
  - id: hit   # what the list says
    when: A and (B or C)
    label:
      az: "Bir"
      en: "One"
      ru: "Один"
    cite: [ { act: act, article: "Art. 1" } ]
  # The flow form, as short packs have it.
  - { id: flow, when: "not D", label: { az: "x", en: "y", ru: "z" } }
rules:
  - id: first
    concludes: high
    when:
      any: [ A, B ]
    label: { az: "a", en: "b", ru: "c" } # kept
    cite:
      - { act: act, article: "Art. 2" }
      - { act: act, article: "Art. 3" }
    ev: V

  # Between two rules.
  - id: second
    concludes: high
    when: A
parameters:
  applies.x:
    type: date
    values:
      - { value: 2026-08-02, known: 2024-07-12, source: "Art. 113", ev: V }
  # Last words.
`;

const changedLines = (before: string, after: string): readonly string[] => {
  const old = new Set(before.split('\n'));
  return after.split('\n').filter((line) => !old.has(line));
};

describe('editEntry', () => {
  const cases: readonly (readonly [name: string, kind: Parameters<typeof editEntry>[1], id: string, edit: FieldEdit, lines: readonly string[]])[] = [
    ['a condition', 'definition', 'hit', { path: ['when'], value: 'A and B' }, ['    when: A and B']],
    ['a condition with a list', 'definition', 'hit', { path: ['when'], value: 'X in [a, b] or not C' }, ['    when: X in [a, b] or not C']],
    ['one language', 'definition', 'hit', { path: ['label', 'en'], value: 'Two: or “three” # not' }, ['      en: "Two: or “three” # not"']],
    ['in a flow map', 'definition', 'flow', { path: ['when'], value: 'D and E' }, ['  - { id: flow, when: "D and E", label: { az: "x", en: "y", ru: "z" } }']],
    ['a new field', 'rule', 'first', { path: ['authority'], value: 'national' }, ['    authority: national']],
    ['a new field in a flow map', 'definition', 'flow', { path: ['note'], value: 'Why, so.' }, ['  - { id: flow, when: "not D", label: { az: "x", en: "y", ru: "z" }, note: "Why, so." }']],
    ['a tree by text', 'rule', 'first', { path: ['when'], value: 'A' }, []],
    ['a block list', 'rule', 'first', { path: ['cite'], value: [{ act: 'act', article: 'Art. 9(1)' }] }, ['      [ { act: act, article: "Art. 9(1)" } ]']],
    ['a dated value', 'parameter', 'applies.x', { path: ['values', 0, 'value'], value: '2027-12-02' }, ['      - { value: 2027-12-02, known: 2024-07-12, source: "Art. 113", ev: V }']],
    ['a comment at the end of the line', 'rule', 'first', { path: ['label', 'en'], value: 'q' }, ['    label: { az: "a", en: q, ru: "c" } # kept']],
    ['taking a field away', 'rule', 'first', { path: ['ev'], value: undefined }, []],
    ['taking away what is not there', 'rule', 'second', { path: ['note'], value: undefined }, []],
    ['a text that looks like a number', 'rule', 'second', { path: ['note'], value: '1e5' }, ['    note: "1e5"']],
    ['lines', 'rule', 'second', { path: ['note'], value: 'one\ntwo' }, ['    note: "one\\ntwo"']],
  ];
  it.each(cases)('%s', (_name, kind, id, edit, lines) => {
    const edited = editEntry(RULES, kind, id, [edit]);
    if (!edited.ok) throw new Error(edited.refusal);
    if (lines.length > 0) expect(changedLines(RULES, edited.value)).toEqual(lines);
    // Comments of other places stay, whatever was edited.
    for (const comment of ['# Rules of a test.', '# The flow form', '# Between two rules.', '# Last words.', '# what the list says', '# kept']) expect(edited.value).toContain(comment);
    expect(entriesOf([{ path: 'x', text: edited.value }])).toHaveLength(5);
  });

  it.each([
    ['an entry that is not there', 'rule', 'none', ['when'], 'entry-missing'],
    ['a list item that is not there', 'rule', 'first', ['cite', 9, 'article'], 'field-missing'],
    ['a way through text', 'rule', 'second', ['when', 'all'], 'field-missing'],
  ] as const)('refuses %s', (_name, kind, id, path, refusal) => expect(editEntry(RULES, kind, id, [{ path, value: 'x' }])).toEqual({ ok: false, refusal }));

  it('refuses a file that is no YAML', () => expect(editEntry('a: [', 'rule', 'x', [{ path: ['when'], value: 'A' }])).toEqual({ ok: false, refusal: 'file-broken' }));
});

describe('texts that entries share by an anchor', () => {
  const SHARED = `rules:
  - id: one
    label: &l { az: "a", en: "b", ru: "c" } # shared
    when: A
  - id: two
    label: *l
    due:
      - &d { when: B }
  - id: three
    due:
      - *d
`;
  const dataOf = (text: string): readonly unknown[] => entriesOf([{ path: 'x', text }]).map((entry) => entry.data);
  it.each<readonly [string, string, FieldEdit, string]>([
    ['the one that has the text', 'one', { path: ['label', 'en'], value: 'q' }, 'label: { az: a, en: b, ru: c }'],
    ['the one that borrows it', 'two', { path: ['label', 'en'], value: 'q' }, 'label: { az: a, en: q, ru: c }'],
    ['a part that is borrowed', 'two', { path: ['due', 0, 'when'], value: 'C' }, '- { when: B }'],
    ['a part that borrows', 'three', { path: ['due', 0, 'when'], value: 'C' }, '- { when: C }'],
  ])('%s changes alone', (_name, id, edit, line) => {
    const edited = editEntry(SHARED, 'rule', id, [edit]);
    if (!edited.ok) throw new Error(edited.refusal);
    expect(edited.value).toContain(line);
    const changed = entriesOf([{ path: 'x', text: edited.value }]).flatMap((entry, index) => (JSON.stringify(entry.data) === JSON.stringify(dataOf(SHARED)[index]) ? [] : [entry.id]));
    expect(changed).toEqual([id]);
  });
  it('an entry whose text others borrow can be removed', () => {
    const removed = removeEntry(SHARED, 'rule', 'one');
    expect(removed.ok && dataOf(removed.value)).toEqual(dataOf(SHARED).slice(1));
  });
});

describe('whole entries', () => {
  it.each([
    ['rule', 'first'],
    ['rule', 'second'],
    ['definition', 'flow'],
    ['parameter', 'applies.x'],
  ] as const)('copies and removes the %s %s', (kind, id) => {
    const copied = copyEntry(RULES, kind, id, 'copied-one');
    if (!copied.ok) throw new Error(copied.refusal);
    const entry = entryOf([{ path: 'x', text: copied.value }], kind, 'copied-one');
    const original = entryOf([{ path: 'x', text: RULES }], kind, id);
    expect({ ...entry?.data, id: '' }).toEqual({ ...original?.data, id: '' });
    const removed = removeEntry(copied.value, kind, 'copied-one');
    expect(removed.ok && entriesOf([{ path: 'x', text: removed.value }]).map((one) => one.id)).toEqual(entriesOf([{ path: 'x', text: RULES }]).map((one) => one.id));
    expect(removed.ok && removed.value).toContain('# Between two rules.');
  });

  it('refuses an id that is taken', () => expect(copyEntry(RULES, 'rule', 'first', 'second')).toEqual({ ok: false, refusal: 'id-taken' }));
  it('refuses to remove what is not there', () => expect(removeEntry(RULES, 'rule', 'third')).toEqual({ ok: false, refusal: 'entry-missing' }));
});

it('writes a field at the top', () => expect(setTop('# head\nid: a\nversion: 1.0.0 # now\n', 'version', '1.1.0')).toEqual({ ok: true, value: '# head\nid: a\nversion: 1.1.0 # now\n' }));

it.each([
  [['a', 'b.c'], '[ a, b.c ]'],
  [{ has: ['a'], hasNot: [] }, '{ has: [ a ], hasNot: [] }'],
  ['true', '"true"'],
  ['2026-08-02', '2026-08-02'],
  ['', '""'],
  ['$fine.x', '$fine.x'],
] as const)('%j is written %s', (value, text) => expect(written(value, true)).toBe(text));

const LISTS = `timings:
  - id: one
    due:
      - &shared
        id: a # first
        date: never
      # Before the second.
      - { id: b, date: base }
  - id: two
    due: [ { id: c, date: base } ]
  - id: three
    due:
      - *shared
      - { id: d, date: base }
`;
const lines = (text: string, id: string): unknown => entryOf([{ path: 'x', text }], 'timing', id)?.data['due'];
const [A, B, C, D, NEW] = [{ id: 'a', date: 'never' }, { id: 'b', date: 'base' }, { id: 'c', date: 'base' }, { id: 'd', date: 'base' }, { id: 'new', date: 'max(article, route)' }];

describe('items of lists', () => {
  it.each<[string, string, FieldEdit, readonly unknown[], string]>([
    ['is added at the end', 'one', { path: ['due', 2], value: NEW }, [A, B, NEW], '- { id: b, date: base }\n      - { id: new, date: "max(article, route)" }\n  - id: two'],
    ['is put before one with an anchor', 'one', { path: ['due', 0], value: NEW, insert: true }, [NEW, A, B], 'due:\n      - { id: new, date: "max(article, route)" }\n      - &shared'],
    ['is put before another', 'one', { path: ['due', 1], value: NEW, insert: true }, [A, NEW, B], '# Before the second.'],
    ['is removed', 'one', { path: ['due', 1], value: undefined }, [A], 'id: a # first'],
    ['is removed though others borrow it', 'one', { path: ['due', 0], value: undefined }, [B], '- { id: b, date: base }'],
    ['is added to a flow list', 'two', { path: ['due', 1], value: NEW }, [C, NEW], '[ { id: c, date: base }, { id: new'],
    ['is put first in a flow list', 'two', { path: ['due', 0], value: NEW, insert: true }, [NEW, C], 'due: [ { id: new'],
    ['is removed from a list that borrows', 'three', { path: ['due', 0], value: undefined }, [D], '&shared'],
    ['is put before a borrowed one, which stays borrowed', 'three', { path: ['due', 0], value: NEW, insert: true }, [NEW, A, D], '- *shared'],
  ])('one %s (%s)', (_what, id, edit, expected, kept) => {
    const edited = editEntry(LISTS, 'timing', id, [edit]);
    if (!edited.ok) throw new Error(edited.refusal);
    expect(lines(edited.value, id)).toEqual(expected);
    for (const other of ['one', 'two', 'three']) if (other !== id) expect(lines(edited.value, other)).toEqual(lines(LISTS, other));
    expect(edited.value).toContain(kept);
  });
  it.each([5, 3])('refuses the place %i', (at) => expect(editEntry(LISTS, 'timing', 'one', [{ path: ['due', at], value: NEW }])).toEqual({ ok: false, refusal: 'field-missing' }));
});

describe('an entry from nothing', () => {
  it.each<[string, Parameters<typeof addEntry>[1], string, string]>([
    ['joins its section', 'rule', RULES, 'when: A\n  - id: fresh\n    label:'],
    ['joins a map', 'parameter', RULES, '  fresh: { label:'],
    ['gets a section', 'fact', RULES, '# Last words.\nfacts:\n  - id: fresh\n'],
    ['gets a map', 'parameter', 'id: x\n', 'id: x\nparameters:\n  fresh:\n    label:'],
    ['stands alone in an empty file', 'rule', '', 'rules:\n  - id: fresh\n'],
    ['joins a flow list', 'rule', 'rules: [ { id: a } ]\n', 'rules: [ { id: a }, { id: fresh,'],
  ])('%s (%s)', (_what, kind, text, expected) => {
    const data = { label: { az: 'Ə: “sual”', en: 'On, and # more', ru: 'Да' }, when: 'A and not B', cite: [{ act: 'act', article: 'Art. 6(2)' }], priority: 10, note: null };
    const added = addEntry(text, kind, 'fresh', data);
    if (!added.ok) throw new Error(added.refusal);
    expect(added.value).toContain(expected);
    const { id: _id, ...kept } = (entryOf([{ path: 'x', text: added.value }], kind, 'fresh')?.data ?? {}) as { readonly id?: string };
    expect(kept).toEqual(data);
    const removed = removeEntry(added.value, kind, 'fresh');
    if (entriesOf([{ path: 'x', text }]).some((one) => one.kind === kind)) expect(removed).toEqual({ ok: true, value: text });
  });
  it('refuses an id that is taken', () => expect(addEntry(RULES, 'rule', 'first', {})).toEqual({ ok: false, refusal: 'id-taken' }));
  it.each(['- a list', 'rules: [', 'text'])('refuses a file that is no pack file: %s', (text) => expect(addEntry(text, 'rule', 'fresh', {})).toEqual({ ok: false, refusal: 'file-broken' }));
});
