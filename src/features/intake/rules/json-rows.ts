/** Cuts a JSON document into its records piece by piece, without holding the document: an array, an object with an array inside, or JSON Lines. */

import { JSON_RECORD_CHARS_MAX } from '../model/limits.ts';
import { UnreadableFile } from '../model/refusal.ts';

export interface JsonRecordText {
  readonly line: number;
  readonly text: string;
}

export interface JsonMember {
  readonly key: string;
  /** The value exactly as written. */
  readonly raw: string;
}

type Root = 'unknown' | 'array' | 'object' | 'lines';

/**
 * `push` answers the texts of the records completed by this piece. In an object the records are the array under
 * `recordsKey`, or the first array that holds objects; everything beside it is collected in `beside`.
 */
export class JsonRecordCutter {
  /** Key of the array of records when the document is an object. */
  recordsKey: string | undefined;
  private readonly wantedKey: string | undefined;
  private root: Root = 'unknown';
  private depth = 0;
  private inString = false;
  private escaped = false;
  private line = 1;
  private recordLine = 1;
  /** Text of the value being collected (a record, or a member beside the records). */
  private held: string[] = [];
  private heldLength = 0;
  private besideText = '';
  private insideRecords = false;

  /** End of a piece that cannot be judged before the next one is seen. */
  private carried = '';

  /** `asLines` for JSON Lines, whose first object may well hold arrays: every value at the top is then a record. */
  constructor(recordsKey: string | undefined, asLines = false) {
    this.wantedKey = recordsKey;
    if (asLines) this.root = 'lines';
  }

