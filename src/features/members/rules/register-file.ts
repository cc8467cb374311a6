/** The register of members for spreadsheets and programs: what everybody may know of each place. */

import { csvField } from '../../../base/index.ts';
import type { PlaceRow } from '../model.ts';
import { endOf } from './register.ts';

export interface PlaceOutline {
  readonly place: string;
  readonly seat: number | null;
  readonly rank: number | null;
  readonly constituency: string;
  readonly standing: string;
  readonly holder: string | null;
  readonly from: string | null;
  readonly until: string | null;
  readonly sworn: string | null;
  readonly hosting: string | null;
  readonly build: string | null;
  readonly ballotKey: string | null;
}

/** Of a place whose last term is over nobody is the holder; of one that somebody will hold it is who will. */
export function outlineOf({ place, standing, term }: PlaceRow): PlaceOutline {
  const holder = standing === 'over' ? undefined : term;
  return {
    place: place.place,
    seat: place.seat ?? null,
    rank: place.rank ?? null,
    constituency: place.constituency,
    standing,
    holder: holder?.name ?? null,
    from: holder?.fromOn ?? null,
    until: holder === undefined ? null : endOf(holder),
    sworn: holder?.swornOn ?? null,
    hosting: place.domains.hosting ?? null,
    build: place.domains.build ?? null,
    ballotKey: place.ballotKey ?? null,
  };
}

const COLUMNS = ['place', 'seat', 'rank', 'constituency', 'standing', 'holder', 'from', 'until', 'sworn', 'hosting', 'build', 'ballotKey'] as const satisfies readonly (keyof PlaceOutline)[];

/** RFC 4180 with a mark at its head, by which spreadsheets know UTF-8. */
export function registerCsv(rows: readonly PlaceRow[]): string {
  const lines = rows.map((row) => {
    const outline = outlineOf(row);
    return COLUMNS.map((column) => csvField(String(outline[column] ?? ''))).join(',');
  });
  return `\u{feff}${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}
