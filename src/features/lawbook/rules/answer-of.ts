/** The decision as programs get it: one object a regime, ids that others script against, reasons also in words. */

import type { Language } from '../../../base/index.ts';
import type { Decision, Literal, Pack } from '../../../law/index.ts';
import type { WordingTerms } from '../model.ts';
import { citationWords, labelOf, literalWords } from './wording.ts';

/** Shape of `regimes[]` in `mizan classify --json` and `POST /api/v1/classify`. Literals keep their fact ids; `text` is for people. */
export function regimesOf(pack: Pack, decision: Decision, language: Language, terms: WordingTerms) {
  const literal = (one: Literal) => {
    const words = literalWords(pack, one, language, terms);
    return { fact: one.fact, value: one.value, holds: one.holds, text: `${words.question} ${words.answer}` };
  };
  return decision.outcomes.map((outcome) => ({
    id: outcome.id,
    family: outcome.family,
    label: labelOf(pack, outcome.id, language),
    result: outcome.result,
    reasons: outcome.reasons.map((reason) => ({ because: reason.because.map(literal) })),
    ...(outcome.flip === undefined ? {} : { flip: { to: outcome.flip.to, cost: outcome.flip.cost, changes: outcome.flip.changes.map((change) => ({ ...literal(change), kind: change.kind })) } }),
    ask: [...outcome.ask],
    disputedBy: [...outcome.disputedBy],
    readings: outcome.readings.map((reading) => ({ ...reading, results: { ...reading.results } })),
    dates: {
      ...(outcome.dates.appliesFrom === undefined ? {} : { appliesFrom: outcome.dates.appliesFrom }),
      applies: outcome.dates.applies,
      ...(outcome.dates.source === undefined ? {} : { source: outcome.dates.source }),
    },
    sources: outcome.sources.map((source) => ({ act: source.act, article: source.article, text: citationWords(pack, source, language) })),
    evidence: outcome.evidence,
    authority: outcome.authority,
  }));
}
