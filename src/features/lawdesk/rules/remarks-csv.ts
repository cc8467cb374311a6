/** Remarks as rows for spreadsheets and as JSON for programs: every word of counsel, and what it was bound to. */

/** One remark as it leaves the house. */
export interface RemarkOut {
  readonly number: number;
  readonly pack: string;
  readonly version: string;
  readonly digest: string;
  readonly kind: string;
  readonly entry: string;
  readonly entryDigest: string;
  /** Whether the entry still says what was reviewed, in the version the list is for. */
  readonly standing: boolean;
  readonly verdict: string;
  readonly remark: string;
  readonly proposal: string;
  readonly reviewer: string;
  readonly licence: string;
  readonly madeAt: string;
}

const COLUMNS = ['number', 'pack', 'version', 'digest', 'kind', 'entry', 'entryDigest', 'standing', 'verdict', 'remark', 'proposal', 'reviewer', 'licence', 'madeAt'] as const satisfies readonly (keyof RemarkOut)[];

/** RFC 4180 with a byte order mark, as spreadsheets expect. What a spreadsheet could run as a formula gets an apostrophe before it. */
export function remarksCsv(remarks: readonly RemarkOut[]): string {
  const lines = [COLUMNS.join(','), ...remarks.map((remark) => COLUMNS.map((column) => field(String(remark[column]))).join(','))];
  return `\u{feff}${lines.join('\r\n')}\r\n`;
}

function field(text: string): string {
  const guarded = /^'?[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) || /^\s|\s$/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
