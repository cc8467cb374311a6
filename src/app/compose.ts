/** Puts the parts together: the only place that knows every feature, and that wires what must travel upwards. */

import type { Config } from '../platform/config/index.ts';
import { type Clock, systemClock } from '../platform/clock/index.ts';
import { type Database, migrate, openDatabase } from '../platform/db/index.ts';
import { createServer, loadAssets, type MizanServer } from '../platform/http/index.ts';
import { componentRoutes } from '../platform/html/components-page.tsx';
import { loadTheme } from '../platform/html/index.ts';
import { createLog, type Log } from '../platform/log/index.ts';

export interface Mizan {
  readonly config: Config;
  readonly database: Database;
  readonly server: MizanServer;
  readonly log: Log;
  close(): Promise<void>;
}

/** Opens the database, brings it up to date, and builds the server with all routes; does not listen. */
export async function compose(config: Config, options: { readonly clock?: Clock } = {}): Promise<Mizan> {
  const log = createLog(config);
  const clock = options.clock ?? systemClock;
  void clock;
  const theme = loadTheme(config.theme);
  const database = await openDatabase(config);
  try {
    await migrate(database, []);
    const server = await createServer({ config, log, theme, assets: loadAssets(theme, []), navigation: [] });
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
