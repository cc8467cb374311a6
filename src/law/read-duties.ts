/** Reads the sections of a pack that say who must do what and by when: timings, duty groups, duties, sanctions, clocks. */

import { parseComparisons, parseTerm } from './date-term.ts';
import type { ComparisonSyntax, TermSyntax } from './date-term.ts';
import type { DutyDefinition, DutyGroup, LengthUnit, Retention, SanctionDefinition, ClockDefinition, ExpectedDue, Artefact } from './duty-model.ts';
import { parseCivilDate } from '../base/index.ts';
import type { LocalisedText } from '../base/index.ts';
import { DUTY_PARTS_MAX, TIMING_LINES_MAX } from './limits.ts';
import type { Authority, Citation, Evidence, Spot } from './model.ts';
import { didYouMean } from './nearest-name.ts';
import type { DraftCondition } from './resolve-names.ts';
import type { YamlEntry } from './yaml-reader.ts';

/** The family of the conclusions that duties become, unless a duty names another one. */
export const DUTY_FAMILY = 'duty';
/** The id of the conclusion, and of its general rule, of a duty. */
export function conclusionOfDuty(id: string): string {
  return `${DUTY_FAMILY}.${id}`;
}

export interface DraftDateLine {
  readonly when?: DraftCondition;
  readonly ifText?: string;
  readonly ifSyntax: readonly ComparisonSyntax[];
  readonly dateText: string;
  readonly dateSyntax: TermSyntax;
  readonly spot: Spot;
}

export interface DraftDueLine extends DraftDateLine {
  readonly id: string;
  readonly label: LocalisedText;
  readonly cite: readonly Citation[];
  readonly again?: string;
}

export interface DraftTiming {
  readonly id: string;
  readonly label: LocalisedText;
  readonly dates: readonly { readonly id: string; readonly lines: readonly DraftDateLine[]; readonly spot: Spot }[];
  readonly due: readonly DraftDueLine[];
}

type Spots = (key: string) => Spot;

export type DraftDuty = Omit<DutyDefinition, 'when' | 'relief'> & {
  readonly when: DraftCondition;
  readonly relief: readonly { readonly when: DraftCondition; readonly label: LocalisedText; readonly cite: readonly Citation[] }[];
  readonly spotOf: Spots;
};
export type DraftSanction = Omit<SanctionDefinition, 'lowerWhen' | 'unless'> & { readonly lowerWhen?: DraftCondition; readonly unless?: DraftCondition; readonly spotOf: Spots };
export type DraftClock = Omit<ClockDefinition, 'when'> & { readonly when?: DraftCondition; readonly spotOf: Spots };

export interface DutySections {
  readonly timings: DraftTiming[];
  readonly dutyGroups: DutyGroup[];
  readonly duties: DraftDuty[];
  readonly sanctions: DraftSanction[];
  readonly clocks: DraftClock[];
}

/** What the reader of the other sections lends to this one. */
export interface SectionTools {
  readonly enter: (kind: string, id: string, spot: Spot) => void;
  readonly condition: (entry: YamlEntry, key: string) => DraftCondition;
  readonly citations: (entry: YamlEntry, key: string, isRequired: boolean) => readonly Citation[];
  readonly evidence: readonly Evidence[];
  readonly authorities: readonly Authority[];
}

export const DUTY_SECTIONS = ['timings', 'duty_groups', 'duties', 'sanctions', 'clocks'] as const;
const UNITS: readonly LengthUnit[] = ['years', 'months', 'days', 'hours'];

/** Reads the duty sections of one file into `into`. */
export function readDutySections(top: YamlEntry, tools: SectionTools, into: DutySections): void {
  const reader = new DutyReader(tools);
  for (const entry of top.entries('timings', 'a timing')) into.timings.push(...reader.timing(entry));
  for (const entry of top.entries('duty_groups', 'a group of duties')) into.dutyGroups.push(...reader.group(entry));
  for (const entry of top.entries('duties', 'a duty')) into.duties.push(...reader.duty(entry));
  for (const entry of top.entries('sanctions', 'a sanction')) into.sanctions.push(...reader.sanction(entry));
  for (const entry of top.entries('clocks', 'a clock')) into.clocks.push(...reader.clock(entry));
}

/** The due dates a worked case expects, by duty. */
export function readExpectedDues(entry: YamlEntry | undefined): { readonly [duty: string]: ExpectedDue } {
  const words: readonly string[] = ['never', 'undated', 'open', 'no-duty'];
  const dues: Record<string, ExpectedDue> = {};
  for (const key of entry?.keys() ?? []) {
    const text = entry!.text(key);
    if (text === undefined) continue;
    const due = words.includes(text) ? (text as ExpectedDue) : parseCivilDate(text);
    if (due === undefined) entry!.error('wrong-value', `the due date “${text}” of “${key}” is neither a date that exists nor one of ${words.join(', ')}.${didYouMean(text, words)}`, 'Write YYYY-MM-DD, never, undated, open or no-duty.', entry!.spotOfKey(key));
    else dues[key] = due;
  }
  return dues;
}

