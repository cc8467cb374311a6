/** The fields of a system record as data: type, limits, who may see them, and their names in Annex VIII, UK ATRS and the Dutch schema. */

import { NAME_LENGTH_MAX, TEXT_LENGTH_MAX } from '../../base/index.ts';

export const LINE_LENGTH_MAX = 500;
export const LINK_LENGTH_MAX = 2_000;
export const LIST_ITEMS_MAX = 100;

/** The tabs of the form and the sections of the public page, in order. */
export const GROUPS = [
  'identity',
  'owner',
  'provider',
  'deployers',
  'purpose',
  'working',
  'basis',
  'oversight',
  'data',
  'risks',
  'lifecycle',
  'links',
  'publication',
] as const;
export type Group = (typeof GROUPS)[number];

/** `public` fields are published with the entry; `restricted` ones stay in the workspace (contacts of people, internal notes). */
export type Tier = 'public' | 'restricted';

/** Where the field stands in other formats. Annex VIII as `A4`; ATRS and NL by attribute name, `list.column` inside lists. */
export interface Origin {
  readonly annexViii?: readonly string[];
  readonly atrs?: string;
  readonly nl?: string;
}

export type ColumnType = 'line' | 'text' | 'date' | 'link';

/** One column of a list field such as suppliers or data sets. */
export interface Column extends Origin {
  readonly key: string;
  readonly type: ColumnType;
  readonly tier?: Tier;
}

/**
 * line: one line of text. text: several lines. choice: one of `choices`. choices: some of `choices`. lines: a list of lines.
 * date: YYYY, YYYY-MM or YYYY-MM-DD. link: an http(s) address. items: a list of small records with `columns`.
 */
export type FieldType = ColumnType | 'choice' | 'choices' | 'lines' | 'items';

export interface Field extends Origin {
  readonly key: string;
  readonly group: Group;
  readonly type: FieldType;
  /** Longest value in UTF-16 units; absent means the maximum of the type. */
  readonly lengthMax?: number;
  readonly tier?: Tier;
  readonly choices?: readonly string[];
  readonly columns?: readonly Column[];
  /** Public text that the search reads. */
  readonly searched?: boolean;
}

export const SECTORS = [
  'administration', 'agriculture', 'culture', 'defence', 'economy', 'education', 'employment', 'energy', 'environment', 'finance', 'foreign-affairs',
  'health', 'housing', 'justice', 'migration', 'public-order', 'science', 'social-security', 'taxation', 'telecommunications', 'transport', 'other',
] as const;
export const PHASES = ['idea', 'design', 'development', 'pilot', 'in-use', 'retired'] as const;

