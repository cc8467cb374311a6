/** Puts the parts together: the only place that knows every feature, and that wires what must travel upwards. */

import { randomBytes } from 'node:crypto';
import { assessmentRoutes, headlineOf, loadInstalledRecognisers, needsRedeciding, openAssessment, publicSection, redecide, resultPdf } from '../features/assessment/index.ts';
import { constitutionRoutes, councilPages, type CouncilParts, foundingRoutes, loadCouncilPack, openCouncil, type OpenCouncil, protocolRoutes } from '../features/council/index.ts';
import { crosswalkRoutes, openCrosswalk } from '../features/crosswalk/index.ts';
import { administrationRoutes, createAdministration, type Identity, identityRoutes, openConnections, openIdentity, type Organisation } from '../features/identity/index.ts';
import { decisionsRoutes, openDecisions } from '../features/decisions/index.ts';
import { exportLinks, exportsRoutes } from '../features/exports/index.ts';
import { impactPdf, impactRoutes, openImpact, publicImpactSection } from '../features/impact/index.ts';
import { createIntake, intakeRoutes } from '../features/intake/index.ts';
import { type Ledger, ledgerRoutes, openLedger } from '../features/ledger/index.ts';
import { lawbookRoutes, openLawbook } from '../features/lawbook/index.ts';
import { councilSection, type Motions, motionsRoutes, openMotions } from '../features/motions/index.ts';
import { deskRoutes, deskSection, lawdeskRoutes, manifestRefusalText, openLawdesk } from '../features/lawdesk/index.ts';
import { changesRoutes, dutiesPdf, dutiesRoutes, openChanges, openObligations } from '../features/obligations/index.ts';
import { createSamples, portalRoutes, portalText, SAMPLES_SOURCE } from '../features/portal/index.ts';
import { createAttachments, createRegistry, fieldLabel, registryRoutes } from '../features/registry/index.ts';
import { openSeats, seatsRoutes } from '../features/seats/index.ts';
import { conflictsSection, membersRoutes, openMembers } from '../features/members/index.ts';
import { openSecretariat, secretariatRoutes } from '../features/secretariat/index.ts';
import { Fault, type Json } from '../base/index.ts';
import type { Pack } from '../law/index.ts';
import { nodeSuite } from '../proof/node-suite.ts';
import { systemScope, within } from '../platform/auth/index.ts';
import { openAudit } from '../platform/audit/index.ts';
import { backupRoutes, removeSnapshots, settleRestore } from '../platform/backup/index.ts';
import type { Config } from '../platform/config/index.ts';
import { type Clock, systemClock } from '../platform/clock/index.ts';
import { type Database, migrate, openDatabase, type OutageListener, type Timeouts } from '../platform/db/index.ts';
import { apiRoutes, closeServer, createServer, loadAssets, type MizanServer, type ServerLimits, wellKnownRoutes } from '../platform/http/index.ts';
import { aboutRoutes, componentRoutes, documentIssuerOf, loadThemes, mailPartsOf } from '../platform/html/index.ts';
import { openFileStore } from '../platform/files/index.ts';
import { createJobs, jobRoutes, type Jobs } from '../platform/jobs/index.ts';
import { createLog, type Log, openLogFile } from '../platform/log/index.ts';
import { openLimits } from '../platform/limits/index.ts';
import { openMail, readAuthorities } from '../platform/mail/index.ts';
import { type Notices, openNotices } from '../platform/notices/index.ts';
import { createOutbound, type Outbound } from '../platform/outbound/index.ts';
import { openSecrets } from '../platform/secrets/index.ts';
import { operationRoutes } from '../platform/operations/index.ts';
import { countFirstSteps } from './first-steps.ts';
import { lettersBy } from './letters.ts';
import { allMigrations } from './migrations.ts';
import { motionsTold } from './decided.ts';
import { dossierParts, recordMotions, tellMembers } from './motions.ts';
import { ARRIVALS, NAVIGATION, START_HREF } from './navigation.ts';
import { recordingIn } from './recorded-acts.ts';
import { registerViewOf } from './register-view.ts';
import { recordMembers } from './members.ts';
import { secretariatPeople, recordSecretariat, sendSecretariat } from './secretariat.ts';
import { softwareVersion } from '../platform/files/version.ts';