class DutyReader {
  private readonly tools: SectionTools;

  constructor(tools: SectionTools) {
    this.tools = tools;
  }

  timing(entry: YamlEntry): DraftTiming[] {
    const id = this.enterId(entry, 'timing');
    if (id === undefined) return [];
    const dates = entry.entries('dates', `a date of the timing “${id}”`, TIMING_LINES_MAX).flatMap((item) => this.namedDate(item, id));
    const due = entry.entries('due', `a line of the timing “${id}”`, TIMING_LINES_MAX).flatMap((item) => this.dueLine(item, id));
    if (due.length === 0) entry.error('no-value', `the timing “${id}” gives no due date`, 'Add “due: [ { id: ordinary, date: max(article, route), label: … } ]”.');
    const seen = new Set<string>();
    for (const line of due) {
      if (seen.has(line.id)) entry.error('duplicate-id', `the timing “${id}” has the line “${line.id}” twice`, 'Rename one.', line.spot);
      seen.add(line.id);
    }
    const timing = { id, label: entry.localised('label'), dates, due };
    close(entry);
    return [timing];
  }

  private namedDate(entry: YamlEntry, timing: string): DraftTiming['dates'][number][] {
    const id = entry.id('id');
    const lines = entry.entries('lines', `a line of “${id ?? '?'}” in the timing “${timing}”`, TIMING_LINES_MAX).map((item) => {
      const line = this.dateLine(item);
      close(item);
      return line;
    });
    if (lines.length === 0) entry.error('no-value', `the date “${id ?? '?'}” of the timing “${timing}” has no line`, 'Add “lines: [ { date: … } ]”.');
    close(entry);
    return id === undefined ? [] : [{ id, lines, spot: entry.spot }];
  }

  private dueLine(entry: YamlEntry, timing: string): DraftDueLine[] {
    const id = entry.text('id');
    const again = entry.optionalText('again');
    const line = { ...this.dateLine(entry), label: entry.localised('label'), cite: this.tools.citations(entry, 'cite', false) };
    if (again !== undefined && line.dateSyntax.op !== 'never') entry.error('wrong-shape', `the line “${id ?? '?'}” of the timing “${timing}” has “again”, but its date is not never`, 'Write “date: never”, or remove “again”.', entry.spotOfKey('again'));
    close(entry);
    return id === undefined ? [] : [{ id, ...line, ...(again === undefined ? {} : { again }) }];
  }

  private dateLine(entry: YamlEntry): DraftDateLine {
    const ifText = entry.optionalText('if');
    const dateText = entry.text('date') ?? 'never';
    const comparisons = ifText === undefined ? undefined : parseComparisons(ifText);
    if (comparisons?.ok === false) entry.error('bad-term', `${comparisons.message} in “if” of ${entry.what}`, comparisons.fix, entry.spotOfKey('if'));
    const date = parseTerm(dateText);
    if (!date.ok) entry.error('bad-term', `${date.message} in “date” of ${entry.what}`, date.fix, entry.spotOfKey('date'));
    return {
      ...(entry.has('when') ? { when: this.tools.condition(entry, 'when') } : {}),
      ...(ifText === undefined ? {} : { ifText }),
      ifSyntax: comparisons?.ok === true ? comparisons.value : [],
      dateText,
      dateSyntax: date.ok ? date.value : { op: 'never' },
      spot: entry.spot,
    };
  }

  group(entry: YamlEntry): DutyGroup[] {
    const id = this.enterId(entry, 'duty-group');
    const label = entry.localised('label');
    close(entry);
    return id === undefined ? [] : [{ id, label }];
  }

  duty(entry: YamlEntry): DraftDuty[] {
    const id = this.enterId(entry, 'duty');
    if (id === undefined) return [];
    this.tools.enter('conclusion', conclusionOfDuty(id), entry.spot);
    this.tools.enter('rule', conclusionOfDuty(id), entry.spot);
    const family = entry.has('family') ? entry.id('family') : undefined;
    const article = this.parameter(entry, 'article', false);
    const route = entry.optionalText('route');
    const sanction = entry.optionalText('sanction');
    const duty: DraftDuty = {
      id,
      conclusion: conclusionOfDuty(id),
      ...(family === undefined ? {} : { family }),
      roles: this.roles(entry),
      group: entry.text('group') ?? '',
      when: this.tools.condition(entry, 'when'),
      label: entry.localised('label'),
      plain: entry.localised('plain'),
      cite: this.tools.citations(entry, 'cite', true),
      annex: this.tools.citations(entry, 'annex', false),
      evidence: entry.oneOf('ev', this.tools.evidence) ?? 'K',
      authority: entry.oneOf('authority', this.tools.authorities, 'law') ?? 'law',
      timing: entry.text('timing') ?? '',
      ...(article === undefined ? {} : { article }),
      ...(route === undefined ? {} : { route }),
      artefacts: this.artefacts(entry, id),
      retention: entry.entries('retention', `a retention period of “${id}”`, DUTY_PARTS_MAX).flatMap((item) => this.retention(item)),
      clocks: entry.texts('clocks'),
      ...(sanction === undefined ? {} : { sanction }),
      relief: entry.entries('relief', `a relief of “${id}”`, DUTY_PARTS_MAX).map((item) => this.relief(item)),
      spotOf: (key) => entry.spotOfKey(key),
    };
    close(entry);
    return [duty];
  }

