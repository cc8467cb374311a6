/**
 * Every page of the product with addresses to open it at. The list comes from the routes of the running server: a new page is walked
 * by itself, and a route whose address needs names must have a fixture here.
 */

import { expect } from 'vitest';
import { type Language, LANGUAGES } from '../../src/base/index.ts';
import type { SystemEntry } from '../../src/features/registry/index.ts';
import { type PolicyName, policyOf, REGULATOR_ROLES, type Role, ROLES } from '../../src/platform/auth/index.ts';
import { fullRecord, inventoryCsv } from './inventory.ts';
import { lawDesk } from './law-desk.ts';
import { makeOrganisation, makePerson, type Somebody } from './people.ts';
import { signedIn, type Story } from './story.ts';

/** Who opens a page: the operator of the machine, nobody known, somebody with an account and no role, or one of the roles. */
export type Reader = 'operator' | 'public' | 'roleless' | Role;
/** Headers by which the server knows each reader. */
export type Readers = ReadonlyMap<Reader, Readonly<Record<string, string>>>;

export interface Filled {
  readonly ids: ReadonlyMap<string, string>;
  readonly readers: Readers;
}

export interface ListedPage {
  /** As the server declares it: `/registry/:id`. */
  readonly route: string;
  /** As the fixture writes it, with names for ids: `/registry/FULL`. Stable from run to run. */
  readonly name: string;
  /** What is asked of the server. */
  readonly url: string;
  readonly status: number;
  readonly area: 'public' | 'workspace';
}

export interface ListedForm {
  readonly route: string;
  readonly name: string;
  readonly url: string;
  /** The page that has the form. */
  readonly from: string;
}

const NOBODY = '00000000-0000-4000-8000-000000000000';
/** Words that no line can hold. */
const LONG = { name: 'Ə'.repeat(200), organisation: 'Body'.repeat(60), purpose: `${'x'.repeat(300)} https://example.az/${'y'.repeat(200)}`, sourceId: 'z'.repeat(400), keywords: ['k'.repeat(300)] };

/**
 * Further addresses of routes. A route without names in its address needs no line: it is opened as it stands. Words in capitals are
 * filled in with ids of what `fillStory` makes.
 */
