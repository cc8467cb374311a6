/**
 * Every route, as every role, on an entry of the own organisation, of one below it, of a sibling, of a stranger and of nobody: the answers
 * are compared with the table of permissions. What lies in another organisation must answer exactly as something that does not exist.
 */

import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REGULATOR_ROLES, type PolicyName, policyOf, type Role, ROLES } from '../../src/platform/auth/index.ts';
import { makeOrganisation, makePerson, type Somebody } from '../support/people.ts';
import { type Answer, type Method, openStory, PATIENT, type Story } from '../support/story.ts';

const OWNERS = ['own', 'child', 'sibling', 'foreign', 'nobody'] as const;
type Owner = (typeof OWNERS)[number];
type Visitor = Role | 'public' | 'roleless';
const VISITORS: readonly Visitor[] = ['public', 'roleless', ...ROLES];
const UNKNOWN = '00000000-0000-4000-8000-00000000dead';

interface Route {
  readonly method: Method | 'PATCH';
  readonly url: string;
  readonly policy: PolicyName;
}

/** What stands for one owner: ids by kind. */
interface Fixture {
  readonly system: string;
  readonly body: string;
  readonly attachment: string;
  readonly classification: string;
  readonly impact: string;
  readonly organisation: string;
}

type Kind = keyof Fixture;

/** What `:id` of an address names. Routes that fit none hold nothing of an organisation; for them the table alone is checked. */
const IDS: readonly (readonly [pattern: RegExp, kind: Kind])[] = [
  [/^\/assessment\/classifications\/:id/, 'classification'],
  [/^\/api\/v1\/classifications\/:id/, 'classification'],
  [/^\/assessment\/:id/, 'system'],
  [/^\/registry\/:id/, 'system'],
  [/^\/obligations\/:id/, 'system'],
  [/^\/api\/v1\/(workspace\/)?systems\/:id/, 'system'],
  [/^\/api\/v1\/bodies\/:id/, 'body'],
  [/^\/impact\/:id/, 'impact'],
  [/^\/api\/v1\/impact\/assessments\/:id/, 'impact'],
  [/^\/identity\/organisations\/:id/, 'organisation'],
  [/^\/api\/v1\/identity\/organisations\/:id/, 'organisation'],
];

/** Bodies with which a change would go through if it were allowed; a route without one is asked with nothing. */
const BODIES: readonly (readonly [pattern: RegExp, body: unknown])[] = [
  [/^\/api\/v1\/systems\/:id$/, { record: { name: 'Taken over', organisation: 'Agency' }, reason: 'attack' }],
  [/\/transitions$/, { to: 'submitted', reason: 'attack' }],
  [/\/restorations$/, { revision: 1, reason: 'attack' }],
  [/^\/api\/v1\/systems\/:id\/answers$/, { fact: 'S.infers', answer: false, after: 1 }],
  [/^\/api\/v1\/systems\/:id\/classifications$/, { asOf: '2026-11-23', knownOn: '2026-11-23' }],
  [/^\/api\/v1\/impact\/assessments\/:id\/answers$/, { answers: {}, after: 0 }],
  [/^\/api\/v1\/impact\/assessments\/:id\/(undo|finish)$/, { after: 0 }],
  [/^\/api\/v1\/impact\/assessments\/:id\/publish$/, { public: true }],
  [/^\/api\/v1\/impact\/assessments\/:id\/facts$/, { fact: 'S.infers' }],
  [/^\/registry\/:id\/move$/, 'revision=1&to=submitted'],
  [/^\/registry\/:id\/edit$/, 'revision=1&name=Taken&organisation=Agency'],
  [/^\/registry\/:id\/restore$/, 'revision=1&earlier=1'],
  [/^\/registry\/:id\/product$/, 'revision=1&productName=Taken'],
  [/^\/assessment\/:id\/answers$/, 'fact=S.infers&answer=no&after=1'],
  [/^\/assessment\/:id\/undo$/, 'after=1'],
  [/^\/assessment\/:id\/classifications$/, 'asOf=2026-11-23&knownOn=2026-11-23'],
  [/^\/impact\/:id\/(undo|finish)$/, 'after=0'],
  [/^\/impact\/:id\/publish$/, 'public=yes'],
  [/^\/impact\/:id\/facts$/, 'fact=S.infers'],
  [/^\/impact\/:id\/revise$/, ''],
];

/** Streams that stay open, and what ends sessions or makes megabytes. */
const LEFT_OUT = [/\/events$/, /^\/api\/v1\/backup$/, /^\/identity\/sign-out$/, /^\/metrics$/];

