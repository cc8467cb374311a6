/**
 * The deterministic review of what is voted on: plain checks over the dossier and the log, with the article each rests on and what to do.
 * Pure: seats with the same dossier get the same digest, so that a seat that differs is noticed. No model can turn a failed check into a yes.
 */

import { canonical, type Json } from '../../../base/index.ts';
import { hex, type Suite, utf8 } from '../../../proof/index.ts';
import { classOf } from '../../../proof/council/constitution.ts';
import { digestOf, type LogState } from '../../../proof/council/log-state.ts';
import { type Motion, parseMotion } from '../../../proof/council/motion-text.ts';
import type { Open } from '../../../proof/council/open-text.ts';

export const CHECKS = [
  'manifest', 'option', 'texts', 'languages', 'annexes', 'fields', 'class', 'prepared', 'window', 'basis', 'classification', 'duties', 'new', 'personal-data', 'consultation', 'interests',
] as const;
export type CheckId = (typeof CHECKS)[number];
export type CheckResult = 'pass' | 'fail' | 'unknown';

/** Where each rule stands; shown beside the result. */
export const ARTICLES: Readonly<Record<CheckId, string>> = {
  manifest: 'council.md 3',
  option: 'council.md 5 (3)',
  texts: 'council.md 3',
  languages: 'council.md 3',
  annexes: 'council.md 3',
  fields: 'council.md 3',
  class: 'council.md 1',
  prepared: 'council.md 5 (3)',
  window: 'council.md 5 (3)',
  basis: 'law-pack.md',
  classification: 'law-pack.md',
  duties: 'law-pack.md',
  new: 'council.md 5 (3)',
  'personal-data': 'council.md 3',
  consultation: 'council.md 1',
  interests: 'council.md 3',
};

export interface Check {
  readonly id: CheckId;
  readonly result: CheckResult;
  /** What stood there or is missing, in no language: names, digests, dates. */
  readonly detail: string;
}

/** The dossier as the motions desk serves it. Nothing in it is believed. */
export interface Papers {
  readonly manifest: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly annexes: readonly { readonly digest: string; readonly bytes: number; readonly type: string; readonly name: string; readonly href: string }[];
  /** Parts of the frozen dossier by name, taken from annexes whose digest the manifest names: recomputed, never believed. */
  readonly facts?: Json;
}

/** What recomputing the law of the facts gave; undefined where the papers have no facts. */
export interface Recomputed {
  /** Why nothing could be recomputed: `no-facts`, `pack-unknown`, `facts-wrong`. */
  readonly problem?: string;
  /** Outcomes and headline that differ from what the papers state; empty is agreement. */
  readonly classification: readonly string[];
  /** Undefined where the dossier lists none. */
  readonly duties: readonly string[] | undefined;
  /** Articles of the law in force that day. */
  readonly articles: ReadonlySet<string>;
}

export interface ReviewInput {
  readonly state: LogState;
  readonly open: Open;
  readonly openedS: number;
  readonly option: string;
  readonly papers: Papers | undefined;
  /** Annex bytes by digest, as far as they could be fetched; their length and digest are computed here. */
  readonly annexes: ReadonlyMap<string, Uint8Array>;
  readonly recomputed: Recomputed | undefined;
  /** Registered names that the member declared an interest in. */
  readonly interests: readonly string[];
}

export interface Review {
  readonly checks: readonly Check[];
  /** Over motion and results, without what differs from member to member. */
  readonly digest: string;
  /** A failed check bars advice to vote yes. */
  readonly failed: boolean;
}

const LANGUAGES = ['az', 'en', 'ru'];
/** Fewer letters are no text that anybody can decide on. */
const TEXT_CHARS_MIN = 20;
/** Signs of personal data that texts of motions must not hold: e-mail, telephone, bank account, personal identification number after its name. */
const PERSONAL: readonly (readonly [string, RegExp])[] = [
  ['e-mail', /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+\.[\p{L}]{2,}/u],
  ['telephone', /(?<![\d.])\+\d{1,3}[\s()-]*(?:\d[\s()-]*){8,11}(?!\d)/],
  ['bank account', /\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){4,7}\b/],
  ['identity number', /\b(?:FİN|FIN|ФИН|VÖEN şəxsi)\s*[:№]?\s*[A-Z0-9]{7}\b/u],
];

const check = (id: CheckId, result: CheckResult, detail = ''): Check => ({ id, result, detail: detail.slice(0, 300) });
const passes = (id: CheckId, holds: boolean, detail = ''): Check => check(id, holds ? 'pass' : 'fail', detail);