export interface Mizan {
  readonly config: Config;
  readonly database: Database;
  readonly server: MizanServer;
  readonly log: Log;
  /** By this commands on this machine are known to the server. New at every start; handed on in a file that only this user may read. */
  readonly operatorToken: string;
  readonly identity: Identity;
  readonly council: OpenCouncil;
  readonly motions: Motions;
  /** The only way out of the machine; `mizan start` holds the whole process to it. */
  readonly outbound: Outbound;
  /** Opens the log file anew by its name, after another program has moved it away. */
  reopenLog(): void;
  close(): Promise<void>;
}

const OPERATOR_TOKEN_BYTES = 32;
/** Entries handed to the pre-screen at once. */
const SCREEN_BATCH = 500;
const REDECIDE = 'assessment.redecide';
const SCREEN = 'assessment.screen';
const PAGES_CHANGED = 'pages.changed';
/** So long, and a little more, a session that is over can lie in the database. */
const SWEEP_MS = 10 * 60_000;
/** How often deadlines of motions are looked at. */
const MOTIONS_MS = 15_000;
const SITTING_CHANGED = 'secretariat.changed';
const PERSON_CHANGED = 'identity.person-changed';

export interface ComposeOptions {
  readonly clock?: Clock;
  readonly limits?: Partial<ServerLimits>;
  /** Other waiting times for the database than the usual ones; for tests. */
  readonly databaseTimeouts?: Partial<Timeouts>;
  /** Other times and planted mistakes of the council's operator; for tests. */
  readonly council?: Pick<CouncilParts, 'tickMs' | 'faults'>;
}

/** Opens the database, brings it up to date, and builds the server with all routes; does not listen. What is asked of the database meanwhile is work of the system. */
export async function compose(config: Config, options: ComposeOptions = {}): Promise<Mizan> {
  return within(systemScope, async () => composeParts(config, options));
}

/** One line when the database is lost and one when it is back; the requests between get 503 and no line each. */
function tellOutage(log: Log, news: Parameters<OutageListener>[0]): void {
  if (news.state === 'away') log.error({ code: 'database-away', reason: news.reason }, 'The database does not answer. Requests get 503 until it does; Mizan connects again by itself.');
  else log.warn({ code: 'database-back', awayMs: news.awayMs }, 'The database answers again.');
}

