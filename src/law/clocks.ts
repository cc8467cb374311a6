/** Ends of statutory periods, counted as Regulation (EEC, Euratom) No 1182/71 counts: the event is left out, and an end on a day off rolls over. */

import { dateOfDay, dayNumber } from '../base/index.ts';
import type { CivilDate, Instant } from '../base/index.ts';
import type { LengthUnit } from './duty-model.ts';
import { CLOCK_LENGTH_MAX } from './limits.ts';

export interface PeriodLength {
  readonly length: number;
  readonly unit: LengthUnit;
}

export interface EndOfClock {
  /** The plain end, the one to aim for: the last day, or the moment for periods in hours. */
  readonly end: CivilDate | Instant;
  /** The last day (or moment) the law allows: rolled over from days off, with at least two working days in a period of days. */
  readonly legalLast: CivilDate | Instant;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SATURDAY = 6;
const SUNDAY = 0;
const WORKING_DAYS_LEAST = 2;

/**
 * When a period that starts with an event ends. Days, months and years are counted from the day after the event, which for an instant is
 * its day in UTC: give a civil date where the local day matters. A period in months or years ends on the day of the same number, or the
 * last of the month. Hours run from the event, by law from the next full hour, through days off; from a civil date they run from 0:00 UTC.
 * `holidays` are the public holidays of the place. Article 3(1), (2), (4) and (5) of Reg. 1182/71. Throws RangeError when the length is no
 * whole number from 0 to CLOCK_LENGTH_MAX.
 */
export function endOfClock(clock: PeriodLength, from: Instant | CivilDate, holidays: ReadonlySet<CivilDate> = new Set()): EndOfClock {
  const { length, unit } = clock;
  if (!Number.isInteger(length) || length < 0 || length > CLOCK_LENGTH_MAX) throw new RangeError(`not a length of a period: ${length}`);
  if (unit === 'hours') return endOfHours(length, from);
  const event = dayNumber(from.slice(0, 10));
  const end = unit === 'days' ? event + length : monthsAfter(event, unit === 'months' ? length : length * 12);
  return { end: dateOfDay(end), legalLast: dateOfDay(rolledOver(event, end, unit, holidays)) };
}

function endOfHours(length: number, from: Instant | CivilDate): EndOfClock {
  const event = Date.parse(from.length === 10 ? `${from}T00:00:00Z` : from);
  // The hour in which the event falls does not count; one known only by its day is taken at its beginning.
  const counted = from.length === 10 ? event : (Math.floor(event / HOUR_MS) + 1) * HOUR_MS;
  const at = (time: number): Instant => new Date(time).toISOString() as Instant;
  return { end: at(event + length * HOUR_MS), legalLast: at(counted + length * HOUR_MS) };
}

function monthsAfter(event: number, months: number): number {
  const start = new Date(event * DAY_MS);
  const target = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1));
  const lastOfMonth = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return target.getTime() / DAY_MS + Math.min(start.getUTCDate(), lastOfMonth) - 1;
}

function rolledOver(event: number, end: number, unit: LengthUnit, holidays: ReadonlySet<CivilDate>): number {
  let last = end;
  while (isDayOff(last, holidays)) last++;
  if (unit !== 'days' || end - event < WORKING_DAYS_LEAST) return last;
  const workingDays = Array.from({ length: Math.min(last - event, 2 * 7) }, (_, at) => last - at).filter((day) => !isDayOff(day, holidays)).length;
  for (let missing = WORKING_DAYS_LEAST - workingDays; missing > 0; missing--) {
    last++;
    while (isDayOff(last, holidays)) last++;
  }
  return last;
}

function isDayOff(day: number, holidays: ReadonlySet<CivilDate>): boolean {
  const weekday = new Date(day * DAY_MS).getUTCDay();
  return weekday === SATURDAY || weekday === SUNDAY || holidays.has(dateOfDay(day));
}
