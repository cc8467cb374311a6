/** Attachments: what is taken, what is refused whatever it is called, and that nothing is left half written. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { deflateRawSync, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileStore, openFileStore } from './index.ts';
import { TEST_VIRUS } from './test-virus.ts';

let folder: string;
let store: FileStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mizan-files-'));
  store = await openFileStore(folder, { bytesMax: 200_000 });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunks(content: Uint8Array | string, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A ZIP with these members, in order; `mimetype` is stored as ODF wants it. */
function zip(members: Readonly<Record<string, string | Buffer>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(members)) {
    const stored = name === 'mimetype';
    const raw = Buffer.from(content);
    const data = stored ? raw : deflateRawSync(raw);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(stored ? 0 : 8, 4);
    fields.writeUInt32LE(data.length, 14);
    fields.writeUInt32LE(raw.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields, Buffer.from(name), data]);
    const entry = Buffer.alloc(46);
    entry.write('PK\u0001\u0002');
    fields.copy(entry, 6, 0, 24);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt32LE(offset, 42);
    central.push(Buffer.concat([entry, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A chunk: length, name, content; checksums are nobody's question here. */
const chunk = (kind: string, content: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 0, content.length]), Buffer.from(kind), content, Buffer.alloc(4)]);
const pngOf = (width: number, height: number): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  return Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), chunk('IHDR', head), chunk('IDAT', Buffer.alloc(20)), chunk('IEND', Buffer.alloc(0))]);
};
const png = pngOf(8, 8);
const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), Buffer.from('JFIF\0'), Buffer.alloc(9), Buffer.from([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])]);
const pdf = (objects: string): string => `%PDF-1.7\n1 0 obj\n<< /Type /Catalog ${objects} >>\nendobj\n%%EOF\n`;
const packedObjects = (objects: string): Buffer => {
  const packed = deflateSync(objects);
  return Buffer.concat([Buffer.from(`%PDF-1.7\n4 0 obj\n<< /Type /ObjStm /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`), packed, Buffer.from('\nendstream\nendobj\n%%EOF')]);
};
const TYPES = { '[Content_Types].xml': '<Types/>' };
const DOCUMENT = { ...TYPES, 'word/document.xml': '<w:document/>' };
const docx = zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>' });
const xlsx = zip({ '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook/>' });
const odt = zip({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<x/>', 'META-INF/manifest.xml': '<x/>' });
const program = Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0]);
const windowsProgram = Buffer.concat([Buffer.from('MZ'), Buffer.alloc(64)]);

