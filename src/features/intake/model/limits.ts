/** The named maxima of an import: what is refused, said with the number, before memory or time is spent on it. */

/** Of one uploaded file; the server's own upload limit (UPLOAD_MAX_MB) may be lower. */
export const FILE_BYTES_MAX = 512 * 1024 * 1024;
export const ROWS_MAX = 1_000_000;
export const COLUMNS_MAX = 1_000;
export const CELL_CHARS_MAX = 100_000;
export const HEADER_CHARS_MAX = 2_000;
/** A header row is looked for among this many first rows. */
export const HEADER_SEARCH_ROWS_MAX = 30;
/** Problems kept one by one for a file; beyond it they are only counted, and the preview says so. */
export const PROBLEMS_KEPT_MAX = 20_000;
/** Distinct unmapped label values kept per column. */
export const LABELS_KEPT_MAX = 200;
export const ZIP_ENTRIES_MAX = 2_000;
export const ZIP_BYTES_MAX = 1024 * 1024 * 1024;
export const ZIP_RATIO_MAX = 200;
/** Small entries compress without limit (a sheet of equal rows), so the ratio is judged from this size on. */
export const ZIP_RATIO_FROM_BYTES = 10 * 1024 * 1024;
/** Texts of an XLSX that the reader must hold while it streams the sheet. */
export const ZIP_SHARED_TEXT_BYTES_MAX = 128 * 1024 * 1024;
/** One JSON record, and everything of a JSON document that is not a record. */
export const JSON_RECORD_CHARS_MAX = 4_000_000;
export const PROFILE_CHARS_MAX = 200_000;
/** Rows handed on at a time: enough to make the database's work set-based, little enough to keep memory flat. */
export const BATCH_ROWS = 1_000;
