/** The words of crosswalks: frameworks and their items, mapping sets in SSSOM, themes, and the limits of what is read. */

import type { CivilDate, LocalisedText } from '../../base/index.ts';
import type { Evidence, PackProblem } from '../model.ts';

/** How two items are related, read from subject to object: `broadMatch` says that the object is the broader one. */
export const PREDICATES = ['skos:exactMatch', 'skos:closeMatch', 'skos:broadMatch', 'skos:narrowMatch', 'skos:relatedMatch'] as const;
export type Predicate = (typeof PREDICATES)[number];

/** How somebody came to the claim. Only the first can ever carry evidence from one framework to another. */
export const JUSTIFICATIONS = ['semapv:ManualMappingCuration', 'semapv:LexicalMatching', 'semapv:SemanticSimilarityThresholdMatching', 'semapv:LLMBasedMatching'] as const;
export type Justification = (typeof JUSTIFICATIONS)[number];

/** The columns every file has, in the order in which they are written. */
export const COLUMNS = [
  'subject_id', 'subject_label', 'predicate_id', 'object_id', 'object_label', 'mapping_justification', 'author_id', 'reviewer_id', 'mapping_date', 'confidence', 'comment',
] as const;
export type Column = (typeof COLUMNS)[number];

export const SSSOM_LENGTH_MAX = 16_000_000;
export const SSSOM_ROWS_MAX = 50_000;
export const SSSOM_COLUMNS_MAX = 100;
export const SSSOM_CELL_LENGTH_MAX = 10_000;
export const SETS_MAX = 200;
export const FRAMEWORKS_MAX = 50;
export const ITEMS_MAX = 2_000;
export const THEMES_MAX = 200;

/** An item by its framework's own prefix, whatever prefix a file uses: `nist:MAP-1.1`. */
export type ItemId = string;

export interface FrameworkItem {
  readonly id: ItemId;
  /** The part of the id after the prefix; names the item in addresses. */
  readonly local: string;
  /** As the framework itself numbers it: `MAP 1.1`, `Art. 26(1)`; absent where it numbers nothing. */
  readonly code?: string;
  readonly group: string;
  /** A short name of our own, never the framework's text. */
  readonly label: LocalisedText;
}

export interface Framework {
  readonly id: string;
  readonly prefix: string;
  /** What the prefix stands for in the `curie_map` of a file. */
  readonly iri: string;
  readonly title: LocalisedText;
  readonly version: string;
  readonly publisher: string;
  readonly source: string;
  /** How the ids were obtained. */
  readonly evidence: Evidence;
  readonly note: LocalisedText;
  /** The law pack whose duties make up the items, and the key of the act in its citations. */
  readonly law?: { readonly pack: string; readonly act: string };
  readonly groups: readonly { readonly id: string; readonly label: LocalisedText }[];
  readonly items: readonly FrameworkItem[];
}

export interface Theme {
  readonly id: string;
  readonly label: LocalisedText;
  readonly items: readonly ItemId[];
}

/** One claim: a row of an SSSOM file. */
export interface Mapping {
  readonly subject: ItemId;
  readonly subjectLabel: string;
  readonly predicate: Predicate;
  readonly object: ItemId;
  readonly objectLabel: string;
  readonly justification: Justification;
  readonly authors: readonly string[];
  readonly reviewers: readonly string[];
  readonly date?: CivilDate;
  /** 0 to 1 as the author states it; absent when not stated. Never taken from another column. */
  readonly confidence?: number;
  readonly comment: string;
  /** Cells of columns we do not read, as written; `similarity_score` stays here. */
  readonly other: { readonly [column: string]: string };
  readonly line: number;
}

/** A value of the YAML header; scalars stay text, so that `1.10` is not turned into `1.1`. */
export type HeaderValue = string | readonly HeaderValue[] | { readonly [key: string]: HeaderValue };

export interface MappingSet {
  /** `mapping_set_id`. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly licence: string;
  readonly curies: { readonly [prefix: string]: string };
  /** The whole header, as read. */
  readonly header: { readonly [key: string]: HeaderValue };
  readonly otherColumns: readonly string[];
  readonly rows: readonly Mapping[];
}

export interface Crosswalk {
  /** In the order of the columns of the matrix. */
  readonly frameworks: readonly Framework[];
  readonly themes: readonly Theme[];
  readonly sets: readonly MappingSet[];
}

export type CrosswalkProblem = PackProblem;
