/** Reads dates as people write them in inventories; what is not surely a date stays text beside it. */

import { type CivilDate, parseCivilDate } from '../../../base/index.ts';

export interface ReadDate {
  /** The first day that the text can mean. */
  readonly date: CivilDate;
  readonly precision: 'day' | 'month' | 'quarter' | 'year';
}

/** As a register field takes it, no more exact than the source was: `2024`, `2024-10`, `2024-10-01`. */
export function dateText({ date, precision }: ReadDate): string {
  return precision === 'day' ? date : precision === 'year' ? date.slice(0, 4) : date.slice(0, 7);
}

export interface DateRule {
  /** Whether `1/2/2023` is the second of January or the first of February. */
  readonly order: 'month-first' | 'day-first';
  /** Month in which the fiscal year begins: 10 for the US federal year, whose FY25 begins in October 2024. */
  readonly fiscalYearStartMonth?: number;
}

const MONTHS: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ['january', 'jan', 'yanvar', 'январь', 'января', 'januari'],
    ['february', 'feb', 'fevral', 'февраль', 'февраля', 'februari'],
    ['march', 'mar', 'mart', 'март', 'марта', 'maart'],
    ['april', 'apr', 'aprel', 'апрель', 'апреля'],
    ['may', 'may', 'май', 'мая', 'mei'],
    ['june', 'jun', 'iyun', 'июнь', 'июня', 'juni'],
    ['july', 'jul', 'iyul', 'июль', 'июля', 'juli'],
    ['august', 'aug', 'avqust', 'август', 'августа', 'augustus'],
    ['september', 'sep', 'sept', 'sentyabr', 'сентябрь', 'сентября'],
    ['october', 'oct', 'oktyabr', 'октябрь', 'октября', 'oktober'],
    ['november', 'nov', 'noyabr', 'ноябрь', 'ноября'],
    ['december', 'dec', 'dekabr', 'декабрь', 'декабря'],
  ].flatMap((names, index) => names.map((name) => [name, index + 1])),
);

/**
 * Answers the earliest day the text can mean, or undefined. `22-Jul` is not read: it may be the 22nd of July or July 2022,
 * and a register must not choose. Two-digit years are not read either, except after FY and Q.
 */
export function readDate(text: string, rule: DateRule): ReadDate | undefined {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '' || trimmed.length > 60) return undefined;
  return readIso(trimmed) ?? readSlashed(trimmed, rule) ?? readQuarter(trimmed, rule) ?? readWords(trimmed);
}

function readIso(text: string): ReadDate | undefined {
  const match = /^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2})(?:[t ]\d{1,2}:\d{2}.*)?)?)?(?:\s*\([^)]*\))?$/.exec(text);
  return match === null ? undefined : make(match[1], match[2], match[3]);
}

function readSlashed(text: string, rule: DateRule): ReadDate | undefined {
  const day = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:\s+\d{1,2}:\d{2}.*)?$/.exec(text);
  if (day !== null) return rule.order === 'month-first' ? make(day[3], day[1], day[2]) : make(day[3], day[2], day[1]);
  const month = /^(\d{1,2})\/(\d{4})$/.exec(text);
  // `10/12023` is a slip of the keyboard: its day cannot be known, so it is not read.
  return month === null ? undefined : make(month[2], month[1]);
}

function readQuarter(text: string, rule: DateRule): ReadDate | undefined {
  const quarter = /^(?:q([1-4])\s*(fy|cy)?\s*'?(\d{4}|\d{2})|(fy|cy)?\s*'?(\d{4}|\d{2})\s*,?-?\s*q([1-4]))$/.exec(text);
  if (quarter !== null) {
    const number = Number(quarter[1] ?? quarter[6]);
    const isFiscal = (quarter[2] ?? quarter[4]) === 'fy';
    return quarterStart(fullYear(quarter[3] ?? quarter[5] ?? ''), number, isFiscal ? (rule.fiscalYearStartMonth ?? 1) : 1);
  }
  const fiscal = /^fy\s*'?(\d{4}|\d{2})$/.exec(text);
  if (fiscal === null) return undefined;
  // The fiscal year begins in another calendar year, so only its first month is a date that a register can hold.
  return quarterStart(fullYear(fiscal[1] ?? ''), 1, rule.fiscalYearStartMonth ?? 1);
}

function fullYear(digits: string): number {
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits);
}

function quarterStart(year: number, quarter: number, firstMonth: number): ReadDate | undefined {
  const months = firstMonth - 1 + (quarter - 1) * 3;
  // A fiscal year is named after the calendar year in which it ends.
  const startYear = firstMonth === 1 ? year : year - 1;
  const read = make(String(startYear + Math.floor(months / 12)), String((months % 12) + 1));
  return read === undefined ? undefined : { ...read, precision: 'quarter' };
}

function readWords(text: string): ReadDate | undefined {
  const words = text.replaceAll(/[,.]/g, ' ').split(/\s+/).filter((word) => word !== '');
  const month = words.map((word) => MONTHS[word]).find((number) => number !== undefined);
  const year = words.find((word) => /^(?:19|20)\d{2}$/.test(word));
  const day = words.find((word) => /^\d{1,2}(?:st|nd|rd|th)?$/.test(word));
  if (month === undefined || year === undefined || words.length > 3) return undefined;
  return make(year, String(month), day === undefined ? undefined : String(Number.parseInt(day, 10)));
}

function make(year: string | undefined, month?: string, day?: string): ReadDate | undefined {
  if (year === undefined || Number(year) < 1900 || Number(year) > 2100) return undefined;
  const date = parseCivilDate(`${year}-${(month ?? '1').padStart(2, '0')}-${(day ?? '1').padStart(2, '0')}`);
  if (date === undefined) return undefined;
  return { date, precision: day !== undefined ? 'day' : month !== undefined ? 'month' : 'year' };
}
