/** Duties as the interface for programs tells them: words in one language, ids and dates for machines. */

import { z } from 'zod';
import type { Language } from '../../../base/index.ts';
import type { Due, DutiesDecision, Outcome, Pack } from '../../../law/index.ts';
import { citationWords, labelOf, type LawDates, literalList, termsIn } from '../../lawbook/index.ts';
import { DUTY_STATES, type StandingDuty } from './duty-state.ts';

const dueSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('date'), date: z.string(), line: z.string().meta({ description: 'The line of the timing that gives the day.' }) }),
  z.object({ kind: z.literal('between'), earliest: z.string().optional(), latest: z.string().optional(), mayBeNever: z.boolean(), ask: z.array(z.string()), lines: z.array(z.string()) }),
  z.object({ kind: z.literal('never'), line: z.string(), again: z.string().optional().meta({ description: 'The fact whose change opens the question again.' }) }),
  z.object({ kind: z.literal('undated') }),
  z.object({ kind: z.literal('no-duty') }),
]);
const result = z.enum(['holds', 'fails', 'undetermined', 'disputed']);
const citation = z.object({ act: z.string(), article: z.string(), text: z.string() });
const role = z.object({ id: z.string(), label: z.string(), result, ask: z.array(z.string()) });

export const dutyAnswerSchema = z.object({
  pack: z.object({ id: z.string(), version: z.string(), digest: z.string() }),
  asOf: z.string(),
  knownOn: z.string(),
  roles: z.array(role),
  duties: z.array(z.object({
    id: z.string(),
    label: z.string(),
    plain: z.string(),
    roles: z.array(z.string()),
    group: z.string(),
    result,
    state: z.enum(DUTY_STATES),
    due: dueSchema.optional(),
    readings: z.array(z.object({ reading: z.string(), label: z.string(), default: z.string(), dues: z.record(z.string(), dueSchema) })),
    because: z.array(z.object({ question: z.string(), answer: z.string() })),
    ask: z.array(z.string()),
    cite: z.array(citation),
    annex: z.array(citation),
    evidenceExpected: z.array(z.object({ id: z.string(), label: z.string() })),
    retention: z.array(z.object({ id: z.string(), label: z.string(), length: z.number().optional(), unit: z.string(), from: z.string() })),
    clocks: z.array(z.object({ id: z.string(), label: z.string(), length: z.number().optional(), unit: z.string(), from: z.string() })),
    relief: z.array(z.string()),
    sanction: z.object({ id: z.string(), label: z.string() }).optional(),
    evidence: z.string().meta({ description: 'How well the text was read: V, S, G, D, K, C.' }),
    authority: z.string(),
  })),
});

export type DutyAnswer = z.infer<typeof dutyAnswerSchema>;

export function dutyAnswer(pack: Pack, dates: LawDates, decision: DutiesDecision, duties: readonly StandingDuty[], language: Language): DutyAnswer {
  const cited = (cites: readonly { readonly act: string; readonly article: string }[]) => cites.map((cite) => ({ ...cite, text: citationWords(pack, cite, language) }));
  return {
    pack: pack.ref,
    asOf: dates.asOf,
    knownOn: dates.knownOn,
    roles: decision.roles.map((one: Outcome) => ({ id: one.id, label: labelOf(pack, one.id, language), result: one.result, ask: [...one.ask] })),
    duties: duties.map((one) => ({
      id: one.duty.id,
      label: one.duty.label[language],
      plain: one.duty.plain[language],
      roles: [...one.duty.roles],
      group: one.duty.group,
      result: one.outcome.result,
      state: one.state,
      ...(one.due === undefined ? {} : { due: told(one.due) }),
      readings: one.dueUnderReadings.map((dependence) => ({
        reading: dependence.reading,
        label: pack.readings.find((reading) => reading.id === dependence.reading)?.label[language] ?? dependence.reading,
        default: dependence.default,
        dues: Object.fromEntries(Object.entries(dependence.dues).map(([option, due]) => [option, told(due)])),
      })),
      because: literalList(pack, one.outcome.reasons[0]?.because ?? [], language, termsIn(language)).map((words) => ({ ...words })),
      ask: [...(one.outcome.result === 'holds' && one.due?.kind === 'between' ? one.due.ask : one.outcome.ask)],
      cite: cited(one.duty.cite),
      annex: cited(one.duty.annex),
      evidenceExpected: one.duty.artefacts.map((artefact) => ({ id: artefact.id, label: artefact.label[language] })),
      retention: one.retention.map(({ retention, length }) => ({ id: retention.id, label: retention.label[language], ...(length === undefined ? {} : { length }), unit: retention.unit, from: retention.from })),
      clocks: one.clocks.map(({ clock, length }) => ({ id: clock.id, label: clock.label[language], ...(length === undefined ? {} : { length }), unit: clock.unit, from: clock.from })),
      relief: one.relief.map((relief) => relief.label[language]),
      ...(one.sanction === undefined ? {} : { sanction: { id: one.sanction.id, label: one.sanction.label[language] } }),
      evidence: one.duty.evidence,
      authority: one.duty.authority,
    })),
  };
}

function told(due: Due | 'no-duty'): z.infer<typeof dueSchema> {
  if (due === 'no-duty') return { kind: 'no-duty' };
  return due.kind === 'between' ? { ...due, ask: [...due.ask], lines: [...due.lines] } : due;
}
