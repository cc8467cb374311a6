/** What each asker finds in a file of the register, in every format, on both engines: read by the socket long after the request was handled. */

import { request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';
import ExcelJS from 'exceljs';
import { beforeAll, expect, it } from 'vitest';
import { onEveryEngine } from '../../../test/support/engines.ts';
import { type Caller, publicCaller, systemScope, within } from '../../platform/auth/index.ts';
import { fixedClock } from '../../platform/clock/index.ts';
import { readConfig } from '../../platform/config/index.ts';
import { loadTheme } from '../../platform/html/index.ts';
import { createServer, loadAssets } from '../../platform/http/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { createRegistry, registryMigrations } from '../registry/index.ts';
import { exportsRoutes } from './http.ts';
import { FORMATS } from './model.ts';

const OWN = '00000000-0000-4000-8000-000000000002';
const SIBLING = '00000000-0000-4000-8000-000000000004';
const REGULATOR = '00000000-0000-4000-8000-000000000009';
const CALLERS: Readonly<Record<string, Caller>> = {
  viewer: { kind: 'person', actor: 'person:viewer', memberships: [{ organisation: OWN, role: 'viewer', reach: [OWN] }] },
  officer: { kind: 'person', actor: 'person:officer', memberships: [{ organisation: REGULATOR, role: 'officer', reach: [REGULATOR] }] },
};
/** More than one batch of the stream, so that it goes back to the database after the answer began. */
const OWN_ROWS = 620;

onEveryEngine((open) => {
  let address: string;

  beforeAll(async () => {
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const database = await open(registryMigrations());
    const clock = fixedClock('2026-11-23T09:00:00.000Z');
    const registry = createRegistry({ database, clock, organisationNames: async (ids) => new Map(ids.map((one) => [one, one])) });
    await within(systemScope, async () => {
      const fill = async (name: string, rows: number, status: 'draft' | 'registered', organisation?: string): Promise<void> => {
        const done = await registry.importRows(systemScope, Array.from({ length: rows }, (_, index) => ({ key: `${name}-${index}`, record: { name: `${name} ${index}`, organisation: `${name} office`, purpose: 'sorts' } })), { source: name, status });
        const entry = await registry.get(systemScope, done.rows[0]?.id ?? '');
        if (organisation !== undefined) expect((await registry.linkBody(systemScope, entry?.body.id ?? '', organisation)).ok).toBe(true);
      };
      await fill('Ownword', OWN_ROWS, 'draft', OWN);
      await fill('Siblingword', 3, 'draft', SIBLING);
      await fill('Publicword', 2, 'registered');
    });
    const theme = loadTheme('neutral');
    const app = await createServer({ config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, []), navigation: [], authenticate: async (request) => CALLERS[/caller=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? ''] ?? publicCaller });
    exportsRoutes(app, { registry, clock });
    await app.listen({ host: '127.0.0.1', port: 0 });
    address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    return async () => app.close();
  });

  /** Over a real socket: what is kept of the request must not hang on who reads the answer. */
  const get = async (who: string, path: string): Promise<{ readonly status: number; readonly bytes: Buffer }> =>
    new Promise((resolve, reject) => {
      ask(`${address}${path}`, { headers: { cookie: `caller=${who}` } }, (answer) => {
        const pieces: Buffer[] = [];
        answer.on('data', (piece: Buffer) => pieces.push(piece)).on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(pieces) }));
      }).on('error', reject).end();
    });
  const textOf = async (format: string, bytes: Buffer): Promise<string> => {
    if (format !== 'xlsx') return bytes.toString('utf8');
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(bytes as unknown as ExcelJS.Buffer);
    return (book.worksheets[0]?.getSheetValues() ?? []).map(String).join('\n');
  };

  const askers = [['viewer', '/api/v1/exports/', [OWN_ROWS, 0, 0]], ['officer', '/api/v1/exports/', [OWN_ROWS, 3, 2]], ['nobody', '/exports/', [0, 0, 2]]] as const;
  it.each(askers.flatMap(([who, path, counts]) => FORMATS.map((format) => [who, format, path, counts] as const)))('%s gets what they may see as %s', async (who, format, path, counts) => {
    const answer = await get(who, path + format);
    expect(answer.status).toBe(200);
    const text = await textOf(format, answer.bytes);
    const found = ['Ownword', 'Siblingword', 'Publicword'].map((word) => new Set(text.match(new RegExp(`${word} \\d+`, 'g'))).size);
    expect(found).toEqual(counts);
    expect(text.includes(OWN)).toBe(format === 'json' && counts[0] > 0);
  });

  it.each([['viewer', 'Ownword', OWN_ROWS], ['viewer', 'Siblingword', 0], ['officer', 'Siblingword', 3]] as const)('%s searching for %s', async (who, q, count) => {
    expect((await get(who, `/api/v1/exports/json?q=${q}`)).bytes.toString('utf8').match(new RegExp(`${q} \\d+`, 'g'))?.length ?? 0).toBe(count);
  });

  it('is not for everybody', async () => {
    expect((await get('nobody', '/api/v1/exports/csv')).status).toBe(401);
  });
});