const FIXTURES: Readonly<Record<string, readonly string[]>> = {
  '/registry': ['/registry', '/registry?q=recruitment', '/registry?q=nothingatall'],
  '/registry/:id': ['/registry/FULL', '/registry/LONG', '/registry/DECIDED', '/registry/SAMPLE', '/registry/FULL?at=2020-01-01'],
  '/registry/:id/differences': ['/registry/FULL/differences?from=1&to=1'],
  '/registry/:id/edit': ['/registry/FULL/edit'],
  '/registry/:id/manage': ['/registry/FULL/manage'],
  '/registry/:id/manage/differences': ['/registry/FULL/manage/differences?from=1&to=1'],
  '/registry/:id/move': ['/registry/FULL/move?to=withdrawn'],
  '/about/:slug': ['/about/accessibility', '/about/privacy', '/about/terms'],
  // Links of letters that nobody sent: the page that says so.
  '/identity/setup': ['/identity/setup?token=unsent'],
  '/identity/recover/:token': ['/identity/recover/unsent'],
  '/identity/address/:token': ['/identity/address/unsent'],
  '/identity/join/:token': ['/identity/join/unsent'],
  '/identity/organisations': ['/identity/organisations', '/identity/organisations?q=nothingatall'],
  '/identity/organisations/:id': ['/identity/organisations/AGENCY', '/identity/organisations/REGULATOR'],
  '/identity/sso/:id': [`/identity/sso/${NOBODY}`],
  '/identity/organisations/:id/connections': ['/identity/organisations/AGENCY/connections'],
  '/identity/organisations/:id/connections/new/:kind': ['/identity/organisations/AGENCY/connections/new/oidc', '/identity/organisations/AGENCY/connections/new/saml'],
  '/identity/organisations/:id/connections/:connection': [`/identity/organisations/AGENCY/connections/${NOBODY}`],
  '/identity/people': ['/identity/people', '/identity/people?q=nothingatall'],
  '/identity/people/:id': ['/identity/people/EDITOR', '/identity/people/ADMINISTRATOR'],
  '/decisions': ['/decisions', '/decisions?q=nothingatall&result=carried'],
  // No council has decided anything here; test/e2e/decisions.test.ts has one that did.
  '/decisions/:slot/:round': ['/decisions/2027-001/1'],
  '/decisions/:slot/:part/:round': ['/decisions/epoch/2/1'],
  '/log/entries/:index': ['/log/entries/0'],
  '/lawbook/:pack': ['/lawbook/eu-ai-act', '/lawbook/bright-line'],
  '/lawbook/:pack/facts': ['/lawbook/eu-ai-act/facts'],
  '/lawbook/:pack/parameters': ['/lawbook/eu-ai-act/parameters'],
  '/lawbook/:pack/cases': ['/lawbook/eu-ai-act/cases'],
  '/lawbook/:pack/readings': ['/lawbook/eu-ai-act/readings'],
  '/lawbook/:pack/fact/:fact': ['/lawbook/eu-ai-act/fact/X.area'],
  '/lawbook/:pack/regime/:conclusion': ['/lawbook/eu-ai-act/regime/high_risk.III.4a'],
  '/lawbook/search': ['/lawbook/search?q=recruit', '/lawbook/search?q=nothingatall'],
  '/crosswalk/:framework': ['/crosswalk/nist-ai-rmf', '/crosswalk/nist-ai-rmf?q=nothingatall'],
  '/crosswalk/:framework/:item': ['/crosswalk/nist-ai-rmf/GOVERN-1.1'],
  '/crosswalk/count': ['/crosswalk/count', '/crosswalk/count?from=iso-42001&done=nist-ai-rmf:GOVERN-1.1'],
  '/assessment': ['/assessment', '/assessment?state=decided'],
  '/assessment/:id': ['/assessment/ASKED', '/assessment/ASKED?fact=X.area', '/assessment/LONG', `/assessment/${NOBODY}`],
  '/assessment/:id/answers': ['/assessment/DECIDED/answers'],
  '/assessment/:id/result': ['/assessment/DECIDED/result'],
  '/assessment/classifications/:id': ['/assessment/classifications/KEPT?recompute=yes'],
  '/intake/:id': ['/intake/IMPORT', '/intake/PREVIEW', '/intake/BAD'],
  '/intake/:id/map': ['/intake/UNMAPPED/map'],
  '/obligations': ['/obligations', '/obligations?q=nothingatall'],
  '/obligations/:id': ['/obligations/SAMPLE', '/obligations/SAMPLE?asOf=2030-01-01&turnover=1000000', '/obligations/LONG', `/obligations/${NOBODY}`],
  '/obligations/:id/timeline': ['/obligations/SAMPLE/timeline'],
  '/obligations/changes/:run': ['/obligations/changes/RUN', '/obligations/changes/RUN?touches=nothing'],
  '/obligations/changes/:run/systems/:system': ['/obligations/changes/RUN/systems/HIT'],
  '/obligations/changes/as-it-stands': ['/obligations/changes/as-it-stands'],
  '/obligations/changes/beside/:digest': ['/obligations/changes/beside/LINE'],
  '/motions': ['/motions', '/motions?q=nothingatall'],
  '/motions/new': ['/motions/new', '/motions/new?kind=authorise', '/motions/new?kind=grant-agreement'],
  '/motions/:id': ['/motions/MOVED'],
  '/motions/:id/desk': ['/motions/MOVED/desk', '/motions/DRAFTED/desk'],
  '/motions/:id/edit': ['/motions/DRAFTED/edit'],
  '/members': ['/members', '/members?q=nothingatall', '/members?constituency=state&standing=vacant'],
  '/members/places/:place': ['/members/places/seat01'],
  '/members/places/:place/desk': ['/members/places/seat01/desk', '/members/places/alt-state-1/desk'],
  '/secretariat/sittings/:id': ['/secretariat/sittings/SITTING'],
  '/secretariat/sittings/:id/desk': ['/secretariat/sittings/SITTING/desk', '/secretariat/sittings/PLANNED/desk'],
  '/secretariat/sittings/:id/edit': ['/secretariat/sittings/PLANNED/edit'],
  '/secretariat/sittings/:id/items/new': ['/secretariat/sittings/PLANNED/items/new'],
  '/secretariat/sittings/:id/proposals/new': ['/secretariat/sittings/PLANNED/proposals/new'],
  '/secretariat/sittings/:id/live': ['/secretariat/sittings/SITTING/live'],
  '/secretariat/sittings/:id/projector': ['/secretariat/sittings/SITTING/projector'],
  // Its minutes are not signed yet; the page for everybody says so.
  '/secretariat/sittings/:id/minutes': ['/secretariat/sittings/HELD/minutes'],
  '/secretariat/sittings/:id/minutes/desk': ['/secretariat/sittings/HELD/minutes/desk'],
  '/secretariat/items/:id': ['/secretariat/items/ITEM'],
  '/secretariat/items/:id/edit': ['/secretariat/items/PLANNEDITEM/edit'],
  '/impact': ['/impact', '/impact?q=nothingatall'],
  '/impact/new': ['/impact/new', '/impact/new?system=SAMPLE'],
  '/impact/:id': ['/impact/AIA', '/impact/AGAIN', '/impact/FRIA'],
  '/impact/:id/result': ['/impact/AIA/result?recompute=yes', '/impact/FRIA/result'],
  '/impact/:id/answers': ['/impact/AIA/answers'],
  '/impact/:id/pages/:page': ['/impact/AGAIN/pages/riskProfile', '/impact/FRIA/pages/risks'],
  '/impact/:id/evidence/:question': ['/impact/AGAIN/evidence/riskProfile1'],
  '/impact/:id/compare': ['/impact/AGAIN/compare?with=AIA'],
  '/impact/:id/pia': ['/impact/DPIA/pia'],
  '/lawdesk/packs/:digest': ['/lawdesk/packs/EU', '/lawdesk/packs/NEXT'],
  '/lawdesk/packs/attempts/:number': ['/lawdesk/packs/attempts/1'],
  '/lawdesk/keys/:fingerprint': ['/lawdesk/keys/KEY'],
  '/lawdesk/review/:pack': ['/lawdesk/review/eu-ai-act', '/lawdesk/review/eu-ai-act?state=change-needed&as=REVIEW'],
  '/lawdesk/review/:pack/:kind/:id': ['/lawdesk/review/eu-ai-act/rule/RULE', '/lawdesk/review/eu-ai-act/duty/PR.RM', '/lawdesk/review/eu-ai-act/parameter/applies.route.III'],
  '/lawdesk/drafts/:draft': ['/lawdesk/drafts/DRAFT', '/lawdesk/drafts/DRAFT?kind=case'],
  '/lawdesk/drafts/:draft/check': ['/lawdesk/drafts/DRAFT/check'],
  '/lawdesk/drafts/:draft/difference': ['/lawdesk/drafts/DRAFT/difference'],
  '/lawdesk/drafts/:draft/new': ['/lawdesk/drafts/DRAFT/new'],
  '/lawdesk/drafts/:draft/new/:kind': ['/lawdesk/drafts/DRAFT/new/rule'],
  '/lawdesk/drafts/:draft/:kind/:id': ['/lawdesk/drafts/DRAFT/rule/RULE?condition=when&at=root', '/lawdesk/drafts/DRAFT/parameter/applies.route.III', '/lawdesk/drafts/DRAFT/case/wide-ordinary-generator'],
  '/log': ['/log', '/log?before=1'],
  '/lawdesk/difference': ['/lawdesk/difference?from=EU&to=NEXT'],
};
/** Pages of what is not there yet: the page that says so. */
const NOT_YET = new Set(['/decisions/:slot/:round', '/decisions/:slot/:part/:round', '/secretariat/sittings/:id/minutes']);
/** Addresses under no route at all. */
const NOWHERE = ['/moon'];
/** Answers that are files or data for programs, never pages. */
const FILES = new Set(['/registry/:id/attachments/:file', '/registry/:id/manage/attachments/:file', '/lawdesk/packs/:digest/bundle', '/crosswalk/sets/:file', '/intake/profiles/:file', '/exports/:format', '/metrics', '/health/live', '/health/ready', '/log/checkpoint', '/log/policy', '/log/tile/*', '/log/entries/:index/proof', '/log/witness/:digest/checkpoint', '/secretariat/sittings/:id/events']);
/** What services that sign people in are given or send them to, and addresses that lead on: documents and redirects. */
const EXCHANGES = /^\/(?:motions|council|seats)\/v1\/|^\/scim\/|^\/identity\/(?:saml|oidc)\/|\/connections\/:connection\/try$|^\/identity\/(?:memberships|invitations)\/:id$/;
const isFile = (route: string): boolean => FILES.has(route) || EXCHANGES.test(route) || route.endsWith('*') || /\.\w+$/.test(route) || (route.startsWith('/api/') && route.includes(':'));

