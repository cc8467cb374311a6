/** What is told about the parts of a bundle: the bill of materials (CycloneDX 1.6) and everybody's licence texts. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonical, type Json } from '../../base/index.ts';
import type { BundledPackage } from './closure.ts';

export interface Part {
  /** Its address as a package (purl), also its name inside the bill. */
  readonly purl: string;
  readonly name: string;
  readonly version: string;
  /** SPDX expression, or the words of the package itself. */
  readonly license: string;
  readonly sha512: string | undefined;
  readonly texts: readonly string[];
  /** purls of the parts it uses. */
  readonly uses: readonly string[];
}

const LICENSE_FILE = /^(?:licen[cs]e|copying|notice|copyright|ofl|third[-_]?party)/i;
const TEXT_BYTES_MAX = 2 * 1024 * 1024;
/** The identifiers that our packages use; anything else is given by name, which is always allowed. */
const SPDX_LIKE = /^(?:0BSD|Apache-2\.0|Artistic-2\.0|BlueOak-1\.0\.0|BSD-[23]-Clause|CC0-1\.0|CC-BY-[34]\.0|ISC|MIT|MIT-0|MPL-2\.0|OFL-1\.1|PostgreSQL|Python-2\.0|Unlicense|WTFPL|Zlib)$/;

/** Said of a package whose authors forgot to say: nobody else may fill that in. */
export const UNSTATED = 'not stated by its authors';

export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** One part a package and version, however often it lies in the tree. */
export function partsOf(root: string, packages: readonly BundledPackage[]): readonly Part[] {
  const byPlace = new Map(packages.map((one) => [one.place, one]));
  const parts = new Map<string, Part>();
  for (const { place, name, version, integrity, uses } of packages) {
    const purl = purlOf(name, version);
    const used = uses.flatMap((other) => {
      const found = byPlace.get(other);
      return found === undefined ? [] : [purlOf(found.name, found.version)];
    });
    const before = parts.get(purl);
    if (before !== undefined) {
      parts.set(purl, { ...before, uses: [...new Set([...before.uses, ...used])].sort() });
      continue;
    }
    const folder = join(root, place);
    const texts = licenseTexts(folder);
    const license = licenseOf(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { license?: Json; licenses?: Json });
    parts.set(purl, { purl, name, version, license: license ?? (texts.length > 0 ? 'see text' : UNSTATED), sha512: integrity?.startsWith('sha512-') === true ? Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex') : undefined, texts, uses: [...new Set(used)].sort() });
  }
  return [...parts.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
}

function licenseOf({ license, licenses }: { readonly license?: Json; readonly licenses?: Json }): string | undefined {
  const word = (value: Json | undefined): string | undefined => (typeof value === 'string' && value !== '' ? value : typeof value === 'object' && value !== null && 'type' in value && typeof value['type'] === 'string' ? value['type'] : undefined);
  return word(license) ?? (Array.isArray(licenses) ? licenses.map((one) => word(one as Json)).filter((one) => one !== undefined).join(' OR ') || undefined : undefined);
}

function licenseTexts(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENSE_FILE.test(entry.name) && !/\.(?:js|ts|mjs|cjs|json)$/.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name)))
    .filter((bytes) => bytes.length <= TEXT_BYTES_MAX)
    .map((bytes) => bytes.toString('utf8').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '');
}

/** CycloneDX 1.6 as JSON, the same bytes for the same parts: its serial number is derived from its content, and no time stands in it. */
export function billOfMaterials(product: { readonly name: string; readonly version: string; readonly license: string; readonly uses: readonly string[] }, parts: readonly Part[]): string {
  const own = `pkg:generic/${product.name}@${product.version}`;
  const content = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component: { type: 'application', 'bom-ref': own, name: product.name, version: product.version, purl: own, licenses: licensesOf(product.license) } },
    components: parts.map(({ purl, name, version, license, sha512 }) => ({
      type: purl.startsWith('pkg:npm/') ? 'library' : 'file',
      'bom-ref': purl,
      ...(name.startsWith('@') ? { group: name.split('/')[0] ?? '', name: name.split('/')[1] ?? '' } : { name }),
      version,
      ...(sha512 === undefined ? {} : { hashes: [{ alg: 'SHA-512', content: sha512 }] }),
      licenses: licensesOf(license),
      purl,
    })),
    dependencies: [{ ref: own, dependsOn: [...new Set(product.uses)].sort() }, ...parts.map(({ purl, uses }) => ({ ref: purl, dependsOn: uses }))],
  };
  const digest = createHash('sha256').update(canonical(content)).digest('hex');
  // A name-based UUID (version 5 in form), so that two bills differ when and only when their content does.
  const serial = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return `${JSON.stringify({ $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', ...content, serialNumber: `urn:uuid:${serial}` }, null, 1)}\n`;
}

function licensesOf(license: string): readonly Json[] {
  if (SPDX_LIKE.test(license)) return [{ license: { id: license } }];
  if (/^[\w.+() -]+ (?:OR|AND|WITH) [\w.+() -]+$/.test(license)) return [{ expression: license }];
  return [{ license: { name: license } }];
}

/** Every part with its licence, and each licence text once with the parts that it is for. */
export function thirdPartyNotices(parts: readonly Part[]): string {
  const byText = new Map<string, string[]>();
  for (const part of parts) for (const text of part.texts) byText.set(text, [...(byText.get(text) ?? []), `${part.name} ${part.version}`]);
  const list = parts.map((part) => `${part.name} ${part.version}: ${part.license}`).join('\n');
  const texts = [...byText].map(([text, names]) => `${'='.repeat(78)}\n${names.join(', ')}\n${'-'.repeat(78)}\n${text}\n`).join('\n');
  return `Parts of this bundle that others made, and the terms under which they are handed on.\n\n${list}\n\n${texts}`;
}
