/** Components wire labels, hints and errors, escape what people typed, and their examples run in three languages. */

import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Language, LANGUAGES } from '../../../base/index.ts';
import { barChart } from '../../charts/index.ts';
import { componentExamples, say } from '../examples/index.ts';
import { markupSource } from '../markup-source.ts';
import * as door from './index.ts';
import {
  Breadcrumbs,
  Button,
  ChartFigure,
  Checkboxes,
  DateInput,
  Details,
  DiffView,
  ErrorSummary,
  Facets,
  FileUpload,
  LanguageContext,
  Notice,
  PageHeading,
  Pagination,
  Progress,
  Radios,
  ResultTag,
  SearchBox,
  Select,
  StatusTag,
  SummaryList,
  Table,
  Tag,
  TextArea,
  TextInput,
  Timeline,
} from './index.ts';
import { wordDifference } from './word-difference.ts';

const HOSTILE = '<img src=x onerror="alert(1)">&\'';

function html(node: VNode, language: Language = 'en'): string {
  return renderToString(<LanguageContext.Provider value={language}>{node}</LanguageContext.Provider>);
}

/** Every id that something points at exists, and no id occurs twice. */
function checkReferences(markup: string): void {
  const ids = [...markup.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1] ?? '');
  expect(new Set(ids).size, `ids of ${markup.slice(0, 80)}`).toBe(ids.length);
  const pointed = [...markup.matchAll(/\s(?:for|aria-describedby|aria-labelledby|list)="([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(' '));
  for (const id of pointed) expect(ids).toContain(id);
}

describe('examples', () => {
  const examples = componentExamples.flatMap(({ component, examples: all }) => all.map((example) => [component, example.name, example] as const));

  it.each(examples)('%s %s: references hold, nothing forbidden by the content policy, in three languages', (_component, _name, example) => {
    const shown = LANGUAGES.map((language) => html(example.render(say(language), language), language));
    for (const markup of shown) {
      checkReferences(markup);
      expect(markup).not.toMatch(/\sstyle="|\son[a-z]+="|<script|<style/);
      expect(markup).not.toMatch(/undefined|\[object/);
    }
  });

  it('have unique names and cover every component of the door', () => {
    const names = componentExamples.map((one) => one.component);
    expect(new Set(names).size).toBe(names.length);
    expect([...names].sort()).toEqual(names);
    // Parts that only exist inside another component's example.
    const inside = new Set(['Stats', 'Hidden', 'LanguageContext', 'useLanguage', 'useText']);
    expect(Object.keys(door).filter((name) => !names.includes(name) && !inside.has(name))).toEqual([]);
  });

  it('show their source', () => {
    expect(markupSource(<Button tone="danger">Withdraw</Button>)).toBe('<Button tone="danger">Withdraw</Button>');
    expect(markupSource(<Select name="a" label="b" options={[{ value: '1', label: 'One' }]} />)).toBe(`<Select name="a" label="b" options={[ { value: '1', label: 'One' } ]} />`);
  });
});

describe('fields', () => {
  const field = { label: 'Name', hint: 'As users know it', error: 'Enter the name' };
  const controls: readonly (readonly [string, VNode])[] = [
    ['TextInput', <TextInput name="a" {...field} />],
    ['TextArea', <TextArea name="a" {...field} />],
    ['Select', <Select name="a" {...field} options={[]} />],
    ['DateInput', <DateInput name="a" {...field} />],
    ['FileUpload', <FileUpload name="a" {...field} megabytesMax={5} />],
  ];
  it.each(controls)('%s: label, hint and error belong to the control', (_name, node) => {
    const markup = html(node);
    checkReferences(markup);
    expect(markup).toContain('for="a"');
    expect(markup).toMatch(/aria-describedby="a-hint a-error/);
    expect(markup).toContain('aria-invalid="true"');
    expect(markup).toContain('Error:');
  });
  it('without hint and error points at nothing', () => {
    const markup = html(<TextInput name="a" label="Name" />);
    expect(markup).not.toContain('aria-describedby');
    expect(markup).not.toContain('aria-invalid');
  });
  it.each([
    ['Radios', <Radios name="q" legend="Question" error="Choose" options={[{ value: 'y', label: 'Yes' }, { value: 'n', label: 'No', hint: 'Not' }]} value="n" />],
    ['Checkboxes', <Checkboxes name="q" legend="Question" error="Choose" options={[{ value: 'y', label: 'Yes' }, { value: 'n', label: 'No', hint: 'Not' }]} values={['n']} />],
  ] as const)('%s: a group with a legend; the first choice has the id that the error summary links to', (_name, node) => {
    const markup = html(node);
    checkReferences(markup);
    expect(markup).toMatch(/<fieldset[^>]*aria-describedby="q-error"/);
    expect(markup).toMatch(/<legend[^>]*>Question/);
    expect(markup).toMatch(/<input[^>]*id="q"[^>]*value="y"/);
    expect(markup).toMatch(/<input[^>]*id="q-2"[^>]*value="n"[^>]*checked/);
    expect(markup).not.toMatch(/value="y"[^>]*checked/);
  });
  it('a chosen option is the only one selected', () => {
    const markup = html(<Select name="a" label="A" value="2" emptyLabel="All" options={[{ value: '1', label: 'One' }, { group: 'G', options: [{ value: '2', label: 'Two' }] }]} />);
    expect(markup.match(/selected/g)).toHaveLength(1);
    expect(markup).toMatch(/<option[^>]*(selected[^>]*value="2"|value="2"[^>]*selected)/);
  });
  it.each([
    ['az', '(istəyə görə)'],
    ['en', '(optional)'],
    ['ru', '(необязательно)'],
  ] as const)('says "optional" in %s', (language, words) => {
    expect(html(<TextInput name="a" label="A" optional />, language)).toContain(words);
  });
});

describe('error summary', () => {
  it('links each problem to its field and takes the focus', () => {
    const markup = html(<ErrorSummary errors={[{ field: 'system-name', message: 'Enter the name' }, { message: 'Something else' }]} />);
    expect(markup).toContain('<a href="#system-name">Enter the name</a>');
    expect(markup).toMatch(/role="alert"[^>]*autofocus/);
    expect(markup).toContain('<li>Something else</li>');
  });
  it('is absent without problems', () => expect(html(<ErrorSummary errors={[]} />)).toBe(''));
});

describe('escaping', () => {
  const nodes: readonly (readonly [string, VNode])[] = [
    ['TextInput', <TextInput name="a" label={HOSTILE} hint={HOSTILE} error={HOSTILE} value={HOSTILE} />],
    ['TextArea', <TextArea name="a" label="A" value={`</textarea>${HOSTILE}`} />],
    ['Select', <Select name="a" label="A" options={[{ value: HOSTILE, label: HOSTILE }]} />],
    ['Table', <Table caption={HOSTILE} phone="stack" rows={[HOSTILE]} columns={[{ key: 'a', head: HOSTILE, cell: (row) => row }]} />],
    ['SummaryList', <SummaryList rows={[{ label: HOSTILE, value: HOSTILE, action: { href: HOSTILE, label: HOSTILE, about: HOSTILE } }]} />],
    ['DiffView', <DiffView changes={[{ label: HOSTILE, before: HOSTILE, after: `${HOSTILE} b` }]} />],
    ['PageHeading', <PageHeading title={HOSTILE} caption={HOSTILE} lead={HOSTILE} />],
    ['Timeline', <Timeline items={[{ date: '2026-01-01', title: HOSTILE }]} />],
    ['Notice', <Notice title={HOSTILE}>{HOSTILE}</Notice>],
    ['Breadcrumbs', <Breadcrumbs items={[{ href: HOSTILE, label: HOSTILE }]} />],
    ['Facets', <Facets action="/x" keep={{ q: HOSTILE }} groups={[{ name: 'a', legend: HOSTILE, options: [{ value: HOSTILE, label: HOSTILE }] }]} />],
    ['SearchBox', <SearchBox action={HOSTILE} label={HOSTILE} value={HOSTILE} />],
    ['ChartFigure', <ChartFigure title={HOSTILE} chart={barChart({ language: 'en', categoryLabel: HOSTILE, valueLabel: HOSTILE, bars: [{ label: HOSTILE, value: 1 }] })} />],
  ];
  it.each(nodes)('%s shows markup as text', (_name, node) => {
    const markup = html(node);
    expect(markup).not.toContain('<img');
    expect(markup).toContain('&lt;img');
  });
});

describe('tables', () => {
  const columns = [
    { key: 'name', head: 'Name', rowHead: true, cell: (row: { name: string; count: number }) => row.name, sort: { href: '/x?sort=name', direction: 'ascending' as const } },
    { key: 'count', head: 'Count', numeric: true, cell: (row: { name: string; count: number }) => row.count, sort: { href: '/x?sort=count' } },
  ];
  const markup = html(<Table caption="Systems" columns={columns} rows={[{ name: 'a', count: 128_400 }]} />, 'ru');
  it('have a caption, scoped heads and the order of the list', () => {
    expect(markup).toContain('<caption>Systems</caption>');
    expect(markup).toMatch(/<th scope="col" aria-sort="ascending">/);
    expect(markup.match(/aria-sort/g)).toHaveLength(1);
    expect(markup).toContain('<th scope="row">a</th>');
    expect(markup).toContain('href="/x?sort=count"');
  });
  it('write numbers as the reader does', () => expect(markup).toMatch(/128\s400/));
  it('scroll in a frame that the keyboard reaches', () => expect(markup).toMatch(/role="group" aria-label="Systems" tabindex="0"/));
  it('say when they are empty', () => expect(html(<Table caption="Systems" columns={columns} rows={[]} />, 'az')).toContain('Burada hələ heç nə yoxdur.'));
});

describe('states', () => {
  it.each([
    [<ResultTag result="undetermined" />, 'en', 'Open'],
    [<ResultTag result="disputed" />, 'az', 'Mübahisəlidir'],
    [<StatusTag status="withdrawn" />, 'ru', 'Отозвано'],
    [<Tag tone="error">Prohibited</Tag>, 'en', 'Prohibited'],
  ] as const)('are told in words', (node, language, words) => expect(html(node, language)).toContain(words));

  it.each([
    [{ done: 3, total: 4 }, 'value="3" max="4"', '75%'],
    [{ done: 9, total: 4 }, 'value="4" max="4"', '100%'],
    [{ done: 0, total: 0 }, '<progress class="progress__bar" id="p">', '0'],
    [{}, '<progress class="progress__bar" id="p">', 'In progress'],
  ] as const)('progress of %o', (given, bar, words) => {
    const markup = html(<Progress id="p" label="Reading" {...given} />);
    expect(markup).toContain(bar);
    expect(markup).toContain(words);
  });
});

describe('lists', () => {
  it('pagination shows only ways that exist', () => {
    expect(html(<Pagination />)).toBe('');
    expect(html(<Pagination next="/x?after=1" />)).not.toContain('rel="prev"');
  });
  it('facets fold what is beyond eight and open where something is chosen', () => {
    const options = Array.from({ length: 12 }, (_, index) => ({ value: `${index}`, label: `O${index}`, checked: index === 11 }));
    const markup = html(<Facets action="/x" clearHref="/x" keep={{ q: 'a', tag: ['b', 'c'], none: undefined }} groups={[{ name: 'first', legend: 'First', options: [] }, { name: 'g', legend: 'G', options }]} />);
    checkReferences(markup);
    expect(markup).toContain('4 more options');
    expect(markup).toContain('Clear 1 filter');
    expect(markup.match(/<details[^>]*open/g)).toHaveLength(3);
    expect(markup.match(/type="hidden"/g)).toHaveLength(3);
  });
  it('values that are absent are said to be', () => {
    for (const value of [undefined, null, '', []]) expect(html(<SummaryList rows={[{ label: 'A', value }]} />)).toContain('Not stated');
    expect(html(<SummaryList rows={[{ label: 'A', value: 0 }]} />)).not.toContain('Not stated');
  });
  it('details are closed unless opened', () => expect(html(<Details summary="a">b</Details>)).not.toContain('open'));
});

const text = (pieces: readonly { text: string }[]): string => pieces.map((piece) => piece.text).join('');

describe('word difference', () => {
  it.each([
    ['a b c', 'a x c', ['b'], ['x']],
    ['same', 'same', [], []],
    ['', 'new', [], ['new']],
    ['old', '', ['old'], []],
  ])('%j to %j', (before, after, gone, come) => {
    const difference = wordDifference(before, after);
    expect(difference.before.filter((piece) => piece.changed).map((piece) => piece.text.trim())).toEqual(gone);
    expect(difference.after.filter((piece) => piece.changed).map((piece) => piece.text.trim())).toEqual(come);
  });
  it('never loses a letter', () => {
    const words = fc.stringMatching(/^[ab \n]{0,30}$/);
    fc.assert(
      fc.property(words, words, (before, after) => {
        const difference = wordDifference(before, after);
        expect(text(difference.before)).toBe(before);
        expect(text(difference.after)).toBe(after);
      }),
    );
  });
  it('marks very long texts whole', () => {
    const long = 'word '.repeat(700);
    expect(wordDifference(long, `${long}more`).after).toEqual([{ text: `${long}more`, changed: true }]);
  });
});