/** What all routes of the server are, as it declares them. */
export function routesOf(story: Story, method: 'GET' | 'POST'): readonly string[] {
  return [...new Set(story.mizan.server.knownRoutes.filter((route) => route.method === method).map(({ url }) => url))];
}

/** Addresses of forms that no page has above them, or whose last part is a name. */
const FORM_FIXTURES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['support', 'adopt', 'reject'].map((act) => [`/motions/:id/amendments/:amendment/${act}`, `/motions/MOVED/amendments/${NOBODY}/${act}`])),
  '/motions/:id/annexes/:position/remove': '/motions/MOVED/annexes/9/remove',
  ...Object.fromEntries(['paragraphs/:paragraph', 'paragraphs/:paragraph/remove', 'paragraphs/:paragraph/corrections', 'corrections/:correction/adopt', 'corrections/:correction/reject'].map((act) => [`/secretariat/sittings/:id/minutes/${act}`, `/secretariat/sittings/HELD/minutes/${act.replace(/:\w+/, NOBODY)}`])),
  ...Object.fromEntries(['circulate', 'take-back', 'sign', 'paragraphs'].map((act) => [`/secretariat/sittings/:id/minutes/${act}`, `/secretariat/sittings/HELD/minutes/${act}`])),
  ...Object.fromEntries(['items', 'proposals', 'convene', 'cancel'].map((act) => [`/secretariat/sittings/:id/${act}`, `/secretariat/sittings/PLANNED/${act}`])),
  ...Object.fromEntries(['up', 'down', 'take', 'drop', 'support'].map((act) => [`/secretariat/items/:id/${act}`, `/secretariat/items/PLANNEDITEM/${act}`])),
  '/secretariat/statements/:id/answer': `/secretariat/statements/${NOBODY}/answer`,
  '/secretariat/tasks/:id': `/secretariat/tasks/${NOBODY}`,
  ...Object.fromEntries(['decision', 'keys'].map((act) => [`/members/nominations/:id/${act}`, `/members/nominations/${NOBODY}/${act}`])),
  ...Object.fromEntries(['swear', 'end', 'interests'].map((act) => [`/members/terms/:id/${act}`, `/members/terms/TERM/${act}`])),
  '/members/interests/:id/end': `/members/interests/${NOBODY}/end`,
  '/members/places/:place/terms': '/members/places/seat01/terms',
  '/registry/:id/attachments/:file/remove': `/registry/FULL/attachments/${NOBODY}/remove`,
  '/identity/organisations/:id/connections/:connection/tokens/:token/revoke': `/identity/organisations/AGENCY/connections/${NOBODY}/tokens/${NOBODY}/revoke`,
  '/identity/memberships/:id/end': '/identity/memberships/MEMBERSHIP/end',
  '/identity/people/:id/sessions/:session/end': `/identity/people/EDITOR/sessions/${NOBODY}/end`,
  '/identity/invitations/:id/resend': '/identity/invitations/INVITATION/resend',
  '/identity/invitations/:id/withdraw': '/identity/invitations/INVITATION/withdraw',
  ...Object.fromEntries(['passkeys/:id/remove', 'passkeys/:id/name', 'sessions/:id/end', 'keys/:id/revoke'].map((form) => [`/identity/me/${form}`, `/identity/me/${form.replace(':id', NOBODY)}`])),
};

