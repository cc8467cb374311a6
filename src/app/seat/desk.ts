/** What the steward of a seat has before them: the rounds, the dossier of each, the review, and their own decisions. */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '../../base/index.ts';
import { hex } from '../../proof/index.ts';
import { nodeSuite as suite } from '../../proof/node-suite.ts';
import { CHOICES, type Choice, parseBallot } from '../../proof/council/ballot-text.ts';
import { inFours } from '../../proof/council/digits.ts';
import { printTime } from '../../proof/council/lines.ts';
import { roundOf } from '../../proof/council/log-state.ts';
import type { SeatNotice } from '../../proof/council/seat.ts';
import type { ToSign } from './agent.ts';
import type { RunningSeat } from './daemon.ts';
import { replaceDurably } from './journal.ts';
import type { ModelReview } from './model-review.ts';
import { type Papers, type Review, reviewMotion } from './rules/review.ts';

const ANNEX_BYTES_MAX = 8 * 1024 * 1024;
const ANNEXES_FETCHED_MAX = 50;
const DOSSIERS_KEPT_MAX = 16;
/** Confirmed faster than this nobody has read anything; counted, not forbidden. */
export const HASTY_S = 30;

export type RoundStanding = 'open' | 'committing' | 'revealing' | 'closing' | 'stalled' | 'carried' | 'not-carried';

export interface RoundSummary {
  readonly round: string;
  readonly class: string;
  readonly sealed: boolean;
  readonly standing: RoundStanding;
  readonly closes: string;
  readonly options: readonly { readonly option: string; readonly motion: string; readonly digits: string }[];
  readonly choice: Choice | undefined;
  /** Whether the ballot waits for the ballot key. */
  readonly toSign: boolean;
  readonly receipts: number;
  readonly quorum: number;
  readonly sits: boolean;
}

export interface Dossier {
  readonly summary: RoundSummary;
  readonly papers: Readonly<Record<string, Papers | undefined>>;
  readonly review: Readonly<Record<string, Review>>;
  readonly model: Readonly<Record<string, ModelReview | undefined>>;
  readonly advice: Advice;
}

export type Advice = 'yes' | 'no' | 'ask';

export interface DeskCounts {
  readonly confirmed: number;
  readonly overridden: number;
  readonly hasty: number;
}

type Reviewer = (papers: Papers, option: string) => Promise<ModelReview>;

export class Desk {
  readonly seat: RunningSeat;
  readonly #model: Reviewer | undefined;
  readonly #dossiers = new Map<string, Dossier>();
  /** When the steward was first shown each dossier, by the seat's clock. */
  readonly #shownS = new Map<string, number>();

  constructor(seat: RunningSeat, model?: Reviewer) {
    this.seat = seat;
    this.#model = model;
  }

  rounds(): readonly RoundSummary[] {
    return [...this.seat.agent.prefix.rounds.keys()].map((round) => this.#summary(round)).filter((each) => each !== undefined);
  }

  #summary(round: string): RoundSummary | undefined {
    const { agent } = this.seat;
    const view = agent.prefix.rounds.get(round);
    if (view === undefined) return undefined;
    const vote = agent.voteOf(round);
    const ballot = vote === undefined ? undefined : parseBallot(vote.ballot);
    const nowS = this.seat.clockS();
    const { open } = view;
    const late = nowS >= open.closesS + 86_400 ? 'stalled' : 'closing';
    const voting = open.sealed ? (view.commitsClose === undefined ? 'committing' : 'revealing') : 'open';
    const standing: RoundStanding = view.outcome !== undefined ? (view.outcome.carried === undefined ? 'not-carried' : 'carried') : nowS >= open.closesS ? late : voting;
    return {
      round,
      class: open.class,
      sealed: open.sealed,
      standing,
      closes: printTime(open.commitsCloseS ?? open.closesS),
      options: open.options.map(({ option, motion }) => ({ option, motion, digits: inFours(motion) })),
      choice: ballot?.ok === true ? ballot.value.choice : undefined,
      toSign: agent.toSign(round).length > 0,
      receipts: agent.receiptsOf(round).size,
      quorum: agent.parts.rules.constitution.quorum,
      sits: view.filled[agent.parts.seat - 1] === true,
    };
  }

