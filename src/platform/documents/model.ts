/** What a document is made of: its head, its blocks, and how large it may be. */

import type { Language } from '../../base/index.ts';

/** Canonical JSON handed to a template: a document of some thousand table rows. */
export const DOCUMENT_DATA_BYTES_MAX = 8 * 1024 * 1024;

/** Who issues a document, and the look that goes with the name; a theme gives it (documentIssuerOf in the html room). */
export interface DocumentIssuer {
  readonly name: string;
  /** A line beside the issuer at the head, and one above the digest at the foot; empty for none. */
  readonly header: string;
  readonly footer: string;
  /** A checked SVG, drawn at the head; empty for none. */
  readonly mark: string;
  /** `#rrggbb` of headings and marks; must be readable on white. */
  readonly accent: string;
}

/** Head and foot of every page. All of it is shown as given, already in the document's language. */
export interface DocumentHead {
  readonly language: Language;
  readonly title: string;
  readonly subtitle?: string;
  /** Who issues it: a theme's issuer, or only a name in the look of the house. */
  readonly issuer: string | DocumentIssuer;
  /** The day the document speaks of, in words. */
  readonly date: string;
  /** SHA-256 of what the document was made from; printed at the foot of each page. */
  readonly digest?: string;
}

export interface TableColumn {
  readonly label: string;
  /** Share of the width beside the other columns; 1 when absent. */
  readonly width?: number;
  readonly numeric?: boolean;
}

export type DocumentBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  /** Label and value beside each other. */
  | { readonly kind: 'facts'; readonly rows: readonly (readonly [label: string, value: string])[] }
  | { readonly kind: 'table'; readonly columns: readonly TableColumn[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'notice'; readonly tone: 'info' | 'success' | 'warning' | 'error'; readonly text: string }
  /** A drawing of our own, such as a QR code; `label` is said in its place to who cannot see it. */
  | { readonly kind: 'picture'; readonly svg: string; readonly widthMm: number; readonly label: string }
  | { readonly kind: 'page-break' };