  private roles(entry: YamlEntry): readonly string[] {
    if (!entry.isList('role')) return [entry.text('role') ?? ''].filter((role) => role !== '');
    const roles = entry.texts('role');
    if (roles.length === 0) entry.error('missing-key', `${entry.what} names no role`, 'Write “role: role.provider”, or a list of roles of which one is enough.', entry.spotOfKey('role'));
    return roles;
  }

  private artefacts(parent: YamlEntry, duty: string): readonly Artefact[] {
    const seen = new Set<string>();
    return parent.entries('evidence', `an evidence of “${duty}”`, DUTY_PARTS_MAX).flatMap((entry) => {
      const id = entry.id('id');
      const label = entry.localised('label');
      close(entry);
      if (id === undefined) return [];
      if (seen.has(id)) entry.error('duplicate-id', `“${duty}” expects the evidence “${id}” twice`, 'Keep one.');
      seen.add(id);
      return [{ id, label }];
    });
  }

  private retention(entry: YamlEntry): Retention[] {
    const id = entry.id('id');
    const length = this.parameter(entry, 'length', true);
    const retention = { unit: entry.oneOf('unit', UNITS) ?? 'years', from: entry.text('from') ?? '', label: entry.localised('label') };
    close(entry);
    return id === undefined || length === undefined ? [] : [{ id, length, ...retention }];
  }

  private relief(entry: YamlEntry): DraftDuty['relief'][number] {
    const relief = { when: this.tools.condition(entry, 'when'), label: entry.localised('label'), cite: this.tools.citations(entry, 'cite', false) };
    close(entry);
    return relief;
  }

  sanction(entry: YamlEntry): DraftSanction[] {
    const id = this.enterId(entry, 'sanction');
    const fixed = this.parameter(entry, 'fixed', true);
    const percent = this.parameter(entry, 'percent', false);
    const rest = {
      label: entry.localised('label'),
      cite: this.tools.citations(entry, 'cite', true),
      ...(percent === undefined ? {} : { percent }),
      ...(entry.has('lower_when') ? { lowerWhen: this.tools.condition(entry, 'lower_when') } : {}),
      ...(entry.has('unless') ? { unless: this.tools.condition(entry, 'unless') } : {}),
      evidence: entry.oneOf('ev', this.tools.evidence) ?? 'K',
      spotOf: (key: string) => entry.spotOfKey(key),
    };
    close(entry);
    return id === undefined || fixed === undefined ? [] : [{ id, fixed, ...rest }];
  }

  clock(entry: YamlEntry): DraftClock[] {
    const id = this.enterId(entry, 'clock');
    const length = this.parameter(entry, 'length', true);
    const rest = {
      label: entry.localised('label'),
      cite: this.tools.citations(entry, 'cite', true),
      unit: entry.oneOf('unit', UNITS) ?? 'days',
      from: entry.text('from') ?? '',
      ...(entry.has('when') ? { when: this.tools.condition(entry, 'when') } : {}),
      spotOf: (key: string) => entry.spotOfKey(key),
    };
    close(entry);
    return id === undefined || length === undefined ? [] : [{ id, length, ...rest }];
  }

  private enterId(entry: YamlEntry, kind: string): string | undefined {
    const id = entry.id('id');
    if (id !== undefined) this.tools.enter(kind, id, entry.spot);
    return id;
  }

  /** The id of a parameter written with `$`, so that the figure has a source. */
  private parameter(entry: YamlEntry, key: string, isRequired: boolean): string | undefined {
    const text = isRequired ? entry.text(key) : entry.optionalText(key);
    if (text === undefined) return undefined;
    if (text.startsWith('$') && text.length > 1) return text.slice(1);
    entry.error('wrong-value', `“${key}” of ${entry.what} is “${text}”`, 'Write “$” and the id of a parameter, so that the figure has a source.', entry.spotOfKey(key));
    return undefined;
  }
}

/** A note may stand on every entry; whatever else nobody asked for is a mistake. */
function close(entry: YamlEntry): void {
  entry.has('note');
  entry.finish();
}
