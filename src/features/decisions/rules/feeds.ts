/** The list of decisions as a table for spreadsheets and as a feed for readers of news. */

import type { Language } from '../../../base/index.ts';
import type { DecidedRow } from '../model.ts';

const COLUMNS = ['slot', 'round', 'number', 'title_az', 'title_en', 'title_ru', 'kind', 'class', 'result', 'option', 'yes', 'no', 'abstain', 'decided_at', 'in_force_at', 'epoch', 'motion_sha256'] as const;

/** A spreadsheet would run what begins with one of these signs; the apostrophe makes it a text. */
const quoted = (value: string): string => {
  const plain = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
};

/** RFC 4180 with a mark at its head, by which spreadsheets know UTF-8. */
export function decisionsCsv(rows: readonly DecidedRow[]): string {
  const lines = rows.map((row) =>
    [row.slot, String(row.round), row.number, row.title.az, row.title.en, row.title.ru, row.kind ?? '', row.class, row.result, row.option ?? '', String(row.yes), String(row.no), String(row.abstain), row.decidedAt, row.inForceAt ?? '', String(row.epoch), row.motion].map(quoted).join(','),
  );
  return `\u{feff}${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export interface FeedHead {
  readonly base: string;
  readonly language: Language;
  readonly title: string;
  readonly issuer: string;
  /** Of the newest decision, else of the request. */
  readonly updated: string;
}

/** RFC 4287. `hrefOf` gives paths, `sentenceOf` what was decided in words. */
export function decisionsAtom(rows: readonly DecidedRow[], { base, language, title, issuer, updated }: FeedHead, hrefOf: (row: DecidedRow) => string, sentenceOf: (row: DecidedRow) => string): string {
  const entries = rows.map((row) => {
    const href = escaped(`${base}${hrefOf(row)}`);
    return `<entry><id>${href}</id><title>${escaped(row.title[language])}</title><link rel="alternate" type="text/html" href="${href}"/><link rel="enclosure" type="application/json" href="${href}/decision.json"/><updated>${row.decidedAt}</updated><published>${row.decidedAt}</published><category term="${row.result}"/><summary>${escaped(sentenceOf(row))}</summary></entry>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}"><id>${escaped(`${base}/decisions`)}</id><title>${escaped(title)}</title><link rel="self" type="application/atom+xml" href="${escaped(`${base}/decisions.atom`)}"/><link rel="alternate" type="text/html" href="${escaped(`${base}/decisions`)}"/><author><name>${escaped(issuer)}</name></author><updated>${updated}</updated>\n${entries.join('\n')}${entries.length === 0 ? '' : '\n'}</feed>\n`;
}
