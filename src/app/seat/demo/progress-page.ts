/** The page of the demonstration: 33 seats, what each does, and on top what none of it proves. It reloads itself and needs no script. */

import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Language } from '../../../base/index.ts';
import { chooseLanguage, type Translate } from '../../../platform/text/index.ts';
import { printSeat, printTime } from '../../../proof/council/lines.ts';
import { html, type Markup, page, STYLE } from '../markup.ts';
import { seatText } from '../text/index.ts';
import type { DemoView, RoundView, SeatView } from './demo.ts';

const REFRESH_S = 2;
type T = Translate<keyof typeof seatText.messages.en>;
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; frame-ancestors 'none'`;

function seatPart(one: SeatView, t: T): Markup {
  const look = one.behaviour === undefined ? one.look : `${one.look} liar`;
  const said = one.behaviour !== undefined ? t(`demo.behave.${one.behaviour}`) : one.choice === 'yes' || one.choice === 'no' || one.choice === 'abstain' ? `${t(`demo.look.${one.look}`)}: ${t(`choice.${one.choice}`)}` : t(`demo.look.${one.look}`);
  return html`<li class="${look}"><span class="dot"></span><strong>${printSeat(one.seat)}</strong><br><span class="small">${one.constituency}<br>${said}<br>${t('demo.receipts', { receipts: one.receipts, size: one.size })}${one.door !== undefined && html`<br><a href="${one.door}">${t('demo.steward')}</a>`}</span></li>`;
}

function roundPart(one: RoundView, t: T): Markup {
  return html`<tr><td>${one.slot}</td><td>${printTime(one.closesS)}</td><td class="${one.outcome === 'carried' ? 'pass' : one.outcome === 'closing' ? 'fail' : ''}">${t(`demo.outcome.${one.outcome}`)}</td><td>${one.yes ?? '–'}</td><td>${one.proven}</td></tr>`;
}

/** The whole page for one moment. */
export function progressPage(view: DemoView, language: Language): string {
  const t = seatText.in(language);
  const { liars, behave, operator, voteS } = view.options;
  const rows = view.rounds.toReversed().map((one) => roundPart(one, t));
  const body = html`<h1>${t('demo.title')}</h1><p>${t('demo.means')}</p>
<p>${t('demo.set', { liars, behave: liars === 0 ? '–' : t(`demo.behave.${behave}`), operator: t(`demo.operator.${operator}`), seconds: voteS })}</p>
<p>${t('demo.log', { size: view.logSize, certified: view.certifiedSize, evidence: view.evidence, forks: view.forks })}</p>
<p><a href="${view.platform}/council">${t('demo.platform')}</a></p>
<h2>${t('demo.seats')}</h2><p class="small">${t('demo.legend')}</p><ul class="seats">${view.seats.map((one) => seatPart(one, t))}</ul>
<h2>${t('demo.rounds')}</h2>${rows.length === 0 ? html`<p>${t('demo.none')}</p>` : html`<div class="scroll"><table><thead><tr><th>${t('demo.slot')}</th><th>${t('rounds.closes')}</th><th>${t('demo.outcome')}</th><th>${t('demo.yes')}</th><th>${t('demo.two')}</th></tr></thead><tbody>${rows}</tbody></table></div>`}`;
  return page({ language, title: t('demo.title'), body, refreshS: REFRESH_S, banner: t('demo.banner'), here: '/' });
}

export async function serveProgress(view: () => DemoView, port: number): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const kept = /(?:^|; )mizan-demo-language=([a-z]{2})/.exec(request.headers.cookie ?? '')?.[1];
    const asked = url.searchParams.get('lang') ?? undefined;
    const language = chooseLanguage(asked, kept, request.headers['accept-language'], 'az');
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store', 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff' };
    if (url.pathname !== '/' || request.method !== 'GET') response.writeHead(404, headers).end();
    else response.writeHead(200, { ...headers, ...(asked === undefined ? {} : { 'set-cookie': `mizan-demo-language=${language}; SameSite=Strict; Path=/` }) }).end(progressPage(view(), language));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