/** Fields the exports leave to the entry itself: NL `publication_dt` is the day of registration when the record gives none. */
export const FIELDS = [
  // What it is called
  { key: 'name', group: 'identity', type: 'line', lengthMax: NAME_LENGTH_MAX, searched: true, annexViii: ['A4', 'B4'], atrs: 'name', nl: 'name' },
  { key: 'reference', group: 'identity', type: 'line', searched: true, annexViii: ['A4', 'B4'] },
  { key: 'summary', group: 'identity', type: 'text', searched: true, atrs: 'description', nl: 'description_short' },
  { key: 'sector', group: 'identity', type: 'choice', choices: SECTORS },
  { key: 'topics', group: 'identity', type: 'lines', searched: true, nl: 'category' },
  { key: 'keywords', group: 'identity', type: 'lines', searched: true, nl: 'tags' },
  { key: 'publicationCategory', group: 'identity', type: 'choice', choices: ['high-risk', 'impactful', 'other'], nl: 'publication_category' },
  { key: 'sourceId', group: 'identity', type: 'line', nl: 'source_id' },
  { key: 'registerId', group: 'identity', type: 'line', nl: 'lars' },
  { key: 'entryLanguage', group: 'identity', type: 'line', lengthMax: 35, nl: 'lang' },
  { key: 'standardVersion', group: 'identity', type: 'line', lengthMax: 50, nl: 'standard_version' },
  // Who answers for it
  { key: 'organisation', group: 'owner', type: 'line', lengthMax: NAME_LENGTH_MAX, searched: true, annexViii: ['C1'], atrs: 'organisation', nl: 'organization' },
  { key: 'organisationAddress', group: 'owner', type: 'line', annexViii: ['C1'] },
  { key: 'unit', group: 'owner', type: 'line', searched: true, atrs: 'team' },
  { key: 'seniorResponsibleOwner', group: 'owner', type: 'line', atrs: 'senior_responsible_owner' },
  { key: 'publicContact', group: 'owner', type: 'line' },
  { key: 'contactEmail', group: 'owner', type: 'line', tier: 'restricted', annexViii: ['C1'], atrs: 'contact_email', nl: 'contact_email' },
  { key: 'submitterName', group: 'owner', type: 'line', tier: 'restricted', annexViii: ['A2', 'B2', 'C2'] },
  { key: 'submitterAddress', group: 'owner', type: 'line', tier: 'restricted', annexViii: ['A2', 'B2', 'C2'] },
  { key: 'submitterContact', group: 'owner', type: 'line', tier: 'restricted', annexViii: ['A2', 'B2', 'C2'] },
  // Who made it
  { key: 'providerName', group: 'provider', type: 'line', searched: true, annexViii: ['A1', 'B1'], nl: 'provider' },
  { key: 'providerIdentifier', group: 'provider', type: 'line' },
  { key: 'providerAddress', group: 'provider', type: 'line', annexViii: ['A1', 'B1'] },
  { key: 'providerContact', group: 'provider', type: 'line', tier: 'restricted', annexViii: ['A1', 'B1'] },
  { key: 'representativeName', group: 'provider', type: 'line', annexViii: ['A3', 'B3'] },
  { key: 'representativeAddress', group: 'provider', type: 'line', annexViii: ['A3', 'B3'] },
  { key: 'representativeContact', group: 'provider', type: 'line', tier: 'restricted', annexViii: ['A3', 'B3'] },
  {
    key: 'suppliers', group: 'provider', type: 'items',
    columns: [
      { key: 'name', type: 'line', atrs: 'external_supplier' },
      { key: 'identifier', type: 'line', atrs: 'external_supplier_identifier' },
      { key: 'role', type: 'text', atrs: 'external_supplier_role' },
      { key: 'dataAccessTerms', type: 'text', atrs: 'data_access_terms' },
    ],
  },
  // Who uses it besides the owner
  {
    key: 'deployers', group: 'deployers', type: 'items',
    columns: [
      { key: 'name', type: 'line', annexViii: ['C1'] },
      { key: 'address', type: 'line', annexViii: ['C1'] },
      { key: 'contact', type: 'line', tier: 'restricted', annexViii: ['C1'] },
    ],
  },
  { key: 'providerEntryUrl', group: 'deployers', type: 'link', annexViii: ['C4'] },
  // What it is for
  { key: 'purpose', group: 'purpose', type: 'text', searched: true, annexViii: ['A5', 'B5'], nl: 'goal' },
  { key: 'components', group: 'purpose', type: 'text', annexViii: ['A5'] },
  { key: 'outputs', group: 'purpose', type: 'text', searched: true },
  { key: 'scope', group: 'purpose', type: 'text', atrs: 'scope' },
  { key: 'benefit', group: 'purpose', type: 'text', atrs: 'benefit' },
  { key: 'affectedPersons', group: 'purpose', type: 'text' },
  { key: 'frequency', group: 'purpose', type: 'text', atrs: 'frequency_usage' },
  { key: 'alternatives', group: 'purpose', type: 'text', atrs: 'alternatives_considered' },
  { key: 'necessity', group: 'purpose', type: 'text' },
  { key: 'proportionality', group: 'purpose', type: 'text', nl: 'proportionality' },
  { key: 'subsidiarity', group: 'purpose', type: 'text' },
  // How it works
  { key: 'inputs', group: 'working', type: 'text', annexViii: ['A6'] },
  { key: 'operatingLogic', group: 'working', type: 'text', searched: true, annexViii: ['A6'], nl: 'methods_and_models' },
  { key: 'modelType', group: 'working', type: 'text', atrs: 'model_type' },
  { key: 'architectureUrl', group: 'working', type: 'link', atrs: 'system_architecture' },
  { key: 'codeUrl', group: 'working', type: 'link', nl: 'publiccode' },
  { key: 'codeSecrecyReason', group: 'working', type: 'text' },
  { key: 'instructionsUrl', group: 'working', type: 'link', annexViii: ['A12'] },
  // By what right
  { key: 'legalBasis', group: 'basis', type: 'text', nl: 'lawful_basis' },
  {
    key: 'legalBasisLinks', group: 'basis', type: 'items', nl: 'lawful_basis_grouping',
    columns: [
      { key: 'title', type: 'line', nl: 'lawful_basis_grouping.title' },
      { key: 'url', type: 'link', nl: 'lawful_basis_grouping.link' },
    ],
  },
  { key: 'processingRegisterUrl', group: 'basis', type: 'link', nl: 'process_index_url' },
  // Who watches it, and what a person can do
  { key: 'processIntegration', group: 'oversight', type: 'text', atrs: 'process_integration' },
  { key: 'providedInformation', group: 'oversight', type: 'text', atrs: 'provided_information' },
  { key: 'humanDecisions', group: 'oversight', type: 'text', atrs: 'human_decisions', nl: 'human_intervention' },
  { key: 'requiredTraining', group: 'oversight', type: 'text', atrs: 'required_training' },
  { key: 'complaint', group: 'oversight', type: 'text', atrs: 'appeals_and_review' },
  { key: 'explanation', group: 'oversight', type: 'text' },
  // What it is fed
  { key: 'dataDescription', group: 'data', type: 'text', nl: 'source_data' },
  { key: 'personalData', group: 'data', type: 'choice', choices: ['yes', 'no', 'unknown'] },
  {
    key: 'dataSets', group: 'data', type: 'items', nl: 'source_data_grouping',
    columns: [
      { key: 'name', type: 'line', atrs: 'source_data_name', nl: 'source_data_grouping.title' },
      { key: 'description', type: 'text', atrs: 'source_data_description' },
      { key: 'url', type: 'link', atrs: 'source_data_url', nl: 'source_data_grouping.link' },
      { key: 'collection', type: 'text', atrs: 'data_collection' },
      { key: 'sharingAgreements', type: 'text', atrs: 'data_sharing_agreements' },
      { key: 'accessAndStorage', type: 'text', atrs: 'data_access_and_storage' },
    ],
  },
  // What can go wrong, and what was examined
  { key: 'riskManagement', group: 'risks', type: 'text', nl: 'risks' },
  {
    key: 'risks', group: 'risks', type: 'items',
    columns: [
      { key: 'name', type: 'line', atrs: 'risk_name' },
      { key: 'description', type: 'text', atrs: 'risk_description' },
      { key: 'mitigation', type: 'text', atrs: 'risk_mitigation' },
    ],
  },
  {
    key: 'assessments', group: 'risks', type: 'items', nl: 'impacttoetsen_grouping',
    columns: [
      { key: 'name', type: 'line', atrs: 'impact_assessment_name', nl: 'impacttoetsen_grouping.title' },
      { key: 'description', type: 'text', atrs: 'impact_assessment_description' },
      { key: 'date', type: 'date', atrs: 'impact_assessment_date' },
      { key: 'url', type: 'link', atrs: 'impact_assessment_link', nl: 'impacttoetsen_grouping.link' },
    ],
  },
  { key: 'assessmentNotes', group: 'risks', type: 'text', nl: 'impacttoetsen' },
  { key: 'rightsAssessmentSummary', group: 'risks', type: 'text', annexViii: ['C3'] },
  { key: 'dataProtectionSummary', group: 'risks', type: 'text', annexViii: ['C5'] },
  { key: 'exemptionConditions', group: 'risks', type: 'choices', choices: ['narrow-procedural-task', 'improves-human-activity', 'detects-patterns', 'preparatory-task'], annexViii: ['B6'] },
  { key: 'exemptionGrounds', group: 'risks', type: 'text', annexViii: ['B7'] },
  { key: 'certificateType', group: 'risks', type: 'line', annexViii: ['A8'] },
  { key: 'certificateNumber', group: 'risks', type: 'line', annexViii: ['A8'] },
  { key: 'certificateExpiry', group: 'risks', type: 'date', annexViii: ['A8'] },
  { key: 'notifiedBody', group: 'risks', type: 'line', annexViii: ['A8'] },
  { key: 'certificateUrl', group: 'risks', type: 'link', annexViii: ['A9'] },
  { key: 'declarationUrl', group: 'risks', type: 'link', annexViii: ['A11'] },
  // Where it stands in its life
  { key: 'phase', group: 'lifecycle', type: 'choice', choices: PHASES, atrs: 'phase', nl: 'status' },
  { key: 'marketStatus', group: 'lifecycle', type: 'choice', choices: ['not-yet', 'on-market', 'in-service', 'no-longer', 'recalled'], annexViii: ['A7', 'B8'] },
  { key: 'countries', group: 'lifecycle', type: 'lines', annexViii: ['A10', 'B9'] },
  { key: 'startDate', group: 'lifecycle', type: 'date', nl: 'begin_date' },
  { key: 'endDate', group: 'lifecycle', type: 'date', nl: 'end_date' },
  { key: 'reviewDate', group: 'lifecycle', type: 'date' },
  { key: 'maintenance', group: 'lifecycle', type: 'text', atrs: 'maintenance' },
  // Where to read on
  { key: 'website', group: 'links', type: 'link', annexViii: ['A13'], atrs: 'website', nl: 'website' },
  { key: 'sourceUrl', group: 'links', type: 'link', nl: 'url' },
  {
    key: 'links', group: 'links', type: 'items',
    columns: [
      { key: 'title', type: 'line' },
      { key: 'url', type: 'link' },
    ],
  },
  // What is published
  { key: 'section', group: 'publication', type: 'choice', choices: ['open', 'secure'] },
  { key: 'withholdingReason', group: 'publication', type: 'text' },
  { key: 'publicationDate', group: 'publication', type: 'date', nl: 'publication_dt' },
  { key: 'internalNotes', group: 'publication', type: 'text', tier: 'restricted' },
] as const satisfies readonly Field[];

