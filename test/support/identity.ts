/** A server with identity alone, and browsers that keep cookies: for stories of sign-in told over HTTP. */

import { CompiledQuery } from 'kysely';
import { parseHTML } from 'linkedom';
import type { Language } from '../../src/base/index.ts';
import { type Administration, administrationRoutes, createAdministration, type Connections, type Identity, identityMigrations, identityRoutes, type Letter, openConnections, openIdentity } from '../../src/features/identity/index.ts';
import { totpCode, totpStep } from '../../src/features/identity/rules/totp.ts';
import { type Audit, openAudit } from '../../src/platform/audit/index.ts';
import { fixedClock } from '../../src/platform/clock/index.ts';
import { type Database, migrationsOf } from '../../src/platform/db/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { loadTheme } from '../../src/platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../src/platform/http/index.ts';
import { openLimits } from '../../src/platform/limits/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { createOutbound, parseOutboundAllow } from '../../src/platform/outbound/index.ts';
import type { OpenFresh } from './engines.ts';

export const PASSWORD = 'quiet lamp under nine bridges';
export const ADMINISTRATOR = 'leyla@regulator.example';
export const NOON = '2026-11-23T09:00:00.000Z';
export const OPERATOR_TOKEN = 'operator-of-tests';
const SECRET = 'a secret of tests that is long enough to be one';

export interface Stage {
  readonly database: Database;
  readonly app: MizanServer;
  readonly identity: Identity;
  readonly connections: Connections;
  readonly administration: Administration;
  readonly audit: Audit;
  readonly clock: ReturnType<typeof fixedClock>;
  readonly letters: Letter[];
  later(ms: number): void;
  browser(options?: { readonly address?: string; readonly language?: Language }): Browser;
  close(): Promise<void>;
}

/** One database for a suite, emptied for every stage: opening the embedded one costs seconds. */
export function stagesOf(open: OpenFresh): { readonly stage: (options?: { readonly publicUrl?: string; readonly at?: string }) => Promise<Stage>; readonly closeAll: () => Promise<void> } {
  const stages: Stage[] = [];
  return {
    stage: async (options = {}) => {
      const database = stages[0]?.database;
      const one = await openStage(open, { ...options, ...(database === undefined ? {} : { database }) });
      stages.push(one);
      return one;
    },
    closeAll: async () => {
      await Promise.all(stages.map(async (one) => one.close()));
    },
  };
}

export interface Page {
  readonly status: number;
  readonly location: string | undefined;
  readonly html: string;
  readonly document: Document;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly setCookies: readonly string[];
}

export interface Browser {
  readonly cookies: Map<string, string>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<Page>;
  post(url: string, fields?: Readonly<Record<string, string>>, headers?: Readonly<Record<string, string>>): Promise<Page>;
  cookieHeader(): string;
}

/** A stage on an empty database; pass the same `database` again to empty it instead of making another. */
export async function openStage(open: OpenFresh, options: { readonly publicUrl?: string; readonly database?: Database; readonly at?: string; readonly outboundAllow?: string } = {}): Promise<Stage> {
  const database = options.database ?? (await open([...migrationsOf('platform'), ...identityMigrations()]));
  if (options.database !== undefined) await database.vault.executeQuery(CompiledQuery.raw('truncate identity_people, identity_organisations, identity_tokens, identity_lockouts, identity_verifications cascade'));
  const config = readConfig({ LOG_LEVEL: 'silent', PORT: '0', DATA_DIR: '/nowhere' });
  if (!config.ok) throw new Error('configuration');
  const log = createLog(config.value);
  const theme = loadTheme('neutral');
  const clock = fixedClock(options.at ?? NOON);
  const letters: Letter[] = [];
  const identity = await openIdentity({
    database,
    clock,
    log,
    secret: () => SECRET,
    letters: { send: async (letter) => void letters.push(letter) },
    publicUrl: options.publicUrl,
    localUrl: () => 'http://localhost',
    platformName: (language) => theme.name[language],
    defaultLanguage: theme.defaultLanguage,
  });
  const administration = createAdministration(identity);
  const audit = openAudit({ database, clock });
  const assets = loadAssets(theme, ['identity']);
  const app = await createServer({ config: config.value, log, theme, assets, navigation: [], authenticate: identity.authenticate, operatorToken: OPERATOR_TOKEN, clock, audit, limits: { requestsPerMinuteMax: 1_000_000, eventLoopDelayMsMax: 120_000 } });
  const limits = openLimits({ database, log });
  const allow = parseOutboundAllow(options.outboundAllow ?? '');
  if (!allow.ok) throw new Error(allow.refusal);
  const outbound = createOutbound({ allow: allow.value });
  const connections = openConnections({ parts: identity.parts, secret: () => SECRET, outbound, limits, log });
  identityRoutes(app, { identity, assets, connections });
  administrationRoutes(app, { identity, administration, audit, clock });
  return {
    database,
    app,
    identity,
    administration,
    audit,
    clock,
    letters,
    later: (ms) => clock.move(new Date(Date.parse(clock.now()) + ms).toISOString()),
    browser: ({ address = '192.0.2.10', language = 'en' } = {}) => openBrowser(app, address, language),
    connections,
    close: async () => {
      limits.stop();
      await app.close();
      await outbound.close();
    },
  };
}

