/** Puts the parts together: the only place that knows every feature, and that wires what must travel upwards. */

import { assessmentMigrations, assessmentRoutes, headlineOf, loadInstalledRecognisers, needsRedeciding, openAssessment, publicSection, redecide, resultPdf } from '../features/assessment/index.ts';
import { crosswalkRoutes, openCrosswalk } from '../features/crosswalk/index.ts';
import { exportLinks, exportsRoutes } from '../features/exports/index.ts';
import { impactMigrations, impactPdf, impactRoutes, openImpact, publicImpactSection } from '../features/impact/index.ts';
import { createIntake, intakeMigrations, intakeRoutes } from '../features/intake/index.ts';
import { lawbookMigrations, lawbookRoutes, openLawbook } from '../features/lawbook/index.ts';
import { deskRoutes, deskSection, lawdeskMigrations, lawdeskRoutes, manifestRefusalText, openLawdesk } from '../features/lawdesk/index.ts';
import { changesRoutes, dutiesPdf, dutiesRoutes, obligationsMigrations, openChanges, openObligations } from '../features/obligations/index.ts';
import { createSamples, portalRoutes, portalText, SAMPLES_SOURCE } from '../features/portal/index.ts';
import { createAttachments, createRegistry, fieldLabel, registryMigrations, registryRoutes } from '../features/registry/index.ts';
import { Fault, type Json } from '../base/index.ts';
import type { Pack } from '../law/index.ts';
import { workspaceScope } from '../platform/auth/index.ts';
import type { Config } from '../platform/config/index.ts';
import { type Clock, systemClock } from '../platform/clock/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../platform/db/index.ts';
import { apiRoutes, closeServer, createServer, loadAssets, type MizanServer, type ServerLimits } from '../platform/http/index.ts';
import { componentRoutes, loadTheme } from '../platform/html/index.ts';
import { openFileStore } from '../platform/files/index.ts';
import { createJobs, jobRoutes, type Jobs } from '../platform/jobs/index.ts';
import { createLog, type Log } from '../platform/log/index.ts';
import { operationRoutes } from '../platform/operations/index.ts';
import { NAVIGATION } from './navigation.ts';

export interface Mizan {
  readonly config: Config;
  readonly database: Database;
  readonly server: MizanServer;
  readonly log: Log;
  close(): Promise<void>;
}

/** Entries handed to the pre-screen at once. */
const SCREEN_BATCH = 500;
const REDECIDE = 'assessment.redecide';
const SCREEN = 'assessment.screen';

