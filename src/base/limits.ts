/** The named maxima that more than one room shares. A limit used by one room lives in that room. */

export const PAGE_ROWS_DEFAULT = 25;
export const PAGE_ROWS_MAX = 200;
export const TEXT_LENGTH_MAX = 20_000;
export const NAME_LENGTH_MAX = 300;
