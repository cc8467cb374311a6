/** Due dates as an iCalendar file (RFC 5545): whole days, identifiers that stay the same when a date moves. */

import { type CivilDate, dateOfDay, dayNumber, type Instant } from '../../../base/index.ts';

export interface CalendarEvent {
  /** Unique and the same at every fetch, so that a moved date moves the entry in place. */
  readonly uid: string;
  readonly date: CivilDate;
  readonly summary: string;
  readonly description: string;
  readonly categories: readonly string[];
}

export interface Calendar {
  readonly name: string;
  readonly stamp: Instant;
  readonly events: readonly CalendarEvent[];
}

/** Section 3.1: lines of at most 75 octets, the rest on lines that begin with a space. */
const LINE_OCTETS_MAX = 75;

export function iCalendar({ name, stamp, events }: Calendar): string {
  const dtstamp = `${stamp.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Mizan//Duties//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    `X-WR-CALNAME:${escaped(name)}`,
    'REFRESH-INTERVAL;VALUE=DURATION:P1D',
    ...events.flatMap((event) => [
      'BEGIN:VEVENT',
      `UID:${event.uid}`,
      `DTSTAMP:${dtstamp}`,
      `DTSTART;VALUE=DATE:${event.date.replaceAll('-', '')}`,
      `DTEND;VALUE=DATE:${dateOfDay(dayNumber(event.date) + 1).replaceAll('-', '')}`,
      `SUMMARY:${escaped(event.summary)}`,
      `DESCRIPTION:${escaped(event.description)}`,
      ...(event.categories.length === 0 ? [] : [`CATEGORIES:${event.categories.map(escaped).join(',')}`]),
      'TRANSP:TRANSPARENT',
      'END:VEVENT',
    ]),
    'END:VCALENDAR',
  ];
  return `${lines.map(folded).join('\r\n')}\r\n`;
}

/** Section 3.3.11. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(';', '\\;').replaceAll(',', '\\,').replaceAll(/\r\n|\r|\n/g, '\\n');
}

/** Breaks between characters, never inside one: the limit counts octets. */
function folded(line: string): string {
  let result = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character, 'utf8');
    if (octets + size > LINE_OCTETS_MAX) {
      result += '\r\n ';
      octets = 1;
    }
    result += character;
    octets += size;
  }
  return result;
}