/** Where forms are sent to: every route by POST that is no interface for programs, filled in like the pages. */
export function listForms(story: Story, ids: ReadonlyMap<string, string>): readonly ListedForm[] {
  const routes = routesOf(story, 'POST').filter((route) => !route.startsWith('/api/') && !EXCHANGES.test(route));
  const places = routes.map((route) => [route, FORM_FIXTURES[route] ?? placeOf(route)] as const);
  expect(places.filter(([, place]) => place === undefined).map(([route]) => route), 'forms whose address needs names: add a fixture to test/support/pages.ts').toEqual([]);
  return places.map(([route, place = route]) => ({ route, name: place, url: filled(place, ids), from: filled(pageAbove(route), ids) }));
}

/** The page a form stands on: one of its own address, else the nearest above it. */
function pageAbove(route: string): string {
  if (route.startsWith('/registry/:id/attachments')) return '/registry/FULL/manage';
  // Stands on the page of the organisation, where these forms are.
  if (/^\/identity\/(?:memberships|invitations)\//.test(route)) return '/identity/organisations/AGENCY';
  if (route.startsWith('/members/nominations')) return '/members/nominations/desk';
  if (route.startsWith('/members/')) return '/members/places/seat01/desk';
  if (route.startsWith('/secretariat/statements/')) return '/secretariat/items/ITEM';
  if (route.startsWith('/secretariat/sittings/:id/minutes/')) return '/secretariat/sittings/HELD/minutes/desk';
  // Forms of a motion stand on its desk; its own address is the public page.
  if (/^\/motions\/:id\/(?!edit)/.test(route)) return '/motions/MOVED/desk';
  const parts = route.split('/');
  for (let length = parts.length; length > 1; length--) {
    const above = parts.slice(0, length).join('/');
    const page = FIXTURES[above]?.[0];
    if (page !== undefined) return page;
    if (!above.includes(':')) return above;
  }
  return '/';
}

/** The address of a form from that of the nearest page above it: `/a/:id/revoke` below `/a/KEY`. */
function placeOf(route: string): string | undefined {
  const parts = route.split('/');
  for (let length = parts.length; length > 0; length--) {
    const above = parts.slice(0, length).join('/');
    const rest = parts.slice(length);
    const at = FIXTURES[above]?.[0]?.split('?')[0] ?? (above.includes(':') ? undefined : above);
    if (at !== undefined && !rest.some((part) => part.startsWith(':'))) return [at, ...rest].join('/');
  }
  return undefined;
}

function filled(name: string, ids: ReadonlyMap<string, string>): string {
  return name.replaceAll(/\b[A-Z]{2,}\b/g, (word) => ids.get(word) ?? word);
}

/** Fills a fresh register through its interfaces, as people would; answers ids by the names the fixtures have for them, and people of every role. */
export async function fillStory(story: Story): Promise<Filled> {
  const ids = new Map<string, string>();
  ids.set('IMPORT', (await story.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() })).id);
  const systems = [fullRecord(0), LONG].map((record, index) => ({ id: `own-${index}`, status: 'registered', record }));
  await story.importFile('mizan', { name: 'own.json', content: JSON.stringify({ systems }) });
  ids.set('PREVIEW', (await story.importFile('mizan-csv', { name: `${'long-file-name-'.repeat(12)}.csv`, content: inventoryCsv().replaceAll('inv-', 'new-') }, 'preview')).id);
  ids.set('BAD', (await story.importFile('mizan-csv', { name: 'bad.csv', content: inventoryCsv([['x', 'registered', '', '', '', '', '', 'moon', 'never', 'en']]) }, 'preview')).id);
  const unmapped = await story.upload('/intake', { profile: 'unmapped' }, { name: 'other.csv', content: 'Titel;Dienst\nAnoniem;Gemeente' });
  ids.set('UNMAPPED', /\/intake\/([0-9a-f-]+)\/map/.exec(String(unmapped.headers['location']))?.[1] ?? '');
  const { systems: entries } = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>();
  for (const [name, key] of [['FULL', 'own-0'], ['LONG', 'own-1'], ['ASKED', 'inv-en'], ['DECIDED', 'inv-az']] as const) {
    ids.set(name, entries.find((entry) => entry.source?.key === key)?.id ?? '');
  }
  const decided = ids.get('DECIDED') ?? '';
  for (const [step, [fact, answer]] of Object.entries({ 'S.infers': true, 'S.nexus': ['market_EU'], 'X.area': ['employment'], 'X.subject': ['natural_person'], 'X.employment': ['recruit'] }).entries()) {
    expect((await story.send('POST', `/api/v1/systems/${decided}/answers`, { fact, answer, after: step })).status).toBe(200);
  }
  ids.set('KEPT', (await story.send('POST', `/api/v1/systems/${decided}/classifications`, {})).json<{ id: string }>().id);
  expect([...ids.values()].filter((id) => !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);
  for (const [name, id] of Object.entries(await lawDesk(story))) ids.set(name, id);
  const dpia = await story.send('POST', '/api/v1/impact/assessments', { system: ids.get('SAMPLE'), kind: 'dpia' });
  ids.set('DPIA', dpia.json<{ id: string }>().id);
  const spoken = Object.fromEntries(LANGUAGES.flatMap((language) => [[`title-${language}`, `Motion ${language}`], [`body-${language}`, 'One.\n\nTwo.']]));
  const moved = async (values: Readonly<Record<string, string>>): Promise<string> =>
    /\/motions\/([0-9a-f-]+)\/desk/.exec(String((await story.form('/motions', { ...spoken, authentic: 'az', class: 'standard', basis: 'Article 12(1)', parties: 'Agency', ...values })).headers['location']))?.[1] ?? '';
  ids.set('MOVED', await moved({ kind: 'authorise', 'subject-system': decided }));
  ids.set('DRAFTED', await moved({ ...Object.fromEntries(LANGUAGES.map((language) => [`title-${language}`, `Draft ${language}`])), kind: 'revoke-agreement', 'subject-agreement': 'Agreement 7' }));
  expect((await story.form(`/motions/${ids.get('MOVED') ?? ''}/submit`, {})).status).toBe(303);
  ids.set('TERM', await addTerm(story));
  await addSittings(story, ids);
  return { ids, readers: await addPeople(story, ids) };
}

