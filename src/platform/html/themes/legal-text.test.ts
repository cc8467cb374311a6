/** Legal texts: their small markup, the places for names, and what is refused. */

import { describe, expect, it } from 'vitest';
import { legalProblems, parseLegal } from './legal-text.ts';

const places = { name: 'The <Register>', regulator: 'The Body' };

describe('a text', () => {
  it.each([
    ['## One\nTwo\nthree', [{ kind: 'heading', parts: [{ kind: 'text', text: 'One' }] }, { kind: 'paragraph', parts: [{ kind: 'text', text: 'Two three' }] }]],
    ['Before:\n\n- **a** b\n  c\n- d', [{ kind: 'paragraph', parts: [{ kind: 'text', text: 'Before:' }] }, { kind: 'list', items: [[{ kind: 'bold', text: 'a' }, { kind: 'text', text: ' b c' }], [{ kind: 'text', text: 'd' }]] }]],
    ['See [data](/exports).', [{ kind: 'paragraph', parts: [{ kind: 'text', text: 'See ' }, { kind: 'link', text: 'data', href: '/exports' }, { kind: 'text', text: '.' }] }]],
    ['{name}, {regulator}', [{ kind: 'paragraph', parts: [{ kind: 'text', text: 'The <Register>, The Body' }] }]],
    ['[x](javascript:alert)', [{ kind: 'paragraph', parts: [{ kind: 'text', text: '[x](javascript:alert)' }] }]],
    ['\n\n  \n', []],
  ])('%j', (given, expected) => expect(parseLegal(given, places)).toEqual(expected));

  it.each(['[a](/exports)', '[a](https://example.org/a?b=c#d)', '[a](mailto:a@example.org)', '## Heading', '{name}', 'a < b'])('%j is in order', (text) => expect(legalProblems(text)).toEqual([]));

  it.each([
    ['[a](javascript:alert(1))', 'not taken'],
    ['[a](//example.org)', 'not taken'],
    ['[a](http://example.org)', 'not taken'],
    ['[a](data:text/html,x)', 'not taken'],
    ['{country}', 'not known'],
    ['<b>a</b>', 'HTML'],
    ['# Title', 'Headings'],
  ])('%j is told', (text, words) => expect(legalProblems(text).join(' ')).toContain(words));
});
