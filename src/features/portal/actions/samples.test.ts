/** The sample systems through the real doors: every record, language and answer, what the law says of them, and loading and removing. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { onEveryEngine } from '../../../../test/support/engines.ts';
import { type CivilDate, LANGUAGES, type LocalisedText } from '../../../base/index.ts';
import { compileLaw, decide, loadPack, parseFacts, type Result } from '../../../law/index.ts';
import { systemScope as scope } from '../../../platform/auth/index.ts';
import { fixedClock } from '../../../platform/clock/index.ts';
import { migrationsOf } from '../../../platform/db/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import { type Assessment, loadInstalledRecognisers, openAssessment } from '../../assessment/index.ts';
import { lawbookMigrations, openLawbook, readPackFolder } from '../../lawbook/index.ts';
import { ALL_FIELDS, createRegistry, parseRecord, type Registry, registryMigrations } from '../../registry/index.ts';
import { impactMigrations, openImpact } from '../../impact/index.ts';
import { createSamples, readSamples, recordIn, type Samples } from './samples.ts';

const day = '2026-11-23' as CivilDate;
const samples = readSamples();
const byId = new Map(samples.map((sample) => [sample.id, sample]));

/** What must hold for the fully answered samples besides `scope.material` and `literacy`, read from the Act; everything else must fail. */
const SETTLED: Readonly<Record<string, readonly string[]>> = {
  // Recital 59: tax and customs bodies at administrative work are no law enforcement.
  'tax-return-risk': [],
  'customs-cargo-images': [],
  'credit-scoring': ['scope', 'high_risk.III.5b'],
  // Annex III 5(c) names life and health insurance only.
  'motor-insurance': [],
  'life-insurance': ['high_risk.III.5c'],
  'pensioner-loans': ['prohibited.b'],
  'benefits-eligibility': ['high_risk.III.5a'],
  'decision-letters': ['filtered.b'],
  'aid-file-preparation': ['filtered.d'],
  'service-centre-chatbot': ['transparency.50-1', 'transparency.50-2'],
  // A ban does not displace the high-risk class: the regimes are independent.
  'citizen-score-pilot': ['prohibited.c', 'high_risk.III.5a'],
  'drafting-assistant': ['transparency.50-2'],
  'court-case-search': ['high_risk.III.8a'],
  // Verification of a person and of a travel document: outside 1(a) and 7(d).
  'border-gate': [],
  // Recital 19: a border control area is not publicly accessible, so 5(1)(h) is not met.
  'border-watch-list': ['high_risk.III.1a', 'high_risk.III.7d'],
  'street-cameras-live': ['prohibited.h', 'high_risk.III.1a', 'unlawful_use'],
  // Annex III 6(d) covers assessments that do not rest solely on profiling; those that do are banned.
  'offender-profile': ['prohibited.d'],
  'evidence-check': ['high_risk.III.6c'],
  'campaign-messages': ['high_risk.III.8b'],
  'essay-grading': ['high_risk.III.3b'],
  'exam-proctoring': ['high_risk.III.3d'],
  'grading-consistency': ['filtered.c'],
  'school-tutor': ['transparency.50-1', 'transparency.50-2'],
  'cv-ranking': ['high_risk.III.4a'],
  'application-duplicates': ['filtered.a'],
  'call-centre-emotion': ['prohibited.f', 'high_risk.III.1c', 'high_risk.III.4b', 'unlawful_use', 'transparency.50-3'],
  'radiology-triage': ['scope', 'high_risk.6-1A'],
  'emergency-dispatch': ['high_risk.III.5d'],
  'load-forecast': [],
  'chlorine-dosing': ['high_risk.III.2'],
  // Danger to property alone counts under the default reading of Art. 3(14).
  'data-centre-cooling': ['high_risk.III.2'],
  shuttle: ['high_risk.6-1B'],
  // Art. 2(12): open source without any special regime is outside.
  'bus-arrivals': [],
  'crop-monitoring': [],
  'tourism-videos': ['scope', 'transparency.50-2', 'transparency.50-4-i'],
  'news-drafts': ['transparency.50-2', 'transparency.50-4-ii'],
  'national-language-model': ['scope', 'gpai'],
  'supply-routes': [],
  'protein-research': [],
  'cv-ranking-vendor': ['scope', 'high_risk.III.4a'],
  'imaging-import': ['scope', 'high_risk.6-1A'],
  'lift-door-guard': ['scope', 'high_risk.6-1A'],
};
/** Art. 2(3) and 2(6). */
const OUTSIDE: ReadonlySet<string> = new Set(['supply-routes', 'protein-research']);
/** Outside, freed of Art. 4 by Art. 2(2) and 2(12), or neither made nor used by the body. */
const WITHOUT_LITERACY: ReadonlySet<string> = new Set([...OUTSIDE, 'shuttle', 'bus-arrivals', 'imaging-import', 'lift-door-guard']);

