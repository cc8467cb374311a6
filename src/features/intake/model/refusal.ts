/** A file that cannot be read at all: thrown by the readers, told to the user with its code, place and numbers. */

import { Fault, type FaultDetail } from '../../../base/index.ts';

/** Every code has a text `refusal.<code>` in the catalogue that says what is wrong and what to do. */
export const FILE_REFUSALS = [
  'file-empty',
  'file-too-large',
  'too-many-rows',
  'too-many-columns',
  'cell-too-long',
  'header-not-found',
  'encoding-unknown',
  'not-a-workbook',
  'workbook-encrypted',
  'workbook-old-format',
  'workbook-macros',
  'archive-too-many-entries',
  'archive-too-large',
  'archive-bomb',
  'archive-bad-entry',
  'sheet-not-found',
  'json-malformed',
  'json-no-records',
  'json-record-too-long',
  'file-changed',
  'disk-space-low',
  'file-infected',
  'file-not-scanned',
  'file-foreign',
] as const;
export type FileRefusal = (typeof FILE_REFUSALS)[number];

export class UnreadableFile extends Fault {
  declare readonly code: FileRefusal;
  constructor(code: FileRefusal, detail: FaultDetail = {}) {
    super(code, `the file cannot be imported: ${code}`, detail);
    this.name = 'UnreadableFile';
  }
}
