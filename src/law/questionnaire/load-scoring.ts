/** Reads `scoring` of a questionnaire and checks that what it names exists and fits. */

import type { LocalisedText } from '../../base/index.ts';
import type { Spot } from '../model.ts';
import { didYouMean } from '../nearest-name.ts';
import type { ProblemList, YamlEntry } from '../yaml-reader.ts';
import { textOf } from '../yaml-reader.ts';
import { isScalar, isSeq } from 'yaml';
import { STEPS_MAX } from './limits.ts';
import type { Alternative, Column, GridRisk, Level, Question, QuestionPage, Scoring, Tally } from './model.ts';
import type { ConditionReader } from './resolve-conditions.ts';

interface Surroundings {
  readonly pages: readonly QuestionPage[];
  readonly levels: readonly Level[];
  readonly conditions: ConditionReader;
  readonly problems: ProblemList;
  readonly enter: (kind: string, id: string, spot: Spot) => void;
}

const KINDS = ['tallies', 'grid', 'rights', 'checklist', 'law', 'none'] as const;
const NONE: Scoring = { kind: 'none' };

export function readScoring(top: YamlEntry, around: Surroundings): Scoring {
  const entry = top.entry('scoring', '“scoring”');
  if (entry === undefined) {
    if (!top.has('scoring')) top.error('missing-key', 'the questionnaire has no “scoring”', 'Add “scoring: { kind: none }” or another kind; see docs/spec/questionnaires.md.');
    return NONE;
  }
  const kind = entry.oneOf('kind', KINDS);
  const scoring = kind === undefined ? NONE : new ScoringReader(entry, around).read(kind);
  entry.finish();
  return scoring;
}

class ScoringReader {
  private readonly entry: YamlEntry;
  private readonly around: Surroundings;
  private readonly questions: ReadonlyMap<string, Question>;

  constructor(entry: YamlEntry, around: Surroundings) {
    this.entry = entry;
    this.around = around;
    this.questions = new Map(around.pages.flatMap((page) => page.questions).map((question) => [question.id, question]));
  }

  read(kind: (typeof KINDS)[number]): Scoring {
    switch (kind) {
      case 'tallies':
        return this.tallies();
      case 'grid':
        return this.grid();
      case 'rights':
        return this.rights();
      case 'law':
        return this.law();
      default:
        return { kind };
    }
  }

  private law(): Scoring {
    const shows = this.entry.texts('shows');
    if (shows.length === 0) this.entry.error('missing-key', '“scoring” of kind law shows nothing', 'Add “shows: [ … ]” with families or conclusions of the pack.');
    return { kind: 'law', pack: this.entry.text('pack') ?? '', shows };
  }

  private tallies(): Scoring {
    const tallies = this.entry.entries('tallies', 'a tally').flatMap((item): Tally[] => {
      const id = item.id('id');
      if (id === undefined) return [];
      this.around.enter('tally', id, item.spot);
      const tally = { id, label: item.localised('label'), alternatives: item.entries('alternatives', 'an alternative').flatMap((one) => this.alternative(one) ?? []) };
      item.finish();
      return [tally];
    });
    const ids = tallies.map((tally) => tally.id);
    const result = this.entry.text('result') ?? '';
    this.among(result, ids, 'tally', this.entry.spotOfKey('result'));
    this.checkShares();
    const reduction = this.entry.entry('reduction', '“reduction”');
    if (reduction === undefined) return { kind: 'tallies', tallies, result };
    const tally = reduction.text('tally') ?? '';
    this.among(tally, ids, 'tally', reduction.spotOfKey('tally'));
    const shares = { atShare: reduction.number('at_share') ?? 1, byShare: reduction.number('by_share') ?? 0 };
    for (const [key, share] of Object.entries({ at_share: shares.atShare, by_share: shares.byShare })) {
      if (share < 0 || share > 1) reduction.error('wrong-value', `“${key}” is ${share}`, 'A share is between 0 and 1.', reduction.spotOfKey(key));
    }
    reduction.finish();
    return { kind: 'tallies', tallies, result, reduction: { tally, ...shares } };
  }

  private alternative(entry: YamlEntry): Alternative | undefined {
    const id = entry.id('id');
    const when = this.around.conditions.read(entry, 'when');
    const pages = entry.texts('pages');
    const known = this.around.pages.map((page) => page.id);
    for (const page of pages) this.among(page, known, 'page', entry.spotOfKey('pages'));
    if (when === undefined && !entry.has('when')) entry.error('missing-key', 'an alternative has no “when”', 'Add the condition under which it counts.');
    entry.finish();
    return id === undefined || when === undefined ? undefined : { id, when, pages };
  }