/** Somebody holds seat 01, not sworn yet; all other places are vacant, and one person is proposed. */
async function addTerm(story: Story): Promise<string> {
  const made = await story.form('/members/places/seat01/terms', { name: 'Member of seat 01', from: '2026-01-01', until: '2029-12-31', nominated: 'Association' });
  expect([made.status, made.headers['location']]).toEqual([303, '/members/places/seat01/desk?said=entered']);
  const nominated = await story.form('/members/nominations', { place: 'seat10', name: 'Proposed member', bodies: 'Ministry', statement: 'Knows the field.', 'domain-employer': 'ministry', consult: '2099-01-01' });
  expect([nominated.status, nominated.headers['location']]).toEqual([303, '/members/nominations/desk?said=nominated#nomination-1']);
  return /\/members\/terms\/([0-9a-f-]{36})\/swear/.exec((await story.get('/members/places/seat01/desk')).body)?.[1] ?? '';
}

/** A sitting that is prepared, one that runs and one whose minutes are written. */
async function addSittings(story: Story, ids: Map<string, string>): Promise<void> {
  const title = Object.fromEntries(LANGUAGES.map((language) => [`title-${language}`, `Sitting ${language}`]));
  const send = async (path: string, values: Readonly<Record<string, string>> = {}): Promise<string> => {
    const answer = await story.form(path, values);
    expect([path, answer.status, answer.status === 303 ? '' : answer.body.slice(0, 4000)]).toEqual([path, 303, '']);
    return String(answer.headers['location']);
  };
  const days = { 'papers-day': '2027-03-01', 'papers-time': '09:00', 'starts-day': '2027-03-08', 'starts-time': '09:00', 'ends-day': '2027-03-08', 'ends-time': '17:00' };
  for (const name of ['PLANNED', 'SITTING', 'HELD']) {
    const made = await send('/secretariat/sittings', { ...title, ...days, kind: 'sitting', place: 'Hall 1' });
    const id = /\/sittings\/([0-9a-f-]{36})/.exec(made)?.[1] ?? '';
    ids.set(name, id);
    for (const kind of ['motion', 'discussion']) await send(`/secretariat/sittings/${id}/items`, { ...title, kind, minutes: '20', ...(kind === 'motion' ? { motion: ids.get('MOVED') ?? '' } : {}) });
    const items = [...new Set((await story.get(`/secretariat/sittings/${id}/desk`)).body.match(/(?<=\/secretariat\/items\/)[0-9a-f-]{36}/g) ?? [])];
    ids.set(name === 'PLANNED' ? 'PLANNEDITEM' : 'ITEM', items[0] ?? '');
    if (name === 'PLANNED') continue;
    await send(`/secretariat/sittings/${id}/convene`);
    await send(`/secretariat/sittings/${id}/begin`);
    await send(`/secretariat/sittings/${id}/acts`, { act: 'present', seat: '3', way: 'room' });
    await send(`/secretariat/sittings/${id}/acts`, { act: 'item', item: items[0] ?? '' });
    await send(`/secretariat/sittings/${id}/acts`, { act: 'ask', name: 'Speaker', kind: 'pro' });
    if (name === 'SITTING') continue;
    await send(`/secretariat/sittings/${id}/end`);
    await send(`/secretariat/sittings/${id}/minutes`);
  }
  expect([...ids.entries()].filter(([name, id]) => /^(?:PLANNED|SITTING|HELD|ITEM|PLANNEDITEM)$/.test(name) && !/^[0-9a-f-]{36}$/.test(id))).toEqual([]);
}

