/** The review of a dossier: each check fails on the one thing it is for, seats agree, and a model can advise but not decide. */

import { createServer, type Server } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CouncilWorld, DAY_S, START_S, TEXTS } from '../../../test/support/council-world.ts';
import { canonical, type Json } from '../../base/index.ts';
import { compileLaw, decide, dutiesOf, type Pack, readPack } from '../../law/index.ts';
import { hex, utf8 } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { digestOf } from '../../proof/council/log-state.ts';
import type { Motion } from '../../proof/council/motion-text.ts';
import { readFolder } from '../commands/pack-files.ts';
import { outboundFor } from './daemon.ts';
import { readPapers } from './desk.ts';
import { type ModelParts, readRubric, reviewByModel, type Rubric } from './model-review.ts';
import { recompute } from './recompute.ts';
import { type CheckId, type CheckResult, type Papers, type Review, type ReviewInput, reviewMotion } from './rules/review.ts';

const ROUND = { slot: '2027-014', round: 1 };
const ANNEX = utf8('{"consulted":true}');
const annexOf = (bytes: Uint8Array, type = 'application/json'): Motion['annexes'][number] => ({ digest: hex(suite.sha256(bytes)), bytes: bytes.length, type });

interface Bench {
  readonly input: ReviewInput;
  readonly papers: Papers;
}

/** A motion as it should be, and what the seat knows about it. */
function bench(of: Partial<Motion> = {}, texts: Readonly<Record<string, string>> = TEXTS): Bench {
  const world = new CouncilWorld(suite);
  const digests = Object.entries(texts).map(([language, text]) => ({ language, digest: digestOf(suite, text) }));
  const manifest = world.motionOf(ROUND, { texts: digests, annexes: [annexOf(ANNEX)], parties: ['ministry-of-example'], ...of });
  const fromS = START_S + 60 * DAY_S;
  const { open } = world.openRound(ROUND, fromS, {}, [manifest]);
  const papers: Papers = { manifest, texts, annexes: [{ ...annexOf(ANNEX), name: 'consultation.json', href: '/motions/v1/annexes/x' }], facts: { consultation: { held: true } } };
  return { papers, input: { state: world.state, open, openedS: fromS, option: 'A', papers, annexes: new Map([[hex(suite.sha256(ANNEX)), ANNEX]]), recomputed: undefined, interests: [] } };
}

const resultOf = (review: Review, id: CheckId): CheckResult | undefined => review.checks.find((each) => each.id === id)?.result;
const failed = (review: Review): readonly CheckId[] => review.checks.filter(({ result }) => result === 'fail').map(({ id }) => id);

describe('the deterministic review', () => {
  const good = bench();

  it('passes what is in order and says what it cannot know', () => {
    const review = reviewMotion(suite, good.input);
    expect(failed(review)).toEqual([]);
    expect(review.checks.filter(({ result }) => result === 'unknown').map(({ id }) => id)).toEqual(['basis', 'classification', 'duties']);
  });

  it.each<[CheckId, string, ReviewInput]>([
    ['manifest', 'another manifest than the one voted on', { ...good.input, papers: { ...good.papers, manifest: good.papers.manifest.replace('Article 12(1)', 'Article 13(1)') } }],
    ['texts', 'one changed word in one language', { ...good.input, papers: { ...good.papers, texts: { ...TEXTS, ru: TEXTS.ru.replace('разрешается', 'запрещается') } } }],
    ['texts', 'a language too many', { ...good.input, papers: { ...good.papers, texts: { ...TEXTS, fr: 'Le système est autorisé.\n' } } }],
    ['annexes', 'an annex with other bytes', { ...good.input, annexes: new Map([[hex(suite.sha256(ANNEX)), utf8('{"consulted":null}')]]) }],
    ['languages', 'no Russian text', bench({}, { az: TEXTS.az, en: TEXTS.en }).input],
    ['fields', 'an authentic text of two words', bench({}, { ...TEXTS, az: 'Olsun.\n' }).input],
    ['fields', 'another number than the slot', bench({ number: '2027-015' }).input],
    ['personal-data', 'an address in the text', bench({}, { ...TEXTS, en: 'The system is authorised; write to a.mammadov@example.org about it.\n' }).input],
    ['personal-data', 'a telephone number', bench({}, { ...TEXTS, en: 'The system is authorised; call +994 50 123 45 67 about it.\n' }).input],
    ['window', 'a vote shorter than its class asks', { ...good.input, openedS: good.input.open.closesS - DAY_S }],
    ['prepared', 'papers that came too late', { ...good.input, openedS: START_S }],
    ['interests', 'a party in which the member has an interest', { ...good.input, interests: ['ministry-of-example'] }],
    ['consultation', 'a consultation that was not held', { ...good.input, papers: { ...good.papers, facts: { consultation: false } } }],
  ])('fails %s for %s', (id, _what, input) => {
    const review = reviewMotion(suite, input);
    expect(failed(review)).toContain(id);
    expect(review.failed).toBe(true);
  });

  it('knows nothing without a dossier, and nothing of annexes it could not fetch', () => {
    expect(new Set(reviewMotion(suite, { ...good.input, papers: undefined }).checks.map(({ result }) => result))).toEqual(new Set(['unknown']));
    expect(resultOf(reviewMotion(suite, { ...good.input, annexes: new Map() }), 'annexes')).toBe('unknown');
  });

  it('has one digest for all seats with the same dossier, another for any other result, and the member’s interests are not in it', () => {
    const { digest } = reviewMotion(suite, good.input);
    expect(reviewMotion(suite, bench().input).digest).toBe(digest);
    expect(reviewMotion(suite, { ...good.input, interests: ['ministry-of-example'] }).digest).toBe(digest);
    expect(reviewMotion(suite, { ...good.input, annexes: new Map() }).digest).not.toBe(digest);
  });

  it('sees a text that was carried before', () => {
    const world = new CouncilWorld(suite);
    const first = { slot: '2027-001', round: 1 };
    const fromS = START_S + 60 * DAY_S;
    const { open } = world.openRound(first, fromS);
    world.add(world.ballot(open, Array.from({ length: 25 }, (_, index) => index + 1), 'yes'));
    world.closeRound(open, open.closesS + 60);
    const second = world.openRound(ROUND, open.closesS + 7 * DAY_S);
    const manifest = world.motionOf(ROUND);
    const review = reviewMotion(suite, { ...good.input, state: world.state, open: second.open, openedS: open.closesS + 7 * DAY_S, papers: { manifest, texts: TEXTS, annexes: [] } });
    expect(review.checks.find(({ id }) => id === 'new')).toMatchObject({ result: 'fail', detail: '2027-001' });
  });

  it.each<[string, Json]>([
    ['no object', []],
    ['no manifest', { texts: {} }],
    ['a text that is no text', { manifest: 'x', texts: { az: 7 } }],
  ])('takes %s for no dossier', (_what, value) => {
    expect(readPapers(value)).toBeUndefined();
  });
});

