/** Rich text of PIA files: what comes in harms nobody, what goes out says the same. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanHtml, htmlOfText, textOfHtml } from './pia-text.ts';

describe('plain text of HTML', () => {
  it.each([
    ['Plain words.', 'Plain words.'],
    ['<div>One</div>\n<div> </div>\n<div>Two <strong>bold</strong></div>', 'One\n\nTwo bold'],
    ['<p>One</p><p>Two</p>', 'One\nTwo'],
    ['First:<br />\n<ul>\n<li>a</li>\n<li><b>b</b> ;</li>\n</ul>', 'First:\n- a\n- b ;'],
    ['a &lt;b&gt; &amp; c&nbsp;d', 'a <b> & c\u00A0d'],
    ['x<script>alert(1)</script>y<style>p{}</style>', 'xy'],
    ['<svg><style><img src=x onerror=alert(1)></style></svg>z', 'z'],
    ['</div></div>after <b>unclosed', 'after unclosed'],
    ['', ''],
  ])('%j', (html, text) => expect(textOfHtml(html)).toBe(text));

  it('gives back what was written, letter by letter', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('a', ' ', '\n', '\r', '\t', '<', '>', '&', '"', '-', '\u00A0', 'ə', 'ж', ';', '/') })), (text) => { expect(textOfHtml(htmlOfText(text))).toBe(text); }), { numRuns: 500 });
  });
});

describe('HTML that is handed on', () => {
  it.each([
    ['<p onclick="x()" style="color:red">a</p>', '<p>a</p>'],
    ['<a href="javascript:alert(1)">l</a>', 'l'],
    ['<a href=" https://example.org/?a=1&b=2 " target=_blank>l</a>', '<a href="https://example.org/?a=1&amp;b=2" rel="noopener noreferrer">l</a>'],
    ['<a href="data:text/html,x"><i>l</i></a>', '<i>l</i>'],
    ['<img src=x onerror=alert(1)>t', 't'],
    ['<table><tr><td>c</td></tr></table>', 'c'],
    ['<iframe src="//x"></iframe><h1>t</h1>', 't'],
    ['&lt;script&gt;', '&lt;script&gt;'],
    ['<noscript><p title="</noscript><img src=x onerror=alert(1)>">', ''],
    ['<li>a<br/>b', '<li>a<br>b</li>'],
  ])('%j', (html, clean) => expect(cleanHtml(html)).toBe(clean));

  it('holds nothing but allowed elements, whatever comes in, and stays as it is', () => {
    const pieces = ['<', '>', '/', '"', "'", '=', ' ', '\n', '&', ';', '<p>', '</p>', '<script>', '</script>', '<svg>', '<a href="', 'javascript:', 'https://e.org', ' onerror=alert(1)', '<img src=x', '<!--', '-->', '<![CDATA[', ']]>', '<style>', '</style>', '<math>', '<template>', '<title>', '</title>', 'text', '&lt;', '&#x3c;', '<li>', '<br>'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((parts) => parts.join('')), (html) => {
        const clean = cleanHtml(html);
        expect(clean.replaceAll(/<\/?(?:p|div|strong|b|em|i|u|s|sub|sup|ul|ol|li|blockquote|pre|a)>|<br>|<a href="(?:https?:\/\/|mailto:)[^"<>]*" rel="noopener noreferrer">/g, '')).not.toMatch(/[<>"]/);
        expect(cleanHtml(clean)).toBe(clean);
      }),
      { numRuns: 500 },
    );
  });

  it('takes deep nesting without running out of stack', () => expect(textOfHtml(`${'<b>'.repeat(20_000)}deep`)).toBe('deep'));
});
