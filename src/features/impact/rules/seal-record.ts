/** The sealed record of a finished assessment: canonical JSON of what was asked, answered and found, so that anybody can compute it again. */

import { createHash } from 'node:crypto';
import { canonical, type Json } from '../../../base/index.ts';
import type { Assessed, Questionnaire } from '../../../law/questionnaire/index.ts';
import type { EvidenceItem, ImpactRow, LawView } from '../model.ts';

export interface SealedParts {
  readonly row: Pick<ImpactRow, 'id' | 'number' | 'systemId' | 'systemName'>;
  readonly systemRevision: number;
  readonly questionnaire: Questionnaire;
  readonly assessed: Assessed;
  readonly evidence: readonly EvidenceItem[];
  readonly law: LawView | undefined;
  readonly finishedAt: string;
}

/** Only answers that count are sealed; what became hidden is not part of what was said. */
export function sealRecord({ row, systemRevision, questionnaire, assessed, evidence, law, finishedAt }: SealedParts): string {
  const record = {
    format: 'mizan-impact-seal/1',
    assessment: { id: row.id, number: row.number },
    system: { id: row.systemId, name: row.systemName, revision: systemRevision },
    questionnaire: questionnaire.ref,
    answers: assessed.counting,
    evidence: evidence.filter((item) => assessed.visibility.get(item.question)?.sight !== 'hidden').map((item) => ({ question: item.question, name: item.name, sha256: item.sha256 })),
    result: assessed.result,
    law: law === undefined ? null : { pack: law.pack.ref, asOf: law.asOf, outcomes: Object.fromEntries(law.decision.outcomes.map((outcome) => [outcome.id, outcome.result])) },
    finishedAt,
  };
  // Through JSON first: members that are undefined must not be told from members that are absent.
  return canonical(JSON.parse(JSON.stringify(record)) as Json);
}

export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