describe('the law of a dossier', () => {
  const pack = readPack(readFolder('packs/law/bright-line')).pack as Pack;
  const time = { asOf: '2027-01-01', knownOn: '2027-01-01' } as never;
  const facts = {};
  const decision = decide(compileLaw(pack, time), facts);
  const duties = dutiesOf(compileLaw(pack, time, 'duties'), facts).duties.filter(({ outcome }) => outcome.result !== 'fails');
  const stated = JSON.parse(canonical(JSON.parse(JSON.stringify({
    classification: { pack: pack.ref, asOf: '2027-01-01', knownOn: '2027-01-01', facts, headline: decision.headline.id, decision: { outcomes: decision.outcomes.map(({ id, result }) => ({ id, result })) } },
    duties: { asOf: '2027-01-01', knownOn: '2027-01-01', duties: duties.map(({ duty, outcome }) => ({ duty: { id: duty.id }, outcome: { result: outcome.result } })) },
  })))) as { classification: { decision: { outcomes: { id: string; result: string }[] }; pack: { digest: string; id: string } } };

  it('is decided again and agrees', () => {
    expect(recompute(stated as unknown as Json)).toMatchObject({ classification: [], duties: [] });
  });

  it('differs where the dossier states another result', () => {
    const changed = structuredClone(stated);
    const [first] = changed.classification.decision.outcomes;
    if (first === undefined) throw new Error('the pack concludes nothing');
    first.result = first.result === 'holds' ? 'fails' : 'holds';
    expect(recompute(changed as unknown as Json).classification.length).toBe(1);
  });

  it('is unknown under a pack that this installation does not have, or has otherwise', () => {
    const other = structuredClone(stated);
    other.classification.pack.digest = 'ab'.repeat(32);
    expect(recompute(other as unknown as Json).problem).toBe('pack-unknown');
    expect(recompute({ ...stated, classification: { ...stated.classification, pack: { ...stated.classification.pack, id: '../../secrets' } } }).problem).toBe('pack-unknown');
    expect(recompute(undefined).problem).toBe('no-facts');
  });
});

const RUBRIC = `
seat: 19
family: qwen
criteria:
  - { id: clear, weight: 3, evidence: [text], ask: "Is the text clear to those it binds?", fail-below: 1 }
  - { id: basis, weight: 1, evidence: [manifest], ask: "Does the manifest name a legal basis?" }
advise: { yes-from: 0.70, no-below: 0.45 }
`;

