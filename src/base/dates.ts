/** Civil dates and instants as the law uses them: ISO text, compared as text, parsed once at the door. */

declare const civilDate: unique symbol;
declare const instantText: unique symbol;

/** A calendar date `YYYY-MM-DD` that exists. Compares correctly with `<` because it is ISO text. */
export type CivilDate = string & { readonly [civilDate]: true };
/** An instant in UTC, ISO text with milliseconds: `2026-11-23T09:00:00.000Z`. */
export type Instant = string & { readonly [instantText]: true };

/** A half-open interval `[from, to)` of civil dates; an absent end is open. */
export type Period = { readonly from?: CivilDate; readonly to?: CivilDate };

/** Parses `YYYY-MM-DD`; answers undefined for any other shape and for days that do not exist (2026-02-30). */
export function parseCivilDate(text: string): CivilDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = new Date(`${text}T00:00:00.000Z`);
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text) return undefined;
  return text as CivilDate;
}

/** For constants in code: throws when `text` is not a date that exists. */
export function civil(text: string): CivilDate {
  const date = parseCivilDate(text);
  if (date === undefined) throw new RangeError(`not a calendar date: ${text}`);
  return date;
}

export function instant(date: Date): Instant {
  return date.toISOString() as Instant;
}

/** The civil date of an instant in UTC. */
export function dateOf(at: Instant): CivilDate {
  return at.slice(0, 10) as CivilDate;
}

export function isWithin(date: CivilDate, period: Period): boolean {
  return (period.from === undefined || period.from <= date) && (period.to === undefined || date < period.to);
}

const DAY_MS = 86_400_000;
/** Far more than the dates any law or register is asked for at once. */
const DATES_REMEMBERED_MAX = 10_000;
const datesOfDays = new Map<number, CivilDate>();

/** Whole days since 1970-01-01. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The inverse of dayNumber, for days of the years 0000 to 9999. Few different ones are ever asked for, so they are remembered. */
export function dateOfDay(day: number): CivilDate {
  const known = datesOfDays.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10) as CivilDate;
  if (datesOfDays.size < DATES_REMEMBERED_MAX) datesOfDays.set(day, date);
  return date;
}