/** What half-answered samples already settle and what they must leave open. */
const HALF_WAY: Readonly<Record<string, Readonly<Record<string, Result>>>> = {
  'vat-fraud-network': { 'scope.material': 'holds', 'prohibited.d': 'fails', 'high_risk.III.6e': 'undetermined' },
  'hotline-voice-menu': { 'transparency.50-1': 'undetermined', 'transparency.50-2': 'undetermined', 'transparency.50-3': 'fails' },
  'family-support-risk': { 'scope.material': 'holds', 'prohibited.a': 'fails', 'prohibited.c': 'undetermined', 'high_risk.III.5a': 'undetermined' },
  'legislative-translation': { 'transparency.50-2': 'undetermined', 'transparency.50-4-ii': 'fails', high_risk: 'fails' },
  'visa-triage': { 'high_risk.III.7c': 'undetermined', 'high_risk.III.7b': 'fails', unlawful_use: 'undetermined', prohibited: 'fails' },
  'asylum-speech': { 'prohibited.g': 'undetermined', 'high_risk.III.1b': 'undetermined', 'high_risk.III.7c': 'undetermined', 'high_risk.III.1a': 'fails' },
  'victim-risk': { 'prohibited.d': 'undetermined', 'high_risk.III.6a': 'undetermined', 'high_risk.III.6d': 'fails', filtered: 'fails' },
  'admission-ranking': { 'high_risk.III.3a': 'undetermined', 'high_risk.III.3b': 'fails', transparency: 'fails' },
  'shift-planning': { 'high_risk.III.4b': 'undetermined', 'high_risk.III.4a': 'fails', prohibited: 'fails', literacy: 'holds' },
  'driver-rating': { 'high_risk.III.4b': 'undetermined', prohibited: 'fails', literacy: 'holds' },
  'ecg-watch': { scope: 'holds', 'high_risk.6-1A': 'undetermined', 'high_risk.6-1B': 'fails', literacy: 'holds' },
  'clinic-notes': { 'transparency.50-2': 'undetermined', 'transparency.50-1': 'fails', 'transparency.50-4-ii': 'fails' },
  'water-leaks': { 'high_risk.III.2': 'undetermined', 'high_risk.6-1A': 'fails' },
  'gas-pressure': { 'high_risk.III.2': 'undetermined', transparency: 'undetermined' },
  'rail-bearings': { 'high_risk.6-1B': 'undetermined', 'high_risk.6-1A': 'fails', 'high_risk.III.2': 'fails' },
};

const loaded = loadPack(readPackFolder(join(installationRoot, 'packs', 'law', 'eu-ai-act')));
if (!loaded.ok) throw new Error('the law pack does not load');
const pack = loaded.value;
const law = compileLaw(pack, { asOf: day, knownOn: day });
const decisionOf = (id: string) => {
  const facts = parseFacts(pack, byId.get(id)?.facts);
  if (!facts.ok) throw new Error(facts.refusal.map((problem) => `${problem.fact}: ${problem.message}`).join('\n'));
  return decide(law, facts.value, { reasons: false, flips: false, ranked: false });
};

