/** The dossier of a system, frozen when a motion about it is submitted: what the register, the law and its assessments said then. */

import { canonical, type Json } from '../../../base/index.ts';
import { utf8 } from '../../../proof/bytes.ts';
import { systemScope, within } from '../../../platform/auth/index.ts';
import { publicRecord } from '../../registry/index.ts';
import type { AnnexRow, Motion } from '../model.ts';
import { sha256Of } from '../rules/papers.ts';
import type { Work } from './parts.ts';

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain';

async function systemPart({ registry }: Work, systemId: string): Promise<Json | undefined> {
  const entry = await registry.get(systemScope, systemId);
  if (entry === undefined) return undefined;
  // Seats and public read the same papers, so that only what may be published goes in; the digest of the whole record stands beside it.
  return { id: entry.id, number: entry.number, revision: entry.revision, status: entry.status, body: entry.body.name, record: publicRecord(entry.record) as unknown as Json, recordSha256: entry.sha256 };
}

async function classificationPart({ assessment }: Work, systemId: string): Promise<Json | undefined> {
  const [latest] = await assessment.classifications(systemId);
  const whole = latest === undefined ? undefined : await assessment.classification(latest.id);
  if (whole === undefined) return undefined;
  const { number, pack, asOf, knownOn, facts, decisionSha256, headline, openCount, decisionText, decidedAt } = whole;
  return { number, pack: { ...pack }, asOf, knownOn, facts: facts as unknown as Json, headline, openCount, decidedAt, decisionSha256, decision: JSON.parse(decisionText) as Json };
}

/** Makes the annexes anew; what was frozen before gives way. */
export async function freezeDossier(work: Work, motion: Motion): Promise<void> {
  const keep = async (name: string, source: string, content: string, mediaType: string): Promise<void> =>
    work.store.putAnnex(motion.id, { name, source, content, mediaType, bytes: utf8(content).length, sha256: sha256Of(work.suite, content) });
  await work.store.dropDossier(motion.id);
  const { system, roll, pack } = motion.subject;
  if (roll !== undefined) await keep('roll.txt', 'roll', roll, TEXT_TYPE);
  if (pack !== undefined) {
    const files = await work.lawbook.filesByDigest(pack);
    if (files !== undefined) await keep('law-pack.json', 'dossier:pack', canonical({ digest: pack, files: files as unknown as Json }), JSON_TYPE);
  }
  if (system === undefined) return;
  const parts = [{ name: 'system', of: (id: string) => systemPart(work, id) }, { name: 'classification', of: (id: string) => classificationPart(work, id) }, ...(work.dossier ?? [])];
  for (const part of parts) {
    const frozen = await within(systemScope, async () => part.of(system));
    // Plain JSON first: canonical writing refuses `undefined`, which means absent everywhere else.
    if (frozen !== undefined) await keep(`${part.name}.json`, `dossier:${part.name}`, canonical(JSON.parse(JSON.stringify(frozen)) as Json), JSON_TYPE);
  }
}

/** The frozen parts by name, for seats that compute them again. */
export function factsOf(annexes: readonly AnnexRow[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(annexes.flatMap(({ source, content }) => (source.startsWith('dossier:') && source !== 'dossier:pack' && content !== undefined ? [[source.slice('dossier:'.length), JSON.parse(content) as Json]] : [])));
}