/** A model as its interface is spoken: it answers what the test says, and remembers what it was asked. */
async function modelServer(answer: (question: string, count: number) => { readonly status?: number; readonly content?: unknown; readonly hang?: boolean }): Promise<{ url: string; asked: { messages: { content: string }[]; temperature: number; seed: number; response_format: { type: string } }[]; close: () => Promise<void> }> {
  const asked: { messages: { content: string }[]; temperature: number; seed: number; response_format: { type: string } }[] = [];
  const server: Server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as (typeof asked)[number];
      asked.push(body);
      const { status = 200, content, hang = false } = answer(body.messages[1]?.content ?? '', asked.length);
      if (hang) return;
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ system_fingerprint: 'weights-1', choices: [{ message: { role: 'assistant', content: typeof content === 'string' ? content : JSON.stringify(content) } }] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/v1`,
    asked,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const QUOTES = { clear: 'The system is authorised.', basis: 'basis Article 12(1)' };
const sound = (question: string, score = 4): { readonly content: unknown } => ({ content: { score, reason: 'It says so.', quotes: [question.startsWith('Criterion: Is') ? QUOTES.clear : QUOTES.basis] } });

async function reviewed(answer: Parameters<typeof modelServer>[0], more: Partial<ModelParts> = {}): Promise<{ readonly review: Awaited<ReturnType<typeof reviewByModel>>; readonly asked: Awaited<ReturnType<typeof modelServer>>['asked'] }> {
  const server = await modelServer(answer);
  const outbound = outboundFor([server.url]);
  try {
    const review = await reviewByModel({ outbound, url: server.url, model: 'local', rubric: readRubric(RUBRIC) as Rubric, ...more }, bench().papers);
    return { review, asked: server.asked };
  } finally {
    await outbound.close();
    await server.close();
  }
}

describe('a language model on the own premises', () => {
  it('is asked once for each criterion and once in the other order, with the dossier marked as data', async () => {
    const { review, asked } = await reviewed((question) => sound(question));
    expect(review).toMatchObject({ advice: 'yes', score: 1, fingerprint: 'weights-1', family: 'qwen' });
    expect(asked.length).toBe(3);
    expect(asked.every(({ temperature, seed, response_format: format }) => temperature === 0 && seed === review.parameters.seed && format.type === 'json_schema')).toBe(true);
    expect(asked[0]?.messages[1]?.content.indexOf('part="text az"')).toBeLessThan(asked[0]?.messages[1]?.content.indexOf('part="text ru"') ?? -1);
    expect(asked[1]?.messages[1]?.content.indexOf('part="text ru"')).toBeLessThan(asked[1]?.messages[1]?.content.indexOf('part="text az"') ?? -1);
  });

  it.each<[string, Parameters<typeof modelServer>[0], string, string]>([
    ['a low score', (question) => sound(question, 0), 'opinion', 'no'],
    ['a quotation the dossier does not hold', (question) => (question.startsWith('Criterion: Is') ? { content: { score: 4, reason: 'x', quotes: ['The system is entirely harmless.'] } } : sound(question)), 'unsupported', 'ask'],
    ['an answer that turns with the order', (question) => (question.startsWith('Criterion: Is') ? sound(question, question.indexOf('text az') < question.indexOf('text ru') ? 4 : 1) : sound(question)), 'unstable', 'ask'],
    ['no JSON at all', (question) => (question.startsWith('Criterion: Is') ? { content: 'I would vote yes.' } : sound(question)), 'no-opinion', 'ask'],
    ['a score outside the scale', (question) => (question.startsWith('Criterion: Is') ? sound(question, 9) : sound(question)), 'no-opinion', 'ask'],
    ['no quotation', (question) => (question.startsWith('Criterion: Is') ? { content: { score: 4, reason: 'x', quotes: [] } } : sound(question)), 'no-opinion', 'ask'],
    ['an error of its server', (question) => (question.startsWith('Criterion: Is') ? { status: 500, content: '' } : sound(question)), 'no-opinion', 'ask'],
  ])('with %s', async (_what, answer, standing, advice) => {
    const { review } = await reviewed(answer);
    expect(review.answers[0]?.standing).toBe(standing);
    expect(review.advice).toBe(advice);
  });

  it('is asked twice more before there is no opinion, and an answer at the third time counts', async () => {
    const never = await reviewed(() => ({ content: 'no JSON' }));
    expect(never.asked.length).toBe(6);
    const late = await reviewed((question, count) => (count < 3 ? { content: 'no JSON' } : sound(question)));
    expect(late.review.answers[0]?.standing).toBe('opinion');
  });

  it('that does not answer in time has no opinion', async () => {
    const { review } = await reviewed(() => ({ hang: true }), { waitMs: 300 });
    expect(review.answers.map(({ standing }) => standing)).toEqual(['no-opinion', 'no-opinion']);
    expect(review).toMatchObject({ advice: 'ask', score: undefined });
  });

  it.each<[string, string]>([
    ['not a map', '- x'],
    ['a criterion without question', RUBRIC.replace('ask: "Is the text clear to those it binds?", ', '')],
    ['two criteria of one name', RUBRIC.replace('id: basis', 'id: clear')],
    ['limits the wrong way round', RUBRIC.replace('0.70', '0.30')],
    ['no family', RUBRIC.replace('family: qwen\n', '')],
    ['aliases that grow', 'a: &a [1]\nseat: *a'],
  ])('is not asked by a rubric that is %s', (_what, text) => {
    expect(typeof readRubric(text)).toBe('string');
  });
});