/** Opens the database, brings it up to date, and builds the server with all routes; does not listen. */
export async function compose(config: Config, options: { readonly clock?: Clock; readonly limits?: Partial<ServerLimits> } = {}): Promise<Mizan> {
  const log = createLog(config);
  const clock = options.clock ?? systemClock;
  const theme = loadTheme(config.theme);
  const database = await openDatabase(config);
  let jobs: Jobs | undefined;
  try {
    await migrate(database, [...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...lawdeskMigrations(), ...assessmentMigrations(), ...obligationsMigrations(), ...impactMigrations(), ...intakeMigrations()]);
    jobs = await createJobs({ database, clock, log });

    const registry = createRegistry({ database, clock });
    const lawbook = await openLawbook({ database, clock, ...(theme.law === undefined ? {} : { mainPack: theme.law }) });
    const mainLaw = (): Pack => {
      const pack = lawbook.pack();
      if (pack === undefined) throw new Fault('no-law-pack', 'There is no law pack under packs/law. Restore the folder of the installation.');
      return pack;
    };
    let recognisers = loadInstalledRecognisers(mainLaw());
    lawbook.mustFit((candidate) => {
      try {
        if (candidate.place === 'main') loadInstalledRecognisers(candidate);
        return [];
      } catch (error) {
        if (error instanceof Fault) return [error.message];
        throw error;
      }
    });
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => recognisers });
    registry.onChange(async (changes) => {
      for (let start = 0; start < changes.length; start += SCREEN_BATCH) {
        const ids = changes.slice(start, start + SCREEN_BATCH).map((change) => change.id);
        await assessment.screen(workspaceScope, await registry.getMany(workspaceScope, ids));
      }
    });
    const lawdesk = await openLawdesk({ database, clock, lawbook });
    lawbook.checkWith(async (pack) => (await lawdesk.packs.check(pack.ref.digest))?.problems ?? []);
    // A signature may have run out, or its key been revoked, since the pack was brought in.
    lawbook.mustFit(async (pack) => {
      const objection = await lawdesk.packs.objection(pack.ref.digest);
      return objection === undefined ? [] : [manifestRefusalText(objection, theme.defaultLanguage)];
    });
    const obligations = openObligations({ registry, lawbook, assessment });
    const impact = await openImpact({ database, clock, registry, lawbook, assessment });
    const changes = openChanges({ database, clock, jobs, lawbook, assessment });
    const intake = createIntake({ database, clock, jobs, registry, dataDir: config.dataDir });
    const samples = createSamples({ registry, assessment, lawbook, clock, impact });
    const sourceNames = new Map((await intake.profiles()).map((known) => [known.profile.id, known.profile.name]));
    const lawToday = (): ReturnType<typeof lawbook.law> => lawbook.law(mainLaw(), { asOf: clock.today(), knownOn: clock.today() });
    // The first decision of a process is slow until Node has compiled it; nobody should wait for that with a page open.
    lawbook.decide(mainLaw(), {}, { asOf: clock.today(), knownOn: clock.today() });
    jobs.define(REDECIDE, async (job): Promise<Json> => {
      const result = await redecide({ database, clock, registry }, lawToday(), { signal: job.signal, progress: async (done, total) => job.progress(done, total) });
      return { ...result };
    });

    jobs.define(SCREEN, async (job): Promise<Json> => ({ ...(await assessment.screenAll(workspaceScope, { signal: job.signal, progress: (done, total) => job.progress(done, total) })) }));

    const started = jobs;
    // What was decided stays decided; what stands open is put to the new law in the background.
    lawbook.onAdopt(async (adoption) => {
      server.pages.clear();
      if (adoption.place !== 'main') return;
      const before = recognisers.digest;
      recognisers = loadInstalledRecognisers(mainLaw());
      if (recognisers.digest !== before) await started.start(SCREEN, {});
      if (await needsRedeciding(database, lawToday())) await started.start(REDECIDE, {});
    });

    const assets = loadAssets(theme, ['registry', 'lawbook', 'crosswalk', 'lawdesk', 'assessment', 'obligations', 'impact', 'intake', 'exports', 'portal']);
    const server = await createServer({
      config,
      log,
      theme,
      assets,
      navigation: NAVIGATION,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      banner: async (language) => ((await samples.count(workspaceScope)) > 0 ? portalText.in(language)('samples.banner') : undefined),
    });
    // Figures count the routes that come after them.
    registry.onChange(async () => server.pages.clear());
    operationRoutes(server, { config, database, jobs });
    const attachments = createAttachments({ database, clock, files: await openFileStore(config.dataDir) });
    registryRoutes(server, {
      registry,
      clock,
      extraSections: async (systemId, language) => {
        const latest = await assessment.latest(systemId);
        const impacts = publicImpactSection(await impact.published(systemId), language);
        return [publicSection(latest === undefined ? mainLaw() : await lawbook.packByDigest(latest.pack.digest), latest, language), ...(impacts === undefined ? [] : [impacts])];
      },
      attachments,
      sourceLabel: (profile, language) => (profile === SAMPLES_SOURCE ? portalText.in(language)('samples.title') : (sourceNames.get(profile)?.[language] ?? profile)),
      headlineLabel: (headline, language) => headlineOf(mainLaw(), headline, language),
      exportLinks,
    });
    lawbookRoutes(server, lawbook, clock);
    crosswalkRoutes(server, { crosswalks: openCrosswalk(), lawbook });
    assessmentRoutes(server, { assessment, lawbook, clock, dutiesHref: (systemId) => `/obligations/${systemId}`, resultPdf: async (sheet, dates, language) => resultPdf(sheet, dates, language, theme.name[language]) });
    const adoptHref = (): string => '/obligations/changes#waiting';
    lawdeskRoutes(server, lawdesk, { sections: [deskSection], adoptHref });
    deskRoutes(server, { database, clock, lawbook, issuer: theme.name, adoptHref });
    changesRoutes(server, { changes, lawbook, clock, assets });
    dutiesRoutes(server, { obligations, registry, lawbook, clock, dutiesPdf: async (sheet, language) => dutiesPdf(sheet, language, theme.name[language]) });
    impactRoutes(server, { impact, registry, attachments, pdf: async (view, language) => impactPdf(view, language, theme.name[language]) });
    intakeRoutes(server, { intake, jobs, assets, fieldLabel });
    exportsRoutes(server, { registry, clock, theme });
    portalRoutes(server, { registry, lawbook, assessment, samples, clock });
    jobRoutes(server, jobs);
    componentRoutes(server);
    apiRoutes(server);

    await jobs.begin();
    // New recognisers, or a process that died between an import and its pre-screen: what was not read is read now.
    if (await assessment.needsScreening(workspaceScope)) await jobs.start(SCREEN, {});
    if (await needsRedeciding(database, lawToday())) await jobs.start(REDECIDE, {});
    const running = jobs;
    return {
      config,
      database,
      server,
      log,
      close: async () => {
        await closeServer(server);
        await running.stop();
        await database.close();
      },
    };
  } catch (error) {
    await jobs?.stop();
    await database.close();
    throw error;
  }
}
