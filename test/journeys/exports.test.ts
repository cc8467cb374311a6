/** The open-data files say what their standards ask for, and only what is public. */

import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_FIELDS, type SystemEntry, valueOf } from '../../src/features/registry/index.ts';
import { taxRisk, withContacts } from '../../src/features/registry/examples.ts';
import { onEveryEngine } from '../support/engines.ts';
import { fullRecord, inventoryCsv } from '../support/inventory.ts';
import { brokenShapes, type Quad, readShapes } from '../support/shapes.ts';
import { openStory, type Story } from '../support/story.ts';

const jsonld = createRequire(import.meta.url)('jsonld') as {
  toRDF(document: object, options: object): Promise<Quad[]>;
};
/** A document that needs the network to be understood fails here. */
const offline = { documentLoader: (url: string) => Promise.reject(new Error(`asked for ${url}`)), safe: true };
const shapesFile = join(import.meta.dirname, '../../../shared/data/dcat-ap-3.0.1/shapes.ttl');
if (!existsSync(shapesFile)) console.warn('\nSKIPPED: the shapes of DCAT-AP 3.0.1 are not beside this repository; mandatory properties are checked without them.\n');

const DCAT = 'http://www.w3.org/ns/dcat#';
const DCT = 'http://purl.org/dc/terms/';
const TYPE = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type';