/** A regulator, a ministry with an agency that owns entries, somebody of every role there, an open invitation and a closed part. */
async function addPeople(story: Story, ids: Map<string, string>): Promise<Readers> {
  const { database, identity } = story.mizan;
  const regulator = await makeOrganisation(identity, 'Regulator', 'regulator');
  const agency = await makeOrganisation(identity, `Agency ${'ə'.repeat(100)}`, 'agency', await makeOrganisation(identity, 'Ministry', 'ministry'));
  const closed = await makeOrganisation(identity, 'Archive', 'department', agency);
  await identity.organisations.closeOrganisation(closed);
  const own = ['FULL', 'LONG', 'ASKED', 'DECIDED', 'SAMPLE', 'HIT'].map((name) => ids.get(name) ?? '');
  await database.execute(`update registry_bodies set organisation_id = $1 where id in (select body_id from registry_systems where id = any ($2::uuid[]))`, [agency, `{${own.join(',')}}`]);
  ids.set('REGULATOR', regulator).set('AGENCY', agency);
  const readers = new Map<Reader, Readonly<Record<string, string>>>([['operator', signedIn(story)], ['public', {}]]);
  const add = async (reader: Role | 'roleless', place: string, role: Role | undefined): Promise<Somebody> => {
    const somebody = await makePerson(identity, reader, place, role);
    const { authorization: _, ...headers } = somebody.headers;
    readers.set(reader, headers);
    ids.set(reader.toUpperCase(), somebody.personId);
    return somebody;
  };
  await add('roleless', agency, undefined);
  for (const role of ROLES) await add(role, REGULATOR_ROLES.includes(role) ? regulator : agency, role);
  const invited = await identity.organisations.invite({ organisationId: agency, role: 'editor', email: 'new@agency.example', language: 'az', by: `person:${ids.get('OWNER') ?? ''}` });
  if (!invited.ok) throw new Error(invited.refusal.code);
  ids.set('INVITATION', invited.value.id);
  ids.set('MEMBERSHIP', (await identity.organisations.membershipsOf(ids.get('EDITOR') ?? ''))[0]?.id ?? '');
  return readers;
}

