/** Looks into a PDF for what acts by itself: scripts, programs to start, forms that send, files inside. Nothing is drawn or run. */

import { inflateSync } from 'node:zlib';
import { no, type Verdict, yes } from '../../base/index.ts';

export type PdfRefusal = 'active-content' | 'embedded-files' | 'encrypted' | 'broken-archive' | 'archive-bomb' | 'two-kinds';

const OBJECT_STREAMS_MAX = 20_000;
const UNPACKED_BYTES_MAX = 128 * 1024 * 1024;
/** Line ends and a signature's padding may follow the end mark; a second file may not. */
const AFTER_END_BYTES_MAX = 2048;
/** A name ends at white space or a delimiter of the format. */
const END = '(?=[\\s/<>\\[\\](){}%]|$)';
const ACTIVE = new RegExp(`/(?:JavaScript|JS|Launch|RichMedia|SubmitForm|ImportData|XFA|Rendition|Movie|GoToE)${END}|/AA\\s*<<|/Type\\s*/Action[^]{0,200}/URI\\s*\\(\\s*(?:javascript|file|data):`, 'i');
const EMBEDDED = new RegExp(`/(?:EmbeddedFiles?|FileAttachment)${END}`);
const ENCRYPTED = new RegExp(`/Encrypt${END}`);
/** On opening a page may be shown (a place, or the action GoTo); nothing else may happen. */
const OPENING = /\/OpenAction\s*(?:<<(?<inline>[^]{0,600}?)>>|(?<number>\d+)\s+(?<generation>\d+)\s+R)/g;

/** `bytes` is the whole file, which begins with `%PDF-`. */
export function inspectPdf(bytes: Buffer): Verdict<true, PdfRefusal> {
  const file = bytes.toString('latin1');
  const end = file.lastIndexOf('%%EOF');
  if (end !== -1 && file.length - end - '%%EOF'.length > AFTER_END_BYTES_MAX) return no('two-kinds');
  const texts = [withoutStreams(file)];
  if (ENCRYPTED.test(plainNames(texts[0] ?? ''))) return no('encrypted');
  const unpacked = objectStreams(bytes, file);
  if (!unpacked.ok) return unpacked;
  texts.push(...unpacked.value);
  const all = texts.map(plainNames).join('\n');
  if (ACTIVE.test(all) || opensWithAct(all)) return no('active-content');
  return EMBEDDED.test(all) ? no('embedded-files') : yes(true);
}

/** `/J#61vaScript` is the same name as `/JavaScript`. */
function plainNames(text: string): string {
  return text.replaceAll(/#([0-9A-Fa-f]{2})/g, (_whole, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The bytes of pictures and fonts could spell anything by chance. */
function withoutStreams(file: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = file.indexOf('stream', from);
    const isStart = start !== -1 && file.slice(start - 3, start) !== 'end' && /[\r\n]/.test(file[start + 6] ?? '');
    if (start === -1) return kept.concat(file.slice(from)).join('');
    if (!isStart) {
      kept.push(file.slice(from, start + 6));
      from = start + 6;
      continue;
    }
    kept.push(file.slice(from, start));
    const end = file.indexOf('endstream', start);
    // A stream that does not end hides nothing from us: its text is read as well.
    if (end === -1) return kept.concat(file.slice(start)).join('');
    from = end;
  }
}

/** Objects may lie packed in streams of their own; they are read like the others. */
function objectStreams(bytes: Buffer, file: string): Verdict<readonly string[], PdfRefusal> {
  const found: string[] = [];
  let total = 0;
  for (const mark of file.matchAll(/stream\r?\n/g)) {
    if (file.slice(mark.index - 3, mark.index) === 'end') continue;
    const head = plainNames(file.slice(Math.max(0, mark.index - 2000), mark.index).split(/\bobj\b/).at(-1) ?? '');
    if (!/\/ObjStm(?![A-Za-z])/.test(head)) continue;
    if (found.length >= OBJECT_STREAMS_MAX) return no('archive-bomb');
    const start = mark.index + mark[0].length;
    const end = file.indexOf('endstream', start);
    if (end === -1) return no('broken-archive');
    const raw = bytes.subarray(start, end);
    const filter = /\/Filter\s*(\[?[^\]>]*)/.exec(head)?.[1] ?? '';
    const names = filter.match(/\/[A-Za-z0-9]+Decode|\/Fl\b/g) ?? [];
    try {
      if (names.length > 1 || (names.length === 1 && !['/FlateDecode', '/Fl'].includes(names[0] ?? ''))) return no('broken-archive');
      const text = names.length === 0 ? raw : inflateSync(raw, { maxOutputLength: UNPACKED_BYTES_MAX - total });
      total += text.length;
      if (total >= UNPACKED_BYTES_MAX) return no('archive-bomb');
      found.push(text.toString('latin1'));
    } catch (error) {
      return no((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'archive-bomb' : 'broken-archive');
    }
  }
  return yes(found);
}

function opensWithAct(text: string): boolean {
  for (const { groups } of text.matchAll(OPENING)) {
    const act = groups?.['inline'] ?? objectOf(text, groups?.['number'] ?? '', groups?.['generation'] ?? '');
    if (act !== undefined && /\/S\s*\//.test(act) && !/\/S\s*\/GoTo(?=[\s/<>[\]()])/.test(act)) return true;
  }
  return false;
}

function objectOf(text: string, number: string, generation: string): string | undefined {
  return new RegExp(`\\b${number}\\s+${generation}\\s+obj([^]{0,600}?)endobj`).exec(text)?.[1];
}
