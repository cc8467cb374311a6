/** Drawings: what only draws is taken, what could run, load or hide something is refused with its line. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { installationRoot } from '../../files/root.ts';
import { svgProblems, svgRatio } from './svg.ts';

const wrap = (inside: string): string => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 36">\n${inside}\n</svg>`;

describe('a drawing', () => {
  it.each([
    ['paths', wrap('<g fill="#123456"><path d="M0 0h1"/></g>')],
    ['a gradient of its own', wrap('<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs><rect fill="url(#a)" width="2" height="2"/>')],
    ['a declaration, a comment, a title', `<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn here -->\n${wrap('<title>Mark &amp; name</title>')}`],
    ['single quotation marks', "<svg viewBox='0 0 1 1'><circle r='1'/></svg>"],
  ])('with %s is taken', (_what, text) => expect(svgProblems(text)).toEqual([]));

  it.each([
    ['a script', wrap('<script>alert(1)</script>'), 2, '<script> is not taken'],
    ['a handler', wrap('<path onload="alert(1)" d="M0 0"/>'), 2, 'would run a script'],
    ['foreignObject', wrap('<foreignObject><p/></foreignObject>'), 2, '<foreignObject> is not taken'],
    ['an outside picture', wrap('<image href="https://example.org/a.png"/>'), 2, '<image> is not taken'],
    ['use of another file', wrap('<use href="b.svg#x"/>'), 2, '<use> is not taken'],
    ['a style element', wrap('<style>@import url(//x)</style>'), 2, '<style> is not taken'],
    ['a style attribute', wrap('<path style="fill:red" d="M0 0"/>'), 2, 'as attributes'],
    ['a colour from outside', wrap('<path fill="url(https://example.org/#a)" d="M0 0"/>'), 2, 'outside of the drawing'],
    ['a hidden scheme', wrap('<path fill="java\tscript:alert(1)" d="M0 0"/>'), 2, 'outside of the drawing'],
    ['an escaped address', wrap('<path fill="u\\72l(//x)" d="M0 0"/>'), 2, 'an entity or an escape'],
    ['an entity in an attribute', wrap('<path fill="&#117;rl(//x)" d="M0 0"/>'), 2, 'an entity or an escape'],
    ['a document type', `<!DOCTYPE svg [<!ENTITY x "y">]>${wrap('')}`, 1, 'document types'],
    ['a style sheet', `<?xml-stylesheet href="a.css"?>${wrap('')}`, 1, 'processing instructions'],
    ['CDATA', wrap('<title><![CDATA[<script>]]></title>'), 2, 'CDATA'],
    ['letters', wrap('Mizan'), 2, 'draw them as paths'],
    ['another namespace', '<svg viewBox="0 0 1 1" xmlns="http://www.w3.org/1999/xhtml"/>', 1, 'not that of SVG'],
    ['another first element', '<html/>', 1, 'not <svg>'],
    ['no viewBox', '<svg/>', 1, 'no viewBox'],
    ['a second root', '<svg viewBox="0 0 1 1"/><svg viewBox="0 0 1 1"/>', 1, 'after </svg>'],
    ['no end', '<svg viewBox="0 0 1 1"><g>', 1, 'does not end'],
    ['crossed elements', '<svg viewBox="0 0 1 1"><g></svg></g>', 1, 'closes nothing'],
    ['nothing', '', 1, 'no drawing'],
    ['too many elements', wrap('<g/>'.repeat(2000)), 2, 'at most 2000'],
    ['too deep elements', wrap('<g>'.repeat(40)), 2, 'deep'],
  ])('with %s is refused', (_what, text, line, words) => {
    const found = svgProblems(text);
    expect(found.some((problem) => problem.line === line && problem.message.includes(words)), JSON.stringify(found)).toBe(true);
  });

  it('of any text ends the check without throwing, and nothing taken holds a script', () => {
    const piece = fc.constantFrom('<svg viewBox="0 0 1 1">', '</svg>', '<path d="M0"/>', '<script>', '</script>', ' onload="x"', '<g', '>', '"', "'", '<!--', '-->', '&#60;', 'javascript:', '<![CDATA[', ']]>');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        if (svgProblems(text).length === 0) expect(text.replaceAll(/<!--.*?-->/gs, '')).not.toMatch(/<script|onload=/);
      }),
    );
  });

  it.each(['neutral/logo', 'azerbaijan/logo', 'talvoria/logo', 'talvoria/mark'])('%s.svg as shipped is taken and square', (name) => {
    const text = readFileSync(join(installationRoot, 'themes', `${name}.svg`), 'utf8');
    expect(svgProblems(text)).toEqual([]);
    expect(svgRatio(text)).toBe(1);
  });
});
