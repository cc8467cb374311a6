/** A motion from its draft to its effect: 33 seats founded on the product, papers that seats recompute, the decision on the public page of a system. */

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningSeat } from '../../src/app/seat/daemon.ts';
import type { MotionState } from '../../src/features/motions/index.ts';
import { systemScope, within } from '../../src/platform/auth/index.ts';
import { nodeSuite as suite } from '../../src/proof/node-suite.ts';
import { parseDecision, verifyDecision } from '../../src/proof/council/bundle.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { printRoll } from '../../src/proof/council/roll-text.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';

const ENGINES = ['embedded', ...(process.env['TEST_DATABASE_URL'] === undefined ? [] : ['server'])] as const;
const TEXTS = { 'title-az': 'Sistemə icazə', 'title-en': 'Leave for the system', 'title-ru': 'Разрешение системе', 'body-az': 'İcazə verilir.\n\nBir il.', 'body-en': 'It is authorised.\n\nFor one year.', 'body-ru': 'Разрешить.\n\nНа год.' };
const REST = { authentic: 'az', class: 'standard', basis: 'Article 12(1)', parties: 'Rəqəmsal Nazirlik' };

interface PapersTold {
  readonly manifest: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly annexes: readonly { readonly digest: string; readonly bytes: number; readonly href: string; readonly name: string }[];
  readonly facts: { readonly system?: { readonly id: string } };
}