/** Whether the table of permissions lets a reader open a page; `own` ones may still be told that there is nothing at an address. */
export function mayOpen(reader: Reader, policy: PolicyName): boolean {
  const { everybody, anyAccount, roles } = policyOf(policy);
  if (everybody === true || reader === 'operator') return true;
  if (reader === 'public') return false;
  return anyAccount === true || (reader !== 'roleless' && roles[reader] !== undefined);
}

/** Every address that may be a page, whoever may see it. */
export function listAddresses(story: Story, ids: ReadonlyMap<string, string>): readonly Pick<ListedPage, 'route' | 'name' | 'url'>[] {
  const routes = routesOf(story, 'GET').filter((route) => !isFile(route));
  return [...routes.map((route) => [route, FIXTURES[route] ?? [route]] as const), ['', NOWHERE] as const].flatMap(([route, names]) => names.map((name) => ({ route, name, url: filled(name, ids) })));
}

/** What a reader gets at an address. */
export interface View {
  readonly name: string;
  readonly url: string;
  readonly status: number;
  readonly reader: Reader;
  readonly language: Language;
}

/**
 * Every page as each of `readers` may open it, the languages in turn from page to page. What is the same to the byte for several readers
 * (the main part of a page, or the frame around it) is in the list once, as the first of them sees it; `asked` counts all.
 */
