/** The formats of files out: media types, extensions, and what a worksheet can hold. */

export const FORMATS = ['csv', 'json', 'xlsx', 'dcat-ap', 'annex-viii', 'atrs'] as const;
export type Format = (typeof FORMATS)[number];

export interface FormatFile {
  readonly mediaType: string;
  readonly extension: string;
}

export const FORMAT_FILES: { readonly [F in Format]: FormatFile } = {
  csv: { mediaType: 'text/csv; charset=utf-8', extension: 'csv' },
  json: { mediaType: 'application/json; charset=utf-8', extension: 'json' },
  xlsx: { mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', extension: 'xlsx' },
  'dcat-ap': { mediaType: 'application/ld+json; charset=utf-8', extension: 'jsonld' },
  'annex-viii': { mediaType: 'application/json; charset=utf-8', extension: 'json' },
  atrs: { mediaType: 'application/json; charset=utf-8', extension: 'json' },
};

/** Rows a worksheet can hold (Office Open XML); a larger register goes out as CSV. */
export const XLSX_ROWS_MAX = 1_048_575;
/** Characters a worksheet cell can hold; longer texts would be cut, so such a register goes out as CSV or JSON. */
export const XLSX_CELL_LENGTH_MAX = 32_767;

export function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text);
}
