/** What an organisation's people see and do of answers, results, duties and impact assessments: their own, and of nobody else anything at all; against the SQL roles of both engines. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { beforeAll, describe, expect, it } from 'vitest';
import { assessmentMigrations, assessmentRoutes, loadInstalledRecognisers, openAssessment } from '../../src/features/assessment/index.ts';
import { impactMigrations, impactPdf, impactRoutes, openImpact } from '../../src/features/impact/index.ts';
import { type Lawbook, lawbookMigrations, openLawbook } from '../../src/features/lawbook/index.ts';
import { smallLawFiles } from '../../src/features/obligations/examples.ts';
import { changesRoutes, dutiesRoutes, obligationsMigrations, openChanges, openObligations } from '../../src/features/obligations/index.ts';
import { createAttachments, createRegistry, registryMigrations } from '../../src/features/registry/index.ts';
import { type Caller, may, mayIn, type PolicyName, publicCaller, publicScope, REGULATOR_ROLES, type Role, ROLES, scopeFor, systemScope, within } from '../../src/platform/auth/index.ts';
import { fixedClock } from '../../src/platform/clock/index.ts';
import { readConfig } from '../../src/platform/config/index.ts';
import { type Database, migrationsOf } from '../../src/platform/db/index.ts';
import { openFileStore } from '../../src/platform/files/index.ts';
import { loadTheme } from '../../src/platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../src/platform/http/index.ts';
import { createJobs, type Jobs } from '../../src/platform/jobs/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { onEveryEngine } from '../support/engines.ts';

const uuid = (last: number): string => `00000000-0000-4000-8000-0000000000${String(last).padStart(2, '0')}`;
const OWNERS = ['parent', 'own', 'child', 'sibling', 'foreign'] as const;
type Owner = (typeof OWNERS)[number];
const ORGANISATION: { readonly [O in Owner]: string } = { parent: uuid(1), own: uuid(2), child: uuid(3), sibling: uuid(4), foreign: uuid(5) };
const REGULATOR = uuid(9);
/** One person of each role, and one who sees two organisations and writes for one of them. */
const CALLERS: Readonly<Record<string, Caller>> = {
  ...Object.fromEntries(ROLES.map((role): [string, Caller] => [role, callerOf(role, [REGULATOR_ROLES.includes(role) ? [REGULATOR, role, [REGULATOR]] : [ORGANISATION.own, role, [ORGANISATION.own, ORGANISATION.child]]])])),
  both: callerOf('both', [[ORGANISATION.own, 'viewer', [ORGANISATION.own, ORGANISATION.child]], [ORGANISATION.sibling, 'editor', [ORGANISATION.sibling]]]),
};
function callerOf(name: string, memberships: readonly (readonly [organisation: string, role: Role, reach: readonly string[]])[]): Caller {
  return { kind: 'person', actor: `person:${name}`, name: `Name of ${name}`, session: { id: name, steppedUpAt: Date.now() }, memberships: memberships.map(([organisation, role, reach]) => ({ organisation, role, reach })) };
}

const same = (text: string): string => `{ az: "${text} az", en: "${text}", ru: "${text} ru" }`;
const QUESTIONNAIRE = `id: points\nversion: 1.0.0\nengine: 1\ntitle: ${same('Points')}\nplain: ${same('For tests.')}\nsource: { title: "Own" }\nstatus: adopted\nscoring: { kind: none }
pages: [ { id: risk, title: ${same('Risk')}, questions: [ { id: first, type: yes-no, required: true, ask: ${same('First?')} , evidence: optional } ] } ]
`;

interface Told {
  readonly system: string;
  readonly classification: string;
  readonly finished: string;
  readonly open: string;
}