function textChecks(suite: Suite, motion: Motion, papers: Papers): readonly Check[] {
  const wrong = [
    ...motion.texts.filter(({ language, digest }) => papers.texts[language] === undefined || digestOf(suite, papers.texts[language]) !== digest).map(({ language }) => language),
    ...Object.keys(papers.texts).filter((language) => !motion.texts.some((text) => text.language === language)).map((language) => `+${language}`),
  ];
  const missing = LANGUAGES.filter((language) => !motion.texts.some((text) => text.language === language));
  const found = Object.entries(papers.texts).flatMap(([language, text]) => PERSONAL.filter(([, sign]) => sign.test(text)).map(([name]) => `${language}: ${name}`));
  return [passes('texts', wrong.length === 0, wrong.join(' ')), passes('languages', missing.length === 0, missing.join(' ')), passes('personal-data', found.length === 0, found.join(', '))];
}

function annexCheck(suite: Suite, motion: Motion, annexes: ReviewInput['annexes']): Check {
  const wrong = motion.annexes.filter(({ digest, bytes }) => {
    const found = annexes.get(digest);
    return found !== undefined && (found.length !== bytes || hex(suite.sha256(found)) !== digest);
  });
  if (wrong.length > 0) return check('annexes', 'fail', wrong.map(({ digest }) => digest.slice(0, 20)).join(' '));
  const missing = motion.annexes.filter(({ digest }) => !annexes.has(digest));
  return missing.length > 0 ? check('annexes', 'unknown', missing.map(({ digest }) => digest.slice(0, 20)).join(' ')) : check('annexes', 'pass', String(motion.annexes.length));
}

function fieldCheck(motion: Motion, papers: Papers, open: Open): Check {
  const authentic = papers.texts[motion.authentic] ?? '';
  const lacking = [
    ...(authentic.trim().length < TEXT_CHARS_MIN ? [`text ${motion.authentic}`] : []),
    ...(motion.basis.some((basis) => basis.trim().length < 3) ? ['basis'] : []),
    ...(open.slot === motion.number || open.slot.startsWith(`${motion.number}/`) || open.slot.startsWith('epoch/') ? [] : [`number ${motion.number} ≠ ${open.slot}`]),
    ...(motion.council === open.council ? [] : ['council']),
  ];
  return passes('fields', lacking.length === 0, lacking.join(', '));
}

function timeChecks({ state, open, openedS }: ReviewInput, motion: Motion, digest: string): readonly Check[] {
  const rule = classOf(state.constitution, motion.class);
  if (rule === undefined) return [check('class', 'fail', motion.class), check('prepared', 'unknown'), check('window', 'unknown')];
  const sinceS = state.motions.get(digest)?.sinceS;
  const votedS = (open.commitsCloseS ?? open.closesS) - openedS;
  return [
    passes('class', rule.name === open.class && rule.sealed === open.sealed, `${motion.class} / ${open.class}`),
    sinceS === undefined ? check('prepared', 'fail', 'not anchored') : passes('prepared', openedS - sinceS >= rule.prepareS, `${openedS - sinceS} s of ${rule.prepareS} s`),
    passes('window', votedS >= rule.voteS, `${votedS} s of ${rule.voteS} s`),
  ];
}

/** Whether the same text, in any language, was carried already: then there is nothing left to decide, or two decisions in force. */
function newCheck({ state, open }: ReviewInput, motion: Motion): Check {
  const own = new Set(motion.texts.map(({ digest }) => digest));
  for (const [, round] of state.rounds.entries()) {
    const carried = round.outcome?.value.carried;
    if (carried === undefined || round.open === undefined || round.slot === open.slot || round.slot === `${open.slot}/confirm` || `${round.slot}/confirm` === open.slot) continue;
    const digest = round.open.value.options.find(({ option }) => option === carried)?.motion;
    const before = digest === undefined ? undefined : state.motions.get(digest)?.motion;
    if (before?.texts.some((text) => own.has(text.digest)) === true) return check('new', 'fail', round.slot);
  }
  return check('new', 'pass');
}

function lawChecks(motion: Motion, recomputed: Recomputed | undefined): readonly Check[] {
  const unknown = recomputed === undefined ? 'no-facts' : recomputed.problem;
  const articles = recomputed?.articles ?? new Set<string>();
  const cited = motion.basis.filter((basis) => [...articles].some((article) => basis.includes(article)));
  const basis = articles.size === 0 ? check('basis', 'unknown', unknown ?? '') : check('basis', cited.length === motion.basis.length ? 'pass' : 'unknown', motion.basis.filter((each) => !cited.includes(each)).join('; '));
  if (recomputed === undefined || unknown !== undefined) return [basis, check('classification', 'unknown', unknown ?? ''), check('duties', 'unknown', unknown ?? '')];
  return [basis, passes('classification', recomputed.classification.length === 0, recomputed.classification.join(', ')), recomputed.duties === undefined ? check('duties', 'unknown', 'none listed') : passes('duties', recomputed.duties.length === 0, recomputed.duties.join(', '))];
}