export async function listViews(story: Story, { ids, readers }: Filled, who: readonly Reader[], shift = 0): Promise<{ readonly views: readonly View[]; readonly asked: number }> {
  const policies = new Map(story.mizan.server.knownRoutes.filter(({ method }) => method === 'GET').map(({ url, policy }) => [url, policy] as const));
  const views: View[] = [];
  const frames = new Set<string>();
  let asked = 0;
  for (const [index, { route, name, url }] of listAddresses(story, ids).entries()) {
    const language = LANGUAGES[(index + shift) % LANGUAGES.length] ?? 'en';
    const bodies = new Set<string>();
    for (const reader of who.filter((one) => mayOpen(one, policies.get(route) ?? 'public'))) {
      const { cookie, ...headers } = readers.get(reader) ?? {};
      const answer = await story.get(url, { authorization: '', ...headers, accept: 'text/html', cookie: [cookie, `mizan_language=${language}`].filter((one) => one !== undefined).join('; ') });
      if (!String(answer.headers['content-type']).startsWith('text/html')) continue;
      asked += 1;
      const [frame, body] = partsOf(answer.body);
      if (bodies.has(body) && frames.has(frame)) continue;
      bodies.add(body);
      frames.add(frame);
      views.push({ name, url, status: answer.status, reader, language });
    }
  }
  return { views, asked };
}

/**
 * What a usual run looks at: every page as the first reader in the list sees it, and a fixed quarter of how the others see it. With
 * `WALK=all` (as before a release) it is everything.
 */
export function inPart(views: readonly View[]): readonly View[] {
  if (process.env['WALK'] === 'all') return views;
  const pages = new Set<string>();
  let others = 0;
  return views.filter(({ name }) => {
    if (pages.has(name)) return others++ % 4 === 0;
    pages.add(name);
    return true;
  });
}

/** The frame around a page, without what differs from page to page, and its main part. */
function partsOf(html: string): readonly [string, string] {
  const start = html.indexOf('<main');
  const end = html.indexOf('</main>');
  const header = html.slice(html.indexOf('<body'), start).replaceAll(/ aria-current="[^"]*"|href="[^"]*"/g, '');
  return [header, html.slice(start, end).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')];
}

/**
 * All pages of a filled story, each asked for once: what answers HTML is a page. Fails for a route whose address needs names and has no
 * fixture, for a fixture of a route that is no more, and for a file that is a page.
 */
export async function listPages(story: Story, ids: ReadonlyMap<string, string>): Promise<readonly ListedPage[]> {
  const routes = routesOf(story, 'GET');
  expect(routes.filter((route) => route.includes(':') && !isFile(route) && FIXTURES[route] === undefined), 'routes whose address needs names: add a fixture to test/support/pages.ts').toEqual([]);
  expect(Object.keys(FIXTURES).filter((route) => !routes.includes(route)), 'fixtures of routes that are no more').toEqual([]);
  const pages: ListedPage[] = [];
  const wrong: string[] = [];
  for (const { route, name, url } of listAddresses(story, ids)) {
    const answer = await story.get(url, { accept: 'text/html' });
    const isMissing = NOT_YET.has(route) || name.endsWith(NOBODY) || /[/=]unsent$/.test(name) || route === '';
    if (String(answer.headers['content-type']).startsWith('text/html')) {
      if (isMissing ? answer.status < 400 || answer.status >= 500 : answer.status !== 200) wrong.push(`${name} answers ${answer.status}`);
      pages.push({ route, name, url, status: answer.status, area: answer.body.includes('<body class="area-public') ? 'public' : 'workspace' });
    } else if (route.includes(':')) wrong.push(`${name} answers ${answer.status} and is no page`);
  }
  expect(wrong, 'fixtures that open nothing').toEqual([]);
  return pages;
}
