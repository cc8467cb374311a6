/** Which files may be attached, told by what is in them. The name only chooses among kinds of plain text, and may not contradict. */

import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { no, type Verdict, yes } from '../../base/index.ts';
import { inspectArchiveFile } from './office.ts';
import { inspectPdf } from './pdf.ts';
import { inspectJpeg, inspectPng } from './pictures.ts';
import { holdsTestVirus } from './test-virus.ts';

export const FILE_TYPES = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpeg: 'image/jpeg',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  odt: 'application/vnd.oasis.opendocument.text',
  csv: 'text/csv; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  json: 'application/json',
  xml: 'application/xml',
  md: 'text/markdown; charset=utf-8',
} as const;
export type FileType = keyof typeof FILE_TYPES;

/** `type-not-allowed`: programs, web pages, SVG and all else. `name-contradicts`: content of one kind under the ending of another. */
export type TypeRefusal = 'empty' | 'type-not-allowed' | 'name-contradicts' | 'active-content' | 'broken-archive' | 'not-utf-8' | 'archive-bomb' | 'encrypted' | 'embedded-files' | 'infected' | 'two-kinds';

const HEAD_BYTES = 8192;
const CHUNK_BYTES = 64 * 1024;
const ENDINGS: Readonly<Record<string, FileType>> = { '.pdf': 'pdf', '.png': 'png', '.jpg': 'jpeg', '.jpeg': 'jpeg', '.docx': 'docx', '.xlsx': 'xlsx', '.odt': 'odt', '.csv': 'csv', '.txt': 'txt', '.json': 'json', '.xml': 'xml', '.md': 'md' };
const TEXTS: ReadonlySet<FileType> = new Set(['csv', 'txt', 'json', 'xml', 'md']);
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const PDF_SEARCH_BYTES = 1024;
const ARCHIVE_END_BYTES_MIN = 22;
const ARCHIVE_END_BYTES_MAX = 65_535 + ARCHIVE_END_BYTES_MIN;
const WEB_PAGE_INSIDE = /<(?:!doctype\s+html|html|script|svg)\b/i;
/** A browser would run these even when they are called text. */
const WEB_PAGE = /^<(!doctype\s+html|html|head|body|script|svg|iframe|img|object|embed|style|meta|link|base|form|a)\b/i;
const WEB_ROOT = /<(?:[\w-]+:)?(svg|html)\b|http:\/\/www\.w3\.org\/(2000\/svg|1999\/xhtml)|<\?xml-stylesheet/i;

/** Reads the file at `path` and says what it is; `name` is the name its sender gave it. */
export async function typeOfFile(path: string, name: string): Promise<Verdict<FileType, TypeRefusal>> {
  const head = await readHead(path);
  if (head.length === 0) return no('empty');
  if (holdsTestVirus(head)) return no('infected');
  const found = await contentType(path, head);
  if (!found.ok) return found;
  // At most an attachment's 32 MiB.
  const inside = inspectContent(found.value, await readFile(path));
  if (!inside.ok) return inside;
  const named = ENDINGS[extname(name).toLowerCase()];
  if (found.value !== 'text') return named === found.value ? found as Verdict<FileType, TypeRefusal> : no('name-contradicts');
  if (named === undefined || !TEXTS.has(named)) return no(named === undefined ? 'type-not-allowed' : 'name-contradicts');
  return textType(path, head, named);
}

async function contentType(path: string, head: Buffer): Promise<Verdict<FileType | 'text', TypeRefusal>> {
  const startsWith = (...bytes: readonly number[]): boolean => bytes.every((byte, index) => head[index] === byte);
  if (head.subarray(0, 5).toString('latin1') === '%PDF-') return yes('pdf');
  if (startsWith(...PNG) && head.subarray(12, 16).toString('latin1') === 'IHDR') return yes('png');
  if (startsWith(0xff, 0xd8, 0xff)) return yes('jpeg');
  if (startsWith(0x50, 0x4b, 0x03, 0x04)) return archiveType(path);
  // A zero byte is in every program and in no text.
  if (head.includes(0) || head.subarray(0, 2).toString('latin1') === '#!') return no('type-not-allowed');
  return yes('text');
}

