import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { DecidedRow } from '../model.ts';
import { decisionsAtom, decisionsCsv } from './feeds.ts';
import { offlinePage } from './offline-page.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('the page that people keep', () => {
  it('lets the one script and the one style run, whatever they hold, and nothing else', () => {
    const html = offlinePage({ script: 'const a="</script><!--"; run(a)', style: '@font-face{font-family:X;src:url(/x.woff2)}body{color:red}</style>', sha256, title: 'A "b" <c>', language: 'az', noScript: 'x & y' });
    const script = /<script type="module">([\s\S]*)<\/script>/.exec(html)?.[1] ?? '';
    const style = /<style>([\s\S]*)<\/style>/.exec(html)?.[1] ?? '';
    const policy = (/Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? '').replaceAll('&#39;', '\'');
    expect(policy).toBe(`default-src 'none'; script-src 'sha256-${sha256(script)}'; style-src 'sha256-${sha256(style)}'; base-uri 'none'; form-action 'none'`);
    expect(style).toBe('body{color:red}');
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(script).not.toContain('<!--');
    expect(html).toContain('<title>A &quot;b&quot; &lt;c></title>');
  });
});

const row: DecidedRow = { slot: '2027-001', round: 1, epoch: 1, class: 'standard', result: 'carried', option: 'A', number: '2027-001', kind: undefined, kindLabel: undefined, title: { az: '=1+1', en: 'A, "b" <c>', ru: 'Я' }, motion: 'a'.repeat(64), decidedAt: '2027-03-18T14:00:00.000Z' as DecidedRow['decidedAt'], inForceAt: undefined, yes: 23, no: 1, abstain: 0 };

describe('the list for programs', () => {
  it('is a table that no spreadsheet runs', () => {
    expect(decisionsCsv([row]).split('\r\n')[1]).toBe(`2027-001,1,2027-001,'=1+1,"A, ""b"" <c>",Я,,standard,carried,A,23,1,0,2027-03-18T14:00:00.000Z,,1,${'a'.repeat(64)}`);
    expect(decisionsCsv([]).split('\r\n')).toHaveLength(2);
  });

  it('is a feed', () => {
    const feed = decisionsAtom([row], { base: 'https://x.example', language: 'en', title: 'T & t', issuer: 'I', updated: row.decidedAt }, () => '/decisions/2027-001/1', () => 'S < s');
    for (const part of ['<title>A, &quot;b&quot; &lt;c&gt;</title>', '<id>https://x.example/decisions/2027-001/1</id>', '<summary>S &lt; s</summary>', '<title>T &amp; t</title>']) expect(feed).toContain(part);
  });
});
