/** A log followed from outside: is it still the log it was, and a whole copy of it in a folder. Believes nothing that it has not computed. */

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault, no, type Verdict, yes } from '../../../base/index.ts';
import { fromUtf8, sameBytes } from '../../../proof/bytes.ts';
import { parseForeignCheckpoint } from '../../../proof/checkpoint.ts';
import { leafHash } from '../../../proof/merkle.ts';
import { nodeSuite } from '../../../proof/node-suite.ts';
import { admitVkey, openNote, parseNote, parseNoteBytes, type VerifierKey } from '../../../proof/note.ts';
import { edgeRoot, edgeTiles, EMPTY_EDGE, growEdge, parseTile, printEntryBundle, TILE_WIDTH, type TileEdge, tilePath, tileWidth } from '../../../proof/tiles.ts';
import { TileReader } from '../../../proof/tile-reader.ts';
import { makeFolder, replaceDurably, writeDurably } from '../store/head-file.ts';

/** A file of the log by its path; undefined where the log has none. Throws where the log cannot be reached. */
export type FetchFile = (path: string) => Promise<Uint8Array | undefined>;

export interface FollowRefusal {
  readonly code: 'log-key' | 'log-head' | 'log-shrank' | 'log-forked' | 'log-files' | 'log-head-other';
  readonly detail: string;
}

export interface Followed {
  readonly origin: string;
  readonly size: number;
  /** Entries of the head that was known before; undefined the first time. */
  readonly from: number | undefined;
  /** The newest head, verbatim: keep it, and give it the next time. */
  readonly head: string;
}

interface Head {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
}

function keyOf(vkey: string): Verdict<VerifierKey, FollowRefusal> {
  const key = admitVkey(nodeSuite, vkey);
  return key.ok ? key : no({ code: 'log-key', detail: key.refusal.code });
}

function headOf(key: VerifierKey, text: string): Verdict<Head, FollowRefusal> {
  const note = parseNote(text);
  const opened = note.ok ? openNote(nodeSuite, note.value, [key]) : note;
  const head = opened.ok ? parseForeignCheckpoint(opened.value.text) : opened;
  if (!head.ok) return no({ code: 'log-head', detail: head.refusal.code });
  if (head.value.origin !== key.name) return no({ code: 'log-head-other', detail: head.value.origin });
  return head;
}

async function newestHead(fetchFile: FetchFile, key: VerifierKey): Promise<Verdict<Head & { readonly text: string }, FollowRefusal>> {
  const bytes = await fetchFile('checkpoint');
  if (bytes === undefined) return no({ code: 'log-head', detail: 'no checkpoint' });
  const note = parseNoteBytes(bytes);
  const text = note.ok ? fromUtf8(bytes) : undefined;
  if (text === undefined) return no({ code: 'log-head', detail: note.ok ? 'note-not-utf8' : note.refusal.code });
  const head = headOf(key, text);
  return head.ok ? yes({ ...head.value, text }) : head;
}

/** Whether the log still begins with what it was under the head `known`. */
export async function monitor(fetchFile: FetchFile, vkey: string, known: string | undefined): Promise<Verdict<Followed, FollowRefusal>> {
  const key = keyOf(vkey);
  if (!key.ok) return key;
  const before = known === undefined ? undefined : headOf(key.value, known);
  if (before?.ok === false) return before;
  const now = await newestHead(fetchFile, key.value);
  if (!now.ok) return now;
  const old = before?.value;
  const continued = old === undefined ? yes(true) : await continues(fetchFile, old, now.value);
  if (!continued.ok) return continued;
  return yes({ origin: now.value.origin, size: now.value.size, from: old?.size, head: now.value.text });
}

async function continues(fetchFile: FetchFile, old: Head, now: Head): Promise<Verdict<true, FollowRefusal>> {
  if (now.size < old.size) return no({ code: 'log-shrank', detail: `${old.size} entries before, ${now.size} now` });
  if (now.size === old.size) return sameBytes(now.root, old.root) ? yes(true) : no({ code: 'log-forked', detail: `two heads of ${now.size} entries` });
  if (old.size === 0) return yes(true);
  const proven = await new TileReader(nodeSuite, fetchFile).consistency(old, now);
  return proven.ok ? yes(true) : no({ code: 'log-forked', detail: `${old.size} to ${now.size}: ${proven.refusal.code}` });
}

