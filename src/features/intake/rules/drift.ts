/** Compares the columns of a file with those its profile knows: a source that changed its shape is reported, never refused. */

import type { SchemaDrift } from '../model/findings.ts';
import type { Profile } from '../model/profile.ts';
import { comparable } from './cells.ts';

export function schemaDrift(profile: Profile, header: readonly string[]): SchemaDrift {
  const known = new Map([...profile.columns, ...(profile.sometimes ?? [])].map((name) => [comparable(name), name]));
  const found = new Map(header.map((name) => [comparable(name), name]));
  // A column for each field: any field may be there or not.
  const added = profile.own === 'fields' ? [] : header.filter((name) => !known.has(comparable(name)));
  const missing = profile.columns.filter((name) => !found.has(comparable(name)));
  const renamed = profile.columns.flatMap((expected) => {
    const written = found.get(comparable(expected));
    return written === undefined || written === expected ? [] : [{ expected, found: written }];
  });
  const common = profile.columns.map((name) => comparable(name)).filter((name) => found.has(name));
  const order = [...found.keys()].filter((name) => common.includes(name));
  return { added, missing, renamed, reordered: common.some((name, index) => order[index] !== name) };
}