  async #papers(motion: string): Promise<Papers | undefined> {
    const { outbound, options } = this.seat;
    for (const server of options.settings.servers) {
      try {
        const answer = await outbound.fetch(`${server.replace(/\/+$/, '')}/motions/v1/papers?motion=${motion}`);
        if (answer.status !== 200) continue;
        const read = readPapers(JSON.parse(answer.text()) as Json);
        if (read !== undefined) return read;
      } catch {
        // Another server may have them; without any the checks say unknown.
      }
    }
    return undefined;
  }

  async #annexes(papers: Papers): Promise<ReadonlyMap<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    const { outbound, options } = this.seat;
    for (const { digest, href, bytes } of papers.annexes.slice(0, ANNEXES_FETCHED_MAX)) {
      // Only places below a server of the council are called, whatever the papers say.
      if (!href.startsWith('/') || href.startsWith('//') || bytes > ANNEX_BYTES_MAX) continue;
      for (const server of options.settings.servers) {
        const answer = await outbound.fetch(new URL(href, server)).catch(() => undefined);
        if (answer?.status !== 200) continue;
        found.set(digest, answer.body);
        break;
      }
    }
    return found;
  }

  /** The dossier with its review; kept, so that the steward decides about what they were shown. */
  async dossier(round: string): Promise<Dossier | undefined> {
    const summary = this.#summary(round);
    const view = this.seat.agent.prefix.rounds.get(round);
    if (summary === undefined || view === undefined) return undefined;
    if (!this.#shownS.has(round)) this.#shownS.set(round, this.seat.clockS());
    const kept = this.#dossiers.get(round);
    if (kept !== undefined) return { ...kept, summary };
    const { agent, options } = this.seat;
    const { recompute, readInterests } = await import('./recompute.ts');
    const papers: Record<string, Papers | undefined> = {};
    const review: Record<string, Review> = {};
    const model: Record<string, ModelReview | undefined> = {};
    const openedS = agent.prefix.state.anchors.findLast(({ size }) => size === view.open.opened.size)?.timeS ?? 0;
    for (const { option, motion } of view.open.options) {
      const fetched = await this.#papers(motion);
      const annexes = fetched === undefined ? new Map<string, Uint8Array>() : await this.#annexes(fetched);
      const found = fetched === undefined ? undefined : withFacts(fetched, annexes);
      papers[option] = found;
      review[option] = reviewMotion(suite, { state: agent.prefix.state, open: view.open, openedS, option, papers: found, annexes, recomputed: found === undefined ? undefined : recompute(found.facts), interests: readInterests(options.folder) });
      model[option] = found === undefined || this.#model === undefined ? undefined : await this.#model(found, option);
    }
    const dossier: Dossier = { summary, papers, review, model, advice: adviceOf(review, model) };
    // A dossier without papers is asked for again: they may come.
    if (Object.values(papers).every((each) => each !== undefined)) {
      this.#dossiers.set(round, dossier);
      if (this.#dossiers.size > DOSSIERS_KEPT_MAX) this.#dossiers.delete(this.#dossiers.keys().next().value as string);
    }
    this.#keep(round, dossier);
    return dossier;
  }

  /** In `review/`, for the member's own records and for whoever compares seats. */
  #keep(round: string, { review, model, advice }: Dossier): void {
    const folder = join(this.seat.options.folder, 'review');
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    replaceDurably(join(folder, `${round.replaceAll(/[^a-z0-9-]/g, '_')}.json`), `${JSON.stringify({ round, review, model, advice }, null, 2)}\n`);
  }

  /** The steward's act. Answers what the core said and what the ballot key has to sign now. */
  async vote(act: { readonly round: string; readonly choice: Choice; readonly option?: string; readonly reason: string }): Promise<{ readonly notices: readonly SeatNotice[]; readonly toSign: readonly ToSign[]; readonly override: boolean }> {
    const shownS = this.#shownS.get(act.round);
    const lookedS = shownS === undefined ? 0 : this.seat.clockS() - shownS;
    const dossier = await this.dossier(act.round);
    const advice = dossier?.advice ?? 'ask';
    const override = (advice === 'yes' || advice === 'no') && advice !== act.choice;
    const { reason, ...decision } = act;
    const notices = this.seat.agent.decide(decision, { reason, advice, override, lookedS });
    return { notices, toSign: this.seat.agent.toSign(act.round), override };
  }

  counts(): DeskCounts {
    const acts = this.seat.agent.stewardActs;
    return { confirmed: acts.filter(({ override }) => !override).length, overridden: acts.filter(({ override }) => override).length, hasty: acts.filter(({ override, lookedS }) => !override && (lookedS ?? 0) < HASTY_S).length };
  }

  counted(round: string): { readonly yes: readonly { readonly option: string; readonly seats: number }[]; readonly carried: string | undefined } | undefined {
    const [slot = '', number = ''] = round.split(' ');
    const outcome = roundOf(this.seat.agent.prefix.state, { slot, round: Number(number) }).outcome?.value;
    return outcome === undefined ? undefined : { yes: outcome.yes, carried: outcome.carried };
  }
}

