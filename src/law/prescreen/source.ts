/** Reads YAML so that every complaint names file, line and what to do. */

import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node } from 'yaml';
import type { PackProblem } from '../model.ts';

/** A node together with where complaints about it go. */
export interface Place {
  readonly file: string;
  readonly lines: LineCounter;
  readonly problems: PackProblem[];
  readonly node: Node | null | undefined;
}

export function complain(place: Place, code: string, message: string, fix: string, severity: 'error' | 'warning' = 'error'): void {
  const offset = place.node?.range?.[0] ?? 0;
  place.problems.push({ severity, code, file: place.file, line: place.lines.linePos(offset).line, message, fix });
}

/** Brackets inside brackets that a file may hold: the YAML parser recurses, so more would end in a stack overflow instead of a message. */
const BRACKETS_MAX = 64;

/** The deepest nesting of brackets, quotes not considered: an upper bound is all that is needed. */
function bracketDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  return deepest;
}

/** Parses one file. Duplicate keys are refused; an alias is no map, list or text and is refused where it stands. */
export function openSource(file: string, text: string, problems: PackProblem[]): Place | undefined {
  if (bracketDepth(text) > BRACKETS_MAX) {
    problems.push({ severity: 'error', code: 'too-deep', file, line: 1, message: `Brackets nest deeper than ${BRACKETS_MAX}.`, fix: 'Close the brackets.' });
    return undefined;
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core', prettyErrors: false, logLevel: 'error' });
  for (const error of document.errors) {
    const line = lines.linePos(error.pos[0]).line;
    problems.push({ severity: 'error', code: 'not-yaml', file, line, message: error.message, fix: 'Correct the YAML at this line.' });
  }
  if (document.errors.length > 0) return undefined;
  return { file, lines, problems, node: document.contents };
}

const at = (place: Place, node: unknown): Place => ({ ...place, node: node as Node | null });

/** The members of a map by key; complains about keys outside `allowed` and about anything that is no map. */
export function readMap(place: Place, allowed?: readonly string[]): Map<string, Place> {
  const members = new Map<string, Place>();
  if (!isMap(place.node)) {
    complain(place, 'wrong-type', 'A map (key: value) is expected here.', 'Write "key: value" lines, indented alike.');
    return members;
  }
  for (const pair of place.node.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    if (allowed !== undefined && !allowed.includes(key)) {
      complain(at(place, pair.key), 'unknown-key', `"${key}" is not known here.`, `Use one of: ${allowed.join(', ')}.`);
    } else members.set(key, at(place, pair.value));
  }
  return members;
}

export function readList(place: Place): readonly Place[] {
  if (isSeq(place.node)) return place.node.items.map((item) => at(place, item));
  complain(place, 'wrong-type', 'A list is expected here.', 'Write "- item" lines or [a, b].');
  return [];
}

export function readText(place: Place): string | undefined {
  if (isScalar(place.node) && typeof place.node.value === 'string' && place.node.value.trim() !== '') return place.node.value;
  complain(place, 'wrong-type', 'A text is expected here.', 'Write a text; put it in quotes if it looks like a number, yes or no.');
  return undefined;
}

/** A number in [min, max]. */
export function readNumber(place: Place, min: number, max: number): number | undefined {
  if (isScalar(place.node) && typeof place.node.value === 'number' && place.node.value >= min && place.node.value <= max) return place.node.value;
  complain(place, 'wrong-number', `A number from ${min} to ${max} is expected here.`, `Write a number from ${min} to ${max}.`);
  return undefined;
}

/** The member `key`, or a complaint that it is missing. */
export function need(place: Place, members: ReadonlyMap<string, Place>, key: string): Place | undefined {
  const member = members.get(key);
  if (member === undefined) complain(place, 'missing-key', `"${key}" is missing.`, `Add "${key}: …" here.`);
  return member;
}

/** The plain value of a scalar. */
export function scalar(place: Place): unknown {
  return isScalar(place.node) ? place.node.value : undefined;
}