/** Copies what is new of a log into `folder`, as the same files; every entry is hashed into the tree, and the root must be the signed one. */
export async function mirror(fetchFile: FetchFile, vkey: string, folder: string, progress: (done: number, total: number) => void = () => undefined): Promise<Verdict<Followed, FollowRefusal>> {
  const key = keyOf(vkey);
  if (!key.ok) return key;
  makeFolder(folder);
  const path = join(folder, 'checkpoint');
  const before = existsSync(path) ? headOf(key.value, readFileSync(path, 'utf8')) : undefined;
  if (before?.ok === false) return before;
  const now = await newestHead(fetchFile, key.value);
  if (!now.ok) return now;
  const old = before?.value;
  if (old !== undefined && now.value.size < old.size) return no({ code: 'log-shrank', detail: `${old.size} entries before, ${now.value.size} now` });
  const known = old === undefined ? EMPTY_EDGE : edgeIn(folder, old);
  if (known === undefined) return no({ code: 'log-files', detail: `the copy in ${folder} is not whole` });
  const copied = await copyEntries(fetchFile, folder, known, now.value, progress);
  if (!copied.ok) return copied;
  // The head last: a copy that broke off is continued, never taken for a whole one.
  replaceDurably(path, now.value.text);
  return yes({ origin: now.value.origin, size: now.value.size, from: old?.size, head: now.value.text });
}

/** The open tiles of the copy; undefined when they are not those of its head. */
function edgeIn(folder: string, head: Head): TileEdge | undefined {
  const open: (readonly Uint8Array[])[] = [];
  for (const tile of edgeTiles(head.size)) {
    if (typeof tile.level !== 'number') continue;
    const file = join(folder, tilePath(tile));
    const hashes = existsSync(file) ? parseTile(new Uint8Array(readFileSync(file)), tile.width) : undefined;
    if (hashes?.ok !== true) return undefined;
    open[tile.level] = hashes.value;
  }
  const edge: TileEdge = { size: head.size, open: Array.from(open, (hashes) => hashes ?? []) };
  return sameBytes(edgeRoot(nodeSuite, edge), head.root) ? edge : undefined;
}

async function copyEntries(fetchFile: FetchFile, folder: string, known: TileEdge, head: Head, progress: (done: number, total: number) => void): Promise<Verdict<true, FollowRefusal>> {
  const reader = new TileReader(nodeSuite, fetchFile);
  let edge = known;
  while (edge.size < head.size) {
    const at = Math.floor(edge.size / TILE_WIDTH);
    const bundle = await reader.bundle(at, head.size);
    if (!bundle.ok) return no({ code: 'log-files', detail: `${bundle.refusal.code} ${bundle.refusal.detail ?? ''}`.trimEnd() });
    const fresh = bundle.value.slice(edge.size % TILE_WIDTH);
    const grown = growEdge(nodeSuite, edge, fresh.map((entry) => leafHash(nodeSuite, entry)));
    const printed = printEntryBundle(bundle.value);
    if (!printed.ok || fresh.length === 0) return no({ code: 'log-files', detail: `bundle ${at}` });
    keep(folder, tilePath({ level: 'entries', index: at, width: tileWidth('entries', at, head.size) }), printed.value);
    for (const { tile, bytes } of grown.tiles) keep(folder, tilePath(tile), bytes);
    edge = grown.edge;
    progress(edge.size, head.size);
  }
  return sameBytes(edgeRoot(nodeSuite, edge), head.root) ? yes(true) : no({ code: 'log-forked', detail: `the entries do not lead to the signed root of ${head.size}` });
}

function keep(folder: string, path: string, bytes: Uint8Array): void {
  const file = join(folder, path);
  try {
    makeFolder(dirname(file));
    writeDurably(file, bytes);
  } catch (error) {
    throw new Fault('log-copy-not-written', `${file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`, { path: file }, { cause: error });
  }
}
