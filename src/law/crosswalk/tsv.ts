/** Tab-separated rows with quotes where a cell needs them; every row knows the line it starts on. */

export interface TsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}
export type TsvFault = { readonly kind: 'unclosed-quote' | 'text-after-quote' | 'too-many-rows'; readonly line: number };

const NEEDS_QUOTES = /[\t\r\n]|^"/;

/** Rows from line `firstLine` on; blank lines are skipped. Stops at the first fault. */
export function readTsv(text: string, firstLine: number, rowsMax: number): { readonly rows: readonly TsvRow[]; readonly fault?: TsvFault } {
  const rows: TsvRow[] = [];
  let at = 0;
  let line = firstLine;
  while (at < text.length) {
    const cells: string[] = [];
    const start = line;
    for (;;) {
      const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
      if ('fault' in cell) return { rows, fault: { kind: cell.fault, line } };
      cells.push(cell.value);
      line += newlinesIn(cell.value);
      at = cell.next;
      if (text[at] !== '\t') break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    line += 1;
    if (cells.length === 1 && cells[0]?.trim() === '') continue;
    if (rows.length === rowsMax) return { rows, fault: { kind: 'too-many-rows', line: start } };
    rows.push({ line: start, cells });
  }
  return { rows };
}

export function writeTsv(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t')}\n`).join('');
}

type Cell = { readonly value: string; readonly next: number } | { readonly fault: TsvFault['kind'] };

function plainCell(text: string, at: number): Cell {
  const end = /[\t\r\n]/g;
  end.lastIndex = at;
  const next = end.exec(text)?.index ?? text.length;
  return { value: text.slice(at, next), next };
}

function quotedCell(text: string, at: number): Cell {
  let value = '';
  let from = at + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) return { fault: 'unclosed-quote' };
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      const next = quote + 1;
      return next === text.length || '\t\r\n'.includes(text[next] ?? '') ? { value, next } : { fault: 'text-after-quote' };
    }
    value += '"';
    from = quote + 2;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}
