/** The obligations of one system: its duties at two dates, the same as known on earlier days, and what is to be told of them. */

import { canonical, type CivilDate, type Json } from '../../../base/index.ts';
import { compileLaw, type DutiesDecision, dutiesOf, type DutyForm, dutyFormFor, type Facts, fitFacts, type Law, type Pack } from '../../../law/index.ts';
import type { Scope } from '../../../platform/auth/index.ts';
import type { Assessment } from '../../assessment/index.ts';
import type { LawDates, Lawbook } from '../../lawbook/index.ts';
import type { Registry, SystemEntry } from '../../registry/index.ts';
import { knownDates } from '../rules/known-dates.ts';
import { counterOf, countDuties, type DutyCounts, type StandingDuty, standingDuties } from '../rules/duty-state.ts';

/** Decisions kept of one law at two dates. */
const DECISIONS_KEPT_MAX = 64;

export interface ObligationsParts {
  readonly registry: Registry;
  readonly lawbook: Lawbook;
  readonly assessment: Assessment;
}

/** Everything a page about one system's duties needs. */
export interface DutySheet {
  readonly entry: SystemEntry;
  readonly pack: Pack;
  readonly dates: LawDates;
  readonly facts: Facts;
  readonly decision: DutiesDecision;
  readonly duties: readonly StandingDuty[];
  readonly counts: DutyCounts;
}

/** The duties of one system as they were known on one day. */
export interface KnownOn {
  readonly knownOn: CivilDate;
  readonly duties: readonly StandingDuty[];
}

export interface Obligations {
  /** Undefined when there is no such system. */
  sheet(scope: Scope, systemId: string, dates: LawDates): Promise<DutySheet | undefined>;
  /** For any facts, registered or not. */
  decide(pack: Pack, facts: Facts, dates: LawDates): DutiesDecision;
  /** The same system on every day a publication changed the law, up to `dates.knownOn`; oldest first. */
  asKnown(sheet: DutySheet): readonly KnownOn[];
  /** In short, for lists: undefined where nothing was answered. */
  counts(systemIds: readonly string[], dates: LawDates): Promise<ReadonlyMap<string, DutyCounts>>;
}

export function openObligations({ registry, lawbook, assessment }: ObligationsParts): Obligations {
  const mainPack = (): Pack => {
    const pack = lawbook.pack();
    if (pack === undefined) throw new Error('invariant broken: no law pack in force');
    return pack;
  };
  const forms = new WeakMap<Law, DutyForm>();
  const decisions = new WeakMap<Law, Map<string, DutiesDecision>>();
  const service: Obligations = {
    sheet: async (scope, systemId, dates) => {
      const entry = await registry.get(scope, systemId);
      if (entry === undefined) return undefined;
      const pack = mainPack();
      const { facts } = fitFacts(pack, (await assessment.answeredFacts([systemId])).get(systemId) ?? {});
      const decision = service.decide(pack, facts, dates);
      const duties = standingDuties(decision, dates.asOf);
      return { entry, pack, dates, facts, decision, duties, counts: countDuties(duties) };
    },
    decide: (pack, facts, dates) => decided(compileLaw(pack, dates, 'duties'), facts),
    asKnown: ({ pack, facts, dates }) =>
      knownDates(pack, dates.knownOn).map((knownOn) => {
        const law = compileLaw(pack, { asOf: dates.asOf, knownOn }, 'duties');
        return { knownOn, duties: standingDuties(dutiesOf(law, facts, { reasons: false, flips: false, ranked: false }), dates.asOf) };
      }),
    counts: async (systemIds, dates) => {
      const pack = mainPack();
      const count = counterOf(formOf(compileLaw(pack, dates, 'duties')), dates.asOf);
      const answered = await assessment.answeredFacts(systemIds);
      return new Map([...answered].map(([id, facts]) => [id, count(fitFacts(pack, facts).facts)]));
    },
  };
  return service;

  /** A page, its print, its calendar and its file ask the same within moments. */
  function decided(law: Law, facts: Facts): DutiesDecision {
    const known = decisions.get(law) ?? new Map<string, DutiesDecision>();
    decisions.set(law, known);
    const key = canonical(facts as Json);
    const decision = known.get(key) ?? dutiesOf(law, facts);
    // What was asked for last stands last; the first goes.
    known.delete(key);
    known.set(key, decision);
    const [oldest] = known.keys();
    if (known.size > DECISIONS_KEPT_MAX && oldest !== undefined) known.delete(oldest);
    return decision;
  }

  /** Made once a law: it costs more than many systems. */
  function formOf(law: Law): DutyForm {
    const known = forms.get(law) ?? dutyFormFor(law);
    forms.set(law, known);
    return known;
  }
}