interface World {
  readonly story: Story;
  readonly routes: readonly Route[];
  readonly fixtures: Readonly<Record<Owner, Fixture>>;
  readonly visitors: ReadonlyMap<Visitor, Readonly<Record<string, string>>>;
  close(): Promise<void>;
}

async function makeWorld(engine: 'embedded' | 'server'): Promise<World> {
  const story = await openStory({ engine, limits: { ...PATIENT, requestsPerMinuteMax: 10_000_000 } });
  const { identity, server } = story.mizan;
  const regulator = await makeOrganisation(identity, 'Regulator', 'regulator');
  const ministry = await makeOrganisation(identity, 'Ministry', 'ministry');
  const organisations: Readonly<Record<Owner, string | undefined>> = { own: await makeOrganisation(identity, 'Agency', 'agency', ministry), child: undefined, sibling: await makeOrganisation(identity, 'Sister agency', 'agency', ministry), foreign: await makeOrganisation(identity, 'Company', 'company'), nobody: undefined };
  const child = await makeOrganisation(identity, 'Department', 'department', organisations.own);
  const fixtures: Partial<Record<Owner, Fixture>> = {};
  for (const owner of OWNERS) fixtures[owner] = await makeFixture(story, owner, owner === 'child' ? child : organisations[owner]);
  const visitors = new Map<Visitor, Readonly<Record<string, string>>>([['public', { authorization: '' }]]);
  for (const visitor of VISITORS) {
    if (visitor === 'public') continue;
    const role = visitor === 'roleless' ? undefined : visitor;
    const place = role !== undefined && REGULATOR_ROLES.includes(role) ? regulator : organisations.own;
    const somebody: Somebody = await makePerson(identity, visitor, place, role);
    visitors.set(visitor, somebody.headers);
  }
  const routes = server.knownRoutes.filter(({ url }) => !LEFT_OUT.some((pattern) => pattern.test(url)) && !url.startsWith('/assets/')) as readonly Route[];
  return { story, routes, fixtures: fixtures as Record<Owner, Fixture>, visitors, close: async () => story.close() };
}

async function makeFixture(story: Story, owner: Owner, organisation: string | undefined): Promise<Fixture> {
  const made = await story.send('POST', '/api/v1/systems', { record: { name: `Draft of ${owner}`, organisation: `Body of ${owner}` } });
  if (made.status !== 201) throw new Error(made.body);
  const { id: system, body } = made.json<{ id: string; body: { id: string } }>();
  if (organisation !== undefined) await story.mizan.database.execute('update registry_bodies set organisation_id = $1 where id = $2', [organisation, body.id]);
  await story.send('POST', `/api/v1/systems/${system}/answers`, { fact: 'S.infers', answer: true, after: 0 });
  const classified = await story.send('POST', `/api/v1/systems/${system}/classifications`, { asOf: '2026-11-23', knownOn: '2026-11-23' });
  if (classified.status !== 201) throw new Error(classified.body);
  const impact = await story.send('POST', '/api/v1/impact/assessments', { system, kind: 'fria' });
  if (impact.status !== 201) throw new Error(impact.body);
  const attached = await story.upload(`/api/v1/systems/${system}/attachments`, { kind: 'other' }, { name: 'note.txt', content: `kept for ${owner}` });
  if (attached.status !== 201) throw new Error(attached.body);
  return { system, body: body.id, classification: classified.json<{ id: string }>().id, impact: impact.json<{ id: string }>().id, attachment: attached.json<{ id: string }>().id, organisation: organisation ?? UNKNOWN };
}

const kindOf = ({ url }: Route): Kind | undefined => IDS.find(([pattern]) => pattern.test(url))?.[1];
const isPage = ({ url }: Route): boolean => !url.startsWith('/api/') && !url.startsWith('/scim/');

/** The address with its names filled in: ids of the fixture, and plausible values for the rest. */
function addressOf(route: Route, fixture: Fixture | undefined): string {
  const kind = kindOf(route);
  const query = route.url.endsWith('/differences') ? '?from=1&to=1' : route.url === '/impact/:id/compare' ? `?with=${fixture?.impact ?? UNKNOWN}` : '';
  return query === '' ? pathOf(route, kind, fixture) : `${pathOf(route, kind, fixture)}${query}`;
}

function pathOf(route: Route, kind: Kind | undefined, fixture: Fixture | undefined): string {
  return route.url.replaceAll(/:(\w+)(\([^)]*\))?/g, (_whole, name: string) => {
    if (name === 'id' && kind !== undefined) return fixture?.[kind] ?? UNKNOWN;
    if (name === 'file') return route.url.includes('attachments') ? (fixture?.attachment ?? UNKNOWN) : 'x';
    if (name === 'instant') return '2026-11-23T09:00:00.000Z';
    if (name === 'other') return fixture?.impact ?? UNKNOWN;
    return { page: 'intro', question: 'q1', format: 'json', pack: 'eu-ai-act', framework: 'eu-ai-act', slug: 'privacy' }[name] ?? UNKNOWN;
  });
}

