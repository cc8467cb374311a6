/** `mizan pack diff OLD NEW`: what changed between two versions of a law, entry by entry. */

import type { Command } from 'commander';
import { diffPacks, type EntryChange, type FieldChange, type Pack, type PackDiff, type PackFile } from '../../law/index.ts';
import { connect } from '../client.ts';
import { print } from '../terminal.ts';
import { counted, findPack, loadedOrExit } from './pack-files.ts';
import { settings } from './settings.ts';

const SIGN = { added: '+', removed: '-', changed: '~' } as const;
const VALUE_LENGTH_MAX = 300;

export function addPackDiff(pack: Command): void {
  pack
    .command('diff')
    .description('compare two law packs: rules, dates, questions and texts that were added, changed or removed')
    .argument('<old>', 'folder, archive, digest of a version the register keeps, or in-force:ID for the version in force there')
    .argument('<new>', 'the same')
    .option('--law', 'only what can change an answer: no texts, no sources')
    .option('--json', 'print the difference as JSON')
    .action(async (old: string, next: string, options: { readonly law?: boolean; readonly json?: boolean }) => {
      const diff = diffPacks(await packNamed(old), await packNamed(next));
      const entries = options.law === true ? diff.entries.filter((entry) => entry.concern === 'law') : diff.entries;
      if (options.json === true) print(JSON.stringify({ ...diff, entries }, null, 2));
      else show({ ...diff, entries });
    });
}

/** A digest or an id is asked for at the register; everything else is on disk. */
async function packNamed(name: string): Promise<Pack> {
  if (!/^[0-9a-f]{64}$/.test(name) && !name.startsWith('in-force:')) return loadedOrExit(await findPack(name), name);
  const client = await connect(settings());
  try {
    const { packs } = await client.request<{ packs: readonly { id: string; digest: string }[] }>('GET', '/api/v1/law');
    const wanted = name.startsWith('in-force:') ? (packs.find((one) => one.id === name.slice('in-force:'.length))?.digest ?? '0'.repeat(64)) : name;
    const filesOf = async (digest: string): Promise<readonly PackFile[]> => (await client.request<{ files: readonly PackFile[] }>('GET', `/api/v1/law/packs/${digest}`)).files;
    const files = await filesOf(wanted);
    // What an overlay of the register stands on is there, too.
    const others = new Map<string, readonly PackFile[]>();
    for (const { id, digest } of packs) if (digest !== wanted) others.set(id, await filesOf(digest));
    return loadedOrExit({ files, bases: (id) => others.get(id) }, name);
  } finally {
    await client.close();
  }
}

function show(diff: PackDiff): void {
  const count = (change: EntryChange['change']): number => diff.entries.filter((entry) => entry.change === change).length;
  const name = (ref: PackDiff['from']): string => `${ref.id} ${ref.version} (${ref.digest.slice(0, 12)})`;
  print(`${name(diff.from)} → ${name(diff.to)}`);
  print(`${count('added')} added, ${count('removed')} removed, ${count('changed')} changed, ${counted(diff.movedDates.length, 'date')} moved`);
  if (diff.movedDates.length > 0) print('\ndates that moved');
  for (const moved of diff.movedDates) print(`  ${moved.kind} ${moved.id}${moved.field === 'value' ? '' : ` ${moved.field}`}: ${moved.before} → ${moved.after}`);
  if (diff.head.length > 0) print('\npack.yaml');
  for (const field of diff.head) print(fieldLine(field));
  if (diff.isHeadlineReordered) print('  the headlines stand in another order');
  for (const entry of diff.entries) {
    print(`\n${SIGN[entry.change]} ${entry.kind} ${entry.id}  [${entry.concern}] ${entry.spot.file}:${entry.spot.line}`);
    // A new or a removed entry is told by its name; its fields are in the file.
    if (entry.change === 'changed') for (const field of entry.fields) print(fieldLine(field));
  }
  if (diff.entries.length === 0 && diff.head.length === 0) print('They say the same.');
}

function fieldLine({ field, before, after }: FieldChange): string {
  return `  ${field}: ${before === undefined ? '(nothing)' : short(before)} → ${after === undefined ? '(nothing)' : short(after)}`;
}

function short(text: string): string {
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)} …` : text;
}