  /** The bounds of the levels rise, and only the last has none. */
  private checkShares(): void {
    const { levels } = this.around;
    if (levels.length === 0) this.entry.error('no-levels', 'points without “levels” grade nothing', 'Add “levels:” from the lowest to the highest.');
    levels.forEach((level, index) => {
      const isLast = index === levels.length - 1;
      const bound = level.upToShare ?? level.upTo;
      const before = levels[index - 1];
      if (!isLast && bound === undefined) this.entry.error('level-bounds', `the level “${level.id}” has neither “up_to_share” nor “up_to”`, 'Only the last level has no bound.');
      if (isLast && bound !== undefined) this.entry.error('level-bounds', `the last level “${level.id}” has a bound: a higher score would have no level`, 'Remove its bound.');
      if (before?.upToShare !== undefined && level.upToShare !== undefined && level.upToShare <= before.upToShare) this.entry.error('level-bounds', `the bound of “${level.id}” does not rise`, 'Write the levels from the lowest to the highest.');
      if (before?.upTo !== undefined && level.upTo !== undefined && level.upTo <= before.upTo) this.entry.error('level-bounds', `the bound of “${level.id}” does not rise`, 'Write the levels from the lowest to the highest.');
    });
  }

  private grid(): Scoring {
    const down = this.axis('down');
    const across = this.axis('across');
    const risks = this.entry.entries('risks', 'a risk').flatMap((item) => this.risk(item) ?? []);
    if (risks.length === 0) this.entry.error('missing-key', 'a grid has no “risks”', 'Name pairs of gauges, or a table with rows.');
    const size = risks.map((risk) => this.sizeOf(risk));
    const matrix = this.matrix(size[0]?.[0] ?? 0, size[0]?.[1] ?? 0);
    for (const [index, [high, wide]] of size.entries()) {
      if (high !== size[0]?.[0] || wide !== size[0]?.[1]) this.entry.error('uneven-grid', `the gauges of “${risks[index]?.id ?? ''}” have other numbers of steps than those of the first risk`, 'Give all risks gauges of the same length.', this.entry.spotOfKey('risks'));
    }
    return { kind: 'grid', down, across, risks, matrix };
  }

  private axis(key: string): LocalisedText {
    const entry = this.entry.entry(key, `“${key}”`);
    if (entry === undefined) {
      if (!this.entry.has(key)) this.entry.error('missing-key', `a grid has no “${key}”`, `Add “${key}: { label: { az: …, en: …, ru: … } }”.`);
      return { az: '', en: '', ru: '' };
    }
    const label = entry.localised('label');
    entry.finish();
    return label;
  }

  private risk(entry: YamlEntry): GridRisk | undefined {
    const id = entry.id('id');
    if (id === undefined) return undefined;
    this.around.enter('risk', id, entry.spot);
    const label = entry.localised('label');
    const down = entry.text('down') ?? '';
    const across = entry.text('across') ?? '';
    const rows = entry.optionalText('rows');
    const name = rows === undefined ? undefined : (entry.text('name') ?? '');
    entry.finish();
    if (rows === undefined) {
      for (const gauge of [down, across]) this.question(gauge, 'gauge', entry.spot);
      return { kind: 'pair', id, label, down, across };
    }
    for (const column of [down, across]) this.column(rows, column, ['gauge'], entry.spot);
    this.column(rows, name ?? '', ['text', 'long-text', 'choice'], entry.spot);
    return { kind: 'rows', id, label, rows, name: name ?? '', down, across };
  }

  private sizeOf(risk: GridRisk): readonly [number, number] {
    const steps = (id: string): number => (risk.kind === 'pair' ? this.questions.get(id) : this.questions.get(risk.rows)?.columns.find((column) => column.id === id))?.steps.length ?? 0;
    return [steps(risk.down), steps(risk.across)];
  }