const textOf = (header: unknown): string => (typeof header === 'string' ? header : '');

/** Everything but what differs by itself: request numbers and the ids that were asked for. */
function comparable(answer: Answer, address: string): string {
  const ids = address.split(/[/?=]/).filter((part) => part.length === 36);
  let text = `${answer.status} ${textOf(answer.headers['location'])} ${answer.body}`.replaceAll(/"instance":"[^"]*"/g, '').replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'id');
  for (const id of ids) text = text.replaceAll(id, 'id');
  return text;
}

async function ask(world: World, route: Route, visitor: Visitor, fixture: Fixture | undefined): Promise<{ readonly answer: Answer; readonly address: string }> {
  const address = addressOf(route, fixture);
  const body = route.method === 'GET' ? undefined : BODIES.find(([pattern]) => pattern.test(route.url))?.[1];
  const headers = {
    ...world.visitors.get(visitor),
    accept: isPage(route) ? 'text/html' : 'application/json',
    ...(typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(route.method === 'PUT' || /transitions|restorations/.test(route.url) ? { 'if-match': '"1"' } : {}),
  };
  return { answer: await world.story.send(route.method as Method, address, body, headers), address };
}

/** What the table says of a visitor and a policy. */
function reachOf(visitor: Visitor, policy: PolicyName): 'public' | 'account' | 'all' | 'own' | 'sign-in' | 'none' {
  const { everybody, anyAccount, roles } = policyOf(policy);
  if (everybody === true) return 'public';
  if (visitor === 'public') return 'sign-in';
  if (anyAccount === true) return 'account';
  return (visitor === 'roleless' ? undefined : roles[visitor]) ?? 'none';
}

const isSentToSignIn = ({ status, headers }: Answer): boolean => status === 401 || (status === 303 && textOf(headers['location']).startsWith('/identity/sign-in'));

/** Rows of everybody but the own organisation and the child, and how many rows there are at all. */
async function fingerprint(world: World, tables: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const table of tables) hash.update(JSON.stringify((await world.story.mizan.database.execute(`select md5(string_agg(t::text, '|' order by t::text)) as rows, count(*)::int as count from ${table} t`)).rows));
  return hash.digest('hex');
}

