/** The steward's page on this machine: rounds, dossier, review, and the act of voting. Forms alone; one small script moves the token out of the address. */

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLanguage, type Language } from '../../base/index.ts';
import { chooseLanguage, type Translate } from '../../platform/text/index.ts';
import { inFours } from '../../proof/council/digits.ts';
import type { SeatNotice } from '../../proof/council/seat.ts';
import { type Desk, type Dossier, isChoice, type RoundSummary } from './desk.ts';
import { bodyOf } from './door.ts';
import { html, type Markup, page, STYLE } from './markup.ts';
import type { ModelReview } from './model-review.ts';
import { ARTICLES, type Review } from './rules/review.ts';
import { openBallotKey, readSettings } from './seat-folder.ts';
import { maySign, signText } from './steward-signs.ts';
import { seatText } from './text/index.ts';

const REASON_CHARS_MAX = 2000;
const LIST_REFRESH_S = 30;
const RECEIPTS_REFRESH_S = 5;
const SIGNATURES_MAX = 4;
const LANGUAGE_COOKIE = 'mizan-seat-language';

/** The token stands behind # so that it reaches no log and no other page; the script hands it in as the form would. */
const TOKEN_SCRIPT = "if(location.hash.length>1){document.forms[0].elements.token.value=location.hash.slice(1);history.replaceState(null,'',location.pathname);document.forms[0].submit()}";
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
const POLICY = `default-src 'none'; style-src ${hashOf(STYLE)}; script-src ${hashOf(TOKEN_SCRIPT)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;

type Key = keyof typeof seatText.messages.en;
type T = Translate<Key>;

export interface PageParts {
  readonly desk: Desk;
  readonly folder: string;
  readonly isKnown: boolean;
  admits(token: string): boolean;
  readonly cookie: string;
}

const HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': POLICY, 'referrer-policy': 'same-origin', 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' };

export async function servePage(parts: PageParts, request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
  const asked = url.searchParams.get('lang') ?? undefined;
  const kept = new RegExp(`(?:^|; )${LANGUAGE_COOKIE}=([a-z]{2})`).exec(request.headers.cookie ?? '')?.[1];
  const language = chooseLanguage(asked, kept, request.headers['accept-language'], 'az');
  const t = seatText.in(language);
  const cookies = asked !== undefined && isLanguage(asked) ? [`${LANGUAGE_COOKIE}=${asked}; SameSite=Strict; Path=/`] : [];
  const send = (status: number, text: string): void => void response.writeHead(status, { ...HEADERS, ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) }).end(text);
  const go = (to: string, ...more: readonly string[]): void => void response.writeHead(303, { location: to, 'cache-control': 'no-store', ...(more.length > 0 ? { 'set-cookie': [...more] } : {}) }).end();
  if (request.method === 'POST' && url.pathname === '/enter') {
    const token = new URLSearchParams(await bodyOf(request)).get('token') ?? '';
    return parts.admits(token.trim()) ? go('/', parts.cookie) : send(403, enterPage(language, t, true));
  }
  if (!parts.isKnown) return send(url.pathname === '/' ? 200 : 403, enterPage(language, t, false));
  if (request.method === 'POST' && url.pathname === '/vote') {
    const form = new URLSearchParams(await bodyOf(request));
    const round = form.get('round') ?? '';
    return go(`/round?round=${encodeURIComponent(round)}&told=${await vote(parts, form)}`);
  }
  if (request.method !== 'GET') return send(405, '');
  if (url.pathname === '/') return send(200, listPage(parts.desk, language, t));
  const round = url.searchParams.get('round') ?? '';
  const dossier = url.pathname === '/round' ? await parts.desk.dossier(round) : undefined;
  if (dossier === undefined) return send(404, listPage(parts.desk, language, t));
  return send(200, roundPage(parts.desk, dossier, language, t, url.searchParams.get('told') ?? undefined));
}

function enterPage(language: Language, t: T, isWrong: boolean): string {
  const body = html`<h1>${t('enter.title')}</h1>${isWrong && html`<p class="notice" role="alert">${t('enter.wrong')}</p>`}<p>${t('enter.lead')}</p>
