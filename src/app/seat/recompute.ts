/** Decides the law of a dossier again, with the packs of this seat's own installation; loaded only when a dossier states facts. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CivilDate, Json } from '../../base/index.ts';
import { compileLaw, decide, dutiesOf, type LawTime, type Pack, parseFacts, readPack } from '../../law/index.ts';
import { installationRoot } from '../../platform/files/root.ts';
import { readFolder } from '../commands/pack-files.ts';
import { notRecomputed, type Recomputed, type StatedLaw, statedLaw } from './rules/review.ts';

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const RESULTS = { reasons: false, flips: false, ranked: false, readings: false };

function packNamed(id: string, digest: string | undefined): Pack | undefined {
  const root = join(installationRoot, 'packs/law');
  if (!/^[a-z0-9][a-z0-9-]{0,60}$/.test(id) || !existsSync(root) || !readdirSync(root).includes(id)) return undefined;
  const { pack } = readPack(readFolder(join(root, id)), { packs: (base) => (/^[a-z0-9-]+$/.test(base) && existsSync(join(root, base)) ? readFolder(join(root, base)) : undefined) });
  return pack === undefined || (digest !== undefined && pack.ref.digest !== digest) ? undefined : pack;
}

function compare(pack: Pack, stated: StatedLaw): Recomputed {
  const facts = parseFacts(pack, stated.answers);
  if (!facts.ok) return notRecomputed('facts-wrong');
  // Checked to be dates by the caller.
  const at = (asOf: string, knownOn: string): LawTime => ({ asOf: asOf as CivilDate, knownOn: knownOn as CivilDate });
  const decision = decide(compileLaw(pack, at(stated.asOf, stated.knownOn)), facts.value, RESULTS);
  const { duties } = dutiesOf(compileLaw(pack, at(stated.dutiesAsOf, stated.dutiesKnownOn), 'duties'), facts.value, RESULTS);
  const results = new Map<string, string>(decision.outcomes.map(({ id, result }) => [id, result]));
  const classification = [
    ...Object.entries(stated.outcomes).filter(([id, result]) => results.get(id) !== result).map(([id, result]) => `${id}: ${result} ≠ ${results.get(id) ?? 'none'}`),
    ...(stated.headline === undefined || stated.headline === decision.headline.id ? [] : [`${stated.headline} ≠ ${decision.headline.id}`]),
  ];
  const held: readonly string[] = duties.filter(({ outcome }) => outcome.result === 'holds').map(({ duty }) => duty.id);
  const differing = stated.duties === undefined ? undefined : [...held.filter((duty) => stated.duties?.includes(duty) !== true).map((duty) => `+${duty}`), ...stated.duties.filter((duty) => !held.includes(duty)).map((duty) => `-${duty}`)];
  const articles = new Set([...pack.legalBasis.map((basis) => JSON.stringify(basis)), ...[...JSON.stringify(pack.conclusions).matchAll(/"article":"([^"]+)"/g)].map((match) => match[1] ?? '')]);
  return { classification, duties: differing, articles };
}

/** What the law says about the facts that the papers state; a problem's name where this seat cannot tell. */
export function recompute(facts: Json | undefined): Recomputed {
  const stated = statedLaw(facts);
  if (stated === undefined) return notRecomputed('no-facts');
  if (![stated.asOf, stated.knownOn, stated.dutiesAsOf, stated.dutiesKnownOn].every((date) => DATE.test(date))) return notRecomputed('facts-wrong');
  const pack = packNamed(stated.pack, stated.digest);
  return pack === undefined ? notRecomputed('pack-unknown') : compare(pack, stated);
}

/** The installation's own files must be readable for this; what they are is told by `mizan doctor`. */
export const readInterests = (folder: string): readonly string[] => {
  const path = join(folder, 'interests.txt');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).slice(0, 1000) : [];
};