/** The facts of a dossier are believed only as annexes that the manifest names by digest; what else the server says of them is dropped. */
function withFacts(fetched: Papers, annexes: ReadonlyMap<string, Uint8Array>): Papers {
  const { facts: _served, ...papers } = fetched;
  const parts = papers.annexes.flatMap(({ name, digest }) => {
    const part = /^([a-z][a-z0-9-]{0,39})\.json$/.exec(name)?.[1];
    const bytes = annexes.get(digest);
    if (part === undefined || bytes === undefined || hex(suite.sha256(bytes)) !== digest || !papers.manifest.includes(` sha256:${digest} `)) return [];
    try {
      return [[part, JSON.parse(new TextDecoder().decode(bytes)) as Json] as const];
    } catch {
      return [];
    }
  });
  return parts.length === 0 ? papers : { ...papers, facts: Object.fromEntries(parts) };
}

/** A failed check bars advice to vote yes, whatever a model says; without a model nobody advises. */
function adviceOf(review: Dossier['review'], model: Dossier['model']): Advice {
  const failed = Object.values(review).some((each) => each.failed);
  const [only, second] = Object.values(model);
  const advice = second === undefined ? (only?.advice ?? 'ask') : 'ask';
  return advice === 'yes' && failed ? 'ask' : advice;
}

export function isChoice(text: unknown): text is Choice {
  return CHOICES.some((choice) => choice === text);
}

const PAPERS_TEXT_CHARS_MAX = 1_000_000;
const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } => value !== null && typeof value === 'object' && !Array.isArray(value);

/** The dossier's form; anything else is no dossier. */
export function readPapers(value: Json): Papers | undefined {
  if (!isRecord(value)) return undefined;
  const { manifest, texts, annexes, facts } = value as { readonly [key: string]: Json | undefined };
  if (typeof manifest !== 'string' || !isRecord(texts) || Object.values(texts).some((text) => typeof text !== 'string' || text.length > PAPERS_TEXT_CHARS_MAX)) return undefined;
  const read = (Array.isArray(annexes) ? (annexes as readonly Json[]) : []).slice(0, 200).flatMap((annex): Papers['annexes'] => {
    if (!isRecord(annex)) return [];
    const { digest, bytes, type, name, href } = annex as { readonly [key: string]: Json | undefined };
    return typeof digest === 'string' && typeof bytes === 'number' ? [{ digest: digest.replace(/^sha256:/, ''), bytes, type: typeof type === 'string' ? type : '', name: typeof name === 'string' ? name : '', href: typeof href === 'string' ? href : '' }] : [];
  });
  return { manifest, texts: texts as Readonly<Record<string, string>>, annexes: read, ...(facts === undefined || facts === null ? {} : { facts }) };
}
