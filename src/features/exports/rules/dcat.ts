/** The register as an open-data catalogue: DCAT-AP 3.0.1 in JSON-LD; the prefixes stand in the file, so that no context must be fetched. */

import type { Language, LocalisedText } from '../../../base/index.ts';
import type { SystemEntry } from '../../registry/index.ts';

/** Prefixes only: a document that needs the network to be understood is no document. */
export const DCAT_CONTEXT = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const;

export interface CatalogueFacts {
  /** Address of the register as people reach it, without a slash at the end. */
  readonly base: string;
  readonly title: LocalisedText;
  readonly description: LocalisedText;
  readonly publisher: LocalisedText;
  readonly languages: readonly Language[];
}

const literals = (text: LocalisedText): readonly unknown[] => Object.entries(text).map(([language, value]) => ({ '@value': value, '@language': language }));
const dateTime = (at: string): unknown => ({ '@value': at, '@type': 'xsd:dateTime' });

/** The catalogue without its datasets: whoever writes the graph adds one `dcat:dataset` reference for each. */
export function catalogueOf(facts: CatalogueFacts): Readonly<Record<string, unknown>> {
  return {
    '@id': `${facts.base}/#catalogue`,
    '@type': 'dcat:Catalog',
    'dct:title': literals(facts.title),
    'dct:description': literals(facts.description),
    'dct:publisher': { '@id': `${facts.base}/#publisher`, '@type': 'foaf:Agent', 'foaf:name': literals(facts.publisher) },
    'foaf:homepage': { '@id': `${facts.base}/`, '@type': 'foaf:Document' },
  };
}

/** One entry as a dataset: the description of a system, obtainable as JSON. */
export function datasetOf(entry: SystemEntry, base: string): Readonly<Record<string, unknown>> {
  const { record } = entry;
  const language = record.entryLanguage ?? 'und';
  const described = record.purpose ?? record.summary ?? record.name;
  const page = `${base}/registry/${entry.id}`;
  return {
    '@id': `${page}#dataset`,
    '@type': 'dcat:Dataset',
    'dct:identifier': entry.id,
    'dct:title': { '@value': record.name, '@language': language },
    'dct:description': { '@value': described, '@language': language },
    'dct:issued': dateTime(entry.registeredAt ?? entry.createdAt),
    'dct:modified': dateTime(entry.updatedAt),
    'dct:publisher': { '@id': `${base}/#body-${entry.body.id}`, '@type': 'foaf:Agent', 'foaf:name': entry.body.name },
    'dcat:landingPage': { '@id': page, '@type': 'foaf:Document' },
    ...(record.keywords === undefined ? {} : { 'dcat:keyword': record.keywords.map((word) => ({ '@value': word, '@language': language })) }),
    'dcat:distribution': {
      '@id': `${page}#json`,
      '@type': 'dcat:Distribution',
      'dcat:accessURL': { '@id': `${base}/api/v1/systems/${entry.id}` },
      'dcat:mediaType': { '@id': 'http://www.iana.org/assignments/media-types/application/json' },
    },
  };
}