describe.each(['embedded', 'server'] as const)('isolation on the %s engine', (engine) => {
  describe.skipIf(engine === 'server' && process.env['TEST_DATABASE_URL'] === undefined)('every route', () => {
    let world: World;
    beforeAll(async () => {
      world = await makeWorld(engine);
    }, 180_000);
    afterAll(async () => world.close());

    it('answers as the table of permissions says', { timeout: 600_000 }, async () => {
      const wrong: string[] = [];
      let asked = 0;
      // Where there is a server, its engine is asked about everybody, and the embedded one about two of the five.
      const asks: readonly Owner[] = engine === 'embedded' && process.env['TEST_DATABASE_URL'] !== undefined ? ['own', 'sibling'] : OWNERS;
      const tell = (route: Route, visitor: Visitor, owner: Owner | '', what: string): void => void wrong.push(`${visitor} ${route.method} ${route.url} (${route.policy}) ${owner}: ${what}`);
      const TABLES = ['registry_systems', 'registry_revisions', 'registry_attachments', 'assessment_answers', 'assessment_classifications', 'impact_assessments', 'impact_answers', 'impact_seals', 'lawbook_adoptions', 'lawdesk_keys'];
      // Acts come last, and only of those who must fail: what is granted is told in the stories of each feature.
      const ordered = [...world.routes].sort((a, b) => Number(a.method !== 'GET') - Number(b.method !== 'GET'));
      const before = await fingerprint(world, TABLES);
      // What the operator gets is the same whoever is compared with it: nothing changes meanwhile, as the end of this test proves.
      const operators = new Map<string, number>();
      for (const route of ordered) {
        const kind = kindOf(route);
        for (const visitor of VISITORS) {
          const reach = reachOf(visitor, route.policy);
          const owners: readonly Owner[] = kind === undefined ? ['own'] : asks;
          const unknown = kind !== undefined && (reach === 'own' || reach === 'public') ? await ask(world, route, visitor, undefined) : undefined;
          for (const owner of owners) {
            const isAct = route.method !== 'GET';
            const mayReach = reach === 'all' || reach === 'account' || (reach === 'own' && (owner === 'own' || owner === 'child'));
            // A granted act would change what the others are compared with.
            if (isAct && (mayReach || (kind === undefined && reach !== 'sign-in' && reach !== 'none') || reach === 'public')) continue;
            const { answer, address } = await ask(world, route, visitor, world.fixtures[owner]);
            asked += 1;
            if (answer.status >= 500) tell(route, visitor, owner, `${answer.status} ${answer.body.slice(0, 200)}`);
            if (reach === 'sign-in' && !isSentToSignIn(answer)) tell(route, visitor, owner, `not sent to sign in, but ${answer.status}`);
            if (reach === 'none' && answer.status !== 403) tell(route, visitor, owner, `not forbidden, but ${answer.status}`);
            if (mayReach && (answer.status === 401 || answer.status === 403 || isSentToSignIn(answer))) tell(route, visitor, owner, `granted by the table, but ${answer.status}`);
            if (unknown !== undefined && !mayReach && comparable(answer, address) !== comparable(unknown.answer, unknown.address)) tell(route, visitor, owner, `does not answer as for something unknown: ${answer.status} instead of ${unknown.answer.status}`);
            // Seen by its owner as by the operator.
            if (kind !== undefined && mayReach && !isAct) {
              const operator = operators.get(address) ?? (await world.story.send('GET', address, undefined, { accept: isPage(route) ? 'text/html' : 'application/json' })).status;
              operators.set(address, operator);
              if (operator !== answer.status) tell(route, visitor, owner, `${answer.status}, the operator gets ${operator}`);
            }
          }
        }
      }
      const after = await fingerprint(world, TABLES);
      console.info(`isolation (${engine}): ${asked} requests of ${VISITORS.length} kinds of visitor over ${world.routes.length} routes, ${wrong.length} answered otherwise than the table`);
      expect(wrong.slice(0, 60)).toEqual([]);
      expect(after).toBe(before);
    });

    it('of SQL reads nothing without a scope, and only what is published without a role', async () => {
      const { database } = world.story.mizan;
      const tables = (await database.execute(`select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1`)).rows.map((row) => String(row['name']));
      const readAs = async (role: string, table: string): Promise<number | 'denied'> => {
        try {
          // One text is one transaction, after which the role is the owner's again.
          const { rows } = await database.execute(`select set_config('role', '${role}', true); select set_config('mizan.organisations', '{${world.fixtures.own.organisation}}', true); select count(*)::int as count from ${table};`);
          return Number(rows.at(-1)?.['count']);
        } catch (error) {
          if ((error as { code?: string }).code === '42501') return 'denied';
          throw error;
        }
      };
      const seen: Record<string, Record<string, number | 'denied'>> = {};
      for (const role of ['mizan_nobody', 'mizan_public', 'mizan_own_read']) seen[role] = Object.fromEntries(await Promise.all(tables.map(async (table) => [table, await readAs(role, table)] as const)));
      expect(Object.entries(seen['mizan_nobody'] ?? {}).filter(([, count]) => count !== 'denied')).toEqual([]);
      // Everything here is a draft: the public sees law, questionnaires and the vocabulary, and no row of an entry.
      const published = Object.entries(seen['mizan_public'] ?? {}).filter(([, count]) => count !== 'denied' && count > 0).map(([table]) => table);
      expect(published.filter((table) => /^(registry_(?!words|counts)|assessment_|impact_(?!questionnaires)|obligations_|intake_|identity_)/.test(table))).toEqual([]);
      expect(seen['mizan_own_read']).toMatchObject({ registry_systems: 1, registry_revisions: 1, registry_attachments: 1, assessment_answers: 1, assessment_classifications: 1, impact_assessments: 1, identity_people: 'denied', identity_sessions: 'denied', intake_imports: 'denied', lawdesk_keys: 'denied' });
      console.info(`isolation (${engine}): ${tables.length} tables read under ${Object.keys(seen).length} SQL roles; without a scope ${tables.length} of ${tables.length} denied`);
    });

    it('that answered strangers as it answers its owners would be noticed', async () => {
      const alike: string[] = [];
      for (const route of world.routes.filter((one) => one.method === 'GET' && kindOf(one) !== undefined && reachOf('viewer', one.policy) === 'own')) {
        const [own, unknown] = [await ask(world, route, 'viewer', world.fixtures.own), await ask(world, route, 'viewer', undefined)];
        if (own.answer.status !== 404 && comparable(own.answer, own.address) === comparable(unknown.answer, unknown.address)) alike.push(route.url);
      }
      expect(alike).toEqual([]);
    });
  });
});
