/** Puts the review by counsel and the editor of drafts together and adds their routes. */

import type { Language } from '../../../base/index.ts';
import type { Clock } from '../../../platform/clock/index.ts';
import type { Database } from '../../../platform/db/index.ts';
import type { Theme } from '../../../platform/html/index.ts';
import type { MizanServer } from '../../../platform/http/index.ts';
import type { Lawbook } from '../../lawbook/index.ts';
import { openDrafts } from '../actions/drafts.ts';
import { openReviews } from '../actions/reviews.ts';
import { remarksPdf, type RemarksPdfParts } from '../web/review-pdf.ts';
import { editorRoutes } from './editor.ts';
import { reviewRoutes } from './review.ts';

export interface DeskParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly lawbook: Lawbook;
  /** The name of the register, printed on documents. */
  readonly issuer: (theme: Theme, language: Language) => RemarksPdfParts['issuer'];
  /** Where the effects of a version made here are measured and it can be adopted. */
  readonly adoptHref?: (digest: string) => string;
}

/** Adds `/lawdesk/review`, `/lawdesk/drafts`, `/lawdesk/difference` and their addresses for programs. */
export function deskRoutes(app: MizanServer, { database, clock, lawbook, issuer, adoptHref }: DeskParts): void {
  const reviews = openReviews({ database, clock, lawbook });
  reviewRoutes(app, { reviews, lawbook, clock, remarksPdf: async (parts, language, theme) => remarksPdf({ ...parts, issuer: issuer(theme, language) }, language) });
  editorRoutes(app, { drafts: openDrafts({ database, clock, lawbook }), lawbook, adoptHref });
}
