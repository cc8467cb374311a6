/** What documents and mails take from a theme, as plain data in one language. */

import type { Language } from '../../../base/index.ts';
import type { DocumentIssuer } from '../../documents/index.ts';
import type { Theme } from './format.ts';
import { coloursOf } from './palette.ts';

export interface MailParts {
  /** The name shown before the address of the sender. */
  readonly sender: string;
  /** Lines under the text, after “--” in plain mails. */
  readonly signature: string;
  /** Small print: why the reader got this mail. */
  readonly footer: string;
  /** The register's name at the top. */
  readonly name: string;
  /** `#rrggbb`. `accent` is readable on `paper` and `onAccent` on `accent`: both are measured when a theme is read. */
  readonly colours: { readonly accent: string; readonly onAccent: string; readonly ink: string; readonly inkSoft: string; readonly paper: string; readonly ground: string; readonly line: string };
}

/** The parts of a mail in the language of its reader. */
export function mailPartsOf(theme: Theme, language: Language): MailParts {
  // Mails are read on white in programs of all kinds, so the house's own light colours stand around the theme's accent.
  const house = coloursOf('light');
  const { mail } = theme;
  return {
    sender: (mail.sender ?? theme.shortName)[language],
    signature: (mail.signature ?? theme.regulator)[language],
    footer: (mail.footer ?? theme.footer)[language],
    name: theme.name[language],
    colours: { accent: mail.accent ?? theme.colours.light.brand, onAccent: house.paper, ink: house.ink, inkSoft: house['ink-soft'], paper: house.paper, ground: house.ground, line: house.line },
  };
}

/** Who issues a document, and its look: head, foot, mark and accent of the theme. */
export function documentIssuerOf(theme: Theme, language: Language): DocumentIssuer {
  const { documents } = theme;
  return {
    name: (documents.issuer ?? theme.name)[language],
    header: documents.header?.[language] ?? '',
    footer: documents.footer?.[language] ?? '',
    mark: theme.markSvg,
    accent: documents.accent ?? theme.colours.light.brand,
  };
}