describe('sample records', () => {
  it('have ids of their own', () => {
    expect(byId.size).toBe(samples.length);
    expect(samples.length).toBeGreaterThanOrEqual(60);
  });

  it('are told richly and poorly, as in life', () => {
    const fields = samples.map((sample) => Object.keys(sample.record).length);
    expect(fields.filter((count) => count >= 30).length).toBeGreaterThanOrEqual(10);
    expect(fields.filter((count) => count <= 8).length).toBeGreaterThanOrEqual(5);
  });

  it.each(samples.map((sample) => sample.id))('%s is a record in every language, by an invented body', (id) => {
    const sample = byId.get(id)!;
    for (const language of LANGUAGES) {
      const parsed = parseRecord(recordIn(sample, language));
      expect(parsed.ok ? undefined : parsed.refusal).toBeUndefined();
      if (!parsed.ok) continue;
      const word = { az: 'Nümunə', en: 'Sample', ru: '(образец)' }[language];
      expect(parsed.value.organisation).toContain(word);
      expect(parsed.value.providerName ?? word).toContain(word);
      expect(parsed.value.entryLanguage).toBe(language);
    }
  });

  it.each(samples.map((sample) => sample.id))('%s is written in three languages', (id) => {
    for (const [path, value] of textsOf(byId.get(id)!.record)) {
      if (typeof value === 'string') expect(isLanguageFree(path), `${path}: “${value}” stands in one language`).toBe(true);
      else {
        expect(new Set(Object.values(value)).size, path).toBe(LANGUAGES.length);
        if (path === 'entryLanguage') continue;
        expect(value.ru, path).toMatch(/[а-яё]/iu);
        expect(`${value.az} ${value.en}`, path).not.toMatch(/[а-яё]/iu);
      }
    }
  });

  it('link nowhere but to example addresses', () => {
    const texts = samples.flatMap((sample) => textsOf(sample.record).flatMap(([, value]) => (typeof value === 'string' ? [value] : Object.values(value))));
    const addresses = texts.flatMap((text) => text.match(/(?:https?:\/\/|@)[^\s/"]+/g) ?? []);
    expect(addresses.length).toBeGreaterThan(20);
    expect(addresses.filter((address) => !address.endsWith('.example.org'))).toEqual([]);
  });
});

describe('sample answers', () => {
  it('are all judged here', () => {
    expect(Object.keys(SETTLED).toSorted()).toEqual(samples.filter((sample) => sample.decided).map((sample) => sample.id).toSorted());
    expect(Object.keys(HALF_WAY).toSorted()).toEqual(samples.filter((sample) => sample.facts !== undefined && !sample.decided).map((sample) => sample.id).toSorted());
  });

  it.each(Object.entries(SETTLED))('%s: %j and nothing else', (id, expected) => {
    const { outcomes } = decisionOf(id);
    expect(outcomes.filter((outcome) => outcome.result === 'undetermined' || outcome.result === 'disputed').map((outcome) => `${outcome.id}: ${outcome.ask.join(' ')}`)).toEqual([]);
    const conclusions = new Set(pack.conclusions.map((conclusion) => conclusion.id));
    const holding = outcomes.filter((outcome) => outcome.result === 'holds' && conclusions.has(outcome.id)).map((outcome) => outcome.id);
    const general = [...(OUTSIDE.has(id) ? [] : ['scope.material']), ...(WITHOUT_LITERACY.has(id) ? [] : ['literacy'])];
    expect(holding.toSorted()).toEqual([...general, ...expected].toSorted());
  });

  it.each(Object.entries(HALF_WAY))('%s: %j so far', (id, expected) => {
    const { outcomes } = decisionOf(id);
    expect(Object.fromEntries(Object.keys(expected).map((name) => [name, outcomes.find((outcome) => outcome.id === name)?.result]))).toEqual(expected);
  });
});

onEveryEngine((open) => {
  let registry: Registry;
  let assessment: Assessment;
  let loader: Samples;
  beforeAll(async () => {
    const clock = fixedClock(`${day}T09:00:00Z`);
    const database = await open([...migrationsOf('platform'), ...registryMigrations(), ...lawbookMigrations(), ...migrationsOf('assessment'), ...impactMigrations()]);
    registry = createRegistry({ database, clock });
    const lawbook = await openLawbook({ database, clock });
    const { set, digest } = loadInstalledRecognisers(pack);
    assessment = openAssessment({ database, clock, lawbook, registry, recognisers: () => ({ set, digest }) });
    registry.onChange(async (changes) => assessment.screen(scope, await registry.getMany(scope, changes.map((change) => change.id))));
    loader = createSamples({ registry, assessment, lawbook, clock, impact: await openImpact({ database, clock, registry, lawbook, assessment }) });
  });

  it('load once however often, carry the label, keep their classifications, and leave nothing behind', async () => {
    const own = await registry.create(scope, { name: 'Own system', organisation: 'Own body', purpose: 'Forecasts rain.' });
    if (!own.ok) throw new Error('not created');
    expect(await loader.load(scope, 'en')).toBe(samples.length);
    expect(await loader.load(scope, 'ru')).toBe(samples.length);
    expect(await loader.count(scope)).toBe(samples.length);
    const entries = [];
    for await (const entry of registry.stream(scope, {})) entries.push(entry);
    expect(entries.filter((entry) => entry.sample)).toHaveLength(samples.length);
    expect(entries.filter((entry) => !entry.sample).map((entry) => entry.id)).toEqual([own.value.id]);

    const scoring = entries.find((entry) => entry.source?.key === 'credit-scoring');
    if (scoring === undefined) throw new Error('not loaded');
    expect(scoring.status).toBe('registered');
    const sheet = await assessment.sheet(scope, scoring.id, { asOf: day, knownOn: day });
    expect(sheet?.toAsk).toEqual([]);
    expect(await assessment.classifications(scoring.id)).toHaveLength(1);

    expect(await loader.remove(scope)).toBe(samples.length);
    expect(await loader.count(scope)).toBe(0);
    expect(await registry.list(scope, { limit: 10 })).toMatchObject({ ok: true, value: { total: 1 } });
    expect((await assessment.worklist.counts()).total).toBe(1);
    expect(await assessment.classifications(scoring.id)).toEqual([]);
    expect(await loader.remove(scope)).toBe(0);
  });
});

type Value = string | LocalisedText;

function textsOf(record: (typeof samples)[number]['record']): readonly (readonly [string, Value])[] {
  return Object.entries(record).flatMap(([key, value]) => {
    if (!Array.isArray(value)) return [[key, value as Value] as const];
    return value.flatMap((item): (readonly [string, Value])[] => (isValue(item) ? [[key, item]] : Object.entries(item).map(([column, cell]) => [`${key}.${column}`, cell as Value] as const)));
  });
}

function isValue(item: unknown): item is Value {
  return typeof item === 'string' || (typeof item === 'object' && item !== null && Object.keys(item).toSorted().join() === 'az,en,ru');
}

/** Codes, dates, addresses and numbers read the same in every language. */
function isLanguageFree(path: string): boolean {
  if (['reference', 'certificateNumber', 'exemptionConditions'].includes(path) || /(?:Contact|contactEmail)$/.test(path)) return true;
  const [key = '', column] = path.split('.');
  const field = ALL_FIELDS.find((candidate) => candidate.key === key);
  const type = column === undefined ? field?.type : field?.columns?.find((candidate) => candidate.key === column)?.type;
  return type === 'choice' || type === 'choices' || type === 'date' || type === 'link';
}