type TableRow = (typeof FIELDS)[number];
export type FieldKey = TableRow['key'];

type ItemOf<C extends readonly Column[]> = { readonly [K in C[number]['key']]?: string };
type ValueOf<F> = F extends { readonly type: 'items'; readonly columns: infer C extends readonly Column[] }
  ? readonly ItemOf<C>[]
  : F extends { readonly type: 'lines' }
    ? readonly string[]
    : F extends { readonly type: 'choices'; readonly choices: infer C extends readonly string[] }
      ? readonly C[number][]
      : F extends { readonly type: 'choice'; readonly choices: infer C extends readonly string[] }
        ? C[number]
        : string;

/** The values of a record by field; every field but the name and the organisation may be absent, which means "not told". */
export type FieldValues = { readonly [F in TableRow as F['key'] extends 'name' | 'organisation' ? never : F['key']]?: ValueOf<F> } & {
  readonly name: string;
  readonly organisation: string;
};

/** The same table without its literal types, for code that walks over all fields. */
export const ALL_FIELDS: readonly Field[] = FIELDS;

const BY_KEY: ReadonlyMap<string, Field> = new Map(ALL_FIELDS.map((field) => [field.key, field]));
export function fieldOf(key: string): Field | undefined {
  return BY_KEY.get(key);
}

const TYPE_LENGTH_MAX: Readonly<Record<FieldType, number>> = {
  line: LINE_LENGTH_MAX,
  lines: LINE_LENGTH_MAX,
  text: TEXT_LENGTH_MAX,
  date: 10,
  link: LINK_LENGTH_MAX,
  choice: 100,
  choices: 100,
  items: 0,
};

/** Longest text of a field, or of one of its lines, in UTF-16 units. */
export function lengthMaxOf(field: { readonly type: FieldType; readonly lengthMax?: number }): number {
  return field.lengthMax ?? TYPE_LENGTH_MAX[field.type];
}