<form method="post" action="/enter"><label>${t('enter.token')}<input type="password" name="token" autocomplete="off" required></label><button>${t('enter.go')}</button></form>`;
  return page({ language, title: t('enter.title'), body, script: TOKEN_SCRIPT, here: '/' });
}

const ownVote = (t: T, one: RoundSummary): string => (one.choice === undefined ? t('choice.none') : `${t(`choice.${one.choice}`)}${one.toSign ? ` (${t('choice.signed-not')})` : ''}`);

function listPage(desk: Desk, language: Language, t: T): string {
  const { agent } = desk.seat;
  const rounds = desk.rounds().toReversed();
  const counts = desk.counts();
  const rows = rounds.map((one) => html`<tr><td><a href="/round?round=${encodeURIComponent(one.round)}">${one.round}</a></td><td>${one.class}</td><td>${t(`standing.${one.standing}`)}</td><td>${one.closes}</td><td>${ownVote(t, one)}</td><td>${t('rounds.of', { count: one.receipts, quorum: one.quorum })}</td></tr>`);
  const body = html`<h1>${t('title', { seat: agent.parts.seat, origin: agent.parts.origin })}</h1>${standing(desk, t)}
<h2>${t('rounds.title')}</h2>${rows.length === 0 ? html`<p>${t('rounds.none')}</p>` : html`<div class="scroll"><table><thead><tr><th>${t('rounds.round')}</th><th>${t('rounds.class')}</th><th>${t('rounds.standing')}</th><th>${t('rounds.closes')}</th><th>${t('rounds.own')}</th><th>${t('rounds.receipts')}</th></tr></thead><tbody>${rows}</tbody></table></div>`}
<h2>${t('counts.title')}</h2><table><tbody><tr><th scope="row">${t('counts.confirmed')}</th><td>${counts.confirmed}</td></tr><tr><th scope="row">${t('counts.overridden')}</th><td>${counts.overridden}</td></tr><tr><th scope="row">${t('counts.hasty')}</th><td>${counts.hasty}</td></tr></tbody></table>`;
  return page({ language, title: t('title', { seat: agent.parts.seat, origin: agent.parts.origin }), body, refreshS: LIST_REFRESH_S, here: '/' });
}

function standing(desk: Desk, t: T): Markup {
  const { state, prefix } = desk.seat.agent;
  return html`${state.asking !== undefined && html`<p class="notice">${t('state.starting')}</p>`}${state.resyncSinceS !== undefined && html`<p class="notice fail">${t('state.resync')}</p>`}<p class="digits small">${t('state.log', { size: prefix.size, root: prefix.root })}</p>`;
}

function roundPage(desk: Desk, dossier: Dossier, language: Language, t: T, told: string | undefined): string {
  const { summary } = dossier;
  const isSafe = summary.receipts >= summary.quorum;
  const waits = summary.choice !== undefined && !isSafe && (summary.standing === 'open' || summary.standing === 'committing');
  const notice = NOTICES.find((each) => each === told);
  const body = html`<p><a href="/">${t('dossier.back')}</a></p><h1>${summary.round}</h1>
${notice !== undefined && html`<p class="notice" role="status">${t(`vote.${notice}`)}</p>`}${standing(desk, t)}
<p>${t('rounds.class')}: ${summary.class}. ${t('rounds.standing')}: ${t(`standing.${summary.standing}`)}. ${t('rounds.closes')}: ${summary.closes}.</p>
<p>${t('rounds.own')}: <strong>${ownVote(t, summary)}</strong>. ${t('rounds.receipts')}: <strong>${t('rounds.of', { count: summary.receipts, quorum: summary.quorum })}</strong>. ${isSafe && summary.choice !== undefined ? t('vote.safe', { quorum: summary.quorum }) : ''}</p>
${summary.options.map((option) => optionPart(dossier, option, language, t))}
<h2>${t('advice.title')}</h2><p>${t(`advice.${dossier.advice}`)}</p>
${summary.choice === undefined && summary.sits && (summary.standing === 'open' || summary.standing === 'committing') && voteForm(summary, t)}`;
  return page({ language, title: summary.round, body, ...(waits ? { refreshS: RECEIPTS_REFRESH_S } : {}), here: `/round?round=${encodeURIComponent(summary.round)}` });
}

function optionPart({ papers, review, model }: Dossier, { option, digits }: RoundSummary['options'][number], language: Language, t: T): Markup {
  const found = papers[option];
  const texts = Object.entries(found?.texts ?? {}).toSorted(([one], [other]) => Number(other === language) - Number(one === language));
  return html`<section><h2>${t('dossier.option', { option })}</h2><p class="digits">${t('dossier.digits', { digits })}</p><p>${t('dossier.compare')}</p>