describe.each(ENGINES)('a motion on the %s engine', (engine) => {
  let platform: CouncilPlatform;
  let seats: readonly RunningSeat[] = [];
  let system: string;
  let motion: string;
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const told = async (id: string) => (await platform.story.get(`/api/v1/motions/${id}`)).json<{ state: MotionState; number: string; digest?: string; effect: string; round?: { closesS?: number } }>();
  /** Posts a form of a motion and answers where it leads, or the page with what was wrong. */
  const act = async (id: string, word: string, values: Readonly<Record<string, string>> = {}): Promise<string> => {
    const answer = await platform.story.form(`/motions/${id}/${word}`, values);
    return answer.status === 303 ? String(answer.headers['location']) : `${answer.status} ${answer.body.match(/error-summary[\s\S]{0,600}/)?.[0] ?? ''}`;
  };
  const draft = async (values: Readonly<Record<string, string>>): Promise<string> => {
    const answer = await platform.story.form('/motions', { ...TEXTS, ...REST, ...values });
    return /\/motions\/([0-9a-f-]{36})\/desk/.exec(String(answer.headers['location']))?.[1] ?? `${answer.status} ${answer.body.slice(0, 3000)}`;
  };

  beforeAll(async () => {
    platform = await councilPlatform(20, { engine: engine as 'embedded' });
    seats = await Promise.all(Array.from({ length: 24 }, async (_, index) => platform.start(index + 1 + (index > 11 ? 4 : 0) + (index > 17 ? 4 : 0))));
    const { story } = platform;
    const made = await story.send('POST', '/api/v1/systems', { record: { name: 'CV ranking', organisation: 'Rəqəmsal Nazirlik', purpose: 'Ranks applicants.' } });
    system = made.json<{ id: string }>().id;
    await within(systemScope, async () => story.mizan.motions.saveSettings({ supportersMin: 0, adoptByDecision: false, closingNoticeHours: 24 }));
  }, 120_000);
  afterAll(async () => platform?.close());

  it('is refused field by field, and what was typed stays', async () => {
    const answer = await platform.story.form('/motions', { ...TEXTS, ...REST, kind: 'authorise', 'subject-system': system, basis: '', 'body-en': 'One paragraph only.' });
    expect(answer.status).toBe(422);
    expect(answer.body).toContain('One paragraph only.');
    expect(answer.body.match(/href="#(basis|body-en)"/g)?.length).toBe(2);
  });

  it('is drafted, submitted with its dossier, amended and admitted', async () => {
    motion = await draft({ kind: 'authorise', 'subject-system': system });
    expect(motion).toMatch(/^[0-9a-f-]{36}$/);
    expect((await platform.story.get(`/motions/${motion}`, { authorization: '' })).status).toBe(404);
    expect(await act(motion, 'submit')).toContain('said=submitted');
    expect((await platform.story.get(`/motions/${motion}`, { authorization: '' })).status).toBe(200);
    expect(await act(motion, 'amendments', { act: 'replace', paragraph: '2', 'text-az': 'İki il.', 'text-en': 'For two years.', 'text-ru': 'На два года.', reason: 'One is short.' })).toContain('said=amended');
    expect(await act(motion, 'schedule')).toContain('409');
    expect(await act(motion, 'admit', { why: 'Article 12(1)' })).toContain('said=admitted');
    expect(await act(motion, 'schedule')).toContain('409');
    const { amendments } = (await platform.story.get(`/api/v1/motions/${motion}`)).json<{ amendments: { id: string }[] }>();
    expect(await act(motion, `amendments/${amendments[0]?.id ?? ''}/adopt`)).toContain('amendment-adopted');
    expect((await platform.story.get(`/motions/${motion}`)).body).toContain('For two years.');
  });

  it('is opened by the secretariat, its papers are what the digest says, and it takes effect once it is certified', async () => {
    expect(await act(motion, 'schedule')).toContain('said=scheduled');
    await platform.until('the vote to open', async () => (await told(motion)).state === 'open', 240_000);
    const { number, digest = '' } = await told(motion);
    const papers = (await platform.story.get(`/motions/v1/papers?motion=${digest}`, { authorization: '' })).json<PapersTold>();
    expect(sha256(papers.manifest)).toBe(digest);
    for (const [language, text] of Object.entries(papers.texts)) expect(papers.manifest).toContain(`text ${language} sha256:${sha256(text)}`);
    expect(papers.annexes.map(({ name }) => name)).toContain('system.json');
    expect(papers.facts.system?.id).toBe(system);
    for (const annex of papers.annexes) {
      const bytes = (await platform.story.get(annex.href, { authorization: '' })).bytes;
      expect([bytes.length, sha256(bytes.toString()), papers.manifest.includes(`sha256:${annex.digest} ${annex.bytes}`)]).toEqual([annex.bytes, annex.digest, true]);
    }
    const round = `${number} 1`;
    await platform.until('every agent sees OPEN', () => seats.every(({ agent }) => agent.prefix.rounds.has(round)));
    for (const { agent } of seats) agent.decide({ round, choice: 'yes', option: 'A' }, { reason: 'test', advice: 'none', override: false });
    expect((await platform.story.get(`/registry/${system}`)).body).not.toContain('This system is authorised');
    await platform.until('the effect', async () => (await told(motion)).effect === 'done', 300_000);
    expect(await told(motion)).toMatchObject({ state: 'in-force', effect: 'done' });
    const page = await platform.story.page(`/registry/${system}/manage`);
    expect(page.html).toContain('This system is authorised');
    const file = parseDecision((await platform.story.mizan.council.decisionFile(number, 1)) ?? new Uint8Array());
    expect(file).toMatchObject({ ok: true });
    if (file.ok) expect(verifyDecision(suite, file.value, { constitution: platform.story.mizan.council.constitution(), epoch: 1, roll: digestOf(suite, printRoll(platform.roll)) })).toMatchObject({ ok: true });
    // The same news twice changes nothing.
    const facts = await platform.story.mizan.council.round(number, 1);
    if (facts !== undefined) await platform.story.mizan.motions.outcome(facts);
    expect(((await platform.story.get(`/api/v1/motions/${motion}`)).json<{ events: { act: string }[] }>()).events.filter(({ act: done }) => done === 'effect-done')).toHaveLength(1);
  }, 600_000);
});
