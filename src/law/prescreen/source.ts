/** Reads YAML so that every complaint names file, line and what to do. */

import { LineCounter, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Pair } from 'yaml';
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

/** Parses one file; aliases and duplicate keys are refused like any other mistake. */
export function openSource(file: string, text: string, problems: PackProblem[]): Place | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, schema: 'core' });
  for (const error of document.errors) {
    const line = lines.linePos(error.pos[0]).line;
    problems.push({ severity: 'error', code: 'not-yaml', file, line, message: error.message.split('\n')[0] ?? '', fix: 'Correct the YAML at this line.' });
  }
  if (document.errors.length > 0) return undefined;
  return { file, lines, problems, node: document.contents };
}

export const at = (place: Place, node: unknown): Place => ({ ...place, node: node as Node | null });

/** The members of a map by key; complains about keys outside `allowed` and about anything that is no map. */
export function readMap(place: Place, allowed?: readonly string[]): Map<string, Place> {
  const members = new Map<string, Place>();
  if (!isMap(place.node)) {
    complain(place, 'wrong-type', 'A map (key: value) is expected here.', 'Write "key: value" lines, indented alike.');
    return members;
  }
  for (const pair of place.node.items as Pair[]) {
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

