/** What another law does to one system: its regimes and duties under both, and only what differs. */

import { canonical, dateOfDay, type Json } from '../../../base/index.ts';
import { type Classifier, classifierFor, type DutyForm, dutyFormFor, type Expression, type Facts, fitterFor, type Law, OPEN_DAY, NEVER_DAY, type Result, RESULT_CODES, UNDATED_DAY } from '../../../law/index.ts';
import type { DueMark, DutyEffect, DutyShift, RegimeEffect, RegimeShift, SystemEffect } from '../model.ts';

/** A law at two dates: the part that classifies, and all of it with its duties. */
export interface LawPair {
  readonly regimes: Law;
  readonly duties: Law;
}

interface Side {
  readonly classifier: Classifier;
  readonly codes: Uint8Array;
  readonly form: DutyForm;
  readonly dutyCodes: Uint8Array;
  readonly days: Int32Array;
}

/** Where one point stands in the results of each law; -1 where that law does not know it. */
interface Point {
  readonly id: string;
  readonly from: number;
  readonly to: number;
}

const [FAILS, HOLDS] = [RESULT_CODES.indexOf('fails'), RESULT_CODES.indexOf('holds')];
/** Nothing there: the law does not know the point. Told like a point that fails. */
const ABSENT = -1;
/** Less than every day number and every special day. */
const NO_DUTY = -Number.MAX_SAFE_INTEGER;

/**
 * Compares `from` and `next` for many systems, one after the other, with scratch memory of its own. Answers that `next` cannot read are left
 * out under `next` and named. Undefined: nothing of the system differs.
 */
export function comparerOf(from: LawPair, next: LawPair): (facts: Facts) => SystemEffect | undefined {
  const [old, now] = [sideOf(from), sideOf(next)];
  const fit = fitterFor(from.duties.pack, next.duties.pack);
  const members = (law: Law): ReadonlySet<string> => new Set(law.outcomes.filter((outcome) => outcome.members.length === 0).map((outcome) => outcome.id));
  const regimePoints = pointsOf(old.form.outcomeIds, now.form.outcomeIds, new Set([...members(from.regimes), ...members(next.regimes)]));
  const isLabelByRegimes = areHeadlinesEqual(from.regimes, next.regimes);
  const headlineOf = (side: Side, facts: Facts): string => side.classifier.headline(facts, side.classifier.classify(facts, side.codes));
  const dutyPoints = pointsOf(old.form.ids, now.form.ids);
  return (facts) => {
    const fitted = fit(facts);
    old.form.due(facts, old.dutyCodes, old.days);
    now.form.due(fitted.facts, now.dutyCodes, now.days);
    const regimes = regimePoints.flatMap((point) => regimeEffect(point, codeAt(old.form.outcomeCodes, point.from), codeAt(now.form.outcomeCodes, point.to)) ?? []);
    const duties = dutyPoints.flatMap((point) => dutyEffect(point, dayAt(old, point.from), dayAt(now, point.to)) ?? []);
    if (regimes.length === 0 && duties.length === 0 && fitted.dropped.length === 0) return undefined;
    // The label follows from the regimes: where none moved, it is the same under both, and asked of one.
    const before = headlineOf(old, facts);
    const after = regimes.length === 0 && isLabelByRegimes ? before : headlineOf(now, fitted.facts);
    return { headline: { from: before, to: after }, regimes, duties, dropped: fitted.dropped };
  };
}

/** Whether equal results of the regimes mean an equal label: the same headlines, which ask of nothing but regimes. */
function areHeadlinesEqual(from: Law, next: Law): boolean {
  const told = (law: Law): Json => law.pack.headline.map(({ id, when }) => [id, when === undefined || when === 'open' ? (when ?? null) : when.text]);
  return canonical(told(from)) === canonical(told(next)) && next.pack.headline.every(({ when }) => when === undefined || when === 'open' || asksOnlyRegimes(when.expression));
}

function asksOnlyRegimes(expression: Expression): boolean {
  switch (expression.op) {
    case 'true':
    case 'false': return true;
    case 'not': return asksOnlyRegimes(expression.of);
    case 'all':
    case 'any': return expression.of.every(asksOnlyRegimes);
    case 'name': return expression.kind !== 'definition';
    default: return false;
  }
}

function sideOf({ regimes, duties }: LawPair): Side {
  const classifier = classifierFor(regimes);
  const form = dutyFormFor(duties);
  return { classifier, codes: new Uint8Array(classifier.ids.length), form, dutyCodes: new Uint8Array(form.ids.length), days: new Int32Array(form.ids.length) };
}

function pointsOf(before: readonly string[], after: readonly string[], only?: ReadonlySet<string>): readonly Point[] {
  return [...new Set([...after, ...before])].filter((id) => only?.has(id) !== false).map((id) => ({ id, from: before.indexOf(id), to: after.indexOf(id) }));
}

function codeAt(codes: Uint8Array, index: number): number {
  return index < 0 ? ABSENT : codes[index]!;
}

function regimeEffect(point: Point, from: number, to: number): RegimeEffect | undefined {
  const shift = regimeShift(from, to);
  if (shift === undefined) return undefined;
  const result = (code: number): Result => RESULT_CODES[code]!;
  return { id: point.id, shift, ...(from === ABSENT ? {} : { from: result(from) }), ...(to === ABSENT ? {} : { to: result(to) }) };
}

/** A point one law does not know counts as one that fails there. */
function regimeShift(from: number, to: number): RegimeShift | undefined {
  const [before, after] = [from === ABSENT ? FAILS : from, to === ABSENT ? FAILS : to];
  if (before === after) return undefined;
  if (after === HOLDS) return 'begins';
  if (before === HOLDS) return after === FAILS ? 'ceases' : 'opens';
  return after === FAILS ? 'settles' : 'opens';
}

/** When a duty is due under one law as a day number or one of the special days; NO_DUTY where there is none. */
function dayAt(side: Side, index: number): number {
  if (index < 0 || side.dutyCodes[index] === FAILS) return NO_DUTY;
  return side.dutyCodes[index] === HOLDS ? side.days[index]! : OPEN_DAY;
}

function dutyEffect(point: Point, from: number, to: number): DutyEffect | undefined {
  if (from === to) return undefined;
  return { id: point.id, shift: dutyShift(from, to), ...(from === NO_DUTY ? {} : { from: markOf(from) }), ...(to === NO_DUTY ? {} : { to: markOf(to) }) };
}

function dutyShift(from: number, to: number): DutyShift {
  if (to === OPEN_DAY) return 'opens';
  if (to === NO_DUTY) return from === OPEN_DAY ? 'settles' : 'vanishes';
  return from === NO_DUTY || from === OPEN_DAY ? 'appears' : 'moves';
}

function markOf(day: number): DueMark {
  if (day === OPEN_DAY) return 'open';
  if (day === NEVER_DAY) return 'never';
  if (day === UNDATED_DAY) return 'undated';
  return dateOfDay(day);
}
