/** Reads the XML of a workbook piece by piece: elements and text, five entities, no document types, nothing external. */

import { JSON_RECORD_CHARS_MAX } from '../model/limits.ts';
import { UnreadableFile } from '../model/refusal.ts';

export interface XmlHandler {
  /** `attributes` is the text of the tag after its name; `attribute()` reads one of it. */
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(text: string): void;
}

export class XmlScanner {
  private readonly handler: XmlHandler;
  private rest = '';

  constructor(handler: XmlHandler) {
    this.handler = handler;
  }

  push(piece: string): void {
    const text = this.rest === '' ? piece : this.rest + piece;
    let i = 0;
    for (;;) {
      const next = text.charCodeAt(i) === 60 ? this.tag(text, i) : this.words(text, i);
      if (next === -1) break;
      i = next;
      if (i >= text.length) break;
    }
    this.rest = text.slice(i);
    if (this.rest.length > JSON_RECORD_CHARS_MAX) throw new UnreadableFile('cell-too-long', { line: 0, column: 0, max: JSON_RECORD_CHARS_MAX });
  }

  end(): void {
    if (this.rest.trim() !== '') throw new UnreadableFile('archive-bad-entry');
  }

  /** Text up to the next tag; -1 when the piece ends first. */
  private words(text: string, from: number): number {
    const to = text.indexOf('<', from);
    if (to === -1) return -1;
    this.handler.text(unescaped(text.slice(from, to)));
    return to;
  }

  private tag(text: string, from: number): number {
    if (text.startsWith('<!--', from)) return after(text, '-->', from + 4);
    if (text.startsWith('<?', from)) return after(text, '?>', from + 2);
    if (text.startsWith('<![CDATA[', from)) {
      const end = text.indexOf(']]>', from);
      if (end === -1) return -1;
      this.handler.text(text.slice(from + 9, end));
      return end + 3;
    }
    // A piece may end inside `<!-`; only a complete declaration is refused. Entity bombs live in document types.
    if (text.startsWith('<!D', from)) throw new UnreadableFile('archive-bad-entry');
    const end = tagEnd(text, from + 1);
    if (end === -1) return -1;
    this.element(text.slice(from + 1, end));
    return end + 1;
  }

  private element(inner: string): void {
    if (inner.startsWith('/')) {
      this.handler.close(localName(inner.slice(1).trim()));
      return;
    }
    const isEmpty = inner.endsWith('/');
    const space = inner.search(/[\s/]/);
    const name = localName(space === -1 ? inner : inner.slice(0, space));
    this.handler.open(name, space === -1 ? '' : inner.slice(space));
    if (isEmpty) this.handler.close(name);
  }
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at === -1 ? -1 : at + mark.length;
}

/** The `>` that ends the tag: one inside quotes does not. */
function tagEnd(text: string, from: number): number {
  let quote = 0;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 62) return i;
  }
  return -1;
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
}

/** Value of an attribute of a tag's text; prefixes count (`r:id`). */
export function attribute(attributes: string, name: string): string | undefined {
  for (let at = attributes.indexOf(name); at !== -1; at = attributes.indexOf(name, at + 1)) {
    if (at > 0 && !/\s/.test(attributes.charAt(at - 1))) continue;
    const match = /^\s*=\s*(?:"([^"]*)"|'([^']*)')/.exec(attributes.slice(at + name.length));
    if (match !== null) return unescaped(match[1] ?? match[2] ?? '');
  }
  return undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
  if (!lines.includes('&')) return lines;
  return lines.replaceAll(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w{1,8}));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}
