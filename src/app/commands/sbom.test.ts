/** The bill of materials: the shape that CycloneDX 1.6 demands, every part once, every dependency named, the same bytes each time. */

import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { installationRoot } from '../../platform/files/root.ts';
import { sbomOf } from './sbom.ts';

const licence = z.union([z.strictObject({ license: z.strictObject({ id: z.string() }) }), z.strictObject({ license: z.strictObject({ name: z.string().min(1) }) }), z.strictObject({ expression: z.string().min(1) })]);
const component = z.strictObject({
  type: z.enum(['application', 'library', 'file']),
  'bom-ref': z.string().min(1),
  group: z.string().optional(),
  name: z.string().min(1),
  version: z.string(),
  hashes: z.array(z.strictObject({ alg: z.literal('SHA-512'), content: z.string().regex(/^[a-f0-9]{128}$/) })).optional(),
  licenses: z.array(licence),
  purl: z.string().regex(/^pkg:[a-z]+\//),
});
/** Written after the published schema: what it requires, and nothing that it does not know. */
const bill = z.strictObject({
  $schema: z.literal('http://cyclonedx.org/schema/bom-1.6.schema.json'),
  bomFormat: z.literal('CycloneDX'),
  specVersion: z.literal('1.6'),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
  version: z.int().min(1),
  metadata: z.strictObject({ component }),
  components: z.array(component).min(1),
  dependencies: z.array(z.strictObject({ ref: z.string(), dependsOn: z.array(z.string()) })),
});

describe('the bill of materials', () => {
  it('fits the format, names each part once and only parts that are there', () => {
    const text = sbomOf(installationRoot);
    const read = bill.parse(JSON.parse(text));
    const refs = [read.metadata.component, ...read.components].map((one) => one['bom-ref']);
    expect(new Set(refs).size).toBe(refs.length);
    expect(read.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !refs.includes(ref))).toEqual([]);
    expect(read.components.map(({ name }) => name)).toEqual(expect.arrayContaining(['fastify', 'better-auth', 'kysely']));
    expect(sbomOf(installationRoot)).toBe(text);
  });
});
