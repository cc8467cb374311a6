/** Documents: the letters of all three languages are really in the PDF, it is tagged, and text of users stays text. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Language } from '../../base/index.ts';
import { DOCUMENT_DATA_BYTES_MAX, type DocumentBlock, type DocumentHead, renderDocument, renderPdf } from './index.ts';

const reader = spawnSync('pdftotext', ['-v']).error === undefined;
if (!reader) console.warn('SKIPPED: pdftotext (poppler-utils) is not installed; the text inside documents is not read back.');

function read(pdf: Uint8Array, program: 'pdftotext' | 'pdfinfo' | 'pdffonts'): string {
  const folder = mkdtempSync(join(tmpdir(), 'mizan-pdf-'));
  try {
    const path = join(folder, 'it.pdf');
    writeFileSync(path, pdf);
    return spawnSync(program, program === 'pdftotext' ? ['-layout', path, '-'] : [path], { encoding: 'utf8' }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const headIn = (language: Language, title: string): DocumentHead => ({ language, title, issuer: 'Mizan', date: '2026', digest: 'ab'.repeat(32) });
const raw = (pdf: Uint8Array): string => Buffer.from(pdf).toString('latin1');

describe('a document', () => {
  it.runIf(reader).each([
    ['az', 'Şəhər ığöüç ŞƏHƏR İĞÖÜÇ', 'Səhifə 1 / 1'],
    ['ru', 'Съешь ещё этих мягких булок', 'Страница 1 / 1'],
    ['en', 'The quick brown fox', 'Page 1 / 1'],
  ] as const)('holds the letters of %s', async (language, words, page) => {
    const pdf = await renderDocument(headIn(language, words), [{ kind: 'heading', level: 1, text: words }, { kind: 'paragraph', text: words }, { kind: 'list', items: [words] }]);
    const text = read(pdf, 'pdftotext');
    expect(text.split(words).length - 1).toBe(4);
    expect(text).toContain(page);
    expect(text).toContain('ab'.repeat(32));
    expect(read(pdf, 'pdffonts')).toMatch(/NotoSans-Regular/);
    expect(read(pdf, 'pdfinfo')).toMatch(/Tagged: +yes/);
  });

  it.each(['az', 'en', 'ru'] as const)('says that it is in %s, and is made for assistive technology', async (language) => {
    const pdf = raw(await renderDocument(headIn(language, 'A'), [{ kind: 'paragraph', text: 'B' }]));
    expect(pdf.startsWith('%PDF-1.7')).toBe(true);
    expect(pdf).toContain(`/Lang(${language})`.replace('(', ' ('));
    expect(pdf).toContain('pdfuaid');
  });

  it.runIf(reader)('shows what users wrote and never runs it', async () => {
    const hostile = ['#panic("no")', '*bold* _it_ $x^2$ @ref <label>', '#read("render.ts")', '"] #let x = 1 ["', '\\ // comment /* */', '= not a heading'];
    const blocks: DocumentBlock[] = hostile.flatMap((text): DocumentBlock[] => [
      { kind: 'heading', level: 2, text },
      { kind: 'paragraph', text },
      { kind: 'facts', rows: [[text, text]] },
      { kind: 'table', columns: [{ label: text }], rows: [[text]] },
      { kind: 'notice', tone: 'warning', text },
    ]);
    const text = read(await renderDocument(headIn('en', hostile.join(' ')), blocks), 'pdftotext');
    for (const one of hostile) expect(text.split(one).length - 1, one).toBeGreaterThanOrEqual(5);
  });

  it('breaks long tables over pages', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => [`row ${row}`, String(row)]);
    const pdf = await renderDocument(headIn('en', 'Long'), [{ kind: 'table', columns: [{ label: 'Name' }, { label: 'Number', numeric: true }], rows }]);
    expect((raw(pdf).match(/\/Type \/Page\b(?!s)/g) ?? []).length).toBeGreaterThan(3);
  });

  it('that is too large, or whose source is broken, is a fault with words', async () => {
    await expect(renderPdf('x', 'y'.repeat(DOCUMENT_DATA_BYTES_MAX))).rejects.toMatchObject({ code: 'document-too-large' });
    await expect(renderPdf('#nothing-of-that-name', null)).rejects.toMatchObject({ code: 'document-not-made' });
    await expect(renderPdf('#read("../db/open.ts")', null)).rejects.toMatchObject({ code: 'document-not-made' });
  });
});