describe('a file', () => {
  it.each([
    ['report.pdf', '%PDF-1.7\n…', 'pdf'],
    ['picture.png', png, 'png'],
    ['photo.JPG', jpeg, 'jpeg'],
    ['letter.docx', docx, 'docx'],
    ['table.xlsx', xlsx, 'xlsx'],
    ['letter.odt', odt, 'odt'],
    ['rows.csv', 'ad;dəyər\nşəhər;1\n', 'csv'],
    ['note.txt', '\uFEFFПривет <html>', 'txt'],
    ['data.json', '{"a":1}', 'json'],
    ['data.xml', '<?xml version="1.0"?><record/>', 'xml'],
    ['read.md', '# Title\n<b>bold</b>', 'md'],
  ] as const)('%s is taken', async (name, content, type) => {
    const kept = await store.put(chunks(content), name);
    expect(kept).toMatchObject({ ok: true, value: { type, bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex'), name } });
  });

  it.each([
    ['program.pdf', program, 'type-not-allowed'],
    ['program.txt', program, 'type-not-allowed'],
    ['setup.exe', windowsProgram, 'type-not-allowed'],
    ['script.txt', '#!/bin/sh\nrm -rf /', 'type-not-allowed'],
    ['page.html', '<p>hi</p>', 'type-not-allowed'],
    ['page.txt', '<!DOCTYPE html><p>', 'active-content'],
    ['page.csv', '\uFEFF \n<script>alert(1)</script>', 'active-content'],
    ['page.md', '<!-- x --><svg onload=alert(1)>', 'active-content'],
    ['picture.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'type-not-allowed'],
    ['picture.xml', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', 'active-content'],
    ['picture.xml', '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>', 'active-content'],
    ['page.xml', '<?xml version="1.0"?><?xml-stylesheet href="x.xsl"?><a/>', 'active-content'],
    ['picture.png', jpeg, 'name-contradicts'],
    ['picture.jpg', '%PDF-1.7', 'name-contradicts'],
    ['letter.pdf', docx, 'name-contradicts'],
    ['report.pdf', 'only text', 'name-contradicts'],
    ['report.pdf.exe', '%PDF-1.7', 'name-contradicts'],
    ['report.exe.pdf', '%PDF-1.7', 'bad-name'],
    ['invoice.html .txt', 'text', 'bad-name'],
    ['a\u202Etxt.exe\n.txt', 'text', 'bad-name'],
    ['zero\u200Bwidth.txt', 'text', 'bad-name'],
    ['dot.txt.', 'text', 'bad-name'],
    ['data.json', 'name,value', 'name-contradicts'],
    ['archive.docx', zip({ 'evil.exe': 'MZ' }), 'active-content'],
    ['archive.docx', zip({ 'evil.txt': 'x' }), 'type-not-allowed'],
    ['archive.zip', zip({ 'a.txt': 'a' }), 'type-not-allowed'],
    ['macro.docx', zip({ '[Content_Types].xml': 'x', 'word/document.xml': 'x', 'word/vbaProject.bin': 'x' }), 'active-content'],
    ['letter.odt', zip({ mimetype: 'application/x-other', 'content.xml': 'x', 'META-INF/manifest.xml': 'x' }), 'type-not-allowed'],
    ['path.docx', zip({ '../../etc/passwd': 'x', '[Content_Types].xml': 'x', 'word/document.xml': 'x' }), 'broken-archive'],
    ['cut.docx', docx.subarray(0, 60), 'broken-archive'],
    ['latin.txt', Buffer.from([0x41, 0xe9, 0x42]), 'not-utf-8'],
    ['bell.txt', 'a\u0007b', 'not-utf-8'],
    ['cut.txt', Buffer.from([0x41, 0xd0]), 'not-utf-8'],
    ['none.txt', '', 'empty'],
    ['', 'text', 'bad-name'],
    ['..', 'text', 'bad-name'],
    [`${'x'.repeat(400)}.txt`, 'text', 'bad-name'],
    ['big.txt', 'x'.repeat(200_001), 'too-large'],
  ] as const)('%s is refused as it should be', async (name, content, refusal) => {
    expect(await store.put(chunks(content), name)).toEqual({ ok: false, refusal });
    expect(readdirSync(join(folder, 'files', 'incoming'))).toEqual([]);
  });

  it.each([
    ['pages in order, shown from the second', pdf('/OpenAction [2 0 R /Fit]'), undefined],
    ['an opening that goes to a page', pdf('/OpenAction << /S /GoTo /D [2 0 R /Fit] >>'), undefined],
    ['a link to a page of the web', pdf('/Annots [<< /Subtype /Link /A << /S /URI /URI (https://example.org/) >> >>]'), undefined],
    ['the word JavaScript in its text', '%PDF-1.7\n3 0 obj\n<< /Length 40 >>\nstream\nBT (about /JavaScript and /Launch) Tj ET\nendstream\nendobj\n%%EOF', undefined],
    ['objects in packed streams', packedObjects('1 0 << /Type /Page >>'), undefined],
    ['a script', pdf('/Names << /JavaScript 3 0 R >>'), 'active-content'],
    ['a script under an escaped name', pdf('/OpenAction << /S /J#61vaScript /J#53 (app.alert(1)) >>'), 'active-content'],
    ['a script in a packed stream', packedObjects('1 0 << /S /JavaScript /JS (app.alert(1)) >>'), 'active-content'],
    ['a program to start', pdf('/A << /S /Launch /F (cmd.exe) >>'), 'active-content'],
    ['an opening that calls an address', pdf('/OpenAction << /S /URI /URI (https://example.org/) >>'), 'active-content'],
    ['an opening that is told elsewhere', `${pdf('/OpenAction 7 0 R')}\n7 0 obj\n<< /S /Named /N /Print >>\nendobj\n%%EOF`, 'active-content'],
    ['a form that sends itself', pdf('/A << /S /SubmitForm /F (https://example.org) >>'), 'active-content'],
    ['a film', pdf('/Subtype /RichMedia'), 'active-content'],
    ['acts of pages', pdf('/AA << /O 3 0 R >>'), 'active-content'],
    ['a file inside', pdf('/Names << /EmbeddedFiles 3 0 R >>'), 'embedded-files'],
    ['a password', pdf('/Encrypt 9 0 R'), 'encrypted'],
    ['packed streams that do not unpack', Buffer.from('%PDF-1.7\n4 0 obj\n<< /Type /ObjStm /Filter /FlateDecode >>\nstream\nnothing\nendstream'), 'broken-archive'],
    ['packed streams packed in another way', Buffer.from('%PDF-1.7\n4 0 obj\n<< /Type /ObjStm /Filter /LZWDecode >>\nstream\nnothing\nendstream'), 'broken-archive'],
    ['an archive behind it', Buffer.concat([Buffer.from(pdf('')), docx]), 'two-kinds'],
    ['a page of the web before its first object', `%PDF-1.7\n<html><script>alert(1)</script>\n${pdf('')}`, 'two-kinds'],
    ['much behind its end', `${pdf('')}${' '.repeat(4000)}`, 'two-kinds'],
  ] as const)('PDF with %s', async (_what, content, refusal) => {
    expect(await store.put(chunks(content), 'report.pdf')).toMatchObject(refusal === undefined ? { ok: true } : { ok: false, refusal });
  });

  it.each([
    ['a chart with its workbook', zip({ ...DOCUMENT, 'word/embeddings/sheet1.xlsx': zip({ ...TYPES, 'xl/workbook.xml': '<x/>' }) }), undefined],
    ['a workbook that holds a workbook', zip({ ...DOCUMENT, 'word/embeddings/a.xlsx': zip({ ...TYPES, 'xl/workbook.xml': '<x/>', 'xl/embeddings/b.xlsx': zip(TYPES) }) }), 'archive-bomb'],
    ['an archive that is no workbook', zip({ ...DOCUMENT, 'word/embeddings/a.zip': zip({ a: 'a' }) }), 'embedded-files'],
    ['an archive at another place', zip({ ...DOCUMENT, 'docProps/a.bin': zip(TYPES) }), 'embedded-files'],
    ['an object of another program', zip({ ...DOCUMENT, 'word/embeddings/oleObject1.bin': Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1]) }), 'embedded-files'],
    ['a program under another name', zip({ ...DOCUMENT, 'word/media/image1.png': Buffer.concat([Buffer.from('MZ'), Buffer.alloc(100)]) }), 'active-content'],
    ['macros', zip({ ...DOCUMENT, 'word/vbaProject.bin': 'x' }), 'active-content'],
    ['types that bring macros', zip({ ...DOCUMENT, '[Content_Types].xml': '<Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>' }), 'active-content'],
    ['a template from elsewhere', zip({ ...DOCUMENT, 'word/_rels/settings.xml.rels': '<Relationship Type="http://x/attachedTemplate" Target="https://example.org/t.dotm" TargetMode="External"/>' }), 'active-content'],
    ['a link to a page of the web', zip({ ...DOCUMENT, 'word/_rels/document.xml.rels': '<Relationship Type="http://x/hyperlink" Target="https://example.org/" TargetMode="External"/>' }), undefined],
    ['a field that asks a program', zip({ ...TYPES, 'word/document.xml': '<w:instrText>DDEAUTO c:\\windows\\cmd.exe</w:instrText>' }), 'active-content'],
    ['the test virus', zip({ ...DOCUMENT, 'word/media/note.txt': TEST_VIRUS }), 'infected'],
    ['much from little', zip({ ...DOCUMENT, 'word/media/zeros.bin': Buffer.alloc(5 * 1024 * 1024) }), 'archive-bomb'],
    ['a way out', zip({ ...DOCUMENT, '../../etc/passwd': 'x' }), 'broken-archive'],
    ['an absolute path', zip({ ...DOCUMENT, '/etc/passwd': 'x' }), 'broken-archive'],
    ['a path of another system', zip({ ...DOCUMENT, 'word\\..\\x': 'x' }), 'broken-archive'],
    ['something before the archive', Buffer.concat([Buffer.from('PK\u0003\u0004 something else '), docx]), 'broken-archive'],
  ] as const)('office document with %s', async (_what, content, refusal) => {
    expect(await store.put(chunks(content), 'letter.docx')).toMatchObject(refusal === undefined ? { ok: true } : { ok: false, refusal });
  });

  it('of which two members have one name, of which one is a link, or whose sizes lie, is damaged', async () => {
    const twice = Buffer.from(zip({ ...DOCUMENT, 'word/aaaaaaaa.xml': 'x', 'word/bbbbbbbb.xml': 'y' }).toString('latin1').replaceAll('aaaaaaaa', 'bbbbbbbb'), 'latin1');
    const link = zip({ ...DOCUMENT, 'word/link': '/etc/passwd' });
    link.writeUInt32LE(0xa1ff << 16 >>> 0, link.lastIndexOf('word/link') - 46 + 38);
    const lying = zip({ ...DOCUMENT, 'word/long.xml': 'x'.repeat(5000) });
    lying.writeUInt32LE(10, lying.lastIndexOf('word/long.xml') - 46 + 24);
    for (const content of [twice, link, lying]) expect(await store.put(chunks(content), 'letter.docx')).toEqual({ ok: false, refusal: 'broken-archive' });
  });

  it.each([
    ['the test virus alone', TEST_VIRUS, 'note.txt', 'infected'],
    ['the test virus behind a mark and a line end', `\uFEFF\n${TEST_VIRUS}`, 'note.txt', 'infected'],
    ['a text that speaks of it', `They test with ${TEST_VIRUS}`, 'note.txt', undefined],
    ['a picture with an archive behind it', Buffer.concat([png, docx]), 'picture.png', 'two-kinds'],
    ['a picture with a page behind it', Buffer.concat([png, Buffer.from('<script>alert(1)</script>')]), 'picture.png', 'two-kinds'],
    ['a picture cut off', png.subarray(0, 40), 'picture.png', 'broken-archive'],
    ['a picture of ten thousand million points', pngOf(100_000, 100_000), 'picture.png', 'archive-bomb'],
    ['a photograph with a second picture behind it', Buffer.concat([jpeg, jpeg]), 'photo.jpg', undefined],
    ['a photograph with an archive behind it', Buffer.concat([jpeg, docx]), 'photo.jpg', 'two-kinds'],
    ['a photograph with a script behind it', Buffer.concat([jpeg, Buffer.from('<?php system($_GET[0]);')]), 'photo.jpg', 'two-kinds'],
    ['a photograph with a PDF in its first thousand bytes', Buffer.concat([jpeg, Buffer.from('%PDF-1.7')]), 'photo.jpg', 'two-kinds'],
    ['an old office file', Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(100)]), 'letter.docx', 'type-not-allowed'],
    ['a text with an archive behind it', Buffer.concat([Buffer.from('text '), docx]), 'note.txt', 'type-not-allowed'],
  ] as const)('is looked at: %s', async (_what, content, name, refusal) => {
    expect(await store.put(chunks(content), name)).toMatchObject(refusal === undefined ? { ok: true } : { ok: false, refusal });
  });

  it.each([
    ['/etc/passwd.txt', 'passwd.txt'],
    ['C:\\Users\\x\\note.txt', 'note.txt'],
    ['../../note.txt', 'note.txt'],
  ])('named %j is shown as %j', async (name, shown) => {
    expect(await store.put(chunks('text'), name)).toMatchObject({ ok: true, value: { name: shown } });
  });

  it('sent twice is kept once, is read back whole, and can be removed', async () => {
    const first = await store.put(chunks('the same'), 'a.txt');
    const second = await store.put(chunks('the same', 1), 'b.md');
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(second.value.sha256).toBe(first.value.sha256);
    const { sha256 } = first.value;
    const found = await store.read(sha256);
    expect(found?.bytes).toBe(8);
    if (found !== undefined) expect(await text(found.stream)).toBe('the same');
    expect(statSync(join(folder, 'files', sha256.slice(0, 2), sha256.slice(2))).mode & 0o077).toBe(0);
    await store.remove(sha256);
    expect(await store.read(sha256)).toBeUndefined();
    await expect(store.read('../../mizan.lock')).rejects.toThrow('SHA-256');
  });

  it('whose sender breaks off leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('connection lost');
    }
    await expect(store.put(broken(), 'half.txt')).rejects.toThrow('connection lost');
    expect(readdirSync(join(folder, 'files', 'incoming'))).toEqual([]);
  });

  it('left half written by a process that died is removed later', async () => {
    const other = mkdtempSync(join(tmpdir(), 'mizan-files-'));
    await openFileStore(other);
    const [old, fresh] = ['old', 'fresh'].map((name) => join(other, 'files/incoming', name)) as [string, string];
    for (const path of [old, fresh]) writeFileSync(path, 'half');
    utimesSync(old, new Date('2020-01-01'), new Date('2020-01-01'));
    await openFileStore(other);
    expect(readdirSync(join(other, 'files/incoming'))).toEqual(['fresh']);
    rmSync(other, { recursive: true });
  });
});

