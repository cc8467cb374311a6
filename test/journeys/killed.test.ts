/** kill -9 of the process and of PostgreSQL while people write: nothing acknowledged is lost, nothing is half there, and it comes back without hands. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCluster } from '../support/cluster.ts';
import { examine, killAgainAndAgain, tellFigures } from '../support/kills.ts';
import { serverPrograms } from '../support/postgres.ts';
import { supervise } from '../support/supervised.ts';

const root = join(import.meta.dirname, '../..');
const ROUNDS = 8;
const work = mkdtempSync(join(tmpdir(), 'mizan-kills-'));
/** Any moment will do: what is claimed holds for all of them. */
const random = Math.random;

beforeAll(() => void execFileSync(process.execPath, [join(root, 'scripts/mizan.mjs'), '--build-only'], { stdio: ['ignore', 'inherit', 'inherit'] }));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('killed in the middle of writes', () => {
  it('the embedded engine loses nothing and leaves nothing half done', async () => {
    const app = await supervise(mkdtempSync(join(work, 'data-')));
    const run = await killAgainAndAgain(app, undefined, ROUNDS, random);
    const figures = await examine(app, undefined, run);
    console.log(tellFigures('embedded engine', figures));
    expect(figures).toMatchObject({ kills: ROUNDS, lost: [], half: [] });
    expect(figures.acknowledged).toBeGreaterThan(ROUNDS * 5);
    expect(app.starts()).toBe(ROUNDS + 1);
  }, 240_000);

  it.skipIf(serverPrograms() === undefined)('neither does PostgreSQL, whether the process or the database dies', async () => {
    const cluster = await createCluster();
    if (cluster === undefined) throw new Error('the programs of PostgreSQL are gone');
    await cluster.start();
    const app = await supervise(mkdtempSync(join(work, 'data-')), { DATABASE_URL: cluster.url });
    try {
      const run = await killAgainAndAgain(app, cluster, ROUNDS, random);
      const figures = await examine(app, cluster.url, run);
      console.log(tellFigures('PostgreSQL', figures));
      expect(figures).toMatchObject({ kills: ROUNDS, lost: [], half: [] });
      expect(figures.acknowledged).toBeGreaterThan(ROUNDS * 5);
      expect(app.starts()).toBe(ROUNDS / 2 + 1);
      const told = app.errors.filter((line) => line.startsWith('{')).filter((line) => !['database-away', 'job-queue'].includes((JSON.parse(line) as { code?: string }).code ?? ''));
      expect(told).toEqual([]);
    } finally {
      await app.stop();
      cluster.remove();
    }
  }, 240_000);
});