/** An office file is an archive with certain members; its content is looked at in office.ts. */
async function archiveType(path: string): Promise<Verdict<FileType, TypeRefusal>> {
  const inspected = await inspectArchiveFile(path);
  if (!inspected.ok) return inspected;
  const names = inspected.value;
  const has = (name: string): boolean => names.includes(name);
  if (has('[Content_Types].xml') && has('word/document.xml')) return yes('docx');
  if (has('[Content_Types].xml') && has('xl/workbook.xml')) return yes('xlsx');
  if (names[0] === 'mimetype' && has('content.xml') && has('META-INF/manifest.xml')) {
    // The first member of an ODF file is its media type, stored as it is: 30 bytes of header, 8 of name.
    const head = await readHead(path);
    if (head.subarray(38, 38 + FILE_TYPES.odt.length).toString('latin1') === FILE_TYPES.odt) return yes('odt');
  }
  return no('type-not-allowed');
}

/** What stands inside PDFs and pictures, and whether a second file hides in the first. `bytes` is the whole file. */
function inspectContent(type: FileType | 'text', bytes: Buffer): Verdict<true, TypeRefusal> {
  // Readers of PDF look for its beginning among the first thousand bytes, those of archives for a directory at the end.
  const pdfAt = bytes.subarray(0, PDF_SEARCH_BYTES).indexOf('%PDF-');
  if (type !== 'pdf' && type !== 'text' && pdfAt !== -1) return no('two-kinds');
  if (type !== 'docx' && type !== 'xlsx' && type !== 'odt' && hasArchiveAtEnd(bytes)) return no('two-kinds');
  if (type === 'pdf') return WEB_PAGE_INSIDE.test(bytes.toString('latin1', 0, PDF_SEARCH_BYTES)) ? no('two-kinds') : inspectPdf(bytes);
  if (type === 'png') return inspectPng(bytes);
  return type === 'jpeg' ? inspectJpeg(bytes) : yes(true);
}

/** The record at the end of every ZIP archive, with a comment of at most 65535 bytes, that points to a directory before it. */
function hasArchiveAtEnd(bytes: Buffer): boolean {
  const tail = bytes.subarray(-ARCHIVE_END_BYTES_MAX);
  const at = tail.indexOf('PK\u0005\u0006', 0, 'latin1');
  return at !== -1 && at + ARCHIVE_END_BYTES_MIN <= tail.length && bytes.includes('PK\u0001\u0002', 0, 'latin1');
}

async function textType(path: string, head: Buffer, named: FileType): Promise<Verdict<FileType, TypeRefusal>> {
  if (!(await isUtf8(path))) return no('not-utf-8');
  const beginning = head.toString('utf8').replace(/^\uFEFF/, '').trimStart();
  const unprefixed = beginning.replace(/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)+/, '');
  if (WEB_PAGE.test(beginning) || WEB_PAGE.test(unprefixed)) return no('active-content');
  if (named === 'xml') {
    if (!beginning.startsWith('<')) return no('name-contradicts');
    if (WEB_ROOT.test(beginning)) return no('active-content');
  }
  if (named === 'json' && !/^(?:[[{"\-\d]|true\b|false\b|null\b)/.test(beginning)) return no('name-contradicts');
  return yes(named);
}

/** The whole file is UTF-8 text without control characters other than line ends and tabs. */
async function isUtf8(path: string): Promise<boolean> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const file = await open(path);
  try {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      const text = decoder.decode(chunk.subarray(0, bytesRead), { stream: bytesRead > 0 });
      // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
      if (/[\u0000-\u0008\u000B\u000E-\u001F\u007F]/.test(text)) return false;
      if (bytesRead === 0) return true;
    }
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  } finally {
    await file.close();
  }
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
