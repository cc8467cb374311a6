/**
 * Edits of pack files that touch only what changed: the text of one value is replaced where it stands, so that comments, order and the
 * writing of everything else stay byte for byte. After each edit the file is read again and must hold exactly what was meant.
 */

import { type Alias, type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair, parseDocument, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import { no, type Verdict, yes } from '../../../base/index.ts';
import { type EntryKind, type FieldPath, isPlainMap, type Plain, type PlainMap, SECTIONS } from './entries.ts';

export type YamlEditRefusal = 'entry-missing' | 'field-missing' | 'edit-not-kept' | 'file-broken' | 'id-taken';

export interface FieldEdit {
  /** A number at its end one past the last item of a list adds to the list. */
  readonly path: FieldPath;
  /** Undefined takes the field, or the item of a list, away. */
  readonly value: Plain | undefined;
  /** Puts the value before the item that the path names. */
  readonly insert?: boolean;
}

/** Writes the fields of one entry. A field that was not there is added at the end of its map. */
export function editEntry(text: string, kind: EntryKind, id: string, edits: readonly FieldEdit[]): Verdict<string, YamlEditRefusal> {
  let result = text;
  for (const edit of edits) {
    const shared = locate(result, kind, id);
    if (!shared.ok) return shared;
    result = unshared(result, shared.value, edit.insert === true ? [...edit.path.slice(0, -1), Number.MAX_SAFE_INTEGER] : edit.path);
    const place = locate(result, kind, id);
    if (!place.ok) return place;
    const expected = expectedAfter(place.value.document.toJS() as Plain, [...place.value.path, ...edit.path], edit.value, edit.insert);
    const edited = setValue(result, place.value.node, edit);
    if (!edited.ok) return edited;
    const reread = parseDocument(edited.value, { logLevel: 'error' });
    // The writing of a value must mean the value: a quote or an indentation that goes wrong is noticed here, not in force.
    if (reread.errors.length > 0 || JSON.stringify(reread.toJS()) !== JSON.stringify(expected)) return no('edit-not-kept');
    result = edited.value;
  }
  return yes(result);
}

/** Adds an entry at the end of its section; a file that has no such section gets one. `data` comes without the id. */
export function addEntry(text: string, kind: EntryKind, id: string, data: PlainMap): Verdict<string, YamlEditRefusal> {
  if (locate(text, kind, id).ok) return no('id-taken');
  const document = parseDocument(text, { logLevel: 'error' });
  const top = document.contents;
  const { section, key } = SECTIONS.find((one) => one.kind === kind) ?? { section: '', key: undefined };
  if (document.errors.length > 0 || (top !== null && !isMap(top)) || section === '') return no('file-broken');
  const node = top?.get(section, true);
  const isKeyed = isMap(node) || (node === undefined && kind === 'parameter');
  const entry: PlainMap = isKeyed ? data : { [key ?? 'id']: id, ...data };
  const added = isSeq(node)
    ? withItemAtEnd(text, node, node.flow === true ? written(entry, true) : blockLines(entry, columnAfterDash(text, node)))
    : isMap(node)
      ? inserted(text, node, id, entry)
      : `${text.trimEnd()}${text.trim() === '' ? '' : '\n'}${section}:\n  ${isKeyed ? `${id}:\n    ` : '- '}${blockLines(entry, 4)}\n`;
  const whole = document.toJS() as Plain;
  const before = isPlainMap(whole) ? whole : {};
  const old = before[section];
  const expected = { ...before, [section]: isKeyed ? { ...(isPlainMap(old) ? old : {}), [id]: entry } : [...(Array.isArray(old) ? (old as readonly Plain[]) : []), entry] };
  const after = parseDocument(added, { logLevel: 'error' });
  return after.errors.length > 0 || JSON.stringify(after.toJS()) !== JSON.stringify(expected) ? no('edit-not-kept') : yes(added);
}

function columnAfterDash(text: string, list: YAMLSeq): number {
  const last = list.items.at(-1) as Node | undefined;
  if (last === undefined) return 4;
  const dash = dashOf(text, last);
  return dash - (text.lastIndexOf('\n', dash - 1) + 1) + 2;
}

/** One field a line, from the second on in this column. */
function blockLines(data: PlainMap, column: number): string {
  return Object.entries(data).map(([key, value]) => `${key}: ${written(value, typeof value === 'object' && value !== null)}`).join(`\n${' '.repeat(column)}`);
}

/** Copies an entry under a new id right after the original. */
export function copyEntry(text: string, kind: EntryKind, id: string, newId: string): Verdict<string, YamlEditRefusal> {
  if (locate(text, kind, newId).ok) return no('id-taken');
  const place = locate(text, kind, id);
  if (!place.ok) return place;
  const { slot, document } = place.value;
  const [start, end] = slot;
  // The copy has texts of its own: an anchor names one place only.
  const piece = [...anchorsIn(place.value.node)].reduce((rest, name) => rest.replaceAll(new RegExp(`&${RegExp.escape(name)}(?=\\s) ?`, 'g'), ''), text.slice(start, end));
  const separator = place.value.isFlow ? ', ' : '\n';
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(lineStart, start);
  const copy = `${text.slice(0, end)}${separator}${place.value.isFlow ? '' : indent}${piece}${text.slice(end)}`;
  const before = lengthOfSection(document.toJS() as Plain, kind);
  const key = SECTIONS.find((one) => one.kind === kind)?.key ?? 'id';
  const renamed = place.value.isKeyed ? yes(`${text.slice(0, end)}${separator}${indent}${newId}${piece.slice(id.length)}${text.slice(end)}`) : renameLast(copy, kind, id, key, newId);
  if (!renamed.ok) return renamed;
  const after = parseDocument(renamed.value, { logLevel: 'error' });
  return after.errors.length > 0 || lengthOfSection(after.toJS() as Plain, kind) !== before + 1 || !locate(renamed.value, kind, newId).ok ? no('edit-not-kept') : renamed;
}

/** Takes an entry out; comments above it stay. */
export function removeEntry(text: string, kind: EntryKind, id: string): Verdict<string, YamlEditRefusal> {
  const shared = locate(text, kind, id);
  if (!shared.ok) return shared;
  return removed(withoutAliases(text, shared.value.document, anchorsIn(shared.value.node)), kind, id);
}

function removed(text: string, kind: EntryKind, id: string): Verdict<string, YamlEditRefusal> {
  const place = locate(text, kind, id);
  if (!place.ok) return place;
  const { slot, document, isFlow } = place.value;
  const [start, end] = slot;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  const rest = text.slice(end);
  const cut = isFlow ? (/^\s*,/.test(rest) ? text.slice(0, start) + rest.replace(/^\s*,\s*/, '') : text.slice(0, start).replace(/,\s*$/, '') + rest) : text.slice(0, lineStart) + (lineEnd === -1 ? '' : text.slice(lineEnd + 1));
  const after = parseDocument(cut, { logLevel: 'error' });
  return after.errors.length > 0 || lengthOfSection(after.toJS() as Plain, kind) !== lengthOfSection(document.toJS() as Plain, kind) - 1 ? no('edit-not-kept') : yes(cut);
}

/** Writes a field at the top of pack.yaml, such as its version. */
export function setTop(text: string, key: string, value: string): Verdict<string, YamlEditRefusal> {
  const document = parseDocument(text, { logLevel: 'error' });
  const top = document.contents;
  if (document.errors.length > 0 || !isMap(top)) return no('file-broken');
  const expected = expectedAfter(document.toJS() as Plain, [key], value);
  const edited = setValue(text, top, { path: [key], value });
  if (!edited.ok) return edited;
  return JSON.stringify(parseDocument(edited.value, { logLevel: 'error' }).toJS()) === JSON.stringify(expected) ? edited : no('edit-not-kept');
}

interface Place {
  readonly document: ReturnType<typeof parseDocument>;
  readonly node: YAMLMap;
  /** From the top of the file. */
  readonly path: FieldPath;
  /** Where the whole entry stands, its key or dash included. */
  readonly slot: readonly [start: number, end: number];
  readonly isFlow: boolean;
  /** Entries of a map (parameters) are named by their key. */
  readonly isKeyed: boolean;
}

function locate(text: string, kind: EntryKind, id: string): Verdict<Place, YamlEditRefusal> {
  const document = parseDocument(text, { logLevel: 'error' });
  const top = document.contents;
  if (document.errors.length > 0 || !isMap(top)) return no('file-broken');
  for (const { section, kind: other, key = 'id' } of SECTIONS) {
    if (other !== kind) continue;
    const node = top.get(section, true);
    if (isSeq(node)) {
      const index = node.items.findIndex((item) => isMap(item) && String(item.get(key)) === id);
      const item = node.items[index];
      if (isMap(item)) {
        const start = item.range?.[0] ?? 0;
        const isFlow = node.flow === true;
        return yes({ document, node: item, path: [section, index], slot: [isFlow ? start : text.lastIndexOf('-', start), tightEnd(item, text)], isFlow, isKeyed: false });
      }
    }
    if (isMap(node)) {
      const pair = node.items.find((one) => isScalar(one.key) && String(one.key.value) === id);
      if (pair !== undefined && isMap(pair.value)) {
        const keyNode = pair.key as Node;
        return yes({ document, node: pair.value, path: [section, id], slot: [keyNode.range?.[0] ?? 0, tightEnd(pair.value, text)], isFlow: node.flow === true, isKeyed: true });
      }
    }
  }
  return no('entry-missing');
}

/** Steps into aliases of aliases at most. */
const ALIASES_FOLLOWED_MAX = 8;

/**
 * Where entries share a text by an anchor, an edit of one must not move the others: an alias on the way is written out in its place,
 * and so are the aliases of whatever is about to change. The meaning of the file stays the same.
 */
function unshared(text: string, place: Place, path: FieldPath): string {
  let [result, { document, node }] = [text, place];
  for (let times = 0; times < ALIASES_FOLLOWED_MAX; times++) {
    const nodes = nodesOn(node, path);
    const alias = nodes.find((one) => isAlias(one));
    if (alias === undefined) {
      const last = nodes.at(-1);
      return withoutAliases(result, document, new Set([...nodes.flatMap((one) => anchorOf(one) ?? []), ...(last === undefined || nodes.length <= path.length ? [] : anchorsIn(last))]));
    }
    result = writtenOut(result, document, [alias]);
    document = parseDocument(result, { logLevel: 'error' });
    const next = document.getIn(place.path, true);
    if (!isMap(next)) return text;
    node = next;
  }
  return result;
}

/** The entry and every node on the way, as far as it goes; an alias ends it. */
function nodesOn(root: Node, path: FieldPath): readonly Node[] {
  const nodes: Node[] = [root];
  for (const step of path) {
    const at = nodes.at(-1);
    const next: unknown = isMap(at) && typeof step === 'string' ? at.get(step, true) : isSeq(at) && typeof step === 'number' ? at.items[step] : undefined;
    if (!isNode(next) && !isAlias(next)) break;
    nodes.push(next);
  }
  return nodes;
}

function anchorOf(node: Node): string | undefined {
  return isAlias(node) ? undefined : (node as { readonly anchor?: string }).anchor;
}

function anchorsIn(node: Node): ReadonlySet<string> {
  const names = new Set<string>();
  visit(node, { Node: (_key, one) => void (isAlias(one) || one.anchor === undefined || names.add(one.anchor)) });
  return names;
}

function withoutAliases(text: string, document: Document, anchors: ReadonlySet<string>): string {
  if (anchors.size === 0) return text;
  const aliases: Alias[] = [];
  visit(document, { Alias: (_key, alias) => void (anchors.has(alias.source) && aliases.push(alias)) });
  return writtenOut(text, document, aliases);
}

function writtenOut(text: string, document: Document, aliases: readonly Alias[]): string {
  return [...aliases]
    .sort((a, b) => (b.range?.[0] ?? 0) - (a.range?.[0] ?? 0))
    .reduce((result, alias) => {
      const [start, end] = alias.range ?? [0, 0];
      return result.slice(0, start) + written(alias.resolve(document)?.toJS(document) as Plain, true) + result.slice(end);
    }, text);
}

function setValue(text: string, root: YAMLMap, { path, value, insert = false }: FieldEdit): Verdict<string, YamlEditRefusal> {
  const parent = nodeAt(root, path.slice(0, -1));
  const step = path.at(-1);
  if (parent === undefined || step === undefined) return no('field-missing');
  if (isSeq(parent) && typeof step === 'number') {
    const item = parent.items[step] as Node | undefined;
    if (value === undefined) return item === undefined ? no('field-missing') : yes(withoutItem(text, parent, step, item));
    if (item === undefined) return step === parent.items.length ? yes(withItemAtEnd(text, parent, written(value, true))) : no('field-missing');
    return yes(insert ? withItemBefore(text, parent, item, written(value, true)) : replaced(text, item, value, parent.flow === true));
  }
  if (!isMap(parent) || typeof step !== 'string') return no('field-missing');
  const pair = parent.items.find((one) => isScalar(one.key) && one.key.value === step);
  if (pair === undefined) return value === undefined ? yes(text) : yes(inserted(text, parent, step, value));
  if (value === undefined) return yes(withoutPair(text, parent, pair));
  return yes(isNode(pair.value) ? replaced(text, pair.value, value, parent.flow === true) : text);
}

function nodeAt(root: Node, path: FieldPath): Node | undefined {
  let node: unknown = root;
  for (const step of path) {
    if (isMap(node) && typeof step === 'string') node = node.get(step, true);
    else if (isSeq(node) && typeof step === 'number') node = node.items[step];
    else return undefined;
  }
  return isNode(node) ? node : undefined;
}

function isNode(value: unknown): value is Node {
  return isCollection(value) || isScalar(value);
}

function replaced(text: string, node: Node, value: Plain, isInFlow: boolean): string {
  const isFlow = isInFlow || (isCollection(node) && node.flow === true);
  const start = node.range?.[0] ?? 0;
  return text.slice(0, start) + written(value, isFlow || isCollection(node)) + text.slice(tightEnd(node, text));
}

function inserted(text: string, parent: YAMLMap, key: string, value: Plain): string {
  const last = parent.items.at(-1);
  if (last === undefined || parent.flow === true) {
    const end = last === undefined ? (parent.range?.[0] ?? 0) + 1 : tightEnd((last.value ?? last.key) as Node, text);
    return `${text.slice(0, end)}${last === undefined ? ' ' : ', '}${key}: ${written(value, true)}${last === undefined ? ' ' : ''}${text.slice(end)}`;
  }
  const keyStart = ((parent.items[0]?.key ?? last.key) as Node).range?.[0] ?? 0;
  const column = keyStart - (text.lastIndexOf('\n', keyStart - 1) + 1);
  const end = tightEnd((last.value ?? last.key) as Node, text);
  // A comment at the end of the line stays on its line.
  const lineEnd = text.indexOf('\n', end);
  const at = lineEnd === -1 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n${' '.repeat(column)}${key}: ${written(value, false)}${text.slice(at)}`;
}

function withoutPair(text: string, parent: YAMLMap, pair: Pair): string {
  const start = (pair.key as Node).range?.[0] ?? 0;
  const end = tightEnd((pair.value ?? pair.key) as Node, text);
  if (parent.flow === true) {
    const isFirst = parent.items[0] === pair;
    return isFirst ? text.slice(0, start) + text.slice(end).replace(/^\s*,\s*/, '') : text.slice(0, start).replace(/,\s*$/, '') + text.slice(end);
  }
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  // The first key of a list item shares its line with the dash: the next key moves up to it.
  const lead = text.slice(lineStart, start);
  if (lead.includes('-')) return text.slice(0, start) + text.slice(lineEnd + 1).trimStart();
  return text.slice(0, lineStart) + (lineEnd === -1 ? '' : text.slice(lineEnd + 1));
}

/** Where the dash of an item of a block list stands; an anchor may stand between them. */
function dashOf(text: string, item: Node): number {
  let end = item.range?.[0] ?? 0;
  for (let lines = 0; lines < 3; lines++) {
    const lineStart = text.lastIndexOf('\n', end - 1) + 1;
    const dash = /^ *- /.exec(text.slice(lineStart, Math.max(end, lineStart + 2)));
    if (dash !== null) return lineStart + dash[0].length - 2;
    end = lineStart - 1;
  }
  return text.lastIndexOf('-', item.range?.[0] ?? 0);
}

/** Adds an item to a list of the file; `item` may have several lines that already stand where they belong. */
function withItemAtEnd(text: string, list: YAMLSeq, item: string): string {
  const last = list.items.at(-1) as Node | undefined;
  if (last === undefined || list.flow === true) {
    const end = last === undefined ? (list.range?.[0] ?? 0) + 1 : tightEnd(last, text);
    return `${text.slice(0, end)}${last === undefined ? ' ' : ', '}${item}${last === undefined ? ' ' : ''}${text.slice(end)}`;
  }
  const dash = dashOf(text, last);
  const lineEnd = text.indexOf('\n', tightEnd(last, text));
  const at = lineEnd === -1 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n${text.slice(text.lastIndexOf('\n', dash - 1) + 1, dash)}- ${item}${text.slice(at)}`;
}

function withItemBefore(text: string, list: YAMLSeq, next: Node, item: string): string {
  if (list.flow === true) {
    const start = next.range?.[0] ?? 0;
    return `${text.slice(0, start)}${item}, ${text.slice(start)}`;
  }
  const dash = dashOf(text, next);
  return `${text.slice(0, dash)}- ${item}\n${text.slice(text.lastIndexOf('\n', dash - 1) + 1, dash)}${text.slice(dash)}`;
}

function withoutItem(text: string, list: YAMLSeq, at: number, item: Node): string {
  const end = tightEnd(item, text);
  if (list.flow === true) {
    const start = item.range?.[0] ?? 0;
    return at === 0 ? text.slice(0, start) + text.slice(end).replace(/^\s*,\s*/, '') : text.slice(0, start).replace(/,\s*$/, '') + text.slice(end);
  }
  const lineStart = text.lastIndexOf('\n', dashOf(text, item) - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  return text.slice(0, lineStart) + (lineEnd === -1 ? '' : text.slice(lineEnd + 1));
}

/** Where the last sign of a node stands: block collections end with their last member, not with the comments below. */
function tightEnd(node: Node, text: string): number {
  if (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    const inner = isPair(last) ? (last.value ?? last.key) : last;
    if (isNode(inner)) return tightEnd(inner, text);
  }
  const [start, end] = node.range ?? [0, 0];
  return start + text.slice(start, end).trimEnd().length;
}

/** Signs with which a plain scalar may neither begin nor, in part, go on. */
const PLAIN_BLOCK = /^(?![-?:,[\]{}#&*!|>'"%@`\s])(?!.*(?:: | #|:$|\s$))[^\n\r\t]+$/;
const PLAIN_FLOW = /^[\p{L}\p{N}$][\p{L}\p{N}_.$+()/-]*$/u;
/** Words that mean something else than text. */
const NOT_TEXT = /^(?:true|false|null|~|[-+]?(?:0[xo][\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?|\.inf|\.nan))$/i;

/** The value as YAML on one line: collections in braces, texts in quotes where they need them. */
export function written(value: Plain, isFlow: boolean): string {
  if (typeof value === 'string') return !NOT_TEXT.test(value) && (isFlow ? PLAIN_FLOW : PLAIN_BLOCK).test(value) && (isFlow || isBareWriting(value)) ? value : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return (value as readonly Plain[]).length === 0 ? '[]' : `[ ${(value as readonly Plain[]).map((one) => written(one, true)).join(', ')} ]`;
  const members = Object.entries(value);
  return members.length === 0 ? '{}' : `{ ${members.map(([key, member]) => `${PLAIN_FLOW.test(key) ? key : JSON.stringify(key)}: ${written(member, true)}`).join(', ')} }`;
}

/** Conditions and ids stand bare; sentences for people stand in quotes, as everywhere in packs. */
function isBareWriting(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) && !/[.!?;]$/.test(value) && !/[A-Z][a-z]+ [a-z]+ [a-z]+ /.test(value);
}

function expectedAfter(data: Plain, path: FieldPath, value: Plain | undefined, insert = false): Plain {
  const [step, ...rest] = path;
  if (step === undefined) return value ?? null;
  if (Array.isArray(data)) {
    const items = data as readonly Plain[];
    if (rest.length > 0 || typeof step !== 'number') return items.map((item, index) => (index === step ? expectedAfter(item, rest, value, insert) : item));
    if (value === undefined) return items.filter((_, index) => index !== step);
    return insert || step === items.length ? items.toSpliced(step, 0, value) : items.map((item, index) => (index === step ? value : item));
  }
  const map = isPlainMap(data) ? data : {};
  const entries = Object.entries(map).filter(([key]) => !(rest.length === 0 && value === undefined && key === step));
  const next = entries.map(([key, member]) => [key, key === step ? expectedAfter(member, rest, value, insert) : member] as const);
  if (!entries.some(([key]) => key === step) && !(rest.length === 0 && value === undefined)) next.push([String(step), expectedAfter({}, rest, value)]);
  return Object.fromEntries(next);
}

function lengthOfSection(data: Plain, kind: EntryKind): number {
  const section = SECTIONS.find((one) => one.kind === kind)?.section ?? '';
  const node = isPlainMap(data) ? data[section] : undefined;
  return Array.isArray(node) ? node.length : isPlainMap(node) ? Object.keys(node).length : 0;
}

/** Of two entries with the same id the second gets the new one. */
function renameLast(text: string, kind: EntryKind, id: string, key: string, newId: string): Verdict<string, YamlEditRefusal> {
  const top = parseDocument(text, { logLevel: 'error' }).contents;
  if (!isMap(top)) return no('file-broken');
  const section = top.get(SECTIONS.find((one) => one.kind === kind)?.section ?? '', true);
  const twin = isSeq(section) ? section.items.findLast((item) => isMap(item) && String(item.get(key)) === id) : undefined;
  const name = isMap(twin) ? twin.get(key, true) : undefined;
  return isScalar(name) ? yes(replaced(text, name, newId, true)) : no('edit-not-kept');
}
