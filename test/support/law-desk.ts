/** A register with law to look at: samples with their duties and impact assessments, a review, a draft, and a change of law that was measured. */

import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openLawbook } from '../../src/features/lawbook/index.ts';
import { keyText, type PackFile, trustedKeyLine } from '../../src/law/index.ts';
import { systemScope, within } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { installationRoot } from '../../src/platform/files/index.ts';
import type { Story } from './story.ts';

const JOB_ASKED_MAX = 1200;
const JOB_ASK_MS = 100;
/** A rule with a long sentence, worked cases and a diagram. */
const RULE = 'annex-III-4a';
/** Days of the Act that nobody has reached on the day stories are told, and later ones to which the change of law moves them. */
const MOVED = [['value: 2026-12-02, known', 'value: 2027-06-02, known'], ['value: 2027-12-02, known', 'value: 2028-12-02, known']] as const;

/** The files of a pack that ships. */
export function shippedPack(id: string): readonly PackFile[] {
  const folder = join(installationRoot, 'packs', 'law', id);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yaml')).map((path) => ({ path: path.replaceAll('\\', '/'), text: readFileSync(join(folder, path), 'utf8') }));
}

export async function jobDone(story: Story, job: string): Promise<void> {
  for (let asked = 1; asked <= JOB_ASKED_MAX; asked++) {
    const { state } = (await story.get(`/api/v1/jobs/${job}`)).json<{ state: string }>();
    if (state === 'done') return;
    if (state === 'failed' || state === 'cancelled') throw new Error(`the job is ${state}`);
    await pause(JOB_ASK_MS);
  }
  throw new Error('the job did not end');
}

interface Ref {
  readonly id: string;
  readonly version: string;
  readonly digest: string;
}

/** What the addresses of law pages are made of, by the name it has in them. */
export type LawIds = Readonly<Record<'SAMPLE' | 'RUN' | 'HIT' | 'EU' | 'NEXT' | 'LINE' | 'DRAFT' | 'RULE' | 'REVIEW' | 'AIA' | 'AGAIN' | 'FRIA' | 'KEY', string>>;

/** Fills a fresh register through its interfaces, as people would, and answers what was made. */
export async function lawDesk(story: Story): Promise<LawIds> {
  const made = async <T>(url: string, body: unknown): Promise<T> => {
    const answer = await story.send('POST', url, body);
    if (answer.status >= 300) throw new Error(`${url}: ${answer.body}`);
    return answer.json<T>();
  };
  await made('/api/v1/samples', { language: 'en' });
  const kept = async (id: string): Promise<Ref> => {
    const { items } = (await story.get('/api/v1/law/installed')).json<{ items: { pack: Ref }[] }>();
    const found = items.find(({ pack }) => pack.id === id);
    if (found === undefined) throw new Error(`no pack ${id}`);
    return found.pack;
  };
  const [eu, line] = [await kept('eu-ai-act'), await kept('bright-line')];

  // A version whose days moved; its cases are of no matter here, so it is kept without the check that adoption makes.
  const next = await within(systemScope, async () => (await openLawbook({ database: story.mizan.database, clock: systemClock })).install(
    shippedPack('eu-ai-act').map((file) => ({ ...file, text: MOVED.reduce((text, [from, to]) => text.replaceAll(from, to), file.text).replace(/^version: .+$/m, file.path === 'pack.yaml' ? 'version: 9.0.0' : '$&') })),
  ));
  if (!next.ok) throw new Error(JSON.stringify(next.refusal));
  const run = await made<{ id: string; jobId: string }>('/api/v1/law/changes', { digest: next.value.ref.digest });
  await jobDone(story, run.jobId);
  const hit = (await story.get(`/api/v1/law/changes/${run.id}/systems?limit=1`)).json<{ items: { systemId: string }[] }>().items[0]?.systemId;
  if (hit === undefined) throw new Error('the change of law affects nobody');

  const { rows } = (await story.get('/api/v1/lawdesk/review/eu-ai-act')).json<{ rows: { kind: string; entry: string; digest: string }[] }>();
  const rule = rows.find((row) => row.kind === 'rule' && row.entry === RULE);
  const { review } = await made<{ review: string }>('/api/v1/lawdesk/review/eu-ai-act/remarks', { reviewer: 'L. Counsel', licence: 'B-17', kind: rule?.kind, entry: rule?.entry, entryDigest: rule?.digest, verdict: 'change-needed', remark: 'Say who decides.', proposal: 'x'.repeat(300) });
  const draft = await made<{ id: string }>('/api/v1/lawdesk/drafts', { digest: eu.digest, title: `A later day ${'x'.repeat(150)}` });

  const impacts = (await story.get('/api/v1/impact/assessments')).json<{ items: { id: string; kind: string; state: string; systemId: string }[] }>().items;
  const aia = impacts.find((one) => one.kind === 'ca-aia' && one.state === 'finished');
  if (aia === undefined) throw new Error(`no finished impact assessment among the samples: ${JSON.stringify(impacts)}`);
  const again = await made<{ id: string }>(`/api/v1/impact/assessments/${aia.id}/revise`, {});
  const fria = await made<{ id: string }>('/api/v1/impact/assessments', { system: aia.systemId, kind: 'fria' });
  const key = await publishersKey(story);
  return { SAMPLE: aia.systemId, RUN: run.id, HIT: hit, EU: eu.digest, NEXT: next.value.ref.digest, LINE: line.digest, DRAFT: draft.id, RULE, REVIEW: review, AIA: aia.id, AGAIN: again.id, FRIA: fria.id, KEY: key };
}

/** A key is believed, and an attempt to bring in something that is no pack is on record. */
async function publishersKey(story: Story): Promise<string> {
  const line = trustedKeyLine({ role: 'publisher', key: keyText(generateKeyPairSync('ed25519').publicKey), name: 'Law press' });
  const added = await story.form('/lawdesk/keys', { lines: line, author: 'Head of law', reason: 'Compared by telephone.' });
  if (added.status !== 303) throw new Error(`the key is refused: ${added.body}`);
  await story.upload('/lawdesk/packs', { author: 'Head of law' }, { name: 'no-pack.zip', content: 'no pack' });
  const { keys } = (await story.get('/api/v1/lawdesk/keys')).json<{ keys: { fingerprint: string }[] }>();
  return keys[0]?.fingerprint ?? '';
}
