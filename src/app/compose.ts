/** Puts the parts together: the only place that knows every feature, and that wires what must travel upwards. */

import { assessmentMigrations, assessmentRoutes, loadInstalledRecognisers, openAssessment, resultPdf } from '../features/assessment/index.ts';
import { lawbookMigrations, lawbookRoutes, openLawbook } from '../features/lawbook/index.ts';
import { createRegistry, registryMigrations } from '../features/registry/index.ts';
import { workspaceScope } from '../platform/auth/index.ts';
import type { Config } from '../platform/config/index.ts';
import { type Clock, systemClock } from '../platform/clock/index.ts';
import { type Database, migrate, migrationsOf, openDatabase } from '../platform/db/index.ts';
import { createServer, loadAssets, type MizanServer } from '../platform/http/index.ts';
import { componentRoutes, loadTheme } from '../platform/html/index.ts';
import { createLog, type Log } from '../platform/log/index.ts';

export interface Mizan {
  readonly config: Config;
  readonly database: Database;
  readonly server: MizanServer;
  readonly log: Log;
  close(): Promise<void>;
}

/** Entries handed to the pre-screen at once. */
const SCREEN_BATCH = 500;

/** Opens the database, brings it up to date, and builds the server with all routes; does not listen. */
export async function compose(config: Config, options: { readonly clock?: Clock } = {}): Promise<Mizan> {
  const log = createLog(config);
  const clock = options.clock ?? systemClock;
  const theme = loadTheme(config.theme);
  const database = await openDatabase(config);
  try {
    await migrate(database, [...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations()]);
    const registry = createRegistry({ database, clock });
    const lawbook = await openLawbook({ database, clock });
    const mainPack = lawbook.packs()[0];
    if (mainPack === undefined) throw new Error('no law pack');
    const recognisers = loadInstalledRecognisers(mainPack);
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: recognisers.set, recognisersDigest: recognisers.digest });
    registry.onChange(async (changes) => {
      for (let start = 0; start < changes.length; start += SCREEN_BATCH) {
        const ids = changes.slice(start, start + SCREEN_BATCH).map((change) => change.id);
        await assessment.screen(workspaceScope, await registry.getMany(workspaceScope, ids));
      }
    });

    const server = await createServer({ config, log, theme, assets: loadAssets(theme, ['registry', 'lawbook', 'assessment', 'intake', 'exports', 'portal']), navigation: NAVIGATION });
    lawbookRoutes(server, lawbook, clock);
    assessmentRoutes(server, { assessment, lawbook, clock, resultPdf: async (sheet, dates, language) => resultPdf(sheet, dates, language, theme.name[language]) });
    componentRoutes(server);
    return {
      config,
      database,
      server,
      log,
      close: async () => {
        await server.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

const NAVIGATION = [
  { href: '/', area: 'public', label: { az: 'Ana səhifə', en: 'Home', ru: 'Главная' } },
  { href: '/registry', area: 'public', label: { az: 'Reyestr', en: 'Register', ru: 'Реестр' } },
  { href: '/lawbook', area: 'public', label: { az: 'Qanunlar', en: 'Law', ru: 'Закон' } },
  { href: '/assessment', area: 'workspace', label: { az: 'İş siyahısı', en: 'Work list', ru: 'Список дел' } },
  { href: '/intake', area: 'workspace', label: { az: 'İdxal', en: 'Import', ru: 'Импорт' } },
  { href: '/portal/dashboard', area: 'workspace', label: { az: 'İcmal', en: 'Dashboard', ru: 'Обзор' } },
] as const;
