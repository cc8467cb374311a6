/** What members sign besides ballots, over HTTP: a demand waits until a minority has signed the same text, opinions and recusals are judged at once. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEY_TYPES, type NoteSigner, printNote, signNote, verifierKey } from '../../src/proof/index.ts';
import { nodeSuite as suite, signerOf } from '../../src/proof/node-suite.ts';
import { fromHex } from '../../src/proof/bytes.ts';
import { digestOf } from '../../src/proof/council/log-state.ts';
import { printComplaint, printDissent, printRecusal } from '../../src/proof/council/seat-texts.ts';
import { type CouncilPlatform, councilPlatform } from '../support/council-platform.ts';
import { makeSeat } from '../support/console-seats.ts';
import { SERVED_ORIGIN } from '../support/council-server.ts';

const TEXT = { en: 'Put the audit of the register on the agenda.\n' };
const HEAD = { council: SERVED_ORIGIN, epoch: 1, slot: '2027-200', round: 1 };
const named = Object.entries(TEXT).map(([language, text]) => ({ language, digest: digestOf(suite, text) }));
const demand = printComplaint({ ...HEAD, kind: 'other', texts: named });

describe('notes of members', () => {
  let platform: CouncilPlatform;
  const ballots: NoteSigner[] = [];
  beforeAll(async () => {
    platform = await councilPlatform(30, {
      handedIn: async () => {
        const made = await Promise.all(Array.from({ length: 12 }, async (_, index) => makeSeat({ council: SERVED_ORIGIN, origin: SERVED_ORIGIN, epoch: 1, who: { seat: index + 1 } }, index + 1)));
        for (const [index, { seeds }] of made.entries()) ballots.push({ name: `ballot.seat${String(index + 1).padStart(2, '0')}.${SERVED_ORIGIN}`, ...signerOf(fromHex(seeds.ballot) ?? new Uint8Array()) });
        return new Map(made.map(({ handedIn }, index) => [index + 1, handedIn]));
      },
    });
  }, 120_000);
  afterAll(async () => platform?.close());

  const bring = async (note: string, texts: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: { code?: string; state?: string; count?: number } }> => {
    const answer = await platform.story.send('POST', '/seats/v1/notes', { note, texts });
    return { status: answer.status, body: answer.json() };
  };
  const by = (text: string, ...seats: readonly number[]): string => printNote(signNote(suite, text, ...seats.map((seat) => ballots[seat - 1]!)));
  const waiting = async (): Promise<{ demands: { digest: string; seats: number[]; texts: object }[] }> => (await platform.story.get('/seats/v1/demands')).json();

  it('wait for a minority, which one seat counts for once, and then lie in the log', async () => {
    expect(await bring(by(demand, 1))).toMatchObject({ status: 422, body: { code: 'seats-note-text' } });
    expect(await bring(by(demand, 1), { en: 'Another text.\n' })).toMatchObject({ status: 422, body: { code: 'seats-note-text' } });
    expect(await bring(by(demand, 1), TEXT)).toEqual({ status: 202, body: { state: 'waits', count: 1 } });
    expect(await bring(by(demand, 1))).toEqual({ status: 202, body: { state: 'waits', count: 1 } });
    for (let seat = 2; seat <= 10; seat += 1) expect(await bring(by(demand, seat))).toEqual({ status: 202, body: { state: 'waits', count: seat } });
    expect(await waiting()).toEqual({ demands: [{ digest: digestOf(suite, demand), text: demand, texts: TEXT, seats: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }] });
    expect(await bring(by(demand, 11))).toMatchObject({ status: 201, body: { state: 'logged' } });
    expect(await waiting()).toEqual({ demands: [] });
  });

  it('are refused where the signature is not of a ballot key of the roll', async () => {
    const stranger: NoteSigner = { name: ballots[0]!.name, ...signerOf(new Uint8Array(32).fill(99)) };
    expect(verifierKey(suite, stranger.name, KEY_TYPES.note, stranger.publicKey).id).not.toBe(verifierKey(suite, stranger.name, KEY_TYPES.note, ballots[0]!.publicKey).id);
    expect(await bring(printNote(signNote(suite, demand.replace('2027-200', '2027-201'), stranger)), TEXT)).toMatchObject({ status: 422, body: { code: 'seats-note-signature' } });
    expect(await bring('no note', TEXT)).toMatchObject({ status: 422, body: { code: 'seats-note-form' } });
    expect(await bring(by('mizan-council/minutes/v1\n', 1), TEXT)).toMatchObject({ status: 422, body: { code: 'seats-note-form' } });
  });

  it('of those who step aside are judged by the rule of the log', async () => {
    const recusal = printRecusal({ ...HEAD, slot: '2027-300', who: { seat: 3 }, reason: 'interest' });
    expect(await bring(by(recusal, 4))).toMatchObject({ status: 422, body: { code: 'seats-note-refused' } });
    expect(await bring(by(recusal, 3))).toMatchObject({ status: 201, body: { state: 'logged' } });
  });

  it('of those who differ need the text they name, which is kept for publication', async () => {
    const opinion = printDissent({ ...HEAD, kind: 'separate', texts: named });
    expect(await bring(by(opinion, 5), {})).toMatchObject({ status: 422, body: { code: 'seats-note-text' } });
    const answer = await bring(by(opinion, 5), TEXT);
    expect([201, 422]).toContain(answer.status);
    if (answer.status === 422) expect(answer.body.code).toBe('seats-note-refused');
  });
});