  private rights(): Scoring {
    const rows = this.entry.text('rows') ?? '';
    const spot = this.entry.spotOfKey('rows');
    const right = this.entry.text('right') ?? '';
    this.column(rows, right, ['choice'], spot);
    const group = this.entry.optionalText('group');
    if (group !== undefined) this.column(rows, group, ['choice', 'text', 'long-text'], spot);
    const severity = this.entry.texts('severity');
    const sizes = severity.map((id) => this.column(rows, id, ['gauge'], spot)?.steps.length ?? 0);
    if (severity.length === 0) this.entry.error('missing-key', '“scoring” of kind rights has no “severity”', 'Name the gauge columns of which the worst counts: “severity: [ scale, scope ]”.');
    const probability = this.entry.text('probability') ?? '';
    const wide = this.column(rows, probability, ['gauge'], spot)?.steps.length ?? 0;
    const raise = this.raise(rows);
    return { kind: 'rights', rows, right, ...(group === undefined ? {} : { group }), severity, ...(raise === undefined ? {} : { raise }), probability, matrix: this.matrix(Math.max(0, ...sizes), wide) };
  }

  private raise(rows: string): { readonly column: string; readonly from: number; readonly by: number } | undefined {
    const entry = this.entry.entry('raise', '“raise”');
    if (entry === undefined) return undefined;
    const raise = { column: entry.text('column') ?? '', from: entry.number('from') ?? 1, by: entry.number('by', 1) ?? 1 };
    const steps = this.column(rows, raise.column, ['gauge'], entry.spot)?.steps.length ?? 0;
    if (!Number.isInteger(raise.from) || raise.from < 1 || raise.from > steps) entry.error('wrong-value', `“from” is ${raise.from}; the column has ${steps} steps`, 'Name one of its steps.', entry.spotOfKey('from'));
    if (!Number.isInteger(raise.by) || raise.by < 1 || raise.by > STEPS_MAX) entry.error('wrong-value', `“by” is ${raise.by}`, 'Severity can only be raised: use a whole number from 1.', entry.spotOfKey('by'));
    entry.finish();
    return raise;
  }

  /** Level ids; neither a worse severity nor a worse likelihood may lower the level. */
  private matrix(high: number, wide: number): readonly (readonly string[])[] {
    const order = this.around.levels.map((level) => level.id);
    if (order.length === 0) this.entry.error('no-levels', 'a matrix without “levels” grades nothing', 'Add “levels:” from the least to the most.');
    const spot = this.entry.spotOfKey('matrix');
    const lines = this.entry.items('matrix', STEPS_MAX).map(({ node }) => (isSeq(node) ? node.items.map((item) => (isScalar(item) ? (textOf(item) ?? '') : '')) : []));
    for (const id of new Set(lines.flat())) this.among(id, order, 'level', spot);
    if (lines.length !== high || lines.some((line) => line.length !== wide)) this.entry.error('matrix-size', `the matrix should have ${high} lines of ${wide} levels: one for each pair of steps`, 'Write a line for each step of severity, from the least.', spot);
    const falls = lines.some((line, row) => line.some((id, column) => order.indexOf(id) < Math.max(order.indexOf(line[column - 1] ?? ''), order.indexOf(lines[row - 1]?.[column] ?? ''))));
    if (falls) this.entry.error('matrix-falls', 'in the matrix a worse risk has a lower level', 'Levels may only rise to the right and downwards.', spot);
    return lines;
  }

  private among(id: string, known: readonly string[], kind: string, spot: Spot): void {
    if (!known.includes(id)) this.around.problems.error(`unknown-${kind}`, spot, `there is no ${kind} “${id}”.${didYouMean(id, known)}`, `Use one of: ${known.join(', ')}.`);
  }

  private question(id: string, type: Question['type'], spot: Spot): Question | undefined {
    const question = this.questions.get(id);
    if (question === undefined) this.among(id, [...this.questions.keys()], 'question', spot);
    else if (question.type !== type) this.around.problems.error('wrong-type', spot, `“${id}” is a ${question.type} question; a ${type} is needed here`, `Use a ${type} question.`);
    return question;
  }

  private column(rows: string, id: string, types: readonly Column['type'][], spot: Spot): Column | undefined {
    const table = this.question(rows, 'table', spot);
    const column = table?.columns.find((one) => one.id === id);
    if (table !== undefined && column === undefined) this.among(id, table.columns.map((one) => one.id), 'column', spot);
    else if (column !== undefined && !types.includes(column.type)) this.around.problems.error('wrong-type', spot, `the column “${id}” is a ${column.type}; needed is ${types.join(' or ')}`, 'Change the type of the column or name another.');
    return column;
  }
}
