/** Opens any supported file as a table, by what it is and not by what it is called. */

import { open, stat } from 'node:fs/promises';
import { FILE_BYTES_MAX } from '../../model/limits.ts';
import { UnreadableFile } from '../../model/refusal.ts';
import type { SourceTable, TableFormat, TableOptions } from '../../model/table.ts';
import { openCsv } from './csv-table.ts';
import { openJson } from './json-table.ts';
import { detectEncoding, textOf } from './text.ts';
import { openXlsx } from './xlsx-table.ts';

/** Throws UnreadableFile when nothing can be imported from the file. The size is looked at before any content. */
export async function openTable(path: string, options: TableOptions = {}): Promise<SourceTable> {
  const { size } = await stat(path);
  if (size > FILE_BYTES_MAX) throw new UnreadableFile('file-too-large', { bytes: size, max: FILE_BYTES_MAX });
  if (size === 0) throw new UnreadableFile('file-empty');
  switch (options.format ?? (await formatOf(path, options.encoding))) {
    case 'xlsx':
      return openXlsx(path, options);
    case 'json':
      return openJson(path, options);
    default:
      return openCsv(path, options);
  }
}

async function formatOf(path: string, encoding: string | undefined): Promise<TableFormat> {
  const file = await open(path, 'r');
  const head = Buffer.alloc(8);
  try {
    await file.read(head, 0, 8, 0);
  } finally {
    await file.close();
  }
  if (head.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004'))) return 'xlsx';
  // The old binary format, and a workbook with a password, are both OLE files.
  if (head.equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]))) throw new UnreadableFile('workbook-old-format');
  const { name } = await detectEncoding(path, encoding);
  for await (const piece of textOf(path, name)) {
    const start = piece.trimStart();
    if (start !== '') return /^(?:\{|\[\s*[[{\]])/.test(start) ? 'json' : 'csv';
  }
  throw new UnreadableFile('file-empty');
}
