/** Rich text of PIA files: HTML from anywhere becomes plain text to answer in, or HTML of a few harmless elements to hand on. */

import { parseHTML } from 'linkedom';

/** linkedom's own types describe the browser's window, which this program does not load; these are the parts used here. */
interface HtmlNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly localName?: string;
  readonly childNodes: Iterable<HtmlNode>;
  getAttribute(name: string): string | null;
}

const ELEMENT = 1;
const TEXT = 3;
/** What the editors of PIA programs write; everything else falls away and leaves its text. */
const ALLOWED: ReadonlySet<string> = new Set(['p', 'div', 'br', 'strong', 'b', 'em', 'i', 'u', 's', 'sub', 'sup', 'ul', 'ol', 'li', 'blockquote', 'pre', 'a']);
const BLOCKS: ReadonlySet<string> = new Set(['p', 'div', 'ul', 'ol', 'li', 'blockquote', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'table', 'tr', 'section', 'article', 'header', 'footer', 'hr']);
/** Their text is no text. */
const DROPPED: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'iframe', 'object', 'embed', 'svg', 'math', 'title', 'head', 'textarea', 'select', 'xmp', 'plaintext']);
const LINK = /^(?:https?:\/\/|mailto:)[^\s"'<>\\]+$/i;

interface Visitor {
  text(text: string): void;
  open(name: string, element: HtmlNode): void;
  close(name: string): void;
}

/** Depth first without recursion: a file may nest as deep as its length allows. */
function walk(html: string, visitor: Visitor): void {
  const { document } = parseHTML(`<!doctype html><html><body>${html}</body></html>`) as unknown as { readonly document: HtmlNode };
  const stack: (HtmlNode | string)[] = [...document.childNodes].reverse();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (typeof next === 'string') {
      visitor.close(next);
      continue;
    }
    if (next.nodeType === TEXT) visitor.text(next.nodeValue ?? '');
    const name = next.localName?.toLowerCase() ?? '';
    if (next.nodeType !== ELEMENT || DROPPED.has(name)) continue;
    visitor.open(name, next);
    stack.push(name, ...[...next.childNodes].reverse());
  }
}

/** Only allowed elements, without attributes but a web or mail address of a link; all text escaped. Idempotent. */
export function cleanHtml(html: string): string {
  const out: string[] = [];
  /** For each open link whether it was written. */
  const links: boolean[] = [];
  walk(html, {
    text: (text) => out.push(escaped(text)),
    open: (name, element) => {
      if (name === 'a') {
        const address = element.getAttribute('href')?.trim() ?? '';
        links.push(LINK.test(address));
        if (LINK.test(address)) out.push(`<a href="${escaped(address)}" rel="noopener noreferrer">`);
      } else if (ALLOWED.has(name)) out.push(`<${name}>`);
    },
    close: (name) => {
      if (name === 'a' ? links.pop() === true : ALLOWED.has(name) && name !== 'br') out.push(`</${name}>`);
    },
  });
  return out.join('');
}

/** Plain text: a line for each block and line break, items of lists with a dash. Text written by `htmlOfText` comes back letter by letter. */
export function textOfHtml(html: string): string {
  const out: string[] = [];
  let last = '\n';
  let isPending = false;
  let hasBlocks = false;
  const add = (text: string): void => {
    if (text === '') return;
    out.push(text);
    last = text.at(-1) ?? last;
  };
  const breakLine = (): void => {
    if (isPending && last !== '\n') add('\n');
    isPending = false;
  };
  walk(html, {
    text: (text) => {
      // Line ends inside a file are only its layout.
      const flowing = text.replaceAll(/[ \t\r]*\n[ \t\r]*/g, ' ');
      if (flowing.trim() === '' && text.includes('\n') && (isPending || last === '\n')) return;
      breakLine();
      add(flowing);
    },
    open: (name) => {
      if (BLOCKS.has(name)) [isPending, hasBlocks] = [true, true];
      if (name === 'li') {
        breakLine();
        add('- ');
        last = '\n';
      }
      if (name === 'br') {
        breakLine();
        add('\n');
      }
    },
    close: (name) => {
      if (BLOCKS.has(name)) isPending = true;
    },
  });
  const text = out.join('');
  return hasBlocks ? text.replaceAll(/[ \t\u00A0]+$/gm, '').replaceAll(/\n{3,}/g, '\n\n').trim() : text;
}

/** HTML of plain text: line breaks, and nothing that could be an element. */
export function htmlOfText(text: string): string {
  return text.split('\n').map(escaped).join('<br>');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\r', '&#13;');
}