onEveryEngine((open, engine) => {
  let app: MizanServer;
  let database: Database;
  let told: Record<Owner, Told>;
  let jobs: Jobs;
  let lawbook: Lawbook;
  const clock = fixedClock('2026-11-23T09:00:00.000Z');

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-own-law-'));
    mkdirSync(join(folder, 'law', 'example'), { recursive: true });
    for (const file of smallLawFiles({})) writeFileSync(join(folder, 'law', 'example', file.path), file.text);
    mkdirSync(join(folder, 'questionnaires', 'points'), { recursive: true });
    writeFileSync(join(folder, 'questionnaires', 'points', 'questionnaire.yaml'), QUESTIONNAIRE);
    database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...obligationsMigrations(), ...impactMigrations()]);
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const log = createLog(config.value);
    jobs = await createJobs({ database, clock, log });
    const registry = createRegistry({ database, clock });
    lawbook = await openLawbook({ database, clock, packsFolder: join(folder, 'law') });
    const pack = lawbook.pack();
    if (pack === undefined) throw new Error('no pack');
    const recognisers = loadInstalledRecognisers(pack);
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => recognisers });
    const impact = await openImpact({ database, clock, registry, lawbook, assessment, questionnairesFolder: join(folder, 'questionnaires') });
    const changes = openChanges({ database, clock, jobs, lawbook, assessment });
    const theme = loadTheme('neutral');
    const assets = loadAssets(theme, ['registry', 'assessment', 'obligations', 'impact']);
    const authenticate = async (request: { readonly headers: { readonly authorization?: string | undefined } }): Promise<Caller> => CALLERS[request.headers.authorization ?? ''] ?? publicCaller;
    app = await createServer({ config: config.value, log, theme, assets, navigation: [], authenticate, limits: { eventLoopDelayMsMax: 120_000, requestsPerMinuteMax: 1_000_000 } });
    const attachments = createAttachments({ database, clock, files: await openFileStore(folder) });
    assessmentRoutes(app, { assessment, lawbook, clock, dutiesHref: (id) => `/obligations/${id}`, resultPdf: async () => new Uint8Array() });
    changesRoutes(app, { changes, lawbook, clock, assets });
    dutiesRoutes(app, { obligations: openObligations({ registry, lawbook, assessment }), registry, lawbook, clock, dutiesPdf: async () => new Uint8Array() });
    impactRoutes(app, { impact, registry, attachments, pdf: (view, language) => impactPdf(view, language, 'Test') });
    await app.ready();
    await jobs.begin();

    const must = <T>(answer: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: unknown }): T => {
      if (!answer.ok) throw new Error(JSON.stringify(answer.refusal));
      return answer.value;
    };
    const tellOf = async (owner: Owner): Promise<Told> => {
      const entry = must(await registry.create(systemScope, { name: `System of ${owner}`, organisation: `Body of ${owner}`, purpose: 'Hires.' }));
      await assessment.screen(systemScope, [entry]);
      // The body is given to its organisation after all this was written: everything about its entries follows it.
      await assessment.answerAll(systemScope, entry.id, { use: 'hire', maker: true });
      const classification = await assessment.classify(systemScope, entry.id, { asOf: clock.today(), knownOn: clock.today() });
      const started = [must(await impact.start(systemScope, { systemId: entry.id, kind: 'points' })), must(await impact.start(systemScope, { systemId: entry.id, kind: 'points' }))] as const;
      const { step } = must(await impact.save(systemScope, started[0], { answers: { first: true }, after: 0 }));
      must(await impact.finish(systemScope, started[0], step));
      await database.execute('update registry_bodies set organisation_id = $1 where id = $2', [ORGANISATION[owner], entry.body.id]);
      return { system: entry.id, classification: classification?.id ?? '', finished: started[0], open: started[1] };
    };
    told = { parent: await tellOf('parent'), own: await tellOf('own'), child: await tellOf('child'), sibling: await tellOf('sibling'), foreign: await tellOf('foreign') };
    return async () => {
      await app.close();
      await jobs.stop();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const ask = async (who: string, method: 'GET' | 'POST', url: string, payload?: object): Promise<{ readonly status: number; readonly body: string }> => {
    const answer = await app.inject({ method, url, headers: { ...(who === 'public' ? {} : { authorization: who }), accept: url.startsWith('/api/') ? 'application/json' : 'text/html' }, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, body: answer.body };
  };

  const SEEN: readonly (readonly [policy: PolicyName, url: (one: Told) => string])[] = [
    ...['/assessment/$', '/assessment/$/answers', '/assessment/$/result', '/assessment/$/result.pdf', '/api/v1/systems/$/assessment'].map((url) => ['assessment.see', (one: Told) => url.replace('$', one.system)] as const),
    ...['/assessment/classifications/$', '/assessment/classifications/$?recompute=yes', '/api/v1/classifications/$', '/api/v1/classifications/$/recompute'].map((url) => ['assessment.see', (one: Told) => url.replace('$', one.classification)] as const),
    ...['/obligations/$', '/obligations/$/timeline', '/obligations/$/duties.pdf', '/obligations/$/duties.csv', '/obligations/$/dates.ics', '/api/v1/systems/$/duties'].map((url) => ['duty.see', (one: Told) => url.replace('$', one.system)] as const),
    ...['/impact/$', '/impact/$/pages/risk', '/impact/$/answers', '/impact/$/evidence/first', '/impact/$/result', '/impact/$/export.json', '/impact/$/seal.json', '/api/v1/impact/assessments/$', '/api/v1/impact/assessments/$/export', '/api/v1/impact/assessments/$/recompute'].map((url) => ['impact.see', (one: Told) => url.replace('$', one.finished)] as const),
    ['impact.see', (one) => `/impact/${one.finished}/compare?with=${one.open}`],
    ['impact.see', (one) => `/api/v1/impact/assessments/${one.finished}/compare/${one.open}`],
    ['impact.see', (one) => `/impact/new?system=${one.system}`],
  ];
  const DONE: readonly (readonly [policy: PolicyName, url: (one: Told) => string, payload: (one: Told) => object])[] = [
    ['assessment.answer', (one) => `/api/v1/systems/${one.system}/answers`, () => ({ fact: 'maker', answer: true, after: 1_000 })],
    ['assessment.answer', (one) => `/assessment/${one.system}/answers`, () => ({ fact: 'maker', value: 'yes', after: 1_000 })],
    ['assessment.answer', (one) => `/assessment/${one.system}/undo`, () => ({ after: 1_000 })],
    ['assessment.decide', (one) => `/api/v1/systems/${one.system}/classifications`, () => ({})],
    ['assessment.decide', (one) => `/assessment/${one.system}/classifications`, () => ({})],
    ['impact.write', () => '/api/v1/impact/assessments', (one) => ({ system: one.system, kind: 'points' })],
    ['impact.write', () => '/impact', (one) => ({ system: one.system, kind: 'points' })],
    ['impact.write', (one) => `/api/v1/impact/assessments/${one.open}/answers`, () => ({ answers: { first: true }, after: 1_000 })],
    ['impact.write', (one) => `/api/v1/impact/assessments/${one.open}/undo`, () => ({ after: 1_000 })],
    ['impact.write', (one) => `/api/v1/impact/assessments/${one.open}/import`, () => ({ file: {}, after: 0 })],
    ['impact.write', (one) => `/impact/${one.open}/pages/risk`, () => ({ shown: 'first', first: 'yes', after: '1000' })],
    ['impact.write', (one) => `/impact/${one.open}/evidence/first/remove`, () => ({ item: uuid(77) })],
    ['impact.write', (one) => `/api/v1/impact/assessments/${one.open}/revise`, () => ({})],
    ['impact.seal', (one) => `/api/v1/impact/assessments/${one.open}/finish`, () => ({ after: 1_000 })],
    ['impact.publish', (one) => `/api/v1/impact/assessments/${one.open}/publish`, () => ({ public: true })],
    ['impact.publish', (one) => `/impact/${one.open}/publish`, () => ({ public: 'yes' })],
    ['impact.take', (one) => `/api/v1/impact/assessments/${one.open}/facts`, () => ({ fact: 'use' })],
  ];
  const REFUSED = [401, 403, 404];
  const expected = (caller: Caller, policy: PolicyName, owner: Owner): 'done' | 403 | 404 => (!may(caller, policy) ? 403 : mayIn(caller, policy, ORGANISATION[owner]) ? 'done' : 404);

  it('every page and act, of every role, on what is own, below, above, beside and foreign', async () => {
    const wrong: string[] = [];
    let asked = 0;
    for (const [who, caller] of Object.entries(CALLERS)) {
      for (const owner of OWNERS) {
        const all = [...SEEN.map(([policy, url]) => ({ policy, method: 'GET' as const, url: url(told[owner]), payload: undefined })), ...DONE.map(([policy, url, payload]) => ({ policy, method: 'POST' as const, url: url(told[owner]), payload: payload(told[owner]) }))];
        for (const { policy, method, url, payload } of all) {
          const want = expected(caller, policy, owner);
          const { status, body } = await ask(who, method, url, payload);
          asked += 1;
          const isRight = want === 'done' ? !REFUSED.includes(status) && status < 500 : status === want;
          if (!isRight) wrong.push(`${who} ${method} ${url} of ${owner}: ${status}, expected ${want}`);
          if (want !== 'done' && body.includes(`System of ${owner}`)) wrong.push(`${who} ${method} ${url} tells the name`);
        }
      }
    }
    expect(wrong).toEqual([]);
    console.log(`own law, ${engine}: ${asked} requests of ${Object.keys(CALLERS).length} callers on ${OWNERS.length} kinds of neighbour`);
  });

  it('an own assessment compared with one of others is not found either way', async () => {
    for (const [first, second] of [[told.own.finished, told.foreign.finished], [told.foreign.finished, told.own.finished]]) {
      expect((await ask('owner', 'GET', `/impact/${first}/compare?with=${second}`)).status).toBe(404);
      expect((await ask('owner', 'GET', `/api/v1/impact/assessments/${first}/compare/${second}`)).status).toBe(404);
    }
  });

  it.each([['owner', ['own', 'child']], ['viewer', ['own', 'child']], ['both', ['own', 'child', 'sibling']], ['officer', OWNERS], ['auditor', OWNERS]] as const)('lists of %s hold, count and page through %j', async (who, owners) => {
    const systems = owners.map((owner) => told[owner].system).sort();
    const pages = async <T>(url: string): Promise<readonly T[]> => {
      const items: T[] = [];
      for (let after: string | undefined = ''; after !== undefined; ) {
        const answer = JSON.parse((await ask(who, 'GET', `${url}?limit=1${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`)).body) as { readonly items: readonly T[]; readonly next?: string };
        items.push(...answer.items);
        after = answer.next;
      }
      return items;
    };
    const work = await pages<{ readonly systemId: string }>('/api/v1/worklist');
    expect(work.map((one) => one.systemId).sort()).toEqual(systems);
    expect((JSON.parse((await ask(who, 'GET', '/api/v1/worklist?state=decided')).body) as { total: number }).total).toBe(systems.length);
    const impacts = await pages<{ readonly id: string; readonly systemId: string }>('/api/v1/impact/assessments');
    expect([...new Set(impacts.map((one) => one.systemId))].sort()).toEqual(systems);
    expect(new Set(impacts.map((one) => one.id)).size).toBe(impacts.length);
    for (const url of ['/assessment', '/impact', '/obligations']) {
      const { status, body } = await ask(who, 'GET', url);
      expect(status).toBe(200);
      expect(OWNERS.filter((owner) => body.includes(`System of ${owner}`))).toEqual([...owners]);
    }
  });

  it('forms stand only on pages of those who may send them', async () => {
    const forms = async (who: string, url: string): Promise<number> => ((/<main[\s\S]*<\/main>/.exec((await ask(who, 'GET', url)).body)?.[0] ?? '').match(/<form method="post"/g) ?? []).length;
    for (const [url, writers, lookers] of [
      [`/assessment/${told.own.system}`, ['owner', 'editor', 'officer'], ['viewer', 'auditor', 'counsel', 'both']],
      [`/assessment/${told.own.system}/result`, ['owner', 'officer'], ['viewer', 'inspector', 'both']],
      [`/impact/${told.own.open}/pages/risk`, ['editor', 'officer'], ['viewer', 'auditor', 'both']],
      [`/impact/${told.own.finished}/result`, ['owner', 'officer'], ['viewer', 'auditor', 'both']],
      [`/impact/new?system=${told.own.system}`, ['editor'], ['viewer', 'both']],
    ] as const) {
      for (const who of writers) expect([who, url, await forms(who, url)]).toEqual([who, url, expect.toSatisfy((count: number) => count > 0)]);
      for (const who of lookers) expect([who, url, await forms(who, url)]).toEqual([who, url, 0]);
    }
  });

  it('the law of the installation is adopted as it stands, by a plain act and once', async () => {
    const { digest } = lawbook.pack()?.ref ?? { digest: '' };
    for (const [who, links] of [['counsel', 1], ['officer', 0]] as const) expect([(await ask(who, 'GET', '/obligations/changes')).body.split('href="/obligations/changes/as-it-stands"').length - 1, who]).toEqual([links, who]);
    expect((await ask('counsel', 'GET', '/obligations/changes/as-it-stands')).body).toContain(`value="${digest}"`);
    expect((await ask('officer', 'POST', '/obligations/changes/as-it-stands', { digest, reason: 'Ours' })).status).toBe(403);
    expect((await ask('counsel', 'POST', '/obligations/changes/as-it-stands', { digest: 'a'.repeat(64), reason: 'Ours' })).status).toBe(409);
    expect((await ask('counsel', 'POST', '/obligations/changes/as-it-stands', { digest, reason: ' ' })).status).toBe(422);
    expect((await ask('counsel', 'POST', '/obligations/changes/as-it-stands', { digest, reason: 'Ours' })).status).toBe(303);
    expect((await lawbook.adoptions())[0]).toMatchObject({ author: 'Name of counsel', reason: 'Ours', previousDigest: digest, pack: { digest } });
    const page = (await ask('counsel', 'GET', '/obligations/changes')).body;
    expect([page.includes('as-it-stands'), page.includes('adopted as it stands')]).toEqual([false, true]);
    expect((await ask('counsel', 'GET', '/obligations/changes/as-it-stands')).body).not.toContain('<form method="post" action="/obligations');
    expect((await ask('counsel', 'POST', '/api/v1/law/adoptions', { digest, reason: 'Again' })).status).toBe(409);
  });

  it('an act of law carries the name of whoever is signed in, not the one typed', async () => {
    for (const who of ['owner', 'editor', 'inspector', 'auditor']) expect((await ask(who, 'POST', '/api/v1/law/adoptions', { digest: 'a'.repeat(64), author: 'X', reason: 'Y' })).status).toBe(403);
    expect((await ask('owner', 'GET', '/obligations/changes')).status).toBe(403);
    expect((await ask('counsel', 'GET', '/obligations/changes')).status).toBe(200);
    const installed = await lawbook.install(smallLawFiles({ version: '1.1.0', day: '2028-01-01' }));
    if (!installed.ok) throw new Error(JSON.stringify(installed.refusal));
    // An officer measures, the job counts with the officer's rights, counsel adopts.
    const begun = JSON.parse((await ask('officer', 'POST', '/api/v1/law/changes', { digest: installed.value.ref.digest })).body) as { readonly id: string; readonly jobId: string };
    expect((await jobs.wait(begun.jobId)).state).toBe('done');
    const run = JSON.parse((await ask('auditor', 'GET', `/api/v1/law/changes/${begun.id}`)).body) as { readonly summary: { readonly systems: number; readonly affected: number } };
    expect(run.summary).toMatchObject({ systems: OWNERS.length, affected: OWNERS.length });
    expect((await ask('officer', 'POST', `/api/v1/law/changes/${begun.id}/adopt`, { author: 'Somebody else', reason: 'Gazette 2' })).status).toBe(403);
    const adopted = await ask('counsel', 'POST', `/api/v1/law/changes/${begun.id}/adopt`, { author: 'Somebody else', reason: 'Gazette 2' });
    expect([adopted.status, (JSON.parse(adopted.body) as { readonly author: string }).author]).toEqual([200, 'Name of counsel']);
  });

  describe('plain SQL', () => {
    const TABLES = ['assessment_answers', 'assessment_classifications', 'assessment_summaries', 'assessment_redecisions', 'impact_questionnaires', 'impact_assessments', 'impact_answers', 'impact_evidence', 'impact_seals', 'obligations_effect_runs', 'obligations_effects', 'lawbook_packs', 'lawbook_adoptions'];
    const OF_SYSTEMS: readonly (readonly [table: string, system: string])[] = [
      ['assessment_answers', 'system_id'], ['assessment_classifications', 'system_id'], ['assessment_summaries', 'system_id'], ['impact_assessments', 'system_id'],
      ['impact_answers', '(select a.system_id from impact_assessments a where a.id = assessment_id)'], ['impact_seals', '(select a.system_id from impact_assessments a where a.id = assessment_id)'],
    ];
    const systemsIn = async (table: string, system: string): Promise<readonly string[]> => (await sql<{ id: string }>`select distinct ${sql.raw(system)} as id from ${sql.table(table)} order by 1`.execute(database.db)).rows.map((row) => row.id);
    const refusal = async (work: () => Promise<unknown>): Promise<string> => work().then(() => 'done', (error: unknown) => String((error as { code?: unknown }).code));

    it.each(['assessment.see', 'assessment.answer', 'impact.see', 'impact.write'] as const)('under %s shows rows of own organisations only', async (policy) => {
      const scope = scopeFor(CALLERS['editor'] ?? publicCaller, policy, 0);
      if (!scope.ok) throw new Error(scope.refusal);
      const own = [told.own.system, told.child.system].sort();
      for (const [table, system] of OF_SYSTEMS) expect([table, await within(scope.value, async () => systemsIn(table, system))]).toEqual([table, own]);
      for (const table of ['assessment_redecisions', 'obligations_effect_runs', 'obligations_effects']) expect(await within(scope.value, async () => refusal(async () => systemsIn(table, 'null')))).toBe('42501');
    });

    it('cannot write what belongs to others, nor claim it', async () => {
      const scope = scopeFor(CALLERS['editor'] ?? publicCaller, 'assessment.answer', 0);
      if (!scope.ok) throw new Error(scope.refusal);
      await within(scope.value, async () => {
        for (const text of [`update assessment_summaries set stakes = 0 where system_id = '${told.foreign.system}'`, `delete from assessment_answers where system_id = '${told.sibling.system}'`, `update impact_assessments set level = 'I' where id = '${told.parent.finished}'`, `update impact_seals set published_at = now() where assessment_id = '${told.foreign.finished}'`]) {
          expect((await sql.raw(text).execute(database.db)).numAffectedRows).toBe(0n);
        }
        expect(await refusal(async () => sql`insert into assessment_answers (system_id, step, pack_id, fact, actor, answered_at) values (${told.foreign.system}, 99, 'x', 'y', 'z', now())`.execute(database.db))).toBe('42501');
        // The database says whose a row is, whatever a statement says.
        await sql`update assessment_summaries set organisation_id = ${ORGANISATION.own} where system_id = ${told.child.system}`.execute(database.db);
        expect((await sql<{ o: string }>`select organisation_id as o from assessment_summaries where system_id = ${told.child.system}`.execute(database.db)).rows).toEqual([{ o: ORGANISATION.child }]);
      });
    });

    it('shows the public the results of published entries and nothing of who or why', async () => {
      const publicly = async <T>(work: () => Promise<T>): Promise<T> => within(publicScope, work);
      for (const table of ['assessment_classifications', 'impact_assessments', 'impact_seals']) expect(await publicly(async () => (await sql`select 1 from ${sql.table(table)}`.execute(database.db)).rows)).toEqual([]);
      await database.execute(`update impact_seals set published_at = now() where assessment_id = any($1)`, [[told.own.finished, told.foreign.finished]]);
      // Published by its people, but the entry itself is not: still nothing.
      expect(await publicly(async () => systemsIn('impact_assessments', 'system_id'))).toEqual([]);
      expect(await publicly(async () => (await sql`select assessment_id from impact_seals`.execute(database.db)).rows)).toEqual([]);
      await database.execute(`update registry_systems set status = 'registered', is_public = true where id = $1`, [told.own.system]);
      expect(await publicly(async () => systemsIn('impact_assessments', 'system_id'))).toEqual([told.own.system]);
      expect(await publicly(async () => systemsIn('assessment_classifications', 'system_id'))).toEqual([told.own.system]);
      expect(await publicly(async () => (await sql<{ id: string }>`select assessment_id as id from impact_seals`.execute(database.db)).rows)).toEqual([{ id: told.own.finished }]);
      for (const [table, column] of [['assessment_classifications', 'facts'], ['assessment_classifications', 'actor'], ['impact_seals', 'record'], ['impact_seals', 'sealed_by'], ['impact_assessments', 'started_by'], ['assessment_answers', 'fact'], ['assessment_summaries', 'name'], ['impact_answers', 'answer'], ['impact_evidence', 'name']] as const) {
        expect([table, column, await publicly(async () => refusal(async () => sql`select ${sql.ref(column)} from ${sql.table(table)}`.execute(database.db)))]).toEqual([table, column, '42501']);
      }
    });

    it('without anybody fails on every table', async () => {
      for (const table of TABLES) {
        const asNobody = database.vault.transaction().execute(async (tx) => {
          await sql`set local role mizan_nobody`.execute(tx);
          return sql`select 1 from ${sql.table(table)}`.execute(tx);
        });
        expect([table, await refusal(async () => asNobody)]).toEqual([table, '42501']);
      }
    });
  });
});
