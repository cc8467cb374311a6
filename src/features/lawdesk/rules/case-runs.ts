/** Runs worked cases of a pack: what each expects, what the law answers, and which rules decided it. */

import { Fault } from '../../../base/index.ts';
import { compileLaw, decide, type Due, dutiesOf, layerOfCase, type Pack, timeOfCase, underReadings, type WorkedCase } from '../../../law/index.ts';

export interface CaseLine {
  /** Conclusion, family or duty. */
  readonly id: string;
  readonly kind: 'result' | 'date' | 'due';
  readonly expected: string;
  readonly got: string;
  readonly passes: boolean;
}

export interface CaseRun {
  readonly workedCase: WorkedCase;
  readonly passes: boolean;
  readonly lines: readonly CaseLine[];
  /** Rules that were decisive for any outcome. */
  readonly decisive: ReadonlySet<string>;
  /** Told when the law of the draft cannot be compiled. */
  readonly fault?: string;
}

const runs = new WeakMap<Pack, Map<string, CaseRun>>();

/** Remembered with the pack: a pack never changes, a draft's next state is another pack. */
export function runCase(pack: Pack, workedCase: WorkedCase): CaseRun {
  let known = runs.get(pack);
  if (known === undefined) {
    known = new Map();
    runs.set(pack, known);
  }
  let run = known.get(workedCase.id);
  if (run === undefined) {
    run = ran(pack, workedCase);
    known.set(workedCase.id, run);
  }
  return run;
}

function ran(pack: Pack, workedCase: WorkedCase): CaseRun {
  try {
    const law = underReadings(compileLaw(pack, timeOfCase(pack, workedCase), layerOfCase(pack, workedCase)), workedCase.readings);
    const options = { flips: false, ranked: false };
    const duties = Object.keys(workedCase.due).length > 0 ? dutiesOf(law, workedCase.facts, options) : undefined;
    const decision = duties?.decision ?? decide(law, workedCase.facts, options);
    const outcomes = new Map(decision.outcomes.map((outcome) => [outcome.id, outcome]));
    const lines: CaseLine[] = [
      ...Object.entries(workedCase.expect).map(([id, expected]): CaseLine => {
        const got = outcomes.get(id)?.result ?? '';
        return { id, kind: 'result', expected, got, passes: got === expected };
      }),
      ...Object.entries(workedCase.dates).map(([id, expected]): CaseLine => {
        const got = outcomes.get(id)?.dates.appliesFrom ?? '';
        return { id, kind: 'date', expected, got, passes: got === expected };
      }),
      ...Object.entries(workedCase.due).map(([id, expected]): CaseLine => {
        const got = dueForm(duties?.duties.find(({ duty }) => duty.id === id)?.due);
        return { id, kind: 'due', expected, got, passes: got === expected };
      }),
    ];
    const decisive = new Set(decision.outcomes.flatMap((outcome) => outcome.trace.filter((step) => step.decisive).map((step) => step.rule)));
    return { workedCase, passes: lines.every((line) => line.passes), lines, decisive };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { workedCase, passes: false, lines: [], decisive: new Set(), fault: error.message };
  }
}

/** A due date as cases write it. */
function dueForm(due: Due | undefined): string {
  if (due === undefined) return 'no-duty';
  return due.kind === 'date' ? due.date : due.kind === 'between' ? 'open' : due.kind;
}

/** A case that is answered otherwise than under the base. */
export interface ChangedCase {
  readonly run: CaseRun;
  readonly lines: readonly { readonly id: string; readonly before: string; readonly after: string }[];
}

export function changedCases(before: readonly CaseRun[], after: readonly CaseRun[]): readonly ChangedCase[] {
  const old = new Map(before.map((run) => [run.workedCase.id, new Map(run.lines.map((line) => [`${line.kind} ${line.id}`, line.got]))]));
  return after.flatMap((run) => {
    const was = old.get(run.workedCase.id);
    const lines = run.lines.flatMap((line) => {
      const earlier = was?.get(`${line.kind} ${line.id}`);
      return was === undefined || earlier === undefined || earlier === line.got ? [] : [{ id: line.id, before: earlier, after: line.got }];
    });
    return lines.length === 0 ? [] : [{ run, lines }];
  });
}