${found === undefined && html`<p class="notice">${t('dossier.missing')}</p>`}
${texts.map(([written, text], index) => (index === 0 ? html`<h3>${t('dossier.text', { language: written })}</h3><div class="text" lang="${written}">${text}</div>` : html`<details><summary>${t('dossier.text', { language: written })}</summary><div class="text" lang="${written}">${text}</div></details>`))}
${found !== undefined && html`<p>${t('dossier.annexes', { count: found.annexes.length })}</p>`}
${found !== undefined && reviewPart(review[option], t)}${modelPart(model[option], t)}</section>`;
}

function reviewPart(review: Review | undefined, t: T): Markup {
  if (review === undefined) return html``;
  const rows = review.checks.map(({ id, result, detail }) => html`<tr><td>${t(`check.${id}`)}${detail !== '' && html`<br><span class="small digits">${detail}</span>`}</td><td class="${result}">${t(`result.${result}`)}</td><td>${ARTICLES[id]}</td><td>${result === 'pass' ? '' : t(`remedy.${id}`)}</td></tr>`);
  return html`<h3>${t('review.title')}</h3><p class="digits small">${t('review.digest', { digits: inFours(review.digest) })}</p><div class="scroll"><table><thead><tr><th>${t('review.check')}</th><th>${t('review.result')}</th><th>${t('review.rule')}</th><th>${t('review.remedy')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function modelPart(model: ModelReview | undefined, t: T): Markup {
  if (model === undefined) return html``;
  const rows = model.answers.map(({ id, standing: how, score, reason, quotes }) => html`<tr><td>${id}<br><span class="small">${t(`model.${how}`)}</span></td><td>${score ?? '–'}</td><td>${reason}${quotes.map((quote) => html`<blockquote class="text small">${quote}</blockquote>`)}</td></tr>`);
  return html`<h3>${t('model.title', { model: model.model })}</h3><div class="scroll"><table><thead><tr><th>${t('model.criterion')}</th><th>${t('model.score')}</th><th>${t('model.reason')}</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function voteForm(summary: RoundSummary, t: T): Markup {
  const yes = summary.options.map(({ option, digits }) => html`<label><input type="radio" name="choice" value="yes ${option}" required> ${t('choice.yes')} — ${t('dossier.option', { option })} <span class="digits small">${digits} …</span></label>`);
  const others = (['no', 'abstain'] as const).map((choice) => html`<label><input type="radio" name="choice" value="${choice}"> ${t(`choice.${choice}`)}</label>`);
  return html`<h2>${t('vote.title')}</h2><p>${t('vote.final')}</p><form method="post" action="/vote"><input type="hidden" name="round" value="${summary.round}">
<fieldset><legend>${t('vote.choice')}</legend>${yes}${others}</fieldset>
<label>${t('vote.reason')}<textarea name="reason" rows="3" maxlength="${REASON_CHARS_MAX}" required></textarea></label>
<label>${t('vote.passphrase')}<input type="password" name="passphrase" autocomplete="off" required></label><button>${t('vote.confirm')}</button></form>`;
}

const NOTICES = ['voted', 'voted-already', 'sits-out', 'not-open', 'starting', 'fields', 'key', 'unsigned'] as const;
type Notice = (typeof NOTICES)[number];
const SAID: readonly SeatNotice[] = ['voted-already', 'sits-out', 'not-open', 'starting'];

/** The key is opened for this one act and forgotten with it. */
async function vote({ desk, folder }: PageParts, form: URLSearchParams): Promise<Notice> {
  const [choice = '', option] = (form.get('choice') ?? '').split(' ');
  const [round, reason, passphrase] = [form.get('round') ?? '', (form.get('reason') ?? '').trim(), form.get('passphrase') ?? ''];
  if (!isChoice(choice) || reason === '' || reason.length > REASON_CHARS_MAX || passphrase === '') return 'fields';
  let signer: ReturnType<typeof openBallotKey>;
  try {
    signer = openBallotKey(folder, readSettings(folder), passphrase);
  } catch {
    return 'key';
  }
  const motion = desk.rounds().find((each) => each.round === round)?.options.find((each) => each.option === option)?.motion;
  const { notices, toSign } = await desk.vote({ round, choice, reason, ...(option === undefined ? {} : { option }) });
  const refused = notices.find((notice) => SAID.includes(notice));
  if (refused !== undefined) return NOTICES.find((each) => each === refused) ?? 'not-open';
  let waiting = toSign;
  for (let more = 0; more < SIGNATURES_MAX && waiting.length > 0; more += 1) {
    const [next] = waiting;
    if (next === undefined || !maySign(next, { round, choice, motion })) return 'unsigned';
    desk.seat.agent.signed(next.text, signText(signer, next.text));
    waiting = desk.seat.agent.toSign(round);
  }
  return 'voted';
}