  push(piece: string): JsonRecordText[] {
    const records: JsonRecordText[] = [];
    const joined = this.carried + piece;
    // Whether an array holds objects is seen in the character after its bracket.
    const keep = /\[\s*$/.exec(joined);
    const text = keep === null ? joined : joined.slice(0, keep.index);
    this.carried = keep === null ? '' : keep[0];
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === 92) this.escaped = true;
        else if (code === 34) this.inString = false;
        continue;
      }
      if (code === 10) this.line++;
      else if (code === 34) {
        if (this.heldLength === 0 && from === i) this.recordLine = this.line;
        this.inString = true;
      } else if (code === 123 || code === 91) from = this.open(text, i, from, code);
      else if (code === 125 || code === 93) from = this.shut(text, i, from, records);
      else if (code === 44 && this.depth === this.recordDepth()) {
        // A comma between records.
        this.refuseText(text.slice(from, i));
        from = i + 1;
      }
    }
    this.hold(text.slice(from));
    return records;
  }

  /** Ends the document; answers what lies beside the records (a JSON object's other members), as text. */
  end(): string {
    if (this.depth !== 0 || this.inString || this.carried !== '') throw new UnreadableFile('json-malformed', { line: this.line });
    const rest = this.held.join('').trim();
    if (rest !== '' || this.root === 'unknown') throw new UnreadableFile(this.root === 'unknown' && rest === '' ? 'file-empty' : 'json-malformed', { line: this.line });
    return this.besideText;
  }

  /** Depth at which records stand: inside `[`, or inside `{ … "key": [`, or at the top for JSON Lines. */
  private recordDepth(): number {
    return this.root === 'array' ? 1 : this.insideRecords ? 2 : this.root === 'lines' ? 0 : -1;
  }

  private open(text: string, at: number, from: number, code: number): number {
    let start = from;
    if (this.depth === 0 && this.root === 'unknown') {
      this.root = code === 91 ? 'array' : 'object';
      this.depth = 1;
      this.refuseText(text.slice(from, at));
      if (this.root === 'array') return at + 1;
      return at;
    }
    if (this.root === 'object' && this.depth === 1 && code === 91 && this.startsRecords(text, from, at)) {
      this.insideRecords = true;
      this.besideText += `${this.held.join('')}${text.slice(from, at)}[]`;
      this.held = [];
      this.heldLength = 0;
      this.depth = 2;
      return at + 1;
    }
    if (this.depth === this.recordDepth()) {
      this.refuseText(text.slice(from, at));
      this.recordLine = this.line;
      start = at;
    }
    this.depth++;
    return start;
  }

  /** Whether the array that opens now is the one that holds the records. */
  private startsRecords(text: string, from: number, at: number): boolean {
    if (this.recordsKey !== undefined) return false;
    if (this.wantedKey === undefined && !/^\[\s*\{/.test(text.slice(at, at + 200))) return false;
    const before = `${this.held.join('')}${text.slice(from, at)}`.trimEnd();
    const key = /"((?:[^"\\]|\\.)*)"\s*:$/.exec(before)?.[1];
    if (key === undefined || (this.wantedKey !== undefined && key !== this.wantedKey)) return false;
    this.recordsKey = key;
    return true;
  }

  private shut(text: string, at: number, from: number, records: JsonRecordText[]): number {
    this.depth--;
    if (this.depth < 0) throw new UnreadableFile('json-malformed', { line: this.line });
    if (this.depth === this.recordDepth()) {
      this.hold(text.slice(from, at + 1));
      return this.finish(records, at + 1);
    }
    if (this.root === 'array' && this.depth === 0) {
      this.refuseText(text.slice(from, at));
      this.root = 'lines';
      return at + 1;
    }
    if (this.insideRecords && this.depth === 1) {
      this.refuseText(text.slice(from, at));
      this.insideRecords = false;
      return at + 1;
    }
    if (this.root === 'object' && this.depth === 0) {
      this.hold(text.slice(from, at + 1));
      return this.closeObject(records, at + 1);
    }
    return from;
  }

  private closeObject(records: JsonRecordText[], next: number): number {
    if (this.recordsKey === undefined) {
      // No array of records inside: the object is itself a record, the first of JSON Lines.
      if (this.wantedKey !== undefined) throw new UnreadableFile('json-no-records', { key: this.wantedKey });
      this.root = 'lines';
      return this.finish(records, next);
    }
    this.besideText += this.held.join('');
    this.held = [];
    this.heldLength = 0;
    this.root = 'lines';
    return next;
  }

  private finish(records: JsonRecordText[], next: number): number {
    records.push({ line: this.recordLine, text: this.held.join('').trim() });
    this.held = [];
    this.heldLength = 0;
    return next;
  }

  private hold(text: string): void {
    if (text === '') return;
    this.held.push(text);
    this.heldLength += text.length;
    if (this.heldLength > JSON_RECORD_CHARS_MAX) throw new UnreadableFile('json-record-too-long', { line: this.recordLine, max: JSON_RECORD_CHARS_MAX });
  }

  /** Between records only space may stand: a number or a text there is not a record with columns. */
  private refuseText(tail: string): void {
    const between = `${this.held.join('')}${tail}`;
    if (/[^\s,]/.test(between)) throw new UnreadableFile('json-malformed', { line: this.line });
    this.held = [];
    this.heldLength = 0;
  }
}

/** The members of one record in order, each value exactly as written. Throws `json-malformed` naming the record's line. */
export function jsonMembers(record: JsonRecordText): readonly JsonMember[] {
  const { text } = record;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new UnreadableFile('json-malformed', { line: record.line });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new UnreadableFile('json-malformed', { line: record.line });
  // The text is valid JSON from here on, so the cutting below needs no checks.
  const members: JsonMember[] = [];
  let i = skipSpace(text, 1);
  while (text.charCodeAt(i) === 34) {
    const keyEnd = valueEnd(text, i);
    const key = JSON.parse(text.slice(i, keyEnd)) as string;
    const valueStart = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, valueStart);
    members.push({ key, raw: text.slice(valueStart, end) });
    i = skipSpace(text, end);
    if (text.charCodeAt(i) === 44) i = skipSpace(text, i + 1);
  }
  return members;
}

function skipSpace(text: string, from: number): number {
  let i = from;
  while (i < text.length && text.charCodeAt(i) <= 32) i++;
  return i;
}

/** Where the JSON value that begins at `from` ends (exclusive). */
function valueEnd(text: string, from: number): number {
  let depth = 0;
  let inString = false;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (inString) {
      if (code === 92) i++;
      else if (code === 34) {
        inString = false;
        if (depth === 0) return i + 1;
      }
    } else if (code === 34) inString = true;
    else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (code === 44 || code <= 32)) return i;
  }
  return text.length;
}
