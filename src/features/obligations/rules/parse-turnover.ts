/** Reads an amount of money as people write it: digits with spaces, points or commas between groups of three. */

const TURNOVER_EUR_MAX = 1e15;

/** Whole euro; undefined for anything else. */
export function parseTurnover(text: string): number | undefined {
  const digits = text.trim().replaceAll(/[\s\u00a0\u202f'’]/g, '').replaceAll(/[.,](?=\d{3}(?:[.,]|$))/g, '');
  if (!/^\d{1,16}$/.test(digits)) return undefined;
  const amount = Number(digits);
  return amount <= TURNOVER_EUR_MAX ? amount : undefined;
}