/** A disk of 256 kB, where this user may mount one. */
function smallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'mizan-small-'));
  if (process.platform === 'linux' && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'mizan-test', path]).status === 0) return path;
  console.warn('SKIPPED: no small disk can be mounted here; a full disk is shown by a limit of the process only.');
  return undefined;
}

describe('a full disk', () => {
  const disk = smallDisk();
  afterAll(() => {
    if (disk === undefined) return;
    spawnSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it.skipIf(disk === undefined)('is told in words, nothing is left, and what stood before still stands', async () => {
    const small = await openFileStore(disk ?? '');
    const kept = await small.put(chunks('before'), 'before.txt');
    if (!kept.ok) throw new Error('refused');
    await expect(small.put(chunks('x'.repeat(500_000)), 'big.txt')).rejects.toMatchObject({ code: 'disk-full', message: expect.stringContaining('Free some space') as string });
    expect(readdirSync(join(disk ?? '', 'files/incoming'))).toEqual([]);
    const found = await small.read(kept.value.sha256);
    expect(found === undefined ? '' : await text(found.stream)).toBe('before');
    expect((await small.put(chunks('after'), 'after.txt')).ok).toBe(true);
  });

  // The kernel refuses the write of a process over its limit in the same way.
  it.skipIf(process.platform === 'win32')('is told in words also when the limit is the process’s', () => {
    const other = mkdtempSync(join(tmpdir(), 'mizan-full-'));
    const script = `
      import { openFileStore } from ${JSON.stringify(join(import.meta.dirname, 'store.ts'))};
      const store = await openFileStore(${JSON.stringify(other)});
      async function* much() { for (let n = 0; n < 100; n++) yield Buffer.alloc(10_000, 'x'); }
      await store.put(much(), 'big.txt').then(() => console.log('kept'), (error) => console.log(error.code + ': ' + error.message));`;
    const run = spawnSync('sh', ['-c', 'ulimit -f 400; exec "$0" --input-type=module -e "$1"', process.execPath, script], { encoding: 'utf8' });
    expect(run.stdout).toMatch(/^disk-full: The disk of the data folder is full\./);
    expect(readdirSync(join(other, 'files'), { recursive: true })).toEqual(['incoming']);
    rmSync(other, { recursive: true });
  });
});
