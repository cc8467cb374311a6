/** Attachments: what is taken, what is refused whatever it is called, and that nothing is left half written. */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FileStore, openFileStore } from './index.ts';

let folder: string;
let store: FileStore;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mizan-files-'));
  store = await openFileStore(folder, 200_000);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunks(content: Uint8Array | string, size = 1000): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A ZIP with these members, in order; `mimetype` is stored as ODF wants it. */
function zip(members: Readonly<Record<string, string>>): Buffer {
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

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]), Buffer.from('IHDR'), Buffer.alloc(20)]);
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46]);
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
    ['data.json', 'name,value', 'name-contradicts'],
    ['archive.docx', zip({ 'evil.exe': 'MZ' }), 'type-not-allowed'],
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
    ['/etc/passwd.txt', 'passwd.txt'],
    ['C:\\Users\\x\\note.txt', 'note.txt'],
    ['../../note.txt', 'note.txt'],
    ['a\u202Etxt.exe\n.txt', 'atxt.exe.txt'],
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