function openBrowser(app: MizanServer, address: string, language: Language): Browser {
  const cookies = new Map([['mizan_language', language as string]]);
  const cookieHeader = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const send = async (method: 'GET' | 'POST', url: string, payload: string | undefined, headers: Readonly<Record<string, string>>): Promise<Page> => {
    const answer = await app.inject({
      method,
      url,
      remoteAddress: address,
      headers: { host: 'localhost', 'sec-fetch-site': 'same-origin', accept: 'text/html', 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', cookie: cookieHeader(), ...(payload === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }), ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
    const setCookies = [answer.headers['set-cookie'] ?? []].flat();
    for (const line of setCookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0(?:;|$)/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return { status: answer.statusCode, location: answer.headers.location, html: answer.body, document: parseHTML(answer.body).document, headers: answer.headers, setCookies };
  };
  return {
    cookies,
    get: (url, headers = {}) => send('GET', url, undefined, headers),
    post: (url, fields = {}, headers = {}) => send('POST', url, new URLSearchParams(fields).toString(), headers),
    cookieHeader,
  };
}

/** The code a telephone shows that was given this secret in base 32. */
export function codeOf(secret: string, at: string): string {
  return totpCode(fromBase32(secret), totpStep(Date.parse(at)));
}

export function fromBase32(text: string): Uint8Array {
  const letters = text.replaceAll(/\s/g, '');
  const bits = [...letters].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Uint8Array.from({ length: Math.floor(bits.length / 8) }, (_, index) => Number.parseInt(bits.slice(index * 8, index * 8 + 8), 2));
}

export function secretOn(page: Page): string {
  return page.document.querySelector('.identity-secret')?.textContent ?? '';
}

export const setUpFields = (token: string): Record<string, string> => ({
  token,
  'regulator-az': 'Süni intellekt üzrə tənzimləyici',
  'regulator-en': 'Regulator of artificial intelligence',
  'regulator-ru': 'Регулятор искусственного интеллекта',
  name: 'Leyla Quliyeva',
  email: ADMINISTRATOR,
  language: 'az',
  password: PASSWORD,
});

export async function setUpToken(identity: Identity): Promise<string> {
  const link = await identity.setUp.link();
  if (!link.ok) throw new Error(link.refusal.code);
  return new URL(link.value).searchParams.get('token') ?? '';
}

/** First set-up to the end: the administrator's browser with a full session, the secret of the telephone, the recovery codes. */
export async function setUpAll(stage: Stage): Promise<{ readonly browser: Browser; readonly secret: string; readonly recoveryCodes: readonly string[] }> {
  const browser = stage.browser();
  await browser.post('/identity/setup', setUpFields(await setUpToken(stage.identity)));
  const secret = secretOn(await browser.get('/identity/me/code'));
  const done = await browser.post('/identity/me/code', { code: codeOf(secret, stage.clock.now()) });
  const recoveryCodes = [...done.document.querySelectorAll('.identity-codes code')].map((one) => one.textContent);
  return { browser, secret, recoveryCodes };
}
