/** RFC 5545: folding counts octets, special characters are escaped, an event keeps its identifier when its day moves. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CivilDate, Instant } from '../../../base/index.ts';
import { iCalendar } from './icalendar.ts';

const event = (summary: string, date = '2027-12-02') => ({ uid: 'a@mizan', date: date as CivilDate, summary, description: 'x', categories: [] });
const calendar = (events: readonly ReturnType<typeof event>[]): string => iCalendar({ name: 'n', stamp: '2026-11-23T09:00:00.000Z' as Instant, events });
/** Section 3.1: unfold first, then read. */
const property = (text: string, name: string): string => text.replaceAll('\r\n ', '').split('\r\n').find((line) => line.startsWith(`${name}:`))?.slice(name.length + 1) ?? '';
const unescaped = (text: string): string => text.replaceAll(/\\([\\;,nN])/g, (_, letter: string) => (letter.toLowerCase() === 'n' ? '\n' : letter));

describe('a calendar', () => {
  it('is whole days with both ends', () => {
    const text = calendar([event('Risk file', '2026-12-31')]);
    expect(text).toContain('DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n');
    expect(text).toContain('DTSTAMP:20261123T090000Z');
    expect(text.endsWith('END:VCALENDAR\r\n')).toBe(true);
  });

  it('keeps any text, in lines of at most 75 octets', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (words) => {
        const text = calendar([event(words)]);
        expect(text.split('\r\n').every((line) => Buffer.byteLength(line, 'utf8') <= 75)).toBe(true);
        expect(unescaped(property(text, 'SUMMARY'))).toBe(words.replaceAll(/\r\n|\r|\n/g, '\n'));
      }),
    );
  });
});
