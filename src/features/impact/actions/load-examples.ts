/** Worked examples of questionnaires (packs/questionnaires/…/examples), each for one sample system: what a finished assessment looks like. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { Fault, type Json, type Language, LANGUAGES } from '../../../base/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import { installationRoot } from '../../../platform/files/root.ts';
import type { Impact } from './open-impact.ts';

const EXAMPLES_MAX = 100;
const exampleFile = z.object({ sample: z.string().max(100), questionnaire: z.string().max(100), version: z.string().max(40), answers: z.record(z.string(), z.unknown()) });

export interface ImpactExample {
  /** Id of the sample system it is about. */
  readonly sample: string;
  readonly questionnaire: string;
  /** Raw answers, texts in one language. */
  readonly answers: Readonly<Record<string, Json>>;
}

export function readImpactExamples(language: Language, folder = join(installationRoot, 'packs', 'questionnaires')): readonly ImpactExample[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).flatMap(({ name }) => {
    const own = join(folder, name, 'examples');
    return existsSync(own) ? readdirSync(own).filter((file) => file.endsWith('.yaml')).sort().map((file) => join(own, file)) : [];
  });
  return files.slice(0, EXAMPLES_MAX).map((file) => {
    const { sample, questionnaire, answers } = exampleFile.parse(parse(readFileSync(file, 'utf8')));
    return { sample, questionnaire, answers: inLanguage(answers as Json, language) as Readonly<Record<string, Json>> };
  });
}

/** Texts stand in three languages; everything else is the same in all. */
function inLanguage(value: Json, language: Language): Json {
  if (Array.isArray(value)) return value.map((one: Json) => inLanguage(one, language));
  if (typeof value !== 'object' || value === null) return value;
  const map = value as { readonly [key: string]: Json };
  const keys = Object.keys(map);
  if (keys.length === LANGUAGES.length && LANGUAGES.every((one) => keys.includes(one))) return map[language] ?? null;
  return Object.fromEntries(Object.entries(map).map(([key, one]) => [key, inLanguage(one, language)]));
}

/**
 * Fills in the examples of systems that have no assessment of that kind yet, finishes those that are complete and publishes them.
 * `systemOf` gives the entry of a sample. Fault `sample-broken` for an example that does not fit its questionnaire.
 */
export async function loadImpactExamples(impact: Impact, scope: Scope, language: Language, systemOf: ReadonlyMap<string, string>): Promise<void> {
  for (const example of readImpactExamples(language)) {
    const systemId = systemOf.get(example.sample);
    if (systemId === undefined || impact.questionnaire(example.questionnaire) === undefined) continue;
    if ((await impact.ofSystem(systemId)).some((row) => row.kind === example.questionnaire)) continue;
    const begun = await impact.start(scope, { systemId, kind: example.questionnaire, answers: example.answers });
    if (!begun.ok) throw new Fault('sample-broken', `The example of ${example.questionnaire} for ${example.sample} does not fit: ${JSON.stringify(begun.refusal)}`, { sample: example.sample });
    const view = await impact.view(scope, begun.value);
    if (view === undefined || view.assessed.missing.length > 0) continue;
    const finished = await impact.finish(scope, begun.value, view.row.step);
    // What stands in the secure section is shown to nobody outside.
    if (finished.ok && view.entry?.record['section'] !== 'secure') await impact.publish(scope, begun.value, true);
  }
}
