/** Which fields of a record the recognisers read: what the system is, what for, and what comes out. */

import type { SourceText } from '../../../law/prescreen/index.ts';
import type { SystemRecord } from '../../registry/index.ts';

const FIELDS = ['name', 'summary', 'purpose', 'outputs', 'scope', 'benefit', 'affectedPersons', 'operatingLogic', 'inputs', 'humanDecisions', 'processIntegration', 'topics', 'keywords'] as const;

/** Texts in the order in which their words count as evidence; empty fields are left out. */
export function textsOf(record: SystemRecord): readonly SourceText[] {
  return FIELDS.flatMap((field) => {
    const value: unknown = record[field];
    const text = Array.isArray(value) ? value.join('. ') : typeof value === 'string' ? value : '';
    return text.trim() === '' ? [] : [{ field, text }];
  });
}