onEveryEngine((_open, engine) => {
  let story: Story;
  let entries: readonly SystemEntry[];
  beforeAll(async () => {
    story = await openStory({ engine });
    await story.importFile('mizan-csv', { name: 'inventory.csv', content: inventoryCsv() });
    const systems = [fullRecord(0), { ...taxRisk, name: 'Second' }, { ...withContacts, sourceColumns: [] }].map((record, index) => ({ id: `own-${index}`, status: 'registered', record }));
    const imported = await story.importFile('mizan', { name: 'own.json', content: JSON.stringify({ systems }) });
    expect(imported.result).toMatchObject({ added: 3, leftOut: 0 });
    entries = (await story.get('/api/v1/exports/json')).json<{ systems: SystemEntry[] }>().systems;
  });
  afterAll(async () => story?.close());

  const quadsOf = async (): Promise<Quad[]> => jsonld.toRDF((await story.get('/exports/dcat-ap')).json<object>(), offline);
  const objects = (quads: readonly Quad[], subject: string, predicate: string): readonly Quad['object'][] => quads.filter((quad) => quad.subject.value === subject && quad.predicate.value === predicate).map((quad) => quad.object);
  const ofType = (quads: readonly Quad[], type: string): readonly string[] => quads.filter((quad) => quad.predicate.value === TYPE && quad.object.value === type).map((quad) => quad.subject.value);

  describe('DCAT-AP', () => {
    it('has one catalogue with what is mandatory, and a dataset for each public entry', async () => {
      const answer = await story.get('/exports/dcat-ap');
      expect(answer.headers['content-type']).toContain('application/ld+json');
      const quads = await quadsOf();
      const [catalogue = '', ...more] = ofType(quads, `${DCAT}Catalog`);
      expect(more).toEqual([]);
      for (const property of ['title', 'description', 'publisher']) expect(objects(quads, catalogue, DCT + property).length, property).toBeGreaterThan(0);
      expect(ofType(quads, 'http://xmlns.com/foaf/0.1/Agent')).toContain(objects(quads, catalogue, `${DCT}publisher`)[0]?.value);
      const datasets = ofType(quads, `${DCAT}Dataset`);
      const published = entries.filter((entry) => entry.status === 'registered');
      expect(datasets.map((dataset) => objects(quads, dataset, `${DCT}identifier`)[0]?.value).sort()).toEqual(published.map((entry) => entry.id).sort());
      expect(objects(quads, catalogue, `${DCAT}dataset`).map((object) => object.value).sort()).toEqual([...datasets].sort());
      for (const dataset of datasets) {
        for (const property of ['title', 'description']) expect(objects(quads, dataset, DCT + property).map((object) => object.termType), `${dataset} ${property}`).toEqual(['Literal']);
      }
      for (const distribution of ofType(quads, `${DCAT}Distribution`)) expect(objects(quads, distribution, `${DCAT}accessURL`).length).toBe(1);
    });

    it('points to addresses that answer', async () => {
      const quads = await quadsOf();
      for (const { object } of quads.filter((quad) => [`${DCAT}accessURL`, `${DCAT}landingPage`].includes(quad.predicate.value))) {
        expect((await story.get(new URL(object.value).pathname)).status, object.value).toBe(200);
      }
    });

    it.skipIf(!existsSync(shapesFile))('breaks no constraint of the published shapes', async () => {
      const shapes = readShapes(readFileSync(shapesFile, 'utf8'));
      const quads = await quadsOf();
      expect(brokenShapes(quads, shapes)).toEqual([]);
      // The check itself can fail: a catalogue without its title is seen.
      expect(brokenShapes(quads.filter((quad) => quad.predicate.value !== `${DCT}title`), shapes).length).toBeGreaterThan(1);
    });
  });

  it('Annex VIII: every point of a full record, and what is missing of a bare one', async () => {
    type Section = { points: Record<string, Record<string, unknown>>; missing: string[] };
    const file = (await story.get('/api/v1/exports/annex-viii')).json<{ entries: { entry: number; sections: Record<'A' | 'B' | 'C', Section> }[] }>();
    expect(file.entries).toHaveLength(entries.length);
    for (const { entry: number, sections } of file.entries) {
      const entry = entries.find((one) => one.number === number);
      if (entry === undefined) throw new Error(`no entry ${number}`);
      const expected: Record<string, Record<string, unknown>> = {};
      for (const field of ALL_FIELDS) {
        const value = valueOf(entry.record, field.key);
        if (value === undefined) continue;
        for (const point of new Set([...(field.annexViii ?? []), ...(field.columns ?? []).flatMap((column) => column.annexViii ?? [])])) (expected[point] ??= {})[field.key] = value;
      }
      const told = Object.fromEntries((['A', 'B', 'C'] as const).flatMap((name) => Object.entries(sections[name].points).map(([point, values]) => [name + point, values])));
      expect(told).toEqual(expected);
      for (const [name, count] of [['A', 13], ['B', 9], ['C', 5]] as const) {
        expect([...Object.keys(sections[name].points), ...sections[name].missing].map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
      }
    }
    // A full record leaves no point of the annex without a value.
    const full = entries.find((entry) => entry.source?.key === 'own-0');
    const sections = file.entries.find((one) => one.entry === full?.number)?.sections;
    expect([sections?.A.missing, sections?.B.missing, sections?.C.missing]).toEqual([[], [], []]);
  });

  it('ATRS: the attributes of its template by name', async () => {
    const { records } = (await story.get('/api/v1/exports/atrs')).json<{ records: Record<string, unknown>[] }>();
    expect(records).toHaveLength(entries.length);
    const names = ALL_FIELDS.flatMap((field) => [field.atrs, ...(field.columns ?? []).map((column) => column.atrs)]).filter((name) => name !== undefined);
    const full = entries.find((entry) => entry.source?.key === 'own-0');
    const record = records.find((one) => one['name'] === full?.record.name);
    expect(Object.keys(record ?? {}).sort()).toEqual([...new Set(names)].sort());
    expect(record?.['external_supplier']).toEqual(full?.record.suppliers?.map((supplier) => supplier.name ?? null));
  });

  it.each(['json', 'csv', 'annex-viii', 'atrs', 'dcat-ap'])('%s for the public holds no restricted field, no contact and no draft', async (format) => {
    const { body, status } = await story.get(`/exports/${format}`);
    expect(status).toBe(200);
    expect(body).toContain('Second');
    expect(body).not.toMatch(/zirafa|Hidden Draft Office|leyla\.m|gizli@|raw@example|555[- ]01|risk@example/i);
    expect((await story.get(`/api/v1/exports/${format}`)).body).toContain('Zirafa');
  });

  it('every link of the open-data page is a file', async () => {
    const { document } = await story.page('/exports');
    const links = [...document.querySelectorAll('main a[download]')].map((link) => link.getAttribute('href') ?? '');
    expect(links.length).toBeGreaterThanOrEqual(6);
    for (const link of links) {
      const answer = await story.get(link);
      expect([answer.status, String(answer.headers['content-disposition'])], link).toEqual([200, expect.stringContaining('attachment; filename="mizan-')]);
      expect(answer.bytes.length).toBeGreaterThan(100);
    }
  });
});