const consultationOf = (facts: Json | undefined): Json | undefined => (facts !== null && typeof facts === 'object' && !Array.isArray(facts) ? (facts as { readonly [key: string]: Json })['consultation'] : undefined);

function checksOf(suite: Suite, input: ReviewInput): readonly Check[] {
  const { papers, open, option, interests } = input;
  const named = open.options.find((each) => each.option === option)?.motion;
  if (papers === undefined || named === undefined) return CHECKS.map((id) => check(id, id === 'option' && named === undefined ? 'fail' : 'unknown', 'no dossier'));
  const parsed = parseMotion(papers.manifest);
  const digest = digestOf(suite, papers.manifest);
  const manifest = passes('manifest', digest === named, digest.slice(0, 20));
  if (!parsed.ok) return CHECKS.map((id) => (id === 'manifest' ? check(id, 'fail', parsed.refusal.code) : check(id, 'unknown', 'no dossier')));
  const motion = parsed.value;
  const conflicts = motion.parties.filter((party) => interests.includes(party));
  const consultation = consultationOf(papers.facts);
  return [
    manifest,
    passes('option', motion.option === option, `${motion.option} / ${option}`),
    ...textChecks(suite, motion, papers),
    annexCheck(suite, motion, input.annexes),
    fieldCheck(motion, papers, open),
    ...timeChecks(input, motion, digest),
    ...lawChecks(motion, input.recomputed),
    newCheck(input, motion),
    consultation === undefined ? check('consultation', 'unknown') : passes('consultation', consultation === true || (typeof consultation === 'object' && consultation !== null), ''),
    passes('interests', conflicts.length === 0, conflicts.join(' ')),
  ];
}

export function reviewMotion(suite: Suite, input: ReviewInput): Review {
  const checks = checksOf(suite, input).toSorted((one, other) => CHECKS.indexOf(one.id) - CHECKS.indexOf(other.id));
  const shared = checks.filter(({ id }) => id !== 'interests').map(({ id, result, detail }) => ({ id, result, detail }));
  const motion = input.open.options.find((each) => each.option === input.option)?.motion ?? '';
  const digest = hex(suite.sha256(utf8(`mizan-seat/review/v1\n${canonical({ motion, option: input.option, checks: shared })}\n`)));
  return { checks, digest, failed: checks.some(({ result }) => result === 'fail') };
}

/** Facts of papers as far as this product writes them; anything else is no facts. */
export interface StatedLaw {
  readonly pack: string;
  readonly digest: string | undefined;
  readonly asOf: string;
  readonly knownOn: string;
  readonly answers: Json;
  readonly headline: string | undefined;
  readonly outcomes: Readonly<Record<string, string>>;
  /** Those that hold, and the dates they were drawn up for. */
  readonly duties: readonly string[] | undefined;
  readonly dutiesAsOf: string;
  readonly dutiesKnownOn: string;
}

type Fields = { readonly [key: string]: Json | undefined };
const fieldsOf = (value: Json | undefined): Fields => (value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {});
const wordOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);

/** Reads the part `classification` (and `duties`) of a frozen dossier: the pack with its digest, the dates, the answers, and what was concluded. */
export function statedLaw(facts: Json | undefined): StatedLaw | undefined {
  const { classification, duties } = fieldsOf(facts);
  const it = fieldsOf(classification);
  const pack = fieldsOf(it['pack']);
  const [id, asOf] = [wordOf(pack['id']), wordOf(it['asOf'])];
  if (id === undefined || asOf === undefined || it['facts'] === undefined) return undefined;
  const outcomes = listOf(fieldsOf(it['decision'])['outcomes']).map(fieldsOf);
  const stated = listOf(fieldsOf(duties)['duties']).map(fieldsOf);
  return {
    pack: id,
    digest: wordOf(pack['digest']),
    asOf,
    knownOn: wordOf(it['knownOn']) ?? asOf,
    answers: it['facts'],
    headline: wordOf(it['headline']) ?? wordOf(fieldsOf(it['headline'])['id']),
    outcomes: Object.fromEntries(outcomes.flatMap(({ id: outcome, result }) => (typeof outcome === 'string' && typeof result === 'string' ? [[outcome, result]] : []))),
    duties: duties === undefined ? undefined : stated.flatMap((each) => (wordOf(fieldsOf(each['outcome'])['result']) === 'holds' ? [wordOf(fieldsOf(each['duty'])['id']) ?? ''] : [])),
    dutiesAsOf: wordOf(fieldsOf(duties)['asOf']) ?? asOf,
    dutiesKnownOn: wordOf(fieldsOf(duties)['knownOn']) ?? asOf,
  };
}

const NOTHING = { classification: [], duties: undefined, articles: new Set<string>() };
export const notRecomputed = (problem: string): Recomputed => ({ ...NOTHING, problem });
