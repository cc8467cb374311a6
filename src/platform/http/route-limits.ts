/** How often each kind of costly or sensitive request may be sent, by account and by address; one table, counted over all processes. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Language } from '../../base/index.ts';
import { systemScope, within } from '../auth/index.ts';
import { type Limits, requestStore } from '../limits/index.ts';
import { TooMany } from './errors.ts';

interface Rate {
  readonly max: number;
  readonly windowSeconds: number;
}

export interface RouteLimit {
  /** What is limited, as a page says it. */
  readonly label: Readonly<Record<Language, string>>;
  /** Of one person or one key, wherever they are. */
  readonly account: Rate;
  /** Of one address, of requests that nobody in particular sends. People behind one address share it, so it is the larger one. */
  readonly address: Rate;
  /** Also counts the address of somebody who is signed in: an account is no way around guessing at others. */
  readonly alwaysAddress?: true;
}

const MINUTE = 60;
const HOUR = 3600;

export const ROUTE_LIMITS = {
  'sign-in': { label: { az: 'giriş', en: 'signing in', ru: 'вход' }, account: { max: 30, windowSeconds: 5 * MINUTE }, address: { max: 120, windowSeconds: 5 * MINUTE }, alwaysAddress: true },
  letter: { label: { az: 'məktub göndərmə', en: 'sending letters', ru: 'отправка писем' }, account: { max: 60, windowSeconds: HOUR }, address: { max: 60, windowSeconds: HOUR }, alwaysAddress: true },
  account: { label: { az: 'hesabın dəyişdirilməsi', en: 'changing the account', ru: 'изменение учётной записи' }, account: { max: 60, windowSeconds: 10 * MINUTE }, address: { max: 120, windowSeconds: 10 * MINUTE } },
  search: { label: { az: 'axtarış', en: 'searching', ru: 'поиск' }, account: { max: 120, windowSeconds: MINUTE }, address: { max: 600, windowSeconds: MINUTE } },
  export: { label: { az: 'ixrac', en: 'exporting', ru: 'экспорт' }, account: { max: 30, windowSeconds: 10 * MINUTE }, address: { max: 120, windowSeconds: 10 * MINUTE } },
  import: { label: { az: 'idxal', en: 'importing', ru: 'импорт' }, account: { max: 60, windowSeconds: HOUR }, address: { max: 60, windowSeconds: HOUR } },
  upload: { label: { az: 'fayl göndərmə', en: 'sending files', ru: 'отправка файлов' }, account: { max: 300, windowSeconds: HOUR }, address: { max: 300, windowSeconds: HOUR } },
  document: { label: { az: 'PDF sənədləri', en: 'PDF documents', ru: 'документы PDF' }, account: { max: 60, windowSeconds: 5 * MINUTE }, address: { max: 120, windowSeconds: 5 * MINUTE } },
  decision: { label: { az: 'qanun üzrə qərar', en: 'asking the law', ru: 'запрос к закону' }, account: { max: 600, windowSeconds: MINUTE }, address: { max: 300, windowSeconds: MINUTE } },
  law: { label: { az: 'qanun dəyişikliyinin ölçülməsi və yoxlanması', en: 'measuring and checking law', ru: 'расчёт и проверка изменений закона' }, account: { max: 60, windowSeconds: 10 * MINUTE }, address: { max: 60, windowSeconds: 10 * MINUTE } },
  key: { label: { az: 'açarla sorğu', en: 'requests with a key', ru: 'запросы с ключом' }, account: { max: 1200, windowSeconds: MINUTE }, address: { max: 6000, windowSeconds: MINUTE } },
} as const satisfies Readonly<Record<string, RouteLimit>>;
export type LimitName = keyof typeof ROUTE_LIMITS;

/** The first that fits counts. A route that names a limit in its configuration is counted by that one. */
const BY_ROUTE: readonly (readonly [method: 'GET' | 'act' | 'any', url: RegExp, name: LimitName])[] = [
  ['act', /^\/identity\/(?:sign-in|second-factor|setup|passkey|step-up)/, 'sign-in'],
  ['any', /^\/identity\/(?:recover|join|address|sso|auth)\//, 'sign-in'],
  ['act', /^\/identity\/recover$/, 'letter'],
  ['act', /^\/identity\/(?:me\/email|invitations|people|organisations)/, 'letter'],
  ['act', /^\/identity\/me(?:\/|$)/, 'account'],
  ['any', /\.pdf$/, 'document'],
  ['GET', /^\/(?:api\/v1\/)?exports\/|\/export(?:\.json)?$|\.(?:csv|ics)$|^\/api\/v1\/backup$|\/bundle$/, 'export'],
  ['act', /\/attachments$|\/evidence\/:question$|\/pia$|\/:id\/import$/, 'upload'],
  ['act', /^\/(?:intake|api\/v1\/imports)$/, 'import'],
  ['act', /^\/api\/v1\/(?:classify|prescreen|duties)$/, 'decision'],
  ['act', /^\/(?:obligations|api\/v1\/law)\/changes$|^\/(?:api\/v1\/)?lawdesk\/packs/, 'law'],
];
/** Lists are searched under these; without words to look for they are pages as others. */
const SEARCHED: ReadonlySet<string> = new Set(['/registry', '/registry/mine', '/lawbook/search', '/api/v1/systems', '/api/v1/workspace/systems', '/api/v1/worklist', '/assessment', '/obligations']);

export function limitOfRoute(method: string, url: string): LimitName | undefined {
  const isRead = method === 'GET' || method === 'HEAD';
  return BY_ROUTE.find(([kind, pattern]) => (kind === 'any' || (kind === 'GET') === isRead) && pattern.test(url))?.[2];
}

function limitsOf(request: FastifyRequest): readonly LimitName[] {
  const { config, url = '' } = request.routeOptions;
  const named = config.limit ?? limitOfRoute(request.method, url);
  const search = SEARCHED.has(url) && /[?&]q=[^&]/.test(request.url) ? (['search'] as const) : [];
  return [...(named === undefined ? search : [named]), ...(request.caller.kind === 'key' ? (['key'] as const) : [])];
}

/** The operator of the machine is not counted: whoever may read the data folder needs no requests. */
export function limitRoutes(app: FastifyInstance, limits: Pick<Limits, 'take'>, factor: number): void {
  const Store = requestStore(limits);
  const stores = new Map(Object.keys(ROUTE_LIMITS).map((name) => [name, new Store({}).child({ path: name } as never)]));
  const spend = async (name: LimitName, key: string, rate: Rate): Promise<void> => {
    const max = Math.max(1, Math.floor(rate.max * factor));
    const spent = await new Promise<{ readonly current: number; readonly ttl: number } | undefined>((resolve) => {
      // While the database is away its absence is told by the pages themselves, and not as a limit.
      stores.get(name)?.incr(key, (error, result) => resolve(error === null ? result : undefined), rate.windowSeconds * 1000, max);
    });
    if (spent !== undefined && spent.current > max) throw new TooMany(Math.max(1, Math.ceil(spent.ttl / 1000)), ROUTE_LIMITS[name].label);
  };
  app.addHook('onRequest', async (request) => {
    const { kind, actor } = request.caller;
    if (kind === 'operator' || kind === 'system') return;
    for (const name of limitsOf(request)) {
      const limit: RouteLimit = ROUTE_LIMITS[name];
      await within(systemScope, async () => {
        if (kind === 'public' || limit.alwaysAddress === true) await spend(name, `address ${request.ip}`, limit.address);
        if (kind !== 'public') await spend(name, actor, limit.account);
      });
    }
  });
}
