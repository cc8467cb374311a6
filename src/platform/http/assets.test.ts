/** Style sheets lose comments and spaces, never meaning. */

import { expect, it } from 'vitest';
import { tightCss } from './assets.ts';

it.each([
  ['/* why */\n.a { color: red; }\n', '.a{color:red}'],
  ['.a > .b,\n.c:hover { margin: 0 auto; padding: 0 }', '.a > .b,.c:hover{margin:0 auto;padding:0}'],
  ['@media (min-width: 40em) {\n  .a { width: calc(100% - 2rem); }\n}', '@media (min-width:40em){.a{width:calc(100% - 2rem)}}'],
  ['.a :is(b, i) { x: y; }', '.a :is(b,i){x:y}'],
  [':root { --sans: "Segoe UI", Arial; }', ':root{--sans:"Segoe UI",Arial}'],
  ['a::after { content: " (" attr(href) ")"; }', 'a::after{content:" (" attr(href) ")"}'],
])('%j', (given, expected) => expect(tightCss(given)).toBe(expected));