async function composeParts(config: Config, options: ComposeOptions): Promise<Mizan> {
  const logFile = config.logFile === undefined ? undefined : openLogFile(config.logFile);
  const log = createLog(config, logFile);
  const clock = options.clock ?? systemClock;
  const themes = loadThemes(config.theme, config.themeHosts);
  const theme = themes.main;
  await settleRestore(config);
  const secrets = openSecrets(config, process.env);
  const outbound = createOutbound({ allow: config.outboundAllow });
  let afterOutage = (): void => undefined;
  await removeSnapshots(config.dataDir);
  const database = await openDatabase(config, {
    ...(options.databaseTimeouts === undefined ? {} : { timeouts: options.databaseTimeouts }),
    onOutage: (news) => {
      tellOutage(log, news);
      if (news.state === 'back') afterOutage();
    },
  });
  let jobs: Jobs | undefined;
  let notices: Notices | undefined;
  let ledger: Ledger | undefined;
  let council: OpenCouncil | undefined;
  let stopLimits = (): void => undefined;
  let stopMotions = (): void => undefined;
  try {
    await migrate(database, allMigrations());
    jobs = await createJobs({ database, clock, log });

    ledger = await openLedger({ database, clock, log, dataDir: config.dataDir, secret: (name) => secrets.secret(name), outbound, origin: config.logOrigin, policyFile: config.logPolicyFile, witnessedFile: config.logWitnessedFile });
    const councilPack = loadCouncilPack(ledger.name.origin, config.councilConstitutionFile);
    council = openCouncil({ database, clock, log, ledger, secret: (name) => secrets.secret(name), planned: () => councilPack.constitution, witnesses: ledger.policyWitnesses(), ...options.council });
    const recording = recordingIn(ledger, clock);
    notices = await openNotices({ database, databaseUrl: config.databaseUrl, log });
    const mail = openMail({
      smtp: config.smtp,
      ...(config.smtpAuthoritiesFile === undefined ? {} : { authorities: readAuthorities(config.smtpAuthoritiesFile) }),
      from: config.mailFrom,
      publicUrl: config.publicUrl,
      dataDir: config.dataDir,
      parts: (language) => mailPartsOf(theme, language),
      jobs,
      clock,
      log,
    });
    let localUrl = `http://127.0.0.1:${config.port}`;
    const audit = openAudit({ database, clock, onDone: recording.act });
    const limits = openLimits({ database, log });
    stopLimits = () => limits.stop();
    // A revoked session ends on every node at once; without this within the two seconds that a node remembers it.
    const ears = notices;
    const tellForget = (personId: string | undefined): void => {
      if (database.engine === 'server') within(systemScope, () => void ears.announce(PERSON_CHANGED, { person: personId ?? null }).catch((error: unknown) => log.error({ err: error, code: 'notice' }, 'a revoked session was not announced')));
    };
    const identity = await openIdentity({ database, clock, log, secret: (name) => secrets.secret(name), letters: lettersBy(mail), publicUrl: config.publicUrl, localUrl: () => localUrl, platformName: (language) => theme.name[language], defaultLanguage: theme.defaultLanguage, onForget: (personId) => tellForget(personId) });

    const sweeping = setInterval(() => {
      identity.sweep().catch((error: unknown) => log.error({ err: error, code: 'sweep' }, 'sessions that are over and old failed tries could not be removed'));
    }, SWEEP_MS).unref();
    const connections = openConnections({ parts: identity.parts, secret: (name) => secrets.secret(name), outbound, limits, log });
    const organisationsHere = async (): Promise<readonly Organisation[]> => (await identity.organisations.listOrganisations()).filter((one) => one.closedAt === undefined);
    const registry = createRegistry({
      database,
      clock,
      record: recording.registry,
      organisationNames: async (ids) => {
        const asked = new Set(ids);
        return new Map((await organisationsHere()).filter((one) => asked.has(one.id)).map((one) => [one.id, one.names[theme.defaultLanguage]]));
      },
    });
    const lawbook = await openLawbook({ database, clock, notices, record: recording.adoption, ...(theme.law === undefined ? {} : { mainPack: theme.law }) });
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
        await assessment.screen(systemScope, await registry.getMany(systemScope, ids));
      }
    });
    const lawdesk = await openLawdesk({ database, clock, lawbook, clamd: config.clamd });
    lawbook.checkWith(async (pack) => (await lawdesk.packs.check(pack.ref.digest))?.problems ?? []);
    // A signature may have run out, or its key been revoked, since the pack was brought in.
    lawbook.mustFit(async (pack) => {
      const objection = await lawdesk.packs.objection(pack.ref.digest);
      return objection === undefined ? [] : [manifestRefusalText(objection, theme.defaultLanguage)];
    });
    const obligations = openObligations({ registry, lawbook, assessment });
    const impact = await openImpact({ database, clock, registry, lawbook, assessment });
    const changes = openChanges({ database, clock, jobs, lawbook, assessment });
    const files = await openFileStore(config.dataDir, { clamd: config.clamd });
    const administration = createAdministration(identity);
    const publicUrl = (): string => config.publicUrl ?? localUrl;
    const motions = openMotions({
      database,
      clock,
      suite: nodeSuite,
      council,
      registry,
      lawbook,
      assessment,
      jobs,
      files,
      log,
      language: theme.defaultLanguage,
      dossier: dossierParts({ obligations, impact, clock }),
      record: recordMotions(ledger, clock),
      notify: tellMembers({ mail, administration, log, language: theme.defaultLanguage, publicUrl }),
    });
    const decisionHref = (slot: string, round: number): string => `/decisions/${slot}/${round}`;
    const people = secretariatPeople(administration, theme.defaultLanguage);
    const sittingNotices = notices;
    const secretariat = openSecretariat({
      database,
      clock,
      suite: nodeSuite,
      council,
      motions,
      log,
      record: recordSecretariat(ledger, clock),
      people,
      send: sendSecretariat({ mail, administration, publicUrl }),
      announce: async (sitting) => sittingNotices.announce(SITTING_CHANGED, { sitting }),
    });
    notices.on(SITTING_CHANGED, ({ payload }) => secretariat.changed(((payload ?? {}) as { sitting?: string }).sitting ?? ''));
    const motionClock = setInterval(() => {
      motions.tick().catch((error: unknown) => log.error({ err: error, code: 'motions' }, 'deadlines of motions could not be looked at'));
      secretariat.tick().catch((error: unknown) => log.error({ err: error, code: 'secretariat' }, 'deadlines of the secretariat could not be looked at'));
    }, MOTIONS_MS).unref();
    stopMotions = () => clearInterval(motionClock);
    const members = openMembers({ database, clock, council, suite: nodeSuite, motions, pack: councilPack, record: recordMembers(ledger, clock) });
    const seats = openSeats({ database, council });
    const transparency = ledger;
    const decisions = await openDecisions({ database, clock, council, entries: async (from, to) => transparency.entries(from, to), motion: motionsTold(motions), opinionText: async (digest) => within(systemScope, async () => seats.text(digest)), onPublished: () => server.pages.clear() });
    const intake = createIntake({ database, clock, jobs, registry, dataDir: config.dataDir, clamd: config.clamd });
    const samples = createSamples({ registry, assessment, lawbook, clock, impact });
    const sourceNames = new Map((await intake.profiles()).map((known) => [known.profile.id, known.profile.name]));
    const lawToday = (): ReturnType<typeof lawbook.law> => lawbook.law(mainLaw(), { asOf: clock.today(), knownOn: clock.today() });
    // The first decision of a process is slow until Node has compiled it; nobody should wait for that with a page open.
    lawbook.decide(mainLaw(), {}, { asOf: clock.today(), knownOn: clock.today() });
    jobs.define(REDECIDE, async (job): Promise<Json> => {
      const result = await redecide({ database, clock, registry }, lawToday(), { signal: job.signal, progress: async (done, total) => job.progress(done, total) });
      return { ...result };
    }, { policy: 'law.adopt' });

    jobs.define(SCREEN, async (job): Promise<Json> => ({ ...(await assessment.screenAll(systemScope, { signal: job.signal, progress: (done, total) => job.progress(done, total) })) }), { policy: 'assessment.screen' });

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

    // Another process adopted and starts what follows; here only what is held in memory is made anew.
    lawbook.onFollow(async () => {
      server.pages.drop();
      recognisers = loadInstalledRecognisers(mainLaw());
    });
    notices.on(PERSON_CHANGED, ({ payload, own }) => {
      const { person } = (payload ?? {}) as { person?: string | null };
      if (!own) identity.forget(person ?? undefined);
    });
    notices.onGap(() => identity.forget());
    notices.on(PAGES_CHANGED, () => server.pages.drop());
    notices.onGap(() => server.pages.drop());

    const assets = loadAssets(themes.all, ['identity', 'ledger', 'registry', 'lawbook', 'crosswalk', 'lawdesk', 'assessment', 'obligations', 'impact', 'intake', 'council', 'motions', 'decisions', 'seats', 'members', 'secretariat', 'exports', 'portal']);
    const operatorToken = randomBytes(OPERATOR_TOKEN_BYTES).toString('base64url');
    const server = await createServer({
      config,
      operatorToken,
      authenticate: identity.authenticate,
      audit,
      clock,
      counts: limits,
      log,
      theme,
      themes,
      assets,
      navigation: NAVIGATION,
      ...(options.limits === undefined ? {} : { limits: options.limits }),
      banner: async (language) => ((await samples.count(systemScope)) > 0 ? portalText.in(language)('samples.banner') : undefined),
    });
    const told = notices;
    server.pages.onClear(() => told.hint(PAGES_CHANGED));
    // Figures count the routes that come after them.
    registry.onChange(async () => server.pages.clear());
    server.addHook('onListen', () => {
      const address = server.server.address();
      if (typeof address === 'object' && address !== null) localUrl = `http://127.0.0.1:${address.port}`;
    });
    wellKnownRoutes(server, { config, themes, clock });
    operationRoutes(server, { config, database, jobs });
    backupRoutes(server, { config, database, clock, software: softwareVersion });
    identityRoutes(server, { identity, assets, connections, startHref: START_HREF, arrivals: ARRIVALS });
    administrationRoutes(server, { identity, administration, audit, clock, register: registerViewOf(database, registry) });
    ledgerRoutes(server, { ledger });
    protocolRoutes(server, { council, ledger, clock });
    foundingRoutes(server, { council, ledger });
    councilPages(server, { council, clock });
    constitutionRoutes(server, { council, pack: councilPack });
    // Polls that are held would hold the end.
    server.addHook('preClose', async () => council?.release());
    const attachments = createAttachments({ database, clock, files });
    registryRoutes(server, {
      registry,
      organisations: async (language) => (await organisationsHere()).map((one) => ({ id: one.id, name: one.names[language] })),
      clock,
      extraSections: async (systemId, language) => {
        const latest = await assessment.published(systemId);
        const impacts = publicImpactSection(await impact.published(systemId), language);
        const decided = councilSection(await motions.standing(systemId), decisionHref, language);
        return [...(decided === undefined ? [] : [decided]), publicSection(latest === undefined ? mainLaw() : await lawbook.packByDigest(latest.pack.digest), latest, language), ...(impacts === undefined ? [] : [impacts])];
      },
      attachments,
      sourceLabel: (profile, language) => (profile === SAMPLES_SOURCE ? portalText.in(language)('samples.title') : (sourceNames.get(profile)?.[language] ?? profile)),
      headlineLabel: (headline, language) => headlineOf(mainLaw(), headline, language),
      exportLinks,
    });
    seatsRoutes(server, { seats, assets });
    membersRoutes(server, { members, pack: councilPack, clock });
    secretariatRoutes(server, { secretariat, council, motions, clock, assets, people, publicUrl });
    motionsRoutes(server, { alsoShown: async ({ motion, round }, language) => conflictsSection(await members.conflicts(motion, round), councilPack, language), motions, council, registry, lawbook, jobs, files, publicUrl, decisionHref });
    decisionsRoutes(server, { decisions, council, assets, publicUrl: config.publicUrl, logKey: ledger.name.vkey });
    lawbookRoutes(server, lawbook, clock);
    crosswalkRoutes(server, { crosswalks: openCrosswalk(), lawbook });
    assessmentRoutes(server, { assessment, lawbook, clock, dutiesHref: (systemId) => `/obligations/${systemId}`, resultPdf: async (sheet, dates, language, shown) => resultPdf(sheet, dates, language, documentIssuerOf(shown, language)) });
    const adoptHref = (): string => '/obligations/changes#waiting';
    lawdeskRoutes(server, lawdesk, { sections: [deskSection], adoptHref });
    deskRoutes(server, { database, clock, lawbook, issuer: documentIssuerOf, adoptHref });
    changesRoutes(server, { changes, lawbook, clock, assets });
    dutiesRoutes(server, { obligations, registry, lawbook, clock, dutiesPdf: async (sheet, language, shown) => dutiesPdf(sheet, language, documentIssuerOf(shown, language)) });
    impactRoutes(server, { impact, registry, attachments, pdf: async (view, language, shown) => impactPdf(view, language, documentIssuerOf(shown, language)) });
    intakeRoutes(server, { intake, jobs, assets, fieldLabel });
    exportsRoutes(server, { registry, clock });
    portalRoutes(server, { registry, lawbook, assessment, decisions, samples, clock, firstSteps: async () => countFirstSteps({ administration, lawbook, registry, samples, hasMailServer: config.smtp !== undefined }) });
    jobRoutes(server, jobs);
    componentRoutes(server);
    aboutRoutes(server);
    apiRoutes(server);

    await notices.begin();
    await jobs.begin();
    // New recognisers, or a process that died between an import and its pre-screen: what was not read is read now.
    if (await assessment.needsScreening(systemScope)) await jobs.start(SCREEN, {});
    if (await needsRedeciding(database, lawToday())) await jobs.start(REDECIDE, {});
    const running = jobs;
    const listening = notices;
    const written = ledger;
    const seated = council;
    // An entry whose pre-screen the outage swallowed is read now, not only at the next start.
    afterOutage = () => {
      within(systemScope, async () => {
        if (await assessment.needsScreening(systemScope)) await running.start(SCREEN, {});
      }).catch((error: unknown) => log.warn({ err: error, code: 'after-outage' }, 'what the outage left unread could not be looked for'));
    };
    return {
      config,
      database,
      server,
      log,
      operatorToken,
      identity,
      council,
      motions,
      outbound,
      reopenLog: () => logFile?.reopen(),
      close: async () => {
        await closeServer(server);
        clearInterval(sweeping);
        stopLimits();
        stopMotions();
        await identity.settled();
        await listening.stop();
        await running.stop();
        await seated.close();
        await written.close();
        await database.close();
        await outbound.close();
      },
    };
  } catch (error) {
    stopLimits();
    stopMotions();
    await notices?.stop();
    await jobs?.stop();
    await council?.close().catch(() => undefined);
    await ledger?.close().catch(() => undefined);
    await database.close();
    throw error;
  }
}
