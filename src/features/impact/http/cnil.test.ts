/** Files of the PIA program over HTTP: taken over, kept as a document, given back with what only the program knows; and what is refused. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import type { Language } from '../../../base/index.ts';
import { systemScope as scope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { readConfig } from '../../../platform/config/index.ts';
import { migrationsOf } from '../../../platform/db/index.ts';
import { openFileStore } from '../../../platform/files/index.ts';
import { loadTheme } from '../../../platform/html/index.ts';
import { createServer, loadAssets, type MizanServer } from '../../../platform/http/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { assessmentMigrations, openAssessment } from '../../assessment/index.ts';
import { lawbookMigrations, openLawbook } from '../../lawbook/index.ts';
import { createAttachments, createRegistry, registryMigrations } from '../../registry/index.ts';
import { type Impact, impactMigrations, impactPdf, impactRoutes, openImpact } from '../index.ts';
import { asOperator, OPERATOR_TOKEN } from '../../../../test/support/operator.ts';

const FILE = {
  pia: { id: 12, name: 'Sensor', status: 1, author_name: 'A', structure_id: 5 },
  answers: [{ id: 7, reference_to: 111, data: { text: '<p>It <b>ranks</b>.<script>alert(1)</script></p>', gauge: 0, list: [], own: 1 } }, { id: 8, reference_to: 325, data: { text: null, gauge: 3, list: [] } }],
  measures: [{ id: 101, title: 'Encryption', content: 'TLS', placeholder: 'slug' }],
  evaluations: [{ id: 1, reference_to: '3.1.101', status: 3, global_status: 2, gauges: { x: 0, y: 0 } }],
  comments: [],
  of_another_version: true,
};

onEveryEngine((open) => {
  let app: MizanServer;
  let impact: Impact;
  let systemId: string;
  let id: string;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mizan-pia-'));
    const clock = fixedClock('2026-11-23T09:00:00.000Z');
    const database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...assessmentMigrations(), ...impactMigrations()]);
    const registry = createRegistry({ database, clock });
    const lawbook = await openLawbook({ database, clock });
    const assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => ({ set: { recognisers: [], pack: '' } as never, digest: 'none' }) });
    impact = await openImpact({ database, clock, registry, lawbook, assessment });
    const config = readConfig({ LOG_LEVEL: 'silent' });
    if (!config.ok) throw new Error('config');
    const theme = loadTheme('neutral');
    app = await createServer({ operatorToken: OPERATOR_TOKEN, config: config.value, log: createLog(config.value), theme, assets: loadAssets(theme, ['registry', 'impact']), navigation: [], limits: { eventLoopDelayMsMax: 120_000 } });
    asOperator(app);
    const attachments = createAttachments({ database, clock, files: await openFileStore(folder) });
    impactRoutes(app, { impact, registry, attachments, pdf: (view, language: Language) => impactPdf(view, language, 'Test') });
    await app.ready();
    const made = await registry.create(scope, { name: 'CV ranking', organisation: 'Test body', purpose: 'Ranks applicants.' });
    if (!made.ok) throw new Error(JSON.stringify(made.refusal));
    systemId = made.value.id;
    const started = await impact.start(scope, { systemId, kind: 'dpia' });
    if (!started.ok) throw new Error(JSON.stringify(started.refusal));
    id = started.value;
    return async () => {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  const stepOf = async (): Promise<number> => (await impact.view(scope, id))?.row.step ?? -1;
  const upload = async (content: string, after?: number) => {
    const payload = ['--x', 'content-disposition: form-data; name="file"; filename="sensor.json"', 'content-type: application/json', '', content, '--x--', ''].join('\r\n');
    return app.inject({ method: 'POST', url: `/impact/${id}/pia?after=${after ?? (await stepOf())}`, headers: { 'content-type': 'multipart/form-data; boundary=x' }, payload });
  };
  const download = async (): Promise<Record<string, unknown>> => (await app.inject({ url: `/impact/${id}/pia.json` })).json<Record<string, unknown>>();

  describe('a file of the PIA program', () => {
    it('is written of what the register told', async () => {
      const file = await download();
      expect(file['pia']).toMatchObject({ name: 'CV ranking' });
      expect(file['answers']).toMatchObject([{ reference_to: 211, data: { text: 'Ranks applicants.' } }]);
      expect((await app.inject({ url: `/impact/${id}` })).body).toContain(`/impact/${id}/pia"`);
      expect((await app.inject({ url: `/impact/${id}/pia` })).body).toContain('CNIL');
    });

    it.each([
      ['no JSON', '{', 422],
      ['another JSON', '{"answers":[]}', 422],
      ['a step that is none', JSON.stringify({ ...FILE, answers: [{ reference_to: 325, data: { gauge: 9 } }] }), 422],
    ])('%s is refused, and nothing is kept of it', async (_, content, status) => {
      const before = await impact.view(scope, id);
      const sent = await upload(content);
      expect(sent.statusCode).toBe(status);
      const after = await impact.view(scope, id);
      expect([after?.row.step, after?.evidence]).toEqual([before?.row.step, []]);
    });

    it('says where a file does not fit', async () => {
      const sent = await app.inject({ method: 'POST', url: `/api/v1/impact/assessments/${id}/pia`, payload: { after: await stepOf(), file: { ...FILE, answers: [{ reference_to: 325, data: { gauge: 9 } }] } } });
      expect(sent.statusCode).toBe(422);
      expect(sent.json()).toMatchObject({ code: 'not-a-pia', errors: [{ path: 'answers[0].data.gauge' }] });
    });

    it('is refused where somebody answered in between', async () => expect((await upload(JSON.stringify(FILE), 0)).statusCode).toBe(409));

    it('is taken over, with its file as a document', async () => {
      expect((await upload(JSON.stringify(FILE))).headers.location).toBe(`/impact/${id}?said=imported`);
      const view = await impact.view(scope, id);
      expect(view?.answers).toEqual({ q111: 'It ranks.', q325: 3, author: 'A', state: 'refused', measures: [{ title: 'Encryption', content: 'TLS', status: 'acceptable' }], 'taken-from': 'sensor.json' });
      expect(view?.evidence.map((item) => [item.question, item.name])).toEqual([['taken-from', 'sensor.json']]);
      expect((await app.inject({ url: `/impact/${id}/pages/overview` })).body).not.toContain('alert(1)');
    });

    it('goes out as it came, without its script and with what was answered since', async () => {
      const [first, second] = FILE.answers;
      expect(await download()).toEqual({ ...FILE, answers: [{ ...first, data: { ...first?.data, text: '<p>It <b>ranks</b>.</p>' } }, second] });
      await impact.save(scope, id, { answers: { q326: 2 }, after: await stepOf() });
      const file = (await app.inject({ url: `/api/v1/impact/assessments/${id}/pia` })).json<{ answers: { reference_to: number; data: { gauge: number } }[]; of_another_version: boolean }>();
      expect(file.of_another_version).toBe(true);
      expect(file.answers.find((item) => item.reference_to === 326)?.data.gauge).toBe(2);
    });

    it('belongs to data protection assessments only', async () => {
      const other = await impact.start(scope, { systemId, kind: 'altai' });
      if (!other.ok) throw new Error(JSON.stringify(other.refusal));
      for (const address of ['pia', 'pia.json']) expect((await app.inject({ url: `/impact/${other.value}/${address}` })).statusCode).toBe(404);
      expect((await app.inject({ url: `/impact/${other.value}` })).body).not.toContain('/pia"');
    });
  });
});
