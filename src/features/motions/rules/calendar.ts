/** Deadlines and sittings as an iCalendar file (RFC 5545). */

import { utf8 } from '../../../proof/bytes.ts';

export interface CalendarEvent {
  readonly uid: string;
  /** `2027-03-18T14:00:00.000Z`. */
  readonly at: string;
  readonly changedAt: string;
  readonly title: string;
  readonly url: string;
  readonly endsAt?: string;
  readonly place?: string;
  readonly isCancelled?: boolean;
  /** Grows with each change, so that calendars take the newer one. */
  readonly revision?: number;
}

const LINE_BYTES_MAX = 75;
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll('\n', '\\n');
const stamp = (at: string): string => `${at.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;

/** Lines of more than 75 bytes go on behind a blank; a letter is never split. */
function folded(line: string): string {
  let [out, bytes] = ['', 0];
  for (const letter of line) {
    const length = utf8(letter).length;
    if (bytes + length > LINE_BYTES_MAX) [out, bytes] = [`${out}\r\n `, 1];
    out += letter;
    bytes += length;
  }
  return out;
}

export function calendarFile(name: string, events: readonly CalendarEvent[]): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mizan//Motions//EN',
    `X-WR-CALNAME:${escaped(name)}`,
    ...events.flatMap(({ uid, at, changedAt, title, url, endsAt, place, isCancelled, revision }) => [
      'BEGIN:VEVENT',
      `UID:${uid}`,
      `DTSTAMP:${stamp(changedAt)}`,
      `DTSTART:${stamp(at)}`,
      ...(endsAt === undefined ? [] : [`DTEND:${stamp(endsAt)}`]),
      `SUMMARY:${escaped(title)}`,
      ...(place === undefined || place === '' ? [] : [`LOCATION:${escaped(place)}`]),
      ...(isCancelled === true ? ['STATUS:CANCELLED'] : []),
      ...(revision === undefined ? [] : [`SEQUENCE:${revision}`]),
      `URL:${url}`,
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}
