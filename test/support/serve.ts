/** A server without features for tests of the platform: an embedded database in memory, jobs, no network. */

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { systemScope } from '../../src/platform/auth/index.ts';
import { systemClock } from '../../src/platform/clock/index.ts';
import { type Config, readConfig } from '../../src/platform/config/index.ts';
import { type Database, migrate, migrationsOf } from '../../src/platform/db/index.ts';
import { loadTheme } from '../../src/platform/html/index.ts';
import { createServer, loadAssets, type MizanServer, type ServerParts } from '../../src/platform/http/index.ts';
import { createJobs, type JobHandler, type Jobs } from '../../src/platform/jobs/index.ts';
import { createLog } from '../../src/platform/log/index.ts';
import { openEmpty } from './image.ts';
import { asOperator, OPERATOR_TOKEN } from './operator.ts';

/** Databases are made in the same thread while suites run, which is no overload of the server. */
const LOOP_DELAY_MS_MAX = 120_000;

export interface Served {
  readonly app: MizanServer;
  readonly database: Database;
  readonly jobs: Jobs;
  readonly config: Config;
  /** Everything that was logged so far. */
  logged(): string;
  close(): Promise<void>;
}

export async function serve(options: { readonly limits?: ServerParts['limits']; readonly handlers?: Readonly<Record<string, JobHandler>>; readonly environment?: Readonly<Record<string, string>> } = {}): Promise<Served> {
  const read = readConfig({ DATA_DIR: mkdtempSync(join(tmpdir(), 'mizan-serve-')), ...options.environment });
  if (!read.ok) throw new Error(JSON.stringify(read.refusal));
  const config = read.value;
  let text = '';
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  });
  const log = createLog({ logLevel: 'info' }, sink);
  const database = await openEmpty({ standing: systemScope });
  await migrate(database, migrationsOf('platform'));
  const jobs = await createJobs({ database, clock: systemClock, log });
  for (const [name, handler] of Object.entries(options.handlers ?? {})) jobs.define(name, handler, { policy: 'job.cancel' });
  await jobs.begin();
  const theme = loadTheme('neutral');
  const app = await createServer({ operatorToken: OPERATOR_TOKEN, config, log, theme, assets: loadAssets(theme, []), navigation: [], limits: { eventLoopDelayMsMax: LOOP_DELAY_MS_MAX, ...options.limits } });
  asOperator(app);
  return {
    app,
    database,
    jobs,
    config,
    logged: () => text,
    close: async () => {
      await app.close();
      await jobs.stop();
      await database.close();
    },
  };
}
