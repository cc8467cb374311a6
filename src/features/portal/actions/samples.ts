/** Sample data: invented systems under packs/samples, loaded and removed as a whole, always marked as samples. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Fault, type Language } from '../../../base/index.ts';
import { parseFacts } from '../../../law/index.ts';
import { type Scope, systemScope, within } from '../../../platform/auth/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { Assessment } from '../../assessment/index.ts';
import { type Impact, loadImpactExamples } from '../../impact/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { parseRecord, type Registry } from '../../registry/index.ts';

export const SAMPLES_SOURCE = 'sample';
export const SAMPLES_MAX = 500;

const localised = z.strictObject({ az: z.string(), en: z.string(), ru: z.string() });
type SampleValue = string | z.infer<typeof localised> | readonly SampleValue[] | { readonly [key: string]: SampleValue };
/** A registry field as a sample gives it: every text may stand in three languages, inside lists and rows too. */
const sampleValue: z.ZodType<SampleValue> = z.lazy(() => z.union([z.string(), localised, z.array(sampleValue), z.record(z.string(), sampleValue)]));
const sampleFile = z.object({
  // Other keys of a file hold anchors that its samples share.
  samples: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[a-z0-9-]+$/),
        /** Registry fields; texts may be given in three languages. */
        record: z.record(z.string(), sampleValue),
        /** Answers for the main law pack; absent facts stay open. */
        facts: z.record(z.string(), z.unknown()).optional(),
        /** Whether the classification is recorded on loading. */
        decided: z.boolean().default(false),
      }),
    )
    .max(SAMPLES_MAX),
});

export interface Samples {
  /** Loads what is not loaded yet; texts in `language`. Answers how many there are. */
  load(scope: Scope, language: Language): Promise<number>;
  /** Removes every sample with its history, answers and classifications. Answers how many there were. */
  remove(scope: Scope): Promise<number>;
  count(scope: Scope): Promise<number>;
}

export interface SamplesParts {
  readonly registry: Registry;
  readonly assessment: Assessment;
  readonly lawbook: Lawbook;
  readonly clock: Clock;
  readonly impact: Impact;
}

export function createSamples({ registry, assessment, lawbook, clock, impact }: SamplesParts): Samples {
  let counted: number | undefined;
  const idsOf = async (scope: Scope): Promise<string[]> => {
    const ids: string[] = [];
    for await (const entry of registry.sourceKeys(scope, SAMPLES_SOURCE)) ids.push(entry.id);
    return ids;
  };
  return {
    load: async (scope, language) => {
      const samples = readSamples();
      const pack = lawbook.pack();
      const rows = samples.map((sample) => {
        const record = parseRecord(recordIn(sample, language));
        if (!record.ok) throw new Fault('sample-broken', `The sample ${sample.id} is not a record: ${record.refusal.map((problem) => `${problem.path} ${problem.code}`).join(', ')}`, { sample: sample.id });
        return { key: sample.id, record: record.value };
      });
      const { rows: imported } = await registry.importRows(scope, rows, { source: SAMPLES_SOURCE, status: 'registered', sample: true, reason: 'sample data' });
      const idOf = new Map(imported.map((row) => [row.key, row]));
      const today = clock.today();
      for (const sample of samples) {
        const row = idOf.get(sample.id);
        // Asked of each, not only of those that came now: a load that broke off half-way is finished by the next.
        if (row === undefined || sample.facts === undefined || pack === undefined || !(await assessment.isUntouched(row.id))) continue;
        // Another country's law may not ask all that the samples answer.
        const known = new Set(pack.facts.map((fact) => fact.id));
        const facts = parseFacts(pack, Object.fromEntries(Object.entries(sample.facts).filter(([id]) => known.has(id))));
        if (!facts.ok) throw new Fault('sample-broken', `The facts of sample ${sample.id} do not fit the law pack: ${facts.refusal.map((problem) => `${problem.fact}: ${problem.message}`).join('; ')}`, { sample: sample.id });
        await assessment.answerAll(scope, row.id, facts.value);
        if (sample.decided) await assessment.classify(scope, row.id, { asOf: today, knownOn: today });
      }
      await loadImpactExamples(impact, scope, language, new Map(imported.map((row) => [row.key, row.id])));
      counted = samples.length;
      return samples.length;
    },
    remove: async (scope) => {
      const ids = await idsOf(scope);
      await assessment.forget(scope, ids);
      await impact.forget(scope, ids);
      counted = 0;
      return registry.removeSamples(scope);
    },
    count: async (_scope) => {
      // The note about samples is for whoever reads a page; how many there are is one figure for all.
      counted ??= (await within(systemScope, async () => idsOf(systemScope))).length;
      return counted;
    },
  };
}

export type Sample = z.infer<typeof sampleFile>['samples'][number];

/** All samples in the order of the files. The files share answers by YAML merge keys (`<<`). */
export function readSamples(): readonly Sample[] {
  const folder = join(installationRoot, 'packs', 'samples');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => sampleFile.parse(parse(readFileSync(join(folder, name), 'utf8'), { merge: true })).samples);
}

/** The record of a sample in one language, as a form would send it. */
export function recordIn(sample: Sample, language: Language): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(sample.record).map(([key, value]) => [key, inLanguage(value, language)]));
}

function inLanguage(given: SampleValue, language: Language): unknown {
  if (typeof given === 'string') return given;
  if (Array.isArray(given)) return given.map((one: SampleValue) => inLanguage(one, language));
  const text = localised.safeParse(given);
  if (text.success) return text.data[language];
  return Object.fromEntries(Object.entries(given).map(([key, one]) => [key, inLanguage(one, language)]));
}
